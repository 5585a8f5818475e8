"""Sound as pictures of its frequencies over time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import choice, whole_number
from pipekeras.layers.base.arguments import data_format as checked_data_format
from pipekeras.layers.base.input_spec import InputSpec
from pipekeras.layers.base.layer import Layer
from pipekeras.nn import initializers

_MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")
_LEAST = 1e-7
_BREAK_HERTZ, _MEL_PER_LOG = 700.0, 1127.0


@register("layer")
class STFTSpectrogram(Layer):
    """The short-time Fourier transform of signals, by convolution with kernels that may be learnt on.

    Formula: X[t, k] = sum_n window[n] x[t step + n] exp(-2 pi i n k / N), and of it what `mode` names.

    Args:
        mode: "log" (default), "magnitude", "psd", "real", "imag", "angle" or "stft" (real and imaginary parts).
        frame_length: int, default 256; samples in a frame.
        frame_step: int, default half of frame_length; samples between frames.
        fft_length: int, default the power of two from frame_length up; N above.
        window: "hann" (default), "hamming", an array, or None.
        periodic: bool, default False; whether the window is that of one period.
        scaling: "density" (default), "spectrum" or None.
        padding: "valid" (default) or "same".
        expand_dims: bool, default False; whether channels keep an axis of their own.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, time, channels) -> (batch, frames, channels * (N / 2 + 1)), or
    (batch, frames, N / 2 + 1, channels) with expand_dims.

    Raises:
        ConfigurationError: a step longer than the frame, an fft_length shorter than it, an unknown mode.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.STFTSpectrogram(frame_length=8, frame_step=4)(np.ones((1, 20, 1))).shape
    (1, 4, 5)
    """

    def __init__(
        self,
        mode: str = "log",
        frame_length: int = 256,
        frame_step: int | None = None,
        fft_length: int | None = None,
        window: Any = "hann",
        periodic: bool = False,
        scaling: str | None = "density",
        padding: str = "valid",
        expand_dims: bool = False,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.mode = choice(self, "mode", mode, _MODES)
        self.frame_length = whole_number(self, "frame_length", frame_length, 2)
        self.frame_step = None if frame_step is None else whole_number(self, "frame_step", frame_step)
        if self.frame_step is not None and self.frame_step > self.frame_length:
            raise ConfigurationError(
                f"STFTSpectrogram: frame_step ({frame_step}) must not exceed frame_length ({self.frame_length})"
            )
        self.fft_length = None if fft_length is None else whole_number(self, "fft_length", fft_length)
        if self.fft_length is not None and self.fft_length < self.frame_length:
            raise ConfigurationError(
                f"STFTSpectrogram: fft_length ({fft_length}) must not be less than frame_length ({self.frame_length})"
            )
        # The initializer knows which windows and scalings there are.
        initializers.STFT("real", window, scaling, periodic)
        self.window = window
        self.periodic = periodic
        self.scaling = scaling
        self.padding = choice(self, "padding", padding, ("valid", "same"))
        self.expand_dims = expand_dims
        self.data_format = checked_data_format(self, data_format)
        self._input_spec = InputSpec(ndim=3)
        self.__dict__["_step"] = self.frame_step or self.frame_length // 2
        self.__dict__["_size"] = self.fft_length or 2 ** math.ceil(math.log2(self.frame_length))

    def build(self, input_shape: Any) -> None:
        """Make the kernels."""
        shape = (self.frame_length, 1, self._size // 2 + 1)
        for side in ("real", "imag"):
            if self.mode != ("imag" if side == "real" else "real"):
                start = initializers.STFT(side, self.window, self.scaling, self.periodic)
                setattr(self, f"{side}_kernel", self.add_weight(shape=shape, initializer=start, name=f"{side}_kernel"))

    def call(self, inputs: Any) -> Any:
        """Return the spectrogram."""
        values = inputs if self.data_format == "channels_last" else ops.transpose(inputs, (0, 2, 1))
        real = self._transformed(values, self.real_kernel) if self.mode != "imag" else None
        imaginary = self._transformed(values, self.imag_kernel) if self.mode != "real" else None
        if real is None or imaginary is None:
            return self._arranged(imaginary if real is None else real)
        if self.mode == "angle":
            return self._arranged(ops.arctan2(imaginary, real))
        if self.mode == "stft":
            return self._arranged(ops.concatenate([real, imaginary], axis=2))
        power = ops.square(real) + ops.square(imaginary)
        if self.mode == "psd":
            # Frequencies between the first and the last stand for their negatives too.
            return self._arranged(power + ops.pad(power[:, :, 1:-1], ((0, 0), (0, 0), (1, 1), (0, 0))))
        magnitude = self._arranged(ops.sqrt(ops.maximum(power, _LEAST)))
        return magnitude if self.mode == "magnitude" else ops.log(ops.maximum(magnitude, _LEAST))

    def _transformed(self, values: Any, kernel: Any) -> Any:
        """Return frames times a kernel, (batch, channels, frequencies, frames)."""
        _, time, channels = values.shape
        alone = ops.reshape(ops.transpose(values, (0, 2, 1)), (-1, time, 1))
        made = ops.conv(alone, ops.cast(kernel, values.dtype), strides=self._step, padding=self.padding,
                        data_format="channels_last")  # fmt: skip
        return ops.reshape(ops.transpose(made, (0, 2, 1)), (-1, channels, made.shape[2], made.shape[1]))

    def _arranged(self, made: Any) -> Any:
        last = self.data_format == "channels_last"
        if self.expand_dims:
            return ops.transpose(made, (0, 3, 2, 1) if last else (0, 1, 3, 2))
        joined = ops.reshape(made, (-1, made.shape[1] * made.shape[2], made.shape[3]))
        return ops.transpose(joined, (0, 2, 1)) if last else joined

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with frames and frequencies."""
        last = self.data_format == "channels_last"
        batch, time, channels = input_shape if last else (input_shape[0], input_shape[2], input_shape[1])
        frames = None
        if time is not None:
            frames = -(-time // self._step) if self.padding == "same" else (time - self.frame_length) // self._step + 1
        count = (self._size // 2 + 1) * (2 if self.mode == "stft" else 1)
        if self.expand_dims:
            return (batch, frames, count, channels) if last else (batch, channels, frames, count)
        return (batch, frames, count * channels) if last else (batch, count * channels, frames)


@register("layer")
class MelSpectrogram(Layer):
    """The strength of bands of frequencies over time, bands as wide as ears tell tones apart.

    Formula: y = 10 log10(max(|STFT(x)|^p M, min_power) / ref_power), M triangles spaced evenly on the mel scale
    1127 log(1 + f / 700), and what is more than top_db below the largest value raised to that.

    Args:
        fft_length: int, default 2048; size of a Fourier transform.
        sequence_stride: int, default 512; samples between frames.
        sequence_length: int, default fft_length; samples in a frame.
        window: "hann" (default), "hamming", an array, or None.
        sampling_rate: int, default 16000; samples in a second.
        num_mel_bins: int, default 128; number of bands.
        min_freq: float, default 20; where the lowest band begins, in hertz.
        max_freq: float, default half of sampling_rate; where the highest ends.
        power_to_db: bool, default True; whether decibels are returned.
        top_db: float, default 80.
        mag_exp: float, default 2; p above.
        min_power: float, default 1e-10.
        ref_power: float, default 1; what 0 decibels are.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: (batch, time) or (time,) -> (batch, num_mel_bins, frames) or (num_mel_bins, frames).

    Raises:
        ConfigurationError: sequence_length exceeds fft_length.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.MelSpectrogram(fft_length=64, sequence_stride=32, num_mel_bins=8)(np.ones((1, 160))).shape
    (1, 8, 6)
    """

    def __init__(
        self,
        fft_length: int = 2048,
        sequence_stride: int = 512,
        sequence_length: int | None = None,
        window: Any = "hann",
        sampling_rate: int = 16000,
        num_mel_bins: int = 128,
        min_freq: float = 20.0,
        max_freq: float | None = None,
        power_to_db: bool = True,
        top_db: float = 80.0,
        mag_exp: float = 2.0,
        min_power: float = 1e-10,
        ref_power: float = 1.0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.fft_length = whole_number(self, "fft_length", fft_length)
        self.sequence_stride = whole_number(self, "sequence_stride", sequence_stride)
        self.sequence_length = whole_number(self, "sequence_length", sequence_length or fft_length)
        if self.sequence_length > self.fft_length:
            raise ConfigurationError(
                f"MelSpectrogram: sequence_length ({sequence_length}) must not exceed fft_length ({fft_length})"
            )
        self.window = window
        self.sampling_rate = sampling_rate
        self.num_mel_bins = whole_number(self, "num_mel_bins", num_mel_bins)
        self.min_freq = min_freq
        self.max_freq = max_freq or int(sampling_rate / 2)
        self.power_to_db = power_to_db
        self.top_db = top_db
        self.mag_exp = mag_exp
        self.min_power = min_power
        self.ref_power = ref_power

    def call(self, inputs: Any) -> Any:
        """Return the spectrogram."""
        values = inputs if inputs.dtype in ("float32", "float64") else ops.cast(inputs, "float32")
        real, imaginary = ops.stft(values, self.sequence_length, self.sequence_stride, self.fft_length, self.window, True)
        strength = ops.power(ops.sqrt(ops.square(real) + ops.square(imaginary)), self.mag_exp)
        bands = ops.matmul(strength, ops.cast(ops.convert_to_tensor(self.band_weights()), values.dtype))
        if self.power_to_db:
            reference = 10.0 * math.log10(max(abs(self.ref_power), self.min_power))
            bands = 10.0 * ops.log10(ops.maximum(bands, self.min_power)) - reference
            bands = ops.maximum(bands, ops.max(bands) - self.top_db)
        made = ops.swapaxes(bands, -1, -2)
        return made if made.dtype == self.compute_dtype else ops.cast(made, self.compute_dtype)

    def band_weights(self) -> np.ndarray:
        """Return how much each frequency counts in each band, (frequencies, bands).

        It is computed in the layer's own type: where bands are narrow, the rounding of float32 shows in decibels.
        """
        kind: Any = np.float64 if self.compute_dtype == "float64" else np.float32
        frequencies = np.linspace(0.0, self.sampling_rate / 2.0, self.fft_length // 2 + 1, dtype=kind)[1:]
        places = _mel(frequencies)[:, None]
        ends = _mel(np.asarray([self.min_freq, self.max_freq], kind))
        edges = np.linspace(ends[0], ends[1], self.num_mel_bins + 2, dtype=kind)
        low, middle, high = edges[:-2], edges[1:-1], edges[2:]
        weights = np.maximum(0.0, np.minimum((places - low) / (middle - low), (high - places) / (high - middle)))
        # The constant part of a signal belongs to no band.
        return np.pad(weights, ((1, 0), (0, 0)))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape with bands and frames."""
        *batch, time = input_shape
        frames = None if time is None else time // self.sequence_stride + 1
        return (*batch, self.num_mel_bins, frames)


def _mel(hertz: Any) -> Any:
    return _MEL_PER_LOG * np.log(1.0 + hertz / _BREAK_HERTZ)
