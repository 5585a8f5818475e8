"""Writing tables as text: ``write.table`` with its relatives."""

from __future__ import annotations

import os
from typing import Any

from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.elements.factors import is_factor
from pipekeras.grammar.builtins.files.connections import is_connection, write_to
from pipekeras.grammar.builtins.registry import builtin, write
from pipekeras.grammar.deparse import deparse_short
from pipekeras.grammar.values import NULL, TRUE, Vector, character, dim_of, explicit_class, is_na, object_array
from pipekeras.grammar.vectors.arguments import flag, text
from pipekeras.grammar.vectors.coerce import coerce, double_texts
from pipekeras.grammar.vectors.frames import column_names, is_frame, row_count, row_name_texts
from pipekeras.grammar.vectors.report import fail, warn
from pipekeras.grammar.vectors.unsupported import only_default

Dots = list[tuple[str | None, Any]]


def _quoted(value: str, method: str) -> str:
    return '"' + value.replace('"', '""' if method == "double" else '\\"') + '"'


def _cell_texts(column: Any, quote: bool, method: str, missing: str, decimal: str) -> list[str]:
    quotable = is_factor(column) or column.kind == "character"
    classes = explicit_class(column)
    if (classes is not None and not is_factor(column)) or is_factor(column):
        texts = call_builtin("as.character", column).items()
    else:
        plain = column.with_attributes(None)
        texts = coerce(plain, "character").items() if column.kind != "double" else double_texts(column.data.tolist())
        if column.kind == "double":
            texts = [None if text == "NaN" else text for text in texts]
    shown = []
    for value in texts:
        if value is None:
            shown.append(missing)
        elif quotable and quote:
            shown.append(_quoted(str(value), method))
        else:
            shown.append(str(value).replace(".", decimal) if decimal != "." and column.kind == "double" else str(value))
    return shown


def _quoted_columns(quote: Any, count: int) -> tuple[list[bool], bool]:
    """Which columns are quoted, and whether names are."""
    if type(quote) is not Vector or quote.kind not in ("logical", "integer", "double"):
        fail("invalid 'quote' specification")
    if quote.kind == "logical":
        if len(quote) != 1 or is_na(quote).any():
            fail("'quote' must be 'TRUE', 'FALSE' or numeric")
        return [flag(quote)] * count, flag(quote)
    chosen = coerce(quote, "double").data.tolist()
    if not all(place in range(1, count + 1) for place in chosen):
        fail("invalid numbers in 'quote'")
    return [place in chosen for place in range(1, count + 1)], True


def _labels_given(names: Any, size: int, argument: str) -> list[str] | None:
    """Labels that a call gives itself; None where it only says whether there are to be any."""
    if type(names) is Vector and names.kind == "logical":
        if len(names) > 1:
            fail("the condition has length > 1")
        return None
    if type(names) is not Vector or len(names) != size:
        fail(f"invalid '{argument}' specification")
    return ["NA" if name is None else str(name) for name in call_builtin("as.character", names).items()]


def write_frame(x: Any, file: Any, append: bool, quote: Any, sep: str, eol: str, missing: str, decimal: str,
                row_names: Any, col_names: Any, method: str) -> None:
    """Write a data frame or matrix as text."""
    if x is NULL or (type(x) is Vector and x.kind == "list" and dim_of(x) is None):
        x = call_builtin("as.data.frame", x)
    if is_frame(x) and any(is_frame(column) for column in x.data):
        from pipekeras.grammar.builtins.frames.frame_matrices import flat_columns

        parts, labels = flat_columns(x.data, column_names(x))
        x = Vector("list", object_array(parts), {**(x.attributes or {}), "names": character(labels)})
    from_matrix = not is_frame(x)
    has_columns = False
    if from_matrix:
        matrix = x
        has_rows = False
        shape = dim_of(x)
        if shape is not None and len(shape) == 2:
            dimnames = (x.attributes or {}).get("dimnames", NULL)
            has_rows = dimnames is not NULL and dimnames.data[0] is not NULL
            has_columns = dimnames is not NULL and dimnames.data[1] is not NULL
        if shape is not None and len(shape) > 2 and explicit_class(x) is None:
            from pipekeras.grammar.builtins.frames.frames import build_frame

            x = build_frame([(None, matrix, "x")], NULL, False, True, False)
        else:
            if shape is not None and len(shape) == 2 and explicit_class(x):
                matrix = x.with_attribute("class", NULL)
            x = call_builtin("as.data.frame", matrix)
        if not has_columns and shape is None:
            x = x.with_attribute("names", character(["x"]))
        if has_rows and dimnames is not NULL:
            x = x.with_attribute("row.names", character(["NA" if name is None else name for name in dimnames.data[0].items()]))
    flags, quote_names = _quoted_columns(quote, len(x))
    # A matrix among the columns is as many columns, all quoted or none.
    cells = [_cell_texts(part, quoted, method, missing, decimal)
             for column, quoted in zip(x.data, flags, strict=True) for part in _flat_columns(column)]
    labels = _labels_given(row_names, row_count(x), "row.names")
    if labels is None and flag(row_names):
        labels = row_name_texts(x)
    given_titles = _labels_given(col_names, len(x), "col.names")
    blank_corner = given_titles is None and col_names.data[0] == -(2**31)
    if blank_corner and labels is None:
        fail("'col.names = NA' makes no sense when 'row.names = FALSE'")
    if labels is not None:
        cells.insert(0, [_quoted(label, method) if quote_names else label for label in labels])
    out = []
    # A frame that was made of a matrix without columns has no names, not even none of them.
    untitled = not (len(x) or blank_corner) and "names" not in (x.attributes or {})
    if (given_titles is not None or col_names.data[0] != 0) and not untitled:
        titles = dimnames.data[1] if has_columns and given_titles is None else character(given_titles or _flat_names(x))
        names = ["NA" if name is None else str(name) for name in titles.items()]
        shown = [_quoted(name, method) if quote_names else name for name in names]
        if blank_corner:
            shown.insert(0, '""' if quote_names else "")
        if not shown and quote_names:
            shown = ['""']
        out.append(sep.join(shown) + eol)
    rows = row_count(x)
    if labels is not None and not len(x):
        cells.append([""] * rows)
    unwritable = next((k for k, column in enumerate(x.data) if column.kind == "list" and not explicit_class(column)), None)
    if unwritable is not None and rows:
        # R writes cell after cell until it comes to one that it cannot write.
        out.append("".join(cell[0] + sep for cell in cells[: unwritable + (labels is not None)]))
        rows = 0
    out.extend(sep.join(cell[k] for cell in cells) + eol for k in range(rows))
    joined = "".join(out)
    if type(file) is Vector and file.kind == "character" and file.items()[0] == "":
        write(joined)
    elif is_connection(file):
        write_to(file, joined)
    else:
        path = os.path.expanduser(text(file, "file"))
        try:
            with open(path, "a" if append else "w", encoding="utf-8", errors="surrogateescape", newline="") as handle:
                handle.write(joined)
        except OSError as error:
            warn(f"cannot open file '{path}': {error.strerror}")
            fail("cannot open the connection")
    if unwritable is not None and row_count(x):
        fail("unimplemented type 'list' in 'EncodeElement'\n")


def _flat_columns(column: Any) -> list[Any]:
    from pipekeras.grammar.builtins.frames.frames import matrix_columns

    shape = dim_of(column)
    return matrix_columns(column, None)[0] if shape is not None and len(shape) == 2 else [column]


def _flat_names(x: Vector) -> list[str]:
    from pipekeras.grammar.builtins.frames.frames import matrix_columns

    names: list[str] = []
    for name, column in zip(column_names(x), x.data, strict=True):
        shape = dim_of(column)
        if shape is not None and len(shape) == 2:
            names.extend(matrix_columns(column, name)[1])
        else:
            names.append(name)
    return names


def _plain_encoding(encoding: Any) -> Any:
    """An encoding, or nothing for the one that files are written in anyway."""
    name = encoding.items()[0] if type(encoding) is Vector and len(encoding) == 1 else None
    return NULL if str(name).upper() in ("UTF-8", "UTF8") else encoding


@builtin("write.table", "x, file = '', append = FALSE, quote = TRUE, sep = ' ', eol = '\\n', na = 'NA', dec = '.', "
                        "row.names = TRUE, col.names = TRUE, qmethod = 'escape', fileEncoding = ''", invisible=True,
         package="utils")
def write_table(x: Any, file: Any, append: Any, quote: Any, sep: Any, eol: Any, na: Any, dec: Any, row_names: Any,
                col_names: Any, qmethod: Any, encoding: Any) -> Any:
    only_default("write.table", fileEncoding=(_plain_encoding(encoding), ""))
    if flag(append) and (col_names.kind != "logical" or col_names.items() != [0]):
        warn("appending column names to file")
    write_frame(x, file, flag(append), quote, str(sep.items()[0]), str(eol.items()[0]), str(na.items()[0]),
                str(dec.items()[0]), row_names, col_names, str(qmethod.items()[0]))
    return NULL


def _write_csv(x: Any, file: Any, quote: Any, eol: Any, na: Any, row_names: Any, sep: str, dec: str) -> Any:
    wants_rows = row_names.kind == "character" or flag(row_names)
    col_names = Vector("logical", None, None, -(2**31)) if wants_rows else TRUE
    write_frame(x, file, False, quote, sep, str(eol.items()[0]), str(na.items()[0]), dec, row_names, col_names,
                "double")
    return NULL


_FIXED = ("append", "col.names", "sep", "dec", "qmethod")


def _warn_of_fixed(dots: Dots) -> None:
    """Say which arguments a CSV file leaves no choice of; any other is refused."""
    named = [name for name, _ in dots]
    for name in _FIXED:
        if name in named:
            warn(f"attempt to set '{name}' ignored")
    other = next(((name, value) for name, value in dots if name not in _FIXED), None)
    if other is not None:
        fail(f"unused argument ({f'{other[0]} = ' if other[0] else ''}{deparse_short(other[1])})")


@builtin("write.csv", "x, file = '', quote = TRUE, eol = '\\n', na = 'NA', row.names = TRUE, fileEncoding = '', ...",
         invisible=True, package="utils")
def write_csv(x: Any, file: Any, quote: Any, eol: Any, na: Any, row_names: Any, encoding: Any, dots: Dots) -> Any:
    _warn_of_fixed(dots)
    only_default("write.csv", fileEncoding=(_plain_encoding(encoding), ""))
    return _write_csv(x, file, quote, eol, na, row_names, ",", ".")


@builtin("write.csv2", "x, file = '', quote = TRUE, eol = '\\n', na = 'NA', row.names = TRUE, fileEncoding = '', ...",
         invisible=True, package="utils")
def write_csv2(x: Any, file: Any, quote: Any, eol: Any, na: Any, row_names: Any, encoding: Any, dots: Dots) -> Any:
    _warn_of_fixed(dots)
    only_default("write.csv2", fileEncoding=(_plain_encoding(encoding), ""))
    return _write_csv(x, file, quote, eol, na, row_names, ";", ",")
