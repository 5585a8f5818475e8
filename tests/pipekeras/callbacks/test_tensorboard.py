"""The event files: read back by a reader written from the format's description, and by TensorBoard's own if there."""

import json
import os
import struct
import zlib

import numpy as np
import pytest

from pipekeras import callbacks
from pipekeras.callbacks.event_file import EventFile
from pipekeras.core.errors import ConfigurationError
from pipekeras.layers import Dense, Embedding, Flatten, Input
from pipekeras.models import Sequential
from pipekeras.utils import set_random_seed


def crc32c(data):
    """Bit by bit, most significant first, on reflected input: another way than that of the writer."""
    register = 0xFFFFFFFF
    for byte in data:
        for bit in range(8):
            top = register >> 31 ^ byte >> bit & 1
            register = (register << 1 & 0xFFFFFFFF) ^ (0x1EDC6F41 if top else 0)
    return int(f"{register ^ 0xFFFFFFFF:032b}"[::-1], 2)


def masked(data):
    value = crc32c(data)
    return ((value >> 15) | (value << 17 & 0xFFFFFFFF)) + 0xA282EAD8 & 0xFFFFFFFF


def fields(data):
    """The fields of a protocol buffer: number to list of raw values."""
    found, position = {}, 0

    def number():
        nonlocal position
        value = shift = 0
        while True:
            byte = data[position]
            position += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while position < len(data):
        key = number()
        kind = key & 7
        if kind == 0:
            value = number()
        else:
            length = {1: 8, 5: 4}.get(kind) or number() if kind != 2 else number()
            value = data[position : position + length]
            position += length
            value = struct.unpack("<d", value)[0] if kind == 1 else struct.unpack("<f", value)[0] if kind == 5 else value
        found.setdefault(key >> 3, []).append(value)
    return found


def events(folder):
    """All (step, tag, fields of the value) in the event files of a folder."""
    found = []
    for name in sorted(os.listdir(folder)):
        with open(folder / name, "rb") as stream:
            content = stream.read()
        position = 0
        while position < len(content):
            head = content[position : position + 8]
            length = struct.unpack("<Q", head)[0]
            assert struct.unpack("<I", content[position + 8 : position + 12])[0] == masked(head)
            data = content[position + 12 : position + 12 + length]
            position += 16 + length
            if length < 2000:
                assert struct.unpack("<I", content[position - 4 : position])[0] == masked(data)
            event = fields(data)
            for summary in event.get(5, []):
                for value in fields(summary)[1]:
                    parts = fields(value)
                    found.append((event.get(2, [0])[0], parts[1][0].decode(), parts))
    return found


def trained(folder, **options):
    set_random_seed(1)
    model = Sequential([Input((3,)), Dense(4, name="a"), Dense(1, name="b")], name="m")
    model.compile("sgd", "mse", metrics=["mae"])
    x = np.random.default_rng(0).normal(size=(40, 3)).astype("float32")
    y = x[:, :1]
    board = callbacks.TensorBoard(folder, **options)
    history = model.fit(x, y, epochs=3, batch_size=8, validation_data=(x, y), callbacks=[board], verbose=0)
    return model, history.history


def scalars(found, tag):
    return {step: parts[2][0] for step, name, parts in found if name == tag}


def test_results_of_epochs(tmp_path):
    model, history = trained(tmp_path)
    training, validation = events(tmp_path / "train"), events(tmp_path / "validation")
    for name in ("loss", "mae"):
        written = scalars(training, f"epoch_{name}")
        assert list(written) == [0, 1, 2]
        np.testing.assert_allclose(list(written.values()), history[name], rtol=1e-6)
        np.testing.assert_allclose(list(scalars(validation, f"epoch_{name}").values()), history[f"val_{name}"], rtol=1e-6)
    assert list(scalars(validation, "evaluation_loss_vs_iterations")) == [5, 10, 15]
    assert scalars(training, "epoch_learning_rate")[2] == pytest.approx(0.01)
    graph = next(parts for _, tag, parts in training if tag == "keras")
    assert fields(fields(graph[9][0])[1][0])[1] == [b"graph_keras_model"]
    assert json.loads(fields(graph[8][0])[8][0]) == json.loads(model.to_json())


def test_results_of_batches(tmp_path):
    trained(tmp_path, update_freq=2, write_graph=False, write_steps_per_second=True)
    found = events(tmp_path / "train")
    assert list(scalars(found, "batch_loss")) == [2, 4, 6, 8, 10, 12, 14]
    assert all(value > 0 for value in scalars(found, "epoch_steps_per_second").values())
    assert not any(tag == "keras" for _, tag, _ in found)


def test_distributions_and_pictures_of_weights(tmp_path):
    model, _ = trained(tmp_path, histogram_freq=2, write_images=True)
    found = events(tmp_path / "train")
    written = [(step, parts) for step, tag, parts in found if tag == "m/a/kernel/histogram"]
    assert [step for step, _ in written] == [0, 2]
    histogram = fields(written[1][1][5][0])
    kernel = model.layers[0].get_weights()[0]
    assert histogram[1][0] == pytest.approx(kernel.min()) and histogram[2][0] == pytest.approx(kernel.max())
    assert histogram[3][0] == 12 and histogram[4][0] == pytest.approx(kernel.sum(), abs=1e-5)
    assert np.frombuffer(histogram[7][0]).sum() == 12 and len(np.frombuffer(histogram[6][0])) == 30
    picture = fields(next(parts for _, tag, parts in found if tag == "m/a/kernel/image")[4][0])
    assert (picture[1], picture[2], picture[3]) == ([3], [4], [1])
    png = picture[4][0]
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and png[16:24] == struct.pack(">II", 4, 3)
    start = png.index(b"IDAT") + 4
    lines = np.frombuffer(zlib.decompress(png[start:]), np.uint8).reshape(3, 5)
    assert lines[:, 0].tolist() == [0, 0, 0] and lines[:, 1:].min() == 0 and lines[:, 1:].max() == 255


def test_checksum_of_the_test_is_right():
    assert crc32c(b"123456789") == 0xE3069283


def test_what_is_not_there_is_refused():
    with pytest.raises(ConfigurationError, match="no profiles"):
        callbacks.TensorBoard("logs", profile_batch=2)
    with pytest.raises(ConfigurationError, match="update_freq"):
        callbacks.TensorBoard("logs", update_freq="sometimes")


def _words():
    model = Sequential([Input((3,)), Embedding(5, 2, name="words"), Flatten(), Dense(1)])
    model.compile("sgd", "mse")
    return model, np.zeros((4, 3)), np.zeros((4, 1))


def test_embeddings_are_written_for_the_projector(tmp_path):
    model, x, y = _words()
    logger = callbacks.TensorBoard(tmp_path, embeddings_freq=1, embeddings_metadata={"words": "labels.tsv"})
    model.fit(x, y, verbose=0, callbacks=[logger])
    entry = (tmp_path / "projector_config.pbtxt").read_text()
    assert entry.split() == [
        "embeddings", "{", "tensor_name:", '"words"', "tensor_path:", '"words.tsv"', "metadata_path:", '"labels.tsv"', "}",
    ]  # fmt: skip
    np.testing.assert_allclose(np.loadtxt(tmp_path / "words.tsv"), model.get_layer("words").embeddings.numpy(), rtol=1e-6)


def test_metadata_of_a_layer_that_is_no_embedding(tmp_path):
    model, x, y = _words()
    logger = callbacks.TensorBoard(tmp_path, embeddings_freq=1, embeddings_metadata={"dense": "labels.tsv"})
    with pytest.raises(ConfigurationError, match="'dense', which is no Embedding layer of the model; there are 'words'"):
        model.fit(x, y, verbose=0, callbacks=[logger])


def test_tensorboard_itself_reads_the_files(tmp_path):
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    _, history = trained(tmp_path, histogram_freq=1, write_images=True)
    run = accumulator.EventAccumulator(str(tmp_path / "train"))
    run.Reload()
    np.testing.assert_allclose([event.value for event in run.Scalars("epoch_loss")], history["loss"], rtol=1e-6)
    assert run.Histograms("m/a/kernel/histogram")[0].histogram_value.num == 12
    assert run.Images("m/a/kernel/image")[0].width == 4


def test_two_files_in_one_second_do_not_collide(tmp_path):
    first, second = EventFile(str(tmp_path)), EventFile(str(tmp_path))
    first.close()
    second.close()
    assert first.path != second.path


def test_a_link_planted_under_the_name_of_a_file_is_not_followed(tmp_path, monkeypatch):
    import itertools
    import os
    import socket
    import time

    from pipekeras.callbacks import event_file

    victim = tmp_path / "victim"
    victim.write_text("mine")
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    monkeypatch.setattr(socket, "gethostname", lambda: "../host")
    monkeypatch.setattr(event_file, "_counter", itertools.count())
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / f"events.out.tfevents.1000..._host.{os.getpid()}.0.v2").symlink_to(victim)
    with pytest.raises(FileExistsError):
        event_file.EventFile(str(folder))
    assert victim.read_text() == "mine"
    file = event_file.EventFile(str(folder))
    file.close()
    assert os.path.dirname(file.path) == str(folder)
