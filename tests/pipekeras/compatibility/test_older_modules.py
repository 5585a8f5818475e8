"""Modules of Keras 1, Keras 2 and tf.keras under the paths that scripts import them by."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import pipekeras as keras
from pipekeras.compatibility.older_modules import _modules
from pipekeras.compatibility.older_table import NAMES
from pipekeras.core.errors import ArgumentError

SPELLINGS = """
layers.core: Dense Activation Dropout Lambda Highway MaxoutDense TimeDistributedDense Layer
layers.convolutional: Conv2D Convolution2D MaxPooling2D ZeroPadding2D Deconvolution2D
layers.recurrent: LSTM Recurrent time_distributed_dense
layers.pooling: GlobalAveragePooling2D
layers.normalization: BatchNormalization
layers.advanced_activations: LeakyReLU ParametricSoftplus SReLU
layers.embeddings: Embedding
layers.merge: add Concatenate dot
layers.wrappers: TimeDistributed
layers.noise: GaussianNoise
layers.local: LocallyConnected2D
layers.experimental.preprocessing: Rescaling
engine: Layer InputSpec
engine.topology: Layer Input Container get_source_inputs
engine.training: Model
initializations: glorot_uniform normal get
preprocessing.image: ImageDataGenerator random_rotation
utils.vis_utils: plot_model
utils.np_utils: to_categorical probas_to_classes
utils.generic_utils: get_custom_objects Progbar
utils.data_utils: get_file Sequence
utils: multi_gpu_model generic_utils HDF5Matrix
objectives: mse categorical_crossentropy cosine_proximity
losses: MSE Reduction
legacy.interfaces: legacy_get_updates_support
backend.tensorflow_backend: mean set_session
optimizers.legacy: SGD Adam
optimizers.schedules: ExponentialDecay
optimizers.experimental: Optimizer
optimizer_v2.optimizer_v2: OptimizerV2
wrappers.scikit_learn: KerasClassifier
callbacks.callbacks: ModelCheckpoint
applications.vgg16: VGG16 preprocess_input
applications.resnet_v2: ResNet50V2
mixed_precision.experimental: set_policy
compatibility.tensorflow.keras.layers: Dense
compatibility.tensorflow.keras.layers.experimental: preprocessing
compatibility.tensorflow.python.keras.utils.vis_utils: plot_model
""".strip().splitlines()


@pytest.mark.parametrize("line", SPELLINGS)
def test_names_are_found(line: str) -> None:
    place, names = line.split(": ")
    module = importlib.import_module(f"pipekeras.{place}")
    for name in names.split():
        assert getattr(module, name) is not None
    assert set(names.split()) <= {*dir(module), *names.split()}


def test_every_row_of_the_tables_leads_somewhere() -> None:
    for place in _modules():
        importlib.import_module(f"pipekeras.{place}")
    for line in NAMES.splitlines():
        for path in line.partition(" = ")[0].split():
            place, _, name = path.rpartition(".")
            if name != "__call__":
                assert getattr(importlib.import_module(f"pipekeras.{place}"), name) is not None


def test_modules_are_reached_as_attributes() -> None:
    code = (
        "import pipekeras as keras; print(keras.layers.core.Dense, keras.objectives.mse.__name__, keras.engine.topology.Layer);"
        "print(keras.layers.merge.Add.__name__, keras.utils.np_utils.to_categorical([1]).tolist())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[1] == "Add [[0.0, 1.0]]"
    with pytest.raises(AttributeError, match="no attribute 'densse'"):
        _ = keras.layers.core.densse
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("pipekeras.layers.coer")


def test_star_imports_and_the_function_merge() -> None:
    names: dict[str, object] = {}
    exec("from pipekeras.layers.core import *\nfrom pipekeras.layers import merge", names)
    a, b = keras.Input((2,)), keras.Input((2,))
    assert names["Dense"] is keras.layers.Dense
    assert names["merge"]([a, b], mode="sum").shape == (None, 2)  # type: ignore[operator]


def test_initializations_make_variables() -> None:
    from pipekeras import initializations

    weights = initializations.get("glorot_uniform")((3, 2), name="w")
    assert isinstance(weights, keras.Variable) and weights.shape == (3, 2)
    assert initializations.uniform((50,), scale=0.5).numpy().max() > 0.06
    layer = keras.layers.Dense(2, kernel_initializer=initializations.get("one"))
    np.testing.assert_array_equal(layer(np.ones((1, 3), "float32")).numpy(), [[3.0, 3.0]])


def test_a_recurrent_layer_of_keras_1() -> None:
    from pipekeras.engine import InputSpec

    from pipekeras import backend as K
    from pipekeras.layers.recurrent import Recurrent, time_distributed_dense

    class Leaky(Recurrent):
        def __init__(self, output_dim: int, **options: object) -> None:
            self.output_dim = output_dim
            super().__init__(**options)

        def build(self, input_shape: tuple[int | None, ...]) -> None:
            self.input_spec = [InputSpec(shape=input_shape)]
            self.states = [None]
            self.W = self.add_weight(shape=(input_shape[2], self.output_dim), initializer="one", name="W")

        def preprocess_input(self, x: object) -> object:
            return time_distributed_dense(x, self.W)

        def step(self, x: object, states: list[object]) -> tuple[object, list[object]]:
            h = x + 0.5 * states[0]  # type: ignore[operator]
            return h, [h]

    model = keras.Sequential([Leaky(2, input_shape=(3, 1), return_sequences=True)])
    np.testing.assert_allclose(model.predict(np.ones((1, 3, 1)), verbose=0)[0, :, 0], [1.0, 1.5, 1.75])
    model.compile("sgd", "mse")
    assert model.train_on_batch(np.ones((2, 3, 1)), np.zeros((2, 3, 2))) > 0
    assert K.int_shape(model.output) == (None, 3, 2)


def test_estimators() -> None:
    from pipekeras.wrappers.scikit_learn import KerasClassifier, KerasRegressor

    def build(units: int = 4) -> keras.Model:
        hidden = keras.layers.Dense(units, activation="relu", input_dim=2)
        model = keras.Sequential([hidden, keras.layers.Dense(1, activation="sigmoid")])
        model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
        return model

    x = np.array([[0.0, 1.0], [1.0, 0.0]] * 10)
    classifier = KerasClassifier(build_fn=build, nb_epoch=2, batch_size=5, verbose=0)
    classifier.set_params(units=3)
    with pytest.warns(UserWarning, match="nb_epoch"):
        classifier.fit(x, np.array(["b", "a"] * 10))
    assert set(classifier.predict(x).ravel()) <= {"a", "b"} and classifier.predict_proba(x).shape == (20, 2)
    assert 0 <= classifier.score(x, np.array(["b", "a"] * 10)) <= 1
    assert classifier.get_params()["units"] == 3
    with pytest.raises(ArgumentError):
        KerasRegressor(build, unit=3)


def test_files_stay_where_they_are(tmp_path: Path) -> None:
    from pipekeras.utils.data_utils import get_file

    from pipekeras.core.errors import DataError

    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "words.txt").write_text("a b")
    assert Path(get_file("words.txt", "https://example.org/words.txt", cache_dir=str(tmp_path))).read_text() == "a b"
    with pytest.raises(DataError, match="not there"):
        get_file("others.txt", "https://example.org/others.txt", cache_dir=str(tmp_path))
