"""Data sets that hand out batches: `tensor_slices_dataset(list(x, y)) %>% dataset_shuffle(100) %>% dataset_batch(32)`."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import call_function
from pipekeras.grammar.conversion import call_from_runtime
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.names import word
from pipekeras.grammar.values import NULL, ExternalObject, Vector, inherits, mk_list, names_of

from pipekeras import ops
from pipekeras.data import Dataset


def _structure(value: Any, what: str) -> Any:
    """Return arrays in the language's structure: a list is a tuple, a named list or data frame a dict."""
    if isinstance(value, Vector) and value.kind == "list":
        names = names_of(value)
        items = [_structure(item, what) for item in value.data]
        if names is not None and all(names):
            return dict(zip([str(name) for name in names], items, strict=True))
        if inherits(value, "data.frame"):
            raise RError(f"{what} is a data frame without column names")
        return tuple(items)
    if isinstance(value, Vector) and value.kind == "character":
        return np.array(value.items(), dtype=str)
    found = convert.data(value, what)
    if isinstance(found, np.ndarray) and found.dtype == np.float64:
        found = found.astype(np.float32)
    return found


def _dataset(value: Any) -> Dataset:
    found = value.value if isinstance(value, ExternalObject) else None
    if not isinstance(found, Dataset):
        raise RError("dataset must be a data set", mend="make one with tensor_slices_dataset(list(x, y))")
    return found


def _count(value: Any, name: str) -> int:
    found = convert.argument(name, value)
    if isinstance(found, bool) or not isinstance(found, int):
        raise RError(f"{name} must be a whole number")
    return found


def _with_tensors(element: Any) -> Any:
    """Return an element as a value of the language whose arrays are tensors."""
    if isinstance(element, dict):
        return mk_list([_with_tensors(item) for item in element.values()], list(element))
    if isinstance(element, tuple | list):
        return mk_list([_with_tensors(item) for item in element])
    if isinstance(element, str) or np.asarray(element).dtype.kind in "UO":
        return external.to_language(np.asarray(element) if np.ndim(element) else str(element))
    return ExternalObject(ops.convert_to_tensor(element))


def as_function(function: Any) -> Any:
    """Return a function as it is, a formula such as `~ .x / 255` as the function that it stands for."""
    if inherits(function, "formula"):
        return call_function(machine.base_environment.get_function("as_mapper"), [(None, function)])
    return function


def _function(function: Any, what: str) -> Any:
    """Return a function of the language as one over elements; a tuple comes as several arguments."""
    function = as_function(function)
    if getattr(function, "kind", None) not in ("closure", "builtin", "externalptr"):
        raise RError(f"{what} must be a function")

    def run(*parts: Any) -> Any:
        return _structure(call_from_runtime(function, [(None, _with_tensors(part)) for part in parts]), "the result")

    return run


@word("tensor_slices_dataset", "tensors")
def tensor_slices_dataset(tensors: Any) -> Any:
    """Make a data set whose elements are the rows of arrays.

    Args:
        tensors: matrix, array, data frame, or a list or named list of them with equally many rows.
    """
    return ExternalObject(Dataset.from_tensor_slices(_structure(tensors, "tensors")))


@word("tensors_dataset", "tensors")
def tensors_dataset(tensors: Any) -> Any:
    """Make a data set of one element, the arrays as they are.

    Args:
        tensors: matrix, array, or a list or named list of them.
    """
    return ExternalObject(Dataset.from_tensors(_structure(tensors, "tensors")))


@word("range_dataset", "from = 0, to = 0, by = 1")
def range_dataset(start: Any, to: Any, by: Any) -> Any:
    """Make a data set of the whole numbers from `from` up to, without it, `to`."""
    return ExternalObject(Dataset.range(_count(start, "start"), _count(to, "to"), _count(by, "by")))


@word("zip_datasets", "...")
def zip_datasets(dots: Any) -> Any:
    """Make a data set whose elements are lists of the elements at the same place in several data sets.

    Args:
        ...: data sets, or one list of them; the shortest ends it.
    """
    parts: list[Any] = []
    for _, value in dots:
        parts.extend(value.data if isinstance(value, Vector) and value.kind == "list" else [value])
    if not parts:
        raise RError("zip_datasets() needs data sets")
    return ExternalObject(Dataset.zip([_dataset(part) for part in parts]))


@word("dataset_batch", "dataset, batch_size, drop_remainder = FALSE, num_parallel_calls = NULL, deterministic = NULL")
def dataset_batch(dataset: Any, batch_size: Any, drop_remainder: Any, calls: Any, deterministic: Any) -> Any:
    """Put elements together into batches.

    Args:
        dataset: data set.
        batch_size: number of elements in a batch.
        drop_remainder: leave out a last batch that is smaller, default FALSE.
        num_parallel_calls, deterministic: accepted for scripts that set them; the order is always kept.
    """
    drop = bool(convert.argument("drop_remainder", drop_remainder))
    return ExternalObject(_dataset(dataset).batch(_count(batch_size, "batch_size"), drop))


@word("dataset_unbatch", "dataset")
def dataset_unbatch(dataset: Any) -> Any:
    """Take batches apart into their elements."""
    return ExternalObject(_dataset(dataset).unbatch())


@word("dataset_shuffle", "dataset, buffer_size, seed = NULL, reshuffle_each_iteration = NULL")
def dataset_shuffle(dataset: Any, buffer_size: Any, seed: Any, again: Any) -> Any:
    """Hand out the elements in a random order.

    Args:
        dataset: data set.
        buffer_size: number of elements from which the next one is drawn.
        seed: number that fixes the order, default drawn from set_random_seed()'s.
        reshuffle_each_iteration: another order in every pass, default TRUE.
    """
    each = True if again is NULL else bool(convert.argument("again", again))
    fixed = None if seed is NULL else _count(seed, "seed")
    return ExternalObject(_dataset(dataset).shuffle(_count(buffer_size, "buffer_size"), fixed, each))


@word("dataset_map", "dataset, map_func, num_parallel_calls = NULL")
def dataset_map(dataset: Any, function: Any, calls: Any) -> Any:
    """Change every element by a function.

    Args:
        dataset: data set.
        map_func: function of the element's tensors; of several for a list, of a named list for a named list.
        num_parallel_calls: accepted for scripts that set it; elements are made one after the other.
    """
    return ExternalObject(_dataset(dataset).map(_function(function, "map_func")))


@word("dataset_filter", "dataset, predicate")
def dataset_filter(dataset: Any, predicate: Any) -> Any:
    """Keep the elements for which a function returns TRUE.

    Args:
        dataset: data set.
        predicate: function as for dataset_map() that returns a single truth value.
    """
    test = _function(predicate, "predicate")

    def keep(*parts: Any) -> bool:
        return bool(np.all(np.asarray(_values(test(*parts)))))

    return ExternalObject(_dataset(dataset).filter(keep))


def _values(found: Any) -> Any:
    return found.numpy() if hasattr(found, "numpy") else found


@word("dataset_repeat", "dataset, count = NULL")
def dataset_repeat(dataset: Any, count: Any) -> Any:
    """Begin anew after the last element.

    Args:
        dataset: data set.
        count: number of passes in all, default without end.
    """
    return ExternalObject(_dataset(dataset).repeat(None if count is NULL else _count(count, "count")))


@word("dataset_take", "dataset, count")
def dataset_take(dataset: Any, count: Any) -> Any:
    """Keep the first elements; all for -1."""
    return ExternalObject(_dataset(dataset).take(_count(count, "count")))


@word("dataset_skip", "dataset, count")
def dataset_skip(dataset: Any, count: Any) -> Any:
    """Leave out the first elements."""
    return ExternalObject(_dataset(dataset).skip(_count(count, "count")))


@word("dataset_concatenate", "dataset, ...")
def dataset_concatenate(dataset: Any, dots: Any) -> Any:
    """Put the elements of further data sets after those of the first."""
    made = _dataset(dataset)
    for _, other in dots:
        made = made.concatenate(_dataset(other))
    return ExternalObject(made)


@word("dataset_cache", "dataset, filename = NULL")
def dataset_cache(dataset: Any, filename: Any) -> Any:
    """Keep the elements in memory after the first pass.

    Args:
        dataset: data set.
        filename: NULL; elements are not kept in files.
    """
    if filename is not NULL:
        raise RError("dataset_cache() keeps elements in memory, not in a file", mend="leave out filename")
    return ExternalObject(_dataset(dataset).cache())


@word("dataset_prefetch", "dataset, buffer_size = NULL")
def dataset_prefetch(dataset: Any, buffer_size: Any) -> Any:
    """Make the next elements while the last one is in use.

    Args:
        dataset: data set.
        buffer_size: number of elements that are kept ready, default chosen.
    """
    return ExternalObject(_dataset(dataset).prefetch(-1 if buffer_size is NULL else _count(buffer_size, "buffer_size")))


@word("dataset_collect", "dataset, iter_max = Inf")
def dataset_collect(dataset: Any, iter_max: Any) -> Any:
    """Return the elements as a list of arrays.

    Args:
        dataset: data set.
        iter_max: largest number of elements, default all.
    """
    limit = external.to_python(iter_max)
    found = _dataset(dataset)
    if limit != float("inf"):
        found = found.take(int(limit))
    elif found.cardinality() == -1:
        raise RError("a data set without end can't be collected", mend="give iter_max, or use dataset_take()")
    return mk_list([convert.result(element) for element in found])
