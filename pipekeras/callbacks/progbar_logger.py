"""Show how far training is, and its results."""

from __future__ import annotations

from typing import Any

from pipekeras.callbacks.callback import Callback, Logs
from pipekeras.core.registry import register
from pipekeras.utils.message import print_message
from pipekeras.utils.progbar import Progbar


@register("callback")
class ProgbarLogger(Callback):
    """Print a progress bar on a terminal, one plain line per epoch elsewhere.

    How much it prints is the `verbose` of `fit`, `evaluate` and `predict`: 0 nothing, 1 (or "auto") the bar, 2 one
    line per epoch.

    Example:
        >>> from pipekeras.callbacks import ProgbarLogger
        >>> logger = ProgbarLogger()
        >>> logger.set_params({"verbose": 1, "epochs": 2, "steps": 4})
        >>> logger.on_train_begin()
        >>> logger.on_epoch_begin(0)
        Epoch 1/2
    """

    samples_batches = True

    def __init__(self) -> None:
        super().__init__()
        self.verbose: Any = 1
        self.epochs: int = 1
        self.target: int | None = None
        self.progbar: Progbar | None = None
        self.seen = 0
        self._in_fit = False

    def set_params(self, params: dict[str, Any]) -> None:
        super().set_params(params)
        verbose = params.get("verbose", 1)
        self.verbose = 1 if verbose == "auto" else int(verbose)
        self.epochs = params.get("epochs") or 1
        self.target = params.get("steps")

    def shows_batches(self) -> bool:
        """Whether anything is printed before an epoch ends."""
        return self.verbose == 1 and self._bar().is_dynamic

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self._in_fit = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        self._in_fit = False

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        self._reset()
        if self.verbose and self.epochs > 1:
            print_message(f"Epoch {epoch + 1}/{self.epochs}")

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self._update(batch, logs)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self._finish(logs)

    def on_test_begin(self, logs: Logs | None = None) -> None:
        if not self._in_fit:
            self._reset()

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        if not self._in_fit:
            self._update(batch, logs)

    def on_test_end(self, logs: Logs | None = None) -> None:
        if not self._in_fit:
            self._finish(logs)

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        self._reset()

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self._update(batch, None)

    def on_predict_end(self, logs: Logs | None = None) -> None:
        self._finish(None)

    def _reset(self) -> None:
        self.seen = 0
        self.progbar = None
        self._bar()

    def _bar(self) -> Progbar:
        if self.progbar is None:
            # The trainer's results are running means already; nothing is averaged here.
            self.progbar = Progbar(self.target, verbose=self.verbose, stateless_metrics=())
        return self.progbar

    def _update(self, batch: int, logs: Logs | None) -> None:
        self.seen = batch + 1
        if self.verbose == 1:
            self._bar().update(self.seen, list((logs or {}).items()), finalize=False)

    def _finish(self, logs: Logs | None) -> None:
        bar = self._bar()
        if self.target is None:
            # Data of unknown length: after the first epoch the length is known.
            self.target = bar.target = self.seen
        bar.update(self.target, list((logs or {}).items()), finalize=True)
