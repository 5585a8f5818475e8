"""Counting batches across epochs, for callbacks that act every n batches."""

from __future__ import annotations

from pipekeras.core.errors import ConfigurationError


class BatchCounter:
    """Tells when `frequency` batches have passed since it last said so.

    Args:
        frequency: "epoch" (never) or a positive int.

    Raises:
        ConfigurationError: For anything else.
    """

    def __init__(self, frequency: int | str) -> None:
        whole = isinstance(frequency, (int, float)) and not isinstance(frequency, bool) and frequency == int(frequency)
        if frequency != "epoch" and not (whole and int(frequency) > 0):
            raise ConfigurationError(f"save_freq must be 'epoch' or a number of batches, not {frequency!r}")
        self.frequency: int | None = None if frequency == "epoch" else int(frequency)
        self.last_batch: int | None = None
        self._passed = 0

    def is_due(self, batch: int) -> bool:
        """Count up to `batch` of the epoch; whether the number is full (then counting begins anew)."""
        if self.frequency is None:
            return False
        new_epoch = self.last_batch is None or batch <= self.last_batch
        self._passed += batch + 1 if new_epoch else batch - (self.last_batch or 0)
        self.last_batch = batch
        if self._passed < self.frequency:
            return False
        self._passed = 0
        return True
