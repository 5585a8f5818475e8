"""Arithmetic, comparison and element access: scalar fast paths in front of the vector builtins."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.calls import apply_builtin, compile_plain_call
from pipekeras.grammar.evaluation.compiler import GUARDS, Code, code_of, form, with_member_as_text
from pipekeras.grammar.evaluation.conditions import fail
from pipekeras.grammar.evaluation.generic_shortcuts import has_element_method
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.evaluation.operand_shortcuts import (
    array_arithmetic,
    array_comparison,
    joined_truths,
    matrix_operation,
    negated_truths,
    negative_integers,
)
from pipekeras.grammar.evaluation.shortcuts import QUICK
from pipekeras.grammar.evaluation.sites import Site, plain_operands, read_at_once
from pipekeras.grammar.nodes import EMPTY_SYMBOL, MISSING, Call, Symbol
from pipekeras.grammar.values import FALSE, NA_INTEGER, NULL, TRUE, Vector

_LIMIT = 2**31
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_COMPARISON: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


@form("+", "-", "*")
def compile_arithmetic(node: Call) -> Code | None:
    """`a + b` and kin: doubles and integers of length one are done in Python."""
    if not plain_operands(node, 2):
        return _unary(node)
    name = node.function.name
    first_node, second_node = node.args[0].value, node.args[1].value
    left, right = code_of(first_node), code_of(second_node)
    left_name, right_name = read_at_once(first_node), read_at_once(second_node)
    constant = second_node if type(second_node) is Vector else None
    compute = _ARITHMETIC[name]
    guard = GUARDS[name]
    slow = compile_plain_call(node)

    def run(environment: Environment) -> Any:
        if guard:
            return slow(environment)
        frame = environment.frame
        a = frame.get(left_name)
        if type(a) is not Vector:
            a = left(environment)
        b = frame.get(right_name) if constant is None else constant
        if type(b) is not Vector:
            b = right(environment)
        if type(a) is Vector and type(b) is Vector:
            if a.attributes is None and b.attributes is None:
                x = a.scalar
                y = b.scalar
                if type(x) is float and (
                    type(y) is float or (type(y) is int and b.kind == "integer" and y != NA_INTEGER)
                ):  # fmt: skip
                    machine.visible = True
                    number = compute(x, y)
                    # Of two missing operands the first is kept, whichever the machine keeps.
                    return Vector("double", None, None, x if number != number and x != x else number)
                made = array_arithmetic(name, a, b) if x is None or y is None else _of_single_numbers(compute, a, b)
            else:
                made = matrix_operation(array_arithmetic, name, a, b)
            if made is not None:
                machine.visible = True
                return made
        return apply_builtin(REGISTRY[name], [(None, a), (None, b)], node, environment)

    return run


def _of_single_numbers(compute: Callable[[Any, Any], Any], a: Vector, b: Vector) -> Vector | None:
    """The sum, difference or product of two numbers of which one is an integer; None where something is missing."""
    x, y = a.scalar, b.scalar
    if a.kind == "integer" and x != NA_INTEGER:
        if b.kind == "double":
            return Vector("double", None, None, compute(x, y))
        if b.kind == "integer" and y != NA_INTEGER:
            total = compute(x, y)
            return Vector("integer", None, None, total) if -_LIMIT < total < _LIMIT else None
    elif a.kind == "double" and b.kind == "integer" and y != NA_INTEGER:
        return Vector("double", None, None, compute(x, y))
    return None


def _unary(node: Call) -> Code | None:
    name = node.function.name
    if name == "*" or not plain_operands(node, 1):
        return None
    inner = code_of(node.args[0].value)
    guard = GUARDS[name]
    slow = compile_plain_call(node)
    if name == "-" and type(node.args[0].value) is Vector and node.args[0].value.scalar is not None:
        constant = node.args[0].value
        if constant.kind == "double" and constant.attributes is None:
            negative = Vector("double", None, None, -constant.scalar)
            return lambda environment: slow(environment) if guard else negative

    def run(environment: Environment) -> Any:
        if guard:
            return slow(environment)
        a = inner(environment)
        if type(a) is Vector and a.kind == "double" and a.scalar is not None and a.attributes is None:
            machine.visible = True
            return Vector("double", None, None, -a.scalar if name == "-" else a.scalar)
        if type(a) is Vector and a.kind == "double" and a.array is not None:
            attributes = a.attributes
            if attributes is None or "class" not in attributes:
                machine.visible = True
                return Vector("double", -a.array, attributes) if name == "-" else a
        elif type(a) is Vector and a.kind == "integer" and a.attributes is None:
            made = a if name == "+" else negative_integers(a)
            if made is not None:
                machine.visible = True
                return made
        return apply_builtin(REGISTRY[name], [(None, a)], node, environment)

    return run


@form("/", "%%", "%/%", "^")
def compile_division(node: Call) -> Code | None:
    """`a / b`, `%%`, `%/%`, `^`: ordinary operands of length one are done in Python."""
    if not plain_operands(node, 2):
        return None
    name = node.function.name
    left = code_of(node.args[0].value)
    right = code_of(node.args[1].value)
    guard = GUARDS[name]
    slow = compile_plain_call(node)

    def run(environment: Environment) -> Any:
        if guard:
            return slow(environment)
        a = left(environment)
        b = right(environment)
        if type(a) is Vector and type(b) is Vector and a.attributes is None and b.attributes is None:
            x = a.scalar
            y = b.scalar
            if x is not None and y is not None and y == y:
                first = a.kind
                second = b.kind
                if first == "integer" and second == "integer":
                    if y > 0 and x != NA_INTEGER:
                        machine.visible = True
                        if name == "%%":
                            return Vector("integer", None, None, x % y)
                        if name == "%/%":
                            return Vector("integer", None, None, x // y)
                        if name == "/":
                            return Vector("double", None, None, x / y)
                elif (
                    y != 0
                    and (first == "double" or (first == "integer" and x != NA_INTEGER))
                    and (second == "double" or (second == "integer" and y != NA_INTEGER))
                ):
                    if name == "/":
                        machine.visible = True
                        return Vector("double", None, None, x / y)
                    if name == "^":
                        if y == 2:
                            machine.visible = True
                            return Vector("double", None, None, float(x) * x)
                    elif -1e9 < x < 1e9 and 0 < y < 1e9 and x == int(x) and y == int(y):
                        machine.visible = True
                        return Vector("double", None, None, float(x % y if name == "%%" else x // y))
            elif x is None or y is None:
                made = array_arithmetic(name, a, b)
                if made is not None:
                    machine.visible = True
                    return made
        elif type(a) is Vector and type(b) is Vector:
            made = matrix_operation(array_arithmetic, name, a, b)
            if made is not None:
                machine.visible = True
                return made
        return apply_builtin(REGISTRY[name], [(None, a), (None, b)], node, environment)

    return run


@form("==", "!=", "<", ">", "<=", ">=")
def compile_comparison(node: Call) -> Code | None:
    """`a < b` and kin."""
    if not plain_operands(node, 2):
        return None
    name = node.function.name
    first_node, second_node = node.args[0].value, node.args[1].value
    left, right = code_of(first_node), code_of(second_node)
    left_name, right_name = read_at_once(first_node), read_at_once(second_node)
    constant = second_node if type(second_node) is Vector else None
    compute = _COMPARISON[name]
    same = name in ("==", "!=")
    guard = GUARDS[name]
    slow = compile_plain_call(node)

    def run(environment: Environment) -> Any:
        if guard:
            return slow(environment)
        frame = environment.frame
        a = frame.get(left_name)
        if type(a) is not Vector:
            a = left(environment)
        b = frame.get(right_name) if constant is None else constant
        if type(b) is not Vector:
            b = right(environment)
        if type(a) is not Vector or type(b) is not Vector:
            pass
        elif a.attributes is None and b.attributes is None:
            x = a.scalar
            y = b.scalar
            if x is not None and y is not None and x == x and y == y:
                first = a.kind
                second = b.kind
                if (first == "double" or (first == "integer" and x != NA_INTEGER)) and (
                    second == "double" or (second == "integer" and y != NA_INTEGER)
                ):
                    machine.visible = True
                    return TRUE if compute(x, y) else FALSE
                if same and first == "character" and second == "character":
                    machine.visible = True
                    return TRUE if compute(x, y) else FALSE
            elif x is None or y is None:
                made = array_comparison(name, a, b)
                if made is not None:
                    machine.visible = True
                    return made
        else:
            made = matrix_operation(array_comparison, name, a, b)
            if made is not None:
                machine.visible = True
                return made
        return apply_builtin(REGISTRY[name], [(None, a), (None, b)], node, environment)

    return run


@form("!")
def compile_not(node: Call) -> Code | None:
    """`!x`."""
    if not plain_operands(node, 1):
        return None
    inner = code_of(node.args[0].value)
    guard = GUARDS["!"]
    slow = compile_plain_call(node)

    def run(environment: Environment) -> Any:
        if guard:
            return slow(environment)
        value = inner(environment)
        if value is TRUE:
            machine.visible = True
            return FALSE
        if value is FALSE:
            machine.visible = True
            return TRUE
        made = negated_truths(value)
        if made is not None:
            machine.visible = True
            return made
        return apply_builtin(REGISTRY["!"], [(None, value)], node, environment)

    return run


def _miscounted_member(node: Call) -> Code:
    """`$` and `@` of more or fewer than two things, such as `x %>% y$f` means: nothing is looked for."""
    name, given = node.function.name, len(node.args)
    guard = GUARDS[name]
    slow = compile_plain_call(node)

    def refuse(environment: Environment) -> Any:
        if guard:
            return slow(environment)
        raise fail(RError(f"{given} argument{'s' * (given != 1)} passed to '{name}' which requires 2", call=node))

    return refuse


@form("$", "@")
def compile_member(node: Call) -> Code | None:
    """`x$name`: the name is not evaluated."""
    if len(node.args) != 2:
        return None if Site(node).has_dots else _miscounted_member(node)
    name = node.function.name
    member = member_name(node.args[1].value)
    if member is None:
        return None
    target = code_of(node.args[0].value)
    label = Vector("character", None, None, member)
    plain = name == "$"
    guard = GUARDS[name]
    slow = compile_plain_call(with_member_as_text(node))

    def run(environment: Environment) -> Any:
        if guard:
            return slow(environment)
        x = target(environment)
        if plain and type(x) is Environment and not has_element_method("$", x.attributes):
            machine.visible = True
            found = x.get(member, inherits=False)
            if found is not None:
                return found
            if ".refClassDef" not in x.frame:
                return NULL
        if plain and type(x) is Vector and x.kind == "list" and x.attributes is not None:
            attributes = x.attributes
            if "class" not in attributes or not has_element_method("$", attributes):
                names = attributes.get("names")
                labels = () if names is None else names.items()
                if member in labels:
                    machine.visible = True
                    held = x.data[labels.index(member)]
                    return EMPTY_SYMBOL if held is MISSING else held
        if not plain and getattr(x, "kind", None) == "S4":
            slots = x.attributes or {}
            declared = slots.get("class")
            if declared is not None and declared.attributes and "package" in declared.attributes and member in slots:
                machine.visible = True
                return slots[member]
        return apply_builtin(REGISTRY[name], [(None, x), (None, label)], node, environment)

    return run


def member_name(value: Any) -> str | None:
    """Name on the right of `$`, or None when it is not a plain name or string."""
    if type(value) is Symbol:
        return value.name
    if type(value) is Vector and value.kind == "character" and len(value) == 1:
        text = value.items()[0]
        return None if text is None else str(text)
    return None


_TRUTHS_JOINED: dict[str, Callable[[list[Any]], Any]] = {
    "&": lambda values: joined_truths(values[0], values[1], True),
    "|": lambda values: joined_truths(values[0], values[1], False),
}


@form("&", "|", ":", "%*%", "%in%", "%o%")
def compile_vector_operator(node: Call) -> Code | None:
    """Operators without a scalar path: straight to the builtin."""
    name = node.function.name
    if not plain_operands(node, 2) or name not in REGISTRY:
        return None
    left = code_of(node.args[0].value)
    right = code_of(node.args[1].value)
    guard = GUARDS[name]
    slow = compile_plain_call(node)
    quick = _TRUTHS_JOINED.get(name) or QUICK.get(name)

    def run(environment: Environment) -> Any:
        if guard:
            return slow(environment)
        a, b = left(environment), right(environment)
        if quick is not None:
            found = quick([a, b])
            if found is not None:
                machine.visible = True
                return found
        return apply_builtin(REGISTRY[name], [(None, a), (None, b)], node, environment)

    return run


