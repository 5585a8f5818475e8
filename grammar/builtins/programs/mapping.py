"""A function over several values at once: mapply and Map."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.elements.indexing import told_length
from pipekeras.grammar.builtins.programs.evaluating import inner_frames
from pipekeras.grammar.builtins.programs.functional import (
    Dots,
    call_builtin,
    element_names,
    elements,
    labelled,
    plain_elements,
    simplify,
)
from pipekeras.grammar.builtins.programs.language import function_of
from pipekeras.grammar.builtins.registry import Builtin, builtin, call_function
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.inner_calls import call_as_text
from pipekeras.grammar.evaluation.machine import expression_of, own_environment
from pipekeras.grammar.evaluation.quoting import element_at
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import (
    NULL,
    Closure,
    Promise,
    Vector,
    character,
    explicit_class,
    integer,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.frames import is_frame


def vectors_of(dots: Dots) -> list[tuple[str | None, list[Any]]]:
    """Each argument with its elements."""
    return [(name, _picked_one_by_one(value)) for name, value in dots]


def _picked_one_by_one(x: Any) -> list[Any]:
    """Elements as ``mapply`` takes them with `[[`: those of a class without a method for it lose the class."""
    classes = explicit_class(x) if type(x) is Vector else None
    if classes is None or "factor" in classes or is_frame(x):
        return elements(x)
    from pipekeras.grammar.evaluation.dispatch import choose_method
    from pipekeras.grammar.evaluation.machine import current_environment

    if choose_method("[[", classes, current_environment())[0] is not None:
        return [call_builtin("[[", x, integer(at)) for at in range(1, told_length(x) + 1)]
    bare = list(x.data) if x.kind in ("list", "expression") else plain_elements(x)
    count = told_length(x)
    if count > len(bare):
        raise RError("subscript out of bounds", call=call_as_text(f"dots[[1L]][[{len(bare) + 1}L]]"))
    return bare[:count]


def map_together(
    fun: Any, dots: Dots, more: Dots, environment: Environment, verb: str = "mapply"
) -> list[Any]:
    """The function's value for the first elements, the second elements and so on, with recycling."""
    columns = vectors_of(dots)
    environment = own_environment(environment)
    lengths = [len(column) for _, column in columns]
    count = max(lengths) if lengths and min(lengths) > 0 else 0
    results = []
    bracket = Symbol("[[")
    dots_symbol = Argument(None, Symbol("dots"))
    chosen = [Argument(None, Call(bracket, (dots_symbol, Argument(None, integer(k)))))
              for k in range(1, len(columns) + 1)]  # fmt: skip
    shown_function = _shown_function(fun)
    shown_more = tuple(Argument(name, expression_of(value)) for name, value in more)
    for at in range(count):
        arguments: Dots = []
        shown = []
        for (name, column), one in zip(columns, chosen, strict=True):
            node = Call(bracket, (one, Argument(None, Vector("integer", None, None, at % len(column) + 1))))
            arguments.append((name, Promise(None, node, None, column[at % len(column)])))
            shown.append(Argument(name, node))
        call = Call(shown_function, (*shown, *shown_more))
        results.append(call_function(fun, [*arguments, *more], environment, call))
    if any(length and count % length for length in lengths):
        from pipekeras.grammar.evaluation.machine import warn

        # Every argument that ends in the middle is told.
        for length in lengths:
            if length and count % length:
                warn("longer argument not a multiple of length of shorter")
    return results


def _shown_function(fun: Any) -> Any:
    return fun if type(fun) is Closure or (type(fun) is Builtin and fun.primitive) else Symbol("FUN")


def padded_names(dots: Dots, count: int) -> list[str | None] | None:
    """The names of `count` results: those of the first argument, missing where it was repeated."""
    names = first_names(dots)
    return names if names is None else [*names, *[None] * (count - len(names))]


def first_names(dots: Dots) -> list[str | None] | None:
    """Names that the result of ``mapply`` takes from its first argument."""
    if not dots:
        return None
    first = dots[0][1]
    names = element_names(first)
    if names is None and type(first) is Vector and first.kind == "character":
        names = first.items()
    return names


def result_names(dots: Dots, count: int) -> list[str | None] | None:
    """Names for the results: texts without names lend themselves as far as there are results, names must fit."""
    names = padded_names(dots, count)
    if names and not count:
        if names_of(dots[0][1]) is not None:
            raise RError(f"'names' attribute [{len(names)}] must be the same length as the vector [0]")
        return []
    return names


@builtin("mapply", "FUN, ..., MoreArgs = NULL, SIMPLIFY = TRUE, USE.NAMES = TRUE", needs_environment=True)
def mapply(
    fun: Any, dots: Dots, more: Any, simplified: Any, use_names: Any, *, environment: Environment
) -> Any:
    fun = function_of(fun, environment)
    results = map_together(fun, dots, _pairs(more), environment)
    names = result_names(dots, len(results)) if flag(use_names) else None
    if names == []:
        return mk_list(results).with_attribute("names", character([]))
    wanted = simplified.items()[0] if type(simplified) is Vector and len(simplified) else True
    if wanted not in (0, False) and results:
        return simplify(results, names, higher=wanted == "array")
    return labelled(results, names)


def _pairs(more: Any) -> Dots:
    if more is NULL:
        return []
    names = names_of(more) or [None] * len(more)
    return [(name or None, element_at(more, at)) for at, name in enumerate(names)]


@builtin("Map", "f, ...", needs_environment=True)
def map_builtin(f: Any, dots: Dots, *, environment: Environment) -> Any:
    f = function_of(f, environment, "f")
    with inner_frames((call_as_text("mapply(FUN = f, ..., SIMPLIFY = FALSE)"),), environment):
        results = map_together(f, dots, [], environment, "Map")
    names = result_names(dots, len(results))
    return mk_list(results) if names is None else mk_list(results).with_attribute("names", character(names))
