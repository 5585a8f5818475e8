"""Workbooks as data frames: types of columns, ranges, names, and files that are none."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from pipekeras.grammar.session import Session


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    book = openpyxl.Workbook()
    page = book.active
    page.title = "People"
    page.append([])
    page.append(["name", "age", "joined", "is_member", "mixed", None, "age"])
    page.append(["Ada", 36, datetime(2020, 2, 3, 4, 5), True, 1, None, 1])
    page.append([" Bob ", 41.5, datetime(2021, 1, 1), False, "x", None, 2])
    page.append(["n/a", None, None, None, 2.5, None, 3])
    second = book.create_sheet("Numbers")
    for row in range(1, 6):
        second.append([row, row * row])
    book.save("book.xlsx")
    return tmp_path


def run(program: str) -> tuple[int, str, str]:
    output, errors = io.StringIO(), io.StringIO()
    status = Session(output=output, error_output=errors).run("library(readxl)\n" + program, "test.pk")
    return status, output.getvalue(), errors.getvalue()


PROGRAM = """
stopifnot(identical(excel_sheets("book.xlsx"), c("People", "Numbers")))
people <- read_excel("book.xlsx", na = c("", "n/a"))
stopifnot(inherits(people, "tbl_df"), identical(dim(people), c(3L, 7L)))
stopifnot(identical(names(people), c("name", "age...2", "joined", "is_member", "mixed", "...6", "age...7")))
stopifnot(identical(people$name, c("Ada", "Bob", NA)), identical(people$age...2, c(36, 41.5, NA)))
stopifnot(identical(format(people$joined[1], "%Y-%m-%d %H:%M"), "2020-02-03 04:05"), inherits(people$joined, "POSIXct"))
stopifnot(identical(people$is_member, c(TRUE, FALSE, NA)), identical(people$mixed, c("1", "x", "2.5")))
stopifnot(identical(people$...6, c(NA, NA, NA)))
numbers <- read_xlsx("book.xlsx", sheet = "Numbers", col_names = FALSE)
stopifnot(identical(names(numbers), c("...1", "...2")), identical(numbers[[2]], c(1, 4, 9, 16, 25)))
part <- read_excel("book.xlsx", sheet = 2, range = "B2:B4", col_names = "square")
stopifnot(identical(part$square, c(4, 9, 16)))
stopifnot(identical(read_excel("book.xlsx", range = "Numbers!A1:B3", col_names = c("a", "b"))$b, c(1, 4, 9)))
stopifnot(identical(read_excel("book.xlsx", 2, range = cell_cols("B"), col_names = FALSE)[[1]], c(1, 4, 9, 16, 25)))
stopifnot(nrow(read_excel("book.xlsx", 2, range = cell_rows(2:3), col_names = FALSE)) == 2)
stopifnot(nrow(read_excel("book.xlsx", n_max = 1)) == 1)
stopifnot(identical(names(read_excel("book.xlsx", "Numbers", skip = 2)), c("3", "9")))
typed <- read_excel("book.xlsx", "Numbers", col_names = FALSE, col_types = c("text", "skip"))
stopifnot(identical(typed[[1]], as.character(1:5)), ncol(typed) == 1)
"""


def test_sheets_are_read(folder: Path) -> None:
    status, output, errors = run(PROGRAM)
    assert (status, output) == (0, ""), errors


def test_cells_beyond_the_guess_that_do_not_fit_are_missing(folder: Path) -> None:
    status, output, errors = run('cat(is.na(read_excel("book.xlsx", guess_max = 1)$mixed))')
    assert (status, output) == (0, "FALSE TRUE FALSE")
    assert "Expecting numeric in column 5, row 2 of the data: got 'x'" in errors


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ('read_excel("away.xlsx")', "`path` does not exist: \u2018away.xlsx\u2019"),
        ('read_excel("plain.xlsx")', "\u2018plain.xlsx\u2019 is no .xlsx file"),
        ('read_excel("archive.xlsx")', "cannot read \u2018archive.xlsx\u2019 as a workbook"),
        ('read_excel("book.xlsx", "Nowhere")', "Sheet 'Nowhere' not found"),
        ('read_excel("book.xlsx", 7)', "Can't retrieve sheet in position 7, only 2 sheet(s) found."),
        ('read_excel("book.xlsx", range = "here")', "'here' is no range of cells"),
        ('read_excel("book.xlsx", col_types = c("text", "date"))', "Sheet has 7 columns, but `col_types` has length 2."),
        ('read_excel("book.xlsx", col_types = "list")', "Illegal column type: 'list'"),
    ],
)
def test_what_cannot_be_read_is_told(folder: Path, program: str, message: str) -> None:
    import zipfile

    (folder / "plain.xlsx").write_text("a,b\n")
    with zipfile.ZipFile(folder / "archive.xlsx", "w") as archive:
        archive.writestr("a.txt", "text")
    status, _, errors = run(program)
    assert status == 1
    assert message in errors
    assert "InternalError" not in errors
