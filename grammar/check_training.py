"""`fit` and `evaluate` as far as `check` goes: the data are held against the model and its losses, nothing is computed."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import Builtin
from pipekeras.grammar.errors import ControlFlow
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.models import model_of
from pipekeras.grammar.session import Session
from pipekeras.grammar.values import NULL, ExternalObject, Vector, object_array


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
        watcher = ExternalObject(_watcher(model_of(given[0]), given[names.index("y")]))
        given[place] = Vector("list", object_array([watcher, *kept]))
        word.function(*given, **flags)
        raise Reached

    made = Builtin(name, run, word.signature, invisible=True, package=word.package)
    made._formals = word.formals
    return made


def _watcher(model: Any, labels: Any) -> Any:
    from pipekeras.callbacks import Callback

    class Watcher(Callback):
        """Stops before the first batch, once the losses have been tried on shapes alone."""

        def on_train_begin(self, logs: Any = None) -> None:
            _try_losses(model, labels)
            raise Reached

        def on_test_begin(self, logs: Any = None) -> None:
            self.on_train_begin(logs)

    return Watcher()


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
