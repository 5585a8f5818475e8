"""Files and folders: paths, listing, copying, removing."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any

from pipekeras.grammar.builtins.registry import UNSET, builtin, call_function, machine
from pipekeras.grammar.errors import RError
from pipekeras.grammar.evaluation.machine import warn
from pipekeras.grammar.values import NA_REAL, NULL, character, double, integer, logical, mk_list
from pipekeras.grammar.vectors.arguments import flag, optional_text, text

Dots = list[tuple[str | None, Any]]


def paths_of(value: Any, name: str = "file") -> list[str]:
    """Paths of a character vector with ``~`` expanded.

    Raises:
        RError: not a character vector.
    """
    if value is NULL:
        return []
    if getattr(value, "kind", "") != "character":
        raise RError(f"invalid '{name}' argument")
    return [os.path.expanduser(str(item)) for item in value.items()]


@builtin("file.path", "..., fsep = '/'")
def file_path(dots: Dots, separator: Any) -> Any:
    from pipekeras.grammar.builtins.registry import REGISTRY

    columns = [
        ["NA" if item is None else str(item) for item in call_function(REGISTRY["as.character"], [(None, v)]).items()]
        for _, v in dots
    ]
    if not columns or any(not column for column in columns):
        return character([])
    length = max(len(column) for column in columns)
    glue = text(separator)
    return character([glue.join(column[at % len(column)] for column in columns) for at in range(length)])


@builtin("basename", "path")
def base_name(path: Any) -> Any:
    return character([os.path.basename(str(p).rstrip("/")) for p in path.items()])


@builtin("dirname", "path")
def directory_name(path: Any) -> Any:
    return character([_directory(str(p)) for p in path.items()])


def _directory(path: str) -> str:
    stripped = path.rstrip("/")
    if not stripped:
        return "/" if path else ""
    return os.path.dirname(stripped) or ("/" if stripped.startswith("/") else ".")


@builtin("normalizePath", "path, winslash = '/', mustWork = NA")
def normalize_path(path: Any, slash: Any, must: Any) -> Any:
    found = []
    for one in paths_of(path, "path"):
        if not os.path.exists(one):
            message = f'path[1]="{one}": No such file or directory'
            required = must.items()[0]
            if required == 1:
                raise RError(message)
            if required != 0:
                warn(message)
            found.append(one)
        else:
            found.append(os.path.realpath(one))
    return character(found)


@builtin("path.expand", "path")
def expand_path(path: Any) -> Any:
    return character(paths_of(path, "path"))


@builtin("file.exists", "...")
def file_exists(dots: Dots) -> Any:
    return logical([os.path.exists(p) for _, value in dots for p in paths_of(value)])


@builtin("dir.exists", "paths")
def directory_exists(paths: Any) -> Any:
    return logical([os.path.isdir(p) for p in paths_of(paths, "paths")])


@builtin("dir.create", "path, showWarnings = TRUE, recursive = FALSE, mode = '0777'", invisible=True)
def create_directory(path: Any, warned: Any, recursive: Any, mode: Any) -> Any:
    place = paths_of(path, "path")[0]
    if os.path.isdir(place):
        if flag(warned):
            warn(f"'{place}' already exists")
        return logical(False)
    try:
        if flag(recursive):
            os.makedirs(place)
        else:
            os.mkdir(place)
    except OSError as error:
        if flag(warned):
            warn(f"cannot create dir '{place}', reason '{error.strerror}'")
        return logical(False)
    return logical(True)


@builtin(
    ("list.files", "dir"),
    "path = '.', pattern = NULL, all.files = FALSE, full.names = FALSE, recursive = FALSE, ignore.case = FALSE, "
    "include.dirs = FALSE, no.. = FALSE",
)
def list_files(
    path: Any, pattern: Any, everything: Any, full: Any, recursive: Any, ignore: Any, include: Any, no_dots: Any
) -> Any:
    found: list[str] = []
    for top in paths_of(path, "path"):
        prefix = f"{top}/" if flag(full) else ""
        found.extend(prefix + name for name in _names_below(top, flag(recursive), flag(include)))
    if not flag(everything):
        found = [name for name in found if not os.path.basename(name).startswith(".")]
    wanted = optional_text(pattern)
    if wanted is not None:
        from pipekeras.grammar.builtins.registry import REGISTRY

        kept = call_function(
            REGISTRY["grepl"],
            [(None, character(wanted)), (None, character([os.path.basename(n) for n in found])), ("ignore.case", ignore)],
        )
        found = [name for name, keep in zip(found, kept.items(), strict=True) if keep]
    return character(sorted(found))


def _names_below(top: str, recursive: bool, include: bool) -> list[str]:
    if not os.path.isdir(top):
        return []
    if not recursive:
        return os.listdir(top)
    found = []
    for place, folders, files in os.walk(top):
        inner = os.path.relpath(place, top)
        head = "" if inner == "." else inner + "/"
        found.extend(head + name for name in files)
        if include:
            found.extend(head + name for name in folders)
    return found


@builtin("list.dirs", "path = '.', full.names = TRUE, recursive = TRUE")
def list_directories(path: Any, full: Any, recursive: Any) -> Any:
    top = paths_of(path, "path")[0]
    found = [top if flag(full) else ""]
    for place, folders, _ in os.walk(top):
        for folder in folders:
            inner = os.path.join(place, folder)
            found.append(inner if flag(full) else os.path.relpath(inner, top))
        if not flag(recursive):
            break
    return character(sorted(found) if flag(recursive) else sorted(found[1:]))


@builtin("unlink", "x, recursive = FALSE, force = FALSE, expand = TRUE", invisible=True)
def unlink(x: Any, recursive: Any, force: Any, expand: Any) -> Any:
    import glob

    status = 0
    for pattern in paths_of(x, "x"):
        for path in glob.glob(pattern) or [pattern]:
            try:
                if os.path.isdir(path) and not os.path.islink(path):
                    if flag(recursive):
                        shutil.rmtree(path)
                    else:
                        status = 1
                elif os.path.lexists(path):
                    os.remove(path)
            except OSError:
                status = 1
    return integer(status)


@builtin("file.remove", "...")
def remove_files(dots: Dots) -> Any:
    results = []
    for _, value in dots:
        for path in paths_of(value):
            try:
                os.remove(path)
                results.append(True)
            except OSError as error:
                warn(f"cannot remove file '{path}', reason '{error.strerror}'")
                results.append(False)
    return logical(results)


@builtin("file.rename", "from, to")
def rename_files(origin: Any, target: Any) -> Any:
    results = []
    for old, new in zip(paths_of(origin), paths_of(target), strict=True):
        try:
            os.rename(old, new)
            results.append(True)
        except OSError as error:
            warn(f"cannot rename file '{old}' to '{new}', reason '{error.strerror}'")
            results.append(False)
    return logical(results)


@builtin("file.copy", "from, to, overwrite = FALSE, recursive = FALSE, copy.mode = TRUE, copy.date = FALSE")
def copy_files(origin: Any, target: Any, overwrite: Any, recursive: Any, mode: Any, date: Any) -> Any:
    results = []
    targets = paths_of(target)
    for at, old in enumerate(paths_of(origin)):
        new = targets[at % len(targets)]
        if os.path.isdir(new):
            new = os.path.join(new, os.path.basename(old.rstrip("/")))
        if os.path.exists(new) and not flag(overwrite):
            results.append(False)
            continue
        try:
            if os.path.isdir(old):
                if flag(recursive):
                    shutil.copytree(old, new, dirs_exist_ok=True)
            else:
                shutil.copyfile(old, new)
            results.append(True)
        except OSError:
            results.append(False)
    return logical(results)


@builtin("file.create", "..., showWarnings = TRUE", invisible=True)
def create_files(dots: Dots, warned: Any) -> Any:
    results = []
    for _, value in dots:
        for path in paths_of(value):
            try:
                with open(path, "w", encoding="utf-8"):
                    results.append(True)
            except OSError as error:
                warn(f"cannot create file '{path}', reason '{error.strerror}'")
                results.append(False)
    return logical(results)


@builtin("file.append", "file1, file2")
def append_files(first: Any, second: Any) -> Any:
    results = []
    for target, origin in zip(paths_of(first), paths_of(second), strict=True):
        try:
            with open(origin, "rb") as stream, open(target, "ab") as out:
                shutil.copyfileobj(stream, out)
            results.append(True)
        except OSError:
            results.append(False)
    return logical(results)


@builtin("file.size", "...")
def file_size(dots: Dots) -> Any:
    return double([_size(path) for _, value in dots for path in paths_of(value)])


def _size(path: str) -> float:
    try:
        return float(os.path.getsize(path))
    except OSError:
        return NA_REAL


@builtin("file.info", "..., extra_cols = TRUE")
def file_information(dots: Dots, extra: Any) -> Any:
    paths = [path for _, value in dots for path in paths_of(value)]
    times = []
    for path in paths:
        times.append(os.path.getmtime(path) if os.path.exists(path) else NA_REAL)
    made = mk_list(
        [
            double([_size(path) for path in paths]),
            logical([os.path.isdir(path) for path in paths]),
            double(times, {"class": character(["POSIXct", "POSIXt"])}),
        ],
        ["size", "isdir", "mtime"],
    )
    made.attributes = {
        "names": made.attributes["names"],  # type: ignore[index]
        "class": character("data.frame"),
        "row.names": character(paths),
    }
    return made


@builtin("file_test", "op, x, y", package="utils")
def file_test(op: Any, x: Any, y: Any = UNSET) -> Any:
    tests = {"-f": os.path.isfile, "-d": os.path.isdir, "-x": lambda p: os.access(p, os.X_OK)}
    chosen = tests.get(text(op))
    if chosen is None:
        raise RError(f"test '{text(op)}' is not available")
    return logical([chosen(path) for path in paths_of(x)])


@builtin("getwd", "")
def working_directory() -> Any:
    return character(os.getcwd())


@builtin("setwd", "dir", invisible=True)
def set_working_directory(place: Any) -> Any:
    old = os.getcwd()
    try:
        os.chdir(paths_of(place, "dir")[0])
    except OSError:
        raise RError("cannot change working directory", mend=f"the folder is {old}") from None
    return character(old)


@builtin("tempdir", "check = FALSE")
def temporary_directory(check: Any) -> Any:
    store = machine.session.store if machine.session is not None else machine.tags
    holder = store.get("temporary")
    if holder is None or not os.path.isdir(holder.name):
        holder = store["temporary"] = tempfile.TemporaryDirectory(prefix="pipekeras")
    return character(holder.name)


@builtin("tempfile", "pattern = 'file', tmpdir = NULL, fileext = ''")
def temporary_file(pattern: Any, place: Any, ending: Any) -> Any:
    import secrets

    folder = text(place) if place is not NULL else temporary_directory(NULL).items()[0]
    made = []
    endings = ending.items()
    heads = pattern.items()
    for at in range(max(len(heads), len(endings))):
        made.append(f"{folder}/{heads[at % len(heads)]}{secrets.token_hex(6)}{endings[at % len(endings)]}")
    return character(made)


@builtin("Sys.glob", "paths, dirmark = FALSE")
def expand_pattern(paths: Any, mark: Any) -> Any:
    import glob

    return character([name for pattern in paths_of(paths, "paths") for name in sorted(glob.glob(pattern))])


@builtin("Sys.chmod", "paths, mode = '0777', use_umask = TRUE", invisible=True)
def change_mode(paths: Any, mode: Any, mask: Any) -> Any:
    for path in paths_of(paths, "paths"):
        os.chmod(path, int(text(mode), 8))
    return logical([True] * len(paths))


@builtin("system.file", "..., package = 'base', lib.loc = NULL, mustWork = FALSE")
def package_file(dots: Dots, package: Any, where: Any, must: Any) -> Any:
    if flag(must):
        raise RError("no file found")
    return character("")
