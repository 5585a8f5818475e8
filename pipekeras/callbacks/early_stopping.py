"""Stop training when a result no longer gets better."""

from __future__ import annotations

from typing import Any

from pipekeras.callbacks.callback import Logs
from pipekeras.callbacks.monitor import MonitorCallback
from pipekeras.core.notices import warn as warn_user
from pipekeras.core.registry import register
from pipekeras.utils.message import print_message


@register("callback")
class EarlyStopping(MonitorCallback):
    """Stop training when the monitored result has not improved for `patience` epochs.

    Args:
        monitor: str, result to watch, default "val_loss".
        min_delta: float, smallest change that counts as an improvement, default 0.
        patience: int, epochs without improvement after which training stops, default 0.
        verbose: 0 or 1 (say when and why), default 0.
        mode: "auto", "min" or "max", default "auto".
        baseline: float or None, value that the result must beat within `patience` epochs, default None.
        restore_best_weights: bool, put back the weights of the best epoch at the end, default False. Without any
            improvement these are the weights of the first watched epoch.
        start_from_epoch: int, epochs to wait before watching, default 0.

    Example:
        >>> from pipekeras.callbacks import EarlyStopping
        >>> EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True).patience
        3

    Source:
        L. Prechelt (1998), Early Stopping - But When?; Keras' `EarlyStopping`.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        super().__init__(monitor, mode, min_delta=min_delta)
        self.patience = patience
        self.verbose = verbose
        self.baseline = baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch
        self.wait = 0
        self.stopped_epoch = 0
        self.best_epoch = 0
        self.best_weights: list[Any] | None = None

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.wait = 0
        self.stopped_epoch = 0
        self.best = None
        self.best_epoch = 0
        self.best_weights = None

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        current = self.get_monitor_value(logs)
        if current is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self._remember(epoch)
        self.wait += 1
        if self.is_improvement(current, self.best):
            self.best = current
            self._remember(epoch)
            if self.baseline is None or self.is_improvement(current, self.baseline):
                self.wait = 0
            return
        if self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        if self.stopped_epoch > 0 and self.verbose > 0:
            print_message(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self.restore_best_weights and self.best_weights is not None:
            if self.verbose > 0:
                print_message(f"Restoring model weights from the end of the best epoch: {self.best_epoch + 1}.")
            self.model.set_weights(self.best_weights)

    def get_monitor_value(self, logs: Logs | None) -> Any:
        """The watched result, or None with a warning that names the available ones."""
        logs = logs or {}
        value = logs.get(self.monitor)
        if value is None:
            warn_user(
                f"Early stopping conditioned on metric `{self.monitor}` which is not available. "
                f"Available metrics are: {','.join(logs)}")
        return value

    def _remember(self, epoch: int) -> None:
        self.best_epoch = epoch
        if self.restore_best_weights:
            self.best_weights = self.model.get_weights()
