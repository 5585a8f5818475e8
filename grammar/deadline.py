"""A program of the language stopped after so much work, however crowded the machine is."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from pipekeras.grammar.evaluation.machine import machine


class Deadline:
    """Stops what runs inside of `with` by an interrupt after so many seconds of processor time.

    A file that is harmless on an idle machine is so on a busy one: seconds on the wall say nothing about a program.

    Args:
        seconds: processor time of the whole process, above 0.

    Attributes:
        passed: whether the interrupt was sent.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._left = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> Deadline:
        self._end = time.process_time() + self.seconds
        threading.Thread(target=self._watch, name="pipekeras deadline", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # The lock: no interrupt is on its way to what runs after the block.
        with self._lock:
            self._left.set()
            if self.passed:
                machine.interrupted = False

    def _watch(self) -> None:
        # Several threads may use several seconds in one on the wall. What catches an interrupt gets the next one, and so
        # does a block whose interrupt ended with that of a block within it.
        while not self._left.wait(max((self._end - time.process_time()) / 4, 0.01)):
            with self._lock:
                if not self._left.is_set() and time.process_time() >= self._end:
                    self.passed = machine.interrupted = True
