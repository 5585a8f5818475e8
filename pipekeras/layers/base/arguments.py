"""Checks of constructor arguments that many layers share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError, did_you_mean


def whole_number(owner: Any, name: str, value: Any, minimum: int = 1) -> int:
    """Return a whole number of at least `minimum`; whole floats such as 64.0 count."""
    is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_)
    if not is_number or not float(value).is_integer() or value < minimum:
        raise ConfigurationError(
            f"{type(owner).__name__}: {name} must be a whole number of {minimum} or more, not {value!r}"
        )
    return int(value)


def number(owner: Any, name: str, value: Any) -> float:
    """Return a number as a float."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        raise ConfigurationError(f"{type(owner).__name__}: {name} must be a number, not {value!r}")
    return float(value)


def fraction(owner: Any, name: str, value: Any) -> float:
    """Return a number from 0 to 1."""
    checked = number(owner, name, value)
    if not 0 <= checked <= 1:
        raise ConfigurationError(f"{type(owner).__name__}: {name} must lie between 0 and 1, not {value!r}")
    return value if isinstance(value, int | float) else checked


def sizes(owner: Any, name: str, value: Any, count: int, minimum: int = 1) -> tuple[int, ...]:
    """Return `count` whole numbers; one number stands for all of them."""
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return (whole_number(owner, name, value, minimum),) * count
    if not isinstance(value, list | tuple) or len(value) != count:
        plural = "a whole number" if count == 1 else f"a whole number or {count} of them"
        raise ConfigurationError(f"{type(owner).__name__}: {name} must be {plural}, not {value!r}")
    return tuple(whole_number(owner, name, item, minimum) for item in value)


def choice(owner: Any, name: str, value: Any, options: tuple[str, ...]) -> str:
    """Return one of the names in `options`, in lower case."""
    found = value.lower() if isinstance(value, str) else value
    if found not in options:
        listed = ", ".join(repr(option) for option in options)
        raise ConfigurationError(
            f"{type(owner).__name__}: {name} must be one of {listed}, not {value!r}",
            mend=did_you_mean(str(value), options),
        )
    return str(found)


def data_format(owner: Any, value: Any) -> str:
    """Return "channels_last" or "channels_first"; None means the default of the process."""
    if value is None:
        return configuration.image_data_format()
    return choice(owner, "data_format", value, ("channels_last", "channels_first"))


def activate(function: Callable[[Any], Any] | None, values: Any) -> Any:
    """Apply an activation; linear ones cost nothing."""
    if function is None or getattr(function, "__name__", "") == "linear":
        return values
    return function(values)


def product(lengths: Any) -> int | None:
    """Return the product of sizes, None when one is not known."""
    result = 1
    for length in lengths:
        if length is None:
            return None
        result *= length
    return result
