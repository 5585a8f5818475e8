"""Ops of several results, of unknown batch, and without kernels as steps of a functional model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipekeras import Input, Model, ops
from pipekeras.saving import load_model

RANDOM = np.random.default_rng(0)
_TURN = np.array([1.1, 0.2, -1, 0.1, 0.9, 0.5, 0, 0], "float32")
_EYE = np.eye(4, dtype="float32")

CALLS: dict[str, tuple[tuple[int, ...], Callable[[Any], Any]]] = {
    "qr": ((4, 3), ops.qr),
    "singular values": ((4, 3), lambda x: ops.svd(x)[1]),
    "cholesky": ((4, 4), lambda x: ops.cholesky(ops.matmul(x, ops.transpose(x, (0, 2, 1))) + _EYE)),
    "slogdet": ((4, 4), ops.slogdet),
    "short Fourier transforms and back": ((20,), lambda x: ops.istft(ops.stft(x, 6, 3, 8), 6, 3, 8)),
    "complex numbers": ((4, 2), lambda x: ops.abs(ops.view_as_complex(x) * ops.view_as_complex(x))),
    "resized images": ((6, 7, 3), lambda x: ops.image.resize(x, (4, 9), "bicubic")),
    "turned images": ((6, 7, 3), lambda x: ops.image.affine_transform(x, _TURN)),
    "colours": ((4, 4, 3), lambda x: ops.image.hsv_to_rgb(ops.image.rgb_to_hsv(x))),
    "patches": ((6, 7, 3), lambda x: ops.image.extract_patches(x, 2)),
    "adaptive pools": ((7, 5, 3), lambda x: ops.adaptive_max_pool(x, 3)),
    "median": ((5, 3), lambda x: ops.median(x, axis=1)),
    "named axes": ((6, 3), lambda x: ops.rearrange(x, "b (h w) c -> b c h w", h=2)),
    "einsum": ((3, 3), lambda x: ops.einsum("bii,bij->bj", x, x)),
    "special functions": ((5,), lambda x: ops.erfinv(x) + ops.cbrt(x) + ops.i0(x) + ops.hypot(x, 2.0) + ops.sinc(x)),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_model_computes_what_the_op_computes_at_once(name: str) -> None:
    shape, function = CALLS[name]
    x = RANDOM.uniform(0.1, 0.9, (3, *shape)).astype("float32")
    inputs = Input(shape)
    made = function(inputs)
    model = Model(inputs, list(made) if isinstance(made, tuple) else made)
    found = model.predict(x, verbose=0)
    expected = function(x)
    pairs = zip(found, expected, strict=True) if isinstance(expected, tuple) else [(found, expected)]
    for ours, wanted in pairs:
        np.testing.assert_allclose(ours, np.asarray(wanted), atol=1e-5)


def test_ops_with_settings_before_their_tensors_are_saved_and_loaded(tmp_path: Any) -> None:
    inputs = Input((3, 3))
    squared = ops.einsum("bij,bjk->bik", inputs, inputs)
    model = Model(inputs, ops.rearrange(squared, "b (a c) d -> b a (c d)", a=3))
    x = RANDOM.normal(size=(2, 3, 3)).astype("float32")
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(load_model(tmp_path / "model.keras").predict(x, verbose=0), model.predict(x, verbose=0))


def test_mirrored_padding_leaves_an_unknown_batch_alone() -> None:
    assert ops.pad(Input((8,)), ((0, 0), (2, 1)), mode="reflect").shape == (None, 11)


def test_blocks_are_placed_where_a_tensor_says() -> None:
    inputs, start = Input((5,)), Input((), dtype="int32")
    made = ops.slice_update(inputs, ops.stack([start[0] * 0, start[0]]), np.zeros((2, 2), "float32"))
    assert made.shape == (None, 5)
    placed = ops.slice_update(np.ones((2, 5), "float32"), np.array([0, 9]), np.zeros((2, 2), "float32"))
    np.testing.assert_array_equal(np.asarray(placed), [[1, 1, 1, 0, 0]] * 2)


def test_long_sequences_are_searched_as_short_ones_are() -> None:
    sequence = np.sort(RANDOM.normal(size=200).astype("float32"))
    values = np.append(RANDOM.normal(size=50).astype("float32"), [np.nan, sequence[3]]).astype("float32")
    for side in ("left", "right"):
        for given in (sequence, sequence[:60]):
            found = np.asarray(ops.searchsorted(given, values, side))
            np.testing.assert_array_equal(found, np.searchsorted(given, values, side))
    numbers = RANDOM.integers(0, 300, (4, 50))
    for count in (20, 200):
        np.testing.assert_array_equal(np.asarray(ops.isin(numbers, np.arange(count))), np.isin(numbers, np.arange(count)))


def test_segments_of_an_unknown_number_of_rows() -> None:
    inputs, numbers = Input((3,)), Input((), dtype="int32")
    assert ops.segment_sum(inputs, numbers, 5).shape == ops.segment_max(inputs, numbers, 5).shape == (5, 3)
    rows, ids = RANDOM.normal(size=(6, 3)).astype("float32"), np.array([0, 4, -1, 4, 7, 0])
    expected = np.stack([rows[ids == number].sum(0) for number in range(5)])
    np.testing.assert_allclose(np.asarray(ops.segment_sum(rows, ids, 5)), expected, atol=1e-6)
