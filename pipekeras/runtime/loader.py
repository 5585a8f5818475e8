"""Map object files into this process and find the addresses of their functions, with LLVM's loader alone."""

from __future__ import annotations

import threading
from typing import Any

_lock = threading.Lock()
_engine: Any = None


def _open_engine() -> Any:
    global _engine
    if _engine is None:
        from llvmlite import binding as llvm

        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        machine = llvm.Target.from_default_triple().create_target_machine()
        _engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    return _engine


def load_object(object_code: bytes, symbols: list[str]) -> dict[str, int]:
    """Addresses of `symbols` after loading the object file; code stays mapped until the process ends."""
    from llvmlite import binding as llvm

    with _lock:
        engine = _open_engine()
        engine.add_object_file(llvm.ObjectFileRef.from_data(object_code))
        engine.finalize_object()
        return {symbol: engine.get_function_address(symbol) for symbol in symbols}
