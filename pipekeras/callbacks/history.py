"""The record of a training run."""

from __future__ import annotations

from typing import Any

from pipekeras.callbacks.callback import Callback, Logs
from pipekeras.core.registry import register


@register("callback")
class History(Callback):
    """Keeps the results of every epoch; `fit` returns it.

    Attributes:
        history: dict, for every result (`loss`, metrics, `val_` counterparts) the list of its values, one an epoch.
        epoch: list of the epochs' numbers.
        params: dict with `verbose`, `epochs`, `steps`.

    Example:
        >>> from pipekeras.callbacks import History
        >>> record = History()
        >>> record.on_train_begin()
        >>> record.on_epoch_end(0, {"loss": 1.5}); record.on_epoch_end(1, {"loss": 0.75})
        >>> record.history
        {'loss': [1.5, 0.75]}
        >>> record
        History(2 epochs; loss: 1.5 -> 0.75)
    """

    def __init__(self) -> None:
        super().__init__()
        self.history: dict[str, list[Any]] = {}
        self.epoch: list[int] = []

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.epoch = []

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)

    def extend(self, first: int, results: dict[str, list[Any]]) -> None:
        """Take in epochs that ran together, from number `first` on.

        >>> record = History()
        >>> record.extend(3, {"loss": [1.5, 0.75]})
        >>> record.epoch, record.history
        ([3, 4], {'loss': [1.5, 0.75]})
        """
        self.epoch += range(first, first + max((len(values) for values in results.values()), default=0))
        for name, values in results.items():
            self.history.setdefault(name, []).extend(values)

    def __repr__(self) -> str:
        count = len(self.epoch)
        results = "".join(
            f"; {name}: {values[0]:.4g} -> {values[-1]:.4g}"
            for name, values in self.history.items()
            if isinstance(values[0], (int, float))
        )
        return f"History({count} epoch{'' if count == 1 else 's'}{results})"
