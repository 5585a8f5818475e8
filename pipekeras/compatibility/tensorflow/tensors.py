"""Tensors as TensorFlow's functions make, cut and join them."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.core.structure import flatten, map_structure
from pipekeras.graph import variable
from pipekeras.graph.tensor import Tensor, convert


def _plain(value: Any) -> Any:
    """Return numbers that are known as Python numbers; shapes and axes may come as tensors."""
    if isinstance(value, Tensor) or hasattr(value, "_as_tensor"):
        return np.asarray(value).tolist()
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple):
        return type(value)(_plain(item) for item in value) if type(value) in (list, tuple) else [_plain(v) for v in value]
    return value


def _sizes(shape: Any) -> tuple[int, ...]:
    plain = _plain(shape)
    return (int(plain),) if isinstance(plain, int | float) else tuple(int(item) for item in plain)


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str | None = None) -> Any:
    """Return a tensor of given values, repeated to `shape` where one value is given for all; text stays text."""
    if _is_text(value):
        return np.asarray(value, dtype=object)
    result = convert(value, None if dtype is None else dtypes.standardize(dtype))
    if shape is None:
        return result
    sizes = _sizes(shape)
    return ops.broadcast_to(result, sizes) if result.size == 1 and math.prod(sizes) != 1 else ops.reshape(result, sizes)


def _is_text(value: Any) -> bool:
    if isinstance(value, str | bytes):
        return True
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "OUS"
    return isinstance(value, list | tuple) and bool(value) and _is_text(value[0])


def convert_to_tensor(value: Any, dtype: Any = None, dtype_hint: Any = None, name: str | None = None) -> Any:
    """Return `value` as a tensor; text stays an array of text."""
    return constant(value, dtype)


class Variable(variable.Variable):
    """A tensor that can be assigned to, with TensorFlow's arguments.

    Args:
        initial_value: array, number, tensor, or function without arguments that returns one.
        trainable: bool, default True.
        name: str or None.
        dtype: str or None.
        shape: tuple of int or None.

    >>> from pipekeras.compatibility import tensorflow as tf
    >>> tf.Variable([1.0, 2.0], name="w").assign_add([1.0, 1.0]).numpy()
    array([2., 3.], dtype=float32)
    """

    __slots__ = ()

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool | None = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        variable_def: Any = None,
        dtype: Any = None,
        import_scope: Any = None,
        constraint: Any = None,
        synchronization: Any = None,
        aggregation: Any = None,
        shape: Any = None,
    ) -> None:
        if variable_def is not None:
            raise ArgumentError("tf.Variable: variables are not made from definitions of a graph")
        if initial_value is None:
            raise ArgumentError("tf.Variable needs an initial value")
        value = initial_value() if callable(initial_value) else initial_value
        super().__init__(
            np.asarray(value) if isinstance(value, Tensor) else value,
            None if shape is None else _sizes(shape),
            dtype,
            trainable is not False,
            name=name,
        )
        self.constraint = constraint

    def read_value(self) -> Tensor:
        """Return the value as a tensor."""
        return self._as_tensor()

    def initialized_value(self) -> Tensor:
        """Return the value; variables have theirs from the start."""
        return self._as_tensor()


def eye(num_rows: int, num_columns: int | None = None, batch_shape: Any = None, dtype: Any = "float32",
        name: str | None = None) -> Tensor:  # fmt: skip
    """Identity matrices."""
    matrix = ops.eye(int(num_rows), None if num_columns is None else int(num_columns), dtype=dtype)
    return matrix if batch_shape is None else ops.broadcast_to(matrix, (*_sizes(batch_shape), *matrix.shape))


def range_of(start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str | None = None) -> Tensor:
    """Numbers from start up to, not including, limit; one number alone is the limit."""
    start, limit, delta = _plain(start), _plain(limit), _plain(delta)
    if limit is None:
        start, limit = 0, start
    return ops.arange(start, limit, delta, dtype)


def shape(input: Any, out_type: Any = "int32", name: str | None = None) -> tuple[int | None, ...]:
    """The sizes of a tensor; None for one that is not known before the program runs."""
    return convert(input).shape


def size(input: Any, out_type: Any = "int32", name: str | None = None) -> Any:
    """The number of elements."""
    count = convert(input).size
    return None if count is None else ops.convert_to_tensor(count, out_type)


def split(value: Any, num_or_size_splits: Any, axis: int = 0, num: int | None = None, name: str | None = None) -> list[Tensor]:
    """Cut a tensor into equal parts, or into parts of given sizes (one may be -1)."""
    wanted = _plain(num_or_size_splits)
    if isinstance(wanted, int):
        return ops.split(value, wanted, axis)
    sizes = [int(item) for item in wanted]
    x = convert(value)
    if sizes.count(-1) == 1:
        length = x.shape[axis]
        if length is None:
            raise ShapeError(f"tf.split: the size of axis {axis} of shape {x.shape} is not known")
        sizes[sizes.index(-1)] = length - builtins.sum(item for item in sizes if item != -1)
    return ops.split(x, np.cumsum(sizes)[:-1].tolist(), axis)


def pad(tensor: Any, paddings: Any, mode: str = "CONSTANT", constant_values: float = 0, name: str | None = None) -> Tensor:
    """Add elements around a tensor; mode "CONSTANT", "REFLECT" or "SYMMETRIC"."""
    return ops.pad(tensor, _plain(paddings), mode.lower(), constant_values if mode.lower() == "constant" else None)


def slice_of(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:
    """A block that begins at `begin` and has `size` elements on each axis, -1 for all that are left."""
    x = convert(input_)
    index = tuple(
        builtins.slice(start, None if length == -1 else start + length)
        for start, length in zip(_plain(begin), _plain(size), strict=True)
    )
    return x[index]


def strided_slice(input_: Any, begin: Any, end: Any, strides: Any = None, name: str | None = None, **masks: Any) -> Tensor:
    """Every `strides`-th element from begin to end on each of the first axes."""
    if any(masks.values()):
        raise ArgumentError("tf.strided_slice: masks are not supported", mend="index the tensor itself: x[1:3, ::2]")
    first, last = _plain(begin), _plain(end)
    steps = [1] * len(first) if strides is None else _plain(strides)
    return convert(input_)[tuple(builtins.slice(*item) for item in zip(first, last, steps, strict=True))]


def gather(params: Any, indices: Any, validate_indices: Any = None, axis: Any = None, batch_dims: int = 0,
           name: str | None = None) -> Tensor:  # fmt: skip
    """Slices of an axis by index; with `batch_dims` the first axes of both go together."""
    x, index = convert(params), convert(indices)
    place = batch_dims if axis is None else int(_plain(axis))
    if not batch_dims:
        return ops.take(x, index, place)
    if batch_dims != place or index.ndim <= batch_dims:
        raise ArgumentError("tf.gather: axis must be the first one after the batch axes", mend="transpose before and after")
    flat = math.prod(n or 1 for n in x.shape[:batch_dims])
    length = x.shape[place] or 0
    rows = ops.reshape(x, (flat * length, *x.shape[place + 1 :]))
    base = ops.reshape(ops.arange(flat) * length, (*x.shape[:batch_dims], *(1,) * (index.ndim - batch_dims)))
    return ops.take(rows, ops.cast(index, "int32") + base, 0)


def gather_nd(params: Any, indices: Any, batch_dims: int = 0, name: str | None = None) -> Tensor:
    """Elements or slices at index vectors."""
    if batch_dims:
        raise ArgumentError("tf.gather_nd: batch_dims is not supported", mend="use tf.gather(..., batch_dims=)")
    x, index = convert(params), convert(indices)
    return x[tuple(index[..., axis] for axis in builtins.range(index.shape[-1] or 0))]


def scatter_add(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Tensor:
    """Copy of a tensor with updates added at index vectors."""
    return ops.scatter_update(tensor, indices, updates, "add")


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """Choose x where the condition holds and y elsewhere; without both, the places where it holds, one in each row."""
    if x is None and y is None:
        return ops.cast(ops.stack(list(ops.nonzero(condition)), -1), "int64")
    return ops.where(condition, x, y)


def unique(x: Any, out_idx: Any = "int32", name: str | None = None) -> tuple[Tensor, Tensor]:
    """Elements in the order in which they come first, and for each element of x the place of its value among them."""
    values, first, inverse = np.unique(np.asarray(x), return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return convert(values[order]), ops.cast(place[inverse.reshape(-1)], out_idx)


def one_hot(indices: Any, depth: Any, on_value: Any = None, off_value: Any = None, axis: int | None = None,
            dtype: Any = None, name: str | None = None) -> Tensor:  # fmt: skip
    """Write whole numbers as vectors with a single on_value (1) among off_values (0)."""
    codes = ops.one_hot(indices, int(_plain(depth)), -1 if axis is None else axis, "bool")
    kind = dtypes.standardize(dtype)
    return ops.cast(ops.where(codes, 1 if on_value is None else on_value, 0 if off_value is None else off_value), kind)


def sequence_mask(lengths: Any, maxlen: Any = None, dtype: Any = "bool", name: str | None = None) -> Tensor:
    """Rows that are true up to each length."""
    counts = convert(lengths)
    most = int(np.max(np.asarray(counts))) if maxlen is None else int(_plain(maxlen))
    return ops.cast(ops.arange(most) < ops.expand_dims(counts, -1), dtype)


def argmax(input: Any, axis: int | None = None, output_type: Any = "int64", name: str | None = None,
           dimension: Any = None) -> Tensor:  # fmt: skip
    """Index of the largest element along an axis, the first by default."""
    place = dimension if axis is None and dimension is not None else axis
    return ops.cast(ops.argmax(input, 0 if place is None else int(_plain(place))), output_type)


def argmin(input: Any, axis: int | None = None, output_type: Any = "int64", name: str | None = None,
           dimension: Any = None) -> Tensor:  # fmt: skip
    """Index of the smallest element along an axis, the first by default."""
    place = dimension if axis is None and dimension is not None else axis
    return ops.cast(ops.argmin(input, 0 if place is None else int(_plain(place))), output_type)


def argsort(values: Any, axis: int = -1, direction: str = "ASCENDING", stable: bool = False, name: str | None = None) -> Tensor:
    """Indices that sort an axis."""
    x = convert(values)
    return ops.argsort(-x if direction == "DESCENDING" else x, axis)


def sort(values: Any, axis: int = -1, direction: str = "ASCENDING", name: str | None = None) -> Tensor:
    """An axis in order."""
    result = ops.sort(values, axis)
    return ops.flip(result, axis) if direction == "DESCENDING" else result


def global_norm(t_list: Sequence[Any], name: str | None = None) -> Tensor:
    """Root of the sum of the squares of all elements of all tensors."""
    squares = [ops.sum(ops.square(item)) for item in t_list if item is not None]
    return ops.sqrt(add_n(squares))


def clip_by_norm(t: Any, clip_norm: float, axes: Any = None, name: str | None = None) -> Tensor:
    """Scale a tensor down where its norm is above `clip_norm`."""
    x = convert(t)
    size_of = ops.sqrt(ops.sum(ops.square(x), axes, True))
    return ops.where(size_of > clip_norm, x * clip_norm / ops.maximum(size_of, clip_norm), x)


def clip_by_global_norm(t_list: Sequence[Any], clip_norm: float, use_norm: Any = None, name: str | None = None) -> Any:
    """Scale tensors down together where their common norm is above `clip_norm`; returns them and that norm."""
    total = global_norm(t_list) if use_norm is None else convert(use_norm)
    scale = clip_norm / ops.maximum(total, clip_norm)
    return [None if item is None else convert(item) * scale for item in t_list], total


def add_n(inputs: Sequence[Any], name: str | None = None) -> Tensor:
    """Sum of tensors of one shape."""
    total = convert(inputs[0])
    for item in inputs[1:]:
        total = total + item
    return total


def _running(op: Callable[..., Tensor], x: Any, axis: int, exclusive: bool, reverse: bool, neutral: float) -> Tensor:
    x = convert(x)
    if reverse:
        x = ops.flip(x, axis)
    result = op(x, axis)
    if exclusive:
        place = axis % x.ndim
        first = ops.full_like(x[(builtins.slice(None),) * place + (builtins.slice(0, 1),)], neutral)
        rest = result[(builtins.slice(None),) * place + (builtins.slice(0, -1),)]
        result = ops.concatenate([first, rest], place)
    return ops.flip(result, axis) if reverse else result


def cumsum(x: Any, axis: int = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None) -> Tensor:
    """Running totals; exclusive ones leave out the element itself."""
    return _running(ops.cumsum, x, axis, exclusive, reverse, 0)


def cumprod(x: Any, axis: int = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None) -> Tensor:
    """Running products; exclusive ones leave out the element itself."""
    return _running(ops.cumprod, x, axis, exclusive, reverse, 1)


def matmul(a: Any, b: Any, transpose_a: bool = False, transpose_b: bool = False, adjoint_a: bool = False,
           adjoint_b: bool = False, name: str | None = None, **options: Any) -> Tensor:  # fmt: skip
    """Matrix product over the last two axes."""
    x, y = convert(a), convert(b)
    x = ops.conj(ops.swapaxes(x, -1, -2)) if adjoint_a else ops.swapaxes(x, -1, -2) if transpose_a else x
    y = ops.conj(ops.swapaxes(y, -1, -2)) if adjoint_b else ops.swapaxes(y, -1, -2) if transpose_b else y
    return ops.matmul(x, y)


def norm(tensor: Any, ord: Any = "euclidean", axis: Any = None, keepdims: bool = False, name: str | None = None) -> Tensor:
    """Norm of all elements, of vectors along an axis, or of matrices over two."""
    order = None if ord == "euclidean" else ord
    if axis is None:
        flat = ops.norm(ops.reshape(tensor, (-1,)), order, axis=0)
        return ops.reshape(flat, (1,) * convert(tensor).ndim) if keepdims else flat
    return ops.norm(tensor, order, _plain(axis), keepdims)


def cond(pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any], name: str | None = None) -> Any:
    """The result of one of two functions without arguments."""
    return ops.cond(pred, true_fn, false_fn)


def case(pred_fn_pairs: Any, default: Callable[[], Any] | None = None, exclusive: bool = False, strict: bool = False,
         name: str | None = None) -> Any:  # fmt: skip
    """The result of the function that belongs to the first condition that holds."""
    pairs = list(pred_fn_pairs.items()) if isinstance(pred_fn_pairs, dict) else list(pred_fn_pairs)
    *rest, last = pairs if default is None else [*pairs, (True, default)]
    result: Callable[[], Any] = last[1]
    for condition, function in reversed(rest):
        result = _chosen(condition, function, result)
    return result()


def _chosen(condition: Any, first: Callable[[], Any], second: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: ops.cond(condition, first, second)


def while_loop(cond: Callable[..., Any], body: Callable[..., Any], loop_vars: Any, shape_invariants: Any = None,
               parallel_iterations: int = 10, back_prop: bool = True, swap_memory: bool = False,
               maximum_iterations: int | None = None, name: str | None = None) -> Any:  # fmt: skip
    """Repeat `body` on the loop's variables while `cond` of them holds."""
    return ops.while_loop(cond, body, loop_vars, maximum_iterations)


def map_fn(fn: Callable[[Any], Any], elems: Any, dtype: Any = None, parallel_iterations: Any = None, back_prop: bool = True,
           swap_memory: bool = False, infer_shape: bool = True, name: str | None = None,
           fn_output_signature: Any = None) -> Any:  # fmt: skip
    """Apply a function to each row and stack what it returns."""
    return ops.map(fn, _elements(elems))


def _elements(elems: Any) -> Any:
    """Return what is mapped over: a list of numbers is one tensor, a list of tensors is several."""
    if isinstance(elems, list) and elems and not any(isinstance(item, Tensor | np.ndarray) for item in flatten(elems)):
        return convert(elems)
    return map_structure(convert, elems)


def _folded(fn: Callable[[Any, Any], Any], elems: Any, initializer: Any, reverse: bool) -> list[Any]:
    elems = _elements(elems)
    rows = [map_structure(lambda item, i=i: item[i], elems) for i in builtins.range(len(flatten(elems)[0]))]
    if reverse:
        rows.reverse()
    total = initializer
    results = []
    for row in rows:
        total = row if total is None else fn(total, row)
        results.append(total)
    return results


def scan(fn: Callable[[Any, Any], Any], elems: Any, initializer: Any = None, parallel_iterations: int = 10,
         back_prop: bool = True, swap_memory: bool = False, infer_shape: bool = True, reverse: bool = False,
         name: str | None = None) -> Any:  # fmt: skip
    """Apply a function to the result so far and each row, and stack all results."""
    results = _folded(fn, elems, initializer, reverse)
    if reverse:
        results.reverse()
    return map_structure(lambda *items: ops.stack(list(items)), *results)


def foldl(fn: Callable[[Any, Any], Any], elems: Any, initializer: Any = None, name: str | None = None) -> Any:
    """Apply a function to the result so far and each row, from the first one, and return the last result."""
    return _folded(fn, elems, initializer, False)[-1]


def foldr(fn: Callable[[Any, Any], Any], elems: Any, initializer: Any = None, name: str | None = None) -> Any:
    """As `foldl`, from the last row."""
    return _folded(fn, elems, initializer, True)[-1]


def numpy_function(func: Callable[..., Any], inp: Sequence[Any], Tout: Any, name: str | None = None) -> Any:
    """Call a function of NumPy arrays; for values that are known, not inside of a compiled program."""
    results = func(*[np.asarray(convert(item)) for item in inp])
    if isinstance(Tout, list | tuple):
        return [convert(np.asarray(value), dtypes.standardize(kind)) for value, kind in zip(results, Tout, strict=True)]
    return convert(np.asarray(results), dtypes.standardize(Tout))


def segment_mean(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """Mean of the rows that belong to one segment."""
    x = convert(data)
    count = ops.segment_sum(ops.ones((x.shape[0],), x.dtype), segment_ids)
    total = ops.segment_sum(x, segment_ids)
    return ops.divide_no_nan(total, ops.reshape(count, (-1, *(1,) * (x.ndim - 1))))


def bincount(arr: Any, weights: Any = None, minlength: Any = None, maxlength: Any = None, dtype: Any = "int32",
             name: str | None = None, axis: Any = None, binary_output: bool = False) -> Tensor:  # fmt: skip
    """How often each whole number from 0 occurs."""
    counts = ops.bincount(ops.reshape(arr, (-1,)) if axis is None else arr, weights, minlength or 0)
    if maxlength is not None:
        counts = counts[..., : int(maxlength)]
    return ops.cast(counts > 0, dtype) if binary_output else ops.cast(counts, dtype) if weights is None else counts


def confusion_matrix(labels: Any, predictions: Any, num_classes: int | None = None, weights: Any = None,
                     dtype: Any = "int32", name: str | None = None) -> Tensor:  # fmt: skip
    """How often each class (row) was taken for each class (column)."""
    true, found = convert(labels), convert(predictions)
    count = int(max(np.asarray(true).max(), np.asarray(found).max())) + 1 if num_classes is None else int(num_classes)
    rows, columns = ops.one_hot(true, count), ops.one_hot(found, count)
    if weights is not None:
        rows = rows * ops.expand_dims(convert(weights, "float32"), -1)
    return ops.cast(ops.matmul(ops.transpose(rows), columns), dtype)


def squared_difference(x: Any, y: Any, name: str | None = None) -> Tensor:
    """(x - y)²."""
    return ops.square(ops.subtract(x, y))


def multiply_no_nan(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x * y, and 0 where y is 0 whatever x is."""
    zero = ops.equal(y, 0)
    return ops.where(zero, 0.0, ops.multiply(ops.where(zero, 0.0, x), y))


def xlogy(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x * log(y), and 0 where x is 0."""
    zero = ops.equal(x, 0)
    return ops.where(zero, 0.0, ops.multiply(x, ops.log(ops.where(zero, 1.0, y))))


def polyval(coeffs: Sequence[Any], x: Any, name: str | None = None) -> Tensor:
    """Value of a polynomial whose highest coefficient comes first."""
    x = convert(x)
    total = ops.zeros_like(x)
    for coefficient in coeffs:
        total = total * x + coefficient
    return total


def erfcinv(x: Any, name: str | None = None) -> Tensor:
    """Inverse of the complement of the error function."""
    return ops.erfinv(1.0 - convert(x))


def to_float(x: Any, name: str | None = None) -> Tensor:
    """Convert to float32."""
    return ops.cast(x, "float32")


def to_int32(x: Any, name: str | None = None) -> Tensor:
    """Convert to int32."""
    return ops.cast(x, "int32")


def to_int64(x: Any, name: str | None = None) -> Tensor:
    """Convert to int64."""
    return ops.cast(x, "int64")
