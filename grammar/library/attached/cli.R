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

# Lines after the first have the marks that their names ask for.
.cli_lines <- function(message, env) {
  marks <- c("*" = "\u2022 ", v = "\u2714 ", x = "\u2716 ", i = "\u2139 ", "!" = "! ", " " = "  ", ">" = "\u2192 ")
  named <- if (is.null(names(message))) rep("", length(message)) else names(message)
  mark <- ifelse(named %in% names(marks), marks[named], "")
  paste0(mark, vapply(message, .cli_text, "", env), collapse = "\n")
}

# `call` is a call, the place of a function at work, whose call it then is, or nothing.
.cli_call <- function(place) {
  if (!is.environment(place)) return(place)
  at <- Position(function(frame) identical(frame, place), sys.frames(), right = TRUE)
  if (is.na(at)) NULL else sys.calls()[[at]]
}

cli_abort <- function(message, ..., call = .envir, .envir = parent.frame()) rlang::abort(.cli_lines(message, .envir), ..., call = .cli_call(call))

cli_warn <- function(message, ..., .envir = parent.frame()) warning(paste(vapply(message, .cli_text, "", .envir), collapse = "\n"), call. = FALSE)

cli_inform <- function(message, ..., .envir = parent.frame()) message(paste(vapply(message, .cli_text, "", .envir), collapse = "\n"))

.rule_lines <- c(single = "\u2500", double = "\u2550", setNames(strsplit("\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588", "")[[1L]], paste0("bar", 1:8)))

# A line across the page, with words at its ends or in its middle.
rule <- function(left = "", center = "", right = "", line = 1, col = NULL, line_col = col, background_col = NULL, width = getOption("width")) {
  .passed_over(line_col, background_col)
  if (nzchar(center) && (nzchar(left) || nzchar(right))) stop("`center` cannot be specified with `left` or `right`", call. = FALSE)
  if (!is.character(line) && !(line %in% 1:2)) stop("`line` is 1, 2, \"single\", \"double\", \"bar1\" to \"bar8\" or a text of its own", call. = FALSE)
  sign <- if (!is.character(line)) .rule_lines[[line]] else if (line %in% names(.rule_lines)) .rule_lines[[line]] else line
  drawn <- function(size) substr(strrep(sign, max(size, 0)), 1L, max(size, 0))
  words <- function(text, before, after) if (nzchar(text)) paste0(before, text, after) else ""
  if (nzchar(center)) {
    free <- width - nchar(center) - 2
    made <- paste0(drawn(ceiling(free / 2)), " ", center, " ", drawn(floor(free / 2)))
  } else {
    start <- words(left, paste0(drawn(2), " "), " ")
    end <- words(right, " ", paste0(" ", drawn(2)))
    made <- paste0(start, drawn(width - nchar(start) - nchar(end)), end)
  }
  structure(made, class = "rule")
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
