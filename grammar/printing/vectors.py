"""Printing of vectors: wrapped with an index before each line, or in columns below their names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipekeras.grammar.values import Vector, names_of

from .elements import element_texts, empty_text
from .settings import DEFAULTS, PrintSettings
from .text import common_width, escape_text, pad_text


def index_width(count: int) -> int:
    """Digits of the largest index."""
    return len(str(max(count, 1)))


def wrapped_lines(texts: Sequence[str], settings: PrintSettings, left: bool = False) -> list[str]:
    """Elements brought to one width and wrapped, every line beginning with the index of its first element."""
    width = common_width(texts)
    label = index_width(len(texts)) + 2
    cell = width + settings.gap
    per_line = max(1, (settings.width - label) // cell)
    gap = " " * settings.gap
    justify = "left" if left else "right"
    lines = []
    for start in range(0, len(texts), per_line):
        cells = [gap + pad_text(text, width, justify) for text in texts[start : start + per_line]]
        lines.append(f"[{start + 1}]".rjust(label) + "".join(cells))
    return lines


def named_lines(
    texts: Sequence[str], names: Sequence[str | None], settings: PrintSettings, narrow: bool = False
) -> list[str]:
    """Elements in columns with their names above, both aligned to the right.

    Args:
        texts: the elements, of one width.
        names: their names; None shows as <NA>, or as what is printed for missing elements.
        settings: width and gap.
        narrow: known elements are as wide as they are, whatever the names: so R prints complex numbers.
    """
    missing = "<NA>" if settings.na_print is None else settings.na_print
    shown = [missing if name is None else escape_text(name) for name in names]
    width = max(common_width(texts), common_width(shown))
    per_line = max(1, settings.width // (width + settings.gap))
    gap = " " * settings.gap
    lines = []
    for start in range(0, len(texts), per_line):
        stop = start + per_line
        lines.append("".join(pad_text(name, width, "right") + gap for name in shown[start:stop]))
        if narrow:
            cells = [pad_text("NA", width, "right") if text.strip() == "NA" else text for text in texts[start:stop]]
            lines.append(gap.join(cells))
            continue
        lines.append("".join(pad_text(text, width, "right") + gap for text in texts[start:stop]))
    return lines


def _clipped(vector: Vector, count: int) -> Vector:
    return Vector(vector.kind, vector.data[:count])


_LOOSE_PART = re.compile(r"([+-]) +NaNi$")


def vector_lines(vector: Vector, settings: PrintSettings = DEFAULTS, title: str | None = None) -> list[str]:
    """Lines of an atomic vector as ``print`` shows it, attributes other than names apart.

    Args:
        vector: the vector; a ``dim`` attribute of length one only lends its dimnames as names.
        settings: digits, width, quote, ...
        title: line above the names, for one-dimensional tables.
    """
    total = len(vector)
    names = names_of(vector)
    if total == 0:
        return [("named " if names is not None else "") + empty_text(vector)]
    shown = total if total <= settings.limit + 1 else settings.limit
    part = vector if shown == total else _clipped(vector, shown)
    texts = element_texts(part, settings)
    if names is not None:
        if vector.kind == "complex":
            # Under a name, an imaginary part that is no number is not padded.
            texts = [_LOOSE_PART.sub(r"\1NaNi", text) for text in texts]
        lines = named_lines(texts, names[:shown], settings, vector.kind == "complex")
        if title is not None:
            lines.insert(0, title)
    elif not shown:
        lines = [" [1]"]
    else:
        lines = wrapped_lines(texts, settings, left=vector.kind == "character" and not settings.right)
    if shown < total:
        lines.append(
            f' [ reached getOption("max.print") -- omitted {total - shown} entries ]'
        )
    return lines
