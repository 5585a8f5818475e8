"""Functions of functions: Filter, Find, Reduce, and the makers of functions Vectorize, Negate and Compose."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.programs.functional import (
    Dots,
    apply_each,
    call_builtin,
    elements,
    length_of,
    simplify,
)
from pipekeras.grammar.builtins.programs.language import function_of
from pipekeras.grammar.builtins.programs.mapping import map_together, result_names
from pipekeras.grammar.builtins.registry import UNSET, Builtin, builtin, call_function, machine
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.inner_calls import call_as_text
from pipekeras.grammar.evaluation.machine import evaluate
from pipekeras.grammar.evaluation.quoting import builtin_formals
from pipekeras.grammar.evaluation.templates import Template
from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import (
    FALSE,
    NA_INTEGER,
    NULL,
    TRUE,
    Closure,
    Promise,
    Vector,
    character,
    integer,
    is_function,
    mk_list,
)
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.report import fail, warn


@builtin("Filter", "f, x", needs_environment=True)
def filter_builtin(f: Any, x: Any, *, environment: Environment) -> Any:
    f = function_of(f, environment, "f")
    made = apply_each(elements(x), f, [], environment)
    if type(x) is Vector and x.attributes is None and all(answer is TRUE or answer is FALSE for answer in made):
        return x.with_data(x.data[[answer is TRUE for answer in made]] if made else x.data)
    answers = call_builtin("unlist", mk_list(made))
    truths = call_builtin("as.logical", answers)
    kept = [at + 1 for at, keep in enumerate(truths.items()) if keep == 1]
    return call_builtin("[", x, integer(kept)) if type(x) is Vector else NULL


@builtin("Position", "f, x, right = FALSE, nomatch = NA_integer_", needs_environment=True)
def position(f: Any, x: Any, right: Any, nomatch: Any, *, environment: Environment) -> Any:
    at = _first_true(function_of(f, environment, "f"), x, flag(right), environment)
    return nomatch if at is None else integer(at + 1)


@builtin("Find", "f, x, right = FALSE, nomatch = NULL", needs_environment=True)
def find(f: Any, x: Any, right: Any, nomatch: Any, *, environment: Environment) -> Any:
    at = _first_true(function_of(f, environment, "f"), x, flag(right), environment)
    return nomatch if at is None else elements(x)[at]


def _first_true(f: Any, x: Any, right: bool, environment: Environment) -> int | None:
    values = elements(x)
    order = range(len(values) - 1, -1, -1) if right else range(len(values))
    for at in order:
        found = call_function(f, [(None, values[at])], environment, _OF_ELEMENT)
        result = coerce(found, "logical").items()
        if len(result) > 1:
            raise RError("the condition has length > 1")
        if result and result[0] == 1:
            return at
        if result and result[0] == NA_INTEGER:
            raise RError("missing value where TRUE/FALSE needed" if found.kind == "logical" else
                         "argument is not interpretable as logical")
    return None


@builtin("Reduce", "f, x, init, right = FALSE, accumulate = FALSE", needs_environment=True)
def reduce(
    f: Any, x: Any, init: Any = UNSET, right: Any = None, accumulate: Any = None,
    *, environment: Environment,
) -> Any:
    f = function_of(f, environment, "f")
    values = elements(x)
    from_right = flag(right)
    keep = flag(accumulate)
    if init is not UNSET:
        values = [*values, init] if from_right else [init, *values]
    if not values:
        return NULL
    if from_right:
        total = values[-1]
        seen = [total]
        for value in reversed(values[:-1]):
            given: Dots = [(None, forced_promise(value, 1)), (None, forced_promise(total, 0))]
            total = call_function(f, given, environment, _FROM_RIGHT)
            seen.insert(0, total)
    else:
        total = values[0]
        seen = [total]
        for value in values[1:]:
            given = [(None, forced_promise(total, 0)), (None, forced_promise(value, 1))]
            total = call_function(f, given, environment, _FROM_LEFT)
            seen.append(total)
    if not keep:
        return total
    if all(length_of(one) == 1 for one in seen):
        return simplify(seen, None) if all(type(one) is Vector for one in seen) else mk_list(seen)
    return mk_list(seen)


_INIT = Symbol("init")
_ELEMENT = Call(Symbol("[["), (Argument(None, Symbol("x")), Argument(None, Symbol("i"))))
_FROM_LEFT = Call(Symbol("f"), (Argument(None, _INIT), Argument(None, _ELEMENT)))
_FROM_RIGHT = Call(Symbol("f"), (Argument(None, _ELEMENT), Argument(None, _INIT)))
_OF_ELEMENT = Call(Symbol("f"), (Argument(None, _ELEMENT),))
"""The calls that Reduce shows, and what looks for a first element."""


def forced_promise(value: Any, which: int) -> Promise:
    """A promise whose value is known, shown as Reduce shows its operands."""
    return Promise(None, _INIT if which == 0 else _ELEMENT, None, value)


@builtin("Vectorize", "FUN, vectorize.args, SIMPLIFY = TRUE, USE.NAMES = TRUE", needs_environment=True)
def vectorize(
    fun: Any, names: Any = UNSET, simplified: Any = None, use_names: Any = None, *, environment: Environment
) -> Any:
    texts = type(fun) is Vector and fun.kind == "character"
    if not is_function(fun) and not texts and type(fun) is not Symbol:
        # What is no function has no arguments to vectorise, and is handed back.
        warn("argument is not a function", call_as_text("formals(fun)"))
        return fun
    given, fun = fun, function_of(fun, environment)
    formals: tuple[tuple[str, Any], ...] = ()
    if type(fun) is Closure or not fun.primitive:
        formals = tuple(fun.formals if type(fun) is Closure else builtin_formals(fun))
    labels = [name for name, _ in formals]
    chosen = [n for n in labels if n != "..."] if names is UNSET else [str(n) for n in names.items()]
    if not chosen:
        return given
    if "..." in chosen or not set(chosen) <= set(labels):
        fail("must specify names of formal arguments for 'vectorize'")

    def run(dots: Dots, *, environment: Environment) -> Any:
        varying = [one for one in dots if one[0] in chosen]
        fixed = [one for one in dots if one[0] not in chosen]
        results = map_together(fun, varying, fixed, environment)
        kept = result_names(varying, len(results)) if flag(use_names) else None
        if flag(simplified) and results:
            return simplify(results, kept)
        made = mk_list(results)
        return made if kept is None else made.with_attribute("names", character(kept))

    def start(call: Call, environment: Environment) -> Any:
        """Hand on what the call gave; defaults of the other parameters are the inner function's own matter."""
        supplied = [name for name in labels if name == "..." or name not in environment.unsupplied]
        arguments = tuple(Argument(None if name == "..." else name, Symbol(name)) for name in supplied)
        return evaluate(Call(Symbol("mapped"), arguments), environment)

    inner = {
        "mapped": Builtin("mapped", run, "...", needs_environment=True),
        "vectorized": Builtin("vectorized", start, "...", special=True),
    }
    return Closure(Template(formals, Call(Symbol("vectorized"), ())), Environment(machine.base_environment, inner))


@builtin("Negate", "f", needs_environment=True)
def negate(f: Any, *, environment: Environment) -> Any:
    f = function_of(f, environment, "f")

    def run(dots: Dots, *, environment: Environment) -> Any:
        return call_builtin("!", call_function(f, dots, environment, call_as_text("f(...)")))

    return Builtin("Negate", run, "...", needs_environment=True)


@builtin("Compose", "...", package="functional", needs_environment=True)
def compose(dots: Dots, *, environment: Environment) -> Any:
    functions = [function_of(value, environment) for _, value in dots]

    def run(arguments: Dots, *, environment: Environment) -> Any:
        result = call_function(functions[0], arguments, environment)
        for function in functions[1:]:
            result = call_function(function, [(None, result)], environment)
        return result

    return Builtin("Compose", run, "...", needs_environment=True)
