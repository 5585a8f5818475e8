"""Sequences read in both directions."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core import serialization
from pipekeras.core.errors import ArgumentError, ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.base import call_signature
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.base.state import name_scope


@register("layer")
class Bidirectional(Layer):
    """Run a recurrent layer forwards and a copy of it backwards, and join what they return.

    Formula: y = merge(layer(x), reversed(layer'(reversed x))).

    Args:
        layer: recurrent Layer.
        merge_mode: "concat" (default), "sum", "mul", "ave", or None for both outputs by themselves.
        weights: list of arrays to start from, first those of the forward layer; or None.
        backward_layer: recurrent Layer that goes backwards, default a copy of the layer.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: those of the layer; with "concat" twice as many features.

    Raises:
        ConfigurationError: an unknown merge_mode, or two layers that do not go together.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Bidirectional(layers.LSTM(4))(np.zeros((2, 5, 3))).shape
    (2, 8)

    Source: Schuster and Paliwal, Bidirectional recurrent neural networks, 1997.
    """

    hidden_config = ("weights",)

    def __init__(
        self, layer: Any, merge_mode: str | None = "concat", weights: Any = None, backward_layer: Any = None, **options: Any
    ) -> None:
        super().__init__(**options)
        for given in (layer, backward_layer):
            if given is not None and not isinstance(given, Layer):
                raise ArgumentError(f"Bidirectional wraps a layer, not {type(given).__name__}")
        if merge_mode not in ("sum", "mul", "ave", "concat", None):
            raise ConfigurationError(
                f"Bidirectional: merge_mode must be 'concat', 'sum', 'mul', 'ave' or None, not {merge_mode!r}"
            )
        self.merge_mode = merge_mode
        self.forward_layer = _copy(layer, f"forward_{layer.name.removeprefix('forward_')}", None)
        self.__dict__["_own_backward"] = backward_layer is not None
        if backward_layer is None:
            self.backward_layer = _copy(layer, f"backward_{layer.name.removeprefix('backward_')}", True)
        else:
            self.backward_layer = backward_layer
        self._check_pair()
        for one in (self.forward_layer, self.backward_layer):
            if hasattr(one, "zero_output_for_mask"):
                one.zero_output_for_mask = one.return_sequences
        if weights:
            half = len(weights) // 2
            self.forward_layer.__dict__["_initial_weights"] = weights[:half]
            self.backward_layer.__dict__["_initial_weights"] = weights[half:]
        self.stateful = layer.stateful
        self.return_sequences = layer.return_sequences
        self.return_state = layer.return_state
        self.supports_masking = True
        self.input_spec = layer.input_spec

    def _check_pair(self) -> None:
        first, second = self.forward_layer, self.backward_layer
        if first.go_backwards == second.go_backwards:
            raise ConfigurationError("Bidirectional: one of the two layers must go backwards, the other forwards")
        for name in ("stateful", "return_sequences", "return_state"):
            if getattr(first, name) != getattr(second, name):
                raise ConfigurationError(f"Bidirectional: the two layers must have the same {name}")

    def build(self, sequences_shape: Any, initial_state_shape: Any = None) -> None:
        """Build both layers."""
        for layer in (self.forward_layer, self.backward_layer):
            if not layer.built:
                with name_scope(self.name):
                    layer.build(sequences_shape)

    def compute_output_shape(self, sequences_shape: Any, initial_state_shape: Any = None) -> Any:
        """Return the joined shape, and those of all states if they are returned."""
        shape = self.forward_layer.compute_output_shape(sequences_shape)
        states: tuple[Any, ...] = ()
        if self.return_state:
            shape, states = shape[0], tuple(shape[1:])
        if self.merge_mode == "concat":
            shape = (*shape[:-1], shape[-1] * 2)
        both = (shape, shape) if self.merge_mode is None else (shape,)
        if self.return_state:
            return (*both, *states, *states)
        return both if self.merge_mode is None else shape

    def call(self, sequences: Any, initial_state: Any = None, mask: Any = None, training: Any = None) -> Any:
        """Return the joined outputs of both directions."""
        first, second = self.forward_layer, self.backward_layer
        keywords: dict[str, Any] = {}
        signature = call_signature.of_method(first, "call")
        if signature.has_training:
            keywords["training"] = training
        if signature.has_mask:
            keywords["mask"] = mask
        halves: tuple[Any, Any] = ({}, {})
        if initial_state is not None:
            half = len(initial_state) // 2
            halves = ({"initial_state": initial_state[:half]}, {"initial_state": initial_state[half:]})
        ahead = first(sequences, **halves[0], **keywords)
        back = second(sequences, **halves[1], **keywords)
        states: tuple[Any, ...] = ()
        if self.return_state:
            states = (*ahead[1:], *back[1:])
            ahead, back = ahead[0], back[0]
        if self.return_sequences:
            back = ops.flip(back, axis=1)
        joined = self._join(ahead, back)
        if self.return_state:
            return (*joined, *states) if isinstance(joined, tuple) else (joined, *states)
        return joined

    def _join(self, ahead: Any, back: Any) -> Any:
        if self.merge_mode == "concat":
            return ops.concatenate([ahead, back], axis=-1)
        if self.merge_mode == "sum":
            return ahead + back
        if self.merge_mode == "ave":
            return (ahead + back) / 2.0
        if self.merge_mode == "mul":
            return ahead * back
        return (ahead, back)

    def reset_state(self) -> None:
        """Set the lasting states of both layers to zero."""
        self.forward_layer.reset_state()
        self.backward_layer.reset_state()

    def reset_states(self) -> None:
        """Set the lasting states to zero; the older name of `reset_state`."""
        self.reset_state()

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the mask of the steps if all outputs are returned."""
        mask = previous_mask[0] if isinstance(previous_mask, list | tuple) else previous_mask
        own = mask if self.return_sequences else None
        outputs = [own, own] if self.merge_mode is None else [own]
        if not self.return_state:
            return outputs if self.merge_mode is None else own
        states = [None] * (2 * len(self.forward_layer.state_size))
        return [*outputs, *states]

    def _configuration(self) -> dict[str, Any]:
        configuration = super()._configuration()
        configuration["layer"] = self.forward_layer
        configuration["backward_layer"] = self.backward_layer
        return configuration


def _copy(layer: Layer, name: str, backwards: bool | None) -> Any:
    """Return a fresh layer of the same configuration under another name."""
    config = serialization.serialize(layer)
    config.pop("build_config", None)
    inner = {**config["config"], "name": name}
    if backwards is not None:
        inner["go_backwards"] = not inner.get("go_backwards", False) if backwards else False
    with serialization.custom_object_scope({type(layer).__name__: type(layer)} if _is_users(layer) else None):
        return serialization.deserialize({**config, "config": inner}, kind="layer")


def _is_users(layer: Layer) -> bool:
    return not type(layer).__module__.startswith("pipekeras.")
