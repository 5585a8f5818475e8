"""Matrices and arrays: their making, their slices, linear algebra."""
