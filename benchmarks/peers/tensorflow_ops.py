"""TensorFlow's own convolutions, one compiled function each."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from benchmarks.measure import per_step


def convolution(shape: Any) -> list[float]:
    """Seconds of the forward pass, the gradient of the input and the gradient of the kernel."""
    x, kernel, weight = (tf.constant(array) for array in shape.arrays())
    rank = len(x.shape) - 2
    strides = [1, *[shape.strides] * rank, 1]
    padding = shape.padding.upper()

    def run(a: Any, b: Any) -> Any:
        if shape.depthwise:
            return tf.nn.depthwise_conv2d(a, b, strides, padding)
        return tf.nn.convolution(a, b, shape.strides, padding)

    @tf.function
    def of_input(a: Any, b: Any, w: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(a)
            out = run(a, b)
        return tape.gradient(out, a, w)

    @tf.function
    def of_kernel(a: Any, b: Any, w: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(b)
            out = run(a, b)
        return tape.gradient(out, b, w)

    forward = tf.function(run)
    calls = [lambda: forward(x, kernel), lambda: of_input(x, kernel, weight), lambda: of_kernel(x, kernel, weight)]
    return [per_step(lambda count, call=call: [call().numpy() for _ in range(count)], 200) for call in calls]
