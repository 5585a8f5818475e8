"""Functions that are seen only once a program asks for their package: `library(lubridate)` or `lubridate::period`.

Most functions of packages are seen from the start. Those in `attached/` have names that programs without the package
would rather have for themselves (`set`, `key`, `n`, `comma`), or are the rarer siblings. A file is named as its
package, or begins with its name and a hyphen: `lubridate.R`, `lubridate-spans.R`; one of several packages has their names
with a plus between them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.library import cut, evaluated
from pipekeras.grammar.nodes import Symbol
from pipekeras.grammar.values import Promise

FOLDER = Path(__file__).parent / "attached"


@cache
def files() -> dict[str, list[Path]]:
    """The files of every package that has some."""
    found: dict[str, list[Path]] = {}
    for path in sorted(FOLDER.glob("*.R")):
        for package in path.stem.partition("-")[0].split("+"):
            found.setdefault(package, []).append(path)
    return found


@cache
def definitions_of(package: str) -> dict[str, tuple[str, str, int]]:
    """What a package defines here: the file, the text and the line of each name."""
    found: dict[str, tuple[str, str, int]] = {}
    for path in files().get(package, ()):
        found.update(cut(path))
    return found


def owners_of(name: str) -> list[str]:
    """The packages that have a function of this name."""
    return [package for package in files() if name in definitions_of(package)]


def told_owners(name: str) -> str | None:
    """Which packages have a function of this name, as a program's author is told, or None."""
    calls = [f"library({package})" for package in owners_of(name)]
    if not calls or name.startswith("."):
        return None
    return f"{calls[0]} has it" if len(calls) == 1 else f"{', '.join(calls[:-1])} and {calls[-1]} have it"


_OWNED: WeakKeyDictionary[Environment, dict[str, str]] = WeakKeyDictionary()
"""For each base environment the names that packages have been asked for, with the package that each is from."""


def make_visible(package: str, base: Environment, again: bool = False) -> None:
    """Bind what a package defines in the base environment, unless a name is taken there by the library.

    Args:
        package: name of the package.
        base: the base environment.
        again: whether its names hide R's own and those of packages that were asked for before, as `library()` does.
    """
    from pipekeras.grammar.evaluation.compiler import note_binding

    def promise(name: str) -> Promise:
        definition = definitions_of(package)[name]
        return Promise(lambda environment: evaluated(definition, base), Symbol(name), base)

    owned = _OWNED.setdefault(base, {})
    for name in definitions_of(package):
        hidden = owned.get(name, package) != package or (name in REGISTRY and name not in owned)
        if name not in base.frame or (again and hidden):
            base.frame[name] = promise(name)
            owned[name] = package
            note_binding(name)


def member(package: str, name: str, base: Environment) -> Any:
    """What `package::name` is, or None."""
    make_visible(package, base)
    definition = definitions_of(package).get(name)
    owner = _OWNED[base].get(name)
    if definition is not None and owner != package and (owner is not None or name in REGISTRY):
        return evaluated(definition, base)
    return base.get(name)
