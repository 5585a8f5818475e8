"""The kernel cache: warm processes compile nothing, damaged files are made anew, many processes share a folder."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pipekeras.core.errors import ConfigurationError
from pipekeras.runtime.cache import KernelCache
from pipekeras.runtime.target import describe_target
from pipekeras.runtime.threads import thread_count

SCRIPT = """
import sys
import numpy as np
from pipekeras.runtime import compiler
from pipekeras.runtime.executor import Program, run_command
from pipekeras.runtime.kernels.elementwise import Operand, Step, elementwise_kernel
from pipekeras.runtime.kernels.movement import fill_command

x, y = np.arange(100, dtype=np.float32), np.empty(100, np.float32)
step = Step("half", (0,), "float32", lambda e, v: v * 0.5)
run_command(elementwise_kernel([Operand("float32")], [step], [1]).command((100,), [x], [y]))
run_command(fill_command(x, (100,), "float32", 3.0))
assert (y == np.arange(100) / 2).all() and (x == 3).all()
print(compiler.compilations(), "numba" in sys.modules)
"""


def run(folder: Path, **settings: str) -> str:
    environment = os.environ | {"PIPEKERAS_CACHE": str(folder)} | settings
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_warm_process_compiles_nothing_and_never_imports_the_compiler(tmp_path: Path) -> None:
    assert run(tmp_path) == "3 True"
    assert stat.S_IMODE(tmp_path.stat().st_mode) & 0o022 == 0
    assert run(tmp_path) == "0 False"
    assert run(tmp_path, PIPEKERAS_VECTOR_BITS="128").startswith("3")
    texts = list(tmp_path.glob("elementwise_*.txt"))
    assert texts and any("half(v0)" in text.read_text() for text in texts)


def test_damaged_files_are_made_anew(tmp_path: Path) -> None:
    run(tmp_path)
    files = sorted(tmp_path.glob("*.kernel"))
    files[0].write_bytes(files[0].read_bytes()[:100])
    corrupt = bytearray(files[1].read_bytes())
    corrupt[-30] ^= 0xFF
    files[1].write_bytes(bytes(corrupt))
    files[2].write_bytes(b"")
    assert run(tmp_path).startswith("3")
    assert run(tmp_path) == "0 False"


def test_eight_processes_at_once_on_an_empty_folder(tmp_path: Path) -> None:
    environment = os.environ | {"PIPEKERAS_CACHE": str(tmp_path / "new")}
    running = [
        subprocess.Popen([sys.executable, "-c", SCRIPT], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(8)
    ]
    for process in running:
        _, error = process.communicate(timeout=600)
        assert process.returncode == 0, error
    assert run(tmp_path / "new") == "0 False"
    assert not list((tmp_path / "new").glob("*.part"))


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert run(blocked) == "3 True"
    filled = tmp_path / "filled"
    run(filled)
    filled.chmod(0o500)
    assert run(filled) == "0 False"


def test_reading_and_writing(tmp_path: Path) -> None:
    cache = KernelCache(tmp_path)
    assert cache.find("a") is None
    cache.store("a", b"code", "text")
    assert KernelCache(tmp_path).find("a") == b"code"
    (tmp_path / "b.kernel").write_bytes((tmp_path / "a.kernel").read_bytes())
    assert KernelCache(tmp_path).find("b") is None


def test_without_a_folder_kernels_stay_in_memory() -> None:
    cache = KernelCache(None)
    cache.store("a", b"code", "text")
    assert cache.find("a") == b"code"


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions are POSIX")
def test_a_folder_open_to_others_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    assert KernelCache(folder).folder == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_old_files_go_when_the_folder_outgrows_its_limit(tmp_path: Path) -> None:
    for index in range(10):
        path = tmp_path / f"old{index}.kernel"
        path.write_bytes(bytes(1000))
        os.utime(path, (1000 + index, 1000 + index))
    KernelCache(tmp_path, size_limit=8000).store("new", b"x" * 500, "text")
    left = {path.name for path in tmp_path.iterdir()}
    assert "new.kernel" in left and "old9.kernel" in left and "old0.kernel" not in left
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 8000


def test_wrong_settings_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipekeras.runtime.target import forced_vector_bits

    monkeypatch.setenv("PIPEKERAS_VECTOR_BITS", "100")
    with pytest.raises(ConfigurationError, match="128, 256 or 512"):
        forced_vector_bits()
    monkeypatch.setenv("PIPEKERAS_NUM_THREADS", "none")
    with pytest.raises(ConfigurationError, match="positive whole number"):
        thread_count()


def test_narrow_targets_have_their_own_identity() -> None:
    identities = {describe_target(bits).identity for bits in (128, None)}
    assert len(identities) == 2


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions are POSIX")
def test_kernels_that_others_may_have_written_are_not_run(tmp_path: Path) -> None:
    """The folder was open for a while: what was planted then is as good as missing, and is made anew."""
    elsewhere = tmp_path / "elsewhere"
    KernelCache(elsewhere).store("a", b"code", "text")
    real = elsewhere / "a.kernel"
    cache = KernelCache(tmp_path / "folder")
    planted = tmp_path / "folder" / "a.kernel"
    planted.symlink_to(real)
    assert cache.find("a") is None
    planted.unlink()
    planted.write_bytes(real.read_bytes())
    planted.chmod(0o666)
    assert cache.find("a") is None
    planted.chmod(0o600)
    assert cache.find("a") == b"code"
    planted.unlink()
    os.mkfifo(planted)
    assert cache.find("a") is None
    planted.unlink()
    planted.mkdir()
    assert cache.find("a") is None
    if os.getuid() == 0:
        planted.rmdir()
        planted.write_bytes(real.read_bytes())
        os.chown(planted, 12345, 12345)
        assert cache.find("a") is None
    cache.store("b", b"more", "text")
    assert cache.find("b") == b"more"


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give files away")
def test_a_folder_or_a_link_of_another_user_is_not_used(tmp_path: Path) -> None:
    folder, link, own = tmp_path / "folder", tmp_path / "link", tmp_path / "own"
    folder.mkdir(0o700)
    own.symlink_to(folder)
    assert KernelCache(own).folder == own
    link.symlink_to(folder)
    os.lchown(link, 12345, 12345)
    assert KernelCache(link).folder is None
    os.chown(folder, 12345, 12345)
    assert KernelCache(folder).folder is None
