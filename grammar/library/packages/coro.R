# Loops over data sets, under coro's name.

loop <- function(loop) {
  call <- substitute(loop)
  if (!is.call(call) || !identical(call[[1L]], as.name("for")))
    stop("`loop()` expects a `for` loop", call. = FALSE)
  eval(call, parent.frame())
  invisible()
}
