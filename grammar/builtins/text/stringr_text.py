"""The stringr package's functions without patterns: joining, padding, cutting, sorting."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from pipekeras.grammar.builtins.registry import RError, builtin
from pipekeras.grammar.builtins.text.formatting import choose
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.printing.dispatch import one_text, optional_flag, optional_text, texts_of, whole
from pipekeras.grammar.printing.text import text_width
from pipekeras.grammar.values import NA_INTEGER, NULL, Vector, character, dim_of, integer, logical, names_of
from pipekeras.grammar.vectors.coerce import integers
from pipekeras.grammar.vectors.unsupported import only_default

Dots = list[tuple[str | None, Any]]
Texts = list[str | None]


def _named(values: Vector, string: Any) -> Vector:
    names = names_of(string)
    return values.with_attribute("names", character(names)) if names is not None and len(names) == len(values) else values


def common_size(**sizes: int) -> int:
    """The length of arguments of which those of length 1 are recycled; the rest must agree."""
    size, name = 1, ""
    for label, count in sizes.items():
        if count == 1 or (name and count == size):
            continue
        if name:
            raise RError(f"Can't recycle `{name}` (size {size}) to match `{label}` (size {count}).")
        size, name = count, label
    return size


@builtin("str_c", "..., sep = '', collapse = NULL", package="stringr")
def str_c(dots: Dots, sep: Any, collapse: Any) -> Any:
    """Texts joined one by one; NA makes NA."""
    columns = [texts_of(value) for _, value in dots if value is not NULL]
    glue = optional_text(collapse, "collapse")
    if not columns or any(not column for column in columns):
        return character([] if glue is None else "")
    separator = one_text(sep, "sep")
    count = max(map(len, columns))
    held = next((at for at, column in enumerate(columns) if len(column) > 1), 0)
    for at, column in enumerate(columns):
        if len(column) not in (1, len(columns[held])):
            sizes = f"(size {len(columns[held])}) to match `..{at + 1}` (size {len(column)})"
            raise RError(f"Can't recycle `..{held + 1}` {sizes}.")
    rows: Texts = []
    for row in range(count):
        cells = [column[row % len(column)] for column in columns]
        rows.append(None if None in cells else separator.join(cell for cell in cells if cell is not None))
    if glue is None:
        return character(rows)
    return character([None] if None in rows else glue.join(row for row in rows if row is not None))


@builtin("str_flatten", "string, collapse = '', last = NULL, na.rm = FALSE", package="stringr")
def str_flatten(string: Any, collapse: Any, last: Any, na_rm: Any) -> Any:
    """All texts in one."""
    texts = texts_of(string)
    if optional_flag(na_rm):
        texts = [text for text in texts if text is not None]
    if None in texts:
        return character([None])
    known = [text or "" for text in texts]
    between = one_text(collapse, "collapse")
    final = optional_text(last, "last")
    if final is not None and len(known) > 1:
        return character(between.join(known[:-1]) + final + known[-1])
    return character(between.join(known))


@builtin("str_flatten_comma", "string, last = NULL, na.rm = FALSE", package="stringr")
def str_flatten_comma(string: Any, last: Any, na_rm: Any) -> Any:
    """All texts with commas between."""
    return str_flatten(string, character(", "), last, na_rm)


def _change(string: Any, change: Callable[[str], Any]) -> Vector:
    return _named(character([None if text is None else change(text) for text in texts_of(string)]), string)


@builtin("str_length", "string", package="stringr")
def str_length(string: Any) -> Any:
    """Number of characters."""
    return integer([NA_INTEGER if text is None else len(text) for text in texts_of(string)])


@builtin("str_width", "string", package="stringr")
def str_width(string: Any) -> Any:
    """Number of columns."""
    return integer([NA_INTEGER if text is None else text_width(text) for text in texts_of(string)])


def _dotted(locale: Any) -> bool:
    """Whether a language has an i with and an i without a dot."""
    return (optional_text(locale, "locale") or "")[:2].lower() in ("tr", "az")


def lowered(text: str, locale: Any) -> str:
    """Lower case as a language writes it."""
    return text.replace("\u0130", "i").replace("I", "\u0131").lower() if _dotted(locale) else text.lower()


def raised(text: str, locale: Any) -> str:
    """Upper case as a language writes it."""
    return text.replace("i", "\u0130").upper() if _dotted(locale) else text.upper()


@builtin("str_to_lower", "string, locale = 'en'", package="stringr")
def str_to_lower(string: Any, locale: Any) -> Any:
    """Lower case."""
    return _change(string, lambda text: lowered(text, locale))


@builtin("str_to_upper", "string, locale = 'en'", package="stringr")
def str_to_upper(string: Any, locale: Any) -> Any:
    """Upper case."""
    return _change(string, lambda text: raised(text, locale))


@builtin("str_to_title", "string, locale = 'en'", package="stringr")
def str_to_title(string: Any, locale: Any) -> Any:
    """Every word begun with a capital."""
    def titled(word: re.Match[str]) -> str:
        return raised(word[0][0], locale) + lowered(word[0][1:], locale)

    return _change(string, lambda text: re.sub(r"\w+(?:'\w+)?", titled, text))


@builtin("str_to_sentence", "string, locale = 'en'", package="stringr")
def str_to_sentence(string: Any, locale: Any) -> Any:
    """Every sentence begun with a capital."""
    def begun(start: re.Match[str]) -> str:
        return start[1] + raised(start[2], locale)

    return _change(string, lambda text: re.sub(r"(^|[.!?]\s+)(\w)", begun, lowered(text, locale)))


@builtin("str_trim", "string, side = NULL", package="stringr")
def str_trim(string: Any, side: Any) -> Any:
    """White space taken off the ends."""
    how = choose(side, ("both", "left", "right"), "side")
    return _change(string, {"both": str.strip, "left": str.lstrip, "right": str.rstrip}[how])


@builtin("str_squish", "string", package="stringr")
def str_squish(string: Any) -> Any:
    """White space taken off the ends and single within."""
    return _change(string, lambda text: re.sub(r"\s+", " ", text).strip())


@builtin("str_pad", "string, width, side = NULL, pad = ' ', use_width = TRUE", package="stringr")
def str_pad(string: Any, width: Any, side: Any, pad: Any, use_width: Any) -> Any:
    """Texts filled up to a width."""
    how = choose(side, ("left", "right", "both"), "side")
    texts, widths, fills = texts_of(string), integers(width).tolist(), texts_of(pad)
    out: Texts = []
    for at in range(common_size(string=len(texts), width=len(widths), pad=len(fills))):
        text = texts[at % len(texts)]
        if text is None:
            out.append(None)
            continue
        lack = widths[at % len(widths)] - (text_width(text) if optional_flag(use_width, True) else len(text))
        fill = fills[at % len(fills)] or " "
        if lack <= 0:
            out.append(text)
        elif how == "left":
            out.append(fill * lack + text)
        elif how == "right":
            out.append(text + fill * lack)
        else:
            out.append(fill * (lack // 2) + text + fill * (lack - lack // 2))
    return character(out)


@builtin("str_trunc", "string, width, side = NULL, ellipsis = '...'", package="stringr")
def str_trunc(string: Any, width: Any, side: Any, ellipsis: Any) -> Any:
    """Texts cut to a width, with dots where something is missing."""
    how = choose(side, ("right", "left", "center"), "side")
    size, dots = whole(width, "width"), one_text(ellipsis, "ellipsis")
    if size < len(dots):
        raise RError(f"`width` ({size}) is shorter than `ellipsis` ({len(dots)}).")
    keep = size - len(dots)

    def cut(text: str) -> str:
        if len(text) <= size:
            return text
        if how == "right":
            return text[:keep] + dots
        if how == "left":
            return dots + text[len(text) - keep :]
        head = -(-keep // 2)
        return text[:head] + dots + text[len(text) - (keep - head) :] if keep - head else text[:head] + dots

    return _change(string, cut)


@builtin("str_dup", "string, times", package="stringr")
def str_dup(string: Any, times: Any) -> Any:
    """Texts repeated."""
    texts, counts = texts_of(string), integers(times).tolist()
    count = common_size(string=len(texts), times=len(counts))
    return character([
        None if texts[at % len(texts)] is None else (texts[at % len(texts)] or "") * counts[at % len(counts)]
        for at in range(count)
    ])  # fmt: skip


def _edges(start: Any, end: Any) -> tuple[list[int], list[int]]:
    """First and last places; a matrix of two columns, as `str_locate` gives, has both."""
    shape = dim_of(start)
    if shape is not None and len(shape) == 2 and shape[1] == 2:
        both = integers(start).tolist()
        return both[: shape[0]], both[shape[0] :]
    return integers(start).tolist(), integers(end).tolist()


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    size = len(text)
    first = start - 1 if start > 0 else size + start if start < 0 else 0
    last = end if end >= 0 else size + end + 1
    return max(first, 0), max(last, 0)


@builtin("str_sub", "string, start = 1L, end = -1L", package="stringr")
def str_sub(string: Any, start: Any, end: Any) -> Any:
    """Part of each text; negative positions count from the end."""
    texts = texts_of(string)
    starts, ends = _edges(start, end)
    out: Texts = []
    for at in range(common_size(string=len(texts), start=len(starts), end=len(ends))):
        text, first, last = texts[at % len(texts)], starts[at % len(starts)], ends[at % len(ends)]
        if text is None or first == NA_INTEGER or last == NA_INTEGER:
            out.append(None)
            continue
        low, high = _bounds(text, first, last)
        out.append(text[low:high])
    return character(out)


@builtin("str_sub<-", "string, start = 1L, end = -1L, omit_na = FALSE, value", package="stringr")
def str_sub_assign(string: Any, start: Any, end: Any, omit: Any, value: Any) -> Any:
    """Part of each text replaced, whatever its length."""
    (starts, ends), values = _edges(start, end), texts_of(value)
    texts = texts_of(string)
    out: Texts = []
    for at in range(common_size(string=len(texts), start=len(starts), end=len(ends), value=len(values))):
        text, new = texts[at % len(texts)], values[at % len(values)]
        if text is None or new is None:
            out.append(text if optional_flag(omit) else None)
            continue
        low, high = _bounds(text, starts[at % len(starts)], ends[at % len(ends)])
        out.append(text[:low] + new + text[max(high, low) :])
    return character(out)


@builtin("str_order", "x, decreasing = FALSE, na_last = TRUE, locale = 'en', numeric = FALSE, ...", package="stringr")
def str_order(x: Any, decreasing: Any, na_last: Any, locale: Any, numeric: Any, dots: Dots) -> Any:
    """Positions in sorted order."""
    texts = texts_of(x)
    order = _order(texts, optional_flag(decreasing), optional_flag(numeric), _by_codes(locale))
    return integer([at + 1 for at in _with_missing(order, texts, na_last)])


@builtin("str_sort", "x, decreasing = FALSE, na_last = TRUE, locale = 'en', numeric = FALSE, ...", package="stringr")
def str_sort(x: Any, decreasing: Any, na_last: Any, locale: Any, numeric: Any, dots: Dots) -> Any:
    """Texts in order, as words of a language stand in a dictionary."""
    texts = texts_of(x)
    order = _order(texts, optional_flag(decreasing), optional_flag(numeric), _by_codes(locale))
    return character([texts[at] for at in _with_missing(order, texts, na_last)])


def _with_missing(order: list[int], texts: Texts, na_last: Any) -> list[int]:
    """The order with the missing texts at the end, at the front, or (for NA) left out."""
    known = [at for at in order if texts[at] is not None]
    missing = [at for at in order if texts[at] is None]
    last = na_last.items()[0] if type(na_last) is Vector and len(na_last) else True
    return known if last is None else known + missing if last else missing + known


def _by_codes(locale: Any) -> bool:
    """Whether texts stand by the numbers of their characters; a language with an alphabet of its own is refused."""
    name = optional_text(locale, "locale") or ""
    if name == "C":
        return True
    if name[:2].lower() not in ("", "en", "de", "fr", "it", "pt", "nl"):
        mend = '"en" is the order of a dictionary, "C" that of the codes'
        raise RError(f"argument 'locale' = \"{name}\" is not supported", mend=mend)
    return False


def _order(texts: Texts, decreasing: bool, numeric: bool, by_codes: bool) -> list[int]:
    def key(at: int) -> Any:
        text = texts[at] or ""
        if by_codes:
            return text
        parts: Any = text.lower()
        if numeric:
            pieces = [part for part in re.split(r"(\d+)", text.lower()) if part]
            parts = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in pieces]
        return (parts, text.swapcase())

    known = sorted((at for at in range(len(texts)) if texts[at] is not None), key=key, reverse=decreasing)
    return known + [at for at in range(len(texts)) if texts[at] is None]


@builtin("str_unique", "string, locale = 'en', ignore_case = FALSE, ...", package="stringr")
def str_unique(string: Any, locale: Any, ignore_case: Any, dots: Dots) -> Any:
    """Texts without repetition."""
    only_default("str_unique", locale=(locale, "en"))
    alike = optional_flag(ignore_case)
    first: dict[str | None, str | None] = {}
    for text in texts_of(string):
        first.setdefault(text.casefold() if alike and text is not None else text, text)
    return character(list(first.values()))


@builtin("str_replace_na", "string, replacement = 'NA'", package="stringr")
def str_replace_na(string: Any, replacement: Any) -> Any:
    """NA replaced by a text."""
    new = one_text(replacement, "replacement")
    return character([new if text is None else text for text in texts_of(string)])


@builtin("str_equal", "x, y, locale = 'en', ignore_case = FALSE, ...", package="stringr")
def str_equal(x: Any, y: Any, locale: Any, ignore_case: Any, dots: Dots) -> Any:
    """Whether texts are the same."""
    first, second = texts_of(x), texts_of(y)
    folded = optional_flag(ignore_case)

    def fold(text: str) -> str:
        # A letter with its accent is the same as the two put together.
        same = unicodedata.normalize("NFC", text)
        return same.casefold() if folded else same

    out = []
    for at in range(max(len(first), len(second)) if first and second else 0):
        left, right = first[at % len(first)], second[at % len(second)]
        out.append(NA_INTEGER if left is None or right is None else int(fold(left) == fold(right)))
    return logical(out)


@builtin("str_wrap", "string, width = 80, indent = 0, exdent = 0, whitespace_only = TRUE", package="stringr")
def str_wrap(string: Any, width: Any, indent: Any, exdent: Any, spaces: Any) -> Any:
    """Texts broken into lines of at most a width."""
    only_default("str_wrap", whitespace_only=(spaces, True))
    import textwrap

    columns = whole(width, "width")

    def wrap(text: str) -> str:
        return textwrap.fill(
            " ".join(text.split()), max(columns, 1), initial_indent=" " * whole(indent, "indent"),
            subsequent_indent=" " * whole(exdent, "exdent"), break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip

    return _change(string, wrap)


@builtin("word", "string, start = 1L, end = NULL, sep = ' '", package="stringr")
def word(string: Any, start: Any, end: Any, sep: Any) -> Any:
    """Words of each text by position."""
    first = whole(start, "start")
    last = first if end is NULL else whole(end, "end")
    glue = one_text(sep, "sep")

    def pick(text: str) -> str | None:
        parts = text.split(glue)
        low = first - 1 if first > 0 else len(parts) + first
        high = last if last > 0 else len(parts) + last + 1
        return glue.join(parts[low:high]) if 0 <= low < len(parts) and low < high <= len(parts) else None

    return _change(string, pick)


@builtin("str_glue", "..., .sep = '', .envir = NULL, .trim = TRUE", needs_environment=True, package="stringr")
def str_glue(dots: Dots, sep: Any, envir: Any, trim: Any, *, environment: Environment) -> Any:
    """Texts with the values of the code between braces."""
    from pipekeras.grammar.builtins.text.glue import interpolate

    scope = environment if envir is NULL else envir
    return interpolate(
        dots, scope, one_text(sep, ".sep"), "{", "}", "NA", character(""), False, NULL, optional_flag(trim, True)
    )
