"""Models as estimators of scikit-learn, as Keras 3 has them; they work without scikit-learn too."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError, DataError, ShapeError, StateError
from pipekeras.models.cloning import clone_model
from pipekeras.models.model import Model

__all__ = ["SKLearnClassifier", "SKLearnRegressor", "SKLearnTransformer"]


def _bases(*mixins: str) -> tuple[type, ...]:
    """Return scikit-learn's classes of these names, with which its own tools know an estimator; none where it is missing."""
    try:
        base = importlib.import_module("sklearn.base")
    except ImportError:
        return ()
    return (*(getattr(base, name) for name in mixins), base.BaseEstimator)


class _Estimator:
    """What the three estimators share.

    Args:
        model: compiled model, which is cloned before it is trained; or a function of X and y, by name, that returns one.
        warm_start: bool, default False; whether `fit` goes on with the model that it trained before, or with the given one.
        model_kwargs: dict, further arguments of the function.
        fit_kwargs: dict, arguments of the model's `fit`.
    """

    def __init__(
        self,
        model: Any,
        warm_start: bool = False,
        model_kwargs: dict[str, Any] | None = None,
        fit_kwargs: dict[str, Any] | None = None,
    ) -> None:
        self.model = model
        self.warm_start = warm_start
        self.model_kwargs = model_kwargs
        self.fit_kwargs = fit_kwargs

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return what it was made with."""
        return {name: getattr(self, name) for name in ("fit_kwargs", "model", "model_kwargs", "warm_start")}

    def set_params(self, **params: Any) -> Any:
        """Change what it was made with."""
        for name, value in params.items():
            if name not in self.get_params():
                raise ArgumentError(f"{type(self).__name__} has no parameter '{name}'")
            setattr(self, name, value)
        return self

    def fit(self, X: Any, y: Any, **kwargs: Any) -> Any:
        """Train a model on rows and their targets; further arguments go to the model's `fit`.

        Args:
            X: array (rows, features).
            y: array of as many rows.
        """
        rows = self._rows(X)
        targets = np.asarray(y)
        if len(targets) != len(rows):
            raise DataError(f"X has {len(rows)} rows and y has {len(targets)}")
        self.n_features_in_ = rows.shape[1]
        targets = self._encoded(targets)
        self.model_ = self._model_for(rows, targets)
        self.history_ = self.model_.fit(rows, targets, **{**(self.fit_kwargs or {}), **kwargs})
        return self

    @property
    def epoch_(self) -> int:
        """How many epochs the last `fit` took."""
        history = getattr(self, "history_", None)
        return 0 if history is None else len(history.epoch)

    def _rows(self, X: Any) -> np.ndarray:
        rows = np.asarray(X)
        if rows.ndim != 2:
            raise ShapeError(f"X has the shape (rows, features); got {rows.shape}")
        known = getattr(self, "n_features_in_", rows.shape[1])
        if rows.shape[1] != known and hasattr(self, "model_"):
            raise ShapeError(f"X has {rows.shape[1]} features; the model was trained on {known}")
        return rows

    def _model_for(self, rows: np.ndarray, targets: np.ndarray) -> Any:
        if self.warm_start and hasattr(self, "model_"):
            return self.model_
        if isinstance(self.model, Model):
            made = self.model if self.warm_start else _cloned(self.model)
        elif callable(self.model):
            made = self.model(X=rows, y=targets, **(self.model_kwargs or {}))
        else:
            raise ArgumentError(f"model must be a model or a function that returns one, not {type(self.model).__name__}")
        if not made.compiled:
            raise StateError("the model is not compiled", mend="call compile() before it is handed over")
        return made

    def _encoded(self, targets: np.ndarray) -> np.ndarray:
        return targets

    def _trained(self) -> Any:
        if not hasattr(self, "model_"):
            raise StateError(f"{type(self).__name__} is not trained yet", mend="call fit(X, y) first")
        return self.model_

    def _outputs(self, X: Any) -> np.ndarray:
        model = self._trained()
        return np.asarray(model.predict(self._rows(X), verbose=0))


def _cloned(model: Any) -> Any:
    made = clone_model(model)
    made.compile_from_config(model.get_compile_config())
    return made


class SKLearnClassifier(_Estimator, *_bases("ClassifierMixin")):  # type: ignore[misc]
    """A model that tells classes; it is trained on one-hot rows.

    Args:
        model: compiled model, which is cloned before it is trained; or a function of X and y, by name, that returns one.
        warm_start: bool, default False; whether `fit` goes on with the model that it trained before, or with the given one.
        model_kwargs: dict, further arguments of the function.
        fit_kwargs: dict, arguments of the model's `fit`.

    Example:

    >>> import numpy as np
    >>> import pipekeras as pk
    >>> def build(X, y):
    ...     layer = pk.layers.Dense(y.shape[1], activation="softmax")
    ...     model = pk.Sequential([pk.Input((X.shape[1],)), layer])
    ...     model.compile("sgd", "categorical_crossentropy")
    ...     return model
    >>> classifier = SKLearnClassifier(build, fit_kwargs={"verbose": 0})
    >>> classifier.fit(np.eye(3), np.array(["a", "b", "a"])).classes_.tolist()
    ['a', 'b']
    """

    def _encoded(self, targets: np.ndarray) -> np.ndarray:
        if targets.ndim == 2 and targets.shape[1] == 1:
            targets = targets[:, 0]
        if targets.ndim != 1:
            raise ShapeError(f"classes come as one for each row; got the shape {targets.shape}")
        self.classes_ = np.unique(targets)
        return np.eye(len(self.classes_))[np.searchsorted(self.classes_, targets)]

    def predict(self, X: Any) -> np.ndarray:
        """Return the class of each row."""
        return self.classes_[self._outputs(X).argmax(axis=-1)]

    def decision_function(self, X: Any) -> np.ndarray:
        """Return what the model gives for each row and class."""
        return self._outputs(X)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return the share of rows whose class is told rightly."""
        return float(np.average(self.predict(X) == np.asarray(y).reshape(-1), weights=sample_weight))


class SKLearnRegressor(_Estimator, *_bases("RegressorMixin")):  # type: ignore[misc]
    """A model that tells numbers.

    Args:
        model: compiled model, which is cloned before it is trained; or a function of X and y, by name, that returns one.
        warm_start: bool, default False; whether `fit` goes on with the model that it trained before, or with the given one.
        model_kwargs: dict, further arguments of the function.
        fit_kwargs: dict, arguments of the model's `fit`.

    Example:

    >>> import numpy as np
    >>> import pipekeras as pk
    >>> model = pk.Sequential([pk.Input((3,)), pk.layers.Dense(1)]).compile("sgd", "mse")
    >>> SKLearnRegressor(model, fit_kwargs={"verbose": 0}).fit(np.eye(3), np.ones(3)).predict(np.eye(3)).shape
    (3,)
    """

    def predict(self, X: Any) -> np.ndarray:
        """Return the number, or the numbers, of each row."""
        found = self._outputs(X)
        return found[:, 0] if found.ndim == 2 and found.shape[1] == 1 else found

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return the share of the targets' variance that is explained."""
        wanted = np.asarray(y, "float64")
        mean = np.average(wanted, axis=0, weights=sample_weight)
        missed = np.average(np.square(wanted - self.predict(X)), axis=0, weights=sample_weight)
        return float(np.mean(1 - missed / np.average(np.square(wanted - mean), axis=0, weights=sample_weight)))


class SKLearnTransformer(_Estimator, *_bases("TransformerMixin")):  # type: ignore[misc]
    """A model that turns rows into others.

    Args:
        model: compiled model, which is cloned before it is trained; or a function of X and y, by name, that returns one.
        warm_start: bool, default False; whether `fit` goes on with the model that it trained before, or with the given one.
        model_kwargs: dict, further arguments of the function.
        fit_kwargs: dict, arguments of the model's `fit`.

    Example:

    >>> import numpy as np
    >>> import pipekeras as pk
    >>> model = pk.Sequential([pk.Input((3,)), pk.layers.Dense(2)]).compile("sgd", "mse")
    >>> SKLearnTransformer(model, fit_kwargs={"verbose": 0}).fit(np.eye(3), np.ones((3, 2))).transform(np.eye(3)).shape
    (3, 2)
    """

    def transform(self, X: Any) -> np.ndarray:
        """Return what the model gives for rows."""
        return self._outputs(X)

    def fit_transform(self, X: Any, y: Any, **kwargs: Any) -> np.ndarray:
        """Train on rows and return what the model then gives for them."""
        return self.fit(X, y, **kwargs).transform(X)
