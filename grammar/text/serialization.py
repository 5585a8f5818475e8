"""R's own binary format (``.rds``, ``.RData``): values written for R to read, and R's files read as data only.

Nothing in a file is executed: code comes back as unevaluated language objects, functions as closures that only run
when a program calls them; byte code and external pointers are refused.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.nodes import MISSING, Argument, Call, Formals, Symbol
from pipekeras.grammar.values import (
    DTYPES,
    NULL,
    Attributes,
    Closure,
    Vector,
    attributes_of,
    character,
    object_array,
    vector_of,
)

VECTORS = {10: "logical", 13: "integer", 14: "double", 15: "complex", 16: "character", 19: "list", 20: "expression", 24: "raw"}
CODES = {kind: code for code, kind in VECTORS.items()}
_WIRE = {"logical": ">i4", "integer": ">i4", "double": ">f8", "raw": "u1"}
_SINGLES: dict[int, Any] = {254: NULL, 251: MISSING, 0: NULL}


class SerializationError(ValueError):
    """A file that is no R data, or a value that cannot be written."""


class Pairs(list[tuple[str | None, Any]]):
    """A pairlist while it is read: (tag, value) in order."""


class Reader:
    """Reads one value from bytes in R's portable (XDR) format."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0
        self.references: list[Any] = []

    def take(self, count: int) -> bytes:
        end = self.place + count
        if count < 0 or end > len(self.data):
            raise SerializationError("the file ends too early")
        piece = self.data[self.place : end]
        self.place = end
        return piece

    def number(self) -> int:
        return int(struct.unpack(">i", self.take(4))[0])

    def document(self) -> Any:
        """The value after the header."""
        if self.take(2) != b"X\n":
            raise SerializationError("only R's binary XDR format can be read")
        version = self.number()
        self.number()
        self.number()
        if version == 3:
            self.take(self.number())
        elif version != 2:
            raise SerializationError(f"format version {version} is not known")
        return self.value()

    def length(self) -> int:
        count = self.number()
        if count == -1:
            count = (self.number() << 32) + self.number()
        return count

    def value(self) -> Any:
        """The next item."""
        return self._item(self.number())

    def _item(self, flags: int) -> Any:
        code = flags & 0xFF
        if code in _SINGLES:
            return _SINGLES[code]
        if code in VECTORS:
            return self._vector(VECTORS[code], bool(flags & 0x200))
        if code == 9:
            return self._text()
        if code == 1:
            symbol = Symbol(str(self.value()))
            self.references.append(symbol)
            return symbol
        if code == 255:
            index = flags >> 8 or self.number()
            if not 0 < index <= len(self.references):
                raise SerializationError("a reference points nowhere")
            return self.references[index - 1]
        if code == 2 or code == 239:
            return self._pairs(flags)
        if code in (6, 240):
            return self._call(flags)
        if code == 3:
            return self._closure(flags)
        if code == 4:
            return self._environment()
        if code == 253:
            return machine.global_environment
        if code in (241, 242, 250):
            return machine.base_environment
        if code in (247, 248, 249):
            self.number()
            for _ in range(self.number()):
                self.value()
            self.references.append(machine.base_environment)
            return machine.base_environment
        if code == 238:
            return self._compact()
        if code in (7, 8):
            name = self.take(self.number()).decode("utf-8", "replace")
            found = machine.base_environment.get(name)
            return NULL if found is None else found
        raise SerializationError(f"items of type {code} (byte code, pointers, S4 objects) cannot be read")

    def _text(self) -> str | None:
        count = self.number()
        return None if count == -1 else self.take(count).decode("utf-8", "replace")

    def _vector(self, kind: str, has_attributes: bool) -> Vector:
        count = self.length()
        if kind in ("list", "expression"):
            self._check_room(count, 4)
            data = object_array([self.value() for _ in range(count)])
        elif kind == "character":
            self._check_room(count, 8)
            data = object_array([self.value() for _ in range(count)])
        elif kind == "complex":
            data = np.frombuffer(self.take(16 * count), ">f8").astype(np.float64).view(np.complex128)
        else:
            wire = np.dtype(_WIRE[kind])
            data = np.frombuffer(self.take(wire.itemsize * count), wire).astype(DTYPES[kind])
        attributes = self._attributes() if has_attributes else None
        return Vector(kind, data, attributes)

    def _check_room(self, count: int, least: int) -> None:
        if count < 0 or count * least > len(self.data) - self.place:
            raise SerializationError("the file ends too early")

    def _attributes(self) -> Attributes | None:
        pairs = self.value()
        if not isinstance(pairs, Pairs):
            return None
        return {name: _as_value(item) for name, item in pairs if name} or None

    def _pairs(self, flags: int) -> Pairs:
        out = Pairs()
        while True:
            if flags & 0x200:
                self.value()
            tag = self.value() if flags & 0x400 else None
            out.append((tag.name if isinstance(tag, Symbol) else None, self.value()))
            flags = self.number()
            code = flags & 0xFF
            if code not in (2, 239):
                rest = self._item(flags)
                if rest is not NULL:
                    out.append((None, rest))
                return out

    def _call(self, flags: int) -> Any:
        attributes = self._attributes() if flags & 0x200 else None
        if flags & 0x400:
            self.value()
        head = self.value()
        rest = self.value()
        pairs = rest if isinstance(rest, Pairs) else Pairs()
        if isinstance(head, Symbol) and head.name == "function" and pairs:
            args = (Argument(None, _formals(pairs[0][1])), *(Argument(None, item) for _, item in pairs[1:2]))
        else:
            args = tuple(Argument(name, _as_value(item)) for name, item in pairs)
        return Call(head, args, None, attributes)

    def _closure(self, flags: int) -> Closure:
        from pipekeras.grammar.evaluation.calls import Template

        attributes = self._attributes() if flags & 0x200 else None
        environment = self.value() if flags & 0x400 else machine.global_environment
        formals = _formals(self.value())
        body = self.value()
        template = Template(tuple((item.name or "", item.value) for item in formals.parameters), body)
        if attributes is not None:
            attributes.pop("srcref", None)
        home = environment if isinstance(environment, Environment) else machine.global_environment
        return Closure(template, home, attributes or None)

    def _environment(self) -> Environment:
        self.number()
        made = Environment(machine.global_environment)
        self.references.append(made)
        parent, frame, table, attributes = self.value(), self.value(), self.value(), self.value()
        if isinstance(parent, Environment):
            made.parent = parent
        groups = [frame, *(table.items() if isinstance(table, Vector) else [])]
        for group in groups:
            for name, item in group if isinstance(group, Pairs) else ():
                if name:
                    made.frame[name] = _as_value(item)
        if isinstance(attributes, Pairs):
            made.attributes = {name: _as_value(item) for name, item in attributes if name}
        return made

    def _compact(self) -> Vector:
        info, state, attributes = self.value(), self.value(), self.value()
        name = info[0][1].name if isinstance(info, Pairs) and isinstance(info[0][1], Symbol) else "?"
        kept = {key: _as_value(item) for key, item in attributes if key} if isinstance(attributes, Pairs) else None
        if name in ("compact_intseq", "compact_realseq"):
            count, start, step = state.data.tolist()
            if not 0 <= count <= 10**8:
                raise SerializationError("a compact sequence has no sensible length")
            kind = "integer" if name == "compact_intseq" else "double"
            return vector_of(kind, start + step * np.arange(int(count)), kept or None)
        if name.startswith("wrap_"):
            inner = state.data[0] if isinstance(state, Vector) else state[0][1]
            return inner.with_attributes(kept or inner.attributes)
        if name == "deferred_string":
            from pipekeras.grammar.printing.elements import plain_texts

            return character(plain_texts(state[0][1]), kept or None)
        raise SerializationError(f"vectors stored as '{name}' cannot be read")


def _formals(pairs: Any) -> Formals:
    return Formals([Argument(name or "", item) for name, item in pairs] if isinstance(pairs, Pairs) else [])


def _as_value(item: Any) -> Any:
    """Pairlists become lists; everything else is a value already."""
    if isinstance(item, Pairs):
        names = [name or "" for name, _ in item]
        made = Vector("list", object_array([_as_value(value) for _, value in item]))
        return made.with_attribute("names", character(names)) if any(names) else made
    return item


class Writer:
    """Writes one value in R's portable format, version 2."""

    def __init__(self) -> None:
        self.out: list[bytes] = []
        self.symbols: dict[str, int] = {}
        self.environments: dict[int, int] = {}
        self.count = 0

    def document(self, value: Any) -> bytes:
        """Header and value."""
        self.out = [b"X\n", struct.pack(">iii", 2, 0x00040202, 0x00020300)]
        self.value(value)
        return b"".join(self.out)

    def number(self, *values: int) -> None:
        self.out.append(struct.pack(f">{len(values)}i", *values))

    def value(self, value: Any) -> None:
        """One item."""
        if value is NULL:
            self.number(254)
        elif value is MISSING:
            self.number(251)
        elif isinstance(value, Vector):
            self._vector(value)
        elif isinstance(value, Symbol):
            self._symbol(value.name)
        elif isinstance(value, Call):
            self._call(value)
        elif isinstance(value, Formals):
            self.pairs([(item.name, item.value) for item in value.parameters])
        elif isinstance(value, Closure):
            self._closure(value)
        elif isinstance(value, Environment):
            self._environment(value)
        elif getattr(value, "kind", "") == "builtin":
            name = value.name.encode()
            self.number(8, len(name))
            self.out.append(name)
        else:
            raise SerializationError("models and other objects of the runtime cannot be saved as R data")

    def _text(self, text: str | None) -> None:
        if text is None:
            self.number(9, -1)
            return
        data = text.encode("utf-8", "surrogatepass")
        self.number(9 | (64 if text.isascii() else 8) << 12, len(data))
        self.out.append(data)

    def _symbol(self, name: str) -> None:
        index = self.symbols.get(name)
        if index is not None:
            self.number(index << 8 | 255)
            return
        self.count += 1
        self.symbols[name] = self.count
        self.number(1)
        self._text(name)

    def _vector(self, vector: Vector) -> None:
        attributes = attributes_of(vector)
        flags = CODES[vector.kind] | (0x200 if attributes else 0) | (0x100 if attributes and "class" in attributes else 0)
        self.number(flags, len(vector))
        kind = vector.kind
        if kind == "character":
            for text in vector.items():
                self._text(text)
        elif kind in ("list", "expression"):
            for item in vector.items():
                self.value(item)
        elif kind == "complex":
            self.out.append(np.ascontiguousarray(vector.data).view(np.float64).astype(">f8").tobytes())
        else:
            self.out.append(vector.data.astype(_WIRE[kind]).tobytes())
        if attributes:
            self.pairs(list(attributes.items()))

    def pairs(self, items: list[tuple[str | None, Any]]) -> None:
        """A pairlist."""
        for name, item in items:
            self.number(2 | (0x400 if name else 0))
            if name:
                self._symbol(name)
            self.value(item)
        self.number(254)

    def _call(self, call: Call) -> None:
        self.number(6 | (0x200 if call.attributes else 0))
        if call.attributes:
            self.pairs(list(call.attributes.items()))
        self.value(call.function)
        items = [(item.name, item.value) for item in call.args]
        if call.is_call_of("function"):
            items.append((None, NULL))
        self.pairs(items)

    def _closure(self, function: Closure) -> None:
        attributes = {name: item for name, item in (function.attributes or {}).items() if name != "srcref"}
        self.number(3 | 0x400 | (0x200 if attributes else 0))
        if attributes:
            self.pairs(list(attributes.items()))
        self.value(function.environment)
        self.pairs(list(function.formals))
        self.value(function.body)

    def _environment(self, environment: Environment) -> None:
        if environment is machine.global_environment:
            self.number(253)
            return
        if environment is machine.base_environment:
            self.number(241)
            return
        index = self.environments.get(id(environment))
        if index is not None:
            self.number(index << 8 | 255)
            return
        self.count += 1
        self.environments[id(environment)] = self.count
        self.number(4, 0)
        self.value(environment.parent if environment.parent is not None else machine.base_environment)
        self.pairs([(name, environment.get(name)) for name in environment.names()])
        self.number(254)
        self.number(254)


def unpacked(data: bytes) -> bytes:
    """File bytes without gzip, bzip2 or xz around them."""
    if data[:2] == b"\x1f\x8b":
        import gzip

        return gzip.decompress(data)
    if data[:3] == b"BZh":
        import bz2

        return bz2.decompress(data)
    if data[:6] == b"\xfd7zXZ\x00":
        import lzma

        return lzma.decompress(data)
    return data


def read_value(data: bytes) -> Any:
    """The value in the bytes of an ``.rds`` file."""
    return _as_value(Reader(unpacked(data)).document())


def read_values(data: bytes) -> list[tuple[str, Any]]:
    """Names and values in the bytes of an ``.RData`` file."""
    plain = unpacked(data)
    if plain[:5] not in (b"RDX2\n", b"RDX3\n"):
        raise SerializationError("bad restore file magic number (file may be corrupted) -- no data loaded")
    pairs = Reader(plain[5:]).document()
    return [(name, _as_value(item)) for name, item in pairs if name] if isinstance(pairs, Pairs) else []


def written_value(value: Any) -> bytes:
    """A value as the bytes of an ``.rds`` file, before compression."""
    return Writer().document(value)


def written_values(items: list[tuple[str, Any]]) -> bytes:
    """Named values as the bytes of an ``.RData`` file, before compression."""
    writer = Writer()
    writer.out = [b"RDX2\nX\n", struct.pack(">iii", 2, 0x00040202, 0x00020300)]
    writer.pairs([(name, value) for name, value in items])
    return b"".join(writer.out)


__all__ = ["SerializationError", "read_value", "read_values", "written_value", "written_values"]
