"""Evaluation: the tree is turned into Python closures once, and these run."""
