"""Programs whose models begin with text, as R keras' scripts write them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pipekeras.grammar.session import Session

READ = """
texts <- c("the cat sat", "the dog ran", "a bird flew")
vectorize <- layer_text_vectorization(max_tokens = 20, output_sequence_length = 4)
vectorize %>% adapt(texts)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(program: str) -> str:
    output, errors = io.StringIO(), io.StringIO()
    status = Session(output=output, error_output=errors).run(program, "texts.pk")
    return output.getvalue() if status == 0 else errors.getvalue()


def test_a_functional_model_takes_a_character_vector() -> None:
    program = READ + """
    text <- layer_input(shape = 1, dtype = "string")
    score <- text %>% vectorize() %>% layer_embedding(20, 4) %>% layer_global_average_pooling_1d() %>% layer_dense(1)
    model <- keras_model(text, score)
    model %>% compile(loss = "mse", optimizer = "adam", metrics = "mae")
    history <- model %>% fit(texts, c(1, 0, 1), epochs = 2, verbose = 0, validation_data = list(texts, c(1, 0, 1)))
    names(history$metrics)
    dim(predict(model, texts))
    all.equal(as.numeric(as.array(model(texts))), as.numeric(predict(model, matrix(texts))), tolerance = 1e-6)
    names(model %>% evaluate(texts, c(1, 0, 1), verbose = 0))
    save_model_hdf5(model, "model.h5")
    identical(predict(load_model_hdf5("model.h5"), texts), predict(model, texts))
    """
    expected = '[1] "loss"     "mae"      "val_loss" "val_mae" \n[1] 3 1\n[1] TRUE\n[1] "loss" "mae" \n[1] TRUE\n'
    assert run(program) == expected


def test_a_stack_may_begin_with_text_and_learn_from_a_generator() -> None:
    program = READ + """
    model <- keras_model_sequential() %>%
      layer_text_vectorization(vocabulary = c("cat", "dog"), output_mode = "count") %>% layer_dense(1)
    model %>% compile("sgd", "mse")
    model %>% fit(function() list(texts, c(1, 0, 1)), steps_per_epoch = 2, epochs = 1, verbose = 0)
    dim(predict(model, "a cat"))
    pair <- list(c("A", "B"), c(101, 102)) %>% layer_hashed_crossing(num_bins = 5)
    as.array(pair)
    as.array(layer_hashing(num_bins = 3)(c("A", "B", "C", "D", "E")))
    """
    assert run(program) == "[1] 1 1\n[1] 1 1\n[1] 1 0 1 1 2\n"


def test_errors_name_the_mend_in_the_language() -> None:
    told = run('layer_input(1, dtype = "string") %>% layer_dense(2)')
    assert "layer_dense(units = 2) computes with numbers, and its input is text" in told
    assert "layer_text_vectorization()" in told
    told = run(READ + 'keras_model_sequential() %>% layer_dense(1, input_shape = 1) %>% predict(texts)')
    assert "x holds text; models take numbers" in told
