"""Arithmetic, comparison and element access: scalar fast paths in front of the vector builtins."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.calls import apply_builtin, compile_plain_call
from pipekeras.grammar.evaluation.compiler import ELEMENT_METHODS, GUARDS, Code, code_of, form, with_member_as_text
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.evaluation.operand_shortcuts import (
    array_arithmetic,
    array_comparison,
    line,
    matrix_arithmetic,
    offset,
    part,
)
from pipekeras.grammar.evaluation.shortcuts import QUICK
from pipekeras.grammar.evaluation.sites import Site, is_missing
from pipekeras.grammar.evaluation.templates import Arguments
from pipekeras.grammar.nodes import EMPTY_SYMBOL, MISSING, Call, Symbol
from pipekeras.grammar.values import FALSE, NA_INTEGER, NULL, TRUE, Closure, Promise, Vector

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


def _plain_operands(node: Call, count: int) -> bool:
    return len(node.args) == count and all(
        argument.name is None
        and argument.value is not MISSING
        and not (type(argument.value) is Symbol and argument.value.name == "...")
        for argument in node.args
    )


@form("+", "-", "*")
def compile_arithmetic(node: Call) -> Code | None:
    """`a + b` and kin: doubles and integers of length one are done in Python."""
    if not _plain_operands(node, 2):
        return _unary(node)
    name = node.function.name
    left = code_of(node.args[0].value)
    right = code_of(node.args[1].value)
    compute = _ARITHMETIC[name]
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
            if x is not None and y is not None:
                first = a.kind
                second = b.kind
                if first == "double":
                    if second == "double" or (second == "integer" and y != NA_INTEGER):
                        machine.visible = True
                        return Vector("double", None, None, compute(x, y))
                elif first == "integer" and x != NA_INTEGER:
                    if second == "double":
                        machine.visible = True
                        return Vector("double", None, None, compute(x, y))
                    if second == "integer" and y != NA_INTEGER:
                        total = compute(x, y)
                        if -_LIMIT < total < _LIMIT:
                            machine.visible = True
                            return Vector("integer", None, None, total)
            else:
                made = array_arithmetic(name, a, b)
                if made is not None:
                    machine.visible = True
                    return made
        elif type(a) is Vector and type(b) is Vector:
            made = matrix_arithmetic(name, a, b)
            if made is not None:
                machine.visible = True
                return made
        return apply_builtin(REGISTRY[name], [(None, a), (None, b)], node, environment)

    return run


def _unary(node: Call) -> Code | None:
    name = node.function.name
    if name == "*" or not _plain_operands(node, 1):
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
        return apply_builtin(REGISTRY[name], [(None, a)], node, environment)

    return run


@form("/", "%%", "%/%", "^")
def compile_division(node: Call) -> Code | None:
    """`a / b`, `%%`, `%/%`, `^`: ordinary operands of length one are done in Python."""
    if not _plain_operands(node, 2):
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
        elif name == "/" and type(a) is Vector and type(b) is Vector:
            made = matrix_arithmetic(name, a, b)
            if made is not None:
                machine.visible = True
                return made
        return apply_builtin(REGISTRY[name], [(None, a), (None, b)], node, environment)

    return run


@form("==", "!=", "<", ">", "<=", ">=")
def compile_comparison(node: Call) -> Code | None:
    """`a < b` and kin."""
    if not _plain_operands(node, 2):
        return None
    name = node.function.name
    left = code_of(node.args[0].value)
    right = code_of(node.args[1].value)
    compute = _COMPARISON[name]
    same = name in ("==", "!=")
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
        return apply_builtin(REGISTRY[name], [(None, a), (None, b)], node, environment)

    return run


@form("!")
def compile_not(node: Call) -> Code | None:
    """`!x`."""
    if not _plain_operands(node, 1):
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
        return apply_builtin(REGISTRY["!"], [(None, value)], node, environment)

    return run


def element(vector: Vector, index: Vector, exact: bool) -> Any:
    """One element at a plain positive index of a vector without attributes (`exact`: or any, for `[[`); None if not so."""
    position = index.scalar
    kind = index.kind
    if position is None or index.attributes is not None or (kind != "double" and kind != "integer"):
        return _named_element(vector, position) if exact and kind == "character" and vector.kind == "list" else None
    if not 1 <= position <= len(vector):
        return None
    vector_kind = vector.kind
    found = vector.data[int(position) - 1]
    if vector_kind == "list":
        return EMPTY_SYMBOL if found is MISSING else found if exact else None
    if vector_kind == "double":
        return Vector("double", None, None, float(found))
    if vector_kind == "integer" or vector_kind == "logical":
        return Vector(vector_kind, None, None, int(found))
    if vector_kind == "character" and found is not None:
        return Vector("character", None, None, found)
    return None


def _named_element(vector: Vector, name: Any) -> Any:
    """The member of a list under a name that it has; None for any other."""
    attributes = vector.attributes
    names = None if attributes is None or name is None else attributes.get("names")
    if names is None:
        return None
    labels = names.items()
    if name not in labels:
        return None
    found = vector.data[labels.index(name)]
    return EMPTY_SYMBOL if found is MISSING else found


def has_own_method(name: str, x: Any, environment: Environment) -> bool:
    """Whether a value's class has a method for indexing that is written in the language."""
    attributes = getattr(x, "attributes", None)
    if not attributes or "class" not in attributes or type(x) is not Vector:
        return False
    from pipekeras.grammar.evaluation.dispatch import choose_method

    method, _, _ = choose_method(name, [str(one) for one in attributes["class"].items()], environment)
    return type(method) is Closure


@form("[", "[[")
def compile_index(node: Call) -> Code | None:
    """`x[i]` and `x[[i]]`: single elements of plain vectors are read directly."""
    name = node.function.name
    if len(node.args) < 1:
        return None
    guard = GUARDS[name]
    site = Site(node)
    slow = compile_plain_call(node)
    exact = name == "[["
    if not _plain_operands(node, 2):

        subject = code_of(node.args[0].value)
        named = node.args[0].value is MISSING or (type(node.args[0].value) is Symbol and node.args[0].value.name == "...")

        two = len(node.args) == 3 and site.plain
        row = len(node.args) == 3 and not exact and site.nodes[2] is MISSING and site.nodes[1] is not MISSING
        column = len(node.args) == 3 and not exact and site.nodes[1] is MISSING and site.nodes[2] is not MISSING
        along = (row or column) and not any(site.names) and not site.has_dots
        codes = [code for code, _ in site.makers]
        constants = [value for _, value in site.makers]
        parameters = [one.name for one in site.nodes[1:] if type(one) is Symbol and one is not MISSING]

        def run_general(environment: Environment) -> Any:
            if guard:
                return slow(environment)
            if not named and not site.has_dots:
                x = subject(environment)
                if parameters and any(is_missing(one, environment) for one in parameters):
                    if has_own_method(name, x, environment):
                        rest = zip(site.names[1:], site.promises(environment)[1:], strict=True)
                        return apply_builtin(REGISTRY[name], [(site.names[0], x), *rest], node, environment)
                    return apply_builtin(REGISTRY[name], [(site.names[0], x), *site.rest(environment)], node, environment)
                if two and type(x) is Vector and x.attributes is not None and "class" not in x.attributes:
                    i = constants[1] if codes[1] is None else codes[1](environment)
                    j = constants[2] if codes[2] is None else codes[2](environment)
                    found = _cell(x, [i, j], exact)
                    if found is None:
                        arguments: Arguments = [(None, x), (None, i), (None, j)]
                        return apply_builtin(REGISTRY[name], arguments, node, environment)
                    machine.visible = True
                    return found
                if along and type(x) is Vector and x.attributes is not None and "class" not in x.attributes:
                    code, value = site.makers[1 if row else 2]
                    place = value if code is None else code(environment)
                    found = line(x, place, row)
                    if found is None:
                        indices: Arguments = [(None, place), (None, MISSING)]
                        arguments = [(None, x), *(indices if row else reversed(indices))]
                        return apply_builtin(REGISTRY[name], arguments, node, environment)
                    machine.visible = True
                    return found
                if has_own_method(name, x, environment):
                    rest = zip(site.names[1:], site.promises(environment)[1:], strict=True)
                    return apply_builtin(REGISTRY[name], [(site.names[0], x), *rest], node, environment)
                return apply_builtin(REGISTRY[name], [(site.names[0], x), *site.rest(environment)], node, environment)
            return apply_builtin(REGISTRY[name], site.kept(environment), node, environment)

        return run_general
    target = code_of(node.args[0].value)
    index = code_of(node.args[1].value)
    position = node.args[1].value
    parameter = position.name if type(position) is Symbol else None

    def run(environment: Environment) -> Any:
        if guard:
            return slow(environment)
        x = target(environment)
        if has_own_method(name, x, environment):
            # A method written in the language sees its arguments as they were written.
            lazy = Promise(index, position, environment)
            return apply_builtin(REGISTRY[name], [(None, x), (None, lazy)], node, environment)
        if parameter is not None and environment.unsupplied and is_missing(parameter, environment):
            return apply_builtin(REGISTRY[name], [(None, x), (None, MISSING)], node, environment)
        i = index(environment)
        if type(x) is Vector and type(i) is Vector:
            attributes = x.attributes
            if attributes is None or (exact and "class" not in attributes):
                found = element(x, i, exact)
                if found is None and not exact and attributes is None:
                    found = part(x, i)
                if found is not None:
                    machine.visible = True
                    return found
        return apply_builtin(REGISTRY[name], [(None, x), (None, i)], node, environment)

    return run


def _cell(matrix: Vector, places: list[Any], exact: bool) -> Vector | None:
    """`m[i, j]` at plain positive places of a matrix of numbers, texts or truths; None for anything else."""
    attributes = matrix.attributes
    at = offset(matrix, places, attributes)
    if at < 0 or attributes is None or matrix.kind in ("list", "expression"):
        return None
    names = None if exact else attributes.get("dimnames")
    if names is not None and (names.data[0] is NULL) != (names.data[1] is NULL):
        # With names along one axis only the cell keeps its name.
        return None
    item = matrix.data.item(at)
    return None if item is None else Vector(matrix.kind, None, None, item)


@form("$", "@")
def compile_member(node: Call) -> Code | None:
    """`x$name`: the name is not evaluated."""
    if len(node.args) != 2:
        return None
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
        if plain and type(x) is Environment and (x.attributes is None or not (ELEMENT_METHODS or machine.methods)):
            machine.visible = True
            found = x.get(member, inherits=False)
            if found is not None:
                return found
            if ".refClassDef" not in x.frame:
                return NULL
        if plain and type(x) is Vector and x.kind == "list" and x.attributes is not None:
            attributes = x.attributes
            if "class" not in attributes or not (
                ELEMENT_METHODS or machine.methods or _has_built_in_member(attributes["class"].items())
            ):
                names = attributes.get("names")
                labels = () if names is None else names.items()
                if member in labels:
                    machine.visible = True
                    held = x.data[labels.index(member)]
                    return EMPTY_SYMBOL if held is MISSING else held
        return apply_builtin(REGISTRY[name], [(None, x), (None, label)], node, environment)

    return run


def _has_built_in_member(classes: list[Any]) -> bool:
    """Whether a class has a way of its own to read members; a data frame reads those that it has as a list does."""
    return classes != ["data.frame"] and any(f"$.{one}" in REGISTRY for one in classes)


def member_name(value: Any) -> str | None:
    """Name on the right of `$`, or None when it is not a plain name or string."""
    if type(value) is Symbol:
        return value.name
    if type(value) is Vector and value.kind == "character" and len(value) == 1:
        text = value.items()[0]
        return None if text is None else str(text)
    return None


@form("&", "|", ":", "%*%", "%in%", "%o%")
def compile_vector_operator(node: Call) -> Code | None:
    """Operators without a scalar path: straight to the builtin."""
    name = node.function.name
    if not _plain_operands(node, 2) or name not in REGISTRY:
        return None
    left = code_of(node.args[0].value)
    right = code_of(node.args[1].value)
    guard = GUARDS[name]
    slow = compile_plain_call(node)
    quick = QUICK.get(name)

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


