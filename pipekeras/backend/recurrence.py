"""A function of the user's run over the times of a tensor, with keras.backend's arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ArgumentError
from pipekeras.core.structure import flatten, map_structure
from pipekeras.graph.tensor import Tensor, convert


def rnn(
    step_function: Callable[[Any, list[Any]], tuple[Any, Any]],
    inputs: Any,
    initial_states: Any,
    go_backwards: bool = False,
    mask: Any = None,
    constants: Any = None,
    unroll: bool = False,
    input_length: Any = None,
    time_major: bool = False,
    zero_output_for_mask: bool = False,
    return_all_outputs: bool = True,
) -> tuple[Any, Any, list[Any]]:
    """Run a function over the time axis.

    Args:
        step_function: function `(inputs of one time, states) -> (output, new states)`; states are a list of tensors, after
            which the constants follow.
        inputs: tensor (batch, time, ...), or a structure of them.
        initial_states: list of tensors.
        go_backwards: bool, default False; whether to begin with the last time.
        mask: None or tensor (batch, time) of truth values; where it is false the states stay and the last output is repeated.
        constants: list of tensors, or None.
        unroll: bool, default False; whether every time is a part of the graph by itself.
        input_length: int or None; must be the number of times, which the inputs tell.
        time_major: bool, default False; whether the time axis comes first, in the outputs too.
        zero_output_for_mask: bool, default False; whether masked outputs are 0 rather than repeated.
        return_all_outputs: bool, default True; whether outputs of all times are kept, or the last alone.

    Returns: the last output, the outputs (batch, time, ...) in the order in which they were made, and the last states.

    Raises:
        ArgumentError: input_length is not the number of times.

    Example:

    >>> from pipekeras import backend as K, ops
    >>> total = lambda x, states: (states[0] + x, [states[0] + x])
    >>> last, outputs, states = K.rnn(total, ops.ones((1, 3, 1)), [ops.zeros((1, 1))])
    >>> outputs.numpy().ravel().tolist()
    [1.0, 2.0, 3.0]
    """

    def turned(item: Any) -> Tensor:
        tensor = convert(item)
        return tensor if time_major else ops.swapaxes(tensor, 0, 1)

    sequences = map_structure(turned, inputs)
    count = flatten(sequences)[0].shape[0]
    if isinstance(input_length, int) and count is not None and input_length != count:
        raise ArgumentError(f"rnn has input_length {input_length} for inputs of {count} times")
    fixed = [convert(item) for item in constants or ()]
    states = [convert(item) for item in initial_states]
    carry: dict[str, Any] = {"states": states}
    given: dict[str, Any] = {"inputs": sequences}
    if mask is not None:
        given["mask"] = _mask_by_time(mask, time_major)
        first, _ = step_function(map_structure(lambda item: item[0], sequences), [*states, *fixed])
        carry["output"] = map_structure(ops.zeros_like, first)
    if go_backwards:
        given = map_structure(lambda item: ops.flip(item, 0), given)

    def turn(carried: dict[str, Any], now: dict[str, Any]) -> tuple[dict[str, Any], Any]:
        output, fresh = step_function(now["inputs"], [*carried["states"], *fixed])
        fresh = list(fresh) if isinstance(fresh, list | tuple) else [fresh]
        if mask is None:
            return {"states": fresh}, output
        fresh = [_kept(now["mask"], new, old) for new, old in zip(fresh, carried["states"], strict=True)]
        held = carried["output"]
        shown = map_structure(lambda new, old: _kept(now["mask"], new, old), output, held)
        if zero_output_for_mask:
            return {"states": fresh, "output": shown}, map_structure(
                lambda new: _kept(now["mask"], new, ops.zeros_like(new)), output
            )
        return {"states": fresh, "output": shown}, shown

    carried, rows = ops.scan(turn, carry, given, unroll=bool(unroll))
    last = map_structure(lambda item: item[-1], rows)
    if not return_all_outputs:
        rows = map_structure(lambda item: item[-1:], rows)
    outputs = rows if time_major else map_structure(lambda item: ops.swapaxes(item, 0, 1), rows)
    return last, outputs, list(carried["states"])


def _mask_by_time(mask: Any, time_major: bool) -> Tensor:
    flags = ops.cast(convert(mask), "bool")
    if flags.ndim == 3:
        flags = ops.squeeze(flags, -1)
    return flags if time_major else ops.swapaxes(flags, 0, 1)


def _kept(flags: Tensor, new: Any, old: Any) -> Tensor:
    """Return new rows where the flags hold, old ones elsewhere."""
    wide = ops.reshape(flags, (-1, *(1,) * (convert(new).ndim - 1)))
    return ops.where(wide, new, old)
