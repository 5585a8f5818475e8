"""Functions of the language made from the runtime's classes: signature, defaults and help come from the class."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from pipekeras.grammar import external
from pipekeras.grammar.builtins.formals import slip
from pipekeras.grammar.builtins.registry import Builtin, unused_error
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import arguments, convert
from pipekeras.grammar.keras.kinds import check_kind
from pipekeras.grammar.values import NULL, ExternalObject, Vector

from pipekeras.layers.base import keras_1

COMMON_LAYER = ("input_shape", "batch_input_shape", "batch_size", "dtype", "name", "trainable", "weights")
"""What every layer takes beside its own arguments."""

FURTHER = frozenset(("input_dim", "input_length", "input_dtype", "autocast", "dynamic", "activity_regularizer",
                     *COMMON_LAYER))  # fmt: skip
"""What `...` may carry to a layer."""

_SHAPES = frozenset(("input_shape", "batch_input_shape", "shape", "batch_shape", "target_shape", "dims", "noise_shape",
                     "output_shape", "axes"))  # fmt: skip


def r_text(value: Any) -> str:
    """Return a Python default as R source text."""
    if value is None:
        return "NULL"
    if value is True or value is False:
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, int):
        return f"{value}L"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"c({', '.join(r_text(item) for item in value)})" if value else "NULL"
    return "NULL"


def own_parameters(target: Any) -> list[inspect.Parameter]:
    """Return the named parameters of a class or function, without self and catch-alls."""
    found = []
    for parameter in inspect.signature(target).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) or parameter.name == "self":
            continue
        found.append(parameter)
    return found


def function_of(
    name: str,
    target: Any,
    *,
    first: str | None = None,
    common: tuple[str, ...] = (),
    finish: Callable[[Any, Any], Any] | None = None,
) -> Builtin:
    """Return the function of the language that makes an object of a class, or calls a Python function.

    Args:
        name: its name in the language.
        target: class or function.
        first: name of an argument that goes before the target's own, such as "object".
        common: optional arguments beside the target's own.
        finish: takes (what was made, value of `first`) and returns the result.

    The spellings of R keras that differ from the target's come from the tables in `arguments`.
    """
    parameters = own_parameters(target)
    accepts_any = any(p.kind == p.VAR_KEYWORD for p in inspect.signature(target).parameters.values())
    by_name = {parameter.name: parameter for parameter in parameters}
    shown = arguments.renamed(name)
    aliases = arguments.aliases(name)
    accepted = arguments.accepted(name)
    taken = {shown.get(item, item) for item in by_name}
    optional = [item for item in (*common, *arguments.common(name), *aliases, *accepted) if item not in taken]
    pieces = [f"{first} = NULL"] if first else []
    required: list[str] = []
    # An argument with two spellings is not asked for by the matcher, which knows of one.
    either = set(shown)
    for parameter in parameters:
        label = shown.get(parameter.name, parameter.name)
        if parameter.default is not parameter.empty:
            pieces.append(f"{label} = {r_text(parameter.default)}")
        else:
            pieces.append(f"{label} = NULL" if parameter.name in either else label)
    pieces += [f"{item} = NULL" for item in optional]
    pieces.append("...")

    def make(*values: Any) -> Any:
        given = list(values)
        left = given.pop(0) if first else NULL
        keywords: dict[str, Any] = {}
        for parameter, value in zip(parameters, given, strict=False):
            if value is NULL and name.startswith("optimizer_") and parameter.default is not parameter.empty:
                # R keras writes epsilon = NULL for a number that Keras knows.
                continue
            check_kind(name, shown.get(parameter.name, parameter.name), parameter.annotation, value)
            plain = _argument(parameter, value)
            # What was left at its default is not passed on: messages then show what the program wrote.
            if parameter.default is parameter.empty or not _same(plain, parameter.default):
                keywords[parameter.name] = plain
        rest = given[len(parameters) :]
        older: frozenset[str] = frozenset()
        if first == "object" and keras_1.is_older([item for item, _ in rest[-1] if item is not None]):
            renamed, older = _from_keras_1(name, target, by_name, rest[-1])
            if type(keywords.get("kernel_size")) is int and type(keywords.get("strides")) is int:
                raise RError(f"{name}() with names of Keras 1 takes the sizes of its kernel as nb_row and nb_col",
                             mend="name them, or give kernel_size, strides and all the rest their names of today")  # fmt: skip
            keywords.update(renamed)
        for label in required:
            if keywords.get(label) is None:
                mend = slip(name, label, made.formals, list(values))
                raise RError(f'argument "{label}" is missing, with no default', mend=mend)
        for item, value in zip(optional, rest, strict=False):
            if item in accepted:
                arguments.check_accepted(name, item, value)
            elif value is not NULL:
                own = aliases.get(item, item)
                if item in arguments.KERAS_1.get(name, {}):
                    keras_1.tell(f"{name}()", {item: own})
                if own in by_name:
                    check_kind(name, item, by_name[own].annotation, value)
                keywords[own] = _argument(by_name.get(own), value, item)
        for own, label in shown.items():
            if by_name[own].default is inspect.Parameter.empty and keywords.get(own) is None:
                raise RError(f'argument "{label}" is missing, with no default')
        for item, value in rest[-1]:
            if item in older:
                continue
            if item is None or not accepts_any or item not in FURTHER:
                made_error = unused_error([(item, value)])
                made_error.mend = _near(item, [*by_name, *optional])
                raise made_error
            keywords[item] = _argument(None, value, item)
        try:
            result = target(**keywords)
        except TypeError as problem:
            if "unexpected keyword" in str(problem):
                word = str(problem).rsplit("'", 2)[-2]
                raise RError(f"unused argument ({word})", mend=_near(word, [*by_name, *optional])) from None
            raise
        if finish is not None:
            return finish(result, left)
        return external.to_language(result)

    # A layer function decides by itself whether its value prints: a model that grew in place does not.
    made = Builtin(name, make, ", ".join(pieces), package="keras", invisible=None if first == "object" else False)
    make.documents = target  # type: ignore[attr-defined]
    for formal in made.formals if first == "object" else ():
        if formal.name in by_name and formal.name not in shown and by_name[formal.name].default is inspect.Parameter.empty:
            # A name of Keras 1 in `...` may stand for it: whether it is missing shows when those are read.
            formal.fallback = NULL
            required.append(formal.name)
    return made


def _from_keras_1(
    name: str, target: Any, by_name: dict[str, inspect.Parameter], dots: Any
) -> tuple[dict[str, Any], frozenset[str]]:
    """Return what `...` says in words of Keras 1, under the names of today, and those words, after a notice of them."""
    known = tuple(by_name)
    given = {
        item: _argument(by_name.get(keras_1.today(item, known) or ""), value, item)
        for item, value in dots
        if item is not None and keras_1.is_older((item,))
    }
    sized = {item: int(value) if item.startswith(("nb_", "kernel_dim")) else value for item, value in given.items()}
    found, changes = keras_1.renamed(target.__name__, known, sized)
    keras_1.tell(f"{name}()", changes)
    left = set(found) - set(by_name)
    return {item: value for item, value in found.items() if item in by_name}, frozenset(set(given) - left)


def _same(value: Any, default: Any) -> bool:
    """Whether a value is its parameter's default, in Python's eyes or as a list in place of a tuple."""
    if isinstance(default, tuple):
        return isinstance(value, list | tuple) and tuple(value) == default
    return type(value) is type(default) and isinstance(value, str | int | float | bool | None) and value == default


def _near(word: str | None, known: list[str]) -> str | None:
    from pipekeras.core.errors import did_you_mean

    if word is None:
        return None
    shown = [name for name in known if name not in ("lora_rank", "lora_alpha", "quantization_config")]
    return did_you_mean(word, known) or f"arguments are {', '.join(shown)}"


def _argument(parameter: inspect.Parameter | None, value: Any, name: str = "") -> Any:
    name = parameter.name if parameter is not None else name
    if value is NULL:
        return None
    if name in _SHAPES:
        return convert.shape(value) if not _is_function(value) else external.to_python(value)
    if parameter is None:
        return convert.argument(name, value)
    annotation = "" if parameter.annotation is parameter.empty else str(parameter.annotation)
    default = None if parameter.default is parameter.empty else parameter.default
    plain = convert.argument(name, value, annotation, default)
    if isinstance(value, Vector) and value.kind in ("double", "integer") and len(value) == 1 and "initializer" in name:
        # R keras takes a number for a constant initial value.
        from pipekeras import initializers

        return initializers.Constant(float(value.items()[0]))
    if isinstance(plain, list) and not isinstance(value, ExternalObject) and isinstance(default, tuple):
        return tuple(plain)
    if "str" in annotation and isinstance(plain, list) and plain and all(isinstance(item, str) for item in plain):
        return plain[0]
    return plain


def _is_function(value: Any) -> bool:
    return getattr(value, "kind", None) in ("closure", "builtin")
