"""Registered classes, models' configurations in files, policies; connectionist losses and unshared convolutions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import value_of
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import expression_of
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.models import model_of
from pipekeras.grammar.keras.names import OWN, word, wrap
from pipekeras.grammar.keras.saving import class_name, custom_objects_of
from pipekeras.grammar.nodes import Symbol
from pipekeras.grammar.values import NULL, ExternalObject, character, mk_list
from pipekeras.grammar.vectors.arguments import flag

from pipekeras import ops
from pipekeras.core import custom_objects

# Classes that configs may name


@word("register_keras_serializable", "object, name = NULL, package = NULL", lazy=True, invisible=True)
def register_keras_serializable(target: Any, name: Any = None, package: Any = None) -> Any:
    """Let files and configs name a class or function of the program; returns it.

    Args:
        object: class or function.
        name: text, default the name that it has in the program.
        package: text, what stands before the name, default "Custom".
    """
    value, label, prefix = value_of(target), value_of(name), value_of(package)
    known = class_name(value) if label in (None, NULL) else str(label.items()[0])
    node = expression_of(target)
    if known is None and type(node) is Symbol:
        known = node.name
    if known is None:
        raise RError("the object has no name to be registered under", mend="pass name = ")
    made = (custom_objects_of(mk_list([value], [known])) or {})[known]
    before = "Custom" if prefix in (None, NULL) else str(prefix.items()[0])
    table = custom_objects.get_custom_objects()
    table[f"{before}>{known}"] = table[known] = made
    return value


@word("get_custom_objects", "")
def get_custom_objects() -> Any:
    """Return the names that `register_keras_serializable()` and `set_custom_objects()` gave, as a named list."""
    table = custom_objects.get_custom_objects()
    return mk_list([wrap(value) for value in table.values()], list(table))


@word("set_custom_objects", "objects = named_list(), clear = TRUE", invisible=True)
def set_custom_objects(objects: Any, clear: Any) -> Any:
    """Set the classes and functions that files and configs may name.

    Args:
        objects: named list.
        clear: TRUE or FALSE, whether those set before are forgotten, default TRUE.
    """
    before = get_custom_objects()
    found = {} if objects is NULL or not len(objects) else custom_objects_of(objects)
    table = custom_objects.get_custom_objects()
    if flag(clear, "clear"):
        table.clear()
    table.update(found or {})
    return before


# Configurations in files


@word("save_model_config", "model, filepath = NULL, overwrite = FALSE", invisible=True)
def save_model_config(model: Any, filepath: Any, overwrite: Any) -> Any:
    """Write a model's configuration, without weights, as JSON; returns the text when no file is given.

    Args:
        model: model.
        filepath: text, file that ends in .json.
        overwrite: TRUE or FALSE, whether a file that is there is replaced, default FALSE.
    """
    text = model_of(model).to_json()
    if filepath is NULL:
        return character(text)
    path = Path(str(filepath.items()[0])).expanduser()
    if path.exists() and not flag(overwrite, "overwrite"):
        raise RError(f"file already exists: {path}", mend="pass overwrite = TRUE")
    path.write_text(text, encoding="utf-8")
    return model


@word("load_model_config", "filepath, custom_objects = NULL")
def load_model_config(filepath: Any, objects: Any) -> Any:
    """Make a model with fresh weights from a file that `save_model_config()` wrote.

    Args:
        filepath: text.
        custom_objects: named list of classes and functions of the program.
    """
    from pipekeras import models

    path = Path(str(filepath.items()[0])).expanduser()
    if not path.is_file():
        raise RError(f"there is no file {path}")
    text = path.read_text(encoding="utf-8")
    return ExternalObject(models.model_from_json(text, custom_objects=custom_objects_of(objects)))


@word("config_set_dtype_policy", "dtype_policy", invisible=True)
def config_set_dtype_policy(dtype_policy: Any) -> Any:
    """Set the types in which layers compute and keep weights when they are told none.

    Args:
        dtype_policy: text such as "mixed_bfloat16", or NULL for the default float.
    """
    from pipekeras import config

    config.set_dtype_policy(None if dtype_policy is NULL else external.to_python(dtype_policy))
    return NULL


@word("config_dtype_policy", "")
def config_dtype_policy() -> Any:
    """Return the policy of layers that are told none."""
    from pipekeras import config

    return wrap(config.dtype_policy())


OWN["all_dims"] = OWN["py_ellipsis"]


# Losses of sequences, convolutions without shared weights


def _tensor(value: Any) -> Any:
    return ops.convert_to_tensor(convert.tensor_or_array(value))


@word("k_ctc_batch_cost", "y_true, y_pred, input_length, label_length")
def k_ctc_batch_cost(y_true: Any, y_pred: Any, input_length: Any, label_length: Any) -> Any:
    """Return the CTC loss of each sample; the last class is the blank.

    Args:
        y_true: tensor of labels (samples, length).
        y_pred: tensor of probabilities (samples, time, classes).
        input_length: tensor (samples, 1), time steps of each sample.
        label_length: tensor (samples, 1), labels of each sample.
    """
    from pipekeras.backend.neural import ctc_batch_cost

    lengths = [ops.cast(_tensor(value), "int32") for value in (input_length, label_length)]
    return wrap(ctc_batch_cost(ops.cast(_tensor(y_true), "int32"), _tensor(y_pred), *lengths))


@word("k_ctc_decode", "y_pred, input_length, greedy = TRUE, beam_width = 100L, top_paths = 1")
def k_ctc_decode(y_pred: Any, input_length: Any, greedy: Any, beam_width: Any, top_paths: Any) -> Any:
    """Return the most probable label sequences, -1 after their ends, and the logarithms of their probabilities.

    Args:
        y_pred: tensor of probabilities (samples, time, classes); the last class is the blank.
        input_length: tensor (samples), time steps of each sample.
        greedy: TRUE or FALSE, the best class of each step, or a search with a beam.
        beam_width: number of sequences that are kept at each step.
        top_paths: number of sequences that are returned.
    """
    from pipekeras.backend.neural import ctc_decode

    labels, scores = ctc_decode(_tensor(y_pred), ops.cast(_tensor(input_length), "int32"), flag(greedy, "greedy"),
                                int(convert.argument("beam_width", beam_width)),
                                int(convert.argument("top_paths", top_paths)))  # fmt: skip
    return mk_list([mk_list([wrap(one) for one in labels]), wrap(scores)])


@word("k_local_conv1d", "inputs, kernel, kernel_size, strides, data_format = NULL")
def k_local_conv1d(inputs: Any, kernel: Any, kernel_size: Any, strides: Any, data_format: Any) -> Any:
    """Convolve sequences with a kernel of its own at every place.

    Args:
        inputs: tensor (samples, steps, channels).
        kernel: tensor (places, kernel_size * channels, filters).
        kernel_size, strides: numbers.
        data_format: text.
    """
    return _local(inputs, kernel, kernel_size, strides, data_format)


@word("k_local_conv2d", "inputs, kernel, kernel_size, strides, output_shape, data_format = NULL")
def k_local_conv2d(inputs: Any, kernel: Any, kernel_size: Any, strides: Any, output_shape: Any, data_format: Any) -> Any:
    """Convolve pictures with a kernel of its own at every place.

    Args:
        inputs: tensor (samples, rows, columns, channels).
        kernel: tensor (places, rows * columns of the window * channels, filters).
        kernel_size, strides: two numbers each.
        output_shape: two numbers, rows and columns of the places; they follow from the other arguments.
        data_format: text.
    """
    return _local(inputs, kernel, kernel_size, strides, data_format)


def _local(inputs: Any, kernel: Any, kernel_size: Any, strides: Any, data_format: Any) -> Any:
    from pipekeras.layers.legacy.locally_connected import local_convolution

    sizes = [convert.argument(name, value) for name, value in (("kernel_size", kernel_size), ("strides", strides))]
    window, steps = (tuple(map(int, size)) if isinstance(size, list) else int(size) for size in sizes)
    layout = None if data_format is NULL else str(data_format.items()[0])
    return wrap(local_convolution(_tensor(inputs), _tensor(kernel), window, steps, layout))
