"""Arithmetic, comparison and mathematics, element by element and in total."""
