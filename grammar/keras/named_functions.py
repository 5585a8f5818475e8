"""Functions of the language as losses, metrics, activations and the like: the names that logs and files have for them."""

from __future__ import annotations

import hashlib
from typing import Any

from pipekeras.grammar.conversion import PythonFunction
from pipekeras.grammar.deparse import deparse_lines
from pipekeras.grammar.keras.crossing import file_text, program_environments
from pipekeras.grammar.values import Closure

from pipekeras.core.serialization import SERIALIZED_NAMES

UNNAMED = "custom"
_OF_TENSORS = ("activation_", "k_")
"""Words of these beginnings are functions of the runtime, which files know without them."""


class NamedFunction:
    """A function of the language as a loss or metric, with the name that it has in the logs.

    Args:
        function: what runs.
        name: name in logs and files; None for a function that has none but that of its variable, or not even that.
    """

    def __init__(self, function: Any, name: str | None) -> None:
        self.function = function
        inner = getattr(function, "function", None)
        self.__name__ = name or _name_of_variable(inner) or _name_of_measure(inner) or UNNAMED

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if len(arguments) == 2:
            arguments = (as_columns(*arguments), arguments[1])
        return self.function(*arguments, **named)

    def source_pieces(self) -> dict[str, str]:
        """Return the text of the function, for files."""
        inner = self.function
        return pieces_of_function(inner.function, _name_in_files(self)) if isinstance(inner, PythonFunction) else {}


def as_columns(y_true: Any, y_pred: Any) -> Any:
    """Return a vector of true values as a column where the model gives one: y_true - y_pred is then no table of all pairs."""
    known, found = getattr(y_true, "shape", None), getattr(y_pred, "shape", None)
    if known is None or found is None or len(known) != 1 or len(found) != 2 or found[1] != 1:
        return y_true
    from pipekeras import ops

    return ops.expand_dims(y_true, -1)


def name_of(function: Any) -> str:
    """Return the name of the variable that holds a function, or one made of its text."""
    if not isinstance(function, Closure):
        word = str(getattr(function, "name", UNNAMED))
        return next((word.removeprefix(opening) for opening in _OF_TENSORS if word.startswith(opening)), word)
    name = _name_of_variable(function)
    if name is not None:
        return name
    text = "\n".join(deparse_lines(function))
    return f"function_{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _name_of_variable(function: Any) -> str | None:
    """Return the name of the variable that holds a function of a program; None where it has none."""
    if not isinstance(function, Closure):
        return None
    for place in program_environments(function.environment):
        for name, value in place.frame.items():
            if type(value) is Closure and value.template is function.template and value.environment is function.environment:
                return name
    return None


def _name_of_measure(function: Any) -> str | None:
    """Return `mean_squared_error` for the word `metric_mean_squared_error` given without a call."""
    word = str(getattr(function, "name", ""))
    return next((word.removeprefix(opening) for opening in ("metric_", "loss_") if word.startswith(opening)), None)


def pieces_of_function(function: Any, name: str) -> dict[str, str]:
    """Return the assignments that make a function under a name, those of what it uses first."""
    from pipekeras.grammar.keras import sources

    if not isinstance(function, Closure):
        return {}
    kept = file_text(function.environment)
    return sources.text_of_file(kept) if kept is not None else sources.pieces_of_function(function, name)


def _name_in_files(value: Any) -> str:
    if isinstance(value, NamedFunction):
        inner = value.function
        if value.__name__ != UNNAMED or not isinstance(inner, PythonFunction):
            return value.__name__
        return name_of(inner.function)
    return name_of(value.function)


SERIALIZED_NAMES[NamedFunction] = _name_in_files
SERIALIZED_NAMES[PythonFunction] = _name_in_files
