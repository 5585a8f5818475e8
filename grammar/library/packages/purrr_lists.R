# purrr: lists turned, flattened, changed and looked into; functions made of functions.

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
  if (!is.list(x)) dp_stop(paste0("`x` must be a list, not ", dp_kind_words(x), "."))
  answer <- list()
  for (k in seq_along(x)) {
    own <- if (is.null(names(x))) "" else names(x)[k]
    if (is.list(x[[k]])) {
      part <- x[[k]]
      if (nzchar(own) && !is.null(names(part))) names(part) <- paste(own, names(part), sep = "_")
      else if (nzchar(own)) names(part) <- paste(own, seq_along(part), sep = "_")
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
  path <- list(...)
  for (k in seq_along(path)) {
    step <- path[[k]]
    if (is.function(step)) {
      .x <- step(.x)
      next
    }
    if (is.character(step) && !(step %in% names(.x))) dp_stop(paste0("Can't find name `", step, "` in vector."))
    if (is.numeric(step) && step > length(.x)) dp_stop(paste0("Index ", k, " exceeds the length of plucked object (", step, " > ", length(.x), ")."))
    .x <- .x[[step]]
  }
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
  if (length(nm) > 1L && length(nm) != length(x)) dp_stop(paste0("The size of `nm` (", length(nm), ") must be compatible with the size of `x` (", length(x), ")."))
  names(x) <- if (length(nm) == 1L && length(x) > 1L && !is.null(nm)) rep(nm, length(x)) else nm
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
  if (!is.function(.f)) dp_stop(paste0("`.f` must be a function, not ", .kind_in_words(.f), "."))
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

list_simplify <- function(x, ..., strict = TRUE) {
  sizes <- lengths(x)
  alike <- TRUE
  for (k in seq_along(x)) if (k > 1L) alike <- alike && dp_alike(x[[1L]], x[[k]])
  if (!strict && (any(sizes != 1L) || !alike)) return(x)
  if (any(sizes != 1L)) dp_stop(paste0("`x[[", which(sizes != 1L)[1L], "]]` must have size 1, not size ", sizes[sizes != 1L][1L], "."), class = c("vctrs_error_assert_size", "vctrs_error_assert", "vctrs_error"))
  dp_must_combine(x, paste0("x[[", seq_along(x), "]]"))
  if (length(x)) do.call(c, x)
}

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
