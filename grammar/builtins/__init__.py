"""The built-in functions, one family per file. Importing this package enters every family into the table."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules


def load_families() -> None:
    """Import every family of builtins."""
    for module in sorted(info.name for info in iter_modules(__path__)):
        if module != "registry":
            import_module(f"{__name__}.{module}")
