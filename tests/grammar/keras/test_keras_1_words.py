"""The words of layers, fit and constraints with the argument names of Keras 1, and the notices of today's."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert
from pipekeras.grammar.session import Session


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], list[str]]:
    """A function that returns the notices that a program gives; a test of what it leaves must be true after it."""
    # The hook is set once in a process, and taken away with what pytest catches of the test that set it.
    monkeypatch.setattr(warnings, "showwarning", convert._show_as_warning)

    def run(text: str, wanted: str) -> list[str]:
        warnings.simplefilter("always")
        session = Session()
        session.activate()
        session.evaluate_text(f"""
          library(keras)
          notices <- character()
          withCallingHandlers({{ {text} }}, warning = function(w) {{
            notices <<- c(notices, conditionMessage(w))
            invokeRestart("muffleWarning")
          }})
        """)
        assert session.evaluate_text(wanted).items() == [True]
        return list(session.evaluate_text("notices").items())

    return run


def test_layers(told: Callable[[str, str], list[str]]) -> None:
    notices = told(
        """
        older <- keras_model_sequential() %>%
          layer_convolution_2d(nb_filter = 2, nb_row = 3, nb_col = 2, border_mode = "same", subsample = c(2, 2),
                               dim_ordering = "tf", input_shape = c(8, 8, 1)) %>%
          layer_dropout(p = 0.25) %>% layer_flatten() %>%
          layer_dense(output_dim = 3, init = "uniform", W_regularizer = regularizer_l2(0.1),
                      W_constraint = constraint_maxnorm(m = 2))
        """,
        """older$layers[[1]]$kernel_size[[2]] == 2 && older$layers[[1]]$padding == "same" &&
           older$layers[[2]]$rate == 0.25 && older$layers[[4]]$units == 3 &&
           older$layers[[4]]$kernel_constraint$max_value == 2""",
    )
    assert any("nb_row, nb_col is kernel_size today" in notice for notice in notices)
    assert "layer_dropout() was called as in Keras 1: p is rate today" in notices
    assert "constraint_maxnorm() was called as in Keras 1: m is max_value today" in notices


def test_epochs(told: Callable[[str, str], list[str]]) -> None:
    notices = told(
        """
        model <- keras_model_sequential() %>% layer_dense(1, input_shape = 2)
        model %>% compile("sgd", "mse", run_eagerly = TRUE)
        h <- model %>% fit(matrix(0, 4, 2), matrix(0, 4, 1), nb_epoch = 2, verbose = 0)
        """,
        "length(h$metrics$loss) == 2",
    )
    assert notices == ["fit() was called as in Keras 1: nb_epoch is epochs today"]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("layer_dense(activation = 'relu')", 'argument "units" is missing, with no default'),
        ("layer_dense(nb_filter = 3, units = 2)", "unused argument"),
        ("layer_conv_2d(NULL, 4, 3, 3, border_mode = 'same')", "takes the sizes of its kernel as nb_row and nb_col"),
    ],
)
def test_what_they_refuse(call: str, text: str) -> None:
    session = Session()
    with warnings.catch_warnings(), pytest.raises(RError, match=text):
        warnings.simplefilter("ignore")
        session.evaluate_text(f"library(keras); {call}")
