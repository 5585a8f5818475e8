"""Exact chances of the largest distance between distribution functions."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.numeric import largest_distances
from pipekeras.grammar.values import Vector, double
from pipekeras.grammar.vectors.arguments import flag, number, whole


@builtin(".one_sample_above", "distance, size", package="internal")
def one_sample_above(distance: Any, size: Any) -> Vector:
    return double(largest_distances.one_sample_above(number(distance), whole(size)))


@builtin(".two_samples_above", "distance, first, second, ends, two.sided", package="internal")
def two_samples_above(distance: Any, first: Any, second: Any, ends: Any, two_sided: Any) -> Vector:
    """`ends` says of each place of the pooled sample whether it ends a run of equal values."""
    runs = [bool(item) for item in ends.items()]
    return double(largest_distances.two_samples_above(number(distance), whole(first), whole(second), runs, flag(two_sided)))
