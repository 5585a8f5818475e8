"""Texts and sequences as numbers."""

from __future__ import annotations

import numpy as np
import pytest

from pipekeras.core.errors import ConfigurationError, DataError, StateError
from pipekeras.preprocessing import timeseries_dataset_from_array
from pipekeras.preprocessing.sequence import TimeseriesGenerator, make_sampling_table, skipgrams
from pipekeras.preprocessing.text import Tokenizer, hashing_trick, text_to_word_sequence, tokenizer_from_json

TEXTS = ["The cat sat.", "the dog, the cat"]


def fitted(**options: object) -> Tokenizer:
    tokenizer = Tokenizer(**options)  # type: ignore[arg-type]
    tokenizer.fit_on_texts(TEXTS)
    return tokenizer


def test_words_are_numbered_by_how_often_they_occur() -> None:
    tokenizer = fitted()
    assert tokenizer.word_index == {"the": 1, "cat": 2, "sat": 3, "dog": 4}
    assert tokenizer.word_docs == {"the": 2, "cat": 2, "sat": 1, "dog": 1}
    assert tokenizer.texts_to_sequences(["the bird sat"]) == [[1, 3]]
    assert tokenizer.sequences_to_texts([[1, 4], [9]]) == ["the dog", ""]
    assert fitted(num_words=3).texts_to_sequences(["the dog cat"]) == [[1, 2]]
    assert fitted(oov_token="?", num_words=3).texts_to_sequences(["the dog cat"]) == [[2, 1, 1]]
    assert fitted(char_level=True).word_index["t"] == 1


def test_matrices_of_the_four_modes() -> None:
    tokenizer = fitted()
    assert tokenizer.texts_to_matrix(["the the dog"], "count")[0].tolist() == [0, 2, 0, 0, 1]
    assert tokenizer.texts_to_matrix(["the the dog"], "binary")[0].tolist() == [0, 1, 0, 0, 1]
    np.testing.assert_allclose(tokenizer.texts_to_matrix(["the the dog"], "freq")[0], [0, 2 / 3, 0, 0, 1 / 3])
    weighed = tokenizer.texts_to_matrix(["the the dog"], "tfidf")[0]
    assert weighed[1] == pytest.approx((1 + np.log(2)) * np.log(1 + 2 / 3))
    with pytest.raises(ConfigurationError, match="mode"):
        tokenizer.texts_to_matrix(["a"], "other")
    with pytest.raises(StateError, match="no words"):
        Tokenizer().texts_to_matrix(["a"])


def test_a_tokenizer_goes_through_json() -> None:
    tokenizer = fitted(oov_token="?")
    again = tokenizer_from_json(tokenizer.to_json())
    assert again.get_config() == tokenizer.get_config()
    assert again.index_word[1] == "?"


def test_texts_are_cut_and_hashed() -> None:
    assert text_to_word_sequence("A-b  C", lower=False) == ["A", "b", "C"]
    assert hashing_trick("cat hat cat", 50) == hashing_trick("cat hat cat", 50)
    assert hashing_trick("x", 10, hash_function=len) == [2]
    with pytest.raises(DataError, match="a text is a str"):
        text_to_word_sequence(3)  # type: ignore[arg-type]


def test_skipgrams_pair_near_words_and_draw_as_many_others() -> None:
    couples, labels = skipgrams([1, 2, 3, 0, 4], 50, window_size=1, seed=1)
    true = [tuple(couple) for couple, label in zip(couples, labels, strict=True) if label]
    assert sorted(true) == [(1, 2), (2, 1), (2, 3), (3, 2)]
    assert labels.count(0) == 4
    assert skipgrams([1, 2, 3], 9, seed=3) == skipgrams([1, 2, 3], 9, seed=3)
    table = make_sampling_table(100)
    assert (np.diff(table[1:]) >= 0).all()
    assert skipgrams([1, 2], 9, sampling_table=[0.0] * 9) == ([], [])


def test_windows_of_a_series() -> None:
    series = np.arange(10.0)
    batches = TimeseriesGenerator(series[:, None], series, length=4, sampling_rate=2, batch_size=4)
    assert len(batches) == 2
    x, y = batches[1]
    assert x.shape == (2, 2, 1)
    assert y.tolist() == [8.0, 9.0]
    turned = TimeseriesGenerator(series, series, length=3, reverse=True)[0][0]
    assert turned[0].tolist() == [2.0, 1.0, 0.0]
    with pytest.raises(DataError, match="no window"):
        TimeseriesGenerator(series, series, length=12)
    windows = timeseries_dataset_from_array(series, None, 3, sequence_stride=3, sampling_rate=2, batch_size=None)
    assert [window.tolist() for window in windows] == [[0, 2, 4], [3, 5, 7]]
    mixed = timeseries_dataset_from_array(series, series + 3, 3, shuffle=True, seed=1, batch_size=2)
    rows = [(tuple(x), y) for xs, ys in mixed for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
    assert sorted(rows) == [((i, i + 1.0, i + 2.0), i + 3.0) for i in range(8)]
