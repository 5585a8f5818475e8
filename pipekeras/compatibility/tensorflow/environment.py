"""What TensorFlow's scripts ask about the machine and how programs run, answered for one processor and no sessions."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, DataError
from pipekeras.core.structure import flatten as flat_leaves
from pipekeras.core.structure import map_structure as mapped
from pipekeras.graph.tensor import Tensor, convert

TYPES = SimpleNamespace(**{name: dtypes.TypeName(name) for name in (*dtypes.ALL, *dtypes.COMPLEX, "bfloat16", "string")})
"""Data types are their names."""

NEW_AXIS = None
AUTOTUNE = -1
VERSION = "2.18.0"
"""The version of TensorFlow whose names the table follows."""

UNCONNECTED_NONE = "none"
UNCONNECTED_ZERO = "zero"


def function(func: Callable[..., Any] | None = None, **options: Any) -> Any:
    """Return the function itself: ops run as fast outside of a graph, and training steps are compiled anyway."""
    if func is None:
        return lambda inner: inner
    return func


@contextlib.contextmanager
def device(device_name: Any = None) -> Iterator[None]:
    """Everything runs on the processor, whichever device is named."""
    yield


@contextlib.contextmanager
def name_scope(name: Any = None, *arguments: Any, **options: Any) -> Iterator[Any]:
    """A block whose tensors would share a name; names of tensors have no meaning here."""
    yield name


def print_values(*inputs: Any, output_stream: Any = None, end: str = "\n", sep: str = " ", summarize: int = 3,
                 name: str | None = None) -> None:  # fmt: skip
    """Print tensors by their values."""
    import sys

    target = output_stream if hasattr(output_stream, "write") else sys.stdout
    texts = [str(item.numpy()) if isinstance(item, Tensor) and item.data is not None else str(item) for item in inputs]
    target.write(sep.join(texts) + end)


def executing_eagerly() -> bool:
    """Whether ops run at once: always outside of a model's program."""
    from pipekeras.graph import trace

    return trace.current() is None


def disable_eager_execution() -> None:
    """Accepted: programs that build a model and fit it compute the same; there are no sessions to run a graph in."""


def get_logger() -> logging.Logger:
    """Return the logger that TensorFlow's own messages would go to; nothing here writes to it."""
    return logging.getLogger("tensorflow")


def enable_eager_execution(*arguments: Any, **options: Any) -> None:
    """Ops run at once in any case."""


def run_functions_eagerly(run_eagerly: bool) -> None:
    """Functions run at once in any case."""


def group(*inputs: Any, name: str | None = None) -> None:
    """Nothing: what is grouped is done already."""


@contextlib.contextmanager
def control_dependencies(control_inputs: Any = None) -> Iterator[None]:
    """A block that runs after what is named, which is done already."""
    yield


class Options(SimpleNamespace):
    """Options of a session, taken and not looked at: there is one device.

    >>> options = Options(allow_soft_placement=True)
    >>> options.gpu_options.allow_growth = True
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        inner = Options()
        setattr(self, name, inner)
        return inner


def placeholder(dtype: Any = None, shape: Any = None, name: str | None = None) -> Tensor:
    """Return a tensor of a layer graph that a session or `K.function` gets the value of."""
    from pipekeras.backend import sessions

    return sessions.placeholder(shape=() if shape is None else shape, dtype=dtype, name=name)


class PhysicalDevice(NamedTuple):
    """A device by name and kind."""

    name: str
    device_type: str


def list_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """The processor; there are no others."""
    return [PhysicalDevice("/physical_device:CPU:0", "CPU")] if device_type in (None, "CPU") else []


def is_gpu_available(*arguments: Any, **options: Any) -> bool:
    """Whether programs run on a graphics card: they do not."""
    return False


def set_threads(num_threads: int) -> None:
    """Set how many threads a program uses."""
    os.environ["PIPEKERAS_NUM_THREADS"] = str(int(num_threads)) if num_threads else ""


def accept_threads(num_threads: int) -> None:
    """Programs run one after the other: how many could run side by side has no meaning."""


class Strategy:
    """Training on one device.

    >>> from pipekeras.compatibility import tensorflow as tf
    >>> tf.distribute.MirroredStrategy().num_replicas_in_sync
    1
    """

    num_replicas_in_sync = 1

    def __init__(self, devices: Any = None, **options: Any) -> None:
        if isinstance(devices, list | tuple) and len(devices) > 1:
            raise ArgumentError(f"there is one device, not {len(devices)}", mend="leave devices out")

    @contextlib.contextmanager
    def scope(self) -> Iterator[Strategy]:
        """A block in which models are made."""
        yield self

    def run(self, fn: Callable[..., Any], args: Any = (), kwargs: Any = None) -> Any:
        """Call a function on the device."""
        return fn(*args, **(kwargs or {}))

    def experimental_distribute_dataset(self, dataset: Any) -> Any:
        """Return the data set: one device takes it all."""
        return dataset

    def reduce(self, reduce_op: Any, value: Any, axis: Any = None) -> Any:
        """Return the value: there is only one."""
        return value


def flatten(structure: Any, expand_composites: bool = False) -> list[Any]:
    """The leaves of nested lists, tuples and dicts."""
    return flat_leaves(structure)


def map_structure(func: Callable[..., Any], *structure: Any, **options: Any) -> Any:
    """Apply a function to the leaves of nested structures."""
    return mapped(func, *structure)


def _asserted(name: str, holds: Callable[..., Any], message: str | None, *operands: Any) -> None:
    """Raise a DataError unless a condition holds everywhere; values that a recorded step has yet to get are not checked."""
    tensors = [convert(operand) for operand in operands]
    if all(tensor.data is not None for tensor in tensors) and not np.all(holds(*(tensor.data for tensor in tensors))):
        raise DataError(f"{message or 'the condition does not hold'} ({name})")


def assert_equal(x: Any, y: Any, message: str | None = None, summarize: Any = None, name: str | None = None) -> None:
    """Raise a DataError unless all elements are equal."""
    _asserted("assert_equal", np.equal, message, x, y)


def assert_greater(x: Any, y: Any, message: str | None = None, summarize: Any = None, name: str | None = None) -> None:
    """Raise a DataError unless every element of x is greater than that of y."""
    _asserted("assert_greater", np.greater, message, x, y)


def assert_greater_equal(x: Any, y: Any, message: str | None = None, summarize: Any = None, name: str | None = None) -> None:
    """Raise a DataError unless every element of x is at least that of y."""
    _asserted("assert_greater_equal", np.greater_equal, message, x, y)


def assert_less(x: Any, y: Any, message: str | None = None, summarize: Any = None, name: str | None = None) -> None:
    """Raise a DataError unless every element of x is less than that of y."""
    _asserted("assert_less", np.less, message, x, y)


def assert_less_equal(x: Any, y: Any, message: str | None = None, summarize: Any = None, name: str | None = None) -> None:
    """Raise a DataError unless every element of x is at most that of y."""
    _asserted("assert_less_equal", np.less_equal, message, x, y)


def assert_positive(x: Any, message: str | None = None, summarize: Any = None, name: str | None = None) -> None:
    """Raise a DataError unless every element is greater than 0."""
    _asserted("assert_positive", lambda values: values > 0, message, x)


def assert_non_negative(x: Any, message: str | None = None, summarize: Any = None, name: str | None = None) -> None:
    """Raise a DataError unless every element is at least 0."""
    _asserted("assert_non_negative", lambda values: values >= 0, message, x)


def check_numerics(tensor: Any, message: str = "", name: str | None = None) -> Tensor:
    """Return a tensor, or raise a DataError where it is NaN or infinite."""
    x = convert(tensor)
    if x.data is not None and not np.isfinite(x.data).all():
        raise DataError(f"{message or 'check_numerics'}: the tensor holds NaN or infinite numbers")
    return x


class TensorShape(tuple[Any, ...]):
    """Sizes of axes, None where unknown."""

    def __new__(cls, dims: Any = ()) -> TensorShape:
        return super().__new__(cls, tuple(dims))

    def as_list(self) -> list[int | None]:
        """Return the sizes as a list."""
        return list(self)

    @property
    def rank(self) -> int:
        """Number of axes."""
        return len(self)

    def num_elements(self) -> int | None:
        """Number of elements, None when a size is unknown."""
        return None if None in self else int(np.prod(self, dtype=np.int64))


class TensorSpec(NamedTuple):
    """Shape and type of a tensor."""

    shape: Any
    dtype: str = "float32"
    name: str | None = None
