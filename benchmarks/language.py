"""The language on its own, beside GNU R where it is installed: the same program, seconds of its loop by its own clock."""

from __future__ import annotations

import shutil
import subprocess
import sys

# Title: the program, what it may take in seconds (None: as fast as R), repeated best of three.
PROGRAMS: dict[str, tuple[str, float | None]] = {
    "a million scalar additions in a function": (
        "f <- function(n) { s <- 0; for (i in 1:n) s <- s + i; s }\nRUN(f(1e6))", 2.0),
    "fib(22)": ("fib <- function(n) if (n < 2) n else fib(n - 1) + fib(n - 2)\nRUN(fib(22))", 0.8),
    "a thousand sums of 10,000 products": (
        "x <- as.double(1:10000)\nf <- function() for (i in 1:1000) sum(x * x + 1)\nRUN(f())", None),
    "a hundred sorts of 10,000 numbers": (
        "set.seed(1); x <- runif(10000)\nf <- function() for (i in 1:100) sort(x)\nRUN(f())", None),
    "10,000 cells of a data frame": (
        "d <- data.frame(a = 1:100, b = 0)\n"
        "f <- function() for (k in 1:100) for (i in 1:100) d[i, 'b'] <- d[i, 'b'] + d$a[i]\nRUN(f())", None),
    "12,000 words counted by name": (
        "words <- rep(c('a', 'b', 'c', 'd'), 3000)\n"
        "f <- function() { n <- integer(0); for (w in words) n[w] <- if (is.na(n[w])) 1 else n[w] + 1 }\nRUN(f())", None),
    "40,000 calls of methods": (
        "area <- function(s) UseMethod('area')\narea.disc <- function(s) 3 * s$r^2\n"
        "s <- structure(list(r = 2), class = c('disc', 'shape'))\nf <- function() for (i in 1:40000) area(s)\nRUN(f())", None),
    "100,000 members of a list changed": (
        "f <- function() { p <- list(a = 1); for (i in 1:100000) p$a <- p$a + i }\nRUN(f())", None),
    "a tree of 2,000 numbers in lists": (
        "put <- function(t, v) { if (is.null(t)) return(list(v = v, l = NULL, r = NULL))\n"
        "  if (v < t$v) t$l <- put(t$l, v) else t$r <- put(t$r, v)\n  t }\n"
        "f <- function() { t <- NULL; x <- 7; for (i in 1:2000) { x <- (x * 1103 + 12345) %% 65536; t <- put(t, x) } }\n"
        "RUN(f())", None),
    "sapply over 10,000 numbers": ("RUN(sapply(1:10000, function(i) i * 2))", None),
}


def program(text: str) -> str:
    """The program with its clock: prints the best of three runs."""
    body, call = text.rsplit("RUN(", 1)
    return (f"{body}\nclock <- function() proc.time()[['elapsed']]\n"
            f"best <- Inf\nfor (k in 1:3) {{ begin <- clock(); {call[:-1]}; best <- min(best, clock() - begin) }}\n"
            "cat(format(best, digits = 6), '\\n')\n")


def seconds(command: list[str], text: str) -> float | None:
    """What the program printed, or None when it could not run."""
    done = subprocess.run([*command, "-e", program(text)], capture_output=True, text=True, timeout=120, check=False)
    return float(done.stdout.split()[-1]) if done.returncode == 0 and done.stdout.split() else None


def table() -> list[list[str]]:
    """A row for each program: ours, R's, and the ratio."""
    ours = [sys.executable, "-m", "pipekeras.repl"]
    rows = []
    for title, (text, limit) in PROGRAMS.items():
        mine = seconds(ours, text)
        other = seconds(["Rscript", "--vanilla"], text) if shutil.which("Rscript") else None
        show = [f"{value:.3f} s" if value is not None else "-" for value in (mine, other)]
        ratio = f"{mine / other:.2f}" if mine is not None and other else "-"
        rows.append([title, *show, ratio, f"{limit:g} s" if limit else "-"])
    return rows
