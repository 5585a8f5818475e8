# Messages of scripts in cli's forms.

.cli_text <- function(text, env) {
  text <- gsub("\\{[.@][A-Za-z_]+ ([^{}]*(\\{[^{}]*\\})?[^{}]*)\\}", "\\1", paste(text, collapse = ""))
  as.character(glue(text, .envir = env))
}

cli_text <- function(..., .envir = parent.frame()) message(.cli_text(c(...), .envir))

cli_alert <- function(text, ..., .envir = parent.frame()) message("\u2192 ", .cli_text(text, .envir))

cli_alert_success <- function(text, ..., .envir = parent.frame()) message("\u2714 ", .cli_text(text, .envir))

cli_alert_danger <- function(text, ..., .envir = parent.frame()) message("\u2716 ", .cli_text(text, .envir))

cli_alert_warning <- function(text, ..., .envir = parent.frame()) message("! ", .cli_text(text, .envir))

cli_alert_info <- function(text, ..., .envir = parent.frame()) message("\u2139 ", .cli_text(text, .envir))

cli_h1 <- function(text, ..., .envir = parent.frame()) message("\u2500\u2500 ", .cli_text(text, .envir), " \u2500\u2500")

cli_h2 <- function(text, ..., .envir = parent.frame()) message("\u2500\u2500 ", .cli_text(text, .envir), " \u2500\u2500")

cli_bullets <- function(text, ..., .envir = parent.frame()) for (k in seq_along(text)) message(c(" " = "  ", "*" = "\u2022 ", v = "\u2714 ", x = "\u2716 ", i = "\u2139 ", "!" = "! ")[c(names(text)[k], " ")[1L]], .cli_text(text[k], .envir))

cli_ul <- function(items = NULL, ..., .envir = parent.frame()) for (item in items) message("\u2022 ", .cli_text(item, .envir))

cli_abort <- function(message, ..., call = NULL, .envir = parent.frame()) stop(paste(vapply(message, .cli_text, "", .envir), collapse = "\n"), call. = FALSE)

cli_warn <- function(message, ..., .envir = parent.frame()) warning(paste(vapply(message, .cli_text, "", .envir), collapse = "\n"), call. = FALSE)

cli_inform <- function(message, ..., .envir = parent.frame()) message(paste(vapply(message, .cli_text, "", .envir), collapse = "\n"))

rule <- function(left = "", center = "", right = "", line = 1, width = getOption("width"), ...) {
  text <- if (nzchar(left)) paste0("\u2500\u2500 ", left, " ") else ""
  structure(paste0(text, strrep("\u2500", max(width - nchar(text), 0))), class = "rule")
}

print.rule <- function(x, ...) {
  cat(unclass(x), "\n", sep = "")
  invisible(x)
}

symbol <- list(tick = "\u2714", cross = "\u2716", bullet = "\u2022", info = "\u2139", warning = "\u26a0", arrow_right = "\u2192", star = "\u2605", line = "\u2500")

col_red <- function(...) paste0(...)

col_green <- function(...) paste0(...)

col_blue <- function(...) paste0(...)

col_yellow <- function(...) paste0(...)

col_cyan <- function(...) paste0(...)

style_bold <- function(...) paste0(...)

pluralize <- function(..., .envir = parent.frame()) as.character(glue(..., .envir = .envir))

cli_progress_step <- function(msg, ..., .envir = parent.frame()) message("\u2139 ", .cli_text(msg, .envir))
