"""Recurrent cells written in the language: each thread goes through all turns of its rows, and the bits stay the same."""

from __future__ import annotations

from typing import Any

import pytest
from pipekeras.grammar.session import Session

from pipekeras.runtime import loop_plan, lower_scan

PROGRAM = """
library(keras)
Cell <- R6::R6Class("Cell", inherit = KerasLayer, public = list(
  units = NULL, state_size = NULL, kernel = NULL, recurrent = NULL,
  initialize = function(units) { self$units <- as.integer(units); self$state_size <- list(self$units, self$units) },
  build = function(input_shape) {
    wide <- 4L * self$units
    self$kernel <- self$add_weight(name = "kernel", shape = list(input_shape[[length(input_shape)]], wide),
                                   initializer = initializer_glorot_uniform(seed = 1))
    self$recurrent <- self$add_weight(name = "recurrent", shape = list(self$units, wide),
                                      initializer = initializer_orthogonal(seed = 2))
  },
  call = function(inputs, states) {
    gates <- k_dot(inputs, self$kernel) + k_dot(states[[1]], self$recurrent)
    at <- function(k) gates[, ((k - 1) * self$units + 1):(k * self$units)]
    memory <- k_sigmoid(at(2)) * states[[2]] + k_sigmoid(at(1)) * k_tanh(at(3))
    output <- k_sigmoid(at(4)) * k_tanh(memory)
    list(output, list(output, memory))
  }))
x <- array(sin(1:(26 * 7 * 3)), dim = c(26, 7, 3))
x[1:9, 6:7, ] <- 0
trained <- function() {
  model <- keras_model_sequential(input_shape = c(7, 3)) %>%
    layer_masking() %>%
    layer_rnn(create_layer(Cell, args = list(units = 4)), return_sequences = TRUE) %>%
    layer_rnn(create_layer(Cell, args = list(units = 4)), go_backwards = TRUE) %>%
    layer_dense(1, kernel_initializer = initializer_glorot_uniform(seed = 3))
  model %>% compile(optimizer = optimizer_sgd(0.1), loss = "mse")
  model %>% fit(x, x[, 7, 1], epochs = 2, batch_size = 26, verbose = 0, shuffle = FALSE)
  c(get_weights(model), list(predict(model, x)))
}
"""


def test_cells_of_the_language_have_the_same_bits_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    parts: list[set[int]] = []
    original = lower_scan._in_parts

    def noted(*arguments: Any) -> Any:
        commands = original(*arguments)
        parts.append({command.part for command in commands or []})
        return commands

    monkeypatch.setattr(lower_scan, "_in_parts", noted)
    monkeypatch.setattr(loop_plan, "_WORTH", 0)
    session = Session()
    session.activate()
    session.evaluate_text(PROGRAM)
    for threads in (1, 2, 3):
        parts.clear()
        monkeypatch.setenv("PIPEKERAS_NUM_THREADS", str(threads))
        session.evaluate_text(f"found{threads} <- trained()")
        # Two loops forward and back, and two of the prediction.
        assert parts == [set(range(threads)) if threads > 1 else set()] * 6
    assert session.evaluate_text("identical(found1, found2) && identical(found1, found3)").items() == [True]
    assert session.evaluate_text("any(found1[[length(found1)]] != 0)").items() == [True]
