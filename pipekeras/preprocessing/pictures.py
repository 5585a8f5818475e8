"""Pictures in files: PNG is read and written here, other formats by the optional package Pillow."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from pipekeras.core.errors import ConfigurationError, DataError, FileFormatError

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_LONGEST_SIDE = 65_535
_LONG = 100_000
"""Bytes from which a picture is unfiltered by diagonals."""
_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error, MemoryError)
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "ICO", "TGA")
LARGEST_PICTURE = 1 << 28
"""Bytes that a picture may have unpacked; a file that claims more is refused before it is unpacked."""


def read_picture(path: Any) -> np.ndarray:
    """Return a picture as uint8 of shape (height, width, channels), with 1 to 4 channels.

    Args:
        path: file; PNG, or with Pillow anything that it reads.

    Raises:
        DataError: there is no such file, or Pillow is needed and missing.
        FileFormatError: the file is damaged.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as problem:
        raise DataError(f"the picture {path} can't be read: {problem.strerror}") from None
    return decode_picture(content, str(path))


def decode_picture(content: bytes, name: str = "picture") -> np.ndarray:
    """Return a picture held in bytes as uint8 of shape (height, width, channels).

    Args:
        content: bytes of a PNG file, or with Pillow of any other.
        name: str, what messages call it.
    """
    if content.startswith(_SIGNATURE):
        try:
            return _decode_png(content)
        except _NotHere:
            pass
        except (ValueError, struct.error, zlib.error, IndexError, KeyError) as problem:
            raise FileFormatError(f"{name} is a damaged PNG file: {problem}") from None
    return _by_pillow(content, name)


class _NotHere(Exception):
    """A kind of PNG that is left to Pillow."""


def _decode_png(content: bytes) -> np.ndarray:
    place, header, palette, transparency, packed = len(_SIGNATURE), b"", b"", b"", []
    while place < len(content):
        size, kind = struct.unpack(">I4s", content[place : place + 8])
        body = content[place + 8 : place + 8 + size]
        if len(body) != size:
            raise ValueError("it ends too early")
        place += size + 12
        if kind == b"IHDR":
            header = body
        elif kind == b"PLTE":
            palette = body
        elif kind == b"tRNS":
            transparency = body
        elif kind == b"IDAT":
            packed.append(body)
        elif kind == b"IEND":
            break
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    channels = _CHANNELS[colour]
    if interlaced or (depth != 8 and not (depth < 8 and channels == 1)):
        raise _NotHere
    line = (width * channels * depth + 7) // 8
    if height * (line + 1) > LARGEST_PICTURE or max(width, height) > _LONGEST_SIDE:
        raise ValueError(f"{width} x {height} is too large")
    unpacker = zlib.decompressobj()
    raw = unpacker.decompress(b"".join(packed), height * (line + 1))
    if len(raw) < height * (line + 1):
        raise ValueError("it ends too early")
    rows = _unfiltered(np.frombuffer(raw, np.uint8, height * (line + 1)).reshape(height, line + 1), channels)
    if depth < 8:
        bits = np.unpackbits(rows, axis=1).reshape(height, -1, depth)[:, :width]
        rows = (bits @ (1 << np.arange(depth)[::-1])).astype(np.uint8)
        if colour == 0:
            rows = (rows * (255 // (2**depth - 1))).astype(np.uint8)
    picture = rows.reshape(height, width, channels)
    if colour != 3:
        return picture.copy()
    table = np.frombuffer(palette, np.uint8).reshape(-1, 3)
    if transparency:
        opacity = np.full((len(table), 1), 255, np.uint8)
        opacity[: len(transparency), 0] = np.frombuffer(transparency, np.uint8)[: len(table)]
        table = np.concatenate([table, opacity], axis=1)
    return table[picture[..., 0]]


def _unfiltered(lines: np.ndarray, step: int) -> np.ndarray:
    """Undo PNG's line filters: each line tells differences to the pixel at its left, above, or both."""
    kinds, width = lines[:, 0], (lines.shape[1] - 1) // step
    if kinds.max(initial=0) <= 4 and np.count_nonzero(kinds >= 3) * lines.shape[1] > _LONG and width > 1:
        return _unfiltered_by_diagonals(lines[:, 1:].reshape(len(lines), width, step), kinds)
    made = lines[:, 1:].copy()
    above = np.zeros(made.shape[1], np.uint8)
    for row, kind in zip(made, lines[:, 0], strict=True):
        if kind == 1:
            for channel in range(step):
                row[channel::step] = np.cumsum(row[channel::step], dtype=np.uint8)
        elif kind == 2:
            row += above
        elif kind in (3, 4):
            _unfilter_slowly(row, above, step, kind == 3)
        elif kind:
            raise ValueError(f"unknown filter {kind}")
        above = row
    return made


def _unfiltered_by_diagonals(differences: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """Undo all filters at once: what a pixel rests on, left, above and at the corner, lies on the two diagonals before it."""
    height, width, step = differences.shape
    made = np.empty((height * width, step), np.uint8)
    flat = differences.reshape(height * width, step)
    left_kind, above_kind, mean_kind, corner_kind = (kinds[:, None] == kind for kind in (1, 2, 3, 4))
    # Row r of a diagonal is at r + 1; the row before the first, and what is left of a row, are zeros.
    last, before = np.zeros((height + 1, step), np.int16), np.zeros((height + 1, step), np.int16)
    for diagonal in range(width + height - 1):
        first, end = max(0, diagonal - width + 1), min(height, diagonal + 1)
        places = slice(diagonal + first * (width - 1), diagonal + (end - 1) * (width - 1) + 1, width - 1)
        left, above, corner = last[first + 1 : end + 1], last[first:end], before[first:end]
        if end == diagonal + 1:
            left[-1] = 0
        to_left, to_above = above - corner, left - corner
        to_corner = np.abs(to_left + to_above)
        to_left, to_above = np.abs(to_left), np.abs(to_above)
        nearest = np.where(to_above <= to_corner, above, corner)
        nearest = np.where((to_left <= to_above) & (to_left <= to_corner), left, nearest)
        rows = slice(first, end)
        guess = left * left_kind[rows] + above * above_kind[rows] + nearest * corner_kind[rows]
        guess += ((left + above) >> 1) * mean_kind[rows]
        values = (flat[places] + guess) & 255
        made[places] = values
        # The diagonal before the last has served; its memory takes the new one.
        before[:] = last
        last[first + 1 : end + 1] = values
        if diagonal + 1 < height:
            last[diagonal + 2], before[diagonal + 2] = 0, 0
    return made.reshape(height, width * step)


def _unfilter_slowly(row: np.ndarray, above: np.ndarray, step: int, average: bool) -> None:
    values, top = row.tolist(), above.tolist()
    for place in range(len(values)):
        left = values[place - step] if place >= step else 0
        up = top[place]
        if average:
            guess = (left + up) // 2
        else:
            corner = top[place - step] if place >= step else 0
            to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
            guess = left if to_left <= to_up and to_left <= to_corner else up if to_up <= to_corner else corner
        values[place] = (values[place] + guess) & 255
    row[:] = values


def _pillow(name: str) -> Any:
    try:
        from PIL import Image
    except ImportError:
        raise DataError(
            f"{name} is not a plain PNG file, and other pictures need the package Pillow",
            mend="pip install pillow, or convert the pictures to PNG",
        ) from None
    return Image


def _by_pillow(content: bytes, name: str) -> np.ndarray:
    import io

    image = _pillow(name)
    try:
        # Formats of pixels only: others start programs (EPS) or hold what is no picture.
        with image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            width, height = opened.size
            if width * height * 4 > LARGEST_PICTURE or max(width, height) > _LONGEST_SIDE:
                raise ValueError(f"{width} x {height} is too large")
            plain = opened if opened.mode in ("L", "LA", "RGB", "RGBA") else opened.convert("RGB")
            found = np.asarray(plain, np.uint8)
    except (*_DAMAGE, image.DecompressionBombError) as problem:
        raise FileFormatError(f"{name} is no picture that can be read: {problem}") from None
    return found if found.ndim == 3 else found[..., None]


def write_picture(path: Any, picture: np.ndarray, file_format: str | None = None) -> None:
    """Write a picture.

    Args:
        path: file.
        picture: uint8 of shape (height, width, channels).
        file_format: str, such as "png"; default by the file's suffix.
    """
    kind = (file_format or Path(path).suffix.lstrip(".") or "png").lower()
    if kind != "png":
        squeezed = picture[..., 0] if picture.shape[-1] == 1 else picture
        _pillow(str(path)).fromarray(squeezed).save(path, format="jpeg" if kind == "jpg" else kind)
        return
    Path(path).write_bytes(encode_png(picture))


def encode_png(picture: np.ndarray) -> bytes:
    """Return a picture as the bytes of a PNG file.

    Args:
        picture: uint8 of shape (height, width, channels).

    Example:
        >>> import numpy as np
        >>> from pipekeras.preprocessing.pictures import decode_picture, encode_png
        >>> picture = np.arange(12, dtype="uint8").reshape(2, 2, 3)
        >>> bool((decode_picture(encode_png(picture)) == picture).all())
        True
    """
    height, width, channels = picture.shape
    colour = {count: code for code, count in _CHANNELS.items() if code != 3}.get(channels)
    if colour is None:
        raise ConfigurationError(f"a picture has 1 to 4 channels, not {channels}")

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    lines = np.zeros((height, width * channels + 1), np.uint8)
    lines[:, 1:] = picture.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return _SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines.tobytes(), 6)) + chunk(b"IEND", b"")
