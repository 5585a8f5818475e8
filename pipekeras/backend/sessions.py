"""What scripts of Keras 1 and 2 asked of graphs and sessions, answered where everything runs at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pipekeras.core.structure import flatten, map_structure
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import Variable
from pipekeras.layers.base.node import is_graph_tensor


def unchanged(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function as it is: there is one way to run."""
    return function


class GraphOfSession:
    """The one graph, in which nothing is kept."""

    def as_default(self) -> GraphOfSession:
        """Return itself, to stand in a `with`."""
        return self

    def __enter__(self) -> GraphOfSession:
        return self

    def __exit__(self, *problem: Any) -> None:
        """Nothing ends."""

    def finalize(self) -> None:
        """Nothing is closed."""


class Session:
    """A session of TensorFlow 1: tensors of a layer graph are computed for what their placeholders are fed.

    Args:
        target, graph, config: accepted; there is one graph, on one device.

    Example:

    >>> from pipekeras import backend as K
    >>> x = K.placeholder(shape=(None, 2))
    >>> Session().run(K.sum(x, axis=1), feed_dict={x: [[1.0, 2.0]]})
    array([3.], dtype=float32)
    """

    def __init__(self, target: Any = "", graph: Any = None, config: Any = None) -> None:
        self.graph = graph or GraphOfSession()

    def run(self, fetches: Any, feed_dict: dict[Any, Any] | None = None, options: Any = None) -> Any:
        """Return the values of tensors and variables; None for what only had to be done."""
        from pipekeras.backend.graph_functions import function

        feeds = {key: value for key, value in (feed_dict or {}).items() if isinstance(key, Tensor)}
        wanted = [item for item in flatten(fetches) if is_graph_tensor(item)]
        found = dict(zip(map(id, wanted), function(list(feeds), wanted)(list(feeds.values())), strict=True)) if wanted else {}

        def value_of(item: Any) -> Any:
            if id(item) in found:
                return found[id(item)]
            return np.asarray(convert(item).numpy()) if isinstance(item, Tensor | Variable) else None

        return map_structure(value_of, fetches)

    def close(self) -> None:
        """Nothing is to be freed."""

    def as_default(self) -> Session:
        """Return itself, to stand in a `with`."""
        return self

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *problem: Any) -> None:
        """Nothing ends."""


_session = Session()


def get_session(op_input_list: Any = ()) -> Session:
    """Return the session, of which there is one."""
    return _session


def set_session(session: Any) -> None:
    """Take a session: how it was configured means nothing for one device."""


def get_graph() -> GraphOfSession:
    """Return the graph, of which there is one."""
    graph: GraphOfSession = _session.graph
    return graph


def manual_variable_initialization(value: Any) -> None:
    """Nothing: variables have their values from the start."""


def placeholder(shape: Any = None, ndim: int | None = None, dtype: Any = None, sparse: bool = False,
                name: str | None = None) -> Tensor:  # fmt: skip
    """Return a tensor of a layer graph that `K.function` or a session gets the value of.

    Args:
        shape: tuple, None where a size is open; default open sizes along `ndim` axes.
        ndim: int, number of axes.
        dtype: str, default the default float.
        sparse: False.
        name: str.
    """
    from pipekeras.core.errors import ArgumentError
    from pipekeras.layers import Input

    if sparse:
        raise ArgumentError("K.placeholder: no tensor is sparse")
    if shape is None and ndim is None:
        raise ArgumentError("K.placeholder needs a shape, or the number of axes as ndim")
    sizes = tuple(shape) if shape is not None else (None,) * int(ndim or 0)
    if not sizes:
        # One number: it is fed as a row of one.
        sizes = (1,)
    made: Tensor = Input(batch_shape=sizes, dtype=dtype, name=name)
    return made


def is_placeholder(x: Any) -> bool:
    """Whether x is a tensor that is fed from outside."""
    from pipekeras.layers.base.node import node_of

    return is_graph_tensor(x) and node_of(x).is_input


def is_variable(x: Any) -> bool:
    """Whether x is a variable."""
    return isinstance(x, Variable)


def asymmetric_spatial_2d_padding(x: Any, top_pad: int = 1, bottom_pad: int = 1, left_pad: int = 1, right_pad: int = 1,
                                  dim_ordering: str = "default") -> Any:  # fmt: skip
    """Return pictures with zeros around them, a number of rows and columns at each side."""
    from pipekeras.backend.neural import spatial_2d_padding

    order = {"th": "channels_first", "tf": "channels_last"}.get(dim_ordering)
    return spatial_2d_padding(x, ((top_pad, bottom_pad), (left_pad, right_pad)), order)
