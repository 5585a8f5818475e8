"""Handwritten digits: 1797 pictures of 8 x 8 pixels, shipped with the package."""

from pipekeras import Input, Sequential, compile, fit, summary
from pipekeras.datasets import digits
from pipekeras.layers import Dense, Dropout
from pipekeras.optimizers import Adam
from pipekeras.utils import set_random_seed

set_random_seed(42)
(x_train, y_train), (x_test, y_test) = digits.load_data()
x_train = x_train.reshape(-1, 64) / 16
x_test = x_test.reshape(-1, 64) / 16

history = (
    Sequential([Input((64,))])
    | Dense(128, activation="relu")
    | Dropout(0.2)
    | Dense(64, activation="relu")
    | Dense(10, activation="softmax")
    | compile(optimizer=Adam(learning_rate=0.002), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    | summary()
    | fit(x_train, y_train, epochs=30, batch_size=32, validation_split=0.1)
)
print(history)

loss, accuracy = history.model.evaluate(x_test, y_test, verbose=0)
print(f"\nTest accuracy: {accuracy:.4f}")
