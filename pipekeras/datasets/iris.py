"""Fisher's iris flowers: 150 plants, 4 measurements, 3 species."""

from __future__ import annotations

import csv
from importlib.resources import files

import numpy as np

from pipekeras.core.registry import register
from pipekeras.datasets.split import Arrays, stratified_split

feature_names = ("sepal_length", "sepal_width", "petal_length", "petal_width")
class_names = ("setosa", "versicolor", "virginica")


@register("dataset", "iris")
def load_data() -> tuple[Arrays, Arrays]:
    """Load the iris flowers.

    Fifty plants of each of three species; sepal and petal length and width in centimetres. The data is shipped with
    the package, so nothing is downloaded. The split is fixed: of each species, in the order of the original table,
    every fifth plant is a test example; in both parts the species take turns.

    Returns:
        `((x_train, y_train), (x_test, y_test))`: `x` float32 of shape (120, 4) and (30, 4) with the columns
        `feature_names`; `y` uint8 of shape (120,) and (30,), codes of `class_names`.

    Example:
        >>> from pipekeras.datasets import iris
        >>> (x_train, y_train), (x_test, y_test) = iris.load_data()
        >>> x_train.shape, y_train[:6].tolist()
        ((120, 4), [0, 1, 2, 0, 1, 2])

    Source:
        R. A. Fisher (1936), The use of multiple measurements in taxonomic problems, Annals of Eugenics 7, 179-188;
        measured by E. Anderson. The table is R's `iris`.
    """
    with files(__package__).joinpath("data/iris.csv").open("r", encoding="ascii") as stream:
        rows = list(csv.DictReader(stream))
    x = np.array([[float(row[name]) for name in feature_names] for row in rows], dtype=np.float32)
    y = np.array([class_names.index(row["species"]) for row in rows], dtype=np.uint8)
    return stratified_split(x, y)
