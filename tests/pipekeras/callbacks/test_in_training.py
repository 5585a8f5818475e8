"""Callbacks at work in real training."""

import csv
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from pipekeras import callbacks, saving
from pipekeras.core.errors import UserError
from pipekeras.layers import Dense, Dropout, Input
from pipekeras.models import Sequential
from pipekeras.optimizers import SGD, Adam
from pipekeras.utils import set_random_seed


def data(rows=64):
    generator = np.random.default_rng(0)
    x = generator.normal(size=(rows, 3)).astype("float32")
    return x, (x @ np.array([[1.0], [-2.0], [0.5]])).astype("float32")


def compiled(optimizer="sgd", dropout=0.0):
    set_random_seed(1)
    model = Sequential([Input((3,)), Dense(4, activation="tanh"), Dropout(dropout), Dense(1)])
    model.compile(optimizer, "mse")
    return model


def test_early_stopping_restores_the_best_weights():
    x, y = data()
    model = compiled(SGD(0.9))
    seen = []
    keep = callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append((logs["val_loss"], model.get_weights())))
    stop = callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    history = model.fit(x, y, epochs=30, validation_data=(x, -y), callbacks=[keep, stop], verbose=0)
    assert len(history.epoch) < 30 and stop.stopped_epoch == history.epoch[-1]
    _, best = min(seen, key=lambda pair: pair[0])
    for mine, kept in zip(model.get_weights(), best, strict=True):
        np.testing.assert_array_equal(mine, kept)


def test_checkpoints_can_be_loaded(tmp_path):
    x, y = data()
    model = compiled()
    watch = [
        callbacks.ModelCheckpoint(tmp_path / "{epoch}-{loss:.3f}.keras"),
        callbacks.ModelCheckpoint(tmp_path / "old-{epoch}.h5"),
        callbacks.ModelCheckpoint(tmp_path / "w.weights.h5", save_weights_only=True, save_best_only=True, monitor="loss"),
        callbacks.ModelCheckpoint(tmp_path / "b{epoch}-{batch}.keras", save_freq=3),
    ]
    model.fit(x, y, epochs=2, callbacks=watch, verbose=0)
    names = sorted(os.listdir(tmp_path))
    assert len([name for name in names if name.startswith(("1-", "2-"))]) == 2
    assert {"old-1.h5", "old-2.h5", "w.weights.h5", "b2-1.keras"} <= set(names)
    last = saving.load_model(tmp_path / "old-2.h5")
    np.testing.assert_array_equal(last.predict(x, verbose=0), model.predict(x, verbose=0))


def test_schedules_change_the_rate_and_leave_a_trace():
    x, y = data()
    model = compiled(SGD(0.1))
    schedule = callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5)
    history = model.fit(x, y, epochs=3, callbacks=[schedule], verbose=0)
    np.testing.assert_allclose(history.history["learning_rate"], [0.05, 0.025, 0.0125], rtol=1e-6)
    plateau = callbacks.ReduceLROnPlateau(monitor="loss", patience=1, factor=0.1, min_delta=100.0)
    history = model.fit(x, y, epochs=3, callbacks=[plateau], verbose=0)
    np.testing.assert_allclose(history.history["learning_rate"], [0.0125, 0.0125, 0.00125], rtol=1e-5)


def test_csv_logger_holds_the_history(tmp_path):
    x, y = data()
    history = compiled().fit(x, y, epochs=3, validation_split=0.25, verbose=0, callbacks=callbacks.CSVLogger(tmp_path / "l"))
    with open(tmp_path / "l", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["epoch"] for row in rows] == ["0", "1", "2"]
    np.testing.assert_allclose([float(row["val_loss"]) for row in rows], history.history["val_loss"])


def test_batch_hooks_see_every_batch_and_running_results():
    x, y = data(70)
    seen = []
    listen = callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append((batch, logs["loss"])))
    history = compiled().fit(x, y, batch_size=32, epochs=2, verbose=0, callbacks=[listen])
    assert [batch for batch, _ in seen] == [0, 1, 2, 0, 1, 2]
    assert seen[-1][1] == pytest.approx(history.history["loss"][-1])


def test_listening_changes_no_numbers():
    x, y = data(70)
    listen = callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: None)
    first, second = compiled("adam", 0.3), compiled("adam", 0.3)
    first.fit(x, y, epochs=2, verbose=0)
    # Names of layers are drawn anew, seeds are not.
    set_random_seed(1)
    second = compiled("adam", 0.3)
    second.fit(x, y, epochs=2, verbose=0, callbacks=[listen])
    for one, other in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_terminate_on_nan_stops_in_the_epoch(capsys):
    x, y = data()
    model = compiled(SGD(1e30))
    batches = []
    count = callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: batches.append(batch))
    model.fit(x, y, epochs=5, batch_size=8, verbose=0, callbacks=[callbacks.TerminateOnNaN(), count])
    assert len(batches) < 8 and "Invalid loss" in capsys.readouterr().out


def test_swap_ema_weights_evaluates_averages():
    x, y = data()
    model = compiled(Adam(0.05, use_ema=True, ema_momentum=0.9))
    swap = callbacks.SwapEMAWeights(swap_on_epoch=True)
    model.fit(x, y, epochs=3, verbose=0, callbacks=[swap])
    shown = [weight.numpy() for weight in model.trainable_variables]
    for weight, average in zip(shown, model.optimizer._averages, strict=True):
        np.testing.assert_allclose(weight, average.numpy())


RUN = """
import sys
import numpy as np
from pipekeras import callbacks
from pipekeras.layers import Dense, Dropout, Input
from pipekeras.models import Sequential
from pipekeras.utils import set_random_seed

set_random_seed(3)
generator = np.random.default_rng(0)
x = generator.normal(size=(50, 3)).astype("float32")
y = x[:, :1] * 2
model = Sequential([Input((3,)), Dense(4, activation="tanh"), Dropout(0.2), Dense(1)])
model.compile("adam", "mse")

def tell(epoch, logs):
    print("epoch", epoch, flush=True)
    if len(sys.argv) > 2 and epoch == int(sys.argv[2]):
        sys.stdin.readline()

listeners = [callbacks.BackupAndRestore(sys.argv[1]), callbacks.LambdaCallback(on_epoch_end=tell)]
model.fit(x, y, epochs=6, batch_size=16, verbose=0, callbacks=listeners)
print([weight.tobytes().hex() for weight in model.get_weights()])
"""


def test_killed_run_ends_with_the_same_bits_as_an_undisturbed_one(tmp_path):
    def start(folder, *arguments):
        return subprocess.Popen(
            [sys.executable, "-c", RUN, str(tmp_path / folder), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    undisturbed = start("a")
    killed = start("b", "3")
    for line in killed.stdout:
        if line.split() == ["epoch", "3"]:
            break
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    killed.stdin.close()
    assert os.path.exists(tmp_path / "b" / "latest.weights.h5")
    again, _ = start("b").communicate(timeout=600)
    expected, _ = undisturbed.communicate(timeout=600)
    assert [line for line in again.splitlines() if line.startswith("epoch")] == ["epoch 4", "epoch 5"]
    assert again.splitlines()[-1] == expected.splitlines()[-1] and len(expected) > 100
    assert not (tmp_path / "a").exists() and not (tmp_path / "b").exists()


def test_backup_stays_after_an_error_and_goes_on_after_a_damaged_one(tmp_path):
    x, y = data()

    def fail(epoch, logs):
        if epoch == 2:
            raise RuntimeError("power cut")

    def listeners():
        return callbacks.BackupAndRestore(tmp_path / "backup", double_checkpoint=True)

    model = compiled()
    with pytest.raises(RuntimeError, match="power cut"):
        model.fit(x, y, epochs=5, verbose=0, callbacks=[listeners(), callbacks.LambdaCallback(on_epoch_end=fail)])
    latest = tmp_path / "backup" / "latest.weights.h5"
    assert latest.exists() and (tmp_path / "backup" / "latest.weights.h5.bkp").exists()
    latest.write_bytes(latest.read_bytes()[:500])
    history = compiled().fit(x, y, epochs=5, verbose=0, callbacks=[listeners()])
    assert history.epoch == [2, 3, 4] and not (tmp_path / "backup").exists()


@pytest.mark.parametrize("content", ["[1, 2]", "3", '{"epoch": "many"}', '{"epoch": -1}', "[" * 100_000, "{", '{"epoch": true'])
def test_notes_beside_a_backup_are_not_trusted(tmp_path, content):
    x, y = data()
    model = compiled()
    (tmp_path / "b").mkdir()
    model.save_weights(tmp_path / "b" / "latest.weights.h5")
    (tmp_path / "b" / "training_metadata.json").write_text(content)
    with pytest.raises(UserError):
        model.fit(x, y, epochs=1, verbose=0, callbacks=[callbacks.BackupAndRestore(tmp_path / "b")])


def test_a_table_that_a_killed_run_left_within_a_line_goes_on_with_a_new_one(tmp_path):
    x, y = data()
    model = compiled()
    path = tmp_path / "log.csv"
    path.write_text("epoch,loss,val_loss\n0,0.5,NA\n1,0.2")
    model.fit(x, y, epochs=1, verbose=0, callbacks=[callbacks.CSVLogger(path, append=True)])
    lines = path.read_text().splitlines()
    assert lines[2] == "1,0.2" and lines[3].startswith("0,") and len(lines) == 4


KILLED = """
import os, signal, sys, time
import numpy as np
from pipekeras import callbacks
from pipekeras.layers import Dense, Input
from pipekeras.models import Sequential

folder = sys.argv[1]
model = Sequential([Input((3,)), Dense(4)])
model.compile("sgd", "mse")
x, y = np.ones((8, 3), "float32"), np.ones((8, 4), "float32")

def listeners(folder):
    return [
        callbacks.ModelCheckpoint(f"{folder}/m.keras"),
        callbacks.ModelCheckpoint(f"{folder}/m.weights.h5", save_weights_only=True),
        callbacks.CSVLogger(f"{folder}/log.csv", append=True),
        callbacks.TensorBoard(f"{folder}/logs"),
    ]

# The longest lives are those of some epochs on this machine, however slow.
model.fit(x, y, verbose=0, callbacks=listeners(sys.argv[2]))
start = time.process_time()
model.fit(x, y, epochs=4, verbose=0, callbacks=listeners(sys.argv[2]))
taken = time.process_time() - start
for turn in range(12):
    child = os.fork()
    if child == 0:
        try:
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_PROF, taken * (turn + 1) / 4)
            model.fit(x, y, epochs=10**6, verbose=0, callbacks=listeners(folder))
        finally:
            os._exit(1)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
"""


def test_callbacks_of_a_killed_run_leave_whole_files(tmp_path, tmp_path_factory):
    first = str(tmp_path_factory.mktemp("first"))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED, str(tmp_path), first], capture_output=True, text=True, check=False,
        env=os.environ | {"PIPEKERAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    model = saving.load_model(tmp_path / "m.keras")
    model.load_weights(tmp_path / "m.weights.h5")
    with open(tmp_path / "log.csv", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) > 2 and rows[0][:2] == ["epoch", "loss"] and all(len(row) == len(rows[0]) for row in rows)
    for path in (tmp_path / "logs" / "train").iterdir():
        content, place = path.read_bytes(), 0
        # Whole records, of which only the last may be cut.
        while place + 12 <= len(content):
            place += 16 + int.from_bytes(content[place : place + 8], "little")
        assert place >= len(content) - 11


FULL = """
import os, resource, signal, sys
from pipekeras.core.errors import FileFormatError
from pipekeras.layers import Dense, Input
from pipekeras.models import Sequential

folder = sys.argv[1]
model = Sequential([Input((50,)), Dense(60)])
paths = [f"{folder}/m{ending}" for ending in (".keras", ".h5", ".weights.h5")]
save = lambda path: (model.save_weights if "weights" in path else model.save)(path)
for path in paths:
    save(path)
before = {path: open(path, "rb").read() for path in paths}
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for room in (0, 100, 5000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    for path in paths:
        try:
            save(path)
        except FileFormatError as problem:
            assert "what was there before is still there" in str(problem)
        else:
            raise AssertionError(path)
assert before == {path: open(path, "rb").read() for path in paths}
assert sorted(os.listdir(folder)) == ["m.h5", "m.keras", "m.weights.h5"]
"""


def test_a_full_disk_leaves_the_old_files(tmp_path):
    program = [sys.executable, "-W", "ignore", "-c", FULL, str(tmp_path)]
    done = subprocess.run(program, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0, done.stderr
