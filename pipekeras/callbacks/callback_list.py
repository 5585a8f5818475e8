"""Several callbacks called as one, and what the trainer must know about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from pipekeras.callbacks.callback import Callback, Logs
from pipekeras.callbacks.history import History
from pipekeras.callbacks.progbar_logger import ProgbarLogger
from pipekeras.core.errors import ArgumentError


class CallbackList(Callback):
    """Passes every hook on to a list of callbacks, in order.

    Args:
        callbacks: a callback, a list of callbacks (nested lists too), or None.
        add_history: bool, default False; append a `History` unless there is one.
        add_progbar: bool, default False; append a `ProgbarLogger` unless there is one.
        model: the model, or None.
        **params: `verbose`, `epochs`, `steps`.

    Example:
        >>> from pipekeras.callbacks import CallbackList, LambdaCallback
        >>> callbacks = CallbackList([LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, logs))])
        >>> callbacks.listens_to_batches("train")
        False
        >>> callbacks.on_epoch_end(0, {"loss": 1.0})
        0 {'loss': 1.0}
    """

    def __init__(
        self,
        callbacks: Any = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: Any = None,
        **params: Any,
    ) -> None:
        super().__init__()
        self.callbacks: list[Callback] = list(_flatten(callbacks))
        if add_history and not any(isinstance(callback, History) for callback in self.callbacks):
            self.callbacks.append(History())
        if add_progbar and not any(isinstance(callback, ProgbarLogger) for callback in self.callbacks):
            self.callbacks.append(ProgbarLogger())
        if model is not None:
            self.set_model(model)
        self.set_params(params)

    @property
    def history(self) -> History | None:
        """The `History` in the list, if any."""
        return next((callback for callback in self.callbacks if isinstance(callback, History)), None)

    def append(self, callback: Callback) -> None:
        """Add a callback at the end, with the model and parameters of the list."""
        self.callbacks.append(callback)
        if self._model is not None:
            callback.set_model(self._model)
        if self.params:
            callback.set_params(self.params)

    def set_params(self, params: dict[str, Any]) -> None:
        self.params = params
        if params:
            for callback in self.callbacks:
                callback.set_params(params)

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        history = self.history
        if history is not None:
            model.history = history
        for callback in self.callbacks:
            callback.set_model(model)

    def listens_to_batches(self, mode: str) -> bool:
        """Whether a callback must be called after every single batch of `mode` ("train", "test", "predict")."""
        return any(
            not getattr(callback, "samples_batches", False) and _listens(callback, mode) for callback in self.callbacks
        )

    def only_watches(self) -> bool:
        """Whether all callbacks just record and show, so that none changes the model between two epochs."""
        return all(type(callback) in (History, ProgbarLogger) for callback in self.callbacks)

    def only_records(self) -> bool:
        """Whether there is nothing but a `History`, so that epochs may run many at a time."""
        return len(self.callbacks) == 1 and type(self.callbacks[0]) is History

    def wants_progress(self) -> bool:
        """Whether a callback shows results while an epoch runs, so that they are worth computing."""
        return any(isinstance(callback, ProgbarLogger) and callback.shows_batches() for callback in self.callbacks)

    def samples_weights(self) -> bool:
        """Whether a callback that is not ours may look at the weights while an epoch runs."""
        return any(getattr(item, "samples_batches", False) and type(item) is not ProgbarLogger for item in self.callbacks)

    def on_progress(self, mode: str, batch: int, logs: Logs | None = None) -> None:
        """Tell the callbacks that sample batches that `batch` of a compiled stretch is done."""
        logs = _as_numbers(logs)
        for callback in self.callbacks:
            if getattr(callback, "samples_batches", False):
                getattr(callback, f"on_{mode}_batch_end")(batch, logs=logs)

    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        self._call("on_batch_begin", batch, logs)

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self._call("on_batch_end", batch, logs)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        self._call("on_epoch_begin", epoch, logs)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self._call("on_epoch_end", epoch, logs)

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        self._call("on_train_batch_begin", batch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self._call("on_train_batch_end", batch, logs)

    def on_test_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        self._call("on_test_batch_begin", batch, logs)

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self._call("on_test_batch_end", batch, logs)

    def on_predict_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        self._call("on_predict_batch_begin", batch, logs)

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self._call("on_predict_batch_end", batch, logs)

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self._call("on_train_begin", None, logs)

    def on_train_end(self, logs: Logs | None = None) -> None:
        self._call("on_train_end", None, logs)

    def on_test_begin(self, logs: Logs | None = None) -> None:
        self._call("on_test_begin", None, logs)

    def on_test_end(self, logs: Logs | None = None) -> None:
        self._call("on_test_end", None, logs)

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        self._call("on_predict_begin", None, logs)

    def on_predict_end(self, logs: Logs | None = None) -> None:
        self._call("on_predict_end", None, logs)

    def _call(self, hook: str, index: int | None, logs: Logs | None) -> None:
        # One dictionary for all: what a callback adds to it (a learning rate) the later ones see.
        logs = _as_numbers(logs)
        for callback in self.callbacks:
            if index is None:
                getattr(callback, hook)(logs)
            else:
                getattr(callback, hook)(index, logs)


def _listens(callback: Any, mode: str) -> bool:
    listens = getattr(callback, "listens_to_batches", None)
    return True if listens is None else listens(mode)


def _flatten(callbacks: Any) -> Iterator[Callback]:
    if callbacks is None:
        return
    if isinstance(callbacks, CallbackList):
        yield from callbacks.callbacks
    elif isinstance(callbacks, (list, tuple)):
        for callback in callbacks:
            yield from _flatten(callback)
    elif isinstance(callbacks, type) or not hasattr(callbacks, "on_epoch_end"):
        name = callbacks.__name__ if isinstance(callbacks, type) else repr(callbacks)
        raise ArgumentError(
            f"callbacks must be Callback objects; found {name}",
            mend=f"call the class: {name}()" if isinstance(callbacks, type) else "pass objects such as EarlyStopping()",
        )
    else:
        yield callbacks


def _as_numbers(logs: Logs | None) -> Logs:
    """A copy of the logs with plain Python numbers for one-element arrays and tensors."""
    if not logs:
        return {}
    plain: Logs = {}
    for name, value in logs.items():
        if isinstance(value, dict):
            plain[name] = _as_numbers(value)
            continue
        if not isinstance(value, (float, int, str, list, tuple)) and value is not None:
            array = np.asarray(value.numpy() if hasattr(value, "numpy") else value)
            value = array.item() if array.size == 1 and array.dtype != object else value
        plain[name] = value
    return plain
