"""Models under the methods of scikit-learn's estimators, as keras.wrappers.scikit_learn had them."""

from __future__ import annotations

import copy
import inspect
from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError, StateError
from pipekeras.utils.numerical import to_categorical

__all__ = ["BaseWrapper", "KerasClassifier", "KerasRegressor"]

_FIT = (
    "batch_size", "epochs", "nb_epoch", "verbose", "callbacks", "validation_split", "validation_data", "shuffle",
    "class_weight", "sample_weight", "initial_epoch", "steps_per_epoch", "validation_steps", "validation_freq",
)  # fmt: skip
_PREDICT, _EVALUATE = ("batch_size", "verbose", "steps"), ("batch_size", "verbose", "sample_weight", "steps")


class BaseWrapper:
    """What the classifier and the regressor share.

    Args:
        build_fn: function that returns a compiled model; or None for a class of one's own with `__call__`.
        **sk_params: arguments of build_fn, and of fit, predict and evaluate of the model.

    Raises:
        ArgumentError: an argument that none of them has.
    """

    def __init__(self, build_fn: Any = None, **sk_params: Any) -> None:
        self.build_fn = build_fn
        self.sk_params = sk_params
        self.model: Any = None
        self._check(sk_params)

    def _builder(self) -> Any:
        if self.build_fn is None:
            return self.__call__  # type: ignore[operator]
        return self.build_fn

    def _builder_arguments(self) -> list[str]:
        return list(inspect.signature(self._builder()).parameters)

    def _check(self, params: dict[str, Any]) -> None:
        known = {*_FIT, *_PREDICT, *_EVALUATE, *self._builder_arguments()}
        for name in params:
            if name not in known:
                raise ArgumentError(f"{type(self).__name__}: '{name}' is an argument neither of the model nor of its builder")

    def get_params(self, deep: bool = True, **params: Any) -> dict[str, Any]:
        """Return what it was made with."""
        return {**copy.copy(self.sk_params), "build_fn": self.build_fn}

    def set_params(self, **params: Any) -> Any:
        """Change what it was made with."""
        params = dict(params)
        if "build_fn" in params:
            self.build_fn = params.pop("build_fn")
        self._check(params)
        self.sk_params.update(params)
        return self

    def _arguments_of(self, names: Any, given: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in {**self.sk_params, **given}.items() if name in names}

    def fit(self, x: Any, y: Any, **kwargs: Any) -> Any:
        """Build a new model and train it; returns the History."""
        self.model = self._builder()(**self._arguments_of(self._builder_arguments(), {}))
        name = getattr(self.model.loss, "__name__", self.model.loss)
        targets = np.asarray(y)
        if name == "categorical_crossentropy" and targets.ndim != 2:
            targets = to_categorical(targets)
        return self.model.fit(np.asarray(x), targets, **self._arguments_of(_FIT, kwargs))

    def _ready(self) -> Any:
        if self.model is None:
            raise StateError(f"{type(self).__name__} is not trained yet", mend="call fit(x, y) first")
        return self.model


class KerasClassifier(BaseWrapper):
    """A model that tells classes.

    Example:

    >>> import numpy as np
    >>> from pipekeras import Sequential, layers
    >>> def build(units=2):
    ...     model = Sequential([layers.Dense(units, activation="softmax", input_shape=(3,))])
    ...     return model.compile("sgd", "categorical_crossentropy")
    >>> classifier = KerasClassifier(build_fn=build, epochs=1, verbose=0)
    >>> history = classifier.fit(np.eye(3), np.array(["a", "b", "a"]))
    >>> classifier.predict(np.eye(3)).shape
    (3,)
    """

    def fit(self, x: Any, y: Any, sample_weight: Any = None, **kwargs: Any) -> Any:
        """Build a new model and train it on rows and their classes, numbers, names or one-hot rows."""
        given = np.asarray(y)
        if given.ndim == 2 and given.shape[1] > 1:
            self.classes_ = np.arange(given.shape[1])
        elif given.ndim == 1 or (given.ndim == 2 and given.shape[1] == 1):
            self.classes_ = np.unique(given)
            given = np.searchsorted(self.classes_, given)
        else:
            raise ArgumentError(f"classes come as a vector or as one-hot rows, not in the shape {given.shape}")
        self.n_classes_ = len(self.classes_)
        if sample_weight is not None:
            kwargs["sample_weight"] = sample_weight
        return super().fit(x, given, **kwargs)

    def predict(self, x: Any, **kwargs: Any) -> np.ndarray:
        """Return the class of each row."""
        likely = np.asarray(self._ready().predict(np.asarray(x), **self._arguments_of(_PREDICT, kwargs)))
        if likely.ndim > 1 and likely.shape[-1] > 1:
            return self.classes_[likely.argmax(axis=-1)]
        return self.classes_[(likely > 0.5).astype("int32")]

    def predict_proba(self, x: Any, **kwargs: Any) -> np.ndarray:
        """Return the probability of each class for each row."""
        likely = np.asarray(self._ready().predict(np.asarray(x), **self._arguments_of(_PREDICT, kwargs)))
        return np.hstack([1 - likely, likely]) if likely.shape[1] == 1 else likely

    def score(self, x: Any, y: Any, **kwargs: Any) -> float:
        """Return the accuracy, which the model must measure."""
        model = self._ready()
        given = np.asarray(y)
        targets = np.searchsorted(self.classes_, given) if given.ndim == 1 or given.shape[1] == 1 else given
        name = getattr(model.loss, "__name__", model.loss)
        if name == "categorical_crossentropy" and targets.ndim != 2:
            targets = to_categorical(targets, num_classes=self.n_classes_)
        arguments = {"verbose": 0, **self._arguments_of(_EVALUATE, kwargs)}
        results = model.evaluate(np.asarray(x), targets, **arguments)
        values = results if isinstance(results, list | tuple | np.ndarray) else [results]
        for name, value in zip(model.metrics_names, values, strict=False):
            if name in ("accuracy", "acc"):
                return float(value)
        raise StateError("the model does not measure accuracy", mend='compile it with metrics=["accuracy"]')


class KerasRegressor(BaseWrapper):
    """A model that tells numbers.

    Example:

    >>> import numpy as np
    >>> from pipekeras import Sequential, layers
    >>> regressor = KerasRegressor(lambda: Sequential([layers.Dense(1, input_shape=(2,))]).compile("sgd", "mse"), verbose=0)
    >>> history = regressor.fit(np.eye(2), np.ones(2))
    >>> regressor.predict(np.eye(2)).shape
    (2,)
    """

    def predict(self, x: Any, **kwargs: Any) -> np.ndarray:
        """Return the number of each row."""
        return np.squeeze(np.asarray(self._ready().predict(np.asarray(x), **self._arguments_of(_PREDICT, kwargs))), -1)

    def score(self, x: Any, y: Any, **kwargs: Any) -> float:
        """Return the loss with its sign turned round: more is better."""
        arguments = {"verbose": 0, **self._arguments_of(_EVALUATE, kwargs)}
        results = self._ready().evaluate(np.asarray(x), np.asarray(y), **arguments)
        return -float(results[0] if isinstance(results, list | tuple | np.ndarray) else results)
