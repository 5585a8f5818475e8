"""Tables that change where they are, so that everybody who holds one sees the change."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import Vector


@builtin(".changed_in_place", "x, value", invisible=True, package="internal")
def changed_in_place(x: Any, value: Any) -> Any:
    if type(x) is not Vector or type(value) is not Vector or x.kind != "list" or value.kind != "list":
        return value
    x.array, x.scalar, x.attributes = value.array, value.scalar, value.attributes
    return x
