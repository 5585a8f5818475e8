"""Comparisons, logic, choice between tensors, and conversion of types."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import lasting
from pipekeras.ops import define
from pipekeras.ops.define import broadcast_shapes, constant, elementwise, operands, primitive, public, unbroadcast


@elementwise(gradient=None, dtype="bool")
def equal(x1: Any, x2: Any) -> Any:
    """Whether x1 == x2, element by element.

    Example:

    >>> from pipekeras import ops
    >>> ops.equal([1.0, 2.0], [1.0, 3.0])
    Tensor([ True, False], shape=(2,), dtype=bool)
    """
    return np.equal(x1, x2)


@elementwise(gradient=None, dtype="bool")
def not_equal(x1: Any, x2: Any) -> Any:
    """Whether x1 != x2, element by element.

    Example:

    >>> from pipekeras import ops
    >>> ops.not_equal([1.0, 2.0], [1.0, 3.0])
    Tensor([False,  True], shape=(2,), dtype=bool)
    """
    return np.not_equal(x1, x2)


@elementwise(gradient=None, dtype="bool")
def less(x1: Any, x2: Any) -> Any:
    """Whether x1 < x2, element by element.

    Example:

    >>> from pipekeras import ops
    >>> ops.less([1.0, 2.0], [1.0, 3.0])
    Tensor([False,  True], shape=(2,), dtype=bool)
    """
    return np.less(x1, x2)


@elementwise(gradient=None, dtype="bool")
def less_equal(x1: Any, x2: Any) -> Any:
    """Whether x1 <= x2, element by element.

    Example:

    >>> from pipekeras import ops
    >>> ops.less_equal([1.0, 2.0], [1.0, 3.0])
    Tensor([ True,  True], shape=(2,), dtype=bool)
    """
    return np.less_equal(x1, x2)


@elementwise(gradient=None, dtype="bool")
def greater(x1: Any, x2: Any) -> Any:
    """Whether x1 > x2, element by element.

    Example:

    >>> from pipekeras import ops
    >>> ops.greater([1.0, 2.0], [1.0, 3.0])
    Tensor([False, False], shape=(2,), dtype=bool)
    """
    return np.greater(x1, x2)


@elementwise(gradient=None, dtype="bool")
def greater_equal(x1: Any, x2: Any) -> Any:
    """Whether x1 >= x2, element by element.

    Example:

    >>> from pipekeras import ops
    >>> ops.greater_equal([1.0, 2.0], [1.0, 3.0])
    Tensor([ True, False], shape=(2,), dtype=bool)
    """
    return np.greater_equal(x1, x2)


@elementwise(gradient=None, dtype="bool", emit=lambda e, x1, x2: x1 & x2)
def _and(x1: Any, x2: Any) -> Any:
    return np.logical_and(x1, x2)


@elementwise(gradient=None, dtype="bool", emit=lambda e, x1, x2: x1 | x2)
def _or(x1: Any, x2: Any) -> Any:
    return np.logical_or(x1, x2)


@elementwise(gradient=None, dtype="bool", emit=lambda e, x1, x2: x1 ^ x2)
def _xor(x1: Any, x2: Any) -> Any:
    return np.logical_xor(x1, x2)


@elementwise(gradient=None, dtype="bool", emit=lambda e, x: ~x)
def _not(x: Any) -> Any:
    return np.logical_not(x)


def _truth(x: Any) -> Tensor:
    x = convert(x)
    return x if x.dtype == "bool" else cast(x, "bool")


@public
def logical_and(x1: Any, x2: Any) -> Tensor:
    """Whether both are true (not 0).

    Example:

    >>> from pipekeras import ops
    >>> ops.logical_and([True, False], [True, True])
    Tensor([ True, False], shape=(2,), dtype=bool)
    """
    return _and(_truth(x1), _truth(x2))


@public
def logical_or(x1: Any, x2: Any) -> Tensor:
    """Whether one at least is true (not 0).

    Example:

    >>> from pipekeras import ops
    >>> ops.logical_or([True, False], [True, True])
    Tensor([ True,  True], shape=(2,), dtype=bool)
    """
    return _or(_truth(x1), _truth(x2))


@public
def logical_xor(x1: Any, x2: Any) -> Tensor:
    """Whether exactly one is true (not 0).

    Example:

    >>> from pipekeras import ops
    >>> ops.logical_xor([True, False], [True, True])
    Tensor([False,  True], shape=(2,), dtype=bool)
    """
    return _xor(_truth(x1), _truth(x2))


@public
def logical_not(x: Any) -> Tensor:
    """Whether an element is false (0).

    Example:

    >>> from pipekeras import ops
    >>> ops.logical_not([True, False])
    Tensor([False,  True], shape=(2,), dtype=bool)
    """
    return _not(_truth(x))


def _infer_select(condition: Tensor, x1: Tensor, x2: Tensor) -> Spec:
    return Spec(broadcast_shapes("where", condition.shape, x1.shape, x2.shape), x1.dtype)


def _select_gradient(g: Tensor, out: Tensor, condition: Tensor, x1: Tensor, x2: Tensor) -> tuple[Any, Any, Any]:
    zero = constant(0.0, g.dtype)
    return (
        None,
        unbroadcast(_select(condition, g, zero), x1),
        unbroadcast(_select(condition, zero, g), x2),
    )


@primitive(_infer_select, _select_gradient, "elementwise", emit=lambda e, condition, x1, x2: e.select(condition, x1, x2))
def _select(condition: Any, x1: Any, x2: Any) -> Any:
    return np.where(condition, x1, x2)


@public
def where(condition: Any, x1: Any = None, x2: Any = None) -> Any:
    """Choose x1 where the condition holds and x2 elsewhere; shapes broadcast.

    With the condition alone, return the indices where it holds, one tensor for each axis.

    >>> from pipekeras import ops
    >>> ops.where([True, False], 1.0, 0.0)
    Tensor([1., 0.], shape=(2,), dtype=float32)
    """
    if x1 is None and x2 is None:
        return nonzero(condition)
    (first, second), dtype = operands(x1, x2)
    return _select(_truth(condition), cast(first, dtype), cast(second, dtype))


@public
def nonzero(x: Any) -> tuple[Tensor, ...]:
    """Return the indices of the elements that are not 0, one tensor for each axis; for concrete tensors only.

    Example:

    >>> from pipekeras import ops
    >>> ops.nonzero([0, 3, 4])
    (Tensor([1, 2], shape=(2,), dtype=int32),)
    """
    return tuple(Tensor(item.astype(np.int32)) for item in np.nonzero(np.asarray(convert(x))))


def _infer_cast(x: Tensor, dtype: str) -> Spec:
    return Spec(x.shape, dtype)


def _cast_reference(x: Any, dtype: str) -> Any:
    if dtype == "bool":
        return x != 0
    if x.dtype.kind == "c" and not dtypes.is_complex(dtype):
        x = x.real
    return x.astype(dtypes.NUMPY[dtype])


@primitive(
    _infer_cast,
    lambda g, out, x, dtype: (cast(g, x.dtype) if dtypes.is_float(x.dtype) or dtypes.is_complex(x.dtype) else None,),
    "elementwise",
    emit=lambda e, x, dtype: e.not_equal(x, 0) if dtype == "bool" else e.cast(x, dtype),
)
def _cast(x: Any, dtype: str) -> Any:
    return _cast_reference(x, dtype)


@public
def cast(x: Any, dtype: Any) -> Tensor:
    """Convert to another data type; a float becomes an integer by dropping its fraction.

    Args:
        x: tensor.
        dtype: str, the type's name.

    >>> from pipekeras import ops
    >>> ops.cast([1.7, -1.7], "int32")
    Tensor([ 1, -1], shape=(2,), dtype=int32)
    """
    x = convert(x)
    name = dtypes.standardize(dtype)
    return lasting(x) if x.dtype == name else _cast(x, dtype=name)


def _infer_stop(x: Tensor) -> Spec:
    return Spec(x.shape, x.dtype)


@primitive(_infer_stop, lambda g, out, x: (None,), "view", view=lambda view, **_: view)
def _stop_gradient(variable: Any) -> Any:
    return variable


@public
def stop_gradient(variable: Any) -> Tensor:
    """Return the value itself; gradients do not flow through.

    Example:

    >>> from pipekeras import ops
    >>> ops.stop_gradient([1.0, 2.0])
    Tensor([1., 2.], shape=(2,), dtype=float32)
    """
    return _stop_gradient(convert(variable))


@public
def isclose(x1: Any, x2: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Tensor:
    """Whether |x1 - x2| <= atol + rtol * |x2|.

    Example:

    >>> from pipekeras import ops
    >>> ops.isclose([1.0, 2.0], [1.0, 3.0])
    Tensor([ True, False], shape=(2,), dtype=bool)
    """
    (first, second), dtype = operands(x1, x2)
    first, second = cast(first, dtypes.as_float(dtype)), cast(second, dtypes.as_float(dtype))
    functions = define.FUNCTIONS
    near = functions["absolute"](first - second) <= functions["absolute"](second) * rtol + atol
    near = logical_and(near, functions["isfinite"](second))
    result = logical_or(near, equal(first, second))
    if equal_nan:
        result = logical_or(result, logical_and(functions["isnan"](first), functions["isnan"](second)))
    return result
