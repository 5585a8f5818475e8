"""The base class of callbacks: functions that training calls at its turns."""

from __future__ import annotations

import inspect
from typing import Any

from pipekeras.core.registry import register

Logs = dict[str, Any]

_BATCH_HOOKS = {
    "train": ("on_train_batch_begin", "on_train_batch_end", "on_batch_begin", "on_batch_end"),
    "test": ("on_test_batch_begin", "on_test_batch_end"),
    "predict": ("on_predict_batch_begin", "on_predict_batch_end"),
}


@register("callback")
class Callback:
    """Base class for what should happen during training, evaluation and prediction.

    Override the hooks that you need. `logs` holds the results so far: `loss`, the metrics, and at the end of an epoch
    their `val_` counterparts. Setting `self.model.stop_training = True` ends training after the epoch.

    A callback that overrides a batch hook makes the trainer come back to Python after every batch; others let whole
    stretches run compiled.

    Attributes:
        params: dict with `verbose`, `epochs` and `steps` of the running call.
        model: the model that is being trained.

    Example:
        >>> from pipekeras.callbacks import Callback
        >>> class Shout(Callback):
        ...     def on_epoch_end(self, epoch, logs=None):
        ...         print(f"epoch {epoch}: loss {logs['loss']:.1f}!")
        >>> Shout().on_epoch_end(0, {"loss": 0.5})
        epoch 0: loss 0.5!

    Source:
        Keras, https://keras.io/api/callbacks/base_callback/
    """

    samples_batches = False
    """True for a callback whose batch hooks may be called now and then instead of after every batch."""

    params: dict[str, Any] | None = None
    _model: Any = None

    def __init__(self) -> None:
        self.params = None
        self._model = None

    def __repr__(self) -> str:
        """Name the class and the plain settings that it was made with."""
        settings = inspect.signature(type(self).__init__).parameters
        held = {name: self.__dict__.get(name) for name in settings if not name.startswith("_")}
        shown = [f"{name}={value!r}" for name, value in held.items() if isinstance(value, str | int | float)]
        return f"<{' '.join([type(self).__name__, *shown])}>"

    @property
    def model(self) -> Any:
        """The model, from `set_model` on."""
        return self._model

    def set_params(self, params: dict[str, Any]) -> None:
        """Take the parameters of the run: `verbose`, `epochs`, `steps`."""
        self.params = params

    def set_model(self, model: Any) -> None:
        """Take the model that is trained, evaluated or predicts."""
        self._model = model

    def listens_to_batches(self, mode: str) -> bool:
        """Whether any batch hook of `mode` ("train", "test" or "predict") is overridden, in the class or the object."""
        return any(
            hook in self.__dict__ or getattr(type(self), hook) is not getattr(Callback, hook)
            for hook in _BATCH_HOOKS[mode]
        )

    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Older name of `on_train_batch_begin`."""

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Older name of `on_train_batch_end`."""

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Called before the first batch of an epoch (the first epoch is 0)."""

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Called after an epoch and its validation, with the results of both in `logs`."""

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Called before a training batch (the first of an epoch is 0)."""
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Called after a training batch, with the epoch's results so far in `logs`."""
        self.on_batch_end(batch, logs=logs)

    def on_test_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Called before a batch of `evaluate`, or of the validation within `fit`."""

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Called after a batch of `evaluate`, or of the validation within `fit`."""

    def on_predict_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Called before a batch of `predict`."""

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Called after a batch of `predict`, with its `outputs` in `logs`."""

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Called once when `fit` begins."""

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Called once when `fit` ends, with the last epoch's results in `logs`."""

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Called when `evaluate` or a validation begins."""

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Called when `evaluate` or a validation ends."""

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """Called when `predict` begins."""

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """Called when `predict` ends."""
