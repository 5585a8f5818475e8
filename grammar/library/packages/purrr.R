# Functional tools over vectors and lists, with formulas as functions.

as_mapper <- function(.f, ...) {
  if (is.function(.f)) return(.f)
  if (inherits(.f, "formula")) {
    body <- .f[[length(.f)]]
    place <- environment(.f)
    if (is.null(place)) place <- globalenv()
    made <- function(..., .x = ..1, .y = ..2, . = ..1) NULL
    body(made) <- body
    environment(made) <- place
    return(made)
  }
  if (is.call(.f)) {
    # A quosure such as quo(sym(.)) stands for a function of its own, in the scope of the one who maps.
    made <- function(..., .x = ..1, .y = ..2, . = ..1) NULL
    body(made) <- .f
    environment(made) <- parent.frame(2)
    return(made)
  }
  if (is.character(.f) || is.numeric(.f) || is.list(.f)) {
    path <- as.list(.f)
    return(function(x, ...) {
      for (step in path) {
        if (is.function(step)) x <- step(x)
        else if (is.character(step) && !(step %in% names(x))) return(NULL)
        else if (is.numeric(step) && step > length(x)) return(NULL)
        else x <- x[[step]]
      }
      x
    })
  }
  match.fun(.f)
}

rlang_as_function <- function(x, ...) as_mapper(x)

as_function <- function(x, ...) as_mapper(x)

map <- function(.x, .f, ...) {
  .f <- as_mapper(.f)
  if (is.environment(.x)) .x <- as.list(.x)
  answer <- lapply(seq_along(.x), function(k) .f(.x[[k]], ...))
  names(answer) <- names(.x)
  answer
}

map_simple <- function(.x, .f, ..., kind) {
  values <- map(.x, .f, ...)
  answer <- vector(kind, length(values))
  for (k in seq_along(values)) {
    value <- values[[k]]
    if (length(value) != 1L) {
      stop("Result ", k, " must be a single ", kind, ", not ",
           if (is.null(value)) "NULL" else paste0("a vector of class `", class(value)[1L], "` and of length ", length(value)),
           call. = FALSE)
    }
    allowed <- switch(kind, logical = is.logical(value), integer = is.integer(value) || is.logical(value) ||
      (is.numeric(value) && value == round(value)), double = is.numeric(value) || is.logical(value),
      character = is.character(value) || is.numeric(value) || is.logical(value))
    if (!allowed) stop("Can't coerce element ", k, " from a ", typeof(value), " to a ", kind, call. = FALSE)
    answer[k] <- if (kind == "character") as.character(value) else value
  }
  if (kind == "integer") answer <- structure(as.integer(answer), names = NULL)
  names(answer) <- names(values)
  answer
}

map_lgl <- function(.x, .f, ...) map_simple(.x, .f, ..., kind = "logical")

map_int <- function(.x, .f, ...) map_simple(.x, .f, ..., kind = "integer")

map_dbl <- function(.x, .f, ...) map_simple(.x, .f, ..., kind = "double")

map_chr <- function(.x, .f, ...) map_simple(.x, .f, ..., kind = "character")

map_vec <- function(.x, .f, ...) {
  values <- map(.x, .f, ...)
  do.call(c, values)
}

map_dfr <- function(.x, .f, ..., .id = NULL) bind_rows(map(.x, .f, ...), .id = .id)

map_df <- function(.x, .f, ..., .id = NULL) bind_rows(map(.x, .f, ...), .id = .id)

map_dfc <- function(.x, .f, ...) bind_cols(map(.x, .f, ...))

list_rbind <- function(x, names_to = NULL, ...) bind_rows(x, .id = names_to)

list_cbind <- function(x, ...) bind_cols(x)

list_c <- function(x, ...) do.call(c, unname(x))

pair_lengths <- function(.x, .y) {
  if (length(.x) != length(.y)) {
    if (length(.x) == 1L) .x <- rep(.x, length(.y))
    else if (length(.y) == 1L) .y <- rep(.y, length(.x))
    else stop("Can't recycle `.x` (size ", length(.x), ") to match `.y` (size ", length(.y), ").", call. = FALSE)
  }
  list(.x, .y)
}

map2 <- function(.x, .y, .f, ...) {
  .f <- as_mapper(.f)
  both <- pair_lengths(.x, .y)
  answer <- lapply(seq_along(both[[1L]]), function(k) .f(both[[1L]][[k]], both[[2L]][[k]], ...))
  names(answer) <- names(.x)
  answer
}

map2_lgl <- function(.x, .y, .f, ...) map_simple(map2(.x, .y, .f, ...), identity, kind = "logical")

map2_int <- function(.x, .y, .f, ...) map_simple(map2(.x, .y, .f, ...), identity, kind = "integer")

map2_dbl <- function(.x, .y, .f, ...) map_simple(map2(.x, .y, .f, ...), identity, kind = "double")

map2_chr <- function(.x, .y, .f, ...) map_simple(map2(.x, .y, .f, ...), identity, kind = "character")

map2_df <- function(.x, .y, .f, ..., .id = NULL) bind_rows(map2(.x, .y, .f, ...), .id = .id)

map2_dfr <- function(.x, .y, .f, ..., .id = NULL) bind_rows(map2(.x, .y, .f, ...), .id = .id)

map2_dfc <- function(.x, .y, .f, ...) bind_cols(map2(.x, .y, .f, ...))

pmap <- function(.l, .f, ...) {
  .f <- as_mapper(.f)
  .l <- as.list(.l)
  count <- max(lengths(.l))
  .l <- lapply(.l, function(one) if (length(one) == 1L) rep(one, count) else one)
  answer <- lapply(seq_len(count), function(k) do.call(.f, c(lapply(.l, function(one) one[[k]]), list(...))))
  names(answer) <- names(.l[[1L]])
  answer
}

pmap_lgl <- function(.l, .f, ...) map_simple(pmap(.l, .f, ...), identity, kind = "logical")

pmap_int <- function(.l, .f, ...) map_simple(pmap(.l, .f, ...), identity, kind = "integer")

pmap_dbl <- function(.l, .f, ...) map_simple(pmap(.l, .f, ...), identity, kind = "double")

pmap_chr <- function(.l, .f, ...) map_simple(pmap(.l, .f, ...), identity, kind = "character")

pmap_dfr <- function(.l, .f, ..., .id = NULL) bind_rows(pmap(.l, .f, ...), .id = .id)

pwalk <- function(.l, .f, ...) {
  pmap(.l, .f, ...)
  invisible(.l)
}

imap_index <- function(.x) if (is.null(names(.x))) seq_along(.x) else names(.x)

imap <- function(.x, .f, ...) map2(.x, imap_index(.x), .f, ...)

imap_chr <- function(.x, .f, ...) map2_chr(.x, imap_index(.x), .f, ...)

imap_dbl <- function(.x, .f, ...) map2_dbl(.x, imap_index(.x), .f, ...)

imap_int <- function(.x, .f, ...) map2_int(.x, imap_index(.x), .f, ...)

imap_lgl <- function(.x, .f, ...) map2_lgl(.x, imap_index(.x), .f, ...)

imap_dfr <- function(.x, .f, ..., .id = NULL) map2_dfr(.x, imap_index(.x), .f, ..., .id = .id)

walk <- function(.x, .f, ...) {
  map(.x, .f, ...)
  invisible(.x)
}

walk2 <- function(.x, .y, .f, ...) {
  map2(.x, .y, .f, ...)
  invisible(.x)
}

iwalk <- function(.x, .f, ...) {
  imap(.x, .f, ...)
  invisible(.x)
}

chosen_places <- function(.x, .at) {
  if (is.character(.at)) names(.x) %in% .at
  else if (is.function(.at)) names(.x) %in% .at(names(.x))
  else if (is.logical(.at)) rep_len(.at, length(.x))
  else seq_along(.x) %in% .at
}

map_if <- function(.x, .p, .f, ..., .else = NULL) {
  chosen <- if (is.logical(.p)) .p else map_lgl(.x, .p)
  .f <- as_mapper(.f)
  answer <- as.list(.x)
  for (k in which(chosen)) answer[[k]] <- .f(.x[[k]], ...)
  if (!is.null(.else)) {
    .else <- as_mapper(.else)
    for (k in which(!chosen)) answer[[k]] <- .else(.x[[k]], ...)
  }
  answer
}

map_at <- function(.x, .at, .f, ...) {
  .f <- as_mapper(.f)
  answer <- as.list(.x)
  for (k in which(chosen_places(.x, .at))) answer[[k]] <- .f(.x[[k]], ...)
  answer
}

map_depth <- function(.x, .depth, .f, ...) {
  if (.depth == 0) return(as_mapper(.f)(.x, ...))
  if (.depth == 1) return(map(.x, .f, ...))
  map(.x, function(one) map_depth(one, .depth - 1, .f, ...))
}

modify <- function(.x, .f, ...) {
  .f <- as_mapper(.f)
  for (k in seq_along(.x)) .x[[k]] <- .f(.x[[k]], ...)
  .x
}

modify_if <- function(.x, .p, .f, ...) {
  .f <- as_mapper(.f)
  chosen <- if (is.logical(.p)) .p else map_lgl(.x, .p)
  for (k in which(chosen)) .x[[k]] <- .f(.x[[k]], ...)
  .x
}

modify_at <- function(.x, .at, .f, ...) {
  .f <- as_mapper(.f)
  for (k in which(chosen_places(.x, .at))) .x[[k]] <- .f(.x[[k]], ...)
  .x
}

keep <- function(.x, .p, ...) .x[if (is.logical(.p)) .p else map_lgl(.x, .p, ...)]

discard <- function(.x, .p, ...) .x[!(if (is.logical(.p)) .p else map_lgl(.x, .p, ...))]

keep_at <- function(x, at) x[chosen_places(x, at)]

discard_at <- function(x, at) x[!chosen_places(x, at)]

compact <- function(.x, .p = identity) {
  .p <- as_mapper(.p)
  .x[!vapply(.x, function(one) length(.p(one)) == 0L, NA)]
}

detect <- function(.x, .f, ..., .dir = "forward", .default = NULL) {
  at <- detect_index(.x, .f, ..., .dir = .dir)
  if (at == 0L) .default else .x[[at]]
}

# The first place, or seen from the end, where a predicate says TRUE.
detect_index <- function(.x, .f, ..., .dir = "forward") {
  predicate <- as_mapper(.f)
  says <- function(one) {
    said <- predicate(one, ...)
    if (!isTRUE(said) && !isFALSE(said)) stop("`.f()` must return a single `TRUE` or `FALSE`, not ", .kind_in_words(said), ".", call. = FALSE)
    said
  }
  Position(says, as.list(.x), right = .dir == "backward", nomatch = 0L)
}

.kind_in_words <- function(x) {
  if (length(x) == 1L && is.atomic(x) && is.na(x)) return("`NA`")
  kinds <- c(character = "a string", double = "a number", integer = "a number", logical = "a logical vector", list = "a list", `NULL` = "`NULL`", closure = "a function")
  if (length(x) > 1L && is.atomic(x)) paste("a", typeof(x), "vector") else c(kinds[typeof(x)], paste("an object of type", typeof(x)))[1L + is.na(kinds[typeof(x)])]
}

every <- function(.x, .p, ...) all(map_lgl(.x, .p, ...))

some <- function(.x, .p, ...) any(map_lgl(.x, .p, ...))

none <- function(.x, .p, ...) !any(map_lgl(.x, .p, ...))

has_element <- function(.x, .y) some(.x, identical, .y)

reduce <- function(.x, .f, ..., .init, .dir = "forward") {
  .f <- as_mapper(.f)
  step <- if (.dir == "backward") function(a, b) .f(b, a, ...) else function(a, b) .f(a, b, ...)
  values <- if (.dir == "backward") rev(.x) else .x
  start <- 1L
  if (missing(.init)) {
    if (length(values) == 0L) stop("Must supply `.init` when `.x` is empty.", call. = FALSE)
    answer <- values[[1L]]
    start <- 2L
  } else answer <- .init
  if (start <= length(values)) for (k in start:length(values)) answer <- step(answer, values[[k]])
  answer
}

accumulate <- function(.x, .f, ..., .init, .dir = "forward") {
  .f <- as_mapper(.f)
  answer <- if (missing(.init)) Reduce(function(a, b) .f(a, b, ...), .x, accumulate = TRUE, right = .dir == "backward")
  else Reduce(function(a, b) .f(a, b, ...), .x, .init, accumulate = TRUE, right = .dir == "backward")
  if (missing(.init)) names(answer) <- names(.x)
  answer
}

reduce2 <- function(.x, .y, .f, ..., .init) {
  .f <- as_mapper(.f)
  answer <- if (missing(.init)) .x[[1L]] else .init
  rest <- if (missing(.init)) .x[-1L] else .x
  for (k in seq_along(rest)) answer <- .f(answer, rest[[k]], .y[[k]], ...)
  answer
}
