"""Files of weights that are looked at, changed and written anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import pipekeras as pk
from pipekeras import layers
from pipekeras.core.errors import ArgumentError, ConfigurationError, FileFormatError
from pipekeras.saving import KerasFileEditor


def model(*units: int) -> pk.Sequential:
    made = pk.Sequential([pk.Input((4,)), *(layers.Dense(count) for count in units)])
    made.compile("adam", "mse")
    return made


def test_weights_of_an_older_model_are_made_to_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = model(3, 2), model(3, 5, 2)
    old.save(tmp_path / "old.keras")
    editor = KerasFileEditor(tmp_path / "old.keras")
    assert editor.metadata is not None and editor.compare(old) == {"status": "success", "error_count": 0, "match_count": 6}
    found = editor.compare(new)
    assert found["status"] == "error" and "/layers/dense_2 of the model is missing" in capsys.readouterr().out
    editor.delete_object("layers/dense_1")
    editor.add_object("layers/dense_1", {"0": np.ones((3, 5), "float32")})
    editor.add_weights("layers/dense_1", {"1": np.zeros(5, "float32"), "odd": np.zeros(1)})
    editor.delete_weight("layers/dense_1", "odd")
    editor.add_object("layers/other", {"0": np.ones((5, 2), "float32"), "1": np.ones(2, "float32")})
    editor.rename_object("other", "dense_2")
    editor.delete_object("optimizer")
    editor.save(tmp_path / "new.weights.h5")
    KerasFileEditor(tmp_path / "new.weights.h5").summary()
    assert "      ├─ dense_1\n      │   ├─ 0: shape=(3, 5), dtype=float32" in capsys.readouterr().out
    new.load_weights(tmp_path / "new.weights.h5")
    np.testing.assert_array_equal(new.get_weights()[0], old.get_weights()[0])
    assert (new.get_weights()[4] == 1).all()


def test_what_can_not_be_is_refused(tmp_path: Path) -> None:
    model(3).save_weights(tmp_path / "a.weights.h5")
    editor = KerasFileEditor(tmp_path / "a.weights.h5")
    with pytest.raises(ArgumentError, match="no object 'nope'"):
        editor.delete_object("nope")
    with pytest.raises(ArgumentError, match="no weight '7'; it has 0, 1"):
        editor.delete_weight("layers/dense", "7")
    with pytest.raises(ArgumentError, match="already"):
        editor.add_object("layers/dense", {})
    with pytest.raises(ArgumentError, match="no name of an object"):
        editor.rename_object("dense", "../x")
    with pytest.raises(ArgumentError, match="holds no numbers"):
        editor.add_object("layers/b", {"0": np.array(["text"])})
    with pytest.raises(ConfigurationError, match=r"end in \.weights\.h5"):
        editor.save(tmp_path / "b.keras")
    with pytest.raises(ConfigurationError, match=r"\.keras or \.weights\.h5"):
        KerasFileEditor("x.txt")
    with pytest.raises(FileFormatError, match="no file"):
        KerasFileEditor(tmp_path / "none.keras")
