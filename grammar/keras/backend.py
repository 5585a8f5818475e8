"""`k_*`: the functions of the backend. They are the op table under other names; axes count from 1."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar import external
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import call_function
from pipekeras.grammar.keras import convert, sized_later
from pipekeras.grammar.keras.names import python_axis, word, wrap
from pipekeras.grammar.values import NULL, ExternalObject, Vector, character, dim_of, double, is_function, mk_list
from pipekeras.grammar.vectors.unsupported import only_default

from pipekeras import ops
from pipekeras.core import configuration, dtypes
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.variable import Variable

# Words whose arguments and meaning are those of an op, with the op's name where it differs.
_SAME = {
    "abs": "absolute", "cos": "cos", "sin": "sin", "exp": "exp", "log": "log", "round": "round", "sign": "sign",
    "sqrt": "sqrt", "square": "square", "sigmoid": "sigmoid", "tanh": "tanh", "softplus": "softplus",
    "softsign": "softsign", "hard_sigmoid": "hard_sigmoid", "identity": "copy",
    "pow": "power", "maximum": "maximum", "minimum": "minimum", "equal": "equal", "not_equal": "not_equal",
    "greater": "greater", "greater_equal": "greater_equal", "less": "less", "less_equal": "less_equal",
    "transpose": "transpose", "zeros_like": "zeros_like", "ones_like": "ones_like",
}  # fmt: skip
_REDUCING = {"sum": "sum", "mean": "mean", "max": "max", "min": "min", "prod": "prod", "std": "std", "var": "var",
             "all": "all", "any": "any", "logsumexp": "logsumexp"}  # fmt: skip


def _tensor(value: Any) -> Any:
    found = convert.tensor_or_array(value)
    if isinstance(found, convert.UnknownSize):
        return sized_later.plain(found)
    if isinstance(found, convert.Sizes) and None in found and found.source is not None and found.source.history is not None:
        from pipekeras.backend.graph_shapes import ShapeOf

        return ops.take(ShapeOf()(found.source), list(found.axes), axis=0)
    return found


# The backend's names of arguments, where an op has others; None is a name that changes nothing.
_TWO = {"x": "x1", "y": "x2"}
_NAMES: dict[str, dict[str, str | None]] = {
    **{name: {**_TWO} for name in ("maximum", "minimum", "equal", "not_equal", "greater", "greater_equal", "less",
                                   "less_equal")},
    "pow": {"x": "x1", "a": "x2"},
    "identity": {"x": "x", "name": None},
    "zeros_like": {"x": "x", "dtype": "dtype", "name": None},
    "ones_like": {"x": "x", "dtype": "dtype", "name": None},
}  # fmt: skip


def _same_word(name: str, op: Callable[..., Any]) -> None:
    parameters = inspect.signature(op).parameters
    names = _NAMES.get(name) or {label: label for label in parameters}
    required = {own for own, p in parameters.items() if p.default is p.empty}
    pieces = [label if own in required else f"{label} = NULL" for label, own in names.items()]

    @word(f"k_{name}", ", ".join(pieces))
    def run(*values: Any) -> Any:
        given = {
            own: convert.argument(own, value) if own == "dtype" else _tensor(value)
            for own, value in zip(names.values(), values, strict=True)
            if value is not NULL and own is not None
        }
        return wrap(op(**given))

    run.documents = op  # type: ignore[attr-defined]


for _name, _op in _SAME.items():
    _same_word(_name, getattr(ops, _op))


def _reducing_word(name: str, op: Callable[..., Any]) -> None:
    @word(f"k_{name}", "x, axis = NULL, keepdims = FALSE")
    def run(x: Any, axis: Any, keepdims: Any) -> Any:
        place = None if axis is NULL else python_axis(convert.argument("axis", axis))
        return wrap(op(_tensor(x), axis=place, keepdims=bool(convert.argument("keepdims", keepdims))))

    run.documents = op  # type: ignore[attr-defined]


for _name, _op in _REDUCING.items():
    _reducing_word(_name, getattr(ops, _op))


@word("k_switch", "condition, then_expression, else_expression")
def k_switch(condition: Any, then: Any, otherwise: Any) -> Any:
    """Return one of two values, by one truth value or by element.

    Args:
        condition: truth value, or tensor of them: for whole rows where the values have more axes.
        then_expression, else_expression: tensors, or functions without arguments that return them.
    """
    decision = _tensor(condition)
    parts = [_branch(value) for value in (then, otherwise)]
    if decision.ndim == 0 and any(map(is_function, (then, otherwise))):
        return wrap(ops.cond(decision, *parts))
    first, second = (part() for part in parts)
    while 0 < decision.ndim < max(first.ndim, second.ndim):
        decision = ops.expand_dims(decision, -1)
    return wrap(ops.where(decision, first, second))


def _branch(value: Any) -> Callable[[], Any]:
    """Return a function without arguments that returns a tensor: what the program's function returns, or the value."""
    return lambda: _tensor(call_function(value, []) if is_function(value) else value)


@word("k_argmax", "x, axis = -1")
def k_argmax(x: Any, axis: Any) -> Any:
    """Index, from 0, of the largest element along an axis counted from 1."""
    return wrap(ops.argmax(_tensor(x), axis=python_axis(convert.argument("axis", axis))))


@word("k_argmin", "x, axis = -1")
def k_argmin(x: Any, axis: Any) -> Any:
    """Index, from 0, of the smallest element along an axis counted from 1."""
    return wrap(ops.argmin(_tensor(x), axis=python_axis(convert.argument("axis", axis))))


@word("k_dot", "x, y")
def k_dot(x: Any, y: Any) -> Any:
    """Matrix product over the last axis of x and the last but one of y."""
    return wrap(ops.dot(_tensor(x), _tensor(y)))


@word("k_clip", "x, min_value = NULL, max_value = NULL")
def k_clip(x: Any, low: Any, high: Any) -> Any:
    """Limit each element."""
    least = -np.inf if low is NULL else convert.argument("min_value", low)
    most = np.inf if high is NULL else convert.argument("max_value", high)
    return wrap(ops.clip(_tensor(x), least, most))


@word("k_cast", "x, dtype")
def k_cast(x: Any, dtype: Any) -> Any:
    """Convert to another type."""
    return wrap(ops.cast(_tensor(x), str(dtype.items()[0])))


@word("k_cast_to_floatx", "x")
def k_cast_to_floatx(x: Any) -> Any:
    """Convert to the default float."""
    return wrap(ops.cast(_tensor(x), configuration.floatx()))


@word("k_constant", "value, dtype = NULL, shape = NULL, name = NULL")
def k_constant(value: Any, dtype: Any, shape: Any, name: Any) -> Any:
    """Return a tensor of given values, float32 unless told otherwise."""
    kind = "float32" if dtype is NULL else str(dtype.items()[0])
    single = isinstance(value, Vector) and value.kind != "list" and dim_of(value) is None and len(value.data) == 1
    found = np.asarray(_tensor(value) if isinstance(value, Vector) and value.kind == "list" else convert.data(value))
    found = found.reshape(()) if single else found
    sizes: tuple[Any, ...] = found.shape if shape is NULL else tuple(convert.shape(shape) or ())
    # As many values as the shape has places fill them row by row; fewer are repeated.
    fits = None not in sizes and math.prod(sizes) == found.size
    tensor = ops.convert_to_tensor(found.reshape(sizes) if fits else found, kind)
    return wrap(tensor if fits else ops.broadcast_to(tensor, sizes))


@word("k_variable", "value, dtype = NULL, name = NULL, constraint = NULL")
def k_variable(value: Any, dtype: Any, name: Any, constraint: Any) -> Any:
    """Return a variable with given values."""
    only_default("k_variable", constraint=(constraint, None))
    kind = "float32" if dtype is NULL else str(dtype.items()[0])
    found = np.asarray(_tensor(value))
    return ExternalObject(Variable(found, dtype=kind, name=None if name is NULL else str(name.items()[0])))


@word("k_shape", "x")
def k_shape(x: Any) -> Any:
    """Return the shape: a tensor, or sizes of which some are known only when the program runs."""
    tensor = _tensor(x)
    sizes = tuple(tensor.shape)
    return ExternalObject(convert.Sizes(sizes, tensor)) if None in sizes else wrap(ops.convert_to_tensor(list(sizes)))


@word("k_int_shape", "x")
def k_int_shape(x: Any) -> Any:
    """Return the shape as a list; NULL for sizes that are not known."""
    return mk_list([NULL if n is None else wrap(n) for n in _tensor(x).shape])


@word("k_ndim", "x")
def k_ndim(x: Any) -> Any:
    """Return the number of axes."""
    return wrap(len(_tensor(x).shape))


@word("k_dtype", "x")
def k_dtype(x: Any) -> Any:
    """Return the name of the type."""
    return character(dtypes.standardize(_tensor(x).dtype))


@word("k_reshape", "x, shape")
def k_reshape(x: Any, shape: Any) -> Any:
    """Give the elements another shape, row by row."""
    wanted = convert.sizes(shape) or ()
    if sized_later.sources_of(wanted):
        return wrap(sized_later.call_now_or_later(ops.reshape, x=_tensor(x), newshape=wanted))
    return wrap(ops.reshape(_tensor(x), tuple(-1 if n is None else n for n in convert.shape(shape) or ())))


@word("k_flatten", "x")
def k_flatten(x: Any) -> Any:
    """Return the elements in one axis."""
    return wrap(ops.reshape(_tensor(x), (-1,)))


@word("k_batch_flatten", "x")
def k_batch_flatten(x: Any) -> Any:
    """Return each sample's elements in one axis."""
    tensor = _tensor(x)
    rest = tensor.shape[1:]
    if None in rest:
        raise RError("k_batch_flatten() needs all sizes but the first")
    return wrap(ops.reshape(tensor, (-1, int(np.prod(rest, dtype=np.int64)))))


@word("k_expand_dims", "x, axis = -1")
def k_expand_dims(x: Any, axis: Any) -> Any:
    """Insert an axis of size 1."""
    return wrap(ops.expand_dims(_tensor(x), python_axis(convert.argument("axis", axis))))


@word("k_squeeze", "x, axis = NULL")
def k_squeeze(x: Any, axis: Any) -> Any:
    """Remove an axis of size 1."""
    return wrap(ops.squeeze(_tensor(x), None if axis is NULL else python_axis(convert.argument("axis", axis))))


@word("k_permute_dimensions", "x, pattern")
def k_permute_dimensions(x: Any, pattern: Any) -> Any:
    """Put the axes, counted from 1, in another order."""
    return wrap(ops.transpose(_tensor(x), python_axis(convert.argument("pattern", pattern))))


@word("k_concatenate", "tensors, axis = -1")
def k_concatenate(tensors: Any, axis: Any) -> Any:
    """Join tensors along an axis counted from 1."""
    return wrap(ops.concatenate(convert.data(tensors), python_axis(convert.argument("axis", axis))))


@word("k_stack", "x, axis = 1")
def k_stack(x: Any, axis: Any) -> Any:
    """Join tensors along a new axis counted from 1; a single number is one, not a row of one."""
    parts = [external.to_python(part) for part in x.data] if type(x) is Vector and x.kind == "list" else convert.data(x)
    sizes = sized_later.joined(parts)
    if sizes is not None:
        return mk_list([wrap(size) for size in sizes])
    return wrap(ops.stack(parts, python_axis(convert.argument("axis", axis))))


@word("k_repeat_elements", "x, rep, axis")
def k_repeat_elements(x: Any, rep: Any, axis: Any) -> Any:
    """Repeat each element along an axis counted from 1."""
    return wrap(ops.repeat(_tensor(x), convert.argument("rep", rep), python_axis(convert.argument("axis", axis))))


@word("k_repeat", "x, n")
def k_repeat(x: Any, n: Any) -> Any:
    """Repeat a matrix of samples along a new second axis."""
    return wrap(ops.repeat(ops.expand_dims(_tensor(x), 1), convert.argument("n", n), 1))


@word("k_tile", "x, n")
def k_tile(x: Any, n: Any) -> Any:
    """Repeat a whole tensor along its axes."""
    counts = convert.sizes(n) if isinstance(n, Vector) and n.kind == "list" else convert.argument("n", n)
    return wrap(sized_later.call_now_or_later(ops.tile, x=_tensor(x), repeats=counts))


@word("k_one_hot", "indices, num_classes")
def k_one_hot(indices: Any, num_classes: Any) -> Any:
    """Write whole numbers from 0 as vectors with a single 1."""
    return wrap(ops.one_hot(ops.cast(_tensor(indices), "int32"), convert.argument("num_classes", num_classes)))


@word("k_gather", "reference, indices")
def k_gather(reference: Any, indices: Any) -> Any:
    """Read rows by index: R numbers count from 1, tensors from 0."""
    found = _tensor(indices)
    index = found if isinstance(found, Tensor | Variable) else np.asarray(found).astype(np.int32) - 1
    return wrap(ops.take(_tensor(reference), index, 0))


@word("k_relu", "x, alpha = 0, max_value = NULL, threshold = 0")
def k_relu(x: Any, alpha: Any, max_value: Any, threshold: Any) -> Any:
    """Rectifier with a slope below, a limit above and a threshold."""
    from pipekeras import activations

    limit = None if max_value is NULL else convert.argument("max_value", max_value)
    return wrap(activations.relu(_tensor(x), float(convert.argument("alpha", alpha)), limit,
                                 float(convert.argument("threshold", threshold))))  # fmt: skip


@word("k_elu", "x, alpha = 1")
def k_elu(x: Any, alpha: Any) -> Any:
    """Exponential linear unit."""
    return wrap(ops.elu(_tensor(x), float(convert.argument("alpha", alpha))))


@word("k_softmax", "x, axis = -1")
def k_softmax(x: Any, axis: Any) -> Any:
    """Turn numbers into probabilities along an axis counted from 1."""
    return wrap(ops.softmax(_tensor(x), python_axis(convert.argument("axis", axis))))


@word("k_l2_normalize", "x, axis = NULL")
def k_l2_normalize(x: Any, axis: Any) -> Any:
    """Divide by the Euclidean norm along an axis counted from 1."""
    place = None if axis is NULL else python_axis(convert.argument("axis", axis))
    tensor = ops.convert_to_tensor(_tensor(x))
    return wrap(tensor * ops.rsqrt(ops.maximum(ops.sum(ops.square(tensor), place, True), 1e-12)))


def _crossentropy_word(name: str) -> None:
    @word(f"k_{name}", "target, output, from_logits = FALSE, axis = -1")
    def run(target: Any, output: Any, from_logits: Any, axis: Any) -> Any:
        options = {} if name == "binary_crossentropy" else {"axis": python_axis(convert.argument("axis", axis))}
        logits = bool(convert.argument("from_logits", from_logits))
        return wrap(getattr(ops, name)(_tensor(target), _tensor(output), from_logits=logits, **options))

    run.documents = getattr(ops, name)  # type: ignore[attr-defined]


for _name in ("binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"):
    _crossentropy_word(_name)


def _filled_word(name: str) -> None:
    @word(f"k_{name}", "shape, dtype = NULL, name = NULL")
    def run(shape: Any, dtype: Any, label: Any) -> Any:
        kind = "float32" if dtype is NULL else str(dtype.items()[0])
        sizes = convert.sizes(shape)
        if sized_later.sources_of(sizes):
            return wrap(sized_later.call_now_or_later(getattr(ops, name), shape=sizes, dtype=kind))
        return ExternalObject(Variable(np.full(convert.shape(shape) or (), 1 if name == "ones" else 0, kind)))

    run.__doc__ = f"Return a variable of {name}."


for _name in ("zeros", "ones"):
    _filled_word(_name)


def _random_word(name: str, signature: str) -> None:
    names = [piece.split("=")[0].strip() for piece in signature.split(",")]

    @word(f"k_random_{name}", signature)
    def run(*values: Any) -> Any:
        from pipekeras import random

        given = {n: convert.argument(n, v) for n, v in zip(names, values, strict=True) if v is not NULL and n != "shape"}
        given["shape"] = convert.sizes(values[0])
        return wrap(sized_later.call_now_or_later(getattr(random, name), **given))

    run.__doc__ = f"Draw from the {name} distribution."


_random_word("normal", "shape, mean = 0, stddev = 1, dtype = NULL, seed = NULL")
_random_word("uniform", "shape, minval = 0, maxval = 1, dtype = NULL, seed = NULL")


@word("k_get_value", "x")
def k_get_value(x: Any) -> Any:
    """Return the values of a tensor or variable as an R array."""
    return convert.result(_tensor(x).numpy())


@word("k_eval", "x")
def k_eval(x: Any) -> Any:
    """Return the values of a tensor or variable as an R array."""
    return k_get_value(x)


@word("k_set_value", "x, value", invisible=True)
def k_set_value(x: Any, value: Any) -> Any:
    """Replace the values of a variable."""
    variable = _tensor(x)
    found = np.asarray(_tensor(value))
    variable.assign(found.reshape(variable.shape) if found.size == np.prod(variable.shape, dtype=np.int64) else found)
    return NULL


def _update_word(name: str, method: str, argument: str) -> None:
    @word(f"k_{name}", f"x, {argument}")
    def update(x: Any, value: Any) -> Any:
        """Change a variable and return it."""
        getattr(_tensor(x), method)(_tensor(value))
        return x


_update_word("update", "assign", "new_x")
_update_word("update_add", "assign_add", "increment")
_update_word("update_sub", "assign_sub", "decrement")


@word("k_gradients", "loss, variables")
def k_gradients(loss: Any, variables: Any) -> Any:
    """Return the derivatives of a loss for a list of variables or tensors."""
    from pipekeras.backend.functions import gradients

    return mk_list([wrap(item) for item in gradients(_tensor(loss), convert.data(variables))])


@word("k_epsilon", "")
def k_epsilon() -> Any:
    """Return the small number that keeps divisions finite."""
    return double(configuration.epsilon())


@word("k_floatx", "")
def k_floatx() -> Any:
    """Return the default float type."""
    return character(configuration.floatx())


@word("k_image_data_format", "")
def k_image_data_format() -> Any:
    """Return "channels_last" or "channels_first"."""
    return character(configuration.image_data_format())


@word("k_backend", "")
def k_backend() -> Any:
    """Return the name of the runtime."""
    return character("pipekeras")


def _setting_word(name: str, argument: str, change: Callable[[Any], None]) -> None:
    @word(f"k_set_{name}", argument, invisible=True)
    def set_value(value: Any) -> Any:
        """Change a setting."""
        change(external.to_python(value))
        return NULL


_setting_word("floatx", "floatx", configuration.set_floatx)
_setting_word("epsilon", "e", configuration.set_epsilon)
_setting_word("image_data_format", "data_format", configuration.set_image_data_format)


@word("k_stop_gradient", "variables")
def k_stop_gradient(variables: Any) -> Any:
    """Return a tensor, or a list of tensors, as a constant for the derivatives.

    Args:
        variables: tensor, or list of tensors.
    """
    found = convert.data(variables)
    if isinstance(found, list):
        return mk_list([wrap(ops.stop_gradient(item)) for item in found])
    return wrap(ops.stop_gradient(_tensor(variables)))


@word("k_clear_session", "", invisible=True)
def k_clear_session() -> Any:
    """Start the numbering of layer names anew."""
    from pipekeras.core.naming import reset_names

    reset_names()
    return NULL


@word("k_is_tensor", "x")
def k_is_tensor(x: Any) -> Any:
    """Whether x is a tensor."""
    return wrap(isinstance(_tensor(x), Tensor))
