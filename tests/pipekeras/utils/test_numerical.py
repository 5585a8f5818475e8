"""to_categorical, normalize and pad_sequences give what Keras gives."""

import numpy as np
import pytest

from pipekeras.core.errors import ConfigurationError, DataError, ShapeError
from pipekeras.utils import normalize, pad_sequences, to_categorical

keras_utils = pytest.importorskip("keras").utils


@pytest.mark.parametrize("codes", [[0, 1, 2], [[1], [0]], [[1, 2], [0, 1]], 2, [3.0, 1.0]])
@pytest.mark.parametrize("classes", [None, 5])
def test_to_categorical_equals_keras(codes, classes):
    np.testing.assert_array_equal(to_categorical(codes, classes), keras_utils.to_categorical(codes, classes))


@pytest.mark.parametrize(
    ("codes", "classes", "message"),
    [
        ([1, 2, 3], 3, "must be 0 to 2; found 3"),
        ([-1, 0], None, "found -1"),
        ([0.5], None, "fractions"),
        (["a"], None, "whole"),
    ],
)
def test_to_categorical_refuses_what_is_no_code(codes, classes, message):
    with pytest.raises(DataError, match=message):
        to_categorical(codes, classes)


def test_to_categorical_names_the_mend_for_codes_that_begin_at_one():
    with pytest.raises(DataError) as caught:
        to_categorical([1, 2, 3], 3)
    assert "subtract 1" in caught.value.mend


@pytest.mark.parametrize(("axis", "order"), [(-1, 2), (1, 1), (-1, np.inf)])
def test_normalize_equals_keras(axis, order):
    x = np.random.default_rng(0).normal(size=(4, 3))
    x[2] = 0
    np.testing.assert_allclose(normalize(x, axis, order), keras_utils.normalize(x, axis, order))


@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("truncating", ["pre", "post"])
@pytest.mark.parametrize("maxlen", [None, 2, 5])
def test_pad_sequences_equals_keras(padding, truncating, maxlen):
    sequences = [[1], [], [2, 3, 4], [5, 6]]
    arguments = {"maxlen": maxlen, "padding": padding, "truncating": truncating, "value": 9}
    np.testing.assert_array_equal(
        pad_sequences(sequences, **arguments), keras_utils.pad_sequences(sequences, **arguments)
    )


def test_pad_sequences_refuses_what_it_cannot_pad():
    with pytest.raises(ConfigurationError, match="'pre' or 'post'"):
        pad_sequences([[1]], padding="left")
    with pytest.raises(DataError, match="element 1"):
        pad_sequences([[1], 2])
    with pytest.raises(ShapeError, match="sequence 1"):
        pad_sequences([[[1, 2]], [[1, 2, 3]]])
