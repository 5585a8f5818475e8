"""C format strings over vectors, as R's ``sprintf`` applies them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from pipekeras.grammar.values import NA_INTEGER, Vector, integer, is_na_real
from pipekeras.grammar.vectors.coerce import coerce

from .bytes import bytes_of, text_of

_POSITION = re.compile(r"%([1-9]\d?)\$")
_STAR = re.compile(r"\*(?:([1-9]\d?)\$)?")
_SPECIFICATION = re.compile(r"%(?P<flags>[-+ #0]*)(?P<width>\d+)?(?:\.(?P<precision>\d*))?(?P<kind>[a-zA-Z])")
_BEFORE_KIND = re.compile(r"%[-+ #.*\d]*")
_TWO_POINTS = re.compile(r"\.(?=\.)")
_ENDS = re.compile("[diosfeEgGxXaA]")
_LONGEST = 8192
"""Characters that one conversion may give."""
_INTEGER_KINDS = "dioxX"
_REAL_KINDS = "feEgGaA"
_ENDING = _INTEGER_KINDS + _REAL_KINDS + "s"


class FormatError(ValueError):
    """A format that does not fit its argument; the text is R's message."""


class _Conversion(NamedTuple):
    """One conversion: which argument it shows, how, and the letter that says as what ('' if the letters make no sense)."""

    text: str
    position: int | None
    flags: str
    width: int
    precision: int | None
    kind: str
    star: int | None
    whole: bool = True


NO_STAR, NEXT_STAR = None, -1
"""Where a width or precision comes from: from the format itself, from the next argument, or from the one so numbered."""


@lru_cache(maxsize=512)
def _parts(template: str) -> tuple[str | _Conversion, ...]:
    """A template cut into literal text and conversions."""
    parts: list[str | _Conversion] = []
    place = 0
    while place < len(template):
        found = template.find("%", place)
        if found < 0:
            parts.append(template[place:])
            break
        if found > place:
            parts.append(template[place:found])
        if template.startswith("%%", found):
            parts.append("%")
            place = found + 2
            continue
        end = _ENDS.search(template, found + 1)
        if end is None:
            raise FormatError(f"unrecognised format specification '{template[found:]}'")
        place = end.end()
        parts.append(_conversion(template[found:place]))
    return tuple(parts)


def _conversion(text: str) -> _Conversion:
    """What one conversion asks for; its star stays in the text until the number is known."""
    position = None
    numbered = _POSITION.match(text)
    if numbered is not None:
        position = int(numbered[1])
        text = "%" + text[numbered.end() :]
    star = NO_STAR
    starred = _STAR.search(text)
    if starred is not None:
        star = int(starred[1]) if starred[1] else NEXT_STAR
        text = f"{text[: starred.start()]}*{text[starred.end() :]}"
        return _Conversion(text, position, "", 0, None, text[-1], star)
    match = _SPECIFICATION.fullmatch(text)
    kind = text[len(_BEFORE_KIND.match(text)[0]) :][:1]  # type: ignore[index]
    if match is None:
        return _Conversion(text, position, "", 0, None, kind if kind in _ENDING else "", star, False)
    precision = None if match["precision"] is None else int(match["precision"] or 0)
    return _Conversion(text, position, match["flags"], int(match["width"] or 0), precision, kind, star)


def _hexadecimal(value: float, flags: str, precision: int | None, upper: bool) -> str:
    mantissa, power = math.frexp(abs(value))
    if value == 0:
        digits, exponent = 0, 0
        head = 0
    elif abs(value) < 2.0**-1022:
        # Numbers this small have no leading one.
        head, exponent, digits = 0, -1022, int(abs(value) * 2.0**537 * 2.0**537)
    else:
        exponent = power - 1
        whole = int(mantissa * 2**53)
        head, digits = 1, whole - 2**52
    text = f"{digits:013x}"
    if precision is None:
        text = text.rstrip("0")
    elif precision < 13:
        scaled = (head << 52) + digits
        drop = 4 * (13 - precision)
        quotient, rest = divmod(scaled, 1 << drop)
        half = 1 << (drop - 1)
        if rest > half or (rest == half and quotient & 1):
            quotient += 1
        head = quotient >> (4 * precision)
        text = f"{quotient & ((1 << (4 * precision)) - 1):0{precision}x}" if precision else ""
    else:
        text = text.ljust(precision, "0")
    sign = "-" if math.copysign(1, value) < 0 else "+" if "+" in flags else " " if " " in flags else ""
    shown = f"{sign}0x{head}{'.' + text if text else ''}p{exponent:+d}"
    return shown.upper() if upper else shown


def _pad(text: str, flags: str, width: int) -> str:
    """Padded to a width that counts bytes, as C's printf does."""
    if not text.isascii():
        width -= len(bytes_of(text)) - len(text)
    return text.ljust(width) if "-" in flags else text.rjust(width)


def format_integer(value: int, flags: str, width: int, precision: int | None, kind: str) -> str:
    """One integer as C's printf writes it; NA becomes text."""
    if value == NA_INTEGER:
        return _pad("NA", flags, width)
    if kind in "oxX" and value < 0:
        value += 1 << 32
    if kind == "o":
        digits = f"{value:o}"
        if precision is not None:
            digits = digits.rjust(precision, "0")
        if "#" in flags and not digits.startswith("0"):
            digits = "0" + digits
        if "0" in flags and "-" not in flags and precision is None:
            digits = digits.rjust(width, "0")
        return _pad(digits, flags, width)
    if precision is not None:
        flags = flags.replace("0", "")
    if value == 0:
        flags = flags.replace("#", "")
    return f"%{flags}{width or ''}{'' if precision is None else f'.{precision}'}{kind}" % value


def format_real(value: float, flags: str, width: int, precision: int | None, kind: str) -> str:
    """One double as C's printf writes it; NA, NaN and infinities become text."""
    if not math.isfinite(value):
        if value != value:
            text = "NA" if is_na_real(value) else "NaN"
            text = " " + text if " " in flags else text
        elif value < 0:
            text = "-Inf"
        else:
            text = "+Inf" if "+" in flags else " Inf" if " " in flags else "Inf"
        return _pad(text, flags, width)
    if kind in "aA":
        text = _hexadecimal(value, flags, precision, kind == "A")
        if "0" in flags and "-" not in flags:
            place = text.lower().index("x") + 1
            text = text[:place] + "0" * (width - len(text)) + text[place:]
        return _pad(text, flags, width)
    return f"%{flags}{width or ''}{'' if precision is None else f'.{precision}'}{kind}" % value


def format_string(text: str | None, flags: str, width: int, precision: int | None) -> str:
    """One string, cut to the precision and padded to the width."""
    shown = "NA" if text is None else text
    if precision is not None:
        # C counts bytes: a character may be cut in two.
        shown = text_of(bytes_of(shown)[:precision])
    return _pad(shown, flags, width)


_ADVICE = {
    "logical": "%d or %i for logical",
    "integer": "%d, %i, %o, %x or %X for integer",
    "double": "%f, %e, %g or %a for numeric",
    "character": "%s for character",
}
_TAKES = {"logical": "di", "integer": _INTEGER_KINDS, "double": _REAL_KINDS, "character": "s"}


def _fitted(vector: Vector, kind: str, own: Callable[[str], Vector] | None) -> Vector:
    """An argument as the first conversion that meets it wants it: it stays so for the whole call."""
    if not kind:
        return vector
    if kind in _INTEGER_KINDS and vector.kind == "double":
        items = vector.items()
        if all(is_na_real(value) or (abs(value) < 2**31 and value == int(value)) for value in items):
            return integer([NA_INTEGER if value != value else int(value) for value in items])
    elif kind in _REAL_KINDS and vector.kind not in ("double", "character"):
        return coerce(vector, "double") if own is None else own("double")
    elif kind == "s" and vector.kind != "character":
        return coerce(vector, "character") if own is None else own("character")
    return vector


Coercions = Mapping[int, Callable[[str], Vector]]


class _Row:
    """One output element being made: hands out arguments by order or position."""

    def __init__(
        self, arguments: list[Vector], columns: dict[int, list[Any]], row: int, used: set[int], own: Coercions
    ) -> None:
        self.arguments = arguments
        self.columns = columns
        self.row = row
        self.used = used
        self.own = own
        self.next = 0

    def value(self, index: int) -> Any:
        """The element of an argument for this row; after the first row no argument changes, so each is listed once."""
        if self.row == 0 or index not in self.columns:
            self.columns[index] = self.arguments[index].items()
        held = self.columns[index]
        return held[self.row % len(held)]

    def take(self, position: int | None) -> int:
        if position is None:
            index = self.next
            self.next += 1
        else:
            index = position - 1
            if index >= len(self.arguments):
                raise FormatError(f"reference to non-existent argument {position}")
        if index >= len(self.arguments):
            raise FormatError("too few arguments")
        self.used.add(index)
        return index

    def star(self, conversion: _Conversion) -> _Conversion:
        """The conversion with the number that its star stands for."""
        index = self.take(None if conversion.star == NEXT_STAR else conversion.star)
        if conversion.text.count("*") > 1:
            raise FormatError("at most one asterisk '*' is supported in each conversion specification")
        vector = self.arguments[index]
        if self.row == 0 and vector.kind == "double":
            vector = self.arguments[index] = coerce(vector, "integer")
        number = self.value(index) if vector.kind == "integer" else NA_INTEGER
        if number == NA_INTEGER:
            raise FormatError("argument for '*' conversion specification must be a number")
        if abs(number) > _LONGEST:
            raise FormatError(f"required resulting string length {abs(number)} is greater than maximal {_LONGEST}")
        return _conversion(conversion.text.replace("*", str(number)))

    def shown(self, conversion: _Conversion) -> str:
        """What one conversion gives."""
        position = conversion.position
        if conversion.star is not NO_STAR:
            if position is not None and position > len(self.arguments):
                raise FormatError(f"reference to non-existent argument {position}")
            conversion = self.star(conversion)
        index = self.take(position)
        vector = self.arguments[index]
        kind = conversion.kind
        if self.row == 0:
            fitted = _fitted(vector, kind, self.own.get(index))
            if fitted is not vector:
                vector = self.arguments[index] = fitted
        takes = _TAKES.get(vector.kind)
        if takes is None:
            raise FormatError("unsupported type")
        if not kind or kind not in takes:
            raise FormatError(f"invalid format '{conversion.text}'; use format {_ADVICE[vector.kind]} objects")
        flags, width, precision = conversion.flags, conversion.width, conversion.precision
        wanted = max(width, precision or 0)
        if wanted > _LONGEST:
            raise FormatError(f"required resulting string length {wanted} is greater than maximal {_LONGEST}")
        value = self.value(index)
        if not conversion.whole:
            # What C does not know it leaves as it is written.
            return _TWO_POINTS.sub(".0", conversion.text)
        if kind == "s":
            return format_string(value, flags, width, precision)
        if kind in _INTEGER_KINDS:
            return format_integer(value, flags, width, precision, kind)
        return format_real(value, flags, width, precision, kind)


def sprintf(
    templates: Sequence[str | None], arguments: Sequence[Vector], own: Coercions | None = None
) -> tuple[list[str | None], set[int]]:
    """Formatted elements, and which arguments were used.

    Args:
        templates: format strings, recycled; None gives "NA".
        arguments: vectors, recycled to the longest.
        own: how some arguments, by position, become text or numbers in a way of their own: a factor its labels.

    Raises:
        FormatError: a format that does not fit, or too few arguments.
    """
    used: set[int] = set()
    lengths = [len(templates), *map(len, arguments)]
    if 0 in lengths:
        return [], set(range(len(arguments)))
    if any(max(lengths) % length for length in lengths):
        raise FormatError("arguments cannot be recycled to the same length")
    fitted = list(arguments)
    columns: dict[int, list[Any]] = {}
    out: list[str | None] = []
    row, rows = 0, max(lengths)
    while row < rows:
        template = templates[row % len(templates)]
        if template is None:
            out.append("NA")
        else:
            handed = _Row(fitted, columns, row, used, own or {})
            out.append("".join([part if isinstance(part, str) else handed.shown(part) for part in _parts(template)]))
        if row == 0:
            # A value of a class may be longer as a list than as text: the fields of a time.
            rows = max(len(templates), *map(len, fitted)) if fitted else rows
        row += 1
    return out, used
