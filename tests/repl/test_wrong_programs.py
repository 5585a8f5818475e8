"""Wrong programs: message, place, source line with a caret, mend, and the exit status, to the letter."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from pipekeras.repl.command import main

PIPE = "model <- keras_model_sequential() %>%\n"
BUILT = "model <- keras_model_sequential() %>% layer_dense({layer})\n"
COMPILED = BUILT + 'model %>% compile(optimizer = "adam", loss = "{loss}")\n'

WRONG = {
    "unknown function with a near name": (
        "model <- keras_model_sequential()\nmodel %>% layer_dens(10)\n",
        'Error in layer_dens(., 10) : could not find function "layer_dens"\n'
        "  model.pk:2:11   model %>% layer_dens(10)\n"
        "                            ^^^^^^^^^^\n"
        "  mend: did you mean 'layer_dense'?\n",
    ),
    "unclosed bracket": (
        PIPE + '  layer_dense(units = 10, input_shape = c(4)\nmodel %>% compile(loss = "mse")\n',
        "SyntaxError: 'model' starts a line, but '(' is still open\n"
        '  model.pk:3:1   model %>% compile(loss = "mse")\n'
        "                 ^^^^^\n"
        "  model.pk:2:14     layer_dense(units = 10, input_shape = c(4)\n"
        "                               ^ opened here\n"
        "  mend: close it with ')', or put ',' or an operator after ')'\n",
    ),
    "wrong argument name": (
        PIPE + "  layer_dense(unts = 10, input_shape = 4)\n",
        "Error in layer_dense(., unts = 10, input_shape = 4) : \n"
        '  argument "units" is missing, with no default\n'
        "  model.pk:2:3     layer_dense(unts = 10, input_shape = 4)\n"
        "                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  mend: layer_dense() has no argument 'unts'; did you mean 'units'?\n",
    ),
    "wrong shape inside a pipe": (
        PIPE + "  layer_dense(units = 8, input_shape = 4) %>%\n  layer_reshape(target_shape = c(3, 3))\n",
        "Error in layer_reshape(., target_shape = c(3, 3)) : \n"
        "  layer_reshape(target_shape = c(3, 3)) needs 9 elements in a sample; got 8, in the shape (None, 8)\n"
        "  model.pk:3:3     layer_reshape(target_shape = c(3, 3))\n"
        "                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  mend: the sizes of target_shape must multiply to the number of elements; one of them may be -1\n",
    ),
    "wrong dimension of the data": (
        COMPILED.format(layer="2, input_shape = 4", loss="mse") + "model %>% fit(matrix(0, 10, 5), matrix(0, 10, 2))\n",
        "Error in fit(., matrix(0, 10, 5), matrix(0, 10, 2)) : \n"
        "  model 'sequential' takes x of shape (rows, 4); fit got (10, 5)\n"
        "  model.pk:3:11   model %>% fit(matrix(0, 10, 5), matrix(0, 10, 2))\n"
        "                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  mend: x has 5 columns and the model was built for 4: drop or add columns, or change input_shape\n",
    ),
    "labels out of range": (
        COMPILED.format(layer='3, activation = "softmax", input_shape = 4', loss="sparse_categorical_crossentropy")
        + "model %>% fit(matrix(0, 10, 4), rep(3L, 10))\n",
        "Error in fit(., matrix(0, 10, 4), rep(3L, 10)) : \n"
        "  y passed to fit has class number 3; the model has 3 classes, 0 to 2\n"
        "  model.pk:3:11   model %>% fit(matrix(0, 10, 4), rep(3L, 10))\n"
        "                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  mend: give class numbers from 0 to 2, or a last layer with 4 units\n",
    ),
    "missing values in the data": (
        COMPILED.format(layer="1, input_shape = 2", loss="mse") + "model %>% fit(matrix(c(1, NaN, 3, 4), 2), c(1, 2))\n",
        "Error in fit(., matrix(c(1, NaN, 3, 4), 2), c(1, 2)) : \n"
        "  x passed to fit has missing values (NaN) in 1 of 2 rows, the first in row 2\n"
        "  model.pk:3:11   model %>% fit(matrix(c(1, NaN, 3, 4), 2), c(1, 2))\n"
        "                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  mend: remove these rows or fill them in; one NaN makes every weight NaN\n",
    ),
    "unknown optimizer": (
        BUILT.format(layer="1, input_shape = 2") + 'model %>% compile(optimizer = "adamm", loss = "mse")\n',
        'Error in compile(., optimizer = "adamm", loss = "mse") : \n'
        "  unknown optimizer 'adamm'\n"
        '  model.pk:2:11   model %>% compile(optimizer = "adamm", loss = "mse")\n'
        "                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  mend: did you mean 'adam'?\n",
    ),
    "fit before compile": (
        BUILT.format(layer="1, input_shape = 2") + "model %>% fit(matrix(0, 4, 2), rep(0, 4))\n",
        "Error in fit(., matrix(0, 4, 2), rep(0, 4)) : \n"
        "  fit needs a model that was compiled\n"
        "  model.pk:2:11   model %>% fit(matrix(0, 4, 2), rep(0, 4))\n"
        "                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  mend: call compile(optimizer = ..., loss = ...) first\n",
    ),
    "missing file": (
        'data <- read.csv("no_such_file.csv")\n',
        'Error in file(file, "rt") : cannot open the connection\n'
        '  model.pk:1:9   data <- read.csv("no_such_file.csv")\n'
        "                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  mend: there is no file 'no_such_file.csv' in {folder}\n"
        "In addition: Warning message:\n"
        'In file(file, "rt") :\n'
        "  cannot open file 'no_such_file.csv': No such file or directory\n",
    ),
    "division of a string": (
        'scale_down <- function(x) x / 255\nscale_down("ten")\n',
        "Error in x/255 : non-numeric argument to binary operator\n"
        "  model.pk:1:27   scale_down <- function(x) x / 255\n"
        "                                            ^^^^^^^\n"
        "  mend: text is no number: as.numeric() makes one of it\n",
    ),
}


@pytest.mark.parametrize("case", WRONG, ids=list(WRONG))
def test_wrong_program(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program, report = WRONG[case]
    monkeypatch.chdir(tmp_path)
    Path("model.pk").write_text(program)
    assert main(["model.pk"]) == 1
    # Models of this process are numbered on; the first of a process is plain "sequential".
    shown = re.sub(r"'sequential_\d+'", "'sequential'", capsys.readouterr().err)
    assert shown == report.replace("{folder}", str(tmp_path))


def test_a_pickle_by_the_name_of_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.pk").write_bytes(pickle.dumps({"weights": [1.0]}, protocol=2))
    assert main(["x.pk"]) == 1
    assert capsys.readouterr().err == (
        "pipekeras: 'x.pk' is a Python pickle, not a program\n"
        "  x.pk:1:1   \\x80\\x02}q\\x00X\\x07\\x00\\x00\\x00we\n"
        "             ^\n"
        "  mend: pickles can run code when they are loaded, so pipekeras never reads them; "
        "save models with save_model()\n"
    )
