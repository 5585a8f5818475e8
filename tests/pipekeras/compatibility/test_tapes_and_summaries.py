"""Derivatives of many values at once, and summaries of a program's own loop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipekeras.compatibility import tensorflow as tf
from pipekeras.core.errors import ArgumentError, ShapeError


def test_jacobian_of_each_element_by_each_source() -> None:
    weight = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], np.float32)
    x = tf.Variable(np.array([1.0, 2.0, 3.0], np.float32))
    other = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = tf.linalg.matvec(weight, x) * other
    by_x, by_other = tape.jacobian(y, [x, other])
    np.testing.assert_allclose(by_x.numpy(), 2 * weight)
    np.testing.assert_allclose(by_other.numpy(), weight @ [1.0, 2.0, 3.0])
    assert tape.jacobian(y, tf.Variable(1.0)) is None


def test_second_derivatives() -> None:
    x = tf.Variable(np.array([1.0, 2.0], np.float32))
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = tf.reduce_prod(x) * x[0]
        slope = inner.gradient(y, x)
    np.testing.assert_allclose(outer.jacobian(slope, x).numpy(), [[4.0, 2.0], [2.0, 0.0]])


def test_batch_jacobian_holds_each_rows_own_part() -> None:
    x = tf.Variable(np.arange(6, dtype=np.float32).reshape(3, 2))
    with tf.GradientTape() as tape:
        y = tf.stack([x[:, 0] * x[:, 1], x[:, 0] ** 2, x[:, 1]], axis=1)
    found = tape.batch_jacobian(y, x).numpy()
    assert found.shape == (3, 3, 2)
    a, b = x.numpy()[:, 0], x.numpy()[:, 1]
    expected = np.stack([np.stack([b, a], 1), np.stack([2 * a, 0 * a], 1), np.stack([0 * a, 1 + 0 * a], 1)], 1)
    np.testing.assert_allclose(found, expected)
    with pytest.raises(ShapeError, match="the target has 3 rows and the source 2"):
        tape.batch_jacobian(y, tf.Variable(np.zeros((2, 2), np.float32)))


def test_summaries_go_to_the_writer_at_hand(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing import event_accumulator as reader

    writer = tf.summary.create_file_writer(tmp_path / "run")
    assert tf.summary.scalar("away", 1.0, step=0) is False
    with writer.as_default():
        for step in range(3):
            assert tf.summary.scalar("loss", tf.constant(1.0 / (step + 1)), step=step)
        tf.summary.histogram("weights", np.arange(10.0), step=1)
        tf.summary.text("note", "words", step=1)
        with pytest.raises(ArgumentError, match="a summary needs a step"):
            tf.summary.scalar("loss", 1.0)
    writer.close()
    events = reader.EventAccumulator(str(tmp_path / "run")).Reload()
    assert [(event.step, round(event.value, 4)) for event in events.Scalars("loss")] == [(0, 1.0), (1, 0.5), (2, 0.3333)]
    assert events.Tags()["histograms"] == ["weights"]
    assert "away" not in events.Tags()["scalars"]
