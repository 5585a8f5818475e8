"""Tensors from nothing: constants, ranges, identities, and tensors like others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError
from pipekeras.graph import trace as tracing
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import lasting
from pipekeras.ops.comparison import cast, where
from pipekeras.ops.define import FUNCTIONS, OPERATIONS, constant, public


def filled(shape: Sequence[int | None], value: Any, dtype: str) -> Tensor:
    """Return a tensor of one repeated value; symbolic when a size is unknown."""
    target = tuple(shape)
    if None in target:
        return FUNCTIONS["broadcast_to"](Tensor.symbolic((), dtype), target)
    return FUNCTIONS["broadcast_to"](constant(value, dtype), target)


@public
def convert_to_tensor(x: Any, dtype: Any = None, sparse: bool | None = None, ragged: bool | None = None) -> Tensor:
    """Return `x` (array, number, nested list, Variable) as a Tensor.

    >>> from pipekeras import ops
    >>> ops.convert_to_tensor([1, 2])
    Tensor([1, 2], shape=(2,), dtype=int32)
    """
    if sparse or ragged:
        raise ArgumentError("sparse and ragged tensors are not supported")
    return lasting(convert(x, None if dtype is None else dtypes.standardize(dtype)))


@public
def convert_to_numpy(x: Any) -> np.ndarray:
    """Return a concrete tensor as a NumPy array.

    Example:

    >>> from pipekeras import ops
    >>> ops.convert_to_numpy([1.0, 2.0])
    array([1., 2.], dtype=float32)
    """
    return convert(x).numpy()


def given_shape(shape: Any) -> tuple[int | None, ...]:
    """Return a shape as users give it: a size, several, or a tensor of them; a size may be a tensor of one whole number."""
    if isinstance(shape, int):
        return (shape,)
    if isinstance(shape, Tensor):
        shape = shape.numpy().ravel().tolist()
    return tuple([int(size) if isinstance(size, Tensor) else size for size in shape])


@public
def zeros(shape: Any, dtype: Any = None) -> Tensor:
    """Return a tensor of zeros.

    Example:

    >>> from pipekeras import ops
    >>> ops.zeros((2,))
    Tensor([0., 0.], shape=(2,), dtype=float32)
    """
    return filled(given_shape(shape), 0, dtypes.standardize(dtype))


@public
def ones(shape: Any, dtype: Any = None) -> Tensor:
    """Return a tensor of ones.

    Example:

    >>> from pipekeras import ops
    >>> ops.ones((2,))
    Tensor([1., 1.], shape=(2,), dtype=float32)
    """
    return filled(given_shape(shape), 1, dtypes.standardize(dtype))


@public
def full(shape: Any, fill_value: Any, dtype: Any = None) -> Tensor:
    """Return a tensor of one repeated value, of the default float type unless told otherwise.

    Example:

    >>> from pipekeras import ops
    >>> ops.full((2,), 7.0)
    Tensor([7., 7.], shape=(2,), dtype=float32)
    """
    return FUNCTIONS["broadcast_to"](convert(fill_value, dtypes.standardize(dtype)), given_shape(shape))


@public
def empty(shape: Any, dtype: Any = None) -> Tensor:
    """Return a tensor whose values do not matter (zeros here).

    Example:

    >>> from pipekeras import ops
    >>> ops.empty((2, 3)).shape
    (2, 3)
    """
    return zeros(shape, dtype)


@public
def zeros_like(x: Any, dtype: Any = None) -> Tensor:
    """Return zeros of the shape, and unless given the type, of another tensor.

    Example:

    >>> from pipekeras import ops
    >>> ops.zeros_like([3.0, 4.0])
    Tensor([0., 0.], shape=(2,), dtype=float32)
    """
    x = convert(x)
    return filled(x.shape, 0, x.dtype if dtype is None else dtypes.standardize(dtype))


@public
def ones_like(x: Any, dtype: Any = None) -> Tensor:
    """Return ones of the shape, and unless given the type, of another tensor.

    Example:

    >>> from pipekeras import ops
    >>> ops.ones_like([3.0, 4.0])
    Tensor([1., 1.], shape=(2,), dtype=float32)
    """
    x = convert(x)
    return filled(x.shape, 1, x.dtype if dtype is None else dtypes.standardize(dtype))


@public
def full_like(x: Any, fill_value: Any, dtype: Any = None) -> Tensor:
    """Return a repeated value of the shape, and unless given the type, of another tensor.

    Example:

    >>> from pipekeras import ops
    >>> ops.full_like([1.0, 2.0], 7.0)
    Tensor([7., 7.], shape=(2,), dtype=float32)
    """
    x = convert(x)
    return full(x.shape, fill_value, x.dtype if dtype is None else dtype)


@public
def empty_like(x: Any, dtype: Any = None) -> Tensor:
    """Return a tensor like another whose values do not matter (zeros here).

    Example:

    >>> from pipekeras import ops
    >>> ops.empty_like([1, 2]).shape
    (2,)
    """
    return zeros_like(x, dtype)


@public
def arange(start: Any, stop: Any = None, step: Any = None, dtype: Any = None) -> Tensor:
    """Return evenly spaced numbers from `start` up to, not including, `stop`; one number alone is the stop.

    >>> from pipekeras import ops
    >>> ops.arange(6, step=2)
    Tensor([0, 2, 4], shape=(3,), dtype=int32)
    """
    if stop is None:
        if tracing.sizes.unknown:
            raise tracing.EndMayBeUnknown
        start, stop = 0, start
    numbers = [item for item in (start, stop, step) if item is not None]
    if dtype is None:
        floating = any(np.asarray(item).dtype.kind == "f" for item in numbers)
        dtype = None if floating else "int32"
    values = np.arange(*[float(n) if np.asarray(n).dtype.kind == "f" else int(n) for n in numbers])
    return convert(values, dtypes.standardize(dtype))


@public
def linspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False, dtype: Any = None,
             axis: int = 0) -> Any:  # fmt: skip
    """Return `num` evenly spaced numbers between two ends.

    Example:

    >>> from pipekeras import ops
    >>> ops.linspace(0.0, 1.0, num=3)
    Tensor([0. , 0.5, 1. ], shape=(3,), dtype=float32)
    """
    first, last = convert(start), convert(stop)
    name = dtypes.as_float(dtypes.promote(first.dtype, last.dtype)) if dtype is None else dtypes.standardize(dtype)
    first, last = cast(first, dtypes.as_float(name)), cast(last, dtypes.as_float(name))
    gaps = num - 1 if endpoint else num
    step = (last - first) / max(gaps, 1)
    rank = max(first.ndim, last.ndim)
    positions = np.arange(num, dtype=dtypes.NUMPY[dtypes.as_float(name)]).reshape((num,) + (1,) * rank)
    values = first + step * positions
    if endpoint and num > 1:
        values = where(positions == num - 1, last, values)
    values = FUNCTIONS["moveaxis"](cast(values, name), 0, axis)
    return (values, step) if retstep else values


@public
def eye(N: int, M: int | None = None, k: int = 0, dtype: Any = None) -> Tensor:
    """Return a matrix with ones on a diagonal and zeros elsewhere.

    Example:

    >>> from pipekeras import ops
    >>> ops.eye(2)
    Tensor([[1., 0.],
            [0., 1.]], shape=(2, 2), dtype=float32)
    """
    return convert(np.eye(N, M, k), dtypes.standardize(dtype))


@public
def identity(n: int, dtype: Any = None) -> Tensor:
    """Return the identity matrix.

    Example:

    >>> from pipekeras import ops
    >>> ops.identity(2)
    Tensor([[1., 0.],
            [0., 1.]], shape=(2, 2), dtype=float32)
    """
    return eye(n, dtype=dtype)


@public
def tri(N: int, M: int | None = None, k: int = 0, dtype: Any = None) -> Tensor:
    """Return a matrix with ones on and below a diagonal.

    Example:

    >>> from pipekeras import ops
    >>> ops.tri(2)
    Tensor([[1., 0.],
            [1., 1.]], shape=(2, 2), dtype=float32)
    """
    return convert(np.tri(N, M, k), dtypes.standardize(dtype))


def _triangle(x: Any, lower: bool, k: int, name: str) -> Tensor:
    x = convert(x)
    rows, columns = x.shape[-2], x.shape[-1]
    if rows is None or columns is None:
        raise ArgumentError(f"{name}: the last two sizes of shape {x.shape} must be known")
    mask = np.tri(rows, columns, k if lower else k - 1, dtype=bool)
    return where(mask if lower else ~mask, x, FUNCTIONS["cast"](0, x.dtype))


@public
def tril(x: Any, k: int = 0) -> Tensor:
    """Keep what lies on and below a diagonal of the last two axes.

    Example:

    >>> from pipekeras import ops
    >>> ops.tril([[1, 2], [3, 4]])
    Tensor([[1, 0],
            [3, 4]], shape=(2, 2), dtype=int32)
    """
    return _triangle(x, True, k, "tril")


@public
def triu(x: Any, k: int = 0) -> Tensor:
    """Keep what lies on and above a diagonal of the last two axes.

    Example:

    >>> from pipekeras import ops
    >>> ops.triu([[1, 2], [3, 4]])
    Tensor([[1, 2],
            [0, 4]], shape=(2, 2), dtype=int32)
    """
    return _triangle(x, False, k, "triu")


@public
def diag(x: Any, k: int = 0) -> Tensor:
    """Return the diagonal of a matrix, or a matrix with a vector on its diagonal.

    Example:

    >>> from pipekeras import ops
    >>> ops.diag([1, 2])
    Tensor([[1, 0],
            [0, 2]], shape=(2, 2), dtype=int32)
    """
    x = convert(x)
    if x.ndim == 2:
        return FUNCTIONS["diagonal"](x, k)
    count = x.shape[0]
    if count is None:
        raise ArgumentError("diag: the length of the vector must be known")
    size = count + abs(k)
    if not count:
        return zeros((size, size), x.dtype)
    positions = np.zeros((size, size), np.int32)
    mask = np.eye(size, k=k, dtype=bool)
    positions[mask] = np.arange(count)
    return where(mask, FUNCTIONS["take"](x, positions, 0), FUNCTIONS["cast"](0, x.dtype))


@public
def meshgrid(*x: Any, indexing: str = "xy") -> list[Tensor]:
    """Return the coordinates of a grid that vectors span.

    Example:

    >>> from pipekeras import ops
    >>> ops.meshgrid([1, 2], [3, 4])
    [Tensor([[1, 2],
            [1, 2]], shape=(2, 2), dtype=int32), Tensor([[3, 3],
            [4, 4]], shape=(2, 2), dtype=int32)]
    """
    vectors = [convert(item) for item in x]
    count = len(vectors)
    order = [1, 0, *range(2, count)] if indexing == "xy" and count > 1 else list(range(count))
    lengths: list[Any] = [None] * count
    for index, vector in enumerate(vectors):
        lengths[order[index]] = vector.size
    grids = []
    for index, vector in enumerate(vectors):
        shape = [1] * count
        shape[order[index]] = -1
        grids.append(FUNCTIONS["broadcast_to"](FUNCTIONS["reshape"](vector, tuple(shape)), tuple(lengths)))
    return grids


@public
def shape(x: Any) -> tuple[int | None, ...]:
    """Return the shape; None stands for a size that is not known yet.

    Example:

    >>> from pipekeras import ops
    >>> ops.shape([[1, 2]])
    (1, 2)
    """
    return convert(x).shape


@public
def dtype(x: Any) -> str:
    """Return the name of the data type.

    Example:

    >>> from pipekeras import ops
    >>> ops.dtype([1.0])
    'float32'
    """
    return convert(x).dtype


@public
def ndim(x: Any) -> int:
    """Return the number of axes.

    Example:

    >>> from pipekeras import ops
    >>> ops.ndim([[1, 2]])
    2
    """
    return convert(x).ndim


@public
def size(x: Any) -> int | None:
    """Return the number of elements, None if it is not known yet.

    Example:

    >>> from pipekeras import ops
    >>> ops.size([[1, 2]])
    2
    """
    return convert(x).size


@public
def copy(x: Any) -> Tensor:
    """Return a tensor with values of its own.

    Example:

    >>> from pipekeras import ops
    >>> ops.copy([1.0, 2.0])
    Tensor([1., 2.], shape=(2,), dtype=float32)
    """
    x = convert(x)
    if x.data is None:
        return x
    return OPERATIONS["place"](x, shape=x.shape, starts=(0,) * x.ndim, steps=(1,) * x.ndim, value=0.0)


@public
def is_tensor(x: Any) -> bool:
    """Whether `x` is a Tensor.

    Example:

    >>> from pipekeras import ops
    >>> ops.is_tensor([1.0])
    False
    """
    return isinstance(x, Tensor)


@public
def array(x: Any, dtype: Any = None) -> Tensor:
    """Another name of `convert_to_tensor`.

    Example:

    >>> from pipekeras import ops
    >>> ops.array([1, 2])
    Tensor([1, 2], shape=(2,), dtype=int32)
    """
    return convert_to_tensor(x, dtype)
