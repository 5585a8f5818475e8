"""Functions of numbers: called from hot code as Python functions of numbers, without promises, frames or environments.

A function is pure here when its body has nothing but arithmetic, comparison, conditions, loops over numbers, names and calls of
such functions. While every value is a bare number nothing can be seen from outside before it ends; as soon as something is
not, `Impure` (or an error of Python's own) stops it, and the call is made anew the ordinary way.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.compiler import CHANGES, GUARDS
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.evaluation.sites import plain_operands
from pipekeras.grammar.evaluation.templates import Template
from pipekeras.grammar.hot.expressions import PRIMITIVES, form_of, is_name
from pipekeras.grammar.hot.support import bare, boxed, counted_turns, seen
from pipekeras.grammar.nodes import Call
from pipekeras.grammar.values import Closure, Promise, Vector

_DEEPEST = 600
"""Calls within one another up to which they are made this way."""
_MOST_FAILURES = 10
"""After so many calls that had to be made anew, a function is no longer called this way."""
_MOST_INDENTED = 60
"""Columns of indentation up to which a body is written so: Python nests at most twenty blocks."""
_SIGNS = {"%%": "%", "%/%": "//"}
_SHORTCUTS = frozenset((
    "max", "min", "ceiling", "round", "trunc", "log", "sin", "cos", "tan", "tanh", "bitwAnd", "bitwOr", "bitwXor",
))  # fmt: skip
"""Functions whose shortcut gives a number and does nothing else."""


class Impure(Exception):
    """A value is not a number, or what is asked for is more than a number can tell."""


NOT_PURE = (Impure, TypeError, ValueError, AttributeError, ZeroDivisionError, OverflowError, RecursionError)
"""What stops a step that numbers alone cannot make."""


class NotPureError(Exception):
    """The body of a function has something else than numbers."""


class Pure:
    """The code of a pure function: takes the closure's environment, how deep it is called, and the numbers."""

    __slots__ = ("checked", "code", "count", "failures", "guards")

    def __init__(self, code: Callable[..., Any], count: int, guards: list[list[bool]]) -> None:
        self.code = code
        self.count = count
        self.guards = guards
        self.failures = 0
        self.checked = -1

    def is_usable(self) -> bool:
        """Whether the operators still mean what they meant, and the code has been of use."""
        if any(self.guards) or self.failures > _MOST_FAILURES:
            return False
        self.checked = CHANGES[0]
        return True

    def tried(self, closure: Closure, arguments: list[tuple[str | None, Any]]) -> Any:
        """The vector that the function makes of arguments which are numbers already; None where it has to be called."""
        if len(arguments) != self.count or (self.checked != CHANGES[0] and not self.is_usable()):
            return None
        numbers = []
        for name, value in arguments:
            number = bare(value.value if type(value) is Promise else value)
            if name is not None or (type(number) is not float and type(number) is not int and type(number) is not bool):
                return None
            numbers.append(number)
        try:
            return boxed(self.code(closure.environment, 1, *numbers))
        except NOT_PURE:
            gave_up(closure)
            return None


def pure_closure(environment: Environment, name: str, count: int) -> Any:
    """The function of that name when it is pure and takes so many numbers; None when it is not."""
    place: Environment | None = environment
    while place is not None:
        found = place.frame.get(name)
        if found is not None and type(found) is not Vector:
            if type(found) is not Closure:
                return None
            unit = found.template.pure
            if unit is None:
                unit = found.template.pure = written(found.template) or False
            if unit is False or unit.count != count or (unit.checked != CHANGES[0] and not unit.is_usable()):
                return None
            return found
        place = place.parent
    return None


def needed(environment: Environment, name: str, count: int) -> Any:
    """As `pure_closure`, where there must be one."""
    found = pure_closure(environment, name, count)
    if found is None:
        raise Impure
    return found


def gave_up(closure: Closure) -> None:
    """A call has to be made anew."""
    unit = closure.template.pure
    unit.failures += 1
    if unit.failures > _MOST_FAILURES:
        closure.template.pure = False


def outer(environment: Environment, name: str) -> Any:
    """The number that a name stands for outside of a function."""
    found = seen(environment, name)
    if type(found) is float or type(found) is int or type(found) is bool:
        return found
    raise Impure


def number_truth(value: Any) -> bool:
    if type(value) is int or (type(value) is float and value == value):
        return bool(value)
    raise Impure


def short(function: Callable[[list[Any]], Any], *values: Any) -> Any:
    """What the shortcut of a function gives."""
    found = bare(function([boxed(value) for value in values]))
    if type(found) is float or type(found) is int:
        return found
    raise Impure


class _Body:
    """The source of one function under construction."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.lines: list[str] = []
        self.depth = 1
        self.temporaries = 0
        self.names = {name: f"v{at}" for at, name in enumerate(names)}
        self.bound = set(names)
        self.assigned = set(names)
        self.guards: set[str] = set()
        self.constants: dict[str, Any] = {}
        self.loops = 0

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def put(self, text: str) -> str:
        self.temporaries += 1
        self.line(f"t{self.temporaries} = {text}")
        return f"t{self.temporaries}"

    def local(self, name: str) -> str:
        return self.names.setdefault(name, f"v{len(self.names)}")


class Numbers:
    """How expressions of numbers become source; what a variable is, is told by who uses it."""

    def __init__(self, body: Any, variable: Callable[[str], str]) -> None:
        self.body = body
        self.variable = variable

    def number(self, node: Any) -> str:
        """Write what evaluates a node; the text of the number."""
        if type(node) is Vector:
            return self._constant(node)
        if is_name(node):
            return self.variable(node.name)
        if type(node) is not Call or not plain_operands(node, len(node.args)) or not node.args:
            raise NotPureError
        name = form_of(node)
        count = len(node.args)
        if name == "(" and count == 1:
            self.body.guards.add(name)
            return self.number(node.args[0].value)
        if name == "if" and count == 3:
            return self._choice(node)
        if name in ("&&", "||") and count == 2:
            return self._both(node, name)
        operands = [self.number(argument.value) for argument in node.args]
        if name:
            self.body.guards.add(name)
            return self._operation(name, operands)
        if is_name(node.function):
            return self._call(node.function.name, operands)
        raise NotPureError

    def _constant(self, node: Vector) -> str:
        number = node.scalar
        if node.attributes is None and node.kind in ("double", "integer", "logical"):
            if type(number) is float and math.isfinite(number):
                return repr(number) if number >= 0 else f"({number!r})"
            if type(number) is int and 0 <= number < 2**31:
                return repr(bool(number)) if node.kind == "logical" else repr(number)
        raise NotPureError

    def _operation(self, name: str, operands: list[str]) -> str:
        body = self.body
        if len(operands) == 1:
            (a,) = operands
            if name == "-":
                return body.put(f"-{a}")
            if name == "!":
                return body.put(f"not {self.truth(a)}")
            if name in PRIMITIVES:
                test, text = PRIMITIVES[name]
                body.line(f"if not ({test.format(a)}): raise Impure")
                return body.put(text.format(a))
        elif len(operands) == 2:
            a, b = operands
            if name in ("+", "-", "*"):
                made = body.put(f"{a} {name} {b}")
                body.line(f"if type({made}) is not float and not -2147483648 < {made} < 2147483648: raise Impure")
                if name != "-" and a[0].isalpha() and b[0].isalpha():
                    # Of two missing operands the first is kept, whichever the machine keeps.
                    body.line(f"if {made} != {made} and {a} != {a}: {made} = {a}")
                return made
            if name == "/":
                return body.put(f"{a} / {b}")
            if name == "^":
                body.line(f"if not (type({b}) is float and ({b} == 2.0 or ({a} > 0 and {b} == {b}))): raise Impure")
                return body.put(f"{a} * 1.0 * {a} if {b} == 2.0 else float({a}) ** {b}")
            if name in _SIGNS:
                body.line(f"if not (0 < {b} < 1e9 and {b} % 1 == 0 and -1e9 < {a} < 1e9 and {a} % 1 == 0): raise Impure")
                return body.put(f"{a} {_SIGNS[name]} {b}")
            if name in ("<", ">", "<=", ">="):
                made = body.put(f"{a} {name} {b}")
                body.line(f"if not {made} and ({a} != {a} or {b} != {b}): raise Impure")
                return made
            if name in ("==", "!="):
                made = body.put(f"{a} <= {b} and {a} >= {b}")
                body.line(f"if not {made} and ({a} != {a} or {b} != {b}): raise Impure")
                return made if name == "==" else body.put(f"not {made}")
        if name in _SHORTCUTS:
            quick = f"q{len(body.constants)}"
            body.constants[quick] = REGISTRY[name].quick
            return body.put(f"short({quick}, {', '.join(operands)})")
        raise NotPureError

    def truth(self, text: str) -> str:
        """A number as a condition."""
        return self.body.put(f"{text} if type({text}) is bool else truth({text})")

    def _both(self, node: Call, name: str) -> str:
        body = self.body
        body.guards.add(name)
        first = self.truth(self.number(node.args[0].value))
        made = body.put(first)
        body.line(f"if {'' if name == '&&' else 'not '}{made}:")
        body.depth += 1
        before = set(body.bound)
        body.line(f"{made} = {self.truth(self.number(node.args[1].value))}")
        body.bound = before
        body.depth -= 1
        return made

    def _choice(self, node: Call) -> str:
        body = self.body
        body.guards.add("if")
        test = self.truth(self.number(node.args[0].value))
        made = body.put("None")
        for head, branch in ((f"if {test}:", node.args[1].value), ("else:", node.args[2].value)):
            body.line(head)
            body.depth += 1
            body.line(f"{made} = {self.number(branch)}")
            body.depth -= 1
        return made

    def _call(self, name: str, operands: list[str]) -> str:
        body = self.body
        found = body.put(f"environment.frame.get({name!r})")
        unit = body.put(f"{found}.template.pure if type({found}) is Closure else None")
        body.line(f"if type({unit}) is not Pure or {unit}.count != {len(operands)} or {unit}.checked != CHANGES[0]:")
        body.line(f"    {found} = needed(environment, {name!r}, {len(operands)}); {unit} = {found}.template.pure")
        return body.put(f"{unit}.code({found}.environment, depth + 1, {', '.join(operands)})")


def written(template: Template) -> Pure | None:
    """The code of a function's body; None where it has something else than numbers."""
    if template.dots_at >= 0 or not template.names:
        return None
    body = _Body(template.names)

    def variable(name: str) -> str:
        if name in body.bound:
            return body.put(body.local(name))
        if name in body.assigned:
            raise NotPureError
        return body.put(f"outer(environment, {name!r})")

    _gather(template.body, body.assigned)
    try:
        _ending(Numbers(body, variable), template.body)
    except NotPureError:
        return None
    if max((len(line) - len(line.lstrip()) for line in body.lines), default=0) > _MOST_INDENTED:
        return None
    head = f"def run(environment, depth, {', '.join(body.names[name] for name in template.names)}):"
    text = "\n".join([head, f"    if depth > {_DEEPEST} or machine.interrupted: raise Impure", *body.lines])
    names: dict[str, Any] = {
        **body.constants, "machine": machine, "Impure": Impure, "Pure": Pure, "Closure": Closure, "CHANGES": CHANGES,
        "needed": needed, "outer": outer, "truth": number_truth, "short": short, "counted_turns": counted_turns,
        "square_root": math.sqrt, "exponential": math.exp, "floor": math.floor, "copysign": math.copysign,
    }  # fmt: skip
    exec(compile(text + "\n", "<pure function>", "exec"), names)
    return Pure(names["run"], len(template.names), [GUARDS[name] for name in sorted(body.guards)])


def _gather(node: Any, assigned: set[str]) -> None:
    """The names that a body assigns."""
    if type(node) is not Call:
        return
    if form_of(node) in ("<-", "=", "for") and is_name(node.args[0].value):
        assigned.add(node.args[0].value.name)
    for argument in node.args:
        _gather(argument.value, assigned)


def _ending(numbers: Numbers, node: Any) -> None:
    """Write what ends a function with the value of a node."""
    body = numbers.body
    name = form_of(node)
    if name == "{" and node.args:
        body.guards.add(name)
        for argument in node.args[:-1]:
            _statement(numbers, argument.value)
        _ending(numbers, node.args[-1].value)
    elif name == "if" and len(node.args) in (2, 3) and plain_operands(node, len(node.args)):
        _branches(numbers, node, _ending)
        if len(node.args) == 2:
            body.line("raise Impure")
    elif name == "return" and plain_operands(node, 1):
        body.guards.add(name)
        _ending(numbers, node.args[0].value)
    else:
        body.line(f"return {numbers.number(node)}")


def _branches(numbers: Numbers, node: Call, write: Callable[[Numbers, Any], None]) -> None:
    body = numbers.body
    body.guards.add("if")
    test = numbers.truth(numbers.number(node.args[0].value))
    before = set(body.bound)
    ends = []
    for at, branch in enumerate(node.args[1:]):
        body.bound = set(before)
        body.line("else:" if at else f"if {test}:")
        body.depth += 1
        body.line("pass")
        write(numbers, branch.value)
        body.depth -= 1
        ends.append(body.bound)
    body.bound = ends[0] & (ends[1] if len(ends) > 1 else before)


def _statement(numbers: Numbers, node: Any) -> None:
    """Write a statement whose value nobody asks for."""
    body = numbers.body
    name = form_of(node)
    if name == "{":
        body.guards.add(name)
        for argument in node.args:
            _statement(numbers, argument.value)
    elif name in ("<-", "=") and plain_operands(node, 2) and is_name(node.args[0].value):
        body.guards.add(name)
        value = numbers.number(node.args[1].value)
        body.line(f"{body.local(node.args[0].value.name)} = {value}")
        body.bound.add(node.args[0].value.name)
    elif name == "if" and len(node.args) in (2, 3) and plain_operands(node, len(node.args)):
        _branches(numbers, node, _statement)
    elif name == "return" and plain_operands(node, 1):
        body.guards.add(name)
        body.line(f"return {numbers.number(node.args[0].value)}")
    elif name in ("break", "next") and body.loops:
        body.guards.add(name)
        body.line("break" if name == "break" else "continue")
    elif name in ("for", "while", "repeat"):
        _loop(numbers, node, name)
    else:
        numbers.number(node)


def _loop(numbers: Numbers, node: Call, name: str) -> None:
    body = numbers.body
    if not plain_operands(node, {"for": 3, "while": 2, "repeat": 1}[name]):
        raise NotPureError
    body.guards.add(name)
    before = set(body.bound)
    if name == "for":
        sequence = node.args[1].value
        if not is_name(node.args[0].value) or form_of(sequence) != ":" or not plain_operands(sequence, 2):
            raise NotPureError
        body.guards.add(":")
        ends = [numbers.number(argument.value) for argument in sequence.args]
        items = body.put(f"counted_turns({ends[0]}, {ends[1]})")
        body.line(f"if {items} is None: raise Impure")
        body.line(f"for {body.local(node.args[0].value.name)} in {items}:")
        body.bound.add(node.args[0].value.name)
    else:
        body.line("while True:")
    body.depth += 1
    body.loops += 1
    body.line("if machine.interrupted: raise Impure")
    if name == "while":
        body.line(f"if not {numbers.truth(numbers.number(node.args[0].value))}: break")
    _statement(numbers, node.args[-1].value)
    body.loops -= 1
    body.depth -= 1
    body.bound = before

