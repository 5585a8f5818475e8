"""Evaluate and save with averaged weights while training goes on with the others."""

from __future__ import annotations

from typing import Any

from pipekeras.callbacks.callback import Callback, Logs
from pipekeras.core.errors import StateError
from pipekeras.core.registry import register


@register("callback")
class SwapEMAWeights(Callback):
    """Put the moving average of the weights, which the optimizer keeps, into the model for evaluation and prediction.

    Needs an optimizer with `use_ema=True`. After `fit` with `swap_on_epoch=True` the model holds the averages.

    Args:
        swap_on_epoch: bool, put the averages in at the end of each epoch too, so that callbacks that follow (such as
            ModelCheckpoint) save them, default False.

    Raises:
        StateError: When the optimizer keeps no averages.

    Example:
        >>> from pipekeras.callbacks import SwapEMAWeights
        >>> SwapEMAWeights(swap_on_epoch=True).swap_on_epoch
        True
    """

    def __init__(self, swap_on_epoch: bool = False) -> None:
        super().__init__()
        self.swap_on_epoch = swap_on_epoch
        self._averages_in_model = False

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        if self.swap_on_epoch:
            self._show(averages=False)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if not self.swap_on_epoch:
            return
        self._show(averages=True)
        if self.params and epoch == self.params["epochs"] - 1:
            for variable, average in self._pairs():
                average.assign(variable.numpy())

    def on_test_begin(self, logs: Logs | None = None) -> None:
        self._show(averages=True)

    def on_test_end(self, logs: Logs | None = None) -> None:
        self._show(averages=False)

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        self._show(averages=True)

    def on_predict_end(self, logs: Logs | None = None) -> None:
        self._show(averages=False)

    def _show(self, averages: bool) -> None:
        """Let the model hold the averages, or the weights that are being trained."""
        if averages == self._averages_in_model:
            return
        for variable, average in self._pairs():
            held = variable.numpy().copy()
            variable.assign(average.numpy())
            average.assign(held)
        self._averages_in_model = averages

    def _pairs(self) -> list[tuple[Any, Any]]:
        optimizer = getattr(self.model.optimizer, "inner_optimizer", self.model.optimizer)
        averages = getattr(optimizer, "_averages", None)
        if not getattr(optimizer, "use_ema", False) or not averages:
            raise StateError(
                "SwapEMAWeights needs an optimizer that keeps averages of the weights",
                mend="create the optimizer with use_ema=True",
            )
        return list(zip(optimizer._trainable_variables, averages, strict=True))
