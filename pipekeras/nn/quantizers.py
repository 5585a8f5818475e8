"""Quantizers: numbers in few bits, and what they stand for."""

from __future__ import annotations

from typing import Any

from pipekeras import ops
from pipekeras.core import dtypes, serialization
from pipekeras.core.configurable import Configurable
from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.nn.lookup import resolve

__all__ = [
    "AbsMaxQuantizer",
    "Int8QuantizationConfig",
    "QuantizationConfig",
    "Quantizer",
    "abs_max_quantize",
    "compute_float8_amax_history",
    "compute_float8_scale",
    "deserialize",
    "fake_quant_with_min_max_vars",
    "get",
    "pack_int4",
    "quantize_and_dequantize",
    "serialize",
    "unpack_int4",
]


def abs_max_scaled(
    inputs: Any, axis: Any = None, value_range: tuple[int, int] = (-127, 127), epsilon: float = 1e-7
) -> tuple[Tensor, Tensor]:
    """Return whole numbers, still of the inputs' type, and the scale that made them."""
    inputs = convert(inputs)
    low, high = value_range
    largest = ops.max(ops.absolute(inputs), axis=axis, keepdims=True)
    scale = ops.cast(ops.divide(float(high), ops.add(largest, epsilon)), inputs.dtype)
    return ops.clip(ops.round(ops.multiply(inputs, scale)), low, high), scale


def abs_max_quantize(
    inputs: Any,
    axis: Any = None,
    value_range: tuple[int, int] = (-127, 127),
    dtype: str = "int8",
    epsilon: float = 1e-7,
    to_numpy: bool = False,
) -> tuple[Any, Any]:
    """Quantize by the largest absolute value.

    Formula: q = clip(round(x s), low, high) with s = high / (max|x| + epsilon).

    Args:
        inputs: tensor of floats.
        axis: int, tuple of int, or None for all; the axes that share a scale.
        value_range: two ints, the lowest and the highest result, default (-127, 127).
        dtype: str, the results' type, default "int8".
        epsilon: float, default 1e-7; what keeps zeros from a division by zero.
        to_numpy: bool, default False; whether NumPy arrays are returned.

    Returns:
        The whole numbers, and the scale s with the shared axes of length 1.

    >>> values, scale = abs_max_quantize([[0.5, -1.0, 0.25]], axis=-1)
    >>> values
    Tensor([[  63, -127,   32]], shape=(1, 3), dtype=int8)
    """
    values, scale = abs_max_scaled(inputs, axis, value_range, epsilon)
    values = ops.cast(values, dtype)
    return (values.numpy(), scale.numpy()) if to_numpy else (values, scale)


@register("quantizer", aliases=("quantizer",))
class Quantizer(Configurable):
    """Base of quantizers; subclass it and write `__call__(x)`, which returns whole numbers and a scale.

    Args:
        output_dtype: str, the type of the whole numbers, default "int8".

    >>> Quantizer().output_dtype
    'int8'
    """

    def __init__(self, output_dtype: str = "int8") -> None:
        self.output_dtype = output_dtype

    def __call__(self, x: Any) -> Any:
        """Return the whole numbers and their scale; this base returns x.

        Args:
            x: tensor.
        """
        return x


@register("quantizer", aliases=("abs_max_quantizer",))
class AbsMaxQuantizer(Quantizer):
    """Quantize by the largest absolute value.

    Formula: q = clip(round(x s), low, high) with s = high / (max|x| + epsilon).

    Args:
        axis: int or tuple of int, the axes that share a scale; None leaves the choice to the layer (the last axis in calls).
        value_range: two ints, default (-127, 127).
        epsilon: float, default 1e-7.
        output_dtype: str, default "int8".

    >>> values, scale = AbsMaxQuantizer(axis=0)([[2.0, 1.0], [-1.0, 1.0]])
    >>> values
    Tensor([[127, 127],
            [-64, 127]], shape=(2, 2), dtype=int8)
    """

    def __init__(
        self,
        axis: Any = None,
        value_range: tuple[int, int] = (-127, 127),
        epsilon: float = 1e-7,
        output_dtype: str = "int8",
    ) -> None:
        super().__init__(output_dtype)
        self.axis = axis if axis is None else ((axis,) if isinstance(axis, int) else tuple(axis))
        self.value_range: tuple[int, int] = (value_range[0], value_range[1])
        self.epsilon = epsilon

    def __call__(self, x: Any, axis: Any = None, to_numpy: bool = False) -> tuple[Any, Any]:
        """Return the whole numbers and their scale.

        Args:
            x: tensor.
            axis: int or tuple of int, in place of the constructor's.
            to_numpy: bool, default False; whether NumPy arrays are returned.
        """
        axes = axis if axis is not None else self.axis if self.axis is not None else -1
        return abs_max_quantize(x, axes, self.value_range, self.output_dtype, self.epsilon, to_numpy)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        config = {"value_range": self.value_range, "epsilon": self.epsilon, "output_dtype": self.output_dtype}
        return config if self.axis is None else {**config, "axis": self.axis}


@register("quantizer")
class QuantizationConfig(Configurable):
    """Base of what tells layers how to quantize; use Int8QuantizationConfig.

    Args:
        weight_quantizer: quantizer of weights, or None for the layer's own.
        activation_quantizer: quantizer of inputs, or None to leave them as they are.

    >>> QuantizationConfig().weight_quantizer
    """

    def __init__(self, weight_quantizer: Any = None, activation_quantizer: Any = None) -> None:
        self.weight_quantizer = get(weight_quantizer)
        self.activation_quantizer = get(activation_quantizer)

    @property
    def mode(self) -> str:
        """The mode of quantisation."""
        raise ConfigurationError(f"{type(self).__name__} has no mode", mend="use Int8QuantizationConfig")

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments as plain data."""
        return {
            "weight_quantizer": serialize(self.weight_quantizer),
            "activation_quantizer": serialize(self.activation_quantizer),
        }


@register("quantizer")
class Int8QuantizationConfig(QuantizationConfig):
    """How layers quantize to 8 bits.

    Args:
        weight_quantizer: quantizer of weights, or None for the layer's own.
        activation_quantizer: quantizer of inputs, default AbsMaxQuantizer(); None leaves inputs as they are.

    >>> Int8QuantizationConfig().mode
    'int8'
    """

    def __init__(self, weight_quantizer: Any = None, activation_quantizer: Any = "default") -> None:
        if activation_quantizer == "default":
            activation_quantizer = AbsMaxQuantizer()
        super().__init__(weight_quantizer, activation_quantizer)
        for quantizer in (self.weight_quantizer, self.activation_quantizer):
            if getattr(quantizer, "output_dtype", "int8") != "int8":
                raise ConfigurationError(f"quantizers of 8 bits give int8, not {quantizer.output_dtype}")

    @property
    def mode(self) -> str:
        """The mode of quantisation."""
        return "int8"


def fake_quant_with_min_max_vars(
    inputs: Any, min_vals: Any, max_vals: Any, num_bits: int = 8, narrow_range: bool = False, axis: int | None = None
) -> Tensor:
    """Round to the values that numbers of few bits can stand for, so that training meets their error.

    Formula: y = round((clip(x, low, high) - low) / s) s + low, with s = (max - min) / (steps - 1) and the range shifted
    so that 0 is one of the values.

    Args:
        inputs: tensor.
        min_vals: float, or one for each channel, below max_vals.
        max_vals: float, or one for each channel.
        num_bits: int from 2 to 16, default 8.
        narrow_range: bool, default False; whether the lowest value is left out.
        axis: int or None, the axis of the channels.

    Returns:
        Tensor like inputs. The gradient passes within the range; outside it goes to min_vals and max_vals.

    Raises:
        ArgumentError: num_bits is out of its range.
        ShapeError: min_vals has not one value for each channel.

    >>> fake_quant_with_min_max_vars([-2.0, 0.3, 5.0], -1.0, 1.0, num_bits=2)
    Tensor([-1.3333334,  0.       ,  0.6666666], shape=(3,), dtype=float32)
    """
    if not isinstance(num_bits, int) or not 2 <= num_bits <= 16:
        raise ArgumentError(f"num_bits must be a whole number from 2 to 16, not {num_bits!r}")
    x = convert(inputs)
    low, high = (ops.cast(convert(value), x.dtype) for value in (min_vals, max_vals))
    places = [1] * len(x.shape)
    axes = tuple(range(len(x.shape)))
    if axis is not None:
        axis = axis % len(x.shape)
        places[axis] = -1
        axes = tuple(other for other in axes if other != axis)
        for value in (low, high):
            if value.shape not in ((x.shape[axis],), (1,)):
                raise ShapeError(
                    f"min_vals and max_vals must hold one value for each of {x.shape[axis]} channels; got {value.shape}"
                )

    def rounded(x: Any, low: Any, high: Any) -> Any:
        least, most = float(narrow_range), float(2**num_bits - 1)
        wide = [ops.reshape(value, places) if axis is not None else ops.reshape(value, ()) for value in (low, high)]
        step = ops.divide(ops.subtract(wide[1], wide[0]), most - least)
        zero = ops.clip(ops.round(ops.subtract(least, ops.divide(wide[0], step))), least, most)
        bottom, top = ops.multiply(ops.subtract(least, zero), step), ops.multiply(ops.subtract(most, zero), step)
        kept = ops.clip(x, bottom, top)
        steps = ops.floor(ops.add(ops.divide(ops.subtract(kept, bottom), step), 0.5))
        outputs = ops.add(ops.multiply(steps, step), bottom)

        def gradient(*given: Any, upstream: Any = None) -> Any:
            g = given[0] if upstream is None else upstream
            under, over = ops.less_equal(x, bottom), ops.greater_equal(x, top)
            inside = ops.logical_and(ops.greater_equal(x, bottom), ops.less_equal(x, top))
            parts = [ops.sum(ops.where(where, g, 0.0), axis=axes) for where in (under, over)]
            return (
                ops.where(inside, g, 0.0),
                *(ops.reshape(part, value.shape) for part, value in zip(parts, (low, high), strict=True)),
            )

        return outputs, gradient

    found: Tensor = ops.custom_gradient(rounded)(x, low, high)
    return found


# Bits of the mantissa, smallest exponent and largest value.
_FLOAT8 = {"float8_e4m3fn": (3, -6, 448.0), "float8_e5m2": (2, -14, 57344.0)}


def quantize_and_dequantize(inputs: Any, scale: Any, quantized_dtype: str, compute_dtype: str) -> Tensor:
    """Return what is left of numbers after 8 bits of floating point held them.

    Formula: y = round(clip(x / s)) s, rounded to the nearest number of the 8-bit type.

    Args:
        inputs: tensor.
        scale: float s.
        quantized_dtype: "float8_e4m3fn" or "float8_e5m2".
        compute_dtype: str, the type of the result.

    Raises:
        ConfigurationError: quantized_dtype is another type.

    >>> quantize_and_dequantize([0.3, 500.0], 0.5, "float8_e4m3fn", "float32")
    Tensor([  0.3125, 224.    ], shape=(2,), dtype=float32)
    """
    if quantized_dtype not in _FLOAT8:
        raise ConfigurationError(f"quantized_dtype must be one of {', '.join(_FLOAT8)}, not {quantized_dtype!r}")
    mantissa, exponent, most = _FLOAT8[quantized_dtype]
    compute_dtype = dtypes.standardize(compute_dtype)
    scale = ops.cast(scale, compute_dtype)
    x = ops.cast(ops.divide(ops.cast(inputs, compute_dtype), scale), "float32")
    x = ops.clip(x, -most, most)
    # Half of the last kept bit is added, less one where that bit is even, and what lies below is cut off.
    bits = ops.view(x, "int32")
    dropped = 23 - mantissa
    odd = ops.bitwise_and(ops.right_shift(bits, dropped), 1)
    near = ops.bitwise_and(ops.add(ops.add(bits, odd), (1 << (dropped - 1)) - 1), -(1 << dropped))
    tiny = 2.0 ** (exponent - mantissa)
    small = ops.multiply(ops.round(ops.divide(x, tiny)), tiny)
    kept = ops.where(ops.less(ops.absolute(x), 2.0**exponent), small, ops.view(near, "float32"))
    return ops.multiply(ops.cast(kept, compute_dtype), scale)


def compute_float8_scale(amax: Any, scale: Any, dtype_max: Any, margin: int = 0) -> Tensor:
    """Return the scale with which the largest value of a tensor is the largest of an 8-bit type.

    Formula: s = amax 2^margin / dtype_max, or the former scale where amax is 0 or not finite.

    Args:
        amax: float, the largest absolute value.
        scale: float, the former scale.
        dtype_max: float, the largest value of the type.
        margin: int, default 0; bits that are kept free.

    >>> compute_float8_scale(3.0, 1.0, 448.0)
    Tensor(0.00669643, shape=(), dtype=float32)
    """
    amax, scale = convert(amax), convert(scale)
    former = ops.divide(1.0, scale)
    found = ops.divide(ops.divide(dtype_max, amax), 2.0**margin)
    found = ops.where(ops.greater(amax, 0.0), found, former)
    return ops.divide(1.0, ops.where(ops.isfinite(amax), found, former))


def compute_float8_amax_history(x: Any, amax_history: Any) -> Tensor:
    """Return the history of largest absolute values with that of x first and the oldest dropped.

    Args:
        x: tensor.
        amax_history: tensor of one axis.

    >>> compute_float8_amax_history([2.0, -7.0], [1.0, 3.0, 5.0])
    Tensor([7., 5., 1.], shape=(3,), dtype=float32)
    """
    history = convert(amax_history)
    largest = ops.cast(ops.max(ops.absolute(convert(x))), history.dtype)
    return ops.concatenate([ops.reshape(largest, (1,)), ops.roll(history, -1)[1:]])


def pack_int4(arr: Any, axis: int = 0, dtype: str = "int8") -> tuple[Tensor, tuple[int, ...], int]:
    """Put two numbers of 4 bits into one byte: the first of each pair into the lower half.

    Args:
        arr: tensor of "int8" from -8 to 7, or of "uint8" from 0 to 15.
        axis: int, default 0; the axis along which neighbours are joined.
        dtype: "int8" (default) or "uint8".

    Returns:
        The bytes, their shape, and the former length of the axis.

    >>> pack_int4(ops.cast([1, -2, 3], "int8"))
    (Tensor([-31,   3], shape=(2,), dtype=int8), (2,), 3)
    """
    values = _bytes("pack_int4", arr, dtype)
    values = ops.moveaxis(values, axis, 0)
    length = values.shape[0]
    if length % 2:
        values = ops.concatenate([values, ops.zeros((1, *values.shape[1:]), values.dtype)])
    wide = ops.cast(values, "int32")
    packed = ops.bitwise_or(ops.bitwise_and(wide[::2], 15), ops.left_shift(ops.bitwise_and(wide[1::2], 15), 4))
    if dtype == "int8":
        packed = ops.where(ops.greater(packed, 127), ops.subtract(packed, 256), packed)
    packed = ops.moveaxis(ops.cast(packed, dtype), 0, axis)
    return packed, tuple(packed.shape), length


def unpack_int4(packed: Any, orig_len: int, axis: int = 0, dtype: str = "int8") -> Tensor:
    """Take the two numbers of 4 bits out of each byte that `pack_int4` made.

    Args:
        packed: tensor of bytes.
        orig_len: int, the former length of the axis.
        axis: int, default 0.
        dtype: "int8" (default) or "uint8".

    >>> unpack_int4(ops.cast([-31, 3], "int8"), 3)
    Tensor([ 1, -2,  3], shape=(3,), dtype=int8)
    """
    values = ops.moveaxis(ops.cast(_bytes("unpack_int4", packed, dtype), "int32"), axis, 0)
    halves = [ops.bitwise_and(values, 15), ops.bitwise_and(ops.right_shift(values, 4), 15)]
    if dtype == "int8":
        halves = [ops.where(ops.greater(half, 7), ops.subtract(half, 16), half) for half in halves]
    joined = ops.reshape(ops.stack(halves, axis=1), (-1, *values.shape[1:]))[:orig_len]
    return ops.moveaxis(ops.cast(joined, dtype), 0, axis)


def _bytes(name: str, value: Any, dtype: str) -> Tensor:
    if dtype not in ("int8", "uint8"):
        raise ArgumentError(f"{name}: dtype must be 'int8' or 'uint8', not {dtype!r}")
    found = convert(value)
    if found.dtype != dtype:
        raise ArgumentError(f"{name} takes a tensor of {dtype}; got {found.dtype}", mend=f"ops.cast(..., '{dtype}')")
    return found


def serialize(initializer: Any) -> Any:
    """Return the config of a quantizer.

    Args:
        initializer: Quantizer; Keras calls it so.

    >>> serialize(AbsMaxQuantizer(axis=0))["config"]["axis"]
    (0,)
    """
    return serialization.serialize(initializer)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Make a quantizer from its config.

    Args:
        config: dict, what `serialize` returned.
        custom_objects: dict of name to class, for quantizers of your own.

    >>> deserialize({"class_name": "AbsMaxQuantizer", "config": {"axis": 1}}).axis
    (1,)
    """
    return serialization.deserialize(config, custom_objects, kind="quantizer")


def get(identifier: Any) -> Any:
    """Return the quantizer that an identifier stands for; None stays None.

    Args:
        identifier: str such as "abs_max_quantizer", dict, class, Quantizer, or None.

    Raises:
        ConfigurationError: There is no such quantizer.

    >>> get("abs_max_quantizer").value_range
    (-127, 127)
    """
    return None if identifier is None else resolve("quantizer", identifier)
