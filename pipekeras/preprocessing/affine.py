"""Pictures turned, moved, slanted and zoomed."""

from __future__ import annotations

import numpy as np

from pipekeras.core.errors import ConfigurationError

FILL_MODES = ("constant", "nearest", "reflect", "wrap")


def _source_index(places: np.ndarray, size: int, fill_mode: str) -> np.ndarray:
    if fill_mode == "wrap":
        return places % size
    if fill_mode == "reflect":
        folded = places % (2 * size)
        return np.where(folded >= size, 2 * size - 1 - folded, folded)
    return np.clip(places, 0, size - 1)


def apply_affine_transform(
    x: np.ndarray,
    theta: float = 0,
    tx: float = 0,
    ty: float = 0,
    shear: float = 0,
    zx: float = 1,
    zy: float = 1,
    fill_mode: str = "nearest",
    cval: float = 0.0,
) -> np.ndarray:
    """Turn, move, shear and zoom a picture around its middle, with straight interpolation between pixels.

    Args:
        x: array of shape (height, width, channels).
        theta: float, degrees.
        tx: float, rows by which the picture moves up.
        ty: float, columns by which it moves to the left.
        shear: float, degrees.
        zx: float, zoom of the rows; below 1 comes closer.
        zy: float, zoom of the columns.
        fill_mode: "nearest" (default), "constant", "reflect" or "wrap": what lies outside of the picture.
        cval: float, the value outside for "constant".

    Example:
        >>> import numpy as np
        >>> from pipekeras.preprocessing.image import apply_affine_transform
        >>> apply_affine_transform(np.arange(3.0).reshape(1, 3, 1), ty=1).ravel()
        array([1., 2., 2.])
    """
    if fill_mode not in FILL_MODES:
        raise ConfigurationError(f"fill_mode must be {', '.join(FILL_MODES)}; not {fill_mode!r}")
    turn, slant = np.deg2rad(theta), np.deg2rad(shear)
    matrix = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    matrix = matrix @ np.array([[1, 0, tx], [0, 1, ty], [0, 0, 1]])
    matrix = matrix @ np.array([[1, -np.sin(slant), 0], [0, np.cos(slant), 0], [0, 0, 1]])
    matrix = matrix @ np.array([[zx, 0, 0], [0, zy, 0], [0, 0, 1]])
    rows, columns = x.shape[:2]
    middle = np.array([rows / 2 - 0.5, columns / 2 - 0.5])
    grid = np.stack(np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij"), -1) - middle
    source = grid @ matrix[:2, :2].T + matrix[:2, 2] + middle
    low = np.floor(source).astype(int)
    share = source - low
    made = np.zeros(x.shape, np.float64)
    for down in (0, 1):
        for across in (0, 1):
            weight = np.abs(1 - down - share[..., 0]) * np.abs(1 - across - share[..., 1])
            row, column = low[..., 0] + down, low[..., 1] + across
            value = x[_source_index(row, rows, fill_mode), _source_index(column, columns, fill_mode)].astype(np.float64)
            if fill_mode == "constant":
                outside = (row < 0) | (row >= rows) | (column < 0) | (column >= columns)
                value[outside] = cval
            made += weight[..., None] * value
    return made.astype(x.dtype)
