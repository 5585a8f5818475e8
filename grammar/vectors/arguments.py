"""Reading plain Python values out of evaluated arguments."""

from __future__ import annotations

import math
from typing import Any

from pipekeras.grammar.values import NA_INTEGER, NULL, Vector
from pipekeras.grammar.vectors.coerce import coerce, parse_logical
from pipekeras.grammar.vectors.report import fail


def first(value: Any) -> Any:
    """The first element of an atomic vector as a Python scalar (NA as its code)."""
    scalar = value.scalar
    if scalar is not None:
        return scalar
    item = value.data[0]
    return item.item() if hasattr(item, "item") else item


def flag(value: Any, name: str = "", missing: bool | None = None) -> bool:
    """A single TRUE or FALSE; without the name of an argument the sentences are those of a condition.

    Raises:
        RError: not a single logical value, or NA without a stand-in.
    """
    if type(value) is not Vector or len(value) == 0:
        if missing is not None:
            return missing
        fail(f"invalid '{name}' argument" if name else "argument is of length zero")
    item = first(value)
    if value.kind == "character":
        item = parse_logical(item)
        if item == NA_INTEGER and missing is None and not name and value.items()[0] is not None:
            fail("argument is not interpretable as logical")
    if item == NA_INTEGER or item != item:
        if missing is None:
            fail(f"invalid '{name}' argument" if name else "missing value where TRUE/FALSE needed")
        return missing
    return bool(item)


def text(value: Any, name: str = "argument") -> str:
    """A single text."""
    if type(value) is not Vector or value.kind != "character" or len(value) == 0 or value.data[0] is None:
        fail(f"invalid '{name}' argument")
    return str(first(value))


def optional_text(value: Any, name: str = "argument") -> str | None:
    """A single text, or None for NULL."""
    return None if value is NULL else text(value, name)


def number(value: Any, name: str = "argument") -> float:
    """A single number as float (NaN for NA)."""
    if type(value) is not Vector or len(value) == 0 or value.kind in ("list", "expression"):
        fail(f"invalid '{name}' argument")
    return float(first(coerce(value, "double")))


def count(value: Any, name: str = "argument") -> int:
    """A single whole number >= 0.

    Raises:
        RError: negative, missing or not a number.
    """
    amount = number(value, name)
    if math.isnan(amount) or amount < 0 or math.isinf(amount):
        fail(f"invalid '{name}' argument")
    return int(amount)


def whole(value: Any, name: str = "argument") -> int:
    """A single whole number of either sign."""
    amount = number(value, name)
    if math.isnan(amount) or math.isinf(amount):
        fail(f"invalid '{name}' argument")
    return int(amount)


def choice(value: Any, options: tuple[str, ...], name: str = "arg") -> str:
    """One of several texts, by unique partial match; the first when the argument is the whole list.

    Raises:
        RError: none matches.
    """
    if value is NULL:
        return options[0]
    given = value.items()
    if len(given) > 1 or not given:
        return options[0]
    wanted = str(given[0])
    if wanted in options:
        return wanted
    hits = [option for option in options if option.startswith(wanted)]
    if len(hits) != 1:
        listed = ", ".join(f"\u201c{option}\u201d" for option in options)
        fail(f"'{name}' should be one of {listed}")
    return hits[0]
