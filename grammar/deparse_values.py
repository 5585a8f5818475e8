"""Values to text, as R's `deparse` writes them, and the lines they are written on.

Lines break where R breaks them: after a comma or an operator once the line is longer than the cutoff.
"""

from __future__ import annotations

import cmath
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pipekeras.grammar.nodes import Call
from pipekeras.grammar.printing.numbers import number_text as laid_out
from pipekeras.grammar.spelling import complex_code, hexadecimal_text, is_valid_name, number_text, quote_name, quote_string
from pipekeras.grammar.text.bytes import bytes_of
from pipekeras.grammar.values import NA_INTEGER, Value, Vector, explicit_class, is_na_real

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
        hexadecimal: write doubles in base 16, without loss.
        use_source: write a function as its source text where that was kept.
        backtick: write names that are no plain names between backticks.
        penalty: characters by which a number may be longer in fixed notation than in scientific notation.
        literal: write so that the parser reads the very same tree, where R's own way loses the last digits of a number
            or makes a sum of a complex one.
    """

    width: int = DEFAULT_WIDTH
    keep_integer: bool = True
    keep_missing: bool = True
    nice_names: bool = True
    show_attributes: bool = True
    quote_expressions: bool = False
    digits: int = 15
    hexadecimal: bool = False
    use_source: bool = False
    backtick: bool = True
    literal: bool = False
    penalty: int = 0


DEFAULT_OPTIONS = DeparseOptions()
"""What R's `deparse` does with calls and functions."""
VALUE_OPTIONS = DeparseOptions(backtick=False)
"""What R's `deparse` does with other values, symbols among them: odd names stand between double quotes or bare."""
PRINT_OPTIONS = DeparseOptions(show_attributes=False)
"""What R uses to print calls and functions."""
EXACT_OPTIONS = DeparseOptions(literal=True)
"""Text that reads back as the same tree, for code that is kept and run again."""


class ValueWriter:
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
        self.following: Any = None

    # Lines

    def write(self, text: str) -> None:
        if self.at_start:
            self.at_start = False
            space = " " * (4 * min(self.indent, 4) + 2 * max(self.indent - 4, 0))
            self.open.append(space)
            self.length += len(space)
        self.open.append(text)
        self.length += len(text) if text.isascii() else len(bytes_of(text))

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
        raise NotImplementedError

    def vector(self, vector: Vector) -> None:
        attributes = vector.attributes or {}
        options = self.options
        names = attributes["names"] if "names" in attributes else _names_of_array(attributes)
        run = vector.kind == "integer" and len(vector) > 1 and _is_sequence(vector.items())
        if not options.show_attributes:
            self.elements(vector, names.items() if names is not None and options.nice_names and not run else None)
            return
        inside = None
        if names is not None and options.nice_names and not run and _names_fit_inside(vector, names):
            inside = names.items()
        shown = {key: value for key, value in attributes.items() if key != "names" or inside is None}
        if not shown:
            self.elements(vector, inside)
            return
        if run and names is not None:
            # What a run of whole numbers carries is written without names in it.
            self.options = replace(options, nice_names=False)
        self.structure(vector, shown, (), lambda: self.elements(vector, inside))
        self.options = options

    def structure(self, value: Any, attributes: dict[str, Any], hidden: Sequence[str], content: Any) -> None:
        self.write("structure(")
        content()
        for name, attribute in attributes.items():
            if name in hidden:
                continue
            # Where names stand between backticks, an attribute's stands between both kinds of quotes.
            odd = f"`{name}`" if self.options.backtick else name
            self.write(f", {name if is_valid_name(name) else quote_string(odd)} = ")
            saved = self.options
            if isinstance(attribute, Call) and "formula" in (explicit_class(attribute) or ()):
                # A formula needs no quotes: it stands for itself.
                self.options = replace(saved, quote_expressions=False)
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
            if len(items) > 1 and self.length > self.options.width:
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
            return [self.double_text(item) for item in items]
        if kind == "complex":
            texts = [self.complex_literal(item) for item in items]
            # A number of which one part is missing is missing, too, and tells nothing of the kind.
            all_missing = options.keep_missing and all(is_na_real(item.real) or is_na_real(item.imag) for item in items)
            return ["NA_complex_" if text == "NA" else text for text in texts] if all_missing else texts
        if kind == "raw":
            return [f"0x{item:02x}" for item in items]
        if options.keep_missing and all(item is None for item in items):
            return ["NA_character_"] * len(items)
        return ["NA" if item is None else quote_string(item, plain=options.literal) for item in items]

    def double_text(self, number: float) -> str:
        options = self.options
        if number - number != 0:
            return number_text(number)
        if options.hexadecimal:
            return hexadecimal_text(number)
        if options.literal:
            shown = number_text(number)
            return shown if float(shown) == number else repr(number)
        if options.digits != 15:
            return f"{number:.{options.digits}g}"
        text = number_text(number, 15, options.penalty)
        return laid_out(number, 15, options.penalty) if "e" in text else text

    def complex_literal(self, number: complex) -> str:
        if self.options.hexadecimal and cmath.isfinite(number):
            return f"{hexadecimal_text(number.real)} + {hexadecimal_text(number.imag)}i"
        if self.options.literal and number.real == 0 and number.imag - number.imag == 0 and str(number.imag)[0] != "-":
            return self.double_text(number.imag) + "i"
        return complex_code(number, min(self.options.digits, 15), self.options.penalty)

    def element_name(self, name: str | None) -> None:
        if name != "":
            shown, mark = "NA" if name is None else name, "`" if self.options.backtick else '"'
            # R escapes nothing in such a name; text that must be read back does.
            plain = is_valid_name(shown) or self.options.literal
            self.write((quote_name(shown, mark) if plain else f"{mark}{shown}{mark}") + " = ")

    def list_elements(self, vector: Vector, names: list[str | None] | None) -> None:
        saved = self.options
        if vector.kind == "expression":
            self.options = replace(saved, show_attributes=False, quote_expressions=False)
        self.write("list(" if vector.kind == "list" else "expression(")
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


def opaque_text(value: Value) -> str:
    kind = getattr(value, "kind", "")
    if kind in ("builtin", "special"):
        return f".Primitive({quote_string(value.name)})"
    if kind == "environment":
        return "<environment>"
    if kind == "externalptr":
        return f"<pointer: {id(value):#x}>"
    return f"<{kind or type(value).__name__}>"


def _is_sequence(items: list[int]) -> bool:
    step = items[1] - items[0]
    return (
        step in (1, -1)
        and NA_INTEGER not in items
        and all(after - before == step for before, after in pairwise(items))
    )


def _names_of_array(attributes: dict[str, Any]) -> Vector | None:
    """What an array of one dimension has for names."""
    if "dimnames" not in attributes or len(attributes.get("dim", ())) != 1:
        return None
    names = attributes["dimnames"].data[0]
    return names if isinstance(names, Vector) else None


def _names_fit_inside(vector: Vector, names: Any) -> bool:
    """Whether names can be written inside c() or list() and be read back the same."""
    texts = names.items()
    if not texts or None in texts or not any(texts):
        return False
    if vector.kind in ("list", "expression"):
        return True
    return "recursive" not in texts and "use.names" not in texts


def _compact_row_names(names: Any) -> Any:
    """Row names as they are written: automatic ones c(NA, -n), those that were given spelled out up to two, else c(NA, n)."""
    if not isinstance(names, Vector) or names.kind != "integer" or not len(names):
        return names
    from pipekeras.grammar.values import integer

    items = names.items()
    if len(items) == 2 and items[0] == NA_INTEGER and 0 <= items[1] < 3:
        return integer(list(range(1, items[1] + 1)))
    if len(items) > 2 and items[0] == 1 and _is_sequence(items):
        return integer([None, len(items)])
    return names
