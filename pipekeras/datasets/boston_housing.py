"""Boston housing: 506 towns, 13 numbers each, and the median price of their homes."""

from __future__ import annotations

from pipekeras.core.registry import register
from pipekeras.datasets.split import Arrays
from pipekeras.datasets.stored import BOSTON, archive, divided


@register("dataset", "boston_housing")
def load_data(path: str = "boston_housing.npz", test_split: float = 0.2, seed: int = 113) -> tuple[Arrays, Arrays]:
    """Load prices of homes in Boston, 1978. One column counts inhabitants by race; prefer `california_housing`.

    Args:
        path: Name of the file in the cache.
        test_split: Share of the towns kept for the test.
        seed: Fixes their order.

    Returns:
        `((x_train, y_train), (x_test, y_test))`: `x` float64 of shape (404, 13) and (102, 13), `y` in 1000 dollars.

    Raises:
        DataError: When the file has another content, or is nowhere to be had.

    Example:
        >>> from pipekeras.datasets import boston_housing
        >>> (x_train, y_train), (x_test, y_test) = boston_housing.load_data()  # doctest: +SKIP

    Source:
        D. Harrison and D. Rubinfeld (1978), Hedonic prices and the demand for clean air.
    """
    arrays = archive(BOSTON.content(path))
    return divided(arrays["x"], arrays["y"], test_split, seed)
