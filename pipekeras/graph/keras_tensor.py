"""`KerasTensor`: the tensors of a model that is being built, as a class to ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError
from pipekeras.graph.tensor import Tensor


class _Symbolic(type):
    """There is one class of tensors; those without values yet count as instances."""

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, Tensor) and value.is_symbolic

    def __call__(
        cls,
        shape: Sequence[int | None],
        dtype: Any = "float32",
        sparse: bool = False,
        ragged: bool = False,
        record_history: bool = True,
        name: str | None = None,
    ) -> Tensor:
        if sparse or ragged:
            raise ArgumentError("tensors are dense: sparse and ragged must be False")
        return Tensor.symbolic(tuple(shape), dtypes.standardize(dtype), name=name)


class KerasTensor(metaclass=_Symbolic):
    """A tensor of known shape and type whose values are still to come.

    Args:
        shape: tuple with the batch axis, None for sizes that are not known.
        dtype: str, default "float32".
        sparse: bool, must be False.
        ragged: bool, must be False.
        record_history: accepted for scripts that set it: how a tensor was made is always known.
        name: str or None.

    Example:

    >>> import pipekeras as pk
    >>> isinstance(pk.Input((3,)), pk.KerasTensor), isinstance(pk.ops.ones(3), pk.KerasTensor)
    (True, False)
    >>> pk.KerasTensor((None, 3)).shape
    (None, 3)
    """
