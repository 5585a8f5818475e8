"""Distinct elements of a tensor."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.define import normalize_axis, primitive, public


def _infer(x: Tensor, part: str, axis: int | None, size: int | None, fill_value: Any) -> Spec:
    if part == "inverse":
        return Spec(x.shape if axis is None else (x.shape[axis],), "int32")
    if part == "values" and axis is not None:
        return Spec((*x.shape[:axis], size, *x.shape[axis + 1 :]), x.dtype)
    return Spec((size,), x.dtype if part == "values" else "int32")


@primitive(_infer, None)
def _unique(x: Any, part: str, axis: int | None, size: int | None, fill_value: Any) -> Any:
    values, index, inverse, counts = np.unique(x, True, True, True, axis)
    if part == "inverse":
        return inverse.reshape(x.shape if axis is None else -1)
    result, fill = {
        "values": (values, fill_value),
        # What fills up points at the first of the distinct elements.
        "index": (index, index[0] if len(index) else 0),
        "counts": (counts, 0),
    }[part]
    place = 0 if axis is None or part != "values" else axis
    if size is None:
        return result
    kept = result[(slice(None),) * place + (slice(0, size),)]
    missing = size - kept.shape[place]
    if not missing:
        return kept
    if fill is None:
        fill = np.take(result, [0], place) if result.shape[place] else np.zeros((), result.dtype)
    shape = [*kept.shape[:place], missing, *kept.shape[place + 1 :]]
    return np.concatenate([kept, np.broadcast_to(fill, shape).astype(result.dtype)], place)


@public
def unique(
    x: Any,
    sorted: bool = True,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    size: int | None = None,
    fill_value: Any = None,
) -> Any:
    """Distinct elements, rising.

    Args:
        x: tensor; flattened unless `axis` is given.
        sorted: bool, accepted for Keras' sake: the result is always sorted.
        return_index: bool: also return where each comes first.
        return_inverse: bool: also return, for each element of x, the place of its value in the result.
        return_counts: bool: also return how often each occurs.
        axis: int or None; slices along it are compared.
        size: int, length of the result, needed inside of a model; longer results are cut, shorter ones filled up.
        fill_value: number that fills up, default the smallest element.

    >>> from pipekeras import ops
    >>> ops.unique([3, 1, 3])
    Tensor([1, 3], shape=(2,), dtype=int32)
    """
    x = convert(x)
    place = None if axis is None else normalize_axis(axis, x.ndim, "unique")
    if size is None and x.data is None:
        raise ArgumentError("unique: how many elements differ is not known yet", mend="give size=")
    settings: dict[str, Any] = {"axis": place, "size": None if size is None else int(size), "fill_value": fill_value}
    asked = {"values": True, "index": return_index, "inverse": return_inverse, "counts": return_counts}
    wanted = [name for name, given in asked.items() if given]
    results = tuple(_unique(x, part=part, **settings) for part in wanted)
    return results[0] if len(results) == 1 else results
