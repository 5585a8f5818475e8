"""Texts turned into numbers: words counted, ranked, and written as whole numbers or as vectors."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError, ConfigurationError, DataError, StateError

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
"""Characters that separate words unless told otherwise."""
MODES = ("binary", "count", "freq", "tfidf")


def text_to_word_sequence(text: str, filters: str = FILTERS, lower: bool = True, split: str = " ") -> list[str]:
    """Cut a text into words.

    Args:
        text: str.
        filters: str, characters that count as `split`, default punctuation, tab and newline.
        lower: bool, whether to write everything in small letters, default True.
        split: str, what stands between words, default a blank.

    Raises:
        DataError: text is not a str.

    Example:
        >>> from pipekeras.preprocessing.text import text_to_word_sequence
        >>> text_to_word_sequence("The cat, the hat!")
        ['the', 'cat', 'the', 'hat']
    """
    if not isinstance(text, str):
        raise DataError(f"a text is a str; found {type(text).__name__}", mend="give a list of str, one for each text")
    if lower:
        text = text.lower()
    text = text.translate({ord(character): split for character in filters})
    return [word for word in text.split(split) if word]


def _hash_function(name: Any) -> Callable[[str], int]:
    if callable(name):
        return name
    if name == "md5":
        return lambda word: int(hashlib.md5(word.encode(), usedforsecurity=False).hexdigest(), 16)
    if name is None or name == "hash":
        # Python's own hash differs from run to run; one that stays gives the same numbers tomorrow.
        return lambda word: zlib.crc32(word.encode())
    raise ConfigurationError(f"hash_function must be a function, 'md5' or None, not {name!r}")


def hashing_trick(
    text: str, n: int, hash_function: Any = None, filters: str = FILTERS, lower: bool = True, split: str = " "
) -> list[int]:
    """Turn a text into whole numbers from 1 to n - 1, without a table of words; several words may share a number.

    Formula: index = hash(word) mod (n - 1) + 1.

    Args:
        text: str.
        n: int, 2 or more, size of the space of numbers.
        hash_function: function from str to int, "md5", or None (a hash that is the same in every process).
        filters, lower, split: as in `text_to_word_sequence`.

    Example:
        >>> from pipekeras.preprocessing.text import hashing_trick
        >>> first, second, third = hashing_trick("cat hat cat", 100, "md5")
        >>> first == third, 0 < first < 100
        (True, True)
    """
    if n < 2:
        raise ConfigurationError(f"hashing_trick: n must be 2 or more, not {n}")
    number = _hash_function(hash_function)
    return [number(word) % (n - 1) + 1 for word in text_to_word_sequence(text, filters, lower, split)]


def one_hot(input_text: str, n: int, filters: str = FILTERS, lower: bool = True, split: str = " ") -> list[int]:
    """Turn a text into whole numbers from 1 to n - 1 by hashing; what `hashing_trick` does with its own hash.

    Args:
        input_text: str.
        n: int, size of the vocabulary.
        filters, lower, split: as in `text_to_word_sequence`.
    """
    return hashing_trick(input_text, n, None, filters, lower, split)


class Tokenizer:
    """A vocabulary that turns texts into sequences of word numbers, or into vectors.

    Words are numbered from 1 by how often they occur, the most frequent first; 0 is left free for padding.

    Args:
        num_words: int or None, only words with numbers below this are used, default all.
        filters: str, characters that separate words.
        lower: bool, whether to write everything in small letters, default True.
        split: str, what stands between words, default a blank.
        char_level: bool, whether characters are counted in place of words, default False.
        oov_token: str or None, stands for words that are not known; gets the number 1.
        analyzer: function from a text to a list of words, in place of the rules above.
        document_count: int, how many texts have been read so far, default 0.

    Example:
        >>> from pipekeras.preprocessing.text import Tokenizer
        >>> tokenizer = Tokenizer(num_words=3, oov_token="?")
        >>> tokenizer.fit_on_texts(["the cat", "the hat", "the cat sat"])
        >>> tokenizer.word_index
        {'?': 1, 'the': 2, 'cat': 3, 'hat': 4, 'sat': 5}
        >>> tokenizer.texts_to_sequences(["the cat in the hat"])
        [[2, 1, 1, 2, 1]]
    """

    def __init__(
        self,
        num_words: int | None = None,
        filters: str = FILTERS,
        lower: bool = True,
        split: str = " ",
        char_level: bool = False,
        oov_token: str | None = None,
        analyzer: Callable[[Any], list[str]] | None = None,
        document_count: int = 0,
    ) -> None:
        self.num_words = num_words
        self.filters = filters
        self.lower = lower
        self.split = split
        self.char_level = char_level
        self.oov_token = oov_token
        self.analyzer = analyzer
        self.document_count = document_count
        self.word_counts: dict[str, int] = {}
        self.word_docs: dict[str, int] = {}
        self.word_index: dict[str, int] = {}
        self.index_word: dict[int, str] = {}
        self.index_docs: dict[int, int] = {}

    def _words(self, text: Any) -> Sequence[str]:
        if self.char_level or isinstance(text, list | tuple):
            return [part.lower() for part in text] if self.lower else list(text)
        if self.analyzer is not None:
            return self.analyzer(text)
        return text_to_word_sequence(text, self.filters, self.lower, self.split)

    def fit_on_texts(self, texts: Iterable[Any]) -> None:
        """Count the words of texts and number them.

        Args:
            texts: list or generator of str, or of lists of words.
        """
        counts = Counter(self.word_counts)
        documents = Counter(self.word_docs)
        for text in [texts] if isinstance(texts, str) else texts:
            self.document_count += 1
            words = self._words(text)
            counts.update(words)
            documents.update(set(words))
        self.word_counts = dict(counts)
        self.word_docs = dict(documents)
        ranked = sorted(counts, key=lambda word: -counts[word])
        if self.oov_token is not None:
            ranked = [self.oov_token, *(word for word in ranked if word != self.oov_token)]
        self.word_index = {word: number for number, word in enumerate(ranked, start=1)}
        self.index_word = {number: word for word, number in self.word_index.items()}
        self.index_docs = {self.word_index[word]: count for word, count in documents.items()}

    def fit_on_sequences(self, sequences: Iterable[Sequence[int]]) -> None:
        """Count in how many sequences each number occurs; needed for "tfidf" without `fit_on_texts`.

        Args:
            sequences: list of lists of whole numbers.
        """
        documents = Counter(self.index_docs)
        for sequence in sequences:
            self.document_count += 1
            documents.update({int(number) for number in sequence})
        self.index_docs = dict(documents)

    def texts_to_sequences(self, texts: Iterable[Any]) -> list[list[int]]:
        """Return each text as the numbers of its words; unknown words are left out, or become `oov_token`.

        Args:
            texts: list or generator of str.
        """
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts: Iterable[Any]) -> Iterator[list[int]]:
        """Give the sequences of `texts_to_sequences` one after the other.

        Args:
            texts: list or generator of str.
        """
        unknown = self.word_index.get(self.oov_token) if self.oov_token is not None else None
        for text in [texts] if isinstance(texts, str) else texts:
            numbers = []
            for word in self._words(text):
                number = self.word_index.get(word)
                if number is None or (self.num_words and number >= self.num_words):
                    number = unknown
                if number is not None:
                    numbers.append(number)
            yield numbers

    def sequences_to_texts(self, sequences: Iterable[Sequence[int]]) -> list[str]:
        """Return the texts that sequences stand for, words separated by blanks.

        Args:
            sequences: list of lists of word numbers.
        """
        found = []
        for sequence in sequences:
            words = []
            for number in sequence:
                word = self.index_word.get(int(number))
                if word is None or (self.num_words and number >= self.num_words):
                    word = self.oov_token
                if word is not None:
                    words.append(word)
            found.append(" ".join(words))
        return found

    def texts_to_matrix(self, texts: Iterable[Any], mode: str = "binary") -> np.ndarray:
        """Return one vector for each text.

        Args:
            texts: list of str.
            mode: "binary", "count", "freq" or "tfidf".

        Input shape -> output shape:
            list of texts -> (texts, num_words)
        """
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode)

    def sequences_to_matrix(self, sequences: Sequence[Sequence[int]], mode: str = "binary") -> np.ndarray:
        """Return one vector for each sequence: a place for each word.

        Formula: binary 1; count c; freq c / length; tfidf (1 + log c) log(1 + n / (1 + d)) with n texts read, d of
        them with the word.

        Args:
            sequences: list of lists of word numbers.
            mode: "binary", "count", "freq" or "tfidf".

        Raises:
            StateError: nothing has been read yet.
        """
        if mode not in MODES:
            raise ConfigurationError(f"mode must be one of {', '.join(MODES)}, not {mode!r}")
        if not self.num_words and not self.word_index:
            raise StateError("the tokenizer knows no words yet", mend="give num_words, or read texts first (fit_on_texts)")
        if mode == "tfidf" and not self.document_count:
            raise StateError("tfidf needs to know how many texts have a word", mend="read texts first (fit_on_texts)")
        width = self.num_words or len(self.word_index) + 1
        found = np.zeros((len(sequences), width))
        for row, sequence in enumerate(sequences):
            counts = Counter(int(number) for number in sequence if number < width)
            for number, count in counts.items():
                if mode == "count":
                    value = float(count)
                elif mode == "freq":
                    value = count / len(sequence)
                elif mode == "binary":
                    value = 1.0
                else:
                    share = self.document_count / (1 + self.index_docs.get(number, 0))
                    value = (1 + np.log(count)) * np.log(1 + share)
                found[row, number] = value
        return found

    def get_config(self) -> dict[str, Any]:
        """Return what `from_config` needs; tables of words are JSON texts, as in Keras' files."""
        return {
            "num_words": self.num_words,
            "filters": self.filters,
            "lower": self.lower,
            "split": self.split,
            "char_level": self.char_level,
            "oov_token": self.oov_token,
            "document_count": self.document_count,
            "word_counts": json.dumps(self.word_counts),
            "word_docs": json.dumps(self.word_docs),
            "index_docs": json.dumps(self.index_docs),
            "index_word": json.dumps(self.index_word),
            "word_index": json.dumps(self.word_index),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Tokenizer:
        """Make a tokenizer again.

        Args:
            config: what `get_config` returned.
        """
        rest = dict(config)
        tables = {name: json.loads(rest.pop(name)) for name in _TABLES}
        made = cls(**rest)
        for name, table in tables.items():
            numbered = name in ("index_docs", "index_word")
            setattr(made, name, {int(key): value for key, value in table.items()} if numbered else table)
        return made

    def to_json(self, **options: Any) -> str:
        """Return the tokenizer as JSON, which `tokenizer_from_json` reads.

        Args:
            **options: passed to `json.dumps`.
        """
        return json.dumps({"class_name": "Tokenizer", "config": self.get_config()}, **options)


_TABLES = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")


def tokenizer_from_json(json_string: str) -> Tokenizer:
    """Make a tokenizer of its JSON text.

    Args:
        json_string: str, from `Tokenizer.to_json`.

    Raises:
        ArgumentError: the text is no tokenizer's.

    Example:
        >>> from pipekeras.preprocessing.text import Tokenizer, tokenizer_from_json
        >>> tokenizer = Tokenizer()
        >>> tokenizer.fit_on_texts(["a b a"])
        >>> tokenizer_from_json(tokenizer.to_json()).word_index
        {'a': 1, 'b': 2}
    """
    try:
        config = json.loads(json_string)["config"]
        return Tokenizer.from_config(config)
    except (ValueError, KeyError, TypeError) as problem:
        raise ArgumentError(f"this is not the JSON text of a Tokenizer: {problem}") from None
