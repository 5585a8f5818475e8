"""The source text of a model's own parts, kept beside the model: a text to read, which loading never runs.

A layer, loss, function or the like that can say how it was written has a method `source_pieces()`; in which language is its
own affair.
"""

from __future__ import annotations

import json
import os
from typing import Any

from pipekeras.core import serialization
from pipekeras.core.errors import FileFormatError
from pipekeras.core.notices import warn as warn_user
from pipekeras.core.plain_data import parse_json

MEMBER = "source.json"
"""Member of an archive; the HDF5 layout has an attribute of the root instead."""
ATTRIBUTE = "source"
MOST_BYTES = 1 << 20


def written_for(model: Any) -> str | None:
    """Return the JSON text to keep with a model, or None where no layer says how it was written."""
    with serialization.objects_met() as met:
        serialization.serialize(model)
    pieces: dict[str, str] = {}
    names: dict[str, set[str]] = {"classes": set(), "functions": set()}
    for value in {id(value): value for value in [*model._flatten_layers(), *met]}.values():
        tell = getattr(value, "source_pieces", None)
        found = tell() if callable(tell) else None
        if not found:
            continue
        for name, text in found.items():
            if pieces.setdefault(name, text) != text:
                warn_user(f"the source is not saved with the model: {name} means two things in it")
                return None
        name_of = serialization.SERIALIZED_NAMES.get(type(value))
        names["functions" if name_of else "classes"].add(name_of(value) if name_of else type(value).__name__)
    if not pieces:
        return None
    return json.dumps({**{kind: sorted(found) for kind, found in names.items()}, "text": "\n".join(pieces.values())})


def source_of(filepath: str | os.PathLike[str]) -> dict[str, Any] | None:
    """Return what a model file says of the source of its own parts: `classes` and `functions`, lists of names, and `text`.

    Args:
        filepath: str or path of a file, or of a folder that `save_model` made.

    Returns:
        dict, or None where the file holds no source.

    Raises:
        FileFormatError: When the file is not a model, or not harmless.
    """
    from pipekeras.saving.api import in_folder, kind_of

    path = in_folder(os.fspath(filepath))
    if kind_of(path) == "archive":
        from pipekeras.saving import archive

        text = archive.read_source(path)
    else:
        from pipekeras.saving.hdf5_reader import reading

        with reading(path) as file:
            text = file.root.text(ATTRIBUTE)
    if text is None:
        return None
    if len(text) > MOST_BYTES:
        raise FileFormatError(f"the source in {path} has {len(text)} characters; at most {MOST_BYTES} are read")
    found = parse_json(text, f"the source in {path}")
    if not isinstance(found, dict) or not isinstance(found.get("text"), str) or "classes" not in found:
        raise FileFormatError(f"the source in {path} is not a text with the names of its classes")
    lists = {kind: found.get(kind, []) for kind in ("classes", "functions")}
    if not all(isinstance(names, list) and all(isinstance(name, str) for name in names) for names in lists.values()):
        raise FileFormatError(f"the source in {path} is not a text with the names of its classes")
    return {**lists, "text": found["text"]}
