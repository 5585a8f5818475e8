"""The Keras whose file formats are written."""

KERAS_VERSION = "3.15.1"
BACKEND = "pipekeras"
