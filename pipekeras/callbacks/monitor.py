"""What callbacks share that watch one result and ask whether it got better."""

from __future__ import annotations

from typing import Any

from pipekeras.callbacks.callback import Callback
from pipekeras.core.errors import ConfigurationError

_BETTER_WHEN_HIGHER = ("acc", "auc", "precision", "recall", "f1", "fbeta", "fmeasure", "iou", "r2", "top_k")


class MonitorCallback(Callback):
    """Base of callbacks that watch one result.

    Args:
        monitor: str, name of the result, default "val_loss".
        mode: "auto" (by the name of the result), "min" (lower is better) or "max".
        baseline: float or None, the value to be beaten at first.
        min_delta: float >= 0, smallest change that counts as better.

    Raises:
        ConfigurationError: For another `mode`.
    """

    def __init__(
        self, monitor: str = "val_loss", mode: str = "auto", baseline: float | None = None, min_delta: float = 0
    ) -> None:
        super().__init__()
        if mode not in ("auto", "min", "max"):
            raise ConfigurationError(f"mode must be 'auto', 'min' or 'max', not {mode!r}")
        self.monitor = monitor
        self.mode = mode
        self.best: float | None = baseline
        self.min_delta = abs(min_delta)
        self._higher_is_better: bool | None = None

    def is_improvement(self, value: float, reference: float | None) -> bool:
        """Whether `value` is better than `reference` by more than `min_delta`; anything beats None."""
        if self._higher_is_better is None:
            self._higher_is_better = self._find_direction()
        if reference is None:
            return True
        if self._higher_is_better:
            return bool(value - self.min_delta > reference)
        return bool(value + self.min_delta < reference)

    def _find_direction(self) -> bool:
        if self.mode != "auto":
            return self.mode == "max"
        name = self.monitor.removeprefix("val_")
        if name == "loss" or name.endswith("_loss"):
            return False
        for metric in _metrics_of(self.model):
            direction = getattr(metric, "_direction", None)
            if direction and getattr(metric, "name", None) is not None and name.endswith(metric.name):
                return direction == "up"
        if any(part in name for part in _BETTER_WHEN_HIGHER):
            return True
        if any(part in name for part in ("error", "mse", "mae", "mape", "msle", "entropy", "divergence", "perplexity")):
            return False
        raise ConfigurationError(
            f"{type(self).__name__} can't tell whether a higher or a lower '{self.monitor}' is better",
            mend="pass mode='max' or mode='min'",
        )


def _metrics_of(model: Any) -> list[Any]:
    """The model's metrics; containers of metrics are opened."""
    found: list[Any] = []
    for metric in getattr(model, "metrics", None) or []:
        found.extend(getattr(metric, "metrics", None) or [metric])
    return found
