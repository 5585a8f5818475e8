"""What people write who are used to other languages, or whose fingers slip: how the language has it.

Asked only where a text does not parse, so that nothing here can stand against a program that is right.
"""

from __future__ import annotations

from pipekeras.grammar.lexer import Token
from pipekeras.grammar.nodes import Source

Habit = tuple[str, int, int, str]
"""A message, the offsets where its place begins and ends, and the mend."""

_BEFORE = {
    "def": "write name <- function(x, y = 1) { ... }",
    "fn": "write name <- function(x) { ... }",
    "lambda": "write function(x) x + 1, or \\(x) x + 1",
    "import": "load a package with library(name)",
    "from": "load a package with library(name)",
    "using": "load a package with library(name)",
    "not": "write !x",
    "let": "write name <- value",
    "var": "write name <- value",
    "const": "write name <- value",
    "del": "write rm(name)",
    "raise": 'write stop("message")',
    "throw": 'write stop("message")',
    "assert": "write stopifnot(condition)",
    "elif": "write else if (condition)",
    "elseif": "write else if (condition)",
    "elsif": "write else if (condition)",
    "unless": "write if (!condition)",
    "until": "write repeat { ...; if (condition) break }",
    "foreach": "write for (name in values)",
    "class": 'write R6Class("Name", public = list(...)) or setRefClass("Name", ...)',
    "async": "leave it out: a call runs to its end",
    "await": "leave it out: a call runs to its end",
    "yield": "collect the values, for instance with lapply()",
}
"""Words before something that cannot follow a name, and what stands for them."""
_CALLED = frozenset(("return", "print", "cat", "library", "require", "source", "stop", "warning", "invisible", "quit"))
_BETWEEN = {
    "and": "write && for conditions, & element by element",
    "or": "write || for conditions, | element by element",
    "is": "write ==, or is.null(x) and the like",
    "xor": "write xor(a, b)",
    "mod": "write %%",
    "div": "write %/%",
    "elif": _BEFORE["elif"],
    "elseif": _BEFORE["elif"],
    "elsif": _BEFORE["elif"],
    "then": "leave it out: if (condition) value",
    "do": "leave it out: while (condition) { ... }",
    "as": "write the second name with <-",
    "end": "close a block with }",
    "endif": "close a block with }",
}
"""Words that stand where an operator should."""
_PAIRS = {
    ("=", "<"): "write <= to compare",
    ("=", ">"): "write >= to compare",
    ("=", "="): "write == to compare",
    ("==", "="): "write == to compare, identical(x, y) for whole values",
    ("!=", "="): "write != to compare, !identical(x, y) for whole values",
    ("<", ">"): "write != to compare",
    ("|", ">"): "write |> without a space between",
    ("!=", "<"): "write < or !=",
    ("!=", ">"): "write > or !=",
    ("<", "="): "write <= without a space between",
    (">", "="): "write >= without a space between",
    ("!", "="): "write != without a space between",
    (":", "="): "write := without a space between, or <-",
    ("<", "-"): "write <- without a space between",
    ("&&", "&"): "write && for conditions, & element by element",
    ("||", "|"): "write || for conditions, | element by element",
}
"""Signs that are no operator together."""
_CHANGING = frozenset("+-*/^|&%")


def habit(source: Source, tokens: list[Token], index: int) -> Habit | None:
    """What was meant by the token that no rule takes, and by those around it; None when nothing is known of it."""
    for look in (_signs, _comment, _names, _words, _open_condition, _vector, _quotes_inside):
        found = look(source, tokens, index)
        if found is not None:
            return found
    return None


def _signs(source: Source, tokens: list[Token], index: int) -> Habit | None:
    """`x += 1`, `x =< 1`, `x <> y`, `x | > f()`."""
    for first in (index - 1, index):
        if not 0 <= first < len(tokens) - 1:
            continue
        (_, left, start, middle), (_, right, after, end) = tokens[first], tokens[first + 1]
        together = middle == after
        if together and right == "=" and left in _CHANGING:
            name = tokens[first - 1][1] if first and tokens[first - 1][0] == "SYMBOL" else "x"
            return f"'{left}=' is not an operator of the language", start, end, f"write {name} <- {name} {left} ..."
        mend = _PAIRS.get((left, right))
        if mend is not None and (together or "space" in mend or left == right == "="):
            shown = source.text[start:end]
            return f"'{shown}' is not an operator of the language", start, end, mend
    kind, text, start, end = tokens[index]
    if kind == "INVALID" and text == "%" and index and tokens[index - 1][1] in (">", "<") and tokens[index - 1][3] == start:
        _, left, start, _ = tokens[index - 1]
        return f"'{left}%' is not an operator of the language", start, end, f"write %{left}%"
    return None


def _comment(source: Source, tokens: list[Token], index: int) -> Habit | None:
    """`// words` and `/* words */`."""
    for at in (index, index - 1):
        if at >= 0 and tokens[at][1] == "/" and source.text[tokens[at][2] : tokens[at][2] + 2] in ("//", "/*"):
            start = tokens[at][2]
            return f"'{source.text[start : start + 2]}' begins no comment", start, start + 2, "begin it with #"
    return None


def _names(source: Source, tokens: list[Token], index: int) -> Habit | None:
    """`_x`, `2nd`, `1_000`."""
    if not index:
        return None
    (before, left, start, middle), (kind, right, after, end) = tokens[index - 1], tokens[index]
    if middle != after:
        return None
    if before == "PLACEHOLDER" and kind == "SYMBOL":
        return "a name cannot begin with '_'", start, end, f"write {right} or .{right}, or `{left}{right}` in backquotes"
    if before == "NUMBER" and kind == "PLACEHOLDER":
        return "the digits of a number are not grouped", start, end, "leave the '_' out"
    if before == "NUMBER" and kind == "SYMBOL":
        mend = f"put a letter first, or write * for a product, or `{left}{right}` in backquotes"
        return f"'{left}{right}' is neither a number nor a name", start, end, mend
    return None


def _words(source: Source, tokens: list[Token], index: int) -> Habit | None:
    """`def f(x):`, `not x`, `a and b`, `print x`, `elif (b)`."""
    if not index or tokens[index][0] not in ("SYMBOL", "NUMBER", "STRING", "CONSTANT", "NULL", "COLON", "OPEN_BRACE", "IN"):
        return None
    kind, text, start, end = tokens[index]
    if kind == "SYMBOL" and text in _BETWEEN:
        return f"'{text}' is no word of the language", start, end, _BETWEEN[text]
    owner = _owner(tokens, index - 1) if tokens[index - 1][0] == "CLOSE" else index - 1
    before, word, start, end = tokens[owner] if owner >= 0 else ("", "", 0, 0)
    if before != "SYMBOL":
        return None
    if owner == index - 1 and word in _CALLED:
        return f"'{word}' is a function: what it takes stands in parentheses", start, end, f"write {word}({text})"
    if word in _BEFORE:
        return f"'{word}' is no word of the language", start, end, _BEFORE[word]
    if owner and tokens[owner - 1][1] in _BEFORE and tokens[owner - 1][0] == "SYMBOL":
        _, word, start, end = tokens[owner - 1]
        return f"'{word}' is no word of the language", start, end, _BEFORE[word]
    return None


def _owner(tokens: list[Token], closer: int) -> int:
    """The token before the bracket that a parenthesis closes."""
    depth = 0
    for at in range(closer, -1, -1):
        depth += (tokens[at][0] == "CLOSE") - (tokens[at][0] == "OPEN")
        if not depth:
            return at - 1
    return -1


def _open_condition(source: Source, tokens: list[Token], index: int) -> Habit | None:
    """`if (x > 1 {`, `for (i = 1:3)`, `function(x, ) x`, `function(1) x`."""
    kind, text, start, end = tokens[index]
    opener = _innermost(tokens, index)
    word = tokens[opener - 1] if opener > 0 else None
    if word is None or tokens[opener][0] != "OPEN" or word[0] not in ("IF", "WHILE", "FOR", "FUNCTION"):
        return None
    if kind == "OPEN_BRACE":
        return f"the '(' after '{word[1]}' is not closed before '{{'", start, end, "write ')' before '{'"
    if kind == "EQUALS" and word[0] == "FOR":
        return "'=' cannot stand here", start, end, "write for (name in values) ..."
    if word[0] == "FUNCTION" and kind == "CLOSE" and tokens[index - 1][0] == "COMMA":
        return "no parameter follows the last ','", tokens[index - 1][2], tokens[index - 1][3], "remove it"
    if word[0] == "FUNCTION" and tokens[index - 1][0] in ("OPEN", "COMMA") and kind in ("NUMBER", "STRING", "CONSTANT", "NULL"):
        return f"a parameter is a name, not {text}", start, end, "write function(x, y = 1) ..."
    return None


def _innermost(tokens: list[Token], index: int) -> int:
    """Place of the innermost bracket that is open before a token, -1 for none."""
    depth = 0
    for at in range(index - 1, -1, -1):
        if tokens[at][0].startswith("CLOSE"):
            depth += 1
        elif tokens[at][0].startswith("OPEN"):
            if not depth:
                return at
            depth -= 2 if tokens[at][0] == "OPEN_DOUBLE" else 1
    return -1


def _vector(source: Source, tokens: list[Token], index: int) -> Habit | None:
    """`x <- [1, 2]`."""
    kind, text, start, end = tokens[index]
    if kind not in ("OPEN_BRACKET", "OPEN_DOUBLE") or not index:
        return None
    if tokens[index - 1][0] in ("SYMBOL", "STRING", "CLOSE", "CLOSE_BRACKET", "CLOSE_BRACE", "NEWLINE"):
        return None
    return f"'{text}' begins no value", start, end, "write c(1, 2, 3) for a vector, list(...) for a list"


def _quotes_inside(source: Source, tokens: list[Token], index: int) -> Habit | None:
    """`'it's'`."""
    if not index:
        return None
    (before, left, _, middle), (kind, text, start, end) = tokens[index - 1], tokens[index]
    if before != "STRING" or kind not in ("SYMBOL", "NUMBER") or middle != start or "\n" in left:
        return None
    quote = left[-1]
    other = "'" if quote == '"' else '"'
    mend = f"write \\{quote} for a quote inside of the string, or put the string in {other}"
    return f"the string ends before '{text}'", middle - 1, end, mend
