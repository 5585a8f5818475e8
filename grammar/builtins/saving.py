"""Values kept in R's own files: ``saveRDS``, ``readRDS``, ``save``, ``load``."""

from __future__ import annotations

import gzip
import os
from typing import Any

from pipekeras.grammar.builtins.registry import RError, builtin, machine, warn, write
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.machine import expression_of, value_of
from pipekeras.grammar.nodes import Symbol
from pipekeras.grammar.printing.dispatch import one_text, optional_flag, texts_of
from pipekeras.grammar.text.serialization import (
    SerializationError,
    read_value,
    read_values,
    written_value,
    written_values,
)
from pipekeras.grammar.values import NULL, Vector, character

Dots = list[tuple[str | None, Any]]


def _path(file: Any) -> str:
    if isinstance(file, Vector) and file.kind == "character":
        return os.path.expanduser(one_text(file, "file"))
    from pipekeras.grammar.builtins.connections import connection_of

    return os.path.expanduser(connection_of(file, "file").description)


def _read(file: Any) -> bytes:
    path = _path(file)
    try:
        with open(path, "rb") as source:
            return source.read()
    except OSError as error:
        warn(f"cannot open compressed file '{path}', probable reason '{error.strerror}'")
        raise RError("cannot open the connection", mend=f"check that '{path}' exists and may be read") from None


def _write(file: Any, data: bytes, compress: Any) -> None:
    path = _path(file)
    packed = gzip.compress(data, 6, mtime=0) if optional_flag(compress, True) else data
    try:
        with open(path, "wb") as target:
            target.write(packed)
    except OSError as error:
        warn(f"cannot open compressed file '{path}', probable reason '{error.strerror}'")
        raise RError("cannot open the connection") from None


def _bad(error: Exception) -> RError:
    return RError(str(error) if isinstance(error, SerializationError) else "the file is damaged or not an R data file")


_DAMAGE = (SerializationError, OSError, EOFError, ValueError, UnicodeDecodeError, IndexError)


@builtin("readRDS", "file, refhook = NULL")
def read_rds(file: Any, hook: Any) -> Any:
    """The value that a file holds."""
    if hook is not NULL:
        raise RError("argument 'refhook' of readRDS() is not supported")
    data = _read(file)
    try:
        return read_value(data)
    except _DAMAGE as error:
        raise _bad(error) from None


@builtin("saveRDS", "object, file = '', ascii = FALSE, version = NULL, compress = TRUE, refhook = NULL", invisible=True)
def save_rds(object: Any, file: Any, ascii: Any, version: Any, compress: Any, hook: Any) -> Any:
    """Keep one value in a file."""
    if optional_flag(ascii) or hook is not NULL:
        raise RError("arguments 'ascii' and 'refhook' of saveRDS() are not supported")
    try:
        data = written_value(object)
    except SerializationError as error:
        raise RError(str(error), mend="models have save_model_hdf5() and save_model()") from None
    _write(file, data, compress)
    return NULL


@builtin("load", "file, envir = NULL, verbose = FALSE", needs_environment=True, invisible=True)
def load(file: Any, envir: Any, verbose: Any, *, environment: Environment) -> Any:
    """Bind the values that a file holds under their names."""
    data = _read(file)
    try:
        items = read_values(data)
    except _DAMAGE as error:
        raise _bad(error) from None
    target = environment if envir is NULL else envir
    if optional_flag(verbose):
        write("Loading objects:\n" + "".join(f"  {name}\n" for name, _ in items))
    for name, value in items:
        target.set(name, value)
    return character([name for name, _ in items])


@builtin(
    "save",
    "..., list = NULL, file = NULL, ascii = FALSE, version = NULL, envir = NULL, compress = TRUE, "
    "compression_level = NULL, eval.promises = TRUE, precheck = TRUE",
    lazy=True,
    needs_environment=True,
    invisible=True,
)
def save(
    dots: Dots, names: Any, file: Any, ascii: Any, version: Any, envir: Any, compress: Any, level: Any, promises: Any,
    precheck: Any, *, environment: Environment,
) -> Any:  # fmt: skip
    """Keep values under their names in a file."""
    if value_of(file) is NULL:
        raise RError("'file' must be specified")
    if optional_flag(value_of(ascii)):
        raise RError("argument 'ascii' of save() is not supported")
    wanted = []
    for _, argument in dots:
        node = expression_of(argument)
        wanted.append(node.name if isinstance(node, Symbol) else texts_of(value_of(argument))[0] or "")
    listed = value_of(names)
    wanted.extend(text or "" for text in (texts_of(listed) if listed is not NULL else []))
    given = value_of(envir)
    source = environment if given is NULL else given
    items = []
    for name in wanted:
        value = source.get(name)
        if value is None:
            raise RError(f"object \u2018{name}\u2019 not found")
        items.append((name, value))
    try:
        data = written_values(items)
    except SerializationError as error:
        raise RError(str(error), mend="models have save_model_hdf5() and save_model()") from None
    _write(value_of(file), data, value_of(compress))
    return NULL


@builtin("save.image", "file = '.RData', ...", invisible=True)
def save_image(file: Any, dots: Dots) -> Any:
    """Keep everything that the program has bound."""
    frame = machine.global_environment
    items = [(name, frame.get(name)) for name in frame.names(everything=False)]
    try:
        _write(file, written_values(items), NULL)
    except SerializationError as error:
        raise RError(str(error)) from None
    return NULL
