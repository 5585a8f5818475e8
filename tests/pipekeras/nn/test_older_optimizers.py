"""Optimizers written for Keras 1, Keras 2 and tf.keras 2 train as ours do, compiled and op by op, and go on from files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pipekeras.legacy import interfaces

import pipekeras as keras
from pipekeras import backend as K
from pipekeras.compatibility import tensorflow as tf
from pipekeras.optimizers import SGD, Adam, Optimizer


class OfKeras2(Optimizer):
    """SGD as Keras 2 had it."""

    def __init__(self, lr: float = 0.01, momentum: float = 0.0, decay: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with K.name_scope(self.__class__.__name__):
            self.iterations = K.variable(0, dtype="int64", name="iterations")
            self.lr = K.variable(lr, name="lr")
            self.momentum = K.variable(momentum, name="momentum")
            self.decay = K.variable(decay, name="decay")
        self.initial_decay = decay

    @interfaces.legacy_get_updates_support
    @K.symbolic
    def get_updates(self, loss: Any, params: Any) -> Any:
        grads = self.get_gradients(loss, params)
        self.updates = [K.update_add(self.iterations, 1)]
        lr = self.lr
        if self.initial_decay > 0:
            lr = lr * (1.0 / (1.0 + self.decay * K.cast(self.iterations, K.dtype(self.decay))))
        moments = [K.zeros(K.int_shape(p)) for p in params]
        self.weights = [self.iterations, *moments]
        for p, g, m in zip(params, grads, moments, strict=True):
            v = self.momentum * m - lr * g
            self.updates.append(K.update(m, v))
            new_p = p + v
            if getattr(p, "constraint", None) is not None:
                new_p = p.constraint(new_p)
            self.updates.append(K.update(p, new_p))
        return self.updates

    def get_config(self) -> dict[str, Any]:
        config = {name: float(K.get_value(getattr(self, name))) for name in ("lr", "momentum", "decay")}
        return {**super().get_config(), **config}


class OfKeras1(Optimizer):
    """SGD as Keras 1 had it; halves its rate after some steps."""

    def __init__(self, lr: float = 0.01, momentum: float = 0.0, steps: int = 10**6, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.__dict__.update(locals())
        self.iterations = K.variable(0.0)
        self.lr = K.variable(lr)
        self.momentum = K.variable(momentum)

    def get_updates(self, params: Any, constraints: Any, loss: Any) -> Any:
        grads = K.gradients(loss, params)
        lr = K.switch(self.iterations < self.steps, self.lr, self.lr / 2)
        self.updates = [(self.iterations, self.iterations + 1.0)]
        moments = [K.zeros(K.get_variable_shape(p)) for p in params]
        for p, g, m in zip(params, grads, moments, strict=True):
            v = self.momentum * m - lr * g
            self.updates.append((m, v))
            new_p = p + v
            self.updates.append((p, constraints[p](new_p) if p in constraints else new_p))
        return self.updates

    def get_config(self) -> dict[str, Any]:
        rates = {"lr": float(K.get_value(self.lr)), "momentum": float(K.get_value(self.momentum))}
        return {**super().get_config(), **rates, "steps": self.steps}


class OfTensorFlow(tf.keras.optimizers.Optimizer):  # type: ignore[misc]
    """SGD as tf.keras 2 had it."""

    def __init__(self, learning_rate: Any = 0.01, momentum: float = 0.0, name: str = "OfTensorFlow", **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
        self._set_hyper("decay", self._initial_decay)
        self._set_hyper("momentum", momentum)

    def _create_slots(self, var_list: Any) -> None:
        for var in var_list:
            self.add_slot(var, "momentum")

    def _prepare_local(self, var_device: Any, var_dtype: Any, apply_state: Any) -> None:
        super()._prepare_local(var_device, var_dtype, apply_state)
        apply_state[(var_device, var_dtype)]["momentum"] = tf.identity(self._get_hyper("momentum", var_dtype))

    def _resource_apply_dense(self, grad: Any, var: Any, apply_state: Any = None) -> Any:
        key = var.device, var.dtype.base_dtype
        shared = (apply_state or {}).get(key) or self._fallback_apply_state(*key)
        m = self.get_slot(var, "momentum")
        m_t = m.assign(shared["momentum"] * m - shared["lr_t"] * grad, use_locking=self._use_locking)
        return tf.group(*[var.assign_add(m_t), m_t])

    def get_config(self) -> dict[str, Any]:
        names = ("learning_rate", "decay", "momentum")
        return {**super().get_config(), **{name: self._serialize_hyperparameter(name) for name in names}}


class OfTensorFlow29(keras.optimizers.experimental.Optimizer):  # type: ignore[misc]
    """SGD as tf.keras 2.9 had it."""

    def __init__(self, learning_rate: Any = 0.01, momentum: float = 0.9, name: str = "Late", **kwargs: Any) -> None:
        super().__init__(name=name, jit_compile=True, **kwargs)
        self._learning_rate = self._build_learning_rate(learning_rate)
        self.momentum = momentum

    def build(self, var_list: Any) -> None:
        super().build(var_list)
        if not hasattr(self, "_built"):
            self.momentums = [self.add_variable_from_reference(model_variable=v, variable_name="m") for v in var_list]
            self._built = True

    def update_step(self, gradient: Any, variable: Any) -> None:  # type: ignore[override]
        m = self.momentums[self._index_dict[self._var_key(variable)]]
        m.assign(m * self.momentum - gradient * tf.cast(self.learning_rate, variable.dtype))
        variable.assign_add(m)


RANDOM = np.random.RandomState(0)
X = RANDOM.rand(40, 4).astype("float32")
Y = (X @ RANDOM.rand(4, 2)).astype("float32")


def trained(optimizer: Any, epochs: int = 2, eagerly: bool = False) -> keras.Model:
    random = np.random.RandomState(3)
    layers = [keras.layers.Dense(5, activation="tanh", input_dim=4, kernel_constraint="max_norm"), keras.layers.Dense(2)]
    model = keras.Sequential(layers)
    model.set_weights([random.randn(*weight.shape) * 0.3 for weight in model.get_weights()])
    model.compile(optimizer, "mse", run_eagerly=eagerly)
    model.fit(X, Y, epochs=epochs, batch_size=16, shuffle=False, verbose=0)
    return model


def assert_same(first: keras.Model, second: keras.Model) -> None:
    for one, other in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-6)


@pytest.mark.parametrize(
    ("own", "ours"),
    [
        (lambda: OfKeras2(0.1, 0.9, 0.01), lambda: SGD(0.1, 0.9, decay=0.01)),
        (lambda: OfKeras2(0.1, clipnorm=0.1), lambda: SGD(0.1, clipnorm=0.1)),
        (lambda: OfKeras1(0.1, 0.9), lambda: SGD(0.1, 0.9)),
        (lambda: OfTensorFlow(0.1, 0.9, decay=0.01), lambda: SGD(0.1, 0.9, decay=0.01)),
        (lambda: OfTensorFlow(lr=0.1, clipvalue=0.1), lambda: SGD(0.1, clipvalue=0.1)),
        (lambda: OfTensorFlow29(0.1), lambda: SGD(0.1, 0.9)),
    ],
)
def test_they_train_as_ours(own: Callable[[], Any], ours: Callable[[], Any], tmp_path: Path) -> None:
    model = trained(own())
    assert_same(model, trained(ours()))
    assert_same(model, trained(own(), eagerly=True))
    assert float(model.optimizer.iterations) == 6
    kind = type(model.optimizer)
    model.save(tmp_path / "model.h5")
    again = keras.models.load_model(tmp_path / "model.h5", custom_objects={kind.__name__: kind})
    again.fit(X, Y, epochs=1, batch_size=16, shuffle=False, verbose=0)
    assert_same(again, trained(own(), epochs=3))


def test_a_schedule_inside() -> None:
    halved = trained(OfKeras1(0.1, steps=3), epochs=2)
    assert_same(halved, trained(SGD(keras.optimizers.schedules.PiecewiseConstantDecay([2], [0.1, 0.05])), epochs=2))


def test_the_rate_can_be_set_from_outside() -> None:
    model = trained(OfKeras2(0.1))
    before = model.get_weights()
    K.set_value(model.optimizer.lr, 0.0)
    model.fit(X, Y, verbose=0)
    np.testing.assert_array_equal(before[2], model.get_weights()[2])
    assert len(model.optimizer.weights) == 5 and len(model.optimizer.variables) == 6


def test_a_class_that_extends_one_of_ours() -> None:
    class Decayed(Adam):
        def get_updates(self, loss: Any, params: Any) -> Any:
            updates = super().get_updates(loss, params)
            return [*updates, *[K.update_sub(p, 0.001 * p) for p in params]]

    smaller, usual = trained(Decayed(0.01)), trained(Adam(0.01))
    assert np.abs(smaller.get_weights()[2]).sum() < np.abs(usual.get_weights()[2]).sum()


def test_steps_inside_of_functions_of_the_backend() -> None:
    model = keras.Sequential([keras.layers.Dense(2, input_dim=4), keras.layers.Dropout(0.5)])
    target = K.placeholder(shape=(None, 2))
    loss = K.mean(K.square(model.output - target))
    for optimizer in (SGD(0.1), OfKeras2(0.1)):
        before = model.get_weights()[0]
        updates = optimizer.get_updates(loss, model.trainable_weights)
        step = K.function([model.input, target, K.learning_phase()], [loss], updates)
        losses = [float(step([X, Y, 0])[0]) for _ in range(5)]
        assert losses == sorted(losses, reverse=True) and int(optimizer.iterations) == 5
        assert np.abs(before - model.get_weights()[0]).max() > 0
    assert (K.function([model.input, K.learning_phase()], [model.output])([X, 1])[0] == 0).any()
    total = K.variable(0.0)
    count = K.function([model.input], [], updates=[K.update_add(total, K.sum(model.input))])
    count([np.ones((2, 4))])
    assert count([np.ones((2, 4))]) == [] and float(K.get_value(total)) == 16.0
    assert K.get_session().run(model.output, feed_dict={model.input: X}).shape == (40, 2)
