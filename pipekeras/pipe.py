"""What a step of a pipe means, for Python's `|` and for the language.

    left                     | right   gives
    tensor, list of tensors  | layer   the layer's output
    array                    | layer   the layer's output, computed at once
    Sequential               | layer   a new Sequential that shares the layers (`|=` grows it in place)
    functional model         | layer   a new model that shares the layers, one layer longer
    layer                    | layer   a pipe without a head, to be put after a tensor or a model later
    model, or a fit's result | verb    what the verb gives: compile, fit, evaluate, predict, summary, save
    anything                 | pipe    the pipe's steps, one after the other
"""

from __future__ import annotations

import dis
import os
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from pipekeras.core.errors import ArgumentError, UserError
from pipekeras.core.structure import flatten
from pipekeras.graph.tensor import Tensor
from pipekeras.layers.base.layer import Layer


class Verb:
    """A method of the model on the left, with its arguments, waiting for the model.

    Args:
        name: str, name of the method.
        gives_model: bool, whether the pipe goes on with the model instead of what the method returns.
        arguments: positional arguments of the method.
        keywords: its keyword arguments.
    """

    # An array on the left must leave `array | verb` to the verb.
    __array_ufunc__ = None

    def __init__(self, name: str, gives_model: bool, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        self.name = name
        self.gives_model = gives_model
        self.arguments = arguments
        self.keywords = keywords

    def __call__(self, left: Any) -> Any:
        """Apply the verb to a model, or to the model of a training's result."""
        model = _model_of(left)
        if model is None:
            raise ArgumentError(
                f"{self.name}() needs a model on its left; found {_describe(left)}",
                mend="make a model of tensors with Model(inputs, outputs)" if _holds_tensors(left) else None,
            )
        result = getattr(model, self.name)(*self.arguments, **self.keywords)
        return model if self.gives_model else result

    def __or__(self, right: Any) -> Any:
        return connect(self, right)

    def __ror__(self, left: Any) -> Any:
        return connect(left, self)

    def __repr__(self) -> str:
        shown = [_brief(value) for value in self.arguments]
        shown += [f"{name}={_brief(value)}" for name, value in self.keywords.items()]
        return f"{self.name}({', '.join(shown)})"


class Pipe:
    """Steps without a head: layers, verbs and functions that wait for a tensor or a model.

    Putting it after several tensors shares its layers, as calling one layer several times does.

    Args:
        steps: layers, verbs and functions, in order.

    Example:
        >>> from pipekeras import Input
        >>> from pipekeras.layers import Dense
        >>> encoder = Dense(8, activation="relu") | Dense(4)
        >>> (Input((16,)) | encoder).shape, (Input((16,)) | encoder).shape
        ((None, 4), (None, 4))
        >>> len(encoder)
        2
    """

    __array_ufunc__ = None

    def __init__(self, *steps: Any) -> None:
        self.steps = steps

    def __call__(self, left: Any) -> Any:
        """Put the steps after `left`."""
        for step in self.steps:
            left = _join(left, step)
        return left

    def __or__(self, right: Any) -> Any:
        return connect(self, right)

    def __ror__(self, left: Any) -> Any:
        return connect(left, self)

    def __len__(self) -> int:
        return len(self.steps)

    def __repr__(self) -> str:
        return " | ".join(_describe(step) for step in self.steps)


def connect(left: Any, right: Any) -> Any:
    """The value of `left | right`.

    Raises:
        ArgumentError: When the two can't be joined. The error, and any other that comes up in the step, names the
            caller's line and the number of the step.

    Example:
        >>> from pipekeras import Input
        >>> from pipekeras.layers import Dense
        >>> (Input((4,)) | Dense(2)).shape
        (None, 2)
    """
    try:
        return _join(left, right)
    except Exception as problem:
        _point_at_caller(problem)
        raise


def grow(left: Any, right: Any) -> Any:
    """The value of `left |= right`: a Sequential model grows in place; others are replaced by `left | right`.

    Example:
        >>> from pipekeras import Input, Sequential
        >>> from pipekeras.layers import Dense
        >>> model = alias = Sequential([Input((4,))])
        >>> model |= Dense(2)
        >>> alias.output_shape
        (None, 2)
    """
    try:
        if _is_sequential(left):
            for step in right.steps if isinstance(right, Pipe) else (right,):
                if not isinstance(step, Layer):
                    raise ArgumentError(
                        f"only layers can grow a model in place; found {_describe(step)}",
                        mend="write model | step for a verb",
                    )
                left.add(step)
            return left
        return _join(left, right)
    except Exception as problem:
        _point_at_caller(problem)
        raise


def apply_layer(left: Any, layer: Any) -> Any:
    """What a layer does with the value that the language pipes into it.

    Args:
        left: None gives the layer itself; a Sequential model grows in place and is given back; a tensor, or a list of
            tensors or arrays, is what the layer is called on.
        layer: the layer, or a model used as one.

    Raises:
        ArgumentError: When `left` is something else.

    Example:
        >>> from pipekeras import Input, Sequential
        >>> from pipekeras.layers import Dense
        >>> model = Sequential([Input((4,))])
        >>> apply_layer(model, Dense(2)) is model
        True
        >>> apply_layer(Input((4,)), Dense(3)).shape
        (None, 3)
    """
    if left is None:
        return layer
    if _is_sequential(left):
        left.add(layer)
        return left
    if isinstance(left, Layer):
        what = "a functional model does not grow" if hasattr(left, "layers") else "a layer is no tensor"
        raise ArgumentError(
            f"{_describe(layer)} can't be put after {_describe(left)}: {what}",
            mend="go on from the model's output tensor" if hasattr(left, "layers") else "call the layer first",
        )
    return layer(left)


def compile(*arguments: Any, **keywords: Any) -> Any:
    """Pipe verb: compile the model on the left; the pipe goes on with the model.

    Args:
        *arguments: as of `Model.compile`: optimizer, loss, ....
        **keywords: likewise.

    Example:
        >>> from pipekeras import Input, Sequential, compile
        >>> from pipekeras.layers import Dense
        >>> model = Sequential([Input((4,))]) | Dense(2) | compile(optimizer="sgd", loss="mse")
        >>> model.loss
        'mse'
    """
    return _verb("compile", True, arguments, keywords)


def fit(*arguments: Any, **keywords: Any) -> Any:
    """Pipe verb: train the model on the left; gives the `History`, whose `model` later verbs go on with.

    Args:
        *arguments: as of `Model.fit`: x, y, ....
        **keywords: likewise.

    Example:
        >>> import numpy as np
        >>> from pipekeras import Input, Sequential, compile, evaluate, fit
        >>> from pipekeras.layers import Dense
        >>> x, y = np.zeros((8, 4)), np.zeros((8, 2))
        >>> model = Sequential([Input((4,))]) | Dense(2) | compile("sgd", "mse")
        >>> model | fit(x, y, verbose=0) | evaluate(x, y, verbose=0)
        0.0
    """
    return _verb("fit", False, arguments, keywords)


def evaluate(*arguments: Any, **keywords: Any) -> Any:
    """Pipe verb: evaluate the model on the left; gives the loss and metrics.

    Args:
        *arguments: as of `Model.evaluate`: x, y, ....
        **keywords: likewise.
    """
    return _verb("evaluate", False, arguments, keywords)


def predict(*arguments: Any, **keywords: Any) -> Any:
    """Pipe verb: predict with the model on the left; gives the predictions.

    Args:
        *arguments: as of `Model.predict`: x, ....
        **keywords: likewise.
    """
    return _verb("predict", False, arguments, keywords)


def summary(*arguments: Any, **keywords: Any) -> Any:
    """Pipe verb: print the layers of the model on the left; the pipe goes on with the model.

    Args:
        *arguments: as of `Model.summary`.
        **keywords: likewise.
    """
    return _verb("summary", True, arguments, keywords)


def save(*arguments: Any, **keywords: Any) -> Any:
    """Pipe verb: save the model on the left; the pipe goes on with the model.

    Args:
        *arguments: as of `Model.save`: filepath, ....
        **keywords: likewise.
    """
    return _verb("save", True, arguments, keywords)


def _verb(name: str, gives_model: bool, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """The waiting verb; with a model as first argument, what it gives for that model."""
    if arguments and _model_of(arguments[0]) is not None:
        return Verb(name, gives_model, arguments[1:], keywords)(arguments[0])
    return Verb(name, gives_model, arguments, keywords)


def _join(left: Any, right: Any) -> Any:
    if isinstance(left, (Pipe, Verb)):
        return Pipe(*_steps(left), *_steps(right))
    if isinstance(right, Pipe):
        if isinstance(left, Layer) and not _has_outputs(left):
            return Pipe(left, *right.steps)
        return right(left)
    if isinstance(right, Verb):
        if isinstance(left, Layer) and _model_of(left) is None:
            return Pipe(left, right)
        return right(left)
    if isinstance(right, Layer):
        return _join_layer(left, right)
    if isinstance(right, Tensor) and _is_sequential(left):
        # Sequential() | Input(...): the stack takes the tensor's input layer.
        return _longer_stack(left, right)
    if callable(right):
        if isinstance(left, Layer):
            return Pipe(left, right)
        return right(left)
    raise ArgumentError(f"{_describe(right)} is no step of a pipe", mend="pipe into a layer, a verb or a function")


def _join_layer(left: Any, layer: Layer) -> Any:
    if _is_sequential(left):
        return _longer_stack(left, layer)
    if isinstance(left, Layer):
        if not _has_outputs(left):
            return Pipe(left, layer)
        from pipekeras.models.model import Model

        return Model(left.input, layer(left.output), name=left.name)
    if isinstance(left, (str, bytes, type(None))) or _model_of(left) is not None:
        raise ArgumentError(f"{_describe(layer)} needs a tensor or a model on its left; found {_describe(left)}")
    return layer(left)


def _longer_stack(stack: Any, top: Any) -> Any:
    from pipekeras.models.sequential import Sequential

    source = [] if stack._source is None else [stack._source]
    return Sequential([*source, *stack.layers, top], trainable=stack.trainable, name=stack.name)


def _steps(value: Any) -> tuple[Any, ...]:
    return value.steps if isinstance(value, Pipe) else (value,)


def _is_sequential(value: Any) -> bool:
    if not isinstance(value, Layer):
        return False
    from pipekeras.models.sequential import Sequential

    return isinstance(value, Sequential)


def _has_outputs(layer: Any) -> bool:
    """Whether a model can be made longer: a stack, or a graph with known outputs."""
    if _is_sequential(layer):
        return True
    from pipekeras.models.functional import Functional

    return isinstance(layer, Functional)


def _model_of(value: Any) -> Any:
    """The model that a verb applies to: a model itself, or the one that a training's result belongs to."""
    if isinstance(value, Layer):
        return value if hasattr(value, "compile") else None
    from pipekeras.callbacks.history import History

    return value.model if isinstance(value, History) else None


def _holds_tensors(value: Any) -> bool:
    return isinstance(value, Tensor) or (
        isinstance(value, (list, tuple, dict)) and any(isinstance(leaf, Tensor) for leaf in flatten(value))
    )


def _describe(value: Any) -> str:
    if isinstance(value, (Verb, Pipe)):
        return repr(value)
    if isinstance(value, Layer):
        return value.describe()
    if isinstance(value, Tensor):
        return f"a tensor of shape {value.shape}"
    if isinstance(value, Callable) and hasattr(value, "__name__"):  # type: ignore[arg-type]
        return str(value.__name__)
    return type(value).__name__


def _brief(value: Any) -> str:
    if hasattr(value, "shape"):
        return f"array{tuple(value.shape)}"
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _point_at_caller(problem: BaseException) -> None:
    """Tell in which step of which line of the user's program an error came up."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_globals.get("__name__") in (__name__, Layer.__module__):
        frame = frame.f_back
    if frame is None:
        return
    place = f"{os.path.basename(frame.f_code.co_filename)}:{_line_and_step(frame)}"
    if not isinstance(problem, UserError):
        problem.add_note(f"  in {place}")
    elif problem.place is None:
        problem.place = place


def _line_and_step(frame: FrameType) -> str:
    """The line of the step that runs, and its number: how many `|` of the same expression end before it."""
    step = 1
    for instruction in dis.get_instructions(frame.f_code):
        if instruction.opname != "BINARY_OP" or instruction.argrepr not in ("|", "|="):
            continue
        where = instruction.positions
        if instruction.offset == frame.f_lasti:
            line = (where.end_lineno if where else None) or frame.f_lineno
            return f"{line}, step {step} of the pipe"
        step = step + 1 if _starts_as(frame, where) else step
    return str(frame.f_lineno)


def _starts_as(frame: FrameType, where: Any) -> bool:
    """Whether an expression begins where the one does that runs; the pipe `a | b | c` is `(a | b) | c`."""
    for index, running in enumerate(frame.f_code.co_positions()):
        if 2 * index == frame.f_lasti:
            return where is not None and running[0] is not None and (running[0], running[2]) == (where[0], where[2])
    return False
