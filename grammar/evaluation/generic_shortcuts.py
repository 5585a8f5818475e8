"""Short ways through generic functions for plain vectors, taken while the program has no methods of its own for them.

The rules of `shortcuts` hold. A function here asks for methods by the implicit class too, so each shortcut has a guard that
`note_binding` sets as soon as a program binds a name that begins like one of its methods.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, TypeGuard

import numpy as np
from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.evaluation.compiler import ELEMENT_METHODS, GENERIC_GUARDS
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.evaluation.shortcuts import LONGEST, QUICK, Quick, number_of, quick
from pipekeras.grammar.values import NA_INTEGER, Vector

_MOST = 10000
"""Elements up to which a shortcut is one: it cannot be interrupted."""
_ATOMIC = frozenset(("double", "integer", "logical", "character"))


def quick_generic(name: str) -> Any:
    """Enter a shortcut of a generic function, with its guard."""
    guard = GENERIC_GUARDS.setdefault(name, [])

    def enter(function: Quick) -> Quick:
        @wraps(function)
        def run(values: list[Any]) -> Any:
            return None if guard or machine.methods else function(values)

        QUICK[name] = run
        return run

    return enter


def _is_plain(value: Any) -> TypeGuard[Vector]:
    """Whether a value is an atomic vector without attributes, not too long."""
    return type(value) is Vector and value.attributes is None and value.kind in _ATOMIC and len(value) <= _MOST


@quick_generic("t")
def _transposed(values: list[Any]) -> Any:
    x = values[0] if len(values) == 1 else None
    if type(x) is not Vector or x.attributes is None or len(x.attributes) != 1 or not 0 < len(x) <= LONGEST:
        return None
    shape = x.attributes.get("dim")
    if shape is None or len(shape) != 2:
        return None
    rows, columns = shape.items()
    turned = np.array([columns, rows], np.int32)
    return Vector(x.kind, x.data.reshape(columns, rows).ravel(order="F"), {"dim": Vector("integer", turned)})


@quick_generic("rev")
def _reversed(values: list[Any]) -> Any:
    x = values[0] if len(values) == 1 else None
    if type(x) is Vector and x.kind == "list" and x.attributes is None and type(x.data) is np.ndarray:
        return Vector("list", x.data[::-1].copy())
    return Vector(x.kind, x.data[::-1].copy()) if _is_plain(x) else None


@quick_generic("diff")
def _differences(values: list[Any]) -> Any:
    x = values[0] if len(values) == 1 else None
    if not _is_plain(x) or x.kind != "double" or len(x) < 2:
        return None
    made = x.data[1:] - x.data[:-1]
    return Vector("double", made) if made.sum() == made.sum() else None


def _end(values: list[Any], from_start: bool) -> Any:
    if not 1 <= len(values) <= 2 or not _is_plain(values[0]):
        return None
    x = values[0]
    size = len(x)
    wanted = number_of(values[1]) if len(values) == 2 else 6
    if wanted is None or abs(wanted) >= 2**31 or wanted != int(wanted):
        return None
    count = min(int(wanted), size) if wanted >= 0 else max(size + int(wanted), 0)
    return Vector(x.kind, (x.data[:count] if from_start else x.data[size - count :]).copy())


@quick_generic("head")
def _head(values: list[Any]) -> Any:
    return _end(values, True)


@quick_generic("tail")
def _tail(values: list[Any]) -> Any:
    return _end(values, False)


def _distinct(items: list[Any], kind: str) -> Any:
    """The elements without those that came before; None where two missing numbers would have to be compared."""
    if kind == "double" and any(item != item for item in items):
        return None
    made = np.empty(len(items), object)
    made[:] = items
    return Vector(kind, made if kind == "character" else made.astype(np.float64 if kind == "double" else np.int32))


@quick_generic("unique")
def _unique(values: list[Any]) -> Any:
    x = values[0] if len(values) == 1 else None
    return _distinct(list(dict.fromkeys(x.items())), x.kind) if _is_plain(x) else None


def _two_alike(values: list[Any]) -> bool:
    return len(values) == 2 and _is_plain(values[0]) and _is_plain(values[1]) and values[0].kind == values[1].kind


@quick("setdiff")
def _without(values: list[Any]) -> Any:
    if not _two_alike(values):
        return None
    left_out = set(values[1].items())
    return _distinct([item for item in dict.fromkeys(values[0].items()) if item not in left_out], values[0].kind)


@quick("union")
def _either(values: list[Any]) -> Any:
    if not _two_alike(values):
        return None
    return _distinct(list(dict.fromkeys([*values[0].items(), *values[1].items()])), values[0].kind)


@quick_generic("mean")
def _mean(values: list[Any]) -> Any:
    x = values[0] if len(values) == 1 else None
    if type(x) is not Vector or x.attributes is not None or not 0 < len(x) <= _MOST:
        return None
    data = x.data
    if x.kind == "integer":
        if data.min() == NA_INTEGER:
            return None
    elif x.kind != "double":
        return None
    from pipekeras.grammar.builtins.numbers.summaries import exact_mean

    made = exact_mean(data)
    return Vector("double", None, None, made) if made == made else None


_FRAME = ["data.frame"]


def has_element_method(generic: str, attributes: Any) -> bool:
    """Whether a class among these attributes has a method for `$`, `[[`, `[`, `$<-`, `[[<-` or `[<-`."""
    classes = None if attributes is None else attributes.get("class")
    if classes is None:
        return False
    if classes.attributes is not None and (ELEMENT_METHODS or machine.methods):
        # An object with slots has classes behind its own, and methods of another kind.
        return True
    names = classes.items()
    for one in names:
        method = f"{generic}.{one}"
        if method in ELEMENT_METHODS or method in machine.methods:
            return True
        # A data frame reads its members as a list does.
        if method in REGISTRY and (generic != "$" or names != _FRAME):
            return True
    return False


def is_plain_frame(value: Any, *generics: str) -> bool:
    """Whether a list is a data frame and nothing else, for which the program has no methods of these generics."""
    attributes = value.attributes
    classes = attributes.get("class") if attributes is not None and value.kind == "list" else None
    if classes is None or classes.attributes is not None or classes.items() != _FRAME:
        return False
    names = [f"{generic}.data.frame" for generic in generics]
    return not any(name in ELEMENT_METHODS or name in machine.methods for name in names)


def frame_column(frame: Any, index: Any) -> int:
    """Where the column stands that a plain name or number means; -1 where there is none."""
    wanted = index.scalar
    if wanted is None or index.attributes is not None:
        return -1
    if index.kind == "character":
        names = frame.attributes.get("names")
        labels = () if names is None else names.items()
        return labels.index(wanted) if wanted in labels else -1
    return int(wanted) - 1 if index.kind in ("double", "integer") and 1 <= wanted < len(frame) + 1 else -1
