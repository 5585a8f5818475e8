# More expectations of testthat, and its other ways to group tests.

expect_match <- function(object, regexp, ..., all = TRUE) {
  found <- grepl(regexp, object, ...)
  expect(length(object) && (if (all) base::all(found) else any(found)), paste0(deparse1(substitute(object)), " does not match \"", regexp, "\"."))
}

expect_no_match <- function(object, regexp, ...) expect(!any(grepl(regexp, object, ...)), paste0(deparse1(substitute(object)), " matches \"", regexp, "\"."))

expect_setequal <- function(object, expected) expect(setequal(object, expected), paste(deparse1(substitute(object)), "and", deparse1(substitute(expected)), "have different members"))

expect_contains <- function(object, expected) expect(all(expected %in% object), paste(deparse1(substitute(object)), "lacks some of", deparse1(substitute(expected))))

expect_in <- function(object, expected) expect(all(object %in% expected), paste(deparse1(substitute(object)), "has members beyond", deparse1(substitute(expected))))

expect_mapequal <- function(object, expected) expect(setequal(names(object), names(expected)) && isTRUE(all.equal(object[names(expected)], expected)), paste(deparse1(substitute(object)), "differs from", deparse1(substitute(expected))))

expect_vector <- function(object, ptype = NULL, size = NULL) expect(is.vector(object) && (is.null(size) || length(object) == size) && (is.null(ptype) || identical(typeof(object), typeof(ptype))), paste(deparse1(substitute(object)), "is not such a vector"))

expect_visible <- function(call, ...) expect(withVisible(call)$visible, "the value is invisible")

expect_invisible <- function(call, ...) expect(!withVisible(call)$visible, "the value is visible")

expect_no_error <- function(object, ...) {
  found <- tryCatch({
    force(object)
    NULL
  }, error = function(e) conditionMessage(e))
  expect(is.null(found), paste0("there was an error: ", found))
}

expect_no_warning <- function(object, ...) {
  found <- character()
  withCallingHandlers(object, warning = function(w) {
    found <<- c(found, conditionMessage(w))
    invokeRestart("muffleWarning")
  })
  expect(!length(found), paste0("there was a warning: ", found[1L]))
}

expect_no_message <- function(object, ...) {
  found <- character()
  withCallingHandlers(object, message = function(m) {
    found <<- c(found, conditionMessage(m))
    invokeRestart("muffleMessage")
  })
  expect(!length(found), paste0("there was a message: ", found[1L]))
}

expect_no_condition <- function(object, ...) expect_no_error(expect_no_warning(expect_no_message(object)))

expect_condition <- function(object, regexp = NULL, class = NULL, ...) {
  found <- tryCatch({
    force(object)
    NULL
  }, condition = function(c) c)
  expect(!is.null(found) && (is.null(regexp) || grepl(regexp, conditionMessage(found))) && (is.null(class) || inherits(found, class)), "there was no such condition")
  invisible(found)
}

expect_s4_class <- function(object, class) expect(isS4(object) && is(object, class), paste(deparse1(substitute(object)), "is no S4 object of class", class))

expect_r6_class <- function(object, class) expect(inherits(object, c(class, "R6"), which = TRUE)[1L] > 0L, paste(deparse1(substitute(object)), "is no R6 object of class", class))

expect_shape <- function(object, ..., nrow, ncol, dim) {
  if (!missing(dim)) expect(identical(as.numeric(base::dim(object)), as.numeric(dim)), paste0(deparse1(substitute(object)), " has the dimensions ", paste(base::dim(object), collapse = " x ")))
  if (!missing(nrow)) expect(NROW(object) == nrow, paste0(deparse1(substitute(object)), " has ", NROW(object), " rows"))
  if (!missing(ncol)) expect(NCOL(object) == ncol, paste0(deparse1(substitute(object)), " has ", NCOL(object), " columns"))
}

fail <- function(message = "Failure has been forced", ...) stop(message, call. = FALSE)

succeed <- function(message = "Success has been forced", ...) invisible(TRUE)

expect_success <- function(expr) expect_no_error(expr)

expect_failure <- function(expr, message = NULL, ...) expect_error(expr, message)

describe <- function(description, code) test_that(description, code)

it <- function(description, code = NULL) test_that(description, code)

skip_on_cran <- function() invisible()

skip_on_ci <- function() invisible()

skip_on_os <- function(os, arch = NULL) {
  os <- match.arg(os, c("windows", "mac", "linux", "solaris", "emscripten"), several.ok = TRUE)
  here <- Sys.info()[["sysname"]]
  name <- switch(here, Darwin = "mac", SunOS = "solaris", tolower(here))
  machine <- R.version$arch
  if (name %in% os && (is.null(arch) || machine %in% arch)) skip(paste("On", here, if (!is.null(arch)) machine))
  invisible(TRUE)
}

skip_if_offline <- function(...) skip("programs here do not read the web")

skip_if_not_installed <- function(pkg, ...) if (!requireNamespace(pkg, quietly = TRUE)) skip(paste(pkg, "cannot be loaded"))

local_edition <- function(x, ...) invisible(x)

local_reproducible_output <- function(...) invisible()

test_file <- function(path, ...) invisible(source(path, echo = FALSE))

test_dir <- function(path, ...) for (file in list.files(path, "^test.*[.][rR]$", full.names = TRUE)) test_file(file)

is_testing <- function() FALSE
