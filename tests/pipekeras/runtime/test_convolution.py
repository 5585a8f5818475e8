"""Convolutions and their gradients against sums written out in NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from pipekeras.runtime.executor import Program
from pipekeras.runtime.kernels.convolution import (
    forward_commands,
    forward_scratch,
    input_gradient_commands,
    input_gradient_scratch,
    weight_gradient_commands,
    weight_gradient_scratch,
)
from pipekeras.runtime.kernels.elementwise import Operand, Step
from pipekeras.runtime.kernels.geometry import Geometry
from pipekeras.runtime.kernels.matmul import Epilogue

GEOMETRIES = {
    "3x3": Geometry.of(3, (9, 11), 5, 20, (3, 3)),
    "same 5x5": Geometry.of(2, (8, 13), 4, 33, (5, 5), padding=[(2, 2), (2, 2)]),
    "strided": Geometry.of(2, (13, 12), 3, 16, (3, 3), (2, 2), padding=[(1, 1), (0, 1)]),
    "stride beyond the window": Geometry.of(2, (10, 11), 3, 4, (2, 2), (3, 3)),
    "dilated": Geometry.of(2, (12, 12), 4, 8, (3, 2), dilation=(2, 3), padding=[(2, 2), (1, 2)]),
    "strided and dilated": Geometry.of(1, (15, 16), 2, 3, (3, 4), (2, 4), (3, 2), padding=[(2, 3), (1, 0)]),
    "groups": Geometry.of(2, (7, 8), 6, 9, (3, 3), (2, 1), padding=[(1, 1), (1, 1)], groups=3),
    "1x1": Geometry.of(3, (6, 5), 7, 40, (1, 1)),
    "1x1 strided": Geometry.of(3, (6, 5), 7, 10, (1, 1), (2, 2)),
    "one dimension, causal": Geometry.of(4, (30,), 6, 18, (5,), dilation=(2,), padding=[(8, 0)]),
    "three dimensions": Geometry.of(2, (5, 6, 7), 3, 17, (2, 3, 3), (1, 2, 2), padding=[(1, 0), (1, 1), (1, 1)]),
    "2 x 2 tiles": Geometry.of(3, (9, 12), 32, 48, (3, 3)),
    "2 x 2 tiles, same": Geometry.of(2, (7, 8), 64, 32, (3, 3), padding=[(1, 1), (1, 1)]),
    "2 x 2 tiles, full and lopsided": Geometry.of(2, (6, 5), 32, 64, (3, 3), padding=[(2, 2), (0, 2)]),
    "2 x 2 tiles, 5x5": Geometry.of(2, (9, 10), 32, 48, (5, 5), padding=[(2, 2), (2, 2)]),
    "2 x 2 tiles, 3x5": Geometry.of(2, (6, 9), 32, 32, (3, 5)),
    "2 x 2 tiles, three dimensions": Geometry.of(2, (4, 5, 6), 32, 32, (3, 3, 3), padding=[(1, 1), (1, 1), (0, 1)]),
    "2 x 2 tiles, 7x7 wide border": Geometry.of(1, (8, 7), 32, 32, (7, 7), padding=[(7, 6), (3, 3)]),
    "full border": Geometry.of(1, (4, 4), 2, 3, (3, 3), padding=[(2, 2), (2, 2)]),
}


class Reference:
    """The convolution as a sum over taps, with its two gradients."""

    def __init__(self, g: Geometry, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.g = g
        self.x = rng.standard_normal((g.batch, *g.size, g.channels))
        self.weights = rng.standard_normal((*g.window, g.channels // g.groups, g.filters))
        self.gradient = rng.standard_normal((g.batch, *g.output, g.filters))
        self.y = np.zeros(self.gradient.shape)
        padded = np.pad(self.x, [(0, 0), *g.padding, (0, 0)])
        back = np.zeros_like(padded)
        self.weight_gradient = np.zeros_like(self.weights)
        inner, outer = g.channels // g.groups, g.filters // g.groups
        for tap in np.ndindex(*g.window):
            window = tuple(
                slice(place * step, place * step + stride * (count - 1) + 1, stride)
                for place, step, stride, count in zip(tap, g.dilation, g.strides, g.output, strict=True)
            )
            for group in range(g.groups):
                channels, filters = slice(group * inner, (group + 1) * inner), slice(group * outer, (group + 1) * outer)
                piece = padded[(slice(None), *window, channels)]
                self.y[..., filters] += piece @ self.weights[(*tap, slice(None), filters)]
                back[(slice(None), *window, channels)] += (
                    self.gradient[..., filters] @ self.weights[(*tap, slice(None), filters)].T
                )
                flat = self.gradient[..., filters].reshape(-1, outer)
                self.weight_gradient[(*tap, slice(None), filters)] = piece.reshape(-1, inner).T @ flat
        inside = tuple(slice(low, low + size) for (low, _), size in zip(g.padding, g.size, strict=True))
        self.input_gradient = back[(slice(None), *inside)]


def strides(g: Geometry) -> tuple[int, ...]:
    """Of a dense tensor like the output: image, depth, row, pixel, column."""
    depth, height, width = g.output
    return (depth * height * width * g.filters, height * width * g.filters, width * g.filters, g.filters, 1)


def scratch(size: int) -> np.ndarray:
    return np.full(size // 8 + 1, np.nan)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", GEOMETRIES)
def test_forward_and_both_gradients(name: str, dtype: str) -> None:
    g = GEOMETRIES[name]
    reference = Reference(g, 0)
    x, weights, gradient = (array.astype(dtype) for array in (reference.x, reference.weights, reference.gradient))
    tolerance = {"rtol": 1e-4, "atol": 1e-4} if dtype == "float32" else {"rtol": 1e-11, "atol": 1e-11}
    y, back, weight_gradient = (np.full(array.shape, np.nan, dtype) for array in (gradient, x, weights))
    Program(forward_commands(g, x, weights, y, dtype, scratch=scratch(forward_scratch(g, dtype)))).run()
    np.testing.assert_allclose(y, reference.y, **tolerance)
    Program(input_gradient_commands(g, gradient, weights, back, dtype, scratch(input_gradient_scratch(g, dtype)))).run()
    np.testing.assert_allclose(back, reference.input_gradient, **tolerance)
    commands = weight_gradient_commands(g, x, gradient, weight_gradient, dtype, scratch(weight_gradient_scratch(g, dtype)))
    Program(commands).run()
    np.testing.assert_allclose(weight_gradient, reference.weight_gradient, **tolerance)


@pytest.mark.parametrize("name", ["same 5x5", "groups", "1x1", "2 x 2 tiles, same"])
def test_bias_activation_and_residual_in_the_epilogue(name: str) -> None:
    g = GEOMETRIES[name]
    reference = Reference(g, 1)
    rng = np.random.default_rng(2)
    bias, residual = (
        rng.standard_normal(g.filters).astype(np.float32),
        rng.standard_normal(reference.y.shape).astype(np.float32),
    )
    y = np.empty(reference.y.shape, np.float32)
    steps = (
        Step("bias", (0, 1), "float32", lambda e, v, w: v + w),
        Step("relu", (3,), "float32", lambda e, v: e.maximum(v, 0.0)),
        Step("residual", (4, 2), "float32", lambda e, v, w: v + w),
    )
    epilogue = Epilogue((Operand("float32"), Operand("float32")), steps, 5)
    x, weights = reference.x.astype(np.float32), reference.weights.astype(np.float32)
    extra = [(bias, (0, 0, 0, 0, 1)), (residual, strides(g))]
    space = scratch(forward_scratch(g, "float32"))
    Program(forward_commands(g, x, weights, y, "float32", epilogue=epilogue, extra=extra, scratch=space)).run()
    np.testing.assert_allclose(y, np.maximum(reference.y + bias, 0) + residual, rtol=1e-4, atol=1e-4)


THREADED = {
    "tap by tap": Geometry.of(5, (17, 19), 8, 40, (3, 3), padding=[(1, 1), (1, 1)]),
    "2 x 2 tiles": Geometry.of(9, (17, 15), 32, 64, (3, 3), padding=[(1, 1), (1, 1)]),
    "strided": Geometry.of(4, (17, 19), 24, 32, (3, 3), (2, 2), padding=[(1, 1), (1, 1)]),
    "1x1": Geometry.of(8, (12, 12), 32, 48, (1, 1)),
    "groups": Geometry.of(6, (14, 14), 16, 32, (3, 3), padding=[(1, 1), (1, 1)], groups=4),
}


@pytest.mark.parametrize("name", THREADED)
def test_threads_change_no_bit(name: str) -> None:
    g = THREADED[name]
    reference = Reference(g, 3)
    x, weights, gradient = (array.astype(np.float32) for array in (reference.x, reference.weights, reference.gradient))
    results = []
    for threads in (1, 2, 3):
        y, back, weight_gradient = np.empty_like(gradient), np.empty_like(x), np.empty_like(weights)
        commands = [
            *forward_commands(g, x, weights, y, "float32", scratch=scratch(forward_scratch(g, "float32"))),
            *input_gradient_commands(g, gradient, weights, back, "float32", scratch(input_gradient_scratch(g, "float32"))),
            *weight_gradient_commands(
                g, x, gradient, weight_gradient, "float32", scratch(weight_gradient_scratch(g, "float32"))
            ),
        ]
        for command in commands:
            command.threads = threads
        Program(commands, threads=threads).run()
        results.append((y, back, weight_gradient))
        wanted = (reference.y, reference.input_gradient, reference.weight_gradient)
        for found, expected in zip(results[-1], wanted, strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)
    for other in results[1:]:
        for first, second in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(first, second)
