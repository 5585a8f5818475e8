"""Functions of the language: what closures of one expression share, and how arguments go to their parameters."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import UNSET, match_formals, unused_error
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.compiler import Code, code_of, note_binding, tail_code_of
from pipekeras.grammar.evaluation.conditions import fail
from pipekeras.grammar.nodes import MISSING, Call, Symbol
from pipekeras.grammar.values import Closure, Promise

Arguments = list[tuple[str | None, Any]]
HOT_CALLS = [100]
"""After so many calls the body of a function is written as hot code."""


class Template:
    """What all closures made by one `function` expression share.

    Attributes:
        formals: (name, default expression or MISSING) in order.
        body: the body's tree.
        span: where the function stands, for printing its source.
        pure: the function as one of numbers, False where it is none, None while nobody has asked.
    """

    __slots__ = ("_code", "body", "defaults", "dots_at", "formals", "names", "plans", "pure", "span")

    def __init__(self, formals: tuple[tuple[str, Any], ...], body: Any, span: Any = None) -> None:
        self.formals = formals
        self.body = body
        self.span = span
        self.names = tuple(name for name, _ in formals)
        self.dots_at = self.names.index("...") if "..." in self.names else -1
        self.defaults = [default for _, default in formals]
        self.plans: dict[Any, Plan] = {}
        self._code: Code | None = None
        self.pure: Any = None
        for name in self.names:
            note_binding(name)

    @property
    def code(self) -> Code:
        """Compiled body; calls of ``return`` in tail position are plain values."""
        code = self._code
        if code is None:
            code = tail_code_of(self.body)
            self._code = code = self._warming(code) if type(self.body) is Call else code
        return code

    def _warming(self, plain: Code) -> Code:
        """The code that counts how often it runs and becomes hot code."""
        left = HOT_CALLS[0]

        def run(environment: Environment) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                self._code = self._hot(plain, environment)
            return plain(environment)

        return run

    def _hot(self, plain: Code, environment: Environment) -> Code:
        from pipekeras.grammar.hot import pure
        from pipekeras.grammar.hot.units import written

        if self.pure is None:
            self.pure = pure.written(self) or False
        unit = written(self.body, environment, "function", self.names, plain)
        code: Code = plain if unit is None else unit.code
        return code

    def plan(self, names: tuple[str | None, ...], call: Any) -> Plan:
        """How arguments with these names (None for positional) go to the formals."""
        plan = self.plans.get(names)
        if plan is None:
            try:
                slots, dots, _ = match_formals(list(self.names), [(name, at) for at, name in enumerate(names)])
            except RError as error:
                if error.message.startswith("unused argument"):
                    raise
                error.call = call
                raise fail(error) from None
            plan = Plan(self, slots, [at for _, at in dots], len(names))
            self.plans[names] = plan
        return plan


class Plan:
    """A finished matching: which argument each formal gets."""

    __slots__ = ("direct", "dots", "slots", "unsupplied")

    def __init__(self, template: Template, slots: list[Any], dots: list[int], count: int) -> None:
        self.dots = dots
        self.unsupplied = frozenset(
            name for name, slot in zip(template.names, slots, strict=True) if slot is UNSET and name != "..."
        )
        self.slots = [
            (name, None if slot is UNSET else slot, default)
            for name, slot, default in zip(template.names, slots, template.defaults, strict=True)
        ]
        self.direct = template.dots_at < 0 and slots == list(range(count)) and count == len(template.names)


def bind_arguments(
    closure: Closure, names: tuple[str | None, ...], values: list[Any], call: Any
) -> tuple[Environment, Any]:
    """Environment of a function call with its parameters bound."""
    template = closure.template
    plan = template.plans.get(names)
    if plan is None:
        try:
            plan = template.plan(names, call)
        except RError as error:
            if not error.message.startswith("unused argument"):
                raise
            raise _unused(template, names, values, call) from None
    environment = Environment(closure.environment)
    if plan.direct:
        frame = dict(zip(template.names, values, strict=True))
        environment.frame = frame
        if MISSING not in values:
            return environment, plan
        plan_slots = plan.slots
    else:
        frame = environment.frame
        plan_slots = plan.slots
    unsupplied = plan.unsupplied
    for name, slot, default in plan_slots:
        if slot is not None:
            value = values[slot]
            if value is not MISSING:
                frame[name] = value
                continue
            if names[slot] is not None:
                # A name without a value leaves its parameter to the arguments without names.
                return bind_arguments(
                    closure, (*names[:slot], *names[slot + 1 :]), [*values[:slot], *values[slot + 1 :]], call
                )
            unsupplied = unsupplied | {name}
        elif name == "...":
            frame[name] = tuple((names[at], values[at]) for at in plan.dots)
            continue
        kind = type(default)
        if kind is Call or kind is Symbol:
            frame[name] = Promise(code_of(default), default, environment)
        else:
            frame[name] = default
    environment.unsupplied = unsupplied
    return environment, plan


def _unused(template: Template, names: tuple[str | None, ...], values: list[Any], call: Any) -> RError:
    marked = [(name, (at, values[at])) for at, name in enumerate(names)]
    try:
        match_formals(list(template.names), marked)
    except RError as error:
        left = _left_over(template, names)
        made = unused_error([(names[at], _as_called(values[at], at, call)) for at in left]) if left else error
        made.call = call
        made.mend = f"the function takes: {', '.join(template.names) or 'no arguments'}"
        return fail(made)
    raise AssertionError("arguments matched after all")


def _as_called(value: Any, at: int, call: Any) -> Any:
    """An argument as the call shows it, where a builtin made that call and put the value itself in its place."""
    if type(value) is Promise or type(call) is not Call:
        return value
    shown = [argument.value for argument in call.args[: at + 1]]
    dots = any(type(node) is Symbol and node.name == "..." for node in shown)
    return value if dots or len(shown) <= at else shown[at]


def _left_over(template: Template, names: tuple[str | None, ...]) -> list[int]:
    slots, dots, _ = match_formals([*template.names, "..."], [(name, at) for at, name in enumerate(names)])
    taken = {slot for slot in slots if slot is not UNSET}
    partial = [at for at in range(len(names)) if at not in taken]
    return [at for at in partial if at in {at for _, at in dots}]
