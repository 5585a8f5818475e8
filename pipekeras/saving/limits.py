"""How large the parts of a model file may be, and how what it says is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras.core.errors import ConfigurationError

OBJECTS = 200_000
DEPTH = 64
NAME_LENGTH = 1024
EXPANSION = 1100
"""Deflate packs at most 1032 : 1; what claims more is no packed data."""

_SPARE_ELEMENTS = 1 << 20
_SPARE_VARIABLES = 4096
"""What a model may have beside its saved weights: states of random generators, states of recurrent layers."""


def variables_for(arrays: Sequence[Any]) -> tuple[int, int, int]:
    """What `limited_variables` grants a model whose file holds some arrays: values and variables, with an optimizer's slots."""
    return 2 * sum(array.size for array in arrays) + _SPARE_ELEMENTS, 4 * len(arrays) + _SPARE_VARIABLES, len(arrays)


def check_layer_names(model: Any, are_groups: bool) -> None:
    """Refuse names of layers that no file can hold.

    Args:
        model: the model.
        are_groups: whether the file has a group of the name of each layer.

    Raises:
        ConfigurationError: When a name has a character that is no text, or would be no name of a group.
    """
    for layer in model._flatten_layers():
        name = str(layer.name)
        parts = name.split("/")
        bad_group = are_groups and (len(name) > NAME_LENGTH or any(part in ("", ".", "..") for part in parts))
        if "\x00" in name or any("\ud800" <= character <= "\udfff" for character in name) or bad_group:
            raise ConfigurationError(f"a layer is called {shown(name)}, which no file can hold", mend="give it another name")


def shown(name: str) -> str:
    """A text from a file for printing: control characters escaped, long ones cut.

    >>> shown("a\\x1b[2Jb")
    "'a\\\\x1b[2Jb'"
    """
    return repr(name if len(name) <= 80 else name[:77] + "...")
