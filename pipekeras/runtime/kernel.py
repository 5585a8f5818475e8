"""A compiled kernel: named by its text, found in the cache or compiled when its address is first asked for."""

from __future__ import annotations

import ctypes
import hashlib
import re
import threading
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from pipekeras.runtime.cache import kernel_cache
from pipekeras.runtime.target import Target, host_target

_FUNCTION = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)
_lock = threading.RLock()
_mapped: dict[str, int] = {}


@cache
def folder_digest(folder: Path) -> str:
    """SHA-256 over every source file of a folder: an edit to any helper makes all that is built with it stale."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def _toolchain() -> str:
    """Versions of Numba and of LLVM; Numba's is read from its file, since importing it would cost half a second."""
    from importlib.metadata import version
    from importlib.util import find_spec

    import llvmlite

    found = find_spec("numba")
    file = Path(found.origin).parent / "_version.py" if found is not None and found.origin else None
    numba = hashlib.sha256(file.read_bytes()).hexdigest() if file is not None and file.is_file() else version("numba")
    return f"numba {numba} llvmlite {llvmlite.__version__}"


def _code_digest(code: CodeType) -> str:
    parts = [code.co_code.hex(), repr(code.co_names), repr(code.co_varnames)]
    parts += [_code_digest(item) if isinstance(item, CodeType) else repr(item) for item in code.co_consts]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _stable(value: object) -> str:
    """A value as text that is the same in every process."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))


@cache
def source_identity(function: Callable[..., Any]) -> str:
    """Text that changes when the source behind `function` may have changed.

    That is every file of its folder when it comes from a file, else its own code; values that a closure holds count.
    """
    code = getattr(function, "__code__", None)
    if code is None:
        return _stable(function)
    cells = [cell.cell_contents for cell in function.__closure__ or ()] + list(function.__defaults__ or ())
    held = [source_identity(value) if callable(value) else _stable(value) for value in cells]
    path = Path(code.co_filename)
    origin = folder_digest(path.parent) if path.is_file() else ""
    return f"{origin} {code.co_name} {_code_digest(code)} {held}"


class Kernel:
    """One plain C function `void (int64 arguments, int64 begin, int64 end)`.

    Args:
        name: short name for people, also part of the file name.
        text: everything that decides what the kernel does; equal text means equal kernel.
        build: makes the LLVM module's text for a symbol and a target; called only when nothing is cached.
        target: the machine; default the host with the width that the settings ask for.
    """

    def __init__(self, name: str, text: str, build: Callable[[str, Target], str], target: Target | None = None) -> None:
        self.name = name
        self.text = text
        self._build = build
        self._target = target
        self._address = 0

    @property
    def target(self) -> Target:
        """The machine that this kernel is for."""
        if self._target is None:
            self._target = host_target()
        return self._target

    @property
    def key(self) -> str:
        """Content name: kernel text, sources, tool versions and machine."""
        parts = (self.name, self.text, folder_digest(Path(__file__).parent), folder_digest(Path(__file__).parent / "kernels"),
                 _toolchain(), self.target.identity)
        return f"{self.name}_{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:40]}"

    @property
    def address(self) -> int:
        """Address of the machine code; compiles or loads it on first use."""
        if not self._address:
            load_kernels([self])
        return self._address

    def _object_code(self, key: str) -> bytes:
        """The machine code, from the cache or from the compiler."""
        cache = kernel_cache()
        object_code = cache.find(key)
        if object_code is None:
            from pipekeras.runtime.compiler import compile_object

            assembly = self._build(key, self.target)
            object_code = compile_object(key, assembly, self.target)
            cache.store(key, object_code, f"; {self.text}\n\n{assembly}")
        return object_code

    def assembly(self) -> str:
        """The LLVM text that the kernel is compiled from, for people."""
        return self._build(self.key, self.target)

    def function(self) -> Callable[[int, int, int], None]:
        """The kernel as a Python callable (releases the interpreter lock while it runs)."""
        return _FUNCTION(self.address)

    def __repr__(self) -> str:
        return f"Kernel({self.name!r})"


def load_kernels(kernels: Iterable[Kernel]) -> None:
    """Give every kernel its address; many at once cost little more than one."""
    from pipekeras.runtime.loader import load_objects

    with _lock:
        missing = [(kernel.key, kernel) for kernel in kernels if not kernel._address]
        # Several objects may stand for the same kernel: what is mapped already is used again.
        fresh = {key: kernel for key, kernel in missing if key not in _mapped}
        _mapped.update(load_objects({key: kernel._object_code(key) for key, kernel in fresh.items()}))
        for key, kernel in missing:
            kernel._address = _mapped[key]
