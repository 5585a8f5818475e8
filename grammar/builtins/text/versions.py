"""Version numbers: parsing, text and comparison."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.coercion import as_kind
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import (
    TRUE,
    Vector,
    character,
    explicit_class,
    integer,
    logical,
    mk_list,
    object_array,
)
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.report import fail

Dots = list[tuple[str | None, Any]]


@builtin("as.numeric_version", "x")
def as_numeric_version(x: Any) -> Any:
    return numeric_version(x, TRUE)


@builtin("package_version", "x, strict = TRUE")
def package_version(x: Any, strict: Any) -> Any:
    made = numeric_version(x, strict)
    told = [str(label) for label, part in zip(as_kind(x, "character").items(), made.data, strict=True) if len(part) == 1] if (
        "numeric_version" not in (explicit_class(x) or [])) else []
    if told and flag(strict):
        fail("invalid version specification " + ", ".join(f"\u2018{label}\u2019" for label in told))
    data = object_array([part if len(part) > 1 else integer([]) for part in made.data])
    return Vector("list", data, {"class": character(["package_version", "numeric_version"])})


@builtin("numeric_version", "x, strict = TRUE")
def numeric_version(x: Any, strict: Any) -> Any:
    if "numeric_version" in (explicit_class(x) or []):
        return x
    parts, wrong = [], []
    for label in as_kind(x, "character").items():
        label = "NA" if label is None else label
        pieces = str(label).replace("-", ".").split(".")
        if not all(piece.isdigit() for piece in pieces):
            wrong.append(f"\u2018{label}\u2019")
            parts.append(Vector("integer", np.empty(0, np.int32)))
            continue
        parts.append(integer([int(piece) for piece in pieces]))
    if wrong and flag(strict):
        fail(f"invalid version specification {', '.join(dict.fromkeys(wrong))}")
    made = mk_list(parts)
    return made.with_attributes({"class": character("numeric_version")})


@builtin(("as.character.numeric_version", "format.numeric_version"), "x, ...")
def version_text(x: Any, dots: Dots) -> Any:
    return character([".".join(str(piece) for piece in part.data) for part in x.data])


def _enter_version_comparison(name: str) -> None:
    import operator

    compare = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le,
               ">=": operator.ge}[name]

    @builtin(f"{name}.numeric_version", "e1, e2")
    def compare_versions(e1: Any, e2: Any) -> Any:
        left = [tuple(part.data.tolist()) for part in numeric_version(e1, TRUE).data]
        right = [tuple(part.data.tolist()) for part in numeric_version(e2, TRUE).data]
        size = max(len(left), len(right)) if left and right else 0
        longest = max((len(part) for part in (*left, *right)), default=0)
        # What a shorter version does not tell is nought.
        left, right = ([(*part, *[0] * (longest - len(part))) if part else part for part in side] for side in (left, right))
        pairs = [(left[k % len(left)], right[k % len(right)]) for k in range(size)]
        return logical([bool(compare(one, other)) if one and other else None for one, other in pairs])


for _name in ("==", "!=", "<", ">", "<=", ">="):
    _enter_version_comparison(_name)


def _enter_refused_operator(name: str) -> None:
    @builtin(f"{name}.numeric_version", "...")
    def refuse(dots: Dots) -> Any:
        shown = f"unary '{name}'" if len(dots) == 1 else f"'{name}'"
        fail(f"{shown} not defined for \"numeric_version\" objects")


for _name in ("+", "-", "*", "/", "^", "%%", "%/%", "&", "|", "!"):
    _enter_refused_operator(_name)


def _enter_refused_summary(name: str) -> None:
    @builtin(f"{name}.numeric_version", "...")
    def refuse(dots: Dots) -> Any:
        fail(f"{name} not defined for \"numeric_version\" objects")


for _name in ("sum", "prod", "any", "all"):
    _enter_refused_summary(_name)
