"""What all networks share: the input, the end, and weights from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError, DataError, ShapeError
from pipekeras.layers import Dense, GlobalAveragePooling2D, GlobalMaxPooling2D, Input
from pipekeras.models import Model


class Network:
    """A network under construction.

    Args:
        name: of the model.
        include_top: whether it ends in a classifier.
        weights: None, "imagenet" (a file of that network on this computer) or a path.
        input_tensor: tensor to begin with, or None.
        input_shape: rows, columns, channels; None for the usual.
        pooling: what ends a network without classifier: None, "avg" or "max".
        classes: number of classes.
        activation: of the classifier.
        size: the usual number of rows and columns.
        smallest: the least number of them.
    """

    # Whether the pooling of a network without classifier is called after its kind.
    names_pooling = False

    def __init__(self, name: str, include_top: bool, weights: Any, input_tensor: Any, input_shape: Any, pooling: str | None,
                 classes: int, activation: Any, size: int, smallest: int) -> None:  # fmt: skip
        if pooling not in (None, "avg", "max"):
            raise ConfigurationError(f"{name}: pooling must be None, 'avg' or 'max', not {pooling!r}")
        if weights == "imagenet" and include_top and classes != 1000:
            raise ConfigurationError(f"{name}: the weights of ImageNet are for classes=1000, not {classes}")
        self.name, self.include_top, self.weights, self.pooling = name, include_top, weights, pooling
        self.classes, self.activation = classes, activation
        self.first = configuration.image_data_format() == "channels_first"
        self.axis = 1 if self.first else -1
        self.inputs = input_tensor if input_tensor is not None else Input(self._shape(input_shape, size, smallest))

    def _shape(self, given: Any, size: int, smallest: int) -> tuple[int | None, ...]:
        if given is None:
            sides: tuple[int | None, ...] = (size, size) if self.include_top else (None, None)
            return (3, *sides) if self.first else (*sides, 3)
        shape = tuple(given)
        if len(shape) != 3:
            raise ShapeError(f"{self.name}: input_shape has rows, columns and channels; found {shape}")
        sides = shape[1:] if self.first else shape[:2]
        if any(side is not None and side < smallest for side in sides):
            raise ShapeError(f"{self.name}: pictures must have at least {smallest} rows and columns; found {shape}")
        return shape

    def rows(self) -> int | None:
        """Number of rows of the input."""
        return self.inputs.shape[2 if self.first else 1]

    def channels(self, x: Any) -> int:
        """Number of channels of a tensor."""
        return x.shape[self.axis]

    def finish(self, x: Any, top: Any = None) -> Model:
        """Return the model that ends in `x`, with classifier or pooling, and its weights read.

        Args:
            x: tensor.
            top: function from tensor to tensor that makes the classifier; default averages and `predictions`.
        """
        if self.include_top:
            if top is None:
                x = GlobalAveragePooling2D(name="avg_pool")(x)
                x = self.predictions(x)
            else:
                x = top(x)
        else:
            x = self.pooled(x)
        model = Model(self.inputs, x, name=self.name)
        if self.weights is not None:
            model.load_weights(str(self._file()))
        return model

    def pooled(self, x: Any) -> Any:
        """Return what ends a network without classifier."""
        if self.pooling is None:
            return x
        name = f"{self.pooling}_pool" if self.names_pooling else None
        return (GlobalAveragePooling2D if self.pooling == "avg" else GlobalMaxPooling2D)(name=name)(x)

    def predictions(self, x: Any) -> Any:
        """Return the classifier's output."""
        return Dense(self.classes, activation=self.activation, name="predictions")(x)

    def _file(self) -> Path:
        if self.weights != "imagenet":
            path = Path(self.weights).expanduser()
            if not path.is_file():
                raise DataError(f"{self.name}: there is no file of weights {path}")
            return path
        from pipekeras.datasets import cache

        folder = cache.cache_folder().parent / "models"
        found = [path for path in sorted(folder.glob(f"{self.name}*.h5")) if self.include_top != _is_headless(path)]
        if not found:
            ending = "" if self.include_top else "_notop"
            raise DataError(
                f"{self.name}: the weights of ImageNet are not on this computer, and nothing is downloaded",
                mend=f"put Keras' file (such as {self.name}_weights_tf_dim_ordering_tf_kernels{ending}.h5) into {folder}, "
                "give the path of a file as weights, or weights=None for random ones",
            )
        return found[0]


def _is_headless(path: Path) -> bool:
    return "notop" in path.stem or "no_top" in path.stem


def divisible(value: float, divisor: int = 8) -> int:
    """Return the nearest multiple of a number, never more than a tenth below the value."""
    made = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return made + divisor if made < 0.9 * value else made


def halving_pad(x: Any, kernel: int, first: bool) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the padding with which a kernel of stride 2 halves rows and columns as TensorFlow's "same" does."""
    sides = x.shape[2:] if first else x.shape[1:3]
    half = kernel // 2
    pads = [(half - (0 if side is None else 1 - side % 2), half) if side is not None else (half - 1, half) for side in sides]
    return (pads[0], pads[1])
