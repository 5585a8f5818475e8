"""`.[a, b] <- value`: names from the elements of a value, as dotty and with it keras3 have it."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.compiler import Code, code_of
from pipekeras.grammar.evaluation.conditions import fail
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.nodes import MISSING, Argument, Call, Symbol
from pipekeras.grammar.values import Vector

_PACKAGES = ("keras3", "dotty")


def is_dotted(target: Any) -> bool:
    """Whether something that is assigned to is written `.[...]`."""
    return type(target) is Call and target.is_call_of("[") and type(target.args[0].value) is Symbol and (
        target.args[0].value.name == "."
    )  # fmt: skip


def compile_dotted(target: Call, value: Code, general: Code) -> Code:
    """Bind names where a package has the dot; `general` does what the assignment means where `.` is a variable."""

    def assign(environment: Environment) -> Any:
        if not any(package in machine.attached for package in _PACKAGES) or environment.get(".") is not None:
            return general(environment)
        result = value(environment)
        _bind_all(target.args[1:], result, environment)
        machine.visible = False
        return result

    return assign


def _bind_all(slots: tuple[Argument, ...], value: Any, environment: Environment) -> None:
    from pipekeras.grammar.evaluation.pipes import destructured

    if type(value) is Vector and value.kind == "list" and _is_version(value):
        value = value.data[0]
    gap = next((at for at, slot in enumerate(slots) if type(slot.value) is Symbol and slot.value.name == ".."), None)
    parts: list[Any] | None = None
    for at, slot in enumerate(slots):
        if slot.name:
            _bind(Symbol(slot.name), _within(slot.value, value, environment), environment)
            continue
        if slot.value is MISSING or at == gap:
            continue
        if parts is None:
            parts = destructured(value, len(slots), environment)
        place = at if gap is None or at < gap else len(parts) - len(slots) + at
        if not 0 <= place < len(parts):
            raise fail(RError("subscript out of bounds", mend=f"the value has {len(parts)} elements, the left side more names"))
        _bind(slot.value, parts[place], environment)


def _is_version(value: Vector) -> bool:
    from pipekeras.grammar.values import inherits

    return inherits(value, "numeric_version")


def _within(expression: Any, value: Any, environment: Environment) -> Any:
    """`name = expression`: the expression sees the elements of the value by their names."""
    from pipekeras.grammar.evaluation.quoting import list_environment

    return code_of(expression)(list_environment(value, environment))


def _bind(target: Any, value: Any, environment: Environment) -> None:
    from pipekeras.grammar.evaluation.pipes import unpack

    if is_dotted(target):
        _bind_all(target.args[1:], value, environment)
    else:
        unpack(target, value, environment)
