"""Programs nobody meant to write: mutated, random, deeply nested, far too large or without an end."""

from __future__ import annotations

import random
import re
from pathlib import Path

CORPUS = sorted((Path(__file__).parent.parent / "conformance").glob("*.R"))
TOKEN = re.compile(
    r'"[^"]*"|[A-Za-z_.][\w.]*|\d+\.?\d*L?|%[^%]*%|<<?-|[-+*/^<>=!&|~?:$@]+|[()\[\]{},;]|\s+|.'
)
ODD = [
    "NULL", "NA", "list()", "-1", "character(0)", "quote(x)", "1:3", "TRUE", "Inf", "...", "1i", "sum",
    "new.env()", "NaN", "-0.5", "c(a=1)", "matrix(1:4,2)", "data.frame(a=1:2)", 'factor("a")',
    'as.Date("2020-01-01")', "1e12", "-2147483648", "raw(2)", "function(x) x", "y ~ x", "array(1:8,c(2,2,2))",
    '""', '"\\u00e9"', "expression(a)", "integer(0)", "1e308", "NA_character_", "globalenv()",
]
UNSAFE = re.compile(
    r"unlink|file|quit|\bq\(|sleep|system|setwd|sink|readline|save|install|setenv|write|source|library|download|Rprof"
)
"""Words that reach out of the program: files, time, other programs."""
HUGE = [
    "rep(1, 1e12)", "strrep('ab', 1e10)", "1:1e15", "numeric(1e13)", "matrix(0, 1e6, 1e6)", "vector('list', 1e11)",
    "array(0, c(1e5, 1e5, 10))", "x <- 1; x[1e12] <- 2", "seq(0, 1e15, by = 1)", "outer(1:1e6, 1:1e6)", "diag(1e6)",
    "paste(rep('a', 1e11), collapse = '')", "rnorm(1e12)", "sample(1e12, 1e11)", "character(1e12)", "letters[1:1e12]",
    "strrep(strrep('a', 1e6), 1e6)", "combn(100, 50)", "expand.grid(1:1e5, 1:1e5)", "formatC(1, width = 1e10)",
    "sprintf('%1000000000d', 1L)", "format(1, nsmall = 1e9)", "rep_len(1:3, 1e13)", "rep(1:3, each = 1e12)",
    "factorial(1e9)", "choose(1e9, 5e8)", "2^1e9", "bitwShiftL(1L, 40L)", "crossprod(matrix(0, 2, 1e9))",
    "x <- list(); x[[1e11]] <- 1", "length(x <- 1) ; length(x) <- 1e12; x", "seq_len(1e12)", "rowSums(matrix(1, 1e7, 1e5))",
]
ENDLESS = [
    "repeat {}", "while (TRUE) 1", "f <- function() f(); f()", "f <- function(n) f(n + 1) + 1; f(1)",
    "x <- 1; while (x > 0) x <- x + 1", "g <- function(x) UseMethod('g'); g.default <- function(x) g(x); g(1)",
    "f <- function(x) g(x); g <- function(x) f(x); f(1)", "repeat tryCatch(stop('a'), error = function(e) NULL)",
    "x <- quote(a); repeat x <- call('f', x)", "l <- list(); repeat l <- list(l)", "s <- 'a'; repeat s <- paste0(s, s)",
    "eval(quote(f <- function() eval(quote(f())))); f()", "f <- function(...) f(...); f(1, 2)",
    "print.rec <- function(x, ...) print(x); structure(1, class = 'rec')", "local({ f <- function() Recall(); f() })",
    "withCallingHandlers(warning('a'), warning = function(w) warning('b'))",
    "makeActiveBinding('z', function() z, globalenv()); z",
    "delayedAssign('p', p); p", "f <- function(x = x) x; f()", "Reduce(function(a, b) c(a, a), 1:1e6)",
    "for (i in 1:1e9) i", "sapply(1:1e8, function(i) i)", "x <- 1:10; for (i in 1:40) x <- c(x, x); sum(x)",
    "on <- function() { on.exit(on()); 1 }; on()", "'f<-' <- function(x, value) { f(x) <- value; x }; y <- 1; f(y) <- 2",
]


def lines_and_tokens() -> tuple[list[str], list[str]]:
    """Lines of working programs, and the words they are made of."""
    lines = [
        line
        for program in CORPUS
        for line in program.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    return lines, [token for line in lines for token in TOKEN.findall(line)]


def mutated(lines: list[str], tokens: list[str], chance: random.Random) -> str:
    """A few lines of working programs with words lost, exchanged or doubled."""
    program = []
    for line in chance.sample(lines, chance.randint(1, 3)):
        parts = TOKEN.findall(line)
        for _ in range(chance.randint(0, 3)):
            if not parts:
                break
            at = chance.randrange(len(parts))
            kind = chance.random()
            if kind < 0.2:
                del parts[at]
            elif kind < 0.4:
                parts[at] = chance.choice(tokens)
            elif kind < 0.9:
                words = [i for i, part in enumerate(parts) if re.match(r'["\w.]', part)]
                if words:
                    parts[chance.choice(words)] = chance.choice(ODD)
            else:
                parts.insert(at, chance.choice(parts))
        program.append("".join(parts))
    return "\n".join(program)


def shuffled(tokens: list[str], chance: random.Random) -> str:
    """Words in no order."""
    return " ".join(chance.choice(tokens) for _ in range(chance.randint(1, 30)))


def scrambled(chance: random.Random) -> str:
    """Characters in no order, some of them rare."""
    letters = "abx01 \n\t\"'`\\()[]{},;+-*/^<>=!&|~?:$@#%._\u00e9\u0000\u200b\U0001f600"
    return "".join(chance.choice(letters) for _ in range(chance.randint(0, 60)))


def nested(chance: random.Random) -> str:
    """Something far too deep."""
    depth = chance.choice((50, 500, 5000, 50000))
    opening, closing = chance.choice((
        ("(", ")"), ("{", "}"), ("f(", ")"), ("[", "]"), ("if (a) ", ""), ("function(x) ", ""), ("-", ""), ("!", ""),
        ("a$", "b"),
        ("list(", ")"), ("c(", ")"), ("x[[", "]]"), ("1 + ", ""), ("(", ""), ("", ")"), ("a -> ", "b"), ("a |> f() |> ", "f()"),
        ("~", ""), ("quote(", ")"), ("if (TRUE) {", "}"), ("x %>% ", "y"), ("'", ""), ("\\(x) ", ""), ("2^", "2"),
        ("a <- ", "1"),
    ))  # fmt: skip
    return opening * depth + chance.choice(("1", "x", "", "NULL")) + closing * depth


def programs(seed: int, count: int) -> list[str]:
    """So many hostile programs, the same for the same seed; none reaches out of itself."""
    chance = random.Random(seed)
    lines, tokens = lines_and_tokens()
    made: list[str] = []
    while len(made) < count:
        kind = chance.random()
        if kind < 0.72:
            program = mutated(lines, tokens, chance)
        elif kind < 0.85:
            program = shuffled(tokens, chance)
        elif kind < 0.95:
            program = scrambled(chance)
        elif kind < 0.975:
            program = nested(chance)
        elif kind < 0.99:
            program = chance.choice(HUGE)
        else:
            program = chance.choice(ENDLESS)
        if not UNSAFE.search(program):
            made.append(program)
    return made
