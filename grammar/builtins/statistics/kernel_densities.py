"""Kernel densities on a grid, and how far the pairs of a sample lie apart.

Source: B. W. Silverman, Applied Statistics 31 (1982), algorithm 176: masses on a grid, convolved by Fourier transform.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import Vector, double, mk_list
from pipekeras.grammar.vectors.arguments import number, text, whole
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.report import fail

_SHAPES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "epanechnikov": lambda u: 0.75 * (1 - u**2),
    "rectangular": lambda u: np.full_like(u, 0.5),
    "triangular": lambda u: 1 - u,
    "biweight": lambda u: 15 / 16 * (1 - u**2) ** 2,
    "cosine": lambda u: (1 + np.cos(math.pi * u)) / 2,
    "optcosine": lambda u: math.pi / 4 * np.cos(math.pi / 2 * u),
}
"""Kernels on (-1, 1), as functions of the distance from their middle."""


def _kernel(name: str, distances: np.ndarray, reach: float) -> np.ndarray:
    """Density of a kernel at distances from its middle; the normal one has its reach at two standard deviations."""
    u = distances / reach
    if name == "gaussian":
        return math.sqrt(2 / math.pi) * np.exp(-2 * u**2) / reach
    return np.where(u < 1, _SHAPES[name](u), 0.0) / reach


def _grid_masses(x: np.ndarray, mass: np.ndarray, low: float, high: float, size: int) -> np.ndarray:
    """The mass of every point, shared between the two places of the grid beside it."""
    place = (x - low) / ((high - low) / (size - 1))
    left = np.floor(place)
    right_share = place - left
    # One more place at either end takes what falls beside the grid.
    at = np.clip(left, -1, size).astype(int) + 1
    masses = np.bincount(at, mass * (1 - right_share), size + 3) + np.bincount(at + 1, mass * right_share, size + 3)
    return np.asarray(masses[1 : size + 1])


@builtin(".kernel_density", "x, mass, low, high, size, kernel, reach", package="internal")
def kernel_density(x: Any, mass: Any, low: Any, high: Any, size: Any, kernel: Any, reach: Any) -> Vector:
    """The density at `size` places from `low` to `high`."""
    start, end, places = number(low), number(high), whole(size)
    masses = _grid_masses(coerce(x, "double").data, coerce(mass, "double").data, start, end, places)
    # The circle is twice the grid, so that neither end reaches round to the other.
    steps = np.minimum(np.arange(2 * places), 2 * places - np.arange(2 * places))
    shape = _kernel(text(kernel), steps * (2 * (end - start) / (2 * places - 1)), number(reach))
    smooth = np.fft.irfft(np.fft.rfft(masses, 2 * places) * np.fft.rfft(shape), 2 * places)
    return Vector("double", np.maximum(smooth[:places], 0.0))


@builtin(".pair_distances", "x, bins", package="internal")
def pair_distances(x: Any, bins: Any) -> Any:
    """The width of a bin, and how many pairs of values lie 0, 1, 2, ... bins apart."""
    data = coerce(x, "double").data
    if not np.isfinite(data).all():
        fail(f"non-finite x[{int(np.argmin(np.isfinite(data))) + 1}] in bandwidth calculation")
    width = float(np.ptp(data)) * 1.01 / whole(bins)
    places = np.trunc(data / width).astype(int) if width > 0 else np.zeros(len(data), dtype=int)
    counts = np.bincount(places - places.min()).astype(float)
    apart = np.correlate(counts, counts, "full")[len(counts) - 1 :]
    apart[0] = (apart[0] - len(data)) / 2
    return mk_list([double(width), Vector("double", apart)], ["width", "counts"])
