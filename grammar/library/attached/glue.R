# glue's smaller words.

trim <- function(x) as.character(vapply(x, function(one) as.character(glue(one, .open = "\u0001", .close = "\u0002")), "", USE.NAMES = FALSE))

# Names only, no code.
glue_safe <- function(..., .envir = parent.frame()) glue(..., .envir = .envir, .transformer = function(text, envir) get(text, envir = envir))

glue_data_safe <- function(.x, ..., .envir = parent.frame()) glue_data(.x, ..., .envir = .envir, .transformer = function(text, envir) get(text, envir = envir))

identity_transformer <- function(text, envir) eval(parse(text = text, keep.source = FALSE), envir)
