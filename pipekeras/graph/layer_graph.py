"""Where a layer graph hears of ops that are used on its tensors.

Ops know no layers. A tensor that belongs to a layer graph has a `history`; an op that meets one hands the call to the
recorder that the layers install here, and it becomes a step of the model.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pipekeras.graph.tensor import Tensor

Recorder = Callable[[str, Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any]
_recorder: list[Recorder] = []
ValueOf = Callable[[Tensor], Any]


class _Present(threading.local):
    def __init__(self) -> None:
        self.kept: dict[int, Any] | None = None
        self.value_of: ValueOf | None = None


_present = _Present()

# These tell about a tensor, or return it as it is.
_TRANSPARENT = frozenset(("shape", "ndim", "size", "is_tensor", "dtype", "convert_to_tensor", "convert_to_numpy"))


def install_recorder(recorder: Recorder) -> None:
    """Receive the function that makes a step of a layer graph from an op's call; called once by the layers."""
    _recorder[:] = [recorder]


@contextmanager
def keeping() -> Iterator[dict[int, Any]]:
    """Hold what models compute within, by the identity of the tensors they were made of."""
    before, _present.kept = _present.kept, {}
    try:
        yield _present.kept
    finally:
        _present.kept = before


def keep(slots: dict[int, int], values: list[Any]) -> None:
    """Note the values of one model's tensors, if somebody asked for them."""
    if _present.kept is not None:
        _present.kept.update((identity, values[place]) for identity, place in slots.items())


@contextmanager
def standing(value_of: ValueOf) -> Iterator[None]:
    """Let ops within read `value_of(tensor)` where they are given a tensor of a layer graph.

    A loss may read a tensor from inside the model, as that of a variational autoencoder does.
    """
    before, _present.value_of = _present.value_of, value_of
    try:
        yield
    finally:
        _present.value_of = before


def _met(name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Record a call on tensors of a layer graph, or run it on what stands for them now."""
    value_of = _present.value_of
    if value_of is None:
        return _recorder[0](name, function, args, kwargs)

    return function(*[present(value) for value in args], **{key: present(value) for key, value in kwargs.items()})


def present(value: Any) -> Any:
    """Return a tensor of a layer graph, or a list of them, as what stands for it now, inside of `standing`."""
    value_of = _present.value_of
    if value_of is None:
        return value
    if type(value) is Tensor and value.history is not None:
        return value_of(value)
    return type(value)(present(item) for item in value) if type(value) in (list, tuple) else value


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
                    return _met(name, function, args, kwargs)
            elif (kind is list or kind is tuple) and _any_in_graph(value):
                return _met(name, function, args, kwargs)
        for value in kwargs.values():
            if _any_in_graph(value if type(value) in (list, tuple) else (value,)):
                return _met(name, function, args, kwargs)
        return function(*args, **kwargs)

    return watched


def _any_in_graph(values: Any) -> bool:
    return any(type(value) is Tensor and value.history is not None for value in values)
