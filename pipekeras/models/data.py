"""Training data: what users hand over, checked once and made ready for the compiled loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from pipekeras.core import configuration, dtypes
from pipekeras.core.errors import ArgumentError, DataError, ShapeError
from pipekeras.core.structure import flatten, map_structure
from pipekeras.data.py_dataset import PyDataset
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.variable import Variable
from pipekeras.models.passes import Passes, ran_out
from pipekeras.utils.batches import pack_x_y_sample_weight, unpack_x_y_sample_weight

_END = object()


class Batch(NamedTuple):
    """Inputs, targets and sample weights: arrays, or lists or dicts of arrays; None where absent."""

    x: Any
    y: Any = None
    sample_weight: Any = None


def as_array(value: Any, what: str, texts: bool = False) -> np.ndarray:
    """Return a contiguous array of a type that models compute with: float64 and Python floats become the default float.

    With `texts`, texts stay what they are.
    """
    if isinstance(value, Tensor | Variable):
        value = value.numpy()
    elif not isinstance(value, np.ndarray):
        if hasattr(value, "to_numpy"):
            value = value.to_numpy()
        value = np.asarray(value)
    kind = value.dtype.kind
    if texts and (kind in "US" or (kind == "O" and value.size and isinstance(value.flat[0], str | bytes))):
        return value.astype(object)
    if kind == "O":
        try:
            value = value.astype(np.float64)
        except (TypeError, ValueError):
            raise DataError(f"{what} holds values that are no numbers, such as {value.flat[0]!r}") from None
        kind = "f"
    if kind in "US":
        raise DataError(f"{what} holds text, such as {str(value.flat[0])!r}; models take numbers",
                        mend="turn classes into numbers from 0 first")  # fmt: skip
    if kind == "f":
        return np.ascontiguousarray(value, dtypes.NUMPY[dtypes.standardize(None)])
    if kind == "u" and value.dtype.itemsize > 1:
        value = value.astype(np.int64)
    return np.ascontiguousarray(value)


def prepare(x: Any, y: Any = None, sample_weight: Any = None, where: str = "fit", texts: bool = False) -> Batch:
    """Turn what a user passed into arrays whose first axes agree.

    Raises:
        DataError: no rows, NaN, text, or sizes that differ.
    """
    batch = Batch(
        map_structure(lambda leaf: as_array(leaf, "x", texts), x),
        _optional(y, "y"),
        _optional(sample_weight, "sample_weight"),
    )
    count = None
    for name, part in zip(Batch._fields, batch, strict=True):
        for leaf in flatten(part) if part is not None else []:
            if leaf is None:
                continue
            if leaf.ndim == 0:
                raise ShapeError(f"{name} passed to {where} is a single number; it needs one row for each sample")
            if count is None:
                count = leaf.shape[0]
            elif leaf.shape[0] != count:
                raise DataError(
                    f"x has {count} rows but {name} has {leaf.shape[0]}", mend="pass one row for each sample in each"
                )
    if count == 0:
        raise DataError(f"the data passed to {where} have no rows")
    return batch


def _optional(value: Any, what: str) -> Any:
    """Make arrays of what may be missing as a whole, or for an output without a loss."""
    return None if value is None else map_structure(lambda leaf: None if leaf is None else as_array(leaf, what), value)


def refuse_missing(batch: Batch, where: str) -> None:
    """Raise a DataError when floats hold NaN: one of them turns every weight into NaN at the first step."""
    for name, part in zip(Batch._fields, batch, strict=True):
        for leaf in flatten(part) if part is not None else []:
            # The minimum carries a NaN along and needs no array of flags.
            if leaf is None or leaf.dtype.kind != "f" or not leaf.size or not np.isnan(leaf.min()):
                continue
            rows = np.isnan(leaf).reshape(leaf.shape[0], -1).any(axis=1)
            first = int(np.argmax(rows))
            raise DataError(
                f"{name} passed to {where} has missing values (NaN) in {int(rows.sum())} of {leaf.shape[0]} rows, "
                f"the first in row {first + 1}",
                mend="remove these rows or fill them in; one NaN makes every weight NaN",
            )


def row_count(batch: Batch) -> int:
    """Return the number of samples."""
    return int(flatten(batch.x)[0].shape[0])


def rows(batch: Batch, start: int, stop: int) -> Batch:
    """Return some rows of each array."""

    def cut(leaf: Any) -> Any:
        return None if leaf is None else leaf[start:stop]

    return Batch(*[None if part is None else map_structure(cut, part) for part in batch])


def split_off(batch: Batch, share: float) -> tuple[Batch, Batch]:
    """Cut a share of the rows off the end, before any shuffling, for validation."""
    if not 0.0 < share < 1.0:
        raise ArgumentError(f"validation_split must lie between 0 and 1, not {share!r}")
    count = row_count(batch)
    # Rounding as Keras does it.
    border = int(count * (1.0 - share) + 1e-9)
    if border in (0, count):
        raise DataError(f"validation_split={share} leaves no rows on one side of {count}")
    return rows(batch, 0, border), rows(batch, border, count)


def with_class_weight(batch: Batch, class_weight: dict[Any, float]) -> Batch:
    """Turn weights of classes into weights of samples."""
    if batch.y is None or isinstance(batch.y, list | tuple | dict):
        raise ArgumentError("class_weight needs a model with one output")
    labels = batch.y
    if labels.ndim > 1:
        labels = labels.argmax(axis=-1) if labels.shape[-1] > 1 else labels[..., 0]
    labels = labels.astype(np.int64)
    table = {int(key): float(value) for key, value in class_weight.items()}
    weights = np.ones(labels.shape, dtypes.NUMPY[dtypes.standardize(None)])
    for label, weight in table.items():
        weights[labels == label] = weight
    if batch.sample_weight is not None:
        weights = weights * batch.sample_weight
    return Batch(batch.x, batch.y, weights)


def unpack(data: Any) -> Batch:
    """Return a Batch from one item of a generator or data set: x, (x, y) or (x, y, sample_weight)."""
    if isinstance(data, Batch):
        return data
    return Batch(*unpack_x_y_sample_weight(data))


def pack(batch: Batch) -> Any:
    """Return what a model's own step is given: x alone, (x, y), or (x, y, sample_weight), as Keras hands it out."""
    return pack_x_y_sample_weight(*batch)


def is_batch_source(x: Any) -> bool:
    """Whether `x` hands out batches by itself (generator, PyDataset, data set) instead of holding all rows."""
    if isinstance(x, np.ndarray | Tensor | Variable | list | tuple | dict) or hasattr(x, "__array__"):
        return False
    return hasattr(x, "__next__") or hasattr(x, "__iter__") or (hasattr(x, "__getitem__") and hasattr(x, "__len__"))


class BatchSource:
    """A source of ready batches: a generator, a PyDataset, or any iterable.

    Args:
        source: the object.
        steps: int or None, batches in an epoch; needed for a source without an end.
        ready: what checks a batch and makes it arrays; `prepare` if left out.
        shuffle: bool, default False; whether a PyDataset's batches come in a new order at each pass.
    """

    def __init__(
        self, source: Any, steps: int | None, ready: Callable[..., Batch] = prepare, shuffle: bool = False
    ) -> None:
        self.source = source
        self._generator = None
        if shuffle and isinstance(source, PyDataset):
            self._generator = np.random.Generator(np.random.PCG64(configuration.next_seed()))
        self._order = np.arange(0)
        self._prepare = ready
        self.steps = steps
        self._running: Iterator[Any] | None = None
        self._indexed = hasattr(source, "__getitem__") and hasattr(source, "__len__")
        self._passes: Passes | None = None

    @property
    def length(self) -> int | None:
        """Batches in an epoch, None if nobody knows."""
        if self.steps is not None:
            return self.steps
        try:
            return len(self.source)
        except TypeError:
            return None

    def reset(self) -> None:
        """Let the next epoch begin at the first batch, if the source can be gone through again."""
        self._passes = None
        if self._running is not self.source:
            self._running = None

    def epoch(self) -> Iterator[Batch]:
        """Yield the batches of one epoch."""
        if self._indexed:
            yield from self._numbered()
        elif self.steps is None:
            for item in self.source:
                yield self._ready(item)
        else:
            yield from self._counted(self.steps)

    def _numbered(self) -> Iterator[Batch]:
        count = len(self.source)
        if self._passes is None or self._passes.batches != count:
            self._passes = Passes(count, self.steps)
        if self._passes.begins:
            self._order = np.arange(count)
            if self._generator is not None:
                self._generator.shuffle(self._order)
        if hasattr(self.source, "on_epoch_begin"):
            self.source.on_epoch_begin()
        for index in self._passes.take():
            yield self._ready(self.source[int(self._order[index])])
        if hasattr(self.source, "on_epoch_end"):
            self.source.on_epoch_end()

    def _counted(self, steps: int) -> Iterator[Batch]:
        for done in range(steps):
            if self._running is None:
                self._running = iter(self.source)
            item = next(self._running, _END)
            if item is _END and done == 0:
                # The epoch before took the last batch.
                self._running = iter(self.source)
                item = next(self._running, _END)
            if item is _END:
                self._running = None
                if done:
                    ran_out(done, steps)
                return
            yield self._ready(item)

    def _ready(self, item: Any) -> Batch:
        batch = unpack(item)
        return self._prepare(batch.x, batch.y, batch.sample_weight)
