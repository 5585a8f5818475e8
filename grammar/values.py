"""The values of the language: vectors with attributes, functions, environments' contents and wrapped runtime objects.

Vectors are immutable by convention: code that changes elements works on a fresh copy of ``data`` and wraps it again,
so sharing a vector between names is free. A vector made from one Python scalar keeps it in ``scalar`` and builds its
NumPy array only when somebody asks for ``data``; scalar loops therefore never touch NumPy.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pipekeras.grammar.environment import Environment

NA_INTEGER = -(2**31)
"""Missing value of integer and logical vectors."""
NA_REAL: float = struct.unpack("<d", struct.pack("<Q", 0x7FF80000000007A2))[0]
"""Missing value of double vectors: a NaN whose low word is 1954, so that it differs from a computed NaN."""
NA_COMPLEX = complex(NA_REAL, NA_REAL)

DTYPES: dict[str, Any] = {
    "logical": np.dtype(np.int32),
    "integer": np.dtype(np.int32),
    "double": np.dtype(np.float64),
    "complex": np.dtype(np.complex128),
    "character": np.dtype(object),
    "raw": np.dtype(np.uint8),
    "list": np.dtype(object),
    "expression": np.dtype(object),
}
KIND_ORDER = ("raw", "logical", "integer", "double", "complex", "character", "list", "expression")
"""Kinds from narrow to wide, the order of coercion in ``c``."""
Attributes = dict[str, Any]


class ResultAttributes(dict[str, Any]):
    """Attributes of the named numbers that `evaluate()` gives: programs of its first years read them by `$`, as a list."""


class TextTensorAttributes(dict[str, Any]):
    """Attributes of texts that came from a data set or an op: programs ask them for `$shape` and `$dtype`, as tensors."""


class Null:
    """The empty value ``NULL``; one instance, `NULL`."""

    __slots__ = ()
    kind = "NULL"
    attributes: Attributes | None = None

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "NULL"

    def __reduce__(self) -> str:
        return "NULL"


NULL = Null()


class Vector:
    """A vector of one kind with attributes.

    Args:
        kind: one of `DTYPES`.
        data: one-dimensional NumPy array of the kind's dtype; may be None when ``scalar`` is given.
        attributes: ordered dict of attributes, or None; never an empty dict.
        scalar: the single Python element of a length-one vector, when known.
    """

    __slots__ = ("array", "attributes", "kind", "scalar")

    def __init__(
        self, kind: str, data: np.ndarray | None = None, attributes: Attributes | None = None, scalar: Any = None
    ) -> None:
        self.kind = kind
        self.array = data
        self.attributes = attributes
        self.scalar = scalar

    @property
    def data(self) -> np.ndarray:
        """The elements as a one-dimensional array; not to be changed in place."""
        array = self.array
        if array is None:
            array = np.empty(1, DTYPES[self.kind])
            array[0] = self.scalar
            self.array = array
        return array

    def __len__(self) -> int:
        return 1 if self.array is None else len(self.array)

    def __bool__(self) -> bool:
        raise TypeError("a vector has no single Python truth value")

    def __repr__(self) -> str:
        shown = f"Vector({self.kind}, {self.data.tolist()!r}"
        return shown + (f", {self.attributes!r})" if self.attributes else ")")

    def items(self) -> list[Any]:
        """Elements as a Python list."""
        if self.array is None:
            return [self.scalar]
        return self.array.tolist()

    def with_attributes(self, attributes: Attributes | None) -> Vector:
        """Same elements under other attributes."""
        return Vector(self.kind, self.array, attributes or None, self.scalar)

    def with_attribute(self, name: str, value: Any) -> Vector:
        """Same elements with one attribute set, or removed when the value is NULL."""
        attributes = dict(self.attributes) if self.attributes else {}
        if value is NULL:
            attributes.pop(name, None)
        else:
            attributes[name] = value
        return Vector(self.kind, self.array, attributes or None, self.scalar)

    def with_data(self, data: np.ndarray) -> Vector:
        """Other elements of the same kind under the same attributes."""
        return Vector(self.kind, data, self.attributes)


class Promise:
    """An argument not yet evaluated: code, the expression it came from and the environment to run it in."""

    __slots__ = ("code", "environment", "expression", "forcing", "value")

    def __init__(
        self, code: Callable[[Any], Any] | None, expression: Any, environment: Any, value: Any = None
    ) -> None:
        self.code = code
        self.expression = expression
        self.environment = environment
        self.value = value
        self.forcing = False

    def __repr__(self) -> str:
        return f"Promise({self.expression!r})"


class Closure:
    """A function of the language: a shared `template` (formals, body, compiled code) and its environment."""

    __slots__ = ("attributes", "environment", "template")
    kind = "closure"

    def __init__(self, template: Any, environment: Environment, attributes: Attributes | None = None) -> None:
        self.template = template
        self.environment = environment
        self.attributes = attributes

    @property
    def formals(self) -> Any:
        """Parameters as a tuple of (name, default expression or MISSING)."""
        return self.template.formals

    @property
    def body(self) -> Any:
        return self.template.body

    def with_attributes(self, attributes: Attributes | None) -> Closure:
        return Closure(self.template, self.environment, attributes or None)


class ExternalObject:
    """A Python object of the runtime (layer, model, tensor, ...) seen from the language, with reference semantics."""

    __slots__ = ("__weakref__", "attributes", "value")
    kind = "externalptr"

    def __init__(self, value: Any, attributes: Attributes | None = None) -> None:
        self.value = value
        self.attributes = attributes

    def __repr__(self) -> str:
        return f"ExternalObject({self.value!r})"

    def with_attributes(self, attributes: Attributes | None) -> ExternalObject:
        return ExternalObject(self.value, attributes or None)


VALUES_ONLY: set[type] = set()
"""Classes of the runtime whose objects are values: a function of the same name is found behind them, as behind a vector."""

Value = Any
"""Null, Vector, Closure, Builtin, Environment, Symbol, Call, Promise or ExternalObject."""

TRUE = Vector("logical", None, None, 1)
FALSE = Vector("logical", None, None, 0)
NA = Vector("logical", None, None, NA_INTEGER)
EMPTY_LIST = Vector("list", np.empty(0, object))


def object_array(values: Iterable[Any]) -> np.ndarray:
    """One-dimensional object array of the values, whatever they are (never unpacked into more axes)."""
    values = values if isinstance(values, (list, tuple)) else list(values)
    return np.fromiter(values, object, len(values))


def _numeric(kind: str, missing: Any, values: Any, attributes: Attributes | None) -> Vector:
    if isinstance(values, np.ndarray):
        return Vector(kind, np.ascontiguousarray(values.ravel(), DTYPES[kind]), attributes)
    if type(values) is range:
        numbers = np.arange(values.start, values.stop, values.step)
        return Vector(kind, numbers.astype(DTYPES[kind]), attributes)
    if isinstance(values, (list, tuple)):
        array = np.array([missing if v is None else v for v in values], DTYPES[kind])
        return Vector(kind, array, attributes)
    return Vector(kind, None, attributes, missing if values is None else values)


def double(values: Any, attributes: Attributes | None = None) -> Vector:
    """Double vector from a number, a sequence (None is NA) or an array."""
    if type(values) is not float and isinstance(values, (int, np.number)):
        values = float(values)
    return _numeric("double", NA_REAL, values, attributes)


def integer(values: Any, attributes: Attributes | None = None) -> Vector:
    """Integer vector from an int, a sequence (None is NA) or an array."""
    if type(values) is not int and isinstance(values, (int, np.integer)):
        values = int(values)
    return _numeric("integer", NA_INTEGER, values, attributes)


def logical(values: Any, attributes: Attributes | None = None) -> Vector:
    """Logical vector from a bool, a sequence (None is NA) or an array."""
    if attributes is None and (values is True or values is False):
        return TRUE if values else FALSE
    if isinstance(values, (bool, np.bool_, np.integer)):
        values = int(values)
    return _numeric("logical", NA_INTEGER, values, attributes)


def complex_vector(values: Any, attributes: Attributes | None = None) -> Vector:
    """Complex vector from a number, a sequence (None is NA) or an array."""
    if isinstance(values, (int, float, complex, np.number)):
        values = complex(values)
    return _numeric("complex", NA_COMPLEX, values, attributes)


def raw(values: Any, attributes: Attributes | None = None) -> Vector:
    """Raw vector from bytes, an int, a sequence or an array."""
    if isinstance(values, (bytes, bytearray)):
        return Vector("raw", np.frombuffer(bytes(values), np.uint8), attributes)
    return _numeric("raw", 0, values, attributes)


def character(values: Any, attributes: Attributes | None = None) -> Vector:
    """Character vector from a str, None (NA), a sequence of those, or an object array."""
    if type(values) is str:
        return Vector("character", None, attributes, values)
    if type(values) is list:
        return Vector("character", np.fromiter(values, object, len(values)), attributes)
    if isinstance(values, np.ndarray) and values.dtype == object:
        return Vector("character", values.ravel(), attributes)
    if isinstance(values, str):
        # A text of a class of its own: bytes, another encoding, the name of a type.
        return Vector("character", None, attributes, values)
    return Vector("character", object_array([None] if values is None else list(values)), attributes)


def mk_list(values: Iterable[Any] = (), names: Sequence[str | None] | None = None) -> Vector:
    """List of values, with names when given (None counts as the empty name)."""
    array = object_array(values)
    if names is None:
        return Vector("list", array)
    return Vector("list", array, {"names": character([n or "" for n in names])})


def expression_vector(values: Iterable[Any], names: Sequence[str | None] | None = None) -> Vector:
    """Expression vector of language objects."""
    made = mk_list(values, names)
    return Vector("expression", made.array, made.attributes)


def vector_of(kind: str, values: Any, attributes: Attributes | None = None) -> Vector:
    """Vector of the named kind from a sequence, array or scalar."""
    if kind in ("list", "expression"):
        array = values if isinstance(values, np.ndarray) and values.dtype == object else object_array(values)
        return Vector(kind, array, attributes)
    return _CONSTRUCTORS[kind](values, attributes)


_CONSTRUCTORS: dict[str, Callable[[Any, Attributes | None], Vector]] = {
    "logical": logical,
    "integer": integer,
    "double": double,
    "complex": complex_vector,
    "character": character,
    "raw": raw,
}


def get_attribute(value: Any, name: str) -> Any:
    """One attribute of any value, NULL when it is absent (exact name)."""
    attributes = getattr(value, "attributes", None)
    if not attributes:
        return NULL
    return attributes.get(name, NULL)


def names_of(value: Any) -> list[str | None] | None:
    """Names as a Python list, or None; a one-dimensional array's dimnames count."""
    attributes = getattr(value, "attributes", None)
    if not attributes:
        return None
    names = attributes.get("names")
    if names is not None:
        return names.items()
    dimensions = attributes.get("dim")
    if dimensions is not None and len(dimensions) == 1:
        dimnames = attributes.get("dimnames")
        if dimnames is not None and dimnames.data[0] is not NULL:
            return dimnames.data[0].items()
    return None


def dim_of(value: Any) -> list[int] | None:
    """Dimensions as a Python list, or None."""
    attributes = getattr(value, "attributes", None)
    if not attributes:
        return None
    dimensions = attributes.get("dim")
    return None if dimensions is None else [int(n) for n in dimensions.data]


def is_na(vector: Vector) -> np.ndarray:
    """Boolean mask of NA elements (a computed NaN counts too, as in R's ``is.na``)."""
    data = vector.data
    kind = vector.kind
    if kind in ("logical", "integer"):
        return data == NA_INTEGER
    if kind in ("double", "complex"):
        return np.isnan(data)
    if kind == "character":
        return np.fromiter((item is None for item in data), bool, len(data))
    if kind == "raw":
        return np.zeros(len(data), bool)
    mask = np.zeros(len(data), bool)
    for position, element in enumerate(data):
        if type(element) is Vector and element.kind not in ("list", "expression") and len(element) == 1:
            mask[position] = bool(is_na(element)[0])
    return mask


def is_na_not_nan(data: np.ndarray) -> np.ndarray:
    """Mask of doubles that are NA rather than a computed NaN."""
    bits = np.ascontiguousarray(data, np.float64).view(np.uint64)
    return np.isnan(data) & ((bits & np.uint64(0xFFFFFFFF)) == 1954)


def is_na_real(number: float) -> bool:
    """Whether one double is NA rather than a number or a computed NaN."""
    return number != number and struct.unpack("<Q", struct.pack("<d", number))[0] & 0xFFFFFFFF == 1954


def is_function(value: Any) -> bool:
    """Whether a value can be called as a function of the language."""
    return getattr(value, "kind", None) in ("closure", "builtin", "special")


class _PairArray(np.ndarray):
    """The elements of a pairlist; arrays made of it are those of plain lists."""

    own = False


def pairlist(value: Vector) -> Vector:
    """A list as the pairlist of the same elements: it differs in what it says it is, and in nothing it does."""
    array = value.data.view(_PairArray)
    array.own = True
    return Vector("list", array, value.attributes)


def is_pairlist(value: Any) -> bool:
    """Whether a value is a pairlist, as the formals of functions are."""
    return type(value) is Vector and type(value.array) is _PairArray and value.array.own


_SPECIAL_NAMES = """
    if for while repeat break next return function { <- <<- = [ [[ $ @ [<- [[<- $<- @<- && || quote substitute switch
    missing on.exit UseMethod rep log round signif call expression forceAndCall
"""
_SPECIALS = frozenset(_SPECIAL_NAMES.split())
"""The primitive functions to which R hands their arguments unevaluated."""


def type_of(value: Any) -> str:
    """R's ``typeof``."""
    kind = value.kind
    if kind == "list" and is_pairlist(value):
        return "pairlist"
    if kind == "builtin":
        if not value.primitive:
            return "closure"
        return "special" if value.name in _SPECIALS else "builtin"
    return "environment" if kind == "externalptr" else kind


def mode_of(value: Any) -> str:
    """R's ``mode``."""
    kind = type_of(value)
    if kind in ("integer", "double"):
        return "numeric"
    if kind in ("closure", "builtin", "special"):
        return "function"
    if kind == "symbol":
        return "name"
    if kind == "language":
        function = value.function
        return "(" if getattr(function, "name", None) == "(" else "call"
    return kind


_LANGUAGE_CLASSES = {"if": "if", "for": "for", "while": "while", "(": "(", "{": "{", "<-": "<-", "=": "="}


def explicit_class(value: Any) -> list[str] | None:
    """The class attribute as a Python list, or None when there is none."""
    attributes = getattr(value, "attributes", None)
    if not attributes:
        return None
    given = attributes.get("class")
    return None if given is None else given.items()


def class_of(value: Any) -> list[str]:
    """R's ``class``: the class attribute, or the implicit class."""
    given = explicit_class(value)
    if given is not None:
        return given
    dimensions = dim_of(value)
    if dimensions is not None:
        return ["matrix", "array"] if len(dimensions) == 2 else ["array"]
    kind = value.kind
    if kind == "double":
        return ["numeric"]
    if kind in ("closure", "builtin", "special"):
        return ["function"]
    if kind == "symbol":
        return ["name"]
    if kind == "language":
        return [_LANGUAGE_CLASSES.get(getattr(value.function, "name", ""), "call")]
    if kind == "externalptr":
        from pipekeras.grammar.external import classes_of

        return classes_of(value)
    return ["pairlist"] if kind == "list" and is_pairlist(value) else [kind]


def dispatch_class(value: Any) -> list[str]:
    """Classes that S3 dispatch tries, in order and without "default"."""
    given = explicit_class(value)
    if given is not None:
        if len(given) == 1 and value.attributes["class"].attributes:
            from pipekeras.grammar.evaluation.s4 import is_s4, superclasses

            return superclasses(given[0]) if is_s4(value) else given
        return given
    kind = value.kind
    classes: list[str] = []
    attributes = value.attributes if type(value) is Vector else getattr(value, "attributes", None)
    dimensions = attributes.get("dim") if attributes else None
    if dimensions is not None:
        classes = ["matrix", "array"] if len(dimensions) == 2 else ["array"]
    if kind in ("double", "integer"):
        return [*classes, kind, "numeric"]
    if kind in ("closure", "builtin", "special"):
        return [*classes, "function"]
    if classes:
        return [*classes, kind]
    return class_of(value)


def inherits(value: Any, *names: str) -> bool:
    """Whether the class of a value has one of the names."""
    given = explicit_class(value)
    if given is None:
        given = class_of(value)
    return any(name in given for name in names)
