"""Numerical algorithms under the language: random numbers, distributions, quadrature and optimisation on plain NumPy."""
