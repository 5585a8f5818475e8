"""Text to tree: runs the tables of pipe.lark over the tokens of a source."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from pipekeras.grammar.builder import Builder, Statement
from pipekeras.grammar.diagnose import ParseError, syntax_error
from pipekeras.grammar.layout import drop_newlines
from pipekeras.grammar.lexer import Token, tokenize
from pipekeras.grammar.nodes import Source, Span
from pipekeras.grammar.tables import Tables, load_tables

__all__ = ["ParseError", "Program", "parse_expression", "parse_program", "parse_text", "parse_tokens"]

_MANY_TOKENS = 5000
MOST_OPEN = 50_000
"""Words, brackets and operators that wait for what follows: nothing that deep could be evaluated."""


class Program:
    """A parsed source: its top-level expressions, where each stands, and what the parser warns of."""

    __slots__ = ("source", "statements", "warnings")

    def __init__(self, source: Source, statements: list[Statement], warnings: list[str]) -> None:
        self.source = source
        self.statements = statements
        self.warnings = warnings

    @property
    def expressions(self) -> list[Any]:
        """The top-level expressions in order."""
        return [statement.expression for statement in self.statements]

    @property
    def spans(self) -> list[Span]:
        """Where each expression stands."""
        return [statement.span for statement in self.statements]

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements)

    def __len__(self) -> int:
        return len(self.statements)


class _Machine:
    """The tables with a memory of where chains of renaming rules (`sum: product`) end."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.landings: dict[tuple[int, str, str], int] = {}
        self.renamed: list[str | None] = [
            nonterminal if length == 1 and not action else None for nonterminal, length, action in tables.rules
        ]

    def landing(self, state: int, nonterminal: str, terminal: str) -> int:
        """State after reducing to `nonterminal` in `state` and to everything that `terminal` then lets it be called."""
        actions, gotos = self.tables.actions, self.tables.gotos
        while True:
            reached = gotos[state][nonterminal]
            code = actions[reached].get(terminal, 0)
            name = self.renamed[-1 - code] if code < 0 else None
            if name is None:
                return reached
            nonterminal = name


@cache
def _machine() -> _Machine:
    return _Machine(load_tables())


def parse_program(source: Source) -> Program:
    """Parse a whole source.

    Raises:
        ParseError: the first mistake in it; `unfinished` is set when more text could complete the program, and
            `statements` are those that had ended before the mistake.
    """
    return parse_tokens(source, drop_newlines(tokenize(source.text), len(source.text)))


def parse_tokens(source: Source, tokens: list[Token]) -> Program:
    """Parse the tokens of a source, which end statements and close with the end token as `drop_newlines` leaves them.

    Raises:
        ParseError: as for `parse_program`.
    """
    values: list[Any] = []
    # A tree has no cycles: looking for some while a large one grows takes a third of the time.
    collecting = len(tokens) > _MANY_TOKENS and gc.isenabled()
    if collecting:
        gc.disable()
    try:
        return _parse(source, tokens, values)
    except ParseError as error:
        error.statements = _ended_statements(values)
        raise
    finally:
        if collecting:
            gc.enable()


def _ended_statements(values: list[Any]) -> list[Statement]:
    """The statements that the parser had taken in, of the values that it was left with."""
    statements = list(values[0]) if values and isinstance(values[0], list) else []
    if len(values) > 2 and isinstance(values[1], Statement):
        # Its newline was read, and not yet what follows.
        statements.append(values[1])
    return statements


def _parse(source: Source, tokens: list[Token], values: list[Any]) -> Program:
    """Run the tables over the tokens; `values` is the parser's stack of what it has built."""
    builder = Builder(source)
    machine = _machine()
    tables = machine.tables
    actions, end_state = tables.actions, tables.end
    landings = machine.landings
    rules: list[tuple[str, int, Callable[[list[Any], int, int], Any] | None]] = [
        (nonterminal, length, getattr(builder, action) if action else None)
        for nonterminal, length, action in tables.rules
    ]
    states = [tables.start]
    starts: list[int] = []
    ends: list[int] = []
    state = tables.start
    for index, token in enumerate(tokens):
        kind = token[0]
        while True:
            code = actions[state].get(kind)
            if code is None:
                builder.check_chains(values)
                raise syntax_error(source, tokens, index, frozenset(actions[state]))
            if code >= 0:
                state = code
                states.append(state)
                values.append(token)
                starts.append(token[2])
                ends.append(token[3])
                if len(states) > MOST_OPEN:
                    raise _nested_too_deeply(source, token)
                break
            nonterminal, length, action = rules[-1 - code]
            if length == 0:
                start = token[2]
                end = start
                value = action([], start, start) if action else None
                base = state
            else:
                start, end = starts[-length], ends[-1]
                value = action(values[-length:], start, end) if action else values[-1]
                del states[-length:], values[-length:], starts[-length:], ends[-length:]
                base = states[-1]
            step = (base, nonterminal, kind)
            reached = landings.get(step)
            if reached is None:
                reached = landings[step] = machine.landing(base, nonterminal, kind)
            state = reached
            states.append(state)
            values.append(value)
            starts.append(start)
            ends.append(end)
            if state == end_state and kind == "$END":
                return Program(source, values[-1], builder.warnings)
    raise AssertionError("the token list did not close with the end token")


def _nested_too_deeply(source: Source, token: Token) -> ParseError:
    return ParseError(
        f"nested too deeply: {MOST_OPEN} words, brackets and operators are still open here",
        Span(source, token[2], token[3]),
        mend="take it apart: assign the inner parts to variables first",
        r_message="contextstack overflow",
    )


def parse_text(text: str, name: str = "<text>") -> list[Any]:
    """The expressions of a text."""
    return parse_program(Source(name, text)).expressions


def parse_expression(text: str, name: str = "<text>") -> Any:
    """The only expression of a text."""
    expressions = parse_text(text, name)
    if len(expressions) != 1:
        raise ValueError(f"expected one expression, found {len(expressions)}")
    return expressions[0]
