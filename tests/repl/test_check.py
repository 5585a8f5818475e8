"""`pipekeras check`: what it reports, and that it leaves right programs alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from pipekeras.repl.check import check_files, check_text

PROGRAMS = Path(__file__).parents[1] / "language"


def test_every_problem_is_reported_with_its_place() -> None:
    program = (
        "model <- keras_model_sequential() %>%\n"
        "  layer_dense(unts = 10, input_shape = 4) %>%\n"
        "  layer_dens(3)\n"
        "total <- totl + 1\n"
        "scale_by <- function(x, factor = 2) x * factor\n"
        "scale_by(1, facter = 3)\n"
        "seq_len(lengthout = 3)\n"
    )
    assert check_text(program, "model.pk") == [
        "unused argument: layer_dense() has no 'unts'\n"
        "  model.pk:2:15     layer_dense(unts = 10, input_shape = 4) %>%\n"
        "                                ^^^^^^^^^\n"
        "  mend: did you mean 'units'?",
        'could not find function "layer_dens"\n'
        "  model.pk:3:3     layer_dens(3)\n"
        "                   ^^^^^^^^^^\n"
        "  mend: did you mean 'layer_dense'?",
        "object 'totl' not found\n"
        "  model.pk:4:10   total <- totl + 1\n"
        "                           ^^^^\n"
        "  mend: did you mean 'total'?",
        "unused argument: scale_by() has no 'facter'\n"
        "  model.pk:6:13   scale_by(1, facter = 3)\n"
        "                              ^^^^^^^^^^\n"
        "  mend: did you mean 'factor'?",
        "unused argument: seq_len() has no 'lengthout'\n"
        "  model.pk:7:9   seq_len(lengthout = 3)\n"
        "                         ^^^^^^^^^^^^^\n"
        "  mend: did you mean 'length.out'?",
    ]


def test_nothing_is_run(tmp_path: Path) -> None:
    target = tmp_path / "written"
    assert check_text(f"file.create('{target}')\n", "x.pk") == []
    assert not target.exists()


@pytest.mark.parametrize(
    "program",
    [
        "c(a, b) %<-% list(1, 2); a + b",
        "x <- list(); x$first <- 1; names(x)[1] <- 'b'; x[['c']]$d <- 2",
        "with(list(u = 1), u + 1); subset(data.frame(v = 1), v > 0)",
        "y ~ a + b; quote(nothing_here(1))",
        "f <- function(...) list(...); f(anything = 1)",
        "for (i in 1:3) print(i); sapply(1:2, \\(k) k)",
        "assign('made', 1); made; 3 -> turned; turned",
        "show_it <- function(e) substitute(e); show_it(no_such_name + other(2))",
        "tryCatch(no_such_function(), error = function(e) NULL)",
        "P <- R6::R6Class('P', public = list(n = 1, go = function() self$n)); P$new()$go()",
        "source('other.R'); defined_elsewhere(1)",
        "x <- c(1, 2) %>% sum; base::paste(x); seq(1, 9, len = 3)",
        "fit_it <- function(model) model %>% fit(x = 1, y = 2, verbose = 0)",
    ],
)
def test_right_programs_have_no_problems(program: str) -> None:
    assert check_text(program, "x.pk") == []


def test_programs_that_run_have_no_problems() -> None:
    programs = sorted(PROGRAMS.glob("conformance/*.R"))
    assert programs
    reported = {path.name: check_text(path.read_text("utf-8"), path.name) for path in programs}
    assert {name: reports for name, reports in reported.items() if reports} == {}


def test_syntax_errors_and_missing_files_are_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right, wrong, missing = tmp_path / "right.pk", tmp_path / "wrong.pk", tmp_path / "missing.pk"
    right.write_text("x <- 1\n")
    wrong.write_text("f(1\n")
    assert check_files([str(right)]) == 0
    assert capsys.readouterr().out == f"{right}: no problems\n"
    assert check_files([str(right), str(wrong)]) == 1
    shown = capsys.readouterr()
    assert shown.out == f"{right}: no problems\n{wrong}: 1 problem\n"
    assert shown.err.startswith("SyntaxError: the text ends before '(' is closed\n")
    assert check_files([str(missing)]) == 2


def test_shapes_are_checked_without_data() -> None:
    program = (
        "units <- c(8, 16)\n"
        "model <- keras_model_sequential() %>%\n"
        "  layer_dense(units = units[1], input_shape = 4) %>%\n"
        "  layer_reshape(target_shape = c(3, 3))\n"
        "other <- keras_model_sequential() %>% layer_dense(2, input_shape = 4)\n"
        'other %>% compile(optimizer = "adamm", loss = "mse")\n'
        'x <- as.matrix(read.csv("no_such_file.csv"))\n'
        "other %>% fit(x, x)\n"
        "build <- function(n) layer_input(shape = n) %>% layer_dense(3) %>% layer_conv_2d(4, 3)\n"
        "from_data <- build(ncol(x))\n"
        "tensor <- build(5)\n"
    )
    assert check_text(program, "model.pk") == [
        "layer_reshape(target_shape = c(3, 3)) needs 9 elements in a sample; got 8, in the shape (None, 8)\n"
        "  model.pk:4:3     layer_reshape(target_shape = c(3, 3))\n"
        "                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  mend: the sizes of target_shape must multiply to the number of elements; one of them may be -1",
        "unknown optimizer 'adamm'\n"
        '  model.pk:6:11   other %>% compile(optimizer = "adamm", loss = "mse")\n'
        "                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  mend: did you mean 'adam'?",
        "cannot open file 'no_such_file.csv': No such file or directory\n"
        '  model.pk:7:25   x <- as.matrix(read.csv("no_such_file.csv"))\n'
        "                                          ^^^^^^^^^^^^^^^^^^\n"
        f"  mend: there is no 'no_such_file.csv' in {Path.cwd()}",
        "layer_conv_2d(filters = 4, kernel_size = 3) needs (batch, rows, columns, channels); got (None, 3)\n"
        "  model.pk:9:68   build <- function(n) layer_input(shape = n) %>% layer_dense(3) %>% layer_conv_2d(4, 3)\n"
        "                                                                                     ^^^^^^^^^^^^^^^^^^^\n"
        "  mend: add the missing axes: layer_input(shape = ...) leaves out the batch axis only; "
        "layer_reshape() adds axes",
    ]


def test_a_statement_that_takes_too_long_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipekeras.grammar import rehearse

    monkeypatch.setattr(rehearse, "SECONDS_PER_STATEMENT", 0.5)
    assert check_text("n <- 0\nwhile (TRUE) n <- n + 1\nstop_here <- n\nc(1, 2)[[5]]\n", "x.pk") == [
        "subscript out of bounds\n  x.pk:4:1   c(1, 2)[[5]]\n             ^^^^^^^^^^^^"
    ]


def test_what_follows_from_a_mistake_is_no_mistake_of_its_own() -> None:
    program = (
        "m <- keras_model_sequential() %>% layer_dense(1, input_shape = 2)\n"
        'm %>% compile(optimizer = "adamm", loss = "mse")\n'
        "m %>% fit(matrix(0, 4, 2), rep(0, 4))\n"
    )
    reports = check_text(program, "m.pk")
    assert [report.split("\n")[0] for report in reports] == ["unknown optimizer 'adamm'"]
