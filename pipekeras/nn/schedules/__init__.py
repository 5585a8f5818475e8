"""Learning rates that change with the step."""

from __future__ import annotations

from typing import Any

from pipekeras.core import serialization
from pipekeras.nn.schedules.base import LearningRateSchedule
from pipekeras.nn.schedules.cosine import CosineDecay, CosineDecayRestarts
from pipekeras.nn.schedules.decays import ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay

__all__ = [
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "deserialize",
    "serialize",
]


def serialize(learning_rate_schedule: LearningRateSchedule) -> Any:
    """Return the config of a schedule.

    >>> serialize(PiecewiseConstantDecay([5], [1.0, 0.1]))["class_name"]
    'PiecewiseConstantDecay'
    """
    return serialization.serialize(learning_rate_schedule)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Make a schedule from its config.

    Args:
        config: dict, what `serialize` returned.
        custom_objects: dict of name to class, for schedules of your own.

    >>> config = {"class_name": "PiecewiseConstantDecay", "config": {"boundaries": [5], "values": [1.0, 0.1]}}
    >>> float(deserialize(config)(7))
    0.10000000149011612
    """
    return serialization.deserialize(config, custom_objects, kind="schedule")
