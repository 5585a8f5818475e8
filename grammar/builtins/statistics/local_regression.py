"""Local regression: fits at points, and between the corners of a tree of cells.

Sources: W. S. Cleveland and S. J. Devlin, Journal of the American Statistical Association 83 (1988); W. S. Cleveland and
E. Grosse, Statistics and Computing 1 (1991).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.errors import RError
from pipekeras.grammar.values import Value, Vector, mk_list
from pipekeras.grammar.vectors.arguments import flag, number, whole
from pipekeras.grammar.vectors.shapes import as_matrix_array, from_array

_MARGIN = 0.005
"""The box of the cells is larger than the data by this share of their range, on each side."""


@dataclass(frozen=True)
class Setting:
    """The data and how much of them a local fit sees."""

    x: np.ndarray
    weights: np.ndarray
    span: float
    degree: int
    squares: np.ndarray
    """Whether each predictor has its square in a fit of degree two."""
    parametric: np.ndarray
    """Whether a predictor does not count for the distance."""
    cell: float


def _design(shift: np.ndarray, setting: Setting) -> np.ndarray:
    """Columns of the local polynomial: one, the predictors, their squares and products."""
    columns = [np.ones(len(shift))]
    size = shift.shape[1]
    if setting.degree > 0:
        columns.extend(shift[:, at] for at in range(size))
    if setting.degree > 1:
        for at in range(size):
            if setting.squares[at]:
                columns.append(shift[:, at] ** 2)
            columns.extend(shift[:, at] * shift[:, other] for other in range(at + 1, size))
    return np.stack(columns, axis=1)


def _local(point: np.ndarray, setting: Setting) -> np.ndarray:
    """What each response counts for the value and the slopes of the fit at a point, in rows."""
    count, size = setting.x.shape
    shift = setting.x - point
    near = np.sqrt((shift[:, ~setting.parametric] ** 2).sum(axis=1))
    seen = min(count, int(count * setting.span + 1e-5))
    if seen < 1:
        raise RError("span is too small")
    reach = np.partition(near, seen - 1)[seen - 1] * math.sqrt(max(1.0, setting.span))
    share = near / reach if reach > 0 else np.where(near > 0, 2.0, 0.0)
    weight = np.where(share < 0.001, 1.0, np.maximum(1 - share**3, 0.0) ** 3)
    weight[share >= 0.999] = 0
    weight = np.sqrt(weight * setting.weights)
    used = np.flatnonzero(weight)
    found = np.zeros((1 + size, count))
    if not len(used):
        return found
    design = _design(shift[used], setting) * weight[used, None]
    scale = np.sqrt((design**2).sum(axis=0))
    scale[scale == 0] = 1
    inner = np.linalg.pinv(design / scale, rcond=1e-9) / scale[:, None]
    rows = min(1 + size, len(inner))
    found[:rows, used] = inner[:rows] * weight[used]
    return found


def _corners(setting: Setting) -> np.ndarray:
    """Places between which fits of one predictor are interpolated: cells are cut at medians while they hold many points."""
    values = np.sort(setting.x[:, 0])
    count = len(values)
    most = int(count * setting.span * setting.cell)
    lowest, highest = float(values[0]), float(values[-1])
    margin = _MARGIN * max(highest - lowest, 1e-10 * max(abs(lowest), abs(highest)) + 1e-30)
    found = [lowest - margin, highest + margin]
    waiting = [(0, count - 1)]
    while waiting:
        left, right = waiting.pop()
        if right - left + 1 <= most or right == left:
            continue
        middle = (left + right + 2) // 2 - 1
        step = 0
        while left <= middle + step < right and values[middle + step] == values[middle + step + 1]:
            step = -step + (1 if step <= 0 else 0)
        at = middle + step
        if not left <= at < right or values[at] in found:
            continue
        found.append(float(values[at]))
        waiting.extend([(left, at), (at + 1, right)])
    return np.array(sorted(found))


def _blend(at: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """How the values and the slopes at the corners make cubic pieces at these places; nothing outside of the box."""
    count = len(corners)
    made = np.full((len(at), 2 * count), np.nan)
    inside = np.flatnonzero((at >= corners[0]) & (at <= corners[-1]))
    cell = np.clip(np.searchsorted(corners, at[inside], side="left") - 1, 0, count - 2)
    width = corners[cell + 1] - corners[cell]
    share = (at[inside] - corners[cell]) / width
    made[inside] = 0
    made[inside, cell] = (1 - share) ** 2 * (1 + 2 * share)
    made[inside, cell + 1] = share**2 * (3 - 2 * share)
    made[inside, count + cell] = width * share * (1 - share) ** 2
    made[inside, count + cell + 1] = -width * share**2 * (1 - share)
    return made


def _corner_fits(setting: Setting, corners: np.ndarray) -> np.ndarray:
    fits = [_local(np.array([corner]), setting) for corner in corners]
    return np.concatenate([np.stack([fit[0] for fit in fits]), np.stack([fit[1] for fit in fits])])


def _setting(x: Any, options: Any) -> Setting:
    weights, span, degree, squares, parametric, cell = options.items()
    return Setting(
        as_matrix_array(x, "double"), np.asarray(weights.data, np.float64), number(span), whole(degree),
        np.asarray(squares.data, bool), np.asarray(parametric.data, bool), number(cell),
    )  # fmt: skip


@builtin(".loess_fit", "x, y, options, direct", package="internal")
def loess_fit(x: Any, y: Any, options: Any, direct: Any) -> Value:
    """Fitted values, and the trace of what makes them from the responses."""
    setting = _setting(x, options)
    response = np.asarray(y.data, np.float64)
    if flag(direct):
        rows = [_local(point, setting)[0] for point in setting.x]
        fitted = np.array([row @ response for row in rows])
        trace = math.fsum(row[at] for at, row in enumerate(rows))
    else:
        corners = _corners(setting)
        fits = _corner_fits(setting, corners)
        blend = _blend(setting.x[:, 0], corners)
        fitted = blend @ (fits @ response)
        trace = float((blend * fits.T).sum())
    return mk_list([Vector("double", fitted), Vector("double", np.array([trace]))], ["fitted", "trace"])


@builtin(".loess_operator", "x, at, options, direct", package="internal")
def loess_operator(x: Any, at: Any, options: Any, direct: Any) -> Value:
    """The matrix that makes the fits at these places from the responses."""
    setting = _setting(x, options)
    places = as_matrix_array(at, "double")
    if flag(direct):
        made = [_local(place, setting)[0] if np.isfinite(place).all() else np.full(len(setting.x), np.nan) for place in places]
        return from_array("double", np.stack(made) if made else np.zeros((0, len(setting.x))))
    corners = _corners(setting)
    return from_array("double", _blend(places[:, 0], corners) @ _corner_fits(setting, corners))
