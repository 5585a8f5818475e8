"""Turns language objects into Python closures, once per call node.

A closure takes the environment and returns the value. Forms whose meaning is fixed (`if`, `{`, `<-`, arithmetic) have
their own compilers in `FORMS`; every other call goes through `calls.compile_plain_call`. A program may still define a
function named like a form: `GUARDS[name]` then becomes non-empty and compiled code falls back to an ordinary call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipekeras.grammar.environment import ActiveBinding, Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import force, machine
from pipekeras.grammar.nodes import MISSING, Argument, Call, Symbol
from pipekeras.grammar.values import Promise, Vector

Code = Callable[[Environment], Any]
FORMS: dict[str, Callable[[Call], Code | None]] = {}
"""Compilers of calls with a fixed meaning; one may answer None to leave a call to the ordinary path."""
TAIL_FORMS: dict[str, Callable[[Call], Code | None]] = {}
"""Compilers used for the last expression of a function, where `return(x)` needs no jump."""
GUARDS: dict[str, list[bool]] = {}
CHANGES = [0]
"""How often a program has given a guarded name a meaning of its own: hot code asks whether it still means what it meant."""

GENERIC_GUARDS: dict[str, list[bool]] = {}
"""For generics with a shortcut for plain values: non-empty once a program binds what may be a method of theirs."""
ELEMENT_METHODS: set[str] = set()
"""Names that a program gave to methods for reading or assigning elements and members."""
_ELEMENT_GENERICS = frozenset(("$.", "$<", "[[", "[.", "[<", "@.", "@<"))


def form(*names: str) -> Callable[[Callable[[Call], Code | None]], Callable[[Call], Code | None]]:
    """Register the compiler of a form."""

    def enter(compiler: Callable[[Call], Code | None]) -> Callable[[Call], Code | None]:
        for name in names:
            FORMS[name] = compiler
            GUARDS[name] = []
        return compiler

    return enter


def tail_form(*names: str) -> Callable[[Callable[[Call], Code | None]], Callable[[Call], Code | None]]:
    """Register the compiler of a form in tail position."""

    def enter(compiler: Callable[[Call], Code | None]) -> Callable[[Call], Code | None]:
        for name in names:
            TAIL_FORMS[name] = compiler
        return compiler

    return enter


def note_binding(name: str) -> None:
    """Tell compiled code that a program gives this name a meaning of its own."""
    guard = GUARDS.get(name)
    if guard is not None and not guard:
        guard.append(True)
        CHANGES[0] += 1
    if "." in name:
        if name[:2] in _ELEMENT_GENERICS:
            ELEMENT_METHODS.add(name)
        guard = GENERIC_GUARDS.get(name[: name.index(".")])
        if guard is not None and not guard:
            guard.append(True)


def own_bindings() -> set[str]:
    """The names that the program has given a meaning of its own, as `note_binding` was told."""
    methods = {f"{name}." for name, guard in GENERIC_GUARDS.items() if guard}
    return {name for name, guard in GUARDS.items() if guard} | ELEMENT_METHODS | methods


def restore_bindings(names: set[str]) -> None:
    """Make these the names with a meaning of their own: another program goes on."""
    CHANGES[0] += 1
    for name, guard in GUARDS.items():
        guard[:] = [True] if name in names else []
    for name, guard in GENERIC_GUARDS.items():
        guard[:] = [True] if f"{name}." in names else []
    ELEMENT_METHODS.clear()
    ELEMENT_METHODS.update(name for name in names - GUARDS.keys() if name[:-1] not in GENERIC_GUARDS)


def code_of(node: Any) -> Code:
    """Closure that evaluates a language object."""
    kind = type(node)
    if kind is Call:
        code = node.compiled
        if code is None:
            code = node.compiled = compile_call(node)
        return code
    if kind is Symbol:
        return symbol_code(node)
    if kind is Promise:
        return lambda environment: force(node)
    if node is MISSING:
        return _missing_code
    return lambda environment: node


def tail_code_of(node: Any) -> Code:
    """Closure for an expression whose value is the value of the function around it."""
    if type(node) is Call and type(node.function) is Symbol:
        compiler = TAIL_FORMS.get(node.function.name)
        if compiler is not None and not GUARDS.get(node.function.name):
            code = compiler(node)
            if code is not None:
                return code
    return code_of(node)


def compile_call(node: Call) -> Code:
    """Closure for a call."""
    from pipekeras.grammar.evaluation.calls import compile_plain_call

    function = node.function
    if type(function) is Symbol:
        compiler = FORMS.get(function.name)
        if compiler is not None and not GUARDS[function.name]:
            code = compiler(node)
            if code is not None:
                return code
        elif function.name in ("$", "@"):
            return compile_plain_call(with_member_as_text(node))
    return compile_plain_call(node)


def with_member_as_text(node: Call) -> Call:
    """`x$name` as `x$"name"`: a program's own `$` gets the name as text, as methods for it do."""
    if len(node.args) != 2 or type(node.args[1].value) is not Symbol:
        return node
    member = node.args[1]
    text = Vector("character", None, None, member.value.name)
    return Call(node.function, (node.args[0], Argument(member.name, text, member.span)), node.span)


def _missing_code(environment: Environment) -> Any:
    from pipekeras.grammar.evaluation.conditions import fail

    raise fail(RError("argument is missing, with no default", call=machine_call()))


def machine_call() -> Any:
    """Call of the innermost function in progress, False at top level."""
    return machine.frames[-1].call if machine.frames else False


def symbol_code(node: Symbol) -> Code:
    """Closure that reads a variable."""
    name = node.name
    if name == "...":
        return lambda environment: _read_dots_by_mistake(node)
    if name.startswith("..") and name[2:].isdigit():
        position = int(name[2:])
        return lambda environment: dots_element(environment, position)

    def read(environment: Environment) -> Any:
        place: Environment | None = environment
        while place is not None:
            value = place.frame.get(name)
            if value is not None:
                kind = type(value)
                if kind is Vector:
                    return value
                if kind is Promise:
                    found = value.value
                    return force(value) if found is None else found
                if value is MISSING:
                    raise missing_argument(node)
                if kind is ActiveBinding:
                    from pipekeras.grammar.environment import forced

                    return forced(value)
                return value
            place = place.parent
        raise not_found(node, environment)

    return read


def _read_dots_by_mistake(node: Symbol) -> Any:
    from pipekeras.grammar.evaluation.conditions import fail

    raise fail(RError("'...' used in an incorrect context", call=machine_call(), span=node.span))


def dots_element(environment: Environment, position: int) -> Any:
    """Value of ``..1``, ``..2`` and so on."""
    from pipekeras.grammar.evaluation.conditions import fail

    place = environment.find("...")
    if place is None:
        raise fail(RError(f"..{position} used in an incorrect context, no ... to look in", call=machine_call()))
    dots = place.frame["..."]
    if position < 1:
        raise fail(RError(f"indexing '...' with non-positive index {position}", call=machine_call()))
    if position > len(dots):
        plural = "s" if position != 1 else ""
        raise fail(
            RError(f"the ... list contains fewer than {position} element{plural}", call=machine_call())
        )
    value = dots[position - 1][1]
    return force(value) if type(value) is Promise else value


def missing_argument(node: Symbol) -> RError:
    """The error for reading a parameter that got no argument and has no default."""
    from pipekeras.grammar.evaluation.conditions import fail

    return fail(
        RError(f'argument "{node.name}" is missing, with no default', call=machine_call(), span=node.span)
    )


def not_found(node: Symbol, environment: Environment, call: Any = None) -> RError:
    """The error for a variable that does not exist, with the nearest name as the mend."""
    from pipekeras.grammar.evaluation.conditions import fail

    error = RError(f"object '{node.name}' not found", call=call or machine_call(), span=node.span)
    near = nearest_name(node.name, environment, functions=False)
    if near is not None:
        error.mend = f"did you mean '{near}'?"
    else:
        error.mend = f"assign it first, for example: {node.name} <- ..."
    return fail(error)


def nearest_name(name: str, environment: Environment, functions: bool) -> str | None:
    """The most similar visible name, or None when none is close."""
    from difflib import get_close_matches

    from pipekeras.grammar.values import is_function

    names: dict[str, None] = {}
    place: Environment | None = environment
    while place is not None:
        for candidate, value in place.frame.items():
            if candidate[:1].isalpha() and (type(value) is Promise or is_function(value) == functions or not functions):
                if place.parent is None and not functions and is_function(value):
                    continue
                names[candidate] = None
        if functions:
            # A frame that makes its bindings at their first look-up lists them itself.
            names.update(dict.fromkeys(getattr(place.frame, "names", list)()))
        place = place.parent
    lowered = {candidate.lower(): candidate for candidate in names}
    if name.lower() in lowered:
        return lowered[name.lower()]
    swapped = next((n for n in names if len(n) == len(name) > 2 and sorted(n) == sorted(name)), None)
    if swapped is not None:
        return swapped
    close = get_close_matches(name, [n for n in names if abs(len(n) - len(name)) <= 3], 1, 0.75)
    return close[0] if close else None
