"""Models whose layers keep their weights in 8 bits."""

from __future__ import annotations

import re
from typing import Any

from pipekeras.core.errors import ArgumentError, ConfigurationError
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.base.policy_kinds import check_mode
from pipekeras.layers.base.quantized import Quantized
from pipekeras.nn import quantizers


def quantize(model: Any, mode: Any, type_check: bool, config: Any, filters: Any, options: dict[str, Any]) -> None:
    """Quantize the layers of a model that can be and that `filters` chooses."""
    if options:
        raise ArgumentError(f"quantize has no argument '{next(iter(options))}'")
    config = quantizers.get(config)
    if mode is None and config is None:
        raise ArgumentError("quantize needs a mode or a config", mend="write model.quantize('int8')")
    mode = check_mode(config.mode if mode is None else mode)
    chosen = [layer for layer in model._flatten_layers() if _can_be(layer, type_check) and _is_chosen(layer, filters)]
    for layer in chosen:
        layer.quantize(mode, type_check=type_check, config=config)
    if chosen:
        # What was compiled reads the former weights.
        for owner in model._flatten_layers():
            forget = getattr(owner, "_forget_programs", None)
            if forget is not None:
                forget()


def _can_be(layer: Any, type_check: bool) -> bool:
    if isinstance(layer, Quantized):
        return not type_check or type(layer).__module__.startswith("pipekeras.")
    # A class of the user's may bring a rule of its own.
    own = type(layer).quantize
    return own is not Layer.quantize and not hasattr(layer, "compile")


def _is_chosen(layer: Any, filters: Any) -> bool:
    if filters is None:
        return True
    if callable(filters):
        return bool(filters(layer))
    patterns = [filters] if isinstance(filters, str) else filters
    if not isinstance(patterns, list | tuple) or not all(isinstance(pattern, str) for pattern in patterns):
        raise ConfigurationError(f"filters must be a regular expression, a list of them, or a function, not {filters!r}")
    return any(re.search(pattern, layer.name) for pattern in patterns)
