"""Reading on after a mistake in the syntax: what is wrong is left out, so that `check` tells of all mistakes in one go.

After each mistake the token list is changed in the smallest way that lets the parser go on: a bracket that closes nothing
goes, an operator at the start of a line joins the line before it, missing braces are added at the end. Where none of these
fits, the statement goes: the innermost one between braces, up to the end of its line or of the brackets that it opened.
"""

from __future__ import annotations

from bisect import bisect_left

from pipekeras.grammar.diagnose import ParseError
from pipekeras.grammar.layout import drop_newlines
from pipekeras.grammar.lexer import Token, tokenize
from pipekeras.grammar.nodes import Source, Span
from pipekeras.grammar.parse import Program, parse_tokens

LIMIT = 25
"""Mistakes after which the rest of a text is left alone."""
_OPENERS = {"OPEN": 1, "OPEN_BRACKET": 1, "OPEN_BRACE": 1, "OPEN_DOUBLE": 2}
_CLOSER_OF = {"OPEN": "CLOSE", "OPEN_BRACKET": "CLOSE_BRACKET", "OPEN_BRACE": "CLOSE_BRACE", "OPEN_DOUBLE": "CLOSE_BRACKET"}
_CLOSERS = {"CLOSE": ")", "CLOSE_BRACKET": "]", "CLOSE_BRACE": "}"}
_SEPARATORS = ("NEWLINE", "SEMICOLON")
_OPEN_ENDED_KINDS = (
    "SIGN PRODUCT POWER COMPARE OR AND PIPE SPECIAL EQUALS COLON TILDE MEMBER LEFT_ASSIGN RIGHT_ASSIGN COMMA NOT ELSE"
)
_OPEN_ENDED = frozenset(_OPEN_ENDED_KINDS.split())
_JOINING = frozenset(("PIPE", "SPECIAL", "PRODUCT", "POWER", "COMPARE", "OR", "AND", "COLON", "LEFT_ASSIGN", "RIGHT_ASSIGN"))
_BEGINNING = frozenset(("IF", "FOR", "WHILE", "REPEAT"))
_FOLLOWING = frozenset(("LEFT_ASSIGN", "SPECIAL", "PIPE", "OPEN", "NEWLINE", "MEMBER"))


class Gap:
    """A stretch of the text that was left out, and the names that stand in it."""

    def __init__(self, span: Span, names: frozenset[str]) -> None:
        self.span = span
        self.names = names


class Reading:
    """What could be read of a text.

    Attributes:
        program: the statements that are whole.
        mistakes: the mistakes in the syntax, in their order.
        gaps: what was left out.
    """

    def __init__(self, program: Program, mistakes: list[ParseError], gaps: list[Gap]) -> None:
        self.program = program
        self.mistakes = mistakes
        self.gaps = gaps


def read_on(source: Source) -> Reading:
    """Parse a text past its mistakes."""
    return _Reader(source).read()


class _Place:
    """Where a mistake stands among the brackets: the open ones, and where the statement around it begins."""

    def __init__(self, tokens: list[Token], index: int) -> None:
        begins = [0]
        self.open: list[Token] = []
        for position in range(index):
            kind = tokens[position][0]
            if kind in _OPENERS:
                self.open.extend([tokens[position]] * _OPENERS[kind])
                begins.extend([position + 1] * _OPENERS[kind])
            elif kind in _CLOSERS:
                if self.open:
                    self.open.pop()
                    begins.pop()
            elif kind in _SEPARATORS and (not self.open or self.open[-1][0] == "OPEN_BRACE"):
                begins[-1] = position + 1
        self.depth = len(self.open)
        while self.depth and self.open[self.depth - 1][0] != "OPEN_BRACE":
            self.depth -= 1
        self.begin = tokens[min(begins[self.depth], index)][2]
        """Offset of the innermost statement's first token; `depth` brackets stand around it."""


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens = tokenize(source.text)
        self.mistakes: list[ParseError] = []
        self.gaps: list[Gap] = []
        self.closed = False
        self.unbalanced = False

    def read(self) -> Reading:
        while True:
            tokens = drop_newlines(self.tokens, len(self.source.text))
            try:
                program = parse_tokens(self.source, tokens)
                break
            except ParseError as error:
                if not self.closed and not self._follows_from_others(error, tokens):
                    self.mistakes.append(error)
                if self.closed or len(self.mistakes) >= LIMIT or not self._step_over(error, tokens):
                    program = Program(self.source, error.statements, [])
                    if error.span.start < len(self.source.text):
                        self._note_gap(self._rest_after(program))
                    break
        return Reading(program, self.mistakes, self.gaps)

    def _rest_after(self, program: Program) -> list[Token]:
        end = program.statements[-1].span.end if program.statements else 0
        return [token for token in self.tokens if token[2] >= end]

    def _follows_from_others(self, error: ParseError, tokens: list[Token]) -> bool:
        """Whether a bracket closes what was left out before it."""
        return self.unbalanced and tokens[_index_at(tokens, error.found.start)][0] in _CLOSERS

    # Ways to go on

    def _step_over(self, error: ParseError, tokens: list[Token]) -> bool:
        """Change the tokens so that the parser comes past the mistake."""
        index = _index_at(tokens, error.found.start)
        kind, _, start, _ = tokens[index]
        place = _Place(tokens, index)
        previous = tokens[index - 1][0] if index else "NEWLINE"
        if error.unfinished and kind != "INCOMPLETE_STRING":
            # The parser saw the end of the text.
            return self._close_or_leave(_Place(tokens, len(tokens) - 1), error)
        if kind in _CLOSERS and not place.open:
            return self._leave_out(start, start + 1)
        if kind == "ELSE" and previous == "NEWLINE":
            return self._leave_out(start, start + 1)
        if kind in _JOINING and previous == "NEWLINE" and index > 1:
            return self._join(start)
        inner = place.open[-1][0] if place.open else None
        if len(place.open) > place.depth and start > place.begin:
            if kind == "CLOSE_BRACE" and place.depth:
                return self._leave_out(place.begin, start)
            if inner != "OPEN_BRACE" and "is still open" in error.message:
                return self._leave_out(place.begin, start)
        broken = next((token for token in self.tokens if place.begin <= token[2] <= start and _is_over_lines(token)), None)
        if broken is not None or kind in ("INCOMPLETE_STRING", "INVALID"):
            return self._read_anew(place.begin, (broken or tokens[index])[2])
        return self._leave_statement(place, start)

    def _close_or_leave(self, place: _Place, error: ParseError) -> bool:
        if place.open and place.open[-1][0] == "OPEN_BRACE":
            self.closed = True
            end = len(self.source.text)
            for opener in reversed(place.open):
                closer = _CLOSER_OF[opener[0]]
                self.tokens.append((closer, _CLOSERS[closer], end, end))
            return True
        opened = error.opener.start if error.opener is not None else error.span.start
        return self._leave_statement(place, max(opened, place.begin))

    def _leave_statement(self, place: _Place, start: int) -> bool:
        """Leave out the innermost statement, to the end of its last line."""
        first = _index_at(self.tokens, place.begin)
        column = self.source.position(place.begin)[1]
        depth, last = 0, None
        for index in range(first, len(self.tokens)):
            token = self.tokens[index]
            kind = token[0]
            if kind in _OPENERS:
                depth += _OPENERS[kind]
            elif kind in _CLOSERS:
                if kind == "CLOSE_BRACE" and depth == 0 and token[2] > start:
                    return self._leave_out(place.begin, token[2])
                depth = max(depth - 1, 0)
            elif kind in _SEPARATORS and token[2] >= start:
                if depth == 0 and last not in _OPEN_ENDED:
                    return self._leave_out(place.begin, token[2])
                if depth and kind == "NEWLINE" and self._begins_statement(index + 1, column):
                    self.unbalanced = True
                    return self._leave_out(place.begin, token[2])
            if kind != "NEWLINE":
                last = kind
        return self._leave_out(place.begin, len(self.source.text) + 1)

    def _begins_statement(self, index: int, column: int) -> bool:
        if index + 1 >= len(self.tokens) or self.source.position(self.tokens[index][2])[1] > column:
            return False
        kind, following = self.tokens[index][0], self.tokens[index + 1][0]
        return kind in _BEGINNING or (kind == "SYMBOL" and following in _FOLLOWING)

    def _read_anew(self, begin: int, broken: int) -> bool:
        """Leave out the line in which a text went wrong, and read on from the next with no quote open."""
        line_end = self.source.text.find("\n", broken)
        end = line_end if line_end >= 0 else len(self.source.text)
        kept = [token for token in self.tokens if token[2] < begin]
        self._note_gap([token for token in self.tokens if begin <= token[2] < end] + self._tokens_of(broken + 1, end))
        self.tokens = kept + self._tokens_of(end, len(self.source.text))
        self.unbalanced = True
        return True

    def _tokens_of(self, begin: int, end: int) -> list[Token]:
        """The tokens of a part of the text, where they stand in the whole."""
        part = tokenize(self.source.text[begin:end])
        return [(kind, text, start + begin, stop + begin) for kind, text, start, stop in part]

    def _join(self, start: int) -> bool:
        """Take away the newlines before an operator."""
        index = _index_at(self.tokens, start)
        first = index
        while first and self.tokens[first - 1][0] == "NEWLINE":
            first -= 1
        del self.tokens[first:index]
        return first < index

    def _leave_out(self, begin: int, end: int) -> bool:
        left = [token for token in self.tokens if begin <= token[2] < end]
        if not left:
            return False
        self._note_gap(left)
        self.tokens = [token for token in self.tokens if not begin <= token[2] < end]
        return True

    def _note_gap(self, left: list[Token]) -> None:
        names = frozenset(token[1].strip("`") for token in left if token[0] == "SYMBOL")
        if names:
            start, end = min(token[2] for token in left), max(token[3] for token in left)
            self.gaps.append(Gap(Span(self.source, start, end), names))


def _index_at(tokens: list[Token], offset: int) -> int:
    """The first token that stands at the offset or after it."""
    return min(bisect_left(tokens, offset, key=lambda token: token[2]), len(tokens) - 1)


def _is_over_lines(token: Token) -> bool:
    return token[0] == "STRING" and "\n" in token[1]
