"""The uniform generators besides Mersenne Twister, by R's names and with R's seeding.

Each holds its state as the 32-bit words that `.Random.seed` shows.

Sources: Wichmann and Hill (1982), algorithm AS 183; Marsaglia (1997), multiply with carry; Marsaglia, "Super-Duper"
(Reeds, Vaughn and Atkinson's version); Knuth, The Art of Computer Programming 2, section 3.6, of 1997 and of 2002;
L'Ecuyer (1999), combined multiple recursive generator MRG32k3a.
"""

from __future__ import annotations

WORD = 0xFFFFFFFF
NEAR_ZERO = 0.5 * 2.328306437080797e-10
_PER_WORD = 2.328306437080797e-10
_PER_KNUTH = 9.31322574615479e-10

L_ECUYER_MODULI = (4294967087, 4294944443)
_L_ECUYER_SCALE = 2.328306549295727688e-10

_LAG, _SHORT_LAG = 100, 37
_KNUTH_MODULUS = 1 << 30
_KNUTH_QUALITY = 1009
_SEPARATION = 70


def within(value: float) -> float:
    """A number kept off 0 and 1."""
    return NEAR_ZERO if value <= 0.0 else 1.0 - NEAR_ZERO if 1.0 - value <= 0.0 else value


class WordGenerator:
    """A generator whose state are `size` words.

    Attributes:
        words: the state.
    """

    size = 0

    def __init__(self) -> None:
        self.words: list[int] = []

    def seed(self, value: int) -> None:
        """Start from words that R's congruential scrambling makes of a number."""
        words = []
        for _ in range(self.size):
            value = (69069 * value + 1) & WORD
            words.append(value)
        self.restore(words)

    def restore(self, words: list[int]) -> None:
        """Continue from a state, mended where no such state may be."""
        self.words = words

    def next(self) -> float:
        """One number in (0, 1)."""
        raise NotImplementedError


class WichmannHill(WordGenerator):
    """Three small congruential generators added up."""

    size = 3

    def restore(self, words: list[int]) -> None:
        self.words = [word % modulus or 1 for word, modulus in zip(words, (30269, 30307, 30323), strict=True)]

    def next(self) -> float:
        first, second, third = self.words
        self.words = [first * 171 % 30269, second * 172 % 30307, third * 170 % 30323]
        value = self.words[0] / 30269.0 + self.words[1] / 30307.0 + self.words[2] / 30323.0
        return within(value - int(value))


class MarsagliaMulticarry(WordGenerator):
    """Two multiply-with-carry generators of 16 bits side by side."""

    size = 2

    def restore(self, words: list[int]) -> None:
        self.words = [word or 1 for word in words]

    def next(self) -> float:
        high = (36969 * (self.words[0] & 0xFFFF) + (self.words[0] >> 16)) & WORD
        low = (18000 * (self.words[1] & 0xFFFF) + (self.words[1] >> 16)) & WORD
        self.words = [high, low]
        return within((((high << 16) & WORD) ^ (low & 0xFFFF)) * _PER_WORD)


class SuperDuper(WordGenerator):
    """A shift register and a congruential generator, bit by bit added."""

    size = 2

    def restore(self, words: list[int]) -> None:
        self.words = [words[0] or 1, words[1] | 1]

    def next(self) -> float:
        register, product = self.words
        register ^= register >> 15
        register ^= (register << 17) & WORD
        product = product * 69069 & WORD
        self.words = [register, product]
        return within((register ^ product) * _PER_WORD)


class LEcuyer(WordGenerator):
    """Two recursive generators of order three, subtracted."""

    size = 6

    def seed(self, value: int) -> None:
        words = []
        for _ in range(self.size):
            value = (69069 * value + 1) & WORD
            while value >= L_ECUYER_MODULI[1]:
                value = (69069 * value + 1) & WORD
            words.append(value)
        self.restore(words)

    def next(self) -> float:
        a, b, c, d, e, f = self.words
        first = (1403580 * b - 810728 * a) % L_ECUYER_MODULI[0]
        second = (527612 * f - 1370589 * d) % L_ECUYER_MODULI[1]
        self.words = [b, c, first, e, f, second]
        return (first - second if first > second else first - second + L_ECUYER_MODULI[0]) * _L_ECUYER_SCALE


class Knuth(WordGenerator):
    """Subtractive lagged Fibonacci numbers; the last word is the place in the hundred that are there.

    The two editions of the book start it differently.
    """

    size = 101

    def __init__(self, edition: int) -> None:
        super().__init__()
        self.edition = edition

    def seed(self, value: int) -> None:
        start = _started_1997 if self.edition == 1997 else _started_2002
        self.words = [*start(value % 1073741821), 100]

    def restore(self, words: list[int]) -> None:
        self.words = [*words[:-1], words[-1] if words[-1] > 0 else 100]

    def next(self) -> float:
        if self.words[-1] >= 100:
            self.words = [*_stepped(self.words[:-1], _KNUTH_QUALITY)[1], 0]
        self.words[-1] += 1
        return within(self.words[self.words[-1] - 1] * _PER_KNUTH)


def _stepped(state: list[int], count: int) -> tuple[list[int], list[int]]:
    """So many numbers of the recurrence, and the state after them."""
    made = list(state)
    for at in range(_LAG, count + _LAG):
        made.append((made[at - _LAG] - made[at - _SHORT_LAG]) % _KNUTH_MODULUS)
    return made[:count], made[count : count + _LAG]


def _doubled(seed: int) -> list[int]:
    """The start of both editions: a number doubled a hundred times."""
    words = []
    value = (seed + 2) & (_KNUTH_MODULUS - 2)
    for _ in range(_LAG):
        words.append(value)
        value <<= 1
        if value >= _KNUTH_MODULUS:
            value -= _KNUTH_MODULUS - 2
    words[1] += 1
    return words + [0] * (_LAG - 1)


def _turned(words: list[int]) -> list[int]:
    """The hundred words, beginning with the short lag."""
    return words[_SHORT_LAG:_LAG] + words[:_SHORT_LAG]


def _minus(left: int, right: int) -> int:
    return (left - right) & (_KNUTH_MODULUS - 1)


def _started_2002(seed: int) -> list[int]:
    x = _doubled(seed)
    bits, turns = seed & (_KNUTH_MODULUS - 1), _SEPARATION - 1
    while turns:
        for j in range(_LAG - 1, 0, -1):
            x[j + j], x[j + j - 1] = x[j], 0
        for j in range(2 * _LAG - 2, _LAG - 1, -1):
            x[j - (_LAG - _SHORT_LAG)] = _minus(x[j - (_LAG - _SHORT_LAG)], x[j])
            x[j - _LAG] = _minus(x[j - _LAG], x[j])
        if bits & 1:
            x[1 : _LAG + 1] = x[:_LAG]
            x[0] = x[_LAG]
            x[_SHORT_LAG] = _minus(x[_SHORT_LAG], x[_LAG])
        if bits:
            bits >>= 1
        else:
            turns -= 1
    state = _turned(x)
    for _ in range(10):
        state = _stepped(state, 2 * _LAG - 1)[1]
    return state


def _started_1997(seed: int) -> list[int]:
    x = _doubled(seed)
    even = _KNUTH_MODULUS - 2
    bits, turns = seed & (_KNUTH_MODULUS - 1), _SEPARATION - 1
    while turns:
        for j in range(_LAG - 1, 0, -1):
            x[j + j] = x[j]
        for j in range(2 * _LAG - 2, _LAG - _SHORT_LAG, -2):
            x[2 * _LAG - 1 - j] = x[j] & even
        for j in range(2 * _LAG - 2, _LAG - 1, -1):
            if x[j] & 1:
                x[j - (_LAG - _SHORT_LAG)] = _minus(x[j - (_LAG - _SHORT_LAG)], x[j])
                x[j - _LAG] = _minus(x[j - _LAG], x[j])
        if bits & 1:
            x[1 : _LAG + 1] = x[:_LAG]
            x[0] = x[_LAG]
            if x[_LAG] & 1:
                x[_SHORT_LAG] = _minus(x[_SHORT_LAG], x[_LAG])
        if bits:
            bits >>= 1
        else:
            turns -= 1
    return _turned(x)


_L_ECUYER_STEPS = (((0, 1, 0), (0, 0, 1), (-810728, 1403580, 0)), ((0, 1, 0), (0, 0, 1), (-1370589, 0, 527612)))


def l_ecuyer_ahead(words: list[int], doublings: int) -> list[int]:
    """The state of L'Ecuyer's generator after ``2**doublings`` numbers: where another stream begins."""
    ahead: list[int] = []
    for part, (step, modulus) in enumerate(zip(_L_ECUYER_STEPS, L_ECUYER_MODULI, strict=True)):
        matrix = [list(row) for row in step]
        for _ in range(doublings):
            columns = list(zip(*matrix, strict=True))
            matrix = [[sum(a * b for a, b in zip(row, column, strict=True)) % modulus for column in columns] for row in matrix]
        state = words[3 * part : 3 * part + 3]
        ahead.extend(sum(a * b for a, b in zip(row, state, strict=True)) % modulus for row in matrix)
    return ahead


def made_generator(kind: str) -> WordGenerator | None:
    """A generator by R's name; None for Mersenne Twister, which is not of this kind."""
    if kind == "Mersenne-Twister":
        return None
    if kind.startswith("Knuth"):
        return Knuth(2002 if kind.endswith("2002") else 1997)
    simple: dict[str, type[WordGenerator]] = {
        "Wichmann-Hill": WichmannHill, "Marsaglia-Multicarry": MarsagliaMulticarry, "Super-Duper": SuperDuper,
        "L'Ecuyer-CMRG": LEcuyer,
    }
    return simple[kind]()
