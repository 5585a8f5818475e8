"""Tree building: one method for each form that pipe.lark names.

A method gets the values of its rule's parts (tokens for terminals) and the stretch of text they cover.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NoReturn

from pipekeras.grammar.diagnose import ParseError
from pipekeras.grammar.lexer import Token
from pipekeras.grammar.literals import LiteralError, constant_value, number_value, string_text
from pipekeras.grammar.nodes import MISSING, Argument, Call, Formals, Source, Span, Symbol
from pipekeras.grammar.values import Value, Vector, character

_NOT_PIPEABLE = (
    "if while repeat for break next return function ( { + - * / ^ %% %/% %*% : :: ::: ? |> ~ @ => == != < > <= >= & | "
    "&& || ! <- <<- = $ [[ ["
)
NOT_PIPEABLE = frozenset(_NOT_PIPEABLE.split())
"""Functions that R refuses on the right of `|>`."""

_EXTRACTORS = frozenset(("$", "[[", "[", "@"))
"""What a chain may be made of that begins with `_`."""

Parts = list[Any]


class Placeholder(Symbol):
    """`_`, which stands for the left side of `|>` in one named argument of the right side."""

    __slots__ = ()

    @property
    def stretch(self) -> tuple[int, int]:
        """First character and end of the sign in its source."""
        assert self.span is not None
        return self.span.start, self.span.end


class Statement:
    """A top-level expression and where it stands."""

    __slots__ = ("expression", "span")

    def __init__(self, expression: Any, span: Span) -> None:
        self.expression = expression
        self.span = span


class Builder:
    """Makes the nodes of one source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.warnings: list[str] = []
        self.has_placeholder = False
        self.comparisons: set[int] = set()

    def fail(self, message: str, start: int, end: int, mend: str | None = None, r_message: str | None = None) -> NoReturn:
        """Reject a form that the grammar takes but the language does not."""
        raise ParseError(message, Span(self.source, start, end), mend=mend, r_message=r_message or message)

    def operator(self, token: Token) -> Symbol:
        return Symbol(token[1], Span(self.source, token[2], token[3]))

    # Blocks

    def empty_block(self, parts: Parts, start: int, end: int) -> list[Any]:
        return []

    def first_statement(self, parts: Parts, start: int, end: int) -> list[Any]:
        return [parts[0]]

    def next_statement(self, parts: Parts, start: int, end: int) -> list[Any]:
        parts[0].append(parts[2])
        return parts[0]

    def block_separator(self, parts: Parts, start: int, end: int) -> list[Any]:
        return parts[0]

    def top_statement(self, parts: Parts, start: int, end: int) -> Statement:
        if self.has_placeholder:
            self.reject_placeholder(parts[0])
            self.has_placeholder = False
        return Statement(parts[0], Span(self.source, start, end))

    def program_statement(self, parts: Parts, start: int, end: int) -> list[Statement]:
        parts[0].append(parts[1])
        return parts[0]

    # Names and constants

    def constant(self, parts: Parts, start: int, end: int) -> Value:
        kind, text = parts[0][:2]
        if kind == "NUMBER":
            value, warning = number_value(text)
            if warning:
                self.warnings.append(warning)
            return value
        if kind == "STRING":
            return character(self.string(parts[0]))
        return constant_value(text)

    def string(self, token: Token) -> str:
        """Text of a string or backticked name."""
        try:
            return string_text(token[1])
        except LiteralError as error:
            start = token[2] + error.offset
            line = self.source.position(start)[0]
            r_message = error.message
            if "unrecognized" not in r_message and "without hex" not in r_message and "mixing" not in r_message:
                r_message = f"{r_message} (line {line})"
            end = min(start + 2, token[3]) if error.offset else token[3]
            self.fail(error.message, start, end, error.mend, r_message)

    def name_text(self, token: Token) -> str:
        """The name that a token of kind SYMBOL, STRING or NULL gives."""
        text = token[1]
        if token[0] != "NULL" and (text[0] in "`\"'" or token[0] == "STRING"):
            text = self.string(token)
            if not text:
                self.fail("attempt to use zero-length variable name", token[2], token[3], "give the name a character")
        return text

    def symbol(self, parts: Parts, start: int, end: int) -> Symbol:
        token = parts[0]
        text = token[1]
        return Symbol(self.name_text(token) if text[0] == "`" else text, Span(self.source, start, end))

    def placeholder(self, parts: Parts, start: int, end: int) -> Symbol:
        self.has_placeholder = True
        return Placeholder("_", Span(self.source, start, end))

    def namespace(self, parts: Parts, start: int, end: int) -> Call:
        return self.binary(parts, start, end)

    # Operators

    def binary(self, parts: Parts, start: int, end: int) -> Call:
        left, token, right = parts
        head = Symbol("^" if token[1] == "**" else token[1], Span(self.source, token[2], token[3]))
        return Call(head, (Argument(None, left), Argument(None, right)), Span(self.source, start, end))

    def right_assignment(self, parts: Parts, start: int, end: int) -> Call:
        value, token, target = parts
        head = Symbol("<<-" if token[1] == "->>" else "<-", Span(self.source, token[2], token[3]))
        return Call(head, (Argument(None, target), Argument(None, value)), Span(self.source, start, end))

    def comparison(self, parts: Parts, start: int, end: int) -> Call:
        self.check_chains(parts)
        call = self.binary(parts, start, end)
        self.comparisons.add(id(call))
        return call

    def check_chains(self, parts: Parts) -> None:
        """Refuse the second of two comparisons in a row, also where what follows it cannot be read."""
        for left, token in pairwise(parts):
            if type(token) is tuple and token[0] == "COMPARE" and id(left) in self.comparisons:
                self.fail(
                    f"comparisons do not chain: unexpected '{token[1]}'",
                    token[2],
                    token[3],
                    f"compare twice, a {left.function.name} b & b {token[1]} c, or put one comparison in parentheses",
                    f"unexpected '{token[1]}'",
                )

    def unary(self, parts: Parts, start: int, end: int) -> Call:
        token, operand = parts
        return Call(self.operator(token), (Argument(None, operand),), Span(self.source, start, end))

    def pipe(self, parts: Parts, start: int, end: int) -> Call:
        left, token, right = parts
        text = self.source.text
        begin = token[3] + len(text[token[3] : end]) - len(text[token[3] : end].lstrip())
        if not isinstance(right, Call):
            self.fail(
                "The pipe operator requires a function call as RHS", begin, end, "write x |> f(), with parentheses"
            )
        head = right.function
        extracted = self.extraction(right, left, begin, end) if self.has_placeholder else None
        if extracted is not None:
            return extracted
        if isinstance(head, Symbol) and head.name in NOT_PIPEABLE:
            mend = "write x |> (function(x) ...)()" if head.name == "function" else "write x |> (function(x) ...)() around it"
            self.fail(f"function '{head.name}' not supported in RHS call of a pipe", begin, end, mend)
        if self.has_placeholder and not isinstance(head, Symbol) and _find_placeholder(head) is not None:
            self.fail("pipe placeholder cannot be used in the RHS function", begin, end)
        holes = [index for index, argument in enumerate(right.args) if isinstance(argument.value, Placeholder)]
        if not holes:
            return Call(head, (Argument(None, left), *right.args), Span(self.source, start, end))
        if len(holes) > 1:
            self.fail("pipe placeholder may only appear once", begin, end)
        hole = right.args[holes[0]]
        if hole.name is None:
            self.fail("pipe placeholder can only be used as a named argument", begin, end, "name the argument: f(x = _)")
        args = list(right.args)
        args[holes[0]] = Argument(hole.name, left, hole.span)
        return Call(head, tuple(args), Span(self.source, start, end))

    def extraction(self, right: Call, left: Any, begin: int, end: int) -> Call | None:
        """Return `_$a[[1]]$b` with the left side of the pipe at the head of the chain; None for any other right side."""
        chain: list[Call] = []
        node: Any = right
        while isinstance(node, Call) and isinstance(node.function, Symbol) and node.function.name in _EXTRACTORS and node.args:
            chain.append(node)
            node = node.args[0].value
        if not chain or not isinstance(node, Placeholder):
            return None
        made = left
        for link in reversed(chain):
            if any(_find_placeholder(argument.value) is not None for argument in link.args[1:]):
                self.fail("pipe placeholder may only appear once", begin, end)
            made = Call(link.function, (Argument(None, made), *link.args[1:]), link.span)
        return made

    def reject_placeholder(self, tree: Any) -> None:
        """Fail when a `_` is left that no pipe has taken."""
        placeholder = _find_placeholder(tree)
        if placeholder is not None:
            mend = "_ stands alone as a named argument on the right of |>"
            self.fail("invalid use of pipe placeholder", *placeholder.stretch, mend)

    # Calls and indexing

    def call(self, parts: Parts, start: int, end: int) -> Call:
        function, _, arguments, _ = parts
        if type(function) is Vector and function.kind == "character":
            name = "NA" if function.items() == [None] else function.scalar
            if not name:
                self.fail("attempt to use zero-length variable name", start, start + 2)
            function = Symbol(name, Span(self.source, start, start + len(name) + 2))
        if len(arguments) == 1 and arguments[0].value is MISSING and arguments[0].name is None:
            arguments = ()
        return Call(function, tuple(arguments), Span(self.source, start, end))

    def index(self, parts: Parts, start: int, end: int) -> Call:
        return Call(
            self.operator(parts[1]), (Argument(None, parts[0]), *parts[2]), Span(self.source, start, end)
        )

    def member(self, parts: Parts, start: int, end: int) -> Call:
        owner, token, name = parts
        value: Any
        if name[0] == "STRING":
            value = character(self.string(name))
        else:
            value = Symbol(self.name_text(name), Span(self.source, name[2], name[3]))
        return Call(self.operator(token), (Argument(None, owner), Argument(None, value)), Span(self.source, start, end))

    def first_item(self, parts: Parts, start: int, end: int) -> list[Argument]:
        return [parts[0]]

    def next_item(self, parts: Parts, start: int, end: int) -> list[Argument]:
        parts[0].append(parts[2])
        return parts[0]

    def argument(self, parts: Parts, start: int, end: int) -> Argument:
        return Argument(None, parts[0], Span(self.source, start, end))

    def empty_argument(self, parts: Parts, start: int, end: int) -> Argument:
        return Argument(None, MISSING, Span(self.source, start, end))

    def named_argument(self, parts: Parts, start: int, end: int) -> Argument:
        return Argument(parts[0], parts[2], Span(self.source, start, end))

    def named_empty_argument(self, parts: Parts, start: int, end: int) -> Argument:
        return Argument(parts[0], MISSING, Span(self.source, start, end))

    def argument_name(self, parts: Parts, start: int, end: int) -> str:
        return self.name_text(parts[0])

    # Functions and control

    def no_parameters(self, parts: Parts, start: int, end: int) -> list[Argument]:
        return []

    def parameter(self, parts: Parts, start: int, end: int) -> Argument:
        return Argument(self.name_text(parts[0]), MISSING, Span(self.source, start, end))

    def parameter_with_default(self, parts: Parts, start: int, end: int) -> Argument:
        return Argument(self.name_text(parts[0]), parts[2], Span(self.source, start, end))

    def function(self, parts: Parts, start: int, end: int) -> Call:
        token, _, parameters, _, body = parts
        seen: set[str] = set()
        for parameter in parameters:
            if parameter.name in seen:
                line = parameter.span.line
                message = f"repeated formal argument '{parameter.name}' on line {line}"
                self.fail(message, parameter.span.start, parameter.span.end, "give each parameter a name of its own")
            seen.add(parameter.name)
        head = Symbol("function", Span(self.source, token[2], token[3]))
        args = (Argument(None, Formals(parameters)), Argument(None, body))
        return Call(head, args, Span(self.source, start, end))

    def parenthesis(self, parts: Parts, start: int, end: int) -> Call:
        return Call(self.operator(parts[0]), (Argument(None, parts[1]),), Span(self.source, start, end))

    def braces(self, parts: Parts, start: int, end: int) -> Call:
        args = tuple([Argument(None, statement) for statement in parts[1]])
        return Call(self.operator(parts[0]), args, Span(self.source, start, end))

    def control(self, token: Token, values: tuple[Any, ...], start: int, end: int) -> Call:
        """A call of a control word."""
        args = tuple([Argument(None, value) for value in values])
        return Call(self.operator(token), args, Span(self.source, start, end))

    def if_form(self, parts: Parts, start: int, end: int) -> Call:
        return self.control(parts[0], (parts[2], parts[4]), start, end)

    def if_else_form(self, parts: Parts, start: int, end: int) -> Call:
        return self.control(parts[0], (parts[2], parts[4], parts[6]), start, end)

    def for_form(self, parts: Parts, start: int, end: int) -> Call:
        name = parts[2]
        variable = Symbol(self.name_text(name), Span(self.source, name[2], name[3]))
        return self.control(parts[0], (variable, parts[4], parts[6]), start, end)

    def while_form(self, parts: Parts, start: int, end: int) -> Call:
        return self.control(parts[0], (parts[2], parts[4]), start, end)

    def repeat_form(self, parts: Parts, start: int, end: int) -> Call:
        return self.control(parts[0], (parts[1],), start, end)

    def jump(self, parts: Parts, start: int, end: int) -> Call:
        return self.control(parts[0], (), start, end)




def _find_placeholder(tree: Any) -> Placeholder | None:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Placeholder):
            return node
        if isinstance(node, Call):
            waiting.append(node.function)
            waiting.extend(argument.value for argument in node.args)
        elif isinstance(node, Formals):
            waiting.extend(parameter.value for parameter in node)
    return None
