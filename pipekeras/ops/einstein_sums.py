"""Einstein's summation: products and sums of tensors told by the letters of their axes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pipekeras.core.errors import ConfigurationError, ShapeError
from pipekeras.graph.tensor import Tensor
from pipekeras.ops import define
from pipekeras.ops.arithmetic import multiply
from pipekeras.ops.define import cast, public
from pipekeras.ops.linear import _matmul
from pipekeras.ops.reduction import sum
from pipekeras.ops.shaping import reshape, transpose

_SPARE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@public
def einsum(subscripts: str, *operands: Any, **kwargs: Any) -> Tensor:
    """Sum products of elements over the axes whose letters the result leaves out.

    Formula: for "ab,bc->ac", y[a, c] = sum over b of x1[a, b] * x2[b, c].

    Args:
        subscripts: str, letters for the axes of each operand, "->" and those of the result; "..." for further axes.
        *operands: tensors.
        **kwargs: `optimize` is accepted for Keras' sake: pairs are always joined from the left.

    Raises:
        ShapeError: an operand has another number of axes than letters, or a letter stands for two sizes.

    >>> from pipekeras import ops
    >>> ops.einsum("ab,b->a", [[1.0, 2.0], [3.0, 4.0]], [1.0, 10.0])
    Tensor([21., 43.], shape=(2,), dtype=float32)
    """
    if set(kwargs) - {"optimize"}:
        raise ConfigurationError(f"einsum knows no argument '{sorted(set(kwargs) - {'optimize'})[0]}'")
    tensors, dtype = define.operands(*operands)
    if all(tensor.dtype == "int8" for tensor in tensors):
        # Products of bytes do not fit into bytes.
        dtype = "int32"
    tensors = [tensor if tensor.dtype == dtype else cast(tensor, dtype) for tensor in tensors]
    labels, result = _letters(subscripts.replace(" ", ""), tuple(tensor.ndim for tensor in tensors))
    _check_sizes(subscripts, tensors, labels)
    held = [_on_diagonals(tensor, own) for tensor, own in zip(tensors, labels, strict=True)]
    left, left_labels = held[0]
    for number, (right, right_labels) in enumerate(held[1:], start=2):
        later = set(result).union(*(other for _, other in held[number:]))
        if _comes_second(left_labels, right_labels, result):
            left, left_labels, right, right_labels = right, right_labels, left, left_labels
        left, left_labels = _pair(left, left_labels, right, right_labels, later)
    left, left_labels = _keep(left, left_labels, set(result))
    return _order(left, left_labels, result)


@lru_cache(maxsize=512)
def _letters(subscripts: str, ranks: tuple[int, ...]) -> tuple[tuple[str, ...], str]:
    """Return the letters of each operand and of the result, with "..." written out in spare letters."""
    left, arrow, result = subscripts.partition("->")
    parts = left.split(",")
    if len(parts) != len(ranks):
        raise ConfigurationError(f"einsum: '{subscripts}' is for {len(parts)} tensors; got {len(ranks)}")
    spare = [letter for letter in _SPARE if letter not in subscripts]
    widest = max([rank - len(part.replace("...", "")) for part, rank in zip(parts, ranks, strict=True) if "..." in part] or [0])
    ellipsis = "".join(spare[:widest])
    expanded = []
    for part, rank in zip(parts, ranks, strict=True):
        if "..." in part:
            count = rank - len(part.replace("...", ""))
            if count < 0:
                raise ShapeError(f"einsum: '{part}' names more axes than the {rank} of its tensor")
            part = part.replace("...", ellipsis[len(ellipsis) - count :])
        if len(part) != rank:
            raise ShapeError(f"einsum: '{part}' names {len(part)} axes; the tensor has {rank}")
        expanded.append(part)
    if not arrow:
        joined = "".join(expanded)
        result = ellipsis + "".join(sorted(letter for letter in set(joined) - set(ellipsis) if joined.count(letter) == 1))
    result = result.replace("...", ellipsis)
    unknown = set(result) - set("".join(expanded))
    if unknown:
        raise ConfigurationError(f"einsum: the result's '{sorted(unknown)[0]}' stands for no axis of an operand")
    return tuple(expanded), result


def _on_diagonals(tensor: Tensor, labels: str) -> tuple[Tensor, str]:
    """Where a letter occurs twice in one operand, keep the elements whose places on both axes are the same."""
    for letter in sorted(set(labels)):
        while labels.count(letter) > 1:
            first = labels.index(letter)
            second = labels.index(letter, first + 1)
            tensor = define.FUNCTIONS["diagonal"](tensor, 0, first, second)
            labels = labels[:first] + labels[first + 1 : second] + labels[second + 1 :] + letter
    return tensor, labels


def _check_sizes(subscripts: str, tensors: list[Tensor], labels: tuple[str, ...]) -> None:
    sizes: dict[str, int] = {}
    for tensor, letters in zip(tensors, labels, strict=True):
        for letter, size in zip(letters, tensor.shape, strict=True):
            if size is not None and sizes.setdefault(letter, size) != size:
                shapes = " and ".join(str(item.shape) for item in tensors)
                raise ShapeError(f"einsum '{subscripts}': '{letter}' is {sizes[letter]} and {size} in shapes {shapes}")


def _keep(tensor: Tensor, labels: str, wanted: set[str]) -> tuple[Tensor, str]:
    """Sum over the axes that nothing asks for."""
    dropped = tuple(axis for axis, letter in enumerate(labels) if letter not in wanted)
    if not dropped:
        return tensor, labels
    return cast(sum(tensor, axis=dropped), tensor.dtype), "".join(letter for letter in labels if letter in wanted)


def _order(tensor: Tensor, labels: str, wanted: str) -> Tensor:
    if labels == wanted:
        return tensor
    return transpose(tensor, tuple(labels.index(letter) for letter in wanted))


def _comes_second(left: str, right: str, result: str) -> bool:
    """Whether the result wants the right operand's own axes before the left's: a product in that order needs no turning."""
    own = [[result.index(letter) for letter in one if letter not in other and letter in result]
           for one, other in ((left, right), (right, left))]  # fmt: skip
    return bool(own[0] and own[1]) and max(own[1]) < min(own[0])


def _sizes(tensor: Tensor, labels: str, letters: str) -> list[int | None]:
    return [tensor.shape[labels.index(letter)] for letter in letters]


def _joined(sizes: list[int | None]) -> int:
    total = 1
    for size in sizes:
        if size is None:
            return -1
        total *= size
    return total


def _pair(a: Tensor, a_labels: str, b: Tensor, b_labels: str, later: set[str]) -> tuple[Tensor, str]:
    """Multiply two tensors and sum over the letters that are in both and needed no more: one matrix product."""
    a, a_labels = _keep(a, a_labels, later | set(b_labels))
    b, b_labels = _keep(b, b_labels, later | set(a_labels))
    batch = "".join(letter for letter in a_labels if letter in b_labels and letter in later)
    summed = "".join(letter for letter in a_labels if letter in b_labels and letter not in later)
    free_a = "".join(letter for letter in a_labels if letter not in b_labels)
    free_b = "".join(letter for letter in b_labels if letter not in a_labels)
    labels = batch + free_a + free_b
    if not summed and not free_a and not free_b:
        return multiply(_order(a, a_labels, batch), _order(b, b_labels, batch)), batch
    left = _order(a, a_labels, batch + free_a + summed)
    right = _order(b, b_labels, batch + summed + free_b)
    known = [size if size is not None else other for size, other in zip(
        _sizes(a, a_labels, batch + summed), _sizes(b, b_labels, batch + summed), strict=True)]  # fmt: skip
    batch_sizes, summed_sizes = known[: len(batch)], known[len(batch) :]
    a_sizes, b_sizes = _sizes(a, a_labels, free_a), _sizes(b, b_labels, free_b)
    lead = [-1 if size is None else size for size in batch_sizes]
    if len(free_a) != 1 or len(summed) != 1:
        left = reshape(left, (*_open(lead, a_sizes, summed_sizes), _joined(a_sizes), _joined(summed_sizes)))
    if len(free_b) != 1 or len(summed) != 1:
        right = reshape(right, (*_open(lead, b_sizes, summed_sizes), _joined(summed_sizes), _joined(b_sizes)))
    product = _matmul(left, right, transpose_a=False, transpose_b=False)
    if len(free_a) == 1 and len(free_b) == 1:
        return product, labels
    shape = [-1 if size is None else size for size in (*batch_sizes, *a_sizes, *b_sizes)]
    return reshape(product, tuple(shape)), labels


def _open(lead: list[int], *others: list[int | None]) -> list[int]:
    """Return the leading sizes; one -1 at most can be worked out, so a second unknown is an error told plainly."""
    if lead.count(-1) + _unknown_groups(others) > 1:
        raise ShapeError(
            "einsum: more than one axis of unknown size meets in a product",
            mend="declare the sizes of all axes but the batch",
        )
    return lead


def _unknown_groups(groups: tuple[list[int | None], ...]) -> int:
    """Return how many groups of axes hold an unknown size."""
    return len([group for group in groups if None in group])
