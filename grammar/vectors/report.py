"""How the vector kernels report to the program: R errors and R warnings."""

from __future__ import annotations

from typing import Any, NoReturn

from pipekeras.grammar.errors import RError


def fail(message: str, call: Any = None, mend: str | None = None) -> NoReturn:
    """Raise an R error with R's message text."""
    raise RError(message, call, mend=mend)


def warn(message: str, call: Any = None) -> None:
    """Raise an R warning."""
    from pipekeras.grammar.evaluation.machine import warn as machine_warn

    machine_warn(message, call)
