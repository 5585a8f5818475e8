"""Files and folders: paths, existence, listing, creating, copying, removing."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from typing import Any

from pipekeras.grammar.builtins.registry import RError, builtin, machine, warn
from pipekeras.grammar.printing.dispatch import keep_shape, one_text, optional_flag, optional_text, texts_of
from pipekeras.grammar.text.collation import sorted_texts
from pipekeras.grammar.text.regex import compiled
from pipekeras.grammar.values import NA_INTEGER, NA_REAL, NULL, Vector, character, double, integer, logical, mk_list

Dots = list[tuple[str | None, Any]]


def _paths(value: Any, refusal: str = "invalid 'file' argument") -> list[str]:
    if not isinstance(value, Vector) or value.kind != "character":
        raise RError(refusal if value is not NULL else "character vector argument expected")
    return [os.path.expanduser("NA" if text is None else text) for text in value.items()]


@builtin("file.path", "..., fsep = '/'")
def file_path(dots: Dots, separator: Any) -> Any:
    """Paths joined from parts."""
    columns = [["NA" if text is None else text for text in texts_of(value)] for _, value in dots]
    if not columns or any(not column for column in columns):
        return character([])
    count = max(map(len, columns))
    glue = one_text(separator, "fsep")
    return character([glue.join(column[row % len(column)] for column in columns) for row in range(count)])


@builtin("basename", "path")
def basename(path: Any) -> Any:
    """The last part of paths."""
    return character([None if text is None else os.path.basename(text.rstrip("/")) for text in _path_texts(path)])


@builtin("dirname", "path")
def dirname(path: Any) -> Any:
    """All but the last part of paths."""
    return character([None if text is None else _folder_of(os.path.expanduser(text)) for text in _path_texts(path)])


def _path_texts(path: Any) -> list[str | None]:
    if not isinstance(path, Vector) or path.kind != "character":
        raise RError("a character vector argument expected")
    items: list[str | None] = path.items()
    return items


def _folder_of(text: str) -> str:
    if not text:
        return ""
    trimmed = text.rstrip("/") or text[:1]
    if trimmed == "/":
        return "/"
    return os.path.dirname(trimmed).rstrip("/") or ("/" if trimmed.startswith("/") else ".")


@builtin("file_ext", "x", package="tools")
def file_ext(x: Any) -> Any:
    """The extensions of paths."""
    out = []
    for text in texts_of(x):
        match = re.search(r"\.([A-Za-z0-9]+)\Z", text or "")
        out.append(None if text is None else match[1] if match else "")
    return logical([None] * len(out)) if all(text is None for text in out) else character(out)


@builtin("file_path_sans_ext", "x, compression = FALSE", package="tools")
def without_extension(x: Any, compression: Any) -> Any:
    """Paths without their extensions."""
    out: list[str | None] = []
    for text in texts_of(x):
        if text is None:
            out.append(None)
            continue
        made = text
        if optional_flag(compression):
            made = re.sub(r"[.](gz|bz2|xz)\Z", "", made)
        out.append(re.sub(r"(?<=.)\.[A-Za-z0-9]+\Z", "", made))
    return keep_shape(x, out) if isinstance(x, Vector) and x.kind == "character" else character(out)


@builtin("normalizePath", "path, winslash = '\\\\', mustWork = NA")
def normalize_path(path: Any, slash: Any, must_work: Any) -> Any:
    """Absolute paths without links."""
    if not isinstance(path, Vector) or path.kind != "character":
        raise RError("invalid 'path' argument")
    out = []
    for text in _paths(path):
        if not os.path.exists(text):
            message = f'path[1]="{text}": No such file or directory'
            if isinstance(must_work, Vector) and must_work.items()[0] == 1:
                raise RError(message)
            if not isinstance(must_work, Vector) or must_work.items()[0] != 0:
                warn(message)
            out.append(text)
        else:
            out.append(os.path.realpath(text))
    return character(out)


@builtin("path.expand", "path")
def path_expand(path: Any) -> Any:
    """Paths with ``~`` replaced by the home folder."""
    texts = path.items() if isinstance(path, Vector) and path.kind == "character" else None
    if texts is None:
        raise RError("invalid 'path' argument")
    return character([None if text is None else os.path.expanduser(text) for text in texts])


@builtin("file.exists", "...")
def file_exists(dots: Dots) -> Any:
    """Whether files or folders exist."""
    return logical([os.path.exists(text) for _, value in dots for text in _paths(value)])


@builtin("dir.exists", "paths")
def dir_exists(paths: Any) -> Any:
    """Whether folders exist."""
    return logical([os.path.isdir(text) for text in _paths(paths)])


@builtin("dir.create", "path, showWarnings = TRUE, recursive = FALSE, mode = '0777'", invisible=True)
def dir_create(path: Any, show_warnings: Any, recursive: Any, mode: Any) -> Any:
    """Make a folder."""
    folder = os.path.expanduser(one_text(path, "path"))
    rights = mode.items()[0] if isinstance(mode, Vector) and len(mode) else 0o777
    rights = int(rights, 8) if isinstance(rights, str) else int(rights)
    if os.path.isdir(folder):
        if optional_flag(show_warnings, True):
            warn(f"'{folder}' already exists")
        return logical(False)
    try:
        if optional_flag(recursive):
            os.makedirs(folder, exist_ok=True, mode=rights)
        else:
            os.mkdir(folder, rights)
    except OSError as error:
        if optional_flag(show_warnings, True):
            warn(f"cannot create dir '{folder}', reason '{error.strerror}'")
        return logical(False)
    return logical(True)


@builtin("unlink", "x, recursive = FALSE, force = FALSE, expand = TRUE", invisible=True)
def unlink(x: Any, recursive: Any, force: Any, expand: Any) -> Any:
    """Remove files, and folders when told to; 0 for success."""
    import glob

    status = 0
    for text in _paths(x):
        found = glob.glob(text) if optional_flag(expand, True) and re.search(r"[*?\[]", text) else [text]
        for path in found:
            if os.path.isdir(path) and not os.path.islink(path):
                if optional_flag(recursive):
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    status = 1
            elif os.path.lexists(path):
                os.remove(path)
    return integer(status)


@builtin("file.remove", "...")
def file_remove(dots: Dots) -> Any:
    """Remove files."""
    out = []
    for _, value in dots:
        for path in _paths(value):
            try:
                os.remove(path)
                out.append(True)
            except OSError as error:
                warn(f"cannot remove file '{path}', reason '{error.strerror}'")
                out.append(False)
    return logical(out)


@builtin("file.rename", "from, to")
def file_rename(source: Any, target: Any) -> Any:
    """Give files other names."""
    return _in_pairs(source, target, os.rename, "rename file")


def _in_pairs(source: Any, target: Any, change: Any, name: str) -> Any:
    """Change each file towards the path that belongs to it; whether that could be done."""
    out = []
    for old, new in zip(_paths(source), _paths(target), strict=False):
        try:
            change(old, new)
            out.append(True)
        except OSError as error:
            warn(f"cannot {name} '{old}' to '{new}', reason '{error.strerror}'")
            out.append(False)
    return logical(out)


@builtin("file.symlink", "from, to")
def file_symlink(source: Any, target: Any) -> Any:
    """Give files further names that point to them."""
    return _in_pairs(source, target, os.symlink, "symlink")


@builtin("file.link", "from, to")
def file_link(source: Any, target: Any) -> Any:
    """Give files further names of the same rank."""
    return _in_pairs(source, target, os.link, "link")


@builtin("file.copy", "from, to, overwrite = FALSE, recursive = FALSE, copy.mode = TRUE, copy.date = FALSE")
def file_copy(source: Any, target: Any, overwrite: Any, recursive: Any, mode: Any, date: Any) -> Any:
    """Copy files, or (``recursive``) folders."""
    sources, targets = _paths(source), _paths(target)
    out = []
    for at, path in enumerate(sources):
        to = targets[at % len(targets)]
        if os.path.isdir(to):
            to = os.path.join(to, os.path.basename(path.rstrip("/")))
        if os.path.exists(to) and not optional_flag(overwrite) and not os.path.isdir(path):
            out.append(False)
            continue
        try:
            if os.path.isdir(path):
                if optional_flag(recursive):
                    shutil.copytree(path, to, dirs_exist_ok=True)
                out.append(optional_flag(recursive))
            else:
                shutil.copyfile(path, to)
                if optional_flag(mode, True):
                    shutil.copymode(path, to)
                if optional_flag(date):
                    state = os.stat(path)
                    os.utime(to, (state.st_atime, state.st_mtime))
                out.append(True)
        except OSError:
            out.append(False)
    return logical(out)


@builtin("file.create", "..., showWarnings = TRUE")
def file_create(dots: Dots, show_warnings: Any) -> Any:
    """Make empty files."""
    out = []
    for _, value in dots:
        for path in _paths(value):
            try:
                with open(path, "w", encoding="utf-8"):
                    out.append(True)
            except OSError as error:
                if optional_flag(show_warnings, True):
                    warn(f"cannot create file '{path}', reason '{error.strerror}'")
                out.append(False)
    return logical(out)


@builtin("file.size", "...")
def file_size(dots: Dots) -> Any:
    """Bytes of files, NA for missing ones."""
    return double([
        float(os.path.getsize(path)) if os.path.exists(path) else NA_REAL for _, value in dots for path in _paths(value)
    ])  # fmt: skip


@builtin("file.info", "..., extra_cols = TRUE")
def file_info(dots: Dots, extra: Any) -> Any:
    """Size, kind and times of files as a data frame."""
    from pipekeras.grammar.builtins.times.times import moment_vector

    paths = [path for _, value in dots for path in _paths(value, "invalid filename argument")]
    states = [os.stat(path) if os.path.exists(path) else None for path in paths]
    columns = {
        "size": double([NA_REAL if state is None else float(state.st_size) for state in states]),
        "isdir": logical([None if state is None else os.path.isdir(path) for path, state in zip(paths, states, strict=True)]),
        "mtime": moment_vector([NA_REAL if state is None else state.st_mtime for state in states]),
        "ctime": moment_vector([NA_REAL if state is None else state.st_ctime for state in states]),
        "atime": moment_vector([NA_REAL if state is None else state.st_atime for state in states]),
    }
    modes = integer([NA_INTEGER if state is None else state.st_mode & 0o7777 for state in states])
    modes = modes.with_attribute("class", character("octmode"))
    columns = {"size": columns.pop("size"), "isdir": columns.pop("isdir"), "mode": modes, **columns}
    if optional_flag(extra, True):
        columns |= _owners(states)
    made = mk_list(list(columns.values()), list(columns))
    return made.with_attribute("class", character("data.frame")).with_attribute("row.names", character(paths))


@builtin("Sys.readlink", "paths")
def read_link(paths: Any) -> Any:
    """What links point to: empty where a path is no link, missing where there is nothing."""
    found = _paths(paths)
    return character([os.readlink(path) if os.path.islink(path) else "" if os.path.exists(path) else None for path in found])


def _owners(states: list[os.stat_result | None]) -> dict[str, Any]:
    """Who owns files: numbers of user and group, and their names where the system knows them."""
    try:
        import grp
        import pwd
    except ImportError:
        return {}

    def named(find: Any, number: int) -> str | None:
        try:
            return str(find(number)[0])
        except KeyError:
            return None

    users = [None if state is None else state.st_uid for state in states]
    groups = [None if state is None else state.st_gid for state in states]
    return {
        "uid": integer([NA_INTEGER if user is None else user for user in users]),
        "gid": integer([NA_INTEGER if group is None else group for group in groups]),
        "uname": character([None if user is None else named(pwd.getpwuid, user) for user in users]),
        "grname": character([None if group is None else named(grp.getgrgid, group) for group in groups]),
    }


@builtin("file.mtime", "...")
def file_time(dots: Dots) -> Any:
    """When files were changed last."""
    from pipekeras.grammar.builtins.times.times import moment_vector

    return moment_vector([
        os.path.getmtime(path) if os.path.exists(path) else NA_REAL for _, value in dots for path in _paths(value)
    ])  # fmt: skip


@builtin("file.access", "names, mode = 0")
def file_access(names: Any, mode: Any) -> Any:
    """0 where a file may be used in a way, -1 elsewhere."""
    from pipekeras.grammar.vectors.coerce import integers

    found = integer([0 if os.access(path, int(integers(mode)[0])) else -1 for path in _paths(names)])
    return found.with_attribute("names", names.with_attributes(None))


def _listed(folder: str, recursive: bool, hidden: bool, folders: bool, inside: str = "") -> list[str]:
    try:
        entries = sorted(os.listdir(folder))
    except OSError:
        return []
    out = []
    for name in entries:
        if name.startswith(".") and not hidden:
            continue
        path = os.path.join(folder, name)
        shown = f"{inside}{name}"
        if recursive and os.path.isdir(path):
            if folders:
                out.append(shown)
            out.extend(_listed(path, recursive, hidden, folders, shown + "/"))
        else:
            out.append(shown)
    return out


@builtin(
    ("list.files", "dir"),
    "path = '.', pattern = NULL, all.files = FALSE, full.names = FALSE, recursive = FALSE, ignore.case = FALSE, "
    "include.dirs = FALSE, no.. = FALSE",
)
def list_files(
    path: Any, pattern: Any, hidden: Any, full: Any, recursive: Any, ignore_case: Any, folders: Any, no_dots: Any
) -> Any:
    """Names of the files in folders, in order."""
    if not isinstance(path, Vector) or path.kind != "character":
        raise RError("invalid 'path' argument")
    source = optional_text(pattern, "pattern")
    search = compiled(source, "extended", optional_flag(ignore_case)).search if source is not None else None
    out: list[str] = []
    for given in texts_of(path):
        folder = given or "."
        names = _listed(os.path.expanduser(folder), optional_flag(recursive), optional_flag(hidden), optional_flag(folders))
        if optional_flag(hidden) and not optional_flag(recursive) and not optional_flag(no_dots):
            names = [".", "..", *names]
        before = f"{folder.rstrip('/') or '/'}/" if optional_flag(full) else ""
        out.extend(before + name for name in names if search is None or search(name.rsplit("/", 1)[-1]))
    return character(sorted_texts(out))


@builtin("list.dirs", "path = '.', full.names = TRUE, recursive = TRUE")
def list_dirs(path: Any, full: Any, recursive: Any) -> Any:
    """Folders within folders."""
    out: list[str] = []
    for given in texts_of(path):
        folder = given or "."
        base = os.path.expanduser(folder)
        found = [""] if optional_flag(recursive, True) else []
        for where, names, _ in os.walk(base):
            inside = os.path.relpath(where, base)
            found.extend(name if inside == "." else f"{inside}/{name}" for name in names)
            if not optional_flag(recursive, True):
                break
        out.extend((f"{folder}/{name}" if name else folder) if optional_flag(full, True) else name for name in sorted(found))
    return character(out)


def session_folder() -> str:
    """The temporary folder of this session, made at first use and removed at exit."""
    store = machine.session.store if machine.session is not None else machine.tags
    folder = store.get("temporary_folder")
    if folder is None:
        import atexit

        folder = tempfile.mkdtemp(prefix="Rtmp")
        store["temporary_folder"] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return str(folder)


@builtin("tempdir", "check = FALSE")
def tempdir(check: Any) -> Any:
    """The session's temporary folder."""
    return character(session_folder())


@builtin("tempfile", "pattern = 'file', tmpdir = NULL, fileext = ''")
def temp_file(pattern: Any, folder: Any, extension: Any) -> Any:
    """Paths that no file has yet."""
    import secrets

    where = session_folder() if folder is NULL else one_text(folder, "tmpdir")
    prefixes, endings = texts_of(pattern), texts_of(extension)
    if not prefixes or not endings:
        raise RError("no 'pattern'" if not prefixes else "no 'fileext'")
    count = max(len(prefixes), len(endings))
    return character([
        f"{where}/{prefixes[at % len(prefixes)]}{secrets.token_hex(6)}{endings[at % len(endings)]}" for at in range(count)
    ])  # fmt: skip


@builtin("getwd", "")
def working_folder() -> Any:
    """The working folder."""
    return character(os.getcwd())


@builtin("setwd", "dir", invisible=True)
def set_working_folder(dir: Any) -> Any:
    """Change the working folder; the old one comes back."""
    old = os.getcwd()
    try:
        os.chdir(os.path.expanduser(one_text(dir, "dir")))
    except OSError:
        raise RError("cannot change working directory", mend="check that the folder exists") from None
    return character(old)
