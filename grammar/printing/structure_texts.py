"""The texts that ``str`` shows of elements: how many, how wide, in how many digits."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import current_environment
from pipekeras.grammar.evaluation.subscripts import has_own_method
from pipekeras.grammar.values import NA_INTEGER, Vector, explicit_class, get_attribute, integer, logical

from .dispatch import current_settings, invoke, option_number, texts_of
from .marks import Marks, mark_all
from .numbers import complex_layout, encode_complexes, encode_reals, real_layout
from .text import escape_text, leading_columns, text_width

_ZEROS = re.compile(r"\.0+(?=[-+i])|(?<=\.\d)0+(?=[-+i])|(?<=\.\d\d)0+(?=[-+i])")
"""Zeros that end the fraction of a part of a complex number."""


@dataclass(frozen=True, slots=True)
class StructureSettings:
    """What ``str`` may be asked.

    Args:
        max_level: deepest nesting shown, None for all.
        length: elements shown, in units that depend on the kind.
        length_given: whether ``length`` was asked for, so that strings do not fill the line.
        digits: significant digits of numbers.
        widest: characters of a string before it is cut.
        give_attributes: whether attributes are shown.
        give_length: whether ``[1:n]`` is shown.
        give_head: whether the kind is shown.
        mark: what stands before a component's name.
        list_length: components shown.
        width: columns of a line.
        no_list: whether the ``List of`` line is left out.
        in_frame: whether lengths are left out because all columns of a frame have one, not because nobody wants them.
        outermost: whether the value is the one that was asked about, not a part of it.
    """

    max_level: float | None = None
    length: float = 4.0
    length_given: bool = False
    digits: int = 3
    widest: int = 128
    give_attributes: bool = True
    give_length: bool = True
    give_head: bool = True
    mark: str = "$ "
    list_length: int = 99
    width: int = 80
    no_list: bool = False
    in_frame: bool = False
    outermost: bool = True

    @property
    def shows_elements(self) -> bool:
        """Whether any element is wanted."""
        return self.length > 0


def nothing(value: Vector, settings: StructureSettings) -> str:
    """What stands for elements that nobody wants to see."""
    return "" if settings.shows_elements or value.kind in ("character", "raw") else "NULL"


_TRUNCATED = "| __truncated__"


def cut_line(text: str, widest: int) -> str:
    """The values of one line, cut where they take more columns than a text may."""
    if text_width(text) <= widest:
        return text
    if widest < len(_TRUNCATED) + 2:
        raise RError(f"'nchar.max = {widest}' is too small")
    if '"' in text:
        return f'{text[: widest - len(_TRUNCATED) - 1]}"{_TRUNCATED}'
    return text[: widest - len(_TRUNCATED)] + _TRUNCATED


def moments_shown(texts: list[str | None], named: bool, settings: StructureSettings, indent: str | None) -> int:
    """How many dates or moments: as many as were asked for or fit; inside lists, whose indent is given, as a line holds."""
    if indent is not None:
        return max(min((settings.width - len(indent) - 31) // 19, round(settings.length)), 0)
    if settings.length_given:
        return max(round(settings.length), 1)
    room = settings.width - 10 - (len(" Named") if named else 0)
    used = 0
    for count, text in enumerate(texts):
        used += 3 + (2 if text is None else text_width(text))
        if used > room:
            return max(count, 1)
    return max(len(texts), 1)


_WRITTEN_OTHERWISE = frozenset(("hexmode", "octmode", "roman"))
"""Classes of numbers that are shown in their own digits."""


def leading_texts(value: Vector, settings: StructureSettings, level: int, head: str) -> tuple[list[str], bool]:
    """Texts of the first elements, and whether there are more."""
    kind, size, unit = value.kind, len(value), settings.length
    if not settings.shows_elements:
        return [nothing(value, settings)], True
    if kind == "character":
        if settings.length_given:
            count = max(round(unit), 1) if unit >= 1 else 1
        else:
            count = _strings_that_fit(value, settings, level, head)
        shown = [_cut_string(text, settings.widest) for text in value.items()[:count]]
        return shown, size > count
    if kind == "logical":
        count = int(1.5 * unit)
    elif kind == "complex":
        count = round(0.75 * unit)
    elif kind == "raw" or "difftime" in (explicit_class(value) or []):
        count = round(unit)
    elif kind == "integer":
        count = round(2.5 * unit)
    else:
        count = _numbers_shown(value.data, unit, settings.digits)
    count = max(count, 1)
    if _WRITTEN_OTHERWISE.intersection(explicit_class(value) or []):
        part = Vector(kind, value.data[:count], {"class": get_attribute(value, "class")})
        return [text or "NA" for text in texts_of(invoke("format", part))], size > count
    if "difftime" in (explicit_class(value) or []):
        # R gives the digits to a method that has no use for them.
        return [text or "NA" for text in texts_of(invoke("as.character", Vector(kind, value.data[:count])))], size > count
    written = _texts_of_own_class(value, count)
    if written is not None:
        return written, size > count
    shown = _number_texts(Vector(kind, value.data[:count]), settings.digits)
    mark = current_settings().decimal
    if mark != "." and kind in ("double", "complex"):
        shown = [text.replace(".", mark) for text in shown]
    return shown, size > count


def _texts_of_own_class(value: Vector, count: int) -> list[str] | None:
    """Texts by the program's own method of ``format()``, which elements meet whose method of ``[`` keeps the class."""
    if explicit_class(value) is None or not has_own_method("[", value, current_environment()):
        return None
    part = invoke("[", value, integer(list(range(1, min(count, len(value)) + 1))))
    if explicit_class(part) is None or not has_own_method("format", part, current_environment()):
        return None
    yes = logical(True)
    return [text or "NA" for text in texts_of(invoke("format", part, trim=yes, drop0trailing=yes))]


def _numbers_shown(data: np.ndarray, unit: float, digits: int) -> int:
    many, few = round(2.5 * unit), round(1.25 * unit)
    seen = np.abs(data[:many][~np.isnan(data[:many])])
    if np.isinf(seen).any():
        return few
    if seen.size == 0:
        return many
    plain = ((seen > 1e-10) | (seen == 0)).all() and ((seen < 1e10) | (seen == 0)).all()
    short = all(abs(float(f"{number:.{digits}g}") - number) <= 1e-12 * max(number, 1e-300) for number in seen.tolist())
    return many if plain and short else few


def _number_texts(value: Vector, digits: int) -> list[str]:
    if value.kind == "double":
        layout = real_layout(value.data, digits, option_number("scipen", 0))
        texts = [text.strip() for text in encode_reals(value.data, layout)]
        if layout.exponent:
            return [text.replace("e+00", "") if "." in text else text for text in texts]
        return mark_all(texts, Marks(drop_zeros=True), "none")
    if value.kind == "complex":
        made = encode_complexes(value.data, complex_layout(value.data, digits), digits)
        return [_ZEROS.sub("", text.replace(" ", "")) for text in made]
    if value.kind == "raw":
        return [f"{byte:02x}" for byte in value.items()]
    if value.kind == "logical":
        return ["NA" if item == NA_INTEGER else "TRUE" if item else "FALSE" for item in value.items()]
    return ["NA" if item == NA_INTEGER else str(item) for item in value.items()]


def _cut_string(text: str | None, widest: int) -> str:
    if text is None:
        return "NA"
    shown = escape_text(text, '"')
    if text_width(shown) <= widest:
        return shown
    room = widest - len(_TRUNCATED) - 1
    if room < 1:
        raise RError(f"'nchar.max = {widest}' is too small")
    return f'{leading_columns(shown, room)}"{_TRUNCATED}'


def _strings_that_fit(value: Vector, settings: StructureSettings, level: int, head: str) -> int:
    room = settings.width - (4 + 5 * level + text_width(head))
    used = 0
    count = 0
    for text in value.items():
        used += 3 + (0 if text is None else text_width(escape_text(text)))
        if used >= room:
            break
        count += 1
    return max(count, 1)


def dates_text(texts: list[str | None], count: int) -> str:
    return " ".join("NA" if text is None else f'"{text}"' for text in texts[:count]) + (" ..." if len(texts) > count else "")
