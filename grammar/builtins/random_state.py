"""``.Random.seed``: the state of the generator as a variable, and tables drawn with fixed margins."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import UNSET, Builtin, builtin, machine
from pipekeras.grammar.environment import ActiveBinding
from pipekeras.grammar.numeric.contingency import random_table
from pipekeras.grammar.numeric.generator import GENERATOR, STATE_SIZE
from pipekeras.grammar.values import Vector, mk_list
from pipekeras.grammar.vectors.arguments import number
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.report import fail
from pipekeras.grammar.vectors.shapes import from_array

NAME = ".Random.seed"
_TWISTER_BY_INVERSION = 403
_REJECTION = 10000


def _binding(value: Any = UNSET) -> Any:
    """The state as R writes it: a code of the kinds, the position, 624 words."""
    words, position = GENERATOR.state()
    code = _TWISTER_BY_INVERSION + (0 if GENERATOR.sample_rounding else _REJECTION)
    return Vector("integer", np.concatenate([[code, position], words]).astype(np.uint32).view(np.int32).copy())


_BINDING = ActiveBinding(Builtin(NAME, _binding, ""))


def announce() -> None:
    """Show the state of the generator as a variable of the running program, and listen to what is assigned to it."""
    frame = machine.global_environment.frame
    frame[NAME] = _BINDING
    GENERATOR.listen(frame, NAME, _BINDING, _take)


def _take(assigned: Any) -> None:
    """Go on from an assigned state; without any, from a fresh one."""
    if assigned is None:
        GENERATOR.forget()
    else:
        usable = type(assigned) is Vector and assigned.kind == "integer" and len(assigned) == STATE_SIZE + 2
        code = int(assigned.data[0]) if usable else -1
        if code not in (_TWISTER_BY_INVERSION, _TWISTER_BY_INVERSION + _REJECTION):
            machine.global_environment.frame.pop(NAME, None)
            fail("'.Random.seed' has wrong length or is of a kind of generator that is not there")
        GENERATOR.sample_rounding = code == _TWISTER_BY_INVERSION
        GENERATOR.restore(assigned.data[2:].astype(np.int32).view(np.uint32), int(assigned.data[1]))
    announce()


@builtin("r2dtable", "n, r, c", package="stats")
def two_way_tables(n: Any, rows: Any, columns: Any) -> Any:
    """Random tables of two ways with given sums of rows and columns."""
    count = number(n, "n")
    if not count >= 0:
        fail("invalid arguments")
    sums = [np.trunc(coerce(given, "double").data) for given in (rows, columns)]
    if any(len(given) <= 1 or not (given >= 0).all() for given in sums):
        fail("invalid arguments")
    if sums[0].sum() != sums[1].sum():
        fail("arguments 'r' and 'c' must have the same sums")
    lists = [given.astype(int).tolist() for given in sums]
    return mk_list([from_array("integer", np.array(random_table(*lists), np.int32)) for _ in range(int(count))])
