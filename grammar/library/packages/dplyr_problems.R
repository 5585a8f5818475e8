# What goes wrong inside a verb, told with the expression in work, its group and the error that it was caused by.

# Lines of a message, each with the sign that its name asks for.
bulleted <- function(message) {
  message <- unlist(message)
  kinds <- names(message)
  if (is.null(kinds)) kinds <- c("", rep("*", max(length(message) - 1L, 0L)))
  signs <- c(i = "\u2139 ", x = "\u2716 ", v = "\u2714 ", `!` = "! ", `*` = "\u2022 ", `>` = "\u2192 ", ` ` = "  ")[kinds]
  signs[is.na(signs)] <- ""
  paste0(signs, message, collapse = "\n")
}

# A message in one paragraph, broken to fit the width of a console.
broken_line <- function(text) paste(strwrap(text, getOption("width") + 1L), collapse = "\n")

# A call as a message names the place of an error: a function by its name, an operation as it was written.
dp_call_label <- function(call) {
  if (is.symbol(call[[1L]]) && !(as.character(call[[1L]]) %in% c(names(dp_operators), "("))) return(paste0(as.character(call[[1L]]), "()"))
  if (is.call(call[[1L]]) && as.character(call[[1L]][[1L]]) %in% c("::", ":::", "$")) return(paste0(dp_label(call[[1L]]), "()"))
  dp_label(call)
}

dp_operators <- c(`+` = 1, `-` = 1, `*` = 1, `/` = 1, `^` = 1, `%%` = 1, `%/%` = 1, `<` = 1, `>` = 1, `<=` = 1, `>=` = 1, `==` = 1, `!=` = 1, `&` = 1, `|` = 1, `!` = 1, `:` = 1)

# The words that a message puts after its own for the error that caused it.
dp_cause <- function(condition, place = NULL) {
  call <- conditionCall(condition)
  # An error of the expression itself has the call of whoever evaluates it.
  if (!is.null(place) && is.call(call) && as.character(call[[1L]])[1L] %in% c("eval", "dp_value", "doTryCatch", "tryCatch", "arrange")) call <- NULL
  # A builtin that a mapper calls has no name there.
  if (is.call(call) && is.function(call[[1L]])) return(paste0("Caused by error:\n! ", conditionMessage(condition)))
  own <- is.call(call)
  if (!own && !inherits(condition, "rlang_error") && !is.null(place)) {
    where <- paste0(" in `", place, "()`")
  } else where <- if (own) paste0(" in `", dp_call_label(call), "`") else ""
  paste0("Caused by error", where, ":\n! ", conditionMessage(condition))
}

dp_stop <- function(..., class = NULL) abort(bulleted(c(...)), class = class)

dp_group_value <- function(value) if (is.character(value)) encodeString(value, quote = "\"") else format(value)

# Which group it was, where there is more than the table as a whole.
dp_where <- function(data, group) {
  if (inherits(data, "rowwise_df")) return(c(i = paste0("The error occurred in row ", group, ".")))
  if (!length(dp_groups(data))) return(NULL)
  keys <- dp_group_keys(data)[group, , drop = FALSE]
  values <- vapply(names(keys), function(name) paste(name, "=", dp_group_value(if (is.factor(keys[[name]])) as.character(keys[[name]]) else keys[[name]])), "")
  c(i = paste0("The error occurred in group ", group, ": ", paste(values, collapse = ", "), "."))
}

# What a verb computes for one group.
dp_value <- function(expr, mask, env, label, verb, data, group = 1L) tryCatch(eval(expr, dp_seen(mask, env), env), error = function(e) {
  place <- paste0("mask$eval_all_", verb)
  if (is.call(expr) && identical(expr[[1L]], quote(across)) && inherits(e, "vctrs_error_subscript")) place <- "across"
  cause <- if (place == "across") paste0("Caused by error in `across()`:\n! ", conditionMessage(e)) else dp_cause(e, place)
  abort(paste0(bulleted(c(paste0("Problem while computing `", label, "`."), dp_where(data, group))), "\n", cause), class = if (verb == "mutate") "dplyr:::mutate_error")
})

# A number that the program calls `n` is not hidden by the helper of that name: n() is dplyr's own there.
dp_seen <- function(mask, env) {
  if (is.function(mask[["n"]]) && !is.function(get0("n", envir = env, ifnotfound = sum))) mask[["n"]] <- NULL
  mask
}

# An expression with the name it has in the call, or its place there.
dp_told <- function(dots, k) paste0(if (nzchar(names(dots)[k])) names(dots)[k] else paste0("..", k), " = ", dp_label(dots[[k]]))

dp_wrong_size <- function(dots, k, name, size, count, data, group) {
  fits <- if (size == 1L) "1" else paste(size, "or 1")
  dp_stop(paste0("Problem while computing `", dp_told(dots, k), "`."), x = paste0("`", name, "` must be size ", fits, ", not ", count, "."),
          if (inherits(data, "rowwise_df")) c(i = paste0("Did you mean: `", name, " = list(", dp_label(dots[[k]]), ")` ?")),
          dp_where(data, group), class = "dplyr:::mutate_error")
}

dp_no_column <- function(name, verb = "subset") dp_stop(paste0("Can't ", verb, " columns that don't exist."), x = paste0("Column `", name, "` doesn't exist."),
                                                        class = c("vctrs_error_subscript_oob", "vctrs_error_subscript"))

dp_past_the_end <- function(place, count, verb = "subset") dp_stop(paste0("Can't ", verb, " columns past the end."), i = paste0("Location ", place, " doesn't exist."),
  i = if (count == 1L) "There is only 1 column." else paste0("There are only ", count, " columns."), class = c("vctrs_error_subscript_oob", "vctrs_error_subscript"))

# The kind of a vector as these messages name it.
dp_kind <- function(x) {
  if (is.factor(x)) "factor"
  else if (inherits(x, "Date")) "date"
  else if (inherits(x, "POSIXct")) "datetime"
  else if (is.data.frame(x)) "data.frame"
  else if (is.object(x)) class(x)[1L]
  else typeof(x)
}

dp_kind_words <- function(x) {
  kind <- if (is.factor(x)) "factor" else if (is.object(x)) class(x)[1L] else typeof(x)
  if (kind == "list") "a list" else if (kind == "NULL") "`NULL`" else if (is.object(x)) paste0("a `", kind, "` object") else paste(if (grepl("^[aeiou]", kind)) "an" else "a", kind, "vector")
}

dp_alike <- function(x, y) {
  nothing <- function(v) is.null(v) || is.logical(v) && all(is.na(v))
  if (nothing(x) || nothing(y)) return(TRUE)
  kinds <- c(dp_kind(x), dp_kind(y))
  kinds[1L] == kinds[2L] || all(kinds %in% c("logical", "integer", "double")) || all(kinds %in% c("factor", "character")) ||
    all(kinds %in% c("date", "datetime")) || all(kinds %in% c("double", "complex", "integer"))  || any(!(kinds %in% dp_plain_kinds))
}

dp_plain_kinds <- c("logical", "integer", "double", "complex", "character", "factor", "date", "datetime", "list", "raw")

dp_kind_mark <- function(x) {
  kind <- dp_kind(x)
  if (kind == "datetime") kind <- paste0("datetime<", if (is.null(attr(x, "tzone")) || !nzchar(attr(x, "tzone")[1L])) "local" else attr(x, "tzone")[1L], ">")
  paste0("<", kind, ">")
}

# Pieces that are put together must have a kind in common; each goes by its label in the message.
dp_must_combine <- function(pieces, labels) {
  at <- unname(which(!vapply(pieces, function(v) is.null(v) || is.logical(v) && all(is.na(v)), NA)))
  for (k in at[-1L]) if (!dp_alike(pieces[[at[1L]]], pieces[[k]])) {
    # The message names the pieces before, in sum the first of their kind.
    dp_stop(paste0("Can't combine `", labels[at[1L]], "` ", dp_kind_mark(pieces[[at[1L]]]), " and `", labels[k], "` ", dp_kind_mark(pieces[[k]]), "."),
            class = c("vctrs_error_ptype2", "vctrs_error_incompatible_type", "vctrs_error_incompatible", "vctrs_error"))
  }
}
