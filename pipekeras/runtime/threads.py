"""How many threads run a program, and the workers that stand by for it.

Workers sleep in the operating system's semaphores, wholly in compiled code: waking one takes microseconds and needs no
interpreter lock. They belong to the process that made them; a forked child makes its own. Where the platform has no
such semaphores (anything but Linux), programs run on one thread.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from functools import cache
from typing import Any

import numpy as np

from pipekeras.core import memory
from pipekeras.core.errors import ConfigurationError
from pipekeras.runtime.kernels import loops

_LINE = 8  # int64s in a cache line


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def thread_count() -> int:
    """Threads that programs use: `PIPEKERAS_NUM_THREADS`, else every core that the process may use."""
    text = os.environ.get("PIPEKERAS_NUM_THREADS", "").strip()
    if not text:
        return available_cores()
    if not text.isdigit() or int(text) < 1:
        raise ConfigurationError(f"PIPEKERAS_NUM_THREADS must be a positive whole number; got {text!r}",
                                 mend="set it to the number of cores to use, or unset it")
    return int(text)


@cache
def _c_library() -> Any:
    return ctypes.CDLL(None) if sys.platform.startswith("linux") else None


def _function_address(name: str) -> int:
    library = _c_library()
    return int(ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0) if library is not None else 0


@cache
def yield_address() -> int:
    """Address of the call that gives the core to another thread; 0 where there is none."""
    return _function_address("sched_yield")


def aligned_integers(count: int) -> np.ndarray:
    """Zeros that begin on a cache line."""
    return memory.zeros((count,), np.int64)


class Pool:
    """Standing workers; `launch` runs one job on them and on the calling thread."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self.lock = threading.Lock()
        # Lines: 0 job, function addresses; 1 workers inside; 2 + t the semaphore of worker t.
        self.state = aligned_integers(_LINE * (2 + threads))
        self._launch = loops.launch_kernel().function()
        worker = loops.worker_kernel().function()
        self.state[1] = loops.share_kernel().address
        self.state[2] = _function_address("sem_wait")
        self.state[3] = _function_address("sem_post")
        self.state[4] = yield_address()
        base = self.state.ctypes.data
        for index in range(1, threads):
            _c_library().sem_init(ctypes.c_void_p(base + 64 * (2 + index)), 0, 0)
            threading.Thread(target=worker, args=(base, index, 0), daemon=True, name=f"pipekeras-{index}").start()

    def launch(self, job: np.ndarray) -> None:
        """Run a job on the calling thread and the workers it asks for."""
        self._launch(self.state.ctypes.data, job.ctypes.data, 0)


_pool: Pool | None = None
# Workers of a pool that a larger one has replaced sleep on in its memory, so it must stay.
_retired: list[Pool] = []
_pool_lock = threading.Lock()


def pool(threads: int) -> Pool | None:
    """Workers for that many threads, or None where the platform has no way to wake them."""
    global _pool
    if _c_library() is None:
        return None
    with _pool_lock:
        if _pool is None or _pool.threads < threads:
            if _pool is not None:
                _retired.append(_pool)
            _pool = Pool(threads)
        return _pool


def _forget_pool() -> None:
    global _pool, _pool_lock
    _pool = None
    _pool_lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_pool)
