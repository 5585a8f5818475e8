"""Pictures mixed with each other, or sent through several changes that chance picks, while training."""

from __future__ import annotations

from typing import Any

from pipekeras import ops, random
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register
from pipekeras.layers.base.arguments import whole_number
from pipekeras.layers.preprocessing.augmentation import (
    RandomBrightness,
    RandomContrast,
    RandomPictureLayer,
    RandomRotation,
    RandomTranslation,
)
from pipekeras.layers.preprocessing.colours import (
    ColourLayer,
    RandomColorDegeneration,
    RandomSharpness,
    share,
)
from pipekeras.layers.preprocessing.distortions import RandomShear, drawn_box, interpolated
from pipekeras.layers.preprocessing.tones import (
    AutoContrast,
    Equalization,
    RandomPosterization,
    Solarization,
)


class _Mixing(RandomPictureLayer):
    """A layer that mixes the pictures of a batch, and their labels with them.

    It takes pictures, or a dict with "images" and "labels"; labels are rows of numbers for each picture.
    """

    def call(self, inputs: Any, training: Any = True) -> Any:
        """Return mixed pictures, or a dict of them and of their labels."""
        if not isinstance(inputs, dict):
            return super().call(inputs, training)
        if not training:
            return inputs
        pictures = ops.cast(inputs["images"], self.compute_dtype)
        if pictures.ndim != 4:
            raise ConfigurationError(f"{self.describe()} mixes the pictures of a batch; got one picture")
        mixed, weight, order = self.mixed(pictures)
        made = {**inputs, "images": mixed}
        if "labels" in inputs:
            labels = ops.cast(inputs["labels"], self.compute_dtype)
            weight = ops.reshape(weight, (-1,) + (1,) * (labels.ndim - 1))
            made["labels"] = weight * labels + (1.0 - weight) * ops.take(labels, order, axis=0)
        return made

    def changed(self, pictures: Any) -> Any:
        """Return mixed pictures."""
        return self.mixed(pictures)[0]

    def mixed(self, pictures: Any) -> tuple[Any, Any, Any]:
        """Return mixed pictures, the share of each that is its own, and the number of the one it is mixed with."""
        raise NotImplementedError

    def order(self, pictures: Any) -> Any:
        """Return the numbers of the pictures in a drawn order."""
        return random.shuffle(ops.arange(ops.shape(pictures)[0], dtype="int32"), seed=self.seed_generator)

    def beta(self, pictures: Any, alpha: Any) -> Any:
        """Return a number from a beta distribution for each picture, shape (batch, 1, 1, 1)."""
        shape = (ops.shape(pictures)[0], 1, 1, 1)
        return ops.cast(random.beta(shape, alpha, alpha, seed=self.seed_generator), pictures.dtype)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return placeholders like the inputs."""
        return self.call(*args, **kwargs)

    def _overrides_output_shape(self) -> bool:
        return False


@register("layer")
class MixUp(_Mixing):
    """Blend each picture with another one of the batch while training.

    Formula: y = w x + (1 - w) x', w from a beta(alpha, alpha) distribution; labels are blended in the same way.

    Args:
        alpha: float, default 0.2; small values blend little.
        data_format: "channels_last", "channels_first" or None (the setting).
        seed: int or None.
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: a batch of pictures, or a dict of "images" and "labels" -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> made = layers.MixUp()({"images": np.ones((2, 4, 4, 3)), "labels": np.eye(2)})
    >>> made["images"].shape, made["labels"].shape
    ((2, 4, 4, 3), (2, 2))

    Source: Zhang et al. (2018), mixup: beyond empirical risk minimization.
    """

    def __init__(
        self, alpha: float = 0.2, data_format: str | None = None, seed: int | None = None, **options: Any
    ) -> None:
        super().__init__(seed, data_format, **options)
        self.alpha = alpha

    def mixed(self, pictures: Any) -> tuple[Any, Any, Any]:
        """Return blended pictures."""
        order, weight = self.order(pictures), self.beta(pictures, self.alpha)
        return weight * pictures + (1.0 - weight) * ops.take(pictures, order, axis=0), weight, order


@register("layer")
class CutMix(_Mixing):
    """Put a box of another picture of the batch into each picture while training.

    Args:
        factor: float f for 0 to f, or two floats; the parameter of the beta distribution of the box's size, default 1.
        seed: int or None.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: a batch of pictures, or a dict of "images" and "labels" -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.CutMix()(np.ones((2, 4, 4, 3))).shape
    (2, 4, 4, 3)

    Source: Yun et al. (2019), CutMix: regularization strategy to train strong classifiers with localizable features.
    """

    def __init__(self, factor: Any = 1.0, seed: int | None = None, data_format: str | None = None, **options: Any) -> None:
        super().__init__(seed, data_format, **options)
        self.factor = share(self, "factor", factor)

    def mixed(self, pictures: Any) -> tuple[Any, Any, Any]:
        """Return pictures with boxes of others in them."""
        alpha = random.uniform((), *self.factor, pictures.dtype, seed=self.seed_generator) + 1e-6
        side = ops.sqrt(1.0 - self.beta(pictures, alpha))
        order = self.order(pictures)
        inside, size = drawn_box(self, pictures, side, side)
        return ops.where(inside, ops.take(pictures, order, axis=0), pictures), 1.0 - size, order


class _Picking(ColourLayer):
    """A layer that sends pictures through changes picked by chance."""

    def __init__(
        self, value_range: Any, factor: Any, interpolation: str, seed: Any, data_format: Any, **options: Any
    ) -> None:
        super().__init__(value_range, seed, data_format, **options)
        self.factor = share(self, "factor", factor)
        self.interpolation = interpolated(self, interpolation)

    def _changes(self, everything: bool) -> list[RandomPictureLayer]:
        common = {"seed": self.seed, "data_format": self.data_format, "dtype": self._dtype_policy}
        moving = {"interpolation": self.interpolation, **common}
        coloured = {"value_range": self.value_range, **common}
        fixed = {name: value for name, value in coloured.items() if name != "seed"}
        pair = self.factor
        made: list[RandomPictureLayer] = [
            RandomShear(pair, pair, **moving),
            RandomTranslation(pair, pair, **moving),
            RandomRotation(pair, **moving),
            Solarization(pair, pair, **coloured),
            RandomPosterization(max(1, int(8 * pair[1])), **coloured),
            AutoContrast(**fixed),
            Equalization(**fixed),
        ]
        if everything:
            made += [
                RandomBrightness(pair, **coloured),
                RandomColorDegeneration(pair, **coloured),
                RandomContrast(pair, **coloured),
                RandomSharpness(pair, **coloured),
            ]
        return made

    def one_of(self, pictures: Any, changes: list[RandomPictureLayer], more: int = 0) -> Any:
        """Return pictures through one of the changes; `more` chances leave them as they are."""
        number = random.randint((), 0, len(changes) + more, seed=self.seed_generator)
        for index, change in enumerate(changes):
            pictures = ops.where(ops.equal(number, index), change.changed(pictures), pictures)
        return pictures


@register("layer")
class RandAugment(_Picking):
    """Send pictures through some changes picked by chance while training.

    Args:
        value_range: smallest and largest value of the pictures, default 0 and 255.
        num_ops: int, default 2; how many changes one after the other.
        factor: float f for 0 to f, or two floats; how strong they are, default 0.5.
        interpolation: "bilinear" (default) or "nearest".
        seed: int or None.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: pictures of 3 channels -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.RandAugment()(np.ones((2, 8, 8, 3))).shape
    (2, 8, 8, 3)

    Source: Cubuk et al. (2020), RandAugment: practical automated data augmentation with a reduced search space.
    """

    def __init__(
        self,
        value_range: Any = (0, 255),
        num_ops: int = 2,
        factor: Any = 0.5,
        interpolation: str = "bilinear",
        seed: int | None = None,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(value_range, factor, interpolation, seed, data_format, **options)
        self.num_ops = whole_number(self, "num_ops", num_ops)
        self.changes = self._changes(everything=True)

    def changed(self, pictures: Any) -> Any:
        """Return changed pictures."""
        for _ in range(self.num_ops):
            pictures = self.one_of(pictures, self.changes)
        return pictures


@register("layer")
class AugMix(_Picking):
    """Blend pictures with versions of them that went through chains of changes, while training.

    Formula: y = w x + (1 - w) sum_k v_k chain_k(x), w from a beta and v from a Dirichlet distribution.

    Args:
        value_range: smallest and largest value of the pictures, default 0 and 255.
        num_chains: int, default 3.
        chain_depth: int, default 3; changes in a chain, each of which may be none.
        factor: float f for 0 to f, or two floats; how strong they are, default 0.3.
        alpha: float, default 1; of the beta and of the Dirichlet distribution.
        all_ops: bool, default True; whether brightness, colour, contrast and sharpness are among the changes.
        interpolation: "bilinear" (default) or "nearest".
        seed: int or None.
        data_format: "channels_last", "channels_first" or None (the setting).
        **options: name, trainable, dtype, input_shape.

    Input shape -> output shape: pictures of 3 channels -> the same.

    Example:

    >>> import numpy as np
    >>> from pipekeras import layers
    >>> layers.AugMix(num_chains=1, chain_depth=1)(np.ones((2, 8, 8, 3))).shape
    (2, 8, 8, 3)

    Source: Hendrycks et al. (2020), AugMix: a simple data processing method to improve robustness and uncertainty.
    """

    def __init__(
        self,
        value_range: Any = (0, 255),
        num_chains: int = 3,
        chain_depth: int = 3,
        factor: Any = 0.3,
        alpha: float = 1.0,
        all_ops: bool = True,
        interpolation: str = "bilinear",
        seed: int | None = None,
        data_format: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(value_range, factor, interpolation, seed, data_format, **options)
        self.num_chains = whole_number(self, "num_chains", num_chains)
        self.chain_depth = whole_number(self, "chain_depth", chain_depth)
        self.alpha = alpha
        self.all_ops = all_ops
        self.changes = self._changes(everything=all_ops)

    def changed(self, pictures: Any) -> Any:
        """Return blended pictures."""
        shares = random.gamma((self.num_chains,), self.alpha, seed=self.seed_generator)
        shares = ops.cast(shares / ops.sum(shares), pictures.dtype)
        own = ops.cast(random.beta((), self.alpha, self.alpha, seed=self.seed_generator), pictures.dtype)
        blended = ops.zeros_like(pictures)
        for number in range(self.num_chains):
            chain = pictures
            for _ in range(self.chain_depth):
                chain = self.one_of(chain, self.changes, more=1)
            blended = blended + chain * shares[number]
        return self.clipped(own * pictures + (1.0 - own) * blended)
