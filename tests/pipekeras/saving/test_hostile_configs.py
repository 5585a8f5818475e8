"""Configs that were used against others: the load fails with a plain error and runs nothing."""

import json
import os
import zipfile

import pytest

from pipekeras import saving
from pipekeras.core import budget, serialization
from pipekeras.core.custom_objects import custom_object_scope
from pipekeras.core.errors import ConfigurationError, PipekerasError
from pipekeras.layers import Dense, Input
from pipekeras.models import Model, Sequential, functional_config, model_from_json, model_from_yaml
from pipekeras.saving import api, limits


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


# What costs time in the making


def layers_of(*layers, shape=(None, 8, 8, 3)):
    first = {"class_name": "InputLayer", "config": {"batch_shape": shape}}
    return json.dumps({"class_name": "Sequential", "config": {"layers": [first, *layers]}})


def test_more_layers_than_any_model_has_are_counted_before_the_first_is_made(both, guarded):
    def edit(config):
        for index in range(5_001):
            one = {"class_name": "Activation", "config": {"name": f"a{index}", "activation": "relu"}}
            config["config"]["layers"].append(one)

    for path in both(edit):
        guarded(lambda path=path: saving.load_model(path), "more than 5000 layers")
    wrapped = {"class_name": "Activation", "config": {"activation": "relu"}}
    for _ in range(60):
        wrapped = {"class_name": "TimeDistributed", "config": {"layer": wrapped}}
    guarded(lambda: model_from_json(layers_of(*[wrapped] * 90)), "layers")


def test_a_file_asks_for_no_more_weights_than_it_could_hold(both, monkeypatch, guarded):
    monkeypatch.setattr(limits, "_SPARE_VARIABLES", 20)

    def edit(config):
        for index in range(40):
            config["config"]["layers"].append({"class_name": "Dense", "config": {"name": f"a{index}", "units": 1}})

    for path in both(edit):
        guarded(lambda path=path: saving.load_model(path), "many more weights")


@pytest.mark.parametrize(
    "layer",
    [("RandAugment", {"num_ops": 10**9}), ("AugMix", {"num_chains": 10**9}), ("AugMix", {"chain_depth": 10**9})],
    ids=str,
)
def test_a_layer_that_would_be_traced_for_ever(layer, monkeypatch, guarded):
    monkeypatch.setattr(budget, "MOST_STEPS", 3000)
    name, config = layer
    guarded(lambda: model_from_json(layers_of({"class_name": name, "config": config})), "more steps")


@pytest.mark.parametrize(
    "layer",
    [
        ("PReLU", {"shared_axes": 10**9}),
        ("Softmax", {"axis": "x" * 10_000}),
        ("EinsumDense", {"equation": "abc,cd->abd", "output_shape": -1}),
        ("Dense", {"units": 10**400}),
        ("Dropout", {"rate": 10**400}),
        ("Conv1D", {"filters": 10**400, "kernel_size": 3}),
        ("Reshape", {"target_shape": [1] * 100_000}),
        ("LayerNormalization", {"axis": [99] * 100_000}),
        ("Embedding", {"input_dim": 10**12, "output_dim": 10**12}),
    ],
    ids=lambda layer: layer[0],
)
def test_options_that_no_layer_has_are_refused_in_words(layer, guarded):
    name, config = layer
    guarded(lambda: model_from_json(layers_of({"class_name": name, "config": config}, shape=(None, 8, 4))))


def test_words_of_the_users_own_layer_reach_the_user():
    class Fussy(Dense):
        def build(self, input_shape):
            raise LookupError("wants other food")

    with pytest.raises(LookupError, match="other food"):
        model_from_json(layers_of({"class_name": "Fussy", "config": {"units": 3}}), custom_objects={"Fussy": Fussy})


def test_many_small_lists_and_slow_yaml_are_not_read(guarded):
    guarded(lambda: model_from_json("[" + "[]," * 600_000 + "[]]"), "lists and mappings")
    guarded(lambda: model_from_yaml("a: b\n" * 300_000), "at most")
    for text in ("- " * 2000, "[" * 100_000, "!!timestamp x", "2001-99-99", "\x00"):
        guarded(lambda text=text: model_from_yaml(text))


def test_a_regular_expression_from_a_config_is_never_searched_with(guarded):
    """Text layers know a few ways to split and to clean by name; a pattern is refused."""
    for option in ({"split": "(a+)+$"}, {"standardize": "(a+)+$"}, {"output_mode": "(a+)+$"}):
        config = {"class_name": "TextVectorization", "config": option}
        guarded(lambda config=config: model_from_json(layers_of(config, shape=(None, 1))))


# What costs time in the order of things


def _in_a_row(count):
    layers = [{"class_name": "InputLayer", "name": "a0", "config": {"batch_shape": [None, 4], "name": "a0"}}]
    for index in range(1, count):
        tensor = {"shape": [None, 4], "dtype": "float32", "keras_history": [f"a{index - 1}", 0, 0]}
        node = {"args": [{"class_name": "__keras_tensor__", "config": tensor}], "kwargs": {}}
        layer = {"name": f"a{index}", "activation": "relu"}
        layers.append({"class_name": "Activation", "name": f"a{index}", "config": layer, "inbound_nodes": [node]})
    return layers


def test_a_model_written_from_its_end_is_looked_at_once(monkeypatch):
    """Each call was tried in each of as many rounds as there were calls."""
    looked = []
    resolve = functional_config._resolve
    monkeypatch.setattr(functional_config, "_resolve", lambda *call: looked.append(0) or resolve(*call))
    layers = _in_a_row(60)
    config = {"name": "m", "layers": layers[::-1], "input_layers": ["a0", 0, 0], "output_layers": ["a59", 0, 0]}
    model = model_from_json(json.dumps({"class_name": "Functional", "config": config}))
    assert len(looked) == 59
    assert [layer.name for layer in model.layers] == [f"a{index}" for index in range(60)]


@pytest.mark.parametrize(
    "history",
    [["a9", 0, 0], ["a1", 7, 0], ["a1", -1, 0], ["a1", 0.5, 0], ["a1", 0], ["a2", 0, 0], [["a1"], 0, 0], None],
    ids=str,
)
def test_calls_of_what_is_not_there(history, guarded):
    layers = _in_a_row(3)
    layers[2]["inbound_nodes"][0]["args"][0]["config"]["keras_history"] = history
    config = {"name": "m", "layers": layers, "input_layers": ["a0", 0, 0], "output_layers": ["a2", 0, 0]}
    guarded(lambda: model_from_json(json.dumps({"class_name": "Functional", "config": config})))


@pytest.mark.parametrize(
    "layer",
    [
        ("LSTM", {"units": 1, "return_sequences": True}),
        ("BatchNormalization", {}),
        ("Bidirectional", {"layer": {"class_name": "GRU", "config": {"units": 1, "return_sequences": True}}}),
    ],
    ids=lambda layer: layer[0],
)
def test_dear_layers_spend_what_a_model_from_a_file_is_granted(layer, monkeypatch, guarded):
    """Seven hundred in a text pass with the steps that are granted, five thousand do not; with one step less, no fifty."""
    name, config = layer
    layers = [{"class_name": name, "config": {**config, "name": f"a{index}"}} for index in range(50)]
    text = layers_of(*layers, shape=(None, 4, 2))
    with budget.limited_variables(1 << 20):
        granted = budget.work.left
        model_from_json(text)
        spent = granted - budget.work.left
    assert granted / 5000 < spent / 50 < granted / 700
    monkeypatch.setattr(budget, "MOST_STEPS", spent - 1)
    guarded(lambda: model_from_json(text), "more steps")


def test_a_file_with_many_weights_is_granted_more_steps(both, monkeypatch, guarded):
    monkeypatch.setattr(budget, "MOST_STEPS", 0)
    monkeypatch.setattr(budget, "_STEPS_FOR_SAVED_ARRAY", 100)
    for path in both(lambda config: None):
        saving.load_model(path)
    monkeypatch.setattr(budget, "_STEPS_FOR_SAVED_ARRAY", 0)
    for path in both(lambda config: None):
        guarded(lambda path=path: saving.load_model(path), "more steps")


def test_a_shape_of_more_axes_than_arrays_have(guarded):
    guarded(lambda: model_from_json(layers_of(shape=[None] + [1] * 20_000)), "at most 64 axes")
    layers = [{"class_name": "MelSpectrogram", "config": {"name": f"a{index}"}} for index in range(70)]
    guarded(lambda: model_from_json(layers_of(*layers, shape=(None, 80))), "at most 64 axes")


def test_a_long_name_is_cut_in_the_message(guarded):
    for layer in ({"class_name": "x" * 10**6, "config": {}}, {"class_name": "Dense", "config": {"y" * 10**6: 1}}):
        guarded(lambda layer=layer: model_from_json(layers_of(layer)))
    assert len(str(ConfigurationError("x" * 10**6, mend="y" * 10**6))) < 10_000
