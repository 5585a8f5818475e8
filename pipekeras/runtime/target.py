"""The machine that kernels are compiled for: its name, its features and the vector width that is used.

`PIPEKERAS_VECTOR_BITS` (512, 256 or 128) forces a narrower width, and with it the instruction set that goes with it:
256 compiles for AVX2 with FMA, 128 for the plain baseline of the architecture.
"""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from functools import cache

from pipekeras.core.errors import ConfigurationError

_WIDE = ("avx512f", "avx512dq", "avx512bw", "avx512vl")
_NARROWED = {
    256: ("avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd", "avx512ifma", "avx512vbmi", "avx512vbmi2",
          "avx512vnni", "avx512bitalg", "avx512vpopcntdq", "avx512bf16", "avx512fp16", "evex512"),
    128: ("avx", "avx2", "fma", "fma4", "xop", "f16c", "sse3", "ssse3", "sse4.1", "sse4.2", "sse4a", "vaes",
          "vpclmulqdq", "avxvnni", "gfni"),
}


@dataclass(frozen=True)
class Target:
    """What the compiler and the cache need to know about the machine."""

    cpu: str
    features: str
    vector_bits: int
    has_fma: bool
    has_half: bool
    disabled: tuple[str, ...]

    def lanes(self, itemsize: int) -> int:
        """Elements of that many bytes in one vector register."""
        return self.vector_bits // (8 * itemsize)

    @property
    def identity(self) -> str:
        """Text that differs whenever compiled code may not be shared."""
        return f"{platform.machine()} {self.cpu} {self.features} bits={self.vector_bits} off={','.join(self.disabled)}"


def forced_vector_bits() -> int | None:
    """The width asked for by `PIPEKERAS_VECTOR_BITS`, or None."""
    text = os.environ.get("PIPEKERAS_VECTOR_BITS", "").strip()
    if not text:
        return None
    if text not in ("128", "256", "512"):
        raise ConfigurationError(f"PIPEKERAS_VECTOR_BITS must be 128, 256 or 512; got {text!r}",
                                 mend="unset it to use the machine's own")
    return int(text)


def describe_target(forced: int | None) -> Target:
    """The host, narrowed to `forced` bits when that is less than it has."""
    from llvmlite import binding as llvm

    found = {name for name, present in llvm.get_host_cpu_features().items() if present}
    if all(name in found for name in _WIDE):
        bits = 512
    elif {"avx2", "fma"} <= found:
        bits = 256
    else:
        bits = 128
    disabled: tuple[str, ...] = ()
    if forced is not None and forced < bits:
        names = _NARROWED[256] + (_NARROWED[128] if forced == 128 else ())
        disabled = tuple(name for name in names if name in found)
        bits = forced
    usable = found - set(disabled)
    arm = platform.machine().lower() in ("arm64", "aarch64")
    return Target(llvm.get_host_cpu_name(), ",".join(sorted(found)), bits, arm or "fma" in usable,
                  arm or "f16c" in usable, disabled)


@cache
def host_target() -> Target:
    """The target of this process; the setting is read once."""
    return describe_target(forced_vector_bits())
