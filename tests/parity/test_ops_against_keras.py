"""keras.ops by name, signature and value; the values are those that record_ops.py has recorded from real Keras."""

from __future__ import annotations

import importlib.util
import inspect
import pathlib
import sys
from typing import Any

import numpy as np
import pytest

from pipekeras import ops, random
from pipekeras.graph.tensor import Tensor

HERE = pathlib.Path(__file__).parent
_spec = importlib.util.spec_from_file_location("record_ops", HERE / "record_ops.py")
assert _spec is not None and _spec.loader is not None
record_ops = importlib.util.module_from_spec(_spec)
sys.modules["record_ops"] = record_ops
_spec.loader.exec_module(record_ops)
CASES = record_ops.load_cases().CASES

NAMES = (HERE / "op_names.txt").read_text().split()
"""Every name below keras.ops of Keras 3.15, those of its groups too."""

OTHER_TYPES = {
    # JAX without 64 bits turns int64 into int32; we keep what was given.
    "int64": "int32",
    "float64": "float32",
}


def named(root: Any, name: str) -> Any:
    for piece in name.split("."):
        root = getattr(root, piece)
    return root


def test_every_name_is_there_with_keras_signature() -> None:
    keras = pytest.importorskip("keras")

    def plain(function: Any) -> list[Any]:
        return [(p.name, p.kind, p.default) for p in inspect.signature(function).parameters.values()]

    differing = [name for name in NAMES if plain(named(ops, name)) != plain(named(keras.ops, name))]
    assert len(NAMES) >= 600 and not differing


def test_every_name_of_random_is_there_with_keras_signature() -> None:
    keras = pytest.importorskip("keras")
    names = [name for name in dir(keras.random) if not name.startswith("_") and callable(getattr(keras.random, name))]
    for name in names:
        ours = inspect.signature(getattr(random, name)).parameters
        theirs = inspect.signature(getattr(keras.random, name)).parameters
        assert [(p.name, p.default) for p in ours.values() if p.kind is not p.VAR_KEYWORD] == [
            (p.name, p.default) for p in theirs.values() if p.kind is not p.VAR_KEYWORD
        ], name


@pytest.fixture(scope="module")
def recorded() -> dict[int, list[np.ndarray]]:
    found: dict[int, list[np.ndarray]] = {}
    with np.load(HERE / "op_results.npz", allow_pickle=False) as file:
        for key in file.files:
            number, name, _ = key.split("/")
            assert CASES[int(number)][0] == name, "op_cases.py has changed: run record_ops.py"
            found.setdefault(int(number), []).append(file[key])
    return found


def test_values_are_those_of_keras(recorded: dict[int, list[np.ndarray]]) -> None:
    assert len(CASES) > 1000
    covered = {name for name, _, _ in CASES}
    problems = []
    for number, (name, args, kwargs) in enumerate(CASES):
        ours = [np.asarray(item) for item in record_ops.flat(named(ops, name)(*args, **kwargs))]
        # A call whose result holds nothing, as the shape of a scalar, has no entry.
        theirs = recorded.get(number, [])
        where = f"{name} {[getattr(item, 'shape', item) for item in args]} {kwargs}"
        if [item.shape for item in ours] != [item.shape for item in theirs]:
            problems.append(f"{where}: shapes {[item.shape for item in ours]}, not {[item.shape for item in theirs]}")
            continue
        for found, expected in zip(ours, theirs, strict=True):
            if expected.dtype.kind in "US":
                if str(found) != str(expected):
                    problems.append(f"{where}: {found}, not {expected}")
                continue
            kind = str(found.dtype)
            if kind != str(expected.dtype) and OTHER_TYPES.get(kind, kind) != str(expected.dtype):
                problems.append(f"{where}: {kind}, not {expected.dtype}")
            # Halves that are rounded to whole colours may go either way.
            close = {"rtol": 2e-4, "atol": 1.0 if expected.dtype == np.uint8 else 2e-5, "equal_nan": True}
            if not np.allclose(found.astype("complex128"), expected.astype("complex128"), **close):
                problems.append(f"{where}: {found.ravel()[:4]}, not {expected.ravel()[:4]}")
    print(f"{len(CASES)} calls of {len(covered)} ops")
    assert not problems, "\n".join(problems)


KNOWN_ONLY_AT_ONCE = {"nonzero", "unique", "bincount", "convert_to_numpy", "size", "shape", "ndim", "dtype", "is_tensor"}
"""Ops whose result, or its shape, rests on the values."""


def test_shapes_and_types_are_known_before_the_values() -> None:
    count = 0
    for name, args, kwargs in CASES:
        places = [place for place, item in enumerate(args) if isinstance(item, np.ndarray) and item.dtype.kind == "f"]
        if name in KNOWN_ONLY_AT_ONCE or not places or (name == "where" and len(args) == 1):
            continue
        symbols = list(args)
        for place in places[:1]:
            symbols[place] = Tensor.symbolic(args[place].shape, str(args[place].dtype))
        expected = record_ops.flat(named(ops, name)(*args, **kwargs))
        found = record_ops.flat(named(ops, name)(*symbols, **kwargs))
        assert [(item.shape, item.dtype) for item in found] == [(item.shape, item.dtype) for item in expected], name
        count += 1
    assert count > 600


def test_factors_multiply_to_the_matrix() -> None:
    generator = np.random.default_rng(3)
    for shape in ((4, 4), (2, 3, 5), (5, 3)):
        x = generator.normal(size=shape).astype("float32")
        for mode in ("reduced", "complete"):
            q, r = (np.asarray(item) for item in ops.qr(x, mode))
            np.testing.assert_allclose(q @ r, x, atol=1e-5)
        for full in (True, False):
            u, s, v = (np.asarray(item) for item in ops.svd(x, full))
            count = s.shape[-1]
            np.testing.assert_allclose((u[..., :count] * s[..., None, :]) @ v[..., :count, :], x, atol=1e-5)
    x = generator.normal(size=(2, 4, 4)).astype("float32")
    values, vectors = (np.asarray(item) for item in ops.eigh(x))
    even = (x + np.swapaxes(x, -1, -2)) / 2
    np.testing.assert_allclose(even @ vectors, vectors * values[..., None, :], atol=1e-5)
    values, vectors = (np.asarray(item) for item in ops.eig(x))
    np.testing.assert_allclose(x @ vectors, vectors * values[..., None, :], atol=1e-4)


def test_derivatives_along_a_direction() -> None:
    keras = pytest.importorskip("keras")
    x, v = np.array([0.3, 1.2], "float32"), np.array([1.0, -2.0], "float32")

    def function(library: Any) -> Any:
        return lambda a: (library.sin(a) * a, library.sum(library.exp(a)))

    ours, theirs = ops.jvp(function(ops), (x,), (v,)), keras.ops.jvp(function(keras.ops), (x,), (v,))
    for found, expected in zip(record_ops.flat(ours), record_ops.flat(theirs), strict=True):
        np.testing.assert_allclose(np.asarray(found), np.asarray(expected), rtol=1e-5)


def test_partition_and_vectorize() -> None:
    x = np.random.default_rng(1).normal(size=(3, 9)).astype("float32")
    order = np.asarray(ops.argpartition(x, 4))
    rows = np.take_along_axis(x, order, -1)
    assert (rows[:, :4].max(-1) <= rows[:, 4]).all() and (rows[:, 5:].min(-1) >= rows[:, 4]).all()
    product = ops.vectorize(lambda a, b: ops.sum(a * b), signature="(n),(n)->()")(x, x[0])
    np.testing.assert_allclose(np.asarray(product), x @ x[0], rtol=1e-5)


def test_elastic_images_move_smoothly() -> None:
    image = np.linspace(0, 1, 20 * 20, dtype="float32").reshape(1, 20, 20, 1)
    np.testing.assert_allclose(np.asarray(ops.image.elastic_transform(image, alpha=0.0, seed=1)), image, atol=1e-6)
    moved = np.asarray(ops.image.elastic_transform(image, alpha=20.0, sigma=5.0, seed=1))
    again = np.asarray(ops.image.elastic_transform(image, alpha=20.0, sigma=5.0, seed=1))
    assert moved.shape == image.shape and (moved == again).all() and not np.allclose(moved, image, atol=1e-3)


def test_blur_with_channels_last_is_that_with_channels_first() -> None:
    images = np.random.default_rng(2).random((2, 6, 7, 3), "float32")
    first = ops.image.gaussian_blur(np.moveaxis(images, -1, 1), (3, 5), (1.0, 2.0), "channels_first")
    last = ops.image.gaussian_blur(images, (3, 5), (1.0, 2.0), "channels_last")
    np.testing.assert_allclose(np.asarray(last), np.moveaxis(np.asarray(first), 1, -1), atol=1e-6)
