"""What the layers that number words by a vocabulary share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError, DataError, StateError
from pipekeras.layers.base.arguments import choice, whole_number
from pipekeras.layers.preprocessing.fingerprints import fingerprint64, keyed_hash64
from pipekeras.layers.preprocessing.host_layer import HostLayer, as_texts, refuse_sparse, vector_shape, vectors

MODES = ("int", "one_hot", "multi_hot", "count", "tf_idf")
_OTHER_NAMES = {"binary": "multi_hot", "tf-idf": "tf_idf"}


def hash_key(layer: Any, salt: Any) -> list[int] | None:
    """Return the key of a hash, two whole numbers, from what a user gave: one of them, or both."""
    if salt is None:
        return None
    pair = [salt, salt] if isinstance(salt, int | float) else list(salt) if isinstance(salt, list | tuple) else []
    if len(pair) != 2:
        raise ConfigurationError(f"{type(layer).__name__}: salt must be a whole number or two of them, not {salt!r}")
    return [whole_number(layer, "salt", item, -(1 << 63)) for item in pair]


def bucket(text: str, key: list[int] | None) -> int:
    """Return the hash of a text, with a key or without."""
    data = text.encode("utf-8")
    return fingerprint64(data) if key is None else keyed_hash64(data, (key[0], key[1]))


class VocabularyLayer(HostLayer):
    """A layer that numbers words by a vocabulary."""

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
        # Keras notes the size in the configurations that it writes, and the words, if they were learned, in another file.
        self.__dict__["_expected_size"] = options.pop("vocabulary_size", None)
        options.pop("has_input_vocabulary", None)
        super().__init__(**options)
        label = type(self).__name__
        refuse_sparse(self, sparse)
        self.max_tokens = None if max_tokens is None else whole_number(self, "max_tokens", max_tokens, 2)
        self.num_oov_indices = whole_number(self, "num_oov_indices", num_oov_indices, 0)
        self.mask_token = mask_token
        self.oov_token = oov_token
        self.invert = invert
        self.output_mode = choice(self, "output_mode", _OTHER_NAMES.get(output_mode, output_mode), MODES)
        if invert and self.output_mode != "int":
            raise ConfigurationError(f"{label}: invert goes with output_mode='int'")
        if pad_to_max_tokens and max_tokens is None:
            raise ConfigurationError(f"{label}: pad_to_max_tokens needs max_tokens")
        if idf_weights is not None and self.output_mode != "tf_idf":
            raise ConfigurationError(f"{label}: idf_weights go with output_mode='tf_idf'")
        self.pad_to_max_tokens = pad_to_max_tokens
        self.sparse = False
        self.__dict__["_words"] = None
        self.__dict__["_weights"] = None
        self.__dict__["_salt"] = None
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
            values = as_texts(batch[0] if isinstance(batch, tuple) else batch)
            if values.ndim == 0:
                values = values.reshape(1)
            for row in values:
                yield np.ravel(row)

    def lookup(self, values: np.ndarray) -> np.ndarray:
        """Return the number of each word; -1 for a padding word where vectors are made."""
        if self._words is None:
            raise StateError(f"{type(self).__name__} has no vocabulary yet", mend="call adapt(data), or give vocabulary")
        table, first = self._index, self._masked

        def number(value: Any) -> int:
            word = self._typed(value)
            if self.mask_token is not None and word == self.mask_token:
                return 0 if self._masked else -1
            found = table.get(word)
            if found is not None:
                return found
            if not self.num_oov_indices:
                raise DataError(f"{word!r} is not in the vocabulary, and num_oov_indices is 0")
            return first + (self._bucket(word) % self.num_oov_indices if self.num_oov_indices > 1 else 0)

        return np.array([number(value) for value in values.ravel()], np.int64).reshape(values.shape)

    def _bucket(self, word: Any) -> int:
        return bucket(str(word), self._salt)

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

    def _on_data(self, inputs: Any) -> Any:
        # With `invert` words come out, as an array.
        made = self.numbers(as_texts(inputs))
        if made.dtype == object:
            return made
        # Places and counts are whole numbers, as Keras hands them out.
        whole = self.output_mode in ("one_hot", "multi_hot", "count")
        return ops.convert_to_tensor(made.astype(np.int32) if whole else made)

    def width(self) -> int:
        """Return the number of places in a vector."""
        if self.pad_to_max_tokens and self.max_tokens is not None:
            return self.max_tokens
        if self._words is None and self._expected_size is not None:
            return int(self._expected_size)
        if self._words is None:
            raise StateError(
                f"{type(self).__name__} makes vectors as wide as its vocabulary, and has none yet",
                mend="call adapt(data) or give vocabulary before the layer is used in a model",
            )
        return self.vocabulary_size()

    def encoded(self, numbers: np.ndarray) -> np.ndarray:
        """Return numbers as they are, or as vectors with a place for each word."""
        if self.output_mode == "int":
            return numbers.astype(np.int32)
        width = self.width()
        if self.output_mode != "tf_idf":
            return vectors(numbers, self.output_mode, width)
        return vectors(numbers, "count", width) * self._factors()

    def _factors(self) -> np.ndarray:
        """Return the weight of each place of a vector; unknown words get the mean."""
        known = np.array(self._weights or [], np.float32)
        factors = np.zeros(self.width(), np.float32)
        factors[self.num_oov_indices : self.num_oov_indices + len(known)] = known
        factors[: self.num_oov_indices] = known.mean() if len(known) else 0.0
        return factors

    def save_own_variables(self, store: Any) -> None:
        """Put the weights of "tf_idf" where Keras expects them."""
        if self.output_mode == "tf_idf" and self._words is not None:
            store["idf_weights"] = self._factors()

    def load_own_variables(self, store: Any) -> None:
        """Take the weights of "tf_idf" of a layer whose words stand in another file."""
        if "idf_weights" in store:
            weights = [float(weight) for weight in np.ravel(store["idf_weights"])][self.num_oov_indices :]
            self.__dict__["_weights"] = weights if self._words is None else weights[: len(self._words)]

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape, with a place for each word unless output_mode is "int"."""
        return vector_shape(tuple(input_shape), self.output_mode, None if self.output_mode == "int" else self.width())

    def load_words(self, words: list[str]) -> None:
        """Take the words that a model file holds beside the configuration, unless there are some already."""
        if self._words is None:
            weights = self._weights
            self.set_vocabulary(words, weights)
            known = len(self.get_vocabulary(include_special_tokens=False))
            self.__dict__["_weights"] = None if weights is None else weights[:known]

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "vocabulary": self._words, "idf_weights": self._weights}
