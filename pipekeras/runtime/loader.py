"""Map object files into this process and find the addresses of their functions, with LLVM's loader alone."""

from __future__ import annotations

import threading
from collections.abc import Mapping
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


def load_objects(objects: Mapping[str, bytes]) -> dict[str, int]:
    """Addresses of functions, given each one's object file by its name; the code stays mapped until the process ends."""
    from llvmlite import binding as llvm

    if not objects:
        return {}
    with _lock:
        engine = _open_engine()
        for object_code in objects.values():
            engine.add_object_file(llvm.ObjectFileRef.from_data(object_code))
        engine.finalize_object()
        return {symbol: engine.get_function_address(symbol) for symbol in objects}
