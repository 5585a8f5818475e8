"""Fourier transforms and sequences cut out of signals. Complex spectra are pairs of tensors: real and imaginary parts."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.define import FUNCTIONS, OPERATIONS, cast, floating, operands, primitive, public
from pipekeras.ops.indexing import take
from pipekeras.ops.joining import concatenate, flip, pad, stack
from pipekeras.ops.scattering import scatter_rows
from pipekeras.ops.shaping import moveaxis, reshape


def _infer(x: Tensor, axes: int, forward: bool) -> Spec:
    if x.ndim <= axes:
        raise ShapeError(f"a Fourier transform over {axes} axes needs as many; got shape {x.shape[:-1]}")
    return Spec(x.shape, x.dtype)


def _gradient(g: Tensor, out: Tensor, x: Tensor, axes: int, forward: bool) -> tuple[Tensor]:
    return (OPERATIONS["fourier"](g, axes=axes, forward=not forward),)


@primitive(_infer, _gradient)
def _fourier(x: Any, axes: int, forward: bool) -> Any:
    """Sums over the last axes of number times e ** (-+ 2 pi i jk / n), not divided; parts lie in a further axis of 2."""
    wide = np.ascontiguousarray(x if x.dtype in (np.float32, np.float64) else x.astype(np.float32))
    numbers = wide.view(np.complex128 if wide.dtype == np.float64 else np.complex64)[..., 0]
    places = tuple(range(-axes, 0))
    result = np.fft.fftn(numbers, axes=places) if forward else np.fft.ifftn(numbers, axes=places, norm="forward")
    return np.stack([result.real, result.imag], -1)


def _pair(x: Any, name: str) -> Tensor:
    if not isinstance(x, list | tuple) or len(x) != 2:
        raise ArgumentError(f"{name} needs a pair: the real and the imaginary part")
    (re, im), dtype = operands(*x)
    if re.shape != im.shape:
        raise ShapeError(f"{name}: a real part of shape {re.shape} and an imaginary part of shape {im.shape}")
    return stack([floating(cast(re, dtype)), floating(cast(im, dtype))], -1)


def _parts(x: Tensor) -> tuple[Tensor, Tensor]:
    return x[..., 0], x[..., 1]


@public
def fft(x: Any) -> tuple[Tensor, Tensor]:
    """Discrete Fourier transform along the last axis.

    Formula: X[k] = sum over j of x[j] e ** (-2 pi i jk / n).

    Args:
        x: pair of tensors, the real and the imaginary part.

    >>> from pipekeras import ops
    >>> ops.fft(([1.0, 0.0], [0.0, 0.0]))[0]
    Tensor([1., 1.], shape=(2,), dtype=float32)
    """
    return _parts(_fourier(_pair(x, "fft"), axes=1, forward=True))


@public
def fft2(x: Any) -> tuple[Tensor, Tensor]:
    """Discrete Fourier transform along the last two axes of a pair of parts.

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> [part.shape for part in ops.fft2((np.ones((2, 2)), np.zeros((2, 2))))]
    [(2, 2), (2, 2)]
    """
    return _parts(_fourier(_pair(x, "fft2"), axes=2, forward=True))


@public
def ifft2(x: Any) -> tuple[Tensor, Tensor]:
    """Inverse of the Fourier transform along the last two axes of a pair of parts.

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> [part.shape for part in ops.ifft2((np.ones((2, 2)), np.zeros((2, 2))))]
    [(2, 2), (2, 2)]
    """
    both = _pair(x, "ifft2")
    count = prod(n or 1 for n in both.shape[-3:-1])
    return _parts(_fourier(both, axes=2, forward=False) / float(count))


def _of_length(x: Tensor, length: int, axis: int) -> Tensor:
    """Cut an axis, or fill it up with zeros."""
    own = x.shape[axis]
    if own is None:
        raise ShapeError(f"the size of axis {axis} of shape {x.shape} is not known")
    if own >= length:
        return x[(slice(None),) * axis + (slice(0, length),)]
    return pad(x, [(0, length - own if place == axis else 0) for place in range(x.ndim)])


@public
def rfft(x: Any, fft_length: int | None = None) -> tuple[Tensor, Tensor]:
    """Discrete Fourier transform of real numbers along the last axis: the first half, as the second mirrors it.

    Args:
        x: tensor.
        fft_length: int, the number of elements to transform; more are left out, fewer filled up with zeros. Default all.

    Output shape: two of (..., fft_length // 2 + 1), the real and the imaginary part.

    >>> from pipekeras import ops
    >>> ops.rfft([1.0, 2.0, 3.0, 4.0])[0]
    Tensor([10., -2., -2.], shape=(3,), dtype=float32)
    """
    x = floating(x)
    length = x.shape[-1] if fft_length is None else int(fft_length)
    if length is None or length < 1:
        raise ArgumentError(f"rfft needs a length of 1 or more; got {length} for shape {x.shape}")
    cut = _of_length(x, length, x.ndim - 1)
    both = _fourier(stack([cut, FUNCTIONS["zeros_like"](cut)], -1), axes=1, forward=True)
    return _parts(both[..., : length // 2 + 1, :])


@public
def irfft(x: Any, fft_length: int | None = None) -> Tensor:
    """Real numbers whose Fourier transform has the given first half.

    Args:
        x: pair of tensors, the real and the imaginary part, of shape (..., n // 2 + 1).
        fft_length: int, number of elements n of the result, default twice the size of the last axis less 2.

    Output shape: (..., n).

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> ops.irfft((np.array([3.0, 0.0]), np.array([0.0, 0.0])), fft_length=2)
    Tensor([1.5, 1.5], shape=(2,), dtype=float64)
    """
    both = _pair(x, "irfft")
    own = both.shape[-2]
    length = (2 * (own - 1) if own is not None else None) if fft_length is None else int(fft_length)
    if length is None or length < 1:
        raise ArgumentError(f"irfft needs a length of 1 or more; got {length}")
    half = _of_length(both, length // 2 + 1, both.ndim - 2)
    mirrored = flip(half[..., 1 : (length + 1) // 2, :], -2) * convert([1.0, -1.0], half.dtype)
    whole = concatenate([half, mirrored], half.ndim - 2) if (length + 1) // 2 > 1 else half
    return _fourier(whole, axes=1, forward=False)[..., 0] / float(length)


@public
def extract_sequences(x: Any, sequence_length: int, sequence_stride: int) -> Tensor:
    """Cut sequences out of the last axis, one every `sequence_stride` elements.

    Output shape: (..., 1 + (n - sequence_length) // sequence_stride, sequence_length).

    >>> from pipekeras import ops
    >>> ops.extract_sequences([1, 2, 3, 4, 5], 3, 2)
    Tensor([[1, 2, 3],
            [3, 4, 5]], shape=(2, 3), dtype=int32)
    """
    x = convert(x)
    length = x.shape[-1] if x.ndim else None
    if length is None or sequence_length < 1 or sequence_stride < 1:
        raise ShapeError(f"extract_sequences: no sequences of {sequence_length} every {sequence_stride} in shape {x.shape}")
    count = max(0, 1 + (length - sequence_length) // sequence_stride)
    index = np.arange(count, dtype=np.int32)[:, None] * sequence_stride + np.arange(sequence_length, dtype=np.int32)
    return take(x, index, -1)


def _window(window: Any, length: int, fft_length: int, dtype: str, name: str) -> Tensor:
    """Return the window's weights with zeros on both sides up to the length of the transform."""
    if window is None:
        # Without a window every sample of the transform counts, those beyond the sequence too.
        return convert(np.ones(fft_length), dtype)
    if isinstance(window, str):
        if window not in ("hann", "hamming"):
            raise ArgumentError(f"{name}: window must be 'hann', 'hamming', a tensor or None, not {window!r}")
        share = 0.5 if window == "hann" else 0.54
        # The periodic form: the point after the last one would be the first again.
        turns = np.cos(np.arange(length) * (2.0 * np.pi / length)) if length > 1 else -np.ones(1)
        weights = convert(share - (1.0 - share) * turns, dtype)
    else:
        weights = convert(window, dtype)
        if weights.shape != (length,):
            raise ShapeError(f"{name}: a window of shape {weights.shape} for sequences of {length} elements")
    before = (fft_length - length) // 2
    return pad(weights, ((before, fft_length - length - before),))


def _check_lengths(name: str, sequence_length: int, sequence_stride: int, fft_length: int) -> None:
    if sequence_stride < 1 or sequence_length < 1 or fft_length < sequence_length:
        raise ArgumentError(
            f"{name}: sequences of {sequence_length} every {sequence_stride}, transformed as {fft_length}",
            mend="lengths must be 1 or more and fft_length no less than sequence_length",
        )


@public
def stft(x: Any, sequence_length: int, sequence_stride: int, fft_length: int, window: Any = "hann",
         center: bool = True) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Fourier transforms of short overlapping sequences of the last axis.

    Args:
        x: tensor (..., samples).
        sequence_length: int, samples of a sequence.
        sequence_stride: int, samples from one sequence to the next.
        fft_length: int, length of each transform, at least sequence_length.
        window: "hann" (default), "hamming", a tensor of shape (sequence_length,) or None.
        center: bool, default True: mirror samples at both ends, so that sequence t is centred at t * sequence_stride.

    Output shape: two of (..., sequences, fft_length // 2 + 1), the real and the imaginary part.

    Example:

    >>> import numpy as np
    >>> from pipekeras import ops
    >>> [part.shape for part in ops.stft(np.ones(16), 8, 4, 8)]
    [(5, 5), (5, 5)]
    """
    _check_lengths("stft", sequence_length, sequence_stride, fft_length)
    x = floating(x)
    if center:
        half = fft_length // 2
        x = pad(x, [(0, 0)] * (x.ndim - 1) + [(half, half)], mode="reflect")
    weights = _window(window, sequence_length, fft_length, x.dtype, "stft")
    return rfft(extract_sequences(x, fft_length, sequence_stride) * weights, fft_length)


def _added_up(x: Tensor, stride: int) -> Tensor:
    """Lay sequences (..., count, length) one stride apart and add them where they overlap."""
    count, length = x.shape[-2], x.shape[-1]
    assert count is not None and length is not None
    total = (count - 1) * stride + length
    first = moveaxis(x, (-2, -1), (0, 1))
    rest = first.shape[2:]
    index = np.arange(count, dtype=np.int64)[:, None] * stride + np.arange(length, dtype=np.int64)
    rows = reshape(first, (count * length, *[-1 if n is None else n for n in rest]))
    result = scatter_rows(FUNCTIONS["zeros"]((total, *rest), x.dtype), convert(index.reshape(-1)), rows, "add")
    return moveaxis(result, 0, -1)


@public
def istft(x: Any, sequence_length: int, sequence_stride: int, fft_length: int, length: int | None = None,
          window: Any = "hann", center: bool = True) -> Tensor:  # fmt: skip
    """Signal whose short Fourier transforms are given; the arguments are those that `stft` had.

    Formula: the inverse transforms, weighted by the window, added up and divided by the sum of the squared windows.

    Args:
        x: pair of tensors (..., sequences, fft_length // 2 + 1), the real and the imaginary part.
        sequence_length, sequence_stride, fft_length: int, as given to `stft`.
        length: int, number of samples of the result, default and at most as many as there are.
        window: as given to `stft`.
        center: bool, default True: whether samples were added at both ends.

    Output shape: (..., samples).
    """
    _check_lengths("istft", sequence_length, sequence_stride, fft_length)
    sequences = irfft(x, fft_length)
    weights = _window(window, sequence_length, fft_length, sequences.dtype, "istft")
    signal = _added_up(sequences * weights, sequence_stride)
    count = sequences.shape[-2]
    assert count is not None
    cover = _added_up(FUNCTIONS["broadcast_to"](weights * weights, (count, fft_length)), sequence_stride)
    empty = cover <= 1e-11
    signal = FUNCTIONS["where"](empty, signal, signal / FUNCTIONS["where"](empty, 1.0, cover))
    begin = fft_length // 2 if center else 0
    total = signal.shape[-1] or 0
    end = begin + length if length is not None else total - begin
    return signal[..., begin : min(end, total)]
