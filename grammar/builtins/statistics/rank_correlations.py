"""Kendall's score and its variance, and the chances of Kendall's and Spearman's statistics."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.numeric import rank_correlations
from pipekeras.grammar.values import Vector, double
from pipekeras.grammar.vectors.arguments import number, whole
from pipekeras.grammar.vectors.coerce import coerce


@builtin(".kendall_score", "x, y", package="internal")
def kendall_score(x: Any, y: Any) -> Vector:
    return double(rank_correlations.kendall_score(coerce(x, "double").data, coerce(y, "double").data))


@builtin(".kendall_variance", "x, y", package="internal")
def kendall_variance(x: Any, y: Any) -> Vector:
    return double(rank_correlations.kendall_variance(coerce(x, "double").data, coerce(y, "double").data))


@builtin(".kendall_tails", "pairs, n", package="internal")
def kendall_tails(pairs: Any, size: Any) -> Vector:
    """Chances of at most and of at least so many concordant pairs."""
    return double(list(rank_correlations.kendall_tails(round(number(pairs)), whole(size))))


@builtin(".spearman_tails", "distance, n", package="internal")
def spearman_tails(distance: Any, size: Any) -> Vector:
    """Chances of a sum of squared distances of at most and of at least so much."""
    return double(list(rank_correlations.spearman_tails(round(number(distance)), whole(size))))
