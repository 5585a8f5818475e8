"""The steps of a cell as one compiled loop: the cell is traced once, whatever the number of steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipekeras import ops
from pipekeras.core.structure import flatten, map_structure
from pipekeras.graph import trace as tracing
from pipekeras.graph.body import BodyTrace, placeholder_like
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.recurrent.cell import DropoutCell

FEWEST = 5
"""With fewer steps than this they are written out."""

OneStep = Callable[[Any, Any], tuple[Any, Any]]
"""Takes one step's input and the states, returns output and new states."""


def spread(mask: Any, values: Any) -> Any:
    """Return a mask with axes added until it meets the values axis by axis."""
    missing = values.ndim - mask.ndim
    return ops.expand_dims(mask, tuple(range(mask.ndim, mask.ndim + missing))) if missing else mask


def is_loop(steps: Any, states: Any) -> bool:
    """Whether steps are to be run as a loop: enough of them, and part of a graph."""
    if not isinstance(steps.shape[0], int) or steps.shape[0] < FEWEST:
        return False
    return tracing.current() is not None or any(convert(item).data is None for item in [steps, *flatten(states)])


def run_loop(cell: Any, one_step: OneStep, steps: Any, states: Any, mask: Any) -> tuple[Any, Any, Any]:
    """Return the outputs of all steps (time, batch, ...), the last output and the last states.

    Args:
        cell: for its dropout masks, which stay the same at all steps, and its losses, which are added up over them.
        one_step: the step.
        steps: (time, batch, ...), in the order of the loop.
        states: first states.
        mask: bool (time, batch) or None; at masked steps states and output stay.
    """
    layers = cell._flatten_layers() if isinstance(cell, Layer) else []
    states = map_structure(convert, list(states))
    first: Any = None
    if mask is not None or any(isinstance(layer, DropoutCell) for layer in layers):
        first = _try_once(layers, one_step, steps, states)

    def turn(carry: Any, given: Any) -> tuple[Any, Any]:
        old, before = carry
        x, valid = given if mask is not None else (given, None)
        output, new = one_step(x, old)
        new = list(new) if isinstance(new, list | tuple) else [new]
        if valid is not None:
            output = ops.where(spread(valid, output), output, before)
            new = map_structure(lambda after, now: ops.where(spread(valid, after), after, now), new, list(old))
        kept = output if valid is not None else ()
        return (new, kept), (output, _taken_losses(layers))

    before = ops.zeros(first.shape, dtype=first.dtype) if mask is not None else ()
    given = steps if mask is None else (steps, mask)
    (states, _), (outputs, losses) = ops.scan(turn, (states, before), given)
    for layer, loss in zip(layers, losses, strict=True):
        for item in loss:
            layer.add_loss(ops.sum(item, axis=0))
    return outputs, outputs[-1], states


def _try_once(layers: list[Any], one_step: OneStep, steps: Any, states: Any) -> Any:
    """Run one step for the shape of its output alone; then make the dropout masks that it asked for, for all steps."""
    cells = [layer for layer in layers if isinstance(layer, DropoutCell)]
    known = [cell.known_masks() for cell in cells]
    with tracing.tracing(BodyTrace()):
        output, _ = one_step(Tensor.symbolic(steps.shape[1:], steps.dtype), map_structure(placeholder_like, states))
    _taken_losses(layers)
    for cell, kinds in zip(cells, known, strict=True):
        cell.make_masks_like(cell.forget_masks(kinds))
    return output


def _taken_losses(layers: list[Any]) -> list[list[Any]]:
    """Take the losses that a step added: outside of the loop they have no meaning."""
    taken = []
    for layer in layers:
        taken.append(list(layer._losses))
        layer._losses.clear()
    return taken
