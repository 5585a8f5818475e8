"""Connections and lines of text: files, text in memory, standard streams; ``readLines``, ``writeLines``, ``pushBack``."""

from __future__ import annotations

import codecs
import os
import sys
from typing import Any

from pipekeras.grammar.builtins.registry import RError, builtin, expression_of, machine, value_of, warn, write, write_error
from pipekeras.grammar.deparse import deparse_short
from pipekeras.grammar.printing.dispatch import one_text, optional_flag, optional_whole, texts_of
from pipekeras.grammar.text.bytes import bytes_of
from pipekeras.grammar.values import NULL, Vector, character, get_attribute, integer, logical
from pipekeras.grammar.vectors.report import no_method
from pipekeras.grammar.vectors.unsupported import only_default

Dots = list[tuple[str | None, Any]]


class Connection:
    """A place that lines come from or go to.

    Args:
        description: path or name.
        kind: "file", "gzfile", "textConnection" or "terminal".
        mode: "" while closed, "r", "w" or "a" while open.
        lines: what is still to be read, for text in memory.
        codec: how a file's characters are written, by Python's name.
    """

    def __init__(
        self, description: str, kind: str, mode: str = "", lines: list[str] | None = None, codec: str = "utf-8-sig"
    ) -> None:
        self.description = description
        self.kind = kind
        self.mode = mode
        self.lines = lines
        self.codec = codec
        self.written: list[str] = []
        self.partial = ""
        self.variable: tuple[Any, str] | None = None
        self.own_left: int | None = None

    def open(self, mode: str) -> None:
        """Open for reading or writing; a file opened for writing is emptied."""
        self.mode = mode or "r"
        if self.kind in ("file", "gzfile"):
            if mode.startswith("w"):
                self._write_file("", "w")
            elif mode.startswith("r"):
                self.lines = self._file_lines()

    def _file_lines(self) -> list[str]:
        if self.kind == "terminal":
            return sys.stdin.read().splitlines()
        return file_text(self.description, self.codec).splitlines()

    def read(self, count: int) -> list[str]:
        """The next lines, all of them for a negative count."""
        if self.lines is None:
            if self.kind == "terminal":
                return terminal_lines(count)
            lines = self._file_lines()
            if not self.mode:
                return lines if count < 0 else lines[:count]
            self.lines = lines
        taken = self.lines if count < 0 else self.lines[:count]
        self.lines = self.lines[len(taken) :]
        return taken

    def push_back(self, lines: list[str]) -> None:
        """Put lines back to be read next."""
        held = self.lines if self.lines is not None else self._file_lines()
        self.own_left = len(held) - self.pushed_back()
        self.lines = lines + held

    def pushed_back(self) -> int:
        """How many of the lines to be read next were put back."""
        return 0 if self.own_left is None else max(len(self.lines or ()) - self.own_left, 0)

    def _write_file(self, text: str, how: str) -> None:
        path = os.path.expanduser(self.description)
        try:
            if self.kind == "gzfile":
                import gzip

                with gzip.open(path, "ab" if how == "a" else "wb") as packed:
                    packed.write(self._bytes(text))
                return
            with open(path, how + "b") as file:
                file.write(self._bytes(text))
        except OSError as error:
            warn(f"cannot open file '{self.description}': {error.strerror}")
            raise RError("cannot open the connection") from None

    def _bytes(self, text: str) -> bytes:
        if self.codec.startswith("utf-8"):
            return bytes_of(text)
        return text.encode(self.codec, "replace")

    def write(self, text: str) -> None:
        """Write text."""
        if self.description == "stdout":
            write(text)
        elif self.description == "stderr":
            write_error(text)
        elif self.kind == "textConnection":
            pieces = (self.partial + text).split("\n")
            self.written.extend(pieces[:-1])
            self.partial = pieces[-1]
            self._publish()
        else:
            self._write_file(text, "a" if self.mode else "w")

    def _publish(self) -> None:
        if self.variable is not None:
            environment, name = self.variable
            environment.set(name, character(self.written))

    def close(self) -> None:
        """Finish: an unfinished last line of text in memory becomes a line."""
        if self.kind == "textConnection" and self.partial:
            self.written.append(self.partial)
            self.partial = ""
            self._publish()
        self.mode = ""


def lines_of_text(text: str) -> list[str]:
    """Lines of a text in memory, whichever way they end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def codec_of(encoding: Any) -> str:
    """Python's name of an encoding that a program names; the empty text, "unknown" and the like mean UTF-8."""
    name = one_text(encoding, "encoding") if encoding is not NULL else ""
    if name.lower() in ("", "unknown", "native.enc", "bytes", "utf-8-bom", "utf8"):
        return "utf-8-sig"
    try:
        found = codecs.lookup(name).name
    except LookupError:
        raise RError(f"unsupported conversion from '{name}'", mend="UTF-8, latin1 and UTF-16 are among those known") from None
    return "utf-8-sig" if found == "utf-8" else found


def file_text(path: str, codec: str = "utf-8-sig") -> str:
    """The text of a file in an encoding, gzip unpacked, or R's error."""
    full = os.path.expanduser(path)
    try:
        with open(full, "rb") as file:
            data = file.read()
    except OSError as error:
        warn(f"cannot open file '{path}': {error.strerror}")
        raise RError("cannot open the connection", mend=f"check that '{path}' exists and may be read") from None
    if data[:2] == b"\x1f\x8b":
        import gzip

        data = gzip.decompress(data)
    # What is no character stays the byte it was, as in R.
    return data.decode(codec, "surrogateescape" if codec.startswith("utf-8") else "replace")


def _line_of_input() -> str:
    """The next line of standard input; at a terminal Ctrl-C is heard while it is waited for."""
    if sys.stdin.isatty() and os.name == "posix":
        import select

        while not select.select([sys.stdin], [], [], 0.1)[0]:
            pass
    return sys.stdin.readline()


def terminal_lines(count: int) -> list[str]:
    lines: list[str] = []
    while count < 0 or len(lines) < count:
        line = _line_of_input()
        if not line:
            break
        lines.append(line.rstrip("\n"))
    return lines


def connection_table() -> dict[int, Connection]:
    store = machine.session.store if machine.session is not None else machine.tags
    table: dict[int, Connection] | None = store.get("connections")
    if table is None:
        table = {
            0: Connection("stdin", "terminal", "r"),
            1: Connection("stdout", "terminal", "w"),
            2: Connection("stderr", "terminal", "w"),
        }
        store["connections"] = table
    return table


def value_of_connection(number: int, kind: str) -> Vector:
    return integer(number).with_attributes({"class": character([kind, "connection"])})


def enter_connection(connection: Connection) -> Vector:
    """The value that stands for a new connection."""
    table = connection_table()
    number = max(table) + 1
    table[number] = connection
    return value_of_connection(number, connection.kind)


def text_source(description: str, kind: str, text: str) -> Vector:
    """A connection that reads a text already there."""
    return enter_connection(Connection(description, kind, "r", text.splitlines()))


def is_connection(value: Any) -> bool:
    """Whether a value is a connection."""
    classes = get_attribute(value, "class")
    return classes is not NULL and "connection" in classes.items()


def connection_of(value: Any, argument: str = "con") -> Connection:
    """The connection that a value, or the path that a text, stands for."""
    if isinstance(value, Vector) and value.kind == "character":
        path = one_text(value, argument)
        return connection_table()[0] if path == "stdin" else Connection(path, "file")
    if is_connection(value):
        connection = connection_table().get(int(value.items()[0]))
        if connection is None:
            raise RError("invalid connection")
        return connection
    raise RError(f"'{argument}' is not a connection")


def read_lines_of(value: Any) -> list[str]:
    """All lines of a path or connection; for functions that read tables."""
    return connection_of(value, "file").read(-1)


def write_to(value: Any, text: str) -> None:
    """Write text to a path or connection."""
    connection_of(value, "file").write(text)


@builtin("stdin", "")
def stdin() -> Any:
    """Standard input."""
    return value_of_connection(0, "terminal")


@builtin("stdout", "")
def stdout() -> Any:
    """Standard output."""
    return value_of_connection(1, "terminal")


@builtin("stderr", "")
def stderr() -> Any:
    """Standard error."""
    return value_of_connection(2, "terminal")


@builtin(("file", "gzfile"), "description = '', open = '', blocking = TRUE, encoding = '', ...", needs_call=True)
def file(description: Any, open_mode: Any, blocking: Any, encoding: Any, dots: Dots, call: Any = None) -> Any:
    """A file as a connection."""
    path = one_text(description, "description")
    if path == "stdin":
        return stdin()
    kind = getattr(getattr(call, "function", None), "name", "file")
    only_default("file", raw=(dict(dots).get("raw", NULL), False))
    connection = Connection(path, kind if kind == "gzfile" else "file", codec=codec_of(encoding))
    mode = one_text(open_mode, "open")
    if mode:
        connection.open(mode)
    return enter_connection(connection)


@builtin(
    "textConnection",
    "object = NULL, open = 'r', local = FALSE, name = '', encoding = ''",
    needs_environment=True,
    lazy=True,
)
def text_connection(object: Any, open_mode: Any, local: Any, name: Any, encoding: Any, environment: Any = None) -> Any:
    """Text in memory as a connection."""
    mode = one_text(value_of(open_mode), "open")
    value = value_of(object)
    described = "NULL" if value is NULL else deparse_short(expression_of(object))
    if mode.startswith("r"):
        if not isinstance(value, Vector) or value.kind != "character":
            raise RError("invalid 'text' argument")
        lines = [line for text in texts_of(value) for line in lines_of_text("NA" if text is None else text)]
        return enter_connection(Connection(described, "textConnection", "r", lines))
    connection = Connection(described, "textConnection", mode)
    if isinstance(value, Vector) and value.kind == "character":
        where = environment if optional_flag(value_of(local)) else machine.global_environment
        variable = str(value.items()[0])
        if mode.startswith("a"):
            old = where.get(variable)
            connection.written = [text or "" for text in texts_of(old)] if old is not None else []
        connection.variable = (where, variable)
        connection._publish()
    return enter_connection(connection)


@builtin("textConnectionValue", "con")
def text_connection_value(con: Any) -> Any:
    """The lines written so far."""
    return character(connection_of(con).written)


def must_be_connection(value: Any, generic: str) -> None:
    """Refuse what has no method: functions that are generic in R know connections only.

    Raises:
        RError: the value is no connection.
    """
    if not is_connection(value):
        no_method(generic, value)


@builtin("open", "con, open = 'r', ...", invisible=True, generic="s3")
def open_connection(con: Any, mode: Any, dots: Dots) -> Any:
    """Open a connection."""
    must_be_connection(con, "open")
    connection_of(con).open(one_text(mode, "open"))
    return NULL


@builtin("close", "con, ...", invisible=True, generic="s3")
def close_connection(con: Any, dots: Dots) -> Any:
    """Close and forget a connection."""
    must_be_connection(con, "close")
    connection_of(con).close()
    number = int(con.items()[0])
    if number > 2:
        connection_table().pop(number, None)
    return NULL


@builtin("isatty", "con")
def is_terminal(con: Any) -> Any:
    """Whether a connection is a terminal."""
    connection = connection_table().get(int(con.items()[0])) if con.kind in ("integer", "double") else connection_of(con)
    stream = {"stdin": sys.stdin, "stdout": sys.stdout, "stderr": sys.stderr}.get(connection.description if connection else "")
    return logical(connection is not None and connection.kind == "terminal" and stream is not None and stream.isatty())


@builtin("isOpen", "con, rw = ''")
def is_open(con: Any, how: Any) -> Any:
    """Whether a connection is open."""
    wanted = one_text(how, "rw")
    if wanted not in ("", "read", "write"):
        raise RError("unknown 'rw' value")
    mode = connection_of(con).mode or ""
    reads, writes = "r" in mode or "+" in mode, any(letter in mode for letter in "wa+")
    return logical(bool(mode) and (reads if wanted == "read" else writes if wanted == "write" else True))


@builtin("flush", "con", invisible=True, generic="s3")
def flush(con: Any) -> Any:
    """Push out what was written."""
    must_be_connection(con, "flush")
    if connection_of(con).description == "stdout":
        target = machine.writer if machine.writer is not None else sys.stdout
        if hasattr(target, "flush"):
            target.flush()
    return NULL


@builtin("readLines", "con = NULL, n = -1L, ok = TRUE, warn = TRUE, encoding = 'unknown', skipNul = FALSE")
def read_lines(con: Any, n: Any, ok: Any, warning: Any, encoding: Any, skip: Any) -> Any:
    """Lines of a file or connection."""
    only_default("readLines", skipNul=(skip, False))
    source = stdin() if con is NULL else con
    count = optional_whole(n, "n")
    connection = connection_of(source)
    codec = codec_of(encoding)
    if codec != "utf-8-sig" and connection.kind == "file" and connection.lines is None:
        every = file_text(connection.description, codec).splitlines()
        lines = every if count is None or count < 0 else every[:count]
    else:
        lines = connection.read(-1 if count is None else count)
    if count is not None and len(lines) < count and not optional_flag(ok, True):
        raise RError("too few lines read in readLines")
    if lines and optional_flag(warning, True) and connection.kind in ("file", "gzfile"):
        _note_unfinished(connection, len(lines))
    return character(lines)


def _note_unfinished(connection: Connection, count: int) -> None:
    """Warn where the last line that was read has no end."""
    text = file_text(connection.description, connection.codec)
    at_end = not connection.lines if connection.mode else count == len(text.splitlines())
    if at_end and text and not text.endswith("\n"):
        warn(f"incomplete final line found on '{connection.description}'")


@builtin("writeLines", "text, con = NULL, sep = '\n', useBytes = FALSE", invisible=True)
def write_lines_to(text: Any, con: Any, sep: Any, use_bytes: Any) -> Any:
    """Texts as lines."""
    if not isinstance(text, Vector) or text.kind != "character":
        raise RError("can only write character objects")
    ending = one_text(sep, "sep")
    made = "".join(("NA" if item is None else item) + ending for item in text.items())
    if con is NULL:
        write(made)
    else:
        write_to(con, made)
    return NULL


@builtin("readline", "prompt = ''")
def readline(prompt: Any) -> Any:
    """One line from the person at the prompt; the empty text where there is nobody."""
    shown = one_text(prompt, "prompt") if isinstance(prompt, Vector) and prompt.items() != [""] else ""
    if machine.session is None or not machine.session.interactive:
        write(shown + "\n")
        return character("")
    write(shown)
    line = _line_of_input()
    return character(line.rstrip("\n"))


@builtin("pushBack", "data, connection, newLine = TRUE, encoding = ''", invisible=True)
def push_back(data: Any, connection: Any, new_line: Any, encoding: Any) -> Any:
    """Put lines back to be read next."""
    held = connection_of(connection)
    lines = [text or "" for text in texts_of(data)]
    if lines and not optional_flag(new_line, True):
        following = held.read(1)
        lines[-1] += following[0] if following else ""
    held.push_back(lines)
    return NULL
