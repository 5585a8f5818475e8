"""The table of a model's layers, in the form that R keras prints."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from pipekeras.core.errors import ConfigurationError
from pipekeras.core.structure import is_shape, map_structure
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.node import node_of
from pipekeras.layers.core.input_layer import InputLayer

_WIDTH = 80
_GRAPH_WIDTH = 98


def summary_text(model: Any, **options: Any) -> str:
    """Return the table as text; options are those of `Model.summary`."""
    return "\n".join(summary_lines(model, **options))


def summary_lines(
    model: Any,
    line_length: int | None = None,
    positions: list[float] | None = None,
    expand_nested: bool = False,
    show_trainable: bool | None = None,
    layer_range: list[str] | tuple[str, str] | None = None,
) -> list[str]:
    """Return the lines of the table; the arguments are those of `Model.summary`."""
    rows_of_layers = _listed(model, layer_range)
    if show_trainable is None:
        show_trainable = any(not layer.trainable for layer in model._flatten_layers(include_self=True))
    connected = _is_graph(model)
    titles = ["Layer (type)", "Output Shape", "Param #"]
    if connected:
        titles.append("Connected to")
    if show_trainable:
        titles.append("Trainable")
    rows = []
    for layer in rows_of_layers:
        rows.extend(_rows(model, layer, connected, show_trainable, expand_nested, depth=0))
    widths = _widths(titles, rows, line_length, positions, connected, show_trainable)
    width = sum(widths)
    lines = [f'Model: "{printable(model.name)}"', "_" * width, *_row(titles, widths), "=" * width]
    for row in rows:
        lines.extend(_row(row, widths))
    lines.append("=" * width)
    lines.extend(_totals(model))
    lines.append("_" * width)
    return lines


def printable(text: str) -> str:
    """Return a name with control characters written as escapes: a name from a file must not drive the terminal."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in str(text))


def _begins(pattern: str, name: str) -> bool:
    """Whether the beginning of a name matches; what is no pattern matches nothing."""
    try:
        return re.match(pattern, name) is not None
    except re.error:
        return False


def _listed(model: Any, layer_range: Any) -> list[Any]:
    layers = list(model.layers)
    operations = getattr(model, "operations", None)
    if operations is not None:
        layers = list(operations)
    if not layer_range:
        return layers
    if len(layer_range) != 2:
        raise ConfigurationError(f"layer_range holds two names; got {len(layer_range)}")
    places = []
    for name in layer_range:
        # A name, or a pattern that the beginning of a name matches, of which the first and the last layer count.
        found = [number for number, layer in enumerate(layers) if layer.name == name] or [
            number for number, layer in enumerate(layers) if _begins(str(name), layer.name)
        ]
        if not found:
            raise ConfigurationError(
                f"'{model.name}' has no layer '{name}'", mend=f"its layers are {', '.join(item.name for item in layers)}"
            )
        places += [found[0], found[-1]]
    return layers[min(places) : max(places) + 1]


def _is_graph(model: Any) -> bool:
    """Whether layers have more than one input or are used more than once, so that the order does not tell the links."""
    graph = getattr(model, "_graph", None)
    if graph is None:
        return False
    for node in graph.nodes:
        if len(node.input_tensors) > 1 or len(node.output_tensors) > 1:
            return True
    used: dict[int, int] = {}
    for node in graph.nodes:
        for parent in node.parent_nodes:
            used[id(parent)] = used.get(id(parent), 0) + 1
    if any(count > 1 for count in used.values()):
        return True
    return len(model.inputs) > 1 or len(graph.nodes) != len(graph.operations)


def _rows(
    model: Any, layer: Any, connected: bool, show_trainable: bool, expand_nested: bool, depth: int
) -> list[list[str]]:
    kind = getattr(layer, "class_name", type(layer).__name__)
    cells = [f"{'| ' * depth}{printable(layer.name)} ({kind})", output_text(model, layer), _count_text(layer)]
    if connected:
        cells.append(_links(model, layer) if depth == 0 else "")
    if show_trainable:
        cells.append("Y" if getattr(layer, "trainable", True) else "N")
    rows = [cells]
    if expand_nested:
        for inner in getattr(layer, "layers", []):
            rows.extend(_rows(layer, inner, connected, show_trainable, expand_nested, depth + 1))
    return rows


def _shape_text(shape: Any) -> str:
    if is_shape(shape):
        return "(" + ", ".join("None" if size is None else str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"
    texts = [_shape_text(item) for item in (shape.values() if isinstance(shape, dict) else shape)]
    return "[" + ", ".join(texts) + "]"


def output_text(model: Any, layer: Any) -> str:
    """Return the output shape of a model's layer as the summary shows it."""
    if isinstance(layer, InputLayer):
        return f"[{_shape_text(layer.batch_shape)}]"
    graph = getattr(model, "_graph", None)
    nodes = graph.calls_of(layer) if graph is not None else getattr(layer, "_inbound_nodes", [])
    if nodes:
        shapes = map_structure(_shape, nodes[-1].outputs)
        return _shape_text(shapes)
    if getattr(layer, "_last", None) is not None or hasattr(layer, "_graph"):
        return _shape_text(layer.output_shape)
    shapes_of_build = layer.get_build_config() if getattr(layer, "built", False) else None
    if shapes_of_build and shapes_of_build.get("input_shape") is not None:
        try:
            return _shape_text(layer.compute_output_shape(shapes_of_build["input_shape"]))
        except Exception:
            # A layer of the user's that can't tell its output shape is still worth a line.
            return "?"
    return "?"


def _shape(tensor: Any) -> Any:
    return _OneShape(tensor.shape) if isinstance(tensor, Tensor) else _OneShape(())


class _OneShape(tuple):
    """A shape as a leaf of a structure."""


def _count_text(layer: Any) -> str:
    if not hasattr(layer, "weights"):
        return "0"
    if not layer.built and not layer.weights:
        return "0 (unbuilt)"
    return str(_count(layer.weights))


def _links(model: Any, layer: Any) -> str:
    graph = model._graph
    found = []
    for node in graph.calls_of(layer):
        for tensor in node.input_tensors:
            parent = node_of(tensor)
            number = graph.calls_of(parent.operation).index(parent)
            assert tensor.history is not None
            found.append(f"{printable(parent.operation.name)}[{number}][{tensor.history[2]}]")
    return ", ".join(found)


def _widths(
    titles: list[str],
    rows: list[list[str]],
    line_length: int | None,
    positions: list[float] | None,
    connected: bool,
    show_trainable: bool,
) -> list[int]:
    """Return the columns' widths; without a given length, wide columns get the room they need."""
    shares = positions or ([0.3, 0.6, 0.7, 1.0] if connected else [0.45, 0.85, 1.0])
    columns = len(titles) - (1 if show_trainable else 0)
    if len(shares) < columns:
        raise ConfigurationError(f"positions must hold {columns} numbers; got {len(shares)}")
    length = line_length or (_GRAPH_WIDTH if connected else _WIDTH)
    if shares[columns - 1] <= 1:
        shares = [int(length * share) for share in shares]
    ends = [int(share) for share in shares[:columns]]
    widths = [end - start for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    if show_trainable:
        widths.append(11)
    if line_length is None and positions is None:
        for column, width in enumerate(widths):
            needed = max([len(titles[column]), *(len(row[column]) for row in rows if "," not in row[column] or column < 3)])
            widths[column] = max(width, min(needed, 60) + 2)
    return widths


def _row(cells: list[str], widths: list[int]) -> list[str]:
    """Return a row; a cell that is too wide goes on in the next line."""
    columns = [_wrapped(cell, width - 1) for cell, width in zip(cells, widths, strict=True)]
    height = max(len(column) for column in columns)
    lines = []
    for number in range(height):
        parts = [(column[number] if number < len(column) else "") for column in columns]
        lines.append("".join(f" {part}".ljust(width) if place == 0 else f"{part}".ljust(width)
                             for place, (part, width) in enumerate(zip(parts, widths, strict=True))))  # fmt: skip
    return lines


def _wrapped(cell: str, width: int) -> list[str]:
    lines = []
    room = max(width - 1, 1)
    while len(cell) > room:
        cut = cell.rfind(" ", 0, room + 1)
        cut = cut if cut > 0 else room
        lines.append(cell[:cut].rstrip())
        cell = cell[cut:].lstrip()
    return [*lines, cell]


def _count(variables: list[Any]) -> int:
    return sum(int(np.prod(variable.shape, dtype=np.int64)) for variable in variables)


def _bytes(variables: list[Any]) -> int:
    return sum(int(variable.array.nbytes) for variable in variables)


def _size_text(size: int) -> str:
    units = ("Byte", "KB", "MB", "GB", "TB")
    value = float(size)
    for unit in units[:-1]:
        if value < 1024:
            return f"{value:.2f} {unit}"
        value /= 1024
    return f"{value:.2f} {units[-1]}"


def _totals(model: Any) -> list[str]:
    trainable, frozen = model.trainable_weights, model.non_trainable_weights
    groups = (("Total", [*trainable, *frozen]), ("Trainable", trainable), ("Non-trainable", frozen))
    return [f"{title} params: {_count(held)} ({_size_text(_bytes(held))})" for title, held in groups]


