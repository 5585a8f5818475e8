"""The Python examples run from the shell and reach what they promise."""

import re
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def run(name, folder):
    done = subprocess.run(
        [sys.executable, EXAMPLES / name], cwd=folder, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def number_after(label, text):
    return float(re.search(rf"{label}:? ([\d.]+)", text).group(1))


def test_digits(tmp_path):
    output = run("digits.py", tmp_path)
    assert number_after("Test accuracy", output) >= 0.96
    assert "Epoch 30/30" in output and "Total params: 17226" in output.replace(",", "")
    assert len(re.findall(r"^41/41 \[={30}\] - \d+s \d+[mu]?s/step - loss: .* - val_accuracy: [\d.]+$", output, re.M)) == 30


def test_iris(tmp_path):
    output = run("iris.py", tmp_path)
    assert number_after("Test accuracy", output) >= 0.9
    assert re.search(r"is setosa \(\d+%\)", output)


def test_two_inputs(tmp_path):
    output = run("two_inputs.py", tmp_path)
    results = dict(re.findall(r"'(\w+)': ([\d.]+)", output))
    assert set(results) == {"loss", "price_loss", "sold_loss", "sold_accuracy"}
    assert float(results["price_loss"]) < 0.2 and float(results["sold_accuracy"]) > 0.85


def test_custom_layer(tmp_path):
    output = run("custom_layer.py", tmp_path)
    assert "The same after loading: True" in output
    accuracies = [float(value) for value in re.findall(r"accuracy: ([\d.]+)", output)]
    assert len(accuracies) == 20 and accuracies[-1] > 0.85


def test_every_python_example_is_tested():
    tested = {f"{name.removeprefix('test_')}.py" for name in globals() if name.startswith("test_")}
    assert {path.name for path in EXAMPLES.glob("*.py")} <= tested


