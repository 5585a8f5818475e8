"""Weights in Keras 3's layout (`.weights.h5`, and inside of `.keras`).

The file mirrors the objects: a group for each attribute of the model that is a layer (or the optimizer), for the items
of lists and dicts a group named after their class (`dense`, `dense_1`, ...), and in each the group `vars` with the
object's own variables `0`, `1`, .... Names that a user chose are only noted, so a model built again finds its weights.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, MutableMapping
from typing import Any

import numpy as np

from pipekeras.core import dtypes
from pipekeras.core.errors import FileFormatError, ShapeError, UserError
from pipekeras.core.naming import snake_case
from pipekeras.saving.hdf5_reader import Dataset, Group
from pipekeras.saving.limits import shown

_CONTAINERS = (list, tuple, dict)


class _Seen:
    """What a walk has met. It keeps all of it: a list that a property made would leave its place to the next one."""

    def __init__(self) -> None:
        self._met: dict[int, Any] = {}

    def is_new(self, item: Any) -> bool:
        """Whether an object is met for the first time."""
        if id(item) in self._met:
            return False
        self._met[id(item)] = item
        return True


def states(model: Any) -> Iterator[tuple[str, Any]]:
    """All objects below (and with) `model` that have variables of their own, each once, with their paths."""
    yield from _below(model, "", _Seen())


def _below(owner: Any, path: str, seen: _Seen) -> Iterator[tuple[str, Any]]:
    if not seen.is_new(owner):
        return
    yield path, owner
    for name, value in _attributes(owner):
        inner = f"{path}/{name}" if path else name
        if _has_state(value):
            yield from _below(value, inner, seen)
        elif isinstance(value, _CONTAINERS):
            yield from _inside(value, inner, seen)


def _inside(container: Any, path: str, seen: _Seen) -> Iterator[tuple[str, Any]]:
    if not seen.is_new(container):
        return
    counts: dict[str, int] = {}
    for value in container.values() if isinstance(container, dict) else container:
        if _has_state(value):
            name = _numbered(snake_case(type(value).__name__), counts)
            yield from _below(value, f"{path}/{name}", seen)
        elif isinstance(value, _CONTAINERS):
            yield from _inside(value, f"{path}/{_numbered('container', counts)}", seen)


def _numbered(name: str, counts: dict[str, int]) -> str:
    counts[name] = counts.get(name, -1) + 1
    return f"{name}_{counts[name]}" if counts[name] else name


def _has_state(value: Any) -> bool:
    if isinstance(value, type):
        return False
    return hasattr(value, "save_own_variables") or _is_optimizer(value)


def _is_optimizer(value: Any) -> bool:
    return hasattr(value, "apply_gradients") and hasattr(value, "variables")


def _attributes(owner: Any) -> Iterator[tuple[str, Any]]:
    """The attributes in the order of Keras: by name, those that begin with `_` last, a model's own layers first."""
    if _is_optimizer(owner):
        inner = getattr(owner, "inner_optimizer", None)
        if inner is not None:
            yield "inner_optimizer", inner
        return
    if _is_graph_model(owner):
        yield "layers", owner.layers
    names = [name for name in dir(owner) if name not in _base_attributes() and not name.startswith("__")]
    if getattr(owner, "optimizer", None) is None:
        names = [name for name in names if name != "optimizer"]
    for name in sorted(names, key=lambda name: f"~{name}" if name.startswith("_") else name):
        try:
            value = getattr(owner, name)
        except Exception:
            # A property that can't tell its value yet is no part of the state.
            continue
        yield name, value


def _is_graph_model(owner: Any) -> bool:
    from pipekeras.models.functional import Functional
    from pipekeras.models.sequential import Sequential

    return isinstance(owner, (Functional, Sequential))


@functools.cache
def _base_attributes() -> frozenset[str]:
    """What every layer and model has: bookkeeping, not parts that a user gave it."""
    from pipekeras.layers.base.layer import Layer
    from pipekeras.models.model import Model

    names = {*dir(Layer()), *dir(Model())}
    names.update(("_functional", "_graph", "_operations", "_nodes", "_inputs", "_outputs", "_source", "_last"))
    return frozenset(names - {"layers", "optimizer"})


class _NamedArrays(MutableMapping[str, Any]):
    """What an object's `save_own_variables` and `load_own_variables` see."""

    def __init__(self) -> None:
        self.arrays: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        return self.arrays[name]

    def __setitem__(self, name: str, value: Any) -> None:
        array = np.asarray(value.numpy() if hasattr(value, "numpy") else value)
        self.arrays[name] = dtypes.stored(array, "bfloat16") if getattr(value, "dtype", None) == "bfloat16" else array

    def __delitem__(self, name: str) -> None:
        del self.arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrays)

    def __len__(self) -> int:
        return len(self.arrays)


class _SavedArrays(_NamedArrays):
    """The arrays of one object in a file, read when they are asked for."""

    def __init__(self, datasets: dict[str, Dataset]) -> None:
        super().__init__()
        self.arrays = dict(datasets)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name].read()


def write(model: Any, file: Any) -> None:
    """Write all state of `model` into an open HDF5 file."""
    for path, owner in states(model):
        store = _NamedArrays()
        if hasattr(owner, "save_own_variables"):
            owner.save_own_variables(store)
        else:
            for index, variable in enumerate(owner.variables):
                store[str(index)] = variable
        group = file.create_group(f"{path}/vars" if path else "vars")
        if isinstance(getattr(owner, "name", None), str):
            group.attrs["name"] = owner.name
        for name, array in store.items():
            if array.dtype == dtypes.BFLOAT16:
                # HDF5 has no such number: Keras writes plain pairs of bytes and says what they are.
                group.create_dataset(name, data=array.view("V2")).attrs["dtype"] = "bfloat16"
            else:
                group.create_dataset(name, data=array)


def read(model: Any, root: Group, skip_mismatch: bool = False, with_optimizer: bool = True) -> list[str]:
    """Give all objects below `model` their state from the file; the model's weights change only if all of them fit.

    Args:
        skip_mismatch: leave objects as they are whose variables differ in number or shape.
        with_optimizer: read the state of the optimizer too.

    Returns:
        What did not fit, in words: the optimizer's state, and with `skip_mismatch` anything.

    Raises:
        ShapeError: When variables differ in number or shape from those in the file.
        FileFormatError: When the file has no weights in this layout.
    """
    if "layers" not in root and "vars" not in root and len(root):
        raise FileFormatError(
            f"{root.file.label} is not in the layout of .weights.h5 files",
            mend="load a file in Keras' older layout under a name that ends in .h5",
        )
    problems: list[str] = []
    found: list[tuple[Any, _SavedArrays]] = []
    visited: set[str] = set()
    for path, owner in states(model):
        visited.add(path)
        datasets = _datasets(root, path)
        if _is_optimizer(owner) and not (datasets and with_optimizer):
            continue
        try:
            _check(owner, datasets, path)
        except ShapeError as problem:
            # As in Keras, weights count without the optimizer's state, but not the other way round.
            if not skip_mismatch and not _is_optimizer(owner):
                raise
            problems.append(problem.message)
            continue
        found.append((owner, _SavedArrays(datasets)))
    if _is_graph_model(model) and not skip_mismatch:
        _check_all_wanted(root, visited)
    changes: list[tuple[Any, np.ndarray]] = []
    for owner, store in found:
        if not _loads_its_own_way(owner):
            changes.extend((variable, store[str(index)]) for index, variable in enumerate(_own(owner)))
    # Nothing is changed before everything has been read; layers that load in their own way may still refuse.
    with _taken_back_on_failure([owner for owner, _ in found if _loads_its_own_way(owner)]):
        for owner, store in found:
            if not _loads_its_own_way(owner):
                continue
            try:
                owner.load_own_variables(store)
            except UserError as problem:
                if not skip_mismatch:
                    raise
                problems.append(problem.message)
    for variable, value in changes:
        variable.assign(value)
    for owner, _ in found:
        if not _is_optimizer(owner) and not _loads_its_own_way(owner):
            owner._values_were_loaded()
    return problems


@contextlib.contextmanager
def _taken_back_on_failure(owners: list[Any]) -> Iterator[None]:
    """Give the variables of some objects their former values when the block fails."""
    before = [(variable, variable.numpy()) for owner in owners for variable in _own(owner)]
    try:
        yield
    except BaseException:
        for variable, value in before:
            variable.assign(value)
        raise


def _check_all_wanted(root: Group, visited: set[str]) -> None:
    """Refuse weights of layers that the model does not have."""
    layers = root.get("layers")
    for name in layers if isinstance(layers, Group) else ():
        path = f"layers/{name}"
        if path not in visited and _datasets(root, path):
            raise ShapeError(
                f"the file has weights for a layer at {shown(path)} that the model does not have",
                mend="build the same model as the one that was saved",
            )


def _datasets(root: Group, path: str) -> dict[str, Dataset]:
    group = root.get(f"{path}/vars" if path else "vars")
    if group is None and path:
        # Keras 2 named the layers inside of attention by private attributes.
        owner, _, attribute = path.rpartition("/")
        group = root.get(f"{owner}/_{attribute}/vars")
    if not isinstance(group, Group):
        return {}
    return {name: child for name, child in group.items() if isinstance(child, Dataset)}


def _own(owner: Any) -> list[Any]:
    if _is_optimizer(owner):
        return list(owner.variables)
    if not hasattr(owner, "_variables_of_files"):
        # What stands for a table inside of a layer has two lists only.
        return [*owner._trainable_variables, *owner._non_trainable_variables]
    return list(owner._variables_of_files())


def _loads_its_own_way(owner: Any) -> bool:
    from pipekeras.layers.base.state import LayerState

    if _is_optimizer(owner):
        return False
    return type(owner).load_own_variables is not LayerState.load_own_variables


def _check(owner: Any, datasets: dict[str, Dataset], path: str) -> None:
    """Compare numbers and shapes with the variables that are there, before anything is read."""
    if _loads_its_own_way(owner):
        return
    own = _own(owner)
    what = f"{type(owner).__name__} {shown(getattr(owner, 'name', ''))}"
    if len(own) != len(datasets):
        built = "" if getattr(owner, "built", True) else ", as it is not built yet"
        raise ShapeError(
            f"{what} has {len(own)} variables{built}; the file has {len(datasets)} for it at {shown(path)}",
            mend="build the same model as the one that was saved",
        )
    for index, variable in enumerate(own):
        saved = datasets.get(str(index))
        if saved is None or saved.shape != tuple(variable.shape):
            raise ShapeError(
                f"{what}: {shown(variable.name)} has the shape {tuple(variable.shape)}; "
                f"the file has {'none' if saved is None else saved.shape} at {shown(path)}",
                mend="build the same model as the one that was saved",
            )
