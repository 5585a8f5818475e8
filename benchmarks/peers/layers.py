"""Keras, and us through the same calls: the network is built, compiled and fitted by one code."""

from __future__ import annotations

import importlib
import os
from typing import Any

import numpy as np

from benchmarks import networks as parts
from benchmarks.measure import per_step
from benchmarks.works import TRAINING, Training


def _library() -> Any:
    name = os.environ["BENCHMARK_LIBRARY"]
    for part in ("layers", "optimizers"):
        importlib.import_module(f"{name}.{part}")
    return importlib.import_module(name)


def _apply(layers: Any, part: parts.Part, x: Any) -> Any:
    match part:
        case parts.Dense(units, activation):
            return layers.Dense(units, activation=activation)(x)
        case parts.Dropout(rate):
            return layers.Dropout(rate)(x)
        case parts.Convolution(filters, size, activation):
            return layers.Conv2D(filters, size, activation=activation)(x)
        case parts.MaxPool():
            return layers.MaxPooling2D()(x)
        case parts.Flatten():
            return layers.Flatten()(x)
        case parts.GlobalAverage():
            return layers.GlobalAveragePooling1D()(x) if len(x.shape) == 3 else layers.GlobalAveragePooling2D()(x)
        case parts.Embedding(words, width):
            return layers.Embedding(words, width)(x)
        case parts.Recurrent(kind, units, sequences):
            return {"lstm": layers.LSTM, "gru": layers.GRU}[kind](units, return_sequences=sequences)(x)
        case parts.Residual():
            y = layers.Conv2D(x.shape[-1], 3, padding="same", use_bias=False)(x)
            y = layers.Activation("relu")(layers.BatchNormalization()(y))
            y = layers.BatchNormalization()(layers.Conv2D(x.shape[-1], 3, padding="same", use_bias=False)(y))
            return layers.Activation("relu")(layers.Add()([x, y]))
        case parts.Transformer(heads, hidden):
            width = x.shape[-1]
            y = layers.MultiHeadAttention(heads, width // heads)(x, x)
            x = layers.LayerNormalization()(layers.Add()([x, y]))
            y = layers.Dense(width)(layers.Dense(hidden, activation="relu")(x))
            return layers.LayerNormalization()(layers.Add()([x, y]))
    raise TypeError(f"no layer for {part!r}")


OUTPUT = {"categorical_crossentropy": "softmax", "binary_crossentropy": "sigmoid", "mse": "linear"}


def _model(work: Training) -> Any:
    library = _library()
    inputs = x = library.Input(work.shape, dtype="int32" if work.words else "float32")
    for part in (*work.network[:-1], parts.Dense(work.classes, OUTPUT[work.loss])):
        x = _apply(library.layers, part, x)
    model = library.Model(inputs, x)
    optimizer: Any = work.optimizer
    if optimizer == "sgd":
        optimizer = library.optimizers.SGD(0.01, momentum=0.9, nesterov=True)
    model.compile(optimizer=optimizer, loss=work.loss)
    return model


def train(work: Training) -> float:
    """Seconds per step of `fit`."""
    x, y = work.data()
    model = _model(work)
    steps = len(x) // work.batch
    return per_step(lambda epochs: model.fit(x, y, batch_size=work.batch, epochs=epochs, verbose=0), work.steps, steps)


def _warm(rows: int) -> tuple[Any, Any, np.ndarray]:
    work = TRAINING["mlp_small"]
    return _library(), _model(work), np.zeros((rows, *work.shape), np.float32)


def one_row() -> float:
    """Seconds of a call of a warmed model with one row, and its result as an array."""
    library, model, row = _warm(1)
    return per_step(lambda count: [library.ops.convert_to_numpy(model(row)) for _ in range(count)], 300)


def predict_row() -> float:
    """Seconds of `predict` with one row."""
    _, model, row = _warm(1)
    return per_step(lambda count: [model.predict(row, verbose=0) for _ in range(count)], 300)


def predict_many() -> float:
    """Seconds of `predict` with ten thousand rows."""
    _, model, rows = _warm(10_000)
    return per_step(lambda count: [model.predict(rows, verbose=0) for _ in range(count)], 10)


def tiny_nets() -> float:
    """Seconds to build, compile and fit a net of 3-5-1 for 10 epochs of 7 steps."""
    library = _library()
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((7, 3)).astype(np.float32), rng.standard_normal((7, 1)).astype(np.float32)

    def nets(count: int) -> None:
        for _ in range(count):
            hidden, out = library.layers.Dense(5, activation="tanh"), library.layers.Dense(1)
            model = library.Sequential([library.Input((3,)), hidden, out])
            model.compile(optimizer="sgd", loss="mse")
            model.fit(x, y, batch_size=1, epochs=10, verbose=0)

    return per_step(nets, 40)


def first_step() -> None:
    """One training step."""
    work = TRAINING["mlp_small"]
    x, y = work.data()
    _model(work).fit(x[:work.batch], y[:work.batch], batch_size=work.batch, epochs=1, verbose=0)


def convolution(shape: Any) -> list[float]:
    """Seconds of the forward pass and of both gradients; Keras' ops are timed through their own backend instead."""
    from pipekeras import ops
    from pipekeras.graph.gradient import gradient
    from pipekeras.graph.tensor import Tensor
    from pipekeras.graph.trace import trace
    from pipekeras.runtime.executable import Executable

    call = ops.depthwise_conv if shape.depthwise else ops.conv

    def forward(x: Tensor, kernel: Tensor) -> Tensor:
        return call(x, kernel, strides=shape.strides, padding=shape.padding)

    def of_input(x: Tensor, kernel: Tensor, weight: Tensor) -> Any:
        return gradient(forward(x, kernel), [x], weight)

    def of_kernel(x: Tensor, kernel: Tensor, weight: Tensor) -> Any:
        return gradient(forward(x, kernel), [kernel], weight)

    x, kernel, weight = shape.arrays()
    seconds = []
    for function, arrays in ((forward, (x, kernel)), (of_input, (x, kernel, weight)), (of_kernel, (x, kernel, weight))):
        graph, _ = trace(function, [Tensor.symbolic(array.shape, "float32") for array in arrays])
        program = Executable(graph)
        for place, array in zip(program.inputs, arrays, strict=True):
            place[...] = array
        seconds.append(per_step(program.run, 200))
    return seconds
