"""Layers of attention; scripts for older Keras find all layers here."""

from pipekeras.core.older_places import older_names

__getattr__ = older_names(__name__)
