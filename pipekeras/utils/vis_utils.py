"""Drawings of models, where Keras 2 kept them."""

from __future__ import annotations

from pipekeras.models.dot import model_to_dot, plot_model

__all__ = ["model_to_dot", "plot_model"]
