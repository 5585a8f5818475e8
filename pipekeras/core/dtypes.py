"""Data types by name, and the one rule that says what two of them make.

Names are NumPy's. Python scalars are weak: they take the type of the array that they meet. NumPy has no bfloat16: such
values lie in memory as the upper halves of float32 numbers (`STORAGE`), and NumPy computes with them as float32.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError, did_you_mean

FLOATS = ("bfloat16", "float16", "float32", "float64")
HALVES = ("bfloat16", "float16")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
ALL = ("bool", *INTEGERS, *FLOATS)
COMPLEX = ("complex64", "complex128")
"""Pairs of floats that a few functions give or take; models compute with the types in ALL."""


class TypeName(str):
    """A data type: its name, with what TensorFlow's scripts ask of a type.

    >>> TypeName("float32") == "float32", TypeName("float32").base_dtype, TypeName("int8").max
    (True, 'float32', 127)
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """The name as plain text."""
        return str(self)

    @property
    def base_dtype(self) -> TypeName:
        """The type itself: nothing refers to values elsewhere."""
        return self

    @property
    def as_numpy_dtype(self) -> Any:
        """NumPy's class of scalars."""
        return NUMPY[self].type

    @property
    def is_floating(self) -> bool:
        """Whether it is a float."""
        return self in FLOATS

    @property
    def is_integer(self) -> bool:
        """Whether it is a whole number."""
        return self in INTEGERS

    @property
    def is_bool(self) -> bool:
        """Whether it is a truth value."""
        return self == "bool"

    @property
    def is_complex(self) -> bool:
        """Whether it is a pair of floats."""
        return self in COMPLEX

    @property
    def size(self) -> int:
        """Bytes of a value."""
        return STORAGE[self].itemsize

    @property
    def max(self) -> Any:
        """The largest value."""
        return 3.3895313892515355e38 if self == "bfloat16" else self._limits().max

    @property
    def min(self) -> Any:
        """The smallest value."""
        return -self.max if self == "bfloat16" else self._limits().min

    def _limits(self) -> Any:
        return np.finfo(NUMPY[self]) if self in FLOATS else np.iinfo(NUMPY[self])


_ALIASES = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "int": "int32",
    "integer": "int32",
    "logical": "bool",
    "boolean": "bool",
}
BFLOAT16 = np.dtype([("bfloat16", np.uint16)])
"""How NumPy holds bfloat16 in memory."""

NUMPY = {name: np.dtype("float32" if name == "bfloat16" else name) for name in (*ALL, *COMPLEX)}
"""The type that NumPy computes in."""

STORAGE = {**NUMPY, "bfloat16": BFLOAT16}
"""The type of the array that holds a tensor's values."""

_TYPES = {name: TypeName(name) for name in NUMPY}
_NAMES = {dtype: _TYPES[name] for name, dtype in STORAGE.items()}


def standardize(dtype: Any) -> str:
    """Return the name of a data type given as a name, a NumPy type or None (the default float).

    >>> standardize("double"), standardize(np.float32), standardize(None)
    ('float64', 'float32', 'float32')
    """
    if dtype is None:
        return _TYPES[configuration.floatx()]
    if isinstance(dtype, np.dtype) and dtype in _NAMES:
        return _NAMES[dtype]
    if isinstance(dtype, str):
        if dtype in _TYPES:
            return _TYPES[dtype]
        if dtype in _ALIASES:
            return _TYPES[_ALIASES[dtype]]
    elif isinstance(dtype, type) and dtype in (float, int, bool):
        return _TYPES[{float: configuration.floatx(), int: "int32", bool: "bool"}[dtype]]
    else:
        try:
            found = np.dtype(dtype)
            # Packages that bring bfloat16 to NumPy name it so.
            return _TYPES["bfloat16"] if found.name == "bfloat16" else _NAMES[found]
        except (TypeError, KeyError):
            pass
    raise ConfigurationError(
        f"'{dtype}' is not a data type; known are {', '.join(ALL)}", mend=did_you_mean(str(dtype), ALL)
    )


def is_float(dtype: str) -> bool:
    """Whether `dtype` names a floating type."""
    return dtype in FLOATS


def is_complex(dtype: str) -> bool:
    """Whether `dtype` names a type of complex numbers."""
    return dtype in COMPLEX


def is_integer(dtype: str) -> bool:
    """Whether `dtype` names a signed or unsigned integer type."""
    return dtype in INTEGERS


def stored(values: Any, dtype: str) -> np.ndarray:
    """Return an array as a tensor of a type holds it; numbers become the nearest bfloat16, half ones the even one.

    >>> plain(stored(np.array([1.0, 3.14159265]), "bfloat16")).tolist()
    [1.0, 3.140625]
    """
    array = np.asarray(values)
    if dtype != "bfloat16":
        return np.asarray(plain(array), STORAGE[dtype])
    if array.dtype == BFLOAT16:
        return array
    if array.dtype.name == "bfloat16":
        return array.view(np.uint16).view(BFLOAT16)
    single = np.ascontiguousarray(array, np.float32)
    bits = single.view(np.uint32)
    rounded = (bits + np.uint32(0x7FFF) + (bits >> np.uint32(16) & np.uint32(1))) >> np.uint32(16)
    upper = np.where(np.isnan(single), (bits >> np.uint32(16)) | np.uint32(0x40), rounded).astype(np.uint16)
    return upper.view(BFLOAT16).reshape(array.shape)


def plain(array: np.ndarray) -> np.ndarray:
    """Return an array that NumPy can compute with: bfloat16 becomes float32, everything else stays."""
    if array.dtype == BFLOAT16:
        bits = np.ascontiguousarray(array).view(np.uint16).astype(np.uint32) << np.uint32(16)
        return bits.view(np.float32).reshape(array.shape)
    return array


@cache
def promote(first: str, second: str) -> str:
    """Return the type that an operation on two types works in.

    Floats win over integers and keep their width, integers over bool.

    >>> promote("int64", "float32"), promote("int32", "bool"), promote("float32", "float64")
    ('float32', 'int32', 'float64')
    >>> promote("bfloat16", "int64"), promote("bfloat16", "float16")
    ('bfloat16', 'float32')
    """
    if first == second:
        return first
    if is_complex(first) or is_complex(second):
        return "complex128" if {first, second} & {"float64", "complex128"} else "complex64"
    if is_float(first) != is_float(second):
        return first if is_float(first) else second
    if first == "bool":
        return second
    if second == "bool":
        return first
    if "bfloat16" in (first, second):
        # Neither half type holds the other.
        return "float64" if "float64" in (first, second) else "float32"
    joined = str(np.promote_types(first, second))
    # NumPy has no integer above uint64 and int64; a float of the default width holds both.
    return configuration.floatx() if joined == "float64" and not is_float(first) else joined


def of_scalar(value: bool | int | float, partner: str | None) -> str:
    """Return the type of a Python scalar that meets a tensor of type `partner` (None: nothing)."""
    if isinstance(value, bool):
        return partner or "bool"
    if isinstance(value, int):
        if partner is None:
            return "int32"
        return "int32" if partner == "bool" else partner
    return partner if partner is not None and (is_float(partner) or is_complex(partner)) else configuration.floatx()


def as_float(dtype: str) -> str:
    """Return `dtype` itself if it is a float or complex, else the default float."""
    return dtype if is_float(dtype) or is_complex(dtype) else configuration.floatx()
