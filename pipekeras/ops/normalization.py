"""Normalisations: division by a norm, and by moments that are given or taken of each sample."""

from __future__ import annotations

from typing import Any

from pipekeras.core import configuration
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.arithmetic import absolute, maximum, square
from pipekeras.ops.define import floating, public
from pipekeras.ops.mathematics import rsqrt
from pipekeras.ops.reduction import mean, sum
from pipekeras.ops.row_normalization import normalize_trailing
from pipekeras.ops.shaping import reshape


@public
def normalize(x: Any, axis: int = -1, order: int = 2, epsilon: float | None = None) -> Tensor:
    """Divide by the norm along an axis.

    Args:
        x: tensor.
        axis: int, default the last.
        order: int, 1 or more, the order of the norm, default 2.
        epsilon: float, the least norm to divide by, default 1e-7.

    Example:

    >>> from pipekeras import ops
    >>> ops.normalize([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.4082,  0.4082,  0.8165], dtype=float32)
    """
    x = floating(x)
    least = configuration.epsilon() if epsilon is None else epsilon
    if order == 2:
        # The square of the norm: as Keras, epsilon bounds the square from below.
        return x * rsqrt(maximum(sum(square(x), axis, True), least * least))
    norm = sum(absolute(x) ** order, axis, True) ** (1.0 / order)
    return x / maximum(norm, least)


@public
def batch_normalization(x: Any, mean: Any, variance: Any, axis: int, offset: Any = None, scale: Any = None,
                        epsilon: float = 1e-3) -> Tensor:  # fmt: skip
    """Normalise with given moments: (x - mean) / sqrt(variance + epsilon) * scale + offset, all along `axis`.

    Example:

    >>> from pipekeras import ops
    >>> ops.batch_normalization([[1.0], [3.0]], mean=[2.0], variance=[1.0], axis=-1).numpy().round(4)
    array([[-0.9995],
           [ 0.9995]], dtype=float32)
    """
    x = floating(x)
    shape = [1] * x.ndim
    shape[axis] = -1
    factor = rsqrt(convert(variance) + epsilon)
    if scale is not None:
        factor = factor * scale
    shift = -convert(mean) * factor
    if offset is not None:
        shift = shift + offset
    return x * reshape(factor, shape) + reshape(shift, shape)


@public
def layer_normalization(x: Any, gamma: Any = None, beta: Any = None, axis: Any = -1, epsilon: float | None = None,
                        **kwargs: Any) -> Tensor:  # fmt: skip
    """Normalise each sample by its own mean and variance over `axis`, then scale by gamma and shift by beta.

    Example:

    >>> from pipekeras import ops
    >>> ops.layer_normalization([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-1.3363,  0.2673,  1.069 ], dtype=float32)
    """
    x = floating(x)
    least = 1e-7 if epsilon is None else epsilon
    at_once = normalize_trailing(x, gamma, beta, axis, least, True)
    if at_once is not None:
        return at_once
    centre = mean(x, axis, True)
    variance = mean(square(x - centre), axis, True)
    result = (x - centre) * rsqrt(variance + least)
    if gamma is not None:
        result = result * gamma
    return result if beta is None else result + beta


@public
def rms_normalization(x: Any, scale: Any = None, axis: Any = -1, epsilon: float | None = None) -> Tensor:
    """Divide by the root of the mean square over `axis`, then scale (Zhang, Sennrich 2019).

    Example:

    >>> from pipekeras import ops
    >>> ops.rms_normalization([-0.5, 0.5, 1.0]).numpy().round(4)
    array([-0.7071,  0.7071,  1.4142], dtype=float32)
    """
    x = floating(x)
    least = 1e-7 if epsilon is None else epsilon
    at_once = normalize_trailing(x, scale, None, axis, least, False)
    if at_once is not None:
        return at_once
    factor = rsqrt(mean(square(x), axis, True) + least)
    return x * factor if scale is None else x * factor * scale
