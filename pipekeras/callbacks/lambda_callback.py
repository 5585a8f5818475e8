"""Callbacks written as plain functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipekeras.callbacks.callback import Callback
from pipekeras.core.errors import ArgumentError, did_you_mean
from pipekeras.core.registry import register

Hook = Callable[..., Any] | None

_HOOKS = tuple(name for name in vars(Callback) if name.startswith("on_"))


@register("callback")
class LambdaCallback(Callback):
    """A callback made of functions.

    Args:
        on_epoch_begin: function `(epoch, logs)`, default None.
        on_epoch_end: function `(epoch, logs)`, default None.
        on_train_begin: function `(logs)`, default None.
        on_train_end: function `(logs)`, default None.
        on_train_batch_begin: function `(batch, logs)`, default None.
        on_train_batch_end: function `(batch, logs)`, default None.
        **kwargs: any other hook of `Callback` by its name.

    Raises:
        ArgumentError: When a name is not that of a hook.

    Example:
        >>> from pipekeras.callbacks import LambdaCallback
        >>> tell = LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, logs["loss"]))
        >>> tell.on_epoch_end(3, {"loss": 0.25})
        3 0.25
        >>> tell.listens_to_batches("train")
        False
    """

    def __init__(
        self,
        on_epoch_begin: Hook = None,
        on_epoch_end: Hook = None,
        on_train_begin: Hook = None,
        on_train_end: Hook = None,
        on_train_batch_begin: Hook = None,
        on_train_batch_end: Hook = None,
        **kwargs: Hook,
    ) -> None:
        super().__init__()
        hooks = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
            **kwargs,
        }
        for name, function in hooks.items():
            if name not in _HOOKS:
                raise ArgumentError(f"a callback has no hook '{name}'", mend=did_you_mean(name, _HOOKS))
            if function is None:
                continue
            if not callable(function):
                raise ArgumentError(f"{name} must be a function, not {type(function).__name__}")
            setattr(self, name, function)
