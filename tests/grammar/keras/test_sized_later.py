"""Noise, dropout and constants in a functional model, in sizes that only its data decides."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from pipekeras.grammar.session import Session

Run = Callable[[str], str]

MODEL = """
library(keras)
library(tensorflow)
input <- layer_input(shape = 5)
h <- input %>% layer_dense(4)
x <- matrix(1, 6, 5)
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def run_program(program: str) -> str:
        output, errors = io.StringIO(), io.StringIO()
        status = Session(output=output, error_output=errors).run(MODEL + program, "sizes.R")
        return output.getvalue() + ("" if status == 0 else errors.getvalue())

    return run_program


def test_noise_between_layers_is_drawn_for_each_row_and_batch(run: Run) -> None:
    program = """
    model <- keras_model(input, h + k_random_normal(k_shape(h), mean = 50, stddev = 0.1))
    p <- predict(model, x, batch_size = 3)
    c(length(unique(c(p))), all(abs(p - predict(keras_model(input, h), x) - 50) < 1))
    identical(p, predict(model, x, batch_size = 3))
    """
    assert run(program) == "[1] 24  1\n[1] FALSE\n"


@pytest.mark.parametrize(
    "noise",
    ["k_random_uniform(c(k_shape(h)[[1]], 4), minval = 1, maxval = 2)", "k_random_binomial(k_shape(h), p = 1)",
     "k_truncated_normal(list(k_shape(h)[[1]], 4L), mean = 9)", "tf$random$normal(tf$shape(h), mean = 9)",
     "tf$random$uniform(list(tf$shape(h)[1], 4L), minval = 1, maxval = 2)", "k_ones(k_shape(h))",
     "tf$ones(shape = list(tf$shape(h)[1], 1L))", "tf$fill(tf$shape(h), 2)"],
)  # fmt: skip
def test_draws_and_constants_take_sizes_of_a_layer_tensor(run: Run, noise: str) -> None:
    program = f"""
    p <- predict(keras_model(input, 0 * h + {noise}), x)
    dim(p); all(p > 0)
    """
    assert run(program) == "[1] 6 4\n[1] TRUE\n"


def test_k_dropout_between_layers_drops_whenever_the_model_runs(run: Run) -> None:
    program = """
    ones <- k_ones_like(h)
    model <- keras_model(input, list(k_dropout(ones, 0.5), k_dropout(ones, 0.5, noise_shape = list(k_shape(h)[[1]], 1L))))
    p <- predict(model, matrix(1, 200, 5))
    sort(unique(c(p[[1]]))); abs(mean(p[[1]]) - 1) < 0.3
    all(apply(p[[2]], 1, function(row) length(unique(row))) == 1)
    """
    assert run(program) == "[1] 0 2\n[1] TRUE\n[1] TRUE\n"


def test_a_model_with_noise_trains_and_is_saved(run: Run) -> None:
    program = """
    model <- keras_model(input, layer_dense(h * tf$zeros(tf$shape(h)) + k_random_normal(k_shape(h)), 1))
    model %>% compile(loss = "mse", optimizer = "sgd")
    history <- model %>% fit(x, rep(1, 6), epochs = 2, verbose = 0)
    length(history$metrics$loss)
    save_model_hdf5(model, "noise.h5")
    again <- load_model_hdf5("noise.h5")
    dim(predict(again, x)); identical(get_weights(again), get_weights(model))
    length(model_from_json(model_to_json(model))$layers) == length(model$layers)
    """
    assert run(program) == "[1] 2\n[1] 6 1\n[1] TRUE\n[1] TRUE\n"


@pytest.mark.parametrize(
    "shaped",
    ["tf$reshape(h, tf$stack(list(tf$shape(h)[1], 2L, 2L)))",
     "tf$reshape(h, list(tf$shape(h)[1] * 2L, 2L)) %>% tf$reshape(c(-1L, 2L, 2L))",
     "k_reshape(h, k_stack(list(k_shape(h)[1], 2L, 2L)))",
     "tf$reshape(h, tf$concat(list(tf$shape(h)[1:1], list(2L, 2L)), axis = 0L))",
     "tf$broadcast_to(tf$reshape(h, c(-1L, 2L, 2L)), list(tf$shape(h)[1], 2L, 2L))"],
)  # fmt: skip
def test_shapes_are_put_together_of_sizes_that_are_not_known(run: Run, shaped: str) -> None:
    program = f"""
    p <- predict(keras_model(input, {shaped}), x)
    identical(p, array_reshape(predict(keras_model(input, h), x), c(6, 2, 2)))
    """
    assert run(program) == "[1] TRUE\n"


def test_positions_of_a_sequence_of_any_length_are_tiled_for_each_row(run: Run) -> None:
    program = """
    sequence <- layer_input(shape = list(NULL, 3))
    places <- tf$tile(tf$expand_dims(tf$range(tf$shape(sequence)[2]), 0L), list(tf$shape(sequence)[1], 1L))
    model <- keras_model(sequence, sequence + layer_embedding(places, 10, 3))
    dim(predict(model, array(1, c(2, 4, 3)))); dim(predict(model, array(1, c(3, 7, 3))))
    """
    assert run(program) == "[1] 2 4 3\n[1] 3 7 3\n"


def test_a_call_of_the_program_gets_no_mask_where_no_input_has_one(run: Run) -> None:
    program = """
    pair <- keras_model_custom(function(self) {
      function(inputs, mask = NULL) if (is.null(mask)) inputs$a + inputs$b else stop("mask")
    })
    as.array(pair(list(a = k_constant(1:2), b = k_constant(3:4))))
    """
    assert run(program) == "[1] 4 6\n"


def test_a_layer_of_the_program_computes_with_sizes_of_any_batch_and_length(run: Run) -> None:
    program = """
    layer_positions <- new_layer_class("Positions",
      initialize = function(most, size, ...) {
        super$initialize(...)
        self$size <- size
        self$table <- layer_embedding(input_dim = most, output_dim = size)
      },
      call = function(inputs) {
        sizes <- tf$shape(inputs)
        found <- tf$slice(self$table(tf$range(sizes[2])), c(0L, 0L), c(sizes[2], self$size))
        tf$broadcast_to(found, tf$concat(list(sizes, list(self$size)), axis = -1L))
      })
    tokens <- layer_input(shape = list(NULL), dtype = "int64")
    model <- keras_model(tokens, layer_positions(most = 9, size = 4L)(tokens))
    dim(predict(model, matrix(1L, 3, 5))); model$output_shape[[3]]
    names(tf$nn$top_k(tf$constant(c(3, 1, 2)), 2L)); as.array(tf$tile(tf$constant(1:2), tf$constant(2L, shape = 1L)))
    """
    assert run(program) == '[1] 3 5 4\n[1] 4\n[1] "values"  "indices"\n[1] 1 2 1 2\n'
