"""Fourier transforms."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.errors import RError
from pipekeras.grammar.numeric.mixed_transforms import transform
from pipekeras.grammar.values import Value, Vector, dim_of
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.coerce import coerce


def _numbers(z: Any) -> np.ndarray:
    if not isinstance(z, Vector) or z.kind not in ("logical", "integer", "double", "complex"):
        raise RError("non-numeric argument")
    return np.array(coerce(z, "complex").data)


def _made(values: np.ndarray, like: Vector) -> Value:
    made = Vector("complex", np.ascontiguousarray(values.ravel(order="F")))
    if like.attributes:
        made.attributes = dict(like.attributes)
    return made


@builtin("fft", "z, inverse = FALSE", package="stats")
def fft(z: Any, inverse: Any) -> Value:
    """Fourier transform of a vector, or over all axes of an array; the inverse is not divided by the length."""
    values = _numbers(z)
    dimensions = dim_of(z)
    shaped = values if dimensions is None else values.reshape(dimensions, order="F")
    if not values.size:
        return _made(values, z)
    for axis in range(shaped.ndim):
        shaped = transform(shaped, axis, flag(inverse))
    return _made(shaped, z)


@builtin("mvfft", "z, inverse = FALSE", package="stats")
def mvfft(z: Any, inverse: Any) -> Value:
    """Fourier transform of each column of a matrix."""
    values = _numbers(z)
    dimensions = dim_of(z)
    if dimensions is None or len(dimensions) != 2:
        raise RError("vector-valued (multivariate) series required")
    shaped = values.reshape(dimensions, order="F")
    return _made(transform(shaped, 0, flag(inverse)), z)
