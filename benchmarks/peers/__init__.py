"""Who is timed: one module per peer.

A module has `train(work)`, seconds per step; `one_row()`, `predict_row()`, `predict_many()` and `tiny_nets()`, seconds per
call or net; `first_step()`, which does one step while the caller times the whole process; and `convolution(shape)`, seconds
forward and of both gradients. A peer that lacks one of them has no figure there.
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
_LOOPS = ("JAX loop", "PyTorch loop")


def peers_of(work: str) -> tuple[str, ...]:
    """Who can be timed with a work."""
    if work.startswith("conv_"):
        return ("pipekeras", "Keras TensorFlow", *_LOOPS)
    if work in ("predict_row", "tiny_nets"):
        return tuple(peer for peer in PEERS if peer not in _LOOPS)
    return tuple(PEERS)


def module_of(peer: str, work: str) -> str:
    """The module that times a work; single convolutions of Keras are TensorFlow's."""
    return "tensorflow_ops" if work.startswith("conv_") and peer == "Keras TensorFlow" else PEERS[peer][0]


def installed(peer: str) -> bool:
    """Whether what the peer needs can be imported."""
    _, library, settings = PEERS[peer]
    needed = [library] + (["keras"] if settings.get("BENCHMARK_LIBRARY") == "keras" else [])
    return all(importlib.util.find_spec(name) is not None for name in needed)


def environment(peer: str) -> dict[str, str]:
    """The settings of the process that times a peer; byte code is kept, as a user's Python keeps it."""
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return settings | PEERS[peer][2] | {"TF_CPP_MIN_LOG_LEVEL": "3"}
