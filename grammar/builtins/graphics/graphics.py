"""Devices, settings and marks of base graphics; graphics.R holds the plots that are made of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from pipekeras.grammar.builtins.registry import RError, builtin, machine, warn
from pipekeras.grammar.colours import UnknownColour, channels, colour
from pipekeras.grammar.drawing import DRAWING, Cells, DrawingError, MissingMatplotlib, Options
from pipekeras.grammar.values import NA_INTEGER, NULL, Value, Vector, character, double, integer, logical, mk_list, names_of
from pipekeras.grammar.vectors.arguments import number, text

Dots = list[tuple[str | None, Any]]

DEFAULTS: dict[str, Value] = {
    "ann": logical(True), "ask": logical(False), "bg": character("white"), "bty": character("o"), "cex": double(1.0),
    "cex.axis": double(1.0), "cex.lab": double(1.0), "cex.main": double(1.2), "cex.sub": double(1.0),
    "col": character("black"), "family": character(""), "fg": character("black"), "font": integer(1), "las": integer(0),
    "lty": character("solid"), "lwd": double(1.0), "mai": double([1.02, 0.82, 0.82, 0.42]),
    "mar": double([5.1, 4.1, 4.1, 2.1]), "mfcol": integer([1, 1]), "mfrow": integer([1, 1]), "mgp": double([3.0, 1.0, 0.0]),
    "new": logical(False), "oma": double([0.0, 0.0, 0.0, 0.0]), "pch": integer(1), "ps": integer(12),
    "pty": character("m"), "tck": double(None), "tcl": double(-0.5), "xaxs": character("r"), "xaxt": character("s"),
    "xpd": logical(False), "yaxs": character("r"), "yaxt": character("s"),
}  # fmt: skip


def _settings() -> dict[str, Value]:
    session = machine.session
    if session is None:
        return DEFAULTS
    return session.store.setdefault("par", dict(DEFAULTS))


def _items(value: Value) -> list[Any]:
    """Elements for drawing: numbers, texts, True and False, None for NA."""
    if not isinstance(value, Vector):
        return []
    if value.kind == "logical":
        return [None if item == NA_INTEGER else bool(item) for item in value.items()]
    if value.kind == "integer":
        return [float("nan") if item == NA_INTEGER else item for item in value.items()]
    return value.items()


def _numbers(options: Options, name: str) -> list[float]:
    return [float("nan") if item is None else float(item) for item in options.pop(name, [])]


@builtin(".draw", "what, ...", invisible=True, package="internal")
def draw(what: Any, dots: Dots) -> Value:
    """Puts one kind of mark on the device."""
    options: Options = {name: _items(value) for name, value in dots if name and value is not NULL}
    try:
        _draw(text(what), options)
    except MissingMatplotlib:
        _tell_once()
    except UnknownColour as error:
        raise RError(str(error)) from None
    except DrawingError as error:
        raise RError(error.message, mend=error.mend) from None
    return NULL


def _draw(what: str, options: Options) -> None:
    if what == "frame":
        DRAWING.frame(options)
    elif what == "window":
        axes = DRAWING.current()
        axes.set_xlim(*[float(limit) for limit in options["xlim"]])
        axes.set_ylim(*[float(limit) for limit in options["ylim"]])
    elif what in ("points", "lines", "polygon"):
        getattr(DRAWING, what)(_numbers(options, "x"), _numbers(options, "y"), options)
    elif what == "segments":
        DRAWING.segments([_numbers(options, side) for side in ("x0", "y0", "x1", "y1")], options)
    elif what == "arrows":
        DRAWING.arrows([_numbers(options, side) for side in ("x0", "y0", "x1", "y1")], options)
    elif what == "boxes":
        DRAWING.boxes([_numbers(options, side) for side in ("left", "bottom", "right", "top")], options)
    elif what == "straight":
        DRAWING.straight(options)
    elif what == "words":
        DRAWING.words(_numbers(options, "x"), _numbers(options, "y"), options.pop("labels"), options)
    elif what == "titles":
        DRAWING.titles(options)
    elif what == "axis":
        DRAWING.axis(int(options["side"][0]), options)
    elif what == "rug":
        DRAWING.rug(_numbers(options, "at"), int(options["side"][0]), float(options["size"][0]), options)
    elif what == "margin":
        DRAWING.margin(str(options["text"][0]), int(options["side"][0]))
    elif what == "box":
        for spine in DRAWING.current().spines.values():
            spine.set_visible(True)
    elif what == "grid":
        DRAWING.current().grid(True, color=colour(options["col"][0]), linestyle=":")
    elif what == "legend":
        DRAWING.legend([str(label) for label in options.pop("labels")], options)
    elif what == "image":
        rows = int(options["rows"][0])
        values = np.array(_numbers(options, "values")).reshape(-1, rows)
        DRAWING.image(np.ma.masked_invalid(values), (_numbers(options, "x"), _numbers(options, "y")), options["col"])
    elif what == "contour":
        DRAWING.contour(_numbers(options, "x"), _numbers(options, "y"), _numbers(options, "z"))
    elif what == "bands":
        DRAWING.bands(_numbers(options, "x"), _numbers(options, "y"), _numbers(options, "z"), options)
    elif what == "raster":
        rows = int(options["rows"][0])
        shades = np.array([channels(colour(value)) for value in options["colours"]], dtype=np.uint8)
        picture = shades.reshape(-1, rows, 4).transpose(1, 0, 2)
        left, bottom, right, top = (float(options[side][0]) for side in ("left", "bottom", "right", "top"))
        DRAWING.raster(picture, (left, bottom, right, top))


def _tell_once() -> None:
    if not DRAWING.warned:
        DRAWING.warned = True
        warn("nothing is drawn: drawing needs matplotlib (pip install pipekeras[plot])", False)


@builtin("par", "..., no.readonly = FALSE", invisible=None, package="graphics")
def par(dots: Dots, no_readonly: Any) -> Value:
    """Graphics settings by name; given values are set and the old ones returned."""
    settings = _settings()
    wanted: list[tuple[str | None, Value]] = []
    for name, value in dots:
        if name is None and isinstance(value, Vector) and value.kind == "list":
            wanted.extend(zip(names_of(value) or [], value.items(), strict=False))
        else:
            wanted.append((name, value))
    if not dots:
        machine.visible = True
        return mk_list(list(settings.values()), list(settings))
    asked = [item for name, value in wanted if not name for item in _items(value)]
    if asked:
        machine.visible = True
        for name in asked:
            if name not in settings:
                warn(f'"{name}" is not a graphical parameter')
        found = [settings.get(name, NULL) for name in asked]
        return found[0] if len(found) == 1 else mk_list(found, asked)
    machine.visible = False
    old: dict[str, Value] = {}
    for name, value in wanted:
        assert name is not None
        if name not in settings:
            warn(f'"{name}" is not a graphical parameter')
            continue
        old[name] = settings[name]
        _set(settings, name, value)
    return mk_list(list(old.values()), list(old))


def _set(settings: dict[str, Value], name: str, value: Value) -> None:
    if name in ("mfrow", "mfcol"):
        sizes = [int(item) for item in _items(value)]
        if len(sizes) != 2 or min(sizes) < 1:
            raise RError(f'graphical parameter "{name}" has the wrong length', mend=f"par({name} = c(rows, columns))")
        value = integer(sizes)
        settings["mfrow"] = settings["mfcol"] = value
        DRAWING.panels, DRAWING.by_column = (sizes[0], sizes[1]), name == "mfcol"
        if DRAWING.devices:
            DRAWING.devices[-1].next_panel = 0
    settings[name] = value


@builtin(".layout", "numbers, widths, heights", invisible=True, package="internal")
def layout(numbers: Any, widths: Any, heights: Any) -> Value:
    """Cuts the pages into panels: where each number stands, row by row."""
    columns = len(_items(widths))
    flat = [int(item) for item in _items(numbers)]
    rows = tuple(tuple(flat[at : at + columns]) for at in range(0, len(flat), columns))
    DRAWING.panels = Cells(rows, tuple(map(float, _items(widths))), tuple(map(float, _items(heights))))
    DRAWING.by_column = False
    if DRAWING.devices:
        DRAWING.devices[-1].next_panel = 0
    return NULL


def _open(path: str, width: float, height: float, dots: float = 72.0) -> Value:
    try:
        DRAWING.open(path, width, height, dots)
    except MissingMatplotlib:
        _tell_once()
    one = integer([1, 1])
    _settings().update(mfrow=one, mfcol=one)
    return NULL


@builtin("pdf", "file = 'Rplots.pdf', width = 7, height = 7, ...", invisible=True, package="grDevices")
def pdf(file: Any, width: Any, height: Any, dots: Dots) -> Value:
    """Draws to a PDF file, or to none for NULL; sizes are inches."""
    return _open("" if file is NULL else text(file), number(width), number(height))


@builtin("svg", "filename = 'Rplot%03d.svg', width = 7, height = 7, ...", invisible=True, package="grDevices")
def svg(file: Any, width: Any, height: Any, dots: Dots) -> Value:
    """Draws to SVG files; sizes are inches."""
    return _open(text(file), number(width), number(height))


@builtin(
    "png",
    "filename = 'Rplot%03d.png', width = 480, height = 480, units = 'px', pointsize = 12, bg = 'white', res = NA, ...",
    invisible=True,
    package="grDevices",
)
def png(file: Any, width: Any, height: Any, units: Any, pointsize: Any, bg: Any, res: Any, dots: Dots) -> Value:
    """Draws to PNG files; sizes are pixels, or inches, centimetres or millimetres by `units`."""
    return _picture(text(file), number(width), number(height), text(units), number(res))


@builtin(
    "jpeg",
    "filename = 'Rplot%03d.jpeg', width = 480, height = 480, units = 'px', pointsize = 12, quality = 75, bg = 'white', "
    "res = NA, ...",
    invisible=True,
    package="grDevices",
)
def jpeg(
    file: Any, width: Any, height: Any, units: Any, pointsize: Any, quality: Any, bg: Any, res: Any, dots: Dots
) -> Value:
    """Draws to JPEG files; sizes as `png` takes them."""
    return _picture(text(file), number(width), number(height), text(units), number(res))


def _picture(path: str, width: float, height: float, units: str, dots: float) -> Value:
    dots = 72.0 if dots != dots else dots
    inches = {"px": 1.0 / dots, "in": 1.0, "cm": 1.0 / 2.54, "mm": 1.0 / 25.4}.get(units)
    if inches is None:
        raise RError(f"invalid units '{units}'", mend="units are px, in, cm or mm")
    return _open(path, width * inches, height * inches, dots)


@builtin("dev.off", "which = dev.cur()", package="grDevices")
def close_device(which: Any) -> Value:
    """Closes the device and writes its file."""
    if not DRAWING.devices:
        if DRAWING.warned:
            return _device_number()
        raise RError("cannot shut down device 1 (the null device)")
    DRAWING.close()
    return _device_number()


@builtin("graphics.off", "", invisible=True, package="grDevices")
def close_devices() -> Value:
    """Closes every device."""
    DRAWING.close_all()
    return NULL


@builtin("dev.cur", "", package="grDevices")
def current_device() -> Value:
    """Number and name of the device that draws."""
    return _device_number()


def _device_number() -> Value:
    count = len(DRAWING.devices)
    if not count:
        return integer(1).with_attribute("names", character("null device"))
    suffix = DRAWING.devices[-1].path.rpartition(".")[2] or "pdf"
    return integer(count + 1).with_attribute("names", character(suffix))


@builtin(("dev.new", "x11", "X11"), "...", invisible=True, package="grDevices")
def new_device(dots: Dots) -> Value:
    """Opens Rplots.pdf when no device is open: a program draws to files."""
    if not DRAWING.devices:
        return _open("Rplots.pdf", 7.0, 7.0)
    return NULL
