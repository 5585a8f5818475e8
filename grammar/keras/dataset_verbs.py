"""Verbs of data sets for rows that are counted, shared out, scanned, chosen and put into buckets; records of text files."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import call_function
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.dataset_words import _arguments, padded
from pipekeras.grammar.keras.datasets import _count, _dataset, _function, _structure, as_function
from pipekeras.grammar.keras.names import word
from pipekeras.grammar.values import NULL, ExternalObject, Vector, character, mk_list, names_of
from pipekeras.grammar.vectors.unsupported import only_default

from pipekeras.core import configuration
from pipekeras.core.structure import flatten
from pipekeras.data import Dataset

_NUMBERS = {"integer": np.int32, "double": np.float32, "numeric": np.float32, "logical": np.bool_}
_LETTERS = {"i": "integer", "d": "double", "n": "double", "c": "character", "l": "logical"}


@word("dataset_enumerate", "dataset, start = 0")
def dataset_enumerate(dataset: Any, start: Any) -> Any:
    """Put a running number before each element.

    Args:
        dataset: data set.
        start: the first number.
    """
    source, first = _dataset(dataset), _count(start, "start")

    def elements() -> Iterator[Any]:
        for number, element in enumerate(source, first):
            yield np.int64(number), element

    return ExternalObject(Dataset(elements, source.cardinality()))


@word("dataset_shard", "dataset, num_shards, index")
def dataset_shard(dataset: Any, num_shards: Any, index: Any) -> Any:
    """Keep every num_shards-th element, so that several programs share a data set.

    Args:
        dataset: data set.
        num_shards: programs that share it.
        index: number of this one, counted from 0.
    """
    source, count, own = _dataset(dataset), _count(num_shards, "num_shards"), _count(index, "index")
    if not 0 <= own < count:
        raise RError(f"index must be from 0 to {count - 1}; got {own}")
    return ExternalObject(Dataset(lambda: (element for place, element in enumerate(source) if place % count == own)))


@word("dataset_take_while", "dataset, predicate, name = NULL")
def dataset_take_while(dataset: Any, predicate: Any, name: Any) -> Any:
    """Keep the elements before the first for which a function says FALSE.

    Args:
        dataset: data set.
        predicate: function of an element.
        name: accepted.
    """
    source, function = _dataset(dataset), as_function(predicate)

    def elements() -> Iterator[Any]:
        for element in source:
            if not _truth(call_function(function, _arguments(element))):
                return
            yield element

    return ExternalObject(Dataset(elements))


def _truth(value: Any) -> bool:
    return bool(np.all(np.asarray(convert.tensor_or_array(value))))


@word("dataset_unique", "dataset, name = NULL")
def dataset_unique(dataset: Any, name: Any) -> Any:
    """Leave out elements that came before.

    Args:
        dataset: data set.
        name: accepted.
    """
    source = _dataset(dataset)

    def elements() -> Iterator[Any]:
        seen: set[Any] = set()
        for element in source:
            leaves = [np.asarray(leaf) for leaf in flatten(element)]
            known = tuple((leaf.shape, str(leaf.dtype), leaf.tobytes()) for leaf in leaves)
            if known not in seen:
                seen.add(known)
                yield element

    return ExternalObject(Dataset(elements))


@word("dataset_scan", "dataset, initial_state, scan_func")
def dataset_scan(dataset: Any, state: Any, function: Any) -> Any:
    """Pass a state along the elements: the function gives the next state and what comes out.

    Args:
        dataset: data set.
        initial_state: state before the first element.
        scan_func: function of the state and an element that returns list(state, output).
    """
    source, function = _dataset(dataset), as_function(function)

    def elements() -> Iterator[Any]:
        now = state
        for element in source:
            parts = _arguments(element)
            given = parts[0] if len(parts) == 1 else (None, mk_list([value for _, value in parts]))
            both = call_function(function, [(None, now), given])
            if not isinstance(both, Vector) or both.kind != "list" or len(both) != 2:
                raise RError("scan_func must return list(state, output)")
            now = both.data[0]
            yield _structure(both.data[1], "the output")

    return ExternalObject(Dataset(elements))


@word("dataset_map_and_batch", "dataset, map_func, batch_size, num_parallel_batches = NULL, drop_remainder = FALSE, "
      "num_parallel_calls = NULL")  # fmt: skip
def dataset_map_and_batch(dataset: Any, function: Any, size: Any, parallel: Any, drop: Any, calls: Any) -> Any:
    """Change every element by a function, then put them into batches.

    Args:
        dataset: data set.
        map_func: function of an element.
        batch_size: elements in a batch.
        drop_remainder: leave out a smaller last batch.
        num_parallel_batches, num_parallel_calls: accepted.
    """
    made = _dataset(dataset).map(_function(function, "map_func"))
    return ExternalObject(made.batch(_count(size, "batch_size"), bool(convert.argument("drop_remainder", drop))))


@word("dataset_shuffle_and_repeat", "dataset, buffer_size, count = NULL, seed = NULL")
def dataset_shuffle_and_repeat(dataset: Any, buffer: Any, count: Any, seed: Any) -> Any:
    """Mix the elements and begin again at the end.

    Args:
        dataset: data set.
        buffer_size: elements that are mixed at a time.
        count: passes, default without end.
        seed: number that fixes the order.
    """
    mixed = _dataset(dataset).shuffle(_count(buffer, "buffer_size"), None if seed is NULL else _count(seed, "seed"))
    return ExternalObject(mixed.repeat(None if count is NULL or _count(count, "count") < 0 else _count(count, "count")))


@word("dataset_prefetch_to_device", "dataset, device, buffer_size = NULL")
def dataset_prefetch_to_device(dataset: Any, device: Any, buffer: Any) -> Any:
    """Make elements ahead of time; there is one device.

    Args:
        dataset: data set.
        device: accepted.
        buffer_size: elements made ahead, default 1.
    """
    return ExternalObject(_dataset(dataset).prefetch(1 if buffer is NULL else _count(buffer, "buffer_size")))


@word("dataset_bucket_by_sequence_length", "dataset, element_length_func, bucket_boundaries, bucket_batch_sizes, "
      "padded_shapes = NULL, padding_values = NULL, pad_to_bucket_boundary = FALSE, no_padding = FALSE, "
      "drop_remainder = FALSE, name = NULL")  # fmt: skip
def dataset_bucket_by_sequence_length(dataset: Any, function: Any, boundaries: Any, sizes: Any, shapes: Any, values: Any,
                                      to_boundary: Any, no_padding: Any, drop: Any, name: Any) -> Any:  # fmt: skip
    """Put elements of about the same length into batches, filled up at the end.

    Args:
        dataset: data set.
        element_length_func: function of an element that tells its length.
        bucket_boundaries: lengths at which the next bucket begins.
        bucket_batch_sizes: elements in a batch of each bucket, one more than there are boundaries.
        padding_values: what is filled up with, default 0.
        no_padding: the elements of a bucket are equally long already.
        drop_remainder: leave out smaller last batches.
        padded_shapes, pad_to_bucket_boundary: as by default, up to the longest of the batch.
        name: accepted.
    """
    only_default("dataset_bucket_by_sequence_length", padded_shapes=(shapes, None), pad_to_bucket_boundary=(to_boundary, False))
    source, function = _dataset(dataset), as_function(function)
    edges = [int(edge) for edge in np.ravel(np.asarray(convert.data(boundaries)))]
    counts = [int(count) for count in np.ravel(np.asarray(convert.data(sizes)))]
    if len(counts) != len(edges) + 1:
        raise RError(f"bucket_batch_sizes must have one more than bucket_boundaries: {len(edges) + 1}; got {len(counts)}")
    fill = 0 if values is NULL else np.ravel(np.asarray(convert.data(values)))[0]
    complete, equal = bool(convert.argument("drop_remainder", drop)), bool(convert.argument("no_padding", no_padding))

    def joined(elements: list[Any]) -> Any:
        if equal and len({tuple(np.shape(leaf) for leaf in flatten(element)) for element in elements}) > 1:
            raise RError("no_padding = TRUE, but a bucket has elements of different lengths")
        return padded(elements, fill)

    def batches() -> Iterator[Any]:
        waiting: list[list[Any]] = [[] for _ in counts]
        for element in source:
            length = int(np.asarray(convert.tensor_or_array(call_function(function, _arguments(element)))))
            place = int(np.searchsorted(edges, length, side="right"))
            waiting[place].append(element)
            if len(waiting[place]) == counts[place]:
                yield joined(waiting[place])
                waiting[place] = []
        for rest in waiting:
            if rest and not complete:
                yield joined(rest)

    return ExternalObject(Dataset(batches))


@word("choose_from_datasets", "datasets, choice_dataset, stop_on_empty_dataset = TRUE")
def choose_from_datasets(datasets: Any, choice: Any, stop: Any) -> Any:
    """Take elements from several data sets, in the order that another one tells.

    Args:
        datasets: list of data sets.
        choice_dataset: data set of numbers of data sets, counted from 0.
        stop_on_empty_dataset: end when one ends; else pass over it.
    """
    sources, order = [_dataset(item) for item in datasets.data], _dataset(choice)
    ends = bool(convert.argument("stop_on_empty_dataset", stop))

    def elements() -> Iterator[Any]:
        running = [iter(source) for source in sources]
        for place in order:
            found = next(running[int(np.asarray(place))], None)
            if found is not None:
                yield found
            elif ends:
                return

    return ExternalObject(Dataset(elements))


@word("random_integer_dataset", "seed = NULL")
def random_integer_dataset(seed: Any) -> Any:
    """Make an endless data set of random whole numbers from 0 up to 2^32 - 1.

    Args:
        seed: number that fixes them.
    """
    number = configuration.next_seed() if seed is NULL else _count(seed, "seed")

    def elements() -> Iterator[Any]:
        chance = np.random.default_rng(number)
        while True:
            yield chance.integers(2**32, dtype=np.int64)

    return ExternalObject(Dataset(elements, -1))


def record_reader(spec: Any) -> tuple[int, Callable[[str], dict[str, Any]]]:
    """Return how many lines a file of records begins with, and what makes a line to values by column.

    Args:
        spec: list of names, types, delim and skip, as csv_record_spec() makes.
    """
    labels = names_of(spec) if isinstance(spec, Vector) and spec.kind == "list" else None
    if labels is None or not {"names", "types", "delim", "skip"} <= set(labels):
        raise RError("record_spec must tell columns", mend="make it with csv_record_spec() or delim_record_spec()")
    given = dict(zip(labels, spec.data, strict=True))
    names, types = [str(one) for one in given["names"].items()], [str(one) for one in given["types"].items()]
    delimiter = str(given["delim"].items()[0])

    def read(line: str) -> dict[str, Any]:
        cells = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
        if len(cells) != len(names):
            raise RError(f"a line has {len(cells)} values, expected {len(names)}: {line!r}")
        return {name: _typed(cell, kind) for name, cell, kind in zip(names, cells, types, strict=True)}

    return int(given["skip"].items()[0]), read


def _typed(cell: str, kind: str) -> Any:
    if kind == "character":
        return np.array(cell)
    if kind == "logical":
        return np.bool_(cell.strip().lower() in ("true", "t", "1"))
    missing = cell.strip() in ("", "NA")
    return _NUMBERS[kind]((0 if kind == "integer" else np.nan) if missing else float(cell))


@word("dataset_decode_delim", "dataset, record_spec, parallel_records = NULL")
def dataset_decode_delim(dataset: Any, spec: Any, parallel: Any) -> Any:
    """Make lines of text to values by column.

    Args:
        dataset: data set of lines.
        record_spec: columns, as csv_record_spec() tells them.
        parallel_records: accepted.
    """
    source = _dataset(dataset)
    skip, read = record_reader(spec)
    return ExternalObject(Dataset(lambda: (read(str(np.asarray(line))) for place, line in enumerate(source) if place >= skip)))


def _record_spec(example: Any, delimiter: str, skip: Any, names: Any, types: Any) -> Any:
    with open(os.path.expanduser(str(example.items()[0])), newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.reader(stream, delimiter=delimiter) if row]
    before = _count(skip, "skip")
    rows = rows[before:]
    if names is NULL:
        if not rows:
            raise RError("the example file has no lines, so it tells no names", mend="give names =")
        labels, rows, before = rows[0], rows[1:], before + 1
    else:
        labels = [str(one) for one in names.items()]
    columns = list(zip(*rows[:1000], strict=False)) or [()] * len(labels)
    if types is NULL:
        kinds = [_guessed(cells) for cells in columns]
    else:
        told = [str(one) for one in types.items()]
        kinds = [_LETTERS.get(one, one) for one in (told[0] if len(told) == 1 and len(labels) > 1 else told)]
    if len(kinds) != len(labels) or not set(kinds) <= {*_NUMBERS, "character"}:
        raise RError(f"types must tell {len(labels)} types: integer, double, character or logical, or a text as \"idc\"")
    return mk_list([character(labels), character(kinds), character(delimiter), convert.result(np.int32(before))],
                   ["names", "types", "delim", "skip"])  # fmt: skip


def _guessed(cells: tuple[str, ...]) -> str:
    for kind, read in (("integer", int), ("double", float)):
        try:
            for cell in cells:
                if cell not in ("", "NA"):
                    read(cell)
            return kind
        except ValueError:
            continue
    return "character"


@word("delim_record_spec", "example_file, delim, skip = 0, names = NULL, types = NULL")
def delim_record_spec(example: Any, delimiter: Any, skip: Any, names: Any, types: Any) -> Any:
    """Tell the columns of files of records from one of them.

    Args:
        example_file: file whose first 1000 records tell the types.
        delim: what separates values.
        skip: lines before the records.
        names: names of the columns, default those in the first line.
        types: types of the columns, or a text of their first letters such as "idc", default as in the file.
    """
    return _record_spec(example, str(delimiter.items()[0]), skip, names, types)


@word("csv_record_spec", "example_file, skip = 0, names = NULL, types = NULL")
def csv_record_spec(example: Any, skip: Any, names: Any, types: Any) -> Any:
    """Tell the columns of CSV files from one of them; see delim_record_spec()."""
    return _record_spec(example, ",", skip, names, types)


@word("tsv_record_spec", "example_file, skip = 0, names = NULL, types = NULL")
def tsv_record_spec(example: Any, skip: Any, names: Any, types: Any) -> Any:
    """Tell the columns of files with tabs from one of them; see delim_record_spec()."""
    return _record_spec(example, "\t", skip, names, types)
