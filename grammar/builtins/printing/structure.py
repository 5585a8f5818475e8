"""``str``: the inner structure of values."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from typing import Any

from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import RError, builtin, machine, write
from pipekeras.grammar.builtins.text.formatting import choose
from pipekeras.grammar.printing.dispatch import (
    one_text,
    option_number,
    optional_flag,
    optional_whole,
    texts_of,
)
from pipekeras.grammar.printing.structure import show_structure
from pipekeras.grammar.printing.structure_texts import StructureSettings
from pipekeras.grammar.values import NULL, Vector, character, double, explicit_class
from pipekeras.grammar.vectors.coerce import doubles


@builtin(
    ("str", "str.default"),
    "object, max.level = NA, vec.len = NULL, digits.d = 3L, nchar.max = 128, give.attr = TRUE, give.head = TRUE, "
    "give.length = TRUE, width = NULL, nest.lev = 0, indent.str = NULL, comp.str = '$ ', no.list = FALSE, "
    "list.len = 99L, drop.deparse.attr = TRUE, strict.width = 'no', formatNum = NULL, envir = NULL, ...",
    generic="s3",
    invisible=True,
    package="utils",
)
def structure_of(
    object: Any, max_level: Any, vec_len: Any, digits: Any, nchar_max: Any, give_attr: Any, give_head: Any,
    give_length: Any, width: Any, nest_level: Any, indent: Any, comp: Any, no_list: Any, list_len: Any, drop: Any,
    strict: Any, format_number: Any, envir: Any, dots: Any,
) -> Any:  # fmt: skip
    """Show what a value is made of."""
    for name, value in (("formatNum", format_number), ("envir", envir)):
        if value is not NULL:
            raise RError(f"argument '{name}' of str() is not supported")
    manner = choose(strict, ("no", "cut", "wrap"), "strict.width")
    level = optional_whole(nest_level, "nest.lev") or 0
    settings = StructureSettings(
        max_level=_deepest(max_level),
        length=4.0 if vec_len is NULL else float(doubles(vec_len)[0]),
        length_given=vec_len is not NULL,
        digits=optional_whole(digits, "digits.d") or 3,
        widest=optional_whole(nchar_max, "nchar.max") or 128,
        give_attributes=optional_flag(give_attr, True),
        give_length=optional_flag(give_length, True),
        give_head=optional_flag(give_head, True),
        mark=one_text(comp, "comp.str"),
        list_length=optional_whole(list_len, "list.len") or 99,
        width=optional_whole(width, "width") or option_number("width", 80),
        no_list=optional_flag(no_list),
    )
    spaces = "..".join([" "] * (level + 1)) if indent is NULL else one_text(indent, "indent.str")
    if manner == "no" or level or {"Date", "POSIXt"} & set(explicit_class(object) or []):
        show_structure(object, settings, spaces, level)
        return NULL
    kept = StringIO()
    before, machine.writer = machine.writer, kept
    try:
        show_structure(object, replace(settings, length_given=True), spaces, level)
    finally:
        machine.writer = before
    write("".join(line + "\n" for line in _narrowed(kept.getvalue(), settings.width, manner, len(spaces) + 2)))
    return NULL


def _deepest(max_level: Any) -> float | None:
    """The number of levels shown; anything that is no number means all."""
    if not isinstance(max_level, Vector) or max_level.kind == "character" or not len(max_level):
        return None
    number = float(doubles(max_level)[0])
    return None if number != number else number


def _narrowed(text: str, width: int, manner: str, later: int) -> list[str]:
    """Lines no wider than wanted: folded first if so wished, then cut."""
    lines = text.removesuffix("\n").split("\n")
    if manner == "wrap":
        # What a frame says of its size is no part of what is folded.
        head = lines[:1] if "obs. of " in lines[0] else []
        folded = call_builtin("strwrap", character(lines[len(head) :]), width=double(width), exdent=double(later))
        lines = [*head, *(str(line) for line in folded.items())]
    out = []
    for at, line in enumerate(lines):
        if len(line) > width and not (at == 0 and "obs. of " in line):
            # A text that is cut keeps its closing quotation mark.
            closing = '"' in line[width - 2 :]
            line = line[: width - 3] + '"..' if closing else line[: width - 2] + ".."
        out.append(line)
    return out



_POOLS = (8, 16, 32, 48, 64, 128)
_PREFIXES = "KMGTPEZY"
_UNITS = (
    "auto", "B", "kB", *(f"{prefix}B" for prefix in _PREFIXES[1:]), *(f"{prefix}iB" for prefix in _PREFIXES), "b",
    *(f"{prefix}b" for prefix in _PREFIXES[:5]), "KB",
)  # fmt: skip


def vector_bytes(size: int) -> int:
    """Bytes of a vector with so many bytes of elements: R keeps small ones in pools of fixed sizes."""
    if size == 0:
        return 48
    return 48 + next((pool for pool in _POOLS if size <= pool), -(-size // 8) * 8)


def value_bytes(value: Any, seen: set[str]) -> int:
    """Bytes that R would need for a value; ``seen`` holds the texts already counted."""
    if isinstance(value, Vector):
        element = {"logical": 4, "integer": 4, "double": 8, "complex": 16, "raw": 1}.get(value.kind, 8)
        total = vector_bytes(element * len(value))
        if value.kind == "character":
            new = {text for text in value.items() if text is not None} - seen
            seen |= new
            total += sum(vector_bytes(len(text.encode("utf-8")) + 1) for text in new)
        elif value.kind in ("list", "expression"):
            total += sum(value_bytes(item, seen) for item in value.items() if item is not NULL)
        for attribute in (value.attributes or {}).values():
            total += 112 + value_bytes(attribute, seen)
        return total
    return 0 if value is NULL else 56


@builtin("object.size", "x", package="utils")
def object_size(x: Any) -> Any:
    """Bytes that a value takes."""
    return double([float(value_bytes(x, set()))], {"class": character("object_size")})


def _size_text(value: float, units: str, standard: str, digits: int) -> str:
    """A number of bytes in a unit of the old names (Kb of 1024), of the IEC's (KiB) or of the SI's (kB of 1000)."""
    known = _PREFIXES[:5] if standard == "legacy" else _PREFIXES
    base = 1000 if standard == "SI" else 1024
    if units == "auto":
        power = max((k for k in range(len(known) + 1) if value >= base**k), default=0)
    elif units in ("b", "B"):
        power = 0
    else:
        power = known.find(units[0].upper()) + 1
        if not power or (standard == "IEC") != units.endswith("iB"):
            raise RError(f'Unit "\u2018{units}\u2019" is not part of standard "\u2018{standard}\u2019"')
    number = texts_of(double([round(value / base**power, digits) if value == value else value]))[0] or "NA"
    if not power:
        return f"{number} {'bytes' if standard == 'legacy' else 'B'}"
    prefix = known[power - 1]
    name = {"legacy": f"{prefix}b", "IEC": f"{prefix}iB", "SI": f"{'k' if power == 1 else prefix}B"}[standard]
    return f"{number} {name}"


def _size_texts(x: Any, units: Any, standard: Any, digits: Any) -> list[str]:
    chosen = choose(units, _UNITS, "units")
    kind = choose(standard, ("auto", "IEC", "SI", "legacy"), "standard")
    if kind == "auto":
        if chosen == "kB":
            raise RError("For SI units, specify 'standard = \"SI\"'")
        kind = "IEC" if chosen.endswith("iB") else "legacy"
    if chosen == "auto" and len(x) > 1:
        raise RError("the condition has length > 1")
    places = optional_whole(digits, "digits") or 0
    return [_size_text(value, chosen, kind, places) for value in doubles(x).tolist()]


@builtin("format.object_size", "x, units = 'b', standard = 'auto', digits = 1L, ...", package="utils")
def format_object_size(x: Any, units: Any, standard: Any, digits: Any, dots: Any) -> Any:
    """A size in bytes or larger units."""
    return character(_size_texts(x, units, standard, digits))


@builtin(
    "print.object_size",
    "x, quote = FALSE, units = 'b', standard = 'auto', digits = 1L, ...",
    invisible=True,
    package="utils",
)
def print_object_size(x: Any, quote: Any, units: Any, standard: Any, digits: Any, dots: Any) -> Any:
    """A size on a line of its own."""
    mark = '"' if optional_flag(quote) else ""
    for shown in _size_texts(x, units, standard, digits):
        write((f"[1] {mark}{shown}{mark}" if mark else shown) + "\n")
    return x
