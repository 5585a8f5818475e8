"""Across the border between R's values and the runtime's: whole doubles, shapes, data, errors."""

from __future__ import annotations

import operator
import re
import warnings
from collections.abc import Iterable
from typing import Any, TextIO

import numpy as np
from pipekeras.grammar import external
from pipekeras.grammar.conversion import array_to_language, plain_to_python
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import machine, warn, write_error
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    ExternalObject,
    TextTensorAttributes,
    Vector,
    dim_of,
    double,
    inherits,
    mk_list,
    names_of,
)

from pipekeras.core.errors import PipekerasError, UserError
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.variable import Variable

_FLOATING = frozenset(
    [
        "rate",
        "learning_rate",
        "lr",
        "decay",
        "momentum",
        "epsilon",
        "rho",
        "beta",
        "beta_1",
        "beta_2",
        "alpha",
        "l1",
        "l2",
        "factor",
        "stddev",
        "mean",
        "minval",
        "maxval",
        "scale",
        "offset",
        "dropout",
        "recurrent_dropout",
        "label_smoothing",
        "delta",
        "gamma",
        "min_delta",
        "baseline",
        "clipnorm",
        "clipvalue",
        "global_clipnorm",
        "weight_decay",
        "ema_momentum",
        "negative_slope",
        "max_value",
        "theta",
        "negative_slope_coefficient",
        "threshold",
        "min_value",
        "gain",
        "from",
        "initial_learning_rate",
        "decay_rate",
        "end_learning_rate",
        "power",
    ]
)


def argument(name: str, value: Any, annotation: str = "", default: Any = None) -> Any:
    """Return an argument for the runtime: whole doubles become ints unless a real number is meant.

    Args:
        name: parameter.
        value: value of the language.
        annotation: text of the parameter's type, if it has one.
        default: its default.
    """
    plain = external.to_python(value)
    if "float" in annotation or isinstance(default, float) or name in _FLOATING:
        return plain
    return whole(plain)


def whole(value: Any) -> Any:
    """Turn floats without fraction into ints, inside of lists and dicts too."""
    if isinstance(value, float) and value == value and abs(value) < 2**53 and value == int(value):
        return int(value)
    if isinstance(value, list):
        return [whole(item) for item in value]
    if isinstance(value, tuple):
        return value if isinstance(value, Sizes) else tuple(whole(item) for item in value)
    if isinstance(value, dict):
        return {key: whole(item) for key, item in value.items()}
    return value


class Sizes(tuple[int | None, ...]):
    """The shape of a tensor; None stands for what is known only when the program runs.

    Args:
        sizes: whole numbers or None.
        source: the tensor whose sizes they are.
        axes: the axis of each size, default in their order.
    """

    source: Tensor | None
    axes: tuple[int, ...]

    def __new__(cls, sizes: Iterable[int | None], source: Tensor | None = None, axes: Iterable[int] | None = None) -> Sizes:
        made = super().__new__(cls, sizes)
        made.source = source
        made.axes = tuple(range(len(made)) if axes is None else axes)
        return made

    def pick(self, place: int) -> int | UnknownSize:
        """Return one size."""
        size = self[place]
        return UnknownSize(self.source, self.axes[place]) if size is None else size

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        if None in self:
            raise RError("a size of this shape is known only when the program runs", mend="give it in the input's shape")
        return np.array(list(self), dtype or np.int32)


class UnknownSize:
    """One size that is known only when the program runs; in a shape it means any.

    Args:
        source: the tensor that has it.
        axis: its axis there.
        computed: operator and operands, where it is computed of other sizes.
    """

    def __init__(self, source: Tensor | None = None, axis: int = 0, computed: tuple[str, Any, Any] | None = None) -> None:
        self.source = source
        self.axis = axis
        self.computed = computed

    def __int__(self) -> int:
        raise RError("this size is known only when the program runs", mend="give the size in the input's shape")

    __index__ = __int__

    def __repr__(self) -> str:
        return "<size known when the program runs>"


class SizesAdapter(external.Adapter):
    """Sizes count from 1."""

    def classes(self, target: Any) -> list[str]:
        return ["tensorflow.python.framework.tensor_shape.TensorShape", "python.builtin.object"]

    def element(self, target: Any, arguments: Any) -> Any:
        place = int(external.to_python(arguments[0][1]))
        size = target.pick(place - 1 if place > 0 else place)
        return ExternalObject(size) if isinstance(size, UnknownSize) else external.to_language(size)

    def subset(self, target: Any, arguments: Any) -> Any:
        places = external.to_python(arguments[0][1])
        if isinstance(places, list):
            chosen = [int(place) - 1 if place > 0 else int(place) for place in places]
            sizes = Sizes((target[place] for place in chosen), target.source, (target.axes[place] for place in chosen))
            return ExternalObject(sizes)
        return self.element(target, arguments)

    def length(self, target: Any) -> int:
        return len(target)

    def text(self, target: Any) -> str:
        return f"shape({', '.join('NA' if size is None else str(size) for size in target)})"


class UnknownSizeAdapter(external.Adapter):
    """A size that is not known is computed with as a number is."""

    def operator(self, name: str, left: Any, right: Any) -> Any:
        sides = [whole(external.to_python(side)) for side in (left, right)]
        if name not in SIZE_OPERATORS or not all(isinstance(side, int | UnknownSize) for side in sides):
            return super().operator(name, left, right)
        source = next(side.source for side in sides if isinstance(side, UnknownSize))
        return ExternalObject(UnknownSize(source, computed=(name, *sides)))


SIZE_OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.floordiv, "%/%": operator.floordiv,
                  "%%": operator.mod}  # fmt: skip
"""What may be computed with sizes that are not known yet; they are whole numbers."""

external.register_adapter(Sizes, SizesAdapter())
external.register_adapter(UnknownSize, UnknownSizeAdapter())


def _size(item: Any) -> Any:
    """Return one size of a list as a number or None: tensors of one whole number count."""
    if item is NULL:
        return None
    found = plain_to_python(item)
    if isinstance(found, UnknownSize):
        return None
    if isinstance(found, Tensor) and found.data is not None and found.shape == ():
        return int(found.numpy())
    return found


def shape(value: Any) -> tuple[int | None, ...] | None:
    """Return a shape from a vector or list in which NA and NULL mean any size."""
    if value is NULL or value is None:
        return None
    if isinstance(value, ExternalObject):
        value = value.value
    if isinstance(value, Tensor) and value.data is not None:
        value = [int(item) for item in np.ravel(value.numpy())]
    if isinstance(value, UnknownSize):
        value = [None]
    if isinstance(value, Vector) and value.kind == "list":
        items = [_size(item) for item in value.data]
    elif isinstance(value, Vector):
        items = [None if item is None or item != item or item == NA_INTEGER else item for item in value.items()]
    elif isinstance(value, list | tuple):
        items = list(value)
    else:
        items = [value]
    sizes: list[int | None] = []
    for item in items:
        if item is None or item != item:
            sizes.append(None)
        elif isinstance(item, bool) or not isinstance(item, int | float) or int(item) != item:
            raise RError(f"a shape is made of whole numbers; found {item!r}")
        else:
            sizes.append(int(item))
    return tuple(sizes)


def sizes(value: Any) -> Any:
    """Return a shape in which sizes that are not known yet still tell whose they are; see `sized_later`."""
    found = value.value if isinstance(value, ExternalObject) else value
    if isinstance(found, Sizes | UnknownSize):
        return found if isinstance(found, Sizes) else [found]
    if isinstance(value, Vector) and value.kind == "list":
        items = [plain_to_python(item) for item in value.data]
        if any(isinstance(item, UnknownSize) and item.source is not None for item in items):
            known = shape(value) or ()
            return [item if isinstance(item, UnknownSize) else size for item, size in zip(items, known, strict=True)]
    return shape(value)


def data(value: Any, what: str = "x", texts: bool = False) -> Any:
    """Return training data: matrices and arrays as they look, data frames as matrices, factors as class numbers from 0.

    Args:
        value: value of the language.
        what: its name in messages.
        texts: whether text may stand in it, for a model that turns it into numbers.
    """
    if value is NULL or value is None:
        return None
    if isinstance(value, ExternalObject):
        return value.value
    if not isinstance(value, Vector):
        plain = external.to_python(value)
        if callable(plain):
            return Generator(plain, texts)
        return plain
    if inherits(value, "data.frame"):
        return _frame(value, what)
    if inherits(value, "factor"):
        codes = np.array(value.data, np.int32)
        if (codes == NA_INTEGER).any():
            raise RError(f"{what} is a factor with missing values")
        write_error(f"note: the levels of factor {what} count as classes 0 to {codes.max(initial=1) - 1}\n")
        return codes - 1
    if value.kind == "list":
        items = [data(item, what, texts) for item in value.data]
        names = names_of(value)
        if names is not None and all(names):
            return dict(zip([str(name) for name in names], items, strict=True))
        return items
    if value.kind == "character" and texts:
        return _texts(value, what)
    if value.kind == "character":
        raise RError(
            f"{what} holds text; models take numbers",
            mend="turn classes into numbers from 0, e.g. with as.integer(factor(x)) - 1",
        )
    if value.kind in ("integer", "logical") and (value.data == NA_INTEGER).any():
        raise RError(f"{what} has missing values (NA)", mend="remove these rows or fill them in")
    dimensions = dim_of(value)
    array = value.data if value.kind != "logical" else value.data.astype(bool)
    return array.reshape(dimensions, order="F") if dimensions is not None else array


def _texts(value: Vector, what: str) -> np.ndarray:
    items = value.items()
    if any(item is None for item in items):
        raise RError(f"{what} has missing texts (NA)", mend="remove these rows or fill them in")
    dimensions = dim_of(value)
    array = np.array([str(item) for item in items], dtype=object)
    return array.reshape(dimensions, order="F") if dimensions is not None else array


def _frame(value: Vector, what: str) -> np.ndarray:
    columns = []
    for name, column in zip(names_of(value) or [], value.data, strict=True):
        if inherits(column, "factor") or column.kind == "character":
            raise RError(
                f"column '{name}' of {what} holds {'a factor' if column.kind != 'character' else 'text'}; models take numbers",
                mend=f"use as.integer(factor({name})) - 1 or model.matrix()",
            )
        array = column.data
        if column.kind in ("integer", "logical") and (array == NA_INTEGER).any():
            raise RError(f"column '{name}' of {what} has missing values (NA)")
        columns.append(array.astype(np.float64))
    return np.stack(columns, axis=1)


class Generator:
    """A function of the language that gives a batch at each call, as an endless Python iterator."""

    def __init__(self, function: Any, texts: bool = False) -> None:
        self.function = function
        self._texts = texts

    def __iter__(self) -> Generator:
        return self

    def __next__(self) -> Any:
        function = getattr(self.function, "function", None)
        if function is not None:
            from pipekeras.grammar.evaluation.machine import call_function

            made = call_function(function, [])
        else:
            made = external.to_language(self.function())
        if made is NULL:
            raise StopIteration
        parts = data(made, "batch", self._texts)
        return tuple(parts) if isinstance(parts, list) else parts


def result(value: Any) -> Any:
    """Return what a computation gave as a value of the language: arrays as matrices, lists as lists."""
    if isinstance(value, np.ndarray):
        made = array_to_language(value)
        if value.ndim == 1:
            made.attributes = {"dim": _dimensions(value.shape)}
        if made.kind == "character" and made.attributes is not None:
            made.attributes = TextTensorAttributes(made.attributes)
        return made
    if isinstance(value, list | tuple):
        return mk_list([result(item) for item in value])
    if isinstance(value, dict):
        return mk_list([result(item) for item in value.values()], [str(key) for key in value])
    return external.to_language(value)


def _dimensions(sizes: tuple[int, ...]) -> Vector:
    from pipekeras.grammar.values import integer

    return integer(list(sizes))


def named_numbers(values: dict[str, float]) -> Vector:
    """Return a named numeric vector, which `$` reads, too; for keras3 a named list."""
    from pipekeras.grammar.values import ResultAttributes, character

    if "keras3" in machine.attached:
        return mk_list([double(float(item)) for item in values.values()], list(values))
    return double([float(item) for item in values.values()], ResultAttributes(names=character(list(values))))


def error(problem: Exception) -> RError | None:
    """Return the language's error for one of the runtime's, message and mend apart."""
    if isinstance(problem, UserError):
        return RError(in_words(problem.message), mend=None if problem.mend is None else in_words(problem.mend))
    if isinstance(problem, PipekerasError):
        return RError(str(problem))
    return None


_DESCRIPTION = re.compile(r"\b([A-Z][A-Za-z0-9]+)(\(([^()]*(?:\([^()]*\)[^()]*)*)\))?")


def in_words(text: str) -> str:
    """Return one of the runtime's messages with the language's names: `layer_dense(units = 3)` for `Dense(units=3)`."""
    from pipekeras.grammar.keras.names import spelled

    from pipekeras.core import registry

    def change(found: re.Match[str]) -> str:
        name, _, inside = found.groups()
        if name != "Input" and registry.find("layer", name) is None:
            return found.group(0)
        word = "layer_input" if name == "Input" else spelled("layer", name)
        return f"{word}({_r_arguments(inside or '')})"

    return _DESCRIPTION.sub(change, text)


def _r_arguments(text: str) -> str:
    text = re.sub(r"(\w)=(?=[^=])", r"\1 = ", text)
    text = re.sub(r"\bNone\b", "NULL", text)
    text = re.sub(r"\bTrue\b", "TRUE", re.sub(r"\bFalse\b", "FALSE", text))
    text = re.sub(r"\((\d+),\)", r"\1", text)
    text = re.sub(r"(?<![\w])\((?=[\dN])", "c(", text)
    return text.replace("'", '"')


def _are_numbers(value: Vector) -> bool:
    items = value.data
    return bool(len(items)) and names_of(value) is None and all(
        type(item) is Vector and item.kind in ("double", "integer") and len(item) == 1 and dim_of(item) is None
        and not inherits(item, "factor") for item in items
    )  # fmt: skip


def tensor_or_array(value: Any) -> Any:
    """Return an operand for an op: tensors as they are, R numbers as float32 arrays."""
    if isinstance(value, ExternalObject):
        return value.value
    found = data(value)
    if isinstance(value, Vector) and value.kind == "list" and _are_numbers(value):
        # A list of single numbers is one row of them.
        found = np.array([item.reshape(()).item() for item in found])
    if isinstance(found, np.ndarray):
        if found.dtype == np.float64:
            found = found.astype(np.float32)
        if isinstance(value, Vector) and value.kind != "list" and dim_of(value) is None and found.size == 1:
            return found.reshape(()).item()
    return found


def _show_as_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, file: TextIO | None = None,
    line: str | None = None,
) -> None:  # fmt: skip
    """Show a warning of the runtime as one of the language while a program of the language runs."""
    if machine.frames and issubclass(category, UserWarning | SyntaxWarning):
        warn(str(message))
    else:
        _show_in_python(message, category, filename, lineno, file, line)


_show_in_python = warnings.showwarning


def install() -> None:
    """Enter the converters into the language's border."""
    if error not in external.ERRORS:
        warnings.showwarning = _show_as_warning
        external.ERRORS.append(error)
        external.TO_LANGUAGE.append(_to_language)


def _to_language(value: Any) -> Any:
    if isinstance(value, Tensor | Variable):
        return ExternalObject(value)
    if isinstance(value, np.ndarray):
        return result(value)
    if isinstance(value, tuple) and value and all(item is None or isinstance(item, int) for item in value):
        # A shape: NULL stands for any size.
        return mk_list([external.to_language(item) for item in value])
    if isinstance(value, list | tuple) and any(_is_object(item) for item in value):
        return mk_list([external.to_language(item) for item in value])
    return NotImplemented


def _is_object(value: Any) -> bool:
    return isinstance(value, Tensor | Variable | np.ndarray) or hasattr(value, "get_config") or value is None
