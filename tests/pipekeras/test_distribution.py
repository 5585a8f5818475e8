"""Distributions on the one device that there is."""

from __future__ import annotations

import numpy as np
import pytest

import pipekeras as pk
from pipekeras import distribution
from pipekeras.core.errors import ArgumentError, ConfigurationError


def test_scripts_that_distribute_run_on_one_device() -> None:
    assert distribution.get_device_count() == 1 and distribution.list_devices("gpu") == []
    distribution.initialize(num_processes=1, process_id=0)
    mesh = distribution.DeviceMesh((1, 1), ["batch", "model"], ["cpu:0"])
    layouts = distribution.LayoutMap(mesh)
    layouts["dense.*kernel"] = (None, "model")
    parallel = distribution.ModelParallel(layout_map=layouts)
    distribution.set_distribution(distribution.DataParallel())
    try:
        with parallel.scope():
            assert distribution.distribution() is parallel
            model = pk.Sequential([pk.Input((3,)), pk.layers.Dense(2)])
            model.compile("sgd", "mse")
            model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
            assert parallel.get_variable_layout(model.layers[0].kernel).axes == (None, "model")
            assert parallel.get_variable_layout(model.layers[0].bias).axes == (None,)
        data = distribution.distribution()
        assert data.get_data_layout((8, 3)).axes == ("batch", None)
        assert data.distribute_dataset("all") == "all"
    finally:
        distribution.set_distribution(None)
    assert distribution.distribute_tensor(np.ones((2, 2)), (None, None)).shape == (2, 2)


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="there is no device 'gpu:0'"):
        distribution.DataParallel(devices=["gpu:0"])
    with pytest.raises(ConfigurationError, match="mesh of 2"):
        distribution.DeviceMesh((2,), ["batch"], ["cpu:0", "cpu:0"])
    with pytest.raises(ArgumentError, match="2 places"):
        distribution.DeviceMesh((2,), ["batch"])
    with pytest.raises(ArgumentError, match="a name for each axis"):
        distribution.DeviceMesh((1,), ["a", "b"])
    with pytest.raises(ConfigurationError, match="one process"):
        distribution.initialize("a:1,b:1")
    with pytest.raises(ArgumentError, match="not 'zz'"):
        distribution.TensorLayout(("zz",), distribution.DeviceMesh((1,), ["batch"]))
    with pytest.raises(ConfigurationError, match="not exported as 'onnx'"):
        pk.Sequential([pk.Input((3,)), pk.layers.Dense(2)]).export("model.onnx", format="onnx")
