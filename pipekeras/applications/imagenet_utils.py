"""Pictures prepared as the networks of ImageNet want them, and their predictions in words."""

from __future__ import annotations

import json
import types
from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError, DataError, ShapeError
from pipekeras.graph.tensor import Tensor

_MEAN = {"caffe": (103.939, 116.779, 123.68), "torch": (0.485, 0.456, 0.406)}
_DEVIATION = (0.229, 0.224, 0.225)
MODES = ("caffe", "tf", "torch")
INDEX_FILE = "imagenet_class_index.json"
CLASSES = 1000


def preprocess_input(x: Any, data_format: str | None = None, mode: str = "caffe") -> Any:
    """Prepare pictures with values 0 to 255.

    Formula: caffe: channels in the order blue, green, red, less the means of ImageNet; tf: x / 127.5 - 1; torch:
    (x / 255 - mean) / deviation.

    Args:
        x: array or tensor of three or four axes, three channels.
        data_format: "channels_last", "channels_first", or None (the setting).
        mode: "caffe" (default), "tf" or "torch".

    Input shape -> output shape:
        any -> the same

    Example:
        >>> import numpy as np
        >>> from pipekeras.applications.imagenet_utils import preprocess_input
        >>> preprocess_input(np.array([[[0.0, 127.5, 255.0]]]), mode="tf").ravel()
        array([-1.,  0.,  1.], dtype=float32)
    """
    if mode not in MODES:
        raise ConfigurationError(f"mode must be {', '.join(MODES)}; not {mode!r}")
    layout = data_format or configuration.image_data_format()
    tensor = isinstance(x, Tensor)
    values = x if tensor else np.asarray(x, configuration.floatx())
    axis = -1 if layout == "channels_last" else len(values.shape) - 3
    if mode == "tf":
        return values / 127.5 - 1.0
    shape = [1] * len(values.shape)
    shape[axis] = 3

    def constant(numbers: tuple[float, ...]) -> np.ndarray:
        return np.asarray(numbers, "float32").reshape(shape)

    if mode == "torch":
        return (values / 255.0 - constant(_MEAN["torch"])) / constant(_DEVIATION)
    turned = ops.flip(values, axis) if tensor else np.flip(values, axis)
    return turned - constant(_MEAN["caffe"])


def decode_predictions(preds: Any, top: int = 5) -> list[list[tuple[str, str, float]]]:
    """Return the most probable classes of ImageNet with their names.

    Args:
        preds: array of shape (pictures, 1000).
        top: int, classes for each picture, default 5.

    Raises:
        DataError: Keras' table of names is not on this computer.
        ShapeError: these are no predictions of 1000 classes.
    """
    from pipekeras.datasets import cache

    values = np.asarray(preds.numpy() if hasattr(preds, "numpy") else preds)
    if values.ndim != 2 or values.shape[1] != CLASSES:
        raise ShapeError(f"predictions of ImageNet have the shape (pictures, {CLASSES}); found {values.shape}")
    folder = cache.cache_folder().parent / "models"
    path = folder / INDEX_FILE
    if not path.is_file():
        raise DataError(f"the names of the classes are not here: {path}", mend=f"put Keras' file {INDEX_FILE} there")
    table = json.loads(path.read_text(encoding="utf-8"))
    found = []
    for row in values:
        order = np.argsort(row)[::-1][:top]
        found.append([(*table[str(place)], float(row[place])) for place in order])
    return found


def preparation(name: str) -> Any:
    """Return the `preprocess_input` of one of Keras' modules.

    Args:
        name: name of the module.
    """
    import pipekeras.applications as networks

    mode = networks._MODULES[name]

    def prepare(x: Any, data_format: str | None = None) -> Any:
        """Prepare pictures with values 0 to 255 for these networks."""
        return x if mode is None else preprocess_input(x, data_format, mode)

    prepare.__name__ = prepare.__qualname__ = "preprocess_input"
    return prepare


def model_module(name: str) -> types.SimpleNamespace:
    """Return a name space with the networks, `preprocess_input` and `decode_predictions` of one of Keras' modules.

    Args:
        name: name of the module.
    """
    import pipekeras.applications as networks

    wanted, second, _ = name.replace("_", "").partition("v2") if name == "resnet_v2" else (name.replace("_", ""), "", "")
    own = {
        label: getattr(networks, label)
        for label in networks._NAMES
        if label.lower().startswith(wanted) and label.lower().endswith(second)
    }
    return types.SimpleNamespace(preprocess_input=preparation(name), decode_predictions=decode_predictions, **own)
