"""Which newlines end a statement.

Newlines inside `(` and `[` never do, nor those after a token that leaves its expression open (an operator, `{`, `if`,
the closing parenthesis of `if (...)`). Inside braces and brackets a newline between an `if` and its `else` is
dropped; at top level the statement has ended by then.
"""

from __future__ import annotations

from pipekeras.grammar.lexer import Token

_OPEN_ENDED_KINDS = (
    "SIGN PRODUCT POWER COMPARE OR AND PIPE PIPE_BIND SPECIAL FUNCTION WHILE REPEAT FOR IN HELP NOT EQUALS COLON TILDE "
    "MEMBER LEFT_ASSIGN RIGHT_ASSIGN"
)
_OPEN_ENDED = frozenset(_OPEN_ENDED_KINDS.split())
_CLOSERS = frozenset(("CLOSE", "CLOSE_BRACE", "CLOSE_BRACKET"))
_CONTROL = frozenset(("IF", "WHILE", "FOR", "FUNCTION"))
_IF = "if"

END = "$END"


def drop_newlines(tokens: list[Token], length: int) -> list[Token]:
    """The tokens without the newlines that end nothing, closed by the end token the parser waits for.

    Args:
        tokens: what `tokenize` returned.
        length: length of the text, where the end token stands.
    """
    kept: list[Token] = []
    append = kept.append
    contexts: list[str] = []
    control_parentheses: list[bool] = []
    skipping = False
    before = ""
    index = 0
    count = len(tokens)
    while index < count:
        token = tokens[index]
        kind = token[0]
        index += 1
        if kind == "NEWLINE":
            if skipping or (contexts and contexts[-1] in ("OPEN", "OPEN_BRACKET")):
                continue
            if contexts and contexts[-1] == _IF:
                while index < count and tokens[index][0] == "NEWLINE":
                    index += 1
                following = tokens[index][0] if index < count else END
                if following in _CLOSERS or following in ("COMMA", "ELSE"):
                    continue
                while contexts and contexts[-1] == _IF:
                    contexts.pop()
                if contexts and contexts[-1] != "OPEN_BRACE":
                    continue
            append(token)
            before = kind
            continue
        append(token)
        if kind == "SYMBOL" or kind == "NUMBER" or kind == "STRING":
            skipping = False
        elif kind in _OPEN_ENDED:
            skipping = True
        elif kind == "OPEN":
            contexts.append(kind)
            control_parentheses.append(before in _CONTROL)
        elif kind in _CLOSERS:
            while contexts and contexts[-1] == _IF:
                contexts.pop()
            opener = contexts.pop() if contexts else ""
            skipping = opener == "OPEN" and control_parentheses.pop() and kind == "CLOSE"
        elif kind == "OPEN_BRACE":
            contexts.append(kind)
            skipping = True
        elif kind == "OPEN_BRACKET":
            contexts.append(kind)
        elif kind == "OPEN_DOUBLE":
            contexts.append("OPEN_BRACKET")
            contexts.append("OPEN_BRACKET")
        elif kind == "IF":
            if contexts:
                contexts.append(_IF)
            skipping = True
        elif kind == "ELSE":
            if contexts and contexts[-1] == _IF:
                contexts.pop()
            skipping = True
        elif kind in ("SEMICOLON", "COMMA"):
            if contexts and contexts[-1] == _IF:
                contexts.pop()
            skipping = False
        else:
            skipping = False
        before = kind
    if kept and kept[-1][0] not in ("NEWLINE", "SEMICOLON", "INVALID", "INCOMPLETE_STRING") and not (skipping or contexts):
        append(("NEWLINE", "", length, length))
    append((END, "", length, length))
    return kept
