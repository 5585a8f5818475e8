"""The one Tensor: concrete (it owns an array) or symbolic (it is a node of a graph)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, InternalError, ShapeError

if TYPE_CHECKING:
    from pipekeras.graph.operation import Operation
    from pipekeras.graph.variable import Variable

Shape = tuple[int | None, ...]

_MOST_AXES = 64
_numbers = itertools.count()
"""Symbolic tensors are numbered as they are made: what a function of the user's made is told from what it found."""


def next_number() -> int:
    """Return a number above those of all symbolic tensors made so far, and below those of all to come."""
    return next(_numbers)


class Operators:
    """Python's operators of tensors and variables; `ops` hands the functions over (`install_operators`)."""

    __slots__ = ()

    if TYPE_CHECKING:
        shape: Any

        def __add__(self, other: Any) -> Tensor: ...
        def __radd__(self, other: Any) -> Tensor: ...
        def __sub__(self, other: Any) -> Tensor: ...
        def __rsub__(self, other: Any) -> Tensor: ...
        def __mul__(self, other: Any) -> Tensor: ...
        def __rmul__(self, other: Any) -> Tensor: ...
        def __truediv__(self, other: Any) -> Tensor: ...
        def __rtruediv__(self, other: Any) -> Tensor: ...
        def __floordiv__(self, other: Any) -> Tensor: ...
        def __rfloordiv__(self, other: Any) -> Tensor: ...
        def __mod__(self, other: Any) -> Tensor: ...
        def __rmod__(self, other: Any) -> Tensor: ...
        def __pow__(self, other: Any) -> Tensor: ...
        def __rpow__(self, other: Any) -> Tensor: ...
        def __matmul__(self, other: Any) -> Tensor: ...
        def __rmatmul__(self, other: Any) -> Tensor: ...
        def __and__(self, other: Any) -> Tensor: ...
        def __or__(self, other: Any) -> Any: ...
        def __lt__(self, other: Any) -> Tensor: ...
        def __le__(self, other: Any) -> Tensor: ...
        def __gt__(self, other: Any) -> Tensor: ...
        def __ge__(self, other: Any) -> Tensor: ...
        def __neg__(self) -> Tensor: ...
        def __pos__(self) -> Tensor: ...
        def __abs__(self) -> Tensor: ...
        def __invert__(self) -> Tensor: ...

    @property
    def device(self) -> str:
        """Where the values lie: there is one device."""
        return "/device:CPU:0"

    @property
    def _keras_shape(self) -> Any:
        """The shape, as layers of Keras 1 and 2 asked for it."""
        return self.shape


class Tensor(Operators):
    """An n-dimensional array of one type, or the promise of one.

    A concrete tensor has its values in `data`. A symbolic one has `data` None: it is the result of `operation`
    on `inputs`, or a placeholder when it has no operation. Its shape may hold None where a size is not known yet.
    A concrete tensor made under a `GradientTape` has both.

    Args:
        data: array, the values.

    >>> from pipekeras import ops
    >>> ops.convert_to_tensor([1.0, 2.0]) * 2
    Tensor([2., 4.], shape=(2,), dtype=float32)
    """

    __slots__ = ("__weakref__", "attributes", "data", "dtype", "history", "inputs", "mask", "name", "number",
                 "operation", "shape", "variable")  # fmt: skip

    # NumPy must leave `array + tensor` to the tensor.
    __array_priority__ = 100

    data: np.ndarray | None
    operation: Operation | None
    inputs: tuple[Tensor, ...]
    attributes: dict[str, Any]
    shape: Shape
    dtype: str
    history: tuple[Any, int, int] | None
    mask: Tensor | None
    name: str | None
    number: int
    variable: Variable | None

    def __init__(self, data: np.ndarray) -> None:
        self.data = data
        self.operation = None
        self.inputs = ()
        self.attributes = {}
        self.shape = data.shape
        self.dtype = dtypes.standardize(data.dtype)
        if self.dtype == "bfloat16":
            self.data = dtypes.stored(data, "bfloat16")
        self.history = None
        self.mask = None
        self.name = None
        self.variable = None

    @property
    def _keras_mask(self) -> Any:
        """The mask, as Keras' guides show it."""
        return self.mask

    @_keras_mask.setter
    def _keras_mask(self, mask: Any) -> None:
        self.mask = mask

    @staticmethod
    def symbolic(
        shape: Shape,
        dtype: str,
        operation: Operation | None = None,
        inputs: tuple[Tensor, ...] = (),
        attributes: dict[str, Any] | None = None,
        name: str | None = None,
    ) -> Tensor:
        """Return a node: the result of `operation`, or a placeholder.

        Raises:
            ShapeError: more axes than an array can have.
        """
        if len(shape) > _MOST_AXES:
            raise ShapeError(f"a tensor has at most {_MOST_AXES} axes, as NumPy's arrays have; here it would be {len(shape)}")
        node = Tensor.__new__(Tensor)
        node.data = None
        node.operation = operation
        node.inputs = inputs
        node.attributes = {} if attributes is None else attributes
        node.shape = shape
        node.dtype = dtype
        node.history = None
        node.mask = None
        node.name = name
        node.number = next(_numbers)
        node.variable = None
        return node

    @property
    def is_symbolic(self) -> bool:
        """Whether the values are still to come."""
        return self.data is None

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int | None:
        """Number of elements, None when an axis is unknown."""
        count = 1
        for length in self.shape:
            if length is None:
                return None
            count *= length
        return count

    @property
    def plain(self) -> Any:
        """The values as NumPy computes with them (bfloat16 as float32), None where there are none yet."""
        if self.dtype != "bfloat16" or self.data is None:
            return self.data
        return dtypes.plain(self.data)

    def numpy(self) -> np.ndarray:
        """Return the values as a NumPy array that the caller may change; bfloat16 comes as float32."""
        return np.array(self._values())

    def _values(self) -> np.ndarray:
        if self.data is None:
            raise ArgumentError(
                f"a symbolic tensor of shape {self.shape} has no values yet",
                mend="feed data through a model that ends in it, or call the layer on an array",
            )
        return self.plain

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        values = self._values()
        if dtype is not None and values.dtype != dtype:
            return values.astype(dtype)
        return values.copy() if copy else values

    def item(self) -> Any:
        """Return the only value as a Python number."""
        return self._values().item()

    def __float__(self) -> float:
        return float(self._values().item())

    def __int__(self) -> int:
        return int(self._values().item())

    def __index__(self) -> int:
        values = self._values()
        if values.ndim or values.dtype.kind not in "iu":
            raise ArgumentError(f"a tensor of shape {self.shape} and type {self.dtype} is no index")
        return int(values)

    def __bool__(self) -> bool:
        if self.data is None:
            raise ArgumentError(
                "a symbolic tensor is neither true nor false while a model is being built",
                mend="use ops.where (k_switch) instead of if",
            )
        return bool(self.plain)

    def __len__(self) -> int:
        if not self.shape:
            raise ArgumentError("a scalar tensor has no length")
        if self.shape[0] is None:
            raise ArgumentError(f"the length of a tensor of shape {self.shape} is not known yet")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        for index in range(len(self)):
            yield self[index]

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        kind = f"shape={self.shape}, dtype={self.dtype}"
        if self.data is None:
            label = f"name={self.name}, " if self.name else ""
            return f"Tensor({label}{kind}, symbolic)"
        body = np.array2string(self.plain, separator=", ", prefix="Tensor(")
        return f"Tensor({body}, {kind})"

    # Operators: graph knows no ops; `ops` hands them over once through `install_operators`.
    def __getitem__(self, index: Any) -> Tensor:
        return _operators["getitem"](self, index)

    def __eq__(self, other: Any) -> Any:
        return _operators["equal"](self, other)

    def __ne__(self, other: Any) -> Any:
        return _operators["not_equal"](self, other)


_operators: dict[str, Any] = {}

_BINARY = {
    "add": "add",
    "sub": "subtract",
    "mul": "multiply",
    "truediv": "true_divide",
    "floordiv": "floor_divide",
    "mod": "mod",
    "pow": "power",
    "matmul": "matmul",
    "and": "logical_and",
    "xor": "logical_xor",
}
_UNARY = {"neg": "negative", "pos": "convert_to_tensor", "abs": "absolute", "invert": "logical_not"}
_COMPARE = {"lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal"}


def install_operators(table: dict[str, Any], *classes: type) -> None:
    """Give Tensor, and other tensor-like classes, their operators from a table of functions by op name."""
    _operators.update(table)

    def forward(name: str) -> Any:
        function = table[name]
        return lambda self, other: function(self, other)

    def backward(name: str) -> Any:
        function = table[name]
        return lambda self, other: function(other, self)

    def unary(name: str) -> Any:
        function = table[name]
        return lambda self: function(self)

    for target in (Tensor, *classes):
        for method, name in _BINARY.items():
            setattr(target, f"__{method}__", forward(name))
            setattr(target, f"__r{method}__", backward(name))
        for method, name in _COMPARE.items():
            setattr(target, f"__{method}__", forward(name))
        for method, name in _UNARY.items():
            setattr(target, f"__{method}__", unary(name))


def convert(value: Any, dtype: str | None = None) -> Tensor:
    """Return `value` as a Tensor; Python floats and float64 arrays of Python lists become the default float.

    Args:
        value: Tensor, Variable, array, number or nested list of numbers.
        dtype: str or None, the type to convert to; None keeps an array's own type.
    """
    if isinstance(value, Tensor):
        if dtype is None or value.dtype == dtype:
            return value
        return _operators["cast"](value, dtype)
    as_tensor = getattr(value, "_as_tensor", None)
    if as_tensor is not None:
        return convert(as_tensor(), dtype)
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        target = dtype or dtypes.standardize(array.dtype)
    else:
        if isinstance(value, list | tuple) and _holds_tensors(value):
            return convert(_operators["stack"](list(value)), dtype)
        array = np.asarray(value)
        if array.dtype == object or array.dtype.kind in "US":
            raise ArgumentError(f"{type(value).__name__} {value!r} can't be made a tensor of numbers")
        if dtype is None and array.dtype.kind == "f":
            target = dtypes.standardize(None)
        elif dtype is None and array.dtype.kind == "c":
            target = "complex128" if dtypes.standardize(None) == "float64" else "complex64"
        elif dtype is None and array.dtype == np.int64:
            target = "int32" if array.size == 0 or np.abs(array).max() < 2**31 else "int64"
        else:
            target = dtype or dtypes.standardize(array.dtype)
    return Tensor(dtypes.stored(array, target))


def _holds_tensors(values: Any) -> bool:
    return any(
        isinstance(item, Tensor)
        or hasattr(item, "_as_tensor")
        or (isinstance(item, list | tuple) and _holds_tensors(item))
        for item in values
    )


def known(shape: Shape) -> tuple[int, ...]:
    """Return a shape whose sizes must all be known by now."""
    if None in shape:
        raise InternalError(f"shape {shape} was to be known here")
    return shape  # type: ignore[return-value]
