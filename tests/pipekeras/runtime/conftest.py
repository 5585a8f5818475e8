"""Targets of every vector width that the machine can run."""

from __future__ import annotations

import pytest

from pipekeras.runtime.target import Target, describe_target


@pytest.fixture(params=[512, 256, 128], scope="session")
def target(request: pytest.FixtureRequest) -> Target:
    found = describe_target(request.param)
    if found.vector_bits != request.param:
        pytest.skip(f"the machine has no vectors of {request.param} bits")
    return found
