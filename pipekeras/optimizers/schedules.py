"""Learning rates that change with the step."""

from pipekeras.nn.schedules import *  # noqa: F403 - the names are listed once, there
from pipekeras.nn.schedules import __all__ as _names

__all__ = [name for name in _names if name != "get"]
__path__: list[str] = []
"""tf.keras had a module below this one."""
