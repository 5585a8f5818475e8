"""The search path as environments: what programs attach, and the packages behind it."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from pipekeras.grammar.builtins.registry import REGISTRY
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.machine import machine


def attached_environments() -> list[Environment]:
    """What attach() has put between the global environment and the packages, the last first."""
    found = []
    place = machine.global_environment.parent
    while place is not None and place is not machine.base_environment:
        found.append(place)
        place = place.parent
    return found


def attached_under(where: str | int) -> Environment | None:
    """The attached environment of a name or of a place on the search path, None when there is none."""
    for position, place in enumerate(attached_environments(), 2):
        if where in (position, place.name):
            return place
    return None


_PACKAGE_PLACES: WeakKeyDictionary[Environment, dict[str, Environment]] = WeakKeyDictionary()


def package_places() -> list[Environment]:
    """The packages on the search path, nearest first: what each has is found in the base environment, which has all."""
    base = machine.base_environment
    known = _PACKAGE_PLACES.setdefault(base, {})
    path = [name for name in REGISTRY["search"].function().items() if name != "package:base"]
    packages = [name for name in path if name.startswith("package:") or name == "Autoloads"]
    for name in packages:
        if name not in known:
            package = name.removeprefix("package:")
            own = {key: held for key, held in base.frame.items() if getattr(held, "package", None) == package}
            known[name] = Environment(base, own, name)
    return [known[name] for name in packages]
