"""How a model was compiled, as older `.h5` files tell it.

Keras 3 writes it in the form of Keras 2: objects as `class_name` and `config` only, functions by their names.
"""

from __future__ import annotations

from typing import Any

from pipekeras.core import registry, serialization
from pipekeras.core.errors import FileFormatError

_SETTINGS = ("loss", "loss_weights", "metrics", "weighted_metrics", "run_eagerly", "steps_per_execution", "jit_compile")


def write(compile_config: dict[str, Any]) -> dict[str, Any]:
    """The attribute `training_config`, from what `model.get_compile_config()` returns."""
    config = {name: _to_legacy(compile_config.get(name)) for name in _SETTINGS}
    config["loss"] = _full_names(config["loss"])
    config["optimizer_config"] = _to_legacy(compile_config["optimizer"])
    return config


def _full_names(loss: Any) -> Any:
    """Losses under the names of their functions: Keras 3.15 does not read "mse" and the like from these files."""
    if isinstance(loss, str):
        serialization.fill("loss")
        return getattr(registry.find("loss", loss), "__name__", loss)
    if isinstance(loss, dict) and "class_name" not in loss:
        return {key: _full_names(item) for key, item in loss.items()}
    return [_full_names(item) for item in loss] if isinstance(loss, list) else loss


def _to_legacy(value: Any) -> Any:
    if isinstance(value, dict):
        if "class_name" in value and "config" in value:
            if value["class_name"] == "function":
                return value["config"]
            return {"class_name": value.get("registered_name") or value["class_name"], "config": value["config"]}
        return {key: _to_legacy(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_to_legacy(item) for item in value]
    return value


def read(config: Any) -> dict[str, Any]:
    """Arguments for `model.compile`, from the attribute `training_config` of any Keras since 2.2.

    Raises:
        FileFormatError: When it is not a config of training.
    """
    if not isinstance(config, dict) or not isinstance(config.get("optimizer_config"), dict | str):
        raise FileFormatError("the file's training_config names no optimizer")
    arguments = {
        "optimizer": config["optimizer_config"] if isinstance(config["optimizer_config"], str)
        else _optimizer(config["optimizer_config"]),
        "loss": _nested(config.get("loss"), "loss"),
        "loss_weights": config.get("loss_weights"),
        "metrics": _nested(_flat_if_single(config.get("metrics")), "metric"),
        "weighted_metrics": _nested(_flat_if_single(config.get("weighted_metrics")), "metric"),
    }
    return {name: value for name, value in arguments.items() if value is not None}


def _optimizer(config: dict[str, Any]) -> Any:
    return serialization.deserialize({**config, "config": config.get("config") or {}}, kind="optimizer")


def _nested(value: Any, kind: str) -> Any:
    """Objects for configs, at whatever depth of lists and dicts; names stay names, for `compile` to look up."""
    if isinstance(value, dict):
        if "class_name" in value:
            return _object(value, kind)
        return {key: _nested(item, kind) for key, item in value.items()}
    if isinstance(value, list):
        return [_nested(item, kind) for item in value]
    if isinstance(value, str) and serialization.get_registered_object(value) is not None:
        return serialization.get_registered_object(value)
    return value


def _object(config: dict[str, Any], kind: str) -> Any:
    inner = config.get("config")
    if config["class_name"] == "function":
        return inner
    if not isinstance(inner, dict):
        return serialization.deserialize(config, kind=kind)
    if config["class_name"] in ("MeanMetricWrapper", "LossFunctionWrapper"):
        # Keras 2 wrote metrics given by name as a wrapper around a function, under the name that was given.
        return inner.get("fn") or inner.get("name")
    inner = {key: value for key, value in inner.items() if key != "fn"}
    if inner.get("reduction") == "auto":
        inner["reduction"] = "sum_over_batch_size"
    return serialization.deserialize({**config, "config": inner}, kind=kind)


def _flat_if_single(metrics: Any) -> Any:
    """Keras 2 wrote the metrics of a single output as a list within a list."""
    if isinstance(metrics, list) and len(metrics) == 1 and isinstance(metrics[0], list):
        return metrics[0]
    return metrics
