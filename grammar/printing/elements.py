"""The text of a vector's elements, in one width for numbers and unpadded for strings."""

from __future__ import annotations

import re

import numpy as np
from pipekeras.grammar.values import NULL, Vector

from .numbers import (
    complex_layout,
    complex_text,
    encode_complexes,
    encode_reals,
    integer_texts,
    logical_texts,
    number_text,
    pad_left,
    real_layout,
)
from .settings import DEFAULTS, PrintSettings
from .text import show_strings

_EMPTY_NAMES = {"double": "numeric", "list": "list"}
_RESERVED = frozenset(
    [
        "if", "else", "repeat", "while", "function", "for", "next", "break", "TRUE", "FALSE", "NULL", "Inf",
        "NaN", "NA", "NA_integer_", "NA_real_", "NA_character_", "NA_complex_", "in",
    ]
)
_PLAIN_NAME = re.compile(r"(?:[^\W\d_]|\.(?![0-9]))[\w.]*\Z")


def is_plain_name(name: str) -> bool:
    """Whether a name can be written without backticks."""
    return name not in _RESERVED and _PLAIN_NAME.match(name) is not None


def empty_text(vector: Vector) -> str:
    """What an empty vector prints as: ``integer(0)``, ``list()``, ``expression()``."""
    kind = vector.kind
    if kind in ("list", "expression"):
        return f"{kind}()"
    return f"{_EMPTY_NAMES.get(kind, kind)}(0)"


def element_texts(vector: Vector, settings: PrintSettings = DEFAULTS, nsmall: int = 0) -> list[str]:
    """Text of each element: numbers and logicals padded to one width, strings escaped, quoted and unpadded."""
    kind = vector.kind
    if settings.decimal != "." and kind in ("double", "complex"):
        plain = element_texts(vector, settings.with_changes(decimal="."), nsmall)
        return [text.replace(".", settings.decimal) for text in plain]
    if kind == "double":
        layout = real_layout(vector.data, settings.digits, settings.scipen, nsmall, len(settings.na_text))
        return encode_reals(vector.data, layout, settings.na_text)
    if kind == "integer":
        return pad_left(integer_texts(vector.items(), settings.na_text))
    if kind == "logical":
        return pad_left(logical_texts(vector.items(), settings.na_text))
    if kind == "character":
        return show_strings(vector.items(), settings.quote, settings.na_print)
    if kind == "complex":
        layout_pair = complex_layout(vector.data, settings.digits, settings.scipen, nsmall)
        return encode_complexes(vector.data, layout_pair, settings.digits, settings.na_text)
    if kind == "raw":
        return [f"{byte:02x}" for byte in vector.items()]
    raise ValueError(f"elements of a {kind} have no common layout")


def plain_texts(vector: Vector, digits: int = 15, scipen: int = 0) -> list[str | None]:
    """``as.character`` of an atomic vector: each element by itself, NA as None."""
    kind = vector.kind
    if kind == "character":
        return vector.items()
    if kind == "double":
        from .numbers import missing_doubles

        lost = missing_doubles(vector.data).tolist()
        return [
            None if gone else number_text(value, digits, scipen)
            for value, gone in zip(vector.items(), lost, strict=True)
        ]
    if kind == "integer":
        return [None if value == -(2**31) else str(value) for value in vector.items()]
    if kind == "logical":
        return [None if value == -(2**31) else ("TRUE" if value else "FALSE") for value in vector.items()]
    if kind == "complex":
        from .numbers import missing_complex

        lost = missing_complex(np.asarray(vector.data)).tolist()
        return [
            None if gone else complex_text(value, digits, scipen)
            for value, gone in zip(vector.items(), lost, strict=True)
        ]
    if kind == "raw":
        return [f"{byte:02x}" for byte in vector.items()]
    raise ValueError(f"a {kind} vector is not atomic")


def has_class(value: object) -> bool:
    """Whether a value carries a class attribute."""
    attributes = getattr(value, "attributes", None)
    return attributes is not None and attributes.get("class", NULL) is not NULL
