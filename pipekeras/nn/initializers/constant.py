"""Initializers without chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.nn.initializers.base import Initializer, initializer


def _filled(shape: Sequence[int], value: Any, dtype: Any) -> Tensor:
    return convert(np.full(tuple(shape), value), dtypes.standardize(dtype))


@initializer("zero")
class Zeros(Initializer):
    """Begin at 0.

    >>> Zeros()((2,)).numpy()
    array([0., 0.], dtype=float32)
    """

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        """Return zeros."""
        return _filled(shape, 0, dtype)


@initializer("one")
class Ones(Initializer):
    """Begin at 1.

    >>> Ones()((2,)).numpy()
    array([1., 1.], dtype=float32)
    """

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        """Return ones."""
        return _filled(shape, 1, dtype)


@initializer()
class Constant(Initializer):
    """Begin at a given value.

    Args:
        value: number, or array that broadcasts to the shape; default 0.0.

    >>> Constant(3.0)((2,)).numpy()
    array([3., 3.], dtype=float32)
    """

    def __init__(self, value: Any = 0.0) -> None:
        self.value = value

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        """Return the value, repeated to the shape."""
        value = self.value.numpy() if isinstance(self.value, Tensor) else self.value
        try:
            return _filled(shape, value, dtype)
        except ValueError as error:
            raise ShapeError(f"a constant of shape {np.shape(value)} does not fit a weight of shape {shape}") from error


@initializer("IdentityInitializer")
class Identity(Initializer):
    """Begin as the identity matrix.

    Args:
        gain: float, default 1.0. What the ones are multiplied by.

    Raises:
        ShapeError: The weight is not a matrix.

    >>> Identity(2.0)((2, 2)).numpy()
    array([[2., 0.],
           [0., 2.]], dtype=float32)
    """

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        """Return the matrix."""
        if len(shape) != 2:
            raise ShapeError(f"Identity makes matrices; got shape {tuple(shape)}")
        name = dtypes.standardize(dtype)
        return Tensor(np.eye(shape[0], shape[1], dtype=name) * np.asarray(self.gain, name))


@initializer("STFTInitializer")
class STFT(Initializer):
    """Begin as the kernel of a short-time Fourier transform.

    Formula: window[n] * cos(-2 pi n k / N) ("real") or sin ("imag"), N twice the number of frequencies less one.

    Args:
        side: "real" or "imag", default "real".
        window: "hann", "hamming", array of the frame's length, or None; default "hann".
        scaling: "density", "spectrum" or None, default "density".
        periodic: bool, default False. Build the window as `scipy.signal.get_window(..., fftbins=periodic)` does.

    Input shape -> Output shape: (frame length, channels, frequencies) -> the same, channels alike.

    Raises:
        ConfigurationError: An option is unknown.
        ShapeError: The window does not have the frame's length.

    >>> STFT("imag", window=None)((4, 1, 3)).shape
    (4, 1, 3)
    """

    # Cosines by the million: not drawn where a file gives other values.
    can_wait = True

    def __init__(
        self, side: str = "real", window: Any = "hann", scaling: str | None = "density", periodic: bool = False
    ) -> None:
        if side not in ("real", "imag"):
            raise ConfigurationError(f"side must be 'real' or 'imag', not {side!r}")
        if isinstance(window, str) and window not in _COSINE_WINDOWS:
            raise ConfigurationError(
                f"unknown window '{window}'", mend=f"known are {', '.join(_COSINE_WINDOWS)}; an array works as well"
            )
        if scaling not in (None, "density", "spectrum"):
            raise ConfigurationError(f"scaling must be 'density', 'spectrum' or None, not {scaling!r}")
        self.side = side
        self.window = window
        self.scaling = scaling
        self.periodic = periodic

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        """Return the kernel."""
        dtype = dtypes.standardize(dtype)
        length, channels, frequencies = shape
        time = np.arange(length, dtype=np.float64).reshape(-1, 1, 1)
        angle = -2.0 * np.pi * time * np.arange(frequencies) / ((frequencies - 1) * 2)
        kernel = np.cos(angle) if self.side == "real" else np.sin(angle)
        if self.window is not None:
            window = self._window(length)
            scale = 1.0
            if self.scaling == "density":
                scale = np.sqrt(np.sum(window**2))
            elif self.scaling == "spectrum":
                scale = np.sum(np.abs(window))
            kernel = kernel * window.reshape(-1, 1, 1) / scale
        return convert(np.broadcast_to(kernel, (length, channels, frequencies)), dtypes.standardize(dtype))

    def _window(self, length: int) -> np.ndarray:
        if isinstance(self.window, str):
            points = length if self.periodic else length - 1
            angle = 2.0 * np.pi * np.arange(length) / max(points, 1)
            return sum(
                weight * (-1) ** order * np.cos(order * angle) for order, weight in enumerate(_COSINE_WINDOWS[self.window])
            )
        window = np.asarray(self.window, np.float64)
        if window.shape != (length,):
            raise ShapeError(f"a frame of {length} needs a window of shape ({length},), not {window.shape}")
        return window


# Weights of the cosines that the windows are sums of.
_COSINE_WINDOWS = {"boxcar": (1.0,), "hann": (0.5, 0.5), "hamming": (0.54, 0.46), "blackman": (0.42, 0.5, 0.08)}
