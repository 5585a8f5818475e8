"""Event files that TensorBoard reads: records of protocol buffers, written without TensorFlow.

A record is its length, a checksum of the length, the data, a checksum of the data. The data is an `Event`: time, step,
and a `Summary` of values.
"""

from __future__ import annotations

import itertools
import os
import socket
import struct
import time
import zlib
from collections.abc import Iterable

import numpy as np

_counter = itertools.count()
_BUCKETS = 30


class EventFile:
    """A file of events in a folder, which is made when it is missing.

    Args:
        folder: str, the folder; TensorBoard shows all files of a folder as one run.

    Example:
        >>> import os, tempfile
        >>> from pipekeras.callbacks.event_file import EventFile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = EventFile(folder)
        ...     file.add_scalar("loss", 0.5, step=1)
        ...     file.close()
        ...     len(os.listdir(folder))
        1
    """

    def __init__(self, folder: str) -> None:
        os.makedirs(folder, exist_ok=True)
        host = socket.gethostname().replace(os.sep, "_")
        name = f"events.out.tfevents.{int(time.time())}.{host}.{os.getpid()}.{next(_counter)}.v2"
        self.path = os.path.join(folder, name)
        # The name can be foretold: "x" makes a new file or none, and goes along no link that somebody put there.
        self._stream = open(self.path, "xb")  # noqa: SIM115 - open while training
        self._write(_double(1, time.time()) + _text(3, "brain.Event:2"))
        self.flush()

    def add_scalar(self, tag: str, value: float, step: int) -> None:
        """Add a number."""
        self._add(step, _text(1, tag) + _float(2, value))

    def add_histogram(self, tag: str, values: np.ndarray, step: int) -> None:
        """Add how values are distributed."""
        flat = np.asarray(values, np.float64).reshape(-1)
        flat = flat[np.isfinite(flat)]
        if not flat.size:
            return
        counts, edges = np.histogram(flat, _BUCKETS)
        histogram = (
            _double(1, flat.min())
            + _double(2, flat.max())
            + _double(3, flat.size)
            + _double(4, flat.sum())
            + _double(5, np.square(flat).sum())
            + _bytes(6, edges[1:].astype("<f8").tobytes())
            + _bytes(7, counts.astype("<f8").tobytes())
        )
        self._add(step, _text(1, tag) + _bytes(5, histogram))

    def add_image(self, tag: str, pixels: np.ndarray, step: int) -> None:
        """Add a grey picture, shape (height, width), values 0 to 255."""
        height, width = pixels.shape
        picture = _integer(1, height) + _integer(2, width) + _integer(3, 1) + _bytes(4, _png(pixels))
        self._add(step, _text(1, tag) + _bytes(4, picture))

    def add_text(self, tag: str, text: str, step: int, plugin: str, content: bytes = b"") -> None:
        """Add a text for one of TensorBoard's plugins."""
        metadata = _bytes(1, _text(1, plugin) + _bytes(2, content))
        # Type 7 is a string; the empty shape is that of a scalar.
        tensor = _integer(1, 7) + _bytes(2, b"") + _text(8, text)
        self._add(step, _text(1, tag) + _bytes(9, metadata) + _bytes(8, tensor))

    def flush(self) -> None:
        """Hand everything to the system, so that TensorBoard sees it."""
        self._stream.flush()

    def close(self) -> None:
        """Flush and close."""
        self._stream.close()

    def _add(self, step: int, value: bytes) -> None:
        self._write(_double(1, time.time()) + _integer(2, step) + _bytes(5, _bytes(1, value)))

    def _write(self, data: bytes) -> None:
        length = struct.pack("<Q", len(data))
        self._stream.write(length + _masked_checksum(length) + data + _masked_checksum(data))


def _integer(field: int, value: int) -> bytes:
    return _number(field << 3) + _number(int(value))


def _double(field: int, value: float) -> bytes:
    return _number(field << 3 | 1) + struct.pack("<d", value)


def _float(field: int, value: float) -> bytes:
    return _number(field << 3 | 5) + struct.pack("<f", value)


def _bytes(field: int, value: bytes) -> bytes:
    return _number(field << 3 | 2) + _number(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode("utf-8"))


def _number(value: int) -> bytes:
    """A whole number in groups of seven bits, the lowest first."""
    value &= (1 << 64) - 1
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)


def _checksum_table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _checksum_table()


def _checksum(data: Iterable[int]) -> int:
    """CRC-32C (Castagnoli).

    >>> hex(_checksum(b"123456789"))
    '0xe3069283'
    """
    value = 0xFFFFFFFF
    for byte in data:
        value = value >> 8 ^ _TABLE[(value ^ byte) & 0xFF]
    return value ^ 0xFFFFFFFF


def _masked_checksum(data: bytes) -> bytes:
    """The checksum, turned and shifted as the format wants it."""
    value = _checksum(data)
    return struct.pack("<I", ((value >> 15 | value << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def _png(pixels: np.ndarray) -> bytes:
    """A grey picture as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = pixels.shape
    lines = np.zeros((height, width + 1), np.uint8)
    lines[:, 1:] = np.clip(np.round(pixels), 0, 255)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(lines.tobytes())
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
