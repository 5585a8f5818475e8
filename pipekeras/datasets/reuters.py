"""Reuters: 11,228 newswires as word numbers, on 46 topics."""

from __future__ import annotations

import json

import numpy as np

from pipekeras.core.registry import register
from pipekeras.datasets.split import Arrays
from pipekeras.datasets.stored import REUTERS, REUTERS_WORDS, archive, as_objects, chosen_words

_LABEL_NAMES = (
    "cocoa", "grain", "veg-oil", "earn", "acq", "wheat", "copper", "housing", "money-supply", "coffee", "sugar", "trade",
    "reserves", "ship", "cotton", "carcass", "crude", "nat-gas", "cpi", "money-fx", "interest", "gnp", "meal-feed", "alum",
    "oilseed", "gold", "tin", "strategic-metal", "livestock", "retail", "ipi", "iron-steel", "rubber", "heat", "jobs", "lei",
    "bop", "zinc", "orange", "pet-chem", "dlr", "gas", "silver", "wpi", "hog", "lead",
)  # fmt: skip


def get_label_names() -> tuple[str, ...]:
    """Return the 46 topics, in the order of the numbers in `y`.

    >>> get_label_names()[:3]
    ('cocoa', 'grain', 'veg-oil')
    """
    return _LABEL_NAMES


@register("dataset", "reuters")
def load_data(
    path: str = "reuters.npz",
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    test_split: float = 0.2,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int = 3,
) -> tuple[Arrays, Arrays]:
    """Load newswires; words are numbered by frequency.

    Args:
        path: Name of the file in the cache.
        num_words: Only word numbers below this are kept, default all.
        skip_top: So many of the most frequent words are left out.
        maxlen: Only newswires shorter than this are kept, default all.
        test_split: Share kept for the test.
        seed: Fixes their order.
        start_char: Number that begins each newswire; None for none.
        oov_char: Number in place of the words left out; None drops them.
        index_from: What is added to each word number.

    Returns:
        `((x_train, y_train), (x_test, y_test))`: `x` an array of lists of int, `y` places in `get_label_names()`.

    Raises:
        DataError: When the file has another content, or is nowhere to be had.

    Example:
        >>> from pipekeras.datasets import reuters
        >>> (x_train, y_train), (x_test, y_test) = reuters.load_data(num_words=10000)  # doctest: +SKIP

    Source:
        The Reuters-21578 collection of newswires of 1987.
    """
    arrays = archive(REUTERS.content(path))
    order = np.arange(len(arrays["x"]))
    np.random.RandomState(seed).shuffle(order)
    labels = np.asarray(arrays["y"])[order]
    texts = chosen_words([list(arrays["x"][place]) for place in order], None, 0, start_char, None, index_from)
    if maxlen is not None:
        kept = [place for place, text in enumerate(texts) if len(text) < maxlen]
        texts, labels = [texts[place] for place in kept], labels[kept]
    texts = chosen_words(texts, num_words, skip_top, None, oov_char, 0)
    edge = int(len(texts) * (1 - test_split))
    return (as_objects(texts[:edge]), labels[:edge]), (as_objects(texts[edge:]), labels[edge:])


def get_word_index(path: str = "reuters_word_index.json") -> dict[str, int]:
    """Load the number of each word, by frequency from 1; newswires add `index_from` to it.

    Args:
        path: Name of the file in the cache.
    """
    return json.loads(REUTERS_WORDS.content(path))
