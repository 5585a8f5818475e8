# Columns of zeros and ones for the values of others.

dummy_cols <- function(.data, select_columns = NULL, remove_first_dummy = FALSE, remove_most_frequent_dummy = FALSE, ignore_na = FALSE, split = NULL, remove_selected_columns = FALSE, omit_colname_prefix = FALSE) {
  vector <- !is.data.frame(.data)
  if (vector) .data <- data.frame(.data = .data, stringsAsFactors = FALSE)
  if (is.null(select_columns)) select_columns <- names(.data)[vapply(.data, function(x) is.factor(x) || is.character(x), NA)]
  gone <- setdiff(select_columns, names(.data))
  if (length(gone)) stop("The following column is not in the data: ", gone[1L], call. = FALSE)
  made <- .data
  for (name in select_columns) {
    column <- .data[[name]]
    values <- if (is.factor(column)) levels(column) else sort(unique(as.character(column)))
    parts <- if (!is.null(split)) lapply(strsplit(as.character(column), split), trimws)
    if (!is.null(split)) values <- unique(trimws(unlist(strsplit(values, split))))
    if (remove_first_dummy) values <- values[-1L]
    if (remove_most_frequent_dummy) values <- setdiff(values, names(which.max(table(column))))
    for (value in values) made[[if (omit_colname_prefix) value else paste(name, value, sep = "_")]] <- if (is.null(split)) as.integer(as.character(column) == value) else ifelse(is.na(column), NA_integer_, vapply(parts, function(own) as.integer(value %in% own), 0L))
    if (anyNA(column) && !ignore_na) made[[paste(name, "NA", sep = "_")]] <- as.integer(is.na(column))
  }
  if (remove_selected_columns) made[select_columns] <- NULL
  made
}

dummy_columns <- function(...) dummy_cols(...)

dummy_rows <- function(.data, select_columns = NULL, dummy_value = NA, dummy_indicator = FALSE) {
  keys <- if (is.null(select_columns)) names(.data)[vapply(.data, function(x) is.factor(x) || is.character(x), NA)] else select_columns
  grid <- do.call(expand.grid, c(lapply(.data[keys], function(x) sort(unique(as.character(x)))), list(stringsAsFactors = FALSE)))
  fresh <- grid[!(do.call(paste, c(unname(as.list(grid)), sep = "\r")) %in% dp_join_code(.data, keys)), , drop = FALSE]
  for (name in setdiff(names(.data), keys)) fresh[[name]] <- rep(dummy_value, nrow(fresh))
  made <- rbind(.data, fresh[names(.data)])
  if (dummy_indicator) made$dummy_indicator <- rep(0:1, c(nrow(.data), nrow(fresh)))
  made
}
