"""The most probable label sequences of a network that places them in time."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor
from pipekeras.ops.comparison import cast, equal, logical_and, not_equal, where
from pipekeras.ops.define import FUNCTIONS, floating, primitive, public
from pipekeras.ops.joining import concatenate
from pipekeras.ops.reduction import argmax, max, sum
from pipekeras.ops.shaping import expand_dims


def _infer_beams(x: Tensor, lengths: Tensor, width: int, paths: int, blank: int) -> Spec:
    batch, times = x.shape[:2]
    return Spec((batch, paths, None if times is None else times + 1), x.dtype)


def _search(scores: np.ndarray, width: int, paths: int, blank: int) -> list[tuple[tuple[int, ...], float]]:
    """Prefixes with the probability of all alignments that end in a blank, and in their last label (Graves 2012)."""
    never = -np.inf
    beams: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, never)}
    for row in scores:
        following: dict[tuple[int, ...], list[float]] = {}
        for prefix, (in_blank, in_label) in beams.items():
            both = np.logaddexp(in_blank, in_label)
            entry = following.setdefault(prefix, [never, never])
            entry[0] = np.logaddexp(entry[0], both + row[blank])
            if prefix:
                entry[1] = np.logaddexp(entry[1], in_label + row[prefix[-1]])
            for label, score in enumerate(row):
                if label == blank:
                    continue
                # The same label again is a new one only after a blank.
                start = in_blank if prefix and prefix[-1] == label else both
                longer = following.setdefault((*prefix, label), [never, never])
                longer[1] = np.logaddexp(longer[1], start + score)
        ranked = sorted(following.items(), key=lambda item: -np.logaddexp(item[1][0], item[1][1]))[:width]
        beams = {prefix: (float(a), float(b)) for prefix, (a, b) in ranked}
    final = [(prefix, float(np.logaddexp(a, b))) for prefix, (a, b) in beams.items()]
    return sorted(final, key=lambda item: -item[1])[:paths]


@primitive(_infer_beams, None)
def _ctc_beams(x: Any, lengths: Any, width: int, paths: int, blank: int) -> Any:
    """For each path the score, then its labels filled up with -1."""
    batch, times, _ = x.shape
    wide = x.astype(np.float64)
    top = wide.max(-1, keepdims=True)
    scores = wide - top - np.log(np.exp(wide - top).sum(-1, keepdims=True))
    result = np.full((batch, paths, times + 1), -1.0, x.dtype)
    result[:, :, 0] = -np.inf
    for number in range(batch):
        for rank, (labels, score) in enumerate(_search(scores[number, : int(lengths[number])], width, paths, blank)):
            result[number, rank, 0] = score
            result[number, rank, 1 : 1 + len(labels)] = labels
    return result


def _greedy(x: Tensor, lengths: Tensor, merge: bool, blank: int) -> tuple[Tensor, Tensor]:
    times = x.shape[1]
    if times is None:
        raise ShapeError(f"ctc_decode: the number of time steps of shape {x.shape} is not known")
    running = FUNCTIONS["arange"](times, dtype="int32") < expand_dims(lengths, 1)
    best = argmax(x, -1)
    kept = logical_and(running, not_equal(best, blank))
    if merge:
        same = equal(best[:, 1:], best[:, :-1])
        first = FUNCTIONS["zeros_like"](best[:, :1], "bool")
        kept = logical_and(kept, FUNCTIONS["logical_not"](concatenate([first, same], 1)))
    # Kept labels move to the front in their order, the others behind them.
    order = FUNCTIONS["argsort"](where(kept, 0, 1), 1)
    labels = FUNCTIONS["take_along_axis"](where(kept, best, -1), order, 1)
    scores = sum(where(running, max(x, -1), 0.0), 1, True)
    return expand_dims(labels, 0), -scores


@public
def ctc_decode(
    inputs: Any,
    sequence_lengths: Any,
    strategy: str = "greedy",
    beam_width: int = 100,
    top_paths: int = 1,
    merge_repeated: bool = True,
    mask_index: int = 0,
) -> tuple[Tensor, Tensor]:
    """Label sequences that a network's logits make most probable.

    Args:
        inputs: tensor (batch, time, classes), logits.
        sequence_lengths: tensor (batch,), number of time steps that count.
        strategy: "greedy" (default): the best class of each step; "beam_search": the best sequences over all alignments.
        beam_width: int, default 100, number of sequences that beam search follows.
        top_paths: int, default 1, number of sequences that it returns.
        merge_repeated: bool, default True: a label that is repeated without a blank between counts once.
        mask_index: int, default 0, the class of the blank.

    Returns:
        Labels (paths, batch, time) filled up with -1, and scores: the negative sum of the best logits (batch, 1), or the
        logarithms of the probabilities (batch, paths).

    >>> from pipekeras import ops
    >>> ops.ctc_decode([[[0.0, 2.0], [0.0, 2.0], [2.0, 0.0]]], [3])[0].numpy().tolist()
    [[[1, -1, -1]]]
    """
    x, lengths = floating(inputs), cast(sequence_lengths, "int32")
    if x.ndim != 3 or lengths.ndim != 1:
        raise ShapeError(f"ctc_decode needs shapes (batch, time, classes) and (batch,); got {x.shape} and {lengths.shape}")
    classes = x.shape[-1]
    blank = mask_index + classes if mask_index < 0 and classes is not None else mask_index
    if strategy == "greedy":
        return _greedy(x, lengths, merge_repeated, blank)
    if strategy != "beam_search":
        raise ArgumentError(f"ctc_decode: strategy must be 'greedy' or 'beam_search', not {strategy!r}")
    if not 0 < top_paths <= beam_width:
        raise ArgumentError(f"ctc_decode: top_paths must be between 1 and beam_width ({beam_width}), not {top_paths}")
    both = _ctc_beams(x, lengths, width=int(beam_width), paths=int(top_paths), blank=int(blank))
    labels = cast(both[:, :, 1:], "int32")
    return FUNCTIONS["transpose"](labels, (1, 0, 2)), both[:, :, 0]
