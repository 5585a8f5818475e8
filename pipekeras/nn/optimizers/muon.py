"""Momentum made orthogonal."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from pipekeras import ops
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.variable import Variable
from pipekeras.nn.optimizers.base import Optimizer, optimizer


@optimizer()
class Muon(Optimizer):
    """Muon: steps along the orthogonalized momentum of matrices; AdamW for everything else.

    Formula: m <- m + g + (momentum - 1) * m; G = g + momentum * m with Nesterov's momentum, else m;
    X = G / |G|, then `ns_steps` times A = X X', X <- a * X + (b * A + c * A A) X;
    w <- w - rate * rms_rate * sqrt(max(rows, columns)) * X.

    Args:
        learning_rate: float, a `LearningRateSchedule` or a function without arguments, default 0.001.
        adam_beta_1: float, default 0.9. beta_1 of AdamW.
        adam_beta_2: float, default 0.999. beta_2 of AdamW.
        adam_weight_decay: float or None, default 0.004. Weight decay of AdamW.
        epsilon: float, default 1e-7. epsilon of AdamW.
        {common}
        exclude_layers: list of str or None, default None. Regular expressions; variables whose path one matches use AdamW.
        exclude_embeddings: bool, default True. Embeddings use AdamW.
        muon_a: float, default 3.4445. First coefficient of the Newton-Schulz iteration.
        muon_b: float, default -4.775. Second coefficient.
        muon_c: float, default 2.0315. Third coefficient.
        adam_lr_ratio: float, default 1. AdamW's rate as a multiple of the rate.
        momentum: float, default 0.95.
        ns_steps: int, default 5. Steps of the Newton-Schulz iteration.
        nesterov: bool, default True.
        rms_rate: float or None, default 0.2. Size of steps relative to AdamW's; None leaves them as they are.

    >>> import numpy as np
    >>> from pipekeras import Variable, optimizers
    >>> weight = Variable(np.eye(2, dtype="float32"))
    >>> optimizers.Muon(0.1, weight_decay=None).apply([np.eye(2, dtype="float32")], [weight])
    >>> bool(weight.numpy()[0, 0] < 1.0)
    True

    Source: Jordan et al., 2024, Muon: an optimizer for hidden layers in neural networks.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        adam_beta_1: float = 0.9,
        adam_beta_2: float = 0.999,
        adam_weight_decay: float | None = 0.004,
        epsilon: float = 1e-7,
        weight_decay: float | None = 0.004,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_layers: list[str] | None = None,
        exclude_embeddings: bool = True,
        muon_a: float = 3.4445,
        muon_b: float = -4.775,
        muon_c: float = 2.0315,
        adam_lr_ratio: float = 1,
        momentum: float = 0.95,
        ns_steps: int = 5,
        nesterov: bool = True,
        rms_rate: float | None = 0.2,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            learning_rate,
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            loss_scale_factor=loss_scale_factor,
            gradient_accumulation_steps=gradient_accumulation_steps,
            name=name,
            **kwargs,
        )
        self.adam_beta_1 = adam_beta_1
        self.adam_beta_2 = adam_beta_2
        self.adam_weight_decay = adam_weight_decay
        self.epsilon = epsilon
        self.exclude_layers = list(exclude_layers or ())
        self.exclude_embeddings = exclude_embeddings
        self.muon_a = muon_a
        self.muon_b = muon_b
        self.muon_c = muon_c
        self.adam_lr_ratio = adam_lr_ratio
        self.momentum = momentum
        self.ns_steps = ns_steps
        self.nesterov = nesterov
        self.rms_rate = rms_rate

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the slots for `variables`."""
        if self.built:
            return
        super().build(variables)
        self.momentums: list[Any] = []
        self.adam_velocities: list[Any] = []
        for variable in variables:
            self.momentums.append(self.add_variable_from_reference(variable, "momentum"))
            velocity = None
            if self._should_use_adamw(variable):
                velocity = self.add_variable_from_reference(variable, "velocity")
            self.adam_velocities.append(velocity)

    def _should_use_adamw(self, variable: Variable) -> bool:
        if len(variable.shape) != 2:
            return True
        if self.exclude_embeddings and "embedding" in variable.path.lower():
            return True
        return any(re.search(keyword, variable.path) for keyword in self.exclude_layers)

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one variable by its gradient."""
        index = self._get_variable_index(variable)
        momentum, velocity = self.momentums[index], self.adam_velocities[index]
        if velocity is not None:
            self._adam_step(gradient, variable, learning_rate, momentum, velocity)
            return
        mean = momentum * self.momentum + gradient
        momentum.assign(mean)
        direction = gradient + mean * self.momentum if self.nesterov else mean
        size = 1.0 if self.rms_rate is None else self.rms_rate * math.sqrt(max(variable.shape))
        step = self._orthogonalize(direction) * learning_rate
        variable.assign(variable - step * size)

    def _adam_step(self, gradient: Any, variable: Any, learning_rate: Any, momentum: Variable, velocity: Variable) -> None:
        dtype = variable.dtype
        rate = self._per_step("adam", dtype, lambda: self._adam_rate(learning_rate, dtype))
        mean = momentum + (gradient - momentum) * (1 - self.adam_beta_1)
        square = velocity + (ops.square(gradient) - velocity) * (1 - self.adam_beta_2)
        momentum.assign(mean)
        velocity.assign(square)
        variable.assign(variable - mean * rate / (ops.sqrt(square) + self.epsilon))

    def _adam_rate(self, learning_rate: Any, dtype: str) -> Tensor:
        step = self._step_number(dtype)
        first = 1.0 - ops.power(self.adam_beta_1, step)
        second = 1.0 - ops.power(self.adam_beta_2, step)
        return learning_rate * self.adam_lr_ratio * ops.sqrt(second) / first

    def _orthogonalize(self, x: Any) -> Any:
        """Push all singular values of a matrix near 1 by Newton-Schulz steps, on its flatter side."""
        tall = (x.shape[-2] or 0) > (x.shape[-1] or 0)
        if tall:
            x = ops.transpose(x)
        x = x / (ops.sqrt(ops.sum(ops.square(x))) + 1e-7)
        for _ in range(self.ns_steps):
            product = ops.matmul(x, ops.transpose(x))
            polynomial = product * self.muon_b + ops.matmul(product * self.muon_c, product)
            x = x * self.muon_a + ops.matmul(polynomial, x)
        return ops.transpose(x) if tall else x

    def _apply_weight_decay(self, variables: Sequence[Variable], rate: Any) -> None:
        for variable in variables:
            decay = self.adam_weight_decay if self._should_use_adamw(variable) else self.weight_decay
            if decay is not None and self._use_weight_decay(variable):
                self._decay(variable, decay, rate)
