"""Dates, moments and the time between them."""
