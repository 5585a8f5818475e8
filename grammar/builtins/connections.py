"""Connections: files, texts in memory, standard streams; reading and writing lines; diverting output."""

from __future__ import annotations

import gzip
import os
import sys
from typing import Any, TextIO, cast

from pipekeras.grammar.builtins.registry import UNSET, builtin, call_function, machine, value_of, write, write_error
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import warn
from pipekeras.grammar.nodes import Symbol
from pipekeras.grammar.values import NULL, Promise, Vector, character, inherits, integer, logical
from pipekeras.grammar.vectors.arguments import flag, text, whole

Dots = list[tuple[str | None, Any]]


class Connection:
    """A place to read lines from or to write text to.

    Args:
        kind: R's class of it: file, gzfile, textConnection, terminal, url.
        description: its path or name.
        mode: "" until it is opened, else R's mode text.
    """

    def __init__(self, kind: str, description: str, mode: str = "") -> None:
        self.kind = kind
        self.description = description
        self.mode = mode
        self.stream: TextIO | None = None
        self.pending: list[str] | None = None
        self.partial = ""
        self.variable: tuple[str, Environment] | None = None
        self.collected: list[str] = []

    def open(self, mode: str) -> None:
        """Open the file behind the connection.

        Raises:
            RError: it cannot be opened.
        """
        self.mode = mode
        if self.kind in ("textConnection", "terminal"):
            return
        path = os.path.expanduser(self.description)
        flags = {"r": "r", "w": "w", "a": "a"}[mode[:1] or "r"]
        try:
            if flags == "r" and _is_gzip(path):
                self.stream = cast(TextIO, gzip.open(path, "rt", encoding="utf-8"))
            elif self.kind == "gzfile" and flags != "r":
                self.stream = cast(TextIO, gzip.open(path, flags + "t", encoding="utf-8"))
            else:
                self.stream = open(path, flags, encoding="utf-8", newline=None)  # noqa: SIM115 - closed by close()
        except OSError as error:
            reason = "No such file or directory" if isinstance(error, FileNotFoundError) else error.strerror
            warn(f"cannot open file '{self.description}': {reason}")
            raise RError("cannot open the connection", mend=f"the folder is {os.getcwd()}") from None

    def lines(self) -> list[str]:
        """All lines not read yet."""
        if self.pending is None:
            if self.kind == "terminal":
                self.pending = sys.stdin.read().splitlines()
            elif self.stream is not None:
                self.pending = self.stream.read().splitlines()
            else:
                self.pending = []
        found, self.pending = self.pending, []
        return found

    def push_back(self, lines: list[str]) -> None:
        """Give lines back, to be read next."""
        self.pending = [*lines, *(self.pending or [])]

    def write(self, text_: str) -> None:
        """Append text."""
        if self.kind == "terminal":
            (write_error if self.description == "stderr" else write)(text_)
        elif self.kind == "textConnection":
            *done, self.partial = (self.partial + text_).split("\n")
            self.collected.extend(done)
            self._publish()
        elif self.stream is not None:
            self.stream.write(text_)
        else:
            raise RError("cannot write to this connection")

    def _publish(self) -> None:
        if self.variable is not None:
            name, place = self.variable
            place.set(name, character(list(self.collected)))

    def close(self) -> None:
        """Finish: the file is closed, a text connection keeps its last line."""
        if self.kind == "textConnection" and self.partial:
            self.collected.append(self.partial)
            self.partial = ""
            self._publish()
        if self.stream is not None:
            self.stream.close()
            self.stream = None


def _is_gzip(path: str) -> bool:
    try:
        with open(path, "rb") as stream:
            return stream.read(2) == b"\x1f\x8b"
    except OSError:
        return False


def table() -> dict[int, Connection]:
    """Open connections of the session by number."""
    store = machine.session.store if machine.session is not None else machine.tags
    if "connections" not in store:
        store["connections"] = {
            0: Connection("terminal", "stdin", "r"),
            1: Connection("terminal", "stdout", "w"),
            2: Connection("terminal", "stderr", "w"),
        }
    return cast("dict[int, Connection]", store["connections"])


def enter(connection: Connection) -> Vector:
    """Number a connection and make the value that stands for it."""
    known = table()
    number = max(known) + 1
    known[number] = connection
    return _value(number, connection.kind)


def _value(number: int, kind: str) -> Vector:
    return integer(number, {"class": character([kind, "connection"])})


def connection_of(value: Any) -> Connection:
    """Connection behind a value.

    Raises:
        RError: it is none, or was closed.
    """
    if not inherits(value, "connection"):
        raise RError("invalid connection")
    found = table().get(int(value.items()[0]))
    if found is None:
        raise RError("invalid connection")
    return found


def write_to(target: Any, text_: str) -> None:
    """Write text to a connection value; one that is not open is opened and closed for it."""
    connection = connection_of(target)
    if not connection.mode:
        connection.open("w")
        connection.write(text_)
        connection.close()
        connection.mode = ""
        return
    connection.write(text_)


def lines_from(source: Any) -> list[str]:
    """Lines of a path, URL-less file name or connection value."""
    if type(source) is Vector and source.kind == "character":
        connection = Connection("file", str(source.items()[0]))
        connection.open("r")
        lines = connection.lines()
        connection.close()
        return lines
    connection = connection_of(source)
    opened = not connection.mode
    if opened:
        connection.open("r")
    lines = connection.lines()
    if opened:
        connection.close()
        connection.mode = ""
        connection.pending = None
    return lines


@builtin(("file", "gzfile", "bzfile", "url"), "description = '', open = '', ...", needs_call=True)
def file_connection(description: Any, mode: Any, dots: Dots, *, call: Any) -> Any:
    name = text(description, "description")
    kind = getattr(call.function, "name", "file")
    if name == "stdin":
        return _value(0, "terminal")
    if kind == "url" or "://" in name and not name.startswith("file://"):
        raise RError(f"cannot open URL '{name}'", mend="download the file first and give its path")
    connection = Connection("gzfile" if kind == "gzfile" else "file", name.removeprefix("file://"))
    if text(mode, "open"):
        connection.open(text(mode))
    return enter(connection)


@builtin("textConnection", "object = NULL, open = 'r', local = FALSE, name, encoding = ''", lazy=True,
         needs_environment=True)
def text_connection(
    object: Any, mode: Any, local: Any, name: Any = None, encoding: Any = None,  # noqa: A002 - R's argument name
    *, environment: Environment,
) -> Any:
    given = value_of(object)
    how = text(value_of(mode))
    if how.startswith("r"):
        connection = Connection("textConnection", "object", how)
        items = given.items() if given is not NULL else []
        connection.pending = [line for item in items for line in str("NA" if item is None else item).split("\n")]
        return enter(connection)
    connection = Connection("textConnection", "object", how)
    if given is not NULL:
        place = environment if flag(value_of(local)) else machine.global_environment
        connection.variable = (text(given), place)
        place.set(text(given), character([]))
    return enter(connection)


@builtin("textConnectionValue", "con")
def text_connection_value(con: Any) -> Any:
    connection = connection_of(con)
    return character([*connection.collected, *([connection.partial] if connection.partial else [])])


@builtin("stdin", "")
def standard_input() -> Any:
    return _value(0, "terminal")


@builtin("stdout", "")
def standard_output() -> Any:
    return _value(1, "terminal")


@builtin("stderr", "")
def standard_error() -> Any:
    return _value(2, "terminal")


@builtin("open", "con, open = 'r', ...", invisible=True)
def open_connection(con: Any, mode: Any, dots: Dots) -> Any:
    connection_of(con).open(text(mode))
    return NULL


@builtin("close", "con, ...", invisible=True, generic="s3")
def close_connection(con: Any, dots: Dots) -> Any:
    connection_of(con).close()
    table().pop(int(con.items()[0]), None)
    return NULL


@builtin("isOpen", "con, rw = ''")
def is_open(con: Any, direction: Any) -> Any:
    return logical(bool(connection_of(con).mode))


@builtin("flush", "con", invisible=True)
def flush(con: Any) -> Any:
    stream = connection_of(con).stream
    if stream is not None:
        stream.flush()
    return NULL


@builtin("readLines", "con = stdin(), n = -1L, ok = TRUE, warn = TRUE, encoding = 'unknown', skipNul = FALSE")
def read_lines(con: Any, n: Any, ok: Any, warned: Any, encoding: Any, skip: Any) -> Any:
    limit = whole(n, "n")
    if limit < 0:
        return character(list(lines_from(con)))
    if type(con) is Vector and con.kind == "character":
        return character(lines_from(con)[:limit])
    connection = connection_of(con)
    opened = not connection.mode
    if opened:
        connection.open("r")
    lines = connection.lines()
    connection.push_back(lines[limit:])
    if opened:
        connection.close()
        connection.mode = ""
        connection.pending = None
    return character(lines[:limit])


@builtin("writeLines", "text, con = stdout(), sep = '\\n', useBytes = FALSE", invisible=True)
def write_lines(given: Any, con: Any, sep: Any, use_bytes: Any) -> Any:
    if type(given) is not Vector or given.kind != "character":
        raise RError("can only write character objects")
    separator = text(sep)
    content = "".join(("NA" if item is None else str(item)) + separator for item in given.items())
    if type(con) is Vector and con.kind == "character":
        connection = Connection("file", text(con))
        connection.open("w")
        connection.write(content)
        connection.close()
    else:
        write_to(con, content)
    return NULL


@builtin("readline", "prompt = ''")
def read_line(prompt: Any) -> Any:
    if not (machine.session and machine.session.interactive):
        write(text(prompt) + "\n")
        return character("")
    try:
        return character(input(text(prompt)))
    except EOFError:
        return character("")


class Capture:
    """A writer that keeps what it gets."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text_: str) -> None:
        self.parts.append(text_)

    def lines(self) -> list[str]:
        """What was written, line by line."""
        whole_text = "".join(self.parts)
        if not whole_text:
            return []
        return whole_text.removesuffix("\n").split("\n")


@builtin("capture.output", "..., file = NULL, append = FALSE, type = 'output', split = FALSE", lazy=True,
         package="utils", needs_environment=True)
def capture_output(
    dots: Dots, file: Any, append: Any, kind: Any, split: Any, *, environment: Environment
) -> Any:
    from pipekeras.grammar.builtins.registry import REGISTRY

    capture = Capture()
    messages = text(value_of(kind)) == "message"
    saved = machine.error_writer if messages else machine.writer
    if messages:
        machine.error_writer = capture
    else:
        machine.writer = capture
    try:
        for _, argument in dots:
            machine.visible = True
            value = value_of(argument)
            if machine.visible and not messages:
                shown = environment.get_function("print") or REGISTRY["print"]
                call_function(shown, [(None, Promise(None, Symbol("x"), None, value))], environment)
    finally:
        if messages:
            machine.error_writer = saved
        else:
            machine.writer = saved
    target = value_of(file)
    if target is not NULL:
        write_lines(character(capture.lines()), target, character("\n"), logical(False))
        machine.visible = False
        return NULL
    machine.visible = True
    return character(capture.lines())


class Diversion:
    """A writer for `sink`: text goes to a connection."""

    def __init__(self, connection: Connection, owned: bool, below: Any) -> None:
        self.connection = connection
        self.owned = owned
        self.below = below

    def write(self, text_: str) -> None:
        self.connection.write(text_)


@builtin("sink", "file = NULL, append = FALSE, type = 'output', split = FALSE", invisible=True)
def sink(file: Any, append: Any, kind: Any, split: Any) -> Any:
    messages = text(kind) == "message"
    current = machine.error_writer if messages else machine.writer
    if file is NULL:
        if isinstance(current, Diversion):
            if current.owned:
                current.connection.close()
            if messages:
                machine.error_writer = current.below
            else:
                machine.writer = current.below
        else:
            warn("no sink to remove")
        return NULL
    owned = type(file) is Vector and file.kind == "character"
    if owned:
        connection = Connection("file", text(file))
        connection.open("a" if flag(append) else "w")
    else:
        connection = connection_of(file)
        if not connection.mode:
            connection.open("w")
    made = Diversion(connection, owned, current)
    if messages:
        machine.error_writer = made
    else:
        machine.writer = made
    return NULL


@builtin("sink.number", "type = 'output'")
def sink_number(kind: Any) -> Any:
    count = 0
    writer = machine.writer
    while isinstance(writer, Diversion):
        count += 1
        writer = writer.below
    return integer(count)


@builtin("dput", "x, file = '', control = c('keepNA', 'keepInteger', 'niceNames', 'showAttributes')", invisible=True)
def dput(x: Any, file: Any, control: Any) -> Any:
    from pipekeras.grammar.deparse import VALUE_OPTIONS, deparse_lines, options_for

    lines = deparse_lines(x, options_for(x) if x is not NULL else VALUE_OPTIONS)
    if type(file) is Vector and file.kind == "character" and text(file) == "":
        write("\n".join(lines) + "\n")
    else:
        write_lines(character(lines), file, character("\n"), logical(False))
    return x


@builtin("dget", "file, keep.source = FALSE", needs_environment=True)
def dget(file: Any, keep: Any, *, environment: Environment) -> Any:
    from pipekeras.grammar.evaluation.machine import evaluate
    from pipekeras.grammar.parse import parse_text

    value: Any = NULL
    for expression in parse_text("\n".join(lines_from(file)), text(file)):
        value = evaluate(expression, environment)
    return value


@builtin("print.connection", "x, ...", invisible=True)
def print_connection(x: Any, dots: Dots = UNSET) -> Any:
    connection = connection_of(x)
    write(f"A connection with\n  description \"{connection.description}\"\n  class       \"{connection.kind}\"\n")
    return x
