"""Arithmetic and comparison of dates, moments and differences of time."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import RError, builtin, warn
from pipekeras.grammar.builtins.text.formatting import get_class
from pipekeras.grammar.builtins.times.durations import (
    SECONDS,
    as_seconds,
    bare,
    class_last,
    difference,
    duration,
    kind_of_time,
    moment_of,
    restored,
    units_of,
)
from pipekeras.grammar.printing.dispatch import invoke
from pipekeras.grammar.values import NULL, Vector, dim_of, get_attribute
from pipekeras.grammar.vectors import arithmetic as kernels
from pipekeras.grammar.vectors.comparing import compare
from pipekeras.grammar.vectors.logic import logic


def _disagree(name: str, first: str, second: str) -> bool:
    """Whether R finds two different methods for these classes; it warns and takes the bare numbers then."""
    pair = {first, second}
    if len(pair) == 1 or not pair <= {"Date", "POSIXct", "difftime"}:
        return False
    return name not in ("+", "-") or pair == {"Date", "POSIXct"}


_MOMENTS = ("Date", "POSIXct")


def _method_name(name: str, kind: str) -> str:
    """The method of R that does an operation on a class of times."""
    own = ("*", "/") if kind == "difftime" else ("+", "-")
    return f"{name if name in own else 'Ops'}.{'POSIXt' if kind == 'POSIXct' else kind}"


def _operate(name: str, left: Any, right: Any) -> Any:
    given = (left, right)
    left, right = moment_of(left), moment_of(right)
    first, second = kind_of_time(left), kind_of_time(right)
    if _disagree(name, first, second):
        left, right = given
        shown = [_method_name(name, kind) for kind in (first, second)]
        warn(f'Incompatible methods ("{shown[0]}", "{shown[1]}") for "{name}"')
        if name in ("&", "|"):
            return logic(name, left, right)
        return (kernels.arithmetic if name in kernels.DOUBLE_OPERATIONS else compare)(name, left, right)
    moved = name in ("+", "-") or not {"Date", "POSIXct"} & {first, second}
    if name == "-" and second in _MOMENTS and first not in (*_MOMENTS, "difftime"):
        raise RError(f"can only subtract from \"{second if second == 'Date' else 'POSIXt'}\" objects")
    if moved and name in kernels.DOUBLE_OPERATIONS and "list" in (getattr(left, "kind", ""), getattr(right, "kind", "")):
        raise RError("non-numeric argument to binary operator")
    if name in ("+", "-"):
        return _add(name, left, right, first, second)
    if name in ("*", "/", "%/%", "%%"):
        return _scale(name, left, right, first, second)
    if name in ("==", "!=", "<", "<=", ">", ">="):
        return _compare(name, left, right, first, second)
    label = "Date" if "Date" in (first, second) else "POSIXt" if "POSIXct" in (first, second) else "difftime"
    raise RError(f"{_quoted(name, label)} not defined for \"{label}\" objects")


def _class_label(kind: str) -> str:
    return kind if kind in ("Date", "difftime") else "POSIXt"


def _quoted(name: str, label: str) -> str:
    """The operator as R's message for the class shows it."""
    return name if label == "Date" else f"'{name}'"


def _add(name: str, left: Any, right: Any, first: str, second: str) -> Any:
    times = _MOMENTS
    if first in times and second in times:
        if name == "+":
            shown = '+ is not defined for "Date"' if first == "Date" else "'+' is not defined for \"POSIXt\""
            raise RError(f"binary {shown} objects")
        if first == second == "Date":
            days = kernels.arithmetic("-", bare(left), bare(right))
            return duration(days.data, "days", days)
        seconds = kernels.arithmetic("-", bare(left), bare(right)) if first == second else kernels.arithmetic(
            "-", as_seconds(left, "time1"), as_seconds(right, "time2"))
        return difference(seconds.data, "auto", seconds)
    if first in times or second in times:
        if second in times and name == "-" and first == "difftime":
            label = f"-.{'Date' if second == 'Date' else 'POSIXt'}"
            warn(f'Incompatible methods ("Ops.difftime", "{label}") for "-"')
            return kernels.arithmetic(name, left, right)
        moment, other, kind = (left, right, first) if first in times else (right, left, second)
        unit = 86400.0 if kind == "Date" else 1.0
        scale = SECONDS[units_of(other)] / unit if "difftime" in get_class(other) else 1.0
        if kind == "Date" and scale != 1.0:
            other, scale = Vector("double", np.round(bare(other, scale).data)), 1.0
        if getattr(other, "kind", "") == "character":
            raise RError("non-numeric argument to binary operator")
        pair = (bare(moment), bare(other, scale)) if first in times else (bare(other, scale), bare(moment))
        made = kernels.arithmetic(name, *pair)
        return restored(made, moment)
    if first == second == "difftime":
        unit_name = units_of(left) if units_of(left) == units_of(right) else "secs"
        pair = tuple(bare(x, SECONDS[units_of(x)] / SECONDS[unit_name]) for x in (left, right))
        made = kernels.arithmetic(name, *pair)
        total = duration(made.data, unit_name, made)
        return total if units_of(left) == units_of(right) else class_last(total)
    template = left if first == "difftime" else right
    return restored(kernels.arithmetic(name, bare(left), bare(right)), template)


def _scale(name: str, left: Any, right: Any, first: str, second: str) -> Any:
    if "Date" in (first, second) or "POSIXct" in (first, second):
        shown = "Date" if "Date" in (first, second) else "POSIXt"
        raise RError(f"{_quoted(name, shown)} not defined for \"{shown}\" objects")
    if name in ("%/%", "%%"):
        raise RError(f"'{name}' not defined for \"difftime\" objects")
    if first == second == "difftime" and name == "*":
        raise RError("both arguments of * cannot be \"difftime\" objects")
    if second == "difftime" and name != "*":
        raise RError("second argument of / cannot be a \"difftime\" object")
    template = left if first == "difftime" else right
    return class_last(restored(kernels.arithmetic(name, bare(left), bare(right)), template))


def _unless_listed(side: Any) -> Any:
    """The bare numbers; elements of a list are compared as in any list, once the lengths have been."""
    return side if getattr(side, "kind", "") == "list" else bare(side)


def _compare(name: str, left: Any, right: Any, first: str, second: str) -> Any:
    if "Date" in (first, second) and "POSIXct" not in (first, second):
        left = invoke("as.Date", left) if first == "text" else left
        right = invoke("as.Date", right) if second == "text" else right
        # What has extents keeps them; only the class of dates is taken off.
        return compare(name, *(side.with_attribute("class", NULL) if dim_of(side) is not None else _unless_listed(side)
                               for side in (left, right)))
    if "POSIXct" in (first, second):
        zones = [str(zone.items()[0]) for side in (left, right) if (zone := get_attribute(side, "tzone")) is not NULL]
        if first == second and len({zone for zone in zones if zone}) > 1:
            warn("'tzone' attributes are inconsistent")
        for side, kind in ((left, first), (right, second)):
            if kind == "text":
                invoke("as.POSIXct", side)
        left = as_seconds(left) if first in ("text", "Date", "POSIXct") else _unless_listed(left)
        right = as_seconds(right) if second in ("text", "Date", "POSIXct") else _unless_listed(right)
        return compare(name, left, right)
    if first == second == "difftime":
        return compare(name, bare(left, SECONDS[units_of(left)]), bare(right, SECONDS[units_of(right)]))
    return compare(name, bare(left), bare(right))


_TIME_CLASSES = ("Date", "POSIXct", "POSIXlt", "difftime")
_OPERATORS = ("+", "-", "*", "/", "%%", "%/%", "^", "==", "!=", "<", "<=", ">", ">=", "&", "|", "!")


def _enter_operator(name: str) -> None:
    @builtin(tuple(f"{name}.{class_name}" for class_name in _TIME_CLASSES), "e1, e2")
    def operate(e1: Any, e2: Any = None) -> Any:
        if e2 is None:
            if name == "-" and kind_of_time(e1) == "difftime":
                return restored(kernels.negate(bare(e1)), e1)
            if name == "+":
                return e1
            label = _class_label(kind_of_time(e1))
            link = "not" if name == "!" and label != "Date" else "is not" if name != "!" else "not"
            raise RError(f"unary {_quoted(name, label)} {link} defined for \"{label}\" objects")
        return _operate(name, e1, e2)


for _name in _OPERATORS:
    _enter_operator(_name)
