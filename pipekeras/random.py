"""Random tensors: functions of a seed, so the same seed gives the same numbers on any number of threads."""

from __future__ import annotations

import math
from typing import Any

from pipekeras.core import configuration, dtypes, naming
from pipekeras.core.errors import ArgumentError
from pipekeras.graph.tensor import Shape, Tensor, convert
from pipekeras.graph.trace import current, no_trace
from pipekeras.graph.variable import Variable
from pipekeras.ops import randomness
from pipekeras.ops.arithmetic import clip
from pipekeras.ops.comparison import cast, where
from pipekeras.ops.creation import given_shape
from pipekeras.ops.define import FUNCTIONS
from pipekeras.ops.mathematics import exp, log

Seed = Any


class SeedGenerator:
    """A source of seeds that remembers how many draws were made.

    Args:
        seed: int or None; None takes the next of the process' sequence (`set_random_seed`).
        name: str or None.

    >>> import pipekeras
    >>> generator = pipekeras.random.SeedGenerator(1)
    >>> first, second = (pipekeras.random.uniform((2,), seed=generator) for _ in range(2))
    >>> bool((first.numpy() != second.numpy()).all())
    True
    """

    def __init__(self, seed: int | None = None, name: str | None = None, **options: Any) -> None:
        if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
            raise ArgumentError(f"seed must be a whole number or None, not {seed!r}")
        self.name = name or naming.unique_name("seed_generator")
        self._given = seed
        start = configuration.next_seed() if seed is None else seed
        with no_trace():
            self.state = Variable([start % 2**32, 0], dtype="uint32", trainable=False, name="seed_generator_state")
        self.state.path = f"{self.name}/seed_generator_state"

    @property
    def seed(self) -> int | None:
        """The seed that was asked for."""
        return self._given

    def next(self, ordered: bool = True) -> Tensor:
        """Return the seed of the next draw and step on."""
        state = self.state._as_tensor()
        if state.data is not None:
            # The array steps on below; the caller keeps what it saw.
            state = Tensor(state.data.copy())
        self.state.assign(state + convert([0, 1], "uint32"))
        return state

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal generator."""
        return {"seed": self._given, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> SeedGenerator:
        """Return the generator that `get_config` described."""
        return cls(**config)


def draw(seed: Seed) -> Tensor:
    """Return the (seed, number of the draw) that a `seed` argument stands for."""
    if isinstance(seed, SeedGenerator):
        return seed.next()
    if seed is None and current() is not None:
        # A recorded step runs many times, and each run draws numbers of its own.
        return SeedGenerator(name="seed_generator").next()
    if seed is None:
        return convert([configuration.next_seed() % 2**32, 0], "uint32")
    if isinstance(seed, int):
        return convert([seed % 2**32, 0], "uint32")
    return convert(seed, "uint32")


def uniform(shape: Shape, minval: float = 0.0, maxval: float = 1.0, dtype: Any = None, seed: Seed = None) -> Tensor:
    """Draw from the uniform distribution on [minval, maxval).

    Args:
        shape: tuple of int.
        minval, maxval: float, default 0 and 1.
        dtype: str, default float32.
        seed: int, SeedGenerator or None.

    >>> import pipekeras
    >>> pipekeras.random.uniform((2, 3), seed=1).shape
    (2, 3)
    """
    name = dtypes.standardize(dtype)
    if dtypes.is_integer(name):
        return randint(shape, int(minval), int(maxval), name, seed)
    numbers = randomness.unit(draw(seed), given_shape(shape), name)
    if isinstance(minval, int | float) and isinstance(maxval, int | float) and minval == 0.0 and maxval == 1.0:
        return numbers
    return numbers * (maxval - minval) + minval


def normal(shape: Shape, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: Seed = None) -> Tensor:
    """Draw from the normal distribution.

    Args:
        shape: tuple of int.
        mean, stddev: float, default 0 and 1.
        dtype: str, default float32.
        seed: int, SeedGenerator or None.

    Example:

    >>> from pipekeras import random
    >>> random.normal((2, 3), seed=1).shape
    (2, 3)
    """
    numbers = randomness.gaussian(draw(seed), given_shape(shape), dtypes.standardize(dtype))
    if not isinstance(stddev, int | float) or stddev != 1.0:
        numbers = numbers * stddev
    return numbers + mean if not isinstance(mean, int | float) or mean != 0.0 else numbers


def truncated_normal(shape: Shape, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None,
                     seed: Seed = None) -> Tensor:  # fmt: skip
    """Draw from the normal distribution cut off at two standard deviations on both sides.

    Example:

    >>> from pipekeras import random
    >>> random.truncated_normal((2, 3), seed=1).shape
    (2, 3)
    """
    name = dtypes.standardize(dtype)
    low = 0.5 * (1.0 + math.erf(-math.sqrt(2.0)))
    p = randomness.unit(draw(seed), given_shape(shape), "float64" if name == "float64" else "float32")
    numbers = randomness.inverse_normal(cast(p, "float64") * (1.0 - 2.0 * low) + low)
    return cast(clip(numbers, -2.0, 2.0) * stddev + mean, name)


def randint(shape: Shape, minval: int, maxval: int, dtype: Any = "int32", seed: Seed = None) -> Tensor:
    """Draw whole numbers from minval up to, not including, maxval.

    Example:

    >>> from pipekeras import random
    >>> random.randint((2, 3), 0, 10, seed=1).shape
    (2, 3)
    """
    span = int(maxval) - int(minval)
    if span <= 0:
        raise ArgumentError(f"randint: maxval ({maxval}) must be above minval ({minval})")
    words = cast(randomness.bits(draw(seed), given_shape(shape)), "uint64")
    return cast(words * span // 2**32 + 0, dtype) + int(minval)


def bernoulli(shape: Shape, p: float, dtype: Any = None, seed: Seed = None) -> Tensor:
    """Draw ones with probability p, zeros otherwise.

    Example:

    >>> from pipekeras import random
    >>> random.bernoulli((2, 3), 0.5, seed=1).shape
    (2, 3)
    """
    return cast(uniform(shape, seed=seed) < p, dtypes.standardize(dtype))


def dropout(inputs: Any, rate: float, noise_shape: Any = None, seed: Seed = None) -> Tensor:
    """Set a share of the elements to 0 and scale up the rest by 1 / (1 - rate).

    Args:
        inputs: tensor of floats.
        rate: float in [0, 1), the share that is dropped.
        noise_shape: tuple of int; axes of size 1 drop together.
        seed: int, SeedGenerator or None.

    Example:

    >>> from pipekeras import random
    >>> random.dropout([1.0, 2.0], 0.5, seed=1).shape
    (2,)
    """
    x = convert(inputs)
    if rate <= 0.0:
        return x
    shape = tuple(x.shape)
    if noise_shape is not None:
        shape = tuple(own if wanted is None else wanted for own, wanted in zip(shape, noise_shape, strict=True))
    # A whole-number threshold on the bits saves turning them into floats.
    keep = randomness.bits(draw(seed), shape) >= min(round(rate * 2**32), 2**32 - 1)
    return where(keep, x * (1.0 / (1.0 - rate)), 0.0)


def gumbel(shape: Shape, dtype: str, seed: Seed = None) -> Tensor:
    """Draw from the Gumbel distribution: -log(-log(u))."""
    u = randomness.unit(draw(seed), given_shape(shape), dtype)
    return -log(-log(u * (1.0 - 2e-7) + 1e-7))


def categorical(logits: Any, num_samples: int, dtype: Any = "int32", seed: Seed = None) -> Tensor:
    """Draw class numbers from logits of shape (batch, classes); the result is (batch, num_samples).

    Example:

    >>> from pipekeras import random
    >>> random.categorical([[0.0, 1.0]], 3, seed=1).shape
    (1, 3)
    """
    logits = convert(logits)
    rows, classes = logits.shape
    noise = gumbel((rows, num_samples, classes), logits.dtype, seed)
    return cast(FUNCTIONS["argmax"](FUNCTIONS["expand_dims"](logits, 1) + noise, axis=-1), dtype)


def shuffle(x: Any, axis: int = 0, seed: Seed = None) -> Tensor:
    """Put the slices along an axis in a random order.

    Example:

    >>> from pipekeras import random
    >>> random.shuffle([1, 2, 3], seed=1).shape
    (3,)
    """
    x = convert(x)
    keys = uniform((x.shape[axis],), seed=seed)
    return FUNCTIONS["take"](x, FUNCTIONS["argsort"](keys), axis)


def gamma(shape: Shape, alpha: Any, dtype: Any = None, seed: Seed = None) -> Tensor:
    """Draw from the gamma distribution with shape alpha and scale 1 (Marsaglia, Tsang 2000).

    Args:
        shape: tuple of int.
        alpha: float above 0, or a tensor of them that broadcasts to `shape`.
        dtype: str, default float32.
        seed: int, SeedGenerator or None.

    Example:

    >>> from pipekeras import random
    >>> random.gamma((2, 3), 2.0, seed=1).shape
    (2, 3)
    """
    name = dtypes.standardize(dtype)
    base = draw(seed)
    shape = given_shape(shape)
    alpha, small = _raised(alpha, name)
    # Below 1 the distribution is that of alpha + 1, times a power of a uniform number.
    lifted = where(small, alpha + 1.0, alpha) if isinstance(small, Tensor) else alpha + 1.0 if small else alpha
    d = lifted - 1.0 / 3.0
    c = FUNCTIONS["rsqrt"](d * 9.0) if isinstance(d, Tensor) else 1.0 / math.sqrt(9.0 * d)
    result: Any = d
    found: Any = convert(False)
    # Each attempt succeeds with a probability of 0.95 or more; what never does stays at the mode.
    for attempt in range(8):
        step = convert([0, (attempt + 1) << 16], "uint32")
        z = randomness.gaussian(base + step, shape, name)
        u = randomness.unit(base + step + convert([0, 1], "uint32"), shape, name)
        v = (z * c + 1.0) ** 3
        positive = v > 0
        safe = where(positive, v, 1.0)
        accept = FUNCTIONS["logical_and"](positive, log(1.0 - u) < z * z * 0.5 + (1.0 - safe + log(safe)) * d)
        take = FUNCTIONS["logical_and"](accept, FUNCTIONS["logical_not"](found))
        result = where(take, safe * d, result)
        found = FUNCTIONS["logical_or"](found, accept)
    result = FUNCTIONS["broadcast_to"](result, shape)
    if isinstance(small, Tensor) or small:
        u = randomness.unit(base + convert([0, 2**30], "uint32"), shape, name)
        lowered = result * exp(log(1.0 - u) / alpha)
        result = where(small, lowered, result) if isinstance(small, Tensor) else lowered
    return cast(result, name)


def _raised(alpha: Any, dtype: str) -> tuple[Any, Any]:
    """Return alpha as a number or tensor, and whether it is below 1."""
    if isinstance(alpha, int | float):
        if alpha <= 0:
            raise ArgumentError(f"gamma: alpha must be above 0, not {alpha}")
        return float(alpha), alpha < 1
    tensor = convert(alpha, dtypes.as_float(dtype))
    return tensor, tensor < 1.0


def beta(shape: Shape, alpha: Any, beta: Any, dtype: Any = None, seed: Seed = None) -> Tensor:
    """Draw from the beta distribution, as a ratio of two gamma variates.

    Args:
        shape: tuple of int.
        alpha, beta: float above 0, or tensors of them that broadcast to `shape`.
        dtype: str, default float32.
        seed: int, SeedGenerator or None.

    Example:

    >>> from pipekeras import random
    >>> random.beta((2, 3), 1.0, 2.0, seed=1).shape
    (2, 3)
    """
    base = draw(seed)
    first = gamma(shape, alpha, dtype, base)
    second = gamma(shape, beta, dtype, base + convert([1, 0], "uint32"))
    return first / (first + second)


def binomial(shape: Shape, counts: Any, probabilities: Any, dtype: Any = None, seed: Seed = None) -> Tensor:
    """Draw numbers of successes in `counts` trials.

    Args:
        shape: tuple of int.
        counts: whole number, or a tensor of them that is known now and broadcasts to `shape`.
        probabilities: float in [0, 1], or a tensor of them that broadcasts to `shape`.
        dtype: str, default float32.
        seed: int, SeedGenerator or None.

    Example:

    >>> from pipekeras import random
    >>> random.binomial((2, 3), 5.0, 0.5, seed=1).shape
    (2, 3)
    """
    number = convert(counts)
    if number.data is None:
        raise ArgumentError("binomial: the number of trials must be known now")
    most = int(number.data.max(initial=0))
    share = probabilities if isinstance(probabilities, int | float) else FUNCTIONS["expand_dims"](convert(probabilities), -1)
    trials = uniform((*shape, most), seed=seed) < share
    if number.ndim:
        running = FUNCTIONS["arange"](most, dtype="int32") < FUNCTIONS["expand_dims"](cast(number, "int32"), -1)
        trials = FUNCTIONS["logical_and"](trials, running)
    return FUNCTIONS["sum"](cast(trials, dtypes.standardize(dtype)), axis=-1)


__all__ = ["SeedGenerator", "bernoulli", "beta", "binomial", "categorical", "dropout", "gamma", "normal", "randint",
           "shuffle", "truncated_normal", "uniform"]  # fmt: skip
