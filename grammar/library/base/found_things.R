# Where things are found, and small facts about packages, systems and signals.

find <- function(what, mode = "any", numeric = FALSE, simple.words = TRUE) {
  .passed_over(numeric, simple.words)
  places <- search()
  if (!is.character(what)) what <- as.character(substitute(what))
  home <- get0(what, envir = baseenv(), mode = mode, inherits = FALSE)
  # The packages that come with R share one environment here: the name's own package says where it is.
  standard <- if (is.null(home)) character() else paste0("package:", .package_of_name(what))
  own <- Filter(function(place) !startsWith(place, "package:") && place != "Autoloads" && exists(what, envir = as.environment(place), mode = mode, inherits = FALSE), places)
  c(own, standard)
}

.package_of_name <- function(what) {
  found <- environmentName(environment(get(what, envir = baseenv())))
  if (nzchar(found)) found else "base"
}

delimMatch <- function(x, delim = c("{", "}"), syntax = "Rd") {
  if (!is.character(x)) stop("argument 'x' must be a character vector")
  if (length(delim) != 2L || any(nchar(delim) != 1L)) stop("argument 'delim' must specify two characters")
  if (syntax != "Rd") stop("only Rd syntax is currently supported")
  found <- lapply(x, .delimited, delim[1L], delim[2L])
  structure(vapply(found, `[`, 0L, 1L), match.length = vapply(found, `[`, 0L, 2L))
}

.delimited <- function(text, open, close) {
  letters <- strsplit(text, "")[[1L]]
  depth <- 0L
  start <- -1L
  skip <- FALSE
  for (at in seq_along(letters)) {
    one <- letters[at]
    if (skip) {
      skip <- FALSE
      next
    }
    if (one == "\\") skip <- TRUE
    else if (one == close && depth > 0L) {
      depth <- depth - 1L
      if (depth == 0L) return(c(start, at - start + 1L))
    } else if (one == open) {
      if (depth == 0L) start <- at
      depth <- depth + 1L
    }
  }
  c(-1L, -1L)
}

langElts <- c("(", "{", ":", "~", "<-", "<<-", "=", "[", "[[", "[[<-", "[<-", "@", "@<-", "$", "$<-", "&&", "||", "break", "for", "function",
  "if", "next", "repeat", "return", "while")

showNonASCII <- function(x) {
  odd <- is.na(iconv(x, "latin1", "ASCII")) | x != iconv(x, "latin1", "ASCII")
  if (any(odd)) cat(paste0(which(odd), ": ", iconv(x[odd], "", "ASCII", sub = "byte")), sep = "\n")
  invisible(x[odd])
}

R_user_dir <- function(package, which = c("data", "config", "cache")) {
  which <- match.arg(which)
  home <- normalizePath("~")
  given <- Sys.getenv(paste0("R_USER_", toupper(which), "_DIR"), Sys.getenv(paste0("XDG_", toupper(which), "_HOME")))
  if (!nzchar(given)) given <- file.path(home, c(data = ".local/share", config = ".config", cache = ".cache")[[which]])
  file.path(given, "R", package)
}

SIGHUP <- 1L

SIGINT <- 2L

SIGQUIT <- 3L

SIGKILL <- 9L

SIGUSR1 <- 10L

SIGUSR2 <- 12L

SIGTERM <- 15L

SIGCHLD <- 17L

SIGCONT <- 18L

SIGSTOP <- 19L

SIGTSTP <- 20L

.romans <- c(M = 1000L, CM = 900L, D = 500L, CD = 400L, C = 100L, XC = 90L, L = 50L, XL = 40L, X = 10L, IX = 9L, V = 5L, IV = 4L, I = 1L)

read.fortran <- function(file, format, ..., as.is = TRUE, colClasses = NA) {
  .passed_over(colClasses)
  several <- is.list(format)
  parts <- lapply(if (several) format else list(format), .fortran_fields)
  widths <- lapply(parts, `[[`, "widths")
  made <- read.fwf(file, widths = if (several) widths else widths[[1L]], ..., as.is = as.is)
  scales <- unlist(lapply(parts, `[[`, "scales"))
  for (at in which(scales != 0)) if (is.numeric(made[[at]])) made[[at]] <- made[[at]] / 10^scales[at]
  made
}

# Widths of the fields of a format such as F2.1 or 2X, negative for what is left out, and their decimal places.
.fortran_fields <- function(format) {
  pieces <- regmatches(toupper(format), regexec("^([0-9]*)([AFIXD])([0-9]*)(\\.([0-9]+))?$", toupper(format)))
  if (any(lengths(pieces) == 0L)) stop("missing lengths for some fields")
  fields <- lapply(pieces, function(piece) {
    times <- if (nzchar(piece[2L])) as.integer(piece[2L]) else 1L
    if (piece[3L] == "X") return(list(-times, integer()))
    decimals <- if (nzchar(piece[6L])) as.integer(piece[6L]) else 0L
    list(rep(as.integer(piece[4L]), times), rep(if (piece[3L] == "F") decimals else 0L, times))
  })
  list(widths = unlist(lapply(fields, `[[`, 1L)), scales = unlist(lapply(fields, `[[`, 2L)))
}

xyTable <- function(x, y = NULL, digits) {
  at <- xy.coords(x, y, setLab = FALSE)
  digits <- if (missing(digits)) 6L else digits
  x <- signif(at$x, digits)
  y <- signif(at$y, digits)
  sorted <- order(x, y)
  x <- x[sorted]
  y <- y[sorted]
  first <- c(TRUE, diff(x) != 0 | diff(y) != 0)[seq_along(x)]
  list(x = x[first], y = y[first], number = diff(c(which(first), length(x) + 1L)))
}

dev.interactive <- function(orNone = FALSE) {
  .passed_over(orNone)
  FALSE
}

axTicks <- function(side, axp = NULL, usr = NULL, log = NULL, nintLog = NULL) {
  if (is.null(axp) || is.null(usr)) stop("axTicks() needs 'axp' and 'usr': nothing is measured before a picture is drawn")
  .passed_over(nintLog)
  if (isTRUE(log)) axisTicks(usr, TRUE) else seq(axp[1L], axp[2L], length.out = 1L + abs(axp[3L]))
}
