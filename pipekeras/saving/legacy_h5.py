"""Whole models and weights in Keras' older HDF5 layout (`.h5`, `.hdf5`).

A file holds, as attributes of its root, `model_config` and `training_config` (JSON), and the groups `model_weights`
(one group for each layer, named after it, whose attribute `weight_names` gives the order) and `optimizer_weights`.
A file of weights alone has the content of `model_weights` at its root.
"""

from __future__ import annotations

import json
import os
from typing import Any

import numpy as np

from pipekeras.core import keras_2, serialization
from pipekeras.core.budget import limited_variables
from pipekeras.core.errors import FileFormatError, ShapeError, UserError
from pipekeras.core.notices import warn as warn_user
from pipekeras.core.plain_data import parse_json
from pipekeras.graph.variable import values_to_come
from pipekeras.saving import legacy_optimizer, limits, sources, training_config
from pipekeras.saving.hdf5_reader import Dataset, File, Group, reading
from pipekeras.saving.hdf5_writer import write_arrays, write_names, writing
from pipekeras.saving.legacy_weights import adapt
from pipekeras.saving.limits import shown
from pipekeras.saving.version import BACKEND, KERAS_VERSION

_TOP_LEVEL = "top_level_model_weights"


def save_model(model: Any, path: str | os.PathLike[str], include_optimizer: bool = True) -> None:
    """Write config, weights and, if the model is compiled, how, and the optimizer's state."""
    config = legacy_model_config(model)
    with writing(path) as file:
        _write_version(file)
        file.attrs["model_config"] = json.dumps(config)
        source = sources.written_for(model)
        if source is not None:
            file.attrs[sources.ATTRIBUTE] = source
        weights = file.create_group("model_weights")
        _write_weights(weights, model)
        optimizer = getattr(model, "optimizer", None)
        if not include_optimizer or optimizer is None:
            return
        compile_config = model.get_compile_config()
        if compile_config:
            file.attrs["training_config"] = json.dumps(training_config.write(compile_config))
        state = optimizer.variables
        if state:
            group = file.create_group("optimizer_weights")
            write_arrays(group, [variable.path for variable in state], [variable.numpy() for variable in state])


def save_weights(model: Any, path: str | os.PathLike[str]) -> None:
    """Write the weights alone."""
    with writing(path) as file:
        _write_weights(file, model)


def load_model(path: str | os.PathLike[str], compile: bool = True) -> Any:
    """Read a whole model.

    Raises:
        FileFormatError: When the file is not a whole model, or not harmless.
    """
    with reading(path) as file, values_to_come():
        text = file.root.text("model_config")
        if text is None:
            raise FileFormatError(
                f"{os.fspath(path)} holds weights but no model",
                mend="build the model, then load the weights into it with load_weights()",
            )
        group = file.root.group("model_weights")
        config = parse_json(text, "the model's config")
        serialization.check_extent(config)
        old = keras_2.is_keras_2(file.root.text("keras_version"))
        if old:
            config = keras_2.meaning_today(config)
        with limited_variables(*limits.variables_for(list(group.datasets()))):
            model = _model_from(config)
        _read_weights(group, model)
        if compile:
            _compile(model, file)
        return model


def load_weights(
    model: Any, path: str | os.PathLike[str], by_name: bool = False, skip_mismatch: bool = False
) -> None:
    """Read weights, from a file of weights or of a whole model, into `model`.

    Args:
        by_name: match layers by name instead of by order; layers without a counterpart stay as they are.
        skip_mismatch: leave layers as they are whose weights differ in number or shape.
    """
    with reading(path) as file:
        group = file.root
        if "model_weights" in group and not group.names("layer_names"):
            group = group.group("model_weights")
        _read_weights(group, model, by_name, skip_mismatch)


def legacy_model_config(model: Any) -> dict[str, Any]:
    """The attribute `model_config` as plain data: layers as class name and config only."""
    config = serialization.serialize(model)
    made = {"class_name": config["class_name"], "config": _legacy_layers(config["config"])}
    if "layers" not in config["config"] and config.get("build_config"):
        # A model that is a program: its layers are there only when it was built.
        made["build_config"] = config["build_config"]
    return made


def _legacy_layers(config: dict[str, Any]) -> dict[str, Any]:
    layers = config.get("layers")
    if not isinstance(layers, list):
        return config
    return {**config, "layers": [_legacy_layer(layer) for layer in layers]}


# The older layout names classes as Keras' source does, not as Keras exports them.
_CLASS_NAMES = {"GroupQueryAttention": "GroupedQueryAttention"}


def _legacy_layer(layer: dict[str, Any]) -> dict[str, Any]:
    if str(layer.get("module")).startswith("keras.src.ops"):
        # Ops between layers are known by their module only; Keras reads it where it is there.
        return layer
    name = layer.get("registered_name") or layer["class_name"]
    result = {"class_name": _CLASS_NAMES.get(name, name), "config": layer["config"]}
    if isinstance(layer["config"], dict):
        result["config"] = _legacy_layers(layer["config"])
    for key in ("name", "inbound_nodes"):
        if key in layer:
            result[key] = layer[key]
    return result


def _model_from(config: Any) -> Any:
    if not isinstance(config, dict) or not isinstance(config.get("class_name"), str):
        raise FileFormatError("the file's model_config names no model")
    with serialization.shared_objects():
        model = serialization.deserialize(config, kind="model")
    if not hasattr(model, "layers"):
        raise FileFormatError(f"the file's model_config is that of {shown(config['class_name'])}, not of a model")
    return model


def _compile(model: Any, file: File) -> None:
    text = file.root.text("training_config")
    if text is None:
        warn_user(
            "No training configuration found in the save file, so the model was *not* compiled. Compile it manually.")
        return
    model.compile(**training_config.read(parse_json(text, "the training config")))
    if "optimizer_weights" not in file.root:
        return
    group = file.root.group("optimizer_weights")
    names = group.names("weight_names")
    arrays = [group.dataset(name) for name in names]
    with limited_variables(*limits.variables_for(arrays)):
        legacy_optimizer.restore(model, names, arrays)


def _write_version(group: Any) -> None:
    group.attrs["backend"] = BACKEND
    group.attrs["keras_version"] = KERAS_VERSION


def _write_weights(group: Any, model: Any) -> None:
    write_names(group, "layer_names", [layer.name for layer in model.layers])
    _write_version(group)
    for layer in sorted(model.layers, key=lambda layer: layer.name):
        _write_variables(group.create_group(layer.name), _ordered_weights(layer))
    _write_variables(group.create_group(_TOP_LEVEL), _own_weights(model))


def _write_variables(group: Any, variables: list[Any]) -> None:
    write_arrays(group, [variable.path for variable in variables], [variable.numpy() for variable in variables])


def _ordered_weights(layer: Any) -> list[Any]:
    return [*layer.trainable_weights, *layer.non_trainable_weights]


def _own_weights(model: Any) -> list[Any]:
    """The weights that belong to the model itself and not to one of its layers."""
    return [*model._trainable_variables, *model._non_trainable_variables]


def _read_weights(group: Group, model: Any, by_name: bool = False, skip_mismatch: bool = False) -> None:
    saved = {name: _arrays(group.group(name)) for name in group.names("layer_names")}
    if not saved and len(group):
        raise FileFormatError(
            f"{group.file.label} is not in Keras' older layout: it lists no layers",
            mend="weights in the newer layout have names that end in .weights.h5",
        )
    pairs = _pairs_by_name(saved, model) if by_name else _pairs_by_order(saved, model)
    changes: list[tuple[Any, np.ndarray]] = []
    for layer, name, arrays in pairs:
        try:
            changes.extend(_matched(layer, arrays, f"layer {layer.name!r} ({shown(name)} in the file)"))
        except UserError as problem:
            if not skip_mismatch:
                raise
            warn_user(f"Skipping the weights of a layer: {problem.message}")
    if _TOP_LEVEL in group and _own_weights(model):
        own = _own_weights(model)
        changes.extend(_paired(own, _arrays(group.group(_TOP_LEVEL)), "the model itself"))
    # Nothing is changed before everything has been read and found to fit.
    for variable, value in changes:
        variable.assign(value)


def _arrays(group: Group) -> list[Dataset]:
    return [group.dataset(name) for name in group.names("weight_names")]


def _pairs_by_order(saved: dict[str, list[Dataset]], model: Any) -> list[tuple[Any, str, list[Dataset]]]:
    layers = [layer for layer in model.layers if layer.weights]
    found = [(name, arrays) for name, arrays in saved.items() if arrays]
    if len(layers) != len(found):
        raise ShapeError(
            f"the model has {len(layers)} layers with weights; the file has {len(found)}",
            mend="build the same model as the one that was saved, or load by_name=True",
        )
    return [(layer, name, arrays) for layer, (name, arrays) in zip(layers, found, strict=True)]


def _pairs_by_name(saved: dict[str, list[Dataset]], model: Any) -> list[tuple[Any, str, list[Dataset]]]:
    return [(layer, layer.name, saved[layer.name]) for layer in model.layers if saved.get(layer.name)]


def _matched(layer: Any, arrays: list[Dataset], what: str) -> list[tuple[Any, np.ndarray]]:
    own = _ordered_weights(layer)
    values = adapt(layer, own, arrays)
    if values is None:
        return _paired(own, arrays, what)
    return list(zip(own, values, strict=True))


def _paired(own: list[Any], arrays: list[Dataset], what: str) -> list[tuple[Any, np.ndarray]]:
    if len(own) != len(arrays):
        raise ShapeError(f"{what} has {len(own)} weights; the file has {len(arrays)} for it")
    for variable, array in zip(own, arrays, strict=True):
        if array.shape != tuple(variable.shape):
            raise ShapeError(
                f"{what}: weight {variable.name!r} has the shape {tuple(variable.shape)}; the file has {array.shape}"
            )
    return [(variable, array.read(tuple(variable.shape))) for variable, array in zip(own, arrays, strict=True)]
