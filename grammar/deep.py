"""Runs deep recursion safely: programs are evaluated in a thread whose stack is big enough for R's own limits."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

STACK_BYTES = 512 * 1024 * 1024
PROGRAM_THREAD = "pipekeras program"
SMALLEST_STACK_BYTES = 8 * 1024 * 1024
PYTHON_FRAMES = 120_000
"""Python frames that 5000 nested calls of the language can need, with room."""

Result = TypeVar("Result")
_local = threading.local()


def run_deep(function: Callable[[], Result]) -> Result:
    """Call a function on a deep stack; exceptions, Ctrl-C included, come through as if it ran here."""
    if getattr(_local, "deep", False):
        return function()
    outcome: dict[str, Any] = {}
    # Not thread.join(): when Ctrl-C interrupts it, Python 3.11 takes the running thread for a finished one.
    done = threading.Event()

    def work() -> None:
        _local.deep = True
        try:
            with np.errstate(all="ignore"):
                outcome["value"] = function()
        except BaseException as error:
            outcome["error"] = error
        finally:
            done.set()

    previous_limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(previous_limit, PYTHON_FRAMES))
    thread = _started(work)
    try:
        while not done.is_set():
            try:
                done.wait()
            except KeyboardInterrupt:
                interrupt(thread)
    finally:
        sys.setrecursionlimit(previous_limit)
    if "error" in outcome:
        raise outcome["error"]
    return outcome["value"]


def _started(work: Callable[[], None]) -> threading.Thread:
    """A running thread with the deepest stack that the machine grants."""
    size = STACK_BYTES
    while True:
        previous_size = threading.stack_size(size)
        try:
            thread = threading.Thread(target=work, name=PROGRAM_THREAD, daemon=True)
            thread.start()
            return thread
        except RuntimeError:
            if size <= SMALLEST_STACK_BYTES:
                raise
            size //= 4
        finally:
            threading.stack_size(previous_size)


def interrupt(thread: threading.Thread) -> None:
    """Raise KeyboardInterrupt in a thread, as Ctrl-C does in the main one."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(KeyboardInterrupt))
