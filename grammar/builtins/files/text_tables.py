"""Reading tables from text: ``read.table`` with its relatives, and what kind a column of texts is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.elements.factors import factor, is_factor
from pipekeras.grammar.builtins.elements.ordering import syntactic_name, unique_names
from pipekeras.grammar.builtins.files.connections import (
    codec_of,
    file_text,
    is_connection,
    lines_of_text,
    read_lines_of,
)
from pipekeras.grammar.builtins.registry import UNSET, builtin
from pipekeras.grammar.builtins.text.formatting import choose
from pipekeras.grammar.evaluation.shown_calls import spoken_of
from pipekeras.grammar.printing.dispatch import keep_shape, optional_flag
from pipekeras.grammar.values import NA_REAL, NULL, TRUE, Vector, character, explicit_class, logical, mk_list, names_of
from pipekeras.grammar.vectors.arguments import flag, number, text
from pipekeras.grammar.vectors.arithmetic import empty
from pipekeras.grammar.vectors.coerce import coerce, parse_double
from pipekeras.grammar.vectors.frames import is_frame, make_frame
from pipekeras.grammar.vectors.report import fail, warn
from pipekeras.grammar.vectors.text_tables import FieldSplitter, guess_column, loses_digits, text_column
from pipekeras.grammar.vectors.unsupported import only_default

Dots = list[tuple[str | None, Any]]


def source_lines(file: Any, given_text: Any, codec: str = "utf-8-sig") -> list[str]:
    """Lines of a table's source: text, a connection or a file name."""
    if given_text is not NULL:
        lines: list[str] = []
        if getattr(given_text, "kind", "") != "character":
            fail("invalid 'text' argument")
        for piece in given_text.items():
            lines.extend(lines_of_text("NA" if piece is None else str(piece)))
        if lines and lines[-1] == "":
            lines.pop()
        return lines
    if is_connection(file):
        return read_lines_of(file)
    path = os.path.expanduser(text(file, "file"))
    if not path.startswith(("http://", "https://")) and not os.path.exists(path):
        warn(f"cannot open file '{path}': No such file or directory")
        fail("cannot open the connection", mend=f"there is no file '{path}' in {os.getcwd()}")
    if codec != "utf-8-sig" and os.path.exists(path):
        return file_text(path, codec).splitlines()
    return read_lines_of(file)


_SCANNED = {"numeric": "a real", "double": "a real", "integer": "an integer"}
"""How R's reader names what it expects in a column of numbers."""


def _scanned_column(texts: list[str | None], wanted: str) -> Vector:
    """A column of numbers; a text that is none is an error, as R's reader tells it."""
    whole = wanted == "integer"
    numbers: list[float] = []
    for cell in texts:
        value = NA_REAL if cell is None else parse_double(cell)
        if value is None or (whole and value == value and not value.is_integer()):
            fail(f"scan() expected '{_SCANNED[wanted]}', got '{cell}'")
        numbers.append(value)
    column = Vector("double", np.array(numbers, np.float64))
    return coerce(column, "integer") if whole else column


def converted_column(texts: list[str | None], wanted: str | None, missing: set[str], decimal: str,
                     text_factors: bool, numerals: str = "allow.loss") -> Any:
    """One column in the kind asked for, or in the one its texts suggest."""
    if wanted in (None, "NA"):
        made = _guessed(texts, missing, decimal, numerals)
        if made is not None:
            return made
        made = text_column(texts, missing)
        return factor(made) if text_factors else made
    made = text_column(texts, missing)
    if wanted == "character":
        return made
    if wanted == "factor":
        return factor(made)
    if wanted in _SCANNED:
        cells = [cell if cell is None else cell.replace(decimal, ".") for cell in _without_blanks(made)]
        return _scanned_column(cells, str(wanted))
    if wanted in ("logical", "complex"):
        return coerce(Vector("character", _without_blanks(made)), str(wanted))
    if wanted == "Date":
        return call_builtin("as.Date", made)
    if wanted == "POSIXct":
        return call_builtin("as.POSIXct", made)
    with spoken_of("methods::as(data[[i]], colClasses[i])"):
        return fail(f"no method or default for coercing \u201ccharacter\u201d to \u201c{wanted}\u201d")


def _guessed(texts: Sequence[str | None], missing: set[str], decimal: str, numerals: str) -> Any:
    """A column of the kind that its texts suggest; None for texts, and for numbers that would lose digits unwanted."""
    lost = [] if numerals == "allow.loss" else loses_digits(texts, missing, decimal)
    if lost and numerals == "no.loss":
        return None
    for text_lost in lost:
        warn(f'accuracy loss in conversion from "{text_lost}" to numeric')
    return guess_column(texts, missing, decimal)


_NUMERALS = ("allow.loss", "warn.loss", "no.loss")


def _without_blanks(column: Vector) -> Any:
    from pipekeras.grammar.values import object_array

    return object_array([None if value is None or not value.strip() else value.strip() for value in column.data])


_READING = ("read.table(file = file, header = header, sep = sep, quote = quote, dec = dec, fill = fill, "
            "comment.char = comment.char, ...)")
_SCANNING = ("scan(file = file, what = what, sep = sep, quote = quote, dec = dec, nmax = nrows, skip = 0, "
             "na.strings = na.strings, quiet = TRUE, fill = fill, strip.white = strip.white, "
             "blank.lines.skip = blank.lines.skip, multi.line = FALSE, comment.char = comment.char, "
             "allowEscapes = allowEscapes, flush = flush, encoding = encoding, skipNul = skipNul)")
"""The calls inside R's readers in which a table's mistakes come up."""


def _even_records(records: list[list[Any]], width: int, fill: bool) -> list[list[Any]]:
    """Records of one length: where they may be filled, what is short gets empty fields and what is long goes on below."""
    even = []
    for position, record in enumerate(records, 1):
        if not fill and len(record) != width:
            fail(f"line {position} did not have {width} elements")
        for start in range(0, max(len(record), 1), max(width, 1)):
            part = record[start : start + width]
            even.append(part + [""] * (width - len(part)))
    return even


def read_frame(
    lines: list[str], header: bool | None, splitter: FieldSplitter, decimal: str, row_names: Any, col_names: Any,
    missing: set[str], classes: Any, rows: int, skip: int, check_names: bool, fill: bool, as_is: Any,
    numerals: str,
) -> Vector:
    """Data frame from lines of text."""
    records = splitter.records(lines[skip:])
    if not records:
        fail("no lines available in input")
    given_names = None if col_names is NULL else [str(name) for name in col_names.items()]
    first = len(records[0] if given_names is None else given_names)
    # The first five lines tell how many columns there are; one name too few leaves the first column to the rows.
    width = max([first, *(len(record) for record in records[:5])])
    first_is_rows = width - first == 1 and header is not False
    if header is None:
        header = first_is_rows
    names: list[str] | None = None
    if header:
        records.pop(0)
        # Blanks around a name are no part of it, whatever those around fields are.
        names = splitter.stripping().records(lines[skip:], 1)[0]
        if given_names is not None and len(given_names) != len(names):
            warn("header and 'col.names' are of different lengths")
    if rows >= 0:
        records = records[:rows]
    known = given_names or names
    if known is not None:
        if len(known) + first_is_rows < width:
            fail("more columns than column names")
        if len(known) > width and not fill:
            fail("more column names than columns")
        width = max(width, len(known))
    with spoken_of(_SCANNING):
        records = _even_records(records, width, fill)
    row_labels: list[str | None] | None = None
    columns: list[list[str | None]] = [list(column) for column in zip(*records, strict=True)] or [
        [] for _ in range(width)]
    if names is None:
        names = [f"V{k}" for k in range(1, width + 1)]
    names = given_names or names
    if first_is_rows:
        if row_names is UNSET:
            row_labels = columns.pop(0)
        else:
            names = ["row.names", *names]
    if check_names:
        names = unique_names([syntactic_name(name) for name in names])
    given: Sequence[Any] = classes.items() if type(classes) is Vector and classes.kind == "character" else []
    class_names = names_of(classes) if type(classes) is Vector else None
    if class_names is not None and not set(class_names) <= set(names):
        warn("not all columns named in 'colClasses' exist")
    texts = _kept_as_texts(as_is, names)
    made = []
    kept_names = []
    for k, column in enumerate(columns):
        wanted: str | None = None
        if class_names is not None:
            wanted = given[class_names.index(names[k])] if names[k] in class_names else None
        elif given:
            wanted = given[k % len(given)]
        if wanted == "NULL":
            continue
        with spoken_of(_SCANNING):
            made.append(converted_column(column, wanted, missing, decimal, not texts[k], numerals))
        kept_names.append(names[k])
    stored: Any = None
    if row_names is not NULL and row_names is not UNSET:
        if len(row_names) == 1:
            if row_names.kind != "character":
                at = int(number(row_names)) - 1
            elif str(row_names.items()[0]) in kept_names:
                at = kept_names.index(str(row_names.items()[0]))
            else:
                fail("row.names should specify one of the variables")
            if not 0 <= at < len(made):
                with spoken_of("data[[rlabp]]"):
                    fail("subscript out of bounds")
            labels = made.pop(at)
            whole = labels.kind == "integer" and explicit_class(labels) is None
            stored = labels if whole else call_builtin("as.character", labels)
            kept_names.pop(at)
        else:
            stored = call_builtin("as.character", row_names)
    elif row_labels is not None:
        stored = character(row_labels)
    if stored is not None and len(set(stored.items())) != len(stored):
        fail("duplicate 'row.names' are not allowed")
    return make_frame(made, kept_names, len(records), stored)


def _kept_as_texts(as_is: Any, names: list[str]) -> list[bool]:
    """Which columns of texts stay texts and become no factors: by truths that repeat, by number or by name."""
    count = len(names)
    if as_is is not NULL and as_is.kind == "logical" and len(as_is):
        return [bool(as_is.items()[k % len(as_is)]) for k in range(count)]
    if as_is is not NULL and as_is.kind in ("integer", "double"):
        places = [int(place) for place in as_is.items() if place is not None]
        if any(not 1 <= place <= count for place in places):
            fail("invalid numeric 'as.is' expression")
        return [k in places for k in range(1, count + 1)]
    if as_is is not NULL and as_is.kind == "character":
        if not set(as_is.items()) <= set(names):
            warn("not all columns named in 'as.is' exist")
        return [name in as_is.items() for name in names]
    return fail(f"'as.is' has the wrong length {0 if as_is is NULL else len(as_is)}  != cols = {count}")


def _enter_reader(name: str, header: str, separator: str, quote: str, fill: str, comment: str, decimal: str = ".",
                  strip: str = "FALSE") -> None:
    signature = (
        f"file, header = {header}, sep = '{separator}', quote = {quote}, dec = '{decimal}', fill = {fill}, "
        f"comment.char = '{comment}', row.names, col.names = NULL, na.strings = 'NA', colClasses = NA, "
        f"nrows = -1, skip = 0, check.names = TRUE, strip.white = {strip}, blank.lines.skip = TRUE, "
        "stringsAsFactors = FALSE, as.is, fileEncoding = '', encoding = 'unknown', text = NULL, "
        "skipNul = FALSE, numerals = 'allow.loss', flush = FALSE, allowEscapes = FALSE"
    )

    @builtin(name, signature, package="utils")
    def read(file: Any = UNSET, has_header: Any = NULL, sep: Any = NULL, quotes: Any = NULL, dec: Any = NULL,
             filled: Any = NULL, comment_char: Any = NULL, row_names: Any = UNSET, col_names: Any = NULL,
             na_strings: Any = NULL, col_classes: Any = NULL, nrows: Any = NULL, skip: Any = NULL,
             check_names: Any = NULL, strip_white: Any = NULL, blank_lines_skip: Any = NULL,
             strings_as_factors: Any = NULL, as_is: Any = UNSET, file_encoding: Any = NULL, encoding: Any = NULL,
             given_text: Any = NULL, skip_nul: Any = NULL, numerals: Any = NULL, flush: Any = NULL, escapes: Any = NULL) -> Any:
        only_default(name, skipNul=(skip_nul, False), flush=(flush, False), allowEscapes=(escapes, False))
        marks = quotes.items()[0] if quotes is not NULL else ""
        mark = str(sep.items()[0])
        splitter = FieldSplitter(mark, str(marks), str(comment_char.items()[0]), flag(strip_white) or not mark,
                                 flag(blank_lines_skip))
        codec = codec_of(file_encoding)
        if codec == "utf-8-sig":
            codec = codec_of(encoding)
        if file is UNSET and given_text is NULL:
            fail('argument "file" is missing, with no default')
        if given_text is NULL and not is_connection(file) and getattr(file, "kind", "") != "character":
            with nullcontext() if name == "read.table" else spoken_of(_READING):
                fail("'file' must be a character string or connection")
        lines = source_lines(file, given_text, codec)
        if lines and lines[0].startswith("\ufeff"):
            lines[0] = lines[0][1:]
        wants_header = None if has_header is NULL else flag(has_header)
        with nullcontext() if name == "read.table" else spoken_of(_READING):
            return read_frame(lines, wants_header, splitter, str(dec.items()[0]), row_names, col_names,
                              {str(t) for t in na_strings.items()}, col_classes, int(number(nrows)), int(number(skip)),
                              flag(check_names), flag(filled),
                              logical(not flag(strings_as_factors)) if as_is is UNSET else as_is,
                              choose(numerals, _NUMERALS, "numerals"))


_enter_reader("read.table", "NULL", "", "\"\\\"'\"", "FALSE", "#")
_enter_reader("read.csv", "TRUE", ",", "'\"'", "TRUE", "")
_enter_reader("read.csv2", "TRUE", ";", "'\"'", "TRUE", "", ",")
_enter_reader("read.delim", "TRUE", "\\t", "'\"'", "TRUE", "")
_enter_reader("read.delim2", "TRUE", "\\t", "'\"'", "TRUE", "", ",")


@builtin("type.convert", "x, na.strings = 'NA', as.is, dec = '.', numerals = 'allow.loss', ...", generic="s3", package="utils")
def type_convert(x: Any, na_strings: Any, as_is: Any = UNSET, dec: Any = NULL, numerals: Any = NULL,
                 dots: Any = ()) -> Any:
    if as_is is UNSET:
        warn("'as.is' should be specified by the caller; using TRUE")
        as_is = TRUE
    if x is NULL:
        return empty("logical")
    if is_frame(x) or (type(x) is Vector and x.kind == "list"):
        made = [type_convert(column, na_strings, as_is, dec, numerals, []) for column in x.data]
        return mk_list(made).with_attributes(x.attributes)
    if is_factor(x):
        x = call_builtin("as.character", x)
    if x.kind != "character":
        x = keep_shape(x.with_attribute("names", NULL), call_builtin("as.character", x).items())
    missing: set[str] = {str(t) for t in na_strings.items()}
    guessed = _guessed(x.items(), missing, str(dec.items()[0]), choose(numerals, _NUMERALS, "numerals"))
    if guessed is not None:
        kept = {k: v for k, v in (x.attributes or {}).items() if k in ("dim", "dimnames")}
        return guessed.with_attributes(kept or None)
    made_text = text_column(x.items(), missing)
    shape = {k: v for k, v in (x.attributes or {}).items() if k in ("dim", "dimnames")}
    if optional_flag(as_is):
        return made_text.with_attributes(shape or None)
    made = factor(made_text)
    return made.with_attributes({**shape, **(made.attributes or {})})


@builtin("count.fields", "file, sep = '', quote = \"\\\"'\", skip = 0, blank.lines.skip = TRUE, comment.char = '#'",
         package="utils")
def count_fields(file: Any, sep: Any, quote: Any, skip: Any, skip_blank: Any, comment: Any) -> Any:
    """How many fields each line has; a line that ends within quotes has a missing number of them."""
    from pipekeras.grammar.values import integer

    told = (sep, quote, comment)
    separator, quotes, mark = (str(given.items()[0]) if given is not NULL and len(given) else "" for given in told)
    counts: list[int | None] = []
    fields, within = 0, ""
    opened = 0
    for at, line in enumerate(source_lines(file, NULL)[int(number(skip)) :], int(number(skip)) + 1):
        fields = fields if within else 0
        starts = not within
        for letter in line:
            if within:
                within = "" if letter == within else within
                # What is quoted is a field of its own where white space separates.
                starts = not within and not separator
            elif mark and letter == mark:
                break
            elif letter == separator or (not separator and letter.isspace()):
                # Separators stand between fields, white space only tells that the next letter begins one.
                fields += 1 if separator and starts else 0
                starts = True
            else:
                # Where white space separates, a quote is one at the beginning of a field alone.
                within = letter if letter in quotes and (separator or starts) else ""
                opened = at if within else opened
                fields += starts
                starts = False
        if separator and starts and fields and not within:
            fields += 1
        if within or fields or not flag(skip_blank):
            counts.append(None if within else fields)
    if within and not separator:
        fail(f"quoted string on line {opened} terminated by EOF")
    return integer([*counts, fields] if within else counts)

