"""Known networks for pictures, built layer by layer under Keras' names.

Weights are random (`weights=None`) or read from a file on this computer; nothing is downloaded.

Example:
    >>> from pipekeras.applications import MobileNet
    >>> model = MobileNet(weights=None, input_shape=(32, 32, 3), alpha=0.25, classes=10)
    >>> model.output_shape
    (None, 10)
"""

from __future__ import annotations

import importlib
from typing import Any

_FILES = {
    "convnext": ("ConvNeXtTiny", "ConvNeXtSmall", "ConvNeXtBase", "ConvNeXtLarge", "ConvNeXtXLarge"),
    "densenet": ("DenseNet121", "DenseNet169", "DenseNet201"),
    "efficientnet": tuple(f"EfficientNetB{number}" for number in range(8)),
    "efficientnet_v2": tuple(f"EfficientNetV2{variant}" for variant in ("B0", "B1", "B2", "B3", "S", "M", "L")),
    "inception": ("InceptionV3",),
    "inception_resnet": ("InceptionResNetV2",),
    "mobilenet": ("MobileNet", "MobileNetV2"),
    "mobilenet_v3": ("MobileNetV3Large", "MobileNetV3Small"),
    "nasnet": ("NASNetLarge", "NASNetMobile"),
    "resnet": ("ResNet50", "ResNet101", "ResNet152", "ResNet50V2", "ResNet101V2", "ResNet152V2"),
    "vgg": ("VGG16", "VGG19"),
    "xception": ("Xception",),
}
_NAMES = {name: file for file, names in _FILES.items() for name in names}
_MODULES = {
    "convnext": None, "densenet": "torch", "efficientnet": None, "efficientnet_v2": None, "inception_resnet_v2": "tf",
    "inception_v3": "tf", "mobilenet": "tf",
    "mobilenet_v2": "tf", "mobilenet_v3": None, "nasnet": "tf", "resnet": "caffe", "resnet50": "caffe", "resnet_v2": "tf",
    "vgg16": "caffe", "vgg19": "caffe", "xception": "tf",
}  # fmt: skip
"""Keras' modules, each with the way in which its networks want pictures to be prepared."""

__all__ = sorted([*_NAMES, *_MODULES, "imagenet_utils"])


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(importlib.import_module(f"pipekeras.applications.{_NAMES[name]}"), name)
    if name == "imagenet_utils" or (name in _MODULES and name in _FILES):
        return importlib.import_module(f"pipekeras.applications.{name}")
    if name in _MODULES:
        from pipekeras.applications.imagenet_utils import model_module

        return model_module(name)
    raise AttributeError(f"module 'pipekeras.applications' has no attribute '{name}'")


def __dir__() -> list[str]:
    return __all__
