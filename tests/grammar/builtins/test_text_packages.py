"""glue, stringr and jsonlite as programs see them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pipekeras.grammar.session import Session


def printed(program: str) -> str:
    output, errors = io.StringIO(), io.StringIO()
    status = Session(output=output, error_output=errors).run(program, "test.R")
    assert status == 0, errors.getvalue()
    return output.getvalue()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('glue("a{1:2}b")', "a1b\na2b\n"),
        ('name <- "x"; glue("Hello {name}, {1 + 1}!")', "Hello x, 2!\n"),
        ('glue("{{literal}} {x}", x = TRUE)', "{literal} TRUE\n"),
        ('f <- function(z) glue("z is {z}"); f(3)', "z is 3\n"),
        ('glue("{a}-{b}", a = c("p", NA), b = 1:2, .na = "?")', "p-1\n?-2\n"),
        ('glue_collapse(c("a", "b", "c"), ", ", last = " and ")', "a, b and c\n"),
        ('glue_data(list(k = 5), "k = {k}")', "k = 5\n"),
        ('class(glue("x"))', '[1] "glue"      "character"\n'),
        ('glue("<<x>> {y}", .open = "<<", .close = ">>", x = 1)', "1 {y}\n"),
    ],
)
def test_glue(code: str, expected: str) -> None:
    assert printed(f"library(glue)\n{code}") == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('str_detect(c("apple", "banana", NA), "an")', "[1] FALSE  TRUE    NA\n"),
        ('str_replace_all("abc", c("a" = "1", "b" = "2"))', '[1] "12c"\n'),
        ('str_replace("abab", "a(b)", "<\\\\1>")', '[1] "<b>ab"\n'),
        ('str_sub("hello", -3, -2)', '[1] "ll"\n'),
        ('str_pad(c("7", "42"), 3, pad = "0")', '[1] "007" "042"\n'),
        ('str_c("a", c("x", NA))', '[1] "ax" NA  \n'),
        ('str_split_fixed("a b c", " ", 2)', '     [,1] [,2] \n[1,] "a"  "b c"\n'),
        ('str_match("k=v", "(\\\\w)=(\\\\w)")[, 3]', '[1] "v"\n'),
        ('str_to_title("hello wide world")', '[1] "Hello Wide World"\n'),
        ('str_count("banana", fixed("a"))', "[1] 3\n"),
        ('str_detect("ABC", regex("b", ignore_case = TRUE))', "[1] TRUE\n"),
        ('str_squish("  a   b ")', '[1] "a b"\n'),
        ('str_trunc("abcdefghij", 6)', '[1] "abc..."\n'),
        ('str_sort(c("b10", "b9"), numeric = TRUE)', '[1] "b9"  "b10"\n'),
        ('x <- "abc"; str_sub(x, 2, 2) <- "ZZ"; x', '[1] "aZZc"\n'),
    ],
)
def test_stringr(code: str, expected: str) -> None:
    assert printed(f"library(stringr)\n{code}") == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('toJSON(list(a = 1, b = "x", c = 1:3))', '{"a":[1],"b":["x"],"c":[1,2,3]} \n'),
        ('toJSON(list(a = 1, b = NULL, c = TRUE), auto_unbox = TRUE)', '{"a":1,"b":{},"c":true} \n'),
        ('toJSON(data.frame(x = 1:2, y = c("a", NA)))', '[{"x":1,"y":"a"},{"x":2}] \n'),
        ("toJSON(matrix(1:4, 2))", "[[1,3],[2,4]] \n"),
        ("toJSON(pi, digits = 2)", "[3.14] \n"),
        ('str(fromJSON(\'{"a": 1, "b": [1.5, 2], "c": null}\'))',
         "List of 3\n $ a: int 1\n $ b: num [1:2] 1.5 2\n $ c: NULL\n"),
        ('fromJSON("[[1, 2], [3, 4]]")', "     [,1] [,2]\n[1,]    1    2\n[2,]    3    4\n"),
        ('fromJSON(\'[{"k": 1, "s": "u"}, {"k": 2}]\')', "  k    s\n1 1    u\n2 2 <NA>\n"),
        ('toJSON(fromJSON(\'{"u": {"v": [true, false]}}\'))', '{"u":{"v":[true,false]}} \n'),
    ],
)  # fmt: skip
def test_jsonlite(code: str, expected: str) -> None:
    assert printed(f"library(jsonlite)\n{code}") == expected


def test_files_and_connections(tmp_path: Path) -> None:
    path = (tmp_path / "text.txt").as_posix()
    program = f"""
writeLines(c("a", "b"), "{path}")
cat("c\\n", file = "{path}", append = TRUE)
readLines("{path}")
con <- file("{path}", "r"); readLines(con, n = 1); readLines(con, n = 1); close(con)
con <- file("{path}", "w"); writeLines("z", con); cat("q", file = con); close(con)
readLines("{path}")
file.exists("{path}"); basename("{path}"); unlink("{path}"); file.exists("{path}")
"""
    assert printed(program) == (
        '[1] "a" "b" "c"\n[1] "a"\n[1] "b"\n[1] "z" "q"\n[1] TRUE\n[1] "text.txt"\n[1] FALSE\n'
    )


def test_a_missing_file_is_an_error_with_a_mend(tmp_path: Path) -> None:
    errors = io.StringIO()
    assert Session(output=io.StringIO(), error_output=errors).run(f'readLines("{tmp_path}/no.txt")', "t.R") == 1
    assert "cannot open the connection" in errors.getvalue()
    assert "mend:" in errors.getvalue()


def test_bad_patterns_show_the_reason() -> None:
    errors = io.StringIO()
    assert Session(output=io.StringIO(), error_output=errors).run('grepl("(", "a")', "t.R") == 1
    assert "invalid regular expression '(', reason 'Missing ')''" in errors.getvalue()
