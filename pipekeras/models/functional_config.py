"""Functional models to plain data and back: in Keras 3.15's form, and from the forms of Keras 2."""

from __future__ import annotations

import heapq
import itertools
from typing import Any

from pipekeras.core import serialization
from pipekeras.core.errors import ConfigurationError, FileFormatError
from pipekeras.core.structure import flatten, map_structure
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.base.node import Node, is_graph_tensor, node_of
from pipekeras.layers.base.operation_call import OperationCall, is_operation_config
from pipekeras.layers.core.input_layer import InputLayer


def functional_config(model: Any) -> dict[str, Any]:
    """Return a functional model's configuration as Keras 3.15 writes it."""
    graph = model._graph
    numbers = {
        id(node): number for operation in graph.operations for number, node in enumerate(graph.calls_of(operation))
    }

    def reference(tensor: Tensor) -> list[Any]:
        assert tensor.history is not None
        operation, _, position = tensor.history
        return [operation.name, numbers[id(node_of(tensor))], position]

    def end(tensor: Tensor) -> list[Any]:
        name, number, position = reference(tensor)
        # For the ends of a model, and only there, Keras counts an inner model's own graph as its first call.
        inner = tensor.history is not None and _is_functional(tensor.history[0])
        return [name, number + 1 if inner else number, position]

    def write(leaf: Any) -> Any:
        if is_graph_tensor(leaf):
            config = {"shape": tuple(leaf.shape), "dtype": leaf.dtype, "keras_history": reference(leaf)}
            return {"class_name": "__keras_tensor__", "config": config}
        return serialization.serialize(leaf)

    def write_call(node: Node) -> dict[str, Any]:
        kwargs = {name: map_structure(write, value) for name, value in node.arguments.kwargs.items()}
        return {"args": [map_structure(write, value) for value in node.arguments.args], "kwargs": kwargs}

    layers = []
    for operation in graph.operations:
        is_op = isinstance(operation, OperationCall)
        entry = operation.to_json_object() if is_op else serialization.serialize(operation)
        entry["name"] = operation.name
        entry["inbound_nodes"] = [write_call(node) for node in graph.calls_of(operation) if not node.is_input]
        layers.append(entry)
    return {
        "name": model.name,
        "trainable": model.trainable,
        "layers": layers,
        "input_layers": map_structure(end, model._inputs_structure),
        "output_layers": map_structure(end, model._outputs_structure),
    }


class _Call:
    """A call that is to be made again: layer, arguments, and their tensors as references."""

    __slots__ = ("args", "kwargs", "operation")

    def __init__(self, operation: Any, args: Any, kwargs: dict[str, Any]) -> None:
        self.operation = operation
        self.args = args
        self.kwargs = kwargs


def functional_from_config(cls: type, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Any:
    """Make a functional model from its configuration, of Keras 3 or 2.

    Raises:
        FileFormatError: a call names a layer that is not there, or calls form a circle.
    """
    with serialization.custom_object_scope(custom_objects):
        operations: dict[str, Any] = {}
        waiting: list[_Call] = []
        if not isinstance(config["layers"], list):
            raise FileFormatError("the list of layers in the config is not a list")
        for entry in config["layers"]:
            name = entry.get("name") or entry.get("config", {}).get("name")
            operation = _make_operation(entry, name)
            if name in operations:
                raise FileFormatError(f"two layers in the config are called '{name}'")
            operations[name] = operation
            waiting.extend(_read_calls(operation, entry.get("inbound_nodes") or []))
        counted_from_one = _count_from_zero(waiting, operations, config["layers"])
        _make_calls(waiting, operations)

        def find(reference: Any) -> Tensor:
            name, call, *rest = reference
            if name in counted_from_one or _is_functional(operations.get(name)):
                call -= 1
            found = _tensor(operations, [name, call, *rest])
            if found is None:
                raise FileFormatError(f"the config names the output {list(reference)} of a layer, which does not exist")
            return found

        inputs = _map_references(find, config["input_layers"])
        outputs = _map_references(find, config["output_layers"])
    from pipekeras.models.functional import Functional
    from pipekeras.models.model import Model

    made_class = Functional if cls in (Model, Functional) else cls
    made = made_class(inputs=inputs, outputs=outputs, name=config.get("name"))
    if config.get("trainable") is False:
        made.trainable = False
    return made


def _make_operation(entry: Any, name: Any) -> Any:
    if not isinstance(entry, dict) or "class_name" not in entry or not isinstance(name, str):
        raise FileFormatError("an entry in the list of layers is no layer")
    if is_operation_config(entry):
        return OperationCall.from_json_object(entry)
    operation = serialization.deserialize({**entry, "build_config": None}, kind="layer")
    if not isinstance(operation, Layer):
        raise ConfigurationError(f"'{name}' is a {type(operation).__name__}, not a layer")
    if operation.name != name:
        operation.__dict__["name"] = name
    serialization.build_by_own_rule(operation, entry.get("build_config"))
    return operation


def _read_calls(operation: Any, inbound: Any) -> list[_Call]:
    """Return the calls of one layer; Keras 2 wrote each as a list of [layer, call, tensor, keywords]."""
    calls = []
    for node in inbound:
        if isinstance(node, dict):
            args = serialization.revive(node.get("args", []))
            calls.append(_Call(operation, tuple(args), serialization.revive(node.get("kwargs", {}))))
            continue
        if isinstance(node, list) and node and isinstance(node[0], str):
            node = [node]
        if isinstance(node, dict):
            references: Any = node
        kwargs: dict[str, Any] = {}
        references = []
        for item in node:
            references.append(_legacy_reference(item))
            if len(item) > 3 and isinstance(item[3], dict):
                kwargs.update({key: _legacy_value(value) for key, value in item[3].items()})
        calls.append(_Call(operation, (references[0] if len(references) == 1 else references,), kwargs))
    return calls


def _is_functional(operation: Any) -> bool:
    from pipekeras.models.functional import Functional

    return isinstance(operation, Functional)


def _count_from_zero(waiting: list[_Call], operations: dict[str, Any], entries: list[Any]) -> set[str]:
    """Bring references of Keras 2 to inner models to a count from 0; return the names of those models.

    Keras 2 counted the graph of an inner model that knew its input as the model's first call.
    """
    if not any(isinstance(node, list) for entry in entries for node in entry.get("inbound_nodes") or []):
        return set()
    lowest: dict[str, int] = {}

    def visit(leaf: Any) -> None:
        if isinstance(leaf, _Reference) and leaf.reference.history is not None:
            name, call, _ = leaf.reference.history
            lowest[name] = min(call, lowest.get(name, call))

    def shift(leaf: Any) -> Any:
        if not isinstance(leaf, _Reference) or leaf.reference.history is None:
            return leaf
        name, call, position = leaf.reference.history
        if name not in models:
            return leaf
        return _Reference(leaf.reference._replace(history=(name, call - 1, position)))

    for call in waiting:
        call.args, call.kwargs = _hide(call.args), _hide(call.kwargs)
        for leaf in flatten((call.args, call.kwargs)):
            visit(leaf)
    from pipekeras.models.model import Model

    inner = {name for name, operation in operations.items() if isinstance(operation, Model)}
    models = {name for name in inner if lowest.get(name, 1) >= 1}
    for call in waiting:
        call.args, call.kwargs = map_structure(shift, call.args), map_structure(shift, call.kwargs)
    return models


def _legacy_reference(item: Any) -> serialization.TensorReference:
    if not isinstance(item, list | tuple) or len(item) < 3 or not isinstance(item[0], str):
        raise FileFormatError(f"the config holds {item!r} where a layer's output was to be named")
    return serialization.TensorReference((), "float32", (item[0], int(item[1]), int(item[2])))


def _legacy_value(value: Any) -> Any:
    """Return a keyword of a Keras 2 call; [layer, call, tensor] names a tensor, `_CONSTANT_VALUE` a constant."""
    if isinstance(value, list) and len(value) in (3, 4) and isinstance(value[0], str):
        if value[0] == "_CONSTANT_VALUE":
            return value[2]
        if isinstance(value[1], int) and isinstance(value[2], int):
            return _legacy_reference(value)
    if isinstance(value, list):
        return [_legacy_value(item) for item in value]
    return serialization.revive(value)


def _make_calls(waiting: list[_Call], operations: dict[str, Any]) -> None:
    """Make the calls, each when the tensors that it needs are there; calls of one layer keep their order.

    Each call is looked at once, whatever the order of the config: it knows how many others it waits for.
    """
    calls_of: dict[int, list[int]] = {id(operation): [] for operation in operations.values()}
    made_before = {id(operation): len(operation._inbound_nodes) for operation in operations.values()}
    for index, call in enumerate(waiting):
        call.args, call.kwargs = _hide(call.args), _hide(call.kwargs)
        calls_of[id(call.operation)].append(index)
    followers: list[list[int]] = [[] for _ in waiting]
    missing = [0] * len(waiting)

    def wait(index: int, earlier: int) -> None:
        followers[earlier].append(index)
        missing[index] += 1

    for calls in calls_of.values():
        for earlier, index in itertools.pairwise(calls):
            wait(index, earlier)
    for index, call in enumerate(waiting):
        leaves = [leaf.reference for leaf in flatten((call.args, call.kwargs)) if isinstance(leaf, _Reference)]
        for name, number, _ in {leaf.history for leaf in leaves if leaf.history is not None}:
            operation = _named(operations, name)
            own = calls_of[id(operation)]
            place = number - made_before[id(operation)] if isinstance(number, int) else len(own)
            if place >= 0:
                # A call that nobody makes is waited for in vain, as the caller learns at the end.
                missing[index] += place >= len(own)
                if place < len(own):
                    wait(index, own[place])
    ready = [index for index, count in enumerate(missing) if count == 0]
    done = 0
    while ready:
        index = heapq.heappop(ready)
        found = _resolve(waiting[index], operations)
        if found is None:
            continue
        args, kwargs = found
        waiting[index].operation(*args, **kwargs)
        done += 1
        for follower in followers[index]:
            missing[follower] -= 1
            if missing[follower] == 0:
                heapq.heappush(ready, follower)
        followers[index] = []
        missing[index] = -1
    if done < len(waiting):
        stuck = {call.operation.name for call, count in zip(waiting, missing, strict=True) if count >= 0}
        raise FileFormatError(f"the calls of {', '.join(sorted(stuck))} in the config need tensors that no layer gives")


def _resolve(call: _Call, operations: dict[str, Any]) -> tuple[Any, dict[str, Any]] | None:
    missing = False

    def swap(leaf: Any) -> Any:
        nonlocal missing
        if not isinstance(leaf, _Reference):
            return leaf
        found = _tensor(operations, leaf.reference.history)
        missing = missing or found is None
        return found

    args = map_structure(swap, call.args)
    kwargs = {name: map_structure(swap, value) for name, value in call.kwargs.items()}
    return None if missing else (args, kwargs)


class _Reference:
    """A tensor reference as a leaf (the named tuple itself would be walked into)."""

    __slots__ = ("reference",)

    def __init__(self, reference: serialization.TensorReference) -> None:
        self.reference = reference


def _hide(value: Any) -> Any:
    if isinstance(value, serialization.TensorReference):
        return _Reference(value)
    if isinstance(value, dict):
        return {key: _hide(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_hide(item) for item in value)
    return value


def _tensor(operations: dict[str, Any], reference: Any) -> Tensor | None:
    if reference is None:
        raise FileFormatError("a call in the config takes a tensor that no layer made")
    name, call, position = list(reference)[:3]
    calls = _named(operations, name)._inbound_nodes
    # A model used as a layer has a first call of its own only here: its inner graph is not counted.
    if not isinstance(call, int) or call >= len(calls) or call < 0:
        return None
    tensors = calls[call].output_tensors
    if not isinstance(position, int) or not 0 <= position < len(tensors):
        raise FileFormatError(f"layer '{name}' has no output {position}")
    return tensors[position]


def _named(operations: dict[str, Any], name: Any) -> Any:
    operation = operations.get(name)
    if operation is None:
        raise FileFormatError(f"the config names a layer '{name}' that it does not hold")
    return operation


def _map_references(find: Any, value: Any) -> Any:
    """Apply `find` to every [layer, call, tensor] in a structure of them."""
    if isinstance(value, dict):
        return {key: _map_references(find, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        if len(value) == 3 and isinstance(value[0], str):
            return find(value)
        return [_map_references(find, item) for item in value]
    raise FileFormatError(f"the config holds {value!r} where a layer's output was to be named")


def input_layers(model: Any) -> list[InputLayer]:
    """Return the input layers of a functional model."""
    return [tensor.history[0] for tensor in flatten(model.inputs)]
