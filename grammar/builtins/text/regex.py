"""Searching and replacing by pattern: ``grep`` and its family, ``strsplit``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pipekeras.grammar.builtins.registry import RError, builtin, warn
from pipekeras.grammar.printing.dispatch import keep_attributes, optional_flag, text_vector, texts_of
from pipekeras.grammar.text.approximate import KINDS, Bounds, nearly_within
from pipekeras.grammar.text.patterns import PatternError
from pipekeras.grammar.text.regex import all_matches, compiled, replace, restarts, split
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    Vector,
    character,
    integer,
    logical,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.coerce import coerce
from pipekeras.grammar.vectors.unsupported import only_default


def dialect_of(perl: Any, fixed: Any, ignore_case: Any = NULL) -> tuple[str, bool]:
    """Which pattern dialect the flags ask for, and whether case is to be ignored: not where the text itself is looked for."""
    ignoring = optional_flag(ignore_case)
    if not optional_flag(fixed):
        return "perl" if optional_flag(perl) else "extended", ignoring
    for given, name in ((ignoring, "ignore.case"), (optional_flag(perl), "perl")):
        if given:
            warn(f"argument '{name} = TRUE' will be ignored")
    return "fixed", False


def _pattern_text(pattern: Any) -> str | None:
    if not isinstance(pattern, Vector) or len(pattern) < 1:
        raise RError("invalid 'pattern' argument")
    text = texts_of(pattern)[0]
    if len(pattern) > 1:
        warn("argument 'pattern' has length > 1 and only the first element will be used")
    return text


def _known_pattern(pattern: Any) -> str:
    """A pattern of a search for places, which must not be missing."""
    text = _pattern_text(pattern)
    if text is None:
        raise RError("invalid 'pattern' argument")
    return text


def bad_pattern(pattern: str, dialect: str, error: PatternError) -> RError:
    """R's error (after R's warning) for a pattern that does not compile."""
    if dialect == "perl":
        warn(f"PCRE pattern compilation error\n\t'{error.reason}'\n\tat '{error.rest}'")
        return RError(f"invalid regular expression '{pattern}'")
    warn(f"TRE pattern compilation error '{error.reason}'")
    return RError(f"invalid regular expression '{pattern}', reason '{error.reason}'")


def pattern_of(pattern: str, dialect: str, ignore_case: bool, texts: Sequence[str | None] = ()) -> re.Pattern[str]:
    """The compiled pattern, or R's error.

    Args:
        pattern, dialect, ignore_case: what to look for, and how.
        texts: where a search looks; beyond ASCII R says less about a pattern that does not compile.
    """
    try:
        return compiled(pattern, dialect, ignore_case)
    except PatternError as error:
        if dialect == "extended" and texts and not _ascii(texts, pattern):
            raise RError(f"invalid regular expression, reason '{error.reason}'") from None
        raise bad_pattern(pattern, dialect, error) from None


def subjects(x: Any) -> list[str | None]:
    return [] if x is NULL else texts_of(x)


@builtin("grepl", "pattern, x, ignore.case = FALSE, perl = FALSE, fixed = FALSE, useBytes = FALSE")
def grepl(pattern: Any, x: Any, ignore_case: Any, perl: Any, fixed: Any, use_bytes: Any) -> Any:
    """Whether each text has a match."""
    dialect, ignore = dialect_of(perl, fixed, ignore_case)
    source = _pattern_text(pattern)
    texts = subjects(x)
    if source is None:
        return logical([None] * len(texts))
    if dialect == "fixed":
        return logical([int(text is not None and source in text) for text in texts])
    search = pattern_of(source, dialect, ignore, texts).search
    return logical([int(text is not None and search(text) is not None) for text in texts])


@builtin(
    "grep",
    "pattern, x, ignore.case = FALSE, perl = FALSE, value = FALSE, fixed = FALSE, useBytes = FALSE, invert = FALSE",
)
def grep(
    pattern: Any, x: Any, ignore_case: Any, perl: Any, value: Any, fixed: Any, use_bytes: Any, invert: Any
) -> Any:
    """Positions, or the texts themselves, where the pattern matches."""
    dialect, ignore = dialect_of(perl, fixed, ignore_case)
    source = _pattern_text(pattern)
    texts = subjects(x)
    wanted = not optional_flag(invert)
    if source is None:
        return character([None] * len(texts)) if optional_flag(value) else integer([None] * len(texts))
    search = pattern_of(source, dialect, ignore, texts).search
    hits = [at for at, text in enumerate(texts) if (text is not None and search(text) is not None) == wanted]
    names = names_of(x)
    attributes = {"names": character([names[at] for at in hits])} if names is not None else None
    if optional_flag(value):
        return character([texts[at] for at in hits], attributes)
    return integer([at + 1 for at in hits])


def _replaced(
    pattern: Any, replacement: Any, x: Any, ignore_case: Any, perl: Any, fixed: Any, everywhere: bool
) -> Any:
    dialect, ignore = dialect_of(perl, fixed, ignore_case)
    source = _pattern_text(pattern)
    if not isinstance(replacement, Vector) or len(replacement) < 1:
        raise RError("invalid 'replacement' argument")
    new = texts_of(replacement)[0]
    if len(replacement) > 1:
        warn("argument 'replacement' has length > 1 and only the first element will be used")
    if dialect == "fixed" and isinstance(pattern, Vector) and pattern.kind == "character" and pattern.items()[:1] == [""]:
        raise RError("zero-length pattern")
    texts = subjects(x)
    if source is None:
        lost = [None] * len(texts)
        return keep_attributes(x, lost) if getattr(x, "kind", "") == "character" else character(lost)
    found = pattern_of(source, dialect, ignore)
    out: list[str | None] = []
    for text in texts:
        if text is None:
            out.append(None)
        elif new is None:
            out.append(None if found.search(text) else text)
        else:
            out.append(replace(source, dialect, ignore, new, text, everywhere))
    given = text_vector(x) if isinstance(x, Vector) and x.kind != "character" else x
    return keep_attributes(given, out) if isinstance(x, Vector) else character(out)


_REPLACE_SIGNATURE = "pattern, replacement, x, ignore.case = FALSE, perl = FALSE, fixed = FALSE, useBytes = FALSE"


@builtin("sub", _REPLACE_SIGNATURE)
def sub(pattern: Any, replacement: Any, x: Any, ignore_case: Any, perl: Any, fixed: Any, use_bytes: Any) -> Any:
    """Replace the first match in each text."""
    return _replaced(pattern, replacement, x, ignore_case, perl, fixed, False)


@builtin("gsub", _REPLACE_SIGNATURE)
def gsub(pattern: Any, replacement: Any, x: Any, ignore_case: Any, perl: Any, fixed: Any, use_bytes: Any) -> Any:
    """Replace every match in each text."""
    return _replaced(pattern, replacement, x, ignore_case, perl, fixed, True)


def _match_attributes(
    lengths: Any, bytes_only: bool, order: tuple[str, ...] = ("index.type", "useBytes"), counted: str = "chars"
) -> dict[str, Any]:
    """What R hangs on positions: the lengths and, where only ASCII was searched, how they are counted."""
    attributes: dict[str, Any] = {"match.length": lengths}
    for name in order if bytes_only else ():
        attributes[name] = character(counted) if name == "index.type" else logical(bytes_only)
    return attributes


def _group_names(pattern: re.Pattern[str]) -> list[str]:
    """What the groups of a pattern are called; those without a name are called nothing."""
    names = [""] * pattern.groups
    for name, position in pattern.groupindex.items():
        names[position - 1] = name
    return names


def _captures(
    pattern: re.Pattern[str], matches: list[re.Match[str] | None], lost: list[bool] | None = None
) -> dict[str, Any]:
    """The capture attributes that a Perl match carries; nothing is known of texts that are `lost`."""
    count = pattern.groups
    names = _group_names(pattern)
    starts, lengths = [], []
    for group in range(1, count + 1):
        for at, match in enumerate(matches):
            if lost is not None and lost[at]:
                starts.append(NA_INTEGER)
                lengths.append(NA_INTEGER)
                continue
            # A group without a part in the match lies before the text and is empty.
            starts.append(-1 if match is None else match.start(group) + 1)
            lengths.append(-1 if match is None else match.end(group) - match.start(group))
    shape = {
        "dim": integer([len(matches), count]),
        "dimnames": mk_list([NULL, character(names)]),
    }
    return {
        "capture.start": integer(starts, dict(shape)),
        "capture.length": integer(lengths, dict(shape)),
        "capture.names": character(names),
    }


def _ascii(texts: Sequence[str | None], source: str) -> bool:
    return source.isascii() and all(text is None or text.isascii() for text in texts)


def _refuse_bytes(function: str, use_bytes: Any, texts: Sequence[str | None], source: str) -> None:
    """Positions are counted in characters: counting bytes is refused where it would tell another number."""
    if optional_flag(use_bytes) and not _ascii(texts, source):
        raise RError(f"argument 'useBytes' of {function}() is not supported for texts beyond ASCII",
                     mend="positions are counted in characters")


_SEARCH_SIGNATURE = "pattern, text, ignore.case = FALSE, perl = FALSE, fixed = FALSE, useBytes = FALSE"


@builtin("regexpr", _SEARCH_SIGNATURE)
def regexpr(pattern: Any, text: Any, ignore_case: Any, perl: Any, fixed: Any, use_bytes: Any) -> Any:
    """Where the first match of each text is."""
    source = _known_pattern(pattern)
    dialect, ignore = dialect_of(perl, fixed, ignore_case)
    texts = subjects(text)
    _refuse_bytes("regexpr", use_bytes, texts, source)
    found = pattern_of(source, dialect, ignore, texts)
    matches = [None if item is None else found.search(item) for item in texts]
    starts = [
        NA_INTEGER if item is None else -1 if match is None else match.start() + 1
        for item, match in zip(texts, matches, strict=True)
    ]
    lengths = [
        NA_INTEGER if item is None else -1 if match is None else match.end() - match.start()
        for item, match in zip(texts, matches, strict=True)
    ]
    counted = "bytes" if optional_flag(use_bytes) else "chars"
    attributes = _match_attributes(integer(lengths), _ascii(texts, source), counted=counted)
    if dialect == "perl" and found.groups:
        attributes.update(_captures(found, matches, [item is None for item in texts]))
    return integer(starts, attributes)


@builtin("gregexpr", _SEARCH_SIGNATURE)
def gregexpr(pattern: Any, text: Any, ignore_case: Any, perl: Any, fixed: Any, use_bytes: Any) -> Any:
    """Where every match of each text is."""
    source = _known_pattern(pattern)
    dialect, ignore = dialect_of(perl, fixed, ignore_case)
    texts = subjects(text)
    _refuse_bytes("gregexpr", use_bytes, texts, source)
    found = pattern_of(source, dialect, ignore, texts)
    ascii_only = _ascii(texts, source)
    anew = restarts(source, dialect)
    counted = "bytes" if optional_flag(use_bytes) else "chars"
    out = []
    for item in texts:
        if item is None:
            out.append(integer([NA_INTEGER], {"match.length": integer([NA_INTEGER])}))
            continue
        matches: list[re.Match[str] | None] = [] if anew or (dialect == "extended" and not item) else _successive(found, item)
        spans = _restarted(found, item) if anew else [match.span() for match in matches if match is not None]
        starts = [start + 1 for start, _ in spans]
        lengths = [end - start for start, end in spans]
        attributes = _match_attributes(integer(lengths or [-1]), ascii_only, counted=counted)
        if dialect == "perl" and found.groups:
            attributes.update(_captures(found, matches or [None]))
        out.append(integer(starts or [-1], attributes))
    return mk_list(out)


def _successive(found: re.Pattern[str], text: str) -> list[re.Match[str] | None]:
    """Matches one after the other, each looked for before the end of the text."""
    out: list[re.Match[str] | None] = []
    place = 0
    while place < len(text) or not (out or text):
        match = found.search(text, place)
        if match is None:
            break
        out.append(match)
        place = match.end() + (match.end() == match.start())
    return out


def _restarted(found: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Spans of matches where each search sees only the rest of the text."""
    out = []
    place = 0
    while place < len(text):
        match = found.search(text[place:])
        if match is None:
            break
        start, end = match.span()
        out.append((place + start, place + end))
        place += start + 1 if start == end else end
    return out


def _piecewise(found: re.Pattern[str], text: str, anew: bool) -> list[tuple[int, re.Match[str]]]:
    """Matches one after the other, each found again in its own piece of the text, with the places before the piece."""
    if not text:
        return []
    spans = _restarted(found, text) if anew else [match.span() for match in _successive(found, text) if match is not None]
    pieces = [(start, found.search(text[start:end])) for start, end in spans]
    return [(start, match) for start, match in pieces if match is not None]


def named_list(values: list[Any], source: Any) -> Vector:
    names = names_of(source)
    return mk_list(values).with_attribute("names", character(names)) if names is not None else mk_list(values)


@builtin("regexec", _SEARCH_SIGNATURE)
def regexec(pattern: Any, text: Any, ignore_case: Any, perl: Any, fixed: Any, use_bytes: Any) -> Any:
    """Where the first match of each text and its groups are."""
    source = _known_pattern(pattern)
    dialect, ignore = dialect_of(perl, fixed, ignore_case)
    try:
        found = compiled(source, dialect, ignore)
    except PatternError as error:
        raise (RError(f"regcomp error: '{error.reason}'") if dialect == "extended" else
               bad_pattern(source, dialect, error)) from None
    texts = subjects(text)
    _refuse_bytes("regexec", use_bytes, texts, source)
    ascii_only = _ascii(texts, source)
    order = ("useBytes", "index.type") if dialect == "perl" else ("index.type", "useBytes")
    out = []
    for item in texts:
        if item is None:
            missing = integer([NA_INTEGER])
            told = _match_attributes(missing, ascii_only, order) if dialect == "perl" else {"match.length": missing}
            out.append(integer([NA_INTEGER], told))
            continue
        match = found.search(item)
        if match is None:
            out.append(integer([-1], _match_attributes(integer([-1]), ascii_only, order)))
            continue
        spans = [match.span(group) if match.start(group) >= 0 else None for group in range(found.groups + 1)]
        starts = [0 if span is None else span[0] + 1 for span in spans]
        lengths = [0 if span is None else span[1] - span[0] for span in spans]
        named = {} if not found.groupindex else {"names": character(["", *_group_names(found)])}
        told = _match_attributes(integer(lengths), ascii_only, order)
        out.append(integer(starts, {**named, **told}))
    return mk_list(out)


@builtin("gregexec", _SEARCH_SIGNATURE)
def gregexec(pattern: Any, text: Any, ignore_case: Any, perl: Any, fixed: Any, use_bytes: Any) -> Any:
    """Where every match of each text and its groups are: a matrix with one column a match."""
    source = _pattern_text(pattern) or ""
    dialect, ignore = dialect_of(perl, fixed, ignore_case)
    found = pattern_of(source, dialect, ignore)
    texts = subjects(text)
    _refuse_bytes("gregexec", use_bytes, texts, source)
    ascii_only = _ascii(texts, source)
    out = []
    for item in texts:
        if item is None:
            out.append(integer([NA_INTEGER], {"match.length": integer([NA_INTEGER])}))
            continue
        matches = _piecewise(found, item, restarts(source, dialect)) if dialect != "perl" else [
            (0, match) for match in all_matches(found, item)
        ]
        if not matches:
            out.append(integer([-1], _match_attributes(integer([-1]), ascii_only)))
            continue
        starts, lengths = [], []
        for offset, match in matches:
            for group in range(found.groups + 1):
                start, end = match.span(group)
                starts.append(offset + (start + 1 if start >= 0 else 0))
                lengths.append(end - start if start >= 0 else 0)
        shape: dict[str, Any] = {"dim": integer([found.groups + 1, len(matches)])}
        if found.groupindex:
            shape["dimnames"] = mk_list([character(["", *_group_names(found)]), NULL])
        attributes: dict[str, Any] = dict(shape)
        order = ("index.type", "useBytes") if optional_flag(perl) else ("useBytes", "index.type")
        attributes.update(_match_attributes(integer(lengths, dict(shape)), ascii_only, order))
        out.append(integer(starts, attributes))
    return mk_list(out)


@builtin("strsplit", "x, split, fixed = FALSE, perl = FALSE, useBytes = FALSE")
def strsplit(x: Any, split_by: Any, fixed: Any, perl: Any, use_bytes: Any) -> Any:
    """Each text cut at the matches of a pattern."""
    if not isinstance(x, Vector) or x.kind != "character":
        raise RError("non-character argument")
    patterns = texts_of(split_by) if split_by is not NULL else []
    dialect, _ = dialect_of(perl, fixed)
    # Every pattern is looked at, were it only for missing texts; a missing one cuts nothing.
    for pattern in dict.fromkeys(patterns if not len(x) else patterns[: len(x)]):
        if pattern:
            pattern_of(pattern, dialect, False)
    out = []
    if "" in patterns or dialect != "fixed":
        _refuse_bytes("strsplit", use_bytes, x.items(), "")
    wide = not _ascii(x.items(), "")
    for at, text in enumerate(x.items()):
        pattern = patterns[at % len(patterns)] if patterns else ""
        out.append(character([text] if text is None or pattern is None else split(pattern, dialect, text, wide)))
    return named_list(out, x)


@builtin("glob2rx", "pattern, trim.head = FALSE, trim.tail = TRUE", package="utils")
def glob_to_regex(pattern: Any, trim_head: Any, trim_tail: Any) -> Any:
    """A file pattern with ``*`` and ``?`` as a regular expression."""
    out = []
    for text in texts_of(pattern):
        made = f"^{'NA' if text is None else text}$".replace(".", "\\.").replace("*", ".*").replace("?", ".")
        for opening in "([{":
            made = re.sub(rf"([^\\])\{opening}", rf"\1\\{opening}", made)
        if optional_flag(trim_tail, True):
            made = made.replace(".*$", "", 1)
        if optional_flag(trim_head):
            made = made.replace("^.*", "", 1)
        out.append(made)
    return character(out)


@builtin(
    ("agrep", "agrepl"),
    "pattern, x, max.distance = 0.1, costs = NULL, ignore.case = FALSE, value = FALSE, fixed = TRUE, useBytes = FALSE",
    needs_call=True,
)
def approximate_grep(
    pattern: Any, x: Any, distance: Any, costs: Any, ignore_case: Any, value: Any, fixed: Any, use_bytes: Any, call: Any = None
) -> Any:
    """Texts with a part that is nearly the pattern, by edit distance."""
    only_default("agrep", fixed=(fixed, True))
    lower = optional_flag(ignore_case)
    source = _pattern_text(pattern) or ""
    bounds = Bounds(_distances(distance), _named_numbers(costs, KINDS, "cost"), len(source))
    source = source.lower() if lower else source
    texts = subjects(x)
    hits = [text is not None and nearly_within(source, text.lower() if lower else text, bounds) for text in texts]
    if getattr(getattr(call, "function", None), "name", "") == "agrepl":
        return logical([int(hit) for hit in hits])
    if optional_flag(value):
        kept = [at for at, hit in enumerate(hits) if hit]
        names = names_of(x)
        named = None if names is None else {"names": character([names[at] for at in kept])}
        return character([texts[at] for at in kept], named)
    return integer([at + 1 for at, hit in enumerate(hits) if hit])


def _distances(given: Any) -> dict[str, float]:
    """The most edits that may be needed, of each kind and in all."""
    if type(given) is Vector and (given.kind == "list" or names_of(given) is not None):
        bounds = _named_numbers(given, ("cost", *KINDS, "all"), "distance")
    elif type(given) is Vector and len(given) and given.kind != "character":
        if len(given) > 1:
            warn(f"'length(x) = {len(given)} > 1' in coercion to 'logical(1)'")
        bounds = {"all": float(coerce(Vector(given.kind, given.data[:1]), "double").items()[0])}
    else:
        bounds = {"all": -1.0}
    if any(not bound >= 0 for bound in bounds.values()):
        raise RError("match distance components must be non-negative")
    return bounds


def _named_numbers(given: Any, known: tuple[str, ...], what: str) -> dict[str, float]:
    """Numbers by their names, which may be shortened; those of costs may also stand in order."""
    if type(given) is not Vector or not len(given):
        return {}
    names = names_of(given) or list(known)
    numbers = [float(coerce(part, "double").items()[0]) if type(part) is Vector else float(part) for part in given.items()]
    full = [next((one for one in known if name and one.startswith(name)), None) for name in names[: len(numbers)]]
    if None in full:
        warn(f"unknown match {what} components ignored")
    return {name: number for name, number in zip(full, numbers, strict=False) if name is not None}
