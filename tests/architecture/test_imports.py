"""The house's floors: imports go down only, and starting costs little."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FLOORS = {
    "core": 0,
    "graph": 1,
    "ops": 2,
    "random": 2,
    "tree": 2,
    "passes": 3,
    "runtime": 4,
    "nn": 3,
    "activations": 3,
    "constraints": 3,
    "initializers": 3,
    "losses": 3,
    "metrics": 3,
    "optimizers": 3,
    "quantizers": 3,
    "regularizers": 3,
    "utils": 5,
    "datasets": 3,
    "layers": 4,
    "config": 5,
    "dtype_policies": 4,
    "mixed_precision": 5,
    "data": 5,
    "preprocessing": 6,
    "applications": 8,
    "backend": 9,
    "compatibility": 9,
    "callbacks": 7,
    "distillation": 7,
    "distribution": 1,
    "visualization": 5,
    "models": 6,
    "saving": 7,
    "pipe": 8,
}
"""Height of each part of pipekeras/; a module may import its own floor's part and lower floors when it loads."""

PACKAGES = {"pipekeras": ROOT / "pipekeras", "grammar": ROOT / "grammar", "repl": ROOT / "repl"}


def imports(path: Path, only_at_load: bool) -> Iterator[str]:
    """Names of the modules that a file imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and only_at_load:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    inner.lazy = True  # type: ignore[union-attr]
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    inner.lazy = True  # type: ignore[union-attr]
    for node in ast.walk(tree):
        if getattr(node, "lazy", False):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files(package: str) -> list[Path]:
    return sorted(path for path in PACKAGES[package].rglob("*.py"))


@pytest.mark.parametrize("path", files("pipekeras"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_runtime_knows_no_language(path: Path) -> None:
    assert not [name for name in imports(path, False) if name.startswith(("pipekeras.grammar", "pipekeras.repl"))]


@pytest.mark.parametrize("path", files("grammar"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_language_knows_no_shell(path: Path) -> None:
    assert not [name for name in imports(path, False) if name.startswith("pipekeras.repl")]


def part_of(path: Path) -> str:
    inner = path.relative_to(PACKAGES["pipekeras"])
    return inner.parts[0].removesuffix(".py")


@pytest.mark.parametrize(
    "path",
    [path for path in files("pipekeras") if part_of(path) != "__init__"],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_floors(path: Path) -> None:
    own = part_of(path)
    assert own in FLOORS, f"give the new part '{own}' a floor"
    for name in imports(path, True):
        pieces = name.split(".")
        if pieces[0] == "pipekeras" and len(pieces) > 1 and pieces[1] in FLOORS and pieces[1] != own:
            assert FLOORS[pieces[1]] <= FLOORS[own], f"{path.name} on floor '{own}' imports '{name}' from above"


def test_every_folder_is_packaged() -> None:
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    found = set()
    for package, folder in PACKAGES.items():
        prefix = "pipekeras" if package == "pipekeras" else f"pipekeras.{package}"
        for init in folder.rglob("__init__.py"):
            inner = init.parent.relative_to(folder)
            found.add(".".join([prefix, *inner.parts]))
    assert listed == found


def python(code: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *options, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tempfile.gettempdir(),
        env={**os.environ, **environment},
    )


def test_importing_the_package_is_cheap() -> None:
    run = python("import pipekeras", "-X", "importtime")
    rows = [line.rsplit("|", 2) for line in run.stderr.splitlines() if line.count("|") == 2 and "imported" not in line]
    modules = {name.strip(): int(cumulative) for _, cumulative, name in rows}
    assert modules["pipekeras"] < 300_000
    assert not {"numba", "llvmlite", "numpy", "h5py", "rich", "lark", "prompt_toolkit", "yaml"} & set(modules)


def test_a_variable_alone_has_its_operators() -> None:
    done = python("import pipekeras; print(float(pipekeras.Variable(1.0).assign_add(2.0) * 2.0))")
    assert done.stdout == "6.0\n", done.stderr


def test_a_calculation_in_the_language_loads_no_compiler() -> None:
    code = """
import sys
import tempfile
from pipekeras.repl.command import main
sys.argv = ["pipekeras", "-e", "1+1"]
try:
    main()
except SystemExit:
    pass
print(sorted({"numba", "llvmlite", "h5py", "rich", "lark", "prompt_toolkit", "yaml", "pipekeras.layers"} & set(sys.modules)))
"""
    assert python(code).stdout == "[1] 2\n[]\n"


FIT = """
import sys, numpy as np
from pipekeras import Sequential, layers
from pipekeras.runtime import compiler
x, y = np.ones((70, 5), "float32"), np.zeros(70, "int32")
first = layers.Dense(6, activation="relu", input_shape=(5,))
model = Sequential([first, layers.Dropout(0.1), layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=2, batch_size=32, verbose=0, validation_split=0.2)
model.predict(x, verbose=0)
print(compiler.compilations(), "numba" in sys.modules)
"""


def test_a_warm_process_compiles_nothing(tmp_path: Path) -> None:
    cold = python(FIT, PIPEKERAS_CACHE=str(tmp_path)).stdout.split()
    assert int(cold[0]) > 0 and cold[1] == "True"
    assert python(FIT, PIPEKERAS_CACHE=str(tmp_path)).stdout == "0 False\n"
