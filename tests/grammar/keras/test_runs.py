"""Training runs: flags, metrics and evaluations that a program leaves in a folder of its own."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pipekeras.grammar.session import Session

TRAIN = """
library(keras)
FLAGS <- flags(flag_integer("units", 2), flag_string("kind", "plain"))
model <- keras_model_sequential(input_shape = 2) %>% layer_dense(FLAGS$units) %>% layer_dense(1)
model %>% compile("sgd", "mse")
x <- matrix(1:8 / 8, 4)
history <- model %>% fit(x, 1:4, epochs = 2, verbose = 0)
result <- model %>% evaluate(x, 1:4, verbose = 0)
cat(FLAGS$units, FLAGS$kind, is_run_active(), basename(dirname(run_dir())), "\\n")
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.R").write_text(TRAIN)
    return tmp_path


def run(program: str) -> str:
    output, errors = io.StringIO(), io.StringIO()
    status = Session(output=output, error_output=errors).run("library(tfruns)\n" + program, "tune.pk")
    assert "internal problem" not in errors.getvalue(), errors.getvalue()
    return output.getvalue() + ("" if status == 0 else errors.getvalue())


def test_runs_are_made_for_all_combinations_and_listed(folder: Path) -> None:
    program = """
    training_run("train.R", flags = list(kind = "first"), echo = FALSE)
    made <- tuning_run("train.R", flags = list(units = c(3, 4)), echo = FALSE, confirm = FALSE)
    made$flag_units
    all <- ls_runs(order = flag_units, decreasing = FALSE)
    all[c("flag_units", "flag_kind", "epochs_completed", "completed")]
    all(is.finite(all$eval_loss)) && all(is.finite(all$metric_loss))
    ls_runs(flag_units > 2, latest_n = 2)$flag_units
    latest_run()$flag_units
    is_run_active()
    """
    expected = [
        "2 first TRUE runs ",
        "3 plain TRUE runs ",
        "4 plain TRUE runs ",
        "[1] 4 3",
        "  flag_units flag_kind epochs_completed completed",
        "3          2     first                2      TRUE",
        "2          3     plain                2      TRUE",
        "1          4     plain                2      TRUE",
        "[1] TRUE",
        "[1] 4 3",
        "[1] 4",
        "[1] FALSE",
        "",
    ]
    assert run(program).split("\n") == expected


def test_a_run_that_fails_says_so_in_its_folder(folder: Path) -> None:
    (folder / "bad.R").write_text('write_run_metadata("metrics", list(loss = 3)); stop("no data")')
    program = """
    tryCatch(training_run("bad.R", run_dir = "mine", echo = FALSE), error = function(e) cat(conditionMessage(e), "\\n"))
    is_run_active()
    run_info("mine")$completed
    view_run("mine")
    """
    found = run(program)
    assert found.startswith("no data \n[1] FALSE\n[1] FALSE\n")
    assert sorted(path.name for path in (folder / "mine" / "tfruns.d").iterdir()) == [
        "evaluation.json", "flags.json", "metrics.json", "properties.json",
    ]  # fmt: skip


def test_mistakes_are_told(folder: Path) -> None:
    assert "there is no file none.R" in run('training_run("none.R")')
    assert "there are no runs" in run("run_info()")
    assert "flags must be given" in run('tuning_run("train.R")')
    assert run("ls_runs(); latest_run()") == "data frame with 0 columns and 0 rows\nNULL\n"


def test_runs_are_put_away_deleted_and_copied(folder: Path) -> None:
    program = """
    for (units in 2:3) training_run("train.R", flags = list(units = units), echo = FALSE)
    copy_run(latest_run(), to = "kept", rename = "best")
    run_info("kept/best")$flag_units
    clean_runs(ls_runs(flag_units == 2), confirm = FALSE)
    ls_runs()$flag_units
    clean_runs(confirm = FALSE)
    c(nrow(ls_runs()), length(list.files("runs/archive")))
    purge_runs(confirm = FALSE)
    length(list.files("runs/archive"))
    """
    assert run(program).splitlines()[-4:] == ["[1] 3", "[1] 3", "[1] 0 2", "[1] 0"]


def test_the_rate_of_learning_has_the_name_of_keras_2(folder: Path) -> None:
    program = """
    library(keras)
    model <- keras_model_sequential(input_shape = 2) %>% layer_dense(1) %>% compile(optimizer_sgd(0.5), "mse")
    history <- model %>% fit(matrix(0, 4, 2), rep(0, 4), epochs = 1, verbose = 0,
                             callbacks = callback_learning_rate_scheduler(function(epoch, lr) lr / 2))
    history$metrics$lr
    """
    assert run(program) == "[1] 0.25\n"
