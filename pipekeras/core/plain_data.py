"""JSON and YAML from elsewhere, to plain data of bounded size."""

from __future__ import annotations

import json
from typing import Any

from pipekeras.core.errors import FileFormatError

MOST_BYTES = 16 << 20
"""A config is text about layers; real ones have kilobytes."""
_MOST_CONTAINERS = 500_000
"""An empty list takes two bytes of text and a hundred of memory."""
_MOST_BYTES_OF_YAML = 1 << 20
"""YAML is read many times slower than JSON."""
_DEEPEST_YAML = 300


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
    containers = text.count("[") + text.count("{") if isinstance(text, str) else text.count(b"[") + text.count(b"{")
    if containers > _MOST_CONTAINERS:
        raise FileFormatError(f"{what} holds more than {_MOST_CONTAINERS} lists and mappings")
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

    _check_size(text, what, _MOST_BYTES_OF_YAML)
    # The C parser where there is one. It trusts its stack, so aliases and depth are looked at first, event by event.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    depth = 0
    try:
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.AliasEvent):
                raise FileFormatError(f"{what} uses YAML aliases", mend="write out what they stand for")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST_YAML:
                raise FileFormatError(f"{what} is nested too deeply")
        return yaml.load(text, Loader=loader)
    except (yaml.YAMLError, ValueError, AttributeError, RecursionError) as problem:
        raise FileFormatError(f"{what} is not YAML of plain data: {problem}") from None


def _check_size(text: str | bytes, what: str, most: int = MOST_BYTES) -> None:
    if not isinstance(text, (str, bytes)):
        raise FileFormatError(f"{what} must be a text, not {type(text).__name__}")
    if len(text) > most:
        raise FileFormatError(f"{what} has {len(text)} bytes; at most {most} are read")
