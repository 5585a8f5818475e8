"""The sizes of a tensor of a layer graph that are known only when the model runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipekeras.graph.tensor import Tensor, convert
from pipekeras.layers.base.layer import Layer


class ShapeOf(Layer):
    """The sizes of its input as whole numbers.

    Input shape -> output shape:
        any -> (number of axes,)

    >>> from pipekeras import Input, backend as K
    >>> x = Input((None, 3))
    >>> K.function([x], [ShapeOf()(x)])([[[[1.0, 2.0, 3.0]]]])[0].tolist()
    [1, 1, 3]
    """

    def call(self, inputs: Any) -> Any:
        """Return the shape as a tensor."""
        return convert(np.asarray(inputs.shape, np.int32))

    def compute_output_spec(self, inputs: Any) -> Any:
        """Return a placeholder: as many whole numbers as the input has axes."""
        return Tensor.symbolic((len(inputs.shape),), "int32")
