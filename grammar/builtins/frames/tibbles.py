"""Lines of a tibble from its columns; what each column's cells are is said by ``tibble_pillar`` in the language."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.printing.dispatch import texts_of
from pipekeras.grammar.printing.pillars import (
    Pillar,
    decimal_cells,
    quoted_texts,
    scientific_cells,
    table_lines,
)
from pipekeras.grammar.printing.text import common_width
from pipekeras.grammar.values import Vector, character, is_na, is_na_not_nan
from pipekeras.grammar.vectors.arguments import number
from pipekeras.grammar.vectors.coerce import coerce

_WIDEST_DECIMAL = 13
"""A column of decimals wider than this is shown with exponents."""


def _numbers(values: Vector, digits: int) -> list[list[str]]:
    numbers = coerce(values, "double").data.tolist()
    missing = (is_na(values) if values.kind == "integer" else is_na_not_nan(values.data)).tolist()
    plain = [None if gone else value for value, gone in zip(numbers, missing, strict=True)]
    decimal = decimal_cells(plain, 22 if values.kind == "integer" else digits)
    scientific = scientific_cells(plain, digits)
    narrower = common_width(scientific) < common_width(decimal)
    if not narrower:
        return [decimal]
    return [scientific] if common_width(decimal) > _WIDEST_DECIMAL else [decimal, scientific]


def _pillar(parts: Vector, digits: int) -> Pillar:
    title, kind, label, side, values = parts.items()
    texts = [texts_of(one)[0] or "" for one in (title, kind, label, side)]
    if values.kind in ("integer", "double"):
        return Pillar(texts[0], texts[1], _numbers(values, digits), "right", False, False, texts[2])
    cells = quoted_texts(texts_of(values), texts[3] == "text")
    if texts[3] == "list":
        kinds = [f"{cell.partition(' [')[0].rstrip('>')}>" if cell.startswith("<") else cell for cell in cells]
        return Pillar(texts[0], texts[1], [cells, kinds], "left", True, True, texts[2])
    left = texts[3] in ("text", "left", "cut")
    return Pillar(texts[0], texts[1], [cells], "left" if left else "right", texts[3] in ("text", "cut"), False, texts[2])


@builtin("tibble_lines", "pillars, shown, rows, width, tier, digits, named_most", package="internal")
def tibble_lines(pillars: Any, shown: Any, rows: Any, width: Any, tier: Any, digits: Any, named_most: Any) -> Any:
    """Lines of a table and of what is said below it."""
    significant = int(number(digits, "digits"))
    made = [_pillar(one, significant) for one in pillars.items()]
    lines = table_lines(made, int(number(shown, "shown")), int(number(rows, "rows")), number(width, "width"),
                        int(number(tier, "tier")), int(number(named_most, "named_most")))
    return character(lines)

