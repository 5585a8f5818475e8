"""What a search found, as texts: ``regmatches``, and other texts put in its place."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import RError, builtin
from pipekeras.grammar.builtins.text.regex import named_list, subjects
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    Vector,
    character,
    explicit_class,
    get_attribute,
    integer,
    names_of,
)

Match = tuple[list[int], list[int]]
"""Where matches begin (from 1; -1 for none) and how long they are."""


@builtin("regmatches", "x, m, invert = FALSE")
def regmatches(x: Any, m: Any, invert: Any) -> Any:
    """The matched texts, or (``invert``) what lies between them."""
    _same_length(x, m)
    texts = subjects(x)
    asked = invert.items()[0] if isinstance(invert, Vector) and len(invert) == 1 else 0
    if asked == NA_INTEGER:
        return named_list([_everything(x, at, text, found) for at, (text, found) in enumerate(_paired(texts, m))], x)
    if asked == 1:
        return named_list([_outside(x, at, text, found) for at, (text, found) in enumerate(_paired(texts, m))], x)
    if m.kind == "list":
        units = [subjects(part) for part in x.items()] if x.kind == "list" else [[text] for text in texts]
        return named_list([_inside(unit, data) for unit, data in zip(units, m.items(), strict=True)], x)
    # What is no text is made one first, and that has no names.
    names = names_of(x) if getattr(x, "kind", "") == "character" else None
    kept = [at for at, start in enumerate(m.items()) if start > 0]
    starts, lengths = m.items(), _lengths(m)
    found = [_piece(texts[at], starts[at], lengths[at]) for at in kept]
    return character(found, {"names": character([names[at] for at in kept])} if names is not None else None)


def _same_length(x: Any, m: Any) -> None:
    sizes = [0 if value is NULL else len(value) for value in (x, m)]
    if sizes[0] != sizes[1] or not isinstance(m, Vector):
        raise RError("\u2018x\u2019 and \u2018m\u2019 must have the same length")
    if m.kind == "character" and any(text is not None and text > "-1" for text in m.items()):
        # A pattern in place of what was found with it: the places are texts then.
        raise RError("non-numeric argument to binary operator", mend="m is what regexpr() or gregexpr() returned")


def _lengths(m: Any) -> list[int]:
    lengths = get_attribute(m, "match.length")
    if lengths is not NULL:
        return lengths.items()
    if any(start > -1 for start in m.items()):
        raise RError("invalid substring arguments", mend="m is what regexpr() or gregexpr() returned")
    return [0] * len(m)


def _paired(texts: list[str | None], m: Vector) -> list[tuple[str | None, Match]]:
    """Each text beside what was found in it."""
    if m.kind == "list":
        return [(text, _match(data)) for text, data in zip(texts, m.items(), strict=True)]
    lengths = _lengths(m)
    return [(text, ([start], [size])) for text, start, size in zip(texts, m.items(), lengths, strict=True)]


def _match(data: Any) -> Match:
    return data.items(), _lengths(data)


def _pieces(text: str | None, matches: Match) -> list[Any]:
    return [_piece(text, start, size) for start, size in zip(*matches, strict=True)]


def _piece(text: str | None, start: int, size: int) -> str | None:
    if text is None:
        return None
    return text[max(start, 1) - 1 : max(start - 1 + size, 0)]


def _inside(texts: list[str | None], data: Any) -> Vector:
    """The matches in one text; those in several texts of one element go round among them."""
    if data.items()[:1] in ([-1], [NA_INTEGER]) or not texts:
        return character([])
    starts, lengths = _match(data)
    made = character([
        _piece(texts[at % len(texts)], starts[at % len(starts)], lengths[at % len(starts)])
        for at in range(max(len(starts), len(texts)))
    ])
    for kept in ("dim", "dimnames", "names"):
        known = (data.attributes or {}).get(kept)
        if known is not None and len(texts) <= len(starts):
            made = made.with_attribute(kept, known)
    return made


def _outside(x: Any, at: int, text: str | None, matches: Match) -> Any:
    """What lies between the matches of one text; the element itself where there is none."""
    starts, lengths = matches
    if len(starts) == 1 and starts[0] == NA_INTEGER:
        return character([None])
    if len(starts) == 1 and starts[0] == -1:
        return call_builtin("[[", x, integer(at + 1))
    if text is None:
        return character([None] * (len(starts) + 1))
    if "factor" in (explicit_class(x) or []):
        raise RError("'nchar()' requires a character vector")
    return character(_between(text, [(start - 1, start - 1 + size) for start, size in zip(starts, lengths, strict=True)]))


def _everything(x: Any, at: int, text: str | None, matches: Match) -> Any:
    """What lies between the matches of one text and the matches, in turn."""
    outside = _outside(x, at, text, matches)
    starts = matches[0]
    if len(starts) == 1 and starts[0] == -1:
        return outside
    if text is None:
        return outside if len(outside) == 1 else character([None] * (2 * len(starts) + 1))
    if any(start + size > after for start, size, after in zip(*matches, starts[1:], strict=False)):
        raise RError("need non-overlapping matches for \u2018invert = NA\u2019")
    parts = outside.items()
    return character([piece for pair in zip(parts, [*_pieces(text, matches), None], strict=True) for piece in pair][:-1])


def _between(text: str, spans: list[tuple[int, int]]) -> list[str]:
    out = []
    place = 0
    for start, end in spans:
        out.append(text[place:start])
        place = end
    out.append(text[place:])
    return out


@builtin("regmatches<-", "x, m, invert = FALSE, value")
def regmatches_assign(x: Any, m: Any, invert: Any, value: Any) -> Any:
    """Put other texts in the place of the matches, or (``invert``) of what lies between them."""
    if x is NULL or not len(x):
        return x
    _same_length(x, m)
    inverted = isinstance(invert, Vector) and len(invert) == 1 and invert.items()[0] == 1
    if m.kind != "list" and not inverted:
        return _with_first_replaced(x, m, value)
    kept = [subjects(_outside(x, at, text, found)) for at, (text, found) in enumerate(_paired(subjects(x), m))]
    if inverted:
        kept = [[] if found[0][:1] == [-1] else _pieces(text, found) for text, found in _paired(subjects(x), m)]
    fills = _replacements(value)
    out = []
    for at, parts in enumerate(kept):
        fill = fills[at % len(fills)]
        count = len(parts) + 1 if inverted else len(parts) - 1
        if len(fill) != count and not fill:
            raise RError(f"must have replacements for {'non-' if inverted else ''}matches")
        new = [fill[number % len(fill)] for number in range(count)]
        first, second = (new, parts) if inverted else (parts, new)
        out.append("".join(_shown(one) + _shown(other) for one, other in zip(first, [*second, ""], strict=True)))
    names = names_of(x)
    return character(out, None if names is None else {"names": character(names)})


def _shown(text: str | None) -> str:
    return "NA" if text is None else text


def _replacements(value: Any) -> list[list[str | None]]:
    parts = value.items() if isinstance(value, Vector) and value.kind == "list" else None
    fills = [subjects(part) for part in parts] if parts is not None else [[text] for text in subjects(value)]
    if any(fill == [None] for fill in fills):
        raise RError("missing replacement values are not allowed")
    if not fills:
        raise RError("value does not provide any replacement values")
    return fills


def _with_first_replaced(x: Any, m: Vector, value: Any) -> Any:
    fill = subjects(value)
    if None in fill:
        raise RError("missing replacement values are not allowed")
    texts = subjects(x)
    kept = [subjects(_outside(x, at, text, found)) for at, (text, found) in enumerate(_paired(texts, m))]
    hits = [at for at, parts in enumerate(kept) if len(parts) == 2]
    if hits and not fill:
        raise RError("must have replacement values for matches")
    new = [f"{kept[at][0]}{fill[number % len(fill)]}{kept[at][1]}" for number, at in enumerate(hits)]
    x = x if x.kind in ("character", "list") else character(texts).with_attributes(x.attributes)
    return call_builtin("[<-", x, integer([at + 1 for at in hits]), value=character(new)) if hits else x
