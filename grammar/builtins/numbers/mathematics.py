"""Mathematical functions element by element: the Math group, complex parts, running totals."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.nodes import MISSING
from pipekeras.grammar.numeric.complex_functions import FUNCTIONS as COMPLEX_FUNCTIONS
from pipekeras.grammar.numeric.gamma import (
    cosine_of_pi,
    digamma,
    gamma,
    log_gamma,
    sine_of_pi,
    tangent_of_pi,
    trigamma,
)
from pipekeras.grammar.printing.numbers import missing_complex
from pipekeras.grammar.values import (
    NA_INTEGER,
    NA_REAL,
    NULL,
    Vector,
    character,
    dim_of,
    explicit_class,
    integer,
    is_na_real,
    names_of,
)
from pipekeras.grammar.vectors.arguments import first
from pipekeras.grammar.vectors.arithmetic import EXACT_LIBRARY_LIMIT, arithmetic
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.complex_parts import divided
from pipekeras.grammar.vectors.conforming import recycle
from pipekeras.grammar.vectors.indexing import subset
from pipekeras.grammar.vectors.positions import is_factor
from pipekeras.grammar.vectors.report import fail, warn

Dots = list[tuple[str | None, Any]]


def numeric_argument(x: Any) -> Vector:
    if type(x) is not Vector or x.kind in ("character", "list", "raw", "expression"):
        fail("non-numeric argument to mathematical function")
    return x


def map_doubles(x: Any, scalar: Callable[[float], float], array: Callable[[np.ndarray], np.ndarray] | None) -> Vector:
    """Apply a function of one double to every element, NaN with R's warning where it has no value.

    Args:
        x: numeric vector.
        scalar: the C library's function; may raise ValueError (NaN) or OverflowError (infinity).
        array: NumPy's function for long vectors, or None.
    """
    vector = coerce(numeric_argument(x), "double")
    single = vector.scalar

    def guarded(value: float) -> float:
        if value != value:
            return value
        try:
            return scalar(value)
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf

    if single is not None:
        result = guarded(single)
        if result != result and single == single:
            warn("NaNs produced")
        return Vector("double", None, vector.attributes, result)
    data = vector.data
    if array is None or len(data) <= EXACT_LIBRARY_LIMIT:
        made = np.array([guarded(value) for value in data.tolist()], np.float64)
    else:
        with np.errstate(all="ignore"):
            made = array(data)
        missing = np.isnan(data)
        if missing.any():
            made = np.where(missing, data, made)
    if np.any(np.isnan(made) & ~np.isnan(data)):
        warn("NaNs produced")
    return Vector("double", made, vector.attributes)


def map_pairs(a: Any, b: Any, function: Callable[[float, float], float], warns: bool = True) -> Vector:
    """A function of two doubles over two vectors, the shorter one recycled."""
    left, right = coerce(numeric_argument(a), "double"), coerce(numeric_argument(b), "double")
    length = max(len(left), len(right)) if len(left) and len(right) else 0
    pairs = zip(recycle(left.data, length).tolist(), recycle(right.data, length).tolist(), strict=True) if length else ()
    values = []
    undefined = False
    for one, other in pairs:
        if one != one or other != other:
            values.append(NA_REAL if is_na_real(one) or is_na_real(other) else math.nan)
            continue
        try:
            values.append(function(one, other))
        except (ValueError, ZeroDivisionError):
            values.append(math.nan)
            undefined = True
        except OverflowError:
            values.append(math.inf)
    if undefined and warns:
        warn("NaNs produced")
    kept = left.attributes if len(left) == length else right.attributes if length else None
    return Vector("double", np.array(values, np.float64), kept)


def _log(value: float) -> float:
    return -math.inf if value == 0 else math.log(value)


def _log2(value: float) -> float:
    return -math.inf if value == 0 else math.log2(value)


def _log10(value: float) -> float:
    return -math.inf if value == 0 else math.log10(value)


def _log1p(value: float) -> float:
    return -math.inf if value == -1 else math.log1p(value)


BASES = {"log2": 2.0, "log10": 10.0}
"""Logarithms of complex numbers that divide by that of a base."""

FUNCTIONS: dict[str, tuple[Callable[[float], float], Callable[[np.ndarray], np.ndarray] | None]] = {
    "sqrt": (math.sqrt, np.sqrt), "exp": (math.exp, np.exp), "expm1": (math.expm1, np.expm1),
    "log2": (_log2, np.log2), "log10": (_log10, np.log10), "log1p": (_log1p, np.log1p),
    "sin": (math.sin, np.sin), "cos": (math.cos, np.cos), "tan": (math.tan, np.tan), "asin": (math.asin, np.arcsin),
    "acos": (math.acos, np.arccos), "atan": (math.atan, np.arctan), "sinh": (math.sinh, np.sinh),
    "cosh": (math.cosh, np.cosh), "tanh": (math.tanh, np.tanh), "asinh": (math.asinh, np.arcsinh),
    "acosh": (math.acosh, np.arccosh), "atanh": (math.atanh, np.arctanh), "sinpi": (sine_of_pi, None),
    "cospi": (cosine_of_pi, None), "tanpi": (tangent_of_pi, None), "gamma": (gamma, None), "lgamma": (log_gamma, None),
    "digamma": (digamma, None), "trigamma": (trigamma, None),
}  # fmt: skip


def _of_complex(x: Vector, function: Callable[[complex], complex], name: str) -> Vector:
    """A function of complex numbers; what is missing stays NA in both parts."""
    values = np.array([function(z) for z in x.data.tolist()], np.complex128)
    if (np.isnan(values) & ~np.isnan(x.data)).any():
        warn(f'NaNs produced in function "{name}"')
    values[missing_complex(x.data)] = complex(NA_REAL, NA_REAL)
    return Vector("complex", values, x.attributes)


def _log_of_complex(value: complex) -> complex:
    return complex(-math.inf, cmath.phase(value)) if value == 0 else complex(np.log(np.complex128(value)))


def _complex_log(x: Vector, base: float, name: str) -> Vector:
    """Logarithms of complex numbers to a base: both logarithms are complex, and one divides by the other."""
    plain = np.array([_log_of_complex(z) for z in x.data.tolist()], np.complex128)
    for part in (plain.real, plain.imag):
        part[np.isnan(part)] = math.nan
    with np.errstate(all="ignore"):
        made = divided(plain, np.full(len(plain), complex(math.log(base)), np.complex128))
    if (np.isnan(made) & ~np.isnan(x.data)).any():
        warn(f'NaNs produced in function "{name}"')
    return Vector("complex", made, x.attributes)


def _enter_function(name: str) -> None:
    scalar, array = FUNCTIONS[name]

    @builtin(name, "x", group="Math")
    def apply(x: Any) -> Any:
        if type(x) is Vector and x.kind == "complex":
            if name in BASES:
                return _complex_log(x, BASES[name], name)
            if name not in COMPLEX_FUNCTIONS:
                fail("unimplemented complex function")
            return _of_complex(x, COMPLEX_FUNCTIONS[name], name)
        return map_doubles(x, scalar, array)


for _name in FUNCTIONS:
    _enter_function(_name)


@builtin("log", "x, base = exp(1)", group="Math")
def log(x: Any, base: Any = None) -> Any:
    if type(x) is Vector and x.kind == "complex":
        if type(base) is Vector and base.kind in ("logical", "integer", "double") and len(base) == 1:
            radix = float(first(coerce(base, "double")))
            if radix == math.exp(1):
                return _of_complex(x, _log_of_complex, "log")
            if radix > 0:
                return _complex_log(x, radix, "log")
        result = _of_complex(x, _log_of_complex, "log")
    else:
        if base is not None:
            numeric_argument(base)
        if base is not None and type(base) is Vector and len(base) == 1:
            radix = float(first(coerce(base, "double")))
            if radix == 10:
                return map_doubles(x, _log10, np.log10)
            if radix == 2:
                return map_doubles(x, _log2, np.log2)
            if radix == math.exp(1):
                return map_doubles(x, _log, np.log)
        if type(base) is Vector and type(x) is Vector and base.kind != "complex":
            return _log_with_base(numeric_argument(x), numeric_argument(base))
        result = map_doubles(x, _log, np.log)
    if base is None:
        return result
    return arithmetic("/", result, map_doubles(base, _log, np.log))


def _log_with_base(x: Vector, base: Vector) -> Vector:
    """Logarithms to several bases; attributes come from the first argument of full length."""

    def one(value: float, radix: float) -> float:
        if value < 0 or radix < 0:
            raise ValueError
        if radix in (2, 10) and value == value:
            return _log10(value) if radix == 10 else _log2(value)
        below = _log(radix)
        return _log(value) / below if below else math.copysign(math.inf, _log(value)) if value != 1 else math.nan

    made = map_pairs(x.with_attributes(None), base.with_attributes(None), one, warns=False)
    if np.any(np.isnan(made.data)):
        length = len(made)
        known = ~np.isnan(recycle(coerce(x, "double").data, length)) & ~np.isnan(recycle(coerce(base, "double").data, length))
        if np.any(np.isnan(made.data) & known):
            warn("NaNs produced")
    source = x if len(x) == len(made) else base if len(made) else made
    return made.with_attributes(source.attributes)


@builtin("abs", "x", group="Math")
def absolute(x: Any) -> Any:
    x = numeric_argument(x)
    if x.kind == "complex":
        return Vector("double", np.hypot(x.data.real, x.data.imag), x.attributes)
    if x.kind == "logical":
        x = Vector("integer", x.data, x.attributes)
    if x.kind == "integer":
        return Vector("integer", np.where(x.data == NA_INTEGER, NA_INTEGER, np.abs(x.data)).astype(np.int32),
                      x.attributes)
    return Vector("double", np.abs(x.data), x.attributes)


@builtin("sign", "x", group="Math")
def sign(x: Any) -> Any:
    x = numeric_argument(x)
    if x.kind == "complex":
        fail("unimplemented complex function")
    x = coerce(x, "double")
    return Vector("double", np.where(np.isnan(x.data), x.data, np.sign(x.data)), x.attributes)


@builtin("factorial", "x")
def factorial(x: Any) -> Any:
    if x is NULL:
        return Vector("double", np.empty(0))
    return call_builtin("gamma", call_builtin("+", x, Vector("double", None, None, 1.0)))


@builtin("lfactorial", "x")
def log_factorial(x: Any) -> Any:
    return map_doubles(x, lambda value: log_gamma(value + 1), None)


def _enter_part(name: str, function: Callable[[np.ndarray], np.ndarray]) -> None:
    @builtin(name, "z", group="Complex")
    def part(z: Any) -> Any:
        if type(z) is not Vector or z.kind in ("character", "list", "raw", "expression"):
            fail("non-numeric argument to function")
        if z.attributes is not None and is_factor(z):
            fail("non-numeric argument to function")
        if name == "Im" and z.kind != "complex":
            # A missing number that is not complex is missing in its real part alone.
            return Vector("double", np.zeros(len(z)), z.attributes)
        return Vector("double", function(coerce(z, "complex").data).astype(np.float64), z.attributes)


_enter_part("Re", np.real)
_enter_part("Im", np.imag)
def _modulus(data: np.ndarray) -> np.ndarray:
    """Absolute values; what is missing stays NA or NaN as it was."""
    sizes = np.hypot(data.real, data.imag)
    lost = np.isnan(sizes)
    return np.where(lost, data.real + data.imag, sizes) if lost.any() else sizes


_enter_part("Mod", _modulus)
def _angle(data: np.ndarray) -> np.ndarray:
    """Angles to the last bit as the C library has them, which NumPy's may not be."""
    made: np.ndarray = np.angle(data)
    known = np.flatnonzero(made == made)
    made[known] = [math.atan2(z.imag, z.real) for z in data[known].astype(complex).tolist()]
    return made


_enter_part("Arg", _angle)


@builtin("Conj", "z")
def conjugate(z: Any) -> Any:
    if type(z) is not Vector or z.kind not in ("logical", "integer", "double", "complex"):
        fail("non-numeric argument to function")
    return Vector("complex", np.conj(z.data), z.attributes) if z.kind == "complex" else coerce(z, "double")


CUMULATIVE: dict[str, Any] = {"cumsum": np.add, "cumprod": np.multiply, "cummax": np.maximum, "cummin": np.minimum}


def _enter_cumulative(name: str) -> None:
    @builtin(name, "x", group="Math")
    def accumulate(x: Any) -> Any:
        if x is NULL:
            return Vector("double", np.empty(0, np.float64))
        if x.kind in ("list", "expression"):
            given = names_of(x)
            x = coerce(x, "double").with_attributes(None if given is None else {"names": character(given)})
        vector = coerce(x, "double") if x.kind == "character" else x
        names = names_of(x)
        kept = {"names": character(names)} if names is not None else None
        if vector.kind in ("integer", "logical") and name != "cumprod":
            return Vector("integer", _accumulate_integers(vector.data, name), kept)
        if vector.kind == "complex":
            if name in ("cummax", "cummin") and len(vector):
                fail(f"'{name}' not defined for complex numbers")
            return Vector("complex", _accumulate_complex(vector.data, name), kept)
        data = coerce(vector, "double").data
        if name in ("cumsum", "cumprod"):
            return Vector("double", _accumulate_doubles(data, CUMULATIVE[name]), kept)
        made = CUMULATIVE[name].accumulate(data) if len(data) else data.copy()
        missing = np.flatnonzero(np.isnan(data))
        if len(missing):
            start = int(missing[0])
            made[start:] = data[start]
        return Vector("double", made, kept)


def _accumulate_doubles(data: np.ndarray, step: Any) -> np.ndarray:
    """Sums or products up to each element, in long doubles; what is once no number stays as it is."""
    made: np.ndarray = step.accumulate(data.astype(np.longdouble)).astype(np.float64)
    made = made + 0.0 if step is np.add else made
    lost = np.flatnonzero(np.isnan(made))
    if len(lost):
        made[lost[0] :] = made[lost[0]]
    return made


def _accumulate_complex(data: np.ndarray, name: str) -> np.ndarray:
    """Sums or products up to each element, from zero or one on; in sums the first part that is no number stays."""
    made = np.empty(len(data), np.complex128)
    if name == "cumprod":
        return np.multiply.accumulate(np.concatenate([[1.0 + 0j], data]))[1:]
    for part, given in ((made.real, data.real), (made.imag, data.imag)):
        part[:] = np.add.accumulate(given) + 0.0
        missing = np.flatnonzero(np.isnan(given))
        if len(missing):
            part[missing[0] :] = given[missing[0]]
    return made


def _accumulate_integers(data: np.ndarray, name: str) -> np.ndarray:
    missing = np.flatnonzero(data == NA_INTEGER)
    made = CUMULATIVE[name].accumulate(data.astype(np.int64)) if len(data) else data.astype(np.int64)
    stop = int(missing[0]) if len(missing) else len(data)
    over = np.flatnonzero(np.abs(made[:stop]) > 2147483647)
    if len(over):
        warn("integer overflow in 'cumsum'; use 'cumsum(as.numeric(.))'")
        stop = int(over[0])
    made[stop:] = NA_INTEGER
    return made.astype(np.int32)


for _name in CUMULATIVE:
    _enter_cumulative(_name)


_DIFFERING = frozenset(("Date", "POSIXct", "POSIXlt", "difftime", "ts", "data.frame"))
"""Classes whose differences are more than those of their numbers."""


@builtin("diff", "x, lag = 1L, differences = 1L, ...", generic="s3")
def diff(x: Any, lag: Any, differences: Any, dots: Dots) -> Any:
    if len(lag) > 1 or len(differences) > 1:
        fail("'lag' and 'differences' must be integers >= 1")
    if lag.kind == "character" or differences.kind == "character":
        fail("non-numeric argument to binary operator")
    wanted = [first(coerce(value, "double")) for value in (lag, differences)]
    if any(value != value for value in wanted):
        fail("missing value where TRUE/FALSE needed")
    step, times = int(wanted[0]), int(wanted[1])
    if step < 1 or times < 1:
        fail("'lag' and 'differences' must be integers >= 1")
    dimensions = dim_of(x) if type(x) is Vector else None
    by_rows = dimensions is not None and len(dimensions) == 2
    extent = 0 if x is NULL else dimensions[0] if by_rows and dimensions else len(x)
    if step * times >= extent:
        return call_builtin("[", x, integer([]))
    kept = explicit_class(x)
    if kept is not None and not _DIFFERING.intersection(kept):
        # A class without differences of its own gets its name back.
        bare = diff(x.with_attribute("class", NULL), lag, differences, [])
        return bare.with_attribute("class", x.attributes["class"])
    for _ in range(times):
        if by_rows:
            rows = (dim_of(x) or [0])[0]
            later = subset(x, [integer(range(step + 1, rows + 1)), MISSING], drop=False)
            earlier = subset(x, [integer(range(1, rows - step + 1)), MISSING], drop=False)
            bare = {k: v for k, v in earlier.attributes.items() if k != "dimnames"}
            x = call_builtin("-", later, earlier.with_attributes(bare))
            continue
        size = len(x)
        later = call_builtin("[", x, integer(range(step + 1, size + 1)))
        earlier = call_builtin("[", x, integer(range(1, size - step + 1)))
        x = call_builtin("-", later, earlier)
    return x
