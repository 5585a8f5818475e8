"""A student learns from a teacher; the numbers are Keras 3.15's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pipekeras as pk
from pipekeras import layers
from pipekeras.core.errors import ArgumentError, ConfigurationError
from pipekeras.distillation import Distiller, FeatureDistillation, LogitsDistillation

X = np.random.default_rng(0).normal(size=(32, 4)).astype("float32")
Y = (X[:, :1] > 0).astype("int32")


def net(hidden: Any, last: float, bias: float, name: str) -> Any:
    constant = pk.initializers.Constant
    inner = layers.Dense(8, name=name, activation="tanh", kernel_initializer=hidden)
    outer = layers.Dense(3, name="o", kernel_initializer=constant(last), bias_initializer=constant(bias))
    return pk.Sequential([pk.Input((4,)), inner, outer])


def distiller(losses: Any, weights: Any = None, share: float = 0.5) -> Any:
    student = net(pk.initializers.Constant(0.2), -0.1, 0.1, "hs")
    made = Distiller(net("ones", 0.3, 0.0, "h"), student, losses, weights, student_loss_weight=share)
    made.compile("sgd", pk.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return made


def test_training_gives_keras_numbers(tmp_path: Path) -> None:
    model = distiller([LogitsDistillation(), FeatureDistillation("mse", "h", "hs")])
    history = model.fit(X, Y, epochs=2, batch_size=16, shuffle=False, verbose=0).history
    np.testing.assert_allclose(history["distillation_loss"], [15.24918, 14.09825], atol=1e-4)
    np.testing.assert_allclose(history["student_loss"], [1.09825, 1.09691], atol=1e-4)
    np.testing.assert_allclose(history["total_loss"], [8.17371, 7.59758], atol=1e-4)
    assert not model.teacher.trainable and len(model.trainable_variables) == 4
    model.save(tmp_path / "distiller.keras")
    again = pk.saving.load_model(tmp_path / "distiller.keras")
    np.testing.assert_array_equal(again.predict(X, verbose=0), model.student.predict(X, verbose=0))


def test_shares_and_losses() -> None:
    only_labels = distiller(FeatureDistillation("mae"), share=1.0).fit(X, Y, batch_size=16, shuffle=False, verbose=0).history
    assert only_labels["distillation_loss"] == [0.0] and only_labels["loss"] == only_labels["student_loss"]
    only_teacher = distiller(LogitsDistillation(2.0, "categorical_crossentropy"), share=0.0)
    np.testing.assert_allclose(only_teacher.fit(X, Y, shuffle=False, verbose=0).history["loss"], [0.4876], atol=1e-4)


def test_what_can_not_be_is_refused() -> None:
    with pytest.raises(ArgumentError, match="2 distillation_loss_weights for 1"):
        distiller(LogitsDistillation(), [1.0, 2.0])
    with pytest.raises(ArgumentError, match="between 0 and 1"):
        distiller(LogitsDistillation(), share=2.0)
    with pytest.raises(ArgumentError, match="above 0"):
        LogitsDistillation(temperature=0)
    with pytest.raises(ConfigurationError, match="no layer 'zz'"):
        distiller(FeatureDistillation("mse", "zz", "hs"))
    with pytest.raises(ConfigurationError, match="not None"):
        FeatureDistillation(loss=None)
