"""Models: layers joined into something that can be trained, saved and shown."""

from __future__ import annotations

import importlib
from typing import Any

from pipekeras.layers.core.input_layer import Input
from pipekeras.models.cloning import clone_model
from pipekeras.models.freezing import freeze_weights, unfreeze_weights
from pipekeras.models.functional import Functional
from pipekeras.models.model import Model, model_from_config, model_from_json, model_from_yaml
from pipekeras.models.sequential import Sequential

__all__ = [
    "Functional",
    "Input",
    "Model",
    "Sequential",
    "clone_model",
    "freeze_weights",
    "load_model",
    "model_from_config",
    "model_from_json",
    "model_from_yaml",
    "save_model",
    "unfreeze_weights",
]


def __getattr__(name: str) -> Any:
    # Files are a floor above; Keras has the two names in both places.
    if name not in ("load_model", "save_model"):
        raise AttributeError(f"module 'pipekeras.models' has no attribute '{name}'")
    return getattr(importlib.import_module("pipekeras.saving"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
