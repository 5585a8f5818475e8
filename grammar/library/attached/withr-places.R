# Further settings that last as long as an expression or a function: of figures, times, texts' order, files, outputs.

.while_frame <- function(undo, frame) do.call(base::on.exit, list(undo, add = TRUE), envir = frame)

local_par <- function(.new = list(), ..., .local_envir = parent.frame()) {
  old <- graphics::par(c(.new, list(...)))
  .while_frame(as.call(list(graphics::par, old)), .local_envir)
  invisible(old)
}

.set_timezone <- function(new) {
  old <- Sys.getenv("TZ", unset = NA)
  if (is.na(new)) Sys.unsetenv("TZ") else Sys.setenv(TZ = new)
  old
}

with_timezone <- function(tz, code) {
  old <- .set_timezone(tz)
  on.exit(.set_timezone(old))
  force(code)
}

local_timezone <- function(tz, .local_envir = parent.frame()) {
  old <- .set_timezone(tz)
  .while_frame(as.call(list(.set_timezone, old)), .local_envir)
  invisible(old)
}

.set_locale <- function(new) {
  old <- vapply(names(new), Sys.getlocale, "")
  for (category in names(new)) Sys.setlocale(category, new[[category]])
  old
}

with_locale <- function(new, code) {
  old <- .set_locale(new)
  on.exit(.set_locale(old))
  force(code)
}

local_locale <- function(.new = list(), ..., .local_envir = parent.frame()) {
  old <- .set_locale(c(.new, list(...)))
  .while_frame(as.call(list(.set_locale, old)), .local_envir)
  invisible(old)
}

with_collate <- function(new, code) with_locale(c(LC_COLLATE = new), code)

local_collate <- function(new, .local_envir = parent.frame()) local_locale(c(LC_COLLATE = new), .local_envir = .local_envir)

with_path <- function(new, code, action = c("prefix", "suffix", "replace")) {
  old <- Sys.getenv("PATH")
  made <- paste(switch(match.arg(action), prefix = c(new, old), suffix = c(old, new), replace = new), collapse = .Platform$path.sep)
  Sys.setenv(PATH = made)
  on.exit(Sys.setenv(PATH = old))
  force(code)
}

with_file <- function(file, code) {
  paths <- if (is.null(names(file))) unlist(file) else names(file)
  on.exit(unlink(paths, recursive = TRUE))
  invisible(force(code))
}

local_file <- function(.file, ..., .local_envir = parent.frame()) {
  .while_frame(call("unlink", .file, recursive = TRUE), .local_envir)
  invisible(.file)
}

with_connection <- function(con, code) {
  place <- list2env(con, parent = parent.frame())
  on.exit(for (one in con) close(one))
  eval(substitute(code), place)
}

local_connection <- function(con, .local_envir = parent.frame()) {
  .while_frame(call("close", con), .local_envir)
  con
}

local_output_sink <- function(new = list(), append = FALSE, type = "output", split = FALSE, .local_envir = parent.frame()) {
  sink(new, append = append, type = type, split = split)
  .while_frame(quote(sink()), .local_envir)
  invisible(new)
}

defer_parent <- function(expr, priority = c("first", "last")) {
  todo <- substitute(expr)
  place <- parent.frame()
  run <- function() eval(todo, place)
  do.call(base::on.exit, list(as.call(list(run)), add = TRUE, after = match.arg(priority) == "last"), envir = parent.frame(2))
  invisible()
}

.with_device <- function(open) {
  force(open)
  function(new, code, ...) {
    open(new, ...)
    on.exit(grDevices::dev.off())
    invisible(force(code))
  }
}

with_pdf <- .with_device(grDevices::pdf)

with_png <- .with_device(grDevices::png)

with_jpeg <- .with_device(grDevices::jpeg)

with_svg <- .with_device(grDevices::svg)

with_package <- function(package, code, ...) {
  suppressPackageStartupMessages(library(package, character.only = TRUE, ...))
  force(code)
}
