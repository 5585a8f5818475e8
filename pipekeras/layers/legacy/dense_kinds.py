"""Dense layers of Keras 1: gated past the layer, and the largest of several."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import activate, number, whole_number
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer
from pipekeras.nn import activations, constraints, initializers, regularizers


@register("layer")
class Highway(Layer):
    """Dense layer with a learnt gate that lets part of the input pass unchanged.

    Formula: t = sigmoid(x W_t + b_t), y = t activation(x W + b) + (1 - t) x.

    Args:
        activation: name, function or None (linear).
        transform_bias: float, default -2; first value of b_t, below 0 so that most of the input passes at the beginning.
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer of b, default "zeros".
        kernel_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None.
        kernel_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        **options: name, trainable, dtype, input_shape, weights.

    Input shape -> output shape: (batch, features) -> the same.

    Raises:
        ShapeError: the input has another rank.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.Highway(activation="tanh")(np.zeros((2, 5))).shape
    (2, 5)

    Source: Srivastava et al., Highway networks, 2015.
    """

    def __init__(
        self,
        activation: Any = None,
        transform_bias: float = -2.0,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **options)
        self.activation = activations.get(activation)
        self.transform_bias = number(self, "transform_bias", transform_bias)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.input_spec = InputSpec(ndim=2)

    def build(self, input_shape: Any) -> None:
        """Make the kernels (features, features) and biases of layer and gate."""
        features = input_shape[-1]
        settings = {"regularizer": self.kernel_regularizer, "constraint": self.kernel_constraint}
        self.kernel = self.add_weight(
            shape=(features, features), initializer=self.kernel_initializer, name="kernel", **settings
        )
        self.gate_kernel = self.add_weight(
            shape=(features, features), initializer=self.kernel_initializer, name="gate_kernel"
        )
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(features,),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )
            self.gate_bias = self.add_weight(
                shape=(features,), initializer=initializers.Constant(self.transform_bias), name="gate_bias"
            )
        self.input_spec = InputSpec(ndim=2, axes={-1: features})

    def call(self, inputs: Any) -> Any:
        """Return the gated mixture of layer and input."""
        gate, layer = ops.matmul(inputs, self.gate_kernel), ops.matmul(inputs, self.kernel)
        if self.use_bias:
            gate, layer = gate + self.gate_bias, layer + self.bias
        share = ops.sigmoid(gate)
        return share * activate(self.activation, layer) + (1.0 - share) * inputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input shape."""
        return input_shape


@register("layer")
class MaxoutDense(Layer):
    """Largest of several linear layers, element by element.

    Formula: y_j = max over k of (x W_k + b_k)_j.

    Args:
        units: int, size of the output; `output_dim` is its older name.
        nb_feature: int, default 4; number of linear layers.
        use_bias: bool, default True.
        kernel_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        kernel_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        activity_regularizer: name, regularizer or None.
        kernel_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        **options: name, trainable, dtype, input_shape, weights.

    Input shape -> output shape: (batch, features) -> (batch, units).

    Raises:
        ConfigurationError: units or nb_feature is not a whole number of 1 or more.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.MaxoutDense(3)(np.zeros((2, 5))).shape
    (2, 3)

    Source: Goodfellow et al., Maxout networks, 2013.
    """

    def __init__(
        self,
        units: int | None = None,
        nb_feature: int = 4,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **options: Any,
    ) -> None:
        units = options.pop("output_dim", units)
        super().__init__(activity_regularizer=activity_regularizer, **options)
        self.units = whole_number(self, "units", units)
        self.nb_feature = whole_number(self, "nb_feature", nb_feature)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.input_spec = InputSpec(ndim=2)

    def build(self, input_shape: Any) -> None:
        """Make kernel (nb_feature, features, units) and bias (nb_feature, units)."""
        features = input_shape[-1]
        self.kernel = self.add_weight(
            shape=(self.nb_feature, features, self.units),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.nb_feature, self.units),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )
        self.input_spec = InputSpec(ndim=2, axes={-1: features})

    def call(self, inputs: Any) -> Any:
        """Return the largest of the linear layers."""
        outputs = ops.einsum("bi,kij->bkj", inputs, self.kernel)
        if self.use_bias:
            outputs = outputs + self.bias
        return ops.max(outputs, axis=1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return (batch, units)."""
        return (input_shape[0], self.units)
