# The rarer tools of purrr.

map2_vec <- function(.x, .y, .f, ...) list_simplify(map2(.x, .y, .f, ...))

pmap_vec <- function(.l, .f, ...) list_simplify(pmap(.l, .f, ...))

imap_vec <- function(.x, .f, ...) list_simplify(imap(.x, .f, ...))

map_raw <- function(.x, .f, ...) {
  made <- map(.x, .f, ...)
  setNames(as.raw(vapply(made, function(one) as.integer(one), 0L)), names(made))
}

pmap_df <- function(.l, .f, ..., .id = NULL) bind_rows(pmap(.l, .f, ...), .id = .id)

pmap_dfc <- function(.l, .f, ...) bind_cols(pmap(.l, .f, ...))

imap_dfc <- function(.x, .f, ...) bind_cols(imap(.x, .f, ...))

flatten_df <- function(.x, .id = NULL) bind_rows(.x, .id = .id)

flatten_dfc <- function(.x) bind_cols(.x)

reduce_right <- function(.x, .f, ..., .init) if (missing(.init)) reduce(rev(.x), .f, ...) else reduce(rev(.x), .f, ..., .init = .init)

accumulate_right <- function(.x, .f, ..., .init) {
  f <- as_mapper(.f)
  turned <- function(x, y, ...) f(y, x, ...)
  rev(if (missing(.init)) accumulate(rev(.x), turned, ...) else accumulate(rev(.x), turned, ..., .init = .init))
}

accumulate2 <- function(.x, .y, .f, ..., .init) {
  f <- as_mapper(.f)
  first <- missing(.init)
  made <- list(if (first) .x[[1L]] else .init)
  for (k in seq_along(.y)) made[[k + 1L]] <- f(made[[k]], .x[[k + first]], .y[[k]], ...)
  made
}

modify2 <- function(.x, .y, .f, ...) {
  f <- as_mapper(.f)
  put_changed(.x, seq_along(.x), lapply(seq_along(.x), function(k) f(.x[[k]], .y[[k]], ...)))
}

imodify <- function(.x, .f, ...) modify2(.x, if (is.null(names(.x))) seq_along(.x) else names(.x), .f, ...)

modify_depth <- function(.x, .depth, .f, ...) {
  if (.depth == 0L) return(as_mapper(.f)(.x, ...))
  for (k in seq_along(.x)) .x[[k]] <- modify_depth(.x[[k]], .depth - 1L, .f, ...)
  .x
}

assign_in <- function(x, where, value) {
  step <- where[[1L]]
  x[[step]] <- if (length(where) == 1L) value else assign_in(x[[step]], where[-1L], value)
  x
}

modify_in <- function(.x, .where, .f, ...) assign_in(.x, .where, as_mapper(.f)(do.call(pluck, c(list(.x), as.list(.where))), ...))

attr_getter <- function(attr) {
  force(attr)
  function(x) attr(x, attr, exact = TRUE)
}

update_list <- function(.x, ...) {
  changes <- lapply(list(...), function(one) if (inherits(one, "formula")) eval(one[[2L]], .x, environment(one)) else one)
  do.call(list_modify, c(list(.x), changes))
}

# Every leaf, and every list on the way up.
modify_tree <- function(x, ..., leaf = identity, is_node = NULL, pre = identity, post = identity) {
  is_node <- if (is.null(is_node)) is.list else as_mapper(is_node)
  leaf <- as_mapper(leaf)
  pre <- as_mapper(pre)
  post <- as_mapper(post)
  visit <- function(one) {
    if (!is_node(one)) return(leaf(one))
    one <- pre(one)
    one[] <- lapply(one, visit)
    post(one)
  }
  visit(x)
}

simplify_all <- function(.x, .type = NULL) {
  if (!is.null(.type)) .unsupported("simplify_all(.type = )")
  map(.x, simplify)
}

lmap <- function(.x, .f, ...) {
  f <- as_mapper(.f)
  do.call(c, lapply(seq_along(.x), function(k) f(.x[k], ...)))
}

exec <- function(.fn, ..., .env = parent.frame()) do.call(.fn, list(...), envir = .env)

invoke <- function(.f, .x = NULL, ..., .env = NULL) {
  do.call(.f, c(as.list(.x), list(...)), envir = if (is.null(.env)) parent.frame() else .env)
}

invoke_map <- function(.f, .x = list(NULL), ..., .env = NULL) {
  env <- if (is.null(.env)) parent.frame() else .env
  count <- max(length(.f), length(.x))
  functions <- if (is.function(.f)) list(.f) else as.list(.f)
  lapply(seq_len(count), function(k) do.call(functions[[(k - 1L) %% length(functions) + 1L]], c(as.list(.x[[(k - 1L) %% length(.x) + 1L]]), list(...)), envir = env))
}

lift_dl <- function(..f, ..., .unnamed = FALSE) {
  call_with <- match.fun(..f)
  usual <- list(...)
  part <- if (.unnamed) unname else identity
  function(.x = list(), ...) do.call(call_with, c(part(as.list(.x)), usual, list(...)))
}

cross <- function(.l, .filter = NULL) {
  grid <- do.call(expand.grid, c(lapply(.l, seq_along), list(KEEP.OUT.ATTRS = FALSE)))
  made <- lapply(seq_len(nrow(grid)), function(k) setNames(lapply(seq_along(.l), function(j) .l[[j]][[grid[k, j]]]), names(.l)))
  if (is.null(.filter)) made else Filter(function(one) !isTRUE(do.call(.filter, unname(one))), made)
}

cross3 <- function(.x, .y, .z, .filter = NULL) cross(list(.x, .y, .z), .filter)

rbernoulli <- function(n, p = 0.5) runif(n) > 1 - p

rdunif <- function(n, b, a = 1) sample(b - a + 1, n, replace = TRUE) + a - 1

rep_along <- function(along, x) rep(x, length.out = length(along))

list_along <- function(x) vector("list", length(x))

rate_delay <- function(pause = 1, max_times = Inf) structure(list(pause = pause, max_times = max_times, wait = function(k) pause), class = "purrr_rate")

rate_backoff <- function(pause_base = 1, pause_cap = 60, pause_min = 1, max_times = 3, jitter = TRUE) {
  structure(list(max_times = max_times, wait = function(k) min(pause_cap, pause_min + pause_base * 2^k * if (jitter) runif(1) else 1)), class = "purrr_rate")
}

.wait_before <- function(seconds, quiet) {
  if (!quiet) message(sprintf("Retrying in %.2g seconds.", seconds))
  Sys.sleep(seconds)
}

insistently <- function(f, rate = rate_backoff(), quiet = TRUE) {
  f <- as_mapper(f)
  function(...) {
    for (k in seq_len(rate$max_times)) {
      made <- tryCatch(list(value = f(...)), error = function(e) e)
      if (!inherits(made, "error")) return(made$value)
      if (!quiet) message("Error: ", conditionMessage(made))
      if (k < rate$max_times) .wait_before(rate$wait(k - 1L), quiet)
    }
    stop("Request failed after ", rate$max_times, " attempts.", call. = FALSE)
  }
}

slowly <- function(f, rate = rate_delay(), quiet = TRUE) {
  f <- as_mapper(f)
  calls <- 0L
  function(...) {
    if (calls >= rate$max_times) stop("Request failed after ", rate$max_times, " attempts.", call. = FALSE)
    if (calls > 0L) .wait_before(rate$wait(calls), quiet)
    calls <<- calls + 1L
    f(...)
  }
}

transpose <- function(.l, .names = NULL) {
  if (!is.list(.l)) dp_stop(paste0("`.l` must be a list, not ", dp_kind_words(.l), "."))
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
