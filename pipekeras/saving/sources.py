"""The source text of a model's own layers, kept beside the model: a text to read, which loading never runs.

A layer class that can say how it was written has a method `source_pieces()`; what language it is in is its own affair.
"""

from __future__ import annotations

import json
import os
from typing import Any

from pipekeras.core.errors import FileFormatError
from pipekeras.core.plain_data import parse_json

MEMBER = "source.json"
"""Member of an archive; the HDF5 layout has an attribute of the root instead."""
ATTRIBUTE = "source"
MOST_BYTES = 1 << 20


def written_for(model: Any) -> str | None:
    """Return the JSON text to keep with a model, or None where no layer says how it was written."""
    pieces: dict[str, str] = {}
    classes: list[str] = []
    for layer in model._flatten_layers():
        tell = getattr(layer, "source_pieces", None)
        found = tell() if callable(tell) else None
        if found:
            pieces.update(found)
            classes.append(type(layer).__name__)
    if not pieces:
        return None
    return json.dumps({"classes": sorted(set(classes)), "text": "\n".join(pieces.values())})


def source_of(filepath: str | os.PathLike[str]) -> dict[str, Any] | None:
    """Return what a model file says of the source of its own layers: `classes`, a list of names, and `text`.

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
    names, code = (found.get("classes"), found.get("text")) if isinstance(found, dict) else (None, None)
    if not isinstance(code, str) or not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise FileFormatError(f"the source in {path} is not a text with the names of its classes")
    return {"classes": names, "text": code}
