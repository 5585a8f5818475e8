# The compiler package: functions are compiled to closures anyway, so they come back as they are.

cmpfun <- function(f, options = NULL) {
  if (!is.function(f)) stop("cannot compile a non-function")
  f
}

compile <- function(e, env = .GlobalEnv, options = NULL, srcref = NULL) e

.compiler_state <- new.env()

# What was set before comes back, as R gives it: at first the level 3 of its own start.
.compiler_set <- function(name, value, first) {
  before <- get0(name, envir = .compiler_state, inherits = FALSE, ifnotfound = first)
  assign(name, value, envir = .compiler_state)
  before
}

enableJIT <- function(level) {
  if (level < 0) get0("level", envir = .compiler_state, inherits = FALSE, ifnotfound = 3L)
  else .compiler_set("level", as.integer(level), 3L)
}

compilePKGS <- function(enable) .compiler_set("packages", as.logical(enable), FALSE)
