"""Loops and functions that run often, written anew as Python source: numbers stay Python's own from one step to the next."""
