"""The parser's tables: built from pipe.lark by lark, stored beside it as tables.json, read at run time without lark.

`python -m pipekeras.grammar.tables` writes tables.json anew; a test fails while it differs from pipe.lark.
"""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path
from typing import Any

GRAMMAR_PATH = Path(__file__).with_name("pipe.lark")
TABLES_PATH = Path(__file__).with_name("tables.json")


class Tables:
    """LALR tables.

    `actions[state][terminal]` is the next state, or `-1 - rule` to reduce; `gotos[state][nonterminal]` is the state
    after a reduction; `rules` are `(nonterminal, length, builder method or "")`.
    """

    __slots__ = ("actions", "end", "gotos", "rules", "start")

    def __init__(self, stored: dict[str, Any]) -> None:
        self.start: int = stored["start"]
        self.end: int = stored["end"]
        self.rules: list[tuple[str, int, str]] = [tuple(rule) for rule in stored["rules"]]
        action_rows: list[dict[str, int]] = stored["action_rows"]
        goto_rows: list[dict[str, int]] = stored["goto_rows"]
        self.actions = [action_rows[row] for row, _ in stored["states"]]
        self.gotos = [goto_rows[row] for _, row in stored["states"]]


def load_tables() -> Tables:
    """Read the stored tables."""
    return Tables(json.loads(TABLES_PATH.read_text("utf-8")))


def build_tables() -> dict[str, Any]:
    """Build the tables from pipe.lark; the same grammar always gives the same result.

    Where a token could either extend the innermost operand or end it, lark extends it, which the grammar counts on;
    a true ambiguity (two ways to reduce) is an error of the grammar.
    """
    from lark import Lark
    from lark.lexer import Lexer
    from lark.parsers.lalr_analysis import Shift

    class NoLexer(Lexer):
        """The tables need no lexer, but lark wants to be given one."""

        def __init__(self, _: Any) -> None: ...

        def lex(self, lexer_state: Any, parser_state: Any) -> Any:
            return iter(())

    lark = Lark(GRAMMAR_PATH.read_text("utf-8"), parser="lalr", lexer=NoLexer, start="start", maybe_placeholders=False)
    table = lark.parser.parser._parse_table
    states, order = table.states, _canonical_order(table)
    number = {state: index for index, state in enumerate(order)}
    rules: dict[Any, int] = {}
    action_rows: dict[str, int] = {}
    goto_rows: dict[str, int] = {}
    stored_states = []
    for state in order:
        actions: dict[str, int] = {}
        gotos: dict[str, int] = {}
        for symbol in sorted(states[state]):
            kind, target = states[state][symbol]
            if kind is not Shift:
                actions[symbol] = -1 - rules.setdefault(target, len(rules))
            elif symbol.isupper():
                actions[symbol] = number[target]
            else:
                gotos[symbol] = number[target]
        stored_states.append(
            [
                action_rows.setdefault(json.dumps(actions), len(action_rows)),
                goto_rows.setdefault(json.dumps(gotos), len(goto_rows)),
            ]
        )
    return {
        "start": number[table.start_states["start"]],
        "end": number[table.end_states["start"]],
        "rules": [[str(rule.origin.name), len(rule.expansion), str(rule.alias or "")] for rule in rules],
        "action_rows": [json.loads(row) for row in action_rows],
        "goto_rows": [json.loads(row) for row in goto_rows],
        "states": stored_states,
    }


def _canonical_order(table: Any) -> list[Any]:
    """States in breadth-first order from the start, following symbols by name."""
    from lark.parsers.lalr_analysis import Shift

    order = [table.start_states["start"]]
    seen = set(order)
    waiting = deque(order)
    while waiting:
        row = table.states[waiting.popleft()]
        for symbol in sorted(row):
            kind, target = row[symbol]
            if kind is Shift and target not in seen:
                seen.add(target)
                order.append(target)
                waiting.append(target)
    return order


def stored_text() -> str:
    """The text that tables.json should hold."""
    return json.dumps(build_tables(), separators=(",", ":")) + "\n"


if __name__ == "__main__":
    TABLES_PATH.write_text(stored_text(), "utf-8")
