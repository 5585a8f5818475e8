"""What connections are: their descriptions, which ones there are, what was pushed back."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.files.connections import Connection, connection_of, connection_table, value_of_connection
from pipekeras.grammar.builtins.registry import RError, builtin, write
from pipekeras.grammar.printing.dispatch import optional_flag, optional_whole
from pipekeras.grammar.values import NULL, character, integer, logical, mk_list
from pipekeras.grammar.vectors.shapes import dimension_list

Dots = list[tuple[str | None, Any]]

_FIELDS = ("description", "class", "mode", "text", "opened", "can read", "can write")


def described(connection: Connection) -> list[str]:
    """The texts of a connection's summary, in the order of their names."""
    mode = connection.mode or ("rb" if connection.kind == "gzfile" else "r")
    both = not connection.mode or "+" in mode
    reads, writes = both or mode.startswith("r"), both or mode[:1] in ("w", "a")
    return [
        connection.description, connection.kind, mode, "binary" if "b" in connection.mode else "text",
        "opened" if connection.mode else "closed", "yes" if reads else "no", "yes" if writes else "no",
    ]  # fmt: skip


@builtin("summary.connection", "object, ...")
def summary_of_connection(object: Any, dots: Dots) -> Any:
    return mk_list([character(text) for text in described(connection_of(object))], list(_FIELDS))


@builtin("print.connection", "x, ...", invisible=True)
def print_connection(x: Any, dots: Dots) -> Any:
    """What a connection is."""
    number = int(x.items()[0])
    if number not in connection_table():
        kind = x.attributes["class"].items()[0]
        write(f"A connection, specifically, \u2018{kind}\u2019, but invalid.\n")
        return x
    from pipekeras.grammar.printing.text import escape_text

    shown = [escape_text(text, '"') for text in described(connection_of(x))]
    widest = max(map(len, shown))
    write("A connection with" + " " * (12 + widest) + "\n")
    for name, text in zip(_FIELDS, shown, strict=True):
        write(f"{name:<11} {text:<{widest}}\n")
    return x


@builtin("showConnections", "all = FALSE")
def show_connections(all: Any) -> Any:
    """A matrix of texts, a row for each connection."""
    rows = {number: described(one) for number, one in connection_table().items() if number > 2 or optional_flag(all)}
    columns = [row[at] for at in range(len(_FIELDS)) for row in rows.values()]
    names = character([*_FIELDS[:4], "isopen", *_FIELDS[5:]])
    labels = character([str(number) for number in rows]) if rows else NULL
    return character(columns, {"dim": integer([len(rows), len(_FIELDS)]), "dimnames": dimension_list(labels, names)})


@builtin("getAllConnections", "")
def all_connections() -> Any:
    return integer(sorted(connection_table()))


@builtin("getConnection", "what")
def connection_by_number(what: Any) -> Any:
    number = optional_whole(what, "what")
    connection = connection_table().get(-1 if number is None else number)
    if connection is None:
        raise RError(f"there is no connection {number}")
    return value_of_connection(number or 0, connection.kind)


@builtin("closeAllConnections", "", invisible=True)
def close_all_connections() -> Any:
    """Close what the program opened; the standard streams stay."""
    table = connection_table()
    for number in [number for number in table if number > 2]:
        table.pop(number).close()


@builtin("isIncomplete", "con")
def is_incomplete(con: Any) -> Any:
    """Whether a last line waits for its end: nothing here waits for input that has not come yet."""
    held = connection_of(con)
    return logical(held.kind == "textConnection" and bool(held.partial))


@builtin("isSeekable", "con")
def is_seekable(con: Any) -> Any:
    held = connection_of(con)
    return logical(held.kind in ("file", "gzfile") and bool(held.mode))


@builtin("pushBackLength", "connection")
def pushed_back_length(connection: Any) -> Any:
    return integer(connection_of(connection).pushed_back())


@builtin("clearPushBack", "connection", invisible=True)
def clear_pushed_back(connection: Any) -> Any:
    """Forget what was put back."""
    held = connection_of(connection)
    if held.lines is not None:
        held.lines = held.lines[held.pushed_back() :]
