"""Environments: a frame of bindings and a parent, with locked and active bindings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipekeras.grammar.errors import RError
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import VALUES_ONLY, Attributes, Promise


class ActiveBinding:
    """A binding whose value a function computes at every read, and which the same function receives on writes."""

    __slots__ = ("function",)

    def __init__(self, function: Any) -> None:
        self.function = function

    def read(self) -> Any:
        """What the function computes now."""
        from pipekeras.grammar.evaluation.machine import call_function

        return call_function(self.function, [], None, self._shown(()))

    def write(self, value: Any) -> None:
        """Hand the value to the function."""
        from pipekeras.grammar.evaluation.machine import call_function

        quoted = Call(Call(Symbol("::"), (Argument(None, Symbol("base")), Argument(None, Symbol("quote")))),
                      (Argument(None, value),))
        given = Promise(None, quoted, None, value)
        call_function(self.function, [(None, given)], None, self._shown((Argument(None, quoted),)))

    def _shown(self, arguments: tuple[Argument, ...]) -> Call | None:
        """The call that messages speak of: of the function itself, which has no name here."""
        return Call(self.function, arguments) if getattr(self.function, "kind", "") == "closure" else None


class Guard:
    """What is locked in an environment; present only where something is locked or active."""

    __slots__ = ("active", "bindings", "empty", "locked")

    def __init__(self) -> None:
        self.locked = False
        self.empty = False
        self.bindings: set[str] = set()
        self.active: set[str] = set()


class Environment:
    """Bindings by name over a parent environment.

    ``frame`` holds values, `Promise`s and `ActiveBinding`s and may be read directly by code that deals with all three.
    ``unsupplied`` is set for function calls: the parameters that got no argument. ``finalizers`` stays unset where there
    are none: what waits for the environment to be out of reach.
    """

    __slots__ = ("__weakref__", "attributes", "finalizers", "frame", "guard", "name", "parent", "unsupplied")
    kind = "environment"

    def __init__(
        self, parent: Environment | None, frame: dict[str, Any] | None = None, name: str | None = None
    ) -> None:
        self.parent = parent
        self.frame: dict[str, Any] = {} if frame is None else frame
        self.attributes: Attributes | None = None
        self.guard: Guard | None = None
        self.name = name
        self.unsupplied: Any = ()
        self.finalizers: list[Any]

    def __repr__(self) -> str:
        return f"Environment({self.name or hex(id(self))})"

    def __len__(self) -> int:
        return len(self.frame)

    def __bool__(self) -> bool:
        return True

    def get(self, name: str, inherits: bool = True) -> Any:
        """Value bound to the name with promises forced, or None when there is no such binding."""
        environment: Environment | None = self
        while environment is not None:
            value = environment.frame.get(name)
            if value is not None:
                kind = type(value)
                if kind is Promise or kind is ActiveBinding:
                    return forced(value)
                return value
            if not inherits:
                return None
            environment = environment.parent
        return None

    def find(self, name: str) -> Environment | None:
        """Nearest environment with a binding of that name, or None."""
        environment: Environment | None = self
        while environment is not None:
            if name in environment.frame:
                return environment
            environment = environment.parent
        return None

    def get_function(self, name: str) -> Any:
        """Nearest function bound to the name, skipping other values, or None."""
        environment: Environment | None = self
        while environment is not None:
            value = environment.frame.get(name)
            if value is not None:
                kind = type(value)
                if kind is Promise or kind is ActiveBinding:
                    value = forced(value)
                label = getattr(value, "kind", None)
                if label in ("closure", "builtin", "special"):
                    return value
                if label == "externalptr" and type(value.value) not in VALUES_ONLY:
                    return value
            environment = environment.parent
        return None

    def set(self, name: str, value: Any) -> None:
        """Bind the name here."""
        if self.guard is None:
            self.frame[name] = value
        else:
            self._guarded_set(name, value)

    def _guarded_set(self, name: str, value: Any) -> None:
        guard = self.guard
        assert guard is not None
        if name in guard.bindings:
            raise RError(f"cannot change value of locked binding for '{name}'")
        if name in guard.active:
            self.frame[name].write(value)
            return
        if guard.empty:
            raise RError("cannot assign values in the empty environment")
        if guard.locked and name not in self.frame:
            raise RError("cannot add bindings to a locked environment")
        self.frame[name] = value

    def set_outer(self, name: str, value: Any) -> None:
        """What ``<<-`` does from here: rebind in the nearest enclosing frame, else in the global environment."""
        environment = self.parent
        last = self
        while environment is not None and environment.name != "base":
            if name in environment.frame:
                environment.set(name, value)
                return
            if environment.name == "R_GlobalEnv":
                last = environment
            environment = environment.parent
        if last.name != "R_GlobalEnv":
            from pipekeras.grammar.evaluation.machine import machine

            last = machine.global_environment
        last.set(name, value)

    def remove(self, name: str) -> bool:
        """Remove a binding; False when there is none."""
        if self.guard is not None:
            if self.guard.locked:
                raise RError("cannot remove bindings from a locked environment")
            self.guard.active.discard(name)
            self.guard.bindings.discard(name)
        return self.frame.pop(name, None) is not None

    def names(self, everything: bool = True) -> list[str]:
        """Names bound here; those that begin with a dot only when asked for everything."""
        return [name for name in self.frame if everything or not name.startswith(".")]

    def make_active(self, name: str, function: Any) -> None:
        """Bind the name to a function that computes its value."""
        if self.guard is None:
            self.guard = Guard()
        elif self.guard.locked and name not in self.frame:
            raise RError("cannot add bindings to a locked environment")
        self.frame[name] = ActiveBinding(function)
        self.guard.active.add(name)

    def lock(self, bindings: bool = False) -> None:
        """Allow no new bindings; with ``bindings`` no changed ones either."""
        if self.guard is None:
            self.guard = Guard()
        self.guard.locked = True
        if bindings:
            self.guard.bindings.update(self.frame)

    def lock_binding(self, names: Iterable[str]) -> None:
        if self.guard is None:
            self.guard = Guard()
        self.guard.bindings.update(names)

    def unlock_binding(self, name: str) -> None:
        if self.guard is not None:
            self.guard.bindings.discard(name)


def forced(value: Any) -> Any:
    """Value of a frame entry: promises are forced, active bindings computed."""
    kind = type(value)
    if kind is Promise:
        from pipekeras.grammar.evaluation.machine import force

        return force(value)
    if kind is ActiveBinding:
        return value.read()
    return value
