"""The state of an optimizer from `.h5` files of any Keras since 2.2.

Keras 3 writes step counter, learning rate, then the slots in the optimizer's own order. Keras 2 wrote a step counter,
in some versions the learning rate, and the slots kind by kind or variable by variable; their names tell which.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from pipekeras.core.notices import warn as warn_user
from pipekeras.saving.hdf5_reader import Dataset

# What Keras 2 called a slot: what it is called now.
_KINDS = {
    "m": "momentum",
    "v": "velocity",
    "vhat": "velocity_hat",
    "v_hat": "velocity_hat",
    "velocity_hat": "velocity_hat",
    "momentum": "momentum",
    "rms": "velocity",
    "velocity": "velocity",
    "mg": "average_gradient",
    "average_gradient": "average_gradient",
    "accumulator": "accumulator",
    "accum_grad": "accumulated_grad",
    "accumulated_grad": "accumulated_grad",
    "accum_var": "accumulated_delta_var",
    "accumulated_delta_var": "accumulated_delta_var",
    "u": "norm",
    "linear": "linear",
    "average": "average",
}
# How Keras 2 laid out the slots of archives, which name none: kinds side by side for each variable, group after group.
_IN_ARCHIVES: dict[str, tuple[tuple[str, ...], ...]] = {
    "SGD": (("m",),),
    "RMSprop": (("velocity",), ("momentum",), ("average_gradient",)),
    "Adam": (("m", "v"), ("vhat",)),
    "AdamW": (("m", "v"), ("vhat",)),
    "Nadam": (("m", "v"),),
    "Adamax": (("m", "u"),),
    "Adadelta": (("accumulated_grad", "accumulated_delta_var"),),
    "Adagrad": (("accumulator",),),
    "Ftrl": (("accumulator", "linear"),),
    "Lion": (("m",),),
}
_OWN_KINDS = sorted(set(_KINDS.values()), key=len, reverse=True)


def names_in_archive(model: Any, count: int) -> list[str]:
    """Return what Keras 2 called the arrays of an optimizer's state in an archive, where they have no names."""
    optimizer, variables = model.optimizer, len(model.trainable_variables)
    groups = list(_IN_ARCHIVES.get(type(optimizer).__name__, ()))
    if optimizer.use_ema:
        groups.insert(0, ("average",))
    if len(groups) == 3 and not getattr(optimizer, "momentum", 1.0):
        del groups[1]
    names = ["iteration"]
    for group in groups:
        names.extend(kind for _ in range(variables) for kind in group)
    return (names + [""] * count)[:count]


def restore(model: Any, names: list[str], arrays: list[Dataset]) -> None:
    """Give the model's optimizer its saved state; a state that doesn't fit is left out with a warning."""
    optimizer = model.optimizer
    if not optimizer.built:
        optimizer.build(model.trainable_variables)
    product = getattr(optimizer, "_product", None)
    own = [variable for variable in optimizer.variables if variable is not product]
    changes = _in_order(optimizer.variables, arrays) or _by_kind(own, names, arrays, len(model.trainable_variables))
    if changes is None:
        warn_user(
            "The saved state of the optimizer does not fit the optimizer; training starts with a fresh one.")
        return
    for variable, value in changes:
        variable.assign(value)
    if product is not None and all(variable is not product for variable, _ in changes):
        # Keras 2 did not save the product of Nadam's momenta; the number of steps gives it.
        product.assign(optimizer.product_after(int(optimizer.iterations.numpy())))


def _in_order(own: list[Any], arrays: list[Dataset]) -> list[tuple[Any, np.ndarray]] | None:
    if [tuple(variable.shape) for variable in own] != [array.shape for array in arrays]:
        return None
    # A counter of one's own, in the style of Keras 1, may be a float.
    if not arrays or (arrays[0].dtype.kind not in "iu" and own[0].dtype.startswith("int")):
        return None
    kinds = [_kind_of_saved(array.path) for array in arrays[2:]]
    if None not in kinds and kinds != [_kind_of_own(variable) for variable in own[2:]]:
        return None
    return [(variable, array.read(tuple(variable.shape))) for variable, array in zip(own, arrays, strict=True)]


def _by_kind(
    own: list[Any], names: list[str], arrays: list[Dataset], variables: int
) -> list[tuple[Any, np.ndarray]] | None:
    counters = [array for array in arrays if array.shape == () and array.dtype.kind in "iu"]
    slots = [
        (name, array)
        for name, array in zip(names, arrays, strict=True)
        if not any(array is counter for counter in counters) and "learning_rate" not in name
    ]
    saved: dict[str, list[Dataset]] = {}
    kinds = [_kind_of_saved(name) for name, _ in slots]
    own_kinds = list(dict.fromkeys(_kind_of_own(variable) for variable in own[2:]))
    if None in kinds:
        # Nameless slots of the first Keras 2: kind after kind, placeholders for unused kinds at the end.
        for index, kind in enumerate(own_kinds):
            saved[kind or ""] = [array for _, array in slots[index * variables : (index + 1) * variables]]
    else:
        for kind, (_, array) in zip(kinds, slots, strict=True):
            saved.setdefault(kind or "", []).append(array)
    changes: list[tuple[Any, np.ndarray]] = []
    if counters:
        changes.append((own[0], counters[0].read(())))
    for kind in own_kinds:
        targets = [variable for variable in own[2:] if _kind_of_own(variable) == kind]
        sources = saved.get(kind or "", [])
        if [tuple(variable.shape) for variable in targets] != [source.shape for source in sources]:
            return None
        changes.extend((variable, source.read()) for variable, source in zip(targets, sources, strict=True))
    return changes


def _kind_of_saved(name: str) -> str | None:
    """The kind of a slot by its name: `Adam/dense/kernel/m:0`, `Adam/m/dense/kernel:0`, `adam/dense_kernel_momentum`."""
    parts = re.sub(r"(:\d+)?$", "", name).split("/")
    for part in (parts[-1], *parts[:-1]):
        if part in _KINDS:
            return _KINDS[part]
    return _ending(parts[-1])


def _kind_of_own(variable: Any) -> str | None:
    return _ending(variable.name)


def _ending(name: str) -> str | None:
    return next((kind for kind in _OWN_KINDS if name.endswith(f"_{kind}")), None)
