"""What `fit()` gives: a list that programs look into, change, save and print."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pipekeras.grammar.session import Session

PROGRAM = """
library(keras)
x <- matrix(1, 6, 5)
model <- keras_model_sequential() %>% layer_dense(1, input_shape = 5) %>% compile("sgd", "mse")
history <- model %>% fit(x, rep(1, 6), epochs = 2, verbose = 0, validation_split = 0.5)
is.list(history); sapply(history, class)
str(history$params)
saveRDS(history, "history.rds")
again <- readRDS("history.rds")
identical(again, history)
history$metrics <- list(loss = c(3, 2.5), val_loss = c(4, 3))
history
as.data.frame(history)
"""
PRINTED = """[1] TRUE
 params metrics~
 "list"  "list"~
List of 3
 $ verbose: int 0
 $ epochs : int 2
 $ steps  : int 1
[1] TRUE

Final epoch (plot to see history):
     loss: 2.5
 val_loss: 3~
  epoch value metric       data
1     1   3.0   loss   training
2     2   2.5   loss   training
3     1   4.0   loss validation
4     2   3.0   loss validation
"""


def test_a_history_is_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    output, errors = io.StringIO(), io.StringIO()
    assert Session(output=output, error_output=errors).run(PROGRAM, "history.R") == 0, errors.getvalue()
    assert output.getvalue() == PRINTED.replace("~", " ")
