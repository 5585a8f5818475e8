"""Models as the manual of Keras 1 writes them: branches that a Merge layer joins, convolutions by rows and columns."""

from __future__ import annotations

import pathlib
from typing import Any

import numpy as np
import pytest

import pipekeras as pk
from pipekeras import backend as K
from pipekeras.core.errors import ArgumentError, StateError
from pipekeras.layers import (
    AtrousConvolution1D,
    AtrousConvolution2D,
    Conv2D,
    Convolution2D,
    Convolution3D,
    Dense,
    Merge,
)
from pipekeras.models import Sequential
from pipekeras.utils.np_utils import to_categorical

X = [np.linspace(-1, 1, 18).reshape(6, 3), np.linspace(0, 2, 30).reshape(6, 5)]
Y = np.linspace(0, 1, 6)[:, None]

pytestmark = pytest.mark.filterwarnings("ignore:.*called as in Keras 1")


def branches(units: int = 4) -> list[Any]:
    return [Sequential([Dense(units, input_dim=3)]), Sequential([Dense(units, input_dim=5)])]


MODES: list[tuple[dict[str, Any], int]] = [
    ({"mode": "sum"}, 4), ({"mode": "concat", "concat_axis": 1}, 8), ({"mode": "mul"}, 4), ({"mode": "ave"}, 4),
    ({"mode": "max"}, 4), ({"mode": "dot", "dot_axes": 1}, 1), ({"mode": "cos", "dot_axes": 1}, 1),
    ({"mode": lambda both: both[0] - both[1]}, 4),
    ({"mode": lambda both: both[0] - both[1], "output_shape": lambda shapes: shapes[0]}, 4),
]  # fmt: skip


@pytest.mark.parametrize(("options", "width"), MODES)
def test_a_stack_begins_with_branches(options: dict[str, Any], width: int) -> None:
    left, right = branches()
    model = Sequential()
    model.add(Merge([left, right], **options))
    assert model.output_shape == (None, width) and model.input_shape == [(None, 3), (None, 5)]
    model.add(Dense(1))
    model.compile("sgd", "mse", metrics=["mae"])
    before = left.get_weights()[0]
    history = model.fit(X, Y, batch_size=4, nb_epoch=2, validation_data=(X, Y), verbose=0).history
    assert sorted(history) == ["loss", "mae", "val_loss", "val_mae"]
    assert not np.array_equal(before, left.get_weights()[0])
    np.testing.assert_allclose(model(X).numpy(), model.predict(X, verbose=0), rtol=1e-5)


def test_branches_are_kept_in_files_and_taken_off(tmp_path: pathlib.Path) -> None:
    model = Sequential([Merge(branches(), mode="concat"), Dense(2), Dense(1)])
    for name in ("model.keras", "model.h5"):
        model.save(tmp_path / name)
        again = pk.models.load_model(tmp_path / name)
        np.testing.assert_array_equal(again.predict(X, verbose=0), model.predict(X, verbose=0))
    assert pk.models.clone_model(model).output_shape == (None, 1)
    model.pop()
    assert model.output_shape == (None, 2) and model.count_params() == 40 + 18
    model.pop()
    model.pop()
    with pytest.raises(StateError, match="no output shape"):
        model.output_shape  # noqa: B018


def test_branches_of_branches() -> None:
    inner = Sequential([Merge(branches(), mode="sum")])
    model = Sequential([Merge([inner, Sequential([Dense(2, input_dim=2)])], mode="concat"), Dense(1)])
    model.compile("sgd", "mse")
    model.fit([*X, np.ones((6, 2))], Y, verbose=0)
    assert model.output_shape == (None, 1) and len(model.inputs) == 3
    assert Sequential([inner, Dense(1)]).input_shape == [(None, 3), (None, 5)]


def test_a_metric_may_give_several_values_by_name() -> None:
    def false_rates(y_true: Any, y_pred: Any) -> dict[str, Any]:
        return {"false_neg": y_true * (1 - y_pred), "false_pos": (1 - y_true) * y_pred}

    model = Sequential([Dense(1, input_dim=3, activation="sigmoid")])
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy", false_rates])
    history = model.fit(X[0], Y, batch_size=4, epochs=20, verbose=0, validation_data=(X[0], Y)).history
    assert list(history)[:4] == ["loss", "accuracy", "false_neg", "false_pos"] and len(history["val_false_pos"]) == 20
    shares = model.predict(X[0], verbose=0)
    found = model.evaluate(X[0], Y, verbose=0, return_dict=True)
    assert found["false_neg"] == pytest.approx(float((Y * (1 - shares)).mean()), rel=1e-5)
    assert found["false_pos"] == pytest.approx(float(((1 - Y) * shares).mean()), rel=1e-5)


def test_kernels_by_rows_and_columns() -> None:
    plain = Convolution2D(8, 3, 5, "uniform", "relu", border_mode="same", subsample=(2, 1))
    assert type(plain) is Conv2D and isinstance(plain, Convolution2D)
    assert (plain.kernel_size, plain.strides, plain.padding) == ((3, 5), (2, 1), "same")
    assert plain.activation is pk.activations.relu
    assert Convolution2D(8, (3, 5)).kernel_size == (3, 5) and Convolution2D(8, 3).kernel_size == (3, 3)
    assert Convolution3D(2, 3, 4, 5).kernel_size == (3, 4, 5)
    wide = AtrousConvolution2D(6, 3, 3, atrous_rate=(2, 2), border_mode="valid", input_shape=(25, 25, 3))
    assert Sequential([wide]).output_shape == (None, 21, 21, 6)
    long = AtrousConvolution1D(64, 3, atrous_rate=2, border_mode="same", input_shape=(10, 32))
    assert Sequential([long]).output_shape == (None, 10, 64)
    with pytest.raises(ArgumentError, match="without names"):
        Convolution2D(8, 3, 3, *range(9))


def test_the_order_of_axes_under_its_older_name() -> None:
    assert K.image_dim_ordering() == "tf"
    try:
        K.set_image_dim_ordering("th")
        assert (K.image_dim_ordering(), K.image_data_format()) == ("th", "channels_first")
        assert Sequential([Convolution2D(4, 3, 3, input_shape=(3, 8, 9))]).output_shape == (None, 4, 6, 7)
    finally:
        K.set_image_dim_ordering("tf")
    assert to_categorical([1, 0], 2).tolist() == [[0.0, 1.0], [1.0, 0.0]]
