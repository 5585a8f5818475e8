"""Where computations run: on the processor, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from pipekeras.core.errors import ConfigurationError

_PROCESSOR = re.compile(r"/?(device:)?cpu(:\d+)?", re.IGNORECASE)


@contextmanager
def device(device_name: str) -> Iterator[None]:
    """Run a block on a device, of which there is one kind.

    Args:
        device_name: str, "cpu" or "cpu:0", in capitals too.

    Raises:
        ConfigurationError: another device is asked for.

    Example:

    >>> import pipekeras as pk
    >>> with pk.device("cpu:0"):
    ...     print(pk.ops.sum([1.0, 2.0]).item())
    3.0
    """
    if not isinstance(device_name, str) or not _PROCESSOR.fullmatch(device_name):
        raise ConfigurationError(
            f"there is no device {device_name!r}: pipekeras computes on the processor", mend='write device("cpu")'
        )
    yield
