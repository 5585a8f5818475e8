"""Which batches of the data each epoch takes when its number of steps was given."""

from __future__ import annotations

from pipekeras.core.notices import warn


class Passes:
    """Cuts passes over the data into epochs.

    Epochs of fewer steps than a pass has go on where the one before stopped. An epoch for which the pass holds too few
    batches is shorter, and the next one begins a new pass.

    Args:
        batches: int, batches in one pass.
        steps: int or None, batches in an epoch; a whole pass if left out.

    Example:
        >>> passes = Passes(batches=4, steps=2)
        >>> [passes.take() for _ in range(3)]
        [range(0, 2), range(2, 4), range(0, 2)]
    """

    def __init__(self, batches: int, steps: int | None) -> None:
        self.batches = batches
        self.steps = steps
        self._next = 0

    @property
    def length(self) -> int:
        """Batches that an epoch is to have."""
        return self.batches if self.steps is None else self.steps

    @property
    def are_epochs(self) -> bool:
        """Whether each epoch is one whole pass, with all its steps."""
        return self.length == self.batches

    @property
    def begins(self) -> bool:
        """Whether the next epoch begins a pass."""
        return self._next == 0

    def take(self, quiet: bool = False) -> range:
        """Return the numbers of the batches of the next epoch; warn when they are fewer than its steps, unless `quiet`."""
        taken = range(self._next, min(self._next + self.length, self.batches))
        self._next = 0 if taken.stop == self.batches else taken.stop
        if len(taken) < self.length and not quiet:
            ran_out(len(taken), self.length)
        return taken


def ran_out(found: int, steps: int) -> None:
    """Warn that the data ended before an epoch had all its steps."""
    warn(
        f"the data ran out after {found} of the {steps} steps of an epoch, which ends there; "
        "repeat the data, or ask for fewer steps"
    )
