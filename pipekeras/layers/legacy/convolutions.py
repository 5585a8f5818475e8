"""Convolutions under their names in Keras 1, which took the sizes of a kernel one by one."""

from __future__ import annotations

from typing import Any

from pipekeras.core.errors import ArgumentError
from pipekeras.layers.base import keras_1
from pipekeras.layers.convolution.convolution import Conv1D, Conv2D, Conv3D

# What followed the sizes, in this order.
_FURTHER = ("init", "activation", "weights", "border_mode", "subsample", "dim_ordering")


class _OlderName(type):
    """A class that makes layers of the class of today, and knows them as its own."""

    today: Any
    sizes: int

    def __call__(cls, *args: Any, **keywords: Any) -> Any:
        count = cls.sizes + 1
        if cls.sizes > 1 and len(args) >= count and all(isinstance(size, int) for size in args[:count]):
            if len(args) > count + len(_FURTHER):
                raise ArgumentError(f"{cls.__name__} was given {len(args)} arguments without names", mend="name the last ones")
            keras_1.tell(cls.__name__, {f"{cls.sizes} sizes": "kernel_size"})
            keywords = {**dict(zip(_FURTHER, args[count:], strict=False)), **keywords}
            args = (args[0], tuple(args[1:count]))
        return cls.today(*args, **keywords)

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, cls.today)


class Convolution2D(metaclass=_OlderName):
    """Conv2D, as Keras 1 called it: `Convolution2D(filters, rows, columns)`.

    Example:

    >>> import warnings
    >>> from pipekeras import layers
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     layer = layers.Convolution2D(8, 3, 5)
    >>> type(layer).__name__, layer.kernel_size, layer.strides
    ('Conv2D', (3, 5), (1, 1))
    """

    today, sizes = Conv2D, 2


class Convolution3D(metaclass=_OlderName):
    """Conv3D, as Keras 1 called it: `Convolution3D(filters, size, size, size)`."""

    today, sizes = Conv3D, 3


class AtrousConvolution1D(metaclass=_OlderName):
    """Conv1D with `atrous_rate`, which is dilation_rate today: `AtrousConvolution1D(filters, length, atrous_rate=2)`."""

    today, sizes = Conv1D, 1


class AtrousConvolution2D(metaclass=_OlderName):
    """Conv2D with `atrous_rate`, which is dilation_rate today: `AtrousConvolution2D(filters, rows, columns, atrous_rate=2)`.

    Example:

    >>> import warnings
    >>> from pipekeras import layers
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     layer = layers.AtrousConvolution2D(8, 3, 3, atrous_rate=(2, 2))
    >>> layer.kernel_size, layer.dilation_rate
    ((3, 3), (2, 2))
    """

    today, sizes = Conv2D, 2
