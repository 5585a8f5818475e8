"""Operators, mathematics and extremes of factors: equality for all, order for ordered ones, a refusal for the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.coercion import factor_texts
from pipekeras.grammar.builtins.elements.factors import Dots, is_factor, is_ordered, level_texts, make_factor
from pipekeras.grammar.builtins.registry import REGISTRY, builtin, call_function
from pipekeras.grammar.values import NULL, Vector, character, integer, is_na, logical
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.comparing import compare
from pipekeras.grammar.vectors.conforming import common_length
from pipekeras.grammar.vectors.report import fail, warn


def _level_operand(value: Any) -> Vector:
    if is_factor(value):
        return factor_texts(value).with_attributes(None)
    return coerce(value, "character") if value is not NULL else character([])


def _known_levels(value: Any) -> list[str]:
    """The levels with a text for a missing one, so that it is told from missing elements."""
    levels = level_texts(value)
    blank = "  NA "
    while blank in levels:
        blank += " ."
    return [blank if text is None else str(text) for text in levels]


def _texts_of(value: Any, levels: list[str]) -> Vector:
    return character([levels[code - 1] if code > 0 else None for code in value.data.tolist()])


def _is_single_text(value: Any) -> bool:
    return type(value) is Vector and value.kind == "character" and len(value) == 1


def _with_lost_texts(value: Any) -> Any:
    """What is no number, beside a factor, is missing and not the text that says so."""
    if type(value) is not Vector or value.kind not in ("double", "complex") or not is_na(value).any():
        return value
    lost = is_na(value).tolist()
    texts = [None if gone else text for gone, text in zip(lost, coerce(value, "character").items(), strict=True)]
    return character(texts).with_attributes(value.attributes)


def _operator_class(value: Any) -> str:
    return "Ops.ordered" if is_ordered(value) else "Ops.factor"


def _enter_factor_operator(name: str) -> None:
    @builtin(f"{name}.factor", "e1, e2")
    def operate(e1: Any, e2: Any = None) -> Any:
        if name not in ("==", "!="):
            warn(f"'{name}' is not meaningful for ordered factors" if is_ordered(e1) or is_ordered(e2) else
                 f"\u2018{name}\u2019 not meaningful for factors")
            return logical([None] * max(len(e1), 0 if e2 is None else len(e2)))
        if is_factor(e1) and is_factor(e2):
            for value in (e1, e2):
                if is_ordered(value) and not (is_ordered(e1) and is_ordered(e2)):
                    warn(f'Incompatible methods ("{_operator_class(e1)}", "{_operator_class(e2)}") for "{name}"')
                    common_length(e1, e2)
                    if not len(e1) or not len(e2):
                        return Vector("logical", np.empty(0, np.int32))
                    fail("comparison of these types is not implemented")
        e1, e2 = _with_lost_texts(e1), _with_lost_texts(e2)
        left_levels: list[str] | None = None
        if is_factor(e1):
            if None not in level_texts(e1) and _is_single_text(e2):
                return compare(name, _level_operand(e1), e2)
            left_levels = _known_levels(e1)
            e1 = _texts_of(e1, left_levels)
        if is_factor(e2):
            right_levels = _known_levels(e2)
            if None not in level_texts(e2) and _is_single_text(e1):
                return compare(name, e1, _level_operand(e2))
            if left_levels is not None and sorted(left_levels) != sorted(right_levels):
                fail("level sets of factors are different")
            e2 = _texts_of(e2, right_levels)
        result = compare(name, e1, e2)
        common_length(e1, e2)
        return result

    if name in ("<", ">", "<=", ">="):

        @builtin(f"{name}.ordered", "e1, e2")
        def operate_ordered(e1: Any, e2: Any) -> Any:
            levels = level_texts(e1) if is_ordered(e1) else level_texts(e2)
            if is_ordered(e1) and is_ordered(e2) and level_texts(e2) != levels:
                fail("level sets of factors are different")
            codes = []
            for value in (e1, e2):
                texts = _level_operand(value).items()
                codes.append(integer([levels.index(t) + 1 if t in levels else None for t in texts]))
            return compare(name, codes[0], codes[1])


for _name in ("==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "^", "%%", "%/%", "&", "|", "!"):
    _enter_factor_operator(_name)


def _enter_factor_math(name: str) -> None:
    @builtin(f"{name}.factor", "x, ...")
    def refuse(x: Any, dots: Dots) -> Any:
        fail(f"\u2018{name}\u2019 not meaningful for factors")


for _name in ("abs", "sign", "sqrt", "floor", "ceiling", "trunc", "round", "signif", "exp", "log", "expm1", "log1p",
              "cos", "sin", "tan", "acos", "asin", "atan", "cosh", "sinh", "tanh", "acosh", "asinh", "atanh", "cospi", "sinpi",
              "log2", "log10", "digamma", "trigamma", "cumsum", "cumprod", "cummax", "cummin", "gamma", "lgamma"):
    _enter_factor_math(_name)


def _enter_factor_summary(name: str) -> None:
    @builtin(f"{name}.factor", "..., na.rm = FALSE")
    def refuse(dots: Dots, na_rm: Any) -> Any:
        if is_ordered(dots[0][1] if dots else None):
            fail(f"'{name}' not defined for ordered factors")
        fail(f"\u2018{name}\u2019 not meaningful for factors")

    if name in ("max", "min", "range"):

        @builtin(f"{name}.ordered", "..., na.rm = FALSE")
        def extreme(dots: Dots, na_rm: Any) -> Any:
            template: Any = dots[0][1] if dots else NULL
            if not all(is_ordered(value) for _, value in dots) or template is NULL:
                fail(f"'{name}' of ordered factors takes ordered factors")
            codes = [(None, value.with_attributes(None)) for _, value in dots]
            result = call_function(REGISTRY[name], [*codes, ("na.rm", na_rm)])
            return make_factor(result.data, level_texts(template), True)


for _name in ("sum", "prod", "max", "min", "range", "any", "all"):
    _enter_factor_summary(_name)
