"""Initializers whose spread depends on the number of inputs and outputs of a unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pipekeras import random
from pipekeras.core.errors import ConfigurationError
from pipekeras.graph.tensor import Tensor
from pipekeras.nn.initializers.base import initializer
from pipekeras.nn.initializers.randomized import RandomInitializer

# Standard deviation of a standard normal distribution cut off at 2.
_TRUNCATED_DEVIATION = 0.87962566103423978
_MODES = ("fan_in", "fan_out", "fan_avg")
_DISTRIBUTIONS = ("uniform", "truncated_normal", "untruncated_normal")


def compute_fans(
    shape: Sequence[int], input_axes: Sequence[int] | None = None, output_axes: Sequence[int] | None = None
) -> tuple[int, int]:
    """Return how many inputs and outputs a unit with weights of this shape has.

    >>> compute_fans((3, 3, 8, 16))
    (72, 144)
    """
    if input_axes is not None and output_axes is not None:
        return math.prod(shape[axis] for axis in input_axes), math.prod(shape[axis] for axis in output_axes)
    if len(shape) < 2:
        size = math.prod(shape)
        return size, size
    field = math.prod(shape[:-2])
    return shape[-2] * field, shape[-1] * field


@initializer()
class VarianceScaling(RandomInitializer):
    """Draw with a variance of scale / n, n a count of inputs and outputs.

    Formula: standard deviation sqrt(scale / n), or uniform in [-sqrt(3 scale / n), sqrt(3 scale / n)].

    Args:
        scale: float > 0, default 1.0.
        mode: "fan_in" (n inputs), "fan_out" (n outputs) or "fan_avg" (their mean), default "fan_in".
        distribution: "truncated_normal", "untruncated_normal" or "uniform", default "truncated_normal".
        seed: int, SeedGenerator or None, default None.
        input_axes: list of int or None. Axes of the weight that count as inputs; None for all but the last.
        output_axes: list of int or None. Axes that count as outputs; None for all but the last but one.

    Raises:
        ConfigurationError: An option is unknown or out of range.

    >>> draw = VarianceScaling(2.0, distribution="uniform", seed=1)((6, 4)).numpy()
    >>> bool(abs(draw).max() <= 1.0)
    True
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: Any = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None:
        if scale <= 0:
            raise ConfigurationError(f"scale must be above 0, not {scale!r}")
        if mode not in _MODES:
            raise ConfigurationError(f"mode must be one of {', '.join(_MODES)}, not {mode!r}")
        distribution = distribution.lower()
        distribution = "truncated_normal" if distribution == "normal" else distribution
        if distribution not in _DISTRIBUTIONS:
            raise ConfigurationError(f"distribution must be one of {', '.join(_DISTRIBUTIONS)}, not {distribution!r}")
        super().__init__(seed)
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
        self.input_axes = input_axes
        self.output_axes = output_axes

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        """Return the draw."""
        inputs, outputs = compute_fans(shape, self.input_axes, self.output_axes)
        count = {"fan_in": inputs, "fan_out": outputs, "fan_avg": (inputs + outputs) / 2}[self.mode]
        variance = self.scale / max(1.0, count)
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * variance)
            return random.uniform(tuple(shape), -limit, limit, dtype=dtype, seed=self.seed)
        if self.distribution == "truncated_normal":
            deviation = math.sqrt(variance) / _TRUNCATED_DEVIATION
            return random.truncated_normal(tuple(shape), 0.0, deviation, dtype=dtype, seed=self.seed)
        return random.normal(tuple(shape), 0.0, math.sqrt(variance), dtype=dtype, seed=self.seed)


class _NamedScaling(VarianceScaling):
    """A VarianceScaling whose scale, mode and distribution are fixed by its name."""

    _options: tuple[float, str, str]

    def __init__(
        self, seed: Any = None, input_axes: Sequence[int] | None = None, output_axes: Sequence[int] | None = None
    ) -> None:
        super().__init__(*self._options, seed, input_axes, output_axes)


@initializer()
class GlorotUniform(_NamedScaling):
    """Draw uniform numbers with a spread fit for the size of the layer.

    Formula: uniform in [-l, l], l = sqrt(6 / (inputs + outputs)).

    Args:
        seed: int, SeedGenerator or None, default None.
        input_axes: list of int or None. Axes of the weight that count as inputs; None for all but the last.
        output_axes: list of int or None. Axes that count as outputs; None for all but the last but one.

    >>> GlorotUniform(seed=1)((6, 4)).shape
    (6, 4)

    Source: Glorot and Bengio, 2010, Understanding the difficulty of training deep feedforward neural networks.
    """

    _options = (1.0, "fan_avg", "uniform")


@initializer()
class GlorotNormal(_NamedScaling):
    """Draw truncated normal numbers with a spread fit for the size of the layer.

    Formula: truncated normal of standard deviation sqrt(2 / (inputs + outputs)).

    Args:
        seed: int, SeedGenerator or None, default None.
        input_axes: list of int or None. Axes of the weight that count as inputs; None for all but the last.
        output_axes: list of int or None. Axes that count as outputs; None for all but the last but one.

    >>> GlorotNormal(seed=1)((6, 4)).shape
    (6, 4)

    Source: Glorot and Bengio, 2010, Understanding the difficulty of training deep feedforward neural networks.
    """

    _options = (1.0, "fan_avg", "truncated_normal")


@initializer()
class HeUniform(_NamedScaling):
    """Draw uniform numbers with a spread fit for the size of the layer.

    Formula: uniform in [-l, l], l = sqrt(6 / inputs).

    Args:
        seed: int, SeedGenerator or None, default None.
        input_axes: list of int or None. Axes of the weight that count as inputs; None for all but the last.
        output_axes: list of int or None. Axes that count as outputs; None for all but the last but one.

    >>> HeUniform(seed=1)((6, 4)).shape
    (6, 4)

    Source: He et al., 2015, Delving deep into rectifiers.
    """

    _options = (2.0, "fan_in", "uniform")


@initializer()
class HeNormal(_NamedScaling):
    """Draw truncated normal numbers with a spread fit for the size of the layer.

    Formula: truncated normal of standard deviation sqrt(2 / inputs).

    Args:
        seed: int, SeedGenerator or None, default None.
        input_axes: list of int or None. Axes of the weight that count as inputs; None for all but the last.
        output_axes: list of int or None. Axes that count as outputs; None for all but the last but one.

    >>> HeNormal(seed=1)((6, 4)).shape
    (6, 4)

    Source: He et al., 2015, Delving deep into rectifiers.
    """

    _options = (2.0, "fan_in", "truncated_normal")


@initializer()
class LecunUniform(_NamedScaling):
    """Draw uniform numbers with a spread fit for the size of the layer.

    Formula: uniform in [-l, l], l = sqrt(3 / inputs).

    Args:
        seed: int, SeedGenerator or None, default None.
        input_axes: list of int or None. Axes of the weight that count as inputs; None for all but the last.
        output_axes: list of int or None. Axes that count as outputs; None for all but the last but one.

    >>> LecunUniform(seed=1)((6, 4)).shape
    (6, 4)

    Source: LeCun et al., 1998, Efficient backprop.
    """

    _options = (1.0, "fan_in", "uniform")


@initializer()
class LecunNormal(_NamedScaling):
    """Draw truncated normal numbers with a spread fit for the size of the layer.

    Formula: truncated normal of standard deviation sqrt(1 / inputs).

    Args:
        seed: int, SeedGenerator or None, default None.
        input_axes: list of int or None. Axes of the weight that count as inputs; None for all but the last.
        output_axes: list of int or None. Axes that count as outputs; None for all but the last but one.

    >>> LecunNormal(seed=1)((6, 4)).shape
    (6, 4)

    Source: Klambauer et al., 2017, Self-normalizing neural networks.
    """

    _options = (1.0, "fan_in", "truncated_normal")
