"""What stands between the brackets of `x[...]`, where x is a tensor: Python's indices for R's."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import machine
from pipekeras.grammar.external import Arguments
from pipekeras.grammar.keras import convert
from pipekeras.grammar.nodes import MISSING, Call
from pipekeras.grammar.values import NULL


def places_of(arguments: Arguments) -> list[Any]:
    """Return Python's indices for those of `x[...]`; a range of one place, as `x[2:2, ]` has it, keeps its axis."""
    node = machine.builtin_call
    written = node.args[1:] if type(node) is Call and node.is_call_of("[") else ()
    places = []
    for number, (name, value) in enumerate(arguments):
        if name == "drop":
            continue
        place = _position(value)
        asked = written[number].value if len(written) == len(arguments) else None
        if isinstance(place, int) and type(asked) is Call and asked.is_call_of(":"):
            place = slice(place, place + 1 or None)
        places.append(place)
    return places


def _position(value: Any) -> Any:
    """Return a Python index for an R one: numbers count from 1, an empty place means all, NULL a new axis, ranges slices."""
    if value is MISSING:
        return slice(None)
    if value is NULL or value is None:
        return None
    found = convert.whole(external.to_python(value))
    if isinstance(found, slice):
        return found
    if isinstance(found, int):
        return found - 1 if found > 0 else found
    if isinstance(found, list) and len(found) > 1 and all(isinstance(item, int) for item in found) and found[-1] < 0:
        # Negative places count from the end, the last is -1: 3:-3 leaves out two at each side.
        first, last = found[0], found[-1]
        if found in (list(range(first, last - 1, -1)), list(range(first, last + 1))) and (first > 0 or first < last):
            return slice(first - 1 if first > 0 else first, last + 1 or None)
    if isinstance(found, list) and all(isinstance(item, int) for item in found):
        if found == list(range(found[0], found[0] + len(found))) and found[0] > 0:
            return slice(found[0] - 1, found[0] - 1 + len(found))
        return np.array([item - 1 for item in found], np.int32)
    return found
