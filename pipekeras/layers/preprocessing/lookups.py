"""Words and whole numbers turned into their places in a vocabulary, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import choice
from pipekeras.layers.preprocessing.vocabulary import VocabularyLayer, hash_key


@register("layer")
class StringLookup(VocabularyLayer):
    """Number words by a vocabulary.

    Applied to texts, and in a model behind `Input(dtype="string")`.

    Args:
        max_tokens: int or None, largest size of the vocabulary.
        num_oov_indices: int, numbers kept for unknown words, default 1; FarmHash decides which of several.
        mask_token: str or None, the word that becomes 0, or counts nowhere where vectors are made.
        oov_token: str, what unknown words are called, default "[UNK]".
        vocabulary: list of words, or the path of a file with one a line; default learned by `adapt`.
        idf_weights: list of float for output_mode "tf_idf".
        invert: bool, default False; whether numbers become words.
        output_mode: "int" (default), "one_hot", "multi_hot", "count" or "tf_idf".
        pad_to_max_tokens: bool, default False; whether vectors have max_tokens places.
        sparse: bool, must be False.
        encoding: "utf-8".
        salt: int, two of them, or None; the key of SipHash, which then takes FarmHash's place.
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
        salt: Any = None,
        **options: Any,
    ) -> None:
        # Keras writes how whole numbers are hashed for words too; words are always hashed.
        options.pop("oov_method", None)
        super().__init__(max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert, output_mode,
                         pad_to_max_tokens, sparse, **options)  # fmt: skip
        self.encoding = choice(self, "encoding", encoding, ("utf-8",))
        self.salt = self.__dict__["_salt"] = hash_key(self, salt)

    def wants_text(self) -> bool:
        """Return whether only text will do."""
        return not self.invert

    def output_type(self) -> str:
        """Return the type of the output: text where numbers become words."""
        return "string" if self.invert else super().output_type()


@register("layer")
class IntegerLookup(VocabularyLayer):
    """Number whole numbers by a vocabulary.

    Args:
        max_tokens: int or None, largest size of the vocabulary.
        num_oov_indices: int, numbers kept for unknown ones, default 1.
        mask_token: int or None, the number that becomes 0, or counts nowhere where vectors are made.
        oov_token: int, what unknown ones are called, default -1.
        vocabulary: list of int; default learned by `adapt`.
        vocabulary_dtype: "int64".
        idf_weights: list of float for output_mode "tf_idf".
        invert: bool, default False; whether indices become numbers.
        output_mode: "int" (default), "one_hot", "multi_hot", "count" or "tf_idf".
        pad_to_max_tokens: bool, default False; whether vectors have max_tokens places.
        sparse: bool, must be False.
        oov_method: "floormod" (default) or "farmhash", how an unknown number finds one of several places.
        salt: int, two of them, or None; the key of SipHash in FarmHash's place, with oov_method "farmhash".
        **options: name, trainable, dtype.

    Input shape -> output shape: any -> the same ("int"), else with a place for each number.

    Raises:
        StateError: the layer has no vocabulary.

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
        oov_method: str = "floormod",
        salt: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert, output_mode,
                         pad_to_max_tokens, sparse, **options)  # fmt: skip
        self.vocabulary_dtype = choice(self, "vocabulary_dtype", vocabulary_dtype, ("int64", "int32"))
        self.oov_method = choice(self, "oov_method", oov_method, ("floormod", "farmhash"))
        if salt is not None and self.oov_method != "farmhash":
            raise ConfigurationError("IntegerLookup: salt goes with oov_method='farmhash'")
        self.salt = self.__dict__["_salt"] = hash_key(self, salt)

    def _typed(self, value: Any) -> Any:
        return int(value)

    def _bucket(self, word: Any) -> int:
        return int(word) if self.oov_method == "floormod" else super()._bucket(word)

    def words(self, values: np.ndarray) -> np.ndarray:
        """Return the numbers of the vocabulary at indices."""
        return super().words(values).astype(np.int64).astype(np.int32)
