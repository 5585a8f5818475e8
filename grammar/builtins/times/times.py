"""Moments: classes "POSIXct" (seconds since 1970) and "POSIXlt" (taken apart), their texts and sequences."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import RError, builtin, write
from pipekeras.grammar.builtins.text.formatting import factor_labels, get_class
from pipekeras.grammar.builtins.times.dates import (
    argument_text,
    checked_format,
    needs_origin,
    number_text,
    show_first,
    under_names,
)
from pipekeras.grammar.printing.dispatch import (
    invoke,
    option_number,
    optional_flag,
    optional_text,
    optional_whole,
    texts_of,
)
from pipekeras.grammar.text.clock import (
    Fields,
    days_from_civil,
    fields_of_days,
    fields_of_seconds,
    format_fields,
    has_year,
    parse_fields,
    seconds_as_told,
    seconds_of_fields,
)
from pipekeras.grammar.text.zones import local_zone, zone_names
from pipekeras.grammar.values import (
    NA_INTEGER,
    NA_REAL,
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
MOMENT = character(["POSIXct", "POSIXt"])
_FORMATS = (
    "%Y-%m-%d %H:%M:%OS", "%Y/%m/%d %H:%M:%OS", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d",
)  # fmt: skip


def moment_vector(seconds: Any, zone: str | None = None, source: Any = None) -> Vector:
    """A POSIXct vector; a zone other than None is remembered."""
    attributes: dict[str, Any] = {}
    names = names_of(source) if source is not None else None
    if names is not None:
        attributes["names"] = character(names)
    attributes["class"] = MOMENT
    if zone is not None:
        attributes["tzone"] = character(zone)
    return Vector("double", double(seconds if not isinstance(seconds, float) else [seconds]).data, attributes)


def zone_of(x: Any) -> str:
    """The time zone that a moment is shown in; "" is the machine's."""
    zone = get_attribute(x, "tzone")
    return "" if zone is NULL else str(zone.items()[0] or "")


def moments(x: Any, zone: str = "") -> list[float]:
    """Seconds since 1970 of a moment, date or text."""
    if isinstance(x, Vector) and "POSIXct" in get_class(x):
        return x.data.astype(float).tolist()
    made = invoke("as.POSIXct", x, character(zone))
    numbers: list[float] = made.data.astype(float).tolist()
    return numbers


@builtin("Sys.time", "")
def system_time() -> Any:
    """Now."""
    return moment_vector([time.time()])


@builtin("as.POSIXct", "x, tz = '', ...", generic="s3", needs_call=True)
def as_posixct(x: Any, tz: Any, dots: Dots, call: Any = None) -> Any:
    """Seconds since 1970 of texts, dates, numbers."""
    zone = optional_text(tz, "tz") or ""
    named = dict(dots)
    if None in named:
        # By place a text is followed by its format, a number by what it counts from.
        named.setdefault("format" if getattr(x, "kind", "") == "character" else "origin", named[None])
    if x is NULL:
        x = character([])
    if isinstance(x, Vector):
        classes = get_class(x)
        if "POSIXct" in classes:
            # The zone that is asked for says how to read a text; a moment keeps its own.
            return x
        if "POSIXlt" in classes:
            made = moment_vector(_seconds_of_parts(x, zone or zone_of(x)), zone or zone_of(x) or "")
            return made.with_attributes({**(_names_of_parts(x) or {}), **(made.attributes or {})})
        if "Date" in classes:
            return moment_vector(x.data * 86400.0, None, x)
        if "factor" in classes:
            x = character(factor_labels(x))
        if x.kind == "character":
            return _from_text(x, zone, named)
        missing = x.kind == "logical" and bool((x.data == -(2**31)).all())
        if missing or (x.kind in ("double", "integer") and "difftime" not in classes):
            numbers = doubles(Vector(x.kind, x.data))
            origin = named.get("origin")
            if origin is None:
                if not np.isfinite(numbers).any():
                    return moment_vector(numbers, zone, None if missing else x)
                raise RError("'origin' must be supplied")
            made = moment_vector(numbers + moments(origin, "GMT")[0], zone if tz is not NULL else None, x)
            if len(numbers) != 1:
                return made
            # What is computed carries its zone before its class.
            kept = dict(made.attributes or {})
            kept["class"] = kept.pop("class")
            return made.with_attributes(kept)
    raise RError(f"do not know how to convert '{argument_text(call)}' to class \u201cPOSIXct\u201d")


def _from_text(x: Vector, zone: str, named: dict[str | None, Any]) -> Vector:
    texts = x.items()
    given = named.get("format")
    if given is None or given is NULL:
        tried = named.get("tryFormats")
        templates = [text or "" for text in texts_of(tried)] if tried is not None else list(_FORMATS)
        known = [text for text in texts if text is not None]
        chosen = next(
            (template for template in templates if all(parse_fields(text, template) is not None for text in known)), None
        )
        if chosen is None:
            if optional_flag(named.get("optional")):
                return moment_vector([NA_REAL] * len(texts), zone, x)
            raise RError("character string is not in a standard unambiguous format")
        formats = [chosen]
    else:
        formats = [text or "" for text in texts_of(given)]
    out = []
    for at, text in enumerate(texts):
        fields = None if text is None else parse_fields(text, formats[at % len(formats)])
        out.append(NA_REAL if fields is None else _seconds(fields, zone))
    return moment_vector(out, zone, x)


def _seconds(fields: Fields, zone: str) -> float:
    if fields.zone == "+offset":
        return seconds_of_fields(fields, "UTC") - fields.offset
    return seconds_of_fields(fields, zone)


def _is_greenwich(zone: str) -> bool:
    return (zone or local_zone()) in ("UTC", "GMT")


def parts_vector(moments_apart: list[Fields | None], zone: str, read: bool = False) -> Vector:
    """A POSIXlt value.

    Args:
        moments_apart: the moments; None is a missing one.
        zone: the zone whose clock they show; "" is the machine's.
        read: whether they were read from text, which tells how far from Greenwich they are only where it says so.
    """
    columns: dict[str, Any] = {}
    missing = [fields is None for fields in moments_apart]
    known = [fields or Fields(1970, 1, 1) for fields in moments_apart]

    def whole(name: str, values: list[int]) -> None:
        columns[name] = integer([None if gone else value for gone, value in zip(missing, values, strict=True)])

    columns["sec"] = double([None if gone else fields.second for gone, fields in zip(missing, known, strict=True)])
    whole("min", [fields.minute for fields in known])
    whole("hour", [fields.hour for fields in known])
    whole("mday", [fields.day for fields in known])
    whole("mon", [fields.month - 1 for fields in known])
    whole("year", [fields.year - 1900 for fields in known])
    whole("wday", [fields.weekday for fields in known])
    whole("yday", [fields.yearday for fields in known])
    columns["isdst"] = integer([-1 if gone else fields.daylight for gone, fields in zip(missing, known, strict=True)])
    greenwich = _is_greenwich(zone)
    if not greenwich:
        told = [not read or fields.zone == "+offset" for fields in known]
        shown = ["" if gone or fields.zone == "+offset" else fields.zone for gone, fields in zip(missing, known, strict=True)]
        columns["zone"] = character(shown)
        columns["gmtoff"] = integer([fields.offset if say and not gone else None
                                     for say, gone, fields in zip(told, missing, known, strict=True)])
    from pipekeras.grammar.values import mk_list

    made = mk_list(list(columns.values()), list(columns)).with_attribute("class", character(["POSIXlt", "POSIXt"]))
    if greenwich:
        return made.with_attribute("tzone", character(zone or local_zone()))
    return made if read and not zone else made.with_attribute("tzone", character(zone_names(zone)))


def apart(x: Any, zone: str) -> list[Fields | None]:
    """Moments taken apart in a zone."""
    return [fields_of_seconds(second, zone) if has_year(second / 86400) else None for second in moments(x, zone)]


@builtin("as.POSIXlt", "x, tz = '', ...", generic="s3", needs_call=True)
def as_posixlt(x: Any, tz: Any, dots: Dots, call: Any = None) -> Any:
    """Moments taken apart into year, month, day, hour, ..."""
    zone = optional_text(tz, "tz") or ""
    if x is NULL:
        x = character([])
    if isinstance(x, Vector):
        classes = get_class(x)
        if "POSIXlt" in classes:
            return x
        if "Date" in classes:
            days = [fields_of_days(day) if has_year(day) else None for day in x.data.tolist()]
            return with_part_names(parts_vector(days, "UTC"), names_of(x))
        if "POSIXct" not in classes:
            if not _tells_moments(x, classes):
                raise RError(f"do not know how to convert '{argument_text(call)}' to class \u201cPOSIXlt\u201d")
            placed = [value for name, value in dots if name is None]
            if not placed and all(name != "origin" for name, _ in dots):
                needs_origin(x)
                if x.kind in ("integer", "double") and not classes:
                    # Numbers without an origin are moments only where none is finite, and these lose their names.
                    x = Vector(x.kind, x.data)
            text = x.kind == "character" or "factor" in classes
            x = invoke("as.POSIXct", x, character(zone), *placed, **{name: value for name, value in dots if name})
            if text:
                made = with_part_names(parts_vector(apart(x, zone), zone, read=True), names_of(x))
                return made.with_attribute("tzone", character(zone)) if zone else made
    zone = zone or zone_of(x)
    return with_part_names(parts_vector(apart(x, zone), zone), names_of(x))


def with_part_names(made: Vector, names: list[str | None] | None) -> Vector:
    """Moments taken apart that have names: the years carry them."""
    if names is None:
        return made
    at = (names_of(made) or []).index("year")
    parts = list(made.data)
    parts[at] = parts[at].with_attribute("names", character(names))
    return made.with_data(object_array(parts))


PART_NAMES = ("sec", "min", "hour", "mday", "mon", "year", "wday", "yday", "isdst", "zone", "gmtoff")


def _tells_moments(x: Vector, classes: list[str]) -> bool:
    """Whether a vector without a class of its own for moments can be read as some."""
    if classes:
        return "factor" in classes
    missing = x.kind == "logical" and all(item == NA_INTEGER for item in x.items())
    return missing or x.kind in ("character", "double", "integer")


def fields_of_parts(x: Vector) -> list[Fields | None]:
    """The moments of a POSIXlt value: the date and time carried over, the days of week and year as they are told."""
    parts = dict(zip(names_of(x) or PART_NAMES, x.items(), strict=False))
    columns = [doubles(parts[name]).tolist() for name in ("year", "mon", "mday", "hour", "min", "sec")]
    weekdays, yeardays = ([] if part is None else doubles(part).tolist() for part in (parts.get("wday"), parts.get("yday")))
    count = max(map(len, columns)) if all(columns) else 0
    zones = parts["zone"].items() if "zone" in parts else ["GMT" if zone_of(x) == "GMT" else "UTC"]
    offsets = doubles(parts["gmtoff"]).tolist() if "gmtoff" in parts else [0.0]
    out: list[Fields | None] = []
    for at in range(count):
        row = [column[at % len(column)] for column in columns]
        if any(value != value for value in row):
            out.append(None)
            continue
        days = days_from_civil(int(row[0]) + 1900, int(row[1]) + 1, int(row[2]))
        seconds = days * 86400 + row[3] * 3600 + row[4] * 60 + row[5]
        fields = fields_of_seconds(seconds, "UTC")
        if weekdays and yeardays:
            fields.weekday = _whole_or(weekdays[at % len(weekdays)], fields.weekday)
            fields.yearday = _whole_or(yeardays[at % len(yeardays)], fields.yearday)
        fields.zone = str(zones[at % len(zones)])
        fields.offset = _whole_or(offsets[at % len(offsets)], 0)
        out.append(fields)
    return out


def _whole_or(value: float, other: int) -> int:
    return other if value != value else int(value)


def _seconds_of_parts(x: Vector, zone: str) -> list[float]:
    told = dict(zip(names_of(x) or PART_NAMES, x.items(), strict=False)).get("isdst")
    flags = [-1] if told is None or not len(told) else [_whole_or(flag, -1) for flag in doubles(told).tolist()]
    return [NA_REAL if fields is None else seconds_as_told(fields, zone, flags[at % len(flags)])
            for at, fields in enumerate(fields_of_parts(x))]


@builtin("length.POSIXlt", "x")
def length_posixlt(x: Any) -> Any:
    """Number of moments."""
    return integer(len(fields_of_parts(x)))


def default_template(parts: list[Fields | None], digits: int | None = None) -> str:
    """Without clock times when all are midnight; no more digits of the seconds than any moment needs."""
    known = [fields for fields in parts if fields is not None]
    if all(fields.hour == 0 and fields.minute == 0 and fields.second == 0 for fields in known) and known:
        return "%Y-%m-%d"
    digits = option_number("digits.secs", 0) if digits is None else digits
    enough = (k for k in range(digits) if all(abs(fields.second - round(fields.second, k)) < 1e-6 for fields in known))
    digits = next(enough, min(digits, 6))
    return f"%Y-%m-%d %H:%M:%OS{digits}" if digits else "%Y-%m-%d %H:%M:%S"


def format_moments(
    parts: list[Fields | None], template: Any, show_zone: bool, digits: int | None = None
) -> list[str | None]:
    """Moments as text in a format, or in the shortest usual one."""
    given = [text or "" for text in texts_of(template)] if isinstance(template, Vector) else [""]
    usual = default_template(parts, digits)
    out: list[str | None] = []
    for at in range(max(len(parts), len(given)) if parts else 0):
        fields = parts[at % len(parts)]
        if fields is None:
            out.append(None)
            continue
        text = format_fields(fields, given[at % len(given)] or usual)
        out.append(f"{text} {fields.zone}" if show_zone and fields.zone else text)
    return out


@builtin(("format.POSIXct", "as.character.POSIXct"), "x, format = '', tz = '', usetz = FALSE, ...")
def format_posixct(x: Any, format: Any, tz: Any, use_zone: Any, dots: Dots) -> Any:
    """Moments as text."""
    checked_format(format, "format.POSIXlt(as.POSIXlt(x, tz), format, usetz, ...)")
    zone = (optional_text(tz, "tz") or "") or zone_of(x)
    digits = next((value for name, value in dots if name == "digits"), NULL)
    made = _moment_texts(x, zone, format, optional_flag(use_zone), optional_whole(digits, "digits"))
    return under_names(x, made)


def _moment_texts(x: Any, zone: str, template: Any, show_zone: bool, digits: int | None = None) -> list[str | None]:
    """Moments as text; one that is no number or infinite is written as that number."""
    texts = format_moments(apart(x, zone), template, show_zone, digits)
    values = moments(x)
    lost = [number_text(value) if math.isnan(value) or math.isinf(value) else None for value in values]
    return [text if lost[at % len(lost)] is None else lost[at % len(lost)] for at, text in enumerate(texts)]


@builtin(("format.POSIXlt", "as.character.POSIXlt"), "x, format = '', usetz = FALSE, digits = NULL, ...")
def format_posixlt(x: Any, format: Any, use_zone: Any, digits: Any, dots: Dots) -> Any:
    """Moments taken apart as text."""
    checked_format(format)
    return character(format_moments(fields_of_parts(x), format, optional_flag(use_zone), optional_whole(digits, "digits")),
                     _names_of_parts(x))


def _names_of_parts(x: Vector) -> dict[str, Any] | None:
    """The names of moments taken apart as an attribute: the years carry them."""
    years = next((part for part, name in zip(x.data, names_of(x) or [], strict=False) if name == "year"), NULL)
    names = get_attribute(years, "names")
    return None if names is NULL else {"names": names}


@builtin("strftime", "x, format = '', tz = '', usetz = FALSE, ...")
def strftime(x: Any, format: Any, tz: Any, use_zone: Any, dots: Dots) -> Any:
    """Moments as text."""
    zone = optional_text(tz, "tz") or ""
    if "Date" in get_class(x):
        parts: list[Fields | None] = [fields_of_days(d) if has_year(d) else None for d in x.data.tolist()]
    elif "POSIXlt" in get_class(x):
        parts = fields_of_parts(x)
    else:
        made = x
        if "POSIXct" not in get_class(x):
            needs_origin(x)
            if x is not NULL and not _tells_moments(x, get_class(x)):
                raise RError("do not know how to convert 'x' to class \u201cPOSIXlt\u201d")
            made = invoke("as.POSIXct", x, character(zone))
        parts = apart(made, zone)
    shown = format_moments(parts, format, optional_flag(use_zone))
    # Missing moments that stand as plain numbers or truths lose their names.
    is_plain = isinstance(x, Vector) and x.kind != "character" and not get_class(x)
    return character(shown) if is_plain or "POSIXlt" in get_class(x) else under_names(x, shown)


@builtin("summary.POSIXct", "object, digits = 15L, ...")
def summary_posixct(x: Any, digits: Any, dots: Dots) -> Any:
    """Quartiles and mean of moments."""
    from pipekeras.grammar.builtins.printing.summary import six_numbers

    seconds = np.asarray(moments(x))
    known = seconds[~np.isnan(seconds)]
    names = ["Min.", "1st Qu.", "Median", "Mean", "3rd Qu.", "Max."]
    made = invoke("signif", double(six_numbers(known)), digits)
    classes = ["summaryDefault", "table", *x.attributes["class"].items()]
    attributes = {"names": character(names), "class": character(classes)}
    if "tzone" in x.attributes:
        attributes["tzone"] = x.attributes["tzone"]
    if len(known) < len(seconds):
        attributes["NAs"] = integer(len(seconds) - len(known))
    return made.with_attributes(attributes)


@builtin("strptime", "x, format, tz = ''")
def strptime(x: Any, format: Any, tz: Any) -> Any:
    """Texts in a format taken apart."""
    zone = optional_text(tz, "tz") or ""
    if getattr(format, "kind", "") != "character" or not len(format):
        raise RError("invalid 'format' argument")
    formats = [text or "" for text in texts_of(format)]
    out: list[Fields | None] = []
    for at, text in enumerate(texts_of(x)):
        fields = None if text is None else parse_fields(text, formats[at % len(formats)])
        moved = None if fields is None else fields_of_seconds(_seconds(fields, zone), zone)
        if fields is not None and moved is not None and fields.zone == "+offset" and not _is_greenwich(zone):
            moved.zone, moved.offset = fields.zone, fields.offset
        out.append(moved)
    return with_part_names(parts_vector(out, zone, read=True), names_of(x) if getattr(x, "kind", "") == "character" else None)


@builtin("print.POSIXct", "x, tz = '', usetz = TRUE, max = NULL, ...", invisible=True)
def print_posixct(x: Any, tz: Any, use_zone: Any, limit: Any, dots: Dots) -> Any:
    """Moments with their zone, in quotes."""
    if not len(x):
        write('"POSIXct" of length 0\n'.replace('"', ""))
        return x
    zone = (optional_text(tz, "tz") or "") or zone_of(x)
    texts = _moment_texts(x, zone, NULL, optional_flag(use_zone, True))
    from pipekeras.grammar.builtins.printing.printing import settings_from

    # Moments have no extents when they are shown, only names.
    names = get_attribute(x, "names")
    shown = character(texts, {"names": names} if names is not NULL else None)
    show_first(shown, limit, settings_from(dots))
    return x


@builtin("print.POSIXlt", "x, tz = '', usetz = TRUE, max = NULL, ...", invisible=True)
def print_posixlt(x: Any, tz: Any, use_zone: Any, limit: Any, dots: Dots) -> Any:
    """Moments taken apart, shown whole."""
    parts = fields_of_parts(x)
    if not parts:
        write("POSIXlt of length 0\n")
        return x
    from pipekeras.grammar.builtins.printing.printing import settings_from

    texts = format_moments(parts, NULL, optional_flag(use_zone, True))
    show_first(character(texts, _names_of_parts(x)), limit, settings_from(dots))
    return x


@builtin("as.list.Date", "x, ...")
def as_list_date(x: Any, dots: Dots) -> Any:
    """Each element by itself, of the same class."""
    return _element_list(x)


@builtin(("as.list.POSIXct", "as.list.difftime"), "x, ...")
def as_list_posixct(x: Any, dots: Dots) -> Any:
    """Each element by itself, of the same class."""
    return _element_list(x)


def _element_list(x: Vector) -> Vector:
    from pipekeras.grammar.values import mk_list

    kept = {name: value for name, value in (x.attributes or {}).items() if name in ("class", "units", "tzone")}
    made = [Vector(x.kind, x.data[at : at + 1], dict(kept)) for at in range(len(x))]
    names = names_of(x)
    return mk_list(made) if names is None else mk_list(made).with_attribute("names", character(names))
