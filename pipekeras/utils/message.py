"""Printing during training."""

from __future__ import annotations

import sys


def print_message(text: str, line_break: bool = True) -> None:
    """Write to standard output as it is at this moment, and at once.

    Args:
        text: what to print.
        line_break: bool, end the line, default True.
    """
    stream = sys.stdout
    stream.write(text + "\n" if line_break else text)
    stream.flush()
