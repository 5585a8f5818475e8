"""Three kinds of iris flowers by four measurements, stopped when the validation gets no better."""

from pipekeras import Input, Sequential, compile, fit
from pipekeras.callbacks import EarlyStopping
from pipekeras.datasets import iris
from pipekeras.layers import Dense
from pipekeras.optimizers import Adam
from pipekeras.utils import set_random_seed, to_categorical

set_random_seed(7)
(x_train, y_train), (x_test, y_test) = iris.load_data()
mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)

model = Sequential([Input((4,))])
model |= Dense(16, activation="relu")
model |= Dense(3, activation="softmax")

stop = EarlyStopping(monitor="val_loss", patience=20, restore_best_weights=True)
history = (
    model
    | compile(optimizer=Adam(0.02), loss="categorical_crossentropy", metrics=["accuracy"])
    | fit(
        (x_train - mean) / deviation,
        to_categorical(y_train),
        epochs=300,
        batch_size=16,
        validation_split=0.2,
        callbacks=[stop],
        verbose=0,
    )
)
print(f"{len(history.epoch)} epochs, the best was number {stop.best_epoch + 1}")

probabilities = model.predict((x_test - mean) / deviation, verbose=0)
for flower, row in zip(x_test[:3], probabilities[:3], strict=True):
    print(flower, "is", iris.class_names[row.argmax()], f"({row.max():.0%})")
print(f"Test accuracy: {(probabilities.argmax(axis=1) == y_test).mean():.4f}")
