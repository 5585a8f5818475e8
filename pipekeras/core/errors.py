"""Every error that pipekeras raises on purpose.

    PipekerasError
    ├── UserError            something in the user's program or data; names the mend
    │   ├── ShapeError         a tensor or array has the wrong shape        (also a ValueError)
    │   ├── DataError          labels out of range, NaN, empty data         (also a ValueError)
    │   ├── ConfigurationError an argument has a wrong value or name        (also a ValueError)
    │   ├── ArgumentError      an argument is missing, unknown or mistyped  (also a TypeError)
    │   ├── StateError         right call, wrong moment: fit before compile (also a RuntimeError)
    │   └── FileFormatError    a file is not what it claims, or not safe    (also an OSError)
    └── InternalError        a fault of ours; asks for a report
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class PipekerasError(Exception):
    """Base of all errors raised on purpose."""


class UserError(PipekerasError):
    """A mistake in the user's program or data.

    Args:
        message: What went wrong: what was expected and what was found.
        mend: str or None, how to put it right.
    """

    def __init__(self, message: str, mend: str | None = None) -> None:
        message = _readable(message)
        super().__init__(message)
        self.message = message
        self.mend = None if mend is None else _readable(mend)
        self.place: str | None = None

    def __str__(self) -> str:
        lines = [self.message]
        if self.place:
            lines.append(f"  at: {self.place}")
        if self.mend:
            lines.append(f"  mend: {self.mend}")
        return "\n".join(lines)


_LONGEST_MESSAGE = 4000


def _readable(message: str) -> str:
    """A message without the middle of what is too long to be read, such as a name of a million letters from a file."""
    half = _LONGEST_MESSAGE // 2
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[:half]} ... {message[-half:]}"


class ShapeError(UserError, ValueError):
    """A tensor or array has a shape that the operation can't take."""


class DataError(UserError, ValueError):
    """The data break a promise that the computation relies on."""


class ConfigurationError(UserError, ValueError):
    """An option has a value that does not exist or does not fit."""


class ArgumentError(UserError, TypeError):
    """An argument is missing, unknown or of the wrong type."""


class StateError(UserError, RuntimeError):
    """A call came at a moment when it can't be served."""


class FileFormatError(UserError, OSError):
    """A file is damaged, unsafe or in a format that is not read here."""


class InternalError(PipekerasError):
    """A fault of pipekeras itself."""

    def __str__(self) -> str:
        return f"{super().__str__()}\n  This is a fault of pipekeras, not of your program. Please report it."


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to `name`, or None when nothing is near.

    >>> closest("adm", ["adam", "sgd"])
    'adam'
    """
    lowered = {candidate.lower(): candidate for candidate in known}
    found = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return the mend for a misspelt name, or None when nothing is near."""
    near = closest(name, known)
    return f"did you mean '{near}'?" if near else None
