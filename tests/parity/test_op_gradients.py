"""Derivatives of the ops, compositions too, against finite differences on the calls of op_cases.py."""

from __future__ import annotations

import importlib.util
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from pipekeras import GradientTape, ops
from pipekeras.graph.tensor import Tensor

HERE = pathlib.Path(__file__).parent
_spec = importlib.util.spec_from_file_location("record_ops", HERE / "record_ops.py")
assert _spec is not None and _spec.loader is not None
record_ops = importlib.util.module_from_spec(_spec)
sys.modules["record_ops"] = record_ops
_spec.loader.exec_module(record_ops)

STEP = 1e-6
PLACES = 5
"""How many elements of each input are moved."""

HELD_CONSTANT = {"stop_gradient": (0,)}
"""Arguments that an op does not differentiate."""


def doubled(value: Any) -> Any:
    """Return float arrays as float64 that lie row by row."""
    if isinstance(value, np.ndarray) and value.dtype == np.float32:
        return np.ascontiguousarray(value, np.float64)
    if isinstance(value, list | tuple):
        return type(value)(doubled(item) for item in value)
    return value


def is_leaf(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == np.float64 and 0 < value.size <= 400


def leaves_of(value: Any) -> Iterator[np.ndarray]:
    if is_leaf(value):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from leaves_of(item)


def replaced(value: Any, new: Iterator[Any]) -> Any:
    if is_leaf(value):
        return next(new)
    return type(value)(replaced(item, new) for item in value) if isinstance(value, list | tuple) else value


def outputs(op: Any, args: Any, kwargs: Any, leaves: list[Any]) -> list[Tensor]:
    new = iter(leaves)
    given = [replaced(item, new) for item in args]
    named = {name: replaced(item, new) for name, item in kwargs.items()}
    results = record_ops.flat(op(*given, **named))
    return [item for item in results if isinstance(item, Tensor) and item.dtype == "float64"]


def test_derivatives_equal_finite_differences() -> None:
    generator = np.random.default_rng(0)
    done: dict[str, int] = {}
    problems: list[str] = []
    kinks = moved = 0
    for name, raw_args, raw_kwargs in record_ops.load_cases().CASES:
        if done.get(name, 0) == 2:
            continue
        args, kwargs = [doubled(item) for item in raw_args], {key: doubled(item) for key, item in raw_kwargs.items()}
        leaves = [leaf for item in [*args, *kwargs.values()] for leaf in leaves_of(item)]
        if not leaves or not all(np.isfinite(leaf).all() for leaf in leaves):
            continue
        op: Any = ops
        for piece in name.split("."):
            op = getattr(op, piece)
        base = outputs(op, args, kwargs, leaves)
        if not base or not all(np.isfinite(np.asarray(item)).all() for item in base):
            continue
        done[name] = done.get(name, 0) + 1
        weights = [generator.normal(size=item.shape) for item in base]  # type: ignore[arg-type]

        def total(given: list[Any], op: Any = op, args: Any = args, kwargs: Any = kwargs, weights: Any = weights) -> Tensor:
            parts = [ops.sum(item * w) for item, w in zip(outputs(op, args, kwargs, given), weights, strict=True)]
            return sum(parts[1:], parts[0])

        tensors = [Tensor(leaf.copy()) for leaf in leaves]
        with GradientTape() as tape:
            value = total(tensors)
        slopes = tape.gradient(value, tensors)
        middle = float(value)
        for number, (leaf, slope) in enumerate(zip(leaves, slopes, strict=True)):
            if number in HELD_CONSTANT.get(name, ()):
                assert slope is None or not np.asarray(slope).any()
                continue
            found = np.zeros(leaf.shape) if slope is None else np.asarray(slope)
            assert found.shape == leaf.shape, name
            flat = leaf.reshape(-1)
            for place in generator.permutation(flat.size)[:PLACES]:
                kept = flat[place]
                flat[place] = kept + STEP
                above = (float(total(leaves)) - middle) / STEP
                flat[place] = kept - STEP
                below = (middle - float(total(leaves))) / STEP
                flat[place] = kept
                moved += 1
                if not np.isclose(above, below, rtol=1e-3, atol=1e-3):
                    # A kink or a step lies here; there is no derivative to compare with.
                    kinks += 1
                elif not np.isclose((above + below) / 2, found.reshape(-1)[place], rtol=2e-4, atol=2e-5):
                    problems.append(f"{name} {kwargs}: {found.reshape(-1)[place]}, not {(above + below) / 2}")
    print(f"{len(done)} ops, {moved} derivatives, {kinks} of them at kinks")
    assert not problems, "\n".join(problems)
    assert len(done) > 220 and kinks < moved // 50
