"""Calls that a program makes back into NumPy, for operations without a kernel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipekeras.core import dtypes
from pipekeras.graph.tensor import Tensor


class HostCall:
    """A group of nodes computed by their NumPy references on the program's own buffers.

    Args:
        nodes: in order.
        inputs: array of each outside operand, by tensor id.
        results: arrays that the group's outputs go to, by tensor id.
    """

    def __init__(self, nodes: Sequence[Tensor], inputs: dict[int, np.ndarray], results: list[tuple[int, np.ndarray]]) -> None:
        self.nodes = list(nodes)
        self.inputs = inputs
        self.results = results

    @property
    def names(self) -> list[str]:
        """The operations, for notes that say what runs without a kernel."""
        return [node.operation.name for node in self.nodes if node.operation is not None]

    def run(self) -> None:
        """Compute once."""
        values = {key: dtypes.plain(array) for key, array in self.inputs.items()}
        with np.errstate(all="ignore"):
            for node in self.nodes:
                assert node.operation is not None
                arrays = [item.plain if item.data is not None else values[id(item)] for item in node.inputs]
                values[id(node)] = np.asarray(node.operation.reference(*arrays, **node.attributes))
        for key, target in self.results:
            found = values[key].reshape(target.shape)
            if target.dtype == dtypes.BFLOAT16:
                found = dtypes.stored(found, "bfloat16")
            np.copyto(target, found, casting="unsafe")
