"""Text as numbers and bytes: code points, raw vectors, encodings."""

from __future__ import annotations

import codecs
from typing import Any, NoReturn

from pipekeras.grammar.builtins.registry import RError, builtin, warn
from pipekeras.grammar.printing.dispatch import keep_shape, optional_flag, optional_text, texts_of
from pipekeras.grammar.text.bytes import Latin1, Octets, bytes_in_memory, is_valid, text_of
from pipekeras.grammar.values import NA_INTEGER, NULL, Vector, character, explicit_class, integer, logical, mk_list, raw
from pipekeras.grammar.vectors.coerce import integers
from pipekeras.grammar.vectors.report import fail


@builtin("utf8ToInt", "x")
def utf8_to_int(x: Any) -> Any:
    """Code points of one text."""
    if not isinstance(x, Vector) or x.kind != "character" or len(x) == 0:
        raise RError("argument must be a character vector of length 1")
    if len(x) > 1:
        warn("argument should be a character vector of length 1\nall but the first element will be ignored")
    text = x.items()[0]
    if text is None or any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        # A missing text, or bytes that are no letters.
        return integer([None])
    return integer([ord(letter) for letter in text])


@builtin("intToUtf8", "x, multiple = FALSE, allow_surrogate_pairs = FALSE")
def int_to_utf8(x: Any, multiple: Any, allow: Any) -> Any:
    """Text of code points."""
    if "factor" in (explicit_class(x) or []):
        fail("argument 'x' must be an integer vector")
    codes = integers(x).tolist() if x is not NULL else []
    if optional_flag(allow) and not optional_flag(multiple):
        codes = _joined_pairs(codes)
    letters = [_letter(code) for code in codes]
    if optional_flag(multiple):
        return character(letters)
    if None in letters:
        return character([None])
    return character("".join(letter for letter in letters if letter))


def _joined_pairs(codes: list[int]) -> list[int]:
    """Code points where both halves of a pair of UTF-16 stand side by side."""
    made: list[int] = []
    for code in codes:
        if made and 0xD800 <= made[-1] <= 0xDBFF and 0xDC00 <= code <= 0xDFFF:
            made[-1] = 0x10000 + ((made[-1] - 0xD800) << 10) + (code - 0xDC00)
        else:
            made.append(code)
    return made


def _letter(code: int) -> str | None:
    """The character of a code point: none for zero, missing for half of a pair of UTF-16, bytes of no character below it."""
    if NA_INTEGER < code < 0:
        bits = code & 0xFFFFFFFF
        return text_of(bytes([bits >> 24, *(0x80 | bits >> shift & 0x3F for shift in (18, 12, 6, 0))]))
    if code == NA_INTEGER or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return None
    return chr(code) if code > 0 else ""


_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 92: "\\\\"}


def _with_codes(data: bytes) -> str:
    """Bytes as a message shows them."""
    return "".join(_shown_byte(byte) for byte in data)


def _shown_byte(byte: int) -> str:
    if 32 <= byte < 127 and byte != 92:
        return chr(byte)
    return _ESCAPES.get(byte) or (f"\\x{byte:02x}" if byte > 127 else f"\\{byte:03o}" if byte else "\\0")


@builtin("rawToChar", "x, multiple = FALSE")
def raw_to_char(x: Any, multiple: Any) -> Any:
    """Text of bytes."""
    if not isinstance(x, Vector) or x.kind != "raw":
        raise RError("argument 'x' must be a raw vector")
    data = bytes(x.data.tolist())
    if optional_flag(multiple):
        return character([chr(byte) if byte else "" for byte in data])
    if 0 in data.rstrip(b"\0"):
        raise RError("embedded nul in string: '" + _with_codes(data.rstrip(b"\0")) + "'")
    return character(text_of(data.rstrip(b"\0")))


@builtin("charToRaw", "x")
def char_to_raw(x: Any) -> Any:
    """Bytes of one text."""
    if not isinstance(x, Vector) or x.kind != "character" or len(x) < 1:
        raise RError("argument must be a character vector of length 1")
    if len(x) > 1:
        warn("argument should be a character vector of length 1\nall but the first element will be ignored")
    text = x.items()[0]
    return raw(bytes_in_memory("NA" if text is None else text))


@builtin("iconv", "x, from = '', to = '', sub = NA, mark = TRUE, toRaw = FALSE")
def iconv(x: Any, source: Any, target: Any, sub: Any, mark: Any, to_raw: Any) -> Any:
    """Text brought into an encoding; what it cannot say becomes NA, or ``sub``."""
    wanted = (optional_text(target, "to") or "UTF-8").upper()
    transliterate = wanted.endswith("//TRANSLIT")
    wanted = wanted.split("//")[0] or "UTF-8"
    instead = sub.items()[0] if isinstance(sub, Vector) and sub.kind == "character" else None
    out: list[str | None] = []
    encoding = (optional_text(source, "from") or "UTF-8").split("//")[0]
    if not (_is_known(encoding) and _is_known(wanted)):
        _unsupported_conversion(source, target)
    for text in _given_texts(x, encoding):
        if text is None:
            out.append(None)
            continue
        try:
            text.encode(wanted)
            out.append(_declared(text, wanted))
        except UnicodeEncodeError:
            out.append(_substituted(text, wanted, instead, transliterate))
        except LookupError:
            _unsupported_conversion(source, target)
    if optional_flag(to_raw):
        return mk_list([NULL if text is None else raw(text.encode(wanted)) for text in out])
    return keep_shape(x, out)


_LATIN_1 = ("LATIN1", "LATIN-1", "ISO-8859-1", "ISO8859-1", "ISO_8859-1")


def _declared(text: str, encoding: str) -> str:
    return Latin1(text) if encoding.upper() in _LATIN_1 and not text.isascii() else str(text)


def _is_known(encoding: str) -> bool:
    try:
        return bool(codecs.lookup(encoding))
    except LookupError:
        return False


def _unsupported_conversion(source: Any, target: Any) -> NoReturn:
    shown = [optional_text(value, name) or "" for value, name in ((source, "from"), (target, "to"))]
    raise RError(f"unsupported conversion from '{shown[0]}' to '{shown[1]}'") from None


def _reread(text: str, encoding: str) -> str | None:
    """A text whose bytes are taken for another encoding than they are in; None where they cannot be."""
    data = bytes_in_memory(text)
    try:
        return text_of(data) if encoding.upper() in ("UTF-8", "UTF8") else data.decode(encoding)
    except UnicodeDecodeError:
        return None
    except LookupError:
        raise RError(f"unsupported conversion from '{encoding}' to 'UTF-8'") from None


def _given_texts(x: Any, encoding: str) -> list[str | None]:
    """Texts, or the bytes in a list read as texts of an encoding; nothing where there are none."""
    if not isinstance(x, Vector) or x.kind != "list":
        return [None if text is None else _reread(text, encoding) for text in texts_of(x)]
    if not all(part is NULL or (isinstance(part, Vector) and part.kind == "raw") for part in x.data):
        raise RError("'x' must be a character vector or a list of NULL or raw vectors")
    try:
        return [None if part is NULL else bytes(part.items()).decode(encoding) for part in x.data]
    except (UnicodeDecodeError, LookupError):
        raise RError(f"unsupported conversion from '{encoding}' to 'UTF-8'") from None


def _substituted(text: str, encoding: str, instead: str | None, transliterate: bool) -> str | None:
    import unicodedata

    pieces = []
    for letter in text:
        try:
            letter.encode(encoding)
            pieces.append(letter)
        except UnicodeEncodeError:
            stray = not is_valid(letter)
            if instead is None and (stray or not transliterate):
                return None
            if stray:
                pieces.append(f"<{ord(letter) - 0xDC00:02x}>" if instead in ("byte", "Unicode", "c99") else str(instead))
            elif transliterate:
                plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
                pieces.append(plain or "?")
            elif instead == "byte":
                pieces.extend(f"<{byte:02x}>" for byte in letter.encode("utf-8"))
            elif instead == "Unicode":
                pieces.append(f"<U+{ord(letter):04X}>" if letter <= "\uffff" else f"<U+{ord(letter):08X}>")
            elif instead == "c99":
                pieces.append(f"\\u{ord(letter):04x}" if letter <= "\uffff" else f"\\U{ord(letter):08x}")
            else:
                pieces.append((instead or "") * len(letter.encode("utf-8")))
    return "".join(pieces)


@builtin(("enc2utf8", "enc2native"), "x")
def encode_utf8(x: Any) -> Any:
    """The same text: everything is UTF-8 here."""
    if not isinstance(x, Vector) or x.kind != "character":
        raise RError("argument is not a character vector")
    return x


@builtin("Encoding", "x")
def encoding(x: Any) -> Any:
    """Declared encodings; ASCII text has none."""
    if not isinstance(x, Vector) or x.kind != "character":
        raise RError("a character vector argument expected")
    return character([_encoding_name(text) for text in x.items()])


def _encoding_name(text: str | None) -> str:
    if isinstance(text, Octets):
        return "bytes"
    if text is None or text.isascii() or not is_valid(text):
        return "unknown"
    return "latin1" if isinstance(text, Latin1) else "UTF-8"


@builtin("Encoding<-", "x, value")
def encoding_assign(x: Any, value: Any) -> Any:
    """The same bytes, declared to be in an encoding; what is not Latin-1 is UTF-8 here."""
    if not isinstance(x, Vector) or x.kind != "character":
        raise RError("a character vector argument expected")
    if not isinstance(value, Vector) or value.kind != "character":
        raise RError("a character vector 'value' expected")
    if not len(value):
        raise RError("'value' must be of positive length")
    names = value.items()
    return character([_as_declared(text, names[at % len(names)]) for at, text in enumerate(x.items())], x.attributes)


def _as_declared(text: str | None, encoding: str | None) -> str | None:
    data = b"" if text is None else bytes_in_memory(text)
    if text is None or data.isascii():
        return text
    if encoding == "bytes":
        return Octets(data)
    return Latin1(data.decode("latin-1")) if encoding == "latin1" else text_of(data)


@builtin(("validUTF8", "validEnc"), "x")
def valid_utf8(x: Any) -> Any:
    """Whether each text is valid."""
    if not isinstance(x, Vector) or x.kind != "character":
        raise RError("invalid 'x' argument")
    return logical([text is None or is_valid(text) for text in x.items()])
