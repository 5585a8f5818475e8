"""Save the model, or its weights, while it trains."""

from __future__ import annotations

import os

import numpy as np

from pipekeras.callbacks.batch_counter import BatchCounter
from pipekeras.callbacks.callback import Logs
from pipekeras.callbacks.monitor import MonitorCallback
from pipekeras.core.errors import ConfigurationError, did_you_mean
from pipekeras.core.notices import warn as warn_user
from pipekeras.core.registry import register
from pipekeras.utils.message import print_message

_WHOLE = (".keras", ".h5", ".hdf5")
_WEIGHTS = (".weights.h5", ".h5", ".hdf5")


@register("callback")
class ModelCheckpoint(MonitorCallback):
    """Save the model or its weights at the end of epochs, or every so many batches.

    Files are written atomically: a crash leaves the earlier file or the new one.

    Args:
        filepath: str or path. May hold `{epoch}` (from 1), `{batch}` (from 1, when saving by batches) and the names of
            results, with formats as in `str.format`: "w{epoch:02d}-{val_loss:.2f}.keras". Ends in ".keras", ".h5" or
            ".hdf5"; with `save_weights_only` in ".weights.h5", ".h5" or ".hdf5".
        monitor: str, result to watch with `save_best_only`, default "val_loss".
        verbose: 0 or 1 (print every decision), default 0.
        save_best_only: bool, save only when the monitored result is better than ever, default False.
        save_weights_only: bool, save weights (with the optimizer's state in ".weights.h5") instead of the whole model,
            default False.
        mode: "auto", "min" or "max", default "auto".
        save_freq: "epoch", or int, batches between two saves, default "epoch".
        initial_value_threshold: float or None, value that the first saved result must beat, default None.
        period: int, epochs between two saves (an older spelling), default 1.

    Raises:
        ConfigurationError: For a path or a frequency that doesn't fit.

    Example:
        >>> from pipekeras.callbacks import ModelCheckpoint
        >>> ModelCheckpoint("best.keras", monitor="val_loss", save_best_only=True).filepath
        'best.keras'
    """

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: int | str = "epoch",
        initial_value_threshold: float | None = None,
        period: int | None = None,
    ) -> None:
        super().__init__(monitor, mode, initial_value_threshold)
        self.filepath = os.fspath(filepath)
        self.verbose = verbose
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.save_freq = save_freq
        self.period = 1 if period is None else int(period)
        self._counter = BatchCounter(save_freq)
        self._epochs_since_save = 0
        self._epoch = 0
        endings = _WEIGHTS if save_weights_only else _WHOLE
        if not self.filepath.endswith(endings):
            what = "weights" if save_weights_only else "models"
            raise ConfigurationError(
                f"ModelCheckpoint saves {what} to files that end in {', '.join(endings)}; found {self.filepath!r}",
                mend=f"write {self.filepath + endings[0]!r}",
            )

    def listens_to_batches(self, mode: str) -> bool:
        if mode == "train" and type(self).on_train_batch_end is ModelCheckpoint.on_train_batch_end:
            return self._counter.frequency is not None
        return super().listens_to_batches(mode)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        if self._counter.is_due(batch):
            self._save(self._epoch, batch, logs or {})

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        self._epoch = epoch

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self._epochs_since_save += 1
        if self.save_freq == "epoch" and self._epochs_since_save >= self.period:
            self._epochs_since_save = 0
            self._save(epoch, None, logs or {})

    def _save(self, epoch: int, batch: int | None, logs: Logs) -> None:
        path = self._path(epoch, batch, logs)
        if not self._should_save(epoch, path, logs):
            return
        if os.path.isdir(path):
            raise ConfigurationError(f"ModelCheckpoint can't save to {path}: it is a folder", mend="name a file")
        folder = os.path.dirname(path)
        if folder:
            os.makedirs(folder, exist_ok=True)
        if self.save_weights_only:
            self.model.save_weights(path, overwrite=True)
        else:
            self.model.save(path, overwrite=True)
        if self.verbose > 0:
            print_message(f"\nEpoch {epoch + 1}: finished saving model to {path}")

    def _should_save(self, epoch: int, path: str, logs: Logs) -> bool:
        if not self.save_best_only:
            if self.verbose > 0:
                print_message(f"\nEpoch {epoch + 1}: saving model to {path}")
            return True
        current = logs.get(self.monitor)
        if current is None:
            warn_user(f"Can save best model only with {self.monitor} available.")
            return True
        if np.ndim(current) > 0:
            warn_user(
                f"Can save best model only when `monitor` is a scalar value; found {current}. Saving every time.")
            return True
        best = "None" if self.best is None else f"{self.best:.5f}"
        if self.is_improvement(current, self.best):
            if self.verbose > 0:
                print_message(
                    f"\nEpoch {epoch + 1}: {self.monitor} improved from {best} to {current:.5f}, saving model to {path}"
                )
            self.best = current
            return True
        if self.verbose > 0:
            print_message(f"\nEpoch {epoch + 1}: {self.monitor} did not improve from {best}")
        return False

    def _path(self, epoch: int, batch: int | None, logs: Logs) -> str:
        values = {"epoch": epoch + 1} | ({} if batch is None else {"batch": batch + 1}) | logs
        try:
            return self.filepath.format(**values)
        except KeyError as missing:
            name = str(missing.args[0])
            raise ConfigurationError(
                f"the path {self.filepath!r} asks for '{name}', which is not among the results",
                mend=did_you_mean(name, values) or f"there are {', '.join(values)}",
            ) from None
