"""Learning rates over steps against real Keras."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import entries
from pipekeras.optimizers import schedules

CASES = [
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}),
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.9, "staircase": True}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 2, "staircase": True}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 20, "power": 2.0}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 9, "end_learning_rate": 0.01, "cycle": True}),
    ("PiecewiseConstantDecay", {"boundaries": [3, 11], "values": [1.0, 0.5, 0.1]}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 20, "alpha": 0.1}),
    ("CosineDecay", {"initial_learning_rate": 0.0, "decay_steps": 20, "warmup_target": 0.2, "warmup_steps": 5}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 5}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 5, "t_mul": 1.0, "m_mul": 0.8, "alpha": 0.2}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 4, "t_mul": 1.5, "m_mul": 0.9}),
]


@pytest.mark.parametrize(("name", "options"), CASES, ids=[f"{name}-{index}" for index, (name, _) in enumerate(CASES)])
def test_rates_are_those_of_keras(name, options):
    ours, theirs = getattr(schedules, name)(**options), getattr(keras.optimizers.schedules, name)(**options)
    for step in (0, 1, 4, 5, 12, 21, 39):
        expected = float(theirs(keras.ops.convert_to_tensor(step)))
        assert float(ours(np.int32(step))) == pytest.approx(expected, rel=2e-5, abs=1e-7), step
    config = schedules.serialize(ours)
    assert config["config"] == theirs.get_config()
    assert keras.optimizers.schedules.deserialize(config).get_config() == ours.get_config()
    assert schedules.deserialize(config).get_config() == ours.get_config()


def test_every_schedule_is_tested():
    assert {entry.name for entry in entries("schedule")} - {name for name, _ in CASES} <= {"LearningRateSchedule"} | _foreign()
    missing = [name for name in dir(keras.optimizers.schedules) if not name.startswith("_") and not hasattr(schedules, name)]
    assert missing == []


def _foreign():
    """Schedules that other tests of the same process registered."""
    return {entry.name for entry in entries("schedule") if not entry.value.__module__.startswith("pipekeras")}


def test_options_that_cannot_be():
    with pytest.raises(ConfigurationError, match="decay_steps of ExponentialDecay"):
        schedules.ExponentialDecay(0.1, 0, 0.5)
    with pytest.raises(ConfigurationError, match="3 values need 2 boundaries"):
        schedules.PiecewiseConstantDecay([1], [1.0, 0.5, 0.1])
