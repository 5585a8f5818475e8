"""Configs: what Keras writes and reads, names that callers supply, and what a config must not do."""

from __future__ import annotations

import json
import sys

import keras
import numpy as np
import pytest

from pipekeras import initializers, layers, losses, optimizers
from pipekeras.core import serialization
from pipekeras.core.configurable import Configurable
from pipekeras.core.custom_objects import (
    custom_object_scope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from pipekeras.core.errors import ConfigurationError, FileFormatError


class Base(Configurable):
    def __init__(self, name=None, kind="plain"):
        self.name = name or "base"
        self.kind = kind


class Middle(Base):
    def __init__(self, size, *, factor=2, **kwargs):
        super().__init__(**kwargs)
        self.size = size * 10
        self._factor = factor


class Outer(Middle):
    def __init__(self, depth, **kwargs):
        super().__init__(depth + 1, **kwargs)
        self.depth = depth

    def get_config(self):
        return {"depth": self.depth, "rest": super().get_config()}


def test_a_constructor_is_its_own_config():
    made = Middle(3, kind="special")
    assert made.get_config() == {"name": "base", "kind": "special", "size": 30, "factor": 2}
    made.name = "renamed"
    assert made.get_config()["name"] == "renamed"
    assert Middle.from_config({"size": 1, "factor": 5}).get_config()["factor"] == 5


def test_an_overriding_subclass_gets_the_arguments_of_the_class_below():
    assert Outer(4, name="x").get_config() == {
        "depth": 4, "rest": {"name": "x", "kind": "plain", "size": 50, "factor": 2},
    }  # fmt: skip


@pytest.mark.parametrize("value", [
    None, 1, 2.5, "text", True, [1, [2, 3]], {"a": [1, {"b": 2}]}, b"bytes", slice(1, None, 2), ...,
], ids=repr)  # fmt: skip
def test_plain_values_come_back(value):
    written = json.loads(json.dumps(serialization.serialize(value)))
    assert serialization.deserialize(written) == value
    assert keras.saving.deserialize_keras_object(written) == value


def test_arrays_tensors_and_types():
    array = np.arange(4, dtype="float32").reshape(2, 2)
    np.testing.assert_array_equal(serialization.deserialize(serialization.serialize(array)), array)
    tensor = initializers.Constant(2.0)((2,))
    np.testing.assert_array_equal(serialization.deserialize(serialization.serialize(tensor)).numpy(), [2, 2])
    assert serialization.serialize(np.dtype("float64")) == "float64"
    assert serialization.serialize(np.float32(2.0)) == 2.0
    np.testing.assert_array_equal(keras.saving.deserialize_keras_object(serialization.serialize(array)), array)


def test_configs_look_as_keras_writes_them():
    for ours, theirs in (
        (initializers.HeNormal(), keras.initializers.HeNormal()),
        (losses.BinaryCrossentropy(from_logits=True), keras.losses.BinaryCrossentropy(from_logits=True)),
        (optimizers.schedules.CosineDecay(0.1, 10), keras.optimizers.schedules.CosineDecay(0.1, 10)),
        (losses.mean_squared_error, keras.losses.mean_squared_error),
    ):
        assert serialization.serialize(ours) == keras.saving.serialize_keras_object(theirs)


def test_configs_of_keras_2_are_read():
    assert isinstance(serialization.deserialize({"class_name": "Zeros", "config": {}}), initializers.Zeros)
    older = {"class_name": "Adam", "config": {"name": "Adam", "lr": 0.5, "beta_1": 0.8, "decay": 0.0}}
    assert serialization.deserialize(older, kind="optimizer").beta_1 == 0.8
    named = {"class_name": "CosineSimilarity", "config": {"axis": -1}}
    assert isinstance(serialization.deserialize(named, kind="loss"), losses.CosineSimilarity)
    moved = {"module": "keras.src.losses.losses", "class_name": "Huber", "config": {"delta": 3.0}, "registered_name": "Huber"}
    assert serialization.deserialize(moved).delta == 3.0


def test_own_classes_and_functions_come_from_the_caller_only():
    class Own(Configurable):
        def __init__(self, size):
            self.size = size

    config = serialization.serialize(Own(3))
    assert config["class_name"] == "Own" and config["config"] == {"size": 3}
    with pytest.raises(ConfigurationError, match="unknown class 'Own'") as caught:
        serialization.deserialize(config)
    assert "custom_objects" in caught.value.mend
    assert serialization.deserialize(config, {"Own": Own}).size == 3
    with custom_object_scope({"Own": Own}):
        assert serialization.deserialize(config).size == 3
    # Nested objects see the caller's names too.
    nested = serialization.deserialize({"class_name": "Constant", "config": {"value": config}}, {"Own": Own})
    assert nested.value.size == 3


def test_registered_names():
    @register_keras_serializable("tests", "Registered")
    class Registered(Configurable):
        def __init__(self, size=1):
            self.size = size

    assert get_registered_name(Registered) == "tests>Registered"
    assert get_registered_object("tests>Registered") is Registered
    config = serialization.serialize(Registered(4))
    assert config["registered_name"] == "tests>Registered"
    assert serialization.deserialize(config).size == 4
    del get_custom_objects()["tests>Registered"]
    with pytest.raises(ConfigurationError, match=r"no get_config"):
        register_keras_serializable()(type("Bare", (), {}))


def test_code_and_modules_in_a_config_are_refused():
    loaded = set(sys.modules)
    lambda_config = {"class_name": "__lambda__", "config": {"class_name": "__tuple__", "items": ["4wEAAA==", None, None]}}
    with pytest.raises(FileFormatError, match="never run"):
        serialization.deserialize(lambda_config)
    for module, name in (("os", "system"), ("antigravity", "geohash"), ("keras.src.utils", "get_file"), ("builtins", "exec")):
        with pytest.raises(ConfigurationError, match="unknown"):
            serialization.deserialize({"module": module, "class_name": name, "config": {"command": "x"}})
        with pytest.raises(ConfigurationError, match="unknown function"):
            serialization.deserialize({"module": module, "class_name": "function", "config": name})
    assert "antigravity" not in set(sys.modules) - loaded
    with pytest.raises(ConfigurationError, match="a lambda has no name"):
        serialization.serialize(lambda x: x)
    with pytest.raises(FileFormatError, match="unknown kind '__typespec__'"):
        serialization.deserialize({"class_name": "__typespec__", "config": {}})


def test_depth_is_bounded():
    config: dict = {"class_name": "Constant", "config": {"value": 0}}
    for _ in range(5000):
        config = {"class_name": "Constant", "config": {"value": config}}
    with pytest.raises(FileFormatError, match="levels deep"):
        serialization.deserialize(config, kind="initializer")
    listed: list = []
    for _ in range(5000):
        listed = [listed]
    with pytest.raises(FileFormatError, match="levels deep"):
        serialization.deserialize(listed)


def test_wrong_configs_are_told_plainly():
    with pytest.raises(ConfigurationError, match="can't be made from its config"):
        serialization.deserialize({"class_name": "Constant", "config": {"valu": 1}}, kind="initializer")
    with pytest.raises(FileFormatError, match="must be a mapping"):
        serialization.deserialize({"class_name": "Constant", "config": [1]}, kind="initializer")
    with pytest.raises(ConfigurationError, match="did you mean 'GlorotUniform'"):
        serialization.deserialize({"class_name": "GlorotUnifrom", "config": {}})
    with pytest.raises(ConfigurationError, match="no get_config"):
        serialization.serialize(object())


def test_shared_objects_stay_one():
    shared = initializers.RandomNormal(seed=1)
    with serialization.shared_objects():
        written = serialization.serialize([shared, shared, initializers.RandomNormal(seed=1)])
    assert written[0]["shared_object_id"] == written[1]["shared_object_id"]
    assert "shared_object_id" not in written[2]
    with serialization.shared_objects():
        first, second, third = serialization.deserialize(written)
    assert first is second and first is not third


def test_layers_are_written_and_read():
    dense = layers.Dense(3, activation="relu", kernel_initializer=initializers.Constant(0.5), kernel_regularizer="l2")
    config = json.loads(json.dumps(serialization.serialize(dense)))
    assert config["module"] == "keras.layers" and config["class_name"] == "Dense"
    back = serialization.deserialize(config)
    assert json.loads(json.dumps(back.get_config())) == config["config"]
    theirs = keras.saving.deserialize_keras_object(config)
    assert theirs.units == 3 and theirs.kernel_regularizer.l2 == pytest.approx(0.01)
