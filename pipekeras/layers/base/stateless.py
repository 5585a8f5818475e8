"""Layers as functions of their state: values come in as arguments, and go out as results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pipekeras.core.errors import ArgumentError, ShapeError, StateError
from pipekeras.graph.operation import recording
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.trace import current
from pipekeras.graph.variable import Variable


@contextmanager
def standing_in(pairs: Sequence[tuple[Variable, Any]]) -> Iterator[None]:
    """Let variables have other values inside the block; gradients for those values flow through them.

    Raises:
        ShapeError: a value of another shape than the variable's.
    """
    before = [(variable, variable.array, variable._leaf) for variable, _ in pairs]
    # Programs that hold the addresses of the variables must not run: everything goes op by op, as under a tape.
    recording.depth += 1
    try:
        for variable, given in pairs:
            value = convert(given, variable.dtype)
            if value.shape != variable.shape or value.data is None:
                raise ShapeError(f"variable '{variable.path}' has shape {variable.shape}; got a value of {value.shape}")
            if variable.trainable:
                variable._array, variable._leaf = value.data, value
            else:
                variable._array, variable._leaf = value.data.copy(), None
        yield
    finally:
        recording.depth -= 1
        for variable, array, leaf in before:
            variable._array, variable._leaf = array, leaf


class StatelessCall:
    """The part of a layer that computes with values from outside."""

    if TYPE_CHECKING:
        name: str
        built: Any
        losses: Any
        trainable_variables: Any
        non_trainable_variables: Any

        def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

    def stateless_call(
        self,
        trainable_variables: Sequence[Any],
        non_trainable_variables: Sequence[Any],
        *args: Any,
        return_losses: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Call the layer with given values for its variables, which stay as they are.

        Args:
            trainable_variables: values in the order of `trainable_variables`.
            non_trainable_variables: values in the order of `non_trainable_variables`.
            *args, **kwargs: what the layer is called with.
            return_losses: bool, default False; whether the losses of the call are returned too.

        Returns: the output and the new values of the non-trainable variables; with `return_losses` also a list of losses.

        Raises:
            StateError: the layer is not built yet.
            ArgumentError: too few or too many values.

        Example:

        >>> import numpy as np
        >>> from pipekeras import layers
        >>> layer = layers.Dense(1, use_bias=False)
        >>> layer.build((None, 2))
        >>> output, state = layer.stateless_call([np.ones((2, 1))], [], np.array([[3.0, 4.0]]))
        >>> float(output[0, 0]), state
        (7.0, [])
        """
        if not self.built or current() is not None:
            raise StateError(f"stateless_call needs a built layer and concrete values; '{self.name}' is asked for more",
                             mend="call build() first, and stateless_call() outside of compiled functions")  # fmt: skip
        own = (list(self.trainable_variables), list(self.non_trainable_variables))
        given = (list(trainable_variables), list(non_trainable_variables))
        for kind, variables, values in zip(("trainable", "non-trainable"), own, given, strict=True):
            if len(variables) != len(values):
                raise ArgumentError(f"'{self.name}' has {len(variables)} {kind} variables; got {len(values)} values")
        pairs = [*zip(own[0], given[0], strict=True), *zip(own[1], given[1], strict=True)]
        with standing_in(pairs):
            output = self(*args, **kwargs)
            losses = list(self.losses) if return_losses else []
            state = [Tensor(variable.array) for variable in own[1]]
        return (output, state, losses) if return_losses else (output, state)
