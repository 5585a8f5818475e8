"""`fit`, `evaluate` and `predict` as far as `check` goes: data are held against the model and its losses, not computed."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import Builtin
from pipekeras.grammar.errors import ControlFlow, RError
from pipekeras.grammar.evaluation.machine import call_function
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.models import model_of
from pipekeras.grammar.session import Session
from pipekeras.grammar.values import NULL, ExternalObject, Vector, class_of, object_array


class Reached(ControlFlow):
    """Training would begin now: everything about the data has been looked at, and what it gives stays unknown."""


def checking(name: str, session: Session) -> Builtin:
    """The word `fit` or `evaluate` of a rehearsal: it ends where computing would begin."""
    word = session.base.get_function(name)
    names = [formal.name for formal in word.formals]
    place = names.index("callbacks")

    def run(*values: Any, **flags: Any) -> Any:
        given = list(values)
        kept = list(given[place].data) if isinstance(given[place], Vector) else [] if given[place] is NULL else [given[place]]
        watcher = ExternalObject(_watcher(model_of(given[0]), given[1], given[names.index("y")]))
        given[place] = Vector("list", object_array([watcher, *kept]))
        word.function(*given, **flags)
        raise Reached

    made = Builtin(name, run, word.signature, invisible=True, package=word.package)
    made._formals = word.formals
    return made


def checking_predictions(session: Session) -> Builtin:
    """The word `predict` of a rehearsal: for a model it ends where computing would begin."""
    generic = session.base.get_function("predict")
    word = session.base.get_function("predict.keras.engine.training.Model")
    place = [formal.name for formal in word.formals].index("callbacks")

    def run(target: Any, dots: Any, *, environment: Any, call: Any) -> Any:
        if type(target) is not ExternalObject or "keras.engine.training.Model" not in class_of(target):
            return call_function(generic, [(None, target), *dots], environment, call)
        given = word.match([(None, target), *dots])
        given[place] = Vector("list", object_array([ExternalObject(_watcher(model_of(target), NULL, NULL))]))
        word.function(*given)
        raise Reached

    return Builtin("predict", run, "object, ...", needs_environment=True, needs_call=True, package=word.package)


def _watcher(model: Any, data: Any, labels: Any) -> Any:
    from pipekeras.callbacks import Callback

    class Watcher(Callback):
        """Stops before the first batch, once the losses have been tried on shapes alone."""

        def on_train_begin(self, logs: Any = None) -> None:
            if labels is NULL and type(data) is Vector:
                _ask_for_targets(model)
            _try_losses(model, labels)
            raise Reached

        def on_test_begin(self, logs: Any = None) -> None:
            self.on_train_begin(logs)

        def on_predict_begin(self, logs: Any = None) -> None:
            raise Reached

    return Watcher()


def _ask_for_targets(model: Any) -> None:
    """The first output with a loss whose labels were not given."""
    from pipekeras.models.compilation import per_output

    names = list(getattr(model, "output_names", None) or [])
    for name, loss in zip(names, per_output(model.loss, names, "loss"), strict=True):
        if loss is not None:
            raise RError(f"there is no target for output '{name}'", mend="give fit() y, the labels")


def _try_losses(model: Any, labels: Any) -> None:
    """Apply the losses to the outputs and to labels of which only the shapes are known."""
    from pipekeras import losses
    from pipekeras.core.structure import flatten
    from pipekeras.layers import Input
    from pipekeras.models.compilation import per_output

    if not getattr(model, "built", True):
        return
    outputs = flatten(getattr(model, "outputs", None) or [])
    truths = flatten(convert.data(labels, "y")) if labels is not NULL else []
    names = list(getattr(model, "output_names", None) or [f"output_{at + 1}" for at in range(len(outputs))])
    if not outputs or len(truths) != len(outputs) or len(names) != len(outputs):
        return
    for loss, truth, output in zip(per_output(model.loss, names, "loss"), truths, outputs, strict=True):
        shape = getattr(truth, "shape", None)
        if loss is not None and shape:
            # Keras takes (rows,) for (rows, 1).
            single = len(shape) == 1 and output.shape[-1] == 1
            losses.get(loss)(Input((1,) if single else tuple(shape[1:])), output)
