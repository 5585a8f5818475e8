"""Members and arguments that public scripts use: methods of models with vectors, shapes as lists, generators' members."""

from __future__ import annotations

import io

from pipekeras.grammar.session import Session


def run(program: str) -> str:
    output, errors = io.StringIO(), io.StringIO()
    status = Session(output=output, error_output=errors).run("library(keras)\n" + program, "members.pk")
    assert "internal problem" not in errors.getvalue(), errors.getvalue()
    return output.getvalue() + ("" if status == 0 else errors.getvalue())


def test_a_models_own_methods_take_a_vector_as_one_array() -> None:
    program = """
    m <- keras_model_sequential(input_shape = 2) %>% layer_dense(1)
    m$compile("sgd", "mse")
    x <- matrix(1:20 / 20, 10)
    y <- as.numeric(1:10)
    h <- m$fit(x, y, epochs = 1L, verbose = 0L)
    is.numeric(m$evaluate(x, y = y, verbose = 0L))
    length(m$train_on_batch(x, y)) == 1
    dim(m$predict(x, verbose = 0L))
    """
    assert run(program) == "[1] TRUE\n[1] TRUE\n[1] 10  1\n"


def test_shapes_are_lists_and_say_so() -> None:
    program = """
    a <- tf$constant(matrix(1:6, 2))
    unlist(a$shape$as_list())
    unlist(a$get_shape()$as_list())
    is.null(list(1)$other)
    v <- tf$Variable(3)
    as.numeric(v$value())
    """
    assert run(program) == "[1] 2 3\n[1] 2 3\n[1] TRUE\n[1] 3\n"


def test_tensors_called_with_arguments_are_refused() -> None:
    assert "a tensor is no function" in run("tf$constant(1)(2)")


def test_picture_batches_are_counted_and_begin_again() -> None:
    program = """
    f <- flow_images_from_data(array(1:24, c(4, 2, 3, 1)), 1:4, batch_size = 3, shuffle = FALSE)
    dim(f$`next`()[[1]])
    c(f$samples, f$batch_index, f$total_batches_seen)
    f$reset()
    f$batch_index
    """
    assert run(program) == "[1] 3 2 3 1\n[1] 4 1 1\n[1] 0\n"


def test_older_spellings_of_arguments() -> None:
    program = """
    callback_reduce_lr_on_plateau(epsilon = 0.5)$min_delta
    dim(image_to_array(matrix(1, 2, 3), dtype = "float32"))
    tensorboard(logdir = "runs")
    """
    assert run(program) == "[1] 0.5\n[1] 2 3 1\n"


def test_the_parts_of_a_model_tell_what_each_layer_reads() -> None:
    program = """
    i <- layer_input(shape = 4, name = "i")
    a <- i %>% layer_dense(3, name = "a", activation = "relu")
    m <- keras_model(i, layer_add(list(a, layer_dense(i, 3, name = "b")), name = "sum"))
    parts <- keras_model_parts(m)
    parts[c("name", "class", "shape", "activation")]
    parts$reads[[4]]
    nrow(keras_model_parts(keras_model_sequential(input_shape = 2) %>% layer_dense(1)))
    keras_model_parts(keras_model_sequential())
    """
    rows = [
        "  name      class       shape activation",
        "1    i InputLayer [(None, 4)]           ",
        "2    a      Dense   (None, 3)       relu",
        "3    b      Dense   (None, 3)     linear",
        "4  sum        Add   (None, 3)           ",
        '[1] "a" "b"',
        "[1] 1",
    ]
    found = run(program)
    assert found.split("\n")[:7] == rows
    assert "not built" in found


def test_places_count_from_the_end_and_lists_of_numbers_are_rows() -> None:
    program = """
    x <- k_constant(array(1:24, c(2, 4, 3)))
    dim(x[, 2:-2, ])
    dim(x[, -2:-1, ])
    dim(x[, 2:-1, 1])
    dim(k_expand_dims(rep(list(1), 2)))
    dim(tf$reshape(x, list(tf$shape(x)[1], -1L)))
    """
    assert run(program) == "[1] 2 2 3\n[1] 2 2 3\n[1] 2 3\n[1] 2 1\n[1]  2 12\n"


def test_counts_lose_their_fraction() -> None:
    program = """
    m <- keras_model_sequential(input_shape = 1) %>% layer_dense(1)
    m %>% compile("sgd", "mse")
    g <- function() list(matrix(1, 2, 1), c(1, 2))
    h <- m %>% fit(g, steps_per_epoch = 2.7, epochs = 1, verbose = 0, validation_data = g, validation_steps = 1.5)
    c(h$params$steps, length(h$metrics$val_loss))
    """
    assert run(program) == "[1] 2 1\n"


def test_the_plot_of_a_history_is_one_that_ggplot_adds_to() -> None:
    program = """
    m <- keras_model_sequential(input_shape = 1) %>% layer_dense(1)
    m %>% compile("sgd", "mse")
    h <- m %>% fit(matrix(1, 4, 1), 1:4, epochs = 1, verbose = 0, validation_split = 0.5)
    p <- plot(h) + labs(title = "t")
    inherits(p, "ggplot")
    is.null(plot(h, method = "base"))
    """
    assert run(program).startswith("[1] TRUE\n")


def test_sums_and_means_over_axes_and_shapes_of_tensors() -> None:
    program = """
    x <- tf$constant(matrix(c(1, 2, 3, 4, 5, 6), 2))
    as.numeric(sum(x, axis = 1)); as.numeric(mean(x, axis = 2)); dim(max(x, axis = 2, keepdims = TRUE)); as.numeric(mean(x))
    tf$shape(x); tf$shape(x)[-1]; as.integer(tf$shape(x)); length(tf$shape(x)); dim(tf$zeros(tf$shape(x)))
    dim(tf$range(tf$shape(layer_input(3))[1])); as.integer(tf$shape(layer_input(3)))
    """
    printed = "[1]  3  7 11\n[1] 3 4\n[1] 2 1\n[1] 3.5\nshape(2, 3)\n[1] 3\n[1] 2 3\n[1] 2\n[1] 2 3\n[1] NA\n"
    found = run(program)
    assert found.startswith(printed)
    assert "known only when the program runs" in found


def test_classes_without_a_name_in_a_list_go_by_their_own() -> None:
    program = """
    layer_twice <- new_layer_class("Twice", call = function(x) x * 2)
    i <- layer_input(2)
    m <- keras_model(i, i %>% layer_twice())
    file <- tempfile(fileext = ".keras")
    save_model_tf(m, file)
    load_model_tf(file, custom_objects = list(layer_twice))$output_shape[[2]]
    """
    assert run(program) == "[1] 2\n"
