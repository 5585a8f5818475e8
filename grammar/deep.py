"""Runs deep recursion safely: programs are evaluated in a thread whose stack is big enough for R's own limits."""

from __future__ import annotations

import _thread
import contextlib
import ctypes
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import numpy as np

STACK_BYTES = 512 * 1024 * 1024
PROGRAM_THREAD = "pipekeras program"
SMALLEST_STACK_BYTES = 8 * 1024 * 1024
PYTHON_FRAMES = 120_000
"""Python frames that 5000 nested calls of the language can need, with room."""

Result = TypeVar("Result")
_local = threading.local()
_interrupting = threading.Lock()


class _Program(threading.Thread, Generic[Result]):
    """A function with a stack of its own. Interrupts reach the function only, not what the thread does around it."""

    def __init__(self, function: Callable[[], Result]) -> None:
        super().__init__(name=PROGRAM_THREAD, daemon=True)
        self.function = function
        self.value: Result
        self.problem: BaseException | None = None
        # Not thread.join(): when Ctrl-C interrupts it, Python 3.11 takes the running thread for a finished one.
        self.done = threading.Event()
        self.is_open = False
        self.is_unwanted = False
        self.is_interrupted = False

    def run(self) -> None:
        _local.deep = True
        try:
            try:
                with _interrupting:
                    if self.is_unwanted:
                        raise KeyboardInterrupt
                    self.is_open = True
                with np.errstate(all="ignore"):
                    self.value = self.function()
            finally:
                # Python raises nothing between a return and a plain assignment: from here on no interrupt is sent, and
                # one that is on its way ends in this block.
                self.is_open = False
                with _interrupting:
                    if self.is_interrupted:
                        _receive(self)
                        _let_go()
        except BaseException as problem:
            self.problem = problem
        finally:
            self.done.set()


def run_deep(function: Callable[[], Result]) -> Result:
    """Call a function on a deep stack; exceptions, Ctrl-C included, come through as if it ran here."""
    if getattr(_local, "deep", False):
        return function()
    previous_limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(previous_limit, PYTHON_FRAMES))
    program = _started(function)
    try:
        while not program.done.is_set():
            try:
                program.done.wait()
            except KeyboardInterrupt:
                interrupt(program)
    finally:
        sys.setrecursionlimit(previous_limit)
    if program.problem is not None:
        try:
            raise program.problem
        finally:
            # Its traceback holds the thread: without this they go together, whenever Python looks for such circles.
            program.problem = None
            del program
    return program.value


def _started(function: Callable[[], Result]) -> _Program[Result]:
    """The running function, on the deepest stack that the machine grants."""
    size = STACK_BYTES
    while True:
        previous_size = threading.stack_size(size)
        try:
            program = _Program(function)
            program.start()
            return program
        except RuntimeError:
            if size <= SMALLEST_STACK_BYTES:
                raise
            size //= 4
        finally:
            threading.stack_size(previous_size)


def interrupt(thread: threading.Thread) -> None:
    """Raise KeyboardInterrupt in a program of `run_deep`, as Ctrl-C does in the main thread, unless it has ended."""
    assert isinstance(thread, _Program)
    with _interrupting:
        if thread.is_open:
            thread.is_interrupted = True
            _keep_hold()
            _raise_in(thread)
        else:
            thread.is_unwanted = True


def _raise_in(thread: threading.Thread) -> None:
    """Raise KeyboardInterrupt in a thread as soon as it runs."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(KeyboardInterrupt))


def _receive(thread: threading.Thread) -> None:
    """Have an interrupt that may be on its way arrive in this thread, here and now.

    One that is taken back, or whose thread ends before, leaves Python looking for it at every call for ever.
    """
    with contextlib.suppress(KeyboardInterrupt):
        _raise_in(thread)
        for _ in range(1000):
            pass


_hooks: list[Callable[[Any], Any]] = []
"""What Python did with exceptions that nobody can catch, before the first interrupt of a program that has not ended."""


def _keep_hold() -> None:
    """Have an interrupt that arrives where Python drops exceptions, as while an object dies, sent once more."""
    if not _hooks:
        _hooks.append(sys.unraisablehook)
        sys.unraisablehook = _sent_again


def _let_go() -> None:
    if _hooks:
        sys.unraisablehook = _hooks.pop()


def _send_soon(thread: threading.Thread) -> None:
    time.sleep(0.01)
    interrupt(thread)


def _sent_again(lost: Any) -> None:
    """What to do with an exception that Python drops: an interrupt of a program goes to it again."""
    thread = threading.current_thread()
    if isinstance(thread, _Program) and thread.is_open and issubclass(lost.exc_type, KeyboardInterrupt):
        # From another thread, and when this one has left: here it would arrive at once and be dropped again. Nothing waits
        # for that thread to begin: where memory has ended it may never do so, and the next interrupt is sent by whoever asks.
        with contextlib.suppress(RuntimeError, MemoryError):
            _thread.start_new_thread(_send_soon, (thread,))
    elif _hooks:
        _hooks[0](lost)
