"""Texts, pictures, flags, keras3's operations, reticulate and tf: the words as programs use them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from pipekeras.grammar.session import Session

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def run_program(program: str, *arguments: str) -> str:
        output, errors = io.StringIO(), io.StringIO()
        session = Session(arguments=arguments, output=output, error_output=errors)
        status = session.run(program, "words.pk")
        assert "internal problem" not in errors.getvalue(), errors.getvalue()
        return output.getvalue() + ("" if status == 0 else errors.getvalue())

    return run_program


def test_tokenizers_number_words(run: Run) -> None:
    program = """
    tok <- text_tokenizer(num_words = 10) %>% fit_text_tokenizer(c("the cat sat", "the dog"))
    str(texts_to_sequences(tok, c("the dog", "bird cat")))
    tok$word_index[["cat"]]
    dim(texts_to_matrix(tok, "the cat", mode = "count"))
    save_text_tokenizer(tok, "t.json")
    identical(load_text_tokenizer("t.json")$word_index, tok$word_index)
    text_to_word_sequence("The cat!")
    """
    expected = 'List of 2\n $ : int [1:2] 1 4\n $ : int 2\n[1] 2\n[1]  1 10\n[1] TRUE\n[1] "the" "cat"\n'
    assert run(program) == expected


def test_pickled_tokenizers_are_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "t.pkl").write_bytes(b"\x80\x04.")
    assert "not a tokenizer's JSON" in run('load_text_tokenizer("t.pkl")')


def test_flags_come_from_defaults_files_and_the_command_line(run: Run, tmp_path: Path) -> None:
    program = """
    FLAGS <- flags(flag_numeric("rate", 0.4), flag_integer("units", 8), flag_string("mode", "a"), flag_boolean("fast", FALSE))
    cat(FLAGS$rate, FLAGS$units, FLAGS$mode, FLAGS$fast, is.integer(FLAGS$units))
    """
    assert run(program) == "0.4 8 a FALSE TRUE"
    (tmp_path / "flags.yml").write_text("default:\n  rate: 0.1\n  mode: b\n")
    assert run(program) == "0.1 8 b FALSE TRUE"
    assert run(program, "--rate", "0.9", "--units=3", "--fast") == "0.9 3 b TRUE TRUE"
    assert "can't be 'x'" in run(program, "--units", "x")


def test_operations_of_keras3_count_from_1(run: Run) -> None:
    program = """
    x <- rbind(c(11, 12, 10), c(12, 11, 10))
    as.array(op_argmax(x, axis = 2)); as.array(op_argmax(x, axis = 2, zero_indexed = TRUE))
    as.array(op_one_hot(c(1, 3), 3))[2, ]
    as.array(op_sum(x, axis = 1)); op_concatenate(list(op_ones(c(1, 2)), op_zeros(c(2, 2))), axis = 1)$shape[[1]]
    as.array(op_where(c(TRUE, FALSE), c(1, 2), c(3, 4))); op_shape(op_ones(c(2, 3)))[[2]]
    op_sum(x, axis = 0)
    """
    found = run(program)
    assert found.startswith("[1] 2 1\n[1] 1 0\n[1] 0 0 1\n[1] 23 23 20\n[1] 3\n[1] 1 4\n[1] 3\n")
    assert "1 based" in found


def test_pictures_are_saved_read_and_changed(run: Run) -> None:
    program = """
    x <- array(runif(3 * 6 * 5 * 3) * 255, c(3, 6, 5, 3))
    image_array_save(x[1, , , ], "a.png", scale = FALSE)
    img <- image_load("a.png", target_size = c(3, 4)); dim(image_to_array(img))
    all(image_to_array(image_load("a.png")) == floor(x[1, , , ]))
    g <- image_data_generator(rescale = 1 / 255, preprocessing_function = function(p) p * 2)
    b <- generator_next(flow_images_from_data(x, 0:2, g, batch_size = 2, shuffle = FALSE)); dim(b[[1]]); b[[2]]
    all.equal(b[[1]][1, , , ], x[1, , , ] * 2 / 255, tolerance = 1e-5)
    dim(image_array_resize(x, 2, 2))
    m <- application_mobilenet(weights = NULL, alpha = 0.25, input_shape = c(32, 32, 3), classes = 3); m$output_shape[[2]]
    range(imagenet_preprocess_input(array(c(0, 255), c(1, 1, 2, 3)), mode = "tf"))
    """
    expected = "[1] 3 4 3\n[1] TRUE\n[1] 2 6 5 3\n[1] 0 1\n[1] TRUE\n[1] 3 2 2 3\n[1] 3\n[1] -1  1\n"
    assert run(program) == expected


def test_tf_tapes_functions_and_data_sets(run: Run) -> None:
    program = """
    v <- tf$Variable(2)
    with(tf$GradientTape(persistent = TRUE) %as% tape, { y <- v * v; z <- y * v })
    as.numeric(tape$gradient(y, v)); as.numeric(tape$gradient(z, v))
    opt <- tf$keras$optimizers$SGD(0.5)
    with(tf$GradientTape() %as% t2, loss <- (v - 1)^2)
    invisible(opt$apply_gradients(purrr::transpose(list(list(t2$gradient(loss, v)), list(v)))))
    as.numeric(v)
    as.array(tf$reduce_mean(matrix(c(1, 2, 3, 4), 2), axis = 0L))
    ds <- tf$data$Dataset$from_tensor_slices(list(matrix(1:6, 3), 1:3))$map(function(a, b) list(a * 2, b))$batch(2L)
    it <- as_iterator(ds); n <- 0
    while (!is.null(b <- iter_next(it))) n <- n + dim(b[[1]])[1]
    n
    iterate(range_dataset(0, 3), function(x) as.numeric(x))
    np$mean(c(1, 2, 6)); import("numpy")$linalg$norm(c(3, 4))
    tf$version_of_nothing
    """
    found = run(program)
    assert found.startswith("[1] 4\n[1] 12\n[1] 1\n[1] 1.5 3.5\n[1] 3\n[1] 0 1 2\n[1] 3\n[1] 5\n")
    assert "Error" in found


def test_python_code_is_not_run(run: Run) -> None:
    for program in ('py_run_string("import os")', 'import("os")', 'import("numpy")$os', "np$`__builtins__`", "tf$`__dict__`"):
        assert "Error" in run(program)


def test_windows_folds_and_tables(run: Run, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("a,b,y\n1,0.5,0\n2,1.5,1\n3,2.5,0\n")
    program = """
    length(dataset_collect(range_dataset(0, 7) %>% dataset_window(3) %>% dataset_flat_map(function(w) dataset_batch(w, 3))))
    as.numeric(dataset_reduce(range_dataset(0, 4), 0L, function(a, b) a + b))
    ds <- make_csv_dataset("d.csv", 2, label_name = "y", shuffle = FALSE, num_epochs = 1)
    b <- iter_next(as_iterator(ds)); as.numeric(b[[1]]$b); as.numeric(b[[2]])
    p <- tensor_slices_dataset(read.csv("d.csv")) %>% dataset_prepare(x = c(a, b), y = y, named = FALSE, batch_size = 3)
    dim(iter_next(as_iterator(p))[[1]])
    unlist(dataset_collect(text_line_dataset("d.csv")))[1]
    """
    assert run(program) == '[1] 3\n[1] 6\n[1] 0.5 1.5\n[1] 0 1\n[1] 3 2\n[1] "a,b,y"\n'


def test_backend_words_of_older_programs(run: Run) -> None:
    program = """
    x <- keras_input(shape = 4); m <- keras_model(x, layer_dense(x, 2))
    dim(k_function(list(m$input), list(m$output))(list(matrix(1, 3, 4)))[[1]])
    r <- k_rnn(function(x, s) { o <- x + s[[1]]; list(o, list(o)) }, k_ones(c(2, 3, 1)), list(k_zeros(c(2, 1))))
    as.numeric(r[[1]]); dim(r[[2]])
    k_set_learning_phase(1); k_in_train_phase(1, 2); k_set_learning_phase(0); k_in_train_phase(1, 2)
    dim(k_resize_images(k_ones(c(1, 2, 2, 1)), 2, 3)); names(zip_lists(a = 1:2, b = 3:4)[[1]])
    m$layers[[2]]$trainable <- FALSE; length(m$trainable_weights)
    """
    assert run(program) == '[1] 3 2\n[1] 3 3\n[1] 2 3 1\n[1] 1\n[1] 2\n[1] 1 4 6 1\n[1] "a" "b"\n[1] 0\n'


def test_a_random_seed_is_that_of_the_language_too(run: Run) -> None:
    program = """
    set_random_seed(3); a <- rnorm(2); set.seed(3); b <- rnorm(2); set_random_seed(3)
    identical(a, b) && identical(a, rnorm(2))
    """
    assert run(program) == "[1] TRUE\n"


def test_a_named_function_is_a_metric_of_that_name(run: Run) -> None:
    program = """
    model <- keras_model_sequential() %>% layer_dense(1, input_shape = 3)
    mean_pred <- function(y_true, y_pred) k_mean(y_pred)
    model %>% compile("sgd", "mse", metrics = list(average = mean_pred))
    names(fit(model, matrix(1, 4, 3), rep(1, 4), verbose = 0)$metrics)
    """
    assert run(program) == '[1] "loss"    "average"\n'


def test_functions_become_iterators_and_objects_have_texts_members_and_elements(run: Run) -> None:
    program = """
    library(reticulate); library(keras)
    i <- 0
    it <- py_iterator(function() { i <<- i + 1; if (i > 2) "end" else i }, completed = "end")
    c(iter_next(it), iter_next(it)); iter_next(it)
    n <- 0
    batches <- py_iterator(function() { n <<- n + 1; list(matrix(n, 4, 2), rep(0, 4)) })
    model <- keras_model_sequential(input_shape = 2) %>% layer_dense(1) %>% compile("sgd", "mse")
    length((model %>% fit(batches, steps_per_epoch = 2, epochs = 2, verbose = 0))$metrics$loss)
    d <- py_dict(c("a", "b"), list(1, "x"))
    py_set_item(d, "c", 3)
    py_str(d); py_get_item(d, "b"); py_get_item(d, "z", silent = TRUE); is_py_object(d)
    layer <- model$layers[[1]]
    py_set_attr(layer, "trainable", FALSE)
    layer[["trainable"]]; "units" %in% py_list_attributes(layer)
    """
    expected = "[1] 1 2\nNULL\n[1] 2\n[1] \"{'a': 1.0, 'b': 'x', 'c': 3.0}\"\n[1] \"x\"\nNULL\n[1] TRUE\n[1] FALSE\n[1] TRUE\n"
    assert run(program) == expected


def test_cells_take_their_units_first_and_layers_of_text_grow_models(run: Run) -> None:
    program = """
    library(keras)
    model <- keras_model_sequential() %>% layer_rnn(list(layer_lstm_cell(4), layer_gru_cell(3)), input_shape = c(3, 2))
    model$output_shape[[2]]
    words <- layer_text_vectorization(max_tokens = 9, output_sequence_length = 3)
    adapt(words, c("a b", "c"))
    texts <- keras_model_sequential() %>% words %>% layer_embedding(9, 2) %>% layer_flatten()
    dim(predict(texts, c("a b", "c")))
    """
    assert run(program) == "[1] 3\n[1] 2 6\n"
