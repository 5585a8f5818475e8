"""Columns of tables as tensors; numbers are Keras 3.15's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import Model, data, layers, saving
from pipekeras.core.errors import ArgumentError, ConfigurationError, StateError
from pipekeras.utils import FeatureSpace

COLUMNS = {
    "plain": np.array([0.1, 0.2, 0.3, 0.4], "float32"),
    "even": np.array([1.0, 5.0, 7.0, 9.0], "float32"),
    "text": np.array(["a", "b", "a", "c"]),
    "whole": np.array([0, 3, 2, 1]),
    "hashed": np.array(["x", "y", "z", "w"]),
    "bins": np.array([0.1, 5.2, 3.3, 9.9], "float32"),
    "scaled": np.array([1.0, 2.0, 3.0, 4.0], "float32"),
}
EXPECTED = {
    "bins": [[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 1]],
    "even": [[-1.521], [-0.169], [0.507], [1.183]],
    "hashed": [[0, 0, 1], [0, 0, 1], [0, 1, 0], [0, 0, 1]],
    "scaled": [[3], [5], [7], [9]],
    "text": [[0, 1, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0]],
    "text_X_whole": np.eye(8)[[3, 0, 1, 3]],
    "whole": [[0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],
}


def _space(output_mode: str) -> Any:
    return FeatureSpace(
        {
            "plain": "float",
            "even": FeatureSpace.float_normalized(),
            "text": "string_categorical",
            "whole": FeatureSpace.integer_categorical(num_oov_indices=0),
            "hashed": FeatureSpace.string_hashed(num_bins=3),
            "bins": FeatureSpace.float_discretized(num_bins=3),
            "scaled": FeatureSpace.float_rescaled(scale=2.0, offset=1.0),
        },
        output_mode=output_mode,
        crosses=[("text", "whole")],
        crossing_dim=8,
    )


def _adapted(output_mode: str) -> Any:
    space = _space(output_mode)
    space.adapt(data.Dataset.from_tensor_slices(COLUMNS))
    return space


def test_each_column_by_its_kind() -> None:
    space = _adapted("dict")
    found = space(COLUMNS)
    # As with Keras, combinations follow the columns.
    assert list(found) == [*sorted(COLUMNS), "text_X_whole"]
    for name, expected in EXPECTED.items():
        np.testing.assert_allclose(np.asarray(found[name]), expected, atol=1e-3)
    row = space({name: values[1] for name, values in COLUMNS.items()})
    np.testing.assert_allclose(np.asarray(row["even"]), [-0.169], atol=1e-3)
    assert {name: value.dtype for name, value in space.get_inputs().items()}["text"] == "string"


def test_one_tensor_in_files_and_models(tmp_path: Any) -> None:
    space = _adapted("concat")
    whole = np.asarray(space(COLUMNS))
    assert whole.shape == (4, 25)
    batches = data.Dataset.from_tensor_slices(COLUMNS).batch(2).map(space)
    np.testing.assert_allclose(np.concatenate([np.asarray(batch) for batch in batches]), whole, atol=1e-6)
    space.save(tmp_path / "space.keras")
    np.testing.assert_allclose(np.asarray(saving.load_model(tmp_path / "space.keras")(COLUMNS)), whole, atol=1e-6)
    encoded = space.get_encoded_features()
    assert encoded.shape == (None, 25)
    after = Model(encoded, layers.Dense(1)(encoded))
    model = Model(space.get_inputs(), after(encoded))
    np.testing.assert_allclose(model.predict(COLUMNS, verbose=0), after.predict(whole, verbose=0), atol=1e-5)


def test_what_makes_no_sense_is_told() -> None:
    with pytest.raises(StateError, match="learnt nothing"):
        _space("concat")(COLUMNS)
    with pytest.raises(ArgumentError, match="data set"):
        _space("concat").adapt(COLUMNS)
    with pytest.raises(ConfigurationError, match="unknown kind"):
        FeatureSpace({"a": "number"})
    with pytest.raises(ConfigurationError, match="no feature"):
        FeatureSpace({"a": "float"}, crosses=[("a", "b")])
    with pytest.raises(ConfigurationError, match="at least one"):
        FeatureSpace({})
    assert np.asarray(FeatureSpace({"a": "float"})({"a": 3.0})).tolist() == [3.0]


def test_texts_of_a_data_set_in_one_axis_are_texts() -> None:
    space = FeatureSpace({"text": "string_categorical"}, output_mode="dict")
    rows = data.Dataset.from_tensor_slices({"text": np.array(["a", "b", "a"])}).batch(3)
    space.adapt(rows)
    for batch in rows:
        assert space(batch)["text"].shape == (3, 3)
