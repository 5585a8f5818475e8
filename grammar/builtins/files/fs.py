"""The fs and here packages: paths, files and folders in their naming."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from typing import Any

from pipekeras.grammar.builtins.files.files import session_folder
from pipekeras.grammar.builtins.registry import RError, builtin, write
from pipekeras.grammar.printing.dispatch import current_settings, one_text, optional_flag, optional_text, texts_of
from pipekeras.grammar.printing.text import pad_text, text_width
from pipekeras.grammar.text.regex import compiled
from pipekeras.grammar.values import NA_REAL, NULL, Vector, character, double, logical, names_of

Dots = list[tuple[str | None, Any]]
_CLASS = character(["fs_path", "character"])


def fs_paths(texts: list[str | None], names: list[str | None] | None = None) -> Vector:
    """A vector of paths."""
    made: dict[str, Any] = {}
    if names is not None:
        made["names"] = character(names)
    made["class"] = _CLASS
    return character(texts, made)


def _tidy(text: str) -> str:
    made = re.sub(r"/+", "/", text.replace("\\", "/"))
    return made if made == "/" else made.rstrip("/")


def _real(value: Any) -> list[str]:
    return [os.path.expanduser("NA" if text is None else text) for text in texts_of(value)]


def _checked(path: str, work: Callable[[], Any]) -> None:
    try:
        work()
    except OSError as error:
        raise RError(f"[{error.__class__.__name__}] '{path}': {error.strerror}", mend="check the path and its rights") from None


@builtin("path", "..., ext = ''", package="fs")
def path(dots: Dots, ext: Any) -> Any:
    """Paths joined from parts, with an extension."""
    columns = [texts_of(value) for _, value in dots]
    if not columns:
        return fs_paths([""])
    count = max(map(len, columns)) if all(columns) else 0
    ending = one_text(ext, "ext")
    out: list[str | None] = []
    for row in range(count):
        cells = [column[row % len(column)] for column in columns]
        if None in cells:
            out.append(None)
            continue
        made = _tidy("/".join(cell for cell in cells if cell))
        out.append(f"{made}.{ending.lstrip('.')}" if ending else made)
    return fs_paths(out)


@builtin("/.fs_path", "e1, e2", package="fs")
def path_below(e1: Any, e2: Any) -> Any:
    """Paths joined: ``folder / "file.txt"``."""
    return path([(None, e1), (None, e2)], character(""))


@builtin("+.fs_path", "e1, e2", package="fs")
def path_continued(e1: Any, e2: Any) -> Any:
    """Paths with a text put to their ends: ``path("model") + ".keras"``."""
    first, second = texts_of(e1), texts_of(e2)
    count = max(len(first), len(second)) if first and second else 0
    pairs = [(first[row % len(first)], second[row % len(second)]) for row in range(count)]
    return fs_paths([None if one is None or other is None else _tidy(one + other) for one, other in pairs])


@builtin("print.fs_path", "x, ...", invisible=True, package="fs")
def print_path(x: Any, dots: Dots) -> Any:
    """Paths in columns, without quotes."""
    texts = ["NA" if text is None else text for text in x.items()]
    if not texts:
        write("character(0)\n")
        return x
    width = max(map(text_width, texts)) + 1
    per_line = max(current_settings().width // width, 1)
    rows = -(-len(texts) // per_line)
    for row in range(rows):
        cells = texts[row::rows]
        write(" ".join([pad_text(cell, width - 1) for cell in cells[:-1]] + cells[-1:]) + "\n")
    return x


@builtin(("as_fs_path", "path_tidy"), "x", package="fs")
def as_path(x: Any) -> Any:
    """Texts as paths."""
    return fs_paths([None if text is None else _tidy(text) for text in texts_of(x)])


@builtin("as.character.fs_path", "x, ...", package="fs")
def as_character_path(x: Any, dots: Dots) -> Any:
    """Plain texts."""
    return character(x.data)


def _each(name: str, change: Callable[[str], str], doc: str, plain: bool = False) -> None:
    def work(path: Any) -> Any:
        made: list[str | None] = [None if text is None else change(text) for text in texts_of(path)]
        return character(made) if plain else fs_paths(made)

    work.__doc__ = doc
    builtin(name, "path", package="fs")(work)


def _split_extension(text: str) -> tuple[str, str]:
    match = re.match(r"(.*[^/.][^/]*)\.([^./]+)\Z", text)
    return (match[1], match[2]) if match else (text, "")


_each("path_file", lambda text: os.path.basename(text.rstrip("/")), "The last part of paths.", True)
_each("path_dir", lambda text: os.path.dirname(text.rstrip("/")) or ".", "All but the last part of paths.", True)
_each("path_ext", lambda text: _split_extension(text)[1], "Extensions of paths.", True)
_each("path_ext_remove", lambda text: _split_extension(text)[0], "Paths without extensions.")
_each("path_abs", lambda text: _tidy(os.path.abspath(os.path.expanduser(text))), "Absolute paths.")
_each("path_real", lambda text: _tidy(os.path.realpath(os.path.expanduser(text))), "Absolute paths without links.")
_each("path_expand", lambda text: _tidy(os.path.expanduser(text)), "Paths with the home folder in place of its sign.")
_each("path_norm", lambda text: _tidy(os.path.normpath(text)), "Paths without detours.")


@builtin("path_ext_set", "path, ext", package="fs")
def path_ext_set(path: Any, ext: Any) -> Any:
    """Paths with another extension."""
    endings = [(text or "").lstrip(".") for text in texts_of(ext)]
    return fs_paths([
        None if text is None else f"{_split_extension(text)[0]}.{endings[at % len(endings)]}"
        for at, text in enumerate(texts_of(path))
    ])  # fmt: skip


@builtin("path_rel", "path, start = '.'", package="fs")
def path_rel(path: Any, start: Any) -> Any:
    """Paths seen from a folder."""
    base = one_text(start, "start")
    return fs_paths([None if text is None else os.path.relpath(text, base) for text in texts_of(path)])


@builtin(("path_home", "path_temp", "path_wd"), "...", needs_call=True, package="fs")
def path_from(dots: Dots, call: Any = None) -> Any:
    """Paths below the home folder, the temporary folder or the working folder."""
    name = getattr(getattr(call, "function", None), "name", "path_wd")
    base = {"path_home": os.path.expanduser("~"), "path_temp": session_folder()}.get(name) or os.getcwd()
    return path([(None, character(base)), *dots], character(""))


@builtin("file_temp", "pattern = 'file', tmp_dir = NULL, ext = ''", package="fs")
def file_temp(pattern: Any, folder: Any, ext: Any) -> Any:
    """A path that no file has yet."""
    import secrets

    where = session_folder() if folder is NULL else one_text(folder, "tmp_dir")
    ending = one_text(ext, "ext").lstrip(".")
    return fs_paths([f"{where}/{one_text(pattern, 'pattern')}{secrets.token_hex(6)}{'.' + ending if ending else ''}"])


@builtin("dir_create", "path, ..., mode = 'u=rwx,go=rx', recurse = TRUE, recursive = NULL", invisible=True, package="fs")
def dir_create(path: Any, dots: Dots, mode: Any, recurse: Any, recursive: Any) -> Any:
    """Make folders that are not there yet."""
    parts = [value for name, value in dots if not name]
    texts = texts_of(path)
    if parts:
        texts = [os.path.join(text or "", *[texts_of(part)[0] or "" for part in parts]) for text in texts]
    for text in texts:
        full = os.path.expanduser("NA" if text is None else text)
        deep = optional_flag(recurse if recursive is NULL else recursive, True)
        _checked(full, lambda full=full, deep=deep: os.makedirs(full, exist_ok=True) if deep else  # type: ignore[misc]
                 None if os.path.isdir(full) else os.mkdir(full))
    return fs_paths([text if text is None else _tidy(text) for text in texts])


@builtin("file_create", "path, ..., mode = 'u=rw,go=r'", invisible=True, package="fs")
def file_create(path: Any, dots: Dots, mode: Any) -> Any:
    """Make empty files that are not there yet."""
    for full in _real(path):
        _checked(full, lambda full=full: open(full, "a", encoding="utf-8").close())  # type: ignore[misc]
    return fs_paths(texts_of(path))


_TYPES: dict[str, Callable[[str], bool]] = {
    "file": os.path.isfile, "directory": os.path.isdir, "symlink": os.path.islink, "any": os.path.lexists,
}  # fmt: skip


def _listed(folder: str, hidden: bool, depth: int) -> list[str]:
    try:
        entries = sorted(os.listdir(os.path.expanduser(folder) or "."))
    except OSError as error:
        raise RError(f"[ENOENT] Failed to search directory '{folder}': {error.strerror}") from None
    out = []
    for name in entries:
        if name.startswith(".") and not hidden:
            continue
        full = name if folder in (".", "") else f"{folder.rstrip('/')}/{name}"
        out.append(full)
        if depth and os.path.isdir(os.path.expanduser(full)) and not os.path.islink(full):
            out.extend(_listed(full, hidden, depth - 1))
    return out


@builtin(
    "dir_ls",
    "path = '.', ..., all = FALSE, recurse = FALSE, type = 'any', glob = NULL, regexp = NULL, invert = FALSE, "
    "fail = TRUE, recursive = NULL",
    package="fs",
)
def dir_ls(
    path: Any, dots: Dots, hidden: Any, recurse: Any, type: Any, glob: Any, regexp: Any, invert: Any, fail: Any, recursive: Any
) -> Any:
    """Paths of what folders hold."""
    wanted = [text or "any" for text in texts_of(type)]
    for name in wanted:
        if name not in _TYPES:
            raise RError(f"type '{name}' is not supported: use any, file, directory or symlink")
    depth_value = recurse if recursive is NULL else recursive
    depth = 10**6 if optional_flag(depth_value) and depth_value.kind == "logical" else int(depth_value.items()[0])
    pattern = optional_text(regexp, "regexp")
    if glob is not NULL:
        import fnmatch

        pattern = fnmatch.translate(one_text(glob, "glob")).replace("(?s:", "(?:")
    search = compiled(pattern, "perl").search if pattern is not None else None
    out: list[str | None] = []
    for folder in texts_of(path):
        for item in _listed(folder or ".", optional_flag(hidden), depth):
            full = os.path.expanduser(item)
            fits = search is None or (search(item) is not None) != optional_flag(invert)
            if fits and any(_TYPES[name](full) for name in wanted):
                out.append(item)
    return fs_paths(out, list(out))


@builtin("dir_tree", "path = '.', recurse = TRUE, ...", invisible=True, package="fs")
def dir_tree(path: Any, recurse: Any, dots: Dots) -> Any:
    """Folders drawn as a tree."""

    def draw(folder: str, before: str) -> None:
        entries = sorted(name for name in os.listdir(folder) if not name.startswith("."))
        for at, name in enumerate(entries):
            last = at == len(entries) - 1
            write(f"{before}{'└── ' if last else '├── '}{name}\n")
            full = os.path.join(folder, name)
            if os.path.isdir(full) and optional_flag(recurse, True):
                draw(full, before + ("    " if last else "│   "))

    for text in texts_of(path):
        write(f"{text}\n")
        _checked(text or ".", lambda text=text: draw(os.path.expanduser(text or "."), ""))  # type: ignore[misc]
    return path


def _transfer(path: Any, new_path: Any, work: Callable[[str, str], Any]) -> Any:
    targets = _real(new_path)
    out: list[str | None] = []
    for at, source in enumerate(_real(path)):
        target = targets[at % len(targets)]
        if os.path.isdir(target):
            target = os.path.join(target, os.path.basename(source.rstrip("/")))
        _checked(source, lambda source=source, target=target: work(source, target))  # type: ignore[misc]
        out.append(target)
    return fs_paths(out)


@builtin("file_copy", "path, new_path, overwrite = FALSE", invisible=True, package="fs")
def file_copy(path: Any, new_path: Any, overwrite: Any) -> Any:
    """Copy files."""

    def copy(source: str, target: str) -> None:
        if os.path.exists(target) and not optional_flag(overwrite):
            raise RError(f"[EEXIST] Failed to copy '{source}' to '{target}': file already exists")
        shutil.copyfile(source, target)

    return _transfer(path, new_path, copy)


@builtin("dir_copy", "path, new_path, overwrite = FALSE", invisible=True, package="fs")
def dir_copy(path: Any, new_path: Any, overwrite: Any) -> Any:
    """Copy folders with what they hold."""
    return _transfer(
        path, new_path, lambda source, target: shutil.copytree(source, target, dirs_exist_ok=optional_flag(overwrite))
    )


@builtin("file_move", "path, new_path", invisible=True, package="fs")
def file_move(path: Any, new_path: Any) -> Any:
    """Give files another place."""
    return _transfer(path, new_path, os.replace)


@builtin(("file_delete", "link_delete"), "path", invisible=True, package="fs")
def file_delete(path: Any) -> Any:
    """Remove files."""
    for full in _real(path):
        _checked(full, lambda full=full: os.remove(full))  # type: ignore[misc]
    return fs_paths(texts_of(path))


@builtin("dir_delete", "path", invisible=True, package="fs")
def dir_delete(path: Any) -> Any:
    """Remove folders with what they hold."""
    for full in _real(path):
        _checked(full, lambda full=full: shutil.rmtree(full))  # type: ignore[misc]
    return fs_paths(texts_of(path))


def _test(name: str | tuple[str, ...], test: Callable[[str], bool], doc: str) -> None:
    def work(path: Any) -> Any:
        texts = texts_of(path)
        made = logical([None if text is None else test(os.path.expanduser(text)) for text in texts])
        return made.with_attribute("names", character(names_of(path) or texts))

    work.__doc__ = doc
    builtin(name, "path", package="fs")(work)


_test("file_exists", os.path.exists, "Whether files or folders exist.")
_test(("dir_exists", "is_dir"), os.path.isdir, "Whether folders exist.")
_test("is_file", os.path.isfile, "Whether files exist.")


@builtin("file_size", "path", package="fs")
def file_size(path: Any) -> Any:
    """Bytes of files."""
    return double([float(os.path.getsize(full)) if os.path.exists(full) else NA_REAL for full in _real(path)])


@builtin("file_chmod", "path, mode", invisible=True, package="fs")
def file_chmod(path: Any, mode: Any) -> Any:
    """Change the rights of files; the mode is an octal number such as "644"."""
    text = texts_of(mode)[0] or ""
    if not re.fullmatch(r"[0-7]{3,4}", text):
        raise RError(f"mode '{text}' is not supported: give an octal number such as \"644\"")
    for full in _real(path):
        _checked(full, lambda full=full: os.chmod(full, int(text, 8)))  # type: ignore[misc]
    return fs_paths(texts_of(path))


def project_root() -> str:
    """The nearest folder upwards that looks like a project's, else the working folder."""
    folder = os.getcwd()
    while True:
        names = os.listdir(folder) if os.access(folder, os.R_OK) else []
        if any(name in (".here", ".git", ".svn", "DESCRIPTION", "_quarto.yml") or name.endswith(".Rproj") for name in names):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return os.getcwd()
        folder = above


@builtin("here", "...", package="here")
def here(dots: Dots) -> Any:
    """Paths below the project's folder."""
    columns = [["NA" if text is None else text for text in texts_of(value)] for _, value in dots]
    # As fs::path does: a part without an element leaves no path.
    count = 0 if any(not column for column in columns) else max(map(len, columns), default=1)
    root = project_root()
    return character(["/".join([root, *(column[row % len(column)] for column in columns)]) for row in range(count)])

