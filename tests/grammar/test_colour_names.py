"""Named colours: all of R's, in its order."""

from __future__ import annotations

import io

import pytest
from pipekeras.grammar.colour_names import named_colours
from pipekeras.grammar.colours import UnknownColour, colour
from pipekeras.grammar.session import Session


def test_every_name_of_r_is_there_in_its_order() -> None:
    names = list(named_colours())
    assert len(names) == 657
    assert names[:5] == ["white", "aliceblue", "antiquewhite", "antiquewhite1", "antiquewhite2"]
    assert names.index("gray10") == names.index("gray9") + 1
    assert names[-1] == "yellowgreen"


@pytest.mark.parametrize(
    ("name", "notation"),
    [("antiquewhite3", "#CDC0B0"), ("brown1", "#FF4040"), ("goldenrod", "#DAA520"), ("mediumpurple4", "#5D478B"),
     ("slategrey", "#708090"), ("grey90", "#E5E5E5"), ("Dark Olive Green 2", "#BCEE68")],
)  # fmt: skip
def test_shades_are_those_of_the_table(name: str, notation: str) -> None:
    assert colour(name) == notation


def test_shades_of_grey_are_spelt_with_an_a() -> None:
    with pytest.raises(UnknownColour):
        colour("slategrey1")


def test_colors_lists_the_names() -> None:
    program = 'cat(length(colors()), length(colours(distinct = TRUE)), colors()[552], all(c("red", "red1") %in% colors(TRUE)))'
    output = io.StringIO()
    assert Session(output=output).run(program, "colours.R") == 0
    assert output.getvalue() == "657 502 red FALSE"
