"""Classes that programs write over the runtime's: steps of their own, wrappers, and reticulate's spelling of classes."""

from __future__ import annotations

from pathlib import Path

import pytest
from pipekeras.grammar.errors import RError
from pipekeras.grammar.session import Session
from pipekeras.grammar.values import character

START = """
library(keras)
set.seed(1); set_random_seed(1)
x <- matrix(rnorm(80), 20); y <- matrix(rowSums(x), 20)
"""


@pytest.fixture
def session() -> Session:
    made = Session()
    made.activate()
    made.evaluate_text(START)
    return made


def numbers(session: Session, code: str) -> list[float]:
    return [float(item) for item in session.evaluate_text(code).items()]


OWN_STEP = """
Own <- new_model_class("Own",
  initialize = function(units = 4) {
    super$initialize()
    self$d1 <- layer_dense(units = units, activation = "tanh")
    self$d2 <- layer_dense(units = 1)
    self$steps <- 0
  },
  call = function(inputs, training = NULL) inputs %>% self$d1() %>% self$d2(),
  train_step = function(data) {
    c(x, y) %<-% data
    with(tf$GradientTape() %as% tape, {
      y_pred <- self(x, training = TRUE)
      loss <- self$compiled_loss(y, y_pred, regularization_losses = self$losses)
    })
    gradients <- tape$gradient(loss, self$trainable_variables)
    self$optimizer$apply_gradients(zip_lists(gradients, self$trainable_variables))
    self$compiled_metrics$update_state(y, y_pred)
    results <- list(twice = 2 * loss)
    for (m in self$metrics) results[[m$name]] <- m$result()
    results
  },
  test_step = function(data) {
    c(x, y) %<-% data
    list(largest = k_max(k_abs(y - self(x))))
  },
  predict_step = function(data) -self(data))
"""


def test_a_model_runs_its_own_steps(session: Session) -> None:
    session.evaluate_text(OWN_STEP)
    session.evaluate_text("""
      model <- Own(units = 3)
      model %>% compile(optimizer = optimizer_sgd(0.05), loss = "mse", metrics = "mae")
      h <- model %>% fit(x, y, epochs = 3, batch_size = 20, verbose = 0)
    """)
    assert session.evaluate_text("names(h$metrics)").items() == ["twice", "loss", "mae"]
    # One batch an epoch: the mean of the losses is the batch's own.
    assert numbers(session, "h$metrics$twice / h$metrics$loss") == pytest.approx([2, 2, 2], rel=1e-5)
    assert numbers(session, "diff(h$metrics$loss) < 0") == [1, 1]
    session.evaluate_text("wrong <- max(abs(y - as.matrix(model(x))))")
    session.evaluate_text("found <- evaluate(model, x, y, batch_size = 20, verbose = 0)")
    assert numbers(session, 'found[["largest"]] / wrong') == pytest.approx([1], rel=1e-5)
    assert session.evaluate_text("all.equal(predict(model, x), -as.matrix(model(x)), tolerance = 1e-5)").items() == [True]


def test_super_reaches_the_steps_of_the_runtime(session: Session) -> None:
    session.evaluate_text("""
      Counting <- new_model_class("Counting",
        initialize = function() {
          super$initialize(); self$out <- layer_dense(units = 1); self$seen <- tf$Variable(0, trainable = FALSE) },
        call = function(inputs) self$out(inputs),
        train_step = function(data) { self$seen$assign_add(1); super$train_step(data) },
        compile = function(...) { super$compile(optimizer = "sgd", loss = "mse") })
      model <- Counting()
      model %>% compile()
      h <- model %>% fit(x, y, epochs = 2, batch_size = 5, verbose = 0)
    """)
    assert numbers(session, "as.numeric(model$seen)") == [8]
    assert session.evaluate_text("names(h$metrics)").items() == ["loss"]


def test_a_model_without_a_call_learns_by_its_step(session: Session) -> None:
    session.evaluate_text("""
      Pair <- new_model_class("Pair",
        initialize = function(left, right) { super$initialize(); self$left <- left; self$right <- right },
        compile = function(left_optimizer, right_optimizer) {
          super$compile(); self$left_optimizer <- left_optimizer; self$right_optimizer <- right_optimizer },
        train_step = function(data) {
          x <- data
          with(tf$GradientTape() %as% tape, loss <- k_mean(k_square(self$left(x) - 1)))
          self$left_optimizer$apply_gradients(zip_lists(tape$gradient(loss, self$left$trainable_weights),
                                                        self$left$trainable_weights))
          list(loss_left = loss)
        })
      part <- function() keras_model_sequential(input_shape = 4) %>% layer_dense(1)
      model <- Pair(part(), part())
      before <- get_weights(model$right)
      model %>% compile(optimizer_adam(0.05), optimizer_sgd(0.1))
      h <- model %>% fit(x, epochs = 4, batch_size = 20, verbose = 0)
    """)
    assert numbers(session, "diff(h$metrics$loss_left) < 0") == [1, 1, 1]
    assert session.evaluate_text("identical(before, get_weights(model$right))").items() == [True]


def test_classes_in_the_spelling_of_reticulate(session: Session) -> None:
    session.evaluate_text("""
      Total(keras$metrics$Metric) %py_class% {
        initialize <- function(name = "total", ...) {
          super$initialize(name = name, ...)
          self$total <- self$add_weight(name = "total", initializer = "zeros")
        }
        update_state <- function(y_true, y_pred, sample_weight = NULL) self$total$assign_add(k_sum(k_abs(y_true - y_pred)))
        result <- function() self$total
      }
      Product(keras$layers$Layer) %py_class% {
        initialize <- function(units = 3) { super$initialize(); self$units <- as.integer(units) }
        build <- function(input_shape) {
          self$w <- self$add_weight(shape = shape(input_shape[[2]], self$units), initializer = "random_normal")
        }
        call <- function(inputs) tf$matmul(inputs, self$w)
      }
      Net(keras$Model) %py_class% {
        initialize <- function() { super$initialize(); self$inner <- Product(units = 5); self$out <- layer_dense(units = 1) }
        call <- function(inputs, training = FALSE) inputs %>% self$inner() %>% self$out()
      }
      Squares(keras$losses$Loss) %py_class% { call <- function(y_true, y_pred) k_mean(k_square(y_true - y_pred), axis = -1) }
      Halves(keras$optimizers$schedules$LearningRateSchedule) %py_class% {
        initialize <- function(start) self$start <- start
        call <- function(step) self$start * 0.5 ^ k_cast(step, "float32")
      }
      Watch(keras$callbacks$Callback) %py_class% {
        initialize <- function() { self$epochs <- 0 }
        on_epoch_end <- function(epoch, logs = NULL) { self$epochs <- self$epochs + 1; seen <<- self$epochs }
      }
      seen <- 0
      model <- Net()
      model %>% compile(optimizer = optimizer_sgd(Halves(0.1)), loss = Squares(), metrics = list(Total()))
      h <- model %>% fit(x, y, epochs = 2, batch_size = 20, verbose = 0, callbacks = list(Watch()))
    """)
    assert session.evaluate_text("names(h$metrics)").items() == ["loss", "total"]
    assert numbers(session, "seen") == [2]
    assert numbers(session, "length(model$trainable_weights)") == [3]
    found = numbers(session, "c(sum(abs(y - predict(model, x))), evaluate(model, x, y, verbose = 0)[['total']])")
    assert found[0] == pytest.approx(found[1], rel=1e-4)


def test_active_fields_plain_classes_and_heirs(session: Session) -> None:
    session.evaluate_text("""
      Counter %py_class% {
        initialize <- function(start = 1) self$value <- start
        twice %<-active% function() 2 * self$value
        add <- function(by) { self$value <- self$value + by; self }
      }
      More(Counter) %py_class% { add <- function(by) super$add(10 * by) }
      a <- More(start = 2)
      a$add(3)
    """)
    assert numbers(session, "c(a$value, a$twice)") == [32, 64]
    with pytest.raises(RError, match="inherit"):
        session.evaluate_text("Wrong(keras$callbacks$History) %py_class% { call <- function(x) x }")


def test_a_wrapper_of_the_program(session: Session) -> None:
    session.evaluate_text("""
      Doubled <- R6::R6Class("Doubled", inherit = KerasWrapper, public = list(factor = 2,
        initialize = function(factor = 2) self$factor <- factor,
        build = function(input_shape) self$layer$build(input_shape),
        call = function(inputs, mask = NULL) self$factor * self$layer(inputs)))
      inner <- layer_dense(units = 1)
      model <- keras_model_sequential(input_shape = 4)
      create_wrapper(Doubled, model, list(layer = inner, factor = 3, name = "outer"))
      model %>% compile(optimizer = "sgd", loss = "mse")
      model %>% fit(x, y, epochs = 1, verbose = 0)
    """)
    assert session.evaluate_text("model$layers[[1]]$name").items() == ["outer"]
    assert numbers(session, "length(model$trainable_weights)") == [2]
    assert session.evaluate_text("all.equal(predict(model, x), 3 * as.matrix(inner(x)), tolerance = 1e-5)").items() == [True]
    with pytest.raises(RError, match="layer that it wraps"):
        session.evaluate_text("create_wrapper(Doubled, NULL, list(factor = 3))")


def test_objects_are_printed_in_words(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    session.evaluate_text("""
      print(loss_mean_squared_error())
      print(regularizer_l2(0.1))
      print(constraint_maxnorm(2))
      print(callback_early_stopping(patience = 3))
      print(learning_rate_schedule_exponential_decay(0.1, 10, 0.9))
    """)
    shown = capsys.readouterr().out
    assert "<function mean_squared_error(y_true, y_pred)>" in shown and "<L2 l2=0.1>" in shown
    assert "<MaxNorm max_value=2.0" in shown and "patience=3" in shown and "decay_steps=10" in shown
    assert " at 0x" not in shown


def test_a_warning_of_loading_names_the_word_that_loads(session: Session, tmp_path: Path) -> None:
    session.globals.set("path", character(str(tmp_path / "m.h5")))
    session.evaluate_text("""
      Same <- R6::R6Class("Same", inherit = KerasLayer, public = list(call = function(x, mask = NULL) k_identity(x)))
      m <- keras_model_sequential(input_shape = 4); create_layer(Same, m); save_model_hdf5(m, path)
      told <- NULL
      again <- withCallingHandlers(load_model_hdf5(path, list(Same = Same)),
        warning = function(w) { told <<- deparse(conditionCall(w)); invokeRestart("muffleWarning") })
    """)
    assert "load_model_hdf5(path" in session.evaluate_text("paste(told, collapse = '')").items()[0]


def test_a_model_class_without_a_start_takes_the_ends_of_a_graph(session: Session) -> None:
    session.evaluate_text("""
        Doubled <- new_model_class("Doubled",
          compute_metrics = function(x, y, y_pred, sample_weight = NULL) list(seen = 1))
        ends <- layer_input(c(3))
        model <- Doubled(ends, layer_dense(ends, 2), name = "d")
        other <- Doubled(inputs = list(ends), outputs = list(a = layer_dense(ends, 1)))
    """)
    assert session.evaluate_text("model$name").items() == ["d"]
    assert numbers(session, "c(count_params(model), length(other$weights))") == [8, 2]
    with pytest.raises(RError, match="takes no argument 'nothing'"):
        session.evaluate_text("Doubled(nothing = 1)")


def test_a_shape_is_put_together_from_parts_of_shapes(session: Session) -> None:
    whole = "unlist(shape(tail(list(NULL, 4), 1), 5L, c(2, 3), shape(7, 8)))"
    assert numbers(session, whole) == [4, 5, 2, 3, 7, 8]
    assert numbers(session, "length(shape(NULL, 3))") == [2]
