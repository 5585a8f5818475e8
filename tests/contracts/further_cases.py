"""Inputs for the operations of linear algebra, signals, scattering, bits and complex numbers; part of test_ops.py."""

from __future__ import annotations

from typing import Any

import numpy as np

RANDOM = np.random.default_rng(11)


def real(*shape: int, low: float = -2.0, high: float = 2.0) -> np.ndarray:
    values = RANDOM.uniform(low, high, shape)
    return np.where(np.abs(values) < 0.05, 0.3, values)


def whole(*shape: int, low: int = -50, high: int = 50, dtype: str = "int32") -> np.ndarray:
    return RANDOM.integers(low, high, shape).astype(dtype)


def regular(*shape: int) -> np.ndarray:
    """Matrices far from singular ones."""
    return real(*shape) + 3.0 * np.eye(shape[-2], shape[-1])


def definite(*shape: int) -> np.ndarray:
    x = real(*shape)
    return np.matmul(x, np.swapaxes(x, -1, -2)) + np.eye(shape[-1])


def numbers(*shape: int) -> np.ndarray:
    return (real(*shape) + 1j * real(*shape)).astype("complex64")


_pair = (whole(4, 19), whole(4, 19))
_rows = {"set": (6,), "add": (6,), "mul": (6,), "max": (6,), "min": (6,)}
_twice = np.array([0, 3, 0, -1, 5, 9, 3], np.int64)

FURTHER: dict[str, list[tuple[tuple[np.ndarray, ...], dict[str, Any]]]] = {
    **{name: [((real(3, 37),), {}), ((real(),), {})] for name in ("cbrt", "erfc", "exp2", "signbit")},
    **{name: [((real(3, 37, low=0.2),), {})] for name in ("log2", "log10")},
    "erfinv": [((real(3, 37, low=-0.99, high=0.99),), {})],
    "hypot": [((real(4, 19), real(4, 19)), {}), ((real(4, 1), real(19)), {})],
    "nextafter": [((real(4, 19), real(4, 19)), {}), ((np.array([0.0, -0.0, 1.0]), np.array([-1.0, 1.0, 1.0])), {})],
    **{name: [(_pair, {}), ((whole(4, 1), whole(19)), {})] for name in ("bitwise_and", "bitwise_or", "bitwise_xor")},
    "bitwise_not": [((whole(4, 19),), {}), ((RANDOM.random((3, 5)) < 0.5,), {})],
    **{
        name: [((whole(4, 19), whole(4, 19, low=0, high=31)), {}), ((whole(9, dtype="int64"), np.array(3)), {})]
        for name in ("shift_left", "shift_right")
    },
    "gcd": [(_pair, {}), ((whole(4, 1), whole(19)), {})],
    "view": [((whole(3, 8, dtype="int32"),), {"dtype": "float32"}), ((whole(3, 8, dtype="int32"),), {"dtype": "int64"}),
             ((whole(3, 8, dtype="int32"),), {"dtype": "int8"})],
    "complex_numbers": [((real(3, 4, 2),), {})],
    "complex_parts": [((numbers(3, 4),), {})],
    "fourier": [
        ((real(3, 7, 2),), {"axes": 1, "forward": True}),
        ((real(2, 4, 5, 2),), {"axes": 2, "forward": True}),
        ((real(3, 8, 2),), {"axes": 1, "forward": False}),
    ],
    "scatter_rows": [
        ((real(*size, 2), _twice, real(7, 2)), {"reduction": kind}) for kind, size in _rows.items()
    ] + [((real(6), _twice, real(7)), {"reduction": "add"})],
    "cholesky": [((definite(4, 4),), {}), ((definite(2, 3, 3),), {})],
    "inverse": [((regular(4, 4),), {}), ((regular(2, 3, 3),), {})],
    "solve": [((regular(4, 4), real(4, 2)), {}), ((regular(2, 3, 3), real(3, 2)), {})],
    "solve_triangular": [
        ((regular(2, 4, 4), real(2, 4, 3)), {"lower": lower, "transpose": turned})
        for lower in (False, True) for turned in (False, True)
    ],
    "determinant": [((regular(4, 4),), {}), ((regular(2, 3, 3),), {})],
    "cofactors": [((regular(3, 3),), {}), ((regular(2, 2, 2),), {})],
    "sign_logarithm": [((regular(4, 4),), {}), ((-regular(2, 3, 3),), {})],
    "eigh": [((definite(4, 4),), {}), ((real(2, 3, 3),), {})],
    "svd": [((real(*shape),), {"full": False}) for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 2))],
    "qr": [((regular(*shape),), {"mode": "reduced"}) for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 2))],
    "pinv": [((regular(*shape),), {"rcond": 1e-6}) for shape in ((3, 3), (4, 2), (2, 4))],
    "lu": [((real(4, 4),), {}), ((real(2, 3, 3),), {})],
    "lu_pivots": [((real(4, 4),), {}), ((real(2, 3, 3),), {})],
    "lu_places": [((real(4, 4),), {}), ((real(2, 3, 3),), {})],
    "eigenvalues": [((real(4, 4),), {}), ((real(2, 3, 3),), {})],
    "eigenvectors": [((real(4, 4),), {})],
    "unique": [
        ((whole(4, 5, low=0, high=6),), {"part": part, "axis": None, "size": 7, "fill_value": fill})
        for part in ("values", "index", "inverse", "counts") for fill in (None, -1)
    ] + [((whole(4, 3, low=0, high=2),), {"part": "values", "axis": 0, "size": 5, "fill_value": None})],
    "search": [
        ((np.sort(real(90)), np.append(real(30), np.nan)), {"side": side}) for side in ("left", "right")
    ],
    "occurs": [((whole(4, 20), whole(70)), {})],
    "ctc_beams": [((real(2, 4, 3), np.array([4, 2], np.int32)), {"width": 8, "paths": 2, "blank": 0})],
}
"""Arrays and attributes for each operation."""
