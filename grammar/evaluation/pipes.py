"""magrittr's pipes and zeallot's unpacking assignment.

A chain `a %>% f(x) %>% g` is compiled once: the right-hand sides become functions of the value that flows through,
evaluated in an environment whose `.` is that value.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, UNSET, Builtin, FormalParameter
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import LoopSignal, RError, ReturnSignal
from pipekeras.grammar.evaluation.calls import apply_function
from pipekeras.grammar.evaluation.compiler import Code, code_of
from pipekeras.grammar.evaluation.conditions import fail, no_loop
from pipekeras.grammar.evaluation.machine import machine, value_of
from pipekeras.grammar.evaluation.templates import Template
from pipekeras.grammar.nodes import MISSING, Argument, Call, Symbol
from pipekeras.grammar.values import NULL, Closure, ExternalObject, Promise, Vector, character, mk_list, names_of

PIPES = ("%>%", "%<>%", "%T>%", "%$%", "%!>%")


def _is_dot(node: Any) -> bool:
    return type(node) is Symbol and node.name == "."


def right_side(node: Any) -> Any:
    """The call that a right-hand side means, with `.` for what flows in."""
    dot = Symbol(".")
    if type(node) is Call and node.is_call_of("function"):
        raise RError(
            'invalid formal argument list for "function"',
            span=node.span,
            mend="write the function between parentheses: x %>% (function(v) ...)",
        )
    if type(node) is Call:
        # Braces are a call as any other: what flows in is asked for before their first statement. So are `$` and `::`.
        if any(_is_dot(argument.value) for argument in node.args):
            return node
        return Call(node.function, (Argument(None, dot), *node.args), node.span, node.attributes)
    return Call(node, (Argument(None, dot),), getattr(node, "span", None))


def step_code(pipe: str, node: Any) -> Code:
    """What one pipe does, run in an environment whose `.` is the value on its left."""
    if pipe == "%$%":
        inner = code_of(node)
        return lambda place: _with_names(place, inner)
    if type(node) is Call and node.is_call_of("(") and node.args:
        find = code_of(node)
        call = Call(node, (Argument(None, Symbol(".")),), node.span)

        def apply_found(place: Environment) -> Any:
            function = find(place.parent or place)
            return apply_function(function, [(None, place.frame["."])], place, call)

        code: Code = apply_found
    elif type(node) is Vector:

        def refuse(place: Environment) -> Any:
            raise RError("attempt to apply non-function")

        code = refuse
    else:
        code = code_of(right_side(node))
    if pipe == "%T>%":

        def tee(place: Environment) -> Any:
            code(place)
            machine.visible = True
            return value_of(place.frame["."])

        return tee
    return code


def _with_names(place: Environment, code: Code) -> Any:
    value = value_of(place.frame["."])
    if type(value) is Environment:
        return code(Environment(place, dict(value.frame)))
    if type(value) is ExternalObject:
        from pipekeras.grammar.external import adapter_of

        made = Environment(place)
        for name in adapter_of(value.value).names(value.value):
            made.frame[name] = Promise(partial(_member_of, value, name), Symbol(name), place)
        return code(made)
    from pipekeras.grammar.builtins.programs.evaluating import environment_meant
    from pipekeras.grammar.evaluation.quoting import list_environment

    if type(value) is not Vector:
        raise RError("the left side of %$% must have names", call=False)
    inside = environment_meant(value, place, place) if value.kind != "list" else list_environment(value, place)
    try:
        return code(inside)
    except ReturnSignal as signal:
        if signal.environment is not inside:
            raise
        return signal.value


def _member_of(target: ExternalObject, name: str, environment: Environment) -> Any:
    from pipekeras.grammar.external import member

    return member(target, name)


class Chain:
    """A compiled chain: its left end and the steps."""

    __slots__ = ("assigns", "eager", "first", "head", "pipes", "returns", "rights", "steps")

    def __init__(self, node: Call) -> None:
        nodes: list[tuple[str, Any]] = []
        place: Any = node
        while (
            type(place) is Call
            and type(place.function) is Symbol
            and place.function.name in PIPES
            and len(place.args) == 2
        ):
            nodes.append((place.function.name, place.args[1].value))
            place = place.args[0].value
        nodes.reverse()
        self.head = place
        self.assigns = nodes[0][0] == "%<>%"
        # The last pipe says how the whole chain runs.
        self.eager = nodes[-1][0] == "%!>%"
        self.pipes = [pipe for pipe, _ in nodes]
        self.rights = [right for _, right in nodes]
        self.steps = [step_code(pipe, right) for pipe, right in nodes]
        self.returns = nodes[-1][0] in ("%>%", "%<>%") and right_side(self.rights[-1]).is_call_of("return")
        self.first = None if _is_dot(place) else code_of(place)

    def run(self, first: Any, environment: Environment) -> Any:
        """Value of the chain; each stage sees the one before it as a promise called `.`."""
        if self.eager:
            return self._run_at_once(first, environment)
        flowing = first
        for code, right in zip(self.steps[:-1], self.rights, strict=False):
            flowing = Promise(partial(_bounded, code), right, Environment(environment, {".": flowing}))
        machine.visible = True
        place = Environment(environment, {".": flowing})
        if not self.returns:
            return _bounded(self.steps[-1], place)
        try:
            return self.steps[-1](place)
        except ReturnSignal as signal:
            # `%>% return()` leaves the pipe, not the function around it.
            if signal.environment is not place:
                raise
            return signal.value

    def _run_at_once(self, flowing: Any, environment: Environment) -> Any:
        """Value of the chain, one step after the other: `return()` is that of the function around them."""
        flowing = value_of(flowing)
        for code in self.steps:
            machine.visible = True
            place = Environment(environment, {".": flowing})
            try:
                flowing = code(place)
            except (ReturnSignal, LoopSignal) as signal:
                if signal.environment is place:
                    signal.environment = environment
                raise
        return flowing

    def run_as_functions(self, flowing: Any, environment: Environment) -> Any:
        """Value of the chain whose steps are functions of `.`: `return()` leaves its step."""
        for code in self.steps:
            machine.visible = True
            place = Environment(environment, {".": flowing})
            try:
                flowing = value_of(code(place))
            except ReturnSignal as signal:
                if signal.environment is not place:
                    raise
                flowing = signal.value
        return flowing


def _bounded(code: Code, place: Environment) -> Any:
    """A step's value; nothing in it jumps out of the pipe."""
    try:
        return code(place)
    except ReturnSignal as signal:
        if signal.environment is not place:
            raise
        raise RError("no function to return from, jumping to top level") from None
    except LoopSignal as signal:
        if signal.environment is not place:
            raise
        raise no_loop(None) from None


def run_pipe(call: Call, environment: Environment) -> Any:
    """Evaluate a chain of pipes."""
    if len(call.args) != 2:
        raise RError("a pipe needs a left and a right side")
    kept = _CHAINS.get(id(call))
    if kept is None or kept[0] is not call:
        if len(_CHAINS) > 4096:
            _CHAINS.clear()
        kept = _CHAINS[id(call)] = (call, Chain(call))
    chain = kept[1]
    if chain.first is None and not chain.assigns:
        return functional_sequence(chain, environment)
    value = chain.run(Promise(chain.first or code_of(chain.head), chain.head, environment), environment)
    if chain.assigns:
        # The value stands in the assignment as it is: code that a step gave is run.
        assignment = Call(Symbol("<-"), (Argument(None, chain.head), Argument(None, value)), call.span)
        code_of(assignment)(environment)
        machine.visible = False
    return value


_CHAINS: dict[int, tuple[Call, Chain]] = {}


def _constant(value: Any) -> Any:
    if type(value) in (Symbol, Call):
        return Call(Symbol("quote"), (Argument(None, value),))
    return value


class Sequence:
    """`. %>% f %>% g` as a function: its steps one by one."""

    __slots__ = ("chain", "environment")

    def __init__(self, chain: Chain, environment: Environment) -> None:
        self.chain = chain
        self.environment = environment

    def __call__(self, value: Any) -> Any:
        return self.chain.run_as_functions(value, self.environment)

    def functions(self) -> list[Closure]:
        """The steps as functions of `.`."""
        parameters = ((".", MISSING),)
        bodies = map(self._body, self.chain.pipes, self.chain.rights)
        return [Closure(Template(parameters, body), self.environment) for body in bodies]

    def _body(self, pipe: str, right: Any) -> Any:
        dot = Argument(None, Symbol("."))
        if pipe == "%$%":
            base = Call(Symbol("::"), (Argument(None, Symbol("base")), Argument(None, Symbol("with"))))
            return Call(base, (dot, Argument(None, right)))
        if pipe == "%T>%":
            return Call(Symbol("{"), (Argument(None, self._body("%>%", right)), dot))
        if type(right) is Call and right.is_call_of("("):
            # What stands in parentheses is found when the sequence is made.
            return Call(code_of(right)(self.environment), (dot,))
        return right_side(right)

    def part(self, positions: list[int]) -> Sequence:
        """The sequence of some of the steps, counted from 0."""
        made = Chain.__new__(Chain)
        made.head, made.first, made.assigns, made.eager, made.returns = self.chain.head, None, False, False, False
        made.pipes = [self.chain.pipes[at] for at in positions]
        made.rights = [self.chain.rights[at] for at in positions]
        made.steps = [self.chain.steps[at] for at in positions]
        return Sequence(made, self.environment)

    def as_function(self) -> Builtin:
        """The sequence as a value of the language, of class ``fseq``."""
        made = Builtin("fseq", self, "value", package="magrittr", invisible=None)
        made._formals = [FormalParameter("value", None, UNSET)]
        made.simple_count = 1
        made.attributes = {"class": character(["fseq", "function"])}
        return made


def functional_sequence(chain: Chain, environment: Environment) -> Builtin:
    """`. %>% f %>% g`: the chain as a function of its left end."""
    return Sequence(chain, environment).as_function()


def unpack(target: Any, value: Any, environment: Environment, outer: bool = False) -> None:
    """zeallot's `c(a, c(b, d), ...rest) %<-% value`: bind names from the elements, nested to any depth."""
    if type(target) is Symbol:
        _bind(target, value, environment, outer)
        return
    if type(target) is Call and target.is_call_of("c"):
        _unpack_all(list(target.args), value, environment, outer)
        return
    if type(target) is Call:
        assignment = Call(Symbol("<<-" if outer else "<-"), (Argument(None, target), Argument(None, _constant(value))))
        code_of(assignment)(environment)
        return
    if type(target) is Vector and target.kind == "character" and target.items() != [None]:
        _bind(Symbol(target.items()[0]), value, environment, outer)
        return
    raise RError("invalid `%<-%` left-hand side, expecting symbol, but found " + str(target.kind))


def _bind(target: Symbol, value: Any, environment: Environment, outer: bool) -> None:
    if target.name == ".":
        return
    name = target.name[3:] if target.name.startswith("...") and len(target.name) > 3 else target.name
    from pipekeras.grammar.evaluation.compiler import note_binding

    note_binding(name)
    if outer:
        environment.set_outer(name, value)
    else:
        environment.set(name, value)


def _is_collector(node: Any) -> bool:
    return type(node) is Symbol and node.name.startswith("...")


def _default(argument: Argument) -> tuple[Any, Any]:
    """Target and default of one slot; `c(a, b = 3)` gives `b` a default."""
    if argument.name:
        return Symbol(argument.name), argument.value
    return argument.value, MISSING


def _unpack_all(slots: list[Argument], value: Any, environment: Environment, outer: bool) -> None:
    parts = destructured(value, len(slots), environment)
    collectors = [at for at, slot in enumerate(slots) if slot.name is None and _is_collector(slot.value)]
    defaults = [slot.name is not None for slot in slots]
    count, given = len(slots), len(parts)
    if collectors:
        at = collectors[0]
        after = count - at - 1
        if given < count - 1 and not any(defaults):
            raise RError("invalid `%<-%` right-hand side, incorrect number of values", call=False)
        if after > max(given - at, 0):
            after_values = parts[at:]
            middle: list[Any] = []
        else:
            middle = parts[at : given - after]
            after_values = parts[given - after :] if after else []
        for slot, part in zip(slots[:at], parts, strict=False):
            unpack(slot.value, part, environment, outer)
        name = slots[at].value
        if name.name != "...":
            unpack(name, _collected(value, middle, at), environment, outer)
        for position, slot in enumerate(slots[at + 1 :]):
            _unpack_slot(slot, after_values, position, environment, outer)
        return
    if given != count:
        if given < count and all(defaults[given:]):
            pass
        else:
            raise fail(RError("invalid `%<-%` right-hand side, incorrect number of values", call=False,
                              mend=f"the left side has {count} names, the right side {given} values"))
    for position, slot in enumerate(slots):
        _unpack_slot(slot, parts, position, environment, outer)


def _unpack_slot(slot: Argument, parts: list[Any], position: int, environment: Environment, outer: bool) -> None:
    target, default = _default(slot)
    if position < len(parts):
        unpack(target, parts[position], environment, outer)
    elif default is not MISSING:
        unpack(target, code_of(default)(environment), environment, outer)
    else:
        raise RError("invalid `%<-%` right-hand side, incorrect number of values", call=False)


def _collected(value: Any, middle: list[Any], start: int) -> Any:
    if type(value) is Vector and value.kind not in ("list", "expression") and value.attributes is None:
        return Vector(value.kind, value.data[start : start + len(middle)])
    names = names_of(value) if type(value) is Vector else None
    return mk_list(middle, names[start : start + len(middle)] if names else None)


def destructured(value: Any, wanted: int, environment: Environment) -> list[Any]:
    """Parts of a value that can be bound one by one; a class may say with a method of ``destructure`` which they are."""
    from pipekeras.grammar.builtins.programs.functional import elements, plain_elements
    from pipekeras.grammar.builtins.registry import call_function
    from pipekeras.grammar.evaluation.dispatch import choose_method
    from pipekeras.grammar.values import class_of, explicit_class

    if value is NULL:
        return []
    if type(value) is ExternalObject:
        from pipekeras.grammar.external import iterate

        return list(iterate(value))
    method = choose_method("destructure", explicit_class(value) or [], environment)[0]
    if method is not None:
        value = call_function(method, [(None, value)], environment)
    if type(value) is not Vector:
        raise RError(f"cannot de-structure {class_of(value)[0]}", call=False)
    if value.kind in ("list", "expression"):
        return list(value.data)
    if len(value) == 1 and wanted != 1 and (kept := single_parts(value)) is not None:
        return kept
    if explicit_class(value) is not None:
        return elements(value)
    return plain_elements(value)


def single_parts(value: Vector) -> list[Any] | None:
    """Letters of one text, year, month and day of one date, both parts of one complex number; None of anything else."""
    from pipekeras.grammar.values import double, inherits

    if value.kind == "character":
        return [character(letter) for letter in str(value.items()[0] or "")]
    if value.kind == "complex":
        return [double(value.data[0].real), double(value.data[0].imag)]
    if inherits(value, "Date"):
        from pipekeras.grammar.builtins.registry import call_function

        shown = call_function(REGISTRY["format"], [(None, value), (None, character("%Y-%m-%d"))]).items()[0]
        return None if shown is None else [double(float(part)) for part in shown.rsplit("-", 2)]
    return None


def run_unpack(call: Call, environment: Environment) -> Any:
    """`%<-%`."""
    value = code_of(call.args[1].value)(environment)
    target = call.args[0].value
    if type(target) is Call and target.is_call_of("{"):
        raise RError("invalid `%<-%` left-hand side, unexpected call `{`", call=False)
    unpack(target, value, environment)
    machine.visible = False
    return value


def run_unpack_back(call: Call, environment: Environment) -> Any:
    """`%->%`."""
    return run_unpack(Call(call.function, (call.args[1], call.args[0]), call.span), environment)


def destructure(x: Any) -> Any:
    """The list of parts of one value."""
    from pipekeras.grammar.values import class_of

    if type(x) is Vector and x.kind == "list":
        return mk_list(list(x.data), names_of(x))
    what = class_of(x)[0]
    if type(x) is Vector and len(x) > 1:
        raise RError(f"cannot de-structure {what} vector of length greater than 1", call=False)
    parts = single_parts(x) if type(x) is Vector and len(x) == 1 else None
    if parts is None:
        raise RError(f"cannot de-structure {what}", call=False)
    return mk_list(parts)


for _name in PIPES:
    REGISTRY[_name] = Builtin(_name, run_pipe, "lhs, rhs", special=True, package="magrittr")
REGISTRY["%<-%"] = Builtin("%<-%", run_unpack, "x, value", special=True, package="zeallot", invisible=True)
REGISTRY["destructure"] = Builtin("destructure", destructure, "x", generic="s3", package="zeallot")
REGISTRY["%->%"] = Builtin("%->%", run_unpack_back, "value, x", special=True, package="zeallot", invisible=True)
