"""Moments at even steps, cut into stretches, rounded to units of time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import RError, builtin
from pipekeras.grammar.builtins.text.formatting import choose, get_class
from pipekeras.grammar.builtins.times.date_sequences import (
    CUT_REFUSALS,
    MOMENT_STEPS,
    MONTH_STEPS,
    ROUNDING_UNITS,
    cut_in_parts,
    named_first,
    nothing_to_cut,
    parse_step,
)
from pipekeras.grammar.builtins.times.times import (
    apart,
    format_moments,
    moment_vector,
    moments,
    parts_vector,
    with_part_names,
    zone_of,
)
from pipekeras.grammar.printing.dispatch import (
    invoke,
    optional_flag,
    optional_whole,
)
from pipekeras.grammar.text.clock import (
    Fields,
    days_in_month,
    fields_of_seconds,
    seconds_of_fields,
)
from pipekeras.grammar.values import (
    NULL,
    Vector,
    character,
    double,
    get_attribute,
    integer,
    names_of,
    object_array,
)
from pipekeras.grammar.vectors.coerce import doubles

Dots = list[tuple[str | None, Any]]


@builtin("seq.POSIXt", "from, to, by, length.out = NULL, along.with = NULL, ...")
def seq_posixt(
    start: Any = NULL, stop: Any = NULL, by: Any = NULL, length_out: Any = NULL, along: Any = NULL, dots: Any = ()
) -> Any:
    """Moments at even steps."""
    if start is NULL:
        raise RError("'from' must be specified")
    if len(invoke("as.POSIXct", start)) != 1:
        raise RError("'from' must be of length 1")
    if stop is not NULL and "POSIXt" not in get_class(stop):
        raise RError("'to' must be a \"POSIXt\" object")
    if stop is not NULL and len(invoke("as.POSIXct", stop)) != 1:
        raise RError("'to' must be of length 1")
    zone = zone_of(start)
    kept = zone if get_attribute(start, "tzone") is not NULL else None
    first = moments(start)[0]
    if not math.isfinite(first):
        raise RError("'from' must be a finite number")
    last = None if stop is NULL else moments(stop)[0]
    count = len(along) if along is not NULL else optional_whole(length_out, "length.out")
    if by is NULL:
        if last is None or count is None:
            raise RError("exactly two of 'to', 'by' and 'length.out' / 'along.with' must be specified")
        return _whole_moments(np.linspace(first, last, count), kept)
    if isinstance(by, Vector) and (by.kind == "character" or "difftime" in get_class(by)):
        size, unit = parse_step(by, MOMENT_STEPS)
    else:
        size, unit = float(doubles(by)[0]), "sec"
    if unit in MONTH_STEPS:
        made = moment_vector(_month_moments(first, last, int(size) * MONTH_STEPS[unit], count, zone), kept)
        return named_first(made, start, unit)
    if unit == "DSTday":
        return moment_vector(_month_moments(first, last, int(size), count, zone, by_day=True), kept)
    step = size * {"sec": 1, "min": 60, "hour": 3600, "day": 86400, "week": 604800}[unit]
    if count is None:
        assert last is not None
        if step == 0 or (last - first) / step < 0:
            raise RError("wrong sign in 'by' argument")
        count = int((last - first) / step + 1e-10) + 1
    values = first + step * np.arange(count)
    return _whole_moments(values, kept) if stop is NULL else moment_vector(values, kept)


def _whole_moments(values: np.ndarray, zone: str | None) -> Vector:
    """Moments that are whole numbers where every second is one that fits."""
    made = moment_vector(values, zone)
    if np.all(np.abs(values) < 2**31) and np.all(values == np.rint(values)):
        return Vector("integer", made.data.astype(np.int32), made.attributes)
    return made


def _month_moments(
    first: float, last: float | None, step: int, count: int | None, zone: str, by_day: bool = False
) -> list[float]:
    """Moments some months, or days of the calendar, apart at the same time of the clock."""
    fields = fields_of_seconds(first, zone)
    length = 1 if by_day else 28
    bound = count if count is not None else int(abs((last or first) - first) / 86400 / length / max(abs(step), 1)) + 2
    out = []
    for at in range(bound):
        months, days = (0, at * step) if by_day else (at * step, 0)
        moved = Fields(
            fields.year, fields.month + months, fields.day + days, fields.hour, fields.minute, fields.second
        )
        seconds = seconds_of_fields(moved, zone)
        if count is None and last is not None and (seconds > last if step > 0 else seconds < last):
            break
        out.append(seconds)
    return out


_UNIT_SECONDS = {"secs": 1, "mins": 60, "hours": 3600, "days": 86400}


def _past_middle(fields: Fields) -> bool:
    """Whether the begin of the next month is nearer than that of this one."""
    passed = (fields.day - 1) * 86400 + fields.hour * 3600 + fields.minute * 60 + fields.second
    return passed > days_in_month(fields.year, fields.month) * 43200


def _without_small_parts(x: Vector, order: int) -> Vector:
    """Moments taken apart whose parts below a unit are nothing before they are carried over."""
    nothing = dict(zip(("sec", "min", "hour", "mday", "mon"), (0.0, 0, 0, 1, 0), strict=True))
    cut = list(nothing)[:order]
    return x.with_data(object_array([
        part.with_data(np.full(len(part), nothing[name], part.data.dtype)) if name in cut and len(part) else part
        for part, name in zip(x.data, names_of(x) or [], strict=True)
    ]))


@builtin(("trunc.POSIXt", "round.POSIXt"), "x, units = 'secs', ...", needs_call=True)
def trunc_posixt(x: Any, units: Any, dots: Dots, call: Any = None) -> Any:
    """Moments cut, or rounded, to a unit of time."""
    zone = zone_of(x)
    unit = choose(units, ROUNDING_UNITS, "units")
    name = getattr(getattr(call, "function", None), "name", "")
    order = ROUNDING_UNITS.index(unit)
    if name.startswith("trunc") and "POSIXlt" in get_class(x):
        x = _without_small_parts(x, order)
    out: list[Fields | None] = []
    for fields, seconds in zip(apart(x, zone), moments(x), strict=True):
        if fields is None:
            out.append(None)
            continue
        if name.startswith("round") and unit in _UNIT_SECONDS:
            fields = fields_of_seconds(seconds + _UNIT_SECONDS[unit] / 2, zone)
        fields.second = 0.0 if order >= 1 else float(int(fields.second))
        fields.minute = 0 if order >= 2 else fields.minute
        fields.hour = 0 if order >= 3 else fields.hour
        if name.startswith("round") and unit == "months" and _past_middle(fields):
            fields = Fields(fields.year + fields.month // 12, fields.month % 12 + 1, 1)
        fields.day = 1 if order >= 4 else fields.day
        fields.month = 1 if order >= 5 else fields.month
        out.append(fields_of_seconds(seconds_of_fields(fields, zone), zone))
    names = invoke("names", x)
    made = with_part_names(parts_vector(out, zone), None if names is NULL else names.items())
    if name.startswith("trunc") and "POSIXlt" in get_class(x) and order < 4:
        # Parts alone are set to nothing; the rest stays as it came.
        made = made.with_attribute("tzone", get_attribute(x, "tzone"))
    if unit in ("mins", "hours", "days"):
        # What is cut off is nothing even where the moment is missing.
        cut = ("sec", "min", "hour")[: 3 if unit == "days" else 1]
        labels = names_of(made) or []
        made = made.with_data(object_array([
            part.with_data(np.zeros(len(out), part.data.dtype)) if name in cut else part
            for part, name in zip(made.data, labels, strict=True)
        ]))
    if unit != "days":
        return made
    # Whether it is summer time at the beginning of the day is left open.
    at = (names_of(made) or []).index("isdst")
    parts = list(made.data)
    parts[at] = integer([-1] * len(out))
    return made.with_data(object_array(parts))


_STEP_SECONDS = {"sec": 1, "min": 60, "hour": 3600, "day": 86400, "DSTday": 86400, "week": 604800}


@builtin("cut.POSIXt", "x, breaks, labels = NULL, start.on.monday = TRUE, right = FALSE, ...")
def cut_posixt(x: Any, breaks: Any, labels: Any, monday: Any, right: Any, dots: Dots) -> Any:
    """Moments grouped by hour, day, month, ... or by given moments."""
    zone = zone_of(x)
    values = moments(x)
    known = [second for second in values if math.isfinite(second)]
    by_step = isinstance(breaks, Vector) and breaks.kind == "character" and len(breaks) == 1
    if not known and not (isinstance(breaks, Vector) and "POSIXct" in get_class(breaks)):
        nothing_to_cut("'to' must be a finite number" if by_step else "'from' must be a finite number")
    if by_step:
        edges = _calendar_edges(min(known), max(known), breaks, zone, optional_flag(monday, True))
    elif isinstance(breaks, Vector) and "POSIXct" in get_class(breaks):
        edges = sorted(moments(breaks))
    else:
        return cut_in_parts(x, double(values), breaks, labels, right)
    names = format_moments([fields_of_seconds(edge, zone) for edge in edges[:-1]], NULL, False)
    if isinstance(labels, Vector) and labels.kind == "character":
        names = labels.items()
    closed_right = optional_flag(right)
    places = np.searchsorted(np.asarray(edges), np.asarray(values), side="left" if closed_right else "right")
    pairs = zip(places.tolist(), values, strict=True)
    codes = [at if math.isfinite(value) and 0 < at < len(edges) else None for at, value in pairs]
    if isinstance(labels, Vector) and labels.kind == "logical" and not optional_flag(labels):
        return integer(codes)
    return integer(codes, {"levels": character(names), "class": character(["factor"])})


def _calendar_edges(low: float, high: float, step: Any, zone: str, monday: bool) -> list[float]:
    """Starts of calendar units from the one that holds ``low`` to one past ``high``."""
    size, unit = parse_step(step, MOMENT_STEPS, CUT_REFUSALS)
    fields = fields_of_seconds(low, zone)
    fields.second = 0.0 if unit != "sec" else float(int(fields.second))
    if unit not in ("sec", "min"):
        fields.minute = 0
    if unit not in ("sec", "min", "hour"):
        fields.hour = 0
    if unit == "week":
        fields.day -= (fields.weekday - (1 if monday else 0)) % 7
    if unit in MONTH_STEPS:
        fields.day = 1
        fields.month = {"month": fields.month, "quarter": (fields.month - 1) // 3 * 3 + 1, "year": 1}[unit]
    start = seconds_of_fields(fields, zone)
    edges = [start]
    while edges[-1] <= high:
        if unit in MONTH_STEPS:
            months = int(size) * MONTH_STEPS[unit] * len(edges)
            edges.append(seconds_of_fields(Fields(fields.year, fields.month + months, 1), zone))
        else:
            edges.append(start + size * _STEP_SECONDS[unit] * len(edges))
    return edges
