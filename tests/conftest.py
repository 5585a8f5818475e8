"""Settings of all tests."""

import os
from typing import Any

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
