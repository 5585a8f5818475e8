"""Characters to tokens.

A token is the tuple `(kind, text, start, end)`. All newlines are tokens here; `layout.py` drops those that do not end
a statement. What cannot be read becomes one token of kind `INVALID` or `INCOMPLETE_STRING`, which no grammar rule
takes, and ends the list: the parser then reports whichever mistake stands first in the text.
"""

from __future__ import annotations

import re

Token = tuple[str, str, int, int]

KEYWORDS = {
    "NULL": "NULL",
    "NA": "CONSTANT",
    "TRUE": "CONSTANT",
    "FALSE": "CONSTANT",
    "Inf": "CONSTANT",
    "NaN": "CONSTANT",
    "NA_integer_": "CONSTANT",
    "NA_real_": "CONSTANT",
    "NA_character_": "CONSTANT",
    "NA_complex_": "CONSTANT",
    "function": "FUNCTION",
    "while": "WHILE",
    "repeat": "REPEAT",
    "for": "FOR",
    "if": "IF",
    "in": "IN",
    "else": "ELSE",
    "next": "NEXT",
    "break": "BREAK",
}

OPERATORS = {
    "<<-": "LEFT_ASSIGN",
    "->>": "RIGHT_ASSIGN",
    ":::": "NAMESPACE",
    "<-": "LEFT_ASSIGN",
    "->": "RIGHT_ASSIGN",
    "<=": "COMPARE",
    ">=": "COMPARE",
    "==": "COMPARE",
    "!=": "COMPARE",
    "&&": "AND",
    "||": "OR",
    "|>": "PIPE",
    "=>": "PIPE_BIND",
    "<<": "INVALID",
    ":=": "LEFT_ASSIGN",
    "::": "NAMESPACE",
    "**": "POWER",
    "[[": "OPEN_DOUBLE",
    "-": "SIGN",
    "+": "SIGN",
    "*": "PRODUCT",
    "/": "PRODUCT",
    "^": "POWER",
    "<": "COMPARE",
    ">": "COMPARE",
    "=": "EQUALS",
    "!": "NOT",
    "&": "AND",
    "|": "OR",
    "~": "TILDE",
    "?": "HELP",
    ":": "COLON",
    "$": "MEMBER",
    "@": "MEMBER",
    "(": "OPEN",
    ")": "CLOSE",
    "[": "OPEN_BRACKET",
    "]": "CLOSE_BRACKET",
    "{": "OPEN_BRACE",
    "}": "CLOSE_BRACE",
    ",": "COMMA",
    ";": "SEMICOLON",
    "\\": "FUNCTION",
    "_": "PLACEHOLDER",
}

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\f]+|\#[^\n]*)
    | (?P<NEWLINE>\n)
    | (?P<raw>[rR]["'])
    | (?P<word>(?:[^\W\d_]|\.(?![0-9]))[\w.]*)
    | (?P<NUMBER>(?:0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)(?:[pP][+-]?[0-9]+)?
        |(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[Li]?)
    | (?P<STRING>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<SYMBOL>`(?:[^`\\]|\\.)*`)
    | (?P<SPECIAL>%[^%\n]*%)
    | (?P<operator>"""
    + "|".join(re.escape(operator) for operator in OPERATORS)
    + ")",
    re.VERBOSE | re.DOTALL,
)
_RAW_OPENING = re.compile(r"[rR](?P<quote>[\"'])(?P<dashes>-*)(?P<bracket>[(\[{])")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def tokenize(text: str) -> list[Token]:
    """Tokens of a text in order; a text that cannot be read to its end closes with an unreadable token."""
    tokens: list[Token] = []
    append = tokens.append
    match_at = _TOKEN.match
    position = 0
    length = len(text)
    while position < length:
        match = match_at(text, position)
        if match is None:
            kind = "INCOMPLETE_STRING" if text[position] in "\"'`" else "INVALID"
            append((kind, text[position], position, length if kind == "INCOMPLETE_STRING" else position + 1))
            break
        group = match.lastgroup
        end = match.end()
        if group == "space":
            position = end
            continue
        word = match.group()
        if group == "word":
            append((KEYWORDS.get(word, "SYMBOL"), word, position, end))
        elif group == "operator":
            append((OPERATORS[word], word, position, end))
        elif group == "NUMBER":
            bad_end = _unreadable_number(text, word, end)
            if bad_end:
                append(("INVALID", text[position:bad_end], position, bad_end))
                break
            append(("NUMBER", word, position, end))
        elif group == "raw":
            token = _raw_string(text, position)
            append(token)
            if token[0] != "STRING":
                break
            end = token[3]
        else:
            append((group or "", word, position, end))
        position = end
    return tokens


def _unreadable_number(text: str, word: str, end: int) -> int:
    """End of a malformed number (`1e`, `0x`, `0x1.8`), or 0 when the number is well formed."""
    following = text[end : end + 1]
    if word[:2] in ("0x", "0X"):
        has_exponent = "p" in word or "P" in word
        if "." in word and not has_exponent:
            return end
        return end + 1 if not has_exponent and following in ("p", "P") else 0
    if word == "0" and following in ("x", "X"):
        return end + 1
    has_exponent = "e" in word or "E" in word
    if following in ("e", "E") and not has_exponent and word[-1] not in "Li":
        return end + 1
    return 0


def _raw_string(text: str, position: int) -> Token:
    opening = _RAW_OPENING.match(text, position)
    if opening is None:
        return ("INVALID", text[position : position + 2], position, position + 2)
    closing = _CLOSING[opening["bracket"]] + opening["dashes"] + opening["quote"]
    found = text.find(closing, opening.end())
    if found < 0:
        return ("INCOMPLETE_STRING", text[position : position + 2], position, len(text))
    end = found + len(closing)
    return ("STRING", text[position:end], position, end)
