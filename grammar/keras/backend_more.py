"""`k_*` of convolutions, padding, products of batches, sequences, random numbers and names."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import call_function
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import write
from pipekeras.grammar.keras import convert, sized_later
from pipekeras.grammar.keras.names import python_axis, word, wrap
from pipekeras.grammar.values import NULL, ExternalObject, integer, mk_list

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.variable import Variable


def _tensor(value: Any) -> Any:
    return ops.convert_to_tensor(convert.tensor_or_array(value))


def _plain(value: Any, name: str = "") -> Any:
    return None if value is NULL else convert.argument(name, value)


def _sizes(value: Any, name: str) -> Any:
    found = convert.argument(name, value)
    return tuple(found) if isinstance(found, list) else found


# Sums, products and ranges


@word("k_cumsum", "x, axis = 1")
def k_cumsum(x: Any, axis: Any) -> Any:
    """Add up the elements along an axis counted from 1.

    Args:
        x: tensor.
        axis: number, default the first axis.
    """
    return wrap(ops.cumsum(_tensor(x), axis=python_axis(_plain(axis))))


@word("k_cumprod", "x, axis = 1")
def k_cumprod(x: Any, axis: Any) -> Any:
    """Multiply the elements one after the other along an axis counted from 1.

    Args:
        x: tensor.
        axis: number, default the first axis.
    """
    return wrap(ops.cumprod(_tensor(x), axis=python_axis(_plain(axis))))


@word("k_arange", "start, stop = NULL, step = 1, dtype = 'int32'")
def k_arange(start: Any, stop: Any, step: Any, dtype: Any) -> Any:
    """Return the numbers from start up to, without it, stop; from 0 to start if stop is not given.

    Args:
        start, stop, step: numbers.
        dtype: text, default "int32".
    """
    first, last = (0, _plain(start)) if stop is NULL else (_plain(start), _plain(stop))
    return wrap(ops.arange(first, last, _plain(step), dtype=_plain(dtype)))


@word("k_eye", "size, dtype = NULL, name = NULL")
def k_eye(size: Any, dtype: Any, name: Any) -> Any:
    """Return a variable that holds the identity matrix.

    Args:
        size: number of rows.
        dtype: text, default the default float.
        name: text.
    """
    kind = configuration.floatx() if dtype is NULL else _plain(dtype)
    return ExternalObject(Variable(np.eye(int(_plain(size)), dtype=kind), name=_plain(name)))


@word("k_bias_add", "x, bias, data_format = NULL")
def k_bias_add(x: Any, bias: Any, data_format: Any) -> Any:
    """Add a vector along the channels of a tensor.

    Args:
        x: tensor.
        bias: vector with a number for each channel, or a tensor of a sample's shape.
        data_format: "channels_last" or "channels_first", default the setting.
    """
    tensor, added = _tensor(x), _tensor(bias)
    chosen = _plain(data_format) or configuration.image_data_format()
    if chosen == "channels_first" and len(added.shape) == 1 and len(tensor.shape) > 2:
        added = ops.reshape(added, (-1,) + (1,) * (len(tensor.shape) - 2))
    return wrap(tensor + added)


@word("k_batch_dot", "x, y, axes = NULL")
def k_batch_dot(x: Any, y: Any, axes: Any) -> Any:
    """Multiply two tensors sample by sample, summing over one axis of each.

    Args:
        x, y: tensors whose first axis is that of the samples.
        axes: one or two axes counted from 1, default the last of x and the second last of y.
    """
    left, right = _tensor(x), _tensor(y)
    ranks = len(left.shape), len(right.shape)
    given = _plain(axes)
    if given is None:
        chosen = [ranks[0] - 1, ranks[1] - 2 if ranks[1] > 2 else 1]
    else:
        chosen = [python_axis(item) for item in (given if isinstance(given, list) else [given, given])]
    places = [axis % rank for axis, rank in zip(chosen, ranks, strict=True)]
    if 0 in places:
        raise RError("k_batch_dot() sums over an axis of the samples' own; axis 1 is that of the samples")
    letters = "abcdefghijklmnopqrstuvwxyz"
    first = list(letters[: ranks[0]])
    second = ["a", *letters[ranks[0] : ranks[0] + ranks[1] - 1]]
    second[places[1]] = first[places[0]]
    summed = first[places[0]]
    rest = [item for item in first[1:] + second[1:] if item != summed]
    made = ops.einsum(f"{''.join(first)},{''.join(second)}->a{''.join(rest)}", left, right)
    return wrap(made if rest else ops.expand_dims(made, -1))


@word("k_moving_average_update", "x, value, momentum")
def k_moving_average_update(x: Any, value: Any, momentum: Any) -> Any:
    """Move a variable towards a value: x * momentum + value * (1 - momentum).

    Args:
        x: variable.
        value: tensor of the same shape.
        momentum: number from 0 to 1.
    """
    share = float(convert.argument("momentum", momentum))
    variable = convert.tensor_or_array(x)
    variable.assign(variable * share + _tensor(value) * (1 - share))
    return x


@word("k_in_top_k", "predictions, targets, k")
def k_in_top_k(predictions: Any, targets: Any, k: Any) -> Any:
    """Tell for each sample whether its class is among the k most likely ones.

    Args:
        predictions: probabilities, (samples, classes).
        targets: class numbers from 0.
        k: number.
    """
    return wrap(ops.in_top_k(ops.cast(_tensor(targets), "int32"), _tensor(predictions), int(_plain(k))))


# Order and padding


@word("k_reverse", "x, axes")
def k_reverse(x: Any, axes: Any) -> Any:
    """Turn the order of the elements around along axes counted from 1.

    Args:
        x: tensor.
        axes: numbers.
    """
    return wrap(ops.flip(_tensor(x), python_axis(_plain(axes))))


@word("k_unstack", "x, axis = 1L, num = NULL, name = NULL")
def k_unstack(x: Any, axis: Any, num: Any, name: Any) -> Any:
    """Cut a tensor into the list of its parts along an axis counted from 1.

    Args:
        x: tensor.
        axis: number, default the first axis.
        num: number of parts, needed only where the size is not known.
        name: text, accepted for scripts that give it.
    """
    return mk_list([wrap(part) for part in ops.unstack(_tensor(x), _plain(num), python_axis(_plain(axis)))])


@word("k_temporal_padding", "x, padding = c(1, 1)")
def k_temporal_padding(x: Any, padding: Any) -> Any:
    """Put zeros before and after the steps of (samples, steps, features).

    Args:
        x: tensor.
        padding: two numbers, how many steps before and after.
    """
    return wrap(ops.pad(_tensor(x), ((0, 0), _sizes(padding, "padding"), (0, 0))))


def _padding_word(name: str, axes: int) -> None:
    default = f"list({', '.join(['list(1, 1)'] * axes)})"

    @word(name, f"x, padding = {default}, data_format = NULL")
    def run(x: Any, padding: Any, data_format: Any) -> Any:
        around = [tuple(pair) for pair in convert.argument("padding", padding)]
        chosen = _plain(data_format) or configuration.image_data_format()
        inside = [(0, 0), *around] if chosen == "channels_first" else [*around, (0, 0)]
        return wrap(ops.pad(_tensor(x), ((0, 0), *inside)))

    run.__doc__ = f"""Put zeros around the {axes} axes of images or volumes.

    Args:
        x: tensor with axes of samples and channels.
        padding: list of {axes} pairs of numbers, before and after.
        data_format: "channels_last" or "channels_first", default the setting.
    """


_padding_word("k_spatial_2d_padding", 2)
_padding_word("k_spatial_3d_padding", 3)


# Convolutions and pooling


def _format(data_format: Any) -> str:
    return _plain(data_format) or configuration.image_data_format()


def _filter_word(name: str, run: Any, kernels: tuple[str, ...], axes: int) -> None:
    ones = "1" if axes == 1 else f"c({', '.join(['1'] * axes)})"
    signature = f"x, {', '.join(kernels)}, strides = {ones}, padding = 'valid', data_format = NULL, dilation_rate = {ones}"

    @word(name, signature)
    def convolve(x: Any, *given: Any) -> Any:
        tables = [_tensor(item) for item in given[: len(kernels)]]
        strides, padding, data_format, dilation = given[len(kernels) :]
        return wrap(run(_tensor(x), *tables, _sizes(strides, "strides"), _plain(padding), _format(data_format),
                        _sizes(dilation, "dilation_rate")))  # fmt: skip

    convolve.documents = run  # type: ignore[attr-defined]


for _axes in (1, 2, 3):
    _filter_word(f"k_conv{_axes}d", ops.conv, ("kernel",), _axes)
_filter_word("k_depthwise_conv2d", ops.depthwise_conv, ("depthwise_kernel",), 2)
_filter_word("k_separable_conv2d", ops.separable_conv, ("depthwise_kernel", "pointwise_kernel"), 2)


def _pool_word(axes: int) -> None:
    ones = f"c({', '.join(['1'] * axes)})"

    @word(f"k_pool{axes}d", f"x, pool_size, strides = {ones}, padding = 'valid', data_format = NULL, pool_mode = 'max'")
    def pool(x: Any, pool_size: Any, strides: Any, padding: Any, data_format: Any, pool_mode: Any) -> Any:
        mode = _plain(pool_mode)
        if mode not in ("max", "avg"):
            raise RError(f"pool_mode must be 'max' or 'avg', not '{mode}'")
        run = ops.max_pool if mode == "max" else ops.average_pool
        return wrap(run(_tensor(x), _sizes(pool_size, "pool_size"), _sizes(strides, "strides"), _plain(padding),
                        _format(data_format)))  # fmt: skip

    pool.__doc__ = f"""Take the largest element or the mean of each window over {axes} axes.

    Args:
        x: tensor with axes of samples and channels.
        pool_size, strides: {axes} numbers.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first", default the setting.
        pool_mode: "max" or "avg".
    """


for _axes in (2, 3):
    _pool_word(_axes)


@word("k_batch_normalization", "x, mean, var, beta, gamma, axis = -1, epsilon = 0.001")
def k_batch_normalization(x: Any, mean: Any, var: Any, beta: Any, gamma: Any, axis: Any, epsilon: Any) -> Any:
    """Return (x - mean) / sqrt(var + epsilon) * gamma + beta.

    Args:
        x: tensor.
        mean, var, beta, gamma: a number for each channel.
        axis: axis of the channels, counted from 1, default the last.
    """
    tensor = _tensor(x)
    place = python_axis(_plain(axis))
    return wrap(ops.batch_normalization(tensor, _tensor(mean), _tensor(var), place, _tensor(beta), _tensor(gamma),
                                        float(convert.argument("epsilon", epsilon))))  # fmt: skip


# Functions over elements


@word("k_map_fn", "fn, elems, name = NULL, dtype = NULL")
def k_map_fn(fn: Any, elems: Any, name: Any, dtype: Any) -> Any:
    """Apply a function to each part of a tensor along its first axis and stack the results.

    Args:
        fn: function of one tensor.
        elems: tensor; the size of its first axis is known.
        name: text, accepted for scripts that give it.
        dtype: type of the result, default as it comes.
    """
    made = [_tensor(call_function(fn, [(None, wrap(part))])) for part in ops.unstack(_tensor(elems))]
    result = ops.stack(made)
    return wrap(result if dtype is NULL else ops.cast(result, _plain(dtype)))


def _fold_word(name: str, backwards: bool) -> None:
    @word(name, "fn, elems, initializer = NULL, name = NULL")
    def fold(fn: Any, elems: Any, initializer: Any, label: Any) -> Any:
        parts = [wrap(part) for part in ops.unstack(_tensor(elems))]
        parts = parts[::-1] if backwards else parts
        gathered = initializer if initializer is not NULL else parts.pop(0)
        for part in parts:
            gathered = call_function(fn, [(None, gathered), (None, part)])
        return wrap(_tensor(gathered))

    fold.__doc__ = f"""Combine the parts of a tensor along its first axis, from the {"last" if backwards else "first"} on.

    Args:
        fn: function(gathered, part).
        elems: tensor; the size of its first axis is known.
        initializer: what to begin with, default the first part that is met.
    """


_fold_word("k_foldl", False)
_fold_word("k_foldr", True)


# Random numbers


@word("k_dropout", "x, level, noise_shape = NULL, seed = NULL")
def k_dropout(x: Any, level: Any, noise_shape: Any, seed: Any) -> Any:
    """Set a share of the elements to 0, and scale the others up so that the mean stays.

    Args:
        x: tensor.
        level: number from 0 to 1, the share.
        noise_shape: sizes; 1 where elements along an axis are dropped together.
        seed: number.
    """
    from pipekeras import random

    found = sized_later.call_now_or_later(random.dropout, inputs=_tensor(x), rate=float(_plain(level)),
                                          noise_shape=convert.sizes(noise_shape), seed=_plain(seed))  # fmt: skip
    return wrap(found)


def _bernoulli(shape: Any, p: Any, dtype: Any, seed: Any) -> Any:
    """Draw ones with probability p, and zeros.

    Args:
        shape: sizes.
        p: number from 0 to 1.
        dtype: text, default the default float.
        seed: number.
    """
    from pipekeras import random

    kind = configuration.floatx() if dtype is NULL else _plain(dtype)
    found = sized_later.call_now_or_later(random.bernoulli, shape=convert.sizes(shape) or (), p=float(_plain(p)),
                                          dtype=kind, seed=_plain(seed))  # fmt: skip
    return wrap(found)


for _name in ("k_random_bernoulli", "k_random_binomial"):
    word(_name, "shape, p = 0, dtype = NULL, seed = NULL")(_bernoulli)


def _drawn_variable(name: str, draw: str, first: str, second: str) -> None:
    @word(name, f"shape, {first}, {second}, dtype = NULL, name = NULL, seed = NULL")
    def run(shape: Any, low: Any, high: Any, dtype: Any, label: Any, seed: Any) -> Any:
        from pipekeras import random

        kind = configuration.floatx() if dtype is NULL else _plain(dtype)
        values = getattr(random, draw)(convert.shape(shape) or (), float(_plain(low)), float(_plain(high)), kind,
                                       _plain(seed))  # fmt: skip
        return ExternalObject(Variable(values, dtype=kind, name=_plain(label)))

    run.__doc__ = f"Return a variable drawn from the {draw} distribution with the given {first} and {second}."


_drawn_variable("k_random_normal_variable", "normal", "mean", "scale")
_drawn_variable("k_random_uniform_variable", "uniform", "low", "high")


@word("k_truncated_normal", "shape, mean = 0, stddev = 1, dtype = NULL, seed = NULL")
def k_truncated_normal(shape: Any, mean: Any, stddev: Any, dtype: Any, seed: Any) -> Any:
    """Draw from the normal distribution, without values further than two stddev from the mean.

    Args:
        shape: sizes.
        mean, stddev: numbers.
        dtype: text, default the default float.
        seed: number.
    """
    from pipekeras import random

    kind = configuration.floatx() if dtype is NULL else _plain(dtype)
    found = sized_later.call_now_or_later(
        random.truncated_normal, shape=convert.sizes(shape) or (), mean=float(_plain(mean)), stddev=float(_plain(stddev)),
        dtype=kind, seed=_plain(seed),
    )  # fmt: skip
    return wrap(found)


# Questions about tensors, variables and names


@word("k_is_keras_tensor", "x")
def k_is_keras_tensor(x: Any) -> Any:
    """Return whether x is a tensor of a model under construction, without values."""
    found = x.value if isinstance(x, ExternalObject) else None
    return wrap(isinstance(found, Tensor) and found.data is None)


@word("k_is_placeholder", "x")
def k_is_placeholder(x: Any) -> Any:
    """Return whether x is a tensor of a model under construction, without values."""
    return k_is_keras_tensor(x)


@word("k_is_sparse", "tensor")
def k_is_sparse(tensor: Any) -> Any:
    """Return whether a tensor keeps its non-zero elements only; tensors here keep all, so FALSE."""
    return wrap(False)


@word("k_count_params", "x")
def k_count_params(x: Any) -> Any:
    """Return the number of elements of a variable or tensor."""
    return integer(int(np.prod(convert.tensor_or_array(x).shape, dtype=np.int64)))


@word("k_get_variable_shape", "x")
def k_get_variable_shape(x: Any) -> Any:
    """Return the shape of a variable as a list."""
    return mk_list([integer(int(size)) for size in convert.tensor_or_array(x).shape])


@word("k_batch_get_value", "ops")
def k_batch_get_value(tensors: Any) -> Any:
    """Return the values of a list of variables or tensors as a list of arrays."""
    return mk_list([convert.result(item.numpy()) for item in convert.data(tensors)])


@word("k_batch_set_value", "lists", invisible=True)
def k_batch_set_value(lists: Any) -> Any:
    """Replace the values of several variables.

    Args:
        lists: list of pairs list(variable, value).
    """
    from pipekeras.grammar.keras.backend import k_set_value

    for pair in lists.data:
        k_set_value(pair.data[0], pair.data[1])
    return NULL


@word("k_print_tensor", "x, message = ''")
def k_print_tensor(x: Any, message: Any) -> Any:
    """Print a tensor's values after a message, and return the tensor.

    Args:
        x: tensor.
        message: text.
    """
    tensor = convert.tensor_or_array(x)
    shown = tensor.numpy() if isinstance(tensor, Variable) or getattr(tensor, "data", None) is not None else tensor
    write(f"{_plain(message)}{' ' if _plain(message) else ''}{shown}\n")
    return x


_counts: dict[str, int] = {}


@word("k_get_uid", "prefix = ''")
def k_get_uid(prefix: Any) -> Any:
    """Return 1, 2, 3 and so on for each prefix.

    Args:
        prefix: text.
    """
    key = str(_plain(prefix))
    _counts[key] = _counts.get(key, 0) + 1
    return integer(_counts[key])


@word("k_reset_uids", "", invisible=True)
def k_reset_uids() -> Any:
    """Begin the numbers of k_get_uid() and of layer names anew."""
    from pipekeras.core.naming import reset_names

    _counts.clear()
    reset_names()
    return NULL
