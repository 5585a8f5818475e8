"""Configs that were used against others: the load fails with a plain error and runs nothing."""

import json
import os
import zipfile

import pytest

from pipekeras import saving
from pipekeras.core import serialization
from pipekeras.core.custom_objects import custom_object_scope
from pipekeras.core.errors import PipekerasError
from pipekeras.layers import Dense, Input
from pipekeras.models import Model, Sequential, model_from_json, model_from_yaml
from pipekeras.saving import api


def dense_of(config):
    return config["config"]["layers"][1]


MARSHALLED = "4wEAAAAAAAAAAAAAAAAAAAABAAAAAwAAAHMEAAAAlwB8AFMAqQBOqQD6AXjzAAAAAA=="


@pytest.mark.parametrize(
    "function",
    [
        {"class_name": "__lambda__", "config": {"code": MARSHALLED, "defaults": None, "closure": None}},
        [MARSHALLED, None, None],
        {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"},
        {"module": "builtins", "class_name": "function", "config": "eval", "registered_name": "eval"},
        {"module": "pipekeras.datasets.cache", "class_name": "function", "config": "fetch", "registered_name": "fetch"},
        {"module": "pipekeras.saving", "class_name": "function", "config": "load_model", "registered_name": None},
    ],
    ids=["lambda", "keras 2 lambda", "os.system", "eval", "own downloader", "own loader"],
)
def test_code_from_the_config(both, function, guarded):
    def edit(config):
        layer = {"class_name": "Lambda", "module": "keras.layers", "config": {"name": "d", "function": function}}
        config["config"]["layers"][1] = layer

    for path in both(edit):
        guarded(lambda path=path: saving.load_model(path))
        guarded(lambda path=path: saving.load_model(path, safe_mode=False))


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("builtins", "exec"),
        ("subprocess", "Popen"),
        ("pipekeras.datasets.cache", "fetch"),
        ("pipekeras.saving.api", "load_model"),
        ("keras.utils", "get_file"),
        ("pickle", "loads"),
        ("pipekeras.layers", "TFSMLayer"),
        ("pipekeras.layers", "__import__"),
    ],
)
def test_classes_from_anywhere(both, module, name, guarded):
    def edit(config):
        dense_of(config).update({"module": module, "class_name": name, "registered_name": name})

    for path in both(edit):
        guarded(lambda path=path: saving.load_model(path), name)


@pytest.mark.parametrize("name", ["StringLookup", "IntegerLookup", "TextVectorization"])
def test_vocabulary_that_is_a_path(both, tmp_path, name, guarded):
    secret = tmp_path / "secret.txt"
    secret.write_text("1\n2\n")

    def edit(config):
        dense_of(config).update(
            {"module": "keras.layers", "class_name": name, "registered_name": None, "config": {"vocabulary": str(secret)}}
        )

    for path in both(edit):
        guarded(lambda path=path: saving.load_model(path), "vocabulary")


@pytest.mark.parametrize(
    "place", ["activation", "kernel_initializer", "kernel_regularizer", "bias_constraint"]
)
def test_functions_from_anywhere_as_an_option(both, place, guarded):
    options = (
        "os.system",
        {"module": "os", "class_name": "system", "config": {"command": "true"}, "registered_name": None},
        {"module": "builtins", "class_name": "function", "config": "print", "registered_name": "function"},
        {"class_name": "__lambda__", "config": {"code": MARSHALLED}},
    )
    for option in options:
        def edit(config, option=option):
            dense_of(config)["config"][place] = option

        for path in both(edit):
            guarded(lambda path=path: saving.load_model(path))


def test_units_of_a_billion(both, guarded):
    def edit(config):
        dense_of(config)["config"]["units"] = 10**9
        dense_of(config).pop("build_config", None)

    for path in both(edit):
        guarded(lambda path=path: saving.load_model(path), "the config asks for weights")


def test_many_large_layers_that_add_up(both, guarded):
    def edit(config):
        layer = dense_of(config)
        layers = config["config"]["layers"]
        for index in range(50):
            copy = json.loads(json.dumps(layer))
            copy["config"].update({"units": 5000, "name": f"more{index}"})
            copy.pop("build_config", None)
            layers.append(copy)

    for path in both(edit):
        guarded(lambda path=path: saving.load_model(path), "the config asks for weights")


def test_deep_and_huge_json(changed_h5, good, tmp_path, guarded):
    deep = "[" * 200_000 + "]" * 200_000
    huge = json.dumps({"class_name": "Sequential", "config": {"layers": ["x" * (17 << 20)]}})
    nested = '{"class_name": "Sequential", "config": ' * 3000 + "{}" + "}" * 3000
    for text in (deep, huge, nested, "{", "null", "[]", '{"class_name": 3}', '{"class_name": "Dense", "config": 4}'):
        old = changed_h5(lambda file, text=text: file.attrs.__setitem__("model_config", text))
        guarded(lambda path=old: saving.load_model(path))
        new = tmp_path / "bad.keras"
        with zipfile.ZipFile(good / "m.keras") as source, zipfile.ZipFile(new, "w") as target:
            for name in ("metadata.json", "model.weights.h5"):
                target.writestr(name, source.read(name))
            target.writestr("config.json", text)
        guarded(lambda path=new: saving.load_model(path))


def test_config_that_is_no_model(both, guarded):
    def edit(config):
        layer = dense_of(config)
        config.clear()
        config.update(layer)

    for path in both(edit):
        guarded(lambda path=path: saving.load_model(path))


def test_names_with_control_characters_are_shown_escaped(both, guarded):
    def edit(config):
        dense_of(config).update({"class_name": "Den\x1b[2Jse", "registered_name": None})

    for path in both(edit):
        assert "\\x1b" in guarded(lambda path=path: saving.load_model(path))


def test_layer_named_like_a_path_stays_a_name(both, tmp_path):
    def edit(config):
        dense_of(config)["config"]["name"] = "../../escaped"

    before = sorted(os.listdir(tmp_path.parent))
    for path in both(edit):
        try:
            model = saving.load_model(path)
        except PipekerasError:
            continue
        saving.save_model(model, tmp_path / "again.keras")
    assert sorted(os.listdir(tmp_path.parent)) == before


# Texts instead of files


def test_yaml_makes_no_objects(guarded):
    for text in (
        "!!python/object/apply:os.system ['touch escaped']",
        "class_name: !!python/name:os.system\nconfig: {}",
        "class_name: Sequential\nconfig: !!python/object:pipekeras.layers.Dense {}",
    ):
        guarded(lambda text=text: model_from_yaml(text))


def test_yaml_aliases_do_not_multiply(guarded):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{index}: &a{index} [{', '.join([f'*a{index - 1}'] * 10)}]" for index in range(1, 12)]
    lines += ["class_name: Sequential", "config: {layers: [{class_name: Dense, config: {units: *a11}}]}"]
    guarded(lambda: model_from_yaml("\n".join(lines)), "aliases")


def test_json_makes_no_objects(guarded):
    guarded(lambda: model_from_json('{"class_name": "system", "module": "os", "config": {"command": "true"}}'))
    guarded(lambda: model_from_json("[" * 100_000))


# What costs time or memory without a single weight


def compiled_with(**parts):
    def edit(config):
        config["compile_config"] = {"optimizer": "sgd", "loss": "mse", **parts}

    return edit


@pytest.mark.parametrize("name", ["AUC", "PrecisionAtRecall"])
def test_metric_of_a_billion_thresholds(both, name, guarded):
    options = {"num_thresholds": 10**9, **({"recall": 0.5} if name != "AUC" else {})}
    metric = {"module": "keras.metrics", "class_name": name, "config": options, "registered_name": None}
    _, new = both(compiled_with(metrics=[metric]))
    guarded(lambda: saving.load_model(new), "the config asks for")


@pytest.mark.parametrize("content", [[1, 2], "os", 3])
def test_compiled_with_no_mapping(both, content, guarded):
    _, new = both(lambda config: config.update(compile_config=content))
    guarded(lambda: saving.load_model(new), "mapping")
    text = json.dumps({"class_name": "Sequential", "config": {"layers": []}, "compile_config": content})
    guarded(lambda: model_from_json(text), "mapping")


def test_more_objects_than_any_model_has(both, monkeypatch, guarded):
    """Time grows with the number of layers; it is counted."""
    monkeypatch.setattr(serialization, "_MOST_OBJECTS", 300)

    def edit(config):
        for index in range(400):
            layer = {"name": f"a{index}", "activation": "relu"}
            config["config"]["layers"].append({"class_name": "Activation", "module": "keras.layers", "config": layer})

    for path in both(edit):
        guarded(lambda path=path: saving.load_model(path), "more than 300 objects")


def test_memory_that_no_comparison_foresees_is_bounded(both, monkeypatch, guarded):
    monkeypatch.setattr(api, "_SPARE_BYTES", 64 << 20)
    edges = [0.0] * 10

    class Greedy(Dense):
        def __init__(self, units, **options):
            super().__init__(units, **options)
            edges.extend([0.0] * 10**9)

    with custom_object_scope({"Dense": Greedy}):
        for path in both(lambda config: None):
            guarded(lambda path=path: saving.load_model(path), "of memory")


def test_two_layers_of_one_name(tmp_path, guarded):
    inputs = Input((4,), name="x")
    model = Model(inputs, Dense(2, name="b")(Dense(3, name="a")(inputs)))
    text = model.to_json().replace('"name": "b"', '"name": "a"')
    guarded(lambda: model_from_json(text), "two layers", "'a'")


@pytest.mark.parametrize("name", ["a\x00b", "\ud800", "..", "a/../b", ""])
def test_names_that_no_file_can_hold_are_refused_when_saving(name, tmp_path, guarded):
    model = Sequential([Input((4,)), Dense(3)])
    model.layers[-1].__dict__["name"] = name
    endings = [".h5", ".hdf5"] if name.isprintable() else [".h5", ".keras", ".weights.h5"]
    for ending in endings:
        path = tmp_path / f"m{ending}"
        save = saving.save_weights if ending.startswith(".weights") else saving.save_model
        guarded(lambda save=save, path=path: save(model, path), "no file can hold")
        assert not path.exists()
