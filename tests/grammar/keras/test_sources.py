"""Layers of the program in model files: saved as text, run only when asked for, and then without any way to do harm."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import sandbox
from pipekeras.grammar.session import Session
from pipekeras.grammar.values import character

from pipekeras import saving
from pipekeras.core.errors import FileFormatError

PROGRAM = """
library(keras)
set.seed(1); set_random_seed(1)
x <- matrix(rnorm(80), 20)
secret <- c(a = 1, b = 2)
offset <- 0.25
half <- function(z) { x <- z / 2; x + offset }
Base <- R6::R6Class("Base", inherit = KerasLayer, public = list(twice = function(z) 2 * z))
Scale <- R6::R6Class("Scale", inherit = Base, public = list(by = NULL, w = NULL,
  initialize = function(by) { self$by <- by },
  build = function(input_shape) {
    self$w <- self$add_weight(name = "w", shape = list(input_shape[[2]]), initializer = "random_normal")
  },
  call = function(x, mask = NULL) k_tanh(half(self$twice(x)) * self$by * self$w),
  get_config = function() list(by = self$by)))
model <- keras_model_sequential(input_shape = 4)
create_layer(Scale, model, list(by = 3))
model %>% layer_dense(1)
model %>% compile("adam", "mse")
before <- predict(model, x)
"""


@pytest.fixture
def session(tmp_path: Path) -> Session:
    made = Session()
    made.activate()
    made.evaluate_text(PROGRAM)
    made.globals.set("folder", character(str(tmp_path)))
    return made


@pytest.mark.parametrize(("word", "name"), [("hdf5", "m.h5"), ("hdf5", "m.keras"), ("tf", "m")])
def test_a_layer_of_the_program_comes_back_from_its_text(session: Session, tmp_path: Path, word: str, name: str) -> None:
    session.evaluate_text(f"save_model_{word}(model, path <- file.path(folder, '{name}'))")
    kept = saving.source_of(tmp_path / name)
    assert kept is not None and kept["classes"] == ["Scale"]
    assert "offset <- 0.25" in kept["text"] and "Base <- R6Class" in kept["text"]
    # What the methods do not use stays at home, and so do the program's values of the names of their parameters.
    assert "secret" not in kept["text"] and "x <- c(" not in kept["text"]
    fresh = Session()
    fresh.activate()
    fresh.globals.set("path", character(str(tmp_path / name)))
    fresh.globals.set("x", session.globals.get("x"))
    fresh.evaluate_text("library(keras)")
    with pytest.raises(RError, match="Scale") as caught:
        fresh.evaluate_text(f"load_model_{word}(path)")
    assert "run_source" in (caught.value.mend or "")
    fresh.evaluate_text(f"again <- load_model_{word}(path, run_source = TRUE); found <- predict(again, x)")
    fresh.globals.set("before", session.globals.get("before"))
    assert fresh.evaluate_text("identical(found, before)").items() == [True]
    # It learns, and is saved with its text once more.
    fresh.evaluate_text(f"again %>% fit(x, x[, 1], epochs = 1, verbose = 0); save_model_{word}(again, path)")
    assert saving.source_of(tmp_path / name) == kept
    session.activate()


def test_what_is_no_text_is_told_and_left_out(session: Session, tmp_path: Path) -> None:
    session.evaluate_text("""
      Odd <- R6::R6Class("Odd", inherit = KerasLayer, public = list(inner = layer_dense(units = 2),
        call = function(x, mask = NULL) self$inner(x), get_config = function() list()))
      odd <- keras_model_sequential(input_shape = 4)
      create_layer(Odd, odd)
      told <- NULL
      withCallingHandlers(save_model_hdf5(odd, file.path(folder, "odd.keras")),
                          warning = function(w) { told <<- conditionMessage(w); invokeRestart("muffleWarning") })
    """)
    assert "inner" in session.evaluate_text("told").items()[0]
    assert saving.source_of(tmp_path / "odd.keras") is None
    with pytest.raises(RError, match="holds no source"):
        session.evaluate_text("load_model(file.path(folder, 'odd.keras'), run_source = TRUE)")


CLASS = """Scale <- R6Class("Scale", inherit = KerasLayer, public = list(by = NULL,
  initialize = function(by) {{ self$by <- by }},
  call = function(x, mask = NULL) {{ {inside}; x }},
  get_config = function() list(by = self$by)))
"""
HARM = {
    "system": "system('touch {bait}')",
    "file": "cat('x', file = '{bait}')",
    "write": "writeLines('x', '{bait}')",
    "read": "readLines('{secret}')",
    "download": "download.file('https://localhost:1/', '{bait}')",
    "package": "base::system('touch {bait}')",
    "by text": "sapply('touch {bait}', 'system')",
    "by text again": "Reduce('system', list('touch {bait}', TRUE))",
    "by call": "do.call('system', list('touch {bait}'))",
    "found": "get('system')('touch {bait}')",
    "evaluated": "eval(parse(text = \"system('touch {bait}')\"))",
    "outside": "secret <<- 1",
    "outside again": "assign('secret', 1, envir = globalenv())",
    "environment": "parent.frame()$secret",
    "python": "k_constant(1)$`__class__`",
    "python again": "self$python_layer$`_flatten_layers`()",
    "method": "layer_dense(units = 1)$save_own_variables(list(save_own_variables = 1))",
    "method by name": "k_constant(1)[['__class__']]",
    "model": "keras_model_sequential()$save('{bait}')",
    "module": "tf$io$write_file('{bait}', 'x')",
    "callback": "callback_csv_logger('{bait}')",
    "lambda": "layer_lambda(f = function(x) x)",
    "vocabulary": "layer_text_vectorization(vocabulary = '{secret}')",
    "waiting": "Sys.sleep(100)",
    "handler": "tryCatch(repeat 1, interrupt = function(e) 1)",
    "class of others": "KerasLayer$set('public', 'call', function(x) x)",
    "loop": "repeat 1",
    "recursion": "f <- function(n) f(n + 1); f(1)",
    "memory": "numeric(1e11)",
    "memory again": "y <- 1; repeat y <- c(y, y)",
}


def crafted(session: Session, tmp_path: Path, text: str) -> Path:
    """Return a model file whose source text is another one."""
    session.evaluate_text("save_model_hdf5(model, file.path(folder, 'good.keras'))")
    path = tmp_path / "bad.keras"
    with zipfile.ZipFile(tmp_path / "good.keras") as good, zipfile.ZipFile(path, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            bad.writestr(name, json.dumps({"classes": ["Scale"], "text": text}) if name == "source.json" else content)
    return path


@pytest.mark.parametrize("kind", HARM)
@pytest.mark.parametrize("where", ["method", "top"])
def test_text_that_would_do_harm(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, where: str
) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 0.4)
    monkeypatch.setattr(sandbox, "BYTES", 256 << 20)
    secret, bait = tmp_path / "secret.txt", tmp_path / "bait"
    secret.write_text("hidden\n", encoding="ascii")
    line = HARM[kind].format(bait=bait, secret=secret)
    text = CLASS.format(inside=line if where == "method" else "1") + (line + "\n" if where == "top" else "")
    crafted(session, tmp_path, text)
    with pytest.raises(RError) as caught:
        session.evaluate_text("m <- load_model(file.path(folder, 'bad.keras'), run_source = TRUE); predict(m, x)")
    assert "internal problem" not in str(caught.value)
    assert not bait.exists()
    assert session.evaluate_text("unname(secret)").items() == [1, 2]
    assert not sandbox.machine.interrupted and sandbox.machine.confined is None
    # Classes of the program are as they were.
    assert session.evaluate_text("identical(predict(model, x), before)").items() == [True]


NO_SOURCE = ["[]", '{"classes": ["Scale"]}', '{"classes": "Scale", "text": 1}', "\x00", '"' + "x" * (1 << 21) + '"']


@pytest.mark.parametrize("content", NO_SOURCE, ids=["list", "no text", "no names", "zero", "long"])
def test_source_that_is_none(session: Session, tmp_path: Path, content: str) -> None:
    crafted(session, tmp_path, "")
    path = tmp_path / "none.keras"
    with zipfile.ZipFile(tmp_path / "bad.keras") as bad, zipfile.ZipFile(path, "w") as none:
        for name in bad.namelist():
            none.writestr(name, content if name == "source.json" else bad.read(name))
    with pytest.raises(FileFormatError):
        saving.source_of(path)
