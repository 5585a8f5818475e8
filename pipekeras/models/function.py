"""A function made of a layer graph, without what makes a model of it."""

from __future__ import annotations

from typing import Any

from pipekeras.models.functional import Functional


class Function:
    """What leads from tensors of a layer graph to others, as a function.

    Args:
        inputs: tensor of a layer graph, or a list or dict of them; they need not be inputs of a model.
        outputs: tensor, or a list or dict, computed from them.
        name: str or None.

    Input shape -> output shape: those of inputs -> those of outputs.

    Raises:
        ShapeError: an output needs a tensor that is not among the inputs.

    Example:

    >>> import numpy as np
    >>> import pipekeras as pk
    >>> x = pk.Input((2,))
    >>> double = pk.Function(x, pk.ops.sum(2 * x, axis=1))
    >>> double(np.array([[1.0, 2.0]])).numpy().tolist()
    [6.0]
    """

    def __init__(self, inputs: Any, outputs: Any, name: str | None = None) -> None:
        self._model = Functional(inputs, outputs, name=name)
        self.name = self._model.name

    @property
    def inputs(self) -> list[Any]:
        """The tensors that the function starts from, flat."""
        return self._model.inputs

    @property
    def outputs(self) -> list[Any]:
        """The tensors that it computes, flat."""
        return self._model.outputs

    @property
    def operations(self) -> list[Any]:
        """The layers and ops on the way."""
        return list(self._model._graph.operations)

    def __call__(self, inputs: Any, training: Any = None) -> Any:
        return self._model(inputs, training=training)

    def compute_output_spec(self, inputs: Any) -> Any:
        """Return placeholders of the outputs for placeholders of the inputs."""
        return self._model.compute_output_spec(inputs)
