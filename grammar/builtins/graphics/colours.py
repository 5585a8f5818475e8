"""Colours: from channels, from names, and ramps of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import RError, builtin
from pipekeras.grammar.colour_names import named_colours
from pipekeras.grammar.colours import PALETTE, UnknownColour, channels, colour, from_fractions, from_hue
from pipekeras.grammar.values import NULL, Value, Vector, character, dim_of, double, integer, mk_list, names_of
from pipekeras.grammar.vectors.arguments import number
from pipekeras.grammar.vectors.coerce import coerce


def _fractions(value: Any, name: str, scale: float = 1.0) -> list[float]:
    found = [float(item) / scale for item in coerce(value, "double").items()]
    for one in found:
        if not 0.0 <= one <= 1.0:
            raise RError(f"invalid {name} level, not in [0,1]" if name == "gray" else f"color intensity {one:g}, not in [0,1]")
    return found


def _columns(*columns: list[float]) -> list[tuple[float, ...]]:
    count = max(len(column) for column in columns) if all(columns) else 0
    return [tuple(column[index % len(column)] for column in columns) for index in range(count)]


def _channels_of(given: Any) -> list[Any]:
    """Return the columns of a matrix or a data frame; a plain vector has none."""
    if given.kind == "list":
        return [np.asarray(coerce(column, "double").data) for column in given.items()]
    sizes = dim_of(given)
    if sizes is None or len(sizes) != 2:
        raise RError('argument "green" is missing, with no default', mend="give red, green and blue, or a matrix of columns")
    return list(np.asarray(coerce(given, "double").data).reshape(sizes[1], sizes[0]))


@builtin("rgb", "red, green = NULL, blue = NULL, alpha = NULL, names = NULL, maxColorValue = 1", package="grDevices")
def rgb(red: Any, green: Any, blue: Any, alpha: Any, names: Any, largest: Any) -> Value:
    """Colours from red, green and blue of 0 to `maxColorValue`; a matrix gives them as columns."""
    scale = number(largest)
    if green is NULL and blue is NULL:
        columns = _channels_of(red)
        if len(columns) < 3:
            raise RError("at least 3 columns needed", mend="give red, green and blue, or a matrix with a column for each")
        # Further columns, such as those of col2rgb(x, alpha = TRUE) turned round, are passed over.
        parts = [_fractions(double(column), "color", scale) for column in columns[:3]]
    else:
        parts = [_fractions(channel, "color", scale) for channel in (red, green, blue)]
    if alpha is not NULL:
        parts.append(_fractions(alpha, "alpha", scale))
    made = character([from_fractions(*row) for row in _columns(*parts)])
    return made if names is NULL else made.with_attribute("names", names)


@builtin(("gray", "grey"), "level, alpha = NULL", package="grDevices")
def gray(level: Any, alpha: Any) -> Value:
    """Grays from 0, black, to 1, white."""
    levels = _fractions(level, "gray")
    opacity = [None] if alpha is NULL else _fractions(alpha, "alpha")
    return character([from_fractions(one, one, one, opacity[index % len(opacity)]) for index, one in enumerate(levels)])


@builtin("hsv", "h = 1, s = 1, v = 1, alpha = NULL", package="grDevices")
def hsv(hue: Any, saturation: Any, value: Any, alpha: Any) -> Value:
    """Colours from hue, saturation and value of 0 to 1."""
    parts = [_fractions(channel, "color") for channel in (hue, saturation, value)]
    if alpha is not NULL:
        parts.append(_fractions(alpha, "alpha"))
    return character([from_hue(*row) for row in _columns(*parts)])


@builtin("col2rgb", "col, alpha = FALSE", package="grDevices")
def channels_of(col: Any, alpha: Any) -> Value:
    """Matrix of red, green and blue, 0 to 255, with a column for every colour."""
    try:
        found = [channels(colour(item)) for item in col.items()]
    except UnknownColour as error:
        raise RError(str(error)) from None
    rows = 4 if alpha.items()[0] == 1 else 3
    labels = names_of(col)
    return Vector(
        "integer",
        np.array([list(one[:rows]) for one in found], np.int32).reshape(-1),
        {
            "dim": integer([rows, len(found)]),
            "dimnames": mk_list(
                [character(["red", "green", "blue", "alpha"][:rows]), NULL if labels is None else character(labels)]
            ),
        },
    )


@builtin(("colors", "colours"), "distinct = FALSE", package="grDevices")
def colour_names(distinct: Any) -> Value:
    """Names of the colours that have one; with `distinct`, one name for each colour."""
    known = named_colours()
    if distinct.items()[0] != 1:
        return character(list(known))
    first: dict[str, str] = {}
    for name, notation in known.items():
        first.setdefault(notation, name)
    return character(list(first.values()))


@builtin("palette", "value", package="grDevices", invisible=None)
def palette(value: Any = None) -> Value:
    """The colours that the numbers 1, 2, ... stand for; a new set replaces them."""
    old = character(list(PALETTE))
    if value is not None:
        given = value.items()
        PALETTE[:] = _DEFAULT if given in (["default"], ["R4"]) else [str(item) for item in given]
    return old


_DEFAULT = list(PALETTE)
