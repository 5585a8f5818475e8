"""Text: arrays of strings, changed element by element."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.graph.tensor import Tensor, convert


def _texts(value: Any) -> np.ndarray:
    array = np.asarray(value, dtype=object)
    return _each(lambda item: item.decode("utf-8") if isinstance(item, bytes) else str(item), array)


def _each(function: Callable[[Any], Any], array: np.ndarray) -> np.ndarray:
    result = np.empty(array.shape, dtype=object)
    for place, item in np.ndenumerate(array):
        result[place] = function(item)
    return result


def _given_back(result: np.ndarray) -> Any:
    """A single text is a Python string."""
    return result.item() if result.ndim == 0 else result


def lower(input: Any, encoding: str = "", name: str | None = None) -> Any:
    """Small letters."""
    return _given_back(_each(str.lower, _texts(input)))


def upper(input: Any, encoding: str = "", name: str | None = None) -> Any:
    """Capital letters."""
    return _given_back(_each(str.upper, _texts(input)))


def strip(input: Any, name: str | None = None) -> Any:
    """Text without blanks at its ends."""
    return _given_back(_each(str.strip, _texts(input)))


def length(input: Any, unit: str = "BYTE", name: str | None = None) -> Tensor:
    """Number of bytes, or of characters with unit "UTF8_CHAR"."""
    count = len if unit == "UTF8_CHAR" else lambda item: len(item.encode("utf-8"))
    return convert(_each(count, _texts(input)).astype(np.int32))


def join(inputs: Sequence[Any], separator: str = "", name: str | None = None) -> Any:
    """Texts put together, element by element."""
    arrays = np.broadcast_arrays(*[_texts(item) for item in inputs])
    result = np.empty(arrays[0].shape, dtype=object)
    for place in np.ndindex(result.shape):
        result[place] = separator.join(str(array[place]) for array in arrays)
    return _given_back(result)


def reduce_join(inputs: Any, axis: int | None = None, keepdims: bool = False, separator: str = "",
                name: str | None = None) -> Any:  # fmt: skip
    """Texts along an axis put together."""
    texts = _texts(inputs)
    if axis is None:
        joined = separator.join(texts.reshape(-1).tolist())
        return np.array(joined, dtype=object).reshape((1,) * texts.ndim) if keepdims else joined
    rows = np.moveaxis(texts, axis, -1)
    result = np.empty(rows.shape[:-1], dtype=object)
    for place in np.ndindex(result.shape):
        result[place] = separator.join(rows[place].tolist())
    return np.expand_dims(result, axis) if keepdims else _given_back(result)


def split(input: Any, sep: str | None = None, maxsplit: int = -1, name: str | None = None) -> Any:
    """Text cut at blanks or at a separator: an array of parts, or a list of them for several texts."""
    texts = _texts(input)
    parts = [np.asarray(item.split(sep or None, maxsplit), dtype=object) for item in texts.reshape(-1)]
    return parts[0] if texts.ndim == 0 else parts


def substring(input: Any, pos: int, len: int, unit: str = "BYTE", name: str | None = None) -> Any:
    """Part of a text: `len` bytes (or characters with unit "UTF8_CHAR") from `pos`, counted from 0."""
    begin, count = int(np.asarray(pos)), int(np.asarray(len))

    def cut(item: str) -> str:
        if unit == "UTF8_CHAR":
            return item[begin : begin + count] if begin >= 0 else item[begin:][:count]
        data = item.encode("utf-8")
        piece = data[begin : begin + count] if begin >= 0 else data[begin:][:count]
        return piece.decode("utf-8", "replace")

    return _given_back(_each(cut, _texts(input)))


@functools.lru_cache(maxsize=128)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("[[:punct:]]", r"[!-/:-@\[-`{-~]"))


def regex_replace(input: Any, pattern: str, rewrite: str, replace_global: bool = True, name: str | None = None) -> Any:
    r"""Parts that match a regular expression replaced; \1 to \9 stand for its groups."""
    found = _pattern(pattern)
    text = re.sub(r"\\0", r"\\g<0>", rewrite)
    return _given_back(_each(lambda item: found.sub(text, item, count=0 if replace_global else 1), _texts(input)))


def regex_full_match(input: Any, pattern: str, name: str | None = None) -> Tensor:
    """Whether the whole text matches a regular expression."""
    found = _pattern(pattern)
    return convert(_each(lambda item: found.fullmatch(item) is not None, _texts(input)).astype(bool))


def to_number(input: Any, out_type: Any = "float32", name: str | None = None) -> Tensor:
    """Numbers that texts stand for."""
    kind = dtypes.standardize(out_type)
    parse = int if dtypes.is_integer(kind) else float
    return convert(_each(parse, _texts(input)).astype(dtypes.NUMPY[kind]))


def as_string(input: Any, precision: int = -1, name: str | None = None) -> Any:
    """Texts that numbers are written as."""
    array = np.asarray(convert(input))
    if array.dtype.kind == "f":
        digits = 6 if precision < 0 else precision
        return _given_back(_each(lambda item: f"{float(item):.{digits}f}", array))
    return _given_back(_each(lambda item: str(item).lower() if array.dtype == bool else str(item), array))
