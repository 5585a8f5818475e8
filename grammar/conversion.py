"""Plain values across the border: Python numbers, strings, lists, dicts and arrays against vectors and lists."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.evaluation.machine import INTERNAL, call_function, expression_of, machine
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    Closure,
    ExternalObject,
    Vector,
    character,
    complex_vector,
    dim_of,
    double,
    integer,
    logical,
    mk_list,
    names_of,
)


def plain_to_language(value: Any) -> Any:
    """Numbers, strings, arrays, lists, tuples and dicts by copy; any other object wrapped, a tuple with names of items too."""
    if value is None:
        return NULL
    if isinstance(value, (bool, np.bool_)):
        return logical(bool(value))
    if isinstance(value, (int, np.integer)):
        number = int(value)
        return integer(number) if abs(number) < 2**31 else double(float(number))
    if isinstance(value, (float, np.floating)):
        return double(float(value))
    if isinstance(value, str):
        # Names of types are texts of a class of their own.
        return character(str(value))
    if isinstance(value, complex):
        return complex_vector(value)
    if isinstance(value, np.ndarray):
        return array_to_language(value)
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return mk_list([_to_language(item) for item in value.values()], list(value))
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        value = [str(item) if isinstance(item, str) else item for item in value]
        kinds = {type(item) for item in value}
        if len(kinds) == 1 and kinds <= {bool, int, float, str}:
            kind = kinds.pop()
            if kind is int and any(abs(item) >= 2**31 for item in value):
                kind = float
            return {bool: logical, int: integer, float: double, str: character}[kind](list(value))
        return mk_list([_to_language(item) for item in value])
    if isinstance(value, PythonFunction):
        return value.function
    if getattr(value, "kind", None) is not None and hasattr(value, "attributes"):
        return value
    return ExternalObject(value)


def _to_language(value: Any) -> Any:
    """Items of a container cross the border by the same converters as values of their own."""
    from pipekeras.grammar.external import to_language

    return to_language(value)


def array_to_language(array: np.ndarray) -> Any:
    """NumPy array as a vector; two axes and more keep their dimensions in column-major order."""
    data: np.ndarray
    if array.dtype == bool:
        kind, data = "logical", array.astype(np.int32)
    elif np.issubdtype(array.dtype, np.integer):
        wide = array.size and (array.max() > 2**31 - 1 or array.min() <= -(2**31))
        kind, data = ("double", array.astype(np.float64)) if wide else ("integer", array.astype(np.int32))
    elif np.issubdtype(array.dtype, np.floating):
        kind, data = "double", array.astype(np.float64)
    elif np.issubdtype(array.dtype, np.complexfloating):
        kind, data = "complex", array.astype(np.complex128)
    else:
        kind, data = "character", array.astype(object)
    made = Vector(kind, np.ascontiguousarray(data.ravel(order="F")))
    if array.ndim == 0:
        return made
    made.attributes = {"dim": integer(list(array.shape))}
    if array.ndim == 1:
        made.attributes = None
    return made


def plain_to_python(value: Any) -> Any:
    """Scalars, lists, dicts and arrays; functions become Python callables, wrapped objects are unwrapped."""
    if value is NULL:
        return None
    if isinstance(value, ExternalObject):
        return value.value
    if isinstance(value, Vector):
        return _vector_to_python(value)
    if getattr(value, "kind", None) in ("closure", "builtin"):
        return PythonFunction(value)
    return value


def _vector_to_python(value: Vector) -> Any:
    dimensions = dim_of(value)
    if value.kind in ("list", "expression"):
        from pipekeras.grammar.external import to_python

        items = [to_python(item) for item in value.data]
        names = names_of(value)
        if names is not None and all(names):
            return dict(zip(names, items, strict=True))
        return items
    if dimensions is not None:
        data = value.data.astype(bool) if value.kind == "logical" else value.data
        return data.reshape(dimensions, order="F")
    items = value.items()
    if value.kind in ("logical", "integer"):
        items = [None if item == NA_INTEGER else item for item in items]
    if value.kind == "logical":
        items = [None if item is None else bool(item) for item in items]
    return items[0] if len(items) == 1 else items


def call_from_runtime(function: Any, arguments: list[tuple[str | None, Any]], name: str = "") -> Any:
    """Call a function of the language whose errors show the names of its parameters: values have no expressions.

    Args:
        function: the function.
        arguments: (name or None, value) pairs.
        name: what the function is called in errors, "" for one without a name.
    """
    parameters = [label for label, _ in function.formals] if isinstance(function, Closure) else []
    shown = []
    for at, (label, value) in enumerate(arguments):
        own = label or (parameters[at] if at < len(parameters) and "..." not in parameters[: at + 1] else None)
        shown.append(Argument(label, expression_of(value) if own is None else Symbol(own)))
    return call_function(function, arguments, call=Call(Symbol(name) if name else INTERNAL, tuple(shown)))


class PythonFunction:
    """A function of the language as a Python callable; errors of the language pass through unchanged."""

    __slots__ = ("function", "session")

    def __init__(self, function: Any) -> None:
        self.function = function
        self.session = machine.session

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        from pipekeras.grammar.external import to_language, to_python

        pairs: list[tuple[str | None, Any]] = [(None, to_language(argument)) for argument in arguments]
        pairs.extend((name, to_language(argument)) for name, argument in named.items())
        return to_python(call_from_runtime(self.function, pairs))

    def source_pieces(self) -> dict[str, str]:
        """Return the text of the function, for files."""
        from pipekeras.grammar.keras.named_functions import name_of, pieces_of_function

        return pieces_of_function(self.function, name_of(self.function))

    @property
    def parameters(self) -> list[str]:
        """Parameter names of the function, for code that looks at signatures."""
        if isinstance(self.function, Closure):
            return [name for name, _ in self.function.formals]
        return [formal.name for formal in self.function.formals]


__all__ = ["PythonFunction", "array_to_language", "plain_to_language", "plain_to_python"]
