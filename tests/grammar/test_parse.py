"""The parser against GNU R: what it takes, what it rejects, the tree it makes, the text the tree gives back."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from pipekeras.grammar import tables
from pipekeras.grammar.deparse import deparse_lines, deparse_text
from pipekeras.grammar.nodes import MISSING, Argument, Call, Formals, Symbol, same_tree
from pipekeras.grammar.parse import ParseError, parse_expression, parse_program, parse_text
from pipekeras.grammar.values import NULL, Vector

from tests.counted import calls_of

SAMPLES = json.loads(Path(__file__).with_name("parse_samples.json").read_text("utf-8"))
"""Programs with what GNU R 4.2.2 says of them: its deparsed expressions or its error message."""


def same_value(left: Any, right: Any) -> bool:
    """Whether two constants are the same."""
    if left is NULL or right is NULL:
        return left is right
    assert isinstance(left, Vector) and isinstance(right, Vector)
    return left.kind == right.kind and repr(left.items()) == repr(right.items())


def assert_same_trees(left: list[Any], right: list[Any]) -> None:
    assert len(left) == len(right)
    for one, other in zip(left, right, strict=True):
        assert same_tree(one, other, same_value), (one, other)


def test_stored_tables_are_those_of_the_grammar() -> None:
    assert tables.stored_text() == tables.TABLES_PATH.read_text("utf-8")


def test_every_action_of_the_grammar_is_a_builder_method() -> None:
    from pipekeras.grammar.builder import Builder

    for _, length, action in tables.load_tables().rules:
        assert callable(getattr(Builder, action)) if action else length == 1


def test_programs_that_r_takes_deparse_as_r_deparses_them() -> None:
    wrong = []
    for sample in SAMPLES:
        if "deparsed" in sample:
            lines = [line for expression in parse_text(sample["source"]) for line in deparse_lines(expression)]
            if "\n".join(lines) != "\n".join(sample["deparsed"]):
                wrong.append((sample["source"], lines, sample["deparsed"]))
    assert not wrong


def test_programs_that_r_rejects_are_rejected() -> None:
    taken = []
    for sample in SAMPLES:
        if "error" in sample:
            try:
                parse_text(sample["source"])
            except ParseError:
                continue
            taken.append(sample["source"])
    assert not taken
    assert sum("error" in sample for sample in SAMPLES) > 200


def test_messages_of_rejected_programs_are_those_of_r() -> None:
    """Most messages are R's to the letter; where R reads on before it notices, ours speaks of what comes first."""
    rejected = [sample for sample in SAMPLES if "error" in sample]
    same = 0
    for sample in rejected:
        with pytest.raises(ParseError) as caught:
            parse_text(sample["source"])
        same += caught.value.as_r_writes_it() == sample["error"]
    assert same / len(rejected) > 0.97


def test_the_tree_is_r_s() -> None:
    tree = parse_expression("f(a, b = 1, , 'c' = )")
    assert isinstance(tree, Call)
    assert tree.function == Symbol("f")
    assert [argument.name for argument in tree.args] == [None, "b", None, "c"]
    assert tree.args[2].value is MISSING and tree.args[3].value is MISSING
    function = parse_expression("\\(x, y = 2) x")
    formals = function.args[0].value
    assert isinstance(formals, Formals) and formals.names == ("x", "y")
    assert parse_expression("x |> f(y, z = _)").args[1].name == "z"
    assert parse_expression("1 -> x").is_call_of("<-")
    assert parse_expression("NULL") is NULL


def test_spans_cover_what_they_name() -> None:
    tree = parse_expression("model %>%\n  layer_dense(units = 10)", "model.pk")
    call = tree.args[1].value
    assert call.span.text == "layer_dense(units = 10)"
    assert call.span.place == "model.pk:2:3"
    argument: Argument = call.args[0]
    assert argument.span is not None and argument.span.text == "units = 10"
    assert call.function.span.text == "layer_dense"
    assert [span.text for span in parse_program(call.span.source).spans] == [call.span.source.text]


@pytest.mark.parametrize(
    "text",
    ["f(", "x <-", "if (a)", "function(x)", "{\na\n", "'abc", "x[[1]", "a %>%", 'r"(', "`a", "f(a,\n", "if (a) b else"],
)
def test_unfinished_programs_are_known_as_unfinished(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_text(text)
    assert caught.value.unfinished


@pytest.mark.parametrize("text", ["f(a b", "x)", "a b", "else", "1 +* 2", "f(]", "x <- )", "a, b", "'\\d'"])
def test_wrong_programs_are_not_unfinished(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_text(text)
    assert not caught.value.unfinished


def test_number_warnings_are_kept() -> None:
    from pipekeras.grammar.nodes import Source

    assert parse_program(Source("x", "1.5L; 2.0L")).warnings == [
        "integer literal 1.5L contains decimal; using numeric value",
        "integer literal 2.0L contains unnecessary decimal point",
    ]


FUNCTION_TEXT = """\
f{index} <- function(x, n = {index}L, ...) {{
  # a comment
  total <- 0
  for (i in seq_len(n)) {{
    if (x[i, 2] > 0.5 && !is.na(x[[i]]$name)) total <- total + x[i]^2 / (n - 1) else next
  }}
  model %>% layer_dense(units = 64, activation = "relu") %>%
    compile(optimizer = optimizer_adam(1e-3), loss = 'mse')
  list(total = total, rows = nrow(x), names = c('a', 'b'))
}}
"""


@pytest.mark.parametrize("lines", [2000, 50])
def test_parsing_costs_a_few_calls_a_line(lines: int) -> None:
    """Some 45 calls; 2,000 lines take half a second at that."""
    text = "".join(FUNCTION_TEXT.format(index=index) for index in range(lines // 10))
    before = f"from pipekeras.grammar.parse import parse_text\nparse_text('1')\ntext = {text!r}"
    assert calls_of("parse_text(text)", before) < 150 * lines


def test_deep_nesting_parses() -> None:
    tree = parse_expression("(" * 20000 + "1" + ")" * 20000)
    depth = 0
    while isinstance(tree, Call):
        tree = tree.args[0].value
        depth += 1
    assert depth == 20000


@pytest.mark.parametrize("opening", ["if (TRUE) {", "x[[", "f(", "2^", "function(x) "])
def test_what_nothing_could_evaluate_is_refused_while_it_is_read(opening: str) -> None:
    with pytest.raises(ParseError, match="nested too deeply"):
        parse_expression(opening * 50000 + "x")


R_LIBRARY = Path("/usr/lib/R/library")


@pytest.mark.skipif(not R_LIBRARY.is_dir() or shutil.which("R") is None, reason="GNU R is not installed")
def test_r_s_own_files_survive_parse_deparse_parse() -> None:
    roots = [R_LIBRARY, Path("/usr/lib/R/site-library"), Path("/usr/share/R")]
    files = sorted(path for root in roots if root.is_dir() for path in root.rglob("*.R") if path.stat().st_size < 60000)
    assert files
    rejected = 0
    for path in files[:: max(1, len(files) // 120)]:
        try:
            text = path.read_text("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
        if re.search(r"`[-+*/^=<>!&|]+`\([^,()]*\)", text):
            continue  # R writes `*`(5) as *5, which is no program
        try:
            trees = parse_text(text, str(path))
        except ParseError:
            rejected += 1
            continue
        assert_same_trees(trees, parse_text("\n".join(deparse_text(tree) for tree in trees)))
    assert rejected <= 3, "templates and broken examples are the only files there that are no programs"


def test_the_left_of_a_pipe_stands_at_the_head_of_extractions() -> None:
    assert deparse_text(parse_expression("d |> f() |> _$a[[1]]$b")) == "f(d)$a[[1]]$b"
    with pytest.raises(ParseError, match="pipe placeholder may only appear once"):
        parse_expression("d |> _[[_$a]]")
