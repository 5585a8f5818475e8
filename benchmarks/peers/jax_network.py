"""Networks in plain JAX: weights in lists, one function for the forward pass."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks import networks as parts
from benchmarks.works import Training


def start(work: Training) -> list[Any]:
    """A list of weights for each part."""
    rng = np.random.default_rng(0)

    def draw(*shape: int) -> Any:
        return jnp.asarray(rng.normal(0, (2 / np.prod(shape[:-1])) ** 0.5, shape), jnp.float32)

    weights, shape = [], work.shape
    for part in work.network:
        weights.append(_start(part, shape, draw))
        shape = part.output(shape)
    return weights


def _start(part: parts.Part, shape: parts.Shape, draw: Any) -> list[Any]:
    width = shape[-1]
    match part:
        case parts.Dense(units):
            return [draw(width, units), jnp.zeros(units)]
        case parts.Convolution(filters, size):
            return [draw(size, size, width, filters), jnp.zeros(filters)]
        case parts.Embedding(words, columns):
            return [draw(words, columns)]
        case parts.Recurrent(_, units):
            gates = part.gates * units
            return [draw(width, gates), draw(units, gates), jnp.zeros(gates), jnp.zeros(gates)]
        case parts.Residual():
            return [part for _ in range(2) for part in (draw(3, 3, width, width), jnp.ones(width), jnp.zeros(width))]
        case parts.Transformer(_, hidden):
            dense = [draw(width, hidden), jnp.zeros(hidden), draw(hidden, width), jnp.zeros(width)]
            norms = [part for _ in range(2) for part in (jnp.ones(width), jnp.zeros(width))]
            return [draw(width, 3 * width), jnp.zeros(3 * width), draw(width, width), jnp.zeros(width), *dense, *norms]
    return []


def forward(work: Training, weights: list[Any], x: Any, key: Any = None) -> Any:
    """The output, before softmax or sigmoid; dropout only with a key."""
    for part, own in zip(work.network, weights, strict=True):
        if isinstance(part, parts.Dropout):
            if key is not None:
                key, use = jax.random.split(key)
                x = jnp.where(jax.random.bernoulli(use, 1 - part.rate, x.shape), x / (1 - part.rate), 0.0)
        else:
            x = _apply(part, own, x)
    return x


def _convolve(x: Any, kernel: Any, padding: str) -> Any:
    return jax.lax.conv_general_dilated(x, kernel, (1, 1), padding, dimension_numbers=("NHWC", "HWIO", "NHWC"))


def _normalize(x: Any, axes: tuple[int, ...], gamma: Any, beta: Any) -> Any:
    mean, variance = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
    return (x - mean) * jax.lax.rsqrt(variance + 1e-3) * gamma + beta


def _lstm(own: list[Any], x: Any, units: int) -> Any:
    kernel, recurrent, bias, _ = own

    def step(state: Any, now: Any) -> Any:
        h, c = state
        i, f, g, o = jnp.split(now + h @ recurrent, 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    zero = jnp.zeros((x.shape[0], units))
    return jax.lax.scan(step, (zero, zero), jnp.swapaxes(x @ kernel + bias, 0, 1))[1]


def _gru(own: list[Any], x: Any, units: int) -> Any:
    kernel, recurrent, bias, inner = own

    def step(h: Any, now: Any) -> Any:
        z, r, n = jnp.split(now, 3, axis=-1)
        hz, hr, hn = jnp.split(h @ recurrent + inner, 3, axis=-1)
        z, r = jax.nn.sigmoid(z + hz), jax.nn.sigmoid(r + hr)
        h = z * h + (1 - z) * jnp.tanh(n + r * hn)
        return h, h

    return jax.lax.scan(step, jnp.zeros((x.shape[0], units)), jnp.swapaxes(x @ kernel + bias, 0, 1))[1]


def _attend(own: list[Any], x: Any, heads: int) -> Any:
    batch, length, width = x.shape
    project, shift, back, offset = own
    q, k, v = jnp.moveaxis((x @ project + shift).reshape(batch, length, 3, heads, -1), 2, 0)
    scores = jnp.einsum("bqhd,bkhd->bhqk", q, k) / (width // heads) ** 0.5
    return jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(scores), v).reshape(batch, length, width) @ back + offset


def _apply(part: parts.Part, own: list[Any], x: Any) -> Any:
    match part:
        case parts.Dense(_, activation):
            x = x @ own[0] + own[1]
            return jax.nn.relu(x) if activation == "relu" else x
        case parts.Convolution():
            return jax.nn.relu(_convolve(x, own[0], "VALID") + own[1])
        case parts.MaxPool():
            return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        case parts.Flatten():
            return x.reshape(x.shape[0], -1)
        case parts.GlobalAverage():
            return x.mean(tuple(range(1, x.ndim - 1)))
        case parts.Embedding():
            return own[0][x]
        case parts.Recurrent(kind, units, sequences):
            out = {"lstm": _lstm, "gru": _gru}[kind](own, x, units)
            return jnp.swapaxes(out, 0, 1) if sequences else out[-1]
        case parts.Residual():
            y = jax.nn.relu(_normalize(_convolve(x, own[0], "SAME"), (0, 1, 2), *own[1:3]))
            return jax.nn.relu(x + _normalize(_convolve(y, own[3], "SAME"), (0, 1, 2), *own[4:6]))
        case parts.Transformer(heads):
            x = _normalize(x + _attend(own[:4], x, heads), (-1,), *own[8:10])
            return _normalize(x + jax.nn.relu(x @ own[4] + own[5]) @ own[6] + own[7], (-1,), *own[10:12])
    raise TypeError(f"no function for {part!r}")
