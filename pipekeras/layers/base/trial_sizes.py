"""Sizes that are not known yet, in code of the user's: what a layer computes with its sizes is tried with two numbers.

A layer in a layer graph is asked for its output's shape while the batch size is unknown. Layers of the library answer that;
a user's `call` may compute with the sizes themselves (`ops.shape(x)[0] * 4`), which None does not do. It is run once for
each of two sizes instead: what differs between the two answers is unknown in the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipekeras.core.errors import ShapeError
from pipekeras.core.structure import flatten, map_structure, pack_like
from pipekeras.graph import trace as tracing
from pipekeras.graph.tensor import Tensor

# Primes, so that a product of sizes is no product of others by chance.
_TRIALS = (83, 89)


def has_unknown_size(value: Any) -> bool:
    """Whether a structure holds a placeholder of which a size is not known."""
    return any(isinstance(leaf, Tensor) and leaf.data is None and None in leaf.shape for leaf in flatten(value))


def call_with_trial_sizes(call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return placeholders of what `call` returns, by calling it with two numbers for every unknown size.

    Raises:
        ShapeError: the answers are not of one kind.
    """
    answers = []
    for size in _TRIALS:
        filled_args, filled_kwargs = map_structure(lambda leaf, size=size: _filled(leaf, size), (args, kwargs))
        with tracing.tracing(), tracing.unknown_sizes(False):
            answers.append(call(*filled_args, **filled_kwargs))
    first, second = (flatten(answer) for answer in answers)
    if len(first) != len(second):
        raise ShapeError(f"the number of results changes with the size of the batch: {len(first)} and {len(second)}")
    return pack_like(answers[0], [_joined(one, other) for one, other in zip(first, second, strict=True)])


def _filled(leaf: Any, size: int) -> Any:
    if not isinstance(leaf, Tensor) or leaf.data is not None:
        return leaf
    filled = Tensor.symbolic(tuple(size if length is None else length for length in leaf.shape), leaf.dtype, name=leaf.name)
    filled.mask = _filled(leaf.mask, size)
    return filled


def _joined(one: Any, other: Any) -> Any:
    if not isinstance(one, Tensor) or not isinstance(other, Tensor):
        return one
    if one.ndim != other.ndim:
        raise ShapeError(f"the number of axes of a result changes with the size of the batch: {one.ndim} and {other.ndim}")
    shape = tuple(a if a == b else None for a, b in zip(one.shape, other.shape, strict=True))
    joined = Tensor.symbolic(shape, one.dtype)
    joined.mask = _joined(one.mask, other.mask)
    return joined
