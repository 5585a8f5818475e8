"""Functions as values: bodies, formals, matching of arguments and calls, do.call."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.programs.language import default_in, formals_of_list, function_of, rebuilt_call
from pipekeras.grammar.builtins.registry import UNSET, Builtin, builtin, call_function, machine
from pipekeras.grammar.deparse import deparse_short
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.dispatch import frame_of
from pipekeras.grammar.evaluation.machine import evaluate, expression_of, value_of, warn
from pipekeras.grammar.evaluation.quoting import (
    builtin_formals,
    call_arguments,
    element_at,
    formals_list,
    matched_call,
    promise_expression,
)
from pipekeras.grammar.evaluation.templates import Template
from pipekeras.grammar.nodes import Argument, Call, Symbol, is_language
from pipekeras.grammar.printing.functions import LANGUAGE_WORDS
from pipekeras.grammar.values import (
    NULL,
    Closure,
    Promise,
    Vector,
    character,
    get_attribute,
    integer,
    is_function,
    logical,
    names_of,
)
from pipekeras.grammar.vectors.arguments import flag, text

Dots = list[tuple[str | None, Any]]


@builtin("is.function", "x")
def is_function_builtin(x: Any) -> Any:
    return logical(is_function(x))


@builtin("is.primitive", "x")
def is_primitive(x: Any) -> Any:
    return logical(type(x) is Builtin and x.primitive)


@builtin("body", "fun", needs_environment=True)
def body(fun: Any = UNSET, *, environment: Environment) -> Any:
    fun = _function_argument(fun, environment)
    if not is_function(fun):
        warn("argument is not a function")
    return fun.body if type(fun) is Closure else NULL


def _function_argument(fun: Any, environment: Environment) -> Any:
    if fun is UNSET:
        frame = frame_of(environment)
        return NULL if frame is None else frame.function
    if type(fun) is Vector and fun.kind == "character":
        found = environment.get_function(text(fun))
        if found is None:
            raise RError(f"object '{text(fun)}' of mode 'function' was not found")
        return found
    return fun


@builtin("formals", "fun, envir", needs_environment=True)
def formals(fun: Any = UNSET, envir: Any = NULL, *, environment: Environment) -> Any:
    fun = _function_argument(fun, environment)
    if not is_function(fun):
        warn("argument is not a function")
    if type(fun) is Closure or (type(fun) is Builtin and not fun.primitive):
        return formals_list(fun)
    return NULL


@builtin("formalArgs", "def", package="methods")
def formal_args(definition: Any) -> Any:
    if not is_function(definition):
        return NULL
    made = formals_list(definition)
    return NULL if made is NULL else get_attribute(made, "names")


@builtin("args", "name", needs_environment=True)
def args(name: Any, *, environment: Environment) -> Any:
    fun = name
    if type(fun) is Vector and fun.kind == "character":
        fun = environment.get_function(text(fun))
        if fun is None:
            raise RError(f'could not find function "{text(name)}"')
    if type(fun) is Closure:
        return Closure(Template(fun.formals, NULL), machine.global_environment)
    if type(fun) is Builtin and fun.name not in LANGUAGE_WORDS:
        return Closure(Template(tuple(builtin_formals(fun)), NULL), machine.global_environment)
    return NULL


@builtin("arity", "f", package="functional")
def arity(f: Any) -> Any:
    if not is_function(f):
        raise RError("argument is not a function")
    return integer(len(f.formals))


@builtin("body<-", "fun, envir, value", needs_environment=True)
def set_body(fun: Any, envir: Any = UNSET, value: Any = NULL, *, environment: Environment) -> Any:
    if type(value) is Vector and value.kind == "expression" and len(value):
        value = value.data[0]
    own = _changeable(fun).environment
    place = own if type(envir) is not Environment else envir
    return Closure(Template(fun.formals, value), place, _without_source(fun))


def _changeable(fun: Any) -> Any:
    if type(fun) is not Closure:
        raise RError("argument is not a function" if not is_function(fun) else "a builtin function cannot be changed")
    return fun


def _without_source(fun: Any) -> Any:
    return {name: value for name, value in (fun.attributes or {}).items() if name != "srcref"} or None


@builtin("formals<-", "fun, envir, value")
def set_formals(fun: Any, envir: Any = UNSET, value: Any = NULL) -> Any:
    parameters = formals_of_list(value)
    own = _changeable(fun).environment
    place = own if type(envir) is not Environment else envir
    return Closure(Template(tuple((p.name or "", p.value) for p in parameters), fun.body), place, _without_source(fun))


@builtin(("as.function", "as.function.default"), "x, envir, ...", needs_environment=True, generic="s3")
def as_function(x: Any, envir: Any = UNSET, dots: Dots | None = None, *, environment: Environment) -> Any:
    if is_function(x):
        return x
    if type(x) is not Vector or x.kind not in ("list", "expression"):
        raise RError("argument must have length at least 1" if x is NULL else "list argument expected")
    if not len(x):
        raise RError("argument must have length at least 1")
    names = names_of(x) or [""] * len(x)
    if not all(names[:-1]):
        raise RError('invalid formal argument list for "function"')
    pairs = tuple((name or "", default_in(value)) for name, value in zip(names[:-1], x.data[:-1], strict=True))
    place = envir if type(envir) is Environment else environment
    return Closure(Template(pairs, x.data[-1]), place)


@builtin("match.fun", "FUN, descend = TRUE", needs_environment=True)
def match_fun(fun: Any, descend: Any, *, environment: Environment) -> Any:
    named = type(fun) is Symbol or (type(fun) is Vector and fun.kind == "character" and len(fun) == 1)
    within = not named and not is_function(fun) and environment is not machine.global_environment
    if within and any(value is fun for value in environment.frame.values()):
        # A constant in the place of the argument, or the function's own variable: its value stands for it.
        raise RError(f"'{deparse_short(fun)}' is not a function, character or symbol")
    try:
        return function_of(fun, environment, passed_on=True)
    except RError as error:
        if error.call is not None and error.call.is_call_of("match.fun"):
            # Called by the program itself, its own words are the call.
            error.call = None
        raise


@builtin("do.call", "what, args, quote = FALSE, envir", needs_environment=True, lazy=True, invisible=None)
def do_call(what: Any, args: Any, quote: Any, envir: Any = UNSET, *, environment: Environment) -> Any:
    place = environment if envir is UNSET else value_of(envir)
    given = value_of(what)
    listed = value_of(args)
    pairs: Dots
    if type(listed) is Vector and listed.kind in ("list", "expression"):
        names = names_of(listed) or [""] * len(listed)
        pairs = [("NA" if name is None else name or None, element_at(listed, at)) for at, name in enumerate(names)]
    else:
        raise RError("second argument must be a list")
    if type(given) is Vector and given.kind == "character" and len(given) == 1:
        head: Any = Symbol(given.items()[0])
        function = place.get_function(head.name)
        if function is None:
            made = Call(head, tuple(Argument(n, v) for n, v in pairs))
            from pipekeras.grammar.evaluation.calls import no_function

            raise no_function(head.name, made, place)
    elif is_function(given) or getattr(given, "kind", None) == "externalptr":
        head = given
        function = given
    else:
        raise RError("'what' must be a function or character string")
    if flag(value_of(quote), "quote"):
        quoting = Call(Symbol("::"), (Argument(None, Symbol("base")), Argument(None, Symbol("quote"))))
        written = [Call(quoting, (Argument(None, value),)) for _, value in pairs]
    else:
        written = [value for _, value in pairs]
    made = Call(head, tuple(Argument(name, one) for (name, _), one in zip(pairs, written, strict=True)))
    arguments: Dots = []
    for (name, value), one in zip(pairs, written, strict=True):
        if one is not value:
            arguments.append((name, Promise(None, one, None, value)))
        else:
            arguments.append((name, Promise(None, value, place) if is_language(value) else value))
    machine.visible = True
    from pipekeras.grammar.evaluation.forms import FUNCTIONS

    if type(function) is Builtin and ((function.special and function.name in FUNCTIONS) or function.name in ("$", "@")):
        # A word of the language gets what is written, not values: the call is as a program would have it.
        return evaluate(rebuilt_call(Symbol(function.name), [(argument.name, argument.value) for argument in made.args]), place)
    return call_function(function, arguments, place, made)


@builtin("Recall", "...", lazy=True, needs_environment=True, invisible=None)
def recall(dots: Dots, *, environment: Environment) -> Any:
    frame = frame_of(environment)
    if frame is None or not isinstance(frame.function, Closure):
        raise RError("'Recall' called from outside a closure")
    # It counts as the call that is in progress already, made from where that was made.
    return call_function(frame.function, dots, frame.caller, frame.call)


@builtin("match.arg", "arg, choices, several.ok = FALSE", lazy=True, needs_environment=True)
def match_arg(arg: Any, choices: Any = UNSET, several: Any = None, *, environment: Environment) -> Any:
    options = None
    given: Any = None
    if choices is UNSET:
        node = expression_of(arg)
        frame = frame_of(environment)
        if frame is None or type(node) is not Symbol or type(frame.function) is not Closure:
            raise RError("match.arg(*, choices = missing) needs the argument of a function")
        for name, default in frame.function.formals:
            if name == node.name:
                options = evaluate(default, environment)
        if options is None:
            raise RError(f"'{node.name}' is not a parameter of the function")
        given = value_of(arg)
    else:
        options = value_of(choices)
        given = value_of(arg)
    listed = [] if options is NULL else call_builtin("as.character", options).items()
    if given is NULL:
        return _chosen(options, [0])
    if type(given) is not Vector or given.kind != "character":
        raise RError("'arg' must be NULL or a character vector")
    wanted = given.items()
    if not flag(value_of(several), "several.ok"):
        if wanted == listed and getattr(options, "kind", "") == "character" and names_of(given) == names_of(options):
            return _chosen(given, [0])
        if len(wanted) > 1:
            raise RError("'arg' must be of length 1")
    elif not wanted:
        raise RError("'arg' must be of length >= 1")
    found: list[int] = []
    for one in wanted:
        if one in listed and one != "":
            found.append(listed.index(one))
            continue
        hits = [at for at, option in enumerate(listed) if option is not None and option.startswith(one)] if one else []
        if len(hits) == 1:
            found.append(hits[0])
    if not found:
        told = list(dict.fromkeys("NA" if option is None else option for option in listed if option != ""))
        quoted = ", ".join(f"“{option}”" for option in told)
        word = "should be" if len(told) == 1 else "should be one of"
        raise RError(f"'arg' {word} {quoted}", mend=_near_choice(wanted[0], told) if wanted else None)
    return _chosen(options, found)


def _chosen(options: Any, places: list[int]) -> Any:
    """Choices as they were given, names, lists and factors included."""
    if type(options) is Vector and options.attributes is None and options.kind == "character" and len(options):
        return character([options.items()[at] for at in places])
    return call_builtin("[", options, integer([at + 1 for at in places]))


def _near_choice(wanted: str, listed: list[str]) -> str | None:
    from difflib import get_close_matches

    close = get_close_matches(wanted or "", listed, 1)
    return f"did you mean '{close[0]}'?" if close else None


@builtin("match.call", "definition, call, expand.dots = TRUE, envir", needs_environment=True)
def match_call(
    definition: Any = UNSET, call: Any = UNSET, expand: Any = None, envir: Any = UNSET, *, environment: Environment
) -> Any:
    expand_dots = flag(expand, "expand.dots")
    frame = frame_of(environment)
    if call is UNSET:
        if frame is None:
            raise RError("match.call() was called from outside a function")
        if definition is UNSET and type(frame.function) is not Closure:
            # The code that an eval() runs over an environment of its own belongs to no function.
            raise RError("invalid 'definition' argument")
        function = frame.function if definition in (UNSET, NULL) else definition
        formals = function.formals if type(function) is Closure else builtin_formals(function)
        names = [name for name, _ in formals]
        return matched_call(frame.call, names, call_arguments(frame), expand_dots)
    if type(call) is not Call:
        raise RError("invalid 'call' argument")
    function = definition
    if function in (UNSET, NULL):
        function = frame.function if frame is not None else None
        if function is None:
            raise RError("match.call() was called from outside a function")
        if definition is UNSET and type(frame.function) is not Closure:
            # The code that an eval() runs over an environment of its own belongs to no function.
            raise RError("invalid 'definition' argument")
    if type(function) is Builtin and (function.primitive or function.special):
        raise RError("invalid 'definition' argument")
    if not is_function(function):
        raise RError("invalid 'definition' argument")
    names = [name for name, _ in function.formals] if type(function) is Closure else [
        name for name, _ in builtin_formals(function)
    ]
    pairs: Dots = []
    for argument in call.args:
        if type(argument.value) is Symbol and argument.value.name == "..." and frame is not None:
            place = frame.caller.find("...")
            if place is None:
                raise RError("... used in a situation where it does not exist")
            pairs.extend((n or None, promise_expression(v)) for n, v in place.frame["..."])
        else:
            pairs.append((argument.name, argument.value))
    return matched_call(call, names, pairs, expand_dots)


@builtin("forceAndCall", "n, FUN, ...", lazy=True, needs_environment=True)
def force_and_call(n: Any, fun: Any, dots: Dots, *, environment: Environment) -> Any:
    for _, value in dots:
        value_of(value)
    return call_function(value_of(fun), dots, environment)
