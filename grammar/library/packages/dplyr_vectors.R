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
  if (!is.logical(condition)) dp_stop(paste0("`condition` must be a logical vector, not ", dp_kind_words(condition), "."))
  size <- length(condition)
  dp_choice("true", true, true, size)
  dp_choice("false", false, true, size)
  dp_choice("missing", missing, true, size)
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

# What a choice puts in place is as long as the condition, or one, and of the kind of the first choice.
dp_choice <- function(name, value, first, size, of = "length of `condition`", label = paste0("`", name, "`")) {
  if (is.null(value)) return()
  call <- if (of == "length of `condition`") quote(if_else())
  if (!(length(value) %in% c(1L, size))) abort(paste0(label, " must be length ", size, " (", of, ") or one, not ", length(value), "."), call = call)
  kind <- function(v) if (is.object(v)) class(v)[1L] else typeof(v)
  if (kind(value) != kind(first)) abort(paste0(label, " must be ", dp_kind_words(first), ", not ", dp_kind_words(value), "."), call = call)
}

case_when <- function(..., .default = NULL) {
  cases <- list(...)
  env <- parent.frame()
  if (!length(cases)) dp_stop("No cases provided.")
  for (k in seq_along(cases)) if (!inherits(cases[[k]], "formula")) {
    dp_stop(paste0("Case ", k, " (`", dp_label(substitute(list(...))[[k + 1L]]), "`) must be a two-sided formula, not ", dp_kind_words(cases[[k]]), "."))
  }
  tests <- lapply(cases, function(case) eval(case[[2L]], environment(case)))
  values <- lapply(cases, function(case) eval(case[[3L]], environment(case)))
  for (k in seq_along(tests)) if (!is.logical(tests[[k]])) {
    dp_stop(paste0("LHS of case ", k, " (`", dp_label(cases[[k]][[2L]]), "`) must be a logical vector, not ", dp_kind_words(tests[[k]]), "."))
  }
  size <- max(lengths(tests))
  if (size == 1L) size <- max(lengths(values))
  wrong <- which(!(lengths(tests) %in% c(1L, size)) | !(lengths(values) %in% c(1L, size)))
  if (length(wrong)) {
    k <- wrong[1L]
    own <- c(length(tests[[k]]), length(values[[k]]))
    dp_stop(paste0("`", dp_label(cases[[k]]), "` must be length ", size, " or one, not ", own[!(own %in% c(1L, size))][1L], "."))
  }
  # Every value is of the kind of the first; a lone NA is of none.
  said <- Filter(function(v) !(is.logical(v) && all(is.na(v)) && !all(vapply(values, is.logical, NA))), values)
  kind <- function(v) if (is.object(v)) class(v)[1L] else typeof(v)
  for (value in said) if (kind(value) != kind(said[[1L]])) abort(paste0("must be ", dp_kind_words(said[[1L]]), ", not ", dp_kind_words(value), "."), call = quote(case_when()))
  answer <- NULL
  open <- rep(TRUE, size)
  for (k in seq_along(cases)) {
    test <- rep(tests[[k]], length.out = size)
    hit <- open & !is.na(test) & test
    value <- values[[k]]
    if (is.null(answer)) answer <- rep(said[[1L]][NA_integer_], size)
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
  values <- Filter(Negate(is.null), list(...))
  dp_must_combine(values, paste0("..", seq_along(values)))
  sizes <- lengths(values)
  size <- if (all(sizes == 1L)) 1L else sizes[sizes != 1L][1L]
  wrong <- which(sizes != size & sizes != 1L)
  if (length(wrong)) dp_stop(paste0("Can't recycle `..", which(sizes == size)[1L], "` (size ", size, ") to match `..", wrong[1L], "` (size ", sizes[wrong[1L]], ")."),
                             class = c("vctrs_error_incompatible_size", "vctrs_error_incompatible", "vctrs_error"))
  answer <- rep(values[[1L]], length.out = size)
  for (value in values[-1L]) {
    gap <- is.na(answer)
    answer[gap] <- rep(value, length.out = length(answer))[gap]
  }
  answer
}

na_if <- function(x, y) {
  x[!is.na(y) & x == y] <- NA
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
  for (k in seq_along(changes)[-1L]) {
    label <- if (is.numeric(.x)) paste("Vector", k) else paste0("`", names(changes)[k], "`")
    dp_choice(names(changes)[k], changes[[k]], changes[[1L]], 1L, "length of `.x`", label)
  }
  answer <- if (is.null(.default) && !all(known | is.na(keys))) .x else rep(changes[[1L]][NA_integer_], length(.x))
  if (is.null(.default) && !all(known | is.na(keys)) && typeof(.x) != typeof(changes[[1L]])) {
    warning("Unreplaced values treated as NA as `.x` is not compatible.\nPlease specify replacements exhaustively or supply `.default`.", call. = FALSE)
    answer <- rep(changes[[1L]][NA_integer_], length(.x))
  }
  for (name in names(changes)) answer[!is.na(keys) & keys == name] <- changes[[name]]
  if (!is.null(.default)) answer[!known & !is.na(keys)] <- .default
  if (!is.null(.missing)) answer[is.na(keys)] <- .missing
  answer
}

dp_shift_count <- function(n) {
  if (!is.numeric(n) || length(n) != 1L || is.na(n) || n < 0) dp_stop(paste0("`n` must be a positive integer, not ", dp_kind_words(n), " of length ", length(n), "."))
}

lag <- function(x, n = 1L, default = NA, order_by = NULL, ...) {
  if (inherits(x, "ts")) return(if (missing(n)) lag.ts(x, ...) else lag.ts(x, n))
  if (identical(sys.call()[[1L]], quote(stats::lag)) && is.null(oldClass(x))) return(lag.default(x, n, ...))
  if (inherits(x, "xts")) return(if (missing(n)) lag.xts(x, ...) else lag.xts(x, n, ...))
  if (inherits(x, "zoo")) return(if (missing(n)) lag.zoo(x, ...) else lag.zoo(x, n, ...))
  if (!is.null(order_by)) return(with_order(order_by, lag, x, n = n, default = default))
  dp_shift_count(n)
  if (n == 0L) return(x)
  dp_must_combine(list(default, x), c("default", "x"))
  c(rep(if (is.na(default)) x[NA_integer_] else default, min(n, length(x))), x[seq_len(max(0L, length(x) - n))])
}

lead <- function(x, n = 1L, default = NA, order_by = NULL, ...) {
  if (!is.null(order_by)) return(with_order(order_by, lead, x, n = n, default = default))
  dp_shift_count(n)
  if (n == 0L) return(x)
  c(x[seq_len(length(x)) > n], rep(if (is.na(default)) x[NA_integer_] else default, min(n, length(x))))
}

first <- function(x, ..., default = NULL) if (inherits(x, "xts")) head.xts(x, if (...length()) ..1 else 1L) else if (length(x)) x[[1L]] else if (is.null(default)) x[NA_integer_] else default

last <- function(x, ..., default = NULL) if (inherits(x, "xts")) tail.xts(x, if (...length()) ..1 else 1L) else if (length(x)) x[[length(x)]] else if (is.null(default)) x[NA_integer_] else default

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
    if (is.null(answer)) dp_stop("Must be used inside dplyr verbs.")
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
