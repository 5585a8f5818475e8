"""The same model and seed in the language and in Python: the same configuration and the same bits, on any number of threads."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile

import pytest

LANGUAGE = """
library(keras)
set_random_seed(5)
d <- dataset_digits()
x <- array_reshape(d$train$x, c(-1, 64)) / 16
model <- keras_model_sequential(input_shape = c(64)) %>%
  layer_dense(units = 300, activation = "relu") %>%
  layer_batch_normalization() %>%
  layer_dropout(rate = 0.3) %>%
  layer_dense(units = 10, activation = "softmax", kernel_regularizer = regularizer_l2(0.001))
model %>% compile(optimizer = "adam", loss = "sparse_categorical_crossentropy", metrics = "accuracy")
model %>% fit(x, d$train$y, epochs = 3, batch_size = 100, verbose = 0)
cat(model_to_json(model), "\\n")
for (w in get_weights(model)) cat(sprintf("%a", as.vector(w)), "\\n")
"""

PYTHON = """
import numpy as np
from pipekeras import Sequential, Input, compile, fit
from pipekeras.datasets import digits
from pipekeras.layers import BatchNormalization, Dense, Dropout
from pipekeras.regularizers import L2
from pipekeras.utils import set_random_seed
set_random_seed(5)
(x, y), _ = digits.load_data()
x = x.reshape(-1, 64) / 16
model = (Sequential([Input((64,))]) | Dense(300, activation="relu") | BatchNormalization() | Dropout(0.3)
         | Dense(10, activation="softmax", kernel_regularizer=L2(0.001))
         | compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"]))
model | fit(x, y, epochs=3, batch_size=100, verbose=0)
print(model.to_json(), "")
for w in model.get_weights():
    print(*[float(v).hex() for v in w.ravel(order="F")], "")
"""


def run(code: str, language: bool, threads: int) -> list[str]:
    command = ["-m", "pipekeras.repl", "-e", code] if language else ["-c", code]
    done = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        check=True,
        cwd=tempfile.gettempdir(),
        env={**os.environ, "PIPEKERAS_NUM_THREADS": str(threads)},
    )
    return done.stdout.splitlines()


def numbers(lines: list[str]) -> list[list[float]]:
    return [[float.fromhex(item) for item in line.split()] for line in lines]


@pytest.fixture(scope="module")
def reference() -> list[str]:
    return run(PYTHON, False, 1)


def test_the_language_gives_the_same_model_and_bits(reference: list[str]) -> None:
    found = run(LANGUAGE, True, 1)
    assert found[0].strip() == reference[0].strip()
    assert numbers(found[1:]) == numbers(reference[1:])


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_no_bit(reference: list[str], threads: int) -> None:
    found = run(PYTHON, False, threads)
    assert hashlib.sha256("\n".join(found).encode()).digest() == hashlib.sha256("\n".join(reference).encode()).digest()
