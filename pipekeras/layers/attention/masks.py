"""Masks of attention: which query may look at which key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core.errors import ShapeError


def join(first: Any, second: Any) -> Any:
    """Return where both masks are true; a missing mask is true everywhere."""
    if first is None or second is None:
        return second if first is None else first
    return ops.logical_and(first, second)


def _lengths(query: Any, key: Any) -> tuple[int, int]:
    queries, keys = query.shape[1], key.shape[1]
    if queries is None or keys is None:
        raise ShapeError(
            f"a mask by position needs sequences of known length; got {tuple(query.shape)} and {tuple(key.shape)}",
            mend="declare the length of the sequences at the input",
        )
    return queries, keys


def causal_mask(query: Any, key: Any) -> Any:
    """Return (1, queries, keys): true where the key does not come after the query."""
    queries, keys = _lengths(query, key)
    return ops.convert_to_tensor(np.tril(np.ones((1, queries, keys), "bool")))


def window_mask(query: Any, key: Any, width: int) -> Any:
    """Return (1, queries, keys): true where query and key are less than `width` apart."""
    queries, keys = _lengths(query, key)
    apart = np.abs(np.arange(queries)[:, None] - np.arange(keys)[None, :])
    return ops.convert_to_tensor((apart < width)[None])


def joined_masks(
    query: Any, value: Any, query_mask: Any, value_mask: Any, key_mask: Any, attention_mask: Any, causal: bool,
    window: int | None,
) -> Any:  # fmt: skip
    """Return one mask (batch, queries, keys) of all that limits attention, or None."""
    found = None if query_mask is None else ops.expand_dims(_truth(query_mask), -1)
    for mask in (value_mask, key_mask):
        if mask is not None:
            found = join(found, ops.expand_dims(_truth(mask), -2))
    if causal:
        found = join(found, causal_mask(query, value))
    if window is not None:
        found = join(found, window_mask(query, value, window))
    return join(None if attention_mask is None else _truth(attention_mask), found)


@contextmanager
def without_masks(*tensors: Any) -> Iterator[None]:
    """Hide the masks on tensors inside the block: they are part of the attention mask there, not of the projections."""
    held = [tensor.mask for tensor in tensors]
    for tensor in tensors:
        tensor.mask = None
    try:
        yield
    finally:
        for tensor, mask in zip(tensors, held, strict=True):
            if mask is not None:
                tensor.mask = mask


def _truth(mask: Any) -> Any:
    return mask if getattr(mask, "dtype", None) == "bool" else ops.cast(mask, "bool")
