"""Who is timed: one module per peer, each with `train(work)`, `one_row()` and `first_step()`.

`train` returns seconds per step, `one_row` seconds per call; `first_step` does one training step and returns nothing, the
caller times the whole process.
"""

from __future__ import annotations

import importlib.util
import os

# Name in the table: module here, library it needs, settings of its process.
PEERS: dict[str, tuple[str, str, dict[str, str]]] = {
    "pipekeras": ("layers", "pipekeras", {"BENCHMARK_LIBRARY": "pipekeras"}),
    "Keras TensorFlow": ("layers", "tensorflow", {"BENCHMARK_LIBRARY": "keras", "KERAS_BACKEND": "tensorflow"}),
    "Keras JAX": ("layers", "jax", {"BENCHMARK_LIBRARY": "keras", "KERAS_BACKEND": "jax"}),
    "Keras PyTorch": ("layers", "torch", {"BENCHMARK_LIBRARY": "keras", "KERAS_BACKEND": "torch"}),
    "JAX loop": ("jax_loop", "jax", {}),
    "PyTorch loop": ("torch_loop", "torch", {}),
}


def installed(peer: str) -> bool:
    """Whether what the peer needs can be imported."""
    _, library, settings = PEERS[peer]
    needed = [library] + (["keras"] if settings.get("BENCHMARK_LIBRARY") == "keras" else [])
    return all(importlib.util.find_spec(name) is not None for name in needed)


def environment(peer: str) -> dict[str, str]:
    """The settings of the process that times a peer."""
    return os.environ | PEERS[peer][2] | {"TF_CPP_MIN_LOG_LEVEL": "3"}
