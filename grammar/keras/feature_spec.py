"""What `feature_spec()` returns: a table, its features, and the steps that make feature columns of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import expression_of
from pipekeras.grammar.deparse import deparse_short
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert
from pipekeras.grammar.nodes import Call, Symbol
from pipekeras.grammar.values import ExternalObject, Vector, inherits, mk_list, names_of

from pipekeras.data import Dataset
from pipekeras.models.feature_columns import BucketColumn, CategoricalColumn, Column

Step = Callable[["FeatureSpec"], Column]


@dataclass(frozen=True)
class Scaler:
    """What a numeric column is scaled by: its moments or its bounds."""

    kind: str

    def measure(self, values: np.ndarray) -> tuple[float, float]:
        """Return what is subtracted from values, and what they are then divided by."""
        numbers = values.astype(np.float64)
        if self.kind == "standard":
            return float(numbers.mean()), float(numbers.std(ddof=1)) or 1.0
        return float(numbers.min()), float(numbers.max() - numbers.min()) or 1.0


@dataclass(frozen=True)
class FeatureSpec:
    """A table, which of its columns are features, and steps that make feature columns of them.

    Args:
        table: data set of named lists, or dict of arrays.
        features: names of the features.
        response: name of the response, or None.
        kinds: "numeric" or "text" for each column of the table.
        steps: name and maker of each feature column, in order.
        columns: what the steps made, once `fit` has seen the table.
    """

    table: Any
    features: tuple[str, ...]
    response: str | None
    kinds: dict[str, str]
    steps: tuple[tuple[str, Step, str], ...] = ()
    columns: dict[str, Column] | None = None

    def column(self, name: str) -> np.ndarray:
        """Return all values of a column of the table."""
        if isinstance(self.table, dict):
            return np.ravel(self.table[name])
        parts = [np.ravel(features_of(element, self.response)[name]) for element in self.table]
        return np.concatenate(parts)

    def made(self) -> dict[str, Column]:
        """Return the feature columns; refuse when `fit` has not seen the table."""
        if self.columns is None:
            raise RError("the feature_spec has not seen its data", mend="call fit(spec) first")
        return self.columns

    def fitted(self) -> FeatureSpec:
        """Return the spec with its feature columns made from the table."""
        spec = replace(self, columns={})
        for name, make, _ in self.steps:
            spec.made()[name] = make(spec)
        return spec

    def dense_features(self) -> Vector:
        """Return the feature columns that a layer takes, by name."""
        dense = {name: column for name, column in self.made().items() if _is_dense(column)}
        return mk_list([ExternalObject(column) for column in dense.values()], list(dense))

    def feature_names(self) -> list[str]:
        """Return the names of the columns that are features."""
        return list(self.features)

    def __repr__(self) -> str:
        lines = [f"Feature Spec: {len(self.steps)} steps, {'fitted' if self.columns is not None else 'not fitted'}",
                 f"  response: {self.response}", f"  features: {', '.join(self.features)}"]  # fmt: skip
        return "\n".join([*lines, *(f"  {kind}: {name}" for name, _, kind in self.steps)])


def _is_dense(column: Column) -> bool:
    return not isinstance(column, CategoricalColumn) or isinstance(column, BucketColumn)


def features_of(element: Any, response: str | None) -> dict[str, Any]:
    if isinstance(element, tuple):
        features, target = (*element, None)[:2]
        return {**features, **({response: target} if response and response not in features else {})}
    return dict(element)


def spec_of(value: Any) -> FeatureSpec:
    found = value.value if isinstance(value, ExternalObject) else None
    if not isinstance(found, FeatureSpec):
        raise RError("spec must come from feature_spec()", mend="begin with feature_spec(data, y ~ .)")
    return found


# Tables


def table_of(value: Any) -> Any:
    """Return a data frame, named list or data set as what a spec reads: a dict of arrays, or the data set."""
    if isinstance(value, ExternalObject) and isinstance(value.value, Dataset):
        return value.value
    if not isinstance(value, Vector) or value.kind != "list" or not names_of(value):
        raise RError("dataset must be a data set, a data frame or a named list")
    columns: dict[str, np.ndarray] = {}
    for name, column in zip(names_of(value) or [], value.data, strict=True):
        if inherits(column, "factor"):
            labels = external.to_python(column.attributes["levels"])
            labels = [labels] if isinstance(labels, str) else labels
            columns[str(name)] = np.array([labels[code - 1] for code in column.data], dtype=object)
        elif column.kind == "character":
            columns[str(name)] = np.array([str(item) for item in column.items()], dtype=object)
        else:
            columns[str(name)] = np.asarray(convert.data(column, str(name)))
    return columns


def kinds_of(table: Any, response: str | None) -> dict[str, str]:
    element = table if isinstance(table, dict) else features_of(next(iter(table)), response)
    return {name: "text" if np.asarray(values).dtype.kind in "UOS" else "numeric" for name, values in element.items()}


# Which columns are meant


def chosen(tree: Any, promise: Any, names: dict[str, str]) -> list[str]:
    """Names that one argument of a step means; `names` are all columns with their kinds."""
    if type(tree) is Symbol:
        if tree.name in names:
            return [tree.name]
        raise RError(f"there is no column '{tree.name}'", mend=f"columns are {', '.join(names)}")
    if type(tree) is Vector and tree.kind == "character":
        return [name for item in tree.items() for name in chosen(Symbol(str(item)), promise, names)]
    if isinstance(tree, Call) and type(tree.function) is Symbol:
        head, inner = tree.function.name, [argument.value for argument in tree.args]
        if head == "c":
            return [name for item in inner for name in chosen(item, promise, names)]
        text = str(inner[0].items()[0]) if inner and type(inner[0]) is Vector else ""
        tests: dict[str, Callable[[str], bool]] = {
            "all_numeric": lambda name: names[name] == "numeric",
            "all_nominal": lambda name: names[name] == "text",
            "has_type": lambda name: (names[name] == "text") == (text in ("string", "character")),
            "everything": lambda name: True,
            "starts_with": lambda name: name.startswith(text),
            "ends_with": lambda name: name.endswith(text),
            "contains": lambda name: text in name,
            "one_of": lambda name: name in [str(v.items()[0]) for v in inner if type(v) is Vector],
        }
        if head in tests:
            return [name for name in names if tests[head](name)]
    raise RError(f"a step does not know which columns {deparse_short(tree)} means",
                 mend="name columns, or use all_numeric(), all_nominal(), has_type(), starts_with() and their kin")  # fmt: skip


def columns_of(dots: Any, names: dict[str, str]) -> list[tuple[str | None, list[str]]]:
    """What the unnamed and named arguments of a step mean: a name for the result, if one is given, and the columns."""
    found: list[tuple[str | None, list[str]]] = []
    for label, promise in dots:
        tree = expression_of(promise)
        if isinstance(tree, Call) and tree.is_call_of("-") and len(tree.args) == 1:
            dropped = set(chosen(tree.args[0].value, promise, names))
            if not found:
                found = [(None, list(names))]
            found = [(name, [item for item in items if item not in dropped]) for name, items in found]
        else:
            found.append((label, chosen(tree, promise, names)))
    return found


def known_columns(spec: FeatureSpec) -> dict[str, str]:
    """Columns of the table and of earlier steps, with their kinds."""
    names = {name: spec.kinds[name] for name in spec.features}
    return {**names, **{name: names.get(name, "made") for name, _, _ in spec.steps}}


def with_steps(spec: FeatureSpec, dots: Any, kind: str, prefix: str, make: Callable[[str, str], Step]) -> Any:
    """Return the spec with a step for each column that is meant; `make` gets the column's and the result's name."""
    added = []
    for label, items in columns_of(dots, known_columns(spec)):
        for item in items:
            name = label or f"{prefix}{item}"
            added.append((name, make(item, name), kind))
    return ExternalObject(replace(spec, steps=(*spec.steps, *added), columns=None))


def categorical(spec: FeatureSpec, name: str) -> CategoricalColumn:
    found = spec.made().get(name)
    if isinstance(found, CategoricalColumn):
        return found
    raise RError(f"column '{name}' is not categorical",
                 mend="put step_categorical_column_with_*() or step_bucketized_column() before it")  # fmt: skip
