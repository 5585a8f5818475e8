"""Sheets of Excel workbooks (.xlsx) as columns, read by openpyxl where the extra `excel` is there.

A column's type is the widest of its cells', as readxl has them: blank, logical, date, numeric, text.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from pipekeras.grammar.builtins.registry import RError, builtin, warn
from pipekeras.grammar.values import NULL, Vector, character, double, logical, mk_list

_ORDER = ("blank", "logical", "date", "numeric", "text")
_EPOCH = datetime(1970, 1, 1)
_FIRST_DAY = datetime(1899, 12, 30)
_MOST_BYTES = 1 << 30
_RANGE = re.compile(r"^\$?([A-Za-z]{1,3})?\$?([0-9]{1,7})?(?::\$?([A-Za-z]{1,3})?\$?([0-9]{1,7})?)?$")
Grid = list[list[Any]]


@contextmanager
def _workbook(path: str) -> Iterator[Any]:
    """An open workbook; what cannot be one is refused before anything is read."""
    if not os.path.exists(path):
        raise RError(f"`path` does not exist: \u2018{path}\u2019")
    if not zipfile.is_zipfile(path):
        raise RError(f"\u2018{path}\u2019 is no .xlsx file", mend="save the workbook as .xlsx, or the sheet as CSV")
    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MOST_BYTES:
            raise RError(f"\u2018{path}\u2019 unpacks to more than a gigabyte", mend="save the sheet as CSV and use read_csv()")
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise RError("reading workbooks needs openpyxl", mend="pip install pipekeras[excel]") from None
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # whatever a damaged file makes the reader stumble over
        raise RError(f"cannot read \u2018{path}\u2019 as a workbook: {error}") from None
    try:
        yield book
    finally:
        book.close()


@builtin("excel_sheets", "path", package="readxl")
def excel_sheets(path: Any) -> Any:
    """Names of a workbook's sheets."""
    with _workbook(_text(path)) as book:
        return character(book.sheetnames)


@builtin(
    ".excel_columns", "path, sheet, range, skip, n_max, has_names, types, na, trim, guessed", package="readxl",
)  # fmt: skip
def excel_columns(path: Any, sheet: Any, cells: Any, skip: Any, most: Any, has_names: Any, types: Any, na: Any, trim: Any,
                  guessed: Any) -> Any:
    """The columns of a sheet, and the texts of the row of names."""
    with _workbook(_text(path)) as book:
        bounds, named = _bounds(None if cells is NULL else _text(cells))
        page = _page(book, sheet, named)
        grid = _grid(page, bounds, int(skip.items()[0]))
    missing = {str(item) for item in na.items()}
    if bool(trim.items()[0]):
        grid = [[cell.strip() if isinstance(cell, str) else cell for cell in row] for row in grid]
    grid = [[None if isinstance(cell, str) and cell in missing else cell for cell in row] for row in grid]
    names = [_as_text(cell) or "" for cell in grid.pop(0)] if grid and bool(has_names.items()[0]) else None
    limit = most.items()[0]
    if limit < len(grid):
        grid = grid[: int(limit)]
    width = len(names) if names is not None else len(grid[0]) if grid else 0
    wanted = _wanted(types, width)
    first_rows = min(len(grid), int(min(guessed.items()[0], len(grid))))
    columns, kept = [], []
    for place in range(width):
        if wanted[place] == "skip":
            continue
        values = [row[place] for row in grid]
        kind = wanted[place] if wanted[place] != "guess" else _widest(values[:first_rows])
        columns.append(_column(values, kind, place, first_rows if wanted[place] == "guess" else 0))
        kept.append(place)
    shown = NULL if names is None else character([names[place] for place in kept])
    return mk_list([shown, mk_list(columns)], ["names", "columns"])


def _text(value: Any) -> str:
    return str(value.items()[0])


def _page(book: Any, sheet: Any, named: str | None) -> Any:
    names = book.sheetnames
    if named is not None or (sheet is not NULL and sheet.kind == "character"):
        wanted = named if named is not None else _text(sheet)
        if wanted not in names:
            raise RError(f"Sheet '{wanted}' not found", mend=f"sheets of the workbook: {', '.join(names)}")
        return book[wanted]
    place = 1 if sheet is NULL else int(sheet.items()[0])
    if not 1 <= place <= len(names):
        raise RError(f"Can't retrieve sheet in position {place}, only {len(names)} sheet(s) found.")
    return book[names[place - 1]]


def _bounds(text: str | None) -> tuple[tuple[int | None, ...] | None, str | None]:
    """First row, first column, last row and last column of a range such as "B2:D9", and its sheet."""
    from openpyxl.utils import column_index_from_string

    if text is None:
        return None, None
    named, _, cells = text.rpartition("!")
    match = _RANGE.match(cells)
    if match is None or not cells:
        raise RError(f"'{text}' is no range of cells", mend="write range = \"A1:C10\", cell_rows(1:10) or cell_cols(\"A:C\")")
    column, row, last_column, last_row = match.groups()
    if ":" not in cells:
        last_column, last_row = column, row

    def number(letters: str | None) -> int | None:
        return None if letters is None else column_index_from_string(letters.upper())

    found = (row and int(row), number(column), last_row and int(last_row), number(last_column))
    return found, named.strip("'") or None  # type: ignore[return-value]


def _grid(page: Any, bounds: tuple[int | None, ...] | None, skip: int) -> Grid:
    """The cells that count: without a range, from the first row that holds something to the last."""
    if bounds is not None:
        first_row, first_column, last_row, last_column = bounds
        rows = page.iter_rows(min_row=first_row, min_col=first_column, max_row=last_row, max_col=last_column, values_only=True)
        grid = [list(row) for row in rows]
        width = last_column - (first_column or 1) + 1 if last_column else max(map(len, grid), default=0)
        height = last_row - (first_row or 1) + 1 if last_row else len(grid)
        grid += [[] for _ in range(height - len(grid))]
    else:
        grid = [list(row) for row in page.iter_rows(min_row=1 + skip, values_only=True)]
        while grid and not any(cell is not None for cell in grid[-1]):
            grid.pop()
        while grid and not any(cell is not None for cell in grid[0]):
            grid.pop(0)
        used = [place for row in grid for place, cell in enumerate(row) if cell is not None]
        first, width = min(used, default=0), 0
        grid = [row[first:] for row in grid]
        width = max(used, default=-1) - first + 1
    return [(row + [None] * width)[:width] for row in grid]


def _wanted(types: Any, width: int) -> list[str]:
    if types is NULL:
        return ["guess"] * width
    given = [str(item) for item in types.items()]
    for one in given:
        if one not in ("skip", "guess", "logical", "numeric", "date", "text"):
            raise RError(f"Illegal column type: '{one}'", mend="types: skip, guess, logical, numeric, date, text")
    if len(given) == 1:
        return given * width
    if len(given) != width:
        raise RError(f"Sheet has {width} columns, but `col_types` has length {len(given)}.")
    return given


def _kind(cell: Any) -> str:
    if cell is None:
        return "blank"
    if isinstance(cell, bool):
        return "logical"
    if isinstance(cell, (int, float)):
        return "numeric"
    return "date" if isinstance(cell, (datetime, date, time, timedelta)) else "text"


def _widest(values: Sequence[Any]) -> str:
    return max(map(_kind, values), key=_ORDER.index, default="blank")


def _moment(cell: Any) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, time):
        return _FIRST_DAY + timedelta(days=1, hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    return _FIRST_DAY + timedelta(days=float(cell)) if isinstance(cell, (int, float)) else _FIRST_DAY + cell


def _as_number(cell: Any) -> float | None:
    if isinstance(cell, (bool, int, float)):
        return float(cell)
    if isinstance(cell, str):
        try:
            return float(cell)
        except ValueError:
            return None
    return (_moment(cell) - _FIRST_DAY) / timedelta(days=1)


def _as_text(cell: Any) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return f"{_as_number(cell):.15g}"


def _as_logical(cell: Any) -> bool | None:
    if isinstance(cell, (bool, int, float)):
        return bool(cell)
    return {"TRUE": True, "T": True, "FALSE": False, "F": False}.get(cell.upper()) if isinstance(cell, str) else None


def _as_seconds(cell: Any) -> float | None:
    if isinstance(cell, (bool, str)):
        return None
    return (_moment(cell) - _EPOCH).total_seconds()


def _column(values: Sequence[Any], kind: str, place: int, guessed: int) -> Vector:
    """The cells as a vector; warns of those that do not fit."""
    convert = {"logical": _as_logical, "blank": _as_logical, "numeric": _as_number, "date": _as_seconds, "text": _as_text}[kind]
    made = []
    for number, cell in enumerate(values):
        one = None if cell is None else convert(cell)
        if cell is not None and one is None and number >= guessed:
            expected = {"blank": "logical"}.get(kind, kind)
            warn(f"Expecting {expected} in column {place + 1}, row {number + 1} of the data: got {_as_text(cell)!r}", False)
        made.append(one)
    if kind == "text":
        return character(made)
    if kind in ("blank", "logical"):
        return logical(made)
    numbers = double(made)
    if kind == "date":
        return numbers.with_attributes({"class": character(["POSIXct", "POSIXt"]), "tzone": character("UTC")})
    return numbers
