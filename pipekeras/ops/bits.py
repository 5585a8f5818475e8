"""Whole numbers and bits: logic, shifts, common divisors, neighbours of floats, other readings of the same bytes."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.comparison import cast, equal, less, where
from pipekeras.ops.define import broadcast_shapes, elementwise, operands, primitive, public


def _whole(name: str, *values: Any) -> list[Tensor]:
    """Bring operands to one type of whole numbers (or bool)."""
    tensors, dtype = operands(*values)
    if dtypes.is_float(dtype):
        raise ArgumentError(f"{name} is for whole numbers and bool, not for {dtype}", mend="cast to an integer type first")
    return [cast(item, dtype) for item in tensors]


def _counted(name: str, *values: Any) -> list[Tensor]:
    """Bring operands to one type of whole numbers; bool becomes int32."""
    return [cast(item, "int32") if item.dtype == "bool" else item for item in _whole(name, *values)]


@elementwise(gradient=None, emit=lambda e, x, y: x & y)
def _bitwise_and(x: Any, y: Any) -> Any:
    return np.bitwise_and(x, y)


@elementwise(gradient=None, emit=lambda e, x, y: x | y)
def _bitwise_or(x: Any, y: Any) -> Any:
    return np.bitwise_or(x, y)


@elementwise(gradient=None, emit=lambda e, x, y: x ^ y)
def _bitwise_xor(x: Any, y: Any) -> Any:
    return np.bitwise_xor(x, y)


@elementwise(gradient=None, emit=lambda e, x: ~x)
def _bitwise_not(x: Any) -> Any:
    return np.bitwise_not(x)


@elementwise(gradient=None, emit=lambda e, x, y: e.shift_left(x, y))
def _shift_left(x: Any, y: Any) -> Any:
    return np.left_shift(x, y)


@elementwise(gradient=None, emit=lambda e, x, y: e.shift_right(x, y))
def _shift_right(x: Any, y: Any) -> Any:
    return np.right_shift(x, y)


@public
def bitwise_and(x: Any, y: Any) -> Tensor:
    """Bits that are set in both.

    >>> from pipekeras import ops
    >>> ops.bitwise_and([6, 5], 3)
    Tensor([2, 1], shape=(2,), dtype=int32)
    """
    return _bitwise_and(*_whole("bitwise_and", x, y))


@public
def bitwise_or(x: Any, y: Any) -> Tensor:
    """Bits that are set in one at least.

    Example:

    >>> from pipekeras import ops
    >>> ops.bitwise_or([1, 2], [3, 1])
    Tensor([3, 3], shape=(2,), dtype=int32)
    """
    return _bitwise_or(*_whole("bitwise_or", x, y))


@public
def bitwise_xor(x: Any, y: Any) -> Tensor:
    """Bits that are set in exactly one.

    Example:

    >>> from pipekeras import ops
    >>> ops.bitwise_xor([1, 2], [3, 1])
    Tensor([2, 3], shape=(2,), dtype=int32)
    """
    return _bitwise_xor(*_whole("bitwise_xor", x, y))


@public
def bitwise_not(x: Any) -> Tensor:
    """Every bit turned over."""
    return _bitwise_not(*_whole("bitwise_not", x))


@public
def bitwise_invert(x: Any) -> Tensor:
    """Another name of `bitwise_not`.

    Example:

    >>> from pipekeras import ops
    >>> ops.bitwise_invert([1, 2])
    Tensor([-2, -3], shape=(2,), dtype=int32)
    """
    return bitwise_not(x)


@public
def bitwise_left_shift(x: Any, y: Any) -> Tensor:
    """Bits moved y places towards the high end, zeros following: x * 2 ** y.

    >>> from pipekeras import ops
    >>> ops.bitwise_left_shift([1, 3], [4, 1])
    Tensor([16,  6], shape=(2,), dtype=int32)
    """
    return _shift_left(*_counted("bitwise_left_shift", x, y))


@public
def left_shift(x: Any, y: Any) -> Tensor:
    """Another name of `bitwise_left_shift`.

    Example:

    >>> from pipekeras import ops
    >>> ops.left_shift([4, 8], [1, 2])
    Tensor([ 8, 32], shape=(2,), dtype=int32)
    """
    return bitwise_left_shift(x, y)


@public
def bitwise_right_shift(x: Any, y: Any) -> Tensor:
    """Bits moved y places towards the low end, the sign kept: floor(x / 2 ** y).

    Example:

    >>> from pipekeras import ops
    >>> ops.bitwise_right_shift([4, 8], [1, 2])
    Tensor([2, 2], shape=(2,), dtype=int32)
    """
    return _shift_right(*_counted("bitwise_right_shift", x, y))


@public
def right_shift(x: Any, y: Any) -> Tensor:
    """Another name of `bitwise_right_shift`.

    Example:

    >>> from pipekeras import ops
    >>> ops.right_shift([4, 8], [1, 2])
    Tensor([2, 2], shape=(2,), dtype=int32)
    """
    return bitwise_right_shift(x, y)


def _infer_pair(x1: Tensor, x2: Tensor) -> Spec:
    return Spec(broadcast_shapes("gcd", x1.shape, x2.shape), x1.dtype)


@primitive(_infer_pair, None)
def _gcd(x1: Any, x2: Any) -> Any:
    return np.gcd(x1, x2)


@public
def gcd(x1: Any, x2: Any) -> Tensor:
    """Greatest common divisor of whole numbers.

    >>> from pipekeras import ops
    >>> ops.gcd([12, 18], 8)
    Tensor([4, 2], shape=(2,), dtype=int32)
    """
    return _gcd(*_counted("gcd", x1, x2))


@public
def lcm(x1: Any, x2: Any) -> Tensor:
    """Least common multiple of whole numbers.

    >>> from pipekeras import ops
    >>> ops.lcm([4, 6], 10)
    Tensor([20, 30], shape=(2,), dtype=int32)
    """
    from pipekeras.ops.arithmetic import absolute, floor_divide, maximum

    a, b = _counted("lcm", x1, x2)
    if dtypes.NUMPY[a.dtype].kind != "u":
        a, b = absolute(a), absolute(b)
    # Where both are 0 the divisor is 0 too; 1 in its place leaves the multiple 0.
    return floor_divide(a, maximum(_gcd(a, b), 1)) * b


_SIGNED = {2: "int16", 4: "int32", 8: "int64"}


def _emit_signbit(e: Any, x: Any) -> Any:
    if x.dtype in dtypes.HALVES:
        x = e.cast(x, "float32")
    kind = dtypes.NUMPY[x.dtype]
    if kind.kind == "f":
        return e.less(e.bitcast(x, _SIGNED[kind.itemsize]), 0)
    return e.less(x, 0)


@elementwise(gradient=None, dtype="bool", emit=_emit_signbit)
def signbit(x: Any) -> Any:
    """Whether the sign is minus; that of -0.0 is.

    Example:

    >>> from pipekeras import ops
    >>> ops.signbit([-0.5, 0.5, 1.0])
    Tensor([ True, False, False], shape=(3,), dtype=bool)
    """
    return np.signbit(x) if x.dtype.kind == "f" else np.less(x, 0)


def _emit_nextafter(e: Any, x1: Any, x2: Any) -> Any:
    kind = _SIGNED[dtypes.NUMPY[x1.dtype].itemsize]
    bits = e.bitcast(x1, kind)
    # Bits of floats are ordered by size: one more is further from 0.
    outwards = e.equal(e.less(x1, x2), e.greater(x1, 0.0))
    stepped = e.bitcast(e.select(outwards, bits + 1, bits - 1), x1.dtype)
    least = e.copy_sign(e.bitcast(e.constant(1, kind, bits.lanes), x1.dtype), x2)
    stepped = e.select(e.equal(x1, 0.0), least, stepped)
    stepped = e.select(e.equal(x1, x2), x2, stepped)
    return e.select(e.is_nan(x1), x1, e.select(e.is_nan(x2), x2, stepped))


@elementwise(gradient=lambda g, out, x1, x2: (g, None), dtype="float", emit=_emit_nextafter)
def _nextafter(x1: Any, x2: Any) -> Any:
    return np.nextafter(x1, x2)


def _half_after(x1: Tensor, x2: Tensor) -> Tensor:
    """The same for types of 16 bits, which kernels hold as rounded floats: their own bits are asked for."""
    bits = view(x1, "int16")
    stepped = view(where(equal(less(x1, x2), less(0.0, x1)), bits + 1, bits - 1), x1.dtype)
    least = view(where(less(x2, 0.0), convert(-(2**15) + 1, "int16"), convert(1, "int16")), x1.dtype)
    stepped = where(equal(x1, 0.0), least, stepped)
    stepped = where(equal(x1, x2), x2, stepped)
    stepped = where(equal(x1, x1), stepped, x1)
    return where(equal(x2, x2), stepped, x2)


@public
def nextafter(x1: Any, x2: Any) -> Tensor:
    """The next float after x1 on the way to x2.

    Example:

    >>> from pipekeras import ops
    >>> ops.nextafter([1.0, 4.0], [2.0, 3.0]).numpy().round(4)
    array([1., 4.], dtype=float32)
    """
    (first, second), dtype = operands(x1, x2)
    dtype = dtypes.as_float(dtype)
    first, second = cast(first, dtype), cast(second, dtype)
    return _half_after(first, second) if dtype in dtypes.HALVES else _nextafter(first, second)


def _infer_view(x: Tensor, dtype: str) -> Spec:
    own, other = dtypes.NUMPY[x.dtype].itemsize, dtypes.NUMPY[dtype].itemsize
    if own == other:
        return Spec(x.shape, dtype)
    last = x.shape[-1] if x.ndim else None
    if not x.ndim or (last is not None and last * own % other):
        raise ShapeError(f"view: {x.dtype}{x.shape} has no whole number of {dtype} in its last axis")
    return Spec((*x.shape[:-1], None if last is None else last * own // other), dtype)


@primitive(_infer_view, None)
def _view(x: Any, dtype: str) -> Any:
    return np.ascontiguousarray(x).reshape(x.shape).view(dtypes.NUMPY[dtype])


@public
def view(x: Any, dtype: Any = None) -> Tensor:
    """Read the same bytes as another type; the last axis grows or shrinks where the sizes differ.

    Args:
        x: tensor.
        dtype: str, the type to read as; None returns x.

    >>> from pipekeras import ops
    >>> ops.view([1.0, -1.0], "int32").numpy().tolist()
    [1065353216, -1082130432]
    """
    x = convert(x)
    name = x.dtype if dtype is None else dtypes.standardize(dtype)
    if name == x.dtype:
        return x
    # NumPy knows bfloat16 as the upper half of a float32 only.
    if x.dtype == "bfloat16":
        upper = bitwise_right_shift(_view(cast(x, "float32"), dtype="uint32"), 16)
        return view(cast(upper, "uint16"), name)
    if name == "bfloat16":
        bits = bitwise_left_shift(cast(view(x, "uint16"), "uint32"), 16)
        return cast(_view(bits, dtype="float32"), "bfloat16")
    return _view(x, dtype=name)
