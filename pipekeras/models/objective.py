"""What a model learns from and is measured by: compile, losses, metrics, and their results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipekeras import ops
from pipekeras.core.changes import changes
from pipekeras.core.errors import ArgumentError, ConfigurationError, StateError
from pipekeras.core.structure import flatten
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import current as tracing_now
from pipekeras.graph.trace import no_trace
from pipekeras.models.compilation import CompiledLoss, CompiledMetrics, CountedLoss
from pipekeras.models.results import ResultReader
from pipekeras.models.step import StepCache


class Objective:
    """The part of a model that `compile` gives it."""

    optimizer: Any
    history: Any
    compiled: bool
    stop_training: bool
    run_eagerly: bool
    jit_compile: bool
    steps_per_execution: int
    dtype_policy: Any
    _steps: StepCache
    _compiled_loss: CompiledLoss | None
    _compiled_metrics: CompiledMetrics
    _loss_tracker: Any
    _compile_arguments: dict[str, Any] | None

    if TYPE_CHECKING:
        # What the layer beside it in a model brings.
        built: Any
        losses: Any
        weights: Any
        trainable_weights: Any
        layers: Any
        _flatten_layers: Any
        _remember: Any
        _host_stage: Any

        def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

    def __init__(self) -> None:
        self._start_trainer()

    def _start_trainer(self) -> None:
        hidden = self.__dict__
        hidden.setdefault("_steps", StepCache())
        hidden.setdefault("stop_training", False)
        hidden.setdefault("optimizer", None)
        hidden.setdefault("compiled", False)
        hidden.setdefault("run_eagerly", False)
        hidden.setdefault("jit_compile", True)
        hidden.setdefault("steps_per_execution", 1)
        hidden.setdefault("history", None)
        hidden.setdefault("_compiled_loss", None)
        hidden.setdefault("_compiled_metrics", None)
        hidden.setdefault("_loss_tracker", None)
        hidden.setdefault("_compile_arguments", None)

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: Any = "auto",
        auto_scale_loss: bool = True,
        **options: Any,
    ) -> Any:
        """Choose how to train.

        Args:
            optimizer: name or Optimizer, default "rmsprop".
            loss: name, function or Loss; a list or a dict by output name for several outputs.
            loss_weights: list or dict of float, factors of the outputs' losses.
            metrics: list of names, functions or Metrics; a list of lists or a dict by output name for several outputs.
            weighted_metrics: the same, for metrics that see the sample weights.
            run_eagerly: bool, default False; True runs every step op by op, to look into it.
            steps_per_execution, jit_compile: accepted; whole stretches are compiled in any case.
            auto_scale_loss: bool, default True; whether a model whose policy is "mixed_float16" gets its optimizer wrapped
                in a LossScaleOptimizer.

        Returns:
            The model.

        Raises:
            ConfigurationError: a name that does not exist; the nearest one is in the message.
        """
        from pipekeras import losses as loss_functions
        from pipekeras import metrics as metric_functions
        from pipekeras import optimizers
        from pipekeras.nn.metrics.choice import ACCURACY, CROSSENTROPY

        self._start_trainer()
        options.pop("sample_weight_mode", None)
        options.pop("target_tensors", None)
        if options:
            raise ArgumentError(f"compile has no argument '{next(iter(options))}'")
        state = self.__dict__
        chosen = optimizers.get(optimizer)
        is_mixed = auto_scale_loss and self.dtype_policy.name == "mixed_float16"
        if is_mixed and not isinstance(chosen, optimizers.LossScaleOptimizer):
            chosen = optimizers.LossScaleOptimizer(chosen, name="loss_scale_optimizer")
        for item in flatten(loss):
            if isinstance(item, str) and item.lower() not in CROSSENTROPY:
                loss_functions.get(item)
        for item in flatten(metrics) + flatten(weighted_metrics):
            if isinstance(item, str) and item.lower() not in ACCURACY + CROSSENTROPY:
                metric_functions.get(item)
        state["optimizer"] = chosen
        state["_compiled_loss"] = None if loss is None else CompiledLoss(loss, loss_weights)
        state["_compiled_metrics"] = CompiledMetrics(metrics, weighted_metrics)
        with no_trace():
            state["_loss_tracker"] = metric_functions.Mean(name="loss")
        state["run_eagerly"] = bool(run_eagerly)
        # Steps are compiled unless they are to be looked into.
        state["jit_compile"] = not run_eagerly
        state["steps_per_execution"] = steps_per_execution
        state["compiled"] = True
        # The layers are kept beside their numbers, which another could have once one is gone.
        changes.count += 1
        state["_trained_layers"] = {id(layer): (layer, layer._trainable) for layer in self._flatten_layers()}
        state["stop_training"] = False
        state["_compile_arguments"] = {
            "optimizer": chosen,
            "loss": loss,
            "loss_weights": loss_weights,
            "metrics": metrics,
            "weighted_metrics": weighted_metrics,
            "run_eagerly": bool(run_eagerly),
            "steps_per_execution": steps_per_execution,
            "jit_compile": jit_compile,
        }
        self._steps.clear()
        return self

    def _forget_programs(self) -> None:
        """Drop what was compiled for the layers as they were."""
        self._steps.clear()
        self.__dict__.pop("_direct_calls", None)

    # The parts of a step; users override them

    @property
    def compiled_loss(self) -> Any:
        """The losses that compile() was given, as a function for steps of one's own; what it returns counts in the logs."""
        return None if self._compiled_loss is None else CountedLoss(self._compiled_loss, self._loss_tracker)

    @property
    def compiled_metrics(self) -> Any:
        """The metrics of `compile`."""
        return self._compiled_metrics

    @property
    def loss(self) -> Any:
        """The loss that `compile` was given."""
        return None if self._compile_arguments is None else self._compile_arguments["loss"]

    @property
    def metrics(self) -> list[Any]:
        """All metrics: the loss, the outputs' losses, those of `compile`, and those of the layers."""
        return [metric for _, metric in self._named_metrics()]

    @property
    def metrics_names(self) -> list[str]:
        """Names of the results, as they stand in the logs."""
        return [name for name, _ in self._named_metrics()]

    def _named_metrics(self) -> list[tuple[str, Any]]:
        self._start_trainer()
        named: list[tuple[str, Any]] = []
        if self._loss_tracker is not None:
            named.append(("loss", self._loss_tracker))
        if self._compiled_loss is not None:
            named += [(tracker.name, tracker) for tracker in self._compiled_loss.trackers]
        if self._compiled_metrics is not None:
            named += self._compiled_metrics.named
        known = {id(metric) for _, metric in named}
        for metric in _layer_metrics(self):
            if id(metric) not in known:
                known.add(id(metric))
                named.append((metric.name, metric))
        return named

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Tensor:
        """Return the total loss of a batch: those of `compile` and those that layers added."""
        total: Any = None
        if self._compiled_loss is not None:
            total = self._compiled_loss(y, y_pred, sample_weight)
        for extra in [*self.losses, *self.__dict__.get("_graph_losses", ())]:
            extra = ops.sum(extra)
            total = extra if total is None else total + extra
        if total is None:
            raise ConfigurationError(
                "there is no loss to compute", mend="name a loss in compile(), or call add_loss in a layer"
            )
        return total

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:
        """Take a batch into the metrics and return all results so far."""
        if self._compiled_metrics is not None:
            self._compiled_metrics.update_state(y, y_pred, sample_weight)
        return self.get_metrics_result()

    def get_metrics_result(self) -> dict[str, Any]:
        """Return the present result of every metric."""
        return self._read_results()

    def _read_results(self) -> dict[str, Any]:
        named = self._named_metrics()
        reader = self.__dict__.get("_result_reader")
        if tracing_now() is not None:
            return {name: metric.result() for name, metric in named}
        if reader is None or not reader.matches(named):
            reader = self.__dict__["_result_reader"] = ResultReader(named)
        return reader.read()

    def reset_metrics(self) -> None:
        """Begin all metrics anew."""
        for _, metric in self._named_metrics():
            metric.reset_state()

    def _needs_compile(self, call: str) -> None:
        self._start_trainer()
        if not self.compiled:
            raise StateError(f"{call} needs a model that was compiled", mend="call compile(optimizer = ..., loss = ...) first")

    def get_compile_config(self) -> dict[str, Any] | None:
        """Return the arguments of `compile` as plain data, for saving."""
        from pipekeras.core import serialization

        self._start_trainer()
        if self._compile_arguments is None:
            return None
        return {name: serialization.serialize(value) for name, value in self._compile_arguments.items()}

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compile with the arguments that `get_compile_config` returned."""
        from pipekeras.core import serialization

        known = {
            key: serialization.deserialize(value) if isinstance(value, dict | list) else value for key, value in config.items()
        }
        self.compile(**known)
        if self.built:
            self.optimizer.build(self.trainable_weights)


def _layer_metrics(model: Any) -> list[Any]:
    def find() -> list[Any]:
        return [metric for layer in model._flatten_layers() for metric in layer.__dict__.get("_metrics", ())]

    found: list[Any] = model._remember("metrics", find)
    return found
