"""A clone of a model has the layers of the program too."""

from __future__ import annotations

from pipekeras.grammar.session import Session

PROGRAM = """
library(keras)
Scale <- R6::R6Class("Scale", inherit = KerasLayer, public = list(
  start = NULL, factor = NULL,
  initialize = function(start) self$start <- start,
  build = function(input_shape) {
    self$factor <- self$add_weight(name = "factor", shape = list(input_shape[[2]]),
                                   initializer = initializer_constant(self$start))
  },
  call = function(x, mask = NULL) x * self$factor
))
layer_scale <- function(object, start, name = NULL) create_layer(Scale, object, list(start = start, name = name))
layer_shift <- new_layer_class("Shift", initialize = function(by = 1, ...) { super$initialize(...); self$by <- by },
                               call = function(inputs) inputs + self$by)
model <- keras_model_sequential(input_shape = c(2)) %>% layer_scale(start = 3, name = "mine") %>% layer_shift(by = 4)
copy <- clone_model(model)
weights <- get_weights(copy)[[1]]
values <- predict(copy, matrix(1, 1, 2), verbose = 0)
label <- copy$layers[[1]]$name
"""


def test_layers_of_the_program_are_cloned_with_their_arguments() -> None:
    session = Session()
    session.activate()
    session.evaluate_text(PROGRAM)
    assert list(session.globals.get("weights").items()) == [3.0, 3.0]
    assert list(session.globals.get("values").items()) == [7.0, 7.0]
    assert session.globals.get("label").items() == ["mine"]
