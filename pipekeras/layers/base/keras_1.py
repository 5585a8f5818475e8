"""Arguments of layers as Keras 1 spelled them, in calls and in configurations, brought to today's names."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from pipekeras.core.notices import warn as warn_user

# A name of Keras 1: the names today, the first of which that a class has is meant.
_NAMES: dict[str, tuple[str, ...]] = {
    "output_dim": ("units",),
    "init": ("kernel_initializer", "embeddings_initializer", "alpha_initializer", "depthwise_initializer"),
    "inner_init": ("recurrent_initializer",),
    "forget_bias_init": ("unit_forget_bias",),
    "inner_activation": ("recurrent_activation",),
    "W_regularizer": ("kernel_regularizer", "embeddings_regularizer"),
    "U_regularizer": ("recurrent_regularizer",),
    "b_regularizer": ("bias_regularizer",),
    "W_constraint": ("kernel_constraint", "embeddings_constraint"),
    "U_constraint": ("recurrent_constraint",),
    "b_constraint": ("bias_constraint",),
    "dropout_W": ("dropout",),
    "dropout_U": ("recurrent_dropout",),
    "bias": ("use_bias",),
    "nb_filter": ("filters",),
    "filter_length": ("kernel_size",),
    "subsample": ("strides",),
    "subsample_length": ("strides",),
    "border_mode": ("padding",),
    "dim_ordering": ("data_format",),
    "atrous_rate": ("dilation_rate",),
    "pool_length": ("pool_size",),
    "stride": ("strides",),
    "length": ("size",),
    "p": ("rate",),
    "sigma": ("stddev",),
    "beta_init": ("beta_initializer",),
    "gamma_init": ("gamma_initializer",),
    "depthwise_init": ("depthwise_initializer",),
    "pointwise_init": ("pointwise_initializer",),
}
# Sizes of a kernel that Keras 1 took one by one.
_SIZES: tuple[tuple[str, ...], ...] = (("nb_row", "nb_col"), ("kernel_dim1", "kernel_dim2", "kernel_dim3"))
_ORDERS = {"th": "channels_first", "tf": "channels_last", "default": None}
# What says nothing today, where it has one of these values; any value of what has none.
_IDLE: dict[str, tuple[Any, ...]] = {
    "consume_less": (),
    "mode": (0,),
    "mode_type": ("raw",),
    "output_shape_type": ("raw",),
    "output_mask": (None,),
    "output_mask_type": ("raw",),
    "node_indices": (),
    "tensor_indices": (),
}
_WORDS = {name for names in _SIZES for name in names} | set(_NAMES) | set(_IDLE)
_CONVOLUTIONS = {"Conv1D": 2, "Conv2D": 3, "Conv3D": 4, "SeparableConv2D": 3, "Conv2DTranspose": 3}


def _value(name: str, value: Any) -> Any:
    if name == "dim_ordering":
        return _ORDERS.get(value, value)
    if name == "forget_bias_init":
        return value == "one" or getattr(value, "__name__", "") == "one"
    return value


def today(name: str, known: tuple[str, ...]) -> str | None:
    """Return what a name of Keras 1 is called today in a class with the arguments `known`; None where it means nothing there.

    >>> today("nb_filter", ("filters", "kernel_size")), today("units", ("units",))
    ('filters', None)
    """
    if name in known:
        return None
    if any(name in sizes for sizes in _SIZES):
        return "kernel_size" if "kernel_size" in known else None
    return next((item for item in _NAMES.get(name, ()) if item in known), None)


def renamed(cls_name: str, known: tuple[str, ...], given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return arguments with today's names, and which name became which.

    Args:
        cls_name: name of the layer's class.
        known: the arguments that the class has.
        given: what was passed, by name.

    >>> renamed("Conv2D", ("filters", "kernel_size", "padding"), {"nb_filter": 2, "nb_row": 3, "nb_col": 5})
    ({'filters': 2, 'kernel_size': (3, 5)}, {'nb_filter': 'filters', 'nb_row, nb_col': 'kernel_size'})
    """
    made: dict[str, Any] = {}
    changes: dict[str, str] = {}
    sizes = next((names for names in _SIZES if "kernel_size" in known and all(name in given for name in names)), ())
    for name, value in given.items():
        if name in sizes:
            if name == sizes[0]:
                made["kernel_size"] = tuple(given[part] for part in sizes)
                changes[", ".join(sizes)] = "kernel_size"
            continue
        found = today(name, known)
        if found is not None and found not in given:
            made[found] = _value(name, value)
            changes[name] = found
        elif name in _IDLE and name not in known and (not _IDLE[name] or value in _IDLE[name]):
            changes[name] = ""
        else:
            made[name] = value
    return made, changes


def translated(cls_name: str, known: tuple[str, ...], args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Return the arguments of a constructor's call with today's names, after a notice of what they are."""
    count = _CONVOLUTIONS.get(cls_name, 0)
    older = not _WORDS.isdisjoint(keywords)
    changes: dict[str, str] = {}
    if older:
        keywords, changes = renamed(cls_name, known, keywords)
    if older and count > 2 and len(args) >= count and all(isinstance(size, int) for size in args[:count]):
        args = (args[0], tuple(args[1:count]), *args[count:])
        changes[f"{count - 1} sizes"] = "kernel_size"
    tell(cls_name, changes)
    return args, keywords


def tell(called: str, changes: dict[str, str]) -> None:
    """Give notice of today's names, if there are any.

    Args:
        called: the class or function that was called.
        changes: names of Keras 1, and what each is called today: nothing where it has no meaning any more.
    """
    if changes:
        told = [f"{name} is {now} today" if now else f"{name} says nothing today" for name, now in changes.items()]
        warn_user(f"{called} was called as in Keras 1: {', '.join(told)}")


def is_older(keywords: Iterable[str]) -> bool:
    """Whether a name of Keras 1 may be among the keywords."""
    return not _WORDS.isdisjoint(keywords)


_OF_WEIGHTS = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")


def name_first(add_weight: Callable[..., Any]) -> Callable[..., Any]:
    """Return `add_weight` so that it takes its arguments in the order of Keras 2, too: the name, then the shape."""

    @functools.wraps(add_weight)
    def called(self: Any, *args: Any, **keywords: Any) -> Any:
        if args and isinstance(args[0], str):
            keywords = {**dict(zip(_OF_WEIGHTS, args, strict=False)), **keywords}
            args = ()
        for idle in ("use_resource", "synchronization", "partitioner", "getter", "collections", "experimental_autocast"):
            keywords.pop(idle, None)
        return add_weight(self, *args, **keywords)

    return called
