"""Every layer through its word: the same configuration, weights, outputs, training step and files as in Python."""

from __future__ import annotations

import importlib.util
import json
import pathlib
import sys
from typing import Any

import numpy as np
import pytest
from pipekeras.grammar.keras import names
from pipekeras.grammar.keras.convert import result
from pipekeras.grammar.session import Session
from pipekeras.grammar.values import character

import pipekeras as pk

_spec = importlib.util.spec_from_file_location("layer_cases", pathlib.Path(__file__).with_name("layer_cases.py"))
assert _spec is not None and _spec.loader is not None
layer_cases = sys.modules.setdefault("layer_cases", importlib.util.module_from_spec(_spec))
if not hasattr(layer_cases, "CASES"):
    _spec.loader.exec_module(layer_cases)

# R keras counts these axes from 1, the batch included.
ONE_BASED = {"BatchNormalization", "LayerNormalization"}


def text(value: Any) -> str | None:
    """A plain value as the language writes it, or None for one that is not plain."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return f"{value}L"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list | tuple):
        parts = [text(item) for item in value]
        return None if None in parts else f"list({', '.join(map(str, parts))})"
    return None


def chosen() -> list[tuple[Any, str, str]]:
    """The first case of each layer whose arguments are plain and whose input is one tensor."""
    found: dict[str, tuple[Any, str, str]] = {}
    for case in layer_cases.CASES:
        word = names.spelled("layer", case.name)
        keywords = dict(case.keywords)
        if case.name in ONE_BASED and isinstance(keywords.get("axis"), int) and keywords["axis"] > 0:
            keywords["axis"] += 1
        arguments = {key: text(value) for key, value in keywords.items()}
        if case.name not in found and not isinstance(case.shapes, list) and None not in arguments.values():
            found[case.name] = (case, word, ", ".join(f"{key} = {value}" for key, value in arguments.items()))
    return list(found.values())


CHOSEN = chosen()


@pytest.fixture(scope="module")
def session() -> Session:
    made = Session()
    made.activate()
    made.evaluate_text("library(keras)")
    return made


def input_text(case: Any) -> str:
    kind = ', dtype = "int32"' if case.integers else ""
    return f"layer_input(shape = {text(list(case.shapes))}{kind})"


def rows(case: Any) -> np.ndarray:
    generator = np.random.default_rng(5)
    if case.integers:
        return generator.integers(0, case.integers, (4, *case.shapes)).astype("int32")
    return generator.normal(size=(4, *case.shapes)).astype("float32")


def model_in_python(case: Any) -> Any:
    pk.utils.set_random_seed(3)
    inputs = pk.Input(tuple(case.shapes), dtype="int32" if case.integers else "float32")
    return pk.Model(inputs, getattr(pk.layers, case.name)(**case.keywords)(inputs))


def config_of(model: Any) -> dict[str, Any]:
    return {key: value for key, value in json.loads(json.dumps(model.layers[1].get_config())).items() if key != "name"}


@pytest.mark.parametrize(("case", "word", "arguments"), CHOSEN, ids=[case.name for case, _, _ in CHOSEN])
def test_a_layer_by_its_word(session: Session, case: Any, word: str, arguments: str, tmp_path: pathlib.Path) -> None:
    session.activate()
    made = f"{word}({arguments})" if arguments else f"{word}()"
    session.evaluate_text(f"set_random_seed(3)\ninput <- {input_text(case)}\nmodel <- keras_model(input, input %>% {made})")
    model = session.globals.get("model").value
    twin = model_in_python(case)
    assert config_of(model) == config_of(twin)
    assert model.output_shape == twin.output_shape
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), twin.get_weights(), strict=True))

    x = rows(case)
    expected = twin.predict(x, verbose=0)
    parts = expected if isinstance(expected, list) else [expected]
    inferred = twin.output_shape[0] if isinstance(expected, list) else twin.output_shape
    assert tuple(parts[0].shape[1:]) == tuple(inferred[1:])
    session.globals.set("x", result(x))
    session.globals.set("path", character(str(tmp_path / "model.keras")))
    session.evaluate_text("found <- predict(model, x, verbose = 0)\nsave_model(model, path)\nagain <- load_model(path)\n"
                          "copy <- clone_model(model)")  # fmt: skip
    again, copy = session.globals.get("again").value, session.globals.get("copy").value
    for other in (model, again):
        outputs = other.predict(x, verbose=0)
        for found, wanted in zip(outputs if isinstance(outputs, list) else [outputs], parts, strict=True):
            np.testing.assert_array_equal(found, wanted)
    assert config_of(copy) == config_of(twin)

    if len(parts) == 1 and parts[0].dtype == np.float32:
        y = np.zeros_like(parts[0])
        session.globals.set("y", result(y))
        session.evaluate_text('model %>% compile(optimizer = "sgd", loss = "mse")\nset_random_seed(4)\n'
                              "loss <- as.numeric(train_on_batch(model, x, y)[[1]])")  # fmt: skip
        twin.compile(optimizer="sgd", loss="mse")
        pk.utils.set_random_seed(4)
        step = twin.train_on_batch(x, y)
        assert session.globals.get("loss").items()[0] == (step[0] if isinstance(step, list) else step)
        assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), twin.get_weights(), strict=True))


@pytest.mark.parametrize(("case", "word", "arguments"), CHOSEN, ids=[case.name for case, _, _ in CHOSEN])
def test_a_layer_by_its_word_in_double_precision(session: Session, case: Any, word: str, arguments: str) -> None:
    session.activate()
    made = f"{word}({arguments}{', ' if arguments else ''}dtype = \"float64\")"
    kind = "int32" if case.integers else "float64"
    source = f"layer_input(shape = {text(list(case.shapes))}, dtype = \"{kind}\")"
    session.evaluate_text(f"set_random_seed(3)\ninput <- {source}\nmodel <- keras_model(input, input %>% {made})")
    model = session.globals.get("model").value
    pk.utils.set_random_seed(3)
    inputs = pk.Input(tuple(case.shapes), dtype=kind)
    twin = pk.Model(inputs, getattr(pk.layers, case.name)(**case.keywords, dtype="float64")(inputs))
    x = rows(case) if case.integers else rows(case).astype("float64")
    wanted, found = (one.numpy() for one in (first(twin(x)), first(model(x))))
    assert found.dtype == wanted.dtype and (wanted.dtype == np.float64 or wanted.dtype.kind in "iub")
    np.testing.assert_array_equal(found, wanted)


def first(outputs: Any) -> Any:
    return outputs[0] if isinstance(outputs, list | tuple) else outputs


# The mask of time fits no axis of softmax over features, here as in Keras.
MASKED = [part for part in CHOSEN if len(part[0].shapes) == 2 and not part[0].integers and part[0].name != "Softmax"]


@pytest.mark.filterwarnings("ignore:.*does not support masks")
@pytest.mark.parametrize(("case", "word", "arguments"), MASKED, ids=[case.name for case, _, _ in MASKED])
def test_a_layer_by_its_word_behind_a_mask(session: Session, case: Any, word: str, arguments: str) -> None:
    session.activate()
    session.evaluate_text(
        f"set_random_seed(3)\ninput <- {input_text(case)}\nmodel <- keras_model(input, input %>% layer_masking() %>% "
        f"{word}({arguments}))"
    )
    model = session.globals.get("model").value
    pk.utils.set_random_seed(3)
    inputs = pk.Input(tuple(case.shapes))
    twin = pk.Model(inputs, getattr(pk.layers, case.name)(**case.keywords)(pk.layers.Masking()(inputs)))
    x = rows(case)
    x[1, -1] = x[2, 0] = 0.0
    wanted, found = first(twin(x)), first(model(x))
    np.testing.assert_array_equal(found.numpy(), wanted.numpy())
    assert (found.mask is None) == (wanted.mask is None)
    if found.mask is not None:
        np.testing.assert_array_equal(found.mask.numpy(), wanted.mask.numpy())


def test_most_layers_are_here() -> None:
    assert len(CHOSEN) >= 75
