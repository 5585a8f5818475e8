"""Launches of the matrix product's kernel: how operands lie, which order the tiles come in, what is laid out anew first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any

from pipekeras.core.errors import InternalError
from pipekeras.runtime.executor import Command, buffer_address
from pipekeras.runtime.kernels.elementwise import ITEMSIZES
from pipekeras.runtime.kernels.matmul_kernel import BATCHES, SLOTS, TAPS, Epilogue, matmul_kernel, product_lanes
from pipekeras.runtime.kernels.streaming import worth_streaming
from pipekeras.runtime.target import Target, host_target
from pipekeras.runtime.threads import thread_count

if TYPE_CHECKING:
    import numpy as np

# A matrix B up to this size is read again for every tile from the second-level cache.
_NEAR_BYTES = 384 * 1024
# A panel of B up to this size stays in the first-level cache with a tile's part of A.
_FIRST_LEVEL_BYTES = 24 * 1024
# Where A fits into half of a second-level cache, smaller weights are cut by columns, too.
_SECOND_LEVEL_BYTES = 512 * 1024
_LEAST_GROUPED_BYTES = 48 * 1024
# A product of so few terms takes as long to write as to compute.
_SHALLOW = 32
# Rows of a transposed A that one chunk of the depth takes.
_FAR_ROWS = 256
# Tile shapes with their relative speed, for 32 and for 16 vector registers.
_WIDE_TILES = ((6, 4, 1.0), (8, 3, 1.0), (8, 2, 0.96), (8, 1, 0.9), (4, 4, 0.9), (2, 4, 0.6), (1, 4, 0.4), (1, 1, 0.2))
_WIDE_ROWS = (*((height, 2, 0.95) for height in (7, 9, 10, 11, 12, 13, 14)), (7, 3, 0.95), (9, 3, 0.95), (14, 1, 0.9))
_NARROW_TILES = ((6, 2, 1.0), (4, 2, 0.9), (2, 2, 0.6), (8, 1, 0.8), (1, 2, 0.3), (1, 1, 0.25))


def tile_shape(m: int, n: int, dtype: str, target: Target, fitted: bool = False) -> tuple[int, int]:
    """The one tile of all products; `fitted` finds the one that wastes least on a matrix of m rows and n columns.

    With one tile a batch of another size, or a layer of another width, finds its kernel compiled.
    """
    lanes = product_lanes(dtype, target)
    if not fitted:
        return (8, 3) if target.vector_bits == 512 else (6, 2)
    menu = _WIDE_TILES + _WIDE_ROWS if target.vector_bits == 512 else _NARROW_TILES
    best, best_cost = (1, 1), float("inf")
    for height, vectors, speed in menu:
        if height > m:
            continue
        columns = -(-n // lanes)
        # The last panel computes only the vectors it needs.
        full, rest = divmod(columns, vectors)
        cost = -(-m // height) * (height * full * vectors / speed + max(height * rest, 6 if rest else 0) / speed)
        if cost < best_cost:
            best, best_cost = (height, vectors), cost
    return best


Matrix = tuple["np.ndarray | int", Sequence[int]]


@dataclass
class Product:
    """Everything that one launch of the kernel needs; `matmul_commands` and the convolutions fill it in.

    Strides are in elements; batches, taps and chunks that are missing count as one.
    """

    rows: int
    columns: int
    depth: int
    a: Any
    a_row: int
    a_depth: int
    b: Any
    b_depth: int
    c: Any
    c_row: int
    dtype: str
    b_panel: int | None = None
    adds: bool = False
    batch: Sequence[int] = ()
    a_batch: Sequence[int] = ()
    b_batch: Sequence[int] = ()
    c_batch: Sequence[int] = ()
    taps: Sequence[int] = ()
    a_taps: Sequence[int] = ()
    b_taps: Sequence[int] = ()
    chunks: int = 1
    a_chunk: int = 0
    b_chunk: int = 0
    epilogue: Epilogue = field(default_factory=Epilogue)
    extra: Sequence[Matrix] = ()
    tile: tuple[int, int] | None = None
    barrier: bool | None = None
    groups: int = 1  # of columns, one for each thread; B's and the result's lie with the thread then
    b_group: int = 0
    order: int | None = None  # None chooses; 0 keeps the panels of a tile together

    def command(self, target: Target | None = None) -> Command:
        """The launch."""
        target = target or host_target()
        lanes = product_lanes(self.dtype, target)
        height, vectors = self.tile or tile_shape(self.rows, self.columns, self.dtype, target)
        width = vectors * lanes
        words = {
            "rows": [self.rows], "columns": [self.columns], "depth": [self.depth], "a": [self.a], "a_row": [self.a_row],
            "a_depth": [self.a_depth], "b": [self.b], "b_depth": [self.b_depth],
            "b_panel": [width if self.b_panel is None else self.b_panel], "c": [self.c], "c_row": [self.c_row],
            "order": [self._unit_order() if self.order is None else self.order],
            "adds": [int(self.adds)], "batch": _filled(self.batch, BATCHES, 1),
            "a_batch": _filled(self.a_batch, BATCHES, 0), "b_batch": _filled(self.b_batch, BATCHES, 0),
            "c_batch": _filled(self.c_batch, BATCHES, 0), "taps": _filled(self.taps, TAPS, 1),
            "a_taps": _filled(self.a_taps, TAPS, 0), "b_taps": _filled(self.b_taps, TAPS, 0), "chunks": [self.chunks],
            "a_chunk": [self.a_chunk], "b_chunk": [self.b_chunk],
            "groups": [self.groups], "group": [self.columns // self.groups], "b_group": [self.b_group],
            "streams": [-int(self._streams())],
        }
        arguments = [word for name in SLOTS for word in words[name]]
        if len(self.extra) != len(self.epilogue.buffers):
            raise InternalError(f"an epilogue of {len(self.epilogue.buffers)} buffers got {len(self.extra)}")
        for buffer, strides in self.extra:
            arguments += [buffer, *_filled(strides[:-2], BATCHES, 0), *strides[-2:]]
        units = prod(self.batch) * -(-self.rows // height) * self.groups * -(-self.columns // self.groups // width)
        deep = self.depth * prod(self.taps) * self.chunks
        cost = prod(self.batch) * self.rows * -(-self.columns // lanes) * (deep * 0.35 + 2.0)
        kernel = matmul_kernel(self.dtype, height, vectors, self.epilogue, target)
        return Command(kernel, arguments, units, cost=cost)

    def _streams(self) -> bool:
        """Whether the result goes past the caches: a large one of a shallow product is written as fast as it is computed."""
        deep = self.depth * prod(self.taps) * self.chunks
        is_shallow = deep <= _SHALLOW and self.a_depth == 1 and prod(self.batch) == 1 and not self.adds
        return is_shallow and worth_streaming(self.rows * self.columns * ITEMSIZES[self.dtype])

    def _unit_order(self) -> int:
        """All panels for one tile while B is small enough to stay near; else all tiles for one panel."""
        if self.depth * prod(self.taps) * self.columns * ITEMSIZES[self.dtype] <= _NEAR_BYTES:
            return 0
        return 2 if any(self.b_batch) else 1


def _filled(values: Sequence[int], count: int, filler: int) -> list[int]:
    if len(values) > count:
        raise InternalError(f"a product of {len(values)} nested loops where {count} are possible")
    return [filler] * (count - len(values)) + list(values)


def column_groups(shape: Sequence[int], dtype: str, width: int) -> int:
    """Groups that the columns of B fall into: one for each thread if weights are large, or A small enough to be read again.

    Where forward product, gradient and update of a weight are cut at the same columns, no line of it goes back and forth.
    """
    m, n, k = shape
    threads, size = thread_count(), ITEMSIZES[dtype]
    is_large = n * k * size > _NEAR_BYTES or (n * k * size > _LEAST_GROUPED_BYTES and m * k * size <= _SECOND_LEVEL_BYTES)
    falls_into_lines = n % (threads * product_lanes(dtype, host_target())) == 0
    return threads if is_large and falls_into_lines and n // threads >= width else 1


def matmul_scratch(shape: Sequence[int], dtype: str, transpose_b: bool, batch: Sequence[int] = (),
                   b_batch_strides: Sequence[int] = ()) -> int:
    """Bytes of scratch that `matmul_commands` needs for a product of shape (m, n, k)."""
    if not transpose_b:
        return 0
    from pipekeras.runtime.kernels.packing import packed_size

    _, n, k = shape
    width = tile_shape(shape[0], n, dtype, host_target())[1] * product_lanes(dtype, host_target())
    groups = column_groups(shape, dtype, width) if prod(batch) == 1 else 1
    matrices = prod(extent for extent, stride in zip(batch, b_batch_strides, strict=True) if stride) if b_batch_strides else 1
    return groups * packed_size(n // groups, k, width) * ITEMSIZES[dtype] * matrices


def matmul_commands(a: Matrix, b: Matrix, c: Matrix, shape: Sequence[int], dtype: str, *, transpose_a: bool = False,
                    transpose_b: bool = False, batch: Sequence[int] = (), accumulate: bool = False,
                    epilogue: Epilogue | None = None, extra: Sequence[Matrix] = (), scratch: np.ndarray | int | None = None,
                    target: Target | None = None) -> list[Command]:
    """C = A @ B (+ C), then the epilogue.

    Args:
        a, b, c: `(array or address, strides)`: one stride per batch dimension (0 to repeat), then the row stride; rows are
            those of the matrix as it lies in memory, before any transposition; elements of a row are neighbours.
        shape: (m, n, k) of the product.
        dtype: element type of all three.
        transpose_a: A lies in memory as (k, m).
        transpose_b: B lies in memory as (n, k); needs scratch.
        batch: up to three batch extents.
        accumulate: add to C instead of overwriting it.
        epilogue: expression over the product; `extra` are its buffers: batch strides, row stride, column stride.
        scratch: `matmul_scratch` bytes.
    """
    m, n, k = shape
    target = target or host_target()
    if len(batch) > BATCHES:
        raise InternalError(f"a matrix product of {len(batch)} batch dimensions; {BATCHES} are possible")
    if m == 0 or n == 0 or prod(batch) == 0:
        return []
    epilogue = epilogue or Epilogue()
    height, vectors = tile_shape(m, n, dtype, target)
    width = vectors * product_lanes(dtype, target)
    commands: list[Command] = []
    *b_batch, b_row = b[1]
    b_address: Any = buffer_address((b[0], ()))
    b_panel = width
    if transpose_b:
        from pipekeras.runtime.kernels.packing import pack_groups_command, pack_transposed_commands, packed_size

        if scratch is None:
            raise InternalError("a product with a transposed right matrix needs scratch")
        groups = column_groups(shape, dtype, width) if not batch and not transpose_a else 1
        size = packed_size(n // groups, k, width)
        if groups > 1:
            commands.append(pack_groups_command(b_address, (n, k), b_row, width, scratch, dtype, groups, target))
        else:
            commands += pack_transposed_commands(b, (n, k), width, batch, scratch, dtype, target)
        b_address, b_row, b_panel = scratch, width, k * width
        b_batch = _packed_strides(b_batch, batch, size)
    *a_batch, a_row = a[1]
    *c_batch, c_row = c[1]
    row, step = (1, a_row) if transpose_a else (a_row, 1)
    product = Product(m, n, k, buffer_address((a[0], ())), row, step, b_address, b_row, buffer_address((c[0], ())), c_row,
                      dtype, b_panel=b_panel, adds=accumulate, batch=batch, a_batch=a_batch, b_batch=b_batch, c_batch=c_batch,
                      epilogue=epilogue, extra=extra, tile=(height, vectors))
    if not batch and not transpose_a:
        product.groups = column_groups(shape, dtype, width)
        product.b_group = size if transpose_b else n // product.groups
        product.order = 1 if product.groups > 1 else None
    if transpose_a:
        # Columns of A are far apart: keep a tile's in the cache for all panels, and few enough of them. A gradient of large
        # weights goes panel by panel as the product with these weights does: a thread then changes what it reads next.
        size = ITEMSIZES[dtype]
        if not batch and not transpose_b and k * width * size <= _NEAR_BYTES // 4:
            product.groups = column_groups((k, n, m), dtype, width)
            product.b_group = n // product.groups
        by_panel = not batch and m * n * size > _NEAR_BYTES and k * width * size <= _FIRST_LEVEL_BYTES
        product.order = 1 if by_panel or product.groups > 1 else 0
        chunks = next((count for count in range(1, 65) if k % count == 0 and k // count <= _FAR_ROWS), 1)
        if chunks > 1 and dtype not in ("float16", "bfloat16"):
            product.depth, product.chunks = k // chunks, chunks
            product.a_chunk, product.b_chunk = product.depth * step, product.depth * b_row
    commands.append(product.command(target))
    return commands


def _packed_strides(strides: Sequence[int], batch: Sequence[int], size: int) -> list[int]:
    """Batch strides of packed matrices: dense, but 0 where the original repeats."""
    result: list[int] = []
    step = size
    for stride, extent in zip(reversed(strides), reversed(batch), strict=True):
        result.insert(0, step if stride else 0)
        if stride:
            step *= extent
    return result
