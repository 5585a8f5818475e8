"""A model with two inputs and two outputs: the price of a house from its measures and its surroundings."""

import numpy as np

from pipekeras import Input, Model, compile, evaluate, fit, summary
from pipekeras.layers import Concatenate, Dense
from pipekeras.utils import set_random_seed

set_random_seed(1)
generator = np.random.default_rng(1)
house = generator.normal(size=(1000, 4))
place = generator.normal(size=(1000, 3))
price = house @ [2.0, 1.0, -0.5, 0.0] + place @ [1.0, 0.0, -1.0] + 0.1 * generator.normal(size=1000)
sold = price + 0.5 * generator.normal(size=1000) > 0

measures = Input((4,), name="house")
surroundings = Input((3,), name="place")

encoder = Dense(16, activation="relu") | Dense(8, activation="relu")
both = [measures | encoder, surroundings | Dense(8, activation="relu")] | Concatenate()
model = Model(
    inputs=[measures, surroundings],
    outputs={"price": both | Dense(1, name="price"), "sold": both | Dense(1, activation="sigmoid", name="sold")},
)

targets = {"price": price, "sold": sold.astype("float32")}
history = (
    model
    | summary()
    | compile(
        optimizer="adam",
        loss={"price": "mse", "sold": "binary_crossentropy"},
        loss_weights={"price": 1.0, "sold": 0.5},
        metrics={"sold": ["accuracy"]},
    )
    | fit({"house": house, "place": place}, targets, epochs=30, batch_size=32, verbose=0)
)
results = history | evaluate({"house": house, "place": place}, targets, verbose=0, return_dict=True)
print({name: round(value, 3) for name, value in results.items()})
