"""Models that are one stack of layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core import serialization
from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError, StateError, UserError, did_you_mean
from pipekeras.core.registry import register
from pipekeras.core.structure import flatten, is_shape, map_structure
from pipekeras.graph import trace as tracing
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.layers.base.call_signature import takes_training
from pipekeras.layers.base.calling import placeholder
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.base.node import is_graph_tensor
from pipekeras.layers.base.state import name_scope
from pipekeras.layers.core.input_layer import InputLayer
from pipekeras.layers.legacy.merge import Merge
from pipekeras.layers.preprocessing.host_layer import as_texts
from pipekeras.models.host_stage import as_text, gathered_texts, is_staged, stage_of_stack
from pipekeras.models.model import Model


@register("model")
class Sequential(Model):
    """A stack of layers: the output of each is the input of the next.

    Without a declared input shape the model is built when it first sees data, or by `build`.

    Args:
        layers: list of layers, or None.
        trainable: bool, default True.
        name: str, default "sequential", numbered.

    Raises:
        ArgumentError: something that is added is not a layer.
        ConfigurationError: two layers have one name.

    Example:

    >>> from pipekeras import Sequential, layers
    >>> model = Sequential([layers.Dense(8, activation="relu", input_shape=(16,)), layers.Dense(2)])
    >>> model.output_shape, model.count_params()
    ((None, 2), 154)
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return object.__new__(cls)

    def __init__(self, layers: Any = None, trainable: bool = True, name: str | None = None) -> None:
        super().__init__(trainable=trainable, name=name)
        self.__dict__["_source"] = None
        self.__dict__["_last"] = None
        if layers is not None:
            for layer in layers if isinstance(layers, list | tuple) else [layers]:
                self.add(layer)

    # The stack

    def add(self, layer: Any, rebuild: bool = True) -> None:
        """Put a layer on top.

        Args:
            layer: Layer, or the tensor of an `Input()` as the first one.
            rebuild: bool, accepted for scripts that set it: the graph grows as layers come.
        """
        if is_graph_tensor(layer) and isinstance(layer.history[0], InputLayer):
            layer = layer.history[0]
        if not isinstance(layer, Layer):
            raise ArgumentError(
                f"only layers can be added to Sequential model '{self.name}'; got {type(layer).__name__}",
                mend="write layers.Lambda(function) to add a function" if callable(layer) else None,
            )
        for known in self._layers:
            if known.name == layer.name:
                again = "the same layer twice" if known is layer else f"two layers called '{layer.name}'"
                raise ConfigurationError(
                    f"Sequential model '{self.name}' can't hold {again}", mend="give one of them another name"
                )
        self._put(layer)

    def _put(self, layer: Layer) -> None:
        """Put a layer on top whose name no other has."""
        if isinstance(layer, InputLayer):
            if self._source is not None:
                raise ConfigurationError(
                    f"Sequential model '{self.name}' already takes input of shape {self._source.batch_shape}"
                )
            if self._layers:
                raise ConfigurationError(f"Sequential model '{self.name}' already has layers; an Input must come first")
            self.__dict__["_source"] = layer
            self.__dict__["_last"] = layer.output
            return
        if not self._layers and self._source is None:
            layer = _branches_joined(layer)
            shape = layer.__dict__.get("_declared_input") or _declared_shape(layer)
            if shape is not None:
                self._start(shape, _input_type(layer))
        last = self._last
        if last is not None:
            self.__dict__["_last"] = self._call_one(layer, last)
        elif self.built:
            self.built = False
        self._layers.append(layer)
        if len(self._layers) == 1 and self._source is None and self._starts_with_several():
            self.__dict__["_last"] = layer.output
        if not self._trainable:
            layer.trainable = False
        if self._last is not None:
            self._note_built()

    def pop(self, rebuild: bool = True) -> Any:
        """Take the last layer off and return it."""
        if not self._layers:
            raise StateError(f"Sequential model '{self.name}' has no layer to take off")
        layer = self._layers.pop()
        rest = self._layers
        if self._source is not None:
            self.__dict__["_last"] = self._source.output
        elif self._starts_with_several():
            self.__dict__["_last"], rest = self._layers[0].output, self._layers[1:]
        else:
            self.__dict__["_last"] = None
        if self._last is not None:
            for item in rest:
                self.__dict__["_last"] = self._call_one(item, self._last)
        self.built = self._last is not None and bool(self._layers)
        return layer

    def _start(self, batch_shape: Any, dtype: str) -> None:
        source = InputLayer(batch_shape=tuple(batch_shape), dtype=dtype)
        self.__dict__["_source"] = source
        self.__dict__["_last"] = source.output

    def _call_one(self, layer: Layer, tensor: Tensor) -> Any:
        with name_scope(self.name):
            outputs = layer(tensor)
        if not isinstance(outputs, Tensor):
            raise ShapeError(
                f"{layer.describe()} returns {len(flatten(outputs))} tensors; a Sequential model passes on one",
                mend="make the model with Model(inputs, outputs)",
            )
        return outputs

    def _note_built(self) -> None:
        shapes = self._layers[0].input_shape if self._source is None else self._source.batch_shape
        self.__dict__["_build_shapes"] = {"input_shape": shapes}
        self.built = True

    def _has_own_build(self) -> bool:
        return True

    def build(self, input_shape: Any = None) -> None:
        """Make all weights for an input shape.

        Args:
            input_shape: tuple with the batch axis first.
        """
        if not self._layers:
            raise StateError(f"Sequential model '{self.name}' has no layers to build")
        if not is_shape(input_shape):
            # Several inputs go to the first layer as they are; there is no chain of single tensors to record.
            return
        shape = tuple(input_shape)
        if self._source is not None:
            if self._source.batch_shape != shape:
                raise ShapeError(
                    f"Sequential model '{self.name}' takes input of shape {self._source.batch_shape}; "
                    f"it can't be built for {shape}"
                )
            return
        self._start(shape, _input_type(self._layers[0]))
        for layer in self._layers:
            self.__dict__["_last"] = self._call_one(layer, self._last)

    def _build_for(self, bound: dict[str, Any], tensors: dict[str, Any]) -> None:
        first = next(iter(tensors.values()), None)
        if first is None and self._host_stage() is not None:
            self._start_from(next(iter(bound.values())))
        elif isinstance(first, Tensor):
            # The batch size of the first data is no part of the model.
            with tracing.no_trace():
                self.build((None, *first.shape[1:]))
            self.__dict__["_shape_is_seen"] = True
        elif not self._layers:
            self.build()
        else:
            # Several inputs go to the first layer as they are: the layers make their weights in a call on placeholders.
            with tracing.tracing():
                self.call(map_structure(placeholder, next(iter(bound.values()))))
            self.built = True

    @property
    def layers(self) -> list[Any]:
        """The layers, without the input's."""
        return list(self._layers)

    # Shapes

    @property
    def inputs(self) -> list[Tensor]:
        """The input tensor, in a list; those of a first layer that is a model of several inputs."""
        if self._starts_with_several():
            return list(self._layers[0].inputs)
        return [self._chain("input").output]

    @property
    def outputs(self) -> list[Tensor]:
        """The output tensor, in a list."""
        if self._last is None:
            self._chain("output")
        return [self._last]

    @property
    def input(self) -> Any:
        """The input tensor, or a list of several."""
        return self.inputs if self._starts_with_several() else self.inputs[0]

    @property
    def output(self) -> Tensor:
        """The output tensor."""
        return self.outputs[0]

    @property
    def input_shape(self) -> Any:
        """The input shape, or a list of several."""
        return [tensor.shape for tensor in self.inputs] if self._starts_with_several() else self.input.shape

    @property
    def output_shape(self) -> Any:
        """The output shape."""
        return self.output.shape

    @property
    def input_names(self) -> list[str]:
        """The name of the input, in a list."""
        if self._starts_with_several():
            return list(self._layers[0].input_names)
        return [self._chain("input").name]

    @property
    def output_names(self) -> list[str]:
        """The name of the last layer, in a list."""
        if self._last is None:
            self._chain("output")
        return [self._layers[-1].name if self._layers else self._source.name]

    def _chain(self, wanted: str) -> InputLayer:
        source = self._source
        if source is None:
            raise StateError(
                f"Sequential model '{self.name}' has no {wanted} shape yet",
                mend="declare input_shape in the first layer, or call build((None, number of features))",
            )
        return source

    @property
    def input_dtype(self) -> str:
        """The type that float inputs are converted to."""
        return self._source.dtype if self._source is not None else super().input_dtype

    # Running

    def _direct_graph(self) -> Any:
        plain = type(self).call is Sequential.call and self._host_stage() is None and self._source is not None
        return self._last if plain else None

    def _host_stage(self) -> Any:
        return stage_of_stack(self) if type(self).call is Sequential.call else None

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Run the stack."""
        values = gathered_texts(inputs, 1)
        first = 0
        if is_staged(inputs):
            stage = self._host_stage()
            first, values = stage.first, stage.value(inputs)
        elif self._source is not None and isinstance(values, Tensor | np.ndarray):
            values = self._fit(values)
        if mask is not None and isinstance(values, Tensor):
            values.mask = mask
        for layer in self._layers[first:]:
            keywords = {"training": training} if training is not None and takes_training(layer) else {}
            values = layer(values, **keywords)
        return values

    def _starts_with_several(self) -> bool:
        """Whether the first layer is a model of several inputs, to which the data go as they are."""
        first: Any = self._layers[0] if self._layers else None
        if isinstance(first, Sequential):
            return first._starts_with_several()
        return type(first).__name__ == "Functional" and len(first.inputs) > 1

    def _start_from(self, inputs: Any) -> None:
        """Make all weights for data in memory: the batch size of the first data is no part of the model."""
        array = as_texts(gathered_texts(inputs, 1))
        self._start((None, *array.shape[1:]), "string" if array.dtype == object else str(array.dtype))
        with tracing.no_trace():
            for layer in self._layers:
                self.__dict__["_last"] = self._call_one(layer, self._last)
        self._note_built()

    def _fit(self, tensor: Any) -> Any:
        from pipekeras import ops

        if self._source.dtype == "string" and not (isinstance(tensor, Tensor) and tensor.data is None):
            return as_text(gathered_texts(tensor, 1), self._source.batch_shape, self.name)
        if not isinstance(tensor, Tensor):
            tensor = convert(np.asarray(tensor))
        wanted, found = self._source.batch_shape, tensor.shape
        if tensor.dtype != self._source.dtype:
            converted = ops.cast(tensor, self._source.dtype)
            converted.mask = tensor.mask
            tensor = converted
        if len(found) == len(wanted) + 1 and found[-1] == 1:
            return ops.squeeze(tensor, axis=-1)
        if len(found) == len(wanted) - 1 and wanted[-1] == 1:
            return ops.expand_dims(tensor, axis=-1)
        fits = len(found) == len(wanted) and all(
            size is None or other is None or size == other for size, other in zip(wanted, found, strict=True)
        )
        if not fits and not self._widen(found):
            raise ShapeError(
                f"model '{self.name}' needs shape {wanted}; got {found}",
                mend="the data must have the shape that the model's input declares, with the batch axis first",
            )
        return tensor

    def _widen(self, found: tuple[int | None, ...]) -> bool:
        """Let a stack that took its shape from the first data take others as well; return whether its layers do."""
        wanted = self._source.batch_shape
        if not self.__dict__.get("_shape_is_seen") or len(found) != len(wanted):
            return False
        before = {name: self.__dict__[name] for name in ("_source", "_last")}
        nodes = [list(layer._inbound_nodes) for layer in self._layers]
        for layer in self._layers:
            if len(layer._inbound_nodes) == 1:
                layer._inbound_nodes.clear()
        try:
            with tracing.tracing():
                tried = Tensor.symbolic(found, self._source.dtype)
                for layer in self._layers:
                    tried = self._call_one(layer, tried)
            with tracing.no_trace():
                self._start([size if size == other else None for size, other in zip(wanted, found, strict=True)],
                            self._source.dtype)  # fmt: skip
                for layer in self._layers:
                    self.__dict__["_last"] = self._call_one(layer, self._last)
        except UserError:
            self.__dict__.update(before)
            for layer, kept in zip(self._layers, nodes, strict=True):
                layer._inbound_nodes[:] = kept
            return False
        self._note_built()
        return True

    def compute_output_spec(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Return a placeholder of the output for this input."""
        known = self._last is not None and self._source is not None
        if known and isinstance(inputs, Tensor) and inputs.shape == self._source.batch_shape:
            output = Tensor.symbolic(self._last.shape, self._last.dtype)
            output.mask = self._last.mask
            return output
        return self.call(inputs, training=training, mask=mask)

    # Configuration

    def get_config(self) -> dict[str, Any]:
        """Return the layers as plain data."""
        base = serialization.serialize(self._configuration())
        base.pop("layers", None)
        base["name"] = self.name
        stack = [self._source, *self._layers] if self._source is not None else self._layers
        base["layers"] = [serialization.serialize(layer) for layer in stack]
        if self._source is not None and self._layers:
            base["build_input_shape"] = self._source.batch_shape
        return base

    @classmethod
    def from_config(cls, config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
        """Make a model from what `get_config` returned, here or in any Keras from 2.2 on."""
        if isinstance(config, list):
            config = {"name": None, "layers": config}
        if "layers" not in config:
            raise ConfigurationError("the config of a Sequential model has no layers")
        model = cls(name=config.get("name"))
        with serialization.custom_object_scope(custom_objects):
            names: set[str] = set()
            for item in config["layers"]:
                layer = serialization.deserialize({**item, "build_config": None}, kind="layer")
                serialization.build_by_own_rule(layer, item.get("build_config"))
                if isinstance(layer, Layer) and layer.name not in names:
                    names.add(layer.name)
                    model._put(layer)
                else:
                    model.add(layer)
        shape = config.get("build_input_shape")
        if shape and model._source is None and model._layers and is_shape(shape):
            model.build(shape)
        if config.get("trainable") is False:
            model.trainable = False
        return model

    def pop_layer(self) -> None:
        """Take the last layer off."""
        self.pop()

    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """Return a layer by name or by number; the input's own layer can be had by name."""
        if name is not None and self._source is not None and name == self._source.name:
            return self._source
        if name is not None and name not in {layer.name for layer in self._layers}:
            known = [layer.name for layer in self._layers]
            raise ConfigurationError(
                f"'{self.name}' has no layer '{name}'",
                mend=did_you_mean(name, known) or f"its layers are {', '.join(known)}",
            )
        return super().get_layer(name, index)


def _branches_joined(layer: Layer) -> Layer:
    """Return a layer that joins models, as Keras 1 began models of several inputs, as one model; other layers as they are."""
    branches = layer.layers if isinstance(layer, Merge) else None
    if not branches or any(not isinstance(branch, Model) or getattr(branch, "_last", True) is None for branch in branches):
        return layer
    inputs = [list(branch.inputs) for branch in branches]
    outputs = [branch(own if len(own) > 1 else own[0]) for branch, own in zip(branches, inputs, strict=True)]
    return Model([tensor for own in inputs for tensor in own], layer.joining()(outputs), name=layer.name)


def _declared_shape(layer: Any) -> Any:
    """Return the input shape of a model that starts the stack, or None."""
    if isinstance(layer, Model) and layer.built and hasattr(layer, "inputs"):
        shape = layer.input_shape
        return shape if is_shape(shape) else None
    return None


def _input_type(layer: Any) -> str:
    if isinstance(layer, Sequential) and layer._source is not None:
        return str(layer._source.dtype)
    if layer.runs_on_host and layer.takes_text:
        return "string" if layer.wants_text() else "int64"
    if isinstance(layer, Model) and layer.built and layer._host_stage() is not None:
        return str(layer.inputs[0].dtype)
    return str(layer.compute_dtype)
