"""Neural networks as pipes: `Sequential() | Dense(64, activation="relu") | Dense(10) | compile(loss="mse") | fit(x, y)`.

The API is Keras 3's, under `pipekeras`. Nothing is imported before it is used.

>>> import pipekeras
>>> from pipekeras import Sequential, compile, fit
>>> from pipekeras.layers import Dense
>>> model = Sequential() | Dense(4, activation="relu") | Dense(1) | compile(optimizer="adam", loss="mse")
"""

from __future__ import annotations

import importlib
from typing import Any

from pipekeras.core import older_places

__version__ = "0.1.0"

_MODULES = (
    "activations",
    "applications",
    "backend",
    "callbacks",
    "compatibility",
    "config",
    "constraints",
    "data",
    "datasets",
    "distillation",
    "distribution",
    "dtype_policies",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "mixed_precision",
    "models",
    "ops",
    "optimizers",
    "preprocessing",
    "quantizers",
    "random",
    "regularizers",
    "saving",
    "tree",
    "utils",
    "visualization",
)

_NAMES = {
    "Tensor": "pipekeras.graph.tensor",
    "KerasTensor": "pipekeras.graph.keras_tensor",
    "Variable": "pipekeras.graph.variable",
    "DTypePolicy": "pipekeras.dtype_policies",
    "FloatDTypePolicy": "pipekeras.dtype_policies",
    "GradientTape": "pipekeras.graph.gradient",
    "Function": "pipekeras.models.function",
    "Input": "pipekeras.layers",
    "Layer": "pipekeras.layers",
    "Model": "pipekeras.models",
    "Sequential": "pipekeras.models",
    "Initializer": "pipekeras.initializers",
    "InputSpec": "pipekeras.layers",
    "Loss": "pipekeras.losses",
    "Metric": "pipekeras.metrics",
    "Operation": "pipekeras.layers.base.operation_class",
    "Optimizer": "pipekeras.optimizers",
    "Quantizer": "pipekeras.quantizers",
    "Regularizer": "pipekeras.regularizers",
    "RematScope": "pipekeras.ops.rematerialization",
    "StatelessScope": "pipekeras.graph.stateless_scope",
    "SymbolicScope": "pipekeras.graph.trace",
    "compile": "pipekeras.pipe",
    "evaluate": "pipekeras.pipe",
    "device": "pipekeras.core.device",
    "fit": "pipekeras.pipe",
    "name_scope": "pipekeras.layers.base.state",
    "predict": "pipekeras.pipe",
    "remat": "pipekeras.ops.rematerialization",
    "save": "pipekeras.pipe",
    "summary": "pipekeras.pipe",
}

__all__ = sorted([*_MODULES, *_NAMES, "version"])


def version() -> str:
    """Return the version of pipekeras."""
    return __version__


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        if _NAMES[name].startswith("pipekeras.graph."):
            # Whoever holds a tensor may compute with it: the operators come from there.
            importlib.import_module("pipekeras.ops")
        value = getattr(importlib.import_module(_NAMES[name]), name)
    elif name in _MODULES:
        value = importlib.import_module(f"pipekeras.{name}")
    elif name.startswith("__"):
        raise AttributeError(f"module 'pipekeras' has no attribute '{name}'")
    else:
        value = importlib.import_module("pipekeras.compatibility.older_modules").member("pipekeras", name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


older_places.install()
