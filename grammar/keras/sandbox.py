"""Source text from a model file, run so that it can do no harm: what it may call is listed, what it may use is bounded.

The text runs in environments of its own that hold functions of numbers, the words for layers and tensors, and nothing
that reads, writes, waits, starts a program, or reaches the environments or the members of objects outside. Every call of
its methods, at loading and later, has limited time and memory.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, Builtin
from pipekeras.grammar.conversion import PythonFunction
from pipekeras.grammar.deadline import Deadline
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import evaluate, machine
from pipekeras.grammar.evaluation.r6 import definition_of, native_generator
from pipekeras.grammar.keras import sandbox_words
from pipekeras.grammar.keras.classes import BASES
from pipekeras.grammar.keras.crossing import FILE
from pipekeras.grammar.keras.custom import LayerBase, WrapperBase
from pipekeras.grammar.keras.custom_callbacks import ConstraintBase
from pipekeras.grammar.keras.names import OWN, make
from pipekeras.grammar.keras.sources import nodes_of
from pipekeras.grammar.nodes import Call, Formals, Symbol
from pipekeras.grammar.parse import parse_text
from pipekeras.grammar.values import Closure, ExternalObject, Vector

from pipekeras.core.budget import limited_memory
from pipekeras.core.serialization import SERIALIZED_NAMES

SECONDS = 10.0
"""Processor time for one call of a method; they run when a layer is built or its shape is traced, not in every step."""
BYTES = 1 << 30


def _allowed(name: str) -> Any:
    """Return what a name of a package means to the text of a file, or None."""
    found = REGISTRY.get(name)
    if isinstance(found, Builtin):
        return found if name in sandbox_words.WORDS else None
    if name in sandbox_words.KERAS or (name.startswith(sandbox_words.OPENINGS) and name not in sandbox_words.NOT):
        return OWN.get(name) or make(name)
    return found if found is not None and not callable(getattr(found, "function", None)) else None


class _Packages(dict[str, Any]):
    """The bindings that the text of a file finds in place of the packages, each made when it is asked for."""

    def get(self, name: str, default: Any = None) -> Any:
        found = super().get(name)
        if found is None:
            found = _allowed(name)
            if found is None:
                return default
            self[name] = found
        return found


@contextlib.contextmanager
def bounded(seconds: float | None = None, most: int | None = None) -> Iterator[None]:
    """Let code of a file run for a while, with so much memory more than there is in use.

    Raises:
        RError: it took longer, or wanted more.
    """
    seconds, most = SECONDS if seconds is None else seconds, BYTES if most is None else most
    deadline = Deadline(seconds)
    before, machine.confined = machine.confined, sandbox_words.MEMBERS
    try:
        with deadline, limited_memory(most):
            yield
    except KeyboardInterrupt:
        if not deadline.passed:
            raise
        raise RError(f"the source in the file ran for more than {seconds:g} seconds and was stopped") from None
    except MemoryError:
        raise RError(f"the source in the file wanted more than {most >> 20} MB of memory") from None
    finally:
        machine.confined = before


class FunctionOfFile(PythonFunction):
    """A function from the text of a file: every call of it is bounded."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        with bounded():
            return super().__call__(*arguments, **named)


SERIALIZED_NAMES[FunctionOfFile] = SERIALIZED_NAMES[PythonFunction]


def parts_from(text: str, classes: list[str], functions: list[str]) -> dict[str, Any]:
    """Run the source text of a file and return the classes and functions that it makes, by name.

    Args:
        text: what the file holds.
        classes: names of the classes that the model needs.
        functions: names of the functions that it needs.

    Raises:
        RError: the text is no program, uses what it may not, takes too long or too much, or makes other things.
    """
    packages = Environment(None, _Packages(), name=FILE)
    # Parents of its own: what the text does to them reaches no class of the program.
    packages.frame["KerasLayer"] = native_generator("KerasLayer", LayerBase(), packages)
    packages.frame["KerasWrapper"] = native_generator("KerasWrapper", WrapperBase(), packages)
    packages.frame["KerasConstraint"] = native_generator("KerasConstraint", ConstraintBase(), packages)
    for name, base in BASES.items():
        packages.frame[name] = native_generator(name, base, packages)
    place = Environment(packages)
    # Kept for the next time that the model is saved; no name of the language is spelled like this.
    place.frame[FILE] = ExternalObject(text)
    trees = list(parse_text(text))
    _check(trees)
    with bounded():
        for tree in trees:
            evaluate(tree, place)
    found: dict[str, Any] = {}
    for name in classes:
        value = place.get(name, inherits=False)
        if definition_of(value) is None:
            raise RError(f"the source in the file does not make the class {name}")
        found[name] = value
    for name in functions:
        value = place.get(name, inherits=False)
        if type(value) is not Closure:
            raise RError(f"the source in the file does not make the function {name}")
        found[name] = FunctionOfFile(value)
    return found


def _check(trees: list[Any]) -> None:
    """Refuse text that names what it may not, before any of it runs."""
    own = {"self", "super", "private", "..."}
    fields: set[str] = set()
    for node in nodes_of(trees):
        if isinstance(node, Formals):
            own.update(parameter.name or "" for parameter in node.parameters)
        elif isinstance(node, Call):
            fields.update(argument.name for argument in node.args if argument.name)
            if node.is_call_of("<-") or node.is_call_of("=") or node.is_call_of("for"):
                target = node.args[0].value
                if isinstance(target, Symbol):
                    own.add(target.name)
                elif isinstance(target, Call) and target.is_call_of("$") and isinstance(target.args[1].value, Symbol):
                    fields.add(target.args[1].value.name)
    for node in nodes_of(trees):
        if not isinstance(node, Call):
            continue
        head = node.function
        if isinstance(head, Symbol) and head.name not in own and head.name != "function" and _allowed(head.name) is None:
            raise RError(f"the source in the file calls {head.name}(), which a file may not",
                         mend="pass the class in custom_objects")  # fmt: skip
        if isinstance(head, Symbol) and head.name in ("$", "@", "$<-", "@<-"):
            if len(node.args) != 2:
                raise RError(f"the source in the file calls {head.name} in a way that a file may not")
            _check_member(node.args[1].value, fields)


def _check_member(tree: Any, fields: set[str]) -> None:
    name = tree.name if isinstance(tree, Symbol) else str(tree.items()[0]) if isinstance(tree, Vector) else None
    if name is None or name.startswith(("_", ".")) or (name not in sandbox_words.MEMBERS and name not in fields):
        raise RError(f"the source in the file uses the member ${name}, which a file may not",
                     mend="pass the class in custom_objects")  # fmt: skip
