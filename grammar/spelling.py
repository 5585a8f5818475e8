"""How names, strings and numbers are spelled in source text."""

from __future__ import annotations

import math
import re

from pipekeras.grammar.lexer import KEYWORDS
from pipekeras.grammar.values import is_na_real

_VALID_NAME = re.compile(r"(?:[^\W\d_]|\.(?![0-9]))[\w.]*\Z")
_RESERVED = frozenset(KEYWORDS)


def is_valid_name(name: str) -> bool:
    """Whether a name can be written without backticks."""
    return _VALID_NAME.match(name) is not None and name not in _RESERVED


def quote_name(name: str, quote: str = "`") -> str:
    """The name, between backticks (or other quotes) where it needs them."""
    if not name or is_valid_name(name):
        return name
    return quote_string(name, quote)


_ESCAPES = {
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
    "\0": "\\0",
    "\\": "\\\\",
}
_PLAIN_TEXT = re.compile(r"[ !#-&(-\[\]-_a-~]*\Z")


def quote_string(text: str, quote: str = '"', plain: bool = False) -> str:
    """The text between quotes, escaped as R escapes it.

    Args:
        text: any text.
        quote: the quotation mark.
        plain: escape controls by code point too: R refuses to read octal escapes and code points in one string.
    """
    if _PLAIN_TEXT.match(text):
        return quote + text + quote
    pieces = [quote]
    for character in text:
        if character == quote:
            pieces.append("\\" + character)
        elif character in _ESCAPES:
            pieces.append(_ESCAPES[character])
        elif character.isprintable():
            pieces.append(character)
        else:
            pieces.append(f"\\u{ord(character):04x}" if plain and ord(character) < 0x80 else _escape_unprintable(character))
    pieces.append(quote)
    return "".join(pieces)


def _escape_unprintable(character: str) -> str:
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    from unicodedata import category

    code = ord(character)
    if code < 0x80:
        return f"\\{code:03o}"
    if category(character) in ("Cf", "Zs", "Co"):
        return character
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{{{code:06x}}}"


def number_text(number: float, digits: int = 15, penalty: int = 0) -> str:
    """A double with at most `digits` significant digits, fixed or scientific, whichever is shorter.

    Args:
        number: any double.
        digits: significant digits at most.
        penalty: characters by which the fixed form may be longer all the same (`options("scipen")`).
    """
    if number != number:
        return "NA" if is_na_real(number) else "NaN"
    if number in (float("inf"), float("-inf")):
        return "Inf" if number > 0 else "-Inf"
    if number == 0 and penalty >= 0:
        return "0"
    mantissa, exponent_text = f"{abs(number):.{digits - 1}e}".split("e")
    exponent = int(exponent_text)
    significant = len(mantissa.replace(".", "").rstrip("0")) or 1
    decimals = max(0, significant - exponent - 1)
    fixed_width = max(exponent, 0) + 1 + (decimals + 1 if decimals else 0)
    scientific_width = significant + (1 if significant > 1 else 0) + (5 if abs(exponent) >= 100 else 4)
    if fixed_width <= scientific_width + penalty:
        return f"{number:.{decimals}f}"
    text, exponent_text = f"{number:.{significant - 1}e}".split("e")
    sign, magnitude = exponent_text[0], exponent_text[1:]
    return f"{text}e{sign}{magnitude.zfill(2)}"


def hexadecimal_text(number: float) -> str:
    """A finite double in base 16, as C's `%a` writes it."""
    mantissa, exponent = number.hex().split("p")
    head, _, rest = mantissa.partition(".")
    rest = rest.rstrip("0")
    return f"{head}.{rest}p{exponent}" if rest else f"{head}p{exponent}"


def complex_text(number: complex, digits: int = 15, penalty: int = 0) -> str:
    """A complex number as R writes it: 1+2i."""
    if number.real != number.real and is_na_real(number.real):
        return "NA"
    imaginary = number_text(number.imag, digits, penalty)
    sign = "" if imaginary.startswith("-") else "+"
    return f"{number_text(number.real, digits, penalty)}{sign}{imaginary}i"


def complex_code(number: complex, digits: int, penalty: int = 0) -> str:
    """A complex number as code: by its parts where one of them is missing or no number."""
    shown = complex_text(number, digits, penalty)
    parts = (number.real, number.imag)
    if shown == "NA" and all(is_na_real(part) for part in parts):
        return shown
    if number.real == number.real and number.imag - number.imag == 0:
        if digits == 15 and number.real - number.real == 0:
            # Both parts share the digits that the larger one leaves, as in as.character().
            from pipekeras.grammar.printing.numbers import complex_text as laid_out

            return laid_out(number, digits, penalty)
        return shown
    if any(is_na_real(part) for part in parts):
        # Beside a missing part no digits are counted, so the other one is written without decimals.
        texts = ["NA" if is_na_real(part) else f"{part or 0.0:.0f}" if math.isfinite(part) else number_text(part)
                 for part in parts]
        return f"complex(real={texts[0]}, imaginary={texts[1]})"
    texts = [number_text(part, digits) for part in parts]
    return f"complex(real={texts[0]}, imaginary={texts[1]})"
