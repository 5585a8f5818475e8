"""Settings of all tests."""

import os
import signal
import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from pipekeras.core import configuration

# A suite that draws other numbers every time fails by chance and not by fault: what is drawn is the same in every run.
# PIPEKERAS_TEST_SEED tries other numbers on purpose.
SEED = int(os.environ.get("PIPEKERAS_TEST_SEED", "1"))
# A machine that is busy with something else is no fault either.
settings.register_profile("same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("same")
# A shell that starts the suite in the background has it ignore Ctrl-C, and programs that tests start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
# Layers made while test files are read.
configuration.set_random_seed(SEED)


@pytest.fixture(autouse=True)
def same_numbers() -> None:
    """Begin every test with the same seed, whichever ran before it."""
    configuration.set_random_seed(SEED)


# Real Keras, the referee of the parity tests, computes with JAX.
os.environ.setdefault("KERAS_BACKEND", "jax")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many cases the parity suite compared, and why some could be compared in part only."""
    found: dict[str, list[Any]] = {"parity_cases": [], "parity_in_part": []}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, value in report.user_properties:
                if name in found:
                    found[name].append(value)
    if found["parity_cases"]:
        partial = sorted(found["parity_in_part"])
        terminalreporter.section(f"parity with Keras: {sum(found['parity_cases'])} cases, {len(partial)} of them in part")
        for line in partial:
            terminalreporter.write_line(line)
