"""A file that is replaced is the old one or the new one at every moment, and keeps its rights and links."""

import os
import signal
import subprocess
import sys
import time

import numpy as np

from pipekeras.layers import Dense, Input
from pipekeras.models import Sequential


def test_permissions_and_links_of_a_replaced_file_stay(tmp_path):
    model = Sequential([Input((4,)), Dense(3)])
    target = tmp_path / "real.keras"
    model.save(target)
    assert target.stat().st_mode & 0o777 == 0o666 & ~_umask()
    target.chmod(0o640)
    (tmp_path / "link.keras").symlink_to(target)
    model.save(tmp_path / "link.keras")
    assert (tmp_path / "link.keras").is_symlink() and target.stat().st_mode & 0o777 == 0o640


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


WRITER = """
import sys
import numpy as np
from pipekeras.layers import Dense, Input
from pipekeras.models import Sequential

model = Sequential([Input((200,)), Dense(300, name="a")])
count = 0
while True:
    count += 1
    model.set_weights([np.full((200, 300), count), np.full(300, count)])
    model.save(sys.argv[1] + ".keras")
    model.save(sys.argv[1] + ".h5")
    model.save_weights(sys.argv[1] + ".weights.h5")
    if count == 1:
        print("ready", flush=True)
"""


def test_kill_at_any_moment_leaves_the_old_file_or_the_new(tmp_path):
    generator = np.random.default_rng(0)
    check = Sequential([Input((200,)), Dense(300, name="a")])
    for _ in range(4):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "m")], stdout=subprocess.PIPE, text=True)
        assert writer.stdout.readline() == "ready\n"
        time.sleep(0.05 + generator.random() * 0.15)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        for ending in ("keras", "h5", "weights.h5"):
            check.load_weights(tmp_path / f"m.{ending}")
            kernel, bias = check.get_weights()
            assert np.all(kernel == kernel[0, 0]) and np.all(bias == kernel[0, 0]) and kernel[0, 0] >= 1


KILLER = """
import os, random, signal, sys, time
import numpy as np
from pipekeras.layers import Dense, Input
from pipekeras.models import Sequential

folder, endings, generator, seen = sys.argv[1], ("keras", "h5", "weights.h5"), random.Random(1), set()
model, check = (Sequential([Input((20,)), Dense(30, name="a")]) for _ in range(2))
model.compile("sgd", "mse")

def save(count):
    model.set_weights([np.full((20, 30), count), np.full(30, count)])
    for ending in endings:
        (model.save_weights if ending.startswith("weights") else model.save)(f"{folder}/m.{ending}")

save(1)
# Lives of up to two saves, however slow the machine.
start = time.process_time()
for _ in range(5):
    save(1)
taken = (time.process_time() - start) / 5
for turn in range(200):
    seconds = taken * (0.05 + 2 * generator.random())
    child = os.fork()
    if child == 0:
        try:
            # What ends a process by its processor time is as abrupt as SIGKILL, and a crowded machine changes nothing.
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_PROF, seconds)
            count = 2
            while True:
                save(count)
                count += 1
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the child ended by itself"
    check.load_weights(f"{folder}/m.{endings[turn % 3]}")
    kernel, bias = check.get_weights()
    assert np.all(kernel == kernel[0, 0]) and np.all(bias == kernel[0, 0]) and kernel[0, 0] >= 1
    seen.add(float(kernel[0, 0]))
print(len(seen), *[name for name in os.listdir(folder) if not name.startswith(".m.")])
"""


def test_killed_two_hundred_times_in_the_middle_of_saving(tmp_path):
    """A process saves without end, is killed at a random moment, and its files are read; 200 times."""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", KILLER, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    count, *names = done.stdout.split()
    assert int(count) > 1, "no save came to its end: the kills came too early to say anything"
    assert sorted(names) == ["m.h5", "m.keras", "m.weights.h5"]
