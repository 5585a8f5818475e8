"""Names that nobody chose: `dense`, `dense_1`, ... as Keras numbers them."""

from __future__ import annotations

import re

_counts: dict[str, int] = {}
_FIRST = re.compile(r"(.)([A-Z][a-z]+)")
_SECOND = re.compile(r"([a-z])([A-Z])")


def snake_case(name: str) -> str:
    """Turn a class name into the form that layer names have.

    >>> snake_case("Dense"), snake_case("Conv2D"), snake_case("BatchNormalization"), snake_case("LSTM")
    ('dense', 'conv2d', 'batch_normalization', 'lstm')
    """
    name = re.sub(r"\W+", "", name)
    return _SECOND.sub(r"\1_\2", _FIRST.sub(r"\1_\2", name)).lower()


def unique_name(prefix: str) -> str:
    """Return `prefix` at its first use, then `prefix_1`, `prefix_2`, ...."""
    count = _counts.get(prefix, 0)
    _counts[prefix] = count + 1
    return prefix if count == 0 else f"{prefix}_{count}"


def reset_names() -> None:
    """Start the numbering anew (`clear_session`)."""
    _counts.clear()
