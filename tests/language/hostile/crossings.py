"""Every builtin and every word of keras called with values that it was not made for."""

from __future__ import annotations

import random
from collections.abc import Iterator

from pipekeras.grammar.help import parameters_of
from pipekeras.grammar.keras.names import all_names
from pipekeras.grammar.session import Session
from pipekeras.grammar.values import is_function

VALUES = (
    "NULL", "list()", "character(0)", "integer(0)", "NA", "NA_character_", "-1", "0", "1e300", "2.5", "TRUE", "3L", "Inf",
    "NaN", '"a"', '""', 'c("b", NA)', "1:3", "c(a = 1, b = 2)", "c(1.5, NA)", "2i", "as.raw(1:2)", "sum", "function(x) x",
    "new.env()", "y ~ x + 1", "quote(x)", "quote(f(x, 1))", "expression(a, b)", "data.frame(a = 1:2, b = c('x', 'y'))",
    "data.frame()", 'factor(c("u", "v"))', "factor(character(0))", "list(1, list(2, list('c', NULL)))", "list(a = 1, b = 'x')",
    "matrix(1:4, 2)", "matrix(numeric(0), 0, 3)", "array(1:8, c(2, 2, 2))", 'as.Date("2020-01-01")',
    'as.POSIXct(0, tz = "UTC")',
    "structure(1, class = 'odd')", "structure(list(), class = 'odd')", "layer", "model", "tensor", "1:0", "c(TRUE, NA)",
    "'\\u00e9\\u4e2d'", "rev(letters)", "as.POSIXlt(0, tz = 'UTC')", "as.difftime(1, units = 'mins')", "-3:3",
)  # fmt: skip
"""What a parameter may be given by somebody who misunderstands it."""
BEFORE = {
    "layer": "layer <- layer_dense(units = 2)",
    "model": "model <- keras_model_sequential() %>% layer_dense(2, input_shape = 3)",
    "tensor": "tensor <- layer_input(shape = 3)",
}
"""What a value's own name stands for."""
_LEFT_OUT = """
    q quit Sys.sleep system system2 shell unlink file.remove file.rename file.copy file.create file.append dir.create setwd
    sink readline readLines readRDS readRenviron save saveRDS save.image install.packages Sys.setenv Sys.unsetenv source
    sys.source write write.csv write.table writeLines dput dump cat.file download.file browser file.edit edit fix
    file_delete dir_delete file_move file_copy dir_copy file_create dir_create link_create file_touch file_chmod file_chown
    Sys.chmod Sys.umask Sys.setFileTime scan menu invokeRestart repeat while fileConnection unz gzfile bzfile xzfile url
    socketConnection pipe fifo Rprof readkey write_json pdf png jpeg svg tiff bmp dev.off file close open unzip untar zip tar
    Sys.setlocale library require use_condaenv use_virtualenv install_keras install_tensorflow py_install use_python
    application_vgg16 get_file savehistory loadhistory data untar write_lines write_file write_csv
"""
LEFT_OUT = frozenset(_LEFT_OUT.split())
"""Names that reach out of the program, or wait for somebody."""


def _taking_part(name: str) -> bool:
    return name not in LEFT_OUT and not name.startswith(("application_", "dataset_", "save_", "export_", "serialize_model"))


def builtin_names(session: Session) -> list[str]:
    """The functions of the base environment that can be called with anything and do no harm."""
    return sorted(name for name, value in session.base.frame.items() if is_function(value) and _taking_part(name))


def word_names() -> list[str]:
    """The words of keras that can be called with anything and do no harm."""
    return sorted(name for name in all_names() if _taking_part(name))


def with_setting(text: str) -> str:
    """The call after the lines that make what it names."""
    return "\n".join([line for name, line in BEFORE.items() if name in text.replace("layer_", "")] + [text])


def quoted_name(name: str) -> str:
    """A name as it can stand before a parenthesis."""
    return f"`{name}`"


def calls_of(name: str, parameters: list[str], chance: random.Random, count: int) -> Iterator[str]:
    """So many calls of a function: each value alone first, then by twos and threes, by position and by name."""
    word = quoted_name(name)
    if name.endswith("<-"):
        for value in chance.sample(VALUES, min(count, len(VALUES))):
            other, place = chance.choice(VALUES), chance.choice(VALUES)
            yield f"x <- {other}; {quoted_name(name[:-2])}(x) <- {value}; x"
            yield f"x <- {other}; {quoted_name(name[:-2])}(x, {place}) <- {value}; x"
        return
    yield f"{word}()"
    for value in VALUES[:count]:
        yield f"{word}({value})"
    named = [parameter for parameter in parameters if parameter != "..."]
    for _ in range(count - len(VALUES)):
        given = [chance.choice(VALUES) for _ in range(chance.randint(1, 4))]
        if named and chance.random() < 0.6:
            first = chance.choice(("", f"{chance.choice(named)} = ")) + given[0]
            parts = [first, *(f"{chance.choice(named)} = {value}" for value in given[1:])]
            yield f"{word}({', '.join(parts)})"
        else:
            yield f"{word}({', '.join(given)})"


def crossings(seed: int, count: int, words: bool = False, first: str = "") -> Iterator[str]:
    """Programs of one call each, `count` for every function from `first` on, the same for the same seed."""
    session = Session()
    for name in word_names() if words else builtin_names(session):
        if name < first:
            continue
        chance = random.Random(f"{seed} {name}")
        parameters = [parameter for parameter, _ in parameters_of(session.base.get_function(name))]
        for text in calls_of(name, parameters, chance, count):
            yield with_setting(text)
