"""Arguments that a function has but does not act on: refused by name instead of being passed over."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.errors import RError
from pipekeras.grammar.values import NULL, Vector


def only_default(function: str, mend: str = "", **given: tuple[Any, Any]) -> None:
    """Refuse arguments that are not at their defaults.

    Args:
        function: R name of the function.
        mend: what to do instead.
        given: the value and the default's element by name; two underscores in a name stand for a dot.

    Raises:
        RError: an argument differs from its default.
    """
    for name, (value, default) in given.items():
        if value is NULL or value is None:
            continue
        if type(value) is not Vector or len(value) != 1 or value.items()[0] != default:
            raise RError(f"argument '{name.replace('__', '.')}' of {function}() is not supported", mend=mend or None)
