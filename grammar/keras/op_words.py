"""`op_*` and `random_*` of keras3: the op table itself, with axes counted from 1 and dimensions of R.

Indices count from 1 too, unless `zero_indexed = TRUE`, as in keras3.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import Builtin
from pipekeras.grammar.conversion import call_from_runtime
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert, signatures
from pipekeras.grammar.keras.data import is_text
from pipekeras.grammar.keras.names import python_axis, word, wrap
from pipekeras.grammar.keras.shapes import shape_of
from pipekeras.grammar.values import NULL, ExternalObject, Vector
from pipekeras.grammar.vectors.unsupported import only_default

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.layers.base.calling import inside_a_call

_AXES = frozenset(("axis", "axes", "axis1", "axis2", "source", "destination"))
_SHAPES = frozenset(("shape", "newshape", "output_shape", "size", "target_shape"))
_GIVING_INDICES = frozenset(("argmax", "argmin", "argsort", "argpartition"))
_TAKING_INDICES = frozenset(("one_hot", "multi_hot", "take", "take_along_axis"))
_SPELLINGS = {"array": "convert_to_tensor", "divide_no_nan": "divide_no_nan", "len": "size"}
_COUNTS = frozenset(("repeats", "pad_width"))
_LISTS = frozenset(("concatenate", "stack", "hstack", "vstack", "dstack", "meshgrid", "add_n"))


def make(name: str) -> Builtin | None:
    """Return the word `op_<name>`, or None when there is no such op."""
    op = getattr(ops, _SPELLINGS.get(name, name), None)
    if op is None or not callable(op) or name.startswith("_"):
        return None
    return _op_word(name, op)


def names() -> list[str]:
    """Return every name that `make` knows."""
    return sorted({*(name for name in dir(ops) if not name.startswith("_") and callable(getattr(ops, name))), *_SPELLINGS})


def _op_word(name: str, op: Callable[..., Any]) -> Builtin:
    parameters = list(inspect.signature(op).parameters.values())
    many = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    # What stands before the many goes there: op_einsum("ij,jk", x, y).
    ahead = next((place for place, p in enumerate(parameters) if p.kind is p.VAR_POSITIONAL), 0)
    parameters = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    indexed = name in _GIVING_INDICES or name in _TAKING_INDICES
    pieces = []
    for place, parameter in enumerate(parameters):
        if many and place == ahead:
            pieces.append("...")
        default = parameter.default
        if default is parameter.empty:
            pieces.append(parameter.name)
        else:
            if parameter.name in _AXES:
                default = _from_one(default)
            pieces.append(f"{parameter.name} = {signatures.r_text(default)}")
    if many and ahead == len(parameters):
        pieces.append("...")
    if indexed:
        pieces.append("zero_indexed = FALSE")

    def run(*values: Any) -> Any:
        given = list(values)
        if op is ops.convert_to_tensor and is_text(given[0]):
            return given[0]
        zero_based = bool(convert.argument("zero_indexed", given.pop())) if indexed else True
        rest = given.pop(ahead) if many else []
        positional = [_operand(value) for _, value in rest]
        if many and len(positional) == 1 and isinstance(positional[0], list):
            positional = positional[0]
        keywords: dict[str, Any] = {}
        for parameter, value in zip(parameters, given, strict=True):
            if value is NULL and parameter.default is not parameter.empty and parameter.default is not None:
                keywords[parameter.name] = None
            elif value is not NULL or parameter.default is parameter.empty:
                keywords[parameter.name] = _argument(name, parameter, value)
        if not zero_based and name in _TAKING_INDICES:
            label = "x" if name == "one_hot" or "indices" not in keywords else "indices"
            label = label if label in keywords else next(iter(keywords))
            keywords[label] = ops.subtract(ops.cast(keywords[label], "int32"), 1)
        before = [keywords.pop(parameter.name) for parameter in parameters[:ahead]] if many else []
        made = op(*before, *positional, **keywords) if many else op(**keywords)
        return wrap(ops.add(made, 1) if not zero_based and name in _GIVING_INDICES else made)

    run.documents = op  # type: ignore[attr-defined]
    return Builtin(f"op_{name}", run, ", ".join(pieces), package="keras")


def _from_one(default: Any) -> Any:
    """An axis, or axes, as the language counts them."""
    if isinstance(default, tuple):
        return tuple(_from_one(axis) for axis in default)
    return default + 1 if isinstance(default, int) and not isinstance(default, bool) and default >= 0 else default


def _whole(parameter: inspect.Parameter, value: Any) -> Any:
    """Whole doubles as the whole numbers that the op asks for, or None where it asks for something else."""
    if not isinstance(value, Vector) or value.kind != "double" or not len(value) or value.attributes:
        return None
    annotated = re.search(r"\bint\b", str(parameter.annotation)) and "float" not in str(parameter.annotation)
    if not annotated and parameter.name not in _COUNTS:
        return None
    numbers = value.items()
    if any(number is None or number != int(number) for number in numbers):
        return None
    return int(numbers[0]) if len(numbers) == 1 else tuple(int(number) for number in numbers)


def _argument(name: str, parameter: inspect.Parameter, value: Any) -> Any:
    label = parameter.name
    if value is NULL:
        return None
    if label in _AXES:
        return python_axis(convert.argument(label, value))
    if label in _SHAPES and not isinstance(value, ExternalObject):
        return tuple(-1 if size is None else size for size in convert.shape(value) or ())
    if parameter.default is not parameter.empty and not isinstance(parameter.default, int | float | None):
        return convert.argument(label, value)
    if isinstance(parameter.default, bool) or label in ("dtype", "num_classes", "num_segments", "seed", "name", "k"):
        return convert.argument(label, value)
    if getattr(value, "kind", None) in ("closure", "builtin"):
        return _function(value)
    if label in _COUNTS and isinstance(value, Vector) and value.kind == "list":
        return [_whole(parameter, item) or _operand(item) for item in value.items()]
    whole = _whole(parameter, value)
    if whole is not None:
        return whole
    if isinstance(value, Vector) and value.kind == "character":
        return convert.argument(label, value)
    if isinstance(value, Vector) and value.kind == "list" and name not in _LISTS and parameter.default is not parameter.empty:
        return convert.argument(label, value)
    found = _operand(value)
    if parameter.default is not parameter.empty and isinstance(found, float | int):
        return convert.argument(label, value, default=parameter.default)
    return found


def _operand(value: Any) -> Any:
    if isinstance(value, Vector) and value.kind == "list":
        return [_operand(item) for item in value.data]
    return convert.tensor_or_array(value)


def _function(function: Any) -> Callable[..., Any]:
    def run(*values: Any) -> Any:
        return _operand(call_from_runtime(function, [(None, wrap(value)) for value in values]))

    return run


@word("op_convert_to_tensor", "x, dtype = NULL, sparse = NULL")
def op_convert_to_tensor(x: Any, dtype: Any, sparse: Any) -> Any:
    """Return values as a tensor.

    Args:
        x: number, vector, matrix, array or tensor.
        dtype: text, default float32 for doubles.
        sparse: accepted; tensors are dense.
    """
    only_default("op_convert_to_tensor", sparse=(sparse, False))
    if is_text(x):
        return x
    return wrap(ops.convert_to_tensor(_operand(x), convert.argument("dtype", dtype)))


@word("op_convert_to_array", "x")
def op_convert_to_array(x: Any) -> Any:
    """Return a tensor's values as an R array.

    Args:
        x: tensor.
    """
    return convert.result(np.asarray(ops.convert_to_numpy(_operand(x))))


word("op_convert_to_numpy", "x")(op_convert_to_array)


@word("op_shape", "x")
def op_shape(x: Any) -> Any:
    """Return the sizes of a tensor as a shape; NULL for those that are not known.

    Args:
        x: tensor or array.
    """
    shape = _operand(x).shape
    if None in shape and inside_a_call():
        # A layer's call computes with sizes; it is called again with numbers on trial.
        raise ConfigurationError("a size that op_shape() tells is not known yet", mend="give the input its whole shape")
    return shape_of(shape)


@word("op_subset", "x, ...")
def op_subset(x: Any, dots: Any) -> Any:
    """Return a part of a tensor, indices counted from 1 as in x[...].

    Args:
        x: tensor.
        ...: indices.
    """
    from pipekeras.grammar.external import adapter_of

    tensor = ops.convert_to_tensor(_operand(x))
    return adapter_of(tensor).subset(tensor, dots)


@word("op_vectorized_map", "elements, f")
def op_vectorized_map(elements: Any, f: Any) -> Any:
    """Apply a function to each row of a tensor and put the results together.

    Args:
        elements: tensor, or list of tensors with equally many rows.
        f: function of a row.
    """
    return wrap(ops.vectorized_map(_function(f), _operand(elements)))


@word("op_map", "xs, f")
def op_map(xs: Any, f: Any) -> Any:
    """Apply a function to each row of a tensor and put the results together.

    Args:
        xs: tensor.
        f: function of a row.
    """
    return wrap(ops.map(_function(f), _operand(xs)))


_RANDOM = {
    "beta": "shape, alpha, beta, dtype = NULL, seed = NULL",
    "binomial": "shape, counts, probabilities, dtype = NULL, seed = NULL",
    "categorical": "logits, num_samples, dtype = 'int32', seed = NULL, ..., zero_indexed = FALSE",
    "dropout": "inputs, rate, noise_shape = NULL, seed = NULL",
    "gamma": "shape, alpha, dtype = NULL, seed = NULL",
    "integer": "shape, minval, maxval, dtype = 'int32', seed = NULL",
    "normal": "shape, mean = 0, stddev = 1, dtype = NULL, seed = NULL",
    "shuffle": "x, axis = 1, seed = NULL",
    "truncated_normal": "shape, mean = 0, stddev = 1, dtype = NULL, seed = NULL",
    "uniform": "shape, minval = 0, maxval = 1, dtype = NULL, seed = NULL",
}
_TENSORS = frozenset(("logits", "inputs", "x", "alpha", "beta", "counts", "probabilities"))


def _random_word(name: str, signature: str) -> None:
    from pipekeras import random

    labels = [piece.split("=")[0].strip() for piece in signature.split(", ")]
    function = {"integer": "randint"}.get(name, name)

    @word(f"random_{name}", signature)
    def draw(*values: Any) -> Any:
        target = getattr(random, function, None)
        if target is None:
            raise RError(f"random_{name}() is not here yet")
        keywords: dict[str, Any] = {}
        zero_based = True
        for label, value in zip(labels, values, strict=True):
            if label == "zero_indexed":
                zero_based = bool(convert.argument(label, value))
            elif label == "shape":
                keywords[label] = convert.shape(value)
            elif label == "axis":
                keywords[label] = python_axis(convert.argument(label, value))
            elif label != "..." and value is not NULL:
                keywords[label] = _operand(value) if label in _TENSORS else convert.argument(label, value)
        made = target(**keywords)
        return wrap(made if zero_based else ops.add(made, 1))

    draw.__doc__ = f"Draw from the {name} distribution."


for _name, _signature in _RANDOM.items():
    _random_word(_name, _signature)


@word("random_seed_generator", "seed = NULL, name = NULL, ...")
def random_seed_generator(seed: Any, name: Any, dots: Any) -> Any:
    """Make a source of seeds: what is drawn with it goes on from draw to draw.

    Args:
        seed: number, default from set_random_seed().
        name: accepted.
    """
    from pipekeras import random

    return ExternalObject(random.SeedGenerator(convert.argument("seed", seed)))
