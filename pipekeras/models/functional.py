"""Models made of the calls between input and output tensors."""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core import naming
from pipekeras.core.changes import CountedList, changes
from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.core.structure import flatten, map_structure, pack_like
from pipekeras.graph import layer_graph
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.layers.base import call_signature
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.base.node import CallArguments, Node, is_graph_tensor
from pipekeras.layers.core.input_layer import InputLayer
from pipekeras.models.host_stage import GraphStage, as_text, gathered_texts, is_staged
from pipekeras.models.layer_graph import LayerGraph
from pipekeras.models.model import Model
from pipekeras.models.trainer import Trainer


class _Step:
    """One call of the graph, ready to be run: where its arguments come from and where its results go."""

    __slots__ = ("arguments", "inputs", "keywords", "operation", "outputs", "simple", "takes_training")

    def __init__(self, node: Node, slots: dict[int, int]) -> None:
        self.operation = node.operation
        self.inputs = [slots[id(tensor)] for tensor in node.input_tensors]
        self.outputs = [slots.setdefault(id(tensor), len(slots)) for tensor in node.output_tensors]
        self.keywords = {name: value for name, value in node.arguments.kwargs.items() if value is not None}
        if all(item is None for item in flatten(self.keywords.get("mask"))):
            self.keywords.pop("mask", None)
        signature = call_signature.of_method(node.operation, "call") if isinstance(node.operation, Layer) else None
        if signature is not None and self.keywords.get("training") is signature.defaults.get("training"):
            # Recorded, but nobody's wish: the flag of the model's call decides.
            self.keywords.pop("training", None)
        self.arguments = CallArguments(node.arguments.args, self.keywords)
        args = node.arguments.args
        self.simple = len(args) == 1 and is_graph_tensor(args[0]) and not self.keywords
        self.takes_training = signature is not None and signature.has_training

    def run(self, values: list[Any], slots: dict[int, int], training: Any) -> None:
        """Call the operation on the values it needs and store what it returns."""
        if self.simple:
            if self.takes_training and training is not None:
                results = self.operation(values[self.inputs[0]], training=training)
            else:
                results = self.operation(values[self.inputs[0]])
        else:
            args, kwargs = self.arguments.fill(lambda tensor: values[slots[id(tensor)]])
            if self.takes_training and training is not None:
                # As in Keras 3: the flag that the graph was made with holds where the model's call has none.
                kwargs["training"] = training
            results = self.operation(*args, **kwargs)
        self.store(values, results)

    def store(self, values: list[Any], results: Any) -> None:
        """Put what the operation returned in its places."""
        if len(self.outputs) == 1 and not isinstance(results, list | tuple | dict):
            values[self.outputs[0]] = results
        else:
            for slot, value in zip(self.outputs, flatten(results), strict=True):
                values[slot] = value


@register("model")
class Functional(Model):
    """A model given by its inputs and outputs; `Model(inputs, outputs)` makes one.

    Args:
        inputs: graph tensor, or a list or dict of them.
        outputs: graph tensor, or a list or dict of them.
        name: str, default "functional", numbered.
        trainable: bool, default True.

    Raises:
        ArgumentError: inputs or outputs are not tensors of a layer graph.

    Example:

    >>> import numpy as np
    >>> from pipekeras import Input, Model, layers
    >>> a, b = Input((2,), name="a"), Input((2,), name="b")
    >>> model = Model([a, b], layers.Add()([a, b]))
    >>> model([np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]])])
    Tensor([[4., 6.]], shape=(1, 2), dtype=float32)
    """

    config_home = ("keras.src.models.functional", "Functional", "Functional")

    def __init__(self, inputs: Any = None, outputs: Any = None, name: str | None = None, **options: Any) -> None:
        inputs = options.pop("input", inputs)
        outputs = options.pop("output", outputs)
        trainable = options.pop("trainable", None)
        inputs, outputs = _frozen_structure(inputs), _frozen_structure(outputs)
        for role, value in (("inputs", inputs), ("outputs", outputs)):
            _check_tensors(role, value)
        if not all(_is_source(tensor) for tensor in flatten(inputs)):
            inputs, outputs = _with_own_inputs(inputs, outputs)
        Layer.__init__(self, name=name or naming.unique_name(naming.snake_case(type(self).__name__)), **options)
        Trainer.__init__(self)
        fields = self.__dict__
        fields["_inputs_structure"] = inputs
        fields["_outputs_structure"] = outputs
        fields["_inputs"] = flatten(inputs)
        fields["_outputs"] = flatten(outputs)
        fields["_plan"] = None
        graph = LayerGraph(self._inputs, self._outputs)
        fields["_graph"] = graph
        fields["_layers"] = CountedList(item for item in graph.operations if isinstance(item, Layer))
        changes.count += 1
        doubled = next((name for name, count in Counter(item.name for item in graph.operations).items() if count > 1), None)
        if doubled is not None:
            raise ConfigurationError(
                f"two layers of model '{self.name}' are called '{doubled}'", mend="give one of them another name"
            )
        self.supports_masking = True
        self.built = True
        fields["_build_shapes"] = {"input_shape": None}
        if trainable is not None:
            self.trainable = trainable

    # Structure

    @property
    def inputs(self) -> list[Tensor]:
        """The input tensors, flat."""
        return self._inputs

    @property
    def outputs(self) -> list[Tensor]:
        """The output tensors, flat."""
        return self._outputs

    @property
    def input(self) -> Any:
        """The input tensor, or the list or dict of them that the model was made with."""
        return self._inputs_structure

    @property
    def output(self) -> Any:
        """The output tensor, or the list or dict of them that the model was made with."""
        return self._outputs_structure

    @property
    def input_shape(self) -> Any:
        """The input shape, or the list or dict of them."""
        return map_structure(lambda tensor: tensor.shape, _unwrapped(self._inputs_structure))

    @property
    def output_shape(self) -> Any:
        """The output shape, or the list or dict of them."""
        return map_structure(lambda tensor: tensor.shape, _unwrapped(self._outputs_structure))

    @property
    def input_names(self) -> list[str]:
        """The names of the inputs, in flat order."""
        return [tensor.history[0].name for tensor in self._inputs]

    @property
    def output_names(self) -> list[str]:
        """The names of the layers that give the outputs, in flat order; of a layer that gives several, counted on.

        >>> from pipekeras import Input, Model, layers
        >>> shared = layers.Dense(1, name="shared")
        >>> inputs = [Input((2,)), Input((2,))]
        >>> Model(inputs, [shared(one) for one in inputs]).output_names
        ['shared', 'shared_1']
        """
        names: list[str] = []
        for name in (tensor.history[0].name for tensor in self._outputs):
            later = (f"{name}_{number}" for number in count(1))
            names.append(name if name not in names else next(other for other in later if other not in names))
        return names

    @property
    def layers(self) -> list[Any]:
        """The layers, those farthest from the outputs first."""
        return list(self._layers)

    @property
    def operations(self) -> list[Any]:
        """The layers and the ops between them."""
        return list(self._graph.operations)

    def build(self, input_shape: Any = None) -> None:
        """Do nothing: the weights were made with the graph."""

    def build_from_config(self, config: dict[str, Any]) -> None:
        """Do nothing: the weights were made with the graph."""

    # Running

    def _call_order(self) -> tuple[list[_Step], dict[int, int]]:
        plan = self._plan
        if plan is None:
            slots = {id(tensor): index for index, tensor in enumerate(self._inputs)}
            given = set(slots)
            steps = [
                _Step(node, slots)
                for node in self._graph.nodes
                if not all(id(tensor) in given for tensor in node.output_tensors)
            ]
            plan = self.__dict__["_plan"] = (steps, slots)
        return plan

    def _direct_graph(self) -> Any:
        if type(self).call is not Functional.call or len(self._inputs) > 1 or self._host_stage() is not None:
            return None
        return self._graph

    def _host_stage(self) -> Any:
        if type(self).call is not Functional.call:
            return None
        found = self.__dict__.get("_stage")
        if found is None:
            found = self.__dict__["_stage"] = GraphStage(self, *self._call_order(), len(self._inputs))
        return found if found.needed else None

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Run the graph on inputs of the structure that the model was made with."""
        if is_staged(inputs):
            return self._packed(self._host_stage().run(inputs, training))
        values = self._standardize(inputs)
        if mask is not None:
            for tensor, item in zip(values, flatten(mask), strict=False):
                if item is not None and tensor is not None:
                    tensor.mask = item if isinstance(item, Tensor) else convert(item)
        steps, slots = self._call_order()
        values.extend([None] * (len(slots) - len(values)))
        for step in steps:
            step.run(values, slots, training)
        layer_graph.keep(slots, values)
        return self._packed(values)

    def _packed(self, values: list[Any]) -> Any:
        """Return the outputs among the values of all tensors, in the structure that the model was made with."""
        slots = self._call_order()[1]
        outputs = self._outputs_structure
        if isinstance(outputs, Tensor):
            return values[slots[id(outputs)]]
        return pack_like(_unwrapped(outputs), [values[slots[id(tensor)]] for tensor in self._outputs])

    def _standardize(self, inputs: Any) -> list[Any]:
        """Return the inputs flat, as tensors of the declared types and ranks."""
        inputs = gathered_texts(inputs, len(self._inputs))
        if isinstance(inputs, Tensor):
            given = [inputs]
        elif isinstance(inputs, dict):
            given = self._by_name(inputs)
        else:
            given = flatten(inputs)
        if len(given) != len(self._inputs):
            names = ", ".join(f"'{name}'" for name in self.input_names)
            raise ShapeError(f"model '{self.name}' needs {len(self._inputs)} inputs ({names}); got {len(given)}")
        return [self._fit(value, declared) for value, declared in zip(given, self._inputs, strict=True)]

    def _by_name(self, inputs: dict[str, Any]) -> list[Any]:
        structure = self._inputs_structure
        if isinstance(structure, dict) and set(structure) <= set(inputs):
            return flatten({name: inputs[name] for name in structure})
        missing = [name for name in self.input_names if name not in inputs]
        if missing:
            known = ", ".join(sorted(map(str, inputs)))
            raise ShapeError(f"model '{self.name}' needs an input called '{missing[0]}'; got {known}")
        return [inputs[name] for name in self.input_names]

    def _fit(self, value: Any, declared: Tensor) -> Any:
        assert declared.history is not None
        source = declared.history[0]
        if value is None:
            if source.optional:
                return None
            raise ShapeError(f"model '{self.name}' got None for input '{source.name}'")
        if declared.dtype == "string" and not (isinstance(value, Tensor) and value.data is None):
            return as_text(value, declared.shape, self.name)
        tensor = value if isinstance(value, Tensor) else convert(np.asarray(value) if isinstance(value, list) else value)
        if tensor.dtype != declared.dtype:
            tensor, mask = convert(tensor, declared.dtype), tensor.mask
            tensor.mask = mask
        wanted, found = declared.shape, tensor.shape
        if found == wanted:
            return tensor
        if len(found) == len(wanted) + 1 and found[-1] == 1:
            return _reshaped(tensor, ops.squeeze(tensor, axis=-1))
        if len(found) == len(wanted) - 1 and wanted[-1] == 1:
            return _reshaped(tensor, ops.expand_dims(tensor, axis=-1))
        fits = len(found) == len(wanted) and all(
            size is None or other is None or size == other for size, other in zip(wanted, found, strict=True)
        )
        if not fits:
            raise ShapeError(
                f"model '{self.name}' needs shape {wanted} for input '{source.name}'; got {found}",
                mend="the data must have the shape that Input(shape=...) declares, with the batch axis first",
            )
        return tensor

    def compute_output_spec(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Return placeholders of the outputs for these inputs."""
        given = flatten(inputs)
        if len(given) == len(self._inputs) and all(
            isinstance(tensor, Tensor) and tensor.shape == declared.shape and tensor.mask is None
            for tensor, declared in zip(given, self._inputs, strict=True)
        ):
            return map_structure(_like, _unwrapped(self._outputs_structure))
        return self.call(inputs, training=training, mask=mask)

    def _overrides_output_shape(self) -> bool:
        return False

    # Configuration

    def get_config(self) -> dict[str, Any]:
        """Return the layers, their calls, and which tensors go in and out, as plain data."""
        if type(self).__init__ is not Functional.__init__:
            # A subclass with a constructor of its own is made again by its arguments.
            return super().get_config()
        from pipekeras.models.functional_config import functional_config

        return functional_config(self)


def _frozen_structure(value: Any) -> Any:
    """Return a plain copy of lists and dicts of tensors, so that later changes of them do not reach the model."""
    return map_structure(lambda leaf: leaf, value) if isinstance(value, list | tuple) else (
        dict(value) if isinstance(value, dict) else value
    )


def _unwrapped(structure: Any) -> Any:
    """Return the one tensor of a list of one, else the structure itself."""
    if isinstance(structure, list | tuple) and len(structure) == 1:
        return structure[0]
    return structure


def _check_tensors(role: str, value: Any) -> None:
    leaves = flatten(value)
    if not leaves:
        raise ArgumentError(f"a model needs {role}; got {value!r}")
    for leaf in leaves:
        if not is_graph_tensor(leaf):
            found = f"{type(leaf).__name__} {leaf!r}" if leaf is None else type(leaf).__name__
            raise ArgumentError(
                f"a model's {role} must be tensors that Input() or a layer gave; got {found}",
                mend="start from Input(shape=...), and call layers on it",
            )


def _is_source(tensor: Tensor) -> bool:
    assert tensor.history is not None
    return isinstance(tensor.history[0], InputLayer)


def _with_own_inputs(inputs: Any, outputs: Any) -> tuple[Any, Any]:
    """Return inputs and outputs of a graph like the given one whose inputs are `Input`s of their own."""
    from pipekeras.models.cloning import replay

    fresh = map_structure(
        lambda tensor: tensor
        if _is_source(tensor)
        else InputLayer(batch_shape=tensor.shape, dtype=tensor.dtype, name=naming.unique_name("input_layer")).output,
        inputs,
    )
    replaced = dict(zip(map(id, flatten(inputs)), flatten(fresh), strict=True))
    graph = LayerGraph(flatten(inputs), flatten(outputs))
    known = replay(graph.nodes, replaced, lambda operation, args, kwargs: operation(*args, **kwargs))
    return fresh, map_structure(lambda tensor: known[id(tensor)], outputs)


def _reshaped(before: Tensor, after: Tensor) -> Tensor:
    after.mask = before.mask
    return after


def _like(tensor: Tensor) -> Tensor:
    placeholder = Tensor.symbolic(tensor.shape, tensor.dtype)
    placeholder.mask = tensor.mask
    return placeholder
