"""The call that a message speaks of: R names the function inside which a builtin of ours would have failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import INTERNAL, machine
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import FALSE, Promise

_DEFAULT_METHODS = frozenset((
    "anyDuplicated", "aperm", "as.Date", "chol", "cut", "diff", "duplicated", "format", "mean", "median", "qr", "quantile",
    "rev", "rowsum", "scale", "seq", "solve", "split", "summary", "t", "unique", "weighted.mean",
))  # fmt: skip
"""Generic functions whose mistakes R shows in the call of their default method."""
_SETTERS = frozenset((
    "names<-", "dim<-", "dimnames<-", "attr<-", "attributes<-", "levels<-", "class<-", "oldClass<-", "length<-",
    "environment<-", "storage.mode<-",
))  # fmt: skip
"""Replacement functions that are primitive in R, whose mistakes it shows in the assignment itself."""
_GROUP_OF = {
    name: group
    for group, names in (
        ("Ops", "+ - * / ^ %% %/% == != < > <= >= & | !"),
        ("Math", "abs sign sqrt floor ceiling trunc round signif exp log expm1 log1p cos sin tan cumsum cumprod cummax cummin "
                 "gamma lgamma log2 log10 tanh digamma"),
        ("Summary", "max min range sum prod any all"),
    )
    for name in names.split()
}
_CANNOT_OPEN = "cannot open"
_SCAN = """scan(file = file, what = what, sep = sep, quote = quote, dec = dec, nmax = nrows, skip = 0,
    na.strings = na.strings, quiet = TRUE, fill = fill, strip.white = strip.white, blank.lines.skip = blank.lines.skip,
    multi.line = FALSE, comment.char = comment.char, allowEscapes = allowEscapes, flush = flush, encoding = encoding,
    skipNul = skipNul)"""
_ROW_NAMES = "`.rowNamesDF<-`(x, value = value)"
_INNER: dict[str, tuple[tuple[str, str], ...]] = {
    "as.POSIXct": (("character string is not", "as.POSIXlt.character(x, tz, ...)"),),
    "as.POSIXlt": (("character string is not", "as.POSIXlt.character(x, tz, ...)"),),
    "cat": ((_CANNOT_OPEN, 'file(file, ifelse(append, "a", "w"))'),),
    "[[.data.frame": (("subscript out of bounds", ".subset2(x, i, exact = exact)"),),
    "data.frame": (("cannot coerce class", "as.data.frame.default(x[[i]], optional = TRUE)"),),
    "cbind": (("arguments imply differing", "data.frame(..., check.names = FALSE)"),),
    "::": (("there is no package called", "loadNamespace(x)"),),
    "det": (("'x' must be a square", "determinant.matrix(x, logarithm = TRUE, ...)"),),
    "difftime": (("character string is not", "as.POSIXlt.character(x, tz, ...)"),),
    "factorial": (("NaNs produced", "gamma(x + 1)"), ("non-numeric argument", "x + 1")),
    "head": (("invalid 'n'", "checkHT(n, dx <- dim(x))"),),
    "ISOdate": (("argument \"", "ISOdatetime(year, month, day, hour, min, sec, tz)"),),
    "load": ((_CANNOT_OPEN, "readChar(con, 5L, useBytes = TRUE)"),),
    "outer": (("dims [product", "dim(robj) <- c(dX, dY)"),),
    "factor": (("unique() applies", "unique.default(x, nmax = nmax)"),),
    "as.factor": (("unique() applies", "unique.default(x, nmax = nmax)"),),
    "table": (("unique() applies", "unique.default(x, nmax = nmax)"),),
    "new": (("\u201c", "getClass(Class, where = topenv(parent.frame()))"),),
    "rbind": (
        ("names do not match", "match.names(clabs, names(xi))"),
        ("numbers of columns", "rbind(deparse.level, ...)"),
    ),
    "readLines": ((_CANNOT_OPEN, 'file(con, "r")'),),
    "readRDS": ((_CANNOT_OPEN, 'gzfile(file, "rb")'),),
    "saveRDS": ((_CANNOT_OPEN, "gzfile(file, mode)"),),
    "scan": ((_CANNOT_OPEN, 'file(file, "r")'),),
    "sort": (("'x' must be atomic", "sort.int(x, na.last = na.last, decreasing = decreasing, ...)"),),
    "source": ((_CANNOT_OPEN, "file(filename, \"r\", encoding = encoding)"),),
    "structure": (("dims [product", "attributes(.Data) <- c(attributes(.Data), attrib)"),),
    "tail": (("invalid 'n'", "checkHT(n, dx <- dim(x))"),),
    "toString": (("cannot coerce", 'paste(x, collapse = ", ")'),),
    "writeLines": ((_CANNOT_OPEN, 'file(con, "w")'),),
}
for _name in ("lapply", "sapply", "vapply", "apply", "mapply", "outer", "sweep"):
    _INNER[_name] = (*_INNER.get(_name, ()), ('argument "FUN" is missing', "match.fun(FUN)"))
for _name in ("Map", "Filter", "Reduce", "Find", "Position"):
    _INNER[_name] = (('argument "f" is missing', "match.fun(f)"),)
for _name in ("toupper", "tolower", "gsub", "sub", "regmatches", "chartr", "trimws"):
    _INNER[_name] = (("cannot coerce type", "as.character(x)"),)
for _name in ("gsub", "sub"):
    _INNER[_name] += (('argument "x" is missing', "is.factor(x)"),)
for _name in ("row.names<-", "rownames<-"):
    _INNER[_name] = (("duplicate 'row.names'", _ROW_NAMES), ("invalid 'row.names' length", _ROW_NAMES))
for _name in ("read.table", "read.csv", "read.csv2", "read.delim"):
    _INNER[_name] = ((_CANNOT_OPEN, 'file(file, "rt")'), ("line ", _SCAN))
for _name in ("write.table", "write.csv", "write.csv2"):
    _INNER[_name] = ((_CANNOT_OPEN, 'file(file, ifelse(append, "a", "w"))'),)


@cache
def call_as_text(text: str) -> Any:
    """The call that a text of R spells; it stands nowhere in the program."""
    from pipekeras.grammar.parse import parse_expression

    made = parse_expression(text)
    return Call(made.function, made.args)


@contextmanager
def spoken_of(text: str) -> Iterator[None]:
    """What goes wrong inside speaks of this call where it names none: R's own code stands there in R."""
    try:
        yield
    except RError as error:
        if error.call is None:
            error.call = call_as_text(text)
        raise


def shown_call(call: Any, message: str, arguments: Sequence[tuple[str | None, Any]] = ()) -> Any:
    """A call as R shows it with a message.

    Args:
        call: the call of the builtin that failed or warned.
        message: what it said.
        arguments: what the builtin was given, where that is known.

    Returns:
        The call of the default or the group's method, of the function that R's own would have called, or False where R
        speaks of the top level.
    """
    if _speaks_of_caller(message):
        return current_call()
    if type(call) is not Call or type(call.function) is not Symbol:
        return call
    if call.function is INTERNAL:
        call = _program_call()
        if type(call) is not Call or type(call.function) is not Symbol:
            return call
    name = call.function.name
    stored = _element_store(call, message, arguments)
    if stored is not None:
        return stored
    if message.startswith("no applicable method for '"):
        return _placed_as(call, call_as_text("UseMethod(\"" + message.split("'")[1] + "\")"))
    if name in _SETTERS and call.args and type(call.args[0].value) is Symbol and call.args[0].value.name == "*tmp*":
        return machine.assignment
    if name in _DEFAULT_METHODS:
        return Call(Symbol(name + ".default"), call.args, call.span, call.attributes)
    if name.startswith(("[.", "[[.")) and not name.endswith(".data.frame"):
        # These methods leave the work to the next one.
        return Call(Symbol(name[: name.index(".")] + ".default"), call.args, call.span, call.attributes)
    grouped = _group_call(call, name, message, arguments)
    if grouped is not None:
        return grouped
    for beginning, inner in _INNER.get(name, ()):
        if message.startswith(beginning):
            found = call_as_text(inner)
            return Call(found.function, found.args, call.span)
    return call


_OWN_OPERATORS = frozenset(("+.Date", "-.Date", "+.POSIXct", "-.POSIXct", "*.difftime", "/.difftime"))
"""Operators of moments that have a method of their own in R, apart from their group's."""


def _group_call(call: Call, name: str, message: str, arguments: Sequence[tuple[str | None, Any]]) -> Call | None:
    """The call of the method for a whole group of functions, where R has that one; None for any other function."""
    for class_name in ("factor", "Date", "POSIXct", "POSIXlt", "difftime", "data.frame"):
        if name.endswith("." + class_name) and name[: -len(class_name) - 1] in _GROUP_OF:
            break
    else:
        return None
    group = _GROUP_OF[name[: -len(class_name) - 1]]
    if message == "non-numeric argument to binary operator":
        inner = "FUN(left, right)" if class_name == "data.frame" else "unclass(as.Date(e1)) - e2" if name == "-.Date" else None
        return None if inner is None else _placed_as(call, call_as_text(inner))
    if class_name == "data.frame" and group == "Summary":
        return _placed_as(call, call_as_text("FUN(X[[i]], ...)"))
    if name in _OWN_OPERATORS:
        return None
    if class_name in ("POSIXct", "POSIXlt") and group != "Summary":
        class_name = "POSIXt"
    shown = call.args
    if group == "Summary" and arguments:
        given = [(label, value) for label, value in arguments if label != "na.rm"]
        shown = (*(Argument(label, _value_of(value)) for label, value in given), Argument("na.rm", FALSE))
    return Call(Symbol(f"{group}.{class_name}"), shown, call.span, call.attributes)


def _value_of(given: Any) -> Any:
    """An argument's value; a promise that nobody asked for stays what it is."""
    return given.value if type(given) is Promise and given.value is not None else given


def _placed_as(call: Call, shown: Call) -> Call:
    return Call(shown.function, shown.args, call.span)


def _element_store(call: Call, message: str, arguments: Sequence[tuple[str | None, Any]]) -> Call | None:
    """The call of ``[<-`` or ``[[<-`` for a place that there is not: R tells that mistake of the function itself."""
    if not arguments:
        return None
    if message in ("subscript out of bounds", "no 'dimnames' attribute for array"):
        head = "["
    elif message.startswith("no such index at level") or (
        message.startswith("attempt to select ") and "OneIndex" not in message
    ):
        head = "[["
    else:
        return None
    if call.function.name not in ("<-", "=", "<<-") or len(call.args) != 2:
        return None
    target = call.args[0].value
    if type(target) is not Call or type(target.function) is not Symbol or target.function.name != head:
        return None
    last = Argument("value", _value_of(arguments[-1][1]))
    return Call(Symbol(head + "<-"), (Argument(None, Symbol("*tmp*")), *target.args[1:], last), call.span)


def _speaks_of_caller(message: str) -> bool:
    """Whether R's own code for a message knows only the function in progress."""
    return (
        message == "attempt to apply non-function"
        or "object cannot be coerced to type '" in message
        or message.startswith(("NAs introduced by coercion", "out-of-range values treated as 0"))
    )


def _program_call() -> Any:
    """Call of the innermost function in progress that the program itself has called."""
    for frame in reversed(machine.frames):
        if type(frame.call) is not Call or frame.call.function is not INTERNAL:
            return frame.call
    return False


def current_call() -> Any:
    """Call of the innermost function of the program in progress, False at top level."""
    frames = machine.frames
    return frames[-1].call if frames else False
