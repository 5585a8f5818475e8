"""Attention as one op: the kernel against its reference and against small ops, gradients against finite differences, the
layers against real Keras.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipekeras import layers, ops
from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.graph.gradient import gradient
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.runtime.executable import Executable

CASES = {
    "plain": ((2, 5, 3, 4), (2, 7, 3, 4), (2, 7, 3, 6), {}),
    "long": ((1, 70, 2, 20), (1, 300, 2, 20), (1, 300, 2, 17), {}),
    "causal": ((2, 40, 1, 4), (2, 35, 1, 4), (2, 35, 1, 4), {"is_causal": True}),
    "causal_long": ((1, 150, 1, 4), (1, 150, 1, 4), (1, 150, 1, 4), {"is_causal": True}),
    "bias": ((2, 5, 3, 4), (2, 7, 3, 4), (2, 7, 3, 4), {"bias": (1, 3, 5, 7)}),
    "mask": ((2, 5, 3, 4), (2, 7, 3, 4), (2, 7, 3, 4), {"mask": (2, 1, 5, 7)}),
    "padding": ((2, 5, 3, 4), (2, 7, 3, 4), (2, 7, 3, 4), {"mask": (2, 1, 1, 7)}),
    "all": ((2, 20, 2, 4), (2, 20, 2, 4), (2, 20, 2, 4), {"is_causal": True, "bias": (2, 1, 20, 20), "mask": (20, 20)}),
    "groups": ((2, 5, 4, 3), (2, 6, 2, 3), (2, 6, 2, 3), {"scale": 0.3}),
}


def arrays_of(name: str, dtype: str = "float64") -> tuple[list[np.ndarray], dict[str, Any]]:
    """Return queries, keys, values, bias and mask where there are, and the other options."""
    *shapes, options = CASES[name]
    rng = np.random.default_rng(3)
    arrays = [rng.standard_normal(shape).astype(dtype) for shape in shapes]
    options = dict(options)
    if "bias" in options:
        arrays.append(rng.standard_normal(options["bias"]).astype(dtype))
        options["bias"] = True
    if "mask" in options:
        mask = rng.random(options["mask"]) < 0.6
        mask[(0,) * (mask.ndim - 1)] = False  # the first query sees nothing
        arrays.append(mask)
        options["mask"] = True
    return arrays, options


def attend(tensors: Any, options: dict[str, Any]) -> Any:
    options = dict(options)
    rest = list(tensors[3:])
    if options.pop("bias", False):
        options["bias"] = rest.pop(0)
    if options.pop("mask", False):
        options["mask"] = rest.pop(0)
    return ops.dot_product_attention(*tensors[:3], **options)


def plain(arrays: list[np.ndarray], options: dict[str, Any]) -> np.ndarray:
    """Return the same in NumPy, by the formula."""
    q, k, v, *rest = arrays
    k, v = (np.repeat(item, q.shape[2] // item.shape[2], axis=2) for item in (k, v))
    scores = np.einsum("btnh,bsnh->bnts", q, k) * options.get("scale", q.shape[3] ** -0.5)
    seen = np.ones(scores.shape, bool)
    if options.get("bias"):
        scores = scores + rest.pop(0)
    if options.get("mask"):
        seen &= rest.pop(0)
    if options.get("is_causal"):
        seen &= np.tril(np.ones(scores.shape[-2:], bool))
    scores = np.where(seen, scores, -0.7 * np.finfo(q.dtype).max)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return np.einsum("bnts,bsnh->btnh", weights / weights.sum(-1, keepdims=True), v)


def compiled(function: Any, arrays: list[np.ndarray]) -> list[np.ndarray]:
    graph, _ = trace(function, [Tensor.symbolic(array.shape, str(array.dtype)) for array in arrays])
    executable = Executable(graph, arrays)
    assert not [name for name in executable.host_operations if "attention" in name]
    executable.run()
    return executable.outputs


@pytest.mark.parametrize(("name", "dtype"), [*((name, "float64") for name in CASES), ("plain", "float32"), ("all", "float32")])
def test_kernel_and_reference_follow_the_formula(name: str, dtype: str) -> None:
    arrays, options = arrays_of(name, dtype)
    expected = plain([array.astype("float64") if array.dtype == np.float32 else array for array in arrays], options)
    tolerance = 3e-6 if dtype == "float32" else 1e-13
    np.testing.assert_allclose(attend(arrays, options).numpy(), expected, rtol=tolerance, atol=tolerance)
    (found,) = compiled(lambda *tensors: attend(tensors, options), arrays)
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", [name for name in CASES if "long" not in name])
def test_gradients_agree_with_finite_differences(name: str) -> None:
    arrays, options = arrays_of(name)
    weights = np.cos(np.arange(float(attend(arrays, options).numpy().size)))
    floats = [index for index, array in enumerate(arrays) if array.dtype == np.float64]

    def slopes(*tensors: Tensor) -> Any:
        loss = ops.sum(ops.reshape(attend(tensors, options), (-1,)) * weights)
        return gradient(loss, [tensors[index] for index in floats])

    for index, found in zip(floats, compiled(slopes, arrays), strict=True):
        array = arrays[index]
        for place in np.random.default_rng(5).permutation(array.size)[:8]:
            kept = array.flat[place]
            sides = []
            for step in (1e-6, -1e-6):
                array.flat[place] = kept + step
                sides.append(float(np.sum(plain(arrays, options).ravel() * weights)))
            array.flat[place] = kept
            assert found.flat[place] == pytest.approx((sides[0] - sides[1]) / 2e-6, rel=2e-5, abs=1e-7)


@pytest.mark.parametrize("name", ["long", "causal_long"])
def test_gradients_of_long_sequences_equal_the_reference(name: str) -> None:
    arrays, options = arrays_of(name)

    def slopes(*tensors: Tensor) -> Any:
        return gradient(ops.sum(ops.sin(attend(tensors, options))), list(tensors))

    graph, _ = trace(slopes, [Tensor.symbolic(array.shape, "float64") for array in arrays])
    from pipekeras.runtime.host import HostCall

    executable = Executable(graph, arrays)
    executable.run()
    # The references alone, node by node.
    values: dict[int, np.ndarray] = {id(item): array for item, array in zip(graph.inputs, arrays, strict=True)}
    from pipekeras.passes.order import ordered, roots

    for node in ordered(roots(graph)):
        if node.operation is not None:
            operands = [values.get(id(item), item.data) for item in node.inputs]
            values[id(node)] = np.asarray(node.operation.reference(*operands, **node.attributes))
    assert not any(isinstance(part, HostCall) for part in executable.work)
    for found, output in zip(executable.outputs, graph.outputs, strict=True):
        np.testing.assert_allclose(found, values[id(output)], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", ["plain", "bias", "all"])
def test_second_derivatives_agree_with_finite_differences(name: str) -> None:
    arrays, options = arrays_of(name)
    floats = [index for index, array in enumerate(arrays) if array.dtype == np.float64]

    def first(*tensors: Tensor) -> Any:
        found = gradient(ops.sum(ops.sin(attend(tensors, options))), [tensors[index] for index in floats])
        total: Any = 0.0
        for item in found:
            total = total + ops.sum(ops.square(item))
        return total

    def second(*tensors: Tensor) -> Any:
        return gradient(first(*tensors), [tensors[index] for index in floats])

    exact = compiled(second, arrays)
    for index, found in zip(floats, exact, strict=True):
        array = arrays[index]
        for place in np.random.default_rng(6).permutation(array.size)[:3]:
            kept = array.flat[place]
            sides = []
            for step in (1e-5, -1e-5):
                array.flat[place] = kept + step
                sides.append(float(compiled(first, arrays)[0]))
            array.flat[place] = kept
            assert found.flat[place] == pytest.approx((sides[0] - sides[1]) / 2e-5, rel=1e-5, abs=1e-6)


def test_narrow_types_and_wide_heads_are_composed() -> None:
    arrays = [np.random.default_rng(7).standard_normal((1, 3, 1, 4)).astype("float16") for _ in range(3)]
    found = ops.dot_product_attention(*arrays)
    assert found.dtype == "float16"
    wide = [array.astype("float32") for array in arrays]
    np.testing.assert_allclose(found.numpy(), ops.dot_product_attention(*wide).numpy(), atol=4e-3)
    heads = [np.random.default_rng(7).standard_normal((1, 3, 1, 300)) for _ in range(3)]
    np.testing.assert_allclose(ops.dot_product_attention(*heads).numpy(), plain(heads, {}), rtol=1e-12)


def test_what_does_not_fit_is_told() -> None:
    ones = np.ones((1, 3, 2, 4), "float32")
    for wrong in (np.ones((1, 3, 3, 4)), np.ones((2, 3, 2, 4)), np.ones((3, 2, 4))):
        with pytest.raises(ShapeError, match="dot_product_attention"):
            ops.dot_product_attention(ones, wrong.astype("float32"), wrong.astype("float32"))
    with pytest.raises(ShapeError, match="mask"):
        ops.dot_product_attention(ones, ones, ones, mask=np.ones((5, 5), bool))
    with pytest.raises(ArgumentError, match="TPU"):
        ops.dot_product_attention(ones, ones, ones, attn_logits_soft_cap=1.0)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("build", [
    lambda: layers.MultiHeadAttention(2, 5, value_dim=3, use_gate=True),
    lambda: layers.GroupQueryAttention(5, 4, 2),
    lambda: layers.Attention(use_scale=True),
])  # fmt: skip
def test_layers_agree_with_the_weights_that_they_show(build: Any, masked: bool, causal: bool) -> None:
    rng = np.random.default_rng(8)
    query, value = (rng.standard_normal((2, 6, 4)).astype("float32") for _ in range(2))
    layer = build()
    keywords: dict[str, Any] = {"use_causal_mask": causal}
    if isinstance(layer, layers.Attention):
        arguments: Any = ([query, value],)
        if masked:
            keywords["mask"] = [np.array([[True] * 5 + [False]] * 2), np.array([[True] * 4 + [False] * 2] * 2)]
    else:
        arguments = (query, value)
        if masked:
            keywords["attention_mask"] = np.tril(np.ones((2, 6, 6), bool))[:, ::-1][:, ::-1]
    at_once = layer(*arguments, **keywords)
    shown, weights = layer(*arguments, return_attention_scores=True, **keywords)
    np.testing.assert_allclose(at_once.numpy(), shown.numpy(), rtol=2e-5, atol=1e-6)
    np.testing.assert_allclose(weights.numpy().sum(-1), 1.0, rtol=1e-5)


def test_real_keras_attends_alike() -> None:
    keras = pytest.importorskip("keras")
    rng = np.random.default_rng(9)
    query, value = (rng.standard_normal((2, length, 8)).astype("float32") for length in (6, 9))
    ours, theirs = layers.MultiHeadAttention(2, 4), keras.layers.MultiHeadAttention(2, 4)
    ours(query, value), theirs(query, value)
    ours.set_weights(theirs.get_weights())
    mask = rng.random((2, 6, 9)) < 0.6
    mask[0, 0] = False
    for keywords in ({}, {"use_causal_mask": True}, {"attention_mask": mask}):
        np.testing.assert_allclose(
            ours(query, value, **keywords).numpy(), np.asarray(theirs(query, value, **keywords)), rtol=2e-4, atol=2e-6
        )
