# Loops over workers: what scripts take from parallel, foreach and doParallel. Work is done in order, in this process.

detectCores <- function(all.tests = FALSE, logical = TRUE) {
  lines <- if (file.exists("/proc/cpuinfo")) readLines("/proc/cpuinfo", warn = FALSE) else character()
  found <- sum(startsWith(lines, "processor"))
  if (!logical) {
    # Threads of one core share its place: the package and the number of the core.
    places <- paste(grep("^physical id", lines, value = TRUE), grep("^core id", lines, value = TRUE))
    if (length(places) && any(nzchar(trimws(places)))) found <- length(unique(places))
  }
  if (found > 0L) found else NA_integer_
}

makeCluster <- function(spec = getOption("mc.cores", 2), type = "PSOCK", ...) {
  count <- if (is.numeric(spec)) as.integer(spec[1L]) else length(spec)
  if (is.na(count) || count < 1L) stop("numeric 'names' must be >= 1")
  structure(lapply(seq_len(count), function(k) structure(list(host = "localhost", rank = k), class = "SOCKnode")), class = c("SOCKcluster", "cluster"))
}

makePSOCKcluster <- function(names = getOption("mc.cores", 2), ...) makeCluster(names, ...)

makeForkCluster <- function(nnodes = getOption("mc.cores", 2), ...) makeCluster(nnodes, ...)

print.SOCKcluster <- function(x, ...) {
  cat("socket cluster with ", length(x), " nodes on host \u2018localhost\u2019\n", sep = "")
  invisible(x)
}

stopCluster <- function(cl = NULL) invisible(NULL)

setDefaultCluster <- function(cl = NULL) invisible(NULL)

clusterExport <- function(cl = NULL, varlist, envir = .GlobalEnv) {
  for (name in varlist) get(name, envir = envir)
  invisible(NULL)
}

clusterEvalQ <- function(cl = NULL, expr) rep(list(eval(substitute(expr), .GlobalEnv)), max(length(cl), 1L))

clusterCall <- function(cl = NULL, fun, ...) lapply(seq_len(max(length(cl), 1L)), function(k) fun(...))

clusterSetRNGStream <- function(cl = NULL, iseed = NULL) invisible(set.seed(iseed))

clusterApply <- function(cl = NULL, x, fun, ...) lapply(unname(x), fun, ...)

clusterMap <- function(cl = NULL, fun, ..., MoreArgs = NULL, RECYCLE = TRUE, SIMPLIFY = FALSE, USE.NAMES = TRUE) {
  .unsupported(RECYCLE)
  mapply(fun, ..., MoreArgs = MoreArgs, SIMPLIFY = SIMPLIFY, USE.NAMES = USE.NAMES)
}

parLapply <- function(cl = NULL, X, fun, ..., chunk.size = NULL) lapply(X, fun, ...)

parSapply <- function(cl = NULL, X, FUN, ..., simplify = TRUE, USE.NAMES = TRUE, chunk.size = NULL)
  sapply(X, FUN, ..., simplify = simplify, USE.NAMES = USE.NAMES)

parApply <- function(cl = NULL, X, MARGIN, FUN, ..., chunk.size = NULL) apply(X, MARGIN, FUN, ...)

mclapply <- function(X, FUN, ..., mc.preschedule = TRUE, mc.set.seed = TRUE, mc.silent = FALSE, mc.cores = 1L, mc.cleanup = TRUE,
                     mc.allow.recursive = TRUE, affinity.list = NULL) lapply(X, FUN, ...)

mcmapply <- function(FUN, ..., MoreArgs = NULL, SIMPLIFY = TRUE, USE.NAMES = TRUE, mc.preschedule = TRUE, mc.set.seed = TRUE,
                     mc.silent = FALSE, mc.cores = 1L, mc.cleanup = TRUE, affinity.list = NULL)
  mapply(FUN, ..., MoreArgs = MoreArgs, SIMPLIFY = SIMPLIFY, USE.NAMES = USE.NAMES)

parLapplyLB <- function(cl = NULL, X, fun, ..., chunk.size = NULL) lapply(X, fun, ...)

parSapplyLB <- function(cl = NULL, X, FUN, ..., simplify = TRUE, USE.NAMES = TRUE, chunk.size = NULL)
  sapply(X, FUN, ..., simplify = simplify, USE.NAMES = USE.NAMES)

clusterApplyLB <- function(cl = NULL, x, fun, ...) lapply(unname(x), fun, ...)

parRapply <- function(cl = NULL, x, FUN, ..., chunk.size = NULL)
  do.call(c, lapply(seq_len(nrow(x)), function(k) FUN(x[k, ], ...)), quote = TRUE)

parCapply <- function(cl = NULL, x, FUN, ..., chunk.size = NULL)
  do.call(c, lapply(seq_len(ncol(x)), function(k) FUN(x[, k], ...)), quote = TRUE)

# Parts of equal length along a line from the first index to the last, which reaches out by a thousandth at both ends: an
# index between two parts goes to the one nearer to the middle.
splitIndices <- function(nx, ncl) {
  at <- seq_len(nx)
  if (ncl < 1L) return(list())
  if (nx == 1L) return(list(at))
  share <- (at - 1) / (nx - 1)
  part <- floor(ncl * (share + 0.001) / 1.002)
  unname(split(at, factor(part, seq_len(ncl) - 1L)))
}

clusterSplit <- function(cl = NULL, seq) lapply(splitIndices(length(seq), length(cl)), function(at) seq[at])

getDefaultCluster <- function() NULL

mcMap <- function(f, ...) {
  f <- match.fun(f)
  mcmapply(f, ..., SIMPLIFY = FALSE, mc.silent = TRUE)
}

pvec <- function(v, FUN, ..., mc.set.seed = TRUE, mc.silent = FALSE, mc.cores = 1L, mc.cleanup = TRUE) {
  if (!is.atomic(v) && !is.list(v)) stop("'v' must be a vector")
  FUN(v, ...)
}

mcparallel <- function(expr, name, mc.set.seed = TRUE, silent = FALSE, mc.affinity = NULL, mc.interactive = FALSE, detached = FALSE) {
  value <- tryCatch(expr, error = function(e) structure(paste0("Error : ", conditionMessage(e), "\n"), class = "try-error", condition = e))
  structure(list(pid = Sys.getpid(), fd = c(0L, 0L), name = if (missing(name)) NULL else as.character(name)[1L], value = value),
    class = c("parallelJob", "childProcess", "process"))
}

mccollect <- function(jobs, wait = TRUE, timeout = 0, intermediate = FALSE) {
  if (inherits(jobs, "process")) jobs <- list(jobs)
  called <- vapply(jobs, function(job) if (is.null(job$name)) as.character(job$pid) else job$name, "")
  structure(lapply(jobs, `[[`, "value"), names = called)
}

mc.reset.stream <- function() invisible(NULL)

registerDoParallel <- function(cl = NULL, cores = NULL, ...) invisible(NULL)

registerDoSEQ <- function() invisible(NULL)

stopImplicitCluster <- function() invisible(NULL)

getDoParWorkers <- function() 1L

foreach <- function(..., .combine, .init, .final = NULL, .inorder = TRUE, .multicombine = FALSE, .maxcombine = 100,
                    .errorhandling = "stop", .packages = NULL, .export = NULL, .noexport = NULL, .verbose = FALSE) {
  values <- list(...)
  structure(list(values = lapply(values, function(one) if (is.data.frame(one) || is.list(one)) as.list(one) else if (is.matrix(one)) asplit(one, 2) else as.list(one)),
                 combine = if (!missing(.combine)) match.fun(.combine), has_init = !missing(.init), init = if (!missing(.init)) .init,
                 final = .final, errors = .errorhandling, when = NULL), class = "foreach")
}

when <- function(cond) structure(list(cond = substitute(cond)), class = "foreachCondition")

foreach_run <- function(loop, code, place_of) {
  if (!inherits(loop, "foreach")) stop("obj must be a foreach object", call. = FALSE)
  turns <- if (length(loop$values)) min(lengths(loop$values)) else 0L
  found <- list()
  for (turn in seq_len(turns)) {
    place <- place_of()
    for (name in names(loop$values)) assign(name, loop$values[[name]][[turn]], envir = place)
    if (!is.null(loop$when) && !isTRUE(eval(loop$when, place))) next
    made <- if (loop$errors == "stop") tryCatch(eval(code, place), error = function(e) stop(sprintf("task %d failed - \"%s\"", turn, conditionMessage(e)), call. = FALSE))
    else tryCatch(eval(code, place), error = function(e) e)
    if (loop$errors == "remove" && inherits(made, "error")) next
    found[length(found) + 1L] <- list(made)
  }
  answer <- if (is.null(loop$combine)) found
  else if (loop$has_init) Reduce(loop$combine, found, loop$init)
  else if (identical(loop$combine, rbind) || identical(loop$combine, cbind)) {
    do.call(loop$combine, structure(found, names = if (length(found)) paste0("result.", seq_along(found))))
  } else if (length(found)) Reduce(loop$combine, found[-1L], found[[1L]])
  if (is.null(loop$final)) answer else loop$final(answer)
}

`%:%` <- function(e1, e2) {
  if (!inherits(e2, "foreachCondition")) stop("loops within loops are written as a foreach() in the body of another", call. = FALSE)
  e1$when <- e2$cond
  e1
}

`%do%` <- function(obj, ex) {
  env <- parent.frame()
  foreach_run(obj, substitute(ex), function() env)
}

`%dopar%` <- function(obj, ex) {
  env <- parent.frame()
  foreach_run(obj, substitute(ex), function() new.env(parent = env))
}
