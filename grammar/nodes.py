"""The language's tree: R's own language objects with the place in the source where each one stands.

Constants are values (`grammar/values.py`) and stand in the tree as they are; everything else is a `Symbol` or a `Call`,
as in R: `if`, `{`, `(`, `<-`, `[`, `$`, `function` and every operator are calls of a symbol. So `quote`, `substitute`,
`bquote`, `deparse` and `match.call` work on the tree itself.

Nodes never change after they are made (a call's `compiled` slot, the interpreter's cache, apart). A `Symbol` equals
any symbol of the same name; calls compare by identity, and `same_tree` compares structure without spans.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Any


class Source:
    """A text with a name (`model.pk`, `<prompt>`) that can tell line, column and the text of a line."""

    __slots__ = ("_starts", "kept", "name", "text")

    def __init__(self, name: str, text: str, kept: bool = True) -> None:
        self.name = name
        self.text = text
        self.kept = kept
        """Whether functions written here may remember their text, where the program asks for that."""
        self._starts: list[int] | None = None

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            starts = [0]
            found = self.text.find("\n")
            while found >= 0:
                starts.append(found + 1)
                found = self.text.find("\n", found + 1)
            self._starts = starts
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both counted from 1, of a character offset."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a line counted from 1, without its newline."""
        starts = self._line_starts()
        if not 1 <= line <= len(starts):
            return ""
        end = starts[line] - 1 if line < len(starts) else len(self.text)
        return self.text[starts[line - 1] : end]

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"


class LibrarySource(Source):
    """The text of one function of the library, with the line of its file on which it begins."""

    __slots__ = ("first_line",)

    def __init__(self, name: str, text: str, first_line: int) -> None:
        super().__init__(name, text)
        self.first_line = first_line

    def place(self, offset: int) -> str:
        """File and line of a character offset."""
        return f"{self.name}:{self.first_line - 1 + self.position(offset)[0]}"

    def parsing(self, text: str) -> LibrarySource:
        """The source of a text that the function makes and parses while it runs."""
        return LibrarySource(self.name, text, self.first_line)


class Span:
    """The stretch `start:end` (character offsets) of a source."""

    __slots__ = ("end", "source", "start")

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end

    @property
    def line(self) -> int:
        """Line of the first character, counted from 1."""
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        """Column of the first character, counted from 1."""
        return self.source.position(self.start)[1]

    @property
    def text(self) -> str:
        """The source text that the span covers."""
        return self.source.text[self.start : self.end]

    @property
    def place(self) -> str:
        """`file:line:column`."""
        line, column = self.source.position(self.start)
        return f"{self.source.name}:{line}:{column}"

    def __repr__(self) -> str:
        return f"Span({self.place}, {self.text!r})"


class Symbol:
    """A name. Symbols of one name are equal wherever they stand."""

    __slots__ = ("name", "span")
    kind = "symbol"
    attributes = None

    def __init__(self, name: str, span: Span | None = None) -> None:
        self.name = name
        self.span = span

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Symbol) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"Symbol({self.name!r})"


class MissingArgument:
    """The empty argument of `x[, 1]` or `f(a, )`, and the default of a parameter without one."""

    __slots__ = ()
    kind = "symbol"
    name = ""
    attributes = None

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING = MissingArgument()
EMPTY_SYMBOL = Symbol("")
"""The empty argument as a value: what `formals(f)$x` and `quote(expr = )` give."""


class Argument:
    """One argument of a call: its name or None, its unevaluated value, the stretch it covers.

    As a parameter of a function the name is always given and the value is the default or `MISSING`.
    """

    __slots__ = ("name", "span", "value")

    def __init__(self, name: str | None, value: Any, span: Span | None = None) -> None:
        self.name = name
        self.value = value
        self.span = span

    def __iter__(self) -> Iterator[Any]:
        """Unpacks as `name, value`."""
        return iter((self.name, self.value))

    def __repr__(self) -> str:
        return f"Argument({self.name!r}, {self.value!r})"


class Formals:
    """The parameter list of a function: the first argument of a `function` call."""

    __slots__ = ("parameters",)
    kind = "pairlist"
    attributes = None

    def __init__(self, parameters: Iterable[Argument]) -> None:
        self.parameters = tuple(parameters)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameter names in order."""
        return tuple(parameter.name or "" for parameter in self.parameters)

    def __iter__(self) -> Iterator[Argument]:
        return iter(self.parameters)

    def __len__(self) -> int:
        return len(self.parameters)

    def __repr__(self) -> str:
        return f"Formals({list(self.parameters)!r})"


class Call:
    """A call: what is called (a `Symbol`, a `Call` or a value) and its arguments.

    `function(a, b = 1) body` is `Call(Symbol("function"), (Argument(None, Formals), Argument(None, body)))`.
    A formula is a `~` call with attributes `class` and `.Environment`. What is called has a name (`label`) in a call
    that was made of a list, such as `substitute(list(a = x))[-1]`.
    """

    __slots__ = ("args", "attributes", "compiled", "function", "label", "span")
    kind = "language"

    def __init__(
        self,
        function: Any,
        args: tuple[Argument, ...] = (),
        span: Span | None = None,
        attributes: dict[str, Any] | None = None,
    ) -> None:
        self.function = function
        self.args = args
        self.span = span
        self.attributes = attributes
        self.compiled: Any = None
        self.label = ""

    def with_attributes(self, attributes: dict[str, Any] | None) -> Call:
        """The same call with other attributes."""
        return Call(self.function, self.args, self.span, attributes)

    def is_call_of(self, name: str) -> bool:
        """Whether this is a call of the symbol `name`."""
        function = self.function
        return isinstance(function, Symbol) and function.name == name

    def __repr__(self) -> str:
        return f"Call({self.function!r}, {list(self.args)!r})"


def make_call(function: Any, *values: Any, span: Span | None = None, **named: Any) -> Call:
    """Build a call; a function given as text becomes a symbol, positional values come before named ones."""
    head = Symbol(function, span) if isinstance(function, str) else function
    args = [Argument(None, value) for value in values]
    args.extend(Argument(name, value) for name, value in named.items())
    return Call(head, tuple(args), span)


def is_language(value: Any) -> bool:
    """Whether a value is a symbol or a call."""
    return isinstance(value, (Symbol, Call))


def same_tree(left: Any, right: Any, same_value: Callable[[Any, Any], bool]) -> bool:
    """Whether two trees have the same structure, spans apart; `same_value` compares constants."""
    if isinstance(left, Symbol):
        return isinstance(right, Symbol) and left.name == right.name
    if isinstance(left, Call):
        return (
            isinstance(right, Call)
            and len(left.args) == len(right.args)
            and same_tree(left.function, right.function, same_value)
            and _same_arguments(left.args, right.args, same_value)
        )
    if isinstance(left, Formals):
        return isinstance(right, Formals) and _same_arguments(left.parameters, right.parameters, same_value)
    if isinstance(left, MissingArgument) or isinstance(right, (Symbol, Call, Formals, MissingArgument)):
        return left is right
    return same_value(left, right)


def _same_arguments(
    left: tuple[Argument, ...], right: tuple[Argument, ...], same_value: Callable[[Any, Any], bool]
) -> bool:
    return len(left) == len(right) and all(
        one.name == other.name and same_tree(one.value, other.value, same_value)
        for one, other in zip(left, right, strict=True)
    )
