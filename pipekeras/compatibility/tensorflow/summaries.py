"""`tf.summary`: numbers, distributions and texts of a program's own training loop, for TensorBoard."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.callbacks.event_file import EventFile
from pipekeras.core.errors import ArgumentError
from pipekeras.graph.tensor import convert

_writers: list[Writer] = []


class Writer:
    """Writes event files into a folder; `with writer.as_default():` makes it the one that names are written by.

    Args:
        logdir: the folder.
    """

    def __init__(self, logdir: Any) -> None:
        self._file = EventFile(str(logdir))

    def as_default(self, step: Any = None) -> Writer:
        """Return the writer, to stand in a `with`."""
        return self

    def __enter__(self) -> Writer:
        _writers.append(self)
        return self

    def __exit__(self, *exception: object) -> None:
        _writers.remove(self)
        self.flush()

    def set_as_default(self, step: Any = None) -> None:
        """Make this the writer from here on."""
        _writers.append(self)

    def flush(self) -> None:
        """Hand everything to the system."""
        self._file.flush()

    def close(self) -> None:
        """Flush and close."""
        if self in _writers:
            _writers.remove(self)
        self._file.close()

    @property
    def file(self) -> EventFile:
        """Where events go."""
        return self._file


def create_file_writer(logdir: Any, max_queue: Any = None, flush_millis: Any = None, filename_suffix: Any = None,
                       name: Any = None) -> Writer:  # fmt: skip
    """A writer of events into a folder, which is made when it is missing."""
    return Writer(logdir)


def _place(step: Any) -> tuple[EventFile | None, int]:
    if step is None:
        raise ArgumentError("a summary needs a step", mend="give step, such as the number of the epoch")
    return (_writers[-1].file if _writers else None), int(_array(step))


def _array(value: Any) -> np.ndarray:
    return np.asarray(convert(value).numpy() if not isinstance(value, str) else value)


def scalar(name: str, data: Any, step: Any = None, description: str | None = None) -> bool:
    """Write a number; return whether there is a writer."""
    file, number = _place(step)
    if file is not None:
        file.add_scalar(name, float(_array(data)), number)
    return file is not None


def histogram(name: str, data: Any, step: Any = None, buckets: int | None = None, description: str | None = None) -> bool:
    """Write how numbers are distributed; return whether there is a writer."""
    file, number = _place(step)
    if file is not None:
        file.add_histogram(name, _array(data), number)
    return file is not None


def text(name: str, data: str, step: Any = None, description: str | None = None) -> bool:
    """Write a text; return whether there is a writer."""
    file, number = _place(step)
    if file is not None:
        file.add_text(name, str(data), number, "text")
    return file is not None
