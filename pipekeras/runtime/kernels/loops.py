"""The compiled loops of the executor: one thread's share of a job, a worker's life, the launch of a job.

All three have the kernels' own signature, three int64 parameters. A *job* is an int64 array: 0 command table, 1 number
of commands, 2 repetitions, 3 address of the step counter (or 0), 4 threads, 5 address of the barrier's count, 6 address
of the yield call. A command is a row of 8 int64: kernel, arguments, extent, threads, barrier before.
"""

from __future__ import annotations

import platform
from functools import cache
from typing import TYPE_CHECKING, Any

from pipekeras.runtime.kernel import Kernel
from pipekeras.runtime.target import Target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Value

ROW = 8
_SPINS = 400


@cache
def share_kernel() -> Kernel:
    """share(job, thread, _): run what belongs to one thread."""
    return Kernel("share", "executor share 1", _assemble_share)


@cache
def worker_kernel() -> Kernel:
    """worker(pool, thread, _): sleep, run, report, for ever."""
    return Kernel("worker", "executor worker 1", _assemble_worker)


@cache
def launch_kernel() -> Kernel:
    """launch(pool, job, _): wake the workers, run the first share, wait for theirs."""
    return Kernel("launch", "executor launch 1", _assemble_launch)


def _slot(e: Emitter, array: Value, index: int) -> Value:
    return e.load(e.pointer(array, "int64"), index)


def _call(e: Emitter, address: Value, *arguments: Value, result: bool = False) -> Any:
    from llvmlite import ir

    from pipekeras.runtime.kernels.emitter import I32, I64

    kind = ir.FunctionType(I32 if result else ir.VoidType(), [I64] * len(arguments))
    return e.builder.call(e.builder.inttoptr(address.ir, kind.as_pointer()), [argument.ir for argument in arguments])


def _wait_until(e: Emitter, count: Value, target: Value, yield_call: Value) -> None:
    """Spin until the count at an address reaches the target; give the core away when that takes long."""
    from llvmlite import ir

    from pipekeras.runtime.kernels.emitter import I32, I64, Value

    pointer = e.builder.inttoptr(count.ir, I64.as_pointer())
    spins = e.variable(0, "int64")

    def reached() -> Value:
        now = Value(e, e.builder.load_atomic(pointer, "acquire", 8), "int64", 0)
        return e.greater_equal(now, target)

    with e.when(e.logical_not(reached())), e.forever() as stop:
        spins.set(spins.get() + 1)
        tired = e.logical_and(e.greater(spins.get(), _SPINS), e.not_equal(yield_call, 0))
        with e.either(tired) as (then, otherwise):
            with then:
                _call(e, yield_call, result=True)
            with otherwise:
                machine = platform.machine().lower()
                if machine in ("x86_64", "amd64"):
                    e.call("llvm.x86.sse2.pause", ir.VoidType(), [])
                elif machine in ("arm64", "aarch64"):
                    e.call("llvm.aarch64.hint", ir.VoidType(), [ir.Constant(I32, 1)])
        stop(reached())


def _atomic_add(e: Emitter, address: Value, amount: int) -> None:
    from llvmlite import ir

    from pipekeras.runtime.kernels.emitter import I64

    e.builder.atomic_rmw("add", e.builder.inttoptr(address.ir, I64.as_pointer()), ir.Constant(I64, amount), "acq_rel")


def _assemble_share(symbol: str, target: Target) -> str:
    from pipekeras.runtime.kernels import Emitter

    e = Emitter(symbol, target, 4)
    job, thread = e.parameters[0], e.parameters[1]
    table, count, repetitions, counter, threads, barrier, yield_call = (_slot(e, job, index) for index in range(7))
    phase = e.variable(0, "int64")
    several = e.greater(threads, 1)
    with e.loop(0, repetitions):
        with e.loop(0, count) as index:
            row = table + index * (8 * ROW)
            kernel, arguments, extent, wanted, meet = (_slot(e, row, place) for place in range(5))
            with e.when(e.logical_and(several, e.not_equal(meet, 0))):
                phase.set(phase.get() + threads)
                _atomic_add(e, barrier, 1)
                _wait_until(e, barrier, phase.get(), yield_call)
            used = e.minimum(wanted, threads)
            with e.when(e.less(thread, used)):
                begin = e.variable(0, "int64")
                end = e.variable(extent)
                with e.when(e.greater(used, 1)):
                    begin.set(e.natural_division(extent * thread, used))
                    end.set(e.natural_division(extent * (thread + 1), used))
                with e.when(e.less(begin.get(), end.get())):
                    _call(e, kernel, arguments, begin.get(), end.get())
        # The counter belongs to the first thread, but others read it: step it when all are through with this turn.
        with e.when(e.not_equal(counter, 0)):
            with e.when(several):
                phase.set(phase.get() + threads)
                _atomic_add(e, barrier, 1)
                _wait_until(e, barrier, phase.get(), yield_call)
            with e.when(e.equal(thread, 0)):
                place = e.pointer(counter, "int64")
                e.store(e.load(place) + 1, place)
    return e.finish()


def _assemble_worker(symbol: str, target: Target) -> str:
    from llvmlite import ir

    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import I32, I64, Value

    e = Emitter(symbol, target, 4)
    state, thread = e.parameters[0], e.parameters[1]
    semaphore = state + (thread + 2) * 64
    share, wait = _slot(e, state, 1), _slot(e, state, 2)
    with e.forever() as stop:
        with e.forever() as awake:
            # An interrupted wait answers -1 and is repeated.
            answer = Value(e, _call(e, wait, semaphore, result=True), "int32", 0)
            awake(Value(e, e.builder.icmp_signed("==", answer.ir, ir.Constant(I32, 0)), "bool", 0))
        pointer = e.builder.inttoptr(state.ir, I64.as_pointer())
        job = Value(e, e.builder.load_atomic(pointer, "acquire", 8), "int64", 0)
        with e.when(e.not_equal(job, 0)):
            _call(e, share, job, thread, thread)
            _atomic_add(e, state + 64, 1)
        stop(e.equal(job, 0))
    return e.finish()


def _assemble_launch(symbol: str, target: Target) -> str:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import I64

    e = Emitter(symbol, target, 4)
    state, job = e.parameters[0], e.parameters[1]
    share, post, yield_call = _slot(e, state, 1), _slot(e, state, 3), _slot(e, state, 4)
    threads = _slot(e, job, 4)
    e.store(0, e.pointer(state + 64, "int64"))
    e.builder.store_atomic(job.ir, e.builder.inttoptr(state.ir, I64.as_pointer()), "release", 8)
    with e.loop(1, threads) as index:
        _call(e, post, state + (index + 2) * 64, result=True)
    zero = e.constant(0, "int64")
    _call(e, share, job, zero, zero)
    _wait_until(e, state + 64, threads - 1, yield_call)
    return e.finish()
