"""Layers as functions of their state: values come in as arguments, and go out as results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipekeras.core.errors import ArgumentError, StateError
from pipekeras.graph.stateless_scope import StatelessScope
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import current


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
        with StatelessScope(pairs):
            output = self(*args, **kwargs)
            losses = list(self.losses) if return_losses else []
            state = [Tensor(variable.array) for variable in own[1]]
        return (output, state, losses) if return_losses else (output, state)
