"""Kernel families; each writes LLVM assembly through the emitter and describes its launches as commands.

Importing a family is cheap: what compiles (`llvmlite.ir`) is imported when a kernel is first built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipekeras.runtime.kernels.element_emitter import Emitter

__all__ = ["Emitter"]


def __getattr__(name: str) -> Any:
    if name == "Emitter":
        from pipekeras.runtime.kernels.element_emitter import Emitter

        return Emitter
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
