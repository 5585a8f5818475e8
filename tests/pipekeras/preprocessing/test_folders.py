"""Data sets of files: both parts at once, sounds, edges instead of distortion."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from pipekeras import utils
from pipekeras.core.errors import ConfigurationError, DataError
from pipekeras.preprocessing.image import save_img


def test_sounds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for label in "ab":
        (tmp_path / label).mkdir()
        for number in range(3):
            with wave.open(str(tmp_path / label / f"{number}.wav"), "wb") as file:
                file.setnchannels(2)
                file.setsampwidth(2)
                file.setframerate(8000)
                file.writeframes((np.arange(2 * (10 + number)) * 1024).astype("<i2").tobytes())
    first, second = utils.audio_dataset_from_directory(
        tmp_path, batch_size=2, shuffle=False, validation_split=0.5, subset="both"
    )
    assert "Using 3 files for training." in capsys.readouterr().out
    shapes = [np.asarray(sounds).shape for sounds, _ in first]
    assert shapes == [(2, 11, 2), (1, 12, 2)] and [np.asarray(labels).tolist() for _, labels in second] == [[1, 1], [1]]
    sounds, _ = next(iter(first))
    assert np.asarray(sounds)[0, :2].tolist() == [[0, 0.03125], [0.0625, 0.09375]] and not np.asarray(sounds)[0, 10].any()
    short = utils.audio_dataset_from_directory(tmp_path, labels=None, output_sequence_length=4, verbose=False)
    assert [np.asarray(batch).shape for batch in short] == [(6, 4, 2)]
    with pytest.raises(DataError, match="8000 samples per second"):
        list(utils.audio_dataset_from_directory(tmp_path, sampling_rate=16000, verbose=False))


def test_pictures_are_filled_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").mkdir()
    save_img(tmp_path / "a" / "one.png", np.full((4, 8, 3), 200.0), scale=False)
    options = {"image_size": (6, 6), "label_mode": None, "verbose": False, "data_format": "channels_first"}
    (batch,) = utils.image_dataset_from_directory(tmp_path, pad_to_aspect_ratio=True, **options)
    assert (np.asarray(batch)[0, :, 0] == 0).all() and np.asarray(batch)[0, :, 3].min() > 199.9
    (cut,) = utils.image_dataset_from_directory(tmp_path, crop_to_aspect_ratio=True, **options)
    assert np.asarray(cut).min() > 199.9 and capsys.readouterr().out == ""
    with pytest.raises(ConfigurationError, match="exclude each other"):
        utils.image_dataset_from_directory(tmp_path, pad_to_aspect_ratio=True, crop_to_aspect_ratio=True)
