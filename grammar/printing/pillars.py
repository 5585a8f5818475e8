"""Tables as tibbles are shown: three significant digits, columns as narrow as they must be, the rest named below.

A column has a widest form, which shows everything, and a narrowest one. When all widest forms fit, they are used;
otherwise columns take their narrowest form until no further one fits, and what is left of the line widens them from
the left.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipekeras.grammar.printing.text import escape_text, pad_text, text_width

TITLE_AT_LEAST = 5
"""Letters of a title that stay when it is cut."""
TEXT_AT_LEAST = 3
TYPE_AT_LEAST = 5
_FOOT_LINES = 7
_RAISED = str.maketrans("0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
_CUT = "\u2026"


def _special(value: float | None) -> str | None:
    if value is None:
        return "NA"
    if math.isnan(value):
        return "NaN"
    return ("-Inf" if value < 0 else "Inf") if math.isinf(value) else None


def _rounded(value: float, digits: int) -> tuple[float, int]:
    """``value`` at ``digits`` significant digits, all of its whole part, and the decimal places that say something."""
    if value == 0:
        return 0.0, 0
    places = max(digits - 1 - math.floor(math.log10(abs(value)) + 1e-12), 0)
    scaled = round(value * 10.0**places)
    if places and abs(scaled) >= 10**digits:
        places -= 1
        scaled = round(value * 10.0**places)
    rounded = scaled / 10.0**places
    while places and math.isclose(round(value, places - 1), value, rel_tol=1e-14):
        places -= 1
    return rounded, places


def decimal_cells(values: Sequence[float | None], digits: int) -> list[str]:
    """Numbers with their points below one another; a point at the end says that more follows."""
    whole, rest, pointed = [], [], []
    for value in values:
        special = _special(value)
        if special is not None or value is None:
            whole.append(special or "NA")
            rest.append("")
            pointed.append(False)
            continue
        rounded, places = _rounded(value, digits)
        left, _, right = f"{rounded:.{places}f}".partition(".")
        whole.append("0" if left == "-0" and not right else left)
        rest.append(right)
        pointed.append(bool(right) or not math.isclose(value, round(value), rel_tol=1e-14))
    left_width = max(map(len, whole), default=0)
    right_width = max(map(len, rest), default=0)
    any_point = any(pointed)
    return [
        one.rjust(left_width) + (("." if point else " ") if any_point else "") + places.ljust(right_width)
        for one, places, point in zip(whole, rest, pointed, strict=True)
    ]


def scientific_cells(values: Sequence[float | None], digits: int) -> list[str]:
    """Numbers as a mantissa and an exponent, each part below its kind."""
    mantissas: list[float | None] = []
    exponents: list[int | None] = []
    for value in values:
        if value is None or not math.isfinite(value):
            mantissas.append(value)
            exponents.append(None)
            continue
        exponent = int(f"{value:.{digits - 1}e}".partition("e")[2])
        mantissas.append(float(Decimal(value).scaleb(-exponent)))
        exponents.append(exponent)
    known = [exponent for exponent in exponents if exponent is not None]
    signed = any(exponent < 0 for exponent in known)
    size = max((len(str(abs(exponent))) for exponent in known), default=0)
    tail = 1 + signed + size
    return [
        left + (" " * tail if exponent is None else
                "e" + (("-" if exponent < 0 else "+") if signed else "") + str(abs(exponent)).rjust(size))
        for left, exponent in zip(decimal_cells(mantissas, digits), exponents, strict=True)
    ]


def quoted_texts(texts: Sequence[str | None], quote: bool) -> list[str]:
    """Strings of a column; all are quoted when one would be misread without."""
    known = [text for text in texts if text is not None]
    if quote and any(not text or text != text.strip() or escape_text(text, '"') != f'"{text}"' for text in known):
        quoted = [text if text is None else escape_text(text, '"') for text in texts]
        # What is missing stands under the letters where the column has room for it.
        missing = " <NA>" if max((text_width(text) for text in quoted if text is not None), default=0) >= 5 else "<NA>"
        return [missing if text is None else text for text in quoted]
    return ["<NA>" if text is None else text for text in texts]


def cut_text(text: str, width: int, mark: str = _CUT) -> str:
    """``text`` within ``width`` columns, with a mark where something was left out."""
    if text_width(text) <= width:
        return text
    kept, used = "", text_width(mark)
    for character in text:
        used += text_width(character)
        if used > width:
            break
        kept += character
    return kept + mark


@dataclass
class Pillar:
    """One column: its title, its type and its cells in every form that it has."""

    title: str
    type: str
    forms: list[list[str]]
    """From the widest to the narrowest."""
    side: str = "right"
    shrinks: bool = False
    """Cells are cut when there is too little room."""
    short_type: bool = False
    """The type is cut as well, down to five columns."""
    label: str = ""
    """What the foot calls it; several pillars of one column share it."""
    mark: str = field(default="", init=False)

    def _cells_width(self, form: list[str]) -> int:
        return max(map(text_width, form), default=0)

    @property
    def widest(self) -> int:
        """Columns of the form that shows everything."""
        return max(text_width(self.title), text_width(self.type), self._cells_width(self.forms[0]))

    @property
    def narrowest(self) -> int:
        """Columns without which it is not shown."""
        title = min(text_width(self.title), TITLE_AT_LEAST + 2)
        cells = min(map(self._cells_width, self.forms))
        kind = min(text_width(self.type), TYPE_AT_LEAST) if self.short_type else text_width(self.type)
        return max(title, kind, min(cells, TEXT_AT_LEAST) if self.shrinks else cells)

    def lines(self, width: int) -> list[str]:
        """Title, type and cells, each of ``width`` columns."""
        form = next((one for one in self.forms if self._cells_width(one) <= width), self.forms[-1])
        title = cut_text(self.title, width, _CUT + self.mark) if self.mark else self.title
        cells = [cut_text(cell, width) for cell in form] if self.shrinks else form
        kind = self.type if text_width(self.type) <= width else f"{self.type[: width - 1]}>"
        return [pad_text(line, width, self.side) for line in (title, kind, *cells)]


def _shared_out(pillars: Sequence[Pillar], room: int) -> list[int]:
    """Widths of the pillars that fit into ``room`` columns, of which one goes before each."""
    if sum(pillar.widest + 1 for pillar in pillars) <= room:
        return [pillar.widest for pillar in pillars]
    widths = []
    for pillar in pillars:
        if pillar.narrowest + 1 > room:
            break
        widths.append(pillar.narrowest)
        room -= pillar.narrowest + 1
    for place, pillar in enumerate(pillars[: len(widths)]):
        more = min(pillar.widest - widths[place], room)
        widths[place] += more
        room -= more
    return widths


def _joined(row_labels: list[str], pillars: Sequence[Pillar], widths: Sequence[int]) -> list[str]:
    columns = [pillar.lines(width) for pillar, width in zip(pillars, widths, strict=True)]
    return [" ".join(parts) for parts in zip(row_labels, *columns, strict=True)]


def _foot(more_rows: int, hidden: list[str], cut: list[str], variables: str, width: float, named_most: int) -> list[str]:
    parts: list[list[str]] = []
    if more_rows:
        parts.append([f"{more_rows:,}", "more", "rows" if more_rows > 1 else "row"])
    if hidden:
        named = [f"{one}," for one in hidden[:named_most]]
        if named:
            named[-1] = named[-1][:-1] if len(hidden) <= named_most else f"{named[-1]} {_CUT}"
        variables = f"{variables}{'s' if len(hidden) > 1 else ''}{':' if named else ''}"
        parts.append([f"{len(hidden)}", *variables.split(" "), *named])
    if cut:
        parts.append(["abbreviated", "variable", "names" if len(cut) > 1 else "name", *cut])
    if not parts:
        return []
    words = ["#", _CUT, "with"]
    for place, part in enumerate(parts):
        if place and place == len(parts) - 1:
            words.append("and")
        words += part
        if place < len(parts) - 1:
            words[-1] += ","
    lines, line = [], words[0]
    for word in words[1:]:
        if text_width(line) + 1 + text_width(word) > width - 1:
            lines.append(line)
            line = f"#   {word}"
        else:
            line += f" {word}"
    lines.append(line)
    if len(lines) <= _FOOT_LINES:
        return lines
    last = lines[_FOOT_LINES - 1]
    while text_width(last) + 2 > width - 1:
        last = last.rpartition(" ")[0]
    return [*lines[: _FOOT_LINES - 1], f"{last} {_CUT}"]


def table_lines(pillars: Sequence[Pillar], shown: int, rows: int, width: float, tier: int, named_most: int) -> list[str]:
    """Lines of a table of which ``shown`` of ``rows`` rows are given, the foot among them.

    A table of any width (``inf``) is broken into parts of ``tier`` columns. The foot names at most ``named_most`` of
    the columns that have no place.
    """
    out: list[str] = []
    label_width = len(str(shown)) if shown else 0
    row_labels = [" " * label_width] * 2 + [str(row + 1).rjust(label_width) for row in range(shown)]
    if not shown:
        widths: list[int] = []
    elif math.isinf(width):
        widths = [pillar.widest for pillar in pillars]
        start = 0
        while start < len(pillars):
            end, room = start + 1, tier - label_width - widths[start] - 1
            while end < len(pillars) and widths[end] + 1 <= room:
                room -= widths[end] + 1
                end += 1
            out += _joined(row_labels, pillars[start:end], widths[start:end])
            start = end
    else:
        widths = _shared_out(pillars, int(width) - label_width)
    cut: list[str] = []
    for pillar, given in zip(pillars, widths, strict=False):
        if text_width(pillar.title) > given:
            pillar.mark = str(len(cut) + 1).translate(_RAISED)
            cut.append(f"{pillar.mark}\u200b{pillar.title}")
    if widths and not out:
        out = _joined(row_labels, pillars[: len(widths)], widths)
    hidden = list(dict.fromkeys(pillar.label for pillar in pillars[len(widths) :]))
    cut = [f"{one}," for one in cut[:-1]] + cut[-1:]
    kind = "more variable" if shown else "variable"
    return [*out, *_foot(rows - shown, hidden, cut, kind, tier if math.isinf(width) else width, named_most)]
