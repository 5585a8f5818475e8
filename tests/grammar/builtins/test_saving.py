"""R's own data files: what is written comes back, damaged files are refused."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from pipekeras.grammar.session import Session

# saveRDS(list(a = 1:3, s = c("x", NA), f = factor(c("u", "v")), d = 1.5), compress = FALSE) from GNU R 4.2, version 3
REFERENCE = (
    "WAoAAAADAAQCAgADBQAAAAAFVVRGLTgAAAITAAAABAAAAO4AAAACAAAAAQAEAAkAAAAOY29tcGFjdF9pbnRzZXEAAAACAAAAAQAEAAkAAAAEYm"
    "FzZQAAAAIAAAANAAAAAQAAAA0AAAD+AAAADgAAAANACAAAAAAAAD/wAAAAAAAAP/AAAAAAAAAAAAD+AAAAEAAAAAIABAAJAAAAAXgAAAAJ////"
    "/wAAAw0AAAACAAAAAQAAAAIAAAQCAAAAAQAEAAkAAAAGbGV2ZWxzAAAAEAAAAAIABAAJAAAAAXUABAAJAAAAAXYAAAQCAAAAAQAEAAkAAAAFY2"
    "xhc3MAAAAQAAAAAQAEAAkAAAAGZmFjdG9yAAAA/gAAAA4AAAABP/gAAAAAAAAAAAQCAAAAAQAEAAkAAAAFbmFtZXMAAAAQAAAABAAEAAkAAAAB"
    "YQAEAAkAAAABcwAEAAkAAAABZgAEAAkAAAABZAAAAP4="
)


def run(program: str) -> tuple[int, str, str]:
    output, errors = io.StringIO(), io.StringIO()
    status = Session(output=output, error_output=errors).run(program, "test.R")
    return status, output.getvalue(), errors.getvalue()


def test_values_come_back(tmp_path: Path) -> None:
    path = (tmp_path / "x.rds").as_posix()
    status, output, errors = run(
        """
x <- list(a = 1:3, b = c(u = 1.5, v = NA), s = c("é", NA), f = factor(c("p", "q")), n = NULL, z = 1i,
          d = data.frame(k = 1:2, w = c("x", "y")), t = as.Date("2024-01-01"), r = as.raw(1:3))
saveRDS(x, "{{path}}"); y <- readRDS("{{path}}"); identical(x[1:8], y[1:8]); y$r
""".replace("{{path}}", path)
    )
    assert status == 0, errors
    assert output == "[1] TRUE\n[1] 01 02 03\n"


def test_several_values_under_their_names(tmp_path: Path) -> None:
    path = (tmp_path / "x.RData").as_posix()
    status, output, errors = run(
        f'a <- 1:3; b <- "x"; save(a, b, file = "{path}"); rm(a, b); print(load("{path}")); a; b'
    )
    assert status == 0, errors
    assert output == '[1] "a" "b"\n[1] 1 2 3\n[1] "x"\n'


def test_a_file_that_r_wrote(tmp_path: Path) -> None:
    path = tmp_path / "r.rds"
    path.write_bytes(base64.b64decode(REFERENCE))
    status, output, errors = run(f'str(readRDS("{path.as_posix()}"))')
    assert status == 0, errors
    assert output == (
        'List of 4\n $ a: int [1:3] 1 2 3\n $ s: chr [1:2] "x" NA\n $ f: Factor w/ 2 levels "u","v": 1 2\n $ d: num 1.5\n'
    )


@pytest.mark.parametrize("cut", [0, 1, 5, 17, 40, 90])
def test_damaged_files_are_errors_of_the_program(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "r.rds"
    path.write_bytes(base64.b64decode(REFERENCE)[:cut])
    status, _, errors = run(f'readRDS("{path.as_posix()}")')
    assert status == 1
    assert errors.startswith("Error in readRDS(")
    assert "internal problem" not in errors


def test_every_changed_byte_is_read_or_refused(tmp_path: Path) -> None:
    data = base64.b64decode(REFERENCE)
    path = tmp_path / "r.rds"
    for place in range(0, len(data), 3):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        status, _, errors = run(f'x <- readRDS("{path.as_posix()}")')
        assert status in (0, 1)
        assert "internal problem" not in errors, (place, errors)
