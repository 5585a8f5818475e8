"""The compiled loops of the executor: one thread's part in a job, a worker's life, the launch of a job.

All three have the kernels' own signature, three int64 parameters. A *job* lists *phases* that follow one another; a phase has
*tasks* that may run side by side. Every thread has a share of a phase's tasks of its own, begins there, and helps the others
out after a moment; whoever finishes the last task opens the next phase. So a thread that the operating system has put aside
holds nobody up, as long as it is not in the middle of a task.

A job is an int64 array, see `JOB`; a command is a row of `COMMAND`, a task of `TASK`, a phase of `PHASE`. The shared state has
one cache line each for the open phase: how many were opened so far in the upper half, its number (`_OVER`: all is done) in the
lower one; for the tasks done in it, and the repetitions done; and for each thread's next task. A thread's next task carries
the count of opened phases in its upper half: where that is an older one, none of its tasks has been taken. So nobody writes
another thread's line to open a phase, and a late thread can't take a task of another phase.

A command or a phase with a `back` ends a turn of a loop: while `counter` is below `limit`, and the byte at `flag`
(if there is one) is not 0, it goes on that many rows before. With a negative `back` it begins a branch: where the byte at
`flag` is 0 it goes on that many rows later.
"""

from __future__ import annotations

import platform
from functools import cache
from typing import TYPE_CHECKING, Any

from pipekeras.runtime.kernel import Kernel
from pipekeras.runtime.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Value

JOB = ("commands", "count", "repetitions", "counter", "threads", "phases", "phase_count", "tasks", "state", "yield_call")
COMMAND = ("kernel", "arguments", "extent", "back", "counter", "limit", "flag")
TASK = ("first", "last", "begin", "end")  # end -1: the commands' whole extents
PHASE = ("first", "tasks", "back", "counter", "limit", "flag")
COMMAND_WORDS, TASK_WORDS, PHASE_WORDS = 8, 4, 8
LINE_BYTES = 64
_SPINS = 300
_PATIENCE = 60
_MASK = _OVER = (1 << 32) - 1


@cache
def share_kernel() -> Kernel:
    """share(job, thread, _): one thread's part."""
    return Kernel("share", "executor share 6", _assemble_share)


@cache
def worker_kernel() -> Kernel:
    """worker(pool, thread, _): sleep, take part, for ever."""
    return Kernel("worker", "executor worker 2", _assemble_worker)


@cache
def launch_kernel() -> Kernel:
    """launch(pool, job, _): wake the workers, take part, wait until none is left inside."""
    return Kernel("launch", "executor launch 3", _assemble_launch)


# Words and atomics ---------------------------------------------------------------------------------------------------


def _slot(e: Emitter, array: Value, index: int) -> Value:
    return e.load(e.pointer(array, "int64"), index)


def _job_word(e: Emitter, job: Value, name: str) -> Value:
    return _slot(e, job, JOB.index(name))


def _call(e: Emitter, address: Value, *arguments: Value, result: bool = False) -> Any:
    from llvmlite import ir

    from pipekeras.runtime.kernels.emitter import I32, I64

    kind = ir.FunctionType(I32 if result else ir.VoidType(), [I64] * len(arguments))
    return e.builder.call(e.builder.inttoptr(address.ir, kind.as_pointer()), [argument.ir for argument in arguments])


def _place(e: Emitter, address: Value) -> Any:
    from pipekeras.runtime.kernels.emitter import I64

    return e.builder.inttoptr(address.ir, I64.as_pointer())


def _atomic_load(e: Emitter, address: Value) -> Value:
    from pipekeras.runtime.kernels.emitter import Value

    return Value(e, e.builder.load_atomic(_place(e, address), "seq_cst", 8), "int64", 0)


def _atomic_store(e: Emitter, address: Value, value: Value) -> None:
    e.builder.store_atomic(value.ir, _place(e, address), "release", 8)


def _atomic_change(e: Emitter, operation: str, address: Value, value: Value) -> Value:
    """Apply an operation to the word at an address; the word as it was before."""
    from pipekeras.runtime.kernels.emitter import Value

    return Value(e, e.builder.atomic_rmw(operation, _place(e, address), value.ir, "seq_cst"), "int64", 0)


def _exchange_if(e: Emitter, address: Value, expected: Value, value: Value) -> Value:
    """Replace the word at an address if it is the expected one; whether it was."""
    from pipekeras.runtime.kernels.emitter import Value

    pair = e.builder.cmpxchg(_place(e, address), expected.ir, value.ir, "seq_cst", "seq_cst")
    return Value(e, e.builder.extract_value(pair, 1), "bool", 0)


def _pause(e: Emitter) -> None:
    """Tell the processor that this is a loop that waits."""
    from llvmlite import ir

    from pipekeras.runtime.kernels.emitter import I32

    machine = platform.machine().lower()
    if machine in ("x86_64", "amd64"):
        e.call("llvm.x86.sse2.pause", ir.VoidType(), [])
    elif machine in ("arm64", "aarch64"):
        e.call("llvm.aarch64.hint", ir.VoidType(), [ir.Constant(I32, 1)])


def _wait_until(e: Emitter, reached: Callable[[], Value], yield_call: Value) -> None:
    """Spin until something holds; give the core away when that takes long."""
    spins = e.variable(0, "int64")
    with e.when(e.logical_not(reached())), e.forever() as stop:
        spins.set(spins.get() + 1)
        tired = e.logical_and(e.greater(spins.get(), _SPINS), e.not_equal(yield_call, 0))
        with e.either(tired) as (then, otherwise):
            with then:
                _call(e, yield_call, result=True)
            with otherwise:
                _pause(e)
        stop(reached())


def _wait_a_little(e: Emitter, address: Value, value: Value) -> None:
    """Spin while a word keeps its value, but not for long: others' tasks are in better hands with their owners."""
    spins = e.variable(0, "int64")
    with e.forever() as stop:
        spins.set(spins.get() + 1)
        _pause(e)
        stop(e.logical_or(e.greater(spins.get(), _PATIENCE), e.not_equal(_atomic_load(e, address), value)))


# One thread's part ---------------------------------------------------------------------------------------------------


def _assemble_share(symbol: str, target: Target) -> str:
    from pipekeras.runtime.kernels import Emitter

    e = Emitter(symbol, target, 4)
    job, thread = e.parameters[0], e.parameters[1]
    with e.either(e.greater(_job_word(e, job, "threads"), 1)) as (then, otherwise):
        with then:
            _run_phases(e, job, thread)
        with otherwise:
            _run_alone(e, job)
    return e.finish()


def _step_counter(e: Emitter, job: Value) -> None:
    counter = _job_word(e, job, "counter")
    with e.when(e.not_equal(counter, 0)):
        place = e.pointer(counter, "int64")
        e.store(e.load(place) + 1, place)


def _run_alone(e: Emitter, job: Value) -> None:
    count, zero = _job_word(e, job, "count"), e.constant(0, "int64")
    with e.loop(0, _job_word(e, job, "repetitions")):
        with e.when(e.greater(count, 0)):
            _run_commands(e, _job_word(e, job, "commands"), zero, count, zero, e.constant(-1, "int64"))
        _step_counter(e, job)


def _run_commands(e: Emitter, table: Value, first: Value, last: Value, begin: Value, limit: Value) -> None:
    """Run at least one command, from `first` up to `last`, with the units from `begin` to `limit` (-1: their extents)."""
    place = e.variable(first, "int64")
    with e.forever() as stop:
        index = place.get()
        row = table + index * (8 * COMMAND_WORDS)
        kernel, arguments, extent, back = (_slot(e, row, word) for word in range(4))
        end = e.select(e.less(limit, 0), extent, limit)
        with e.when(e.less(begin, end)):
            _call(e, kernel, arguments, begin, end)
        place.set(index + 1)
        # A loop that begins before this task is turned by its phases.
        is_end = e.logical_and(e.greater(back, 0), e.greater_equal(index - back, first))
        with e.when(is_end), e.when(_another_turn(e, row, COMMAND.index("counter"))):
            place.set(index - back)
        with e.when(e.less(back, 0)), e.when(_is_left_out(e, row, COMMAND.index("flag"))):
            place.set(index - back)
        stop(e.greater_equal(place.get(), last))


def _another_turn(e: Emitter, row: Value, counter: int) -> Value:
    """Whether the loop whose counter and limit stand in a row turns again; if not, its counter is ready for the next time."""
    turns = e.pointer(_slot(e, row, counter), "int64")
    more = e.variable(e.less(e.load(turns), _slot(e, row, counter + 1)))
    flag = _slot(e, row, counter + 2)
    with e.when(e.not_equal(flag, 0)):
        more.set(e.logical_and(more.get(), e.load(e.pointer(flag, "bool"))))
    with e.when(e.logical_not(more.get())):
        e.store(e.constant(0, "int64"), turns)
    return more.get()


def _is_left_out(e: Emitter, row: Value, flag: int) -> Value:
    """Whether the flag of the branch that begins in a row does not hold."""
    return e.logical_not(e.load(e.pointer(_slot(e, row, flag), "bool")))


def _run_phases(e: Emitter, job: Value, thread: Value) -> None:
    state, threads = _job_word(e, job, "state"), _job_word(e, job, "threads")
    phases = _job_word(e, job, "phases")
    done_place, claims = state + LINE_BYTES, state + 2 * LINE_BYTES
    yield_call = _job_word(e, job, "yield_call")
    with e.forever() as leave:
        seen = _atomic_load(e, state)
        now, number = (seen >> 32) & _MASK, seen & _MASK
        over = e.equal(number, _OVER)
        with e.when(e.logical_not(over)):
            row = phases + number * (8 * PHASE_WORDS)
            first, tasks = _slot(e, row, 0), _slot(e, row, 1)
            mine = e.variable(0, "int64")

            def take(owner: Value) -> None:
                begin, end = (e.natural_division(tasks * place, threads) for place in (owner, owner + 1))
                _take_tasks(e, job, now, first, claims + owner * LINE_BYTES, begin, end, mine)

            def report() -> None:
                with e.when(e.greater(mine.get(), 0)):
                    before = _atomic_change(e, "add", done_place, mine.get())
                    with e.when(e.equal(before + mine.get(), tasks)):
                        _open_next(e, job, now, number, done_place)
                mine.set(0)

            take(thread)
            report()
            _wait_a_little(e, state, seen)
            with e.when(e.equal(_atomic_load(e, state), seen)):
                with e.loop(1, threads) as step:
                    owner = thread + step
                    take(e.select(e.greater_equal(owner, threads), owner - threads, owner))
                report()
            _wait_until(e, lambda: e.not_equal(_atomic_load(e, state), seen), yield_call)
        leave(over)


def _take_tasks(e: Emitter, job: Value, now: Value, first: Value, claim: Value, begin: Value, end: Value, mine: Any) -> None:
    """Run one owner's tasks, from `begin` up to `end`, as long as there are any."""
    table, tasks = _job_word(e, job, "commands"), _job_word(e, job, "tasks")
    with e.forever() as stop:
        word = _atomic_load(e, claim)
        behind = (now - (word >> 32)) & _MASK
        place = e.select(e.equal(behind, 0), word & _MASK, begin)
        # Far behind is ahead: the phase is over, and this thread is late.
        some = e.logical_and(e.less(behind, 1 << 31), e.less(place, end))
        with e.when(some), e.when(_exchange_if(e, claim, word, (now << 32) | (place + 1))):
            mine.set(mine.get() + 1)
            task = tasks + (first + place) * (8 * TASK_WORDS)
            _run_commands(e, table, *(_slot(e, task, word) for word in range(4)))
        stop(e.logical_not(some))


def _open_next(e: Emitter, job: Value, now: Value, number: Value, done_place: Value) -> None:
    """All tasks of a phase are done: let the threads see the next one."""
    phases = _job_word(e, job, "phases")
    row = phases + number * (8 * PHASE_WORDS)
    back = _slot(e, row, PHASE.index("back"))
    following = e.variable(number + 1, "int64")
    with e.when(e.greater(back, 0)), e.when(_another_turn(e, row, PHASE.index("counter"))):
        following.set(number - back)
    with e.when(e.less(back, 0)), e.when(_is_left_out(e, row, PHASE.index("flag"))):
        following.set(number - back)
    with e.when(e.equal(following.get(), _job_word(e, job, "phase_count"))):
        _step_counter(e, job)
        repetitions = _slot(e, done_place, 2) + 1
        e.store(repetitions, e.pointer(done_place, "int64"), 2)
        again = e.less(repetitions, _job_word(e, job, "repetitions"))
        following.set(e.select(again, e.constant(0, "int64"), e.constant(_OVER, "int64")))
    _atomic_store(e, done_place, e.constant(0, "int64"))
    _atomic_store(e, _job_word(e, job, "state"), ((now + 1) << 32) | following.get())


# Workers -------------------------------------------------------------------------------------------------------------
# A pool's state: word 0 the job, 1 address of share, 2 wait, 3 post, 4 yield; second line how many workers are inside a
# job; then one line with a semaphore per thread.


def _assemble_worker(symbol: str, target: Target) -> str:
    from llvmlite import ir

    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import I32, Value

    e = Emitter(symbol, target, 4)
    state, thread = e.parameters[0], e.parameters[1]
    semaphore, inside = state + (thread + 2) * LINE_BYTES, state + LINE_BYTES
    share, wait = _slot(e, state, 1), _slot(e, state, 2)
    one = e.constant(1, "int64")
    with e.forever() as stop:
        with e.forever() as awake:
            # An interrupted wait answers -1 and is repeated.
            answer = Value(e, _call(e, wait, semaphore, result=True), "int32", 0)
            awake(Value(e, e.builder.icmp_signed("==", answer.ir, ir.Constant(I32, 0)), "bool", 0))
        # Enter before looking: the launcher withdraws the job before it looks who is inside.
        _atomic_change(e, "add", inside, one)
        job = _atomic_load(e, state)
        with e.when(e.not_equal(job, 0)), e.when(e.less(thread, _job_word(e, job, "threads"))):
            _call(e, share, job, thread, thread)
        _atomic_change(e, "sub", inside, one)
        stop(e.equal(job, -1))
    return e.finish()


def _assemble_launch(symbol: str, target: Target) -> str:
    from pipekeras.runtime.kernels import Emitter

    e = Emitter(symbol, target, 4)
    state, job = e.parameters[0], e.parameters[1]
    share, post, yield_call = _slot(e, state, 1), _slot(e, state, 3), _slot(e, state, 4)
    zero = e.constant(0, "int64")
    _atomic_change(e, "xchg", state, job)
    with e.loop(1, _job_word(e, job, "threads")) as index:
        _call(e, post, state + (index + 2) * LINE_BYTES, result=True)
    _call(e, share, job, zero, zero)
    _atomic_change(e, "xchg", state, zero)
    _wait_until(e, lambda: e.equal(_atomic_load(e, state + LINE_BYTES), 0), yield_call)
    return e.finish()
