"""Pooling and depthwise convolution with their gradients against loops in NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from pipekeras.runtime.executor import Program
from pipekeras.runtime.kernels.elementwise import Operand, Step
from pipekeras.runtime.kernels.geometry import Geometry
from pipekeras.runtime.kernels.matmul import Epilogue
from pipekeras.runtime.kernels.window import (
    depthwise_commands,
    depthwise_input_gradient_commands,
    depthwise_scratch,
    depthwise_weight_gradient_commands,
    max_pool_gradient_commands,
    pool_commands,
    sum_pool_gradient_commands,
    window_scratch,
)

GEOMETRIES = {
    "2x2": Geometry.of(2, (8, 9), 5, 5, (2, 2), (2, 2)),
    "3x3 overlapping": Geometry.of(2, (9, 8), 20, 20, (3, 3), (2, 2), padding=[(1, 1), (0, 1)]),
    "same": Geometry.of(1, (6, 7), 70, 70, (3, 2), padding=[(1, 1), (0, 1)]),
    "one dimension": Geometry.of(3, (20,), 4, 4, (4,), (3,)),
    "three dimensions": Geometry.of(1, (4, 5, 6), 3, 3, (2, 2, 2), (2, 1, 2)),
    "dilated": Geometry.of(1, (12, 11), 6, 6, (3, 3), dilation=(2, 3)),
}


def windows(g: Geometry, x: np.ndarray, border: float) -> np.ndarray:
    """All windows: (batch, *output, taps, channels)."""
    padded = np.pad(x, [(0, 0), *g.padding, (0, 0)], constant_values=border)
    pieces = []
    for tap in np.ndindex(*g.window):
        place = tuple(
            slice(start * step, start * step + stride * (count - 1) + 1, stride)
            for start, step, stride, count in zip(tap, g.dilation, g.strides, g.output, strict=True)
        )
        pieces.append(padded[(slice(None), *place)])
    return np.stack(pieces, axis=-2)


def spread(g: Geometry, pieces: np.ndarray) -> np.ndarray:
    """The adjoint of `windows`."""
    back = np.zeros((g.batch, *g.padded, g.channels))
    for number, tap in enumerate(np.ndindex(*g.window)):
        place = tuple(
            slice(start * step, start * step + stride * (count - 1) + 1, stride)
            for start, step, stride, count in zip(tap, g.dilation, g.strides, g.output, strict=True)
        )
        back[(slice(None), *place)] += pieces[..., number, :]
    inside = tuple(slice(low, low + size) for (low, _), size in zip(g.padding, g.size, strict=True))
    return back[(slice(None), *inside)]


def sample(g: Geometry) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = np.maximum(rng.standard_normal((g.batch, *g.size, g.channels)), 0).astype(np.float32)
    gradient = rng.standard_normal((g.batch, *g.output, g.channels)).astype(np.float32)
    return x, gradient, np.full(max(window_scratch(g, "float32"), depthwise_scratch(g, "float32")) // 8 + 1, np.nan)


@pytest.mark.parametrize("name", GEOMETRIES)
def test_maximum(name: str) -> None:
    g = GEOMETRIES[name]
    x, gradient, scratch = sample(g)
    y, back, positions = np.empty_like(gradient), np.full_like(x, np.nan), np.empty(gradient.shape, np.int32)
    Program(pool_commands(g, "maximum", x, y, "float32", positions=positions, scratch=scratch)).run()
    seen = windows(g, x, -np.inf)
    np.testing.assert_array_equal(y, seen.max(-2))
    np.testing.assert_array_equal(positions, seen.argmax(-2))
    Program(max_pool_gradient_commands(g, gradient, positions, back, "float32")).run()
    chosen = np.arange(seen.shape[-2])[:, None] == seen.argmax(-2)[..., None, :]
    np.testing.assert_allclose(back, spread(g, chosen * gradient[..., None, :]), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", GEOMETRIES)
def test_sums(name: str) -> None:
    g = GEOMETRIES[name]
    x, gradient, scratch = sample(g)
    y, back = np.empty_like(gradient), np.full_like(x, np.nan)
    Program(pool_commands(g, "sum", x, y, "float32", scratch=scratch)).run()
    seen = windows(g, x, 0.0)
    np.testing.assert_allclose(y, seen.sum(-2), rtol=1e-5, atol=1e-5)
    Program(sum_pool_gradient_commands(g, gradient, back, "float32")).run()
    everywhere = np.broadcast_to(gradient[..., None, :], seen.shape)
    np.testing.assert_allclose(back, spread(g, everywhere), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", GEOMETRIES)
def test_depthwise_convolution(name: str) -> None:
    g = GEOMETRIES[name]
    x, gradient, scratch = sample(g)
    weights = np.random.default_rng(1).standard_normal((*g.window, 1, g.channels)).astype(np.float32)
    bias = np.arange(g.channels, dtype=np.float32)
    taps = weights.reshape(-1, g.channels)
    seen = windows(g, x, 0.0).astype(np.float64)
    y, back, weight_gradient = np.empty_like(gradient), np.full_like(x, np.nan), np.empty_like(weights)
    epilogue = Epilogue((Operand("float32"),), (Step("add", (0, 1), "float32", lambda e, v, w: v + w),), 2)
    extra = [(bias, (0, 0, 0, 0, 1))]
    commands = depthwise_commands(g, x, weights, y, "float32", epilogue=epilogue, extra=extra, scratch=scratch)
    Program(commands).run()
    np.testing.assert_allclose(y, (seen * taps).sum(-2) + bias, rtol=1e-4, atol=1e-4)
    Program(depthwise_input_gradient_commands(g, gradient, weights, back, "float32")).run()
    np.testing.assert_allclose(back, spread(g, gradient[..., None, :] * taps), rtol=1e-4, atol=1e-4)
    Program(depthwise_weight_gradient_commands(g, x, gradient, weight_gradient, "float32", scratch)).run()
    expected = (seen * gradient[..., None, :]).sum(axis=(0, 1, 2, 3)).reshape(weights.shape)
    np.testing.assert_allclose(weight_gradient, expected, rtol=1e-4, atol=1e-4)
