"""Base graphics on a device: the files, and what is done without matplotlib."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pipekeras.grammar import drawing
from pipekeras.grammar.colours import UnknownColour, colour
from pipekeras.grammar.session import Session

Run = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a program in a folder of its own; status, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(drawing.DRAWING, "devices", [])
    monkeypatch.setattr(drawing.DRAWING, "warned", False)

    def run_program(program: str) -> tuple[int, str, str]:
        output, errors = io.StringIO(), io.StringIO()
        status = Session(output=output, error_output=errors).run(program, "draw.pk")
        return status, output.getvalue(), errors.getvalue()

    yield run_program
    drawing.DRAWING.devices.clear()


def test_without_matplotlib_programs_go_on_and_say_once_what_is_missing(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def missing(name: str) -> None:
        raise drawing.MissingMatplotlib

    monkeypatch.setattr(drawing, "_module", missing)
    status, output, errors = run("png('a.png'); plot(1:3); lines(1:3); h <- hist(c(1, 2, 2)); h$counts; dev.off()\ncat('end')")
    assert (status, output) == (0, "[1] 1 2\nnull device \n          1 \nend")
    assert errors == "Warning message:\nnothing is drawn: drawing needs matplotlib (pip install pipekeras[plot]) \n"
    assert list(tmp_path.iterdir()) == []


def test_pictures_are_written(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures are drawn with the plot extra")
    status, _, errors = run(
        "png('p%02d.png', width = 300, height = 200)\n"
        "plot(1:3, type = 'b', main = 'm', col = 'red'); abline(h = 2); legend('top', legend = 'a', col = 2, lty = 1)\n"
        "par(mfrow = c(1, 2)); barplot(c(a = 1, b = 2)); boxplot(c(1, 2, 9)); image(matrix(1:4, 2))\n"
        "invisible(dev.off()); pdf('p.pdf'); curve(sin, 0, 3); text(1, 0, 'here'); invisible(dev.off())\n"
    )
    assert (status, errors) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.pdf", "p01.png", "p02.png", "p03.png"]
    data = (tmp_path / "p01.png").read_bytes()
    assert data[:4] == b"\x89PNG"
    assert (int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")) == (300, 200)
    assert (tmp_path / "p.pdf").read_bytes()[:5] == b"%PDF-"


def test_a_program_without_a_device_draws_to_rplots(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures are drawn with the plot extra")
    assert run("plot(1:3)")[0] == 0
    drawing.DRAWING.close_all()
    assert (tmp_path / "Rplots.pdf").exists()


def test_mistakes_are_told(run: Run) -> None:
    pytest.importorskip("matplotlib", reason="pictures are drawn with the plot extra")
    assert "need finite 'xlim' values" in run("plot(c(1, 2), c(1, 2), xlim = c(0, Inf))")[2]
    assert "invalid color name 'nocolour'" in run("plot(1, col = 'nocolour')")[2]
    drawing.DRAWING.devices.clear()
    assert "plot.new has not been called yet" in run("lines(1:3)")[2]


@pytest.mark.parametrize(
    ("given", "notation"),
    [("red", "#FF0000"), (1, "#000000"), ("2", "#DF536B"), ("gray50", "#7F7F7F"), ("Light Blue", "#ADD8E6"),
     ("red3", "#CD0000"), ("#12345678", "#12345678"), (0, "none"), (None, "none"), (9, "#000000")],
)  # fmt: skip
def test_colours(given: object, notation: str) -> None:
    assert colour(given) == notation


def test_unknown_colours() -> None:
    with pytest.raises(UnknownColour):
        colour("nocolour")


def test_a_model_is_drawn_as_boxes_and_arrows(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures are drawn with the plot extra")
    status, _, errors = run(
        "library(keras)\n"
        "i <- layer_input(4); m <- keras_model(i, layer_add(list(layer_dense(i, 2), layer_dense(i, 2))))\n"
        "plot(m, show_shapes = TRUE, show_layer_names = TRUE, to_file = 'm.png')\n"
        "plot(m, rankdir = 'LR', to_file = 'l.png')\n"
    )
    assert (status, errors) == (0, "")
    upright, lying = ((tmp_path / name).read_bytes()[16:24] for name in ("m.png", "l.png"))
    sizes = [[int.from_bytes(size[place : place + 4], "big") for place in (0, 4)] for size in (upright, lying)]
    assert sizes[0][0] > sizes[0][1]
    assert sizes[1][0] > sizes[1][1]


def test_models_are_plotted_without_matplotlib_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise drawing.MissingMatplotlib

    monkeypatch.setattr(drawing, "_module", missing)
    model = "keras_model_sequential(input_shape = 3) %>% layer_dense(1)"
    status, _, errors = run(f"library(keras); plot({model}); arrows(0, 0, 1, 1)")
    assert status == 0
    assert errors.count("nothing is drawn") == 1


def test_panels_span_the_cells_that_hold_their_number() -> None:
    cells = drawing.Cells(((1, 1, 0), (2, 3, 3)), (1.0, 1.0, 2.0), (1.0, 3.0))
    assert cells.count() == 3
    assert [cells.place(number) for number in (1, 2, 3)] == [
        (slice(0, 1), slice(0, 2)), (slice(1, 2), slice(0, 1)), (slice(1, 2), slice(1, 3))
    ]  # fmt: skip


def test_a_page_is_cut_up_as_layout_says_and_titled_outside(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures are drawn with the plot extra")
    status, _, errors = run(
        "png('l.png'); layout(matrix(c(1, 1, 2, 3), 2, byrow = TRUE), widths = c(2, 1)); for (k in 1:3) plot(k)\n"
        "title('page', outer = TRUE)\n"
    )
    assert (status, errors) == (0, "")
    (figure,) = drawing.DRAWING.devices[-1].figures
    wide = [axes.get_subplotspec().colspan for axes in figure.axes]
    assert [(span.start, span.stop) for span in wide] == [(0, 2), (0, 1), (1, 2)]
    assert figure.get_suptitle() == "page"
