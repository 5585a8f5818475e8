"""Assignment: plain names, replacement calls nested to any depth, and `<<-`."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, Builtin
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.calls import apply_builtin, apply_function, no_function
from pipekeras.grammar.evaluation.compiler import (
    Code,
    code_of,
    form,
    machine_call,
    not_found,
    note_binding,
    symbol_code,
)
from pipekeras.grammar.evaluation.conditions import fail
from pipekeras.grammar.evaluation.dotted import compile_dotted, is_dotted
from pipekeras.grammar.evaluation.machine import force, machine
from pipekeras.grammar.evaluation.nested_storing import compile_nested_store
from pipekeras.grammar.evaluation.operators import member_name
from pipekeras.grammar.evaluation.sites import Site
from pipekeras.grammar.evaluation.storing import compile_store
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import Promise, Vector


@form("<-", "=", "<<-")
def compile_assignment(node: Call) -> Code | None:
    """`x <- value`, `f(x) <- value`, `x <<- value`."""
    if len(node.args) != 2:
        return None
    target = node.args[0].value
    outer = node.function.name == "<<-"
    value = code_of(node.args[1].value)
    if type(target) is Vector and target.kind == "character" and len(target) == 1 and target.items() != [None]:
        target = Symbol(target.items()[0], node.args[0].span)
    if type(target) is Symbol:
        return _outer_name(target.name, value, node) if outer else _name(target.name, value, node)
    if type(target) is Call:
        replacement = Replacement(target, value, outer, node)
        direct = None if outer else compile_store(target, value, replacement)
        if direct is None and not outer:
            direct = compile_nested_store(target, value, replacement)
        run = replacement.run if direct is None else direct
        return compile_dotted(target, value, run) if is_dotted(target) else run

    def refuse(environment: Environment) -> Any:
        raise fail(
            RError("invalid (do_set) left-hand side to assignment", call=node, span=node.args[0].span or node.span)
        )

    return refuse


def _name(name: str, value: Code, node: Call) -> Code:
    note_binding(name)

    def assign(environment: Environment) -> Any:
        result = value(environment)
        if environment.guard is None:
            environment.frame[name] = result
        else:
            store(environment, name, result, node)
        machine.visible = False
        return result

    return assign


def store(
    environment: Environment, name: str, value: Any, node: Call, outer: bool = False, replacing: bool = False
) -> None:
    """Bind a name with errors placed at the assignment; only one that changes a part is what they speak of."""
    try:
        if outer:
            environment.set_outer(name, value)
        else:
            environment.set(name, value)
    except RError as error:
        if error.signalled:
            raise
        error.call = node if replacing else machine_call()
        error.span = node.span
        raise fail(error) from None


def _outer_name(name: str, value: Code, node: Call) -> Code:
    note_binding(name)

    def assign(environment: Environment) -> Any:
        result = value(environment)
        store(environment, name, result, node, outer=True)
        machine.visible = False
        return result

    return assign


class Replacement:
    """`f(g(x), i) <- value`: reads from the inside out, then writes back from the outside in."""

    def __init__(self, target: Call, value: Code, outer: bool, node: Call) -> None:
        self.node = node
        self.value = value
        self.outer = outer
        self.steps: list[Step] = []
        self.variable: Symbol | None = None
        self.problem: str | None = None
        place: Any = target
        while type(place) is Call:
            if not place.args:
                self.problem = "invalid (NULL) left side of assignment"
                return
            if type(place.function) is not Symbol and not _is_namespaced(place.function):
                self.problem = "invalid function in complex assignment"
                return
            self.steps.append(Step(place))
            place = place.args[0].value
        if type(place) is Vector and place.kind == "character" and len(place) == 1:
            self.problem = "target of assignment expands to non-language object"
            return
        if type(place) is not Symbol:
            self.problem = "target of assignment expands to non-language object"
            if getattr(place, "kind", "") == "NULL":
                self.problem = "invalid (NULL) left side of assignment"
            return
        self.variable = place
        self.read = symbol_code(place)
        self.steps.reverse()

    def run(self, environment: Environment) -> Any:
        """Evaluate the right side, then rebind the variable with the changed value."""
        return self.finish(self.value(environment), environment, None)

    def finish(self, result: Any, environment: Environment, rest: list[tuple[str | None, Any]] | None) -> Any:
        """Rebind the variable; `rest` holds the last level's arguments when they are evaluated already."""
        if self.problem is not None or self.variable is None:
            raise fail(RError(self.problem or "", call=self.node, span=self.node.span))
        start = environment
        if self.outer:
            start = environment.parent or environment
        if start.find(self.variable.name) is None:
            raise not_found(self.variable, start, self.node)
        current = self.read(start)
        steps = self.steps
        new = result
        if len(steps) == 1:
            new = steps[0].replace(current, result, environment, self.node, rest)
        else:
            seen = [current]
            for step in steps[:-1]:
                seen.append(step.get(seen[-1], environment))
            for step, held in zip(reversed(steps), reversed(seen), strict=True):
                new = step.replace(held, new, environment, self.node, rest if step is steps[-1] else None)
        name = self.variable.name
        if self.outer:
            store(environment, name, new, self.node, outer=True, replacing=True)
        elif environment.guard is None:
            environment.frame[name] = new
        else:
            store(environment, name, new, self.node, replacing=True)
        machine.visible = False
        return result


def _is_namespaced(function: Any) -> bool:
    return type(function) is Call and (function.is_call_of("::") or function.is_call_of(":::"))


class Step:
    """One level of a replacement target: how to read through it and how to write back through it."""

    __slots__ = ("call", "getter", "label", "name", "qualifier", "setter", "site")

    def __init__(self, call: Call) -> None:
        self.call = call
        function = call.function
        self.qualifier: Any = None
        if type(function) is Symbol:
            self.name = function.name
        else:
            self.name = member_name(function.args[1].value) or ""
            self.qualifier = function
        self.setter = self.name + "<-"
        self.label: Vector | None = None
        if self.name in ("$", "@") and len(call.args) == 2:
            member = member_name(call.args[1].value)
            if member is not None:
                self.label = Vector("character", None, None, member)
        self.site = Site(Call(Symbol(self.name), call.args[1:], call.span))

    def _rest(self, environment: Environment) -> list[tuple[str | None, Any]]:
        if self.label is not None:
            return [(None, self.label)]
        if self.name in ("[", "[["):
            return self.site.kept(environment)
        names, values = self.site.with_dots(environment)
        return list(zip(names, values, strict=True))

    def get(self, held: Any, environment: Environment) -> Any:
        """Value of this level given the value one level further in."""
        function = environment.get_function(self.name)
        if function is None:
            raise no_function(self.name, self.call, environment)
        return apply_function(function, [(None, held), *self._rest(environment)], environment, self._getter_call())

    def _getter_call(self) -> Call:
        return Call(self.call.function, (Argument(None, Symbol("*tmp*")), *self.call.args[1:]), self.call.span)

    def replace(
        self,
        held: Any,
        value: Any,
        environment: Environment,
        node: Call,
        rest: list[tuple[str | None, Any]] | None = None,
    ) -> Any:
        """The value one level further in after this level was set to `value`."""
        setter = self.setter
        function = environment.get_function(setter)
        if function is None:
            error = no_function(setter, node, environment)
            error.span = self.call.span
            raise error
        if rest is None:
            rest = self._rest(environment)
        if setter in ("[<-", "[[<-", "$<-", "@<-"):
            arguments = [(None, held), *rest, (None, value)]
            if type(function) is Builtin and function is REGISTRY.get(setter):
                machine.replaced = self.call
                return apply_builtin(function, arguments, node, environment)
            return apply_function(function, arguments, environment, self._shown_call(value))
        if type(function) is Builtin and function.quick is not None and self.site.plain:
            # What a shortcut knows needs no promise; so the arguments may be evaluated now.
            rest = [(None, force(given) if type(given) is Promise else given) for _, given in rest]
            found = function.quick([held, *(given for _, given in rest), value])
            if found is not None:
                return found
        machine.assignment = node
        outermost = node.args[0].value is self.call
        promise = Promise(None, Symbol("*tmp*"), None, held)
        arguments = [
            (None, promise),
            *rest,
            ("value", Promise(None, node.args[1].value if outermost else Symbol("*vtmp*"), None, value)),
        ]
        return apply_function(function, arguments, environment, self._shown_call(value))

    def _shown_call(self, value: Any) -> Call:
        """The call of the replacement function: the object has a name for the time being, and the value is known."""
        first = Argument(None, Symbol("*tmp*"))
        last = Argument("value", value)
        return Call(Symbol(self.setter), (first, *self.call.args[1:], last), self.call.span)



