"""What stands between the brackets of a tensor: ranges keep an axis, NULL makes one, Python's steps count from 1."""

from __future__ import annotations

import io

import pytest
from pipekeras.grammar.session import Session

TENSOR = "library(tensorflow); x <- tf$constant(matrix(1:15, 3, 5)); y <- tf$constant(array(1:24, c(2, 3, 4))); i <- 2L\n"


def run(program: str) -> str:
    output, errors = io.StringIO(), io.StringIO()
    status = Session(output=output, error_output=errors).run(TENSOR + program, "places.R")
    return output.getvalue() if status == 0 else errors.getvalue()


@pytest.mark.parametrize(
    ("places", "shape"),
    [("x[1, ]", "5"), ("x[1:1, ]", "1 5"), ("x[, i:i]", "3 1"), ("y[1:1, , ]", "1 3 4"), ("x[, 2, drop = FALSE]", "3 1"),
     ("x[, tf$newaxis, ]", "3 1 5"), ("x[, , NULL]", "3 5 1"), ("x[tf$newaxis, , ]", "1 3 5"), ("y[, , c(1, 3)]", "2 3 2"),
     ("y[all_dims(), 1]", "2 3")],
)  # fmt: skip
def test_what_keeps_drops_and_makes_axes(places: str, shape: str) -> None:
    assert run(f"cat(dim({places}))") == shape


@pytest.mark.parametrize("places", ["1:5:2", "`::2`", "NULL:NULL:2", "seq(1, 5, by = 2)", "c(1, 3, 5)"])
def test_steps_are_written_as_r_and_as_python_writes_them(places: str) -> None:
    assert run(f"cat(as.array(x[1, {places}]))") == "1 7 13"


def test_ranges_of_one_place_are_assigned_through() -> None:
    program = "v <- tf$Variable(matrix(1, 2, 2)); invisible(v[1:1, ]$assign(matrix(5, 1, 2))); cat(as.array(v))"
    assert run(program) == "5 1 5 1"


def test_a_mask_of_what_comes_later_is_made_of_new_axes() -> None:
    assert run("m <- tf$range(3L); cat(as.array(tf$where(m[, tf$newaxis] < m[tf$newaxis, ], -1, 0)))") == "0 0 0 -1 0 0 -1 -1 0"


def test_devices_have_names_and_batches_count_from_zero() -> None:
    program = """library(keras)
    for (d in tf$config$list_physical_devices()) cat(d$device_type, "\\n")
    batches <- timeseries_generator(matrix(1:20, 10, 2), 1:10, length = 3, batch_size = 2)
    c(x, y) %<-% batches[0]; cat(dim(x), y, "\\n"); cat(batches[[1]][[2]])
    """
    assert run(program) == "CPU \n2 3 2 4 5 \n6 7"
