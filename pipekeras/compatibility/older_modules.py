"""Modules of Keras 1, Keras 2 and tf.keras that are elsewhere today, each made of today's when it is imported."""

from __future__ import annotations

import functools
import importlib
import types
from importlib.machinery import ModuleSpec
from typing import Any

from pipekeras.compatibility.naming import read_table, resolve
from pipekeras.compatibility.older_table import MODULES, NAMES
from pipekeras.core.errors import did_you_mean

_ROOT = "pipekeras."
# tf.keras under any of the paths that scripts reach it by.
_TF_KERAS = ("compatibility.tensorflow.keras.", "compatibility.tensorflow.python.keras.", "api._v2.keras.")


@functools.cache
def _modules() -> dict[str, list[str]]:
    """What each module of older Keras is made of: names of today's modules, asked one after the other."""
    table: dict[str, list[str]] = {}
    for line in MODULES.splitlines():
        names, equal_sign, sources = line.partition(" = ")
        if equal_sign:
            for name in names.split():
                table[name] = [_ROOT + source for source in sources.split()]
    return table


def _plain(module: str) -> str:
    inner = module.removeprefix(_ROOT)
    for prefix in _TF_KERAS:
        if inner.startswith(prefix):
            return inner.removeprefix(prefix)
    return inner


def _sources(module: str) -> list[str] | None:
    name = _plain(module)
    if name in _modules():
        return _modules()[name]
    if name != module.removeprefix(_ROOT):
        return [_ROOT + name]
    return [] if any(other.startswith(name + ".") for other in _modules()) else None


class OlderModule(types.ModuleType):
    """A module of older Keras: its names are looked up in today's modules when they are asked for."""

    def __getattr__(self, name: str) -> Any:
        value = member(self.__name__, name)
        self.__dict__[name] = value
        return value

    def __dir__(self) -> list[str]:
        return _listed(self.__name__)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Keras 1 had a function where Keras 2 has a module: `merge`."""
        function = resolve(self.__name__, read_table(NAMES)[f"{_plain(self.__name__)}.__call__"])
        return function(*args, **kwargs)


class _Loader:
    @staticmethod
    def create_module(spec: ModuleSpec) -> types.ModuleType:
        return OlderModule(spec.name, "A module of older Keras, made of today's.")

    @staticmethod
    def exec_module(module: types.ModuleType) -> None:
        """Nothing is to be run."""


def specification(module: str) -> ModuleSpec | None:
    """Return how a module of older Keras is imported; None where there was none."""
    if module.startswith(__name__) or _sources(module) is None:
        return None
    return ModuleSpec(module, _Loader, is_package=True)  # type: ignore[arg-type]


def _today(source: str) -> Any:
    module, _, part = source.partition(":")
    found: Any = importlib.import_module(module)
    # Asked by its own function: the part's name may stand for the older module by now.
    return found.__getattr__(part) if part else found


def _own(module: str) -> list[str]:
    prefix = _plain(module) + "."
    return [name.removeprefix(prefix) for name in read_table(NAMES) if name.startswith(prefix) and not name.endswith("__")]


def _listed(module: str) -> list[str]:
    names = set(_own(module))
    for source in _sources(module) or ():
        found = _today(source)
        names.update(getattr(found, "__all__", None) or (name for name in vars(found) if not name.startswith("_")))
    return sorted(name for name in names if "." not in name)


def member(module: str, name: str) -> Any:
    """Return what a name in a module of older Keras stands for.

    Raises:
        AttributeError: the module had no such name; says which one may have been meant.
    """
    if name == "__all__":
        return _listed(module)
    if name.startswith("__"):
        raise AttributeError(f"module '{module}' has no attribute '{name}'")
    target = read_table(NAMES).get(f"{_plain(module)}.{name}")
    if target is not None:
        return resolve(f"{module}.{name}", target)
    sources = _sources(module)
    for source in sources or ():
        if source != module:
            try:
                return getattr(_today(source), name)
            except AttributeError:
                continue
    if _sources(f"{module}.{name}") is not None and _plain(f"{module}.{name}") in _known_below():
        return importlib.import_module(f"{module}.{name}")
    hint = did_you_mean(name, _listed(module)) if sources else ""
    raise AttributeError(f"module '{module}' has no attribute '{name}'" + (f"; {hint}" if hint else ""))


@functools.cache
def _known_below() -> frozenset[str]:
    """All modules of the table, with those that they lie in."""
    known: set[str] = set()
    for name in _modules():
        pieces = name.split(".")
        known.update(".".join(pieces[:count]) for count in range(1, len(pieces) + 1))
    return frozenset(known)
