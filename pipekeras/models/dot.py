"""A model as a drawing: text of the DOT language, which Graphviz lays out."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from pipekeras.core.errors import ArgumentError, ConfigurationError, StateError
from pipekeras.core.structure import flatten
from pipekeras.layers.core.input_layer import InputLayer
from pipekeras.models.layer_graph import LayerGraph
from pipekeras.models.sequential import Sequential
from pipekeras.models.summary import output_text

_DIRECTIONS = ("TB", "BT", "LR", "RL")
_LINES = ("ortho", "line", "polyline", "curved", "spline", "none")
_TEXT_FILES = (".dot", ".gv")
_PICTURES = (".png", ".svg", ".pdf", ".jpg", ".jpeg", ".ps")
# The layout of a model takes seconds at most; a program that hangs must not hang training with it.
_LONGEST_LAYOUT_SECONDS = 120


def model_to_dot(
    model: Any,
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = True,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int = 200,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "ortho",
    subgraph: bool = False,
) -> str:
    """Return a model's layers and their connections as text of the DOT language.

    Args:
        model: built Sequential or functional model; a subclassed one is a single box.
        show_shapes: bool, output shapes, default False.
        show_dtype: bool, data types, default False.
        show_layer_names: bool, names beside the classes, default True.
        rankdir: "TB" (default: from top to bottom), "BT", "LR" or "RL".
        expand_nested: bool, the layers of models inside, default False.
        dpi: int > 0, dots per inch of a picture, default 200.
        show_layer_activations: bool, names of activations, default False.
        show_trainable: bool, whether layers learn, default False.
        splines: str, how Graphviz draws the lines, default "ortho": at right angles; also "line", "polyline", "curved".
        subgraph: bool, whether the text is a part of a larger graph, default False.

    Raises:
        StateError: the model has no layers yet.
        ConfigurationError: rankdir is none of the four.

    Example:

    >>> import pipekeras as pk
    >>> model = pk.Sequential([pk.Input((4,), name="rows"), pk.layers.Dense(2, name="out")], name="small")
    >>> print(pk.utils.model_to_dot(model, show_shapes=True))
    digraph "small" {
      graph [rankdir=TB, dpi=200, splines=ortho];
      node [shape=box, style=rounded];
      "rows" [label="rows (InputLayer)\\n(None, 4)"];
      "out" [label="out (Dense)\\n(None, 2)"];
      "rows" -> "out";
    }
    """
    if rankdir not in _DIRECTIONS:
        raise ConfigurationError(f"rankdir must be one of {', '.join(_DIRECTIONS)}, not {rankdir!r}")
    if splines not in _LINES:
        raise ConfigurationError(f"splines must be one of {', '.join(_LINES)}, not {splines!r}")
    if not getattr(model, "built", False):
        raise StateError(f"model '{model.name}' has no shapes yet", mend="build it, or call it on data, before drawing it")
    shown = {
        "shapes": show_shapes,
        "dtype": show_dtype,
        "names": show_layer_names,
        "activations": show_layer_activations,
        "trainable": show_trainable,
    }
    lines = [
        f"subgraph {_quoted('cluster_' + model.name)} {{" if subgraph else f"digraph {_quoted(model.name)} {{",
        f"  graph [rankdir={rankdir}, dpi={int(dpi)}, splines={splines}];",
        "  node [shape=box, style=rounded];",
        *_boxes(model, "", shown, expand_nested, "  "),
    ]
    return "\n".join([*lines, "}"])


def plot_model(
    model: Any,
    to_file: Any = "model.png",
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = False,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int = 200,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "ortho",
) -> None:
    """Write a drawing of a model to a file.

    Args:
        model: built Sequential or functional model.
        to_file: path; ".dot" and ".gv" are text, ".png", ".svg", ".pdf" and others are laid out by the program `dot` of
            Graphviz, which must be installed.
        show_shapes, show_dtype, show_layer_names, rankdir, expand_nested, dpi, show_layer_activations, show_trainable,
            splines: as in `model_to_dot`, but names are left out by default.

    Raises:
        ArgumentError: the file's ending is unknown, or a picture is wanted and Graphviz is not installed.

    Example:

    >>> import pipekeras as pk
    >>> model = pk.Sequential([pk.Input((4,)), pk.layers.Dense(2)], name="small")
    >>> import tempfile, os
    >>> path = os.path.join(tempfile.mkdtemp(), "model.dot")
    >>> pk.utils.plot_model(model, path)
    >>> open(path).readline()
    'digraph "small" {\\n'
    """
    path = Path(to_file)
    text = model_to_dot(model, show_shapes, show_dtype, show_layer_names, rankdir, expand_nested, dpi, show_layer_activations,
                        show_trainable, splines)  # fmt: skip
    suffix = path.suffix.lower()
    if suffix in _TEXT_FILES:
        path.write_text(text + "\n", encoding="utf-8")
        return
    if suffix not in _PICTURES:
        raise ArgumentError(f"plot_model can't write '{path}'", mend=f"end it in {', '.join(_TEXT_FILES + _PICTURES)}")
    program = shutil.which("dot")
    if program is None:
        raise ArgumentError(
            "plot_model needs the program dot of Graphviz for a picture",
            mend=f"install Graphviz, or write text: plot_model(model, '{path.with_suffix('.dot')}')",
        )
    kind = {"jpeg": "jpg"}.get(suffix[1:], suffix[1:])
    done = subprocess.run(
        [program, f"-T{kind}", "-o", str(path)],
        input=text, capture_output=True, text=True, timeout=_LONGEST_LAYOUT_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        raise ArgumentError(f"dot could not draw the model: {done.stderr.strip()}")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _graph_of(model: Any) -> LayerGraph | None:
    """Return the calls inside a model, or None where only its code knows them."""
    if isinstance(model, Sequential):
        return LayerGraph(model.inputs, model.outputs) if model.inputs else None
    return getattr(model, "_graph", None)


def _boxes(model: Any, prefix: str, shown: dict[str, bool], expand: bool, indent: str) -> list[str]:
    """Return the lines of a model's boxes and arrows; names of inner models' layers begin with those of their models."""
    graph = _graph_of(model)
    operations = list(graph.operations) if graph is not None else [model]
    lines = []
    for operation in operations:
        if expand and operation is not model and _graph_of(operation) is not None:
            inner = f"{prefix}{operation.name}/"
            lines.append(f"{indent}subgraph {_quoted('cluster_' + inner)} {{")
            lines.append(f"{indent}  label={_quoted(operation.name)};")
            lines += _boxes(operation, inner, shown, expand, indent + "  ")
            lines.append(f"{indent}}}")
        else:
            lines.append(f"{indent}{_quoted(prefix + operation.name)} [label={_label(model, operation, shown)}];")
    if graph is None:
        return lines
    arrows: dict[str, None] = {}
    for node in graph.nodes:
        for parent in node.parent_nodes:
            start = _end(parent.operation, prefix, expand, last=True)
            stop = _end(node.operation, prefix, expand, last=False)
            arrows[f"{indent}{_quoted(start)} -> {_quoted(stop)};"] = None
    return [*lines, *arrows]


def _end(operation: Any, prefix: str, expand: bool, last: bool) -> str:
    """Return the box at which an arrow begins or ends: of a model that is drawn with its layers, its last or first."""
    graph = _graph_of(operation)
    name = f"{prefix}{operation.name}"
    if not expand or graph is None:
        return name
    inner = graph.operations[-1] if last else graph.operations[0]
    return _end(inner, f"{name}/", expand, last)


def _label(model: Any, operation: Any, shown: dict[str, bool]) -> str:
    kind = getattr(operation, "class_name", type(operation).__name__)
    lines = [f"{operation.name} ({kind})" if shown["names"] else kind]
    activation = getattr(operation, "activation", None)
    if shown["activations"] and activation is not None:
        lines.append(f"activation: {getattr(activation, '__name__', type(activation).__name__)}")
    if shown["shapes"]:
        text = output_text(model, operation)
        lines.append(text[1:-1] if isinstance(operation, InputLayer) else text)
    if shown["dtype"]:
        graph = _graph_of(model)
        nodes = graph.calls_of(operation) if graph is not None else []
        found = [tensor.dtype for node in nodes[-1:] for tensor in flatten(node.outputs)]
        lines.append("dtype: " + (", ".join(found) or "?"))
    if shown["trainable"]:
        lines.append("trainable" if getattr(operation, "trainable", True) else "not trainable")
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
