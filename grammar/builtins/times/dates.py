"""Dates: class "Date", days since 1970. Making them, showing them, parts of them and dates of numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import RError, builtin, write
from pipekeras.grammar.builtins.text.formatting import factor_labels, get_class
from pipekeras.grammar.evaluation.shown_calls import call_as_text
from pipekeras.grammar.nodes import Call
from pipekeras.grammar.printing.dispatch import (
    flag,
    invoke,
    one_text,
    option_number,
    optional_flag,
    optional_whole,
    texts_of,
)
from pipekeras.grammar.printing.show import show
from pipekeras.grammar.text.clock import (
    civil_from_days,
    days_from_civil,
    days_in_month,
    fields_of_days,
    fields_of_seconds,
    format_fields,
    has_year,
    parse_fields,
)
from pipekeras.grammar.values import (
    NA_REAL,
    NULL,
    Vector,
    character,
    dispatch_class,
    double,
    get_attribute,
    integer,
    is_na_real,
    names_of,
)
from pipekeras.grammar.vectors.coerce import coerce, doubles, parse_double
from pipekeras.grammar.vectors.report import no_method

Dots = list[tuple[str | None, Any]]
DATE = character(["Date"])


def date_vector(days: Any, source: Any = None) -> Vector:
    """A Date vector; names come from ``source``."""
    made = double(days)
    attributes = dict(made.attributes or {})
    names = names_of(source) if source is not None else None
    if names is not None:
        attributes["names"] = character(names)
    attributes["class"] = DATE
    return Vector("double", made.data, attributes)


def days_of(x: Any) -> list[float]:
    """Day counts of a Date, a date-time or a text."""
    if isinstance(x, Vector) and "Date" in get_class(x):
        numbers: list[float] = doubles(Vector(x.kind, x.data)).tolist()
        return numbers
    made = invoke("as.Date", x)
    more: list[float] = doubles(Vector(made.kind, made.data)).tolist()
    return more


@builtin("Sys.Date", "")
def system_date() -> Any:
    """Today."""
    import time

    from pipekeras.grammar.text.zones import local_zone

    fields = fields_of_seconds(time.time(), local_zone())
    return date_vector([float(days_from_civil(fields.year, fields.month, fields.day))])


@builtin("as.Date", "x, ...", generic="s3", needs_call=True)
def as_date(x: Any, dots: Dots, call: Any = None) -> Any:
    """A Date from text, numbers or date-times."""
    if x is NULL:
        return date_vector([])
    if isinstance(x, Vector) and x.kind == "logical" and bool((x.data == -(2**31)).all()):
        return date_vector([NA_REAL] * len(x))
    raise RError(f"do not know how to convert '{argument_text(call)}' to class \u201cDate\u201d")


def argument_text(call: Any) -> str:
    """The first argument as the call spells it; other functions hand theirs on as `x`."""
    from pipekeras.grammar.deparse import deparse_short

    if type(call) is Call and call.args and any(
        call.is_call_of(name) for name in ("as.Date", "as.POSIXct", "as.POSIXlt")
    ):
        return deparse_short(call.args[0].value)
    return "x"


@builtin("as.Date.Date", "x, ...")
def as_date_date(x: Any, dots: Dots) -> Any:
    """A Date as it is."""
    return x


@builtin("as.Date.character", "x, format, tryFormats = c('%Y-%m-%d', '%Y/%m/%d'), optional = FALSE, ...")
def as_date_character(x: Any, format: Any = NULL, try_formats: Any = NULL, optional: Any = NULL, dots: Any = ()) -> Any:
    """A Date from text in a format, or in the first of several formats that fits."""
    texts = texts_of(x)
    if format is NULL:
        known = next((text for text in texts if text is not None and text != ""), None)
        if known is None:
            return date_vector([NA_REAL] * len(texts), x)
        templates = [text or "" for text in texts_of(try_formats)]
        chosen = next((template for template in templates if parse_fields(known, template) is not None), None)
        if chosen is None:
            if optional_flag(optional):
                return date_vector([NA_REAL] * len(texts))
            raise RError("character string is not in a standard unambiguous format", call=_char_to_date())
        formats: list[str] = [chosen]
    else:
        formats = [text or "" for text in texts_of(format)] if getattr(format, "kind", "") == "character" else []
        if not formats:
            raise RError("invalid 'format' argument")
    days = []
    for at, text in enumerate(texts):
        fields = None if text is None else parse_fields(text, formats[at % len(formats)])
        days.append(NA_REAL if fields is None else float(days_from_civil(fields.year, fields.month, fields.day)))
    return date_vector(days, x)


def _char_to_date() -> Any:
    from pipekeras.grammar.nodes import Symbol, make_call

    return make_call("charToDate", Symbol("x"))


@builtin("as.Date.factor", "x, ...")
def as_date_factor(x: Any, dots: Dots) -> Any:
    """A Date from the labels of a factor."""
    named = {name: value for name, value in dots if name}
    return invoke("as.Date", character(factor_labels(x)), *[value for name, value in dots if not name], **named)


@builtin("as.Date.numeric", "x, origin, ...")
def as_date_numeric(x: Any, origin: Any = NULL, dots: Any = ()) -> Any:
    """A Date from days since an origin."""
    if origin is NULL:
        if not any(math.isfinite(value) for value in doubles(x).tolist()):
            made = date_vector(doubles(x), x)
            return made if x.kind == "double" else Vector("integer", coerce(x, "integer").data, made.attributes)
        raise RError("'origin' must be supplied")
    start = days_of(origin)[0]
    return date_vector(doubles(Vector(x.kind, x.data)) + start, x)


@builtin("as.Date.POSIXct", "x, tz = 'UTC', ...")
def as_date_posixct(x: Any, tz: Any, dots: Dots) -> Any:
    """The day of each moment."""
    zone = one_text(tz, "tz")
    out = []
    for seconds in x.data.tolist():
        if not math.isfinite(seconds):
            out.append(NA_REAL)
            continue
        fields = fields_of_seconds(seconds, zone)
        out.append(float(days_from_civil(fields.year, fields.month, fields.day)))
    return date_vector(out, x)


@builtin("as.Date.POSIXlt", "x, ...")
def as_date_posixlt(x: Any, dots: Dots) -> Any:
    """The day of each moment taken apart."""
    from pipekeras.grammar.builtins.times.times import fields_of_parts

    days = [None if fields is None else days_from_civil(fields.year, fields.month, fields.day) for fields in fields_of_parts(x)]
    return date_vector([NA_REAL if day is None else float(day) for day in days])


def needs_origin(x: Any) -> None:
    """Refuse numbers where a date or moment is asked for: they count from nowhere."""
    if isinstance(x, Vector) and x.kind in ("double", "integer") and not get_class(x) and np.isfinite(doubles(x)).any():
        raise RError("'origin' must be supplied")


def number_text(value: float) -> str | None:
    """What stands for a date or moment that is no number or infinite; None for a missing one."""
    if value != value:
        return None if is_na_real(value) else "NaN"
    return "Inf" if value > 0 else "-Inf"


def format_dates(x: Any, template: str | list[str]) -> list[str | None]:
    """Dates as text; NA stays NA."""
    if x.kind in ("character", "list"):
        raise RError("non-numeric argument to mathematical function")
    out: list[str | None] = []
    templates = [template] if isinstance(template, str) else template
    for at, days in enumerate(x.data.tolist()):
        if days != days or abs(days) == math.inf:
            out.append(number_text(days))
        elif not has_year(days):
            out.append(None)
        elif templates == ["%Y-%m-%d"]:
            year, month, day = civil_from_days(math.floor(days))
            out.append(f"{year}-{month:02d}-{day:02d}")
        else:
            fields = fields_of_days(days)
            out.append(format_fields(fields, templates[at % len(templates)]))
    return out


def _template(values: Any) -> list[str]:
    texts = [text or "" for text in texts_of(values)] if isinstance(values, Vector) else []
    return [text or "%Y-%m-%d" for text in texts] or ["%Y-%m-%d"]


def checked_format(format: Any, call: str | None = None) -> None:
    """Refuse a format that is no text."""
    if getattr(format, "kind", "") != "character" or not len(format):
        raise RError("invalid 'format' argument", call=None if call is None else call_as_text(call))


@builtin("format.Date", "x, format = '', ...")
def format_date(x: Any, format: Any, dots: Dots) -> Any:
    """Dates, or what can be made moments, as text in a format."""
    if "Date" not in get_class(x):
        made = invoke("format", invoke("as.POSIXlt", x), *([] if format is NULL else [format]))
        names = None if "POSIXlt" in get_class(x) else names_of(x)
        return made if names is None else made.with_attribute("names", character(names))
    checked_format(format, "format.POSIXlt(as.POSIXlt(x), ...)")
    zone = next((value for name, value in dots if name == "usetz"), NULL)
    templates = _template(format)
    if 0 < len(x) < len(templates):
        # More formats than dates: the dates start again.
        made = format_dates(invoke("rep_len", x, integer(len(templates))), templates)
        return character(made)
    made = format_dates(x, templates)
    if zone is not NULL and optional_flag(zone):
        made = [None if text is None else f"{text} UTC" for text in made]
    return under_names(x, made)


@builtin("as.character.Date", "x, ...")
def as_character_date(x: Any, dots: Dots) -> Any:
    """Dates as text."""
    given = next((value for name, value in dots if name in (None, "format")), character(""))
    checked_format(given, "format.POSIXlt(as.POSIXlt(x), ...)")
    return under_names(x, format_dates(x, _template(given)))


@builtin("print.Date", "x, max = NULL, ...", invisible=True)
def print_date(x: Any, limit: Any, dots: Dots) -> Any:
    """Dates in quotes."""
    if not len(x):
        write('Date of length 0\n')
        return x
    from pipekeras.grammar.builtins.printing.printing import settings_from

    # Dates of a matrix are shown one after the other.
    names = get_attribute(x, "names")
    flat = Vector(x.kind, x.data, None if names is NULL else {"names": names})
    show_first(under_names(flat, format_dates(x, "%Y-%m-%d")), limit, settings_from(dots))
    return x


def show_first(texts: Vector, limit: Any, settings: Any) -> None:
    """Texts as a vector, no more than were asked for, and how many were left out."""
    most = optional_whole(limit, "max")
    most = option_number("max.print", 99999) if most is None else most
    if most >= len(texts):
        show(texts, settings)
        return
    show(invoke("[", texts, integer(list(range(1, most + 1)))), settings)
    write(f' [ reached \'max\' / getOption("max.print") -- omitted {len(texts) - most} entries ]\n')


@builtin("weekdays", "x, abbreviate = FALSE", generic="s3")
def weekdays(x: Any, abbreviate: Any) -> Any:
    """Names of the days of the week."""
    return _of_moments(x, _named_parts(x, "%a" if flag(abbreviate, "abbreviate") else "%A"))


@builtin("months", "x, abbreviate = FALSE", generic="s3")
def months(x: Any, abbreviate: Any) -> Any:
    """Names of the months."""
    return _of_moments(x, _named_parts(x, "%b" if flag(abbreviate, "abbreviate") else "%B"))


def _of_moments(x: Any, texts: list[str | None]) -> Any:
    """Texts under the names of the moments; the names of moments taken apart are those of their parts."""
    return character(texts) if "POSIXlt" in get_class(x) else under_names(x, texts)


def under_names(x: Any, texts: list[str | None]) -> Vector:
    """Texts under the names of what they tell of; an array has none, and its shape is not kept."""
    names = names_of(x)
    return character(texts, {"names": character(names)} if names is not None and len(names) == len(texts) else None)


def _named_parts(x: Any, template: str) -> list[str | None]:
    generic = {"%a": "weekdays", "%A": "weekdays", "%b": "months", "%B": "months", "%m": "quarters"}[template]
    if not {"Date", "POSIXct", "POSIXlt"} & set(get_class(x)):
        classes = dispatch_class(x)
        shown = classes[0] if len(classes) == 1 else "c(" + ", ".join(f"'{one}'" for one in classes) + ")"
        raise RError(f"no applicable method for '{generic}' applied to an object of class \"{shown}\"")
    if "Date" in get_class(x):
        return format_dates(x, template)
    return texts_of(invoke("format", x, character(template)))


@builtin("quarters", "x, abbreviate = FALSE", generic="s3")
def quarters(x: Any, abbreviate: Any) -> Any:
    """Quarters of the year."""
    if "POSIXlt" in get_class(x):
        # The month as it is told, beyond the year's end too.
        told = doubles(x.data[(names_of(x) or []).index("mon")]).tolist()
        return character(["QNA" if month != month else f"Q{int(month) // 3 + 1}" for month in told] or ["Q"])
    numbers = _named_parts(x, "%m")
    # No date at all still gives the letter, as pasting it to nothing does.
    return character(["QNA" if text is None else f"Q{(int(text) - 1) // 3 + 1}" for text in numbers] or ["Q"])


@builtin("julian", "x, origin = NULL, ...", generic="s3")
def julian(x: Any, origin: Any, dots: Dots) -> Any:
    """Days since an origin."""
    if not {"Date", "POSIXct", "POSIXlt"} & set(get_class(x)):
        no_method("julian", x)
    start = 0.0 if origin is NULL else days_of(origin)[0]
    shown = date_vector([start]) if origin is NULL else origin
    if "Date" not in get_class(x):
        epoch = invoke("as.POSIXct", double(0.0), tz=character("GMT"), origin=character("1970-01-01"))
        first = epoch if origin is NULL else origin
        made = invoke("difftime", invoke("as.POSIXct", x), invoke("as.POSIXct", first), units=character("days"))
        return made.with_attribute("origin", first)
    names = names_of(x)
    notes = {} if names is None else {"names": character(names)}
    shape = get_attribute(x, "dim")
    extents = {} if shape is NULL else {"dim": shape}
    return double(np.asarray(days_of(x)) - start, {**notes, **extents, "origin": shown})


@builtin("summary.Date", "object, digits = 12L, ...")
def summary_date(x: Any, digits: Any, dots: Dots) -> Any:
    """Quartiles and mean of dates."""
    from pipekeras.grammar.builtins.printing.summary import six_numbers

    numbers = np.asarray(days_of(x))
    kept = numbers[~np.isnan(numbers)]
    values = six_numbers(kept)
    names = ["Min.", "1st Qu.", "Median", "Mean", "3rd Qu.", "Max."]
    attributes = {"names": character(names), "class": character(["summaryDefault", "table", "Date"])}
    if len(kept) < len(numbers):
        attributes["NAs"] = integer(len(numbers) - len(kept))
    made = double([float(value) for value in values], attributes)
    return invoke("signif", made.with_attributes(None), digits).with_attributes(attributes)


def _numbers_of_texts(value: Any) -> list[float]:
    """Numbers of a date's part; a text that is none makes the date missing without a word."""
    if isinstance(value, Vector) and value.kind == "character":
        return [NA_REAL if (read := parse_double(text)) is None else read for text in value.items()]
    numbers: list[float] = doubles(value).tolist()
    return numbers


@builtin("ISOdatetime", "year, month, day, hour, min, sec, tz = ''")
def iso_datetime(year: Any, month: Any, day: Any, hour: Any, minute: Any, second: Any, tz: Any) -> Any:
    """A moment from its numbers."""
    from pipekeras.grammar.builtins.times.times import moment_vector
    from pipekeras.grammar.text.clock import Fields, seconds_of_fields

    columns = [_numbers_of_texts(part) for part in (year, month, day, hour, minute, second)]
    zone = one_text(tz, "tz")
    count = max(map(len, columns)) if all(columns) else 0
    out = []
    for at in range(count):
        parts = [column[at % len(column)] for column in columns]
        valid = all(part == part for part in parts) and 1 <= parts[1] <= 12 and not any(part % 1 for part in parts[:5])
        valid = valid and 1 <= parts[2] <= days_in_month(int(parts[0]), int(parts[1]))
        valid = valid and 0 <= parts[3] <= 24 and 0 <= parts[4] < 60 and 0 <= parts[5] <= 61
        if not valid:
            out.append(NA_REAL)
            continue
        fields = Fields(int(parts[0]), int(parts[1]), int(parts[2]), int(parts[3]), int(parts[4]), parts[5])
        out.append(seconds_of_fields(fields, zone))
    return moment_vector(out, zone)


@builtin("ISOdate", "year, month, day, hour = 12, min = 0, sec = 0, tz = 'GMT'")
def iso_date(year: Any, month: Any, day: Any, hour: Any, minute: Any, second: Any, tz: Any) -> Any:
    """A moment at noon, Greenwich, unless told otherwise."""
    return iso_datetime(year, month, day, hour, minute, second, tz)


@builtin("OlsonNames", "tzdir = NULL")
def zone_names(folder: Any) -> Any:
    """Names of the known time zones."""
    from zoneinfo import available_timezones

    return character(sorted(available_timezones()))
