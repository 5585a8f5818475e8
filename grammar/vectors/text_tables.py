"""Tables in text: splitting lines into fields and guessing the kind of a column."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from pipekeras.grammar.values import NA_COMPLEX, NA_INTEGER, NA_REAL, Vector, object_array
from pipekeras.grammar.vectors.coerce import parse_complex, parse_double

INTEGER_TEXT = re.compile(r"[+-]?\d+\Z")
LOGICAL_TEXTS = {"TRUE": 1, "T": 1, "FALSE": 0, "F": 0}
_DECIMAL_TEXT = re.compile(r"[+-]?(\d*\.?\d*)(?:[eE][+-]?\d+)?\Z")
_MOST_DIGITS = 2**53
"""What the digits of a number may come to, read as a whole number, before one of them is lost."""


class FieldSplitter:
    """Splits text into records of fields.

    Args:
        separator: field separator; empty for runs of white space.
        quotes: characters that quote a field.
        comment: character that starts a comment, or empty.
        strip: strip white space around unquoted fields.
        skip_blank: leave out blank lines.
    """

    def __init__(self, separator: str, quotes: str, comment: str, strip: bool, skip_blank: bool = True) -> None:
        self.separator = separator
        self.quotes = quotes
        self.comment = comment
        self.strip = strip
        self.skip_blank = skip_blank

    def stripping(self) -> FieldSplitter:
        """The same splitter, which leaves out white space around fields."""
        return FieldSplitter(self.separator, self.quotes, self.comment, True, self.skip_blank)

    def records(self, lines: Sequence[str], most: int | None = None) -> list[list[str]]:
        """Fields of every record, or of so many; a quoted field may span lines."""
        found: list[list[str]] = []
        position = 0
        while position < len(lines) and (most is None or len(found) < most):
            line = lines[position]
            position += 1
            if not any(quote in line for quote in self.quotes):
                fields = self._plain(line)
            else:
                fields = self._quoted_wholly(line)
                if fields is None:
                    fields, used = self._quoted(line, lines, position)
                    position += used
            if fields is None or (self.skip_blank and (not fields or fields == [""])):
                continue
            found.append(fields)
        return found

    def _plain(self, line: str) -> list[str] | None:
        if self.comment and self.comment in line:
            line = line[: line.index(self.comment)]
            if not line.strip():
                return None
        if not self.separator:
            return line.split()
        if not line.strip() and self.skip_blank and self.separator not in line:
            return None
        fields = line.split(self.separator)
        return [field.strip() for field in fields] if self.strip else fields

    def _quoted_wholly(self, line: str) -> list[str] | None:
        """Fields of which each is quoted from end to end or not at all, as programs write them; None for others."""
        if not self.separator or (self.comment and self.comment in line):
            return None
        fields = []
        for part in line.split(self.separator):
            if part and part[0] in self.quotes:
                if len(part) < 2 or part[-1] != part[0] or part.count(part[0]) != 2:
                    return None
                fields.append(part[1:-1])
            elif any(quote in part for quote in self.quotes):
                return None
            else:
                fields.append(part.strip() if self.strip else part)
        return fields

    def _quoted(self, line: str, lines: Sequence[str], following: int) -> tuple[list[str] | None, int]:
        fields: list[str] = []
        field: list[str] = []
        used = 0
        quote = ""
        was_quoted = False
        at = 0
        separator = self.separator

        def finish() -> None:
            nonlocal was_quoted
            text = "".join(field)
            fields.append(text.strip() if self.strip and not was_quoted else text)
            field.clear()
            was_quoted = False

        while True:
            if at >= len(line):
                if quote and following + used < len(lines):
                    field.append("\n")
                    line = lines[following + used]
                    used += 1
                    at = 0
                    continue
                break
            letter = line[at]
            if quote:
                if letter == quote:
                    if separator and line[at + 1 : at + 2] == quote:
                        field.append(quote)
                        at += 2
                        continue
                    quote = ""
                    if not separator:
                        # What is quoted is a field of its own where white space separates.
                        finish()
                elif letter == "\\" and not separator and at + 1 < len(line):
                    field.append(quote if line[at + 1] == quote else line[at : at + 2])
                    at += 1
                else:
                    field.append(letter)
            elif self.comment and letter == self.comment:
                break
            elif separator and letter == separator:
                finish()
            elif not separator and letter.isspace():
                if field or was_quoted:
                    finish()
            elif letter in self.quotes and not "".join(field).strip():
                field.clear()
                quote = letter
                was_quoted = True
            else:
                field.append(letter)
            at += 1
        if separator or field or was_quoted:
            finish()
        return fields, used


def guess_column(texts: Sequence[str | None], missing: frozenset[str] | set[str], decimal: str = ".") -> Vector | None:
    """Column of the narrowest kind that all texts fit; None when they are just texts.

    Args:
        texts: fields of one column (None for missing).
        missing: texts that stand for NA.
        decimal: decimal mark.
    """
    known = [None if text is None or text in missing else text.strip() for text in texts]
    known = [text or None for text in known]
    given = [text for text in known if text is not None]
    if not given or all(text in LOGICAL_TEXTS for text in given):
        return Vector("logical", np.array([NA_INTEGER if t is None else LOGICAL_TEXTS[t] for t in known], np.int32))
    if all(INTEGER_TEXT.match(text) for text in given):
        numbers = [int(text) for text in given]
        if max(numbers) <= 2147483647 and min(numbers) >= -2147483647:
            return Vector("integer", np.array([NA_INTEGER if t is None else int(t) for t in known], np.int32))
    if "NA" in given:
        # It stands for itself where `missing` does not name it.
        return None
    if decimal != ".":
        known = [None if text is None else text.replace(decimal, ".") for text in known]
    doubles: list[float] = []
    for text in known:
        number = NA_REAL if text is None else parse_double(text)
        if number is None:
            break
        doubles.append(number)
    else:
        return Vector("double", np.array(doubles, np.float64))
    complexes: list[complex] = []
    for text in known:
        value = NA_COMPLEX if text is None else parse_complex(text)
        if value is None and text is not None and text.endswith("i"):
            # A table may leave the real part out, a conversion may not.
            imaginary = parse_double(text[:-1])
            value = None if imaginary is None else complex(0.0, imaginary)
        if value is None:
            return None
        complexes.append(value)
    return Vector("complex", np.array(complexes, np.complex128))


def loses_digits(texts: Sequence[str | None], missing: frozenset[str] | set[str], decimal: str) -> list[str]:
    """The numerals among the texts with more digits than a number holds."""
    lost = []
    for text in texts:
        found = None if text is None or text in missing else _DECIMAL_TEXT.match(text.strip().replace(decimal, "."))
        digits = found[1].replace(".", "") if found else ""
        if text is not None and digits and int(digits) >= _MOST_DIGITS:
            lost.append(text.strip())
    return lost


def text_column(texts: Sequence[str | None], missing: frozenset[str] | set[str]) -> Vector:
    """Column of texts, NA where a missing mark stands."""
    return Vector("character", object_array([None if t is None or t in missing else t for t in texts]))
