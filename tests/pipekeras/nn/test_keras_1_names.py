"""Names of Keras 1 for regularizers and constraints, and in fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import Input, Sequential, constraints, layers, regularizers


@pytest.mark.parametrize(
    ("call", "today"),
    [
        (lambda: regularizers.activity_l2(0.1), regularizers.L2(0.1)),
        (lambda: regularizers.activity_l1(l=0.2), regularizers.L1(0.2)),
        (lambda: regularizers.l1l2(0.1, 0.2), regularizers.L1L2(0.1, 0.2)),
        (lambda: regularizers.WeightRegularizer(l1=0.1), regularizers.L1L2(0.1, 0.0)),
        (lambda: constraints.maxnorm(m=3), constraints.MaxNorm(3)),
        (lambda: constraints.nonneg(), constraints.NonNeg()),
        (lambda: constraints.unitnorm(axis=1), constraints.UnitNorm(1)),
    ],
)
def test_objects(call: Any, today: Any) -> None:
    with pytest.warns(UserWarning, match=f"is a name of Keras 1: it is {type(today).__name__} today"):
        made = call()
    assert type(made) is type(today) and made.get_config() == today.get_config()


def test_texts_and_unknown_names() -> None:
    assert isinstance(layers.Dense(2, activity_regularizer="activity_l2").activity_regularizer, regularizers.L2)
    for module in (regularizers, constraints):
        with pytest.raises(AttributeError, match="no attribute 'l3'"):
            _ = module.l3


def test_epochs_in_fit() -> None:
    model = Sequential([Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    with pytest.warns(UserWarning, match="nb_epoch is epochs today"):
        history = model.fit(np.ones((4, 2)), np.ones((4, 1)), nb_epoch=3, verbose=0)
    assert len(history.history["loss"]) == 3
