"""What TensorBoard's projector shows: the rows of Embedding layers as points."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from pipekeras.core.errors import ConfigurationError


class Projector:
    """The weights of a model's Embedding layers as tables of text, and the file that names them.

    Args:
        folder: str, the run's folder, in which `projector_config.pbtxt` and a `.tsv` file for each layer are written.
        model: model; of its layers those called Embedding are shown.
        metadata: str, or dict from names of layers to str: files with the label of each row; or None.

    Raises:
        ConfigurationError: metadata names a layer that is no Embedding of the model.
    """

    def __init__(self, folder: str, model: Any, metadata: Any = None) -> None:
        from pipekeras.layers import Embedding

        self.folder = folder
        self.layers = [layer for layer in model._flatten_layers(include_self=False) if isinstance(layer, Embedding)]
        labels = dict(metadata) if isinstance(metadata, dict) else {layer.name: metadata for layer in self.layers if metadata}
        unknown = sorted(set(labels) - {layer.name for layer in self.layers})
        if unknown:
            known = ", ".join(f"'{layer.name}'" for layer in self.layers) or "none"
            raise ConfigurationError(
                f"embeddings_metadata names '{unknown[0]}', which is no Embedding layer of the model; there are {known}"
            )
        entries = [_entry(layer.name, _file_of(layer), labels.get(layer.name)) for layer in self.layers]
        if entries:
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, "projector_config.pbtxt"), "w", encoding="utf-8") as file:
                file.write("".join(entries))

    def write(self) -> None:
        """Write the weights as they are now, over those written before."""
        for layer in self.layers:
            table = np.asarray(layer.embeddings.numpy(), np.float64)
            np.savetxt(os.path.join(self.folder, _file_of(layer)), table, fmt="%.7g", delimiter="\t")


def _file_of(layer: Any) -> str:
    return f"{layer.name.replace(os.sep, '_')}.tsv"


def _entry(name: str, file: str, labels: Any) -> str:
    rows = [("tensor_name", name), ("tensor_path", file), *([] if labels is None else [("metadata_path", os.fspath(labels))])]
    quoted = (f'  {key}: "{value.translate(_ESCAPES)}"\n' for key, value in rows)
    return f"embeddings {{\n{''.join(quoted)}}}\n"


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"'})
