"""The works that are timed: data, network and how many steps one measurement takes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.networks import (
    Convolution,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAverage,
    MaxPool,
    Part,
    Recurrent,
    Residual,
    Transformer,
)


@dataclass(frozen=True)
class Training:
    """Training steps of a network.

    Args:
        title: what the table says.
        shape: of a sample; word numbers if the network begins with an embedding.
        network: its parts; the last one is dense and linear, the loss knows what follows it.
        batch: samples of a step.
        steps: most steps of one measurement.
        loss: "categorical_crossentropy" (softmax output), "binary_crossentropy" (sigmoid output) or "mse" (linear output).
        optimizer: "rmsprop", "adam" or "sgd" (momentum 0.9, Nesterov).
        ratio: most that ours may take, as a share of the best peer.
        limit: seconds that ours may take whatever the peers need, or None.
        rows: samples in all; None for as many as the steps need, at most a hundred batches and at least three.
    """

    title: str
    shape: tuple[int, ...]
    network: tuple[Part, ...]
    batch: int
    steps: int = 400
    loss: str = "categorical_crossentropy"
    optimizer: str = "rmsprop"
    ratio: float = 1.0
    limit: float | None = None
    rows: int | None = None

    @property
    def classes(self) -> int:
        """Units of the output."""
        last = self.network[-1]
        assert isinstance(last, Dense)
        return last.units

    @property
    def words(self) -> int | None:
        """Size of the vocabulary, or None where samples are numbers."""
        first = self.network[0]
        return first.words if isinstance(first, Embedding) else None

    @property
    def flops(self) -> int:
        """Multiplications and additions of one step: forward, and twice that backward; no gradient of the data."""
        shape, products = self.shape, []
        for part in self.network:
            products.append(part.flops(shape))
            shape = part.output(shape)
        first = next(index for index, one in enumerate(products) if one)
        spared = 0 if any(isinstance(part, Embedding) for part in self.network[:first]) else products[first]
        return self.batch * (3 * sum(products) - spared)

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """Samples and targets; an epoch is one pass over them."""
        rng = np.random.default_rng(1)
        # Heavy steps have short epochs, so that the slowest peer ends too.
        count = self.rows or self.batch * max(3, min(self.steps, 100, 30_000_000_000 // self.flops))
        if self.words:
            x = rng.integers(0, self.words, (count, *self.shape)).astype(np.int32)
        else:
            x = rng.standard_normal((count, *self.shape)).astype(np.float32)
        if self.loss == "mse":
            return x, x.reshape(count, -1).sum(axis=1, keepdims=True) * np.ones(self.classes, np.float32)
        if self.loss == "binary_crossentropy":
            return x, rng.integers(0, 2, (count, 1)).astype(np.float32)
        return x, np.eye(self.classes, dtype=np.float32)[rng.integers(0, self.classes, count)]


_MLP = (Dense(64, "relu"), Dense(64, "relu"), Dense(10))
TRAINING = {
    "mlp_small": Training("MLP 32-64-64-10, batch 32, rmsprop", (32,), _MLP, 32, 2000, ratio=0.25, limit=25e-6),
    "mlp_wide": Training(
        "MLP 784-512-512-10, dropout 0.2, batch 128, rmsprop", (784,),
        (Dense(512, "relu"), Dropout(0.2), Dense(512, "relu"), Dropout(0.2), Dense(10)), 128, 100, ratio=0.68, limit=2.5e-3),
    "lstm_stack": Training(
        "3 x LSTM 32 on 8 x 16, batch 64, rmsprop", (8, 16),
        (Recurrent("lstm", 32, True), Recurrent("lstm", 32, True), Recurrent("lstm", 32), Dense(10)), 64,
        ratio=0.26, limit=600e-6),
    "cnn": Training(
        "CNN 28x28: 32, 64, pool, dense 128, batch 128, adam", (28, 28, 1),
        (Convolution(32), Convolution(64), MaxPool(), Dropout(0.25), Flatten(), Dense(128, "relu"), Dropout(0.5), Dense(10)),
        128, optimizer="adam", ratio=0.69, limit=50e-3),
    "vgg": Training(
        "VGG-like 100x100x3, batch 32, SGD with Nesterov momentum", (100, 100, 3),
        (Convolution(32), Convolution(32), MaxPool(), Dropout(0.25), Convolution(64), Convolution(64), MaxPool(),
         Dropout(0.25), Flatten(), Dense(256, "relu"), Dropout(0.5), Dense(10)),
        32, optimizer="sgd", ratio=0.72, limit=170e-3),
    "text_lstm": Training(
        "Embedding 20000x128, LSTM 128, T 80, batch 32, adam", (80,),
        (Embedding(20000, 128), Recurrent("lstm", 128), Dense(1)), 32, loss="binary_crossentropy", optimizer="adam",
        ratio=0.55, limit=9e-3),
    "gru": Training(
        "GRU 64 on 80 x 32, batch 32, adam", (80, 32), (Recurrent("gru", 64), Dense(10)), 32, optimizer="adam"),
    "transformer": Training(
        "Transformer block: 4 heads, 64 wide, 128 long, batch 32, adam", (128, 64),
        (Transformer(4, 256), GlobalAverage(), Dense(10)), 32, optimizer="adam"),
    "resnet": Training(
        "ResNet block with batch normalisation, 32x32x32, batch 32, sgd", (32, 32, 32),
        (Residual(), GlobalAverage(), Dense(10)), 32, optimizer="sgd"),
    "text_bag": Training(
        "Embedding 20000x64, mean, dense 16, batch 128 x 200, adam", (200,),
        (Embedding(20000, 64), GlobalAverage(), Dense(16, "relu"), Dense(1)), 128, loss="binary_crossentropy",
        optimizer="adam"),
    "ten_points": Training(
        "10 points, batch 10, one epoch of 2000", (1,), (Dense(8, "relu"), Dense(1)), 10, 2000, loss="mse", ratio=0.1,
        limit=0.1 / 2000, rows=10),
}


@dataclass(frozen=True)
class Other:
    """A work that is not a training step."""

    title: str
    ratio: float = 1.0
    limit: float | None = None
    against: str | None = None


OTHER = {
    "one_row": Other("model(x) of one row, MLP 32-64-64-10", 0.7, 15e-6),
    "predict_row": Other("predict of one row, MLP 32-64-64-10 (ratio to Keras JAX)", 0.1, 100e-6, "Keras JAX"),
    "predict_many": Other("predict of 10,000 rows, MLP 32-64-64-10"),
    "tiny_nets": Other("a tiny net: build, compile, fit 10 epochs of 7 steps", 0.05, 10e-3),
    "first_step": Other("process start to first training step", 0.7, 1.0),
}
WORKS: dict[str, Training | Other] = {**TRAINING, **OTHER}

# How the time of a step grows: each of these doubles three times.
_GROWING = Training("", (64,), (Dense(64, "relu"), Dense(64, "relu"), Dense(10)), 32, 400)
GROWTH: dict[str, list[tuple[int, Training]]] = {
    "batch": [(batch, replace(_GROWING, batch=batch)) for batch in (32, 64, 128, 256)],
    "width": [(width, replace(_GROWING, network=(Dense(width, "relu"), Dense(width, "relu"), Dense(10))))
              for width in (64, 128, 256, 512)],
    "depth": [(depth, replace(_GROWING, network=(*[Dense(64, "relu")] * depth, Dense(10)))) for depth in (2, 4, 8, 16)],
}
