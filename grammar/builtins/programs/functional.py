"""The apply family over one value: lapply, sapply, vapply, rapply, replicate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.programs.evaluating import inner_frames
from pipekeras.grammar.builtins.programs.language import function_of
from pipekeras.grammar.builtins.registry import (
    REGISTRY,
    builtin,
    call_function,
    value_of,
)
from pipekeras.grammar.environment import Environment, forced
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.asking_shortcuts import scalars_alike
from pipekeras.grammar.evaluation.calls import run_closure
from pipekeras.grammar.evaluation.listing_order import listed_names
from pipekeras.grammar.evaluation.machine import expression_of, own_environment
from pipekeras.grammar.evaluation.templates import bind_arguments
from pipekeras.grammar.nodes import EMPTY_SYMBOL, MISSING, Argument, Call, Symbol
from pipekeras.grammar.values import (
    DTYPES,
    NULL,
    Closure,
    ExternalObject,
    Promise,
    Vector,
    character,
    class_of,
    dim_of,
    explicit_class,
    get_attribute,
    integer,
    is_function,
    logical,
    mk_list,
    names_of,
    object_array,
    type_of,
)
from pipekeras.grammar.vectors.arguments import choice, flag, whole
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.indexing import call_as_list

Dots = list[tuple[str | None, Any]]

_ELEMENT = Call(Symbol("[["), (Argument(None, Symbol("X")), Argument(None, Symbol("i"))))
_LAPPLY_CALL = Call(Symbol("FUN"), (Argument(None, _ELEMENT), Argument(None, Symbol("..."))))


def call_builtin(name: str, *values: Any, **named: Any) -> Any:
    """Call a function of the base environment by name."""
    arguments: Dots = [(None, value) for value in values]
    arguments.extend((key, value) for key, value in named.items())
    return call_function(REGISTRY[name], arguments)


def elements(x: Any) -> list[Any]:
    """Elements of a vector, list, environment or object as ``lapply`` visits them."""
    if x is NULL:
        return []
    if type(x) is Vector:
        if explicit_class(x) is not None and x.kind != "list":
            if "factor" in (explicit_class(x) or ()) and not _has_user_method(x):
                kept = {k: v for k, v in (x.attributes or {}).items() if k in ("levels", "class", "contrasts")}
                return [Vector(x.kind, x.data[at : at + 1], kept) for at in range(len(x))]
            if REGISTRY.get("as.list." + (explicit_class(x) or [""])[0]) is not None or _has_user_method(x):
                return list(call_builtin("as.list", x).data)
        elif explicit_class(x) is not None and _has_user_method(x):
            return list(call_builtin("as.list", x).data)
        if x.kind == "list" and explicit_class(x) is not None and _takes_elements_itself(x):
            return [call_builtin("[[", x, integer(at)) for at in range(1, len(x) + 1)]
        if x.kind in ("list", "expression"):
            return list(x.data)
        return plain_elements(x)
    if type(x) is Environment:
        return [forced(x.frame[name]) for name in listed_names(x, False)]
    if type(x) is ExternalObject:
        from pipekeras.grammar.external import iterate

        return list(iterate(x))
    if type(x) is Call:
        return list(call_as_list(x).data)
    return list(call_builtin("as.list", x).data)


_PIECE = 65536


def visited(x: Any) -> Iterable[Any]:
    """`elements`, but made piece by piece for a long plain vector, so that a program can be stopped meanwhile."""
    if type(x) is Vector and len(x) > _PIECE and explicit_class(x) is None and x.kind not in ("list", "expression"):
        pieces = (Vector(x.kind, x.data[start : start + _PIECE]) for start in range(0, len(x), _PIECE))
        return chain.from_iterable(plain_elements(piece) for piece in pieces)
    return elements(x)


def listed(x: Any) -> Any:
    """An object with a method of its own for ``as.list`` as the list that it makes; anything else as it is."""
    made_of_parts = type(x) is Vector or type(x) is Environment
    return call_builtin("as.list", x) if made_of_parts and explicit_class(x) is not None and _has_user_method(x) else x


def _has_user_method(x: Any) -> bool:
    from pipekeras.grammar.evaluation.dispatch import choose_method
    from pipekeras.grammar.evaluation.machine import current_environment

    return choose_method("as.list", explicit_class(x) or [], current_environment())[0] is not None


def _takes_elements_itself(x: Any) -> bool:
    """Whether a program's own method answers `[[` for the class of a value."""
    from pipekeras.grammar.evaluation.dispatch import choose_method
    from pipekeras.grammar.evaluation.machine import current_environment

    return type(choose_method("[[", explicit_class(x) or [], current_environment())[0]) is Closure


def plain_elements(x: Vector) -> list[Any]:
    """Elements of an atomic vector, each a vector of length one without attributes."""
    kind = x.kind
    if kind == "character":
        return [
            Vector("character", None, None, item) if item is not None else character(None) for item in x.items()
        ]
    return [Vector(kind, None, None, item) for item in x.items()]


def element_names(x: Any) -> list[str | None] | None:
    """Names that the result of ``lapply`` carries."""
    if type(x) is Environment:
        return [*listed_names(x, False)] or None
    if type(x) is Call:
        return [x.label, *(a.name or "" for a in x.args)] if x.label or any(a.name for a in x.args) else None
    if "POSIXlt" in (explicit_class(x) or ()):
        # The parts have names, the moments have those of the years.
        return names_of(call_builtin("[[", mk_list(list(x.data), names_of(x)), character("year")))
    return names_of(x)


def apply_each(values: Iterable[Any], fun: Any, dots: Dots, environment: Environment) -> list[Any]:
    """The function's value for every element."""
    return list(each_applied(values, fun, dots, environment))


def each_applied(values: Iterable[Any], fun: Any, dots: Dots, environment: Environment) -> Iterator[Any]:
    """The function's value for one element after the other."""
    environment = own_environment(environment)
    if type(fun) is Closure:
        # What all calls share is found once.
        names = (None, *(name or None for name, _ in dots))
        more = [value for _, value in dots]
        template = fun.template
        for value in values:
            pure = template.pure
            number = pure.tried(fun, [(None, value)]) if pure and not more else None
            if number is not None:
                yield number
                continue
            given = [Promise(None, _ELEMENT, None, EMPTY_SYMBOL if value is MISSING else value), *more]
            called, _ = bind_arguments(fun, names, given, _LAPPLY_CALL)
            yield run_closure(fun, called, _LAPPLY_CALL, environment, (names, given), None)
        return
    for value in values:
        element = Promise(None, _ELEMENT, None, EMPTY_SYMBOL if value is MISSING else value)
        yield call_function(fun, [(None, element), *dots], environment, _LAPPLY_CALL)


@builtin("lapply", "X, FUN, ...", lazy=True, needs_environment=True)
def lapply(x: Any, fun: Any, dots: Dots, *, environment: Environment) -> Any:
    x = listed(value_of(x))
    fun = function_of(fun, environment)
    return labelled(apply_each(visited(x), fun, dots, environment), element_names(x))


def labelled(values: list[Any], names: list[str | None] | None) -> Vector:
    """A list under names of which some may be missing."""
    if names is None or None not in names:
        return mk_list(values, names)
    return mk_list(values).with_attribute("names", character(names))


_LAPPLY_IN_SAPPLY = Call(Symbol("lapply"), (
    Argument("X", Symbol("X")), Argument("FUN", Symbol("FUN")), Argument(None, Symbol("..."))))


@builtin("sapply", "X, FUN, ..., simplify = TRUE, USE.NAMES = TRUE", lazy=True, needs_environment=True)
def sapply(x: Any, fun: Any, dots: Dots, simplified: Any, use_names: Any, *, environment: Environment) -> Any:
    x = listed(value_of(x))
    fun = function_of(fun, environment)
    # R's sapply() comes to the function by way of lapply(): the calls in progress show it.
    with inner_frames((_LAPPLY_IN_SAPPLY,), environment):
        results = apply_each(visited(x), fun, dots, environment)
    names = element_names(x)
    if names is None and flag(value_of(use_names)) and type(x) is Vector and x.kind == "character":
        names = x.items()
    simplified = value_of(simplified)
    wanted = simplified.items()[0]
    if wanted == "array":
        return simplify(results, names, higher=True)
    if not wanted:
        return labelled(results, names)
    return simplify(results, names)


def simplify(results: list[Any], names: list[str | None] | None, higher: bool = False) -> Any:
    """What ``sapply`` makes of a list of results: a vector, a matrix, or the list."""
    if not results:
        return mk_list([], names) if names is not None else mk_list([])
    alike = scalars_alike(results)
    if alike is not None:
        return alike if names is None else alike.with_attributes({"names": character(names)})
    lengths = {length_of(result) for result in results}
    if len(lengths) != 1:
        return labelled(results, names)
    length = lengths.pop()
    if length == 1:
        if all(_plain_scalar(result) for result in results):
            return _joined_scalars(results, names)
        if any(type(result) is not Vector for result in results):
            return labelled(results, names)
        joined = _unlisted(labelled(results, names))
        # An object that counts as one but holds several parts stays whole.
        return joined if len(joined) == len(results) else labelled(results, names)
    if length == 0 or any(not isinstance(result, Vector) for result in results):
        return labelled(results, names)
    joined = _unlisted(mk_list(results), keep_names=False)
    if "factor" in (explicit_class(joined) or []):
        joined = call_function(REGISTRY["as.character"], [(None, joined)])
    first = results[0]
    shape = get_attribute(first, "dim")
    attributes: dict[str, Any] = {}
    if higher and shape is not NULL and len({tuple(get_attribute(r, "dim").items()) for r in results}) == 1:
        attributes["dim"] = integer([*shape.items(), len(results)])
        inner = get_attribute(first, "dimnames")
        if inner is not NULL or names is not None:
            parts = list(inner.data) if inner is not NULL else [NULL] * len(shape)
            attributes["dimnames"] = mk_list([*parts, NULL if names is None else character(names)])
        return Vector(joined.kind, joined.data, attributes)
    if len(joined) != length * len(results):
        return mk_list(results, names)
    attributes["dim"] = integer([length, len(results)])
    row_names = names_of(first)
    if row_names is not None or names is not None:
        attributes["dimnames"] = mk_list(
            [
                NULL if row_names is None else character(list(row_names)),
                NULL if names is None else character(list(names)),
            ]
        )
    return Vector(joined.kind, joined.data, attributes)


def length_of(value: Any) -> int:
    """R's `length` of any value, by its class' method when it has one."""
    if type(value) is Vector:
        return len(value) if explicit_class(value) is None else whole(call_builtin("length", value))
    return len(value) if value is NULL else 1


def _plain_scalar(value: Any) -> bool:
    return type(value) is Vector and value.attributes is None and value.kind not in ("list", "expression")


def _joined_scalars(results: list[Vector], names: list[str | None] | None) -> Any:
    order = ("raw", "logical", "integer", "double", "complex", "character")
    kinds = {result.kind for result in results}
    if len(kinds) > 1 and ("character" in kinds or "raw" in kinds):
        return _unlisted(labelled(results, names))
    kind = max(kinds, key=order.index)
    attributes = None if names is None else {"names": character(names)}
    if len(kinds) == 1:
        items = [result.items()[0] if result.scalar is None else result.scalar for result in results]
    else:
        items = [coerce(result, kind).items()[0] for result in results]
    if kind == "character":
        return Vector(kind, object_array(items), attributes)
    return Vector(kind, np.array(items, DTYPES[kind]), attributes)


def _unlisted(values: Vector, keep_names: bool = True) -> Any:
    return call_function(REGISTRY["unlist"], [(None, values), ("use.names", logical(keep_names)),
                                              ("recursive", logical(False))])


@builtin("simplify2array", "x, higher = TRUE, except = c(0L, 1L)")
def simplify_to_array(x: Any, higher: Any, exception: Any) -> Any:
    if type(x) is not Vector or x.kind != "list":
        return x
    return simplify(list(x.data), names_of(x), flag(higher))


@builtin("vapply", "X, FUN, FUN.VALUE, ..., USE.NAMES = TRUE", lazy=True, needs_environment=True)
def vapply(
    x: Any, fun: Any, template: Any, dots: Dots, use_names: Any, *, environment: Environment
) -> Any:
    given = value_of(x)
    x = listed(given)
    fun = function_of(fun, environment)
    template = value_of(template)
    if type(template) is not Vector:
        raise RError("'FUN.VALUE' must be a vector")
    named = flag(value_of(use_names))
    names = element_names(x) if named else None
    # Texts of a class are a list by now: they name nothing.
    plain = type(x) is Vector and x.kind == "character" and explicit_class(given) is None
    if names is None and named and plain and dim_of(x) is None:
        names = x.items()
    results = []
    for position, result in enumerate(each_applied(visited(x), fun, dots, environment), 1):
        _check_template(result, template, position)
        results.append(coerce(result, template.kind) if result.kind != template.kind else result)
    length = len(template)
    if not results:
        empty = Vector(template.kind, template.data[:0])
        if length == 1:
            return empty if names is None else empty.with_attribute("names", character(names))
        if dim_of(template) is not None:
            return _piled(empty, template, None, 0, names)
        empty.attributes = {"dim": integer([length, 0])}
        rows = names_of(template)
        if rows is None and names is None:
            return empty
        return empty.with_attribute("dimnames", mk_list([NULL if rows is None else character(rows), NULL]))
    if length == 1:
        if template.kind == "list":
            return mk_list([result.data[0] for result in results], names)
        return _joined_scalars([_bare(result) for result in results], names)
    if dim_of(template) is not None:
        return _piled(_unlisted(mk_list(results), keep_names=False), template, results[0], len(results), names)
    made = simplify(results, names)
    row_names = names_of(template)
    if row_names is not None and made.attributes is not None:
        old = made.attributes.get("dimnames")
        made.attributes["dimnames"] = mk_list([character(row_names), NULL if old is None else old.data[1]])
    return made


def _piled(joined: Vector, template: Vector, result: Vector | None, count: int, names: list[str | None] | None) -> Vector:
    """Arrays of the template's extents behind one another, under its names or else those of the first."""
    shape = dim_of(template) or []
    attributes: dict[str, Any] = {"dim": integer([*shape, count])}
    inner = get_attribute(template, "dimnames")
    if inner is NULL and result is not None:
        inner = get_attribute(result, "dimnames")
    if inner is not NULL or names is not None:
        parts = list(inner.data) if inner is not NULL else [NULL] * len(shape)
        attributes["dimnames"] = mk_list([*parts, NULL if names is None else character(names)])
    return Vector(joined.kind, joined.data, attributes)


def _bare(value: Vector) -> Vector:
    return value if value.attributes is None else value.with_attributes(None)


_FITS = {
    ("logical", "integer"), ("logical", "double"), ("integer", "double"),
    ("logical", "complex"), ("integer", "complex"), ("double", "complex"),
}


def _check_template(result: Any, template: Vector, position: int) -> None:
    length = length_of(result)
    if length != len(template):
        raise RError(
            f"values must be length {len(template)},\n but FUN(X[[{position}]]) result is length {length}",
        )
    kind = type_of(result)
    if kind != template.kind and (kind, template.kind) not in _FITS:
        raise RError(
            f"values must be type '{type_of(template)}',\n but FUN(X[[{position}]]) result is type '{kind}'",
        )


@builtin("replicate", "n, expr, simplify = 'array'", lazy=True, needs_environment=True)
def replicate(n: Any, expr: Any, simplified: Any, *, environment: Environment) -> Any:
    from pipekeras.grammar.evaluation.templates import Template

    times = len(call_builtin("integer", value_of(n)))
    run = Closure(Template((("...", MISSING),), expression_of(expr)), environment)
    results = [call_function(run, [], own_environment(environment), _LAPPLY_CALL) for _ in range(times)]
    wanted = value_of(simplified).items()[0]
    if wanted in (0, False):
        return mk_list(results)
    return simplify(results, None, higher=wanted == "array")


@builtin("rapply", "object, f, classes = 'ANY', deflt = NULL, how = 'unlist', ...", needs_environment=True, lazy=True)
def rapply(
    object: Any, f: Any, classes: Any, default: Any, how: Any, dots: Dots, *, environment: Environment
) -> Any:
    # R asks for the manner first, and for the rest one after the other.
    manner = choice(value_of(how), ("unlist", "replace", "list"))
    object, f, classes, default = map(value_of, (object, f, classes, default))
    if not is_function(f):
        raise RError("invalid 'f' argument")
    if type(classes) is not Vector or classes.kind != "character":
        raise RError("invalid 'classes' argument")
    wanted = classes.items()
    if type(object) is not Vector or object.kind not in ("list", "expression"):
        raise RError("'object' must be a list or expression")

    def visit(value: Any) -> Any:
        if type(value) is Vector and value.kind in ("list", "expression"):
            names = names_of(value)
            kept = value.attributes if manner == "replace" else None if names is None else {"names": character(names)}
            kind = value.kind if manner == "replace" else "list"
            return Vector(kind, object_array([visit(item) for item in value.data]), kept)
        if value is NULL:
            return NULL if manner == "replace" else mk_list([])
        if wanted == ["ANY"] or any(name in wanted for name in class_of(value)):
            return call_function(f, [(None, value), *dots], own_environment(environment))
        return value if manner == "replace" else default

    result = visit(object)
    return call_builtin("unlist", result) if manner == "unlist" else result
