"""The words of the package, derived from the runtime's registries by one rule.

A word is a family's prefix and a class name: `layer_max_pooling_2d` is the layer whose name, without underscores and
capitals, is `maxpooling2d`. `_OTHER_SPELLINGS` has the words that R keras spells otherwise.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from pipekeras.grammar.builtins.registry import Builtin, machine
from pipekeras.grammar.keras import arguments, checkpoints, convert, signatures
from pipekeras.grammar.keras.kinds import check_kind
from pipekeras.grammar.values import NULL, ExternalObject

from pipekeras.core import registry

_MODULES = {
    "layer": "pipekeras.layers",
    "optimizer": "pipekeras.optimizers",
    "loss": "pipekeras.losses",
    "metric": "pipekeras.metrics",
    "callback": "pipekeras.callbacks",
    "initializer": "pipekeras.initializers",
    "regularizer": "pipekeras.regularizers",
    "constraint": "pipekeras.constraints",
    "activation": "pipekeras.activations",
    "learning_rate_schedule": "pipekeras.optimizers",
}
_KINDS = {"learning_rate_schedule": "schedule"}

_OTHER_SPELLINGS = {
    "layer_activation_relu": "ReLU",
    "layer_activation_leaky_relu": "LeakyReLU",
    "layer_activation_parametric_relu": "PReLU",
    "layer_activation_elu": "ELU",
    "layer_activation_softmax": "Softmax",
    "layer_activation_thresholded_relu": "ThresholdedReLU",
    "layer_cudnn_gru": "GRU",
    "layer_cudnn_lstm": "LSTM",
    "callback_lambda": "LambdaCallback",
    "callback_terminate_on_naan": "TerminateOnNaN",
    "loss_kullback_leibler_divergence": "KLDivergence",
    "loss_cosine_proximity": "CosineSimilarity",
    "loss_logcosh": "LogCosh",
    "metric_kullback_leibler_divergence": "KLDivergence",
    "metric_cosine_proximity": "CosineSimilarity",
    "metric_logcosh_error": "LogCoshError",
    "metric_acc": "Accuracy",
    "regularizer_orthogonal": "OrthogonalRegularizer",
    "metric_mean_wrapper": "MeanMetricWrapper",
    "optimizer_adam_w": "AdamW",
    "optimizer_loss_scale": "LossScaleOptimizer",
    "layer_bidirectional": "Bidirectional",
    "bidirectional": "Bidirectional",
    "time_distributed": "TimeDistributed",
    "layer_convolution_1d": "Conv1D",
    "layer_convolution_2d": "Conv2D",
    "layer_convolution_3d": "Conv3D",
    "layer_upsampling_1d": "UpSampling1D",
    "layer_upsampling_2d": "UpSampling2D",
    "layer_upsampling_3d": "UpSampling3D",
}

_OLDER = ("cudnn", "naan", "convolution")
"""Parts of words that are kept for scripts; the class goes by another."""

_NOT_LAYERS = frozenset(("InputLayer", "Layer", "Wrapper"))
_BASES = frozenset(("LearningRateSchedule", "Loss", "LossFunctionWrapper", "Metric"))
_ATTENTION = frozenset(("AdditiveAttention", "Attention", "MultiHeadAttention"))
_MERGING = frozenset(("Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract"))

OWN: dict[str, Any] = {}
"""Words that are functions written for the language (`word` enters them)."""

_OWN_MODULES = (
    "models", "training", "objects", "saving", "data", "backend", "backend_more", "custom", "custom_callbacks", "custom_words",
    "classes", "python_classes", "datasets", "history", "text", "images", "flags", "python_words", "op_words", "networks",
    "tensorflow", "dataset_words", "dataset_verbs", "further_words", "registered_words", "feature_words",
    "model_parts", "runs", "keras3_words", "object_words", "shapes",
)  # fmt: skip


def word(name: str, signature: str, **flags: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter a Python function as a word of the package."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        OWN[name] = Builtin(name, function, signature, package="keras", **flags)
        return function

    return enter


@cache
def load() -> None:
    """Import the files that write words of their own, and set up the border."""
    convert.install()
    for module in _OWN_MODULES:
        importlib.import_module(f"pipekeras.grammar.keras.{module}")
    from pipekeras.grammar.keras.further_words import enter_spellings

    enter_spellings()


def make(name: str) -> Any:
    """Return what a word is bound to, or None."""
    load()
    found = OWN.get(name)
    if found is not None:
        return found
    if name.startswith("op_"):
        from pipekeras.grammar.keras import op_words

        return op_words.make(name[3:])
    special = _OTHER_SPELLINGS.get(name)
    if special is not None and not name.startswith(tuple(f"{family}_" for family in _MODULES)):
        return _layer_function(name, _find("layer", special))
    for family in sorted(_MODULES, key=len, reverse=True):
        if name.startswith(f"{family}_"):
            target = _find(family, special or name[len(family) + 1 :])
            if target is None:
                return None
            return _BUILDERS.get(family, _plain_function)(name, target)
    return None


def fold(name: str) -> str:
    """Return a name without underscores and capitals."""
    return name.replace("_", "").lower()


def spelled(family: str, class_name: str) -> str:
    """Return the word for a class: `layer_conv_2d` for Conv2D.

    >>> spelled("layer", "Conv2DTranspose"), spelled("layer", "LSTM"), spelled("callback", "CSVLogger")
    ('layer_conv_2d_transpose', 'layer_lstm', 'callback_csv_logger')
    """
    for word_, known in _OTHER_SPELLINGS.items():
        if known == class_name and word_.startswith(f"{family}_") and not any(part in word_ for part in _OLDER):
            return word_
    if family == "optimizer":
        return f"optimizer_{class_name.lower()}"
    text = class_name.replace("ReLU", "Relu").replace("RMSprop", "Rmsprop").replace("MaxNorm", "Maxnorm")
    text = re.sub(r"(?<=[a-z])(?=\dD)", "_", text)
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\dD)(?=[A-Z])", "_", text)
    return f"{family}_{text.lower().replace('__', '_')}"


def _entries(family: str) -> dict[str, Any]:
    importlib.import_module(_MODULES[family])
    kind = _KINDS.get(family, family)
    table: dict[str, Any] = {}
    for entry in registry.entries(kind):
        table.setdefault(fold(entry.name), entry.value)
    return table


def _find(family: str, name: str) -> Any:
    table = _entries(family)
    found = table.get(fold(name))
    if found is None:
        kind = _KINDS.get(family, family)
        found = registry.find(kind, name)
        if found is None and family in ("loss", "metric"):
            found = getattr(importlib.import_module(_MODULES[family]), name, None)
    label = getattr(found, "__name__", "")
    if label in _BASES or (family == "layer" and label in _NOT_LAYERS):
        return None
    return found


def all_names() -> list[str]:
    """Return every word, sorted."""
    load()
    from pipekeras.grammar.keras import op_words

    names = set(OWN) | set(_OTHER_SPELLINGS) | {f"op_{name}" for name in op_words.names()}
    for family in _MODULES:
        for value in _entries(family).values():
            class_name = getattr(value, "__name__", "")
            if class_name and not class_name.startswith("_") and class_name not in _NOT_LAYERS:
                candidate = spelled(family, class_name)
                if make(candidate) is not None:
                    names.add(candidate)
    return sorted(names)


# Families


def _plain_function(name: str, target: Any) -> Builtin:
    return signatures.function_of(name, target)


def _layer_function(name: str, target: Any) -> Any:
    if target is None:
        return None
    if target.__name__ in _MERGING:
        return _merging_function(name, target)
    if target.__name__ in _ATTENTION:
        return signatures.function_of(
            name,
            target,
            first="object" if name == "layer_additive_attention" else "inputs",
            common=signatures.COMMON_LAYER,
            finish=lambda made, left: _attend(left, made),
        )
    if name.endswith(("_cell", "_cells")):
        # A cell is for layer_rnn(); R keras gives it no object to grow.
        return signatures.function_of(name, target, common=("name", "dtype", "trainable"))
    one_based = name in ("layer_batch_normalization", "layer_layer_normalization")
    return signatures.function_of(
        name,
        _with_r_axis(target) if one_based else target,
        first="object",
        common=signatures.COMMON_LAYER,
        finish=lambda made, left: _apply(left, made),
    )


def _with_r_axis(target: Any) -> Any:
    """R keras counts the axis of these layers from 1, batch included."""
    import functools

    @functools.wraps(target)
    def build(*, axis: Any = -1, **keywords: Any) -> Any:
        return target(axis=python_axis(axis), **keywords)

    import inspect

    build.__signature__ = inspect.signature(target)  # type: ignore[attr-defined]
    return build


def python_axis(axis: Any) -> Any:
    """Turn an axis counted from 1 into one counted from 0; negative ones stay."""
    from pipekeras.grammar.errors import RError

    if isinstance(axis, list | tuple):
        return [python_axis(item) for item in axis]
    if axis is None or axis < 0:
        return axis
    if axis == 0:
        raise RError("`axis` argument is 1 based, received 0", mend="the first axis, of the samples, is 1")
    return int(axis) - 1


def _apply(left: Any, layer: Any) -> Any:
    """`object %>% layer_*()`: None gives the layer, a sequential model grows, a tensor is called."""
    machine.visible = True
    from pipekeras import pipe

    if left is NULL:
        return ExternalObject(layer)
    if getattr(left, "kind", None) == "character" or (getattr(layer, "runs_on_host", False) and len(getattr(left, "data", ()))):
        from pipekeras.grammar.keras.objects import words_of

        return wrap(layer(words_of(left)))
    target = convert.data(left, "object")
    if isinstance(target, list | dict) and not target:
        return ExternalObject(layer)
    made = pipe.apply_layer(target, layer)
    if made is not target:
        return wrap(made)
    # A model that grows in place does not print, as in R keras.
    machine.visible = False
    return left


def _attend(left: Any, layer: Any) -> Any:
    """Attention takes a list of query, value and, if it is another, key; one tensor attends to itself."""
    if left is NULL:
        return ExternalObject(layer)
    found = convert.data(left, "inputs")
    parts = list(found.values()) if isinstance(found, dict) else found
    if not isinstance(parts, list):
        parts = [parts, parts]
    if not parts:
        return ExternalObject(layer)
    return wrap(layer(*parts) if type(layer).__name__ == "MultiHeadAttention" else layer(parts))


def _merging_function(name: str, target: Any) -> Builtin:
    """Merging layers take a list of tensors, or the tensors one after the other."""
    parameters = signatures.own_parameters(target)

    def build(inputs: Any, dots: Any, *values: Any) -> Any:
        keywords: dict[str, Any] = {}
        annotations = {parameter.name: parameter.annotation for parameter in parameters}
        for item, value in zip(names_of_rest, values, strict=True):
            if value is not NULL:
                check_kind(name, item, annotations.get(item, "Any"), value)
                keywords[item] = convert.argument(item, value)
        tensors: list[Any] = []
        for item_name, item in [(None, inputs), *dots]:
            if item is NULL:
                continue
            if item_name is not None:
                keywords[item_name] = convert.argument(item_name, item)
                continue
            found = convert.data(item, "inputs")
            tensors.extend(found if isinstance(found, list) else [found])
        for parameter in parameters:
            if parameter.default is parameter.empty and parameter.name not in keywords:
                from pipekeras.grammar.errors import RError

                raise RError(f'argument "{parameter.name}" is missing, with no default')
        layer = target(**keywords)
        return ExternalObject(layer) if not tensors else wrap(layer(tensors))

    names_of_rest = [parameter.name for parameter in parameters] + ["dtype", "name", "trainable"]
    pieces = [
        *(f"{p.name} = {signatures.r_text(None if p.default is p.empty else p.default)}" for p in parameters),
        "dtype = NULL",
        "name = NULL",
        "trainable = NULL",
    ]
    made = Builtin(name, build, ", ".join(["inputs = NULL", "...", *pieces]), package="keras")
    build.documents = target  # type: ignore[attr-defined]
    return made


def _measure_function(name: str, target: Any) -> Builtin:
    """`loss_*` and `metric_*`: with y_true and y_pred the values, without them the object."""
    import inspect

    if inspect.isclass(target):
        base = signatures.function_of(name, target, common=())
        pieces = base.signature or ""

        def build(y_true: Any, y_pred: Any, *values: Any) -> Any:
            if y_true is NULL or y_pred is NULL:
                return base.function(*values)
            measure = base.function(*values).value
            truth, prediction = convert.tensor_or_array(y_true), convert.tensor_or_array(y_pred)
            if hasattr(measure, "update_state"):
                measure.update_state(truth, prediction)
                return wrap(measure.result())
            if hasattr(measure, "call"):
                return wrap(measure.call(truth, prediction))
            return wrap(measure(truth, prediction))

        build.documents = target  # type: ignore[attr-defined]
        return Builtin(name, build, f"y_true = NULL, y_pred = NULL, {pieces}", package="keras")

    return _loss_function(name, target)


def _loss_function(name: str, target: Any) -> Builtin:
    """A loss that is a function: of values at once, as it stands, or with options as an object of its class."""
    parameters = signatures.own_parameters(target)[2:]
    pieces = [f"{p.name} = {signatures.r_text(None if p.default is p.empty else p.default)}" for p in parameters]
    pieces = ["y_true = NULL", "y_pred = NULL", *pieces, "...", "reduction = NULL", "name = NULL"]
    family = name.split("_", 1)[0]

    def measure(y_true: Any, y_pred: Any, *values: Any) -> Any:
        options = values[: len(parameters)]
        dots, reduction, label = values[len(parameters) :]
        if dots:
            from pipekeras.grammar.builtins.registry import unused_error

            raise unused_error(dots)
        keywords: dict[str, Any] = {}
        for p, value in zip(parameters, options, strict=True):
            if value is not NULL:
                check_kind(name, p.name, p.annotation, value)
                plain = convert.argument(p.name, value, str(p.annotation), p.default)
                if plain != p.default:
                    keywords[p.name] = python_axis(plain) if p.name == "axis" else plain
        if y_true is not NULL and y_pred is not NULL:
            return wrap(target(convert.tensor_or_array(y_true), convert.tensor_or_array(y_pred), **keywords))
        for key, value in (("reduction", reduction), ("name", label)):
            if value is not NULL and convert.argument(key, value) != "auto":
                keywords[key] = convert.argument(key, value)
        if not keywords:
            return ExternalObject(target)
        return ExternalObject(_class_of(family, target)(**keywords))

    measure.documents = target  # type: ignore[attr-defined]
    return Builtin(name, measure, ", ".join(pieces), package="keras")


def _class_of(family: str, function: Any) -> Any:
    """Return the class that computes what a function of the runtime does."""
    import inspect

    module = importlib.import_module(_MODULES[family])
    wanted = fold(function.__name__)
    for label, found in vars(module).items():
        if fold(label) == wanted and inspect.isclass(found):
            return found
    from pipekeras.grammar.errors import RError

    raise RError(f"{family} {function.__name__} takes no reduction and no name")


def _activation_function(name: str, target: Any) -> Builtin:
    parameters = signatures.own_parameters(target)[1:]
    pieces = "".join(f", {p.name} = {signatures.r_text(None if p.default is p.empty else p.default)}" for p in parameters)

    # Older spellings stand behind the function's own arguments.
    spelled_so = arguments.aliases(name)
    pieces += "".join(f", {alias} = NULL" for alias in spelled_so)
    by_name = {p.name: p for p in parameters}
    meant = [*parameters, *(by_name[own] for own in spelled_so.values())]

    def activate(x: Any, *values: Any) -> Any:
        if x is NULL:
            return ExternalObject(target)
        keywords = {}
        for p, value in zip(meant, values, strict=False):
            if value is not NULL:
                check_kind(name, p.name, p.annotation, value)
                keywords[p.name] = convert.argument(p.name, value)
        return wrap(target(convert.tensor_or_array(x), **keywords))

    activate.documents = target  # type: ignore[attr-defined]
    return Builtin(name, activate, f"x = NULL{pieces}", package="keras")


def wrap(value: Any) -> Any:
    """Return a result of the runtime as a value of the language; tensors stay tensors."""
    from pipekeras.grammar import external

    return external.to_language(value)


_BUILDERS: dict[str, Callable[[str, Any], Any]] = {
    "callback": checkpoints.callback_word,
    "layer": _layer_function,
    "loss": _measure_function,
    "metric": _measure_function,
    "activation": _activation_function,
}
