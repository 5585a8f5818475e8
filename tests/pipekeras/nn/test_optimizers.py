"""Optimizers against real Keras: weights and state after several steps, for every option."""

from __future__ import annotations

import itertools
import warnings

import keras
import numpy as np
import pytest

from pipekeras import Variable, optimizers
from pipekeras.core.errors import ArgumentError, ConfigurationError, ShapeError, StateError
from pipekeras.core.registry import entries
from pipekeras.graph.tensor import Tensor
from pipekeras.graph.trace import trace
from pipekeras.nn.optimizers.base import _with_common_arguments

OWN = [
    ("SGD", {}), ("SGD", {"momentum": 0.9}), ("SGD", {"momentum": 0.9, "nesterov": True}),
    ("RMSprop", {}), ("RMSprop", {"momentum": 0.5}), ("RMSprop", {"centered": True}),
    ("Adam", {}), ("Adam", {"amsgrad": True}), ("AdamW", {}), ("Adamax", {}), ("Nadam", {}),
    ("Adadelta", {}), ("Adagrad", {}), ("Ftrl", {}),
    ("Ftrl", {"l1_regularization_strength": 0.01, "l2_regularization_strength": 0.1,
              "l2_shrinkage_regularization_strength": 0.2, "beta": 0.3}),
    ("Lion", {}), ("Adafactor", {}), ("Adafactor", {"relative_step": False}), ("Lamb", {}),
    ("Muon", {}), ("Muon", {"nesterov": False, "rms_rate": None}),
    ("ScheduleFreeAdamW", {}), ("ScheduleFreeAdamW", {"warmup_steps": 3}),
]  # fmt: skip
COMMON = [
    {}, {"clipnorm": 0.5}, {"clipvalue": 0.1}, {"global_clipnorm": 0.3}, {"weight_decay": 0.1},
    {"use_ema": True, "ema_overwrite_frequency": 2, "ema_momentum": 0.7},
    {"gradient_accumulation_steps": 2}, {"loss_scale_factor": 8.0},
]  # fmt: skip
# Every option with three optimizers that keep different kinds of state; every optimizer without options.
PAIRS = [(own, common) for own, common in itertools.product(OWN, COMMON) if own in (OWN[0], OWN[2], OWN[6]) or not common]
SHAPES = [(3, 4), (4,), (2, 3, 2)]


def _variables(values, kind):
    return [kind(value, name=f"v{index}") for index, value in enumerate(values)]


@pytest.mark.parametrize(("own", "common"), PAIRS, ids=[f"{own[0]}-{own[1]}-{common}" for own, common in PAIRS])
def test_steps_are_those_of_keras(own, common):
    name, options = own
    arguments = {"learning_rate": 0.01, **options, **common}
    theirs, ours = getattr(keras.optimizers, name)(**arguments), getattr(optimizers, name)(**arguments)
    rng = np.random.default_rng(0)
    start = [rng.normal(size=shape).astype("float32") for shape in SHAPES]
    their_weights, our_weights = _variables(start, keras.Variable), _variables(start, Variable)
    for _ in range(3):
        gradients = [rng.normal(size=shape).astype("float32") for shape in SHAPES]
        theirs.apply([keras.ops.convert_to_tensor(gradient) for gradient in gradients], their_weights)
        ours.apply(gradients, our_weights)
    for expected, found in zip(their_weights, our_weights, strict=True):
        np.testing.assert_allclose(found.numpy(), expected.numpy(), atol=2e-6)
    assert len(ours.variables) == len(theirs.variables)
    for expected, found in zip(theirs.variables, ours.variables, strict=True):
        # Keras leaves one slot of Nadam without a name, so it gets a number.
        assert found.name == expected.name or expected.name.startswith("variable")
        assert (found.shape, found.dtype) == (tuple(expected.shape), expected.dtype)
        np.testing.assert_allclose(found.numpy(), expected.numpy(), rtol=1e-5, atol=1e-5)


def test_every_optimizer_of_keras_is_here():
    assert [
        n for n in dir(keras.optimizers) if not n.startswith("_") and n not in ("legacy",) and not hasattr(optimizers, n)
    ] == []
    tested = {name for name, _ in OWN} | {"Optimizer", "OptimizerMap", "MultiOptimizer", "LossScaleOptimizer"}
    assert {entry.name for entry in entries("optimizer")} <= tested


@pytest.mark.parametrize(("name", "options"), OWN, ids=[f"{name}-{options}" for name, options in OWN])
def test_configs_are_read_on_both_sides(name, options):
    ours = getattr(optimizers, name)(0.25, clipnorm=1.5, **options)
    config = optimizers.serialize(ours)
    assert optimizers.deserialize(config).get_config() == ours.get_config()
    theirs = getattr(keras.optimizers, name).from_config(dict(config["config"]))
    assert set(theirs.get_config()) == set(ours.get_config())
    back = getattr(optimizers, name).from_config(theirs.get_config())
    assert _rounded(back.get_config()) == _rounded(ours.get_config())


def _rounded(config):
    return {key: round(value, 6) if isinstance(value, float) else value for key, value in config.items()}


def test_a_traced_step_leaves_what_a_step_at_once_leaves():
    from pipekeras.passes.order import ordered, roots

    limits = {"SGD": 12, "RMSprop": 30, "Adam": 45}
    for name, limit in limits.items():
        variable = Variable(np.ones((3, 4), "float32"), name="kernel")
        chosen = getattr(optimizers, name)(0.1)
        chosen.build([variable])
        gradient = Tensor.symbolic((3, 4), "float32")
        graph, _ = trace(lambda g, chosen=chosen, variable=variable: chosen.apply([g], [variable]), [gradient])
        assert variable in graph.updates and chosen.iterations in graph.updates
        assert len(ordered(roots(graph))) <= limit
        np.testing.assert_array_equal(variable.numpy(), np.ones((3, 4)))


def test_old_spellings():
    assert float(optimizers.SGD(lr=0.5).learning_rate.numpy()) == 0.5
    slowing = optimizers.SGD(lr=1.0, decay=1.0)
    weight = Variable(np.array([0.0], "float32"))
    for expected in (-1.0, -1.5, -1.5 - 1 / 3):
        slowing.apply([np.array([1.0], "float32")], [weight])
        assert weight.numpy()[0] == pytest.approx(expected)
    assert slowing.get_config()["decay"] == 1.0
    assert isinstance(optimizers.get({"class_name": "RMSprop", "config": {"lr": 0.1, "rho": 0.8}}), optimizers.RMSprop)
    for spelling in ("nadam", "Nadam", "NADAM"):
        assert isinstance(optimizers.get(spelling), optimizers.Nadam)


def test_learning_rates_can_be_set_scheduled_and_called():
    chosen = optimizers.Adam()
    chosen.learning_rate = 0.5
    assert float(chosen.learning_rate.numpy()) == 0.5
    schedule = optimizers.schedules.PiecewiseConstantDecay([1], [1.0, 0.1])
    scheduled = optimizers.SGD(schedule)
    weight = Variable(np.array([0.0], "float32"))
    for expected in (-1.0, -2.0, -2.1):
        scheduled.apply([np.array([1.0], "float32")], [weight])
        assert weight.numpy()[0] == pytest.approx(expected)
    with pytest.raises(ArgumentError, match="follows PiecewiseConstantDecay"):
        scheduled.learning_rate = 0.5
    back = optimizers.deserialize(optimizers.serialize(scheduled))
    assert back.get_config() == scheduled.get_config()
    assert float(optimizers.SGD(lambda: 0.25).learning_rate) == 0.25
    chosen.learning_rate = schedule
    assert [variable.name for variable in chosen.variables] == ["iteration"]


def test_options_that_cannot_be():
    with pytest.raises(ConfigurationError, match="only one of"):
        optimizers.SGD(clipnorm=1.0, clipvalue=1.0)
    with pytest.raises(ConfigurationError, match="momentum must be"):
        optimizers.SGD(momentum=1.5)
    with pytest.raises(ConfigurationError, match="at least 2"):
        optimizers.SGD(gradient_accumulation_steps=1)
    with pytest.raises(ConfigurationError, match="learning_rate must be"):
        optimizers.SGD("fast")
    with pytest.raises(ArgumentError, match="'momentun'"):
        optimizers.SGD(momentun=0.9)
    with pytest.raises(ConfigurationError, match="unknown optimizer 'rmsporp'") as caught:
        optimizers.get("rmsporp")
    assert caught.value.mend == "did you mean 'rmsprop'?"
    with pytest.raises(ConfigurationError, match="weight_decay"):
        optimizers.AdamW(weight_decay=None)


def test_variables_that_are_not_known():
    first, second = Variable(np.zeros(2, "float32")), Variable(np.zeros(2, "float32"))
    chosen = optimizers.SGD()
    with pytest.raises(StateError, match="does not know its variables"):
        chosen.apply([np.zeros(2, "float32")])
    chosen.apply([np.zeros(2, "float32")], [first])
    with pytest.raises(StateError, match="unknown to"):
        chosen.apply([np.zeros(2, "float32")], [second])
    with pytest.raises(ShapeError, match="2 gradients for 1 variables"):
        chosen.apply([np.zeros(2, "float32")] * 2, [first])
    with pytest.raises(StateError, match="no variable has a gradient"):
        chosen.apply([None], [first])


def test_missing_gradients_leave_variables_alone():
    first, second = Variable(np.zeros(2, "float32")), Variable(np.zeros(2, "float32"), name="idle")
    chosen = optimizers.Adam(0.1)
    with pytest.warns(UserWarning, match="idle"):
        chosen.apply([np.ones(2, "float32"), None], [first, second])
    assert first.numpy()[0] < 0 and second.numpy()[0] == 0


def test_constraints_and_exclusion_from_decay():
    kernel, bias = Variable(np.array([-1.0], "float32"), name="kernel"), Variable(np.array([1.0], "float32"), name="bias")
    kernel.constraint = lambda value: abs(value)
    chosen = optimizers.SGD(0.5, weight_decay=0.5)
    chosen.exclude_from_weight_decay(var_names=["bias"])
    chosen.apply([np.zeros(1, "float32")] * 2, [kernel, bias])
    assert kernel.numpy()[0] == 0.75 and bias.numpy()[0] == 1.0


def test_state_is_saved_and_loaded():
    weight = Variable(np.ones(3, "float32"), name="w")
    chosen = optimizers.Adam(0.1)
    chosen.apply([np.ones(3, "float32")], [weight])
    store: dict = {}
    chosen.save_own_variables(store)
    other = optimizers.Adam(0.7)
    other.build([weight])
    other.load_own_variables({key: np.asarray(value) for key, value in store.items()})
    for left, right in zip(chosen.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)
    with pytest.warns(UserWarning, match="was not loaded"):
        optimizers.SGD().load_own_variables(store)
    weights, state = chosen.stateless_apply(chosen.variables, [np.ones(3, "float32")], [np.zeros(3, "float32")])
    assert weights[0].numpy()[0] < 0 and int(state[0]) == 2
    assert int(chosen.iterations.numpy()) == 1


def test_loss_scaling_skips_steps_that_overflow():
    weight = Variable(np.array([1.0], "float32"))
    scaled = optimizers.LossScaleOptimizer(optimizers.SGD(0.5), initial_scale=4.0, dynamic_growth_steps=2)
    assert float(scaled.scale_loss(1.0)) == 4.0
    scaled.apply([np.array([np.inf], "float32")], [weight])
    assert weight.numpy()[0] == 1.0 and float(scaled.dynamic_scale.numpy()) == 2.0
    assert int(scaled.iterations.numpy()) == 0
    for _ in range(2):
        scaled.apply([np.array([2.0], "float32")], [weight])
    assert weight.numpy()[0] == 0.0 and float(scaled.dynamic_scale.numpy()) == 4.0
    back = optimizers.deserialize(optimizers.serialize(scaled))
    assert back.get_config() == scaled.get_config()
    keras.optimizers.LossScaleOptimizer.from_config(scaled.get_config())


def test_several_optimizers_side_by_side():
    rng = np.random.default_rng(1)
    start = [rng.normal(size=shape).astype("float32") for shape in SHAPES[:2]]
    made = []
    for library, kind in ((keras.optimizers, keras.Variable), (optimizers, Variable)):
        chosen = library.OptimizerMap(library.SGD(0.1), {"v1": library.Adam(0.2)})
        multi, weights = library.MultiOptimizer(chosen), _variables(start, kind)
        for _ in range(3):
            multi.apply([kind(value).value * 2 for value in start], weights)
        made.append((multi, weights))
    for expected, found in zip(made[0][1], made[1][1], strict=True):
        np.testing.assert_allclose(found.numpy(), expected.numpy(), atol=1e-6)
    ours = made[1][0]
    assert len(ours.variables) == len(made[0][0].variables)
    assert optimizers.deserialize(optimizers.serialize(ours)).get_config() == ours.get_config()
    with pytest.raises(ConfigurationError, match="plain optimizers"):
        optimizers.OptimizerMap(optimizers.SGD(), {"a": ours})


def test_own_optimizers():
    class Doubling(optimizers.Optimizer):
        def __init__(self, learning_rate=0.1, factor=2.0, **kwargs):
            super().__init__(learning_rate, **kwargs)
            self.factor = factor

        def build(self, variables):
            super().build(variables)
            self.counts = self.add_optimizer_variables(variables, "count", initializer="ones")

        def update_step(self, gradient, variable, learning_rate):
            self.assign_add(self.counts[self._get_variable_index(variable)], 1.0)
            self.assign_sub(variable, gradient * learning_rate * self.factor)

    weight = Variable(np.array([1.0], "float32"))
    chosen = Doubling(0.25, factor=2.0, gradient_accumulation_steps=2)
    for _ in range(2):
        chosen.apply([np.array([1.0], "float32")], [weight])
    assert weight.numpy()[0] == 0.5
    # Only the second of two accumulated steps counts.
    assert chosen.counts[0].numpy()[0] == 2.0
    assert chosen.get_config()["factor"] == 2.0
    assert optimizers.deserialize(optimizers.serialize(chosen), {"Doubling": Doubling}).factor == 2.0


def test_only_of_weights_that_could_learn_a_gradient_is_missed():
    """`model.variables` holds running means and states of generators too."""
    weight, other, mean = Variable(1.0, name="w"), Variable(1.0, name="other"), Variable(1.0, trainable=False, name="mean")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        optimizers.SGD(0.5).apply_gradients([(2.0, weight), (None, mean)])
    assert float(weight) == 0.0
    with pytest.warns(UserWarning, match="does not depend on other; they"):
        optimizers.SGD(0.5).apply_gradients([(2.0, weight), (None, other), (None, mean)])


def test_common_arguments_stand_with_an_optimizers_own_whatever_margin_a_docstring_has() -> None:
    for margin in ("", "    "):
        text = f"Summary.\n\n{margin}Args:\n{margin}    rho: float.\n{margin}    {{common}}\n\n{margin}Raises:\n"
        found = [line for line in _with_common_arguments(text).splitlines() if line.strip()]
        assert {len(line) - len(line.lstrip()) for line in found if "clipnorm:" in line or "rho:" in line} == {len(margin) + 4}
