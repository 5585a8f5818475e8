"""How the runtime's objects look and behave in the language: members, calls, printing, operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import Builtin, machine
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import write
from pipekeras.grammar.external import Adapter, Arguments, register_adapter
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.history import history_text, metrics_list
from pipekeras.grammar.keras.models import model_of
from pipekeras.grammar.keras.names import python_axis, word
from pipekeras.grammar.keras.shapes import shape_of
from pipekeras.grammar.keras.tensor_places import places_of
from pipekeras.grammar.values import NULL, VALUES_ONLY, ExternalObject, Vector, double, inherits, mk_list

from pipekeras import ops
from pipekeras.callbacks.history import History
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.variable import Variable
from pipekeras.layers.base import call_signature
from pipekeras.layers.base.layer import Layer
from pipekeras.models import host_stage
from pipekeras.models.model import Model
from pipekeras.models.sequential import Sequential
from pipekeras.nn.initializers.base import Initializer
from pipekeras.nn.optimizers.base import Optimizer

_GROUP_NAMES = {
    "ceiling": "ceil",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
}
"""R's Math functions that an op has under another name."""
_OPERATORS = {
    "+": ops.add,
    "-": ops.subtract,
    "*": ops.multiply,
    "/": ops.divide,
    "^": ops.power,
    "%%": ops.mod,
    "%/%": ops.floor_divide,
    "%*%": ops.matmul,
    "==": ops.equal,
    "!=": ops.not_equal,
    "<": ops.less,
    "<=": ops.less_equal,
    ">": ops.greater,
    ">=": ops.greater_equal,
    "&": ops.logical_and,
    "|": ops.logical_or,
}


class ObjectAdapter(Adapter):
    """Calls with whole doubles as ints."""

    def call(self, target: Any, arguments: Arguments) -> Any:
        positional = [convert.argument("", value) for name, value in arguments if not name]
        named = {name: convert.argument(name, value) for name, value in arguments if name}
        return external.to_language(target(*positional, **named))

    def element(self, target: Any, arguments: Arguments) -> Any:
        """`layer[["name"]]` is `layer$name`."""
        if len(arguments) == 1 and getattr(arguments[0][1], "kind", None) == "character":
            return self.member(target, str(external.to_python(arguments[0][1])))
        return super().element(target, arguments)

    def set_member(self, target: Any, name: str, value: Any) -> None:
        plain = convert.argument(name, value)
        try:
            setattr(target, name, plain)
        except AttributeError:
            # `model$layers[[1]]$trainable <- FALSE` ends in giving the model its own list of layers again.
            own = getattr(target, name, None)
            lists = isinstance(own, list | tuple) and isinstance(plain, list)
            if not lists or [id(one) for one in own or ()] != [id(one) for one in plain]:
                raise RError(f"'{name}' of this {type(target).__name__} can't be set") from None


class InitializerAdapter(ObjectAdapter):
    """An initializer is a function of a shape."""

    def call(self, target: Any, arguments: Arguments) -> Any:
        named = {name: value for name, value in arguments if name}
        positional = [value for name, value in arguments if not name]
        wanted = named.pop("shape") if "shape" in named else positional.pop(0) if positional else NULL
        if positional:
            named.setdefault("dtype", positional[0])
        options = {name: convert.argument(name, value) for name, value in named.items()}
        return ExternalObject(ops.convert_to_tensor(target(convert.shape(wanted) or (), **options)))


class LayerAdapter(ObjectAdapter):
    """A layer is a function of tensors."""

    def classes(self, target: Any) -> list[str]:
        return [f"keras.layers.{type(target).__name__}", "keras.engine.base_layer.Layer", "python.builtin.object"]

    def call(self, target: Any, arguments: Arguments) -> Any:
        if len(arguments) == 1 and isinstance(getattr(arguments[0][1], "value", None), Sequential):
            # `keras_model_sequential() %>% base` calls the model or layer on the model that grows.
            return self.pipe(target, arguments[0][1])
        if target.runs_on_host:
            # Texts and categories: what counts is words, not tensors.
            values = [value for name, value in arguments if not name or name in ("inputs", "x")]
            return external.to_language(target(words_of(values[0])))
        with_texts = isinstance(target, Model) and host_stage.takes_texts(target)

        def operand(value: Any) -> Any:
            if inherits(value, "data.frame") and len(getattr(target, "inputs", ())) > 1:
                from pipekeras.grammar.keras.feature_spec import table_of

                columns = table_of(value)
                return {name: columns[name] for name in target.input_names}
            return convert.data(value, "inputs", texts=True) if with_texts else convert.tensor_or_array(value)

        positional = [operand(value) for name, value in arguments if not name]
        named = {
            name: operand(value) if name in ("inputs", "x", "mask") else convert.argument(name, value)
            for name, value in arguments
            if name
        }
        if "x" in named and "x" not in call_signature.of_method(target, "call").names:
            named["inputs"] = named.pop("x")
        return external.to_language(target(*positional, **named))

    def pipe(self, target: Any, value: Any) -> Any:
        from pipekeras.grammar.keras.names import _apply

        return _apply(value, target)

    def member(self, target: Any, name: str) -> Any:
        found = super().member(target, name)
        if name == "get_config" and "get_config" in (target.__dict__.get("_methods") or {}):
            # A program that asks for the configuration gets what it wrote itself.
            return target.__dict__["_methods"]["get_config"]
        if name in ("layers", "weights", "trainable_weights", "non_trainable_weights", "inputs", "outputs", "losses"):
            items = getattr(target, name)
            return mk_list([external.to_language(item) for item in items]) if isinstance(items, list) else found
        return found

    def text(self, target: Any) -> str:
        return f"<{target.name}: {target.describe()}>"


def words_of(value: Any) -> Any:
    """Return texts or categories as an array, in the shape that they have in the language."""
    if isinstance(value, ExternalObject):
        return value.value
    if isinstance(value, Vector) and value.kind == "list":
        return [words_of(item) for item in value.data]
    found = np.asarray(convert.data(value, "inputs", texts=True))
    whole = found.dtype.kind == "f" and np.array_equal(found, np.trunc(found))
    return found.astype(np.int64) if whole else found


class ModelAdapter(LayerAdapter):
    """A model prints its table of layers."""

    def classes(self, target: Any) -> list[str]:
        own = ["keras.engine.sequential.Sequential"] if isinstance(target, Sequential) else []
        return [*own, "keras.engine.functional.Functional", "keras.engine.training.Model", "keras.engine.base_layer.Layer",
                "python.builtin.object"]  # fmt: skip

    def text(self, target: Any) -> str:
        return model_text(target)


def model_text(model: Any, width: int | None = None, **options: Any) -> str:
    """Return the summary of a model as text."""
    if not model.built:
        return "Model: <no summary available, model was not built>"
    lines: list[str] = []
    shown = width if width is not None else _line_width()
    model.summary(line_length=shown, print_fn=lambda line, *rest, **named: lines.append(str(line)), **options)
    return "\n".join(lines).rstrip("\n")


def _line_width() -> int:
    session = machine.session
    found = session.options.get("width") if session is not None else None
    return int(found.items()[0]) if found is not None else 80


@word("summary.keras.engine.training.Model", "object, line_length = NULL, positions = NULL, ...", invisible=True)
def summary(target: Any, line_length: Any, positions: Any, dots: Any) -> Any:
    """Print the layers of a model with their shapes and numbers of weights.

    Args:
        object: model.
        line_length: number of characters in a line, default that of options("width").
    """
    width = None if line_length is NULL else int(line_length.items()[0])
    options = {key: convert.argument(key, value) for key, value in dots if key}
    write(model_text(model_of(target), width, **options) + "\n")
    return target


class TensorAdapter(ObjectAdapter):
    """Tensors take R's operators and print their values."""

    def classes(self, target: Any) -> list[str]:
        return ["tensorflow.tensor", "keras.engine.keras_tensor.KerasTensor" if target.data is None else
                "tensorflow.python.framework.ops.EagerTensor", "python.builtin.object"]  # fmt: skip

    def operator(self, name: str, left: Any, right: Any) -> Any:
        function = _OPERATORS.get(name)
        if function is None:
            if name == "!":
                return ExternalObject(ops.logical_not(_operand(left if right is None else right)))
            return NotImplemented
        if right is None:
            value = _operand(left)
            return ExternalObject(ops.negative(value) if name == "-" else ops.convert_to_tensor(value))
        return ExternalObject(function(_operand(left), _operand(right)))

    def call(self, target: Any, arguments: Arguments) -> Any:
        # Variables of older versions have value() where newer ones have value.
        if arguments:
            raise RError("a tensor is no function", mend="write x[i] for elements of it")
        return ExternalObject(target)

    def member(self, target: Any, name: str) -> Any:
        if name == "shape":
            return shape_of(target.shape)
        if name == "get_shape":
            return Builtin("get_shape", lambda: shape_of(target.shape), "")
        return super().member(target, name)

    def function(self, name: str, target: Any, arguments: Arguments) -> Any:
        found = getattr(ops, _GROUP_NAMES.get(name, name), None)
        if name == "round" and len(arguments) == 2:
            return ExternalObject(ops.round(target, int(convert.argument("digits", arguments[1][1]))))
        named = {key: value for key, value in arguments if key}
        if found is None or len(arguments) - len(named) != 1 or not set(named) <= {"axis", "keepdims"}:
            return NotImplemented
        if not named:
            return ExternalObject(found(target))
        # sum(x, axis = 2) adds up over an axis counted from 1.
        options = {key: convert.argument(key, value) for key, value in named.items()}
        if "axis" in options:
            axis = python_axis(options["axis"])
            options["axis"] = tuple(axis) if isinstance(axis, list) else axis
        return ExternalObject(found(target, **options))

    def subset(self, target: Any, arguments: Arguments) -> Any:
        kept = any(name == "drop" and external.to_python(value) is False for name, value in arguments)
        places = places_of(arguments)
        if kept:
            places = [slice(place, place + 1 or None) if isinstance(place, int) else place for place in places]
        return ExternalObject(target[tuple(places)])

    def element(self, target: Any, arguments: Arguments) -> Any:
        return self.subset(target, arguments)

    def dim(self, target: Any) -> list[int] | None:
        return list(target.shape)

    def length(self, target: Any) -> int:
        return int(np.prod([n or 1 for n in target.shape], dtype=np.int64))

    def text(self, target: Any) -> str:
        return str(target)


def _operand(value: Any) -> Any:
    return convert.tensor_or_array(value)


class PartOfVariable(Tensor):
    """Some elements of a variable, which `v[1, 1]$assign(3)` replaces."""

    __slots__ = ("owner", "places")

    owner: Variable
    places: tuple[Any, ...]

    def _replaced(self, change: Callable[[np.ndarray, Any], Any], value: Any) -> Variable:
        values = np.array(self.owner.numpy())
        values[self.places] = change(values[self.places], np.asarray(convert.tensor_or_array(external.to_language(value))))
        self.owner.assign(values)
        return self.owner

    def assign(self, value: Any) -> Variable:
        """Replace these elements of the variable."""
        return self._replaced(lambda old, new: new, value)

    def assign_add(self, value: Any) -> Variable:
        """Add to these elements of the variable."""
        return self._replaced(lambda old, new: old + new, value)

    def assign_sub(self, value: Any) -> Variable:
        """Subtract from these elements of the variable."""
        return self._replaced(lambda old, new: old - new, value)


class VariableAdapter(TensorAdapter):
    """A variable prints its name and values, and its parts are assigned to."""

    def subset(self, target: Any, arguments: Arguments) -> Any:
        found = super().subset(target, arguments)
        tensor = found.value
        if tensor.data is None or tensor.operation is not None or tensor.history is not None:
            return found
        part = PartOfVariable(tensor.data)
        part.owner = target
        part.places = tuple(places_of(arguments))
        return ExternalObject(part)

    def classes(self, target: Any) -> list[str]:
        return ["tensorflow.tensor", "tensorflow.python.ops.resource_variable_ops.BaseResourceVariable",
                "python.builtin.object"]  # fmt: skip


class HistoryAdapter(ObjectAdapter):
    """What `fit()` returns: params and metrics, printed as R keras prints it."""

    def classes(self, target: Any) -> list[str]:
        return ["keras_training_history"]

    def member(self, target: Any, name: str) -> Any:
        if name == "metrics":
            return metrics_list(target)
        if name == "params":
            return external.to_language({key: value for key, value in target.params.items() if value is not None})
        if name == "epoch":
            return double([float(item) for item in target.epoch])
        return super().member(target, name)

    def names(self, target: Any) -> list[str]:
        return ["params", "metrics"]

    def length(self, target: Any) -> int:
        return 2

    def element(self, target: Any, arguments: Arguments) -> Any:
        found = external.to_python(arguments[0][1])
        return self.member(target, found if isinstance(found, str) else ["params", "metrics"][int(found) - 1])

    def text(self, target: Any) -> str:
        return history_text(target)


class DictionaryAdapter(ObjectAdapter):
    """A dict has its keys as members, before its methods."""

    def classes(self, target: Any) -> list[str]:
        return ["python.builtin.dict", "python.builtin.object"]

    def member(self, target: Any, name: str) -> Any:
        return external.to_language(target[name]) if name in target else super().member(target, name)

    def element(self, target: Any, arguments: Arguments) -> Any:
        (key,) = [convert.argument("", value) for _, value in arguments]
        if key not in target:
            raise RError(f"KeyError: {key!r}", mend=f"the keys are {', '.join(map(repr, target))}")
        return external.to_language(target[key])

    def set_member(self, target: Any, name: str, value: Any) -> None:
        target[name] = convert.argument(name, value)

    def set_element(self, target: Any, arguments: Arguments, value: Any) -> None:
        (key,) = [convert.argument("", item) for _, item in arguments]
        target[key] = convert.argument("", value)

    def names(self, target: Any) -> list[str]:
        return [str(key) for key in target]


register_adapter(Layer, LayerAdapter())
register_adapter(dict, DictionaryAdapter())
register_adapter(Model, ModelAdapter())
register_adapter(Tensor, TensorAdapter())
VALUES_ONLY.update((Tensor, Variable))
register_adapter(Variable, VariableAdapter())
register_adapter(History, HistoryAdapter())
register_adapter(Optimizer, ObjectAdapter())
register_adapter(Initializer, InitializerAdapter())


@word("as.array.python.builtin.object", "x, ...")
def as_array(x: Any, dots: Any) -> Any:
    """Return a tensor's values as an R array."""
    return convert.result(_values(x))


@word("as.matrix.python.builtin.object", "x, ...")
def as_matrix(x: Any, dots: Any) -> Any:
    """Return a tensor's values as an R matrix."""
    return convert.result(_values(x))


@word("as.double.python.builtin.object", "x, ...")
def as_numeric(x: Any, dots: Any) -> Any:
    """Return a tensor's values as a numeric vector."""
    return double(_values(x).ravel(order="F").astype(np.float64))


@word("as.vector.python.builtin.object", "x, mode = 'any'")
def as_vector(x: Any, mode: Any) -> Any:
    """Return a tensor's values as a vector."""
    return as_numeric(x, [])


@word("as.double.python.builtin.object", "x, ...")
def as_double(x: Any, dots: Any) -> Any:
    """Return a tensor's values as a numeric vector."""
    return as_numeric(x, [])


@word("as.integer.python.builtin.object", "x, ...")
def as_integer(x: Any, dots: Any) -> Any:
    """Return a tensor's values as an integer vector."""
    from pipekeras.grammar.values import integer

    return integer(_values(x).ravel(order="F").astype(np.int32))


def _values(x: Any) -> np.ndarray:
    found = x.value if isinstance(x, ExternalObject) else x
    if not isinstance(found, Tensor | Variable | np.ndarray):
        raise RError(f"an object of type {type(found).__name__} holds no numbers")
    return np.asarray(found.numpy() if not isinstance(found, np.ndarray) else found)


@word("t.python.builtin.object", "x")
def transposed(x: Any) -> Any:
    """Return a tensor with its axes in the opposite order.

    Args:
        x: tensor.
    """
    return ExternalObject(ops.transpose(convert.tensor_or_array(x)))


@word("mean.python.builtin.object", "x, ..., axis = NULL, keepdims = FALSE")
def mean_of_tensor(x: Any, dots: Any, axis: Any, keepdims: Any) -> Any:
    """Return the mean of a tensor's elements, or the means along an axis.

    Args:
        x: tensor.
        axis: number or numbers, counted from 1; default all.
        keepdims: TRUE or FALSE, whether the axis stays with length 1.
    """
    if not isinstance(x.value, Tensor | Variable):
        raise RError(f"mean() of a {type(x.value).__name__} is not known")
    kept = bool(convert.argument("keepdims", keepdims))
    found = None if axis is NULL else python_axis(convert.argument("axis", axis))
    values = x.value if x.value.dtype.startswith(("float", "bfloat")) else ops.cast(x.value, "float32")
    return ExternalObject(ops.mean(values, axis=tuple(found) if isinstance(found, list) else found, keepdims=kept))
