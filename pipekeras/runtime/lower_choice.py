"""Lowering of branches: the commands of each between marks that leave them out unless the branch's flag holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.graph.body import Branch
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import Graph
from pipekeras.graph.view import View
from pipekeras.passes.fuse import Group, fuse
from pipekeras.passes.simplify import simplify
from pipekeras.passes.verify import verify
from pipekeras.passes.widen import widen
from pipekeras.runtime.host import HostCall
from pipekeras.runtime.repetition import SkipBegin, SkipEnd

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering

_LINE = 64


class _Wanted:
    """What of a branch is read, and the nodes that read it."""

    def __init__(self, number: int, branch: Branch, group: Group) -> None:
        self.branch = branch
        self.parts: list[Tensor] = []
        self.values: list[Tensor] = []
        # One part may have been asked for several times: the others are copies.
        self.twins: list[tuple[Tensor, Tensor]] = []
        first: dict[tuple[int, int], Tensor] = {}
        for node in group.outputs:
            owner, index = node.attributes["branch"], node.attributes["index"]
            if owner not in (-1, number):
                continue
            if (owner, index) in first:
                self.twins.append((first[owner, index], node))
                continue
            first[owner, index] = node
            self.parts.append(node)
            self.values.append(branch.results[index] if owner == -1 else branch.kept[index])

    def graph(self, fused: bool) -> Graph:
        """Return the graph of what is read."""
        graph = Graph(self.branch.captures, self.values, {}, {})
        if fused:
            graph = simplify(graph)
            verify(graph, "simplify, in a branch")
        graph = widen(graph)
        verify(graph, "widen, in a branch")
        return graph


def lower_choice(lowering: Lowering, group: Group) -> list[Any] | None:
    """Return the commands of all branches, or a call that runs the one taken where an operation has no kernel."""
    from pipekeras.runtime.lower import Lowering as Lower
    from pipekeras.runtime.lower import NeedsPython

    choice = group.nodes[0]
    branches: tuple[Branch, ...] = choice.attributes["branches"]
    flags, captured = choice.inputs[: len(branches)], choice.inputs[len(branches) :]
    fused = lowering.schedule.fused
    wanted = [_Wanted(number, branch, group) for number, branch in enumerate(branches)]
    graphs = [item.graph(fused) for item in wanted]
    before, work = [], []
    for flag, item, graph in zip(flags, wanted, graphs, strict=True):
        addresses, layouts = _places(lowering, item.branch, captured)
        targets = [lowering.address(part) for part in item.parts]
        try:
            inner = Lower(graph, fuse(graph, fused, layouts), [], addresses, targets, lowering.regions)
        except NeedsPython:
            if lowering.targets is not None:
                raise
            return [OneOfSeveral(lowering, flags, captured, wanted, graphs)]
        lowering.keep.extend((inner.keep, graph))
        copies = [lowering.copy_to(part, lowering.address(twin)) for part, twin in item.twins]
        # The flag may lie in memory that moves from turn to turn: the branch asks a copy of its own.
        room = np.zeros(_LINE, np.uint8)
        lowering.keep.append(room)
        before.append(lowering.copy_to(flag, room.ctypes.data))
        work += [SkipBegin(room.ctypes.data), *inner.work, *copies, SkipEnd()]
    return [*before, *work]


def _places(lowering: Lowering, branch: Branch, captured: Any) -> tuple[dict[int, int], dict[int, tuple[Tensor, View]]]:
    """Return where a branch's captures lie, and how those lie that are not dense."""
    addresses: dict[int, int] = {}
    layouts: dict[int, tuple[Tensor, View]] = {}
    for item, outer in zip(branch.captures, captured, strict=True):
        base, view = lowering.view(outer)
        address = lowering.address(base) + view.offset * dtypes.STORAGE[item.dtype].itemsize
        if view.is_contiguous:
            addresses[id(item)] = address
            continue
        buffer = Tensor.symbolic((), item.dtype)
        lowering.keep.append(buffer)
        addresses[id(buffer)] = address
        layouts[id(item)] = (buffer, View(view.shape, view.strides))
    return addresses, layouts


class OneOfSeveral(HostCall):
    """Branches that are programs of their own, of which Python runs one.

    Args:
        lowering: of the graph around the choice.
        flags: of the branches.
        captured: what they read.
        wanted: what is read of them.
        graphs: of the branches.
    """

    def __init__(self, lowering: Lowering, flags: Any, captured: Any, wanted: list[_Wanted], graphs: list[Graph]) -> None:
        from pipekeras.runtime.executable import Executable

        super().__init__([], {}, [])
        self.flags = [lowering.numpy_view(item) for item in flags]
        self.captured = [lowering.numpy_view(item) for item in captured]
        self.targets = [[lowering.numpy_view(part) for part in item.parts] for item in wanted]
        self.twins = [[[lowering.numpy_view(node) for node in pair] for pair in item.twins] for item in wanted]
        self.executables = [Executable(graph, optimize=lowering.schedule.fused) for graph in graphs]

    @property
    def names(self) -> list[str]:
        """The operations of the branches that have no kernel."""
        return [name for executable in self.executables for name in executable.host_operations]

    def run(self) -> None:
        """Run the branch whose flag holds."""
        taken = next(index for index, flag in enumerate(self.flags) if flag)
        executable = self.executables[taken]
        for target, value in zip(executable.inputs, self.captured, strict=True):
            np.copyto(target, value)
        executable.run()
        for target, value in zip(self.targets[taken], executable.outputs, strict=True):
            np.copyto(target, value)
        for first, twin in self.twins[taken]:
            np.copyto(twin, first)
