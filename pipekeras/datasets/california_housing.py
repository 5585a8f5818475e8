"""California housing: 20,640 districts, 8 numbers each, and the median price of their homes."""

from __future__ import annotations

import numpy as np

from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.datasets.split import Arrays
from pipekeras.datasets.stored import CALIFORNIA, archive, divided

_SMALL = 600


@register("dataset", "california_housing")
def load_data(
    version: str = "large", path: str = "california_housing.npz", test_split: float = 0.2, seed: int = 113
) -> tuple[Arrays, Arrays]:
    """Load prices of homes in California, 1990.

    Args:
        version: "large" (20,640 districts, the default) or "small" (600 near San Francisco).
        path: Name of the file in the cache.
        test_split: Share of the districts kept for the test.
        seed: Fixes their order.

    Returns:
        `((x_train, y_train), (x_test, y_test))`: `x` of shape (districts, 8), `y` in dollars.

    Raises:
        DataError: When the file has another content, or is nowhere to be had.

    Example:
        >>> from pipekeras.datasets import california_housing
        >>> (x_train, y_train), (x_test, y_test) = california_housing.load_data()  # doctest: +SKIP

    Source:
        R. Pace and R. Barry (1997), Sparse spatial autoregressions.
    """
    if version not in ("large", "small"):
        raise ConfigurationError(f"version must be 'large' or 'small', not {version!r}")
    arrays = archive(CALIFORNIA.content(path))
    x, y = np.asarray(arrays["x"]), np.asarray(arrays["y"])
    if version == "small":
        longitude, latitude = x[:, 0], x[:, 1]
        near = (longitude >= -122.5) & (longitude <= -122) & (latitude >= 37) & (latitude <= 38)
        x, y = x[near][:_SMALL], y[near][:_SMALL]
    return divided(x, y, test_split, seed)
