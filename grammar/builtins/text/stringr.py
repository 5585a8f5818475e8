"""The stringr package: ``str_*`` functions over the same pattern engine as ``gsub``."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pipekeras.grammar.builtins.registry import RError, builtin, call_function
from pipekeras.grammar.builtins.text.formatting import choose
from pipekeras.grammar.printing.dispatch import optional_flag, optional_whole, texts_of, whole
from pipekeras.grammar.text.patterns import PatternError
from pipekeras.grammar.text.regex import compiled
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    Vector,
    character,
    get_attribute,
    integer,
    is_function,
    logical,
    mk_list,
    names_of,
)

Dots = list[tuple[str | None, Any]]
Texts = list[str | None]


def _classed(pattern: Any, kind: str, **options: Any) -> Vector:
    made = character(texts_of(pattern))
    attributes: dict[str, Any] = {"options": mk_list(list(options.values()), list(options))}
    attributes["class"] = character([f"stringr_{kind}", "stringr_pattern", "character"])
    return made.with_attributes(attributes)


@builtin("fixed", "pattern, ignore_case = FALSE", package="stringr")
def fixed(pattern: Any, ignore_case: Any) -> Any:
    """A pattern that is plain text."""
    return _classed(pattern, "fixed", case_insensitive=ignore_case)


@builtin("coll", "pattern, ignore_case = FALSE, locale = 'en', ...", package="stringr")
def coll(pattern: Any, ignore_case: Any, locale: Any, dots: Dots) -> Any:
    """A pattern that is plain text of a language."""
    return _classed(pattern, "coll", case_insensitive=ignore_case)


@builtin("regex", "pattern, ignore_case = FALSE, multiline = FALSE, comments = FALSE, dotall = FALSE, ...", package="stringr")
def regex(pattern: Any, ignore_case: Any, multiline: Any, comments: Any, dotall: Any, dots: Dots) -> Any:
    """A regular expression with options."""
    return _classed(
        pattern, "regex", case_insensitive=ignore_case, multiline=multiline, comments=comments, dotall=dotall
    )


@builtin("boundary", "type = 'character', skip_word_none = NA, ...", package="stringr")
def boundary(type: Any, skip: Any, dots: Dots) -> Any:
    """A pattern for characters, words, lines or sentences; skip_word_none = FALSE: what stands between words counts too."""
    how = choose(type, ("character", "line_break", "sentence", "word"), "type")
    if how == "word" and skip.items()[0] == 0:
        how = "any_word"
    return _classed(character(how), "boundary")


_BOUNDARIES = {
    "character": r"[\s\S]",
    "word": r"\w+(?:['\u2019]\w+)*",
    "any_word": r"\w+(?:['\u2019]\w+)*| +|\r\n|[^\w ]",
    "line_break": r"\S+\s*",
    "sentence": r"[^.!?]+[.!?]*\s*",
}


@lru_cache(maxsize=256)
def _icu(pattern: str, flags: int) -> re.Pattern[str]:
    try:
        made = compiled(pattern, "perl", bool(flags & re.IGNORECASE))
        return re.compile(made.pattern, (made.flags & ~re.ASCII) | flags | re.UNICODE)
    except PatternError as error:
        raise RError(f"Error in regular expression: '{pattern}': {error.reason}") from None


def patterns_of(pattern: Any) -> list[re.Pattern[str] | None]:
    """Compiled patterns; None for NA."""
    classes = get_attribute(pattern, "class")
    kind = "" if classes is NULL else classes.items()[0]
    options = get_attribute(pattern, "options")
    given = {} if options is NULL else dict(zip(names_of(options) or [], options.items(), strict=False))
    flags = 0
    for name, value in (
        ("case_insensitive", re.IGNORECASE), ("multiline", re.MULTILINE), ("dotall", re.DOTALL), ("comments", re.VERBOSE)
    ):  # fmt: skip
        if optional_flag(given.get(name)):
            flags |= value
    out: list[re.Pattern[str] | None] = []
    for text in texts_of(pattern):
        if text is None:
            out.append(None)
        elif kind in ("stringr_fixed", "stringr_coll"):
            out.append(re.compile(re.escape(text), flags))
        elif kind == "stringr_boundary":
            out.append(re.compile(_BOUNDARIES[text]))
        elif text == "":
            out.append(re.compile(_BOUNDARIES["character"]))
        else:
            out.append(_icu(text, flags))
    return out


def _each(string: Any, pattern: Any, work: Callable[[str, re.Pattern[str]], Any], missing: Any) -> list[Any]:
    """``work`` on every text with its pattern, both recycled."""
    texts, patterns = texts_of(string), patterns_of(pattern)
    if not texts or not patterns:
        return []
    if len(texts) > 1 and len(patterns) > 1 and len(texts) != len(patterns):
        raise RError(f"Can't recycle `string` (size {len(texts)}) to match `pattern` (size {len(patterns)}).")
    out = []
    for at in range(max(len(texts), len(patterns))):
        text, found = texts[at % len(texts)], patterns[at % len(patterns)]
        out.append(missing if text is None or found is None else work(text, found))
    return out


def _named(values: Vector, string: Any) -> Vector:
    names = names_of(string)
    return values.with_attribute("names", character(names)) if names is not None and len(names) == len(values) else values


@builtin("str_detect", "string, pattern, negate = FALSE", package="stringr")
def str_detect(string: Any, pattern: Any, negate: Any) -> Any:
    """Whether each text has a match."""
    no = optional_flag(negate)
    return logical(_each(string, pattern, lambda text, found: int((found.search(text) is not None) != no), NA_INTEGER))


@builtin("str_starts", "string, pattern, negate = FALSE", package="stringr")
def str_starts(string: Any, pattern: Any, negate: Any) -> Any:
    """Whether each text begins with a match."""
    no = optional_flag(negate)
    return logical(_each(string, pattern, lambda text, found: int((found.match(text) is not None) != no), NA_INTEGER))


@builtin("str_ends", "string, pattern, negate = FALSE", package="stringr")
def str_ends(string: Any, pattern: Any, negate: Any) -> Any:
    """Whether each text ends with a match."""
    no = optional_flag(negate)

    def ends(text: str, found: re.Pattern[str]) -> int:
        return int((re.compile(f"(?:{found.pattern})\\Z", found.flags).search(text) is not None) != no)

    return logical(_each(string, pattern, ends, NA_INTEGER))


@builtin("str_which", "string, pattern, negate = FALSE", package="stringr")
def str_which(string: Any, pattern: Any, negate: Any) -> Any:
    """Positions of the texts with a match."""
    hits = str_detect(string, pattern, negate).items()
    return integer([at + 1 for at, hit in enumerate(hits) if hit == 1])


@builtin("str_subset", "string, pattern, negate = FALSE", package="stringr")
def str_subset(string: Any, pattern: Any, negate: Any) -> Any:
    """The texts with a match."""
    hits = str_detect(string, pattern, negate).items()
    return character([text for text, hit in zip(texts_of(string), hits, strict=False) if hit == 1])


@builtin("str_count", "string, pattern = ''", package="stringr")
def str_count(string: Any, pattern: Any) -> Any:
    """Number of matches in each text."""
    return integer(_each(string, pattern, lambda text, found: sum(1 for _ in found.finditer(text)), NA_INTEGER))


@builtin("str_extract", "string, pattern, group = NULL", package="stringr")
def str_extract(string: Any, pattern: Any, group: Any) -> Any:
    """The first match in each text."""
    which = optional_whole(group, "group") or 0

    def extract(text: str, found: re.Pattern[str]) -> str | None:
        match = found.search(text)
        return None if match is None else match.group(which)

    return character(_each(string, pattern, extract, None))


def _matrix(rows: list[list[str | None]], columns: int, names: list[str] | None = None) -> Vector:
    data = [row[column] if column < len(row) else "" for column in range(columns) for row in rows]
    attributes: dict[str, Any] = {"dim": integer([len(rows), columns])}
    if names is not None:
        attributes["dimnames"] = mk_list([NULL, character(names)])
    return character(data, attributes)


@builtin("str_extract_all", "string, pattern, simplify = FALSE", package="stringr")
def str_extract_all(string: Any, pattern: Any, simplify: Any) -> Any:
    """Every match in each text."""
    rows = _each(string, pattern, lambda text, found: [match[0] for match in found.finditer(text)], [None])
    if optional_flag(simplify):
        return _matrix(rows, max(map(len, rows), default=0))
    return mk_list([character(row) for row in rows])


def _groups(found: re.Pattern[str]) -> list[str] | None:
    if not found.groupindex:
        return None
    names = [""] * (found.groups + 1)
    for name, position in found.groupindex.items():
        names[position] = name
    return names


@builtin("str_match", "string, pattern", package="stringr")
def str_match(string: Any, pattern: Any) -> Any:
    """The first match and its groups, one row a text."""
    patterns = patterns_of(pattern)
    count = max((found.groups + 1 for found in patterns if found is not None), default=1)

    def groups(text: str, found: re.Pattern[str]) -> list[str | None]:
        match = found.search(text)
        return [None] * count if match is None else [match[0], *match.groups()]

    names = _groups(patterns[0]) if patterns and patterns[0] is not None else None
    return _matrix(_each(string, pattern, groups, [None] * count), count, names)


@builtin("str_match_all", "string, pattern", package="stringr")
def str_match_all(string: Any, pattern: Any) -> Any:
    """Every match and its groups: a matrix for each text."""

    def table(text: str, found: re.Pattern[str]) -> Vector:
        rows: list[list[str | None]] = [[match[0], *match.groups()] for match in found.finditer(text)]
        return _matrix(rows, found.groups + 1, _groups(found))

    return mk_list(_each(string, pattern, table, _matrix([[None]], 1)))


@builtin("str_locate", "string, pattern", package="stringr")
def str_locate(string: Any, pattern: Any) -> Any:
    """Start and end of the first match."""

    def place(text: str, found: re.Pattern[str]) -> tuple[int, int]:
        match = found.search(text)
        return (NA_INTEGER, NA_INTEGER) if match is None else (match.start() + 1, match.end())

    return _places(_each(string, pattern, place, (NA_INTEGER, NA_INTEGER)))


def _places(pairs: list[tuple[int, int]]) -> Vector:
    return integer(
        [start for start, _ in pairs] + [end for _, end in pairs],
        {"dim": integer([len(pairs), 2]), "dimnames": mk_list([NULL, character(["start", "end"])])},
    )


@builtin("str_locate_all", "string, pattern", package="stringr")
def str_locate_all(string: Any, pattern: Any) -> Any:
    """Start and end of every match."""
    return mk_list(_each(
        string, pattern, lambda text, found: _places([(m.start() + 1, m.end()) for m in found.finditer(text)]),
        _places([(NA_INTEGER, NA_INTEGER)]),
    ))  # fmt: skip


def _expander(replacement: Any, at: int) -> Callable[[re.Match[str]], str] | None:
    if is_function(replacement):
        return lambda match: texts_of(call_function(replacement, [(None, character(match[0]))]))[0] or ""
    texts = texts_of(replacement)
    text = texts[at % len(texts)]
    if text is None:
        return None

    def expand(match: re.Match[str]) -> str:
        return re.sub(
            r"\\([0-9])|\\(.)",
            lambda part: (match.group(int(part[1])) or "") if part[1] is not None else part[2], text,
        )  # fmt: skip

    return expand


def _formula_function(value: Any) -> Any:
    from pipekeras.grammar.nodes import Call

    if isinstance(value, Call) and value.is_call_of("~"):
        from pipekeras.grammar.printing.dispatch import invoke

        return invoke("as_mapper", value)
    return value


def _replaced(string: Any, pattern: Any, replacement: Any, count: int) -> Vector:
    texts = texts_of(string)
    names = names_of(pattern)
    if names is not None and count == 0 and replacement is None:
        out: Texts = list(texts)
        for found, new in zip(patterns_of(character(names)), texts_of(pattern), strict=True):
            expand = _expander(character([new]), 0)
            if found is not None and expand is not None:
                out = [None if text is None else found.sub(expand, text) for text in out]
        return _named(character(out), string)
    if replacement is None:
        raise RError('argument "replacement" is missing, with no default')
    replacement = _formula_function(replacement)
    patterns = patterns_of(pattern)
    made: Texts = []
    total = max(len(texts), len(patterns)) if texts and patterns else 0
    for at in range(total):
        text, found = texts[at % len(texts)], patterns[at % len(patterns)]
        expand = _expander(replacement, at)
        if text is None or found is None or expand is None:
            made.append(None)
        else:
            made.append(found.sub(expand, text, count=count))
    return _named(character(made), string)


@builtin("str_replace", "string, pattern, replacement", package="stringr")
def str_replace(string: Any, pattern: Any, replacement: Any) -> Any:
    """The first match replaced."""
    return _replaced(string, pattern, replacement, 1)


@builtin("str_replace_all", "string, pattern, replacement", package="stringr")
def str_replace_all(string: Any, pattern: Any, replacement: Any = None) -> Any:
    """Every match replaced; a named vector gives several patterns with their replacements."""
    return _replaced(string, pattern, replacement, 0)


@builtin("str_remove", "string, pattern", package="stringr")
def str_remove(string: Any, pattern: Any) -> Any:
    """The first match taken out."""
    return _replaced(string, pattern, character(""), 1)


@builtin("str_remove_all", "string, pattern", package="stringr")
def str_remove_all(string: Any, pattern: Any) -> Any:
    """Every match taken out."""
    return _replaced(string, pattern, character(""), 0)


def _split(text: str, found: re.Pattern[str], limit: int) -> list[str]:
    if found.pattern in _BOUNDARIES.values():
        return [match[0] for match in found.finditer(text)]
    out: list[str] = []
    place = 0
    for match in found.finditer(text):
        if limit > 0 and len(out) + 1 >= limit:
            break
        if match.end() == match.start() and match.start() in (0, len(text)):
            continue
        out.append(text[place : match.start()])
        place = match.end()
    out.append(text[place:])
    return out


def _limit(n: Any) -> int:
    value = n.items()[0]
    return 0 if value == float("inf") else int(value)


@builtin("str_split", "string, pattern, n = Inf, simplify = FALSE", package="stringr")
def str_split(string: Any, pattern: Any, n: Any, simplify: Any) -> Any:
    """Each text cut at the matches."""
    limit = _limit(n)
    rows = _each(string, pattern, lambda text, found: _split(text, found, limit), [None])
    if optional_flag(simplify):
        return _matrix(rows, max(map(len, rows), default=0))
    return mk_list([character(row) for row in rows])


@builtin("str_split_1", "string, pattern", package="stringr")
def str_split_one(string: Any, pattern: Any) -> Any:
    """The pieces of one text."""
    if len(texts_of(string)) != 1:
        raise RError("`string` must be a single string, not a character vector.")
    return character(_each(string, pattern, lambda text, found: _split(text, found, 0), [None])[0])


@builtin("str_split_fixed", "string, pattern, n", package="stringr")
def str_split_fixed(string: Any, pattern: Any, n: Any) -> Any:
    """Each text cut into a fixed number of pieces: a matrix."""
    count = _limit(n)
    rows = _each(string, pattern, lambda text, found: _split(text, found, count), [None])
    return _matrix(rows, count)


@builtin("str_split_i", "string, pattern, i", package="stringr")
def str_split_one_of(string: Any, pattern: Any, i: Any) -> Any:
    """One piece of each text; negative counts from the end."""
    at = whole(i, "i")

    def piece(text: str, found: re.Pattern[str]) -> str | None:
        parts = _split(text, found, 0)
        place = at - 1 if at > 0 else len(parts) + at
        return parts[place] if 0 <= place < len(parts) else None

    return character(_each(string, pattern, piece, None))
