"""Colours of the input line, from the language's own tokens."""

from __future__ import annotations

from collections.abc import Callable

from pipekeras.grammar.lexer import tokenize
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.styles import Style

STYLE = Style.from_dict(
    {
        "prompt": "bold ansicyan",
        "number": "ansimagenta",
        "string": "ansigreen",
        "constant": "ansimagenta",
        "keyword": "bold ansiblue",
        "operator": "ansiyellow",
        "function": "ansicyan",
        "comment": "italic ansibrightblack",
        "invalid": "ansired underline",
        "name": "",
        "punctuation": "",
    }
)
_KEYWORDS = frozenset(("FUNCTION", "IF", "ELSE", "FOR", "IN", "WHILE", "REPEAT", "NEXT", "BREAK"))
_PUNCTUATION = frozenset(
    ("OPEN", "CLOSE", "OPEN_BRACE", "CLOSE_BRACE", "OPEN_BRACKET", "OPEN_DOUBLE", "CLOSE_BRACKET", "COMMA", "SEMICOLON")
)
_STYLES = {
    "NUMBER": "number",
    "STRING": "string",
    "INCOMPLETE_STRING": "string",
    "CONSTANT": "constant",
    "NULL": "constant",
    "INVALID": "invalid",
    "SYMBOL": "name",
    "NEWLINE": "punctuation",
}


def style_of(kind: str, called: bool) -> str:
    """Style class of a token kind; `called` says that a parenthesis follows."""
    if kind in _KEYWORDS:
        return "keyword"
    if kind in _PUNCTUATION:
        return "punctuation"
    if kind == "SYMBOL" and called:
        return "function"
    return _STYLES.get(kind, "operator")


def fragments(text: str) -> list[tuple[str, str]]:
    """The text cut into (style class, piece), comments included; the pieces joined are the text."""
    pieces: list[tuple[str, str]] = []
    position = 0
    tokens = tokenize(text)
    for index, (kind, _, start, end) in enumerate(tokens):
        if start > position:
            pieces.append(_between(text[position:start]))
        called = index + 1 < len(tokens) and tokens[index + 1][0] == "OPEN" and tokens[index + 1][2] == end
        pieces.append((style_of(kind, called), text[start:end]))
        position = end
    if position < len(text):
        rest = text[position:]
        invalid = bool(tokens) and tokens[-1][0] == "INVALID"
        pieces.append(("name", rest) if invalid else _between(rest))
    return pieces


def _between(text: str) -> tuple[str, str]:
    return ("comment" if "#" in text else "name", text)


class LanguageLexer(Lexer):
    """Colours a document of the prompt."""

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        lines: list[StyleAndTextTuples] = [[]]
        for style, piece in fragments(document.text):
            first, *rest = piece.split("\n")
            lines[-1].append((f"class:{style}", first))
            lines.extend([[(f"class:{style}", part)] for part in rest])
        return lambda number: lines[number] if number < len(lines) else []
