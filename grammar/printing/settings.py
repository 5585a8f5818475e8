"""The settings that every printing routine reads; one record instead of R's global ``R_print``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """What ``print`` and ``format`` may be asked to change.

    Args:
        digits: significant digits shown, 1 to 22.
        width: columns of a line (``options("width")``).
        scipen: columns by which fixed notation may be wider than scientific.
        quote: whether strings are shown in double quotes.
        na_print: text shown for a missing value, None for R's own (``NA``, or ``<NA>`` for unquoted strings).
        right: whether the columns of a string matrix are aligned to the right.
        gap: spaces between columns.
        limit: entries shown before the rest is omitted (``options("max.print")``).
        decimal: what stands between whole and fraction (``options("OutDec")``).
        passed: arguments of ``print`` that go on to the methods of a list's elements.
    """

    digits: int = 7
    width: int = 80
    scipen: int = 0
    quote: bool = True
    na_print: str | None = None
    right: bool = False
    gap: int = 1
    limit: int = 99999
    decimal: str = "."
    passed: tuple[tuple[str, Any], ...] = ()

    def with_changes(self, **changes: Any) -> PrintSettings:
        """The same settings but for ``changes``."""
        return replace(self, **changes)

    @property
    def na_text(self) -> str:
        """How NA is shown outside of strings."""
        return "NA" if self.na_print is None else self.na_print

    @property
    def na_string(self) -> str:
        """How a missing string is shown."""
        if self.na_print is not None:
            return self.na_print
        return "NA" if self.quote else "<NA>"


DEFAULTS = PrintSettings()
