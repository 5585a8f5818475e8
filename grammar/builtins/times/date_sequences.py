"""Steps of days: sequences of dates, dates rounded to units and cut into classes."""

from __future__ import annotations

import math
from typing import Any, NoReturn

import numpy as np
from pipekeras.grammar.builtins.registry import REGISTRY, RError, builtin, call_function, warn
from pipekeras.grammar.builtins.text.formatting import choose, get_class
from pipekeras.grammar.builtins.times.dates import date_vector, days_of, format_dates
from pipekeras.grammar.evaluation.shown_calls import spoken_of
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.printing.dispatch import (
    flag,
    invoke,
    optional_flag,
    optional_whole,
    texts_of,
)
from pipekeras.grammar.text.clock import (
    civil_from_days,
    days_from_civil,
)
from pipekeras.grammar.values import (
    NULL,
    Vector,
    character,
    double,
    get_attribute,
    integer,
    names_of,
)
from pipekeras.grammar.vectors.arguments import first as first_of
from pipekeras.grammar.vectors.coerce import coerce, doubles

Dots = list[tuple[str | None, Any]]

MONTH_STEPS = {"month": 1, "year": 12, "quarter": 3}

ROUNDING_UNITS = ("secs", "mins", "hours", "days", "months", "years")
STEP_REFUSALS = ("invalid 'by' string", "invalid string for 'by'")
CUT_REFUSALS = ("invalid specification of 'breaks'", "invalid specification of 'breaks'")
DATE_STEPS = ("days", "weeks", "months", "quarters", "years")
MOMENT_STEPS = ("secs", "mins", "hours", *DATE_STEPS, "DSTdays")


def parse_step(by: Any, known: tuple[str, ...] = DATE_STEPS, refusals: tuple[str, str] = STEP_REFUSALS) -> tuple[float, str]:
    """Count and unit of a step such as ``"2 weeks"`` or a number of days.

    Args:
        by: a text, a difference of time or a number.
        known: the units that a text may begin.
        refusals: what is said of a text of other than one or two words, and of a unit that is not known.
    """
    if isinstance(by, Vector) and len(by) != 1:
        raise RError("'by' must be of length 1")
    if isinstance(by, Vector) and by.kind == "logical":
        raise RError("invalid mode for 'by'")
    if isinstance(by, Vector) and by.kind == "character":
        text = "NA" if by.items()[0] is None else str(by.items()[0])
        words = text.removesuffix(" ").split(" ") if text else []
        if len(words) not in (1, 2):
            raise RError(refusals[0])
        begun = [unit for unit in known if words[-1] and unit.startswith(words[-1])]
        if len(begun) != 1:
            raise RError(refusals[1])
        count = 1.0
        if len(words) == 2:
            count = float(first_of(coerce(coerce(character(words[0]), "integer"), "double")))
            if count != count:
                raise RError("'by' is NA")
        return count, begun[0].removesuffix("s")
    if isinstance(by, Vector) and "difftime" in get_class(by):
        units = str(get_attribute(by, "units").items()[0])
        scale = {"secs": 1 / 86400, "mins": 1 / 1440, "hours": 1 / 24, "days": 1.0, "weeks": 7.0}[units]
        return float(by.data[0]) * scale, "day"
    return float(doubles(by)[0]), "day"


def month_steps(start: float, months_by: int, count: int) -> list[float]:
    """Days one step of months apart; days past the end of a month carry over."""
    year, month, day = civil_from_days(math.floor(start))
    return [float(days_from_civil(year, month + at * months_by, day)) for at in range(count)]


def named_first(made: Vector, start: Any, unit: str) -> Vector:
    """Steps of months after the name of the first, the others have a name that is missing; those of years have none."""
    names = names_of(start) if "POSIXlt" not in get_class(start) and unit != "year" else None
    if names is None or not len(made):
        return made
    return made.with_attribute("names", character([names[0], *[None] * (len(made) - 1)]))


@builtin("seq.Date", "from, to, by, length.out = NULL, along.with = NULL, ...")
def seq_date(
    start: Any = NULL, stop: Any = NULL, by: Any = NULL, length_out: Any = NULL, along: Any = NULL, dots: Any = ()
) -> Any:
    """Dates at even steps."""
    if start is NULL:
        raise RError("'from' must be specified")
    if "Date" not in get_class(start):
        raise RError("'from' must be a \"Date\" object")
    if len(start) != 1:
        raise RError("'from' must be of length 1")
    if stop is not NULL and "Date" not in get_class(stop):
        raise RError("'to' must be a \"Date\" object")
    if stop is not NULL and len(stop) != 1:
        raise RError("'to' must be of length 1")
    count = len(along) if along is not NULL else optional_whole(length_out, "length.out")
    first = days_of(start)[0]
    last = None if stop is NULL else days_of(stop)[0]
    if by is not NULL and (last is None) != (count is None):
        parse_step(by)
    if not math.isfinite(first):
        raise RError("'from' must be a finite number")
    if by is NULL:
        if last is None or count is None:
            raise RError("exactly two of 'to', 'by' and 'length.out' / 'along.with' must be specified")
        return date_vector(np.linspace(first, last, count))
    if last is not None and count is not None:
        raise RError("exactly two of 'to', 'by' and 'length.out' / 'along.with' must be specified")
    if last is None and count is None:
        raise RError("exactly two of 'to', 'by' and 'length.out' / 'along.with' must be specified")
    size, unit = parse_step(by)
    if unit not in MONTH_STEPS and last is not None:
        with spoken_of("seq.int(0, to0 - from, by)"):
            if not math.isfinite(last):
                raise RError("'to' must be a finite number")
            if size == 0 and last != first:
                raise RError("invalid '(to - from)/by'")
    if unit in MONTH_STEPS:
        step = int(size) * MONTH_STEPS[unit]
        if count is not None:
            return named_first(date_vector(month_steps(first, step, count)), start, unit)
        assert last is not None
        if step == 0:
            raise RError("invalid '(to - from)/by' in seq(.)")
        if (last - first) / step < 0:
            raise RError("wrong sign in 'by' argument")
        bound = int(abs(last - first) / 28 / abs(step)) + 2
        made = month_steps(first, step, bound)
        return named_first(date_vector([day for day in made if (day <= last if step > 0 else day >= last)]), start, unit)
    step_days = size * (7 if unit == "week" else 1)
    if count is not None:
        return date_vector(first + step_days * np.arange(count))
    assert last is not None
    if step_days == 0:
        return date_vector([first])
    if (last - first) / step_days < 0:
        raise RError("wrong sign in 'by' argument")
    return date_vector(first + step_days * np.arange(int((last - first) / step_days + 1e-10) + 1))


def _floor_to(days: float, unit: str, monday: bool = True) -> float:
    year, month, _day = civil_from_days(math.floor(days))
    if unit == "week":
        weekday = (math.floor(days) + 4) % 7
        return float(math.floor(days) - (weekday - (1 if monday else 0)) % 7)
    if unit == "month":
        return float(days_from_civil(year, month, 1))
    if unit == "quarter":
        return float(days_from_civil(year, (month - 1) // 3 * 3 + 1, 1))
    if unit == "year":
        return float(days_from_civil(year, 1, 1))
    return float(math.floor(days))


@builtin("round.Date", "x, ...")
def round_date(x: Any, dots: Dots) -> Any:
    """Whole days."""
    if any(getattr(value, "kind", "") == "character" for _, value in dots):
        raise RError("non-numeric argument to mathematical function", call=Call(Symbol("round.default"), tuple(
            Argument(name, value) for name, value in [(None, x), *dots])))
    rounded = call_function(REGISTRY["round"], [(None, Vector("double", doubles(x))), *dots])
    return date_vector(rounded.data.tolist(), x)


@builtin("trunc.Date", "x, units = 'days', ...")
def trunc_date(x: Any, units: Any, dots: Dots) -> Any:
    """The first day of each date's month, year, ..."""
    unit = choose(units, ROUNDING_UNITS, "units").removesuffix("s")
    return date_vector([day if day != day else _floor_to(day, unit) for day in days_of(x)], x)


def nothing_to_cut(sentence: str) -> NoReturn:
    """Refuse to cut where no value is known: their range is empty."""
    warn("no non-missing arguments to min; returning Inf")
    warn("no non-missing arguments to max; returning -Inf")
    raise RError(sentence)


def cut_in_parts(x: Any, numbers: Vector, breaks: Any, labels: Any, right: Any) -> Any:
    """Dates or moments cut into so many parts: a part is called as the first of its elements is."""
    made = invoke("cut", numbers, breaks, labels=labels, right=right)
    if labels is not NULL:
        return made
    seen: dict[int, Any] = {}
    texts = texts_of(invoke("as.character", x))
    for code, text in zip(made.data.tolist(), texts, strict=True):
        seen.setdefault(code, text)
    # A missing element that comes first takes a part's place among them, as R has it.
    return invoke("levels<-", made, character(list(seen.values())))


@builtin("cut.Date", "x, breaks, labels = NULL, start.on.monday = TRUE, right = FALSE, ...")
def cut_date(x: Any, breaks: Any, labels: Any, monday: Any, right: Any, dots: Dots) -> Any:
    """Dates grouped by week, month, ... or by given days."""
    values = days_of(x)
    known = [day for day in values if not math.isnan(day)]
    by_step = isinstance(breaks, Vector) and breaks.kind == "character" and len(breaks) == 1
    if by_step:
        size, unit = parse_step(breaks, DATE_STEPS, CUT_REFUSALS)
    if not known and not (isinstance(breaks, Vector) and "Date" in get_class(breaks)):
        nothing_to_cut("'to' must be a finite number" if by_step and not values else "'from' must be a finite number")
    if by_step:
        start = _floor_to(min(known), unit, optional_flag(monday, True))
        edges = [start]
        while edges[-1] <= max(known):
            at = len(edges)
            if unit in MONTH_STEPS:
                edges.append(month_steps(start, int(size) * MONTH_STEPS[unit], at + 1)[-1])
            else:
                edges.append(start + at * size * (7 if unit == "week" else 1))
    elif isinstance(breaks, Vector) and "Date" in get_class(breaks):
        edges = sorted(days_of(breaks))
    else:
        if not isinstance(breaks, Vector) or breaks.kind not in ("double", "integer") or len(breaks) != 1:
            raise RError("invalid specification of 'breaks'")
        number = doubles(breaks)[0] if len(breaks) else math.nan
        if not 2 <= number < 2**31:
            raise RError("invalid number of intervals")
        return cut_in_parts(x, double(values), breaks, labels, right)
    names = format_dates(date_vector(edges[:-1]), "%Y-%m-%d")
    if isinstance(labels, Vector) and labels.kind == "character":
        names = labels.items()
    closed_right = optional_flag(right)
    codes: list[int | None] = []
    for day in values:
        found = None
        for at in range(len(edges) - 1):
            inside = edges[at] < day <= edges[at + 1] if closed_right else edges[at] <= day < edges[at + 1]
            if day == day and inside:
                found = at + 1
        codes.append(found)
    if isinstance(labels, Vector) and labels.kind == "logical" and not flag(labels, "labels"):
        return integer(codes)
    return integer(codes, {"levels": character(names), "class": character(["factor"])})
