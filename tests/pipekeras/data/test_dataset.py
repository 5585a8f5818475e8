"""The steps of a data set, and training from one."""

import threading
import time

import numpy as np
import pytest

from pipekeras.core.errors import ArgumentError, ConfigurationError, DataError
from pipekeras.data import Dataset, PyDataset
from pipekeras.layers import Dense, Input
from pipekeras.models import Sequential
from pipekeras.utils import set_random_seed

X = np.arange(20, dtype="float32").reshape(10, 2)
Y = np.arange(10, dtype="float32")


def plain(dataset):
    return [element.tolist() if hasattr(element, "tolist") else element for element in dataset]


def test_slices_of_arrays_tuples_dicts_and_lists():
    assert plain(Dataset.from_tensor_slices([1, 2, 3])) == [1, 2, 3]
    pairs = list(Dataset.from_tensor_slices((X, Y)))
    assert len(pairs) == 10 and pairs[3][0].tolist() == [6.0, 7.0] and pairs[3][1] == 3.0
    named = list(Dataset.from_tensor_slices({"a": X, "b": [Y, Y]}).batch(4))
    assert [batch["a"].shape for batch in named] == [(4, 2), (4, 2), (2, 2)] and named[0]["b"][1].shape == (4,)
    with pytest.raises(DataError, match=r"\(10, 2\), \(3,\)"):
        Dataset.from_tensor_slices((X, Y[:3]))


def test_batches():
    numbers = Dataset.range(7)
    assert plain(numbers.batch(3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert plain(numbers.batch(3, drop_remainder=True)) == [[0, 1, 2], [3, 4, 5]]
    assert plain(Dataset.from_tensor_slices(Y).batch(4, drop_remainder=True)) == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert plain(numbers.batch(3).unbatch()) == list(range(7))
    with pytest.raises(DataError, match="one batch"):
        list(Dataset.from_generator(lambda: [np.zeros(2), np.zeros(3)]).batch(2))
    with pytest.raises(ArgumentError, match="batch_size"):
        numbers.batch(0)


def test_map_filter_take_skip_repeat_concatenate_zip():
    numbers = Dataset.range(6)
    assert plain(numbers.map(lambda value: value**2)) == [0, 1, 4, 9, 16, 25]
    assert plain(numbers.filter(lambda value: value % 2 == 0)) == [0, 2, 4]
    assert plain(numbers.skip(1).take(3)) == [1, 2, 3]
    assert plain(numbers.take(2).repeat(2).concatenate(Dataset.range(9, 10))) == [0, 1, 0, 1, 9]
    assert plain(numbers.repeat().take(8)) == [0, 1, 2, 3, 4, 5, 0, 1]
    sums = Dataset.zip((numbers, Dataset.range(10, 13))).map(lambda left, right: left + right)
    assert plain(sums) == [10, 12, 14]


def test_lengths_are_known_where_they_can_be():
    numbers = Dataset.range(7)
    assert len(numbers.batch(2)) == 4 and len(numbers.batch(2, drop_remainder=True)) == 3
    assert len(numbers.repeat(3).skip(1).map(lambda value: value)) == 20
    assert numbers.repeat().cardinality() == -1 and len(numbers.repeat().take(5)) == 5
    assert numbers.filter(bool).cardinality() == -2
    for endless in (numbers.repeat(), numbers.filter(bool)):
        with pytest.raises(TypeError):
            len(endless)
    assert plain(Dataset.range(0).repeat()) == []


@pytest.mark.parametrize("source", [Dataset.range(50), Dataset.from_tensor_slices(np.arange(50))])
@pytest.mark.parametrize("size", [7, 50, 500])
def test_shuffle_mixes_and_keeps_every_element(source, size):
    mixed = source.shuffle(size, seed=3)
    first, second = plain(mixed), plain(mixed)
    assert sorted(first) == list(range(50)) and first != list(range(50)) and first != second
    assert plain(source.shuffle(size, seed=3)) == first
    fixed = source.shuffle(size, seed=3, reshuffle_each_iteration=False)
    assert plain(fixed) == plain(fixed)


def test_shuffle_keeps_rows_together_and_follows_the_global_seed():
    def orders():
        set_random_seed(5)
        batches = list(Dataset.from_tensor_slices((X, Y)).shuffle(100).batch(3))
        for x, y in batches:
            np.testing.assert_array_equal(x[:, 0], 2 * y)
        return [y.tolist() for _, y in batches]

    assert orders() == orders()


def test_cache_computes_once():
    calls = []
    cached = Dataset.range(3).map(lambda value: calls.append(value) or value).cache()
    assert plain(cached) == plain(cached) == [0, 1, 2] and len(calls) == 3


def wait_until(condition):
    """Wait for another thread, on a crowded machine too."""
    deadline = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < deadline, "the other thread never came"
        time.sleep(0.01)


def prefetching():
    return {thread for thread in threading.enumerate() if thread.name == "pipekeras prefetch"}


def test_prefetch_works_ahead_passes_errors_on_and_stops():
    made = []
    before = prefetching()

    def slow():
        for index in range(100):
            made.append(index)
            yield index

    elements = iter(Dataset.from_generator(slow).prefetch(3))
    assert next(elements) == 0
    wait_until(lambda: len(made) >= 4)
    assert 4 <= len(made) <= 6
    elements.close()
    wait_until(lambda: prefetching() <= before)

    def broken():
        yield 1
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        list(Dataset.from_generator(broken).prefetch())


def compiled():
    set_random_seed(1)
    model = Sequential([Input((2,)), Dense(1)])
    model.compile("sgd", "mse")
    return model


X_SMALL = (X / 20).astype("float32")


def test_training_from_a_data_set_equals_training_from_arrays():
    by_arrays, by_data = compiled(), compiled()
    by_arrays.fit(X_SMALL, Y, epochs=3, batch_size=4, shuffle=False, verbose=0)
    data = Dataset.from_tensor_slices((X_SMALL, Y)).batch(4).prefetch()
    history = by_data.fit(data, epochs=3, validation_data=data, verbose=0)
    for one, other in zip(by_arrays.get_weights(), by_data.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert len(history.history["val_loss"]) == 3
    assert by_data.evaluate(data, verbose=0) == pytest.approx(by_arrays.evaluate(X_SMALL, Y, verbose=0), rel=1e-6)
    inputs = Dataset.from_tensor_slices(X_SMALL).batch(4)
    np.testing.assert_array_equal(by_data.predict(inputs, verbose=0), by_arrays.predict(X_SMALL, verbose=0))


def test_training_from_an_endless_data_set_takes_steps():
    seen = []
    data = Dataset.from_tensor_slices((X_SMALL, Y)).repeat().batch(4).map(lambda x, y: (seen.append(len(x)) or x, y))
    compiled().fit(data, epochs=2, steps_per_epoch=3, verbose=0)
    assert seen == [4] * 6


class Batches(PyDataset):
    def __init__(self, **options):
        super().__init__(**options)
        self.ended = 0

    def __len__(self):
        return 3

    def __getitem__(self, index):
        rows = slice(4 * index, 4 * index + 4)
        return X_SMALL[rows], Y[rows]

    def on_epoch_end(self):
        self.ended += 1


def test_training_from_a_py_dataset():
    by_arrays, by_batches, source = compiled(), compiled(), Batches(workers=2)
    by_arrays.fit(X_SMALL, Y, epochs=2, batch_size=4, shuffle=False, verbose=0)
    by_batches.fit(source, epochs=2, shuffle=False, verbose=0)
    for one, other in zip(by_arrays.get_weights(), by_batches.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert source.ended == 2 and source.num_batches == 3 and len(list(source)) == 3
    with pytest.raises(ConfigurationError, match="__len__"):
        len(PyDataset())


def test_mistakes_are_named():
    with pytest.raises(ArgumentError, match="function that returns an iterable"):
        Dataset.from_generator([1, 2])
    with pytest.raises(ArgumentError, match="no argument 'parallel'"):
        Dataset.range(3).map(abs, parallel=2)
    assert repr(Dataset.range(3).repeat()) == "Dataset(no end)"


def test_elements_are_arrays_that_also_answer_to_numpy() -> None:
    data = Dataset.from_tensor_slices((np.arange(4.0), np.array(["a", "b", "a", "b"])))
    for (number, text), expected in zip(data, range(4), strict=True):
        assert type(number.numpy()) is np.float64
        assert number == expected
        assert text.numpy() in "ab"
    assert {text: float(number) for number, text in data} == {"a": 2.0, "b": 3.0}
    batch = next(iter(data.batch(3)))[0]
    assert type(batch.numpy()) is np.ndarray
    assert repr(batch) == "array([0., 1., 2.])"
    assert float(batch.mean()) == 1.0
    assert all(type(leaf) in (np.ndarray, np.float64, np.str_) for item in data.as_numpy_iterator() for leaf in item)
