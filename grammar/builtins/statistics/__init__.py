"""Distributions, random numbers, measures of samples, and the number-heavy parts of statistical methods."""
