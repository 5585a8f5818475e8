"""A lazy pipeline from arrays, generators or other data sets to batches."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from pipekeras.core import configuration
from pipekeras.core.errors import ArgumentError, DataError
from pipekeras.core.structure import flatten, map_structure, pack_like, rebuild
from pipekeras.data.element import handed_out

_INFINITE = -1
_UNKNOWN = -2
_END = object()


class Dataset:
    """Elements that are made when they are asked for, and steps that change them.

    An element is an array, or a tuple, list or dict of arrays. Every step gives a new data set; nothing is computed
    before it is iterated over, and each iteration begins anew. `fit`, `evaluate` and `predict` take a data set of
    batches `x`, `(x, y)` or `(x, y, sample_weight)`.

    Make one with `from_tensor_slices`, `from_tensors`, `from_generator` or `range`.

    Args:
        make: function without arguments that returns a fresh iterator over the elements.
        length: int, number of elements; -1 when there is no end, -2 when it is not known.
        rows: the arrays and the order of their rows, where elements are plain rows of arrays.

    Example:
        >>> import numpy as np
        >>> from pipekeras.data import Dataset
        >>> x, y = np.arange(6).reshape(3, 2), np.array([0, 1, 0])
        >>> data = Dataset.from_tensor_slices((x, y)).repeat(2).batch(4)
        >>> [labels.tolist() for _, labels in data], len(data)
        ([[0, 1, 0, 0], [1, 0]], 2)
    """

    def __init__(self, make: Callable[[], Iterator[Any]], length: int = _UNKNOWN, rows: _Rows | None = None) -> None:
        self._make = make
        self._length = length
        self._rows = rows

    @classmethod
    def from_tensor_slices(cls, tensors: Any) -> Dataset:
        """A data set of the rows of arrays.

        Args:
            tensors: array, or tuple, list or dict of arrays that have equally many rows. A list of numbers is an
                array.

        Raises:
            DataError: When the numbers of rows differ, or something has no rows.
        """
        arrays = _arrays_of(tensors)
        counts = {array.shape[0] if array.ndim else None for array in flatten(arrays)}
        if len(counts) != 1 or None in counts:
            shapes = ", ".join(str(array.shape) for array in flatten(arrays))
            raise DataError(f"all arrays must have equally many rows; their shapes are {shapes}")
        rows = _Rows(arrays, counts.pop() or 0, None)
        return cls(rows.elements, rows.count, rows)

    @classmethod
    def from_tensors(cls, tensors: Any) -> Dataset:
        """A data set of one element, the arrays as they are."""
        element = _arrays_of(tensors)
        return cls(lambda: iter((element,)), 1)

    @classmethod
    def from_generator(cls, generator: Callable[[], Iterable[Any]], **options: Any) -> Dataset:
        """A data set of what a function yields; it is called once for each iteration.

        Args:
            generator: function without arguments that returns an iterable.
            **options: `output_signature`, `output_types`, `output_shapes`, accepted for scripts that pass them.
        """
        unknown = set(options) - {"output_signature", "output_types", "output_shapes", "args"}
        if unknown or not callable(generator):
            raise ArgumentError("from_generator takes a function that returns an iterable", mend="pass the function itself")
        return cls(lambda: (map_structure(_as_array, element) for element in generator()))

    @classmethod
    def range(cls, *bounds: int) -> Dataset:
        """A data set of whole numbers, as Python's `range`."""
        numbers = range(*bounds)
        return cls(lambda: (np.int64(number) for number in numbers), len(numbers))

    def __iter__(self) -> Iterator[Any]:
        return (map_structure(handed_out, element) for element in self._make())

    def __len__(self) -> int:
        if self._length == _INFINITE:
            raise TypeError("the data set has no end")
        if self._length == _UNKNOWN:
            raise TypeError("the length of the data set is not known before it is iterated over")
        return self._length

    def cardinality(self) -> int:
        """Number of elements; -1 when there is no end, -2 when it is not known."""
        return self._length

    def batch(self, batch_size: int, drop_remainder: bool = False) -> Dataset:
        """Put consecutive elements together along a new first axis.

        Args:
            batch_size: int, elements in a batch.
            drop_remainder: bool, leave out a smaller last batch, default False.
        """
        size = _positive("batch_size", batch_size)
        length = self._length
        if length >= 0:
            length = length // size if drop_remainder else -(-length // size)
        rows = self._rows
        if rows is not None:
            return Dataset(lambda: rows.batches(size, drop_remainder), length)

        def batches() -> Iterator[Any]:
            elements = self._make()
            while group := list(itertools.islice(elements, size)):
                if len(group) < size and drop_remainder:
                    return
                leaves = zip(*(flatten(element) for element in group), strict=True)
                yield pack_like(group[0], [_stacked(leaf) for leaf in leaves])

        return Dataset(batches, length)

    def unbatch(self) -> Dataset:
        """Take batches apart into their rows."""

        def elements() -> Iterator[Any]:
            for element in self._make():
                leaves = flatten(element)
                for index in range(len(leaves[0])):
                    yield pack_like(element, [leaf[index] for leaf in leaves])

        return Dataset(elements)

    def map(self, function: Callable[..., Any], num_parallel_calls: Any = None, **options: Any) -> Dataset:
        """Change every element by a function.

        Args:
            function: takes an element; a tuple is passed as several arguments.
            num_parallel_calls: accepted for scripts that set it: elements are made one after the other.
            **options: `deterministic`, likewise.
        """
        _only("map", options, ("deterministic",))
        return Dataset(lambda: (_applied(function, element) for element in self._make()), self._length)

    def filter(self, predicate: Callable[..., Any]) -> Dataset:
        """Keep the elements for which a function returns a true value."""
        return Dataset(lambda: (element for element in self._make() if bool(_applied(predicate, element))))

    def shuffle(self, buffer_size: int, seed: int | None = None, reshuffle_each_iteration: bool = True) -> Dataset:
        """Hand out the elements in a random order.

        Args:
            buffer_size: int, elements from which the next one is drawn; as many as there are mix perfectly.
            seed: int or None, fixes the order; None draws on the seed of `set_random_seed`.
            reshuffle_each_iteration: bool, another order in every iteration, default True.
        """
        size = _positive("buffer_size", buffer_size)
        first = configuration.next_seed() if seed is None else int(seed)
        iterations = itertools.count()

        def generator() -> np.random.Generator:
            return np.random.Generator(np.random.PCG64([first, next(iterations) if reshuffle_each_iteration else 0]))

        rows = self._rows
        if rows is not None and rows.order is None and size >= rows.count:
            mixed = _Rows(rows.arrays, rows.count, lambda: generator().permutation(rows.count))
            return Dataset(mixed.elements, self._length, mixed)
        return Dataset(lambda: _shuffled(self._make(), size, generator()), self._length)

    def repeat(self, count: int | None = None) -> Dataset:
        """Begin anew after the last element, `count` times in all; without end for None or -1."""
        if count is None or count < 0:
            return Dataset(lambda: _endless(self), 0 if self._length == 0 else _INFINITE)
        length = self._length * int(count) if self._length >= 0 else self._length
        return Dataset(lambda: itertools.chain.from_iterable(itertools.repeat(self, int(count))), length)

    def take(self, count: int) -> Dataset:
        """The first `count` elements; all for -1."""
        if count < 0:
            return self
        length = min(count, self._length) if self._length >= 0 else count if self._length == _INFINITE else _UNKNOWN
        return Dataset(lambda: itertools.islice(self._make(), int(count)), length)

    def skip(self, count: int) -> Dataset:
        """All but the first `count` elements."""
        length = max(self._length - count, 0) if self._length >= 0 else self._length
        return Dataset(lambda: itertools.islice(self._make(), int(count), None), length)

    def concatenate(self, other: Dataset) -> Dataset:
        """The elements of this data set, then those of another."""
        lengths = self._length, other._length
        length = sum(lengths) if min(lengths) >= 0 else max(lengths) if _INFINITE in lengths else _UNKNOWN
        return Dataset(lambda: itertools.chain(self._make(), other._make()), _INFINITE if _INFINITE in lengths else length)

    @staticmethod
    def zip(datasets: Any) -> Dataset:
        """Tuples of elements that stand at the same place in several data sets; the shortest ends it."""
        parts = tuple(datasets)
        lengths = [part._length for part in parts if part._length != _INFINITE]
        length = _INFINITE if not lengths else _UNKNOWN if _UNKNOWN in lengths else min(lengths)
        return Dataset(lambda: zip(*(part._make() for part in parts), strict=False), length)

    def cache(self) -> Dataset:
        """Keep the elements in memory after they were made once."""
        kept: list[Any] = []
        complete = False

        def elements() -> Iterator[Any]:
            nonlocal complete
            if complete:
                yield from kept
                return
            fresh = []
            for element in self._make():
                fresh.append(element)
                yield element
            kept[:] = fresh
            complete = True

        return Dataset(elements, self._length)

    def prefetch(self, buffer_size: int = 1) -> Dataset:
        """Make the next elements in a thread of their own while the last one is in use.

        Args:
            buffer_size: int, elements that are kept ready; -1 lets it be chosen, default 1.
        """
        size = 2 if buffer_size < 0 else max(int(buffer_size), 1)
        return Dataset(lambda: _prefetched(self, size), self._length)

    def as_numpy_iterator(self) -> Iterator[Any]:
        """Iterate over the elements as plain arrays."""
        return self._make()

    def __repr__(self) -> str:
        count = {_INFINITE: "no end", _UNKNOWN: "unknown length"}.get(self._length, f"{self._length} elements")
        return f"Dataset({count})"


class _Rows:
    """Rows of arrays, in their order or in one that a function gives for each iteration."""

    def __init__(self, arrays: Any, count: int, order: Callable[[], np.ndarray] | None) -> None:
        self.arrays = arrays
        self.count = count
        self.order = order

    def elements(self) -> Iterator[Any]:
        for index in range(self.count) if self.order is None else self.order():
            yield map_structure(lambda array, index=index: array[index], self.arrays)

    def batches(self, size: int, drop_remainder: bool) -> Iterator[Any]:
        """Whole batches at once, which is much faster than row by row."""
        order = None if self.order is None else self.order()
        stop = self.count - self.count % size if drop_remainder else self.count
        for start in range(0, stop, size):
            index = slice(start, start + size) if order is None else order[start : start + size]
            yield map_structure(lambda array, index=index: array[index], self.arrays)


def _arrays_of(value: Any) -> Any:
    """The structure with arrays as leaves; lists that hold no arrays are arrays themselves."""
    if isinstance(value, dict):
        return {key: _arrays_of(item) for key, item in value.items()}
    if isinstance(value, tuple) or (isinstance(value, list) and any(hasattr(leaf, "shape") for leaf in flatten(value))):
        return rebuild(value, [_arrays_of(item) for item in value])
    return _as_array(value)


def _as_array(value: Any) -> Any:
    return np.asarray(value.numpy() if hasattr(value, "numpy") else value)


def _stacked(leaves: tuple[Any, ...]) -> np.ndarray:
    shapes = {np.shape(leaf) for leaf in leaves}
    if len(shapes) > 1:
        raise DataError(f"elements of the shapes {', '.join(map(str, sorted(shapes)))} can't be put into one batch")
    return np.stack(leaves)


def _applied(function: Callable[..., Any], element: Any) -> Any:
    result = function(*element) if isinstance(element, tuple) else function(element)
    return map_structure(_as_array, result)


def _shuffled(elements: Iterator[Any], size: int, generator: np.random.Generator) -> Iterator[Any]:
    buffer = list(itertools.islice(elements, size))
    for element in elements:
        index = int(generator.integers(len(buffer)))
        yield buffer[index]
        buffer[index] = element
    for index in generator.permutation(len(buffer)):
        yield buffer[index]


def _endless(dataset: Dataset) -> Iterator[Any]:
    while True:
        empty = True
        for element in dataset.as_numpy_iterator():
            empty = False
            yield element
        if empty:
            return


def _prefetched(dataset: Dataset, size: int) -> Iterator[Any]:
    ready: queue.Queue[tuple[Any, BaseException | None]] = queue.Queue(size)
    stopped = threading.Event()

    def put(item: tuple[Any, BaseException | None]) -> bool:
        while not stopped.is_set():
            try:
                ready.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            for element in dataset.as_numpy_iterator():
                if not put((element, None)):
                    return
            put((_END, None))
        except BaseException as problem:
            put((_END, problem))

    threading.Thread(target=work, name="pipekeras prefetch", daemon=True).start()
    try:
        while True:
            element, problem = ready.get()
            if problem is not None:
                raise problem
            if element is _END:
                return
            yield element
    finally:
        stopped.set()


def _positive(name: str, value: Any) -> int:
    if isinstance(value, bool) or int(value) != value or value < 1:
        raise ArgumentError(f"{name} must be a whole number of 1 or more, not {value!r}")
    return int(value)


def _only(where: str, options: dict[str, Any], known: tuple[str, ...]) -> None:
    unknown = next((name for name in options if name not in known), None)
    if unknown is not None:
        raise ArgumentError(f"{where} has no argument '{unknown}'")
