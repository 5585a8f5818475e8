"""Layers, models, callbacks, losses, metrics and schedules that a program writes itself."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pipekeras.grammar.errors import RError
from pipekeras.grammar.session import Session

SCALE = """
Scale <- R6::R6Class("Scale", inherit = KerasLayer, public = list(
  by = NULL,
  weight = NULL,
  initialize = function(by) { self$by <- by },
  build = function(input_shape) {
    self$weight <- self$add_weight(name = "weight", shape = list(input_shape[[2]]), initializer = "ones")
  },
  call = function(x, mask = NULL) x * self$weight * self$by,
  compute_output_shape = function(input_shape) input_shape
))
layer_scale <- function(object, by, name = NULL) create_layer(Scale, object, list(by = by, name = name))
"""
DATA = """
set.seed(1); set_random_seed(1)
x <- matrix(rnorm(240), 60)
y <- as.numeric(x[, 1] + x[, 2] > 0)
"""
MODEL = """
model <- keras_model_sequential(input_shape = 4) %>% layer_dense(1, activation = "sigmoid")
"""


@pytest.fixture
def session() -> Session:
    made = Session()
    made.activate()
    made.evaluate_text("library(keras)")
    return made


def test_an_r6_layer_has_weights_that_train(session: Session) -> None:
    session.evaluate_text(SCALE + DATA)
    session.evaluate_text("m <- keras_model_sequential(input_shape = 4) %>% layer_scale(by = 3, name = 's') %>% layer_dense(1)")
    assert session.evaluate_text("m$layers[[1]]$name").items() == ["s"]
    first = session.evaluate_text("as.numeric(k_get_value(m$layers[[1]](k_constant(matrix(1, 1, 4)))))").items()
    assert first == [3, 3, 3, 3]
    session.evaluate_text("m %>% compile(loss = 'mse', optimizer = 'sgd'); m %>% fit(x, y, epochs = 2, verbose = 0)")
    weights = session.evaluate_text("get_weights(m)[[1]]").items()
    assert len(weights) == 4 and all(value != 1 for value in weights)


def test_a_layer_class_by_name_is_the_same(session: Session) -> None:
    session.evaluate_text("""
      layer_twice <- new_layer_class("Twice", initialize = function(times = 2) { super$initialize(); self$times <- times },
        build = function(input_shape) { self$w <- self$add_weight(name = "w", shape = list(input_shape[[2]]),
          initializer = "ones") },
        call = function(inputs) inputs * self$w * self$times, get_config = function() list(times = self$times))
      m <- keras_model_sequential(input_shape = 3) %>% layer_twice(times = 5)
    """)
    assert session.evaluate_text("as.numeric(predict(m, matrix(1, 1, 3)))").items() == [5, 5, 5]
    assert session.evaluate_text("m$layers[[1]]$get_config()$times").items() == [5]
    assert session.evaluate_text("length(m$trainable_weights)").items() == [1]


def test_an_r6_callback_sees_the_logs_and_stops(session: Session) -> None:
    session.evaluate_text(DATA + MODEL + """
      Watch <- R6::R6Class("Watch", inherit = KerasCallback, public = list(
        losses = NULL,
        on_epoch_end = function(epoch, logs = list()) {
          self$losses <- c(self$losses, logs[["loss"]])
          if (epoch == 2) self$model$stop_training <- TRUE
        }))
      watch <- Watch$new()
      model %>% compile(loss = "binary_crossentropy", optimizer = "adam")
      h <- model %>% fit(x, y, epochs = 9, verbose = 0, callbacks = list(watch))
    """)
    assert session.evaluate_text("all.equal(watch$losses, h$metrics$loss)").items() == [True]
    assert session.evaluate_text("length(watch$losses)").items() == [3]


def test_callbacks_of_functions_and_by_class(session: Session) -> None:
    session.evaluate_text(DATA + MODEL + """
      seen <- c()
      note <- function(what) function(...) seen <<- c(seen, what)
      stop_at <- new_callback_class("StopAt", at = 1, initialize = function(at) { self$at <- at },
        on_epoch_end = function(epoch, logs = NULL) if (epoch == self$at) self$model$stop_training <- TRUE)
      model %>% compile(loss = "mse", optimizer = "sgd")
      h <- model %>% fit(x, y, epochs = 5, verbose = 0, batch_size = 30, callbacks = list(stop_at(1),
        callback_lambda(on_epoch_begin = function(epoch, logs) seen <<- c(seen, paste("epoch", epoch)),
          on_batch_end = function(batch, logs) seen <<- c(seen, paste("batch", batch)),
          on_train_end = function(logs) seen <<- c(seen, "end"))))
    """)
    epoch = ["batch 0", "batch 1"]
    assert session.evaluate_text("seen").items() == ["epoch 0", *epoch, "epoch 1", *epoch, "end"]


def test_a_model_from_a_function(session: Session) -> None:
    session.evaluate_text(DATA + """
      make <- function(units) keras_model_custom(name = "mine", function(self) {
        self$hidden <- layer_dense(units = units, activation = "relu")
        self$out <- layer_dense(units = 1, activation = "sigmoid")
        function(inputs, mask = NULL) inputs %>% self$hidden() %>% self$out()
      })
      model <- make(8)
      model %>% compile(loss = "binary_crossentropy", optimizer = optimizer_adam(0.05), metrics = "accuracy")
      h <- model %>% fit(x, y, epochs = 15, verbose = 0)
    """)
    assert session.evaluate_text("model$name").items() == ["mine"]
    assert session.evaluate_text("length(model$weights)").items() == [4]
    assert session.evaluate_text("tail(h$metrics$accuracy, 1)").items()[0] > 0.8


def test_a_model_class_by_name(session: Session) -> None:
    session.evaluate_text(DATA + """
      Pair <- new_model_class("Pair", initialize = function(units, ...) { super$initialize(...)
          self$first <- layer_dense(units = units); self$second <- layer_dense(units = 1) },
        call = function(inputs) inputs %>% self$first() %>% self$second())
      model <- Pair(6, name = "pair")
      model %>% compile(loss = "mse", optimizer = "sgd")
      h <- model %>% fit(x, y, epochs = 3, verbose = 0)
    """)
    assert session.evaluate_text("model$name").items() == ["pair"]
    assert session.evaluate_text("h$metrics$loss[3] < h$metrics$loss[1]").items() == [True]
    assert session.evaluate_text("length(model$trainable_weights)").items() == [4]


def test_losses_and_metrics_of_functions(session: Session) -> None:
    session.evaluate_text(DATA + MODEL + """
      error <- function(y_true, y_pred) k_mean(k_square(y_true - y_pred), axis = -1)
      close <- custom_metric("close", function(y_true, y_pred) k_mean(k_cast(k_abs(y_true - y_pred) < 0.5, "float32")))
      model %>% compile(loss = error, optimizer = "sgd", metrics = list("mse", "accuracy", close))
      found <- model %>% evaluate(x, y, verbose = 0)
      p <- as.numeric(predict(model, x))
    """)
    assert session.evaluate_text("names(found)").items() == ["loss", "mse", "accuracy", "close"]
    # A vector of true values is compared row by row with the column that the model gives.
    assert session.evaluate_text("all.equal(found[['loss']], mean((y - p)^2), tolerance = 1e-5)").items() == [True]
    assert session.evaluate_text("all.equal(found[['loss']], found[['mse']], tolerance = 1e-5)").items() == [True]
    assert session.evaluate_text("all.equal(found[['close']], found[['accuracy']], tolerance = 1e-2)").items() == [True]


def test_a_bare_function_is_logged_by_the_name_of_its_variable_as_after_loading(session: Session, tmp_path: Path) -> None:
    session.evaluate_text(DATA + MODEL + f"""
      far <- function(y_true, y_pred) k_mean(k_abs(y_true - y_pred))
      model %>% compile(loss = "mse", optimizer = "sgd", metrics = list(far, function(y_true, y_pred) k_mean(y_pred)))
      before <- names(evaluate(model, x, y, verbose = 0))
      model %>% compile(loss = "mse", optimizer = "sgd", metrics = list(far))
      save_model_hdf5(model, "{tmp_path / "m.h5"}")
      again <- load_model_hdf5("{tmp_path / "m.h5"}", custom_objects = list(far = far))
      after <- names(evaluate(again, x, y, verbose = 0))
    """)
    assert session.evaluate_text("before").items() == ["loss", "far", "custom"]
    assert session.evaluate_text("after").items() == ["loss", "far"]


def test_losses_metrics_and_schedules_by_class(session: Session) -> None:
    session.evaluate_text(DATA + MODEL + """
      loss_gap <- new_loss_class("Gap", call = function(y_true, y_pred) k_mean(k_abs(y_true - y_pred), axis = -1))
      metric_hits <- new_metric_class("Hits",
        initialize = function(name = "hits", ...) { super$initialize(name = name, ...)
          self$count <- self$add_weight(name = "count", initializer = "zeros") },
        update_state = function(y_true, y_pred, sample_weight = NULL)
          self$count$assign_add(k_sum(k_cast(k_equal(y_true, k_cast(y_pred > 0.5, "float32")), "float32"))),
        result = function() self$count)
      halving <- new_learning_rate_schedule_class("Halving", initialize = function(start) { self$start <- start },
        call = function(step) self$start * 0.5^k_cast(step, "float32"))
      model %>% compile(loss = loss_gap(), optimizer = optimizer_sgd(halving(0.4)), metrics = list(metric_hits()))
      rate <- k_get_value(model$optimizer$learning_rate)
      h <- model %>% fit(x, y, epochs = 9, batch_size = 60, verbose = 0)
      found <- model %>% evaluate(x, y, verbose = 0)
      p <- as.numeric(predict(model, x))
    """)
    assert session.evaluate_text("names(found)").items() == ["loss", "hits"]
    assert session.evaluate_text("rate").items() == [pytest.approx(0.4)]
    assert session.evaluate_text("found[['hits']] == sum(y == (p > 0.5))").items() == [True]
    assert session.evaluate_text("all(h$metrics$hits <= 60)").items() == [True]
    assert session.evaluate_text("all.equal(found[['loss']], mean(abs(y - p)), tolerance = 1e-5)").items() == [True]
    # After nine halvings from 0.4 the steps are as good as none.
    assert session.evaluate_text("abs(h$metrics$loss[9] - h$metrics$loss[8]) < 1e-3").items() == [True]


def test_a_constraint_of_the_program_holds(session: Session) -> None:
    session.evaluate_text(DATA + """
      Positive <- R6::R6Class("Positive", inherit = KerasConstraint, public = list(
        call = function(w) w * k_cast(k_greater_equal(w, 0), k_floatx())))
      model <- keras_model_sequential(input_shape = 4) %>% layer_dense(3, kernel_constraint = Positive$new())
      model %>% compile(loss = "mse", optimizer = "sgd")
      model %>% fit(x, cbind(y, -y, y), epochs = 2, verbose = 0)
    """)
    assert session.evaluate_text("all(get_weights(model)[[1]] >= 0)").items() == [True]


def test_a_class_that_is_no_layer_is_refused(session: Session) -> None:
    with pytest.raises(RError, match="does not inherit from KerasLayer"):
        session.evaluate_text("create_layer(R6::R6Class('Plain', public = list(a = 1)), layer_input(3))")


def test_methods_see_what_the_program_sees_where_the_class_is_made() -> None:
    session = Session()
    session.activate()
    session.evaluate_text(
        """
        library(keras)
        helper <- function(x) x * 2
        make <- function(times) {
          inner <- function(x) x * times
          new_layer_class("Helped", call = function(inputs) helper(inner(inputs)))
        }
        layer_helped <- make(3)
        found <- as.array(layer_helped()(matrix(1, 1, 2)))
        metric <- new_metric_class("Counted", initialize = function(...) { super$initialize(...); self$seen <- helper(1) },
                                   update_state = function(y_true, y_pred, sample_weight = NULL) NULL,
                                   result = function() self$seen)
        seen <- metric()$seen
        """
    )
    assert list(session.globals.get("found").items()) == [6.0, 6.0]
    assert session.globals.get("seen").items() == [2.0]


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("L <- new_layer_class('L', call = function(inputs) stop('no'))\nL()(k_constant(1))", "Error in call(inputs) : no"),
        ("op_map(k_constant(1:2), function(x) stop('no'))", "Error in FUN(x) : no"),
        (
            "m <- keras_model_sequential(input_shape = 1) |> layer_dense(1)\nm |> compile('sgd', 'mse')\n"
            "m |> fit(1, 1, verbose = 0, callbacks = callback_lambda(on_epoch_end = function(epoch, logs) stop('no')))",
            "Error in on_epoch_end(epoch, logs) : no",
        ),
        (
            "m <- keras_model_sequential(input_shape = 1) |> layer_dense(1)\n"
            "m |> compile('sgd', function(y_true, y_pred) stop('no'))\nm |> fit(1, 1, verbose = 0)",
            "Error in FUN(y_true, y_pred) : no",
        ),
    ],
)
def test_errors_of_functions_that_the_runtime_calls_show_their_parameters(program: str, shown: str) -> None:
    output, errors = io.StringIO(), io.StringIO()
    Session(output=output, error_output=errors).run(f"library(keras)\n{program}", "test.R")
    assert shown in errors.getvalue(), errors.getvalue()
