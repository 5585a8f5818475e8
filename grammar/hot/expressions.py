"""Expressions of the language as Python source: numbers in Python's own operators, everything else by what the tree means."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.evaluation.compiler import GUARDS, code_of
from pipekeras.grammar.evaluation.operators import member_name
from pipekeras.grammar.evaluation.sites import plain_operands
from pipekeras.grammar.hot.writer import BARE, HELD, PERHAPS, UNHELD, Value, Writer
from pipekeras.grammar.nodes import MISSING, Call, Symbol
from pipekeras.grammar.values import NULL, Vector

_ARITHMETIC = frozenset(("+", "-", "*", "/", "%%", "%/%", "^"))
_COMPARISON = frozenset(("<", ">", "<=", ">=", "==", "!="))
PRIMITIVES = {
    "sqrt": ("{0} >= 0", "square_root({0})"),
    "exp": ("-700 < {0} < 700", "exponential({0})"),
    "floor": ("type({0}) is float and -1e15 < {0} < 1e15", "copysign(float(floor({0})), {0})"),
    "abs": ("type({0}) is not bool", "abs({0})"),
}
"""Functions of one number: when the short way holds, and the short way."""


_OF_DOUBLES = {
    "+": "sum_of_vectors", "-": "difference_of_vectors", "*": "product_of_vectors", "/": "quotient_of_vectors",
    "^": "power_of_vector",
}  # fmt: skip
"""Operators with a short way of their own for vectors of doubles."""


def is_name(node: Any) -> bool:
    """Whether a node reads a variable in the ordinary way."""
    return type(node) is Symbol and not node.name.startswith("..") and node.name != ""


def form_of(node: Any) -> str:
    """The name of what a call calls, where it is written as a name and the program has given it no other meaning; else ""."""
    if type(node) is Call and type(node.function) is Symbol:
        name = node.function.name
        guard = GUARDS.get(name)
        if guard is not None and not guard:
            return str(name)
    return ""


def evaluated(w: Writer, node: Any) -> Value:
    """Write what evaluates a node; the value."""
    kind = type(node)
    if kind is Vector:
        return _constant(w, node)
    if is_name(node):
        return variable(w, node)
    name = form_of(node)
    if name in _ARITHMETIC and plain_operands(node, 2):
        return _arithmetic(w, node, name)
    if name in _COMPARISON and plain_operands(node, 2):
        return _comparison(w, node, name)
    if name == "(" and plain_operands(node, 1):
        w.guards.add(name)
        return evaluated(w, node.args[0].value)
    if name in ("-", "!") and plain_operands(node, 1):
        return _sign(w, node, name)
    if name in ("&&", "||") and plain_operands(node, 2):
        return _short_circuit(w, node, name)
    if name == "$":
        return _member(w, node)
    if name in ("[", "[["):
        from pipekeras.grammar.hot.places import element_read

        found = element_read(w, node, name)
        if found is not None:
            return found
    if name in ("if", "{", "<-", "="):
        from pipekeras.grammar.hot.statements import as_expression

        found = as_expression(w, node, name)
        if found is not None:
            return found
    if name and name in REGISTRY and _is_quiet(node):
        found = _builtin(w, node, name)
        if found is not None:
            return found
    if node is NULL:
        return Value(w.constant(NULL))
    if kind is Call and not name and is_name(node.function) and plain_operands(node, len(node.args)) and node.args:
        from pipekeras.grammar.hot.pure_calls import pure_call

        found = pure_call(w, node)
        if found is not None:
            return found
    return general(w, node)


def general(w: Writer, node: Any) -> Value:
    """The value by the ordinary code for the node."""
    made = w.temporary()
    w.foreign(f"{made} = {w.constant(code_of(node))}(environment)")
    _unwrap(w, made)
    return Value(made)


def _unwrap(w: Writer, name: str) -> None:
    """Make a value bare where it is a number."""
    w.line(f"if type({name}) is Vector and {name}.attributes is None:")
    w.line(f"    {name}n = {name}.scalar")
    w.line(f"    if type({name}n) is float: {name} = {name}n")
    w.line(f"    elif {name}n is not None: {name} = bare({name})")


def _constant(w: Writer, node: Vector) -> Value:
    if node.attributes is None:
        number = node.scalar
        if type(number) is float and math.isfinite(number):
            return Value(repr(number), "float", constant=number)
        if type(number) is int and node.kind == "integer" and abs(number) < 2**31:
            return Value(repr(number), "int", constant=number)
        if type(number) is int and node.kind == "logical" and number in (0, 1):
            return Value(repr(bool(number)), "truth")
    return Value(w.constant(node), likely_boxed=True)


def is_likely_boxed(w: Writer, name: str) -> bool:
    """Whether a variable holds something else than a number now."""
    value = w.environment.frame.get(name)
    return type(value) is Vector and (value.scalar is None or value.attributes is not None or value.kind == "character")


def load(w: Writer, name: str) -> str:
    """Write what brings a variable that the code assigns to hand; it stays None where its own frame holds no vector."""
    local = w.local(name)
    assert w.state is not None
    kept = w.holding(name)
    if kept == PERHAPS:
        w.line(f"if {local} is None: {local} = own(frame, {name!r})")
    elif kept == UNHELD:
        w.line(f"{local} = own(frame, {name!r})")
        w.state.held[name] = PERHAPS
    return local


def brought(w: Writer, name: str) -> str:
    """Bring a variable to hand without sharing its vector; it may stay None."""
    if name in w.assigned:
        return load(w, name)
    local = w.local(name)
    assert w.state is not None
    kept = w.holding(name)
    if kept == UNHELD:
        w.line(f"{local} = seen(environment, {name!r})")
        w.state.held[name] = PERHAPS
    elif kept == PERHAPS:
        w.line(f"if {local} is None: {local} = seen(environment, {name!r})")
    return local


def variable(w: Writer, node: Symbol) -> Value:
    """Write what reads a variable; the value in a temporary of its own."""
    name = node.name
    local = w.local(name)
    state = w.state
    assert state is not None
    if name in w.written:
        w.line(f"w{w.variables[name]}k = w{w.variables[name]}a = None")
    likely = is_likely_boxed(w, name)
    kept = w.holding(name)
    if kept == HELD:
        sort = state.sorts.get(name, "mixed")
        return Value(_copied(w, name, local), sort, likely and sort == "mixed")
    made = w.reader(name)
    read = w.constant(code_of(node))
    if kept == UNHELD and name in w.parameters and name not in w.assigned:
        _parameter(w, name, local, made, read)
        return Value(made, "mixed", likely)
    if name in w.assigned:
        load(w, name)
    elif kept == UNHELD:
        w.line(f"{local} = seen(environment, {name!r})")
        state.held[name] = PERHAPS
    else:
        w.line(f"if {local} is None: {local} = seen(environment, {name!r})")
    ready = w.fork()
    with w.block(f"if {local} is not None:"):
        w.line(f"{made} = {local}")
    with w.block("else:"):
        if name in w.assigned:
            w.line(f"{made} = seen(environment, {name!r})")
            with w.block(f"if {made} is None:"):
                w.foreign(f"{made} = bare({read}(environment))")
        else:
            w.foreign(f"{made} = bare({read}(environment))")
    w.join(ready, w.state)
    return Value(made, "mixed", likely)


def _copied(w: Writer, name: str, local: str) -> str:
    made = w.reader(name)
    w.line(f"{made} = {local}")
    return made


def _parameter(w: Writer, name: str, local: str, made: str, read: str) -> None:
    """Write what reads a parameter that nothing is assigned to: its promise is forced by the first reader."""
    w.line(f"{made} = frame.get({name!r})")
    ready = w.fork()
    with w.block(f"if type({made}) is Promise:"):
        with w.block(f"if {made}.value is None:"):
            w.foreign(f"force({made})")
        w.join(ready, w.state)
        w.line(f"{made} = {made}.value")
    forced = w.state
    w.state = ready.copy()
    with w.block(f"elif type({made}) is not Vector:"):
        w.foreign(f"{made} = {read}(environment)")
    w.join(forced, w.state)
    _unwrap(w, made)
    w.line(f"{local} = {made}")
    assert w.state is not None
    w.state.held[name] = HELD
    w.state.sorts[name] = "mixed"


def _otherwise(w: Writer, before: Any, made: str, text: str) -> None:
    """The `except` part of a step: by what the tree means, with any value."""
    after = w.fork()
    w.state = before
    with w.block("except (TypeError, ZeroDivisionError, OverflowError):"):
        w.foreign(f"{made} = {text}")
    w.join(after, w.state)


def _arithmetic(w: Writer, node: Call, name: str) -> Value:
    w.guards.add(name)
    a = evaluated(w, node.args[0].value)
    b = evaluated(w, node.args[1].value)
    slow = f"operated({name!r}, {a.text}, {b.text}, {w.constant(node)}, environment)"
    likely = a.likely_boxed or b.likely_boxed
    if likely:
        return _of_vectors(w, name, a, b, slow)
    sorts = {a.sort, b.sort}
    is_certain = sorts <= BARE
    made_sort = "float" if "float" in sorts or name in ("/", "^") else "int" if is_certain else "mixed"
    may_both_be_missing = name in ("+", "*") and "int" not in sorts and a.constant is None and b.constant is None
    if name in ("+", "-", "*") and is_certain and made_sort == "float":
        number = w.temporary(f"{a.text} {name} {b.text}")
        if may_both_be_missing:
            _keep_first(w, number, a)
        return Value(number, "float")
    before = w.fork()
    made = w.temporary()
    with w.block("try:"):
        if name in ("+", "-", "*", "/"):
            w.line(f"{made} = {a.text} {name} {b.text}")
            if made_sort != "float":
                w.line(f"if type({made}) is not float and not -2147483648 < {made} < 2147483648: raise TypeError")
            if may_both_be_missing:
                _keep_first(w, made, a)
        elif name == "^":
            _power(w, made, a, b)
        else:
            _remainder(w, made, a, b, "%" if name == "%%" else "//")
    _otherwise(w, before, made, slow)
    return Value(made)


def _keep_first(w: Writer, made: str, first: Value) -> None:
    """Of two missing operands the first is kept, whichever the machine keeps."""
    w.line(f"if {made} != {made} and {first.text} != {first.text}: {made} = {first.text}")


def _power(w: Writer, made: str, a: Value, b: Value) -> None:
    if b.constant == 2:
        w.line(f"{made} = {a.text} * 1.0 * {a.text}")
        return
    w.line(f"if not ({a.text} > 0 and type({b.text}) is float and {b.text} == {b.text}): raise TypeError")
    w.line(f"{made} = {a.text} * 1.0 * {a.text} if {b.text} == 2 else float({a.text}) ** {b.text}")


def _remainder(w: Writer, made: str, a: Value, b: Value, sign: str) -> None:
    tests = []
    if b.constant is None or not 0 < b.constant < 1e9 or b.constant != int(b.constant):
        tests.append(f"0 < {b.text} < 1e9 and {b.text} % 1 == 0")
    tests.append(f"-1e9 < {a.text} < 1e9" if a.sort == "int" else f"-1e9 < {a.text} < 1e9 and {a.text} % 1 == 0")
    w.line(f"if not ({' and '.join(tests)}): raise TypeError")
    w.line(f"{made} = {a.text} {sign} {b.text}")


def _of_vectors(w: Writer, name: str, a: Value, b: Value, slow: str) -> Value:
    """A step whose operands were vectors when the code was written."""
    before = w.fork()
    direct = _OF_DOUBLES.get(name)
    if direct is None:
        text = f"of_vectors({name!r}, {a.text}, {b.text})"
    elif b.sort == "float" and b.constant is not None:
        text = f"{direct}({a.text}, {b.text}, {w.constant(np.array(b.constant))})"
    else:
        text = f"{direct}({a.text}, {b.text})"
    made = w.temporary(text)
    with w.block(f"if {made} is None:"):
        w.foreign(f"{made} = {slow}")
    w.join(before, w.state)
    return Value(made, "mixed", True)


def _comparison(w: Writer, node: Call, name: str) -> Value:
    w.guards.add(name)
    a = evaluated(w, node.args[0].value)
    b = evaluated(w, node.args[1].value)
    slow = f"operated({name!r}, {a.text}, {b.text}, {w.constant(node)}, environment)"
    if a.likely_boxed or b.likely_boxed:
        made = _of_vectors(w, name, a, b, slow)
        made.likely_boxed = False
        return made
    is_certain = a.sort in BARE and b.sort in BARE
    before = w.fork()
    made_name = w.temporary()
    doubted = [side.text for side in (a, b) if side.constant is None and side.sort not in ("int", "truth")]
    if is_certain:
        text = f"{a.text} {name} {b.text}"
    elif name in ("==", "!="):
        text = f"{a.text} <= {b.text} and {a.text} >= {b.text}"
        text = text if name == "==" else f"not ({text})"
    else:
        text = f"{a.text} {name} {b.text}"
    if not doubted:
        w.line(f"{made_name} = {text}")
        return Value(made_name, "truth")
    with w.block("try:"):
        w.line(f"{made_name} = {text}")
        missing = " or ".join(f"{one} != {one}" for one in doubted)
        w.line(f"if {'' if name == '!=' else 'not '}{made_name} and ({missing}): raise TypeError")
    _otherwise(w, before, made_name, slow)
    return Value(made_name)


def _sign(w: Writer, node: Call, name: str) -> Value:
    w.guards.add(name)
    a = evaluated(w, node.args[0].value)
    if a.constant is not None and name == "-":
        number = -a.constant
        return Value(f"({number!r})", a.sort, constant=number)
    before = w.fork()
    slow = f"negated({name!r}, {a.text}, {w.constant(node)}, environment)"
    if name == "!":
        if a.sort == "truth":
            return Value(w.temporary(f"not {a.text}"), "truth")
        made = w.temporary()
        with w.block(f"if type({a.text}) is bool:"):
            w.line(f"{made} = not {a.text}")
        with w.block("else:"):
            w.foreign(f"{made} = {slow}")
        w.join(before, w.state)
        return Value(made)
    if a.sort in ("float", "int"):
        return Value(w.temporary(f"-{a.text}"), a.sort)
    made = w.temporary()
    with w.block("try:"):
        w.line(f"{made} = -{a.text}")
    _otherwise(w, before, made, slow)
    return Value(made)


def _truth(w: Writer, value: Value, otherwise: str) -> str:
    """A value as a bool; what is none of Python's is asked in the way given."""
    if value.sort == "truth":
        return value.text
    before = w.fork()
    made = w.temporary(value.text)
    with w.block(f"if type({made}) is not bool:"):
        w.foreign(f"{made} = {otherwise}")
    w.join(before, w.state)
    return made


def _side(w: Writer, value: Value, side: str, node: Call) -> str:
    """One side of `&&` or `||` as a bool, or None where it is missing."""
    return _truth(w, value, f"side_truth({value.text}, {side!r}, {w.constant(node)})")


def _short_circuit(w: Writer, node: Call, name: str) -> Value:
    w.guards.add(name)
    deciding = "False" if name == "&&" else "True"
    other = "True" if name == "&&" else "False"
    first = _side(w, evaluated(w, node.args[0].value), "x", node)
    made = w.temporary()
    with w.block(f"if {first} is {deciding}:"):
        w.line(f"{made} = {deciding}")
    decided = w.fork()
    with w.block("else:"):
        second = _side(w, evaluated(w, node.args[1].value), "y", node)
        w.line(f"{made} = {deciding} if {second} is {deciding} else "
               f"UNKNOWN if {first} is None or {second} is None else {other}")
    w.join(decided, w.state)
    return Value(made)


def condition(w: Writer, value: Value, node: Call) -> str:
    """The condition of `if` or `while` as a bool."""
    return _truth(w, value, f"truth_of({value.text}, {w.constant(node)})")


def _member(w: Writer, node: Call) -> Value:
    """`x$name` of a variable, or of such a member."""
    member = member_name(node.args[1].value) if len(node.args) == 2 else None
    subject = node.args[0].value
    if member is None or not (is_name(subject) or form_of(subject) == "$") or any(one.name for one in node.args):
        return general(w, node)
    w.guards.add("$")
    held = evaluated(w, subject)
    before = w.fork()
    made = w.temporary(f"member({held.text}, {member!r})")
    with w.block(f"if {made} is None:"):
        label = w.constant(Vector("character", None, None, member))
        w.foreign(f"{made} = bare(apply_builtin(REGISTRY['$'], [(None, boxed({held.text})), (None, {label})], "
                  f"{w.constant(node)}, environment))")
    w.join(before, w.state)
    return Value(made)


def _is_quiet(node: Call) -> bool:
    """Whether the arguments of a call are plain, so that evaluating them runs nothing of the program."""
    function = REGISTRY[node.function.name]
    if function.quick is None or function.special or function.lazy or not plain_operands(node, len(node.args)):
        return False
    return all(_is_simple(argument.value) for argument in node.args)


def _is_simple(node: Any) -> bool:
    if is_name(node) or type(node) is Vector:
        return True
    name = form_of(node)
    if name in _ARITHMETIC or name in _COMPARISON or name in ("(", "!", "[", "[["):
        return all(_is_simple(argument.value) and argument.value is not MISSING for argument in node.args)
    return bool(name) and name in REGISTRY and REGISTRY[name].primitive and _is_quiet(node)


def _builtin(w: Writer, node: Call, name: str) -> Value | None:
    """A function that has a shortcut for plain operands."""
    w.guards.add(name)
    values = [evaluated(w, argument.value) for argument in node.args]
    function = REGISTRY[name]
    listed = ", ".join(value.text for value in values)
    slow = f"called({w.constant(function)}, [{listed}], {w.constant(node)}, environment)"
    before = w.fork()
    made = w.temporary()
    short = PRIMITIVES.get(name) if len(values) == 1 and not values[0].likely_boxed else None
    if short is not None:
        test, text = short
        with w.block("try:"):
            w.line(f"if not ({test.format(values[0].text)}): raise TypeError")
            w.line(f"{made} = {text.format(values[0].text)}")
        _otherwise(w, before, made, slow)
        return Value(made)
    quick = w.constant(function.quick)
    given = ", ".join(value.text if value.text[0] == "k" else f"boxed({value.text})" for value in values)
    w.line(f"{made} = {quick}([{given}])")
    with w.block(f"if {made} is None:"):
        w.foreign(f"{made} = {slow}")
    w.join(before, w.state)
    _unwrap(w, made)
    return Value(made)
