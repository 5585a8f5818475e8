"""compile, fit, evaluate, predict and what belongs to them."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import call_function
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.history import history_value
from pipekeras.grammar.keras.models import model_of
from pipekeras.grammar.keras.named_functions import NamedFunction
from pipekeras.grammar.keras.names import word
from pipekeras.grammar.keras.runs import note_evaluation, note_history
from pipekeras.grammar.values import NULL, ExternalObject, Vector, inherits, integer, names_of
from pipekeras.grammar.vectors.unsupported import only_default

from pipekeras.layers.base import keras_1
from pipekeras.models import host_stage

_VERBOSE = {"auto": "auto"}


_COUNTS = frozenset(("batch_size", "epochs", "initial_epoch", "steps", "steps_per_epoch", "validation_batch_size",
                     "validation_steps"))  # fmt: skip


def _options(pairs: dict[str, Any]) -> dict[str, Any]:
    found = {key: convert.argument(key, value) for key, value in pairs.items() if value is not NULL}
    # Counts that a division left with a fraction lose it, as as.integer() does.
    return {key: int(value) if key in _COUNTS and isinstance(value, float) and value == value and abs(value) < 2**53 else value
            for key, value in found.items()}  # fmt: skip


def _choice(value: Any, what: str) -> Any:
    """Return a loss, metric or list of them: text, functions and objects, lists and named lists kept."""
    if value is NULL:
        return None
    if isinstance(value, Vector) and value.kind == "list":
        items = [_choice(item, what) for item in value.data]
        names = names_of(value)
        if names is not None and any(names):
            if all(names):
                return dict(zip([str(name) for name in names], items, strict=True))
            return [_renamed(item, name) if name else item for item, name in zip(items, names, strict=True)]
        return items
    if isinstance(value, Vector) and value.kind == "character":
        words = [str(item) for item in value.items()]
        names = names_of(value)
        if names is not None and all(names):
            return dict(zip([str(name) for name in names], words, strict=True))
        return words if len(words) > 1 else words[0]
    return _function(external.to_python(value))


def _function(found: Any) -> Any:
    """Functions of the language get what custom_metric noted as their name."""
    function = getattr(found, "function", None)
    attributes = getattr(function, "attributes", None) or {}
    name = attributes.get("py_function_name")
    if function is not None and not hasattr(found, "__name__"):
        return NamedFunction(found, str(name.items()[0]) if name is not None else None)
    return found


def _renamed(item: Any, name: str) -> Any:
    if callable(item):
        return NamedFunction(item, str(name))
    return item


@word("compile", "object, optimizer = NULL, loss = NULL, metrics = NULL, loss_weights = NULL, weighted_metrics = NULL, "
      "run_eagerly = NULL, steps_per_execution = NULL, ..., target_tensors = NULL, sample_weight_mode = NULL",
      invisible=True)  # fmt: skip
def compile_model(target: Any, optimizer: Any, loss: Any, metrics: Any, loss_weights: Any, weighted_metrics: Any,
                  run_eagerly: Any, steps_per_execution: Any, dots: Any, tensors: Any, weight_mode: Any) -> Any:  # fmt: skip
    """Choose how a model is trained.

    Args:
        object: model.
        optimizer: text or optimizer_*() object, default "rmsprop".
        loss: text, function or loss_*() object; a list or named list for several outputs.
        metrics: text, function, or a list of them.
        loss_weights: list of numbers for several outputs.
    """
    only_default("compile", target_tensors=(tensors, None), sample_weight_mode=(weight_mode, None))
    model = model_of(target)
    own = getattr(model, "__dict__", {}).get("_methods", {}).get("compile")
    if own is not None:
        words = {"optimizer": optimizer, "loss": loss, "metrics": metrics, "loss_weights": loss_weights,
                 "weighted_metrics": weighted_metrics, "run_eagerly": run_eagerly,
                 "steps_per_execution": steps_per_execution}  # fmt: skip
        _compile_by_program(own, [(key, value) for key, value in words.items() if value is not NULL], dots)
        return target
    options = _options({"run_eagerly": run_eagerly, "steps_per_execution": steps_per_execution})
    for key, value in dots:
        if key is None:
            raise RError("compile() takes its further arguments by name")
        if key == "experimental_run_tf_function":
            continue  # chose between two ways of running in TensorFlow 2.0 and 2.1; later ones take it and do nothing, too
        options[key] = convert.argument(key, value)
    chosen = "rmsprop" if optimizer is NULL else external.to_python(optimizer)
    weights = None if loss_weights is NULL else _numbers(loss_weights)
    named = _metric_list(metrics, model)
    model.compile(optimizer=chosen, loss=_choice(loss, "loss"), metrics=named, loss_weights=weights,
                  weighted_metrics=_metric_list(weighted_metrics, model), **options)  # fmt: skip
    return target


def _compile_by_program(method: Any, given: Any, dots: Any) -> None:
    """Call a model's own compile method with what the program wrote: by name where it has the name, else by order."""
    known = [name for name, _ in method.formals]
    call_function(method, [(name if name in known or "..." in known else None, value) for name, value in given] + list(dots))


def _metric_list(metrics: Any, model: Any) -> Any:
    found = _choice(metrics, "metrics")
    is_by_output = isinstance(found, dict) and set(found) & set(_names_of_outputs(model))
    if isinstance(found, dict) and not is_by_output and all(isinstance(item, NamedFunction) for item in found.values()):
        # A named function is a metric of that name, unless the names are those of outputs.
        return [_renamed(item, name) for name, item in found.items()]
    if found is None or isinstance(found, list | dict):
        return found
    return [found]


def _names_of_outputs(model: Any) -> list[str]:
    outputs = getattr(model, "output", None) if getattr(model, "built", False) else None
    return list(outputs) if isinstance(outputs, dict) else list(getattr(model, "output_names", ()))


def _numbers(value: Any) -> Any:
    found = external.to_python(value)
    return found if isinstance(found, list | dict) else [found]


def _callbacks(value: Any) -> Any:
    if value is NULL:
        return None
    found = external.to_python(value)
    return list(found.values()) if isinstance(found, dict) else found


def _inputs(model: Any, value: Any, what: str = "x") -> Any:
    """Return data for a model; texts too for one that turns them into numbers."""
    if inherits(value, "data.frame") and len(getattr(model, "inputs", ()) if model.built else ()) > 1:
        from pipekeras.grammar.keras.feature_spec import table_of

        columns = table_of(value)
        if all(name in columns for name in model.input_names):
            return {name: columns[name] for name in model.input_names}
    return convert.data(value, what, host_stage.takes_texts(model))


def _validation(model: Any, value: Any) -> Any:
    if value is NULL:
        return None
    if isinstance(value, Vector) and value.kind == "list" and len(value) and inherits(value.data[0], "data.frame"):
        # The features are a table: its columns are the inputs of the same names.
        return _inputs(model, value.data[0]), *(convert.data(item, "validation_data") for item in value.data[1:])
    found = _inputs(model, value, "validation_data")
    if isinstance(found, dict):
        found = list(found.values())
    return tuple(found) if isinstance(found, list) else found


def _verbose(value: Any) -> Any:
    """Return verbosity: nothing given means a bar on a terminal and plain lines elsewhere."""
    if value is NULL:
        return 1
    found = convert.argument("verbose", value)
    if isinstance(found, bool):
        return int(found)
    return _VERBOSE.get(found, found)


@word("fit", "object, x = NULL, y = NULL, batch_size = NULL, epochs = 10, verbose = NULL, callbacks = NULL, "
      "view_metrics = NULL, validation_split = 0, validation_data = NULL, shuffle = TRUE, class_weight = NULL, "
      "sample_weight = NULL, initial_epoch = 0, steps_per_epoch = NULL, validation_steps = NULL, ..., "
      "validation_batch_size = NULL, validation_freq = NULL", invisible=True)  # fmt: skip
def fit(target: Any, x: Any, y: Any, batch_size: Any, epochs: Any, verbose: Any, callbacks: Any, view_metrics: Any,
        validation_split: Any, validation_data: Any, shuffle: Any, class_weight: Any, sample_weight: Any,
        initial_epoch: Any, steps_per_epoch: Any, validation_steps: Any, dots: Any, validation_batch_size: Any = NULL,
        validation_freq: Any = NULL) -> Any:  # fmt: skip
    """Train a model and return its history.

    Args:
        object: compiled model.
        x, y: matrix, array, or list of them; a data set or a function that gives batches as x.
        batch_size: number of rows in a batch, default 32.
        epochs: number of passes over the data, default 10.
        verbose: 0 silent, 1 progress, 2 one line for each epoch.
        callbacks: list of callback_*() objects.
        validation_split: share of the last rows to keep for validation.
        validation_data: list(x, y).
    """
    if x is NULL and isinstance(target, ExternalObject) and hasattr(target.value, "dense_features"):
        return ExternalObject(target.value.fitted())
    model = model_of(target)
    for name, value in dots:
        if name != "nb_epoch":
            raise _unused(dots)
        keras_1.tell("fit()", {name: "epochs"})
        epochs = value
    options = _options({
        "batch_size": batch_size, "epochs": epochs, "validation_split": NULL, "initial_epoch": initial_epoch,
        "steps_per_epoch": steps_per_epoch, "validation_steps": validation_steps,
        "validation_batch_size": validation_batch_size, "validation_freq": validation_freq,
        "shuffle": shuffle,
    })  # fmt: skip
    options["shuffle"] = bool(options.get("shuffle", True))
    if class_weight is not NULL:
        found = external.to_python(class_weight)
        options["class_weight"] = found if isinstance(found, dict) else dict(enumerate(found))
    if sample_weight is not NULL:
        options["sample_weight"] = convert.data(sample_weight, "sample_weight")
    history = model.fit(
        _inputs(model, x),
        convert.data(y, "y"),
        verbose=_verbose(verbose),
        callbacks=_callbacks(callbacks),
        validation_split=float(external.to_python(validation_split) or 0.0),
        validation_data=_validation(model, validation_data),
        **options,
    )
    note_history(history)
    return history_value(history)


def _unused(dots: Any) -> RError:
    from pipekeras.grammar.builtins.registry import unused_error

    return unused_error(dots)


@word("evaluate", "object, x = NULL, y = NULL, batch_size = NULL, verbose = NULL, sample_weight = NULL, steps = NULL, "
      "callbacks = NULL, ...")  # fmt: skip
def evaluate(target: Any, x: Any, y: Any, batch_size: Any, verbose: Any, sample_weight: Any, steps: Any, callbacks: Any,
             dots: Any) -> Any:  # fmt: skip
    """Return loss and metrics on data, as a named vector.

    Args:
        object: compiled model.
        x, y: matrix, array, or list of them.
        batch_size: number of rows in a batch, default 32.
        verbose: 0 silent, 1 progress.
    """
    options = _options({"batch_size": batch_size, "steps": steps})
    model = model_of(target)
    logs = model.evaluate(
        _inputs(model, x),
        convert.data(y, "y"),
        verbose=_verbose(verbose),
        sample_weight=convert.data(sample_weight, "sample_weight"),
        callbacks=_callbacks(callbacks),
        return_dict=True,
        **options,
    )
    note_evaluation(logs)
    return convert.named_numbers(logs)


def predictions(target: Any, x: Any, batch_size: Any, verbose: Any, steps: Any, method: str = "predict", **more: Any) -> Any:
    """Return what one of a model's predicting methods gives."""
    options = _options({"batch_size": batch_size, "steps": steps})
    show = 0 if verbose is NULL else _verbose(verbose)
    model = model_of(target)
    return getattr(model, method)(_inputs(model, x), verbose=show, **options, **more)


@word("predict.keras.engine.training.Model", "object, x, batch_size = NULL, verbose = NULL, steps = NULL, "
      "callbacks = NULL, ...")  # fmt: skip
def predict(target: Any, x: Any, batch_size: Any, verbose: Any, steps: Any, callbacks: Any, dots: Any) -> Any:
    """Return the outputs for all rows of x: a matrix, an array, or a list of them.

    Args:
        object: model.
        x: matrix, array, or list of them.
        batch_size: number of rows in a batch, default 32.
    """
    return convert.result(predictions(target, x, batch_size, verbose, steps, callbacks=_callbacks(callbacks)))


@word("predict", "object, ...", generic="s3")
def predict_generic(target: Any, dots: Any) -> Any:
    """Return what a model predicts; dispatches on the class of the model."""
    raise RError("no applicable method for 'predict' applied to this object", mend="give it a model")


@word("predict_proba", "object, x, batch_size = NULL, verbose = 0, steps = NULL")
def predict_proba(target: Any, x: Any, batch_size: Any, verbose: Any, steps: Any) -> Any:
    """Return the probabilities that a classifier gives."""
    return convert.result(predictions(target, x, batch_size, verbose, steps, "predict_proba"))


@word("predict_classes", "object, x, batch_size = NULL, verbose = 0, steps = NULL")
def predict_classes(target: Any, x: Any, batch_size: Any, verbose: Any, steps: Any) -> Any:
    """Return the class numbers, from 0, that a classifier finds most likely."""
    classes = predictions(target, x, batch_size, verbose, steps, "predict_classes")
    return integer(classes.astype(np.int32)) if classes.ndim == 1 else convert.result(classes)


@word("predict_on_batch", "object, x")
def predict_on_batch(target: Any, x: Any) -> Any:
    """Return the outputs for one batch."""
    model = model_of(target)
    return convert.result(model.predict_on_batch(_inputs(model, x)))


def _batch_word(name: str) -> None:
    @word(name, "object, x, y, class_weight = NULL, sample_weight = NULL")
    def on_batch(target: Any, x: Any, y: Any, class_weight: Any, sample_weight: Any) -> Any:
        options: dict[str, Any] = {}
        if class_weight is not NULL:
            found = external.to_python(class_weight)
            options["class_weight"] = found if isinstance(found, dict) else dict(enumerate(found))
        if sample_weight is not NULL:
            options["sample_weight"] = convert.data(sample_weight, "sample_weight")
        model = model_of(target)
        run = getattr(model, name)
        return convert.named_numbers(run(_inputs(model, x), convert.data(y, "y"), return_dict=True, **options))

    on_batch.__doc__ = "Train on one batch." if name.startswith("train") else "Measure one batch."


_batch_word("train_on_batch")
_batch_word("test_on_batch")


@word("fit_generator", "object, generator, steps_per_epoch, epochs = 1, verbose = NULL, callbacks = NULL, "
      "view_metrics = NULL, validation_data = NULL, validation_steps = NULL, class_weight = NULL, "
      "max_queue_size = 10, workers = 1, initial_epoch = 0", invisible=True)  # fmt: skip
def fit_generator(target: Any, generator: Any, steps_per_epoch: Any, epochs: Any, verbose: Any, callbacks: Any,
                  view_metrics: Any, validation_data: Any, validation_steps: Any, class_weight: Any, queue: Any,
                  workers: Any, initial_epoch: Any) -> Any:  # fmt: skip
    """Train on batches that a function or generator gives; `fit()` takes them too."""
    return fit(target, generator, NULL, NULL, epochs, verbose, callbacks, NULL, NULL, validation_data, NULL, class_weight,
               NULL, initial_epoch, steps_per_epoch, validation_steps, [])  # fmt: skip


@word("evaluate_generator", "object, generator, steps, max_queue_size = 10, workers = 1, callbacks = NULL")
def evaluate_generator(target: Any, generator: Any, steps: Any, queue: Any, workers: Any, callbacks: Any) -> Any:
    """Measure on batches that a function or generator gives; `evaluate()` takes them too."""
    return evaluate(target, generator, NULL, NULL, integer(0), NULL, steps, callbacks, [])


@word("predict_generator", "object, generator, steps, max_queue_size = 10, workers = 1, verbose = 0, callbacks = NULL")
def predict_generator(target: Any, generator: Any, steps: Any, queue: Any, workers: Any, verbose: Any,
                      callbacks: Any) -> Any:  # fmt: skip
    """Return outputs for batches that a function or generator gives; `predict()` takes them too."""
    return convert.result(predictions(target, generator, NULL, verbose, steps, callbacks=_callbacks(callbacks)))


