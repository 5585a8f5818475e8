"""Registered classes, configurations in files, sequence losses, unshared convolutions, slots."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pipekeras.grammar.session import Session

from pipekeras import config
from pipekeras.core.custom_objects import get_custom_objects

Run = Callable[[str], str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.chdir(tmp_path)

    def run_program(program: str) -> str:
        output, errors = io.StringIO(), io.StringIO()
        status = Session(output=output, error_output=errors).run(program, "words.pk")
        assert "internal problem" not in errors.getvalue(), errors.getvalue()
        return output.getvalue() + ("" if status == 0 else errors.getvalue())

    known = dict(get_custom_objects())
    yield run_program
    get_custom_objects().clear()
    get_custom_objects().update(known)
    config.set_dtype_policy(None)


def test_registered_classes_are_found_in_configurations(run: Run) -> None:
    program = """
    library(keras3)
    doubled <- new_layer_class("Doubled", call = function(x) x * 2)
    i <- keras_input(3)
    save_model_config(keras_model(i, i |> doubled()), "m.json")
    tryCatch(load_model_config("m.json"), error = function(e) cat("unknown\\n"))
    register_keras_serializable(doubled)
    grep("Doubled", names(get_custom_objects()), value = TRUE)
    load_model_config("m.json")$output_shape
    save_model_config(keras_model(i, i), "m.json")
    """
    found = run(program)
    assert found.startswith('unknown\n[1] "Custom>Doubled" "Doubled"       \n[[1]]\nNULL\n\n[[2]]\n[1] 3\n\n')
    assert "overwrite = TRUE" in found


def test_objects_are_set_and_cleared(run: Run) -> None:
    program = """
    set_custom_objects(list(twice = function(x) x * 2))
    layer_dense(units = 1, activation = "twice")$activation(3)
    length(set_custom_objects())
    length(get_custom_objects())
    """
    assert run(program) == "[1] 6\n[1] 1\n[1] 0\n"


def test_policies_are_set_by_name(run: Run) -> None:
    assert run('config_set_dtype_policy("mixed_bfloat16"); config_dtype_policy()$compute_dtype') == '[1] "bfloat16"\n'


def test_sequence_loss_and_its_decoding(run: Run) -> None:
    program = """
    even <- array(1 / 4, c(1, 5, 4))
    round(as.array(k_ctc_batch_cost(matrix(c(1, 2), 1), even, matrix(5, 1), matrix(2, 1))), 4)
    p <- array(c(.7, .1, .1, .2, .8, .1, .1, .1, .8), c(1, 3, 3))
    as.array(k_ctc_decode(p, 3)[[1]][[1]])
    """
    # 35 of the 4^5 paths of five steps collapse to two given labels: log(1024 / 35).
    assert run(program) == "       [,1]\n[1,] 3.3761\n     [,1] [,2] [,3]\n[1,]    0    1   -1\n"


def test_unshared_convolution_weighs_each_place_by_itself(run: Run) -> None:
    program = """
    x <- array(1:6, c(1, 3, 2))
    w <- array(1, c(2, 4, 1)); w[2, , ] <- 10
    as.array(k_local_conv1d(x, w, 2, 1))[1, , 1]
    dim(k_local_conv2d(array(1, c(2, 5, 5, 3)), array(1, c(16, 12, 7)), c(2, 2), c(1, 1), c(4, 4)))
    k_local_conv1d(x, w, 3, 1)
    """
    found = run(program)
    assert found.startswith("[1]  12 160\n[1] 2 4 4 7\n")
    assert "the kernel must have the shape (1, 6, filters)" in found


def test_means_of_older_versions(run: Run) -> None:
    program = """
    m <- metric_mean_relative_error(normalizer = c(1, 3, 2, 3))
    m$update_state(c(1, 3, 2, 3), c(2, 4, 6, 8))
    as.numeric(m$result())
    m <- metric_mean_tensor()
    m$update_state(c(0, 1, 2, 3))
    m$update_state(c(4, 5, 6, 7))
    as.numeric(m$result())
    m$reset_state()
    as.numeric(m$result())
    """
    assert run(program) == "[1] 1.25\n[1] 2 3 4 5\n[1] 0 0 0 0\n"


def test_slots_are_refused_as_r_does(run: Run) -> None:
    assert "trying to get slot \"a\" from an object of a basic class (\"numeric\") with no slots" in run("x <- 1\nx@a")
    assert "(class \"factor\") that is not an S4 object" in run("factor(1)@levels")
    assert run("op_array(1:3)@r[2]") == run("op_array(1:3)[2]")
