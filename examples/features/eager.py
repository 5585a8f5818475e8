"""Rows 2.1 and 2.2: layers called on values at once; weights made from the first shape seen."""

import pipekeras as pk
from pipekeras import ops
from pipekeras.core.errors import ShapeError
from pipekeras.layers import Dense

pk.utils.set_random_seed(12)
layer = Dense(2, kernel_initializer="ones")
print("before", len(layer.weights), "")
found = layer(ops.convert_to_tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
print(found)
print("after", len(layer.weights), *layer.get_weights()[0].shape, "")
print("[1]", *(f"{value:2.0f}" for value in found.numpy()[:, 0]))
try:
    problem = str(layer(ops.ones((1, 5))))
except ShapeError:
    problem = "another shape is refused"
print(problem, "")
