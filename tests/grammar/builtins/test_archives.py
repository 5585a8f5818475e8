"""Archives and fs paths: what is packed comes out, and never outside the folder asked for."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
from pipekeras.grammar.builtins.files import archives, saving
from pipekeras.grammar.session import Session


def run(program: str) -> tuple[int, str, str]:
    output, errors = io.StringIO(), io.StringIO()
    status = Session(output=output, error_output=errors).run(program, "test.R")
    return status, output.getvalue(), errors.getvalue()


def test_zip_and_back(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello\n")
    folder = tmp_path.as_posix()
    status, output, errors = run(
        f'old <- setwd("{folder}"); zip("x.zip", "a.txt"); unzip("x.zip", exdir = "out"); setwd(old); '
        f'readLines("{folder}/out/a.txt"); unzip("{folder}/x.zip", list = TRUE)$Name'
    )
    assert status == 0, errors
    assert output == '[1] "hello"\n[1] "a.txt"\n'


def test_members_stay_inside_the_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("../escaped.txt", "x")
    with tarfile.open(tmp_path / "bad.tar", "w") as archive:
        member = tarfile.TarInfo("../escaped.txt")
        member.size = 1
        archive.addfile(member, io.BytesIO(b"x"))
    folder = tmp_path.as_posix()
    run(f'unzip("{folder}/bad.zip", exdir = "{folder}/out")')
    status, _, errors = run(f'untar("{folder}/bad.tar", exdir = "{folder}/out")')
    assert not (tmp_path / "escaped.txt").exists()
    assert status == 1
    assert "cannot unpack" in errors


def test_downloads_land_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello\n")
    folder = tmp_path.as_posix()
    status, output, errors = run(
        f'download.file("file://{folder}/a.txt", "{folder}/b.txt", quiet = TRUE); readLines("{folder}/b.txt")'
    )
    assert status == 0, errors
    assert output == '[1] "hello"\n'
    status, _, errors = run(f'download.file("file://{folder}/none.txt", "{folder}/c.txt", quiet = TRUE)')
    assert status == 1
    assert "mend:" in errors
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt"]


def test_paths_and_folders_of_fs(tmp_path: Path) -> None:
    folder = tmp_path.as_posix()
    status, output, errors = run(
        f"""
library(fs)
d <- path("{folder}", "data"); dir_create(d); file_create(path(d, c("a.txt", "b.csv")))
path_file(dir_ls(d)); path_file(dir_ls(d, glob = "*.csv")); path_ext("x/a.tar.gz"); path("a", "b", ext = "txt")
file_copy(path(d, "a.txt"), path(d, "c.txt")); length(dir_ls(d)); dir_delete(d); dir_exists(d)[[1]]
"""
    )
    assert status == 0, errors
    assert output == '[1] "a.txt" "b.csv"\n[1] "b.csv"\n[1] "gz"\na/b.txt\n[1] 3\n[1] FALSE\n'


def test_archives_that_would_fill_the_disk_stay_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_UNSUSPICIOUS_BYTES", 1 << 20)
    monkeypatch.setattr(archives, "_EXPANSION", 100)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(4 << 20))
    with tarfile.open(tmp_path / "bomb.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("zeros")
        member.size = 4 << 20
        archive.addfile(member, io.BytesIO(bytes(4 << 20)))
    folder = tmp_path.as_posix()
    for call in ("unzip('bomb.zip')", "untar('bomb.tar.gz')"):
        status, _, errors = run(f'setwd("{folder}"); {call}'.replace("')", "', exdir = 'out')"))
        assert status == 1 and "fill the disk" in errors, errors
    assert not (tmp_path / "out" / "zeros").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_do_not_leave_the_archive(tmp_path: Path, kind: bytes) -> None:
    (tmp_path / "victim").write_text("mine")
    with tarfile.open(tmp_path / "bad.tar", "w") as archive:
        member = tarfile.TarInfo("link")
        member.type, member.linkname = kind, "../victim"
        archive.addfile(member)
        after = tarfile.TarInfo("link")
        after.size = 3
        archive.addfile(after, io.BytesIO(b"bad"))
    run(f'untar("{tmp_path.as_posix()}/bad.tar", exdir = "{tmp_path.as_posix()}/out")')
    assert (tmp_path / "victim").read_text() == "mine"
    assert not (tmp_path / "out" / "link").is_symlink()


def test_damaged_and_encrypted_archives_are_refused_in_words(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "hello")
    content = bytearray((tmp_path / "a.zip").read_bytes())
    encrypted, damaged = bytearray(content), bytearray(content)
    encrypted[6] |= 1
    encrypted[content.index(b"PK\x01\x02") + 8] |= 1
    damaged[content.index(b"hello")] ^= 255
    for bad in (encrypted, damaged):
        (tmp_path / "bad.zip").write_bytes(bytes(bad))
        status, _, errors = run(f'unzip("{tmp_path.as_posix()}/bad.zip", exdir = "{tmp_path.as_posix()}/out")')
        assert status == 1 and "cannot unpack" in errors, errors


def test_a_download_follows_no_planted_link(tmp_path: Path) -> None:
    (tmp_path / "source").write_text("new")
    (tmp_path / "victim").write_text("mine")
    for name in ("target", "target.part"):
        (tmp_path / name).symlink_to(tmp_path / "victim")
    status, _, errors = run(f'download.file("{(tmp_path / "source").as_uri()}", "{tmp_path.as_posix()}/target", quiet = TRUE)')
    assert status == 0, errors
    assert (tmp_path / "victim").read_text() == "mine" and (tmp_path / "target").read_text() == "new"


@pytest.mark.parametrize("name", ["../x", "/x", "", ".", "..", "a/b"])
def test_files_of_the_cache_have_plain_names(tmp_path: Path, name: str) -> None:
    digest = "0" * 64
    status, _, errors = run(
        f'get_file("{name}", "https://localhost/x", file_hash = "{digest}", cache_dir = "{tmp_path.as_posix()}")'
    )
    assert status == 1 and "plain file name" in errors, errors
    status, _, errors = run(f'get_file("x", "file:///etc/passwd", file_hash = "{digest}")')
    assert status == 1 and "https address" in errors, errors


# R's own data files


def saved(tmp_path: Path, content: bytes) -> str:
    (tmp_path / "x.rds").write_bytes(content)
    return f'"{tmp_path.as_posix()}/x.rds"'


HEADER = b"X\n" + struct.pack(">iii", 2, 0x040202, 0x020300)


@pytest.mark.parametrize("code", [3, 4, 5, 6, 7, 8, 21, 22, 25])
def test_data_files_hold_no_code(tmp_path: Path, code: int) -> None:
    status, _, errors = run(f"readRDS({saved(tmp_path, HEADER + struct.pack('>iiii', code, 254, 254, 254))})")
    assert status == 1 and "only data is read" in errors, errors


def whole(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}i", *numbers)


def text(word: str) -> bytes:
    return whole(9 | 1 << 18, len(word)) + word.encode()


SEQUENCE = whole(238, 2, 1) + text("compact_intseq") + whole(254)


@pytest.mark.parametrize(
    "body",
    [
        whole(19, 1) * 5000 + whole(254),
        whole(13, 2**31 - 1),
        whole(13, -1, 2**20, 0),
        whole(16, 1, 9, -7),
        whole(255 | 9 << 8),
        whole(2 | 1 << 10) * 3000,
        whole(19, 40) + SEQUENCE * 40,
        whole(13 | 1 << 9, 2, 1, 9, 1026, 1) + text("levels") + whole(16, 1) + text("a") + whole(254),
        whole(13 | 1 << 9, 2, 1, 9, 1026, 1) + text("dim") + whole(13, 2, 70000, 70000) + whole(254),
        whole(13 | 1 << 9, 2, 1, 9, 1026, 1) + text("names") + whole(13, 3, 1, 2, 3) + whole(254),
    ],
    ids=["deep", "long", "longer", "text", "reference", "pairs", "sequences", "levels", "sizes", "names"],
)
def test_damaged_data_files_are_refused_in_words(tmp_path: Path, body: bytes) -> None:
    status, _, errors = run(f"x <- readRDS({saved(tmp_path, HEADER + body)})")
    assert status == 1 and "internal" not in errors and ("file" in errors or "damaged" in errors), errors


def test_a_data_file_that_unpacks_without_end_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "_UNSUSPICIOUS_BYTES", 1 << 16)
    monkeypatch.setattr(saving, "_EXPANSION", 10)
    for packed in (gzip.compress, bz2.compress, lzma.compress):
        status, _, errors = run(f"readRDS({saved(tmp_path, packed(HEADER + bytes(1 << 20)))})")
        assert status == 1 and "exhaust memory" in errors, errors
        status, _, errors = run(f"readRDS({saved(tmp_path, packed(HEADER)[:-6])})")
        assert status == 1 and "internal" not in errors, errors
