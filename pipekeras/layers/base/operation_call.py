"""Ops used directly on the tensors of a layer graph: `x + y` or `ops.exp(x)` between layers."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from pipekeras.core import naming, registry, serialization
from pipekeras.core.errors import ConfigurationError, FileFormatError
from pipekeras.core.structure import flatten, map_structure
from pipekeras.graph import trace as tracing
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.node import Node, is_graph_tensor

Row = tuple[str, str, tuple[str, ...]]


@functools.cache
def _rows() -> dict[str, Row]:
    """Return the table of names; read when the first op stands in a graph."""
    from pipekeras.layers.base.operation_names import ROWS

    return ROWS


@functools.cache
def _functions_by_class() -> dict[str, str]:
    return {row[1]: function for function, row in reversed(_rows().items())}


class OperationCall:
    """A function of `pipekeras.ops` standing in a layer graph.

    Args:
        function_name: str, the public name of the op.
        settings: dict of arguments that are the same at every call.
        name: str, default the op's name, numbered.
    """

    built = True

    def __init__(self, function_name: str, settings: dict[str, Any] | None = None, name: str | None = None) -> None:
        from pipekeras.ops.define import FUNCTIONS
        from pipekeras.ops.indexing import getitem

        self.function: Callable[..., Any] = getitem if function_name == "getitem" else FUNCTIONS[function_name]
        self.function_name = function_name
        self.settings = settings or {}
        _, class_name, _ = _rows().get(function_name, ("", function_name, ()))
        self.class_name = class_name
        self.name = name or naming.unique_name(naming.snake_case(class_name))
        self._inbound_nodes: list[Node] = []
        self._outbound_nodes: list[Node] = []

    def __repr__(self) -> str:
        return f"<OperationCall {self.function_name} name={self.name}>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Apply the op; on tensors of a layer graph, add a call to the graph."""
        keywords = {**self.settings, **kwargs}
        if self.function_name == "getitem" and len(args) == 2 and isinstance(args[1], list):
            # JSON has no tuples.
            args = (args[0], tuple(args[1]))
        if any(is_graph_tensor(leaf) for leaf in flatten((args, keywords))):
            if any(isinstance(leaf, Tensor) and leaf.dtype == "string" for leaf in flatten((args, keywords))):
                raise ConfigurationError(
                    f"{self.function_name} computes with numbers, and its input is text",
                    mend="put TextVectorization(), StringLookup() or Hashing() before it",
                )
            plain_args = map_structure(_strip, args)
            plain_keywords = {name: map_structure(_strip, item) for name, item in keywords.items()}
            with tracing.tracing():
                results = self._apply(plain_args, plain_keywords)
            outputs = map_structure(lambda leaf: Tensor.symbolic(leaf.shape, leaf.dtype), results)
            Node(self, args, kwargs, outputs)
            return outputs
        return self._apply(args, keywords)

    def _apply(self, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        if self.function_name == "einsum" and "subscripts" in keywords:
            # The setting stands before any number of tensors.
            return self.function(keywords["subscripts"], *args, **{k: v for k, v in keywords.items() if k != "subscripts"})
        return self.function(*args, **keywords)

    def to_json_object(self) -> dict[str, Any]:
        """Return the object that configs hold for this op."""
        home, class_name, _ = _rows().get(self.function_name, ("pipekeras", self.function_name, ()))
        return {
            "module": f"keras.src.ops.{home}" if home != "pipekeras" else "pipekeras.ops",
            "class_name": class_name,
            "config": {"name": self.name, **{name: serialization.serialize(item) for name, item in self.settings.items()}},
            "registered_name": class_name,
        }

    @classmethod
    def from_json_object(cls, data: dict[str, Any]) -> OperationCall:
        """Make the op that a config describes."""
        class_name, config = data.get("class_name"), dict(data.get("config") or {})
        name = config.pop("name", None)
        config.pop("dtype", None)
        function_name = _functions_by_class().get(str(class_name), str(class_name))
        from pipekeras.ops.define import FUNCTIONS

        if function_name != "getitem" and function_name not in FUNCTIONS:
            raise FileFormatError(f"the config names an op that is not known: {class_name!r}")
        settings = {key: serialization.revive(item) for key, item in config.items()}
        return cls(function_name, settings, name)


def is_operation_config(data: dict[str, Any]) -> bool:
    """Whether an entry of a functional config is an op rather than a layer."""
    module, class_name = data.get("module"), data.get("class_name")
    if module is None:
        # The older .h5 files name no modules.
        known = serialization.get_registered_object(str(class_name)) or registry.find("layer", str(class_name))
        return known is None and class_name in _functions_by_class()
    return isinstance(module, str) and (module.startswith("keras.src.ops") or module == "pipekeras.ops")


def _strip(leaf: Any) -> Any:
    return Tensor.symbolic(leaf.shape, leaf.dtype) if is_graph_tensor(leaf) else leaf


def record(function_name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Apply an op to tensors of a layer graph: make its node, with settings and tensors told apart."""
    _, _, kept = _rows().get(function_name, ("", "", ()))
    settings: dict[str, Any] = {}
    if kept:
        bound = inspect.signature(function).bind(*args, **kwargs)
        settings = {
            name: value
            for name, value in bound.arguments.items()
            if name in kept and not any(isinstance(leaf, Tensor) for leaf in flatten(value))
        }
        parameters = inspect.signature(function).parameters
        args = ()
        kwargs = {}
        positional = True
        for name, parameter in parameters.items():
            if parameter.kind is parameter.VAR_POSITIONAL and name in bound.arguments:
                args = (*args, *bound.arguments[name])
            elif parameter.kind is parameter.VAR_KEYWORD and name in bound.arguments:
                kwargs.update(bound.arguments[name])
            elif name in settings or name not in bound.arguments:
                positional = False
            elif positional:
                args = (*args, bound.arguments[name])
            else:
                kwargs[name] = bound.arguments[name]
    return OperationCall(function_name, settings)(*args, **kwargs)
