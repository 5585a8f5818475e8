"""Metrics against real Keras: results after each of several batches, state, configs."""

from __future__ import annotations

import importlib.util
import json
import pathlib
import sys

import keras
import numpy as np
import pytest

from pipekeras import losses, metrics, ops
from pipekeras.core.errors import ConfigurationError, ShapeError, StateError
from pipekeras.core.registry import entries
from pipekeras.graph.tensor import Tensor, convert
from pipekeras.graph.trace import trace
from pipekeras.nn.metrics.choice import loss_for, metric_for

_spec = importlib.util.spec_from_file_location("metric_cases", pathlib.Path(__file__).with_name("metric_cases.py"))
metric_cases = importlib.util.module_from_spec(_spec)
sys.modules["metric_cases"] = metric_cases
_spec.loader.exec_module(metric_cases)
CASES = metric_cases.CASES
NUMBERED = [pytest.param(case, id=f"{index}-{case}") for index, case in enumerate(CASES)]


def _result(metric):
    return np.asarray(convert(metric.result()).numpy())


@pytest.mark.parametrize("case", NUMBERED)
def test_results_and_state_are_those_of_keras(case):
    theirs, ours = getattr(keras.metrics, case.name)(**case.options), getattr(metrics, case.name)(**case.options)
    for kind in (None, case.weights[0] if case.weights else None):
        batch = case.batch()
        weight = None if kind is None else metric_cases.weights(kind)
        theirs.update_state(*batch, sample_weight=weight)
        ours.update_state(*batch, sample_weight=weight)
        expected = np.asarray(theirs.result())
        assert _result(ours).shape == expected.shape
        np.testing.assert_allclose(_result(ours), expected, rtol=2e-6, atol=2e-6)
    state = [(variable.name, tuple(variable.shape)) for variable in theirs.variables]
    assert [(variable.name, variable.shape) for variable in ours.variables] == state
    ours.reset_state()
    assert all(not variable.numpy().any() for variable in ours.variables)


@pytest.mark.parametrize("case", NUMBERED)
def test_configs_are_read_on_both_sides(case):
    theirs, ours = getattr(keras.metrics, case.name)(**case.options), getattr(metrics, case.name)(**case.options)
    config = json.loads(json.dumps(metrics.serialize(ours)))
    assert config["class_name"] == case.name and config["module"] == "keras.metrics"
    assert json.loads(json.dumps(metrics.deserialize(config).get_config())) == config["config"]
    their_config = json.loads(json.dumps(keras.saving.serialize_keras_object(theirs)))["config"]
    assert set(their_config) <= set(config["config"])
    getattr(keras.metrics, case.name).from_config(config["config"])
    back = getattr(metrics, case.name).from_config(their_config)
    assert type(back) is type(ours)


_OLDER = ("MeanRelativeError", "MeanTensor")
"""Metrics of Keras 2 alone."""


def test_means_that_older_versions_had() -> None:
    relative = metrics.MeanRelativeError([2.0, 0.0])
    relative.update_state([1.0, 1.0], [2.0, 3.0])
    assert float(relative.result()) == 0.25
    each = metrics.MeanTensor(shape=(2,))
    each.update_state([1.0, 2.0])
    each.update_state([3.0, 6.0], sample_weight=[1.0, 3.0])
    np.testing.assert_allclose(each.result(), [2.0, 5.0])
    with pytest.raises(ShapeError, match="gathers values of shape"):
        each.update_state([1.0])


def test_every_metric_of_keras_is_here_and_tested():
    assert [name for name in dir(keras.metrics) if not name.startswith("_") and not hasattr(metrics, name)] == []
    own = {entry.name for entry in entries("metric") if entry.value.__module__.startswith("pipekeras")}
    assert own - {case.name for case in CASES} <= {"Metric", "Mean", "Sum", "MeanMetricWrapper", *_OLDER}


@pytest.mark.parametrize("weight", [None, 2.0, np.array([1.0, 0.0, 2.0], "float32")])
@pytest.mark.parametrize("name", ["Mean", "Sum"])
def test_means_and_sums(name, weight):
    theirs, ours = getattr(keras.metrics, name)(), getattr(metrics, name)()
    for values in (np.array([1.0, 2.0, 4.0], "float32"), np.ones((3, 2, 2), "float32") * 5):
        theirs.update_state(values, sample_weight=weight)
        ours.update_state(values, sample_weight=weight)
        assert float(ours.result()) == pytest.approx(float(theirs.result()))
    assert float(getattr(metrics, name)()(3.0)) == 3.0


@pytest.mark.parametrize("case", NUMBERED[::3])
def test_a_traced_update_leaves_what_an_update_at_once_leaves(case):
    from pipekeras.passes.order import ordered, roots

    ours = getattr(metrics, case.name)(**case.options)
    batch = [convert(value) for value in case.batch()]
    graph, _ = trace(ours.update_state, [Tensor.symbolic(value.shape, value.dtype) for value in batch])
    assert set(graph.updates) == set(ours.variables)
    assert len(ordered(roots(graph))) < 120
    assert all(not variable.numpy().any() for variable in ours.variables)


def test_short_names_become_the_metric_that_fits():
    y = {"binary": ((8, 1), (8, 1)), "sparse": ((8,), (8, 3)), "categorical": ((8, 3), (8, 3))}
    expected = {
        "binary": metrics.BinaryAccuracy,
        "sparse": metrics.SparseCategoricalAccuracy,
        "categorical": metrics.CategoricalAccuracy,
    }
    for kind, (true, predicted) in y.items():
        for spelling in ("accuracy", "acc"):
            found = metric_for(spelling, np.zeros(true), np.zeros(predicted))
            assert type(found) is expected[kind] and found.name == spelling
    assert metric_for("mae", np.zeros((8, 1)), np.zeros((8, 1))).name == "mae"
    assert metric_for(losses.mean_squared_error, np.zeros((8, 1)), np.zeros((8, 1))).name == "mean_squared_error"
    assert metric_for(metrics.AUC(name="area"), np.zeros((8, 1)), np.zeros((8, 1))).name == "area"
    assert metric_for(losses.Huber(2.0), np.zeros((8, 1)), np.zeros((8, 1))).name == "huber_loss"
    assert metric_for("ce", np.zeros((8,)), np.zeros((8, 3))).name == "ce"
    assert loss_for("crossentropy", np.zeros((8,)), np.zeros((8, 3))).fn is losses.sparse_categorical_crossentropy
    assert loss_for(None, None, None) is None
    with pytest.raises(ConfigurationError, match="unknown metric 'acuracy'"):
        metric_for("acuracy", np.zeros((8,)), np.zeros((8, 3)))


def test_own_metrics():
    class Counter(metrics.Metric):
        def __init__(self, step=1, name="counter", **kwargs):
            super().__init__(name=name, **kwargs)
            self.step = step
            self.calls = self.add_weight("calls", initializer="ones")
            self.inside = metrics.Mean()

        def update_state(self, y_true, y_pred, sample_weight=None):
            self.calls.assign_add(self.step)
            self.inside.update_state(ops.absolute(convert(y_true) - convert(y_pred)))

        def result(self):
            return {"calls": self.calls, "error": self.inside.result()}

    counter = Counter(2)
    counter.update_state([1.0], [3.0])
    assert float(counter.result()["error"]) == 2.0
    assert len(counter.variables) == 3
    assert counter.get_config() == {"step": 2, "name": "counter", "dtype": "float32"}
    assert metrics.deserialize(metrics.serialize(counter), {"Counter": Counter}).step == 2

    class Forgetful(metrics.Metric):
        def __init__(self):
            self.total = self.add_variable((), name="total")

    with pytest.raises(StateError, match="super"):
        Forgetful()


def test_stateless_methods_leave_the_metric_alone():
    mean = metrics.Mean()
    state = mean.stateless_update_state([np.float32(6.0), np.float32(2.0)], [3.0])
    assert [float(value) for value in state] == [9.0, 3.0]
    assert float(mean.stateless_result(state)) == 3.0
    assert float(mean.count.numpy()) == 0.0
    with pytest.raises(ShapeError):
        mean.stateless_result([1.0])


def test_masks_count_as_in_keras():
    y_true, y_pred = metric_cases.normal(4, 3, 2), metric_cases.normal(4, 3, 2)
    mask = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 1], [0, 0, 1]], bool)
    theirs = keras.ops.convert_to_tensor(y_pred)
    keras.src.backend.set_keras_mask(theirs, keras.ops.convert_to_tensor(mask))
    ours = convert(y_pred)
    ours.mask = convert(mask)
    expected, found = keras.metrics.MeanSquaredError(), metrics.MeanSquaredError()
    expected.update_state(y_true, theirs)
    found.update_state(y_true, ours)
    assert float(found.result()) == pytest.approx(float(expected.result()), rel=1e-6)


def test_options_that_cannot_be():
    with pytest.raises(ConfigurationError, match="thresholds must be"):
        metrics.Precision(thresholds=1.5)
    with pytest.raises(ConfigurationError, match="curve must be"):
        metrics.AUC(curve="R")
    with pytest.raises(ConfigurationError, match="class ids"):
        metrics.IoU(2, [2])
    with pytest.raises(ConfigurationError, match="average must be"):
        metrics.F1Score(average="mean")
    with pytest.raises(ShapeError, match="class_id needs"):
        metrics.Precision(class_id=1).update_state([1.0, 0.0], [0.2, 0.4])
    with pytest.raises(ShapeError, match="R2Score needs"):
        metrics.R2Score().update_state([1.0], [1.0])
    with pytest.warns(UserWarning, match="too many"):
        adjusted = metrics.R2Score(num_regressors=9)
        adjusted.update_state([[1.0], [2.0]], [[1.0], [2.5]])
        adjusted.result()
