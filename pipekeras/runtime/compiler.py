"""Compile the text of one LLVM module to an object file, through Numba's code generator.

Only a kernel that no cache knows comes here; Numba is imported at that moment and never before.
"""

from __future__ import annotations

import re
from typing import Any

from pipekeras.runtime.target import Target

_count = 0
_DEFINE = re.compile(r"^(define [^{\n]*\))[^{\n]*$", re.MULTILINE)


def compilations() -> int:
    """How many kernels this process has compiled so far."""
    return _count


def _with_features(text: str, target: Target) -> str:
    """Switch features off function by function: the code generator itself always aims at the host."""
    if not target.disabled:
        return text
    features = ",".join(f"-{name}" for name in target.disabled)
    return _DEFINE.sub(r"\1 #7", text) + f'\nattributes #7 = {{ "target-features"="{features}" }}\n'


def _optimize_and_emit(llvm: Any, machine: Any, module: Any) -> bytes:
    """Optimize once and emit for Numba's target machine.

    Kernels are vectors already: the passes that look for vectors and unroll loops would cost half of the time for nothing.
    """
    options = llvm.create_pipeline_tuning_options(speed_level=2)
    options.loop_vectorization = options.slp_vectorization = False
    options.loop_unrolling = options.loop_interleaving = False
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    return bytes(machine.emit_object(module))


def compile_object(name: str, text: str, target: Target) -> bytes:
    """The object file of a module given as LLVM assembly text."""
    global _count
    from llvmlite import binding as llvm
    from numba.core.compiler_lock import global_compiler_lock
    from numba.core.registry import cpu_target

    with global_compiler_lock:
        codegen = cpu_target.target_context.codegen()
        module = llvm.parse_assembly(_with_features(text, target))
        module.name = name
        module.verify()
        if hasattr(llvm, "create_pass_builder"):
            object_code = _optimize_and_emit(llvm, codegen._tm, module)
        else:
            library = codegen.create_library(name)
            library.add_llvm_module(module)
            library.enable_object_caching()
            library.finalize()
            object_code = library.serialize_using_object_code()[2][0]
    _count += 1
    return bytes(object_code)
