"""Shapes as values of the language: lists of sizes of a class of their own, which print in one line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.evaluation.machine import write
from pipekeras.grammar.keras.names import word
from pipekeras.grammar.values import NULL, ExternalObject, Vector, character, integer, logical, mk_list

CLASS = "keras_shape"


def shape_of(sizes: Iterable[Any]) -> Vector:
    """Return sizes as a shape; None stands for any size."""
    return classed([NULL if size is None else integer(size) if isinstance(size, int) else size for size in sizes])


def classed(items: list[Any]) -> Vector:
    """Return a list of sizes with the class of shapes."""
    made = mk_list(items)
    made.attributes = {"class": character([CLASS])}
    return made


def _text(size: Any) -> str:
    if size is NULL:
        return "NA"
    if isinstance(size, ExternalObject):
        return str(external.adapter_of(size.value).text(size.value))
    found = external.to_python(size)
    return "NA" if found is None or found != found else f"{found:g}" if isinstance(found, float) else str(found)


@word("format.keras_shape", "x, ...")
def format_shape(x: Any, dots: Any) -> Any:
    """Return a shape as one text, as a program would write it."""
    return character(f"shape({', '.join(_text(size) for size in x.data)})")


@word("print.keras_shape", "x, ...", invisible=True)
def print_shape(x: Any, dots: Any) -> Any:
    """Print a shape in one line."""
    write(format_shape(x, dots).items()[0] + "\n")
    return x


@word("[.keras_shape", "x, ...")
def part_of_shape(x: Any, dots: Any) -> Any:
    """Return some sizes of a shape as a shape."""
    from pipekeras.grammar.vectors.indexing import subset

    return classed(list(subset(mk_list(list(x.data)), [value for _, value in dots]).data))


def _sizes(value: Any) -> list[Any]:
    items = value.data if isinstance(value, Vector) and value.kind == "list" else [external.to_python(value)]
    return [external.to_python(item) if isinstance(item, Vector) else None if item is NULL else item for item in items]


@word("==.keras_shape", "e1, e2")
def same_shape(e1: Any, e2: Any) -> Any:
    """Return whether two shapes have the same sizes."""
    return logical(_sizes(e1) == _sizes(e2))


@word("!=.keras_shape", "e1, e2")
def other_shape(e1: Any, e2: Any) -> Any:
    """Return whether two shapes differ in a size."""
    return logical(_sizes(e1) != _sizes(e2))
