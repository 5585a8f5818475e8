"""Data sets by name: two shipped with the package, the others read from the user's cache or downloaded into it.

Each data set is a module with one function, `load_data()`, as in Keras.

Example:
    >>> from pipekeras import datasets
    >>> (x_train, y_train), (x_test, y_test) = datasets.iris.load_data()
    >>> x_train.shape, x_test.shape
    ((120, 4), (30, 4))
"""

from pipekeras.datasets import (
    boston_housing,
    california_housing,
    cifar10,
    cifar100,
    digits,
    fashion_mnist,
    imdb,
    iris,
    mnist,
    reuters,
)

__all__ = [
    "boston_housing",
    "california_housing",
    "cifar10",
    "cifar100",
    "digits",
    "fashion_mnist",
    "imdb",
    "iris",
    "mnist",
    "reuters",
]
