"""What all optimizers share: state, clipping, decay, averaging, accumulation, and the order of a step.

A step is written with ops on variables, so it runs at once on concrete tensors and traces into the training
program. Each optimizer supplies `update_step`: a handful of element-wise ops for one variable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from pipekeras import ops
from pipekeras.core import configuration, naming
from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError, StateError
from pipekeras.core.notices import warn as warn_user
from pipekeras.core.registry import register
from pipekeras.graph import trace as tracing
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import Variable
from pipekeras.nn.optimizers import clipping
from pipekeras.nn.optimizers.older_styles import OlderStyles
from pipekeras.nn.optimizers.state import OF_KERAS_2
from pipekeras.nn.schedules.base import LearningRateSchedule

OptimizerClass = TypeVar("OptimizerClass", bound=type)
StepValue = Callable[[], Any]

COMMON_ARGUMENTS = """weight_decay: float or None, default None. Share taken off the weights in each step, times the rate.
clipnorm: float or None, default None. Upper bound of the norm of each variable's gradient.
clipvalue: float or None, default None. Upper bound of the size of each element of a gradient.
global_clipnorm: float or None, default None. Upper bound of the norm of all gradients together.
use_ema: bool, default False. Keep an exponential moving average of the weights.
ema_momentum: float in [0, 1], default 0.99. Share of the old average in the new one.
ema_overwrite_frequency: int or None, default None. Steps after which the average replaces the weights;
    None replaces them only at the end of training.
loss_scale_factor: float or None, default None. The loss is multiplied by it and the gradients divided.
gradient_accumulation_steps: int of at least 2 or None, default None. Steps whose mean gradient makes one update.
name: str or None, default the class name in snake case."""


def optimizer(*aliases: str) -> Callable[[OptimizerClass], OptimizerClass]:
    """Register an optimizer under its class name and in lower case, and complete its documentation."""

    def enter(cls: OptimizerClass) -> OptimizerClass:
        if cls.__doc__:
            cls.__doc__ = _with_common_arguments(cls.__doc__)
        lower = cls.__name__.lower()
        return register("optimizer", aliases=tuple(dict.fromkeys((lower, *aliases))))(cls)

    return enter


def _with_common_arguments(documentation: str) -> str:
    """With what all optimizers take, as far in as the place for it: from 3.13 on Python takes margins off."""
    return re.sub(
        r"^( *)\{common\}", lambda place: re.sub("^", place[1], COMMON_ARGUMENTS, flags=re.M), documentation, flags=re.M
    )


@register("optimizer")
class Optimizer(OlderStyles):
    """Base of all optimizers; subclass it and write `build` and `update_step` for one of your own.

    Args:
        learning_rate: float > 0, a `LearningRateSchedule`, or a function without arguments that returns a number.
        weight_decay: float or None, default None. Share of the weights that is taken off in each step, times the rate.
        clipnorm: float or None, default None. Upper bound of the norm of each variable's gradient.
        clipvalue: float or None, default None. Upper bound of the size of each element of a gradient.
        global_clipnorm: float or None, default None. Upper bound of the norm of all gradients together.
        use_ema: bool, default False. Keep an exponential moving average of the weights.
        ema_momentum: float in [0, 1], default 0.99. Share of the old average in the new one.
        ema_overwrite_frequency: int or None, default None. Steps after which the average replaces the weights.
        loss_scale_factor: float or None, default None. The loss is multiplied by it and the gradients divided.
        gradient_accumulation_steps: int of at least 2 or None. Steps whose mean gradient makes one update.
        name: str or None, default the class name in snake case.
        kwargs: `lr` and `decay`, the spellings of Keras 2.

    Raises:
        ConfigurationError: An option is out of range, or two kinds of clipping are asked for.

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> class SignDescent(optimizers.Optimizer):
    ...     def update_step(self, gradient, variable, learning_rate):
    ...         self.assign_sub(variable, learning_rate * ops.sign(gradient))
    >>> weight = Variable(np.array([1.0, -1.0], "float32"))
    >>> SignDescent(0.5).apply([np.array([3.0, -2.0], "float32")], [weight])
    >>> weight.numpy()
    array([ 0.5, -0.5], dtype=float32)
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        if self._older_style is not None and isinstance(learning_rate, str):
            # tf.keras 2 had the name as its first argument, and the rate set afterwards.
            learning_rate, name = 0.001, learning_rate
        learning_rate = kwargs.pop("lr", learning_rate)
        for idle in OF_KERAS_2:
            kwargs.pop(idle, None)
        self.decay = float(kwargs.pop("decay", None) or 0.0)
        if kwargs:
            raise ArgumentError(f"{type(self).__name__} has no argument {', '.join(map(repr, kwargs))}")
        clipping.check_options(clipnorm, clipvalue, global_clipnorm)
        self.name = name or naming.unique_name(naming.snake_case(type(self).__name__))
        self.weight_decay = weight_decay
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.global_clipnorm = global_clipnorm
        self.use_ema = use_ema
        self.ema_momentum = ema_momentum
        self.ema_overwrite_frequency = ema_overwrite_frequency
        self.loss_scale_factor = loss_scale_factor
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self._check_periods()
        self.built = False
        self._variables: list[Variable] = []
        self._trainable_variables: list[Variable] = []
        self._indices: dict[int, int] = {}
        self._averages: list[Variable] = []
        self._accumulators: list[Any] = []
        self._step_values: dict[Any, Any] | None = None
        self._undecayed_variables: set[int] = set()
        self._undecayed_names: re.Pattern[str] | None = None
        self._iterations: Any = self.add_variable((), dtype="int32", name="iteration")
        self._learning_rate: Any = None
        self._set_learning_rate(learning_rate)

    def _check_periods(self) -> None:
        steps, frequency = self.gradient_accumulation_steps, self.ema_overwrite_frequency
        if steps is not None and (int(steps) != steps or steps < 2):
            raise ConfigurationError(f"gradient_accumulation_steps must be a whole number of at least 2, not {steps!r}")
        if self.use_ema and not 0 <= self.ema_momentum <= 1:
            raise ConfigurationError(f"ema_momentum must be between 0 and 1, not {self.ema_momentum!r}")
        if self.use_ema and frequency is not None and (int(frequency) != frequency or frequency < 1):
            raise ConfigurationError(f"ema_overwrite_frequency must be a whole number of at least 1, not {frequency!r}")

    # State.

    @property
    def iterations(self) -> Any:
        """The number of updates made so far."""
        if self.gradient_accumulation_steps:
            return ops.floor_divide(self._iterations, int(self.gradient_accumulation_steps))
        return self._iterations

    @iterations.setter
    def iterations(self, counter: Any) -> None:
        if isinstance(counter, Variable):
            self._variables = [counter if variable is self._iterations else variable for variable in self._variables]
            self._iterations = counter
        else:
            self._iterations.assign(counter)

    @property
    def learning_rate(self) -> Any:
        """The learning rate of the next step; assign a number or a schedule to change it."""
        return self._current_learning_rate()

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        self._set_learning_rate(value)

    @property
    def lr(self) -> Any:
        """The learning rate under its name in Keras 2."""
        return self.learning_rate

    @lr.setter
    def lr(self, value: Any) -> None:
        self.learning_rate = value

    def _set_learning_rate(self, value: Any) -> None:
        if isinstance(value, LearningRateSchedule) or (callable(value) and not isinstance(value, Variable | Tensor)):
            if isinstance(self._learning_rate, Variable):
                self._variables = [variable for variable in self._variables if variable is not self._learning_rate]
            self._learning_rate = value
            return
        if isinstance(self._learning_rate, LearningRateSchedule):
            raise ArgumentError(
                f"the learning rate of {self.name} follows {type(self._learning_rate).__name__} and can't be set",
                mend="make the optimizer with a number as its learning rate",
            )
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise ConfigurationError(
                f"learning_rate must be a number, a LearningRateSchedule or a function, not {value!r}"
            ) from None
        if isinstance(self._learning_rate, Variable):
            self._learning_rate.assign(number)
        else:
            self._learning_rate = self._track(
                Variable(number, dtype=configuration.floatx(), trainable=False, name="learning_rate")
            )

    def _current_learning_rate(self) -> Any:
        rate = self._learning_rate
        if isinstance(rate, LearningRateSchedule):
            rate = rate(self._iterations)
        elif not isinstance(rate, Variable) and callable(rate):
            rate = rate()
        return rate

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the state for `variables`; called at the first `apply` when it was not called before."""
        if self.built:
            return
        variables = list(variables)
        if self.use_ema:
            self._averages = self.add_optimizer_variables(variables, "average")
        for index, variable in enumerate(variables):
            self._indices[id(variable)] = index
            if self.gradient_accumulation_steps:
                self._accumulators.append(self.add_variable_from_reference(variable, "gradient_accumulator"))
        self._trainable_variables = variables
        self.built = True

    def knows(self, variables: Iterable[Variable]) -> bool:
        """Whether the optimizer was built for these variables."""
        return all(id(variable) in self._indices for variable in variables)

    def companion(self) -> Any:
        """Return an optimizer of the same kind, rate and step counter for other variables."""
        made = type(self).from_config(self.get_config())
        made.iterations = self._iterations
        rate, other = made._learning_rate, self._learning_rate
        if isinstance(rate, Variable) and isinstance(other, Variable):
            made._variables = [other if variable is rate else variable for variable in made._variables]
        made._learning_rate = other
        return made

    def _get_variable_index(self, variable: Variable) -> int:
        return self._indices[id(variable)]

    # One step.

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, Variable]]) -> Variable:
        """Make one step from pairs of gradient and variable; returns the step counter."""
        pairs = list(grads_and_vars)
        self.apply([gradient for gradient, _ in pairs], [variable for _, variable in pairs])
        return self._iterations

    def apply(self, grads: Sequence[Any], trainable_variables: Sequence[Variable] | None = None) -> None:
        """Make one step.

        Args:
            grads: gradients, one for each variable; None where a variable has no part in the loss.
            trainable_variables: the variables, default those that the optimizer was built with.

        Raises:
            StateError: No variables were given and the optimizer is not built, or a variable is unknown to it.
            ShapeError: The numbers of gradients and variables differ.
        """
        if not grads:
            return
        variables = self._known_variables(trainable_variables)
        if len(grads) != len(variables):
            raise ShapeError(f"{self.name} got {len(grads)} gradients for {len(variables)} variables")
        present = [(grad, variable) for grad, variable in zip(grads, variables, strict=True) if grad is not None]
        if len(present) < len(variables):
            self._report_missing(grads, variables)
        gradients: list[Any] = [convert(gradient) for gradient, _ in present]
        variables = [variable for _, variable in present]
        if self.loss_scale_factor is not None:
            gradients = [gradient * (1.0 / self.loss_scale_factor) for gradient in gradients]
        self._step_values = {}
        try:
            if self.gradient_accumulation_steps:
                self._accumulate(gradients, variables)
            else:
                self._update(gradients, variables)
            if self.use_ema:
                self._update_averages()
        finally:
            self._step_values = None
        for variable in variables:
            if variable.constraint is not None:
                variable.assign(variable.constraint(variable))
        if not self._counts_itself:
            self._iterations.assign_add(1)
        trace = tracing.current()
        if trace is not None:
            trace.settle(variables)

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by its gradient; every optimizer writes its own.

        Args:
            gradient: tensor of the variable's shape.
            variable: the variable; change it by `assign`, `assign_add` or `assign_sub`.
            learning_rate: scalar.
        """
        raise ConfigurationError(f"{type(self).__name__} must define update_step(gradient, variable, learning_rate)")

    def assign(self, variable: Variable, value: Any) -> None:
        """Set a variable."""
        variable.assign(value)

    def assign_add(self, variable: Variable, value: Any) -> None:
        """Add to a variable."""
        variable.assign_add(value)

    def assign_sub(self, variable: Variable, value: Any) -> None:
        """Subtract from a variable."""
        variable.assign_sub(value)

    def _known_variables(self, variables: Sequence[Variable] | None) -> list[Variable]:
        if variables is None:
            if not self.built:
                raise StateError(f"{self.name} does not know its variables yet", mend="call build(variables) first")
            return self._trainable_variables
        variables = list(variables)
        if not self.built:
            self.build(variables)
            self.built = True
        for variable in variables:
            if id(variable) not in self._indices:
                raise StateError(
                    f"variable '{variable.path}' is unknown to {self.name}, which was built for others",
                    mend="make a new optimizer for the new variables",
                )
        return variables

    def _report_missing(self, grads: Sequence[Any], variables: Sequence[Variable]) -> None:
        missing = [variable for grad, variable in zip(grads, variables, strict=True) if grad is None]
        if len(missing) == len(variables):
            raise StateError("no variable has a gradient: the loss does not depend on the weights")
        # Of running means and states of generators, which `$variables` holds as well, nobody expects a gradient.
        surprising = [variable.path for variable in missing if variable.trainable]
        if surprising:
            warn_user(f"the loss does not depend on {', '.join(surprising)}; they stay as they are")

    def _update(self, gradients: list[Tensor], variables: list[Variable]) -> None:
        if self._older_style is not None:
            self._older_update(gradients, variables)
        else:
            self._usual_update(gradients, variables)

    def _usual_update(self, gradients: list[Tensor], variables: list[Variable]) -> None:
        gradients = clipping.clip(gradients, self.clipnorm, self.clipvalue, self.global_clipnorm)
        rate = convert(self._current_learning_rate())
        if self.decay:
            rate = rate / (1.0 + self.decay * ops.cast(self._iterations, rate.dtype))
        self._apply_weight_decay(variables, rate)
        self._backend_update_step(gradients, variables, rate)

    def _backend_update_step(self, grads: list[Tensor], trainable_variables: list[Variable], learning_rate: Any) -> None:
        for gradient, variable in zip(grads, trainable_variables, strict=True):
            rate = learning_rate
            if gradient.dtype != variable.dtype:
                gradient = ops.cast(gradient, variable.dtype)
            if rate.dtype != variable.dtype:
                rate = ops.cast(rate, variable.dtype)
            self.update_step(gradient, variable, rate)

    def _per_step(self, name: str, dtype: str, compute: StepValue) -> Any:
        """Return a scalar that all variables of a step share, computed once."""
        if self._step_values is None:
            return compute()
        key = name, dtype
        if key not in self._step_values:
            self._step_values[key] = compute()
        return self._step_values[key]

    def _step_number(self, dtype: str) -> Any:
        """Return the number of this step, counted from 1, as a float."""
        return self._per_step("step", dtype, lambda: ops.cast(self.iterations + 1, dtype))

    def _apply_weight_decay(self, variables: Sequence[Variable], rate: Any) -> None:
        if self.weight_decay is None:
            return
        for variable in variables:
            if self._use_weight_decay(variable):
                self._decay(variable, self.weight_decay, rate)

    def _decay(self, variable: Any, weight_decay: float, rate: Any) -> None:
        dtype = variable.dtype
        share = self._per_step(f"decay {weight_decay}", dtype, lambda: ops.cast(rate * weight_decay, dtype))
        variable.assign(variable - variable * share)

    def exclude_from_weight_decay(
        self, var_list: Iterable[Variable] | None = None, var_names: Iterable[str] | None = None
    ) -> None:
        """Leave variables out of the weight decay.

        Args:
            var_list: variables.
            var_names: parts of names, such as "bias"; every variable whose name contains one is left out.
        """
        if self.built:
            raise StateError("exclude_from_weight_decay() must come before the optimizer is built")
        self._undecayed_variables = {id(variable) for variable in var_list or ()}
        names = sorted(set(var_names or ()))
        self._undecayed_names = re.compile("|".join(names)) if names else None

    def _use_weight_decay(self, variable: Variable) -> bool:
        if id(variable) in self._undecayed_variables:
            return False
        return self._undecayed_names is None or self._undecayed_names.search(variable.name) is None

    def _accumulate(self, gradients: list[Tensor], variables: list[Any]) -> None:
        """Add to the accumulators; make the update in every n-th step.

        The update is computed in every step and kept or dropped by a mask, so that one program serves all steps.
        """
        steps = int(self.gradient_accumulation_steps or 1)
        due = ops.equal(ops.mod(self._iterations + 1, steps), 0)
        sums = []
        for gradient, variable in zip(gradients, variables, strict=True):
            accumulator = self._accumulators[self._get_variable_index(variable)]
            sums.append((accumulator, accumulator + gradient))
        kept = {id(self._iterations), *(id(accumulator) for accumulator in self._accumulators)}
        changed = [variable for variable in self._variables if id(variable) not in kept] + variables
        before = [(variable, variable.value) for variable in changed]
        self._update([total * (1.0 / steps) for _, total in sums], variables)
        for variable, old in before:
            new = variable.value
            if new is not old:
                variable.assign(ops.where(due, new, old))
        for accumulator, total in sums:
            accumulator.assign(ops.where(due, 0.0, total))

    def _update_averages(self) -> None:
        first = ops.equal(self.iterations, 0)
        due = None
        if self.ema_overwrite_frequency:
            due = ops.equal(ops.mod(self.iterations + 1, int(self.ema_overwrite_frequency)), 0)
        for variable, average in zip(self._trainable_variables, self._averages, strict=True):
            momentum = ops.where(first, 0.0, self.ema_momentum)
            new = ops.cast(momentum, variable.dtype) * average + ops.cast(1.0 - momentum, variable.dtype) * variable
            average.assign(new)
            if due is not None:
                variable.assign(ops.where(due, new, variable))

    def finalize_variable_values(self, var_list: Sequence[Variable]) -> None:
        """Put the moving averages into the weights at the end of training, if `use_ema` is on."""
        if not self.use_ema:
            return
        if len(var_list) != len(self._averages):
            raise ShapeError(f"{self.name} averages {len(self._averages)} variables, not {len(var_list)}")
        for variable, average in zip(var_list, self._averages, strict=True):
            variable.assign(average)

    def scale_loss(self, loss: Any) -> Any:
        """Multiply a loss by `loss_scale_factor`, if there is one."""
        return loss if self.loss_scale_factor is None else loss * self.loss_scale_factor

    def _configuration(self) -> dict[str, Any]:
        if self._older_style is not None and "get_config" in vars(type(self)):
            return self._older_configuration()
        configured = super()._configuration()
        configured["name"] = self.name
        if "learning_rate" in configured:
            rate = self._learning_rate
            configured["learning_rate"] = float(rate.numpy()) if isinstance(rate, Variable) else rate
        if isinstance(self.decay, float) and self.decay:
            configured["decay"] = self.decay
        return configured

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"
