"""`save_model` and `load_model`, for every file format."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator
from typing import Any

from pipekeras.core.budget import limited_memory
from pipekeras.core.custom_objects import custom_object_scope
from pipekeras.core.errors import ConfigurationError, FileFormatError
from pipekeras.saving.limits import check_layer_names
from pipekeras.saving.weights import check_built, check_overwrite

_HDF5 = b"\x89HDF\r\n\x1a\n"
_ZIP = b"PK\x03\x04"
_ENDINGS = (".keras", ".h5", ".hdf5")
IN_FOLDER = "model.keras"
"""The file of a model that is saved as a folder."""
_SPARE_BYTES = 2 << 30
_BYTES_FOR_EACH = 64


def save_model(
    model: Any,
    filepath: str | os.PathLike[str],
    overwrite: bool = True,
    include_optimizer: bool = True,
    save_format: str | None = None,
    zipped: bool = True,
) -> None:
    """Save a whole model: its config, its weights, and, if it is compiled, how, with the optimizer's state.

    Keras 3.15 reads what is written. The file is replaced atomically: a crash leaves the old file or the new one.

    Args:
        model: the model.
        filepath: str or path. `.keras` gives Keras 3's archive, `.h5` or `.hdf5` the older HDF5 layout.
        overwrite: bool, replace an existing file, default True.
        include_optimizer: bool, save how the model was compiled and the optimizer's state, default True.
        save_format: "keras", "h5" or "tf", whatever the path ends in; default by the ending. "tf" makes a folder that
            holds the archive `model.keras`; TensorFlow itself does not read it.
        zipped: bool, False makes such a folder too, default True.

    Raises:
        ConfigurationError: For another ending or format, or when the file exists and may not be replaced.
        StateError: When the model has no weights yet.

    Example:
        >>> import os, tempfile
        >>> from pipekeras import Input, Sequential, layers, saving
        >>> model = Sequential([Input((3,)), layers.Dense(2)])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     saving.save_model(model, os.path.join(folder, "model.keras"))
        ...     again = saving.load_model(os.path.join(folder, "model.keras"))
        >>> again.count_params()
        8
    """
    path = os.fspath(filepath)
    chosen = _chosen_format(path, save_format if zipped else "tf")
    check_overwrite(path, overwrite)
    check_built(model)
    check_layer_names(model, chosen == "h5")
    if chosen == "h5":
        from pipekeras.saving import legacy_h5

        legacy_h5.save_model(model, path, include_optimizer)
        return
    from pipekeras.saving import archive

    if chosen == "tf":
        if os.path.isfile(path):
            raise ConfigurationError(f"{path} is a file, not a folder", mend="name another folder")
        os.makedirs(path, exist_ok=True)
        path = os.path.join(path, IN_FOLDER)
    archive.save_model(model, path, include_optimizer)


def _chosen_format(path: str, save_format: str | None) -> str:
    if save_format is None:
        if path.endswith(_ENDINGS):
            return "keras" if path.endswith(".keras") else "h5"
        raise ConfigurationError(
            f"whole models are saved to files that end in {', '.join(_ENDINGS)}; found {path!r}",
            mend=f"write {path + '.keras'!r}",
        )
    known = {"keras": "keras", "h5": "h5", "hdf5": "h5", "tf": "tf"}
    if save_format not in known:
        raise ConfigurationError(f"save_format must be 'keras', 'h5' or 'tf', not {save_format!r}")
    return known[save_format]


def load_model(
    filepath: str | os.PathLike[str],
    custom_objects: dict[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Any:
    """Load a whole model that pipekeras or any Keras from 2.2 to 3.15 saved as `.keras`, `.h5` or `.hdf5`.

    The kind of file is told by its content. A file is data only: classes and functions come from pipekeras or from
    `custom_objects`, and nothing that a file says can run code, read or write other files, or exhaust memory.

    Args:
        filepath: str or path of a file, or of a folder that `save_model` made.
        custom_objects: dict of name to class or function, for what is not pipekeras' own.
        compile: bool, compile the model as it was and restore the optimizer's state, default True.
        safe_mode: accepted for scripts that pass it; loading is always safe.

    Raises:
        FileFormatError: When the file is not a model, damaged, or not harmless.
        ConfigurationError: When it needs a class or function that is not known.
    """
    path = os.fspath(filepath)
    path = in_folder(path)
    kind = kind_of(path)
    # Sizes are compared before memory is taken; this bound is for what no comparison foresees.
    most = _SPARE_BYTES + _BYTES_FOR_EACH * os.path.getsize(path)
    try:
        with custom_object_scope(custom_objects), limited_memory(most), _garbage_waiting():
            if kind == "archive":
                from pipekeras.saving import archive

                return archive.load_model(path, compile)
            from pipekeras.saving import legacy_h5

            return legacy_h5.load_model(path, compile)
    except MemoryError:
        raise FileFormatError(
            f"{path} wants more than {most >> 20} MB of memory, far more than it holds",
            mend="the file is damaged or was made to exhaust memory; don't use it",
        ) from None


@contextlib.contextmanager
def _garbage_waiting() -> Iterator[None]:
    """Look for no garbage inside the block: a model is many objects, none of them garbage."""
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looking:
            gc.enable()


def in_folder(path: str) -> str:
    """The file of a model that was saved as a folder; other paths as they are."""
    inner = os.path.join(path, IN_FOLDER)
    if os.path.islink(inner):
        raise FileFormatError(f"{inner} is a link; a saved model holds its own data")
    return inner if os.path.isfile(inner) else path


def kind_of(path: str) -> str:
    """Return 'archive' or 'hdf5', by the file's first bytes; refuse everything else with a reason."""
    if os.path.isdir(path):
        if os.path.exists(os.path.join(path, "saved_model.pb")):
            raise FileFormatError(
                f"{path} is a TensorFlow SavedModel, which holds a program, not a model's description",
                mend="in TensorFlow, save it again as .keras or .h5",
            )
        raise FileFormatError(f"{path} is a folder without a model", mend="name a .keras or .h5 file")
    try:
        with open(path, "rb") as stream:
            start = stream.read(8)
    except FileNotFoundError:
        raise FileFormatError(f"there is no file {path}", mend="check the path") from None
    if start == _HDF5:
        return "hdf5"
    if start[:4] == _ZIP:
        return "archive"
    if start[:1] == b"\x80":
        raise FileFormatError(
            f"{path} is a Python pickle, which could run any program and is never read",
            mend="save the model as .keras",
        )
    raise FileFormatError(
        f"{path} is neither a Keras archive nor an HDF5 file",
        mend="name a file that was saved as .keras, .h5 or .hdf5",
    )
