"""Names that Keras keeps in more than one place, or at the top, and what they do."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pytest

import pipekeras as pk
from pipekeras import layers, tree
from pipekeras.core.errors import ArgumentError, ConfigurationError, DataError, StateError

ELSEWHERE = [
    "models.load_model", "models.save_model", "utils.array_to_img", "utils.clear_session", "utils.get_source_inputs",
    "utils.image_dataset_from_directory", "utils.img_to_array", "utils.is_keras_tensor", "utils.load_img",
    "utils.plot_model", "utils.save_img", "utils.standardize_dtype", "utils.text_dataset_from_directory",
    "utils.timeseries_dataset_from_array", "Function", "KerasTensor", "device", "name_scope", "version",
]  # fmt: skip


@pytest.mark.parametrize("name", ELSEWHERE)
def test_the_name_is_there(name: str) -> None:
    found: Any = pk
    for part in name.split("."):
        assert part in dir(found)
        found = getattr(found, part)
    assert callable(found)


def test_a_wrong_name_is_refused() -> None:
    for module in (pk, pk.utils, pk.models):
        with pytest.raises(AttributeError, match="no attribute 'nowhere'"):
            module.nowhere  # noqa: B018


@pytest.mark.parametrize(
    ("sizes", "shares"), [((0.8, None), (8, 2)), ((None, 3), (7, 3)), ((4, 0.2), (4, 2)), ((0.5, 0.5), (5, 5))]
)
def test_split_dataset(sizes: tuple[Any, Any], shares: tuple[int, int]) -> None:
    data = {"x": np.arange(20).reshape(10, 2), "y": np.arange(10)}
    left, right = pk.utils.split_dataset(data, *sizes)
    assert (len(left), len(right)) == shares
    assert [int(item["y"]) for item in left] == list(range(shares[0]))
    assert [int(item["y"]) for item in right] == list(range(10 - shares[1], 10))
    assert next(iter(left))["x"].shape == (2,)


def test_split_dataset_by_chance_loses_nothing() -> None:
    left, right = pk.utils.split_dataset(pk.data.Dataset.range(10), left_size=6, shuffle=True, seed=3)
    first, second = [int(item) for item in left], [int(item) for item in right]
    assert sorted(first + second) == list(range(10))
    assert first != sorted(first)


@pytest.mark.parametrize("sizes", [(None, None), (1.5, None), (0, None), (11, None), (8, 3), ("a", None), (True, None)])
def test_split_dataset_refuses(sizes: tuple[Any, Any]) -> None:
    with pytest.raises(ArgumentError, match="split_dataset"):
        pk.utils.split_dataset(np.arange(10), *sizes)


def test_progress_can_go_to_the_log(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    model = pk.Sequential([pk.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    pk.config.disable_interactive_logging()
    try:
        with caplog.at_level(logging.INFO, logger="pipekeras"):
            model.fit(np.ones((4, 2)), np.ones(4), epochs=1, verbose=2)
    finally:
        pk.config.enable_interactive_logging()
    assert capsys.readouterr().out == ""
    assert any("loss: " in record.getMessage() for record in caplog.records)


def test_a_function_of_a_graph_begins_anywhere() -> None:
    inputs = pk.Input((3,))
    middle = layers.Dense(2, use_bias=False, kernel_initializer="ones")(inputs)
    tail = pk.Function(middle, {"sum": layers.Dense(1, use_bias=False, kernel_initializer="ones")(middle)})
    assert tail(np.array([[1.0, 2.0]]))["sum"].numpy().tolist() == [[3.0]]
    assert len(tail.inputs) == len(tail.outputs) == 1


def test_other_devices_are_refused() -> None:
    for name in ("/CPU:0", "cpu", "/device:CPU:0"):
        with pk.device(name):
            pass
    with pytest.raises(ConfigurationError, match="gpu"), pk.device("gpu:0"):
        pass


def nested_model() -> Any:
    inner = pk.Sequential([pk.Input((4,), name="rows"), layers.Dense(2, activation="relu", name="hidden")], name="inner")
    inputs = pk.Input((4,), name="x")
    return pk.Model(inputs, layers.add([inner(inputs), layers.Dense(2, name="side")(inputs)], name="sum"), name="outer")


def test_a_nested_model_is_drawn_with_its_layers() -> None:
    text = pk.utils.model_to_dot(nested_model(), expand_nested=True, show_layer_activations=True, show_dtype=True)
    assert '"inner/rows" -> "inner/hidden";' in text
    assert '"x" -> "inner/rows";' in text
    assert '"inner/hidden" -> "sum";' in text
    assert '"side" -> "sum";' in text
    assert "activation: relu" in text
    assert "dtype: float32" in text
    assert text.count("{") == text.count("}")


def test_drawing_says_what_it_wants(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ArgumentError, match="Graphviz"):
        pk.utils.plot_model(nested_model(), tmp_path / "model.png")
    with pytest.raises(ArgumentError, match="end it in"):
        pk.utils.plot_model(nested_model(), tmp_path / "model.txt")
    with pytest.raises(StateError, match="no shapes"):
        pk.utils.model_to_dot(pk.Sequential([layers.Dense(1)]))
    with pytest.raises(ConfigurationError, match="rankdir"):
        pk.utils.model_to_dot(nested_model(), rankdir="up")


@pytest.mark.parametrize(
    ("a", "b"), [([1], [1, 2]), ([1], (1,)), ({"a": 1}, {"b": 1}), ([1, [2]], [1, 2]), ({"a": [1]}, {"a": [1, 2]})]
)
def test_structures_that_differ(a: Any, b: Any) -> None:
    with pytest.raises(DataError, match="differ"):
        tree.assert_same_structure(a, b)
    with pytest.raises(DataError):
        tree.map_structure(lambda x, y: x, a, b)


def test_tree_as_keras_does(monkeypatch: pytest.MonkeyPatch) -> None:
    other = pytest.importorskip("keras").tree
    nested = {"b": [1, (2, 3)], "a": {"c": 4}}
    for name, arguments in (
        ("flatten", (nested,)),
        ("flatten_with_path", (nested,)),
        ("map_structure", (lambda x: x + 1, nested)),
        ("pack_sequence_as", (nested, [5, 6, 7, 8])),
        ("lists_to_tuples", (nested,)),
        ("traverse", (lambda x: -x if isinstance(x, int) else None, nested)),
        ("traverse", (lambda x: 0 if isinstance(x, tuple) else None, nested, False)),
        ("map_structure_up_to", ({"b": 0, "a": 0}, str, nested)),
        ("map_shape_structure", (len, {"x": (None, 3), "y": [(1,), (2, 3)]})),
        ("is_nested", (nested,)),
    ):
        assert getattr(tree, name)(*arguments) == getattr(other, name)(*arguments), name
    with pytest.raises(DataError, match="paths"):
        tree.assert_same_paths({"a": 1}, {"b": 1})
    with pytest.raises(DataError, match="leaves"):
        tree.pack_sequence_as([1, 2], [1])
    assert tree.traverse(lambda x: tree.MAP_TO_NONE if x == 1 else None, [1, 2]) == [None, 2]
