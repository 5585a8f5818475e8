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

transpose <- function(.l, .names = NULL) {
  if (length(.l) == 0L) return(list())
  inner <- if (is.null(.names)) names(.l[[1L]]) else .names
  places <- if (is.null(inner)) seq_along(.l[[1L]]) else inner
  answer <- lapply(places, function(at) {
    row <- lapply(.l, function(one) {
      if (is.character(at) && !(at %in% names(one))) NULL
      else if (is.numeric(at) && at > length(one)) NULL
      else one[[at]]
    })
    names(row) <- names(.l)
    row
  })
  names(answer) <- inner
  answer
}

list_transpose <- function(x, ..., simplify = NA) {
  answer <- transpose(x)
  if (isFALSE(simplify)) return(answer)
  lapply(answer, function(row) if (all(lengths(row) == 1L) && length(unique(vapply(row, typeof, ""))) == 1L) unlist(row) else row)
}

flatten <- function(.x) {
  answer <- list()
  for (k in seq_along(.x)) {
    one <- .x[[k]]
    if (is.list(one)) answer <- c(answer, one)
    else {
      part <- as.list(one)
      if (length(part) == 1L && !is.null(names(.x)) && nzchar(names(.x)[k])) names(part) <- names(.x)[k]
      answer <- c(answer, part)
    }
  }
  answer
}

list_flatten <- function(x, ...) {
  answer <- list()
  for (k in seq_along(x)) {
    own <- if (is.null(names(x))) "" else names(x)[k]
    if (is.list(x[[k]])) {
      part <- x[[k]]
      if (nzchar(own) && !is.null(names(part))) names(part) <- paste(own, names(part), sep = "_")
      else if (nzchar(own)) names(part) <- rep(own, length(part))
      answer <- c(answer, part)
    } else {
      part <- list(x[[k]])
      if (nzchar(own)) names(part) <- own
      answer <- c(answer, part)
    }
  }
  answer
}

flatten_dbl <- function(.x) as.numeric(unlist(.x))

flatten_int <- function(.x) as.integer(unlist(.x))

flatten_chr <- function(.x) as.character(unlist(.x))

flatten_lgl <- function(.x) as.logical(unlist(.x))

flatten_dfr <- function(.x, .id = NULL) bind_rows(.x, .id = .id)

list_modify <- function(.x, ...) {
  changes <- list(...)
  for (k in seq_along(changes)) {
    name <- if (is.null(names(changes))) "" else names(changes)[k]
    if (nzchar(name)) {
      if (is.list(.x[[name]]) && is.list(changes[[k]]) && !is.null(names(changes[[k]])))
        .x[[name]] <- do.call(list_modify, c(list(.x[[name]]), changes[[k]]))
      else if (inherits(changes[[k]], "zap")) .x[[name]] <- NULL
      else .x[name] <- changes[k]
    } else .x[[k]] <- changes[[k]]
  }
  .x
}

list_merge <- function(.x, ...) {
  changes <- list(...)
  for (name in names(changes)) .x[[name]] <- c(.x[[name]], changes[[name]])
  .x
}

list_assign <- function(.x, ...) {
  changes <- list(...)
  for (name in names(changes)) .x[name] <- changes[name]
  .x
}

zap <- function() structure(list(), class = "zap")

pluck <- function(.x, ..., .default = NULL) {
  for (step in list(...)) {
    if (is.function(step)) .x <- step(.x)
    else if (is.character(step) && !(step %in% names(.x))) return(.default)
    else if (is.numeric(step) && step > length(.x)) return(.default)
    else .x <- .x[[step]]
  }
  if (is.null(.x)) .default else .x
}

chuck <- function(.x, ...) {
  for (step in list(...)) .x <- .x[[step]]
  .x
}

head_while <- function(.x, .p, ...) {
  at <- detect_index(.x, function(one) !as_mapper(.p)(one, ...))
  if (at == 0L) .x else .x[seq_len(at - 1L)]
}

tail_while <- function(.x, .p, ...) {
  at <- detect_index(.x, function(one) !as_mapper(.p)(one, ...), .dir = "backward")
  if (at == 0L) .x else .x[-seq_len(at)]
}

set_names <- function(x, nm = x, ...) {
  if (is.function(nm)) nm <- nm(if (is.null(names(x))) as.character(x) else names(x))
  else if (inherits(nm, "formula")) nm <- as_mapper(nm)(if (is.null(names(x))) as.character(x) else names(x))
  else if (!is.null(nm)) nm <- c(as.character(nm), vapply(list(...), as.character, ""))
  names(x) <- nm
  x
}

compose <- function(..., .dir = "backward") {
  steps <- lapply(list(...), as_mapper)
  if (.dir == "backward") steps <- rev(steps)
  function(...) {
    answer <- steps[[1L]](...)
    for (step in steps[-1L]) answer <- step(answer)
    answer
  }
}

partial <- function(.f, ...) {
  fixed <- list(...)
  function(...) do.call(.f, c(fixed, list(...)))
}

negate <- function(.p) {
  .p <- as_mapper(.p)
  function(...) !.p(...)
}

lift <- function(..f, ...) {
  fixed <- list(...)
  function(.x = list(), ...) do.call(..f, c(as.list(.x), fixed, list(...)))
}

safely <- function(.f, otherwise = NULL, quiet = TRUE) {
  .f <- as_mapper(.f)
  function(...) tryCatch(list(result = .f(...), error = NULL), error = function(e) {
    if (!quiet) message("Error: ", conditionMessage(e))
    list(result = otherwise, error = e)
  })
}

possibly <- function(.f, otherwise = NULL, quiet = TRUE) {
  .f <- as_mapper(.f)
  function(...) tryCatch(.f(...), error = function(e) {
    if (!quiet) message("Error: ", conditionMessage(e))
    otherwise
  })
}

quietly <- function(.f) {
  .f <- as_mapper(.f)
  function(...) {
    warned <- character()
    told <- character()
    result <- NULL
    printed <- capture.output(result <- withCallingHandlers(.f(...), warning = function(w) {
      warned <<- c(warned, conditionMessage(w))
      invokeRestart("muffleWarning")
    }, message = function(m) {
      told <<- c(told, conditionMessage(m))
      invokeRestart("muffleMessage")
    }))
    list(result = result, output = paste(printed, collapse = "\n"), warnings = warned, messages = told)
  }
}

rerun <- function(.n, ...) {
  expression <- substitute(list(...))
  place <- parent.frame()
  lapply(seq_len(.n), function(k) {
    made <- eval(expression, place)
    if (length(made) == 1L && is.null(names(made))) made[[1L]] else made
  })
}

array_branch <- function(array, margin = NULL) {
  if (is.null(margin)) margin <- seq_along(dim(array))
  if (is.null(dim(array))) return(as.list(array))
  if (length(margin) == 0L) return(list(array))
  flat <- apply(array, margin, list)
  lapply(as.list(flat), function(one) one[[1L]])
}

array_tree <- function(array, margin = NULL) {
  if (is.null(dim(array))) return(as.list(array))
  if (is.null(margin)) margin <- seq_along(dim(array))
  if (length(margin) == 0L) return(array)
  first <- margin[1L]
  rest <- margin[-1L]
  rest <- rest - (rest > first)
  lapply(seq_len(dim(array)[first]), function(k) {
    index <- rep(list(TRUE), length(dim(array)))
    index[[first]] <- k
    part <- do.call(`[`, c(list(array), index, list(drop = FALSE)))
    kept <- dim(array)[-first]
    names_kept <- dimnames(array)[-first]
    part <- if (length(kept) == 1L) structure(as.vector(part), names = names_kept[[1L]]) else array(part, kept, names_kept)
    if (length(rest)) array_tree(part, rest) else part
  })
}

# Whether each element is of one type, given by name or by an example.
.all_of_type <- function(parts, type) {
  wanted <- if (is.character(type) && length(type) == 1L && nzchar(type)) c(type, 1L) else c(typeof(type), length(type))
  fits <- function(part) length(part) == as.integer(wanted[2L]) && (typeof(part) == wanted[1L] || wanted[1L] == "numeric" && is.numeric(part))
  all(vapply(parts, fits, NA))
}

as_vector <- function(.x, .type = NULL) {
  if (is.list(.x) && !is.null(.type) && !.all_of_type(.x, .type)) stop("Cannot coerce .x to a vector", call. = FALSE)
  if (is.list(.x)) unlist(.x, use.names = !is.null(names(.x))) else .x
}

simplify <- function(.x, .type = NULL) if (all(lengths(.x) == 1L) && (is.null(.type) || .all_of_type(.x, .type))) unlist(.x) else .x

list_simplify <- function(x, ...) unlist(x)

prepend <- function(x, values, before = 1) append(x, values, before - 1)

splice <- function(...) flatten(list(...))

cross2 <- function(.x, .y, .filter = NULL) {
  answer <- list()
  for (b in .y) for (a in .x) if (is.null(.filter) || !as_mapper(.filter)(a, b)) answer[[length(answer) + 1L]] <- list(a, b)
  answer
}

cross_df <- function(.l, .filter = NULL) {
  made <- as_tibble(expand.grid(.l, stringsAsFactors = FALSE))
  if (is.null(.filter)) return(made)
  out <- vapply(seq_len(nrow(made)), function(k) isTRUE(do.call(as_mapper(.filter), unname(as.list(made[k, ])))), NA)
  made[!out, ]
}

vec_depth <- function(x) if (is.null(x)) 0L else if (!is.list(x)) 1L else 1L + max(0L, vapply(x, vec_depth, 0L))

pluck_depth <- function(x) vec_depth(x)

`%||%` <- function(x, y) if (is.null(x)) y else x
