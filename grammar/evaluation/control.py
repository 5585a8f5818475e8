"""Blocks, conditions, loops, function definitions and jumps."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterable
from functools import cache
from types import FrameType
from typing import Any

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import BreakSignal, NextSignal, RError, ReturnSignal
from pipekeras.grammar.evaluation.compiler import GUARDS, Code, code_of, form, machine_call, tail_code_of, tail_form
from pipekeras.grammar.evaluation.conditions import STOPPED, fail, no_loop
from pipekeras.grammar.evaluation.machine import machine, warn
from pipekeras.grammar.evaluation.templates import Template
from pipekeras.grammar.nodes import MISSING, Call, Formals, Symbol
from pipekeras.grammar.values import FALSE, NA, NA_INTEGER, NULL, TRUE, Closure, Vector, explicit_class


def _block(node: Call, tail: bool) -> Code:
    if not node.args:
        def empty(environment: Environment) -> Any:
            machine.visible = True
            return NULL

        return empty
    first = [code_of(argument.value) for argument in node.args[:-1]]
    last = (tail_code_of if tail else code_of)(node.args[-1].value)
    if not first:
        def single(environment: Environment) -> Any:
            machine.visible = True
            return last(environment)

        return single
    if len(first) == 1:
        one = first[0]

        def double(environment: Environment) -> Any:
            one(environment)
            machine.visible = True
            return last(environment)

        return double

    def block(environment: Environment) -> Any:
        for code in first:
            code(environment)
        machine.visible = True
        return last(environment)

    return block


@form("{")
def compile_block(node: Call) -> Code:
    """`{ a; b }`: the value of the last expression."""
    return _block(node, False)


@tail_form("{")
def compile_tail_block(node: Call) -> Code:
    """A block that ends a function."""
    return _block(node, True)


@form("(")
def compile_parentheses(node: Call) -> Code | None:
    """`(x)`: the value, visible."""
    if len(node.args) != 1:
        return None
    inner = code_of(node.args[0].value)

    def parentheses(environment: Environment) -> Any:
        value = inner(environment)
        machine.visible = True
        return value

    return parentheses


def truth(value: Any, node: Call) -> bool:
    """Condition of `if` and `while` as a Python bool, with R's errors."""
    if value is TRUE:
        return True
    if value is FALSE:
        return False
    word = "argument"
    if not isinstance(value, Vector) or value.kind in ("list", "expression"):
        from pipekeras.grammar.builtins.registry import REGISTRY, call_function

        size = call_function(REGISTRY["length"], [(None, value)]).items()[0]
        text = "argument is of length zero" if size == 0 else "argument is not interpretable as logical"
        if size > 1:
            text = "the condition has length > 1"
        raise fail(RError(text, call=node, span=_condition_span(node)))
    count = len(value)
    if count != 1:
        text = "the condition has length > 1" if count else f"{word} is of length zero"
        mend = "use any() or all() to make one value of it" if count else None
        raise fail(RError(text, call=node, span=_condition_span(node), mend=mend))
    element = value.scalar if value.scalar is not None else value.items()[0]
    kind = value.kind
    if kind == "character":
        if element in ("TRUE", "true", "T", "True"):
            return True
        if element in ("FALSE", "false", "F", "False"):
            return False
        raise fail(RError("argument is not interpretable as logical", call=node, span=_condition_span(node)))
    if (element == NA_INTEGER and kind != "double") or element != element:
        text = "missing value where TRUE/FALSE needed" if kind == "logical" else "argument is not interpretable as logical"
        raise fail(RError(text, call=node, span=_condition_span(node)))
    return bool(element)


def _condition_span(node: Call) -> Any:
    return getattr(node.args[0].value, "span", None) or node.span


def _if(node: Call, tail: bool) -> Code | None:
    if len(node.args) < 2 or any(argument.value is MISSING for argument in node.args):
        return None
    condition = code_of(node.args[0].value)
    compile_branch = tail_code_of if tail else code_of
    yes = compile_branch(node.args[1].value)
    no = compile_branch(node.args[2].value) if len(node.args) > 2 else None

    def choose(environment: Environment) -> Any:
        value = condition(environment)
        if value is TRUE or (value is not FALSE and truth(value, node)):
            machine.visible = True
            return yes(environment)
        if no is None:
            machine.visible = False
            return NULL
        machine.visible = True
        return no(environment)

    return choose


@form("if")
def compile_if(node: Call) -> Code | None:
    """`if (condition) yes else no`."""
    return _if(node, False)


@tail_form("if")
def compile_tail_if(node: Call) -> Code | None:
    """An `if` that ends a function."""
    return _if(node, True)


def elements_of(value: Any, node: Call) -> Any:
    """The values a `for` loop runs over."""
    if value is NULL:
        return ()
    if isinstance(value, Vector):
        kind = value.kind
        if kind in ("list", "expression"):
            return list(value.data)
        if kind == "integer" and value.attributes and "levels" in value.attributes:
            levels = value.attributes["levels"].items()
            return [
                Vector("character", None, None, levels[code - 1]) if code != NA_INTEGER else _na_string()
                for code in value.items()
            ]
        if kind == "character":
            return [_na_string() if item is None else Vector("character", None, None, item) for item in value.items()]
        return (Vector(kind, None, None, item) for item in plain_items(value))
    from pipekeras.grammar.external import iterate
    from pipekeras.grammar.values import ExternalObject

    if type(value) is ExternalObject:
        return iterate(value)
    raise fail(RError("invalid for() loop sequence", call=node, span=node.span))


_CHUNK = 65536


def plain_items(value: Vector) -> Iterable[Any]:
    """Elements of a vector as Python scalars, a piece of a long one at a time."""
    if len(value) <= _CHUNK:
        return value.items()
    data = value.data
    pieces = (data[start : start + _CHUNK].tolist() for start in range(0, len(data), _CHUNK))
    return itertools.chain.from_iterable(pieces)


def _na_string() -> Vector:
    from pipekeras.grammar.values import character

    return character(None)


_FEWEST = 1024
"""The greatest integer that is kept as a vector for all loops."""


@cache
def _small_integers() -> list[Vector]:
    """The integers from zero; shared, and so never written into."""
    return [Vector("integer", None, None, number) for number in range(_FEWEST + 1)]


def _counting(sequence: Any) -> Callable[[Environment], range | None] | None:
    """For `from:to`, what gives its numbers without making the vector; None where the ends are not plain numbers.

    Only ends that are written as numbers or names are counted so: looking at them twice changes nothing.
    """
    if type(sequence) is not Call or not sequence.is_call_of(":") or len(sequence.args) != 2:
        return None
    ends = [argument.value for argument in sequence.args]
    if any(argument.name for argument in sequence.args) or not all(type(end) in (Symbol, Vector) for end in ends):
        return None
    first, last = (code_of(end) for end in ends)

    def count(environment: Environment) -> range | None:
        if GUARDS.get(":"):
            return None
        bounds = []
        for code in (first, last):
            end = code(environment)
            if type(end) is not Vector or end.attributes is not None or end.kind not in ("integer", "double"):
                return None
            value = end.scalar
            if value is None or not abs(value) < 2**31 or value != int(value):
                return None
            bounds.append(int(value))
        low, high = bounds
        return range(low, high + 1) if low <= high else range(low, high - 1, -1)

    return count


def _numbers(turns: range) -> Iterable[Vector]:
    """The numbers of a range as vectors."""
    if turns and turns.step == 1 and turns[0] >= 0 and turns[-1] <= _FEWEST:
        return _small_integers()[turns[0] : turns[-1] + 1]
    return (Vector("integer", None, None, number) for number in turns)


HOT_TURNS = [200]
"""After so many turns, of all its runs together, a loop is written as hot code."""


class _Heat:
    """How often a loop has turned, and the hot code that it became."""

    __slots__ = ("node", "turns", "units")

    def __init__(self, node: Call) -> None:
        self.node = node
        self.turns = 0
        self.units: dict[str, Any] = {}

    def unit(self, kind: str, environment: Environment) -> Any:
        """The hot code, where there is some and it fits."""
        unit = self.units.get(kind)
        if unit is None:
            from pipekeras.grammar.hot.units import written

            unit = written(self.node, environment, kind)
            self.units[kind] = unit or False
        return unit if unit and unit.fits(environment) else None


@form("for")
def compile_for(node: Call) -> Code | None:
    """`for (name in sequence) body`."""
    if len(node.args) != 3:
        return None
    name = getattr(node.args[0].value, "name", None)
    if not name:
        return None
    sequence = code_of(node.args[1].value)
    counting = _counting(node.args[1].value)
    body = code_of(node.args[2].value)
    heat = _Heat(node)

    def loop(environment: Environment, steps: Iterable[Any] | None = None) -> Any:
        if steps is None:
            turns = counting(environment) if counting is not None else None
            value = sequence(environment) if turns is None else None
            heat.turns += len(turns) if turns is not None else len(value) if type(value) is Vector else 0
            if heat.turns > HOT_TURNS[0]:
                unit = heat.unit("mixed" if turns is None else "int", environment)
                if unit is not None:
                    return unit.code(environment, _bare_turns(value, node) if turns is None else turns)
            steps = elements_of(value, node) if turns is None else _numbers(turns)
        frame = environment.frame
        simple = environment.guard is None
        element: Any = None
        for element in steps:
            if simple:
                frame[name] = element
            else:
                environment.set(name, element)
            try:
                body(environment)
            except NextSignal as signal:
                if signal.environment is not environment:
                    raise
                continue
            except BreakSignal as signal:
                if signal.environment is not environment:
                    raise
                break
            if machine.interrupted:
                machine.interrupted = False
                raise KeyboardInterrupt(STOPPED)
        if element is None:
            environment.set(name, NULL)
        machine.visible = False
        return NULL

    return loop


def _bare_turns(value: Any, node: Call) -> Iterable[Any]:
    from pipekeras.grammar.hot.support import turns

    return turns(value, node)


def _loop(condition: Code | None, body: Code, node: Call) -> Code:
    heat = _Heat(node)

    def loop(environment: Environment) -> Any:
        while True:
            heat.turns += 1
            if heat.turns > HOT_TURNS[0]:
                unit = heat.unit("while", environment)
                if unit is not None:
                    return unit.code(environment)
            if condition is not None:
                value = condition(environment)
                if value is FALSE or (value is not TRUE and not truth(value, node)):
                    break
            try:
                body(environment)
            except NextSignal as signal:
                if signal.environment is not environment:
                    raise
                continue
            except BreakSignal as signal:
                if signal.environment is not environment:
                    raise
                break
            if machine.interrupted:
                machine.interrupted = False
                raise KeyboardInterrupt(STOPPED)
        machine.visible = False
        return NULL

    return loop


@form("while")
def compile_while(node: Call) -> Code | None:
    """`while (condition) body`."""
    if len(node.args) != 2:
        return None
    return _loop(code_of(node.args[0].value), code_of(node.args[1].value), node)


@form("repeat")
def compile_repeat(node: Call) -> Code | None:
    """`repeat body`."""
    if len(node.args) != 1:
        return None
    return _loop(None, code_of(node.args[0].value), node)


_TURNING = "<hot code>"


def _needs_loop(environment: Environment) -> None:
    """An error, which handlers may catch, where no loop of the environment is running.

    Loops leave no trace on their way, as jumps are rare and turns are not: the running code itself is looked through.
    """
    running: FrameType | None = sys._getframe(2)
    while running is not None:
        code = running.f_code
        if (code.co_name == "loop" and code.co_filename == __file__) or code.co_filename == _TURNING:
            if running.f_locals.get("environment") is environment:
                return
        elif code.co_name == "_run_at_once" and running.f_locals.get("place") is environment:
            # What a step of a pipe jumps out of is the loop around the pipe.
            environment = running.f_locals["environment"]
        running = running.f_back
    raise fail(no_loop(machine_call()))


@form("break")
def compile_break(node: Call) -> Code:
    """`break`."""

    def leave(environment: Environment) -> Any:
        _needs_loop(environment)
        raise BreakSignal(environment)

    return leave


@form("next")
def compile_next(node: Call) -> Code:
    """`next`."""

    def skip(environment: Environment) -> Any:
        _needs_loop(environment)
        raise NextSignal(environment)

    return skip


def truthy_option(name: str) -> bool:
    """Whether an option is TRUE."""
    value = machine.options.get(name)
    return value is not None and value is not FALSE and value.kind == "logical" and value.items() == [1]


@form("function")
def compile_function(node: Call) -> Code | None:
    """`function(a, b = 1) body`: a closure over the current environment."""
    if len(node.args) < 2 or not isinstance(node.args[0].value, Formals):
        return None
    parameters = node.args[0].value
    template = Template(tuple((p.name or "", p.value) for p in parameters), node.args[1].value, node.span)

    span = node.span
    source: Vector | None = None

    def make(environment: Environment) -> Any:
        nonlocal source
        machine.visible = True
        if span is not None and span.source.kept and truthy_option("keep.source"):
            if source is None:
                source = Vector("character", None, {"class": Vector("character", None, None, "srcref")}, span.text)
            return Closure(template, environment, {"srcref": source})
        return Closure(template, environment)

    return make


@form("return")
def compile_return(node: Call) -> Code | None:
    """`return(x)` away from the end of a function: unwinds to the function's call."""
    if len(node.args) > 1:
        return _too_many_returned(node)
    value = code_of(node.args[0].value) if node.args else None

    def leave(environment: Environment) -> Any:
        machine.visible = True
        result = NULL if value is None else value(environment)
        raise ReturnSignal(environment, result)

    return leave


def _too_many_returned(node: Call) -> Code:
    def refuse(environment: Environment) -> Any:
        raise fail(RError("multi-argument returns are not permitted", call=machine_call(), span=node.span))

    return refuse


@tail_form("return")
def compile_tail_return(node: Call) -> Code | None:
    """`return(x)` at the end of a function: just the value."""
    if len(node.args) > 1:
        return None
    if not node.args:
        return lambda environment: NULL
    return code_of(node.args[0].value)


def side_of(value: Any, side: str, node: Call) -> int:
    if value is TRUE:
        return 1
    if value is FALSE:
        return 0
    operator = node.function.name
    if not isinstance(value, Vector) or value.kind in ("character", "list", "expression", "raw") or (
            value.attributes and "factor" in (explicit_class(value) or ())):
        raise fail(RError(f"invalid '{side}' type in 'x {operator} y'", call=node, span=node.span))
    if len(value) == 0:
        return NA_INTEGER
    if len(value) > 1:
        warn(f"'length(x) = {len(value)} > 1' in coercion to 'logical(1)'", node)
    element = value.items()[0]
    if element != element or (element == NA_INTEGER and value.kind != "double"):
        return NA_INTEGER
    return int(bool(element))


@form("&&", "||")
def compile_short_circuit(node: Call) -> Code | None:
    """`a && b` and `a || b`: the right side only when it decides."""
    if len(node.args) != 2:
        return None
    left = code_of(node.args[0].value)
    right = code_of(node.args[1].value)
    deciding = 0 if node.function.name == "&&" else 1
    decided = FALSE if deciding == 0 else TRUE
    other = TRUE if deciding == 0 else FALSE

    def run(environment: Environment) -> Any:
        first = side_of(left(environment), "x", node)
        if first == deciding:
            machine.visible = True
            return decided
        second = side_of(right(environment), "y", node)
        machine.visible = True
        if second == deciding:
            return decided
        if first == NA_INTEGER or second == NA_INTEGER:
            return NA
        return other

    return run
