"""Layers written in the language: R6 classes over the runtime's bases."""

from __future__ import annotations

from functools import wraps
from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.environment import ActiveBinding, Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.r6 import DEFINITION, NativeBase, function_value, native_generator
from pipekeras.grammar.keras import convert, members
from pipekeras.grammar.keras.crossing import (
    HANDLE,
    Arguments,
    call_with_known,
    parameters_of,
    program_call,
    shape_value,
    tensors,
)
from pipekeras.grammar.keras.names import OWN
from pipekeras.grammar.keras.saved_classes import pieces_of_class, program_config
from pipekeras.grammar.values import NULL, ExternalObject

from pipekeras.core import naming
from pipekeras.layers.base.layer import Layer

LAYER_OPTIONS = ("name", "trainable", "dtype", "input_shape", "batch_input_shape", "batch_size", "weights", "dynamic")


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
            found = [item for item in members.tracked_parts(value) if item is not self]
            if found:
                setattr(self, f"field_{name}", found if len(found) > 1 else found[0])

    def build(self, input_shape: Any) -> None:
        """Run the program's build method, if there is one."""
        method = self.__dict__["_methods"].get("build")
        if method is not None:
            call_with_known(method, [shape_value(input_shape)], {}, "build")
        self.collect()

    def __getattr__(self, name: str) -> Any:
        """Read a field of the program's object, such as the state_size of a recurrent cell."""
        parts = self.__dict__.get("_parts")
        value = None if parts is None or name.startswith(("_", ".")) else parts.frame.get(name)
        if value is None or type(value) is ActiveBinding:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        return convert.whole(external.to_python(value))

    def call(self, inputs: Any) -> Any:
        """Return the inputs; a class with a call method of the program's own runs that, see `class_of_layer`."""
        return inputs

    def source_pieces(self) -> dict[str, str] | None:
        """Return the text of the class, for files; a class that is not all text goes without, with a warning."""
        definition = self.__dict__.get("_definition")
        return None if definition is None else pieces_of_class(definition)

    def get_config(self) -> dict[str, Any]:
        """Ask the program; name and kind are added."""
        return {"name": self.name, "trainable": self.trainable, "dtype": self.dtype, **program_config(self)}


class LayerBase(NativeBase):
    """`KerasLayer`: an object of a class that inherits from it stands for a layer."""

    kind = LanguageLayer

    def prepare(self, instance: Environment, enclosure: Environment, arguments: Arguments) -> None:
        options = {
            name: _layer_option(name, value) for name, value in arguments if name in LAYER_OPTIONS and value is not NULL
        }
        classes = (instance.attributes or {}).get("class")
        class_name = str(classes.items()[0]) if classes is not None else "KerasLayer"
        methods: dict[str, Any] = {
            name: instance.frame[name]
            for name in ("build", "call", "compute_output_shape", "get_config", "compute_mask")
            if name in instance.frame
        }
        # A class of its own: summaries and files then have the program's name for it.
        layer = class_of_layer(class_name, self.kind, methods)(methods, class_name, **options)
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

    def call(self, inputs: Any) -> Any:
        """Call the wrapped layer."""
        inner = self.__dict__["_parts"].frame.get("layer")
        return inner.value(inputs) if isinstance(inner, ExternalObject) else inputs


def class_of_layer(name: str, kind: Any, methods: dict[str, Any]) -> Any:
    """Return a class of layers under the program's name; its call takes what the program's takes."""
    namespace: dict[str, Any] = {}
    if "call" in methods:
        run = program_call(methods["call"], _call_method)

        @wraps(run)
        def call(self: Any, *given: Any, **named: Any) -> Any:
            made = run(self, *given, **named)
            self.collect()
            return made

        namespace["call"] = call
    if "compute_output_shape" in methods:
        namespace["compute_output_shape"] = compute_output_shape
    return type(name, (kind,), namespace)


def compute_output_shape(self: Any, input_shape: Any) -> Any:
    """Ask the program."""
    name = "compute_output_shape"
    return convert.shape(call_with_known(self.__dict__["_methods"][name], [shape_value(input_shape)], {}, name))


def _call_method(layer: Any) -> Any:
    return layer.__dict__["_methods"]["call"]


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
    for name in _FUNCTIONS:
        instance.frame.setdefault(name, external.adapter_of(layer).member(layer, name))
    for name in _QUESTIONS:
        if name not in instance.frame:
            instance.make_active(name, function_value(name, _reader(instance, layer, name)))


_FUNCTIONS = ("add_metric", "add_update", "count_params", "get_weights", "set_weights")
"""What methods of a program call of their layer."""
_QUESTIONS = (
    "name", "trainable", "weights", "trainable_weights", "non_trainable_weights", "variables", "trainable_variables",
    "non_trainable_variables", "losses", "metrics", "built", "input_shape", "output_shape", "dtype", "compute_dtype",
)  # fmt: skip
"""What they ask it for."""


def _reader(instance: Environment, layer: Layer, name: str) -> Any:
    def read(dots: Arguments) -> Any:
        if not dots:
            return external.adapter_of(layer).member(layer, name)
        if getattr(getattr(type(layer), name, None), "fset", True) is None:
            # What the runtime only tells is a field of the program's own from now on.
            instance.frame[name] = dots[0][1]
        else:
            setattr(layer, name, convert.argument(name, dots[0][1]))
        return NULL

    return read


def _add_loss(layer: Layer, dots: Arguments) -> Any:
    for _, value in dots[:1]:
        layer.add_loss(tensors(value))
    return NULL


OWN["KerasLayer"] = native_generator("KerasLayer", LayerBase())
OWN["KerasWrapper"] = native_generator("KerasWrapper", WrapperBase())
