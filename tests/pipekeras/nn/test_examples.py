"""The examples in the docstrings of losses, metrics, optimizers and the rest run and print what they say."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import pytest

import pipekeras.nn
from pipekeras.core.registry import entries

MODULES = [
    "pipekeras.core.serialization",
    "pipekeras.core.custom_objects",
    "pipekeras.ops.ordering",
    "pipekeras.ops.ctc",
    *sorted(module.name for module in pkgutil.walk_packages(pipekeras.nn.__path__, "pipekeras.nn.")),
]
KINDS = ("activation", "initializer", "regularizer", "constraint", "loss", "metric", "optimizer", "schedule")


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.failed == 0


@pytest.mark.parametrize("kind", KINDS)
def test_everything_public_is_documented_with_an_example(kind):
    for module in MODULES:
        importlib.import_module(module)
    own = [entry for entry in entries(kind) if entry.value.__module__.startswith("pipekeras")]
    assert own
    for entry in own:
        documentation = inspect.getdoc(entry.value) or ""
        assert ">>>" in documentation, entry.name
        constructor = entry.value.__init__ if isinstance(entry.value, type) else entry.value
        for parameter in inspect.signature(constructor).parameters.values():
            if parameter.kind == parameter.VAR_KEYWORD or parameter.name in ("self", "args", "x", "w", "y_true", "y_pred"):
                continue
            if "Args:" in documentation:
                assert f"{parameter.name}:" in documentation, f"{entry.name}.{parameter.name}"
        assert "{common}" not in documentation
