"""Where the state of each part of a model lies in a file."""

from __future__ import annotations

from pipekeras import Input, layers, models
from pipekeras.saving.state_tree import states


def test_models_inside_of_models_lie_under_their_layers() -> None:
    for _ in range(5):
        inner = [models.Sequential([Input((2,)), layers.LayerNormalization(), layers.Dense(2)]) for _ in range(25)]
        entry = Input((2,))
        end = entry
        for model in inner:
            end = model(end)
        paths = [path for path, _ in states(models.Model(entry, end))]
        # Lists that properties make come and go at the same place in memory.
        assert [path for path in paths if "/_" in path or path.startswith("_")] == []
        assert sum(path.endswith("/dense") for path in paths) == 25
