"""Weights of layers that earlier Keras laid out in another way."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.saving.hdf5_reader import Dataset


def adapt(layer: Any, own: list[Any], arrays: list[Dataset]) -> list[np.ndarray] | None:
    """The saved weights in today's layout, or None when they have it already.

    `CuDNNLSTM` and `CuDNNGRU` of Keras 2 kept the gates' kernels transposed, and two biases for each gate; `LSTM` adds
    them up, `GRU` (with `reset_after`) keeps them as two rows.
    """
    gates = {"LSTM": 4, "GRU": 3}.get(type(layer).__name__)
    shapes = [array.shape for array in arrays]
    if gates is None or len(own) != 3 or len(shapes) != 3 or len(shapes[1]) != 2:
        return None
    units = shapes[1][0]
    if shapes[2] != (2 * gates * units,) or tuple(own[2].shape) == shapes[2]:
        return None
    kernel, recurrent, bias = (array.read() for array in arrays)
    kernel = _each_gate(kernel, gates, lambda part: part.T.reshape(part.shape, order="F"))
    recurrent = _each_gate(recurrent, gates, lambda part: part.T)
    bias = bias.reshape(2, -1)
    values = [kernel, recurrent, bias.sum(axis=0) if gates == 4 else bias]
    return values if all(tuple(o.shape) == v.shape for o, v in zip(own, values, strict=True)) else None


def _each_gate(kernel: np.ndarray, gates: int, change: Any) -> np.ndarray:
    return np.hstack([change(part) for part in np.hsplit(kernel, gates)])
