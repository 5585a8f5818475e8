"""The base of initializers."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, Self

from pipekeras.core.configurable import Configurable
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.nn.lookup import snake_aliases


def initializer(*aliases: str) -> Any:
    """Register an initializer under its class name and in snake case."""
    return lambda cls: register("initializer", aliases=snake_aliases(cls.__name__, *aliases))(cls)


@initializer()
class Initializer(Configurable):
    """How a weight begins; subclass it and write `__call__(shape, dtype)`.

    >>> import numpy as np
    >>> from pipekeras import initializers
    >>> class Ramp(initializers.Initializer):
    ...     def __call__(self, shape, dtype=None):
    ...         return np.arange(np.prod(shape), dtype=dtype).reshape(shape)
    >>> Ramp()((2, 2), "float32")
    array([[0., 1.],
           [2., 3.]], dtype=float32)
    """

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        """Return the first values of a weight.

        Args:
            shape: tuple of int.
            dtype: str or None, default the default float.
        """
        raise ConfigurationError(f"{type(self).__name__} must define __call__(shape, dtype)")

    def clone(self) -> Self:
        """Return a copy that draws the same numbers."""
        return copy.deepcopy(self)
