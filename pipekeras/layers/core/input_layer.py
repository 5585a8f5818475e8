"""The start of a layer graph."""

from __future__ import annotations

from typing import Any

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, ConfigurationError
from pipekeras.core.registry import register
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.base.node import Node, is_graph_tensor

_TEXT = ("string", "str", str)


@register("layer")
class InputLayer(Layer):
    """The layer behind `Input()`: it holds the place of the data.

    Args:
        shape: tuple of int or None, without the batch axis.
        batch_size: int or None, the fixed size of a batch.
        dtype: str, default the type that `config.floatx()` names; "string" for texts.
        sparse: bool, must be False or None.
        ragged: bool, must be False or None.
        batch_shape: tuple of int or None, in place of shape and batch_size.
        input_tensor: Tensor of a layer graph to use in place of a new one.
        optional: bool, default False. Whether None may be given for it.
        name: str, default "input_layer", numbered.

    Input shape -> output shape: (batch, ...) -> the same.

    Raises:
        ConfigurationError: no shape, or both shape and batch_shape.

    Example:

    >>> from pipekeras import layers
    >>> layers.InputLayer(shape=(4,)).output.shape
    (None, 4)
    """

    def __init__(
        self,
        shape: Any = None,
        batch_size: int | None = None,
        dtype: Any = None,
        sparse: bool | None = None,
        ragged: bool | None = None,
        batch_shape: Any = None,
        input_tensor: Any = None,
        optional: bool = False,
        name: str | None = None,
        **options: Any,
    ) -> None:
        shape = options.pop("input_shape", shape)
        batch_shape = options.pop("batch_input_shape", batch_shape)
        super().__init__(name=name, **options)
        if sparse or ragged:
            raise ConfigurationError("inputs are dense here; sparse=True and ragged=True are not available")
        if input_tensor is not None:
            if not isinstance(input_tensor, Tensor) or input_tensor.data is not None:
                raise ArgumentError(f"input_tensor must be a symbolic tensor, not {type(input_tensor).__name__}")
            batch_shape, dtype = input_tensor.shape, input_tensor.dtype
        elif shape is not None and batch_shape is not None:
            raise ConfigurationError("Input takes shape or batch_shape, not both")
        elif shape is None and batch_shape is None:
            raise ConfigurationError("Input needs a shape", mend="write Input(shape=(number of features,))")
        if batch_shape is None:
            batch_shape = (batch_size, *((shape,) if isinstance(shape, int) else tuple(shape)))
        self.batch_shape = tuple(_length(size) for size in batch_shape)
        self.sparse = False
        self.ragged = False
        self.optional = optional
        self.__dict__["input_type"] = "string" if dtype in _TEXT else dtypes.standardize(dtype)
        self.built = True
        if input_tensor is None or is_graph_tensor(input_tensor):
            input_tensor = Tensor.symbolic(self.batch_shape, self.dtype, name=self.name)
        Node(self, (), {}, input_tensor)

    @property
    def dtype(self) -> str:
        """The type of the data."""
        return self.__dict__["input_type"]

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Return the placeholder."""
        return self.output

    def _configuration(self) -> dict[str, Any]:
        names = ("batch_shape", "dtype", "sparse", "ragged", "name", "optional")
        return {name: getattr(self, name) for name in names}


def _length(size: Any) -> int | None:
    if size is None:
        return None
    if isinstance(size, bool) or int(size) != size or size < 0:
        raise ConfigurationError(f"a shape holds whole numbers and None, not {size!r}")
    return int(size)


def Input(
    shape: Any = None,
    batch_size: int | None = None,
    dtype: Any = None,
    sparse: bool | None = None,
    ragged: bool | None = None,
    batch_shape: Any = None,
    name: str | None = None,
    tensor: Any = None,
    optional: bool = False,
) -> Tensor:
    """Return a tensor that stands for data: the start of a functional model.

    Args:
        shape: tuple of int or None, without the batch axis; None is any size.
        batch_size: int or None, the fixed size of a batch.
        dtype: str, default the type that `config.floatx()` names; "string" for texts.
        sparse: bool, must be False or None.
        ragged: bool, must be False or None.
        batch_shape: tuple of int or None, in place of shape and batch_size.
        name: str, the name by which data may be given to the model.
        tensor: Tensor of a layer graph to use in place of a new one.
        optional: bool, default False. Whether None may be given for it.

    Returns:
        Tensor of shape (batch, *shape).

    Raises:
        ConfigurationError: no shape, or both shape and batch_shape.

    Example:

    >>> from pipekeras import Input, Model, layers
    >>> x = Input(shape=(32,))
    >>> y = layers.Dense(16, activation="softmax")(x)
    >>> Model(x, y).output_shape
    (None, 16)
    """
    layer = InputLayer(shape, batch_size, dtype, sparse, ragged, batch_shape, tensor, optional, name)
    return layer.output
