"""The generator of the language: Mersenne Twister, or one of R's others, seeded and drawn exactly as R does.

Everything random is built from `uniform()`; the other basic draws here (normal by inversion, exponential,
unbiased index by rejection) consume uniforms in R's order, so whole programs reproduce R's numbers.

Source: Matsumoto and Nishimura (1998), "Mersenne Twister"; R manual page `RNGkind` for the seed scrambling.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar.numeric.further_generators import WORD, WordGenerator, made_generator
from pipekeras.grammar.numeric.normal import normal_quantile, normal_quantile_scalar

STATE_SIZE = 624
SCALE = 2.3283064365386963e-10
NEAR_ZERO = 0.5 * 2.328306437080797e-10
INVERSION_RESOLUTION = 134217728.0


KINDS = (
    "Wichmann-Hill", "Marsaglia-Multicarry", "Super-Duper", "Mersenne-Twister", "Knuth-TAOCP", "user-supplied",
    "Knuth-TAOCP-2002", "L'Ecuyer-CMRG",
)
"""The uniform generators, in the order of R's codes."""

NORMAL_KINDS = (
    "Buggy Kinderman-Ramage", "Ahrens-Dieter", "Box-Muller", "user-supplied", "Inversion", "Kinderman-Ramage",
)
"""How normal numbers are made of uniform ones, in the order of R's codes."""


def _exponential_table() -> list[float]:
    """Cumulative sums of ln(2)**k / k!, which the exponential draw walks through."""
    terms = []
    total, term = 0.0, 1.0
    for k in range(1, 17):
        term = term * math.log(2.0) / k
        total += term
        terms.append(total)
    terms[-1] = 1.0
    return terms


EXPONENTIAL_TABLE = _exponential_table()


class Generator:
    """Mersenne Twister with R's seeding and R's derived draws."""

    def __init__(self) -> None:
        self._bits: Any = None
        self._block: list[float] = []
        self._position = 0
        self._before: Any = None
        self._frame: dict[str, Any] | None = None
        self._shown: tuple[str, Any, Callable[[Any], None]] = ("", None, lambda assigned: None)
        self.sample_rounding = False
        self.kind = "Mersenne-Twister"
        self.normal_kind = "Inversion"
        self.other: WordGenerator | None = None
        self._kept_normal = 0.0

    def listen(self, frame: dict[str, Any], name: str, binding: Any, take: Callable[[Any], None]) -> None:
        """Before every draw look whether the variable still holds its binding; `take` gets what it holds instead."""
        self._frame = frame
        self._shown = (name, binding, take)

    def _look(self) -> None:
        name, binding, take = self._shown
        assert self._frame is not None
        held = self._frame.get(name)
        if held is not binding:
            take(held)

    def use(self, kind: str) -> None:
        """Change the generator; the new one starts from a number of the old."""
        seed = int(self.uniform() * WORD)
        self.kind = kind
        self.other = made_generator(kind)
        self.seed(seed)

    def use_normal(self, kind: str) -> None:
        """Change how normal numbers are made."""
        self.normal_kind = kind
        self._kept_normal = 0.0

    def reset_kinds(self) -> None:
        """Back to the kinds that a session begins with; after others the next draw starts from the clock."""
        if self.kind == "Mersenne-Twister" and self.normal_kind == "Inversion" and not self.sample_rounding:
            return
        self.kind, self.normal_kind, self.other, self.sample_rounding = "Mersenne-Twister", "Inversion", None, False
        self.forget()

    def forget(self) -> None:
        """Start anew from the clock at the next draw."""
        self._bits = None
        self._block = []
        self._position = 0
        if self.other is not None:
            self.other.words = []

    def words(self) -> np.ndarray:
        """The state as `.Random.seed` shows it, after the code of the kinds."""
        if self.other is not None:
            self._ready()
            return np.array(self.other.words, np.uint32)
        words, position = self.state()
        return np.concatenate([[position], words]).astype(np.uint32)

    def take_words(self, kind: str, words: np.ndarray) -> None:
        """Continue from a state as `words()` gives it, of a generator of this kind."""
        if kind != self.kind:
            self.kind, self.other = kind, made_generator(kind)
        if self.other is None:
            self.restore(words[1:], int(words[0]))
        else:
            self._block = []
            self._position = 0
            self.other.restore([int(word) for word in words])

    def state(self) -> tuple[np.ndarray, int]:
        """The 624 words and the position of the next one, as if nothing had been drawn ahead."""
        from numpy.random import MT19937

        self._ready()
        if not self._block:
            held = self._bits.state["state"]
            return held["key"], int(held["pos"])
        clone = MT19937(0)
        clone.state = self._before
        clone.random_raw(self._position)
        held = clone.state["state"]
        return held["key"], int(held["pos"])

    def seed(self, seed: int) -> None:
        """Start from `seed` by R's congruential scrambling.

        Args:
            seed: a 32-bit integer, taken modulo 2**32.
        """
        value = seed & 0xFFFFFFFF
        self._kept_normal = 0.0
        for _ in range(50):
            value = (69069 * value + 1) & 0xFFFFFFFF
        if self.other is not None:
            self._block = []
            self._position = 0
            self.other.seed(value)
            return
        words = np.empty(STATE_SIZE + 1, dtype=np.uint64)
        for index in range(STATE_SIZE + 1):
            value = (69069 * value + 1) & 0xFFFFFFFF
            words[index] = value
        self.restore(words[1:].astype(np.uint32), STATE_SIZE)

    def restore(self, words: np.ndarray, position: int) -> None:
        """Continue from 624 state words and the position of the next one."""
        from numpy.random import MT19937

        self._bits = MT19937(0)
        self._bits.state = {"bit_generator": "MT19937", "state": {"key": words, "pos": int(position)}}
        self._block = []
        self._position = 0

    def _ready(self) -> Any:
        if (self._bits is None) if self.other is None else not self.other.words:
            self.seed((os.getpid() << 16) ^ int(time.time() * 1e6))
        return self._bits

    def _draw(self, count: int) -> np.ndarray:
        ready = self._ready()
        if self.other is not None:
            return np.array([self.other.next() for _ in range(count)])
        raw = ready.random_raw(count) * SCALE
        np.clip(raw, NEAR_ZERO, 1.0 - NEAR_ZERO, out=raw)
        return raw

    def uniform(self) -> float:
        """One number in the open interval (0, 1)."""
        if self._frame is not None:
            self._look()
        position = self._position
        if position >= len(self._block):
            if self.other is not None:
                self._ready()
                return self.other.next()
            self._before = self._ready().state
            self._block = self._draw(256).tolist()
            position = 0
        self._position = position + 1
        return self._block[position]

    def uniforms(self, count: int) -> np.ndarray:
        """`count` numbers in (0, 1) as an array."""
        if self._frame is not None:
            self._look()
        rest = self._block[self._position : self._position + count]
        self._position += len(rest)
        missing = count - len(rest)
        if missing == 0:
            return np.array(rest, dtype=np.float64)
        self._block = []
        self._position = 0
        fresh = self._draw(missing)
        return np.concatenate([rest, fresh]) if rest else fresh

    def normal(self) -> float:
        """One standard normal number, by inversion of a 53-bit uniform unless another kind was asked for."""
        if self.normal_kind != "Inversion":
            return self._other_normal()
        coarse = float(int(INVERSION_RESOLUTION * self.uniform()))
        return normal_quantile_scalar((coarse + self.uniform()) / INVERSION_RESOLUTION)

    def normals(self, count: int) -> np.ndarray:
        """`count` standard normal numbers."""
        if self.normal_kind != "Inversion":
            return np.array([self._other_normal() for _ in range(count)])
        pairs = self.uniforms(2 * count)
        coarse = np.floor(INVERSION_RESOLUTION * pairs[0::2])
        return normal_quantile((coarse + pairs[1::2]) / INVERSION_RESOLUTION)

    def _other_normal(self) -> float:
        from pipekeras.grammar.numeric import normal_draws

        if self.normal_kind == "Ahrens-Dieter":
            return normal_draws.ahrens_dieter(self.uniform)
        if self.normal_kind != "Box-Muller":
            return normal_draws.kinderman_ramage(self.uniform)
        kept, self._kept_normal = self._kept_normal, 0.0
        if kept == 0.0:
            kept, self._kept_normal = normal_draws.box_muller_pair(self.uniform)
        return kept

    def exponential(self) -> float:
        """One standard exponential number.

        Source: Ahrens and Dieter (1972), algorithm SA.
        """
        table = EXPONENTIAL_TABLE
        shift = 0.0
        u = self.uniform()
        while True:
            u += u
            if u > 1.0:
                break
            shift += table[0]
        u -= 1.0
        if u <= table[0]:
            return shift + u
        index = 0
        smallest = self.uniform()
        while True:
            smallest = min(smallest, self.uniform())
            index += 1
            if u <= table[index]:
                break
        return shift + smallest * table[0]

    def index(self, limit: float) -> int:
        """An unbiased integer in 0 .. limit - 1: random bits, rejected until they fall below the limit."""
        if limit <= 0:
            return 0
        if self.sample_rounding:
            return int(limit * (self._finer_uniform() if limit > self._coarse_from() else self.uniform()))
        bits = math.ceil(math.log2(limit))
        mask = (1 << bits) - 1
        while True:
            value = 0
            for _ in range(0, bits + 1, 16):
                value = 65536 * value + int(self.uniform() * 65536)
            value &= mask
            if value < limit:
                return value

    def _coarse_from(self) -> float:
        """Above which limit one uniform number is too coarse."""
        return 33554431.0 if self.kind.startswith("Knuth") else 2147483647.0

    def _finer_uniform(self) -> float:
        coarse = math.floor(33554432.0 * self.uniform())
        return (coarse + self.uniform()) / 33554432.0

    def indices(self, limit: float, count: int) -> np.ndarray:
        """`count` draws of `index(limit)`, with replacement."""
        if count < 20 or limit <= 1 or limit > 2**31 or self.sample_rounding:
            return np.array([self.index(limit) for _ in range(count)], dtype=np.int64)
        bits = math.ceil(math.log2(limit))
        made = np.empty(count, dtype=np.int64)
        place = 0
        while place < count:
            # As many attempts as are missing at least: none is drawn that a draw by itself would not have made.
            fitting = self._attempts(bits, count - place)
            fitting = fitting[fitting < limit]
            made[place : place + len(fitting)] = fitting
            place += len(fitting)
        return made

    def _attempts(self, bits: int, count: int) -> np.ndarray:
        """`count` random integers of so many bits, as `index` makes them before it looks whether they fit."""
        parts = (self.uniforms(count * (bits // 16 + 1)) * 65536).astype(np.int64).reshape(count, -1)
        value = parts[:, 0]
        for at in range(1, parts.shape[1]):
            value = 65536 * value + parts[:, at]
        return value & ((1 << bits) - 1)

    def shrinking_indices(self, limit: int, count: int) -> list[int]:
        """`index(limit)`, `index(limit - 1)` and so on, `count` of them."""
        made: list[int] = []
        if count < 20 or limit > 2**31 or self.sample_rounding:
            return [self.index(limit - at) for at in range(count)]
        while len(made) < count and limit > 1:
            bits = (limit - 1).bit_length()
            # Those that need as many bits, and as many attempts as they take at least.
            steps = min(count - len(made), limit - (1 << (bits - 1)))
            for value in self._attempts(bits, steps).tolist():
                if value < limit:
                    made.append(value)
                    limit -= 1
        if len(made) < count:
            made.append(self.index(limit))
        return made


GENERATOR = Generator()
