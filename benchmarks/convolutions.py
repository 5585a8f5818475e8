"""Single convolutions: forward, gradient of the input, gradient of the kernel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ConvolutionShape:
    """One convolution, channels last.

    Args:
        title: what the table says.
        data: batch, lengths, channels.
        filters: channels that come out; for a depthwise convolution, of each channel.
        size: of the kernel, in every direction.
        strides: in every direction.
        padding: "same" or "valid".
        depthwise: whether every channel has its own filter.
    """

    title: str
    data: tuple[int, ...]
    filters: int
    size: int
    strides: int = 1
    padding: str = "same"
    depthwise: bool = False

    @property
    def output(self) -> tuple[int, ...]:
        """Batch, lengths and channels of the result."""
        batch, *lengths, channels = self.data
        cut = 0 if self.padding == "same" else self.size - 1
        after = [-(-(length - cut) // self.strides) for length in lengths]
        return (batch, *after, channels * self.filters if self.depthwise else self.filters)

    @property
    def flops(self) -> int:
        """Multiplications and additions of the forward pass; each gradient takes as many."""
        inner = 1 if self.depthwise else self.data[-1]
        return 2 * int(np.prod(self.output)) * self.size ** (len(self.data) - 2) * inner

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Data, kernel, and the gradient of the result."""
        rng = np.random.default_rng(1)
        rank = len(self.data) - 2
        shapes = (self.data, (*[self.size] * rank, self.data[-1], self.filters), self.output)
        data, kernel, weight = (rng.standard_normal(shape).astype(np.float32) for shape in shapes)
        return data, kernel, weight


CONVOLUTIONS = {
    "conv_1x1": ConvolutionShape("1x1, 28x28, 64 to 64", (32, 28, 28, 64), 64, 1),
    "conv_3x3": ConvolutionShape("3x3, 28x28, 32 to 64", (32, 28, 28, 32), 64, 3),
    "conv_3x3_deep": ConvolutionShape("3x3, 14x14, 128 to 128", (32, 14, 14, 128), 128, 3),
    "conv_3x3_wide": ConvolutionShape("3x3, 100x100, 32 to 32", (8, 100, 100, 32), 32, 3),
    "conv_5x5": ConvolutionShape("5x5, 28x28, 32 to 32", (32, 28, 28, 32), 32, 5),
    "conv_strided": ConvolutionShape("3x3, stride 2, 56x56, 32 to 64", (32, 56, 56, 32), 64, 3, 2),
    "conv_depthwise": ConvolutionShape("depthwise 3x3, 56x56, 64", (32, 56, 56, 64), 1, 3, depthwise=True),
    "conv_1d": ConvolutionShape("1D, 5 wide, 256 long, 64 to 64", (32, 256, 64), 64, 5),
    "conv_3d": ConvolutionShape("3D, 3x3x3, 16x16x16, 32 to 32", (4, 16, 16, 16, 32), 32, 3),
}
