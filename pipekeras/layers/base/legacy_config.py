"""Layer configs as Keras 1 and 2 wrote them, brought to today's names."""

from __future__ import annotations

import functools
import inspect
from typing import Any

from pipekeras.core.errors import closest
from pipekeras.layers.base import keras_1

# class: {name in older configs: name today}.
_RENAMED: dict[str, dict[str, str]] = {
    "LeakyReLU": {"alpha": "negative_slope"},
    "InputLayer": {"batch_input_shape": "batch_shape"},
    "Normalization": {"dtype_policy": "dtype"},
}

# Names that some Keras wrote and that say nothing here: choices of implementation, or features that were never on.
_DROPPED = frozenset(
    (
        "adjustment",
        "autocast",
        "fused",
        "gptq_unpacked_column_size",
        "implementation",
        "input_dtype",
        "lora_alpha",
        "lora_rank",
        "num_parallel_calls",
        "quantization_config",
        "quantization_mode",
        "ragged",
        "softmax_robust_masking",
        "sparse",
        "time_major",
        "use_cudnn",
        "virtual_batch_size",
    )
)

# Shapes of the inputs, which a call tells again, and options of a kernel that separable convolutions do not have.
_IDLE = frozenset(("query_shape", "key_shape", "value_shape", "kernel_initializer", "kernel_regularizer", "kernel_constraint"))
_HAVE_IDLE = ("MultiHeadAttention", "SeparableConv1D", "SeparableConv2D", "DepthwiseConv1D", "DepthwiseConv2D")


@functools.cache
def parameter_names(cls: type) -> tuple[str, ...]:
    """Return the names of all constructor arguments, those of base classes too where they are passed on."""
    names: dict[str, None] = {}
    for base in cls.__mro__:
        if "__init__" not in base.__dict__ or base is object:
            continue
        parameters = inspect.signature(base.__dict__["__init__"]).parameters.values()
        for parameter in list(parameters)[1:]:
            if parameter.kind not in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
                names[parameter.name] = None
        if not any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters):
            break
    return tuple(names)


def translate(cls: type, config: dict[str, Any]) -> dict[str, Any]:
    """Return a config with older names replaced and meaningless ones left out."""
    known = parameter_names(cls)
    renamed = _RENAMED.get(cls.__name__, {})
    if keras_1.is_older(config) and cls.__module__.startswith("pipekeras."):
        config, _ = keras_1.renamed(cls.__name__, known, config)
    result: dict[str, Any] = {}
    for name, value in config.items():
        name = renamed.get(name, name) if name not in known else name
        idle = name in _DROPPED or (name in _IDLE and cls.__name__ in _HAVE_IDLE) or (name == "groups" and value == 1)
        if idle and name not in known:
            continue
        result[name] = value
    axis = result.get("axis")
    if cls.__name__ == "BatchNormalization" and isinstance(axis, list | tuple) and len(axis) == 1:
        result["axis"] = axis[0]
    return result


def argument_mend(cls: type, unknown: str) -> str:
    """Return how to mend an argument that the class does not have."""
    names = parameter_names(cls)
    near = closest(unknown, names)
    return f"did you mean '{near}'?" if near else f"its arguments are {', '.join(names)}"
