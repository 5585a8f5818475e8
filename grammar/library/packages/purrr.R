# Functional tools over vectors and lists, with formulas as functions.

as_mapper <- function(.f, ...) {
  if (is.primitive(.f)) return(closure_of(.f))
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
        else if (is.character(step) && !(step %in% names(x)) || is.null(x)) return(NULL)
        else if (is.numeric(step) && step > length(x)) return(NULL)
        else x <- x[[step]]
      }
      x
    })
  }
  match.fun(.f)
}

# A builtin as a function with a body that calls it, which is what its errors and its print show.
closure_of <- function(f) {
  name <- sub('^.Primitive\\("(.*)"\\)$', "\\1", deparse(f))
  if (name %in% setdiff(names(dp_operators), c("+", "-", "!", ":"))) {
    made <- function(.x, .y) NULL
    body(made) <- call(name, quote(.x), quote(.y))
  } else if (name %in% c("+", "-")) {
    made <- function(.x, .y) NULL
    body(made) <- call("if", quote(missing(.y)), call(name, quote(.x)), call(name, quote(.x), quote(.y)))
  } else {
    made <- args(f)
    if (is.null(made)) return(f)
    parts <- names(formals(made))
    given <- lapply(parts, as.name)
    after <- cumsum(parts == "...") > 0 & parts != "..."
    names(given) <- ifelse(after, parts, "")
    body(made) <- as.call(c(list(f), given))
  }
  environment(made) <- globalenv()
  made
}

rlang_as_function <- function(x, ...) as_mapper(x)

as_function <- function(x, ...) as_mapper(x)

map <- function(.x, .f, ...) map_all(.x, .f, ..., verb = "map")

map_all <- function(.x, .f, ..., verb) {
  .f <- as_mapper(.f, ...)
  if (is.environment(.x)) .x <- as.list(.x)
  must_be_mapped(.x)
  at <- 0L
  answer <- withCallingHandlers(lapply(seq_along(.x), function(k) {
    at <<- k
    .f(.x[[k]], ...)
  }), error = function(e) stop_at_index(e, at, names(.x), verb))
  names(answer) <- names(.x)
  answer
}

must_be_mapped <- function(.x) if (is.function(.x) || is.symbol(.x) || is.language(.x) && !is.expression(.x) && !is.call(.x)) {
  dp_stop(paste0("`.x` must be a vector, not a ", if (is.function(.x)) "function" else "symbol", "."), class = c("vctrs_error_scalar_type", "vctrs_error"))
}

# An error within a map tells at which element it came.
stop_at_index <- function(e, at, names, verb) {
  if (inherits(e, "purrr_error_indexed") && identical(attr(e, "raised"), verb)) return()
  told <- c(i = paste0("In index: ", at, "."), if (!is.null(names) && nzchar(names[at])) c(i = paste0("With name: ", names[at], ".")))
  abort(told, class = "purrr_error_indexed", parent = e, location = at, name = if (!is.null(names)) names[at], call = as.call(list(as.name(verb))))
}

map_simple <- function(.x, .f, ..., kind, verb = paste0("map_", c(logical = "lgl", integer = "int", double = "dbl", character = "chr")[[kind]])) {
  # A place that a path does not lead to has no value, unless another one is given.
  if (!is.function(.f) && !inherits(.f, "formula") && ...length() && ".default" %in% ...names()) {
    path <- as_mapper(.f)
    missed <- list(...)$.default
    values <- map_all(.x, function(one) if (is.null(found <- path(one))) missed else found, verb = verb)
  } else values <- map_all(.x, .f, ..., verb = verb)
  simple_values(values, kind, verb)
}

simple_values <- function(values, kind, verb) {
  answer <- vector(kind, length(values))
  for (k in seq_along(values)) {
    value <- values[[k]]
    if (length(value) != 1L) {
      stop_at_index(simpleError(paste0("Result must be length 1, not ", length(value), ".")), k, names(values), verb)
    }
    allowed <- switch(kind, logical = is.logical(value) || is.numeric(value) && value %in% c(0, 1, NA), integer = is.integer(value) || is.logical(value) ||
      (is.numeric(value) && value == round(value)), double = is.numeric(value) || is.logical(value),
      character = is.character(value) || is.numeric(value) || is.logical(value) || is.factor(value))
    if (!allowed) stop_at_index(simpleError(paste0("Can't coerce from ", dp_kind_words(value), " to ", dp_kind_words(answer), ".")), k, names(values), verb)
    answer[k] <- if (kind != "character") value else if (is.double(value) && !is.na(value)) sprintf("%f", value) else as.character(value)
  }
  if (kind == "logical") answer <- as.logical(answer)
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
  sizes <- lengths(values)
  if (any(sizes != 1L)) dp_stop(paste0("`out[[", which(sizes != 1L)[1L], "]]` must have size 1, not size ", sizes[sizes != 1L][1L], "."), class = c("vctrs_error_assert_size", "vctrs_error_assert", "vctrs_error"))
  dp_must_combine(unname(values), paste0("<list>[[", seq_along(values), "]]"))
  do.call(c, values)
}

map_dfr <- function(.x, .f, ..., .id = NULL) bind_rows(map(.x, .f, ...), .id = .id)

map_df <- function(.x, .f, ..., .id = NULL) bind_rows(map(.x, .f, ...), .id = .id)

map_dfc <- function(.x, .f, ...) bind_cols(map(.x, .f, ...))

list_rbind <- function(x, names_to = NULL, ...) {
  other <- which(!vapply(x, function(one) is.null(one) || is.data.frame(one), NA))
  if (length(other)) {
    several <- length(other) > 1L
    places <- if (several) paste(paste(other[-length(other)], collapse = ", "), "and", other[length(other)]) else other
    dp_stop("Each element of `x` must be either a data frame or `NULL`.", i = paste0("Element", if (several) "s", " ", places, if (several) " are not." else " is not."))
  }
  bind_rows(x, .id = names_to)
}

list_cbind <- function(x, ...) bind_cols(x)

list_c <- function(x, ...) {
  dp_must_combine(x, paste0("<list>[[", seq_along(x), "]]"))
  do.call(c, unname(x))
}

pair_lengths <- function(.x, .y) {
  if (length(.x) != length(.y)) {
    if (length(.x) == 1L) .x <- rep(.x, length(.y))
    else if (length(.y) == 1L) .y <- rep(.y, length(.x))
    else dp_stop(paste0("Can't recycle `.x` (size ", length(.x), ") to match `.y` (size ", length(.y), ")."), class = c("vctrs_error_incompatible_size", "vctrs_error_incompatible", "vctrs_error"))
  }
  list(.x, .y)
}

map2 <- function(.x, .y, .f, ...) {
  .f <- as_mapper(.f)
  both <- pair_lengths(.x, .y)
  at <- 0L
  answer <- withCallingHandlers(lapply(seq_along(both[[1L]]), function(k) {
    at <<- k
    .f(both[[1L]][[k]], both[[2L]][[k]], ...)
  }), error = function(e) stop_at_index(e, at, names(.x), "map2"))
  names(answer) <- names(.x)
  answer
}

map2_lgl <- function(.x, .y, .f, ...) simple_values(map2(.x, .y, .f, ...), "logical", "map2")

map2_int <- function(.x, .y, .f, ...) simple_values(map2(.x, .y, .f, ...), "integer", "map2")

map2_dbl <- function(.x, .y, .f, ...) simple_values(map2(.x, .y, .f, ...), "double", "map2")

map2_chr <- function(.x, .y, .f, ...) simple_values(map2(.x, .y, .f, ...), "character", "map2")

map2_df <- function(.x, .y, .f, ..., .id = NULL) bind_rows(map2(.x, .y, .f, ...), .id = .id)

map2_dfr <- function(.x, .y, .f, ..., .id = NULL) bind_rows(map2(.x, .y, .f, ...), .id = .id)

map2_dfc <- function(.x, .y, .f, ...) bind_cols(map2(.x, .y, .f, ...))

pmap <- function(.l, .f, ...) {
  .f <- as_mapper(.f)
  .l <- as.list(.l)
  if (!length(.l)) return(list())
  sizes <- lengths(.l)
  count <- if (all(sizes == 1L)) 1L else sizes[sizes != 1L][[1L]]
  wrong <- which(sizes != count & sizes != 1L)
  shown <- function(k) if (is.null(names(.l)) || !nzchar(names(.l)[k])) paste0(".l[[", k, "]]") else paste0(".l$", names(.l)[k])
  if (length(wrong)) dp_stop(paste0("Can't recycle `", shown(which(sizes == count)[1L]), "` (size ", count, ") to match `", shown(wrong[1L]), "` (size ", sizes[wrong[1L]], ")."),
                             class = c("vctrs_error_incompatible_size", "vctrs_error_incompatible", "vctrs_error"))
  .l <- lapply(.l, function(one) if (length(one) == 1L) rep(one, count) else one)
  at <- 0L
  answer <- withCallingHandlers(lapply(seq_len(count), function(k) {
    at <<- k
    do.call(".f", c(lapply(.l, function(one) one[[k]]), list(...)))
  }), error = function(e) stop_at_index(e, at, names(.l[[1L]]), "pmap"))
  names(answer) <- names(.l[[1L]])
  answer
}

pmap_lgl <- function(.l, .f, ...) simple_values(pmap(.l, .f, ...), "logical", "pmap")

pmap_int <- function(.l, .f, ...) simple_values(pmap(.l, .f, ...), "integer", "pmap")

pmap_dbl <- function(.l, .f, ...) simple_values(pmap(.l, .f, ...), "double", "pmap")

pmap_chr <- function(.l, .f, ...) simple_values(pmap(.l, .f, ...), "character", "pmap")

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
  put_changed(.x, seq_along(.x), lapply(seq_along(.x), function(k) .f(.x[[k]], ...)))
}

# New elements in their places: a vector stays of its kind.
put_changed <- function(.x, places, values) {
  if (!is.list(.x) && !is.object(.x)) for (k in seq_along(values)) values[[k]] <- as_kind_of(values[[k]], .x, paste0("`<list>[[", k, "]]`"))
  for (k in seq_along(values)) if (!is.null(values[[k]])) .x[[places[k]]] <- values[[k]]
  .x
}

as_kind_of <- function(value, like, label) {
  kinds <- c("logical", "integer", "double")
  if (typeof(value) == typeof(like)) return(value)
  told <- c(typeof(value), typeof(like))
  if (!all(told %in% kinds)) dp_stop(paste0("Can't convert ", label, " <", told[1L], "> to <", told[2L], ">."), class = c("vctrs_error_cast", "vctrs_error_incompatible_type", "vctrs_error_incompatible", "vctrs_error"))
  made <- value
  storage.mode(made) <- typeof(like)
  lost <- which(!is.na(value) & made != value)
  if (length(lost)) dp_stop(paste0("Can't convert from ", label, " <", told[1L], "> to <", told[2L], "> due to loss of precision."), paste0("Locations: ", paste(lost, collapse = ", ")),
                            class = c("vctrs_error_cast_lossy", "vctrs_error_cast", "vctrs_error_incompatible_type", "vctrs_error_incompatible", "vctrs_error"))
  made
}

modify_if <- function(.x, .p, .f, ..., .else = NULL) {
  chosen <- if (is.logical(.p)) .p else map_lgl(.x, .p)
  made <- modify_places(.x, which(chosen), .f, ...)
  if (is.null(.else)) made else modify_places(made, which(!chosen), .else, ...)
}

modify_at <- function(.x, .at, .f, ...) modify_places(.x, which(chosen_places(.x, .at)), .f, ...)

modify_places <- function(.x, places, .f, ...) {
  .f <- as_mapper(.f)
  put_changed(.x, places, lapply(places, function(k) .f(.x[[k]], ...)))
}

keep <- function(.x, .p, ...) .x[said_of_each(.x, .p, ...)]

discard <- function(.x, .p, ...) .x[!said_of_each(.x, .p, ...)]

# What a predicate says of every element: it must know.
said_of_each <- function(.x, .p, ..., verb = "map_lgl") {
  if (is.logical(.p)) return(.p)
  says <- map_all(.x, .p, ..., verb = verb)
  for (k in seq_along(says)) if (!isTRUE(says[[k]]) && !isFALSE(says[[k]])) {
    stop_at_index(simpleError(paste0("`.p()` must return a single `TRUE` or `FALSE`, not ", .kind_in_words(says[[k]]), ".")), k, names(.x), verb)
  }
  unlist(says)
}

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
    if (!isTRUE(said) && !isFALSE(said)) dp_stop(paste0("`.f()` must return a single `TRUE` or `FALSE`, not ", .kind_in_words(said), "."))
    said
  }
  Position(says, as.list(.x), right = .dir == "backward", nomatch = 0L)
}

.kind_in_words <- function(x) {
  if (length(x) == 1L && is.atomic(x) && is.na(x)) return("`NA`")
  kinds <- c(character = "a string", double = "a number", integer = "a number", logical = "a logical vector", list = "a list", `NULL` = "`NULL`", closure = "a function")
  if (length(x) > 1L && is.atomic(x)) paste("a", typeof(x), "vector") else c(kinds[typeof(x)], paste("an object of type", typeof(x)))[1L + is.na(kinds[typeof(x)])]
}

every <- function(.x, .p, ...) {
  .p <- as_mapper(.p)
  answer <- TRUE
  for (one in .x) {
    said <- said_once(.p(one, ...))
    if (isFALSE(said)) return(FALSE)
    answer <- answer && said
  }
  answer
}

some <- function(.x, .p, ...) {
  .p <- as_mapper(.p)
  answer <- FALSE
  for (one in .x) {
    said <- said_once(.p(one, ...))
    if (isTRUE(said)) return(TRUE)
    answer <- answer || said
  }
  answer
}

none <- function(.x, .p, ...) !some(.x, .p, ...)

said_once <- function(said) {
  if (!is.logical(said) || length(said) != 1L) dp_stop(paste0("`.p()` must return a single `TRUE` or `FALSE`, not ", .kind_in_words(said), "."))
  said
}

has_element <- function(.x, .y) some(.x, identical, .y)

reduce <- function(.x, .f, ..., .init, .dir = "forward") {
  .f <- as_mapper(.f)
  # Functions that name what they bind by its expression, as rbind() does, see these two names.
  step <- if (.dir == "backward") function(out, elt) .f(elt, out, ...) else function(out, elt) .f(out, elt, ...)
  values <- if (.dir == "backward") rev(.x) else .x
  start <- 1L
  if (missing(.init)) {
    if (length(values) == 0L) dp_stop("Must supply `.init` when `.x` is empty.")
    answer <- values[[1L]]
    start <- 2L
  } else answer <- .init
  if (start <= length(values)) for (k in start:length(values)) {
    one <- step(answer, values[[k]])
    if (inherits(one, "rlang_box_done")) return(if (attr(one, "empty")) answer else one[[1L]])
    answer <- one
  }
  answer
}

# What a step of reduce() and accumulate() gives to be the last one.
done <- function(x) {
  empty <- missing(x)
  structure(list(if (!empty) x), class = c("rlang_box_done", "rlang_box"), empty = empty)
}

accumulate <- function(.x, .f, ..., .init, .dir = "forward") {
  .f <- as_mapper(.f)
  back <- .dir == "backward"
  values <- if (missing(.init)) as.list(.x) else if (back) c(as.list(.x), list(.init)) else c(list(.init), as.list(.x))
  if (back) values <- rev(values)
  answer <- unname(values)
  for (k in seq_along(values)[-1L]) {
    one <- if (back) .f(values[[k]], answer[[k - 1L]], ...) else .f(answer[[k - 1L]], values[[k]], ...)
    last <- inherits(one, "rlang_box_done")
    if (last && attr(one, "empty")) answer <- answer[seq_len(k - 1L)] else answer[k] <- list(if (last) one[[1L]] else one)
    if (last) {
      answer <- answer[seq_len(min(k, length(answer)))]
      break
    }
  }
  if (back) answer <- rev(answer)
  if (missing(.init) && length(answer) == length(.x)) names(answer) <- names(.x)
  # Results of different kinds are not made one.
  kinds <- unique(vapply(answer, typeof, ""))
  numbers <- all(kinds %in% c("logical", "integer", "double"))
  if (length(kinds) == 0L || length(kinds) > 1L && !numbers || !all(lengths(answer) == 1L) || is.list(answer[[1L]])) answer else do.call(c, answer)
}

reduce2 <- function(.x, .y, .f, ..., .init) {
  .f <- as_mapper(.f)
  answer <- if (missing(.init)) .x[[1L]] else .init
  rest <- if (missing(.init)) .x[-1L] else .x
  for (k in seq_along(rest)) answer <- .f(answer, rest[[k]], .y[[k]], ...)
  answer
}
