"""Bounds on gradients."""

from __future__ import annotations

from collections.abc import Sequence

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.graph.tensor import Tensor


def check_options(clipnorm: float | None, clipvalue: float | None, global_clipnorm: float | None) -> None:
    """Raise a ConfigurationError when more than one kind of clipping is asked for."""
    options = {"clipnorm": clipnorm, "clipvalue": clipvalue, "global_clipnorm": global_clipnorm}
    given = [name for name, value in options.items() if value is not None]
    if len(given) > 1:
        raise ConfigurationError(f"only one of clipnorm, clipvalue and global_clipnorm may be given, not {given}")


def clip(
    gradients: list[Tensor], clipnorm: float | None, clipvalue: float | None, global_clipnorm: float | None
) -> list[Tensor]:
    """Return the gradients within the bound that is set, if any."""
    if clipnorm and clipnorm > 0:
        return [clip_by_norm(gradient, clipnorm) for gradient in gradients]
    if global_clipnorm and global_clipnorm > 0:
        return clip_by_global_norm(gradients, global_clipnorm)
    if clipvalue and clipvalue > 0:
        return [ops.clip(gradient, -clipvalue, clipvalue) for gradient in gradients]
    return gradients


def clip_by_norm(gradient: Tensor, bound: float) -> Tensor:
    """Scale a gradient down to the norm `bound` where it is longer: g * bound / max(|g|, bound)."""
    norm = ops.sqrt(ops.sum(ops.square(gradient)))
    return gradient * (bound / ops.maximum(norm, bound))


def clip_by_global_norm(gradients: Sequence[Tensor], bound: float) -> list[Tensor]:
    """Scale all gradients by one factor so that their joint norm is at most `bound`.

    A norm that is not finite makes every gradient NaN, so that the fault shows.
    """
    total = ops.sum(ops.square(gradients[0]))
    for gradient in gradients[1:]:
        total = total + ops.sum(ops.square(gradient))
    norm = ops.sqrt(total)
    scale = bound * ops.minimum(1.0 / norm, 1.0 / bound) + (norm - norm)
    return [gradient * scale for gradient in gradients]
