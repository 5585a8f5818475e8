"""`tf$...` and other Python functions called by scripts, with the conversions of reticulate; `with(... %as% tape, {})`."""

from __future__ import annotations

import functools
import importlib
import inspect
import types
from typing import Any

import numpy as np
from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import expression_of, value_of
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import evaluate
from pipekeras.grammar.external import Adapter, Arguments, register_adapter
from pipekeras.grammar.keras import convert, sized_later
from pipekeras.grammar.keras.names import OWN, word
from pipekeras.grammar.nodes import MISSING, Symbol
from pipekeras.grammar.values import NULL, ExternalObject, Vector, character, inherits, logical, mk_list

from pipekeras.compatibility import naming
from pipekeras.compatibility import tensorflow as tf
from pipekeras.compatibility.tensorflow import tensors
from pipekeras.data import Dataset
from pipekeras.graph.tensor import Tensor
from pipekeras.models.model import Model

_WHOLE_NAMES = """
    axis axes dims shape size sizes new_shape depth num num_or_size_splits n k perm ndims rank batch_size buffer_size count
    seed multiples begin paddings repeats repeat strides stride ksize filters units epochs initial_epoch steps
    steps_per_epoch batch_dims num_classes num_segments minlength maxlen height width kernel_size pool_size dilation_rate
    axis1 axis2 offset rows cols columns num_samples num_lower num_upper num_rows num_columns output_shape target_shape
    block_size max_length sequence_length
"""
_WHOLE = frozenset(_WHOLE_NAMES.split())
"""Arguments that are whole numbers; doubles are taken for them."""


@functools.lru_cache(maxsize=512)
def _parameters(target: Any) -> tuple[inspect.Parameter, ...]:
    try:
        found = inspect.signature(target).parameters.values()
    except (TypeError, ValueError):
        return ()
    return tuple(found)


def _known_parameters(target: Any) -> tuple[inspect.Parameter, ...]:
    try:
        return _parameters(target)
    except TypeError:
        return ()


def values_of(value: Any) -> Any:
    """Return a value as Python's numbers: arrays of doubles as float32, single numbers as they are."""
    if isinstance(value, Vector) and value.kind == "list":
        if inherits(value, "data.frame") and len(value) and all(column.kind in ("double", "integer") for column in value.data):
            # A table of numbers is the matrix that it looks like.
            return np.column_stack([external.to_python(column) for column in value.data]).astype(np.float32)
        found = external.to_python(value)
        if isinstance(found, dict):
            return {key: values_of(item) for key, item in zip(found, value.data, strict=True)}
        return [values_of(item) for item in value.data]
    plain = external.to_python(value)
    if isinstance(plain, np.ndarray) and plain.dtype == np.float64:
        return plain.astype(np.float32)
    return plain


def _argument(parameter: inspect.Parameter | None, name: str, value: Any) -> Any:
    default = None if parameter is None or parameter.default is parameter.empty else parameter.default
    annotation = "" if parameter is None or parameter.annotation is parameter.empty else str(parameter.annotation)
    whole = name in _WHOLE or (isinstance(default, int) and not isinstance(default, bool)) or annotation.startswith("int")
    plain = convert.whole(external.to_python(value)) if whole else values_of(value)
    if isinstance(plain, list) and any(isinstance(item, int | float) for item in plain):
        # `tf$shape(x)[1]` is a list of one size, beside others that are plain.
        return [item[0] if isinstance(item, list) and len(item) == 1 else item for item in plain]
    return plain


_SHAPING: dict[Any, Any] = {tf.expand_dims: np.expand_dims, tf.squeeze: np.squeeze, tf.reshape: np.reshape}
"""What only changes the shape, which texts have, too."""


_NAMED_RESULTS: dict[Any, tuple[str, ...]] = {
    tf.math.top_k: ("values", "indices"), tf.nn.top_k: ("values", "indices"), tf.unique: ("y", "idx"), tf.linalg.qr: ("q", "r"),
}  # fmt: skip
"""What several results are called, where TensorFlow has names for them."""


def _is_text(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "OU" and all(map(_is_text, value.flat))
    return isinstance(value, str) or (isinstance(value, list) and len(value) > 0 and all(map(_is_text, value)))


def _is_data(name: str) -> bool:
    return name in ("x", "y", "sample_weight")


class FunctionAdapter(Adapter):
    """A function of Python takes vectors and lists as lists, arrays as arrays, whole doubles where it counts."""

    def call(self, target: Any, arguments: Arguments) -> Any:
        parameters = _known_parameters(target)
        model = isinstance(getattr(target, "__self__", None), Model)
        plain = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        by_name = {p.name: p for p in parameters}
        owner = getattr(target, "__self__", None)
        dataset = isinstance(owner, Dataset) or owner is Dataset
        positional: list[Any] = []
        named: dict[str, Any] = {}
        for name, value in arguments:
            if dataset and getattr(value, "kind", None) in ("closure", "builtin"):
                from pipekeras.grammar.keras.datasets import _function

                made: Any = _function(value, name or "function")
            elif dataset and isinstance(value, Vector) and (value.kind == "list" or "dim" in (value.attributes or {})):
                from pipekeras.grammar.keras.datasets import _structure

                made = _structure(value, name or "elements")
            elif model and _is_data(name or (plain[len(positional)].name if len(positional) < len(plain) else "")):
                # Of a model's own methods: a vector of targets is one array, not a list of targets.
                made = convert.data(value, name or "x", texts=True)
            elif name:
                made = _argument(by_name.get(name), name, value)
            else:
                place = len(positional)
                parameter = plain[place] if place < len(plain) else None
                made = _argument(parameter, parameter.name if parameter is not None else "", value)
            if name:
                named[name] = made
            else:
                positional.append(made)
        if target in _SHAPING and positional and _is_text(positional[0]):
            shaped = _SHAPING[target](np.array(positional[0], dtype=str), *positional[1:], **named)
            return external.to_language(shaped)
        if target in (tf.stack, tf.concat) and (sizes := sized_later.joined((positional or [*named.values()])[0])) is not None:
            return mk_list([ExternalObject(size) if isinstance(size, convert.UnknownSize) else external.to_language(size)
                            for size in sizes])  # fmt: skip
        if sized_later.is_known(target) and sized_later.sources_of([positional, named]):
            called = {parameter.name: value for parameter, value in zip(plain, positional, strict=False)}
            made = sized_later.call_now_or_later(target, **called, **named)
        else:
            made = target(*map(sized_later.plain, positional), **{key: sized_later.plain(item) for key, item in named.items()})
        if target is tensors.shape:
            asked = positional[0] if positional else named.get("input")
            return ExternalObject(convert.Sizes(made, asked if isinstance(asked, Tensor) else None))
        if isinstance(made, tuple | list) and target in _NAMED_RESULTS:
            return mk_list([external.to_language(item) for item in made], list(_NAMED_RESULTS[target]))
        # compile() gives its model back for Python's `|`; Keras' own gives nothing, which prints nothing.
        return NULL if model and made is owner else external.to_language(made)


class ClassAdapter(Adapter):
    """A class makes an object; whole doubles are whole numbers unless its parameter is a real one."""

    def call(self, target: Any, arguments: Arguments) -> Any:
        by_name = {p.name: p for p in _known_parameters(target)}
        order = list(by_name.values())

        def ready(parameter: inspect.Parameter | None, name: str, value: Any) -> Any:
            array = isinstance(value, Vector) and value.attributes and "dim" in value.attributes
            if array or name == "initial_value":
                return values_of(value)
            if parameter is None:
                return convert.argument(name, value)
            annotation = "" if parameter.annotation is parameter.empty else str(parameter.annotation)
            return convert.argument(
                name, value, annotation, None if parameter.default is parameter.empty else parameter.default
            )

        positional = []
        for place, (_, value) in enumerate([pair for pair in arguments if not pair[0]]):
            parameter = order[place] if place < len(order) else None
            positional.append(ready(parameter, parameter.name if parameter is not None else "", value))
        named = {name: ready(by_name.get(name), name, value) for name, value in arguments if name}
        return external.to_language(target(*positional, **named))


_SESSIONS = "everything runs at once, as in TensorFlow 2; there are no graphs to run in a session"
_GONE = {
    **dict.fromkeys(("Session", "InteractiveSession", "placeholder", "global_variables_initializer", "get_default_graph",
                     "get_session", "Graph"), _SESSIONS),
    **dict.fromkeys(("contrib", "python", "estimator", "feature_column"), "these parts of TensorFlow are not here"),
    **dict.fromkeys(("SparseTensor", "sparse", "ragged", "RaggedTensor"), "tensors here keep every element; pad rows"),
    **dict.fromkeys(("audio", "lite", "saved_model", "tpu", "profiler"), "this part of TensorFlow is not here"),
    **dict.fromkeys(("parse_example", "FixedLenFeature", "Example", "TFRecordDataset", "parse_single_example"),
                    "TFRecord files are not read; use text_line_dataset() or make_csv_dataset()"),
    "distribution": "training runs on one computer; leave the distribution out",
    "py_func": "functions of the program are called as they are",
}  # fmt: skip
"""Names of TensorFlow and Keras that are not here, with the reason."""


class NamesAdapter(Adapter):
    """A module gives its names and nothing else; `$name` that is not there says which may have been meant."""

    def classes(self, target: Any) -> list[str]:
        return ["python.builtin.module", "python.builtin.object"]

    def member(self, target: Any, name: str) -> Any:
        if name in ("__version__", "VERSION"):
            return character("2.15.0")
        if name.startswith("_") or (isinstance(target, types.ModuleType) and name not in dir(target)):
            raise RError(f"module has no member '{name}'", mend=_GONE.get(name) or external._near_member(target, name))
        try:
            return external.to_language(getattr(target, name))
        except AttributeError as problem:
            raise RError(str(problem), mend=_GONE.get(name) or external._near_member(target, name)) from None

    def length(self, target: Any) -> int:
        return 1

    def text(self, target: Any) -> str:
        label = getattr(target, "__name__", None) or getattr(target, "_label", "names")
        return f"Module({str(label).replace('pipekeras.compatibility.', '')})"


for _kind in (types.FunctionType, types.MethodType, functools.partial):
    register_adapter(_kind, FunctionAdapter())
register_adapter(type, ClassAdapter())
register_adapter(types.ModuleType, NamesAdapter())
register_adapter(naming.Namespace, NamesAdapter())


def _module(name: str) -> ExternalObject:
    from pipekeras.grammar.keras.python_modules import python_module

    return ExternalObject(python_module(name))


OWN["tf"] = _module("tensorflow")
OWN["keras"] = _module("keras")
OWN["np"] = _module("numpy")


def _backend() -> Any:
    try:
        return importlib.import_module("pipekeras.backend")
    except ImportError:
        return importlib.import_module("pipekeras.ops")


@word("backend", "convert = TRUE")
def backend(convert_: Any) -> Any:
    """Return the functions of Keras' backend under their Python names; axes count from 0."""
    return ExternalObject(_backend())


@word("implementation", "")
def implementation() -> Any:
    """Return the names of Keras."""
    return OWN["keras"]


@word("%as%", "object, as", lazy=True)
def bind_as(target: Any, label: Any) -> Any:
    """Name what with() enters: with(tf$GradientTape() %as% tape, { ... }).

    Args:
        object: object with a beginning and an end.
        as: name that it has meanwhile.
    """
    node = expression_of(label)
    found = value_of(target)
    if type(node) is not Symbol or not isinstance(found, ExternalObject):
        raise RError("%as% takes an object and a name", mend="write with(tf$GradientTape() %as% tape, { ... })")
    return ExternalObject(found.value, {**(found.attributes or {}), "as": character(node.name)})


@word("with.python.builtin.object", "data, expr, ..., as = NULL", lazy=True, needs_environment=True, invisible=None)
def with_object(data: Any, expr: Any, dots: Any, label: Any, *, environment: Any) -> Any:
    """Evaluate an expression between the beginning and the end of an object: a tape, a device, a scope.

    Args:
        data: object.
        expr: expression.
        as: name of the object, as `%as%` gives it.
    """
    target = value_of(data)
    manager = target.value
    if not hasattr(manager, "__enter__"):
        raise RError(f"with() needs an object with a beginning and an end; {type(manager).__name__} has none")
    named = (target.attributes or {}).get("as")
    tree = expression_of(expr)
    # A method is called from the generic, whose caller owns the names.
    place = _caller(expr, environment)
    with manager as entered:
        if named is not None:
            place.set(str(named.items()[0]), ExternalObject(entered))
        return NULL if tree is MISSING else evaluate(tree, place)


def _caller(promise: Any, environment: Any) -> Any:
    from pipekeras.grammar.values import Promise

    seen = promise
    while isinstance(seen, Promise) and isinstance(seen.environment, Environment):
        inner = seen.expression
        found = seen.environment.frame.get(inner.name) if type(inner) is Symbol else None
        if not isinstance(found, Promise):
            return seen.environment
        seen = found
    return environment


# Words of the tensorflow package


@word("tf_function", "f, input_signature = NULL, autograph = TRUE, reduce_retracing = FALSE, ..., py_func_wrap = NULL")
def tf_function(f: Any, signature: Any, autograph: Any, reduce: Any, dots: Any, wrap: Any) -> Any:
    """Return the function: what runs inside of a model is compiled with it, the rest runs at once.

    Args:
        f: function.
        input_signature, autograph, reduce_retracing: accepted.
    """
    return f


@word("autograph", "x", lazy=True, needs_environment=True)
def autograph(x: Any, *, environment: Any) -> Any:
    """Return the value of an expression, or a function: loops and conditions run as the program says."""
    return value_of(x)


@word("tf_version", "")
def tf_version() -> Any:
    """Return the version of TensorFlow whose names `tf$...` has."""
    made = mk_list([external.to_language([2, 15])])
    made.attributes = {"class": character(["numeric_version"])}
    return made


@word("tf_config", "")
def tf_config() -> Any:
    """Return what computes here."""
    import pipekeras

    return mk_list(
        [logical(True), character("2.15.0"), character(pipekeras.__version__)], ["available", "version", "pipekeras"]
    )


@word("is_tensorflow_implementation", "")
def is_tensorflow_implementation() -> Any:
    """Return FALSE: the runtime is its own."""
    return logical(False)


@word("is_backend", "name")
def is_backend(name: Any) -> Any:
    """Whether the backend has a name: the runtime is "pipekeras", and answers to "tensorflow" for its names."""
    return logical(str(name.items()[0]) in ("pipekeras", "tensorflow"))
