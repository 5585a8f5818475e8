"""Models as scikit-learn's estimators."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pipekeras as pk
from pipekeras.compatibility.estimators import SKLearnClassifier, SKLearnRegressor, SKLearnTransformer
from pipekeras.core.errors import ArgumentError, DataError, ShapeError, StateError

X = np.random.default_rng(0).normal(size=(40, 3))


def build(X: Any, y: Any, units: int = 4, loss: str = "mse") -> Any:
    outputs = y.shape[1] if y.ndim > 1 else 1
    last = pk.layers.Dense(outputs, activation=None if loss == "mse" else "softmax")
    model = pk.Sequential([pk.Input((X.shape[1],)), pk.layers.Dense(units, activation="tanh"), last])
    return model.compile(pk.optimizers.Adam(0.05), loss)


def test_classes_have_their_names() -> None:
    names = np.where(X[:, 0] > 0, "up", "down")
    options = {"model_kwargs": {"units": 6, "loss": "categorical_crossentropy"}, "fit_kwargs": {"epochs": 30, "verbose": 0}}
    classifier = SKLearnClassifier(build, **options)
    assert classifier.fit(X, names) is classifier and classifier.classes_.tolist() == ["down", "up"]
    assert classifier.score(X, names) > 0.9 and classifier.decision_function(X).shape == (40, 2)
    assert classifier.epoch_ == 30 and classifier.set_params(warm_start=True).get_params()["warm_start"]
    before = classifier.model_
    assert classifier.fit(X, names, epochs=1).model_ is before
    with pytest.raises(ShapeError, match="2 features"):
        classifier.predict(X[:, :2])
    with pytest.raises(DataError, match="40 rows"):
        classifier.fit(X, names[:3])


def test_keras_has_them_among_its_wrappers() -> None:
    assert pk.wrappers.SKLearnClassifier is SKLearnClassifier and pk.wrappers.KerasClassifier is not SKLearnClassifier


def test_numbers_and_rows() -> None:
    model = build(X, X[:, 0])
    regressor = SKLearnRegressor(model, fit_kwargs={"epochs": 60, "verbose": 0}).fit(X, X[:, 0])
    assert regressor.model_ is not model and regressor.predict(X).shape == (40,) and 0.5 < regressor.score(X, X[:, 0]) <= 1
    assert SKLearnTransformer(build, fit_kwargs={"verbose": 0}).fit_transform(X, X[:, :2]).shape == (40, 2)


def test_what_can_not_be_is_refused() -> None:
    with pytest.raises(StateError, match="not trained yet"):
        SKLearnRegressor(build).predict(X)
    with pytest.raises(ArgumentError, match="must be a model or a function"):
        SKLearnRegressor(3).fit(X, X[:, 0])
    with pytest.raises(ArgumentError, match="no parameter 'depth'"):
        SKLearnRegressor(build).set_params(depth=3)
