"""Write the results of every epoch to a table on disk."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import IO, Any

from pipekeras.callbacks.callback import Callback, Logs
from pipekeras.core.registry import register


@register("callback")
class CSVLogger(Callback):
    """Write one line per epoch to a CSV file: `epoch`, then the results in alphabetical order.

    Each line is on disk when the epoch ends. A result that is missing in an epoch is written as `NA`.

    Args:
        filename: str or path of the file.
        separator: str of one character between the columns, default ",".
        append: bool, add to an existing file instead of replacing it, default False.

    Example:
        >>> import tempfile, os
        >>> from pipekeras.callbacks import CSVLogger
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     log = CSVLogger(os.path.join(folder, "log.csv"))
        ...     log.on_train_begin()
        ...     log.on_epoch_end(0, {"val_loss": 0.5, "loss": 0.25})
        ...     log.on_train_end()
        ...     print(open(log.filename).read())
        epoch,loss,val_loss
        0,0.25,0.5
        <BLANKLINE>
    """

    def __init__(self, filename: str | os.PathLike[str], separator: str = ",", append: bool = False) -> None:
        super().__init__()
        self.filename = os.fspath(filename)
        self.sep = separator
        self.append = append
        self.keys: list[str] | None = None
        self._file: IO[str] | None = None
        self._writer: Any = None
        self._append_header = True

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self._close()
        self._append_header = not (self.append and os.path.exists(self.filename) and os.path.getsize(self.filename) > 0)
        mode = "a" if self.append else "w"
        cut = not self._append_header and not _ends_a_line(self.filename)
        self._file = open(self.filename, mode, newline="", encoding="utf-8")  # noqa: SIM115 - open while training
        if cut:
            # A run that was killed, or had no room left on the disk, ended within a line.
            self._file.write("\n")
        self.keys = None

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        import csv

        if self._file is None:
            self.on_train_begin()
        assert self._file is not None
        logs = logs or {}
        if self._writer is None:
            self.keys = sorted(logs)
            if self.keys and not any(name.startswith("val_") for name in self.keys):
                # A later epoch may bring a validation (validation_freq); its columns must exist by then.
                self.keys += [f"val_{name}" for name in self.keys]
            self._writer = csv.DictWriter(
                self._file, ["epoch", *self.keys], delimiter=self.sep, lineterminator="\n", extrasaction="ignore"
            )
            if self._append_header:
                self._writer.writeheader()
        self._writer.writerow({"epoch": epoch} | {name: _cell(logs.get(name, "NA")) for name in self.keys or []})
        self._file.flush()

    def on_train_end(self, logs: Logs | None = None) -> None:
        self._close()

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None
        self._writer = None


def _ends_a_line(path: str) -> bool:
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _cell(value: Any) -> Any:
    if isinstance(value, str) or not isinstance(value, Iterable) or getattr(value, "ndim", 1) == 0:
        return value
    return f'"[{", ".join(map(str, value))}]"'
