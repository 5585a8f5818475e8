"""The order in which an environment names what it holds, where nobody asked for it sorted.

R keeps the variables of a call in a list with the newest before the parameters, and those of ``new.env()``, ``local()`` and
the top level in a hash table. Both orders show in ``names(e)``, ``as.list(e)`` and ``eapply(e, f)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from weakref import WeakKeyDictionary

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.values import Promise

_USUAL_SIZE = 29
_FULL = 0.85
_GROWTH = 1.2
_HIDDEN = ".__definition__"
"""Where a generator of R6 objects keeps its class: a name of ours, which R does not show."""
_sizes: WeakKeyDictionary[Environment, int] = WeakKeyDictionary()


def hashed(environment: Environment, size: int = _USUAL_SIZE) -> Environment:
    """The environment, noted as one that keeps its names in a hash table of that many places at first."""
    _sizes[environment] = size if size > 0 else _USUAL_SIZE
    return environment


def listed_names(environment: Environment, everything: bool = True) -> list[str]:
    """Names bound in an environment in R's order."""
    if ".__enclos_env__" in environment.frame:
        return environment.names(everything)
    size = _USUAL_SIZE if environment is machine.global_environment else _sizes.get(environment)
    names = [name for name in environment.names() if name != _HIDDEN]
    ordered = _newest_first(environment, names) if size is None else table_order(names, size)
    return [name for name in ordered if everything or not name.startswith(".")]


def _newest_first(environment: Environment, names: list[str]) -> list[str]:
    count = 0
    for frame in reversed(machine.frames):
        if frame.environment is environment:
            template = getattr(frame.function, "template", None)
            count = 0 if template is None else len(template.names)
            break
    else:
        # The call has ended: its parameters are the promises that came first.
        while count < len(names) and type(environment.frame[names[count]]) in (Promise, tuple):
            count += 1
    return [*reversed(names[count:]), *names[:count]]


def table_order(names: Iterable[str], size: int) -> list[str]:
    """Names in the order of R's hash table, entered one after the other into a table of that size."""
    places: list[list[str]] = [[] for _ in range(size)]
    filled = 0
    for name in names:
        places[_hash(name) % size].insert(0, name)
        filled += 1
        if filled > size * _FULL:
            size = int(size * _GROWTH)
            old, places = places, [[] for _ in range(size)]
            for chain in old:
                for moved in chain:
                    places[_hash(moved) % size].insert(0, moved)
            filled = sum(1 for chain in places if chain)
    return [name for chain in places for name in chain]


def _hash(name: str) -> int:
    """The hash function that P. J. Weinberger gave for symbol tables, over signed bytes."""
    value = 0
    for byte in name.encode():
        value = ((value << 4) + (byte - 256 if byte > 127 else byte)) & 0xFFFFFFFF
        high = value & 0xF0000000
        if high:
            value ^= high >> 24 ^ high
    return value
