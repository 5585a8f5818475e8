"""A training loop written by hand in JAX, one compiled step."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.measure import per_step
from benchmarks.peers.jax_network import forward, start
from benchmarks.works import TRAINING, Training


def _update(name: str, weight: Any, slots: Any, gradient: Any, number: Any) -> tuple[Any, Any]:
    first, second = slots
    if name == "rmsprop":
        second = 0.9 * second + 0.1 * gradient * gradient
        return weight - 0.001 * gradient / (jnp.sqrt(second) + 1e-7), (first, second)
    if name == "sgd":
        first = 0.9 * first - 0.01 * gradient
        return weight + 0.9 * first - 0.01 * gradient, (first, second)
    first = 0.9 * first + 0.1 * gradient
    second = 0.999 * second + 0.001 * gradient * gradient
    rate = 0.001 * jnp.sqrt(1 - 0.999**number) / (1 - 0.9**number)
    return weight - rate * first / (jnp.sqrt(second) + 1e-7), (first, second)


def _step(work: Training) -> Any:
    def loss(weights: list[Any], x: Any, y: Any, key: Any) -> Any:
        out = forward(work, weights, x, key)
        if work.loss == "mse":
            return jnp.mean((out - y) ** 2)
        if work.loss == "binary_crossentropy":
            return jnp.mean(jnp.maximum(out, 0) - out * y + jnp.log1p(jnp.exp(-jnp.abs(out))))
        return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(out), axis=1))

    def step(state: Any, x: Any, y: Any) -> tuple[Any, Any]:
        weights, slots, key, number = state
        key, use = jax.random.split(key)
        value, gradients = jax.value_and_grad(loss)(weights, x, y, use)
        leaves, form = jax.tree.flatten(weights)
        pairs = [_update(work.optimizer, *one, number) for one in zip(leaves, slots, jax.tree.leaves(gradients), strict=True)]
        return (jax.tree.unflatten(form, [pair[0] for pair in pairs]), [pair[1] for pair in pairs], key, number + 1), value

    return jax.jit(step, donate_argnums=0)


def _state(work: Training) -> Any:
    weights = start(work)
    slots = [(jnp.zeros_like(leaf), jnp.zeros_like(leaf)) for leaf in jax.tree.leaves(weights)]
    return weights, slots, jax.random.PRNGKey(0), jnp.asarray(1.0)


def train(work: Training) -> float:
    """Seconds per step."""
    x, y = work.data()
    batches = [(jnp.asarray(x[i:i + work.batch]), jnp.asarray(y[i:i + work.batch])) for i in range(0, len(x), work.batch)]
    step = _step(work)
    held = [_state(work)]

    def run(count: int) -> None:
        state = held[0]
        for number in range(count):
            state, _ = step(state, *batches[number % len(batches)])
        jax.block_until_ready(state)
        held[0] = state

    return per_step(run, work.steps)


def _forward(rows: int, batch: int, most: int) -> float:
    work = TRAINING["mlp_small"]
    weights = start(work)
    function = jax.jit(lambda w, x: forward(work, w, x))
    x = np.zeros((rows, *work.shape), np.float32)
    groups = [x[i:i + batch] for i in range(0, rows, batch)]

    def calls(count: int) -> None:
        for _ in range(count):
            outs = [function(weights, group) for group in groups]
            np.concatenate(outs) if len(outs) > 1 else np.asarray(outs[0])

    return per_step(calls, most)


def one_row() -> float:
    """Seconds of a forward pass with one row."""
    return _forward(1, 1, 300)


def predict_many() -> float:
    """Seconds of forward passes over ten thousand rows, 32 at a time."""
    return _forward(10_000, 32, 10)


def first_step() -> None:
    """One training step."""
    work = TRAINING["mlp_small"]
    x, y = work.data()
    jax.block_until_ready(_step(work)(_state(work), x[:work.batch], y[:work.batch]))


def convolution(shape: Any) -> list[float]:
    """Seconds of the forward pass, the gradient of the input and the gradient of the kernel."""
    x, kernel, weight = (jnp.asarray(array) for array in shape.arrays())
    rank = x.ndim - 2
    letters = "DHW"[-rank:]
    data, filters = f"N{letters}C", f"{letters}IO"
    groups = x.shape[-1] if shape.depthwise else 1
    if shape.depthwise:
        kernel = jnp.swapaxes(kernel, -1, -2)

    def run(a: Any, b: Any) -> Any:
        return jax.lax.conv_general_dilated(a, b, (shape.strides,) * rank, shape.padding.upper(),
                                            dimension_numbers=(data, filters, data), feature_group_count=groups)

    of_input = jax.jit(lambda a, b, w: jax.vjp(lambda one: run(one, b), a)[1](w))
    of_kernel = jax.jit(lambda a, b, w: jax.vjp(lambda one: run(a, one), b)[1](w))
    compiled = jax.jit(run)
    calls = [lambda: compiled(x, kernel), lambda: of_input(x, kernel, weight), lambda: of_kernel(x, kernel, weight)]
    return [per_step(lambda count, call=call: [jax.block_until_ready(call()) for _ in range(count)], 200) for call in calls]
