"""A progress bar of one line."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterable
from typing import Any

from pipekeras.core.errors import ConfigurationError
from pipekeras.utils.message import print_message

WIDTH = 30


class Progbar:
    """Shows how many steps are done, how long they take, and results.

    On a terminal the line is drawn again and again; elsewhere it is printed once, when all is done.

    Args:
        target: int or None, number of steps; None when it is not known.
        width: int, width of the bar in characters, default 30.
        verbose: 0 (nothing), 1 (bar) or 2 (one line at the end), default 1.
        interval: float, seconds between two drawings at least, default 0.05.
        stateful_metrics: names of results to be shown as they are; the others are averaged over the steps.
        stateless_metrics: names of results to be averaged; the others are shown as they are.
        unit_name: str, what is counted, default "step".

    Raises:
        ConfigurationError: When both `stateful_metrics` and `stateless_metrics` are given.

    Example:
        >>> from pipekeras.utils import Progbar
        >>> bar = Progbar(4)
        >>> bar.update(2, [("loss", 1.0)])
        >>> bar.update(4, [("loss", 2.0)])  # doctest: +ELLIPSIS
        4/4 [==============================] - 0s ... - loss: ...
    """

    def __init__(
        self,
        target: int | None,
        width: int = WIDTH,
        verbose: int = 1,
        interval: float = 0.05,
        stateful_metrics: Iterable[str] | None = None,
        stateless_metrics: Iterable[str] | None = None,
        unit_name: str = "step",
    ) -> None:
        if stateful_metrics is not None and stateless_metrics is not None:
            raise ConfigurationError(
                "Progbar takes stateful_metrics or stateless_metrics, not both", mend="leave one of them out"
            )
        self.target = target
        self.width = width
        self.verbose = verbose
        self.interval = interval
        self.unit_name = unit_name
        self.is_dynamic = bool(getattr(sys.stdout, "isatty", lambda: False)())
        self._stateful = None if stateful_metrics is None else frozenset(stateful_metrics)
        self._stateless = None if stateless_metrics is None else frozenset(stateless_metrics)
        # Sum and count for every result that is averaged; value and 1 for the others.
        self._values: dict[str, tuple[float, int]] = {}
        self._seen = 0
        self._start = time.perf_counter()
        self._last_drawing = float("-inf")
        self._drawn_width = 0
        self._after_first_step: float | None = None

    def update(
        self, current: int, values: Iterable[tuple[str, Any]] | None = None, finalize: bool | None = None
    ) -> None:
        """Tell how far it is.

        Args:
            current: int, steps done so far.
            values: pairs (name, value), results of the last step.
            finalize: bool, end the line; default when `current` reaches the target.
        """
        if finalize is None:
            finalize = self.target is not None and current >= self.target
        for name, value in values or ():
            self._take(name, value, current, finalize)
        self._seen = current
        now = time.perf_counter()
        per_step = self._step_seconds(current, now)
        if self.verbose == 1 and (finalize or self.is_dynamic):
            if not finalize and now - self._last_drawing < self.interval:
                return
            self._draw(self._line(current, now, per_step, finalize), finalize)
            self._last_drawing = now
        elif self.verbose == 2 and finalize:
            print_message(self._summary_line(current, now, per_step))

    def add(self, n: int, values: Iterable[tuple[str, Any]] | None = None) -> None:
        """Tell that `n` more steps are done."""
        self.update(self._seen + n, values)

    def _take(self, name: str, value: Any, current: int, finalize: bool) -> None:
        number = _mean(value)
        if self._stateful is not None:
            averaged = name not in self._stateful
        elif self._stateless is not None:
            averaged = name in self._stateless
        else:
            averaged = True
        if not averaged:
            self._values[name] = (number, 1)
            return
        steps = max(current - self._seen, 1)
        total, count = self._values.get(name, (0.0, 0))
        self._values[name] = (total + number * steps, count + steps)

    def _step_seconds(self, current: int, now: float) -> float:
        """Seconds a step; the first one, which may compile, doesn't count once there are more."""
        if not current:
            return 0.0
        if current == 1:
            self._after_first_step = now
            return now - self._start
        if self._after_first_step is not None:
            return (now - self._after_first_step) / (current - 1)
        return (now - self._start) / current

    def _line(self, current: int, now: float, per_step: float, finalize: bool) -> str:
        if self.target:
            digits = len(str(self.target))
            filled = int(self.width * min(current / self.target, 1.0))
            arrow = "" if not filled else "=" * (filled - 1) + ("=" if current >= self.target else ">")
            head = f"{current:{digits}d}/{self.target} [{arrow}{'.' * (self.width - filled)}]"
        else:
            head = f"{current:7d}/Unknown"
        if finalize or not self.target:
            timing = f" - {now - self._start:.0f}s {_duration(per_step)}/{self.unit_name}"
        else:
            timing = f" - ETA: {_clock(per_step * (self.target - current))}"
        return head + timing + self._results()

    def _summary_line(self, current: int, now: float, per_step: float) -> str:
        elapsed = now - self._start
        head = f"{current}/{self.target}" if self.target else f"{current}/Unknown"
        return (
            f"{head} - {elapsed:.0f}s{self._results()}"
            f" - {_duration(elapsed)}/epoch - {_duration(per_step)}/{self.unit_name}"
        )

    def _results(self) -> str:
        shown = ""
        for name, (total, count) in self._values.items():
            value = total / max(count, 1)
            shown += f" - {name}: {value:.4f}" if abs(value) > 1e-3 else f" - {name}: {value:.4e}"
        return shown

    def _draw(self, line: str, finalize: bool) -> None:
        if not self.is_dynamic:
            print_message(line)
            return
        if not finalize:
            # A line that wraps can't be drawn over.
            line = line[: max(shutil.get_terminal_size().columns - 1, 10)]
        print_message("\r" + line.ljust(self._drawn_width), line_break=finalize)
        self._drawn_width = len(line)


def _mean(value: Any) -> float:
    if isinstance(value, (int, float)):
        return float(value)
    import numpy as np

    return float(np.mean(value.numpy() if hasattr(value, "numpy") else value))


def _duration(seconds: float) -> str:
    if seconds >= 1 or seconds == 0:
        return f"{seconds:.0f}s"
    if seconds >= 1e-3:
        return f"{seconds * 1e3:.0f}ms"
    return f"{seconds * 1e6:.0f}us"


def _clock(seconds: float) -> str:
    whole = int(seconds)
    if whole > 3600:
        return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"
    if whole > 60:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole}s"
