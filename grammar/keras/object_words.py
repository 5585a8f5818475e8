"""reticulate's words for single objects: iterators made of functions, texts, members and elements."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import call_function
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.names import word
from pipekeras.grammar.keras.python_words import ArrayIterator
from pipekeras.grammar.values import NULL, ExternalObject, Vector, character, logical
from pipekeras.grammar.vectors.arguments import flag


class FunctionIterator(ArrayIterator):
    """A function of the program as an iterator, until it returns a value that means the end.

    Args:
        function: function without arguments.
        completed: value of the language that ends the iterator.
    """

    def __init__(self, function: Any, completed: Any) -> None:
        super().__init__(())
        self._function = function
        self._completed = completed

    def __next__(self) -> Any:
        made = call_function(self._function, [])
        if flag(call_builtin("identical", made, self._completed), "completed"):
            raise StopIteration
        parts = convert.data(made, "the result")
        return tuple(parts) if isinstance(parts, list) else parts


@word("py_iterator", "fn, completed = NULL, prefetch = 0")
def py_iterator(function: Any, completed: Any, prefetch: Any) -> Any:
    """Make an iterator whose elements are the results of a function.

    Args:
        fn: function without arguments.
        completed: result of fn that means the end, default NULL.
        prefetch: accepted; elements are made when they are asked for.
    """
    if getattr(function, "kind", None) not in ("closure", "builtin"):
        raise RError("fn must be a function without arguments")
    return ExternalObject(FunctionIterator(function, completed))


@word("py_str", "object, ...")
def py_str(target: Any, dots: Any) -> Any:
    """Return the text of an object.

    Args:
        object: object.
    """
    found = external.adapter_of(target.value).text(target.value) if isinstance(target, ExternalObject) else None
    return character(str(external.to_python(target)) if found is None else found)


@word("py_set_attr", "x, name, value", invisible=True)
def py_set_attr(x: Any, name: Any, value: Any) -> Any:
    """Give a member of an object another value.

    Args:
        x: object.
        name: text.
        value: value.
    """
    external.set_member(x, str(name.items()[0]), value)
    return x


@word("py_list_attributes", "x")
def py_list_attributes(x: Any) -> Any:
    """Return the names of an object's members.

    Args:
        x: object.
    """
    return character(sorted(name for name in dir(external.to_python(x)) if not name.startswith("_")))


@word("py_dict", "keys, values, convert = FALSE")
def py_dict(keys: Any, values: Any, converted: Any) -> Any:
    """Make a dict of keys and values.

    Args:
        keys: vector or list.
        values: list, as long as keys.
        convert: accepted.
    """
    names = [external.to_python(item) for item in keys.data] if keys.kind == "list" else keys.items()
    items = list(values.data) if isinstance(values, Vector) and values.kind == "list" else values.items()
    if len(names) != len(items):
        raise RError(f"py_dict() takes a value for each key; found {len(names)} keys and {len(items)} values")
    return ExternalObject({name: external.to_python(item) for name, item in zip(names, items, strict=True)})


@word("py_get_item", "x, key, silent = FALSE")
def py_get_item(x: Any, key: Any, silent: Any) -> Any:
    """Return an element of an object, by a key or a place that counts from 0.

    Args:
        x: object.
        key: text or whole number.
        silent: TRUE for NULL where there is none, default FALSE.
    """
    place, target = external.to_python(key), external.to_python(x)
    try:
        return external.to_language(target[int(place) if isinstance(place, float) else place])
    except (KeyError, IndexError, TypeError):
        if external.to_python(silent):
            return NULL
        raise RError(f"this object has no element {place!r}") from None


@word("py_set_item", "x, key, value", invisible=True)
def py_set_item(x: Any, key: Any, value: Any) -> Any:
    """Replace an element of an object.

    Args:
        x: object.
        key: text or whole number.
        value: value.
    """
    if not isinstance(x, ExternalObject):
        raise RError("x must be an object, such as one that dict() makes")
    place = external.to_python(key)
    x.value[int(place) if isinstance(place, float) else place] = external.to_python(value)
    return x


@word("is_py_object", "x")
def is_py_object(x: Any) -> Any:
    """Return whether a value is an object of the runtime rather than one of the language.

    Args:
        x: value.
    """
    return logical(isinstance(x, ExternalObject))
