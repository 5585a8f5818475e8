"""The values that numbers, strings and constant words stand for."""

from __future__ import annotations

import re

from pipekeras.grammar.text.bytes import bytes_of, text_of
from pipekeras.grammar.values import (
    NA,
    NA_COMPLEX,
    NA_REAL,
    NULL,
    Value,
    character,
    complex_vector,
    double,
    integer,
    logical,
)

MAXIMAL_INTEGER = 2**31 - 1


class LiteralError(Exception):
    """A literal that stands for no value; `offset` counts from the literal's first character."""

    def __init__(self, message: str, offset: int = 0, mend: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.mend = mend


def constant_value(word: str) -> Value:
    """Value of a constant word such as TRUE or NA_real_."""
    return _CONSTANTS[word]


_EXAMPLES = {"x": r"\x41", "u": r"\u00e9", "U": r"\U0001f600"}
_CONSTANTS: dict[str, Value] = {
    "NULL": NULL,
    "TRUE": logical(True),
    "FALSE": logical(False),
    "NA": NA,
    "Inf": double(float("inf")),
    "NaN": double(float("nan")),
    "NA_integer_": integer(None),
    "NA_real_": double(NA_REAL),
    "NA_character_": character(None),
    "NA_complex_": complex_vector(NA_COMPLEX),
}


def number_value(text: str) -> tuple[Value, str | None]:
    """Value of a number literal and the warning that goes with it, if any."""
    suffix = text[-1]
    digits = text[:-1] if suffix in "Li" else text
    if digits[:2] in ("0x", "0X"):
        number = float.fromhex(digits) if "." in digits or "p" in digits.lower() else float(int(digits, 16))
    else:
        number = float(digits)
    if suffix == "i":
        return complex_vector(complex(0.0, number)), None
    if suffix != "L":
        return double(number), None
    if number != number // 1:
        reason = "contains decimal" if "." in digits and "e" not in digits.lower() else None
        if reason:
            return double(number), f"integer literal {text} contains decimal; using numeric value"
        return double(number), f"non-integer value {text} qualified with L; using numeric value"
    if number > MAXIMAL_INTEGER:
        return double(number), f"non-integer value {text} qualified with L; using numeric value"
    if "." in digits and digits[:2] not in ("0x", "0X"):
        return integer(int(number)), f"integer literal {text} contains unnecessary decimal point"
    return integer(int(number)), None


_ESCAPE = re.compile(
    r"\\(?:x(?P<hex>[0-9a-fA-F]{0,2})"
    r"|u(?:\{(?P<ubraced>[^}]*)\}|(?P<u>[0-9a-fA-F]{0,4}))"
    r"|U(?:\{(?P<Ubraced>[^}]*)\}|(?P<U>[0-9a-fA-F]{0,8}))"
    r"|(?P<octal>[0-7]{1,3})"
    r"|(?P<plain>.))",
    re.DOTALL,
)
_PLAIN = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    '"': '"',
    "'": "'",
    "`": "`",
    " ": " ",
    "\n": "\n",
}
_RAW = re.compile(r"[rR][\"'](-*)[(\[{]")


def string_text(literal: str) -> str:
    """Text of a string literal or of a backticked name, escapes resolved.

    Raises:
        LiteralError: an escape that does not exist or names no character.
    """
    if literal[0] in "rR":
        opening = _RAW.match(literal)
        width = len(opening[1]) + 2 if opening else 2
        return literal[width + 1 : -width]
    body = literal[1:-1]
    if "\\" not in body:
        return body
    return _unescape(literal, body)


def _unescape(literal: str, body: str) -> str:
    pieces: list[str] = []
    position = 0
    octets: list[bool] = []
    for match in _ESCAPE.finditer(body):
        pieces.append(body[position : match.start()])
        position = match.end()
        group = match.lastgroup or "plain"
        offset = match.start() + 1
        if group == "plain":
            if match["plain"] not in _PLAIN:
                raise LiteralError(
                    f"'\\{match['plain']}' is an unrecognized escape in character string starting "
                    f'"{literal[: offset + 2]}"',
                    offset,
                    f"write \\\\{match['plain']} for a backslash, or a raw string r\"(...)\"",
                )
            pieces.append(_PLAIN[match["plain"]])
            continue
        octets.append(group in ("hex", "octal"))
        pieces.append(_code_point(literal, match, group, offset))
    pieces.append(body[position:])
    if octets and any(octets) and not all(octets):
        raise LiteralError("mixing Unicode and octal/hex escapes in a string is not allowed")
    text = "".join(pieces)
    return text_of(bytes_of(text)) if any(octets) else _join_surrogates(text)


def _code_point(literal: str, match: re.Match[str], group: str, offset: int) -> str:
    digits = match[group]
    kind = "x" if group == "hex" else group[0]
    if group == "octal":
        code = int(digits, 8)
        if code > 255:
            raise LiteralError("exceeded maximum allowed octal value \\377", offset)
    else:
        if not digits or not all(c in "0123456789abcdefABCDEF" for c in digits):
            raise LiteralError(
                f"'\\{kind}' used without hex digits in character string starting \"{literal[: offset + 2]}\"",
                offset,
                f"write the character's number behind it, as in {_EXAMPLES[kind]}, or \\\\{kind} for a backslash",
            )
        if len(digits) > {"x": 2, "u": 4, "U": 8}[kind]:
            raise LiteralError(f"invalid \\{kind}{{xxxx}} sequence", offset)
        code = int(digits, 16)
    if code == 0:
        raise LiteralError("nul character not allowed", offset)
    if code > 0x10FFFF:
        raise LiteralError(f"invalid \\{kind}xxxxxxxx value {code:x}", offset)
    return text_of(bytes([code])) if kind in ("x", "o") else chr(code)


def _join_surrogates(text: str) -> str:
    if not any("\ud800" <= c <= "\udfff" for c in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
