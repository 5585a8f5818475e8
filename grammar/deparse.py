"""Tree and values to text, as R's `deparse` writes them: spacing, parentheses, indentation and line breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipekeras.grammar.deparse_values import (
    DEFAULT_OPTIONS,
    PRINT_OPTIONS,
    VALUE_OPTIONS,
    DeparseOptions,
    ValueWriter,
    opaque_text,
)
from pipekeras.grammar.errors import RError
from pipekeras.grammar.nodes import MISSING, Argument, Call, Formals, Symbol
from pipekeras.grammar.operators import (
    LEAST_ARGUMENTS,
    PRIMITIVES,
    Operator,
    is_special_operator,
    needs_parentheses,
    operator_for,
    parenthesize_caller,
    swallows,
)
from pipekeras.grammar.spelling import is_valid_name, quote_name
from pipekeras.grammar.values import NULL, Closure, Value, Vector, is_pairlist, names_of

_OPERATORS = frozenset(
    ("+", "-", "*", "/", "^", "==", "!=", "<", ">", "<=", ">=", "&", "|", "&&", "||", "!", ":", "~", "?", "<-", "<<-", "=",
     "$", "@", "[", "[[", "(", "{", "if", "for", "while", "repeat", "function")
)  # fmt: skip


def deparse_lines(value: Value, options: DeparseOptions = DEFAULT_OPTIONS) -> list[str]:
    """The lines of the deparsed value; `options_for` gives those that R's `deparse` would take."""
    penalty = 0 if options.literal else _penalty()
    writer = _Writer(replace(options, penalty=penalty) if penalty else options)
    writer.value(value)
    return writer.finish()


def _penalty() -> int:
    """`options("scipen")` of the running program."""
    from pipekeras.grammar.evaluation.machine import machine

    option = machine.options.get("scipen")
    return int(option.items()[0]) if isinstance(option, Vector) and option.kind in ("integer", "double") else 0


def options_for(value: Value) -> DeparseOptions:
    """The options that R's `deparse(value)` has by default."""
    by_name = isinstance(value, (Call, Closure)) or getattr(value, "kind", "") == "expression"
    return DEFAULT_OPTIONS if by_name else VALUE_OPTIONS


_CONTROLS: dict[str, dict[str, Any]] = {
    "keepNA": {"keep_missing": True},
    "keepInteger": {"keep_integer": True},
    "niceNames": {"nice_names": True},
    "showAttributes": {"show_attributes": True},
    "quoteExpressions": {"quote_expressions": True},
    "useSource": {"use_source": True},
    "digits17": {"digits": 17},
    "hexNumeric": {"hexadecimal": True},
    "warnIncomplete": {},
    "delayPromises": {},
}
_MOST = ("keepNA", "keepInteger", "niceNames", "showAttributes", "quoteExpressions", "useSource", "warnIncomplete")
DEEPEST_BRACES = 2000
"""Every brace indents what it holds, so the text grows with the square of the depth; R itself reads 50."""
_GROUPS = {"S_compat": (), "all": (*_MOST, "digits17"), "exact": (*_MOST, "hexNumeric")}


def controlled(options: DeparseOptions, control: Sequence[str]) -> DeparseOptions:
    """The options with what a text keeps chosen by the words of R's `control`."""
    words = [word for name in control for word in _GROUPS.get(name, (name,))]
    unknown = [word for word in words if word not in _CONTROLS]
    if unknown:
        names = ", ".join(f"\u2018{word}\u2019" for word in unknown)
        count = "s" if len(unknown) > 1 else "", "are" if len(unknown) > 1 else "is"
        raise RError(f"deparse option{count[0]} {names} {count[1]} not recognized", call=False)
    chosen: dict[str, Any] = dict.fromkeys(
        ("keep_missing", "keep_integer", "nice_names", "show_attributes", "quote_expressions", "use_source"), False
    )
    for word in words:
        chosen |= _CONTROLS[word]
    return replace(options, **chosen)


def deparse_text(value: Value, options: DeparseOptions = PRINT_OPTIONS) -> str:
    """The deparsed value as one text with newlines, as calls and functions print."""
    return "\n".join(deparse_lines(value, options))


def deparse_short(value: Value, width: int = 500, keep_integer: bool = True) -> str:
    """The deparsed value on one line, for messages and labels."""
    lines = deparse_lines(value, replace(
        PRINT_OPTIONS, width=width, keep_integer=keep_integer, nice_names=PRINT_OPTIONS.nice_names and keep_integer))
    return " ".join([lines[0], *(line.strip() for line in lines[1:])])

class _Writer(ValueWriter):
    """Calls and functions over the writer of values."""

    def value(self, value: Any) -> None:
        as_argument, self.as_argument = self.as_argument, False
        if isinstance(value, Symbol):
            self.symbol(value.name)
        elif isinstance(value, Call):
            self.language(value, as_argument)
        elif isinstance(value, Vector):
            if is_pairlist(value):
                names = names_of(value) or [None] * len(value)
                self.pairlist(Formals([Argument(n, v) for n, v in zip(names, value.data, strict=True)]))
            else:
                self.vector(value)
        elif value is NULL:
            self.write("NULL")
        elif value is MISSING:
            self.write("")
        elif isinstance(value, Closure):
            self.closure(value)
        elif isinstance(value, Formals):
            self.pairlist(value)
        else:
            self.write(opaque_text(value))

    def symbol(self, name: str) -> None:
        if self.options.quote_expressions and name:
            self.write(f"quote({quote_name(name)})")
        else:
            self.write(quote_name(name) if self.options.backtick else name)

    def closure(self, closure: Closure) -> None:
        saved = self.options
        source = closure.attributes.get("srcref") if saved.use_source and closure.attributes else None
        if isinstance(source, Vector) and source.kind == "character":
            for position, line in enumerate(source.items()[0].split("\n")):
                if position:
                    self.new_line()
                    self.at_start = False
                self.write(line)
            return
        self.options = replace(saved, show_attributes=False, quote_expressions=False)
        self.write("function (")
        self.arguments([Argument(name, default) for name, default in closure.formals], parameters=True)
        self.write(") ")
        self.new_line()
        self.value(closure.body)
        self.options = saved

    def pairlist(self, formals: Formals) -> None:
        missing = any(parameter.value is MISSING for parameter in formals)
        self.write("as.pairlist(alist(" if missing else "pairlist(")
        self.arguments(formals.parameters)
        self.write("))" if missing else ")")

    def arguments(self, arguments: Sequence[Argument], parameters: bool = False) -> None:
        broken = False
        last = len(arguments) - 1
        for position, argument in enumerate(arguments):
            name, value = argument.name, argument.value
            if name:
                self.write(name if name == "..." else quote_name(name, "`" if self.options.backtick else '"'))
                if not parameters or value is not MISSING:
                    self.write(" = ")
            if value is not MISSING:
                self.as_argument = True
                if name == "..." and isinstance(value, Vector) and value.kind == "list":
                    # Only match.call() leaves further arguments together under this name.
                    names = names_of(value) or [None] * len(value)
                    self.pairlist(Formals([Argument(n, v) for n, v in zip(names, value.data, strict=True)]))
                else:
                    self.enclosed(value)
            elif not name:
                self.write("")
            if position < last:
                self.write(", ")
                broken = self.break_line(broken)
        if broken:
            self.indent -= 1

    # Calls

    def language(self, call: Call, as_argument: bool) -> None:
        saved = self.options
        if saved.quote_expressions:
            self.write("quote(")
            self.options = replace(saved, quote_expressions=False, show_attributes=False)
            self.call(call, as_argument)
            self.write(")")
            self.options = saved
        else:
            self.call(call, as_argument)

    def call(self, call: Call, as_argument: bool) -> None:
        head = call.function
        if isinstance(head, Symbol):
            operator = operator_for(head.name, call.args)
            if operator is not None and self.options.literal and operator.form == "unary" and head.name not in "+-!~":
                operator = None
            if operator is None:
                # Without backquotes an operator that is called like a function stands in quotation marks.
                plain = self.options.backtick or not (head.name in _OPERATORS or is_special_operator(head.name))
                self.write(quote_name(head.name) if plain else f'"{head.name}"')
                self.plain_call(head.name, call.args)
            else:
                lacking = LEAST_ARGUMENTS.get(operator.form, 0) - len(call.args)
                args = [*call.args, *[Argument(None, NULL)] * lacking] if lacking > 0 else call.args
                getattr(self, operator.form)(operator, args, as_argument)
            return
        if parenthesize_caller(head):
            self.parenthesized(head)
        else:
            self.value(head)
        self.bracketed("(", call.args, ")")

    def plain_call(self, name: str, arguments: Sequence[Argument]) -> None:
        inline = name in PRIMITIVES or is_special_operator(name)
        self.inline_depth += inline
        self.bracketed("(", arguments, ")")
        self.inline_depth -= inline

    def bracketed(self, opening: str, arguments: Sequence[Argument], closing: str) -> None:
        self.write(opening)
        self.arguments(arguments)
        self.write(closing)

    def parenthesized(self, value: Any) -> None:
        self.write("(")
        self.enclosed(value)
        self.write(")")

    def enclosed(self, value: Any) -> None:
        """A value between brackets, where no operator can follow it."""
        following, self.following = self.following, None
        self.value(value)
        self.following = following

    def operand(self, operator: Operator, value: Any, left: bool) -> None:
        following = self.following
        if self.options.literal and isinstance(value, Vector):
            self.value(value)
        elif needs_parentheses(operator, value, left) or (following is not None and swallows(value, following)):
            self.parenthesized(value)
        else:
            if left:
                self.following = operator
            self.value(value)
            self.following = following

    def binary(self, operator: Operator, args: Sequence[Argument], as_argument: bool) -> None:
        self.operand(operator, args[0].value, True)
        self.write(f" {operator.name} ")
        broken = self.break_line(False)
        self.operand(operator, args[1].value, False)
        if broken:
            self.indent -= 1

    def tight_binary(self, operator: Operator, args: Sequence[Argument], as_argument: bool) -> None:
        self.operand(operator, args[0].value, True)
        self.write(operator.name)
        self.operand(operator, args[1].value, False)

    def unary(self, operator: Operator, args: Sequence[Argument], as_argument: bool) -> None:
        self.write(operator.name)
        self.operand(operator, args[0].value, False)

    def assignment(self, operator: Operator, args: Sequence[Argument], as_argument: bool) -> None:
        enclosed = as_argument and operator.name == "="
        if enclosed:
            self.write("(")
        self.operand(operator, args[0].value, True)
        self.write(f" {operator.name} ")
        self.operand(operator, args[1].value, False)
        if enclosed:
            self.write(")")

    def member(self, operator: Operator, args: Sequence[Argument], as_argument: bool) -> None:
        self.operand(operator, args[0].value, True)
        self.write(operator.name)
        name = args[1].value
        if isinstance(name, Vector) and not self.options.literal and is_valid_name(name.items()[0]):
            self.write(name.items()[0])
        else:
            self.operand(operator, name, False)

    def index(self, operator: Operator, args: Sequence[Argument], as_argument: bool) -> None:
        self.operand(operator, args[0].value, True)
        self.bracketed(operator.name, args[1:], "]" * len(operator.name))

    def parenthesis(self, operator: Operator, args: Sequence[Argument], as_argument: bool) -> None:
        self.parenthesized(args[0].value)

    def braces(self, operator: Operator, args: Sequence[Argument], as_argument: bool) -> None:
        self.write("{")
        self.curly_depth += 1
        if self.curly_depth > DEEPEST_BRACES:
            raise RecursionError
        self.indent += 1
        self.new_line()
        for argument in args:
            self.enclosed(argument.value)
            self.new_line()
        self.indent -= 1
        self.write("}")
        self.curly_depth -= 1

    def function(self, operator: Operator, args: Sequence[Argument], as_argument: bool) -> None:
        self.write("function(")
        self.arguments(_parameters(args[0].value), parameters=True)
        self.write(") ")
        self.enclosed(args[1].value)

    def if_form(self, operator: Operator, args: Sequence[Argument], as_argument: bool) -> None:
        self.write("if (")
        self.enclosed(args[0].value)
        self.write(") ")
        body = args[1].value
        otherwise = args[2].value if len(args) > 2 else None
        if not self.curly_depth or self.inline_depth:
            self.value(body)
            if otherwise is not None:
                self.write(" else ")
                self.value(otherwise)
            return
        braced = isinstance(body, Call) and body.is_call_of("{")
        if not braced:
            self.new_line()
            self.indent += 1
        self.value(body)
        if otherwise is not None:
            self.new_line()
        if not braced:
            self.indent -= 1
        if otherwise is not None:
            self.write("else ")
            self.value(otherwise)

    def for_form(self, operator: Operator, args: Sequence[Argument], as_argument: bool) -> None:
        self.write("for (")
        self.value(args[0].value)
        self.write(" in ")
        self.enclosed(args[1].value)
        self.write(") ")
        self.value(args[2].value)

    def while_form(self, operator: Operator, args: Sequence[Argument], as_argument: bool) -> None:
        self.write("while (")
        self.enclosed(args[0].value)
        self.write(") ")
        self.value(args[1].value)

    def repeat_form(self, operator: Operator, args: Sequence[Argument], as_argument: bool) -> None:
        self.write("repeat ")
        self.value(args[0].value)

    def jump(self, operator: Operator, args: Sequence[Argument], as_argument: bool) -> None:
        self.write(operator.name)


def _parameters(formals: Any) -> Sequence[Argument]:
    """Parameters of a `function` call, whose first argument may have been made by hand from a list."""
    if isinstance(formals, Formals):
        return formals.parameters
    if isinstance(formals, Vector) and formals.kind == "list":
        names = (formals.attributes or {}).get("names")
        texts = [] if names is None else names.items()
        return [Argument(name, value) for name, value in zip(texts, formals.items(), strict=False)]
    if formals is not NULL:
        raise RError("badly formed function expression")
    return ()
