"""Joining and writing text: ``paste``, ``cat``, ``sprintf``, ``toString``, ``message``'s text, quotes around text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import RError, builtin, machine, warn, write
from pipekeras.grammar.builtins.text.formatting import choose, option_decimal_mark
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.nodes import Symbol
from pipekeras.grammar.printing.dispatch import (
    flag,
    one_text,
    option_number,
    optional_flag,
    optional_text,
    optional_whole,
    text_vector,
    texts_of,
)
from pipekeras.grammar.printing.elements import has_class, plain_texts
from pipekeras.grammar.printing.numbers import complex_text, number_text
from pipekeras.grammar.printing.text import character_width, common_width, escape_text, pad_text, text_width
from pipekeras.grammar.text.bytes import bytes_of
from pipekeras.grammar.text.sprintf import FormatError, sprintf
from pipekeras.grammar.values import NULL, ExternalObject, Vector, character, explicit_class, is_na_real, mk_list, type_of
from pipekeras.grammar.vectors.coerce import coerce

Dots = list[tuple[str | None, Any]]


def _texts(value: Any) -> Sequence[str | None]:
    """A value as texts; what is text already is not asked for a method of its class."""
    if isinstance(value, Vector) and value.kind == "character":
        plain: list[str | None] = value.items()
        return plain
    return texts_of(value)


def _joined(values: list[Any], separator: str, collapse: Any, recycle_zero: bool) -> Any:
    columns = [["NA" if text is None else text for text in _texts(value)] for value in values]
    glue = optional_text(collapse, "collapse")
    if recycle_zero and any(not column for column in columns):
        columns = []
    count = max(map(len, columns), default=0)
    columns = [column or [""] for column in columns] if count else []
    if len(columns) == 1:
        rows = columns[0]
    elif count == 1:
        rows = [separator.join(column[0] for column in columns)]
    else:
        rows = [separator.join(column[row % len(column)] for column in columns) for row in range(count)]
    if glue is not None:
        return character(glue.join(rows))
    return character(rows)


@builtin("paste", "..., sep = ' ', collapse = NULL, recycle0 = FALSE")
def paste(dots: Dots, sep: Any, collapse: Any, recycle_zero: Any) -> Any:
    """Join the elements of vectors into texts."""
    separator = _separator(sep)
    return _joined([value for _, value in dots], separator, collapse, flag(recycle_zero, "recycle0"))


def _separator(sep: Any) -> str:
    if not isinstance(sep, Vector) or sep.kind != "character" or not len(sep) or sep.items()[0] is None:
        raise RError("invalid separator")
    return str(sep.items()[0])


@builtin("paste0", "..., collapse = NULL, recycle0 = FALSE")
def paste_plain(dots: Dots, collapse: Any, recycle_zero: Any) -> Any:
    """Join the elements of vectors with nothing between."""
    return _joined([value for _, value in dots], "", collapse, flag(recycle_zero, "recycle0"))


@builtin(("toString", "toString.default"), "x, width = NULL, ...", generic="s3")
def to_string(x: Any, width: Any, dots: Dots) -> Any:
    """All elements in one text."""
    text = ", ".join("NA" if item is None else item for item in texts_of(x))
    columns = optional_whole(width, "width")
    if columns is not None and columns < 0:
        raise RError("'width' must be positive")
    if columns and text_width(text) > columns:
        text = trimmed_to(text, max(columns, 6) - 4) + "...."
    return character(text)


def trimmed_to(text: str, columns: int) -> str:
    """What of a text fits into some columns."""
    for kept, letter in enumerate(text):
        columns -= character_width(letter)
        if columns < 0:
            return text[:kept]
    return text


def cat_texts(value: Any, position: int, digits: int) -> list[str]:
    """The texts that ``cat`` writes for one argument."""
    if value is NULL:
        return []
    if isinstance(value, Symbol):
        return [value.name]
    kind = getattr(value, "kind", "")
    if (kind == "list" and not len(value)) or (isinstance(value, Environment) and not len(value.names(False))):
        return [""]
    if not isinstance(value, Vector) or value.kind in ("list", "expression"):
        raise RError(f"argument {position} (type '{type_of(value)}') cannot be handled by 'cat'")
    scipen = option_number("scipen", 0)
    if value.kind in ("double", "complex"):
        shown = [
            complex_text(item, digits, scipen) if value.kind == "complex" else
            number_text(item, digits, scipen) if item == item else ("NA" if is_na_real(item) else "NaN")
            for item in value.items()
        ]  # fmt: skip
        mark = option_decimal_mark()
        return shown if mark == "." else [text.replace(".", mark) for text in shown]
    return ["NA" if text is None else text for text in plain_texts(value, digits, scipen)]


@builtin("cat", "..., file = '', sep = ' ', fill = FALSE, labels = NULL, append = FALSE", invisible=True)
def cat(dots: Dots, file: Any, sep: Any, fill: Any, labels: Any, append: Any) -> Any:
    """Write values one after the other."""
    if not isinstance(sep, Vector) or sep.kind != "character":
        raise RError("invalid 'sep' specification")
    separators = [text or "" for text in sep.items()] or [""]
    digits = option_number("digits", 7)
    columns = 0
    if isinstance(fill, Vector) and len(fill):
        if fill.kind == "logical":
            columns = option_number("width", 80) if fill.data[0] == 1 else 0
        else:
            columns = optional_whole(fill, "fill") or 0
            if columns <= 0:
                warn("non-positive 'fill' argument will be ignored")
                columns = 0
    items: list[str] = []
    for position, (_, value) in enumerate(dots, start=1):
        try:
            texts = cat_texts(value, position, digits)
        except RError:
            # What stands before the fault has been written by then, the separator after it too.
            written = _filled(items, separators, columns, _labels(labels, dots)) if columns else _separated(items, separators)
            written = written.removesuffix("\n") if columns or any("\n" in text for text in separators) else written
            _send(written + separators[(len(items) - 1) % len(separators)] if items else written, file, optional_flag(append))
            raise
        empty = isinstance(value, Vector) and len(value) == 0
        if empty or (value is NULL and position == 1 and any(later is not NULL for _, later in dots)):
            texts = [""]
        items.extend(texts)
    out = _filled(items, separators, columns, _labels(labels, dots)) if columns else _separated(items, separators)
    _send(out, file, optional_flag(append))
    return NULL


def _labels(labels: Any, dots: Dots) -> list[str]:
    """What stands before the lines; the first line has none where the first value is empty."""
    marks = [text or "" for text in texts_of(labels)] if labels is not NULL else []
    if not marks or not dots or not isinstance(dots[0][1], Vector) or not len(dots[0][1]):
        return []
    return [f"{mark} " for mark in marks]


def _separated(items: list[str], separators: list[str]) -> str:
    pieces = []
    for position, item in enumerate(items):
        pieces.append(item)
        if position + 1 < len(items):
            pieces.append(separators[position % len(separators)])
    if any("\n" in text for text in separators):
        pieces.append("\n")
    return "".join(pieces)


def _filled(items: list[str], separators: list[str], columns: int, marks: list[str]) -> str:
    out: list[str] = []
    used = 0
    row = 0
    for position, item in enumerate(items):
        separator = separators[position % len(separators)]
        size = len(bytes_of(item))
        # A separator is as wide as it is with its escapes: a tab takes two columns.
        gap = text_width(escape_text(separator))
        if used and used + size + gap > columns:
            out.append("\n")
            used = 0
        if used == 0 and marks:
            label = marks[row % len(marks)]
            out.append(label)
            used += text_width(label)
            row += 1
        out.append(item)
        used += size
        if position + 1 < len(items):
            out.append(separator)
            used += gap
    if marks and not items:
        out.append(marks[0])
    out.append("\n")
    return "".join(out)


def _send(text: str, file: Any, append: bool) -> None:
    if isinstance(file, Vector) and file.kind == "character":
        path = str(file.items()[0])
        if path == "":
            write(text)
            return
        import os

        try:
            with open(os.path.expanduser(path), "a" if append else "w", encoding="utf-8", errors="surrogateescape") as out:
                out.write(text)
        except OSError:
            raise RError("cannot open the connection") from None
        return
    from pipekeras.grammar.builtins.files.connections import write_to

    write_to(file, text)


def _refuse_in_format(fmt: Vector, position: int, kind: str) -> None:
    """Say why an argument that is no vector cannot be shown; one that no conversion asks for does no harm."""
    if kind in ("language", "symbol"):
        raise RError(f"invalid type of argument[{position + 1}]: '{kind}'")
    letters = re.findall("%[^a-zA-Z%]*([a-zA-Z])", str(fmt.data[0]) if len(fmt) else "")
    wanted = letters[position] if position < len(letters) else ""
    if wanted:
        target = "character" if wanted == "s" else "double" if wanted in "feEgGaA" else None
        raise RError(f"cannot coerce type '{kind}' to vector of type '{target}'" if target else "unsupported type")


def _in_its_own_way(value: Any, kind: str) -> Vector:
    """A value with a class as text or as numbers."""
    if kind == "character":
        return text_vector(value)
    numbers: Vector = call_builtin("as.double", value)
    return numbers


@builtin("gettextf", "fmt, ..., domain = NULL, trim = TRUE")
def gettextf_builtin(fmt: Any, dots: Dots, domain: Any, trim: Any) -> Any:
    """C formats over vectors; messages have one language here."""
    return sprintf_builtin(character(texts_of(fmt)), dots)


@builtin("sprintf", "fmt, ...")
def sprintf_builtin(fmt: Any, dots: Dots) -> Any:
    """C formats over vectors."""
    if not isinstance(fmt, Vector) or fmt.kind != "character":
        raise RError("'fmt' is not a character vector")
    arguments = []
    own: dict[int, Callable[[str], Vector]] = {}
    for position, (_, value) in enumerate(dots):
        if value is NULL:
            return character([])
        if isinstance(value, Environment) and not len(value):
            return character([])
        if isinstance(value, ExternalObject):
            # A tensor is the numbers that it holds.
            value = call_builtin("as.vector", value)
        if isinstance(value, Environment) and has_class(value):
            own[position] = partial(_in_its_own_way, value)
            value = mk_list([value])
        elif not isinstance(value, Vector):
            _refuse_in_format(fmt, position, type_of(value))
            continue
        elif has_class(value) or value.kind in ("list", "complex"):
            own[position] = partial(_in_its_own_way, value)
        arguments.append(value)
    try:
        texts, used = sprintf(fmt.items(), arguments, own)
    except FormatError as error:
        raise RError(str(error)) from None
    unused = len(dots) - len(used)
    if unused and texts:
        shown = f" '{'NA' if fmt.data[0] is None else fmt.data[0]}'" if len(fmt) == 1 else ""
        warn(f"{'one argument' if unused == 1 else f'{unused} arguments'} not used by format{shown}")
    return character(texts)


def _quotes(q: Any, single: bool) -> tuple[str, str]:
    plain = ("'", "'") if single else ('"', '"')
    fancy = ("\u2018", "\u2019") if single else ("\u201c", "\u201d")
    if q is None:
        option = machine.options.get("useFancyQuotes")
        q = option if option is not None else NULL
        if q is NULL:
            return fancy
    if isinstance(q, Vector) and q.kind == "character":
        style = str(q.items()[0])
        if style == "TeX":
            return ("`", "'") if single else ("``", "''")
        return fancy if style == "UTF-8" else plain
    return fancy if optional_flag(q) else plain


@builtin("sQuote", "x, q")
def single_quote(x: Any, q: Any = None) -> Any:
    """Text between single quotes."""
    left, right = _quotes(q, True)
    return character([f"{left}{'NA' if text is None else text}{right}" for text in texts_of(x)])


@builtin("dQuote", "x, q")
def double_quote(x: Any, q: Any = None) -> Any:
    """Text between double quotes."""
    left, right = _quotes(q, False)
    return character([f"{left}{'NA' if text is None else text}{right}" for text in texts_of(x)])


@builtin("shQuote", "string, type = NULL")
def shell_quote(string: Any, type: Any) -> Any:
    """Text quoted for a shell: in double quotes when some text has a single one."""
    how = choose(type, ("sh", "csh", "cmd", "cmd2"), "type")
    out = []
    quoted = any("'" in (item or "") for item in texts_of(string))
    for item in texts_of(string):
        text = "NA" if item is None else item
        if how == "cmd2":
            out.append(re.sub(r'([()%!^"<>&|])', r"^\1", text))
        elif how == "cmd":
            # Backslashes before a quote, and at the end, count twice.
            out.append('"' + re.sub(r'(\\*)"', r'\1\1\\"', re.sub(r"(\\+)\Z", r"\1\1", text)) + '"')
        elif not quoted:
            out.append("'" + text + "'")
        elif how == "sh":
            special = text.replace("\\", "\\\\")
            for letter in '"$`':
                special = special.replace(letter, "\\" + letter)
            out.append('"' + special + '"')
        elif "$" in text or "`" in text:
            out.append("'" + text.replace("'", "'\"'\"'") + "'")
        else:
            out.append('"' + re.sub(r'(["!\\])', r"\\\1", text) + '"')
    return character(out)


@builtin("encodeString", "x, width = 0L, quote = '', na.encode = TRUE, justify = NULL")
def encode_string(x: Any, width: Any, quote: Any, na_encode: Any, justify: Any) -> Any:
    """Text with what cannot be printed escaped."""
    mark = one_text(quote, "quote")
    if isinstance(x, Vector) and "factor" in (explicit_class(x) or []):
        raise RError('adding class "factor" to an invalid object')
    how = choose(justify, ("left", "right", "centre", "none"), "justify")
    texts = [
        ("NA" if mark else "<NA>") if item is None else escape_text(item, mark) for item in texts_of(x)
    ]
    columns = optional_whole(width, "width")
    widest = common_width(texts) if columns is None else columns
    out: list[str | None] = [pad_text(text, widest, how) for text in texts]
    if not flag(na_encode, "na.encode"):
        out = [None if item is None else text for item, text in zip(texts_of(x), out, strict=True)]
    kept = {name: held for name, held in (getattr(x, "attributes", None) or {}).items() if name != "class"}
    return character(out, kept or None)


@builtin("gettext", "..., domain = NULL, trim = TRUE")
def gettext(dots: Dots, domain: Any, trim: Any) -> Any:
    """Messages as they are: there are no translations."""
    return character([text for _, value in dots for text in texts_of(value)])


@builtin("ngettext", "n, msg1, msg2, domain = NULL")
def ngettext(n: Any, msg1: Any, msg2: Any, domain: Any) -> Any:
    """The singular or the plural message."""
    if isinstance(n, Vector) and n.kind == "character":
        n = coerce(n, "integer")
    count = optional_whole(n, "n")
    if count is None or count < 0:
        raise RError("invalid 'n' argument")
    return msg1 if count == 1 else msg2


@builtin("strwrap", "x, width = NULL, indent = 0, exdent = 0, prefix = '', simplify = TRUE, initial = NULL")
def strwrap(x: Any, width: Any, indent: Any, exdent: Any, prefix: Any, simplify: Any, initial: Any) -> Any:
    """Paragraphs broken into lines shorter than the width."""
    columns = optional_whole(width, "width")
    texts = texts_of(x)
    if type(width) is Vector and columns is None and len(width) and any(text is None or text.split() for text in texts):
        raise RError("missing value where TRUE/FALSE needed")
    if columns is None:
        columns = int(0.9 * option_number("width", 80))
    first = " " * (_indentation(indent, texts) or 0)
    following = _indentation(exdent, [])
    later = " " * (following or 0)
    before = one_text(prefix, "prefix")
    start = before if initial is NULL else one_text(initial, "initial")
    groups = []
    for item in texts:
        lines: list[str] = []
        for number, paragraph in enumerate(_paragraphs("NA" if item is None else item)):
            if number:
                lines.append("")
            wrapped = _wrapped(paragraph, columns - text_width(before), first, later)
            if following is None and len(wrapped) > 1:
                raise RError("missing value where TRUE/FALSE needed")
            lines.extend(wrapped)
        groups.append(lines or [""])
    if optional_flag(simplify, True):
        flat = [(line, lines != [""]) for lines in groups for line in lines]
        return character([(start if at == 0 else before) * told + line for at, (line, told) in enumerate(flat)])
    from pipekeras.grammar.values import mk_list

    return mk_list([
        character([(before if at or number else start) * (lines != [""]) + line for at, line in enumerate(lines)])
        for number, lines in enumerate(groups)
    ])


def _indentation(value: Any, texts: list[str | None]) -> int | None:
    """How many blanks stand before a line, None if nobody knows; where there is no line it does not matter."""
    if isinstance(value, Vector) and value.kind == "character":
        coerce(value, "integer")
        raise RError("non-numeric argument to binary operator")
    columns = optional_whole(value, "indent")
    if columns is None and any(texts):
        raise RError("missing value where TRUE/FALSE needed")
    if columns is not None and columns < 0:
        raise RError("invalid 'times' value")
    return columns


def _paragraphs(text: str) -> list[str]:
    found = re.split(r"\n[ \t\n]*\n", text)
    return found[:-1] if len(found) > 1 and not found[-1] else found


def _wrapped(paragraph: str, columns: int, first: str, later: str) -> list[str]:
    lines: list[str] = []
    line = first
    empty = True
    space = ""
    for word in re.split(r"[ \t\n]", paragraph):
        if not word:
            space = "  " if re.search(r"[.?!][)\"']*\Z", line) else space
            continue
        if not empty and text_width(line) + text_width(space) + text_width(word) >= columns:
            lines.append(line)
            line, empty, space = later, True, ""
        line += space + word
        empty, space = False, " "
    if not empty or not lines:
        lines.append("" if empty else line)
    return lines
