"""Any tree that a program can give comes back from its own text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pipekeras.grammar.deparse import deparse_lines, deparse_text
from pipekeras.grammar.deparse_values import EXACT_OPTIONS
from pipekeras.grammar.nodes import Call, same_tree
from pipekeras.grammar.parse import ParseError, parse_expression, parse_text
from pipekeras.grammar.spelling import quote_name, quote_string
from pipekeras.grammar.values import NULL, Vector

_OPERATORS = "? = <- <<- ~ | || & && == != < > <= >= + - * / %in% %o% %% %/% : ^ |>"
BINARY = _OPERATORS.split()
NAMES = st.sampled_from(["x", "y.z", "a_1", ".h", "..1", "...", "`odd name`", "`if`", "TRUE", "NULL", "NA", "Inf", "T"])
# Printable characters and plain controls: what else R escapes, it mixes in ways that it refuses to read itself.
TEXTS = st.text(
    st.one_of(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), st.sampled_from("\n\t\x01\x7f \\\"'`")), max_size=8
)
NUMBERS = st.one_of(
    st.integers(0, 10**6).map(str),
    st.integers(0, 10**6).map(lambda n: f"{n}L"),
    st.floats(0, 1e12, allow_nan=False).map(lambda x: repr(float(f"{x:.12g}"))),
    st.sampled_from(["1e5", "1e-300", "0x1F", "0.1", "1e+05L", "123456789012"]),
)
ATOMS = st.one_of(NAMES, NUMBERS, TEXTS.map(quote_string))


def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Programs one level deeper."""
    named = st.tuples(st.sampled_from(["", "", "n = ", "'s t' = "]), inner).map("".join)
    arguments = st.lists(st.one_of(named, st.just("")), max_size=3).map(", ".join)
    parameters = st.sampled_from(["", "x", "x, y = 2", "...", "x = NULL, `b c` = 'd'"])
    # An operand that is itself a prefix form or an assignment stands in parentheses or at the end.
    tight = st.one_of(ATOMS, inner.map(lambda text: f"({text})"))
    return st.one_of(
        st.tuples(tight, st.sampled_from([one for one in BINARY if one != "|>"]), inner).map(lambda p: " ".join(p)),
        st.tuples(st.sampled_from(["-", "+", "!", "~", "?"]), inner).map("".join),
        inner.map(lambda text: f"({text})"),
        st.lists(inner, max_size=3).map(lambda parts: "{" + "\n".join(parts) + "}"),
        st.tuples(st.sampled_from(["f", "a$b", "p::q", "`my f`", "c"]), arguments).map(lambda p: f"{p[0]}({p[1]})"),
        st.tuples(tight, arguments).map(lambda p: f"{p[0]}[{p[1]}]"),
        st.tuples(tight, inner).map(lambda p: f"{p[0]}[[{p[1]}]]"),
        st.tuples(tight, st.sampled_from(["$k", "@slot", "$`k k`"])).map("".join),
        st.tuples(parameters, inner).map(lambda p: f"function({p[0]}) {p[1]}"),
        st.tuples(parameters, inner).map(lambda p: f"(\\({p[0]}) {p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"if ({p[0]}) {p[1]}"),
        st.tuples(inner, inner, inner).map(lambda p: f"if ({p[0]}) {p[1]} else {p[2]}"),
        st.tuples(inner, inner).map(lambda p: f"for (i in {p[0]}) {p[1]}"),
        st.tuples(inner, inner).map(lambda p: f"while ({p[0]}) {p[1]}"),
        inner.map(lambda text: f"repeat {text}"),
        st.tuples(tight, arguments).map(lambda p: f"{p[0]} |> f({p[1]})"),
    )


PROGRAMS = st.recursive(ATOMS, extend, max_leaves=12)


def same_value(left: object, right: object) -> bool:
    if left is NULL or right is NULL:
        return left is right
    assert isinstance(left, Vector) and isinstance(right, Vector)
    return left.kind == right.kind and repr(left.items()) == repr(right.items())


def unwritable(tree: object) -> bool:
    """Whether R itself writes the tree in a way that reads back as another: `function(x) x` before an operator."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Call):
            waiting.append(node.function)
            waiting.extend(argument.value for argument in node.args)
            if node.is_call_of("?"):
                return True  # `?` is a plain call to R's deparse
    return False


@settings(max_examples=400, deadline=None)
@given(PROGRAMS)
def test_parse_deparse_parse(text: str) -> None:
    try:
        trees = parse_text(text)
    except ParseError:
        return  # an operand met an operator that R does not take there
    for tree in trees:
        if not unwritable(tree):
            again = parse_text(deparse_text(tree))
            assert len(again) == 1 and same_tree(tree, again[0], same_value), deparse_text(tree)


EXACT = [
    "2i * x", "c(1, 1i^2)", "0.1048387096774193", "85.01141559882446", "x %>% (`*`(5))", 'x$"inv"', r"'\u0001\u0080'",
    "f(-2i, 1e-300)",
]  # fmt: skip


@pytest.mark.parametrize("text", EXACT)
def test_exact_text_is_the_same_tree_where_r_loses_it(text: str) -> None:
    tree = parse_expression(text)
    again = parse_text("\n".join(deparse_lines(tree, EXACT_OPTIONS)))
    assert len(again) == 1 and same_tree(tree, again[0], same_value)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_texts_come_back_from_quotes(text: str) -> None:
    text = text.replace("\r", "")
    assert parse_expression(quote_string(text)).items() == [text]
    if text:
        assert parse_expression(quote_name(text)).name == text if quote_name(text) != text else True


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from(list("abx1 .(){}[],;=<->+*%|&!~?:$@'\"`\\#\n_L")), max_size=30))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        trees = parse_text(text)
    except ParseError as error:
        assert error.report().startswith("SyntaxError: ")
        assert error.as_r_writes_it()
        assert 0 <= error.span.start <= error.span.end <= len(text) + 1
        return
    for tree in trees:
        assert deparse_lines(tree)
