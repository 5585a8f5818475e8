"""Texts and categories turned into numbers by a vocabulary, or by hashing.

These layers work on data: arrays or lists of texts, also in a data set's `map`. A model itself takes numbers.
"""

from __future__ import annotations

import re
import string
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core.errors import ArgumentError, ConfigurationError, DataError, StateError
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.arguments import choice, whole_number
from pipekeras.layers.base.layer import Layer

_MODES = ("int", "one_hot", "multi_hot", "count", "tf_idf")
_STANDARDS = ("lower_and_strip_punctuation", "lower", "strip_punctuation")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_INTEGER = 2**31


def _as_texts(values: Any) -> np.ndarray:
    """Return values as an array of objects: str, or int."""
    if isinstance(values, Tensor):
        if values.data is None:
            raise DataError(
                "texts and categories are turned into numbers before the model, not in it",
                mend="apply the layer to the data, or in a data set's map(), and begin the model with its output",
            )
        values = values.numpy()
    array = np.asarray(values)
    if array.dtype.kind == "S":
        array = np.char.decode(array, "utf-8")
    return array.astype(object) if array.dtype.kind in "UO" else array


class _OnData(Layer):
    """A layer that is applied to data in memory and returns a tensor."""

    built_from_start = True

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the numbers of texts or categories."""
        return ops.convert_to_tensor(self.numbers(_as_texts(inputs)))

    def numbers(self, values: np.ndarray) -> np.ndarray:
        """Return the numbers of an array of texts or categories."""
        raise NotImplementedError

    def call(self, inputs: Any) -> Any:
        """Return the numbers of texts or categories."""
        return self(inputs)


class _Vocabulary(_OnData):
    """What the layers with a vocabulary share."""

    def __init__(
        self,
        max_tokens: int | None,
        num_oov_indices: int,
        mask_token: Any,
        oov_token: Any,
        vocabulary: Any,
        idf_weights: Any,
        invert: bool,
        output_mode: str,
        pad_to_max_tokens: bool,
        sparse: bool,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        label = type(self).__name__
        if sparse:
            raise ConfigurationError(f"{label}: tensors are dense here; leave sparse False")
        self.max_tokens = None if max_tokens is None else whole_number(self, "max_tokens", max_tokens, 2)
        self.num_oov_indices = whole_number(self, "num_oov_indices", num_oov_indices, 0)
        self.mask_token = mask_token
        self.oov_token = oov_token
        self.invert = invert
        self.output_mode = choice(self, "output_mode", output_mode, _MODES)
        if invert and self.output_mode != "int":
            raise ConfigurationError(f"{label}: invert goes with output_mode='int'")
        self.pad_to_max_tokens = pad_to_max_tokens
        self.sparse = False
        self.__dict__["_words"] = None
        self.__dict__["_weights"] = None
        self.__dict__["_given"] = None if vocabulary is None or isinstance(vocabulary, str) else list(vocabulary)
        if isinstance(vocabulary, str):
            with open(vocabulary, encoding="utf-8") as stream:
                self.__dict__["_given"] = [self._typed(line.rstrip("\n")) for line in stream]
        if self._given is not None:
            self.set_vocabulary(self._given, idf_weights)

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Any:
        """Make a layer from its configuration, which holds words: a path in it would have a file of somebody read here."""
        words = config.get("vocabulary")
        if words is not None and not isinstance(words, list | tuple):
            raise ConfigurationError(
                f"{cls.__name__}: a configuration holds its vocabulary as a list of words, not as {words!r}",
                mend="read the file yourself and give its words to the constructor",
            )
        return super().from_config(config, custom_objects)

    def _typed(self, value: Any) -> Any:
        return str(value)

    @property
    def _masked(self) -> int:
        return 0 if self.mask_token is None or self.output_mode != "int" else 1

    def _head(self) -> list[Any]:
        unknown = [self.oov_token] * self.num_oov_indices
        return [self.mask_token, *unknown] if self._masked else unknown

    def set_vocabulary(self, vocabulary: Sequence[Any], idf_weights: Any = None) -> None:
        """Give the layer its words.

        Args:
            vocabulary: list of words, with or without those for padding and for unknown words.
            idf_weights: list of numbers for output_mode "tf_idf".
        """
        words = [self._typed(word) for word in vocabulary]
        head = self._head()
        if head and words[: len(head)] == head:
            words = words[len(head) :]
        if len(set(words)) != len(words):
            raise ConfigurationError(f"{type(self).__name__}: the vocabulary has a word twice")
        if self.max_tokens is not None and len(words) + len(head) > self.max_tokens:
            raise ConfigurationError(
                f"{type(self).__name__}: the vocabulary has {len(words) + len(head)} words, max_tokens is {self.max_tokens}"
            )
        if self.output_mode == "tf_idf" and idf_weights is None:
            raise ConfigurationError("output_mode 'tf_idf' needs idf_weights with the vocabulary, or adapt()")
        self.__dict__["_words"] = words
        self.__dict__["_index"] = {word: len(head) + place for place, word in enumerate(words)}
        if idf_weights is not None:
            self.__dict__["_weights"] = [float(weight) for weight in idf_weights][-len(words) :]

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[Any]:
        """Return the words in the order of their numbers.

        Args:
            include_special_tokens: bool, whether with those for padding and for unknown words.
        """
        words = list(self._words or [])
        return [*("" if word is None else word for word in self._head()), *words] if include_special_tokens else words

    def vocabulary_size(self) -> int:
        """Return the number of words, with those for padding and for unknown words."""
        return len(self.get_vocabulary())

    def learn(self, documents: Iterable[Iterable[Any]]) -> None:
        """Number the words of documents, the most frequent first."""
        counts: Counter[Any] = Counter()
        holding: Counter[Any] = Counter()
        total = 0
        for document in documents:
            words = [self._typed(word) for word in document]
            total += 1
            counts.update(words)
            holding.update(set(words))
        for token in (self.mask_token, self.oov_token):
            counts.pop(token, None)
        ranked = sorted(counts, key=lambda word: (counts[word], word), reverse=True)
        if self.max_tokens is not None:
            ranked = ranked[: self.max_tokens - len(self._head())]
        weights = [float(np.log(1 + total / (1 + holding[word]))) for word in ranked]
        self.set_vocabulary(ranked, weights if self.output_mode == "tf_idf" else None)

    def adapt(self, data: Any, batch_size: int | None = None, steps: int | None = None) -> None:
        """Learn the vocabulary of data.

        Args:
            data: array or list, or a data set of batches.
            batch_size: int or None; has no effect.
            steps: int or None, how many batches are read.
        """
        self.learn(self._documents(data, steps))

    def _documents(self, data: Any, steps: int | None = None) -> Iterable[Any]:
        batches = data if hasattr(data, "cardinality") else [data]
        for number, batch in enumerate(batches):
            if steps is not None and number >= steps:
                return
            values = _as_texts(batch[0] if isinstance(batch, tuple) else batch)
            if values.ndim == 0:
                values = values.reshape(1)
            for row in values:
                yield np.ravel(row)

    def lookup(self, values: np.ndarray) -> np.ndarray:
        """Return the number of each word."""
        if self._words is None:
            raise StateError(f"{type(self).__name__} has no vocabulary yet", mend="call adapt(data), or give vocabulary")
        table, first = self._index, self._masked

        def number(value: Any) -> int:
            word = self._typed(value)
            found = table.get(word)
            if found is not None:
                return found
            if self._masked and word == self.mask_token:
                return 0
            if not self.num_oov_indices:
                raise DataError(f"{word!r} is not in the vocabulary, and num_oov_indices is 0")
            return first + (zlib.crc32(str(word).encode()) % self.num_oov_indices if self.num_oov_indices > 1 else 0)

        return np.array([number(value) for value in values.ravel()], np.int64).reshape(values.shape)

    def numbers(self, values: np.ndarray) -> np.ndarray:
        """Return the numbers of an array of words, or the vectors that they make."""
        if self.invert:
            return self.words(values)
        return self.encoded(self.lookup(values))

    def words(self, values: np.ndarray) -> np.ndarray:
        """Return the words of an array of numbers."""
        table = self.get_vocabulary()
        unknown = "" if self.oov_token is None else self.oov_token
        flat = [table[int(value)] if 0 <= int(value) < len(table) else unknown for value in values.ravel()]
        return np.array(flat, dtype=object).reshape(values.shape)

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the numbers of words; with `invert` the words of numbers, as an array."""
        made = self.numbers(_as_texts(inputs))
        return made if made.dtype == object else ops.convert_to_tensor(made)

    def encoded(self, numbers: np.ndarray) -> np.ndarray:
        """Return numbers as they are, or as vectors with a place for each word."""
        if self.output_mode == "int":
            return numbers.astype(np.int32 if self.vocabulary_size() < _INTEGER else np.int64)
        width = self.vocabulary_size()
        if self.pad_to_max_tokens and self.max_tokens is not None:
            width = self.max_tokens
        if self.output_mode == "one_hot":
            squeezed = numbers[..., 0] if numbers.ndim > 1 and numbers.shape[-1] == 1 else numbers
            return np.eye(width, dtype=np.float32)[squeezed]
        rows = numbers.reshape(1, -1) if numbers.ndim < 2 else numbers.reshape(-1, numbers.shape[-1])
        made = np.zeros((len(rows), width), np.float32)
        for row, found in zip(made, rows, strict=True):
            np.add.at(row, found[found >= 0], 1.0)
        if self.output_mode == "multi_hot":
            made = np.minimum(made, 1.0)
        elif self.output_mode == "tf_idf":
            weights = np.zeros(width, np.float32)
            known = np.array(self._weights, np.float32)
            weights[self.num_oov_indices : self.num_oov_indices + len(known)] = known
            weights[: self.num_oov_indices] = known.mean() if len(known) else 0.0
            made = made * weights
        return made[0] if numbers.ndim < 2 else made.reshape(*numbers.shape[:-1], width)

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "vocabulary": self._words, "idf_weights": self._weights}


@register("layer")
class StringLookup(_Vocabulary):
    """Number words by a vocabulary.

    Args:
        max_tokens: int or None, largest size of the vocabulary.
        num_oov_indices: int, numbers kept for unknown words, default 1.
        mask_token: str or None, the word that becomes 0.
        oov_token: str, what unknown words are called, default "[UNK]".
        vocabulary: list of words, or the path of a file with one a line; default learned by `adapt`.
        idf_weights: list of float for output_mode "tf_idf".
        invert: bool, default False; whether numbers become words.
        output_mode: "int" (default), "one_hot", "multi_hot", "count" or "tf_idf".
        pad_to_max_tokens: bool, default False; whether vectors have max_tokens places.
        sparse: bool, must be False.
        encoding: "utf-8".
        **options: name, trainable, dtype.

    Input shape -> output shape: any -> the same ("int"), else with a place for each word.

    Raises:
        StateError: the layer has no vocabulary.

    Example:

    >>> from pipekeras import layers
    >>> layers.StringLookup(vocabulary=["a", "b"])(["b", "x", "a"]).numpy().tolist()
    [2, 0, 1]
    """

    def __init__(
        self,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        mask_token: str | None = None,
        oov_token: str = "[UNK]",
        vocabulary: Any = None,
        idf_weights: Any = None,
        invert: bool = False,
        output_mode: str = "int",
        pad_to_max_tokens: bool = False,
        sparse: bool = False,
        encoding: str = "utf-8",
        **options: Any,
    ) -> None:
        super().__init__(max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert, output_mode,
                         pad_to_max_tokens, sparse, **options)  # fmt: skip
        self.encoding = choice(self, "encoding", encoding, ("utf-8",))


@register("layer")
class IntegerLookup(_Vocabulary):
    """Number whole numbers by a vocabulary.

    Args:
        max_tokens: int or None, largest size of the vocabulary.
        num_oov_indices: int, numbers kept for unknown ones, default 1.
        mask_token: int or None, the number that becomes 0.
        oov_token: int, what unknown ones are called, default -1.
        vocabulary: list of int; default learned by `adapt`.
        vocabulary_dtype: "int64".
        idf_weights: list of float for output_mode "tf_idf".
        invert: bool, default False; whether indices become numbers.
        output_mode: "int" (default), "one_hot", "multi_hot", "count" or "tf_idf".
        pad_to_max_tokens: bool, default False; whether vectors have max_tokens places.
        sparse: bool, must be False.
        **options: name, trainable, dtype.

    Input shape -> output shape: any -> the same ("int"), else with a place for each number.

    Example:

    >>> from pipekeras import layers
    >>> layers.IntegerLookup(vocabulary=[12, 36])([36, 5, 12]).numpy().tolist()
    [2, 0, 1]
    """

    def __init__(
        self,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        mask_token: int | None = None,
        oov_token: int = -1,
        vocabulary: Any = None,
        vocabulary_dtype: str = "int64",
        idf_weights: Any = None,
        invert: bool = False,
        output_mode: str = "int",
        pad_to_max_tokens: bool = False,
        sparse: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert, output_mode,
                         pad_to_max_tokens, sparse, **options)  # fmt: skip
        self.vocabulary_dtype = choice(self, "vocabulary_dtype", vocabulary_dtype, ("int64", "int32"))

    def _typed(self, value: Any) -> Any:
        return int(value)

    def words(self, values: np.ndarray) -> np.ndarray:
        """Return the numbers of the vocabulary at indices."""
        return super().words(values).astype(np.int64).astype(np.int32)


@register("layer")
class Hashing(_OnData):
    """Number texts or whole numbers by hashing; several may share a number.

    The hash is the same in every process, but not TensorFlow's.

    Args:
        num_bins: int, how many numbers there are.
        mask_value: the text or number that becomes 0, or None.
        salt: int or None, for another assignment.
        output_mode: "int" (default), "one_hot", "multi_hot" or "count".
        sparse: bool, must be False.
        **options: name, trainable, dtype.

    Input shape -> output shape: any -> the same ("int"), else with a place for each number.

    Example:

    >>> from pipekeras import layers
    >>> numbers = layers.Hashing(3)(["a", "b", "a"]).numpy()
    >>> bool(numbers[0] == numbers[2]), bool((numbers < 3).all())
    (True, True)
    """

    def __init__(
        self,
        num_bins: int,
        mask_value: Any = None,
        salt: Any = None,
        output_mode: str = "int",
        sparse: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        if sparse:
            raise ConfigurationError("Hashing: tensors are dense here; leave sparse False")
        self.num_bins = whole_number(self, "num_bins", num_bins)
        self.mask_value = mask_value
        self.salt = salt
        self.output_mode = choice(self, "output_mode", output_mode, _MODES[:-1])
        self.sparse = False

    def numbers(self, values: np.ndarray) -> np.ndarray:
        """Return the numbers of an array of texts or whole numbers."""
        seed = zlib.crc32(str(self.salt).encode()) if self.salt is not None else 0
        bins = self.num_bins - (self.mask_value is not None)
        if bins < 1:
            raise ConfigurationError("Hashing: num_bins must be 2 or more with a mask_value")

        def number(value: Any) -> int:
            if self.mask_value is not None and value == self.mask_value:
                return 0
            return zlib.crc32(str(value).encode(), seed) % bins + (self.mask_value is not None)

        found: Any = np.array([number(value) for value in values.ravel()], np.int32).reshape(values.shape)
        if self.output_mode == "int":
            return found
        if self.output_mode == "one_hot":
            return np.eye(self.num_bins, dtype=np.float32)[found[..., 0] if found.ndim > 1 and found.shape[-1] == 1 else found]
        rows = np.eye(self.num_bins, dtype=np.float32)[found]
        return rows.max(axis=-2) if self.output_mode == "multi_hot" else rows.sum(axis=-2)


@register("layer")
class TextVectorization(_Vocabulary):
    """Cut texts into words and number them by a vocabulary.

    Args:
        max_tokens: int or None, largest size of the vocabulary.
        standardize: "lower_and_strip_punctuation" (default), "lower", "strip_punctuation", None, or a function of a text.
        split: "whitespace" (default), "character", None, or a function from a text to a list of words.
        ngrams: int or tuple of int or None; how many neighbouring words are also taken together.
        output_mode: "int" (default), "multi_hot", "count" or "tf_idf".
        output_sequence_length: int or None; length that all sequences are cut or filled up to.
        pad_to_max_tokens: bool, default False; whether vectors have max_tokens places.
        vocabulary: list of words; default learned by `adapt`.
        idf_weights: list of float for output_mode "tf_idf".
        sparse: bool, must be False.
        ragged: bool, must be False.
        encoding: "utf-8".
        name: str.
        **options: trainable, dtype.

    Input shape -> output shape: (batch,) or (batch, 1) texts -> (batch, words), else (batch, size of the vocabulary).

    Raises:
        StateError: the layer has no vocabulary.

    Example:

    >>> from pipekeras import layers
    >>> layer = layers.TextVectorization()
    >>> layer.adapt(["the cat sat", "the dog"])
    >>> layer.get_vocabulary()[:3]
    ['', '[UNK]', 'the']
    >>> layer(["The dog!"]).shape
    (1, 2)
    """

    def __init__(
        self,
        max_tokens: int | None = None,
        standardize: str | Callable[[Any], Any] | None = "lower_and_strip_punctuation",
        split: str | Callable[[Any], Any] | None = "whitespace",
        ngrams: Any = None,
        output_mode: str = "int",
        output_sequence_length: int | None = None,
        pad_to_max_tokens: bool = False,
        vocabulary: Any = None,
        idf_weights: Any = None,
        sparse: bool = False,
        ragged: bool = False,
        encoding: str = "utf-8",
        name: str | None = None,
        **options: Any,
    ) -> None:
        if ragged:
            raise ConfigurationError("TextVectorization: tensors are dense here; leave ragged False")
        mode = "multi_hot" if output_mode == "binary" else output_mode
        super().__init__(max_tokens, 1, "" if mode == "int" else None, "[UNK]", vocabulary, idf_weights, False, mode,
                         pad_to_max_tokens, sparse, name=name, **options)  # fmt: skip
        self.standardize = standardize if callable(standardize) or standardize is None else choice(
            self, "standardize", standardize, _STANDARDS)  # fmt: skip
        self.split = split if callable(split) or split is None else choice(self, "split", split, ("whitespace", "character"))
        self.ngrams = ngrams
        self.output_sequence_length = output_sequence_length
        self.ragged = False
        self.encoding = choice(self, "encoding", encoding, ("utf-8",))

    def tokens(self, text: Any) -> list[str]:
        """Return the words of a text, with the groups of `ngrams` after them."""
        if callable(self.standardize):
            text = self.standardize(text)
        else:
            text = str(text)
            if self.standardize in ("lower_and_strip_punctuation", "lower"):
                text = text.lower()
            if self.standardize in ("lower_and_strip_punctuation", "strip_punctuation"):
                text = text.translate(_PUNCTUATION)
        if isinstance(text, np.ndarray):
            text = str(text)
        if callable(self.split):
            words = [str(word) for word in self.split(text)]
        elif self.split == "whitespace":
            words = re.split(r"\s+", text.strip()) if text.strip() else []
        else:
            words = list(text) if self.split == "character" else [text]
        if not self.ngrams:
            return words
        sizes = range(1, self.ngrams + 1) if isinstance(self.ngrams, int) else self.ngrams
        return [" ".join(words[start : start + size]) for size in sizes for start in range(len(words) - size + 1)]

    def _documents(self, data: Any, steps: int | None = None) -> Iterable[Any]:
        for row in super()._documents(data, steps):
            yield [word for text in row for word in self.tokens(text)]

    def numbers(self, values: np.ndarray) -> np.ndarray:
        """Return the word numbers of texts, or the vectors that they make."""
        single = values.ndim == 0
        texts = values.reshape(-1)
        if values.ndim > 2 or (values.ndim == 2 and values.shape[1] != 1):
            raise ArgumentError(f"TextVectorization takes one text for each sample; got an array of shape {values.shape}")
        rows = [self.lookup(np.array(self.tokens(text), dtype=object)) for text in texts]
        if self.output_mode != "int":
            made = np.stack([self.encoded(row) for row in rows])
            return made[0] if single else made
        width = self.output_sequence_length or max((len(row) for row in rows), default=0)
        made = np.zeros((len(rows), width), np.int32)
        for target, row in zip(made, rows, strict=True):
            target[: min(len(row), width)] = row[:width]
        return made[0] if single else made

    def _configuration(self) -> dict[str, Any]:
        own = super()._configuration()
        for name in ("num_oov_indices", "mask_token", "oov_token", "invert"):
            own.pop(name, None)
        return own
