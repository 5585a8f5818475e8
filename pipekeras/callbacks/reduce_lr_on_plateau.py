"""Lower the learning rate when a result no longer gets better."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.callbacks.callback import Logs
from pipekeras.callbacks.learning_rate import read_learning_rate
from pipekeras.callbacks.monitor import MonitorCallback
from pipekeras.core.errors import ArgumentError, ConfigurationError
from pipekeras.core.notices import warn as warn_user
from pipekeras.core.registry import register
from pipekeras.utils.message import print_message


@register("callback")
class ReduceLROnPlateau(MonitorCallback):
    """Multiply the learning rate by `factor` when the monitored result has not improved for `patience` epochs.

    The results of each epoch get an entry `learning_rate`.

    Args:
        monitor: str, result to watch, default "val_loss".
        factor: float below 1, default 0.1.
        patience: int, epochs without improvement before the rate is lowered, default 10.
        verbose: 0 or 1 (print the new rate), default 0.
        mode: "auto", "min" or "max", default "auto".
        min_delta: float, smallest change that counts as an improvement, default 1e-4.
        cooldown: int, epochs to wait after a reduction before counting again, default 0.
        min_lr: float, lower bound of the rate, default 0.
        **older: `epsilon`, what Keras 1 called min_delta.

    Raises:
        ConfigurationError: When `factor` is 1 or more.

    Example:
        >>> from pipekeras.callbacks import ReduceLROnPlateau
        >>> ReduceLROnPlateau(monitor="loss", factor=0.5, patience=2).factor
        0.5
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
        **older: Any,
    ) -> None:
        super().__init__(monitor, mode, min_delta=older.pop("epsilon", min_delta))
        if older:
            raise ArgumentError(f"ReduceLROnPlateau has no argument '{next(iter(older))}'")
        if factor >= 1:
            raise ConfigurationError(f"ReduceLROnPlateau needs a factor below 1, not {factor}")
        self.factor = factor
        self.patience = patience
        self.verbose = verbose
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.cooldown_counter = 0
        self.wait = 0

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.best = None
        self.cooldown_counter = 0
        self.wait = 0

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        logs = {} if logs is None else logs
        logs["learning_rate"] = read_learning_rate(self.model.optimizer)
        current = logs.get(self.monitor)
        if current is None:
            warn_user(
                f"Learning rate reduction is conditioned on metric `{self.monitor}` which is not available. "
                f"Available metrics are: {','.join(logs)}.")
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self.is_improvement(current, self.best):
            self.best = current
            self.wait = 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience:
                self._reduce(epoch)

    def in_cooldown(self) -> bool:
        """Whether the last reduction is less than `cooldown` epochs ago."""
        return self.cooldown_counter > 0

    def _reduce(self, epoch: int) -> None:
        old = read_learning_rate(self.model.optimizer)
        # The rate is kept in float32; a bound that is reached must compare as reached.
        if old <= np.float32(self.min_lr):
            return
        new = max(old * self.factor, self.min_lr)
        self.model.optimizer.learning_rate = new
        self.cooldown_counter = self.cooldown
        self.wait = 0
        if self.verbose > 0:
            print_message(f"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {new}.")
