"""Where training runs, under Keras' names: on one processor, whose cores share every step's work by themselves.

Meshes, layouts and distributions are described as in Keras, and scripts that set them run as they are; a mesh of more than
one device is refused, so nothing is ever said to be spread that is not.

>>> from pipekeras import distribution
>>> distribution.list_devices()
['cpu:0']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from math import prod
from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError, ConfigurationError

__all__ = [
    "DataParallel",
    "DeviceMesh",
    "LayoutMap",
    "ModelParallel",
    "TensorLayout",
    "distribute_tensor",
    "distribution",
    "get_device_count",
    "initialize",
    "list_devices",
    "set_distribution",
]

_DEVICE = "cpu:0"
_present: list[Any] = [None]


def list_devices(device_type: str | None = None) -> list[str]:
    """Return the names of the devices of a kind.

    Args:
        device_type: str, "cpu", or None for all; there are none of "gpu" and "tpu".
    """
    return [_DEVICE] if device_type is None or device_type.lower() == "cpu" else []


def get_device_count(device_type: str | None = None) -> int:
    """Return how many devices of a kind there are.

    Args:
        device_type: str, or None for all.
    """
    return len(list_devices(device_type))


def initialize(job_addresses: str | None = None, num_processes: int | None = None, process_id: int | None = None) -> None:
    """Accept a program of one process.

    Args:
        job_addresses: str or None, addresses of all processes, divided by commas.
        num_processes: int or None.
        process_id: int or None.

    Raises:
        ConfigurationError: several processes are to work together.
    """
    count = num_processes if num_processes is not None else len((job_addresses or "one").split(","))
    if count > 1 or process_id not in (None, 0):
        raise ConfigurationError(f"training runs in one process, not in {count}", mend="start the program once")


class DeviceMesh:
    """Devices along named axes.

    Args:
        shape: tuple of int, sizes of the axes; their product is the number of devices.
        axis_names: list of str, a name for each axis.
        devices: list of str, or None for all.

    Raises:
        ArgumentError: names, sizes and devices do not go together.
        ConfigurationError: there are more devices than one.

    Example:

    >>> from pipekeras import distribution
    >>> distribution.DeviceMesh((1, 1), ["batch", "model"]).devices.tolist()
    [['cpu:0']]
    """

    def __init__(self, shape: Sequence[int], axis_names: Sequence[str], devices: Any = None) -> None:
        self.shape = tuple(int(size) for size in shape)
        self.axis_names = list(axis_names)
        if not self.shape or len(self.shape) != len(self.axis_names):
            raise ArgumentError(f"a mesh of shape {self.shape} needs a name for each axis; got {self.axis_names}")
        given = list_devices() if devices is None else [str(item) for item in np.asarray(devices).reshape(-1)]
        if prod(self.shape) != len(given):
            raise ArgumentError(f"a mesh of shape {self.shape} has {prod(self.shape)} places; there are {len(given)} devices")
        for name in given:
            _check_device(name)
        if len(given) > 1:
            raise ConfigurationError(f"there is one device, {_DEVICE}; a mesh of {len(given)} can't be")
        self.devices = np.array(given).reshape(self.shape)

    def __repr__(self) -> str:
        return f"<DeviceMesh shape={self.shape}, axis_names={self.axis_names}>"


def _check_device(name: str) -> None:
    if name.lower() not in ("cpu", _DEVICE):
        raise ConfigurationError(f"there is no device {name!r}; there is {_DEVICE}")


class TensorLayout:
    """Which axis of a mesh each axis of a tensor is laid along.

    Args:
        axes: tuple with a name or None, for "along none", for each axis of the tensor.
        device_mesh: DeviceMesh or None.

    Raises:
        ArgumentError: the mesh has no such axis.
    """

    def __init__(self, axes: Sequence[str | None], device_mesh: DeviceMesh | None = None) -> None:
        self.axes = tuple(axes)
        self._device_mesh = device_mesh
        self._check()

    def _check(self) -> None:
        if self._device_mesh is not None:
            for axis in self.axes:
                if axis is not None and axis not in self._device_mesh.axis_names:
                    raise ArgumentError(f"the mesh has the axes {self._device_mesh.axis_names}, not {axis!r}")

    @property
    def device_mesh(self) -> DeviceMesh | None:
        """The mesh, None as long as there is none."""
        return self._device_mesh

    @device_mesh.setter
    def device_mesh(self, device_mesh: DeviceMesh) -> None:
        if self._device_mesh is not None:
            raise ConfigurationError("the layout has a mesh already")
        self._device_mesh = device_mesh
        self._check()

    def __repr__(self) -> str:
        return f"<TensorLayout axes={self.axes}, device_mesh={self._device_mesh}>"


class LayoutMap(MutableMapping):
    """A layout for each variable by its path; a key is a path or a regular expression found in it.

    Args:
        device_mesh: DeviceMesh of layouts that have none.

    Example:

    >>> from pipekeras import distribution
    >>> layouts = distribution.LayoutMap(distribution.DeviceMesh((1, 1), ["batch", "model"]))
    >>> layouts["dense.*kernel"] = (None, "model")
    >>> layouts["dense_1/kernel"].axes, layouts["conv/kernel"]
    ((None, 'model'), None)
    """

    def __init__(self, device_mesh: DeviceMesh) -> None:
        self.device_mesh = device_mesh
        self._layouts: dict[str, TensorLayout] = {}

    def __getitem__(self, key: str) -> Any:
        if key in self._layouts:
            return self._layouts[key]
        matches = [known for known in self._layouts if re.search(known, key)]
        if len(matches) > 1:
            raise ArgumentError(f"path '{key}' matches several keys: {', '.join(matches)}")
        return self._layouts[matches[0]] if matches else None

    def __setitem__(self, key: str, layout: Any) -> None:
        if key in self._layouts:
            raise ArgumentError(f"'{key}' is in the LayoutMap already", mend=f"delete it first: del layouts[{key!r}]")
        made = TensorLayout(layout) if isinstance(layout, tuple | list) else layout
        if not isinstance(made, TensorLayout):
            raise ArgumentError(f"a layout is a tuple of axes or a TensorLayout, not {type(layout).__name__}")
        if made.device_mesh is None:
            made.device_mesh = self.device_mesh
        self._layouts[key] = made

    def __delitem__(self, key: str) -> None:
        del self._layouts[key]

    def __len__(self) -> int:
        return len(self._layouts)

    def __iter__(self) -> Iterator[str]:
        return iter(self._layouts)


class _Distribution:
    """What both distributions share."""

    num_processes = 1
    num_model_replicas = 1
    data_shard_id = 0

    def __init__(self, device_mesh: DeviceMesh, batch_dim_name: str, auto_shard_dataset: bool) -> None:
        self.device_mesh = device_mesh
        self.batch_dim_name = batch_dim_name
        self.auto_shard_dataset = auto_shard_dataset

    def __repr__(self) -> str:
        return f"<{type(self).__name__} device_mesh={self.device_mesh}>"

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Let this be the distribution inside the block."""
        before = distribution()
        set_distribution(self)
        try:
            yield
        finally:
            set_distribution(before)

    def get_data_layout(self, data_shape: Sequence[int | None]) -> TensorLayout:
        """Return the layout of data: the batch along its axis of the mesh."""
        return TensorLayout((self.batch_dim_name, *[None] * (len(data_shape) - 1)), self.device_mesh)

    def get_variable_layout(self, variable: Any) -> TensorLayout:
        """Return the layout of a variable."""
        return TensorLayout([None] * len(variable.shape), self.device_mesh)

    def get_tensor_layout(self, path: str) -> TensorLayout | None:
        """Return the layout of a tensor between layers, None where none is set."""
        return None

    def distribute_dataset(self, dataset: Any) -> Any:
        """Return a data set's part for this process, which is all of it."""
        return dataset


class DataParallel(_Distribution):
    """Batches shared out among devices, of which there is one; its cores share them anyway.

    Args:
        device_mesh: DeviceMesh of one axis or more, the first for batches; default one of all devices.
        devices: list of str, in place of a mesh.
        auto_shard_dataset: bool, default True; one process gets the whole of a data set either way.

    Example:

    >>> from pipekeras import distribution
    >>> with distribution.DataParallel().scope():
    ...     print(distribution.distribution().batch_dim_name)
    batch
    """

    def __init__(self, device_mesh: DeviceMesh | None = None, devices: Any = None, auto_shard_dataset: bool = True) -> None:
        if device_mesh is None:
            names = list_devices() if devices is None else [str(item) for item in devices]
            device_mesh = DeviceMesh((len(names),), ["batch"], names)
        super().__init__(device_mesh, device_mesh.axis_names[0], auto_shard_dataset)


class ModelParallel(_Distribution):
    """Weights laid out over devices, of which there is one.

    Args:
        layout_map: LayoutMap.
        batch_dim_name: str or None, axis of the mesh for batches; default the first.
        auto_shard_dataset: bool, default True; one process gets the whole of a data set either way.

    Raises:
        ArgumentError: there is no layout_map.
    """

    def __init__(
        self, *, layout_map: LayoutMap | None = None, batch_dim_name: str | None = None, auto_shard_dataset: bool = True
    ) -> None:
        if not isinstance(layout_map, LayoutMap):
            raise ArgumentError("ModelParallel needs layout_map, a LayoutMap")
        mesh = layout_map.device_mesh
        super().__init__(mesh, batch_dim_name or mesh.axis_names[0], auto_shard_dataset)
        self._layouts = layout_map

    def get_variable_layout(self, variable: Any) -> TensorLayout:
        """Return the layout of a variable: what its path has in the map, or along no axis."""
        found = self._layouts[variable.path]
        return super().get_variable_layout(variable) if found is None else found

    def get_tensor_layout(self, path: str) -> TensorLayout | None:
        """Return the layout of a tensor between layers, None where none is set."""
        return self._layouts[path]


def distribution() -> Any:
    """Return the distribution that was set, None if there is none."""
    return _present[0]


def set_distribution(value: Any) -> None:
    """Set the distribution of models made from here on.

    Args:
        value: DataParallel, ModelParallel, or None.

    Raises:
        ArgumentError: it is something else.
    """
    if value is not None and not isinstance(value, _Distribution):
        raise ArgumentError(f"a distribution is DataParallel or ModelParallel, not {type(value).__name__}")
    _present[0] = value


def distribute_tensor(tensor: Any, layout: TensorLayout) -> Any:
    """Return a tensor laid out over a mesh: on one device, the tensor itself.

    Args:
        tensor: tensor or array.
        layout: TensorLayout, or tuple of axes.

    Raises:
        ArgumentError: the layout has another number of axes.
    """
    axes = layout.axes if isinstance(layout, TensorLayout) else tuple(layout)
    if len(axes) != len(tensor.shape):
        raise ArgumentError(f"a tensor of {len(tensor.shape)} axes has no layout of {len(axes)}")
    return tensor
