"""The prompt's dialogue without a terminal, its completions and its colours."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import pytest
from pipekeras.grammar.complete import completions, enclosing_call
from pipekeras.grammar.diagnose import point_at
from pipekeras.grammar.lexer import tokenize
from pipekeras.grammar.nodes import Source, Span
from pipekeras.repl.highlight import fragments
from pipekeras.repl.session import Dialogue, Reply, is_unfinished


class Talk:
    """A dialogue with its outputs at hand."""

    def __init__(self) -> None:
        self.output, self.errors = io.StringIO(), io.StringIO()
        self.dialogue = Dialogue(self.output, self.errors)

    def say(self, text: str) -> tuple[Reply, str, str]:
        """Submit a text; what was printed since."""
        before, errors_before = len(self.output.getvalue()), len(self.errors.getvalue())
        reply = self.dialogue.submit(text)
        return reply, self.output.getvalue()[before:], self.errors.getvalue()[errors_before:]


@pytest.fixture
def talk() -> Talk:
    return Talk()


def test_values_print_and_assignments_do_not(talk: Talk) -> None:
    assert talk.say("x <- 21") == (Reply.DONE, "", "")
    assert talk.say("x * 2; invisible(3)") == (Reply.DONE, "[1] 42\n", "")


def test_unfinished_input_waits(talk: Talk) -> None:
    assert talk.say("f <- function(a) {") == (Reply.UNFINISHED, "", "")
    assert talk.say("f <- function(a) {\n  a + 1\n}")[0] is Reply.DONE
    assert talk.say("f(1)")[1] == "[1] 2\n"


def test_an_error_leaves_the_dialogue_usable(talk: Talk) -> None:
    reply, output, errors = talk.say("x <- 5; x; stop('no'); cat('never')")
    assert (reply, output) == (Reply.FAILED, "[1] 5\n")
    assert errors.startswith("Error: no\n  <input 1>:1:12   ")
    assert talk.say("x")[1] == "[1] 5\n"


def test_a_syntax_error_is_reported(talk: Talk) -> None:
    reply, _, errors = talk.say("1 +* 2")
    assert reply is Reply.FAILED
    assert errors == (
        "SyntaxError: '*' cannot follow '+'\n"
        "  <input 1>:1:4   1 +* 2\n"
        "                     ^\n"
        "  mend: remove one of the two, or put a value between them\n"
    )


def test_quit_ends_with_its_status(talk: Talk) -> None:
    assert talk.say("quit(status = 4)")[0] is Reply.QUIT
    assert talk.dialogue.status == 4


def test_help_shows_the_call_and_the_words(talk: Talk) -> None:
    reply, output, _ = talk.say("?paste")
    assert reply is Reply.DONE
    assert output.startswith("paste(..., sep = ") and "Join" in output
    assert talk.say('help("paste")')[1] == output
    reply, _, errors = talk.say("?pastee")
    assert reply is Reply.FAILED
    assert "no documentation for 'pastee'" in errors and "?paste" in errors
    talk.say("mine <- function(units, rate = 0.5, ...) 1")
    assert talk.say("?mine")[1].startswith("mine(units, rate = 0.5, ...)\n")


@pytest.mark.parametrize(
    ("text", "unfinished"), [("1 +", True), ("1 + 1", False), ("f(", True), ("f(]", False), ("'a", True), ("", False)]
)
def test_unfinished_is_known_without_evaluating(text: str, unfinished: bool) -> None:
    assert is_unfinished(text) is unfinished


def offered(talk: Talk, before: str) -> list[str]:
    return [found.text for found in completions(before, talk.dialogue.session.globals)]


def test_names_are_completed(talk: Talk) -> None:
    talk.say("my_value <- 1; my_function <- function() 1")
    found = completions("1 + my_", talk.dialogue.session.globals)
    assert [(one.text, one.start, one.kind) for one in found] == [
        ("my_function", -3, "function"),
        ("my_value", -3, "value"),
    ]
    assert "repeat" in offered(talk, "repe")
    assert "paste0" in offered(talk, "x <- paste")


def test_arguments_are_completed_inside_a_call(talk: Talk) -> None:
    talk.say("layer <- function(units, activation = 'relu', `odd name` = 1, ...) 1")
    assert offered(talk, "layer(")[:3] == ["units = ", "activation = ", "`odd name` = "]
    assert offered(talk, "x %>% layer(units = c(1, 2), ac")[0] == "activation = "
    assert "units = " not in offered(talk, "layer(units = 1, u")
    assert offered(talk, "layer(1 + u")[0] != "units = "
    assert offered(talk, "layer(units = 3)") == []


def test_members_are_completed(talk: Talk) -> None:
    talk.say("cfg <- list(alpha = 1, beta = list(gamma = 2, delta = 3)); env <- new.env(); env$inner <- cfg")
    assert offered(talk, "cfg$") == ["alpha", "beta"]
    assert offered(talk, "print(cfg$beta$ga") == ["gamma"]
    assert offered(talk, "env$inner$be") == ["beta"]
    assert offered(talk, "cfg$nothing$") == []
    assert offered(talk, "unknown$a") == []


def test_completing_runs_no_code(talk: Talk) -> None:
    talk.say("e <- new.env(); makeActiveBinding('trap', function() stop('ran'), e)")
    assert offered(talk, "e$trap$") == []


def test_paths_are_offered_in_texts(talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    for name in ("data/train.csv", "data/test.csv", "notes.txt", ".hidden", 'od"d'):
        (tmp_path / name).write_text("", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert offered(talk, 'read.csv("') == ["data/", "notes.txt"]
    assert offered(talk, 'read.csv("data/t') == ["test.csv", "train.csv"]
    assert offered(talk, "x <- '.h") == [".hidden"]
    assert offered(talk, f'f(1, "{tmp_path}/no') == ["notes.txt"]
    assert offered(talk, 'read.csv("nowhere/') == offered(talk, 'read.csv("https://da') == offered(talk, "`da") == []


@pytest.mark.parametrize("before", ["'a text pas", "# a comment pas", "12", '"pas'])
def test_nothing_is_offered_in_texts_comments_and_numbers(talk: Talk, before: str) -> None:
    assert offered(talk, before) == []


def test_the_call_around_the_cursor() -> None:
    assert enclosing_call(tokenize("f(g(1), b = 2, ")) == ("f", ["b"])
    assert enclosing_call(tokenize("f(x[1, ")) == (None, [])
    assert enclosing_call(tokenize("f(x[[1]], ")) == ("f", [])
    assert enclosing_call(tokenize("(1 + ")) == (None, [])


@pytest.mark.parametrize(
    "text",
    ["x <- f('a', 1L) # note\nif (TRUE) y %>% z() else `odd name`", "'open", "f(\n\n", "a $ b @ c :: d", "x ¤ y", ""],
)
def test_colours_lose_no_character(text: str) -> None:
    assert "".join(piece for _, piece in fragments(text)) == text


def test_colours_say_what_things_are() -> None:
    found = [(style, piece) for style, piece in fragments("if (TRUE) f(1, 'a') # end") if piece.strip()]
    assert found == [
        ("keyword", "if"),
        ("punctuation", "("),
        ("constant", "TRUE"),
        ("punctuation", ")"),
        ("function", "f"),
        ("punctuation", "("),
        ("number", "1"),
        ("punctuation", ","),
        ("string", "'a'"),
        ("punctuation", ")"),
        ("comment", " # end"),
    ]


def test_what_stands_before_a_syntax_error_is_evaluated(talk: Talk) -> None:
    reply, output, errors = talk.say("cat('one\\n'); x <- 7\nx y\ncat('never')")
    assert (reply, output) == (Reply.FAILED, "one\n")
    assert errors.startswith("SyntaxError: 'y' follows 'x' without an operator\n  <input 1>:2:3   ")
    assert talk.say("x")[1] == "[1] 7\n"


def test_an_error_before_a_syntax_error_is_the_one_told(talk: Talk) -> None:
    reply, _, errors = talk.say("stop('no')\nx y")
    assert reply is Reply.FAILED
    assert errors.startswith("Error: no\n") and "SyntaxError" not in errors


@pytest.mark.parametrize("text", ["x[1,\n  if (y) z\n", "f(if (a) b\n", "f(a, if (a) if (b) c\n", "{ g(if (a) b\n"])
def test_a_condition_inside_brackets_waits_for_them(text: str) -> None:
    assert is_unfinished(text)


def test_carets_stand_under_their_place_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    text = "some_longer_name <- c(1, 2, 3); other_name <- paste('and a text', 'and more', wrong_thing); print(other_name)"
    start = text.index("wrong")
    monkeypatch.setattr("sys.stderr", Terminal())
    for columns in (200, 100, 80, 60, 50):
        monkeypatch.setattr(shutil, "get_terminal_size", lambda columns=columns: os.terminal_size((columns, 24)))
        line, carets = point_at(Span(Source("<input 1>", text), start, start + len("wrong_thing")))
        assert len(line) < columns
        assert line[carets.index("^") : carets.rindex("^") + 1] == "wrong_thing"


def test_help_is_searched_by_a_part_of_the_name(talk: Talk) -> None:
    reply, output, _ = talk.say("??early_stop")
    assert reply is Reply.DONE
    assert output.startswith("callback_early_stopping  Stop training when")
    assert talk.say("help.search('EARLY_stop')")[1] == output
    reply, _, errors = talk.say("??no_such_part")
    assert reply is Reply.FAILED and "no help page has 'no_such_part' in its name" in errors


def test_lines_are_as_wide_as_the_terminal(talk: Talk) -> None:
    talk.dialogue.set_width(30)
    assert talk.say("1:12")[1] == " [1]  1  2  3  4  5  6  7  8\n [9]  9 10 11 12\n"
    talk.dialogue.set_width(2)
    assert talk.say("getOption('width')")[1] == "[1] 10\n"
