"""``.Random.seed``: the state of the generator as a variable, and tables drawn with fixed margins."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import UNSET, Builtin, builtin, machine
from pipekeras.grammar.environment import ActiveBinding
from pipekeras.grammar.numeric.contingency import random_table
from pipekeras.grammar.numeric.further_generators import l_ecuyer_ahead, made_generator
from pipekeras.grammar.numeric.generator import GENERATOR, KINDS, NORMAL_KINDS, STATE_SIZE
from pipekeras.grammar.values import NULL, Vector, character, mk_list
from pipekeras.grammar.vectors.arguments import number
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.report import fail, warn
from pipekeras.grammar.vectors.shapes import from_array

NAME = ".Random.seed"
_NORMAL = 100
_REJECTION = 10000


def _binding(value: Any = UNSET) -> Any:
    """The state as R writes it: a code of the kinds and the generator's words."""
    words = GENERATOR.words()
    code = KINDS.index(GENERATOR.kind) + _NORMAL * NORMAL_KINDS.index(GENERATOR.normal_kind)
    code += 0 if GENERATOR.sample_rounding else _REJECTION
    return Vector("integer", np.concatenate([[code], words]).astype(np.uint32).view(np.int32).copy())


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
        usable = type(assigned) is Vector and assigned.kind == "integer" and len(assigned) > 0
        code = int(assigned.data[0]) if usable else -1
        kind, normal = code % _NORMAL, code % _REJECTION // _NORMAL
        usable = usable and code // _REJECTION in (0, 1) and kind < len(KINDS) and normal < len(NORMAL_KINDS)
        if not usable or "user-supplied" in (KINDS[kind], NORMAL_KINDS[normal]) or len(assigned) != _lengths()[kind] + 1:
            machine.global_environment.frame.pop(NAME, None)
            fail("'.Random.seed' has wrong length or is of a kind of generator that is not there")
        GENERATOR.sample_rounding = code < _REJECTION
        GENERATOR.normal_kind = NORMAL_KINDS[normal]
        GENERATOR.take_words(KINDS[kind], assigned.data[1:].astype(np.int32).view(np.uint32))
    announce()


def _lengths() -> list[int]:
    """How many words the state of each generator has."""
    made = [None if kind == "user-supplied" else made_generator(kind) for kind in KINDS]
    return [STATE_SIZE + 1 if one is None else one.size for one in made]


def chosen(given: Any, names: tuple[str, ...], default: str, name: str) -> str | None:
    """The kind that an argument asks for by the beginning of its name; None when it asks for none."""
    if given is NULL:
        return None
    if type(given) is not Vector or given.kind != "character" or len(given) != 1:
        fail(f"'{name}' must be a character string of length 1" + (" (RNG to be used)." if name == "kind" else ""))
    text = str(given.items()[0])
    found = [one for one in (*names, "default") if one.startswith(text)]
    if text in found:
        found = [text]
    if len(found) != 1:
        fail(f"'{text}' is not a valid abbreviation of an RNG" if name == "kind" else "'NA' is not a valid choice")
    if found[0] == "user-supplied":
        fail(f"'{name}' = \"user-supplied\" is not supported: it needs compiled code")
    if found[0].startswith("Buggy"):
        fail(f"'{name}' = \"{found[0]}\" is not supported: use \"Kinderman-Ramage\", which is the method without the mistake")
    return default if found[0] == "default" else found[0]


def change_kinds(kind: Any, normal_kind: Any, sample_kind: Any) -> None:
    """What `RNGkind` and `set.seed` change."""
    uniform = chosen(kind, KINDS, "Mersenne-Twister", "kind")
    normal = chosen(normal_kind, NORMAL_KINDS, "Inversion", "normal.kind")
    sampler = chosen(sample_kind, ("Rounding", "Rejection"), "Rejection", "sample.kind")
    if uniform is not None:
        if uniform == "Marsaglia-Multicarry":
            warn("RNGkind: Marsaglia-Multicarry has poor statistical properties")
        GENERATOR.use(uniform)
    if normal is not None:
        if GENERATOR.kind == "Marsaglia-Multicarry" and normal in ("Ahrens-Dieter", "Kinderman-Ramage"):
            severe = "severe " if normal == "Kinderman-Ramage" else ""
            warn(f"RNGkind: {severe}deviations from normality for {normal} + Marsaglia-Multicarry")
        GENERATOR.use_normal(normal)
    if sampler is not None:
        GENERATOR.sample_rounding = sampler == "Rounding"
        if GENERATOR.sample_rounding:
            warn("non-uniform 'Rounding' sampler used")


def _enter_stream(name: str, doublings: int) -> None:
    @builtin(name, "seed", package="parallel")
    def next_stream(seed: Any) -> Any:
        usable = type(seed) is Vector and seed.kind in ("integer", "double") and len(seed) >= 7
        code = int(seed.items()[0]) if usable else -1
        if not usable or code % _NORMAL != KINDS.index("L'Ecuyer-CMRG"):
            fail("invalid value of 'seed'")
        words = [int(word) & 0xFFFFFFFF for word in seed.data[1:7]]
        ahead = np.array([code, *l_ecuyer_ahead(words, doublings)], np.uint32)
        return Vector("integer", ahead.view(np.int32).copy())


_enter_stream("nextRNGStream", 127)
_enter_stream("nextRNGSubStream", 76)


@builtin("RNGversion", "vstr", invisible=True)
def kinds_of_version(vstr: Any) -> Any:
    """The kinds that a version of R began with."""
    text = str(vstr.items()[0])
    pieces = [int(piece) for piece in re.findall(r"\d+", text)]
    if len(pieces) < 2:
        fail("malformed version string")
    version = tuple(pieces[:2])
    sampler = "Rounding" if version < (3, 6) else "Rejection"
    if version < (1, 7):
        fail("the kinds of R before 1.7.0 are not supported: its normal numbers had a mistake")
    change_kinds(character("Mersenne-Twister"), character("Inversion"), character(sampler))
    announce()
    return NULL


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
