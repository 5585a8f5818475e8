"""Text as numbers and bytes: code points, raw vectors, encodings."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import RError, builtin, warn
from pipekeras.grammar.printing.dispatch import keep_shape, optional_flag, optional_text, texts_of
from pipekeras.grammar.text.bytes import bytes_of, is_valid, text_of
from pipekeras.grammar.values import NA_INTEGER, NULL, Vector, character, integer, logical, mk_list, raw
from pipekeras.grammar.vectors.coerce import integers
from pipekeras.grammar.vectors.unsupported import only_default


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
    only_default("intToUtf8", allow_surrogate_pairs=(allow, False))
    codes = integers(x).tolist() if x is not NULL else []
    letters = [_letter(code) for code in codes]
    if optional_flag(multiple):
        return character(letters)
    if None in letters:
        return character([None])
    return character("".join(letter for letter in letters if letter))


def _letter(code: int) -> str | None:
    """The character of a code point: none for zero, missing for half of a pair of UTF-16."""
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
    return raw(bytes_of("NA" if text is None else str(text)))


@builtin("iconv", "x, from = '', to = '', sub = NA, mark = TRUE, toRaw = FALSE")
def iconv(x: Any, source: Any, target: Any, sub: Any, mark: Any, to_raw: Any) -> Any:
    """Text brought into an encoding; what it cannot say becomes NA, or ``sub``."""
    wanted = (optional_text(target, "to") or "UTF-8").upper()
    transliterate = wanted.endswith("//TRANSLIT")
    wanted = wanted.split("//")[0] or "UTF-8"
    instead = sub.items()[0] if isinstance(sub, Vector) and sub.kind == "character" else None
    out: list[str | None] = []
    for text in _given_texts(x, (optional_text(source, "from") or "UTF-8").split("//")[0]):
        if text is None:
            out.append(None)
            continue
        try:
            text.encode(wanted.replace("LATIN1", "latin-1"))
            out.append(text)
        except UnicodeEncodeError:
            out.append(_substituted(text, wanted, instead, transliterate))
        except LookupError:
            shown = optional_text(source, "from") or ""
            raise RError(f"unsupported conversion from '{shown}' to '{optional_text(target, 'to')}'") from None
    if optional_flag(to_raw):
        return mk_list([NULL if text is None else raw(text.encode(wanted)) for text in out])
    return keep_shape(x, out)


def _reread(text: str, encoding: str) -> str | None:
    """A text whose bytes are taken for another encoding than they are in; None where they cannot be."""
    try:
        return text if encoding.upper() in ("UTF-8", "UTF8") else text.encode("utf-8").decode(encoding)
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
            if transliterate:
                plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
                pieces.append(plain or "?")
            elif instead is None:
                return None
            elif instead == "byte":
                pieces.extend(f"<{byte:02x}>" for byte in letter.encode("utf-8"))
            elif instead == "Unicode":
                pieces.append(f"<U+{ord(letter):04X}>" if letter <= "\uffff" else f"<U+{ord(letter):08X}>")
            elif instead == "c99":
                pieces.append(f"\\u{ord(letter):04x}" if letter <= "\uffff" else f"\\U{ord(letter):08x}")
            else:
                pieces.append(instead * len(letter.encode("utf-8")))
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
    return character(["unknown" if text is None or text.isascii() else "UTF-8" for text in texts_of(x)])


@builtin("Encoding<-", "x, value")
def encoding_assign(x: Any, value: Any) -> Any:
    """The same text: everything is UTF-8 here."""
    return x


@builtin(("validUTF8", "validEnc"), "x")
def valid_utf8(x: Any) -> Any:
    """Whether each text is valid."""
    if not isinstance(x, Vector) or x.kind != "character":
        raise RError("invalid 'x' argument")
    return logical([text is None or is_valid(text) for text in x.items()])
