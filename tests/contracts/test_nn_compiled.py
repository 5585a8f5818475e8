"""Compiled programs of every loss, metric and optimizer leave what the same code leaves when it runs at once."""

from __future__ import annotations

import importlib.util
import pathlib
import sys

import numpy as np
import pytest

from pipekeras import Variable, losses, metrics, ops, optimizers
from pipekeras.core import dtypes
from pipekeras.graph.gradient import GradientTape, gradient
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.trace import trace
from pipekeras.runtime.executable import Executable

_FOLDER = pathlib.Path(__file__).parent.parent / "pipekeras" / "nn"


def _load(name):
    specification = importlib.util.spec_from_file_location(name, _FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


LOSS_CASES = [pytest.param(*case, id=f"{index}-{case[0]}") for index, case in enumerate(_load("loss_cases").CASES)]
METRIC_CASES = [pytest.param(case, id=f"{index}-{case.name}") for index, case in enumerate(_load("metric_cases").CASES)]
OPTIMIZERS = [
    ("SGD", {"momentum": 0.9, "nesterov": True}), ("SGD", {"clipnorm": 0.5}), ("SGD", {"global_clipnorm": 0.5}),
    ("RMSprop", {}), ("RMSprop", {"centered": True, "momentum": 0.5}), ("Adam", {}), ("Adam", {"amsgrad": True}),
    ("AdamW", {}), ("Adamax", {}), ("Nadam", {}), ("Adagrad", {}), ("Adadelta", {}), ("Lion", {}), ("Lamb", {}),
    ("Ftrl", {"l1_regularization_strength": 0.01, "beta": 0.3}), ("Adafactor", {}), ("Muon", {}),
    ("ScheduleFreeAdamW", {"warmup_steps": 2}), ("Adam", {"use_ema": True, "ema_overwrite_frequency": 2}),
    ("Adam", {"gradient_accumulation_steps": 2}), ("SGD", {"weight_decay": 0.1, "clipvalue": 0.1}),
]  # fmt: skip


def _program(function, arrays):
    """Compile `function` for the arrays and fill them in; returns the program and what the function returned."""
    graph, _ = trace(function, [Tensor.symbolic(array.shape, dtypes.standardize(array.dtype)) for array in arrays])
    program = Executable(graph)
    for target, array in zip(program.inputs, arrays, strict=True):
        np.copyto(target, array)
    return program


@pytest.mark.parametrize(("name", "options", "data"), LOSS_CASES)
def test_losses(name, options, data):
    loss = getattr(losses, name)(**options)
    arrays = [np.asarray(data[0]), np.asarray(data[1])]
    if arrays[0].dtype == np.float64:
        arrays[0] = arrays[0].astype("float32")

    def value_and_gradient(y_true, y_pred):
        value = loss(y_true, y_pred)
        return value, gradient(value, [y_pred])[0]

    program = _program(value_and_gradient, arrays)
    program.run()
    prediction = convert(arrays[1])
    with GradientTape() as tape:
        tape.watch(prediction)
        expected = loss(arrays[0], prediction)
    np.testing.assert_allclose(program.outputs[0], expected.numpy(), rtol=2e-5, atol=1e-5)
    expected_gradient = tape.gradient(expected, prediction).numpy()
    np.testing.assert_allclose(program.outputs[1], expected_gradient, rtol=1e-4, atol=1e-4 * np.abs(expected_gradient).max())


@pytest.mark.parametrize("case", METRIC_CASES)
def test_metrics(case):
    batch = [np.asarray(value) for value in case.batch()]
    compiled, plain = getattr(metrics, case.name)(**case.options), getattr(metrics, case.name)(**case.options)
    program = _program(compiled.update_state, batch)
    for _ in range(2):
        program.run()
        plain.update_state(*batch)
    for found, expected in zip(compiled.variables, plain.variables, strict=True):
        np.testing.assert_allclose(found.numpy(), expected.numpy(), rtol=1e-5, atol=1e-5)
    results = _program(lambda: convert(compiled.result()), [])
    results.run()
    np.testing.assert_allclose(results.outputs[0], convert(plain.result()).numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("name", "options"), OPTIMIZERS, ids=[f"{name}-{options}" for name, options in OPTIMIZERS])
def test_optimizers(name, options):
    rng = np.random.default_rng(2)
    start = [rng.normal(size=shape).astype("float32") for shape in ((5, 4), (4,))]
    gradients = [[rng.normal(size=value.shape).astype("float32") for value in start] for _ in range(4)]
    weights = [[Variable(value, name=f"v{index}") for index, value in enumerate(start)] for _ in range(2)]
    compiled, plain = (getattr(optimizers, name)(0.05, **options) for _ in range(2))
    compiled.build(weights[0])
    program = _program(lambda *grads: compiled.apply(list(grads), weights[0]), gradients[0])
    for batch in gradients:
        for target, value in zip(program.inputs, batch, strict=True):
            np.copyto(target, value)
        program.run()
        plain.apply(batch, weights[1])
    pairs = [*zip(*weights, strict=True), *zip(compiled.variables, plain.variables, strict=True)]
    for found, expected in pairs:
        np.testing.assert_allclose(found.numpy(), expected.numpy(), rtol=2e-5, atol=2e-5)


def test_a_schedule_follows_the_steps_of_a_program():
    weight = Variable(np.zeros(1, "float32"))
    chosen = optimizers.SGD(optimizers.schedules.ExponentialDecay(1.0, 1, 0.5))
    program = _program(lambda grad: chosen.apply([grad], [weight]), [np.ones(1, "float32")])
    program.run(3)
    assert weight.numpy()[0] == pytest.approx(-1.75)


def test_regularization_and_constraints_compile():
    from pipekeras import constraints, regularizers

    value = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")
    functions = [regularizers.L1L2(0.1, 0.2), regularizers.OrthogonalRegularizer(), constraints.MinMaxNorm(0.2, 0.8, 0.5),
                 constraints.NonNeg(), constraints.UnitNorm(axis=[0, 1]), constraints.MaxNorm(0.5)]  # fmt: skip
    program = _program(lambda x: [function(x) for function in functions], [value])
    program.run()
    for found, function in zip(program.outputs, functions, strict=True):
        np.testing.assert_allclose(found, ops.convert_to_tensor(function(value)).numpy(), rtol=1e-5, atol=1e-6)
