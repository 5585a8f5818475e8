"""Training as users call it, with the numbers of real Keras."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

import numpy as np
import pytest

import pipekeras
from pipekeras import Input, Model, Sequential, layers
from pipekeras.callbacks import Callback, LambdaCallback
from pipekeras.core.errors import ArgumentError, DataError, ShapeError, StateError

os.environ.setdefault("KERAS_BACKEND", "jax")
keras = pytest.importorskip("keras", reason="the extra 'test' brings the referee")

RANDOM = np.random.default_rng(3)
X = RANDOM.normal(size=(50, 6)).astype("float32")
LABELS = RANDOM.integers(0, 3, 50)
ONE_HOT = np.eye(3, dtype="float32")[LABELS]
REAL = RANDOM.normal(size=(50, 3)).astype("float32")


def stack(package: Any, last: str | None = "softmax", normalize: bool = False) -> Any:
    parts = [package.layers.Input((6,)), package.layers.Dense(8, activation="tanh")]
    if normalize:
        parts.append(package.layers.BatchNormalization())
    parts.append(package.layers.Dense(5, activation="relu", kernel_regularizer=package.regularizers.L2(0.01)))
    parts.append(package.layers.Dense(3, activation=last))
    return package.Sequential(parts)


def twins(**options: Any) -> tuple[Any, Any]:
    ours, theirs = stack(pipekeras, **options), stack(keras, **options)
    theirs.set_weights(ours.get_weights())
    return ours, theirs


OPTIMIZERS = {
    "sgd": lambda package: package.optimizers.SGD(0.1),
    "momentum": lambda package: package.optimizers.SGD(0.05, momentum=0.9),
    "nesterov": lambda package: package.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
    "rmsprop": lambda package: package.optimizers.RMSprop(0.01),
    "adam": lambda package: package.optimizers.Adam(0.01),
}
LOSSES = {
    "mse": (None, REAL),
    "mae": (None, REAL),
    "categorical_crossentropy": ("softmax", ONE_HOT),
    "sparse_categorical_crossentropy": ("softmax", LABELS),
    "binary_crossentropy": ("sigmoid", ONE_HOT),
}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loss", LOSSES)
def test_three_steps_equal_keras(optimizer: str, loss: str) -> None:
    last, y = LOSSES[loss]
    ours, theirs = twins(last=last)
    for model, package in ((ours, pipekeras), (theirs, keras)):
        model.compile(OPTIMIZERS[optimizer](package), loss, metrics=["mae"] if last is None else ["accuracy"])
    first = ours.fit(X, y, batch_size=20, epochs=1, shuffle=False, verbose=0).history
    second = theirs.fit(X, y, batch_size=20, epochs=1, shuffle=False, verbose=0).history
    assert first.keys() == second.keys()
    for name in first:
        np.testing.assert_allclose(first[name], second[name], rtol=1e-5, atol=1e-5)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5)


def test_a_metric_of_one_class_is_a_number_in_the_logs() -> None:
    model = Sequential([layers.Dense(1, activation="sigmoid", input_shape=(2,))])
    model.compile("sgd", "binary_crossentropy", metrics=[pipekeras.metrics.F1Score(threshold=0.5)])
    logs = model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0).history
    assert all(isinstance(value, float) for value in logs["f1_score"])


def test_batch_normalization_trains_and_measures_as_keras() -> None:
    ours, theirs = twins(normalize=True)
    for model in (ours, theirs):
        model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
        model.fit(X, ONE_HOT, batch_size=25, epochs=3, shuffle=False, verbose=0)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(ours.evaluate(X, ONE_HOT, verbose=0), theirs.evaluate(X, ONE_HOT, verbose=0), rtol=1e-4)
    np.testing.assert_allclose(ours.predict(X, verbose=0), theirs.predict(X, verbose=0), rtol=1e-4, atol=1e-6)


def two_outputs(package: Any) -> Any:
    a, b = package.layers.Input((4,), name="a"), package.layers.Input((2,), name="b")
    shared = package.layers.Dense(3, activation="tanh")
    both = package.layers.Concatenate()([shared(a), package.layers.Dense(3)(b)])
    return package.Model(
        [a, b], [package.layers.Dense(1, name="size")(both), package.layers.Dense(3, activation="softmax", name="kind")(both)]
    )


def test_several_inputs_and_outputs_equal_keras() -> None:
    ours, theirs = two_outputs(pipekeras), two_outputs(keras)
    theirs.set_weights(ours.get_weights())
    x, y = [X[:, :4], X[:, 4:]], [REAL[:, :1], LABELS]
    results = []
    for model in (ours, theirs):
        model.compile(
            "sgd", ["mse", "sparse_categorical_crossentropy"], loss_weights=[1.0, 0.3], metrics=[["mae"], ["accuracy"]]
        )
        history = model.fit(x, y, batch_size=16, epochs=2, shuffle=False, verbose=0, validation_split=0.2).history
        results.append((history, model.evaluate(x, y, verbose=0, return_dict=True)))
    (first, measured), (second, expected) = results
    assert set(first) == set(second)
    for name in second:
        np.testing.assert_allclose(first[name], second[name], rtol=2e-5, atol=2e-5, err_msg=name)
    for name in expected:
        np.testing.assert_allclose(measured[name], expected[name], rtol=2e-5, atol=2e-5, err_msg=name)


@pytest.mark.parametrize("kind", ["sample", "class"])
def test_weights_of_samples_and_classes_equal_keras(kind: str) -> None:
    options: dict[str, Any] = {"class_weight": {0: 1.0, 1: 3.0, 2: 0.5}}
    if kind == "sample":
        options = {"sample_weight": RANDOM.random(50).astype("float32")}
    ours, theirs = twins()
    for model in (ours, theirs):
        model.compile("sgd", "sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
    first = ours.fit(X, LABELS, batch_size=20, epochs=2, shuffle=False, verbose=0, **options).history
    second = theirs.fit(X, LABELS, batch_size=20, epochs=2, shuffle=False, verbose=0, **options).history
    for name in second:
        np.testing.assert_allclose(first[name], second[name], rtol=2e-5, atol=2e-5, err_msg=name)


def small(units: int = 3) -> Any:
    model = Sequential([Input((6,)), layers.Dense(4, activation="relu"), layers.Dense(units, activation="softmax")])
    return model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])


def test_train_on_batch_equals_keras() -> None:
    ours, theirs = twins()
    for model in (ours, theirs):
        model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    for start in (0, 10, 20):
        part = slice(start, start + 10)
        first, second = (model.train_on_batch(X[part], ONE_HOT[part]) for model in (ours, theirs))
        np.testing.assert_allclose(first, second, rtol=1e-5, atol=1e-6)


def test_shuffle_needs_a_seed_to_repeat() -> None:
    def weights(seed: int) -> np.ndarray:
        pipekeras.utils.set_random_seed(seed)
        model = small()
        model.fit(X, LABELS, epochs=2, batch_size=7, verbose=0)
        return model.get_weights()[0]

    assert np.array_equal(weights(1), weights(1))
    assert not np.array_equal(weights(1), weights(2))


def test_a_callback_that_listens_to_batches_changes_nothing_but_the_pace() -> None:
    seen: list[float] = []

    class Listener(Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            seen.append(logs["loss"])

    results = []
    for callbacks in ([], [Listener()]):
        pipekeras.utils.set_random_seed(4)
        model = small()
        model.fit(X, LABELS, epochs=3, batch_size=8, verbose=0, callbacks=callbacks)
        results.append(model.get_weights())
    assert len(seen) == 3 * 7
    assert all(np.array_equal(a, b) for a, b in zip(*results, strict=True))


def test_an_interrupt_keeps_weights_and_history() -> None:
    def stop(epoch: int, logs: Any) -> None:
        if epoch == 2:
            raise KeyboardInterrupt

    ended: list[bool] = []
    model = small()
    before = model.get_weights()
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, LABELS, epochs=10, verbose=0, callbacks=[
            LambdaCallback(on_epoch_begin=stop, on_train_end=lambda logs: ended.append(True))])  # fmt: skip
    assert len(model.history.history["loss"]) == 2 and ended == [True]
    assert not np.array_equal(before[0], model.get_weights()[0])


def test_generators_and_arrays_give_the_same() -> None:
    results = []
    for source in ("array", "generator"):
        pipekeras.utils.set_random_seed(9)
        model = small()
        if source == "array":
            model.fit(X[:48], LABELS[:48], batch_size=16, epochs=2, shuffle=False, verbose=0)
        else:

            def batches() -> Any:
                while True:
                    for start in (0, 16, 32):
                        yield X[start : start + 16], LABELS[start : start + 16]

            model.fit(batches(), steps_per_epoch=3, epochs=2, verbose=0)
        results.append(model.get_weights())
    assert all(np.array_equal(a, b) for a, b in zip(*results, strict=True))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda m: Sequential([Input((6,)), layers.Dense(1)]).fit(X, LABELS), StateError, "compile"),
        (lambda m: m.fit(X[:, :5], LABELS), ShapeError, "takes x of shape (rows, 6); fit got (50, 5)"),
        (lambda m: m.fit(X, LABELS + 1), DataError, "class number 3; the model has 3 classes, 0 to 2"),
        (lambda m: m.fit(X, LABELS[:40]), DataError, "x has 50 rows but y has 40"),
        (lambda m: m.fit(np.where(X > 2, np.nan, X), LABELS), DataError, "missing values (NaN)"),
        (lambda m: m.fit(X, LABELS, epochs=1.5), ArgumentError, "epochs must be a whole number"),
        (lambda m: m.fit(X[:0], LABELS[:0]), DataError, "no rows"),
        (lambda m: m.fit(X, LABELS, validation_split=1.0), ArgumentError, "validation_split"),
        (lambda m: m.compile("adm", "mse"), ValueError, "did you mean 'adam'?"),
    ],
)
def test_mistakes_are_named(call: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error) as caught:
        call(small())
    assert text in str(caught.value)


def held() -> tuple[int, int]:
    """Python's objects that are there, by its own count, and the bytes of memory that the process holds."""
    gc.collect()
    with open("/proc/self/statm") as file:
        return sys.getallocatedblocks(), int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


needs_proc = pytest.mark.skipif(
    not os.path.exists("/proc/self/statm"), reason="memory is read from /proc, which only Linux has"
)


@needs_proc
def test_ten_thousand_steps_take_no_memory() -> None:
    model = small()
    model.fit(X, LABELS, batch_size=10, epochs=200, verbose=0)
    blocks, memory = held()
    for _ in range(10):
        model.fit(X, LABELS, batch_size=10, epochs=200, verbose=0)
    more_blocks, more_memory = held()
    # Some hundred objects and kilobytes; one object for each step would be ten thousand.
    assert more_blocks - blocks < 2_000
    assert more_memory - memory < 20_000_000


@needs_proc
def test_hundreds_of_tiny_nets_are_forgotten() -> None:
    x, y = X[:7, :3], REAL[:7, :1]

    def one() -> None:
        model = Sequential([layers.Dense(5, activation="tanh", input_shape=(3,)), layers.Dense(1)])
        model.compile("adam", "mse")
        model.fit(x, y, batch_size=1, epochs=10, verbose=0)

    for _ in range(20):
        one()
    blocks, memory = held()
    for _ in range(200):
        one()
    more_blocks, more_memory = held()
    # One or two objects for each net; a net that stayed would be hundreds.
    assert more_blocks - blocks < 4_000
    assert more_memory - memory < 40_000_000


def test_own_steps_get_the_data_as_keras_hands_them_out() -> None:
    seen: list[Any] = []

    class Watching(Model):
        def __init__(self) -> None:
            super().__init__()
            self.out = layers.Dense(3)

        def call(self, inputs: Any) -> Any:
            return self.out(inputs[0] if isinstance(inputs, list | tuple) else inputs)

        def train_step(self, data: Any) -> Any:
            seen.append(len(data))
            return super().train_step(data)

        def predict_step(self, data: Any) -> Any:
            seen.append((type(data).__name__, len(data) if isinstance(data, tuple) else None))
            return super().predict_step(data)

    model = Watching()
    model.compile("sgd", "mse")
    model.fit(X, REAL, batch_size=len(X), verbose=0)
    model.fit(X, REAL, sample_weight=np.ones(len(X)), batch_size=len(X), verbose=0)
    model.predict(X, batch_size=len(X), verbose=0)
    model.predict([X, X], batch_size=len(X), verbose=0)
    assert seen == [2, 3, ("Tensor", None), ("tuple", 1)]


def test_subclassed_models_train_by_their_own_step() -> None:
    class Own(Model):
        def __init__(self) -> None:
            super().__init__()
            self.hidden, self.out = layers.Dense(4, activation="relu"), layers.Dense(3)

        def call(self, inputs: Any) -> Any:
            return self.out(self.hidden(inputs))

        def train_step(self, data: Any) -> Any:
            x, y = data
            with pipekeras.GradientTape() as tape:
                y_pred = self(x, training=True)
                loss = self.compiled_loss(y, y_pred, regularization_losses=self.losses)
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            self.compiled_metrics.update_state(y, y_pred)
            return {"loss": loss, **{m.name: m.result() for m in self.metrics if m.name != "loss"}}

    model = Own()
    model.compile("adam", "mse", metrics=["mae"])
    history = model.fit(X, REAL, batch_size=50, epochs=30, verbose=0).history
    assert history["loss"][-1] < history["loss"][0] and set(history) == {"loss", "mae"}
