"""C format strings over vectors, as R's ``sprintf`` applies them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from pipekeras.grammar.values import NA_INTEGER, Vector, is_na_real
from pipekeras.grammar.vectors.coerce import coerce

_CONVERSION = re.compile(
    r"%(?:(?P<position>\d+)\$)?(?P<flags>[-+ #0]*)(?P<width>\*(?:\d+\$)?|\d+)?(?:\.(?P<precision>\*(?:\d+\$)?|\d*))?"
    r"(?P<kind>[a-zA-Z%])?"
)
_LONGEST = 8192
"""Characters that one conversion may give."""
_INTEGER_KINDS = "dioxX"
_REAL_KINDS = "feEgGaA"


class FormatError(ValueError):
    """A format that does not fit its argument; the text is R's message."""


class _Conversion(NamedTuple):
    text: str
    position: int | None
    flags: str
    width: str | None
    precision: str | None
    kind: str


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
        match = _CONVERSION.match(template, found)
        if match is None or match["kind"] is None:
            raise FormatError(f"unrecognised format specification '{template[found:]}'")
        kind = match["kind"]
        if kind == "%" and match[0] != "%%":
            raise FormatError(f"unrecognised format specification '{match[0]}'")
        if kind == "%":
            parts.append("%")
        elif kind in _INTEGER_KINDS + _REAL_KINDS + "s":
            position = int(match["position"]) if match["position"] else None
            parts.append(
                _Conversion(match[0], position, match["flags"], match["width"], match["precision"], kind)
            )
        else:
            raise FormatError(f"unrecognised format specification '{match[0]}'")
        place = match.end()
    return tuple(parts)


def _hexadecimal(value: float, flags: str, precision: int | None, upper: bool) -> str:
    mantissa, power = math.frexp(abs(value))
    if value == 0:
        digits, exponent = 0, 0
        head = 0
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
        width -= len(text.encode("utf-8", "surrogatepass")) - len(text)
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
        # C counts bytes; of a character that does not fit nothing is shown.
        shown = shown.encode("utf-8", "surrogatepass")[:precision].decode("utf-8", "ignore")
    return _pad(shown, flags, width)


_ADVICE = {
    "logical": "%d, %i, %o, %x or %X for logical",
    "integer": "%d, %i, %o, %x or %X for integer",
    "double": "%f, %e, %g or %a for numeric",
    "character": "%s for character",
}


def _column(vector: Vector, conversion: _Conversion) -> Sequence[Any]:
    """The elements of an argument in the type that the conversion wants."""
    kind = vector.kind
    wanted = conversion.kind
    if kind in ("list", "complex") and wanted != "s":
        if wanted in _REAL_KINDS:
            return _as_doubles(vector)
        raise FormatError("unsupported type")
    if wanted == "s":
        if kind == "list":
            raise FormatError("unsupported type")
        return coerce(vector, "character").items()
    if wanted in _INTEGER_KINDS:
        if kind == "integer" or (kind == "logical" and wanted in "di"):
            return vector.items()
        if kind == "double":
            items = vector.items()
            if all(is_na_real(value) or (abs(value) < 2**31 and value == int(value)) for value in items):
                return [NA_INTEGER if value != value else int(value) for value in items]
    elif kind == "raw":
        return [float(value) for value in vector.items()]
    elif kind in ("double", "integer", "logical"):
        if kind == "double":
            return vector.items()
        missing = float("nan")
        from pipekeras.grammar.values import NA_REAL

        missing = NA_REAL
        return [missing if value == NA_INTEGER else float(value) for value in vector.items()]
    if kind not in _ADVICE:
        raise FormatError("unsupported type")
    advice = "%d or %i for logical" if kind == "logical" else _ADVICE[kind]
    raise FormatError(f"invalid format '{conversion.text}'; use format {advice} objects")


def _as_doubles(vector: Vector) -> list[float]:
    numbers: list[float] = coerce(vector, "double").items()
    return numbers


class _Row:
    """One output element being made: hands out arguments by order or position."""

    def __init__(self, arguments: Sequence[Vector], row: int, used: set[int]) -> None:
        self.arguments = arguments
        self.row = row
        self.used = used
        self.next = 0

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

    def star(self, text: str) -> int:
        index = self.take(int(text[1:-1]) if len(text) > 1 else None)
        vector = self.arguments[index]
        if vector.kind not in ("integer", "double", "logical"):
            raise FormatError("argument for '*' conversion specification must be a number of length 1")
        return int(vector.data[self.row % len(vector)])


def sprintf(
    templates: Sequence[str | None], arguments: Sequence[Vector], texts: Mapping[int, Vector] | None = None
) -> tuple[list[str | None], set[int]]:
    """Formatted elements, and which arguments were used.

    Args:
        templates: format strings, recycled; None gives "NA".
        arguments: vectors, recycled to the longest.
        texts: what ``%s`` shows in place of some arguments, by position: the labels of a factor.

    Raises:
        FormatError: a format that does not fit, or too few arguments.
    """
    used: set[int] = set()
    lengths = [len(templates), *map(len, arguments)]
    if 0 in lengths:
        return [], set(range(len(arguments)))
    if any(max(lengths) % length for length in lengths):
        raise FormatError("arguments cannot be recycled to the same length")
    cache: dict[tuple[int, str], Sequence[Any]] = {}
    out: list[str | None] = []
    for row in range(max(lengths)):
        template = templates[row % len(templates)]
        if template is None:
            out.append("NA")
            continue
        handed = _Row(arguments, row, used)
        pieces = []
        for part in _parts(template):
            if isinstance(part, str):
                pieces.append(part)
                continue
            flags = part.flags
            width = 0
            if part.width:
                width = handed.star(part.width) if part.width[0] == "*" else int(part.width)
                if width < 0:
                    flags, width = flags + "-", -width
            precision = None
            if part.precision is not None:
                precision = handed.star(part.precision) if part.precision[:1] == "*" else int(part.precision or 0)
            wanted = max(width, precision or 0)
            if wanted > _LONGEST:
                raise FormatError(f"required resulting string length {wanted} is greater than maximal {_LONGEST}")
            index = handed.take(part.position)
            vector = arguments[index]
            key = (index, part.kind if part.kind == "s" else "d" if part.kind in _INTEGER_KINDS else "f")
            column = cache.get(key)
            if column is None:
                source = texts.get(index, vector) if texts and part.kind == "s" else vector
                column = cache[key] = _column(source, part)
            value = column[row % len(vector)]
            if part.kind == "s":
                pieces.append(format_string(value, flags, width, precision))
            elif part.kind in _INTEGER_KINDS:
                pieces.append(format_integer(value, flags, width, precision, part.kind))
            else:
                pieces.append(format_real(value, flags, width, precision, part.kind))
        out.append("".join(pieces))
    return out, used
