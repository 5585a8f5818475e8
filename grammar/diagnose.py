"""What is wrong with a text that does not parse: where, what was found, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipekeras.grammar.habits import habit
from pipekeras.grammar.lexer import Token
from pipekeras.grammar.nodes import Source, Span

_CLOSER_OF = {"OPEN": "CLOSE", "OPEN_BRACKET": "CLOSE_BRACKET", "OPEN_BRACE": "CLOSE_BRACE", "OPEN_DOUBLE": "CLOSE_BRACKET"}
_CLOSERS = {"CLOSE": ")", "CLOSE_BRACKET": "]", "CLOSE_BRACE": "}"}
_BINARY_KINDS = (
    "SIGN PRODUCT POWER COMPARE OR AND PIPE SPECIAL EQUALS COLON TILDE MEMBER NAMESPACE LEFT_ASSIGN RIGHT_ASSIGN"
)
_BINARY = frozenset(_BINARY_KINDS.split())
_OPERAND = frozenset(("SYMBOL", "NUMBER", "STRING", "CONSTANT", "NULL"))
_BEGINNING = frozenset(("FUNCTION", "IF", "FOR", "WHILE", "REPEAT", "NEXT", "BREAK"))
_R_NAMES = {
    "NUMBER": "numeric constant",
    "CONSTANT": "numeric constant",
    "STRING": "string constant",
    "SYMBOL": "symbol",
    "LEFT_ASSIGN": "assignment",
    "SPECIAL": "SPECIAL",
    "PLACEHOLDER": "input",
    "INVALID": "input",
    "INCOMPLETE_STRING": "INCOMPLETE_STRING",
    "NEWLINE": "end of line",
    "$END": "end of input",
}


class ParseError(Exception):
    """A text that is no program.

    Args:
        message: what was found and what was expected.
        span: where.
        mend: how to put it right, or None.
        opener: the bracket that was never closed, or None.
        unfinished: whether more text could complete the program.
        r_message: what R says of the same mistake, without the place.
        found: the token at which the parser noticed, when it is not what `span` points at.

    Attributes:
        statements: the top-level statements that had ended before the mistake.
    """

    statements: list[Any]

    def __init__(
        self,
        message: str,
        span: Span,
        *,
        mend: str | None = None,
        opener: Span | None = None,
        unfinished: bool = False,
        r_message: str | None = None,
        found: Span | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.mend = mend
        self.opener = opener
        self.unfinished = unfinished
        self.r_message = r_message or message
        self.found = found or span
        self.statements = []

    def __str__(self) -> str:
        return self.report()

    def report(self) -> str:
        """The mistake as users see it: message, place, source line, caret, mend."""
        lines = [f"SyntaxError: {self.message}", *point_at(self.span)]
        if self.opener is not None:
            lines += point_at(self.opener, "opened here")
        if self.mend:
            lines.append(f"  mend: {self.mend}")
        return "\n".join(lines)

    def as_r_writes_it(self) -> str:
        """R's own message for the same mistake: place, text and the lines up to it."""
        if not self.r_message.startswith("unexpected"):
            return self.r_message
        source = self.found.source
        lines = source.text.split("\n")
        kept = _KEPT
        if self.r_message in ("unexpected end of input", "unexpected end of line"):
            # The end was read too.
            kept -= 1
            place, column, last = len(lines) + 1, 0, len(lines)
        else:
            place, _ = source.position(self.found.start)
            column = _tabbed_column(source, self.found.start)
            last, end_column = source.position(max(self.found.end, self.found.start + 1) - 1)
            if self.r_message == "unexpected INCOMPLETE_STRING":
                last = len(lines)
                kept -= 1
            elif source.text[self.found.start : self.found.start + 1] != "%" or self.r_message != "unexpected input":
                # The whole line is shown after a lone percent sign: the other one was looked for up to its end.
                lines[last - 1] = lines[last - 1][:end_column]
        read = "\n".join(lines[:last]).encode()[-kept:].split(b"\n")[-2:]
        texts = [line[:_WIDEST].decode(errors="ignore") for line in read]
        shown = [f"{number}: {text}" for number, text in enumerate(texts, last - len(texts) + 1)]
        # R's caret stands one column further to the right when only one line is shown.
        indent = len(f"{last}: ") + column - (1 if len(shown) > 1 else 0)
        return "\n".join([f"{source.name}:{place}:{column}: {self.r_message}", *shown, " " * indent + "^"])


_KEPT, _WIDEST = 256, 192
"""Bytes that R keeps of what it read before a mistake, and bytes of a line that it shows."""


def _tabbed_column(source: Source, offset: int) -> int:
    """Column of a character, from 1, with tabs going to the next multiple of eight."""
    line, column = source.position(offset)
    reached = 0
    for character in source.line_text(line)[: column - 1]:
        reached = (reached + 8) // 8 * 8 if character == "\t" else reached + 1
    return reached + 1


def point_at(span: Span, note: str = "") -> list[str]:
    """The place, the source line and carets under the span: two or three lines of text."""
    source = span.source
    line, column = source.position(span.start)
    text = source.line_text(line)
    width = max(1, min(span.end - span.start, len(text) - column + 1))
    place = f"  {source.name}:{line}:{column}   "
    longest = _room_for_line(len(place))
    if display_width(text) > longest:
        text, column = _window(text, column, longest)
        width = min(width, len(text) - column + 1)
    carets = "^" * max(1, display_width(text[column - 1 : column - 1 + width]))
    indent = " " * (len(place) + display_width(text[: column - 1]))
    return [place + text.replace("\t", " "), indent + carets + (f" {note}" if note else "")]


LONGEST_LINE = 160
"""Longer source lines are shown around the place only."""


def _room_for_line(used: int) -> int:
    """How many columns of a source line are shown behind its place: on a terminal no line may wrap under its caret."""
    import sys

    if sys.stderr is None or not sys.stderr.isatty():
        return LONGEST_LINE
    from shutil import get_terminal_size

    return max(min(get_terminal_size().columns - used - 7, LONGEST_LINE), 20)


def _window(text: str, column: int, longest: int) -> tuple[str, int]:
    """The part of a long line around a column, and the column in it."""
    start = max(0, min(column - longest // 4 - 1, len(text) - longest))
    end = min(len(text), start + longest)
    before, after = "..." if start else "", "..." if end < len(text) else ""
    return before + text[start:end] + after, column - start + len(before)


def display_width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def syntax_error(source: Source, tokens: list[Token], index: int, expected: frozenset[str]) -> ParseError:
    """The error for a token that no rule takes where it stands.

    Args:
        source: the text.
        tokens: the tokens that the parser was given.
        index: which of them was not expected.
        expected: kinds of tokens that would have been.
    """
    token = tokens[index]
    kind, text, start, end = token
    before = tokens[index - 1] if index else None
    opener = _innermost_opener(tokens[:index])
    span = Span(source, start, end)
    r_message = f"unexpected {_R_NAMES.get(kind) or _quoted(text)}"
    if kind == "$END" or (kind == "NEWLINE" and index == len(tokens) - 2 and not text):
        return _ended_too_early(source, before, opener)
    if kind == "INCOMPLETE_STRING":
        what = "name" if text == "`" else "string"
        raw = source.text[start] in "rR" and source.text[start + 1 : start + 2] in ("'", '"')
        line_end = source.text.find("\n", start)
        return ParseError(
            f"this {what} is never closed",
            Span(source, start, line_end if line_end > 0 else len(source.text)),
            mend=f"add the closing {_raw_end(source.text[start:]) if raw else text[-1]}",
            unfinished=True,
            r_message=r_message,
        )
    known = habit(source, tokens, index)
    if known is not None:
        return ParseError(known[0], Span(source, known[1], known[2]), mend=known[3], r_message=r_message, found=span)
    if kind == "INVALID":
        return _invalid(source, token, r_message)
    if before is not None and before[0] == "STRING" and "\n" in before[1]:
        quote = before[1][-1] if before[1][0] in "rR" else before[1][0]
        line = source.position(before[2])[0]
        return ParseError(
            f"{_described(kind, text)} follows a string that began on line {line}",
            span,
            opener=Span(source, before[2], before[2] + 1),
            mend=f"close the string with {quote} where it should end",
            r_message=r_message,
        )
    if kind in _CLOSERS:
        return _wrong_closer(source, token, before, opener, r_message)
    if kind == "PIPE_BIND":
        r_message = "'=>' is disabled; set '_R_USE_PIPEBIND_' envvar to a true value to enable it"
    if opener is not None and before is not None and opener[0] != "OPEN_BRACE" and _on_new_line(source, tokens, index):
        closer = "]]" if opener[0] == "OPEN_DOUBLE" else _CLOSERS[_CLOSER_OF[opener[0]]]
        return ParseError(
            f"{_described(kind, text)} starts a line, but '{opener[1]}' is still open",
            span,
            opener=Span(source, opener[2], opener[3]),
            mend=f"close it with '{closer}', or put ',' or an operator after '{_short(before[1])}'",
            r_message=r_message,
        )
    message, mend = _explain(tokens, index, expected, opener)
    return ParseError(message, span, mend=mend, r_message=r_message)


def _raw_end(text: str) -> str:
    """What closes the raw string that a text begins with: its bracket, its dashes and its quote."""
    dashes = len(text[2:]) - len(text[2:].lstrip("-"))
    bracket = {"(": ")", "[": "]", "{": "}"}.get(text[2 + dashes : 3 + dashes], ")")
    return bracket + "-" * dashes + text[1]


def _on_new_line(source: Source, tokens: list[Token], index: int) -> bool:
    """Whether an operand stands first on its line after an operand that ends the line before."""
    ended = tokens[index - 1][0] in _OPERAND or tokens[index - 1][0] in _CLOSERS
    begins = tokens[index][0] in _OPERAND or tokens[index][0] in _BEGINNING
    return ended and begins and "\n" in source.text[tokens[index - 1][3] : tokens[index][2]]


def _quoted(text: str) -> str:
    return {"->>": "'->'", "**": "'^'", "\\": "'\\\\'"}.get(text, f"'{text}'")


def _innermost_opener(tokens: Iterable[Token]) -> Token | None:
    waiting: list[Token] = []
    for token in tokens:
        kind = token[0]
        if kind in _CLOSER_OF:
            waiting.append(token)
            if kind == "OPEN_DOUBLE":
                waiting.append(token)
        elif kind in _CLOSERS and waiting:
            waiting.pop()
    return waiting[-1] if waiting else None


def _ended_too_early(source: Source, before: Token | None, opener: Token | None) -> ParseError:
    end = len(source.text.rstrip())
    place = Span(source, max(end - 1, 0), max(end, 1))
    if opener is not None:
        closer = _CLOSERS[_CLOSER_OF[opener[0]]]
        closer = "]]" if opener[0] == "OPEN_DOUBLE" else closer
        opened = Span(source, opener[2], opener[3])
        return ParseError(
            f"the text ends before '{opener[1]}' is closed",
            place,
            opener=opened if opened.end < place.end else None,
            mend=f"add the missing '{closer}'",
            unfinished=True,
            r_message="unexpected end of input",
        )
    if before is None:
        return ParseError("the text ends too early", place, unfinished=True, r_message="unexpected end of input")
    at_name = before[0] == "NAMESPACE"
    mend = f"complete the expression after '{before[1]}', or remove it"
    if source.text[: before[3]].endswith(("++", "--")):
        mend += "; to count write x <- x + 1" if before[1] == "+" else "; to count down write x <- x - 1"
    return ParseError(
        f"the text ends where something must follow '{before[1]}'",
        Span(source, before[2], before[3]),
        mend=mend,
        unfinished=True,
        r_message="unexpected end of line" if at_name else "unexpected end of input",
    )


def _invalid(source: Source, token: Token, r_message: str) -> ParseError:
    _, text, start, end = token
    span = Span(source, start, end)
    if text[:1] in "rR" and text[1:2] in ("'", '"'):
        line = source.position(start)[0]
        return ParseError(
            "malformed raw string literal",
            span,
            mend='a raw string is written r"(text)"',
            r_message=f"malformed raw string literal at line {line}",
        )
    if text[:1].isdigit() or text[:1] == ".":
        mend = "an exponent needs digits: 1e5, 0x1p3; hexadecimal digits follow 0x"
        return ParseError(f"'{text}' is not a number", span, mend=mend, r_message=r_message)
    if text == "%":
        mend = "an operator between percent signs stands on one line: %in%"
        return ParseError("'%' without a second '%' on this line", span, mend=mend, r_message=r_message)
    mend = _LOOK_ALIKES.get(text, "remove it")
    name = text if text.isprintable() else f"U+{ord(text[0]):04X}"
    return ParseError(f"the character '{name}' has no meaning here", span, mend=mend, r_message=r_message)


_LOOK_ALIKES = {
    "\u201c": 'use straight quotes: "',
    "\u201d": 'use straight quotes: "',
    "\u2018": "use straight quotes: '",
    "\u2019": "use straight quotes: '",
    "\u2212": "use a plain minus: -",
    "\u2013": "use a plain minus: -",
    "\u00a0": "use a plain space (this is a no-break space)",
    "\u2190": "write <-",
    "\ufeff": "save the file without a byte order mark",
}


def _wrong_closer(
    source: Source, token: Token, before: Token | None, opener: Token | None, r_message: str
) -> ParseError:
    _, text, start, end = token
    span = Span(source, start, end)
    if opener is None:
        return ParseError(
            f"'{text}' closes nothing", span, mend="remove it, or add the bracket it closes", r_message=r_message
        )
    wanted = _CLOSERS[_CLOSER_OF[opener[0]]]
    if wanted != text:
        wanted = "]]" if opener[0] == "OPEN_DOUBLE" else wanted
        return ParseError(
            f"found '{text}' where '{opener[1]}' wants '{wanted}'",
            span,
            opener=Span(source, opener[2], opener[3]),
            mend=f"write '{wanted}' before it, or remove '{opener[1]}'",
            r_message=r_message,
        )
    if before is not None and before[0] in _BINARY:
        return ParseError(
            f"'{before[1]}' has nothing on its right",
            Span(source, before[2], before[3]),
            mend=f"write what follows '{before[1]}', or remove it",
            r_message=r_message,
            found=span,
        )
    if before is not None and before[0] == "OPEN":
        mend = "put an expression between them"
        parentheses = Span(source, before[2], end)
        return ParseError("the parentheses are empty", parentheses, mend=mend, r_message=r_message, found=span)
    mend = "complete what stands before it"
    return ParseError(f"'{text}' comes too early", span, mend=mend, r_message=r_message)


def _explain(
    tokens: list[Token], index: int, expected: frozenset[str], opener: Token | None
) -> tuple[str, str | None]:
    """Message and mend for a token that stands in a wrong place."""
    kind, text, _, _ = tokens[index]
    before = tokens[index - 1] if index else None
    previous = before[0] if before is not None else "NEWLINE"
    shown = _described(kind, text)
    if kind == "ELSE":
        if previous == "NEWLINE":
            return "'else' starts a line, but its 'if' has ended with the line before", "write } else { on one line"
        return "'else' without 'if'", "an else follows the body of an if, without ';' between them"
    if kind == "PIPE_BIND":
        return "'=>' is not an operator of the language", "write <= or >= to compare, |> or %>% to pipe"
    if kind == "IN":
        return "'in' stands in a for loop only", "use x %in% y to test membership"
    if previous in ("NEWLINE", "SEMICOLON", "OPEN_BRACE") and kind in _BINARY | {"OPEN_BRACKET", "OPEN_DOUBLE"}:
        if kind in ("PIPE", "SPECIAL") and index > 1:
            return f"{shown} starts a line, but the expression has ended with the line before", (
                f"move {text} to the end of the line before"
            )
        return f"{shown} has nothing on its left", f"write what stands before {text}, or join the line to the one before"
    if kind == "EQUALS":
        return _explain_equals(tokens, index, opener)
    if kind == "COMMA":
        if opener is None or opener[0] == "OPEN_BRACE":
            return "',' stands between arguments, not between statements", "remove it, or use a newline"
        return "',' comes too early", "complete the expression before it"
    if kind == "SEMICOLON":
        if opener is not None and opener[0] != "OPEN_BRACE":
            return f"';' cannot stand inside '{opener[1]}'", "use ',' between arguments"
        return "';' ends no statement", "remove it"
    if kind == "NEWLINE":
        return "the line ends too early", "complete the expression"
    if before is not None and previous in _BINARY and kind in _BINARY:
        return f"{shown} cannot follow '{before[1]}'", "remove one of the two, or put a value between them"
    if previous == "MEMBER" and before is not None:
        return f"'{before[1]}' takes a name, found {shown}", "use x[[...]] when the name is computed"
    if previous in ("IF", "WHILE", "FOR", "FUNCTION") and before is not None:
        return f"'{before[1]}' must be followed by '('", _CONTROL_SHAPES[previous]
    if "IN" in expected:
        return f"expected 'in' after the loop variable, found {shown}", _CONTROL_SHAPES["FOR"]
    if before is not None and previous in _OPERAND | {"CLOSE", "CLOSE_BRACKET", "CLOSE_BRACE"}:
        if opener is not None and opener[0] in ("OPEN", "OPEN_BRACKET", "OPEN_DOUBLE"):
            return f"{shown} follows '{_short(before[1])}' without ',' or an operator", "put a ',' or an operator between them"
        if previous == "SYMBOL" and kind in _OPERAND:
            return f"{shown} follows '{_short(before[1])}' without an operator", (
                f"put an operator between them, start a new line, or call {_short(before[1])}(...)"
            )
        return f"{shown} follows '{_short(before[1])}' without an operator", "put an operator or a newline between them"
    if "SYMBOL" in expected and len(expected) <= 3:
        return f"expected a name, found {shown}", None
    return f"{shown} cannot stand here", None


_CONTROL_SHAPES = {
    "IF": "write if (condition) ...",
    "WHILE": "write while (condition) ...",
    "FOR": "write for (name in values) ...",
    "FUNCTION": "write function(x, y = 1) ...",
}


def _explain_equals(tokens: list[Token], index: int, opener: Token | None) -> tuple[str, str]:
    if opener is None or opener[0] == "OPEN_BRACE":
        return "'=' cannot stand here", "assign with <-, or put the assignment in parentheses"
    place = tokens.index(opener)
    owner = tokens[place - 1][0] if place else ""
    if owner in ("IF", "WHILE"):
        return "'=' assigns, it does not compare", "write == to compare"
    return "'=' names an argument; on its left stands a plain name", "write == to compare, <- to assign"


def _described(kind: str, text: str) -> str:
    if kind in ("STRING", "NUMBER"):
        return f"the {kind.lower()} {_short(text)}"
    return f"'{_short(text)}'"


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:20] + "..."
