"""What the documents say is run: the tours of the README, the stages in the architecture page, every docstring example."""

from __future__ import annotations

import doctest
import importlib
import os
import pkgutil
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def blocks(document: str, language: str) -> list[str]:
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)


def run(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=tempfile.gettempdir(),
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_readme_begins_with_the_two_commands() -> None:
    first = blocks("README.md", "sh")[0].split("\n")
    assert first[0].startswith("make demo") and first[1].startswith("make test")


def test_the_tour_in_the_language() -> None:
    (tour,) = blocks("README.md", "r")
    output = run("-m", "pipekeras.repl", "-e", tour)
    assert "accuracy" in output


def test_the_tour_in_python() -> None:
    (tour,) = blocks("README.md", "python")
    namespace: dict[str, object] = {}
    exec(tour, namespace)
    assert namespace["model"].output_shape == (None, 1)  # type: ignore[attr-defined]


STAGES = """
import numpy as np
from pipekeras import Input, Sequential
from pipekeras.layers import Dense
from pipekeras.optimizers import SGD
model = Sequential([Input((4,))]) | Dense(3, activation="relu") | Dense(1)
model.compile(SGD(0.1), "mse")
model.train_on_batch(np.ones((8, 4), "float32"), np.ones((8, 1), "float32"))
"""


def test_the_tree_and_the_layer_graph_are_what_is_shown() -> None:
    from pipekeras.grammar.nodes import Source
    from pipekeras.grammar.parse import parse_program

    from pipekeras import Input, Sequential
    from pipekeras.layers import Dense
    from pipekeras.models.summary import summary_text

    (tree,), (summary,) = blocks("docs/architecture.md", "tree"), blocks("docs/architecture.md", "summary")
    code = 'model %>% layer_dense(units = 3, activation = "relu")'
    assert repr(parse_program(Source("model.pk", code)).expressions[0]) == tree.strip()
    model = Sequential([Input((4,))]) | Dense(3, activation="relu") | Dense(1)
    shown = re.sub(r"\bdense_?\d*\b|sequential_?\d*", "name", summary_text(model, line_length=60))
    assert shown.split() == re.sub(r"\bdense_?\d*\b|sequential_?\d*", "name", summary).split()


def test_the_stages_are_what_is_printed() -> None:
    printed = run("-c", STAGES, PIPEKERAS_DEBUG="graph")
    for stage in blocks("docs/architecture.md", "text")[2:]:
        assert stage in printed


def test_the_layer_of_the_contributing_page() -> None:
    layer = blocks("CONTRIBUTING.md", "python")[0]
    code = "\n".join(line.removeprefix("   ") for line in layer.splitlines())
    check = "print(Scale(3.0)([1.0, 1.0]).numpy().tolist(), Scale(2.0).get_config()['initial'])"
    assert run("-c", f"{code}\n{check}") == "[3.0, 3.0] 2.0\n"


def modules() -> list[str]:
    import pipekeras

    names = []
    for package in ("pipekeras", "pipekeras.grammar", "pipekeras.repl"):
        path = importlib.import_module(package).__path__
        names += [info.name for info in pkgutil.walk_packages(path, f"{package}.") if not info.name.endswith("__main__")]
    return sorted({"pipekeras", *names, pipekeras.__name__})


@pytest.mark.parametrize("name", modules())
def test_docstring_examples(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module(name)
    monkeypatch.chdir(tmp_path)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    result = doctest.testmod(module, optionflags=flags)
    assert result.failed == 0
