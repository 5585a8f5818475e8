"""A picture of a training run."""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from typing import Any

from pipekeras.core.errors import ArgumentError, ConfigurationError, did_you_mean


def history_rows(history: Any) -> list[dict[str, Any]]:
    """The results of a training run as a long table.

    Args:
        history: what `fit` returned.

    Returns:
        A dict for each epoch, result and set of data, with `epoch` (from 1), `value`, `metric` and `data` ("training"
        or "validation"); `value` is None where an epoch has no validation.

    Example:
        >>> from pipekeras.callbacks import History
        >>> record = History()
        >>> record.on_epoch_end(0, {"loss": 1.5, "val_loss": 2.5})
        >>> for row in history_rows(record):
        ...     print(row)
        {'epoch': 1, 'value': 1.5, 'metric': 'loss', 'data': 'training'}
        {'epoch': 1, 'value': 2.5, 'metric': 'loss', 'data': 'validation'}
    """
    table = history.history
    count = len(history.epoch)
    rows = []
    for kind, prefix in (("training", ""), ("validation", "val_")):
        if prefix and not any(name.startswith(prefix) for name in table):
            continue
        for name in dict.fromkeys(name.removeprefix("val_") for name in table):
            values = table.get(prefix + name, [])
            # Fewer values than epochs: validation_freq left out the first ones of each round.
            values = [*([None] * (count - len(values))), *values]
            rows += [
                {"epoch": epoch, "value": value, "metric": name, "data": kind}
                for epoch, value in enumerate(values, start=1)
            ]
    return rows


def plot_history(
    history: Any, metrics: Sequence[str] | None = None, file: str | os.PathLike[str] | None = None
) -> Any:
    """Draw every result over the epochs, training and validation together.

    Needs matplotlib: `pip install pipekeras[plot]`.

    Args:
        history: what `fit` returned.
        metrics: list of results to draw, without `val_`, default all.
        file: path of a picture to be written (.png, .pdf, .svg); default none.

    Returns:
        The matplotlib figure.

    Raises:
        ArgumentError: When matplotlib is not installed, or there is nothing to draw.
        ConfigurationError: When a result of that name is not there.
    """
    rows = history_rows(history)
    known = list(dict.fromkeys(row["metric"] for row in rows))
    for name in metrics or ():
        if name not in known:
            raise ConfigurationError(
                f"the history has no result '{name}'",
                mend=did_you_mean(name, known) or f"there are {', '.join(known)}",
            )
    wanted = list(metrics or known)
    if not wanted:
        raise ArgumentError("the history is empty: there is nothing to draw", mend="train for an epoch at least")
    try:
        canvas = importlib.import_module("matplotlib.backends.backend_agg").FigureCanvasAgg
        drawing = importlib.import_module("matplotlib.figure").Figure
    except ImportError:
        raise ArgumentError("drawing needs matplotlib", mend="pip install pipekeras[plot]") from None
    figure = drawing(figsize=(7, 2.6 * len(wanted)), layout="constrained")
    canvas(figure)
    for place, name in enumerate(wanted, start=1):
        axes = figure.add_subplot(len(wanted), 1, place)
        for kind in ("training", "validation"):
            points = [
                (row["epoch"], row["value"])
                for row in rows
                if row["metric"] == name and row["data"] == kind and row["value"] is not None
            ]
            if points:
                epochs, values = zip(*points, strict=True)
                axes.plot(epochs, values, "o-", markersize=3, label=kind)
        axes.set_ylabel(name)
        axes.xaxis.get_major_locator().set_params(integer=True)
        if place == 1:
            axes.legend()
    axes.set_xlabel("epoch")
    if file is not None:
        figure.savefig(os.fspath(file))
    return figure
