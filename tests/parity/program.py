"""What one case of the parity suite is: a model made twice, by real Keras and by pipekeras, and what both are asked to do."""

from __future__ import annotations

import functools
import random
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Make:
    """An object that each library makes of its own class: `Make("layers", "Dense", {"units": 3})`."""

    home: str
    name: str
    keywords: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(f'{key}={value!r}' for key, value in self.keywords.items())})"


def resolve(value: Any, library: Any) -> Any:
    """Return `value` with every `Make` in it replaced by an object of `library`."""
    if isinstance(value, Make):
        home = functools.reduce(getattr, value.home.split("."), library)
        return getattr(home, value.name)(**resolve(value.keywords, library))
    if isinstance(value, dict):
        return {key: resolve(item, library) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, library) for item in value]
    return value


@dataclass
class Program:
    """A layer in a model of its own, how that model is compiled, and the data that it sees.

    Args:
        kind: registry that the case is about.
        name: name in that registry.
        layer: the layer between the inputs and the outputs.
        shapes: shape of each input without the batch axis.
        integers: int, inputs are whole numbers below it.
        masked: put Masking before the layer; some steps of the data are zeros.
        separate: inputs are arguments of their own, not one list.
        call: further keywords of the call.
        compile: keywords of compile(); mean squared error and plain descent if left out.
        fit: keywords of fit(): sample_weight, class_weight, ....
        targets: arrays, or None for random numbers of the shape of the outputs.
        random: outputs differ from call to call while training: only what is deterministic is compared.
        batch: rows in a batch; three batches are seen.
        dtype: type of the inputs.
        stateful: the batch has a fixed size, and a second call goes on from the first.
        referee: "torch", or "jax" where Keras on torch cannot do it or differs from Keras elsewhere.
    """

    kind: str
    name: str
    layer: Make
    shapes: list[tuple[int, ...]]
    integers: int = 0
    masked: bool = False
    separate: bool = False
    call: dict[str, Any] = field(default_factory=dict)
    compile: dict[str, Any] = field(default_factory=dict)
    fit: dict[str, Any] = field(default_factory=dict)
    targets: Any = None
    random: bool = False
    batch: int = 4
    dtype: str = "float32"
    stateful: bool = False
    referee: str = "torch"

    def __str__(self) -> str:
        parts = [f"{self.layer!r} on {self.shapes}"]
        for label in ("masked", "call", "compile", "fit", "dtype"):
            value = getattr(self, label)
            if isinstance(value, dict):
                value = {key: item.shape if isinstance(item, np.ndarray) else item for key, item in value.items()}
            if value and value != "float32":
                parts.append(f"{label}={value}")
        return f"{self.kind} {self.name}: " + ", ".join(parts)

    def data(self) -> list[np.ndarray]:
        """Return the inputs: three batches of them."""
        generator = np.random.default_rng(7)
        count = 3 * self.batch
        found = []
        for shape in self.shapes:
            if self.integers:
                found.append(generator.integers(0, self.integers, (count, *shape)).astype("int32"))
                continue
            values = generator.normal(size=(count, *shape)).astype(self.dtype)
            if self.masked:
                # The first row keeps all its steps; the others lose some at the end, one in the middle.
                for row in range(count):
                    steps = shape[0]
                    if row % 3 == 1:
                        values[row, steps - 1 - row % 2 :] = 0
                    elif row % 3 == 2:
                        values[row, row % steps] = 0
            found.append(values)
        return found

    def model(self, library: Any) -> Any:
        """Return the model, made by a library."""
        layers = library.layers
        if self.stateful:
            sources = [layers.Input(batch_shape=(self.batch, *shape), dtype=self._input_dtype()) for shape in self.shapes]
        else:
            sources = [layers.Input(shape, dtype=self._input_dtype()) for shape in self.shapes]
        tensors = [layers.Masking(dtype=self.dtype)(source) if self.masked else source for source in sources]
        layer = resolve(Make(self.layer.home, self.layer.name, {**self.layer.keywords, "name": "layer"}), library)
        call = resolve(self.call, library)
        given = tensors if self.separate else [tensors if len(tensors) > 1 else tensors[0]]
        outputs = layer(*given, **call)
        if isinstance(outputs, tuple):
            outputs = list(outputs)
        flat: list[Any] = []
        for output in outputs if isinstance(outputs, list) else [outputs]:
            flat += list(output) if isinstance(output, (list, tuple)) else [output]
        return library.Model(sources if len(sources) > 1 else sources[0], flat if len(flat) > 1 else flat[0], name="case")

    def _input_dtype(self) -> str:
        return "int32" if self.integers else self.dtype

    def compiled(self, library: Any) -> dict[str, Any]:
        """Return the keywords of compile()."""
        plain = {"optimizer": Make("optimizers", "SGD", {"learning_rate": 0.05, "momentum": 0.9}), "loss": "mse"}
        return resolve({**plain, **self.compile}, library)


class Draw:
    """Choices that a seed decides."""

    def __init__(self, *seed: Any) -> None:
        self.random = random.Random(repr(seed))

    def one(self, *choices: Any) -> Any:
        """Return one of the choices."""
        return self.random.choice(choices)

    def often(self, *choices: Any) -> Any:
        """Return the first choice half of the time."""
        return choices[0] if self.random.random() < 0.5 else self.random.choice(choices)

    def chance(self, share: float) -> bool:
        """Return whether something happens."""
        return self.random.random() < share

    def whole(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return self.random.randint(low, high)

    def given(self, **choices: Any) -> dict[str, Any]:
        """Return some of the keywords, each with a choice from its list; what is left out keeps its default."""
        return {key: self.random.choice(values) for key, values in choices.items() if self.random.random() < 0.45}
