"""A guard around loads, and good files to make bad ones from.

While a hostile file is loaded the network is closed, nothing may be opened for writing, no process may be started, and
neither time nor memory may run away.
"""

import builtins
import io
import json
import os
import resource
import socket
import subprocess
import zipfile

import h5py
import numpy as np
import pytest

from pipekeras import saving
from pipekeras.core.errors import PipekerasError
from pipekeras.layers import Dense, Input
from pipekeras.models import Sequential


def _processor_seconds():
    """Of this process and its children, so that a crowded machine lets no test fail."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@pytest.fixture
def guarded(monkeypatch):
    """Run a load with everything closed that a harmless one does not need; returns the error's text."""
    real_open, real_os_open = builtins.open, os.open

    def refuse(*arguments, **keywords):
        raise AssertionError(f"a load must not do this: {arguments!r}")

    def reading_only(file, mode="r", *arguments, **keywords):
        assert not set(mode) & set("wax+"), f"a load must not write {file!r}"
        return real_open(file, mode, *arguments, **keywords)

    def low_reading_only(path, flags, *arguments, **keywords):
        assert not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT), f"a load must not write {path!r}"
        return real_os_open(path, flags, *arguments, **keywords)

    def run(action, *expected):
        with monkeypatch.context() as patch:
            patch.setattr(socket, "socket", refuse)
            patch.setattr(socket, "create_connection", refuse)
            patch.setattr(subprocess, "Popen", refuse)
            patch.setattr(os, "system", refuse)
            for name in ("mkdir", "makedirs", "rename", "replace", "unlink", "link", "symlink"):
                patch.setattr(os, name, refuse)
            patch.setattr(builtins, "open", reading_only)
            patch.setattr(io, "open", reading_only)
            patch.setattr(os, "open", low_reading_only)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            start = _processor_seconds()
            with pytest.raises(PipekerasError) as caught:
                action()
            seconds = _processor_seconds() - start
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        text = str(caught.value)
        # A refusal takes some milliseconds; what took the file at its word would take hours and gigabytes.
        assert seconds < 30.0, seconds
        assert grown < 500_000, f"{grown} KiB more"
        assert "\x1b" not in text and len(text) < 2000
        for part in expected:
            assert part in text, text
        return text

    return run


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A folder with one model in all three formats."""
    folder = tmp_path_factory.mktemp("good")
    model = Sequential([Input((4,)), Dense(3, name="d")], name="m")
    saving.save_model(model, folder / "m.h5")
    saving.save_model(model, folder / "m.keras")
    saving.save_weights(model, folder / "m.weights.h5")
    for name in ("m.h5", "m.keras"):
        assert saving.load_model(folder / name).count_params() == 15
    return folder


@pytest.fixture
def changed_h5(good, tmp_path):
    """Make a changed copy of the good .h5 file."""

    def change(edit, name="bad.h5"):
        path = tmp_path / name
        path.write_bytes((good / "m.h5").read_bytes())
        with h5py.File(path, "r+") as file:
            edit(file)
        return path

    return change


@pytest.fixture
def secret_file(tmp_path):
    """A good file that nothing but its own path may read."""
    path = tmp_path / "secret.h5"
    with h5py.File(path, "w") as file:
        file["data"] = np.ones((4, 3), "float32")
    return path


@pytest.fixture
def both(good, tmp_path):
    """Make changed copies of the good model's config in both formats of whole models."""

    def change(edit):
        old = tmp_path / "bad.h5"
        old.write_bytes((good / "m.h5").read_bytes())
        with h5py.File(old, "r+") as file:
            with_config(file, edit)
        new = tmp_path / "bad.keras"
        with zipfile.ZipFile(good / "m.keras") as source, zipfile.ZipFile(new, "w") as target:
            for info in source.infolist():
                content = source.read(info)
                if info.filename == "config.json":
                    config = json.loads(content)
                    edit(config)
                    content = json.dumps(config).encode()
                target.writestr(info.filename, content)
        return [old, new]

    return change


def with_config(file, edit):
    config = json.loads(file.attrs["model_config"])
    edit(config)
    file.attrs["model_config"] = json.dumps(config)
