"""A layer's state: weights, sublayers, losses; collected as attributes are set."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.changes import CountedList, changes
from pipekeras.core.errors import ArgumentError, ShapeError, StateError
from pipekeras.core.structure import flatten
from pipekeras.graph import trace as tracing
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.variable import Variable, aside
from pipekeras.layers.base import keras_1
from pipekeras.layers.base.tracking import TrackedDict, TrackedList, kind_of


class _Scope(threading.local):
    """The names of the layers that are being built, outermost first."""

    def __init__(self) -> None:
        self.names: list[str] = []


_scope = _Scope()
_with_losses: weakref.WeakSet[Any] = weakref.WeakSet()


@contextmanager
def name_scope(name: str) -> Iterator[None]:
    """Put `name/` before the paths of variables made inside the block; the same name twice in a row counts once."""
    names = _scope.names
    if names and names[-1] == name:
        yield
        return
    names.append(name)
    try:
        yield
    finally:
        names.pop()


def current_path() -> str:
    """Return the names of the layers that are being built, outermost first."""
    return "/".join(_scope.names)


class LayerState:
    """Weights, sublayers, metrics, seeds and losses of a layer.

    Setting an attribute to a variable, layer, metric or seed generator, or to a list or dict of them, makes it part of
    the state, in the order in which attributes are set.
    """

    name: str
    built: bool

    if TYPE_CHECKING:
        # A layer has the attributes that its constructor and build set; no list of them is written twice.
        def __getattr__(self, name: str) -> Any: ...

    def _start_state(self, trainable: bool) -> None:
        fields = self.__dict__
        fields["_trainable"] = trainable
        fields["_trainable_variables"] = CountedList()
        fields["_non_trainable_variables"] = CountedList()
        fields["_layers"] = CountedList()
        fields["_metrics"] = CountedList()
        fields["_remembered"] = {}
        fields["_seed_generators"] = []
        fields["_losses"] = []

    def __setattr__(self, name: str, value: Any) -> None:
        kind = kind_of(value)
        if kind is not None and name[:2] != "__":
            value = self._track(value)
        fields = self.__dict__
        if name in fields:
            old = fields[name]
            replaced = old is not value and kind_of(old) in ("variable", "layer", "metric", "seeds")
            if replaced and not any(held is old for key, held in fields.items() if key != name):
                self._untrack(old)
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        self._untrack(self.__dict__.get(name))
        object.__delattr__(self, name)

    def _track(self, value: Any) -> Any:
        """Enter a value in the state if it is of a kind that is kept; return it, or the container that watches it."""
        kind = kind_of(value)
        if kind is None:
            return value
        fields = self.__dict__
        if "_layers" not in fields:
            if kind in ("list", "tuple", "dict") and not any(kind_of(item) for item in flatten(value)):
                return value
            raise StateError(
                f"{type(self).__name__}.__init__ sets state before the base class is ready",
                mend="call super().__init__() first",
            )
        if kind == "variable":
            self._track_variable(value)
        elif kind == "layer":
            _append_once(fields["_layers"], value)
        elif kind == "metric":
            _append_once(fields["_metrics"], value)
        elif kind == "seeds":
            _append_once(fields["_seed_generators"], value)
        elif kind == "list":
            return TrackedList(value, self)
        elif kind == "dict":
            return TrackedDict(value, self)
        elif kind == "tuple":
            return tuple(self._track(item) for item in value)
        return value

    def _track_variable(self, variable: Variable) -> None:
        lists = self._trainable_variables, self._non_trainable_variables
        if any(known is variable for held in lists for known in held):
            return
        lists[0 if variable.trainable else 1].append(variable)
        if not self._trainable:
            variable.trainable = False

    def _untrack(self, value: Any) -> None:
        fields = self.__dict__
        held = ("_trainable_variables", "_non_trainable_variables", "_layers", "_metrics", "_seed_generators")
        if kind_of(value) in ("variable", "layer", "metric", "seeds"):
            for name in held:
                if name in fields:
                    fields[name][:] = [item for item in fields[name] if item is not value]

    # Weights

    @keras_1.name_first
    def add_weight(
        self,
        shape: Any = None,
        initializer: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
        aggregation: str = "none",
        overwrite_with_gradient: bool = False,
        name: str | None = None,
    ) -> Variable:
        """Make a weight that belongs to this layer.

        Args:
            shape: tuple of int, default () (a scalar).
            initializer: name, initializer or function `(shape, dtype)`; default "glorot_uniform", zeros for integers.
            dtype: str, default the layer's own type.
            trainable: bool, default True.
            autocast: bool, default True; whether a layer of mixed precision reads it in its computing type.
            regularizer: name, regularizer or None; its penalty goes to `losses`.
            constraint: name, constraint or None; applied after every update.
            aggregation: str, accepted for scripts that set it: there is one copy of each weight.
            overwrite_with_gradient: bool, must be False.
            name: str, default "variable".

        Returns:
            Variable.

        Raises:
            ShapeError: the shape is not fully known.
        """
        from pipekeras.nn import constraints, initializers, regularizers

        if overwrite_with_gradient:
            raise ArgumentError("overwrite_with_gradient=True is for 8-bit floats, which are not available")
        sizes = _weight_shape(self, shape, name)
        kept = dtypes.standardize(dtype) if dtype is not None else self.variable_dtype
        if initializer is None:
            initializer = "glorot_uniform" if dtypes.is_float(kept) else "zeros"
        with tracing.no_trace():
            variable = Variable(initializers.get(initializer), sizes, kept, trainable, name=name)
        names = _scope.names
        inside = names if names and names[-1] == self.name else [*names, self.name]
        variable.path = "/".join([*inside, variable.name])
        variable.autocast = autocast
        variable.regularizer = regularizers.get(regularizer)
        variable.constraint = constraints.get(constraint)
        self._track_variable(variable)
        return variable

    @keras_1.name_first
    def add_variable(
        self,
        shape: Any = None,
        initializer: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
        name: str | None = None,
        **options: Any,
    ) -> Variable:
        """Make a weight; another name of `add_weight`."""
        return self.add_weight(shape, initializer, dtype, trainable, autocast, regularizer, constraint, name=name, **options)

    @property
    def trainable(self) -> bool:
        """Whether training changes this layer. Setting it sets all its weights and sublayers."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        value = bool(value)
        self._set_trained(value)
        for layer in self._layers:
            layer.trainable = value

    def _set_trained(self, value: bool) -> None:
        """Say whether training changes the weights that are this layer's own."""
        self.__dict__["_trainable"] = value
        changes.count += 1
        for variable in self._trainable_variables:
            variable.trainable = value

    @property
    def variables(self) -> list[Variable]:
        """All variables: weights and the states of random generators."""
        found = [*self._trainable_variables, *self._non_trainable_variables]
        found.extend(generator.state for generator in self._seed_generators)
        for layer in self._layers:
            found.extend(layer.variables)
        return _distinct(found)

    @property
    def weights(self) -> list[Variable]:
        """All weights, trainable first, then those of sublayers."""
        found = [*self._trainable_variables, *self._non_trainable_variables]
        for layer in self._layers:
            found.extend(layer.weights)
        return _distinct(found)

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training changes."""
        return [variable for variable in self.weights if variable.trainable] if self._trainable else []

    @trainable_weights.setter
    def trainable_weights(self, values: list[Variable]) -> None:
        for variable in values:
            variable.trainable = True
            self._track_variable(variable)

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that training leaves alone."""
        return [variable for variable in self.weights if not variable.trainable] if self._trainable else self.weights

    @non_trainable_weights.setter
    def non_trainable_weights(self, values: list[Variable]) -> None:
        for variable in values:
            variable.trainable = False
            self._untrack(variable)
            self._track_variable(variable)

    @property
    def trainable_variables(self) -> list[Variable]:
        """The variables that training changes."""
        return [variable for variable in self.variables if variable.trainable] if self._trainable else []

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The variables that no gradient changes: frozen weights, running means, states of random generators."""
        return [variable for variable in self.variables if not variable.trainable] if self._trainable else self.variables

    @property
    def metrics(self) -> list[Any]:
        """The metrics that this layer and its sublayers hold."""
        found = list(self._metrics)
        for layer in self._layers:
            found.extend(layer.metrics)
        return found

    @property
    def metrics_variables(self) -> list[Variable]:
        """The variables of all metrics."""
        return [variable for metric in self.metrics for variable in metric.variables]

    def get_weights(self) -> list[np.ndarray]:
        """Return copies of all weights as arrays, in the order of `weights`."""
        return [variable.numpy() for variable in self.weights]

    def set_weights(self, weights: Any) -> None:
        """Replace all weights.

        Args:
            weights: list of arrays, in the order and shapes of `get_weights()`.

        Raises:
            ShapeError: another number of arrays, or another shape.
        """
        own = self.weights
        given = list(weights)
        if len(given) != len(own):
            built = "" if self.built else "; the layer has no weights before it is built"
            raise ShapeError(f"'{self.name}' has {len(own)} weights; got {len(given)} arrays{built}")
        for variable, value in zip(own, given, strict=True):
            if tuple(np.shape(value)) != variable.shape:
                raise ShapeError(f"weight '{variable.path}' has shape {variable.shape}; got {tuple(np.shape(value))}")
        for variable, value in zip(own, given, strict=True):
            variable.assign(value)

    def count_params(self) -> int:
        """Return the number of single values in all weights."""
        if not self.built:
            raise StateError(
                f"'{self.name}' has no weights yet",
                mend="build it: call it on data, or build(input_shape)",
            )
        return sum(int(np.prod(variable.shape, dtype=np.int64)) for variable in self.weights)

    def save_own_variables(self, store: Any) -> None:
        """Put the weights of this layer, without sublayers, into `store` under "0", "1", ...."""
        for index, variable in enumerate(self._variables_of_files()):
            store[str(index)] = self._value_for_files(variable)

    def load_own_variables(self, store: Any) -> None:
        """Take the weights of this layer, without sublayers, from `store`."""
        own = self._variables_of_files()
        if len(store) != len(own):
            raise ShapeError(f"'{self.name}' has {len(own)} weights of its own; the file has {len(store)} for it")
        for index, variable in enumerate(own):
            variable.assign(store[str(index)])
        self._values_were_loaded()

    def _variables_of_files(self) -> list[Variable]:
        """Return the variables that files hold for this layer, without sublayers, in their order."""
        return [*self._trainable_variables, *self._non_trainable_variables]

    def _value_for_files(self, variable: Variable) -> np.ndarray:
        """Return what files hold for one of the variables."""
        return variable.numpy()

    def _values_were_loaded(self) -> None:
        """Follow up after variables got their values from a file."""

    # Losses

    def add_metric(self, value: Any, name: str | None = None, aggregation: str | None = "mean", **options: Any) -> None:
        """Show the mean of a tensor that `call` computes among the model's results, as in Keras 2.

        Args:
            value: tensor.
            name: str, what the result is called.
            aggregation: "mean"; None for the result of a metric object, which is tracked by itself.
        """
        from pipekeras.nn.metrics import Mean

        if not name:
            raise ArgumentError("add_metric needs a name", mend="write add_metric(value, name='...')")
        if aggregation not in (None, "mean"):
            raise ArgumentError(f"add_metric takes means, not aggregation={aggregation!r}")
        found = next((metric for metric in self._metrics if metric.name == name), None)
        if found is None:
            with tracing.no_trace():
                found = Mean(name=name)
            self._metrics.append(found)
        found.update_state(value)

    def add_update(self, updates: Any, inputs: Any = None) -> None:
        """Make updates of variables, as in Keras 2: pairs of variable and value; those of `K.update` are made already."""
        for item in updates if isinstance(updates, list) else [updates]:
            if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], Variable):
                item[0].assign(item[1])

    def add_loss(self, loss: Any, inputs: Any = None) -> None:
        """Add a scalar tensor (or a list of them) to what training minimises; called inside `call`.

        Args:
            loss: tensor, or list of them.
            inputs: accepted, as Keras 2 had it; a tensor tells what it was computed from.
        """
        for item in flatten(loss):
            if not isinstance(item, Tensor | Variable):
                raise ArgumentError(f"add_loss takes tensors computed in call(), not {type(item).__name__}")
            self._losses.append(item)
            if aside.scope is not None and aside.scope.collect_losses:
                aside.scope.add_loss(item)
        _with_losses.add(self)

    @property
    def losses(self) -> list[Any]:
        """The scalar losses of `add_loss` and activity regularizers of the last call, then the weights' penalties."""
        inside = tracing.current() is not None
        found = [
            loss
            for layer in self._flatten_layers()
            for loss in layer._losses
            if inside or not isinstance(loss, Tensor) or loss.data is not None
        ]
        found.extend(item.regularizer(item) for item in self.trainable_weights if item.regularizer is not None)
        return found

    def _clear_losses(self) -> None:
        if _with_losses:
            for layer in self._flatten_layers():
                if layer in _with_losses:
                    layer._losses.clear()
                    _with_losses.discard(layer)

    def _flatten_layers(self, include_self: bool = True, recursive: bool = True) -> list[Any]:
        """Return this layer and its sublayers, each once, depth first."""
        if include_self and recursive:
            return list(self._remember("layers", self._all_layers))
        found: list[Any] = [self] if include_self else []
        stack = list(reversed(self._layers))
        seen = {id(self)}
        while stack:
            layer = stack.pop()
            if id(layer) in seen:
                continue
            seen.add(id(layer))
            found.append(layer)
            if recursive:
                stack.extend(reversed(layer._layers))
        return found

    def _all_layers(self) -> list[Any]:
        return [self, *self._flatten_layers(include_self=False)]

    def _remember(self, name: str, find: Callable[[], Any]) -> Any:
        """Return what follows from the parts of this layer; it is found again when any model has changed."""
        remembered = self.__dict__["_remembered"]
        known = remembered.get(name)
        if known is None or known[0] != changes.count:
            known = remembered[name] = (changes.count, find())
        return known[1]


def _append_once(held: list[Any], value: Any) -> None:
    if not any(item is value for item in held):
        held.append(value)


def _distinct(variables: list[Variable]) -> list[Variable]:
    return list(dict.fromkeys(variables))


def _weight_shape(owner: Any, shape: Any, name: str | None) -> tuple[int, ...]:
    if shape is None:
        return ()
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    if any(size is None for size in sizes):
        raise ShapeError(
            f"weight '{name}' of {owner.describe()} would have shape {sizes}; every size must be known",
            mend="declare the input shape in full",
        )
    return tuple(int(size) for size in sizes)
