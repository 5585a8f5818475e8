# Functions of vectors that go with the verbs.

desc <- function(x) -(if (is.character(x)) match(x, sort(unique(x))) else as.numeric(xtfrm(x)))

n_distinct <- function(..., na.rm = FALSE) {
  values <- list(...)
  if (length(values) == 1L) {
    value <- values[[1L]]
    if (na.rm) value <- value[!is.na(value)]
    return(length(unique(value)))
  }
  nrow(unique(as.data.frame(values, optional = TRUE)))
}

if_else <- function(condition, true, false, missing = NULL, ...) {
  size <- length(condition)
  answer <- rep(false[NA_integer_], size)
  if (is.logical(answer)) answer <- rep(true[NA_integer_], size)
  true <- rep(true, length.out = size)
  false <- rep(false, length.out = size)
  yes <- !is.na(condition) & condition
  no <- !is.na(condition) & !condition
  answer[yes] <- true[yes]
  answer[no] <- false[no]
  if (!is.null(missing)) answer[is.na(condition)] <- rep(missing, length.out = size)[is.na(condition)]
  answer
}

case_when <- function(..., .default = NULL) {
  cases <- list(...)
  env <- parent.frame()
  tests <- lapply(cases, function(case) eval(case[[2L]], environment(case)))
  values <- lapply(cases, function(case) eval(case[[3L]], environment(case)))
  size <- max(lengths(tests), lengths(values))
  answer <- NULL
  open <- rep(TRUE, size)
  for (k in seq_along(cases)) {
    test <- rep(tests[[k]], length.out = size)
    hit <- open & !is.na(test) & test
    value <- values[[k]]
    if (is.null(answer)) answer <- rep(value[NA_integer_], size)
    if (any(hit)) answer[hit] <- rep(value, length.out = size)[hit]
    open <- open & !hit
  }
  if (!is.null(.default)) answer[open] <- rep(.default, length.out = size)[open]
  answer
}

case_match <- function(.x, ..., .default = NULL) {
  answer <- NULL
  open <- rep(TRUE, length(.x))
  for (case in list(...)) {
    value <- eval(case[[3L]], environment(case))
    if (is.null(answer)) answer <- rep(value[NA_integer_], length(.x))
    hit <- open & .x %in% eval(case[[2L]], environment(case))
    answer[hit] <- value
    open <- open & !hit
  }
  if (!is.null(.default)) answer[open] <- rep(.default, length.out = length(.x))[open]
  answer
}

coalesce <- function(...) {
  values <- list(...)
  answer <- values[[1L]]
  for (value in values[-1L]) {
    gap <- is.na(answer)
    answer[gap] <- rep(value, length.out = length(answer))[gap]
  }
  answer
}

na_if <- function(x, y) {
  x[x == y] <- NA
  x
}

recode <- function(.x, ..., .default = NULL, .missing = NULL) {
  changes <- list(...)
  if (is.factor(.x)) {
    levels(.x) <- vapply(levels(.x), function(level) if (level %in% names(changes)) as.character(changes[[level]]) else level, "")
    return(.x)
  }
  keys <- as.character(.x)
  if (is.null(names(changes))) names(changes) <- as.character(seq_along(changes))
  known <- keys %in% names(changes)
  answer <- if (is.null(.default) && !all(known | is.na(keys))) .x else rep(changes[[1L]][NA_integer_], length(.x))
  for (name in names(changes)) answer[!is.na(keys) & keys == name] <- changes[[name]]
  if (!is.null(.default)) answer[!known & !is.na(keys)] <- .default
  if (!is.null(.missing)) answer[is.na(keys)] <- .missing
  answer
}

lag <- function(x, n = 1L, default = NA, ...) {
  if (inherits(x, "ts")) return(lag.ts(x, n))
  if (n == 0L) return(x)
  c(rep(if (is.na(default)) x[NA_integer_] else default, min(n, length(x))), x[seq_len(max(0L, length(x) - n))])
}

lead <- function(x, n = 1L, default = NA, ...) {
  if (n == 0L) return(x)
  c(x[seq_len(length(x)) > n], rep(if (is.na(default)) x[NA_integer_] else default, min(n, length(x))))
}

first <- function(x, ..., default = NULL) if (length(x)) x[[1L]] else if (is.null(default)) x[NA_integer_] else default

last <- function(x, ..., default = NULL) if (length(x)) x[[length(x)]] else if (is.null(default)) x[NA_integer_] else default

nth <- function(x, n, ..., default = NULL) {
  if (n < 0) n <- length(x) + n + 1L
  if (n >= 1L && n <= length(x)) x[[n]] else if (is.null(default)) x[NA_integer_] else default
}

between <- function(x, left, right) x >= left & x <= right

near <- function(x, y, tol = .Machine$double.eps^0.5) abs(x - y) < tol

dp_first_rank <- function(x) {
  answer <- rank(x, ties.method = "first", na.last = "keep")
  as.integer(answer)
}

row_number <- function(x) {
  if (missing(x)) {
    answer <- get0(".row_number", envir = parent.frame(), mode = "function")
    if (is.null(answer)) stop("`row_number()` must only be used inside dplyr verbs.", call. = FALSE)
    return(answer())
  }
  dp_first_rank(x)
}

min_rank <- function(x) as.integer(rank(x, ties.method = "min", na.last = "keep"))

dense_rank <- function(x) match(x, sort(unique(x)))

percent_rank <- function(x) (min_rank(x) - 1) / (sum(!is.na(x)) - 1)

cume_dist <- function(x) rank(x, ties.method = "max", na.last = "keep") / sum(!is.na(x))

ntile <- function(x, n) {
  place <- row_number(x)
  size <- sum(!is.na(place))
  large <- size %% n
  width <- size %/% n
  edge <- large * (width + 1)
  as.integer(ifelse(place <= edge, (place - 1) %/% (width + 1) + 1, large + (place - edge - 1) %/% max(width, 1) + 1))
}

cummean <- function(x) cumsum(x) / seq_along(x)
