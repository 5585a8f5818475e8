"""``str``: what a value is made of, one line a part."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.dispatch import choose_method
from pipekeras.grammar.evaluation.machine import call_function, current_environment, machine, write
from pipekeras.grammar.evaluation.s4 import is_s4
from pipekeras.grammar.nodes import MISSING, Call, Formals, Symbol
from pipekeras.grammar.values import (
    NA,
    NA_INTEGER,
    NULL,
    Closure,
    Vector,
    character,
    dim_of,
    double,
    explicit_class,
    expression_vector,
    get_attribute,
    integer,
    is_function,
    is_pairlist,
    logical,
    mk_list,
    names_of,
)

from .dispatch import invoke, texts_of
from .frames import frame_rows
from .structure_texts import StructureSettings, cut_line, dates_text, leading_texts, moments_shown, nothing
from .text import escape_text, pad_text, text_width

_ABBREVIATIONS = {
    "logical": "logi", "integer": "int", "double": "num", "complex": "cplx", "character": "chr", "raw": "raw",
}  # fmt: skip


_CONSTRUCTS = frozenset(
    ("if", "for", "while", "repeat", "break", "next", "return", "function", "(", "{", "[", "[[", "$", "@", "<-", "<<-",
     "=", "[<-", "[[<-", "$<-", "@<-", "&&", "||", "~", ":")
)  # fmt: skip
"""Parts of the language that are functions without a list of parameters."""


def show_structure(value: Any, settings: StructureSettings, indent: str = " ", level: int = 0) -> None:
    """Write the structure of a value; the text up to the colon stands already."""
    if value is NULL:
        write(" NULL\n")
    elif is_s4(value) and type(value) is not Environment:
        _show_slots(value, settings, indent, level)
    elif isinstance(value, Vector):
        if value.kind == "list":
            _show_list(value, settings, indent, level)
        elif value.kind == "expression":
            from .functions import deparsed

            shown = max(1, round(0.75 * settings.length))
            few = expression_vector(value.data[:shown], (names_of(value) or [])[:shown] or None)
            text = " ".join(re.sub(r"\A {4,}", " ", line).rstrip() for line in deparsed(few))
            write(("  " if settings.give_head else "") + text + (" ..." if len(value) > shown else "") + "\n")
        else:
            _show_vector(value, settings, indent, level)
    elif isinstance(value, Symbol) or value is MISSING:
        write((" symbol " if settings.give_head else "") + (value.name if isinstance(value, Symbol) else "") + "\n")
    elif isinstance(value, Formals):
        write(f"Dotted pair list of {len(value)}\n")
        _show_components(mk_list([one.value for one in value], list(value.names)), settings, indent, level)
    elif isinstance(value, Call):
        _show_language(value, settings, indent, level)
    elif is_function(value):
        write((f'.Primitive("{value.name}") ' if _is_construct(value) else _function_head(value, settings.width)) + "\n")
        _show_attributes(value, settings, indent, level, {"srcref"})
    elif type(value) is Environment and ".refClassDef" in value.frame:
        _show_reference_object(value, settings, indent, level)
    else:
        if settings.give_head:
            _show_reference(value)
        else:
            write("\n")
        _show_attributes(value, settings, indent, level, {"class"})


def _is_construct(value: Any) -> bool:
    return getattr(value, "kind", "") == "builtin" and value.name in _CONSTRUCTS


def _show_reference_object(value: Environment, settings: StructureSettings, indent: str, level: int) -> None:
    from pipekeras.grammar.builtins.classes.reference_classes import structure_of

    head, fields, counted, names = structure_of(value)
    write(head + "\n")
    widest = max((text_width(name) for name in fields), default=0)
    for name in fields:
        write(f"{indent}$ {pad_text(name, widest)}:")
        show_structure(value.get(name, inherits=False), settings, indent + " ..", level + 1)
    write(f"{indent}{counted}" + (":" if names else "") + "\n")
    line = f"{indent}  "
    for at, name in enumerate(names):
        word = name + ("," if at + 1 < len(names) else "")
        if len(line) + len(word) >= settings.width and line.strip(". "):
            write(line.rstrip() + "\n")
            line = f"{indent}  "
        line += word + " "
    if names:
        write(line.rstrip() + "\n")


def _show_slots(value: Any, settings: StructureSettings, indent: str, level: int) -> None:
    slots = {name: held for name, held in (value.attributes or {}).items() if name != "class"}
    if isinstance(value, Vector):
        slots = {".Data": Vector(value.kind, value.data), **slots}
    elif is_function(value):
        slots = {".Data": value.with_attributes(None), **slots}
    plural = "" if len(slots) == 1 else "s"
    name = (explicit_class(value) or ["?"])[0]
    write(f"Formal class '{name}' [package \".GlobalEnv\"] with {len(slots)} slot{plural}\n")
    if settings.max_level is not None and level + 1 >= settings.max_level:
        return
    widest = max((text_width(slot) for slot in slots), default=0)
    for slot, held in slots.items():
        write(f"{indent} ..@ {pad_text(slot, widest)}:")
        show_structure(held, replace(settings, length_given=True), indent + " .. ..", level + 1)


def _show_reference(value: Any) -> None:
    from .show import describe_reference

    classes = explicit_class(value)
    head = ""
    if classes:
        names = ", ".join(f"'{name}'" for name in classes)
        head = f"{'Class' if len(classes) == 1 else 'Classes'} {names} "
    shown = describe_reference(value)
    if classes and type(value) is Environment:
        # Classes of environments, R6's before all, say by a method of format() what they hold.
        told = [text for text in texts_of(invoke("format", value)) if text is not None]
        shown = shown if told == ["<environment>"] else " ".join(told)
    write(f"{head}{shown}" + ("\n" if value.kind == "externalptr" else " \n"))


def _function_head(value: Any, width: int) -> str:
    """The parameters of a function, over as many lines as they take."""
    from pipekeras.grammar.deparse import PRINT_OPTIONS, deparse_lines
    from pipekeras.grammar.evaluation.templates import Template
    from pipekeras.grammar.parse import parse_expression

    from .functions import signature

    written = value if isinstance(value, Closure) else parse_expression(f"function({signature(value)}) NULL")
    formals = written.formals if isinstance(written, Closure) else written.args[0].value
    empty = Closure(Template(formals, NULL), machine.global_environment)
    lines = deparse_lines(empty, replace(PRINT_OPTIONS, width=min(max(width - 10, 20), 500)))
    return "\n".join(lines[:-1] or lines).removesuffix("NULL").rstrip() + "  "


def _show_language(value: Call, settings: StructureSettings, indent: str, level: int) -> None:
    from pipekeras.grammar.deparse import PRINT_OPTIONS, deparse_lines

    bare = Call(value.function, value.args, value.span)
    options = replace(PRINT_OPTIONS, width=min(500, max(20, settings.width - 10)))
    classes = explicit_class(value) or []
    if classes and "formula" not in classes:
        # A call under a class of its own is shown as the texts of its parts.
        parts = [bare.function, *(argument.value for argument in bare.args)]
        text = " ".join(part.name if isinstance(part, Symbol) else " ".join(deparse_lines(part, options)) for part in parts)
        write(f" language {text}\n" if settings.give_head else f"{text}\n")
        _show_attributes(value, settings, indent, level, set())
        return
    lines = deparse_lines(bare, options)
    count = round(0.5 * settings.length)
    text = " ".join(lines[:count]) + ("" if len(lines) <= count else " ...")
    if count and len(lines) > 1 and lines[0] == "{" and lines[-1] == "}":
        inside = "; ".join(line.strip() for line in lines[1:-1])
        text = f"{{  {inside} }}" if inside else "{ }"
    head = ""
    if classes:
        names = ", ".join(f"'{name}'" for name in classes)
        head = f"{'Class' if len(classes) == 1 else 'Classes'} {names} "
    write(f"{head} language {text}\n" if settings.give_head else f"{head}{text}\n")
    _show_attributes(value, settings, indent + " ..", level + 1, {"class"})


def _show_attributes(value: Any, settings: StructureSettings, indent: str, level: int, hidden: set[str]) -> None:
    if not settings.give_attributes:
        return
    if "data.table" in (explicit_class(value) or ()):
        # A table that changes where it is knows its own place.
        write(f'{indent}- attr(*, ".internal.selfref")=<externalptr> \n')
    for name, attribute in (getattr(value, "attributes", None) or {}).items():
        if name in hidden and not (name == "names" and isinstance(value, Vector) and dim_of(value) is not None
                                   and value.kind != "list"):
            continue
        write(f'{indent}- attr(*, "{name}")=')
        lengths = settings.give_length or settings.in_frame
        inner = replace(settings, length_given=True, no_list=False, outermost=False, give_length=lengths)
        if name == "row.names":
            from pipekeras.grammar.builtins.elements.attributes import row_names_value

            attribute = row_names_value(attribute)
        show_structure(attribute, inner, indent + " ..", level + 1)


def _show_list(value: Vector, settings: StructureSettings, indent: str, level: int) -> None:
    classes = explicit_class(value) or []
    if "data.frame" in classes:
        _show_frame(value, classes, settings, indent, level)
        return
    if "POSIXlt" in classes:
        texts = texts_of(invoke("format", value))
        if texts:
            extent = f"[1:{len(texts)}]" if settings.give_head else ""
            count = moments_shown(texts[:10], False, settings, indent if level else None)
            write(f" POSIXlt{extent}, format: " + dates_text(texts, max(count, 1)) + "\n")
        else:
            write(" list()\n")
            _show_attributes(value, settings, indent, level, {"names", "balanced"})
        return
    if "numeric_version" in classes:
        _show_versions(value, classes, settings, indent, level)
        return
    told = invoke("length", value).items() if classes else [len(value)]
    if told == [0] or not len(value):
        write(" Named list()\n" if names_of(value) is not None else " list()\n")
    elif told != [len(value)]:
        # A class that counts otherwise hides the list that it is made of.
        _show_hidden(value, classes, settings, indent, level)
        _show_attributes(value, settings, indent, level, {"names", "class"})
        return
    else:
        if not settings.no_list:
            write(f"{'Dotted pair list' if is_pairlist(value) else 'List'} of {len(value)}\n")
        _show_components(value, replace(settings, no_list=False), indent, level)
    _show_attributes(value, settings, indent, level, {"names"})


def _show_hidden(value: Vector, classes: list[str], settings: StructureSettings, indent: str, level: int) -> None:
    names = ", ".join(f"'{name}'" for name in classes)
    write(f"{'Class' if len(classes) == 1 else 'Classes'} {names}  hidden list of {len(value)}\n")
    _show_components(value, settings, indent, level)


def _show_versions(value: Vector, classes: list[str], settings: StructureSettings, indent: str, level: int) -> None:
    """Version numbers are lists whose elements are of the same class again."""
    if len(value) == 1:
        _show_hidden(mk_list(list(value.data)), classes, settings, indent, level)
        return
    write(f"List of {len(value)}\n")
    own = {"class": character(classes)}
    _show_components(mk_list([mk_list([one]).with_attributes(own) for one in value.data]), settings, indent, level)
    _show_attributes(value, settings, indent, level, {"names"})


def _show_tibble(value: Vector, classes: list[str], settings: StructureSettings, indent: str, level: int) -> None:
    short = {"tbl_df": "tibble", "grouped_df": "gropd_df", "rowwise_df": "rowws_df"}.get(classes[0], classes[0])
    lead = " " if level else ""
    write(f"{lead}{short} [{frame_rows(value)} \u00d7 {len(value)}] (S3: {'/'.join(classes)})\n")
    _show_components(value, settings, indent, level)
    _show_attributes(value, settings, indent, level, {"names", "row.names", "class", "groups"})


def _show_frame(value: Vector, classes: list[str], settings: StructureSettings, indent: str, level: int) -> None:
    if "tbl_df" in classes:
        _show_tibble(value, classes, settings, indent, level)
        return
    if classes == ["data.frame"]:
        head = "'data.frame':"
    else:
        others = ", ".join(f"\u2018{name}\u2019" for name in classes[:-1])
        head = f"Classes {others} and 'data.frame':"
    count = len(value)
    write(f"{head}\t{frame_rows(value)} obs. of  {count} variable{'' if count == 1 else 's'}")
    write(":\n" if count else "\n")
    outermost = settings.outermost
    inner = replace(settings, give_length=not outermost and settings.give_length, length_given=True, in_frame=outermost)
    _show_components(value, inner, indent, level)
    _show_attributes(value, settings, indent, level, {"names", "row.names", "class"})


def _show_components(value: Vector, settings: StructureSettings, indent: str, level: int) -> None:
    if settings.max_level is not None and level >= settings.max_level:
        return
    names = ["NA" if name is None else name for name in names_of(value) or [""] * len(value)]
    shown = min(len(value), settings.list_length)
    # A name is as wide as it is with its escapes, though it is written without; those left out count too.
    taken = [text_width(escape_text(name)) for name in names]
    widest = max(taken, default=0)
    inner = replace(settings, length_given=True, mark="$ ", outermost=False)
    for name, wide, element in zip(names[:shown], taken, value.data[:shown], strict=False):
        write(indent + settings.mark + name + " " * (widest - wide) + ":")
        if not _shown_by_method(element, inner, indent + " ..", level + 1):
            show_structure(element, inner, indent + " ..", level + 1)
    if shown < len(value):
        write(f"{indent} [list output truncated]\n")


def _shown_by_method(value: Any, settings: StructureSettings, indent: str, level: int) -> bool:
    """Whether the program has a method of its own that shows values of this class; it is told where they stand."""
    classes = explicit_class(value)
    method = choose_method("str", classes, current_environment())[0] if classes else None
    if type(method) is not Closure:
        return False
    told = {
        "max.level": NA if settings.max_level is None else double(settings.max_level),
        "vec.len": double(settings.length),
        "digits.d": integer(settings.digits),
        "nchar.max": integer(settings.widest),
        "give.attr": logical(settings.give_attributes),
        "give.length": logical(settings.give_length),
        "nest.lev": integer(level),
        "indent.str": character(indent),
        "comp.str": character(settings.mark),
    }
    # Through the generic function, so that the method knows the next one.
    call_function(machine.base_environment.get_function("str"), [(None, value), *told.items()])
    return True


def _extent(value: Vector) -> str:
    dimensions = dim_of(value)
    count = len(value)
    if dimensions is not None:
        parts = ", ".join("0" if size == 0 else "1" if size == 1 else f"1:{size}" for size in dimensions)
        if len(dimensions) == 1:
            parts = f"1:{dimensions[0]}(1d)" if dimensions[0] != 1 else "1(1d)"
        return f" [{parts}]"
    return f" [1:{count}]" if count > 1 else ""


def _show_vector(value: Vector, settings: StructureSettings, indent: str, level: int) -> None:
    classes = explicit_class(value) or []
    if "factor" in classes:
        _show_factor(value, settings, indent, level)
        return
    if ("Date" in classes or "POSIXct" in classes) and len(value):
        name = "Date" if "Date" in classes else "POSIXct"
        part = invoke("[", value, _leading(min(len(value), 10)))
        labels = get_attribute(value, "names")
        named = labels is not NULL
        count = moments_shown(texts_of(invoke("format", part)), named, settings, indent if level else None)
        part = invoke("[", part, _leading(min(len(value), count)))
        quoted = ["NA" if text is None else f'"{text}"' for text in texts_of(invoke("format", part))]
        shown = " ".join(quoted) + (" ..." if len(value) > count else "")
        if not settings.shows_elements or not count:
            shown = " ..."
        extent = f"[1:{len(value)}]" if settings.give_length and settings.give_head else ""
        write(f" {name}{extent}, format: ")
        write(cut_line(shown, settings.widest) + "\n")
        if named and settings.give_attributes:
            # As many names as elements where their number was asked for; the line's room counts for the elements alone.
            asked = settings.length_given or level > 0
            few = replace(settings, length_given=True, length=max(count, 1) if asked else settings.length)
            texts, more = leading_texts(labels, few, level, "")
            write(f'{indent}- attr(*, "names")=' + " ".join(texts) + (" ..." if more else "") + "\n")
        return
    hidden = {"names", "dim", "class", "tsp"}
    span = get_attribute(value, "tsp")
    if "ts" in classes and span is not NULL:
        start, end = (texts_of(invoke("format", double([at]), digits=integer(3)))[0] for at in span.data[:2].tolist())
        extent = (_extent(value) or " ") if settings.give_length else " "
        texts, more = leading_texts(value, settings, level, "")
        head = f" Time-Series{extent} from {start} to {end}: " if settings.give_head else ""
        write(f"{head}{' '.join(texts)}{' ...' if more else ''}\n")
        _show_attributes(value, settings, indent, level, hidden - {"dim"})
        return
    head = f"'{classes[0]}' " if classes else ""
    named = names_of(value) is not None and dim_of(value) is None
    if named:
        head += "Named "
        hidden.discard("names")
    kind = _ABBREVIATIONS[value.kind]
    if len(value) == 0 and dim_of(value) is not None:
        parts = ", ".join("0 " if size == 0 else "1" if size == 1 else f"1:{size}" for size in dim_of(value) or [])
        parts += "(1d)" if len(dim_of(value) or []) == 1 else ""
        write(f" {head}{kind}[{parts}] {nothing(value, settings)}\n")
    elif len(value) == 0:
        if "POSIXct" in classes:
            indent = " "
        shown = nothing(value, settings)
        # R leaves the settings behind where there are no moments.
        tells_length = settings.give_length or bool({"Date", "POSIXct"}.intersection(classes))
        write(f" {head}{kind}{'(0)' if tells_length else ''} {shown}\n" if settings.give_head else f"{shown}\n")
    else:
        extent = _extent(value) if settings.give_length or dim_of(value) is not None else (" " if len(value) > 1 else "")
        line = f"{head}{kind}{extent}"
        # Without its head a line has room for what the extent would have taken.
        texts, more = leading_texts(value, settings, level, f" {line}" if settings.give_head else f" {head}{kind} ")
        shown = " ".join(texts) + (" ..." if more else "")
        if value.kind != "character":
            shown = cut_line(shown, settings.widest)
        write(f" {line} {shown}\n" if settings.give_head else f"{shown}\n")
    _show_attributes(value, settings, indent, level, hidden)


def _leading(count: int) -> Vector:
    return integer(list(range(1, count + 1)))


def _show_factor(value: Vector, settings: StructureSettings, indent: str, level: int) -> None:
    ordered = "ordered" in (explicit_class(value) or [])
    found = get_attribute(value, "levels")
    levels = [] if found is NULL else ["NA" if text is None else escape_text(text, '"') for text in found.items()]
    between = "<" if ordered else ","
    shown: list[str] = []
    used = 0
    for text in levels:
        if used > 13:
            break
        shown.append(text)
        used += text_width(text) + 1
    listed = between.join(shown) + (f"{between}.." if len(shown) < len(levels) else "")
    plural = "" if len(levels) == 1 else "s"
    count = max(round(2.5 * settings.length), 1)
    codes = ["NA" if code == NA_INTEGER else str(code) for code in value.items()[:count]]
    more = " ..." if len(value) > count else ""
    if not settings.shows_elements:
        codes, more = ["NULL"], " ..."
    kind = ("Ord.factor" if ordered else "Factor") + ("" if dim_of(value) is None else _extent(value).strip())
    head = f" {kind} w/ {len(levels)} level{plural}{' ' + listed if levels else ''}: "
    write(f"{head if settings.give_head else ''}{' '.join(codes)}{more}\n")
    hidden = {"levels", "class", "dim"}
    _show_attributes(value, settings, indent, level, hidden)
