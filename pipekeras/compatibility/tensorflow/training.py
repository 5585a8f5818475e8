"""Training as TensorFlow's scripts write it: optimizers of its first version, variables by name, checkpoints."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from pipekeras.compatibility.tensorflow.tensors import Variable
from pipekeras.core.errors import ArgumentError, DataError
from pipekeras.graph.gradient import gradient
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import Variable as AnyVariable
from pipekeras.optimizers import SGD, Adagrad, Adam, Optimizer, RMSprop


def AdamOptimizer(learning_rate: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8,
                  use_locking: bool = False, name: str = "Adam") -> Optimizer:  # fmt: skip
    """Adam, with the arguments of TensorFlow's first version."""
    return Adam(learning_rate=learning_rate, beta_1=beta1, beta_2=beta2, epsilon=epsilon)


def GradientDescentOptimizer(learning_rate: float, use_locking: bool = False, name: str = "SGD") -> Optimizer:
    """Gradient descent."""
    return SGD(learning_rate=learning_rate)


def MomentumOptimizer(learning_rate: float, momentum: float, use_locking: bool = False, name: str = "Momentum",
                      use_nesterov: bool = False) -> Optimizer:  # fmt: skip
    """Gradient descent with momentum."""
    return SGD(learning_rate=learning_rate, momentum=momentum, nesterov=use_nesterov)


def RMSPropOptimizer(learning_rate: float, decay: float = 0.9, momentum: float = 0.0, epsilon: float = 1e-10,
                     use_locking: bool = False, centered: bool = False, name: str = "RMSProp") -> Optimizer:  # fmt: skip
    """RMSprop, with the arguments of TensorFlow's first version."""
    return RMSprop(learning_rate=learning_rate, rho=decay, momentum=momentum, epsilon=epsilon, centered=centered)


def AdagradOptimizer(learning_rate: float, initial_accumulator_value: float = 0.1, use_locking: bool = False,
                     name: str = "Adagrad") -> Optimizer:  # fmt: skip
    """Adagrad, with the arguments of TensorFlow's first version."""
    return Adagrad(learning_rate=learning_rate, initial_accumulator_value=initial_accumulator_value)


def gradients(ys: Any, xs: Any, grad_ys: Any = None, name: str | None = None, **options: Any) -> list[Tensor | None]:
    """Derivatives of the sum of ys with respect to each x; outside of models use a GradientTape."""
    targets = list(ys) if isinstance(ys, list | tuple) else [ys]
    total = convert(targets[0])
    for item in targets[1:]:
        total = total + item
    if grad_ys is None:
        from pipekeras.backend.functions import gradients as backend_gradients

        return backend_gradients(total, xs)
    return gradient(total, list(xs) if isinstance(xs, list | tuple) else [xs], grad_ys)


_named: dict[str, AnyVariable] = {}


def get_variable(name: str, shape: Any = None, dtype: Any = None, initializer: Any = None, trainable: bool = True,
                 **options: Any) -> AnyVariable:  # fmt: skip
    """The variable of a name, made when it is asked for first."""
    found = _named.get(name)
    if found is not None:
        return found
    if initializer is None:
        if shape is None:
            raise ArgumentError(f"tf.get_variable('{name}') needs a shape or an initializer")
        from pipekeras.initializers import GlorotUniform

        initializer = GlorotUniform()
    if callable(initializer):
        made = AnyVariable(initializer, tuple(shape), dtype, trainable, name=name)
    else:
        made = Variable(initializer, trainable, name=name, dtype=dtype)
    _named[name] = made
    return made


def global_step(graph: Any = None) -> AnyVariable:
    """A counter of training steps."""
    return get_variable("global_step", dtype="int64", initializer=np.asarray(0, np.int64), trainable=False)


def assign(ref: Any, value: Any, validate_shape: Any = None, use_locking: Any = None, name: str | None = None) -> Any:
    """Give a variable a value."""
    return ref.assign(value)


def assign_add(ref: Any, value: Any, use_locking: Any = None, name: str | None = None) -> Any:
    """Add to a variable."""
    return ref.assign_add(value)


def assign_sub(ref: Any, value: Any, use_locking: Any = None, name: str | None = None) -> Any:
    """Subtract from a variable."""
    return ref.assign_sub(value)


class Module:
    """Something that holds variables as attributes.

    >>> from pipekeras.compatibility import tensorflow as tf
    >>> module = tf.Module()
    >>> module.w = tf.Variable(1.0)
    >>> len(module.trainable_variables)
    1
    """

    def __init__(self, name: str | None = None) -> None:
        self.name = name or type(self).__name__.lower()

    @property
    def variables(self) -> list[AnyVariable]:
        """All variables, those of attributes that hold some included."""
        return [item for _, item in _variables_of(self, "")]

    @property
    def trainable_variables(self) -> list[AnyVariable]:
        """The variables that training changes."""
        return [item for item in self.variables if item.trainable]


def _variables_of(value: Any, path: str) -> list[tuple[str, AnyVariable]]:
    """Return the variables that something holds, by their paths."""
    if isinstance(value, AnyVariable):
        return [(path, value)]
    if isinstance(value, dict):
        items: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    elif isinstance(value, Module):
        items = [(name, item) for name, item in vars(value).items() if name != "name"]
    elif hasattr(value, "variables") and not isinstance(value, type):
        held = value.variables
        items = enumerate(held() if callable(held) else held)
    else:
        return []
    return [found for name, item in items for found in _variables_of(item, f"{path}/{name}" if path else str(name))]


class _Restored:
    """What a restore found."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing

    def assert_consumed(self) -> _Restored:
        """Raise a DataError unless every variable was found."""
        if self.missing:
            raise DataError(f"the checkpoint holds no values for {', '.join(self.missing[:5])}")
        return self

    def expect_partial(self) -> _Restored:
        """Accept that some values were not there."""
        return self

    assert_existing_objects_matched = assert_consumed


class Checkpoint:
    """Saves and restores the variables of models, optimizers and other things, given by name.

    Args:
        **objects: models, optimizers, variables, or lists and dicts of them.

    >>> import tempfile
    >>> from pipekeras.compatibility import tensorflow as tf
    >>> v = tf.Variable([1.0])
    >>> path = tf.train.Checkpoint(v=v).save(tempfile.mkdtemp() + "/state")
    >>> v.assign([5.0]).numpy(), tf.train.Checkpoint(v=v).restore(path).missing, v.numpy()
    (array([5.], dtype=float32), [], array([1.], dtype=float32))
    """

    def __init__(self, root: Any = None, **objects: Any) -> None:
        self._objects = {**({} if root is None else {"root": root}), **objects}
        self.save_counter = 0

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_objects"][name]
        except KeyError:
            raise AttributeError(f"the checkpoint holds no '{name}'") from None

    def write(self, file_prefix: Any) -> str:
        """Write all values to `<prefix>.npz` and return the prefix."""
        prefix = os.path.expanduser(str(file_prefix))
        os.makedirs(os.path.dirname(prefix) or ".", exist_ok=True)
        values = {path: np.asarray(variable.array) for path, variable in _variables_of(self._objects, "")}
        with open(f"{prefix}.npz", "wb") as file:
            np.savez(file, allow_pickle=False, **values)
        return prefix

    def save(self, file_prefix: Any, options: Any = None) -> str:
        """Write all values to the next numbered file and return its prefix."""
        self.save_counter += 1
        return self.write(f"{file_prefix}-{self.save_counter}")

    def restore(self, save_path: Any, options: Any = None) -> _Restored:
        """Read values back; None restores nothing."""
        if save_path is None:
            return _Restored([])
        path = os.path.expanduser(str(save_path)).removesuffix(".npz") + ".npz"
        try:
            with np.load(path, allow_pickle=False) as stored:
                values = {name: stored[name] for name in stored.files}
        except (OSError, ValueError) as error:
            raise DataError(f"'{path}' is no checkpoint: {error}") from None
        number = re.search(r"-(\d+)\.npz$", path)
        self.save_counter = int(number.group(1)) if number else self.save_counter
        missing = []
        for name, variable in _variables_of(self._objects, ""):
            if name in values:
                variable.assign(values[name])
            else:
                missing.append(name)
        return _Restored(missing)

    read = restore


def latest_checkpoint(checkpoint_dir: Any, latest_filename: str | None = None) -> str | None:
    """The newest numbered checkpoint of a folder, or the newest weights that a callback saved; None for none."""
    folder = os.path.expanduser(str(checkpoint_dir))
    found = glob.glob(os.path.join(glob.escape(folder), "*-*.npz"))
    numbered = [(int(match.group(1)), path) for path in found if (match := re.search(r"-(\d+)\.npz$", path))]
    if numbered:
        return max(numbered)[1].removesuffix(".npz")
    weights = glob.glob(os.path.join(glob.escape(folder), "*.weights.h5"))
    return max(weights, key=lambda path: (os.path.getmtime(path), path)).removesuffix(".weights.h5") if weights else None


class CheckpointManager:
    """Keeps the newest checkpoints of a folder.

    Args:
        checkpoint: Checkpoint.
        directory: str, the folder.
        max_to_keep: int or None (all).
        checkpoint_name: str, default "ckpt".
    """

    def __init__(self, checkpoint: Checkpoint, directory: Any, max_to_keep: int | None = 5, checkpoint_name: str = "ckpt",
                 **options: Any) -> None:  # fmt: skip
        self.checkpoint = checkpoint
        self.directory = os.path.expanduser(str(directory))
        self._most = max_to_keep
        self._name = checkpoint_name

    @property
    def checkpoints(self) -> list[str]:
        """The checkpoints that are there, the newest last."""
        found = glob.glob(os.path.join(glob.escape(self.directory), f"{glob.escape(self._name)}-*.npz"))
        numbered = [(int(match.group(1)), path) for path in found if (match := re.search(r"-(\d+)\.npz$", path))]
        return [path.removesuffix(".npz") for _, path in sorted(numbered)]

    @property
    def latest_checkpoint(self) -> str | None:
        """The newest checkpoint, None where there is none."""
        found = self.checkpoints
        return found[-1] if found else None

    def save(self, checkpoint_number: int | None = None, **options: Any) -> str:
        """Save, and remove checkpoints that are too many."""
        if checkpoint_number is not None:
            self.checkpoint.save_counter = int(np.asarray(checkpoint_number)) - 1
        path = self.checkpoint.save(os.path.join(self.directory, self._name))
        for old in self.checkpoints[: -self._most] if self._most else []:
            os.remove(f"{old}.npz")
        return path

    def restore_or_initialize(self) -> str | None:
        """Restore the newest checkpoint, if there is one."""
        latest = self.latest_checkpoint
        if latest is not None:
            self.checkpoint.restore(latest)
        return latest


def save_model(obj: Any, export_dir: Any, signatures: Any = None, options: Any = None) -> None:
    """Save a model as `<folder>/model.keras`."""
    folder = os.path.expanduser(str(export_dir))
    os.makedirs(folder, exist_ok=True)
    obj.save(os.path.join(folder, "model.keras"))


def load_model(export_dir: Any, tags: Any = None, options: Any = None) -> Any:
    """Load a model that `tf.saved_model.save` has saved."""
    from pipekeras.saving import load_model as load

    return load(os.path.join(os.path.expanduser(str(export_dir)), "model.keras"))
