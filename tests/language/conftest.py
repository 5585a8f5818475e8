"""What programs of the language share in tests."""

import pytest
from pipekeras.grammar.drawing import DRAWING


@pytest.fixture(autouse=True)
def no_open_device() -> None:
    """Forget devices that an earlier program left open: which number a new one gets must not depend on the order."""
    DRAWING.devices.clear()
