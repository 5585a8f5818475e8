"""The part of a model that works on data in memory, before its compiled program: texts and categories made numbers.

Such layers (`runs_on_host`) stand at the model's inputs. The model applies them, and whatever leads to them, to the data;
what the rest of the layers need of it is a dict of arrays, its staged inputs, which the traced call goes on from. A model
within the model brings staged inputs of its own, as a dict in that dict.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError, DataError, ShapeError
from pipekeras.core.notices import warn as warn_user
from pipekeras.core.structure import flatten, map_structure
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.arguments import product
from pipekeras.layers.base.call_signature import takes_training
from pipekeras.models import data as training_data
from pipekeras.models.data import Batch
from pipekeras.models.passes import Passes

_MARK = "staged "
LEARNING = ("fit", "train_on_batch")
"""Calls that hand a model data to learn from."""
MOST_BYTES = 256 << 20
"""Staged inputs of all rows that are kept at once; with more, or of varying width, each batch is staged by itself."""


def is_staged(inputs: Any) -> bool:
    """Whether inputs are what a stage gave."""
    return isinstance(inputs, dict) and bool(inputs) and all(str(key).startswith(_MARK) for key in inputs)


def stage_of(operation: Any) -> Any:
    """Return the host part of a model, or None; other layers have none."""
    find = getattr(operation, "_host_stage", None)
    return None if find is None else find()


def refuse_learning(layer: Any, model: Any) -> None:
    """Refuse a layer that learns before one that works on data: no gradient would reach it."""
    if layer.trainable_weights:
        raise ConfigurationError(
            f"'{layer.name}' learns, and a layer after it in model '{model.name}' works on data in memory",
            mend="put the layers that work on data first",
        )


def works_on_host(layer: Any) -> bool:
    """Whether a layer, or one inside of it, works on data in memory."""
    def find() -> bool:
        return any(getattr(part, "runs_on_host", False) for part in layer._flatten_layers())

    found: bool = layer._remember("works on host", find)
    return found


def takes_texts(model: Any) -> bool:
    """Whether texts may be among the data for a model."""
    return stage_of(model) is not None or works_on_host(model)


def _array(value: Any) -> np.ndarray:
    array = value.numpy() if isinstance(value, Tensor) else np.asarray(value)
    if array.dtype == object:
        raise DataError(
            "a model gives numbers, and a layer in it gives text that no other layer takes",
            mend="apply that layer to what predict() returns",
        )
    return array


class GraphStage:
    """The host part of a functional model.

    Args:
        model: the model.
        steps: its calls in order.
        slots: place of each tensor of the graph, by identity.
        count: number of inputs; they take the first places.
    """

    def __init__(self, model: Any, steps: list[Any], slots: dict[int, int], count: int) -> None:
        self._model, self._steps, self._slots, self._count = model, steps, slots, count
        self._host: set[int] = set()
        self._split: set[int] = set()
        wanted: set[int] = set()
        for index in reversed(range(len(steps))):
            step = steps[index]
            if getattr(step.operation, "runs_on_host", False) or wanted.intersection(step.outputs):
                self._host.add(index)
            elif stage_of(step.operation) is not None:
                self._split.add(index)
            else:
                continue
            wanted.update(step.inputs)
        device = [step for index, step in enumerate(steps) if index not in self._host | self._split]
        made = {slot for index in self._host for slot in steps[index].outputs} | set(range(count))
        read = {slot for step in device for slot in step.inputs} | {slots[id(tensor)] for tensor in model.outputs}
        self._border = sorted(made & read)
        for index in self._host:
            refuse_learning(steps[index].operation, model)

    @property
    def needed(self) -> bool:
        """Whether there is anything to do."""
        return bool(self._host or self._split)

    def row_bytes(self) -> int | None:
        """Return the bytes that one row takes when it is staged, or None where that depends on the data."""
        shapes = {self._slots[id(tensor)]: tensor.shape for tensor in self._tensors()}
        total = 0
        for slot in self._border:
            shape = shapes[slot][1:]
            count = product(shape)
            if count is None:
                return None
            total += 4 * count
        for index in self._split:
            inner = stage_of(self._steps[index].operation).row_bytes()
            if inner is None:
                return None
            total += inner
        return total

    def _tensors(self) -> Iterator[Tensor]:
        yield from self._model.inputs
        for node in self._model._graph.nodes:
            yield from node.output_tensors

    def stage(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        """Return the staged inputs of data."""
        values = self._model._standardize(inputs)
        values.extend([None] * (len(self._slots) - len(values)))
        staged: dict[str, Any] = {}
        for index, step in enumerate(self._steps):
            if index in self._host:
                step.run(values, self._slots, training)
            elif index in self._split:
                args, _ = step.arguments.fill(lambda tensor: values[self._slots[id(tensor)]])
                staged[f"{_MARK}call {index:05d}"] = stage_of(step.operation).stage(args[0], training)
        for slot in self._border:
            staged[f"{_MARK}value {slot:05d}"] = _array(values[slot])
        return staged

    def run(self, staged: dict[str, Any], training: Any) -> list[Any]:
        """Return the values of all tensors of the graph that the outputs need, from staged inputs."""
        values: list[Any] = [None] * len(self._slots)
        for slot in self._border:
            values[slot] = staged[f"{_MARK}value {slot:05d}"]
        for index, step in enumerate(self._steps):
            if index in self._split:
                keywords = {} if training is None else {"training": training}
                step.store(values, step.operation(staged[f"{_MARK}call {index:05d}"], **keywords))
            elif index not in self._host:
                step.run(values, self._slots, training)
        return values


class StackStage:
    """The host part of a sequential model.

    Args:
        model: the model.
        first: number of the first layer that belongs to the compiled program.
        inner: the host part of that layer, if it is a model with one.
    """

    def __init__(self, model: Any, first: int, inner: Any) -> None:
        self._model, self.first, self._inner = model, first, inner
        for layer in model._layers[:first]:
            refuse_learning(layer, model)

    def row_bytes(self) -> int | None:
        """Return the bytes that one row takes when it is staged, or None where that depends on the data."""
        if self._inner is not None:
            return self._inner.row_bytes()
        if self._model._source is None:
            return None
        count = product(self._model._layers[self.first - 1].output.shape[1:])
        return None if count is None else 4 * count

    def stage(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        """Return the staged inputs of data."""
        model = self._model
        if model._starts_with_several():
            return {f"{_MARK}value": self._inner.stage(inputs, training)}
        if model._source is None:
            model._start_from(inputs)
        values = model._fit(inputs)
        for layer in model._layers[: self.first]:
            values = layer(values, **({"training": training} if takes_training(layer) else {}))
        key = f"{_MARK}value"
        return {key: _array(values) if self._inner is None else self._inner.stage(values, training)}

    def value(self, staged: dict[str, Any]) -> Any:
        """Return what the first layer of the compiled program is given."""
        return staged[f"{_MARK}value"]


def stage_of_stack(model: Any) -> StackStage | None:
    """Return the host part of a sequential model, or None."""
    for index in reversed(range(len(model._layers))):
        layer = model._layers[index]
        if layer.runs_on_host:
            return StackStage(model, index + 1, None)
        inner = stage_of(layer)
        if inner is not None:
            return StackStage(model, index, inner)
    return None


def as_text(inputs: Any, declared: Any, name: str) -> Any:
    """Return texts as an array of the rank that a model declares for an input."""
    from pipekeras.layers.preprocessing.host_layer import as_texts

    texts = as_texts(inputs)
    if texts.dtype != object:
        raise DataError(f"model '{name}' takes text here; got numbers", mend="pass texts, as strings")
    if texts.ndim == len(declared) + 1 and texts.shape[-1] == 1:
        return texts[..., 0]
    if texts.ndim == len(declared) - 1 and declared[-1] in (1, None):
        return texts[..., None]
    fits = texts.ndim == len(declared) and all(
        size is None or size == found for size, found in zip(declared, texts.shape, strict=True)
    )
    if not fits:
        raise ShapeError(f"model '{name}' needs texts of shape {tuple(declared)}; got {texts.shape}")
    return texts


def gathered_texts(x: Any, count: int) -> Any:
    """Return plain lists of strings in x as arrays: one, or one for each input.

    Args:
        x: what a user passed.
        count: number of inputs of the model.
    """
    if isinstance(x, str):
        return np.array([x], dtype=object)
    if isinstance(x, list | tuple) and x and all(isinstance(leaf, str) for leaf in flatten(x)):
        if count > 1 and len(x) == count and not isinstance(x[0], str):
            return [np.array(part, dtype=object) for part in x]
        return np.array(x, dtype=object)
    if isinstance(x, list | tuple):
        return type(x)([gathered_texts(part, 1) if isinstance(part, list) else part for part in x])
    if isinstance(x, dict):
        return {key: gathered_texts(part, 1) if isinstance(part, list) else part for key, part in x.items()}
    return x


def rows_for(
    model: Any, x: Any, y: Any = None, sample_weight: Any = None, where: str = "fit", one_batch: bool = False
) -> Batch:
    """Return what a user passed as arrays, checked, and staged if the model has a host part.

    The inputs of many rows are staged at once where they are of one width and not too large; else `RowBatches` does it.

    Args:
        one_batch: whether the rows are one batch, which is always staged.
    """
    stage = stage_of(model)
    if stage is None or is_staged(x):
        return training_data.prepare(x, y, sample_weight, where, texts=stage is None and works_on_host(model))
    inputs = model.inputs if model.built else [None]
    batch = training_data.prepare(gathered_texts(x, len(inputs)), y, sample_weight, where, texts=True)
    if not one_batch:
        size = stage.row_bytes()
        if size is None or size * training_data.row_count(batch) > MOST_BYTES:
            return batch
    return Batch(stage.stage(batch.x, where in LEARNING), batch.y, batch.sample_weight)


def runs_eagerly(model: Any, batch: Batch) -> bool:
    """Whether a step must run op by op: a model's own `call` holds layers that work on data in memory."""
    if stage_of(model) is not None or not works_on_host(model):
        return False
    if not model.__dict__.get("_told_of_host_layers"):
        model.__dict__["_told_of_host_layers"] = True
        warn_user(f"'{model.name}' runs op by op: its call holds layers that work on data in memory, which no kernel does; "
                  "a model given by its inputs and outputs applies them beforehand and is compiled")  # fmt: skip
    return True


class RowBatches:
    """Batches of rows in memory that are staged one by one, in a new order at each pass when they are shuffled.

    Args:
        model: the model with a host part.
        data: all rows, as the user passed them.
        size: rows in a batch.
        shuffle: bool, whether the order changes.
        steps: int or None, batches in an epoch.
        training: bool, default False; whether the model learns from them.
    """

    def __init__(
        self, model: Any, data: Batch, size: int, shuffle: bool, steps: int | None, training: bool = False
    ) -> None:
        self._model, self._data, self._size, self._training = model, data, size, training
        self.source = self
        count = training_data.row_count(data)
        self._passes = Passes(-(-count // size), steps)
        self.length = self._passes.length
        self._order = np.arange(count)
        self._generator = np.random.Generator(np.random.PCG64(configuration.next_seed())) if shuffle else None

    def skip(self, epochs: int) -> None:
        """Bring the order of rows to where it is after so many epochs."""
        for _ in range(epochs):
            self._next_batches(quiet=True)

    def reset(self) -> None:
        """Let the next epoch begin at the first row."""
        self._passes = Passes(self._passes.batches, self._passes.steps)

    def _next_batches(self, quiet: bool = False) -> range:
        if self._generator is not None and self._passes.begins:
            self._generator.shuffle(self._order)
        return self._passes.take(quiet)

    def epoch(self) -> Iterator[Batch]:
        """Yield the batches of one epoch."""
        stage = stage_of(self._model)
        for index in self._next_batches():
            rows = self._order[index * self._size : (index + 1) * self._size]

            def cut(leaf: Any, rows: np.ndarray = rows) -> Any:
                return None if leaf is None else leaf[rows]

            batch = Batch(*[None if part is None else map_structure(cut, part) for part in self._data])
            yield Batch(stage.stage(batch.x, self._training), batch.y, batch.sample_weight)
