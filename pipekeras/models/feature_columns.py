"""Feature columns: what is made of the columns of a table before the first layer, and the model that makes it.

A column says which entries of a dict of inputs it reads and what becomes of them. `dense_features` joins columns to a
functional model of plain layers, so texts are numbered before the compiled program and embeddings learn with the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pipekeras import ops
from pipekeras.core.errors import ConfigurationError
from pipekeras.layers import (
    Concatenate,
    Discretization,
    Embedding,
    HashedCrossing,
    Hashing,
    Input,
    IntegerLookup,
    Lambda,
    Reshape,
    StringLookup,
)
from pipekeras.models import Model

Source = Callable[[str, str], Any]
"""Gives the input of a name, made with a type when it is first asked for."""


class Column:
    """What all columns have: a name, and the inputs that they read."""

    name: str

    def reads(self) -> set[str]:
        """Return the names of the inputs that the column is made of."""
        inner = getattr(self, "sources", None) or [getattr(self, "source", None)]
        named = {name for column in inner if column is not None for name in column.reads()}
        return named or {str(getattr(self, "key", self.name))}

    def dense(self, source: Source) -> Any:
        """Return a tensor (batch, width) of numbers."""
        raise ConfigurationError(
            f"column '{self.name}' is categorical; a layer takes numbers",
            mend="put it into an indicator or an embedding column",
        )


@dataclass(frozen=True)
class NumericColumn(Column):
    """Numbers as they are, shifted and scaled, or passed through a function.

    Args:
        key: str, the input.
        shape: tuple of int, numbers in a row, default (1,).
        shift, scale: floats; y = (x - shift) / scale.
        function: function of a tensor, or None.
    """

    key: str
    shape: tuple[int, ...] = (1,)
    shift: float = 0.0
    scale: float = 1.0
    function: Callable[[Any], Any] | None = None

    @property
    def name(self) -> str:  # type: ignore[override]
        """The input's name."""
        return self.key

    def dense(self, source: Source) -> Any:
        """Return a tensor (batch, width) of numbers."""
        x = source(self.key, "float32")
        if self.function is not None:
            x = Lambda(self.function, output_shape=tuple(x.shape[1:]))(x)
        elif self.shift != 0.0 or self.scale != 1.0:
            x = (x - self.shift) * (1.0 / self.scale)
        return x


class CategoricalColumn(Column):
    """A column whose values are classes."""

    def size(self) -> int:
        """Number of classes."""
        raise NotImplementedError

    def classes(self, source: Source) -> Any:
        """Return a tensor (batch, 1) of class numbers from 0; -1 belongs to no class."""
        raise NotImplementedError

    def crossed(self, source: Source) -> Any:
        """Return what a crossing with other columns reads."""
        return self.classes(source)


@dataclass(frozen=True)
class VocabularyColumn(CategoricalColumn):
    """Classes that a list of texts or whole numbers names.

    Args:
        key: str, the input.
        vocabulary: the classes in order.
        default: int, class of what is not in the list; -1 is none.
        unknown: int, further classes that unlisted values share by their hash.
    """

    key: str
    vocabulary: tuple[Any, ...]
    default: int = -1
    unknown: int = 0

    @property
    def name(self) -> str:  # type: ignore[override]
        """The input's name."""
        return self.key

    @property
    def dtype(self) -> str:
        """The type of the input."""
        return "string" if self.vocabulary and isinstance(self.vocabulary[0], str) else "int32"

    def size(self) -> int:
        """Number of classes."""
        return len(self.vocabulary) + self.unknown

    def classes(self, source: Source) -> Any:
        """Return a tensor (batch, 1) of class numbers from 0; -1 belongs to no class."""
        make = StringLookup if self.dtype == "string" else IntegerLookup
        places = max(self.unknown, 1)
        number = make(vocabulary=list(self.vocabulary), num_oov_indices=places)(source(self.key, self.dtype))
        listed = number - places
        if self.unknown:
            return ops.where(number < places, number + len(self.vocabulary), listed)
        return listed if self.default == -1 else ops.where(number < places, self.default, listed)

    def crossed(self, source: Source) -> Any:
        """Return the values themselves."""
        return source(self.key, self.dtype)


@dataclass(frozen=True)
class HashColumn(CategoricalColumn):
    """Texts or whole numbers numbered by their hash.

    Args:
        key: str, the input.
        buckets: int, number of classes.
        dtype: "string" or "int32".
    """

    key: str
    buckets: int
    dtype: str = "string"

    @property
    def name(self) -> str:  # type: ignore[override]
        """The input's name."""
        return self.key

    def size(self) -> int:
        """Number of classes."""
        return self.buckets

    def classes(self, source: Source) -> Any:
        """Return a tensor (batch, 1) of class numbers from 0."""
        return Hashing(self.buckets)(source(self.key, self.dtype))

    def crossed(self, source: Source) -> Any:
        """Return the values themselves."""
        return source(self.key, self.dtype)


@dataclass(frozen=True)
class IdentityColumn(CategoricalColumn):
    """Whole numbers from 0 that are class numbers already.

    Args:
        key: str, the input.
        buckets: int, number of classes.
        default: int, class of numbers out of range; -1 is none.
    """

    key: str
    buckets: int
    default: int = -1

    @property
    def name(self) -> str:  # type: ignore[override]
        """The input's name."""
        return self.key

    def size(self) -> int:
        """Number of classes."""
        return self.buckets

    def classes(self, source: Source) -> Any:
        """Return a tensor (batch, 1) of class numbers from 0; -1 belongs to no class."""
        x = ops.cast(source(self.key, "float32"), "int32")
        return ops.where(ops.logical_or(x < 0, x >= self.buckets), self.default, x)


@dataclass(frozen=True)
class BucketColumn(CategoricalColumn):
    """Numbers by the interval that they lie in.

    Args:
        source: NumericColumn.
        boundaries: increasing numbers; each begins an interval.
        label: str, the column's name.
    """

    source: NumericColumn
    boundaries: tuple[float, ...]
    label: str = ""

    @property
    def name(self) -> str:  # type: ignore[override]
        """The column's name."""
        return self.label or f"{self.source.name}_bucketized"

    def size(self) -> int:
        """Number of intervals."""
        return len(self.boundaries) + 1

    def classes(self, source: Source) -> Any:
        """Return a tensor (batch, 1) of the intervals' numbers."""
        return Discretization(bin_boundaries=list(self.boundaries))(self.source.dense(source))

    def dense(self, source: Source) -> Any:
        """Return a one for the interval of each number."""
        return _indicator(self.classes(source), self.size())


@dataclass(frozen=True)
class CrossedColumn(CategoricalColumn):
    """Pairs, triples and so on of the values of columns, numbered by their hash.

    Args:
        sources: categorical columns.
        buckets: int, number of classes.
        label: str, the column's name.
    """

    sources: tuple[CategoricalColumn, ...]
    buckets: int
    label: str = ""

    @property
    def name(self) -> str:  # type: ignore[override]
        """The column's name."""
        return self.label or "_X_".join(column.name for column in self.sources)

    def size(self) -> int:
        """Number of classes."""
        return self.buckets

    def classes(self, source: Source) -> Any:
        """Return a tensor (batch, 1) of class numbers from 0."""
        return HashedCrossing(self.buckets)(tuple(column.crossed(source) for column in self.sources))


@dataclass(frozen=True)
class IndicatorColumn(Column):
    """A place for each class, one where the class is met.

    Args:
        source: categorical column.
        label: str, the column's name.
    """

    source: CategoricalColumn
    label: str = ""

    @property
    def name(self) -> str:  # type: ignore[override]
        """The column's name."""
        return self.label or f"{self.source.name}_indicator"

    def dense(self, source: Source) -> Any:
        """Return a tensor (batch, classes) of zeros and ones."""
        return _indicator(self.source.classes(source), self.source.size())


@dataclass(frozen=True)
class EmbeddingColumn(Column):
    """A vector for each class, which training learns; zeros for no class.

    Args:
        source: categorical column.
        dimension: int, length of the vectors.
        label: str, the column's name.
        initializer: as for `Embedding`; default normal numbers of deviation 1 / sqrt(dimension), cut off.
        trainable: bool, default True.
    """

    source: CategoricalColumn
    dimension: int
    label: str = ""
    initializer: Any = None
    trainable: bool = True

    @property
    def name(self) -> str:  # type: ignore[override]
        """The column's name."""
        return self.label or f"{self.source.name}_embedding"

    def dense(self, source: Source) -> Any:
        """Return a tensor (batch, dimension)."""
        from pipekeras import initializers

        first = self.initializer or initializers.TruncatedNormal(0.0, self.dimension**-0.5)
        number = self.source.classes(source)
        table = Embedding(self.source.size(), self.dimension, embeddings_initializer=first, trainable=self.trainable)
        rows = Reshape((self.dimension,))(table(ops.maximum(number, 0)))
        return rows * ops.cast(number >= 0, "float32")


def _indicator(classes: Any, size: int) -> Any:
    return Reshape((size,))(ops.one_hot(classes, size))


def dense_features(columns: Sequence[Column] | Column, name: str | None = None, trainable: bool = True) -> Model:
    """Return a model that makes numbers of a dict of inputs: the columns side by side, in the order of their names.

    Args:
        columns: feature columns.
        name: str or None, default "dense_features".
        trainable: bool, whether embeddings learn, default True.

    Input shape -> output shape:
        dict of (batch, 1) -> (batch, width of all columns)

    Raises:
        ConfigurationError: a column is categorical, or two read one input in different types.

    >>> import numpy as np
    >>> from pipekeras.models.feature_columns import IndicatorColumn, NumericColumn, VocabularyColumn, dense_features
    >>> model = dense_features([NumericColumn("age"), IndicatorColumn(VocabularyColumn("kind", ("cat", "dog")))])
    >>> model({"age": np.array([[3.0]]), "kind": np.array([["dog"]])}).numpy().tolist()
    [[3.0, 0.0, 1.0]]
    """
    listed = [columns] if isinstance(columns, Column) else list(columns)
    if not listed:
        raise ConfigurationError("dense features need at least one column")
    inputs: dict[str, Any] = {}
    sizes = {column.key: column.shape for column in listed if isinstance(column, NumericColumn)}

    def source(key: str, dtype: str) -> Any:
        found = inputs.get(key)
        if found is None:
            found = inputs[key] = Input(sizes.get(key, (1,)), name=key, dtype=dtype)
        elif (found.dtype == "string") != (dtype == "string"):
            raise ConfigurationError(f"input '{key}' is read as text by one column and as numbers by another")
        return found

    parts = [column.dense(source) for column in sorted(listed, key=lambda column: column.name)]
    flat = [part if len(part.shape) == 2 else Reshape((-1,))(part) for part in parts]
    model = Model(inputs, Concatenate()(flat) if len(flat) > 1 else flat[0], name=name or "dense_features")
    model.trainable = trainable
    return model
