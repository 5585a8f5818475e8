"""Models and weights in files, folders and raw vectors, by the words of the package."""

from __future__ import annotations

from pathlib import Path

import pytest
from pipekeras.grammar.errors import RError
from pipekeras.grammar.session import Session
from pipekeras.grammar.values import character

PROGRAM = """
library(keras)
set.seed(2); set_random_seed(2)
x <- matrix(rnorm(120), 30)
y <- as.numeric(x[, 1] > 0)
model <- keras_model_sequential(input_shape = 4) %>% layer_dense(5, activation = "relu") %>% layer_dense(1)
model %>% compile(loss = "mse", optimizer = optimizer_adam(0.01), metrics = "mae")
model %>% fit(x, y, epochs = 2, verbose = 0)
before <- predict(model, x)
"""


@pytest.fixture
def session(tmp_path: Path) -> Session:
    made = Session()
    made.activate()
    made.evaluate_text(PROGRAM)
    made.globals.set("folder", character(str(tmp_path)))
    return made


@pytest.mark.parametrize(
    ("word", "name", "kind"),
    [
        ("hdf5", "model.h5", "file"),
        ("hdf5", "model.dat", "file"),
        ("hdf5", "model", "file"),
        ("hdf5", "model.keras", "file"),
        ("tf", "saved", "folder"),
        ("tf", "saved.h5", "folder"),
    ],
)
def test_a_whole_model_comes_back(session: Session, tmp_path: Path, word: str, name: str, kind: str) -> None:
    session.evaluate_text(f"model %>% save_model_{word}(file.path(folder, '{name}'))")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).is_dir() == (kind == "folder")
    session.evaluate_text(f"again <- load_model_{word}(file.path(folder, '{name}'))")
    assert session.evaluate_text("identical(predict(again, x), before)").items() == [True]
    # The optimizer goes on where it was: both learn the same from the next epoch.
    session.evaluate_text("for (m in list(model, again)) m %>% fit(x, y, epochs = 1, shuffle = FALSE, verbose = 0)")
    assert session.evaluate_text("all.equal(predict(again, x), predict(model, x), tolerance = 1e-5)").items() == [True]


def test_an_hdf5_file_is_one_whatever_its_name(session: Session, tmp_path: Path) -> None:
    session.evaluate_text("save_model_hdf5(model, file.path(folder, 'kept.as.given'))")
    assert (tmp_path / "kept.as.given").read_bytes()[:8] == b"\x89HDF\r\n\x1a\n"
    with pytest.raises(RError, match="kept"):
        session.evaluate_text("save_model_hdf5(model, file.path(folder, 'kept.as.given'), overwrite = FALSE)")


@pytest.mark.parametrize(("word", "name"), [("hdf5", "weights.h5"), ("hdf5", "weights.dat"), ("tf", "weights")])
def test_weights_alone_come_back(session: Session, tmp_path: Path, word: str, name: str) -> None:
    session.evaluate_text(f"model %>% save_model_weights_{word}(file.path(folder, '{name}'))")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    session.evaluate_text(f"""
      other <- keras_model_sequential(input_shape = 4) %>% layer_dense(5, activation = "relu") %>% layer_dense(1)
      other %>% load_model_weights_{word}(file.path(folder, '{name}'))
    """)
    assert session.evaluate_text("identical(predict(other, x), before)").items() == [True]


def test_a_model_as_a_raw_vector_and_as_text(session: Session) -> None:
    assert session.evaluate_text("typeof(content <- serialize_model(model))").items() == ["raw"]
    assert session.evaluate_text("identical(predict(unserialize_model(content), x), before)").items() == [True]
    for kind in ("json", "yaml"):
        session.evaluate_text(f"again <- model_from_{kind}(model_to_{kind}(model)); set_weights(again, get_weights(model))")
        assert session.evaluate_text("identical(predict(again, x), before)").items() == [True]
    with pytest.raises(RError, match="raw vector"):
        session.evaluate_text("unserialize_model('text')")


def test_functions_of_the_program_are_named_in_a_scope(session: Session) -> None:
    session.evaluate_text("""
      twice <- function(x) 2 * x
      found <- with_custom_object_scope(list(twice = twice), {
        m <- keras_model_sequential(input_shape = 1) %>% layer_dense(1, activation = "twice", kernel_initializer = "ones")
        save_model_hdf5(m, file.path(folder, "twice.h5"))
        predict(load_model_hdf5(file.path(folder, "twice.h5"), compile = FALSE), matrix(3))
      })
    """)
    assert session.evaluate_text("as.numeric(found)").items() == [6]
    with pytest.raises(RError, match="twice"):
        session.evaluate_text("load_model_hdf5(file.path(folder, 'twice.h5'), compile = FALSE)")


@pytest.mark.parametrize("name", ["layers.h5", "layers.keras"])
def test_layers_of_the_program_come_back(session: Session, name: str) -> None:
    session.evaluate_text(f"""
      Scale <- R6::R6Class("Scale", inherit = KerasLayer, public = list(by = NULL,
        initialize = function(by) {{ self$by <- by }}, call = function(x, mask = NULL) x * self$by,
        get_config = function() list(by = self$by)))
      layer_weighted <- new_layer_class("Weighted",
        build = function(input_shape) {{ self$w <- self$add_weight(name = "w", shape = list(input_shape[[2]]),
          initializer = "random_normal") }},
        call = function(inputs) inputs * self$w)
      own <- keras_model_sequential(input_shape = 4)
      create_layer(Scale, own, list(by = 3))
      own %>% layer_weighted()
      own %>% save_model(file.path(folder, "{name}"))
      again <- load_model(file.path(folder, "{name}"), list(Scale = Scale, Weighted = layer_weighted), compile = FALSE)
    """)
    assert session.evaluate_text("again$layers[[1]]$get_config()$by").items() == [3]
    assert session.evaluate_text("identical(predict(again, x), predict(own, x))").items() == [True]


def test_a_foreign_folder_is_refused_in_words(session: Session, tmp_path: Path) -> None:
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "saved_model.pb").write_bytes(b"")
    with pytest.raises(RError, match="TensorFlow SavedModel"):
        session.evaluate_text("load_model_tf(file.path(folder, 'foreign'))")


def test_a_cached_file_is_checked(session: Session, tmp_path: Path) -> None:
    place = tmp_path / "cache" / "datasets"
    place.mkdir(parents=True)
    (place / "a.txt").write_bytes(b"hello\n")
    digest = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
    call = "get_file('a.txt', 'https://localhost:1/a.txt', '{}', cache_dir = file.path(folder, 'cache'))"
    assert session.evaluate_text(call.format(digest)).items() == [str(place / "a.txt")]
    with pytest.raises(RError, match="could not be downloaded"):
        session.evaluate_text(call.format("0" * 64))


def test_exported_models_stand_in_a_folder_of_their_own_for_each_version(session: Session) -> None:
    session.evaluate_text("""
    plain <- file.path(folder, "plain"); versions <- file.path(folder, "versions")
    export_savedmodel(model, plain, remove_learning_phase = TRUE, as_text = FALSE)
    export_savedmodel(model, versions, overwrite = FALSE)
    stopifnot(identical(predict(load_model_tf(plain), x), before), grepl("^[0-9]+$", list.files(versions)))
    stopifnot(identical(predict(load_model_tf(file.path(versions, list.files(versions))), x), before))
    export_savedmodel(model, plain, overwrite = TRUE, versioned = FALSE)
    """)
    with pytest.raises(RError, match="as_text"):
        session.evaluate_text("export_savedmodel(model, plain, as_text = TRUE)")
