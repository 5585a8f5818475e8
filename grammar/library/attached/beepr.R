# A sound when a program is done: the terminal's bell.

beep <- function(sound = 1, expr = NULL) {
  force(expr)
  if (interactive()) cat("\a")
  invisible()
}

beep_on_error <- function(expr, sound = 1) {
  tryCatch(expr, error = function(e) {
    beep(sound)
    stop(e)
  })
}
