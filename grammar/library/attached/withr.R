# Settings that last as long as an expression or a function.

.for_now <- function(change, back) {
  force(change)
  force(back)
  function(new, code) {
    old <- change(new)
    on.exit(back(old))
    force(code)
  }
}

with_dir <- .for_now(setwd, setwd)

.set_variables <- function(new) {
  old <- Sys.getenv(names(new), unset = NA, names = TRUE)
  gone <- is.na(unlist(new))
  if (any(!gone)) do.call(Sys.setenv, as.list(new)[!gone])
  Sys.unsetenv(names(new)[gone])
  old
}

with_envvar <- .for_now(.set_variables, .set_variables)

with_preserve_seed <- function(code) {
  old <- get0(".Random.seed", globalenv(), inherits = FALSE)
  on.exit(if (!is.null(old)) assign(".Random.seed", old, globalenv()))
  force(code)
}

with_output_sink <- function(new, code, append = FALSE) {
  sink(new, append = append)
  on.exit(sink())
  force(code)
}

with_tempfile <- function(new, code, envir = parent.frame(), ...) {
  names <- as.character(substitute(new))
  names <- if (length(names) > 1L) names[-1L] else names
  place <- new.env(parent = envir)
  for (name in names) assign(name, tempfile(...), envir = place)
  on.exit(unlink(unlist(mget(names, envir = place)), recursive = TRUE))
  eval(substitute(code), place)
}

with_tempdir <- function(code, ...) {
  folder <- tempfile()
  dir.create(folder)
  old <- setwd(folder)
  on.exit({
    setwd(old)
    unlink(folder, recursive = TRUE)
  })
  force(code)
}

defer <- function(expr, envir = parent.frame(), priority = c("first", "last")) {
  todo <- as.call(list(function() eval(expr_held, place_held)))
  held <- new.env(parent = baseenv())
  held$expr_held <- substitute(expr)
  held$place_held <- parent.frame()
  run <- function() NULL
  body(run) <- quote(eval(expr_held, place_held))
  environment(run) <- held
  do.call(base::on.exit, list(as.call(list(run)), add = TRUE, after = match.arg(priority) == "last"), envir = envir)
  invisible()
}

local_dir <- function(new, .local_envir = parent.frame()) {
  old <- setwd(new)
  do.call(base::on.exit, list(call("setwd", old), add = TRUE), envir = .local_envir)
  invisible(old)
}

local_envvar <- function(.new = list(), ..., .local_envir = parent.frame()) {
  old <- .set_variables(c(.new, list(...)))
  do.call(base::on.exit, list(as.call(list(.set_variables, old)), add = TRUE), envir = .local_envir)
  invisible(old)
}

local_seed <- function(seed, .local_envir = parent.frame(), ...) {
  old <- get0(".Random.seed", globalenv(), inherits = FALSE)
  if (!is.null(old)) do.call(base::on.exit, list(call("assign", ".Random.seed", old, globalenv()), add = TRUE), envir = .local_envir)
  set.seed(seed)
  invisible(seed)
}

local_tempfile <- function(new = NULL, lines = NULL, envir = parent.frame(), .local_envir = parent.frame(), pattern = "file", tmpdir = tempdir(), fileext = "") {
  if (!missing(envir)) .local_envir <- envir
  made <- tempfile(if (missing(new)) pattern else rep_len(pattern, length(new)), tmpdir, fileext)
  if (!missing(new)) {
    warning("`new` argument of local_tempfile() is deprecated.\n  Use `path <- local_tempfile()` instead.", call. = FALSE)
    for (k in seq_along(new)) assign(new[[k]], made[k], envir = .local_envir)
  }
  if (!is.null(lines)) writeLines(lines, made)
  do.call(base::on.exit, list(call("unlink", made), add = TRUE), envir = .local_envir)
  made
}

local_tempdir <- function(pattern = "file", .local_envir = parent.frame(), ...) {
  made <- tempfile(pattern)
  dir.create(made)
  do.call(base::on.exit, list(call("unlink", made, recursive = TRUE), add = TRUE), envir = .local_envir)
  made
}
