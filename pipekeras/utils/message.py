"""Printing during training: on standard output, or into the log of a program that has no one before it."""

from __future__ import annotations

import logging
import sys

_LOG = logging.getLogger("pipekeras")


class _Interactive:
    enabled = True


def enable_interactive_logging() -> None:
    """Print the progress of training on standard output, as is the case from the start.

    Example:

    >>> from pipekeras import config
    >>> config.enable_interactive_logging()
    >>> config.is_interactive_logging_enabled()
    True
    """
    _Interactive.enabled = True


def disable_interactive_logging() -> None:
    """Hand the progress of training to the logger "pipekeras" of Python's `logging`, at level INFO.

    Example:

    >>> from pipekeras import config
    >>> config.disable_interactive_logging()
    >>> config.is_interactive_logging_enabled()
    False
    >>> config.enable_interactive_logging()
    """
    _Interactive.enabled = False


def is_interactive_logging_enabled() -> bool:
    """Return whether the progress of training is printed on standard output (and not logged).

    Example:

    >>> from pipekeras import config
    >>> config.is_interactive_logging_enabled()
    True
    """
    return _Interactive.enabled


def print_message(text: str, line_break: bool = True) -> None:
    """Write to standard output as it is at this moment, and at once; or to the log, where that was asked for.

    Args:
        text: what to print.
        line_break: bool, end the line, default True.
    """
    if not _Interactive.enabled:
        message = text.strip("\r\n ")
        if message:
            _LOG.info("%s", message)
        return
    stream = sys.stdout
    stream.write(text + "\n" if line_break else text)
    stream.flush()
