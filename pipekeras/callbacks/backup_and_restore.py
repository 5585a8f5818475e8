"""Go on with a training run that was interrupted."""

from __future__ import annotations

import json
import os
import shutil

from pipekeras.callbacks.batch_counter import BatchCounter
from pipekeras.callbacks.callback import Callback, Logs
from pipekeras.core.errors import ConfigurationError, FileFormatError, StateError
from pipekeras.core.plain_data import MOST_BYTES, parse_json
from pipekeras.core.registry import register
from pipekeras.saving.atomic import write_text

_WEIGHTS = "latest.weights.h5"
_METADATA = "training_metadata.json"


@register("callback")
class BackupAndRestore(Callback):
    """Save the state of training as it goes, and take it up again after an interruption.

    When `fit` begins and `backup_dir` holds a backup, weights and optimizer are restored and training goes on with the
    epoch after the last one that was backed up. When `fit` ends, the backup is removed.

    Args:
        backup_dir: str or path of a folder for this run alone.
        save_freq: "epoch", or int, batches between two backups, default "epoch". A backup within an epoch restores the
            weights and begins that epoch anew.
        double_checkpoint: bool, keep the backup before the last one too, as `*.bkp`, default False.
        delete_checkpoint: bool, remove the folder when `fit` ends, default True.

    Raises:
        ConfigurationError: For an empty folder name or another `save_freq`.
        StateError: When the model has no weights yet when `fit` begins.

    Example:
        >>> from pipekeras.callbacks import BackupAndRestore
        >>> BackupAndRestore("backup").save_freq
        'epoch'
    """

    def __init__(
        self,
        backup_dir: str | os.PathLike[str],
        save_freq: int | str = "epoch",
        double_checkpoint: bool = False,
        delete_checkpoint: bool = True,
    ) -> None:
        super().__init__()
        self.backup_dir = os.fspath(backup_dir)
        if not self.backup_dir:
            raise ConfigurationError("BackupAndRestore needs a folder for its backup", mend="name a backup_dir")
        self.save_freq = save_freq
        self.double_checkpoint = double_checkpoint
        self.delete_checkpoint = delete_checkpoint
        self._counter = BatchCounter(save_freq)
        self._epoch = 0
        self._batch = 0
        self._weights_path = os.path.join(self.backup_dir, _WEIGHTS)
        self._metadata_path = os.path.join(self.backup_dir, _METADATA)

    def listens_to_batches(self, mode: str) -> bool:
        if mode == "train" and type(self).on_train_batch_end is BackupAndRestore.on_train_batch_end:
            return self._counter.frequency is not None
        return super().listens_to_batches(mode)

    def on_train_begin(self, logs: Logs | None = None) -> None:
        if not self.model.built:
            raise StateError(
                "BackupAndRestore needs a model that has its weights before fit begins",
                mend="declare the input shape, or call model.build(input_shape)",
            )
        if not os.path.exists(self._weights_path):
            return
        try:
            self._restore(self._weights_path, self._metadata_path)
        except (FileFormatError, ValueError):
            if not os.path.exists(self._weights_path + ".bkp"):
                raise
            self._restore(self._weights_path + ".bkp", self._metadata_path + ".bkp")

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self._batch = batch
        if self._counter.is_due(batch):
            self._save()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self._epoch = epoch + 1
        self._batch = 0
        if self.save_freq == "epoch":
            self._save()

    def on_train_end(self, logs: Logs | None = None) -> None:
        # After an interruption or an error, fit says goodbye too; then the backup is just what is needed.
        finished = self._epoch >= (self.params or {}).get("epochs", 0) or getattr(self.model, "stop_training", False)
        if finished and self.delete_checkpoint and os.path.isdir(self.backup_dir):
            shutil.rmtree(self.backup_dir)

    def _save(self) -> None:
        from pipekeras.saving.weights import save_weights

        os.makedirs(self.backup_dir, exist_ok=True)
        if self.double_checkpoint:
            for path in (self._weights_path, self._metadata_path):
                if os.path.exists(path):
                    os.replace(path, path + ".bkp")
        progress = {"epoch": self._epoch, "batch": self._batch}
        # The progress goes into the weights' file too: two files can't be replaced in one instant.
        save_weights(self.model, self._weights_path, overwrite=True, progress=progress)
        write_text(self._metadata_path, json.dumps(progress))

    def _restore(self, weights_path: str, metadata_path: str) -> None:
        from pipekeras.saving.weights import load_weights, read_progress

        optimizer = self.model.optimizer
        if optimizer is not None and not optimizer.built:
            optimizer.build(self.model.trainable_variables)
        load_weights(self.model, weights_path)
        progress = read_progress(weights_path)
        if progress is None and os.path.exists(metadata_path):
            with open(metadata_path, "rb") as stream:
                progress = parse_json(stream.read(MOST_BYTES + 1), metadata_path)
        epoch = progress.get("epoch", 0) if isinstance(progress, dict) else 0 if progress is None else None
        if not isinstance(epoch, int) or epoch < 0:
            raise FileFormatError(f"{metadata_path} names no epoch", mend=f"remove the folder {self.backup_dir}")
        self._epoch = epoch
        self.model._initial_epoch = epoch
