"""The layers of a model as a table, each with its shape and what it reads: what the plot of a model is drawn from."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras.models import model_of
from pipekeras.grammar.keras.names import word
from pipekeras.grammar.values import NULL, Vector, character, integer, mk_list

from pipekeras.layers.base.node import node_of
from pipekeras.models.summary import output_text


@word("keras_model_parts", "model")
def keras_model_parts(model: Any) -> Any:
    """Return the layers of a model: a data frame of name, class, output shape, type, activation and the layers read.

    Args:
        model: model with known shapes.
    """
    target = model_of(model)
    if not target.built:
        raise RError("a model that is not built has no known shapes", mend="give its first layer an input_shape")
    layers = list(target.layers)
    graph = getattr(target, "_graph", None)
    reads: list[list[str]] = []
    for place, layer in enumerate(layers):
        if graph is None:
            reads.append([layers[place - 1].name] if place else [])
        else:
            tensors = [tensor for node in graph.calls_of(layer) for tensor in node.input_tensors]
            reads.append(list(dict.fromkeys(node_of(tensor).operation.name for tensor in tensors)))
    columns: dict[str, Vector] = {
        "name": character([layer.name for layer in layers]),
        "class": character([type(layer).__name__ for layer in layers]),
        "shape": character([output_text(target, layer) for layer in layers]),
        "dtype": character([str(getattr(layer, "compute_dtype", "")) for layer in layers]),
        "activation": character([getattr(getattr(layer, "activation", None), "__name__", "") for layer in layers]),
        "reads": mk_list([character(names) if names else NULL for names in reads]),
    }
    frame = mk_list(list(columns.values()), list(columns))
    frame.attributes = {**(frame.attributes or {}), "class": character("data.frame"),
                        "row.names": integer(list(range(1, len(layers) + 1)))}  # fmt: skip
    return frame
