# Words about classes, generic functions and their groups, and small tools on names, slots and calls.

allNames <- function(x) {
  found <- names(x)
  if (is.null(found)) character(length(x)) else ifelse(is.na(found), "", found)
}

el <- function(object, where) object[where][[1L]]

`el<-` <- function(object, where, value) {
  object[[where]] <- value
  object
}

elNamed <- function(x, name, mustFind = FALSE) {
  at <- match(name, names(x))
  if (is.na(at) && mustFind) stop(gettextf("%s is not one of the element names", sQuote(name)), domain = NA)
  if (!is.na(at)) x[[at]]
}

`elNamed<-` <- function(x, name, value) {
  x[[name]] <- value
  x
}

functionBody <- function(fun = sys.function(sys.parent())) body(fun)

`functionBody<-` <- function(fun, envir = environment(fun), value) {
  body(fun, envir = envir) <- value
  fun
}

.group_members <- list(
  Arith = c("+", "-", "*", "^", "%%", "%/%", "/"),
  Compare = c("==", ">", "<", "!=", "<=", ">="),
  Logic = c("&", "|"),
  Ops = c("Arith", "Compare", "Logic"),
  Math = c("abs", "sign", "sqrt", "ceiling", "floor", "trunc", "cummax", "cummin", "cumprod", "cumsum", "exp", "expm1", "log", "log10",
    "log2", "log1p", "cos", "cosh", "sin", "sinh", "tan", "tanh", "acos", "acosh", "asin", "asinh", "atan", "atanh", "cospi", "sinpi",
    "tanpi", "gamma", "lgamma", "digamma", "trigamma"),
  Math2 = c("round", "signif"),
  Summary = c("max", "min", "range", "prod", "sum", "any", "all"),
  Complex = c("Arg", "Conj", "Im", "Mod", "Re"))

isGroup <- function(f, where = topenv(parent.frame()), fdef = getGeneric(f, where = where)) {
  .passed_over(where, fdef)
  f %in% names(.group_members)
}

getGroupMembers <- function(group, recursive = FALSE, character = TRUE) {
  if (!group %in% names(.group_members)) return(character(0L))
  found <- .group_members[[group]]
  if (recursive) found <- unlist(lapply(found, function(one) if (one %in% names(.group_members)) getGroupMembers(one, TRUE) else one))
  if (character) found else lapply(found, get, envir = baseenv())
}

getPackageName <- function(where = parent.frame(), create = TRUE) {
  .passed_over(create)
  found <- environmentName(topenv(where))
  if (found == "R_GlobalEnv") ".GlobalEnv" else sub("^package:", "", found)
}

getGeneric <- function(f, mustFind = FALSE, where = parent.frame(), package = "") {
  .passed_over(package)
  if (is.function(f)) return(f)
  if (isGeneric(f)) return(get(f, envir = where, mode = "function"))
  if (mustFind) stop(gettextf("no generic function found for %s", sQuote(f)), domain = NA)
}

hasMethods <- function(f, where, package = "") {
  .passed_over(where, package)
  isGeneric(f)
}

removeGeneric <- function(f, where = topenv(parent.frame())) {
  if (!isGeneric(f)) {
    warning(gettextf("generic function %s not found for removal", sQuote(f)), domain = NA)
    return(FALSE)
  }
  rm(list = f, envir = where)
  TRUE
}

findClass <- function(Class, where, unique = "") {
  .passed_over(where, unique)
  if (isClass(Class)) list(globalenv()) else list()
}

findFunction <- function(f, generic = TRUE, where = topenv(parent.frame())) {
  .passed_over(generic)
  place <- where
  found <- list()
  while (!identical(place, emptyenv())) {
    if (exists(f, envir = place, mode = "function", inherits = FALSE)) found <- c(found, list(place))
    place <- parent.env(place)
  }
  found
}

validSlotNames <- function(names) {
  if (is.na(match("class", names)) && !anyDuplicated(names)) return(names)
  if (anyDuplicated(names)) stop(gettextf("duplicate slot names: %s", paste(sQuote(names[duplicated(names)]), collapse = "")), domain = NA)
  stop("\"class\" is a reserved slot name and cannot be redefined")
}

inheritedSlotNames <- function(Class, where = topenv(parent.frame())) {
  .passed_over(where)
  above <- Filter(isClass, extends(if (is.character(Class)) Class else class(Class))[-1L])
  unique(unlist(lapply(above, slotNames)))
}

S3Class <- function(object) {
  if (!isS4(object)) return(class(object))
  held <- attr(object, ".S3Class")
  if (!is.null(held)) return(held)
  stop(gettextf("'S3Class' only defined for extensions of %s or classes with a data part:  not true of class %s",
    dQuote("oldClass"), dQuote(class(object))), domain = NA)
}

getDataPart <- function(object, NULL.for.none = FALSE) {
  if (".Data" %in% slotNames(object)) return(object@.Data)
  if (!NULL.for.none) stop("Data part is undefined for general S4 object")
}

slotsFromS3 <- function(object) list()

missingArg <- function(symbol, envir = parent.frame(), eval = FALSE) {
  if (!eval) symbol <- substitute(symbol)
  if (!is.name(symbol)) stop(gettextf("invalid symbol in checking for missing argument in method dispatch: expected a name, got an object of class %s",
    dQuote(class(symbol), FALSE)), domain = NA)
  eval(call("missing", symbol), envir)
}

substituteDirect <- function(object, frame = parent.frame(), cleanFunction = TRUE) {
  .passed_over(cleanFunction)
  do.call(substitute, list(object, frame))
}

Quote <- function(expr) substitute(expr)

languageEl <- function(object, which) {
  if (is.function(object)) object <- as.list(object)
  object[[which]]
}

`languageEl<-` <- function(object, which, value) {
  object[[which]] <- value
  object
}

isSealedMethod <- function(f, signature, fdef = getGeneric(f, FALSE, where = where), where = topenv(parent.frame())) {
  .passed_over(fdef, where)
  basic <- c("numeric", "integer", "double", "character", "logical", "complex", "raw", "list", "function")
  exists(f, baseenv()) && is.primitive(get(f, baseenv())) && all(signature %in% basic)
}

isSealedClass <- function(Class, where) {
  .passed_over(where)
  Class %in% c("numeric", "integer", "character", "logical", "complex", "raw", "list", "function", "expression", "environment", "NULL")
}

packageSlot <- function(object) attr(object, "package")

`packageSlot<-` <- function(object, value) {
  attr(object, "package") <- value
  object
}
