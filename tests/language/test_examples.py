"""The examples in the language run from the shell and reach what they promise."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def run(name: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pipekeras.repl", str(EXAMPLES / name)],
        cwd=folder, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def accuracy(text: str) -> float:
    found = re.search(r"Test accuracy: ([\d.]+)", text)
    assert found is not None, text[-500:]
    return float(found.group(1))


def test_digits(tmp_path: Path) -> None:
    output = run("digits.pk", tmp_path)
    assert accuracy(output) >= 0.96
    assert "Epoch 30/30" in output and "Total params: 17226" in output.replace(",", "")


def test_iris(tmp_path: Path) -> None:
    output = run("iris.pk", tmp_path)
    assert accuracy(output) >= 0.9
    assert "virginica" in output


def test_two_inputs(tmp_path: Path) -> None:
    output = run("two_inputs.pk", tmp_path)
    assert "Connected to" in output
    names, values = (line.split() for line in output.rstrip("\n").split("\n")[-2:])
    results = dict(zip(names, map(float, values), strict=True))
    assert {"loss", "stars_loss", "helped_loss", "helped_accuracy"} <= set(results)
    assert results["stars_loss"] < 0.5 and results["helped_accuracy"] > 0.8


def test_custom_layer(tmp_path: Path) -> None:
    output = run("custom_layer.pk", tmp_path)
    assert "Weights of the custom layer: 32 64" in output
    found = re.search(r"accuracy: ([\d.]+)", output)
    assert found is not None and float(found.group(1)) > 0.8


def test_every_example_is_tested() -> None:
    tested = {f"{name.removeprefix('test_')}.pk" for name in globals() if name.startswith("test_")}
    assert {path.name for path in EXAMPLES.glob("*.pk")} <= tested
