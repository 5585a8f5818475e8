"""TensorFlow's functions between the layers of Keras 2's functional models, as the ops that compute the same."""

from __future__ import annotations

from typing import Any

from pipekeras.core.errors import FileFormatError

CLASSES = ("TFOpLambda", "SlicingOpLambda")

_PLAIN = {
    "__operators__.add": "add", "math.add": "add", "math.subtract": "subtract", "math.multiply": "multiply",
    "math.truediv": "true_divide", "math.divide": "true_divide", "math.pow": "power", "math.maximum": "maximum",
    "math.minimum": "minimum", "math.floordiv": "floor_divide", "math.floormod": "mod", "math.greater": "greater",
    "math.greater_equal": "greater_equal", "math.less": "less", "math.less_equal": "less_equal", "math.equal": "equal",
    "math.not_equal": "not_equal", "math.abs": "abs", "math.negative": "negative", "math.exp": "exp", "math.log": "log",
    "math.sqrt": "sqrt", "math.rsqrt": "rsqrt", "math.square": "square", "math.sin": "sin", "math.cos": "cos",
    "math.sign": "sign", "math.floor": "floor", "math.round": "round", "math.tanh": "tanh", "math.sigmoid": "sigmoid",
    "math.softplus": "softplus", "nn.relu": "relu", "nn.elu": "elu", "nn.tanh": "tanh", "nn.sigmoid": "sigmoid",
    "nn.softplus": "softplus", "nn.relu6": "relu6",
}  # fmt: skip
# Function: the op, and what its options are called.
_REDUCED = {"axis": "axis", "keepdims": "keepdims"}
_WITH_OPTIONS = {
    **{f"math.reduce_{name}": (name, _REDUCED) for name in ("mean", "sum", "max", "min", "prod")},
    "compat.v1.squeeze": ("squeeze", {"axis": "axis"}),
    "compat.v1.transpose": ("transpose", {"perm": "axes"}),
    "nn.softmax": ("softmax", {"axis": "axis"}),
    "expand_dims": ("expand_dims", {"axis": "axis"}),
    "squeeze": ("squeeze", {"axis": "axis"}),
    "reshape": ("reshape", {"shape": "newshape"}),
    "transpose": ("transpose", {"perm": "axes"}),
    "concat": ("concatenate", {"axis": "axis"}),
    "cast": ("cast", {"dtype": "dtype"}),
    "stack": ("stack", {"axis": "axis"}),
}


def as_op(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the entry of an op for one of a function of TensorFlow.

    Raises:
        FileFormatError: The function is none of those that have an op here.
    """
    config = entry.get("config")
    function = config.get("function") if isinstance(config, dict) else None
    op, options = (_PLAIN[function], {}) if function in _PLAIN else _WITH_OPTIONS.get(str(function), (None, {}))
    if op is None:
        raise FileFormatError(
            f"the model computes {str(function)[:80]!r} of TensorFlow between its layers, which is not known here",
            mend="build the model in a program, with a layer in its place, and load its weights with load_weights()",
        )
    name = entry.get("name") or config.get("name")  # type: ignore[union-attr]
    settings: dict[str, Any] = {}
    calls = [_call(node, options, settings) for node in entry.get("inbound_nodes") or []]
    return {"module": "pipekeras.ops", "class_name": op, "name": name, "config": {"name": name, **settings},
            "inbound_nodes": calls}  # fmt: skip


def _call(node: Any, options: dict[str, str], settings: dict[str, Any]) -> dict[str, Any]:
    several = isinstance(node, list) and bool(node) and isinstance(node[0], list)
    parts = node if several else [node]
    if not all(isinstance(part, list) and len(part) > 2 for part in parts):
        raise FileFormatError("a call of a function in the config names no tensors")
    tensors = [_operand(part) for part in parts]
    args: list[Any] = [tensors if several else tensors[0]]
    named = parts[0][3] if len(parts[0]) > 3 and isinstance(parts[0][3], dict) else {}
    for key, value in named.items():
        if key in options and value is not None:
            settings[options[key]] = value
        elif key not in options and value is not None and key not in ("name", "conjugate"):
            args.append(_operand(value))
    return {"args": args, "kwargs": {}}


def _operand(value: Any) -> Any:
    if isinstance(value, list) and len(value) > 2 and value[0] == "_CONSTANT_VALUE":
        return value[2]
    named = isinstance(value, list) and len(value) > 2 and isinstance(value[0], str)
    return _tensor(value) if named else value


def _tensor(reference: list[Any]) -> dict[str, Any]:
    config = {"shape": [], "dtype": "float32", "keras_history": reference[:3]}
    return {"class_name": "__keras_tensor__", "config": config}
