"""How calls of the language's operators and control words are written: form, binding strength, parentheses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from pipekeras.grammar.nodes import Argument, Call, Symbol
from pipekeras.grammar.values import Closure, Vector


class Operator(NamedTuple):
    """An operator: its name, the writer's method for it, how tightly it binds, whether it groups to the right."""

    name: str
    form: str
    precedence: int
    right: bool = False


_CONTROL, _EQUALS, _ASSIGN, _TILDE, _OR, _AND, _NOT, _COMPARE = range(8)
_SUM, _PRODUCT, _SPECIAL, _RANGE, _SIGN, _POWER, _MEMBER, _NAMESPACE = range(8, 16)

OPERATORS: dict[str, Operator] = {
    operator.name: operator
    for operator in (
        Operator("if", "if_form", _CONTROL, True),
        Operator("while", "while_form", _CONTROL),
        Operator("for", "for_form", _CONTROL),
        Operator("repeat", "repeat_form", _CONTROL),
        Operator("break", "jump", _CONTROL),
        Operator("next", "jump", _CONTROL),
        Operator("function", "function", _CONTROL),
        Operator("{", "braces", _CONTROL),
        Operator("(", "parenthesis", _CONTROL),
        Operator("=", "assignment", _EQUALS, True),
        Operator("<-", "assignment", _ASSIGN, True),
        Operator("<<-", "assignment", _ASSIGN, True),
        Operator("~", "binary", _TILDE),
        Operator("||", "binary", _OR),
        Operator("|", "binary", _OR),
        Operator("&&", "binary", _AND),
        Operator("&", "binary", _AND),
        Operator("!", "unary", _NOT),
        *(Operator(name, "binary", _COMPARE) for name in ("==", "!=", "<", ">", "<=", ">=")),
        Operator("+", "binary", _SUM),
        Operator("-", "binary", _SUM),
        Operator("*", "binary", _PRODUCT),
        Operator("/", "tight_binary", _PRODUCT),
        Operator("%%", "tight_binary", _SPECIAL),
        Operator("%/%", "tight_binary", _SPECIAL),
        Operator("%*%", "binary", _SPECIAL),
        Operator(":", "tight_binary", _RANGE),
        Operator("^", "tight_binary", _POWER, True),
        Operator("$", "member", _MEMBER),
        Operator("@", "member", _MEMBER),
        Operator("[", "index", _MEMBER),
        Operator("[[", "index", _MEMBER),
        Operator("::", "tight_binary", _NAMESPACE),
        Operator(":::", "tight_binary", _NAMESPACE),
    )
}
_CONTROL_FORMS = ("if_form", "for_form", "while_form", "repeat_form")
_BINARY_FORMS = ("binary", "tight_binary")
LEAST_ARGUMENTS = {
    "if_form": 2,
    "while_form": 2,
    "for_form": 3,
    "repeat_form": 1,
    "jump": 0,
    "function": 2,
    "braces": 0,
    "parenthesis": 1,
    "assignment": 2,
    "unary": 1,
    "index": 1,
}
"""Forms that are written whatever a call made by hand holds: parts that it lacks are NULL, further ones are left out."""

_PRIMITIVE_NAMES = """
    ...elt ...length ...names abs acos acosh all any anyNA Arg as.call as.character as.complex as.double as.environment
    as.integer as.logical as.numeric as.raw asin asinh atan atanh attr attr<- attributes attributes<- baseenv browser c
    call ceiling class class<- Conj cos cosh cospi cummax cummin cumprod cumsum digamma dim dim<- dimnames dimnames<-
    emptyenv enc2native enc2utf8 environment<- exp expm1 expression floor forceAndCall gamma gc.time globalenv Im
    interactive invisible is.array is.atomic is.call is.character is.complex is.double is.environment is.expression
    is.finite is.function is.infinite is.integer is.language is.list is.logical is.matrix is.na is.name is.nan is.null
    is.numeric is.object is.pairlist is.raw is.recursive is.single is.symbol isS4 length length<- levels<- lgamma list
    log log10 log1p log2 max min missing Mod names names<- nargs nzchar oldClass oldClass<- on.exit pos.to.env
    proc.time prod quote range Re rep retracemem return round seq_along seq_len seq.int sign signif sin sinh sinpi sqrt
    standardGeneric storage.mode<- substitute sum switch tan tanh tanpi tracemem trigamma trunc unclass untracemem
    UseMethod xtfrm .subset .subset2 .Primitive .Internal .Call .External .C .Fortran .class2
"""
PRIMITIVES = frozenset(_PRIMITIVE_NAMES.split())
"""R's primitive functions: inside their arguments an `if` stays on one line."""


def is_special_operator(name: str) -> bool:
    """Whether a name is an operator between percent signs."""
    return len(name) >= 2 and name[0] == "%" and name[-1] == "%"


def operator_for(name: str, args: Sequence[Argument]) -> Operator | None:
    """The operator as a call with these arguments is written, None when it is written as a plain call."""
    operator = OPERATORS.get(name)
    count = len(args)
    if operator is None:
        infix = count == 2 and is_special_operator(name) and not any(argument.name for argument in args)
        return Operator(name, "binary", _SPECIAL) if infix else None
    form = operator.form
    if form in _BINARY_FORMS:
        if count == 2:
            return operator
        if count == 1 and form == "binary":
            return Operator(name, "unary", _SIGN if operator.precedence == _SUM else operator.precedence)
        return None
    if form == "member":
        if count != 2:
            return None
        member = args[1].value
        if not isinstance(member, Symbol) and not (
            isinstance(member, Vector) and member.kind == "character" and len(member) == 1 and member.items() != [None]
        ):
            return None
    return operator


def needs_parentheses(outer: Operator, operand: Any, left: bool) -> bool:
    """Whether an operand must stand in parentheses on the given side of an operator."""
    if isinstance(operand, Vector):
        return operand.kind == "complex" and len(operand) == 1 and _binds_less(_SUM, outer, left)
    if not isinstance(operand, Call) or not isinstance(operand.function, Symbol):
        return False
    name = operand.function.name
    inner = OPERATORS.get(name)
    if inner is None:
        return is_special_operator(name) and _binds_less(_SPECIAL, outer, left)
    form, precedence = inner.form, inner.precedence
    if form in _BINARY_FORMS:
        count = len(operand.args)
        if count == 1:
            if not left and name != "*":
                return False
            if precedence == _SUM:
                precedence = _SIGN
        elif count != 2:
            return False
        if outer.precedence == _COMPARE and precedence == _COMPARE:
            return True
        return _binds_less(precedence, outer, left)
    if form == "unary":
        return left and _binds_less(precedence, outer, left)
    if form in ("assignment", "member", "index"):
        return _binds_less(precedence, outer, left)
    return left and form in _CONTROL_FORMS


def swallows(value: Any, following: Operator) -> bool:
    """Whether the last part of a value would take in the operator that follows: an `if`, a loop, or `!` before `+`."""
    if not isinstance(value, Call) or not isinstance(value.function, Symbol):
        return False
    operator = OPERATORS.get(value.function.name)
    if operator is None:
        return False
    if len(value.args) == 1 and operator.form in ("unary", *_BINARY_FORMS):
        precedence = _SIGN if operator.precedence == _SUM else operator.precedence
        return _binds_less(precedence, following, left=True)
    return operator.form in _CONTROL_FORMS


def _binds_less(precedence: int, outer: Operator, left: bool) -> bool:
    return outer.precedence > precedence or (outer.precedence == precedence and left == outer.right)


def parenthesize_caller(head: Any) -> bool:
    """Whether what is called must stand in parentheses: `(a + b)(1)` but `x$f(1)`."""
    if not isinstance(head, Call):
        return isinstance(head, Closure)
    if not isinstance(head.function, Symbol):
        return True
    name = head.function.name
    operator = OPERATORS.get(name)
    if operator is None:
        return is_special_operator(name)
    return operator.precedence < _MEMBER and operator.form not in ("parenthesis", "braces")
