"""Spellings of arguments that R keras has and the runtime's classes have not."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert
from pipekeras.grammar.values import NULL

RENAMED: dict[str, dict[str, str]] = {
    "regularizer_l1": {"l": "l1"},
    "regularizer_l2": {"l": "l2"},
    "layer_activation_leaky_relu": {"alpha": "negative_slope"},
    "layer_lambda": {"f": "function"},
}
"""R keras's name of an argument and the runtime's; the first stands in the signature, both are taken."""

ALIASES: dict[str, dict[str, str]] = {
    "optimizer": {"lr": "learning_rate"},
    "layer_activation_relu": {"alpha": "negative_slope"},
    "activation_relu": {"alpha": "negative_slope"},
    "callback_reduce_lr_on_plateau": {"epsilon": "min_delta"},
}
"""Further spellings, by word or by family."""

KERAS_1: dict[str, dict[str, str]] = {"constraint_maxnorm": {"m": "max_value"}}
"""Spellings of Keras 1 in words that are no layers; they are taken with a notice of today's."""

COMMON: dict[str, tuple[str, ...]] = {
    "optimizer": ("decay",),
    "layer_embedding": ("activity_regularizer", "input_length"),
}
"""Arguments that the runtime takes without naming them in its signature."""

_ANY = object()

# What is accepted for the sake of scripts: at this value only, or (_ANY) at every value, as it changes no result.
_ACCEPTED: dict[str, dict[str, Any]] = {
    "optimizer": {"jit_compile": _ANY},
    "optimizer_sgd": {"amsgrad": False},
    "optimizer_nadam": {"schedule_decay": 0.004},
    "layer_lstm": {"time_major": False, "implementation": _ANY},
    "layer_gru": {"time_major": False, "implementation": _ANY},
    "layer_simple_rnn": {"time_major": False, "implementation": _ANY},
    "layer_rnn": {"time_major": False},
    "layer_embedding": {"sparse": False},
    "layer_additive_attention": {"causal": False},
    "layer_attention": {"causal": False},
    "callback_progbar_logger": {"count_mode": _ANY, "stateful_metrics": None},
    "callback_tensorboard": {
        "batch_size": _ANY, "write_grads": _ANY, "embeddings_layer_names": None, "embeddings_data": None,
    },
}  # fmt: skip

_INSTEAD = {
    "time_major": "put the samples on the first axis, e.g. with k_permute_dimensions(x, c(2, 1, 3))",
    "causal": "call the layer with use_causal_mask = TRUE",
    "amsgrad": "use optimizer_adam(amsgrad = TRUE)",
    "sparse": "leave it out; gradients are dense here",
}


def _by_word(table: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    return {**table.get(name.split("_", 1)[0], {}), **table.get(name, {})}


def renamed(name: str) -> dict[str, str]:
    """Return R keras's spelling by the runtime's, for the signature of a word."""
    return {theirs: ours for ours, theirs in RENAMED.get(name, {}).items()}


def aliases(name: str) -> dict[str, str]:
    """Return the further spellings of a word's arguments with the runtime's name for each."""
    return {**_by_word(ALIASES, name), **KERAS_1.get(name, {}), **{theirs: theirs for theirs in RENAMED.get(name, {}).values()}}


def common(name: str) -> tuple[str, ...]:
    """Return the arguments that a word takes beside those of the class."""
    return (*COMMON.get(name.split("_", 1)[0], ()), *COMMON.get(name, ()))


def accepted(name: str) -> tuple[str, ...]:
    """Return the arguments that a word accepts for the sake of scripts."""
    return tuple(_by_word(_ACCEPTED, name))


def check_accepted(name: str, argument: str, value: Any) -> None:
    """Raise an RError unless an argument has the one value that is possible here."""
    only = _by_word(_ACCEPTED, name)[argument]
    if value is NULL or only is _ANY:
        return
    found = convert.argument(argument, value)
    if found != only:
        raise RError(f"{name}() knows {argument} = {_shown(only)} only", mend=_INSTEAD.get(argument, "leave it out"))


def _shown(value: Any) -> str:
    from pipekeras.grammar.keras.signatures import r_text

    return r_text(value)
