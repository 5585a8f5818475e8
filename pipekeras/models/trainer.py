"""Training: fit, evaluate, predict, and their steps.

Whole stretches of an epoch run as one compiled program. Python comes back between stretches, about every 50 ms, for
progress and Ctrl-C, and after every batch when a callback listens to batches.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core.configuration import at_most, max_epochs, max_steps_per_epoch
from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError
from pipekeras.core.notices import warn as warn_user
from pipekeras.core.structure import flatten, map_structure
from pipekeras.graph import layer_graph
from pipekeras.graph.gradient import GradientTape
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import no_trace, tracing
from pipekeras.layers.base import call_signature, keras_1
from pipekeras.models import checks, host_stage
from pipekeras.models import data as training_data
from pipekeras.models.data import Batch, BatchSource
from pipekeras.models.epochs import ArrayEpoch, NoBatches, SourceEpoch, read_logs
from pipekeras.models.objective import Objective
from pipekeras.models.step import EagerStep, Step
from pipekeras.models.stretches import Stretches


class Trainer(Objective):
    """What every model can do beside being called; mixed into `Model`."""

    # The parts of a step; users override them

    def train_step(self, data: Any) -> dict[str, Any]:
        """Learn from one batch; traced once for each shape of batch and compiled.

        Args:
            data: x, (x, y) or (x, y, sample_weight), whatever there is.

        Returns:
            Results to show, by name.
        """
        x, y, sample_weight = training_data.unpack(data)
        with GradientTape() as tape:
            with layer_graph.keeping() as kept:
                y_pred = self(x, training=True)
            loss = self._loss_of(x, y, y_pred, sample_weight, training=True, kept=kept)
            scaled = self.optimizer.scale_loss(loss)
        self._loss_tracker.update_state(loss, sample_weight=_rows_of(x))
        weights = self.trainable_weights
        if weights:
            self.optimizer.apply(tape.gradient(scaled, weights), weights)
        with self._inside(kept):
            return self._metrics_of_batch(x, y, y_pred, sample_weight)

    def test_step(self, data: Any) -> dict[str, Any]:
        """Measure one batch without learning."""
        x, y, sample_weight = training_data.unpack(data)
        with layer_graph.keeping() as kept:
            y_pred = self(x, training=False)
        loss = self._loss_of(x, y, y_pred, sample_weight, training=False, kept=kept)
        self._loss_tracker.update_state(loss, sample_weight=_rows_of(x))
        with self._inside(kept):
            return self._metrics_of_batch(x, y, y_pred, sample_weight)

    def predict_step(self, data: Any) -> Any:
        """Return the outputs for one batch."""
        x, _, _ = training_data.unpack(data)
        return self(x, training=False)

    def _loss_of(self, x: Any, y: Any, y_pred: Any, sample_weight: Any, training: bool, kept: dict[int, Any]) -> Any:
        """Return what `compute_loss` returns; one that a user wrote need not know of `training`."""
        signature = call_signature.of_method(self, "compute_loss")
        with self._inside(kept):
            if signature.has_training or signature.has_keywords:
                return self.compute_loss(x, y, y_pred, sample_weight, training=training)
            return self.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=sample_weight)

    def _inside(self, kept: dict[int, Any]) -> AbstractContextManager[None]:
        """Let losses and metrics read tensors of the model's own graph: they see what it computed for this batch."""
        return layer_graph.standing(lambda tensor: self._value_inside(tensor, kept))

    def _value_inside(self, tensor: Tensor, kept: dict[int, Any]) -> Any:
        if id(tensor) not in kept:
            from pipekeras.models.functional import Functional

            inputs = self.__dict__.get("_inputs", ())
            given = [kept[id(one)] for one in inputs if id(one) in kept]
            try:
                # Something that was computed from the model's tensors, but leads to none of its outputs.
                kept[id(tensor)] = Functional(list(inputs), tensor, name="inside").call(given)
            except (ShapeError, KeyError) as error:
                name = getattr(self, "name", "")
                raise ConfigurationError(
                    f"a loss or metric of model '{name}' reads a tensor that does not follow from the model's inputs",
                    mend="compute it from the inputs of this model, or give it to the model as an output",
                ) from error
        return kept[id(tensor)]

    def _metrics_of_batch(self, x: Any, y: Any, y_pred: Any, sample_weight: Any) -> dict[str, Any]:
        for tensor, metric in self.__dict__.get("_graph_metrics", ()):
            metric.update_state(ops.mean(tensor))
        if type(self).compute_metrics is Trainer.compute_metrics:
            # Results are read from the metrics' variables when someone wants them, not computed in every step.
            self._compiled_metrics.update_state(y, y_pred, sample_weight)
            return {}
        return self.compute_metrics(x, y, y_pred, sample_weight)

    # Compiling a step for a shape

    def _step(self, mode: str, batch: Batch) -> Step | EagerStep:
        """Return the step for batches of this shape, compiled unless `compile` was told otherwise."""
        if mode == "train" and self._changed_since_compile():
            with self._as_compiled():
                return self._step_of(mode, batch)
        return self._step_of(mode, batch)

    def _step_of(self, mode: str, batch: Batch) -> Step | EagerStep:
        self._prepare(mode, batch)
        function = {"train": self._own_train_step, "test": self.test_step, "predict": self.predict_step}[mode]
        if self.__dict__.get("run_eagerly") or host_stage.runs_eagerly(self, batch):
            return EagerStep(lambda tensors: function(training_data.pack(tensors)), training_data.row_count(batch))
        key = (mode, *self._remember("parts", self._parts))
        return self._steps.get(key, lambda tensors: function(training_data.pack(tensors)), batch)

    def _parts(self) -> tuple[Any, ...]:
        """Return what tells one compiled step from another: which weights there are, and what is trained."""
        return (
            tuple(map(id, self.weights)),
            tuple(map(id, self.trainable_weights)),
            tuple(bool(layer.trainable) for layer in self._flatten_layers()),
        )

    def _own_train_step(self, data: Any) -> Any:
        """Make a step with an optimizer for this model's weights: one that was built for another model's gets a companion."""
        with self._as_compiled():
            optimizer = self.optimizer
            if optimizer is not None and optimizer.built and not optimizer.knows(self.trainable_weights):
                self.__dict__["optimizer"] = optimizer.companion()
                with no_trace():
                    self.optimizer.build(self.trainable_weights)
            return self.train_step(data)

    def _changed_since_compile(self) -> list[tuple[Any, bool]]:
        found: list[tuple[Any, bool]] = self._remember("changed", self._find_changed)
        return found

    def _find_changed(self) -> list[tuple[Any, bool]]:
        settled = self.__dict__.get("_trained_layers") or {}
        return [
            (layer, layer._trainable)
            for layer in self._flatten_layers()
            if id(layer) in settled and settled[id(layer)][1] != layer._trainable
        ]

    @contextmanager
    def _as_compiled(self) -> Iterator[None]:
        """Train what was to be trained when the model was compiled: what is frozen later is so from the next compile on."""
        changed = self._changed_since_compile()
        for layer, now in changed:
            layer._set_trained(not now)
        try:
            yield
        finally:
            for layer, now in changed:
                layer._set_trained(now)

    def _prepare(self, mode: str, batch: Batch) -> None:
        """Make all variables that the step needs, before it is traced."""
        ready = self.built and (
            mode == "predict"
            or (
                (self._compiled_loss is None or self._compiled_loss.built)
                and self._compiled_metrics.built
                and (mode == "test" or self.optimizer is None or self.optimizer.built)
            )
        )
        if ready or not self._has_call(mode):
            return

        def placeholder(leaf: Any) -> Any:
            return None if leaf is None else Tensor.symbolic(leaf.shape, "string" if leaf.dtype == object else str(leaf.dtype))

        with tracing():
            x = map_structure(placeholder, batch.x)
            try:
                y_pred = self(x, training=mode == "train")
            except Exception:
                if not self._has_own_step(mode) or any(not layer.built for layer in self.layers):
                    raise
                # A step of the model's own may read a batch in a way that `call` knows nothing of (three pictures, say).
                y_pred = None
        if mode == "predict" or y_pred is None:
            return
        y = None if batch.y is None else map_structure(placeholder, batch.y)
        with no_trace():
            if self._compiled_loss is not None and not self._compiled_loss.built:
                self._compiled_loss.build(self, y_pred)
            if not self._compiled_metrics.built:
                self._compiled_metrics.build(self, y, y_pred)
            if mode == "train" and self.optimizer is not None and not self.optimizer.built:
                self.optimizer.build(self.trainable_weights)

    def _has_call(self, mode: str) -> bool:
        """Whether there is a call to build from; a model with a step of its own need not have one."""
        from pipekeras.models.model import Model

        return not self._has_own_step(mode) or getattr(type(self), "call", None) is not Model.call

    def _has_own_step(self, mode: str) -> bool:
        return getattr(type(self), f"{mode}_step") is not getattr(Trainer, f"{mode}_step")

    # Training

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: Any = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: Any = 1,
        nb_epoch: int | None = None,
    ) -> Any:
        """Train for some passes over the data.

        Args:
            x: array, list or dict of arrays, or a source of batches (generator, PyDataset).
            y: targets; None when x is a source of batches.
            batch_size: int, default 32; the last batch of an epoch may be smaller.
            epochs: int, number of the last epoch, default 1.
            verbose: "auto", 0 (silent), 1 (progress) or 2 (one line for each epoch).
            callbacks: Callback or list of them.
            validation_split: float in [0, 1), share of the last rows that is kept for validation.
            validation_data: (x, y), (x, y, sample_weight) or a source of batches.
            shuffle: bool, default True; new order in every epoch, of a PyDataset's batches too.
            class_weight: dict from class number to weight.
            sample_weight: array of one weight for each row.
            initial_epoch: int, number of epochs already done, default 0.
            steps_per_epoch: int, batches in an epoch, default all; the next epoch goes on where this one stopped, and one for
                which there are too few batches left is shorter, with a warning. Without batch_size, rows in memory are cut
                into this many batches.
            validation_steps: int, batches to validate on, from the first, default all.
            validation_batch_size: int, default batch_size.
            validation_freq: int or list of epochs, when to validate, default every epoch.
            nb_epoch: what Keras 1 called epochs; taken with a notice.

        Returns:
            The History: results of every epoch.

        Raises:
            StateError: the model was not compiled.
            ShapeError, DataError: the data do not fit the model.
        """
        from pipekeras.callbacks.callback_list import CallbackList

        self._needs_compile("fit")
        if nb_epoch is not None:
            keras_1.tell("fit()", {"nb_epoch": "epochs"})
            epochs = nb_epoch
        epochs, initial_epoch = checks.whole(epochs, "epochs", 0), checks.whole(initial_epoch, "initial_epoch", 0)
        epochs = min(epochs, max_epochs() or epochs)
        batch_size, steps_per_epoch, validation_batch_size, validation_steps = (
            None if value is None else checks.whole(value, name, 1)
            for name, value in (
                ("batch_size", batch_size),
                ("steps_per_epoch", steps_per_epoch),
                ("validation_batch_size", validation_batch_size),
                ("validation_steps", validation_steps),
            )
        )
        validation = validation_data
        if validation is not None and not training_data.is_batch_source(validation):
            validation = training_data.unpack(validation)
        if training_data.is_batch_source(x):
            checks.check_source(y, sample_weight, 0.0 if validation is not None else validation_split)

            def ready(*parts: Any) -> Batch:
                found = self._batch(*parts)
                return training_data.with_class_weight(found, class_weight) if class_weight else found

            train: Any = self._source_epoch("train", x, steps_per_epoch, ready, shuffle)
        else:
            batch = host_stage.rows_for(self, x, y, sample_weight)
            if validation_split and validation is None:
                batch, validation = training_data.split_off(batch, validation_split)
            if class_weight:
                batch = training_data.with_class_weight(batch, class_weight)
            checks.check_data(self, batch, "fit")
            train = self._epoch("train", batch, batch_size, shuffle, steps_per_epoch)
        watch = self._evaluation(validation, validation_batch_size or batch_size, validation_steps, "validation_data")
        listeners = callbacks if isinstance(callbacks, CallbackList) else CallbackList(
            callbacks, add_history=True, add_progbar=verbose != 0, model=self, verbose=verbose, epochs=epochs,
            steps=train.length
        )  # fmt: skip
        self.__dict__["stop_training"] = False
        listeners.on_train_begin()
        logs: dict[str, Any] = {}
        try:
            # BackupAndRestore, when training begins, tells how many epochs are done already.
            first = max(initial_epoch, self.__dict__.pop("_initial_epoch", 0))
            train.skip(first - initial_epoch)
            epoch = first
            stretches = self._stretches(train, watch, listeners)
            while epoch < epochs:
                together = 0 if stretches is None or epoch == first else stretches.run(epoch, epochs, listeners.history)
                if stretches is not None and together:
                    logs = stretches.last_logs(together)
                    epoch += together
                    continue
                self.reset_metrics()
                listeners.on_epoch_begin(epoch)
                try:
                    logs = train.run(listeners)
                except NoBatches as error:
                    if epoch == first:
                        raise
                    warn_user(f"{error.message}, and training ends after {epoch} of {epochs} epochs")
                    break
                if watch is not None and checks.is_due(epoch, validation_freq):
                    self.reset_metrics()
                    listeners.on_test_begin()
                    results = watch.run(listeners)
                    listeners.on_test_end(results)
                    logs = {**logs, **{f"val_{name}": value for name, value in results.items()}}
                listeners.on_epoch_end(epoch, logs)
                epoch += 1
                if self.stop_training:
                    break
        finally:
            # Ctrl-C or an error in a callback: what was learned and logged stays, files are closed.
            if self.optimizer is not None and self.optimizer.built:
                self.optimizer.finalize_variable_values(self.trainable_weights)
            listeners.on_train_end(logs)
        return self.history

    def _stretches(self, train: Any, watch: Any, listeners: Any) -> Stretches | None:
        """Return what runs many epochs at once, where nothing but the History wants to know of each."""
        if watch is not None or not isinstance(train, ArrayEpoch) or not listeners.only_records():
            return None
        if type(self).reset_metrics is not Trainer.reset_metrics or self.run_eagerly:
            return None
        return Stretches(train)

    def _evaluation(self, data: Any, size: int | None, steps: int | None, where: str) -> Any:
        if data is None:
            return None
        if training_data.is_batch_source(data):
            return self._source_epoch("test", data, steps, functools.partial(self._batch, where="evaluate"))
        batch = host_stage.rows_for(self, data.x, data.y, data.sample_weight, where)
        checks.check_data(self, batch, where)
        return self._epoch("test", batch, size, False, steps)

    def _epoch(self, mode: str, batch: Batch, size: int | None, shuffle: bool, steps: int | None) -> ArrayEpoch | SourceEpoch:
        """Return what goes through rows in memory, in batches of 32 or of what makes the wanted steps of them."""
        if size is None:
            size = 32 if steps is None else -(-training_data.row_count(batch) // steps)
        steps = _limited(steps, -(-training_data.row_count(batch) // size))
        if self._host_stage() is None or host_stage.is_staged(batch.x):
            return ArrayEpoch(self, mode, batch, size, shuffle, steps)
        batches: Any = host_stage.RowBatches(self, batch, size, shuffle, steps, mode == "train")
        return SourceEpoch(self, mode, batches)

    def _source_epoch(self, mode: str, x: Any, steps: int | None, ready: Any, shuffle: bool = False) -> SourceEpoch:
        """Return what goes through a source that hands out batches."""
        source = BatchSource(x, steps, ready, shuffle)
        source.steps = _limited(steps, source.length)
        return SourceEpoch(self, mode, source)

    def _batch(self, x: Any, y: Any = None, sample_weight: Any = None, where: str = "fit") -> Batch:
        """Return one batch, checked and staged."""
        return host_stage.rows_for(self, x, y, sample_weight, where, one_batch=True)

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Any = None,
        return_dict: bool = False,
        **options: Any,
    ) -> Any:
        """Measure loss and metrics.

        Args:
            x, y, sample_weight: as in `fit`.
            batch_size: int, default 32.
            verbose: "auto", 0 or 1.
            steps: int, batches to take, default all.
            callbacks: Callback or list of them.
            return_dict: bool, default False.

        Returns:
            The loss, or a list of loss and metrics in the order of `metrics_names`, or a dict.
        """
        from pipekeras.callbacks.callback_list import CallbackList

        if options:
            raise ArgumentError(f"evaluate has no argument '{next(iter(options))}'")
        self._needs_compile("evaluate")
        data = x if training_data.is_batch_source(x) else Batch(x, y, sample_weight)
        size = None if batch_size is None else checks.whole(batch_size, "batch_size", 1)
        steps = None if steps is None else checks.whole(steps, "steps", 1)
        run = self._evaluation(data, size, steps, "evaluate")
        listeners = callbacks if isinstance(callbacks, CallbackList) else CallbackList(
            callbacks, add_progbar=verbose != 0, model=self, verbose=verbose, epochs=1, steps=run.length
        )  # fmt: skip
        self.reset_metrics()
        listeners.on_test_begin()
        logs = run.run(listeners)
        listeners.on_test_end(logs)
        if return_dict:
            return logs
        values = list(logs.values())
        return values[0] if len(values) == 1 else values

    def predict(
        self, x: Any, batch_size: int | None = None, verbose: Any = "auto", steps: int | None = None, callbacks: Any = None
    ) -> Any:
        """Return the outputs for all rows of x.

        Args:
            x: array, list or dict of arrays, or a source of batches.
            batch_size: int, default 32.
            verbose: "auto", 0 or 1.
            steps: int, batches to take, default all.
            callbacks: Callback or list of them.

        Returns:
            An array, or a list or dict of arrays for several outputs.
        """
        self._start_trainer()
        source = training_data.is_batch_source(x)
        size = None if batch_size is None else checks.whole(batch_size, "batch_size", 1)
        steps = None if steps is None else checks.whole(steps, "steps", 1)
        if source:
            run: Any = self._source_epoch("predict", x, steps, functools.partial(self._batch, where="predict"))
        else:
            batch = host_stage.rows_for(self, x, where="predict")
            checks.check_inputs(self, batch.x, "predict")
            run = self._epoch("predict", batch, size, False, steps)
        listeners: Any = None
        if verbose not in (0, "auto") or callbacks:
            from pipekeras.callbacks.callback_list import CallbackList

            listeners = callbacks if isinstance(callbacks, CallbackList) else CallbackList(
                callbacks, add_progbar=verbose != 0, model=self, verbose=verbose, epochs=1, steps=run.length
            )  # fmt: skip
            listeners.on_predict_begin()
        outputs = run.predict(listeners)
        if listeners is not None:
            listeners.on_predict_end()
        return outputs

    # One batch at a time

    def _on_batch(self, mode: str, batch: Batch) -> dict[str, Any]:
        if mode != "predict":
            self._needs_compile(f"{mode}_on_batch")
        step = self._step(mode, batch)
        self.reset_metrics()
        step.run(batch)
        return read_logs(self, step.results())

    def train_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, class_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """Learn from one batch; returns its loss and metrics."""
        batch = self._batch(x, y, sample_weight, "train_on_batch")
        if class_weight:
            batch = training_data.with_class_weight(batch, class_weight)
        self._needs_compile("train_on_batch")
        checks.check_data(self, batch, "train_on_batch")
        return _as_asked(self._on_batch("train", batch), return_dict)

    def test_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False) -> Any:
        """Measure one batch; returns its loss and metrics."""
        batch = self._batch(x, y, sample_weight, "test_on_batch")
        self._needs_compile("test_on_batch")
        checks.check_data(self, batch, "test_on_batch")
        return _as_asked(self._on_batch("test", batch), return_dict)

    def predict_on_batch(self, x: Any) -> Any:
        """Return the outputs for one batch."""
        self._start_trainer()
        batch = self._batch(x, where="predict_on_batch")
        checks.check_inputs(self, batch.x, "predict_on_batch")
        step = self._step("predict", batch)
        step.run(batch)
        return map_structure(np.array, step.results())


def _limited(steps: int | None, batches: int | None) -> int | None:
    """Return the number of steps that was asked for, or the process' limit if that is less than both it and the batches."""
    limit = max_steps_per_epoch()
    if limit is None or (steps is None and batches is not None and batches <= limit):
        return steps
    return at_most(steps, limit)


def _rows_of(x: Any) -> float:
    return float(flatten(x)[0].shape[0])


def _as_asked(logs: dict[str, Any], return_dict: bool) -> Any:
    if return_dict:
        return logs
    values = list(logs.values())
    return values[0] if len(values) == 1 else values
