"""Saving and loading models, weights and configurations."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.models import model_of
from pipekeras.grammar.keras.names import word
from pipekeras.grammar.values import NULL, ExternalObject, character

from pipekeras import models, saving


def _path(value: Any) -> str:
    found = convert.argument("filepath", value)
    if not isinstance(found, str):
        raise RError("filepath must be text")
    import os

    return os.path.expanduser(found)


def _objects(value: Any) -> Any:
    return None if value is NULL else external.to_python(value)


@word("save_model_hdf5", "object, filepath, overwrite = TRUE, include_optimizer = TRUE", invisible=True)
def save_model_hdf5(target: Any, filepath: Any, overwrite: Any, include_optimizer: Any) -> Any:
    """Save a whole model, with optimizer state, to an .h5 file that Keras reads too."""
    return _save(target, filepath, overwrite, include_optimizer, ".h5")


def _save(target: Any, filepath: Any, overwrite: Any, include_optimizer: Any, suffix: str) -> Any:
    path = _path(filepath)
    if not path.endswith((".h5", ".hdf5", ".keras")):
        path += suffix
    saving.save_model(
        model_of(target),
        path,
        overwrite=bool(convert.argument("overwrite", overwrite)),
        include_optimizer=bool(convert.argument("include_optimizer", include_optimizer)),
    )
    return target


@word("save_model", "model, filepath = NULL, overwrite = FALSE, ...", invisible=True)
def save_model(target: Any, filepath: Any, overwrite: Any, dots: Any) -> Any:
    """Save a whole model to a .keras or .h5 file."""
    from pipekeras.grammar.values import TRUE

    return _save(target, filepath, overwrite, TRUE, ".keras")


@word("load_model_hdf5", "filepath, custom_objects = NULL, compile = TRUE")
def load_model_hdf5(filepath: Any, custom_objects: Any, compiled: Any) -> Any:
    """Load a whole model from an .h5 or .keras file."""
    options = {} if custom_objects is NULL else {"custom_objects": _objects(custom_objects)}
    return ExternalObject(saving.load_model(_path(filepath), compile=bool(convert.argument("compile", compiled)), **options))


@word("load_model", "model, custom_objects = NULL, compile = TRUE, ...")
def load_model(filepath: Any, custom_objects: Any, compiled: Any, dots: Any) -> Any:
    """Load a whole model from a .keras or .h5 file."""
    return load_model_hdf5(filepath, custom_objects, compiled)


@word("save_model_weights_hdf5", "object, filepath, overwrite = TRUE", invisible=True)
def save_model_weights_hdf5(target: Any, filepath: Any, overwrite: Any) -> Any:
    """Save the weights of a model to an .h5 file."""
    model_of(target).save_weights(_path(filepath), overwrite=bool(convert.argument("overwrite", overwrite)))
    return target


@word("load_model_weights_hdf5", "object, filepath, by_name = FALSE, skip_mismatch = FALSE, reshape = FALSE",
      invisible=True)  # fmt: skip
def load_model_weights_hdf5(target: Any, filepath: Any, by_name: Any, skip_mismatch: Any, reshape: Any) -> Any:
    """Load weights into a model of the same layers, by order or by name."""
    options: dict[str, Any] = {}
    if convert.argument("by_name", by_name):
        options["by_name"] = True
    if convert.argument("skip_mismatch", skip_mismatch):
        options["skip_mismatch"] = True
    model_of(target).load_weights(_path(filepath), **options)
    return target


@word("model_to_json", "object")
def model_to_json(target: Any) -> Any:
    """Return a model's configuration as JSON text."""
    return character(model_of(target).to_json())


@word("model_from_json", "json, custom_objects = NULL")
def model_from_json(json: Any, custom_objects: Any) -> Any:
    """Make a model with fresh weights from JSON text."""
    return ExternalObject(models.model_from_json(str(json.items()[0]), custom_objects=_objects(custom_objects)))


@word("model_to_yaml", "object")
def model_to_yaml(target: Any) -> Any:
    """Return a model's configuration as YAML text."""
    return character(model_of(target).to_yaml())


@word("model_from_yaml", "yaml, custom_objects = NULL")
def model_from_yaml(yaml: Any, custom_objects: Any) -> Any:
    """Make a model with fresh weights from YAML text."""
    return ExternalObject(models.model_from_yaml(str(yaml.items()[0]), custom_objects=_objects(custom_objects)))
