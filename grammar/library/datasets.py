"""Data sets that programs find under their names: small text tables, read when first used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.library import stored_sets
from pipekeras.grammar.nodes import Symbol
from pipekeras.grammar.values import NA_INTEGER, NA_REAL, Promise, Vector, character, mk_list

FOLDER = Path(__file__).parent / "data"
COLUMN_KINDS = {
    "airquality": "iidiii",
    "anscombe": "dddddddd",
    "attitude": "ddddddd",
    "cars": "dd",
    "chickwts": "df",
    "faithful": "dd",
    "InsectSprays": "df",
    "iris": "ddddf",
    "longley": "dddddid",
    "mtcars": "ddddddddddd",
    "npk": "ffffd",
    "PlantGrowth": "df",
    "pressure": "dd",
    "rock": "iddd",
    "sleep": "dff",
    "stackloss": "dddd",
    "swiss": "ddiidd",
    "ToothGrowth": "dfd",
    "trees": "ddd",
    "USArrests": "diid",
    "warpbreaks": "doo",
    "women": "dd",
}
"""One letter per column: d double, i integer, f factor with sorted levels, o factor with levels in order of appearance."""
COUNTS = ("HairEyeColor", "Titanic", "UCBAdmissions")
"""Contingency tables: a column for every factor, the first varying fastest, then the count."""
SERIES = {"AirPassengers": (1949.0, 12.0), "Nile": (1871.0, 1.0)}
"""When a time series starts and how many values it has for each year."""
NUMBERS = ("islands", "precip", "rivers")
STATES = {"state.abb": "abb", "state.area": "area", "state.division": "division", "state.name": "name",
          "state.region": "region"}
"""Facts of the fifty states: columns of one file."""
REGIONS = ["Northeast", "South", "North Central", "West"]
DIVISIONS = ["New England", "Middle Atlantic", "South Atlantic", "East South Central", "West South Central",
             "East North Central", "West North Central", "Mountain", "Pacific"]


def _column(texts: list[str], kind: str) -> Vector:
    if kind == "d":
        return Vector("double", np.array([NA_REAL if t == "NA" else float(t) for t in texts]))
    if kind == "i":
        return Vector("integer", np.array([NA_INTEGER if t == "NA" else int(t) for t in texts], np.int32))
    levels = list(dict.fromkeys(texts))
    if kind == "f":
        levels.sort(key=lambda t: (int(t) if t.isdigit() else 0, t))
    codes = np.array([levels.index(text) + 1 for text in texts], np.int32)
    return Vector("integer", codes, {"levels": character(levels), "class": character("factor")})


def _read(name: str) -> tuple[list[str], list[list[str]]]:
    """Header and columns of a file."""
    header, *records = (line.split(",") for line in (FOLDER / f"{name}.csv").read_text("utf-8").splitlines())
    return header, [list(column) for column in zip(*records, strict=True)]


def _counts(name: str) -> Vector:
    """A contingency table."""
    header, columns = _read(name)
    levels = {label: character(list(dict.fromkeys(column))) for label, column in zip(header[:-1], columns, strict=False)}
    dim = Vector("integer", np.array([len(texts) for texts in levels.values()], np.int32))
    dimnames = mk_list(list(levels.values()), list(levels))
    counts = _column(columns[-1], "d").data
    return Vector("double", counts, {"dim": dim, "dimnames": dimnames, "class": character("table")})


def _series(name: str) -> Vector:
    """A time series."""
    start, frequency = SERIES[name]
    values = _column(_read(name)[1][0], "d").data
    span = Vector("double", np.array([start, start + (len(values) - 1) / frequency, frequency]))
    return Vector("double", values, {"tsp": span, "class": character("ts")})


def _numbers(name: str) -> Vector:
    """Numbers, with names where the file has them."""
    columns = _read(name)[1]
    values = _column(columns[-1], "d").data
    return Vector("double", values, {"names": character(columns[0])} if len(columns) > 1 else None)


def _states(column: str) -> Vector:
    """One fact of each state; the divisions and the regions have an order of their own."""
    header, columns = _read("states")
    texts = columns[header.index(column)]
    if column == "area":
        return _column(texts, "d")
    if column in ("name", "abb"):
        return character(texts)
    levels = REGIONS if column == "region" else DIVISIONS
    codes = np.array([levels.index(text) + 1 for text in texts], np.int32)
    return Vector("integer", codes, {"levels": character(levels), "class": character("factor")})


def load(name: str) -> Any:
    """A data set under its name, most of them data frames."""
    if name in COUNTS:
        return _counts(name)
    if name in SERIES:
        return _series(name)
    if name in NUMBERS:
        return _numbers(name)
    if name in STATES:
        return _states(STATES[name])
    return _frame(name)


def _frame(name: str) -> Any:
    """A data frame."""
    from pipekeras.grammar.vectors.frames import make_frame

    header, columns = _read(name)
    count = len(columns[0])
    rows = character(columns.pop(0)) if len(columns) > len(COLUMN_KINDS[name]) else None
    names = header[-len(columns) :]
    made = [_column(texts, kind) for texts, kind in zip(columns, COLUMN_KINDS[name], strict=True)]
    return make_frame(made, names, count, rows)


def bindings(base: Environment) -> dict[str, Any]:
    """A promise for every data set."""

    def promise(name: str) -> Promise:
        return Promise(lambda environment: load(name), Symbol(name), base)

    def further(name: str) -> Promise:
        return Promise(lambda environment: stored_sets.load(name, base), Symbol(name), base)

    here = {name: promise(name) for name in (*COLUMN_KINDS, *COUNTS, *SERIES, *NUMBERS, *STATES)}
    return {**here, **{name: further(name) for name in stored_sets.NAMES}}
