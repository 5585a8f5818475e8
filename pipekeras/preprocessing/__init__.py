"""Data made ready before a model sees it: texts, sequences, pictures. The names are those of `keras.preprocessing`.

Example:
    >>> from pipekeras.preprocessing.text import Tokenizer
    >>> tokenizer = Tokenizer()
    >>> tokenizer.fit_on_texts(["a cat", "a dog"])
    >>> tokenizer.texts_to_sequences(["a dog"])
    [[1, 3]]
"""

from __future__ import annotations

import importlib
from typing import Any

_MODULES = ("image", "sequence", "text")
_NAMES = {
    "audio_dataset_from_directory": "sounds",
    "image_dataset_from_directory": "folders",
    "text_dataset_from_directory": "folders",
    "timeseries_dataset_from_array": "sequence",
}

__all__ = sorted([*_MODULES, *_NAMES])


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"pipekeras.preprocessing.{name}")
    if name in _NAMES:
        return getattr(importlib.import_module(f"pipekeras.preprocessing.{_NAMES[name]}"), name)
    raise AttributeError(f"module 'pipekeras.preprocessing' has no attribute '{name}'")


def __dir__() -> list[str]:
    return __all__
