"""Run a program under watch: what it said, and whether that is what a user may be shown."""

from __future__ import annotations

import io
import threading
import time
from dataclasses import dataclass

from pipekeras.grammar.deep import PROGRAM_THREAD, interrupt
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.session import Session

DEFECTS = ("internal problem", "Traceback", "InternalError")


class Watch(threading.Thread):
    """Interrupts the program as Ctrl-C does, after so many seconds of processor time: a crowded machine changes nothing."""

    def __init__(self, seconds: float) -> None:
        super().__init__(daemon=True)
        self.end = time.process_time() + seconds
        self.done = threading.Event()
        self.used = False

    def run(self) -> None:
        while not self.done.wait(0.05):
            if time.process_time() > self.end:
                self.used = True
                for thread in threading.enumerate():
                    if thread.name == PROGRAM_THREAD:
                        interrupt(thread)
                self.end += 0.5


@dataclass
class Outcome:
    """What became of a program.

    Attributes:
        status: exit status; -1 when Python's own exception got out.
        errors: what it wrote to standard error.
        seconds: processor time that it took.
        stopped: whether the watch had to interrupt it.
    """

    status: int
    errors: str
    seconds: float
    stopped: bool

    @property
    def defect(self) -> str | None:
        """What is wrong with the interpreter, if anything."""
        if self.status not in (0, 1):
            return f"status {self.status}"
        return next((word for word in DEFECTS if word in self.errors), None)


def run_watched(program: str, seconds: float = 1.0) -> Outcome:
    """Run one program, interrupted after so many seconds of processor time."""
    output, errors = io.StringIO(), io.StringIO()
    watch = Watch(seconds)
    begun = time.process_time()
    watch.start()
    try:
        status = Session(output=output, error_output=errors).run(program, "hostile.pk")
    except KeyboardInterrupt:
        status = 1
    except BaseException as problem:
        status = -1
        errors.write(f"Traceback: {type(problem).__name__}: {problem}")
    finally:
        watch.done.set()
        watch.join()
        machine.interrupted = False
    return Outcome(status, errors.getvalue(), time.process_time() - begun, watch.used)
