"""Functions of the language written in the language itself: rooms of families, one per file, loaded when first called.

A session's base environment holds a promise under the name of every function defined here. Forcing it parses only
that function's text, so a program pays for what it uses.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipekeras.grammar.environment import Environment
from pipekeras.grammar.nodes import LibrarySource, Symbol
from pipekeras.grammar.values import Promise

DEFINITION = re.compile(r"^(`[^`]+`|[A-Za-z.][\w.]*) <- ", re.MULTILINE)

PACKAGES: dict[str, tuple[str, ...]] = {
    "purrr": ("magrittr",),
    "dplyr": ("magrittr",),
    "tidyr": ("magrittr",),
    "tidyselect": ("dplyr",),
    "tibble": (),
    "readr": (),
    "forcats": (),
    "ggplot2": (),
    "rsample": (),
    "recipes": ("dplyr", "magrittr"),
    "yardstick": (),
    "tidymodels": (
        "magrittr", "dplyr", "rsample", "recipes", "yardstick", "ggplot2", "purrr", "tidyr", "tibble", "scales", "broom"
    ),
    "caret": ("ggplot2",),
    "caTools": (),
    "broom": (),
    "themis": ("recipes", "dplyr", "magrittr"),
    "testthat": (),
    "abind": (),
    "xts": ("zoo",),
    "listarrays": (),
    "reshape2": (),
    "MASS": (),
    "data.table": (),
    "withr": (),
    "knitr": (),
    "rmarkdown": (),
    "lubridate": (),
    "ROCR": (),
    "pROC": (),
    "Metrics": (),
    "magick": ("magrittr",),
    "jpeg": (),
    "png": (),
    "plyr": (),
    "matrixStats": (),
    "zoo": (),
    "forecast": (),
    "Hmisc": (),
    "progress": (),
    "fastmap": (),
    "rlang": (),
    "devtools": (),
    "remotes": (),
    "grid": (),
    "zip": (),
    "Rtsne": (),
    "tokenizers": (),
    "splines": (),
    "readxl": (),
    "compiler": (),
    "pacman": (),
    "rstudioapi": (),
    "tictoc": (),
    "beepr": (),
    "crayon": (),
    "dotty": (),
    "coro": (),
    "stringi": (),
    "parallel": (),
    "foreach": (),
    "doParallel": ("foreach", "parallel"),
    "tidyverse": ("magrittr", "purrr", "dplyr", "tidyr", "tibble", "readr", "forcats", "stringr", "ggplot2", "lubridate"),
}
"""Packages whose functions are defined here, with those that come along."""


def paths() -> list[Path]:
    """The files of what is seen from the start; `attached.py` has those of what a program asks for."""
    return sorted(path for path in Path(__file__).parent.glob("*/*.R") if path.parent.name != "attached")


@lru_cache(maxsize=1)
def definitions() -> dict[str, tuple[str, str, int]]:
    """Every definition by name: its file, its text, and the line on which it begins."""
    found: dict[str, tuple[str, str, int]] = {}
    for path in paths():
        found.update(cut(path))
    return found


def cut(path: Path) -> dict[str, tuple[str, str, int]]:
    """The definitions of one file."""
    found: dict[str, tuple[str, str, int]] = {}
    text = path.read_text(encoding="utf-8")
    matches = list(DEFINITION.finditer(text))
    line = 1
    read = 0
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        line += text.count("\n", read, match.start())
        read = match.start()
        end = len(text) if following is None else following.start()
        found[match[1].strip("`")] = (path.name, text[match.start() : end], line)
    return found


def load(name: str, base: Environment) -> Any:
    """Value of a definition, evaluated in the base environment."""
    return evaluated(definitions()[name], base)


def evaluated(definition: tuple[str, str, int], base: Environment) -> Any:
    """Value of a definition given as its file, text and line."""
    from pipekeras.grammar.evaluation.machine import evaluate
    from pipekeras.grammar.parse import parse_program

    file, text, line = definition
    assignment = parse_program(LibrarySource(file, text, line)).expressions[0]
    return evaluate(assignment.args[1].value, base)


def bindings(base: Environment) -> dict[str, Any]:
    """A promise for every definition and data set, to be put into a session's base environment."""
    from pipekeras.grammar.builtins.programs.packages import provide
    from pipekeras.grammar.library import datasets

    for package, along in PACKAGES.items():
        provide(package, along)

    def promise(name: str) -> Promise:
        return Promise(lambda environment: load(name, base), Symbol(name), base)

    return {**{name: promise(name) for name in definitions()}, **datasets.bindings(base)}
