"""Warnings name the user's own line."""

from __future__ import annotations

import warnings

from pipekeras import Input
from pipekeras.layers import Dense, Embedding, Flatten


def test_a_warning_points_outside_of_the_package() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Input((5,)) | Embedding(10, 3, mask_zero=True) | Flatten() | Dense(1)
    assert [one.filename for one in caught] == [__file__]
    assert "does not support masks" in str(caught[0].message)
