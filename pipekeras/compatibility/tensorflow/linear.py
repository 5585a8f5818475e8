"""Matrices and signals with TensorFlow's arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core.errors import ArgumentError
from pipekeras.graph.tensor import Tensor, convert


def band_part(input: Any, num_lower: int, num_upper: int, name: str | None = None) -> Tensor:
    """Keep a band around the diagonal; -1 keeps the whole triangle on that side."""
    x = convert(input)
    lower, upper = int(np.asarray(num_lower)), int(np.asarray(num_upper))
    x = x if upper < 0 else ops.tril(x, upper)
    return x if lower < 0 else ops.triu(x, -lower)


def diag(diagonal: Any, name: str | None = None, k: int = 0) -> Tensor:
    """Square matrices with vectors on a diagonal and zeros elsewhere."""
    x = convert(diagonal)
    count = x.shape[-1] or 0
    places = np.eye(count, count + abs(k), k=k if k > 0 else 0, dtype=str(x.dtype))
    if k >= 0:
        matrix = ops.expand_dims(x, -1) * places
        return ops.pad(matrix, [(0, 0)] * (x.ndim - 1) + [(0, k), (0, 0)]) if k else matrix
    return ops.swapaxes(diag(x, k=-k), -1, -2)


def diag_part(input: Any, name: str | None = None, k: int = 0) -> Tensor:
    """A diagonal of each matrix."""
    return ops.diagonal(input, k, -2, -1)


def set_diag(input: Any, diagonal: Any, name: str | None = None, k: int = 0) -> Tensor:
    """Matrices with their diagonal replaced."""
    x = convert(input)
    if k:
        raise ArgumentError("tf.linalg.set_diag: only the main diagonal (k = 0) is supported")
    rows, columns = x.shape[-2:]
    new = ops.expand_dims(convert(diagonal, x.dtype), -1)
    return ops.where(np.eye(rows or 0, columns or 0, dtype=np.bool_), new, x)


def cholesky_solve(chol: Any, rhs: Any, name: str | None = None) -> Tensor:
    """Solution of a x = b for the lower triangular factor of a."""
    factor = convert(chol)
    return ops.solve_triangular(ops.swapaxes(factor, -1, -2), ops.solve_triangular(factor, rhs, lower=True))


def eigvalsh(tensor: Any, name: str | None = None) -> Tensor:
    """Eigenvalues of symmetric matrices, rising."""
    return ops.eigh(tensor)[0]


def _adjoint(x: Any, adjoint: bool) -> Tensor:
    return ops.swapaxes(x, -1, -2) if adjoint else convert(x)


def inverse(input: Any, adjoint: bool = False, name: str | None = None) -> Tensor:
    """Inverse of square matrices, transposed if `adjoint`."""
    return ops.inv(_adjoint(input, adjoint))


def solve(matrix: Any, rhs: Any, adjoint: bool = False, name: str | None = None) -> Tensor:
    """Solution of matrix x = rhs."""
    return ops.solve(_adjoint(matrix, adjoint), rhs)


def triangular_solve(matrix: Any, rhs: Any, lower: bool = True, adjoint: bool = False, name: str | None = None) -> Tensor:
    """Solution of matrix x = rhs for triangular matrices."""
    return ops.solve_triangular(_adjoint(matrix, adjoint), rhs, lower=lower != adjoint)


def lstsq(matrix: Any, rhs: Any, l2_regularizer: float = 0.0, fast: bool = True, name: str | None = None) -> Tensor:
    """Solution of least squares, with a penalty on its size."""
    if not l2_regularizer:
        return ops.lstsq(matrix, rhs)
    a = convert(matrix)
    turned = ops.swapaxes(a, -1, -2)
    count = a.shape[-1] or 0
    return ops.solve(ops.matmul(turned, a) + ops.eye(count, dtype=a.dtype) * l2_regularizer, ops.matmul(turned, rhs))


def qr(input: Any, full_matrices: bool = False, name: str | None = None) -> tuple[Tensor, Tensor]:
    """Orthogonal times upper triangular."""
    return ops.qr(input, "complete" if full_matrices else "reduced")


def svd(tensor: Any, full_matrices: bool = False, compute_uv: bool = True, name: str | None = None) -> Any:
    """Singular values, left vectors, and right vectors in columns."""
    if not compute_uv:
        return ops.svd(tensor, compute_uv=False)
    u, s, v = ops.svd(tensor, full_matrices)
    return s, u, ops.swapaxes(v, -1, -2)


def trace(x: Any, name: str | None = None) -> Tensor:
    """Sum of the diagonal of each matrix."""
    return ops.trace(x, 0, -2, -1)


def matvec(a: Any, b: Any, transpose_a: bool = False, adjoint_a: bool = False, name: str | None = None) -> Tensor:
    """Matrices times vectors."""
    return ops.squeeze(ops.matmul(_adjoint(a, transpose_a or adjoint_a), ops.expand_dims(b, -1)), -1)


def matrix_transpose(a: Any, name: str | None = None, conjugate: bool = False) -> Tensor:
    """Matrices with rows and columns exchanged."""
    x = ops.swapaxes(a, -1, -2)
    return ops.conj(x) if conjugate else x


def _number(parts: tuple[Tensor, Tensor]) -> Tensor:
    return ops.view_as_complex(ops.stack(list(parts), -1))


def fft(input: Any, name: str | None = None) -> Tensor:
    """Fourier transform of complex numbers along the last axis."""
    return _number(ops.fft((ops.real(input), ops.imag(input))))


def rfft(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """Fourier transform of real numbers along the last axis: the first half."""
    return _number(ops.rfft(input_tensor, None if fft_length is None else int(np.asarray(fft_length).reshape(-1)[0])))


def irfft(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """Real numbers whose Fourier transform has the given first half."""
    length = None if fft_length is None else int(np.asarray(fft_length).reshape(-1)[0])
    return ops.irfft((ops.real(input_tensor), ops.imag(input_tensor)), length)


def hann_window(window_length: int, periodic: bool = True, dtype: Any = "float32", name: str | None = None) -> Tensor:
    """Hann's window; a periodic one is a longer one without its last point."""
    count = int(window_length)
    return ops.cast(ops.hanning(count + 1)[:count] if periodic else ops.hanning(count), dtype)


def hamming_window(window_length: int, periodic: bool = True, dtype: Any = "float32", name: str | None = None) -> Tensor:
    """Hamming's window; a periodic one is a longer one without its last point."""
    count = int(window_length)
    return ops.cast(ops.hamming(count + 1)[:count] if periodic else ops.hamming(count), dtype)


def frame(signal: Any, frame_length: int, frame_step: int, pad_end: bool = False, pad_value: float = 0, axis: int = -1,
          name: str | None = None) -> Tensor:  # fmt: skip
    """Cut sequences out of the last axis; `pad_end` fills up the last ones."""
    x = convert(signal)
    if axis not in (-1, x.ndim - 1):
        raise ArgumentError("tf.signal.frame: only the last axis is supported", mend="move the axis to the end")
    length, step = int(frame_length), int(frame_step)
    if pad_end:
        count = -(-(x.shape[-1] or 0) // step)
        missing = max(0, (count - 1) * step + length - (x.shape[-1] or 0))
        x = ops.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, missing)], constant_values=pad_value)
    return ops.extract_sequences(x, length, step)


def stft(signals: Any, frame_length: int, frame_step: int, fft_length: int | None = None, window_fn: Any = hann_window,
         pad_end: bool = False, name: str | None = None) -> Tensor:  # fmt: skip
    """Fourier transforms of short overlapping sequences, as complex numbers."""
    length = int(frame_length)
    size = 1 << (length - 1).bit_length() if fft_length is None else int(fft_length)
    frames = frame(signals, length, frame_step, pad_end)
    if window_fn is not None:
        frames = frames * window_fn(length, dtype=frames.dtype)
    return _number(ops.rfft(frames, size))


def mel_weights(num_mel_bins: int = 20, num_spectrogram_bins: int = 129, sample_rate: float = 8000,
                lower_edge_hertz: float = 125.0, upper_edge_hertz: float = 3800.0, dtype: Any = "float32",
                name: str | None = None) -> Tensor:  # fmt: skip
    """Triangles, evenly spaced in mel, that take a spectrogram's frequencies together.

    Formula: mel(f) = 1127 log(1 + f / 700).

    Output shape: (num_spectrogram_bins, num_mel_bins).
    """
    def mel(hertz: Any) -> Any:
        return 1127.0 * np.log1p(np.asarray(hertz, np.float64) / 700.0)

    frequencies = mel(np.linspace(0.0, float(sample_rate) / 2.0, int(num_spectrogram_bins))[1:])[:, None]
    edges = np.linspace(mel(lower_edge_hertz), mel(upper_edge_hertz), int(num_mel_bins) + 2)
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    weights = np.maximum(0.0, np.minimum((frequencies - low) / (centre - low), (high - frequencies) / (high - centre)))
    # The constant part belongs to no band.
    return ops.cast(np.pad(weights, ((1, 0), (0, 0))), dtype)


def mel_cepstra(log_mel_spectrograms: Any, name: str | None = None) -> Tensor:
    """Cosine transform of logarithmic mel spectrograms along the last axis, scaled by sqrt(2 / n)."""
    x = convert(log_mel_spectrograms)
    count = x.shape[-1] or 0
    places = np.arange(count)
    table = 2.0 * np.cos(np.pi / count * np.outer(places + 0.5, places)) / np.sqrt(2.0 * count)
    return ops.matmul(x, table.astype(str(x.dtype)))
