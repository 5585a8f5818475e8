"""Saving and loading models, weights and configurations."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from pipekeras.grammar import external
from pipekeras.grammar.conversion import PythonFunction
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import machine, value_of, warn
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.checkpoints import WEIGHTS, WHOLE, stored_at
from pipekeras.grammar.keras.custom_words import LanguageModel
from pipekeras.grammar.keras.models import model_of
from pipekeras.grammar.keras.named_functions import NamedFunction
from pipekeras.grammar.keras.names import word
from pipekeras.grammar.values import FALSE, NULL, TRUE, ExternalObject, Vector, character, mk_list, names_of
from pipekeras.grammar.vectors.unsupported import only_default

from pipekeras import models, saving
from pipekeras.core.errors import ConfigurationError


def _path(value: Any) -> str:
    found = convert.argument("filepath", value)
    if not isinstance(found, str):
        raise RError("filepath must be text")
    import os

    return os.path.expanduser(found)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Tell the runtime's warnings as warnings of the language."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        # Code of the program may run meanwhile; the warnings are those of the word that begins here.
        call = machine.frames[-1].call if machine.frames else None
        yield
    for item in caught:
        warn(str(item.message).replace("*not*", "not"), call)


def custom_objects_of(value: Any) -> Any:
    """Return a named list of classes and functions of the program as what configs can name, None for NULL."""
    if value is NULL:
        return None
    if isinstance(value, Vector) and value.kind == "list":
        # A class without a name in the list goes by its own.
        given = names_of(value) or [""] * len(value)
        labels = [str(name) if name else class_name(item) for name, item in zip(given, value.data, strict=True)]
        if len(labels) and all(labels):
            value = mk_list(list(value.data), [str(label) for label in labels])
    found = external.to_python(value)
    if found == []:
        return {}
    if not isinstance(found, dict):
        raise RError("custom objects are a named list", mend="write list(name = class_or_function)")
    return {name: _custom(name, item) for name, item in found.items()}


def class_name(value: Any) -> str | None:
    """Return the name that a class of the language was given, or None."""
    from pipekeras.grammar.keras.custom_words import generator_behind

    generator = generator_behind(value)
    if not isinstance(generator, Environment):
        return None
    label = generator.get("classname")
    return str(label.items()[0]) if isinstance(label, Vector) and label.kind == "character" else None


def _custom(name: str, value: Any) -> Any:
    from pipekeras.grammar.keras.custom_words import loadable

    made = loadable(name, value)
    if made is not None:
        return made
    return NamedFunction(value, name) if isinstance(value, PythonFunction) else value


@word("save_model_hdf5", "object, filepath, overwrite = TRUE, include_optimizer = TRUE", invisible=True)
def save_model_hdf5(target: Any, filepath: Any, overwrite: Any, include_optimizer: Any) -> Any:
    """Save a whole model, with optimizer state, to a file in the HDF5 layout that Keras reads too.

    Args:
        object: model.
        filepath: text, kept as it is; a name that ends in .keras gives Keras 3's archive.
        overwrite: replace an existing file, default TRUE.
        include_optimizer: save how the model was compiled too, default TRUE.
    """
    return _save(target, filepath, overwrite, include_optimizer, "h5")


def _save(target: Any, filepath: Any, overwrite: Any, include_optimizer: Any, layout: str) -> Any:
    path = _path(filepath)
    with _told():
        saving.save_model(
            model_of(target),
            path,
            overwrite=bool(convert.argument("overwrite", overwrite)),
            include_optimizer=bool(convert.argument("include_optimizer", include_optimizer)),
            save_format=None if layout != "tf" and path.endswith((".h5", ".hdf5", ".keras")) else layout,
        )
    return target


@word("save_model", "model, filepath = NULL, overwrite = FALSE, ...", invisible=True)
def save_model(target: Any, filepath: Any, overwrite: Any, dots: Any) -> Any:
    """Save a whole model to a .keras or .h5 file."""
    return _save(target, filepath, overwrite, TRUE, "keras")


@word("save_model_tf", "object, filepath, overwrite = TRUE, include_optimizer = TRUE, signatures = NULL, options = NULL",
      invisible=True)  # fmt: skip
def save_model_tf(target: Any, filepath: Any, overwrite: Any, include_optimizer: Any, signatures: Any,
                  options: Any) -> Any:  # fmt: skip
    """Save a whole model as a folder that load_model_tf() reads; it holds Keras 3's archive, not a TensorFlow program.

    Args:
        object: model.
        filepath: text, name of the folder.
        overwrite: replace what is there, default TRUE.
        include_optimizer: save how the model was compiled too, default TRUE.
        signatures, options: NULL; they belong to TensorFlow's own layout.
    """
    for name, value in (("signatures", signatures), ("options", options)):
        if value is not NULL:
            raise RError(f"{name} belongs to TensorFlow's own layout, which is not written here", mend="leave it out")
    return _save(target, filepath, overwrite, include_optimizer, "tf")


@word("export_savedmodel", "object, export_dir_base, overwrite = TRUE, versioned = NULL, remove_learning_phase = TRUE, "
      "as_text = FALSE, ...", invisible=True)  # fmt: skip
def export_savedmodel(target: Any, base: Any, overwrite: Any, versioned: Any, remove_learning_phase: Any, as_text: Any,
                      dots: Any) -> Any:  # fmt: skip
    """Save a whole model as a folder that load_model_tf() reads, in a folder of its own for each version if wanted.

    Args:
        object: model.
        export_dir_base: text, name of the folder.
        overwrite: replace what is there, default TRUE.
        versioned: save in a folder within it that is named by the time in seconds, default where nothing is overwritten.
        remove_learning_phase: TRUE; what is saved holds no phase.
        as_text: FALSE; the folder holds Keras 3's archive.
    """
    import os
    import time

    only_default("export_savedmodel", remove_learning_phase=(remove_learning_phase, True), as_text=(as_text, False))
    replaced = bool(convert.argument("overwrite", overwrite))
    path = _path(base)
    if not replaced if versioned is NULL else bool(convert.argument("versioned", versioned)):
        path = os.path.join(path, str(int(time.time())))
    return _save(target, character(path), overwrite, TRUE, "tf")


@word("load_model_hdf5", "filepath, custom_objects = NULL, compile = TRUE, run_source = FALSE")
def load_model_hdf5(filepath: Any, custom_objects: Any, compiled: Any, run_source: Any = FALSE) -> Any:
    """Load a whole model from an .h5 or .keras file.

    Args:
        filepath: text.
        custom_objects: named list of the classes and functions of the program that the model needs.
        compile: compile it as it was, default TRUE.
        run_source: make layers, losses, functions and so on of the program from the source text that was saved with
            them, default FALSE. The text runs without files, network and system calls, in limited time and memory.
    """
    path = stored_at(_path(filepath), WHOLE)
    objects = {} if custom_objects is NULL else custom_objects_of(custom_objects)
    with _told():
        kept = saving.source_of(path) if convert.argument("run_source", run_source) else None
        objects = {**_parts_of(kept), **objects}
        try:
            model = saving.load_model(path, compile=bool(convert.argument("compile", compiled)), custom_objects=objects)
        except ConfigurationError as problem:
            if kept is None and convert.argument("run_source", run_source):
                raise RError(f"{path} holds no source text, and {problem.message}",
                             mend="pass the model's own classes and functions in custom_objects") from None  # fmt: skip
            raise _with_source(problem, path) from None
    return ExternalObject(model)


def _parts_of(kept: dict[str, Any] | None) -> dict[str, Any]:
    """Return the classes and functions that the source text of a file makes, as configs name them."""
    found: dict[str, Any] = {LanguageModel.__name__: LanguageModel}
    if kept is None:
        return found
    from pipekeras.grammar.keras import sandbox

    return {**found, **{name: _custom(name, value) for name, value in sandbox.parts_from(**kept).items()}}


def _with_source(problem: ConfigurationError, path: str) -> ConfigurationError:
    """Say of a class that is not known that the file holds its source text."""
    kept = saving.source_of(path)
    if kept is None:
        return problem
    for name in [*kept["classes"], *kept["functions"]]:
        if f"'{name}'" in problem.message:
            what = "class" if name in kept["classes"] else "function"
            return ConfigurationError(problem.message, mend=f"pass custom_objects = list({name} = the {what}), or run_source = "
                                      "TRUE to run the source text that the file holds, without files and network")  # fmt: skip
    return problem


@word("load_model", "model, custom_objects = NULL, compile = TRUE, ..., run_source = FALSE")
def load_model(filepath: Any, custom_objects: Any, compiled: Any, dots: Any, run_source: Any) -> Any:
    """Load a whole model from a .keras or .h5 file; arguments as in load_model_hdf5()."""
    return load_model_hdf5(filepath, custom_objects, compiled, run_source)


@word("load_model_tf", "filepath, custom_objects = NULL, compile = TRUE, run_source = FALSE")
def load_model_tf(filepath: Any, custom_objects: Any, compiled: Any, run_source: Any) -> Any:
    """Load a whole model that save_model_tf() saved as a folder; arguments as in load_model_hdf5()."""
    return load_model_hdf5(filepath, custom_objects, compiled, run_source)


@word("save_model_weights_hdf5", "object, filepath, overwrite = TRUE", invisible=True)
def save_model_weights_hdf5(target: Any, filepath: Any, overwrite: Any) -> Any:
    """Save the weights of a model to a file in the HDF5 layout, whatever its name ends in."""
    path = _path(filepath)
    layout = {} if path.endswith((".h5", ".hdf5")) else {"save_format": "h5"}
    model_of(target).save_weights(path, overwrite=bool(convert.argument("overwrite", overwrite)), **layout)
    return target


_WEIGHTS = "model.weights.h5"
"""The file in the folder that save_model_weights_tf() makes."""


@word("save_model_weights_tf", "object, filepath, overwrite = TRUE", invisible=True)
def save_model_weights_tf(target: Any, filepath: Any, overwrite: Any) -> Any:
    """Save the weights of a model in a folder that load_model_weights_tf() reads.

    Args:
        object: model.
        filepath: text, name of the folder.
        overwrite: replace what is there, default TRUE.
    """
    import os

    path = _path(filepath)
    if os.path.isfile(path):
        raise RError(f"{path} is a file, not a folder", mend="name another folder")
    os.makedirs(path, exist_ok=True)
    model_of(target).save_weights(os.path.join(path, _WEIGHTS), overwrite=bool(convert.argument("overwrite", overwrite)))
    return target


@word("load_model_weights_tf", "object, filepath, by_name = FALSE, skip_mismatch = FALSE, reshape = FALSE",
      invisible=True)  # fmt: skip
def load_model_weights_tf(target: Any, filepath: Any, by_name: Any, skip_mismatch: Any, reshape: Any) -> Any:
    """Load weights into a model from a folder that save_model_weights_tf() made."""
    import os

    inner = os.path.join(_path(filepath), _WEIGHTS)
    place = character(inner) if os.path.isfile(inner) else filepath
    return load_model_weights_hdf5(target, place, by_name, skip_mismatch, reshape)


@word("serialize_model", "model, include_optimizer = TRUE")
def serialize_model(target: Any, include_optimizer: Any) -> Any:
    """Return a whole model as a raw vector, which unserialize_model() turns into a model again.

    Args:
        model: model.
        include_optimizer: keep how the model was compiled too, default TRUE.
    """
    import os
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.h5")
        saving.save_model(model_of(target, "model"), path,
                          include_optimizer=bool(convert.argument("include_optimizer", include_optimizer)))  # fmt: skip
        with open(path, "rb") as stream:
            return Vector("raw", np.frombuffer(stream.read(), np.uint8).copy())


@word("unserialize_model", "model, custom_objects = NULL, compile = TRUE")
def unserialize_model(content: Any, custom_objects: Any, compiled: Any) -> Any:
    """Make a model from a raw vector that serialize_model() gave.

    Args:
        model: raw vector.
        custom_objects: named list of classes and functions that the model needs.
        compile: compile it as it was, default TRUE.
    """
    import os
    import tempfile

    if not isinstance(content, Vector) or content.kind != "raw":
        raise RError("model must be a raw vector from serialize_model()")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.h5")
        with open(path, "wb") as stream:
            stream.write(np.asarray(content.data, np.uint8).tobytes())
        return load_model_hdf5(character(path), custom_objects, compiled)


@word("with_custom_object_scope", "objects, expr", lazy=True)
def with_custom_object_scope(objects: Any, expression: Any) -> Any:
    """Evaluate an expression in which models may name classes and functions of the program.

    Args:
        objects: named list of classes and functions.
        expr: expression, for example a load_model_hdf5() call.
    """
    with saving.custom_object_scope(custom_objects_of(value_of(objects))):
        return value_of(expression)


@word("load_model_weights_hdf5", "object, filepath, by_name = FALSE, skip_mismatch = FALSE, reshape = FALSE",
      invisible=True)  # fmt: skip
def load_model_weights_hdf5(target: Any, filepath: Any, by_name: Any, skip_mismatch: Any, reshape: Any) -> Any:
    """Load weights into a model of the same layers, by order or by name."""
    only_default("load_model_weights_hdf5", reshape=(reshape, False))
    options: dict[str, Any] = {}
    if convert.argument("by_name", by_name):
        options["by_name"] = True
    if convert.argument("skip_mismatch", skip_mismatch):
        options["skip_mismatch"] = True
    with _told():
        model_of(target).load_weights(stored_at(_path(filepath), WEIGHTS), **options)
    return target


@word("model_to_json", "object")
def model_to_json(target: Any) -> Any:
    """Return a model's configuration as JSON text."""
    return character(model_of(target).to_json())


@word("model_from_json", "json, custom_objects = NULL")
def model_from_json(json: Any, custom_objects: Any) -> Any:
    """Make a model with fresh weights from JSON text."""
    return _uncompiled(models.model_from_json, json, custom_objects)


def _uncompiled(read: Any, text: Any, custom_objects: Any) -> Any:
    """Make a model from text, which tells of its layers alone: what it was compiled with may be unknown here."""
    return ExternalObject(read(str(text.items()[0]), custom_objects=custom_objects_of(custom_objects), compile=False))


@word("model_to_yaml", "object")
def model_to_yaml(target: Any) -> Any:
    """Return a model's configuration as YAML text."""
    return character(model_of(target).to_yaml())


@word("model_from_yaml", "yaml, custom_objects = NULL")
def model_from_yaml(yaml: Any, custom_objects: Any) -> Any:
    """Make a model with fresh weights from YAML text."""
    return _uncompiled(models.model_from_yaml, yaml, custom_objects)
