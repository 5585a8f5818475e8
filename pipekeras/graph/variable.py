"""Variables: state that outlives a step and keeps its address."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from pipekeras.core import budget, dtypes, memory, naming
from pipekeras.core.changes import changes
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph import trace as tracing
from pipekeras.graph.operation import recording
from pipekeras.graph.tensor import Operators, Shape, Tensor, convert, known


class _Reading(threading.local):
    """The type that layers of mixed precision read their float weights in; None outside of them."""

    def __init__(self) -> None:
        self.dtype: str | None = None


reading = _Reading()


class _Aside(threading.local):
    """The StatelessScope that takes what is assigned; None outside of any."""

    def __init__(self) -> None:
        self.scope: Any = None


aside = _Aside()


class _Loading(threading.local):
    """Variables whose first values are waited for, while a model is read from a file; None at other times."""

    def __init__(self) -> None:
        self.awaited: list[Variable] | None = None


_loading = _Loading()


@contextlib.contextmanager
def values_to_come() -> Iterator[None]:
    """Don't draw first values inside the block before somebody looks at them: a file is about to give others.

    What nobody has assigned or read by the end of the block is drawn there.

    >>> from pipekeras.initializers import RandomNormal
    >>> with values_to_come():
    ...     variable = Variable(RandomNormal(), (2, 3))
    ...     variable = variable.assign([[1, 2, 3], [4, 5, 6]])
    >>> float(variable.numpy().sum())
    21.0
    """
    outer = _loading.awaited
    awaited: list[Variable] = []
    _loading.awaited = awaited
    try:
        yield
        for variable in awaited:
            # To look at it is to draw it.
            _ = variable.array
    finally:
        _loading.awaited = outer


def lasting(tensor: Tensor) -> Tensor:
    """Return a tensor that no later `assign` changes: a copy if it stands on a variable's own array.

    Under a tape it stays the leaf at which gradients for the variable collect.
    """
    if tensor.variable is None or tensor.data is None or recording.depth:
        return tensor
    return Tensor(tensor.data.copy())


class Variable(Operators):
    """A tensor that can be assigned to: weights, counters, running means.

    The array behind it never moves, so that compiled programs can hold its address; `assign` copies into it.
    Inside a trace, reading gives a symbolic leaf and assigning records an update.

    Args:
        initializer: array, number, or function `(shape, dtype) -> array or tensor`.
        shape: tuple of int, needed with a function.
        dtype: str, default the initializer's own or float32.
        trainable: bool, default True.
        autocast: bool, default True; whether layers of mixed precision read it in their computing type.
        aggregation: accepted for scripts that set it: there is one copy of each variable.
        synchronization: accepted as `aggregation` is.
        name: str, default "variable".
        layout: accepted for scripts that set it: a variable lies in one place.

    Raises:
        ShapeError: an assigned value has another shape.

    >>> import pipekeras
    >>> counter = pipekeras.Variable(0.0)
    >>> counter.assign_add(2.0).numpy()
    array(2., dtype=float32)
    """

    __slots__ = (
        "__weakref__",
        "_array",
        "_awaited",
        "_leaf",
        "_trainable",
        "aggregation",
        "autocast",
        "constraint",
        "dtype",
        "name",
        "path",
        "regularizer",
        "shape",
    )  # fmt: skip

    __array_priority__ = 100

    def __init__(
        self,
        initializer: Any,
        shape: Shape | None = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        aggregation: str = "none",
        synchronization: str = "auto",
        name: str | None = None,
        layout: Any = None,
    ) -> None:
        self.autocast = autocast
        self.name = name or naming.unique_name("variable")
        self.path = self.name
        self._trainable = trainable
        self.regularizer: Any = None
        self.constraint: Any = None
        self.aggregation = aggregation
        self._leaf: Tensor | None = None
        self._array: np.ndarray | None = None
        # What draws the values, as long as they are waited for.
        self._awaited: Any = None
        if callable(initializer):
            if shape is None:
                raise ArgumentError(f"variable '{self.name}' needs a shape for its initializer")
            budget.charge(known(shape))
            self.shape: tuple[int, ...] = tuple(known(shape))
            self.dtype: str = dtypes.standardize(dtype)
            if _loading.awaited is not None and getattr(initializer, "can_wait", False):
                self._awaited = initializer
                _loading.awaited.append(self)
            else:
                self._draw(initializer)
        else:
            value = convert(initializer, None if dtype is None else dtypes.standardize(dtype))
            self._check_value(value)
            self.shape, self.dtype = tuple(known(value.shape if shape is None else shape)), value.dtype
            self._take(value)

    @property
    def trainable(self) -> bool:
        """Whether training changes the variable."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = value
        changes.count += 1

    @property
    def array(self) -> np.ndarray:
        """The values themselves, always at the same address."""
        if self._array is None:
            self._draw(self._awaited)
            assert self._array is not None
        return self._array

    def _draw(self, initializer: Any) -> None:
        """Give the variable the first values that an initializer makes."""
        self._take(convert(initializer(self.shape, dtype=self.dtype), self.dtype))

    def _take(self, value: Tensor) -> None:
        """Give the variable its first values."""
        self._check_value(value)
        if value.shape != self.shape:
            raise ShapeError(f"variable '{self.name}' is to have shape {self.shape}; its initial value has {value.shape}")
        assert value.data is not None
        self._array = memory.copied(value.data)
        self._awaited = None

    def _check_value(self, value: Tensor) -> None:
        if value.data is None:
            raise ArgumentError(
                f"variable '{self.name}' needs a first value; a symbolic tensor has none",
                mend="make variables in build(), and assign() the tensor in call()",
            )

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def value(self) -> Tensor:
        """The present value as a tensor of its own: a later `assign` does not change it."""
        return lasting(self._as_tensor())

    def _as_tensor(self) -> Tensor:
        """Return the value for reading at once; inside a trace, the leaf or the newest assigned value."""
        wanted = reading.dtype
        if wanted is None or not self.autocast or self.dtype == wanted or not dtypes.is_float(self.dtype):
            return self._read()
        return convert(self._read(), wanted)

    def _read(self) -> Tensor:
        """Return the value in the variable's own type."""
        trace = tracing.current()
        if trace is not None:
            return trace.read(self)
        if recording.depth:
            # One leaf for all reads under a tape: gradients for the variable collect there.
            if self._leaf is None or self._leaf.data is not self.array:
                self._leaf = Tensor(self.array)
                self._leaf.variable = self
            return self._leaf
        tensor = Tensor(self.array)
        tensor.variable = self
        return tensor

    def numpy(self) -> np.ndarray:
        """Return a copy of the values; bfloat16 comes as float32."""
        return np.array(dtypes.plain(self.array))

    def assign(self, value: Any, use_locking: Any = None, name: Any = None, read_value: Any = True) -> Variable:
        """Replace the values; shape and type stay.

        Args:
            value: array or tensor of the variable's shape.
            use_locking, name, read_value: what TensorFlow's scripts say of the operation; there is nothing to say.
        """
        tensor = convert(value, self.dtype)
        if tensor.shape != self.shape:
            raise ShapeError(f"variable '{self.path}' has shape {self.shape}; a value of shape {tensor.shape} can't go there")
        trace = tracing.current()
        if trace is not None:
            trace.write(self, tensor)
        elif tensor.data is None:
            raise ArgumentError(f"a symbolic tensor was assigned to variable '{self.path}' outside of a trace")
        elif self._array is None and aside.scope is None:
            # Nobody has looked at the values yet, so those that were to be drawn are not missed.
            self._take(tensor)
        else:
            if aside.scope is not None:
                aside.scope.set_aside(self)
            self.array[...] = tensor.data
        return self

    def assign_add(self, value: Any, use_locking: Any = None, name: Any = None, read_value: Any = True) -> Variable:
        """Add to the values."""
        return self.assign(self._read() + convert(value, self.dtype))

    def assign_sub(self, value: Any, use_locking: Any = None, name: Any = None, read_value: Any = True) -> Variable:
        """Subtract from the values."""
        return self.assign(self._read() - convert(value, self.dtype))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(dtypes.plain(self.array), dtype=dtype)

    def __getitem__(self, index: Any) -> Tensor:
        return self._as_tensor()[index]

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __float__(self) -> float:
        return float(dtypes.plain(self.array).item())

    def __int__(self) -> int:
        return int(dtypes.plain(self.array).item())

    def __repr__(self) -> str:
        return f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype}, value={dtypes.plain(self.array)!r}>"
