"""Objects to plain data and back, in the form that Keras 3.15 writes.

A config is data. It names classes by the public names of our registry, or by names that the caller supplies
in `custom_objects`; a module path in a config is read as a hint about the kind and never imported.
Configs of Keras 2 (no module, sometimes a bare name) are read as well.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import sys
import types
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, NamedTuple

import numpy as np

from pipekeras.core import dtypes, registry
from pipekeras.core.budget import STEPS_FOR_OBJECT, work
from pipekeras.core.custom_objects import custom_object_scope, get_registered_name, get_registered_object
from pipekeras.core.errors import ConfigurationError, FileFormatError, PipekerasError, did_you_mean

# kind of the registry: the module that Keras writes for it, and ours that fills the table when first needed.
HOMES = {
    "layer": ("keras.layers", "pipekeras.layers"),
    "model": ("keras", "pipekeras.models"),
    "optimizer": ("keras.optimizers", "pipekeras.optimizers"),
    "schedule": ("keras.optimizers.schedules", "pipekeras.optimizers"),
    "loss": ("keras.losses", "pipekeras.losses"),
    "metric": ("keras.metrics", "pipekeras.metrics"),
    "initializer": ("keras.initializers", "pipekeras.initializers"),
    "regularizer": ("keras.regularizers", "pipekeras.regularizers"),
    "constraint": ("keras.constraints", "pipekeras.constraints"),
    "activation": ("keras.activations", "pipekeras.activations"),
    "quantizer": ("keras.quantizers", "pipekeras.quantizers"),
    "random": ("keras.random", "pipekeras.random"),
    "policy": ("keras", "pipekeras.layers"),
    "table": ("keras.utils", "pipekeras.layers.preprocessing.feature_space"),
    "table part": ("keras.src.layers.preprocessing.feature_space", "pipekeras.layers.preprocessing.feature_space"),
    "distillation": ("keras.distillation", "pipekeras.distillation"),
    "network part": ("keras.src.applications.convnext", "pipekeras.applications.convnext"),
}
# Keras finds the first four by the files that define them, as they have no public names; the rest have homes of their own.
_UNEXPORTED = {
    "Functional": ("keras.src.models.functional", "Functional", "Functional"),
    "LayerScale": ("keras.src.applications.convnext", "LayerScale", "LayerScale"),
    "Feature": ("keras.src.layers.preprocessing.feature_space", "Feature", "Feature"),
    "Cross": ("keras.src.layers.preprocessing.feature_space", "Cross", "Cross"),
    "DTypePolicyMap": ("keras.dtype_policies", "DTypePolicyMap", None),
    "QuantizedDTypePolicy": ("keras.dtype_policies", "QuantizedDTypePolicy", None),
}
_FUNCTION_KINDS = ("activation", "loss", "metric")
_LONGEST_NESTING = 100
_MOST_OBJECTS = 30_000
"""Layers, initializers and the like in one model; the largest networks known have some thousands."""
_MOST_LAYERS = 5_000
"""Networks of a thousand layers are known."""
_PLAIN = (str, int, float, bool, type(None))


class TensorReference(NamedTuple):
    """A tensor of a saved functional model: which call of which layer made it."""

    shape: tuple[int | None, ...]
    dtype: str
    history: tuple[str, int, int] | None


# Sharing: one object used at several places of a config is written once and stays one object.
_written: ContextVar[dict[int, tuple[Any, dict[str, Any]]] | None] = ContextVar("written", default=None)
_revived: ContextVar[dict[int, Any] | None] = ContextVar("revived", default=None)
_count: ContextVar[list[int] | None] = ContextVar("count", default=None)
_depth: ContextVar[int] = ContextVar("depth", default=0)
_met: ContextVar[list[Any] | None] = ContextVar("met", default=None)

SERIALIZED_NAMES: dict[type, Any] = {}
"""Kinds of functions that are no Python functions: what gives the name under which configs refer to one."""


@contextlib.contextmanager
def shared_objects() -> Iterator[None]:
    """Keep objects that occur several times inside the block one object, when writing and when reading."""
    tokens = _written.set({}), _revived.set({}), _count.set([0])
    try:
        yield
    finally:
        _written.reset(tokens[0])
        _revived.reset(tokens[1])
        _count.reset(tokens[2])


@contextlib.contextmanager
def objects_met() -> Iterator[list[Any]]:
    """Note the objects and functions that are serialized inside the block."""
    met: list[Any] = []
    token = _met.set(met)
    try:
        yield met
    finally:
        _met.reset(token)


def named_again(met: list[Any]) -> dict[str, Any]:
    """Return what configs must be able to name to make again what was serialized: custom objects by name."""
    found: dict[str, Any] = {}
    for value in met:
        if isinstance(value, types.FunctionType):
            found[get_registered_name(value)] = value
        elif type(value) in SERIALIZED_NAMES:
            found[SERIALIZED_NAMES[type(value)](value)] = value
        elif not inspect.isclass(value) and (name := public_name(type(value))[2]) is not None:
            found[name] = type(value)
    return found


def serialize(obj: Any) -> Any:
    """Return `obj` as plain data: numbers, strings, lists, dicts, and configs of objects.

    Args:
        obj: plain data, array, tensor, named function, or an object with `get_config()`.

    Raises:
        ConfigurationError: A lambda, or an object without `get_config()`.

    >>> from pipekeras import initializers
    >>> serialize(initializers.Constant(2.0))
    {'module': 'keras.initializers', 'class_name': 'Constant', 'config': {'value': 2.0}, 'registered_name': None}
    """
    if isinstance(obj, _PLAIN):
        return obj
    if isinstance(obj, (list, tuple)):
        items = [serialize(item) for item in obj]
        return tuple(items) if isinstance(obj, tuple) else items
    if isinstance(obj, dict):
        return {key: serialize(item) for key, item in obj.items()}
    if isinstance(obj, np.generic) or (isinstance(obj, np.ndarray) and obj.ndim == 0):
        return obj.item()
    if isinstance(obj, np.ndarray):
        config = {"value": obj.tolist(), "dtype": dtypes.standardize(obj.dtype)}
        return {"class_name": "__numpy__", "config": config}
    if isinstance(obj, bytes):
        return {"class_name": "__bytes__", "config": {"value": obj.decode("utf-8")}}
    if isinstance(obj, slice):
        parts = {name: serialize(getattr(obj, name)) for name in ("start", "stop", "step")}
        return {"class_name": "__slice__", "config": parts}
    if obj is Ellipsis:
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(obj, np.dtype) or (isinstance(obj, type) and issubclass(obj, np.generic)):
        return dtypes.standardize(obj)
    if hasattr(obj, "history") and hasattr(obj, "is_symbolic"):
        return _serialize_tensor(obj)
    met = _met.get()
    if met is not None:
        met.append(obj)
    if isinstance(obj, (types.FunctionType, types.BuiltinFunctionType)):
        return _serialize_function(obj)
    if type(obj) in SERIALIZED_NAMES:
        return _function_config(SERIALIZED_NAMES[type(obj)](obj))
    return _serialize_object(obj)


def _serialize_function(function: Any) -> dict[str, Any]:
    if function.__name__ == "<lambda>":
        raise ConfigurationError(
            "a lambda has no name to be saved under",
            mend="define it with def, and pass it in custom_objects when loading",
        )
    return _function_config(get_registered_name(function))


def _function_config(name: str) -> dict[str, Any]:
    return {"module": "builtins", "class_name": "function", "config": name, "registered_name": "function"}


def _serialize_tensor(tensor: Any) -> dict[str, Any]:
    if tensor.history is not None:
        layer, call, index = tensor.history
        config = {"shape": tuple(tensor.shape), "dtype": tensor.dtype, "keras_history": [layer.name, call, index]}
        return {"class_name": "__keras_tensor__", "config": config}
    if tensor.data is None:
        raise ConfigurationError("a symbolic tensor that no layer made can't be saved")
    return {"class_name": "__tensor__", "config": {"value": tensor.data.tolist(), "dtype": tensor.dtype}}


def _serialize_object(value: Any) -> dict[str, Any]:
    if inspect.isclass(value):
        name = get_registered_name(value)
        return {"module": "builtins", "class_name": "type", "config": name, "registered_name": "type"}
    if not hasattr(value, "get_config"):
        raise ConfigurationError(
            f"{type(value).__name__} can't be saved: it has no get_config()",
            mend="write get_config() that returns the constructor's arguments as a dict",
        )
    config = value.get_config()
    if not isinstance(config, dict):
        raise ConfigurationError(f"{type(value).__name__}.get_config() must return a dict, not {type(config).__name__}")
    module, name, registered = public_name(type(value))
    result = {"module": module, "class_name": name, "config": serialize(config), "registered_name": registered}
    for part in ("build", "compile"):
        extra = getattr(value, f"get_{part}_config", lambda: None)()
        if extra is not None:
            result[f"{part}_config"] = serialize(extra)
    seen = _written.get()
    if seen is not None:
        if id(value) in seen:
            result["shared_object_id"] = seen[id(value)][1]["shared_object_id"] = id(value)
        else:
            seen[id(value)] = (value, result)
    return result


def public_name(cls: type) -> tuple[str | None, str, str | None]:
    """Return module, class name and registered name under which objects of `cls` are written.

    >>> from pipekeras import initializers
    >>> public_name(initializers.GlorotUniform)
    ('keras.initializers', 'GlorotUniform', None)
    """
    for kind, (module, _) in HOMES.items():
        entry = registry.row_of(kind, cls)
        if entry is not None:
            return _UNEXPORTED.get(entry.name, (module, entry.name, None))
    module_of_user = None if cls.__module__ == "__main__" else cls.__module__
    return module_of_user, cls.__name__, get_registered_name(cls)


def deserialize(
    config: Any, custom_objects: dict[str, Any] | None = None, safe_mode: bool = True, *, kind: str | None = None
) -> Any:
    """Make the object that a config describes; the reverse of `serialize`.

    Args:
        config: what `serialize` returned, or what any Keras from 2.2 on wrote.
        custom_objects: dict of name to class or function, for parts that are not pipekeras' own.
        safe_mode: accepted for scripts that pass it; nothing in a config ever becomes code.
        kind: str or None, the table in which a class without a module is looked up: "layer", "loss", ....

    Raises:
        ConfigurationError: An unknown class or function, or arguments that its constructor refuses.
        FileFormatError: A config nested deeper than any model is, or holding Python code.

    >>> deserialize({"class_name": "Constant", "config": {"value": 2.0}}, kind="initializer").value
    2.0
    """
    with custom_object_scope(custom_objects):
        return _make(config, kind) if _is_object(config) else revive(config)


def check_extent(config: Any) -> None:
    """Refuse a config from a file that describes more objects or layers than any model has, before the first is made.

    Raises:
        FileFormatError: When it does.
    """
    fill("layer")
    objects = layers = 0
    waiting = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
            continue
        if not isinstance(value, dict):
            continue
        waiting.extend(value.values())
        name = value.get("class_name")
        if isinstance(name, str) and "config" in value:
            objects += 1
            layers += registry.find("layer", name) is not None
    if objects > _MOST_OBJECTS:
        raise FileFormatError(f"the config describes more than {_MOST_OBJECTS} objects")
    if layers > _MOST_LAYERS:
        raise FileFormatError(f"the config describes more than {_MOST_LAYERS} layers")


def revive(value: Any) -> Any:
    """Return `value` with every nested config of an object replaced by the object."""
    if isinstance(value, _PLAIN):
        return value
    depth = _depth.get() + 1
    if depth > _LONGEST_NESTING:
        raise FileFormatError(f"the config is nested more than {_LONGEST_NESTING} levels deep")
    token = _depth.set(depth)
    try:
        if isinstance(value, (list, tuple)):
            return type(value)(revive(item) for item in value) if type(value) in (list, tuple) else value
        if isinstance(value, dict):
            return _make(value, None) if _is_object(value) else {key: revive(item) for key, item in value.items()}
        return value
    finally:
        _depth.reset(token)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("class_name"), str) and "config" in value


def _make(config: dict[str, Any], kind: str | None) -> Any:
    class_name, inner = config["class_name"], config["config"]
    if class_name.startswith("__"):
        return _make_special(class_name, inner)
    if class_name in ("function", "type"):
        return find_function(inner, kind)
    identity, shared = config.get("shared_object_id"), _revived.get()
    if shared is not None and identity in shared:
        return shared[identity]
    count = _count.get()
    if count is not None:
        count[0] += 1
        if count[0] > _MOST_OBJECTS:
            raise FileFormatError(f"the config describes more than {_MOST_OBJECTS} objects")
    if work.left is not None:
        work.spend(STEPS_FOR_OBJECT)
    cls = find_class(class_name, config.get("module"), config.get("registered_name"), kind)
    if not isinstance(cls, type):
        return cls
    if inner is not None and not isinstance(inner, dict):
        raise FileFormatError(f"the config of {class_name} must be a mapping, not {type(inner).__name__}")
    made = _construct(cls, class_name, dict(inner or {}))
    if config.get("build_config") and not getattr(made, "built", True) and hasattr(made, "build_from_config"):
        made.build_from_config(config["build_config"])
    if config.get("compile_config") and hasattr(made, "compile_from_config"):
        if not isinstance(config["compile_config"], dict):
            raise FileFormatError("the config does not say in a mapping how the model was compiled")
        made.compile_from_config(config["compile_config"])
    if shared is not None and identity is not None:
        shared[identity] = made
    return made


def build_by_own_rule(made: Any, build_config: Any) -> None:
    """Build a layer of the user's by what its own `get_build_config` said; others are built when they are called."""
    rule = getattr(type(made), "build_from_config", None)
    own = rule is not None and rule.__module__.partition(".")[0] != "pipekeras"
    if build_config and own and not getattr(made, "built", True):
        made.build_from_config(build_config)


def _construct(cls: Any, class_name: str, inner: dict[str, Any]) -> Any:
    if not hasattr(cls, "from_config"):
        raise ConfigurationError(f"{class_name} can't be made from a config: it has no from_config()")
    try:
        return cls.from_config(inner)
    except Exception as error:
        if not isinstance(error, TypeError) and (isinstance(error, PipekerasError) or _is_of_others(error)):
            raise
        raise ConfigurationError(
            f"{class_name} can't be made from its config: {str(error)[:500]}",
            mend=f"the arguments in the config are {', '.join(map(str, inner))[:500] or 'none'}",
        ) from error


def _is_of_others(error: Exception) -> bool:
    """Whether code that is not ours had a part in an error: its own words are the better ones then."""
    frame = error.__traceback__
    while frame is not None:
        package = str(frame.tb_frame.f_globals.get("__name__")).partition(".")[0]
        if package not in ("pipekeras", "numpy") and package not in sys.stdlib_module_names:
            return True
        frame = frame.tb_next
    return False


def _make_special(class_name: str, inner: Any) -> Any:
    inner = inner or {}
    if class_name == "__keras_tensor__":
        history = inner.get("keras_history")
        shape = tuple(inner["shape"])
        dtype = "string" if inner["dtype"] == "string" else dtypes.standardize(inner["dtype"])
        return TensorReference(shape, dtype, None if history is None else tuple(history))
    if class_name == "__numpy__":
        return np.array(inner["value"], dtype=dtypes.NUMPY[dtypes.standardize(inner["dtype"])])
    if class_name == "__tensor__":
        from_array = importlib.import_module("pipekeras.graph.tensor").Tensor
        return from_array(np.array(inner["value"], dtype=dtypes.NUMPY[dtypes.standardize(inner["dtype"])]))
    if class_name == "__bytes__":
        return str(inner["value"]).encode("utf-8")
    if class_name == "__ellipsis__":
        return Ellipsis
    if class_name == "__slice__":
        return slice(*[revive(inner.get(name)) for name in ("start", "stop", "step")])
    if class_name == "__lambda__":
        raise FileFormatError(
            "the config holds a Python lambda as code, which is never run",
            mend="write the function with def, pass it in custom_objects, and build the model again",
        )
    raise FileFormatError(f"the config holds an object of the unknown kind {class_name!r}")


def find_class(class_name: str, module: Any, registered_name: Any, kind: str | None = None) -> Any:
    """Return the class that a config names: one of the caller's, else one of ours."""
    for name in (registered_name, class_name):
        if isinstance(name, str) and (custom := get_registered_object(name)) is not None:
            return custom
    # Keras 2.11 to 2.15 wrote its own optimizers as if they were the user's.
    class_name = class_name.removeprefix("Custom>")
    for candidate in _kinds(module, kind):
        fill(candidate)
        found = registry.find(candidate, class_name)
        if found is not None:
            return found
    known = [entry.name for candidate in HOMES for entry in registry.entries(candidate)]
    label = class_name if len(class_name) <= 80 else f"{class_name[:77]}..."
    own = f"if it is your own, pass custom_objects={{{label!r}: the class}}"
    near = did_you_mean(label, known)
    raise ConfigurationError(f"unknown class {label!r}", mend=f"{near} Or, {own}" if near else own)


def find_function(name: Any, kind: str | None = None) -> Any:
    """Return the function that a config names: one of the caller's, else an activation, loss or metric of ours."""
    if not isinstance(name, str):
        raise FileFormatError(f"the name of a function must be a string, not {type(name).__name__}")
    custom = get_registered_object(name)
    if custom is not None:
        return custom
    for candidate in dict.fromkeys((kind, *_FUNCTION_KINDS)):
        if candidate in HOMES:
            fill(candidate)
            found = registry.find(candidate, name)
            if found is not None:
                return found
    raise ConfigurationError(
        f"unknown function {name!r}", mend=f"if it is your own, pass custom_objects={{{name!r}: the function}}"
    )


def fill(kind: str) -> None:
    """Import the module of ours that fills the table `kind`, if it has not been."""
    importlib.import_module(HOMES[kind][1])


def _kinds(module: Any, kind: str | None) -> list[str]:
    """Return the tables to search, the likeliest first: the wanted kind, then those that the module name hints at."""
    hinted = [candidate for candidate, (public, _) in HOMES.items() if module == public]
    if isinstance(module, str) and not hinted:
        # keras.src.models.functional, tensorflow.keras.layers, keras.layers.core.dense, ...
        words = [word.rstrip("s") for word in module.split(".")]
        hinted = [candidate for candidate in HOMES if candidate in words]
    rest = list(HOMES) if module is None or not hinted else ["model", "policy"]
    return list(dict.fromkeys([*([kind] if kind in HOMES else []), *hinted, *rest]))
