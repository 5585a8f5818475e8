"""Complex numbers: parts, angles, and tensors of pairs read as numbers.

A gradient with respect to a complex number z = a + ib is the number dL/da + i dL/db.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import lasting
from pipekeras.ops.comparison import equal
from pipekeras.ops.define import FUNCTIONS, OPERATIONS, cast, floating, operands, primitive, public
from pipekeras.ops.joining import stack
from pipekeras.ops.mathematics import arctan2, cos, sin


def _part(dtype: str) -> str:
    return "float64" if dtype == "complex128" else "float32"


def _infer_numbers(x: Tensor) -> Spec:
    if not x.ndim or x.shape[-1] not in (2, None):
        raise ShapeError(f"view_as_complex needs a last axis of 2 parts, real and imaginary; got shape {x.shape}")
    return Spec(x.shape[:-1], "complex128" if x.dtype == "float64" else "complex64")


@primitive(_infer_numbers, lambda g, out, x: (OPERATIONS["complex_parts"](g),), from_parts=True)
def _complex_numbers(x: Any) -> Any:
    kind = np.complex128 if x.dtype == np.float64 else np.complex64
    return (x[..., 0] + 1j * x[..., 1]).astype(kind)


def _infer_parts(x: Tensor) -> Spec:
    return Spec((*x.shape, 2), _part(x.dtype))


@primitive(_infer_parts, lambda g, out, x: (_complex_numbers(g),))
def _complex_parts(x: Any) -> Any:
    return np.stack([x.real, x.imag], -1)


@public
def view_as_complex(x: Any) -> Tensor:
    """Read a last axis of 2 as the real and imaginary part of numbers.

    >>> from pipekeras import ops
    >>> ops.view_as_complex([[1.0, 2.0]])
    Tensor([1.+2.j], shape=(1,), dtype=complex64)
    """
    return _complex_numbers(floating(x))


@public
def view_as_real(x: Any) -> Tensor:
    """Lay the real and imaginary part of numbers in a new last axis of 2; a real number's imaginary part is 0.

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.view_as_real(np.array([1 + 1j, 2 + 0j]))
    Tensor([[1., 1.],
            [2., 0.]], shape=(2, 2), dtype=float64)
    """
    x = convert(x)
    if not dtypes.is_complex(x.dtype):
        x = floating(x)
        return stack([x, FUNCTIONS["zeros_like"](x)], -1)
    return _complex_parts(x)


@public
def real(x: Any) -> Tensor:
    """Real part.

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.real(np.array([1 + 1j, 2 + 0j]))
    Tensor([1., 2.], shape=(2,), dtype=float64)
    """
    x = convert(x)
    return _complex_parts(x)[..., 0] if dtypes.is_complex(x.dtype) else lasting(x)


@public
def imag(x: Any) -> Tensor:
    """Imaginary part; 0 for real numbers.

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.imag(np.array([1 + 1j, 2 + 0j]))
    Tensor([1., 0.], shape=(2,), dtype=float64)
    """
    x = convert(x)
    return _complex_parts(x)[..., 1] if dtypes.is_complex(x.dtype) else FUNCTIONS["zeros_like"](x)


@public
def conj(x: Any) -> Tensor:
    """Complex conjugate: the sign of the imaginary part changed.

    >>> import numpy
    >>> from pipekeras import ops
    >>> ops.conj(numpy.array([1 + 2j], "complex64"))
    Tensor([1.-2.j], shape=(1,), dtype=complex64)
    """
    x = convert(x)
    if not dtypes.is_complex(x.dtype):
        return x
    return _complex_numbers(_complex_parts(x) * np.array([1.0, -1.0], _part(x.dtype)))


@public
def conjugate(x: Any) -> Tensor:
    """Another name of `conj`.

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.conjugate(np.array([1 + 1j, 2 + 0j]))
    Tensor([1.-1.j, 2.+0.j], shape=(2,), dtype=complex128)
    """
    return conj(x)


@public
def angle(x: Any) -> Tensor:
    """Angle of a complex number in the plane, in radians; 0 or pi for a real one.

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.angle(np.array([1 + 1j, 2 + 0j])).numpy().round(4)
    array([0.7854, 0.    ])
    """
    x = convert(x)
    if dtypes.is_complex(x.dtype):
        return arctan2(imag(x), real(x))
    x = floating(x)
    return arctan2(FUNCTIONS["zeros_like"](x), x)


@public
def isreal(x: Any) -> Tensor:
    """Whether the imaginary part is 0.

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.isreal(np.array([1 + 1j, 2 + 0j]))
    Tensor([False,  True], shape=(2,), dtype=bool)
    """
    x = convert(x)
    return equal(imag(x), 0) if dtypes.is_complex(x.dtype) else FUNCTIONS["ones_like"](x, "bool")


@public
def polar(abs_: Any, angle: Any) -> Tensor:
    """Complex numbers of a size and an angle: size * (cos(angle) + i sin(angle)).

    >>> from pipekeras import ops
    >>> ops.polar([1.0], [0.0])
    Tensor([1.+0.j], shape=(1,), dtype=complex64)
    """
    (size, turn), dtype = operands(abs_, angle)
    if dtypes.is_complex(dtype):
        raise ArgumentError("polar needs a real size and a real angle")
    size, turn = floating(cast(size, dtype)), floating(cast(turn, dtype))
    return _complex_numbers(stack([size * cos(turn), size * sin(turn)], -1))
