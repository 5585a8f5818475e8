"""A first look at an HDF5 file in a child process.

The HDF5 library trusts the structure of a file in places: damage, or malice, can send it into an endless loop or out of
its memory. So a child process walks the file, with little time and memory, and tells what it found. Where processes
can't be forked, the look is taken here.
"""

from __future__ import annotations

import gc
import os
import signal
import warnings
from collections.abc import Callable

from pipekeras.core.budget import limited_memory
from pipekeras.core.errors import FileFormatError

_SECONDS = 0.6
_SECONDS_PER_MEGABYTE = 0.2
_MOST_SECONDS = 60.0
_SPARE_BYTES = 1 << 30
_BYTES_FOR_EACH = 8


def examine(look: Callable[[], bytes], size: int, label: str) -> bytes:
    """Run `look` in a child process and return what it returns there.

    Args:
        look: function without arguments that touches everything in the file that will be read.
        size: length of the file in bytes; processor time and memory are granted by it.
        label: how messages call the file.

    Raises:
        FileFormatError: When the child crashes or does not come to an end.
    """
    if not hasattr(os, "fork"):
        return look()
    reader, writer = os.pipe()
    try:
        with warnings.catch_warnings():
            # The child neither waits for other threads nor calls what they may hold.
            warnings.simplefilter("ignore")
            child = os.fork()
        if child == 0:
            _run(look, writer, size)
    finally:
        os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        answer = stream.read()
    _, status = os.waitpid(child, 0)
    if status:
        how = "never ends" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF else "breaks the HDF5 library"
        raise FileFormatError(
            f"{label} is damaged: reading it {how}", mend="the file is damaged or was made to do harm; don't use it"
        )
    return answer


def _run(look: Callable[[], bytes], writer: int, size: int) -> None:
    """In the child: look, tell, then end without a trace, whatever happened."""
    code = 1
    try:
        for number in (signal.SIGPROF, signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE):
            signal.signal(number, signal.SIG_DFL)
        # Processor time, not time on the wall: a busy machine must not make a good file bad.
        signal.setitimer(signal.ITIMER_PROF, min(_SECONDS + _SECONDS_PER_MEGABYTE * size / 1e6, _MOST_SECONDS))
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        gc.disable()
        with limited_memory(_SPARE_BYTES + _BYTES_FOR_EACH * size):
            answer = memoryview(look())
        while answer:
            answer = answer[os.write(writer, answer) :]
        code = 0
    finally:
        os._exit(code)
