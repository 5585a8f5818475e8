"""Which commands threads run side by side: phases that follow one another, and the tasks of each.

Threads meet between groups of commands whose order could be seen. In a group that has commands for several threads, tasks are
stretches of a command's work units. A group of small commands is one task, or several where the memory that the commands touch
says which of them are independent. Parts of a piece of work that know of one another that they are independent are a task each.

A task has an owner, the same in every repetition. What it reads and writes then stays in that thread's cache, and only a
thread that finds nothing else to do takes another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipekeras.runtime.executor import Command, Touches
    from pipekeras.runtime.repetition import Loop, Skip, Split

# A task shorter than this (nanoseconds) costs more to hand out than it evens out; tasks per thread are limited too.
LEAST_TASK = 2000.0
MOST_PIECES = 6
# Small commands that take less than this (nanoseconds) together are one task, and so are very many of them.
LEAST_STRANDS = 3000.0
MOST_COMPARED = 64


def _meetings(
    commands: Sequence[Command],
    shares: Sequence[int],
    stretches: Sequence[Loop | Skip] = (),
    splits: Sequence[Split] = (),
) -> list[bool]:
    """Before which commands the threads meet: between groups whose order could be seen."""
    result = []
    if max(shares, default=1) == 1 and not splits:
        return [False] * len(commands)
    fixed = _meetings_of_stretches(shares, stretches) | _meetings_of_splits(splits)
    group_is_shared = True  # the end of the previous repetition
    group_is_empty = False
    for index, (command, threads) in enumerate(zip(commands, shares, strict=True)):
        meet = fixed.get(index, command.barrier)
        if meet is None:
            meet = not group_is_empty and (group_is_shared or threads > 1)
        if meet:
            group_is_shared = False
        group_is_shared = group_is_shared or threads > 1
        group_is_empty = False
        result.append(meet)
    return result


def _meetings_of_stretches(shares: Sequence[int], stretches: Sequence[Loop | Skip]) -> dict[int, bool]:
    """Where threads meet, or don't, because of a loop or branch: one thread runs all of it unless some of it is shared."""
    fixed: dict[int, bool] = {}
    for stretch in sorted(stretches, key=lambda item: item.last):
        is_shared = any(share > 1 for share in shares[stretch.first : stretch.last])
        if not is_shared:
            fixed |= dict.fromkeys(range(stretch.first + 1, stretch.last + 1), False)
        else:
            fixed |= dict.fromkeys((stretch.first, stretch.first + 1, stretch.last), True)
        fixed[stretch.last + 1] = True
    return fixed


def _meetings_of_splits(splits: Sequence[Split]) -> dict[int, bool]:
    """Threads meet before and after a piece of work that has parts, and nowhere in it."""
    fixed: dict[int, bool] = {}
    for split in splits:
        fixed |= dict.fromkeys(range(split.first + 1, split.last + 1), False)
        fixed |= dict.fromkeys((split.first, split.last + 1), True)
    return fixed


def schedule(
    commands: Sequence[Command],
    shares: Sequence[int],
    threads: int,
    loops: Sequence[Loop] = (),
    skips: Sequence[Skip] = (),
    splits: Sequence[Split] = (),
) -> tuple[list[int], list[list[int]], list[list[int]]]:
    """Return the order that commands stand in, phases (see `loops.PHASE`) and tasks (first and last command and unit)."""
    ends = {loop.last: loop for loop in loops}
    skip_ends = {skip.last: skip for skip in skips}
    begun: dict[int, int] = {}
    parts = {split.first: split.parts for split in splits} if threads > 1 else {}
    meetings = _meetings(commands, shares, [*loops, *skips], splits if threads > 1 else ())
    groups: list[list[int]] = []
    for index, meet in enumerate(meetings):
        if meet or not groups:
            groups.append([])
        groups[-1].append(index)
    order: list[int] = []
    phases: list[list[int]] = []
    tasks: list[list[int]] = []
    for group in groups:
        first = len(tasks)
        if group[0] in parts:
            tasks += [[begin, end, 0, -1] for begin, end in parts[group[0]]]
        elif any(shares[index] > 1 for index in group):
            tasks += _shared_tasks(commands, group, shares, threads)
        else:
            own = [] if _is_within(group, [*loops, *skips]) else _strands_of_threads(commands, group, threads)
            if own:
                cut = _cut_strands(commands, own)
                tasks += _strand_tasks(commands, cut, own, group[0])
                group[:] = [*cut, *(index for part in own for strand in part for index in strand)]
            else:
                tasks.append([group[0], group[-1] + 1, 0, -1])
        order += group
        begun[group[0]] = len(phases)
        phases.append([first, len(tasks) - first, 0, 0, 0, 0, 0, 0])
        loop = ends.get(group[-1])
        if loop is not None and loop.first < group[0]:
            phases[-1][2:6] = [len(phases) - 1 - begun[loop.first], *loop.turning()]
        skip = skip_ends.get(group[-1])
        if skip is not None and skip.first < group[0]:
            phases[begun[skip.first]][2:6] = [begun[skip.first] - (len(phases) - 1), 0, 0, skip.flag]
    return order, phases, tasks


def _shared_tasks(commands: Sequence[Command], group: Sequence[int], shares: Sequence[int], threads: int) -> list[list[int]]:
    """Tasks of a phase, thread by thread: each begins with the same stretch of every command.

    Rows of a batch then stay, from phase to phase, with the thread that has them in its cache.
    """
    own: list[list[list[int]]] = [[] for _ in range(threads)]
    load = [0.0] * threads
    for index in sorted(group, key=lambda index: shares[index] > 1):
        extent, pieces = commands[index].extent, _pieces(commands[index], shares[index], threads)
        cuts = [extent * piece // pieces for piece in range(pieces + 1)]
        for piece, (begin, end) in enumerate(pairwise(cuts)):
            thread = load.index(min(load)) if pieces < threads else piece * threads // pieces
            own[thread].append([index, index + 1, begin, end])
            load[thread] += commands[index].cost / pieces
    # Every thread has as many tasks; some may have nothing to do.
    most = max(map(len, own))
    shared = next(index for index in group if shares[index] > 1)
    return [task for part in own for task in [*part, *[[shared, shared + 1, 0, 0]] * (most - len(part))]]


def _is_within(group: Sequence[int], stretches: Sequence[Loop | Skip]) -> bool:
    """Whether any of the commands belongs to a loop or a branch; those keep their places."""
    return any(stretch.first <= index <= stretch.last for stretch in stretches for index in group)


def _strands_of_threads(commands: Sequence[Command], group: Sequence[int], threads: int) -> list[list[list[int]]]:
    """The strands that each thread runs; none where they are not worth it, or all commands are one strand."""
    cost = {index: commands[index].cost for index in group}
    if threads == 1 or not 1 < len(group) <= MOST_COMPARED or sum(cost.values()) < LEAST_STRANDS:
        return []
    strands = _strands(commands, group)
    own: list[list[list[int]]] = [[] for _ in range(threads)]
    load = [0.0] * threads
    for strand in sorted(strands, key=lambda strand: -sum(cost[index] for index in strand)):
        thread = load.index(min(load))
        own[thread].append(strand)
        load[thread] += sum(cost[index] for index in strand)
    return own if len(strands) > 1 else []


def _cut_strands(commands: Sequence[Command], own: list[list[list[int]]]) -> list[int]:
    """Take out what is a strand by itself and not too short, such as the update of a weight: each thread does a part of it.

    It is the same part that the thread has of the sum that makes the weight's gradient.
    """
    threads = len(own)
    cut = [
        strand[0] for part in own for strand in part
        if len(strand) == 1 and commands[strand[0]].cost >= LEAST_TASK and commands[strand[0]].extent >= threads
    ]
    for part in own:
        part[:] = [strand for strand in part if strand[0] not in cut]
    return sorted(cut)


def _strands(commands: Sequence[Command], group: Sequence[int]) -> list[list[int]]:
    """Commands that depend on one another, in their order; no strand touches what another one writes."""
    strands: list[list[int]] = []
    for index in group:
        own = commands[index].touches
        joined = [strand for strand in strands if any(_meet(commands[other].touches, own) for other in strand)]
        strands = [strand for strand in strands if strand not in joined]
        strands.append(sorted([*(other for strand in joined for other in strand), index]))
    return strands


def _meet(one: Touches | None, other: Touches | None) -> bool:
    """Whether one command writes what the other reads or writes."""
    if one is None or other is None:
        return True
    return _overlap(one[1], [*other[0], *other[1]]) or _overlap(one[0], other[1])


def _overlap(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> bool:
    return any(begin < last and first < end for begin, end in one for first, last in other)


def _strand_tasks(
    commands: Sequence[Command], cut: Sequence[int], own: Sequence[Sequence[Sequence[int]]], place: int
) -> list[list[int]]:
    """Tasks of commands that are cut and of strands; they stand in that order in the table from `place` on.

    Every thread has as many; some may have nothing to do.
    """
    threads, start = len(own), place
    parts: list[list[list[int]]] = [[] for _ in own]
    for index in cut:
        extent = commands[index].extent
        for thread, part in enumerate(parts):
            part.append([place, place + 1, extent * thread // threads, extent * (thread + 1) // threads])
        place += 1
    for part, strands in zip(parts, own, strict=True):
        for strand in strands:
            part.append([place, place + len(strand), 0, -1])
            place += len(strand)
    most = max(map(len, parts))
    return [task for part in parts for task in [*part, *[[start, start + 1, 0, 0]] * (most - len(part))]]


def _pieces(command: Command, share: int, threads: int) -> int:
    """Tasks that a shared command is cut into: enough for threads to help each other out, none too small."""
    if share == 1:
        return 1
    wanted = max(threads, min(threads * MOST_PIECES, int(command.cost / LEAST_TASK)))
    # As many for each thread: of a batch all threads then have the same rows in every command.
    return max(1, min(command.extent, wanted - wanted % threads))
