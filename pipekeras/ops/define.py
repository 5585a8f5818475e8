"""How an op is written: once, in one place.

The decorated function is the op's name, signature, documentation and NumPy reference at the same time. The decorator
adds what the graph needs: the rule for shape and type, the gradient in terms of other ops, and the loop body. The
table filled here is what tracing, differentiation, fusion, code generation, documentation and tests read.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ShapeError
from pipekeras.graph.operation import Operation, Spec
from pipekeras.graph.tensor import Shape, Tensor, convert

OPERATIONS: dict[str, Operation] = {}
"""Every primitive by name."""

FUNCTIONS: dict[str, Callable[..., Any]] = {}
"""Every public op by name: primitives and compositions."""

Function = TypeVar("Function", bound=Callable[..., Any])


def operands(*values: Any) -> tuple[list[Tensor], str]:
    """Convert operands to tensors of the type in which they meet; Python numbers are weak."""
    dtype: str | None = None
    scalars = False
    converted: list[Any] = []
    for value in values:
        if isinstance(value, bool | int | float):
            scalars = True
            converted.append(value)
            continue
        tensor = convert(value)
        dtype = tensor.dtype if dtype is None else dtypes.promote(dtype, tensor.dtype)
        converted.append(tensor)
    if scalars:
        for value in converted:
            if not isinstance(value, Tensor):
                weak = dtypes.of_scalar(value, dtype)
                dtype = weak if dtype is None else dtypes.promote(dtype, weak)
    assert dtype is not None
    return [constant(item, dtype) if not isinstance(item, Tensor) else item for item in converted], dtype


@functools.lru_cache(maxsize=4096)
def _shared_constant(kind: str, value: float, dtype: str) -> Tensor:
    array = dtypes.stored(np.asarray(value, dtypes.NUMPY[dtype]), dtype)
    array.flags.writeable = False
    return Tensor(array)


def constant(value: Any, dtype: str) -> Tensor:
    """Return the scalar tensor of a Python number; equal numbers share one tensor."""
    return _shared_constant(type(value).__name__, value, dtype)


def broadcast_shapes(name: str, *shapes: Shape) -> Shape:
    """Return the shape that NumPy's broadcasting gives; unknown sizes stay unknown."""
    first = shapes[0]
    if all(shape == first for shape in shapes):
        return first
    rank = max(len(shape) for shape in shapes)
    result: list[int | None] = []
    for axis in range(-rank, 0):
        length: int | None = 1
        for shape in shapes:
            if -axis > len(shape):
                continue
            other = shape[axis]
            if other == 1 or other == length:
                continue
            if length == 1 or (length is None and other is not None):
                length = other
            elif other is not None:
                raise ShapeError(
                    f"{name} can't combine shapes {' and '.join(str(shape) for shape in shapes)}: "
                    f"{length} against {other} on axis {axis}",
                    mend="sizes must be equal or 1 on every axis, counted from the last",
                )
        result.append(length)
    return tuple(result)


def unbroadcast(g: Tensor, target: Tensor) -> Tensor:
    """Sum a gradient over the axes along which its input was repeated."""
    if g.shape == target.shape:
        return g
    extra = len(g.shape) - len(target.shape)
    axes = tuple(range(extra)) + tuple(
        axis + extra for axis, length in enumerate(target.shape) if length == 1 and g.shape[axis + extra] != 1
    )
    if axes:
        g = FUNCTIONS["sum"](g, axis=axes, keepdims=True)
    return g if g.shape == target.shape else FUNCTIONS["reshape"](g, target.shape)


def _document(function: Function, public: Callable[..., Any]) -> Function:
    functools.update_wrapper(public, function)
    public.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
    if not function.__name__.startswith("_"):
        FUNCTIONS[function.__name__] = public
    return public  # type: ignore[return-value]


def elementwise(
    gradient: Callable[..., Sequence[Any]] | None,
    emit: Callable[..., Any] | None = None,
    dtype: str = "same",
) -> Callable[[Function], Function]:
    """Define an element-wise primitive from its NumPy reference.

    Args:
        gradient: `(g, output, *inputs) -> gradients`, shapes before broadcasting is undone; None for no derivative.
        emit: `(emitter, *operands) -> operand`; default the emitter's method of the op's name.
        dtype: "same" (operands meet in one type), "number" (bool becomes int32), "float" (integers become the default float),
            "bool" (result only).
    """

    def define(function: Function) -> Function:
        name = function.__name__.lstrip("_")

        def infer(*inputs: Tensor) -> Spec:
            shape = inputs[0].shape
            for item in inputs:
                if item.shape != shape:
                    shape = broadcast_shapes(name, *[item.shape for item in inputs])
                    break
            return Spec(shape, "bool" if dtype == "bool" else inputs[-1].dtype)

        def unbroadcast_gradient(g: Tensor, output: Tensor, *inputs: Tensor) -> list[Any]:
            assert gradient is not None
            return [
                None if part is None else unbroadcast(part, item)
                for part, item in zip(gradient(g, output, *inputs), inputs, strict=True)
            ]

        operation = Operation(
            name,
            infer,
            function,
            None if gradient is None else unbroadcast_gradient,
            emit or (lambda emitter, *values: getattr(emitter, name)(*values)),
            "elementwise",
        )
        OPERATIONS[name] = operation
        count = len(inspect.signature(function).parameters)

        def unary(x: Any) -> Tensor:
            tensor = x if type(x) is Tensor else convert(x)
            if dtype == "float" and not dtypes.is_float(tensor.dtype):
                tensor = cast(tensor, dtypes.as_float(tensor.dtype))
            elif dtype == "number" and tensor.dtype == "bool":
                tensor = cast(tensor, "int32")
            return operation(tensor)

        def several(*values: Any) -> Tensor:
            tensors, joined = operands(*values)
            if dtype == "float":
                joined = dtypes.as_float(joined)
            elif dtype == "number" and joined == "bool":
                joined = "int32"
            return operation(*[item if item.dtype == joined else cast(item, joined) for item in tensors])

        if count == 1:
            return _document(function, unary)
        signature = inspect.signature(function)

        def named(*values: Any, **named_values: Any) -> Tensor:
            if named_values:
                bound = signature.bind(*values, **named_values)
                values = tuple(bound.arguments.values())
            return several(*values)

        return _document(function, named)

    return define


def cast(x: Any, dtype: Any) -> Tensor:
    """Convert to another data type; defined with the other ops in `ops.conversion`."""
    return FUNCTIONS["cast"](x, dtype)


def floating(x: Any) -> Tensor:
    """Return `x` as a tensor of a floating type: whole numbers would overflow on the way to a float."""
    x = convert(x)
    return x if dtypes.is_float(x.dtype) else cast(x, dtypes.as_float(x.dtype))


def primitive(
    infer: Callable[..., Spec],
    gradient: Callable[..., Sequence[Any] | None] | None,
    kind: str = "other",
    emit: Callable[..., Any] | None = None,
    **facts: Any,
) -> Callable[[Callable[..., Any]], Operation]:
    """Define a primitive that is not element-wise; the decorated function is its NumPy reference.

    The result is the Operation itself: the public function beside it cleans up arguments and calls it.
    """

    def define(reference: Callable[..., Any]) -> Operation:
        name = reference.__name__.lstrip("_")
        operation = Operation(name, infer, reference, gradient, emit, kind, **facts)
        OPERATIONS[name] = operation
        return operation

    return define


def public(function: Function) -> Function:
    """Enter a function over tensors, a composition or the front of a primitive, into the table of public ops."""
    FUNCTIONS[function.__name__] = function
    return function


def public_as(name: str) -> Callable[[Function], Function]:
    """Enter a function under a name that would hide one of Python's own in its module."""

    def enter(function: Function) -> Function:
        function.__name__ = function.__qualname__ = name
        return public(function)

    return enter


def normalize_axis(axis: int, rank: int, name: str) -> int:
    """Return a non-negative axis, or raise a ShapeError that names the op."""
    if not -rank <= axis < rank:
        raise ShapeError(f"{name}: axis {axis} does not exist in a tensor of {rank} axes")
    return axis + rank if axis < 0 else axis
