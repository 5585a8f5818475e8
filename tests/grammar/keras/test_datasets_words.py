"""Data sets that hand out batches, made and changed in the language."""

from __future__ import annotations

import pytest
from pipekeras.grammar.errors import RError
from pipekeras.grammar.session import Session


@pytest.fixture
def session() -> Session:
    made = Session()
    made.activate()
    made.evaluate_text("library(keras)\nlibrary(tfdatasets)")
    return made


def test_rows_become_batches(session: Session) -> None:
    session.evaluate_text("found <- tensor_slices_dataset(matrix(1:10, 5)) %>% dataset_batch(2) %>% dataset_collect()")
    assert session.evaluate_text("sapply(found, nrow)").items() == [2, 2, 1]
    assert session.evaluate_text("identical(do.call(rbind, found), matrix(1:10, 5))").items() == [True]
    assert session.evaluate_text(
        "length(tensor_slices_dataset(1:5) %>% dataset_batch(2, drop_remainder = TRUE))"
    ).items() == [2]


def test_functions_get_the_parts_of_an_element(session: Session) -> None:
    session.evaluate_text("""
      pairs <- tensor_slices_dataset(list(c(1, 2, 3), c(10, 20, 30)))
      sums <- pairs %>% dataset_map(function(a, b) a + b) %>% dataset_collect()
      swapped <- pairs %>% dataset_map(function(a, b) list(b, a)) %>% dataset_collect()
      named <- tensor_slices_dataset(list(a = 1:3, b = 4:6)) %>%
        dataset_map(function(row) { row$c <- row$a * row$b; row }) %>% dataset_batch(3) %>% dataset_collect()
    """)
    assert session.evaluate_text("unlist(sums)").items() == [11, 22, 33]
    assert session.evaluate_text("unlist(swapped)").items() == [10, 1, 20, 2, 30, 3]
    assert session.evaluate_text("names(named[[1]])").items() == ["a", "b", "c"]
    assert session.evaluate_text("as.numeric(named[[1]]$c)").items() == [4, 10, 18]


def test_a_data_frame_is_its_columns_by_name(session: Session) -> None:
    session.evaluate_text("found <- dataset_collect(tensor_slices_dataset(data.frame(u = c(1, 2), v = c(3, 4))))")
    assert session.evaluate_text("found[[2]]$v").items() == [4]


def numbers(session: Session, text: str) -> list[float]:
    return session.evaluate_text(f"unlist(dataset_collect({text}))").items()


def test_elements_are_taken_left_out_repeated_and_joined(session: Session) -> None:
    assert numbers(session, "range_dataset(0, 6) %>% dataset_skip(1) %>% dataset_take(3)") == [1, 2, 3]
    assert numbers(session, "range_dataset(0, 2) %>% dataset_repeat(2)") == [0, 1, 0, 1]
    assert numbers(session, "range_dataset(0, 6) %>% dataset_filter(function(v) v %% 3 == 0)") == [0, 3]
    assert numbers(session, "dataset_concatenate(range_dataset(0, 2), range_dataset(7, 9))") == [0, 1, 7, 8]
    assert numbers(session, "zip_datasets(range_dataset(0, 2), range_dataset(5, 9))") == [0, 5, 1, 6]
    assert numbers(session, "range_dataset(0, 4) %>% dataset_batch(2) %>% dataset_unbatch()") == [0, 1, 2, 3]
    assert numbers(session, "range_dataset(0, 3) %>% dataset_cache() %>% dataset_prefetch()") == [0, 1, 2]


def test_an_order_is_fixed_by_its_seed(session: Session) -> None:
    shuffled = "range_dataset(0, 50) %>% dataset_shuffle(50, seed = {})"
    first = numbers(session, shuffled.format(1))
    assert first == numbers(session, shuffled.format(1)) != numbers(session, shuffled.format(2))
    assert first != sorted(first) and sorted(first) == list(range(50))


def test_models_take_data_sets(session: Session) -> None:
    session.evaluate_text("""
      set.seed(3); set_random_seed(3)
      x <- matrix(rnorm(400), 100); y <- as.numeric(x[, 1] > 0)
      model <- keras_model_sequential(input_shape = 4) %>% layer_dense(1, activation = "sigmoid")
      model %>% compile(loss = "binary_crossentropy", optimizer = "adam", metrics = "accuracy")
      start <- get_weights(model)
      ds <- tensor_slices_dataset(list(x, y)) %>% dataset_batch(25)
      h <- model %>% fit(ds, epochs = 3, validation_data = ds, verbose = 0)
      trained <- get_weights(model)
      other <- clone_model(model)
      other %>% compile(loss = "binary_crossentropy", optimizer = "adam", metrics = "accuracy")
      other %>% set_weights(start)
      other %>% fit(x, y, epochs = 3, batch_size = 25, shuffle = FALSE, verbose = 0)
    """)
    assert session.evaluate_text("names(h$metrics)").items() == ["loss", "accuracy", "val_loss", "val_accuracy"]
    # The same batches in the same order train to the same weights.
    assert session.evaluate_text("all.equal(trained, get_weights(other), tolerance = 1e-6)").items() == [True]
    assert session.evaluate_text(
        "all.equal(model %>% evaluate(ds, verbose = 0), model %>% evaluate(x, y, batch_size = 25, verbose = 0))"
    ).items() == [True]
    session.evaluate_text("rows <- tensor_slices_dataset(x) %>% dataset_batch(30)")
    assert session.evaluate_text("all.equal(predict(model, rows), predict(model, x))").items() == [True]


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("dataset_batch(matrix(1, 2, 2), 2)", "dataset must be a data set"),
        ("range_dataset(0, 3) %>% dataset_batch(1.5)", "batch_size must be a whole number"),
        ("range_dataset(0, 3) %>% dataset_map(3)", "map_func must be a function"),
        ("range_dataset(0, 3) %>% dataset_repeat() %>% dataset_collect()", "without end"),
        ("tensor_slices_dataset(list(1:3, 1:4))", "3"),
    ],
)
def test_mistakes_are_told_in_words(session: Session, program: str, message: str) -> None:
    with pytest.raises(RError, match=message):
        session.evaluate_text(program)
