"""Texts and sequences as numbers: tokenizers, hashing, skip-grams, windows of a series."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import call_function
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.names import word, wrap
from pipekeras.grammar.values import NULL, ExternalObject, Vector, character, integer, mk_list, names_of

from pipekeras.layers.preprocessing.numeric import Normalization
from pipekeras.preprocessing import sequence
from pipekeras.preprocessing import text as texts_

_FILTERS = r"""'!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'"""


def _texts(value: Any) -> list[Any]:
    """Return texts as a list: of strings, or of lists of words."""
    if isinstance(value, Vector) and value.kind == "character":
        return [str(item) if item is not None else "" for item in value.items()]
    if isinstance(value, Vector) and value.kind == "list":
        return [
            str(item.items()[0]) if len(item) == 1 else [str(part) for part in item.items()]
            for item in value.data
            if isinstance(item, Vector)
        ]
    raise RError("texts are a character vector, or a list of them")


def _tokenizer(value: Any) -> texts_.Tokenizer:
    found = value.value if isinstance(value, ExternalObject) else None
    if not isinstance(found, texts_.Tokenizer):
        raise RError("a tokenizer is needed here", mend="make one with text_tokenizer()")
    return found


def _sequences(value: Any) -> list[list[int]]:
    items = value.data if isinstance(value, Vector) and value.kind == "list" else [value]
    return [[int(_first_of(number)) for number in item.items()] for item in items]


def _first_of(value: Any) -> Any:
    """A number, or the number that an element of a list holds."""
    return value.items()[0] if isinstance(value, Vector) else value


def _first(value: Any) -> str:
    return str(value.items()[0])


@word("text_tokenizer", f"num_words = NULL, filters = {_FILTERS}, lower = TRUE, split = ' ', char_level = FALSE, "
      "oov_token = NULL")  # fmt: skip
def text_tokenizer(num_words: Any, filters: Any, lower: Any, split: Any, char_level: Any, oov_token: Any) -> Any:
    """Make a vocabulary that turns texts into sequences of word numbers.

    Args:
        num_words: number, only words with smaller numbers are used.
        filters: text, characters that separate words.
        lower: write everything in small letters.
        split: what stands between words.
        char_level: count characters in place of words.
        oov_token: text that stands for unknown words; it gets the number 1.
    """
    return ExternalObject(
        texts_.Tokenizer(
            num_words=convert.argument("num_words", num_words),
            filters=_first(filters),
            lower=bool(convert.argument("lower", lower)),
            split=_first(split),
            char_level=bool(convert.argument("char_level", char_level)),
            oov_token=None if oov_token is NULL else _first(oov_token),
        )
    )


@word("fit_text_tokenizer", "object, x", invisible=True)
def fit_text_tokenizer(target: Any, x: Any) -> Any:
    """Count the words of texts and number them; the tokenizer itself changes.

    Args:
        object: tokenizer.
        x: character vector, or a function that gives one text, or vector of texts, at each call and NULL at the end.
    """
    if getattr(x, "kind", None) in ("closure", "builtin"):
        while (made := call_function(x, [])) is not NULL:
            _tokenizer(target).fit_on_texts(_texts(made))
        return target
    _tokenizer(target).fit_on_texts(_texts(x))
    return target


@word("texts_to_sequences", "tokenizer, texts")
def texts_to_sequences(tokenizer: Any, texts: Any) -> Any:
    """Return each text as the numbers of its words.

    Args:
        tokenizer: fitted tokenizer.
        texts: character vector.
    """
    return mk_list([integer(row) for row in _tokenizer(tokenizer).texts_to_sequences(_texts(texts))])


@word("texts_to_sequences_generator", "tokenizer, texts")
def texts_to_sequences_generator(tokenizer: Any, texts: Any) -> Any:
    """Return an iterator over the sequences of texts_to_sequences().

    Args:
        tokenizer: fitted tokenizer.
        texts: character vector.
    """
    return ExternalObject(_tokenizer(tokenizer).texts_to_sequences_generator(_texts(texts)))


@word("texts_to_matrix", "tokenizer, texts, mode = c('binary', 'count', 'tfidf', 'freq')")
def texts_to_matrix(tokenizer: Any, texts: Any, mode: Any) -> Any:
    """Return a matrix with a row for each text and a column for each word.

    Args:
        tokenizer: fitted tokenizer.
        texts: character vector.
        mode: "binary", "count", "tfidf" or "freq".
    """
    return convert.result(_tokenizer(tokenizer).texts_to_matrix(_texts(texts), _first(mode)))


@word("sequences_to_matrix", "tokenizer, sequences, mode = c('binary', 'count', 'tfidf', 'freq')")
def sequences_to_matrix(tokenizer: Any, sequences: Any, mode: Any) -> Any:
    """Return a matrix with a row for each sequence and a column for each word.

    Args:
        tokenizer: tokenizer.
        sequences: list of vectors of word numbers.
        mode: "binary", "count", "tfidf" or "freq".
    """
    return convert.result(_tokenizer(tokenizer).sequences_to_matrix(_sequences(sequences), _first(mode)))


@word("save_text_tokenizer", "object, filename", invisible=True)
def save_text_tokenizer(target: Any, filename: Any) -> Any:
    """Write a tokenizer to a file, as JSON.

    Args:
        object: tokenizer.
        filename: file.
    """
    path = os.path.expanduser(_first(filename))
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(_tokenizer(target).to_json())
    return target


@word("load_text_tokenizer", "filename")
def load_text_tokenizer(filename: Any) -> Any:
    """Read a tokenizer from a file that save_text_tokenizer() wrote.

    Args:
        filename: file; a pickle, which R keras writes, is refused: it could run code.
    """
    path = os.path.expanduser(_first(filename))
    with open(path, "rb") as stream:
        content = stream.read()
    if content[:1] != b"{":
        raise RError(f"{path} is not a tokenizer's JSON text", mend="write it with save_text_tokenizer() or Tokenizer.to_json")
    return ExternalObject(texts_.tokenizer_from_json(content.decode("utf-8")))


@word("text_to_word_sequence", f"text, filters = {_FILTERS}, lower = TRUE, split = ' '")
def text_to_word_sequence(text: Any, filters: Any, lower: Any, split: Any) -> Any:
    """Cut a text into words.

    Args:
        text: text; several are cut one after the other.
        filters: characters that separate words.
        lower: write everything in small letters.
        split: what stands between words.
    """
    options = (_first(filters), bool(convert.argument("lower", lower)), _first(split))
    return character([part for item in _texts(text) for part in texts_.text_to_word_sequence(item, *options)])


def _hashed(text: Any, n: Any, hash_function: Any, filters: Any, lower: Any, split: Any) -> Any:
    options = (_first(filters), bool(convert.argument("lower", lower)), _first(split))
    chosen: Any = None
    if getattr(hash_function, "kind", None) in ("closure", "builtin"):

        def chosen(part: str) -> int:
            return int(call_function(hash_function, [(None, character(part))]).items()[0])
    elif hash_function is not NULL:
        chosen = _first(hash_function)
    count = int(convert.argument("n", n))
    rows = [integer(texts_.hashing_trick(item, count, chosen, *options)) for item in _texts(text)]
    return rows[0] if len(rows) == 1 else mk_list(rows)


@word("text_one_hot", f"input_text, n, filters = {_FILTERS}, lower = TRUE, split = ' ', text = NULL")
def text_one_hot(input_text: Any, n: Any, filters: Any, lower: Any, split: Any, text: Any) -> Any:
    """Turn a text into whole numbers below n by hashing its words.

    Args:
        input_text: text.
        n: size of the vocabulary.
        filters, lower, split: as in text_to_word_sequence().
        text: older name of input_text.
    """
    return _hashed(input_text if text is NULL else text, n, NULL, filters, lower, split)


@word("text_hashing_trick", f"text, n, hash_function = NULL, filters = {_FILTERS}, lower = TRUE, split = ' '")
def text_hashing_trick(text: Any, n: Any, hash_function: Any, filters: Any, lower: Any, split: Any) -> Any:
    """Turn a text into whole numbers below n by hashing its words.

    Args:
        text: text.
        n: size of the space of numbers.
        hash_function: NULL, "md5", or a function from a word to a whole number.
        filters, lower, split: as in text_to_word_sequence().
    """
    return _hashed(text, n, hash_function, filters, lower, split)


@word("make_sampling_table", "size, sampling_factor = 1e-05")
def make_sampling_table(size: Any, factor: Any) -> Any:
    """Return for each word, by rank, the probability with which skip-grams keep it.

    Args:
        size: number of words.
        sampling_factor: the smaller, the more of the frequent words are left out.
    """
    made = sequence.make_sampling_table(int(convert.argument("size", size)), float(convert.argument("factor", factor)))
    return convert.result(made)


@word("skipgrams", "sequence, vocabulary_size, window_size = 4, negative_samples = 1, shuffle = TRUE, "
      "categorical = FALSE, sampling_table = NULL, seed = NULL")  # fmt: skip
def skipgrams(words: Any, size: Any, window: Any, negative: Any, shuffle: Any, categorical: Any, table: Any, seed: Any) -> Any:
    """Return pairs of near words with label 1, and drawn pairs with label 0.

    Args:
        sequence: vector of word numbers.
        vocabulary_size: largest word number plus 1.
        window_size: how far away a word is still near.
        negative_samples: drawn pairs for each true one.
        shuffle: mix the pairs.
        categorical: labels as vectors of two.
        sampling_table: see make_sampling_table().
        seed: number that fixes what is drawn.
    """
    numbers = _sequences(words)
    couples, labels = sequence.skipgrams(
        numbers[0] if len(numbers) == 1 else [number for row in numbers for number in row],
        int(convert.argument("vocabulary_size", size)),
        int(convert.argument("window_size", window)),
        float(convert.argument("negative_samples", negative)),
        bool(convert.argument("shuffle", shuffle)),
        bool(convert.argument("categorical", categorical)),
        None if table is NULL else np.ravel(convert.data(table)),
        convert.argument("seed", seed),
    )
    return mk_list(
        [mk_list([integer(pair) for pair in couples]),
         mk_list([integer(label) for label in labels]) if convert.argument("categorical", categorical) else integer(labels)],
        ["couples", "labels"],
    )  # fmt: skip


@word("timeseries_generator", "data, targets, length, sampling_rate = 1, stride = 1, start_index = 0, end_index = NULL, "
      "shuffle = FALSE, reverse = FALSE, batch_size = 128")  # fmt: skip
def timeseries_generator(data: Any, targets: Any, *options: Any) -> Any:
    """Make batches of windows of a series, each with the value that follows it.

    Args:
        data: matrix with a row for each point in time, or a vector.
        targets: matrix or vector with as many rows.
        length: rows in a window.
        sampling_rate, stride: rows between neighbours in a window, and between windows.
        start_index, end_index: first and last row used, from 0.
        shuffle, reverse: draw windows; let time run backwards.
        batch_size: windows in a batch.
    """
    names = ("length", "sampling_rate", "stride", "start_index", "end_index", "shuffle", "reverse", "batch_size")
    given = {name: convert.argument(name, value) for name, value in zip(names, options, strict=True)}
    return ExternalObject(sequence.TimeseriesGenerator(_rows(data), _rows(targets), **given))


@word("timeseries_dataset_from_array", "data, targets, sequence_length, sequence_stride = 1L, sampling_rate = 1L, "
      "batch_size = 128L, shuffle = FALSE, ..., seed = NULL, start_index = NULL, end_index = NULL")  # fmt: skip
def timeseries_dataset_from_array(data: Any, targets: Any, length: Any, stride: Any, rate: Any, batch_size: Any,
                                  shuffle: Any, dots: Any, seed: Any, start: Any, end: Any) -> Any:  # fmt: skip
    """Make a data set of windows of a series, with their targets.

    Args:
        data: matrix with a row for each point in time, or a vector.
        targets: matrix or vector whose row i belongs to the window that starts at i, or NULL.
        sequence_length: rows in a window.
        sequence_stride, sampling_rate: rows between windows, and between neighbours in a window.
        batch_size: windows in a batch, or NULL.
        shuffle, seed: mix the windows.
        start_index, end_index: rows used, from 0.
    """
    names = ("sequence_length", "sequence_stride", "sampling_rate", "batch_size", "shuffle", "seed", "start_index",
             "end_index")  # fmt: skip
    values = (length, stride, rate, batch_size, shuffle, seed, start, end)
    given = {name: convert.argument(name, value) for name, value in zip(names, values, strict=True)}
    answers = None if targets is NULL else _rows(targets)
    return ExternalObject(sequence.timeseries_dataset_from_array(_rows(data), answers, **given))


def _rows(value: Any) -> np.ndarray:
    found = np.asarray(convert.data(value, "data"))
    return found.astype(np.float32) if found.dtype == np.float64 else found


@word("adapt", "object, data, ..., batch_size = NULL, steps = NULL", invisible=True)
def adapt(target: Any, data: Any, dots: Any, batch_size: Any, steps: Any) -> Any:
    """Let a preprocessing layer measure what it needs: moments, boundaries, a vocabulary.

    Args:
        object: layer.
        data: matrix, array, character vector or data set.
        batch_size: accepted; all data are measured.
        steps: number of batches that are read of a data set, default all.
    """
    layer = target.value if isinstance(target, ExternalObject) else None
    if layer is None or not hasattr(layer, "adapt"):
        raise RError(
            "this layer has nothing to adapt",
            mend="layers that adapt are layer_normalization(), layer_discretization(), layer_text_vectorization(), "
            "layer_string_lookup() and layer_integer_lookup()",
        )
    plain: Any = _texts(data) if isinstance(data, Vector) and data.kind == "character" else convert.data(data, "data")
    if steps is not NULL and hasattr(plain, "take"):
        plain = plain.take(int(convert.argument("steps", steps)))
    layer.adapt(plain)
    if isinstance(layer, Normalization) and isinstance(plain, np.ndarray) and layer.__dict__["_declared_input"] is None:
        # A model that begins with the layer has its shape from the data that were measured.
        layer.__dict__["_declared_input"] = (None, *plain.shape[1:])
    return target


@word("get_vocabulary", "object, include_special_tokens = TRUE")
def get_vocabulary(target: Any, special: Any) -> Any:
    """Return the words that a layer knows, in the order of their numbers.

    Args:
        object: layer_text_vectorization(), layer_string_lookup() or layer_integer_lookup().
        include_special_tokens: with those for padding and for unknown words.
    """
    found = target.value.get_vocabulary(include_special_tokens=bool(convert.argument("special", special)))
    return character([str(item) for item in found]) if all(isinstance(item, str) for item in found) else integer(found)


@word("set_vocabulary", "object, vocabulary, idf_weights = NULL, ...", invisible=True)
def set_vocabulary(target: Any, vocabulary: Any, weights: Any, dots: Any) -> Any:
    """Give a layer its words.

    Args:
        object: layer.
        vocabulary: character or integer vector.
        idf_weights: numbers for output_mode "tf_idf".
    """
    target.value.set_vocabulary(vocabulary.items(), None if weights is NULL else list(np.ravel(convert.data(weights))))
    return target


@word("zip_lists", "...")
def zip_lists(dots: Any) -> Any:
    """Put the elements at the same place, or of the same name, of several lists together.

    Args:
        ...: lists of equal length; names become the names of the parts.
    """
    lists = [value for _, value in dots]
    labels = [name for name, _ in dots]
    lengths = {len(value) for value in lists}
    if len(lengths) > 1:
        raise RError("All arguments must be the same length")
    names = names_of(lists[0]) if lists else None

    def part(value: Any, place: int) -> Any:
        if names is not None and names_of(value) is not None:
            place = [str(name) for name in names_of(value) or []].index(str(names[place]))
        return value.data[place] if value.kind == "list" else wrap(value.items()[place])

    rows = [mk_list([part(value, place) for value in lists], labels if any(labels) else None)
            for place in range(lengths.pop() if lengths else 0)]  # fmt: skip
    return mk_list(rows, None if names is None else [str(name) for name in names])
