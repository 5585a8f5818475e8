"""Losses, metrics and their names for models of several outputs."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from pipekeras import Input, Model, layers
from pipekeras.core.errors import ArgumentError, DataError

X = np.random.default_rng(3).normal(size=(8, 3)).astype("float32")
CLASSES = np.arange(8) % 4
VALUES = np.ones((8, 1), "float32")


def model(named: bool = True) -> Model:
    source = Input((3,))
    kind = layers.Dense(4, activation="softmax", name="first")(source)
    value = layers.Dense(1, name="second")(source)
    return Model(source, {"kind": kind, "value": value} if named else [kind, value])


def trained(found: Any, y: Any, **options: Any) -> list[str]:
    found.compile("sgd", run_eagerly=True, **options)
    return list(found.fit(X, y, verbose=0).history)


def test_keys_of_a_dict_of_outputs_name_losses_and_metrics() -> None:
    losses = {"kind": "sparse_categorical_crossentropy", "value": "mse"}
    names = trained(model(), {"value": VALUES, "kind": CLASSES}, loss=losses, metrics={"kind": ["acc"], "value": "mae"},
                    loss_weights={"kind": 0.5, "value": 1.0})  # fmt: skip
    assert names == ["loss", "kind_loss", "value_loss", "kind_acc", "value_mae"]


def test_one_loss_among_several_outputs_is_the_total_alone() -> None:
    with pytest.warns(UserWarning, match="does not depend on first/kernel"):
        names = trained(model(named=False), [CLASSES, VALUES], loss=[None, "mse"], metrics=[["acc"], None])
    assert names == ["loss", "first_acc"]


@pytest.mark.parametrize(("name", "found"), [("crossentropy", CLASSES), ("ce", np.eye(4)[CLASSES])])
def test_the_labels_choose_the_crossentropy(name: str, found: np.ndarray) -> None:
    made = model()
    plain = "sparse_categorical_crossentropy" if found.ndim == 1 else "categorical_crossentropy"
    results = []
    for loss in (name, plain):
        made.compile("sgd", {"kind": loss, "value": "mse"}, run_eagerly=True)
        results.append(made.evaluate(X, {"kind": found, "value": VALUES}, verbose=0))
    assert results[0] == results[1]


def test_class_numbers_without_a_class_are_refused_for_it_too() -> None:
    made = model()
    made.compile("sgd", {"kind": "crossentropy", "value": "mse"})
    with pytest.raises(DataError, match="y for output 'kind' passed to fit has class number 7"):
        made.fit(X, {"kind": np.arange(8), "value": VALUES}, verbose=0)


NESTED: list[Any] = [["mae", "mse"], [["mae", "mse"]], {"whatever": ["mae", "mse"]}, {"a": "mae", "b": ["mse"]}]


@pytest.mark.parametrize("metrics", NESTED)
def test_metrics_of_one_output_may_be_nested_as_they_like(metrics: Any) -> None:
    source = Input((3,))
    assert trained(Model(source, layers.Dense(1)(source)), VALUES, loss="mse", metrics=metrics) == ["loss", "mae", "mse"]


def test_functions_without_a_name_are_called_lambda() -> None:
    source = Input((3,))
    made = Model(source, layers.Dense(1)(source))
    names = trained(made, VALUES, loss="mse", metrics=[lambda y, p: abs(y - p)], weighted_metrics=[lambda y, p: p - y])
    assert names == ["loss", "lambda", "weighted_lambda"]


@pytest.mark.parametrize("step", ["fit", "fit in parts", "evaluate", "train_on_batch", "test_on_batch"])
def test_an_output_without_a_loss_may_have_none_for_its_target(step: str) -> None:
    """Real Keras takes it; here the None counted as an array of one row."""
    inputs = Input((3,))
    both = [layers.Dense(2, kernel_initializer="ones", name=name)(inputs) for name in ("first", "second")]
    whole = Model(inputs, both)
    x, y = np.ones((5, 3), "float32"), np.zeros((5, 2), "float32")
    whole.compile("sgd", ["mse", None])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if step == "fit":
            found = whole.fit(x, [y, None], verbose=0, validation_split=0.4).history["loss"][0]
        elif step == "fit in parts":
            found = whole.fit(iter([(x, [y, None])]), steps_per_epoch=1, verbose=0).history["loss"][0]
        else:
            found = getattr(whole, step)(x, [y, None], **({"verbose": 0} if step == "evaluate" else {}))
    assert found == 9.0
    whole.compile("sgd", "mse")
    with pytest.raises(ArgumentError, match="no target for output 'second'"):
        whole.train_on_batch(x, [y, None])


def test_a_layer_that_gives_several_outputs_has_a_name_for_each() -> None:
    sources = [Input((3,)), Input((3,))]
    shared = layers.Dense(1, name="shared")
    several = Model(sources, [shared(source) for source in sources])
    several.compile("sgd", ["mse", "mse"], metrics=[["mae"], ["mae"]])
    results = several.train_on_batch([X, X], [VALUES, VALUES], return_dict=True)
    assert list(results) == ["loss", "shared_loss", "shared_1_loss", "shared_mae", "shared_1_mae"]
