"""More data sets: blocks of one text file, each a name, how its numbers become a value, and the numbers."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.nodes import LibrarySource
from pipekeras.grammar.values import NA_INTEGER, NA_REAL, Vector, character

FILE = Path(__file__).parent / "data" / "further.txt"
BLOCK = re.compile(r"^([A-Za-z][\w.]*) <- (.*)\n((?:.+\n)*)", re.MULTILINE)
NAMES = (
    "BJsales", "BJsales.lead", "JohnsonJohnson", "LakeHuron", "UKDriverDeaths", "UKgas", "USAccDeaths", "WWWusage",
    "airmiles", "austres", "co2", "discoveries", "fdeaths", "ldeaths", "mdeaths", "lh", "lynx", "nhtemp", "nottem",
    "presidents", "sunspot.month", "sunspot.year", "sunspots", "uspop", "freeny.y", "EuStockMarkets", "Seatbelts",
    "CO2", "ChickWeight", "DNase", "Indometh", "Loblolly", "Orange", "Theoph", "BOD", "Formaldehyde",
    "LifeCycleSavings", "OrchardSprays", "Puromycin", "USJudgeRatings", "attenu", "beaver1", "beaver2", "esoph",
    "infert", "morley", "quakes", "randu", "freeny", "USPersonalExpenditure", "VADeaths", "WorldPhones", "euro.cross",
    "freeny.x", "stack.x", "state.x77", "volcano", "crimtab", "occupationalStatus", "iris3", "euro", "stack.loss",
    "state.center", "treering", "eurodist", "UScitiesD", "ability.cov", "Harman23.cor", "Harman74.cor",
)  # fmt: skip
"""Names of the blocks, so that the file is read only when one of them is asked for."""


@lru_cache(maxsize=1)
def blocks() -> dict[str, tuple[str, str]]:
    """Every block by name: the expression that makes the value, and the lines of its numbers."""
    return {name: (expression, lines) for name, expression, lines in BLOCK.findall(FILE.read_text("utf-8"))}


def _numbers(texts: list[str]) -> Vector:
    return Vector("double", np.array([NA_REAL if text == "NA" else float(text) for text in texts]))


def _column(texts: list[str], kind: str, levels: list[str] | None) -> Vector:
    """A column: d double, i integer, f factor with sorted levels, o with levels as they appear, g and q ordered ones."""
    if kind == "d":
        return _numbers(texts)
    if kind == "i":
        return Vector("integer", np.array([NA_INTEGER if text == "NA" else int(float(text)) for text in texts], np.int32))
    texts = [text.replace("_", " ") for text in texts]
    if levels is None:
        levels = sorted(set(texts) - {"NA"}) if kind == "f" else list(dict.fromkeys(texts))
    codes = {level: code for code, level in enumerate(levels, 1)}
    classes = ["ordered", "factor"] if kind in "gq" else ["factor"]
    values = np.array([codes.get(text, NA_INTEGER) for text in texts], np.int32)
    return Vector("integer", values, {"levels": character(levels), "class": character(classes)})


def _table(lines: list[str]) -> tuple[list[str], list[Vector], Vector | None]:
    """Names and columns of a table, and the names of its rows where it has them."""
    columns = [part.partition(":") for part in lines[0][2:].split()]
    levels = {name: texts for name, *texts in (line[2:].split() for line in lines if line.startswith("= "))}
    records = [line.split() for line in lines[1:] if not line.startswith("= ")]
    cells = [list(column) for column in zip(*records, strict=True)]
    rows = None
    if columns[0][2] == "n":
        rows = character([text.replace("_", " ") for text in cells.pop(0)])
        columns.pop(0)
    made = [_column(texts, kind or "d", levels.get(name)) for texts, (name, _, kind) in zip(cells, columns, strict=True)]
    return [name for name, _, _ in columns], made, rows


def load(name: str, base: Environment) -> Any:
    """Value of a block: its expression sees the table as ``frame``, or all numbers as ``values``."""
    from pipekeras.grammar.evaluation.machine import evaluate
    from pipekeras.grammar.parse import parse_program
    from pipekeras.grammar.vectors.frames import make_frame

    expression, text = blocks()[name]
    lines = text.splitlines()
    inner = Environment(base)
    if lines[0].startswith(": "):
        names, columns, rows = _table(lines)
        inner.frame["frame"] = make_frame(columns, names, len(columns[0]), rows)
    else:
        inner.frame["values"] = _numbers(text.split())
    return evaluate(parse_program(LibrarySource(FILE.name, expression, 1)).expressions[0], inner)
