"""What `compile` was given, matched with the model's outputs: losses, their weights, and metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ArgumentError, ConfigurationError, did_you_mean
from pipekeras.core.structure import flatten, flatten_with_path
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import no_trace


def per_output(value: Any, names: Sequence[str], what: str) -> list[Any]:
    """Return one entry for each output from a single value, a list or a dict by output name.

    Raises:
        ConfigurationError: a name that is no output, or a list of another length.
    """
    if isinstance(value, dict):
        value = _by_path(value, names)
        for key in value:
            if key not in names:
                raise ConfigurationError(
                    f"{what} names '{key}', which is no output of the model",
                    mend=did_you_mean(str(key), names) or f"its outputs are {', '.join(names)}",
                )
        return [value.get(name) for name in names]
    if isinstance(value, list | tuple):
        if len(value) != len(names):
            raise ConfigurationError(f"{what} has {len(value)} entries for {len(names)} outputs ({', '.join(names)})")
        return list(value)
    return [value] * len(names)


def _by_path(value: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return a dict whose keys are names of outputs: those of outputs within outputs are joined by a slash."""
    found: dict[str, Any] = {}
    for key, item in value.items():
        within = [name for name in names if name.startswith(f"{key}/")]
        if key in names or not within:
            found[key] = item
        elif isinstance(item, dict):
            found.update(_by_path({f"{key}/{inner}": part for inner, part in item.items()}, names))
        elif isinstance(item, list | tuple):
            found.update(_by_path({f"{key}/{index}": part for index, part in enumerate(item)}, names))
        else:
            found.update(dict.fromkeys(within, item))
    return found


def output_names(model: Any, outputs: Any) -> list[str]:
    """Return a name for each output: the model's own, the paths in a dict, or output_1, output_2, ...."""
    count = len(flatten(outputs))
    if isinstance(outputs, dict):
        return ["/".join(str(part) for part in path) for path, _ in flatten_with_path(outputs)]
    names = getattr(model, "output_names", None)
    if names is not None and len(names) == count:
        return list(names)
    return [f"output_{index + 1}" for index in range(count)]


def targets(
    value: Any, outputs: Any, names: Sequence[str], what: str, learned: Sequence[bool] | None = None
) -> list[Any]:
    """Return one target (or weight) for each output; outputs without a loss may be left out of `value`."""
    if value is None:
        return [None] * len(names)
    if isinstance(value, dict):
        return per_output(value, names, what)
    leaves = flatten(value)
    if len(names) == 1 and len(leaves) == 1:
        return leaves
    if learned is not None and len(leaves) != len(names) and len(leaves) == sum(learned):
        rest = iter(leaves)
        return [next(rest) if wanted else None for wanted in learned]
    if len(leaves) != len(names):
        raise ArgumentError(f"{what} has {len(leaves)} arrays; the model has {len(names)} outputs ({', '.join(names)})")
    return leaves


class CompiledLoss:
    """The losses of a model's outputs, weighted and summed.

    Args:
        loss: one for all outputs, a list, or a dict by output name; names, functions or Loss objects.
        loss_weights: None, a list, or a dict by output name.
    """

    def __init__(self, loss: Any, loss_weights: Any = None) -> None:
        self._user_loss = loss
        self._user_weights = loss_weights
        self._losses: list[Any] | None = None
        self._weights: list[Any] = []
        self._names: list[str] = []
        self.trackers: list[Any] = []

    @property
    def built(self) -> bool:
        """Whether the outputs are known."""
        return self._losses is not None

    def build(self, model: Any, outputs: Any) -> None:
        """Match the losses with the outputs."""
        from pipekeras import losses, metrics
        from pipekeras.nn.metrics.choice import CROSSENTROPY

        self._names = output_names(model, outputs)
        given = per_output(self._user_loss, self._names, "loss")
        # "crossentropy" means another loss for other labels; it is settled when they are seen.
        self._losses = [
            item if item is None or (isinstance(item, str) and item.lower() in CROSSENTROPY) else losses.get(item)
            for item in given
        ]
        self._weights = per_output(self._user_weights, self._names, "loss_weights")
        if sum(item is not None for item in self._losses) > 1:
            with no_trace():
                self.trackers = [
                    metrics.Mean(name=f"{name}_loss")
                    for name, item in zip(self._names, self._losses, strict=True)
                    if item is not None
                ]

    @property
    def learned(self) -> list[bool] | None:
        """Whether each output has a loss; None before that is known."""
        return None if self._losses is None else [loss is not None for loss in self._losses]

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None, regularization_losses: Any = None) -> Tensor:
        """Return the total; each output's own loss goes to its tracker."""
        if self._losses is None:
            self.build(None, y_pred)
        assert self._losses is not None
        predictions = flatten(y_pred)
        learned = self.learned
        truths = targets(y_true, y_pred, self._names, "y", learned)
        weights = targets(sample_weight, y_pred, self._names, "sample_weight", learned)
        if len(weights) == 1 and len(predictions) > 1:
            weights = weights * len(predictions)
        trackers = iter(self.trackers)
        total: Any = None
        for name, loss, factor, truth, prediction, weight in zip(
            self._names, self._losses, self._weights, truths, predictions, weights, strict=True
        ):
            if loss is None:
                continue
            if truth is None:
                raise ArgumentError(
                    f"there is no target for output '{name}'", mend="pass y for it, or give it None as its loss in compile()"
                )
            value = _apply(loss, truth, prediction, weight)
            tracker = next(trackers, None)
            if tracker is not None:
                tracker.update_state(value, sample_weight=_batch_size(prediction))
            if factor is not None:
                value = value * float(factor)
            total = value if total is None else total + value
        if total is None:
            raise ConfigurationError("none of the outputs has a loss", mend="name a loss in compile()")
        for extra in regularization_losses or ():
            total = total + ops.sum(extra)
        return total


class CountedLoss:
    """The compiled losses as a step of one's own calls them: the total also goes to the mean that the logs show.

    Args:
        losses: the compiled losses.
        tracker: metric of the total.
    """

    def __init__(self, losses: CompiledLoss, tracker: Any) -> None:
        self.losses = losses
        self.tracker = tracker

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None, regularization_losses: Any = None) -> Tensor:
        """Return the total."""
        total = self.losses(y_true, y_pred, sample_weight, regularization_losses)
        self.tracker.update_state(total, sample_weight=_batch_size(flatten(y_pred)[0]))
        return total


def _apply(loss: Any, truth: Any, prediction: Any, weight: Any) -> Tensor:
    from pipekeras.nn.metrics.choice import loss_for

    chosen = loss_for(loss, truth, prediction)
    assert chosen is not None
    return chosen(truth, prediction, sample_weight=weight)


def _batch_size(prediction: Any) -> float:
    return float(prediction.shape[0] or 1)


def _log_name(output: str, metric: str, weighted: bool, seen: dict[str, int]) -> str:
    """Return the name of a metric in the logs; names met before get a number, weighted metrics say first that they are."""
    name = output + metric
    if weighted and name in seen:
        name = f"{output}weighted_{metric}"
    count = seen.get(name, 0)
    seen[name] = count + 1
    return f"{name}_{count}" if count else name


def _leaves(given: Any) -> list[Any]:
    if isinstance(given, dict) and "class_name" not in given:
        return [leaf for item in given.values() for leaf in _leaves(item)]
    return [leaf for item in given for leaf in _leaves(item)] if isinstance(given, list | tuple) else [given]


class CompiledMetrics:
    """The metrics of a model's outputs, with the names that Keras gives them.

    Args:
        metrics: list for all outputs, a list of lists, or a dict by output name.
        weighted_metrics: the same, for metrics that see the sample weights.
    """

    def __init__(self, metrics: Any = None, weighted_metrics: Any = None) -> None:
        self._user_metrics = metrics
        self._user_weighted = weighted_metrics
        self._rows: list[tuple[int, Any, bool, str]] | None = None
        self._names: list[str] = []
        self._learned: list[bool] | None = None

    @property
    def built(self) -> bool:
        """Whether the outputs are known."""
        return self._rows is not None

    @property
    def metrics(self) -> list[Any]:
        """The metric objects, in the order of the outputs."""
        return [row[1] for row in self._rows or []]

    @property
    def named(self) -> list[tuple[str, Any]]:
        """Name in the logs and metric object of each."""
        return [(row[3], row[1]) for row in self._rows or []]

    def build(self, model: Any, y_true: Any, y_pred: Any) -> None:
        """Match the metrics with the outputs and make their variables."""
        from pipekeras.nn.metrics.choice import metric_for

        self._names = output_names(model, y_pred)
        predictions = flatten(y_pred)
        losses = getattr(model, "_compiled_loss", None)
        self._learned = None if losses is None else losses.learned
        truths = targets(y_true, y_pred, self._names, "y", self._learned)
        rows: list[tuple[int, Any, bool, str]] = []
        seen: dict[str, int] = {}
        for given, weighted in ((self._user_metrics, False), (self._user_weighted, True)):
            for index, chosen in enumerate(self._for_outputs(given)):
                for identifier in chosen:
                    with no_trace():
                        metric = metric_for(identifier, truths[index], predictions[index])
                    output = f"{self._names[index]}_" if len(self._names) > 1 else ""
                    rows.append((index, metric, weighted, _log_name(output, metric.name, weighted, seen)))
        self._rows = rows

    def _for_outputs(self, given: Any) -> list[list[Any]]:
        count = len(self._names)
        if given is None:
            return [[] for _ in range(count)]
        if count == 1:
            # All of them are for this output, under whatever name.
            return [[item for item in _leaves(given) if item is not None]]
        if isinstance(given, dict):
            chosen = per_output(given, self._names, "metrics")
        elif not isinstance(given, list | tuple):
            chosen = [given] * count
        elif any(isinstance(item, list | tuple) for item in given):
            chosen = per_output(list(given), self._names, "metrics")
        elif len(given) == count:
            chosen = list(given)
        else:
            chosen = [list(given)] * count
        return [[] if item is None else list(item) if isinstance(item, list | tuple) else [item] for item in chosen]

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take a batch into account."""
        if self._rows is None:
            self.build(None, y_true, y_pred)
        predictions = flatten(y_pred)
        truths = targets(y_true, y_pred, self._names, "y", self._learned)
        weights = targets(sample_weight, y_pred, self._names, "sample_weight", self._learned)
        for index, metric, weighted, _ in self._rows or []:
            if truths[index] is None:
                continue
            if weighted:
                metric.update_state(truths[index], predictions[index], sample_weight=weights[index])
            else:
                metric.update_state(truths[index], predictions[index])

    def reset_state(self) -> None:
        """Begin anew."""
        for metric in self.metrics:
            metric.reset_state()
