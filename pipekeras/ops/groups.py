"""Groups of ops under a name of their own: modules whose names are looked up in the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipekeras.core.errors import did_you_mean


def group(module: str, names: dict[str, str]) -> tuple[list[str], Callable[[str], Any], Callable[[], list[str]]]:
    """Return `__all__`, `__getattr__` and `__dir__` of a module that shows ops.

    Args:
        module: str, its name.
        names: name in the group and in the table of ops.
    """

    def look_up(name: str) -> Any:
        if name not in names:
            hint = did_you_mean(name, names) if not name.startswith("__") else None
            raise AttributeError(f"{module} has no op '{name}'" + (f"; {hint}" if hint else ""))
        from pipekeras import ops

        return getattr(ops, names[name])

    listed = sorted(names)
    return listed, look_up, lambda: listed
