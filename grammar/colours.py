"""Colours by R's names, numbers and notations."""

from __future__ import annotations

import colorsys
import re

from pipekeras.grammar.colour_names import named_colours

PALETTE = ["black", "#DF536B", "#61D04F", "#2297E6", "#28E2E5", "#CD0BBC", "#F5C710", "gray62"]
"""Colours of the numbers 1 to 8."""


class UnknownColour(Exception):
    """A name or number that is no colour."""


def colour(value: object) -> str:
    """Hexadecimal notation of a colour given as R gives it; "none" for no colour.

    Raises:
        UnknownColour: there is no such colour.
    """
    if value is None or value == "transparent" or value == "NA" or value != value:
        return "none"
    if isinstance(value, (int, float)) or (isinstance(value, str) and value.isdigit()):
        number = int(value)
        return "none" if number == 0 else colour(PALETTE[(number - 1) % len(PALETTE)])
    text = str(value)
    if re.fullmatch(r"#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})", text):
        return text
    name = text.lower().replace(" ", "")
    found = named_colours().get(name)
    if found is not None:
        return found
    raise UnknownColour(f"invalid color name '{text}'")


def channels(notation: str) -> tuple[int, int, int, int]:
    """Red, green, blue and opacity, 0 to 255 each, of a hexadecimal notation."""
    if notation == "none":
        return 255, 255, 255, 0
    digits = notation[1:]
    opacity = int(digits[6:8], 16) if len(digits) == 8 else 255
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16), opacity


def hexadecimal(red: float, green: float, blue: float, opacity: float | None = None) -> str:
    """Notation of a colour from channels of 0 to 255."""
    text = f"#{int(red):02X}{int(green):02X}{int(blue):02X}"
    return text if opacity is None else f"{text}{int(opacity):02X}"


def from_fractions(red: float, green: float, blue: float, opacity: float | None = None) -> str:
    """Notation of a colour from channels of 0 to 1."""
    return hexadecimal(
        int(red * 255 + 0.5),
        int(green * 255 + 0.5),
        int(blue * 255 + 0.5),
        None if opacity is None else int(opacity * 255 + 0.5),
    )


def from_hue(hue: float, saturation: float, value: float, opacity: float | None = None) -> str:
    """Notation of a colour from hue, saturation and value of 0 to 1."""
    return from_fractions(*colorsys.hsv_to_rgb(hue % 1.0 if hue != 1.0 else 0.0, saturation, value), opacity)
