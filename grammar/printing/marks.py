"""Marks inside number texts: thousands separators, decimal marks, trailing zeros."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NUMBER = re.compile(
    r"(?P<before>\s*[-+]?)(?P<whole>\d+)(?:\.(?P<fraction>\d*))?(?P<exponent>[eE][-+]?\d+)?(?P<after>\s*)\Z"
)


@dataclass(frozen=True, slots=True)
class Marks:
    """What ``prettyNum`` may put into a number.

    Args:
        big: text between groups of ``big_interval`` digits before the decimal point.
        small: text between groups of ``small_interval`` digits after it.
        decimal: the decimal point.
        drop_zeros: whether trailing zeros after the point (and an exponent of zero) go.
        zero: text for a number that is zero, None to leave it.
        replace_zero: whether that text stands alone, not in the width of the number.
    """

    big: str = ""
    big_interval: int = 3
    small: str = ""
    small_interval: int = 5
    decimal: str = "."
    drop_zeros: bool = False
    zero: str | None = None
    replace_zero: bool = False

    @property
    def plain(self) -> bool:
        """Whether nothing would change."""
        return not self.big and not self.small and self.decimal == "." and not self.drop_zeros and self.zero is None


def _grouped(digits: str, mark: str, interval: int) -> str:
    head = len(digits) % interval
    groups = [digits[:head]] if head else []
    groups += [digits[place : place + interval] for place in range(head, len(digits), interval)]
    return mark.join(groups)


def marked(text: str, marks: Marks) -> str:
    """One number's text with marks; text that is no number stays."""
    match = _NUMBER.match(text)
    if match is None:
        return text
    fraction = match["fraction"] or ""
    exponent = match["exponent"] or ""
    if marks.drop_zeros and not match["after"]:
        # Before an exponent the zeros stay; an exponent of zero goes where there are digits behind the point.
        if exponent.startswith("E"):
            fraction, exponent = (fraction + exponent).rstrip("0") if fraction else "", exponent if not fraction else ""
        elif not exponent:
            fraction = fraction.rstrip("0")
        elif fraction and int(exponent[1:]) == 0:
            exponent = ""
    if marks.zero is not None and not (match["whole"] + fraction).strip("0"):
        shown = marks.zero
        if marks.replace_zero:
            return shown
        return shown.rjust(len(text)) if len(shown) < len(text) else shown
    whole = _grouped(match["whole"], marks.big, marks.big_interval) if marks.big else match["whole"]
    if marks.small and fraction:
        size = marks.small_interval
        fraction = marks.small.join(fraction[place : place + size] for place in range(0, len(fraction), size))
    return match["before"] + whole + (marks.decimal + fraction if fraction else "") + exponent + match["after"]


def mark_all(texts: Sequence[str], marks: Marks, width: str = "common") -> list[str]:
    """Every number's text with marks.

    Args:
        texts: number texts, padded or not.
        marks: what to put in.
        width: "common" pads to one width, "individual" keeps each text's own width where it can, "none" does not pad.
    """
    if marks.plain:
        return list(texts)
    out = []
    for text in texts:
        made = marked(text, marks)
        if width == "individual":
            # Blanks before make room for the marks.
            excess = max(len(made) - len(text), 0)
            lead = len(made) - len(made.lstrip())
            made = made[min(excess, lead) :]
        out.append(made)
    if width == "common":
        widest = max(map(len, out), default=0)
        out = [text.rjust(widest) for text in out]
    return out
