"""R's three pattern dialects on Python's engine: extended (TRE), Perl (PCRE) and fixed text.

A pattern is rewritten once into Python's syntax and cached. Differences that cannot be written down in a pattern
(how searching goes on after an empty match, case changes in replacements) are handled by `Matcher`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from .character_classes import POSIX_CLASSES, property_class


class PatternError(ValueError):
    """A pattern that the dialect does not accept.

    Args:
        reason: the dialect's own word for the fault, such as ``Missing ')'``.
        rest: what of the pattern stands where the fault was seen.
    """

    def __init__(self, reason: str, rest: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.rest = rest


_SIMPLE_ESCAPES = {"t": "\\t", "n": "\\n", "r": "\\r", "f": "\\f", "a": "\\a", "e": "\\x1b"}
_CLASS_LETTERS = set("wWdDsS")
_QUANTIFIER = re.compile(r"\{(\d*)(?:(,)(\d*))?\}")
_INLINE_FLAGS = re.compile(r"\(\?([a-zA-Z-]+)([:)])")


class _Translator:
    """Rewrites one pattern; ``perl`` tells the dialect."""

    def __init__(self, pattern: str, perl: bool) -> None:
        self.pattern = pattern
        self.perl = perl
        self.place = 0
        self.out: list[str] = []
        self.open_extra = [0]
        self.depth = 0
        self.groups = 0
        self.group_names: set[str] = set()
        self.quantified = False

    def run(self) -> str:
        pattern = self.pattern
        size = len(pattern)
        while self.place < size:
            letter = pattern[self.place]
            repeats = letter in "*+?{"
            if letter == "\\":
                self._escape()
            elif letter == "[":
                self._bracket()
            elif letter == "(":
                self._open()
            elif letter == ")":
                self._close()
            elif letter == "{":
                self._braces()
            elif letter == "$":
                self.out.append("$" if self.perl else "\\Z")
                self.place += 1
            elif letter in "*+?":
                self._repeat(letter)
            elif letter == "." and self.perl:
                self.out.append(".")
                self.place += 1
            else:
                self.out.append(letter)
                self.place += 1
            self.quantified = repeats and self.out[-1] != "\\{"
        if self.depth:
            raise PatternError("missing closing parenthesis" if self.perl else "Missing ')'")
        self.out.append(")" * self.open_extra[0])
        return "".join(self.out)

    def _repeat(self, letter: str) -> None:
        before = self.out[-1] if self.out else ""
        if self.quantified:
            if self.perl:
                raise PatternError("quantifier does not follow a repeatable item", self.pattern[self.place :])
            raise PatternError("Invalid use of repetition operators")
        if before in ("", "(", "|") or (before == "^" and not self.perl):
            if self.perl:
                raise PatternError("quantifier does not follow a repeatable item", self.pattern[self.place :])
            # The extended dialect repeats the nothing that stands there, or the start of the text.
            self.out.append("" if before == "^" else "(?:)")
            self.place += 1
            return
        self.out.append(letter)
        self.place += 1
        self._manner()

    def _manner(self) -> None:
        """The mark after a repetition that makes it short, or (Perl) lets nothing go again."""
        following = self.pattern[self.place : self.place + 1]
        if following and following in ("?+" if self.perl else "?"):
            self.out.append(following)
            self.place += 1

    def _open(self) -> None:
        pattern = self.pattern
        self.depth += 1
        self.open_extra.append(0)
        flags = _INLINE_FLAGS.match(pattern, self.place)
        if self.perl and pattern.startswith("(?<", self.place) and pattern[self.place + 3 : self.place + 4] not in ("=", "!"):
            self.out.append("(?P<")
            end = pattern.find(">", self.place)
            name = pattern[self.place + 3 : end]
            if name in self.group_names:
                reason = "two named subpatterns have the same name (PCRE2_DUPNAMES not set)"
                raise PatternError(reason, pattern[end + 1 :])
            self.group_names.add(name)
            self.groups += 1
            self.place += 3
        elif pattern.startswith("(?#", self.place):
            end = pattern.find(")", self.place)
            self.place = len(pattern) if end < 0 else end + 1
            self.depth -= 1
            self.open_extra.pop()
        elif pattern.startswith("(?|", self.place):
            raise PatternError("branch reset groups are not supported")
        elif flags and not self.perl and set(flags[1]) - set("inrU-"):
            raise PatternError("Invalid regexp")
        elif flags:
            letters = flags[1].replace("U", "").replace("J", "").replace("n", "") or "s"
            self.out.append(f"(?{letters}:")
            self.place = flags.end()
            if flags[2] == ")":
                self.depth -= 1
                self.open_extra.pop()
                self.open_extra[-1] += 1
        elif not self.perl and pattern.startswith(("(?=", "(?!", "(?<", "(?>"), self.place):
            raise PatternError("Invalid regexp")
        elif self.perl and pattern.startswith("(?", self.place) and pattern[self.place + 2 : self.place + 3].isalnum() \
                and pattern[self.place + 2] not in "imsxJUnRP0123456789":
            raise PatternError("unrecognized character after (? or (?-", pattern[self.place + 2 :])
        elif pattern.startswith("(?", self.place):
            end = self.place + 2
            while end < len(pattern) and pattern[end] in "P<=!:>":
                end += 1
            self.out.append(pattern[self.place : end])
            self.place = end
        else:
            self.out.append("(")
            self.groups += 1
            self.place += 1

    def _close(self) -> None:
        if self.depth == 0:
            if self.perl:
                raise PatternError("unmatched closing parenthesis", self.pattern[self.place :])
            self.out.append("\\)")
        else:
            self.depth -= 1
            self.out.append(")" * (self.open_extra.pop() + 1))
        self.place += 1

    def _braces(self) -> None:
        match = _QUANTIFIER.match(self.pattern, self.place)
        if match and (match[1] or match[2]):
            if match[1] and match[3] and int(match[1]) > int(match[3]):
                if self.perl:
                    raise PatternError("numbers out of order in {} quantifier", self.pattern[match.end() - 1 :])
                raise PatternError("Invalid contents of {}")
            self.out.append(f"{{{match[1] or '0'}{match[2] or ''}{match[3] or ''}}}")
            self.place = match.end()
            self._manner()
        elif self.perl:
            self.out.append("\\{")
            self.place += 1
        elif "}" not in self.pattern[self.place :]:
            raise PatternError("Missing '}'")
        else:
            raise PatternError("Invalid contents of {}")

    def _escape(self) -> None:
        pattern = self.pattern
        if self.place + 1 >= len(pattern):
            raise PatternError("\\ at end of pattern" if self.perl else "Trailing backslash")
        letter = pattern[self.place + 1]
        self.place += 2
        if letter in "bB" and not self.perl:
            # The extended dialect takes both ends of the text for boundaries, whatever stands there.
            self.out.append("(?:\\b|\\A|\\Z)" if letter == "b" else "(?:(?!\\A)(?!\\Z)\\B)")
        elif letter in _CLASS_LETTERS or letter in "bB":
            self.out.append("\\" + letter)
        elif letter in _SIMPLE_ESCAPES:
            self.out.append(_SIMPLE_ESCAPES[letter])
        elif letter == "Q":
            end = pattern.find("\\E", self.place)
            literal = pattern[self.place :] if end < 0 else pattern[self.place : end]
            self.out.append(re.escape(literal))
            self.place = len(pattern) if end < 0 else end + 2
        elif letter == "E":
            pass
        elif letter == "x":
            self.out.append(re.escape(self._hexadecimal()))
        elif letter.isdigit():
            self._back_reference(letter)
        elif letter == "<" and not self.perl:
            self.out.append("\\b(?=\\w)")
        elif letter == ">" and not self.perl:
            self.out.append("\\b(?<=\\w)")
        elif self.perl:
            self._perl_escape(letter)
        else:
            self.out.append(re.escape(letter))

    def _back_reference(self, letter: str) -> None:
        if letter == "0":
            self.out.append("\\x00")
        else:
            self.out.append(f"(?:\\{letter})")

    def _hexadecimal(self) -> str:
        match = re.compile(r"\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{1,2})").match(self.pattern, self.place)
        if not match:
            return "\0"
        self.place = match.end()
        return chr(int(match[1] or match[2], 16))

    def _perl_escape(self, letter: str) -> None:
        pattern = self.pattern
        if letter == "h":
            self.out.append("[ \\t\\xa0]")
        elif letter == "H":
            self.out.append("[^ \\t\\xa0]")
        elif letter == "v":
            self.out.append("[\\n\\x0b\\f\\r]")
        elif letter == "V":
            self.out.append("[^\\n\\x0b\\f\\r]")
        elif letter == "R":
            self.out.append("(?:\\r\\n|[\\n\\x0b\\f\\r\\x85\\u2028\\u2029])")
        elif letter == "N":
            self.out.append("[^\\n]")
        elif letter == "A":
            self.out.append("\\A")
        elif letter == "z":
            self.out.append("\\Z")
        elif letter == "Z":
            self.out.append("(?=\\n?\\Z)")
        elif letter in "pP":
            self.out.append("[" + self._property(letter) + "]")
        elif letter in "gk":
            match = re.compile(r"\{(\w+)\}|<(\w+)>|'(\w+)'|(\d+)").match(pattern, self.place)
            if not match:
                raise PatternError("a numbered reference must not be zero")
            self.place = match.end()
            name = next(group for group in match.groups() if group)
            self.out.append(f"(?:\\{name})" if name.isdigit() else f"(?P={name})")
        elif letter in "KGXC":
            raise PatternError(f"\\{letter} is not supported in patterns")
        else:
            self.out.append(re.escape(letter))

    def _property(self, letter: str) -> str:
        match = re.compile(r"\{(\^?)(\w+)\}|(\w)").match(self.pattern, self.place)
        if not match:
            raise PatternError("malformed \\P or \\p sequence")
        self.place = match.end()
        negated = (letter == "P") != bool(match[1])
        found = property_class(match[2] or match[3], negated)
        if found is None:
            raise PatternError("unknown property after \\P or \\p")
        return found

    def _bracket(self) -> None:
        pattern = self.pattern
        place = self.place + 1
        size = len(pattern)
        negated = pattern.startswith("^", place)
        if negated:
            place += 1
        items: list[str] = []
        first = True
        while True:
            if place >= size:
                raise PatternError("missing terminating ] for character class" if self.perl else "Missing ']'")
            letter = pattern[place]
            if not first and _backwards(pattern, place):
                if self.perl:
                    raise PatternError("range out of order in character class", pattern[place + 2 :])
                raise PatternError("Invalid character range")
            if letter == "]" and not first:
                place += 1
                break
            first = False
            if letter == "[" and pattern[place + 1 : place + 2] in (":", ".", "="):
                mark = pattern[place + 1]
                end = pattern.find(mark + "]", place + 2)
                if end > 0:
                    items.append(self._named_set(mark, pattern[place + 2 : end], pattern[place + 2 :]))
                    place = end + 2
                    continue
            if letter == "\\" and self.perl and place + 1 < size:
                self.place = place + 2
                items.append(self._class_escape(pattern[place + 1]))
                place = self.place
                continue
            if letter == "-" and items and pattern[place + 1 : place + 2] not in ("]", ""):
                items.append("-")
            else:
                items.append("\\" + letter if letter in "\\[]^-&~|" else letter)
            place += 1
        if len(items) > 1 and items[-1] == "-":
            items[-1] = "\\-"
        if not items:
            raise PatternError("Missing ']'")
        self.out.append(("[^" if negated else "[") + "".join(items) + "]")
        self.place = place

    def _class_escape(self, letter: str) -> str:
        if letter in _CLASS_LETTERS:
            return "\\" + letter
        if letter in _SIMPLE_ESCAPES:
            return _SIMPLE_ESCAPES[letter]
        if letter == "b":
            return "\\x08"
        if letter == "h":
            return " \\t\\xa0"
        if letter == "v":
            return "\\n\\x0b\\f\\r"
        if letter == "x":
            return re.escape(self._hexadecimal())
        if letter in "pP":
            return self._property(letter)
        return "\\" + letter if not letter.isalnum() else letter

    def _named_set(self, mark: str, name: str, rest: str) -> str:
        if mark != ":":
            return re.escape(name)
        negated = name.startswith("^")
        found = POSIX_CLASSES.get(name.lstrip("^"))
        if found is None or negated:
            raise PatternError("unknown POSIX class name", rest) if self.perl else PatternError("Unknown character class name")
        return found[0] if self.perl else found[1]


def _backwards(pattern: str, place: int) -> bool:
    """Whether a range of two plain characters in brackets runs from a later one to an earlier one."""
    if pattern[place + 1 : place + 2] != "-" or len(pattern) <= place + 2:
        return False
    low, high = pattern[place], pattern[place + 2]
    return low not in "[\\]" and high not in "[\\]" and low > high


_LITERAL_CHOICE = re.compile(r"[\w ]+(?:\|[\w ]+)+")


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
    text = _Translator(pattern, perl).run()
    if perl:
        if pattern.isascii() or not ignore_case:
            flags |= re.ASCII
    else:
        flags |= re.DOTALL
        if "|" in text:
            text = _longest_first(text)
    try:
        return re.compile(text, flags)
    except re.error as error:
        reason = str(error)
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


def split(source: str, dialect: str, text: str) -> list[str]:
    """The pieces of one string as ``strsplit`` gives them; an empty pattern splits into characters."""
    if source == "":
        return list(text)
    pattern = compiled(source, dialect)
    pieces = []
    rest = text
    while rest:
        match = pattern.search(rest)
        if match is None:
            break
        if match.end() > 0:
            pieces.append(rest[: match.start()])
            rest = rest[match.end() :]
        else:
            pieces.append(rest[0])
            rest = rest[1:]
    if rest:
        pieces.append(rest)
    return pieces
