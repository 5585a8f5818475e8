"""Where base graphics draw: devices with pages and panels, rendered by matplotlib, which is imported at the first mark.

Without matplotlib the functions still compute and return what R's return; the first mark says once how to get it.
"""

from __future__ import annotations

import atexit
import importlib
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from pipekeras.grammar.colours import colour

Options = dict[str, list[Any]]

_MARKERS = {
    0: "s", 1: "o", 2: "^", 3: "+", 4: "x", 5: "D", 6: "v", 8: "*", 15: "s", 16: "o", 17: "^", 18: "D", 19: "o", 20: ".",
    21: "o", 22: "s", 23: "D", 24: "^", 25: "v",
}  # fmt: skip
_OPEN_MARKERS = frozenset((0, 1, 2, 5, 6))
_LINE_STYLES: dict[Any, Any] = {
    0: "none", 1: "-", 2: "--", 3: ":", 4: "-.", 5: (0, (8, 3)), 6: (0, (6, 2, 2, 2)),
    "blank": "none", "solid": "-", "dashed": "--", "dotted": ":", "dotdash": "-.", "longdash": (0, (8, 3)),
    "twodash": (0, (6, 2, 2, 2)),
}  # fmt: skip
_SIDES = {1: ("center", "top"), 2: ("right", "center"), 3: ("center", "bottom"), 4: ("left", "center")}
_CORNERS = {
    "topright": "upper right", "topleft": "upper left", "bottomright": "lower right", "bottomleft": "lower left",
    "top": "upper center", "bottom": "lower center", "left": "center left", "right": "center right", "center": "center",
}  # fmt: skip


class MissingMatplotlib(Exception):
    """Something is to be drawn and matplotlib is not installed."""


class DrawingError(Exception):
    """Something that cannot be drawn, with a mend."""

    def __init__(self, message: str, mend: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


@dataclass(frozen=True)
class Cells:
    """A page cut up as `layout()` cuts it: each panel is where its number stands.

    Args:
        numbers: rows of numbers from 1; 0 stays empty.
        widths: of the columns, beside each other.
        heights: of the rows.
    """

    numbers: tuple[tuple[int, ...], ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]

    def count(self) -> int:
        """How many panels there are."""
        return max(number for row in self.numbers for number in row)

    def place(self, number: int) -> tuple[slice, slice]:
        """Rows and columns of a panel."""
        rows = [at for at, row in enumerate(self.numbers) if number in row]
        columns = [at for row in self.numbers for at, one in enumerate(row) if one == number]
        return slice(min(rows), max(rows) + 1), slice(min(columns), max(columns) + 1)


class Device:
    """A file that pages are drawn to.

    Args:
        path: file to write; `%03d` in it counts the pages; empty to write none.
        width: of a page in inches.
        height: of a page in inches.
        dots: dots per inch of pictures made of dots.
    """

    def __init__(self, path: str, width: float, height: float, dots: float) -> None:
        self.path = path
        self.size = (width, height)
        self.dots = dots
        self.figures: list[Any] = []
        self.axes: Any = None
        self.panels: tuple[int, int] | Cells = (1, 1)
        self.next_panel = 0
        self.grid: Any = None
        self.by_column = False

    def new_panel(self, panels: tuple[int, int] | Cells, by_column: bool) -> Any:
        """Axes of the next panel; a new page when the last one is full."""
        if panels != self.panels:
            self.panels, self.next_panel = panels, 0
        if isinstance(panels, Cells):
            rows, columns, count = len(panels.heights), len(panels.widths), panels.count()
        else:
            rows, columns = panels
            count = rows * columns
        if self.next_panel % count == 0 or not self.figures:
            self.next_panel = 0
            figure = _module("matplotlib.figure").Figure(figsize=self.size, layout="constrained")
            _module("matplotlib.backends.backend_agg").FigureCanvasAgg(figure)
            self.figures.append(figure)
        place = self.next_panel
        if by_column and not isinstance(panels, Cells):
            place = (place % rows) * columns + place // rows
        self.next_panel += 1
        if isinstance(panels, Cells):
            if place == 0:
                shares = {"width_ratios": panels.widths, "height_ratios": panels.heights}
                self.grid = self.figures[-1].add_gridspec(rows, columns, **shares)
            self.axes = self.figures[-1].add_subplot(self.grid[panels.place(place + 1)])
            return self.axes
        self.axes = self.figures[-1].add_subplot(rows, columns, place + 1)
        return self.axes

    def close(self) -> list[str]:
        """Write the pages; the files written."""
        if not self.figures or not self.path:
            return []
        if Path(self.path).suffix.lower() == ".pdf":
            with _module("matplotlib.backends.backend_pdf").PdfPages(self.path) as pages:
                for figure in self.figures:
                    pages.savefig(figure)
            return [self.path]
        written = []
        for number, figure in enumerate(self.figures, start=1):
            path = self.path % number if "%" in self.path else self.path
            figure.savefig(path, dpi=self.dots)
            written.append(path)
        return written


class Drawing:
    """The devices that are open and the settings of `par`."""

    def __init__(self) -> None:
        self.devices: list[Device] = []
        self.panels: tuple[int, int] | Cells = (1, 1)
        self.by_column = False
        self.warned = False

    def open(self, path: str, width: float, height: float, dots: float = 72.0) -> None:
        """Open a device; it draws until it is closed."""
        _module("matplotlib.figure")
        if not self.devices:
            atexit.register(self.close_all)
        self.devices.append(Device(path, width, height, dots))
        self.panels, self.by_column = (1, 1), False

    def device(self) -> Device:
        """The device that draws; Rplots.pdf when none was opened."""
        if not self.devices:
            self.open("Rplots.pdf", 7.0, 7.0)
        return self.devices[-1]

    def close(self) -> list[str]:
        """Close the device that draws."""
        return self.devices.pop().close() if self.devices else []

    def close_all(self) -> None:
        """Close every device, as the end of a program does."""
        while self.devices:
            self.close()

    def frame(self, options: Options) -> None:
        """Begin a plot: a panel with limits, scales and axes."""
        axes = self.device().new_panel(self.panels, self.by_column)
        log = str(_one(options, "log", ""))
        for letter, set_scale in (("x", axes.set_xscale), ("y", axes.set_yscale)):
            if letter in log:
                set_scale("log")
        for letter, set_limits in (("x", axes.set_xlim), ("y", axes.set_ylim)):
            limits = options.get(f"{letter}lim")
            if limits:
                if not all(isfinite(limit) for limit in limits):
                    raise DrawingError(f"need finite '{letter}lim' values", "plot numbers that are neither NA nor infinite")
                if letter in log and min(limits) <= 0:
                    raise DrawingError(f"Logarithmic axis must have positive limits ({letter})")
                room = 0.0 if _one(options, f"{letter}axs", "r") == "i" else 0.04
                set_limits(*_padded(limits, letter in log, room))
        if not _one(options, "axes", True):
            # Titles stay, and `axis` and `box` may follow.
            for spine in axes.spines.values():
                spine.set_visible(False)
            for side in (axes.xaxis, axes.yaxis):
                side.set_ticks([])
                side.set_ticks([], minor=True)
        if _one(options, "xaxt", "s") == "n":
            axes.set_xticks([])
        if _one(options, "yaxt", "s") == "n":
            axes.set_yticks([])
        ratio = _one(options, "asp", None)
        if ratio is not None and ratio == ratio:
            axes.set_aspect(ratio, adjustable="box")

    def current(self) -> Any:
        """Axes of the plot begun last.

        Raises:
            DrawingError: there is none.
        """
        axes = self.devices[-1].axes if self.devices else None
        if axes is None:
            _module("matplotlib.figure")
            raise DrawingError("plot.new has not been called yet", "begin with a plot: plot(x, y)")
        return axes

    # Marks

    def points(self, x: list[float], y: list[float], options: Options) -> None:
        axes = self.current()
        colours = [colour(value) for value in options.get("col", [1])]
        sizes = [6.0 * float(size) for size in options.get("cex", [1.0])]
        shapes = options.get("pch", [1])
        fills = [colour(value) for value in options.get("bg", [])]
        limits = axes.get_xlim(), axes.get_ylim()
        alike: dict[int, list[int]] = {}
        for index, (one_x, one_y) in enumerate(zip(x, y, strict=False)):
            if one_x != one_x or one_y != one_y:
                continue
            shape = shapes[index % len(shapes)]
            if not isinstance(shape, str):
                alike.setdefault(int(shape), []).append(index)
                continue
            words = {"color": colours[index % len(colours)], "fontsize": sizes[index % len(sizes)] * 1.6}
            axes.text(one_x, one_y, shape[:1], ha="center", va="center", **words)
        for number, places in alike.items():
            edges = [colours[index % len(colours)] for index in places]
            faces: Any = "none" if number in _OPEN_MARKERS else edges
            if number >= 21:
                faces = [fills[index % len(fills)] for index in places] if fills else "none"
            marker = _MARKERS.get(number, "o")
            paint = {"c": edges} if marker in ("+", "x", "*") else {"facecolors": faces, "edgecolors": edges}
            areas = [sizes[index % len(sizes)] ** 2 for index in places]
            axes.scatter([x[index] for index in places], [y[index] for index in places], s=areas, marker=marker, **paint)
        axes.set_xlim(limits[0])
        axes.set_ylim(limits[1])

    def lines(self, x: list[float], y: list[float], options: Options) -> None:
        axes = self.current()
        limits = axes.get_xlim(), axes.get_ylim()
        axes.plot(x, y, drawstyle=str(_one(options, "style", "default")), **_line(options))
        axes.set_xlim(limits[0])
        axes.set_ylim(limits[1])

    def segments(self, ends: list[list[float]], options: Options) -> None:
        axes = self.current()
        colours = options.get("col", [1])
        for index, (x0, y0, x1, y1) in enumerate(zip(*ends, strict=False)):
            style = _line({**options, "col": [colours[index % len(colours)]]})
            axes.plot([x0, x1], [y0, y1], scalex=False, scaley=False, **style)

    def arrows(self, ends: list[list[float]], options: Options) -> None:
        """Lines with heads at their begins (code 1), ends (2) or both (3); length is in inches, as R has it."""
        from math import radians, tan

        axes = self.current()
        points, angle, code = 72 * float(options["length"][0]), float(options["angle"][0]), int(options["code"][0])
        if angle >= 90:
            sides = [points if code in (1, 3) else 0.0, points if code in (2, 3) else 0.0]
            style = f"|-|,widthA={sides[0]},widthB={sides[1]}"
        else:
            kind = {1: "<-", 2: "->", 3: "<->"}.get(code, "-")
            style = f"{kind},head_length={points},head_width={points * tan(radians(angle))}" if kind != "-" else "-"
        colours = options.get("col", [1])
        for index, (x0, y0, x1, y1) in enumerate(zip(*ends, strict=False)):
            line = _line({**options, "col": [colours[index % len(colours)]]})
            drawn = {"arrowstyle": style, "mutation_scale": 1, "shrinkA": 0, "shrinkB": 0, **line}
            axes.annotate("", xy=(x1, y1), xytext=(x0, y0), arrowprops=drawn, annotation_clip=False)

    def straight(self, options: Options) -> None:
        """Lines across the whole plot: `a` and `b`, `h`, `v`."""
        axes = self.current()
        style = _line(options)
        for height in options.get("h", []):
            axes.axhline(height, **style)
        for place in options.get("v", []):
            axes.axvline(place, **style)
        if "a" in options:
            intercept, slope = float(options["a"][0]), float(options.get("b", [0.0])[0])
            axes.axline((0.0, intercept), slope=slope, **style)

    def boxes(self, sides: list[list[float]], options: Options) -> None:
        rectangle = _module("matplotlib.patches").Rectangle
        axes = self.current()
        fills, edges = options.get("col", [None]), options.get("border", [1])
        for index, (left, bottom, right, top) in enumerate(zip(*sides, strict=False)):
            fill, edge = fills[index % len(fills)], edges[index % len(edges)]
            axes.add_patch(
                rectangle(
                    (left, bottom),
                    right - left,
                    top - bottom,
                    facecolor="none" if fill is None else colour(fill),
                    edgecolor="none" if edge is None else colour(edge),
                )
            )

    def polygon(self, x: list[float], y: list[float], options: Options) -> None:
        fill, edge = _one(options, "col", None), _one(options, "border", 1)
        shape = _module("matplotlib.patches").Polygon(
            list(zip(x, y, strict=False)),
            facecolor="none" if fill is None else colour(fill),
            edgecolor="none" if edge is None else colour(edge),
        )
        self.current().add_patch(shape)

    def words(self, x: list[float], y: list[float], labels: list[Any], options: Options) -> None:
        axes = self.current()
        colours, sizes = options.get("col", [1]), options.get("cex", [1.0])
        horizontal, vertical = _SIDES.get(int(_one(options, "pos", 0) or 0), ("center", "center"))
        for index, (one_x, one_y) in enumerate(zip(x, y, strict=False)):
            axes.text(
                one_x,
                one_y,
                str(labels[index % len(labels)]),
                color=colour(colours[index % len(colours)]),
                fontsize=10.0 * float(sizes[index % len(sizes)]),
                rotation=float(_one(options, "srt", 0)),
                ha=horizontal,
                va=vertical,
                clip_on=True,
                parse_math=False,
            )

    def titles(self, options: Options) -> None:
        if options.get("page"):
            self.current().figure.suptitle(str(options["page"][0]))
            return
        axes = self.current()
        below = [str(options[name][0]) for name in ("xlab", "sub") if options.get(name)]
        if options.get("main"):
            axes.set_title(str(options["main"][0]), parse_math=False)
        if below:
            axes.set_xlabel("\n".join(below), parse_math=False)
        if options.get("ylab"):
            axes.set_ylabel(str(options["ylab"][0]), parse_math=False)

    def axis(self, side: int, options: Options) -> None:
        axes = self.current()
        places, labels = options.get("at"), options.get("labels")
        target = axes.xaxis if side in (1, 3) else axes.yaxis
        if places:
            target.set_ticks(places, [str(label) for label in labels] if labels else None)
        elif not len(target.get_majorticklocs()):
            target.set_major_locator(_module("matplotlib.ticker").AutoLocator())
        axes.spines[{1: "bottom", 2: "left", 3: "top", 4: "right"}[side]].set_visible(True)
        if side in (3, 4):
            target.set_ticks_position("top" if side == 3 else "right")

    def rug(self, places: list[float], side: int, size: float, options: Options) -> None:
        """A stroke at each place, from a side inwards for a share of the plot."""
        axes = self.current()
        upright = side in (1, 3)
        draw, across = (
            (axes.vlines if upright else axes.hlines),
            axes.get_xaxis_transform() if upright else axes.get_yaxis_transform(),
        )
        ends = (0.0, size) if side in (1, 2) else (1.0 - size, 1.0)
        limits = axes.get_xlim(), axes.get_ylim()
        style = _line(options)
        draw(places, *ends, colors=style["color"], linewidths=style["linewidth"], transform=across)
        axes.set_xlim(limits[0])
        axes.set_ylim(limits[1])

    def margin(self, words: str, side: int) -> None:
        axes = self.current()
        place = {1: (0.5, -0.12), 2: (-0.12, 0.5), 3: (0.5, 1.04), 4: (1.04, 0.5)}[side]
        axes.text(*place, words, transform=axes.transAxes, ha="center", va="center", rotation=90 if side in (2, 4) else 0)

    def image(self, values: Any, edges: tuple[list[float], list[float]], colours: list[Any]) -> None:
        """Coloured cells of a matrix given by columns of y and rows of x."""
        axes = self.current()
        shades = _module("matplotlib.colors").ListedColormap([colour(value) for value in colours])
        axes.pcolormesh(edges[0], edges[1], values, cmap=shades)

    def contour(self, x: list[float], y: list[float], heights: list[float]) -> None:
        """Lines of equal height over points that lie on a grid."""
        columns, rows = sorted(set(x)), sorted(set(y))
        if len(columns) < 2 or len(rows) < 2:
            raise DrawingError("a contour needs two places on each axis at least")
        known = {(one_x, one_y): height for one_x, one_y, height in zip(x, y, heights, strict=True)}
        table = [[known.get((column, row), float("nan")) for column in columns] for row in rows]
        self.current().contour(columns, rows, table)

    def bands(self, x: list[float], y: list[float], heights: list[float], options: Options) -> None:
        """Areas between levels in one colour each; heights go by columns of y and rows of x."""
        table = [heights[at : at + len(x)] for at in range(0, len(heights), len(x))]
        shades = [colour(value) for value in options["col"]]
        self.current().contourf(x, y, table, levels=[float(level) for level in options["levels"]], colors=shades)

    def raster(self, picture: Any, box: tuple[float, float, float, float]) -> None:
        """A picture of red, green and blue between the sides of a box."""
        left, bottom, right, top = box
        axes = self.current()
        limits = axes.get_xlim(), axes.get_ylim()
        axes.imshow(picture, extent=(left, right, bottom, top), aspect="auto", interpolation="nearest", zorder=1)
        axes.set_xlim(limits[0])
        axes.set_ylim(limits[1])

    def legend(self, labels: list[str], options: Options) -> None:
        line = _module("matplotlib.lines").Line2D
        patch = _module("matplotlib.patches").Patch
        colours = options.get("col", [1])
        handles = []
        for index, label in enumerate(labels):
            shade = colour(colours[index % len(colours)])
            if options.get("fill"):
                handles.append(patch(color=colour(options["fill"][index % len(options["fill"])]), label=label))
                continue
            shapes, styles = options.get("pch"), options.get("lty")
            marker = _MARKERS.get(int(shapes[index % len(shapes)]), "o") if shapes else "none"
            style = _LINE_STYLES.get(_whole(styles[index % len(styles)]), "-") if styles else "none"
            handles.append(line([], [], color=shade, marker=marker, linestyle=style, label=label))
        where = str(_one(options, "place", "topright"))
        frame = _one(options, "bty", "o") != "n"
        self.current().legend(
            handles=handles,
            loc=_CORNERS.get(where, "best"),
            title=_one(options, "title", None),
            frameon=frame,
            ncols=int(_one(options, "columns", 1)),
        )


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise MissingMatplotlib from None


def _one(options: Options, name: str, default: Any) -> Any:
    values = options.get(name)
    return values[0] if values else default


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) else value


def _line(options: Options) -> dict[str, Any]:
    return {
        "color": colour(_one(options, "col", 1)),
        "linewidth": float(_one(options, "lwd", 1.0)),
        "linestyle": _LINE_STYLES.get(_whole(_one(options, "lty", 1)), "-"),
    }


def _padded(limits: list[float], logarithmic: bool, share: float) -> tuple[float, float]:
    """Limits with a share of their distance as room at both ends; R gives four percent."""
    low, high = float(limits[0]), float(limits[1])
    if low == high:
        low, high = low - abs(low) * 0.4 - (low == 0), high + abs(high) * 0.4 + (high == 0)
    if logarithmic:
        room = (high / low) ** share
        return low / room, high * room
    room = (high - low) * share
    return low - room, high + room


DRAWING = Drawing()
"""The drawing of this process."""
