"""Models: layers joined into something that can be trained, saved and shown."""

from __future__ import annotations

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
    "model_from_config",
    "model_from_json",
    "model_from_yaml",
    "unfreeze_weights",
]
