"""R's own file format for values (XDR serialization, versions 2 and 3): data only, code is refused.

Reads and writes NULL, vectors of every kind, lists, attributes and symbols. Functions, environments and language
objects never pass: a file that holds them is refused with a word on what it holds.

Source: "R Internals", section 1.8, "Serialization Formats".
"""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np
from pipekeras.grammar.nodes import Symbol
from pipekeras.grammar.values import NA_INTEGER, NULL, Vector, character, object_array
from pipekeras.grammar.vectors.report import fail

HEADER = b"X\n"
CODES = {"logical": 10, "integer": 13, "double": 14, "complex": 15, "character": 16, "list": 19, "expression": 20, "raw": 24}
KINDS = {code: kind for kind, code in CODES.items()}
SYMBOL, PAIRLIST, TEXT, ALTERNATIVE = 1, 2, 9, 238
NULL_CODE, REFERENCE = 254, 255
REFUSED = {3: "a function", 4: "an environment", 5: "a promise", 6: "language", 7: "a builtin", 8: "a builtin",
           21: "bytecode", 22: "an external pointer", 25: "an S4 object"}  # fmt: skip
HAS_OBJECT, HAS_ATTRIBUTES, HAS_TAG = 1 << 8, 1 << 9, 1 << 10
DEEPEST = 2000
LONGEST_SEQUENCE = 2**26
"""Elements of all sequences together that a file tells by begin and length alone."""


class Reader:
    """Reads one value out of serialized bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.references: list[Any] = []
        self.depth = 0
        self.compact = 0

    def take(self, count: int) -> bytes:
        """The next bytes; an error when the file ends before."""
        piece = self.data[self.at : self.at + count]
        if count < 0 or len(piece) != count:
            fail("read error: the file is truncated or damaged")
        self.at += count
        return piece

    def whole(self) -> int:
        """The next 32-bit integer."""
        return int(struct.unpack(">i", self.take(4))[0])

    def length(self) -> int:
        """The next vector length."""
        size = self.whole()
        if size == -1:
            size = (self.whole() << 32) + (self.whole() & 0xFFFFFFFF)
        if size < 0 or size > len(self.data):
            fail("read error: the file is truncated or damaged")
        return size

    def start(self) -> None:
        """Check the header."""
        if self.take(2) != HEADER:
            fail("unknown input format", mend="only R's binary XDR format can be read")
        version = self.whole()
        self.take(8)
        if version == 3:
            self.take(self.whole())
        elif version != 2:
            fail(f"cannot read serialization version {version}")

    def value(self) -> Any:
        """The next value."""
        self.depth += 1
        if self.depth > DEEPEST:
            fail("the file nests values too deeply")
        try:
            return self._value()
        finally:
            self.depth -= 1

    def _value(self) -> Any:
        flags = self.whole()
        code = flags & 0xFF
        if code == NULL_CODE:
            return NULL
        if code == REFERENCE:
            index = (flags >> 8) or self.whole()
            if not 1 <= index <= len(self.references):
                fail("read error: the file is damaged")
            return self.references[index - 1]
        if code == SYMBOL:
            made = Symbol(self.text() or "NA")
            self.references.append(made)
            return made
        if code == PAIRLIST:
            return self._pairs(flags)
        if code == ALTERNATIVE:
            return self._alternative()
        if code == TEXT:
            self.at -= 4
            return character([self.text()])
        if code not in KINDS:
            fail(f"the file holds {REFUSED.get(code, f'an object of type {code}')}, which is not supported: only data is read")
        vector = self._vector(KINDS[code])
        if flags & HAS_ATTRIBUTES:
            attributes = self._attributes()
            if not _fitting(vector, attributes):
                fail("read error: the file is damaged: it holds attributes that do not fit their vector")
            return vector.with_attributes(attributes or None)
        return vector

    def text(self) -> str | None:
        """The next text."""
        flags = self.whole()
        size = self.whole()
        if size == -1:
            return None
        raw = self.take(size)
        return raw.decode("latin-1" if flags & (1 << 14) else "utf-8", "replace")

    def _vector(self, kind: str) -> Vector:
        size = self.length()
        if kind in ("logical", "integer"):
            return Vector(kind, np.frombuffer(self.take(4 * size), ">i4").astype(np.int32))
        if kind == "double":
            return Vector(kind, np.frombuffer(self.take(8 * size), ">u8").astype(np.uint64).view(np.float64))
        if kind == "complex":
            return Vector(kind, np.frombuffer(self.take(16 * size), ">u8").astype(np.uint64).view(np.complex128))
        if kind == "raw":
            return Vector(kind, np.frombuffer(self.take(size), np.uint8))
        if kind == "character":
            return Vector(kind, object_array([self.text() for _ in range(size)]))
        return Vector(kind, object_array([self.value() for _ in range(size)]))

    def _tag(self) -> str:
        tag = self.value()
        return tag.name if isinstance(tag, Symbol) else ""

    def _pairs(self, flags: int) -> Any:
        values: list[Any] = []
        names: list[str | None] = []
        while flags & 0xFF == PAIRLIST:
            if flags & HAS_ATTRIBUTES:
                self.value()
            names.append(self._tag() if flags & HAS_TAG else "")
            values.append(self.value())
            flags = self.whole()
        if flags & 0xFF != NULL_CODE:
            self.at -= 4
            names.append("")
            values.append(self.value())
        return Vector("list", object_array(values), {"names": character(names)} if any(names) else None)

    def _attributes(self) -> dict[str, Any]:
        pairs = self.value()
        if pairs is NULL:
            return {}
        names = pairs.attributes["names"].items() if pairs.attributes else []
        return {str(name): value for name, value in zip(names, pairs.data, strict=False)}

    def _alternative(self) -> Any:
        info = self.value()
        state = self.value()
        extra = self.value()
        name = info.data[0].name if type(info) is Vector and len(info) and isinstance(info.data[0], Symbol) else ""
        attributes: dict[str, Any] = {}
        if type(extra) is Vector and extra.attributes:
            attributes = dict(zip(extra.attributes["names"].items(), extra.data, strict=False))
        if name in ("compact_intseq", "compact_realseq"):
            size, start, step = (float(v) for v in state.data)
            if not 0 <= size <= LONGEST_SEQUENCE - self.compact or not abs(start) + abs(step) * size < 2.0**53:
                fail("read error: the file is damaged")
            self.compact += int(size)
            values = start + step * np.arange(int(size))
            made = Vector("integer", values.astype(np.int32)) if name == "compact_intseq" else Vector("double", values)
        elif name.startswith("wrap_") and type(state) is Vector:
            made = state.data[0]
        elif name == "deferred_string" and type(state) is Vector:
            from pipekeras.grammar.vectors.coerce import plain

            made = plain(state.data[0], "character")
        else:
            fail(f"the file holds a compact form '{name}' that is not supported")
        return made.with_attributes(attributes) if attributes else made


def _fitting(vector: Vector, attributes: dict[str, Any]) -> bool:
    """Whether a vector may have attributes that the rest of the language trusts: names, sizes, levels."""
    size = len(vector)
    names, sizes, levels = (attributes.get(name) for name in ("names", "dim", "levels"))
    if names is not None and (type(names) is not Vector or len(names) > size):
        return False
    if sizes is not None:
        if type(sizes) is not Vector or sizes.kind not in ("integer", "double") or not len(sizes):
            return False
        extents = [float(extent) for extent in sizes.data]
        if any(not extent >= 0 for extent in extents) or math.prod(extents) != size:
            return False
    if levels is not None and vector.kind == "integer" and type(levels) is Vector:
        codes = vector.data[vector.data != NA_INTEGER]
        return not len(codes) or (int(codes.min()) >= 1 and int(codes.max()) <= len(levels))
    return True


class Writer:
    """Writes one value as serialized bytes (version 2, which every R reads)."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = [HEADER, struct.pack(">iii", 2, 0x040202, 0x020300)]
        self.symbols: dict[str, int] = {}

    def whole(self, number: int) -> None:
        """One 32-bit integer."""
        self.pieces.append(struct.pack(">i", number))

    def text(self, text: str | None) -> None:
        """One text."""
        if text is None:
            self.pieces.append(struct.pack(">ii", TEXT, -1))
            return
        encoded = text.encode("utf-8")
        level = (1 << 6 if text.isascii() else 1 << 3) << 12
        self.pieces.append(struct.pack(">ii", TEXT | level, len(encoded)) + encoded)

    def symbol(self, name: str) -> None:
        """One symbol, or a reference to it when it came before."""
        if name in self.symbols:
            self.whole((self.symbols[name] << 8) | REFERENCE)
            return
        self.symbols[name] = len(self.symbols) + 1
        self.whole(SYMBOL)
        self.text(name)

    def value(self, value: Any) -> None:
        """One value with its attributes."""
        if value is NULL:
            self.whole(NULL_CODE)
            return
        if isinstance(value, Symbol):
            self.symbol(value.name)
            return
        if type(value) is not Vector:
            kind = getattr(value, "kind", "object")
            fail(f"cannot save a value of type '{kind}': only data is saved",
                 mend="models are saved with save_model_hdf5() or save_model()")
        attributes = value.attributes
        flags = CODES[value.kind]
        if attributes:
            flags |= HAS_ATTRIBUTES | (HAS_OBJECT if "class" in attributes else 0)
        self.whole(flags)
        self.whole(len(value))
        self._elements(value)
        if attributes:
            self.pairs(attributes)

    def _elements(self, value: Vector) -> None:
        data = value.data
        if value.kind in ("logical", "integer"):
            self.pieces.append(data.astype(">i4").tobytes())
        elif value.kind in ("double", "complex"):
            self.pieces.append(np.ascontiguousarray(data).view(np.uint64).astype(">u8").tobytes())
        elif value.kind == "raw":
            self.pieces.append(data.tobytes())
        elif value.kind == "character":
            for text in data:
                self.text(text)
        else:
            for element in data:
                self.value(element)

    def pairs(self, pairs: dict[str, Any]) -> None:
        """A pairlist of named values."""
        for name, one in pairs.items():
            self.whole(PAIRLIST | HAS_TAG)
            self.symbol(name)
            self.value(one)
        self.whole(NULL_CODE)


def serialize(value: Any) -> bytes:
    """A value as bytes of R's format."""
    writer = Writer()
    writer.value(value)
    return b"".join(writer.pieces)


def serialize_named(values: dict[str, Any]) -> bytes:
    """Named values as the pairlist that a workspace file holds."""
    writer = Writer()
    writer.pairs(values)
    return b"".join(writer.pieces)


def unserialize(data: bytes) -> Any:
    """The value that bytes of R's format hold."""
    reader = Reader(data)
    reader.start()
    try:
        return reader.value()
    except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError):
        return fail("read error: the file is truncated or damaged")
