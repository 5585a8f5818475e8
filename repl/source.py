"""Reading program files: text is taken, everything else is refused with a plain word."""

from __future__ import annotations

import os

DOCUMENT_SUFFIXES = (".rmd", ".qmd", ".rmarkdown")
_MAGIC = (
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", "read it in a program: load_model_hdf5(\"{name}\")"),
    (b"PK\x03\x04", "a zip archive", "read it in a program: load_model(\"{name}\")"),
    (b"\x1f\x8b", "a gzip file", "unpack it first: gunzip {name}"),
    (b"BZh", "a bzip2 file", "unpack it first: bunzip2 {name}"),
    (b"RDX", "an R data file", "save the data as CSV in R, or as text with dump()"),
    (b"\x93NUMPY", "a NumPy array file", "it holds data, no program"),
    (b"\x7fELF", "a binary program", "run it by itself"),
)


class SourceError(Exception):
    """A file that cannot be read as a program."""

    def __init__(self, message: str, mend: str | None = None, place: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend
        self.place = place

    def report(self) -> str:
        """Message, place and mend as users see them."""
        lines = [f"pipekeras: {self.message}"]
        if self.place:
            lines.append(self.place)
        if self.mend:
            lines.append(f"  mend: {self.mend}")
        return "\n".join(lines)


def read_program(path: str) -> str:
    """The text of a program file; of a document (R Markdown, Quarto) its chunks of R.

    Raises:
        SourceError: the file is missing, not readable or no text.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        raise SourceError(f"there is no file '{path}'", _near_file(path)) from None
    except IsADirectoryError:
        raise SourceError(f"'{path}' is a folder", "name a file in it") from None
    except OSError as error:
        raise SourceError(f"cannot read '{path}': {error.strerror}") from None
    text = decode_program(data, path)
    if path.lower().endswith(DOCUMENT_SUFFIXES):
        from pipekeras.repl.document import program_of_document

        return program_of_document(text, path)
    return text


def decode_program(data: bytes, name: str) -> str:
    """The text of a program's bytes: UTF-8, newlines as `\\n`, no byte order mark.

    Raises:
        SourceError: the bytes are no text.
    """
    for magic, what, mend in _MAGIC:
        if data.startswith(magic):
            raise SourceError(f"'{name}' is {what}, not a program", mend.format(name=name))
    if looks_pickled(data):
        raise SourceError(
            f"'{name}' is a Python pickle, not a program",
            "pickles can run code when they are loaded, so pipekeras never reads them; save models with save_model()",
            _first_bytes(data, name),
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"'{name}' is UTF-16 text", f"convert it: iconv -f UTF-16 -t UTF-8 {name}")
    if b"\0" in data:
        raise SourceError(f"'{name}' is a binary file, not a program")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"'{name}' is not UTF-8 text (line {line})", f"convert it: iconv -f LATIN1 -t UTF-8 {name}"
        ) from None
    return text.replace("\r\n", "\n")


def _first_bytes(data: bytes, name: str) -> str:
    """The place where a file stops being a program, its bytes escaped so that a terminal shows and does not obey them."""
    shown = "".join(chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}" for byte in data[:12])
    head = f"  {name}:1:1   "
    return f"{head}{shown}\n{' ' * len(head)}^"


def looks_pickled(data: bytes) -> bool:
    """Whether the bytes are a pickle of any protocol; nothing is loaded to find out."""
    if len(data) >= 2 and data[0] == 0x80 and data[1] <= 5:
        return True
    if not data.rstrip().endswith(b".") or data[:1] not in b"(ciSVIFNLGJKMTUX]}l)dptg":
        return False
    from pickletools import genops

    try:
        names = [opcode.name for opcode, _, _ in genops(data.rstrip())]
    except Exception:  # genops meets arbitrary bytes; whatever it stumbles over is no pickle
        return False
    return names[-1:] == ["STOP"] and len(names) > 1


def _near_file(path: str) -> str | None:
    from difflib import get_close_matches

    folder, name = os.path.split(path)
    try:
        present = os.listdir(folder or ".")
    except OSError:
        return f"there is no folder '{folder}' either"
    near = get_close_matches(name, present, 1, 0.6)
    return f"did you mean '{os.path.join(folder, near[0])}'?" if near else None
