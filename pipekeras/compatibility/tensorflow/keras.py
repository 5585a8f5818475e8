"""`tf.keras`: pipekeras itself, with the few names that it keeps elsewhere."""

from __future__ import annotations

import importlib
from typing import Any

from pipekeras.compatibility.naming import Namespace, read_table

__path__: list[str] = []
"""Its modules are imported by name, too; they are made of ours."""

_NAMES = """
layers.experimental.preprocessing = pipekeras:layers
layers.experimental.SyncBatchNormalization = pipekeras.layers:BatchNormalization
losses.Reduction.SUM = pipekeras.compatibility.tensorflow.keras:SUM
losses.Reduction.NONE = pipekeras.compatibility.tensorflow.keras:NONE
losses.Reduction.AUTO = pipekeras.compatibility.tensorflow.keras:AUTO
losses.Reduction.SUM_OVER_BATCH_SIZE = pipekeras.compatibility.tensorflow.keras:AUTO
losses.MSE = pipekeras.losses:mean_squared_error
losses.MAE = pipekeras.losses:mean_absolute_error
losses.MAPE = pipekeras.losses:mean_absolute_percentage_error
losses.MSLE = pipekeras.losses:mean_squared_logarithmic_error
metrics.MSE = pipekeras.metrics:mean_squared_error
metrics.MAE = pipekeras.metrics:mean_absolute_error
metrics.MAPE = pipekeras.metrics:mean_absolute_percentage_error
metrics.MSLE = pipekeras.metrics:mean_squared_logarithmic_error
optimizers.legacy = pipekeras:optimizers
initializer = pipekeras:initializers
models.load_model = pipekeras.saving:load_model
models.save_model = pipekeras.saving:save_model
"""

SUM = "sum"
NONE = "none"
AUTO = "sum_over_batch_size"


class _Part(Namespace):
    """A part of pipekeras with names added; what is not added is the part's own."""

    def __init__(self, name: str) -> None:
        super().__init__(f"tf.keras.{name}", read_table(_NAMES), f"{name}.")
        self._part = importlib.import_module(f"pipekeras.{name}")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        path = self._prefix + name
        if any(other == path or other.startswith(path + ".") for other in self._table):
            return super().__getattr__(name)
        return getattr(self._part, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self._part)})


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    value: Any
    if name in ("layers", "losses", "metrics", "optimizers", "models"):
        value = _Part(name)
    elif name == "initializer":
        value = importlib.import_module("pipekeras.initializers")
    else:
        import pipekeras

        value = getattr(pipekeras, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    import pipekeras

    return sorted({*dir(pipekeras), "initializer"})
