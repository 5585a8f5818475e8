"""Optimizers of one's own as older Keras wanted them written, run by today's steps.

Keras 1 and 2: `get_updates(loss, params)` returns assignments. They are noted while it runs and made together afterwards,
so that everything it reads is the state before the step; variables that it makes are made once and kept.
tf.keras 2: `_resource_apply_dense(grad, var, apply_state)` with slots and hyperparameters.
tf.keras 2.9 and 2.10: `update_step(gradient, variable)`, which reads the rate itself.
"""

from __future__ import annotations

import inspect
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from pipekeras import ops
from pipekeras.core.errors import ArgumentError, ConfigurationError
from pipekeras.graph import trace as tracing
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import Variable
from pipekeras.nn.optimizers import clipping
from pipekeras.nn.optimizers.state import OptimizerState
from pipekeras.nn.schedules.base import LearningRateSchedule

UPDATES, SLOTS = "get_updates", "_resource_apply_dense"


class _Noting(threading.local):
    """The optimizer whose `get_updates` runs, and how often each place of the program has made a variable in it."""

    def __init__(self) -> None:
        self.optimizer: OlderStyles | None = None
        self.counts: dict[Any, int] = {}


_noting = _Noting()


@contextmanager
def _noting_for(optimizer: OlderStyles) -> Iterator[None]:
    before = _noting.optimizer, _noting.counts
    _noting.optimizer, _noting.counts = optimizer, {}
    try:
        yield
    finally:
        _noting.optimizer, _noting.counts = before


def is_noting() -> bool:
    """Whether assignments are to be noted instead of made: `get_updates` of an optimizer runs."""
    return _noting.optimizer is not None


def kept(make: Callable[[], Variable]) -> Variable:
    """Return a new variable; inside `get_updates` the one that the same place of the program made in the first step."""
    optimizer = _noting.optimizer
    if optimizer is None:
        return make()
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("pipekeras."):
        frame = frame.f_back
    place = frame.f_code, frame.f_lasti
    count = _noting.counts[place] = _noting.counts.get(place, -1) + 1
    return optimizer._kept_variable((place, count), make)


class PendingLoss:
    """What stands for the loss inside `get_updates`: its gradients are known already."""

    def __init__(self, gradients: Sequence[Any], variables: Sequence[Variable]) -> None:
        self._gradients = {id(variable): gradient for gradient, variable in zip(gradients, variables, strict=True)}

    def gradients(self, variables: Any) -> list[Any]:
        """Return the gradient for each variable; None for one that has none."""
        wanted = variables if isinstance(variables, list | tuple) else [variables]
        return [self._gradients.get(id(variable)) for variable in wanted]


class PendingStep:
    """A step of an optimizer on a loss of a layer graph, which `K.function` makes when it runs."""

    def __init__(self, optimizer: Any, loss: Any, params: Sequence[Variable]) -> None:
        self.optimizer, self.loss, self.params = optimizer, loss, list(params)


def _is_of_a_graph(loss: Any) -> bool:
    return isinstance(loss, Tensor) and loss.history is not None


def _asked_for(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return `get_updates` of a class so that a call with a loss of a layer graph gives a step for `K.function`."""

    def get_updates(self: Any, *args: Any, **kwargs: Any) -> Any:
        loss = kwargs.get("loss", next((item for item in args if _is_of_a_graph(item)), None))
        if not _is_of_a_graph(loss):
            return method(self, *args, **kwargs)
        others = [item for item in args if item is not loss]
        return [PendingStep(self, loss, kwargs["params"] if "params" in kwargs else others[0])]

    get_updates.__wrapped__ = method  # type: ignore[attr-defined]
    return get_updates


def _preparing(build: Callable[..., Any]) -> Callable[..., Any]:
    """Return `build` of a class so that it makes the variables of the class, too: a file may be about to fill them."""

    def prepared(self: Any, variables: Sequence[Variable]) -> None:
        if not self.built:
            build(self, variables)
            if not self.__dict__.get("_is_prepared"):
                self.__dict__["_is_prepared"] = True
                self._prepare_older(list(variables))

    prepared.__name__ = "build"
    return prepared


class OlderStyles(OptimizerState):
    """What optimizers of older styles find in their base class; the base of `Optimizer`."""

    _older_style: ClassVar[str | None] = None
    _use_locking = False
    _counts_itself = False
    _iterations: Any
    _indices: dict[int, int]
    decay: Any
    clipnorm: float | None
    clipvalue: float | None
    global_clipnorm: float | None

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        own = cls.__dict__
        if cls.__module__.startswith("pipekeras.nn."):
            return
        if UPDATES in own:
            cls._older_style = UPDATES
            setattr(cls, UPDATES, _asked_for(own[UPDATES]))
            setattr(cls, "build", _preparing(getattr(cls, "build")))  # noqa: B009, B010 - mypy minds the other form
        elif SLOTS in own:
            cls._older_style = SLOTS
            setattr(cls, "build", _preparing(getattr(cls, "build")))  # noqa: B009, B010
        elif "update_step" in own:
            cls._older_style = None
            wanted = [item for item in inspect.signature(own["update_step"]).parameters.values()
                      if item.kind == item.POSITIONAL_OR_KEYWORD]  # fmt: skip
            if len(wanted) == 3:
                setattr(cls, "update_step", _with_rate(own["update_step"]))  # noqa: B010 - mypy minds the other form

    def _current_learning_rate(self) -> Any:
        raise NotImplementedError

    def _set_learning_rate(self, value: Any) -> None:
        raise NotImplementedError

    def _usual_update(self, gradients: list[Any], variables: list[Any]) -> None:
        raise NotImplementedError

    # One step.

    def _older_update(self, gradients: list[Any], variables: list[Any]) -> None:
        """Make one step as the class wants it."""
        if self._older_style == UPDATES:
            self._make_updates(gradients, variables)
        else:
            self._apply_to_slots(clipping.clip(gradients, self.clipnorm, self.clipvalue, self.global_clipnorm), variables)

    def _prepare_older(self, variables: list[Any]) -> None:
        """Make the variables of the class by a step that is not kept."""
        if self._older_style == SLOTS:
            with tracing.no_trace():
                self._create_hypers()
                self._create_slots(variables)
            return
        with tracing.tracing():
            self._make_updates([Tensor.symbolic(item.shape, item.dtype) for item in variables], variables)

    def _make_updates(self, gradients: list[Any], variables: list[Any]) -> None:
        method: Any = getattr(self, UPDATES)
        names = [*inspect.signature(inspect.unwrap(method.__func__)).parameters][1:]
        given = {"loss": PendingLoss(gradients, variables), "params": list(variables),
                 "constraints": {item: item.constraint for item in variables if item.constraint is not None}}  # fmt: skip
        order = ("params", "constraints", "loss") if len(names) == 3 else ("loss", "params")
        named = [name if name in given else other for name, other in zip(names, order, strict=False)]
        self.updates: list[Any] = []
        with _noting_for(self):
            noted = method(*[given[name] for name in named])
        noted = self.updates if noted is None else noted
        pairs = [item for item in noted if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], Variable)]
        values = [(variable, convert(value, variable.dtype)) for variable, value in pairs]
        self._counts_itself = any(variable is self._iterations for variable, _ in values)
        for variable, value in values:
            variable.assign(value)
        self.updates = []

    def _kept_variable(self, place: Any, make: Callable[[], Variable]) -> Variable:
        known: dict[Any, Variable] = self.__dict__.setdefault("_kept", {})
        if place not in known:
            with tracing.no_trace():
                variable = make()
            variable.trainable = False
            known[place] = self._track(variable)
        return known[place]

    # What `get_updates` is written with.

    def get_gradients(self, loss: Any, params: Any) -> list[Any]:
        """Return the gradients of a loss, within the bounds that are set."""
        if isinstance(loss, PendingLoss):
            found = loss.gradients(params)
        else:
            from pipekeras import backend

            found = backend.gradients(loss, params)
        if any(gradient is None for gradient in found):
            raise ConfigurationError(
                "a variable has no gradient: the loss does not depend on it", mend="leave it out of params"
            )
        return clipping.clip(found, self.clipnorm, self.clipvalue, self.global_clipnorm)

    def get_updates(self, *given: Any, loss: Any = None, params: Any = None, constraints: Any = None) -> list[Any]:
        """Return a step on a loss of a layer graph, for the updates of `K.function`.

        Args:
            given: loss and params in the order of Keras 2, or params, constraints and loss in that of Keras 1.
            loss: tensor of a layer graph.
            params: list of variables.
            constraints: accepted; variables know theirs.
        """
        losses = [item for item in (*given, loss) if isinstance(item, Tensor | PendingLoss)]
        lists = [item for item in (params, *given) if isinstance(item, list | tuple)]
        if not losses or not lists:
            raise ArgumentError("get_updates() needs a loss and a list of variables")
        if isinstance(losses[0], PendingLoss):
            # A class of one's own that extends one of today's: that one's step is made at once.
            self._usual_update(losses[0].gradients(lists[0]), list(lists[0]))
            return []
        return [PendingStep(self, losses[0], lists[0])]

    def minimize(self, loss: Any, var_list: Any = None, grad_loss: Any = None, name: Any = None, tape: Any = None) -> Any:
        """Make one step on a loss, as in tf.keras 2.

        Args:
            loss: function without arguments that returns it; or, with a tape, the tensor that was computed under it.
            var_list: list of variables, or function that returns one.
            grad_loss: gradient that comes from above, default 1.
            name: accepted; steps have no names.
            tape: GradientTape, for a tensor.
        """
        from pipekeras.graph.gradient import GradientTape

        if callable(loss):
            with GradientTape() as tape:
                loss = loss()
        elif tape is None:
            raise ArgumentError("minimize() needs the loss as a function, or the tape that it was computed under")
        variables = list(var_list() if callable(var_list) else var_list)
        gradients = tape.gradient(loss, variables, output_gradients=grad_loss)
        return self.apply_gradients(zip(gradients, variables, strict=True))

    @property
    def weights(self) -> list[Any]:
        """The state, as a class of Keras 2's style has listed it, or all of it."""
        listed: list[Any] | None = self.__dict__.get("_listed_weights")
        return self.variables if listed is None else listed

    @weights.setter
    def weights(self, variables: Sequence[Any]) -> None:
        self.__dict__["_listed_weights"] = list(variables)

    # What `_resource_apply_dense` is written with.

    @property
    def _initial_decay(self) -> float:
        return float(self.decay)

    def _set_hyper(self, name: str, value: Any) -> None:
        """Set a number that may change while training: a variable, a function without arguments or a schedule."""
        if name == "learning_rate":
            self._set_learning_rate(value)
        elif name == "decay":
            self.decay = float(value)
        else:
            hypers = self.__dict__.setdefault("_hyper", {})
            fixed = callable(value) or isinstance(value, Variable | LearningRateSchedule)
            if isinstance(hypers.get(name), Variable) and not fixed:
                hypers[name].assign(value)
            else:
                hypers[name] = value if fixed else Variable(float(value), trainable=False, name=name)

    def _get_hyper(self, name: str, dtype: Any = None) -> Any:
        """Return a number set by `_set_hyper`, in a type if one is named."""
        if name == "learning_rate":
            value = self._learning_rate if dtype is None else self._current_learning_rate()
        elif name == "decay":
            value = self.decay
        else:
            value = self.__dict__.get("_hyper", {}).get(name)
            if value is None:
                raise ConfigurationError(f"{type(self).__name__} has set no hyperparameter '{name}'")
        if isinstance(value, LearningRateSchedule):
            return value
        if callable(value) and not isinstance(value, Variable | Tensor):
            value = value()
        return value if dtype is None else ops.cast(value, dtype)

    _learning_rate: Any

    def __getattr__(self, name: str) -> Any:
        hypers = self.__dict__.get("_hyper")
        if hypers is not None and name in hypers:
            return hypers[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def _serialize_hyperparameter(self, name: Any) -> Any:
        from pipekeras.core import serialization

        value = self._get_hyper(name) if isinstance(name, str) else name
        if isinstance(value, LearningRateSchedule):
            return serialization.serialize(value)
        return float(value.numpy()) if isinstance(value, Variable | Tensor) else value

    def _decayed_lr(self, var_dtype: Any) -> Any:
        """Return the rate of this step."""
        rate = ops.cast(self._current_learning_rate(), var_dtype)
        if self.decay:
            rate = rate / (1.0 + self.decay * ops.cast(self._iterations, var_dtype))
        return rate

    def _call_if_callable(self, param: Any) -> Any:
        return param() if callable(param) and not isinstance(param, Variable | Tensor) else param

    def _create_hypers(self) -> None:
        """Nothing: hyperparameters are made when they are set."""

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        """Make the slots; a class that has any writes its own."""

    def add_slot(self, var: Variable, slot_name: str, initializer: Any = "zeros", shape: Any = None) -> Variable:
        """Make a slot of a variable, or return the one there is."""
        slots = self.__dict__.setdefault("_slots", {})
        key = id(var), slot_name
        if key not in slots:
            if isinstance(initializer, Tensor | Variable):
                start = initializer.numpy()
                slots[key] = self._track(Variable(start, dtype=var.dtype, trainable=False, name=f"{var.name}_{slot_name}"))
            elif shape is not None and tuple(shape) != var.shape:
                slots[key] = self.add_variable(shape, initializer, var.dtype, f"{var.name}_{slot_name}")
            else:
                slots[key] = OptimizerState.add_variable_from_reference(self, var, slot_name, initializer)
        found: Variable = slots[key]
        return found

    def get_slot(self, var: Variable, slot_name: str) -> Variable:
        """Return a slot of a variable."""
        found: Variable | None = self.__dict__.get("_slots", {}).get((id(var), slot_name))
        if found is None:
            raise ConfigurationError(
                f"{type(self).__name__} has no slot '{slot_name}'", mend="make it in _create_slots by add_slot"
            )
        return found

    def get_slot_names(self) -> list[str]:
        """Return the names of all slots."""
        return list(dict.fromkeys(name for _, name in self.__dict__.get("_slots", {})))

    def _prepare(self, var_list: Sequence[Variable]) -> dict[Any, dict[str, Any]]:
        state: dict[Any, dict[str, Any]] = {}
        for var in var_list:
            key = var.device, var.dtype
            if key not in state:
                state[key] = {}
                self._prepare_local(*key, state)
        return state

    def _prepare_local(self, var_device: Any, var_dtype: Any, apply_state: Any) -> None:
        """Note what all variables of a type share in a step."""
        apply_state[(var_device, var_dtype)]["lr_t"] = self._decayed_lr(var_dtype)

    def _fallback_apply_state(self, var_device: Any, var_dtype: Any) -> dict[str, Any]:
        state: dict[Any, dict[str, Any]] = {(var_device, var_dtype): {}}
        self._prepare_local(var_device, var_dtype, state)
        return state[(var_device, var_dtype)]

    def _apply_to_slots(self, gradients: list[Any], variables: list[Any]) -> None:
        state = self._prepare(variables)
        method: Any = getattr(self, SLOTS)
        takes_state = "apply_state" in inspect.signature(method).parameters
        for gradient, variable in zip(gradients, variables, strict=True):
            gradient = ops.cast(gradient, variable.dtype)
            if takes_state:
                method(gradient, variable, apply_state=state)
            else:
                method(gradient, variable)

    # What `update_step(gradient, variable)` is written with.

    def _build_learning_rate(self, learning_rate: Any) -> Any:
        self._set_learning_rate(learning_rate)
        return self._learning_rate

    def _var_key(self, variable: Variable) -> int:
        return id(variable)

    @property
    def _index_dict(self) -> dict[int, int]:
        return self._indices

    def add_variable_from_reference(
        self,
        reference_variable: Any = None,
        name: str | None = None,
        initializer: Any = "zeros",
        shape: Any = None,
        model_variable: Any = None,
        variable_name: str | None = None,
        initial_value: Any = None,
    ) -> Variable:
        """Make a variable like another one, named after it.

        Args:
            reference_variable, model_variable: the other variable.
            name, variable_name: str.
            initializer: "zeros", an Initializer, or a function `(shape, dtype)`; default "zeros".
            shape: tuple, default the other's.
            initial_value: array, in place of an initializer.
        """
        reference = reference_variable if model_variable is None else model_variable
        if not isinstance(reference, Variable):
            raise ArgumentError(f"add_variable_from_reference() needs a variable, not {reference!r}")
        if initial_value is not None:
            value = convert(initial_value, reference.dtype)
            return self._add_value(reference, name or variable_name, value)
        if shape is not None and tuple(shape) != tuple(reference.shape):
            return self.add_variable(shape, initializer, reference.dtype, f"{reference.name}_{name or variable_name or 'var'}")
        return super().add_variable_from_reference(reference, name or variable_name, initializer)

    def _add_value(self, reference: Variable, name: str | None, value: Tensor) -> Variable:
        """Make a variable of a value, named after another."""
        with tracing.no_trace():
            named = f"{reference.name}_{name or 'var'}"
            return self._track(Variable(value, dtype=reference.dtype, trainable=False, name=named))

    def _older_configuration(self) -> dict[str, Any]:
        """Return what the base class of an older style reports: its name, and bounds that are set."""
        bounds = {name: getattr(self, name) for name in ("clipnorm", "clipvalue", "global_clipnorm")}
        named = {"name": self.name} if self._older_style == SLOTS else {}
        return {**named, **{name: value for name, value in bounds.items() if value is not None}}


def _with_rate(method: Callable[..., Any]) -> Callable[..., Any]:
    def update_step(self: Any, gradient: Any, variable: Any, learning_rate: Any = None) -> Any:
        return method(self, gradient, variable)

    return update_step
