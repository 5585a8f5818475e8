"""``str``: the inner structure of values."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import RError, builtin
from pipekeras.grammar.printing.dispatch import (
    one_text,
    option_number,
    optional_flag,
    optional_whole,
)
from pipekeras.grammar.printing.structure import StructureSettings, show_structure
from pipekeras.grammar.values import NULL
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
    level = optional_whole(nest_level, "nest.lev") or 0
    settings = StructureSettings(
        max_level=optional_whole(max_level, "max.level"),
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
    spaces = " " + " .." * level if indent is NULL else one_text(indent, "indent.str")
    show_structure(object, settings, spaces, level)
    return NULL

