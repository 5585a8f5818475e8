"""Low-rank adaptation: a weight stays as it is, and a product of two narrow ones is learnt on top of it."""

from __future__ import annotations

from typing import Any, ClassVar

from pipekeras import ops
from pipekeras.core.errors import ArgumentError, StateError
from pipekeras.layers.base.arguments import whole_number
from pipekeras.layers.base.layer import Layer
from pipekeras.nn import initializers


class LowRank(Layer):
    """Base of layers whose main weight can be adapted by a product of low rank.

    Formula: W' = W + alpha / rank * A B, with W of shape (..., n), A of shape (..., rank) and B of shape (rank, n).

    The attribute that `adapted_weight` names gives W', the one with `_` before it the variable W. Files hold W' in W's
    place, as Keras writes them, so that they can be read without any adaptation.

    Source: Hu et al. (2021), LoRA: low-rank adaptation of large language models.
    """

    adapted_weight: ClassVar[str] = "kernel"
    lora_enabled: bool = False

    def _prepare_low_rank(self, rank: int | None, alpha: float | None) -> None:
        """Note what the constructor was told."""
        self.lora_rank = rank
        self.lora_alpha = rank if alpha is None else alpha

    def _adapt_if_asked(self) -> None:
        """Make the factors at the end of `build`, if the constructor asked for them."""
        if self.lora_rank:
            self._make_factors(self.lora_rank, self.lora_alpha, "he_uniform", "zeros")

    def enable_lora(
        self, rank: int, lora_alpha: float | None = None, a_initializer: Any = "he_uniform", b_initializer: Any = "zeros"
    ) -> None:
        """Freeze the main weight and learn a product of low rank on top of it.

        Args:
            rank: int, 1 or more; the number of columns of A and of rows of B.
            lora_alpha: float, default `rank`; the product is multiplied by lora_alpha / rank.
            a_initializer: name or initializer of A.
            b_initializer: name or initializer of B; zeros begin with what the layer computed before.

        Raises:
            StateError: the layer is not built, is adapted already, or constrains the weight.
        """
        if not self.built:
            raise StateError(
                f"{self.describe()}: low-rank adaptation needs the weights, and the layer is not built yet",
                mend="call the layer or build(input_shape) first, or give lora_rank to the constructor",
            )
        self._make_factors(rank, lora_alpha, a_initializer, b_initializer)

    def _make_factors(self, rank: int, alpha: float | None, a_initializer: Any, b_initializer: Any) -> None:
        name = self.adapted_weight
        if getattr(self, f"{name}_constraint") is not None:
            raise StateError(
                f"{self.describe()}: low-rank adaptation does not keep to {name}_constraint",
                mend=f"leave {name}_constraint out",
            )
        if self.lora_enabled:
            raise StateError(f"{self.describe()} is adapted already, by products of rank {self.lora_rank}")
        rank = whole_number(self, "rank", rank)
        weight = getattr(self, f"_{name}")
        regularizer = getattr(self, f"{name}_regularizer")
        for letter, shape, initializer in (
            ("a", (*weight.shape[:-1], rank), a_initializer),
            ("b", (rank, weight.shape[-1]), b_initializer),
        ):
            # Small steps of training would be lost in a half type.
            factor = self.add_weight(shape, initializers.get(initializer), "float32", regularizer=regularizer,
                                     name=f"lora_{name}_{letter}")  # fmt: skip
            setattr(self, factor.name, factor)
        weight.trainable = False
        self.lora_enabled = True
        self.lora_rank = rank
        self.lora_alpha = rank if alpha is None else alpha

    def _factors(self) -> tuple[Any, Any]:
        name = self.adapted_weight
        return getattr(self, f"lora_{name}_a"), getattr(self, f"lora_{name}_b")

    def _strength(self) -> float:
        """Return what the product is multiplied by."""
        rank, alpha = self.lora_rank or 1, self.lora_alpha
        return 1.0 if alpha is None else alpha / rank

    def _low_rank_product(self, left: Any, right: Any) -> Any:
        return ops.multiply(ops.matmul(left, right), self._strength())

    def _adapted(self) -> Any:
        """Return the main weight with the product added."""
        weight = getattr(self, f"_{self.adapted_weight}")
        return ops.cast(ops.add(weight, self._low_rank_product(*self._factors())), self.compute_dtype)

    # Files

    def _variables_of_files(self) -> list[Any]:
        own = super()._variables_of_files()
        if not self.lora_enabled:
            return own
        factors = self._factors()
        return [variable for variable in own if not any(variable is factor for factor in factors)]

    def _value_for_files(self, variable: Any) -> Any:
        if self.lora_enabled and variable is getattr(self, f"_{self.adapted_weight}"):
            return ops.cast(self._adapted(), variable.dtype).numpy()
        return super()._value_for_files(variable)

    def _values_were_loaded(self) -> None:
        if self.lora_enabled:
            for factor in self._factors():
                factor.assign(ops.zeros(factor.shape))

    def _configuration(self) -> dict[str, Any]:
        config = super()._configuration()
        if not self.lora_rank:
            config.pop("lora_alpha", None)
        return config


def adapted(name: str, documentation: str) -> Any:
    """Return the property of a class that gives its main weight, adapted or as it is."""

    def get(self: LowRank) -> Any:
        found = self.__dict__.get(f"_{name}")
        if found is None:
            raise AttributeError(f"{self.describe()} has no {name} before it is built")
        return self._adapted() if self.lora_enabled else found

    def put(self: LowRank, value: Any) -> None:
        if self.lora_enabled:
            raise ArgumentError(f"{self.describe()}: {name} is the sum of a weight and a product; assign to _{name}")
        setattr(self, f"_{name}", value)

    return property(get, put, doc=documentation)
