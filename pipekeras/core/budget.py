"""A bound on what a model from a file may allocate."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from pipekeras.core.errors import FileFormatError


class _Budget:
    def __init__(self, elements: int) -> None:
        self.granted = elements
        self.spent = 0


_budget: ContextVar[_Budget | None] = ContextVar("variable_budget", default=None)


@contextmanager
def limited_variables(elements: int) -> Iterator[None]:
    """Refuse variables that together have more than `elements` values, before they are allocated.

    >>> with limited_variables(10):
    ...     charge((2, 5))
    >>> charge((10**12,))
    """
    token = _budget.set(_Budget(elements))
    try:
        yield
    finally:
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


def charge(shape: Sequence[int]) -> None:
    """Count a variable of this shape; called before its values are made.

    Raises:
        FileFormatError: When the bound of an enclosing `limited_variables` is exceeded.
    """
    budget = _budget.get()
    if budget is None:
        return
    budget.spent += math.prod(shape)
    if budget.spent > budget.granted:
        raise FileFormatError(
            f"the config asks for weights of {budget.spent} values or more; the file holds far fewer",
            mend="the file is damaged or was made to exhaust memory; don't use it",
        )
