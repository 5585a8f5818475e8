"""Functions on the language itself: quoting, evaluation, calls, bodies and formals."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, UNSET, Builtin, builtin, call_function, machine
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError, ReturnSignal
from pipekeras.grammar.evaluation.calls import Template, dots_of
from pipekeras.grammar.evaluation.compiler import code_of
from pipekeras.grammar.evaluation.dispatch import frame_of
from pipekeras.grammar.evaluation.machine import Frame, evaluate, expression_of, force, value_of, warn
from pipekeras.grammar.evaluation.quoting import (
    bquote,
    builtin_formals,
    call_arguments,
    element_at,
    formals_list,
    matched_call,
    names_in,
    promise_expression,
    substitute,
)
from pipekeras.grammar.nodes import EMPTY_SYMBOL, MISSING, Argument, Call, Formals, Symbol, is_language
from pipekeras.grammar.values import (
    NULL,
    Closure,
    Promise,
    Vector,
    character,
    expression_vector,
    get_attribute,
    integer,
    is_function,
    logical,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.arguments import flag, text, whole

Dots = list[tuple[str | None, Any]]


def _argument(call: Call, position: int, name: str) -> Any:
    for argument in call.args:
        if argument.name == name:
            return argument.value
    left = [argument.value for argument in call.args if not argument.name]
    return left[position] if position < len(left) else UNSET


@builtin("quote", "expr", special=True)
def quote(call: Call, environment: Environment) -> Any:
    if len(call.args) != 1:
        raise RError(f"{len(call.args)} arguments passed to 'quote' which requires 1")
    value = call.args[0].value
    if value is MISSING:
        return EMPTY_SYMBOL
    return promise_expression(value) if type(value) is Promise else value


@builtin("substitute", "expr, env", special=True)
def substitute_builtin(call: Call, environment: Environment) -> Any:
    node = _argument(call, 0, "expr")
    where = _argument(call, 1, "env")
    frame: dict[str, Any]
    if where is not UNSET:
        given = evaluate(where, environment)
        if type(given) is Environment:
            frame = {} if given is machine.global_environment else given.frame
        elif type(given) is Vector and given.kind == "list":
            frame = {n: v for n, v in zip(names_of(given) or [], given.data, strict=False) if n}
        else:
            raise RError("invalid environment specified")
    elif environment is machine.global_environment:
        frame = {}
    else:
        frame = environment.frame
    return substitute(node, frame)


@builtin("bquote", "expr, where = parent.frame(), splice = FALSE", special=True)
def bquote_builtin(call: Call, environment: Environment) -> Any:
    node = _argument(call, 0, "expr")
    where = _argument(call, 1, "where")
    spliced = _argument(call, 2, "splice")
    if where is not UNSET:
        found = evaluate(where, environment)
        environment = found if type(found) is Environment else list_environment(found, environment)
    splice = spliced is not UNSET and flag(evaluate(spliced, environment), "splice")
    return bquote(node, lambda expression: evaluate(expression, environment), splice)


def list_environment(given: Any, enclosure: Environment) -> Environment:
    """Environment whose bindings are the named elements of a list or data frame."""
    names = names_of(given) or []
    frame = {name: element_at(given, at) for at, name in reversed(list(enumerate(names))) if name}
    return Environment(enclosure, frame)


def _as_environment(given: Any, enclosure: Any, environment: Environment) -> Environment:
    if type(given) is Environment:
        return given
    if given is NULL:
        return Environment(machine.base_environment)
    if type(given) is Vector and given.kind == "list":
        return list_environment(given, enclosure if type(enclosure) is Environment else environment)
    if type(given) is Vector and given.kind in ("double", "integer"):
        frames = [machine.global_environment, *(f.environment for f in machine.frames)]
        number = whole(given, "envir")
        chosen = frames[number] if 0 <= number < len(frames) else environment
        return chosen if chosen is not None else environment
    raise RError("invalid 'envir' argument of type '" + given.kind + "'")


def evaluate_in(expression: Any, place: Environment, caller: Environment, call: Any) -> Any:
    """Evaluate as ``eval`` does: ``return`` ends the evaluation, and new environments count as calls."""
    pushed = place is not machine.global_environment and frame_of(place) is None
    if pushed:
        machine.frames.append(Frame(call, REGISTRY["eval"], place, caller))
    try:
        if type(expression) is Vector and expression.kind == "expression":
            result: Any = NULL
            for one in expression.data:
                machine.visible = True
                result = code_of(one)(place)
            return result
        machine.visible = True
        if type(expression) is Promise:
            return force(expression)
        return code_of(expression)(place) if is_language(expression) else expression
    except ReturnSignal as signal:
        if signal.environment is not place:
            raise
        return signal.value
    finally:
        if pushed:
            machine.frames.pop()


@builtin("eval", "expr, envir, enclos", needs_environment=True, needs_call=True, invisible=None)
def eval_builtin(expr: Any, envir: Any = UNSET, enclos: Any = UNSET, *, environment: Environment, call: Any) -> Any:
    place = environment if envir is UNSET else _as_environment(envir, enclos, environment)
    return evaluate_in(expr, place, environment, call)


@builtin("evalq", "expr, envir, enclos", lazy=True, needs_environment=True, needs_call=True, invisible=None)
def evalq(expr: Any, envir: Any = UNSET, enclos: Any = UNSET, *, environment: Environment, call: Any) -> Any:
    place = environment
    if envir is not UNSET:
        place = _as_environment(value_of(envir), None if enclos is UNSET else value_of(enclos), environment)
    return evaluate_in(expression_of(expr), place, environment, call)



@builtin("eval.parent", "expr, n = 1", needs_environment=True, needs_call=True, invisible=None)
def eval_parent(expr: Any, n: Any, *, environment: Environment, call: Any) -> Any:
    place = environment
    for _ in range(whole(n)):
        frame = frame_of(place)
        place = machine.global_environment if frame is None else frame.caller
    return evaluate_in(expr, place, environment, call)



@builtin("local", "expr, envir", lazy=True, needs_environment=True, needs_call=True, invisible=None)
def local(expr: Any, envir: Any = UNSET, *, environment: Environment, call: Any) -> Any:
    place = Environment(environment) if envir is UNSET else _as_environment(value_of(envir), None, environment)
    return evaluate_in(expression_of(expr), place, environment, call)



@builtin("withVisible", "x", lazy=True)
def with_visible(x: Any) -> Any:
    machine.visible = True
    value = value_of(x)
    return mk_list([value, logical(machine.visible)], ["value", "visible"])


@builtin("expression", "...", special=True)
def expression(call: Call, environment: Environment) -> Any:
    names = [argument.name for argument in call.args]
    return expression_vector([argument.value for argument in call.args], names if any(names) else None)


@builtin("alist", "...", special=True)
def alist(call: Call, environment: Environment) -> Any:
    names = [argument.name for argument in call.args]
    return mk_list([argument.value for argument in call.args], names if any(names) else None)


@builtin(("as.name", "as.symbol"), "x")
def as_name(x: Any) -> Any:
    if type(x) is Symbol:
        return x
    if type(x) is Call:
        return as_name(x.function)
    if type(x) is not Vector or len(x) == 0:
        raise RError("invalid type/length (symbol/0) in vector allocation")
    if x.kind == "list":
        return as_name(x.data[0])
    name = call_function(REGISTRY["as.character"], [(None, x)]).items()[0]
    if name == "":
        raise RError("attempt to use zero-length variable name")
    return Symbol("NA" if name is None else name)


@builtin("as.call", "x")
def as_call(x: Any) -> Any:
    if type(x) is Call:
        return x
    if type(x) is not Vector or x.kind not in ("list", "expression") or len(x) == 0:
        raise RError("invalid argument list")
    names = names_of(x) or [None] * len(x)
    values = list(x.data)
    return rebuilt_call(values[0], [(n or None, v) for n, v in zip(names[1:], values[1:], strict=True)])


def rebuilt_call(function: Any, arguments: Dots) -> Call:
    """A call from parts; the pieces of a `function` call get their parameter list back."""
    if type(function) is Symbol and function.name == "function" and len(arguments) >= 2:
        parameters = arguments[0][1]
        if not isinstance(parameters, Formals):
            arguments = [(None, formals_of_list(parameters)), *arguments[1:]]
    return Call(function, tuple(Argument(name, value) for name, value in arguments))


def formals_of_list(given: Any) -> Formals:
    """Parameter list from a named list (``alist``, ``formals``) or NULL."""
    if given is NULL:
        return Formals(())
    names = names_of(given) or []
    return Formals(Argument(name or "", _default_in(given.data[at])) for at, name in enumerate(names))


def _default_in(value: Any) -> Any:
    return MISSING if type(value) is Symbol and value.name == "" else value


@builtin("call", "name, ...")
def call_builtin(name: Any, dots: Dots) -> Any:
    if type(name) is not Vector or name.kind != "character" or len(name) != 1:
        raise RError("first argument must be a character string")
    return Call(Symbol(text(name)), tuple(Argument(n, v) for n, v in dots))


@builtin("is.call", "x")
def is_call(x: Any) -> Any:
    return logical(type(x) is Call)


@builtin(("is.name", "is.symbol"), "x")
def is_name(x: Any) -> Any:
    return logical(type(x) is Symbol or x is MISSING)


@builtin("is.language", "x")
def is_language_builtin(x: Any) -> Any:
    return logical(is_language(x) or (type(x) is Vector and x.kind == "expression"))


@builtin("is.expression", "x")
def is_expression(x: Any) -> Any:
    return logical(type(x) is Vector and x.kind == "expression")


@builtin("is.function", "x")
def is_function_builtin(x: Any) -> Any:
    return logical(is_function(x))


@builtin("is.primitive", "x")
def is_primitive(x: Any) -> Any:
    return logical(type(x) is Builtin and x.primitive)


@builtin("is.environment", "x")
def is_environment(x: Any) -> Any:
    return logical(type(x) is Environment)


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
    if type(fun) is Closure or (type(fun) is Builtin and not fun.primitive):
        return formals_list(fun)
    return NULL


@builtin("formalArgs", "def", package="methods")
def formal_args(definition: Any) -> Any:
    made = formals_list(definition)
    return NULL if made is NULL else get_attribute(made, "names")


@builtin("args", "name", needs_environment=True)
def args(name: Any, *, environment: Environment) -> Any:
    fun = _function_argument(name, environment)
    if type(fun) is Closure:
        return Closure(Template(fun.formals, NULL), machine.global_environment)
    if type(fun) is Builtin:
        return Closure(Template(tuple(builtin_formals(fun)), NULL), machine.global_environment)
    return NULL


@builtin("arity", "f", package="functional")
def arity(f: Any) -> Any:
    return integer(len(f.formals))


@builtin("body<-", "fun, envir, value", needs_environment=True)
def set_body(fun: Any, envir: Any = UNSET, value: Any = NULL, *, environment: Environment) -> Any:
    if type(value) is Vector and value.kind == "expression" and len(value):
        value = value.data[0]
    place = fun.environment if envir is UNSET else envir
    return Closure(Template(fun.formals, value), place, _without_source(fun))


def _without_source(fun: Any) -> Any:
    return {name: value for name, value in (fun.attributes or {}).items() if name != "srcref"} or None


@builtin("formals<-", "fun, envir, value")
def set_formals(fun: Any, envir: Any = UNSET, value: Any = NULL) -> Any:
    parameters = formals_of_list(value)
    place = fun.environment if envir is UNSET else envir
    return Closure(Template(tuple((p.name or "", p.value) for p in parameters), fun.body), place, _without_source(fun))


@builtin("as.function", "x, envir, ...", needs_environment=True, generic="s3")
def as_function(x: Any, envir: Any = UNSET, dots: Dots | None = None, *, environment: Environment) -> Any:
    if is_function(x):
        return x
    names = names_of(x) or [""] * len(x)
    pairs = tuple((name or "", _default_in(value)) for name, value in zip(names[:-1], x.data[:-1], strict=True))
    place = envir if type(envir) is Environment else environment
    return Closure(Template(pairs, x.data[-1]), place)


REGISTRY["as.function.default"] = REGISTRY["as.function"]


@builtin("match.fun", "FUN, descend = TRUE", needs_environment=True)
def match_fun(fun: Any, descend: Any, *, environment: Environment) -> Any:
    return function_of(fun, environment)


def function_of(fun: Any, environment: Environment) -> Any:
    """Function given as a value, a name or a symbol.

    Raises:
        RError: not a function and no name of one.
    """
    if is_function(fun) or getattr(fun, "kind", None) == "externalptr":
        return fun
    name = None
    if type(fun) is Vector and fun.kind == "character" and len(fun) == 1:
        name = fun.items()[0]
    elif type(fun) is Symbol:
        name = fun.name
    if name is None:
        from pipekeras.grammar.deparse import deparse_short

        shown = deparse_short(fun)
        raise RError(f"'{shown}' is not a function, character or symbol", call=_match_fun_call())
    found = environment.get_function(name)
    if found is None:
        raise RError(f"object '{name}' of mode 'function' was not found", call=_get_call(name))
    return found


def _match_fun_call() -> Any:
    return Call(Symbol("match.fun"), (Argument(None, Symbol("FUN")),))


def _get_call(name: str) -> Any:
    return Call(
        Symbol("get"),
        (
            Argument(None, Call(Symbol("as.character"), (Argument(None, Symbol("FUN")),))),
            Argument("mode", character("function")),
            Argument("envir", Symbol("envir")),
        ),
    )


@builtin("do.call", "what, args, quote = FALSE, envir", needs_environment=True, lazy=True, invisible=None)
def do_call(what: Any, args: Any, quote: Any, envir: Any = UNSET, *, environment: Environment) -> Any:
    place = environment if envir is UNSET else value_of(envir)
    given = value_of(what)
    listed = value_of(args)
    if listed is NULL:
        pairs: Dots = []
    elif type(listed) is Vector:
        names = names_of(listed) or [None] * len(listed)
        pairs = [(name or None, element_at(listed, at)) for at, name in enumerate(names)]
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
    quoted = flag(value_of(quote), "quote")
    made = Call(head, tuple(Argument(n, v) for n, v in pairs))
    arguments: Dots = []
    for name, value in pairs:
        if is_language(value):
            arguments.append((name, Promise(None, value, None, value) if quoted else Promise(None, value, place)))
        else:
            arguments.append((name, value))
    machine.visible = True
    return call_function(function, arguments, place, made)



@builtin("Recall", "...", lazy=True, needs_environment=True, invisible=None)
def recall(dots: Dots, *, environment: Environment) -> Any:
    frame = frame_of(environment)
    if frame is None:
        raise RError("'Recall' called from outside a closure")
    call = Call(Symbol("Recall"), tuple(Argument(n, expression_of(v)) for n, v in dots))
    head = getattr(frame.call, "function", None)
    if head is not None:
        call = Call(head, call.args)
    return call_function(frame.function, dots, environment, call)



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
    listed = options.items()
    if given is NULL:
        return character(listed[0])
    if type(given) is not Vector or given.kind != "character":
        raise RError("'arg' must be NULL or a character vector")
    wanted = given.items()
    if not flag(value_of(several), "several.ok"):
        if wanted == listed:
            return character(listed[0])
        if len(wanted) > 1:
            raise RError("'arg' must be of length 1")
        if not wanted:
            raise RError("'arg' must be of length 1")
    elif not wanted:
        raise RError("'arg' must be of length >= 1")
    found: list[str] = []
    for one in wanted:
        if one in listed:
            found.append(one)
            continue
        hits = [option for option in listed if option.startswith(one)] if one else []
        if len(hits) == 1:
            found.append(hits[0])
    if not found:
        quoted = ", ".join(f"“{option}”" for option in listed)
        word = "should be one of"
        raise RError(f"'arg' {word} {quoted}", mend=_near_choice(wanted[0], listed))
    return character(found)


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
        function = frame.function if definition in (UNSET, NULL) else definition
        names = [name for name, _ in function.formals]
        return matched_call(frame.call, names, call_arguments(frame), expand_dots)
    function = definition
    if function in (UNSET, NULL):
        function = frame.function if frame is not None else None
        if function is None:
            raise RError("match.call() was called from outside a function")
    names = [name for name, _ in function.formals] if type(function) is Closure else [
        name for name, _ in builtin_formals(function)
    ]
    pairs: Dots = []
    for argument in call.args:
        if type(argument.value) is Symbol and argument.value.name == "..." and frame is not None:
            place = frame.caller.find("...")
            dots = place.frame["..."] if place is not None else ()
            pairs.extend((n or None, promise_expression(v)) for n, v in dots)
        else:
            pairs.append((argument.name, argument.value))
    return matched_call(call, names, pairs, expand_dots)


@builtin("all.names", "expr, functions = TRUE, max.names = -1L, unique = FALSE")
def all_names(expr: Any, functions: Any, limit: Any, unique: Any) -> Any:
    found = list(names_in(expr, flag(functions)))
    if flag(unique):
        found = list(dict.fromkeys(found))
    number = whole(limit)
    return character(found if number < 0 else found[:number])


@builtin("all.vars", "expr, functions = FALSE, max.names = -1L, unique = TRUE")
def all_vars(expr: Any, functions: Any, limit: Any, unique: Any) -> Any:
    found = list(names_in(expr, flag(functions)))
    return character(list(dict.fromkeys(found)) if flag(unique) else found)


@builtin("~", "...", special=True)
def formula(call: Call, environment: Environment) -> Any:
    attributes = call.attributes
    if attributes and "class" in attributes:
        return call
    return call.with_attributes({"class": character("formula"), ".Environment": environment})


@builtin("as.formula", "object, env", package="stats", needs_environment=True)
def as_formula(object: Any, env: Any = UNSET, *, environment: Environment) -> Any:
    place = environment if env is UNSET else env
    if type(object) is Vector and object.kind == "character":
        from pipekeras.grammar.parse import parse_expression

        object = parse_expression(" ".join(str(item) for item in object.items()))
    if type(object) is Call:
        if object.attributes and "class" in object.attributes:
            return object
        return object.with_attributes({"class": character("formula"), ".Environment": place})
    raise RError("invalid formula")


REGISTRY["formula"] = REGISTRY["as.formula"]


@builtin("parse", "file = '', n = NULL, text = NULL, prompt = '?', keep.source = FALSE, srcfile = NULL, encoding = ''")
def parse(file: Any, n: Any, given: Any, *rest: Any) -> Any:
    from pipekeras.grammar.diagnose import ParseError
    from pipekeras.grammar.parse import parse_text

    if given is NULL:
        with open(text(file, "file"), encoding="utf-8") as stream:
            source = stream.read()
        name = text(file)
    else:
        source = "\n".join("NA" if line is None else str(line) for line in given.items())
        name = "<text>"
    try:
        expressions = parse_text(source, name)
    except ParseError as error:
        raise RError(error.as_r_writes_it(), call=None) from None
    if n is not NULL and whole(n) >= 0:
        expressions = expressions[: whole(n)]
    return expression_vector(expressions)


@builtin("str2lang", "s")
def text_to_language(s: Any) -> Any:
    made = parse(NULL, NULL, s)
    if len(made) != 1:
        raise RError(f"parsing result not of length one, but {len(made)}")
    return made.data[0]


@builtin("str2expression", "text")
def text_to_expression(lines: Any) -> Any:
    return parse(NULL, NULL, lines)


@builtin("deparse", "expr, width.cutoff = 60L, backtick = TRUE, control = c('keepNA'), nlines = -1L")
def deparse_builtin(expr: Any, width: Any, *rest: Any) -> Any:
    return character(_deparsed(expr, whole(width, "width.cutoff")))


def _deparsed(expr: Any, width: int) -> list[str]:
    from dataclasses import replace

    from pipekeras.grammar.deparse import deparse_lines, options_for

    return deparse_lines(expr, replace(options_for(expr), width=width))


@builtin("deparse1", "expr, collapse = ' ', width.cutoff = 500L, ...")
def deparse_one(expr: Any, collapse: Any, width: Any, dots: Dots) -> Any:
    return character(text(collapse).join(_deparsed(expr, whole(width))))


@builtin("identity", "x", invisible=None)
def identity(x: Any) -> Any:
    return x


@builtin("force", "x", invisible=None)
def force_builtin(x: Any) -> Any:
    return x


@builtin("forceAndCall", "n, FUN, ...", lazy=True, needs_environment=True)
def force_and_call(n: Any, fun: Any, dots: Dots, *, environment: Environment) -> Any:
    for _, value in dots:
        value_of(value)
    return call_function(value_of(fun), dots, environment)


@builtin("invisible", "x = NULL", invisible=True)
def invisible(x: Any) -> Any:
    return x


@builtin("...length", "", special=True)
def dots_length(call: Call, environment: Environment) -> Any:
    if environment.find("...") is None:
        raise RError("incorrect context: the current call has no '...' to look in")
    return integer(len(dots_of(environment)))


@builtin("...elt", "n", special=True)
def dots_elt(call: Call, environment: Environment) -> Any:
    from pipekeras.grammar.evaluation.compiler import dots_element

    return dots_element(environment, whole(evaluate(call.args[0].value, environment)))


@builtin("...names", "", special=True)
def dots_names(call: Call, environment: Environment) -> Any:
    names = [name for name, _ in dots_of(environment)]
    return character([name or "" for name in names]) if any(names) else NULL


@builtin("missing", "x", special=True)
def missing(call: Call, environment: Environment) -> Any:
    if len(call.args) != 1:
        raise RError("invalid use of 'missing'")
    node = call.args[0].value
    name = node.name if type(node) is Symbol else node.items()[0] if type(node) is Vector else None
    if not isinstance(name, str):
        raise RError("invalid use of 'missing'")
    if name.startswith("..") and name[2:].isdigit():
        return logical(int(name[2:]) > len(dots_of(environment)))
    if name == "...":
        return logical(len(dots_of(environment)) == 0)
    if name not in environment.frame:
        raise RError("'missing' can only be used for arguments")
    return logical(is_missing(environment, name))


def is_missing(environment: Environment, name: str) -> bool:
    """Whether a parameter got no argument, or only one that is itself a missing parameter."""
    value = environment.frame.get(name)
    if value is MISSING:
        return True
    if name in environment.unsupplied:
        frame = frame_of(environment)
        if frame is None or type(frame.function) is not Closure:
            return True
        default = dict(frame.function.formals).get(name)
        return value is default or (type(value) is Promise and value.expression is default)
    if type(value) is Promise and type(value.expression) is Symbol and value.environment is not None:
        inner = value.environment
        return value.expression.name in inner.frame and is_missing(inner, value.expression.name)
    return False


@builtin("nargs", "", special=True)
def nargs(call: Call, environment: Environment) -> Any:
    frame = frame_of(environment)
    return integer(0 if frame is None else len(frame.arguments[1]))


@builtin("interactive", "")
def interactive() -> Any:
    return logical(bool(machine.session and machine.session.interactive))


@builtin("switch", "EXPR, ...", special=True)
def switch(call: Call, environment: Environment) -> Any:
    if not call.args:
        raise RError("'EXPR' is missing")
    arguments = list(call.args)
    at = next((i for i, argument in enumerate(arguments) if argument.name == "EXPR"), 0)
    chooser = arguments.pop(at)
    alternatives: list[tuple[str | None, Any]] = []
    for argument in arguments:
        if type(argument.value) is Symbol and argument.value.name == "...":
            alternatives.extend(dots_of(environment))
        else:
            alternatives.append((argument.name, argument.value))
    value = evaluate(chooser.value, environment)
    if not alternatives:
        warn("'switch' with no alternatives")
        machine.visible = False
        return NULL
    if type(value) is not Vector or len(value) != 1 or value.kind in ("list", "expression"):
        raise RError("EXPR must be a length 1 vector")
    machine.visible = True
    if value.kind == "character":
        wanted = value.items()[0]
        return _switch_by_name("NA" if wanted is None else wanted, alternatives, environment)
    if value.attributes and "levels" in value.attributes:
        warn(
            "EXPR is a \"factor\", treated as integer.\n"
            " Consider using 'switch(as.character( * ), ...)' instead."
        )
    number = value.items()[0]
    if number == number and 1 <= number <= len(alternatives):
        chosen = alternatives[int(number) - 1][1]
        if chosen is MISSING:
            raise RError("empty alternative in numeric switch")
        return _run_alternative(chosen, environment)
    machine.visible = False
    return NULL


def _run_alternative(node: Any, environment: Environment) -> Any:
    if type(node) is Promise:
        return force(node)
    return code_of(node)(environment)


def _switch_by_name(wanted: str, alternatives: list[tuple[str | None, Any]], environment: Environment) -> Any:
    defaults = [node for name, node in alternatives if not name]
    if len(defaults) > 1:
        raise RError("duplicate 'switch' defaults: '" + "' and '".join(_short(node) for node in defaults[:2]) + "'")
    for position, (name, _) in enumerate(alternatives):
        if name == wanted:
            for _, node in alternatives[position:]:
                if node is not MISSING:
                    return _run_alternative(node, environment)
            break
    else:
        if defaults and defaults[0] is not MISSING:
            return _run_alternative(defaults[0], environment)
    machine.visible = False
    return NULL


def _short(node: Any) -> str:
    from pipekeras.grammar.deparse import deparse_short

    return deparse_short(node)


@builtin("is.pairlist", "x")
def is_pairlist(x: Any) -> Any:
    return logical(x is NULL)


