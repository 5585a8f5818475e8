"""A dense layer whose products are told by the letters of their axes."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import activate
from pipekeras.layers.base.low_rank import adapted
from pipekeras.layers.base.quantized import Quantized
from pipekeras.nn import activations, constraints, initializers, regularizers

_FORMS = (
    re.compile(r"^([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)$"),
    re.compile(r"^\.\.\.([a-zA-Z]+),([a-zA-Z]+)->\.\.\.([a-zA-Z]+)$"),
    re.compile(r"^([a-zA-Z]{2,})\.\.\.,([a-zA-Z]+)->([a-zA-Z]+)\.\.\.$"),
)


@register("layer")
class EinsumDense(Quantized):
    """Dense layer with any Einstein sum between input and kernel.

    Formula: y = activation(einsum(equation, x, kernel) + bias).

    Args:
        equation: str, such as "abc,cd->abd"; "..." may stand first or last on input and output.
        output_shape: int or tuple, the output's sizes without the batch axis and the axes of "..."; None for sizes that
            follow from the input.
        activation: name, function or None (linear).
        bias_axes: str of letters of the output that have a bias, or None (no bias).
        kernel_initializer: name or initializer, default "glorot_uniform".
        bias_initializer: name or initializer, default "zeros".
        kernel_regularizer: name, regularizer or None.
        bias_regularizer: name, regularizer or None.
        kernel_constraint: name, constraint or None.
        bias_constraint: name, constraint or None.
        lora_rank: int or None; the rank of a product that is learnt on top of a frozen kernel.
        lora_alpha: float, default lora_rank; the product is multiplied by lora_alpha / lora_rank.
        gptq_unpacked_column_size: must be None.
        quantization_config: Int8QuantizationConfig or None; how `quantize` and policies of 8 bits go about it.
        **options: name, trainable, dtype, input_shape, activity_regularizer.

    Input shape -> output shape: as the equation says.

    Raises:
        ConfigurationError: the equation has another form, or letters that fit nowhere.
        ShapeError: input and output differ in the size of a shared axis.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.EinsumDense("abc,cd->abd", output_shape=(None, 64), bias_axes="d")(np.zeros((2, 32, 128))).shape
    (2, 32, 64)
    """

    optional_config = ("lora_rank", "lora_alpha", "gptq_unpacked_column_size")

    def __init__(
        self,
        equation: str,
        output_shape: Any,
        activation: Any = None,
        bias_axes: str | None = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        gptq_unpacked_column_size: None = None,
        quantization_config: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._prepare_quantization(quantization_config)
        self._prepare_low_rank(lora_rank, lora_alpha)
        self.equation = equation
        self.partial_output_shape = (output_shape,) if isinstance(output_shape, int) else tuple(output_shape)
        self.bias_axes = bias_axes
        self.activation = activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.bias: Any = None
        self.__dict__["_letters"] = _split(equation)

    def _configuration(self) -> dict[str, Any]:
        return {
            **super()._configuration(),
            "output_shape": self.partial_output_shape,
            "activity_regularizer": self.activity_regularizer,
        }

    def build(self, input_shape: Any) -> None:
        """Make the kernel and bias that the equation needs."""
        kernel, bias, _, axes = self._shapes(tuple(input_shape))
        initializer = self.kernel_initializer
        if getattr(initializer, "input_axes", 0) is None:
            # The sizes that a variance-scaling initializer goes by follow from the equation.
            initializer = type(initializer).from_config(
                {**initializer.get_config(), "input_axes": axes[0], "output_axes": axes[1]}
            )
        self.__dict__["_elided"] = len(input_shape) - len(self._letters[0])
        self._add_main_weight("kernel", kernel, initializer)
        if bias is not None:
            self.bias = self.add_weight(
                shape=bias,
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )
        self._adapt_if_asked()

    kernel = adapted("kernel", "The weights, with the axes that the equation gives them.")

    def call(self, inputs: Any, training: Any = None) -> Any:
        """Return activation(einsum + bias)."""
        if self.quantization_mode is None:
            outputs = ops.einsum(self.equation, inputs, self.kernel)
        else:
            outputs = self._quantized_product(inputs)
        if self.bias is not None:
            outputs = ops.add(outputs, self.bias)
        return activate(self.activation, outputs)

    # Weights in 8 bits: a scale for each combination of the kernel's axes that the output keeps.

    def _shared_axes(self, name: str) -> tuple[int, ...]:
        _, weight, result, _ = self._letters
        return tuple(axis for axis, letter in enumerate(weight) if letter not in result)

    def _kept_scale(self, name: str, scale: Any) -> Any:
        return self._like_outputs(super()._kept_scale(name, scale), self._letters[1], 0)

    def _scale_of_weight(self, name: str, scale: Any) -> Any:
        _, weight, result, _ = self._letters
        order = [letter for letter in result if letter in weight]
        sizes = dict(zip(result, scale.shape, strict=False))
        kept = ops.reshape(scale, [sizes[letter] for letter in order])
        kept = ops.transpose(kept, [order.index(letter) for letter in weight if letter in result])
        return super()._scale_of_weight(name, kept)

    def _like_outputs(self, scale: Any, letters: str, leading: int) -> Any:
        """Return a scale, one for each place of the letters that the output has too, in the order of the output's axes."""
        result, form = self._letters[2:]
        known = [letter for letter in letters if letter in result]
        trailing = len(scale.shape) - leading - len(known)
        order = [leading + known.index(letter) for letter in result if letter in known]
        scale = ops.transpose(scale, [*range(leading), *order, *range(len(scale.shape) - trailing, len(scale.shape))])
        for axis, letter in enumerate(result):
            if letter not in known:
                scale = ops.expand_dims(scale, leading + axis)
        for _ in range(self._elided - trailing if form == 2 else 0):
            scale = ops.expand_dims(scale, -1)
        return scale

    def _quantized_product(self, inputs: Any) -> Any:
        source, _, result, form = self._letters
        leading = self._elided if form == 1 else 0
        axes = tuple(leading + axis for axis, letter in enumerate(source) if letter not in result)

        def product(values: Any, scale: Any) -> Any:
            if scale is not None:
                scale = self._like_outputs(ops.squeeze(scale, axes), source, leading)
            return self._unscaled(partial(ops.einsum, self.equation), values, scale, self._kernel, self.kernel_scale)

        outputs = self._with_inputs_gradient(product, inputs, "kernel", axes, partial(self._linear_gradient, inputs.shape))
        if self.lora_enabled:
            outputs = ops.add(outputs, ops.einsum(self.equation, inputs, self._low_rank_product(*self._factors())))
        return outputs

    def _linear_gradient(self, shape: Any, g: Any, kernel: Any) -> Any:
        source, weight, result, form = self._letters
        before, after = ("...", "") if form == 1 else ("", "..." if form == 2 else "")
        kept = "".join(letter for letter in source if letter in weight or letter in result)
        found = ops.einsum(f"{before}{result}{after},{weight}->{before}{kept}{after}", g, kernel)
        for axis, letter in enumerate(source):
            if letter not in kept:
                found = ops.expand_dims(found, axis + (self._elided if form == 1 else 0))
        return found if len(kept) == len(source) else ops.broadcast_to(found, shape)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape that the equation gives."""
        return self._shapes(tuple(input_shape))[2]

    def _shapes(self, input_shape: tuple[Any, ...]) -> tuple[Any, Any, Any, Any]:
        """Return the shapes of kernel, bias and output, and the kernel's input and output axes."""
        source, weight, result, form = self._letters
        elided = len(input_shape) - len(source)
        if elided < 0 or (form == 0 and elided):
            raise ShapeError(f"{self.describe()} needs an input with the axes '{source}'; got {input_shape}")
        output = [input_shape[0], *self.partial_output_shape]
        if form == 1:
            output[1:1] = input_shape[1:elided]
            offset = elided
        else:
            output.extend(input_shape[len(input_shape) - elided :] if elided else ())
            offset = 0
        if len(output) != len(result) + (elided if form else 0):
            raise ShapeError(
                f"{self.describe()}: output_shape {self.partial_output_shape} does not give the axes '{result}'"
            )
        in_place = {letter: number + offset for number, letter in enumerate(source)}
        out_place = {letter: number + offset for number, letter in enumerate(result)}
        for letter in source:
            if letter in out_place:
                known, given = output[out_place[letter]], input_shape[in_place[letter]]
                if known is not None and given is not None and known != given:
                    raise ShapeError(f"{self.describe()}: axis '{letter}' is {given} in the input and {known} in output_shape")
                if known is None:
                    output[out_place[letter]] = given
        kernel, in_axes, out_axes = [], [], []
        for number, letter in enumerate(weight):
            if letter in out_place:
                kernel.append(output[out_place[letter]])
                out_axes.append(number)
            else:
                kernel.append(input_shape[in_place[letter]])
                in_axes.append(number)
        bias = None
        if self.bias_axes is not None:
            unknown = set(self.bias_axes) - set(result)
            if unknown:
                raise ConfigurationError(f"{self.describe()}: bias_axes has '{sorted(unknown)[0]}', which is no output axis")
            first = min(result.index(letter) for letter in self.bias_axes)
            bias = [output[out_place[letter]] if letter in self.bias_axes else 1 for letter in result[first:]]
            if form == 2:
                bias += [1] * elided
        return tuple(kernel), None if bias is None else tuple(bias), tuple(output), (in_axes, out_axes)


def _split(equation: str) -> tuple[str, str, str, int]:
    """Return the letters of input, kernel and output, and which form the equation has."""
    text = equation.replace(" ", "") if isinstance(equation, str) else ""
    for form, pattern in enumerate(_FORMS):
        found = pattern.match(text)
        if found:
            source, weight, result = found.groups()
            for letter in result:
                if letter not in source and letter not in weight:
                    raise ConfigurationError(f"EinsumDense: '{letter}' of the output stands for no axis of input or kernel")
            for letter in weight:
                if letter not in source and letter not in result:
                    raise ConfigurationError(f"EinsumDense: '{letter}' of the kernel stands for no axis of input or output")
            return source, weight, result, form
    raise ConfigurationError(
        f"EinsumDense: the equation {equation!r} is not of the form 'ab,bc->ac', '...b,bc->...c' or 'ab...,bc->ac...'"
    )
