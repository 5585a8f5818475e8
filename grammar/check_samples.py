"""Stand-ins for the data sets of keras while a program is checked: their shapes and kinds of values, but few rows.

What a program does to such data is tried for the shapes alone. A statement that fails for another reason may fail because
rows are missing, so it says nothing: its result is unknown.
"""

from __future__ import annotations

import re

from pipekeras.grammar.check import Problem
from pipekeras.grammar.nodes import LibrarySource
from pipekeras.grammar.parse import parse_program
from pipekeras.grammar.session import Session

_ROWS = 200
_TEXT = f"""
sample_labels <- function(classes, rows) array(rep_len(0L:(classes - 1L), rows))
sample_images <- function(shape, classes, column = FALSE) {{
  part <- function(rows) {{
    y <- sample_labels(classes, rows)
    list(x = array(0L, c(rows, shape)), y = if (column) matrix(y, rows, 1) else y)
  }}
  list(train = part({_ROWS}L), test = part({_ROWS // 2}L))
}}
sample_texts <- function(words, classes) {{
  part <- function(rows) {{
    list(x = lapply(seq_len(rows), function(i) c(1L, rep_len(4L:(as.integer(words) - 1L), 20L + i %% 200L))),
         y = c(sample_labels(classes, rows)))
  }}
  list(train = part({_ROWS}L), test = part({_ROWS // 2}L))
}}
dataset_mnist <- function(path) sample_images(c(28L, 28L), 10L)
dataset_fashion_mnist <- function() sample_images(c(28L, 28L), 10L)
dataset_cifar10 <- function() sample_images(c(32L, 32L, 3L), 10L, TRUE)
dataset_cifar100 <- function(label_mode = c("fine", "coarse")) {{
  sample_images(c(32L, 32L, 3L), if (match.arg(label_mode) == "fine") 100L else 20L, TRUE)
}}
dataset_imdb <- function(path, num_words = 5000, ...) sample_texts(min(num_words, 5000), 2L)
dataset_reuters <- function(path, num_words = 5000, ...) sample_texts(min(num_words, 5000), 46L)
dataset_boston_housing <- function(path, test_split = 0.2, seed = 113L) {{
  part <- function(rows) list(x = matrix(1, rows, 13), y = array(rep(20, rows)))
  rows <- as.integer(506 * (1 - test_split))
  list(train = part(rows), test = part(506L - rows))
}}
"""
SAMPLED = frozenset(re.findall(r"^(dataset_\w+) <-", _TEXT, re.MULTILINE))
"""The data sets that have a stand-in."""
_TELLING = re.compile(r"\btakes \w+ of shape |can't combine shapes .* on axis -1|^there is no target for output")
_GOT = re.compile(r"\b(got|shapes) \(\d+(?=[,)])")


def bind_samples(session: Session) -> None:
    """Put the stand-ins in the place of the data sets."""
    for expression in parse_program(LibrarySource("check_samples", _TEXT, 1)).expressions:
        session.evaluate(expression, session.base)


def told_of_sample(problem: Problem) -> Problem | None:
    """What a failure with sampled data says of the program: that shapes do not fit where data meet a model, or nothing."""
    span = problem.span
    if span is None or not _TELLING.search(problem.message):
        return None
    if not re.match(r"(?:keras3?::)?(?:fit|evaluate|predict)\b", span.source.text[span.start : span.end]):
        return None
    return Problem(_GOT.sub(r"\1 (rows", problem.message), span, problem.mend)
