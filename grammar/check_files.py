"""Files that a program reads, before it runs: whether they are there, and which columns their tables have.

Of a data file only the head is read. A table stays known while the program leaves its columns alone; columns that the
program adds count from the statement on that adds them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pipekeras.grammar.check import Problem
from pipekeras.grammar.errors import RError
from pipekeras.grammar.nodes import MISSING, Argument, Call, Formals, Symbol
from pipekeras.grammar.parse import Program
from pipekeras.grammar.session import Session
from pipekeras.grammar.values import Vector, double, inherits, names_of

_TABLE_READERS = {
    "read.csv": "nrows", "read.csv2": "nrows", "read.table": "nrows", "read.delim": "nrows", "read.delim2": "nrows",
    "read_csv": "n_max", "read_tsv": "n_max", "read_delim": "n_max", "fread": "nrows",
}  # fmt: skip
"""Functions that read tables, with the parameter that says how many rows."""
_OTHER_READERS = frozenset(
    ("readRDS", "load", "readLines", "load_model", "load_model_hdf5", "load_model_tf", "load_model_weights_hdf5", "read_json",
     "read_lines", "read_file", "read_rds", "image_load", "readChar")
)  # fmt: skip
_FOLDER_READERS = frozenset(
    ("flow_images_from_directory", "image_dataset_from_directory", "text_dataset_from_directory")
)
"""Functions that read all files of a folder."""
_MAKING = (
    "write", "save", "export", "download", "unzip", "untar", "get_file", "file", "dir", "sink", "setwd", "writeLines", "cat",
    "dump", "dput", "pdf", "png", "callback_model_checkpoint", "callback_csv_logger", "system", "fs", "fwrite", "data_dir",
)  # fmt: skip
"""A program that calls one of these, or a function whose name begins with one and `_` or `.`, may make its files itself."""
_PIPES = frozenset(("%>%", "|>"))
_ASSIGNMENTS = frozenset(("<-", "<<-", "="))
_VERBS = frozenset(("filter", "arrange", "group_by", "mutate", "summarise", "summarize", "count", "distinct", "pull", "subset"))
_UNCHANGED = frozenset(("head", "tail", "na.omit", "drop_na", "slice", "ungroup", "as_tibble", "as.data.frame", "tibble"))


class FileCheck:
    """Follows the files and tables of one program.

    Args:
        program: the parsed program.
        session: where heads of tables are read.
        folder: the program's own folder; a relative path may be meant from there too.
    """

    def __init__(self, program: Program, session: Session, folder: Path) -> None:
        self.session = session
        self.folder = folder
        self.tables: dict[str, list[str]] = {}
        self.reported: set[tuple[str, str]] = set()
        names = {node.name for expression in program.expressions for node in _nodes(expression) if isinstance(node, Symbol)}
        self.bound = {
            str(_name_of(call.args[0].value))
            for expression in program.expressions
            for call in _calls(expression)
            if _name_of(call.function) in (*_ASSIGNMENTS, "for", "->") and call.args
        } | {name for expression in program.expressions for node in _nodes(expression)
             if isinstance(node, Formals) for name in node.names}
        self.may_make_files = any(_makes(name) for name in names)

    def problems_of(self, expression: Any) -> list[Problem]:
        """Problems of the next statement; it is taken in afterwards."""
        problems = [] if self.may_make_files else list(self._missing_files(expression))
        self._note_changes(expression)
        if self.tables:
            problems.extend(self._wrong_columns(expression, frozenset(self.tables)))
        self._note_table(expression)
        return problems

    def _missing_files(self, expression: Any) -> Iterator[Problem]:
        for call in _calls(expression):
            name = _name_of(call.function)
            if name in _FOLDER_READERS:
                yield from self._missing_folder(call)
                continue
            if name not in _TABLE_READERS and name not in _OTHER_READERS:
                continue
            argument = _path_argument(call)
            path = None if argument is None else _text_of(argument.value)
            if path and "://" not in path and not self._exists(path):
                mend = f"there is no '{path}' in {os.getcwd()}"
                yield Problem(f"cannot open file '{path}': No such file or directory", argument.span or call.span, mend)  # type: ignore[union-attr]

    def _missing_folder(self, call: Call) -> Iterator[Problem]:
        argument = next((one for one in call.args if one.name == "directory" or not one.name), None)
        path = None if argument is None else _text_of(argument.value)
        if argument is not None and path and not self._exists(path):
            mend = f"there is no '{path}' in {os.getcwd()}"
            yield Problem(f"cannot find directory '{path}'", argument.span or call.span, mend)

    def _exists(self, path: str) -> bool:
        expanded = os.path.expanduser(path)
        return os.path.exists(expanded) or (self.folder / expanded).exists()

    def _note_table(self, expression: Any) -> None:
        """Read the head of the table that the statement reads as a whole."""
        if not (isinstance(expression, Call) and _name_of(expression.function) in _ASSIGNMENTS and len(expression.args) == 2):
            return
        target, call = expression.args[0].value, expression.args[1].value
        if not isinstance(target, Symbol) or not isinstance(call, Call):
            return
        rows = _TABLE_READERS.get(_name_of(call.function) or "")
        argument = _path_argument(call)
        if rows is None or argument is None or any(one.name == rows for one in call.args):
            return
        if not all(isinstance(one.value, Vector) for one in call.args) or not os.path.exists(_text_of(argument.value) or ""):
            return
        head = Call(call.function, (*call.args, Argument(rows, double(20))), call.span)
        try:
            table = self.session.evaluate(head)
        except RError:
            self.session.restore(0)
            return
        if type(table) is Vector and inherits(table, "data.frame"):
            self.tables[target.name] = [str(name) for name in names_of(table) or []]

    def _note_changes(self, expression: Any) -> None:
        """Add the columns that the statement makes; forget tables that it makes anew or changes in other ways."""
        for call in _calls(expression):
            name = _name_of(call.function)
            if name in ("setnames", "%<>%", "%<-%", "for", "load", "attach") and call.args:
                for node in _nodes(call):
                    self.tables.pop(_name_of(node) or "", None)
            if name not in _ASSIGNMENTS or len(call.args) != 2:
                continue
            target = call.args[0].value
            added: str | None = None
            inner: Any = target
            while isinstance(inner, Call) and inner.args:
                head = _name_of(inner.function)
                last = inner.args[-1].value
                added = _member(last) if head in ("$", "[[", "[") else None
                if head in ("$", "[[", "[") and added is None and not _keeps_columns(inner):
                    added = ""
                inner = inner.args[0].value
            table = _name_of(inner)
            if table not in self.tables:
                continue
            if isinstance(target, Symbol) or added == "" or (added is None and not _is_part(target)):
                self.tables.pop(table, None)
            elif added is not None and added not in self.tables[table]:
                self.tables[table].append(added)

    def _wrong_columns(self, tree: Any, visible: frozenset[str]) -> Iterator[Problem]:
        if isinstance(tree, Formals):
            for parameter in tree:
                yield from self._wrong_columns(parameter.value, visible)
        if not isinstance(tree, Call):
            return
        name = _name_of(tree.function)
        values = [argument.value for argument in tree.args]
        if name == "function":
            own = set(values[0].names) if values and isinstance(values[0], Formals) else set()
            visible = visible - own
        if name in ("is.null", "tryCatch", "try", "exists", "quote", "substitute"):
            return
        table = _name_of(values[0]) if values else None
        if table in visible and table is not None:
            columns = self.tables.get(table, [])
            if name == "$" and len(values) == 2:
                yield from self._missing_column(table, columns, values[1], tree, partial=True)
            elif name in ("[[", "[") and len(values) >= 2:
                for text in _texts(values[-1]) if name == "[" or len(values) == 2 else ():
                    yield from self._missing_column(table, columns, text, tree)
        yield from self._wrong_in_chain(tree, visible)
        yield from self._wrong_columns(tree.function, visible)
        for value in values:
            yield from self._wrong_columns(value, visible)

    def _missing_column(
        self, table: str, columns: list[str], member: Any, place: Call, partial: bool = False
    ) -> Iterator[Problem]:
        column = member if isinstance(member, str) else _member(member)
        if not column or column in columns or (table, column) in self.reported:
            return
        if partial and sum(known.startswith(column) for known in columns) == 1:
            return
        self.reported.add((table, column))
        near = get_close_matches(column, columns, 1, 0.6)
        mend = f"did you mean '{near[0]}'?" if near else f"its columns are {', '.join(columns[:12])}"
        yield Problem(f"'{table}' has no column '{column}'", getattr(member, "span", None) or place.span, mend)

    def _wrong_in_chain(self, tree: Call, visible: frozenset[str]) -> Iterator[Problem]:
        """Names in the verbs of a chain that begins at a known table."""
        steps: list[Call] = []
        place: Any = tree
        while isinstance(place, Call) and _name_of(place.function) in _PIPES and len(place.args) == 2:
            step = place.args[1].value
            steps.append(step)
            place = place.args[0].value
        if not steps and _name_of(tree.function) in _VERBS and tree.args and _name_of(tree.args[0].value) in visible:
            steps, place = [Call(tree.function, tree.args[1:], tree.span)], tree.args[0].value
        table = _name_of(place)
        if table is None or table not in visible:
            return
        columns = list(self.tables.get(table, []))
        for step in reversed(steps):
            verb = _name_of(step.function) if isinstance(step, Call) else None
            if verb in _UNCHANGED:
                continue
            if verb not in _VERBS:
                return
            for argument in step.args:
                yield from self._unknown_names(table, columns, argument.value)
                if argument.name:
                    columns.append(argument.name)
            if verb in ("summarise", "summarize", "count", "pull", "distinct"):
                return

    def _unknown_names(self, table: str, columns: list[str], tree: Any) -> Iterator[Problem]:
        if any(_name_of(call.function) in ("function", "across", "~", "{{") for call in _calls(tree)):
            return
        for node in _variables(tree):
            name = node.name
            known = name in columns or name in (".", ".data", ".env") or name.startswith("..")
            if known or self.session.globals.find(name) is not None or name in self.bound:
                continue
            yield from self._missing_column(table, columns, node, tree)


def _makes(name: str) -> bool:
    return name != "file.path" and any(name == word or name.startswith((word + "_", word + ".")) for word in _MAKING)


def _name_of(node: Any) -> str | None:
    return node.name if isinstance(node, Symbol) else None


def _member(node: Any) -> str | None:
    return node.name if isinstance(node, Symbol) and node.name else _text_of(node)


def _text_of(node: Any) -> str | None:
    if isinstance(node, Vector) and node.kind == "character" and len(node) == 1 and node.items()[0] is not None:
        return str(node.items()[0])
    if isinstance(node, Call) and _name_of(node.function) == "file.path":
        parts = [_text_of(argument.value) for argument in node.args]
        if all(part is not None for part in parts) and not any(argument.name for argument in node.args):
            return "/".join(str(part) for part in parts)
    return None


def _texts(node: Any) -> list[str]:
    """Texts written out as an index: one, or several in c()."""
    if isinstance(node, Call) and _name_of(node.function) == "c":
        return [text for argument in node.args if (text := _text_of(argument.value)) is not None]
    text = _text_of(node) if isinstance(node, Vector) else None
    return [] if text is None else [text]


def _path_argument(call: Call) -> Argument | None:
    for argument in call.args:
        if argument.name in ("file", "path", "filepath", "input", "con"):
            return argument
    return next((argument for argument in call.args if not argument.name), None)


def _keeps_columns(target: Call) -> bool:
    """Whether `x[...] <- v` assigns within the columns that are there: only rows are chosen, or columns by number."""
    last = target.args[-1].value
    return len(target.args) > 2 and (last is MISSING or isinstance(last, Vector))


def _is_part(target: Any) -> bool:
    return isinstance(target, Call) and _name_of(target.function) in ("$", "[[", "[")


def _nodes(tree: Any) -> Iterator[Any]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Call):
            waiting.append(node.function)
            waiting.extend(argument.value for argument in node.args)
        elif isinstance(node, Formals):
            waiting.extend(parameter.value for parameter in node)


def _calls(tree: Any) -> Iterator[Call]:
    return (node for node in _nodes(tree) if isinstance(node, Call))


def _variables(tree: Any) -> Iterator[Symbol]:
    """Names that are read as variables: neither called nor members."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Symbol):
            if node.name:
                yield node
        elif isinstance(node, Call):
            head = _name_of(node.function)
            if head in ("$", "@", "::", ":::"):
                waiting.extend(argument.value for argument in node.args[:1] if head in ("$", "@"))
            else:
                waiting.extend(argument.value for argument in node.args)
