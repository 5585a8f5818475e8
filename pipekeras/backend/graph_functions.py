"""`K.function`: from arrays for some tensors of a layer graph to arrays of others, with steps of optimizers if asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError
from pipekeras.graph.gradient import GradientTape
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import Variable
from pipekeras.layers.base.node import is_graph_tensor
from pipekeras.nn.optimizers.older_styles import PendingStep


def function(inputs: Any, outputs: Any, updates: Any = None, name: str | None = None, **options: Any) -> Callable[..., Any]:
    """A function from the inputs of a model's tensors to others of them, on arrays.

    Args:
        inputs: tensors of a layer graph; `K.learning_phase()` among them takes 1 for training, 0 otherwise.
        outputs: tensors of the graph, or variables.
        updates: list of what an optimizer's `get_updates` and `K.update` returned; made in every call, of the values before it.
        name: accepted; functions have no names.

    >>> from pipekeras import Input, backend as K, layers
    >>> x = Input((2,))
    >>> K.function([x], [x * 2.0])([[[1.0, 2.0]]])[0].tolist()
    [[2.0, 4.0]]
    """
    if options:
        raise ArgumentError(f"K.function has no argument '{next(iter(options))}'")
    places = list(inputs) if isinstance(inputs, list | tuple) else [inputs]
    many = isinstance(outputs, list | tuple)
    wanted = list(outputs) if many else [outputs]
    program = _Program(places, wanted, list(updates or ()))

    def run(values: Any) -> Any:
        given = list(values) if isinstance(values, list | tuple) else [values]
        if len(places) == 1 and not (isinstance(values, list | tuple) and len(given) == 1):
            given = [values]
        results = program.run(given)
        return results if many else results[0]

    return run


class _Program:
    """Tensors to be computed together, and what is done with some of them.

    Args:
        places: tensors that are fed; numbers stand for the learning phase.
        outputs: tensors that are returned.
        updates: steps of optimizers, and pairs of a variable and the tensor that it becomes.
    """

    def __init__(self, places: list[Any], outputs: list[Any], updates: list[Any]) -> None:
        self.places, self.outputs = places, outputs
        self.steps = [item for item in updates if isinstance(item, PendingStep)]
        self.pairs = [item for item in updates if isinstance(item, tuple) and len(item) == 2]
        targets = [*outputs, *[step.loss for step in self.steps], *[value for _, value in self.pairs]]
        # What is in no graph, such as a variable, is read after the model has run.
        self.inside = [item for item in targets if is_graph_tensor(item)]
        self.model = self._model()

    def _model(self) -> Any:
        from pipekeras.models import Model

        fed = [place for place in self.places if isinstance(place, Tensor)]
        return Model(fed, list(self.inside)) if self.inside else None

    def run(self, values: list[Any]) -> list[Any]:
        """Return the outputs for the inputs, and do what is to be done."""
        if len(values) != len(self.places):
            raise ArgumentError(f"this function of K.function takes {len(self.places)} inputs, not {len(values)}")
        training = False
        fed: list[Any] = []
        for place, value in zip(self.places, values, strict=True):
            if isinstance(place, Tensor):
                fed.append(np.asarray(value))
            else:
                training = bool(value)
        if not self.steps:
            found = self._compute(fed, training)
        else:
            with GradientTape(persistent=len(self.steps) > 1) as tape:
                found = self._compute(fed, training)
            changes = [tape.gradient(found[id(step.loss)], step.params) for step in self.steps]
        results = [self._value(item, found) for item in self.outputs]
        pairs = [(variable, self._value(value, found)) for variable, value in self.pairs]
        for index, step in enumerate(self.steps):
            step.optimizer.apply(changes[index], step.params)
        for variable, value in pairs:
            variable.assign(value)
        return results

    def _compute(self, fed: list[Any], training: bool) -> dict[int, Any]:
        if self.model is None:
            return {}
        given = fed[0] if len(fed) == 1 else fed
        # Outside of training the flag that K.set_learning_phase has set counts.
        results = self.model(given, training=True) if training else self.model(given)
        listed = results if isinstance(results, list | tuple) else [results]
        return {id(item): result for item, result in zip(self.inside, listed, strict=True)}

    @staticmethod
    def _value(item: Any, found: dict[int, Any]) -> Any:
        if isinstance(item, Variable):
            return item.numpy()
        return convert(found.get(id(item), item)).numpy()
