"""Columns of tables as one tensor: each by its kind, and crossed with others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from pipekeras import ops
from pipekeras.core import naming, serialization
from pipekeras.core.errors import ArgumentError, ConfigurationError, StateError
from pipekeras.core.registry import register
from pipekeras.layers.base.layer import Layer
from pipekeras.layers.core.identity import Identity
from pipekeras.layers.core.input_layer import Input
from pipekeras.layers.merging.concatenate import Concatenate
from pipekeras.layers.preprocessing.categories import CategoryEncoding, Discretization
from pipekeras.layers.preprocessing.hashing import HashedCrossing, Hashing
from pipekeras.layers.preprocessing.lookups import IntegerLookup, StringLookup
from pipekeras.layers.preprocessing.numeric import Normalization, Rescaling

_MODES = ("concat", "dict")
# What Keras calls the layer of plain numbers in its files.
register("table part", "TFDIdentity")(Identity)


@register("table part")
class Feature:
    """A column: its type, the layer that prepares it, and the form it takes in the end.

    Args:
        dtype: "float32", "int32" or "string".
        preprocessor: layer.
        output_mode: "float", "int" or "one_hot".
    """

    def __init__(self, dtype: str, preprocessor: Any, output_mode: str) -> None:
        if output_mode not in ("float", "int", "one_hot"):
            raise ConfigurationError(f"output_mode of a feature must be 'float', 'int' or 'one_hot', not {output_mode!r}")
        self.dtype = dtype
        self.preprocessor = serialization.deserialize(preprocessor) if isinstance(preprocessor, dict) else preprocessor
        self.output_mode = output_mode

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments as plain data."""
        return {
            "dtype": self.dtype,
            "preprocessor": serialization.serialize(self.preprocessor),
            "output_mode": self.output_mode,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Feature:
        """Return the feature that `get_config` described."""
        return cls(**config)


@register("table part")
class Cross:
    """Columns whose combinations count as one.

    Args:
        feature_names: names of two or more columns.
        crossing_dim: int, how many numbers the combinations are hashed to.
        output_mode: "one_hot" (default) or "int".
    """

    def __init__(self, feature_names: Any, crossing_dim: int, output_mode: str = "one_hot") -> None:
        if output_mode not in ("int", "one_hot"):
            raise ConfigurationError(f"output_mode of a cross must be 'int' or 'one_hot', not {output_mode!r}")
        self.feature_names = tuple(feature_names)
        self.crossing_dim = crossing_dim
        self.output_mode = output_mode

    @property
    def name(self) -> str:
        """The columns' names, joined by _X_."""
        return "_X_".join(self.feature_names)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {"feature_names": self.feature_names, "crossing_dim": self.crossing_dim, "output_mode": self.output_mode}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Cross:
        """Return the cross that `get_config` described."""
        return cls(**config)


@register("table")
class FeatureSpace(Layer):
    """Turn columns of a table into numbers that a network can read.

    Args:
        features: dict of column to kind: "float", "float_rescaled", "float_normalized", "float_discretized",
            "integer_categorical", "string_categorical", "integer_hashed", "string_hashed", or what the methods of these
            names return.
        output_mode: "concat" (one tensor, the default) or "dict".
        crosses: list of tuples of columns, or of what `cross()` returns; combinations that count as one column.
        crossing_dim: int, default 32; numbers that combinations are hashed to.
        hashing_dim: int, default 32; numbers that "integer_hashed" and "string_hashed" hash to.
        num_discretization_bins: int, default 32; bins of "float_discretized".
        name: str.

    Raises:
        ConfigurationError: an unknown kind, or a cross of columns that are not there.
        StateError: used before `adapt`, if a column has to be learnt.

    Example:

    >>> import pipekeras
    >>> space = pipekeras.utils.FeatureSpace({"age": "float", "city": "string_categorical"})
    >>> space.adapt(pipekeras.data.Dataset.from_tensor_slices({"age": [31.0, 5.0], "city": ["Bonn", "Rome"]}))
    >>> space({"age": 7.0, "city": "Rome"}).shape
    (4,)
    """

    takes_text = True
    built_from_start = True

    def __init__(
        self,
        features: dict[str, Any],
        output_mode: str = "concat",
        crosses: Any = None,
        crossing_dim: int = 32,
        hashing_dim: int = 32,
        num_discretization_bins: int = 32,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name=name, **options)
        if not features:
            raise ConfigurationError("FeatureSpace needs at least one feature")
        if output_mode not in _MODES:
            raise ConfigurationError(f"output_mode must be 'concat' or 'dict', not {output_mode!r}")
        self.crossing_dim = crossing_dim
        self.hashing_dim = hashing_dim
        self.num_discretization_bins = num_discretization_bins
        self.output_mode = output_mode
        self.features = {label: self._feature(label, value) for label, value in features.items()}
        self.crosses = [self._cross(value) for value in crosses or []]
        for cross in self.crosses:
            unknown = [label for label in cross.feature_names if label not in self.features]
            if unknown:
                raise ConfigurationError(f"a cross names '{unknown[0]}', which is no feature")
        self.preprocessors = {label: feature.preprocessor for label, feature in self.features.items()}
        self.crossers = {
            cross.name: HashedCrossing(cross.crossing_dim, name=naming.unique_name(cross.name)) for cross in self.crosses
        }
        self.one_hot_encoders: dict[str, Any] = {}
        self.concat = Concatenate(axis=-1)
        # Only what learns from data must see some first.
        self.__dict__["_adapted"] = not self._learning()
        self.__dict__["_inputs_of_columns"] = {
            label: Input((1,), dtype=feature.dtype, name=label) for label, feature in self.features.items()
        }

    def _feature(self, label: str, value: Any) -> Feature:
        if isinstance(value, dict):
            value = serialization.deserialize(value)
        if isinstance(value, Feature):
            return value
        makers: dict[str, Callable[..., Feature]] = {
            "float": self.float,
            "float_rescaled": self.float_rescaled,
            "float_normalized": self.float_normalized,
            "float_discretized": lambda name: self.float_discretized(self.num_discretization_bins, name=name),
            "integer_categorical": self.integer_categorical,
            "string_categorical": self.string_categorical,
            "integer_hashed": lambda name: self.integer_hashed(self.hashing_dim, name=name),
            "string_hashed": lambda name: self.string_hashed(self.hashing_dim, name=name),
        }
        if not isinstance(value, str) or value not in makers:
            raise ConfigurationError(f"feature '{label}' has the unknown kind {value!r}", mend=f"kinds are {', '.join(makers)}")
        return makers[value](name=label)

    def _cross(self, value: Any) -> Cross:
        if isinstance(value, dict):
            value = serialization.deserialize(value)
        return value if isinstance(value, Cross) else Cross(value, self.crossing_dim)

    # Kinds of columns

    @staticmethod
    def cross(feature_names: Any, crossing_dim: int, output_mode: str = "one_hot") -> Cross:
        """Return combinations of columns that are hashed to crossing_dim numbers."""
        return Cross(feature_names, crossing_dim, output_mode)

    @staticmethod
    def feature(dtype: str, preprocessor: Any, output_mode: str) -> Feature:
        """Return a column that a layer of one's own prepares."""
        return Feature(dtype, preprocessor, output_mode)

    @staticmethod
    def float(name: str | None = None) -> Feature:
        """Return a number that is taken as it is."""
        return Feature("float32", Identity(name=_name("float", name)), "float")

    @staticmethod
    def float_rescaled(scale: Any = 1.0, offset: Any = 0.0, name: str | None = None) -> Feature:
        """Return a number times scale plus offset."""
        return Feature("float32", Rescaling(scale, offset, name=_name("float_rescaled", name)), "float")

    @staticmethod
    def float_normalized(name: str | None = None) -> Feature:
        """Return a number with mean 0 and deviation 1."""
        return Feature("float32", Normalization(axis=-1, name=_name("float_normalized", name)), "float")

    @staticmethod
    def float_discretized(
        num_bins: int, bin_boundaries: Any = None, output_mode: str = "one_hot", name: str | None = None
    ) -> Feature:
        """Return the bin that a number falls into; the bins are learnt unless their boundaries are given."""
        bins: dict[str, Any] = {"num_bins": num_bins} if bin_boundaries is None else {"bin_boundaries": bin_boundaries}
        return Feature("float32", Discretization(name=_name("float_discretized", name), **bins), output_mode)

    @staticmethod
    def integer_categorical(
        max_tokens: int | None = None, num_oov_indices: int = 1, output_mode: str = "one_hot", name: str | None = None
    ) -> Feature:
        """Return the place of a whole number among those that were seen."""
        layer = IntegerLookup(max_tokens=max_tokens, num_oov_indices=num_oov_indices, name=_name("integer_categorical", name))
        return Feature("int32", layer, output_mode)

    @staticmethod
    def string_categorical(
        max_tokens: int | None = None, num_oov_indices: int = 1, output_mode: str = "one_hot", name: str | None = None
    ) -> Feature:
        """Return the place of a text among those that were seen."""
        layer = StringLookup(max_tokens=max_tokens, num_oov_indices=num_oov_indices, name=_name("string_categorical", name))
        return Feature("string", layer, output_mode)

    @staticmethod
    def string_hashed(num_bins: int, output_mode: str = "one_hot", name: str | None = None) -> Feature:
        """Return one of num_bins numbers for a text."""
        return Feature("string", Hashing(num_bins, name=_name("string_hashed", name)), output_mode)

    @staticmethod
    def integer_hashed(num_bins: int, output_mode: str = "one_hot", name: str | None = None) -> Feature:
        """Return one of num_bins numbers for a whole number."""
        return Feature("int32", Hashing(num_bins, name=_name("integer_hashed", name)), output_mode)

    # Learning

    def _learning(self) -> list[str]:
        """Return the columns whose layers learn from data."""
        found = []
        for label, layer in self.preprocessors.items():
            fixed = isinstance(layer, Discretization) and layer.bin_boundaries is not None
            if isinstance(layer, Normalization | Discretization | StringLookup | IntegerLookup) and not fixed:
                found.append(label)
        return found

    def adapt(self, dataset: Iterable[dict[str, Any]]) -> None:
        """Learn means, bins and categories.

        Args:
            dataset: data set of dicts of columns, in batches or not.
        """
        if isinstance(dataset, dict) or not hasattr(dataset, "cardinality"):
            raise ArgumentError(
                f"adapt takes a data set of dicts, not {type(dataset).__name__}",
                mend="write data.Dataset.from_tensor_slices(columns)",
            )
        columns: dict[str, list[np.ndarray]] = {label: [] for label in self._learning()}
        for batch in dataset:
            for label, kept in columns.items():
                kept.append(np.asarray(batch[label]).reshape(-1))
        for label, kept in columns.items():
            self.preprocessors[label].adapt(np.concatenate(kept)[:, None])
        self.__dict__["_adapted"] = True

    # Results

    def get_inputs(self) -> dict[str, Any]:
        """Return the inputs of a model that begins with the columns."""
        return self._inputs_of_columns

    def get_encoded_features(self) -> Any:
        """Return what becomes of `get_inputs()`, for a model that begins with the columns or after them."""
        self._check_adapted()
        if "_encoded" not in self.__dict__:
            self.__dict__["_encoded"] = self._encoded_columns(self._inputs_of_columns)
        return self.__dict__["_encoded"]

    def _check_adapted(self) -> None:
        if not self._adapted:
            raise StateError("the FeatureSpace has learnt nothing yet", mend="call adapt(dataset) first")

    def _size(self, layer: Any) -> int:
        if isinstance(layer, StringLookup | IntegerLookup):
            return int(layer.vocabulary_size())
        if isinstance(layer, Discretization):
            return len(layer.bin_boundaries) + 1
        bins = getattr(layer, "num_bins", None)
        if bins is None:
            raise ConfigurationError(f"{layer.describe()} does not tell how many numbers it gives, so they can't be one_hot")
        return int(bins)

    def _encoded_columns(self, columns: dict[str, Any]) -> Any:
        results = {label: layer(columns[label]) for label, layer in self.preprocessors.items()}
        modes = {label: feature.output_mode for label, feature in self.features.items()}
        for cross in self.crosses:
            # Combinations are those of the prepared columns, as Keras takes them.
            results[cross.name] = self.crossers[cross.name](tuple(results[label] for label in cross.feature_names))
            modes[cross.name] = cross.output_mode
        for label in results:
            if modes[label] == "one_hot":
                encoder = self.one_hot_encoders.get(label)
                if encoder is None:
                    size = self._size(self.crossers.get(label) or self.preprocessors[label])
                    encoder = CategoryEncoding(size, output_mode="multi_hot", name=naming.unique_name(f"{label}_encoder"))
                    self.one_hot_encoders[label] = encoder
                results[label] = encoder(results[label])
        # Columns by name, then combinations by name.
        order = [*sorted(self.features), *sorted(self.crossers)]
        if self.output_mode == "dict":
            return {label: results[label] for label in order}
        parts = [
            results[label] if results[label].dtype == "float32" else ops.cast(results[label], "float32")
            for label in order
        ]
        return self.concat(parts) if len(parts) > 1 else parts[0]

    def call(self, data: dict[str, Any]) -> Any:
        """Return the numbers of one row or of a batch of rows."""
        if not isinstance(data, dict):
            raise ArgumentError(f"a FeatureSpace is called with a dict of columns, not {type(data).__name__}")
        self._check_adapted()
        columns, single = {}, False
        for label in self.features:
            value = data[label]
            value = value if hasattr(value, "shape") else np.asarray(value)
            rank = len(value.shape)
            single = single or rank == 0
            if rank < 2:
                text = isinstance(value, np.ndarray | np.generic)
                shape = (1, 1) if rank == 0 else (-1, 1)
                value = np.asarray(value).reshape(shape) if text else ops.reshape(value, shape)
            columns[label] = value
        encoded = self._encoded_columns(columns)
        if not single:
            return encoded
        return {label: value[0] for label, value in encoded.items()} if isinstance(encoded, dict) else encoded[0]

    def __call__(self, data: Any) -> Any:
        """Return the numbers; columns of texts stay as they are until their layers have made numbers of them."""
        self.built = True
        return self.call(data)

    # Files

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments as plain data."""
        return {
            "features": {label: serialization.serialize(feature) for label, feature in self.features.items()},
            "output_mode": self.output_mode,
            "crosses": [serialization.serialize(cross) for cross in self.crosses],
            "crossing_dim": self.crossing_dim,
            "hashing_dim": self.hashing_dim,
            "num_discretization_bins": self.num_discretization_bins,
        }

    def get_build_config(self) -> dict[str, Any]:
        """Return the shapes that the layers of the columns were built for."""
        return {label: layer.get_build_config() or {} for label, layer in self.preprocessors.items()}

    def build_from_config(self, config: dict[str, Any]) -> None:
        """Do nothing: the layers of the columns were built when they were made again."""

    def save(self, filepath: Any) -> None:
        """Write the kinds of columns and what was learnt to a `.keras` file.

        Args:
            filepath: path.
        """
        import importlib

        importlib.import_module("pipekeras.saving").save_model(self, filepath)

    def load_own_variables(self, store: Any) -> None:
        """Take note that what was learnt is read."""
        self.__dict__["_adapted"] = True


def _name(kind: str, name: str | None) -> str:
    return f"{name or naming.unique_name(kind)}_preprocessor"
