"""Callbacks decide, print and write what Keras' own do, hook by hook, on the same course of results."""

import csv
import os
import warnings

import numpy as np
import pytest

from pipekeras import callbacks
from pipekeras.core.errors import ArgumentError, ConfigurationError, DataError, StateError

theirs = pytest.importorskip("keras").callbacks


class Optimizer:
    learning_rate = 0.1
    built = True


class Model:
    """As much of a model as callbacks see: weights that tell the epoch, files written as calls."""

    def __init__(self):
        self.stop_training = False
        self.optimizer = Optimizer()
        self.metrics = []
        self.weights = [np.zeros(1)]
        self.saved = []
        self.built = True

    def get_weights(self):
        return [weight.copy() for weight in self.weights]

    def set_weights(self, weights):
        self.weights = [weight.copy() for weight in weights]

    def save(self, path, overwrite=True):
        self.saved.append(("model", str(path)))

    def save_weights(self, path, overwrite=True):
        self.saved.append(("weights", str(path)))


def run(callback, results, name="val_loss", batches=3):
    """Train for as many epochs as there are results, unless the callback stops; return the model and the epochs."""
    model = Model()
    callback.set_model(model)
    callback.set_params({"verbose": 0, "epochs": len(results), "steps": batches})
    callback.on_train_begin({})
    rates, logs = [], {}
    for epoch, value in enumerate(results):
        callback.on_epoch_begin(epoch, {})
        rates.append(float(model.optimizer.learning_rate))
        for batch in range(batches):
            callback.on_train_batch_begin(batch, {})
            callback.on_train_batch_end(batch, {"loss": value})
        model.weights = [np.full(1, epoch + 1.0)]
        logs = {"loss": value, name: value}
        callback.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    callback.on_train_end(logs)
    return model, rates


COURSES = [
    [1.0, 0.9, 0.8, 0.85, 0.84, 0.83, 0.7],
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    [0.5, 0.6, 0.7, 0.8, 0.4, 0.3],
    [3.0, 2.0, 2.05, 1.99, 1.5, 1.6, 1.7, 1.8],
]


@pytest.mark.parametrize("course", COURSES)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"patience": 2},
        {"patience": 1, "min_delta": 0.1, "verbose": 1},
        {"patience": 2, "restore_best_weights": True, "verbose": 1},
        {"patience": 1, "baseline": 0.6},
        {"patience": 2, "baseline": 0.1, "restore_best_weights": True},
        {"start_from_epoch": 3, "restore_best_weights": True},
        {"mode": "max", "patience": 1},
    ],
)
def test_early_stopping_equals_keras(course, options, capsys):
    mine, my_rates = run(callbacks.EarlyStopping(**options), course)
    printed = capsys.readouterr().out
    real, real_rates = run(theirs.EarlyStopping(**options), course)
    assert printed == capsys.readouterr().out
    assert len(my_rates) == len(real_rates) and mine.weights == real.weights


@pytest.mark.parametrize("course", COURSES)
@pytest.mark.parametrize(
    "options",
    [
        {"patience": 1},
        {"patience": 2, "factor": 0.5, "cooldown": 1, "verbose": 1},
        {"patience": 1, "min_lr": 0.03, "factor": 0.5, "verbose": 1},
        {"patience": 1, "min_delta": 0.2, "mode": "min"},
    ],
)
def test_reduce_lr_on_plateau_equals_keras(course, options, capsys):
    _, my_rates = run(callbacks.ReduceLROnPlateau(**options), course)
    printed = capsys.readouterr().out
    _, real_rates = run(theirs.ReduceLROnPlateau(**options), course)
    assert printed == capsys.readouterr().out
    np.testing.assert_allclose(my_rates, real_rates)


@pytest.mark.parametrize("course", COURSES)
@pytest.mark.parametrize(
    "options",
    [
        {"filepath": "w{epoch:02d}-{val_loss:.2f}.keras", "verbose": 1},
        {"filepath": "best.h5", "save_best_only": True, "verbose": 1},
        {"filepath": "best.weights.h5", "save_best_only": True, "save_weights_only": True, "mode": "max"},
        {"filepath": "b{epoch}-{batch}.keras", "save_freq": 2},
        {"filepath": "e.keras", "save_freq": 4},
        {"filepath": "t.keras", "save_best_only": True, "initial_value_threshold": 0.84},
    ],
)
def test_model_checkpoint_equals_keras(course, options, capsys):
    mine, _ = run(callbacks.ModelCheckpoint(**options), course)
    printed = capsys.readouterr().out
    real, _ = run(theirs.ModelCheckpoint(**options), course)
    assert printed == capsys.readouterr().out
    assert mine.saved == real.saved


def test_model_checkpoint_saves_every_period_epochs():
    model, _ = run(callbacks.ModelCheckpoint("{epoch}.keras", period=2), COURSES[0])
    assert model.saved == [("model", "2.keras"), ("model", "4.keras"), ("model", "6.keras")]


def test_model_checkpoint_names_what_is_wrong():
    with pytest.raises(ConfigurationError, match="end in") as caught:
        callbacks.ModelCheckpoint("weights.txt", save_weights_only=True)
    assert "weights.txt.weights.h5" in caught.value.mend
    with pytest.raises(ConfigurationError, match="save_freq"):
        callbacks.ModelCheckpoint("a.keras", save_freq="batch")
    with pytest.raises(ConfigurationError, match="asks for 'val_los'") as caught:
        run(callbacks.ModelCheckpoint("{val_los}.keras"), [1.0])
    assert "val_loss" in caught.value.mend


@pytest.mark.parametrize("schedule", [lambda epoch: 0.5 / (epoch + 1), lambda epoch, rate: rate * 0.9])
def test_learning_rate_scheduler_equals_keras(schedule, capsys):
    _, my_rates = run(callbacks.LearningRateScheduler(schedule, verbose=1), COURSES[0])
    printed = capsys.readouterr().out
    _, real_rates = run(theirs.LearningRateScheduler(schedule, verbose=1), COURSES[0])
    assert printed == capsys.readouterr().out
    np.testing.assert_allclose(my_rates, real_rates)


def test_learning_rate_scheduler_wants_a_number_and_shows_errors_of_the_schedule():
    with pytest.raises(DataError, match="returned 'fast'"):
        run(callbacks.LearningRateScheduler(lambda epoch: "fast"), [1.0])

    def broken(epoch, rate):
        return rate + "x"

    with pytest.raises(TypeError, match="unsupported operand"):
        run(callbacks.LearningRateScheduler(broken), [1.0])


def test_csv_logger_equals_keras(tmp_path):
    for options in ({}, {"separator": ";"}):
        mine, real = tmp_path / "mine.csv", tmp_path / "real.csv"
        run(callbacks.CSVLogger(mine, **options), COURSES[0])
        run(theirs.CSVLogger(real, **options), COURSES[0])
        assert list(csv.reader(mine.open())) == list(csv.reader(real.open()))
    run(callbacks.CSVLogger(mine, append=True, separator=";"), COURSES[1])
    run(theirs.CSVLogger(real, append=True, separator=";"), COURSES[1])
    assert list(csv.reader(mine.open())) == list(csv.reader(real.open()))


def test_csv_logger_has_room_for_a_validation_that_comes_later(tmp_path):
    logger = callbacks.CSVLogger(tmp_path / "log.csv")
    logger.on_train_begin()
    logger.on_epoch_end(0, {"loss": 1.0})
    logger.on_epoch_end(1, {"loss": 0.5, "val_loss": 0.7})
    logger.on_train_end()
    assert (tmp_path / "log.csv").read_text() == "epoch,loss,val_loss\n0,1.0,NA\n1,0.5,0.7\n"


def test_terminate_on_nan(capsys):
    _, rates = run(callbacks.TerminateOnNaN(), [1.0, float("nan"), 1.0])
    assert len(rates) == 2 and "Batch 0: Invalid loss, terminating training" in capsys.readouterr().out
    with pytest.raises(DataError, match="inf at batch 0"):
        run(callbacks.TerminateOnNaN(raise_error=True), [float("inf")])


def test_history_keeps_every_result():
    history = callbacks.History()
    run(history, [1.0, 0.5])
    assert history.history == {"loss": [1.0, 0.5], "val_loss": [1.0, 0.5]} and history.epoch == [0, 1]
    assert history.params["epochs"] == 2
    assert repr(history) == "History(2 epochs; loss: 1 -> 0.5; val_loss: 1 -> 0.5)"


def test_list_passes_hooks_on_in_order_with_plain_numbers():
    seen = []

    class Adds(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["extra"] = epoch

    class Sees(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(dict(logs))

    group = callbacks.CallbackList([Adds(), [Sees()]], add_history=True, model=Model(), epochs=1)
    group.on_train_begin()
    group.on_epoch_end(0, {"loss": np.float32(0.5), "each": np.array([1.0, 2.0])})
    assert seen[0]["loss"] == 0.5 and type(seen[0]["loss"]) is float and seen[0]["extra"] == 0
    assert group.history.history["extra"] == [0] and group.model.history is group.history


def test_list_tells_who_listens_to_batches():
    class Batches(callbacks.Callback):
        def on_batch_end(self, batch, logs=None):
            pass

    class Predicts(callbacks.Callback):
        def on_predict_batch_end(self, batch, logs=None):
            pass

    def listens(callback, mode="train"):
        return callbacks.CallbackList([callback], add_history=True, add_progbar=True).listens_to_batches(mode)

    quiet = [
        callbacks.EarlyStopping(),
        callbacks.ModelCheckpoint("a.keras"),
        callbacks.CSVLogger("a.csv"),
        callbacks.LambdaCallback(on_epoch_end=print),
        callbacks.BackupAndRestore("backup"),
    ]
    assert not any(listens(callback, mode) for callback in quiet for mode in ("train", "test", "predict"))
    assert listens(Batches()) and not listens(Batches(), "test")
    assert listens(Predicts(), "predict") and not listens(Predicts())
    assert listens(callbacks.ModelCheckpoint("a.keras", save_freq=10))
    assert listens(callbacks.BackupAndRestore("backup", save_freq=10))
    assert listens(callbacks.LambdaCallback(on_train_batch_end=print))
    assert listens(callbacks.LambdaCallback(on_batch_end=print))


def test_mistakes_in_the_list_are_named():
    with pytest.raises(ArgumentError, match="found EarlyStopping") as caught:
        callbacks.CallbackList([callbacks.EarlyStopping])
    assert "EarlyStopping()" in caught.value.mend
    with pytest.raises(ArgumentError, match="no hook 'on_epoch_ends'") as caught:
        callbacks.LambdaCallback(on_epoch_ends=print)
    assert "on_epoch_end" in caught.value.mend
    with pytest.raises(ArgumentError, match="must be a function"):
        callbacks.LambdaCallback(on_epoch_end=3)


def test_direction_follows_the_name_of_the_result():
    def better(name, value, reference):
        watch = callbacks.EarlyStopping(monitor=name)
        watch.set_model(Model())
        return watch.is_improvement(value, reference)

    assert better("val_accuracy", 0.9, 0.8) and better("val_auc", 0.9, 0.8)
    assert better("val_out_loss", 0.8, 0.9) and better("mae", 0.8, 0.9)
    with pytest.raises(ConfigurationError, match="can't tell"):
        better("wellbeing", 1.0, 2.0)
    with pytest.raises(ConfigurationError, match="mode must be"):
        callbacks.EarlyStopping(mode="up")


def test_missing_result_warns_and_names_the_available_ones():
    with pytest.warns(UserWarning, match="Available metrics are: loss,val_loss"):
        run(callbacks.EarlyStopping(monitor="val_acc"), [1.0])
    with pytest.warns(UserWarning, match="not available"):
        run(callbacks.ReduceLROnPlateau(monitor="val_acc"), [1.0])


def test_progress_lines_of_a_run(capsys):
    run_with_list(callbacks.CallbackList(add_progbar=True, verbose=1, epochs=2, steps=4), [0.78, 0.5])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Epoch 1/2" and lines[2] == "Epoch 2/2" and len(lines) == 4
    assert lines[1].startswith("4/4 [==============================] - 0s ")
    assert lines[1].endswith("/step - loss: 0.7800 - val_loss: 0.7800")
    run_with_list(callbacks.CallbackList(add_progbar=True, verbose=0, epochs=2, steps=4), [0.78, 0.5])
    assert capsys.readouterr().out == ""


def run_with_list(group, results):
    group.on_train_begin()
    for epoch, value in enumerate(results):
        group.on_epoch_begin(epoch)
        group.on_progress("train", 1, {"loss": value})
        group.on_test_begin()
        group.on_test_end()
        group.on_epoch_end(epoch, {"loss": value, "val_loss": value})
    group.on_train_end()


class Average:
    def __init__(self, value):
        self.value = np.array([value])

    def numpy(self):
        return self.value

    def assign(self, value):
        self.value = np.array(value)


def test_swap_ema_weights_shows_averages_for_evaluation():
    model = Model()
    optimizer = model.optimizer
    optimizer.use_ema = True
    weight, average = Average(1.0), Average(5.0)
    optimizer._trainable_variables, optimizer._averages = [weight], [average]
    swap = callbacks.SwapEMAWeights(swap_on_epoch=True)
    swap.set_model(model)
    swap.set_params({"epochs": 2})
    swap.on_test_begin()
    assert weight.value == 5.0
    swap.on_test_end()
    assert weight.value == 1.0 and average.value == 5.0
    swap.on_epoch_end(0)
    assert weight.value == 5.0
    swap.on_epoch_begin(1)
    assert weight.value == 1.0
    swap.on_epoch_end(1)
    assert weight.value == 5.0 and average.value == 5.0


def test_swap_ema_weights_needs_averages():
    swap = callbacks.SwapEMAWeights()
    swap.set_model(Model())
    with pytest.raises(StateError, match="averages"):
        swap.on_test_begin()


def test_remote_monitor_posts_json(tmp_path):
    import json
    import socket
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from urllib.parse import parse_qs

    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            received.append((self.path, self.headers["Content-Type"], body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    root = f"http://127.0.0.1:{server.server_port}"
    try:
        callbacks.RemoteMonitor(root).on_epoch_end(0, {"loss": np.float32(0.5)})
        callbacks.RemoteMonitor(root, send_as_json=True).on_epoch_end(1, {"loss": 0.25})
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert json.loads(parse_qs(received[0][2])["data"][0]) == {"epoch": 0, "loss": 0.5}
    assert received[0][0] == "/publish/epoch/end/"
    assert received[1][1] == "application/json" and json.loads(received[1][2]) == {"epoch": 1, "loss": 0.25}
    # A port that nobody listens at, and that nobody else can get meanwhile.
    with socket.socket() as taken, pytest.warns(UserWarning, match="Could not reach"):
        taken.bind(("127.0.0.1", 0))
        callbacks.RemoteMonitor(f"http://127.0.0.1:{taken.getsockname()[1]}").on_epoch_end(0, {})


def test_backup_and_restore_checks_its_arguments():
    with pytest.raises(ConfigurationError, match="folder"):
        callbacks.BackupAndRestore("")
    with pytest.raises(ConfigurationError, match="save_freq"):
        callbacks.BackupAndRestore("backup", save_freq=0)
    backup = callbacks.BackupAndRestore("backup")
    model = Model()
    model.built = False
    backup.set_model(model)
    with pytest.raises(StateError, match="before fit"):
        backup.on_train_begin()


def test_no_warning_and_no_file_from_a_quiet_run(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(callbacks.EarlyStopping(), [1.0, 0.5])
    assert os.listdir(tmp_path) == []


def test_a_monitor_reaches_web_servers_only():
    with pytest.raises(ConfigurationError, match="web server"):
        callbacks.RemoteMonitor(root="file:///etc/passwd")
