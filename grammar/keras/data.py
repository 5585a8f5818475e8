"""Data sets, and small tools that make data ready."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.names import word, wrap
from pipekeras.grammar.keras.shapes import classed, shape_of
from pipekeras.grammar.values import NA_INTEGER, NULL, ExternalObject, Vector, mk_list
from pipekeras.grammar.vectors.shapes import stacked

from pipekeras.core import registry


def _dataset_word(name: str, load: Any) -> None:
    import inspect

    from pipekeras.grammar.keras.signatures import r_text

    parameters = inspect.signature(load).parameters

    @word(f"dataset_{name}", ", ".join(f"{label} = {r_text(p.default)}" for label, p in parameters.items()))
    def read(*values: Any) -> Any:
        given = {label: convert.argument(label, value) for label, value in zip(parameters, values, strict=True)}
        (x_train, y_train), (x_test, y_test) = load(**given)

        def converted(found: Any) -> Any:
            array = np.asarray(found)
            if array.dtype == object:
                from pipekeras.grammar.values import integer

                return mk_list([integer([int(number) for number in row]) for row in found])
            return convert.result(array)

        def part(x: Any, y: Any) -> Any:
            return mk_list([converted(x), converted(y)], ["x", "y"])

        return mk_list([part(x_train, y_train), part(x_test, y_test)], ["train", "test"])

    read.__doc__ = load.__doc__


import pipekeras.datasets  # noqa: E402 - fills the table read below

for _entry in registry.entries("dataset"):
    _dataset_word(_entry.name, _entry.value)


def _word_index(name: str, load: Any) -> None:
    @word(f"dataset_{name}_word_index", f"path = '{name}_word_index.json'")
    def read(path: Any) -> Any:
        from pipekeras.grammar.external import to_language

        return to_language(load(str(path.items()[0])))

    read.__doc__ = load.__doc__


for _name in ("imdb", "reuters"):
    _word_index(_name, getattr(pipekeras.datasets, _name).get_word_index)


@word("to_categorical", "y, num_classes = NULL, dtype = 'float32'")
def to_categorical(y: Any, num_classes: Any, dtype: Any) -> Any:
    """Write class numbers from 0 as rows with a single 1.

    Args:
        y: class numbers.
        num_classes: number of columns, default the largest number plus 1.
        dtype: text, kind of the numbers.
    """
    from pipekeras.utils import to_categorical as convert_labels

    kind = None if dtype is NULL else convert.argument("dtype", dtype)
    count = None if num_classes is NULL else int(num_classes.items()[0])
    rows = convert_labels(convert.data(y, "y"), count)
    return convert.result(rows if kind is None else rows.astype(kind))


@word("normalize", "x, axis = -1, order = 2")
def normalize(x: Any, axis: Any, order: Any) -> Any:
    """Divide rows by their norm.

    Args:
        x: matrix or array.
        axis: axis of the norm as Python counts, default the last.
        order: order of the norm, default 2.
    """
    from pipekeras.utils import normalize as divide

    return convert.result(divide(convert.data(x), convert.argument("axis", axis), convert.argument("order", order)))


@word("pad_sequences", "sequences, maxlen = NULL, dtype = 'int32', padding = 'pre', truncating = 'pre', value = 0")
def pad_sequences(sequences: Any, maxlen: Any, dtype: Any, padding: Any, truncating: Any, value: Any) -> Any:
    """Make sequences equally long, by cutting and filling.

    Args:
        sequences: list of vectors.
        maxlen: length, default that of the longest.
        padding, truncating: "pre" or "post".
        value: what to fill with, default 0.
    """
    from pipekeras.utils import pad_sequences as fill

    found = convert.data(sequences)
    several = isinstance(found, list) or np.ndim(found) > 1
    rows = [np.atleast_1d(np.asarray(item)) for item in (found if several else [found])]
    if isinstance(sequences, Vector) and sequences.kind == "list":
        # A sequence may be a list of numbers, as maps over words make them.
        rows = [
            np.ravel(row) if isinstance(item, Vector) and item.kind == "list" else row
            for row, item in zip(rows, sequences.data, strict=True)
        ]
    return convert.result(
        fill(
            rows,
            maxlen=None if maxlen is NULL else int(maxlen.items()[0]),
            dtype=str(dtype.items()[0]),
            padding=str(padding.items()[0]),
            truncating=str(truncating.items()[0]),
            value=convert.argument("value", value),
        )
    )


@word("array_reshape", "x, dim, order = c('C', 'F')")
def array_reshape(x: Any, dim: Any, order: Any) -> Any:
    """Give an array other dimensions, row by row as Python counts the elements.

    Args:
        x: vector, matrix, array or tensor.
        dim: numbers; one may be -1 or NA.
    """
    sizes = [-1 if size is None else size for size in convert.shape(dim) or ()]
    values = x.value.numpy() if isinstance(x, ExternalObject) else None
    if values is None:
        values = stacked(x)
    by_rows = str(order.items()[0]) != "F"
    made = values.reshape(sizes, order="C" if by_rows else "F")
    result = convert.result(made)
    if isinstance(x, Vector) and x.kind == "logical":
        result.kind = "logical"
    return result


@word("shape", "...")
def shape(dots: Any) -> Any:
    """Return a shape from its sizes, or from parts of shapes one after the other; NULL and NA mean any size."""
    if len(dots) == 1 and isinstance(dots[0][1], ExternalObject):
        return shape_of(dots[0][1].value.shape)
    return classed([size for _, value in dots for size in _sizes(value)])


def _sizes(value: Any) -> list[Any]:
    """Return the sizes in an argument of `shape`: one, a vector of them, or a list as other shapes are."""
    if not isinstance(value, Vector) or value is NULL:
        return [value]
    if value.kind == "list":
        return [size for item in value.items() for size in _sizes(item)]
    items = [convert.whole(item) for item in value.items()]
    return [NULL if item is None or item != item or item == NA_INTEGER else wrap(item) for item in items]


@word("set_random_seed", "seed, disable_gpu = NULL", invisible=True)
def set_random_seed(seed: Any, disable_gpu: Any) -> Any:
    """Fix every random number: of weights, dropout and shuffling, and R's own generator as `set.seed` does."""
    from pipekeras.grammar.builtins.statistics.random import set_seed

    from pipekeras.core.configuration import set_random_seed as fix

    fix(int(seed.items()[0]))
    set_seed(seed, NULL, NULL, NULL)
    return NULL


@word("use_session_with_seed", "seed, disable_gpu = TRUE, disable_parallel_cpu = TRUE, quiet = FALSE", invisible=True)
def use_session_with_seed(seed: Any, disable_gpu: Any, disable_parallel_cpu: Any, quiet: Any) -> Any:
    """Fix every random number, as `set_random_seed` does; results are the same on any number of threads."""
    return set_random_seed(seed, disable_gpu)


@word("is_keras_available", "version = NULL")
def is_keras_available(version: Any) -> Any:
    """Return TRUE: nothing is to be installed."""
    from pipekeras.grammar.values import logical

    return logical(True)


for _word_name in ("install_keras", "use_python", "use_condaenv", "use_virtualenv", "use_backend", "use_implementation"):

    @word(_word_name, "...", invisible=True)
    def nothing_to_install(dots: Any) -> Any:
        """Accepted for scripts that call it: there is nothing to install or to choose."""
        return NULL


@word("tuple", "...")
def tuple_of(dots: Any) -> Any:
    """Return a list of the arguments; where Python wants a tuple, a list is taken.

    Args:
        ...: values, or one vector or list of them.
    """
    if len(dots) == 1 and isinstance(dots[0][1], Vector) and dots[0][0] is None:
        only = dots[0][1]
        if only.kind == "list":
            return mk_list(list(only.data))
        if len(only) > 1:
            from pipekeras.grammar.external import to_language

            return mk_list([to_language(item) for item in only.items()])
    return mk_list([value for _, value in dots])


@word("dict", "...")
def dictionary(dots: Any) -> Any:
    """Return a named list of the arguments; where Python wants a dict, a named list is taken.

    Args:
        ...: values by name.
    """
    from pipekeras.grammar.errors import RError

    if any(not name for name, _ in dots):
        raise RError("dict() takes its values by name", mend="write dict(name = value)")
    return mk_list([value for _, value in dots], [str(name) for name, _ in dots])


@word("np_array", "data, dtype = NULL, order = 'C'")
def np_array(values: Any, dtype: Any, order: Any) -> Any:
    """Return numbers as a tensor of a given type.

    Args:
        data: vector, matrix or array.
        dtype: text, default as the numbers are.
        order: accepted for scripts that give it; elements are kept row by row.
    """
    return as_tensor(values, dtype)


def is_text(x: Any) -> bool:
    """Whether a value is text: a tensor of texts is the texts themselves here."""
    return isinstance(x, Vector) and x.kind == "character"


@word("as_tensor", "x, dtype = NULL, ..., shape = NULL")
def as_tensor(x: Any, dtype: Any = NULL, dots: Any = (), shape: Any = NULL) -> Any:
    """Return numbers as a tensor.

    Args:
        x: vector, matrix, array or tensor; a single number gives a tensor without axes.
        dtype: text, default float32 for doubles and int32 for integers.
        shape: sizes; a single number fills them.
    """
    from pipekeras import ops

    if is_text(x):
        return x
    found = ops.convert_to_tensor(convert.tensor_or_array(x))
    if dtype is not NULL:
        found = ops.cast(found, str(dtype.items()[0]))
    sizes = convert.shape(shape)
    if sizes is None:
        return ExternalObject(found)
    return ExternalObject(ops.broadcast_to(found, sizes) if found.shape == () else ops.reshape(found, sizes))


_LARGEST_DOWNLOAD = 4 * 2**30
_SHA256 = 64


@word("get_file", "fname, origin, file_hash = NULL, cache_subdir = 'datasets', hash_algorithm = 'auto', extract = FALSE, "
      "archive_format = 'auto', cache_dir = NULL, untar = FALSE")  # fmt: skip
def get_file(fname: Any, origin: Any, file_hash: Any, cache_subdir: Any, hash_algorithm: Any, extract: Any,
             archive_format: Any, cache_dir: Any, untar: Any) -> Any:  # fmt: skip
    """Return the path of a file in the cache, downloaded if it is not there, and checked in either case.

    Args:
        fname: text, name of the file.
        origin: text, its address, https.
        file_hash: text, its SHA-256 in hexadecimal; files of unknown content are not downloaded.
        cache_subdir: text, folder in the cache, default "datasets".
        hash_algorithm: "auto" or "sha256".
        extract, untar: FALSE; unpack with unzip() or untar().
        cache_dir: text, the cache, default $KERAS_HOME or ~/.keras.
    """
    import hashlib
    from pathlib import Path

    from pipekeras.grammar.errors import RError
    from pipekeras.grammar.values import character

    from pipekeras.datasets import cache

    name, address = (str(convert.argument("text", item)) for item in (fname, origin))
    digest = "" if file_hash is NULL else str(convert.argument("file_hash", file_hash)).lower()
    if len(digest) != _SHA256 or convert.argument("hash_algorithm", hash_algorithm) not in ("auto", "sha256"):
        raise RError("get_file() needs the SHA-256 of the file", mend='write file_hash = "..." with 64 hexadecimal digits')
    if convert.argument("extract", extract) or convert.argument("untar", untar):
        raise RError("get_file() does not unpack", mend="call unzip() or untar() on the path that it returns")
    if Path(name).name != name or name in ("", ".", "..") or "\0" in name or not address.startswith("https://"):
        raise RError("get_file() takes a plain file name and an https address")
    home = cache.cache_folder().parent if cache_dir is NULL else Path(str(convert.argument("text", cache_dir))).expanduser()
    path = home / str(convert.argument("text", cache_subdir)) / name
    if path.is_file():
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if found == digest:
            return character(str(path))
    return character(str(cache.fetch(name, address, digest, _LARGEST_DOWNLOAD, path.parent)))
