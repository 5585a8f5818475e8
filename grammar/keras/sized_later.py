"""What a functional model draws or fills in a shape that only its data decides: noise of `k_shape(h)`, zeros for each row.

Between layers such a call has no numbers yet. It becomes a layer over the tensor whose sizes it asks for, so that each
batch gets numbers of its own, and the model can be saved.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from functools import cache
from typing import Any

from pipekeras.grammar.keras.convert import SIZE_OPERATORS, Sizes, UnknownSize

from pipekeras.core import naming, serialization
from pipekeras.core.custom_objects import register_keras_serializable
from pipekeras.core.errors import FileFormatError
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.base.node import is_graph_tensor

_INPUT, _SIZE, _COMPUTED = "input", "size", "computed"


@cache
def _functions() -> dict[str, Callable[..., Any]]:
    """Return what may stand in such a layer, by the name that its configuration keeps."""
    from pipekeras import ops, random
    from pipekeras.compatibility import tensorflow as tf

    return {
        "random_normal": random.normal, "random_uniform": random.uniform,
        "random_truncated_normal": random.truncated_normal,
        "random_bernoulli": random.bernoulli, "dropout": random.dropout, "zeros": ops.zeros, "ones": ops.ones, "full": ops.full,
        "tf_random_normal": tf.random.normal, "tf_random_uniform": tf.random.uniform,
        "tf_random_truncated_normal": tf.random.truncated_normal, "tf_dropout": tf.nn.dropout, "tf_zeros": tf.zeros,
        "tf_ones": tf.ones, "tf_fill": tf.fill, "tf_range": tf.range, **_shaping(),
    }  # fmt: skip


@cache
def _shaping() -> dict[str, Callable[..., Any]]:
    """Return what gives a tensor another shape: a layer only where that shape holds sizes that are not known."""
    from pipekeras import ops
    from pipekeras.compatibility import tensorflow as tf

    return {"tf_reshape": tf.reshape, "tf_tile": tf.tile, "tf_broadcast_to": tf.broadcast_to, "tf_repeat": tf.repeat,
            "reshape": ops.reshape, "tile": ops.tile}  # fmt: skip


def _has_unknown(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(_has_unknown(item) for item in value) or (isinstance(value, Sizes) and None in value)
    return isinstance(value, UnknownSize)


def _follows_from_the_rest(arguments: dict[str, Any]) -> bool:
    """Whether one size alone is not known: a shape to fill leaves it to the number of elements."""
    shape = arguments.get("shape", arguments.get("newshape"))
    return isinstance(shape, list | tuple) and [_has_unknown(item) for item in shape].count(True) == 1 and -1 not in shape


def joined(parts: Any) -> list[Any] | None:
    """Return sizes put together as one shape, or None where every part has a value already.

    Args:
        parts: numbers, sizes, and lists of both.
    """
    if not isinstance(parts, list | tuple) or not _has_unknown(parts):
        return None
    found: list[Any] = []
    for part in parts:
        if isinstance(part, Sizes):
            found += [part.pick(place) for place in range(len(part))]
        elif isinstance(part, list | tuple):
            found += part
        elif isinstance(part, Tensor) and part.data is not None:
            found += [int(item) for item in part.numpy().ravel()]
        else:
            found.append(part)
    return found


@cache
def _names() -> dict[Callable[..., Any], str]:
    return {function: name for name, function in reversed(_functions().items())}


def is_known(function: Any) -> bool:
    """Whether a function may stand in such a layer."""
    return isinstance(function, types.FunctionType | functools.partial) and function in _names()


@register_keras_serializable("pipekeras")
class SizedLater(Layer):
    """Call a function of random numbers or constants with sizes that its input has.

    Args:
        function: str, name of the function.
        arguments: dict of the function's arguments; `{"size": axis, "input": number}` stands for a size of an input,
            `{"input": number}` for the input itself, `{"computed": [operator, left, right]}` for a number made of sizes.
        **options: name, trainable, dtype.

    Input shape -> output shape: any -> what the arguments say.
    """

    def __init__(self, function: str, arguments: dict[str, Any], **options: Any) -> None:
        options["name"] = options.get("name") or naming.unique_name(str(function).removeprefix("tf_"))
        super().__init__(**options)
        if function not in _functions():
            raise FileFormatError(f"a layer asks for a function that is not known: {function!r}")
        self.function = function
        self.arguments = arguments

    def call(self, inputs: Any) -> Any:
        """Return what the function makes now that the sizes are known."""
        tensors = inputs if isinstance(inputs, list | tuple) else [inputs]
        return _functions()[self.function](**{name: _filled(value, tensors) for name, value in self.arguments.items()})

    def get_config(self) -> dict[str, Any]:
        """Return the configuration."""
        return {**super().get_config(), "function": self.function, "arguments": self.arguments}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> SizedLater:
        """Make the layer that a configuration describes."""
        return cls(**{**config, "arguments": serialization.revive(config.get("arguments", {}))})


def _filled(value: Any, tensors: Any) -> Any:
    """Return an argument with inputs and their sizes in their places."""
    if isinstance(value, dict) and _INPUT in value:
        tensor = tensors[value[_INPUT]]
        if _SIZE not in value:
            return tensor
        size = tensor.shape[value[_SIZE]]
        # What needs sizes is asked again with sizes on trial: see `trial_sizes`.
        return int(UnknownSize()) if size is None else size
    if isinstance(value, dict) and _COMPUTED in value:
        name, left, right = value[_COMPUTED]
        return SIZE_OPERATORS[name](_filled(left, tensors), _filled(right, tensors))
    if isinstance(value, list | tuple):
        return [_filled(item, tensors) for item in value]
    return value


def sources_of(value: Any) -> list[Tensor]:
    """Return the layer tensors that an argument asks for the sizes of, or is."""
    if isinstance(value, UnknownSize) and value.computed is not None:
        return sources_of(value.computed[1:])
    if isinstance(value, Sizes | UnknownSize):
        return [value.source] if value.source is not None and is_graph_tensor(value.source) else []
    if is_graph_tensor(value):
        return [value]
    if isinstance(value, dict):
        return [one for item in value.values() for one in sources_of(item)]
    return [one for item in value for one in sources_of(item)] if isinstance(value, list | tuple) else []


def call_now_or_later(function: Callable[..., Any], **arguments: Any) -> Any:
    """Call a function, or put a layer into the model where the function needs tensors that have no values yet.

    Args:
        function: one of those that `SizedLater` knows.
        **arguments: its arguments, by name.
    """
    sources: list[Tensor] = []
    for tensor in sources_of(arguments):
        if not any(tensor is one for one in sources):
            sources.append(tensor)
    name = _names().get(function)
    if name in _shaping():
        needed = _has_unknown(list(arguments.values()))
        name = name if needed and not (name in ("reshape", "tf_reshape") and _follows_from_the_rest(arguments)) else None
    if not sources or name is None:
        return function(**{key: plain(value) for key, value in arguments.items()})

    def marked(value: Any) -> Any:
        if isinstance(value, Sizes):
            return [marked(value.pick(place)) for place in range(len(value))]
        if isinstance(value, UnknownSize) and value.computed is not None:
            return {_COMPUTED: [value.computed[0], *map(marked, value.computed[1:])]}
        if isinstance(value, UnknownSize):
            return {_INPUT: _place(sources, value.source), _SIZE: value.axis}
        if is_graph_tensor(value):
            return {_INPUT: _place(sources, value)}
        if isinstance(value, list | tuple):
            return [marked(item) for item in value]
        return value

    layer = SizedLater(name, {key: marked(value) for key, value in arguments.items()})
    return layer(sources if len(sources) > 1 else sources[0])


def _place(tensors: list[Tensor], wanted: Any) -> int:
    return next(place for place, one in enumerate(tensors) if one is wanted)


def plain(value: Any) -> Any:
    """Return an argument in which sizes that are not known, among others, are None; one by itself is a tensor."""
    if isinstance(value, UnknownSize):
        return _number(value)
    if type(value) not in (list, tuple):
        return value
    return type(value)(None if isinstance(item, UnknownSize) else plain(item) for item in value)


def _number(size: UnknownSize) -> Any:
    """Return one size of a layer graph as a whole number that the graph works out."""
    if size.computed is not None:
        name, left, right = size.computed
        return SIZE_OPERATORS[name](*(_number(side) if isinstance(side, UnknownSize) else side for side in (left, right)))
    if size.source is None or not is_graph_tensor(size.source):
        return int(size)
    from pipekeras import ops
    from pipekeras.backend.graph_shapes import ShapeOf

    return ops.take(ShapeOf()(size.source), size.axis, axis=0)
