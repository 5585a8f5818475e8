"""Random graphs that can be computed four ways.

A *plan* is a list of steps over named sizes; one plan is drawn for every few seeds, sizes and numbers for each seed. So
compiled kernels come back while shapes, broadcasting and numbers go on changing.
"""

from __future__ import annotations

import importlib.util
import pathlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from pipekeras import ops

_spec = importlib.util.spec_from_file_location("random_layers", pathlib.Path(__file__).with_name("random_layers.py"))
assert _spec is not None and _spec.loader is not None
random_layers = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(random_layers)

Axes = tuple[str, ...]
"""Names of the sizes of a tensor: "a" and "b" vary, "1" is 1."""


class Step(NamedTuple):
    """One step of a plan: the function's name, the places of its operands, and an option."""

    name: str
    operands: tuple[int, ...]
    option: int


class Plan(NamedTuple):
    """Steps over four inputs, the axes of every value, and the type of the inputs."""

    steps: tuple[Step, ...]
    axes: tuple[Axes, ...]
    dtype: str


INPUTS: tuple[Axes, ...] = (("a", "b"), ("a", "b"), ("b",), ("a", "1"))
WEIGHTS: Axes = ("b", "b")
UNARY = ("tanh", "sin", "sigmoid", "smooth", "clipped", "cosine")
BINARY = ("add", "subtract", "multiply", "maximum", "chosen")
MATRIX = ("softmax", "matmul", "turned", "gram", "rows", "every_other", "flipped", "padded", "joined", "stacked", "running",
          "loop", "flat", "picked", "normal")  # fmt: skip
LAYERS = random_layers.NAMES
REDUCING = ("sum", "mean", "max")


class _Numbers:
    """NumPy's half: the functions that the plans use, written again."""

    tanh, sin, maximum, exp, where = np.tanh, np.sin, np.maximum, np.exp, np.where
    matmul, transpose, concatenate, flip, pad = np.matmul, np.transpose, np.concatenate, np.flip, np.pad

    @staticmethod
    def clip(x: Any, low: float, high: float) -> Any:
        return np.minimum(np.maximum(x, low), high)

    @staticmethod
    def sigmoid(x: Any) -> Any:
        return 1.0 / (1.0 + np.exp(-x))

    @staticmethod
    def cos(x: Any) -> Any:
        return np.cos(x)

    @staticmethod
    def softmax(x: Any) -> Any:
        powers = np.exp(x - x.max(-1, keepdims=True))
        return powers / powers.sum(-1, keepdims=True)

    @staticmethod
    def sum(x: Any, axis: Any, keepdims: bool = False) -> Any:
        return x.sum(axis, keepdims=keepdims)

    @staticmethod
    def mean(x: Any, axis: Any, keepdims: bool = False) -> Any:
        return x.mean(axis, keepdims=keepdims)

    @staticmethod
    def max(x: Any, axis: Any, keepdims: bool = False) -> Any:
        return x.max(axis, keepdims=keepdims)

    @staticmethod
    def reshape(x: Any, shape: Any) -> Any:
        return np.reshape(x, shape)

    @staticmethod
    def take(x: Any, indices: Any, axis: int) -> Any:
        return np.take(x, indices, axis)

    @staticmethod
    def cumsum(x: Any, axis: int) -> Any:
        return np.cumsum(x, axis)

    @staticmethod
    def rsqrt(x: Any) -> Any:
        return 1.0 / np.sqrt(x)

    @staticmethod
    def scan(function: Any, carry: Any, rows: Any) -> Any:
        found = []
        for row in rows:
            carry, made = function(carry, row)
            found.append(made)
        return carry, np.stack(found)


def apply(lib: Any, step: Step, values: Sequence[Any], weights: Any, index: Any) -> Any:
    """Return what a step computes with `ops` or with NumPy."""
    x = values[step.operands[0]]
    other = values[step.operands[-1]]
    axis = step.option % 2
    if step.name in LAYERS:
        deep = random_layers.InNumPy if lib is _Numbers else random_layers.WithOps
        return getattr(deep, step.name)(x, other, weights, index)
    functions: dict[str, Callable[[], Any]] = {
        "tanh": lambda: lib.tanh(x),
        "sin": lambda: lib.sin(x),
        "cosine": lambda: lib.cos(x) * 0.5,
        "sigmoid": lambda: lib.sigmoid(x),
        "smooth": lambda: lib.exp(-(x * x)) + 0.25 * x,
        "clipped": lambda: lib.clip(x, -1.25, 1.5),
        "add": lambda: x + other,
        "subtract": lambda: x - other,
        "multiply": lambda: x * other,
        "maximum": lambda: lib.maximum(x, other),
        "chosen": lambda: lib.where(values[1] > 0.1, x, other * 0.5),
        "softmax": lambda: lib.softmax(x),
        "matmul": lambda: lib.matmul(x, weights),
        "turned": lambda: lib.transpose(lib.tanh(lib.transpose(x)) * 0.5),
        "gram": lambda: lib.matmul(lib.matmul(x, lib.transpose(other)), x) * 0.1,
        "rows": lambda: lib.concatenate([x[1:], x[:1]], 0) * 0.75,
        "every_other": lambda: lib.concatenate([x[:, ::2], x[:, 1::2]], 1),
        "flipped": lambda: lib.flip(x, axis) - x,
        "padded": lambda: lib.pad(x, ((1, 0), (0, 2)))[: x.shape[0], 2:] * 1.5,
        "joined": lambda: lib.concatenate([x, other], 0)[x.shape[0] // 2 : x.shape[0] // 2 + x.shape[0]],
        "stacked": lambda: lib.sum(lib.reshape(lib.concatenate([x, other], 0), (2, *x.shape)), 0) * 0.5,
        "running": lambda: lib.cumsum(x, axis) * 0.2,
        "loop": lambda: lib.scan(lambda c, row: (lib.tanh(c + row), c * row), x[0], other)[1],
        "flat": lambda: lib.reshape(lib.sin(lib.reshape(x, (-1,))), x.shape),
        "picked": lambda: lib.take(x, index, 0),
        "normal": lambda: (x - lib.mean(x, -1, True)) * lib.rsqrt(lib.mean(x * x, -1, True) + 0.5),
        "sum": lambda: lib.sum(x, axis, True) * 0.25,
        "mean": lambda: lib.mean(x, axis, True),
        "max": lambda: lib.max(x, axis, True),
    }
    return functions[step.name]()


def draw_plan(number: int) -> Plan:
    """Return the plan of a number."""
    random = np.random.default_rng([number, 1])
    axes: list[Axes] = list(INPUTS)
    steps: list[Step] = []
    for _ in range(int(random.integers(5, 9))):
        kind = random.choice(4, p=[0.25, 0.3, 0.3, 0.15])
        place = int(random.integers(len(axes)))
        option = int(random.integers(6))
        full = [index for index, item in enumerate(axes) if item == ("a", "b")]
        if kind == 0:
            steps.append(Step(str(random.choice(UNARY)), (place,), option))
            axes.append(axes[place])
        elif kind == 1:
            # One operand is a whole matrix; the other may be broadcast.
            first = int(random.choice(full[-3:]))
            steps.append(Step(str(random.choice(BINARY)), (first, place), option))
            axes.append(("a", "b"))
        elif kind == 2:
            pair = (int(random.choice(full[-3:])), int(random.choice(full)))
            names = MATRIX if random.random() < 0.6 else LAYERS
            steps.append(Step(str(random.choice(names)), pair, option))
            axes.append(("a", "b"))
        else:
            steps.append(Step(str(random.choice(REDUCING)), (int(random.choice(full[-3:])),), option))
            axes.append(("1", "b") if option % 2 == 0 else ("a", "1"))
    return Plan(tuple(steps), tuple(axes), "float32" if number % 2 else "float64")


class Numbers(NamedTuple):
    """The arrays that one seed computes with; `index` picks rows."""

    arrays: list[np.ndarray]
    weights: np.ndarray
    index: np.ndarray


def draw_numbers(seed: int, dtype: str) -> Numbers:
    """Return the arrays of a seed."""
    random = np.random.default_rng([seed, 2])
    sizes = {"a": int(random.choice([2, 3, 5, 8, 19])), "b": int(random.choice([2, 4, 7, 16, 37])), "1": 1}

    def array(axes: Axes) -> np.ndarray:
        return random.normal(size=[sizes[axis] for axis in axes]).astype(dtype)

    weights = array(WEIGHTS) / dtype_of(dtype)(np.sqrt(sizes["b"]))
    return Numbers([array(axes) for axes in INPUTS], weights, random.integers(0, sizes["a"], sizes["a"]).astype(np.int32))


def dtype_of(name: str) -> Any:
    """Return NumPy's scalar of a type."""
    return np.dtype(name).type


def outputs_of(lib: Any, plan: Plan, values: Sequence[Any], weights: Any, index: Any) -> list[Any]:
    """Return the last three values of a plan."""
    found = list(values)
    for step in plan.steps:
        found.append(apply(lib, step, found, weights, index))
    return found[-3:]


def by_numpy(plan: Plan, numbers: Numbers) -> list[np.ndarray]:
    """Return the outputs in float64."""
    arrays = [array.astype(np.float64) for array in numbers.arrays]
    return outputs_of(_Numbers, plan, arrays, numbers.weights.astype(np.float64), numbers.index)


def loss_by_numpy(plan: Plan, numbers: Numbers, arrays: Sequence[np.ndarray]) -> float:
    """Return the sum of the sines of all outputs, in float64."""
    found = outputs_of(_Numbers, plan, arrays, numbers.weights.astype(np.float64), numbers.index)
    return float(sum(np.sin(item).sum() for item in found))


def loss(found: Sequence[Any]) -> Any:
    """Return the same of tensors."""
    total: Any = 0.0
    for item in found:
        total = total + ops.sum(ops.sin(item))
    return total
