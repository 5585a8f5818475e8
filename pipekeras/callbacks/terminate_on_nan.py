"""Stop training when the loss is no longer a number."""

from __future__ import annotations

import math

from pipekeras.callbacks.callback import Callback, Logs
from pipekeras.core.errors import DataError
from pipekeras.core.registry import register
from pipekeras.utils.message import print_message


@register("callback")
class TerminateOnNaN(Callback):
    """Stop training at the first batch whose loss is NaN or infinite.

    Args:
        raise_error: bool, raise a DataError instead of stopping quietly, default False.

    Example:
        >>> from pipekeras.callbacks import TerminateOnNaN
        >>> TerminateOnNaN().listens_to_batches("train")
        True
    """

    def __init__(self, raise_error: bool = False) -> None:
        super().__init__()
        self.raise_error = raise_error

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        loss = (logs or {}).get("loss")
        if loss is None or math.isfinite(loss):
            return
        if self.raise_error:
            raise DataError(
                f"the loss is {loss} at batch {batch}", mend="lower the learning rate, or look for NaN in the data"
            )
        print_message(f"Batch {batch}: Invalid loss, terminating training")
        self.model.stop_training = True
