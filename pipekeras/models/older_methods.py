"""Methods of models in Keras 1 and 2 that are `fit`, `evaluate` and `predict` today."""

from __future__ import annotations

import itertools
from typing import Any

from pipekeras.core.errors import ArgumentError
from pipekeras.core.structure import flatten

# How batches were made ahead; today they are made when they are asked for.
_IDLE = {"max_queue_size", "max_q_size", "workers", "nb_worker", "use_multiprocessing", "pickle_safe", "nb_val_worker"}


def _checked(call: str, options: dict[str, Any]) -> None:
    for name in options:
        if name not in _IDLE:
            raise ArgumentError(f"{call} has no argument '{name}'")


def _steps_of(source: Any, samples: int | None, steps: int | None) -> tuple[Any, int | None]:
    """Return a source of batches and how many steps see so many samples, by the size of the first batch."""
    if samples is None or steps is not None:
        return source, steps
    if hasattr(source, "__getitem__"):
        first = source[0]
    else:
        source = iter(source)
        first = next(source)
        source = itertools.chain([first], source)
    size = len(flatten(first)[0])
    return source, -(-int(samples) // size)


class OlderMethods:
    """Training, measuring and predicting from generators, under the names and with the arguments of Keras 1 and 2."""

    def fit_generator(
        self: Any,
        generator: Any,
        steps_per_epoch: int | None = None,
        epochs: int = 1,
        verbose: Any = 1,
        callbacks: Any = None,
        validation_data: Any = None,
        validation_steps: int | None = None,
        validation_freq: Any = 1,
        class_weight: Any = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
        shuffle: bool = True,
        initial_epoch: int = 0,
        samples_per_epoch: int | None = None,
        nb_epoch: int | None = None,
        nb_val_samples: int | None = None,
        **options: Any,
    ) -> Any:
        """Train on the batches of a generator: `fit(generator, ...)` today.

        Args:
            generator: generator of batches, or PyDataset.
            steps_per_epoch: int, batches in an epoch.
            epochs, nb_epoch: int, number of the last epoch.
            verbose, callbacks, class_weight, shuffle, initial_epoch, validation_freq: as in `fit`.
            validation_data: (x, y), (x, y, sample_weight), a generator or PyDataset.
            validation_steps: int, batches to validate on.
            samples_per_epoch, nb_val_samples: int, the same counted in rows, as in Keras 1.
            max_queue_size, workers, use_multiprocessing: accepted; batches are made when they are asked for.
        """
        _checked("fit_generator", options)
        generator, steps_per_epoch = _steps_of(generator, samples_per_epoch, steps_per_epoch)
        if nb_val_samples is not None and validation_steps is None and not isinstance(validation_data, tuple | list):
            validation_data, validation_steps = _steps_of(validation_data, nb_val_samples, None)
        return self.fit(
            generator,
            steps_per_epoch=steps_per_epoch,
            epochs=epochs if nb_epoch is None else nb_epoch,
            verbose=verbose,
            callbacks=callbacks,
            validation_data=validation_data,
            validation_steps=validation_steps,
            validation_freq=validation_freq,
            class_weight=class_weight,
            shuffle=shuffle,
            initial_epoch=initial_epoch,
        )

    def evaluate_generator(
        self: Any,
        generator: Any,
        steps: int | None = None,
        callbacks: Any = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
        verbose: Any = 0,
        val_samples: int | None = None,
        **options: Any,
    ) -> Any:
        """Measure on the batches of a generator: `evaluate(generator, ...)` today.

        Args:
            generator: generator of batches, or PyDataset.
            steps: int, batches to take.
            callbacks, verbose: as in `evaluate`.
            max_queue_size, workers, use_multiprocessing: accepted; batches are made when they are asked for.
            val_samples: int, rows to take, as in Keras 1.
        """
        _checked("evaluate_generator", options)
        generator, steps = _steps_of(generator, val_samples, steps)
        return self.evaluate(generator, steps=steps, callbacks=callbacks, verbose=verbose)

    def predict_generator(
        self: Any,
        generator: Any,
        steps: int | None = None,
        callbacks: Any = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
        verbose: Any = 0,
        val_samples: int | None = None,
        **options: Any,
    ) -> Any:
        """Return the outputs for the batches of a generator: `predict(generator, ...)` today.

        Args:
            generator: generator of batches, or PyDataset.
            steps: int, batches to take.
            callbacks, verbose: as in `predict`.
            max_queue_size, workers, use_multiprocessing: accepted; batches are made when they are asked for.
            val_samples: int, rows to take, as in Keras 1.
        """
        _checked("predict_generator", options)
        generator, steps = _steps_of(generator, val_samples, steps)
        return self.predict(generator, steps=steps, callbacks=callbacks, verbose=verbose)
