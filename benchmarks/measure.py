"""Best of several repetitions, and the machine that they ran on."""

from __future__ import annotations

import os
import platform
import resource
import time
from collections.abc import Callable
from pathlib import Path


def best_of(run: Callable[[], object], repetitions: int = 3) -> float:
    """Seconds of the fastest of several calls; the machine's other work only ever adds time."""
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def per_step(run: Callable[[int], object], most: int, each: int = 1, seconds: float = 0.3) -> float:
    """Seconds of a step: `run(n)` does n times `each` steps; n is what fits the time, and at most `most` steps in all.

    Virtual cores move: for seconds on end two of them may share no cache. Many short runs see more of the machine's states
    than few long ones.
    """
    run(1)
    trial = best_of(lambda: run(1), 2)
    count = max(1, min(most // each, int(seconds / trial)))
    repetitions = max(3, min(8, int(8 * seconds / (trial * count))))
    return best_of(lambda: run(count), repetitions) / (count * each)


def peak_memory() -> float:
    """Largest size of this process so far, in MB."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1024 * 1024 if platform.system() == "Darwin" else 1024)


def machine() -> str:
    """Processor, cores, operating system and Python in a line."""
    name = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        lines = information.read_text().splitlines()
        name = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), name)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{name}, {cores} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def product_peak() -> float:
    """GF/s of the fastest large float32 matrix product, ours or NumPy's."""
    import numpy as np

    from pipekeras.runtime.executor import Program
    from pipekeras.runtime.kernels.matmul import matmul_commands

    size = 768
    a, b, c = (np.ones((size, size), np.float32) for _ in range(3))
    program = Program(matmul_commands((a, (size,)), (b, (size,)), (c, (size,)), (size, size, size), "float32"))
    program.run()
    seconds = min(best_of(lambda: program.run(3), 8) / 3, best_of(lambda: a @ b, 8))
    return 2 * size**3 / seconds / 1e9
