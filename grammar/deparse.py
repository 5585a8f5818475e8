"""Tree and values to text, as R's `deparse` writes them: spacing, parentheses, indentation and line breaks.

Lines break where R breaks them: after a comma or an operator once the line is longer than the cutoff.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pipekeras.grammar.lexer import KEYWORDS
from pipekeras.grammar.nodes import MISSING, Argument, Call, Formals, Symbol
from pipekeras.grammar.operators import (
    PRIMITIVES,
    Operator,
    is_control_form,
    is_special_operator,
    needs_parentheses,
    operator_for,
    parenthesize_caller,
)
from pipekeras.grammar.values import NA_INTEGER, NULL, Closure, Value, Vector, is_na_real

_VALID_NAME = re.compile(r"(?:[^\W\d_]|\.(?![0-9]))[\w.]*\Z")
_RESERVED = frozenset(KEYWORDS)
DEFAULT_WIDTH = 60


@dataclass(frozen=True)
class DeparseOptions:
    """What a text keeps of the value it shows: R's `control`, and the line width after which to break.

    Args:
        width: line length beyond which a line breaks at the next chance.
        keep_integer: write integers as 1L.
        keep_missing: write a vector of NAs as NA_real_, NA_character_, ...
        nice_names: write names inside c() and list().
        show_attributes: write other attributes through structure().
        quote_expressions: wrap language objects in quote().
        digits: significant digits of doubles.
        backtick: write names that are no plain names between backticks.
    """

    width: int = DEFAULT_WIDTH
    keep_integer: bool = True
    keep_missing: bool = True
    nice_names: bool = True
    show_attributes: bool = True
    quote_expressions: bool = False
    digits: int = 15
    backtick: bool = True


DEFAULT_OPTIONS = DeparseOptions()
"""What R's `deparse` does with calls and functions."""
VALUE_OPTIONS = DeparseOptions(backtick=False)
"""What R's `deparse` does with other values, symbols among them: odd names stand between double quotes or bare."""
PRINT_OPTIONS = DeparseOptions(show_attributes=False)
"""What R uses to print calls and functions."""


def deparse_lines(value: Value, options: DeparseOptions = DEFAULT_OPTIONS) -> list[str]:
    """The lines of the deparsed value; `options_for` gives those that R's `deparse` would take."""
    writer = _Writer(options)
    writer.value(value)
    return writer.finish()


def options_for(value: Value) -> DeparseOptions:
    """The options that R's `deparse(value)` has by default."""
    by_name = isinstance(value, (Call, Closure)) or getattr(value, "kind", "") == "expression"
    return DEFAULT_OPTIONS if by_name else VALUE_OPTIONS


def deparse_text(value: Value, options: DeparseOptions = PRINT_OPTIONS) -> str:
    """The deparsed value as one text with newlines, as calls and functions print."""
    return "\n".join(deparse_lines(value, options))


def deparse_short(value: Value, width: int = 500) -> str:
    """The deparsed value on one line, for messages and labels."""
    lines = deparse_lines(value, replace(PRINT_OPTIONS, width=width))
    return " ".join([lines[0], *(line.strip() for line in lines[1:])])


def is_valid_name(name: str) -> bool:
    """Whether a name can be written without backticks."""
    return _VALID_NAME.match(name) is not None and name not in _RESERVED


def quote_name(name: str, quote: str = "`") -> str:
    """The name, between backticks (or other quotes) where it needs them."""
    if not name or is_valid_name(name):
        return name
    return quote_string(name, quote)


_ESCAPES = {
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
    "\0": "\\0",
    "\\": "\\\\",
}
_PLAIN_TEXT = re.compile(r"[ !#-&(-\[\]-_a-~]*\Z")


def quote_string(text: str, quote: str = '"') -> str:
    """The text between quotes, escaped as R escapes it."""
    if _PLAIN_TEXT.match(text):
        return quote + text + quote
    pieces = [quote]
    for character in text:
        if character == quote:
            pieces.append("\\" + character)
        elif character in _ESCAPES:
            pieces.append(_ESCAPES[character])
        elif character.isprintable():
            pieces.append(character)
        else:
            pieces.append(_escape_unprintable(character))
    pieces.append(quote)
    return "".join(pieces)


def _escape_unprintable(character: str) -> str:
    from unicodedata import category

    code = ord(character)
    if code < 0x80:
        return f"\\{code:03o}"
    if category(character) in ("Cf", "Zs", "Co"):
        return character
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def number_text(number: float, digits: int = 15) -> str:
    """A double with at most `digits` significant digits, fixed or scientific, whichever is shorter."""
    if number != number:
        return "NA" if is_na_real(number) else "NaN"
    if number in (float("inf"), float("-inf")):
        return "Inf" if number > 0 else "-Inf"
    if number == 0:
        return "0"
    mantissa, exponent_text = f"{abs(number):.{digits - 1}e}".split("e")
    exponent = int(exponent_text)
    significant = len(mantissa.replace(".", "").rstrip("0")) or 1
    decimals = max(0, significant - exponent - 1)
    fixed_width = max(exponent, 0) + 1 + (decimals + 1 if decimals else 0)
    scientific_width = significant + (1 if significant > 1 else 0) + (5 if abs(exponent) >= 100 else 4)
    if fixed_width <= scientific_width:
        return f"{number:.{decimals}f}"
    text, exponent_text = f"{number:.{significant - 1}e}".split("e")
    sign, magnitude = exponent_text[0], exponent_text[1:]
    return f"{text}e{sign}{magnitude.zfill(2)}"


def complex_text(number: complex, digits: int = 15) -> str:
    """A complex number as R writes it: 1+2i."""
    if number.real != number.real and is_na_real(number.real):
        return "NA"
    imaginary = number_text(number.imag, digits)
    sign = "" if imaginary.startswith("-") else "+"
    return f"{number_text(number.real, digits)}{sign}{imaginary}i"


def _complex_parts(number: complex, digits: int) -> str:
    """A complex number as code: by its parts where one of them is missing or not finite."""
    shown = complex_text(number, digits)
    parts = (number.real, number.imag)
    if shown == "NA" and all(is_na_real(part) for part in parts):
        return shown
    if all(part - part == 0 for part in parts):
        return shown
    texts = ["NA" if is_na_real(part) else number_text(part, digits) for part in parts]
    return f"complex(real={texts[0]}, imaginary={texts[1]})"


class _Writer:
    """The text under construction: finished lines, the open line, and where in the structure we are."""

    def __init__(self, options: DeparseOptions) -> None:
        self.options = options
        self.lines: list[str] = []
        self.open: list[str] = []
        self.length = 0
        self.indent = 0
        self.at_start = True
        self.curly_depth = 0
        self.inline_depth = 0
        self.as_argument = False
        self.on_left = False

    # Lines

    def write(self, text: str) -> None:
        if self.at_start:
            self.at_start = False
            space = " " * (4 * min(self.indent, 4) + 2 * max(self.indent - 4, 0))
            self.open.append(space)
            self.length += len(space)
        self.open.append(text)
        self.length += len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))

    def new_line(self) -> None:
        self.lines.append("".join(self.open))
        self.open = []
        self.length = 0
        self.at_start = True

    def break_line(self, broken: bool) -> bool:
        """Start a new line when this one is too long; the first break of a construct indents."""
        if self.length > self.options.width:
            if not broken:
                self.indent += 1
            self.new_line()
            return True
        return broken

    def finish(self) -> list[str]:
        if self.open or not self.lines:
            self.new_line()
        return self.lines

    # Values

    def value(self, value: Any) -> None:
        as_argument, self.as_argument = self.as_argument, False
        if isinstance(value, Symbol):
            self.symbol(value.name)
        elif isinstance(value, Call):
            self.language(value, as_argument)
        elif isinstance(value, Vector):
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
            self.write(_opaque_text(value))

    def symbol(self, name: str) -> None:
        if self.options.quote_expressions and name:
            self.write(f"quote({quote_name(name)})")
        else:
            self.write(quote_name(name) if self.options.backtick else name)

    def closure(self, closure: Closure) -> None:
        saved = self.options
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
            if operator is None:
                self.write(quote_name(head.name))
                self.plain_call(head.name, call.args)
            else:
                getattr(self, operator.form)(operator, call.args, as_argument)
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
        on_left, self.on_left = self.on_left, False
        self.value(value)
        self.on_left = on_left

    def operand(self, operator: Operator, value: Any, left: bool) -> None:
        on_left = self.on_left
        if needs_parentheses(operator, value, left) or (on_left and is_control_form(value)):
            self.parenthesized(value)
        else:
            self.on_left = on_left or left
            self.value(value)
            self.on_left = on_left

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
        if isinstance(name, Vector) and is_valid_name(name.items()[0]):
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

    # Vectors

    def vector(self, vector: Vector) -> None:
        attributes = vector.attributes or {}
        names = attributes.get("names")
        inside = None
        if names is not None and self.options.nice_names and _names_fit_inside(vector, names):
            inside = names.items()
        hidden = ("names",) if inside is not None or not self.options.show_attributes else ()
        if self.options.show_attributes or (self.options.nice_names and names is not None and inside is None):
            shown = {key: value for key, value in attributes.items() if key not in hidden}
            if not self.options.show_attributes:
                shown = {"names": names}
            if shown:
                self.structure(vector, shown, hidden, lambda: self.elements(vector, inside))
                return
        self.elements(vector, inside)

    def structure(self, value: Any, attributes: dict[str, Any], hidden: Sequence[str], content: Any) -> None:
        self.write("structure(")
        content()
        for name, attribute in attributes.items():
            if name in hidden:
                continue
            self.write(f", {name if is_valid_name(name) else quote_string(name)} = ")
            saved = self.options
            self.options = replace(saved, quote_expressions=True) if isinstance(attribute, (Symbol, Call)) else saved
            self.value(_compact_row_names(attribute) if name == "row.names" else attribute)
            self.options = saved
        self.write(")")

    def elements(self, vector: Vector, names: list[str | None] | None) -> None:
        kind = vector.kind
        if kind == "list" or kind == "expression":
            self.list_elements(vector, names)
            return
        items = vector.items()
        if not items:
            self.write(_EMPTY[kind])
            return
        if kind == "integer" and len(items) > 1 and names is None and _is_sequence(items):
            self.write(f"{items[0]}:{items[-1]}")
            return
        texts = self.element_texts(kind, items)
        wrapped = len(items) > 1 or names is not None
        opening = "c(" if wrapped else ""
        if kind == "raw":
            opening, closing = ("as.raw(c(", "))") if wrapped else ("as.raw(", ")")
        else:
            closing = ")" if wrapped else ""
        if opening:
            self.write(opening)
        for position, text in enumerate(texts):
            if position:
                self.write(", ")
                if self.length > self.options.width:
                    self.new_line()
            if names is not None:
                self.element_name(names[position])
            self.write(text)
        if closing:
            if wrapped and self.length > self.options.width:
                self.new_line()
            self.write(closing)

    def element_texts(self, kind: str, items: list[Any]) -> list[str]:
        options = self.options
        if kind == "integer":
            mark = "L" if options.keep_integer else ""
            if (options.keep_missing or options.keep_integer) and all(item == NA_INTEGER for item in items):
                return ["NA_integer_"] * len(items)
            return ["NA" if item == NA_INTEGER else f"{item}{mark}" for item in items]
        if kind == "logical":
            return ["NA" if item == NA_INTEGER else "TRUE" if item else "FALSE" for item in items]
        if kind == "double":
            if options.keep_missing and all(item != item and is_na_real(item) for item in items):
                return ["NA_real_"] * len(items)
            return [number_text(item, options.digits) for item in items]
        if kind == "complex":
            texts = [_complex_parts(item, options.digits) for item in items]
            all_missing = options.keep_missing and all(text == "NA" for text in texts)
            return ["NA_complex_"] * len(items) if all_missing else texts
        if kind == "raw":
            return [f"0x{item:02x}" for item in items]
        if options.keep_missing and all(item is None for item in items):
            return ["NA_character_"] * len(items)
        return ["NA" if item is None else quote_string(item) for item in items]

    def element_name(self, name: str | None) -> None:
        if name:
            self.write(quote_name(name, "`" if self.options.backtick else '"') + " = ")

    def list_elements(self, vector: Vector, names: list[str | None] | None) -> None:
        saved = self.options
        if vector.kind == "expression":
            self.options = replace(saved, show_attributes=False, quote_expressions=False)
        self.write("list(" if vector.kind == "list" else "expression(")
        self.inline_depth += vector.kind == "list"
        broken = False
        for position, element in enumerate(vector.items()):
            if position:
                self.write(", ")
            broken = self.break_line(broken)
            if names is not None:
                self.element_name(names[position])
            self.value(element)
        if broken:
            self.indent -= 1
        self.inline_depth -= vector.kind == "list"
        self.write(")")
        self.options = saved


_EMPTY = {
    "logical": "logical(0)",
    "integer": "integer(0)",
    "double": "numeric(0)",
    "complex": "complex(0)",
    "character": "character(0)",
    "raw": "raw(0)",
}


def _opaque_text(value: Value) -> str:
    kind = getattr(value, "kind", "")
    if kind in ("builtin", "special"):
        return f".Primitive({quote_string(value.name)})"
    if kind == "environment":
        return "<environment>"
    if kind == "externalptr":
        return f"<pointer: {id(value):#x}>"
    return f"<{kind or type(value).__name__}>"


def _parameters(formals: Any) -> Sequence[Argument]:
    """Parameters of a `function` call, whose first argument may have been made by hand from a list."""
    if isinstance(formals, Formals):
        return formals.parameters
    if isinstance(formals, Vector) and formals.kind == "list":
        names = (formals.attributes or {}).get("names")
        texts = [] if names is None else names.items()
        return [Argument(name, value) for name, value in zip(texts, formals.items(), strict=False)]
    return ()


def _is_sequence(items: list[int]) -> bool:
    step = items[1] - items[0]
    return (
        step in (1, -1)
        and NA_INTEGER not in items
        and all(after - before == step for before, after in pairwise(items))
    )


def _names_fit_inside(vector: Vector, names: Any) -> bool:
    """Whether names can be written inside c() or list() and be read back the same."""
    texts = names.items()
    if not texts or None in texts or not any(texts):
        return False
    if vector.kind in ("list", "expression"):
        return True
    if vector.kind == "integer" and len(texts) > 1 and _is_sequence(vector.items()):
        return False
    return "recursive" not in texts and "use.names" not in texts


def _compact_row_names(names: Any) -> Any:
    """Row names 1..n in R's short form c(NA, -n)."""
    if isinstance(names, Vector) and names.kind == "integer" and len(names) > 0:
        items = names.items()
        if items[0] == 1 and items[-1] == len(items) and (len(items) == 1 or _is_sequence(items)):
            from pipekeras.grammar.values import integer

            return integer([None, -len(items)])
    return names


