"""Data sets that programs find under their names: small text tables, read when first used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.nodes import Symbol
from pipekeras.grammar.values import NA_INTEGER, NA_REAL, Promise, Vector, character

FOLDER = Path(__file__).parent / "data"
COLUMN_KINDS = {
    "airquality": "iidiii",
    "cars": "dd",
    "faithful": "dd",
    "iris": "ddddf",
    "mtcars": "ddddddddddd",
    "PlantGrowth": "df",
    "pressure": "dd",
    "sleep": "dff",
    "ToothGrowth": "dfd",
    "USArrests": "diid",
    "women": "dd",
}
"""One letter per column: d double, i integer, f factor with its levels in order of appearance or value."""


def _column(texts: list[str], kind: str) -> Vector:
    if kind == "d":
        return Vector("double", np.array([NA_REAL if t == "NA" else float(t) for t in texts]))
    if kind == "i":
        return Vector("integer", np.array([NA_INTEGER if t == "NA" else int(t) for t in texts], np.int32))
    levels = sorted(set(texts), key=lambda t: (int(t) if t.isdigit() else 0, t))
    codes = np.array([levels.index(text) + 1 for text in texts], np.int32)
    return Vector("integer", codes, {"levels": character(levels), "class": character("factor")})


def load(name: str) -> Any:
    """A data set as a data frame."""
    from pipekeras.grammar.vectors.frames import make_frame

    header, *records = (line.split(",") for line in (FOLDER / f"{name}.csv").read_text("utf-8").splitlines())
    columns = [list(column) for column in zip(*records, strict=True)]
    rows = character(columns.pop(0)) if len(columns) > len(COLUMN_KINDS[name]) else None
    names = header[-len(columns) :]
    made = [_column(texts, kind) for texts, kind in zip(columns, COLUMN_KINDS[name], strict=True)]
    return make_frame(made, names, len(records), rows)


def bindings(base: Environment) -> dict[str, Any]:
    """A promise for every data set."""

    def promise(name: str) -> Promise:
        return Promise(lambda environment: load(name), Symbol(name), base)

    return {name: promise(name) for name in COLUMN_KINDS}
