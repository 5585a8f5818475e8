"""Whether some class of a value has a way of its own to read or to replace elements: `$.account`, `[<-.grid` and so on."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.evaluation.compiler import ELEMENT_METHODS
from pipekeras.grammar.evaluation.machine import machine

_FRAME = ["data.frame"]


def has_element_method(generic: str, attributes: Any) -> bool:
    """Whether a class among these attributes has a method for `$`, `[[`, `[`, `$<-`, `[[<-` or `[<-`."""
    classes = None if attributes is None else attributes.get("class")
    if classes is None:
        return False
    if classes.attributes is not None and (ELEMENT_METHODS or machine.methods):
        # An object with slots has classes behind its own, and methods of another kind.
        return True
    names = classes.items()
    if any(f"{generic}.{one}" in ELEMENT_METHODS or f"{generic}.{one}" in machine.methods for one in names):
        return True
    # A data frame reads its members as a list does.
    return (generic != "$" or names != _FRAME) and any(f"{generic}.{one}" in REGISTRY for one in names)


def is_plain_frame(value: Any, *generics: str) -> bool:
    """Whether a list is a data frame and nothing else, for which the program has no methods of these generics."""
    attributes = value.attributes
    classes = attributes.get("class") if attributes is not None and value.kind == "list" else None
    if classes is None or classes.attributes is not None or classes.items() != _FRAME:
        return False
    names = [f"{generic}.data.frame" for generic in generics]
    return not any(name in ELEMENT_METHODS or name in machine.methods for name in names)


def frame_column(frame: Any, index: Any) -> int:
    """Where the column stands that a plain name or number means; -1 where there is none."""
    wanted = index.scalar
    if wanted is None or index.attributes is not None:
        return -1
    if index.kind == "character":
        names = frame.attributes.get("names")
        labels = () if names is None else names.items()
        return labels.index(wanted) if wanted in labels else -1
    return int(wanted) - 1 if index.kind in ("double", "integer") and 1 <= wanted < len(frame) + 1 else -1
