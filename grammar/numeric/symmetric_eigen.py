"""Eigenvectors of symmetric matrices with the signs that R prints.

An eigenvector is known up to its sign. R takes what LAPACK's ``dsyevr`` leaves: eigenvalues in growing order, turned around.
NumPy calls another driver, so that driver is called where NumPy brings it along; elsewhere its habits are followed: the
matrix is brought to three diagonals by reflections, and the largest component of each eigenvector *there* is positive.
"""

from __future__ import annotations

import ctypes
import functools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

_SYMBOLS = ("scipy_dsyevr_64_", "dsyevr_64_")  # integers of eight bytes, as NumPy's own wheels have them


def symmetric_eigen(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues in falling order and the eigenvectors as columns; reads the lower triangle only."""
    if not len(table):
        return np.zeros(0), np.zeros((0, 0))
    found = _by_driver(table)
    values, vectors = found if found is not None else by_reflections(table)
    return values[::-1].copy(), vectors[:, ::-1].copy()


@functools.cache
def _driver() -> Callable[..., Any] | None:
    """``dsyevr`` of the library that NumPy brings along; None where there is none."""
    home = Path(np.__file__).parent
    for folder in (home.parent / "numpy.libs", home / ".dylibs"):
        for path in sorted(folder.glob("*openblas*")) if folder.is_dir() else []:
            try:
                library = ctypes.CDLL(str(path))
            except OSError:
                continue
            for symbol in _SYMBOLS:
                function = getattr(library, symbol, None)
                if function is not None:
                    function.restype = None
                    return function
    return None


def _by_driver(table: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    driver = _driver()
    if driver is None:
        return None
    size = len(table)
    matrix = np.array(table, dtype=np.float64, order="F")
    values, vectors = np.zeros(size), np.zeros((size, size), order="F")
    support = np.zeros(2 * size, np.int64)
    work, places = np.zeros(26 * size), np.zeros(10 * size, np.int64)

    def whole(value: int) -> Any:
        return ctypes.byref(ctypes.c_int64(value))

    def address(array: np.ndarray) -> ctypes.c_void_p:
        return ctypes.c_void_p(array.ctypes.data)

    nothing = ctypes.byref(ctypes.c_double(0.0))
    found, status = ctypes.c_int64(0), ctypes.c_int64(-1)
    driver(
        ctypes.c_char_p(b"V"), ctypes.c_char_p(b"A"), ctypes.c_char_p(b"L"), whole(size), address(matrix), whole(size),
        nothing, nothing, whole(0), whole(0), nothing, ctypes.byref(found), address(values), address(vectors), whole(size),
        address(support), address(work), whole(len(work)), address(places), whole(len(places)), ctypes.byref(status),
        ctypes.c_size_t(1), ctypes.c_size_t(1), ctypes.c_size_t(1),
    )  # fmt: skip
    return (values, vectors) if status.value == 0 and found.value == size else None


def by_reflections(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues in growing order and eigenvectors, by way of the matrix' three diagonals."""
    size = len(table)
    if size == 1:
        return np.array([float(table[0, 0])]), np.ones((1, 1))
    diagonal, beside, turned = _three_diagonals(table)
    values, vectors = np.zeros(size), np.zeros((size, size))
    largest = max(float(np.abs(diagonal).max()), float(np.abs(beside).max()))
    small = np.finfo(np.float64).eps * largest
    cuts = [at + 1 for at in range(size - 1) if abs(beside[at]) <= small] if size > 2 else []
    for first, last in zip([0, *cuts], [*cuts, size], strict=True):
        inner = beside[first : last - 1]
        block = np.diag(diagonal[first:last]) + np.diag(inner, -1) + np.diag(inner, 1)
        own_values, own = np.linalg.eigh(block)
        if size == 2:
            signs = _signs_of_two(block, own)
        else:
            heights = np.abs(own)
            highest = np.argmax(heights >= heights.max(axis=0) * (1 - 1e-9), axis=0)
            signs = np.where(own[highest, np.arange(last - first)] < 0, -1.0, 1.0)
        values[first:last] = own_values
        vectors[first:last, first:last] = own * signs
    order = np.argsort(values, kind="stable")
    return values[order], turned @ vectors[:, order]


def _signs_of_two(block: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Two rows are turned by one rotation, which the driver takes through the eigenvalue that is larger in size."""
    upper, beside, lower = float(block[0, 0]), float(block[1, 0]), float(block[1, 1])
    difference, twice = upper - lower, 2 * beside
    root = math.hypot(difference, twice)
    forward = difference >= 0
    reach = difference + root if forward else difference - root
    if abs(reach) > abs(twice):
        tangent = -twice / reach
        sine = 1 / math.hypot(1.0, tangent)
        cosine = tangent * sine
    elif twice == 0:
        cosine, sine = 1.0, 0.0
    else:
        tangent = -reach / twice
        cosine = 1 / math.hypot(1.0, tangent)
        sine = tangent * cosine
    if (upper + lower >= 0) == forward:
        cosine, sine = -sine, cosine
    # (cosine, sine) belongs to the eigenvalue of larger size, (-sine, cosine) to the other one.
    larger, other = np.array([cosine, sine]), np.array([-sine, cosine])
    wanted = [other, larger] if upper + lower >= 0 else [larger, other]
    return np.array([1.0 if float(own[:, k] @ wanted[k]) >= 0 else -1.0 for k in range(2)])


def _three_diagonals(table: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Diagonal, subdiagonal and the product of the reflections that lead there, from the first column on."""
    size = len(table)
    rest = np.tril(table) + np.tril(table, -1).T
    turned = np.eye(size)
    for at in range(size - 2):
        column = rest[at + 1 :, at].copy()
        below = float(np.linalg.norm(column[1:]))
        if below == 0:
            continue
        column[0] += math.copysign(math.hypot(column[0], below), column[0])
        column /= np.linalg.norm(column)
        mirror = np.eye(size)
        mirror[at + 1 :, at + 1 :] -= 2 * np.outer(column, column)
        rest, turned = mirror @ rest @ mirror, turned @ mirror
    return np.diag(rest).copy(), np.diag(rest, -1).copy(), turned
