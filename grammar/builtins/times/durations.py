"""Differences of time: class "difftime"; elements, summaries and steps of dates, moments and differences."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.indexing import split_value
from pipekeras.grammar.builtins.registry import RError, builtin, write
from pipekeras.grammar.builtins.text.formatting import choose, format_vector, get_class
from pipekeras.grammar.builtins.times.dates import days_of, needs_origin
from pipekeras.grammar.builtins.times.times import moments
from pipekeras.grammar.printing.dispatch import (
    current_settings,
    invoke,
    one_text,
    optional_flag,
    optional_whole,
)
from pipekeras.grammar.printing.show import show
from pipekeras.grammar.values import NA_REAL, NULL, Vector, character, double, get_attribute, names_of
from pipekeras.grammar.vectors import arithmetic as kernels
from pipekeras.grammar.vectors.assigning import assign_subset
from pipekeras.grammar.vectors.coerce import doubles
from pipekeras.grammar.vectors.indexing import element, subset
from pipekeras.grammar.vectors.report import no_method

Dots = list[tuple[str | None, Any]]
SECONDS = {"secs": 1.0, "mins": 60.0, "hours": 3600.0, "days": 86400.0, "weeks": 604800.0}
_CHOICES = ("auto", "secs", "mins", "hours", "days", "weeks")
_KEPT = ("class", "units", "tzone")


def duration(values: Any, units: str, source: Any = None) -> Vector:
    """A difftime vector."""
    attributes: dict[str, Any] = {name: value for name in ("names", "dim", "dimnames")
                                  if (value := get_attribute(source, name)) is not NULL}
    attributes["class"] = character("difftime")
    attributes["units"] = character(units)
    return Vector("double", double(values).data, attributes)


def units_of(x: Any) -> str:
    """The unit that a difference is counted in."""
    return one_text(get_attribute(x, "units"), "units")


def _best_units(seconds: np.ndarray) -> str:
    known = np.abs(seconds[~np.isnan(seconds)])
    least = float(known.min()) if known.size else np.nan
    if least != least or least < 60:
        return "secs"
    return "mins" if least < 3600 else "hours" if least < 86400 else "days"


def difference(seconds: np.ndarray, units: str, source: Any = None) -> Vector:
    """A difftime of seconds in a unit, or in the best unit for "auto"."""
    chosen = _best_units(seconds) if units == "auto" else units
    return duration(seconds / SECONDS[chosen], chosen, source)


def as_seconds(x: Any, name: str = "x") -> Vector:
    """Seconds of dates, moments or texts; what is none is told by the name of its argument."""
    if isinstance(x, Vector) and "Date" in get_class(x):
        return Vector("double", np.asarray(days_of(x)) * 86400.0)
    return Vector("double", np.asarray(moments(_as_class("as.POSIXct", x, name))))


@builtin("difftime", "time1, time2, tz = '', units = NULL")
def difftime(first: Any, second: Any, tz: Any, units: Any) -> Any:
    """Time from ``time2`` to ``time1``."""
    how = choose(units, _CHOICES, "units")
    zone = one_text(tz, "tz")
    if zone:
        first, second = (invoke("as.POSIXct", one, tz=tz) if getattr(one, "kind", "") == "character" else one
                         for one in (first, second))
    apart = kernels.arithmetic("-", as_seconds(first, "time1"), as_seconds(second, "time2")).data
    return difference(apart, how, next((x for x in (first, second) if len(x) == len(apart) and names_of(x) is not None
                                         and "POSIXlt" not in get_class(x)), None))


@builtin("as.difftime", "tim, format = '%X', units = 'auto', tz = 'UTC'")
def as_difftime(tim: Any, format: Any, units: Any, tz: Any) -> Any:
    """Numbers or clock texts as a difference of time."""
    if isinstance(tim, Vector) and "difftime" in get_class(tim):
        return tim
    texts = isinstance(tim, Vector) and tim.kind == "character"
    if not texts and isinstance(units, Vector) and units.kind == "character" and units.items()[0] not in _CHOICES:
        # Of numbers the unit is named in full.
        raise RError("invalid units specified")
    how = choose(units, _CHOICES, "units")
    if texts:
        from pipekeras.grammar.text.clock import parse_fields

        seconds = []
        for text in tim.items():
            fields = None if text is None else parse_fields(text, one_text(format, "format"))
            seconds.append(NA_REAL if fields is None else fields.hour * 3600 + fields.minute * 60 + fields.second)
        return difference(np.asarray(seconds), how, tim)
    if how == "auto":
        raise RError("need explicit units for numeric conversion")
    if getattr(tim, "kind", "") not in ("integer", "double") or "factor" in get_class(tim):
        raise RError("'tim' is not character or numeric")
    made = duration(doubles(tim), how, tim)
    return made if tim.kind != "integer" else Vector("integer", tim.data, made.attributes)


@builtin("units", "x", generic="s3")
def units(x: Any) -> Any:
    """The unit of a difference of time."""
    if "difftime" in get_class(x):
        return get_attribute(x, "units")
    return no_method("units", x)


@builtin("units<-", "x, value", generic="s3")
def units_assign(x: Any, value: Any) -> Any:
    """The same difference in another unit."""
    if "difftime" not in get_class(x):
        no_method("units<-", x)
    wanted = next((unit for unit in _CHOICES[1:] if value.items()[:1] == [unit]), None) if type(value) is Vector else None
    if wanted is None:
        raise RError("invalid units specified")
    scale = SECONDS[units_of(x)] / SECONDS[wanted]
    made = duration(x.data * scale, wanted, x)
    return made if units_of(x) == wanted else class_last(made)


def class_last(made: Vector) -> Vector:
    """R takes the class off to compute and puts it on again behind what stayed: only dput() shows it."""
    kept = dict(made.attributes or {})
    kept["class"] = kept.pop("class")
    return made.with_attributes(kept)


@builtin(("as.double.difftime", "as.numeric.difftime"), "x, units = 'auto', ...")
def as_double_difftime(x: Any, unit: Any, dots: Dots) -> Any:
    """The number of units."""
    wanted = one_text(unit, "units")
    if wanted == "auto":
        return double(x.data)
    return double(x.data * (SECONDS[units_of(x)] / SECONDS[choose(unit, _CHOICES[1:], "units")]))


@builtin("format.difftime", "x, ...")
def format_difftime(x: Any, dots: Dots) -> Any:
    """The number and its unit."""
    trim = next((value for name, value in dots if name is None), NULL)
    if trim is not NULL and getattr(trim, "kind", None) != "logical":
        raise RError("invalid 'trim' argument")
    digits = next((value for name, value in dots if name == "digits"), NULL)
    width = next((value for name, value in dots if name == "width"), NULL)
    if any(name not in (None, "digits", "width") for name, _ in dots):
        texts = invoke("format", Vector(x.kind, x.data), **{name: value for name, value in dots if name}).items()
    else:
        texts = format_vector(Vector(x.kind, x.data), digits=optional_whole(digits, "digits"),
                              width=optional_whole(width, "width") or 0)
    return character([f"{text} {units_of(x)}" for text in texts or [""]])


@builtin("print.difftime", "x, digits = NULL, ...", invisible=True)
def print_difftime(x: Any, digits: Any, dots: Dots) -> Any:
    """What the unit is, and the numbers."""
    settings = current_settings(digits=optional_whole(digits, "digits"))
    if len(x) <= 1 and get_attribute(x, "dim") is NULL:
        text = "".join(map(str, format_vector(Vector(x.kind, x.data), digits=settings.digits))) if len(x) else ""
        write(f"Time difference of {text} {units_of(x)}\n")
    else:
        write(f"Time differences in {units_of(x)}\n")
        kept = {name: value for name, value in (x.attributes or {}).items() if name not in ("class", "units")}
        show(Vector(x.kind, x.data, kept or None), settings)
    return x


def bare(x: Any, scale: float = 1.0) -> Any:
    if not isinstance(x, Vector):
        return x
    if x.kind == "character":
        return x
    if x.kind == "complex":
        return x.with_attributes(None)
    kept = {name: value for name in ("names", "dim", "dimnames") if (value := get_attribute(x, name)) is not NULL}
    return Vector("double", doubles(Vector(x.kind, x.data)) * scale, kept or None)


def kind_of_time(x: Any) -> str:
    classes = get_class(x)
    for name in ("Date", "POSIXct", "POSIXlt", "difftime"):
        if name in classes:
            return "POSIXct" if name == "POSIXlt" else name
    return "text" if getattr(x, "kind", "") == "character" else "number"


def moment_of(x: Any) -> Any:
    return invoke("as.POSIXct", x) if "POSIXlt" in get_class(x) else x


def restored(result: Vector, template: Any, computed: bool = True) -> Vector:
    """A result in the class of a template; what was computed, not picked, carries its zone before its class."""
    attributes = dict(result.attributes or {})
    for name in _KEPT:
        value = get_attribute(template, name)
        if value is not NULL:
            attributes[name] = value
    if computed and "tzone" in attributes and len(result) == len(template):
        attributes["class"] = attributes.pop("class")
    return Vector(result.kind, result.data, attributes)


@builtin(("[.Date", "[.POSIXct", "[.difftime"), "x, ..., drop = TRUE")
def subset_time(x: Any, dots: Dots, drop: Any) -> Any:
    """Some of the elements, of the same class."""
    bare = Vector(x.kind, x.data, {k: v for k, v in (x.attributes or {}).items() if k not in _KEPT} or None)
    return restored(subset(bare, [value for _, value in dots], optional_flag(drop, True)), x, computed=False)


@builtin(("[[.Date", "[[.POSIXct"), "x, ..., drop = TRUE")
def element_time(x: Any, dots: Dots, drop: Any) -> Any:
    """One element, of the same class."""
    bare = Vector(x.kind, x.data, {k: v for k, v in (x.attributes or {}).items() if k not in _KEPT} or None)
    return restored(element(bare, [value for _, value in dots]), x, computed=False)


def _converted(value: Any, template: Any) -> Any:
    kind = kind_of_time(template)
    if kind == "difftime" and getattr(value, "kind", "") == "character":
        return value
    if kind == "Date" and kind_of_time(value) != "Date":
        value = _as_class("as.Date", value)
    elif kind == "POSIXct" and kind_of_time(value) != "POSIXct":
        value = _as_class("as.POSIXct", value)
    elif kind == "difftime" and kind_of_time(value) == "difftime":
        return bare(value, SECONDS[units_of(value)] / SECONDS[units_of(template)])
    return bare(value)


def _as_class(name: str, value: Any, told: str = "value") -> Any:
    """What is assigned or compared, read as a date or moment; the sentence of one that is none tells its argument."""
    needs_origin(value)
    try:
        return invoke(name, value)
    except RError as problem:
        if not str(problem).startswith("do not know how to convert"):
            raise
        raise RError(f"do not know how to convert '{told}' to class \u201c{name[3:]}\u201d") from None


@builtin(("[<-.Date", "[<-.POSIXct", "[<-.difftime"), "x, ...")
def assign_time(x: Any, dots: Dots) -> Any:
    """Elements replaced; text is read as a date or moment."""
    dots, value = split_value(dots)
    if (value is NULL or len(value) == 0) and kind_of_time(x) != "difftime":
        return x
    bare = Vector(x.kind, x.data, {k: v for k, v in (x.attributes or {}).items() if k not in _KEPT} or None)
    return restored(assign_subset(bare, [index for _, index in dots], _converted(moment_of(value), x)), x)


def _enter_summary(name: str) -> None:
    def summarise(dots: Dots, na_rm: Any) -> Any:
        given = [value for _, value in dots]
        if not given:
            raise RError(f"no arguments to {name}")
        template = given[0]
        if kind_of_time(template) == "difftime":
            if any(kind_of_time(value) != "difftime" for value in given):
                raise RError("comparison of these types is not implemented")
            units = {units_of(value) for value in given if kind_of_time(value) == "difftime"}
            if len(units) > 1:
                template = template.with_attribute("units", character("secs"))
        if name == "sum" and kind_of_time(template) != "difftime":
            raise RError(f"'{name}' not defined for \"POSIXt\" objects" if kind_of_time(template) == "POSIXct" else
                         f"{name} not defined for \"{kind_of_time(template)}\" objects")
        if kind_of_time(template) == "difftime":
            plain = [bare(value, SECONDS[units_of(value)] / SECONDS[units_of(template)]) for value in given]
        else:
            # The bare numbers are compared, whatever else than a text stands beside them.
            plain = [_converted(value, template) if name == "range" or kind_of_time(value) == "text"
                    else value if getattr(value, "kind", "") == "list" else bare(value) for value in given]
        return restored(invoke(name, *plain, **{"na.rm": na_rm}), template)

    builtin(tuple(f"{name}.{class_name}" for class_name in ("Date", "POSIXct", "difftime")), "..., na.rm = FALSE")(summarise)


for _name in ("min", "max", "range", "sum"):
    _enter_summary(_name)


def _enter_math(name: str) -> None:
    def compute(x: Any, dots: Dots) -> Any:
        return restored(invoke(name, bare(x), *[value for _, value in dots]), x)

    builtin(f"{name}.difftime", "x, ...")(compute)


for _name in ("round", "abs", "sign", "floor", "ceiling", "trunc", "signif"):
    _enter_math(_name)


def _refuse(method: str, message: str) -> None:
    @builtin(method, "x, ...")
    def refuse(x: Any, dots: Dots) -> Any:
        raise RError(message)


def _enter_refusal(name: str) -> None:
    for class_name, shown in (("Date", "{} not defined for \"Date\" objects"),
                              ("POSIXct", "'{}' not defined for \"POSIXt\" objects"),
                              ("POSIXlt", "'{}' not defined for \"POSIXt\" objects"),
                              ("difftime", "'{}' not defined for \"difftime\" objects")):
        _refuse(f"{name}.{class_name}", shown.format(name))


def _enter_sign_refusal(name: str) -> None:
    for class_name in ("POSIXct", "POSIXlt"):
        _refuse(f"{name}.{class_name}", f"'{name}' not defined for \"POSIXt\" objects")
    _refuse(f"{name}.Date", f"{name} not defined for \"Date\" objects")


_refuse("signif.Date", 'signif not defined for "Date" objects')
_refuse("signif.POSIXt", "'signif' not defined for \"POSIXt\" objects")
_refuse("sum.POSIXlt", "'sum' not defined for \"POSIXt\" objects")

for _name in ("abs", "sign", "floor", "ceiling"):
    _enter_sign_refusal(_name)


for _name in ("prod", "any", "all"):
    _enter_refusal(_name)


for _name in ("sqrt", "exp", "log", "cumsum", "cumprod", "cummax", "cummin", "sin", "cos", "tan", "gamma", "lgamma", "log2",
              "log10", "log1p", "expm1", "tanh", "digamma", "trigamma", "acos", "asin", "atan", "cosh", "sinh", "acosh",
              "asinh", "atanh", "cospi", "sinpi", "tanpi"):
    _enter_refusal(_name)


@builtin(("diff.Date", "diff.POSIXt", "diff.POSIXct", "diff.difftime"), "x, lag = 1L, differences = 1L, ...")
def diff_time(x: Any, lag: Any, differences: Any, dots: Dots) -> Any:
    """Differences of neighbours."""
    kind = kind_of_time(x)
    step = optional_whole(lag, "lag") or 1
    made = x
    for _ in range(optional_whole(differences, "differences") or 1):
        values = made.data
        change = values[step:] - values[:-step] if len(values) > step else np.empty(0)
        again = kind_of_time(made) == "difftime"
        named = "names" in (made.attributes or {}) and (len(change) > 0 or kind == "difftime")
        # A difference is named for the later of its two.
        names = {"names": character((names_of(made) or [])[step:])} if named else {}
        source = Vector("double", change, names)
        if again:
            made = duration(change, units_of(made), source)
        else:
            made = duration(change, "days", source) if kind == "Date" else difference(change, "auto", source)
        if again and kind != "difftime":
            # What is the difference of differences got its class before its names.
            made = made.with_attributes({**{k: v for k, v in (made.attributes or {}).items() if k != "names"}, **names})
    return made


@builtin(("rep.Date", "rep.POSIXct", "rep.difftime", "rev.Date"), "x, ...", needs_call=True)
def rep_time(x: Any, dots: Dots, call: Any = None) -> Any:
    """Elements repeated, of the same class."""
    name = getattr(getattr(call, "function", None), "name", "rep").split(".")[0]
    named = {label: value for label, value in dots if label}
    plain = [value for label, value in dots if not label]
    return restored(invoke("rev" if name == "rev" else "rep", bare(x), *plain, **named), x)


@builtin(("unique.Date", "unique.POSIXct", "sort.Date", "sort.POSIXct"), "x, ...", needs_call=True)
def unique_time(x: Any, dots: Dots, call: Any = None) -> Any:
    """Elements without repetition or in order, of the same class."""
    name = getattr(getattr(call, "function", None), "name", "unique").split(".")[0]
    named = {label: value for label, value in dots if label}
    return restored(invoke(name if name in ("unique", "sort") else "unique", bare(x), **named), x)
