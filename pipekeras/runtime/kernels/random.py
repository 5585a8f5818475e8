"""Random numbers without state: every one is a function of a seed, a counter and its own index.

Philox 4x32 with 10 rounds: a block cipher of four 32-bit words, good enough for statistics, with no table and no
memory, so any thread may compute any element. Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
as 1, 2, 3" (2011).
"""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from pipekeras.runtime.kernels.emitter import I32, I64, Operand, Value
from pipekeras.runtime.kernels.vector import Arithmetic

_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_WEYL = (0x9E3779B9, 0xBB67AE85)


class Random(Arithmetic):
    """Counter-based random numbers."""

    def _product(self, factor: int, x: Value) -> tuple[Value, Value]:
        """High and low halves of a 32-bit product."""
        if x.lanes >= 4:
            return self._product_of_lanes(factor, x)
        wide = self.cast(x, "uint64") * factor
        return self.cast(wide >> 32, "uint32"), self.cast(wide, "uint32")

    def _product_of_lanes(self, factor: int, x: Value) -> tuple[Value, Value]:
        """The same without widening: machines multiply every other lane, and its products lie where the halves are wanted."""
        lanes = x.lanes
        pairs, words = ir.VectorType(I64, lanes // 2), ir.VectorType(I32, lanes)
        both = Value(self, self.builder.bitcast(x.ir, pairs), "uint64", lanes // 2)
        products = [self.bitwise_and(both, 0xFFFFFFFF) * factor, (both >> 32) * factor]
        even, odd = (Value(self, self.builder.bitcast(item.ir, words), "uint32", lanes) for item in products)
        return tuple(  # type: ignore[return-value]
            self.shuffle(even, odd, [lane - lane % 2 + half + lanes * (lane % 2) for lane in range(lanes)]) for half in (1, 0)
        )

    def random_bits(self, seed: Operand, counter: Operand, index: Operand, rounds: int = 10) -> list[Value]:
        """Four uint32 words from three int64: what is keyed (seed), which draw (counter), which element (index)."""
        key_value = self.as_value(seed, "uint64", seed.lanes if isinstance(seed, Value) else 0)
        draw = self.as_value(counter, "uint64", counter.lanes if isinstance(counter, Value) else 0)
        place = self.as_value(index, "uint64", index.lanes if isinstance(index, Value) else 0)
        lanes = max(key_value.lanes, draw.lanes, place.lanes)
        place, draw = (self.as_value(value, "uint64", lanes) for value in (place, draw))
        keys = [self.cast(key_value, "uint32"), self.cast(key_value >> 32, "uint32")]
        words = [self.cast(place, "uint32"), self.cast(place >> 32, "uint32"),
                 self.cast(draw, "uint32"), self.cast(draw >> 32, "uint32")]
        for _ in range(rounds):
            high0, low0 = self._product(_MULTIPLIERS[0], words[0])
            high1, low1 = self._product(_MULTIPLIERS[1], words[2])
            words = [high1 ^ words[1] ^ keys[0], low1, high0 ^ words[3] ^ keys[1], low0]
            keys = [key + weyl for key, weyl in zip(keys, _WEYL, strict=True)]
        return words

    def random_word(self, seed: Operand, draw: Operand, index: Value) -> Value:
        """One uint32 per element: word `index % 4` of the block numbered `index // 4` (see `random_bits`).

        Where neighbouring lanes are known to begin with a block's first word, each block is computed once for four lanes.
        """
        if index.lanes >= 4 and self.is_aligned_index(index):
            first = self.element(index, 0) >> 2
            places = self.splat(first, index.lanes // 4) + self.iota("int64", index.lanes // 4)
            words = self.random_bits(seed, draw, places)
            blocks = index.lanes // 4
            pairs = [self.shuffle(words[place], words[place + 1], range(2 * blocks)) for place in (0, 2)]
            order = [(lane % 4) * blocks + lane // 4 for lane in range(index.lanes)]
            return self.shuffle(pairs[0], pairs[1], order)
        words = self.random_bits(seed, draw, index >> 2)
        place = index & 3
        low = self.select(self.equal(place, 0), words[0], words[1])
        high = self.select(self.equal(place, 2), words[2], words[3])
        return self.select(self.less(place, 2), low, high)

    def is_aligned_index(self, index: Value) -> bool:
        """Whether this is the elements' own index and the first lane's is a multiple of the lanes."""
        return False

    def random_uniform(self, bits: Value | Sequence[Value], dtype: str = "float32") -> Value:
        """A number in [0, 1) from one word (float32: 24 bits) or two (float64: 53 bits)."""
        words = [bits] if isinstance(bits, Value) else list(bits)
        if dtype != "float64":
            return self.cast(self.cast(self.cast(words[0] >> 8, "int32"), "float32") * 2.0**-24, dtype)
        if len(words) < 2:
            return self.cast(words[0], "float64") * 2.0**-32
        high = self.cast(words[0], "uint64") << 21
        low = self.cast(words[1], "uint64") >> 11
        return self.cast(self.cast(high | low, "int64"), "float64") * 2.0**-53
