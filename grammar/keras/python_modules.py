"""Python's modules as programs see them: NumPy, TensorFlow's and Keras' names over our functions, patterns."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
from pipekeras.grammar.errors import RError
from pipekeras.grammar.external import Adapter, register_adapter


class Namespace:
    """Names of a Python module that programs may use, found when they are asked for.

    Args:
        label: what messages call it.
        find: function from a name to a Python object; raises AttributeError for others.
        names: function that lists them.
    """

    def __init__(self, label: str, find: Any, names: Any) -> None:
        self.__dict__["_label"], self.__dict__["_find"], self.__dict__["_names"] = label, find, names

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._find(name)

    def __dir__(self) -> list[str]:
        return sorted(self._names())

    def __repr__(self) -> str:
        return f"Module({self._label})"


class NamespaceAdapter(Adapter):
    """A module gives its names."""

    def classes(self, target: Any) -> list[str]:
        return ["python.builtin.module", "python.builtin.object"]

    def length(self, target: Any) -> int:
        return 1


register_adapter(Namespace, NamespaceAdapter())

_NUMPY = """
    abs all any arange arccos arcsin arctan arctan2 argmax argmin argsort array array_equal asarray average bincount bool_
    ceil clip concatenate corrcoef cos cosh cov cross cumprod cumsum deg2rad diag diff dot einsum empty exp
    expand_dims expm1 eye fft flatnonzero flip fliplr flipud float16 float32 float64 floor full full_like histogram hstack
    hypot identity inf
    int16 int32 int64 int8 interp isfinite isinf isnan kron linalg linspace log log10 log1p log2 logical_and logical_not
    logical_or logspace matmul max maximum mean median meshgrid min minimum mod moveaxis nan nan_to_num nanmax nanmean
    nanmin nanstd nansum newaxis nonzero ones ones_like outer pad percentile pi polyfit polyval power prod ptp quantile
    rad2deg random ravel repeat reshape roll rot90 round shape sign sin sinh size sort split sqrt square squeeze stack std
    sum swapaxes take tan tanh tensordot tile trace transpose tri tril triu trunc uint16 uint8 unique unravel_index
    vander var vstack where zeros zeros_like e
"""
_RANDOM = """
    beta binomial choice exponential gamma lognormal multinomial multivariate_normal normal permutation poisson rand
    randint randn random random_sample sample seed shuffle standard_normal uniform
"""
_LINALG = "cholesky cond det eig eigh eigvals eigvalsh inv lstsq matrix_power matrix_rank norm pinv qr slogdet solve svd"
_FFT = "fft fft2 fftfreq fftshift ifft ifft2 ifftshift irfft rfft rfftfreq"


def _table(module: Any, label: str, names: str, further: dict[str, Any] | None = None) -> Namespace:
    allowed = frozenset(names.split())
    own = further or {}

    def find(name: str) -> Any:
        if name in own:
            return own[name]
        if name not in allowed:
            raise AttributeError(name)
        return getattr(module, name)

    return Namespace(label, find, lambda: [*allowed, *own])


def _read_array(path: str, **options: Any) -> Any:
    """Return the arrays of an .npy or .npz file; pickled objects are refused."""
    found = np.load(path, allow_pickle=False)
    return found if isinstance(found, np.ndarray) else dict(found.items())


def _write_array(path: str, values: Any) -> None:
    np.save(path, np.asarray(values), allow_pickle=False)


def _array(object: Any, dtype: Any = None, **options: Any) -> Any:
    """Return an array; a table among what is given is the matrix that it looks like."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict) and value:
            return np.column_stack([np.asarray(column) for column in value.values()])
        return [plain(item) for item in value] if isinstance(value, list) else value

    return np.array(plain(object), dtype, **options)


def numpy_names() -> Namespace:
    """Return the functions of NumPy that compute; files are read without pickles."""
    own = {
        "array": _array,
        "asarray": _array,
        "random": _table(np.random, "numpy.random", _RANDOM),
        "linalg": _table(np.linalg, "numpy.linalg", _LINALG),
        "fft": _table(np.fft, "numpy.fft", _FFT),
        "load": _read_array,
        "save": _write_array,
    }
    return _table(np, "numpy", _NUMPY, own)


def _pattern_names() -> Namespace:
    """Return what scripts use of Python's regular expressions."""
    import re

    return _table(re, "re", "escape findall split sub")


MODULES = frozenset(("keras", "tensorflow", "numpy", "re"))


def python_module(name: str) -> Any:
    """Return a Python module's names as programs see them.

    Raises:
        RError: the module is not one that programs can use.
    """
    head, _, rest = name.partition(".")
    if head == "numpy":
        found: Any = numpy_names()
    elif head == "tensorflow":
        found = importlib.import_module("pipekeras.compatibility.tensorflow")
    elif head == "keras":
        found = importlib.import_module("pipekeras")
    elif head == "re":
        found = _pattern_names()
    else:
        raise RError(
            f"Python module '{name}' can't be used here",
            mend="Python code is not run; modules here are numpy, re, tensorflow and keras (their names, our functions)",
        )
    for part in rest.split(".") if rest else ():
        try:
            found = getattr(found, part)
        except AttributeError:
            raise RError(f"there is no Python module '{name}'") from None
    return found
