"""Settings of all tests."""

import os

# Real Keras, the referee of the parity tests, computes with JAX.
os.environ.setdefault("KERAS_BACKEND", "jax")
