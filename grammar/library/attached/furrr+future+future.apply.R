# Maps and applies that ask for several processes: they run one after the other here, and give the same values.

plan <- function(strategy = NULL, ..., workers = NULL) {
  before <- getOption("future.plan", "sequential")
  if (missing(strategy)) return(before)
  options(future.plan = if (is.character(strategy)) strategy else deparse(substitute(strategy)))
  invisible(before)
}

sequential <- function(...) plan("sequential")

multisession <- function(..., workers = availableCores()) plan("multisession")

multicore <- function(..., workers = availableCores()) plan("multicore")

cluster <- function(..., workers = availableCores()) plan("cluster")

availableCores <- function(...) c(system = parallel::detectCores())

nbrOfWorkers <- function(...) 1L

supportsMulticore <- function(...) FALSE

future <- function(expr, envir = parent.frame(), lazy = FALSE, seed = FALSE, globals = TRUE, packages = NULL, ...) {
  asked <- substitute(expr)
  if (is.numeric(seed)) set.seed(seed)
  found <- new.env()
  if (lazy) delayedAssign("value", eval(asked, envir), assign.env = found) else assign("value", eval(asked, envir), found)
  structure(list(found = found), class = c("SequentialFuture", "Future"))
}

value <- function(future, ...) if (inherits(future, "Future")) get("value", future$found) else if (is.list(future)) lapply(future, value) else future

resolved <- function(x, ...) if (inherits(x, "Future")) TRUE else vapply(x, resolved, NA)

print.Future <- function(x, ...) {
  cat("SequentialFuture:\nResolved: TRUE\n")
  invisible(x)
}

furrr_options <- function(..., stdout = TRUE, conditions = "condition", globals = TRUE, packages = NULL, seed = FALSE, scheduling = 1, chunk_size = NULL, prefix = NULL) {
  structure(list(seed = seed), class = "furrr_options")
}

future_options <- function(...) furrr_options(...)

.in_turn <- function(map) {
  force(map)
  function(..., .options = furrr_options(), .env_globals = parent.frame(), .progress = FALSE) {
    if (is.numeric(.options$seed)) set.seed(.options$seed)
    map(...)
  }
}

future_map <- .in_turn(purrr::map)

future_map_dbl <- .in_turn(purrr::map_dbl)

future_map_int <- .in_turn(purrr::map_int)

future_map_chr <- .in_turn(purrr::map_chr)

future_map_lgl <- .in_turn(purrr::map_lgl)

future_map_dfr <- .in_turn(purrr::map_dfr)

future_map_dfc <- .in_turn(purrr::map_dfc)

future_map2 <- .in_turn(purrr::map2)

future_map2_dbl <- .in_turn(purrr::map2_dbl)

future_map2_chr <- .in_turn(purrr::map2_chr)

future_map2_dfr <- .in_turn(purrr::map2_dfr)

future_pmap <- .in_turn(purrr::pmap)

future_pmap_dbl <- .in_turn(purrr::pmap_dbl)

future_pmap_dfr <- .in_turn(purrr::pmap_dfr)

future_imap <- .in_turn(purrr::imap)

future_walk <- .in_turn(purrr::walk)

.applied_in_turn <- function(apply) {
  force(apply)
  function(..., future.seed = FALSE, future.globals = TRUE, future.packages = NULL, future.scheduling = 1, future.chunk.size = NULL, future.stdout = TRUE) {
    if (is.numeric(future.seed)) set.seed(future.seed)
    apply(...)
  }
}

future_lapply <- .applied_in_turn(lapply)

future_sapply <- .applied_in_turn(sapply)

future_vapply <- .applied_in_turn(vapply)

future_mapply <- .applied_in_turn(mapply)

future_Map <- .applied_in_turn(Map)

future_apply <- .applied_in_turn(apply)

future_replicate <- function(n, expr, simplify = "array", future.seed = TRUE, ...) {
  if (is.numeric(future.seed)) set.seed(future.seed)
  asked <- substitute(expr)
  place <- parent.frame()
  sapply(integer(n), function(turn) eval(asked, place), simplify = simplify)
}
