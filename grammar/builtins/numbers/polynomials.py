"""Zeros of polynomials."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import Vector, type_of
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.report import fail


@builtin("polyroot", "z")
def polynomial_roots(z: Any) -> Any:
    """The zeros of the polynomial with these coefficients, the constant first."""
    from pipekeras.grammar.numeric.polynomial_roots import NoConvergence, zeros

    if type(z) is not Vector or z.kind not in ("logical", "integer", "double", "complex"):
        fail(f"unimplemented type '{type_of(z)}' in 'polyroot'\n")
    data = coerce(z, "complex").data
    if not np.isfinite(data).all():
        fail("invalid polynomial coefficient")
    kept = np.flatnonzero(data)
    if not len(kept) or kept[-1] < 1:
        return Vector("complex", np.empty(0, np.complex128))
    try:
        found = zeros(data[kept[-1] :: -1].tolist())
    except NoConvergence:
        fail("root finding code failed")
    return Vector("complex", np.array(found, np.complex128))
