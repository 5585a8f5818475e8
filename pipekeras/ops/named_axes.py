"""Axes told by their names: another order, joined and split."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.ops.define import public
from pipekeras.ops.rearranging import open_sizes
from pipekeras.ops.shaping import reshape, transpose

_TOKEN = re.compile(r"\(|\)|\.\.\.|[A-Za-z_]\w*|1")


@lru_cache(maxsize=256)
def _pattern_side(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the axes of one side of a pattern, each as the names that are joined in it."""
    groups: list[tuple[str, ...]] = []
    inside: list[str] | None = None
    if _TOKEN.sub("", text).strip():
        raise ConfigurationError(f"rearrange: '{text.strip()}' is no list of axes")
    for token in _TOKEN.findall(text):
        if token == "(":
            if inside is not None:
                raise ConfigurationError(f"rearrange: brackets in brackets in '{text.strip()}'")
            inside = []
        elif token == ")":
            if inside is None:
                raise ConfigurationError(f"rearrange: a bracket closes that was not opened in '{text.strip()}'")
            groups.append(tuple(inside))
            inside = None
        elif inside is not None:
            inside.append(token)
        else:
            groups.append(() if token == "1" else (token,))
    if inside is not None:
        raise ConfigurationError(f"rearrange: a bracket is not closed in '{text.strip()}'")
    return tuple(groups)


@public
def rearrange(tensor: Any, pattern: str, **axes_lengths: int) -> Tensor:
    """Put axes in another order, join and split them, told by their names.

    Args:
        tensor: tensor.
        pattern: str, "names before -> names after"; names in brackets are one axis, "..." the axes not named.
        **axes_lengths: int, sizes of names that the shape alone does not tell.

    >>> from pipekeras import ops
    >>> ops.rearrange([[1, 2], [3, 4]], "row column -> (column row)")
    Tensor([1, 3, 2, 4], shape=(4,), dtype=int32)
    """
    x = convert(tensor)
    left, arrow, right = pattern.partition("->")
    if not arrow:
        raise ConfigurationError(f"rearrange: the pattern '{pattern}' has no '->'")
    before, after = _pattern_side(left), _pattern_side(right)
    extra = x.ndim - len([group for group in before if group != ("...",)])
    rest = tuple((f"...{index}",) for index in range(max(extra, 0)))
    before, after = _without_dots(before, rest), _without_dots(after, rest)
    names = [name for group in before for name in group]
    wanted = [name for group in after for name in group]
    if len(before) != x.ndim:
        raise ShapeError(f"rearrange: '{left.strip()}' names {len(before)} axes; the tensor has {x.ndim}")
    if len(set(names)) != len(names) or sorted(names) != sorted(wanted):
        raise ConfigurationError(f"rearrange: both sides of '{pattern}' must hold the same names, each once")
    sizes: dict[str, int | None] = {name: int(size) for name, size in axes_lengths.items()}
    for group, length in zip(before, x.shape, strict=True):
        _split_sizes(group, length, sizes, x.shape)
    parts = transpose(reshape(x, open_sizes([sizes[name] for name in names])), [names.index(name) for name in wanted])
    lengths = []
    for group in after:
        known = [sizes[name] for name in group]
        lengths.append(None if None in known else math.prod(n for n in known if n is not None))
    return reshape(parts, open_sizes(lengths))


def _without_dots(groups: tuple[tuple[str, ...], ...], rest: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    result: list[tuple[str, ...]] = []
    for group in groups:
        if group == ("...",):
            result.extend(rest)
        else:
            result.append(tuple(name for item in group for name in ([r[0] for r in rest] if item == "..." else [item])))
    return tuple(result)


def _split_sizes(group: tuple[str, ...], length: int | None, sizes: dict[str, int | None], shape: Any) -> None:
    """Work out the one size of a group that is not told."""
    unknown = [name for name in group if name not in sizes]
    product = math.prod(sizes[name] or 1 for name in group if name in sizes)
    if len(unknown) > 1:
        raise ConfigurationError(f"rearrange: the sizes of {', '.join(unknown)} can't be told apart",
                                 mend=f"give all but one, as {unknown[0]}=")  # fmt: skip
    if unknown:
        if length is not None and length % product:
            raise ShapeError(f"rearrange: an axis of size {length} of shape {shape} is no multiple of {product}")
        sizes[unknown[0]] = None if length is None else length // product
    elif length is not None and product != length:
        raise ShapeError(f"rearrange: ({' '.join(group)}) is {product} but the axis of shape {shape} is {length}")

