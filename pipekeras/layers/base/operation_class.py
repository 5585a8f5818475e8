"""Operations of one's own: functions of tensors that can stand between the layers of a model."""

from __future__ import annotations

from typing import Any

from pipekeras.layers.base.layer import Layer


class Operation(Layer):
    """A function of tensors without weights; a subclass computes in `call`.

    `compute_output_spec`, which tells shape and type of the result, is asked where tensors of a model come in; without one
    they are told by the call itself.

    Args:
        name: str, default the class name in snake case.

    Example:

    >>> import pipekeras as pk
    >>> class Power(pk.Operation):
    ...     def __init__(self, exponent, *, name=None):
    ...         super().__init__(name=name)
    ...         self.exponent = exponent
    ...     def call(self, x):
    ...         return x**self.exponent
    >>> Power(2)([1.0, 3.0])
    Tensor([1., 9.], shape=(2,), dtype=float32)
    """

    built_from_start = True

    def __init__(self, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name=name, dtype=dtype)
