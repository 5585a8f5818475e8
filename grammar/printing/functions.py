"""Functions and language objects as ``print`` shows them: kept source, else deparsed code."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.evaluation.quoting import shown_formals
from pipekeras.grammar.nodes import Call
from pipekeras.grammar.values import NULL, Closure, Vector, get_attribute

from .show import environment_text


def deparsed(value: Any) -> list[str]:
    """Lines of code for a value."""
    from pipekeras.grammar.deparse import PRINT_OPTIONS, deparse_lines

    return deparse_lines(value, PRINT_OPTIONS)


def language_lines(value: Any) -> list[str]:
    """A symbol, call or formula; a formula made inside a function tells its environment."""
    lines = deparsed(Call(value.function, value.args, value.span) if isinstance(value, Call) else value)
    classes = get_attribute(value, "class") if isinstance(value, Call) else NULL
    if isinstance(classes, Vector) and "formula" in classes.items():
        environment = get_attribute(value, ".Environment")
        if getattr(environment, "kind", "") == "environment" and environment is not machine.global_environment:
            lines.append(environment_text(environment))
    return lines


def expression_lines(value: Vector) -> list[str]:
    """An expression vector."""
    return deparsed(value)


def source_lines(function: Closure) -> list[str] | None:
    """The text that a function was written as, None when it was not kept."""
    attribute = get_attribute(function, "srcref")
    text = attribute.items()[0] if isinstance(attribute, Vector) and attribute.kind == "character" else None
    return text.split("\n") if text is not None else None


def function_lines(function: Any, use_source: bool = True) -> list[str]:
    """A function, and where it lives unless that is the global environment."""
    if isinstance(function, Closure):
        lines = (source_lines(function) if use_source else None) or deparsed(function)
        environment = function.environment
        if environment is not machine.global_environment and environment is not machine.base_environment:
            lines.append(environment_text(environment))
        return lines
    return builtin_lines(function)


def builtin_lines(function: Any) -> list[str]:
    """A builtin: primitives as R names them, others by their signature."""
    name = function.name
    if function.primitive or name in LANGUAGE_WORDS:
        formals = _PRIMITIVE_FORMALS.get(name)
        if formals is None and (function.special or name in LANGUAGE_WORDS):
            return [f'.Primitive("{name}")']
        return [f'function ({formals if formals is not None else signature(function)})  .Primitive("{name}")']
    package = function.package or "base"
    return [f"function ({signature(function)}) ", "<bytecode>", f"<environment: namespace:{package}>"]


LANGUAGE_WORDS = frozenset((
    "if", "for", "while", "repeat", "break", "next", "return", "function", "{", "(", "[", "[[", "$", "@",
    "<-", "<<-", "=", "~", ":", "&&", "||", "[<-", "[[<-", "$<-", "@<-",
))  # fmt: skip
_PRIMITIVE_FORMALS = {
    **dict.fromkeys(["+", "-", "*", "/", "^", "==", "!=", "<", "<=", ">", ">=", "&", "|", "%%", "%/%"], "e1, e2"),
    **dict.fromkeys(["%*%"], "x, y"),
    "!": "x", "sum": "..., na.rm = FALSE", "prod": "..., na.rm = FALSE", "max": "..., na.rm = FALSE",
    "min": "..., na.rm = FALSE", "range": "..., na.rm = FALSE", "c": "...", "list": "...", "length": "x",
    "any": "..., na.rm = FALSE", "all": "..., na.rm = FALSE", "abs": "x", "sqrt": "x", "exp": "x", "floor": "x",
    "ceiling": "x", "names": "x", "is.na": "x", "is.null": "x", "seq_len": "length.out", "seq_along": "along.with",
    "log": "x, base = exp(1)", "round": "x, digits = 0", "signif": "x, digits = 6", "cos": "x", "sin": "x", "tan": "x",
    "dim": "x", "class": "x", "unclass": "x", "invisible": "x = NULL", "as.numeric": "x, ...", "as.integer": "x, ...",
    "as.character": "x, ...", "as.double": "x, ...", "as.logical": "x, ...", "is.function": "x", "is.list": "x",
    "is.numeric": "x", "is.character": "x", "rep": "x, ...", "cumsum": "x", "cumprod": "x", "xtfrm": "x",
    "attr": "x, which, exact = FALSE", "environment<-": "fun, value", "levels<-": "x, value", "nargs": "",
    "interactive": "", "globalenv": "", "emptyenv": "", "baseenv": "", "proc.time": "", "gamma": "x", "lgamma": "x",
    "UseMethod": "generic, object", "quote": "expr",
    "substitute": "expr, env", "missing": "x", "switch": "EXPR, ...", "on.exit": "expr = NULL, add = FALSE, after = TRUE",
    "standardGeneric": "f, fdef", "expression": "...", "as.raw": "x", "...length": "", "...elt": "n", "...names": "",
}  # fmt: skip


def signature(function: Any) -> str:
    """The formals of a builtin as R code."""
    told = shown_formals().get(function.name)
    if told is not None:
        return told
    shown = []
    for formal in function.formals:
        text = formal.text
        if text is not None and len(text) > 1 and text[0] == "'" and '"' not in text:
            text = '"' + text[1:-1] + '"'
        shown.append(formal.name if text is None else f"{formal.name} = {text}")
    return ", ".join(shown)


