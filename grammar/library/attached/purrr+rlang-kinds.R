# What kind of vector something is: of the types of R, bare of classes, of length one.

is_vector <- function(x, n = NULL) (is.atomic(x) && !is.null(x) || is.list(x)) && (is.null(n) || length(x) == n)
is_atomic <- function(x, n = NULL) is.atomic(x) && !is.null(x) && (is.null(n) || length(x) == n)
is_logical <- function(x, n = NULL) is.logical(x) && (is.null(n) || length(x) == n)
is_integer <- function(x, n = NULL) typeof(x) == "integer" && (is.null(n) || length(x) == n)
is_double <- function(x, n = NULL, finite = NULL)
  typeof(x) == "double" && (is.null(n) || length(x) == n) && (is.null(finite) || all(is.finite(x)) == finite)

is_bare_vector <- function(x, n = NULL) !is.object(x) && is_vector(x, n)
is_bare_atomic <- function(x, n = NULL) !is.object(x) && is_atomic(x, n)
is_bare_list <- function(x, n = NULL) !is.object(x) && is.list(x) && (is.null(n) || length(x) == n)
is_bare_logical <- function(x, n = NULL) !is.object(x) && is_logical(x, n)
is_bare_integer <- function(x, n = NULL) !is.object(x) && is_integer(x, n)
is_bare_double <- function(x, n = NULL) !is.object(x) && is_double(x, n)
is_bare_numeric <- function(x, n = NULL) !is.object(x) && (is_double(x, n) || is_integer(x, n))
is_bare_character <- function(x, n = NULL) !is.object(x) && is.character(x) && (is.null(n) || length(x) == n)

is_scalar_vector <- function(x) is_vector(x, 1L)
is_scalar_atomic <- function(x) is_atomic(x, 1L)
is_scalar_list <- function(x) is.list(x) && length(x) == 1L
is_scalar_logical <- function(x) is_logical(x, 1L)
is_scalar_integer <- function(x) is_integer(x, 1L)
is_scalar_double <- function(x) is_double(x, 1L)
is_scalar_character <- function(x) is.character(x) && length(x) == 1L

is_formula <- function(x, scoped = NULL, lhs = NULL) {
  if (!is.call(x) || !identical(x[[1L]], quote(`~`))) return(FALSE)
  if (!is.null(scoped) && scoped != is.environment(attr(x, ".Environment"))) return(FALSE)
  is.null(lhs) || lhs == (length(x) == 3L)
}

is_list <- function(x, n = NULL) is.list(x) && (is.null(n) || length(x) == n)
is_character <- function(x, n = NULL) is.character(x) && (is.null(n) || length(x) == n)
is_function <- function(x) is.function(x)
