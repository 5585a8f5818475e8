"""Models that begin with text or categories: their numbers are made before the compiled program."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipekeras import Input, Model, Sequential, layers, models, ops, saving
from pipekeras.core import configuration
from pipekeras.core.errors import ConfigurationError, DataError, ShapeError
from pipekeras.data import Dataset

TEXTS = np.array(["the cat sat", "the dog ran on", "a bird", "dog cat"])
GOAL = np.array([1.0, 0.0, 1.0, 0.0])


def vectorizer(**options: Any) -> Any:
    layer = layers.TextVectorization(**options)
    layer.adapt(TEXTS)
    return layer


def read(text: Any, vectorize: Any) -> Any:
    numbers = vectorize(text)
    if vectorize.output_mode != "int":
        return numbers
    return layers.GlobalAveragePooling1D()(layers.Embedding(12, 3, embeddings_initializer="orthogonal")(numbers))


def text_model(**options: Any) -> Any:
    configuration.set_random_seed(5)
    text = Input((1,), dtype="string")
    model = Model(text, layers.Dense(1)(read(text, vectorizer(**options))))
    model.compile("sgd", "mse")
    return model


def by_hand(**options: Any) -> Any:
    """The same model on numbers."""
    configuration.set_random_seed(5)
    vectorize = vectorizer(**options)
    shape = layers.Input((1,), dtype="string")
    numbers = Input(vectorize(shape).shape[1:], dtype="int32" if vectorize.output_mode == "int" else "float32")
    model = Model(numbers, layers.Dense(1)(read(numbers, lambda_of(vectorize))))
    model.compile("sgd", "mse")
    return model, vectorize


def lambda_of(vectorize: Any) -> Any:
    class Same:
        output_mode = vectorize.output_mode

        def __call__(self, numbers: Any) -> Any:
            return numbers

    return Same()


@pytest.mark.parametrize("options", [{"output_sequence_length": 4}, {"output_mode": "tf_idf"}], ids=str)
def test_a_model_on_text_learns_what_one_on_its_numbers_learns(options: dict[str, Any]) -> None:
    model, (plain, vectorize) = text_model(**options), by_hand(**options)
    plain.set_weights(model.get_weights())
    numbers = vectorize(TEXTS).numpy()
    fitted = model.fit(TEXTS, GOAL, batch_size=2, epochs=3, shuffle=False, verbose=0, validation_split=0.25)
    expected = plain.fit(numbers, GOAL, batch_size=2, epochs=3, shuffle=False, verbose=0, validation_split=0.25)
    assert fitted.history == expected.history
    assert np.array_equal(model.predict(TEXTS), plain.predict(numbers))
    assert model.evaluate(TEXTS, GOAL, verbose=0) == plain.evaluate(numbers, GOAL, verbose=0)
    assert np.allclose(model(TEXTS).numpy(), plain.predict(numbers), atol=1e-6)
    assert model.train_on_batch(TEXTS, GOAL) == plain.train_on_batch(numbers, GOAL)
    assert np.array_equal(model.predict_on_batch(TEXTS), plain.predict_on_batch(numbers))


def test_texts_of_any_length_fill_up_within_their_batch() -> None:
    model = text_model()
    assert model.layers[1].output.shape == (None, None)
    apart = np.concatenate([model.predict(TEXTS[:2]), model.predict(TEXTS[2:])])
    assert np.allclose(model.predict(TEXTS, batch_size=2), apart)
    assert not np.allclose(model.predict(TEXTS, batch_size=4), apart)
    seen = model.fit(TEXTS, GOAL, batch_size=2, epochs=2, verbose=0, sample_weight=np.ones(4))
    assert len(seen.history["loss"]) == 2


def test_rows_of_texts_are_shuffled_with_their_targets() -> None:
    configuration.set_random_seed(1)
    words = np.array([f"w{number}" for number in range(40)])
    model = Sequential([vectorizer_of(words), layers.Embedding(42, 1), layers.Flatten()])
    model.compile(optimizer="sgd", loss="mae")
    model.fit(words, np.arange(40.0), batch_size=1, epochs=1, verbose=0)
    # Descent on |p - y| moves each word's number by the rate towards its own target, whatever the order.
    moved = model.predict(words).ravel()
    assert moved[0] < 0.06 and (moved[1:] > -0.05 + 0.005).mean() > 0.9


def vectorizer_of(words: np.ndarray) -> Any:
    return layers.TextVectorization(vocabulary=list(words))


@pytest.mark.parametrize("options", [{"output_sequence_length": 4}, {}, {"output_mode": "count"}], ids=str)
def test_models_on_text_stand_in_others(options: dict[str, Any], tmp_path: Path) -> None:
    inner = text_model(**options)
    stack = Sequential([inner, layers.Dense(2)])
    text, number = Input((1,), dtype="string"), Input((3,))
    outer = Model([text, number], layers.Dense(1)(layers.Concatenate()([stack(text), number])))
    outer.compile("sgd", "mse")
    data = [TEXTS, np.ones((4, 3), "float32")]
    history = outer.fit(data, GOAL, epochs=2, batch_size=2, verbose=0, validation_data=(data, GOAL))
    assert history.history["loss"][1] != history.history["loss"][0]
    expected = outer.predict(data)
    assert np.allclose(outer(data).numpy(), expected, atol=1e-6)
    copy = models.clone_model(outer)
    copy.set_weights(outer.get_weights())
    assert np.array_equal(copy.predict(data), expected)
    for ending in ("keras", "h5"):
        outer.save(tmp_path / f"model.{ending}")
        assert np.array_equal(saving.load_model(tmp_path / f"model.{ending}").predict(data), expected)


def test_texts_come_in_lists_dicts_and_data_sets() -> None:
    words, codes = Input((2,), dtype="string", name="words"), Input((1,), dtype="int64", name="codes")
    marks = layers.StringLookup(vocabulary=["u", "v"], output_mode="multi_hot")(words)
    places = layers.IntegerLookup(vocabulary=[50, 70])(codes)
    crossed = layers.HashedCrossing(4, output_mode="one_hot")([layers.Hashing(3)(codes), codes])
    both = layers.Concatenate()([marks, layers.Flatten()(layers.Embedding(3, 2)(places)), crossed])
    model = Model({"words": words, "codes": codes}, layers.Dense(1)(both))
    model.compile("sgd", "mse")
    data = {"words": np.array([["u", "v"], ["v", "z"]]), "codes": np.array([[50], [9]])}
    expected = model.predict(data)
    assert np.array_equal(model.predict({"words": [["u", "v"], ["v", "z"]], "codes": data["codes"]}), expected)
    batches = Dataset.from_tensor_slices((data, np.ones(2))).batch(1)
    assert np.array_equal(model.predict(batches), expected)
    assert model.evaluate(batches, verbose=0) == pytest.approx(model.evaluate(data, np.ones(2), verbose=0))
    single = text_model(output_sequence_length=3)
    assert np.array_equal(single.predict(list(TEXTS)), single.predict(TEXTS))
    assert np.array_equal(single.predict(TEXTS[:, None]), single.predict(TEXTS))


def test_a_call_of_the_user_runs_op_by_op_on_text_and_says_so() -> None:
    class Own(Model):
        def __init__(self) -> None:
            super().__init__()
            self.vectorize = vectorizer()
            self.score = layers.Dense(1)

        def call(self, inputs: Any) -> Any:
            return self.score(ops.cast(self.vectorize(inputs), "float32")[:, :1])

    model = Own()
    model.compile("sgd", "mse")
    with pytest.warns(UserWarning, match="op by op"):
        history = model.fit(TEXTS, GOAL, epochs=2, batch_size=2, shuffle=False, verbose=0)
    assert history.history["loss"][1] < history.history["loss"][0]
    assert model.predict(TEXTS).shape == (4, 1)


def as_keras_writes(source: Path, target: Path, words: dict[str, list[str]]) -> None:
    """Copy a model file with the words of layers taken out of the configuration and put beside it."""
    with zipfile.ZipFile(source) as read_from, zipfile.ZipFile(target, "w") as written:
        for name in read_from.namelist():
            content = read_from.read(name)
            if name == "config.json":
                config = json.loads(content)
                for layer in config["config"]["layers"]:
                    if layer["config"].get("vocabulary"):
                        layer["config"].update(vocabulary=None, idf_weights=None, vocabulary_size=len(words[layer["name"]]))
                content = json.dumps(config).encode()
            written.writestr(name, content)
        for number, listed in enumerate(words.values()):
            folder = f"assets/layers/text_vectorization{f'_{number}' if number else ''}"
            written.writestr(f"{folder}/vocabulary.txt", "\n".join(listed))


@pytest.mark.parametrize("options", [{"output_sequence_length": 4}, {"output_mode": "tf_idf"}], ids=str)
def test_words_that_keras_wrote_beside_the_configuration_are_read(options: dict[str, Any], tmp_path: Path) -> None:
    model = text_model(**options)
    model.save(tmp_path / "ours.keras")
    layer = model.layers[1]
    as_keras_writes(tmp_path / "ours.keras", tmp_path / "theirs.keras", {layer.name: layer.get_vocabulary()})
    again = saving.load_model(tmp_path / "theirs.keras")
    assert again.layers[1].get_vocabulary() == layer.get_vocabulary()
    assert np.array_equal(again.predict(TEXTS), model.predict(TEXTS))


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda: layers.Dense(2)(Input((1,), dtype="string")), ConfigurationError, "its input is text"),
        (lambda: ops.exp(Input((1,), dtype="string")), ConfigurationError, "its input is text"),
        (lambda: layers.StringLookup()(Input((1,))), ConfigurationError, "its input is numbers"),
        (lambda: text_model().predict(np.ones((2, 1))), DataError, "takes text"),
        (lambda: text_model().predict(np.array([["a", "b"]])), ShapeError, "takes x of shape"),
        (lambda: layers.TextVectorization()(Input((2,), dtype="string")), ShapeError, "one text for each sample"),
        (lambda: by_hand(output_mode="count")[0].predict(TEXTS), DataError, "models take numbers"),
        (lambda: words_back().predict(np.array([[1]])), DataError, "gives text"),
    ],
)
def test_errors_say_where_text_goes(wrong: Callable[[], Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        wrong()


def words_back() -> Any:
    number = Input((1,), dtype="int32")
    return Model(number, layers.StringLookup(vocabulary=["a"], invert=True)(number))
