"""Files from elsewhere: downloads, zip and tar archives. Nothing is ever unpacked outside the folder asked for."""

from __future__ import annotations

import lzma
import os
import re
import tarfile
import tempfile
import zipfile
import zlib
from typing import Any

from pipekeras.grammar.builtins.registry import RError, builtin, warn, write_error
from pipekeras.grammar.printing.dispatch import one_text, optional_flag, optional_text, optional_whole, texts_of
from pipekeras.grammar.text.bytes import bytes_of, text_of
from pipekeras.grammar.values import NULL, Vector, character, double, integer, mk_list
from pipekeras.grammar.vectors.unsupported import only_default

Dots = list[tuple[str | None, Any]]
_EXPANSION = 1100
_UNSUSPICIOUS_BYTES = 1 << 30


@builtin(
    "download.file",
    "url, destfile, method = NULL, quiet = FALSE, mode = 'w', cacheOK = TRUE, extra = NULL, headers = NULL, ...",
    invisible=True,
    package="utils",
)
def download_file(
    url: Any, target: Any, method: Any, quiet: Any, mode: Any, cache: Any, extra: Any, headers: Any, dots: Dots
) -> Any:
    """Fetch a file over http, https or ftp, or copy a local one; 0 for success."""
    import shutil
    import urllib.error
    import urllib.request

    address = one_text(url, "url")
    path = os.path.expanduser(one_text(target, "destfile"))
    if not address.startswith(("http://", "https://", "ftp://", "file://")):
        raise RError("scheme not supported in URL '" + address + "'", mend="give an http, https, ftp or file address")
    request = urllib.request.Request(address, headers={"User-Agent": "pipekeras"})
    if headers is not NULL:
        names = [name or "" for name in (headers.attributes or {})["names"].items()]
        for name, text in zip(names, texts_of(headers), strict=True):
            request.add_header(name, text or "")
    if not optional_flag(quiet):
        write_error(f"trying URL '{address}'\n")
    partial = None
    try:
        with urllib.request.urlopen(request, timeout=60) as source:
            # A name that nobody can foretell: a link may have been planted under any other.
            handle, partial = tempfile.mkstemp(prefix=".", suffix=".part", dir=os.path.dirname(path) or ".")
            with os.fdopen(handle, "wb") as out:
                shutil.copyfileobj(source, out)
        os.chmod(partial, 0o666 & ~_mask())
        os.replace(partial, path)
    except (urllib.error.URLError, OSError, TimeoutError) as error:
        if partial is not None and os.path.exists(partial):
            os.remove(partial)
        reason = getattr(error, "reason", error)
        warn(f"cannot open URL '{address}': {reason}")
        raise RError(f"cannot open URL '{address}'", mend="check the address and the network") from None
    return integer(0)


def _mask() -> int:
    """The user's mask of rights for new files."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _check_sizes(path: str, packed: int, unpacked: int) -> None:
    """Refuse an archive whose members overlap, or unpack to what no honest one does."""
    size = os.path.getsize(path)
    if packed > size or unpacked > max(size * _EXPANSION, _UNSUSPICIOUS_BYTES):
        raise RError(
            f"'{path}' has {size} bytes and unpacks to {unpacked}", mend="it was made to fill the disk; don't unpack it"
        )


def _open_zip(path: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile):
        warn("error 1 in extracting from zip file")
        raise RError(f"cannot open zip file '{path}'") from None


@builtin(
    "unzip",
    "zipfile, files = NULL, list = FALSE, overwrite = TRUE, junkpaths = FALSE, exdir = '.', unzip = 'internal', "
    "setTimes = FALSE",
    invisible=True,
    package="utils",
)
def unzip(
    archive: Any, files: Any, listing: Any, overwrite: Any, junk: Any, folder: Any, program: Any, times: Any
) -> Any:
    """Unpack a zip archive, or list what it holds."""
    with _open_zip(os.path.expanduser(one_text(archive, "zipfile"))) as source:
        if optional_flag(listing):
            members = source.infolist()
            made = mk_list(
                [character([one.filename for one in members]), double([float(one.file_size) for one in members])],
                ["Name", "Length"],
            )
            rows = integer([-(2**31), -len(members)])
            return made.with_attribute("class", character("data.frame")).with_attribute("row.names", rows)
        only_default("unzip", setTimes=(times, False))
        members = source.infolist()
        _check_sizes(source.filename or "", sum(one.compress_size for one in members), sum(one.file_size for one in members))
        names = source.namelist() if files is NULL else [text or "" for text in texts_of(files)]
        where = os.path.expanduser(one_text(folder, "exdir"))
        out: list[str | None] = []
        for name in names:
            try:
                member = source.getinfo(name)
            except KeyError:
                warn("requested file not found in the zip file")
                continue
            if optional_flag(junk):
                if member.is_dir():
                    continue
                member.filename = os.path.basename(name)
            target = os.path.join(where, member.filename)
            if os.path.exists(target) and not optional_flag(overwrite, True):
                warn(f" not overwriting file '{target}")
                continue
            try:
                made_path = source.extract(member, where)
            except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
                raise RError(f"cannot unpack '{name}' of the archive: {error}") from None
            if not member.is_dir():
                out.append(made_path)
        return character(out)


@builtin("zip", "zipfile, files, flags = '-r9X', extras = '', zip = NULL", invisible=True, package="utils")
def zip_files(archive: Any, files: Any, flags: Any, extras: Any, program: Any) -> Any:
    """Pack files and folders into a zip archive; 0 for success."""
    only_default("zip", "name the files", extras=(extras, ""))
    options = one_text(flags, "flags")
    unknown = set(options) - set("-r0123456789Xjq ")
    if unknown:
        raise RError(f"flag '{min(unknown)}' of zip() is not supported", mend="-r, -j, -q, -X and -0 to -9 are")
    level = next((int(mark) for mark in options if mark.isdigit()), 6)
    bare = "j" in options
    where = os.path.expanduser(one_text(archive, "zipfile"))
    with zipfile.ZipFile(where, "a", zipfile.ZIP_DEFLATED, compresslevel=level) as target:
        for text in texts_of(files):
            path = os.path.expanduser(text or "")
            if os.path.isdir(path):
                for folder, _, names in os.walk(path) if "r" in options else ():
                    for name in sorted(names):
                        target.write(os.path.join(folder, name), name if bare else None)
            elif os.path.exists(path):
                target.write(path, os.path.basename(path) if bare else None)
            else:
                warn(f"zip warning: name not matched: {text}")
    return integer(0)


@builtin(
    "untar",
    "tarfile, files = NULL, list = FALSE, exdir = '.', compressed = NA, extras = NULL, verbose = FALSE, "
    "restore_times = TRUE, support_old_tars = FALSE, tar = 'internal'",
    invisible=True,
    package="utils",
)
def untar(
    archive: Any, files: Any, listing: Any, folder: Any, compressed: Any, extras: Any, verbose: Any, times: Any,
    old: Any, program: Any,
) -> Any:  # fmt: skip
    """Unpack a tar archive, packed or not, or list what it holds."""
    path = os.path.expanduser(one_text(archive, "tarfile"))
    try:
        with tarfile.open(path) as source:
            if optional_flag(listing):
                return character(source.getnames())
            wanted = None if files is NULL else set(texts_of(files))
            members = [one for one in source.getmembers() if wanted is None or one.name in wanted]
            _check_sizes(path, 0, sum(one.size for one in members))
            source.extractall(os.path.expanduser(one_text(folder, "exdir")), members, filter="data")
    except (OSError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError) as error:
        raise RError(f"cannot unpack '{path}': {error}") from None
    return integer(0)


@builtin("url", "description, open = '', ...")
def url(description: Any, open_mode: Any, dots: Dots) -> Any:
    """A web address as a connection: fetched when first read."""
    import urllib.error
    import urllib.request

    from pipekeras.grammar.builtins.files.connections import text_source

    address = one_text(description, "description")
    if not address.startswith(("http://", "https://", "ftp://", "file://")):
        raise RError("URL scheme unsupported by this method")
    try:
        with urllib.request.urlopen(address, timeout=60) as source:
            text = source.read().decode("utf-8", "replace")
    except (urllib.error.URLError, OSError) as error:
        warn(f"cannot open URL '{address}': {error}")
        raise RError("cannot open the connection") from None
    return text_source(address, "url", text)


@builtin("URLencode", "URL, reserved = FALSE, repeated = FALSE", package="utils")
def url_encode(text: Any, reserved: Any, repeated: Any) -> Any:
    """Text with what an address cannot hold as percent signs and numbers."""
    from urllib.parse import quote

    if type(text) is not Vector or text.kind != "character":
        raise RError("non-character argument")
    safe = "" if optional_flag(reserved) else ";,/?:@&=+$!*'()#[]"
    again = optional_flag(repeated)

    def encoded(item: str) -> str:
        # What looks encoded already is left alone unless it is asked for again.
        return quote(bytes_of(item), safe=safe + "-_.~") if again or not re.search("%[0-9A-Fa-f]{2}", item) else item

    return character(["NA" if item is None else encoded(item) for item in text.items()])


@builtin("URLdecode", "URL", package="utils")
def url_decode(text: Any) -> Any:
    """Text with percent signs and numbers turned back."""
    if type(text) is not Vector or text.kind != "character":
        raise RError("argument must be a character vector of length 1")
    from urllib.parse import unquote_to_bytes

    return character(["NA" if item is None else text_of(unquote_to_bytes(bytes_of(item))) for item in text.items()])


@builtin(
    ("base64encode", "base64decode"),
    "what, linewidth = 0, newline = NULL, output = NULL",
    needs_call=True,
    package="base64enc",
)
def base64_text(what: Any, width: Any, newline: Any, output: Any, call: Any = None) -> Any:
    """Bytes, or the file of a name, as base64 text, and back."""
    import base64
    import binascii

    from pipekeras.grammar.values import raw

    only_default("base64encode", output=(output, NULL))
    if getattr(getattr(call, "function", None), "name", "") == "base64decode":
        try:
            return raw(base64.b64decode("".join(text or "" for text in texts_of(what))))
        except (binascii.Error, ValueError):
            raise RError("the text is no base64") from None
    if isinstance(what, Vector) and what.kind == "raw":
        data = bytes(what.items())
    else:
        path = optional_text(what, "what") or ""
        try:
            with open(os.path.expanduser(path), "rb") as source:
                data = source.read()
        except OSError:
            raise RError("cannot open the connection") from None
    text = base64.b64encode(data).decode()
    columns = optional_whole(width, "linewidth") or 0
    if columns <= 0:
        return character(text)
    lines = [text[at : at + columns] for at in range(0, len(text), columns)]
    return character(lines if newline is NULL else one_text(newline, "newline").join(lines))
