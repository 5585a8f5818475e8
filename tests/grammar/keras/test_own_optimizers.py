"""An optimizer written in the language steps as the built-in one does."""

from __future__ import annotations

import pytest
from pipekeras.grammar.errors import RError
from pipekeras.grammar.session import Session

PROGRAM = """
library(keras)
Heavy(keras$optimizers$Optimizer) %py_class% {
  initialize <- function(learning_rate = 0.01, momentum = 0.9, name = "heavy") {
    super$initialize(learning_rate = learning_rate, name = name)
    self$momentum <- momentum
  }
  build <- function(variables) {
    super$build(variables)
    self$slots <- lapply(variables, function(v) self$add_variable_from_reference(v, name = "slot"))
  }
  update_step <- function(gradient, variable, learning_rate) {
    slot <- self$slots[[self$`_get_variable_index`(variable) + 1]]
    self$assign(slot, slot * self$momentum - gradient * learning_rate)
    self$assign_add(variable, slot)
  }
}
x <- matrix(sin(1:40), ncol = 4, byrow = TRUE)
losses <- function(optimizer) {
  set_random_seed(1)
  model <- keras_model_sequential(input_shape = 4) %>% layer_dense(1)
  model %>% compile(optimizer, "mse")
  history <- model %>% fit(x, x[, 1], epochs = 4, batch_size = 5, verbose = 0, shuffle = FALSE)
  history$metrics$loss
}
own <- losses(Heavy(0.02))
built_in <- losses(optimizer_sgd(0.02, momentum = 0.9))
rate <- Heavy(0.25)$get_config()$learning_rate
"""


def test_momentum_written_out_gives_the_same_bits() -> None:
    session = Session()
    session.activate()
    session.evaluate_text(PROGRAM)
    assert session.globals.get("own").items() == session.globals.get("built_in").items()
    assert session.globals.get("rate").items() == [0.25]


def test_an_optimizer_without_a_step_says_so() -> None:
    session = Session()
    session.activate()
    with pytest.raises(RError, match="update_step"):
        session.evaluate_text(
            "library(keras); Idle(keras$optimizers$Optimizer) %py_class% { initialize <- function() super$initialize() }\n"
            "m <- keras_model_sequential(input_shape = 1) %>% layer_dense(1)\n"
            "m %>% compile(Idle(), 'mse'); m %>% fit(matrix(1), 1, verbose = 0)"
        )
