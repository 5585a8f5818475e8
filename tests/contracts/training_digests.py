"""Train a model around every layer for ten epochs and print a digest of each; run as a program of its own.

The environment says how many threads there are. All work is shared among them however small it is: what is compared is
whether the sharing can be seen in any bit.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import pathlib
import sys
from typing import Any

import numpy as np

from pipekeras import Model, layers, ops
from pipekeras.core.structure import flatten
from pipekeras.runtime import executor
from pipekeras.utils import set_random_seed

SEPARATE = {"MultiHeadAttention", "GroupQueryAttention"}
ROWS, BATCH, EPOCHS = 26, 13, 10

spec = importlib.util.spec_from_file_location("layer_cases", pathlib.Path(__file__).with_name("layer_cases.py"))
assert spec is not None and spec.loader is not None
cases = importlib.util.module_from_spec(spec)
sys.modules["layer_cases"] = cases
spec.loader.exec_module(cases)


def resolved(value: Any) -> Any:
    """Return a keyword with ("layer", class, keywords) replaced by the layer."""
    if isinstance(value, tuple) and value and value[0] == "layer":
        return getattr(layers, value[1])(**{key: resolved(item) for key, item in value[2].items()})
    return [resolved(item) for item in value] if isinstance(value, list) else value


class Around(Model):
    """A layer with a product before its loss."""

    def __init__(self, case: Any) -> None:
        super().__init__()
        self.layer = getattr(layers, case.name)(**{key: resolved(value) for key, value in case.keywords.items()})
        self.separate = case.name in SEPARATE
        self.top = layers.Dense(2)

    def call(self, inputs: Any, training: Any = None) -> Any:
        """Return two numbers for each row."""
        found = self.layer(*inputs) if self.separate else self.layer(inputs)
        wide = [ops.reshape(ops.cast(leaf, "float32"), (ROWS_OF(inputs), -1)) for leaf in flatten(found)]
        return self.top(ops.concatenate(wide, axis=-1))


def ROWS_OF(inputs: Any) -> int:
    """Return the number of rows of a batch."""
    return int(flatten(inputs)[0].shape[0])


def digest(case: Any) -> str:
    """Return what ten epochs leave, as a digest of every bit."""
    set_random_seed(11)
    random = np.random.default_rng(5)

    def one(shape: Any) -> np.ndarray:
        if case.integers:
            return random.integers(0, case.integers, (ROWS, *shape)).astype("int32")
        return random.normal(size=(ROWS, *shape)).astype("float32")

    x = [one(shape) for shape in case.shapes] if isinstance(case.shapes, list) else one(case.shapes)
    model = Around(case)
    model.compile("adam", "mse")
    history = model.fit(x, random.normal(size=(ROWS, 2)).astype("float32"), batch_size=BATCH, epochs=EPOCHS, verbose=0)
    found = hashlib.sha256(np.asarray(history.history["loss"], np.float64).tobytes())
    for weight in model.get_weights():
        found.update(np.ascontiguousarray(weight).tobytes())
    if not np.isfinite(history.history["loss"]).all():
        raise ValueError(f"{case} leaves no numbers to compare")
    return found.hexdigest()[:16]


def main() -> None:
    """Print one line of JSON: the digest of each case, and how many programs several threads ran."""
    executor.PARALLEL_COST, executor.LEAST_TASK = 0.0, 1.0
    shared = 0
    prepare = executor.Program.__init__

    def counted(self: Any, *arguments: Any, **keywords: Any) -> None:
        nonlocal shared
        prepare(self, *arguments, **keywords)
        shared += self.threads > 1

    executor.Program.__init__ = counted  # type: ignore[method-assign]
    one_each = {case.name: case for case in reversed(cases.CASES)}
    print(json.dumps({"digests": {name: digest(case) for name, case in one_each.items()}, "shared": shared}))


if __name__ == "__main__":
    main()
