"""Texts cut into words and numbered by a vocabulary."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import choice, whole_number
from pipekeras.layers.preprocessing.vocabulary import VocabularyLayer

_WORD = re.compile(r"\S+", re.ASCII)
_STANDARDS = ("lower_and_strip_punctuation", "lower", "strip_punctuation")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_SMALL_LETTERS = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class _Inner:
    """The lookup of a text layer as files see it."""

    def __init__(self, owner: VocabularyLayer) -> None:
        self._owner = owner

    @property
    def _trainable_variables(self) -> list[Any]:
        return self._owner._trainable_variables

    @property
    def _non_trainable_variables(self) -> list[Any]:
        return self._owner._non_trainable_variables

    def save_own_variables(self, store: Any) -> None:
        """Put the weights of "tf_idf" into a file."""
        VocabularyLayer.save_own_variables(self._owner, store)

    def load_own_variables(self, store: Any) -> None:
        """Take the weights of "tf_idf" from a file."""
        VocabularyLayer.load_own_variables(self._owner, store)


@register("layer")
class TextVectorization(VocabularyLayer):
    """Cut texts into words and number them by a vocabulary.

    Applied to texts, and in a model behind `Input(shape=(1,), dtype="string")`. Small letters are made of A to Z only, and
    words end at ASCII's blanks, as in TensorFlow.

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
        super().__init__(max_tokens, 1, "" if output_mode == "int" else None, "[UNK]", vocabulary, idf_weights, False,
                         output_mode, pad_to_max_tokens, sparse, name=name, **options)  # fmt: skip
        self.standardize = standardize if callable(standardize) or standardize is None else choice(
            self, "standardize", standardize, _STANDARDS)  # fmt: skip
        self.split = split if callable(split) or split is None else choice(self, "split", split, ("whitespace", "character"))
        self.ngrams = self._sizes(ngrams)
        self.output_sequence_length = None
        if output_sequence_length is not None:
            if self.output_mode != "int":
                raise ConfigurationError("TextVectorization: output_sequence_length goes with output_mode='int'")
            self.output_sequence_length = whole_number(self, "output_sequence_length", output_sequence_length)
        self.ragged = False
        self.encoding = choice(self, "encoding", encoding, ("utf-8",))

        # Keras keeps the vocabulary in a layer of its own; files have that layer's variables too.
        self.__dict__["_lookup_layer"] = _Inner(self)

    def _sizes(self, ngrams: Any) -> int | list[int] | None:
        if isinstance(ngrams, list | tuple):
            return [whole_number(self, "ngrams", size) for size in ngrams]
        return None if ngrams is None else whole_number(self, "ngrams", ngrams)

    def wants_text(self) -> bool:
        """Return whether only text will do."""
        return True

    def tokens(self, text: Any) -> list[str]:
        """Return the words of a text, with the groups of `ngrams` after them."""
        if callable(self.standardize):
            text = self.standardize(text)
        else:
            text = str(text)
            if self.standardize in ("lower_and_strip_punctuation", "lower"):
                text = text.translate(_SMALL_LETTERS)
            if self.standardize in ("lower_and_strip_punctuation", "strip_punctuation"):
                text = text.translate(_PUNCTUATION)
        if isinstance(text, np.ndarray):
            text = str(text)
        if callable(self.split):
            words = [str(word) for word in self.split(text)]
        elif self.split == "whitespace":
            words = _WORD.findall(text)
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
            raise ShapeError(f"{self.describe()} takes one text for each sample; got an array of shape {values.shape}")
        rows = [self.lookup(np.array(self.tokens(text), dtype=object)) for text in texts]
        if self.output_mode != "int":
            made = np.stack([self.encoded(row) for row in rows])
            return made[0] if single else made
        width = self.output_sequence_length or max((len(row) for row in rows), default=0)
        made = np.zeros((len(rows), width), np.int32)
        for target, row in zip(made, rows, strict=True):
            target[: min(len(row), width)] = row[:width]
        return made[0] if single else made

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape: a place for each word of a text, or of the vocabulary."""
        shape = tuple(input_shape)
        if len(shape) > 2 or (len(shape) == 2 and shape[1] not in (1, None)):
            raise ShapeError(f"{self.describe()} takes one text for each sample; got the shape {shape}",
                             mend="declare Input(shape=(1,), dtype='string')")  # fmt: skip
        return (*shape[:1], self.output_sequence_length if self.output_mode == "int" else self.width())

    def _configuration(self) -> dict[str, Any]:
        own = super()._configuration()
        for name in ("num_oov_indices", "mask_token", "oov_token", "invert"):
            own.pop(name, None)
        return own
