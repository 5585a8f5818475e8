"""A training loop written by hand in JAX, one compiled step."""

from __future__ import annotations

import itertools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.measure import best_of
from benchmarks.works import TRAINING, Training


def _start(work: Training) -> tuple[list[Any], list[Any]]:
    rng = np.random.default_rng(0)
    sizes = (work.inputs, *work.units)
    weights = []
    for a, b in itertools.pairwise(sizes):
        weights += [jnp.asarray(rng.normal(0, (2 / a) ** 0.5, (a, b)), jnp.float32), jnp.zeros(b, jnp.float32)]
    return weights, [jnp.zeros_like(weight) for weight in weights]


def _forward(work: Training, weights: list[Any], x: Any, key: Any = None) -> Any:
    layers = len(work.units)
    for place in range(layers):
        x = x @ weights[2 * place] + weights[2 * place + 1]
        if place < layers - 1:
            x = jax.nn.relu(x)
            if work.dropout and key is not None:
                key, use = jax.random.split(key)
                keep = jax.random.bernoulli(use, 1 - work.dropout, x.shape)
                x = jnp.where(keep, x / (1 - work.dropout), 0.0)
    return x


def _step(work: Training) -> Any:
    def loss(weights: list[Any], x: Any, y: Any, key: Any) -> Any:
        out = _forward(work, weights, x, key)
        if work.loss == "mse":
            return jnp.mean((out - y) ** 2)
        return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(out), axis=1))

    @jax.jit
    def step(weights: list[Any], squares: list[Any], x: Any, y: Any, key: Any) -> tuple[list[Any], list[Any], Any, Any]:
        key, use = jax.random.split(key)
        value, gradients = jax.value_and_grad(loss)(weights, x, y, use)
        squares = [0.9 * s + 0.1 * g * g for s, g in zip(squares, gradients, strict=True)]
        weights = [w - 0.001 * g / (jnp.sqrt(s) + 1e-7) for w, g, s in zip(weights, gradients, squares, strict=True)]
        return weights, squares, key, value

    return step


def train(work: Training) -> float:
    """Seconds per step."""
    x, y = work.data()
    batches = [(jnp.asarray(x[i:i + work.batch]), jnp.asarray(y[i:i + work.batch])) for i in range(0, len(x), work.batch)]
    weights, squares = _start(work)
    step, key = _step(work), jax.random.PRNGKey(0)
    steps = min(work.steps, 400)

    def run() -> None:
        w, s, k = weights, squares, key
        for number in range(steps):
            w, s, k, _ = step(w, s, *batches[number % len(batches)], k)
        jax.block_until_ready(w)

    run()
    return best_of(run) / steps


def one_row() -> float:
    """Seconds of a forward pass with one row."""
    work = TRAINING["mlp_small"]
    weights, _ = _start(work)
    forward = jax.jit(lambda w, x: _forward(work, w, x))
    row = np.zeros((1, work.inputs), np.float32)

    def calls() -> None:
        for _ in range(300):
            np.asarray(forward(weights, row))

    calls()
    return best_of(calls) / 300


def first_step() -> None:
    """One training step."""
    work = TRAINING["mlp_small"]
    x, y = work.data()
    weights, squares = _start(work)
    jax.block_until_ready(_step(work)(weights, squares, x[:work.batch], y[:work.batch], jax.random.PRNGKey(0)))
