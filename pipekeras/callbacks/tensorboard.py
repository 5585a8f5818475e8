"""Log a training run for TensorBoard."""

from __future__ import annotations

import os
import time
from typing import Any

import numpy as np

from pipekeras.callbacks.callback import Callback, Logs
from pipekeras.callbacks.learning_rate import read_learning_rate
from pipekeras.callbacks.projector import Projector
from pipekeras.core.errors import ConfigurationError
from pipekeras.core.registry import register


@register("callback")
class TensorBoard(Callback):
    """Write event files that TensorBoard shows: results, distributions of weights, pictures of weights, the model.

    Results of training go to the folder `train`, those of validation to `validation` in `log_dir`, under the names
    that Keras gives them (`epoch_loss`, `batch_loss`, `evaluation_loss_vs_iterations`). TensorFlow is not needed.

    Args:
        log_dir: str or path of a folder, one for each run, default "logs".
        histogram_freq: int, epochs between two distributions of all weights, 0 for none, default 0.
        write_graph: bool, write the model's layers, default True.
        write_images: bool, write weights as pictures too, together with their distributions, default False.
        write_steps_per_second: bool, write how fast training is, default False.
        update_freq: "epoch", or "batch" or int: batches between two entries of results, default "epoch".
        profile_batch: must be 0: what a profiler of TensorFlow would record is not there.
        embeddings_freq: int, epochs between two writings of the weights of Embedding layers for TensorBoard's
            projector, 0 for none, default 0.
        embeddings_metadata: str, or dict from the name of an Embedding layer to str, the file with the label of each
            row, relative to `log_dir`, default None.

    Raises:
        ConfigurationError: For an option that is not available here, an `update_freq` that does not exist, or
            metadata of a layer that is no Embedding of the model.

    Example:
        >>> from pipekeras.callbacks import TensorBoard
        >>> TensorBoard(log_dir="logs/first").log_dir
        'logs/first'

    Source:
        Keras' `TensorBoard`; https://www.tensorflow.org/tensorboard
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str] = "logs",
        histogram_freq: int = 0,
        write_graph: bool = True,
        write_images: bool = False,
        write_steps_per_second: bool = False,
        update_freq: int | str = "epoch",
        profile_batch: Any = 0,
        embeddings_freq: int = 0,
        embeddings_metadata: Any = None,
    ) -> None:
        super().__init__()
        if profile_batch:
            raise ConfigurationError(
                "TensorBoard here writes results, histograms, pictures, embeddings and the model; no profiles",
                mend="leave out profile_batch",
            )
        if update_freq == "batch":
            update_freq = 1
        if update_freq != "epoch" and (not isinstance(update_freq, (int, float)) or update_freq < 1):
            raise ConfigurationError(f"update_freq must be 'epoch', 'batch' or a number of batches, not {update_freq!r}")
        self.log_dir = os.fspath(log_dir)
        self.histogram_freq = int(histogram_freq)
        self.write_graph = write_graph
        self.write_images = write_images
        self.write_steps_per_second = write_steps_per_second
        self.embeddings_freq = int(embeddings_freq)
        self.embeddings_metadata = embeddings_metadata
        self.update_freq: int | str = update_freq if isinstance(update_freq, str) else int(update_freq)
        self._files: dict[str, Any] = {}
        self._batches = 0
        self._epoch_start = (0, 0.0)
        self._in_fit = False
        self._projector: Projector | None = None

    def listens_to_batches(self, mode: str) -> bool:
        if mode == "train" and type(self).on_train_batch_end is TensorBoard.on_train_batch_end:
            return self.update_freq != "epoch"
        return super().listens_to_batches(mode)

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self._in_fit = True
        self._batches = self._iterations()
        if self.write_graph:
            self._file("train").add_text("keras", self.model.to_json(), 0, "graph_keras_model", b"1")
        if self.embeddings_freq:
            self._projector = Projector(self.log_dir, self.model, self.embeddings_metadata)

    def on_train_end(self, logs: Logs | None = None) -> None:
        self._in_fit = False
        for file in self._files.values():
            file.close()
        self._files.clear()

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        self._epoch_start = (self._iterations(), time.perf_counter())

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self._batches += 1
        if self.update_freq == "epoch" or self._batches % int(self.update_freq):
            return
        self._write("train", {f"batch_{name}": value for name, value in (logs or {}).items()}, self._batches)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        results = dict(logs or {})
        training = {f"epoch_{name}": value for name, value in results.items() if not name.startswith("val_")}
        validation = {
            f"epoch_{name.removeprefix('val_')}": value for name, value in results.items() if name.startswith("val_")
        }
        training["epoch_learning_rate"] = read_learning_rate(self.model.optimizer)
        if self.write_steps_per_second:
            steps, seconds = self._iterations() - self._epoch_start[0], time.perf_counter() - self._epoch_start[1]
            training["epoch_steps_per_second"] = steps / max(seconds, 1e-9)
        self._write("train", training, epoch)
        if validation:
            self._write("validation", validation, epoch)
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            self._write_weights(epoch)
        if self._projector is not None and epoch % self.embeddings_freq == 0:
            self._projector.write()

    def on_test_end(self, logs: Logs | None = None) -> None:
        results = {f"evaluation_{name}_vs_iterations": value for name, value in (logs or {}).items()}
        if results and getattr(self.model, "optimizer", None) is not None:
            self._write("validation", results, self._iterations())
            if not self._in_fit:
                self._files.pop("validation").close()

    def _write(self, run: str, results: dict[str, Any], step: int) -> None:
        file = self._file(run)
        for tag, value in results.items():
            if isinstance(value, (int, float)):
                file.add_scalar(tag, value, step)
        file.flush()

    def _write_weights(self, epoch: int) -> None:
        file = self._file("train")
        for layer in self.model.layers:
            for weight in layer.weights:
                name = weight.path.replace(":", "_")
                values = weight.numpy()
                file.add_histogram(f"{name}/histogram", values, epoch)
                picture = _as_picture(values)
                if self.write_images and picture is not None:
                    file.add_image(f"{name}/image", picture, epoch)
        file.flush()

    def _file(self, run: str) -> Any:
        from pipekeras.callbacks.event_file import EventFile

        if run not in self._files:
            self._files[run] = EventFile(os.path.join(self.log_dir, run))
        return self._files[run]

    def _iterations(self) -> int:
        iterations = self.model.optimizer.iterations
        return int(np.asarray(iterations.numpy() if hasattr(iterations, "numpy") else iterations))


def _as_picture(values: np.ndarray) -> np.ndarray | None:
    """Weights as grey values: a vector as a line, a matrix as it is, kernels of convolutions side by side."""
    if values.ndim == 0 or not values.size:
        return None
    grid = values.astype(np.float64)
    grid = grid.reshape(1, -1) if grid.ndim == 1 else grid.reshape(grid.shape[0], -1)
    lowest, highest = grid.min(), grid.max()
    return (grid - lowest) / (highest - lowest or 1.0) * 255
