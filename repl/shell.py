"""The interactive prompt: prompt-toolkit around a `Dialogue`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipekeras.grammar.complete import completions
from pipekeras.grammar.values import Vector
from pipekeras.repl.highlight import STYLE, LanguageLexer
from pipekeras.repl.session import Dialogue, Reply, is_unfinished
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer
from prompt_toolkit.completion import Completion as PromptCompletion
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import Condition, has_completions, has_focus
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

PROMPT = "> "
CONTINUATION = "+ "
INDENT = "  "
_KIND_NOTES = {"argument": "argument", "member": "member", "function": "function", "value": "", "word": "keyword",
               "file": "file", "folder": "folder"}  # fmt: skip


def history_path() -> Path:
    """Where the prompt's history is kept, after the XDG rule; `PIPEKERAS_HISTORY` names another file."""
    given = os.environ.get("PIPEKERAS_HISTORY")
    if given:
        return Path(given)
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "pipekeras" / "history"


def open_history() -> History:
    """The history file, or one in memory where no file can be written."""
    path = history_path()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(path, "a", encoding="utf-8"):
            pass
        path.chmod(0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))


class DialogueCompleter(Completer):
    """Offers what the language knows of the text before the cursor."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue = dialogue

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[PromptCompletion]:
        for found in completions(document.text_before_cursor, self.dialogue.session.globals):
            yield PromptCompletion(
                found.text, start_position=found.start, display=found.text.rstrip(), display_meta=_KIND_NOTES[found.kind]
            )


def indentation(text: str) -> str:
    """Blanks that a new line inside an unfinished input begins with: two for every open bracket."""
    from pipekeras.grammar.lexer import tokenize

    depth = 0
    for token in tokenize(text):
        if token[0] in ("OPEN", "OPEN_BRACKET", "OPEN_DOUBLE", "OPEN_BRACE"):
            depth += 1 + (token[0] == "OPEN_DOUBLE")
        elif token[0] in ("CLOSE", "CLOSE_BRACKET", "CLOSE_BRACE"):
            depth -= 1
    return INDENT * max(depth, 0)


def key_bindings() -> KeyBindings:
    """Enter ends a finished input and continues an unfinished one; Tab opens the completions."""
    bindings = KeyBindings()
    at_input = has_focus(DEFAULT_BUFFER)

    @bindings.add("enter", filter=at_input)
    def enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        state = buffer.complete_state
        if state is not None and state.current_completion is not None:
            buffer.complete_state = None
            return
        text = buffer.document.text
        at_end = not buffer.document.text_after_cursor.strip()
        if at_end and is_unfinished(text):
            buffer.insert_text("\n" + indentation(text))
        elif at_end or not is_unfinished(text):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    @bindings.add("escape", "enter", filter=at_input)
    def newline(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @bindings.add("}", filter=at_input)
    def close_brace(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        line = buffer.document.current_line_before_cursor
        if line and not line.strip():
            buffer.delete_before_cursor(min(len(INDENT), len(line)))
        buffer.insert_text("}")

    @bindings.add("tab", filter=at_input & ~has_completions & Condition(_at_line_start))
    def tab(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text(INDENT)

    return bindings


def _at_line_start() -> bool:
    from prompt_toolkit.application import get_app

    return not get_app().current_buffer.document.current_line_before_cursor.strip()


def chosen_text(dialogue: Dialogue, option: str, default: str) -> str:
    """What the program's options say that a line begins with."""
    value = dialogue.session.options.get(option)
    text = value.items()[0] if isinstance(value, Vector) and value.kind == "character" and len(value) else None
    return default if text is None else str(text)


def make_prompt(dialogue: Dialogue, history: History, **options: Any) -> PromptSession[str]:
    """The prompt-toolkit session; `options` (input, output) are for tests and other front ends."""
    return PromptSession(
        lambda: chosen_text(dialogue, "prompt", PROMPT),
        multiline=True,
        prompt_continuation=lambda width, line_number, is_soft_wrap: chosen_text(dialogue, "continue", CONTINUATION),
        lexer=LanguageLexer(),
        style=STYLE,
        completer=DialogueCompleter(dialogue),
        complete_while_typing=False,
        history=history,
        key_bindings=key_bindings(),
        enable_open_in_editor=False,
        **options,
    )


def run_shell(debug: bool = False, **options: Any) -> int:
    """Talk until the user leaves; the result is the exit status."""
    from importlib.metadata import version

    dialogue = Dialogue(debug=debug)
    prompt = make_prompt(dialogue, options.pop("history", None) or open_history(), **options)
    width = 0
    sys.stdout.write(f"pipekeras {version('pipekeras')}   ?name for help, Tab completes, Ctrl-D leaves\n")
    while True:
        try:
            text = prompt.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            dialogue.session.close()
            return dialogue.status
        if not text.strip():
            continue
        columns = prompt.output.get_size().columns
        if columns != width:
            # Lines are as wide as the terminal, until the user says otherwise or changes its size.
            dialogue.set_width(columns)
            width = columns
        reply = dialogue.submit(text)
        sys.stdout.flush()
        if reply is Reply.QUIT:
            dialogue.session.close()
            return dialogue.status
