"""How much memory a program may take: a value that is too large is an error of the program, not the end of the process.

A system that grants more memory than it has ends whoever uses it at last, without a word. So the process asks for a bound
on itself: beyond it an allocation fails, which programs see as R's "cannot allocate vector of size ...".
"""

from __future__ import annotations

from pathlib import Path

_STACKS = 2**30
"""Address space of the stacks of threads, which is counted but hardly used."""
_CONTROL_GROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)


def bound_memory() -> None:
    """Bound the memory of this process by what the machine has, where the system can and nobody has yet."""
    try:
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if soft != resource.RLIM_INFINITY:
            return
        used = int(_text("/proc/self/statm").split()[5]) * resource.getpagesize()
        limit = most_bytes(_text("/proc/meminfo"), used, [(_text(most), _text(now)) for most, now in _CONTROL_GROUPS])
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    except (ImportError, AttributeError, IndexError, ValueError, OSError):
        # Elsewhere than on Linux there is nothing to read, or no such bound.
        return


def most_bytes(table: str, used: int, groups: list[tuple[str, str]]) -> int | None:
    """Bytes of data that the process may have.

    Args:
        table: the kernel's table of memory, lines such as "MemTotal: 8000 kB".
        used: bytes that the process has now.
        groups: for each kind of control group what it allows and what it uses, as texts; empty ones say nothing.

    Returns:
        Nine tenths of what is free, but at least half of all memory, which other programs may give back; None if unknown.
    """
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in table.splitlines() if line.endswith(" kB")}
    total, free = sizes.get("MemTotal"), sizes.get("MemAvailable")
    if total is None or free is None:
        return None
    for most, now in groups:
        if most.strip().isdigit() and int(most) < total:
            total = int(most)
            free = min(free, max(total - (int(now) if now.strip().isdigit() else 0), 0))
    return used + max(free * 9 // 10, total // 2) + _STACKS


def _text(path: str) -> str:
    try:
        return Path(path).read_text("ascii")
    except OSError:
        return ""
