"""Lowering of matrix products: which way each operand lies, and the element-wise group that runs on the product."""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.core import dtypes
from pipekeras.graph.tensor import Tensor, known
from pipekeras.graph.view import View
from pipekeras.passes.fuse import Group
from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernels.elementwise import Operand, Step, elementwise_kernel
from pipekeras.runtime.kernels.matmul import Epilogue, matmul_commands, matmul_scratch, product_lanes
from pipekeras.runtime.loop_plan import parts_of_product
from pipekeras.runtime.loops import access, collapse
from pipekeras.runtime.target import host_target
from pipekeras.runtime.turn_places import room

if TYPE_CHECKING:
    from pipekeras.runtime.lower import Lowering

_FLOATS = ("float32", "float64")
_MOST_BATCH_AXES = 3


class _Operand:
    """One side of a product: its view as matrices, and whether it lies turned."""

    def __init__(self, lowering: Lowering, tensor: Tensor, turned: bool, batch: tuple[int, ...]) -> None:
        self.tensor = tensor
        _, view = lowering.view(tensor)
        shape = known(tensor.shape)
        view = view.broadcast((*batch, *shape[-2:]))
        row, column = view.strides[-2:]
        rows, columns = shape[-2:]
        self.batch = view.strides[:-2]
        if column == 1 or columns == 1:
            self.turned, self.row, self.copied = turned, row, False
        elif row == 1 or rows == 1:
            self.turned, self.row, self.copied = not turned, column, False
        else:
            # Neither rows nor columns are neighbours: a dense copy goes first.
            self.turned, self.row, self.copied = turned, columns, True
            dense = View.contiguous(shape).broadcast((*batch, *shape[-2:]))
            self.batch = dense.strides[:-2]

    @property
    def size(self) -> int:
        """Bytes of the dense copy, if one is needed."""
        if not self.copied:
            return 0
        count = prod(known(self.tensor.shape)) * dtypes.STORAGE[self.tensor.dtype].itemsize
        return -(-count // 64) * 64


class _Product:
    """Sizes and layout of one matrix product."""

    def __init__(self, lowering: Lowering, node: Tensor) -> None:
        a, b = node.inputs
        self.node = node
        shape = known(node.shape)
        self.batch_shape = shape[:-2]
        self.m, self.n = shape[-2:]
        self.a = _Operand(lowering, a, node.attributes["transpose_a"], self.batch_shape)
        self.b = _Operand(lowering, b, node.attributes["transpose_b"], self.batch_shape)
        self.k = known(a.shape)[-2 if node.attributes["transpose_a"] else -1]
        self.strides = View.contiguous(shape).strides
        # In a loop a right side that no turn changes is turned before the first one.
        base, _ = lowering.view(b)
        is_steady = lowering.steady is not None and (base.data is not None or id(base) in lowering.steady)
        self.is_packed_ahead = is_steady and not self.b.copied

    @property
    def is_supported(self) -> bool:
        """Whether there are kernels for it."""
        return (
            self.node.dtype in _FLOATS
            and len(self.batch_shape) <= _MOST_BATCH_AXES
            and self.k != 0
            and 0 not in known(self.node.shape)
        )

    @property
    def packing(self) -> int:
        """Bytes that turning the right side takes each time."""
        return 0 if self.is_packed_ahead else self.packed_size

    @property
    def packed_size(self) -> int:
        """Bytes that the turned right side takes."""
        shape = (self.m, self.n, self.k)
        return -(-matmul_scratch(shape, self.node.dtype, self.b.turned, self.batch_shape, self.b.batch) // 64) * 64


def _target(lowering: Lowering, product: _Product, group: Group) -> Tensor | None:
    """Return the value whose memory can hold the raw product until the epilogue has read it; None calls for scratch.

    A variable that is updated in place won't do: its old value is an input of the epilogue.
    """
    for node in group.outputs:
        if node.dtype == product.node.dtype and id(node) not in lowering.schedule.in_place:
            return node
    return None


def _result_size(lowering: Lowering, product: _Product, group: Group) -> int:
    if _target(lowering, product, group) is not None:
        return 0
    return -(-prod(known(product.node.shape)) * dtypes.STORAGE[product.node.dtype].itemsize // 64) * 64


def _scratch_bytes(lowering: Lowering, product: _Product, group: Group) -> int:
    if not product.is_supported:
        return 0
    return product.a.size + product.b.size + product.packing + _result_size(lowering, product, group)


def matmul_bytes(lowering: Lowering, group: Group) -> int:
    """Return the scratch memory that a product needs."""
    return _scratch_bytes(lowering, _Product(lowering, group.nodes[0]), group)


def lower_matmul(lowering: Lowering, group: Group) -> list[Any] | None:
    """Return the commands of a product and of the nodes that run on it."""
    from pipekeras.runtime.lower import copy_command

    node, *following = group.nodes
    product = _Product(lowering, node)
    if not product.is_supported:
        return None
    scratch = lowering.scratch(group) if _scratch_bytes(lowering, product, group) else 0
    commands: list[Command] = []
    addresses = []
    for side in (product.a, product.b):
        address, strides = lowering.placed(side.tensor)
        if side.copied:
            shape = known(side.tensor.shape)
            commands.append(copy_command(node.dtype, shape, (address, strides), (scratch, View.contiguous(shape).strides)))
            address = scratch
            scratch += side.size
        addresses.append(address)
    packing = room(lowering, product.packed_size) if product.is_packed_ahead else scratch
    scratch += product.packing
    if not following and not product.b.turned and not product.a.turned:
        parts = parts_of_product(lowering, node)
        if parts is not None:
            return commands + _in_parts(lowering, product, addresses, *parts)
    target = _target(lowering, product, group)
    result = scratch if target is None else lowering.address(target)
    flat = _flat_command(lowering, group, product, following, result)
    epilogue, extra = _epilogue(lowering, group, product, [] if flat else following, target)
    *packs, multiply = matmul_commands(
        (addresses[0], [*product.a.batch, product.a.row]),
        (addresses[1], [*product.b.batch, product.b.row]),
        (result, [*product.strides[:-2], product.n]),
        (product.m, product.n, product.k),
        node.dtype,
        transpose_a=product.a.turned,
        transpose_b=product.b.turned,
        batch=product.batch_shape,
        epilogue=epilogue,
        extra=extra,
        scratch=packing or None,
    )
    if product.is_packed_ahead:
        lowering.ahead += packs
        packs = []
    return [*commands, *packs, multiply, *([flat] if flat else [])]


def _in_parts(
    lowering: Lowering, product: _Product, addresses: list[int], cuts: list[int], shape: tuple[int, ...]
) -> list[Any]:
    """Return the commands of a product for all turns of a loop, one for each part of the rows; they lie one after the other."""
    node, (turns, rows, n) = product.node, shape
    size, result = dtypes.STORAGE[node.dtype].itemsize, lowering.address(node)
    lowering.by_parts[id(node)] = shape
    found: list[Command] = []
    for part, (begin, end) in enumerate(pairwise(cuts)):
        found += matmul_commands(
            (addresses[0] + begin * product.a.row * size, [rows * product.a.row, product.a.row]),
            (addresses[1], [0, product.b.row]),
            (result + begin * turns * n * size, [(end - begin) * n, n]),
            (end - begin, n, product.k),
            node.dtype,
            batch=(turns,),
        )
        found[-1].part = part
    return found


def _flat_command(
    lowering: Lowering, group: Group, product: _Product, following: list[Tensor], result: int
) -> Command | None:
    """Return the command that runs the following nodes over a narrow product as over one long row, if they lie like that.

    Rows of fewer elements than a vector, each masked and next to the one just stored, would take several times as long.
    """
    if not following or product.n >= product_lanes(product.node.dtype, host_target()):
        return None
    shape = known(product.node.shape)
    inputs, buffers, steps, number = lowering.expression(following, shape, product.node)
    extents, strides = collapse(shape, [product.strides, *(placed[1] for placed in buffers)])
    if len(extents) > 1:
        return None
    kinds = [Operand(product.node.dtype)]
    kinds += [Operand(item.dtype, access(steps_of[-1])) for item, steps_of in zip(inputs, strides[1:], strict=True)]
    outputs = [number[id(item)] for item in group.outputs]
    kernel = elementwise_kernel(kinds, [Step(*step) for step in steps], outputs)
    sources = [(result, [1]), *((placed[0], s) for placed, s in zip(buffers, strides[1:], strict=True))]
    return kernel.command(extents, sources, [(lowering.address(item), [1]) for item in group.outputs])


def _epilogue(
    lowering: Lowering, group: Group, product: _Product, following: list[Tensor], target: Tensor | None
) -> tuple[Epilogue | None, list[Any]]:
    if not following:
        return None, []
    shape = known(product.node.shape)
    inputs, buffers, steps, number = lowering.expression(following, shape, product.node)
    operands = tuple(
        Operand(item.dtype, access(placed[1][-1]) if any(placed[1]) else "scalar")
        for item, placed in zip(inputs, buffers, strict=True)
    )
    result = None if target is None else number[id(target)]
    others = [item for item in group.outputs if item is not target]
    outputs = tuple((number[id(item)], Operand(item.dtype)) for item in others)
    extra = [*buffers, *((lowering.address(item), product.strides) for item in others)]
    return Epilogue(operands, tuple(Step(*step) for step in steps), result, outputs), extra
