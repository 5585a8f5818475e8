"""The fully connected layer."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import activate, whole_number
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.low_rank import adapted
from pipekeras.layers.base.quantized import Quantized
from pipekeras.nn import activations, constraints, initializers, regularizers


@register("layer")
class Dense(Quantized):
    """Fully connected layer: every output is a weighted sum of all inputs.

    Formula: y = activation(x W + b), with kernel W and bias b.

    Args:
        units: int, 1 or more; size of the output.
        activation: name, function or None (linear).
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        kernel_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None; penalises the output.
        kernel_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        lora_rank: int or None; the rank of a product that is learnt on top of a frozen kernel.
        lora_alpha: float, default lora_rank; the product is multiplied by lora_alpha / lora_rank.
        quantization_config: Int8QuantizationConfig or None; how `quantize` and policies of 8 bits go about it.
        **options: name, trainable, dtype, input_shape, weights.

    Input shape -> output shape: (batch, ..., features) -> (batch, ..., units).

    Raises:
        ConfigurationError: units is not a whole number of 1 or more.
        ShapeError: the input has no feature axis, or another size than the weights were made for.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Dense(2, kernel_initializer="ones")(np.array([[1.0, 2.0]]))
    Tensor([[3., 3.]], shape=(1, 2), dtype=float32)
    """

    optional_config = ("activity_regularizer", "lora_rank", "lora_alpha")

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        quantization_config: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **options)
        self._prepare_quantization(quantization_config)
        self._prepare_low_rank(lora_rank, lora_alpha)
        self.units = whole_number(self, "units", units)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.bias: Any = None
        self.supports_masking = True
        self.input_spec = InputSpec(min_ndim=2)

    def build(self, input_shape: Any) -> None:
        """Make kernel (features, units) and bias (units)."""
        features = input_shape[-1]
        if features is None:
            raise ShapeError(
                f"{self.describe()} needs to know the number of features; got {tuple(input_shape)}",
                mend="give the last axis a size where the input is declared: Input(shape=(number of features,))",
            )
        self._add_main_weight("kernel", (features, self.units), self.kernel_initializer)
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.units,),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )
        self.input_spec = InputSpec(min_ndim=2, axes={-1: features})
        self._adapt_if_asked()

    kernel = adapted("kernel", "The weights (features, units).")

    def call(self, inputs: Any, training: Any = None) -> Any:
        """Return activation(inputs · kernel + bias)."""
        outputs = ops.matmul(inputs, self.kernel) if self.quantization_mode is None else self._quantized_product(inputs)
        if self.bias is not None:
            outputs = ops.add(outputs, self.bias)
        return activate(self.activation, outputs)

    def _quantized_product(self, inputs: Any) -> Any:
        outputs = self._with_inputs_gradient(
            self._whole_product, inputs, "kernel", -1, lambda g, kernel: ops.matmul(g, ops.transpose(kernel))
        )
        if self.lora_enabled:
            left, right = self._factors()
            outputs = ops.add(outputs, self._low_rank_product(ops.matmul(inputs, left), right))
        return outputs

    def _whole_product(self, values: Any, scale: Any) -> Any:
        return self._unscaled(ops.matmul, values, scale, self._kernel, self.kernel_scale)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape with units in place of the last axis."""
        return (*input_shape[:-1], self.units)

    def wanted_input(self, specification: InputSpec) -> str:
        """Return the wanted shape with the features' number when it is known."""
        features = specification.axes.get(-1, "features")
        return f"(batch, ..., {features})"

    def shape_mend(self, specification: InputSpec, found: tuple[int | None, ...]) -> str | None:
        """Return how the input can be made to fit."""
        if len(found) < 2:
            return "put Flatten() before it, or declare Input(shape=(number of features,))"
        return super().shape_mend(specification, found)
