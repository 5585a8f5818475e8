"""Marks inside number texts: thousands separators, decimal marks, trailing zeros."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .text import text_width

_ALL_ZEROS = re.compile(r"\s*[-+]?(?:0+\.?0*|\.0+)(?:[eE][-+]?\d+)?\s*\Z")


@dataclass(frozen=True, slots=True)
class Marks:
    """What ``prettyNum`` may put into a number.

    Args:
        big: text between groups of ``big_interval`` digits before the decimal point.
        small: text between groups of ``small_interval`` digits after it.
        decimal: the decimal point that is written.
        drop_zeros: whether trailing zeros after the point (and an exponent of zero) go.
        zero: text for a number that is zero, None to leave it.
        replace_zero: whether that text stands alone, not in the width of the number.
        point: the decimal point that the texts have.
    """

    big: str = ""
    big_interval: int = 3
    small: str = ""
    small_interval: int = 5
    decimal: str = "."
    drop_zeros: bool = False
    zero: str | None = None
    replace_zero: bool = False
    point: str = "."

    @property
    def plain(self) -> bool:
        """Whether nothing would change."""
        return not self.big and not self.small and self.decimal == self.point and not self.drop_zeros and self.zero is None


def _whole_grouped(text: str, mark: str, interval: int) -> str:
    """Marks between groups counted from the end, wherever so many digits stand that one is needed."""
    if not mark or not re.search(f"[0-9]{{{interval + 1}}}", text):
        return text
    return re.sub(f"([0-9]{{{interval}}})(?=\\w)", lambda group: group[1] + mark[::-1], text[::-1])[::-1]


def _fraction_grouped(text: str, mark: str, interval: int) -> str:
    if not mark or not re.search(f"[0-9]{{{interval + 1}}}", text):
        return text
    return re.sub(f"([0-9]{{{interval}}})(?=\\w)", lambda group: group[1] + mark, text)


def _without_zeros(fraction: str) -> str:
    """Digits behind the point without the zeros at their end; before an exponent the zeros stay, one of zero goes."""
    return re.sub("e[+-]0+$", "", fraction) if "e" in fraction else re.sub("0+$", "", fraction)


def _zero_shown(text: str, marks: Marks) -> str:
    """A number that is zero as the text for zeros: in its place from the first zero on, blanks behind."""
    shown = marks.zero
    if shown is None or not _ALL_ZEROS.match(text):
        return text
    if marks.replace_zero:
        return shown
    end = min(len(text), len(shown) + text.index("0"))
    start = max(1, end - len(shown) + 1)
    return (text[: start - 1] + shown[: end - start + 1]).ljust(len(text))


def truncates_zeros(texts: Sequence[str], marks: Marks) -> bool:
    """Whether the text for zeros is too long for one of the zeros that it stands for."""
    if marks.zero is None or marks.replace_zero:
        return False
    return any(len(text) < len(marks.zero) for text in texts if _ALL_ZEROS.match(text))


def marked(text: str, marks: Marks) -> str:
    """One number's text with marks; digits in other text are grouped too."""
    pieces = text.split(marks.point)
    if pieces[-1] == "":
        pieces.pop()
    if len(pieces) > 2:
        pieces = [marks.point.join(pieces[:-1]), pieces[-1]]
    whole = _whole_grouped(pieces[0] if pieces else "NA", marks.big, marks.big_interval)
    if len(pieces) < 2:
        return _zero_shown(whole, marks)
    fraction = _fraction_grouped(pieces[1], marks.small, marks.small_interval)
    if marks.drop_zeros:
        fraction = _without_zeros(fraction)
        if not fraction:
            return _zero_shown(whole, marks)
    return _zero_shown(whole + marks.decimal + fraction, marks)


def mark_all(texts: Sequence[str], marks: Marks, width: str = "common") -> list[str]:
    """Every number's text with marks.

    Args:
        texts: number texts, padded or not.
        marks: what to put in.
        width: "common" pads to one width where marks made a text longer, "individual" keeps each text's own width
            where blanks before it make room, "none" does not pad.
    """
    if marks.plain:
        return list(texts)
    out = [marked(text, marks) for text in texts]
    longer = [max(len(made) - len(text), 0) for made, text in zip(out, texts, strict=True)]
    if width == "individual":
        return [made[min(more, len(made) - len(made.lstrip(" "))) :] for made, more in zip(out, longer, strict=True)]
    if width == "common" and any(longer):
        widest = max(map(text_width, out))
        return [" " * (widest - text_width(text)) + text for text in out]
    return out
