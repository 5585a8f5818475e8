"""R's three pattern dialects on Python's engine: extended (TRE), Perl (PCRE) and fixed text.

A pattern is rewritten once into Python's syntax (`patterns.py`) and cached. What cannot be written down in a pattern, how
searching goes on after an empty match and case changes in replacements, is done here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import cast

from .kept_matches import KeptPattern
from .longest import LongestPattern, needs_choice
from .patterns import PatternError, Translator

_LITERAL_CHOICE = re.compile(r"[\w ]*(?:\|[\w ]*)+")


def _longest_first(pattern: str) -> str:
    """Literal alternatives ordered so that the longest is tried first, as leftmost-longest matching demands."""

    def reorder(match: re.Match[str]) -> str:
        before = match.string[: match.start()]
        after = match.string[match.end() :]
        closed = before == "" or before.endswith(("(", "(?:"))
        if not closed or not (after == "" or after.startswith(")")):
            return match[0]
        return "|".join(sorted(match[0].split("|"), key=len, reverse=True))

    return _LITERAL_CHOICE.sub(reorder, pattern)


_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<[=!]|[()|]", re.DOTALL)
"""An escape, a class of characters, the beginning or end of a group, or the bar between alternatives."""


def _look_behind_by_parts(pattern: str) -> str:
    """Look-behinds whose alternatives are not of one width, as one look-behind for each alternative."""
    made: list[str] = []
    opened: list[list[int]] = []  # of each group: where it begins in `made`, and the bars that are its own
    last = 0
    for match in _PART.finditer(pattern):
        made.append(pattern[last : match.start()])
        last, part = match.end(), match[0]
        if part.startswith("("):
            opened.append([len(made)])
        elif part == "|" and opened:
            opened[-1].append(len(made))
        made.append(part)
        if part == ")" and opened:
            begin, *bars = opened.pop()
            head = made[begin]
            if head in ("(?<=", "(?<!") and bars:
                between = ")|" + head if head == "(?<=" else ")" + head
                for bar in bars:
                    made[bar] = between
                made[begin] = "(?:" + head
                made[-1] = "))"
    return "".join([*made, pattern[last:]])


@lru_cache(maxsize=512)
def compiled(pattern: str, dialect: str, ignore_case: bool = False) -> re.Pattern[str]:
    """The Python pattern for an R pattern.

    Args:
        pattern: the pattern as R was given it.
        dialect: ``extended``, ``perl`` or ``fixed``.
        ignore_case: whether letters of either case match.

    Raises:
        PatternError: the dialect does not accept the pattern.
    """
    flags = re.IGNORECASE if ignore_case else re.RegexFlag(0)
    if dialect == "fixed":
        return re.compile(re.escape(pattern), flags)
    perl = dialect == "perl"
    translator = Translator(pattern, perl)
    text = translator.run()
    if perl:
        if (pattern.isascii() or not ignore_case) and not translator.unicode:
            flags |= re.ASCII
    else:
        flags |= re.DOTALL
        if "|" in translator.out:
            text = _longest_first(text)
    try:
        if not perl and "|" in translator.out and needs_choice(translator.out):
            # It searches as a compiled pattern does, which is all that is asked of one here.
            return cast("re.Pattern[str]", LongestPattern(translator.out, flags))
        made = re.compile(text, flags)
        if translator.mark or translator.continues or any(len(groups) > 1 for groups in translator.numbers):
            kept = KeptPattern(made, translator.mark, translator.numbers, translator.continues)
            return cast("re.Pattern[str]", kept)
        return made
    except re.error as error:
        reason = str(error)
        if perl and reason.startswith("look-behind requires"):
            with suppress(re.error):
                return re.compile(_look_behind_by_parts(text), flags)
            behind = pattern.find("(?<")
            raise PatternError("lookbehind assertion is not fixed length", pattern[behind:]) from None
        lost = re.match(r"invalid group reference (\d+)", reason)
        if not perl:
            reason = "Invalid back reference" if lost else "Invalid regexp"
        elif lost:
            rest = pattern[pattern.find("\\" + lost[1]) + 1 :]
            raise PatternError("reference to non-existent subpattern", rest) from None
        raise PatternError(reason) from None
    except (RecursionError, OverflowError):
        raise PatternError("Out of memory") from None


Expansion = Callable[[re.Match[str]], str]


@lru_cache(maxsize=512)
def expansion(replacement: str, dialect: str) -> Expansion:
    """What a replacement text makes of a match: back-references, and case changes in the Perl dialect."""
    if dialect == "fixed" or "\\" not in replacement:
        return lambda match: replacement
    pieces: list[str | int] = []
    place = 0
    perl = dialect == "perl"
    while place < len(replacement):
        letter = replacement[place]
        if letter == "\\" and place + 1 < len(replacement):
            following = replacement[place + 1]
            if following.isdigit():
                pieces.append(int(following) if following != "0" else "0")
            elif perl and following in "ULE":
                pieces.append("\\" + following)
            else:
                pieces.append(following)
            place += 2
        elif letter == "\\":
            # A lone backslash at the end stands for nothing.
            place += 1
        else:
            pieces.append(letter)
            place += 1
    changes_case = perl and any(isinstance(piece, str) and len(piece) == 2 for piece in pieces)

    def expand(match: re.Match[str]) -> str:
        change = ""
        out = []
        count = match.re.groups
        for piece in pieces:
            if isinstance(piece, int):
                text = (match.group(piece) or "") if piece <= count else ""
                out.append(text.upper() if change == "U" else text.lower() if change == "L" else text)
            elif changes_case and len(piece) == 2:
                change = "" if piece[1] == "E" else piece[1]
            else:
                out.append(piece)
        return "".join(out)

    return expand


_BOUNDARY = re.compile(r"\\[bB<>]")


def all_matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches one after the other; an empty match right after another match does not count."""
    place = 0
    last_end = -1
    while place <= len(text):
        match = pattern.search(text, place)
        if match is None:
            return
        start, end = match.span()
        if start == end:
            if start == last_end:
                place = start + 1
                again = pattern.search(text, place) if place <= len(text) else None
                if again is None:
                    return
                match = again
                start, end = match.span()
            place = end + 1 if start == end else end
        else:
            place = end
        yield match
        last_end = end


def replace(source: str, dialect: str, ignore_case: bool, replacement: str, text: str, everywhere: bool) -> str:
    """``sub`` or (``everywhere``) ``gsub`` on one string."""
    pattern = compiled(source, dialect, ignore_case)
    expand = expansion(replacement, dialect)
    if not everywhere:
        match = pattern.search(text)
        return text if match is None else text[: match.start()] + expand(match) + text[match.end() :]
    if restarts(source, dialect):
        return _replace_by_slices(pattern, expand, text, source.startswith("^"))
    out = []
    place = 0
    for match in all_matches(pattern, text):
        out.append(text[place : match.start()])
        out.append(expand(match))
        place = match.end()
    out.append(text[place:])
    return "".join(out)


def _replace_by_slices(pattern: re.Pattern[str], expand: Expansion, text: str, anchored: bool) -> str:
    """Replacement where each search sees only the rest of the text, so word boundaries restart there."""
    out = []
    rest = text
    while True:
        match = pattern.search(rest)
        if match is None:
            break
        out.append(rest[: match.start()])
        out.append(expand(match))
        rest = rest[match.end() :]
        if not rest or anchored:
            break
        if match.end() == match.start():
            out.append(rest[0])
            rest = rest[1:]
    out.append(rest)
    return "".join(out)


def restarts(source: str, dialect: str) -> bool:
    """Whether word boundaries in a pattern are seen anew wherever a search goes on."""
    return dialect == "extended" and _BOUNDARY.search(source) is not None


_PLAIN = frozenset(" ,;:-_/=&#!@%~\"'<>\t\n")
"""Characters that stand for themselves in every dialect."""
_LOOKS_AROUND = re.compile(r"(?<!\[)\^|\\[ABbGZz]|\(\?<|\$")
"""What may make the match at a place depend on what lies before it, as a pattern in Python's syntax."""


def split(source: str, dialect: str, text: str, wide: bool = False) -> list[str]:
    """The pieces of one string as ``strsplit`` gives them; an empty pattern splits into characters.

    Args:
        source, dialect, text: what cuts, in which dialect, what is cut.
        wide: whether any text beside this one is beyond ASCII: an empty match then leaves nothing of the character it is at.
    """
    if source == "":
        return list(text)
    if dialect == "fixed" or source.isalnum() or source in _PLAIN:
        pieces = text.split(source)
        return pieces if pieces[-1] else pieces[:-1]
    pattern = compiled(source, dialect)
    pieces = []
    if not _LOOKS_AROUND.search(pattern.pattern):
        # What lies before a place does not matter to this pattern: no need to cut the text off there.
        place = 0
        while place < len(text):
            match = pattern.search(text, place)
            if match is None:
                break
            begin, end = match.span()
            if end > place:
                pieces.append(text[place:begin])
                place = end
            else:
                pieces.append("" if wide and dialect == "extended" else text[place])
                place += 1
        if place < len(text):
            pieces.append(text[place:])
        return pieces
    rest = text
    while rest:
        match = pattern.search(rest)
        if match is None:
            break
        if match.end() > 0:
            pieces.append(rest[: match.start()])
            rest = rest[match.end() :]
        else:
            pieces.append("" if wide and dialect == "extended" else rest[0])
            rest = rest[1:]
    if rest:
        pieces.append(rest)
    return pieces
