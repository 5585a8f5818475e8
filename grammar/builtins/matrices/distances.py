"""Distances between the rows of a matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import builtin
from pipekeras.grammar.values import (
    NA_REAL,
    NULL,
    Vector,
    character,
    double,
    integer,
    logical,
)
from pipekeras.grammar.vectors.arguments import flag, number
from pipekeras.grammar.vectors.report import fail
from pipekeras.grammar.vectors.shapes import as_matrix_array, axis_names, dimension_list, from_array

Dots = list[tuple[str | None, Any]]


@builtin("dist", "x, method = 'euclidean', diag = FALSE, upper = FALSE, p = 2", package="stats", needs_call=True)
def distances(x: Any, method: Any, diag: Any, upper: Any, p: Any, call: Any = None) -> Any:
    table = as_matrix_array(call_builtin("as.matrix", x), "double")
    difference = table[:, None, :] - table[None, :, :]
    wanted = str(method.items()[0])
    # What is missing in one of two rows is left out, and the sum stands for all columns.
    counted = ~np.isnan(difference)
    size = np.abs(np.where(counted, difference, 0.0))
    used = counted.sum(axis=2)
    share = np.where(used, used / max(table.shape[1], 1), NA_REAL)
    if wanted == "euclidean":
        full = np.sqrt((size**2).sum(axis=2) / share)
    elif wanted == "manhattan":
        full = size.sum(axis=2) / share
    elif wanted == "maximum":
        full = np.where(used, size.max(axis=2, initial=0.0), NA_REAL)
    elif wanted == "minkowski":
        power = number(p)
        if not power > 0:
            fail("distance parameter 'p' must be positive")
        full = ((size**power).sum(axis=2) / share) ** (1 / power)
    elif wanted == "canberra":
        scale = np.abs(table[:, None, :] + table[None, :, :])
        with np.errstate(all="ignore"):
            shares = np.abs(difference) / scale
        counted = ~np.isnan(shares)
        used = counted.sum(axis=2)
        full = np.where(counted, shares, 0).sum(axis=2) * np.where(used, table.shape[1] / np.maximum(used, 1), NA_REAL)
    elif wanted == "binary":
        on = table != 0
        either = ((on[:, None, :] | on[None, :, :]) & counted).sum(axis=2)
        unlike = ((on[:, None, :] != on[None, :, :]) & counted).sum(axis=2)
        full = np.where(used, np.where(either, unlike / np.maximum(either, 1), 0.0), NA_REAL)
    else:
        fail("invalid distance method")
    rows = len(table)
    lower = np.concatenate([full[k + 1 :, k] for k in range(rows)]) if rows else np.empty(0)
    attributes: dict[str, Any] = {"Size": integer(rows)}
    labels = axis_names(call_builtin("as.matrix", x), 0)
    if labels is not NULL:
        attributes["Labels"] = labels
    attributes.update({"Diag": logical(flag(diag)), "Upper": logical(flag(upper)), "method": character(wanted)})
    if wanted == "minkowski":
        attributes["p"] = double(number(p))
    attributes.update({"call": NULL if call is None else call, "class": character("dist")})
    return Vector("double", lower, attributes)


@builtin("as.matrix.dist", "x, ...")
def distances_as_matrix(x: Any, dots: Dots) -> Any:
    size = int(x.attributes["Size"].data[0])
    full = np.zeros((size, size))
    at = 0
    for k in range(size):
        full[k + 1 :, k] = x.data[at : at + size - k - 1]
        at += size - k - 1
    labels = x.attributes.get("Labels", character([str(k) for k in range(1, size + 1)]))
    return from_array("double", full + full.T, dimension_list(labels, labels))
