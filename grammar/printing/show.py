"""``print.default``: any value as R shows it, lists with the path to each element before it."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.evaluation.machine import machine, write
from pipekeras.grammar.nodes import EMPTY_SYMBOL, MISSING, Call, Formals, Symbol
from pipekeras.grammar.values import NULL, Vector, dim_of, integer, is_function, mk_list, names_of
from pipekeras.grammar.vectors.frames import has_automatic_row_names, row_count

from .cells import cell_text
from .dispatch import current_settings, invoke
from .elements import empty_text, has_class, is_plain_name
from .matrices import array_lines, dimension_labels, matrix_lines
from .settings import PrintSettings
from .text import escape_text
from .vectors import vector_lines

_SILENT_ATTRIBUTES = frozenset(("names", "dim", "dimnames", "comment", "srcref"))


def write_lines(lines: list[str]) -> None:
    """Write lines to the program's output."""
    if lines:
        write("\n".join(lines) + "\n")


def print_value(value: Any) -> None:
    """What happens to a visible value at top level: its class's ``print`` method, else the default."""
    if has_class(value) or is_function(value) or value.kind == "externalptr":
        invoke("print", value)
    else:
        show(value, current_settings())


def show(value: Any, settings: PrintSettings, path: str = "", use_source: bool = True) -> None:
    """Print a value without regard to the class of its outermost level.

    Args:
        value: any value.
        settings: digits, width, quote, ...
        path: what leads to the value inside the list being printed, as in ``$a[[2]]``.
        use_source: whether a function is shown as it was written, where that was kept.
    """
    if isinstance(value, Vector):
        if value.kind == "list":
            _show_list(value, settings, path)
        elif value.kind == "expression":
            from .functions import expression_lines

            write_lines(expression_lines(value))
        else:
            _show_atomic(value, settings)
    elif value is NULL:
        write("NULL\n")
    elif isinstance(value, Formals):
        defaults = [EMPTY_SYMBOL if one.value is MISSING else one.value for one in value]
        _show_list(mk_list(defaults, list(value.names)), settings, path)
    elif isinstance(value, (Call, Symbol)):
        from .functions import language_lines

        write_lines(language_lines(value))
    elif is_function(value):
        from .functions import function_lines

        write_lines(function_lines(value, use_source))
    else:
        write(describe_reference(value) + "\n")
    _show_attributes(value, settings, path)


def describe_reference(value: Any) -> str:
    """The one line that stands for an environment or a runtime object."""
    if value.kind == "environment":
        return environment_text(value)
    if value.kind == "externalptr":
        from pipekeras.grammar.external import adapter_of

        return adapter_of(value.value).text(value.value)
    if value.kind == "symbol":
        return str(value.name)
    return f"<{value.kind}>"


def environment_text(environment: Any) -> str:
    """``<environment>`` as R names it."""
    if environment is machine.global_environment:
        return "<environment: R_GlobalEnv>"
    name = environment.name
    if name == "base":
        return "<environment: base>"
    if name:
        return f"<environment: {name}>"
    return f"<environment: {id(environment):#x}>"


def _show_atomic(vector: Vector, settings: PrintSettings) -> None:
    dimensions = dim_of(vector)
    if dimensions is not None and len(dimensions) >= 2:
        write_lines(array_lines(vector, settings))
        return
    title = None
    if dimensions is not None:
        labels, titles = dimension_labels(vector)
        if labels[0] is None:
            vector = Vector(vector.kind, vector.data, None)
        elif titles is not None:
            title = titles[0]
    write_lines(vector_lines(vector, settings, title))


def _show_list(value: Vector, settings: PrintSettings, path: str) -> None:
    dimensions = dim_of(value)
    if dimensions is not None and len(dimensions) >= 2:
        _show_list_matrix(value, dimensions, settings)
        return
    names = names_of(value)
    if len(value) == 0:
        write(("named list()" if names is not None else empty_text(value)) + "\n")
        return
    elements = value.items()
    limit = len(elements) if len(elements) <= settings.limit + 1 else settings.limit
    for position, element in enumerate(elements[:limit]):
        name = names[position] if names is not None else None
        if name:
            step = "$" + (name if is_plain_name(name) else f"`{escape_text(name)}`")
        elif names is not None and name is None:
            step = "$<NA>"
        else:
            step = f"[[{position + 1}]]"
        write(path + step + "\n")
        if has_class(element) or is_function(element) or element.kind == "externalptr":
            invoke("print", element, **dict(settings.passed))
        else:
            show(element, settings, path + step)
        write("\n")
    if limit < len(elements):
        write(f' [ reached getOption("max.print") -- omitted {len(elements) - limit} entries ]\n')


def _show_list_matrix(value: Vector, dimensions: list[int], settings: PrintSettings) -> None:
    texts = [cell_text(element, settings) for element in value.items()]
    cells = Vector("character", None, value.attributes)
    from pipekeras.grammar.values import object_array

    cells = Vector("character", object_array(texts), value.attributes)
    if len(dimensions) > 2:
        write_lines(array_lines(cells, settings.with_changes(quote=False)))
        return
    rows, count = dimensions
    if not rows and not count:
        write_lines(["<0 x 0 matrix>"])
        return
    labels, titles = dimension_labels(value)
    columns = [texts[column * rows : (column + 1) * rows] for column in range(count)]
    write_lines(
        matrix_lines(
            columns, rows, labels[0], labels[1], settings, not settings.right,
            titles[0] if titles else None, titles[1] if titles else None, 0, True,
        )
    )  # fmt: skip


def _show_attributes(value: Any, settings: PrintSettings, path: str) -> None:
    attributes = getattr(value, "attributes", None)
    if not attributes:
        return
    classes = attributes["class"].items() if "class" in attributes else []
    formula = isinstance(value, Call) and "formula" in classes
    factor = "factor" in classes
    for name, attribute in attributes.items():
        # Names beside extents are an attribute like others: what is shown are the names of the extents.
        if name in _SILENT_ATTRIBUTES and not (name == "names" and "dim" in attributes):
            continue
        if formula and name in ("class", ".Environment"):
            continue
        if (factor and name in ("levels", "class")) or (name == "row.names" and "data.frame" in classes):
            continue
        if name == "row.names" and has_automatic_row_names(value):
            attribute = integer(list(range(1, row_count(value) + 1)))
        step = f'attr(,"{name}")'
        write(step + "\n")
        if has_class(attribute) or is_function(attribute):
            invoke("print", attribute, **(dict(settings.passed) if has_class(attribute) else {}))
        else:
            show(attribute, settings, step)
