"""Vectors as rows of elements: making, ordering, matching, indexing, their types and attributes."""
