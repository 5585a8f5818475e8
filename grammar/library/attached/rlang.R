# rlang's words on expressions, environments and values.

expr <- function(expr) dp_unquote(substitute(expr), parent.frame())

exprs <- function(...) dp_dots(eval(substitute(alist(...))), parent.frame())

enexpr <- function(arg) eval.parent(call("substitute", substitute(arg)))

enexprs <- function(...) eval(substitute(alist(...)))

quos <- function(...) eval(substitute(alist(...)))

enquos <- function(...) eval(substitute(alist(...)))

ensyms <- function(...) lapply(eval(substitute(alist(...))), function(one) if (is.character(one)) as.name(one) else one)

eval_tidy <- function(expr, data = NULL, env = parent.frame()) eval(if (inherits(expr, "formula")) expr[[length(expr)]] else expr, data, env)

inject <- function(expr, env = parent.frame()) eval(dp_unquote(substitute(expr), env), env)

quo_get_expr <- function(quo) quo

as_quosure <- function(x, env = NULL) {
  if (!is.null(env) && !identical(env, parent.frame())) .unsupported(env, "a quosure is its expression here: evaluate it with eval_tidy(x, env = env)")
  x
}

parse_expr <- function(x) parse(text = x)[[1L]]

parse_exprs <- function(x) as.list(parse(text = x))

call2 <- function(.fn, ..., .ns = NULL) {
  head <- if (is.character(.fn)) as.name(.fn) else .fn
  as.call(c(list(if (is.null(.ns)) head else call("::", as.name(.ns), head)), list(...)))
}

exec <- function(.fn, ..., .env = parent.frame()) do.call(.fn, list(...), envir = .env)

dots_list <- function(...) list2(...)

is_string <- function(x, string = NULL) is.character(x) && length(x) == 1L && !is.na(x) && (is.null(string) || x %in% string)

is_bool <- function(x) is.logical(x) && length(x) == 1L && !is.na(x)

is_true <- function(x) isTRUE(x)

is_false <- function(x) isFALSE(x)

is_integerish <- function(x, n = NULL, finite = NULL) {
  if (!(typeof(x) %in% c("integer", "double")) || !(is.null(n) || length(x) == n)) return(FALSE)
  if (!is.null(finite) && finite != all(is.finite(x))) return(FALSE)
  known <- x[is.finite(x)]
  # Beyond 2^52 a number has no place for a fraction, and is not taken for a whole one.
  all(known == trunc(known) & abs(known) <= 2^52)
}

is_symbol <- function(x, name = NULL) is.symbol(x) && (is.null(name) || as.character(x) %in% name)

is_call <- function(x, name = NULL) is.call(x) && (is.null(name) || (is.symbol(x[[1L]]) && as.character(x[[1L]]) %in% name))

is_named <- function(x) !is.null(names(x)) && all(nzchar(names(x)))

is_missing <- function(x) missing(x)

seq2 <- function(from, to) if (from > to) integer() else seq.int(from, to)

current_env <- function() parent.frame()

caller_env <- function(n = 1) parent.frame(n + 1)

global_env <- function() globalenv()

empty_env <- function() emptyenv()

env <- function(...) list2env(list(...), envir = new.env(parent = parent.frame()))

new_environment <- function(data = list(), parent = emptyenv()) list2env(as.list(data), envir = new.env(parent = parent))

env_get <- function(env = parent.frame(), nm, default) if (exists(nm, envir = env, inherits = FALSE)) get(nm, envir = env, inherits = FALSE) else default

env_bind <- function(.env, ...) {
  list2env(list(...), envir = .env)
  invisible(.env)
}

env_has <- function(env = parent.frame(), nms) vapply(nms, exists, NA, envir = env, inherits = FALSE)

env_names <- function(env) ls(env, all.names = TRUE)

fn_fmls <- function(fn) as.list(formals(fn))

fn_fmls_names <- function(fn) names(formals(fn))

fn_body <- function(fn) body(fn)

new_function <- function(args, body, env = parent.frame()) {
  made <- function() NULL
  formals(made) <- args
  body(made) <- body
  environment(made) <- env
  made
}

arg_match <- function(arg, values = NULL, ...) {
  if (is.null(values)) values <- eval(formals(sys.function(sys.parent()))[[as.character(substitute(arg))]], parent.frame())
  arg <- arg[1L]
  if (!(arg %in% values)) stop("`", deparse(substitute(arg)), "` must be one of ", paste0("\"", values, "\"", collapse = ", "), ", not \"", arg, "\".", call. = FALSE)
  arg
}

arg_match0 <- function(arg, values, ...) if (arg[1L] %in% values) arg[1L] else stop("`arg` must be one of ", paste0("\"", values, "\"", collapse = ", "), ".", call. = FALSE)

check_installed <- function(pkg, reason = NULL, ...) for (one in pkg) if (!requireNamespace(one, quietly = TRUE)) stop("The package \"", one, "\" is required", if (!is.null(reason)) paste0(" ", reason), ".", call. = FALSE)

`%@%` <- function(x, name) attr(x, as.character(substitute(name)), exact = TRUE)

try_fetch <- function(expr, ...) tryCatch(expr, ...)

cnd_message <- function(cnd, ...) conditionMessage(cnd)

signal <- function(message, class, ...) signalCondition(structure(class = c(class, "condition"), list(message = message, call = NULL, ...)))

duplicate <- function(x, shallow = FALSE) x
