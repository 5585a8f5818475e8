# What a program asks about the session: packages and namespaces, what the program can do, hooks, modes of files.

.packages <- function(all.available = FALSE, lib.loc = NULL) {
  if (all.available) return(sort(unname(installed.packages()[, 1L])))
  invisible(sub("^package:", "", grep("^package:", search(), value = TRUE)))
}

loadedNamespaces <- function() c("compiler", rev(.packages()))

searchpaths <- function() {
  at <- search()
  ifelse(startsWith(at, "package:"), file.path(R.home("library"), sub("^package:", "", at)), at)
}

R.home <- function(component = "home") {
  home <- Sys.getenv("R_HOME", "/usr/lib/R")
  switch(component, home = home, bin = file.path(home, "bin"), share = file.path(home, "share"), doc = file.path(home, "doc"),
    include = file.path(home, "include"), modules = file.path(home, "modules"), file.path(home, component))
}

isNamespace <- function(ns)
    is.environment(ns) && (identical(ns, baseenv()) || !identical(ns, globalenv()) && identical(topenv(ns), ns))

isBaseNamespace <- function(ns) identical(ns, baseenv())

.known_package <- function(name) name %in% rownames(installed.packages()) || name %in% .packages()

.package_named <- function(ns) {
  name <- if (is.environment(ns)) environmentName(ns) else as.character(ns)
  if (!.known_package(name)) stop(simpleError(paste0("there is no package called ", sQuote(name)), sys.call(-1L)))
  name
}

getNamespaceName <- function(ns) c(name = .package_named(ns))

getNamespaceVersion <- function(ns) c(version = as.character(packageVersion(.package_named(ns))))

unloadNamespace <- function(ns) {
  name <- paste0("package:", .package_named(ns))
  if (name %in% search()) detach(name, character.only = TRUE)
  invisible(NULL)
}

attachNamespace <- function(ns, pos = 2L, depends = NULL, exclude, include.only) {
  .passed_over(depends, exclude, include.only)
  name <- .package_named(ns)
  if (paste0("package:", name) %in% search()) stop("namespace is already attached")
  suppressPackageStartupMessages(library(name, character.only = TRUE, pos = pos))
  invisible(as.environment(paste0("package:", name)))
}

getFromNamespace <- function(x, ns, pos = -1, envir = as.environment(pos)) {
  if (missing(ns)) get(x, envir = envir, inherits = FALSE) else get(x, envir = asNamespace(.package_named(ns)))
}

getExportedValue <- function(ns, name) get(name, envir = asNamespace(.package_named(ns)))

path.package <- function(package = NULL, quiet = FALSE) {
  if (is.null(package)) package <- .packages()
  lost <- package[!(package %in% .packages())]
  if (length(lost) && !quiet) stop(sprintf(ngettext(length(lost), "package %s is not loaded", "packages %s are not loaded"), paste(sQuote(lost), collapse = ", ")), domain = NA)
  file.path(R.home("library"), setdiff(package, lost))
}

find.package <- function(package = NULL, lib.loc = NULL, quiet = FALSE, verbose = getOption("verbose")) {
  if (is.null(package)) package <- .packages()
  lost <- package[!vapply(package, .known_package, NA)]
  if (length(lost) && !quiet) stop(packageNotFoundError(lost, lib.loc, sys.call()))
  file.path(R.home("library"), setdiff(package, lost))
}

packageNotFoundError <- function(package, lib.loc, call = NULL) {
  said <- ngettext(length(package), "there is no package called ", "there are no packages called ")
  structure(list(message = paste0(said, paste(sQuote(package), collapse = ", ")), call = call, package = package, lib.loc = lib.loc),
            class = c("packageNotFoundError", "error", "condition"))
}

packageDescription <- function(pkg, lib.loc = NULL, fields = NULL, drop = TRUE, encoding = "") {
  if (!.known_package(pkg)) {
    warning(gettextf("no package '%s' was found", pkg), domain = NA)
    return(NA)
  }
  found <- list(Package = pkg, Version = as.character(packageVersion(pkg)))
  if (is.null(fields)) return(structure(found, class = "packageDescription"))
  picked <- structure(lapply(fields, function(field) if (is.null(found[[field]])) NA else found[[field]]), names = fields)
  if (drop && length(fields) == 1L) picked[[1L]] else structure(picked, class = "packageDescription")
}

print.packageDescription <- function(x, ...) {
  write.dcf(as.data.frame(unclass(x)))
  invisible(x)
}

packageName <- function(env = parent.frame()) if (identical(topenv(env), globalenv())) invisible(NULL) else environmentName(topenv(env))

argsAnywhere <- function(x) {
  if (!is.character(x)) x <- as.character(substitute(x))
  found <- get0(x, mode = "function")
  if (is.null(found)) NULL else args(found)
}

builtins <- function(internal = FALSE) {
  .passed_over(internal)
  ls(baseenv(), all.names = TRUE)
}

sys.status <- function() list(sys.calls = sys.calls(), sys.parents = sys.parents(), sys.frames = sys.frames())

capabilities <- function(what = NULL, Xchk = FALSE) {
  draws <- .can_draw()
  has <- c(jpeg = draws, png = draws, tiff = draws, tcltk = FALSE, X11 = FALSE, aqua = FALSE, `http/ftp` = FALSE, sockets = FALSE, libxml = FALSE,
    fifo = FALSE, cledit = interactive(), iconv = TRUE, NLS = FALSE, Rprof = FALSE, profmem = FALSE, cairo = draws, ICU = FALSE,
    long.double = FALSE, libcurl = FALSE)
  if (is.null(what)) has else has[match(what, names(has), 0L)]
}

l10n_info <- function() {
  utf8 <- grepl("UTF-?8", Sys.getlocale("LC_CTYPE"), ignore.case = TRUE)
  list(MBCS = utf8, `UTF-8` = utf8, `Latin-1` = FALSE, codeset = if (utf8) "UTF-8" else "ANSI_X3.4-1968")
}

La_library <- function() ""

extSoftVersion <- function() c(zlib = "", bzlib = "", xz = "", PCRE = "", ICU = "", TRE = "", iconv = "", readline = "", BLAS = "")

localeToCharset <- function(locale = Sys.getlocale("LC_CTYPE")) {
  if (locale %in% c("C", "POSIX")) return("ASCII")
  usual <- c(names(Filter(function(known) substr(locale, 1L, 2L) %in% known, .charset_of_language)), NA_character_)[1L]
  named <- regmatches(locale, regexec("[.]([^@]*)", locale))[[1L]][2L]
  short <- gsub("[-_]", "", tolower(named))
  if (short %in% "utf8") return(c("UTF-8", if (!startsWith(locale, "C.")) usual))
  if (startsWith(short, "iso8859") %in% TRUE) return(sub("iso8859", "ISO8859-", short, fixed = TRUE))
  if (grepl("_", locale, fixed = TRUE)) usual else NA_character_
}

Sys.localeconv <- function() {
  signs <- c("int_frac_digits", "frac_digits", "p_cs_precedes", "p_sep_by_space", "n_cs_precedes", "n_sep_by_space", "p_sign_posn", "n_sign_posn")
  texts <- c("thousands_sep", "grouping", "int_curr_symbol", "currency_symbol", "mon_decimal_point", "mon_thousands_sep", "mon_grouping", "positive_sign", "negative_sign")
  c(decimal_point = ".", structure(rep("", length(texts)), names = texts), structure(rep("127", length(signs)), names = signs))
}

gc.time <- function(on = TRUE) c(0, 0, 0, 0, 0)

gcinfo <- function(verbose) invisible(FALSE)

mem.maxVSize <- function(vsize = 0) Inf

mem.maxNSize <- function(nsize = 0) Inf

globalVariables <- function(names, package, add = TRUE) invisible(if (missing(names)) character() else names)

suppressForeignCheck <- function(names, package, add = TRUE) globalVariables(names)

alarm <- function() {
  cat("\a")
  flush.console()
}

timestamp <- function(stamp = date(), prefix = "##------ ", suffix = " ------##", quiet = FALSE) {
  stamp <- paste0(prefix, stamp, suffix)
  if (!quiet) cat(stamp, sep = "\n")
  invisible(stamp)
}

# The first letter of an answer, small, is looked up among those of the prompts.
askYesNo <- function(msg, default = TRUE, prompts = getOption("askYesNo", gettext(c("Yes", "no", "cancel"))), ...) {
  if (is.function(prompts)) return(prompts(msg, default, prompts, ...))
  if (length(prompts) < 3L) prompts <- strsplit(prompts, "/", fixed = TRUE)[[1L]]
  meant <- c(TRUE, FALSE, NA)
  prompts <- tolower(prompts)
  usual <- match(default, meant, nomatch = 3L)
  substr(prompts[usual], 1L, 1L) <- toupper(substr(prompts[usual], 1L, 1L))
  said <- tolower(substr(trimws(readline(sprintf("%s (%s) ", msg, paste(prompts, collapse = "/")))), 1L, 1L))
  if (nzchar(said)) meant[match(said, tolower(substr(prompts, 1L, 1L)))] else default
}

menu <- function(choices, graphics = FALSE, title = NULL) {
  .passed_over(graphics)
  if (!interactive()) stop("menu() cannot be used non-interactively")
  writeLines(c(if (any(nzchar(title))) c(title[1L], ""), paste0(format(seq_along(choices)), ": ", choices), ""))
  while (is.na(match(said <- suppressWarnings(as.integer(readline(gettext("Selection: ")))), 0:length(choices))))
    cat(gettext("Enter an item from the menu, or 0 to exit\n"))
  said
}

select.list <- function(choices, preselect = NULL, multiple = FALSE, title = NULL, graphics = getOption("menu.graphics")) {
  .passed_over(graphics, preselect)
  if (!interactive()) stop("select.list() cannot be used non-interactively")
  picked <- menu(choices, FALSE, title)
  if (picked) choices[picked] else if (multiple) character() else ""
}

# Functions to run at events of packages: kept under the event's name.
.hooks <- new.env()

packageEvent <- function(pkgname, event = c("onLoad", "attach", "detach", "onUnload")) {
  event <- match.arg(event)
  paste("UserHook", strsplit(pkgname, "_", fixed = TRUE)[[1L]][1L], event, sep = "::")
}

getHook <- function(hookName) {
  found <- get0(hookName, envir = .hooks, inherits = FALSE)
  if (is.null(found)) list() else found
}

setHook <- function(hookName, value, action = c("append", "prepend", "replace")) {
  added <- if (is.function(value)) list(value) else as.list(value)
  held <- getHook(hookName)
  ways <- list(append = c(held, added), prepend = c(added, held), replace = added)
  .hooks[[hookName]] <- ways[[match.arg(action)]]
  invisible()
}

# The sets of characters that languages were written in before Unicode, by the two letters of the language.
.charset_of_language <- list(`ISO8859-1` = c("da", "de", "en", "es", "fi", "fr", "it", "nb", "nl", "nn", "pt", "sv"),
  `ISO8859-2` = c("cs", "hr", "hu", "pl", "ro", "sk", "sl"), `ISO8859-5` = c("bg", "mk", "ru"), `ISO8859-7` = "el", `ISO8859-9` = "tr", `EUC-JP` = "ja", `EUC-KR` = "ko")

withAutoprint <- function(exprs, evaluated = FALSE, local = parent.frame(), print. = TRUE, echo = TRUE, max.deparse.length = Inf, width.cutoff = max(20, getOption("width")), ...) {
  .passed_over(max.deparse.length)
  if (!evaluated) {
    exprs <- substitute(exprs)
    exprs <- if (is.call(exprs) && identical(exprs[[1L]], quote(`{`))) as.list(exprs)[-1L] else list(exprs)
  } else exprs <- as.list(exprs)
  answer <- NULL
  for (one in exprs) {
    if (echo) cat(paste0(c("> ", rep("+ ", 1e3))[seq_along(shown <- deparse(one, width.cutoff = min(width.cutoff, 500L)))], shown), sep = "\n")
    answer <- withVisible(eval(one, local))
    if (print. && answer$visible) print(answer$value)
  }
  invisible(answer)
}

strOptions <- function(strict.width = "no", digits.d = 3L, vec.len = 4L, list.len = 99L, drop.deparse.attr = TRUE,
                       formatNum = function(x, ...) format(x, trim = TRUE, drop0trailing = TRUE, ...))
  list(strict.width = strict.width, digits.d = digits.d, vec.len = vec.len, list.len = list.len, drop.deparse.attr = drop.deparse.attr, formatNum = match.fun(formatNum))
