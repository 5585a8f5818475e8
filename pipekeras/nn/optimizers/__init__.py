"""Optimizers: how gradients become steps."""

from __future__ import annotations

from typing import Any

from pipekeras.core import serialization
from pipekeras.core.errors import ConfigurationError
from pipekeras.nn.lookup import resolve
from pipekeras.nn.optimizers.adafactor import Adafactor
from pipekeras.nn.optimizers.adagrad import Adadelta, Adagrad
from pipekeras.nn.optimizers.adam import Adam, AdamW
from pipekeras.nn.optimizers.adamax import Adamax
from pipekeras.nn.optimizers.base import Optimizer
from pipekeras.nn.optimizers.ftrl import Ftrl
from pipekeras.nn.optimizers.lamb import Lamb
from pipekeras.nn.optimizers.lion import Lion
from pipekeras.nn.optimizers.loss_scale import LossScaleOptimizer
from pipekeras.nn.optimizers.multi import MultiOptimizer, OptimizerMap
from pipekeras.nn.optimizers.muon import Muon
from pipekeras.nn.optimizers.nadam import Nadam
from pipekeras.nn.optimizers.rmsprop import RMSprop
from pipekeras.nn.optimizers.schedule_free import ScheduleFreeAdamW
from pipekeras.nn.optimizers.sgd import SGD

__all__ = [
    "SGD",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Ftrl",
    "Lamb",
    "Lion",
    "LossScaleOptimizer",
    "MultiOptimizer",
    "Muon",
    "Nadam",
    "Optimizer",
    "OptimizerMap",
    "RMSprop",
    "ScheduleFreeAdamW",
    "deserialize",
    "get",
    "serialize",
]


def serialize(optimizer: Any) -> Any:
    """Return the config of an optimizer, without its state.

    >>> serialize(SGD(0.5, name="descent"))["config"]["learning_rate"]
    0.5
    """
    return serialization.serialize(optimizer)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Make an optimizer from its config.

    Args:
        config: dict, what `serialize` returned.
        custom_objects: dict of name to class, for optimizers of your own.

    >>> deserialize({"class_name": "Adam", "config": {"lr": 0.5}}).learning_rate.numpy()
    array(0.5, dtype=float32)
    """
    if isinstance(config, dict) and isinstance(config.get("class_name"), str):
        spelt = {entry.lower(): entry for entry in __all__[:-3]}
        config = {**config, "class_name": spelt.get(config["class_name"].lower(), config["class_name"])}
    return serialization.deserialize(config, custom_objects, kind="optimizer")


def get(identifier: Any) -> Any:
    """Return the optimizer that an identifier stands for; None stays None.

    Args:
        identifier: str such as "adam" or "RMSprop", dict, class, Optimizer or None.

    Raises:
        ConfigurationError: There is no such optimizer.

    >>> type(get("rmsprop")).__name__
    'RMSprop'
    """
    if identifier is None:
        return None
    found = deserialize(identifier) if isinstance(identifier, dict) else resolve("optimizer", identifier)
    if not isinstance(found, Optimizer):
        raise ConfigurationError(f"{identifier!r} is no optimizer", mend="give a name such as 'adam', or an Optimizer")
    return found
