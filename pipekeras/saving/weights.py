"""Weights alone: `save_weights` and `load_weights`."""

from __future__ import annotations

import json
import os
from typing import Any

from pipekeras.core.errors import ArgumentError, ConfigurationError, FileFormatError
from pipekeras.core.notices import warn as warn_user
from pipekeras.core.plain_data import parse_json
from pipekeras.saving.limits import check_layer_names

_PROGRESS = "training_progress"
_GENERATORS = "random_generators"


def save_weights(
    model: Any,
    filepath: str | os.PathLike[str],
    overwrite: bool = True,
    save_format: str | None = None,
    progress: dict[str, Any] | None = None,
) -> None:
    """Save a model's weights.

    A name that ends in `.weights.h5` gives Keras 3's layout, which holds the optimizer's state too; `.h5` and `.hdf5`
    give the older one. The file is replaced atomically.

    Args:
        model: the model.
        filepath: str or path.
        overwrite: bool, replace an existing file, default True.
        save_format: "h5" for the older layout whatever the path ends in; "tf" for Keras 3's, where a path that does not
            end in `.weights.h5` gets that ending; default by the ending.
        progress: dict of numbers to be kept with the weights, and with it the states of the model's random generators,
            for taking up training again; only in `.weights.h5`.

    Raises:
        ConfigurationError: For another ending, or when the file exists and may not be replaced.
    """
    path = os.fspath(filepath)
    if save_format not in (None, "h5", "hdf5", "tf", "keras"):
        raise ConfigurationError(f"save_format must be 'h5' or 'tf', not {save_format!r}")
    older = save_format in ("h5", "hdf5")
    if save_format in ("tf", "keras") and not path.endswith(".weights.h5"):
        path += ".weights.h5"
    check_overwrite(path, overwrite)
    check_built(model)
    in_new_layout = path.endswith(".weights.h5") and not older
    check_layer_names(model, not in_new_layout)
    if in_new_layout:
        from pipekeras.saving import state_tree
        from pipekeras.saving.hdf5_writer import writing

        with writing(path) as file:
            state_tree.write(model, file)
            if progress is not None:
                file.attrs[_PROGRESS] = json.dumps(progress)
                group = file.create_group(_GENERATORS)
                for index, state in enumerate(_generator_states(model)):
                    group.create_dataset(str(index), data=state.numpy())
    elif older or path.endswith((".h5", ".hdf5")):
        from pipekeras.saving import legacy_h5

        legacy_h5.save_weights(model, path)
    else:
        raise ConfigurationError(
            f"weights are saved to files that end in .weights.h5, .h5 or .hdf5; found {path!r}",
            mend=f"write {path + '.weights.h5'!r}",
        )


def load_weights(
    model: Any, filepath: str | os.PathLike[str], by_name: bool = False, skip_mismatch: bool = False
) -> None:
    """Load weights into a model, from files of either layout, of weights alone or of a whole model.

    Args:
        model: the model, with its weights made.
        filepath: str or path of a `.weights.h5`, `.h5`, `.hdf5` or `.keras` file.
        by_name: bool, match layers by name instead of by order (older layout only), default False.
        skip_mismatch: bool, leave layers as they are whose weights differ in number or shape, default False.

    Raises:
        ShapeError: When the weights don't fit the model; the model then stays as it was.
        FileFormatError: When the file is not one of weights, or not harmless.
    """
    from pipekeras.saving import archive, legacy_h5, state_tree
    from pipekeras.saving.hdf5_reader import reading

    path = _existing(os.fspath(filepath))
    check_built(model)
    source: str | bytes = path
    if archive.is_archive(path):
        source = archive.read(path).weights
    with reading(source, path) as file:
        in_new_layout = "layers" in file.root or "vars" in file.root
        if in_new_layout:
            if by_name:
                raise ArgumentError(
                    f"{path} keeps weights by structure, not by name", mend="leave out by_name, or save to .h5"
                )
            problems = state_tree.read(model, file.root, skip_mismatch)
            if problems:
                warn_user(f"Some weights were not loaded: {'; '.join(problems)}")
            if _GENERATORS in file.root:
                saved = file.root.group(_GENERATORS)
                for index, state in enumerate(_generator_states(model)):
                    state.assign(saved.dataset(str(index)).read(tuple(state.shape)))
            return
    legacy_h5.load_weights(model, path, by_name, skip_mismatch)


def _existing(path: str) -> str:
    """The file that a path means: itself, or the one that `save_weights(save_format="tf")` made for it."""
    if not os.path.exists(path) and os.path.exists(path + ".weights.h5"):
        return path + ".weights.h5"
    from pipekeras.saving.api import in_folder

    if os.path.exists(path + ".index"):
        raise FileFormatError(
            f"{path} is a TensorFlow checkpoint, which is not read here",
            mend="in TensorFlow, load it and save it again as .weights.h5 or .h5",
        )
    return in_folder(path)


def read_progress(filepath: str | os.PathLike[str]) -> dict[str, Any] | None:
    """What `save_weights` was told of the progress of training, or None."""
    from pipekeras.saving.hdf5_reader import reading

    with reading(filepath) as file:
        text = file.root.text(_PROGRESS)
    if text is None:
        return None
    progress = parse_json(text, "the progress of training")
    if not isinstance(progress, dict):
        raise FileFormatError(f"{os.fspath(filepath)} holds no progress of training")
    return progress


def _generator_states(model: Any) -> list[Any]:
    """The variables of the model's random generators, each once."""
    found: dict[int, Any] = {}
    for layer in model._flatten_layers():
        for generator in layer._seed_generators:
            found[id(generator.state)] = generator.state
    return list(found.values())


def check_overwrite(path: str, overwrite: bool) -> None:
    """Refuse to replace an existing file unless that is allowed."""
    if not overwrite and os.path.exists(path):
        raise ConfigurationError(f"{path} exists already", mend="choose another name, or pass overwrite=True")


def check_built(model: Any) -> None:
    """Refuse a model that has no weights yet."""
    if not model.built:
        from pipekeras.core.errors import StateError

        raise StateError(
            f"'{model.name}' has no weights yet",
            mend="declare the input shape, or call model.build(input_shape), or train it first",
        )
