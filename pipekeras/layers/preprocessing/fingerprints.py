"""Hashes of texts that are the same on every machine: FarmHash's 64-bit fingerprint, keyed SipHash, and their crossing.

Source: FarmHash (Pike and Alakuijala, farmhashna); Aumasson and Bernstein (2012), SipHash: a fast short-input PRF.
"""

from __future__ import annotations

_ALL = (1 << 64) - 1
_K0, _K1, _K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F
_CROSSING = 0xC6A4A7935BD1E995


def fingerprint64(text: bytes) -> int:
    """Return FarmHash's fingerprint of some bytes.

    >>> hex(fingerprint64(b"abc"))
    '0x24a5b3a074e7f369'
    """
    length = len(text)
    if length <= 16:
        return _up_to_16(text, length)
    if length <= 32:
        return _up_to_32(text, length)
    if length <= 64:
        return _up_to_64(text, length)
    return _longer(text, length)


def _word(text: bytes, at: int) -> int:
    return int.from_bytes(text[at : at + 8], "little")


def _rotated(value: int, by: int) -> int:
    return (value >> by) | (value << (64 - by)) & _ALL


def _mixed(value: int) -> int:
    return value ^ (value >> 47)


def _joined(first: int, second: int, factor: int) -> int:
    a = _mixed(((first ^ second) * factor) & _ALL)
    b = _mixed(((second ^ a) * factor) & _ALL)
    return (b * factor) & _ALL


def _up_to_16(text: bytes, length: int) -> int:
    factor = (_K2 + length * 2) & _ALL
    if length >= 8:
        a = (_word(text, 0) + _K2) & _ALL
        b = _word(text, length - 8)
        c = (_rotated(b, 37) * factor + a) & _ALL
        d = ((_rotated(a, 25) + b) * factor) & _ALL
        return _joined(c, d, factor)
    if length >= 4:
        first = int.from_bytes(text[:4], "little")
        last = int.from_bytes(text[-4:], "little")
        return _joined((length + (first << 3)) & _ALL, last, factor)
    if length:
        y = text[0] + (text[length >> 1] << 8)
        z = length + (text[-1] << 2)
        return (_mixed((y * _K2 & _ALL) ^ (z * _K0 & _ALL)) * _K2) & _ALL
    return _K2


def _ends(text: bytes, length: int, by: int) -> tuple[int, int, int, int, int]:
    """Return the factor of the length, and the first and last two words, multiplied."""
    factor = (_K2 + length * 2) & _ALL
    a = (_word(text, 0) * by) & _ALL
    c = (_word(text, length - 8) * factor) & _ALL
    d = (_word(text, length - 16) * _K2) & _ALL
    return factor, a, _word(text, 8), c, d


def _up_to_32(text: bytes, length: int) -> int:
    factor, a, b, c, d = _ends(text, length, _K1)
    first = _rotated((a + b) & _ALL, 43) + _rotated(c, 30) + d
    second = a + _rotated((b + _K2) & _ALL, 18) + c
    return _joined(first & _ALL, second & _ALL, factor)


def _up_to_64(text: bytes, length: int) -> int:
    factor, a, b, c, d = _ends(text, length, _K2)
    y = (_rotated((a + b) & _ALL, 43) + _rotated(c, 30) + d) & _ALL
    z = _joined(y, (a + _rotated((b + _K2) & _ALL, 18) + c) & _ALL, factor)
    e = (_word(text, 16) * factor) & _ALL
    f = _word(text, 24)
    g = ((y + _word(text, length - 32)) * factor) & _ALL
    h = ((z + _word(text, length - 24)) * factor) & _ALL
    first = _rotated((e + f) & _ALL, 43) + _rotated(g, 30) + h
    second = e + _rotated((f + a) & _ALL, 18) + g
    return _joined(first & _ALL, second & _ALL, factor)


def _weak(text: bytes, at: int, a: int, b: int) -> tuple[int, int]:
    """Return two hashes of 32 bytes and two seeds."""
    w, x, y, z = (_word(text, at + place) for place in (0, 8, 16, 24))
    a = (a + w) & _ALL
    b = _rotated((b + a + z) & _ALL, 21)
    c = a
    a = (a + x + y) & _ALL
    b = (b + _rotated(a, 44)) & _ALL
    return (a + z) & _ALL, (b + c) & _ALL


def _longer(text: bytes, length: int) -> int:
    y = (81 * _K1 + 113) & _ALL
    z = (_mixed((y * _K2 + 113) & _ALL) * _K2) & _ALL
    v = w = (0, 0)
    x = (81 * _K2 + _word(text, 0)) & _ALL
    end = (length - 1) // 64 * 64
    at, factor, ninefold, tail = 0, _K1, 1, 0
    while True:
        x = (_rotated((x + y + v[0] + _word(text, at + 8)) & _ALL, 37) * factor) & _ALL
        y = (_rotated((y + v[1] + _word(text, at + 48)) & _ALL, 42) * factor) & _ALL
        x ^= (w[1] * ninefold) & _ALL
        y = (y + v[0] * ninefold + _word(text, at + 40)) & _ALL
        z = (_rotated((z + w[0]) & _ALL, 33) * factor) & _ALL
        v = _weak(text, at, (v[1] * factor) & _ALL, (x + w[0]) & _ALL)
        w = _weak(text, at + 32, (z + w[1]) & _ALL, (y + _word(text, at + 16)) & _ALL)
        z, x = x, z
        if ninefold == 9:
            break
        at += 64
        if at == end:
            # The last 64 bytes overlap with those before; they are mixed with other factors.
            factor = (_K1 + ((z & 0xFF) << 1)) & _ALL
            at, ninefold, tail = length - 64, 9, (length - 1) & 63
            w = ((w[0] + tail) & _ALL, w[1])
            v = ((v[0] + w[0]) & _ALL, v[1])
            w = ((w[0] + v[0]) & _ALL, w[1])
    first = (_joined(v[0], w[0], factor) + _mixed(y) * _K0 + z) & _ALL
    return _joined(first, (_joined(v[1], w[1], factor) + x) & _ALL, factor)


def keyed_hash64(text: bytes, key: tuple[int, int]) -> int:
    """Return SipHash-2-4 of some bytes under a key of two whole numbers.

    >>> hex(keyed_hash64(b"", (0x0706050403020100, 0x0F0E0D0C0B0A0908)))
    '0x726fdb47dd0e0e31'
    """
    first, second = key[0] & _ALL, key[1] & _ALL
    state = [first ^ 0x736F6D6570736575, second ^ 0x646F72616E646F6D, first ^ 0x6C7967656E657261, second ^ 0x7465646279746573]
    whole = len(text) // 8 * 8
    for at in range(0, whole, 8):
        _absorb(state, _word(text, at))
    _absorb(state, int.from_bytes(text[whole:], "little") | (len(text) & 0xFF) << 56)
    state[2] ^= 0xFF
    for _ in range(4):
        _round(state)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _absorb(state: list[int], word: int) -> None:
    state[3] ^= word
    _round(state)
    _round(state)
    state[0] ^= word


def _round(state: list[int]) -> None:
    a, b, c, d = state
    a = (a + b) & _ALL
    b = _turned(b, 13) ^ a
    a = _turned(a, 32)
    c = (c + d) & _ALL
    d = _turned(d, 16) ^ c
    a = (a + d) & _ALL
    d = _turned(d, 21) ^ a
    c = (c + b) & _ALL
    b = _turned(b, 17) ^ c
    c = _turned(c, 32)
    state[:] = a, b, c, d


def _turned(value: int, by: int) -> int:
    return (value << by) & _ALL | value >> (64 - by)


def crossed(first: int, second: int) -> int:
    """Return one fingerprint of two."""
    result = first ^ _CROSSING
    result ^= (_mixed((second * _CROSSING) & _ALL) * _CROSSING) & _ALL
    result = (result * _CROSSING) & _ALL
    result = (_mixed(result) * _CROSSING) & _ALL
    return _mixed(result)
