"""Which layers are trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipekeras.core.changes import changes
from pipekeras.core.errors import ArgumentError, ConfigurationError, did_you_mean


def freeze_weights(model: Any, from_: Any = None, to: Any = None, which: Any = None) -> Any:
    """Keep layers from being trained; layers outside of the range are trained.

    Args:
        model: model or layer. A layer without layers inside is frozen as a whole.
        from_: layer, name or number (from 0) of the first layer to freeze; default the first.
        to: layer, name or number of the last layer to freeze; default the last.
        which: list of names or numbers, or a function of a layer that tells; in place of a range.

    Returns:
        The model. A compiled model is to be compiled again.

    Raises:
        ConfigurationError: there is no such layer.

    Example:

    >>> from pipekeras import Sequential, layers, models
    >>> model = Sequential([layers.Dense(2, input_shape=(3,)), layers.Dense(1)])
    >>> [layer.trainable for layer in models.freeze_weights(model, to=0).layers]
    [False, True]
    """
    return _set_range(model, from_, to, which, trainable=False)


def unfreeze_weights(model: Any, from_: Any = None, to: Any = None, which: Any = None) -> Any:
    """Let layers be trained; layers outside of the range are frozen.

    Args:
        model: model or layer.
        from_: layer, name or number (from 0) of the first layer to train; default the first.
        to: layer, name or number of the last layer to train; default the last.
        which: list of names or numbers, or a function of a layer that tells; in place of a range.

    Returns:
        The model. A compiled model is to be compiled again.

    Raises:
        ConfigurationError: there is no such layer.

    Example:

    >>> from pipekeras import Sequential, layers, models
    >>> model = Sequential([layers.Dense(2, input_shape=(3,)), layers.Dense(1)])
    >>> [layer.trainable for layer in models.unfreeze_weights(model, from_=1).layers]
    [False, True]
    """
    return _set_range(model, from_, to, which, trainable=True)


def _set_range(model: Any, from_: Any, to: Any, which: Any, trainable: bool) -> Any:
    layers = list(getattr(model, "layers", []))
    if from_ is None and to is None and which is None:
        model.trainable = trainable
        return model
    if not layers:
        raise ArgumentError(f"'{model.name}' has no layers inside; it is frozen as a whole, without from and to")
    if which is not None:
        if from_ is not None or to is not None:
            raise ArgumentError("give a range (from, to) or which, not both")
        chosen = _chosen(model, layers, which)
    else:
        first = 0 if from_ is None else _place(model, layers, from_)
        last = len(layers) - 1 if to is None else _place(model, layers, to)
        if first > last:
            raise ConfigurationError(f"layer '{layers[first].name}' comes after layer '{layers[last].name}'")
        chosen = [first <= number <= last for number in range(len(layers))]
    # The model itself must be open for its inner settings to count.
    model.__dict__["_trainable"] = True
    changes.count += 1
    for layer, inside in zip(layers, chosen, strict=True):
        layer.trainable = trainable if inside else not trainable
    return model


def _chosen(model: Any, layers: list[Any], which: Any) -> list[bool]:
    if isinstance(which, Callable):  # type: ignore[arg-type]
        return [bool(which(layer)) for layer in layers]
    items = which if isinstance(which, list | tuple) else [which]
    places = {_place(model, layers, item) for item in items}
    return [number in places for number in range(len(layers))]


def _place(model: Any, layers: list[Any], wanted: Any) -> int:
    if isinstance(wanted, int) and not isinstance(wanted, bool):
        if -len(layers) <= wanted < len(layers):
            return wanted % len(layers)
        raise ConfigurationError(f"'{model.name}' has {len(layers)} layers; there is none at index {wanted}")
    name = wanted if isinstance(wanted, str) else getattr(wanted, "name", None)
    for number, layer in enumerate(layers):
        if layer.name == name:
            return number
    known = [layer.name for layer in layers]
    raise ConfigurationError(
        f"'{model.name}' has no layer '{name}'",
        mend=did_you_mean(str(name), known) or f"its layers are {', '.join(known)}",
    )
