# Clocks that are started and stopped, the last one first.

.clocks <- new.env()

tic <- function(msg = NULL, quiet = TRUE, func.tic = NULL, ...) {
  begin <- proc.time()[["elapsed"]]
  if (!is.null(func.tic)) writeLines(func.tic(begin, msg, ...)) else if (!quiet && !is.null(msg)) writeLines(msg)
  .clocks$running <- c(.clocks$running, list(list(begin = begin, msg = msg)))
  invisible(c(elapsed = begin))
}

toc <- function(log = FALSE, quiet = FALSE, func.toc = toc.outmsg, ...) {
  count <- length(.clocks$running)
  if (count == 0) return(invisible())
  last <- .clocks$running[[count]]
  .clocks$running <- .clocks$running[-count]
  end <- proc.time()[["elapsed"]]
  text <- func.toc(last$begin, end, last$msg, ...)
  if (!quiet) writeLines(text)
  found <- list(tic = c(elapsed = last$begin), toc = c(elapsed = end), msg = last$msg, callback_msg = text)
  if (log) .clocks$log <- c(.clocks$log, list(found))
  invisible(found)
}

toc.outmsg <- function(tic, toc, msg) {
  text <- paste(round(toc - tic, 3), "sec elapsed")
  if (is.null(msg) || is.na(msg) || nchar(msg) == 0) text else paste0(msg, ": ", text)
}

tic.clear <- function() .clocks$running <- NULL

tic.clearlog <- function() .clocks$log <- NULL

tic.log <- function(format = TRUE) if (format) lapply(.clocks$log, function(one) one$callback_msg) else .clocks$log
