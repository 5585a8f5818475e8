"""Cross-entropy of a softmax: Keras' value, with the gradient that is left when the two are taken together.

Through the probabilities, the gradient of a cross-entropy divides by each probability, and that of softmax multiplies
by it again. Together they are `probability * sum(labels) - labels`: one element-wise step in place of a dozen.
"""

from __future__ import annotations

from typing import Any

from pipekeras.core import configuration
from pipekeras.graph.operation import Spec
from pipekeras.graph.tensor import Tensor
from pipekeras.ops.arithmetic import clip
from pipekeras.ops.comparison import greater_equal, less_equal, logical_and, stop_gradient, where
from pipekeras.ops.define import primitive
from pipekeras.ops.mathematics import log
from pipekeras.ops.reduction import sum
from pipekeras.ops.shaping import squeeze


def _infer(value: Tensor, surrogate: Tensor) -> Spec:
    return Spec(value.shape, value.dtype)


@primitive(_infer, lambda g, out, value, surrogate: (None, g), "view", view=lambda view, **_: view)
def _gradient_of(value: Any, surrogate: Any) -> Any:
    """The first tensor, differentiated as the second. Simplification drops the second."""
    return value


def parts_of_softmax(output: Tensor, axis: int) -> tuple[Tensor, Tensor] | None:
    """Return x and sum(e ** x) if `output` was computed as e ** x / sum(e ** x) over `axis`, else None."""
    if output.operation is None or output.operation.name != "divide":
        return None
    powers, total = output.inputs
    if powers.operation is None or powers.operation.name != "exp":
        return None
    if total.operation is None or total.operation.name != "sum" or total.inputs[0] is not powers:
        return None
    if total.attributes != {"axis": (axis % output.ndim,), "keepdims": True}:
        return None
    return powers.inputs[0], total


def crossentropy_of_softmax(target: Any, output: Tensor, axis: int, fixed: bool = False) -> Tensor | None:
    """Return -sum(target * log(output)) over `axis` if `output` is a softmax over it, else None.

    `fixed` says that no gradient can be asked for the target. Probabilities are clipped to [epsilon, 1 - epsilon] and
    have no gradient beyond, as in Keras. Its division of the probabilities by their sum is left out: softmax has done
    it, and takes out again what it would add to the gradient.
    """
    parts = parts_of_softmax(output, axis)
    if parts is None:
        return None
    shifted, total = parts
    least = configuration.epsilon()
    logarithms: Any = log(clip(output, least, 1.0 - least))
    value = -sum(target * logarithms, axis)
    inside = logical_and(greater_equal(output, least), less_equal(output, 1.0 - least))
    used: Any = stop_gradient(where(inside, target, 0.0))
    surrogate: Any = sum(used, axis) * squeeze(log(total), axis) - sum(used * shifted, axis)
    if target.operation is not None and not fixed:
        # Labels that were computed have a gradient of their own.
        surrogate = surrogate - sum(target * stop_gradient(logarithms), axis)
    return _gradient_of(value, surrogate)
