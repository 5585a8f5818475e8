"""Initializers: how weights begin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipekeras.core import serialization
from pipekeras.core.errors import ShapeError
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.variable import Variable
from pipekeras.nn.initializers.base import Initializer
from pipekeras.nn.initializers.constant import STFT, Constant, Identity, Ones, Zeros
from pipekeras.nn.initializers.randomized import Orthogonal, RandomNormal, RandomUniform, TruncatedNormal
from pipekeras.nn.initializers.variance_scaling import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    VarianceScaling,
)
from pipekeras.nn.lookup import resolve

IdentityInitializer = Identity
OrthogonalInitializer = Orthogonal
STFTInitializer = STFT
constant = Constant
glorot_normal = GlorotNormal
glorot_uniform = GlorotUniform
he_normal = HeNormal
he_uniform = HeUniform
identity = Identity
lecun_normal = LecunNormal
lecun_uniform = LecunUniform
ones = Ones
orthogonal = Orthogonal
random_normal = RandomNormal
random_uniform = RandomUniform
stft = STFT
truncated_normal = TruncatedNormal
variance_scaling = VarianceScaling
zeros = Zeros

__all__ = [
    "STFT",
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "IdentityInitializer",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "OrthogonalInitializer",
    "RandomNormal",
    "RandomUniform",
    "STFTInitializer",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "constant",
    "deserialize",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "serialize",
    "stft",
    "truncated_normal",
    "variance_scaling",
    "zeros",
]


def serialize(initializer: Any) -> Any:
    """Return the config of an initializer.

    >>> serialize(Zeros())["class_name"]
    'Zeros'
    """
    return serialization.serialize(initializer)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Make an initializer from its config.

    Args:
        config: dict, what `serialize` returned.
        custom_objects: dict of name to class, for initializers of your own.

    >>> deserialize({"class_name": "Constant", "config": {"value": 2.0}}).value
    2.0
    """
    return serialization.deserialize(config, custom_objects, kind="initializer")


def get(identifier: Any) -> Any:
    """Return the initializer that an identifier stands for; None stays None.

    Args:
        identifier: str such as "he_normal", dict, class, Initializer, function `(shape, dtype)`, an array or
            tensor of the weight's shape, or None.

    Raises:
        ConfigurationError: There is no such initializer.

    >>> get("he_normal").scale
    2.0
    """
    if identifier is None:
        return None
    if isinstance(identifier, np.ndarray | np.generic | Tensor | Variable):
        return _from_values(identifier)
    return resolve("initializer", identifier)


def _from_values(values: Any) -> Any:
    def initialize(shape: Sequence[int], dtype: Any = None) -> Tensor:
        if tuple(shape) != tuple(values.shape):
            raise ShapeError(f"the initial value has shape {tuple(values.shape)}; the weight has {tuple(shape)}")
        return convert(values, dtype)

    return initialize
