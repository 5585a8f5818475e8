"""Whole-value comparison and element-wise choice: ``identical``, ``ifelse``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import UNSET, builtin, value_of
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.compiler import missing_argument
from pipekeras.grammar.evaluation.s4 import S4Object
from pipekeras.grammar.evaluation.shown_calls import call_as_text
from pipekeras.grammar.nodes import Call, Symbol, same_tree
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    Closure,
    Promise,
    Vector,
    explicit_class,
    logical,
)
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.coerce import KIND_RANK, as_stored, coerce, convert
from pipekeras.grammar.vectors.frames import automatic_row_names, has_automatic_row_names, is_frame, row_count
from pipekeras.grammar.vectors.recycling import resized
from pipekeras.grammar.vectors.report import fail, warn

Dots = list[tuple[str | None, Any]]


def same(x: Any, y: Any, attributes: bool = True) -> bool:
    """Whether two values are exactly equal, attributes in any order."""
    if x is y:
        return True
    if type(x) is not type(y):
        return False
    if type(x) is Vector:
        if x.kind != y.kind or len(x) != len(y):
            return False
        if attributes and not _same_attributes(x, y):
            return False
        return _same_elements(x, y)
    if type(x) is S4Object:
        left, right = x.attributes or {}, y.attributes or {}
        return left.keys() == right.keys() and all(same(held, right[name]) for name, held in left.items())
    if type(x) is Symbol:
        return bool(x.name == y.name)
    if type(x) is Call:
        return same_tree(x, y, same)
    if type(x) is Closure:
        return (x.template is y.template and x.environment is y.environment) or (
            same_tree(x.body, y.body, same) and x.environment is y.environment
            and [n for n, _ in x.formals] == [n for n, _ in y.formals]
            and all(same_tree(a, b, same) for (_, a), (_, b) in zip(x.formals, y.formals, strict=True))
        )
    return False


def _same_attributes(x: Vector, y: Vector) -> bool:
    left, right = x.attributes or {}, y.attributes or {}
    if left.keys() != right.keys():
        return False
    for name, value in left.items():
        other = right[name]
        if name == "row.names" and is_frame(x):
            value, other = _comparable_rows(x, value), _comparable_rows(y, other)
        if not same(value, other):
            return False
    return True


def _comparable_rows(frame: Vector, stored: Any) -> Any:
    count = row_count(frame)
    # Names that count the rows are the same in both of their forms.
    counts = stored.kind == "integer" and len(stored) == count and bool((stored.data == np.arange(1, count + 1)).all())
    return automatic_row_names(count) if counts or has_automatic_row_names(frame) else stored


def _same_elements(x: Vector, y: Vector) -> bool:
    if x.kind in ("list", "expression"):
        return all(same(a, b) for a, b in zip(x.data, y.data, strict=True))
    if x.kind in ("double", "complex"):
        a, b = x.data, y.data
        missing_a, missing_b = np.isnan(a), np.isnan(b)
        if x.kind == "double" and missing_a.any():
            from pipekeras.grammar.values import is_na_not_nan

            if not np.array_equal(is_na_not_nan(a), is_na_not_nan(b)):
                return False
        return bool(np.array_equal(missing_a, missing_b) and np.array_equal(a[~missing_a], b[~missing_b]))
    return bool(np.array_equal(x.data, y.data))


@builtin("identical", "x, y, num.eq = TRUE, single.NA = TRUE, attrib.as.set = TRUE, ignore.bytecode = TRUE, "
                      "ignore.environment = FALSE, ignore.srcref = TRUE, extptr.as.ref = FALSE")
def identical(
    x: Any, y: Any, by_number: Any, single_missing: Any, as_set: Any, code: Any, places: Any, source: Any, pointers: Any
) -> Any:
    given = {"num.eq": by_number, "single.NA": single_missing, "attrib.as.set": as_set, "ignore.bytecode": code,
             "ignore.environment": places, "ignore.srcref": source, "extptr.as.ref": pointers}  # fmt: skip
    for name, value in given.items():
        if type(value) is not Vector or coerce(value, "logical").items()[:1] not in ([0], [1]):
            fail(f"invalid '{name}' value")
    if flag(places) and type(x) is type(y) is Closure:
        # Compiled code, sources and pointers never tell two values apart here.
        return logical(same(Closure(x.template, y.environment, x.attributes), y))
    stricter = [agree for asked, agree in ((by_number, _zeros_agree), (single_missing, _bits_agree), (as_set, _orders_agree))
                if not flag(asked)]  # fmt: skip
    return logical(same(x, y) and all(_throughout(x, y, agree) for agree in stricter))


def _throughout(x: Any, y: Any, agree: Callable[[Vector, Vector], bool]) -> bool:
    """Whether two values known to be the same agree in something else too, and all that they hold."""
    if type(x) is not Vector or type(y) is not Vector:
        return True
    if x.kind == "list" and not all(_throughout(a, b, agree) for a, b in zip(x.data, y.data, strict=True)):
        return False
    return agree(x, y)


def _zeros_agree(x: Vector, y: Vector) -> bool:
    """Whether zeros have the same signs."""
    return x.kind != "double" or bool((np.signbit(x.data) == np.signbit(y.data))[x.data == 0].all())


def _bits_agree(x: Vector, y: Vector) -> bool:
    """Whether what is no number consists of the same bits."""
    return x.kind != "double" or bool((x.data.view(np.int64) == y.data.view(np.int64))[np.isnan(x.data)].all())


def _orders_agree(x: Vector, y: Vector) -> bool:
    """Whether attributes come in the same order."""
    return list(x.attributes or ()) == list(y.attributes or ())


ALONE = ("closure", "builtin", "special", "symbol", "language")
"""Kinds of values that are no vectors and stand for one condition as they are."""


def _lacking(name: str) -> Promise:
    """A branch that nobody gave: an error where an element needs it."""

    def ask(environment: Any) -> Any:
        raise missing_argument(Symbol(name))

    return Promise(ask, Symbol(name), None)


@builtin("ifelse", "test, yes, no", lazy=True)
def ifelse(test: Any, yes: Any = UNSET, no: Any = UNSET) -> Any:
    """Element-wise choice; a branch is evaluated only when some element needs it."""
    yes, no = (_lacking(name) if branch is UNSET else branch for name, branch in (("yes", yes), ("no", no)))
    condition = value_of(test)
    if condition is NULL:
        return Vector("logical", np.empty(0, np.int32))
    if type(condition) is Vector and condition.attributes is None and condition.kind == "logical":
        chosen = _chosen_plainly(condition, yes, no)
        if chosen is not None:
            return chosen
    if type(condition) is not Vector or condition.kind == "list":
        condition = call_builtin("as.logical", condition)
    elif "factor" in (explicit_class(condition) or []):
        fail("invalid to change the storage mode of a factor")
    truth = condition.data if condition.kind == "logical" else convert(condition.data, condition.kind, "logical")
    size = len(truth)
    missing = truth == NA_INTEGER
    result = Vector("logical", np.array(truth), condition.attributes)
    if explicit_class(condition) and set(explicit_class(condition) or []).isdisjoint(("table", "noquote")):
        call_builtin("!", result)
    for name, branch, chosen in (("yes", yes, (truth != 0) & ~missing), ("no", no, truth == 0)):
        if not chosen.any():
            continue
        value = value_of(branch)
        if size == 1 and result.attributes is None and getattr(value, "kind", "") in ALONE:
            return value
        plain = type(value) is Vector and value.kind not in ("list", "raw") and len(value) and not explicit_class(value)
        if not plain or explicit_class(condition):
            alone = size == 1 and result.attributes is None
            if alone and type(value) is Vector and value.attributes is None and len(value) == 1:
                return value
            if value is NULL:
                _nothing_to_fill(name)
            result = _filled(result, chosen, value, size)
            continue
        kind = value.kind if KIND_RANK[value.kind] > KIND_RANK[result.kind] else result.kind
        data = np.array(convert(result.data, result.kind, kind))
        filled = resized(as_stored(value.data, value.kind, kind), size)
        data[chosen] = filled[chosen]
        result = Vector(kind, data, result.attributes)
    return result


_NUMBERS = frozenset(("double", "integer"))
_TEXTS = frozenset(("character", "logical"))


def _is_plain(value: Any, kinds: frozenset[str]) -> bool:
    return type(value) is Vector and value.attributes is None and value.kind in kinds and len(value) > 0


def _chosen_plainly(condition: Vector, yes: Any, no: Any) -> Vector | None:
    """The choice between plain values by one truth, or between plain numbers by many; None for anything else."""
    truth = condition.scalar
    if truth is not None:
        if truth == NA_INTEGER:
            return None
        value = value_of(yes if truth else no)
        if not _is_plain(value, _NUMBERS) and not _is_plain(value, _TEXTS):
            return None
        return value if len(value) == 1 else Vector(value.kind, value.data[:1])
    truths = condition.data
    size = len(truths)
    if not size or truths.min() < 0:
        return None
    taken = truths != 0
    branches = [branch for branch, used in ((yes, taken.any()), (no, not taken.all())) if used]
    values = [value_of(branch) for branch in branches]
    kind = values[0].kind if _is_plain(values[0], _NUMBERS) else ""
    if any(not _is_plain(value, _NUMBERS) or value.kind != kind or len(value) not in (1, size) for value in values):
        return None
    if len(values) == 1:
        return Vector(kind, resized(values[0].data, size))
    return Vector(kind, np.where(taken, values[0].data, values[1].data))


def _nothing_to_fill(branch: str) -> None:
    """Tell that a branch is nothing at all, in the calls of R's own code that find it so."""
    repeated = f"rep({branch}, length.out = len)"
    warn("'x' is NULL so the result will be NULL", call_as_text(repeated))
    places = f"{branch[0]}pos"
    raise RError("replacement has length zero", call=call_as_text(f"ans[{places}] <- {repeated}[{places}]"))


def _filled(result: Vector, chosen: np.ndarray, value: Any, size: int) -> Any:
    """Assign the repeated branch where it is chosen, by the rules of repetition and assignment of its class."""
    index = Vector("integer", (np.flatnonzero(chosen) + 1).astype(np.int32))
    repeated = call_builtin("rep", value, length__out=Vector("integer", None, None, size))
    return call_builtin("[<-", result, index, value=call_builtin("[", repeated, index))
