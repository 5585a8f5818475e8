"""S3 from the program's side: UseMethod, NextMethod, method tables."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, UNSET, builtin, call_function, machine, write
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError, ReturnSignal
from pipekeras.grammar.evaluation.calls import apply_function
from pipekeras.grammar.evaluation.compiler import Code, tail_form
from pipekeras.grammar.evaluation.dispatch import find_method, next_method, use_method
from pipekeras.grammar.evaluation.finalizers import finalizers_of_session
from pipekeras.grammar.evaluation.machine import evaluate
from pipekeras.grammar.evaluation.quoting import promise_expression
from pipekeras.grammar.nodes import Call, Symbol
from pipekeras.grammar.values import NULL, Vector, character, explicit_class, is_function, logical, mk_list
from pipekeras.grammar.vectors.arguments import flag, text

Dots = list[tuple[str | None, Any]]


def _use_method(call: Call, environment: Environment) -> Any:
    if not call.args:
        raise RError("there must be a 'generic' argument", call=call)
    generic = evaluate(call.args[0].value, environment)
    if type(generic) is not Vector or generic.kind != "character" or len(generic) != 1:
        raise RError("'generic' argument must be a character string", call=call)
    target: Any = None
    given = len(call.args) > 1
    if given:
        target = evaluate(call.args[1].value, environment)
    return use_method(str(generic.items()[0]), target, environment, given, call)


@builtin("UseMethod", "generic, object", special=True)
def use_method_builtin(call: Call, environment: Environment) -> Any:
    raise ReturnSignal(environment, _use_method(call, environment))


@tail_form("UseMethod")
def compile_tail_use_method(node: Call) -> Code | None:
    """UseMethod at the end of a function: the method's value is the function's value."""
    if not node.args:
        return None
    name = node.args[0].value
    if len(node.args) == 1 and type(name) is Vector and name.kind == "character" and type(name.scalar) is str:
        generic: str = name.scalar
        return lambda environment: use_method(generic, None, environment, False)

    def run(environment: Environment) -> Any:
        return _use_method(node, environment)

    return run


@builtin("NextMethod", "generic = NULL, object = NULL, ...", lazy=True, needs_environment=True, invisible=None)
def next_method_builtin(generic: Any, target: Any, dots: Dots, *, environment: Environment) -> Any:
    name = promise_value(generic)
    named = None if name is NULL else text(name)
    return next_method(environment, named, [(n, v) for n, v in dots])


def promise_value(value: Any) -> Any:
    """Value of a lazily passed argument."""
    from pipekeras.grammar.evaluation.machine import value_of

    return value_of(value)


@builtin("registerS3method", "genname, class, method, envir", invisible=True, needs_environment=True)
def register_method(generic: Any, of_class: Any, method: Any, envir: Any = UNSET, *, environment: Environment) -> Any:
    from pipekeras.grammar.builtins.programs.language import function_of

    machine.methods[f"{text(generic)}.{text(of_class)}"] = function_of(method, environment)
    return NULL


@builtin(".S3method", "generic, class, method", needs_environment=True, invisible=True)
def mark_method(generic: Any, of_class: Any, method: Any = UNSET, *, environment: Environment) -> Any:
    name = f"{text(generic)}.{text(of_class)}"
    if method is UNSET:
        method = environment.get_function(name)
    machine.methods[name] = method
    return NULL


@builtin("getS3method", "f, class, optional = FALSE, envir", needs_environment=True, package="utils")
def get_method(f: Any, of_class: Any, optional: Any, envir: Any = UNSET, *, environment: Environment) -> Any:
    found = find_method(f"{text(f)}.{text(of_class)}", environment)
    if found is None:
        if flag(optional):
            return NULL
        raise RError(f"S3 method '{text(f)}.{text(of_class)}' not found")
    return found


@builtin("is.object", "x")
def is_object(x: Any) -> Any:
    return logical(explicit_class(x) is not None)


@builtin("methods", "generic.function, class, ...", special=True, package="utils")
def methods(call: Call, environment: Environment) -> Any:
    generic = of_class = None
    for argument in call.args:
        node = promise_expression(argument.value)
        name = node.name if type(node) is Symbol else text(evaluate(node, environment))
        if argument.name == "class":
            of_class = name
        else:
            generic = name
    names: set[str] = set()
    place: Environment | None = environment
    while place is not None:
        names.update(name for name, value in place.frame.items() if getattr(value, "kind", "") in ("closure", "builtin"))
        place = place.parent
    names.update(machine.methods)
    if generic is not None:
        found = {name: generic for name in names if name.startswith(generic + ".") and name != generic}
    else:
        found = {name: name[: -len(f".{of_class}")] for name in names if name.endswith(f".{of_class}") and name[0] != "."}
        # What stands before the class must be a function itself: `print.summary.model` is no method for models.
        found = {name: start for name, start in found.items() if environment.get_function(start) is not None}
    shown = sorted(found, key=lambda name: (name.lower(), name))
    mentioned = {
        "visible": logical([name not in machine.methods for name in shown]),
        "from": character([_home_of(name, environment) for name in shown]),
        "generic": character([found[name] for name in shown]),
        "isS4": logical([False] * len(shown)),
    }
    info = mk_list(list(mentioned.values()), list(mentioned))
    info.attributes |= {"class": character("data.frame"), "row.names": character(shown)}  # type: ignore[operator]
    by_class = logical(generic is None)
    return character(shown, {"info": info, "byclass": by_class, "class": character("MethodsFunction")})


def _home_of(name: str, environment: Environment) -> str:
    """Where a method lives, as `methods` tells it."""
    if machine.global_environment.frame.get(name) is not None:
        return ".GlobalEnv"
    return "registered S3method" if name in machine.methods else "base"


def _told_methods(x: Vector) -> Vector:
    """What is shown of methods: the generics for a class, else the methods' names, those out of sight with a star."""
    info = x.attributes["info"].data  # type: ignore[index]
    if x.attributes["byclass"].items()[0]:  # type: ignore[index]
        return character(list(dict.fromkeys(info[2].items())))
    return character([name + ("" if seen else "*") for name, seen in zip(x.items(), info[0].items(), strict=True)])


@builtin("format.MethodsFunction", "x, byclass, ...", package="utils")
def format_methods(x: Any, by_class: Any = UNSET, dots: Dots | None = None) -> Any:
    return _told_methods(x if by_class is UNSET else x.with_attribute("byclass", by_class))


@builtin("print.MethodsFunction", "x, byclass, ...", invisible=True, package="utils")
def print_methods(x: Any, by_class: Any = UNSET, dots: Dots | None = None) -> Any:
    if len(x):
        shown = format_methods(x, by_class)
        call_function(REGISTRY["print.default"], [(None, shown), ("quote", logical(False))])
        write("see '?methods' for accessing help and source code\n")
    else:
        write("no methods found\n")
    return x


@builtin(".class2", "x")
def class2(x: Any) -> Any:
    from pipekeras.grammar.values import dispatch_class

    return character(dispatch_class(x))


@builtin("reg.finalizer", "e, f, onexit = FALSE")
def register_finalizer(e: Any, f: Any, at_exit: Any) -> Any:
    if type(e) is not Environment:
        raise RError("first argument must be environment or external pointer")
    if not is_function(f):
        raise RError("second argument must be a function")
    if type(at_exit) is not Vector or len(at_exit) != 1 or at_exit.items()[0] is None:
        raise RError("third argument must be 'TRUE' or 'FALSE'")
    finalizers_of_session().add(e, f, bool(at_exit.items()[0]))
    return NULL


def _without_dispatch(name: str, operator: str) -> None:
    @builtin(name, "x, ...", needs_environment=True, needs_call=True)
    def run(x: Any, dots: Dots, *, environment: Environment, call: Any) -> Any:
        return apply_function(REGISTRY[operator], [(None, x), *dots], environment, call, dispatch=False)


_without_dispatch(".subset", "[")
_without_dispatch(".subset2", "[[")
