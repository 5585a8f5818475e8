"""Functions that Keras 1 and 2 kept among their tools, their initializers and their losses."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from pipekeras.core import configuration, dtypes
from pipekeras.core.errors import ArgumentError, ConfigurationError, DataError
from pipekeras.core.notices import warn

# What changes nothing today.


def unchanged(function: Any) -> Any:
    """Return a function as it is: names of arguments of older Keras are known to all layers and models today."""
    return function


def generate_legacy_interface(*args: Any, **kwargs: Any) -> Callable[[Any], Any]:
    """Return a decorator that changes nothing: names of arguments of older Keras are known to all layers and models."""
    return unchanged


def keras_test(function: Any) -> Any:
    """Return a test as it is."""
    return function


def shape_type_conversion(function: Any) -> Any:
    """Return a function as it is: shapes are tuples."""
    return function


def multi_gpu_model(model: Any, gpus: Any = None, cpu_merge: bool = True, cpu_relocation: bool = False) -> Any:
    """Return the model itself: a step is spread over all processors in any case."""
    warn("multi_gpu_model() returns the model as it is: steps use all processors of this machine anyway")
    return model


def convert_all_kernels_in_model(model: Any) -> None:
    """Do nothing: kernels of files are turned when they are read."""


def print_summary(model: Any, line_length: int | None = None, positions: Any = None, print_fn: Any = None) -> None:
    """Print what a model is made of."""
    model.summary(line_length=line_length, positions=positions, print_fn=print_fn)


def count_params(weights: Any) -> int:
    """Return the number of elements of some weights."""
    return sum(int(np.prod(weight.shape)) for weight in {id(weight): weight for weight in weights}.values())


# Data.


def probas_to_classes(y_pred: Any) -> np.ndarray:
    """Return the classes of probabilities: the largest of a row, or 1 from more than one half on."""
    given = np.asarray(y_pred)
    if given.ndim > 1 and given.shape[1] > 1:
        return categorical_probas_to_classes(given)
    return np.array([1 if value > 0.5 else 0 for value in given.ravel()])


def categorical_probas_to_classes(p: Any) -> np.ndarray:
    """Return the class of the largest probability of each row."""
    return np.argmax(np.asarray(p), axis=1)


def get_file(
    fname: str | None = None,
    origin: str | None = None,
    untar: bool = False,
    md5_hash: str | None = None,
    file_hash: str | None = None,
    cache_subdir: str = "datasets",
    hash_algorithm: str = "auto",
    extract: bool = False,
    archive_format: Any = "auto",
    cache_dir: str | None = None,
    force_download: bool = False,
) -> str:
    """Return the path of a file in the cache, downloaded if it is missing and its SHA-256 is given.

    Args:
        fname: str, name of the file; default the last part of its address.
        origin: str, its address, https.
        untar, extract: bool, default False; whether to unpack an archive beside itself.
        md5_hash, file_hash: str, digest in hexadecimal; a file there with another one is refused.
        cache_subdir: str, folder in the cache, default "datasets".
        hash_algorithm: "auto", "md5" or "sha256".
        archive_format: told by the file.
        cache_dir: str, the cache, default $KERAS_HOME or ~/.keras.
        force_download: bool, default False; whether a file that is there is fetched anew.

    Raises:
        DataError: the file is not there and can't be downloaded, or is another one.
    """
    import hashlib
    import shutil

    from pipekeras.datasets import cache

    origin = origin or ""
    fname = fname or origin.rpartition("/")[2]
    home = cache.cache_folder().parent if cache_dir is None else Path(cache_dir).expanduser()
    if Path(fname).name != fname or fname in ("", ".", ".."):
        raise ArgumentError(f"get_file() takes a plain file name, not {fname!r}")
    folder = home / cache_subdir
    path = folder / (f"{fname}.tar.gz" if untar else fname)
    digest = (file_hash or md5_hash or "").lower()
    algorithm = {32: "md5", 64: "sha256"}.get(len(digest), "")
    if path.is_file() and not force_download:
        if digest:
            with path.open("rb") as stream:
                if hashlib.file_digest(stream, algorithm or "sha256").hexdigest() != digest:
                    raise DataError(f"{path} is another file than the one asked for", mend="remove it, or its digest here")
    elif algorithm != "sha256":
        state = "to be fetched anew" if path.is_file() else "not there"
        raise DataError(
            f"{path} is {state}, and files of unknown content are not downloaded",
            mend="put the file there, or give its SHA-256 as file_hash",
        )
    else:
        cache.fetch(path.name, origin, digest, 4 * 2**30, folder)
    if untar or extract:
        if ".tar" in path.name:
            shutil.unpack_archive(path, folder, filter="data")
        else:
            shutil.unpack_archive(path, folder)
        return str(folder / fname) if untar else str(path)
    return str(path)


def validate_file(fpath: Any, file_hash: str, algorithm: str = "auto", chunk_size: int = 65535) -> bool:
    """Whether a file has this digest, MD5 or SHA-256 by its length."""
    import hashlib

    name = algorithm if algorithm in ("md5", "sha256") else "sha256" if len(file_hash) == 64 else "md5"
    with Path(fpath).open("rb") as stream:
        return hashlib.file_digest(stream, name).hexdigest() == file_hash.lower()


class HDF5Matrix(np.ndarray):
    """Rows of a data set in an HDF5 file.

    Args:
        datapath: str, path of the file.
        dataset: str, name of the data set in it.
        start: int, the first row, default 0.
        end: int or None, the row behind the last.
        normalizer: function of the array, or None.
    """

    def __new__(cls, datapath: Any, dataset: str, start: int = 0, end: int | None = None, normalizer: Any = None) -> Any:
        """Read the rows."""
        from pipekeras.saving import hdf5_reader

        with hdf5_reader.reading(datapath) as file:
            values = file.root.dataset(dataset).read()[start:end]
        return np.asarray(values if normalizer is None else normalizer(values)).view(cls)


class GeneratorEnqueuer:
    """Batches of a generator or a Sequence under the names of the queue that Keras 2 put them in; none is made ahead.

    Args:
        generator: generator, or PyDataset.
        use_multiprocessing, wait_time, random_seed, shuffle: accepted; batches are made when they are asked for.
    """

    def __init__(self, generator: Any, use_multiprocessing: bool = False, wait_time: float = 0.05, random_seed: Any = None,
                 shuffle: bool = False) -> None:  # fmt: skip
        self.sequence = generator
        self._running = False

    def start(self, workers: int = 1, max_queue_size: int = 10, max_q_size: int = 10) -> None:
        """Begin."""
        self._running = True

    def is_running(self) -> bool:
        """Whether it was started and not stopped."""
        return self._running

    def stop(self, timeout: Any = None) -> None:
        """End."""
        self._running = False

    def get(self) -> Iterator[Any]:
        """Return the batches; those of a Sequence begin again at the end."""
        if hasattr(self.sequence, "__getitem__"):
            while self._running:
                for index in range(len(self.sequence)):
                    yield self.sequence[index]
        else:
            yield from self.sequence


OrderedEnqueuer = GeneratorEnqueuer


def get_test_data(num_train: int = 1000, num_test: int = 500, input_shape: Any = (10,), output_shape: Any = (2,),
                  classification: bool = True, num_classes: int = 2) -> Any:  # fmt: skip
    """Return ((x, y), (x, y)) of random numbers around the target, to train and to test on.

    Args:
        num_train, num_test: int, rows.
        input_shape, output_shape: tuple, without the batch.
        classification: bool, default True; whether the targets are class numbers.
        num_classes: int, default 2.
    """
    rows = num_train + num_test
    if classification:
        y: np.ndarray = np.random.randint(0, num_classes, size=(rows,))
        x = np.zeros((rows, *input_shape), "float32") + y.reshape(-1, *[1] * len(input_shape))
        x = x + np.random.normal(loc=0, scale=0.7, size=x.shape)
    else:
        level = np.random.random(rows)
        x = np.random.normal(loc=0, scale=0.7, size=(rows, *input_shape)) + level.reshape(-1, *[1] * len(input_shape))
        y = np.random.normal(loc=0, scale=0.7, size=(rows, *output_shape)) + level.reshape(-1, *[1] * len(output_shape))
    x = x.astype("float32")
    return (x[:num_train], y[:num_train]), (x[num_train:], y[num_train:])


# Small tools.


def to_list(x: Any, allow_tuple: bool = False) -> list[Any]:
    """Return a list as it is, anything else as a list of one."""
    if isinstance(x, list):
        return x
    return list(x) if allow_tuple and isinstance(x, tuple) else [x]


def unpack_singleton(x: Any) -> Any:
    """Return the element of a list of one, anything else as it is."""
    return x[0] if len(x) == 1 else x


def object_list_uid(object_list: Any) -> str:
    """Return a text that stands for these objects."""
    return ", ".join(str(abs(id(item))) for item in to_list(object_list))


def slice_arrays(arrays: Any, start: Any = None, stop: Any = None) -> Any:
    """Return rows of an array, or of each of a list of arrays; `start` may be a list of row numbers."""
    if isinstance(arrays, list):
        return [slice_arrays(item, start, stop) for item in arrays]
    if arrays is None:
        return None
    return arrays[np.asarray(start)] if hasattr(start, "__len__") else arrays[start:stop]


def has_arg(fn: Callable[..., Any], name: str, accept_all: bool = False) -> bool:
    """Whether a function takes an argument of this name; with `accept_all`, also by `**kwargs`."""
    parameters = inspect.signature(fn).parameters
    if accept_all and any(item.kind == inspect.Parameter.VAR_KEYWORD for item in parameters.values()):
        return True
    return name in parameters and parameters[name].kind in (
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.KEYWORD_ONLY,
    )


def func_dump(func: Any) -> Any:
    """Refuse: functions are saved by their names."""
    raise ConfigurationError(
        "functions are not saved as code", mend="register it: @pipekeras.saving.register_keras_serializable()"
    )


def func_load(code: Any, defaults: Any = None, closure: Any = None, globs: Any = None) -> Any:
    """Refuse: code in files is not run."""
    raise ConfigurationError(
        "code in files is not run", mend="register the function: @pipekeras.saving.register_keras_serializable()"
    )


# Convolutions.


def normalize_tuple(value: Any, n: int, name: str) -> tuple[int, ...]:
    """Return n whole numbers, one number repeated."""
    if isinstance(value, int):
        return (value,) * n
    try:
        sizes = tuple(int(item) for item in value)
    except (TypeError, ValueError):
        sizes = ()
    if len(sizes) != n:
        raise ConfigurationError(f"{name} must be a whole number or {n} of them, not {value!r}")
    return sizes


def normalize_data_format(value: Any) -> str:
    """Return "channels_last" or "channels_first", the setting for None."""
    found = (value or configuration.image_data_format()).lower()
    if found not in ("channels_first", "channels_last"):
        raise ConfigurationError(f"data_format must be 'channels_first' or 'channels_last', not {value!r}")
    return found


def normalize_padding(value: str) -> str:
    """Return a padding in lower case."""
    if value.lower() not in ("valid", "same", "causal"):
        raise ConfigurationError(f"padding must be 'valid', 'same' or 'causal', not {value!r}")
    return value.lower()


def conv_output_length(input_length: int | None, filter_size: int, padding: str, stride: int, dilation: int = 1) -> Any:
    """Return how long a convolution's output is."""
    if input_length is None:
        return None
    span = filter_size + (filter_size - 1) * (dilation - 1)
    length = {"same": input_length, "causal": input_length, "valid": input_length - span + 1, "full": input_length + span - 1}
    return (length[padding] + stride - 1) // stride


def conv_input_length(output_length: int | None, filter_size: int, padding: str, stride: int) -> int | None:
    """Return how long the input of a convolution is."""
    if output_length is None:
        return None
    pad = {"same": filter_size // 2, "valid": 0, "full": filter_size - 1}[padding]
    return (output_length - 1) * stride - 2 * pad + filter_size


def deconv_length(dim_size: int | None, stride_size: int, kernel_size: int, padding: str, output_padding: int | None = None,
                  dilation: int = 1) -> int | None:  # fmt: skip
    """Return how long the output of a transposed convolution is."""
    if dim_size is None:
        return None
    span = kernel_size + (kernel_size - 1) * (dilation - 1)
    if output_padding is None:
        return {"valid": dim_size * stride_size + max(span - stride_size, 0),
                "full": dim_size * stride_size - (stride_size + span - 2), "same": dim_size * stride_size}[padding]  # fmt: skip
    pad = {"same": span // 2, "valid": 0, "full": span - 1}[padding]
    return (dim_size - 1) * stride_size + span - 2 * pad + output_padding


def convert_kernel(kernel: Any) -> np.ndarray:
    """Return a kernel with all axes but the last two turned round."""
    array = np.asarray(kernel)
    return np.flip(array, tuple(range(array.ndim - 2))).copy()


# Optimizers and losses.


def clip_norm(g: Any, c: float, n: Any) -> Any:
    """Return a gradient whose norm is n, made shorter if it is longer than c."""
    from pipekeras import ops

    return ops.where(ops.greater_equal(n, c), g * c / n, g) if c > 0 else g


def LossFunctionWrapper(fn: Any, reduction: str = "sum_over_batch_size", name: str | None = None, **kwargs: Any) -> Any:
    """Return a loss made of a function of targets, predictions and these arguments."""
    from pipekeras.losses import Loss

    class Wrapped(Loss):
        def call(self, y_true: Any, y_pred: Any) -> Any:
            return fn(y_true, y_pred, **kwargs)

    return Wrapped(name=name or fn.__name__, reduction=reduction)


# Initializers as Keras 1 had them: functions that made variables.


class _Initialization:
    """A function that makes a variable of a shape, or, asked with a type as initializers are today, its values."""

    def __init__(self, initializer: Any, name: str) -> None:
        self.initializer, self.__name__ = initializer, name

    def __call__(self, shape: Any, scale: Any = None, name: str | None = None, dtype: Any = None, **options: Any) -> Any:
        from pipekeras import initializers
        from pipekeras.graph.variable import Variable

        initializer = self.initializer
        if scale is not None:
            kinds: dict[str, Any] = {"normal": initializers.RandomNormal, "uniform": initializers.RandomUniform}
            kinds |= {"orthogonal": initializers.Orthogonal, "identity": initializers.Identity}
            if self.__name__ not in kinds:
                raise ArgumentError(f"initializations.{self.__name__}() has no scale")
            bounds = {"normal": {"stddev": scale}, "uniform": {"minval": -scale, "maxval": scale}}.get(
                self.__name__, {"gain": scale}
            )
            initializer = kinds[self.__name__](**bounds)
        if dtype is not None:
            return initializer(tuple(shape), dtype=dtype)
        return Variable(initializer, tuple(shape), dtype=dtypes.standardize(None), name=name)


def _initialization(name: str) -> Any:
    from pipekeras import initializers

    made = {
        "normal": lambda: initializers.RandomNormal(stddev=0.05),
        "uniform": lambda: initializers.RandomUniform(-0.05, 0.05),
        "orthogonal": lambda: initializers.Orthogonal(gain=1.1),
        "zero": initializers.Zeros,
        "one": initializers.Ones,
        "identity": initializers.Identity,
    }
    return _Initialization(made[name]() if name in made else initializers.get(name), name)


def _get_initialization(identifier: Any, **options: Any) -> Any:
    return _initialization(identifier) if isinstance(identifier, str) else identifier


class _Initializations(types.SimpleNamespace):
    def __getattr__(self, name: str) -> Any:
        return _initialization(name)


initializations = _Initializations(get=_get_initialization)
"""The module of Keras 1, name by name."""
