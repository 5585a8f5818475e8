"""Kernels over the language's vectors: coercion, arithmetic, indexing, combining, ordering and matching."""
