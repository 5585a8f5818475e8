"""Row 3.9: the worked models of the manual, small: each is trained for an epoch."""

import numpy as np

import pipekeras as pk
from pipekeras.layers import LSTM, Add, Concatenate, Conv2D, Dense, Embedding, Flatten, MaxPooling2D, TimeDistributed


def waves(*size):
    return np.sin(np.arange(1, np.prod(size) + 1)).reshape(size)


def report(name, model, x, y, loss):
    model.compile("rmsprop", loss)
    history = model.fit(x, y, epochs=1, batch_size=8, verbose=0, shuffle=False)
    print(name, model.count_params(), f"{history.history['loss'][0]:.3f}", "")


classes = pk.utils.to_categorical(np.tile([0, 1, 2, 3], 4), 4)
binary = np.tile([0, 1], 8)

pk.utils.set_random_seed(17)
mlp = pk.Sequential()
mlp |= Dense(16, activation="relu", input_shape=(6,))
mlp |= Dense(16, activation="relu")
mlp |= Dense(4, activation="softmax")
report("mlp", mlp, waves(16, 6), classes, "categorical_crossentropy")

vgg = pk.Sequential([
    Conv2D(4, (3, 3), activation="relu", input_shape=(12, 12, 3)), Conv2D(4, (3, 3), activation="relu"), MaxPooling2D((2, 2)),
    Conv2D(8, (3, 3), activation="relu"), Flatten(), Dense(8, activation="relu"), Dense(4, activation="softmax"),
])
report("vgg", vgg, waves(16, 12, 12, 3), classes, "categorical_crossentropy")

words = np.resize(np.arange(1, 10), (16, 7))
text = pk.Sequential([Embedding(10, 6, input_length=7), LSTM(5), Dense(1, activation="sigmoid")])
report("lstm", text, words, binary, "binary_crossentropy")

stacked = pk.Sequential([
    LSTM(4, return_sequences=True, input_shape=(5, 3)), LSTM(4, return_sequences=True), LSTM(4), Dense(4, activation="softmax"),
])
report("stacked", stacked, waves(16, 5, 3), classes, "categorical_crossentropy")

stateful = pk.Sequential([
    LSTM(4, return_sequences=True, stateful=True, batch_input_shape=(8, 5, 3)), LSTM(4, stateful=True),
    Dense(4, activation="softmax"),
])
report("stateful", stateful, waves(16, 5, 3), classes, "categorical_crossentropy")

left, right = pk.Input((5, 3)), pk.Input((5, 3))
encoders = pk.Model([left, right], [left | LSTM(4), right | LSTM(4)] | Concatenate() | Dense(4, activation="softmax"))
report("encoders", encoders, [waves(16, 5, 3), -waves(16, 5, 3)], classes, "categorical_crossentropy")

headline, extra = pk.Input((7,), dtype="int32", name="headline"), pk.Input((3,), name="extra")
read = headline | Embedding(10, 6) | LSTM(5)
main = [read, extra] | Concatenate() | Dense(6, activation="relu") | Dense(1, activation="sigmoid", name="main")
side = read | Dense(1, activation="sigmoid", name="side")
news = pk.Model([headline, extra], [main, side])
report("headline", news, [words, waves(16, 3)], [binary, binary], "binary_crossentropy")

tweet = LSTM(4)
a, b = pk.Input((5, 3)), pk.Input((5, 3))
shared = pk.Model([a, b], [a | tweet, b | tweet] | Concatenate() | Dense(1, activation="sigmoid"))
report("shared", shared, [waves(16, 5, 3), -waves(16, 5, 3)], binary, "binary_crossentropy")

picture = pk.Input((8, 8, 3))
relu = {"padding": "same", "activation": "relu"}
tower_1 = picture | Conv2D(4, 1, **relu) | Conv2D(4, 3, **relu)
tower_2 = picture | Conv2D(4, 1, **relu) | Conv2D(4, 5, **relu)
tower_3 = picture | MaxPooling2D(3, strides=1, padding="same") | Conv2D(4, 1, **relu)
inception = pk.Model(picture, [tower_1, tower_2, tower_3] | Concatenate() | Flatten() | Dense(4, activation="softmax"))
report("inception", inception, waves(16, 8, 8, 3), classes, "categorical_crossentropy")

linked = [picture, picture | Conv2D(3, 3, padding="same")] | Add()
residual = pk.Model(picture, linked | Flatten() | Dense(4, activation="softmax"))
report("residual", residual, waves(16, 8, 8, 3), classes, "categorical_crossentropy")

vision = pk.Sequential([pk.Input((8, 8, 3)), Conv2D(4, 3, activation="relu"), Flatten()])
one, two = pk.Input((8, 8, 3)), pk.Input((8, 8, 3))
pair = pk.Model([one, two], [vision(one), vision(two)] | Concatenate() | Dense(1, activation="sigmoid"))
report("vision", pair, [waves(16, 8, 8, 3), -waves(16, 8, 8, 3)], binary, "binary_crossentropy")

question = pk.Input((7,), dtype="int32")
answer = [vision(picture), question | Embedding(10, 6) | LSTM(5)] | Concatenate() | Dense(4, activation="softmax")
report("answer", pk.Model([picture, question], answer), [waves(16, 8, 8, 3), words], classes, "categorical_crossentropy")

video = pk.Input((3, 8, 8, 3))
seen = video | TimeDistributed(vision) | LSTM(4)
about = [seen, question | Embedding(10, 6) | LSTM(5)] | Concatenate() | Dense(4, activation="softmax")
report("video", pk.Model([video, question], about), [waves(16, 3, 8, 8, 3), words], classes, "categorical_crossentropy")
