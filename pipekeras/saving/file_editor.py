"""Looking into files of weights and changing them, where a model's layers have changed since."""

from __future__ import annotations

import json
import os
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import ArgumentError, ConfigurationError
from pipekeras.saving import archive, state_tree
from pipekeras.saving.hdf5_reader import File, Group, reading
from pipekeras.saving.hdf5_writer import writing
from pipekeras.saving.limits import shown

_VARIABLES = "vars"


class KerasFileEditor:
    """A file of weights, read whole, that can be looked at, changed and written anew.

    Objects are the layers and the optimizer; each has its weights under names, which are mostly "0", "1", ....

    Args:
        filepath: path of a `.weights.h5` or `.keras` file.

    Raises:
        ConfigurationError: the path ends otherwise.
        FileFormatError: the file is missing, damaged or not harmless.

    Example:

    >>> import os, tempfile
    >>> import pipekeras as pk
    >>> folder = tempfile.mkdtemp()
    >>> model = pk.Sequential([pk.Input((4,)), pk.layers.Dense(3)])
    >>> model.save_weights(os.path.join(folder, "old.weights.h5"))
    >>> editor = pk.saving.KerasFileEditor(os.path.join(folder, "old.weights.h5"))
    >>> editor.summary()
    Weights structure
      > layers
          └─ dense
              ├─ 0: shape=(4, 3), dtype=float32
              └─ 1: shape=(3,), dtype=float32
    >>> editor.rename_object("layers/dense", "dense_of_old")
    >>> editor.save(os.path.join(folder, "new.weights.h5"))
    """

    def __init__(self, filepath: str | os.PathLike[str]) -> None:
        self.filepath = os.fspath(filepath)
        self.metadata: dict[str, Any] | None = None
        self._objects: dict[str, dict[str, np.ndarray]] = {}
        self._names: dict[str, str] = {}
        if self.filepath.endswith(".keras"):
            content = archive.read(self.filepath)
            self.metadata = json.loads(content.metadata)
            with reading(content.weights, self.filepath) as file:
                self._take(file)
        elif self.filepath.endswith(".weights.h5"):
            with reading(self.filepath) as file:
                self._take(file)
        else:
            raise ConfigurationError(f"files end in .keras or .weights.h5; got {self.filepath!r}")

    def _take(self, file: File) -> None:
        self._take_group(file.root, "")

    def _take_group(self, group: Group, path: str) -> None:
        for name, child in group.items():
            if not isinstance(child, Group):
                continue
            if name == _VARIABLES:
                arrays = {key: dataset.read() for key, dataset in child.items() if not isinstance(dataset, Group)}
                if arrays or path:
                    self._objects[path] = arrays
                known = child.text("name")
                if known is not None:
                    self._names[path] = known
            else:
                self._take_group(child, f"{path}/{name}" if path else name)

    def _path_of(self, name: str) -> str:
        """Return the path of an object given by its path or by its last part."""
        wanted = name.strip("/")
        if wanted in self._objects or any(path.startswith(f"{wanted}/") for path in self._objects):
            return wanted
        parts = {
            "/".join(pieces[: place + 1])
            for pieces in (path.split("/") for path in self._objects)
            for place, piece in enumerate(pieces)
            if piece == wanted
        }
        if not parts:
            raise ArgumentError(f"the file has no object {shown(name)}", mend="summary() lists all of them")
        if len(parts) > 1:
            raise ArgumentError(f"the file has several objects {shown(name)}: {', '.join(sorted(parts))}", mend="give a path")
        return parts.pop()

    def _below(self, path: str) -> list[str]:
        return [other for other in self._objects if other == path or other.startswith(f"{path}/")]

    def summary(self) -> None:
        """Print the objects and the shapes and types of their weights."""
        print("Weights structure")
        for line in self._lines():
            print(line)

    def _lines(self) -> list[str]:
        tree: dict[str, Any] = {}
        for path, arrays in self._objects.items():
            place = tree
            for piece in path.split("/") if path else ():
                place = place.setdefault(piece, {})
            for name, array in arrays.items():
                place[name] = array
        return [line for name, inner in _shown_last(tree) for line in _lines(name, inner, "  ", True)]

    def compare(self, reference_model: Any) -> dict[str, Any]:
        """Print what differs between the file and a model.

        Args:
            reference_model: built model.

        Returns:
            dict of "status", which is "success" or "error", "error_count" and "match_count".
        """
        theirs: dict[str, dict[str, tuple[int, ...]]] = {}
        for path, owner in state_tree.states(reference_model):
            store: dict[str, Any] = {}
            if hasattr(owner, "save_own_variables"):
                owner.save_own_variables(store)
            else:
                store = {str(index): variable for index, variable in enumerate(owner.variables)}
            theirs[path] = {name: tuple(np.shape(value)) for name, value in store.items()}
        problems, matching = [], 0
        for path, wanted in theirs.items():
            if path not in self._objects:
                if wanted:
                    problems.append(f"/{path} of the model is missing from the file; it has the weights {', '.join(wanted)}")
                continue
            for name, shape in wanted.items():
                found = self._objects[path].get(name)
                if found is None:
                    problems.append(f"/{path}/{name} of the model, of shape {shape}, is missing from the file")
                elif found.shape != shape:
                    problems.append(f"/{path}/{name} has shape {shape} in the model and {found.shape} in the file")
                else:
                    matching += 1
            problems.extend(f"/{path}/{name} of the file is missing from the model"
                            for name in self._objects[path] if name not in wanted)  # fmt: skip
        problems.extend(f"/{path} of the file is missing from the model"
                        for path, arrays in self._objects.items() if arrays and path not in theirs)  # fmt: skip
        for problem in problems:
            print(f"...{problem}")
        verdict = "fits the model" if not problems else f"does not fit the model: {len(problems)} differences"
        print(f"The file {verdict}; {matching} weights match")
        return {"status": "error" if problems else "success", "error_count": len(problems), "match_count": matching}

    def rename_object(self, object_name: str, new_name: str) -> None:
        """Give an object another name; it stays in its place.

        Args:
            object_name: its path, or its last part where that is the only one.
            new_name: str, the new last part.

        Raises:
            ArgumentError: there is no such object, several, or one of the new name.
        """
        path = self._path_of(object_name)
        owner, _, _ = path.rpartition("/")
        moved = f"{owner}/{new_name}" if owner else new_name
        _check_name(new_name)
        if self._below(moved):
            raise ArgumentError(f"the file has an object {shown(moved)} already")
        ours = set(self._below(path))
        renamed = {other: moved + other[len(path) :] if other in ours else other for other in self._objects}
        self._objects = {renamed[other]: arrays for other, arrays in self._objects.items()}
        self._names = {renamed.get(other, other): name for other, name in self._names.items()}

    def delete_object(self, object_name: str) -> None:
        """Leave an object out, and all below it.

        Args:
            object_name: its path, or its last part where that is the only one.
        """
        for path in self._below(self._path_of(object_name)):
            del self._objects[path]
            self._names.pop(path, None)

    def add_object(self, object_path: str, weights: dict[str, Any]) -> None:
        """Add an object.

        Args:
            object_path: str, whole path, such as "layers/dense_2".
            weights: dict of name to array.

        Raises:
            ArgumentError: there is one at that path.
        """
        path = object_path.strip("/")
        for piece in path.split("/"):
            _check_name(piece)
        if path in self._objects:
            raise ArgumentError(f"the file has an object {shown(path)} already", mend="use add_weights()")
        self._objects[path] = _arrays(weights)

    def add_weights(self, object_name: str, weights: dict[str, Any]) -> None:
        """Add weights to an object, or replace those of the same name.

        Args:
            object_name: its path, or its last part where that is the only one.
            weights: dict of name to array.
        """
        self._objects.setdefault(self._path_of(object_name), {}).update(_arrays(weights))

    def delete_weight(self, object_name: str, weight_name: str) -> None:
        """Leave a weight of an object out.

        Args:
            object_name: its path, or its last part where that is the only one.
            weight_name: str, such as "0".

        Raises:
            ArgumentError: there is none of that name.
        """
        path = self._path_of(object_name)
        if weight_name not in self._objects.get(path, {}):
            known = ", ".join(self._objects.get(path, {})) or "none"
            raise ArgumentError(f"{shown(path)} has no weight {shown(weight_name)}; it has {known}")
        del self._objects[path][weight_name]

    def save(self, filepath: str | os.PathLike[str]) -> None:
        """Write the weights as they are now.

        Args:
            filepath: path that ends in `.weights.h5`; a file there is replaced.
        """
        if not os.fspath(filepath).endswith(".weights.h5"):
            raise ConfigurationError(f"weights are saved to files that end in .weights.h5; got {os.fspath(filepath)!r}")
        with writing(filepath) as file:
            for path, arrays in self._objects.items():
                group = file.create_group(f"{path}/{_VARIABLES}" if path else _VARIABLES)
                if path in self._names:
                    group.attrs["name"] = self._names[path]
                for name, array in arrays.items():
                    group.create_dataset(name, data=array)

    def resave_weights(self, filepath: str | os.PathLike[str]) -> None:
        """Write the weights as they are now; another name of `save`."""
        self.save(filepath)


def _check_name(name: str) -> None:
    if not name or "/" in name or name in (".", "..", _VARIABLES) or not name.isprintable():
        raise ArgumentError(f"{shown(name)} is no name of an object")


def _arrays(weights: dict[str, Any]) -> dict[str, np.ndarray]:
    made = {}
    for name, value in weights.items():
        _check_name(str(name))
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            raise ArgumentError(f"weight {shown(str(name))} holds no numbers but {array.dtype}")
        made[str(name)] = array
    return made


def _shown_last(tree: dict[str, Any]) -> list[tuple[str, Any]]:
    """Objects in the order of their names, those of many parts first."""
    return sorted(tree.items(), key=lambda item: (not _holds_objects(item[1]), item[0]))


def _holds_objects(inner: Any) -> bool:
    return isinstance(inner, dict) and all(isinstance(item, dict) for item in inner.values())


def _lines(name: str, inner: Any, indent: str, is_top: bool, is_last: bool = True) -> list[str]:
    mark = "> " if is_top else "└─ " if is_last else "├─ "
    if not isinstance(inner, dict):
        return [f"{indent}{mark}{_printable(name)}: shape={inner.shape}, dtype={dtypes.standardize(inner.dtype)}"]
    found = [f"{indent}{mark}{_printable(name)}"]
    deeper = indent + ("    " if is_top or is_last else "│   ")
    items = list(inner.items())
    for place, (key, item) in enumerate(items):
        found.extend(_lines(key, item, deeper, False, place == len(items) - 1))
    return found


def _printable(name: str) -> str:
    # A name from a file must not command the terminal.
    return "".join(letter if letter.isprintable() else "?" for letter in name)
