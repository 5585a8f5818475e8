"""Words that make layers of the program's classes, models of its functions, and metrics with names of their own."""

from __future__ import annotations

from types import MethodType
from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import Builtin, call_function
from pipekeras.grammar.conversion import PythonFunction
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.r6 import definition_of, instantiate
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.crossing import HANDLE, Arguments, parameters_of, program_call
from pipekeras.grammar.keras.custom import LAYER_OPTIONS, LanguageLayer, LayerBase, WrapperBase
from pipekeras.grammar.keras.named_functions import NamedFunction
from pipekeras.grammar.keras.names import _apply, word
from pipekeras.grammar.keras.saved_classes import loadable_class
from pipekeras.grammar.values import NULL, ExternalObject, Vector, mk_list, names_of
from pipekeras.grammar.vectors.unsupported import only_default

from pipekeras.core import serialization
from pipekeras.layers.base.layer import Layer
from pipekeras.models.model import Model
from pipekeras.models.sequential import Sequential


def instance_layer(generator: Any, arguments: Any) -> Any:
    """Return a layer of an R6 class, made with a list of arguments."""
    generator = generator_behind(generator)
    if isinstance(generator, ExternalObject):
        found = external.to_python(arguments) if arguments is not NULL else {}
        return generator.value(**{key: convert.whole(item) for key, item in found.items() if item is not None})
    definition = definition_of(generator)
    if definition is None:
        raise RError("layer_class must be an R6 class that inherits from KerasLayer")
    items: Arguments = []
    if arguments is not NULL:
        names = names_of(arguments) or [None] * len(arguments.data)
        items = [(str(name) if name else None, value) for name, value in zip(names, arguments.data, strict=True)]
    methods = {name for one in definition.lineage() for name in one.public}
    start = next((one.public["initialize"] for one in definition.lineage() if "initialize" in one.public), None)
    known = parameters_of(start) if start is not None else []
    options = {name: value for name, value in items if name in LAYER_OPTIONS and name not in known}
    rest = [(name, value) for name, value in items if name not in options]
    if "..." not in known:
        rest = [(name, value) for name, value in rest if name is None or name in known or name not in LAYER_OPTIONS]
    else:
        rest += [(name, value) for name, value in options.items() if value is not NULL]
    wrapper = next((one.native for one in definition.lineage() if isinstance(one.native, WrapperBase)), None)
    if wrapper is not None and "layer" not in known:
        wrapper.wrapped = next((value for name, value in rest if name == "layer"), NULL)
        rest = [(name, value) for name, value in rest if name != "layer"]
    instance = instantiate(definition, rest if "initialize" in methods or rest else [])
    handle = instance.frame.get(HANDLE)
    if handle is None:
        raise RError(f"class {definition.name} does not inherit from KerasLayer", mend="write inherit = KerasLayer")
    layer = handle.value
    name = options.get("name", NULL)
    if name is not NULL:
        layer.name = convert.argument("name", name)
    if options.get("trainable", NULL) is not NULL:
        layer.trainable = convert.argument("trainable", options["trainable"])
    layer.collect()
    if wrapper is None:
        unnamed = iter([name for name in known if name not in {label for label, _ in items}])
        items = [(label or next(unnamed, None), value) for label, value in items]
        layer.__dict__["_given"] = {name: value for name, value in items if name in known and type(value) is Vector}
        _remember(type(layer), generator, {name: value for name, value in items if name}, known)
    return layer


def _remember(layer_class: Any, generator: Any, given: dict[str, Any], known: list[str]) -> None:
    """Let a class make equal layers again, as cloning does: with what this one was made with, and its configuration."""

    def from_config(cls: Any, config: dict[str, Any]) -> Any:
        taken = {key for key in config if key in given or key in known or key in ("name", "trainable")}
        found = {**given, **{key: external.to_language(config[key]) for key in config if key in taken}}
        return instance_layer(generator, mk_list(list(found.values()), list(found)))

    layer_class.from_config = classmethod(from_config)


def generator_behind(value: Any) -> Any:
    """Return the R6 class behind a function that makes objects of it, or the value itself."""
    function = getattr(value, "function", None)
    return getattr(getattr(function, "function", function), "generator", value)


def member_of_class(function: Any, name: str) -> Any:
    """Return what a class of the program has under a name, as Python's classes have it; None for any other function."""
    generator = generator_behind(function)
    if generator is function:
        return None
    if name != "from_config":
        return generator.frame["classname"]

    def from_config(config: Any) -> Any:
        labels = names_of(config) or []
        arguments: Arguments = [(str(label), value) for label, value in zip(labels, config.data, strict=True)]
        return call_function(function, arguments)

    return Builtin("from_config", from_config, "config", package="keras")


@word("create_layer", "layer_class, object = NULL, args = list()", invisible=None)
def create_layer(layer_class: Any, target: Any, arguments: Any) -> Any:
    """Make a layer of an R6 class (or of a class of the runtime) and put it after `object`.

    Args:
        layer_class: R6 class that inherits from KerasLayer.
        object: model that grows, tensor that the layer is called on, or nothing.
        args: named list for the class's initialize().
    """
    return _apply(target, instance_layer(layer_class, arguments))


def _goes_before_layers(value: Any) -> bool:
    """Whether a value is a model that grows, a tensor or several of them: what a layer is put after."""
    if isinstance(value, ExternalObject):
        return not isinstance(value.value, Layer) or isinstance(value.value, Sequential)
    return isinstance(value, Vector) and value.kind == "list" and any(map(_goes_before_layers, value.data))


def layer_function(generator: Any, constructs: bool = False) -> Any:
    """Return a `layer_*` function for an R6 class.

    Args:
        generator: the class.
        constructs: whether a first argument that no layer is put after is meant for the class's initialize().
    """

    def make(target: Any, dots: Arguments) -> Any:
        if constructs and target is not NULL and not _goes_before_layers(target):
            target, dots = NULL, [(None, target), *dots]
        values = mk_list([value for _, value in dots], [name or "" for name, _ in dots])
        return _apply(target, instance_layer(generator, values))

    make.generator = generator  # type: ignore[attr-defined]
    return Builtin("layer", make, "object = NULL, ...", package="keras", invisible=None)


def loadable(name: str, value: Any) -> Any:
    """Return what a file's config may name for an R6 class of layers or a `layer_*` function of one, or None."""
    generator = generator_behind(value)
    definition = definition_of(generator)
    if definition is None:
        return None
    if not any(isinstance(one.native, LayerBase) for one in definition.lineage()):
        return loadable_class(name, definition)

    def from_config(cls: Any, config: dict[str, Any]) -> Any:
        items = [external.to_language(item) for item in config.values()]
        return instance_layer(generator, mk_list(items, list(config)))

    return type(name, (LanguageLayer,), {"from_config": classmethod(from_config)})


@word("create_wrapper", "wrapper_class, object = NULL, args = list()", invisible=None)
def create_wrapper(wrapper_class: Any, target: Any, arguments: Any) -> Any:
    """Make a layer of an R6 class that wraps another layer, and put it after `object`.

    Args:
        wrapper_class: R6 class that inherits from KerasWrapper.
        object: model that grows, tensor that the layer is called on, or nothing.
        args: named list for the class's initialize(); `layer` is the layer that is wrapped.
    """
    return _apply(target, instance_layer(wrapper_class, arguments))


@word("create_layer_wrapper", "Layer, modifiers = NULL, convert = TRUE")
def create_layer_wrapper(generator: Any, modifiers: Any, flag: Any) -> Any:
    """Return a function `layer(object, ...)` for a class."""
    only_default("create_layer_wrapper", modifiers=(modifiers, None))
    return layer_function(generator)


class LanguageModel(Model):
    """A model whose layers and call a function of the language gives (`keras_model_custom`).

    Args:
        name: text or None.
        function: function(self) that puts layers on self and returns function(inputs, mask = NULL).
    """

    takes_fields = True

    def __init__(self, name: str | None = None, function: Any = None) -> None:
        super().__init__(**({} if name is None else {"name": name}))
        if not callable(function):
            raise RError("a model of this kind is made of a function", mend="write keras_model_custom(function(self) { ... })")
        self.__dict__["_model_function"] = function
        made = function(self)
        if not isinstance(made, PythonFunction):
            raise RError("the function given to keras_model_custom() must return a function of the inputs",
                         mend="end it with function(inputs, mask = NULL) { ... }")  # fmt: skip
        self.__dict__["_call_function"] = made.function
        run = program_call(made.function, _call_function)
        self.__dict__["call"] = MethodType(run, self)

    def get_config(self) -> dict[str, Any]:
        """Return the name, and the function under the name that files have for it."""
        return {"name": self.name, "function": serialization.serialize(self.__dict__["_model_function"])}


def _call_function(model: Any) -> Any:
    return model.__dict__["_call_function"]


@word("keras_model_custom", "model_fn, name = NULL")
def keras_model_custom(function: Any, name: Any) -> Any:
    """Make a model from a function.

    Args:
        model_fn: function(self) that puts layers on self and returns function(inputs, mask = NULL).
        name: text.
    """
    if getattr(function, "kind", None) != "closure":
        function, name = name, function
    label = None if name is NULL else convert.argument("name", name)
    return ExternalObject(LanguageModel(label, external.to_python(function)))


@word("custom_metric", "name, metric_fn")
def custom_metric(name: Any, function: Any) -> Any:
    """Give a function of y_true and y_pred the name that it has in the logs."""
    return ExternalObject(NamedFunction(external.to_python(function), str(name.items()[0])))
