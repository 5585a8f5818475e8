"""What is wrong with a JSON text, in the words and with the pointer of the parser that R programs know."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r'[ \t\r\n]*(?:(?P<mark>[][{}:,])|(?P<string>"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)|(?P<word>true|false|null))"
)
_BEFORE, _AROUND = 40, 30


def _told(kind: str, words: str, text: str, place: int) -> tuple[str, int]:
    start = max(place - _AROUND, 0)
    shown = text[start : max(place, 0) + _AROUND].replace("\n", " ").replace("\r", " ")
    return f"{kind} error: {words}\n{' ' * (_BEFORE - (place - start))}{shown}\n{' ' * 21}(right here) ------^\n", place


def _lexical(text: str, place: int) -> tuple[str, int]:
    place += len(text[place:]) - len(text[place:].lstrip(" \t\r\n"))
    if place >= len(text):
        # The end is found by a blank that follows the text, and the place is counted in that.
        return _told("parse", "premature EOF", text, 1)
    if text[place] == '"':
        if "\n" in text[place:]:
            return _told("lexical", "invalid character inside string.", text, text.index("\n", place) + 1)
        escape = re.search(r'\\(?![\\"/bfnrtu])', text[place:])
        if escape:
            words = "inside a string, '\\' occurs before a character which it may not."
            return _told("lexical", words, text, place + escape.start() + 1)
        return _told("parse", "premature EOF", text, 1)
    if text[place] in "tfn":
        return _told("lexical", "invalid string in json text.", text, 0 if re.fullmatch(r"[a-z]+", text[place:]) else place + 2)
    return _told("lexical", "invalid char in json text.", text, place + 1)


def json_error(text: str) -> tuple[str, int]:
    """The message of the first error and how much of the text was read until then."""
    place = 0
    stack: list[str] = []
    wanted = "value"
    while True:
        if wanted == "end":
            rest = text[place:].lstrip(" \t\r\n")
            return _told("parse", "trailing garbage", text, 0) if rest else ("", place)
        found = _TOKEN.match(text, place)
        if found is None:
            return _lexical(text, place)
        place = found.end()
        mark = found["mark"]
        if wanted == "value" or (wanted == "value or ]" and mark != "]"):
            if mark in ("{", "["):
                stack.append(mark)
                wanted = "key or }" if mark == "{" else "value or ]"
                continue
            if mark:
                return _told("parse", "unallowed token at this point in JSON text", text, place)
        elif (wanted == "key or }" and mark == "}") or wanted == "value or ]":
            stack.pop()
        elif wanted in ("key", "key or }"):
            if not found["string"]:
                return _told("parse", "invalid object key (must be a string)", text, place)
            wanted = "colon"
            continue
        elif wanted == "colon":
            if mark != ":":
                return _told("parse", "object key and value must be separated by a colon (':')", text, place)
            wanted = "value"
            continue
        elif mark == ",":
            wanted = "key" if stack[-1] == "{" else "value"
            continue
        elif mark and mark == ("}" if stack[-1] == "{" else "]"):
            stack.pop()
        else:
            within = "array element, I expect ',' or ']'"
            if stack[-1] == "{":
                within = "key and value, inside map, I expect ',' or '}'"
            return _told("parse", f"after {within}", text, place - bool(found["string"]))
        wanted = "next" if stack else "end"
