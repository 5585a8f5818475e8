"""All values that a model keeps, nested by the paths of its variables."""

from __future__ import annotations

from typing import Any

from pipekeras.core.errors import ArgumentError, ConfigurationError
from pipekeras.graph.tensor import Tensor

FORMATS = ("backend_tensor", "numpy_array")


def _groups(model: Any) -> dict[str, list[Any]]:
    optimizer = getattr(model, "optimizer", None)
    return {
        "trainable_variables": model.trainable_variables,
        "non_trainable_variables": model.non_trainable_variables,
        "optimizer_variables": [] if optimizer is None else list(optimizer.variables),
        "metrics_variables": model.metrics_variables,
    }


def state_tree(model: Any, value_format: str) -> dict[str, Any]:
    """Return copies of the values of all variables, as nested dicts.

    Raises:
        ConfigurationError: two variables have one path, or one stands where others lie.
    """
    if value_format not in FORMATS:
        raise ArgumentError(f"value_format must be 'backend_tensor' or 'numpy_array', not {value_format!r}")
    tree: dict[str, Any] = {}
    for kind, variables in _groups(model).items():
        tree[kind] = {}
        for variable in variables:
            *names, last = variable.path.split("/")
            place = tree[kind]
            for name in names:
                place = place.setdefault(name, {})
                if not isinstance(place, dict):
                    break
            if not isinstance(place, dict) or last in place:
                raise ConfigurationError(
                    f"two of the model's {kind} lie at '{variable.path}', so a tree can't hold both",
                    mend="give the layers different names",
                )
            value = variable.numpy().copy()
            place[last] = value if value_format == "numpy_array" else Tensor(value)
    return tree


def set_state_tree(model: Any, tree: dict[str, Any]) -> None:
    """Give variables the values of a tree; what the tree does not name stays.

    Raises:
        ConfigurationError: the tree names a variable that the model does not have.
    """
    groups = _groups(model)
    changes = []
    for kind, inner in tree.items():
        if kind not in groups:
            raise ConfigurationError(f"a state tree has the parts {', '.join(groups)}; there is none called '{kind}'")
        by_path = {variable.path: variable for variable in groups[kind]}
        for path, value in _leaves(inner, ""):
            if path not in by_path:
                raise ConfigurationError(f"the model has no variable at '{path}' among its {kind}")
            changes.append((by_path[path], value))
    for variable, value in changes:
        variable.assign(value)


def _leaves(tree: dict[str, Any], path: str) -> Any:
    for name, value in tree.items():
        inner = f"{path}/{name}" if path else name
        if isinstance(value, dict):
            yield from _leaves(value, inner)
        else:
            yield inner, value
