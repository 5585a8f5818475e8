"""The running program and its user: command-line arguments and help."""

from __future__ import annotations

from typing import Any

from pipekeras.grammar.builtins.registry import UNSET, RError, builtin, machine, write
from pipekeras.grammar.environment import Environment
from pipekeras.grammar.errors import QuitSignal
from pipekeras.grammar.nodes import Call, Symbol
from pipekeras.grammar.values import NULL, Vector, character, logical


@builtin("commandArgs", "trailingOnly = FALSE")
def command_arguments(trailing_only: Any) -> Vector:
    """The words of the command line; `trailingOnly = TRUE` gives those meant for the program."""
    session = machine.session
    arguments = list(session.arguments) if session is not None else []
    if trailing_only.items()[0] == 1:
        return character(arguments)
    program = session.store.get("program") if session is not None else None
    words = ["pipekeras"]
    if program:
        words.append(f"--file={program}")
    if arguments:
        words += ["--args", *arguments]
    return character(words)


@builtin("?", "topic", special=True, invisible=True, package="utils")
def question_mark(call: Call, environment: Environment) -> Any:
    """Shows the help page of a name: `?layer_dense`; two question marks look for a part of a name: `??conv`."""
    topic = call.args[-1].value if call.args else UNSET
    if isinstance(topic, Call) and topic.is_call_of("?") and len(topic.args) == 1:
        return _search(_name_of_topic(topic.args[0].value), environment)
    return _show(call, environment)


@builtin("help", "topic, ...", special=True, invisible=True, package="utils")
def help_page(call: Call, environment: Environment) -> Any:
    """Shows the help page of a name: `help(layer_dense)` or `help("layer_dense")`."""
    return _show(call, environment)


@builtin("help.search", "pattern", invisible=True, needs_environment=True, package="utils")
def help_search(pattern: Any, *, environment: Environment) -> Any:
    """Lists the functions whose names hold a text, with the first line of their help."""
    return _search(_name_of_topic(pattern), environment)


def _search(pattern: str, environment: Environment) -> Any:
    from pipekeras.grammar.help import documentation_of, topics_with

    topics = topics_with(pattern, environment)
    if not topics:
        raise RError(f"no help page has '{pattern}' in its name", mend="try a shorter part of the name")
    width = max(map(len, topics)) + 2
    for topic in topics:
        told = (documentation_of(environment.get_function(topic)) or "").split("\n", 1)[0]
        write(f"{topic:<{width}}{told}".rstrip() + "\n")
    machine.visible = False
    return NULL


def _name_of_topic(topic: Any) -> str:
    """The name that help is asked for: a symbol, a text, or what a call calls."""
    if isinstance(topic, Call) and (topic.is_call_of("::") or topic.is_call_of(":::")):
        topic = topic.args[1].value
    elif isinstance(topic, Call):
        topic = topic.function
    if isinstance(topic, Symbol):
        return topic.name
    if isinstance(topic, Vector) and topic.kind == "character" and len(topic) == 1:
        return str(topic.items()[0])
    raise RError("help needs the name of a function", mend="write ?layer_dense")


def _show(call: Call, environment: Environment) -> Any:
    from pipekeras.grammar.help import help_text, near_topics

    name = _name_of_topic(call.args[-1].value if call.args else UNSET)
    page = help_text(name, environment)
    if page is None:
        near = near_topics(name, environment)
        mend = "did you mean " + " or ".join(f"?{one}" for one in near) + "?" if near else None
        raise RError(f"no documentation for '{name}'", mend=mend)
    write(page + "\n")
    machine.visible = False
    return NULL


@builtin(("quit", "q"), "save = 'default', status = 0, runLast = TRUE")
def leave(save: Any, status: Any, run_last: Any) -> Any:
    """Ends the program with a status; nothing is saved, so `save` and `runLast` change nothing."""
    code = status.items()[0] if isinstance(status, Vector) and len(status) else 0
    raise QuitSignal(int(code))


@builtin(".can_draw", "")
def can_draw() -> Any:
    """Whether there is something to draw pictures with."""
    from importlib.util import find_spec

    return logical(find_spec("matplotlib") is not None)
