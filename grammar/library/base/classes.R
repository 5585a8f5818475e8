# Objects as those of other classes, and questions about classes.

as <- function(object, Class, strict = TRUE, ext) {
  .unsupported(ext)
  if (!strict && is(object, Class)) return(object)
  own <- .coercion(object, Class, FALSE)
  if (!is.null(own)) return(own(object))
  if (isS4(object) && Class %in% extends(class(object))) return(.as_parent(object, Class))
  if (identical(class(object)[1L], Class)) return(object)
  switch(Class,
    numeric = if (is.integer(object) && !is.object(object) && is.null(dim(object))) object else as.numeric(object),
    double = as.numeric(object),
    integer = {
      whole <- as.integer(object)
      if (identical(class(object), "numeric") && !is.null(names(object))) names(whole) <- names(object)
      whole
    },
    character = as.character(object),
    logical = as.logical(object),
    complex = as.complex(object),
    raw = as.raw(object),
    list = as.list(unname(object)),
    factor = as.factor(object),
    matrix = as.matrix(object),
    array = as.array(object),
    name = as.name(object),
    expression = as.expression(object),
    environment = as.environment(object),
    `function` = as.function(object),
    vector = as.vector(object),
    data.frame = as.data.frame(object),
    `NULL` = NULL,
    stop(gettextf("no method or default for coercing %s to %s", dQuote(class(object)[1L]), dQuote(Class)), domain = NA))
}

`as<-` <- function(object, Class, value) {
  own <- .coercion(object, Class, TRUE)
  if (!is.null(own)) return(own(object, value))
  if (isS4(object) && Class %in% extends(class(object))) {
    for (name in slotNames(Class)) slot(object, name) <- slot(value, name)
    return(object)
  }
  if (is(object, Class)) {
    kept <- attributes(object)
    object <- as(value, class(object)[1L])
    if (length(kept)) attributes(object) <- kept
    return(object)
  }
  stop(gettextf("no method or default for as() replacement of %s with Class=\"%s\"", dQuote(class(object)[1L]), Class), domain = NA)
}

hasArg <- function(name) {
  wanted <- as.character(substitute(name))
  frame <- sys.function(sys.parent())
  known <- names(formals(frame))
  if (wanted %in% known) return(eval(substitute(!missing(name)), sys.frame(sys.parent())))
  if (!("..." %in% known)) return(FALSE)
  wanted %in% names(eval(quote(substitute(list(...))), sys.frame(sys.parent())))
}

existsFunction <- function(f, generic = TRUE, where = parent.frame()) {
  if (!exists(f, envir = as.environment(where), mode = "function")) return(FALSE)
  generic || !isGeneric(f)
}

getFunction <- function(name, generic = TRUE, mustFind = TRUE, where = parent.frame()) {
  where <- as.environment(where)
  if (exists(name, envir = where, mode = "function") && (generic || !isGeneric(name))) get(name, envir = where, mode = "function")
  else if (mustFind) stop(gettextf("no function %s found", sQuote(name)), domain = NA)
}

canCoerce <- function(object, Class) {
  is(object, Class) || !is.null(.coercion(object, Class, FALSE)) ||
    Class %in% c("numeric", "double", "integer", "character", "logical", "complex", "list", "vector", "name", "environment", "function", "NULL")
}

cbind2 <- function(x, y, ...) cbind(x, y, deparse.level = 0)

rbind2 <- function(x, y, ...) rbind(x, y, deparse.level = 0)

getValidity <- function(ClassDef) .class_validity(ClassDef)

getGenerics <- function(where, searchForm = FALSE) {
  .unsupported(where, searchForm, "all generics of the session are listed")
  .generic_names()
}

print.MethodDefinition <- function(x, ...) {
  cat("Method Definition:\n\n")
  signatures <- rbind(target = attr(x, "target"), defined = attr(x, "defined"))
  attributes(x) <- NULL
  print(x)
  cat("\nSignatures:\n")
  print(signatures)
  invisible(x)
}
