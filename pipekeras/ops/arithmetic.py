"""Element-wise arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.define import FUNCTIONS, OPERATIONS, constant, elementwise, operands, public


def _f(name: str, *values: Any) -> Any:
    return FUNCTIONS[name](*values)


def _refuse_bool(name: str, instead: str) -> None:
    """Let an operation that truth values don't have say so."""
    operation = OPERATIONS[name]
    infer = operation.infer

    def checked(*inputs: Tensor) -> Spec:
        if inputs[-1].dtype == "bool":
            raise ArgumentError(f"{name} is for numbers, not for bool", mend=f"use ops.{instead}, or cast to int32")
        return infer(*inputs)

    operation.infer = checked


@elementwise(gradient=lambda g, out, x1, x2: (g, g))
def add(x1: Any, x2: Any) -> Any:
    """Add element by element.

    Formula: x1 + x2, shapes broadcast.

    >>> from pipekeras import ops
    >>> ops.add([1.0, 2.0], 1)
    Tensor([2., 3.], shape=(2,), dtype=float32)
    """
    return np.add(x1, x2)


@elementwise(gradient=lambda g, out, x1, x2: (g, -g))
def subtract(x1: Any, x2: Any) -> Any:
    """Subtract element by element: x1 - x2, shapes broadcast.

    Example:

    >>> from pipekeras import ops
    >>> ops.subtract([1.0, 4.0], [2.0, 3.0])
    Tensor([-1.,  1.], shape=(2,), dtype=float32)
    """
    return np.subtract(x1, x2)


_refuse_bool("subtract", "logical_xor")


@elementwise(gradient=lambda g, out, x1, x2: (g * x2, g * x1))
def multiply(x1: Any, x2: Any) -> Any:
    """Multiply element by element: x1 * x2, shapes broadcast.

    Example:

    >>> from pipekeras import ops
    >>> ops.multiply([1.0, 4.0], [2.0, 3.0])
    Tensor([ 2., 12.], shape=(2,), dtype=float32)
    """
    return np.multiply(x1, x2)


@elementwise(gradient=lambda g, out, x1, x2: (g / x2, -(g * out) / x2), dtype="float")
def divide(x1: Any, x2: Any) -> Any:
    """Divide element by element: x1 / x2 as floats, shapes broadcast.

    Example:

    >>> from pipekeras import ops
    >>> ops.divide([1.0, 4.0], [2.0, 3.0]).numpy().round(4)
    array([0.5   , 1.3333], dtype=float32)
    """
    return np.divide(x1, x2)


@public
def true_divide(x1: Any, x2: Any) -> Tensor:
    """Divide element by element; another name of `divide`."""
    return divide(x1, x2)


@public
def divide_no_nan(x1: Any, x2: Any) -> Tensor:
    """Divide element by element, with 0 where x2 is 0.

    Example:

    >>> from pipekeras import ops
    >>> ops.divide_no_nan([1.0, 2.0], [0.0, 4.0])
    Tensor([0. , 0.5], shape=(2,), dtype=float32)
    """
    (numerator, denominator), dtype = operands(x1, x2)
    numerator, denominator = (_f("cast", item, dtypes.as_float(dtype)) for item in (numerator, denominator))
    zero = _f("equal", denominator, 0)
    return _f("where", zero, 0.0, divide(numerator, _f("where", zero, 1.0, denominator)))


@elementwise(gradient=lambda g, out, x1, x2: (None, None), dtype="number")
def floor_divide(x1: Any, x2: Any) -> Any:
    """Divide and round down: floor(x1 / x2), shapes broadcast.

    Example:

    >>> from pipekeras import ops
    >>> ops.floor_divide([1.0, 4.0], [2.0, 3.0])
    Tensor([0., 1.], shape=(2,), dtype=float32)
    """
    return np.floor_divide(x1, x2)


@elementwise(
    gradient=lambda g, out, x1, x2: (g, -g * floor_divide(x1, x2)),
    emit=lambda e, x1, x2: e.remainder(x1, x2),
    dtype="number",
)
def mod(x1: Any, x2: Any) -> Any:
    """Remainder of the division that rounds down; it has the sign of x2.

    Example:

    >>> from pipekeras import ops
    >>> ops.mod([1.0, 4.0], [2.0, 3.0])
    Tensor([1., 1.], shape=(2,), dtype=float32)
    """
    return np.mod(x1, x2)


@public
def remainder(x1: Any, x2: Any) -> Tensor:
    """Another name of `mod`."""
    return mod(x1, x2)


def _power_gradient(g: Tensor, out: Tensor, x1: Tensor, x2: Tensor) -> tuple[Tensor, Tensor]:
    first = g * x2 * power(x1, x2 - 1)
    positive = _f("greater", x1, 0)
    second = g * out * _f("log", _f("where", positive, x1, 1.0))
    return first, second


@elementwise(gradient=_power_gradient, dtype="number")
def power(x1: Any, x2: Any) -> Any:
    """Raise to a power element by element: x1 ** x2, shapes broadcast.

    Example:

    >>> from pipekeras import ops
    >>> ops.power([1.0, 4.0], [2.0, 3.0])
    Tensor([ 1., 64.], shape=(2,), dtype=float32)
    """
    if x1.dtype.kind != "i" or not np.any(x2 < 0):
        return np.power(x1, x2)
    # NumPy has no whole powers below 0; rounded towards 0, all but those of 1 and -1 are 0.
    turned = np.where(x1 == -1, 1 - 2 * (x2 & 1), x1 == 1)
    return np.where(x2 < 0, turned, np.power(x1, np.maximum(x2, 0))).astype(x1.dtype)


@elementwise(gradient=lambda g, out, x: (-g,))
def negative(x: Any) -> Any:
    """Change the sign: -x.

    Example:

    >>> from pipekeras import ops
    >>> ops.negative([-0.5, 0.5, 1.0])
    Tensor([ 0.5, -0.5, -1. ], shape=(3,), dtype=float32)
    """
    return np.negative(x)


_refuse_bool("negative", "logical_not")


@elementwise(gradient=lambda g, out, x: (g * _f("sign", x),))
def _absolute(x: Any) -> Any:
    return np.absolute(x)


@public
def absolute(x: Any) -> Tensor:
    """Absolute value: |x|; the length of a complex number."""
    x = convert(x)
    if dtypes.is_complex(x.dtype):
        return _f("hypot", _f("real", x), _f("imag", x))
    return _absolute(x)


@public
def abs(x: Any) -> Tensor:
    """Another name of `absolute`.

    Example:

    >>> from pipekeras import ops
    >>> ops.abs([-0.5, 0.5, 1.0])
    Tensor([0.5, 0.5, 1. ], shape=(3,), dtype=float32)
    """
    return absolute(x)


@elementwise(gradient=lambda g, out, x: (None,))
def sign(x: Any) -> Any:
    """Sign of each element: -1, 0 or 1.

    Example:

    >>> from pipekeras import ops
    >>> ops.sign([-0.5, 0.5, 1.0])
    Tensor([-1.,  1.,  1.], shape=(3,), dtype=float32)
    """
    return np.sign(x)


@elementwise(gradient=lambda g, out, x: (g * (x + x),), emit=lambda e, x: e.multiply(x, x), dtype="number")
def square(x: Any) -> Any:
    """Square of each element: x * x.

    Example:

    >>> from pipekeras import ops
    >>> ops.square([-0.5, 0.5, 1.0])
    Tensor([0.25, 0.25, 1.  ], shape=(3,), dtype=float32)
    """
    return np.square(x)


@elementwise(gradient=lambda g, out, x: (-g * out * out,), dtype="float", emit=lambda e, x: 1.0 / x)
def reciprocal(x: Any) -> Any:
    """Reciprocal of each element: 1 / x.

    Example:

    >>> from pipekeras import ops
    >>> ops.reciprocal([-0.5, 0.5, 1.0])
    Tensor([-2.,  2.,  1.], shape=(3,), dtype=float32)
    """
    return np.reciprocal(x)


def _share(g: Tensor, chosen: Any, other: Any) -> tuple[Tensor, Tensor]:
    """Give the gradient to the chosen element; halve it at a tie."""
    tie = _f("where", _f("equal", chosen, other), 0.5, 0.0)
    first = _f("where", _f("greater", chosen, other), 1.0, tie)
    return g * first, g * (1.0 - first)


@elementwise(gradient=lambda g, out, x1, x2: _share(g, x1, x2))
def maximum(x1: Any, x2: Any) -> Any:
    """The larger of two elements; NaN if either is NaN. At a tie the gradient is shared.

    Example:

    >>> from pipekeras import ops
    >>> ops.maximum([1.0, 4.0], [2.0, 3.0])
    Tensor([2., 4.], shape=(2,), dtype=float32)
    """
    return np.maximum(x1, x2)


@elementwise(gradient=lambda g, out, x1, x2: _share(g, x2, x1)[0:2])
def minimum(x1: Any, x2: Any) -> Any:
    """The smaller of two elements; NaN if either is NaN. At a tie the gradient is shared.

    Example:

    >>> from pipekeras import ops
    >>> ops.minimum([1.0, 4.0], [2.0, 3.0])
    Tensor([1., 3.], shape=(2,), dtype=float32)
    """
    return np.minimum(x1, x2)


def _clip_gradient(g: Tensor, out: Tensor, x: Tensor, low: Tensor, high: Tensor) -> tuple[Any, Any, Any]:
    above, below = _f("less", x, low), _f("greater", x, high)
    zero = constant(0.0, g.dtype)
    outside = _f("logical_or", above, below)
    return _f("where", outside, zero, g), _f("where", above, g, zero), _f("where", below, g, zero)


@elementwise(gradient=_clip_gradient, emit=lambda e, x, low, high: e.minimum(e.maximum(x, low), high))
def _clip(x: Any, x_min: Any, x_max: Any) -> Any:
    return np.minimum(np.maximum(x, x_min), x_max)


@public
def clip(x: Any, x_min: Any, x_max: Any) -> Tensor:
    """Limit each element to [x_min, x_max]; outside, the gradient is the bound's.

    >>> from pipekeras import ops
    >>> ops.clip([-2.0, 0.5, 3.0], 0.0, 1.0)
    Tensor([0. , 0.5, 1. ], shape=(3,), dtype=float32)
    """
    (value, low, high), dtype = operands(x, x_min, x_max)
    if dtype == "bool":
        dtype = "int32"
    return _clip(*[item if item.dtype == dtype else _f("cast", item, dtype) for item in (value, low, high)])

