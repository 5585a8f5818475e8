# What a script was called with: options declared one by one, their values as a list.

.dashes <- function(flag) gsub("-", "_", sub("^--?", "", flag))

make_option <- function(opt_str, action = NULL, type = NULL, dest = NULL, default = NULL, help = "", metavar = NULL, callback = NULL, callback_args = NULL) {
  .passed_over(callback_args)
  long <- grep("^--", opt_str, value = TRUE)
  if (!length(long)) stop("We require a long flag option")
  if (is.null(action)) action <- if (!is.null(callback)) "callback" else "store"
  if (is.null(type)) type <- if (action %in% c("store_true", "store_false")) "logical" else if (is.null(default)) "character" else typeof(default)
  if (is.null(default) && action == "store_true") default <- FALSE
  if (is.null(default) && action == "store_false") default <- TRUE
  if (type == "integer" && is.double(default)) default <- as.integer(default)
  list(flags = opt_str, long = long[1L], action = action, type = type, dest = if (is.null(dest)) sub("^--", "", long[1L]) else dest, default = default, help = help, metavar = metavar, callback = callback)
}

OptionParser <- function(usage = "usage: %prog [options]", option_list = list(), add_help_option = TRUE, prog = NULL, description = "", epilogue = "", ...) {
  if (add_help_option) option_list <- c(option_list, list(make_option(c("-h", "--help"), action = "store_true", default = FALSE, help = "Show this help message and exit")))
  if (is.null(prog)) prog <- .program_name()
  structure(list(usage = gsub("%prog", prog, usage, fixed = TRUE), options = option_list, description = description, epilogue = epilogue), class = "OptionParser")
}

add_option <- function(object, opt_str, ...) {
  object$options <- c(object$options, list(make_option(opt_str, ...)))
  object
}

.program_name <- function() {
  file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  if (length(file)) basename(file[1L]) else "script"
}

.typed <- function(value, type, flag) {
  made <- suppressWarnings(switch(type, integer = , int = as.integer(value), double = , float = , numeric = as.numeric(value), logical = , bool = as.logical(value), as.character(value)))
  if (is.na(made) && !(value %in% c("NA", "NaN"))) stop("Error in getopt: value '", value, "' of option ", flag, " is no ", type, call. = FALSE)
  made
}

parse_args <- function(object, args = commandArgs(trailingOnly = TRUE), print_help_and_exit = TRUE, positional_arguments = FALSE, convert_hyphens_to_underscores = FALSE) {
  values <- list()
  for (option in object$options) if (!is.null(option$default)) values[[option$dest]] <- option$default
  left <- character()
  while (length(args)) {
    one <- args[1L]
    args <- args[-1L]
    if (!startsWith(one, "-") || one == "-") {
      left <- c(left, one)
      next
    }
    flag <- sub("=.*$", "", one)
    option <- Filter(function(option) flag %in% option$flags, object$options)
    if (!length(option)) stop("Error in getopt: long flag \"", sub("^-+", "", flag), "\" is invalid", call. = FALSE)
    option <- option[[1L]]
    if (option$action %in% c("store_true", "store_false")) {
      values[[option$dest]] <- option$action == "store_true"
      next
    }
    if (grepl("=", one, fixed = TRUE)) given <- sub("^[^=]*=", "", one)
    else {
      if (!length(args)) stop("Error in getopt: flag \"", sub("^-+", "", flag), "\" requires an argument", call. = FALSE)
      given <- args[1L]
      args <- args[-1L]
    }
    typed <- .typed(given, option$type, flag)
    values[[option$dest]] <- if (is.null(option$callback)) typed else option$callback(option, flag, typed, object)
  }
  if (print_help_and_exit && isTRUE(values$help)) {
    print_help(object)
    quit(status = 0)
  }
  if (convert_hyphens_to_underscores) names(values) <- gsub("-", "_", names(values))
  if (identical(positional_arguments, FALSE)) {
    if (length(left)) stop("Error in parse_args: extra positional arguments supplied", call. = FALSE)
    values
  } else list(options = values, args = left)
}

print_help <- function(object) {
  cat("Usage: ", sub("^usage: ", "", object$usage, ignore.case = TRUE), "\n", object$description, "\n\nOptions:\n", sep = "")
  for (option in object$options) {
    name <- if (option$action == "store") paste0("=", if (is.null(option$metavar)) toupper(option$dest) else option$metavar)
    cat("\t", paste0(option$flags, name, collapse = ", "), "\n\t\t", gsub("%default", paste(option$default, collapse = " "), option$help, fixed = TRUE), "\n\n", sep = "")
  }
  cat(object$epilogue, sep = "")
  invisible()
}

ArgumentParser <- function(description = NULL, prog = NULL, ...) {
  held <- OptionParser(usage = "usage: %prog [options]", prog = prog, description = if (is.null(description)) "" else description)
  ordered <- list()
  self <- list(
    add_argument = function(..., type = NULL, default = NULL, help = "", action = NULL, dest = NULL, nargs = NULL, required = FALSE, choices = NULL, metavar = NULL) {
      flags <- c(...)
      kind <- if (is.null(type)) NULL else switch(type, int = "integer", float = "double", bool = "logical", type)
      if (!startsWith(flags[1L], "-")) {
        ordered[[length(ordered) + 1L]] <<- list(name = flags[1L], type = if (is.null(kind)) "character" else kind, default = default, nargs = nargs)
        return(invisible())
      }
      long <- grep("^--", flags, value = TRUE)
      if (!length(long)) long <- paste0("-", flags[1L])
      if (is.null(dest)) dest <- .dashes(long[1L])
      option <- make_option(unique(c(flags, long)), action = action, type = kind, dest = dest, default = default, help = help, metavar = metavar)
      option$choices <- choices
      option$required <- required
      option$many <- nargs
      held$options <<- c(held$options, list(option))
      invisible()
    },
    parse_args = function(args = commandArgs(trailingOnly = TRUE)) {
      found <- parse_args(held, args, positional_arguments = TRUE)
      values <- found$options
      left <- found$args
      for (option in held$options) {
        if (isTRUE(option$required) && is.null(values[[option$dest]])) stop("the following arguments are required: ", option$long, call. = FALSE)
        if (!is.null(option$choices) && !is.null(values[[option$dest]]) && !(values[[option$dest]] %in% option$choices)) {
          stop("argument ", option$long, ": invalid choice: '", values[[option$dest]], "' (choose from ", paste0("'", option$choices, "'", collapse = ", "), ")", call. = FALSE)
        }
      }
      for (one in ordered) {
        if (!is.null(one$nargs) && one$nargs %in% c("+", "*")) {
          values[[one$name]] <- left
          left <- character()
        } else if (length(left)) {
          values[[one$name]] <- .typed(left[1L], one$type, one$name)
          left <- left[-1L]
        } else if (is.null(one$default) && !identical(one$nargs, "?")) stop("the following arguments are required: ", one$name, call. = FALSE)
        else values[[one$name]] <- one$default
      }
      values$help <- NULL
      values
    },
    print_help = function() print_help(held)
  )
  structure(self, class = c("ArgumentParser", "R6"))
}
