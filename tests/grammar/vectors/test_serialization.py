"""R's data files: what is written reads back, and damaged bytes give a plain error."""

from __future__ import annotations

import random

import pytest
from pipekeras.grammar.builtins.numbers.comparison import same
from pipekeras.grammar.errors import RError
from pipekeras.grammar.session import Session
from pipekeras.grammar.vectors.serialization import serialize, unserialize

VALUES = [
    "NULL",
    "1:10",
    "c(1.5, NA, NaN, -Inf)",
    "c('x', NA, 'é')",
    "c(TRUE, NA)",
    "c(1i, NA)",
    "as.raw(0:255)",
    "list(a = 1, list('b', NULL))",
    "factor(c('p', 'q', 'p'))",
    "matrix(1:6, 2, dimnames = list(NULL, c('a', 'b', 'c')))",
    "data.frame(u = c(1.5, NA), v = c('s', 't'))",
    "as.Date('2020-01-01') + 0:2",
]


@pytest.mark.parametrize("text", VALUES)
def test_reads_back_what_was_written(text: str) -> None:
    value = Session().evaluate_text(text)
    assert same(unserialize(serialize(value)), value)


def test_known_bytes_of_an_integer_vector() -> None:
    value = unserialize(b"X\n" + bytes.fromhex("00000002 00040202 00020300 0000000d 00000002 00000001 80000000"))
    assert value.kind == "integer"
    assert value.data.tolist() == [1, -(2**31)]


def test_code_is_refused() -> None:
    with pytest.raises(RError, match="only data is saved"):
        serialize(Session().evaluate_text("function(x) x"))
    with pytest.raises(RError, match="holds a function"):
        unserialize(b"X\n" + bytes.fromhex("00000002 00040202 00020300 00000403"))


def test_damaged_bytes_give_a_plain_error() -> None:
    data = serialize(Session().evaluate_text("list(a = 1:5, b = factor(c('x', 'y')), c = matrix(1:4, 2))"))
    generator = random.Random(5)
    for _ in range(400):
        damaged = bytearray(data)
        for _ in range(3):
            damaged[generator.randrange(len(damaged))] = generator.randrange(256)
        try:
            unserialize(bytes(damaged[: generator.randrange(len(damaged) + 1)]))
        except RError as error:
            assert error.message
