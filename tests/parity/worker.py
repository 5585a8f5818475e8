"""Run cases of the parity suite in a process where real Keras computes with one backend; prints a line of JSON for each.

KERAS_BACKEND=torch python worker.py PART PARTS [SEED] [NAME or KIND]

PARITY_FROM=N leaves out the first N cases: a library that ends the process is asked again for the rest.
"""

from __future__ import annotations

import itertools
import json
import operator
import os
import sys
import tempfile
import traceback
import warnings
from typing import Any
from unittest import mock

import keras
import numpy as np
from program import Program

import pipekeras

OUTPUTS = 1e-5
TRAINED = 1e-4


class KerasCannot(Exception):
    """Real Keras itself refuses a case, or does not read its own file back: nothing to compare with."""


def theirs_only(function: Any, what: str) -> Any:
    """Return what Keras gives, or say that it gives nothing."""
    try:
        return function()
    except Exception as error:
        text = " ".join(str(error).split())
        raise KerasCannot(f"Keras on {keras.backend.backend()} cannot {what}: {type(error).__name__}: {text[:150]}") from error


def flat(value: Any) -> list[Any]:
    """Return the parts of a list, or the one value."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def numbers(value: Any) -> np.ndarray:
    """Return a tensor of either library as an array."""
    return np.asarray(keras.ops.convert_to_numpy(value) if keras.ops.is_tensor(value) else value.numpy())


def close(found: Any, expected: Any, bound: float, what: str) -> None:
    """Check that two arrays agree within `bound`, of the largest number where that exceeds one."""
    found, expected = np.asarray(found), np.asarray(expected)
    if found.shape != expected.shape:
        raise AssertionError(f"{what}: shape {found.shape}, Keras has {expected.shape}")
    finite = expected[np.isfinite(expected)]
    scale = max(1.0, float(np.abs(finite).max()) if finite.size else 1.0)
    if not np.array_equal(np.isfinite(found), np.isfinite(expected)):
        raise AssertionError(f"{what}: infinite or missing numbers at other places")
    worst = float(np.abs(np.where(np.isfinite(found), found - expected, 0.0)).max()) if found.size else 0.0
    if worst > bound * scale:
        raise AssertionError(f"{what}: off by {worst:.3g}, allowed {bound * scale:.3g}")


def start_values(weights: list[Any]) -> list[np.ndarray]:
    """Return numbers for the weights of a model."""
    generator = np.random.default_rng(11)
    found = []
    for weight in weights:
        values = generator.normal(size=tuple(weight.shape)) * 0.4
        found.append(np.abs(values) + 0.5 if "variance" in weight.path else values)
    return found


def targets_for(program: Program, shapes: list[tuple[int, ...]]) -> Any:
    """Return what the outputs are trained towards."""
    if program.targets is not None:
        return program.targets
    generator = np.random.default_rng(13)
    made = [generator.normal(size=shape).astype("float32") for shape in shapes]
    return made if len(made) > 1 else made[0]


def check(program: Program, index: int) -> list[str]:
    """Compare the two libraries on one case; return what Keras cannot do of it.

    Files are written of every layer, and of some models of the other kinds, whose layers are always the same. Steps are
    compiled in every third case only: elsewhere they run op by op, which is another way through the same ops, and saves
    compiling hundreds of kernels on a machine that has none yet.
    """
    data = program.data()
    inputs: Any = data if len(data) > 1 else data[0]
    first = [part[: program.batch] for part in data]
    first_inputs: Any = first if len(first) > 1 else first[0]
    theirs = theirs_only(lambda: program.model(keras), "build the model")
    ours = program.model(pipekeras)
    paths = [weight.path.split("/")[-1] for weight in theirs.weights]
    if [weight.path.split("/")[-1] for weight in ours.weights] != paths:
        raise AssertionError(f"weights {[weight.path for weight in ours.weights]}, Keras has {paths}")
    values = start_values(theirs.weights)
    for model in (theirs, ours):
        model.set_weights(values)
    expected = [numbers(part) for part in theirs_only(lambda: flat(theirs(first_inputs)), "call it")]
    for symbol, found, part in zip(flat(ours.outputs), flat(ours(first_inputs)), expected, strict=True):
        if not all(size in (None, real) for size, real in zip(symbol.shape, part.shape, strict=True)):
            raise AssertionError(f"the model promises {symbol.shape}, Keras gives {part.shape}")
        close(found.numpy(), part, OUTPUTS, "outputs")
    if program.stateful:
        for found, part in zip(flat(ours(first_inputs)), flat(theirs(first_inputs)), strict=True):
            close(found.numpy(), numbers(part), OUTPUTS, "outputs of the second call")
    wanted = not program.stateful and (program.kind == "layer" or index % 8 == 0)
    cannot = files(theirs, ours, first_inputs, expected) if wanted else []
    train(program, theirs, ours, inputs, eager=index % 3 > 0)
    if program.stateful and not program.random:
        cannot.append("Keras on torch overwrites the lasting states that gradients need, on JAX it drops them: no training")
    return cannot


def forget(*models: Any) -> None:
    """Set the lasting states of recurrent layers to zero."""
    for model in models:
        for layer in model.layers:
            if hasattr(layer, "reset_state"):
                layer.reset_state()


def train(program: Program, theirs: Any, ours: Any, inputs: Any, eager: bool) -> None:
    """Compare three steps of training, and what evaluate() says after them."""
    options = {"batch_size": program.batch, "verbose": 0}
    for model, library in ((theirs, keras), (ours, pipekeras)):
        op_by_op = {"jit_compile": False, "run_eagerly": keras.backend.backend() == "tensorflow"}
        more = op_by_op if library is keras else {"run_eagerly": eager}
        model.compile(**program.compiled(library), **more)
    rows = 3 * program.batch
    if program.stateful:
        forget(theirs, ours)
        shapes = [(rows, *tuple(output.shape)[1:]) for output in flat(theirs.outputs)]
    else:
        shapes = [np.shape(part) for part in flat(ours.predict(inputs, **options))]
    goal = targets_for(program, shapes)
    if not program.random and not program.stateful:
        expected = theirs_only(lambda: trained(program, theirs, inputs, goal, options), "train it")
        found = by_layer(ours, ours.fit(inputs, goal, shuffle=False, epochs=1, **options, **program.fit).history)
        if set(found) != set(expected):
            raise AssertionError(f"logs {sorted(found)}, Keras has {sorted(expected)}")
        for name, part in expected.items():
            close(found[name], part, TRAINED, f"{name} while training")
        for weight, one, other in zip(theirs.weights, ours.get_weights(), theirs.get_weights(), strict=True):
            close(one, other, TRAINED, f"{weight.path} after three steps")
    if program.stateful:
        forget(theirs, ours)
    weighted = {key: value for key, value in program.fit.items() if key == "sample_weight"}
    expected = batch_by_batch(theirs, theirs.test_on_batch, program, inputs, goal, weighted)
    found = by_layer(ours, ours.evaluate(inputs, goal, return_dict=True, **options, **weighted))
    if set(found) != set(expected):
        raise AssertionError(f"evaluate gives {sorted(found)}, Keras {sorted(expected)}")
    for name, part in expected.items():
        close(found[name], part, TRAINED, f"{name} of evaluate")


def by_layer(ours: Any, logs: dict[str, Any]) -> dict[str, Any]:
    """Return logs as Keras names them, of several outputs of a layer after what is measured; it keeps their last loss only."""
    layers = {name: tensor.history[0].name for name, tensor in zip(ours.output_names, ours.outputs, strict=True)}
    found = {}
    for name, value in logs.items():
        output = max((one for one in layers if name.startswith(f"{one}_")), key=len, default="")
        plain = layers.get(output, "") + name.removeprefix(output)
        counted = (f"{plain}_{number}" for number in itertools.count(1))
        again = plain in found and not plain.endswith("_loss")
        found[next(other for other in counted if other not in found) if again else plain] = value
    return found


def trained(program: Program, theirs: Any, inputs: Any, goal: Any, options: dict[str, Any]) -> dict[str, Any]:
    """Return what three steps of Keras' training log.

    A pipeline of data takes TensorFlow longer than the steps themselves: only what `fit` does between and after steps
    needs one.
    """
    if program.kind in ("training", "optimizer", "callback"):
        return dict(theirs.fit(inputs, goal, shuffle=False, epochs=1, **options, **program.fit).history)
    logs = batch_by_batch(theirs, theirs.train_on_batch, program, inputs, goal, program.fit)
    return {name: [value] for name, value in logs.items()}


def batch_by_batch(model: Any, step: Any, program: Program, inputs: Any, goal: Any, more: dict[str, Any]) -> dict[str, Any]:
    """Return what a step logs after the last batch: means over all of them, where Keras would begin anew with each."""
    model.reset_metrics()
    with mock.patch.object(model, "reset_metrics", lambda: None):
        for first in range(0, len(flat(inputs)[0]), program.batch):
            chosen = operator.itemgetter(slice(first, first + program.batch))
            weights = {name: chosen(value) if name == "sample_weight" else value for name, value in more.items()}
            given, wanted = (keras.tree.map_structure(chosen, part) for part in (inputs, goal))
            logs = step(given, wanted, return_dict=True, **weights)
    return dict(logs)


def files(theirs: Any, ours: Any, inputs: Any, expected: list[np.ndarray]) -> list[str]:
    """Write the model with each library in both layouts and read it with the other; return what Keras cannot do."""
    cannot = []
    with tempfile.TemporaryDirectory() as folder:
        for ending in ("keras", "h5"):
            path = os.path.join(folder, f"theirs.{ending}")
            theirs.save(path)
            read = pipekeras.saving.load_model(path, compile=False)
            same_model(read, theirs, inputs, expected, f"Keras' .{ending}, read here")
            try:
                same_model(keras.saving.load_model(path, compile=False), theirs, inputs, expected, "")
            except Exception as error:
                cannot.append(f"Keras does not read its own .{ending} back: {' '.join(str(error).split())[:150]}")
                continue
            path = os.path.join(folder, f"ours.{ending}")
            ours.save(path)
            same_model(keras.saving.load_model(path, compile=False), ours, inputs, expected, f"our .{ending}, read by Keras")
    return cannot


def same_model(read: Any, writer: Any, inputs: Any, expected: list[np.ndarray], what: str) -> None:
    """Check that a model that was read has the weights and the outputs of the one that was written."""
    for one, other in zip(read.get_weights(), writer.get_weights(), strict=True):
        if not np.array_equal(one, other):
            raise AssertionError(f"{what}: other weights")
    for part, wanted in zip(flat(read(inputs)), expected, strict=True):
        close(numbers(part), wanted, OUTPUTS, what)


def initial_values(wanted: str) -> None:
    """Compare what initializers give: the numbers where nothing is drawn, else mean, deviation, bounds and products."""
    import other_programs

    for library in (keras, pipekeras):
        library.utils.set_random_seed(3)
    for name, options, shape in other_programs.INITIALIZERS:
        if wanted not in ("initializer", name):
            continue
        trouble = None
        theirs = numbers(getattr(keras.initializers, name)(**options)(shape))
        ours = getattr(pipekeras.initializers, name)(**options)(shape).numpy()
        again = numbers(getattr(keras.initializers, name)(**options)(shape))
        try:
            if np.array_equal(theirs, again):
                close(ours, theirs, OUTPUTS, "values")
            elif name == "Orthogonal":
                one, other = [min(part @ part.T, part.T @ part, key=np.size) for part in (ours, theirs)]
                close(one, other, OUTPUTS, "products")
            else:
                spread = theirs.std()
                count = np.sqrt(theirs.size)
                close(ours.mean(), theirs.mean(), 8 * spread / count, "mean")
                close(ours.std(), spread, 8 * spread / count, "deviation")
                for low in (0.01, 0.1, 0.5, 0.9, 0.99):
                    close(np.quantile(ours, low), np.quantile(theirs, low), 0.1 * spread, f"quantile {low}")
        except AssertionError as error:
            trouble = str(error)
        print(json.dumps({"case": f"initializer {name}: {options} of {shape}", "wrong": trouble, "cannot": []}), flush=True)


def refuse_what_differs(case: str) -> None:
    """Leave out what Keras computes otherwise on TensorFlow than on PyTorch, with which we agree."""
    if keras.backend.backend() == "tensorflow" and "Conv3D(" in case and "channels_first" in case:
        raise KerasCannot("Keras on TensorFlow gives other numbers than on PyTorch for Conv3D with channels first and a bias")


def main() -> None:
    import layer_programs
    import other_programs

    part, parts = int(sys.argv[1]), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    chosen = [*layer_programs.programs(seed), *other_programs.programs(seed)]
    if len(sys.argv) > 4:
        chosen = [program for program in chosen if sys.argv[4] in (program.name, program.kind)]
    # TensorFlow, op by op, answers what PyTorch answers.
    role = "jax" if keras.backend.backend() == "jax" else "torch"
    chosen = [program for program in chosen if program.referee == role][part::parts]
    warnings.simplefilter("ignore")
    done = int(os.environ.get("PARITY_FROM", "0"))
    if part == 0 and role == "torch" and not done:
        initial_values(sys.argv[4] if len(sys.argv) > 4 else "initializer")
    for index, program in enumerate(chosen):
        if index < done:
            continue
        print(json.dumps({"begun": str(program), "index": index}), flush=True)
        try:
            refuse_what_differs(str(program))
            line = {"case": str(program), "wrong": None, "cannot": check(program, index)}
        except KerasCannot as reason:
            line = {"case": str(program), "wrong": None, "cannot": [str(reason)]}
        except Exception as error:
            trouble = f"{type(error).__name__}: {error}"
            if not isinstance(error, AssertionError):
                trouble += "".join(traceback.format_exc().splitlines(True)[-6:])
            line = {"case": str(program), "wrong": trouble, "cannot": []}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
