"""Checks of data against the model, before anything is computed."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError, DataError, ShapeError
from pipekeras.core.structure import flatten
from pipekeras.models.data import Batch, refuse_missing
from pipekeras.models.host_stage import is_staged


def whole(value: Any, name: str, least: int) -> int:
    """Return a whole number given as int or as a float without fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating) or int(value) != value:
        raise ArgumentError(f"{name} must be a whole number, not {value!r}")
    if value < least:
        raise ArgumentError(f"{name} must be at least {least}, not {int(value)}")
    return int(value)


def is_due(epoch: int, frequency: Any) -> bool:
    """Whether to validate after this epoch (counted from 0)."""
    if isinstance(frequency, list | tuple | set):
        return epoch + 1 in frequency
    return (epoch + 1) % int(frequency) == 0


def check_data(model: Any, batch: Batch, where: str) -> None:
    """Check shapes of the inputs, missing values and class numbers."""
    check_inputs(model, batch.x, where)
    refuse_missing(batch, where)
    if batch.y is None:
        return
    _check_labels(model, batch.y, where)


def check_inputs(model: Any, x: Any, where: str) -> None:
    """Compare the arrays with the inputs of the model, if it has fixed ones."""
    expected = getattr(model, "inputs", None) if model.built and not is_staged(x) else None
    if not expected:
        return
    declared = flatten(expected)
    arrays = flatten(x)
    if isinstance(x, dict):
        names = list(getattr(model, "input_names", []))
        missing = [name for name in names if name not in x]
        if missing:
            raise ArgumentError(
                f"model '{model.name}' has an input '{missing[0]}'; the data passed to {where} have {', '.join(map(str, x))}"
            )
        arrays = [x[name] for name in names]
        declared = _by_name(model, declared, names)
    if len(arrays) != len(declared):
        raise ArgumentError(
            f"model '{model.name}' has {len(declared)} inputs; {where} got {len(arrays)} arrays",
            mend="pass a list with one array for each input" if len(declared) > 1 else "pass one array",
        )
    for tensor, array in zip(declared, arrays, strict=True):
        wanted, found = tuple(tensor.shape), array.shape
        fits = len(wanted) == len(found) and all(n is None or n == m for n, m in zip(wanted[1:], found[1:], strict=True))
        # Keras takes (rows,) for (rows, 1) and the other way round.
        if not fits and not _differs_by_one_axis(wanted, found):
            raise ShapeError(
                f"model '{model.name}' takes x of shape {_shape_text(wanted)}; {where} got {found}",
                mend=_mend(wanted, found),
            )


def _by_name(model: Any, declared: list[Any], names: list[str]) -> list[Any]:
    known = {tensor.name: tensor for tensor in declared}
    return [known.get(name, tensor) for name, tensor in zip(names, declared, strict=False)]


def _differs_by_one_axis(wanted: tuple[Any, ...], found: tuple[int, ...]) -> bool:
    if len(found) == len(wanted) + 1 and found[-1] == 1:
        return all(n is None or n == m for n, m in zip(wanted[1:], found[1:-1], strict=True))
    if len(wanted) == len(found) + 1 and wanted[-1] == 1:
        return all(n is None or n == m for n, m in zip(wanted[1:-1], found[1:], strict=True))
    return False


def _shape_text(shape: tuple[Any, ...]) -> str:
    return "(" + ", ".join("rows" if i == 0 else "any" if n is None else str(n) for i, n in enumerate(shape)) + ")"


def _mend(wanted: tuple[Any, ...], found: tuple[int, ...]) -> str:
    if len(found) == len(wanted) and len(found) == 2:
        return f"x has {found[1]} columns and the model was built for {wanted[1]}: drop or add columns, or change input_shape"
    rest, have = [n for n in wanted[1:] if n is not None], found[1:]
    if len(rest) == len(wanted) - 1 and np.prod(rest, dtype=np.int64) == np.prod(have, dtype=np.int64):
        return f"reshape each row to {tuple(rest)}"
    return f"each row must have shape {wanted[1:]}; yours has {found[1:]}"


def _check_labels(model: Any, y: Any, where: str) -> None:
    """Class numbers of a sparse loss must be whole and within the classes; outside of them memory would be read wrongly."""
    from pipekeras.models.compilation import output_names, per_output

    outputs = getattr(model, "outputs", None) if model.built else None
    if not outputs or model.loss is None:
        return
    outputs = flatten(outputs)
    names = output_names(model, model.output)
    losses = per_output(model.loss, names, "loss")
    if isinstance(y, dict):
        truths = [y.get(name) for name in names]
    else:
        truths = flatten(y)
        if len(truths) != len(outputs):
            return
    for name, loss, truth, output in zip(names, losses, truths, outputs, strict=True):
        if truth is None or not _is_sparse(loss, truth, output):
            continue
        classes = output.shape[-1]
        if classes is None or not truth.size:
            continue
        label = f" for output '{name}'" if len(names) > 1 else ""
        low, high = truth.min(), truth.max()
        ignored = getattr(loss, "ignore_class", None)
        if ignored is not None:
            kept = truth[truth != ignored]
            if not kept.size:
                continue
            low, high = kept.min(), kept.max()
        if truth.dtype.kind == "f" and not np.array_equal(truth, np.trunc(truth)):
            raise DataError(f"the class numbers in y{label} passed to {where} are not whole",
                            mend="sparse_categorical_crossentropy takes 0, 1, 2, ...")  # fmt: skip
        if low < 0 or high >= classes:
            wrong = low if low < 0 else high
            extra = "; classes count from 0: subtract 1" if low == 1 and high == classes else ""
            raise DataError(
                f"y{label} passed to {where} has class number {int(wrong)}; "
                f"the model has {classes} classes, 0 to {classes - 1}",
                mend=f"give class numbers from 0 to {classes - 1}, or a last layer with {int(high) + 1} units{extra}",
            )


def _is_sparse(loss: Any, truth: Any, output: Any) -> bool:
    from pipekeras.nn.metrics.choice import CROSSENTROPY, kind_of_labels

    if isinstance(loss, str):
        name = loss.lower()
        if name in CROSSENTROPY:
            return kind_of_labels(truth, output) == "sparse"
        return name.replace("_", "") in ("sparsecategoricalcrossentropy",)
    name = getattr(loss, "__name__", None) or type(loss).__name__
    return name.lower().replace("_", "") == "sparsecategoricalcrossentropy"


def check_source(y: Any, sample_weight: Any, validation_split: Any) -> None:
    """Refuse what fit() can't do to a source of batches, which brings its own targets and weights and has no rows to split.

    Raises:
        ArgumentError: one of them was given.
    """
    for name, given in (("y", y), ("sample_weight", sample_weight)):
        if given is not None:
            raise ArgumentError(
                f"fit() has {name} beside a source of batches", mend="let the source give (x, y) or (x, y, sample_weight)"
            )
    if validation_split:
        raise ArgumentError(
            "validation_split can't be taken from a source of batches", mend="give validation_data a source of its own"
        )
