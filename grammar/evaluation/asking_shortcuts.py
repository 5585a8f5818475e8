"""Short ways through functions that ask what a value is, and through texts and numbers of short vectors.

The rules of `shortcuts` hold.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeGuard

import numpy as np
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.shortcuts import LONGEST, QUICK, Quick, number_of, quick, text_of
from pipekeras.grammar.evaluation.vector_shortcuts import running_sums
from pipekeras.grammar.values import DTYPES, FALSE, NA_INTEGER, NULL, TRUE, Vector

_FEW = 1000
"""Elements up to which a shortcut goes through them one by one."""
_TRUTHS = (FALSE, TRUE)


# What a value is


def _of_kind(*kinds: str) -> Quick:
    def run(values: list[Any]) -> Any:
        if len(values) != 1 or type(values[0]) is not Vector:
            return None
        return _TRUTHS[values[0].kind in kinds]

    return run


for _name, _kind in (("is.list", "list"), ("is.logical", "logical"), ("is.double", "double"), ("is.integer", "integer")):
    QUICK[_name] = _of_kind(_kind)


@quick("is.function")
def _is_function(values: list[Any]) -> Any:
    return None if len(values) != 1 or type(values[0]) is not Vector else FALSE


@quick("is.environment")
def _is_environment(values: list[Any]) -> Any:
    return None if len(values) != 1 else _TRUTHS[type(values[0]) is Environment]


_CLASSES = {
    kind: Vector("character", None, None, name)
    for kind, name in (
        ("double", "numeric"), ("integer", "integer"), ("logical", "logical"), ("character", "character"), ("list", "list"),
    )
}  # fmt: skip


def _classes_of(value: Any) -> Vector | None:
    """The classes that a vector declares; None where it declares none or is an object with slots."""
    attributes = value.attributes if type(value) is Vector else None
    classes = None if attributes is None else attributes.get("class")
    return classes if type(classes) is Vector and classes.attributes is None else None


@quick("class")
def _class(values: list[Any]) -> Any:
    value = values[0] if len(values) == 1 else None
    if type(value) is Vector and value.attributes is None and type(value.array) in (type(None), np.ndarray):
        return _CLASSES.get(value.kind)
    return _classes_of(value)


_IMPLICIT = frozenset((
    "matrix", "array", "integer", "numeric", "double", "character", "logical", "list", "pairlist", "complex", "raw",
    "expression", "vector",
))  # fmt: skip
"""Classes that vectors have which declare none."""


@quick("inherits")
def _has_class(values: list[Any]) -> Any:
    wanted = values[1].scalar if len(values) == 2 and type(values[1]) is Vector and values[1].kind == "character" else None
    if wanted is None or values[1].attributes is not None:
        return None
    classes = _classes_of(values[0])
    if classes is not None:
        return _TRUTHS[wanted in classes.items()]
    if type(values[0]) is Vector and values[0].attributes is None and wanted not in _IMPLICIT:
        return FALSE
    return None


@quick("is.factor")
def _is_factor(values: list[Any]) -> Any:
    return _has_class([*values, _FACTOR]) if len(values) == 1 else None


@quick("is.data.frame")
def _is_frame(values: list[Any]) -> Any:
    return _has_class([*values, _FRAME]) if len(values) == 1 else None


_FACTOR, _FRAME = (Vector("character", None, None, name) for name in ("factor", "data.frame"))


@cache
def _sameness() -> Callable[[Any, Any], bool]:
    """How values are compared as wholes, found at the first comparison: a session without one starts sooner."""
    from pipekeras.grammar.builtins.numbers.comparison import same

    return same


@quick("identical")
def _identical(values: list[Any]) -> Any:
    if len(values) != 2:
        return None
    x, y = values
    if type(x) is Vector and type(y) is Vector and x.attributes is None and y.attributes is None and x.kind == y.kind:
        left, right = x.scalar, y.scalar
        # Two single texts or numbers; what is missing, and what is no single one, is compared in full.
        if left is not None and right is not None and left == left and right == right and x.kind != "list":
            return _TRUTHS[left == right]
    return _TRUTHS[_sameness()(x, y)]


# Numbers


def _plain(value: Any, most: int = _FEW) -> TypeGuard[Vector]:
    """Whether a value is a vector without attributes that has some elements, but not too many."""
    return type(value) is Vector and value.attributes is None and 0 < len(value) <= most


def _integers(value: Any) -> Any:
    """The array of integers without attributes of which none is missing; None for anything else."""
    if not _plain(value) or value.kind != "integer" or value.array is None:
        return None
    data = value.array
    return data if int(data.min()) != NA_INTEGER else None


_abs_of_doubles = QUICK["abs"]


@quick("abs")
def _absolute(values: list[Any]) -> Any:
    value = values[0] if len(values) == 1 else None
    if type(value) is not Vector or value.kind != "integer" or value.array is None:
        return _abs_of_doubles(values)
    data = _integers(value)
    return _abs_of_doubles(values) if data is None else Vector("integer", np.abs(data))


def _of_integers(choose: Callable[[np.ndarray], Any], otherwise: Quick) -> Quick:
    """The least or the greatest: of integers here, of anything else by the way there is."""

    def run(values: list[Any]) -> Any:
        value = values[0] if len(values) == 1 else None
        if type(value) is not Vector or value.kind != "integer" or value.array is None:
            return otherwise(values)
        data = _integers(value)
        return otherwise(values) if data is None else Vector("integer", None, None, int(choose(data)))

    return run


QUICK["max"] = _of_integers(np.max, QUICK["max"])
QUICK["min"] = _of_integers(np.min, QUICK["min"])


@quick("range")
def _range(values: list[Any]) -> Any:
    low, high = QUICK["min"](values), QUICK["max"](values)
    if low is None or high is None or len(values) != 1:
        return None
    return Vector(low.kind, np.array([low.scalar, high.scalar], np.int32 if low.kind == "integer" else np.float64))


@quick("prod")
def _product(values: list[Any]) -> Any:
    value = values[0] if len(values) == 1 else None
    if not _plain(value) or value.kind not in ("double", "integer") or (value.kind == "integer" and _integers(value) is None):
        return None
    made = float(np.multiply.accumulate(value.data.astype(np.longdouble))[-1])
    return Vector("double", None, None, made) if made == made else None


@quick("cumprod")
def _running_products(values: list[Any]) -> Any:
    value = values[0] if len(values) == 1 else None
    if not _plain(value) or value.kind != "double":
        return None
    made = np.multiply.accumulate(value.data.astype(np.longdouble)).astype(np.float64)
    return Vector("double", made) if made[-1] == made[-1] else None


@quick("cumsum")
def _running_sums(values: list[Any]) -> Any:
    data = _integers(values[0]) if len(values) == 1 else None
    if data is None:
        return running_sums(values)
    made = np.cumsum(data.astype(np.int64))
    return Vector("integer", made.astype(np.int32)) if abs(made).max() < 2**31 else None


def _rounded(change: Callable[[np.ndarray], np.ndarray], of_one: Quick) -> Quick:
    def run(values: list[Any]) -> Any:
        value = values[0] if len(values) == 1 else None
        if type(value) is Vector and value.scalar is None and value.kind == "double" and _plain(value, LONGEST):
            return Vector("double", change(value.data))
        return of_one(values)

    return run


for _name, _change in (("floor", np.floor), ("ceiling", np.ceil), ("round", np.rint), ("trunc", np.trunc)):
    QUICK[_name] = _rounded(_change, QUICK[_name])


@quick("sign")
def _sign(values: list[Any]) -> Any:
    number = number_of(values[0]) if len(values) == 1 else None
    return None if number is None else Vector("double", None, None, float((number > 0) - (number < 0)))


@quick("match")
def _first_place(values: list[Any]) -> Any:
    if len(values) != 2 or not _plain(values[0]) or not _plain(values[1]) or values[0].kind != values[1].kind:
        return None
    wanted, items = values[0].scalar, values[1].items()
    if wanted is None or wanted != wanted or values[0].kind not in ("character", "double", "integer"):
        return None
    return Vector("integer", None, None, items.index(wanted) + 1 if wanted in items else NA_INTEGER)


# Texts


def _texts(value: Any) -> list[str] | None:
    """The elements of plain texts or whole numbers as texts; None where one is missing or needs more than that."""
    if not _plain(value):
        return None
    kind = value.kind
    items = value.items()
    if kind == "character":
        return None if None in items else items
    if kind == "integer":
        return None if NA_INTEGER in items else [str(item) for item in items]
    if kind != "double" or not all(-100000 < item < 100000 and item == int(item) for item in items):
        return None
    return [str(int(item)) for item in items]


def _pasted(values: list[Any], between: str, collapse: str | None) -> Vector | None:
    """Texts put together element by element, and then into one where `collapse` is given."""
    columns = []
    for value in values:
        texts = _texts(value)
        if texts is None:
            return None
        columns.append(texts)
    longest = max(map(len, columns), default=0)
    if not longest:
        return None
    rows = [texts if len(texts) == longest else [texts[at % len(texts)] for at in range(longest)] for texts in columns]
    made = list(rows[0]) if len(rows) == 1 else [between.join(parts) for parts in zip(*rows, strict=True)]
    return _of_texts(made if collapse is None else [collapse.join(made)])


def _of_texts(texts: list[str]) -> Vector:
    if len(texts) == 1:
        return Vector("character", None, None, texts[0])
    return Vector("character", np.fromiter(texts, object, len(texts)))


def _pasting(standard: str | None) -> tuple[Quick, Callable[[tuple[str | None, ...], list[Any]], Any]]:
    """The ways of `paste` and `paste0`, whose separator is fixed and told by `standard`, without and with names."""
    between = " " if standard is None else standard

    def run(values: list[Any]) -> Any:
        texts = list(map(text_of, values))
        if texts and None not in texts:
            return Vector("character", None, None, between.join(texts))  # type: ignore[arg-type]
        return _pasted(values, between, None)

    def run_named(names: tuple[str | None, ...], values: list[Any]) -> Any:
        parts, given = [], {"sep": between, "collapse": None}
        for name, value in zip(names, values, strict=True):
            if name is None:
                parts.append(value)
            elif name == "collapse" or (name == "sep" and standard is None):
                text = value.scalar if type(value) is Vector and value.kind == "character" else None
                if text is None and (value is not NULL or name == "sep"):
                    return None
                given[name] = text
            else:
                return None
        return _pasted(parts, given["sep"] or "", given["collapse"])

    return run, run_named


QUICK["paste"], paste_named = _pasting(None)
QUICK["paste0"], paste0_named = _pasting("")


@quick("as.character")
def _as_texts(values: list[Any]) -> Any:
    if len(values) != 1:
        return None
    text = text_of(values[0])
    if text is not None:
        return Vector("character", None, None, text)
    texts = _texts(values[0])
    return None if texts is None else _of_texts(texts)


_letters_of_one = QUICK["nchar"]


@quick("nchar")
def _letters(values: list[Any]) -> Any:
    value = values[0] if len(values) == 1 else None
    if not _plain(value) or value.kind != "character" or value.array is None:
        return _letters_of_one(values)
    items = value.items()
    if None in items or not all(map(str.isascii, items)):
        return None
    return Vector("integer", np.fromiter(map(len, items), np.int32, len(items)))


# Functions that are told by name what to leave out


def without_missing(function: Quick) -> Callable[[tuple[str | None, ...], list[Any]], Any]:
    """A summary that is told what to do about missing values: the shortcut knows of none."""

    def run(names: tuple[str | None, ...], values: list[Any]) -> Any:
        if len(names) != 2 or names[0] is not None or names[1] != "na.rm" or type(values[1]) is not Vector:
            return None
        if values[1].kind != "logical" or values[1].scalar not in (0, 1):
            return None
        return function([values[0]])

    return run


_OPTIONS = frozenset(("recursive", "use.names"))
_ALIKE = frozenset(("double", "integer", "logical", "character"))


def scalars_alike(results: list[Any]) -> Vector | None:
    """Plain values of one kind and of length one as a vector; None for any others."""
    kind = getattr(results[0], "kind", None)
    if kind not in _ALIKE:
        return None
    items = []
    for result in results:
        if type(result) is not Vector or result.kind != kind or result.attributes is not None or result.scalar is None:
            return None
        items.append(result.scalar)
    made = np.empty(len(items), DTYPES[kind])
    made[:] = items
    return Vector(kind, made)


def combine_named(names: tuple[str | None, ...], values: list[Any]) -> Any:
    """`c(a = 1, b = 2)` of single values of one kind."""
    made = scalars_alike(values) if any(names) and not _OPTIONS.intersection(names) else None
    if made is None:
        return None
    labels = np.empty(len(values), object)
    labels[:] = [name or "" for name in names]
    return made.with_attributes({"names": Vector("character", labels)})
