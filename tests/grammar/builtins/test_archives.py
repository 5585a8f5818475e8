"""Archives and fs paths: what is packed comes out, and never outside the folder asked for."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

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
