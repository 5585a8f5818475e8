"""Loops and branches.

On values a loop runs as Python. Inside of a model or a compiled step its function is traced once, whatever the number
of turns, and the turns run without Python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pipekeras.core.errors import ArgumentError, ShapeError
from pipekeras.core.structure import map_structure, pack_like
from pipekeras.graph import trace as tracing
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor, convert, next_number
from pipekeras.graph.trace import Trace
from pipekeras.ops.choices import choose
from pipekeras.ops.comparison import cast
from pipekeras.ops.define import FUNCTIONS, normalize_axis, primitive, public, public_as
from pipekeras.ops.joining import concatenate, stack
from pipekeras.ops.loops import check_carry, is_symbolic, leaves_of, packed, scan_symbolic, while_symbolic

_FEW = 1
"""A loop of no more turns than this is written out."""


def _length(name: str, xs: Any, length: int | None) -> int | None:
    found = {item.shape[0] if item.ndim else -1 for item in leaves_of(xs)}
    if -1 in found:
        raise ShapeError(f"{name}: a scalar has no axis to run over", mend="give tensors with a leading axis")
    if length is not None:
        found.add(int(length))
    if not found:
        raise ArgumentError(f"{name} needs xs to run over, or length", mend="give length=number of turns")
    known = sorted(size for size in found if size is not None)
    if len(known) > 1:
        raise ShapeError(f"{name}: the sequences and length disagree about the number of turns: {known}")
    return known[0] if known else None


@public
def scan(
    f: Callable[[Any, Any], tuple[Any, Any]],
    init: Any,
    xs: Any = None,
    length: int | None = None,
    reverse: bool = False,
    unroll: int | bool = 1,
) -> tuple[Any, Any]:
    """Run a function over the leading axis of tensors, with a carry that goes from turn to turn.

    Formula: carry, y[t] = f(carry, x[t]).

    Args:
        f: function of the carry and one slice that returns the new carry and what is to be stacked (or None).
        init: first carry: tensor or structure of tensors; shapes and types stay as they are.
        xs: tensor or structure of tensors with one leading size, or None.
        length: int, number of turns; needed without xs.
        reverse: bool, default False; whether to go from the last slice to the first. Results stay in the order of xs.
        unroll: True writes every turn out as a part of the graph; other values change nothing.

    Returns:
        The last carry, and the results of all turns stacked on a leading axis.

    Raises:
        ShapeError: a carry changes its shape or type; sequences of different lengths.
        ArgumentError: neither xs nor length.

    >>> from pipekeras import ops
    >>> ops.scan(lambda total, x: (total + x, total * x), ops.convert_to_tensor(0), ops.arange(4))
    (Tensor(6, shape=(), dtype=int32), Tensor([0, 0, 2, 9], shape=(4,), dtype=int32))
    """
    if not callable(f):
        raise ArgumentError(f"scan: f must be a function, not {type(f).__name__}")
    turns = _length("scan", xs, length)
    carry = map_structure(convert, init) if init is not None else None
    sequences = map_structure(convert, xs) if xs is not None else None
    if is_symbolic(carry, sequences) and (turns is None or (turns > _FEW and unroll is not True)):
        return scan_symbolic(f, carry, sequences, turns, bool(reverse))
    return _scan_now(f, carry, sequences, turns or 0, bool(reverse))


def _scan_now(f: Any, carry: Any, sequences: Any, turns: int, reverse: bool) -> tuple[Any, Any]:
    rows: list[Any] = []
    made: Any = None
    for place in range(turns - 1, -1, -1) if reverse else range(turns):
        given = None if sequences is None else map_structure(lambda item, place=place: item[place], sequences)
        new, made = f(carry, given)
        carry = packed(carry, check_carry("scan", new, leaves_of(carry), carry))
        rows.append(leaves_of(made))
    if not turns:
        # Only a trace tells what the turns would have stacked.
        _, like = scan_symbolic(f, carry, sequences, 0, reverse)
        return carry, packed(like, [FUNCTIONS["zeros"](item.shape, dtype=item.dtype) for item in leaves_of(like)])
    if reverse:
        rows.reverse()
    return carry, packed(made, [stack(list(column)) for column in zip(*rows, strict=True)])


@public
def while_loop(
    cond: Callable[..., Any], body: Callable[..., Any], loop_vars: Any, maximum_iterations: int | None = None
) -> Any:
    """Repeat a function while a condition holds.

    Args:
        cond: function of the loop variables that returns one truth value.
        body: function of the loop variables that returns new ones of the same shapes and types.
        loop_vars: tuple or list of tensors or structures; or one of them alone.
        maximum_iterations: int or None; most turns. Only with it has the loop a gradient in a compiled step.

    Returns:
        The loop variables when the condition no longer holds.

    >>> from pipekeras import ops
    >>> ops.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x * 2.0), (0, 1.0))
    (Tensor(3, shape=(), dtype=int32), Tensor(8., shape=(), dtype=float32))
    """
    several = isinstance(loop_vars, list | tuple)
    state = map_structure(convert, tuple(loop_vars) if several else (loop_vars,))

    def turn(now: Any) -> Any:
        new = body(*now)
        return tuple(new) if isinstance(new, list | tuple) and (several or len(new) == 1) else (new,)

    if maximum_iterations is not None and int(maximum_iterations) < 0:
        raise ArgumentError(f"while_loop: maximum_iterations must not be negative; got {maximum_iterations}")
    if is_symbolic(state):
        if maximum_iterations == 0:
            return state if several else state[0]
        state = while_symbolic(lambda now: cond(*now), turn, state, maximum_iterations)
        return state if several else state[0]
    turns = 0
    while (maximum_iterations is None or turns < maximum_iterations) and bool(cond(*state)):
        state = packed(state, check_carry("while_loop", turn(state), leaves_of(state), state))
        turns += 1
    return state if several else state[0]


@public
def fori_loop(lower: Any, upper: Any, body_fun: Callable[[Any, Any], Any], init_val: Any) -> Any:
    """Repeat a function for the whole numbers from `lower` up to, not including, `upper`.

    Args:
        lower, upper: int, or integer tensors.
        body_fun: function of the number and the value that returns the new value, of the same shape and type.
        init_val: tensor or structure of tensors.

    >>> from pipekeras import ops
    >>> ops.fori_loop(0, 4, lambda i, total: total + i, 0)
    Tensor(6, shape=(), dtype=int32)
    """
    value = map_structure(convert, init_val)
    first, last = convert(lower), convert(upper)
    if not is_symbolic(value, first, last):
        for place in range(int(first), int(last)):
            value = packed(value, check_carry("fori_loop", body_fun(convert(place), value), leaves_of(value), value))
        return value
    if first.data is None or last.data is None:
        begin = cast(first, "int32")
        _, found = while_loop(
            lambda place, now: place < last, lambda place, now: (place + 1, body_fun(place, now)), (begin, value)
        )
        return found
    places = np.arange(int(first), max(int(first), int(last)), dtype=np.int32)
    return scan(lambda now, place: (body_fun(place, now), None), value, places)[0]


@public_as("map")
def map_slices(f: Callable[[Any], Any], xs: Any) -> Any:
    """Apply a function to every slice along the leading axis and stack the results.

    >>> from pipekeras import ops
    >>> ops.map(lambda x: ops.sum(x), ops.ones((2, 3)))
    Tensor([3., 3.], shape=(2,), dtype=float32)
    """
    return scan(lambda _, x: ((), f(x)), (), xs)[1]


@public
def vectorized_map(function: Callable[[Any], Any], elements: Any) -> Any:
    """Apply a function to every slice along the leading axis and stack the results.

    Products of a slice with a matrix that is the same for all are computed for all slices at once.

    >>> from pipekeras import ops
    >>> ops.vectorized_map(lambda x: x * 2, ops.arange(3))
    Tensor([0, 2, 4], shape=(3,), dtype=int32)
    """
    return map_slices(function, elements)


@public
def cond(pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any]) -> Any:
    """Return what one of two functions returns.

    While a model or a compiled step is recorded and `pred` is not known yet, both functions are recorded; in the step
    only the one that `pred` names runs, with its assignments and its part of the gradient.

    Args:
        pred: one truth value.
        true_fn, false_fn: functions without arguments; their results have one structure, and equal shapes and types.

    >>> from pipekeras import ops
    >>> ops.cond(ops.convert_to_tensor(1.0) > 0, lambda: "up", lambda: "down")
    'up'
    """
    decision = convert(pred, "bool")
    if decision.ndim and decision.size != 1:
        raise ShapeError(f"cond needs one truth value; got shape {decision.shape}", mend="use ops.where to choose by element")
    if decision.data is not None:
        return true_fn() if bool(decision.data) else false_fn()
    holds = FUNCTIONS["reshape"](decision, ())
    return _choose([holds, FUNCTIONS["logical_not"](holds)], [true_fn, false_fn], "cond")


class _Branch(Trace):
    """Collects what a branch assigns; it reads what was assigned before it."""

    __slots__ = ("outer",)

    def __init__(self, outer: Trace) -> None:
        super().__init__()
        self.outer = outer

    def leaf(self, variable: Any) -> Tensor:
        """Return the variable's value when the branch begins."""
        return self.outer.read(variable)


def _choose(flags: Sequence[Tensor], functions: Sequence[Callable[[], Any]], name: str) -> Any:
    """Record functions of which only the one whose flag holds will run."""
    outer = tracing.current()
    first_inside = next_number()
    returned, results = [], []
    writes: list[dict[Any, Tensor]] = []
    for function in functions:
        if outer is None:
            returned.append(function())
            writes.append({})
        else:
            with tracing.tracing(_Branch(outer)) as inner:
                returned.append(function())
            assert inner is not None
            writes.append(inner.updates)
        results.append(leaves_of(returned[-1]))
    _check_branches(name, results)
    variables = list(dict.fromkeys(variable for written in writes for variable in written))
    before = [outer.read(variable) for variable in variables] if outer is not None else []
    for leaves, written in zip(results, writes, strict=True):
        leaves += [written.get(variable, old) for variable, old in zip(variables, before, strict=True)]
    chosen = choose(flags, results, lambda tensor: tensor.number >= first_inside)
    count = len(chosen) - len(variables)
    for variable, value in zip(variables, chosen[count:], strict=True):
        assert outer is not None
        outer.write(variable, value)
    return packed(returned[0], chosen[:count])


def _check_branches(name: str, results: Sequence[Sequence[Tensor]]) -> None:
    first = results[0]
    for other in results[1:]:
        if len(first) != len(other):
            raise ShapeError(f"{name}: one function returned {len(first)} tensors, another {len(other)}")
        for index, (a, b) in enumerate(zip(first, other, strict=True)):
            if a.shape != b.shape or a.dtype != b.dtype:
                raise ShapeError(
                    f"{name}: result {index} is {a.dtype}{a.shape} from one function and {b.dtype}{b.shape} from another",
                    mend="let all functions return the same shapes and types; ops.cast changes a type",
                )


@public
def switch(index: Any, branches: Any, *operands: Any) -> Any:
    """Return what one of several functions returns for the operands.

    Args:
        index: int or integer tensor; numbers outside of the list mean its first or last function.
        branches: list of functions of the operands.
        operands: what the functions are given.

    >>> from pipekeras import ops
    >>> ops.switch(1, [lambda x: x + 1, lambda x: x * 10], ops.convert_to_tensor(2))
    Tensor(20, shape=(), dtype=int32)
    """
    functions = list(branches)
    if not functions:
        raise ArgumentError("switch needs at least one function to choose from")
    place = convert(index)
    if place.data is not None:
        return functions[min(max(int(place.data), 0), len(functions) - 1)](*operands)

    place = FUNCTIONS["clip"](cast(FUNCTIONS["reshape"](place, ()), "int32"), 0, len(functions) - 1)
    if len(functions) == 1:
        return functions[0](*operands)
    recorded = [lambda function=function: function(*operands) for function in functions]
    return _choose([FUNCTIONS["equal"](place, number) for number in range(len(functions))], recorded, "switch")


@public
def associative_scan(f: Callable[[Any, Any], Any], elems: Any, reverse: bool = False, axis: int = 0) -> Any:
    """Combine all elements up to each place along an axis by a function that is associative.

    The places are combined in pairs, then in pairs of pairs: as many rounds as the logarithm of the length.

    Args:
        f: function of two tensors (or structures) that combines them slice by slice.
        elems: tensor or structure of tensors with one size along `axis`.
        reverse: bool, default False; whether to combine from the end.
        axis: int, default 0.

    >>> from pipekeras import ops
    >>> ops.associative_scan(lambda a, b: a + b, ops.arange(5))
    Tensor([ 0,  1,  3,  6, 10], shape=(5,), dtype=int32)
    """
    leaves = leaves_of(elems)
    places = [normalize_axis(axis, item.ndim, "associative_scan") for item in leaves]
    sizes = {item.shape[place] for item, place in zip(leaves, places, strict=True)}
    if len(sizes) != 1 or None in sizes:
        raise ShapeError(f"associative_scan needs tensors of one known size along axis {axis}; got {sizes}")
    moved = [FUNCTIONS["moveaxis"](item, place, 0) for item, place in zip(leaves, places, strict=True)]
    if reverse:
        moved = [FUNCTIONS["flip"](item, 0) for item in moved]

    def combine(first: list[Tensor], second: list[Tensor]) -> list[Tensor]:
        turned = [
            [FUNCTIONS["moveaxis"](item, 0, place) for item, place in zip(side, places, strict=True)]
            for side in (first, second)
        ]
        made = leaves_of(f(pack_like(elems, turned[0]), pack_like(elems, turned[1])))
        return [FUNCTIONS["moveaxis"](item, place, 0) for item, place in zip(made, places, strict=True)]

    found = _combined(combine, moved)
    if reverse:
        found = [FUNCTIONS["flip"](item, 0) for item in found]
    return pack_like(elems, [FUNCTIONS["moveaxis"](item, 0, place) for item, place in zip(found, places, strict=True)])


def _combined(combine: Any, items: list[Tensor]) -> list[Tensor]:
    length = len(items[0])
    if length < 2:
        return items
    pairs = combine([item[: length - 1 : 2] for item in items], [item[1::2] for item in items])
    odd = _combined(combine, pairs)
    if length == 2:
        even = [item[:1] for item in items]
    else:
        count = (length - 1) // 2
        later = combine([item[:count] for item in odd], [item[2::2] for item in items])
        even = [concatenate([item[:1], rest]) for item, rest in zip(items, later, strict=True)]
    return [_woven(a, b) for a, b in zip(even, odd, strict=True)]


def _woven(even: Tensor, odd: Tensor) -> Tensor:
    """Return the elements of two tensors in turn; the first has as many or one more."""
    count = len(odd)
    both = FUNCTIONS["reshape"](stack([even[:count], odd], axis=1), (2 * count, *odd.shape[1:]))
    return both if len(even) == count else concatenate([both, even[count:]])


def _rule(g: Tensor, out: Tensor, value: Tensor, *inputs: Tensor, rule: Any) -> list[Any]:
    return [None, *rule(g)]


@primitive(
    lambda value, *inputs, rule: Spec(value.shape, value.dtype), _rule, "view", view=lambda view, **attributes: view
)
def _own_gradient(value: Any, *inputs: Any, rule: Any) -> Any:
    """The first tensor, differentiated with respect to the others by a rule. Simplification drops the others."""
    return value


def with_rule(value: Tensor, inputs: Sequence[Tensor], rule: Callable[[Tensor], Sequence[Any]]) -> Tensor:
    """Return a value whose gradient for each of some inputs is what a rule gives for the value's gradient."""
    return _own_gradient(value, *inputs, rule=rule)


@public
def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function a gradient of its own.

    Args:
        f: function of tensors that returns its result and a function: of the gradient of the result (as the keyword
            `upstream` if it has one), returning the gradient of each argument.

    Returns:
        The function with that gradient.

    >>> from pipekeras import GradientTape, ops
    >>> @ops.custom_gradient
    ... def capped(x):
    ...     return x * x, lambda *args, upstream=None: ops.clip(upstream if upstream is not None else args[0], -1, 1)
    >>> x = ops.convert_to_tensor(3.0)
    >>> with GradientTape() as tape:
    ...     y = capped(x) * 5.0
    >>> tape.gradient(y, x)
    Tensor(1., shape=(), dtype=float32)
    """
    import functools
    import inspect

    @functools.wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        result, derivative = f(*args, **kwargs)
        named = "upstream" in inspect.signature(derivative).parameters
        inputs = [convert(item) for item in args]
        outputs = leaves_of(result)

        def rule_of(place: int) -> Any:
            def rule(g: Tensor) -> list[Any]:
                parts = [g if other == place else FUNCTIONS["zeros_like"](item) for other, item in enumerate(outputs)]
                found = derivative(upstream=parts[0]) if named and len(parts) == 1 else derivative(*parts)
                listed = list(found) if isinstance(found, list | tuple) else [found]
                if len(listed) != len(inputs):
                    raise ArgumentError(
                        f"custom_gradient: the gradient of {getattr(f, '__name__', 'the function')} returned "
                        f"{len(listed)} tensors for {len(inputs)} arguments",
                        mend="return one gradient for each positional argument, None where there is none",
                    )
                return [None if item is None else convert(item) for item in listed]

            return rule

        return packed(
            result, [_own_gradient(item, *inputs, rule=rule_of(place)) for place, item in enumerate(outputs)]
        )

    return wrapped
