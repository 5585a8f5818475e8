"""Patterns of R's extended (TRE) and Perl (PCRE) dialects, rewritten into Python's syntax."""

from __future__ import annotations

import re

from .character_classes import posix_class, property_class
from .recursion import calls_itself, written_out


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
_OCTAL = re.compile(r"[0-7]{0,2}")
_OPTIONS = re.compile(r"(?:\(\*(?:UTF8?|UCP)\))+")
_INLINE_FLAGS = re.compile(r"\(\?([a-zA-Z-]+)([:)])")


class Reset:
    """A group ``(?|`` whose alternatives number their own groups alike, from ``first`` on."""

    def __init__(self, first: int) -> None:
        self.first = self.next = self.most = first


class Translator:
    """Rewrites one pattern; ``perl`` tells the dialect."""

    def __init__(self, pattern: str, perl: bool) -> None:
        self.pattern = written_out(pattern) if perl and calls_itself(pattern) else pattern
        self.perl = perl
        self.place = 0
        self.out: list[str] = []
        self.open_extra = [0]
        self.depth = 0
        self.groups = 0
        self.group_names: set[str] = set()
        self.quantified = False
        self.spaced = False
        self.unicode = False
        self.mark = 0
        self.continues = False
        self.numbers: list[list[int]] = [[0]]
        self.resets: list[Reset | None] = [None]

    def run(self) -> str:
        pattern = self.pattern
        size = len(pattern)
        options = _OPTIONS.match(pattern) if self.perl else None
        if options:
            self.place = options.end()
            self.unicode = "UCP" in options[0]
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
            elif letter == "|" and self.resets[-1] is not None:
                self.resets[-1].next = self.resets[-1].first
                self.out.append("|")
                self.place += 1
            elif letter == "." and self.perl:
                self.out.append(".")
                self.place += 1
            elif letter == "#" and self.spaced:
                end = pattern.find("\n", self.place)
                self.place = size if end < 0 else end
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
        self.resets.append(None)
        flags = _INLINE_FLAGS.match(pattern, self.place)
        if self.perl and pattern.startswith("(?<", self.place) and pattern[self.place + 3 : self.place + 4] not in ("=", "!"):
            self.out.append("(?P<")
            end = pattern.find(">", self.place)
            name = pattern[self.place + 3 : end]
            if name in self.group_names:
                reason = "two named subpatterns have the same name (PCRE2_DUPNAMES not set)"
                raise PatternError(reason, pattern[end + 1 :])
            self.group_names.add(name)
            self._count_group()
            self.place += 3
        elif pattern.startswith("(?#", self.place):
            end = pattern.find(")", self.place)
            self.place = len(pattern) if end < 0 else end + 1
            self.depth -= 1
            self.open_extra.pop()
            self.resets.pop()
        elif self.perl and pattern.startswith("(?|", self.place):
            around = next((one for one in reversed(self.resets[:-1]) if one is not None), None)
            self.resets[-1] = Reset(len(self.numbers) if around is None else around.next)
            self.out.append("(?:")
            self.place += 3
        elif flags and not self.perl and set(flags[1]) - set("inrU-"):
            raise PatternError("Invalid regexp")
        elif flags:
            letters = flags[1].replace("U", "").replace("J", "").replace("n", "") or "s"
            self.out.append(f"(?{letters}:")
            self.spaced = self.spaced or "x" in letters.partition("-")[0]
            self.place = flags.end()
            if flags[2] == ")":
                self.depth -= 1
                self.open_extra.pop()
                self.resets.pop()
                self.open_extra[-1] += 1
        elif not self.perl and pattern.startswith(("(?=", "(?!", "(?<", "(?>"), self.place):
            raise PatternError("Invalid regexp")
        elif self.perl and pattern.startswith("(?", self.place) and pattern[self.place + 2 : self.place + 3].isalnum() \
                and pattern[self.place + 2] not in "imsxJUnRP0123456789":
            raise PatternError("unrecognized character after (? or (?-", pattern[self.place + 2 :])
        elif self.perl and re.compile(r"\(\?P[^<=>]").match(pattern, self.place):
            raise PatternError("unrecognized character after (?P", pattern[self.place + 3 :])
        elif pattern.startswith("(?", self.place):
            end = self.place + 2
            while end < len(pattern) and pattern[end] in "P<=!:>":
                end += 1
            self.out.append(pattern[self.place : end])
            if self.out[-1] == "(?P<":
                self._count_group()
            self.place = end
        else:
            self.out.append("(")
            self._count_group()
            self.place += 1

    def _count_group(self) -> None:
        """Give the group that opens its number: in a reset, that of its like in the alternatives before."""
        self.groups += 1
        reset = next((one for one in reversed(self.resets) if one is not None), None)
        number = len(self.numbers) if reset is None else reset.next
        if reset is not None:
            reset.next += 1
            reset.most = max(reset.most, reset.next)
        if number < len(self.numbers):
            self.numbers[number].append(self.groups)
        else:
            self.numbers.append([self.groups])

    def _close(self) -> None:
        if self.depth == 0:
            if self.perl:
                raise PatternError("unmatched closing parenthesis", self.pattern[self.place :])
            self.out.append("\\)")
        else:
            self.depth -= 1
            self.out.append(")" * (self.open_extra.pop() + 1))
            reset = self.resets.pop()
            around = next((one for one in reversed(self.resets) if one is not None), None)
            if reset is not None and around is not None:
                around.next = max(around.next, reset.most)
                around.most = max(around.most, around.next)
        self.place += 1

    def _braces(self) -> None:
        match = _QUANTIFIER.match(self.pattern, self.place)
        if match and (match[1] or (match[2] and not self.perl)):
            if match[1] and match[3] and int(match[1]) > int(match[3]):
                if self.perl:
                    raise PatternError("numbers out of order in {} quantifier", self.pattern[match.end() - 1 :])
                raise PatternError("Invalid contents of {}")
            most = match[3] or ""
            if not match[1] and most and int(most) > 1:
                # The extended dialect counts from the least number of times that is not given, and so to one more.
                most = str(int(most) + 1)
            self.out.append(f"{{{match[1] or '0'}{match[2] or ''}{most}}}")
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
        elif letter in "sS" and not self.perl:
            self.out.append(f"[{'^' if letter == 'S' else ''}{posix_class('space', False)}]")
        elif letter in "dD" and not self.perl:
            self.out.append("[0-9]" if letter == "d" else "[^0-9]")
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
            digits = _OCTAL.match(self.pattern, self.place) if self.perl else None
            self.place += len(digits[0]) if digits else 0
            self.out.append(re.escape(chr(int(digits[0] or "0", 8) if digits else 0)))
        else:
            self.out.append(self._group_again(int(letter)))

    def _group_again(self, number: int) -> str:
        """What a group matched, once more: by any of the groups that have its number."""
        known = self.numbers[number] if 0 < number < len(self.numbers) else [number]
        return "(?:" + "|".join(f"\\{group}" for group in known) + ")"

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
            # A property stays what it is where letters of either case match.
            self.out.append("(?-i:[" + self._property(letter) + "])")
        elif letter in "gk":
            match = re.compile(r"\{(-?\w+)\}|<(\w+)>|'(\w+)'|(-?\d+)").match(pattern, self.place)
            if not match:
                raise PatternError("a numbered reference must not be zero")
            self.place = match.end()
            name = next(group for group in match.groups() if group)
            number = len(self.numbers) + int(name) if name.startswith("-") else int(name) if name.isdigit() else 0
            self.out.append(self._group_again(number) if number > 0 else f"(?P={name})")
        elif letter == "K" and not self.mark:
            self.groups += 1
            self.mark = self.groups
            self.out.append("()")
        elif letter == "G" and not any(self.out):
            self.continues = True
        elif letter == "X":
            marks = property_class("M", False)
            self.out.append(f"(?:\\r\\n|.[{marks}]*)")
        elif letter == "c" and self.place < len(pattern):
            self.out.append(re.escape(chr(ord(pattern[self.place].upper()) ^ 64)))
            self.place += 1
        elif letter in "KGC":
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
            if _backwards(pattern, place):
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
            if not self.perl:
                raise PatternError("Unknown collating element")
            return re.escape(name)
        negated = name.startswith("^")
        found = posix_class(name.lstrip("^"), self.perl)
        if found is None or negated:
            raise PatternError("unknown POSIX class name", rest) if self.perl else PatternError("Unknown character class name")
        return found


def _backwards(pattern: str, place: int) -> bool:
    """Whether a range of two plain characters in brackets runs from a later one to an earlier one."""
    if pattern[place + 1 : place + 2] != "-" or len(pattern) <= place + 2:
        return False
    low, high = pattern[place], pattern[place + 2]
    return low not in "[\\]" and high not in "[\\]" and low > high
