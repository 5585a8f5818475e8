"""Layers, losses, metrics, optimizers and the rest against real Keras, with random options, in processes of their own.

A process each keeps Keras' backend out of the other tests: PyTorch or TensorFlow answers op by op, where JAX would compile
every shape.
"""

from __future__ import annotations

import collections
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from pipekeras.core import registry, serialization

HERE = pathlib.Path(__file__).parent
PARTS = 4
LEAST = 600


def load(name: str) -> Any:
    """Return a module of this folder; the processes import it by its plain name."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
        assert spec is not None and spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


for _name in ("program", "layer_options", "sequence_programs", "program_data", "measure_programs"):
    load(_name)
layer_programs, other_programs = load("layer_programs"), load("other_programs")


def run(backend: str, part: int, parts: int) -> list[dict[str, Any]]:
    """Return what a process says of its share of the cases; one that Keras' backend ends goes on after that case."""
    results: list[dict[str, Any]] = []
    first = 0
    while True:
        done = subprocess.run(
            [sys.executable, str(HERE / "worker.py"), str(part), str(parts)],
            capture_output=True,
            text=True,
            env={**os.environ, "KERAS_BACKEND": backend, "OMP_NUM_THREADS": "1", "PARITY_FROM": str(first)},
        )
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        results += [line for line in lines if "case" in line]
        begun = [line for line in lines if "begun" in line]
        # TensorFlow ends the process in a few cases that PyTorch answers; with any other referee a signal would be ours.
        assert done.returncode == 0 or (done.returncode < 0 and begun and backend == "tensorflow"), done.stderr[-3000:]
        if done.returncode == 0:
            return results
        stopped = begun[-1]
        reason = f"Keras on {backend} ends the process with signal {-done.returncode}"
        results.append({"case": stopped["begun"], "wrong": None, "cannot": [reason]})
        first = stopped["index"] + 1


def judge(results: list[dict[str, Any]], record_property: Callable[[str, Any], None]) -> None:
    """Pass the counts on to the summary, and fail with every case that differs."""
    record_property("parity_cases", len(results))
    for result in results:
        for reason in result["cannot"]:
            record_property("parity_in_part", f"{result['case']}: {reason}")
    wrong = [f"{result['case']}\n    {result['wrong']}" for result in results if result["wrong"]]
    assert not wrong, f"{len(wrong)} of {len(results)} cases differ from Keras:\n" + "\n".join(wrong)


def everything() -> list[Any]:
    return [*layer_programs.programs(1), *other_programs.programs(1)]


@pytest.mark.parametrize("part", range(PARTS))
def test_as_keras_op_by_op(part: int, record_property: Callable[[str, Any], None]) -> None:
    backend = next((name for name in ("torch", "tensorflow") if importlib.util.find_spec(name) is not None), None)
    if backend is None:
        missing = len([program for program in everything() if program.referee == "torch"][part::PARTS])
        pytest.skip(f"neither PyTorch nor TensorFlow is installed, with which Keras answers fast enough: {missing} cases")
    judge(run(backend, part, PARTS), record_property)


def test_as_keras_on_jax(record_property: Callable[[str, Any], None]) -> None:
    judge(run("jax", 0, 1), record_property)


def test_there_are_enough_cases() -> None:
    assert len(everything()) + len(other_programs.INITIALIZERS) >= LEAST


def test_every_name_has_a_case_or_a_reason() -> None:
    covered = collections.defaultdict(set)
    for program in everything():
        covered[program.kind].add(program.name)
    covered["initializer"] |= {name for name, _, _ in other_programs.INITIALIZERS}
    reasons = {"layer": {**layer_programs.NOT_IN_KERAS, **layer_programs.INSIDE_OTHERS}, **other_programs.NOT_HERE}
    for kind in ("layer", "activation", "loss", "metric", "optimizer", "schedule", "constraint", "regularizer", "initializer"):
        serialization.fill(kind)
        ours = {
            entry.name
            for entry in registry.entries(kind)
            if entry.value.__module__.startswith("pipekeras.") and (kind == "activation" or isinstance(entry.value, type))
        }
        assert ours - covered[kind] - set(reasons.get(kind, {})) == set(), kind
