"""Derivatives of expressions: D() and deriv(), with the simplifications that R makes and no others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import UNSET, builtin
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.templates import Template
from pipekeras.grammar.nodes import MISSING, Argument, Call, Symbol
from pipekeras.grammar.values import NULL, Closure, Vector, character, double, integer, is_function
from pipekeras.grammar.vectors.arguments import flag
from pipekeras.grammar.vectors.report import warn


def call(name: str, *arguments: Any) -> Call:
    """A call of a function by name."""
    return Call(Symbol(name), tuple(Argument(None, one) for one in arguments))


def _parts(tree: Any) -> tuple[str, list[Any]]:
    """Name and arguments of a call of a named function; no name for anything else."""
    if isinstance(tree, Call) and type(tree.function) is Symbol:
        return tree.function.name, [argument.value for argument in tree.args]
    return "", []


def _number(tree: Any) -> float | None:
    if type(tree) is Vector and tree.kind in ("double", "integer", "logical") and len(tree) == 1:
        item = tree.items()[0]
        return None if item is None else float(item)
    return None


def _negated(tree: Any) -> Any:
    """What a unary minus stands before, or None."""
    name, arguments = _parts(tree)
    return arguments[0] if name == "-" and len(arguments) == 1 else None


def plus(a: Any, b: Any = None) -> Any:
    if b is None:
        return a
    if _number(a) == 0:
        return b
    if _number(b) == 0:
        return a
    if _negated(a) is not None:
        return minus(b, _negated(a))
    if _negated(b) is not None:
        return minus(a, _negated(b))
    return call("+", a, b)


def minus(a: Any, b: Any = None) -> Any:
    if b is None:
        if _number(a) == 0:
            return double(0.0)
        return call("-", a) if _negated(a) is None else _negated(a)
    if _number(b) == 0:
        return a
    if _number(a) == 0:
        return minus(b)
    if _negated(a) is not None:
        return minus(plus(_negated(a), b))
    if _negated(b) is not None:
        return call("+", a, _negated(b))
    return call("-", a, b)


def times(a: Any, b: Any) -> Any:
    if _number(a) == 0 or _number(b) == 0:
        return double(0.0)
    if _number(a) == 1:
        return b
    if _number(b) == 1:
        return a
    if _negated(a) is not None:
        return minus(times(_negated(a), b))
    if _negated(b) is not None:
        return minus(times(a, _negated(b)))
    return call("*", a, b)


def divide(a: Any, b: Any) -> Any:
    if _number(a) == 0:
        return double(0.0)
    if _number(b) == 1:
        return a
    if _negated(a) is not None:
        return minus(divide(_negated(a), b))
    if _negated(b) is not None:
        return minus(divide(a, _negated(b)))
    return call("/", a, b)


def power(a: Any, b: Any) -> Any:
    exponent = _number(b)
    if exponent == 1:
        return a
    if exponent == 0:
        return double(1.0)
    if _negated(a) is not None and exponent is not None and exponent == int(exponent):
        return power(_negated(a), b) if exponent % 2 == 0 else minus(power(_negated(a), b))
    return call("^", a, b)


_ONE, _TWO = double(1.0), double(2.0)
_CHAIN: dict[str, Callable[[Any, Any, Any], Any]] = {
    "exp": lambda whole, a, d: times(whole, d),
    "cos": lambda whole, a, d: times(call("sin", a), minus(d)),
    "sin": lambda whole, a, d: times(call("cos", a), d),
    "tan": lambda whole, a, d: divide(d, power(call("cos", a), _TWO)),
    "cosh": lambda whole, a, d: times(call("sinh", a), d),
    "sinh": lambda whole, a, d: times(call("cosh", a), d),
    "tanh": lambda whole, a, d: divide(d, power(call("cosh", a), _TWO)),
    "pnorm": lambda whole, a, d: times(call("dnorm", a), d),
    "dnorm": lambda whole, a, d: times(minus(a), times(call("dnorm", a), d)),
    "asin": lambda whole, a, d: divide(d, call("sqrt", minus(_ONE, power(a, _TWO)))),
    "acos": lambda whole, a, d: minus(divide(d, call("sqrt", minus(_ONE, power(a, _TWO))))),
    "atan": lambda whole, a, d: divide(d, plus(_ONE, power(a, _TWO))),
    "lgamma": lambda whole, a, d: times(d, call("digamma", a)),
    "gamma": lambda whole, a, d: times(d, times(whole, call("digamma", a))),
    "digamma": lambda whole, a, d: times(d, call("trigamma", a)),
    "trigamma": lambda whole, a, d: times(d, call("psigamma", a, integer(2))),
    "log1p": lambda whole, a, d: divide(d, plus(_ONE, a)),
    "expm1": lambda whole, a, d: times(call("exp", a), d),
    "log2": lambda whole, a, d: divide(d, times(a, call("log", _TWO))),
    "log10": lambda whole, a, d: divide(d, times(a, call("log", double(10.0)))),
    "cospi": lambda whole, a, d: times(call("sinpi", a), times(minus(Symbol("pi")), d)),
    "sinpi": lambda whole, a, d: times(call("cospi", a), times(Symbol("pi"), d)),
    "tanpi": lambda whole, a, d: divide(times(Symbol("pi"), d), power(call("cospi", a), _TWO)),
}
"""Derivative of a function of one argument: the call, its argument, the argument's derivative."""


def derivative(tree: Any, name: str) -> Any:
    """Derivative of an expression by the variable of that name."""
    if type(tree) is Symbol:
        return double(1.0 if tree.name == name else 0.0)
    if not isinstance(tree, Call):
        return double(0.0)
    function, arguments = _parts(tree)
    if function == "(":
        return derivative(arguments[0], name)
    if function in ("+", "-"):
        combine = plus if function == "+" else minus
        return combine(*(derivative(one, name) for one in arguments))
    if function in ("*", "/", "^"):
        return _of_operator(function, arguments[0], arguments[1], name)
    if function == "log":
        if len(arguments) > 1:
            rule = "only single-argument calls to log() are supported;\n  maybe use log(x,a) = log(x)/log(a)"
            raise RError(rule, mend="write log(x)/log(b)")
        return divide(derivative(arguments[0], name), arguments[0])
    if function == "sqrt":
        return derivative(call("^", arguments[0], double(0.5)), name)
    if function in _CHAIN:
        return _CHAIN[function](tree, arguments[0], derivative(arguments[0], name))
    known = ", ".join(("+ - * / ^ log sqrt".replace(" ", ", "), *_CHAIN))
    raise RError(f"Function '{function}' is not in the derivatives table", mend=f"derivatives are known of {known}")


def _of_operator(function: str, a: Any, b: Any, name: str) -> Any:
    left, right = derivative(a, name), derivative(b, name)
    if function == "*":
        return plus(times(left, b), times(a, right))
    if function == "/":
        return minus(divide(left, b), divide(times(a, right), power(b, _TWO)))
    exponent = _number(b)
    if exponent is not None:
        return times(b, times(left, power(a, double(exponent - 1)))) if _number(left) != 1 else times(
            b, power(a, double(exponent - 1))
        )
    first = times(power(a, minus(b, _ONE)), times(b, left))
    return plus(first, times(power(a, b), times(call("log", a), right)))


def _body_of(given: Any) -> Any:
    if type(given) is Vector and given.kind == "expression":
        return given.data[0]
    if isinstance(given, Call) and given.is_call_of("~"):
        return given.args[-1].value
    return given.body if type(given) is Closure else given


@builtin("D", "expr, name", package="stats")
def differentiate(given: Any, name: Any) -> Any:
    tree = given.data[0] if type(given) is Vector and given.kind == "expression" else given
    if type(name) is not Vector or name.kind != "character" or not len(name):
        raise RError("variable must be a character string")
    if type(tree) is Vector and tree.kind in ("character", "list"):
        raise RError(f"expression must not be type '{tree.kind}'")
    if len(name) > 1:
        warn("only the first element is used as variable name")
    return derivative(tree, str(name.items()[0]))


class _Shared:
    """Subexpressions that get a name of their own, each once."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.known: list[Any] = []

    def name(self, tree: Any) -> Any:
        """The tree with its calls replaced by names, in the order in which they are computed."""
        if not isinstance(tree, Call):
            return tree
        if tree.is_call_of("("):
            return self.name(tree.args[0].value)
        made = Call(tree.function, tuple(Argument(one.name, self.name(one.value)) for one in tree.args))
        for at, one in enumerate(self.known):
            if _same(one, made):
                return Symbol(f"{self.tag}{at + 1}")
        self.known.append(made)
        return Symbol(f"{self.tag}{len(self.known)}")


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, Call) and isinstance(b, Call):
        return (
            _same(a.function, b.function)
            and len(a.args) == len(b.args)
            and all(_same(x.value, y.value) for x, y in zip(a.args, b.args, strict=True))
        )
    if type(a) is Symbol and type(b) is Symbol:
        return a.name == b.name
    return type(a) is Vector and type(b) is Vector and a.kind == b.kind and a.items() == b.items()


def _count(tree: Any, name: str) -> int:
    if type(tree) is Symbol:
        return int(tree.name == name)
    return sum(_count(one.value, name) for one in tree.args) if isinstance(tree, Call) else 0


def _put(tree: Any, name: str, value: Any) -> Any:
    if type(tree) is Symbol:
        return value if tree.name == name else tree
    if isinstance(tree, Call):
        return Call(tree.function, tuple(Argument(one.name, _put(one.value, name, value)) for one in tree.args))
    return tree


@builtin(("deriv", "deriv3"), "expr, namevec, function.arg, tag = '.expr', hessian = FALSE, ...", package="stats",
         needs_environment=True, needs_call=True)  # fmt: skip
def deriv(given: Any, names: Any, arguments: Any = UNSET, tag: Any = None, hessian: Any = None, dots: Any = None,
          *, environment: Environment, call: Any) -> Any:  # fmt: skip
    tree = _body_of(given)
    if type(tree) is Vector and tree.kind in ("character", "list"):
        raise RError("invalid expression in 'FindSubexprs'")
    if type(names) is not Vector or names.kind != "character" or not len(names):
        raise RError("invalid variable names")
    variables = [str(item) for item in names.items()]
    second = flag(hessian) or call.is_call_of("deriv3")
    body = _program(tree, variables, str(tag.items()[0]), second)
    if arguments is UNSET or arguments is NULL:
        held = np.empty(1, object)
        held[0] = body
        return Vector("expression", held)
    if is_function(arguments):
        formals: Any = arguments.formals
    elif arguments.kind == "character":
        formals = tuple((str(item), MISSING) for item in arguments.items())
    else:
        formals = tuple((one, MISSING) for one in variables)
    return Closure(Template(tuple(formals), body), environment)


def _program(tree: Any, variables: list[str], tag: str, second: bool) -> Call:
    """The block that computes an expression and its gradient, and the matrix of second derivatives where asked."""
    shared = _Shared(tag)
    statements: list[tuple[Any, Any]] = [(Symbol(".value"), shared.name(tree))]
    first = {name: derivative(tree, name) for name in variables}
    pairs: list[tuple[str, str, Any]] = []
    named = {}
    for at, name in enumerate(variables):
        named[name] = shared.name(first[name])
        if second:
            pairs.extend((name, other, shared.name(derivative(first[name], other))) for other in variables[at:])
    labels = call("c", *(character(name) for name in variables))
    size = integer(len(variables))
    statements.append((Symbol(".grad"), call("array", double(0.0), call("c", call("length", Symbol(".value")), size),
                                             call("list", NULL, labels))))  # fmt: skip
    if second:
        extent = call("c", call("length", Symbol(".value")), size, size)
        statements.append((Symbol(".hessian"), call("array", double(0.0), extent, call("list", NULL, labels, labels))))
    for name in variables:
        statements.append((call("[", Symbol(".grad"), MISSING, character(name)), named[name]))
        for one, other, value in pairs:
            if one != name:
                continue
            place = call("[", Symbol(".hessian"), MISSING, character(one), character(other))
            if one != other:
                value = call("<-", call("[", Symbol(".hessian"), MISSING, character(other), character(one)), value)
            statements.append((place, value))
    return _written(shared, statements, second)


def _written(shared: _Shared, statements: list[tuple[Any, Any]], second: bool) -> Call:
    """Put what is used once where it is used, number the rest again, and write the block."""
    known = list(shared.known)
    kept: list[tuple[str, Any]] = []
    values = [value for _, value in statements]
    for at in range(len(known)):
        name = f"{shared.tag}{at + 1}"
        later = [*known[at + 1 :], *values]
        if sum(_count(one, name) for one in later) < 2:
            for place in range(at + 1, len(known)):
                known[place] = _put(known[place], name, known[at])
            values = [_put(value, name, known[at]) for value in values]
        else:
            kept.append((name, at))
    lines: list[Any] = [call("<-", Symbol(name), known[at]) for name, at in kept]
    lines.extend(call("<-", place, value) for (place, _), value in zip(statements, values, strict=True))
    lines.append(call("<-", call("attr", Symbol(".value"), character("gradient")), Symbol(".grad")))
    if second:
        lines.append(call("<-", call("attr", Symbol(".value"), character("hessian")), Symbol(".hessian")))
    lines.append(Symbol(".value"))
    return call("{", *lines)

