"""Reading values one after the other from lines of text, and writing them in rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.files.connections import codec_of, connection_of, terminal_lines
from pipekeras.grammar.builtins.registry import UNSET, RError, builtin, write_error
from pipekeras.grammar.printing.dispatch import one_text, optional_flag, optional_text, optional_whole, texts_of
from pipekeras.grammar.values import FALSE, NA_COMPLEX, NULL, Vector, character, double, integer, logical, mk_list, names_of
from pipekeras.grammar.vectors.coerce import parse_complex, parse_double
from pipekeras.grammar.vectors.unsupported import only_default


def _fields(line: str, separator: str, quotes: str, strip: bool) -> list[str]:
    """One line cut at separators (white space for ""), quotes taken off."""
    out: list[str] = []
    place = 0
    size = len(line)
    while place <= size:
        if not separator:
            while place < size and line[place].isspace():
                place += 1
            if place >= size:
                break
        text: list[str] = []
        if place < size and line[place] in quotes:
            mark = line[place]
            place += 1
            while place < size and line[place] != mark:
                if line[place] == "\\" and place + 1 < size:
                    place += 1
                    if line[place] != mark:
                        text.append("\\")
                text.append(line[place])
                place += 1
            place += 1
            if not separator:
                # What is quoted is a field of its own where white space separates.
                out.append("".join(text))
                continue
        while place < size and not (line[place] == separator if separator else line[place].isspace()):
            text.append(line[place])
            place += 1
        made = "".join(text)
        out.append(made.strip() if separator and strip else made)
        place += 1
        if separator and place > size:
            break
    return out


@builtin(
    "scan",
    "file = '', what = 0.0, nmax = -1L, n = -1L, sep = '', quote = NULL, dec = '.', skip = 0L, nlines = 0L, "
    "na.strings = 'NA', flush = FALSE, fill = FALSE, strip.white = FALSE, quiet = FALSE, blank.lines.skip = TRUE, "
    "multi.line = TRUE, comment.char = '', allowEscapes = FALSE, fileEncoding = '', encoding = 'unknown', text = NULL, "
    "skipNul = FALSE",
)
def scan(
    path: Any, what: Any, nmax: Any, n: Any, sep: Any, quote: Any, dec: Any, skip: Any, nlines: Any, na_strings: Any,
    flush_line: Any, fill: Any, strip_white: Any, quiet: Any, blank: Any, multi_line: Any, comment: Any, escapes: Any,
    file_encoding: Any, encoding: Any, text: Any, skip_nul: Any,
) -> Any:  # fmt: skip
    """Values read one after the other."""
    only_default("scan", multi__line=(multi_line, True),
                 allowEscapes=(escapes, False), skipNul=(skip_nul, False))
    codec = codec_of(file_encoding)
    if codec == "utf-8-sig":
        codec = codec_of(encoding)
    if text is not NULL:
        if getattr(text, "kind", "") != "character":
            raise RError("invalid 'text' argument")
        lines = [line for item in texts_of(text) for line in ("NA" if item is None else item).split("\n")]
    elif isinstance(path, Vector) and path.kind == "character" and path.items()[0] == "":
        lines = terminal_lines(-1)
    else:
        source = connection_of(path, "file")
        if codec != "utf-8-sig":
            source.codec = codec
        lines = source.read(-1)
    lines = lines[optional_whole(skip, "skip") or 0 :]
    limit_lines = optional_whole(nlines, "nlines") or 0
    if limit_lines > 0:
        lines = lines[:limit_lines]
    separator = optional_text(sep, "sep") or ""
    quotes = ("" if separator == "\n" else "'\"") if quote is NULL else one_text(quote, "quote") if len(quote) else ""
    if getattr(what, "kind", "") not in ("character", "list"):
        # A number is read as it stands: quotes are no part of one.
        quotes = ""
    mark = optional_text(comment, "comment.char") or ""
    missing = {item for item in texts_of(na_strings) if item is not None}
    strip = optional_flag(strip_white) or not separator
    decimal = one_text(dec, "dec")
    kinds = list(what.items()) if isinstance(what, Vector) and what.kind == "list" else None
    record = 1 if kinds is None else len(kinds)
    items: list[str] = []
    for line in lines:
        if mark and mark in line:
            line = line[: line.index(mark)]
        if not line.strip() and optional_flag(blank, True):
            continue
        fields = [line] if separator == "\n" else _fields(line, separator, quotes, strip)
        if optional_flag(flush_line):
            # What follows the last field of a record on its line is not read.
            fields = fields[: record - len(items) % record]
        items.extend(fields)
        if optional_flag(fill) and len(items) % record:
            items.extend([""] * (record - len(items) % record))
    most = max(optional_whole(n, "n") or -1, optional_whole(nmax, "nmax") or -1)
    if kinds is not None:
        columns = [items[at :: len(kinds)] for at in range(len(kinds))]
        # A field that is to be NULL is passed over.
        made = [NULL if kind is NULL else _scanned(_closed_up(column, kind, separator), kind, missing, decimal)
                for column, kind in zip(columns, kinds, strict=True)]
        if not optional_flag(quiet):
            count = len(columns[0])
            write_error(f"Read {count} record{'' if count == 1 else 's'}\n")
        return mk_list(made, names_of(what))
    if most > 0:
        items = items[:most]
    if not optional_flag(quiet):
        write_error(f"Read {len(items)} item{'' if len(items) == 1 else 's'}\n")
    return _scanned(_closed_up(items, what, separator), what, missing, decimal)


def _closed_up(items: list[str], what: Any, separator: str) -> list[str]:
    """Between separators the parts of a number may stand apart: 1 2 is read as 12."""
    if not separator or getattr(what, "kind", "double") == "character":
        return items
    return ["".join(item.split()) for item in items]


def _scanned(items: list[str], what: Any, missing: set[str], decimal: str) -> Vector:
    kind = getattr(what, "kind", "double")
    if kind == "character":
        return character([None if item in missing else item for item in items])
    if kind == "logical":
        words = {"T": 1, "TRUE": 1, "true": 1, "True": 1, "F": 0, "FALSE": 0, "false": 0, "False": 0}
        for item in items:
            if item not in words and item not in missing:
                raise RError(f"scan() expected 'a logical', got '{item}'")
        return logical([None if item in missing else words[item] for item in items])
    if kind == "complex":
        return _scanned_complex(items, missing)
    numbers: list[float | None] = []
    for item in items:
        if item in missing or item == "":
            numbers.append(None)
            continue
        number = parse_double(item.replace(decimal, ".") if decimal != "." else item)
        if number is None or (kind == "integer" and number != int(number)):
            raise RError(f"scan() expected '{'an integer' if kind == 'integer' else 'a real'}', got '{item}'")
        numbers.append(number)
    if kind == "integer":
        return integer([None if number is None else int(number) for number in numbers])
    return double(numbers)


def _scanned_complex(items: list[str], missing: set[str]) -> Vector:
    values: list[complex] = []
    for item in items:
        value = NA_COMPLEX if item in missing or item == "" else parse_complex(item)
        if value is None:
            raise RError(f"scan() expected 'a complex', got '{item}'")
        values.append(value)
    return Vector("complex", np.array(values, np.complex128))


@builtin("write", "x, file = 'data', ncolumns = if (is.character(x)) 1 else 5, append = FALSE, sep = ' '", invisible=True)
def write_values(x: Any, path: Any, columns: Any = UNSET, append: Any = FALSE, sep: Any = NULL) -> Any:
    """Values in rows of columns."""
    from pipekeras.grammar.builtins.text.pasting import _send, cat_texts

    if columns is NULL:
        raise RError("invalid 'times' value")
    per_row = optional_whole(columns, "ncolumns") if type(columns) is Vector else None
    if per_row is None:
        per_row = 1 if getattr(x, "kind", "") == "character" else 5
    texts = cat_texts(x, 1, 7)
    if per_row < 1:
        raise RError("invalid 'times' value")
    glue = one_text(sep, "sep")
    rows = [glue.join(texts[at : at + per_row]) + "\n" for at in range(0, len(texts), per_row)]
    _send("".join(rows) or "\n", path, optional_flag(append))
    return NULL
