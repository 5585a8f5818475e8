"""Layers whose main weights can be kept in 8 bits."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError, StateError
from pipekeras.layers.base.low_rank import LowRank
from pipekeras.layers.base.policy_kinds import QuantizedDTypePolicy, check_mode
from pipekeras.nn import quantizers
from pipekeras.nn.quantizers import AbsMaxQuantizer, QuantizationConfig


class Quantized(LowRank):
    """Base of layers whose main weights may be whole numbers of 8 bits with a scale for each unit.

    Formula: W = Q / s, with Q of int8. Inputs are quantised as they come, each row by a scale of its own, and outputs
    are divided by both scales.
    """

    def _prepare_quantization(self, config: Any) -> None:
        """Note what the constructor was told."""
        config = quantizers.get(config)
        if config is not None and not isinstance(config, QuantizationConfig):
            raise ConfigurationError(
                f"{type(self).__name__}: quantization_config must be None or an Int8QuantizationConfig, not {config!r}"
            )
        self.quantization_config = config

    # What a layer tells of its weights

    def _quantized_names(self) -> tuple[str, ...]:
        """Return the names of the weights that are quantised."""
        return (self.adapted_weight,)

    def _shared_axes(self, name: str) -> tuple[int, ...]:
        """Return the axes of a weight that share a scale."""
        return (0,)

    def _kept_scale(self, name: str, scale: Any) -> Any:
        """Return a scale in the shape in which it is kept; it comes with the shared axes of length 1."""
        return ops.squeeze(scale, self._shared_axes(name))

    def _scale_of_weight(self, name: str, scale: Any) -> Any:
        """Return a kept scale in the shape that fits the weight."""
        for axis in self._shared_axes(name):
            scale = ops.expand_dims(scale, axis)
        return scale

    # Weights

    def _add_main_weight(self, name: str, shape: Any, initializer: Any) -> None:
        """Make a main weight, of the type that the policy says."""
        if self.quantization_mode is None:
            weight = self.add_weight(
                shape=shape,
                initializer=initializer,
                # Only the main weight has arguments of its own for them.
                regularizer=getattr(self, f"{name}_regularizer", None),
                constraint=getattr(self, f"{name}_constraint", None),
                name=name,
            )
            setattr(self, f"_{name}", weight)
        else:
            ones = self._kept_scale(
                name, ops.ones([1 if n in self._places(name, shape) else size for n, size in enumerate(shape)])
            )
            self._add_quantized(name, shape, tuple(ones.shape))

    def _places(self, name: str, shape: Any) -> set[int]:
        return {axis % len(shape) for axis in self._shared_axes(name)}

    def _add_quantized(self, name: str, shape: Any, scale_shape: Any) -> None:
        weight = self.add_weight(shape, "zeros", "int8", trainable=False, name=name)
        setattr(self, f"_{name}", weight)
        setattr(self, f"{name}_scale", self.add_weight(scale_shape, "ones", trainable=False, name=f"{name}_scale"))

    def _quantize_values(self, name: str, values: Any) -> tuple[Any, Any]:
        """Return whole numbers and the scale, as it is kept, of a weight's values."""
        config = self.quantization_config
        quantizer = None if config is None else config.weight_quantizer
        if quantizer is None:
            found, scale = AbsMaxQuantizer()(values, axis=self._shared_axes(name))
        else:
            found, scale = quantizer(values)
        return found, self._kept_scale(name, scale)

    def _dequantized(self, name: str) -> Any:
        """Return the values that a quantised weight stands for."""
        scale = self._scale_of_weight(name, getattr(self, f"{name}_scale"))
        return ops.divide(ops.cast(getattr(self, f"_{name}"), scale.dtype), scale)

    def quantize(self, mode: str | None = None, type_check: bool = True, config: Any = None) -> None:
        """Keep the main weights in 8 bits from here on; they are no longer trained.

        Args:
            mode: "int8", or None for the mode of config.
            type_check: bool, default True; whether classes that extend the layer's are refused, as their `call` may not know.
            config: Int8QuantizationConfig, or None.

        Raises:
            ConfigurationError: the mode is not available.
            StateError: the layer is not built, or is quantised already.
        """
        config = quantizers.get(config)
        mode = check_mode(config.mode if mode is None and config is not None else mode)
        if config is not None and config.mode != mode:
            raise ConfigurationError(f"mode is {mode!r}, but config is for {config.mode!r}")
        if type_check and not type(self).__module__.startswith("pipekeras."):
            raise ConfigurationError(
                f"{type(self).__name__} extends a layer that can be quantised and may compute something else",
                mend="pass type_check=False if its call leaves the weights to the layer it extends",
            )
        if not self.built:
            raise StateError(
                f"{self.describe()} has no weights to quantise yet", mend="build it: call it, or build(input_shape)"
            )
        if self.quantization_mode is not None:
            raise StateError(f"'{self.name}' is quantised already: {self._dtype_policy.name}")
        policy = QuantizedDTypePolicy(mode, self._dtype_policy.name)
        if config is not None or self.quantization_config is None:
            self.quantization_config = config
        for name in self._quantized_names():
            weight = getattr(self, f"_{name}")
            values, scale = self._quantize_values(name, weight.numpy().astype(np.float32))
            path = weight.path
            self._untrack(weight)
            self._add_quantized(name, weight.shape, tuple(scale.shape))
            for found, given, ending in ((f"_{name}", values, ""), (f"{name}_scale", scale, "_scale")):
                variable = getattr(self, found)
                variable.path = f"{path}{ending}"
                variable.assign(given)
        self.dtype_policy = policy

    # Computing

    def _quantized_inputs(self, inputs: Any, axis: Any) -> tuple[Any, Any]:
        """Return the inputs as whole numbers, and their scale or None where they stay as they are."""
        config = self.quantization_config
        quantizer = AbsMaxQuantizer() if config is None else config.activation_quantizer
        if quantizer is None:
            return inputs, None
        if type(quantizer) is AbsMaxQuantizer:
            # Whole numbers of 8 bits are exact in any float type, so they need not become int8 in between.
            axes = axis if quantizer.axis is None else quantizer.axis
            return quantizers.abs_max_scaled(inputs, axes, quantizer.value_range, quantizer.epsilon)
        values, scale = quantizer(inputs)
        return ops.cast(values, self.compute_dtype), scale

    def _unscaled(self, product: Any, values: Any, scale: Any, weight: Any, weight_scale: Any) -> Any:
        """Return a product of whole numbers divided by their scales; it is summed in float32, where they are exact."""
        exact = "float32" if scale is not None else values.dtype
        outputs = ops.cast(product(ops.cast(values, exact), ops.cast(weight, exact)), self.compute_dtype)
        return ops.divide(outputs, weight_scale if scale is None else ops.multiply(scale, weight_scale))

    def _with_inputs_gradient(self, function: Any, inputs: Any, name: str, axis: Any, linear: Any) -> Any:
        """Return `function(inputs, scale)` of quantised inputs, with the gradient of `linear(inputs, weight)`."""

        def compute(inputs: Any) -> Any:
            outputs = function(*self._quantized_inputs(inputs, axis))

            def gradient(*given: Any, upstream: Any = None) -> Any:
                g = given[0] if upstream is None else upstream
                return ops.cast(linear(g, ops.cast(self._dequantized(name), g.dtype)), inputs.dtype)

            return outputs, gradient

        return ops.custom_gradient(compute)(inputs)

    # Files

    def _variables_of_files(self) -> list[Any]:
        own = super()._variables_of_files()
        if self.quantization_mode is None or not self.built:
            return own
        bias = [variable for variable in (self.__dict__.get("bias"),) if variable is not None]
        first: list[Any] = []
        for name in self._quantized_names():
            first += [getattr(self, f"_{name}"), *bias, getattr(self, f"{name}_scale")]
            bias = []
        rest = [variable for variable in own if not any(variable is known for known in first)]
        return [*first, *rest]

    def _value_for_files(self, variable: Any) -> Any:
        name = self.adapted_weight
        if self.quantization_mode is not None and self.lora_enabled:
            own = getattr(self, f"_{name}"), getattr(self, f"{name}_scale")
            if any(variable is known for known in own):
                merged = self._quantize_values(name, self._adapted())
                return merged[0 if variable is own[0] else 1].numpy()
            return variable.numpy()
        return super()._value_for_files(variable)

    def _adapted(self) -> Any:
        if self.quantization_mode is None:
            return super()._adapted()
        name = self.adapted_weight
        return ops.add(self._dequantized(name), self._low_rank_product(*self._factors()))
