"""The base of metrics: state that gathers over batches, and a result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from pipekeras.core import configuration, dtypes, naming
from pipekeras.core.configurable import Configurable
from pipekeras.core.errors import ConfigurationError, ShapeError, StateError
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.trace import current, no_trace
from pipekeras.graph.variable import Variable
from pipekeras.nn.lookup import snake_aliases

MetricClass = TypeVar("MetricClass", bound=type)


def metric(*aliases: str) -> Callable[[MetricClass], MetricClass]:
    """Register a metric under its class name and in snake case."""
    return lambda cls: register("metric", aliases=snake_aliases(cls.__name__, *aliases))(cls)


@metric()
class Metric(Configurable):
    """Base of metrics; subclass it, make variables in the constructor, and write `update_state` and `result`.

    Args:
        dtype: str or None, default the default float.
        name: str or None, default the class name in snake case.

    >>> import numpy as np
    >>> from pipekeras import metrics, ops
    >>> class Largest(metrics.Metric):
    ...     def __init__(self, name="largest", **kwargs):
    ...         super().__init__(name=name, **kwargs)
    ...         self.largest = self.add_variable((), "zeros", name="largest")
    ...     def update_state(self, y_true, y_pred, sample_weight=None):
    ...         self.largest.assign(ops.maximum(self.largest, ops.max(y_pred)))
    ...     def result(self):
    ...         return self.largest
    >>> largest = Largest()
    >>> largest.update_state(None, np.array([1.0, 3.0], "float32"))
    >>> float(largest.result())
    3.0
    """

    _direction: str | None = None
    """Whether more is better: "up", "down", or None where it is not known."""

    def __init__(self, dtype: Any = None, name: str | None = None) -> None:
        self.name = name or naming.unique_name(naming.snake_case(type(self).__name__))
        compute = getattr(dtype, "compute_dtype", dtype)
        self._dtype = configuration.floatx() if dtype is None else dtypes.standardize(compute)
        self._metrics: list[Metric]
        self._variables: list[Variable]
        self.__dict__.setdefault("_metrics", [])
        self.__dict__.setdefault("_variables", [])

    @property
    def dtype(self) -> str:
        """The type in which the metric is computed."""
        return self._dtype

    @property
    def variables(self) -> list[Variable]:
        """The state, that of metrics inside included."""
        return [*self._variables, *(variable for inner in self._metrics for variable in inner.variables)]

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_"):
            if isinstance(value, Variable):
                self._track(value)
            elif isinstance(value, Metric):
                inner = self.__dict__.setdefault("_metrics", [])
                if all(value is not known for known in inner):
                    inner.append(value)
            elif isinstance(value, list | tuple):
                for item in value:
                    if isinstance(item, Variable):
                        self._track(item)
        super().__setattr__(name, value)

    def _track(self, variable: Variable) -> None:
        known = self.__dict__.setdefault("_variables", [])
        if all(variable is not item for item in known):
            known.append(variable)

    def add_variable(
        self, shape: Sequence[int], initializer: Any = "zeros", dtype: Any = None, aggregation: str = "sum",
        name: str | None = None,
    ) -> Any:  # fmt: skip
        """Make a variable of the metric's state.

        Args:
            shape: tuple of int.
            initializer: "zeros", another name, an Initializer or a function; default "zeros".
            dtype: str or None, default the metric's type.
            aggregation: accepted for Keras' sake.
            name: str.
        """
        if "_variables" not in self.__dict__:
            raise StateError(f"{type(self).__name__} must call super().__init__() before it makes variables")
        if isinstance(initializer, str | type):
            from pipekeras.nn import initializers

            initializer = initializers.get(initializer)
        with no_trace():
            variable = Variable(
                initializer or np.zeros(tuple(shape)), tuple(shape), dtype=dtype or self._dtype, trainable=False, name=name
            )
        variable.path = f"{self.name}/{variable.name}"
        self._track(variable)
        return variable

    def add_weight(self, shape: Any = (), initializer: Any = None, dtype: Any = None, name: str | None = None) -> Any:
        """Make a variable of the metric's state; the older spelling, which also takes the name first."""
        if isinstance(shape, str):
            shape, name = (), shape
        return self.add_variable(shape, initializer or "zeros", dtype, name=name)

    def reset_state(self) -> None:
        """Set the state back to zeros."""
        for variable in self.variables:
            variable.assign(np.zeros(variable.shape))

    def reset_states(self) -> None:
        """Set the state back, under its name in Keras 2."""
        self.reset_state()

    def update_state(self, *args: Any, **kwargs: Any) -> Any:
        """Gather a batch; every metric writes its own.

        Args:
            y_true: true values (for `Mean` and `Sum` the values).
            y_pred: predictions.
            sample_weight: None, or weights of the samples.
        """
        raise ConfigurationError(f"{type(self).__name__} must define update_state()")

    def result(self) -> Any:
        """Return the metric of everything gathered so far: a scalar, or a dict of scalars by name."""
        raise ConfigurationError(f"{type(self).__name__} must define result()")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Gather a batch and return the result so far."""
        if "_variables" not in self.__dict__:
            raise StateError(f"{type(self).__name__} must call super().__init__() in its constructor")
        self.update_state(*args, **kwargs)
        return self.result()

    def _with_state(self, values: Sequence[Any] | None, action: Callable[[], Any]) -> tuple[Any, list[Tensor]]:
        """Run `action` on given state and put the present state back afterwards."""
        if current() is not None:
            raise StateError("the stateless methods of metrics work on concrete values")
        variables = self.variables
        if values is not None and len(values) != len(variables):
            raise ShapeError(f"{self.name} has {len(variables)} variables; {len(values)} values don't fit")
        before = [variable.numpy() for variable in variables]
        try:
            for variable, value in zip(variables, values or (), strict=False):
                variable.assign(value)
            returned = action()
            return returned, [convert(variable.numpy()) for variable in variables]
        finally:
            for variable, value in zip(variables, before, strict=True):
                variable.assign(value)

    def stateless_update_state(self, metric_variables: Sequence[Any], *args: Any, **kwargs: Any) -> list[Tensor]:
        """Return what a batch makes of given state; the metric stays as it is."""
        return self._with_state(metric_variables, lambda: self.update_state(*args, **kwargs))[1]

    def stateless_result(self, metric_variables: Sequence[Any]) -> Any:
        """Return the result of given state; the metric stays as it is."""
        return self._with_state(metric_variables, lambda: _detached(self.result()))[0]

    def stateless_reset_state(self) -> list[Tensor]:
        """Return the state of the beginning; the metric stays as it is."""
        return self._with_state(None, self.reset_state)[1]

    def _configuration(self) -> dict[str, Any]:
        return {**super()._configuration(), "name": self.name, "dtype": self.dtype}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


def _detached(result: Any) -> Any:
    if isinstance(result, dict):
        return {key: _detached(value) for key, value in result.items()}
    return convert(np.array(convert(result).data))
