"""Strings taken apart and changed: length, pieces, case, padding, names made from text."""

from __future__ import annotations

import itertools
import re
from typing import Any

from pipekeras.grammar.builtins.elements.attributes import call_builtin
from pipekeras.grammar.builtins.registry import RError, builtin
from pipekeras.grammar.builtins.text.formatting import choose
from pipekeras.grammar.printing.dispatch import (
    condition,
    keep_attributes,
    keep_shape,
    one_text,
    optional_flag,
    texts_of,
    whole,
)
from pipekeras.grammar.printing.elements import is_plain_name
from pipekeras.grammar.printing.text import leading_columns, text_width
from pipekeras.grammar.text.abbreviation import abbreviated, told_apart
from pipekeras.grammar.text.bytes import bytes_in_memory, is_valid
from pipekeras.grammar.values import (
    NA_INTEGER,
    NULL,
    Vector,
    character,
    explicit_class,
    get_attribute,
    integer,
    logical,
    mk_list,
    names_of,
)
from pipekeras.grammar.vectors.coerce import coerce, convert, integers
from pipekeras.grammar.vectors.conforming import line_attributes
from pipekeras.grammar.vectors.positions import is_factor
from pipekeras.grammar.vectors.report import warn


@builtin("nchar", "x, type = 'chars', allowNA = FALSE, keepNA = NA")
def nchar(x: Any, type: Any, allow_na: Any, keep_na: Any) -> Any:
    """Number of characters, bytes or columns of each text."""
    classes = get_attribute(x, "class")
    if classes is not NULL and "factor" in classes.items():
        raise RError("'nchar()' requires a character vector")
    if not isinstance(type, Vector) or type.kind != "character" or not _is_measure(type.items()):
        raise RError("invalid 'type' argument")
    how = choose(type, ("chars", "bytes", "width"), "type")
    kept = keep_na.items()[0] if isinstance(keep_na, Vector) else NA_INTEGER
    missing = 2 if kept == 0 or (kept == NA_INTEGER and how == "width") else NA_INTEGER
    measure = {"chars": len, "bytes": lambda text: len(bytes_in_memory(text)), "width": text_width}[how]
    if classes is not NULL and isinstance(x, Vector) and x.kind in ("double", "integer"):
        x = x.with_attribute("class", NULL)
    x = _list_without_shape(x)
    texts = texts_of(x)
    wide = [] if how == "bytes" else [at for at, text in enumerate(texts) if text and not text.isascii()]
    wrong = [at + 1 for at in wide if not is_valid(texts[at] or "")]
    if wrong and not optional_flag(allow_na):
        raise RError(f"invalid multibyte string, element {wrong[0]}")
    counts = [missing if text is None else measure(text) for text in texts]
    for at in wrong:
        counts[at - 1] = NA_INTEGER
    made = keep_shape(x, counts, "integer")
    return made.with_attributes(line_attributes(made.attributes))


def _list_without_shape(x: Any) -> Any:
    """A list as it is when its elements have been made texts: it keeps names and no dimensions."""
    if not isinstance(x, Vector) or x.kind != "list" or not x.attributes:
        return x
    names = names_of(x)
    return x.with_attributes({"names": character(names)} if names is not None else None)


def _is_measure(words: list[str | None]) -> bool:
    return len(words) == 1 and bool(words[0]) and any(name.startswith(str(words[0])) for name in ("chars", "bytes", "width"))


@builtin("nzchar", "x, keepNA = FALSE")
def nzchar(x: Any, keep_na: Any) -> Any:
    """Whether each text has any characters."""
    if is_factor(x):
        raise RError("'nzchar()' requires a character vector")
    kept = optional_flag(keep_na)
    truths = [(NA_INTEGER if kept else 1) if text is None else int(text != "") for text in texts_of(x)]
    return logical([bool(truth) if truth != NA_INTEGER else None for truth in truths])


def _positions(value: Any, name: str) -> list[int]:
    if isinstance(value, Vector) and value.kind == "character":
        value = coerce(value, "integer")
    if not isinstance(value, Vector) or value.kind not in ("integer", "double", "logical"):
        raise RError("invalid substring arguments")
    made: list[int] = integers(Vector(value.kind, value.data)).tolist()
    if not made:
        raise RError("invalid substring arguments")
    return made


def _cut(text: str | None, first: int, last: int) -> str | None:
    if text is None or first == NA_INTEGER or last == NA_INTEGER:
        return None
    return text[max(first, 1) - 1 : max(last, 0)]


@builtin("substr", "x, start, stop")
def substr(x: Any, start: Any, stop: Any) -> Any:
    """Characters from ``start`` to ``stop`` of each text."""
    x = _character_argument(x)
    texts = texts_of(x)
    if not texts:
        for bound in (start, stop):
            if isinstance(bound, Vector) and bound.kind == "character":
                coerce(bound, "integer")
        return keep_shape(x, [])
    firsts, lasts = _positions(start, "start"), _positions(stop, "stop")
    if len(firsts) == len(lasts) == 1 and NA_INTEGER not in (*firsts, *lasts):
        begin, end = max(firsts[0], 1) - 1, max(lasts[0], 0)
        return keep_attributes(x, [None if text is None else text[begin:end] for text in texts])
    made = [_cut(text, firsts[at % len(firsts)], lasts[at % len(lasts)]) for at, text in enumerate(texts)]
    return keep_attributes(x, made)


@builtin("substring", "text, first, last = 1000000L")
def substring(text: Any, first: Any, last: Any) -> Any:
    """Characters from ``first`` to ``last``, all three recycled."""
    text = _character_argument(text)
    texts = texts_of(text)
    if not texts:
        return keep_attributes(text, [])
    firsts, lasts = _positions(first, "first"), _positions(last, "last")
    count = max(len(texts), len(firsts), len(lasts))
    made = [
        _cut(texts[at % len(texts)], firsts[at % len(firsts)], lasts[at % len(lasts)]) for at in range(count)
    ]
    return keep_attributes(text, made) if count == len(texts) else character(made)


def _put(text: str | None, first: int, last: int, value: str | None) -> str | None:
    if text is None or value is None or first == NA_INTEGER or last == NA_INTEGER:
        return None
    start = max(first, 1) - 1
    count = min(last - start, len(text) - start, len(value))
    return text if count <= 0 else text[:start] + value[:count] + text[start + count :]


@builtin("substring<-", "text, first, last = 1000000L, value")
def substring_assign(x: Any, start: Any, stop: Any, value: Any) -> Any:
    """Overwrite characters of each text, to its end where no other is given."""
    return substr_assign(x, start, stop, value)


@builtin("substr<-", "x, start, stop, value")
def substr_assign(x: Any, start: Any, stop: Any, value: Any) -> Any:
    """Overwrite characters of each text; its length stays."""
    if not isinstance(x, Vector) or x.kind != "character":
        raise RError("replacing substrings in a non-character object")
    if not len(x):
        return x
    if not isinstance(value, Vector) or value.kind != "character" or not len(value):
        raise RError("invalid value")
    texts, values = texts_of(x), texts_of(value)
    firsts, lasts = _positions(start, "start"), _positions(stop, "stop")
    made = [
        _put(text, firsts[at % len(firsts)], lasts[at % len(lasts)], values[at % len(values)])
        for at, text in enumerate(texts)
    ]
    return Vector("character", character(made).data, x.attributes)


def _each(x: Any, change: Any) -> Vector:
    texts = texts_of(x)
    wrong = next((at for at, text in enumerate(texts, start=1) if text is not None and not is_valid(text)), None)
    if wrong is not None:
        raise RError(f"invalid multibyte string {wrong}")
    return keep_attributes(x, [None if text is None else change(text) for text in texts])


def _character_argument(x: Any) -> Any:
    if isinstance(x, Vector) and x.kind != "character" and explicit_class(x) is not None:
        # Dates and moments keep their names, factors do not.
        return call_builtin("as.character", x)
    if isinstance(x, Vector) and x.kind == "list":
        return Vector("character", convert(x.data, "list", "character"))
    if not isinstance(x, Vector) or x.kind != "character":
        return character(texts_of(x))
    return x


def upper_text(text: str) -> str:
    """Upper case, letter by letter: a letter whose capital takes two stays."""
    made = text.upper()
    if len(made) == len(text):
        return made
    return "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in text)


def lower_text(text: str) -> str:
    """Lower case, letter by letter."""
    made = text.lower()
    if len(made) == len(text) and "\u03a3" not in text:
        return made
    return "".join(letter.lower()[0] for letter in text)


@builtin("toupper", "x")
def to_upper(x: Any) -> Any:
    """Upper case."""
    return _each(_character_argument(x), upper_text)


@builtin("tolower", "x")
def to_lower(x: Any) -> Any:
    """Lower case."""
    return _each(_character_argument(x), lower_text)


@builtin("casefold", "x, upper = FALSE")
def casefold(x: Any, upper: Any) -> Any:
    """Upper or lower case."""
    return _each(_character_argument(x), upper_text if condition(upper) else lower_text)


def _ranged(text: str) -> list[str]:
    out: list[str] = []
    at = 0
    while at < len(text):
        if at + 2 < len(text) and text[at + 1] == "-":
            low, high = ord(text[at]), ord(text[at + 2])
            if low > high:
                raise RError(f"decreasing range specification ('{text[at]}-{text[at + 2]}')")
            out.extend(map(chr, range(low, high + 1)))
            at += 3
        else:
            out.append(text[at])
            at += 1
    return out


def _first_text(value: Any, name: str) -> str:
    """The text of an argument that should be one text; of several the first counts."""
    if isinstance(value, Vector) and value.kind == "character" and len(value) > 1 and value.data[0] is not None:
        warn(f"argument '{name}' has length > 1 and only the first element will be used")
        return str(value.data[0])
    return one_text(value, name)


@builtin("chartr", "old, new, x")
def chartr(old: Any, new: Any, x: Any) -> Any:
    """Replace characters one for one."""
    if isinstance(x, Vector) and x.kind != "character":
        x = call_builtin("as.character", x)
    source, target = _ranged(_first_text(old, "old")), _ranged(_first_text(new, "new"))
    if len(source) > len(target):
        raise RError("'old' is longer than 'new'")
    table = {ord(left): right for left, right in zip(source, target, strict=False)}
    return _each(x, lambda text: text.translate(table))


@builtin("trimws", "x, which = NULL, whitespace = '[ \t\r\n]'")
def trimws(x: Any, which: Any, whitespace: Any) -> Any:
    """Text without white space at its ends."""
    if which is not NULL and (not isinstance(which, Vector) or which.kind != "character"):
        raise RError("'arg' must be NULL or a character vector")
    how = choose(which, ("both", "left", "right"), "which")
    spaces = one_text(whitespace, "whitespace")
    if spaces == "[ \t\r\n]":
        cut = {"both": str.strip, "left": str.lstrip, "right": str.rstrip}[how]
        return _each(_character_argument(x), lambda text: cut(text, " \t\r\n"))
    patterns = {"both": (f"^{spaces}+", f"{spaces}+$"), "left": (f"^{spaces}+",), "right": (f"{spaces}+$",)}
    for pattern in patterns[how]:
        x = call_builtin("sub", character(pattern), character(""), x, perl=logical(True))
    return x


@builtin("startsWith", "x, prefix")
def starts_with(x: Any, prefix: Any) -> Any:
    """Whether each text begins with the prefix."""
    return _ends(x, prefix, str.startswith)


@builtin("endsWith", "x, suffix")
def ends_with(x: Any, suffix: Any) -> Any:
    """Whether each text ends with the suffix."""
    return _ends(x, suffix, str.endswith)


def _ends(x: Any, part: Any, test: Any) -> Any:
    if getattr(x, "kind", "") != "character" or getattr(part, "kind", "") != "character":
        raise RError("non-character object(s)")
    texts, parts = x.items(), part.items()
    if not texts or not parts:
        return logical([])
    made = []
    for at in range(max(len(texts), len(parts))):
        text, piece = texts[at % len(texts)], parts[at % len(parts)]
        made.append(NA_INTEGER if text is None or piece is None else int(test(text, piece)))
    return logical(made)


@builtin("strrep", "x, times")
def strrep(x: Any, times: Any) -> Any:
    """Each text repeated."""
    texts = texts_of(x)
    counts = integers(times).tolist()
    if not texts or not counts:
        return character([])
    made = []
    for at in range(max(len(texts), len(counts))):
        text, count = texts[at % len(texts)], counts[at % len(counts)]
        if count != NA_INTEGER and count < 0:
            raise RError("invalid 'times' value")
        made.append(None if text is None or count == NA_INTEGER else text * count)
    names = names_of(x) if getattr(x, "kind", "") == "character" and len(made) == len(texts) else None
    return character(made) if names is None else character(made, {"names": character(names)})


@builtin("strtrim", "x, width")
def strtrim(x: Any, width: Any) -> Any:
    """Each text cut to a number of columns."""
    x = _character_argument(x)
    texts = texts_of(x)
    if not texts:
        return keep_attributes(x, [])
    widths = integers(width).tolist()
    uneven = not widths or (len(widths) < len(texts) and len(texts) % len(widths))
    if texts and (uneven or any(room == NA_INTEGER or room < 0 for room in widths)):
        raise RError("invalid 'width' argument")
    rooms = itertools.cycle(widths)
    made = [None if text is None else leading_columns(text, room) for text, room in zip(texts, rooms, strict=False)]
    return keep_attributes(x, made)


@builtin("strtoi", "x, base = 0L")
def strtoi(x: Any, base: Any) -> Any:
    """Integers written in a base from 2 to 36, or as C reads them (base 0)."""
    radix = whole(coerce(base, "integer") if isinstance(base, Vector) else base, "base")
    if radix != 0 and not 2 <= radix <= 36:
        raise RError("invalid 'base' argument")
    return integer([NA_INTEGER if text is None else _parse_whole(text, radix) for text in texts_of(x)])


def _parse_whole(text: str, radix: int) -> int:
    match = re.match(r"\s*([+-]?)(0[xX])?([0-9a-zA-Z]+)\Z", text)
    if match is None:
        return NA_INTEGER
    digits = match[3]
    if match[2] and radix > 16:
        digits = match[2] + digits
    elif match[2]:
        if radix not in (0, 16):
            return NA_INTEGER
        radix = 16
    elif radix == 0:
        radix = 8 if digits.startswith("0") and len(digits) > 1 else 10
    elif digits[1:2] in ("b", "B", "o", "O") and digits[0] == "0" and radix <= ord(digits[1].lower()) - ord("a") + 10:
        # Python would take 0b1 and 0o7 for signs of a base.
        return NA_INTEGER
    try:
        value = int(digits, radix)
    except ValueError:
        return NA_INTEGER
    value = -value if match[1] == "-" else value
    return value if abs(value) < 2**31 else NA_INTEGER


@builtin("make.unique", "names, sep = '.'")
def make_unique(names: Any, sep: Any) -> Any:
    """Texts with a number added to those seen before."""
    if not isinstance(names, Vector) or names.kind != "character":
        raise RError("'names' must be a character vector")
    given = names.items()
    made = unique_texts(["NA" if text is None else text for text in given], one_text(sep, "sep"))
    return character([None if text is None and fresh == "NA" else fresh for text, fresh in zip(given, made, strict=True)])


def unique_texts(texts: list[str], separator: str = ".") -> list[str]:
    """Texts with ``.1``, ``.2``, ... added to repeated ones."""
    taken = set(texts)
    seen: set[str] = set()
    counts: dict[str, int] = {}
    out = []
    for text in texts:
        if text not in seen:
            seen.add(text)
            out.append(text)
            continue
        count = counts.get(text, 0)
        while True:
            count += 1
            made = f"{text}{separator}{count}"
            if made not in taken:
                break
        counts[text] = count
        taken.add(made)
        out.append(made)
    return out


@builtin("make.names", "names, unique = FALSE, allow_ = TRUE")
def make_names(names: Any, unique: Any, allow_underscore: Any) -> Any:
    """Texts changed into syntactic names."""
    under = optional_flag(allow_underscore, True)
    made = [syntactic_name("NA." if text is None else text, under) for text in texts_of(names)]
    if not optional_flag(unique):
        return character(made)
    given = texts_of(names)
    order = sorted(range(len(made)), key=lambda at: made[at] != given[at])
    different = unique_texts([made[at] for at in order])
    for at, text in zip(order, different, strict=True):
        made[at] = text
    return character(made)


def syntactic_name(text: str, underscore: bool = True) -> str:
    """One text changed into a syntactic name."""
    if not re.match(r"[^\W\d_]|\.(?!\d)", text):
        text = "X" + text
    text = re.sub(r"[^\w.]" if underscore else r"[^\w.]|_", ".", text)
    return text if is_plain_name(text) else text + "."


@builtin(
    "abbreviate",
    "names.arg, minlength = 4L, use.classes = TRUE, dot = FALSE, strict = FALSE, method = NULL, named = TRUE",
)
def abbreviate(x: Any, length: Any, use_classes: Any, dot: Any, strict: Any, method: Any, named: Any) -> Any:
    """Texts shortened so that they stay different."""
    by_class = optional_flag(use_classes, True)
    keeps_names = optional_flag(named, True)
    given = texts_of(x)
    if condition(call_builtin("<=", length, integer(0))):
        nothing = character([""] * len(given))
        return nothing.with_attribute("names", character(given)) if keeps_names else nothing
    if isinstance(length, Vector) and length.kind == "character":
        length = coerce(length, "integer")
    wanted = whole(length, "minlength")
    texts = [None if text is None else text.strip(" ") for text in given]
    different = list(dict.fromkeys(text for text in texts if text is not None))
    if any(len(text) > wanted and not text.isascii() for text in different):
        warn("abbreviate used with non-ASCII chars")
    if optional_flag(strict):
        short = [abbreviated(text, wanted, by_class) for text in different]
    else:
        both_sides = choose(method, ("left.kept", "both.sides"), "method") == "both.sides"
        short = told_apart(different, wanted, by_class, both_sides)
    made = dict(zip(different, short, strict=True))
    dotted = "." if optional_flag(dot) else ""
    out = [None if text is None else made[text] + (dotted if made[text] != text else "") for text in texts]
    result = character(out)
    if keeps_names:
        result = result.with_attribute("names", character(texts))
    return result


_SMALL_WORDS = re.compile(
    r"(a|an|and|are|as|at|be|but|by|en|for|if|in|is|nor|not|of|on|or|per|so|the|to|v\.?|via|vs\.?|from|into|than|that|with)\Z",
    re.IGNORECASE,
)
_WORDS_AS_THEY_ARE = frozenset((
    "2D", "3D", "AIC", "BayesX", "GoF", "HTML", "LaTeX", "MonetDB", "OpenBUGS", "TeX", "U.S.", "U.S.A.", "WinBUGS", "aka",
    "al.", "et", "ggplot2", "i.e.", "jar", "jars", "ncdf", "netCDF", "rgl", "rpart", "xls", "xlsx",
    "above", "after", "all", "along", "also", "among", "any", "both", "can", "few", "it", "less", "log", "many", "may", "more",
    "over", "some", "their", "then", "this", "under", "until", "using", "von", "when", "where", "which", "will", "without",
    "yet", "you", "your",
))  # fmt: skip


@builtin("toTitleCase", "text", package="tools")
def to_title_case(text: Any) -> Any:
    """Words begun with capitals, small words apart."""
    if not isinstance(text, Vector) or text.kind != "character":
        raise RError("'text' must be a character vector")
    if not len(text):
        return mk_list([])
    made = [None if item is None else _title(item) for item in text.items()]
    names = names_of(text)
    return character(made) if names is None else character(made, {"names": character(names)})


def _title(text: str) -> str:
    words = [word for word in re.split(r"([ \-/\"()\n\t])", text) if word]
    small = [at > 0 and _SMALL_WORDS.match(word) is not None for at, word in enumerate(words)]
    for at, word in enumerate(words):
        if word[-1] in "-:" and words[at + 1 : at + 2] == [" "] and re.match(r"['\w]", "".join(words[at + 2 : at + 3])):
            small[at + 2] = False
        if word == '"' and at + 1 < len(words):
            small[at + 1] = False
    return "".join(
        word.lower() if is_small else word if _stays(word) else _begun_large(word)
        for word, is_small in zip(words, small, strict=True)
    )


def _stays(word: str) -> bool:
    quoted = len(word) > 1 and word[0] == word[-1] == "'"
    inner_capital = word[0].isalpha() and any(letter.isupper() for letter in word[1:])
    return len(word) == 1 or quoted or inner_capital or word in _WORDS_AS_THEY_ARE


def _begun_large(word: str) -> str:
    head = 1 if len(word) >= 3 and word[0] in "'\"" else 0
    return word[:head] + upper_text(word[head]) + lower_text(word[head + 1 :])
