"""The attention kernels on every vector width, and the same bits for any number of threads and place in a batch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras.runtime.executor import Program
from pipekeras.runtime.kernels.attention import Attention, attention_command, attention_gradient_command
from pipekeras.runtime.target import Target


def placed(array: np.ndarray) -> tuple[Any, list[int]]:
    return array, [stride // array.itemsize for stride in array.strides[:3]]


def padded(array: np.ndarray, width: int) -> tuple[Any, list[int]]:
    """Bias or mask with queries as neighbours, filled up to whole panels."""
    batch, heads, queries, keys = array.shape
    result = np.zeros((batch, heads, keys, -(-queries // width) * width), array.dtype)
    result[..., :queries] = np.swapaxes(array, 2, 3)
    address, (of_batch, of_head, of_key) = placed(result)
    return address, [of_batch if batch > 1 else 0, of_head if heads > 1 else 0, of_key]


def run(s: Attention, data: dict[str, np.ndarray], target: Target | None, threads: int = 1) -> dict[str, np.ndarray]:
    """Results and gradients of one attention."""
    width = 2 * (target.lanes(data["q"].itemsize) if target else s.width // 2)
    out, statistics = np.empty_like(data["g"]), np.empty((s.batch, s.heads, 2, s.queries), s.dtype)
    bias, mask = (padded(data[name], width) if name in data else None for name in ("bias", "mask"))
    q, k, v = (placed(data[name]) for name in "qkv")
    found = {"out": out, **{f"d{name}": np.full_like(data[name], np.nan) for name in "qkv"}}
    commands = [attention_command(s, q, k, v, placed(out), statistics, bias, mask, target)]
    tensors = {"q": q, "k": k, "v": v, "g": placed(data["g"]), **{name: placed(array) for name, array in found.items()}}
    commands.append(attention_gradient_command(s, tensors, statistics, bias, mask, target))
    for command in commands:
        command.threads = threads
    Program(commands, threads=threads).run()
    return found


def expected(s: Attention, data: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    wide = {name: array.astype("float64") if array.dtype != bool else array for name, array in data.items()}
    q, k, v, g = (wide[name] for name in "qkvg")
    scores = np.einsum("btnh,bsnh->bnts", q, k) * s.scale + wide.get("bias", 0.0)
    seen = np.logical_and(np.tril(np.ones(scores.shape, bool)) if s.causal else True, wide.get("mask", True))
    scores = np.where(seen, scores, -1e30)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    slopes = np.einsum("btnh,bsnh->bnts", g, v)
    slopes = np.where(seen, weights * (slopes - (slopes * weights).sum(-1, keepdims=True)), 0) * s.scale
    return {
        "out": np.einsum("bnts,bsnh->btnh", weights, v),
        "dq": np.einsum("bnts,bsnh->btnh", slopes, k),
        "dk": np.einsum("bnts,btnh->bsnh", slopes, q),
        "dv": np.einsum("bnts,btnh->bsnh", weights, g),
    }


def random_data(s: Attention, *names: str) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    shapes = {"q": (s.queries, s.depth), "k": (s.keys, s.depth), "v": (s.keys, s.values), "g": (s.queries, s.values)}
    data = {
        name: rng.standard_normal((s.batch, rows, s.heads, columns)).astype(s.dtype) for name, (rows, columns) in shapes.items()
    }
    if "bias" in names:
        data["bias"] = rng.standard_normal((1, s.heads, s.queries, s.keys)).astype(s.dtype)
    if "mask" in names:
        data["mask"] = rng.random((s.batch, 1, s.queries, s.keys)) < 0.7
        data["mask"][0, 0, 0] = False
    return data


@pytest.mark.parametrize(("sizes", "causal", "names"), [
    ((1, 2, 70, 150, 20, 7), False, ()),
    ((2, 2, 33, 140, 16, 24), True, ("bias", "mask")),
])  # fmt: skip
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_width_follows_the_formula(target: Target, dtype: str, sizes: Any, causal: bool, names: Any) -> None:
    if dtype == "float64" and target.vector_bits != 256:
        pytest.skip("one width shows the wide type")
    s = Attention(*sizes, dtype, 0.3, causal)
    data = random_data(s, *names)
    tolerance = 4e-6 if dtype == "float32" else 1e-13
    found, wanted = run(s, data, target), expected(s, data)
    for name, array in wanted.items():
        np.testing.assert_allclose(found[name], array, rtol=tolerance, atol=tolerance * 4, err_msg=name)


def test_threads_and_places_change_no_bit() -> None:
    s = Attention(3, 2, 70, 140, 16, 16, "float32", 0.25)
    data = random_data(s, "bias")
    one = run(s, data, None)
    for threads in (2, 3):
        other = run(s, data, None, threads)
        for name, array in one.items():
            np.testing.assert_array_equal(array, other[name])
    # Queries moved by one place find the same values: each lane is by itself.
    fewer = Attention(3, 2, 69, 140, 16, 16, "float32", 0.25)
    moved = {name: array[:, 1:] if name in "qg" else array for name, array in data.items()}
    moved["bias"] = data["bias"][:, :, 1:]
    later = run(fewer, {name: np.ascontiguousarray(array) for name, array in moved.items()}, None)
    np.testing.assert_array_equal(later["out"], one["out"][:, 1:])
    np.testing.assert_array_equal(later["dq"], one["dq"][:, 1:])
