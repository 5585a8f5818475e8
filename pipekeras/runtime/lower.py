"""Lower: turn scheduled groups into commands over planned buffers.

Each kind of group has one function here that picks its kernels. A group without a kernel becomes a call of its NumPy
reference: the result is the same, only the stretch of commands is cut in two there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pipekeras.core import dtypes, memory
from pipekeras.core.errors import InternalError
from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.trace import Graph
from pipekeras.graph.view import View
from pipekeras.passes.fuse import Group, Schedule
from pipekeras.passes.plan_memory import Slot, plan
from pipekeras.runtime.executor import Command
from pipekeras.runtime.host import HostCall
from pipekeras.runtime.kernels.elementwise import Operand, Step, elementwise_kernel
from pipekeras.runtime.kernels.reduction import Reduce, reduction_kernel
from pipekeras.runtime.loop_plan import LoopPlan
from pipekeras.runtime.loops import access, collapse
from pipekeras.runtime.lower_attention import attention_bytes, lower_attention
from pipekeras.runtime.lower_choice import lower_choice
from pipekeras.runtime.lower_copies import lower_copies, written_into
from pipekeras.runtime.lower_deferred import lower_row_update, row_update_bytes
from pipekeras.runtime.lower_indexing import (
    join_rows_bytes,
    lower_gather,
    lower_join_rows,
    lower_scatter,
    lower_subtract_rows,
    scatter_bytes,
    subtract_rows_bytes,
)
from pipekeras.runtime.lower_matmul import lower_matmul, matmul_bytes
from pipekeras.runtime.lower_ordering import lower_ordering, ordering_bytes
from pipekeras.runtime.lower_recurrent import lower_recurrent, recurrent_bytes
from pipekeras.runtime.lower_rows import lower_row_normalization, row_normalization_bytes
from pipekeras.runtime.lower_scan import lower_scan
from pipekeras.runtime.lower_windows import convolution_bytes, lower_convolution, lower_pooling, pooling_bytes
from pipekeras.runtime.repetition import Regions
from pipekeras.runtime.touches import note_touches

Work = Command | HostCall
Placed = tuple[int, tuple[int, ...]]
"""A buffer: address and strides in elements."""

_REDUCE = {"sum": "sum", "prod": "product", "max": "maximum", "min": "minimum", "argmax": "argmaximum",
           "argmin": "argminimum"}  # fmt: skip
class NeedsPython(Exception):
    """A turn of a loop holds an operation that has no kernel."""


_LOGICAL = {"max": "any", "min": "all"}


class Lowering:
    """Buffers and commands of one schedule.

    Args:
        graph: what is computed.
        schedule: its groups in order.
        inputs: array that each input of the graph is read from.
        addresses: for the turn of a loop, where its inputs lie, by id; arrays are not needed for these.
        targets: for the turn of a loop, the address that each of its results goes to.
        regions: numbers for what moves from turn to turn.
        steady: for the turn of a loop, its inputs that no turn changes, by id: what is laid out anew of them alone is so
            once, by the commands `ahead` of the loop.
    """

    def __init__(
        self,
        graph: Graph,
        schedule: Schedule,
        inputs: list[np.ndarray],
        addresses: dict[int, int] | None = None,
        targets: list[int] | None = None,
        regions: Regions | None = None,
        steady: set[int] | None = None,
    ) -> None:
        self.graph = graph
        self.schedule = schedule
        self.keep: list[Any] = list(inputs)
        self.arrays: dict[int, np.ndarray] = {
            id(item): array for item, array in zip(graph.inputs, inputs, strict=addresses is None)
        }
        self.addresses: dict[int, int] = dict(addresses or {})
        self.targets = targets
        self.regions = regions or Regions()
        self.steady = steady
        self.ahead: list[Command] = []
        # Loops by the id of their group; by id, the shape of what lies part after part of the rows, turns and rows first.
        self.plans: dict[int, LoopPlan] = {}
        self.by_parts: dict[int, tuple[int, ...]] = {}
        # Where poolings leave the places of their largest elements for their gradients, by the pooling's id.
        self.places: dict[int, int] = {}
        self.outputs: list[np.ndarray] = []
        self.work: list[Work] = []
        # Tables whose rows are updated late, by the id of the group that updates them, and what brings them up to date.
        self.deferred: dict[int, Any] = {}
        self.settling: list[Command] = []
        self.scratch_sizes: dict[int, int] = {}
        self.written_into = written_into(schedule)
        self._place()
        for group in schedule.groups:
            commands = self._lower(group)
            note_touches(self, group, commands)
            self.work.extend(commands)
        if targets is not None:
            for tensor, target in zip(self.schedule.results, targets, strict=True):
                if self.addresses.get(id(tensor)) != target:
                    self.work.append(self.copy_to(tensor, target))
        for tensor, array in zip(self.schedule.results, self.outputs, strict=targets is None):
            # One output may be asked for twice, or be what an input or a variable holds.
            if self.arrays.get(id(tensor)) is not array:
                self.work.append(self.copy(tensor, array))
        for variable, value in self._late_copies:
            self.work.append(self.copy(value, variable.array))

    # Places

    def _place(self) -> None:
        """Decide where every value lies."""
        schedule = self.schedule
        last: dict[int, int] = {}
        for step, group in enumerate(schedule.groups):
            for node in group.nodes:
                for item in node.inputs:
                    base = self.base(item)
                    last[id(base)] = step
        end = len(schedule.groups)
        self._late_copies = list(schedule.copies)
        for _, value in schedule.copies:
            last[id(self.base(value))] = end
        self._result_slots: set[int] = set()
        made = {id(node) for group in schedule.groups for node in group.outputs}
        for index, tensor in enumerate(schedule.results):
            if self.targets is None:
                array = memory.zeros(known(tensor.shape), dtypes.STORAGE[tensor.dtype])
                self.outputs.append(array)
                self.keep.append(array)
            if id(tensor) in made and id(tensor) not in self._result_slots and id(tensor) not in schedule.in_place:
                self._result_slots.add(id(tensor))
                if self.targets is None:
                    self.arrays[id(tensor)] = array
                else:
                    self.addresses[id(tensor)] = self.targets[index]
            else:
                last[id(self.base(tensor))] = end
        slots: list[tuple[int, Slot]] = []
        begun: dict[int, int] = {}
        for step, group in enumerate(schedule.groups):
            for node in group.outputs:
                if id(node) in self.written_into:
                    begun.setdefault(id(self.written_into[id(node)][0]), step)
                    continue
                variable = schedule.in_place.get(id(node))
                if variable is not None:
                    self.arrays[id(node)] = variable.array
                elif id(node) not in self._result_slots:
                    size = int(np.prod(known(node.shape), dtype=np.int64)) * dtypes.STORAGE[node.dtype].itemsize
                    slots.append((id(node), Slot(size, begun.get(id(node), step), last.get(id(node), step))))
            self.scratch_slots(group, step, slots)
        size = plan([slot for _, slot in slots])
        arena = np.zeros(size + 64, np.uint8)
        self.arena = arena
        self.keep.append(arena)
        start = -(-arena.ctypes.data // 64) * 64
        for key, slot in slots:
            self.addresses[key] = start + slot.offset
        for key, (whole, view) in self.written_into.items():
            self.addresses[key] = self.address(whole) + view.offset * dtypes.STORAGE[whole.dtype].itemsize

    def scratch_slots(self, group: Group, step: int, slots: list[tuple[int, Slot]]) -> None:
        """Ask for memory that a group's kernels need while they run."""
        size = SCRATCH.get(group.kind, lambda lowering, group: 0)(self, group)
        if size:
            slots.append((~id(group), Slot(size, step, step)))
            self.scratch_sizes[id(group)] = size

    def scratch(self, group: Group) -> int:
        """Return the address of a group's scratch memory."""
        return self.addresses[~id(group)]

    def is_free_after(self, tensor: Tensor, group: Group, count: int) -> bool:
        """Whether a group may write where it reads the first elements of a tensor: nobody reads these later."""
        base = self.base(tensor)
        if base.operation is None or id(base) in self._result_slots or id(base) in self.schedule.in_place:
            return False
        later = self.schedule.groups[self.schedule.groups.index(group) + 1 :]
        readings = [item for other in later for node in other.nodes for item in node.inputs]
        readings += [*self.schedule.results, *(value for _, value in self.schedule.copies)]
        for item in readings:
            found, view = self.view(item)
            below = sum((length - 1) * stride for length, stride in zip(view.shape, view.strides, strict=True) if stride < 0)
            if found is base and view.offset + below < count:
                return False
        return True

    def base(self, tensor: Tensor) -> Tensor:
        """Return the tensor whose buffer holds the values."""
        found = self.schedule.source.get(id(tensor))
        return tensor if found is None else found[0]

    def address(self, tensor: Tensor) -> int:
        """Return where a base tensor's values begin."""
        address = self.addresses.get(id(tensor))
        if address is None:
            address = self.addresses[id(tensor)] = self.array(tensor).ctypes.data
        return address

    def array(self, tensor: Tensor) -> np.ndarray:
        """Return the array of a leaf, a result or a variable."""
        found = self.arrays.get(id(tensor))
        if found is not None:
            return found
        if tensor.data is not None:
            found = tensor.data
        elif tensor.variable is not None:
            found = tensor.variable.array
        else:
            raise InternalError(f"no memory was planned for {tensor!r}")
        self.arrays[id(tensor)] = found
        self.keep.append(found)
        return found

    def view(self, tensor: Tensor) -> tuple[Tensor, View]:
        """Return the base tensor and how this one lies in its buffer."""
        found = self.schedule.source.get(id(tensor)) or self.written_into.get(id(tensor))
        if found is not None:
            return found
        if tensor.data is not None:
            size = tensor.data.itemsize
            return tensor, View(tensor.data.shape, tuple(stride // size for stride in tensor.data.strides))
        return tensor, View.contiguous(known(tensor.shape))

    def placed(self, tensor: Tensor, shape: tuple[int, ...] | None = None) -> Placed:
        """Return address and strides of a tensor, repeated to `shape` if given."""
        base, view = self.view(tensor)
        if shape is not None and view.shape != shape:
            view = view.broadcast(shape)
        return self.address(base) + view.offset * dtypes.STORAGE[tensor.dtype].itemsize, view.strides

    def numpy_view(self, tensor: Tensor) -> np.ndarray:
        """Return a NumPy array over the very memory that the tensor's values lie in."""
        base, view = self.view(tensor)
        itemsize = dtypes.STORAGE[tensor.dtype].itemsize
        if id(base) in self.arrays or base.data is not None or base.variable is not None:
            flat = self.array(base)
        else:
            offset = self.address(base) - self.arena.ctypes.data
            count = int(np.prod(known(base.shape), dtype=np.int64))
            flat = self.arena[offset : offset + count * itemsize].view(dtypes.STORAGE[tensor.dtype])
        start = flat.reshape(-1)[view.offset :] if view.offset else flat
        return np.lib.stride_tricks.as_strided(start, view.shape, tuple(step * itemsize for step in view.strides))

    # Commands

    def _lower(self, group: Group) -> list[Work]:
        # Kernels know no complex numbers.
        strange = any(dtypes.is_complex(item.dtype) for node in group.nodes for item in (node, *node.inputs))
        lowerer = None if strange else LOWERERS.get(group.kind)
        found = lowerer(self, group) if lowerer is not None else None
        return [self.host_call(group)] if found is None else found

    def host_call(self, group: Group) -> HostCall:
        """Compute a group by the NumPy references of its nodes."""
        if self.targets is not None:
            raise NeedsPython
        inside = {id(node) for node in group.nodes}
        needed: dict[int, np.ndarray] = {}
        for node in group.nodes:
            for item in node.inputs:
                if id(item) not in inside:
                    needed[id(item)] = self.numpy_view(item)
        results = [(id(node), self.numpy_view(node)) for node in group.outputs]
        return HostCall(group.nodes, needed, results)

    def copy(self, tensor: Tensor, target: np.ndarray) -> Command:
        """Copy a tensor, however it lies, into an array."""
        self.keep.append(target)
        return self.copy_to(tensor, target.ctypes.data)

    def copy_to(self, tensor: Tensor, address: int) -> Command:
        """Copy a tensor, however it lies, row by row to an address."""
        shape = known(tensor.shape)
        return copy_command(tensor.dtype, shape, self.placed(tensor, shape), (address, View.contiguous(shape).strides))

    def expression(
        self, nodes: list[Tensor], shape: tuple[int, ...], product: Tensor | None = None
    ) -> tuple[list[Tensor], list[Placed], list[tuple[Any, ...]], dict[int, int]]:
        """Number the operands of fused nodes: inputs first, then one step for each node; a product that is still in
        registers is number 0.

        Returns:
            Input tensors, their buffers over the loop shape, steps with operand numbers still counted from the inputs,
            and the number of each value by tensor id.
        """
        inside = {id(node) for node in nodes}
        inputs: list[Tensor] = []
        buffers: list[Placed] = []
        number: dict[int, int] = {} if product is None else {id(product): 0}
        first = len(number)
        by_place: dict[tuple[Any, ...], int] = {}
        for node in nodes:
            for item in node.inputs:
                if id(item) in inside or id(item) in number:
                    continue
                placed = self.placed(item, shape)
                key = (item.dtype, *placed)
                index = by_place.get(key)
                if index is None:
                    index = by_place[key] = first + len(inputs)
                    inputs.append(item)
                    buffers.append(placed)
                number[id(item)] = index
        steps: list[tuple[Any, ...]] = []
        for index, node in enumerate(nodes):
            number[id(node)] = first + len(inputs) + index
        for node in nodes:
            operation = node.operation
            assert operation is not None and operation.emit is not None
            operands = tuple(number[id(item)] for item in node.inputs)
            if operation.kind == "generate":
                steps.append((operation.name, operands, node.dtype, _generator(operation.emit), ()))
            else:
                steps.append((operation.name, operands, node.dtype, operation.emit, tuple(node.attributes.items())))
        return inputs, buffers, steps, number


_generators: dict[Any, Callable[..., Any]] = {}


def _generator(emit: Callable[..., Any]) -> Callable[..., Any]:
    """Give a generating op the element's index as its last operand."""
    found = _generators.get(emit)
    if found is None:
        found = _generators[emit] = lambda e, *operands: emit(e, *operands, e.linear_index())
    return found


def copy_command(dtype: str, shape: tuple[int, ...], source: Placed, target: Placed) -> Command:
    """Return the command that copies one strided layout to another."""
    if dtypes.is_complex(dtype):
        # Bits are bits: a pair of floats is read as one number, or as two that lie side by side.
        if dtype == "complex128":
            shape, source, target = (*shape, 2), (source[0], (*[2 * n for n in source[1]], 1)), (
                target[0], (*[2 * n for n in target[1]], 1))  # fmt: skip
        dtype = "float64"
    extents, (read, write) = collapse(shape, [source[1], target[1]])
    kernel = elementwise_kernel(
        [Operand(dtype, access(read[-1]))], [], [(0, Operand(dtype, access(write[-1])))], len(extents) - 1
    )
    return kernel.command(extents, [(source[0], read)], [(target[0], write)])


def _elementwise(lowering: Lowering, group: Group) -> list[Work]:
    shape = known(group.nodes[0].shape)
    inputs, buffers, steps, number = lowering.expression(group.nodes, shape)
    own = View.contiguous(shape).strides
    outputs = [lowering.placed(node) for node in group.outputs]
    generates = any(node.operation is not None and node.operation.kind == "generate" for node in group.nodes)
    extents, (_, *strides) = collapse(shape, [own, *[placed[1] for placed in (*buffers, *outputs)]])
    reads, writes = strides[: len(inputs)], strides[len(inputs) :]
    operands = [Operand(item.dtype, access(steps_of[-1])) for item, steps_of in zip(inputs, reads, strict=True)]
    if not operands and not generates and not steps:
        raise InternalError("a kernel without inputs and steps")
    kernel = elementwise_kernel(
        operands, [Step(*step) for step in steps], [number[id(node)] for node in group.outputs], len(extents) - 1
    )
    return [
        kernel.command(
            extents,
            [(placed[0], item) for placed, item in zip(buffers, reads, strict=True)],
            [(placed[0], item) for placed, item in zip(outputs, writes, strict=True)],
        )
    ]


def _reduce(lowering: Lowering, group: Group) -> list[Work] | None:
    result = group.nodes[-1]
    assert result.operation is not None
    (argument,) = result.inputs
    shape = known(argument.shape)
    if 0 in shape:
        return None
    axes = result.attributes["axis"]
    nodes = group.nodes[:-1]
    inputs, buffers, steps, number = lowering.expression(nodes, shape) if nodes else ([], [], [], {})
    if not nodes:
        inputs, buffers, number = [argument], [lowering.placed(argument, shape)], {id(argument): 0}
    kind = result.operation.facts["reduce"]
    kind = _LOGICAL.get(kind, _REDUCE[kind]) if argument.dtype == "bool" else _REDUCE[kind]
    kept = [axis for axis in range(len(shape)) if axis not in axes]
    reduced = [axis for axis in range(len(shape)) if axis in axes]
    if not reduced:
        reduced_shape: tuple[int, ...] = (1,)
        kept_shape: tuple[int, ...] = shape
        reduced_strides: list[tuple[int, ...]] = [(0,) for _ in buffers]
        kept_strides = [placed[1] for placed in buffers]
    else:
        reduced_shape, kept_shape = tuple(shape[a] for a in reduced), tuple(shape[a] for a in kept)
        reduced_strides = [tuple(placed[1][a] for a in reduced) for placed in buffers]
        kept_strides = [tuple(placed[1][a] for a in kept) for placed in buffers]
    reduced_extents, reduced_steps = collapse(reduced_shape, reduced_strides)
    own = View.contiguous(kept_shape).strides
    kept_extents: list[int] = []
    kept_steps: list[list[int]] = [[] for _ in range(len(buffers) + 1)]
    if kept_shape:
        kept_extents, kept_steps = collapse(kept_shape, [own, *kept_strides])
    # Lanes run along the last axis: over results if it is kept, over terms if it is summed.
    inner_reduced = not kept or (bool(reduced) and reduced[-1] == len(shape) - 1)
    reduce = [Reduce(kind, number[id(argument)], result.dtype)]
    if inner_reduced:
        extents = [*kept_extents, *reduced_extents]
        strides = [[*k, *r] for k, r in zip(kept_steps[1:], reduced_steps, strict=True)]
        output = kept_steps[0]
        counts = (len(kept_extents), len(reduced_extents) - 1, "reduced")
    else:
        extents = [*kept_extents[:-1], *reduced_extents, kept_extents[-1]]
        strides = [[*k[:-1], *r, k[-1]] for k, r in zip(kept_steps[1:], reduced_steps, strict=True)]
        output = kept_steps[0]
        counts = (len(kept_extents) - 1, len(reduced_extents), "kept")
    operands = [Operand(item.dtype, access(s[-1])) for item, s in zip(inputs, strides, strict=True)]
    kernel = reduction_kernel(operands, [Step(*step) for step in steps], reduce, *counts)
    sources = [(placed[0], s) for placed, s in zip(buffers, strides, strict=True)]
    return [kernel.command(extents, sources, [(lowering.address(result), output)])]


Lowerer = Callable[[Lowering, Group], "list[Work] | None"]
LOWERERS: dict[str, Lowerer] = {
    "elementwise": _elementwise,
    "reduce": _reduce,
    "copy": lower_copies,
    "gather": lower_gather,
    "scatter": lower_scatter,
    "join_rows": lower_join_rows,
    "subtract_rows": lower_subtract_rows,
    "row_update": lower_row_update,
    "matmul": lower_matmul,
    "convolution": lower_convolution,
    "pooling": lower_pooling,
    "recurrent": lower_recurrent,
    "attention": lower_attention,
    "order": lower_ordering,
    "row_normalization": lower_row_normalization,
    "scan": lower_scan,
    "choice": lower_choice,
}
SCRATCH: dict[str, Callable[[Lowering, Group], int]] = {
    "row_update": row_update_bytes,
    "matmul": matmul_bytes,
    "convolution": convolution_bytes,
    "pooling": pooling_bytes,
    "recurrent": recurrent_bytes,
    "attention": attention_bytes,
    "order": ordering_bytes,
    "row_normalization": row_normalization_bytes,
    "scatter": scatter_bytes,
    "join_rows": join_rows_bytes,
    "subtract_rows": subtract_rows_bytes,
}
