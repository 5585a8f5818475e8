"""The glue package: texts with code between braces."""

from __future__ import annotations

import re
from typing import Any

from pipekeras.grammar.builtins.registry import RError, builtin, write
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.machine import evaluate
from pipekeras.grammar.printing.dispatch import invoke, one_text, optional_flag, optional_text, texts_of
from pipekeras.grammar.printing.text import text_width
from pipekeras.grammar.values import NULL, Vector, character, names_of
from pipekeras.grammar.vectors.unsupported import only_default

Dots = list[tuple[str | None, Any]]
_CLASS = character(["glue", "character"])
_OPTIONS = (
    ".sep = '', .envir = NULL, .open = '{', .close = '}', .na = 'NA', .null = character(), .comment = '', .literal = FALSE, "
    ".transformer = NULL, .trim = TRUE"
)


def glued(texts: list[str | None]) -> Vector:
    """A glue vector."""
    return character(texts, {"class": _CLASS})


def trimmed(text: str) -> str:
    """Without the first and last line break around a block and without its common indentation."""
    if "\n" not in text:
        return text
    lines = text.split("\n")
    opens = bool(lines[0].strip())
    if not opens:
        lines = lines[1:]
    if lines and not lines[-1].strip():
        lines = lines[:-1]
    # What stands right after the opening quote counts only if it is indented itself.
    opened = lines[:1] if opens and not lines[0][:1].isspace() else []
    indents = [len(line) - len(line.lstrip(" \t")) for line in lines[len(opened) :] if line.strip()]
    common = min(indents, default=0)
    # A line that ends in a backslash goes on in the next.
    return re.sub(r"(?<!\\)\\\n[ \t]*", "", "\n".join(opened + [line[common:] for line in lines[len(opened) :]]))


def pieces_of(template: str, opening: str, closing: str, literal: bool) -> list[tuple[bool, str]]:
    """A template cut into (is code, text); doubled delimiters stand for themselves."""
    out: list[tuple[bool, str]] = []
    text: list[str] = []
    place = 0
    while place < len(template):
        if template.startswith(opening * 2, place):
            text.append(opening)
            place += 2 * len(opening)
        elif template.startswith(closing * 2, place):
            text.append(closing)
            place += 2 * len(closing)
        elif template.startswith(opening, place):
            out.append((False, "".join(text)))
            text = []
            end = _code_end(template, place + len(opening), opening, closing, literal)
            out.append((True, template[place + len(opening) : end]))
            place = end + len(closing)
        else:
            text.append(template[place])
            place += 1
    out.append((False, "".join(text)))
    return out


def _code_end(template: str, place: int, opening: str, closing: str, literal: bool) -> int:
    depth = 1
    quote = ""
    while place < len(template):
        letter = template[place]
        if quote:
            if letter == "\\":
                place += 1
            elif letter == quote:
                quote = ""
        elif letter in "\"'`" and not literal:
            quote = letter
        elif template.startswith(opening, place):
            depth += 1
        elif template.startswith(closing, place):
            depth -= 1
            if depth == 0:
                return place
        place += 1
    raise RError(f"Expecting '{closing}'")


def _code_texts(code: str, environment: Environment, missing: str | None, transformer: Any) -> list[str | None] | None:
    from pipekeras.grammar.nodes import Source
    from pipekeras.grammar.parse import parse_program

    if transformer is not NULL:
        from pipekeras.grammar.builtins.registry import call_function

        value = call_function(transformer, [(None, character(code)), (None, environment)])
    else:
        value = NULL
        for expression in parse_program(Source("<glue>", code)).expressions:
            value = evaluate(expression, environment)
    if value is NULL:
        return None
    made = texts_of(value)
    return [missing if text is None else text for text in made]


def interpolate(
    dots: Dots, environment: Environment, separator: str, opening: str, closing: str, missing: str | None,
    null: Any, literal: bool, transformer: Any, trim: bool,
) -> Vector:  # fmt: skip
    """The texts of a template for every row of its values."""
    templates = [value for name, value in dots if not name]
    frame = {name: value for name, value in dots if name}
    scope = Environment(environment, frame) if frame else environment
    parts: list[str] = []
    for value in templates:
        texts = texts_of(value)
        if not texts:
            return glued([])
        parts.append("NA" if texts[0] is None else str(texts[0])) if len(texts) == 1 else parts.append(
            separator.join(text or "NA" for text in texts)
        )
    template = separator.join(parts)
    if trim:
        template = trimmed(template)
    columns: list[list[str | None]] = []
    for is_code, text in pieces_of(template, opening, closing, literal):
        if not is_code:
            if text:
                columns.append([text])
            continue
        made = _code_texts(text, scope, missing, transformer)
        if made is None:
            if null is NULL:
                return glued([])
            made = texts_of(null)
        if not made:
            return glued([])
        columns.append(made)
    count = max((len(column) for column in columns), default=1)
    if any(count % len(column) for column in columns):
        raise RError("Variables must be length 1 or " + str(count))
    rows: list[str | None] = []
    for row in range(count):
        cells = [column[row % len(column)] for column in columns]
        rows.append(None if None in cells else "".join(cell for cell in cells if cell is not None))
    return glued(rows)


def _missing(value: Any) -> str | None:
    return optional_text(value, ".na") if value is not NULL else None


@builtin("glue", f"..., {_OPTIONS}", needs_environment=True, package="glue")
def glue(
    dots: Dots, separator: Any, envir: Any, opening: Any, closing: Any, na: Any, null: Any, comment: Any, literal: Any,
    transformer: Any, trim: Any, *, environment: Environment,
) -> Any:  # fmt: skip
    """Texts with the values of the code between braces."""
    only_default("glue", __comment=(comment, ""))
    return interpolate(
        dots, environment if envir is NULL else envir, one_text(separator, ".sep"), one_text(opening, ".open"),
        one_text(closing, ".close"), _missing(na), null, optional_flag(literal), transformer, optional_flag(trim, True),
    )  # fmt: skip


@builtin("glue_data", f".x, ..., {_OPTIONS}", needs_environment=True, package="glue")
def glue_data(
    x: Any, dots: Dots, separator: Any, envir: Any, opening: Any, closing: Any, na: Any, null: Any, comment: Any,
    literal: Any, transformer: Any, trim: Any, *, environment: Environment,
) -> Any:  # fmt: skip
    """Texts with code that sees the columns of a data frame or the elements of a list."""
    only_default("glue_data", __comment=(comment, ""))
    outer = environment if envir is NULL else envir
    if isinstance(x, Environment):
        scope = x
    else:
        names = names_of(x) or []
        scope = Environment(outer, {name: value for name, value in zip(names, x.items(), strict=False) if name})
    return interpolate(
        dots, scope, one_text(separator, ".sep"), one_text(opening, ".open"), one_text(closing, ".close"),
        _missing(na), null, optional_flag(literal), transformer, optional_flag(trim, True),
    )  # fmt: skip


@builtin("glue_collapse", "x, sep = '', width = Inf, last = ''", package="glue")
def glue_collapse(x: Any, sep: Any, width: Any, last: Any) -> Any:
    """One text of all, with another separator before the last."""
    texts = texts_of(x)
    if not texts:
        return glued([])
    if None in texts:
        return glued([None])
    known = [text or "" for text in texts]
    between, final = one_text(sep, "sep"), one_text(last, "last")
    made = between.join(known[:-1]) + final + known[-1] if final and len(known) > 1 else between.join(known)
    limit = float(width.items()[0])
    if text_width(made) > limit:
        made = made[: max(int(limit) - 3, 0)] + "..."
    return glued([made])


@builtin("print.glue", "x, ..., sep = '\n'", invisible=True, package="glue")
def print_glue(x: Any, dots: Dots, sep: Any) -> Any:
    """The texts as lines."""
    texts = ["NA" if text is None else text for text in x.items()]
    if texts:
        write(one_text(sep, "sep").join(texts) + "\n")
    return x


@builtin("as.character.glue", "x, ...", package="glue")
def as_character_glue(x: Any, dots: Dots) -> Any:
    """Plain texts."""
    return character(x.data)


@builtin("[.glue", "x, i, ...", package="glue")
def subset_glue(x: Any, i: Any, dots: Dots) -> Any:
    """Some of the texts."""
    return glued(invoke("[", character(x.data), i).items())


@builtin("+.glue", "e1, e2", package="glue")
def add_glue(left: Any, right: Any) -> Any:
    """Texts joined one by one."""
    first, second = texts_of(left), texts_of(right)
    if not first or not second:
        return glued([])
    count = max(len(first), len(second))
    return glued([
        (first[at % len(first)] or "NA") + (second[at % len(second)] or "NA") for at in range(count)
    ])  # fmt: skip


@builtin("as_glue", "x, ...", package="glue")
def as_glue(x: Any, dots: Dots) -> Any:
    """Texts as glue."""
    return glued(texts_of(x))


@builtin("single_quote", "x", package="glue")
def single_quote(x: Any) -> Any:
    """Texts between single quotes."""
    return character([None if text is None else f"'{text}'" for text in texts_of(x)])


@builtin("double_quote", "x", package="glue")
def double_quote(x: Any) -> Any:
    """Texts between double quotes."""
    return character([None if text is None else f'"{text}"' for text in texts_of(x)])


@builtin("backtick", "x", package="glue")
def backtick(x: Any) -> Any:
    """Texts between backticks."""
    return character([None if text is None else f"`{text}`" for text in texts_of(x)])
