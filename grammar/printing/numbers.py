"""R's layout of numbers: the fewest digits that show every element to ``digits`` significant ones,
fixed notation unless scientific is narrower, one width for all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from pipekeras.grammar.numeric.rounding import round_double

from .settings import DEFAULTS, PrintSettings

NA_INTEGER = -(2**31)
_NA_LOW_WORD = 1954
MAX_FIXED_DECIMALS = 350
_TABLED_POWERS = 27
"""R takes powers of ten up to this one from a table of doubles, of which the last five are not exact."""


class Layout(NamedTuple):
    """Width, decimals and exponent size shared by the elements of a vector; ``exponent`` 0 means fixed notation."""

    width: int
    decimals: int
    exponent: int


class ComplexLayout(NamedTuple):
    """The layouts of the real and of the imaginary parts."""

    real: Layout
    imaginary: Layout


def missing_doubles(values: np.ndarray) -> np.ndarray:
    """Which doubles are NA (not merely NaN): a NaN whose low word is 1954."""
    bits = np.ascontiguousarray(values, dtype=np.float64).view(np.uint64)
    return np.isnan(values) & ((bits & 0xFFFFFFFF) == _NA_LOW_WORD)


def _round_to_extended(numerator: int, denominator: int) -> tuple[int, int]:
    """A positive fraction rounded to a 64-bit mantissa, half to even: R scales numbers in extended precision."""
    shift = 64 - (numerator.bit_length() - denominator.bit_length())
    if shift >= 0:
        numerator <<= shift
    else:
        denominator <<= -shift
    if numerator // denominator >= 1 << 64:
        denominator <<= 1
        shift -= 1
    mantissa, rest = divmod(numerator, denominator)
    if 2 * rest > denominator or (2 * rest == denominator and mantissa & 1):
        mantissa += 1
    return (mantissa, 1 << shift) if shift >= 0 else (mantissa << -shift, 1)


def _scaled_digits(value: float, digits: int) -> tuple[str, int]:
    """The ``digits`` leading digits and the exponent, computed as R does: scaled in extended precision, then rounded."""
    power = math.floor(math.log10(value)) - digits + 1
    top, bottom = value.as_integer_ratio()
    if abs(power) <= _TABLED_POWERS:
        scale_top, scale_bottom = int(float(10 ** abs(power))), 1
        if power > 0:
            scale_top, scale_bottom = scale_bottom, scale_top
    else:
        scale_bottom, scale_top = _round_to_extended(10**power, 1) if power > 0 else _round_to_extended(1, 10**-power)
    if power != 0:
        top, bottom = _round_to_extended(top * scale_top, bottom * scale_bottom)
    if top < bottom * 10 ** (digits - 1):
        top, bottom = _round_to_extended(top * 10, bottom)
        power -= 1
    whole, rest = divmod(top, bottom)
    if 2 * rest > bottom or (2 * rest == bottom and whole & 1):
        whole += 1
    text = str(whole)
    return text, power + len(text) - 1


def _significant(value: float, digits: int) -> tuple[int, int, bool]:
    """Decimal exponent, significant digits needed (at most ``digits``), and whether only rounding raised the exponent."""
    if value == 0.0:
        return 0, 1, False
    text = f"{value:.{digits + 2}e}"
    mantissa, _, exponent = text.partition("e")
    # What lies close to the middle of two numbers is rounded as R rounds it; its powers are off by a tenth at the most.
    near = 10 if digits < 15 else 110
    if abs(int(mantissa[-3:]) - 500) <= near and digits <= 15:
        leading, power = _scaled_digits(value, digits)
    else:
        mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
        leading, power = mantissa.replace(".", ""), int(exponent)
    count = max(len(leading.rstrip("0")), 1)
    widens = 0 < power <= 22 and digits <= 15 and value < 10.0**power - 0.5 / 10.0 ** max(digits - power, 0)
    return power, count, widens


class _Extent:
    """Running maxima over the finite elements of a vector."""

    __slots__ = ("any_finite", "least_power", "left", "most_digits", "most_power", "negative", "right")

    def __init__(self) -> None:
        self.any_finite = False
        self.left = 1
        self.right = -(10**6)
        self.most_digits = 1
        self.most_power = -(10**6)
        self.least_power = 10**6
        self.negative = 0

    def add(self, value: float, digits: int, signed: bool = True) -> None:
        self.any_finite = True
        negative = 1 if signed and value < 0 else 0
        power, count, widens = _significant(abs(value), digits)
        left = power + 1 - (1 if widens else 0)
        self.left = max(self.left, negative + (left if left > 0 else 1))
        self.right = max(self.right, count - power - 1)
        self.most_digits = max(self.most_digits, count)
        self.most_power = max(self.most_power, power)
        self.least_power = min(self.least_power, power)
        self.negative = self.negative or negative

    def fixed(self, nsmall: int = 0) -> Layout:
        right = min(max(self.right, 0), MAX_FIXED_DECIMALS)
        right = max(right, nsmall)
        return Layout(self.left + right + (1 if right else 0), right, 0)

    def scientific(self) -> Layout:
        exponent = 2 if self.most_power >= 100 or self.least_power <= -100 else 1
        decimals = self.most_digits - 1
        return Layout(self.negative + (1 if decimals else 0) + decimals + 4 + exponent, decimals, exponent)


def real_layout(values: np.ndarray, digits: int = 7, scipen: int = 0, nsmall: int = 0, na_width: int = 2) -> Layout:
    """The common layout of a double vector.

    Args:
        values: doubles, NA and infinities included.
        digits: significant digits, 1 to 22.
        scipen: penalty against scientific notation, in columns.
        nsmall: least number of decimals in fixed notation.
        na_width: columns of the text for NA.
    """
    data = np.asarray(values, dtype=np.float64)
    finite = np.isfinite(data)
    extent = _Extent()
    add = extent.add
    seen = data[finite]
    for value in (np.unique(seen) if seen.size > 64 else seen).tolist():
        add(value, digits)
    if extent.any_finite:
        fixed = extent.fixed()
        scientific = extent.scientific()
        layout = extent.fixed(nsmall) if fixed.width <= scientific.width + scipen else scientific
    else:
        layout = Layout(0, 0, 0)
    width = layout.width
    if not finite.all():
        others = data[~finite]
        missing = missing_doubles(others)
        if missing.any():
            width = max(width, na_width)
        if (np.isnan(others) & ~missing).any() or (others == np.inf).any():
            width = max(width, 3)
        if (others == -np.inf).any():
            width = max(width, 4)
    return Layout(width, layout.decimals, layout.exponent)


def encode_real(value: float, layout: Layout, na_text: str = "NA", missing: bool = False) -> str:
    """One double in a layout, padded on the left."""
    if math.isfinite(value):
        text = f"{value:.{layout.decimals}{'e' if layout.exponent else 'f'}}"
        if value == 0.0 and text.startswith("-"):
            text = text[1:]
    elif value != value:
        text = na_text if missing else "NaN"
    else:
        text = "Inf" if value > 0 else "-Inf"
    return text.rjust(layout.width)


def encode_reals(values: np.ndarray, layout: Layout, na_text: str = "NA") -> list[str]:
    """Every double of a vector in one layout."""
    data = np.asarray(values, dtype=np.float64)
    if np.isfinite(data).all():
        data = data + 0.0  # minus zero prints as zero
        pattern = f"%{layout.width}.{layout.decimals}{'e' if layout.exponent else 'f'}"
        return [pattern % value for value in data.tolist()]
    missing = missing_doubles(data).tolist()
    return [encode_real(value, layout, na_text, lost) for value, lost in zip(data.tolist(), missing, strict=True)]


def format_reals(
    values: np.ndarray, digits: int = 7, scipen: int = 0, nsmall: int = 0, na_text: str = "NA", common: bool = True
) -> list[str]:
    """Doubles as text of one width (``common``), or each in its own narrowest layout."""
    if common:
        return encode_reals(values, real_layout(values, digits, scipen, nsmall, len(na_text)), na_text)
    out = []
    for value in np.asarray(values, dtype=np.float64):
        one = np.array([value])
        out.append(encode_reals(one, real_layout(one, digits, scipen, nsmall, 0), na_text)[0].strip())
    return out


def number_text(value: float, digits: int = 15, scipen: int = 0) -> str:
    """One finite or infinite double as ``as.character`` (15 digits) or ``cat`` (7 digits) writes it; NA is ``NA``."""
    if scipen >= 0 and value == value and abs(value) < 1e5 and value == int(value):
        return str(int(value))
    if not math.isfinite(value):
        return encode_reals(np.array([value]), Layout(0, 0, 0))[0]
    extent = _Extent()
    extent.add(value, digits)
    fixed, scientific = extent.fixed(), extent.scientific()
    layout = fixed if fixed.width <= scientific.width + scipen else scientific
    return encode_real(value, Layout(0, layout.decimals, layout.exponent))


def integer_texts(values: Iterable[int], na_text: str = "NA") -> list[str]:
    """Integers as text, not padded."""
    return [na_text if value == NA_INTEGER else str(value) for value in values]


def logical_texts(values: Iterable[int], na_text: str = "NA") -> list[str]:
    """Logicals as text, not padded."""
    return [na_text if value == NA_INTEGER else ("TRUE" if value else "FALSE") for value in values]


def pad_left(texts: Sequence[str], width: int = 0) -> list[str]:
    """Texts of plain characters brought to their common width, or ``width`` if that is more."""
    width = max([width, *map(len, texts)]) if texts else width
    return [text.rjust(width) for text in texts]


def _rounded_together(value: complex, digits: int) -> tuple[float, float]:
    """Both parts rounded to the decimal place that ``digits`` of the larger part allow."""
    real, imaginary = value.real, value.imag
    largest = max(abs(part) if math.isfinite(part) else 0.0 for part in (real, imaginary))
    if largest == 0.0:
        return real, imaginary
    places = digits - 1 - math.floor(math.log10(largest))
    if places > 306:
        # Beyond the powers of ten, scaled up first, as R does; the last bits differ from the number's own.
        return round_double(real * 1e4, places - 4) / 1e4, round_double(imaginary * 1e4, places - 4) / 1e4
    return round_double(real, places), round_double(imaginary, places)


def _with_specials(layout: Layout, parts: Iterable[float]) -> Layout:
    width = layout.width
    for part in parts:
        if part != part or part == math.inf:
            width = max(width, 3)
        elif part == -math.inf:
            width = max(width, 4)
    return layout._replace(width=width)


def complex_layout(values: np.ndarray, digits: int = 7, scipen: int = 0, nsmall: int = 0) -> ComplexLayout:
    """The common layouts of the parts of a complex vector; the imaginary part is laid out without its sign."""
    data = np.asarray(values, dtype=np.complex128)
    known = data[~missing_complex(data)]
    real, imaginary = _Extent(), _Extent()
    pairs = [_rounded_together(value, digits) for value in known.tolist()]
    for real_part, imaginary_part in pairs:
        if math.isfinite(real_part):
            real.add(real_part, digits)
        if math.isfinite(imaginary_part):
            imaginary.add(abs(imaginary_part), digits, signed=False)
    empty = Layout(0, 0, 0)
    no_real = all(value.real == 0 or not math.isfinite(value.real) for value in known.tolist())
    no_imaginary = all(value.imag == 0 or not math.isfinite(value.imag) for value in known.tolist())
    # A part that is nothing everywhere gets no decimals.
    fixed = [part.fixed() if part.any_finite else empty for part in (real, imaginary)]
    scientific = [part.scientific() if part.any_finite else empty for part in (real, imaginary)]
    if no_real:
        keep_fixed = fixed[1].width <= scientific[1].width + scipen
    elif no_imaginary:
        keep_fixed = fixed[0].width <= scientific[0].width + scipen
    else:
        keep_fixed = fixed[0].width + fixed[1].width < scientific[0].width + scientific[1].width + 2 * scipen
    # The decimals that are asked for do not decide how the numbers are written.
    wanted = [
        part.fixed(0 if nothing else nsmall) if part.any_finite else empty
        for part, nothing in ((real, no_real), (imaginary, no_imaginary))
    ]
    chosen = wanted if keep_fixed else list(scientific)
    if not keep_fixed:
        for axis, nothing in enumerate((no_real, no_imaginary)):
            if nothing:
                chosen[axis] = fixed[axis]
    return ComplexLayout(
        _with_specials(chosen[0], (pair[0] for pair in pairs)),
        _with_specials(chosen[1], (abs(pair[1]) for pair in pairs)),
    )


def missing_complex(values: np.ndarray) -> np.ndarray:
    """Which complex numbers are NA: NA in either part."""
    data = np.asarray(values, dtype=np.complex128)
    return missing_doubles(data.real) | missing_doubles(data.imag)


def encode_complexes(values: np.ndarray, layout: ComplexLayout, digits: int = 7, na_text: str = "NA") -> list[str]:
    """Every complex number in one layout, padded on the left."""
    out = []
    total = layout.real.width + layout.imaginary.width + 2
    data = np.asarray(values, dtype=np.complex128)
    for value, lost in zip(data.tolist(), missing_complex(data).tolist(), strict=True):
        if lost:
            out.append(na_text.rjust(total) if layout.real.width else na_text)
            continue
        rounded = _rounded_together(value, digits)
        real = value.real if rounded[0] else 0.0
        imaginary = value.imag if rounded[1] else 0.0
        sign = "-" if value.imag < 0 else "+"
        out.append(encode_real(real, layout.real) + sign + encode_real(abs(imaginary), layout.imaginary) + "i")
    width = max(map(len, out), default=0)
    return [text.rjust(width) for text in out]


def complex_text(value: complex, digits: int = 15, scipen: int = 0) -> str:
    """One complex number as ``as.character`` writes it."""
    one = np.array([value], dtype=np.complex128)
    return encode_complexes(one, complex_layout(one, digits, scipen), digits)[0].strip()


def format_complexes(values: np.ndarray, settings: PrintSettings = DEFAULTS, nsmall: int = 0) -> list[str]:
    """Complex numbers as text of one width."""
    layout = complex_layout(values, settings.digits, settings.scipen, nsmall)
    return encode_complexes(values, layout, settings.digits, settings.na_text)
