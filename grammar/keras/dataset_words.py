"""Further verbs of data sets: windows, folds, lines of files, columns of tables."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator
from typing import Any, cast

import numpy as np
from pipekeras.grammar.builtins.registry import call_function
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.datasets import _count, _dataset, _with_tensors, as_function
from pipekeras.grammar.keras.names import word
from pipekeras.grammar.values import NULL, ExternalObject, Vector, character, mk_list
from pipekeras.grammar.vectors.unsupported import only_default

from pipekeras.core import configuration
from pipekeras.data import Dataset


def _arguments(element: Any) -> list[tuple[str | None, Any]]:
    parts = element if isinstance(element, tuple) else (element,)
    return [(None, ExternalObject(part) if isinstance(part, Dataset) else _with_tensors(part)) for part in parts]


@word("dataset_window", "dataset, size, shift = NULL, stride = 1, drop_remainder = FALSE")
def dataset_window(dataset: Any, size: Any, shift: Any, stride: Any, drop_remainder: Any) -> Any:
    """Make a data set of data sets: windows of neighbouring elements.

    Args:
        dataset: data set.
        size: elements in a window.
        shift: elements between the begins of windows, default size.
        stride: elements between neighbours in a window.
        drop_remainder: leave out windows that are shorter.
    """
    source, count = _dataset(dataset), _count(size, "size")
    step = count if shift is NULL else _count(shift, "shift")
    apart = _count(stride, "stride")
    drop = bool(convert.argument("drop_remainder", drop_remainder))

    def windows() -> Iterator[Any]:
        elements = list(source)
        for begin in range(0, len(elements), step):
            part = elements[begin : begin + (count - 1) * apart + 1 : apart]
            if part and (len(part) == count or not drop):
                yield Dataset(lambda part=part: iter(part), len(part))  # type: ignore[misc]

    return ExternalObject(Dataset(windows))


@word("dataset_flat_map", "dataset, map_func")
def dataset_flat_map(dataset: Any, function: Any) -> Any:
    """Put the data sets together that a function makes of the elements.

    Args:
        dataset: data set.
        map_func: function of an element that returns a data set.
    """
    source, function = _dataset(dataset), as_function(function)

    def elements() -> Iterator[Any]:
        for element in source:
            yield from _dataset(call_function(function, _arguments(element)))

    return ExternalObject(Dataset(elements))


@word("dataset_interleave", "dataset, map_func, cycle_length = NULL, block_length = 1")
def dataset_interleave(dataset: Any, function: Any, cycle_length: Any, block_length: Any) -> Any:
    """Take elements in turn from the data sets that a function makes of the elements.

    Args:
        dataset: data set.
        map_func: function of an element that returns a data set.
        cycle_length: data sets that take turns, default 4.
        block_length: elements that each gives in its turn.
    """
    source, block = _dataset(dataset), _count(block_length, "block_length")
    cycle = 4 if cycle_length is NULL else _count(cycle_length, "cycle_length")
    function = as_function(function)

    def elements() -> Iterator[Any]:
        waiting = iter(source)
        active: list[Iterator[Any]] = []
        place = 0
        while True:
            while len(active) < cycle and (element := next(waiting, None)) is not None:
                active.append(iter(_dataset(call_function(function, _arguments(element)))))
            if not active:
                return
            place %= len(active)
            for _ in range(block):
                found = next(active[place], None)
                if found is None:
                    del active[place]
                    break
                yield found
            else:
                place += 1

    return ExternalObject(Dataset(elements))


@word("dataset_reduce", "dataset, initial_state, reduce_func")
def dataset_reduce(dataset: Any, state: Any, function: Any) -> Any:
    """Fold the elements of a data set into one value.

    Args:
        dataset: data set.
        initial_state: value to begin with.
        reduce_func: function of the value so far and an element.
    """
    function = as_function(function)
    for element in _dataset(dataset):
        parts = _arguments(element)
        given = parts[0] if len(parts) == 1 else (None, mk_list([value for _, value in parts]))
        state = call_function(function, [(None, state), given])
    return state


def padded(elements: list[Any], fill: Any) -> Any:
    """Return elements as one batch, their arrays filled up at the end to the longest.

    Args:
        elements: arrays, or tuples or dicts of them.
        fill: number that is filled up with.
    """

    def stacked(arrays: list[np.ndarray]) -> np.ndarray:
        sizes = np.max([array.shape for array in arrays], axis=0)
        return np.stack([np.pad(a, [(0, n - m) for m, n in zip(a.shape, sizes, strict=True)], constant_values=fill)
                         for a in arrays])  # fmt: skip

    if isinstance(elements[0], tuple):
        return tuple(stacked([np.asarray(e[place]) for e in elements]) for place in range(len(elements[0])))
    if isinstance(elements[0], dict):
        return {key: stacked([np.asarray(e[key]) for e in elements]) for key in elements[0]}
    return stacked([np.asarray(e) for e in elements])


@word("dataset_padded_batch", "dataset, batch_size, padded_shapes = NULL, padding_values = NULL, drop_remainder = FALSE, "
      "name = NULL")  # fmt: skip
def dataset_padded_batch(dataset: Any, batch_size: Any, shapes: Any, values: Any, drop: Any, name: Any) -> Any:
    """Put elements of different length into batches, filled up at the end.

    Args:
        dataset: data set.
        batch_size: elements in a batch.
        padded_shapes: accepted; arrays are filled up to the longest of their batch.
        padding_values: what they are filled up with, default 0.
        drop_remainder: leave out a last batch that is smaller.
        name: accepted.
    """
    source, size = _dataset(dataset), _count(batch_size, "batch_size")
    fill = 0 if values is NULL else np.ravel(np.asarray(convert.data(values)))[0]
    complete = bool(convert.argument("drop", drop))

    def batches() -> Iterator[Any]:
        waiting: list[Any] = []
        for element in source:
            waiting.append(element)
            if len(waiting) == size:
                yield padded(waiting, fill)
                waiting = []
        if waiting and not complete:
            yield padded(waiting, fill)

    return ExternalObject(Dataset(batches))


@word("dataset_rebatch", "dataset, batch_size, drop_remainder = FALSE")
def dataset_rebatch(dataset: Any, batch_size: Any, drop_remainder: Any) -> Any:
    """Put the elements of batches into batches of another size."""
    drop = bool(convert.argument("drop_remainder", drop_remainder))
    return ExternalObject(_dataset(dataset).unbatch().batch(_count(batch_size, "batch_size"), drop))


@word("text_line_dataset", "filenames, compression_type = NULL, record_spec = NULL, parallel_records = NULL")
def text_line_dataset(filenames: Any, compression: Any, spec: Any, parallel: Any) -> Any:
    """Make a data set of the lines of text files.

    Args:
        filenames: files.
        compression_type: NULL.
        record_spec: columns, as csv_record_spec() tells them; default plain lines.
        parallel_records: accepted.
    """
    if compression is not NULL:
        raise RError("text_line_dataset() reads plain lines", mend="unpack the file first")
    paths = [os.path.expanduser(str(item)) for item in filenames.items()]
    skip, read = 0, cast("Callable[[str], Any]", np.array)
    if spec is not NULL:
        from pipekeras.grammar.keras.dataset_verbs import record_reader

        skip, read = record_reader(spec)

    def lines() -> Iterator[Any]:
        for path in paths:
            with open(path, encoding="utf-8") as stream:
                for place, line in enumerate(stream):
                    if place >= skip:
                        yield read(line.rstrip("\n"))

    return ExternalObject(Dataset(lines))


@word("file_list_dataset", "file_pattern, shuffle = NULL, seed = NULL")
def file_list_dataset(pattern: Any, shuffle: Any, seed: Any) -> Any:
    """Make a data set of the names of files.

    Args:
        file_pattern: pattern such as "pictures/*.png".
        shuffle: mix the names, default TRUE.
        seed: number that fixes their order.
    """
    names = sorted(path for item in pattern.items() for path in glob.glob(os.path.expanduser(str(item))))
    if not names:
        raise RError(f"no file matches {pattern.items()[0]}")
    if shuffle is NULL or convert.argument("shuffle", shuffle):
        chance = np.random.default_rng(configuration.next_seed() if seed is NULL else _count(seed, "seed"))
        names = [names[place] for place in chance.permutation(len(names))]
    return ExternalObject(Dataset.from_tensor_slices(np.array(names)))


@word("sample_from_datasets", "datasets, weights = NULL, seed = NULL, stop_on_empty_dataset = TRUE")
def sample_from_datasets(datasets: Any, weights: Any, seed: Any, stop: Any) -> Any:
    """Draw elements from several data sets until one ends.

    Args:
        datasets: list of data sets.
        weights: how often each is drawn from.
        seed: number that fixes what is drawn.
        stop_on_empty_dataset: end when one ends; else go on with the others.
    """
    sources = [_dataset(item) for item in datasets.data]
    shares = np.ones(len(sources)) if weights is NULL else np.ravel(np.asarray(convert.data(weights), float))
    number = configuration.next_seed() if seed is NULL else _count(seed, "seed")
    ends = bool(convert.argument("stop", stop))

    def elements() -> Iterator[Any]:
        chance = np.random.default_rng(number)
        running = [iter(source) for source in sources]
        left = shares.copy()
        while left.sum() > 0:
            place = int(chance.choice(len(running), p=left / left.sum()))
            found = next(running[place], None)
            if found is not None:
                yield found
            elif ends:
                return
            else:
                left[place] = 0

    return ExternalObject(Dataset(elements))


@word("make_csv_dataset", "file_pattern, batch_size, column_names = NULL, column_defaults = NULL, label_name = NULL, "
      "select_columns = NULL, field_delim = ',', use_quote_delim = TRUE, na_value = '', header = TRUE, num_epochs = NULL, "
      "shuffle = TRUE, shuffle_buffer_size = 10000, shuffle_seed = NULL, ...")  # fmt: skip
def make_csv_dataset(pattern: Any, batch_size: Any, names: Any, defaults: Any, label: Any, select: Any, delimiter: Any,
                     quote: Any, na: Any, header: Any, epochs: Any, shuffle: Any, buffer: Any, seed: Any,
                     dots: Any) -> Any:  # fmt: skip
    """Make a data set of batches of the rows of CSV files, by column, with the label apart.

    Args:
        file_pattern: files.
        batch_size: rows in a batch.
        column_names: names, when the files have no header.
        label_name: column that is the target, or NULL.
        select_columns: columns that are read, default all.
        field_delim: what separates columns.
        num_epochs: passes, default without end.
        shuffle, shuffle_buffer_size, shuffle_seed: mix the rows.
        column_defaults, use_quote_delim, na_value, header: as files usually are.
    """
    only_default("make_csv_dataset", column_defaults=(defaults, None), use_quote_delim=(quote, True), na_value=(na, ""))
    import csv

    columns: dict[str, list[str]] = {}
    for item in pattern.items():
        for path in sorted(glob.glob(os.path.expanduser(str(item)))):
            with open(path, newline="", encoding="utf-8") as stream:
                rows = csv.reader(stream, delimiter=str(delimiter.items()[0]))
                heads = next(rows) if convert.argument("header", header) else []
                if names is not NULL:
                    heads = [str(one) for one in names.items()]
                for row in rows:
                    for head, cell in zip(heads, row, strict=True):
                        columns.setdefault(head, []).append(cell)
    if not columns:
        raise RError("the files have no rows")
    if select is not NULL:
        columns = {str(name): columns[str(name)] for name in select.items()}

    def typed(cells: list[str]) -> np.ndarray:
        for kind in (np.int32, np.float32):
            try:
                return np.array([kind(cell) for cell in cells])
            except ValueError:
                continue
        return np.array(cells)

    arrays: dict[str, Any] = {name: typed(cells) for name, cells in columns.items()}
    structure: Any = arrays
    if label is not NULL:
        target = arrays.pop(str(label.items()[0]))
        structure = (arrays, target)
    made = Dataset.from_tensor_slices(structure)
    if convert.argument("shuffle", shuffle):
        made = made.shuffle(_count(buffer, "buffer"), None if seed is NULL else _count(seed, "seed"))
    made = made.repeat(None if epochs is NULL else _count(epochs, "epochs"))
    return ExternalObject(made.batch(_count(batch_size, "batch_size")))


@word("dataset_prepare", "dataset, x, y = NULL, named = TRUE, named_features = FALSE, parallel_records = NULL, "
      "batch_size = NULL, num_parallel_batches = NULL, drop_remainder = FALSE", lazy=True)  # fmt: skip
def dataset_prepare(dataset: Any, x: Any, y: Any, named: Any, named_features: Any, parallel: Any, batch_size: Any,
                    batches: Any, drop: Any) -> Any:  # fmt: skip
    """Choose the columns of a data set of named lists that are features and target.

    Args:
        dataset: data set.
        x: names of the features, as c(a, b) or text.
        y: name of the target.
        named: elements are list(x = , y = ); FALSE for list(features, target).
        named_features: features stay a named list; else they are put side by side.
        batch_size: elements in a batch, or NULL.
        drop_remainder: leave out a last batch that is smaller.
        parallel_records, num_parallel_batches: accepted.
    """
    from pipekeras.grammar.builtins.registry import expression_of, value_of
    from pipekeras.grammar.nodes import Call, Symbol

    def labels(promise: Any) -> list[str]:
        tree = expression_of(promise)
        if type(tree) is Symbol:
            return [tree.name]
        if isinstance(tree, Call) and tree.is_call_of("c"):
            return [a.value.name if type(a.value) is Symbol else str(a.value.items()[0]) for a in tree.args]
        found = value_of(promise)
        return [] if found is NULL else [str(item) for item in found.items()]

    features, target = labels(x), labels(y)
    keep = bool(convert.argument("named_features", value_of(named_features)))

    def prepared(element: Any) -> Any:
        chosen: Any = {name: element[name] for name in features}
        if not keep:
            chosen = np.stack([np.asarray(value, np.float32) for value in chosen.values()], axis=-1)
        return (chosen, element[target[0]]) if target else chosen

    source = _dataset(value_of(dataset))
    made = Dataset(lambda: (prepared(element) for element in source), source.cardinality())
    size = value_of(batch_size)
    rest = bool(convert.argument("drop_remainder", value_of(drop)))
    return ExternalObject(made if size is NULL else made.batch(_count(size, "batch_size"), rest))


@word("layer_input_from_dataset", "dataset")
def layer_input_from_dataset(dataset: Any) -> Any:
    """Return one input tensor for each column of a data set, as a named list.

    Args:
        dataset: data set of named lists, or data frame.
    """
    from pipekeras.layers import Input

    if isinstance(dataset, Vector):
        from pipekeras.grammar.keras.feature_spec import table_of

        element: Any = {name: column[:1] for name, column in table_of(dataset).items()}
    else:
        element = next(iter(_dataset(dataset)))
    if isinstance(element, tuple):
        element = element[0]
    if not isinstance(element, dict):
        raise RError("layer_input_from_dataset() needs elements that are named lists")
    made = []
    for name, values in element.items():
        kind = "string" if np.asarray(values).dtype.kind in "UO" else "float32"
        made.append(ExternalObject(Input((1,), name=name, dtype=kind)))
    return mk_list(made, list(element))


@word("output_types", "object")
def output_types(target: Any) -> Any:
    """Return the types of a data set's elements."""

    def kinds(element: Any) -> Any:
        if isinstance(element, dict):
            return mk_list([kinds(value) for value in element.values()], list(element))
        if isinstance(element, tuple):
            return mk_list([kinds(value) for value in element])
        return character(str(np.asarray(element).dtype))

    return kinds(next(iter(_dataset(target))))
