"""Warnings of the runtime are warnings of the language."""

from __future__ import annotations

import warnings

import pytest
from pipekeras.grammar.keras import convert
from pipekeras.grammar.session import Session

PROGRAM = """
library(keras)
withCallingHandlers(
  {
    layer_input(shape = c(5)) %>% layer_embedding(10, 3, mask_zero = TRUE) %>% layer_flatten()
    "not seen"
  },
  warning = function(w) {
    message <<- conditionMessage(w)
    invokeRestart("muffleWarning")
  }
)
"""


def test_handlers_see_a_warning_of_the_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    # The hook is set once in a process, and taken away with what pytest catches of the test that set it.
    monkeypatch.setattr(warnings, "showwarning", convert._show_as_warning)
    warnings.simplefilter("always")
    session = Session()
    session.activate()
    session.evaluate_text(PROGRAM)
    assert "does not support masks" in session.globals.get("message").items()[0]
