"""Bounds on what a model from a file may allocate, and on the work of making it."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from pipekeras.core.errors import FileFormatError


class _Budget:
    def __init__(self, elements: int, variables: int | None) -> None:
        self.granted = elements
        self.spent = 0
        self.variables = variables


class _Work(threading.local):
    """Steps of work that may still be done while a model is made from a file; None at other times."""

    def __init__(self) -> None:
        self.left: int | None = None

    def spend(self, steps: int) -> None:
        """Count steps; called where `left` is a number.

        Raises:
            FileFormatError: When there were too many.
        """
        assert self.left is not None
        self.left -= steps
        if self.left < 0:
            raise FileFormatError(
                "making the model takes more steps than the models known",
                mend="the config was made to keep the machine busy; don't use it. If it is your own, build it in code",
            )


work = _Work()
# A step is some five millionths of a second; these are the measured costs of what models are made of.
STEPS_FOR_OPERATION = 2
STEPS_FOR_CONSTRUCTOR = 3
STEPS_FOR_OBJECT = 3
STEPS_FOR_VARIABLE = 5
STEPS_FOR_CALL = 9
MOST_STEPS = 150_000
"""The largest networks of `applications` take 46 thousand steps, a thousand layers with weights 37 thousand."""
_STEPS_FOR_SAVED_ARRAY = 24
_budget: ContextVar[_Budget | None] = ContextVar("variable_budget", default=None)


@contextmanager
def limited_variables(elements: int, variables: int | None = None, saved: int = 0) -> Iterator[None]:
    """Refuse more than `variables` variables, or such that together have more than `elements` values, before any is made.

    The work of making models is bounded as well: by what the models known take, and more where a file holds many weights.

    Args:
        elements: values that all variables together may have.
        variables: how many there may be; None for any number.
        saved: arrays that the file holds.

    >>> with limited_variables(10):
    ...     charge((2, 5))
    >>> charge((10**12,))
    """
    if _budget.get() is not None:
        # What is read inside of another file is not granted more than that file.
        yield
        return
    token = _budget.set(_Budget(elements, variables))
    work.left = MOST_STEPS + _STEPS_FOR_SAVED_ARRAY * saved
    try:
        yield
    finally:
        work.left = None
        _budget.reset(token)


@contextmanager
def limited_memory(most: int) -> Iterator[None]:
    """Let the process take so much memory more than it has now; what wants more gets a MemoryError.

    Args:
        most: bytes.
    """
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as stream:
            in_use = int(stream.read().split()[0]) * resource.getpagesize()
    except (ImportError, OSError):
        # Where the system does not say what is in use, single arrays still cannot exceed what it has.
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    wanted = in_use + most
    soft = wanted if before[0] == resource.RLIM_INFINITY else min(before[0], wanted)
    resource.setrlimit(resource.RLIMIT_AS, (soft, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def elements_of_memory() -> int:
    """Number of values of four bytes that fill half of the machine's memory."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 8
    except (AttributeError, OSError, ValueError):
        return 1 << 32


def charge(shape: Sequence[int]) -> None:
    """Count a variable of this shape; called before its values are made.

    Raises:
        FileFormatError: When the bound of an enclosing `limited_variables` is exceeded.
    """
    budget = _budget.get()
    if budget is None:
        return
    if work.left is not None:
        work.spend(STEPS_FOR_VARIABLE)
    if budget.variables is not None:
        budget.variables -= 1
        if budget.variables < 0:
            raise FileFormatError(
                "the config asks for many more weights than the file holds",
                mend="the file is damaged or was made to exhaust the machine; don't use it",
            )
    budget.spent += math.prod(shape)
    if budget.spent > budget.granted:
        raise FileFormatError(
            f"the config asks for weights of {budget.spent} values or more; {budget.granted} are granted, "
            "by what the file holds or by the machine's memory",
            mend="if it is a file's, it is damaged or was made to exhaust memory; don't use it",
        )
