"""Attention of dot products as one op: neither its kernel nor that of its gradient holds the matrix of weights."""

from __future__ import annotations

import builtins
import math
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.gradient import gradient
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.comparison import cast, stop_gradient, where
from pipekeras.ops.define import FUNCTIONS, broadcast_shapes, operands, primitive, public, unbroadcast
from pipekeras.ops.einstein_sums import einsum
from pipekeras.ops.indexing import getitem
from pipekeras.ops.joining import concatenate
from pipekeras.ops.neural import softmax
from pipekeras.ops.reduction import sum
from pipekeras.ops.shaping import reshape

_MOST_DEPTH = 256
"""Features of a head that the op takes; wider heads are composed from smaller ops."""


def lowest_score(dtype: str) -> float:
    """Return the score of a masked key: exp makes 0 of it beside any other, and a row of it alone is uniform."""
    return -0.7 * float(np.finfo(dtypes.NUMPY[dtype] if dtype != "bfloat16" else np.float32).max)


def _sizes(q: Any, k: Any, v: Any) -> tuple[int, int, int, int, int, int]:
    """Batch, queries, heads, keys, features of a key, features of a value."""
    batch, queries, heads, depth = q.shape
    return batch, queries, heads, k.shape[1], depth, v.shape[3]


def _shapes(q: Any, k: Any, v: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Shapes of the result, and of the largest scores and inverse sums that the gradient needs."""
    batch, queries, heads, _, _, values = _sizes(q, k, v)
    return (batch, queries, heads, values), (batch, heads, 2, queries)


def _total(*shapes: tuple[int, ...]) -> int:
    return builtins.sum(math.prod(shape) for shape in shapes)


def _split_extra(extra: tuple[Any, ...], bias: bool, mask: bool) -> tuple[Any, Any]:
    """Return bias and mask, None where there is none."""
    return (extra[0] if bias else None), (extra[-1] if mask else None)


def _infer(q: Tensor, k: Tensor, v: Tensor, *extra: Tensor, scale: float, causal: bool, bias: bool, mask: bool) -> Spec:
    return Spec((_total(*_shapes(q, k, v)),), q.dtype)


def _rule(
    g: Tensor, out: Tensor, q: Tensor, k: Tensor, v: Tensor, *extra: Tensor, scale: float, causal: bool, bias: bool, mask: bool
) -> list[Any]:
    shape, _ = _shapes(q, k, v)
    of_result = reshape(getitem(g, slice(0, math.prod(shape))), shape)
    flat = _attention_gradient(of_result, out, q, k, v, *extra, scale=scale, causal=causal, bias=bias, mask=mask)
    found: list[Any] = _views(flat, q.shape, k.shape, v.shape)
    if bias:
        # Only built here; nothing of it runs unless somebody asks for this gradient.
        slopes = _composed_slopes(of_result, q, k, v, extra, scale, causal, bias, mask)[1]
        found.append(unbroadcast(slopes, extra[0]))
    return [*found, *[None for _ in range(int(mask))]]


def _views(flat: Tensor, *shapes: Any) -> list[Tensor]:
    found, start = [], 0
    for shape in shapes:
        size = math.prod(shape)
        found.append(reshape(getitem(flat, slice(start, start + size)), shape))
        start += size
    return found


def _seen(mask: Any, causal: bool, queries: int, keys: int) -> np.ndarray | None:
    """Where keys are seen, as NumPy arrays; None for everywhere."""
    if not causal:
        return mask
    triangle = np.arange(keys)[None, :] <= np.arange(queries)[:, None]
    return triangle if mask is None else np.logical_and(mask, triangle)


def _plain_weights(
    q: Any, k: Any, extra: tuple[Any, ...], scale: float, causal: bool, bias: bool, mask: bool
) -> tuple[Any, ...]:
    """Return powers, their largest scores and inverse sums, and where keys are seen."""
    added, allowed = _split_extra(extra, bias, mask)
    scores = np.einsum("btnh,bsnh->bnts", q, k) * q.dtype.type(scale)
    if added is not None:
        scores = scores + added
    seen = _seen(allowed, causal, q.shape[1], k.shape[1])
    if seen is not None:
        scores = np.where(seen, scores, q.dtype.type(lowest_score(str(q.dtype))))
    largest = scores.max(axis=-1)
    powers = np.exp(scores - largest[..., None])
    return powers, largest, 1 / powers.sum(axis=-1), seen


@primitive(_infer, _rule, "attention")
def _attention(q: Any, k: Any, v: Any, *extra: Any, scale: float, causal: bool, bias: bool, mask: bool) -> Any:
    """The result, then the largest score and the inverse sum of each query, in one flat array."""
    powers, largest, inverse, _ = _plain_weights(q, k, extra, scale, causal, bias, mask)
    result = np.einsum("bnts,bsnh->btnh", powers * inverse[..., None], v)
    statistics = np.stack([largest, inverse], axis=2)
    return np.concatenate([result.ravel(), statistics.ravel()]).astype(q.dtype)


def _infer_gradient(
    g: Tensor, out: Tensor, q: Tensor, k: Tensor, v: Tensor, *extra: Tensor, scale: float, causal: bool, bias: bool, mask: bool
) -> Spec:
    return Spec((_total(q.shape, k.shape, v.shape),), q.dtype)  # type: ignore[arg-type]


def _second_rule(
    gg: Tensor, result: Tensor, g: Tensor, out: Tensor, q: Tensor, k: Tensor, v: Tensor, *extra: Tensor,
    scale: float, causal: bool, bias: bool, mask: bool,
) -> list[Any]:  # fmt: skip
    """Derivatives of the gradient: those of the same gradient composed from smaller ops."""
    leaves = [stop_gradient(item) for item in (g, q, k, v)]
    held = tuple(stop_gradient(item) for item in extra)
    of_result, queries, keys, values = leaves
    of_q, of_k, of_v = _composed_gradient(of_result, queries, keys, values, held, scale, causal, bias, mask)
    flat = concatenate([reshape(item, (-1,)) for item in (of_q, of_k, of_v)], 0)
    sources = [*leaves, *(held[:1] if bias else ())]
    of_g, *others = gradient(flat, sources, gg)
    return [of_g, None, *others, *[None for _ in range(int(mask))]]


@primitive(_infer_gradient, _second_rule, "attention")
def _attention_gradient(
    g: Any, out: Any, q: Any, k: Any, v: Any, *extra: Any, scale: float, causal: bool, bias: bool, mask: bool
) -> Any:
    """Gradients of queries, keys and values, in one flat array."""
    powers, _, inverse, seen = _plain_weights(q, k, extra, scale, causal, bias, mask)
    weights = powers * inverse[..., None]
    of_weights = np.einsum("btnh,bsnh->bnts", g, v)
    slopes = weights * (of_weights - (of_weights * weights).sum(axis=-1, keepdims=True))
    if seen is not None:
        slopes = np.where(seen, slopes, 0)
    slopes = slopes * q.dtype.type(scale)
    parts = (
        np.einsum("bnts,bsnh->btnh", slopes, k),
        np.einsum("bnts,btnh->bsnh", slopes, q),
        np.einsum("bnts,btnh->bsnh", weights, g),
    )
    return np.concatenate([part.ravel() for part in parts]).astype(q.dtype)


# The same from smaller ops


def _composed_weights(
    q: Tensor, k: Tensor, extra: tuple[Any, ...], scale: float, causal: bool, bias: bool, mask: bool
) -> tuple[Tensor, Any]:
    """Return the weights (batch, heads, queries, keys), and where keys are seen (None for everywhere)."""
    added, allowed = _split_extra(extra, bias, mask)
    scores: Any = einsum("btnh,bsnh->bnts", q * scale, k)
    if added is not None:
        scores = scores + added
    seen = allowed
    if causal:
        queries, keys = q.shape[1], k.shape[1]
        if queries is None or keys is None:
            raise ShapeError("dot_product_attention: is_causal needs a known number of queries and keys")
        triangle = convert(_seen(None, True, queries, keys))
        seen = triangle if allowed is None else FUNCTIONS["logical_and"](allowed, triangle)
    if seen is not None:
        scores = where(seen, scores, lowest_score(scores.dtype))
    return softmax(scores), seen


def _composed_slopes(
    g: Tensor, q: Tensor, k: Tensor, v: Tensor, extra: tuple[Any, ...], scale: float, causal: bool, bias: bool, mask: bool
) -> tuple[Any, Any]:
    """Return the weights and the gradients of the scores."""
    weights, seen = _composed_weights(q, k, extra, scale, causal, bias, mask)
    of_weights: Any = einsum("btnh,bsnh->bnts", g, v)
    slopes: Any = weights * (of_weights - sum(of_weights * weights, -1, True))
    return weights, slopes if seen is None else where(seen, slopes, 0.0)


def _composed_gradient(
    g: Tensor, q: Tensor, k: Tensor, v: Tensor, extra: tuple[Any, ...], scale: float, causal: bool, bias: bool, mask: bool
) -> tuple[Tensor, Tensor, Tensor]:
    weights, slopes = _composed_slopes(g, q, k, v, extra, scale, causal, bias, mask)
    scaled = slopes * scale
    return (
        einsum("bnts,bsnh->btnh", scaled, k),
        einsum("bnts,btnh->bsnh", scaled, q),
        einsum("bnts,btnh->bsnh", weights, g),
    )


@public
def dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    mask: Any = None,
    scale: float | None = None,
    is_causal: bool = False,
    flash_attention: bool | None = None,
    attn_logits_soft_cap: float | None = None,
) -> Tensor:
    """Average values by how well their keys fit each query.

    Formula: y = softmax(scale q k^T + bias) v over the keys, head by head. Where the mask is false a score counts as the
    lowest number; a query that sees no key at all attends to every key alike.

    Args:
        query: (batch, queries, heads, features).
        key: (batch, keys, key heads, features); as many heads as the query or a divisor of them, each then shared by
            neighbouring heads of the query.
        value: (batch, keys, key heads, value features).
        bias: tensor that broadcasts to (batch, heads, queries, keys), added to the scores, or None.
        mask: bool, broadcasts to the same shape, true where a key is seen, or None.
        scale: float, default 1 / sqrt(features).
        is_causal: bool, default False; whether query i only sees keys up to i.
        flash_attention: accepted for scripts that set it: the matrix of weights is never held anyway.
        attn_logits_soft_cap: must be None; other libraries know it on TPUs only.

    Returns:
        (batch, queries, heads, value features).

    Raises:
        ShapeError: the tensors do not fit together.
        ArgumentError: a soft cap is asked for.

    >>> from pipekeras import ops
    >>> ops.dot_product_attention(ops.zeros((1, 2, 1, 4)), ops.zeros((1, 3, 1, 4)), ops.ones((1, 3, 1, 2))).shape
    (1, 2, 1, 2)

    Source: Vaswani et al., Attention is all you need, 2017.
    """
    if attn_logits_soft_cap is not None:
        raise ArgumentError("dot_product_attention: attn_logits_soft_cap is for TPUs", mend="leave it out")
    (q, k, v), dtype = operands(query, key, value)
    if not dtypes.is_float(dtype):
        dtype = dtypes.as_float(dtype)
    q, k, v = (item if item.dtype == dtype else cast(item, dtype) for item in (q, k, v))
    _check(q, k, v)
    heads, shared = q.shape[2], k.shape[2]
    if heads != shared:
        k, v = (FUNCTIONS["repeat"](item, (heads or 1) // (shared or 1), axis=2) for item in (k, v))
    factor = 1.0 / math.sqrt(q.shape[3] or 1) if scale is None else float(scale)
    extra: list[Tensor] = []
    if bias is not None:
        extra.append(_aligned(cast(bias, dtype), q, k, "bias"))
    if mask is not None:
        extra.append(_aligned(cast(mask, "bool"), q, k, "mask"))
    options: dict[str, Any] = {"scale": factor, "causal": bool(is_causal), "bias": bias is not None, "mask": mask is not None}
    # A size of 0 counts as unknown here, and small ops take both.
    sizes = [size or 0 for item in (q, k, v, *extra) for size in item.shape]
    if dtype not in ("float32", "float64") or 0 in sizes or max(q.shape[3] or 0, v.shape[3] or 0) > _MOST_DEPTH:
        weights, _ = _composed_weights(q, k, tuple(extra), **options)
        return einsum("bnts,bsnh->btnh", weights, v)
    flat = _attention(q, k, v, *extra, **options)
    return _views(flat, _shapes(q, k, v)[0])[0]


def _check(q: Tensor, k: Tensor, v: Tensor) -> None:
    for name, item in (("query", q), ("key", k), ("value", v)):
        if item.ndim != 4:
            raise ShapeError(f"dot_product_attention: {name} must be (batch, length, heads, features); got {item.shape}")

    def differ(a: int | None, b: int | None) -> bool:
        return a is not None and b is not None and a != b

    if differ(q.shape[0], k.shape[0]) or differ(q.shape[3], k.shape[3]):
        raise ShapeError(f"dot_product_attention: query {q.shape} and key {k.shape} differ in batch or features")
    if any(differ(a, b) for a, b in zip(k.shape[:3], v.shape[:3], strict=True)):
        raise ShapeError(f"dot_product_attention: key {k.shape} and value {v.shape} differ in batch, length or heads")
    if q.shape[2] and k.shape[2] and q.shape[2] % k.shape[2]:
        raise ShapeError(f"dot_product_attention: {k.shape[2]} key heads do not divide {q.shape[2]} query heads")


def _aligned(item: Tensor, q: Tensor, k: Tensor, name: str) -> Tensor:
    """Return bias or mask with four axes, once it is known to broadcast to the scores."""
    scores = (q.shape[0], q.shape[2], q.shape[1], k.shape[1])
    if item.ndim > 4 or (None not in scores and broadcast_shapes(name, scores, item.shape) != scores):
        raise ShapeError(f"dot_product_attention: a {name} of shape {item.shape} does not broadcast to {scores}")
    return item if item.ndim == 4 else reshape(item, (*[1] * (4 - item.ndim), *[-1 if n is None else n for n in item.shape]))
