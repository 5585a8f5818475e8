"""Distillation: a small model, the student, learns from a trained one, the teacher, and from the labels.

>>> from pipekeras import distillation
>>> distillation.LogitsDistillation(temperature=2.0).get_config()["temperature"]
2.0
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.core import serialization
from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError
from pipekeras.core.registry import register
from pipekeras.core.structure import flatten
from pipekeras.models import Model
from pipekeras.nn import losses
from pipekeras.nn.metrics import Mean

__all__ = ["DistillationLoss", "Distiller", "FeatureDistillation", "LogitsDistillation"]


class DistillationLoss:
    """Base of what compares a student's outputs with the teacher's; a subclass writes `compute_loss`."""

    teacher_layer_name: str | None = None
    student_layer_name: str | None = None

    def compute_loss(self, teacher_outputs: Any, student_outputs: Any, **kwargs: Any) -> Any:
        """Return the loss, a scalar tensor."""
        raise NotImplementedError(f"{type(self).__name__} has no compute_loss method")

    def validate_outputs(self, teacher_outputs: Any, student_outputs: Any) -> None:
        """Check that both give as many outputs.

        Raises:
            ShapeError: they don't.
        """
        counts = len(flatten(teacher_outputs)), len(flatten(student_outputs))
        if counts[0] != counts[1]:
            raise ShapeError(f"the teacher has {counts[0]} outputs and the student {counts[1]}")

    def validate_model_compatibility(self, teacher: Any, student: Any) -> None:
        """Check that the layers that are compared are there."""
        for role, model, name in (("teacher", teacher, self.teacher_layer_name), ("student", student, self.student_layer_name)):
            if name is not None:
                if not getattr(model, "inputs", None):
                    raise ConfigurationError(f"the {role} must be sequential or functional where a layer of it is named")
                model.get_layer(name)


def _losses_of(given: Any, what: str) -> Any:
    listed = [None if item is None else losses.get(item) for item in (given if isinstance(given, list | tuple) else [given])]
    if all(item is None for item in listed):
        raise ConfigurationError(f"{what} needs at least one loss that is not None")
    return listed


class _Compared(DistillationLoss):
    """Losses between outputs in turn."""

    loss: list[Any]

    def _total(self, teacher_outputs: Any, student_outputs: Any) -> Any:
        self.validate_outputs(teacher_outputs, student_outputs)
        pairs = list(zip(flatten(teacher_outputs), flatten(student_outputs), strict=True))
        if len(self.loss) not in (1, len(pairs)):
            raise ArgumentError(f"{type(self).__name__} has {len(self.loss)} losses for {len(pairs)} outputs")
        chosen = self.loss if len(self.loss) == len(pairs) else self.loss * len(pairs)
        total: Any = 0.0
        for loss, (teacher, student) in zip(chosen, pairs, strict=True):
            if loss is not None:
                total = total + ops.mean(loss(teacher, student))
        return total

    def _loss_config(self) -> Any:
        found = [None if item is None else losses.serialize(item) for item in self.loss]
        return found if len(found) > 1 else found[0]

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Make it from what `get_config` returned."""
        given = dict(config)
        loss = given.pop("loss")
        listed = loss if isinstance(loss, list | tuple) else [loss]
        made = [None if item is None else losses.deserialize(item) for item in listed]
        build: Any = cls
        return build(loss=made if len(made) > 1 else made[0], **given)


@register("distillation")
class LogitsDistillation(_Compared):
    """Compare the outputs of both models, divided by a temperature.

    Formula: loss(teacher / T, student / T).

    Args:
        temperature: float above 0, default 3.0; T.
        loss: name, loss or function, or a list with one for each output, None where one is left out; default
            "kl_divergence".

    Raises:
        ArgumentError: the temperature is not above 0.

    Source: Hinton, Vinyals, Dean, Distilling the Knowledge in a Neural Network (2015).
    """

    def __init__(self, temperature: float = 3.0, loss: Any = "kl_divergence") -> None:
        if not isinstance(temperature, int | float) or temperature <= 0:
            raise ArgumentError(f"temperature must be a number above 0, not {temperature!r}")
        self.temperature = temperature
        self.loss = _losses_of(loss, type(self).__name__)

    def compute_loss(self, teacher_outputs: Any, student_outputs: Any, **kwargs: Any) -> Any:
        """Return the loss between the outputs, which are logits."""
        scaled = [
            [ops.divide(item, self.temperature) for item in flatten(outputs)] for outputs in (teacher_outputs, student_outputs)
        ]
        return self._total(scaled[0], scaled[1])

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"temperature": self.temperature, "loss": self._loss_config()}


@register("distillation")
class FeatureDistillation(_Compared):
    """Compare the outputs of a layer of the teacher with those of a layer of the student.

    Args:
        loss: name, loss or function, or a list with one for each output, None where one is left out; default "mse".
        teacher_layer_name: str, name of a layer; default the last output.
        student_layer_name: str, name of a layer; default the last output.
    """

    def __init__(
        self, loss: Any = "mse", teacher_layer_name: str | None = None, student_layer_name: str | None = None
    ) -> None:
        self.loss = _losses_of(loss, type(self).__name__)
        self.teacher_layer_name, self.student_layer_name = teacher_layer_name, student_layer_name

    def compute_loss(self, teacher_outputs: Any, student_outputs: Any, **kwargs: Any) -> Any:
        """Return the loss between the features."""
        return self._total(teacher_outputs, student_outputs)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            "loss": self._loss_config(),
            "teacher_layer_name": self.teacher_layer_name,
            "student_layer_name": self.student_layer_name,
        }


@register("distillation")
class Distiller(Model):
    """A model that trains a student; calling it calls the student.

    Formula: a L(y, student) + (1 - a) sum_i w_i D_i(teacher, student), with a = student_loss_weight.

    Args:
        teacher: trained model; it is frozen.
        student: model to be trained, which stays usable alone as `distiller.student`.
        distillation_losses: DistillationLoss, or a list of them.
        distillation_loss_weights: list of floats, one for each loss; default 1 for each.
        student_loss_weight: float from 0 to 1, default 0.5; the labels' part.
        name: str, default "distiller".
        **kwargs: arguments of Model.

    Raises:
        ArgumentError: other numbers of losses and weights, a weight beyond 0 to 1.

    Example:

    >>> import numpy as np
    >>> import pipekeras as pk
    >>> teacher = pk.Sequential([pk.Input((4,)), pk.layers.Dense(8, activation="tanh"), pk.layers.Dense(3)])
    >>> student = pk.Sequential([pk.Input((4,)), pk.layers.Dense(3)])
    >>> distiller = pk.distillation.Distiller(teacher, student, pk.distillation.LogitsDistillation())
    >>> distiller = distiller.compile("sgd", pk.losses.SparseCategoricalCrossentropy(from_logits=True))
    >>> history = distiller.fit(np.eye(4), np.array([0, 1, 2, 0]), verbose=0)
    >>> sorted(history.history)
    ['distillation_loss', 'loss', 'student_loss', 'total_loss']
    """

    def __init__(
        self,
        teacher: Any,
        student: Any,
        distillation_losses: Any,
        distillation_loss_weights: Sequence[float] | None = None,
        student_loss_weight: float = 0.5,
        name: str = "distiller",
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        listed = list(distillation_losses) if isinstance(distillation_losses, list | tuple) else [distillation_losses]
        for item in listed:
            if not isinstance(item, DistillationLoss):
                raise ArgumentError(f"distillation_losses holds losses of distillation, not {type(item).__name__}")
        weights = [1.0] * len(listed) if distillation_loss_weights is None else [float(w) for w in distillation_loss_weights]
        if len(weights) != len(listed):
            raise ArgumentError(f"there are {len(weights)} distillation_loss_weights for {len(listed)} losses")
        if not 0 <= student_loss_weight <= 1:
            raise ArgumentError(f"student_loss_weight lies between 0 and 1; got {student_loss_weight}")
        for loss in listed:
            loss.validate_model_compatibility(teacher, student)
        teacher.trainable = False
        self.teacher, self.student = teacher, student
        self.distillation_losses, self.distillation_loss_weights = listed, weights
        self.student_loss_weight = float(student_loss_weight)
        self.student_loss_tracker = Mean(name="student_loss")
        self.distillation_loss_tracker = Mean(name="distillation_loss")
        self.total_loss_tracker = Mean(name="total_loss")
        self._feature_models = [self._features_of(loss) for loss in listed]
        if student.built:
            self.built = True

    def _features_of(self, loss: DistillationLoss) -> list[Any]:
        """Return a model from each model's inputs to the layer that a loss names; None where that is the output."""
        made = []
        for model, name in ((self.teacher, loss.teacher_layer_name), (self.student, loss.student_layer_name)):
            made.append(None if name is None else Model(model.inputs, model.get_layer(name).output))
        return made

    def call(self, inputs: Any, training: Any = None) -> Any:
        """Return what the student gives."""
        return self.student(inputs, training=training)

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        """Return the weighted sum of the student's loss and the losses of distillation."""
        student_loss: Any = ops.zeros(())
        if self.student_loss_weight > 0:
            student_loss = super().compute_loss(x, y, y_pred, sample_weight, training)
        distilled: Any = ops.zeros(())
        if self.student_loss_weight < 1 and self.distillation_losses:
            whole = ops.stop_gradient(self.teacher(x, training=False)) if self._needs_outputs() else None
            for loss, weight, (teacher, student) in zip(
                self.distillation_losses, self.distillation_loss_weights, self._feature_models, strict=True
            ):
                known = whole if teacher is None else ops.stop_gradient(teacher(x, training=False))
                learnt = y_pred if student is None else student(x, training=training)
                distilled = distilled + weight * loss.compute_loss(known, learnt)
        total = self.student_loss_weight * student_loss + (1 - self.student_loss_weight) * distilled
        rows = ops.shape(flatten(y_pred)[0])[0]
        for tracker, value in (
            (self.student_loss_tracker, student_loss),
            (self.distillation_loss_tracker, distilled),
            (self.total_loss_tracker, total),
        ):
            tracker.update_state(value, sample_weight=rows)
        return total

    def _needs_outputs(self) -> bool:
        return any(teacher is None for teacher, _ in self._feature_models)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            "name": self.name,
            "teacher": serialization.serialize(self.teacher),
            "student": serialization.serialize(self.student),
            "distillation_losses": [serialization.serialize(loss) for loss in self.distillation_losses],
            "distillation_loss_weights": list(self.distillation_loss_weights),
            "student_loss_weight": self.student_loss_weight,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None) -> Any:
        """Make a distiller from what `get_config` returned."""
        given = dict(config)
        for name in ("teacher", "student"):
            given[name] = serialization.deserialize(given[name], custom_objects)
        given["distillation_losses"] = [
            serialization.deserialize(item, custom_objects) for item in given["distillation_losses"]
        ]
        return cls(**given)
