"""Attention, softmax(Q K^T * scale + bias) V, without the whole matrix of weights, and its gradient.

Lanes run over queries: a panel of queries goes through the keys block by block, and what it finds (largest score, sum of
exponentials, weighted values) stays in small panels on the stack. Each lane sees the keys in their order, so no result
depends on where a query falls or on the number of threads. The forward pass keeps two numbers per query, the largest
score and the inverse of the sum; from them the gradient computes each weight again.

A forward work unit is a panel of queries of one head; a gradient's is one head, since keys and values gather from all of
its queries.

Masked scores become a very low number rather than minus infinity: a query that may see no key attends to all alike.

Argument array: see `_SLOTS`; steps are in elements, (batch, row, head) for tensors, (batch, head, key) for bias and mask,
whose queries are neighbours and padded to whole panels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipekeras.runtime.executor import Command
from pipekeras.runtime.kernel import Kernel
from pipekeras.runtime.target import Target, host_target

if TYPE_CHECKING:
    from pipekeras.runtime.kernels import Emitter
    from pipekeras.runtime.kernels.emitter import Pointer, Value
    from pipekeras.runtime.kernels.procedures import Procedure

MOST_DEPTH = 256
"""Features of a head that fit into the panels."""
_BLOCK = 128
_TENSORS = ("q", "k", "v", "out", "g", "dq", "dk", "dv")
_SLOTS = {
    "heads": 1, "queries": 1, "keys": 1, "depth": 1, "values": 1, "panels": 1, "scale": 1,
    **dict.fromkeys(_TENSORS, 4), "bias": 4, "mask": 4, "statistics": 1,
}
_PLACE = {name: sum(list(_SLOTS.values())[:index]) for index, name in enumerate(_SLOTS)}
_known: dict[tuple[Any, ...], AttentionKernel] = {}

Placed = tuple[int, Sequence[int]]
"""Address and three steps."""


def lowest_score(dtype: str) -> float:
    """The score of a masked key."""
    return -0.7 * float(np.finfo(dtype).max)


@dataclass(frozen=True)
class Attention:
    """Sizes of an attention.

    Args:
        batch, heads, queries, keys: extents.
        depth: features of a query and of a key in a head.
        values: features of a value.
        dtype: "float32" or "float64".
        scale: factor of the scores.
        causal: whether query i only sees keys up to i.
    """

    batch: int
    heads: int
    queries: int
    keys: int
    depth: int
    values: int
    dtype: str
    scale: float
    causal: bool = False

    @property
    def width(self) -> int:
        """Queries of a panel."""
        return host_target().lanes(np.dtype(self.dtype).itemsize) * 2

    @property
    def padded(self) -> int:
        """Queries rounded up to whole panels."""
        return -(-self.queries // self.width) * self.width

    @property
    def work(self) -> float:
        """Estimated nanoseconds of one product of queries and keys."""
        return self.batch * self.heads * self.queries * self.keys * (self.depth + 12) * 0.012 * (0.5 if self.causal else 1.0)


class AttentionKernel(Kernel):
    """Attention or its gradient; made by `attention_kernel`."""

    def __init__(self, dtype: str, gradient: bool, causal: bool, bias: bool, mask: bool, target: Target | None) -> None:
        self.dtype, self.gradient, self.causal, self.bias, self.mask = dtype, gradient, causal, bias, mask
        flags = [name for name in ("gradient", "causal", "bias", "mask") if getattr(self, name)]
        super().__init__("attention", " ".join([dtype, *flags]), self._assemble, target)

    def _assemble(self, symbol: str, target: Target) -> str:
        from pipekeras.runtime.kernels import Emitter
        from pipekeras.runtime.kernels.emitter import ITEMSIZE

        e = Emitter(symbol, target, target.lanes(ITEMSIZE[self.dtype]))
        e.dtype = self.dtype
        _Writer(e, self).write()
        return e.finish()


def attention_kernel(dtype: str, gradient: bool, causal: bool, bias: bool, mask: bool,
                     target: Target | None = None) -> AttentionKernel:
    """The kernel for a type and what the scores go through."""
    key = (dtype, gradient, causal, bias, mask, target)
    found = _known.get(key)
    if found is None:
        found = _known[key] = AttentionKernel(*key)
    return found


def _arguments(s: Attention, tensors: dict[str, Placed], bias: Placed | None, mask: Placed | None, statistics: Any,
               width: int) -> list[Any]:
    words: dict[str, list[Any]] = {
        "heads": [s.heads], "queries": [s.queries], "keys": [s.keys], "depth": [s.depth], "values": [s.values],
        "panels": [-(-s.queries // width)], "scale": [s.scale], "statistics": [statistics],
    }
    for name, placed in {**tensors, "bias": bias, "mask": mask}.items():
        if placed is not None:
            words[name] = [placed[0], *placed[1]]
    return [word for name, count in _SLOTS.items() for word in words.get(name, [0] * count)]


def attention_command(s: Attention, q: Placed, k: Placed, v: Placed, out: Placed, statistics: Any, bias: Placed | None = None,
                      mask: Placed | None = None, target: Target | None = None) -> Command:
    """The forward pass.

    Args:
        s: sizes.
        q, k, v, out: (batch, rows, heads, features), features neighbours: address and steps (batch, row, head).
        statistics: address of (batch, heads, 2, queries), takes the largest scores and the inverse sums.
        bias: (batch, heads, keys, padded queries) with dense queries: address and steps (batch, head, key), or None.
        mask: like bias, bool; true where a key is seen.
    """
    kernel = attention_kernel(s.dtype, False, s.causal, bias is not None, mask is not None, target)
    width = kernel.target.lanes(np.dtype(s.dtype).itemsize) * 2
    arguments = _arguments(s, {"q": q, "k": k, "v": v, "out": out}, bias, mask, statistics, width)
    return Command(kernel, arguments, s.batch * s.heads * -(-s.queries // width), cost=2 * s.work)


def attention_gradient_command(s: Attention, tensors: dict[str, Placed], statistics: Any, bias: Placed | None = None,
                               mask: Placed | None = None, target: Target | None = None) -> Command:
    """Gradients of queries, keys and values.

    Args:
        s: sizes.
        tensors: q, k, v, out as in the forward pass, g (the gradient for out), dq, dk, dv (results, laid out as q, k, v).
        statistics, bias, mask: as the forward pass left or read them.
    """
    kernel = attention_kernel(s.dtype, True, s.causal, bias is not None, mask is not None, target)
    width = kernel.target.lanes(np.dtype(s.dtype).itemsize) * 2
    return Command(kernel, _arguments(s, tensors, bias, mask, statistics, width), s.batch * s.heads, cost=5 * s.work)


class _Writer:
    """Writes one kernel."""

    def __init__(self, e: Emitter, kernel: AttentionKernel) -> None:
        from pipekeras.runtime.kernels import procedures

        self.e, self.kernel, self.dtype = e, kernel, kernel.dtype
        self.width = procedures.panel_width(e)
        self.product: Procedure = procedures.panel_product(e, self.dtype)
        self.reader: Procedure = procedures.panel_reader(e, self.dtype)
        self.writer: Procedure = procedures.panel_writer(e, self.dtype)
        if kernel.gradient:
            self.lane_product: Procedure = procedures.lane_product(e, self.dtype)
        self.unrolled = procedures.unrolled

    def _array(self, rows: int) -> Pointer:
        from pipekeras.runtime.kernels.procedures import stack_array

        return stack_array(self.e, rows * self.width, self.dtype)

    def _word(self, name: str, index: int = 0) -> Value:
        return self.e.argument(_PLACE[name] + index)

    def _tensor(self, name: str, batch: Value, head: Value, dtype: str | None = None) -> Pointer:
        """A tensor of one head; bias and mask have their head's step second, others third."""
        place = _PLACE[name]
        step = place + (2 if name in ("bias", "mask") else 3)
        offset = batch * self.e.argument(place + 1) + head * self.e.argument(step)
        return self.e.argument_pointer(place, dtype or self.dtype).at(offset)

    def _row(self, name: str) -> Value:
        """The step from row to row of a tensor."""
        return self._word(name, 2)

    def _scale(self) -> Value:
        e = self.e
        bits = e.load(e.pointer(e.parameters[0], "float64"), _PLACE["scale"])
        return e.cast(bits, self.dtype)

    def _fill(self, place: Pointer, value: Any) -> None:
        for v in range(2):
            self.e.store(value if not isinstance(value, list) else value[v], place, v * self.e.lanes, self.e.lanes)

    def write(self) -> None:
        e = self.e
        self.ones = self._array(1)
        self._fill(self.ones, e.constant(1.0, self.dtype, e.lanes))
        self.scales = self._array(1)
        self._fill(self.scales, e.splat(self._scale()))
        self.scores = self._array(_BLOCK)
        self.turned_q = self._array(MOST_DEPTH)
        if self.kernel.gradient:
            self._gradient()
        else:
            self._forward()

    # Scores -----------------------------------------------------------------------------------------------------------

    def _limit(self, start: Value, rows: Value) -> Value:
        """Keys that a panel may see."""
        keys = self._word("keys")
        # A mask may hide all of them: such a query attends to every key alike, later ones too.
        return self.e.minimum(keys, start + rows) if self.kernel.causal and not self.kernel.mask else keys

    def _scores(self, k: Pointer, block: Value, count: Value) -> None:
        """Scores of a block of keys, before bias and mask."""
        row = self._row("k")
        self.product(count, self._word("depth"), k.at(block * row), row, 1, self.turned_q, self.scores, 0)

    def _seen(self, batch: Value, head: Value, start: Value, key: Value, scores: list[Value]) -> tuple[list[Value], list[Any]]:
        """Scores of one key with bias and mask, and where it is seen (None: everywhere)."""
        e, kernel = self.e, self.kernel
        seen: list[Any] = [None, None]
        if kernel.bias:
            bias = self._tensor("bias", batch, head).at(key * self._word("bias", 3) + start)
            scores = [score + e.load(bias, v * e.lanes, e.lanes) for v, score in enumerate(scores)]
        if kernel.mask:
            mask = self._tensor("mask", batch, head, "bool").at(key * self._word("mask", 3) + start)
            seen = [e.load(mask, v * e.lanes, e.lanes) for v in range(2)]
        if kernel.causal:
            queries = [e.splat(start + v * e.lanes) + e.iota() for v in range(2)]
            before = [e.less_equal(e.splat(key), item) for item in queries]
            seen = [now if mask is None else e.logical_and(mask, now) for mask, now in zip(seen, before, strict=True)]
        low = lowest_score(self.dtype)
        scores = [score if mask is None else e.select(mask, score, low) for score, mask in zip(scores, seen, strict=True)]
        return scores, seen

    def _load(self, place: Pointer, row: Value | int = 0) -> list[Value]:
        e = self.e
        base = place.at(row * self.width) if not isinstance(row, int) else place
        return [e.load(base, v * e.lanes, e.lanes) for v in range(2)]

    def _panels(self, unit: Value) -> tuple[Value, Value, Value]:
        """Batch, head and panel of a unit."""
        e = self.e
        head_index = e.natural_division(unit, self._word("panels"))
        batch = e.natural_division(head_index, self._word("heads"))
        return batch, head_index - batch * self._word("heads"), unit - head_index * self._word("panels")

    def _statistics(self, batch: Value, head: Value, start: Value) -> Pointer:
        queries = self._word("queries")
        offset = (batch * self._word("heads") + head) * 2 * queries + start
        return self.e.argument_pointer(_PLACE["statistics"], self.dtype).at(offset)

    def _lanes_left(self, rows: Value) -> list[Value]:
        return [self.e.tail_mask(rows - v * self.e.lanes) for v in range(2)]

    # Forward ----------------------------------------------------------------------------------------------------------

    def _forward(self) -> None:
        e = self.e
        self.turned_out, self.factors = self._array(MOST_DEPTH), self._array(1)
        with e.loop(e.parameters[1], e.parameters[2]) as unit:
            batch, head, panel = self._panels(unit)
            start = panel * self.width
            rows = e.minimum(self._word("queries") - start, self.width)
            q, k, v, out = (self._tensor(name, batch, head) for name in ("q", "k", "v", "out"))
            self.reader(rows, self._word("depth"), q.at(start * self._row("q")), self._row("q"), self.turned_q, self.scales)
            lowest = e.constant(float("-inf"), self.dtype, e.lanes)
            largest = [e.variable(lowest) for _ in range(2)]
            totals = [e.variable(e.constant(0.0, self.dtype, e.lanes)) for _ in range(2)]
            limit = self._limit(start, rows)
            with e.loop(0, limit, _BLOCK) as block:
                count = e.minimum(limit - block, _BLOCK)
                self._scores(k, block, count)
                self._weights(batch, head, start, block, count, largest, totals)
                row = self._row("v")
                adds = e.cast(e.greater(block, 0), "int64")
                self.product(self._word("values"), count, v.at(block * row), 1, row, self.scores, self.turned_out, adds)
            inverse = [1.0 / total.get() for total in totals]
            self._fill(self.factors, inverse)
            self.writer(rows, self._word("values"), self.turned_out, out.at(start * self._row("out")), self._row("out"),
                        self.factors)
            place, queries = self._statistics(batch, head, start), self._word("queries")
            for v_index, mask in enumerate(self._lanes_left(rows)):
                e.store(largest[v_index].get(), place, v_index * e.lanes, e.lanes, mask)
                e.store(inverse[v_index], place.at(queries), v_index * e.lanes, e.lanes, mask)

    def _weights(self, batch: Value, head: Value, start: Value, block: Value, count: Value, largest: list[Any],
                 totals: list[Any]) -> None:
        """Scores become exponentials; what earlier blocks left is brought to the new largest score."""
        e, scores = self.e, self.scores
        # Four running maxima side by side: one alone would wait for itself.
        found = [[e.variable(item.get()) for item in largest] for _ in range(4)]
        changes = self.kernel.bias or self.kernel.mask or self.kernel.causal

        def look(index: Value, number: int) -> None:
            now = self._load(scores, index)
            if changes:
                now, _ = self._seen(batch, head, start, block + index, now)
                self._fill(scores.at(index * self.width), now)
            for v in range(2):
                found[number][v].set(e.maximum(found[number][v].get(), now[v]))

        self.unrolled(e, count, 4, look)
        new = [e.maximum(e.maximum(found[0][v].get(), found[1][v].get()), e.maximum(found[2][v].get(), found[3][v].get()))
               for v in range(2)]
        with e.when(e.greater(block, 0)):
            shrunk = [e.exp(largest[v].get() - new[v]) for v in range(2)]
            for v in range(2):
                totals[v].set(totals[v].get() * shrunk[v])
            with e.loop(0, self._word("values")) as row:
                place = self.turned_out.at(row * self.width)
                self._fill(place, [part * factor for part, factor in zip(self._load(place), shrunk, strict=True)])
        for v in range(2):
            largest[v].set(new[v])

        def weigh(index: Value, number: int) -> None:
            place = scores.at(index * self.width)
            powers = [e.exp(score - highest) for score, highest in zip(self._load(place), new, strict=True)]
            self._fill(place, powers)
            for v in range(2):
                totals[v].set(totals[v].get() + powers[v])

        self.unrolled(e, count, 2, weigh)

    # Gradient ---------------------------------------------------------------------------------------------------------

    def _gradient(self) -> None:
        e = self.e
        self.slopes = self._array(_BLOCK)
        self.turned_g, self.turned_dq, self.shares = self._array(MOST_DEPTH), self._array(MOST_DEPTH), self._array(1)
        with e.loop(e.parameters[1], e.parameters[2]) as unit:
            batch = e.natural_division(unit, self._word("heads"))
            head = unit - batch * self._word("heads")
            place = {name: self._tensor(name, batch, head) for name in _TENSORS}
            self._clear(place["dk"], self._row("dk"), self._word("depth"))
            self._clear(place["dv"], self._row("dv"), self._word("values"))
            with e.loop(0, self._word("queries"), self.width) as start:
                self._panel_gradient(batch, head, start, place)

    def _clear(self, place: Pointer, step: Value, columns: Value) -> None:
        from pipekeras.runtime.kernels.elementwise import vector_loop

        e = self.e
        with e.loop(0, self._word("keys")) as key:
            row = place.at(key * step)
            vector_loop(e, e.constant(0, "int64"), columns, lambda column, mask, row=row: e.store(  # type: ignore[misc]
                e.constant(0.0, self.dtype, e.lanes), row, column, e.lanes, mask))

    def _panel_gradient(self, batch: Value, head: Value, start: Value, place: dict[str, Pointer]) -> None:
        e = self.e
        rows = e.minimum(self._word("queries") - start, self.width)
        depth, values = self._word("depth"), self._word("values")
        q, g = (place[name].at(start * self._row(name)) for name in ("q", "g"))
        self.reader(rows, depth, q, self._row("q"), self.turned_q, self.scales)
        self.reader(rows, values, g, self._row("g"), self.turned_g, self.ones)
        self._fill(self.shares, self._share(rows, values, place["out"].at(start * self._row("out"))))
        statistics, left = self._statistics(batch, head, start), self._lanes_left(rows)
        largest, inverse = (
            [e.load(table, v * e.lanes, e.lanes, left[v]) for v in range(2)]
            for table in (statistics, statistics.at(self._word("queries")))
        )
        limit = self._limit(start, rows)
        with e.loop(0, limit, _BLOCK) as block:
            count = e.minimum(limit - block, _BLOCK)
            k_row, v_row = self._row("k"), self._row("v")
            self._scores(place["k"], block, count)
            self.product(count, values, place["v"].at(block * v_row), v_row, 1, self.turned_g, self.slopes, 0)
            self._slopes(batch, head, start, block, count, largest, inverse)
            self.lane_product(count, rows, values, self.scores, g, self._row("g"),
                              place["dv"].at(block * self._row("dv")), self._row("dv"))
            self.lane_product(count, rows, depth, self.slopes, q, self._row("q"),
                              place["dk"].at(block * self._row("dk")), self._row("dk"))
            adds = e.cast(e.greater(block, 0), "int64")
            self.product(depth, count, place["k"].at(block * k_row), 1, k_row, self.slopes, self.turned_dq, adds)
        self.writer(rows, depth, self.turned_dq, place["dq"].at(start * self._row("dq")), self._row("dq"), self.ones)

    def _share(self, rows: Value, values: Value, out: Pointer) -> list[Value]:
        """sum over features of out * g: what the softmax takes off the slopes of a query."""
        e = self.e
        # The panel of the queries' gradient is not in use yet.
        self.reader(rows, values, out, self._row("out"), self.turned_dq, self.ones)
        sums = [e.variable(e.constant(0.0, self.dtype, e.lanes)) for _ in range(2)]
        with e.loop(0, values) as row:
            for total, a, b in zip(sums, self._load(self.turned_dq, row), self._load(self.turned_g, row), strict=True):
                total.set(e.fma(a, b, total.get()))
        return [total.get() for total in sums]

    def _slopes(self, batch: Value, head: Value, start: Value, block: Value, count: Value, largest: list[Value],
                inverse: list[Value]) -> None:
        """Scores become weights; gradients of the weights become those of the unscaled scores, times the scale."""
        e = self.e
        scale = e.splat(self._scale())
        shares = self._load(self.shares)

        def body(index: Value, number: int) -> None:
            place, slope = self.scores.at(index * self.width), self.slopes.at(index * self.width)
            now, seen = self._seen(batch, head, start, block + index, self._load(place))
            weights = [e.exp(score - high) * total for score, high, total in zip(now, largest, inverse, strict=True)]
            self._fill(place, weights)
            found = [weight * (of_weight - share) * scale
                     for weight, of_weight, share in zip(weights, self._load(slope), shares, strict=True)]
            self._fill(slope, [item if mask is None else e.select(mask, item, 0.0)
                               for item, mask in zip(found, seen, strict=True)])

        self.unrolled(e, count, 2, body)


