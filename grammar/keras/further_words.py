"""Further words: keras3's spellings, the learning phase, backend functions that programs of older versions call."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import Builtin, call_function
from pipekeras.grammar.conversion import call_from_runtime
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.names import OWN, word, wrap
from pipekeras.grammar.values import NULL, Vector, character, double, integer, mk_list

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.graph.tensor import Tensor

_SPELLINGS = {
    "keras_input": "layer_input",
    "Callback": "new_callback_class",
    "Loss": "new_loss_class",
    "Metric": "new_metric_class",
    "Model": "new_model_class",
    "LearningRateSchedule": "new_learning_rate_schedule_class",
    "model_from_saved_model": "load_model_tf",
    "model_to_saved_model": "save_model_tf",
    "optimizer_adamw": "optimizer_adam_w",
    "clear_session": "k_clear_session",
}
"""keras3's and older words for what is here under another name."""


def enter_spellings() -> None:
    """Bind the further spellings of words that the other files have made."""
    for own, other in _SPELLINGS.items():
        if own not in OWN and other in OWN:
            OWN[own] = OWN[other]
    for own, argument in (("save_model_weights", "save_model_weights_hdf5"), ("load_model_weights", "load_model_weights_hdf5")):
        OWN.setdefault(own, OWN[argument])


def _flagless(name: str, text: str, value: Any) -> None:
    @word(name, "...", invisible=True)
    def accept(dots: Any) -> Any:
        return value

    accept.__doc__ = text


_flagless("tfe_enable_eager_execution", "Accepted for scripts that call it: everything runs at once.", NULL)
_flagless("k_manual_variable_initialization", "Accepted for scripts that call it: variables begin with values.", NULL)
_flagless("k_set_session", "Accepted for scripts that call it: there are no sessions.", NULL)


@word("multi_gpu_model", "model, gpus = NULL, cpu_merge = TRUE, cpu_relocation = FALSE", invisible=True)
def multi_gpu_model(model: Any, gpus: Any, merge: Any, relocation: Any) -> Any:
    """Return the model: it uses all processors as it is.

    Args:
        model: model.
        gpus, cpu_merge, cpu_relocation: accepted.
    """
    return model


@word("k_get_session", "")
def k_get_session() -> Any:
    """Refused with an error: there are no sessions."""
    raise RError("there are no sessions: values are there at once", mend="use k_eval(x) or as.array(x)")


@word("tensorboard", "log_dir = NULL, action = 'start', ...", invisible=True)
def tensorboard(log_dir: Any, action: Any, dots: Any) -> Any:
    """Say how to look at logs: the TensorBoard program is started from the shell.

    Args:
        log_dir: folder of callback_tensorboard().
        action: accepted.
    """
    from pipekeras.grammar.evaluation.machine import write_error

    folder = next((value for name, value in dots if name == "logdir"), log_dir)
    write_error(f"note: to look at the logs run: tensorboard --logdir {'logs' if folder is NULL else folder.items()[0]}\n")
    return NULL


PROPERTY = "py_method_decorator"
"""The attribute by which reticulate knows a function of a class that is read like a field."""


@word("mark_active", "x")
def mark_active(x: Any) -> Any:
    """Mark a function of a class as one that computes a field when it is read.

    Args:
        x: function.
    """
    if not hasattr(x, "with_attributes"):
        return x
    return x.with_attributes({**(x.attributes or {}), PROPERTY: character("property")})


OWN["active_property"] = OWN["mark_active"]


@word("named_list", "...")
def named_list(dots: Any) -> Any:
    """Return a list with names, also when it is empty.

    Args:
        ...: values by name.
    """
    return mk_list([value for _, value in dots], [name or "" for name, _ in dots])


@word("keras_array", "x, dtype = NULL")
def keras_array(x: Any, dtype: Any) -> Any:
    """Return arrays, or lists of arrays, as tensors.

    Args:
        x: array or list of arrays.
        dtype: text, default float32 for doubles.
    """
    if isinstance(x, Vector) and x.kind == "list":
        return mk_list([keras_array(item, dtype) for item in x.data])
    return wrap(ops.convert_to_tensor(convert.tensor_or_array(x), None if dtype is NULL else str(dtype.items()[0])))


@word("hdf5_matrix", "datapath, dataset, start = 0, end = NULL, normalizer = NULL")
def hdf5_matrix(path: Any, dataset: Any, start: Any, end: Any, normalizer: Any) -> Any:
    """Read rows of an array in an HDF5 file.

    Args:
        datapath: file.
        dataset: name of the array in it.
        start, end: rows, from 0; the end is left out.
        normalizer: function of the rows, or NULL.
    """
    import os

    import h5py

    with h5py.File(os.path.expanduser(str(path.items()[0])), "r") as stored:
        name = str(dataset.items()[0])
        if name not in stored or not isinstance(stored[name], h5py.Dataset):
            raise RError(f"the file has no array '{name}'", mend=f"it has {', '.join(stored)}")
        rows = stored[name][int(convert.argument("start", start)) : convert.argument("end", end)]
    made = convert.result(np.asarray(rows))
    return made if normalizer is NULL else call_function(normalizer, [(None, made)])


# Learning phase


def _training() -> bool:
    from pipekeras.layers.base import calling

    return bool(calling._context.training)


_PHASE = {"forced": None}


@word("k_learning_phase", "")
def k_learning_phase() -> Any:
    """Return 1 while a model is trained, else 0."""
    forced = _PHASE["forced"]
    return integer(int(_training() if forced is None else forced))


@word("k_set_learning_phase", "value", invisible=True)
def k_set_learning_phase(value: Any) -> Any:
    """Fix what k_learning_phase(), k_in_train_phase() and k_in_test_phase() say.

    Args:
        value: 0, 1, FALSE or TRUE.
    """
    _PHASE["forced"] = bool(external.to_python(value))  # type: ignore[assignment]
    return NULL


def _chosen(x: Any, alt: Any, training: Any) -> Any:
    if training is NULL:
        forced = _PHASE["forced"]
        active = _training() if forced is None else forced
    else:
        active = bool(external.to_python(training))
    picked = x if active else alt
    return call_function(picked, []) if getattr(picked, "kind", None) in ("closure", "builtin") else picked


@word("k_in_train_phase", "x, alt, training = NULL")
def k_in_train_phase(x: Any, alt: Any, training: Any) -> Any:
    """Return x while training, else alt.

    Args:
        x, alt: values, or functions without arguments.
        training: TRUE or FALSE, default what the model does.
    """
    return _chosen(x, alt, training)


@word("k_in_test_phase", "x, alt, training = NULL")
def k_in_test_phase(x: Any, alt: Any, training: Any) -> Any:
    """Return alt while training, else x.

    Args:
        x, alt: values, or functions without arguments.
        training: TRUE or FALSE, default what the model does.
    """
    return _chosen(alt, x, training)


# Functions of the backend


@word("k_function", "inputs, outputs, updates = NULL, ...")
def k_function(inputs: Any, outputs: Any, updates: Any, dots: Any) -> Any:
    """Make a function from the values of inputs to those of outputs of a model.

    Args:
        inputs: list of input tensors of a model; k_learning_phase() among them takes whether the model trains.
        outputs: list of tensors that follow from them.
        updates: NULL; variables change where layers say so.
    """
    from pipekeras.models import Model

    if updates is not NULL and len(updates):
        raise RError("k_function() takes no updates", mend="change variables with k_update() where they are used")
    sources, results = convert.data(inputs), convert.data(outputs)
    sources = sources if isinstance(sources, list) else [sources]
    results = results if isinstance(results, list) else [results]
    phases = [place for place, source in enumerate(sources) if not isinstance(source, Tensor) and np.size(source) == 1]
    model = Model([source for place, source in enumerate(sources) if place not in phases], results)

    def run(values: Any) -> Any:
        given = convert.data(values)
        given = given if isinstance(given, list) else [given]
        training = None
        for place in reversed(phases):
            if place < len(given):
                training = bool(np.asarray(given.pop(place)).item())
        arrays = [convert.tensor_or_array(external.to_language(item)) for item in given] if len(given) > 1 else given[0]
        found = model(arrays, training=training)
        return mk_list([convert.result(item.numpy()) for item in (found if isinstance(found, list) else [found])])

    return Builtin("function", run, "inputs", package="keras")


@word("k_placeholder", "shape = NULL, ndim = NULL, dtype = NULL, sparse = FALSE, name = NULL")
def k_placeholder(shape: Any, ndim: Any, dtype: Any, sparse: Any, name: Any) -> Any:
    """Return an input tensor: what a model begins with.

    Args:
        shape: sizes with the batch first.
        ndim: number of axes, when no shape is given.
        dtype: text, default float32.
        sparse: FALSE.
        name: text.
    """
    from pipekeras.layers import Input

    sizes = convert.shape(shape) or (None,) * int(convert.argument("ndim", ndim) or 1)
    return wrap(Input(batch_shape=sizes, dtype=convert.argument("dtype", dtype), name=convert.argument("name", name)))


def _transposed(axes: int) -> None:
    ones = f"c({', '.join('1' for _ in range(axes))})"

    @word(f"k_conv{axes}d_transpose", f"x, kernel, output_shape, strides = {ones}, padding = 'valid', data_format = NULL")
    def run(x: Any, kernel: Any, output_shape: Any, strides: Any, padding: Any, data_format: Any) -> Any:
        steps = convert.argument("strides", strides)
        made = ops.conv_transpose(
            convert.tensor_or_array(x),
            convert.tensor_or_array(kernel),
            strides=tuple(steps) if isinstance(steps, list) else steps,
            padding=str(padding.items()[0]),
            data_format=convert.argument("data_format", data_format),
        )
        wanted = convert.shape(output_shape)
        if wanted is not None and any(w not in (None, -1, h) for w, h in zip(wanted[1:], made.shape[1:], strict=True)):
            raise RError(f"the result has the shape {tuple(made.shape)}; output_shape says {wanted}")
        return wrap(made)

    run.documents = ops.conv_transpose  # type: ignore[attr-defined]


for _axes in (2, 3):
    _transposed(_axes)


def _resized(name: str, factors: tuple[str, ...]) -> None:
    @word(name, f"x, {', '.join(factors)}, data_format = 'channels_last'")
    def run(x: Any, *values: Any) -> Any:
        first = 1 if str(values[-1].items()[0]) == "channels_last" else 2
        found = convert.tensor_or_array(x)
        for place, value in enumerate(values[:-1]):
            found = ops.repeat(found, int(convert.argument("factor", value)), first + place)
        return wrap(found)

    run.__doc__ = "Make pictures larger by whole factors, repeating rows and columns."


_resized("k_resize_images", ("height_factor", "width_factor"))
_resized("k_resize_volumes", ("depth_factor", "height_factor", "width_factor"))


@word("k_normalize_batch_in_training", "x, gamma, beta, reduction_axes, epsilon = 0.001")
def k_normalize_batch_in_training(x: Any, gamma: Any, beta: Any, axes: Any, epsilon: Any) -> Any:
    """Normalise over axes and return the result with the moments.

    Args:
        x: tensor.
        gamma, beta: factor and offset, or NULL.
        reduction_axes: axes, counted from 1.
        epsilon: small number.
    """
    from pipekeras.grammar.keras.names import python_axis

    tensor = ops.convert_to_tensor(convert.tensor_or_array(x))
    places = python_axis(convert.argument("axes", axes))
    mean, variance = ops.moments(tensor, places, keepdims=True)
    made = (tensor - mean) / ops.sqrt(variance + float(convert.argument("epsilon", epsilon)))
    if gamma is not NULL:
        made = made * convert.tensor_or_array(gamma)
    if beta is not NULL:
        made = made + convert.tensor_or_array(beta)
    return mk_list([wrap(made), wrap(ops.squeeze(mean)), wrap(ops.squeeze(variance))])


@word("k_rnn", "step_function, inputs, initial_states, go_backwards = FALSE, mask = NULL, constants = NULL, unroll = FALSE, "
      "input_length = NULL")  # fmt: skip
def k_rnn(step_function: Any, inputs: Any, states: Any, backwards: Any, mask: Any, constants: Any, unroll: Any,
          length: Any) -> Any:  # fmt: skip
    """Run a function over the time axis of a tensor: list(last output, outputs, last states).

    Args:
        step_function: function of a time's inputs and a list of states; returns list(output, states).
        inputs: tensor (samples, time, ...).
        initial_states: list of tensors.
        go_backwards: begin with the last time.
        mask: tensor (samples, time) of truth values; where FALSE the states stay.
        constants: list of tensors that follow the states.
        unroll: write every time out as a part of the graph.
        input_length: number of times, or NULL; the inputs tell it.
    """
    from pipekeras.backend.recurrence import rnn

    def step(now: Any, held: list[Any]) -> tuple[Any, list[Any]]:
        made = call_from_runtime(step_function, [(None, wrap(now)), (None, mk_list([wrap(item) for item in held]))])
        output, fresh = convert.data(made.data[0]), convert.data(made.data[1])
        return output, fresh if isinstance(fresh, list) else [fresh]

    last, outputs, ends = rnn(
        step,
        convert.tensor_or_array(inputs),
        [convert.tensor_or_array(item) for item in (states.data if isinstance(states, Vector) else [states])],
        bool(convert.argument("backwards", backwards)),
        None if mask is NULL else convert.tensor_or_array(mask),
        None if constants is NULL else [convert.tensor_or_array(item) for item in constants.data],
        bool(convert.argument("unroll", unroll)),
        None if length is NULL else int(convert.argument("length", length)),
    )
    return mk_list([wrap(last), wrap(outputs), mk_list([wrap(item) for item in ends])])


@word("k_to_dense", "tensor")
def k_to_dense(tensor: Any) -> Any:
    """Return the tensor: all tensors are dense."""
    return tensor


# Settings of keras3


def _setting(name: str, get: Any) -> None:
    @word(f"config_{name}", "")
    def read() -> Any:
        found = get()
        return double(found) if isinstance(found, float) else character(str(found))

    read.__doc__ = f"Return the setting {name}."


_setting("epsilon", configuration.epsilon)
_setting("floatx", configuration.floatx)
_setting("image_data_format", configuration.image_data_format)
_setting("backend", lambda: "pipekeras")


def _change(name: str, signature: str, change: Any) -> None:
    @word(f"config_set_{name}", signature, invisible=True)
    def write(value: Any) -> Any:
        change(external.to_python(value))
        return NULL

    write.__doc__ = f"Change the setting {name}."


_change("epsilon", "value", configuration.set_epsilon)
_change("floatx", "value", configuration.set_floatx)
_change("image_data_format", "data_format", configuration.set_image_data_format)


@word("serialize_keras_object", "obj, ...")
def serialize_keras_object(target: Any, dots: Any) -> Any:
    """Return a layer, loss, optimizer or other object as a list of its class and its settings.

    Args:
        obj: object.
    """
    from pipekeras.core import serialization

    return external.to_language(serialization.serialize(target.value))


@word("deserialize_keras_object", "config, custom_objects = NULL, safe_mode = TRUE, ...")
def deserialize_keras_object(config: Any, custom_objects: Any, safe_mode: Any, dots: Any) -> Any:
    """Make an object again of what serialize_keras_object() returned.

    Args:
        config: list.
        custom_objects: named list of classes of the program.
        safe_mode: TRUE; nothing in a config is ever run.
    """
    from pipekeras.core import serialization

    given = convert.whole(external.to_python(config))
    custom = None if custom_objects is NULL else external.to_python(custom_objects)
    return wrap(serialization.deserialize(given, custom))
