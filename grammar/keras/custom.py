"""Layers, models, callbacks and constraints written in the language: R6 classes and functions over the runtime's bases."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import call_function
from pipekeras.grammar.environment import ActiveBinding, Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.r6 import (
    DEFINITION,
    NativeBase,
    definition_of,
    function_value,
    instantiate,
    native_generator,
)
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.names import OWN, _apply, word
from pipekeras.grammar.keras.training import NamedFunction
from pipekeras.grammar.values import NULL, Closure, ExternalObject, Vector, integer, mk_list, names_of

from pipekeras.callbacks.callback import Callback
from pipekeras.core import naming
from pipekeras.core.notices import warn as warn_user
from pipekeras.layers.base.layer import Layer
from pipekeras.models.model import Model
from pipekeras.nn.constraints import Constraint

HANDLE = ".__object__"
"""Where an R6 object keeps the object of the runtime that it stands for."""

_LAYER_OPTIONS = ("name", "trainable", "dtype", "input_shape", "batch_input_shape", "batch_size", "weights", "dynamic")
_HOOKS = tuple(name for name in dir(Callback) if name.startswith("on_"))
Arguments = list[tuple[str | None, Any]]


def parameters_of(function: Any) -> list[str]:
    """Return the names of a function's parameters."""
    if isinstance(function, Closure):
        return [name for name, _ in function.formals]
    return [formal.name for formal in function.formals]


def call_with_known(function: Any, positional: list[Any], named: dict[str, Any]) -> Any:
    """Call a function of the language, passing of the named arguments those that it takes."""
    parameters = parameters_of(function)
    takes_all = "..." in parameters
    arguments: Arguments = [(None, value) for value in positional]
    taken = set(parameters[: len(positional)])
    arguments += [(name, value) for name, value in named.items() if (name in parameters or takes_all) and name not in taken]
    if isinstance(function, Closure) and _from_file(function.environment):
        from pipekeras.grammar.keras.sandbox import bounded

        with bounded():
            return call_function(function, arguments)
    return call_function(function, arguments)


def _from_file(environment: Environment | None) -> bool:
    """Whether a function with this environment comes from the source text in a model file."""
    place = environment
    while place is not None and place.parent is not None:
        place = place.parent
    return place is not None and place.name == FILE


FILE = "source of a file"
"""Name of the environment that stands in place of the packages for the source text in a model file."""


def shape_value(shape: Any) -> Any:
    """Return a shape, or a list of shapes, as lists with NULL for any size."""
    if shape is None:
        return NULL
    if isinstance(shape, dict):
        return mk_list([shape_value(item) for item in shape.values()], list(shape))
    if shape and isinstance(shape[0], list | tuple):
        return mk_list([shape_value(item) for item in shape])
    return mk_list([NULL if size is None else integer(int(size)) for size in shape])


class LanguageLayer(Layer):
    """A layer whose methods are functions of the language.

    Args:
        methods: function by name: build, call, compute_output_shape, get_config, compute_mask.
        class_name: name of the class in the program.
        options: what every layer takes.
    """

    def __init__(self, methods: dict[str, Any] | None = None, class_name: str = "LanguageLayer", **options: Any) -> None:
        options.setdefault("name", naming.unique_name(naming.snake_case(class_name)))
        super().__init__(**options)
        self.class_name = class_name
        self.__dict__["_methods"] = methods if methods is not None else {}
        self.__dict__["_parts"] = None
        self.supports_masking = "mask" in self._call_parameters()

    def _call_parameters(self) -> list[str]:
        found = self.__dict__["_methods"].get("call")
        return parameters_of(found) if found is not None else []

    def follow(self, environment: Environment) -> None:
        """Track layers and variables that the object's fields hold from now on."""
        self.__dict__["_parts"] = environment

    def collect(self) -> None:
        """Track what the fields hold now."""
        environment = self.__dict__["_parts"]
        if environment is None:
            return
        for name, value in list(environment.frame.items()):
            if name.startswith(".__") or type(value) is ActiveBinding:
                continue
            found = [item for item in runtime_objects(value) if item is not self]
            if found:
                setattr(self, f"field_{name}", found if len(found) > 1 else found[0])

    def build(self, input_shape: Any) -> None:
        """Run the program's build method, if there is one."""
        method = self.__dict__["_methods"].get("build")
        if method is not None:
            call_with_known(method, [shape_value(input_shape)], {})
        self.collect()

    def __getattr__(self, name: str) -> Any:
        """Read a field of the program's object, such as the state_size of a recurrent cell."""
        parts = self.__dict__.get("_parts")
        value = None if parts is None or name.startswith(("_", ".")) else parts.frame.get(name)
        if value is None or type(value) is ActiveBinding:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        return convert.whole(external.to_python(value))

    def call(self, inputs: Any, states: Any = None, training: Any = None, mask: Any = None) -> Any:
        """Run the program's call method; one that is called with more than its inputs, such as a recurrent cell, gets that."""
        method = self.__dict__["_methods"].get("call")
        if method is None:
            return inputs
        named = {"training": external.to_language(training), "mask": external.to_language(mask)}
        given = [inputs] if states is None else [inputs, states]
        made = call_with_known(method, [external.to_language(item) for item in given], named)
        self.collect()
        return tensors(made)

    def source_pieces(self) -> dict[str, str] | None:
        """Return the text of the class, for files; a class that is not all text goes without, with a warning."""
        from pipekeras.grammar.keras import sources

        definition = self.__dict__.get("_definition")
        if definition is None:
            return None
        if _from_file(definition.place):
            return {FILE: definition.place.frame[FILE].value}
        try:
            return sources.pieces_of(definition)
        except RError as problem:
            warn_user(f"the source of {definition.name} is not saved with the model: {problem.message}")
            return None

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Ask the program, or trace the call."""
        method = self.__dict__["_methods"].get("compute_output_shape")
        if method is None:
            return super().compute_output_shape(input_shape)
        return convert.shape(call_with_known(method, [shape_value(input_shape)], {}))

    def get_config(self) -> dict[str, Any]:
        """Ask the program; name and kind are added."""
        method = self.__dict__["_methods"].get("get_config")
        base = {"name": self.name, "trainable": self.trainable, "dtype": self.dtype}
        if method is None:
            return base
        found = external.to_python(call_with_known(method, [], {}))
        return {**base, **(convert.whole(found) if isinstance(found, dict) else {})}


def runtime_objects(value: Any) -> list[Any]:
    if isinstance(value, ExternalObject):
        return [value.value] if isinstance(value.value, Layer) else []
    if isinstance(value, Vector) and value.kind == "list":
        return [found for item in value.data for found in runtime_objects(item)]
    if isinstance(value, Environment):
        handle = value.frame.get(HANDLE)
        if isinstance(handle, ExternalObject) and isinstance(handle.value, Layer):
            return [handle.value]
    return []


def tensors(value: Any) -> Any:
    """Return what a function of the language gave: a tensor, or a list or dict of tensors."""
    if isinstance(value, ExternalObject):
        return value.value
    if isinstance(value, Vector) and value.kind == "list":
        names = names_of(value)
        items = [tensors(item) for item in value.data]
        return dict(zip(map(str, names), items, strict=True)) if names is not None and all(names) else items
    return convert.tensor_or_array(value)


class LayerBase(NativeBase):
    """`KerasLayer`: an object of a class that inherits from it stands for a layer."""

    kind = LanguageLayer

    def prepare(self, instance: Environment, enclosure: Environment, arguments: Arguments) -> None:
        options = {
            name: _layer_option(name, value) for name, value in arguments if name in _LAYER_OPTIONS and value is not NULL
        }
        classes = (instance.attributes or {}).get("class")
        class_name = str(classes.items()[0]) if classes is not None else "KerasLayer"
        methods: dict[str, Any] = {
            name: instance.frame[name]
            for name in ("build", "call", "compute_output_shape", "get_config", "compute_mask")
            if name in instance.frame
        }
        # A class of its own: summaries and files then have the program's name for it.
        layer = type(class_name, (self.kind,), {})(methods, class_name, **options)
        instance.frame[HANDLE] = ExternalObject(layer)
        layer.__dict__["_definition"] = enclosure.frame[DEFINITION].value
        layer.follow(instance)
        _bind_layer(instance, layer)

    def super_members(self, instance: Environment, enclosure: Environment) -> dict[str, Any]:
        """Methods of the base that `super$` reaches."""

        def start(dots: Arguments) -> Any:
            handle = instance.frame.get(HANDLE)
            if handle is not None:
                for name, value in dots:
                    if name in ("name", "trainable") and value is not NULL:
                        setattr(handle.value, name, convert.argument(name, value))
            return NULL

        def nothing(dots: Arguments) -> Any:
            return NULL

        def config(dots: Arguments) -> Any:
            layer = instance.frame[HANDLE].value
            return external.to_language({"name": layer.name, "trainable": layer.trainable, "dtype": layer.dtype})

        return {
            "initialize": function_value("initialize", start),
            "build": function_value("build", nothing),
            "get_config": function_value("get_config", config),
        }


class LanguageWrapper(LanguageLayer):
    """A layer of the program around another layer."""

    def build(self, input_shape: Any) -> None:
        """Run the program's build method; without one the wrapped layer is built."""
        inner = self.__dict__["_parts"].frame.get("layer")
        if self.__dict__["_methods"].get("build") is None and isinstance(inner, ExternalObject) and not inner.value.built:
            inner.value.build(input_shape)
        super().build(input_shape)

    def call(self, inputs: Any, states: Any = None, training: Any = None, mask: Any = None) -> Any:
        """Run the program's call method; without one the wrapped layer is called."""
        inner = self.__dict__["_parts"].frame.get("layer")
        if self.__dict__["_methods"].get("call") is None and isinstance(inner, ExternalObject):
            return inner.value(inputs)
        return super().call(inputs, states, training, mask)


class WrapperBase(LayerBase):
    """`KerasWrapper`: an object of a class that inherits from it stands for a layer around `self$layer`."""

    kind = LanguageWrapper
    wrapped: Any = NULL

    def prepare(self, instance: Environment, enclosure: Environment, arguments: Arguments) -> None:
        super().prepare(instance, enclosure, arguments)
        wrapped, self.wrapped = self.wrapped, NULL
        if wrapped is NULL:
            wrapped = next((value for name, value in arguments if name == "layer"), NULL)
        if not isinstance(wrapped, ExternalObject) or not isinstance(wrapped.value, Layer):
            raise RError("a wrapper needs the layer that it wraps", mend="write args = list(layer = layer_dense(units = 1))")
        instance.frame["layer"] = wrapped


def _layer_option(name: str, value: Any) -> Any:
    return convert.shape(value) if "shape" in name else convert.argument(name, value)


def _bind_layer(instance: Environment, layer: Layer) -> None:
    """Give an R6 object the members of its layer."""

    def add_weight(name: Any, shape: Any, dtype: Any, initializer: Any, regularizer: Any, trainable: Any, constraint: Any,
                   dots: Arguments) -> Any:  # fmt: skip
        options: dict[str, Any] = {}
        for key, value in (("name", name), ("dtype", dtype), ("initializer", initializer), ("regularizer", regularizer),
                           ("trainable", trainable), ("constraint", constraint)):  # fmt: skip
            if value is not NULL:
                options[key] = convert.argument(key, value)
        return ExternalObject(layer.add_weight(shape=convert.shape(shape) or (), **options))

    from pipekeras.grammar.builtins.registry import Builtin

    signature = ("name = NULL, shape = NULL, dtype = NULL, initializer = NULL, regularizer = NULL, trainable = TRUE, "
                 "constraint = NULL, ...")  # fmt: skip
    instance.frame["add_weight"] = Builtin("add_weight", add_weight, signature, package="keras")
    instance.frame["add_loss"] = function_value("add_loss", lambda dots: _add_loss(layer, dots))
    instance.frame["python_layer"] = ExternalObject(layer)
    for name in ("name", "trainable", "weights", "trainable_weights", "losses", "built", "input_shape", "output_shape"):
        if name not in instance.frame:
            instance.make_active(name, function_value(name, _reader(layer, name)))


def _reader(layer: Layer, name: str) -> Any:
    def read(dots: Arguments) -> Any:
        if dots:
            setattr(layer, name, convert.argument(name, dots[0][1]))
            return NULL
        return external.adapter_of(layer).member(layer, name)

    return read


def _add_loss(layer: Layer, dots: Arguments) -> Any:
    for _, value in dots[:1]:
        layer.add_loss(tensors(value))
    return NULL


class LanguageCallback(Callback):
    """A callback whose hooks are functions of the language."""

    def __init__(self, hooks: dict[str, Any]) -> None:
        super().__init__()
        for name, function in hooks.items():
            self.__dict__[name] = _hook(name, function)


def _hook(name: str, function: Any) -> Any:
    def run(*arguments: Any, **named: Any) -> None:
        positional = [integer(item) if isinstance(item, int) else _logs_value(item) for item in arguments]
        if "logs" in named:
            positional.append(_logs_value(named["logs"]))
        count = len(parameters_of(function))
        call_function(function, [(None, value) for value in positional[: max(count, 0)]])

    return run


def _logs_value(logs: Any) -> Any:
    return external.to_language(logs) if logs else mk_list([])


class CallbackBase(NativeBase):
    """`KerasCallback`: an object of a class that inherits from it stands for a callback."""

    def prepare(self, instance: Environment, enclosure: Environment, arguments: Arguments) -> None:
        callback = LanguageCallback({name: instance.frame[name] for name in _HOOKS if name in instance.frame})
        instance.frame[HANDLE] = ExternalObject(callback)
        for name in ("model", "params"):
            if name not in instance.frame or instance.frame[name] is NULL:
                instance.frame.pop(name, None)
                instance.make_active(name, function_value(name, _reader_of(callback, name)))

    def super_members(self, instance: Environment, enclosure: Environment) -> dict[str, Any]:
        """The base's initialize does nothing."""
        return {"initialize": function_value("initialize", lambda dots: NULL)}


def _reader_of(target: Any, name: str) -> Any:
    return lambda dots: external.to_language(getattr(target, name))


class LanguageConstraint(Constraint):
    """A constraint that is a function of the language."""

    def __init__(self, function: Any = None) -> None:
        self.__dict__["_function"] = function

    def __call__(self, w: Any) -> Any:
        return tensors(call_function(self.__dict__["_function"], [(None, ExternalObject(w))]))


class ConstraintBase(NativeBase):
    """`KerasConstraint`: an object of a class that inherits from it stands for a constraint."""

    def prepare(self, instance: Environment, enclosure: Environment, arguments: Arguments) -> None:
        function = instance.frame.get("call")
        if function is None:
            raise RError("a constraint needs a method call(w)")
        instance.frame[HANDLE] = ExternalObject(LanguageConstraint(function))


def _unwrapped(value: Any) -> Any:
    """An R6 object that stands for an object of the runtime crosses the border as that object."""
    if type(value) is Environment:
        handle = value.frame.get(HANDLE)
        if isinstance(handle, ExternalObject):
            return handle.value
    return NotImplemented


external.TO_PYTHON.append(_unwrapped)
OWN["KerasLayer"] = native_generator("KerasLayer", LayerBase())
OWN["KerasWrapper"] = native_generator("KerasWrapper", WrapperBase())
OWN["KerasCallback"] = native_generator("KerasCallback", CallbackBase())
OWN["KerasConstraint"] = native_generator("KerasConstraint", ConstraintBase())


# Making layers from classes


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
    options = {name: value for name, value in items if name in _LAYER_OPTIONS and name not in known}
    rest = [(name, value) for name, value in items if name not in options]
    if "..." not in known:
        rest = [(name, value) for name, value in rest if name is None or name in known or name not in _LAYER_OPTIONS]
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


@word("create_layer", "layer_class, object = NULL, args = list()", invisible=None)
def create_layer(layer_class: Any, target: Any, arguments: Any) -> Any:
    """Make a layer of an R6 class (or of a class of the runtime) and put it after `object`.

    Args:
        layer_class: R6 class that inherits from KerasLayer.
        object: model that grows, tensor that the layer is called on, or nothing.
        args: named list for the class's initialize().
    """
    return _apply(target, instance_layer(layer_class, arguments))


def layer_function(generator: Any) -> Any:
    """Return a `layer_*` function for an R6 class."""

    def make(target: Any, dots: Arguments) -> Any:
        values = mk_list([value for _, value in dots], [name or "" for name, _ in dots])
        return _apply(target, instance_layer(generator, values))

    from pipekeras.grammar.builtins.registry import Builtin

    make.generator = generator  # type: ignore[attr-defined]
    return Builtin("layer", make, "object = NULL, ...", package="keras", invisible=None)


def loadable(name: str, value: Any) -> Any:
    """Return what a file's config may name for an R6 class of layers or a `layer_*` function of one, or None."""
    generator = generator_behind(value)
    if definition_of(generator) is None:
        return None

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
    return layer_function(generator)


# Models from functions


class LanguageModel(Model):
    """A model whose layers and call a function of the language gives (`keras_model_custom`)."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(**({} if name is None else {"name": name}))
        self.__dict__["_call_function"] = None

    def start(self, function: Any) -> None:
        """Run the function that makes the layers and returns the call."""
        made = call_function(function, [(None, ExternalObject(self))])
        if getattr(made, "kind", None) != "closure":
            raise RError("the function given to keras_model_custom() must return a function of the inputs",
                         mend="end it with function(inputs, mask = NULL) { ... }")  # fmt: skip
        self.__dict__["_call_function"] = made

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Run the program's call function."""
        named = {"training": external.to_language(training), "mask": external.to_language(mask)}
        return tensors(call_with_known(self.__dict__["_call_function"], [external.to_language(inputs)], named))


@word("keras_model_custom", "model_fn, name = NULL")
def keras_model_custom(function: Any, name: Any) -> Any:
    """Make a model from a function.

    Args:
        model_fn: function(self) that puts layers on self and returns function(inputs, mask = NULL).
        name: text.
    """
    if getattr(function, "kind", None) != "closure":
        function, name = name, function
    model = LanguageModel(None if name is NULL else convert.argument("name", name))
    model.start(function)
    return ExternalObject(model)


@word("custom_metric", "name, metric_fn")
def custom_metric(name: Any, function: Any) -> Any:
    """Give a function of y_true and y_pred the name that it has in the logs."""
    return ExternalObject(NamedFunction(external.to_python(function), str(name.items()[0])))
