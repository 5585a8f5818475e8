"""Equality up to rounding: ``all.equal``, which says what differs instead of that something does."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.numbers.comparison import same
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.listing_order import listed_names
from pipekeras.grammar.nodes import Call
from pipekeras.grammar.values import (
    NULL,
    Closure,
    Vector,
    character,
    dim_of,
    explicit_class,
    is_function,
    logical,
    mk_list,
    mode_of,
    names_of,
)
from pipekeras.grammar.vectors.arguments import flag, number
from pipekeras.grammar.vectors.coerce import convert, double_text
from pipekeras.grammar.vectors.conforming import common_length
from pipekeras.grammar.vectors.frames import is_frame, row_count
from pipekeras.grammar.vectors.indexing import call_as_list
from pipekeras.grammar.vectors.report import fail
from pipekeras.grammar.vectors.unsupported import only_default

Dots = list[tuple[str | None, Any]]
DEFAULT_TOLERANCE = 1.5e-8


class Comparison:
    """How two values are compared: what counts as near, and whether attributes and names count."""

    def __init__(self, tolerance: float = DEFAULT_TOLERANCE, attributes: bool = True, names: bool = True,
                 scale: float | None = None, count_equal: bool = False) -> None:
        self.tolerance = tolerance
        self.attributes = attributes
        self.names = names
        self.scale = scale
        self.count_equal = count_equal
        self.labelled = True
        self.met: set[tuple[int, int]] = set()

    def differences(self, target: Any, current: Any) -> list[str]:
        """Sentences on what differs; none when the values are nearly equal."""
        classes = explicit_class(target) or []
        if "factor" in classes:
            return self._of_factors(target, current)
        if "POSIXct" in classes or "POSIXlt" in classes:
            return self._of_moments(target, current)
        if is_function(target) or mode_of(target) in ("call", "name", "expression", "(") or getattr(
                target, "kind", "") == "language":
            return self._of_code(target, current)
        if type(target) is Environment:
            return self._of_environments(target, current)
        if type(current) is Environment and (type(target) is not Vector or target.kind in ("logical", "raw")):
            return ["'target' is not an environment"]
        if type(target) is not Vector:
            left, right = data_class(target), data_class(current)
            return [f"target is {left}, current is {right}"] if left != right else []
        if target.kind == "list":
            return self._of_lists(target, current)
        found = self.of_attributes(target, current) if self.attributes else []
        left, right = data_class(target), data_class(current)
        if left != right:
            return [*found, f"target is {left}, current is {right}"]
        if target.kind == "character":
            return self._of_elements(found, target, current, "string")
        if target.kind in ("logical", "raw"):
            return self._of_elements(found, target, current, "element")
        return self._of_numbers(found, target, current)

    def of_attributes(self, target: Any, current: Any) -> list[str]:
        """What differs before the elements are looked at: mode, length, names, further attributes."""
        found: list[str] = []
        if mode_of(target) != mode_of(current):
            found.append(f"Modes: {mode_of(target)}, {mode_of(current)}")
        left_size, right_size = _size(target), _size(current)
        if left_size != right_size:
            found.append(f"Lengths: {left_size}, {right_size}")
        left, right = _attribute_list(target), _attribute_list(current)
        names = [NULL if (given := _names(value)) is None else character(given) for value in (target, current)]
        # Names of nothing on both sides count as an attribute like any other.
        if not self.names or any(_size(part) for part in names):
            left.pop("names", None)
            right.pop("names", None)
        if self.names:
            found.extend(self._of_names(*names))
        if left or right:
            pair = [mk_list([part[key] for key in sorted(part)], sorted(part)) if part or had else NULL
                    for part, had in ((left, _has_attributes(target)), (right, _has_attributes(current)))]
            found.extend(f"Attributes: < {text} >" for text in Comparison(self.tolerance).differences(*pair))
        return found

    def _of_names(self, left: Any, right: Any) -> list[str]:
        if _size(left) and _size(right):
            return [f"Names: {text}" for text in self.differences(left, right)]
        if _size(left):
            return ["names for target but not for current"]
        return ["names for current but not for target"] if _size(right) else []

    def _of_lists(self, target: Vector, current: Any) -> list[str]:
        other = _without_class(current)
        bare = _without_class(target)
        found = self.of_attributes(target, current) if self.attributes else []
        if not _is_list_like(other):
            return [*found, "current is not list-like"]
        size = min(len(bare), len(other))
        if len(bare) != len(other):
            found = [*_without_lengths(found), f"Length mismatch: comparison on first {size} components"]
        names, others = (names_of(bare) or [])[:size], (names_of(other) or [])[:size]
        named = len(names) == size == len(others) and self.labelled
        above, self.labelled = self.labelled, named
        inner_ones = [self.differences(_component(bare, k), _component(other, k)) for k in range(size)]
        self.labelled = above
        for k, inner in enumerate(inner_ones):
            if inner and named and None in (names[k], others[k]):
                fail("missing value where TRUE/FALSE needed")
            label = f"\u201c{names[k]}\u201d" if named and names[k] == others[k] else str(k + 1)
            found.extend(f"Component {label}: {text}" for text in inner)
        return found

    def _of_environments(self, target: Environment, current: Any) -> list[str]:
        if type(current) is not Environment:
            return ["'current' is not an environment"]
        # Environments refer to each other; a pair is compared once.
        pair = (id(target), id(current))
        if target is current or pair in self.met:
            return []
        self.met.add(pair)
        return self.differences(_listed(target), _listed(current))

    def _of_factors(self, target: Any, current: Any) -> list[str]:
        if "factor" not in (explicit_class(current) or []):
            return ["'current' is not a factor"]
        found = self.of_attributes(target, current) if self.attributes else []
        texts, others = (call_builtin("as.character", value) for value in (target, current))
        lost, missing = ([text is None for text in part.items()] for part in (texts, others))
        common_length(*(value.with_attributes(None) for value in (texts, others)))
        shorter, longer = sorted((lost, missing), key=len)
        unlike = sum(one != shorter[at % len(shorter)] for at, one in enumerate(longer)) if shorter else 0
        if unlike:
            return [*found, "1, NA mismatch" if unlike == 1 else f"{unlike} NA mismatches"]
        both = (character([text for text in part.items() if text is not None]) for part in (texts, others))
        return found + self.differences(*both)

    def _of_moments(self, target: Any, current: Any) -> list[str]:
        if not {"POSIXct", "POSIXlt"}.intersection(explicit_class(current) or []):
            return ["'current' is not a POSIXt"]
        pair = [call_builtin("as.POSIXct", value) for value in (target, current)]
        zones = [str(zone.items()[0]) if (zone := (value.attributes or {}).get("tzone", NULL)) is not NULL else ""
                 for value in pair]
        found = []
        if zones[0] != zones[1]:
            found.append(f"'tzone' attributes are inconsistent ('{zones[0]}' and '{zones[1]}')")
        bare = [value.with_attributes({k: v for k, v in value.attributes.items() if k != "tzone"}) for value in pair]
        near = Comparison(1e-3, self.attributes, self.names, 1.0)
        return found + near.differences(*(value.with_attributes(
            {**value.attributes, "class": character("POSIXt")}) for value in bare))

    def _of_code(self, target: Any, current: Any) -> list[str]:
        if mode_of(target) == "expression" == mode_of(current):
            return self._of_lists(target, current)
        if "formula" in (explicit_class(target) or []) and _size(target) != _size(current):
            sides = ["TRUE" if _size(value) == 3 else "FALSE" for value in (target, current)]
            return [f"target, current differ in having response: {', '.join(sides)}"]
        if "formula" in (explicit_class(target) or []) and mode_of(current) == "call":
            left, right = (call_builtin("deparse", value).items() for value in (target, current))
            return [] if left == right else ["formulas differ in contents"]
        found = []
        if mode_of(target) != mode_of(current):
            found.append(f"Modes of target, current: {mode_of(target)}, {mode_of(current)}")
        left, right = ("\n".join(map(str, call_builtin("deparse", value).items())) for value in (target, current))
        if left != right:
            if right.startswith(left):
                found.append("target is a subset of current")
            elif left.startswith(right):
                found.append("current is a subset of target")
            else:
                found.append("target, current do not match when deparsed")
        if type(target) is Closure and type(current) is Closure and target.environment is not current.environment:
            found.extend(self._of_environments(target.environment, current.environment))
        # What is built in has no environment to compare.
        if is_function(target) and is_function(current):
            bare = [flag(call_builtin("is.primitive", one)) for one in (target, current)]
            found.extend(f"'{word}' is not an environment" for word, one, other in
                         (("target", *bare), ("current", *reversed(bare))) if one and not other)
        return found

    def _of_elements(self, found: list[str], target: Vector, current: Vector, noun: str) -> list[str]:
        size = min(len(target), len(current))
        if len(target) != len(current):
            kind = f"string compare on first {size}" if noun == "string" else f"comparison on first {size} components"
            found = [*_without_lengths(found), f"Lengths ({len(target)}, {len(current)}) differ ({kind})"]
        left, right = (Vector(v.kind, v.data[:size]) for v in (target, current))
        missing, other = (call_builtin("is.na", v).data == 1 for v in (left, right))
        if (missing != other).any():
            return [*found, f"'is.NA' value mismatch: {int(other.sum())} in current {int(missing.sum())} in target"]
        wrong = int(((left.data != right.data) & ~missing).sum())
        return [*found, f"{wrong} {noun} mismatch{'es' if wrong > 1 else ''}"] if wrong else found

    def _of_numbers(self, found: list[str], target: Vector, current: Vector) -> list[str]:
        complex_valued = target.kind == "complex"
        if len(target) != len(current):
            shown = "Complex" if complex_valued else "Numeric"
            return [*_without_lengths(found), f"{shown}: lengths ({len(target)}, {len(current)}) differ"]
        kind = "complex" if "complex" in (target.kind, current.kind) else "double"
        a, b = convert(target.data, target.kind, kind), convert(current.data, current.kind, kind)
        missing, other = np.isnan(a), np.isnan(b)
        if not np.array_equal(missing, other):
            return [*found, f"'is.NA' value mismatch: {int(other.sum())} in current {int(missing.sum())} in target"]
        use = ~missing & (a != b)
        if not use.any():
            return found
        equal = np.abs(a[~use & ~missing])
        offset = float(equal.mean()) if self.count_equal and len(equal) else 0.0
        count = int(use.sum())
        a, b = a[use], b[use]
        with np.errstate(all="ignore"):
            gap = float((np.abs(a - b) / count).sum())
            size = offset + float((np.abs(a) / count).sum())
        if self.scale is not None:
            what = "absolute" if abs(self.scale - 1) < 1e-7 else "scaled"
            gap /= self.scale
        elif np.isfinite(size) and size > self.tolerance:
            what = "relative"
            gap /= size
        else:
            what = "absolute"
        if gap != gap or gap > self.tolerance:
            found = [*found, f"Mean {what}{' Mod' if complex_valued else ''} difference: {double_text(gap, 7)}"]
        return found


def _size(value: Any) -> int:
    if type(value) is Call:
        return len(call_as_list(value))
    return len(value) if type(value) in (Vector, Environment) or value is NULL else 1


def _names(value: Any) -> list[str | None] | None:
    if type(value) is Environment:
        return [*listed_names(value)] or None
    return names_of(value) if type(value) is Vector else None


def _has_attributes(value: Any) -> bool:
    return bool(getattr(value, "attributes", None))


def _attribute_list(value: Any) -> dict[str, Any]:
    """The attributes by name; the compact row names of a data frame as the numbers that they stand for."""
    found = dict(getattr(value, "attributes", None) or {})
    if "row.names" in found:
        stored = found["row.names"]
        if stored.kind == "integer" and len(stored) == 2 and stored.data[0] == -(2**31):
            found["row.names"] = Vector("integer", np.arange(1, abs(int(stored.data[1])) + 1, dtype=np.int32))
    return found


def _without_class(value: Any) -> Any:
    if type(value) is Vector and explicit_class(value):
        return value.with_attributes({k: v for k, v in (value.attributes or {}).items() if k != "class"} or None)
    return value


def _is_list_like(value: Any) -> bool:
    """A list, or a vector with no attributes besides names."""
    if type(value) is not Vector:
        return False
    return value.kind in ("list", "expression") or not set(value.attributes or {}) - {"names"}


def _component(value: Vector, at: int) -> Any:
    return value.data[at] if value.kind in ("list", "expression") else Vector(value.kind, value.data[at : at + 1])


def _without_lengths(found: list[str]) -> list[str]:
    """The sentences without those on lengths, which a better one replaces; where there is none, R drops them all."""
    kept = [text for text in found if not re.search(r"\bLengths\b", text)]
    return kept if len(kept) < len(found) else []


def data_class(value: Any) -> str:
    """The class as ``all.equal`` words it: integers and doubles are both numeric."""
    classes = explicit_class(value)
    if classes:
        return str(classes[0])
    shape = dim_of(value) if type(value) is Vector else None
    if shape is not None:
        return "matrix" if len(shape) == 2 else "array"
    return mode_of(value)


def _listed(place: Environment) -> Vector:
    """An environment as a list in the order of its names; of a reference object its fields."""
    from pipekeras.grammar.evaluation.reference_classes import class_behind

    definition = class_behind(place)
    names = sorted(listed_names(place)) if definition is None else list(definition.fields())
    return mk_list([place.get(name, inherits=False) for name in names], names)


@builtin("all.equal", "target, current, ..., tolerance = 1.5e-8, check.attributes = TRUE, check.names = TRUE, "
                      "scale = NULL, countEQ = FALSE", generic="s3")
def all_equal(target: Any, current: Any, dots: Dots, tolerance: Any, check_attributes: Any, check_names: Any,
              scale: Any, count_equal: Any) -> Any:
    for name, value in dots:
        if name == "formatFUN":
            only_default("all.equal", formatFUN=(value, None))
    if dots and dots[0][0] is None:
        tolerance = dots[0][1]
    if target is current:
        return logical(True)
    near = Comparison(number(tolerance), flag(check_attributes), flag(check_names),
                      None if scale is NULL else number(scale), flag(count_equal))
    if is_frame(target) and is_frame(current) and row_count(target) == row_count(current) and same(target, current):
        return logical(True)
    found = near.differences(target, current)
    return character(found) if found else logical(True)
