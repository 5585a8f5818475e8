"""How the vector kernels report to the program: R errors and R warnings."""

from __future__ import annotations

from typing import Any, NoReturn

from pipekeras.grammar.errors import RError
from pipekeras.grammar.values import NA_INTEGER, Vector, dispatch_class


def fail(message: str, call: Any = None, mend: str | None = None) -> NoReturn:
    """Raise an R error with R's message text."""
    raise RError(message, call, mend=mend)


def out_of_bounds(x: Any, index: Any, axis: int = NA_INTEGER) -> NoReturn:
    """Raise R's error for an element that is not there, which tells what was looked for in what."""
    told = {"object": x, "subscript": Vector("integer", None, None, axis), "index": index}
    raise RError("subscript out of bounds", details=told)


def not_subsettable(value: Any) -> Any:
    """Raise R's error for something that has no elements."""
    kind = getattr(value, "kind", None) or "closure"
    if kind == "builtin" and not value.primitive:
        kind = "closure"
    raise RError(f"object of type '{kind}' is not subsettable", details={"object": value})


def no_method(generic: str, value: Any) -> NoReturn:
    """Raise R's error for an object whose class a generic has no method for."""
    classes = dispatch_class(value)
    listed = ", ".join(f"'{one}'" for one in classes)
    shown = f"c({listed})" if len(classes) > 1 else classes[0]
    raise RError(f"no applicable method for '{generic}' applied to an object of class \"{shown}\"")


def warn(message: str, call: Any = None) -> None:
    """Raise an R warning."""
    from pipekeras.grammar.evaluation.machine import warn as machine_warn

    machine_warn(message, call)
