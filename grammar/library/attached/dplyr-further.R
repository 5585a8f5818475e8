# dplyr: its rarer words for frames and groups.

is.grouped_df <- function(x) inherits(x, "grouped_df")

grouped_df <- function(data, vars, drop = TRUE) do.call(group_by, c(list(data), lapply(vars, as.name), list(.drop = drop)))

group_trim <- function(.tbl, .drop = TRUE) if (inherits(.tbl, "grouped_df")) grouped_df(.tbl, group_vars(.tbl), .drop) else .tbl

dplyr_row_slice <- function(data, i, ...) slice(data, if (is.logical(i)) which(i) else i)

as.tbl <- function(x, ...) as_tibble(x, ...)

