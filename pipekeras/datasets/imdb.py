"""IMDB: 50,000 film reviews as word numbers, praising (1) or not (0)."""

from __future__ import annotations

import json

import numpy as np

from pipekeras.core.errors import DataError
from pipekeras.core.registry import register
from pipekeras.datasets.split import Arrays
from pipekeras.datasets.stored import IMDB, IMDB_WORDS, archive, as_objects, chosen_words


@register("dataset", "imdb")
def load_data(
    path: str = "imdb.npz",
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int = 3,
) -> tuple[Arrays, Arrays]:
    """Load 25,000 reviews for training and as many for the test; words are numbered by frequency.

    Args:
        path: Name of the file in the cache.
        num_words: Only word numbers below this are kept, default all.
        skip_top: So many of the most frequent words are left out.
        maxlen: Only reviews shorter than this are kept, default all.
        seed: Fixes their order.
        start_char: Number that begins each review; None for none.
        oov_char: Number in place of the words left out; None drops them.
        index_from: What is added to each word number.

    Returns:
        `((x_train, y_train), (x_test, y_test))`: `x` an array of lists of int, `y` 0 or 1.

    Raises:
        DataError: When the file has another content, or is nowhere to be had.

    Example:
        >>> from pipekeras.datasets import imdb
        >>> (x_train, y_train), (x_test, y_test) = imdb.load_data(num_words=10000)  # doctest: +SKIP

    Source:
        A. Maas and others (2011), Learning word vectors for sentiment analysis.
    """
    arrays = archive(IMDB.content(path))
    generator = np.random.RandomState(seed)
    texts: list[list[int]] = []
    labels: list[int] = []
    for part in ("train", "test"):
        order = np.arange(len(arrays[f"x_{part}"]))
        generator.shuffle(order)
        texts += [list(arrays[f"x_{part}"][place]) for place in order]
        labels += [int(arrays[f"y_{part}"][place]) for place in order]
    edge = len(arrays["x_train"])
    texts = chosen_words(texts, num_words, skip_top, start_char, oov_char, index_from)
    parts = []
    for first, last in ((0, edge), (edge, len(texts))):
        kept = [place for place in range(first, last) if maxlen is None or len(texts[place]) < maxlen]
        if not kept:
            raise DataError(f"no review is shorter than maxlen={maxlen}", mend="take a larger maxlen")
        parts.append((as_objects([texts[place] for place in kept]), np.array([labels[place] for place in kept])))
    return parts[0], parts[1]


def get_word_index(path: str = "imdb_word_index.json") -> dict[str, int]:
    """Load the number of each word, by frequency from 1; reviews add `index_from` to it.

    Args:
        path: Name of the file in the cache.
    """
    return json.loads(IMDB_WORDS.content(path))
