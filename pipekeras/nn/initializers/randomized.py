"""Initializers that draw from one distribution whatever the shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipekeras import random
from pipekeras.core import configuration, dtypes
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.graph.tensor import Tensor
from pipekeras.nn.initializers.base import Initializer, initializer


class RandomInitializer(Initializer):
    """Base of initializers that draw; the same seed gives the same bits.

    Args:
        seed: int of 0 or more, SeedGenerator, or None for a fresh one.
    """

    def __init__(self, seed: Any = None) -> None:
        if seed is not None and not isinstance(seed, random.SeedGenerator):
            try:
                seed = int(seed)
            except (TypeError, ValueError):
                raise ConfigurationError(f"seed must be a whole number or a SeedGenerator, not {seed!r}") from None
        self._given_seed = seed
        self.seed = configuration.next_seed() if seed is None else seed

    @property
    def can_wait(self) -> bool:
        """Whether it draws the same however late it is asked: not where others draw from the same generator."""
        return isinstance(self.seed, int)

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "seed": self._given_seed}


@initializer("normal")
class RandomNormal(RandomInitializer):
    """Draw from a normal distribution.

    Args:
        mean: float, default 0.0.
        stddev: float, default 0.05. Standard deviation.
        seed: int, SeedGenerator or None, default None.

    >>> bool(abs(RandomNormal(stddev=1.0, seed=1)((1000,)).numpy().std() - 1) < 0.1)
    True
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: Any = None) -> None:
        super().__init__(seed)
        self.mean = mean
        self.stddev = stddev

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        """Return the draw."""
        return random.normal(tuple(shape), self.mean, self.stddev, dtype=dtype, seed=self.seed)


@initializer()
class TruncatedNormal(RandomInitializer):
    """Draw from a normal distribution without what is more than two standard deviations from the mean.

    Args:
        mean: float, default 0.0.
        stddev: float, default 0.05. Standard deviation before truncation.
        seed: int, SeedGenerator or None, default None.

    >>> bool(abs(TruncatedNormal(stddev=1.0, seed=1)((1000,)).numpy()).max() <= 2.0)
    True
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: Any = None) -> None:
        super().__init__(seed)
        self.mean = mean
        self.stddev = stddev

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        """Return the draw."""
        return random.truncated_normal(tuple(shape), self.mean, self.stddev, dtype=dtype, seed=self.seed)


@initializer("uniform")
class RandomUniform(RandomInitializer):
    """Draw evenly from an interval.

    Args:
        minval: float, default -0.05. Included.
        maxval: float, default 0.05. Excluded.
        seed: int, SeedGenerator or None, default None.

    >>> bool(abs(RandomUniform(seed=1)((1000,)).numpy()).max() <= 0.05)
    True
    """

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: Any = None) -> None:
        super().__init__(seed)
        self.minval = minval
        self.maxval = maxval

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        """Return the draw."""
        return random.uniform(tuple(shape), self.minval, self.maxval, dtype=dtype, seed=self.seed)


@initializer("OrthogonalInitializer")
class Orthogonal(RandomInitializer):
    """Begin as a random matrix with orthonormal columns, or rows if there are fewer of them.

    Weights of more than two axes are matrices of all axes but the last against the last.

    Args:
        gain: float, default 1.0. What the matrix is multiplied by.
        seed: int, SeedGenerator or None, default None.

    Raises:
        ShapeError: The weight has fewer than two axes.

    >>> import numpy as np
    >>> matrix = Orthogonal(seed=1)((3, 3)).numpy()
    >>> bool(np.allclose(matrix @ matrix.T, np.eye(3), atol=1e-6))
    True

    Source: Saxe, McClelland and Ganguli, 2014, Exact solutions to the nonlinear dynamics of learning.
    """

    def __init__(self, gain: float = 1.0, seed: Any = None) -> None:
        super().__init__(seed)
        self.gain = gain

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        """Return the matrix."""
        if len(shape) < 2:
            raise ShapeError(f"Orthogonal needs at least two axes; got shape {tuple(shape)}")
        rows, columns = math.prod(shape[:-1]), shape[-1]
        longer, shorter = max(rows, columns), min(rows, columns)
        draw = random.normal((longer, shorter), dtype="float64", seed=self.seed).numpy()
        q, r = np.linalg.qr(draw)
        # Without the signs of the diagonal, QR would not draw evenly from the orthogonal matrices.
        q = q * np.sign(np.diag(r))
        matrix = (q.T if rows < columns else q).reshape(tuple(shape)) * self.gain
        return Tensor(np.ascontiguousarray(matrix, dtypes.standardize(dtype)))
