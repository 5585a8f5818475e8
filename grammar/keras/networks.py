"""`application_*`: known networks, their preparation of pictures, their predictions in words."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert, saving, signatures
from pipekeras.grammar.keras.names import OWN, word, wrap
from pipekeras.grammar.values import ExternalObject, character, double, integer, mk_list
from pipekeras.grammar.vectors.unsupported import only_default

from pipekeras import applications
from pipekeras.applications.imagenet_utils import decode_predictions, preprocess_input
from pipekeras.graph.tensor import Tensor

_PREPARING = {
    "densenet": "torch", "inception_resnet_v2": "tf", "inception_v3": "tf", "mobilenet": "tf", "mobilenet_v2": "tf",
    "nasnet": "tf", "resnet": "caffe", "resnet_v2": "tf", "xception": "tf",
}  # fmt: skip


def spelled(name: str) -> str:
    """Return the word for a network: `application_resnet50_v2` for ResNet50V2.

    >>> spelled("ResNet50V2"), spelled("InceptionResNetV2"), spelled("MobileNetV2"), spelled("EfficientNetB0")
    ('application_resnet50_v2', 'application_inception_resnet_v2', 'application_mobilenet_v2', 'application_efficientnet_b0')
    """
    # keras3 writes efficientnet_v2b0.
    name = re.sub(r"(?<=V2)[A-Z]", lambda letter: letter[0].lower(), name)
    for known in ("NASNet", "ResNet", "DenseNet", "ConvNeXt"):
        name = name.replace(known, known.capitalize())
    # R keras writes nasnetlarge as one word.
    text = name.replace("Net", "net").replace("VGG", "Vgg").replace("NasnetL", "Nasnetl").replace("NasnetM", "Nasnetm")
    return "application_" + re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()


for _name in applications._NAMES:
    OWN[spelled(_name)] = signatures.function_of(spelled(_name), getattr(applications, _name))


def _nasnet() -> None:
    from pipekeras.applications.nasnet import NASNet

    OWN["application_nasnet"] = signatures.function_of("application_nasnet", NASNet)


_nasnet()


def _network_with(name: str) -> None:
    @word(name, "blocks, include_top = TRUE, weights = 'imagenet', input_tensor = NULL, input_shape = NULL, "
          "pooling = NULL, classes = 1000")  # fmt: skip
    def build(*values: Any) -> Any:
        from pipekeras.applications.densenet import DenseNet

        labels = ("blocks", "include_top", "weights", "input_tensor", "input_shape", "pooling", "classes")
        return ExternalObject(DenseNet(**{n: convert.argument(n, v) for n, v in zip(labels, values, strict=True)}))

    build.__doc__ = "Build a DenseNet with any number of layers in its four blocks."


_network_with("application_densenet")


def _prepared(x: Any, mode: str) -> Any:
    values = convert.data(x)
    if isinstance(values, Tensor):
        return wrap(preprocess_input(values, mode=mode))
    return convert.result(preprocess_input(np.asarray(values), mode=mode))


@word("imagenet_preprocess_input", "x, data_format = NULL, mode = 'caffe'")
def imagenet_preprocess_input(x: Any, data_format: Any, mode: Any) -> Any:
    """Prepare pictures with values 0 to 255 as networks of ImageNet want them.

    Args:
        x: array of pictures, or a tensor.
        data_format: accepted.
        mode: "caffe", "tf" or "torch".
    """
    only_default("imagenet_preprocess_input", data_format=(data_format, "channels_last"))
    return _prepared(x, str(mode.items()[0]))


def _preparing_word(name: str, mode: str) -> None:
    @word(f"{name}_preprocess_input", "x, data_format = NULL")
    def prepare(x: Any, data_format: Any) -> Any:
        only_default(f"{name}_preprocess_input", data_format=(data_format, "channels_last"))
        return _prepared(x, mode)

    prepare.__doc__ = f"Prepare pictures with values 0 to 255 for {name} (mode '{mode}')."


for _name, _mode in _PREPARING.items():
    _preparing_word(_name, _mode)


@word("application_preprocess_inputs", "model, x, ..., data_format = NULL")
def application_preprocess_inputs(model: Any, x: Any, dots: Any, data_format: Any) -> Any:
    """Prepare pictures with values 0 to 255 for a network, by its name.

    Args:
        model: network from application_*().
        x: array of pictures.
    """
    only_default("application_preprocess_inputs", data_format=(data_format, "channels_last"))
    label = model.value.name.replace("_", "")
    if label.startswith(("efficientnet", "convnext")):
        return x
    known = sorted(_PREPARING, key=len, reverse=True)
    versioned = "resnet_v2" if re.fullmatch(r"resnet\d+v2", label) else None
    found = versioned or next((name for name in known if label.startswith(name.replace("_", ""))), None)
    if found is None and label.startswith("vgg"):
        return _prepared(x, "caffe")
    if found is None:
        raise RError(f"model '{model.value.name}' is none of the networks of application_*()")
    return _prepared(x, _PREPARING[found])


for _name in ("imagenet_decode_predictions", "mobilenet_decode_predictions", "mobilenet_v2_decode_predictions"):

    @word(_name, "preds, top = 5")
    def imagenet_decode_predictions(preds: Any, top: Any) -> Any:
        """Return the most probable classes of ImageNet: one data frame for each picture.

        Args:
            preds: matrix of predictions with 1000 columns.
            top: number of classes.
        """
        tables = []
        for row in decode_predictions(convert.data(preds), int(convert.argument("top", top))):
            columns = [character([item[0] for item in row]), character([item[1] for item in row]),
                       double([item[2] for item in row])]  # fmt: skip
            table = mk_list(columns, ["class_name", "class_description", "score"])
            table.attributes = {**(table.attributes or {}), "class": character("data.frame"),
                                "row.names": integer(list(range(1, len(row) + 1)))}  # fmt: skip
            tables.append(table)
        return mk_list(tables)


for _name in ("mobilenet_load_model_hdf5", "mobilenet_v2_load_model_hdf5"):
    OWN[_name] = OWN[saving.load_model_hdf5.__name__]
