"""Colours by R's names, numbers and notations."""

from __future__ import annotations

import colorsys
import re

PALETTE = ["black", "#DF536B", "#61D04F", "#2297E6", "#28E2E5", "#CD0BBC", "#F5C710", "gray62"]
"""Colours of the numbers 1 to 8."""

_BASIC = {
    "white": "#FFFFFF", "black": "#000000", "red": "#FF0000", "green": "#00FF00", "blue": "#0000FF", "cyan": "#00FFFF",
    "magenta": "#FF00FF", "yellow": "#FFFF00", "gray": "#BEBEBE", "orange": "#FFA500", "brown": "#A52A2A",
    "purple": "#A020F0", "pink": "#FFC0CB", "navy": "#000080", "maroon": "#B03060", "gold": "#FFD700",
    "tomato": "#FF6347", "salmon": "#FA8072", "steelblue": "#4682B4", "skyblue": "#87CEEB", "lightblue": "#ADD8E6",
    "darkblue": "#00008B", "royalblue": "#4169E1", "dodgerblue": "#1E90FF", "firebrick": "#B22222", "darkred": "#8B0000",
    "lightgreen": "#90EE90", "darkgreen": "#006400", "forestgreen": "#228B22", "seagreen": "#2E8B57",
    "springgreen": "#00FF7F", "limegreen": "#32CD32", "darkorange": "#FF8C00", "coral": "#FF7F50", "violet": "#EE82EE",
    "orchid": "#DA70D6", "plum": "#DDA0DD", "turquoise": "#40E0D0", "aquamarine": "#7FFFD4", "khaki": "#F0E68C",
    "tan": "#D2B48C", "beige": "#F5F5DC", "ivory": "#FFFFF0", "lavender": "#E6E6FA", "indianred": "#CD5C5C",
    "chocolate": "#D2691E", "sienna": "#A0522D", "slateblue": "#6A5ACD", "slategray": "#708090", "cornsilk": "#FFF8DC",
    "lightgray": "#D3D3D3", "darkgray": "#A9A9A9", "dimgray": "#696969", "deeppink": "#FF1493", "hotpink": "#FF69B4",
    "cadetblue": "#5F9EA0", "wheat": "#F5DEB3", "linen": "#FAF0E6", "azure": "#F0FFFF", "snow": "#FFFAFA",
}  # fmt: skip
_SHADES = {"1": 1.0, "2": 0.932, "3": 0.804, "4": 0.548}
_NAMED = re.compile(r"([a-z]+?)([1-4])?\Z")
_GRAY = re.compile(r"gr[ae]y(\d{1,3})\Z")


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
    name = text.lower().replace(" ", "").replace("grey", "gray")
    gray = _GRAY.match(name)
    if gray and int(gray[1]) <= 100:
        # The name table, older than its own rule, rounds these two down.
        level = {50: 127, 90: 229}.get(int(gray[1]), int(int(gray[1]) * 255 / 100 + 0.5))
        return hexadecimal(level, level, level)
    if name in _BASIC:
        return _BASIC[name]
    match = _NAMED.match(name)
    if match and match[1] in _BASIC and match[2]:
        red, green, blue, _ = (round(channel * _SHADES[match[2]]) for channel in channels(_BASIC[match[1]]))
        return hexadecimal(red, green, blue)
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
