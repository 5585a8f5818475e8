"""A policy for each layer's path."""

from __future__ import annotations

import numpy as np
import pytest

from pipekeras import Input, Sequential, config, dtype_policies, layers, saving
from pipekeras.core.errors import ConfigurationError, FileFormatError
from pipekeras.dtype_policies import DTypePolicyMap


def test_keys_are_paths_or_expressions_for_whole_paths():
    policies = DTypePolicyMap("float32", {"encoder/dense": "bfloat16", "encoder/.*": "float16", "decoder": "bfloat16"})
    found = [policies[path].name for path in ("encoder/dense", "encoder/query", "decoder", "decoder/query")]
    assert found == ["bfloat16", "float16", "bfloat16", "float32"]
    assert ("encoder/query" in policies, len(policies), next(iter(policies))) == (False, 3, "encoder/dense")
    policies["encoder/q.*"] = "bfloat16"
    with pytest.raises(ConfigurationError, match="several keys"):
        policies["encoder/query"]
    with pytest.raises(ConfigurationError, match="already"):
        policies["decoder"] = "float16"
    with pytest.raises(ConfigurationError, match="another one"):
        DTypePolicyMap(policies)


def test_layers_take_the_types_of_their_paths(tmp_path):
    policies = DTypePolicyMap("float32", {"net/attention/query": "bfloat16", "net/out": "mixed_bfloat16"})
    attention = layers.MultiHeadAttention(1, 2, dtype=policies, name="attention")
    sequence = Input((2, 3))
    from pipekeras import Model

    model = Model(sequence, layers.Dense(1, dtype=policies, name="out")(attention(sequence, sequence)), name="net")
    assert attention.path == "attention"
    outside = {variable.path: variable.dtype for variable in model.weights}
    assert outside["attention/query/kernel"] == "float32"

    stack = Sequential([Input((3,)), layers.Dense(2, dtype=policies, name="out")], name="net")
    dense = stack.layers[0]
    assert (dense.path, dense.compute_dtype, dense.variable_dtype) == ("net/out", "bfloat16", "float32")
    assert stack(np.ones((1, 3), "float32")).dtype == "bfloat16"
    assert dense.dtype_policy is policies
    stack.save(tmp_path / "net.keras")
    again = saving.load_model(tmp_path / "net.keras")
    assert again.layers[0].dtype_policy == policies
    assert again.layers[0].compute_dtype == "bfloat16"
    dense.dtype_policy = "float32"
    assert (dense.compute_dtype, policies["net/out"].name) == ("float32", "float32")


def test_a_map_can_be_the_policy_of_the_process():
    policies = DTypePolicyMap("float32", {".*out": "bfloat16"})
    config.set_dtype_policy(policies)
    try:
        out, other = layers.Dense(1, name="out"), layers.Dense(1)
        out.build((None, 2)), other.build((None, 2))
    finally:
        config.set_dtype_policy(None)
    assert (out.kernel.dtype, other.kernel.dtype) == ("bfloat16", "float32")


def test_configs_come_back_and_dear_expressions_of_files_are_refused():
    policies = DTypePolicyMap("bfloat16", {"a/.*": "float32"})
    described = dtype_policies.serialize(policies)
    assert (described["module"], described["class_name"]) == ("keras.dtype_policies", "DTypePolicyMap")
    assert dtype_policies.deserialize(described) == policies
    for pattern in ("(a+)+b", "(?=a*)*", "a*a*a*a*b", r"(a)\1"):
        described["config"]["policy_map"] = {pattern: "float32"}
        with pytest.raises(FileFormatError, match="very long"):
            dtype_policies.get(described)
