"""JSON and YAML from elsewhere, to plain data of bounded size."""

from __future__ import annotations

import json
from typing import Any

from pipekeras.core.errors import FileFormatError

MOST_BYTES = 16 << 20
"""A config is text about layers; real ones have kilobytes."""


def parse_json(text: str | bytes, what: str) -> Any:
    """Read JSON.

    Args:
        text: the JSON text.
        what: what it is, for messages.

    Raises:
        FileFormatError: When it is too large, too deeply nested, or not JSON.

    >>> parse_json('{"units": 3}', "the config")
    {'units': 3}
    """
    _check_size(text, what)
    try:
        return json.loads(text)
    except RecursionError:
        raise FileFormatError(f"{what} is nested too deeply") from None
    except ValueError as problem:
        raise FileFormatError(f"{what} is not valid JSON: {problem}") from None


def parse_yaml(text: str, what: str) -> Any:
    """Read YAML of plain data: no tags that make objects, and no aliases, which a few lines can multiply to anything.

    Args:
        text: the YAML text.
        what: what it is, for messages.

    Raises:
        FileFormatError: When it is too large, too deeply nested, uses aliases or tags, or is not YAML.

    >>> parse_yaml("units: 3", "the config")
    {'units': 3}
    """
    import yaml

    class Loader(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise FileFormatError(f"{what} uses YAML aliases", mend="write out what they stand for")
            return super().compose_node(parent, index)

    _check_size(text, what)
    try:
        return yaml.load(text, Loader=Loader)
    except RecursionError:
        raise FileFormatError(f"{what} is nested too deeply") from None
    except yaml.YAMLError as problem:
        raise FileFormatError(f"{what} is not YAML of plain data: {problem}") from None


def _check_size(text: str | bytes, what: str) -> None:
    if not isinstance(text, (str, bytes)):
        raise FileFormatError(f"{what} must be a text, not {type(text).__name__}")
    if len(text) > MOST_BYTES:
        raise FileFormatError(f"{what} has {len(text)} bytes; at most {MOST_BYTES} are read")
