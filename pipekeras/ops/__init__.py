"""The op table: every function of `keras.ops`, each in one place.

`pipekeras.ops.add(x, y)` runs at once on values and becomes a node on symbolic tensors.
"""

from __future__ import annotations

from typing import Any

from pipekeras.graph.gradient import install_operations
from pipekeras.graph.layer_graph import watch
from pipekeras.graph.tensor import install_operators
from pipekeras.graph.variable import Variable
from pipekeras.ops import (  # noqa: F401 - the imports fill the table
    arithmetic,
    attention,
    bits,
    colours,
    comparison,
    complex_numbers,
    control_flow,
    convolution,
    creation,
    crossentropy,
    ctc,
    ctc_decoding,
    distinct,
    einstein_sums,
    factors,
    framing,
    image_filters,
    indexing,
    joining,
    least_squares,
    linear,
    mathematics,
    matrices,
    missing,
    named_axes,
    neural,
    normalization,
    ordering,
    pooling,
    pooling_adaptive,
    randomness,
    rearranging,
    recurrence,
    reduction,
    rematerialization,
    resampling,
    scattering,
    shaping,
    signals,
    special,
    statistics,
    tapers,
    transforms,
    warping,
)
from pipekeras.ops.define import FUNCTIONS, OPERATIONS

# The ops' own compositions use FUNCTIONS directly; what callers see also minds tensors of a layer graph.
_watched = {name: watch(name, function) for name, function in {**FUNCTIONS, "getitem": indexing.getitem}.items()}
install_operators(_watched, Variable)
install_operations(
    add=OPERATIONS["add"], ones_like=FUNCTIONS["ones_like"], conj=FUNCTIONS["conj"], stop_gradient=FUNCTIONS["stop_gradient"]
)

globals().update({name: _watched[name] for name in FUNCTIONS})
__all__ = sorted(FUNCTIONS)


_GROUPS = ("image", "linalg", "nn", "numpy")


def __getattr__(name: str) -> Any:
    from pipekeras.core.errors import did_you_mean

    if name in _GROUPS:
        from importlib import import_module

        return import_module(f"pipekeras.ops.{name}")

    hint = did_you_mean(name, FUNCTIONS)
    raise AttributeError(f"pipekeras.ops has no op '{name}'" + (f"; {hint}" if hint else ""))


def __dir__() -> list[str]:
    return sorted([*__all__, *_GROUPS])
