"""A first look at an HDF5 file in a child process.

The HDF5 library trusts the structure of a file in places: damage, or malice, can send it into an endless loop or out of
its memory. So a child process walks the file first, with little time; only what it survives is opened here. Where
processes can't be forked this look is left out.
"""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable

from pipekeras.core.errors import FileFormatError

_SECONDS = 0.6
_SECONDS_PER_MEGABYTE = 0.2
_MOST_SECONDS = 60.0


def examine(look: Callable[[], object], size: int, label: str) -> None:
    """Run `look` in a child process; errors that Python raises there are left to the parent, which meets them too.

    Args:
        look: function without arguments that touches everything in the file that will be read.
        size: length of the file in bytes; processor time is granted by it.
        label: how messages call the file.

    Raises:
        FileFormatError: When the child crashes or does not come to an end.
    """
    if not hasattr(os, "fork"):
        return
    with warnings.catch_warnings():
        # The child neither waits for other threads nor calls what they may hold.
        warnings.simplefilter("ignore")
        child = os.fork()
    if child == 0:
        _run(look, min(_SECONDS + _SECONDS_PER_MEGABYTE * size / 1e6, _MOST_SECONDS))
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        how = "never ends" if os.WTERMSIG(status) == signal.SIGPROF else "breaks the HDF5 library"
        raise FileFormatError(
            f"{label} is damaged: reading it {how}", mend="the file is damaged or was made to do harm; don't use it"
        )


def _run(look: Callable[[], object], seconds: float) -> None:
    """In the child: look, then end without a trace, whatever happened."""
    try:
        for number in (signal.SIGPROF, signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE):
            signal.signal(number, signal.SIG_DFL)
        # Processor time, not time on the wall: a busy machine must not make a good file bad.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        look()
    finally:
        os._exit(0)
