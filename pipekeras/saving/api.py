"""`save_model` and `load_model`, for every file format."""

from __future__ import annotations

import os
from typing import Any

from pipekeras.core.custom_objects import custom_object_scope
from pipekeras.core.errors import ConfigurationError, FileFormatError
from pipekeras.saving.weights import check_built, check_overwrite

_HDF5 = b"\x89HDF\r\n\x1a\n"
_ZIP = b"PK\x03\x04"
_ENDINGS = (".keras", ".h5", ".hdf5")


def save_model(
    model: Any,
    filepath: str | os.PathLike[str],
    overwrite: bool = True,
    include_optimizer: bool = True,
    **older_options: Any,
) -> None:
    """Save a whole model: its config, its weights, and, if it is compiled, how, with the optimizer's state.

    Keras 3.15 reads what is written. The file is replaced atomically: a crash leaves the old file or the new one.

    Args:
        model: the model.
        filepath: str or path. `.keras` gives Keras 3's archive, `.h5` or `.hdf5` the older HDF5 layout.
        overwrite: bool, replace an existing file, default True.
        include_optimizer: bool, save how the model was compiled and the optimizer's state, default True.
        **older_options: `save_format`, `zipped`, `signatures`, accepted for scripts that pass them.

    Raises:
        ConfigurationError: For another ending, or when the file exists and may not be replaced.
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
    if not path.endswith(_ENDINGS):
        raise ConfigurationError(
            f"whole models are saved to files that end in {', '.join(_ENDINGS)}; found {path!r}",
            mend=f"write {path + '.keras'!r}",
        )
    check_overwrite(path, overwrite)
    check_built(model)
    if path.endswith(".keras"):
        from pipekeras.saving import archive

        archive.save_model(model, path, include_optimizer)
    else:
        from pipekeras.saving import legacy_h5

        legacy_h5.save_model(model, path, include_optimizer)


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
        filepath: str or path.
        custom_objects: dict of name to class or function, for what is not pipekeras' own.
        compile: bool, compile the model as it was and restore the optimizer's state, default True.
        safe_mode: accepted for scripts that pass it; loading is always safe.

    Raises:
        FileFormatError: When the file is not a model, damaged, or not harmless.
        ConfigurationError: When it needs a class or function that is not known.
    """
    path = os.fspath(filepath)
    kind = _kind_of(path)
    with custom_object_scope(custom_objects):
        if kind == "archive":
            from pipekeras.saving import archive

            return archive.load_model(path, compile)
        from pipekeras.saving import legacy_h5

        return legacy_h5.load_model(path, compile)


def _kind_of(path: str) -> str:
    if os.path.isdir(path):
        if os.path.exists(os.path.join(path, "saved_model.pb")):
            raise FileFormatError(
                f"{path} is a TensorFlow SavedModel, which holds a program, not a model's description",
                mend="in TensorFlow, save it again as .keras or .h5",
            )
        raise FileFormatError(f"{path} is a folder, not a model", mend="name a .keras or .h5 file")
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
