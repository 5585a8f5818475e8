"""What a tape finds: several targets, weights, and what has no derivative."""

from __future__ import annotations

import pytest

from pipekeras import GradientTape, Variable, ops
from pipekeras.core.errors import ArgumentError


def test_targets_of_several_shapes_are_added_up_each_by_itself() -> None:
    w = Variable([1.0, 2.0, 3.0])
    with GradientTape() as tape:
        squares, total = w * w, ops.sum(w)
    # The sum counts once, not once for each of the three squares.
    assert tape.gradient([squares, total], w).numpy().tolist() == [3.0, 5.0, 7.0]
    with GradientTape() as tape:
        squares, pair = w * w, w[:2] * 3.0
    assert tape.gradient((squares, pair), [w])[0].numpy().tolist() == [5.0, 7.0, 6.0]


def test_weights_belong_to_their_targets() -> None:
    w = Variable([1.0, 2.0])
    with GradientTape() as tape:
        squares, total = w * w, ops.sum(w)
    weights = [[10.0, 0.0], 5.0]
    assert tape.gradient([squares, total], {"w": w}, output_gradients=weights)["w"].numpy().tolist() == [25.0, 5.0]
    assert tape.gradient(squares, w, output_gradients=[1.0, 10.0]).numpy().tolist() == [2.0, 40.0]
    with pytest.raises(ArgumentError, match="1 tensors for 2 targets"):
        tape.gradient([squares, total], w, output_gradients=[1.0])


def test_a_variable_is_a_target_and_whole_numbers_are_none() -> None:
    w = Variable([1.0, 2.0])
    with GradientTape() as tape:
        largest, other = ops.argmax(w), ops.ones(2)
    assert tape.gradient(w, w).numpy().tolist() == [1.0, 1.0]
    assert tape.gradient(largest, w) is None and tape.gradient(other, w) is None
    assert tape.gradient([largest, w], [w])[0].numpy().tolist() == [1.0, 1.0]
