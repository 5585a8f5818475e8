"""Layers of the user's that say themselves how they are built, and those that would write files of their own."""

from __future__ import annotations

import pathlib
from typing import Any

import numpy as np
import pytest

import pipekeras as pk
from pipekeras import layers


class Sized(layers.Layer):
    built_from: Any = None

    def build(self, input_shape: Any) -> None:
        self.w = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="w")

    def get_build_config(self) -> dict[str, Any]:
        return {"input_shape": (None, 7), "more": "told"}

    def build_from_config(self, config: dict[str, Any]) -> None:
        self.built_from = config
        self.build(config["input_shape"])

    def call(self, inputs: Any) -> Any:
        return inputs * self.w


@pytest.mark.parametrize("functional", [False, True])
def test_a_layer_is_built_by_its_own_rule(tmp_path: pathlib.Path, functional: bool) -> None:
    start = pk.Input((7,))
    model = pk.Model(start, Sized()(start)) if functional else pk.Sequential([Sized()])
    model(np.ones((1, 7)))
    model.save(tmp_path / "m.keras")
    again = pk.models.load_model(tmp_path / "m.keras", custom_objects={"Sized": Sized})
    assert again.layers[-1].built_from["more"] == "told"


def test_files_of_a_layer_are_passed_over_with_a_warning(tmp_path: pathlib.Path) -> None:
    class Keeps(layers.Layer):
        def save_assets(self, folder: str) -> None:
            raise AssertionError("nothing is written beside the model")

        def call(self, inputs: Any) -> Any:
            return inputs

    model = pk.Sequential([pk.Input((2,)), Keeps()])
    with pytest.warns(UserWarning, match=r"Keeps\.save_assets\(\) is passed over"):
        model.save(tmp_path / "m.keras")
