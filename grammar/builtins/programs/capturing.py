"""Output that goes elsewhere: capture.output and sink."""

from __future__ import annotations

import sys
from typing import Any

from pipekeras.grammar.builtins.files.connections import Connection, connection_of, write_to
from pipekeras.grammar.builtins.registry import builtin, machine, value_of, warn, write
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.evaluation.shown_calls import standing_in
from pipekeras.grammar.printing.dispatch import one_text, optional_flag, optional_text
from pipekeras.grammar.values import NULL, Vector, character, integer

Dots = list[tuple[str | None, Any]]



class _Captured:
    """A writer that keeps what it gets."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def write(self, text: str) -> None:
        self.pieces.append(text)

    @property
    def lines(self) -> list[str]:
        text = "".join(self.pieces)
        if not text:
            return []
        return (text[:-1] if text.endswith("\n") else text).split("\n")


@builtin("capture.output", "..., file = NULL, append = FALSE, type = 'output', split = FALSE", lazy=True, package="utils",
         needs_environment=True)
def capture_output(
    dots: Dots, path: Any, append: Any, type: Any, split: Any, *, environment: Environment
) -> Any:
    """The lines that expressions print."""
    from pipekeras.grammar.printing.show import print_value

    kept = _Captured()
    to_errors = optional_text(value_of(type), "type") == "message"
    old = machine.error_writer if to_errors else machine.writer
    if to_errors:
        machine.error_writer = kept
    else:
        machine.writer = kept
    try:
        for _, argument in dots:
            machine.visible = True
            with standing_in("withVisible(...elt(i))", environment):
                value = value_of(argument)
            if machine.visible:
                print_value(value)
    finally:
        if to_errors:
            machine.error_writer = old
        else:
            machine.writer = old
    machine.visible = True
    if optional_flag(value_of(split)):
        write("".join(kept.pieces))
    target = value_of(path)
    if target is NULL:
        return character(kept.lines)
    text = "".join(line + "\n" for line in kept.lines)
    if isinstance(target, Vector) and target.kind == "character" and optional_flag(value_of(append)):
        Connection(one_text(target, "file"), "file", "a").write(text)
    else:
        write_to(target, text)
    machine.visible = False
    return NULL


class _SinkWriter:
    """Standard output sent to a connection, and further if wanted."""

    def __init__(self, connection: Connection, below: Any, split: bool) -> None:
        self.connection = connection
        self.below = below
        self.split = split

    def write(self, text: str) -> None:
        self.connection.write(text)
        if self.split:
            (sys.stdout if self.below is None else self.below).write(text)


@builtin("sink", "file = NULL, append = FALSE, type = 'output', split = FALSE", invisible=True)
def sink(path: Any, append: Any, type: Any, split: Any) -> Any:
    """Send output to a file or connection until the next ``sink()``."""
    to_errors = isinstance(type, Vector) and type.items()[0] == "message"
    current = machine.error_writer if to_errors else machine.writer
    if path is NULL:
        if not isinstance(current, _SinkWriter):
            if not to_errors:
                warn("no sink to remove")
            return NULL
        machine_writer = current.below
    else:
        connection = connection_of(path, "file")
        if isinstance(path, Vector) and path.kind == "character":
            connection.open("a" if optional_flag(append) else "w")
        machine_writer = _SinkWriter(connection, current, optional_flag(split))
    if to_errors:
        machine.error_writer = machine_writer
    else:
        machine.writer = machine_writer
    return NULL


@builtin("sink.number", "type = 'output'")
def sink_number(type: Any) -> Any:
    """How many sinks are in use; for messages the number of the connection that they go to."""
    if one_text(type, "type") == "message":
        return integer(2)
    count = 0
    current = machine.writer
    while isinstance(current, _SinkWriter):
        count += 1
        current = current.below
    return integer(count)
