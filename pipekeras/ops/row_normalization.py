"""Normalisation of rows, by mean and variance or by mean square, as one op with a gradient of its own.

Written in small ops, a normalisation reads its rows half a dozen times; as one op, a row is read once from memory. What
the gradient needs beside the input are two numbers of each row.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pipekeras.graph.gradient import gradient
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert, known
from pipekeras.ops.comparison import stop_gradient
from pipekeras.ops.define import primitive
from pipekeras.ops.indexing import getitem
from pipekeras.ops.mathematics import rsqrt
from pipekeras.ops.reduction import mean, sum
from pipekeras.ops.shaping import reshape


def _split_extra(extra: tuple[Any, ...], scaled: bool, shifted: bool) -> tuple[Any, Any]:
    """Return scale and shift, None where there is none."""
    return (extra[0] if scaled else None), (extra[-1] if shifted else None)


def _infer(x: Tensor, *extra: Tensor, epsilon: float, centered: bool, scaled: bool, shifted: bool) -> Spec:
    rows, columns = known(x.shape)
    return Spec((rows * columns + 2 * rows,), x.dtype)


def _rule(
    g: Tensor, out: Tensor, x: Tensor, *extra: Tensor, epsilon: float, centered: bool, scaled: bool, shifted: bool
) -> list[Any]:
    rows, columns = known(x.shape)
    size = rows * columns
    of_result = reshape(getitem(g, slice(0, size)), x.shape)
    scale = extra[:1] if scaled else ()
    of_x: Any = _normalize_rows_gradient(of_result, out, x, *scale, epsilon=epsilon, centered=centered, scaled=scaled)
    centre: Any = reshape(getitem(out, slice(size, size + rows)), (rows, 1))
    inverse: Any = reshape(getitem(out, slice(size + rows, None)), (rows, 1))
    away: Any = (x - centre) if centered else x
    if not _is_for_result(g, size):
        # Derivatives of derivatives ask for those of the numbers of the rows, too.
        of_inverse: Any = reshape(getitem(g, slice(size + rows, None)), (rows, 1))
        of_x = of_x - of_inverse * (inverse * inverse * inverse) * away * (1.0 / columns)
        if centered:
            of_x = of_x + reshape(getitem(g, slice(size, size + rows)), (rows, 1)) * (1.0 / columns)
    found: list[Any] = [of_x]
    if scaled:
        found.append(sum(of_result * (away * inverse), 0))
    if shifted:
        found.append(sum(of_result, 0))
    return found


def _is_for_result(g: Tensor, size: int) -> bool:
    """Whether a flat gradient is one of the result alone, laid into zeros."""
    if g.operation is None or g.operation.name != "place" or g.inputs[0].shape != (size,):
        return False
    return g.attributes["starts"] == (0,) and g.attributes["value"] == 0


def _moments(x: Any, epsilon: float, centered: bool) -> tuple[Any, Any]:
    """Return mean (0 where rows are not centred) and inverse deviation of each row, as columns."""
    kind = x.dtype.type
    centre = x.mean(axis=1, keepdims=True, dtype=x.dtype) if centered else np.zeros((x.shape[0], 1), x.dtype)
    away = x - centre
    return centre, 1 / np.sqrt((away * away).mean(axis=1, keepdims=True, dtype=x.dtype) + kind(epsilon))


@primitive(_infer, _rule, "row_normalization")
def _normalize_rows(x: Any, *extra: Any, epsilon: float, centered: bool, scaled: bool, shifted: bool) -> Any:
    """The result, then means and inverse deviations of the rows, in one flat array."""
    centre, inverse = _moments(x, epsilon, centered)
    scale, shift = _split_extra(extra, scaled, shifted)
    result = (x - centre) * inverse
    if scale is not None:
        result = result * scale
    if shift is not None:
        result = result + shift
    return np.concatenate([result.ravel(), centre.ravel(), inverse.ravel()])


def _composed_gradient(g: Tensor, x: Tensor, scale: Tensor | None, epsilon: float, centered: bool) -> Any:
    """The gradient of x in small ops, for derivatives of it."""
    away: Any = x - mean(x, 1, True) if centered else x
    inverse: Any = rsqrt(mean(away * away, 1, True) + epsilon)
    normal = away * inverse
    slopes: Any = g if scale is None else g * scale
    rest = slopes - normal * mean(slopes * normal, 1, True)
    return inverse * (rest - mean(slopes, 1, True) if centered else rest)


def _second_rule(
    gg: Tensor, result: Tensor, g: Tensor, out: Tensor, x: Tensor, *scale: Tensor, epsilon: float, centered: bool, scaled: bool
) -> list[Any]:
    of_result, rows, *held = (stop_gradient(item) for item in (g, x, *scale))
    flat = _composed_gradient(of_result, rows, held[0] if scaled else None, epsilon, centered)
    of_g, *others = gradient(flat, [of_result, rows, *held], gg)
    return [of_g, None, *others]


@primitive(lambda g, out, x, *scale, epsilon, centered, scaled: Spec(x.shape, x.dtype), _second_rule, "row_normalization")
def _normalize_rows_gradient(g: Any, out: Any, x: Any, *scale: Any, epsilon: float, centered: bool, scaled: bool) -> Any:
    rows, columns = x.shape
    centre, inverse = out[rows * columns :].reshape(2, rows, 1)
    normal = (x - centre) * inverse
    slopes = g * scale[0] if scaled else g
    rest = slopes - normal * (slopes * normal).mean(axis=1, keepdims=True, dtype=x.dtype)
    if centered:
        rest = rest - slopes.mean(axis=1, keepdims=True, dtype=x.dtype)
    return inverse * rest


def normalize_trailing(x: Tensor, scale: Any, shift: Any, axis: Any, epsilon: float, centered: bool) -> Tensor | None:
    """Return x normalised over its last axes, or None where small ops have to do it.

    Args:
        x: tensor of a floating type.
        scale, shift: of the sizes of the last axes, or None.
        axis: int or several, the axes to normalise over.
        epsilon: added to the variance.
        centered: whether the mean is subtracted.
    """
    axes = sorted({item % x.ndim for item in ([axis] if isinstance(axis, int) else axis)}) if x.ndim else []
    count = len(axes)
    if axes != list(range(x.ndim - count, x.ndim)):
        return None
    sizes = x.shape[x.ndim - count :]
    if x.dtype not in ("float32", "float64") or any(not size for size in x.shape) or not count:
        return None
    extra = [convert(item, x.dtype) for item in (scale, shift) if item is not None]
    if any(item.shape != sizes or item.dtype != x.dtype for item in extra):
        return None
    shape = known(x.shape)
    columns = math.prod(shape[x.ndim - count :])
    rows = math.prod(shape) // columns
    flat = _normalize_rows(
        reshape(x, (rows, columns)),
        *[reshape(item, (columns,)) for item in extra],
        epsilon=float(epsilon),
        centered=centered,
        scaled=scale is not None,
        shifted=shift is not None,
    )
    return reshape(getitem(flat, slice(0, rows * columns)), shape)
