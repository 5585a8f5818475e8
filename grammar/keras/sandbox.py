"""Source text from a model file, run so that it can do no harm: what it may call is listed, what it may use is bounded.

The text runs in environments of its own that hold functions of numbers, the words for layers and tensors, and nothing
that reads, writes, waits, starts a program, or reaches the environments or the members of objects outside. Every call of
its methods, at loading and later, has limited time and memory.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, Builtin
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import evaluate, machine
from pipekeras.grammar.evaluation.r6 import definition_of, native_generator
from pipekeras.grammar.keras.crossing import FILE
from pipekeras.grammar.keras.custom import LayerBase, WrapperBase
from pipekeras.grammar.keras.names import OWN, make
from pipekeras.grammar.keras.sources import nodes_of
from pipekeras.grammar.nodes import Call, Formals, Symbol
from pipekeras.grammar.parse import parse_text
from pipekeras.grammar.values import ExternalObject, Vector

SECONDS = 10.0
"""Time for one call of a method; methods run when a layer is built and when its shape is traced, not in every step."""
BYTES = 1 << 30
_FAMILIES_WORDS = (
    "arithmetic attributes binding choices coercion combine comparison constants functional indexing linear_algebra "
    "mathematics matrices moments ordering questions r6 summaries"
)
_FAMILIES = frozenset(_FAMILIES_WORDS.split())
_NOT_WORDS = (
    "apply outer sweep slice.index mostattributes<- attr<- attributes<- class<- oldClass<- unclass interactive <<- "
    "->> Vectorize Compose rapply replicate"
)
_NOT = frozenset(_NOT_WORDS.split())
# Handlers of conditions are left out: they could catch what stops the text when its time is over.
_MORE = ("paste", "paste0", "nchar", "stop", "stopifnot", "warning")
_OPENING = ("k_", "op_", "layer_", "activation_", "initializer_", "regularizer_", "constraint_")
_READING = ("layer_lambda", "layer_tfsm", "layer_text_vectorization", "layer_string_lookup", "layer_integer_lookup")
"""Layers that take code or the path of a file."""
_KERAS = frozenset(("shape", "dict", "tuple"))
_MEMBERS_WORDS = (
    "add_weight add_variable add_loss assign assign_add assign_sub build built call clone compute_dtype "
    "compute_mask compute_output_shape dtype get_config initialize input_shape layer losses name ndim output_shape "
    "shape trainable trainable_variables trainable_weights units value variables weights"
)
_MEMBERS = frozenset(_MEMBERS_WORDS.split())


def _allowed(name: str) -> Any:
    """Return what a name of a package means to the text of a file, or None."""
    found = REGISTRY.get(name)
    if isinstance(found, Builtin):
        family = found.owner.rpartition(".")[2]
        fine = (family in _FAMILIES or not family or name in _MORE) and name not in _NOT
        return found if fine else None
    if name in _KERAS or (name.startswith(_OPENING) and name not in _READING):
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

    def stop() -> None:
        stopped.append(True)
        machine.interrupted = True

    stopped: list[bool] = []
    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    before, machine.confined = machine.confined, _MEMBERS
    try:
        with _memory(most):
            yield
    except KeyboardInterrupt:
        if not stopped:
            raise
        raise RError(f"the source in the file ran for more than {seconds:g} seconds and was stopped") from None
    except MemoryError:
        raise RError(f"the source in the file wanted more than {most >> 20} MB of memory") from None
    finally:
        timer.cancel()
        machine.confined = before
        if stopped:
            machine.interrupted = False


@contextlib.contextmanager
def _memory(most: int) -> Iterator[None]:
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as stream:
            in_use = int(stream.read().split()[0]) * resource.getpagesize()
    except (ImportError, OSError):
        # Where the system does not say what is in use, single vectors still cannot exceed what it has.
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    wanted = in_use + most
    soft = wanted if before[0] == resource.RLIM_INFINITY else min(before[0], wanted)
    resource.setrlimit(resource.RLIMIT_AS, (soft, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def classes_from(text: str, names: list[str]) -> dict[str, Any]:
    """Run the source text of a file and return the classes of layers that it makes, by name.

    Args:
        text: what the file holds.
        names: the classes that the model needs.

    Raises:
        RError: the text is no program, uses what it may not, takes too long or too much, or makes other things.
    """
    packages = Environment(None, _Packages(), name=FILE)
    # Parents of its own: what the text does to them reaches no class of the program.
    packages.frame["KerasLayer"] = native_generator("KerasLayer", LayerBase(), packages)
    packages.frame["KerasWrapper"] = native_generator("KerasWrapper", WrapperBase(), packages)
    place = Environment(packages)
    # Kept for the next time that the model is saved; no name of the language is spelled like this.
    place.frame[FILE] = ExternalObject(text)
    trees = list(parse_text(text))
    _check(trees)
    with bounded():
        for tree in trees:
            evaluate(tree, place)
    found = {}
    for name in names:
        value = place.get(name, inherits=False)
        if definition_of(value) is None:
            raise RError(f"the source in the file does not make the class {name}")
        found[name] = value
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
    if name is None or name.startswith(("_", ".")) or (name not in _MEMBERS and name not in fields):
        raise RError(f"the source in the file uses the member ${name}, which a file may not",
                     mend="pass the class in custom_objects")  # fmt: skip
