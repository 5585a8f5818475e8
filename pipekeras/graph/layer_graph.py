"""Where a layer graph hears of ops that are used on its tensors.

Ops know no layers. A tensor that belongs to a layer graph has a `history`; an op that meets one hands the call to the
recorder that the layers install here, and it becomes a step of the model.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from pipekeras.graph.tensor import Tensor

Recorder = Callable[[str, Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any]
_recorder: list[Recorder] = []

# These tell about a tensor, or return it as it is.
_TRANSPARENT = frozenset(("shape", "ndim", "size", "is_tensor", "dtype", "convert_to_tensor", "convert_to_numpy"))


def install_recorder(recorder: Recorder) -> None:
    """Receive the function that makes a step of a layer graph from an op's call; called once by the layers."""
    _recorder[:] = [recorder]


def watch(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the op `function`, made to record its calls on tensors of a layer graph."""
    if name in _TRANSPARENT:
        return function

    @functools.wraps(function)
    def watched(*args: Any, **kwargs: Any) -> Any:
        for value in args:
            kind = type(value)
            if kind is Tensor:
                if value.history is not None:
                    return _recorder[0](name, function, args, kwargs)
            elif (kind is list or kind is tuple) and _any_in_graph(value):
                return _recorder[0](name, function, args, kwargs)
        if kwargs and _any_in_graph(kwargs.values()):
            return _recorder[0](name, function, args, kwargs)
        return function(*args, **kwargs)

    return watched


def _any_in_graph(values: Any) -> bool:
    return any(type(value) is Tensor and value.history is not None for value in values)
