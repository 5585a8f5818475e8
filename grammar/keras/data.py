"""Data sets, and small tools that make data ready."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.names import OWN, word
from pipekeras.grammar.values import NULL, ExternalObject, Vector, dim_of, mk_list

from pipekeras.core import registry


def _dataset_word(name: str, load: Any) -> None:
    @word(f"dataset_{name}", "...")
    def read(dots: Any) -> Any:
        (x_train, y_train), (x_test, y_test) = load()

        def part(x: Any, y: Any) -> Any:
            return mk_list([convert.result(np.asarray(x)), convert.result(np.asarray(y))], ["x", "y"])

        return mk_list([part(x_train, y_train), part(x_test, y_test)], ["train", "test"])

    read.__doc__ = load.__doc__


import pipekeras.datasets  # noqa: E402, F401 - fills the table read below

for _entry in registry.entries("dataset"):
    _dataset_word(_entry.name, _entry.value)


@word("to_categorical", "y, num_classes = NULL, dtype = 'float32'")
def to_categorical(y: Any, num_classes: Any, dtype: Any) -> Any:
    """Write class numbers from 0 as rows with a single 1.

    Args:
        y: class numbers.
        num_classes: number of columns, default the largest number plus 1.
    """
    from pipekeras.utils import to_categorical as convert_labels

    count = None if num_classes is NULL else int(num_classes.items()[0])
    return convert.result(convert_labels(convert.data(y, "y"), count))


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
    rows = [np.atleast_1d(np.asarray(item)) for item in (found if isinstance(found, list) else [found])]
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
        dimensions = dim_of(x)
        values = x.data if dimensions is None else x.data.reshape(dimensions, order="F")
    by_rows = str(order.items()[0]) != "F"
    made = values.reshape(sizes, order="C" if by_rows else "F")
    result = convert.result(made)
    if isinstance(x, Vector) and x.kind == "logical":
        result.kind = "logical"
    return result


@word("shape", "...")
def shape(dots: Any) -> Any:
    """Return a shape from its sizes; NULL and NA mean any size."""
    if len(dots) == 1 and isinstance(dots[0][1], ExternalObject):
        return mk_list([NULL if n is None else _size(n) for n in dots[0][1].value.shape])
    return mk_list([value if value is not NULL else NULL for _, value in dots])


def _size(count: int) -> Any:
    from pipekeras.grammar.values import integer

    return integer(count)


@word("set_random_seed", "seed, disable_gpu = NULL", invisible=True)
def set_random_seed(seed: Any, disable_gpu: Any) -> Any:
    """Fix every random number of weights, dropout and shuffling."""
    from pipekeras.core.configuration import set_random_seed as fix

    fix(int(seed.items()[0]))
    return NULL


for _word_name in ("use_session_with_seed",):
    OWN[_word_name] = OWN["set_random_seed"]


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
