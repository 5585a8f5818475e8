"""A training loop written by hand in PyTorch; images are channels first, as its users write them."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from benchmarks import networks as parts
from benchmarks.measure import per_step
from benchmarks.works import TRAINING, Training


class _Mean(nn.Module):
    def __init__(self, axes: tuple[int, ...]) -> None:
        super().__init__()
        self.axes = axes

    def forward(self, x: Any) -> Any:
        return x.mean(self.axes)


class _Recurrent(nn.Module):
    def __init__(self, part: parts.Recurrent, features: int) -> None:
        super().__init__()
        self.layer = {"lstm": nn.LSTM, "gru": nn.GRU}[part.kind](features, part.units, batch_first=True)
        self.sequences = part.sequences

    def forward(self, x: Any) -> Any:
        out, _ = self.layer(x)
        return out if self.sequences else out[:, -1]


class _Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first, self.second = (nn.Conv2d(channels, channels, 3, padding=1, bias=False) for _ in range(2))
        self.norms = nn.ModuleList([nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)])

    def forward(self, x: Any) -> Any:
        y = torch.relu(self.norms[0](self.first(x)))
        return torch.relu(x + self.norms[1](self.second(y)))


class _Transformer(nn.Module):
    def __init__(self, part: parts.Transformer, width: int) -> None:
        super().__init__()
        self.heads = part.heads
        self.project, self.back = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.dense = nn.Sequential(nn.Linear(width, part.hidden), nn.ReLU(), nn.Linear(part.hidden, width))

    def forward(self, x: Any) -> Any:
        batch, length, width = x.shape
        q, k, v = self.project(x).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        y = nn.functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, length, width)
        x = self.norms[0](x + self.back(y))
        return self.norms[1](x + self.dense(x))


def _module(part: parts.Part, shape: parts.Shape) -> list[Any]:
    match part:
        case parts.Dense(units, activation):
            return [nn.Linear(shape[-1], units), *([nn.ReLU()] if activation == "relu" else [])]
        case parts.Dropout(rate):
            return [nn.Dropout(rate)]
        case parts.Convolution(filters, size, activation):
            return [nn.Conv2d(shape[-1], filters, size), *([nn.ReLU()] if activation == "relu" else [])]
        case parts.MaxPool():
            return [nn.MaxPool2d(2)]
        case parts.Flatten():
            return [nn.Flatten()]
        case parts.GlobalAverage():
            return [_Mean((1,) if len(shape) == 2 else (2, 3))]
        case parts.Embedding(words, width):
            return [nn.Embedding(words, width)]
        case parts.Recurrent():
            return [_Recurrent(part, shape[-1])]
        case parts.Residual():
            return [_Residual(shape[-1])]
        case parts.Transformer():
            return [_Transformer(part, shape[-1])]
    raise TypeError(f"no module for {part!r}")


def _model(work: Training) -> Any:
    modules, shape = [], work.shape
    for part in work.network:
        modules += _module(part, shape)
        shape = part.output(shape)
    return nn.Sequential(*modules)


def _trainer(work: Training) -> Any:
    model = _model(work)
    weights = model.parameters()
    optimizer: Any = {
        "rmsprop": lambda: torch.optim.RMSprop(weights, lr=0.001, alpha=0.9, eps=1e-7),
        "adam": lambda: torch.optim.Adam(weights, lr=0.001, eps=1e-7),
        "sgd": lambda: torch.optim.SGD(weights, lr=0.01, momentum=0.9, nesterov=True),
    }[work.optimizer]()
    loss = {"mse": nn.MSELoss, "binary_crossentropy": nn.BCEWithLogitsLoss, "categorical_crossentropy": nn.CrossEntropyLoss}[
        work.loss]()

    def step(x: Any, y: Any) -> None:
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

    return step


def _batches(work: Training) -> list[tuple[Any, Any]]:
    x, y = (torch.from_numpy(array) for array in work.data())
    if x.ndim == 4:
        x = x.permute(0, 3, 1, 2).contiguous()
    return [(x[i:i + work.batch], y[i:i + work.batch]) for i in range(0, len(x), work.batch)]


def train(work: Training) -> float:
    """Seconds per step."""
    batches = _batches(work)
    step = _trainer(work)

    def run(count: int) -> None:
        for number in range(count):
            step(*batches[number % len(batches)])

    return per_step(run, work.steps)


def _forward(rows: int, batch: int, most: int) -> float:
    work = TRAINING["mlp_small"]
    model = _model(work).eval()
    x = torch.zeros(rows, *work.shape)

    def calls(count: int) -> None:
        with torch.no_grad():
            for _ in range(count):
                torch.cat([model(x[i:i + batch]) for i in range(0, rows, batch)]).numpy() if rows > batch else model(x).numpy()

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
    _trainer(work)(*_batches(work)[0])


def convolution(shape: Any) -> list[float]:
    """Seconds of the forward pass, the gradient of the input and the gradient of the kernel."""
    x, kernel, weight = shape.arrays()
    rank = x.ndim - 2
    first = (0, rank + 1, *range(1, rank + 1))
    data, out = (torch.from_numpy(array).permute(first).contiguous() for array in (x, weight))
    filters = torch.from_numpy(kernel)
    if shape.depthwise:
        filters = filters.permute(rank, rank + 1, *range(rank))
    else:
        filters = filters.permute(rank + 1, rank, *range(rank))
    filters = filters.contiguous()
    size, strides = kernel.shape[0], [shape.strides] * rank
    groups = x.shape[-1] if shape.depthwise else 1
    # "same" with a stride pads by unlike amounts in Keras; half the kernel on both sides costs the same.
    padding = [size // 2] * rank if shape.padding == "same" else [0] * rank

    def forward(count: int) -> None:
        with torch.no_grad():
            for _ in range(count):
                torch.convolution(data, filters, None, strides, padding, [1] * rank, False, [0] * rank, groups)

    def backward(mask: list[bool]) -> Any:
        def run(count: int) -> None:
            for _ in range(count):
                torch.ops.aten.convolution_backward(
                    out, data, filters, None, strides, padding, [1] * rank, False, [0] * rank, groups, mask)
        return run

    return [per_step(run, 200) for run in (forward, backward([True, False, False]), backward([False, True, False]))]
