"""Functions on the language itself: quoting, evaluation, calls, bodies and formals."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import REGISTRY, UNSET, builtin, call_function, machine, match_formals, warn
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import evaluate, expression_of, value_of
from pipekeras.grammar.evaluation.quoting import (
    bquote,
    element_at,
    list_environment,
    names_in,
    promise_expression,
    substitute,
)
from pipekeras.grammar.nodes import EMPTY_SYMBOL, MISSING, Argument, Call, Formals, LibrarySource, Source, Symbol
from pipekeras.grammar.values import (
    NULL,
    Promise,
    Vector,
    character,
    expression_vector,
    is_function,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.arguments import flag, text, whole
from pipekeras.grammar.vectors.frames import is_frame

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
    label = call.args[0].name
    if label and not "expr".startswith(label):
        raise RError(f"supplied argument name '{label}' does not match 'expr'")
    value = call.args[0].value
    if value is MISSING:
        return EMPTY_SYMBOL
    return promise_expression(value) if type(value) is Promise else value


@builtin("substitute", "expr, env", special=True)
def substitute_builtin(call: Call, environment: Environment) -> Any:
    node = _argument(call, 0, "expr")
    if node is UNSET:
        return EMPTY_SYMBOL
    if type(node) is Promise:
        # `do.call(substitute, list(expression, environment))` hands the expression over as it is.
        node = promise_expression(node)
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
    if type(node) is Symbol and node.name == "..." and type(frame.get("...")) is tuple:
        # `substitute(...)` is a call with all of the dots: the first of them is its expression.
        return promise_expression(frame["..."][0][1]) if frame["..."] else NULL
    return substitute(node, frame)


@builtin("bquote", "expr, where = parent.frame(), splice = FALSE", special=True)
def bquote_builtin(call: Call, environment: Environment) -> Any:
    node = _argument(call, 0, "expr")
    if node is UNSET:
        return EMPTY_SYMBOL
    where = _argument(call, 1, "where")
    spliced = _argument(call, 2, "splice")
    if where is not UNSET:
        found = evaluate(where, environment)
        environment = found if type(found) is Environment else list_environment(found, environment)
    splice = spliced is not UNSET and flag(evaluate(spliced, environment), "splice")
    return bquote(node, lambda expression: evaluate(expression, environment), splice)


@builtin("expression", "...", special=True)
def expression(call: Call, environment: Environment) -> Any:
    names = [argument.name for argument in call.args]
    return expression_vector([argument.value for argument in call.args], names if any(names) else None)


@builtin("alist", "...", special=True)
def alist(call: Call, environment: Environment) -> Any:
    names = [argument.name for argument in call.args]
    return mk_list([argument.value for argument in call.args], names if any(names) else None)


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
    return Formals(Argument(name or "", default_in(given.data[at])) for at, name in enumerate(names))


def default_in(value: Any) -> Any:
    """A default taken from a list: the empty symbol means there is none."""
    return MISSING if type(value) is Symbol and value.name == "" else value


@builtin("call", "name, ...")
def call_builtin(name: Any, dots: Dots) -> Any:
    if type(name) is not Vector or name.kind != "character" or len(name) != 1:
        raise RError("first argument must be a character string")
    return rebuilt_call(Symbol(text(name)), dots)


def function_of(fun: Any, environment: Environment, formal: str = "FUN", passed_on: bool = False) -> Any:
    """Function given as a value, a name or a symbol.

    Args:
        fun: the value, or the promise of it.
        environment: where the function that takes it was called.
        formal: its parameter for functions.
        passed_on: whether the value is a parameter of the caller, which stands for what was written in its own call.

    Raises:
        RError: not a function and no name of one.
    """
    name = written = None
    if type(fun) is Promise:
        written, fun = expression_of(fun), value_of(fun)
    if is_function(fun) or getattr(fun, "kind", None) == "externalptr":
        return fun
    if type(fun) is Vector and fun.kind == "character" and len(fun) == 1:
        name = "NA" if fun.items()[0] is None else fun.items()[0]
        if name == "":
            raise RError("invalid first argument", call=_get_call(name))
    elif type(fun) is Symbol:
        name = fun.name
    else:
        if written is None:
            written = _written_for(formal)
        if passed_on and type(written) is not Call:
            written = None
        if type(written) is Symbol:
            name = written.name
        elif written is None:
            name = _bound_to(fun, environment, passed_on)
    if name is None:
        from pipekeras.grammar.deparse import deparse_short

        shown = deparse_short(fun if written is None else written)
        raise RError(f"'{shown}' is not a function, character or symbol", call=_match_fun_call(formal))
    found = environment.get_function(name)
    if found is None:
        raise RError(f"object '{name}' of mode 'function' was not found", call=_get_call(name))
    return found


def _written_for(formal: str) -> Any:
    """What the call of the builtin in progress has in the place of a parameter; None where that is not told."""
    call = machine.builtin_call
    if type(call) is not Call or type(call.function) is not Symbol:
        return None
    builtin = REGISTRY.get(call.function.name)
    arguments = [(argument.name, argument.value) for argument in call.args]
    if builtin is None or any(type(node) is Symbol and node.name == "..." for _, node in arguments):
        return None
    names = [one.name for one in builtin.formals]
    try:
        slots, _, _ = match_formals(names, arguments)
    except RError:
        return None
    found = slots[names.index(formal)] if formal in names else None
    return found if type(found) in (Symbol, Call) or found is NULL else None


def _bound_to(value: Any, environment: Environment, passed_on: bool) -> str | None:
    """Name of a variable with that very value: `apply(x, 2, mean)` means the function though `mean` is a vector too."""
    place: Environment | None = environment
    while place is not None and place.name != "base":
        for name, bound in place.frame.items():
            if bound is value:
                return name
            if type(bound) is Promise and bound.value is value:
                written = bound.expression
                return name if not passed_on else written.name if type(written) is Symbol else None
        place = place.parent
    return None


def _match_fun_call(formal: str) -> Any:
    return Call(Symbol("match.fun"), (Argument(None, Symbol(formal)),))


def _get_call(name: str) -> Any:
    return Call(
        Symbol("get"),
        (
            Argument(None, Call(Symbol("as.character"), (Argument(None, Symbol("FUN")),))),
            Argument("mode", character("function")),
            Argument("envir", Symbol("envir")),
        ),
    )


@builtin("all.names", "expr, functions = TRUE, max.names = -1L, unique = FALSE")
def all_names(expr: Any, functions: Any, limit: Any, unique: Any) -> Any:
    found = list(names_in(expr, flag(functions)))
    if flag(unique):
        found = list(dict.fromkeys(found))
    most = whole(limit)
    return character(found if most < 0 else found[:most])


@builtin("all.vars", "expr, functions = FALSE, max.names = -1L, unique = TRUE")
def all_vars(expr: Any, functions: Any, limit: Any, unique: Any) -> Any:
    found = list(names_in(expr, flag(functions)))
    if flag(unique):
        found = list(dict.fromkeys(found))
    most = whole(limit)
    return character(found if most < 0 else found[:most])


@builtin("~", "...", special=True)
def formula(call: Call, environment: Environment) -> Any:
    attributes = call.attributes
    if attributes and "class" in attributes:
        return call
    return call.with_attributes({"class": character("formula"), ".Environment": environment})


@builtin("as.formula", "object, env", package="stats", needs_environment=True)
def as_formula(object: Any, env: Any = UNSET, *, environment: Environment) -> Any:
    place = environment if env is UNSET else env
    if is_frame(object):
        return call_function(environment.get_function("formula"), [(None, object)], environment)
    if type(object) is Vector and object.kind == "character":
        if len(object) > 1:
            warn("Using formula(x) is deprecated when x is a character vector of length > 1.\n"
                 "  Consider formula(paste(x, collapse = \" \")) instead.")
        from pipekeras.grammar.deparse import deparse_short

        given = object
        object = text_to_language(character(given.items()[:1])) if len(given) else NULL
        if type(object) is not Call:
            raise RError(f"invalid formula {deparse_short(given)}: not a call")
    if type(object) is Call:
        if object.attributes and "class" in object.attributes:
            return object
        return object.with_attributes({"class": character("formula"), ".Environment": place})
    raise RError("invalid formula")


@builtin(
    "parse",
    "file = '', n = NULL, text = NULL, prompt = '?', keep.source = getOption('keep.source'), srcfile = NULL, encoding = ''",
    needs_call=True,
)
def parse(
    file: Any, n: Any, given: Any, prompt: Any = NULL, keep: Any = NULL, *rest: Any, call: Any = None
) -> Any:
    from pipekeras.grammar.diagnose import ParseError
    from pipekeras.grammar.parse import parse_program

    if given is NULL:
        with open(text(file, "file"), encoding="utf-8") as stream:
            source = stream.read()
        name = text(file)
    else:
        source = "\n".join("NA" if line is None else str(line) for line in given.items())
        name = "<text>"
    span = getattr(call, "span", None)
    # What the library writes and parses itself is no place of the program's.
    origin = None if span is None else span.source
    made = origin.parsing(source) if type(origin) is LibrarySource else Source(name, source, keep is NULL or flag(keep))
    try:
        expressions = parse_program(made).expressions
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


@builtin(
    "deparse",
    "expr, width.cutoff = 60L, backtick = mode(expr) %in% c('call', 'expression', '(', 'function'),"
    " control = c('keepNA', 'keepInteger', 'niceNames', 'showAttributes'), nlines = -1L",
)
def deparse_builtin(expr: Any, width: Any, backtick: Any = None, control: Any = NULL, nlines: Any = NULL) -> Any:
    lines = _deparsed(expr, width, backtick, control)
    most = whole(nlines, "nlines")
    return character(lines[:most] if most > 0 else lines)


def _deparsed(expr: Any, width: Any, backtick: Any, control: Any) -> list[str]:
    from dataclasses import replace

    from pipekeras.grammar.deparse import controlled, deparse_lines, options_for

    cutoff = whole(width, "width.cutoff")
    if not 20 <= cutoff <= 500:
        warn("invalid 'cutoff' value for 'deparse', using default")
        cutoff = 60
    options = replace(options_for(expr), width=cutoff)
    if backtick is not None:
        options = replace(options, backtick=flag(backtick, "backtick"))
    return deparse_lines(expr, controlled(options, [] if control is NULL else [str(word) for word in control.items()]))


@builtin("as.expression", "x, ...", generic="s3")
def as_expression(x: Any, dots: Dots) -> Any:
    if type(x) is not Vector:
        return expression_vector([x])
    if x.kind == "expression":
        return x
    items = list(x.data) if x.kind == "list" else [element_at(x, at) for at in range(len(x))]
    made = expression_vector(items)
    labels = names_of(x) if x.kind == "list" else None
    return made if labels is None else made.with_attributes({"names": character(labels)})


@builtin("deparse1", "expr, collapse = ' ', width.cutoff = 500L, ...")
def deparse_one(expr: Any, collapse: Any, width: Any, dots: Dots) -> Any:
    lines = call_function(REGISTRY["deparse"], [(None, expr), ("width.cutoff", width), *dots])
    return character(text(collapse).join(str(line) for line in lines.items()))


