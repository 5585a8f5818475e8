"""Feature columns of tables: `feature_spec(data, y ~ .) %>% step_numeric_column(age) %>% fit()`, and layers of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from pipekeras.grammar import external
from pipekeras.grammar.builtins.registry import Builtin, call_function, expression_of, value_of
from pipekeras.grammar.deparse import deparse_short
from pipekeras.grammar.errors import RError
from pipekeras.grammar.keras import convert
from pipekeras.grammar.keras.feature_spec import (
    FeatureSpec,
    Scaler,
    Step,
    categorical,
    chosen,
    columns_of,
    features_of,
    kinds_of,
    known_columns,
    spec_of,
    table_of,
    with_steps,
)
from pipekeras.grammar.keras.names import OWN, word, wrap
from pipekeras.grammar.nodes import Call, Symbol
from pipekeras.grammar.values import NULL, ExternalObject, Vector, names_of

from pipekeras.data import Dataset
from pipekeras.models.feature_columns import (
    BucketColumn,
    CategoricalColumn,
    Column,
    CrossedColumn,
    EmbeddingColumn,
    HashColumn,
    IdentityColumn,
    IndicatorColumn,
    NumericColumn,
    VocabularyColumn,
    dense_features,
)


def _step(name: str, signature: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter a step: its function gets the spec, what `...` holds unevaluated, and the other arguments' values."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(spec: Any, dots: Any, *rest: Any) -> Any:
            return function(spec_of(value_of(spec)), dots, *[NULL if item is None else value_of(item) for item in rest])

        run.__doc__ = function.__doc__
        OWN[name] = Builtin(name, run, f"spec, ...{', ' + signature if signature else ''}", package="keras", lazy=True)
        return function

    return enter


@word("feature_spec", "dataset, x, y = NULL", lazy=True)
def feature_spec(dataset: Any, x: Any, y: Any = None) -> Any:
    """Begin a description of what is made of the columns of a table before the first layer.

    Args:
        dataset: data set of named lists, or data frame.
        x: formula such as y ~ ., or the features, as c(a, b) or a selecting function.
        y: the response, when x is not a formula.
    """
    table = table_of(value_of(dataset))
    tree = expression_of(x)
    if type(tree) is Symbol:
        found = value_of(x)
        tree = getattr(found, "node", found) if not isinstance(found, Call) else found
    response: str | None = None
    if isinstance(tree, Call) and tree.is_call_of("~"):
        sides = [argument.value for argument in tree.args]
        response = deparse_short(sides[0]) if len(sides) == 2 else None
        kinds = kinds_of(table, response)
        wanted = _terms(sides[-1])
        features = [name for name in kinds if name != response] if wanted == ["."] else wanted
    else:
        target = expression_of(y) if y is not None else NULL
        response = target.name if type(target) is Symbol else str(target.items()[0]) if isinstance(target, Vector) else None
        kinds = kinds_of(table, response)
        features = [name for name in chosen(tree, x, kinds) if name != response]
    for name in features:
        if name not in kinds:
            raise RError(f"there is no column '{name}'", mend=f"columns are {', '.join(kinds)}")
    return ExternalObject(FeatureSpec(table, tuple(features), response, kinds))


def _terms(tree: Any) -> list[str]:
    if isinstance(tree, Call) and tree.is_call_of("+"):
        return [name for argument in tree.args for name in _terms(argument.value)]
    if type(tree) is Symbol:
        return [tree.name]
    raise RError(f"the formula of a feature_spec has names and + alone, not {deparse_short(tree)}")


@_step("step_numeric_column", "shape = 1L, default_value = NULL, dtype = NULL, normalizer_fn = NULL")
def step_numeric_column(spec: FeatureSpec, dots: Any, shape: Any, default: Any, dtype: Any, normalizer: Any) -> Any:
    """Take columns as numbers.

    Args:
        spec: from feature_spec().
        ...: columns, or functions that select them.
        shape: numbers in a row, default 1.
        default_value: NULL; rows have no gaps.
        dtype: accepted; numbers are float32.
        normalizer_fn: scaler_standard(), scaler_min_max() or a function of a tensor.
    """
    if default is not NULL:
        raise RError("step_numeric_column() takes no default_value: fill missing values in the table")
    sizes = tuple(int(size or 1) for size in convert.shape(shape) or (1,))
    scaler = normalizer.value if isinstance(normalizer, ExternalObject) else None
    if not isinstance(scaler, Scaler | None):
        raise RError("normalizer_fn must be a function, scaler_standard() or scaler_min_max()")
    function = None if normalizer is NULL or scaler is not None else external.to_python(normalizer)

    def make(item: str, name: str) -> Step:
        if scaler is None:
            return lambda spec: NumericColumn(item, sizes, function=function)

        def measured(spec: FeatureSpec) -> Column:
            shift, scale = scaler.measure(spec.column(item))
            return NumericColumn(item, sizes, shift, scale)

        return measured

    return with_steps(spec, dots, "numeric", "", make)


@_step("step_categorical_column_with_vocabulary_list", "vocabulary_list = NULL, dtype = NULL, default_value = -1L, "
       "num_oov_buckets = 0L")  # fmt: skip
def step_vocabulary_list(spec: FeatureSpec, dots: Any, vocabulary: Any, dtype: Any, default: Any, unknown: Any) -> Any:
    """Take columns as classes that a list names.

    Args:
        spec: from feature_spec().
        ...: columns, or functions that select them.
        vocabulary_list: the classes, default what the column holds, sorted.
        dtype: accepted; it follows from the classes.
        default_value: number of the class, from 0, of what is not in the list; -1 is none.
        num_oov_buckets: further classes that unlisted values share by their hash.
    """
    given = None if vocabulary is NULL else _listed(vocabulary)

    def make(item: str, name: str) -> Step:
        def learned(spec: FeatureSpec) -> Column:
            values = given if given is not None else sorted({_plain(value) for value in spec.column(item)})
            return VocabularyColumn(item, tuple(values), _whole(default, -1), _whole(unknown, 0))

        return learned

    return with_steps(spec, dots, "categorical (vocabulary)", "", make)


@_step("step_categorical_column_with_vocabulary_file", "vocabulary_file, vocabulary_size = NULL, dtype = NULL, "
       "default_value = NULL, num_oov_buckets = 0L")  # fmt: skip
def step_vocabulary_file(spec: FeatureSpec, dots: Any, file: Any, size: Any, dtype: Any, default: Any, unknown: Any) -> Any:
    """Take columns as classes that the lines of a file name.

    Args:
        spec: from feature_spec().
        ...: columns, or functions that select them.
        vocabulary_file: path of a text file, one class a line.
        vocabulary_size: lines that count, default all.
        dtype: accepted.
        default_value: number of the class, from 0, of what is not in the file.
        num_oov_buckets: further classes that unlisted values share by their hash.
    """
    path = str(file.items()[0])
    try:
        with open(path, encoding="utf-8") as opened:
            lines = opened.read().splitlines()
    except OSError as problem:
        raise RError(f"the vocabulary {path} can't be read: {problem.strerror}") from None
    words = tuple(lines[: _whole(size, len(lines))])

    def make(item: str, name: str) -> Step:
        return lambda spec: VocabularyColumn(item, words, _whole(default, -1), _whole(unknown, 0))

    return with_steps(spec, dots, "categorical (file)", "", make)


@_step("step_categorical_column_with_hash_bucket", "hash_bucket_size, dtype = NULL")
def step_hash_bucket(spec: FeatureSpec, dots: Any, buckets: Any, dtype: Any) -> Any:
    """Take columns as classes numbered by their hash.

    Args:
        spec: from feature_spec().
        ...: columns, or functions that select them.
        hash_bucket_size: number of classes.
        dtype: accepted; it follows from the column.
    """
    count = _whole(buckets, 1)

    def make(item: str, name: str) -> Step:
        return lambda spec: HashColumn(item, count, "string" if spec.kinds[item] == "text" else "int32")

    return with_steps(spec, dots, "categorical (hash)", "", make)


@_step("step_categorical_column_with_identity", "num_buckets, default_value = NULL")
def step_identity(spec: FeatureSpec, dots: Any, buckets: Any, default: Any) -> Any:
    """Take columns of whole numbers from 0 as class numbers.

    Args:
        spec: from feature_spec().
        ...: columns, or functions that select them.
        num_buckets: number of classes.
        default_value: class of numbers out of range.
    """
    count, other = _whole(buckets, 1), _whole(default, -1)

    def make(item: str, name: str) -> Step:
        return lambda spec: IdentityColumn(item, count, other)

    return with_steps(spec, dots, "categorical (identity)", "", make)


@_step("step_bucketized_column", "boundaries")
def step_bucketized_column(spec: FeatureSpec, dots: Any, boundaries: Any) -> Any:
    """Sort numeric columns into intervals.

    Args:
        spec: from feature_spec().
        ...: numeric columns; a name is the result's.
        boundaries: increasing numbers; each begins an interval.
    """
    edges = tuple(float(item) for item in _listed(boundaries))

    def make(item: str, name: str) -> Step:
        def bucketed(spec: FeatureSpec) -> Column:
            source = spec.made().get(item)
            if not isinstance(source, NumericColumn):
                raise RError(f"column '{item}' is not numeric", mend=f"put step_numeric_column({item}) before it")
            return BucketColumn(source, edges, name)

        return bucketed

    return with_steps(spec, dots, "bucketized", "bucketized_", make)


@_step("step_indicator_column", "")
def step_indicator_column(spec: FeatureSpec, dots: Any) -> Any:
    """Give each class of categorical columns a place that is one where the class is met.

    Args:
        spec: from feature_spec().
        ...: categorical columns; a name is the result's.
    """

    def make(item: str, name: str) -> Step:
        return lambda spec: IndicatorColumn(categorical(spec, item), name)

    return with_steps(spec, dots, "indicator", "indicator_", make)


@_step("step_embedding_column", "dimension = NULL, combiner = 'mean', initializer = NULL, ckpt_to_load_from = NULL, "
       "tensor_name_in_ckpt = NULL, max_norm = NULL, trainable = TRUE")  # fmt: skip
def step_embedding_column(spec: FeatureSpec, dots: Any, dimension: Any, combiner: Any, initializer: Any, file: Any,
                          tensor: Any, norm: Any, trainable: Any) -> Any:  # fmt: skip
    """Give each class of categorical columns a vector that training learns.

    Args:
        spec: from feature_spec().
        ...: categorical columns; a name is the result's.
        dimension: length of the vectors, or a function of the number of classes; default its fourth root.
        combiner: accepted; a row has one class.
        initializer: as for layer_embedding().
        ckpt_to_load_from, tensor_name_in_ckpt, max_norm: must be NULL.
        trainable: TRUE or FALSE.
    """
    for name, value in (("ckpt_to_load_from", file), ("tensor_name_in_ckpt", tensor), ("max_norm", norm)):
        if value is not NULL:
            raise RError(f"step_embedding_column() takes no {name}")
    first = None if initializer is NULL else convert.argument("initializer", initializer)
    learns = bool(convert.argument("trainable", trainable)) if trainable is not NULL else True

    def make(item: str, name: str) -> Step:
        def embedded(spec: FeatureSpec) -> Column:
            source = categorical(spec, item)
            if dimension is NULL:
                size = max(1, int(source.size() ** 0.25))
            elif isinstance(dimension, Vector):
                size = _whole(dimension, 1)
            else:
                size = _whole(call_function(dimension, [(None, wrap(source.size()))]), 1)
            return EmbeddingColumn(source, size, name, first, learns)

        return embedded

    return with_steps(spec, dots, "embedding", "embedding_", make)


@_step("step_crossed_column", "hash_bucket_size, hash_key = NULL")
def step_crossed_column(spec: FeatureSpec, dots: Any, buckets: Any, key: Any) -> Any:
    """Number combinations of the values of columns by their hash.

    Args:
        spec: from feature_spec().
        ...: for each result, columns in c(a, b); a name is the result's.
        hash_bucket_size: number of classes.
        hash_key: must be NULL.
    """
    if key is not NULL:
        raise RError("step_crossed_column() takes no hash_key")
    count, added = _whole(buckets, 1), []

    def crossed(items: list[str], name: str) -> Step:
        def make(spec: FeatureSpec) -> Column:
            sources = []
            for item in items:
                known = spec.made().get(item)
                kind = "string" if spec.kinds.get(item) == "text" else "int32"
                sources.append(known if isinstance(known, CategoricalColumn) else HashColumn(item, count, kind))
            return CrossedColumn(tuple(sources), count, name)

        return make

    for label, items in columns_of(dots, known_columns(spec)):
        if len(items) < 2:
            raise RError("a crossing needs two columns or more", mend="write step_crossed_column(both = c(a, b), ...)")
        name = label or f"crossed_{'_'.join(items)}"
        added.append((name, crossed(items, name), "crossed"))
    return ExternalObject(replace(spec, steps=(*spec.steps, *added), columns=None))


@_step("step_remove_column", "")
def step_remove_column(spec: FeatureSpec, dots: Any) -> Any:
    """Forget the results of earlier steps, whose columns other steps still read.

    Args:
        spec: from feature_spec().
        ...: names.
    """
    dropped = {item for _, items in columns_of(dots, known_columns(spec)) for item in items}
    return ExternalObject(replace(spec, steps=tuple(step for step in spec.steps if step[0] not in dropped), columns=None))


def _whole(value: Any, default: int) -> int:
    if value is NULL:
        return default
    return int(np.ravel(external.to_python(value))[0])


def _listed(value: Any) -> list[Any]:
    found = external.to_python(value)
    return [_plain(item) for item in (found if isinstance(found, list | np.ndarray) else [found])]


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else int(value) if float(value).is_integer() else float(value)


@word("scaler_standard", "")
def scaler_standard() -> Any:
    """Scale a numeric column to mean 0 and deviation 1."""
    return ExternalObject(Scaler("standard"))


@word("scaler_min_max", "feature_range = c(0, 1)")
def scaler_min_max(span: Any) -> Any:
    """Scale a numeric column to the range from 0 to 1.

    Args:
        feature_range: must be c(0, 1).
    """
    if _listed(span) != [0, 1]:
        raise RError("scaler_min_max() scales to the range from 0 to 1", mend="scale on with normalizer_fn = function(x) ...")
    return ExternalObject(Scaler("min_max"))


@word("dense_features", "spec")
def densefeatures_of(spec: Any) -> Any:
    """Return the feature columns that layer_dense_features() takes.

    Args:
        spec: feature_spec that fit() has seen.
    """
    return spec_of(spec).dense_features()


@word("layer_dense_features", "object = NULL, feature_columns, name = NULL, trainable = TRUE, input_shape = NULL, "
      "batch_input_shape = NULL, batch_size = NULL, dtype = NULL, weights = NULL")  # fmt: skip
def layer_dense_features(target: Any, columns: Any, name: Any, trainable: Any, *accepted: Any) -> Any:
    """Put feature columns side by side.

    Args:
        object: named list of inputs (layer_input_from_dataset()), model that grows, or nothing.
        feature_columns: dense_features(spec).
        name: text.
        trainable: TRUE or FALSE, whether embeddings learn.
        input_shape, batch_input_shape, batch_size, dtype, weights: accepted.
    """
    from pipekeras.grammar.keras.names import _apply

    listed = columns.data if isinstance(columns, Vector) else [columns]
    found = [item.value for item in listed if isinstance(item, ExternalObject)]
    if len(found) != len(listed) or not all(isinstance(item, Column) for item in found):
        raise RError("feature_columns must come from dense_features(spec)")
    label = None if name is NULL else str(name.items()[0])
    model = dense_features(found, label, bool(convert.argument("trainable", trainable)))
    if isinstance(target, Vector) and names_of(target):
        if all(isinstance(item, ExternalObject) for item in target.data):
            inputs: dict[str, Any] = {str(n): item.value for n, item in zip(names_of(target) or [], target.data, strict=True)}
        else:
            inputs = table_of(target)
        return wrap(model({key: inputs[key] for key in model.input_names}))
    return _apply(target, model)


@word("dataset_use_spec", "dataset, spec")
def dataset_use_spec(dataset: Any, spec: Any) -> Any:
    """Turn the elements of a data set into the features and the response of a spec.

    Args:
        dataset: data set of named lists.
        spec: feature_spec.
    """
    found, source = spec_of(spec), dataset.value if isinstance(dataset, ExternalObject) else None
    if not isinstance(source, Dataset):
        raise RError("dataset must be a data set", mend="make one with tensor_slices_dataset(data)")

    read = {name for column in found.made().values() for name in column.reads()}
    # Texts that no column reads would only be refused by the model.
    kept = [name for name in found.features if name in read or found.kinds[name] != "text"]

    def split(element: Any) -> Any:
        columns = features_of(element, found.response)
        features = {name: columns[name] for name in kept}
        return (features, columns[found.response]) if found.response else features

    return ExternalObject(Dataset(lambda: (split(element) for element in source), source.cardinality()))


def _outside(name: str) -> None:
    @word(name, "...")
    def refuse(dots: Any) -> Any:
        raise RError(f"{name}() is for the steps of a feature_spec or recipe")

    refuse.__doc__ = "Refused with an error: it stands for columns in the steps of a feature_spec or recipe."


for _name in ("all_numeric", "all_nominal", "has_type"):
    _outside(_name)
