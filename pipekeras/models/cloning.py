"""Models made again with new weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipekeras.core import serialization
from pipekeras.core.errors import ArgumentError
from pipekeras.core.structure import flatten, map_structure
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.base.node import Node
from pipekeras.layers.core.input_layer import InputLayer


def replay(
    nodes: list[Node], known: dict[int, Tensor], call: Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]
) -> dict[int, Tensor]:
    """Make the calls of a graph again.

    Args:
        nodes: the calls, in an order in which they can run.
        known: the new tensor for each old one that is already there, by identity.
        call: function `(operation, args, kwargs) -> outputs` that makes one call.

    Returns:
        dict: the new tensor for each old one.
    """
    for node in nodes:
        if all(id(tensor) in known for tensor in node.output_tensors):
            continue
        args, kwargs = node.arguments.fill(lambda tensor: known[id(tensor)])
        kwargs = {name: value for name, value in kwargs.items() if value is not None}
        outputs = call(node.operation, args, kwargs)
        for old, new in zip(node.output_tensors, flatten(outputs), strict=True):
            known[id(old)] = new
    return known


def clone_model(
    model: Any,
    input_tensors: Any = None,
    clone_function: Callable[[Layer], Layer] | None = None,
    call_function: Callable[..., Any] | None = None,
    recursive: bool = False,
    **options: Any,
) -> Any:
    """Return a model of the same layers with weights of its own.

    Args:
        model: Sequential, functional, or a subclass with a config.
        input_tensors: graph tensor, or structure of them, to stand at the inputs; default new inputs.
        clone_function: function of a layer that returns the layer to use instead; default a copy by config.
        call_function: function `(layer, *args, **kwargs)` that makes the calls; default plain calls.
        recursive: bool, default False; whether clone_function is applied inside inner models too.
        **options: none are known.

    Raises:
        ArgumentError: model is not a model.

    Example:

    >>> from pipekeras import Sequential, layers
    >>> model = Sequential([layers.Dense(2, input_shape=(3,))])
    >>> clone = clone_model(model)
    >>> clone.count_params(), clone.layers[0] is model.layers[0]
    (8, False)
    """
    from pipekeras.models.functional import Functional
    from pipekeras.models.model import Model
    from pipekeras.models.sequential import Sequential

    if options:
        raise ArgumentError(f"clone_model has no argument '{next(iter(options))}'")
    if not isinstance(model, Model):
        raise ArgumentError(f"clone_model takes a model, not {type(model).__name__}")

    def copy(layer: Any) -> Any:
        if recursive and isinstance(layer, Functional | Sequential):
            return clone_model(layer, None, clone_function, call_function, True)
        if clone_function is not None:
            return clone_function(layer)
        return _made_again(layer)

    if isinstance(model, Sequential):
        return _clone_sequential(model, input_tensors, copy)
    if isinstance(model, Functional):
        return _clone_functional(model, input_tensors, copy, call_function)
    if input_tensors is not None or clone_function is not None:
        raise ArgumentError("input_tensors and clone_function are for Sequential and functional models")
    return _made_again(model)


def _made_again(layer: Any) -> Any:
    """Return a copy of a layer by its config; functions and classes of the program are those that the layer has."""
    with serialization.objects_met() as met:
        config = layer.get_config()
    with serialization.custom_object_scope(serialization.named_again(met)):
        return type(layer).from_config(config)


def _clone_sequential(model: Any, input_tensors: Any, copy: Callable[[Any], Any]) -> Any:
    clone = type(model)(name=model.name)
    if input_tensors is not None:
        (tensor,) = flatten(input_tensors)
        clone.add(tensor)
    elif model._source is not None:
        clone.add(InputLayer.from_config(model._source.get_config()))
    for layer in model.layers:
        clone.add(copy(layer))
    return clone


def _clone_functional(model: Any, input_tensors: Any, copy: Callable[[Any], Any], call_function: Any) -> Any:
    from pipekeras.layers.base.operation_call import OperationCall

    if input_tensors is None:
        inputs = map_structure(
            lambda tensor: InputLayer.from_config(tensor.history[0].get_config()).output, model._inputs_structure
        )
    else:
        inputs = input_tensors
        if len(flatten(inputs)) != len(model.inputs):
            raise ArgumentError(f"model '{model.name}' has {len(model.inputs)} inputs; got {len(flatten(inputs))} tensors")
    known = dict(zip(map(id, model.inputs), flatten(inputs), strict=True))
    copies: dict[int, Any] = {}

    def call(operation: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        made = copies.get(id(operation))
        if made is None:
            if isinstance(operation, OperationCall):
                made = OperationCall(operation.function_name, operation.settings, operation.name)
            else:
                made = copy(operation)
            copies[id(operation)] = made
        return made(*args, **kwargs) if call_function is None else call_function(made, *args, **kwargs)

    known = replay(model._graph.nodes, known, call)
    outputs = map_structure(lambda tensor: known[id(tensor)], model._outputs_structure)
    return type(model)(inputs=inputs, outputs=outputs, name=model.name)
