"""Functions of keras.backend whose meaning is more than one op with other names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pipekeras import ops, random
from pipekeras.core import configuration, dtypes, naming
from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError
from pipekeras.graph import layer_graph
from pipekeras.graph.gradient import gradient
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import Variable
from pipekeras.layers.base.node import is_graph_tensor
from pipekeras.nn.optimizers import older_styles

_uids: dict[str, int] = {}


def _type(dtype: Any) -> str:
    return dtypes.standardize(dtype)


def backend() -> str:
    """The library that computes."""
    return "pipekeras"


def cast_to_floatx(x: Any) -> Any:
    """Convert to the default float; an array stays an array."""
    if isinstance(x, Tensor | Variable):
        return ops.cast(x, configuration.floatx())
    return np.asarray(x, dtypes.NUMPY[configuration.floatx()])


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = "int32") -> Tensor:
    """Evenly spaced numbers; one number alone is the stop."""
    return ops.arange(start, stop, step, dtype)


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str | None = None) -> Tensor:
    """A tensor of a value, repeated to `shape` if given."""
    result = convert(value, _type(dtype))
    if shape is None:
        return result
    return ops.broadcast_to(result, tuple(shape)) if result.size == 1 else ops.reshape(result, tuple(shape))


def variable(value: Any, dtype: Any = None, name: str | None = None, constraint: Any = None) -> Variable:
    """A variable with an initial value."""

    def make() -> Variable:
        made = Variable(np.asarray(value), dtype=_type(dtype), name=name)
        made.constraint = constraint
        return made

    return older_styles.kept(make)


def zeros(shape: Any, dtype: Any = None, name: str | None = None) -> Any:
    """A variable of zeros; a tensor where a size is not known."""
    return _filled(shape, dtype, name, 0.0)


def ones(shape: Any, dtype: Any = None, name: str | None = None) -> Any:
    """A variable of ones; a tensor where a size is not known."""
    return _filled(shape, dtype, name, 1.0)


def _filled(shape: Any, dtype: Any, name: str | None, value: float) -> Any:
    sizes = (int(shape),) if isinstance(shape, int | np.integer) else tuple(shape)
    if None in sizes:
        return ops.zeros(sizes, dtype) + value
    return older_styles.kept(lambda: Variable(np.full(sizes, value, dtypes.NUMPY[_type(dtype)]), name=name))


def batch_flatten(x: Any) -> Tensor:
    """Matrices of one row for each sample."""
    x = convert(x)
    size = 1
    for length in x.shape[1:]:
        if length is None:
            raise ShapeError(f"batch_flatten: the sizes of shape {x.shape} behind the batch must be known")
        size *= length
    return ops.reshape(x, (-1, size))


def batch_dot(x: Any, y: Any, axes: Any = None) -> Tensor:
    """Sum of products over one axis of each, sample by sample.

    Args:
        x, y: tensors of two axes or more; the first is the batch.
        axes: int or pair of int, the axis of each; default the last of x and the last but one of y.
    """
    a, b = convert(x), convert(y)
    if a.ndim < 2 or b.ndim < 2:
        raise ShapeError(f"batch_dot needs a batch and one axis more; got shapes {a.shape} and {b.shape}")
    if axes is None:
        axes = (a.ndim - 1, 1 if b.ndim == 2 else b.ndim - 2)
    first, second = (axes, axes) if isinstance(axes, int) else (int(axes[0]), int(axes[1]))
    first, second = first % a.ndim, second % b.ndim
    if not first or not second:
        raise ArgumentError("batch_dot: the first axis is the batch and is not summed over")
    left, right = ops.moveaxis(a, first, -1), ops.moveaxis(b, second, 1)
    rows, columns = left.shape[1:-1], right.shape[2:]
    inner = left.shape[-1] if left.shape[-1] is not None else right.shape[1]
    batch = -1 if left.shape[0] is None else left.shape[0]
    count = int(np.prod([n or 1 for n in rows], dtype=np.int64)), int(np.prod([n or 1 for n in columns], dtype=np.int64))
    product = ops.matmul(ops.reshape(left, (batch, count[0], inner)), ops.reshape(right, (batch, inner, count[1])))
    result = ops.reshape(product, (batch, *[n or 1 for n in rows], *[n or 1 for n in columns]))
    # One number for each sample keeps an axis.
    return ops.expand_dims(result, 1) if result.ndim == 1 else result


def repeat(x: Any, n: int) -> Tensor:
    """Each row of a matrix n times along a new second axis."""
    x = convert(x)
    if x.ndim != 2:
        raise ShapeError(f"repeat needs a matrix (batch, features); got shape {x.shape}")
    return ops.repeat(ops.expand_dims(x, 1), int(n), 1)


def is_keras_tensor(x: Any) -> bool:
    """Whether x is a tensor of a model that is being built."""
    return isinstance(x, Tensor) and x.is_symbolic


def is_sparse(tensor: Any) -> bool:
    """Whether x is sparse: no tensor is."""
    return False


def to_dense(tensor: Any) -> Any:
    """The tensor itself: no tensor is sparse."""
    return tensor


def part(x: Any, start: Any, size: Any) -> Tensor:
    """A part of a tensor, from `start` on, of `size` elements along each axis; -1 takes all that are left."""
    x = convert(x)
    starts, sizes = ([int(n) for n in np.asarray(given).ravel()] for given in (start, size))
    return x[tuple(slice(begin, None if count < 0 else begin + count) for begin, count in zip(starts, sizes, strict=True))]


def image_dim_ordering() -> str:
    """The order of the axes of pictures as Keras 1 called it: "tf" with channels last, "th" with channels first."""
    return "tf" if configuration.image_data_format() == "channels_last" else "th"


def set_image_dim_ordering(dim_ordering: str) -> None:
    """Set the order of the axes of pictures, under its name in Keras 1."""
    if dim_ordering not in ("tf", "th"):
        raise ConfigurationError(f"dim_ordering must be 'tf' or 'th', not {dim_ordering!r}")
    configuration.set_image_data_format("channels_last" if dim_ordering == "tf" else "channels_first")


def get_value(x: Any) -> np.ndarray:
    """The values as an array."""
    return x.numpy() if isinstance(x, Variable) else convert(x).numpy()


def set_value(x: Variable, value: Any) -> None:
    """Give a variable its value."""
    x.assign(np.asarray(value))


def batch_get_value(tensors: Sequence[Any]) -> list[np.ndarray]:
    """The values of several variables."""
    return [get_value(item) for item in tensors]


def batch_set_value(tuples: Sequence[tuple[Variable, Any]]) -> None:
    """Give several variables their values."""
    for item, value in tuples:
        set_value(item, value)


def count_params(x: Any) -> int:
    """The number of elements."""
    return int(np.prod(convert(x).shape, dtype=np.int64))  # type: ignore[arg-type]


def update(x: Variable, new_x: Any) -> Any:
    """Give a variable a value; a pair of both where that is for later: in `get_updates`, and of a layer graph's tensors."""
    if older_styles.is_noting() or is_graph_tensor(new_x):
        return x, new_x
    return x.assign(new_x)


def update_add(x: Variable, increment: Any) -> Any:
    """Add to a variable."""
    return update(x, x + convert(increment, x.dtype))


def update_sub(x: Variable, decrement: Any) -> Any:
    """Subtract from a variable."""
    return update(x, x - convert(decrement, x.dtype))


def moving_average_update(x: Variable, value: Any, momentum: float) -> Any:
    """Move a variable towards a value: x * momentum + value * (1 - momentum)."""
    return update(x, convert(x) * momentum + convert(value) * (1.0 - momentum))


def print_tensor(x: Any, message: str = "", summarize: int = 3) -> Any:
    """Print a tensor's values and return it."""
    tensor = convert(x)
    print(message, tensor.numpy() if tensor.data is not None else tensor)
    return x


def gradients(loss: Any, variables: Any) -> list[Tensor | None]:
    """Derivatives of a loss with respect to variables or tensors; between tensors of a layer graph, tensors of that graph."""
    if isinstance(loss, older_styles.PendingLoss):
        return loss.gradients(variables)
    # Inside of a loss, a tensor of the model stands for what this batch made of it.
    variables, loss = layer_graph.present(variables), layer_graph.present(loss)
    sources = list(variables) if isinstance(variables, list | tuple) else [variables]
    target = convert(loss)
    if target.history is not None:
        from pipekeras.backend.graph_gradients import graph_gradients

        return graph_gradients(target, sources)
    return gradient(target, sources)


def stop_gradient(variables: Any) -> Any:
    """Tensors that gradients do not flow through."""
    if isinstance(variables, list | tuple):
        return [ops.stop_gradient(item) for item in variables]
    return ops.stop_gradient(variables)


def _value(item: Any) -> Any:
    return item() if callable(item) and not isinstance(item, Tensor | Variable) else item


def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """One of two tensors, or of what two functions return, by a condition; by rows where it has fewer axes."""
    chosen = convert(condition)
    if chosen.ndim == 0 and callable(then_expression) and callable(else_expression):
        return ops.cond(chosen, then_expression, else_expression)
    first, second = convert(_value(then_expression)), convert(_value(else_expression))
    missing = max(first.ndim, second.ndim) - chosen.ndim
    if chosen.ndim and missing > 0:
        chosen = ops.expand_dims(chosen, [chosen.ndim + place for place in range(missing)])
    return ops.where(chosen, first, second)


def _training(training: Any) -> Any:
    if training is not None:
        return training
    from pipekeras.layers.base.calling import _context as context

    return bool(context.training)


def in_train_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """`x` while a model trains, `alt` otherwise; both may be functions."""
    phase = _training(training)
    if isinstance(phase, Tensor | Variable):
        return switch(ops.cast(phase, "bool"), x, alt)
    return _value(x if phase else alt)


def in_test_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """`alt` while a model trains, `x` otherwise; both may be functions."""
    return in_train_phase(alt, x, training)


def learning_phase() -> int:
    """1 while a model trains, 0 otherwise."""
    return int(_training(None))


def set_learning_phase(value: Any) -> None:
    """Say whether layers called outside of training behave as in training."""
    from pipekeras.layers.base.calling import _context as context

    if value not in (0, 1, True, False):
        raise ArgumentError(f"the learning phase is 0 or 1, not {value!r}")
    context.training = bool(value)


def map_fn(fn: Callable[[Any], Any], elems: Any, name: str | None = None, dtype: Any = None) -> Any:
    """Apply a function to each row and stack what it returns."""
    rows = convert(elems)
    return ops.stack([convert(fn(rows[index])) for index in range(len(rows))])


def foldl(fn: Callable[[Any, Any], Any], elems: Any, initializer: Any = None, name: str | None = None) -> Any:
    """Apply a function to the result so far and each row, from the first one."""
    rows = list(convert(elems))
    total = rows.pop(0) if initializer is None else initializer
    for row in rows:
        total = fn(total, row)
    return total


def foldr(fn: Callable[[Any, Any], Any], elems: Any, initializer: Any = None, name: str | None = None) -> Any:
    """Apply a function to the result so far and each row, from the last one."""
    return foldl(fn, ops.flip(elems, 0), initializer)


def relu(x: Any, alpha: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Tensor:
    """Rectifier with a slope below the threshold and a largest value."""
    x = convert(x)
    result = ops.where(x > threshold, x, (x - threshold) * alpha) if alpha else ops.where(x > threshold, x, 0.0)
    return result if max_value is None else ops.minimum(result, max_value)


def dropout(x: Any, level: float, noise_shape: Any = None, seed: Any = None) -> Tensor:
    """Set a share of the elements to 0 and scale up the rest."""
    return random.dropout(x, level, noise_shape, seed)


def l2_normalize(x: Any, axis: Any = None) -> Tensor:
    """Divide by the root of the sum of squares along an axis."""
    x = convert(x)
    return x * ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis, True), 1e-12))


def in_top_k(predictions: Any, targets: Any, k: int) -> Tensor:
    """Whether the target class is among the k largest predictions."""
    return ops.in_top_k(targets, predictions, k)


def random_normal(shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Any = None) -> Tensor:
    """Draw from the normal distribution."""
    return random.normal(tuple(shape), mean, stddev, dtype, seed)


def random_uniform(shape: Any, minval: float = 0.0, maxval: float = 1.0, dtype: Any = None, seed: Any = None) -> Tensor:
    """Draw from the uniform distribution."""
    return random.uniform(tuple(shape), minval, maxval, dtype, seed)


def random_bernoulli(shape: Any, p: float = 0.0, dtype: Any = None, seed: Any = None) -> Tensor:
    """Draw ones with probability p, zeros otherwise."""
    return random.bernoulli(tuple(shape), p, dtype, seed)


def truncated_normal(shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Any = None) -> Tensor:
    """Draw from the normal distribution cut off at two standard deviations."""
    return random.truncated_normal(tuple(shape), mean, stddev, dtype, seed)


def random_normal_variable(shape: Any, mean: float, scale: float, dtype: Any = None, name: str | None = None,
                           seed: Any = None) -> Variable:  # fmt: skip
    """A variable of normal numbers."""
    return Variable(np.asarray(random_normal(shape, mean, scale, dtype, seed)), name=name)


def random_uniform_variable(shape: Any, low: float, high: float, dtype: Any = None, name: str | None = None,
                            seed: Any = None) -> Variable:  # fmt: skip
    """A variable of uniform numbers."""
    return Variable(np.asarray(random_uniform(shape, low, high, dtype, seed)), name=name)


def standardize_dtype(dtype: Any) -> str:
    """The name of a data type."""
    return dtypes.standardize(dtype)


def is_float_dtype(dtype: Any) -> bool:
    """Whether a data type is a float."""
    return dtypes.is_float(dtypes.standardize(dtype))


def is_int_dtype(dtype: Any) -> bool:
    """Whether a data type is a whole number."""
    return dtypes.is_integer(dtypes.standardize(dtype))


def result_type(*given: Any) -> str:
    """The data type in which several meet."""
    names = [dtypes.standardize(item) for item in given]
    if not names:
        return configuration.floatx()
    result = names[0]
    for name in names[1:]:
        result = dtypes.promote(result, name)
    return result


def clear_session(free_memory: bool = True) -> None:
    """Start the numbering of names anew."""
    naming.reset_names()
    reset_uids()


def get_uid(prefix: str = "") -> int:
    """The next number of a prefix, from 1."""
    _uids[prefix] = _uids.get(prefix, 0) + 1
    return _uids[prefix]


def reset_uids() -> None:
    """Start the numbers of `get_uid` anew."""
    _uids.clear()
