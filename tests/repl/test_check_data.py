"""`pipekeras check` and data: files that are missing, columns that are misspelt, shapes that do not fit the model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pipekeras.repl.check import check_text

RIGHT = sorted((Path(__file__).parent / "right_programs").glob("*.R"))
TABLE = "speed,dist,kind\n1,2,a\n3,4,b\n5,6,a\n"
MODEL = 'library(keras)\nm <- keras_model_sequential() %>% layer_dense({units}, input_shape = 4)\n'
MODEL += 'm %>% compile("adam", {loss})\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cars.csv").write_text(TABLE)
    monkeypatch.chdir(tmp_path)


def messages(program: str) -> list[str]:
    return [report.split("\n")[0] for report in check_text(program, "data.R")]


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("d <- read.csv('cras.csv')", "cannot open file 'cras.csv': No such file or directory"),
        ("d <- readRDS(file.path('data', 'x.rds'))", "cannot open file 'data/x.rds': No such file or directory"),
        ("d <- read.csv('cars.csv'); mean(d$sped)", "'d' has no column 'sped'"),
        ("d <- read.csv('cars.csv'); d[, c('speed', 'distt')]", "'d' has no column 'distt'"),
        ("d <- read.csv('cars.csv'); d[['dst']]", "'d' has no column 'dst'"),
        ("d <- read.csv('cars.csv'); f <- function() d$dst; f()", "'d' has no column 'dst'"),
        ("library(dplyr); d <- read.csv('cars.csv'); d %>% filter(speeed > 1) %>% count()", "'d' has no column 'speeed'"),
        ("d <- read.csv('cars.csv'); subset(d, spd > 1)", "'d' has no column 'spd'"),
    ],
)  # fmt: skip
def test_a_mistake_in_data_is_found(program: str, message: str) -> None:
    assert messages(program) == [message]


@pytest.mark.parametrize(
    "program",
    [
        "d <- read.csv('cars.csv'); d$speed + d$sp; d[, 'dist']; d[['kind']]; d[1, ]",
        "d <- read.csv('cars.csv'); d$ratio <- d$speed / d$dist; mean(d$ratio); d[['r']] <- 1; d$r",
        "d <- read.csv('cars.csv'); names(d) <- c('a', 'b', 'c'); d$a",
        "d <- read.csv('cars.csv'); d <- transform(d, x = 1); d$x",
        "d <- read.csv('cars.csv'); if (is.null(d$nothing)) 1",
        "d <- read.csv('cars.csv'); f <- function(d) d$anything; f(list(anything = 1))",
        "d <- read.csv('cars.csv', header = FALSE); d$V1",
        "library(dplyr); n <- 2; d <- read.csv('cars.csv'); d %>% filter(speed > n) %>% mutate(z = dist * 2) %>% filter(z > 1)",
        "library(dplyr); d <- read.csv('cars.csv'); d %>% group_by(kind) %>% summarise(m = mean(speed)) %>% arrange(desc(m))",
        "write.csv(data.frame(a = 1), 'made.csv'); d <- read.csv('made.csv'); d$a",
        "d <- read.csv('https://example.org/x.csv')",
        "if (file.exists('maybe.csv')) d <- read.csv('maybe.csv')",
    ],
)  # fmt: skip
def test_right_uses_of_data_are_left_alone(program: str) -> None:
    assert messages(program) == []


@pytest.mark.parametrize(
    ("units", "loss", "data", "message"),
    [
        (2, "'mse'", "matrix(0, 10, 5), matrix(0, 10, 2)", "model 'sequential' takes x of shape (rows, 4); fit got (10, 5)"),
        (2, "'mse'", "matrix(0, 10, 4), matrix(0, 9, 2)", "x has 10 rows but y has 9"),
        (3, "'sparse_categorical_crossentropy'", "matrix(0, 5, 4), 0:4",
         "y passed to fit has class number 4; the model has 3 classes, 0 to 2"),
        (3, "'categorical_crossentropy'", "matrix(0, 5, 4), matrix(0, 5, 5)",
         "multiply can't combine shapes (None, 5) and (None, 3): 5 against 3 on axis -1"),
        (2, "'mse'", "matrix(0, 5, 4), matrix(0, 5, 2), epoch_count = 3", "unused argument (epoch_count = 3)"),
    ],
)  # fmt: skip
def test_data_are_held_against_the_model(units: int, loss: str, data: str, message: str) -> None:
    found = messages(MODEL.format(units=units, loss=loss) + f"m %>% fit({data})\n")
    assert [re.sub("sequential_[0-9]+", "sequential", one) for one in found] == [message]


@pytest.mark.parametrize(
    ("units", "loss", "labels"),
    [
        (3, "'mse'", "matrix(0, 10, 3)"), (3, "'mse'", "matrix(0, 10, 1)"), (1, "'binary_crossentropy'", "rep(0:1, 5)"),
        (3, "'sparse_categorical_crossentropy'", "rep(0:1, 5)"),
        (3, "'categorical_crossentropy'", "to_categorical(rep(0:2, len = 10))"),
        (2, "function(y_true, y_pred) k_mean(k_square(y_true - y_pred))", "matrix(0, 10, 2)"),
    ],
)  # fmt: skip
def test_data_that_fit_are_left_alone(units: int, loss: str, labels: str) -> None:
    program = MODEL.format(units=units, loss=loss) + f"h <- m %>% fit(matrix(runif(40), 10), {labels})\nplot(h)\nh$metrics\n"
    assert messages(program) == []


@pytest.mark.parametrize("path", RIGHT, ids=[path.stem for path in RIGHT])
def test_nothing_is_wrong_with_right_uses_of_the_data_sets(path: Path) -> None:
    """Few rows stand for a data set: what fails for want of rows accuses nobody."""
    assert check_text(path.read_text("utf-8"), path.name) == []


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("m <- keras_model_sequential() %>% layer_dense(1, input_shape = 3); m %>% predict(matrix(0, 2, 4))", "(rows, 3)"),
        ("m <- keras_model_sequential() %>% layer_dense(1, input_shape = 12); m %>% compile('sgd', 'mse')\n"
         "b <- dataset_boston_housing(); m %>% fit(b$train$x, b$train$y)", "got (rows, 13)"),
        ("m <- keras_model_sequential() %>% layer_dense(1, input_shape = 3); m %>% compile('sgd', 'mse')\n"
         "m %>% fit(matrix(0, 9, 3), NULL)", "there is no target"),
        ("flow_images_from_directory('nowhere/here')", "cannot find directory 'nowhere/here'"),
        ("image_dataset_from_directory(directory = 'nowhere')", "cannot find directory 'nowhere'"),
    ],
)  # fmt: skip
def test_data_are_held_against_a_model_at_once(program: str, message: str) -> None:
    (found,) = messages("library(keras)\n" + program)
    assert message in found


def test_a_model_stays_known_after_it_was_trained() -> None:
    program = MODEL.format(units=1, loss='"mse"') + "h <- m %>% fit(matrix(0, 8, 4), matrix(0, 8, 1))\n"
    (found,) = messages(program + "m %>% evaluate(matrix(0, 8, 5), matrix(0, 8, 1))")
    assert "got (8, 5)" in found
