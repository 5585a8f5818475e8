"""Losses, metrics, activations and the like of the program in model files: by custom objects, by source text, uncompiled."""

from __future__ import annotations

from pathlib import Path

import pytest
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import machine
from pipekeras.grammar.keras import names, sandbox, sandbox_words
from pipekeras.grammar.session import Session
from pipekeras.grammar.values import character

from pipekeras import saving

PROGRAM = """
library(keras)
set.seed(1); set_random_seed(1)
x <- matrix(rnorm(40), 10); y <- x[, 1] - x[, 2]
alpha <- c(1, 2)
scaled <- function(a) { total <- 0; for (k in seq_along(alpha)) total <- total + alpha[k] * a; total }
own_loss <- function(y_true, y_pred) k_mean(k_square(scaled(y_true - y_pred)))
make_loss <- function(by) function(y_true, y_pred) by * k_mean(k_abs(y_true - y_pred))
made_loss <- make_loss(3)
own_metric <- custom_metric("own_metric", function(y_true, y_pred) k_mean(k_abs(y_true - y_pred)))
act <- function(x) k_tanh(x) * 2
reg <- function(w) 0.01 * k_sum(k_square(w))
init <- function(shape, dtype = NULL) k_ones(shape) * 0.1
Loss2 <- new_loss_class("Loss2", initialize = function(f = 1) { super$initialize(); self$f <- f },
  call = function(y_true, y_pred) k_mean(k_abs(y_true - y_pred)) * self$f)
Metric2 <- new_metric_class("Metric2",
  initialize = function(name = "metric2") { super$initialize(name = name); self$s <- self$add_weight(name = "s") },
  update_state = function(y_true, y_pred, sample_weight = NULL) self$s$assign_add(k_sum(k_abs(y_true - y_pred))),
  result = function() self$s)
NonNegative <- R6::R6Class("NonNegative", inherit = KerasConstraint,
  public = list(call = function(w) w * k_cast(k_greater_equal(w, 0), k_floatx())))
Schedule <- new_learning_rate_schedule_class("Schedule", initialize = function(a = 0.1) self$a <- a,
  call = function(step) self$a / (1 + k_cast(step, "float32")), get_config = function() list(a = self$a))
Descent(keras$optimizers$Optimizer) %py_class% {
  initialize <- function(learning_rate = 0.01, power = 1) {
    super$initialize(learning_rate = learning_rate); self$power <- power }
  update_step <- function(gradient, variable, learning_rate) variable$assign_sub(learning_rate * gradient * self$power)
  get_config <- function() list(power = self$power)
}
Cell <- R6::R6Class("Cell", inherit = KerasLayer, public = list(state_size = NULL, k = NULL,
  initialize = function(units) self$state_size <- as.integer(units),
  build = function(input_shape) self$k <- self$add_weight(name = "k", shape = list(1L, self$state_size)),
  call = function(inputs, states) { h <- k_tanh(k_dot(inputs, self$k) + states[[1]]); list(h, list(h)) },
  get_config = function() list(units = self$state_size)))
Net <- new_model_class("Net", initialize = function(units) {
    super$initialize(); self$first <- layer_dense(units = units); self$last <- layer_dense(units = 1) },
  call = function(x) self$last(self$first(x)))
net_of <- function(self) { self$only <- layer_dense(units = 1); function(inputs, mask = NULL) self$only(inputs) }
dense <- function(...) keras_model_sequential(input_shape = 4) %>% layer_dense(3, ...) %>% layer_dense(1)
trained <- function(model, optimizer = "sgd", loss = "mse", metrics = NULL) {
  model %>% compile(optimizer, loss, metrics = metrics)
  model %>% fit(x, y, epochs = 1, verbose = 0)
  model
}
learned <- function(model) { model %>% fit(x, y, epochs = 1, shuffle = FALSE, verbose = 0); predict(model, x) }
"""
# What makes the model: the custom objects that it needs, and whether it needs them uncompiled too.
PARTS = {
    "loss": ("trained(dense(), loss = own_loss)", "list(own_loss = own_loss)", False),
    "loss of a factory": ("trained(dense(), loss = made_loss)", "list(made_loss = made_loss)", False),
    "metric": ("trained(dense(), metrics = own_metric)", "list(own_metric = own_metric)", False),
    "loss class": ("trained(dense(), loss = Loss2(f = 3))", "list(Loss2 = Loss2)", False),
    "metric class": ("trained(dense(), metrics = list('mae', Metric2()))", "list(Metric2 = Metric2)", False),
    "schedule": ("trained(dense(), optimizer_sgd(Schedule(a = 0.05)))", "list(Schedule = Schedule)", False),
    "optimizer": ("trained(dense(), Descent(0.02, power = 2))", "list(Descent = Descent)", False),
    "activation": ("trained(dense(activation = act))", "list(act = act)", True),
    "regularizer": ("trained(dense(kernel_regularizer = reg))", "list(reg = reg)", True),
    "initializer": ("trained(dense(kernel_initializer = init))", "list(init = init)", True),
    "constraint": ("trained(dense(kernel_constraint = NonNegative$new()))", "list(NonNegative = NonNegative)", True),
    "cell": (
        "trained(keras_model_sequential(input_shape = 4) %>% layer_reshape(c(4, 1)) %>% "
        "layer_rnn(cell = create_layer(Cell, args = list(units = 2))) %>% layer_dense(1))", "list(Cell = Cell)", True),
    "model class": ("trained(Net(units = 3))", "list(Net = Net)", True),
}  # fmt: skip


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    made = Session()
    made.activate()
    made.evaluate_text(PROGRAM)
    made.globals.set("folder", character(str(tmp_path_factory.mktemp("parts"))))
    return made


def true(session: Session, text: str) -> bool:
    return bool(session.evaluate_text(text).items() == [True])


@pytest.mark.parametrize(
    ("part", "word", "ending"),
    [*((part, "hdf5", ending) for part in PARTS for ending in (".h5", ".keras")), ("loss", "tf", ""), ("cell", "tf", "")],
)
def test_parts_of_the_program_come_back(session: Session, part: str, word: str, ending: str) -> None:
    session.activate()
    build, objects, layers = PARTS[part]
    session.evaluate_text(f"""
      model <- {build}
      path <- file.path(folder, "{part.replace(' ', '_')}{ending}")
      save_model_{word}(model, path)
      before <- predict(model, x)
      by_objects <- load_model_{word}(path, custom_objects = {objects})
      by_source <- load_model_{word}(path, run_source = TRUE)
    """)
    assert true(session, "identical(predict(by_objects, x), before) && identical(predict(by_source, x), before)")
    session.evaluate_text("scores <- evaluate(model, x, y, verbose = 0)")
    for name in ("by_objects", "by_source"):
        assert true(session, f"all.equal(evaluate({name}, x, y, verbose = 0), scores)")
    # All three learn the same from here, and the one from the text is saved with it again.
    session.evaluate_text(f"after <- learned(model); save_model_{word}(by_source, path)")
    assert true(session, "all.equal(learned(by_objects), after) && all.equal(learned(by_source), after)")
    assert true(session, f"identical(predict(load_model_{word}(path, run_source = TRUE), x), before)")
    with pytest.raises(RError) as caught:
        session.evaluate_text(f"load_model_{word}(path)")
    assert "run_source" in (caught.value.mend or "") and "custom_objects" in (caught.value.mend or "")
    if not layers:
        assert true(session, f"identical(predict(load_model_{word}(path, compile = FALSE), x), before)")


def test_text_of_the_layers_needs_no_loss(session: Session) -> None:
    session.activate()
    session.evaluate_text("model <- trained(dense(), loss = own_loss)")
    for kind in ("json", "yaml"):
        session.evaluate_text(f"again <- model_from_{kind}(model_to_{kind}(model)); set_weights(again, get_weights(model))")
        assert true(session, "identical(predict(again, x), predict(model, x))")
    session.evaluate_text("again <- unserialize_model(serialize_model(model), list(own_loss = own_loss))")
    assert true(session, "all.equal(evaluate(again, x, y, verbose = 0), evaluate(model, x, y, verbose = 0))")


def test_functions_without_a_name_are_saved_by_their_text(session: Session) -> None:
    session.activate()
    session.evaluate_text("""
      model <- trained(dense(activation = function(z) k_relu(z) * 0.5), loss = make_loss(2))
      path <- file.path(folder, "unnamed.keras")
      save_model_hdf5(model, path)
      again <- load_model_hdf5(path, run_source = TRUE)
    """)
    assert true(session, "identical(predict(again, x), predict(model, x))")
    # Functions of the package need no text: files know them.
    session.evaluate_text("model <- trained(dense(activation = k_tanh)); save_model_hdf5(model, path)")
    assert saving.source_of(session.globals.get("path").items()[0]) is None
    assert true(session, "identical(predict(load_model_hdf5(path), x), predict(model, x))")


def test_models_of_a_function_come_back(session: Session) -> None:
    session.activate()
    session.evaluate_text("model <- trained(keras_model_custom(net_of)); before <- predict(model, x)")
    for ending in (".h5", ".keras"):
        session.evaluate_text(f"save_model_hdf5(model, path <- file.path(folder, 'custom{ending}'))")
        for how in ("list(net_of = net_of)", "NULL, run_source = TRUE"):
            session.evaluate_text(f"again <- load_model_hdf5(path, {how})")
            assert true(session, "identical(predict(again, x), before)")


def test_one_name_for_two_things_is_told(session: Session, tmp_path: Path) -> None:
    session.activate()
    session.evaluate_text("""
      first <- local({ by <- 2; function(z) z * by })
      second <- local({ by <- 3; function(z) z * by })
      model <- trained(keras_model_sequential(input_shape = 4) %>% layer_dense(1, activation = first) %>%
        layer_dense(1, activation = second))
      told <- NULL
      withCallingHandlers(save_model_hdf5(model, path <- file.path(folder, "two.keras")),
                          warning = function(w) { told <<- conditionMessage(w); invokeRestart("muffleWarning") })
    """)
    assert "by means two things" in session.evaluate_text("told").items()[0]
    assert saving.source_of(session.globals.get("path").items()[0]) is None


def test_copies_keep_functions_of_the_program(session: Session) -> None:
    session.activate()
    session.evaluate_text("""
      model <- dense(activation = act, kernel_constraint = NonNegative$new(), kernel_regularizer = reg)
      again <- clone_model(model)
      set_weights(again, get_weights(model))
    """)
    assert true(session, "identical(predict(again, x), predict(model, x))")


HARM = {
    "system": "system('touch {bait}')",
    "file": "readLines('{bait}')",
    "spelled as text": '"system"(\'touch {bait}\')',
    "package spelled as text": '"::"(base, system)(\'touch {bait}\')',
    "mapped": "mapply('system', 'touch {bait}')",
    "folded": "Reduce('system', list('touch {bait}', TRUE), accumulate = TRUE)",
    "applied": "vapply('touch {bait}', 'system', 1L)",
    "element": "getElement(y_pred, '__class__')",
    "set member": "y_pred$anything <- 1",
    "setting": "k_set_floatx('float16')",
    "session": "k_clear_session()",
    "conversion": "as.function(list(1))",
    "environment": "environment()",
    "quoted": "eval(quote(system('touch {bait}')))",
    "loop": "repeat 1",
    "memory": "numeric(1e11)",
}


@pytest.mark.parametrize("kind", HARM)
def test_functions_from_files_can_do_no_harm(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    session.activate()
    monkeypatch.setattr(sandbox, "SECONDS", 0.4)
    bait = tmp_path / "bait"
    text = f"own <- function(y_true, y_pred) {{ {HARM[kind].format(bait=bait)}; k_mean(y_pred) }}"
    from pipekeras import ops

    with pytest.raises(RError):
        sandbox.parts_from(text, [], ["own"])["own"](ops.ones((2, 1)), ops.ones((2, 1)))
    assert not bait.exists()
    assert not machine.interrupted and machine.confined is None
    assert session.evaluate_text("k_floatx()").items() == ["float32"]


def test_every_word_of_the_sandbox_is_a_word(session: Session) -> None:
    session.activate()
    syntax = {"(", "{", "<-", "=", "if", "for", "while", "repeat", "break", "next", "function", "return", "&&", "||"}
    for name in sandbox_words.WORDS - syntax:
        assert sandbox._allowed(name) is not None, name
    for name in (*sandbox_words.KERAS, *sandbox_words.NOT):
        assert names.make(name) is not None, name
    for name in ("system", "readLines", "get", "eval", "attach", "Sys.time", "rnorm", "print", "cat", "environment", "class<-"):
        assert sandbox._allowed(name) is None, name
