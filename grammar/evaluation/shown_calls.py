"""The call that a message speaks of: R names the function inside which a builtin of ours would have failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import INTERNAL, machine
from pipekeras.grammar.nodes import Call, Symbol

_DEFAULT_METHODS = frozenset((
    "anyDuplicated", "chol", "cut", "diff", "duplicated", "format", "mean", "median", "quantile", "rev", "scale", "seq",
    "solve", "split", "summary", "t", "unique", "weighted.mean",
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
        ("Math", "abs sign sqrt floor ceiling trunc round signif exp log expm1 log1p cos sin tan cumsum cumprod cummax cummin"),
        ("Summary", "max min range sum prod any all"),
    )
    for name in names.split()
}
_CANNOT_OPEN = "cannot open"
_ROW_NAMES = "`.rowNamesDF<-`(x, value = value)"
_INNER: dict[str, tuple[tuple[str, str], ...]] = {
    "as.POSIXct": (("character string is not", "as.POSIXlt.character(x, tz, ...)"),),
    "as.POSIXlt": (("character string is not", "as.POSIXlt.character(x, tz, ...)"),),
    "cat": ((_CANNOT_OPEN, 'file(file, ifelse(append, "a", "w"))'),),
    "cbind": (("arguments imply differing", "data.frame(..., check.names = FALSE)"),),
    "det": (("'x' must be a square", "determinant.matrix(x, logarithm = TRUE, ...)"),),
    "factorial": (("NaNs produced", "gamma(x + 1)"),),
    "load": ((_CANNOT_OPEN, "readChar(con, 5L, useBytes = TRUE)"),),
    "outer": (("dims [product", "dim(robj) <- c(dX, dY)"),),
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
    "writeLines": ((_CANNOT_OPEN, 'file(con, "w")'),),
}
for _name in ("row.names<-", "rownames<-"):
    _INNER[_name] = (("duplicate 'row.names'", _ROW_NAMES), ("invalid 'row.names' length", _ROW_NAMES))
for _name in ("read.table", "read.csv", "read.csv2", "read.delim"):
    _INNER[_name] = ((_CANNOT_OPEN, 'file(file, "rt")'),)
for _name in ("write.table", "write.csv", "write.csv2"):
    _INNER[_name] = ((_CANNOT_OPEN, 'file(file, ifelse(append, "a", "w"))'),)


@cache
def call_as_text(text: str) -> Any:
    """The call that a text of R spells."""
    from pipekeras.grammar.parse import parse_expression

    return parse_expression(text)


@contextmanager
def spoken_of(text: str) -> Iterator[None]:
    """What goes wrong inside speaks of this call where it names none: R's own code stands there in R."""
    try:
        yield
    except RError as error:
        if error.call is None:
            error.call = call_as_text(text)
        raise


def shown_call(call: Any, message: str) -> Any:
    """A call as R shows it with a message.

    Args:
        call: the call of the builtin that failed or warned.
        message: what it said.

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
    if name in _SETTERS and call.args and type(call.args[0].value) is Symbol and call.args[0].value.name == "*tmp*":
        return machine.assignment
    if name in _DEFAULT_METHODS:
        return Call(Symbol(name + ".default"), call.args, call.span, call.attributes)
    if name.startswith(("[.", "[[.")) and not name.endswith(".data.frame"):
        # These methods leave the work to the next one.
        return Call(Symbol(name[: name.index(".")] + ".default"), call.args, call.span, call.attributes)
    if name.endswith(".factor") and name[:-7] in _GROUP_OF:
        return Call(Symbol(_GROUP_OF[name[:-7]] + ".factor"), call.args, call.span, call.attributes)
    for beginning, inner in _INNER.get(name, ()):
        if message.startswith(beginning):
            found = call_as_text(inner)
            return Call(found.function, found.args, call.span)
    return call


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
