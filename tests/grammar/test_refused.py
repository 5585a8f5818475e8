"""What is not here says why, and nothing that is here is said to be missing."""

from __future__ import annotations

import io

import pytest
from pipekeras.grammar import refused
from pipekeras.grammar.builtins.programs.packages import known_packages
from pipekeras.grammar.session import Session


def run(program: str) -> str:
    errors = io.StringIO()
    assert Session(output=io.StringIO(), error_output=errors).run(program) == 1
    return errors.getvalue()


def test_no_refused_name_is_here() -> None:
    session = Session()
    session.activate()
    assert [name for name in refused.FUNCTIONS if session.globals.find(name) is not None] == []
    assert set(refused.PACKAGES) & set(known_packages()) == set()


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("library(mxnet)", "write the model with layer_*()"),
        ("library(caret2)", "did you mean 'caret'?"),
        ("EBImage::readImage('a.png')", "image_load()"),
        ("tfd_normal(0, 1)", "k_random_normal()"),
        ("step_shared_embeddings_column(1)", "columns of feature_spec() are"),
        ("x <- system('ls')", "programs do not start others"),
    ],
)
def test_refusals_say_why(program: str, reason: str) -> None:
    assert reason in run(program)
